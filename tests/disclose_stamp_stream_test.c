/*
 * Chat streams in the dialects that there are: what programs read, and what people do, each once and in its place.
 */

#include "disclose_stamp.h"

#define SENT     CONSENT_STAMP_SENT
#define MACHINE  CONSENT_STAMP_MACHINE
#define ALREADY  CONSENT_STAMP_ALREADY
#define DIALECT  CONSENT_STAMP_DIALECT

#define CHUNK(delta)  "\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":7,\"model\":\"m\"," \
                      "\"choices\":[{\"index\":0,\"delta\":{" delta "},\"finish_reason\":null}]}"
#define CLONE         "\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":7,\"model\":\"m\"," \
                      "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"$P\"},\"logprobs\":null,\"finish_reason\":null}]}"
#define ROLE          "\"role\":\"assistant\",\"content\":\"\""
#define HEJ           "\"content\":\"Hej\""
#define STOP          "\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{}," \
                      "\"finish_reason\":\"stop\"}]}"
#define TOOLS         "\"tool_calls\":[{\"index\":0,\"id\":\"t\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]"


static void
openai_chunks(void **state)
{
    static const body_row_t  rows[] = {
        { __LINE__, "data: {«$K»" CHUNK(ROLE) "\n\n«data: {" CLONE "\n\n»data: {" CHUNK(HEJ) "\n\ndata: {" CHUNK(HEJ)
          "\n\ndata: {" STOP "\n\ndata: [DONE]\n\n", SENT },
        { __LINE__, "«data: {$K" CLONE "\n\n»data: {" CHUNK("\"role\":\"assistant\"," HEJ) "\n\ndata: {" STOP "\n\n",
          SENT },
        { __LINE__, "data:{«$K»" CHUNK(ROLE) "\r\n\r\n«data: {" CLONE "\r\n\r\n»data:{" CHUNK(HEJ) "\r\n\r\n", SENT },
        { __LINE__, "data: {«$K»" CHUNK(ROLE) "\r\r«data: {" CLONE "\r\r»data: {" CHUNK(HEJ) "\r\r", SENT },
        { __LINE__, "\xef\xbb\xbfid: 4\ndata: {«$K»" CHUNK(ROLE) "\n\n: still thinking\n\n«data: {" CLONE
          "\n\n»id: 5\nretry: 9\ndata: {" CHUNK(HEJ) "\n\n", SENT },
        { __LINE__, ": connected\n\nevent: ping\ndata:\n\n\n\ndata: {«$K»" CHUNK(ROLE) "\n\n", MACHINE },
        { __LINE__, "data: {«$K»\ndata: " CHUNK(ROLE) "\n\n«data: {" CLONE "\n\n»data: {\ndata:\"id\":\"c1\",\n"
          "data:  \"object\":\"chat.completion.chunk\",\"created\":7,\"model\":\"m\",\"choices\":[\r\ndata:{\"delta\":\n"
          "data:{\"content\":\n"
          "data:\"Hej\"}}]}\n\n", SENT },

        /* nothing is said to people where the machine calls a tool, or has said nothing when it ends */
        { __LINE__, "data: {«$K»" CHUNK("\"role\":\"assistant\",\"content\":null," TOOLS) "\n\ndata: {" CHUNK(HEJ)
          "\n\n", MACHINE },
        { __LINE__, "data: {«$K»" CHUNK(ROLE) "\n\ndata: {" CHUNK(TOOLS) "\n\ndata: {" CHUNK(HEJ) "\n\n", MACHINE },
        { __LINE__, "data: {«$K»" CHUNK(ROLE) "\n\ndata: {" STOP "\n\ndata: {" CHUNK(HEJ) "\n\n", MACHINE },
        { __LINE__, "data: {«$K»" CHUNK(ROLE) "\n\ndata: [DONE]\n\ndata: {" CHUNK(HEJ) "\n\n", MACHINE },
        { __LINE__, "data: {«$K»" CHUNK("\"role\":\"assistant\"") "\n\ndata: {\"error\":{\"message\":\"x\"}}\n\n",
          MACHINE },

        /* what it thinks is said before what it answers */
        { __LINE__, "data: {«$K»" CHUNK(ROLE) "\n\n«data: {" CLONE "\n\n»data: {" CHUNK("\"reasoning_content\":\"Hm\"")
          "\n\ndata: {" CHUNK(HEJ) "\n\n", SENT },

        /* a gateway's own words before the first chunk; a server that does not name its chunks */
        { __LINE__, "data: {\"choices\":[],\"object\":\"\",\"prompt_filter_results\":[{}]}\n\ndata: {«$K»" CHUNK(ROLE)
          "\n\n«data: {" CLONE "\n\n»data: {" CHUNK(HEJ) "\n\n", SENT },
        { __LINE__, "«data: {$K\"choices\":[{\"index\":0,\"delta\":{\"content\":\"$P\"},\"logprobs\":null,"
          "\"finish_reason\":null}]}\n\n»data: {\"choices\":[{\"delta\":{\"content\":\"Hej\"}}]}\n\n", SENT },

        /* all of it in one chunk; no end of the last event */
        { __LINE__, "«data: {$K" CLONE "\n\n»data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":7,"
          "\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"Hej\"},\"finish_reason\":\"stop\"}]}", SENT },

        /* the upstream's own mark stands, and words are ours to say; one that it is no machine is answered */
        { __LINE__, "data: {\"ai_disclosure\":{\"mode\":\"ai-originated\"}," CHUNK(ROLE) "\n\n«data: {" CLONE
          "\n\n»data: {" CHUNK(HEJ) "\n\n", SENT },
        { __LINE__, "data: {\"ai_disclosure\":{\"mode\":\"none\"}," CHUNK(ROLE) "\n\n«data: {$K" CLONE
          "\n\n»data: {" CHUNK(HEJ) "\n\n", SENT },
        { __LINE__, "data: {\"ai_disclosure\":{\"mode\":\"none\"}," CHUNK(ROLE) "\n\ndata: {«$k»}\n\n", MACHINE }
    };

    consent_stamp_conf_t  conf = body_conf(*state);

    body_check(CONSENT_KIND_SSE, &conf, rows, consent_countof(rows));
}


