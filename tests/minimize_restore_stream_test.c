/*
 * Masks in events and lines, whole or split over any number of them.
 */

#include "minimize_restore.h"

/* Events in the dialects. */
#define CHAT(index, text)                                                                                            \
    "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":" #index                       \
    ",\"delta\":{\"content\":\"" text "\"},\"finish_reason\":null}]}\n\n"
#define CHAT_END(index)                                                                                              \
    "data: {\"id\":\"c1\",\"choices\":[{\"index\":" #index ",\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
#define DONE             "data: [DONE]\n\n"

#define BLOCK(index, text)                                                                                           \
    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":" #index                          \
    ",\"delta\":{\"type\":\"text_delta\",\"text\":\"" text "\"}}\n\n"
#define BLOCK_START(index)                                                                                           \
    "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":" #index                          \
    ",\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
#define BLOCK_STOP(index)                                                                                            \
    "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":" #index "}\n\n"
#define BLOCK_INPUT(index, text)                                                                                     \
    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":" #index                          \
    ",\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"" text "\"}}\n\n"
#define PING             "event: ping\ndata: {\"type\": \"ping\"}\n\n"

#define PART(id, text)   "data: {\"type\":\"text-delta\",\"id\":\"" id "\",\"delta\":\"" text "\"}\n\n"
#define PART_END(id)     "data: {\"type\":\"text-end\",\"id\":\"" id "\"}\n\n"

#define ITEM(text)                                                                                                   \
    "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"item_id\":\"m1\","          \
    "\"output_index\":0,\"content_index\":0,\"delta\":\"" text "\"}\n\n"
#define ITEM_DONE(text)                                                                                              \
    "data: {\"type\":\"response.output_text.done\",\"item_id\":\"m1\",\"output_index\":0,\"content_index\":0,"        \
    "\"text\":\"" text "\"}\n\n"


static void
masks_in_one_event_become_values(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, CHAT(0, PNR " ja"), CHAT(0, VALUE " ja") },
        { __LINE__, BLOCK(0, QUOTES " ja"), BLOCK(0, "\\\"'\\\\\\u0026\\u003e ja") },
        { __LINE__, "data: hej " PNR " ja\n\n", "data: hej " VALUE " ja\n\n" },
        { __LINE__, "data: hej " PNR "\ndata: " OTHER " ja\n\n", "data: hej " VALUE "\ndata: 19121212-1212 ja\n\n" },
        { __LINE__, "data:" PNR " ja\r\n\r\n", "data:" VALUE " ja\r\n\r\n" },
        { __LINE__, "data:" PNR " ja\r\rdata:" PNR " ja\r\r", "data:" VALUE " ja\r\rdata:" VALUE " ja\r\r" },
        { __LINE__, "\xef\xbb\xbf: x\nid: 1\nretry: 3\ndata: " PNR " ja\n\n\n\n",
          "\xef\xbb\xbf: x\nid: 1\nretry: 3\ndata: " VALUE " ja\n\n\n\n" },
        { __LINE__, "data: {\"svar\":\ndata: \"" PNR " ja\"}\n\n", "data: {\"svar\":\ndata: \"" VALUE " ja\"}\n\n" },
        { __LINE__, "data: hej " LINES NAME " ja\n\n", "data: hej " LINES "\xc3\x85sa ja\n\n" },
        { __LINE__, "data: \"hej " PNR " ja\"\n\n", "data: \"hej " VALUE " ja\"\n\n" }
    };

    (void) state;
    CHECK(CONSENT_RESTORE_SSE, rows);
}


