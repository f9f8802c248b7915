/*
 * What a request to a chat says about the answer.
 */

#include "base/utf8.h"
#include "disclose.h"
#include "disclose/chat.h"


static void
requests_say_what_the_answer_may_be(void **state)
{
    static const struct {
        int          line;
        const char  *body;
        bool         known, later, json;
    } rows[] = {
        { __LINE__, "{\"messages\":[{\"role\":\"system\"},{\"role\":\"user\",\"content\":\"Hej\"}]}", 1, 0, 0 },
        { __LINE__, "{\"messages\":[{\"role\":\"user\"},{\"content\":[{\"x\":1}],\"role\":\"assistant\"}]}", 1, 1, 0 },
        { __LINE__, "{\"messages\":[{\"role\":\"user\",\"content\":\"{\\\"role\\\":\\\"assistant\\\"}\"}]}", 1, 0, 0 },
        { __LINE__, "{\"messages\":[],\"response_format\":{\"type\":\"json_object\"}}", 1, 0, 1 },
        { __LINE__, "{\"messages\":[],\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{}}}", 1, 0, 1 },
        { __LINE__, "{\"messages\":[],\"response_format\":{\"type\":\"text\"}}", 1, 0, 0 },
        { __LINE__, "{\"messages\":[],\"response_format\":null,\"format\":\"\"}", 1, 0, 0 },
        { __LINE__, "{\"messages\":[],\"format\":\"json\"}", 1, 0, 1 },
        { __LINE__, "{\"prompt\":\"x\",\"format\":{\"type\":\"object\"}}", 1, 0, 1 },
        { __LINE__, "{\"prompt\":\"x\",\"context\":[1,2]}", 1, 1, 0 },
        { __LINE__, "{\"input\":\"Hej\",\"previous_response_id\":\"r\"}", 1, 1, 0 },
        { __LINE__, "{\"input\":[{\"role\":\"assistant\"}],\"text\":{\"format\":{\"type\":\"json_schema\"}}}", 1, 1, 1 },
        { __LINE__, "{\"input\":\"Hej\",\"previous_response_id\":null,\"text\":{\"format\":{\"type\":\"text\"}}}", 1, 0,
          0 },
        { __LINE__, "{\"question\":\"Hej\"}", 0, 0, 0 },
        { __LINE__, "[{\"messages\":[]}]", 0, 0, 0 },
        { __LINE__, "messages=1", 0, 0, 0 },
        { __LINE__, "", 0, 0, 0 }
    };

    size_t          i;
    consent_chat_t  chat;

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        consent_chat_read(&chat, consent_cstr(rows[i].body));

        if (chat.known != rows[i].known || chat.later_turn != rows[i].later || chat.wants_json != rows[i].json) {
            fail_msg("line %d: known %d, later turn %d, JSON %d", rows[i].line, chat.known, chat.later_turn,
                     chat.wants_json);
        }
    }
}


/* @n stands for the notice in the language n, as another program writes it; @l, @q for that of a text and of Markdown, @e
 * for the notice with every character escaped; @o and @p for those that offer a person. */
static void
row_read(consent_buf_t *b, const char *row, const consent_disclosure_t *d)
{
    uint32_t         c;
    consent_slice_t  text;
    const uint8_t   *p, *end;

    for ( /* void */ ; *row != '\0'; row++) {

        if (*row != '@') {
            consent_buf_char(b, *row);
            continue;
        }

        row++;
        text = *row == 'l' ? d->in[0].marks.line : *row == 'q' ? d->in[0].marks.quote
               : *row == 'o' ? d->in[0].offer_text : *row == 'p' ? d->in[1].offer.line
               : d->in[*row == 'e' ? 0 : *row - '0'].notice_text;
        p = text.data;
        end = p + text.len;

        while (p < end) {
            c = consent_utf8_next(&p, end);

            if (*row == 'e') {
                consent_buf_printf(b, "\\u%04X", c);

            } else if (c == '\n') {
                consent_buf_str(b, "\\n");

            } else if (c == '"' || c == '\\') {
                consent_buf_printf(b, "\\%c", (int) c);

            } else {
                consent_buf_add(b, p - (c < 0x80 ? 1 : c < 0x800 ? 2 : 3), c < 0x80 ? 1 : c < 0x800 ? 2 : 3);
            }
        }
    }

    consent_buf_char(b, '\0');
    b->len--;
    assert_int_equal(b->rc, CONSENT_OK);
}