static void
other_openai_streams_have_a_key(void **state)
{
    static const body_row_t  rows[] = {
        { __LINE__, "event: response.created\ndata: {«$K»\"type\":\"response.created\",\"response\":{}}\n\n"
          "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"Hej\"}\n\n",
          MACHINE },
        { __LINE__, "data: {«$K»\"object\":\"text_completion\",\"choices\":[{\"text\":\"Hej\"}]}\n\n", MACHINE }
    };

    consent_stamp_conf_t  conf = body_conf(*state);

    body_check(CONSENT_KIND_SSE, &conf, rows, consent_countof(rows));
}


#define A_START  "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}\n\n"
#define A_MARKED "event: message_start\ndata: {«$K»\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}\n\n"
#define A_TEXT   "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0," \
                 "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
#define A_WORDS  "«event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":" \
                 "{\"type\":\"text_delta\",\"text\":\"$P\"}}\n\n»"
#define A_DELTA  "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":" \
                 "{\"type\":\"text_delta\",\"text\":\"Hej\"}}\n\n"
#define A_PING   "event: ping\ndata: {\"type\": \"ping\"}\n\n"
#define A_STOP   "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{}}\n\n" \
                 "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"


static void
anthropic_events(void **state)
{
    static const body_row_t  rows[] = {
        { __LINE__, A_MARKED A_TEXT A_WORDS A_DELTA A_DELTA A_STOP, SENT },
        { __LINE__, A_MARKED A_PING A_TEXT A_WORDS A_PING A_DELTA A_STOP, SENT },
        { __LINE__, A_MARKED A_TEXT "event: content_block_stop\ndata: {\"type\":\"content_block_stop\"}\n\n"
          A_STOP, MACHINE },
        { __LINE__, A_MARKED "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
          "\"content_block\":{\"type\":\"tool_use\"}}\n\n" A_TEXT A_DELTA, MACHINE },
        { __LINE__, A_MARKED "data: {\"type\":\"content_block_start\",\"index\":3,\"content_block\":{\"type\":"
          "\"thinking\"}}\n\n" A_TEXT A_WORDS A_DELTA, SENT },
        { __LINE__, A_MARKED A_STOP, MACHINE },
        { __LINE__, A_MARKED "event: error\ndata: {\"type\":\"error\"}\n\n", MACHINE },
        { __LINE__, A_MARKED, MACHINE }
    };

    consent_stamp_conf_t  conf = body_conf(*state);

    body_check(CONSENT_KIND_SSE, &conf, rows, consent_countof(rows));
}