static void
masks_split_over_events_become_values(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, CHAT(0, "Hej [person") CHAT(0, "nummer 1] ja") CHAT_END(0) DONE,
          CHAT(0, "Hej ") CHAT(0, VALUE " ja") CHAT_END(0) DONE },
        { __LINE__, CHAT(0, "[") CHAT(0, "person") CHAT(0, "nummer") CHAT(0, " ") CHAT(0, "1") CHAT(0, "]") CHAT(0,
          " ja"),
          CHAT(0, "") CHAT(0, "") CHAT(0, "") CHAT(0, "") CHAT(0, "") CHAT(0, "") CHAT(0, VALUE " ja") },
        { __LINE__, CHAT(0, "[person") CHAT(1, "[personnummer") CHAT(0, "nummer 1]") CHAT(1, " 2] b") CHAT(0, " a"),
          CHAT(0, "") CHAT(1, "") CHAT(0, "") CHAT(1, "19121212-1212 b") CHAT(0, VALUE " a") },
        { __LINE__, BLOCK_START(0) BLOCK(0, "[person") PING BLOCK(0, "nummer 1], ja") BLOCK_STOP(0),
          BLOCK_START(0) BLOCK(0, "") PING BLOCK(0, VALUE ", ja") BLOCK_STOP(0) },
        { __LINE__, BLOCK(0, "[person") ": x\n\n" BLOCK(0, "nummer 1], ja"),
          BLOCK(0, "") ": x\n\n" BLOCK(0, VALUE ", ja") },
        { __LINE__, PART("t1", "[person") PART("t1", "nummer 1]\\n"), PART("t1", "") PART("t1", VALUE "\\n") },
        { __LINE__, ITEM("[person") ITEM("nummer 1]!") ITEM_DONE(PNR "!"),
          ITEM("") ITEM(VALUE "!") ITEM_DONE(VALUE "!") },
        { __LINE__, "data: [person\n\ndata: nummer 1] ja\n\n", "data: \n\ndata: " VALUE " ja\n\n" },
        { __LINE__, "data: {\"token\":\"[person\"}\n\ndata: {\"token\":\"nummer 1] ja\"}\n\n",
          "data: {\"token\":\"\"}\n\ndata: {\"token\":\"" VALUE " ja\"}\n\n" },
        { __LINE__, "data: {\"a\":\"x\",\"b\":\"[person\"}\n\ndata: {\"a\":\"y\",\"b\":\"nummer 1] ja\"}\n\n",
          "data: {\"a\":\"x\",\"b\":\"\"}\n\ndata: {\"a\":\"y\",\"b\":\"" VALUE " ja\"}\n\n" }
    };

    (void) state;
    CHECK(CONSENT_RESTORE_SSE, rows);
}


static void
what_is_held_back_comes_before_the_end(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, CHAT(0, "Hej " PNR) CHAT_END(0) DONE, CHAT(0, "Hej ") CHAT(0, VALUE) CHAT_END(0) DONE },
        { __LINE__, CHAT(0, "Hej " PNR ".") CHAT_END(0) DONE, CHAT(0, "Hej ") CHAT(0, VALUE ".") CHAT_END(0) DONE },
        { __LINE__, CHAT(0, "Hej [person") CHAT_END(0) DONE, CHAT(0, "Hej ") CHAT(0, "[person") CHAT_END(0) DONE },
        { __LINE__, CHAT(0, PNR) CHAT(1, PNR) CHAT_END(1) CHAT_END(0),
          CHAT(0, "") CHAT(1, "") CHAT(1, VALUE) CHAT_END(1) CHAT(0, VALUE) CHAT_END(0) },
        { __LINE__, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" PNR
          "\"},\"finish_reason\":\"stop\"}]}\n\n",
          "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" VALUE "\"},\"finish_reason\":\"stop\"}]}\n\n" },
        { __LINE__, CHAT(0, PNR) DONE, CHAT(0, "") CHAT(0, VALUE) DONE },
        { __LINE__, CHAT(0, PNR), CHAT(0, "") CHAT(0, VALUE) },
        { __LINE__, "id: 7\n" CHAT(0, PNR) "data: x", "id: 7\n" CHAT(0, "") CHAT(0, VALUE) "data: x" },
        { __LINE__, BLOCK(0, PNR) BLOCK_STOP(0), BLOCK(0, "") BLOCK(0, VALUE) BLOCK_STOP(0) },
        { __LINE__, BLOCK(0, PNR) BLOCK_STOP(1) BLOCK(0, " x"), BLOCK(0, "") BLOCK_STOP(1) BLOCK(0, VALUE " x") },
        { __LINE__, PART("t1", PNR) PART_END("t1"), PART("t1", "") PART("t1", VALUE) PART_END("t1") },
        { __LINE__, ITEM(PNR) ITEM_DONE(PNR), ITEM("") ITEM(VALUE) ITEM_DONE(VALUE) },
        { __LINE__, "data: " PNR "\n\n" DONE, "data: \n\ndata: " VALUE "\n\n" DONE },
        { __LINE__, "event: x\r\nid: 3\r\ndata: " PNR "\r\n\r\n",
          "event: x\r\nid: 3\r\ndata: \r\n\r\nevent: x\ndata: " VALUE "\n\n" },
        /* nobody says that the text is over: it may go on as an address */
        { __LINE__, CHAT(0, PNR) "data: {\"choices\":[]}\n\n" CHAT(0, ".evil.example"),
          CHAT(0, "") CHAT(0, PNR) "data: {\"choices\":[]}\n\n" CHAT(0, ".evil.example") }
    };

    (void) state;
    CHECK(CONSENT_RESTORE_SSE, rows);
}


