/*
 * Masks in JSON become values in what a citizen reads, and never in names, addresses or what programs act on.
 */

#include "minimize_restore.h"


static void
masks_in_strings_become_values(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "\"" PNR "\"", "\"" VALUE "\"" },
        { __LINE__, "{\"svar\": \"Hej " PNR ".\"}", "{\"svar\": \"Hej " VALUE ".\"}" },
        { __LINE__, "\xef\xbb\xbf{\"svar\":\"" PNR "\"}", "\xef\xbb\xbf{\"svar\":\"" VALUE "\"}" },
        { __LINE__, "{\"a\":[\"" PNR "\",1,true,{\"b\":\"" PNR "\"}]}",
          "{\"a\":[\"" VALUE "\",1,true,{\"b\":\"" VALUE "\"}]}" },
        { __LINE__, "{\"a\":\"" QUOTES ", " LINES ", " CONTROL "\"}",
          "{\"a\":\"\\\"'\\\\\\u0026\\u003e, a\\nb, a\\u0001b\"}" },
        { __LINE__, "{\"a\":\"" NAME "\"}", "{\"a\":\"\xc3\x85sa\"}" },
        { __LINE__, "{\"a\":\"x\\n" PNR "\\n\\\"" PNR "\\\" " PNR "\\u003c\"}",
          "{\"a\":\"x\\n" VALUE "\\n\\\"" VALUE "\\\" " VALUE "\\u003c\"}" },
        { __LINE__, "{\"a\":\"" PNR "\\u201d\"}", "{\"a\":\"" VALUE "\\u201d\"}" },
        { __LINE__, "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" PNR "\"}}]}",
          "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" VALUE "\"}}]}" },
        { __LINE__, "{\"a\":\"se https://x.example/\",\"b\":\"" PNR "\"}",
          "{\"a\":\"se https://x.example/\",\"b\":\"" VALUE "\"}" }
    };

    (void) state;
    CHECK(CONSENT_RESTORE_JSON, rows);
}


static void
nothing_is_restored_in_what_is_not_read(void **state)
{
    static const row_t  rows[] = {
        SAME("{\"" PNR "\":1}"),
        SAME("{\"url\":\"" PNR "\",\"Image_URL\":\"" PNR "\",\"\\u0075rl\":\"" PNR "\",\"href\":[\"" PNR "\"]}"),
        SAME("{\"a\":\"https://evil.example/?q=" PNR "\"}"),
        SAME("{\"a\":\"https:\\/\\/evil.example\\/?q= " PNR "\"}"),
        SAME("{\"a\":\"se https:\\u002f/evil" PNR "\"}"),
        SAME("{\"a\":\"/sok?q=" PNR "\"}"),
        SAME("{\"a\":\"" PNR "\\u002eevil.example\"}"),
        SAME("{\"a\":\"" PNR "\\/x\"}"),
        SAME("{\"a\":\"<img src=\\\"x" PNR "\\\">\"}"),
        SAME("{\"a\":\"\\u003cimg src='x" PNR "'\\u003e\"}"),
        SAME("{\"a\":\"![x](y" PNR ")\"}"),
        SAME("{\"a\":\"{\\\"q\\\":\\\"" PNR "\\\"}\"}"),
        SAME("{\"tool_calls\":[{\"function\":{\"name\":\"" PNR "\",\"arguments\":\"" PNR "\"},\"x\":\"" PNR "\"}]}"),
        SAME("{\"function_call\":{\"arguments\":\"" PNR "\"}}"),
        SAME("{\"content\":[{\"type\":\"tool_use\",\"input\":{\"q\":[\"" PNR "\"]},\"x\":\"" PNR "\"}]}"),
        SAME("{\"input\":{\"q\":\"" PNR "\"}}"),
        SAME("{\"args\":{\"q\":\"" PNR "\"},\"partial_json\":\"" PNR "\",\"inputTextDelta\":\"" PNR "\"}"),
        SAME("{\"a\":\"" BYTES " " MARKUP " " LINK "\"}"),
        SAME("{\"a\":\"[person\\u006eummer 1]\"}"),
        { __LINE__, "{\"content\":[{\"type\":\"tool_use\",\"x\":\"" PNR "\"},{\"type\":\"text\",\"text\":\"" PNR
          "\"}]}",
          "{\"content\":[{\"type\":\"tool_use\",\"x\":\"" PNR "\"},{\"type\":\"text\",\"text\":\"" VALUE "\"}]}" },
        { __LINE__, "{\"input\":{\"q\":\"" PNR "\"},\"text\":\"" PNR "\"}",
          "{\"input\":{\"q\":\"" PNR "\"},\"text\":\"" VALUE "\"}" }
    };

    (void) state;
    CHECK(CONSENT_RESTORE_JSON, rows);
}


static void
one_text_may_stand_in_several_strings(void **state)
{
    static const row_t  rows[] = {
        SAME("[{\"text\":\"se https://evil.example/?q=\"},{\"text\":\"" PNR "\"}]"),
        SAME("[{\"text\":\"<img src=\\\"x\"},{\"text\":\"a " PNR "\"}]"),
        SAME("[{\"text\":\"[x](\"},{\"x\":\"b\",\"text\":\"a " PNR "\"}]"),
        SAME("[{\"text\":\"se a.\"},{\"text\":\"b" PNR "\"}]"),
        { __LINE__, "[{\"text\":\"se https://evil.example/?q=\"},{\"text\":\"a " PNR "\"}]",
          "[{\"text\":\"se https://evil.example/?q=\"},{\"text\":\"a " VALUE "\"}]" }
    };

    (void) state;
    CHECK(CONSENT_RESTORE_JSON, rows);
}


static void
what_is_no_json_passes(void **state)
{
    static const row_t  rows[] = {
        SAME(""),
        SAME(PNR),
        SAME("{\"a\" \"" PNR "\"}"),
        SAME("{\"a\":\"x\"}} \"" PNR "\""),
        SAME("{\"a\":\"x\"},{\"a\":\"" PNR "\"}"),
        SAME("{\"a\":\"\\x" PNR "\"}"),
        SAME("{\"a\":\"\n" PNR "\"}"),
        SAME("{\"a\":\"[personnummer 1"),
        SAME("{\"a\":\"" PNR),
        SAME("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"" PNR "\"")
    };

    (void) state;
    CHECK(CONSENT_RESTORE_JSON, rows);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(masks_in_strings_become_values),
        cmocka_unit_test(nothing_is_restored_in_what_is_not_read),
        cmocka_unit_test(one_text_may_stand_in_several_strings),
        cmocka_unit_test(what_is_no_json_passes)
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