#define V_DATA   "«data: {\"type\":\"data-ai-disclosure\",\"id\":\"ai-disclosure\",\"data\":$V}\n\n»"
#define V_WORDS  "«data: {\"type\":\"text-start\",\"id\":\"ai-disclosure\"}\n\n" \
                 "data: {\"type\":\"text-delta\",\"id\":\"ai-disclosure\",\"delta\":\"$P\"}\n\n" \
                 "data: {\"type\":\"text-end\",\"id\":\"ai-disclosure\"}\n\n»"


static void
vercel_parts(void **state)
{
    static const body_row_t  rows[] = {
        { __LINE__, "data: {\"type\":\"start\",\"messageId\":\"m\"}\n\n" V_DATA "data: {\"type\":\"start-step\"}\n\n"
          V_WORDS "data: {\"type\":\"text-start\",\"id\":\"0\"}\n\ndata: {\"type\":\"text-delta\",\"id\":\"0\","
          "\"delta\":\"Hej\"}\n\ndata: {\"type\":\"text-end\",\"id\":\"0\"}\n\ndata: {\"type\":\"finish\"}\n\n"
          "data: [DONE]\n\n", SENT },
        { __LINE__, V_DATA V_WORDS "data: {\"type\":\"text-start\",\"id\":\"0\"}\n\n", SENT },
        { __LINE__, "data: {\"type\":\"start\"}\n\n" V_DATA "data: {\"type\":\"tool-input-start\"}\n\n"
          "data: {\"type\":\"finish\"}\n\n", MACHINE },
        { __LINE__, "data: {\"type\":\"start\"}\n\ndata: {\"type\":\"error\",\"errorText\":\"x\"}\n\n",
          CONSENT_STAMP_NO_PLACE }
    };

    consent_stamp_conf_t  conf = body_conf(*state);

    conf.ui_stream = true;
    body_check(CONSENT_KIND_SSE, &conf, rows, consent_countof(rows));
}


static void
ollama_lines(void **state)
{
    static const body_row_t  rows[] = {
        { __LINE__, "«{$K\"model\":\"m\",\"created_at\":\"t\",\"message\":{\"role\":\"assistant\",\"content\":\"$P\"},"
          "\"done\":false}\n»{\"model\":\"m\",\"created_at\":\"t\",\"message\":{\"role\":\"assistant\",\"content\":"
          "\"Hej\"},\"done\":false}\n{\"model\":\"m\",\"message\":{\"content\":\"\"},\"done\":true}\n", SENT },
        { __LINE__, "«{$K\"model\":\"m\",\"response\":\"$P\",\"done\":false}\r\n»{\"model\":\"m\",\"response\":\"Hej\","
          "\"done\":false}\r\n", SENT },
        { __LINE__, "\n{«$K»\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":false}\n"
          "«{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"$P\"},\"done\":false}\n»"
          "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"thinking\":\"Hm\"},\"done\":false}\n", SENT },
        { __LINE__, "{«$K»\"model\":\"m\",\"message\":{\"content\":\"\",\"tool_calls\":[{}]},\"done\":false}\n"
          "{\"model\":\"m\",\"message\":{\"content\":\"Hej\"},\"done\":false}", MACHINE },
        { __LINE__, "{«$K»\"model\":\"m\",\"response\":\"\",\"done\":true}\n{\"model\":\"m\",\"response\":\"x\","
          "\"done\":false}\n", MACHINE },
        { __LINE__, "{\"a\":1}\n[2]\n3\n", DIALECT },
        { __LINE__, "", DIALECT }
    };

    consent_stamp_conf_t  conf = body_conf(*state);

    body_check(CONSENT_KIND_NDJSON, &conf, rows, consent_countof(rows));
}


static void
a_later_turn_has_the_key_alone(void **state)
{
    static const body_row_t  rows[] = {
        { __LINE__, "data: {«$K»" CHUNK(ROLE) "\n\ndata: {" CHUNK(HEJ) "\n\n", MACHINE },
        { __LINE__, A_MARKED A_TEXT A_DELTA, MACHINE }
    };

    consent_stamp_conf_t  conf = body_conf(*state);

    conf.quiet = true;
    body_check(CONSENT_KIND_SSE, &conf, rows, consent_countof(rows));
}