static void
places_are_known_across_events(void **state)
{
    static const row_t  rows[] = {
        SAME(CHAT(0, "se https://evil.example/?q=") CHAT(0, PNR) CHAT(0, PNR) CHAT_END(0)),
        SAME(CHAT(0, "se htt") CHAT(0, "ps:/") CHAT(0, "/evil?") CHAT(0, PNR) CHAT(1, " ") CHAT(0, PNR) CHAT_END(0)),
        SAME(CHAT(0, "![x]") CHAT(0, "(y") CHAT(0, " " PNR)),
        SAME(CHAT(0, "<img ") CHAT(1, ">") CHAT(0, " src='" PNR "'>")),
        SAME(BLOCK(0, "<img ") BLOCK(1, ">") BLOCK(0, "src='" PNR "'>")),
        SAME(PART("a", "<img ") PART("b", ">") PART("a", "src='" PNR "'>")),
        SAME(ITEM("<img ") ITEM("src='" PNR "'>")),
        SAME("data: <img \n\ndata: src='" PNR "'>\n\n"),
        SAME("data: {\"token\":\"<img \"}\n\ndata: {\"token\":\"src='" PNR "'>\"}\n\n"),
        { __LINE__, CHAT(0, "se https://evil.example/") CHAT(0, " " PNR " ja"),
          CHAT(0, "se https://evil.example/") CHAT(0, " " VALUE " ja") },
        { __LINE__, CHAT(0, PNR) CHAT(0, ".evil.example"), CHAT(0, "") CHAT(0, PNR ".evil.example") },
        { __LINE__, CHAT(0, PNR) CHAT(0, ".") CHAT(0, "evil.example"), CHAT(0, "") CHAT(0, "") CHAT(0,
          PNR ".evil.example") },
        { __LINE__, CHAT(0, PNR) CHAT(0, ".") CHAT(0, " Hej"), CHAT(0, "") CHAT(0, "") CHAT(0, VALUE ". Hej") }
    };

    (void) state;
    CHECK(CONSENT_RESTORE_SSE, rows);
}