static void
our_words_do_not_come_back(void **state)
{
#define SAYS(content)  "{\"messages\":[{\"role\":\"assistant\",\"content\":" content "},{\"role\":\"user\",\"content\":\"@0\"}]}"
#define PARTS(parts)   "{\"messages\":[{\"parts\":[" parts "],\"role\":\"assistant\"}],\"x\":1}"
#define TEXT(text)     "{\"type\":\"text\",\"text\":\"" text "\"}"
#define DATA           "{\"type\":\"data-ai-disclosure\",\"data\":{\"a\":[\"}]\"]}}"

    /* what comes out is compared without spaces; NULL: as it went in */
    static const struct {
        int          line;
        const char  *body, *expected;
    } rows[] = {
        { __LINE__, SAYS("\"@0\\n\\nHej\""), SAYS("\"Hej\"") },
        { __LINE__, SAYS("\"@1\\n\\nHej\""), SAYS("\"Hej\"") },
        { __LINE__, SAYS("\"@2\\u000a\\u000AHej\""), SAYS("\"Hej\"") },
        { __LINE__, SAYS("\"@e\\n\\n\\nHej\""), SAYS("\"\\nHej\"") },
        { __LINE__, SAYS("\"@0Hej\""), SAYS("\"Hej\"") },
        { __LINE__, SAYS("\"@lHej\""), SAYS("\"Hej\"") },
        { __LINE__, SAYS("\"@qHej\""), SAYS("\"Hej\"") },
        { __LINE__, SAYS("\"@o\\n\\nHej\""), SAYS("\"Hej\"") },
        { __LINE__, SAYS("\"@pHej\""), SAYS("\"Hej\"") },
        { __LINE__, SAYS("\"@0\\n\\n@0\\n\\nHej\""), SAYS("\"@0\\n\\nHej\"") },
        { __LINE__, "{\"input\":[{\"content\":\"@0\\n\\nHej\",\"role\":\"model\"}]}",
          "{\"input\":[{\"content\":\"Hej\",\"role\":\"model\"}]}" },
        { __LINE__, SAYS("[" TEXT("@0\\n\\nHej") "]"), SAYS("[" TEXT("Hej") "]") },
        { __LINE__, PARTS(DATA "," TEXT("@0\\n\\n") "," TEXT("Hej")), PARTS(TEXT("Hej")) },
        { __LINE__, PARTS(TEXT("Hej") "," DATA "," TEXT("@0\\n\\n")), PARTS(TEXT("Hej")) },
        { __LINE__, PARTS("1," DATA " , " TEXT("@0\\n\\nHej") ",2"), PARTS("1," TEXT("Hej") ",2") },
        { __LINE__, PARTS(DATA "," DATA ",1," DATA "," DATA ",2," DATA "," DATA), PARTS("1,2") },
        { __LINE__, PARTS(DATA), NULL },
        { __LINE__, PARTS(TEXT("@0\\n\\n") "," DATA), NULL },
        { __LINE__, PARTS("{\"type\":\"tool-call\",\"text\":\"@0\\n\\nHej\"}"), NULL },
        { __LINE__, SAYS("\"@0\\n\\n\""), NULL },
        { __LINE__, SAYS("\"@0\""), NULL },
        { __LINE__, SAYS("\"Hej @0\\n\\n\""), NULL },
        { __LINE__, SAYS("\"\""), NULL },
        { __LINE__, SAYS("null"), NULL },
        { __LINE__, SAYS("[]"), NULL },
        { __LINE__, "{\"messages\":[{\"role\":\"user\",\"content\":\"@0\\n\\nHej\"}]}", NULL },
        { __LINE__, "{\"messages\":[{\"role\":\"system\",\"content\":\"@0\\n\\nHej\"}]}", NULL },
        { __LINE__, "{\"other\":[{\"role\":\"assistant\",\"content\":\"@0\\n\\nHej\"}]}", NULL },
        { __LINE__, "[{\"role\":\"assistant\",\"content\":\"@0\\n\\nHej\"}]", NULL },
        { __LINE__, "{\"messages\":[{\"role\":\"assistant\",\"content\":\"@0\\n\\nHej", NULL },
        { __LINE__, SAYS("\"\\u00\""), NULL },
        { __LINE__, SAYS("\"\\"), NULL }
    };

    bool              changed;
    size_t            i, k, n, from, to;
    uint8_t          *copy;
    fixture_t        *f = *state;
    consent_buf_t     body, expected;

    for (i = 0; i < consent_countof(rows); i++) {
        consent_buf_init(&body, 65536);
        consent_buf_init(&expected, 65536);
        row_read(&body, rows[i].body, &f->ai);
        row_read(&expected, rows[i].expected != NULL ? rows[i].expected : rows[i].body, &f->ai);

        /* memory of exactly its size: nothing behind it is touched */
        copy = malloc(body.len);
        memcpy(copy, body.data, body.len);
        from = SIZE_MAX;
        to = 0;
        changed = consent_chat_unsay(copy, body.len, &f->ai, f->policy.n_languages, &from, &to);

        if (changed != (rows[i].expected != NULL)) {
            fail_msg("line %d: changed %d", rows[i].line, changed);
        }

        for (k = 0; k < body.len; k++) {
            if (copy[k] != body.data[k] && (k < from || k >= to)) {
                fail_msg("line %d: byte %zu is not between %zu and %zu", rows[i].line, k, from, to);
            }
        }

        for (k = 0, n = 0; k < body.len; k++) {
            if (copy[k] != ' ') {
                copy[n++] = copy[k];
            }
        }

        for (k = 0, body.len = 0; k < expected.len; k++) {
            if (expected.data[k] != ' ') {
                body.data[body.len++] = expected.data[k];
            }
        }

        if (n != body.len || memcmp(copy, body.data, n) != 0) {
            fail_msg("line %d:\n%.*s", rows[i].line, (int) n, (char *) copy);
        }

        free(copy);
        consent_buf_free(&body);
        consent_buf_free(&expected);
    }
}


/* Cut anywhere, it is read no further than it goes. */
static void
what_is_cut_off_is_harmless(void **state)
{
    size_t          k, from, to;
    uint8_t        *copy;
    fixture_t      *f = *state;
    consent_buf_t   body;

    consent_buf_init(&body, 65536);
    row_read(&body, PARTS(DATA "," TEXT("@e\\n\\nHej") "," TEXT("@1\\ud83d\\ude00")), &f->ai);

    for (k = 0; k < body.len; k++) {
        copy = malloc(k > 0 ? k : 1);
        memcpy(copy, body.data, k);
        from = SIZE_MAX;
        to = 0;
        (void) consent_chat_unsay(copy, k, &f->ai, f->policy.n_languages, &from, &to);
        assert_true(to <= k);
        free(copy);
    }

    consent_buf_free(&body);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(requests_say_what_the_answer_may_be),
        cmocka_unit_test(our_words_do_not_come_back),
        cmocka_unit_test(what_is_cut_off_is_harmless),
    };

    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