static void
what_is_not_known_passes(void **state)
{
    static const body_row_t  rows[] = {
        { __LINE__, "data: Hej\n\ndata: du\n\n", DIALECT },
        { __LINE__, "data: {\"candidates\":[{\"content\":{}}]}\n\n", DIALECT },
        { __LINE__, "data: {\"type\":\"start\"}\n\n", DIALECT },
        { __LINE__, "data: {\nid: 7\ndata: " CHUNK(HEJ) "\n\n", DIALECT },
        { __LINE__, "data: 1\n\ndata: 2\n\ndata: 3\n\ndata: 4\n\ndata: 5\n\ndata: 6\n\ndata: 7\n\ndata: 8\n\ndata: {"
          CHUNK(HEJ) "\n\n", DIALECT },
        { __LINE__, "\n\n\r\n:\n\ndata\n\n", DIALECT },
        { __LINE__, "\xef\xbb" "data: {" CHUNK(HEJ) "\n\n", DIALECT },
        { __LINE__, "<html><body>", DIALECT }
    };

    consent_stamp_conf_t  conf = body_conf(*state);

    body_check(CONSENT_KIND_SSE, &conf, rows, consent_countof(rows));
}


/* The upstream says when a person takes over, and when the machine is back; whom we trust we repeat. */
static void
a_person_takes_over(void **state)
{
    static const body_row_t  rows[] = {
        { __LINE__, "data: {«$K»" CHUNK(ROLE) "\n\n«data: {" CLONE "\n\n»data: {" CHUNK(HEJ) "\n\n"
          "data: {\"ai_disclosure\":{\"mode\":\"none\"}," CHUNK(HEJ) "\n\ndata: {«$H»" CHUNK(HEJ) "\n\n"
          "data: {" CHUNK(HEJ) "\n\ndata: {\"ai_disclosure\":{\"w3c\":\"ai-autonomous\"}," CHUNK(HEJ) "\n\n"
          "data: {«$K»" CHUNK(HEJ) "\n\ndata: {" CHUNK(HEJ) "\n\ndata: [DONE]\n\n", SENT },
        { __LINE__, "data: {\"ai_disclosure\":{\"w3c\":\"human-only\"}," CHUNK(ROLE) "\n\ndata: {" CHUNK(HEJ) "\n\n",
          ALREADY },
        { __LINE__, A_MARKED "event: ai_disclosure\ndata: {\"mode\":\"none\"}\n\n"
          "event: ping\ndata: {«$H»\"type\": \"ping\"}\n\n" A_TEXT A_DELTA, MACHINE },
        { __LINE__, A_MARKED A_TEXT A_WORDS A_DELTA "event: ai_disclosure\ndata: {\"mode\":\"none\"}\n\n"
          "event: ping\ndata: {«$H»\"type\": \"ping\"}\n\n" A_DELTA, SENT },
        { __LINE__, A_MARKED A_TEXT "event: ai_disclosure\ndata: {\"mode\":\"ai-originated\"}\n\n" A_WORDS A_DELTA,
          SENT }
    };

    void                  *memory = malloc(consent_stamp_size(CONSENT_KIND_SSE));
    page_t                 out;
    consent_stamp_t       *h;
    consent_stamp_conf_t   conf = body_conf(*state);

    page_init(&out);
    conf.trusted = true;
    body_check(CONSENT_KIND_SSE, &conf, rows, consent_countof(rows));

    h = body_stamp(&out, memory, CONSENT_KIND_SSE, &conf, consent_cstr(rows[1].template), 0, 0);
    assert_true(h->human && !h->preceded);

    conf.trusted = false;
    h = body_stamp(&out, memory, CONSENT_KIND_SSE, &conf, consent_cstr(rows[1].template), 0, 0);
    assert_true(!h->human && h->preceded);

    free(out.data);
    free(memory);
}


static void
the_log_knows_who_spoke_first(void **state)
{
    static const struct {
        const char  *stream;
        bool         preceded;
    } rows[] = {
        { "data: {" CHUNK(ROLE) "\n\ndata: {" CHUNK(HEJ) "\n\n", true },
        { "data: unknown\n\ndata: {" CHUNK(HEJ) "\n\n", false },
        { A_START A_TEXT A_DELTA, true },
        { A_START "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\"}}\n\n"
          "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"thinking\":\"Hm\"}}\n\n" A_TEXT A_DELTA,
          false },
        { "data: {" CHUNK(TOOLS) "\n\n", false }
    };

    void                  *memory = malloc(consent_stamp_size(CONSENT_KIND_SSE));
    size_t                 i;
    page_t                 out;
    consent_stamp_t       *h;
    consent_stamp_conf_t   conf = body_conf(*state);

    page_init(&out);

    for (i = 0; i < consent_countof(rows); i++) {
        h = body_stamp(&out, memory, CONSENT_KIND_SSE, &conf, consent_cstr(rows[i].stream), 0, 0);
        assert_int_equal(h->preceded, rows[i].preceded);
    }

    free(out.data);
    free(memory);
}