static void
nothing_is_restored_for_programs(void **state)
{
    static const row_t  rows[] = {
        SAME("data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\""
             PNR
             " x\"}}]}}]}\n\n"),
        SAME("data: {\"choices\":[{\"index\":0,\"delta\":{\"function_call\":{\"arguments\":\"" PNR " x\"}}}]}\n\n"),
        SAME("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"},\"logprobs\":{\"content\":[{\"token\":\""
             PNR
             " x\"}]}}]}\n\n"),
        SAME(BLOCK_INPUT(1, PNR " x")),
        SAME("data: {\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"tool_use\",\"input\":"
             "{\"q\":\"" PNR
             " x\"}}}\n\n"),
        SAME("data: {\"type\":\"tool-input-delta\",\"toolCallId\":\"1\",\"inputTextDelta\":\"" PNR " x\"}\n\n"),
        SAME("data: {\"inputTextDelta\":\"" PNR " x\",\"type\":\"tool-input-delta\"}\n\n"),
        SAME("data: {\"type\":\"tool-input-available\",\"toolCallId\":\"1\",\"input\":{\"q\":\"" PNR " x\"}}\n\n"),
        SAME("data: {\"delta\":\"" PNR " x\",\"type\":\"response.function_call_arguments.delta\"}\n\n"),
        SAME("data: {\"type\":\"response.completed\",\"response\":{\"output\":[{\"type\":\"function_call\""
             ",\"arguments\":\""
             PNR "\"}]}}\n\n"),
        SAME("data: {\"type\":\"source-url\",\"x\":\"" PNR " x\"}\n\n"),
        SAME("data: {\"" PNR " x\":1}\n\n"),
        SAME("event: " PNR " x\nid: " PNR " x\n: " PNR " x\n" PNR ": x\ndata: x\n\n")
    };

    (void) state;
    CHECK(CONSENT_RESTORE_SSE, rows);
}


static void
what_cannot_be_told_apart_is_not_restored(void **state)
{
    static const row_t  rows[] = {
        /* an unknown dialect with several texts */
        { __LINE__, "data: {\"id\":1,\"t\":\"" PNR " a\"}\n\ndata: {\"id\":2,\"t\":\"" PNR " a\"}\n\n",
          "data: {\"id\":1,\"t\":\"" VALUE " a\"}\n\ndata: {\"id\":2,\"t\":\"" PNR " a\"}\n\n" },
        SAME("data: [{\"t\":\"" PNR " a\"},{\"t\":\"" PNR " a\"}]\n\n" CHAT(0, PNR " x")),
        SAME("data: {\"t\":\"" PNR " a\"\n\n" CHAT(0, PNR " x")),
        SAME(CHAT(0, "x") "data: plain " PNR " x\n\n" CHAT(0, PNR " x"))
    };

    (void) state;
    CHECK(CONSENT_RESTORE_SSE, rows);
}


static void
lines_of_json_are_events(void **state)
{
    static const row_t  rows[] = {
        { __LINE__,
          "{\"message\":{\"content\":\"[person\"},\"done\":false}\n{\"message\":{\"content\":\"nummer 1] ja\"}"
          ",\"done\":false}\n",
          "{\"message\":{\"content\":\"\"},\"done\":false}\n{\"message\":{\"content\":\"" VALUE
          " ja\"},\"done\":false}\n" },
        { __LINE__, "{\"response\":\"" PNR "\",\"done\":false}\n{\"response\":\"\",\"done\":true}\n",
          "{\"response\":\"\",\"done\":false}\n{\"response\":\"" VALUE "\",\"done\":true}\n" },
        { __LINE__, "{\"response\":\"" PNR "\",\"done\":false}\n{\"done\":true}",
          "{\"response\":\"\",\"done\":false}\n{\"response\":\"" VALUE "\",\"done\":false}\n{\"done\":true}" },
        { __LINE__, "\n{\"t\":\"" PNR " a\"}\r\n\r\n{\"t\":\"" PNR " a\"}",
          "\n{\"t\":\"" VALUE " a\"}\r\n\r\n{\"t\":\"" VALUE " a\"}" },
        SAME("{\"t\":\"https://evil.example/?q=\"}\n{\"t\":\"" PNR "\"}\n"),
        SAME("{\"t\":\"" PNR "\n{\"t\":\"" PNR "\"}\n"),
        SAME("hej " PNR " x\n{\"t\":\"" PNR " x\"}\n")
    };

    (void) state;
    CHECK(CONSENT_RESTORE_NDJSON, rows);
}