/* Each event is out when its last byte is in, whatever comes next, and is borrowed where it lies in one piece. */
static void
no_event_waits_for_another(void **state)
{
    static const char *const  events[] = {
        "data: {" CHUNK(ROLE) "\n\n", ": ping\r\n\r\n", "data: {" CHUNK(HEJ) "\r\r", "data: {" CHUNK(HEJ) "\n\n",
        "data: [DONE]\n\n"
    };

    void                  *memory = malloc(consent_stamp_size(CONSENT_KIND_SSE));
    size_t                 i, len;
    page_t                 out;
    consent_stamp_t       *h;
    consent_stamp_conf_t   conf = body_conf(*state);

    page_init(&out);
    h = consent_stamp_init(memory, CONSENT_KIND_SSE, &conf);

    for (i = 0, len = 0; i < consent_countof(events); i++) {
        out.in = (const uint8_t *) events[i];
        out.n = strlen(events[i]);
        len += out.n;

        assert_int_equal(consent_transform_feed(&h->base, out.in, out.n, false, page_emit, &out), CONSENT_OK);
        assert_int_equal(out.len, len + h->inserted);
    }

    /* but for the head of the chunk that was cloned */
    assert_true(out.own < 200);

    free(out.data);
    free(memory);
}


/* 65536 bytes of an event are read, wherever the input is cut; a longer one passes, and the next is read again. */
static void
an_event_that_is_too_long_passes(void **state)
{
    static const char *const  ends[] = { "\n\n", "\r\n\r\n", "\r\r", "\n\r\n" };

    size_t                 i, pad, fits, pieces[] = { 0, 1, 7, 65535, 65536, 65537 };
    void                  *memory = malloc(consent_stamp_size(CONSENT_KIND_SSE));
    page_t                 out;
    consent_buf_t          b;
    consent_stamp_t       *h;
    consent_stamp_conf_t   conf = body_conf(*state);

    page_init(&out);
    conf.quiet = true;

    for (i = 0; i < 4 * 3 * consent_countof(pieces); i++) {
        fits = i % 3 < 2;
        consent_buf_init(&b, PAGE_ROOM);
        consent_buf_str(&b, "data: {" CHUNK(ROLE));

        for (pad = b.len; pad < 65536 - strlen(ends[i / 3 % 4]) + (i / 3 % 4 % 2) - 1 + i % 3; pad++) {
            consent_buf_char(&b, ' ');
        }

        consent_buf_str(&b, ends[i / 3 % 4]);
        pad = b.len;
        consent_buf_str(&b, "data: {" CHUNK(HEJ) "\n\n");

        h = body_stamp(&out, memory, CONSENT_KIND_SSE, &conf, consent_buf_view(&b), pieces[i / 12], 0);

        assert_int_equal(h->outcome, MACHINE);
        assert_int_equal(out.len, b.len + h->inserted);
        assert_int_equal(memcmp(out.data + 7 + (fits ? 0 : pad), "\"ai_disclosure\"", 15), 0);
        consent_buf_free(&b);
    }

    free(out.data);
    free(memory);
}


static void
a_promise_cannot_be_made(void **state)
{
    void                  *memory = malloc(consent_stamp_size(CONSENT_KIND_SSE));
    size_t                 growth;
    consent_stamp_conf_t   conf = body_conf(*state);

    assert_false(consent_stamp_promise(consent_stamp_init(memory, CONSENT_KIND_SSE, &conf), &growth));
    free(memory);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(openai_chunks),
        cmocka_unit_test(other_openai_streams_have_a_key),
        cmocka_unit_test(anthropic_events),
        cmocka_unit_test(vercel_parts),
        cmocka_unit_test(ollama_lines),
        cmocka_unit_test(a_later_turn_has_the_key_alone),
        cmocka_unit_test(what_is_not_known_passes),
        cmocka_unit_test(a_person_takes_over),
        cmocka_unit_test(the_log_knows_who_spoke_first),
        cmocka_unit_test(no_event_waits_for_another),
        cmocka_unit_test(an_event_that_is_too_long_passes),
        cmocka_unit_test(a_promise_cannot_be_made),
    };

    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