static void
texts_beyond_the_eighth_pass(void **state)
{
    sink_t  s;

    static const char  in[] =
        BLOCK(0, "<a") BLOCK(1, "<a") BLOCK(2, "<a") BLOCK(3, "<a") BLOCK(4, "<a") BLOCK(5, "<a") BLOCK(6, "<a")
        BLOCK(7, "x ") BLOCK(8, PNR " x") BLOCK(7, PNR " x") BLOCK_STOP(7) BLOCK(9, PNR " x");
    static const char  out[] =
        BLOCK(0, "<a") BLOCK(1, "<a") BLOCK(2, "<a") BLOCK(3, "<a") BLOCK(4, "<a") BLOCK(5, "<a") BLOCK(6, "<a")
        BLOCK(7, "x ") BLOCK(8, PNR " x") BLOCK(7, VALUE " x") BLOCK_STOP(7) BLOCK(9, VALUE " x");

    (void) state;
    restore(&s, CONSENT_RESTORE_SSE, in, sizeof(in) - 1, 0, sizeof(in));
    assert_string_equal(s.data, out);
    free(s.data);
}


static void
events_too_long_pass_and_end_it(void **state)
{
    char    *in;
    size_t   n, step;
    sink_t   s;

    (void) state;
    in = malloc(200000);
    n = (size_t) sprintf(in, "%s", CHAT(0, PNR " a") CHAT(0, PNR));
    n += (size_t) sprintf(in + n, "data: {\"t\":\"%070000d " PNR " \"}\n\n", 0);
    n += (size_t) sprintf(in + n, "%s", CHAT(0, PNR " b"));

    for (step = 1; step <= n; step = step * 7 + 1) {
        restore(&s, CONSENT_RESTORE_SSE, in, n, 0, step);
        assert_int_equal(s.len, n + strlen(VALUE) - strlen(PNR) + strlen(CHAT(0, "")));
        assert_non_null(strstr(s.data, CHAT(0, VALUE " a") CHAT(0, "") CHAT(0, PNR) "data: {\"t\":\"0"));
        assert_non_null(strstr(s.data, "0 " PNR " \"}\n\n" CHAT(0, PNR " b")));
        free(s.data);
    }

    free(in);
}


static void
no_event_waits_for_the_next(void **state)
{
    sink_t                s;
    void                 *memory;
    size_t                i;
    consent_transform_t  *t;

    static const char *const  events[] = {
        CHAT(0, "Hej [person"), CHAT(0, "nummer 1]"), ": x\n\n", "data: x\r\n\r\n", CHAT(0, " a"), CHAT_END(0), DONE
    };

    (void) state;
    memset(&s, 0, sizeof(s));
    memory = malloc(consent_restore_size());
    t = consent_restore_init(memory, masks, CONSENT_RESTORE_SSE);

    for (i = 0; i < consent_countof(events); i++) {
        s.len = 0;
        feed(t, &s, events[i], strlen(events[i]), false);
        assert_true(s.len > 0);
        assert_memory_equal(s.data, events[i], 3 < s.len ? 3 : s.len);
        assert_memory_equal(s.data + s.len - 1, "\n", 1);
    }

    consent_transform_destroy(t);
    free(memory);
    free(s.data);
    assert_true(consent_restore_size() < 65536);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(masks_in_one_event_become_values),
        cmocka_unit_test(masks_split_over_events_become_values),
        cmocka_unit_test(what_is_held_back_comes_before_the_end),
        cmocka_unit_test(places_are_known_across_events),
        cmocka_unit_test(nothing_is_restored_for_programs),
        cmocka_unit_test(what_cannot_be_told_apart_is_not_restored),
        cmocka_unit_test(lines_of_json_are_events),
        cmocka_unit_test(texts_beyond_the_eighth_pass),
        cmocka_unit_test(events_too_long_pass_and_end_it),
        cmocka_unit_test(no_event_waits_for_the_next)
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
