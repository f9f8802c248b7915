/*
 * Masks in plain text, Markdown and HTML become values where a citizen reads them, and nowhere else.
 */

#include "minimize_restore.h"


static void
masks_in_plain_text_become_values(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "", "" },
        { __LINE__, PNR, VALUE },
        { __LINE__, "Hej " PNR "!", "Hej " VALUE "!" },
        { __LINE__, PNR ", " OTHER ", (" PNR ")" OTHER, VALUE ", 19121212-1212, (" VALUE ")19121212-1212" },
        { __LINE__, PNR OTHER " " PNR "," MAIL, PNR "19121212-1212 " PNR ",anna@example.org" },
        { __LINE__, "a " PNR ". b", "a " VALUE ". b" },
        { __LINE__, "a " PNR ".", "a " VALUE "." },
        { __LINE__, "a " PNR "...\n", "a " VALUE "...\n" },
        { __LINE__, PNR ": ja", VALUE ": ja" },
        { __LINE__, "**" PNR "**", "**" VALUE "**" },
        { __LINE__, "`" PNR "`, (" PNR ") \"" PNR "\"", "`" VALUE "`, (" VALUE ") \"" VALUE "\"" },
        { __LINE__, NAME "s bil", "\xc3\x85sas bil" },
        { __LINE__, "**Personnummer:** " PNR "\n", "**Personnummer:** " VALUE "\n" },
        { __LINE__, "Personnummer: " PNR "\n", "Personnummer: " VALUE "\n" },
        { __LINE__, "1. " PNR "\n2. " OTHER "\n", "1. " VALUE "\n2. 19121212-1212\n" },
        { __LINE__, "[" PNR "]", "[" VALUE "]" },
        { __LINE__, "[x] " PNR " [y]", "[x] " VALUE " [y]" },
        { __LINE__, "[" PNR, "[" VALUE },
        { __LINE__, "[personnummer " PNR, "[personnummer " VALUE },
        { __LINE__, "a < b, 1 <2 och <3 " PNR, "a < b, 1 <2 och <3 " VALUE },
        { __LINE__, "<b>" PNR "</b>", "<b>" VALUE "</b>" },
        { __LINE__, QUOTES, "\"'\\&>" },
        { __LINE__, LINES "|" CONTROL, "a\nb|a\001b" },
        { __LINE__, "https://a.example/ " PNR, "https://a.example/ " PNR },
        { __LINE__, "se https://a.example/x " PNR, "se https://a.example/x " VALUE },
        { __LINE__, "[text](https://a.example/x) " PNR, "[text](https://a.example/x) " VALUE }
    };

    (void) state;
    CHECK(CONSENT_RESTORE_TEXT, rows);
}


static void
what_is_no_mask_of_this_request_stays(void **state)
{
    static const row_t  rows[] = {
        SAME("[personnummer 3] [personnummer 11] [personnummer1] [Personnummer 1] [ personnummer 1]"),
        SAME("[personnummer 1"),
        SAME("personnummer 1]"),
        SAME("[personnummer\n1]"),
        SAME("[personnummer 1\xc3\xa5]"),
        SAME("[[[[[]]]]] [] [a] [aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]"),
        SAME("x " BYTES " " MARKUP " " LINK)
    };

    (void) state;
    CHECK(CONSENT_RESTORE_TEXT, rows);
}


static void
nothing_is_restored_in_an_address(void **state)
{
    static const row_t  rows[] = {
        SAME("se https://evil.example/?q=" PNR " nu"),
        SAME("se https://evil.example/?q=a," PNR ";" PNR),
        SAME("se HTTPS://" PNR "@evil.example"),
        SAME("se http://" PNR ".evil.example/"),
        SAME("se //evil.example/" PNR),
        SAME("se www." PNR ".example"),
        SAME("se www.evil.example/" PNR),
        SAME("se evil.example/" PNR),
        SAME("se evil." PNR),
        SAME("se " PNR ".evil.example"),
        SAME("se " PNR "-a.evil.example"),
        SAME("se " PNR "abc.evil.example"),
        SAME("se " PNR "@evil.example"),
        SAME("se " PNR "/evil.example"),
        SAME("se " PNR ":8080/"),
        SAME("se " PNR "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example"),
        SAME("se " PNR "&period;evil.example"),
        SAME("se " PNR ",a@evil.example"),
        SAME("se " PNR "+a@evil.example"),
        SAME("se " PNR "\"a@evil.example"),
        SAME("se " PNR "abcdefghijklmnopqrstuvwxyz"),
        SAME("se a@" PNR),
        SAME("se mailto:" PNR " tel:" PNR " data:," PNR " javascript:x('" PNR "') x-y+z:" PNR),
        SAME("se mailto:a@b.example?subject=" PNR),
        SAME("se \\\\evil\\" PNR),
        SAME("se https&#58;&#47;&#47;evil" PNR),
        SAME("se sok?q=" PNR),
        SAME("se x?y" PNR),
        SAME("se q=" PNR),
        SAME("se https://evil.example/?q=<b>" PNR "</b>"),
        SAME("se https://evil.example/?q=&nbsp;" PNR),
        SAME("/sok?q= " PNR),
        SAME("./sok " PNR),
        SAME("../sok " PNR),
        SAME("javascript:alert() " PNR),
        SAME("https://evil.example/ " PNR),
        { __LINE__, "x " ADDRESS PNR " " PNR, "x " ADDRESS VALUE " " VALUE },
        { __LINE__, "x " MAIL PNR " " PNR, "x " MAIL VALUE " " VALUE }
    };

    (void) state;
    CHECK(CONSENT_RESTORE_TEXT, rows);
}


static void
nothing_is_restored_in_a_markdown_target(void **state)
{
    static const row_t  rows[] = {
        SAME("[a](" PNR ")"),
        SAME("![a](/x?" PNR ")"),
        SAME("[a](x " PNR ")"),
        SAME("[a]( <x " PNR "> )"),
        SAME("[a](<x> \"" PNR "\")"),
        SAME("[a](x (" PNR "))"),
        SAME("[a](x\n" PNR ")"),
        SAME("[a](x\\) " PNR ")"),
        SAME("[a](x \")\" " PNR ")"),
        SAME("[a](<) " PNR ">)"),
        SAME("a ]( " PNR),
        SAME("[id]: /x " PNR),
        SAME("[id]:\n  /x " PNR),
        SAME("[id]: " PNR),
        SAME("<https://evil.example/" PNR ">"),
        SAME("<x:" PNR ">"),
        { __LINE__, PNR "(https://evil.example/?q=" PNR ")", VALUE "(https://evil.example/?q=" PNR ")" },
        { __LINE__, PNR "( " PNR " )", VALUE "( " PNR " )" },
        { __LINE__, "[" PNR "](x)", "[" VALUE "](x)" },
        { __LINE__, "[a](x)(" PNR ")", "[a](x)(" VALUE ")" },
        { __LINE__, "[a](x(y)z) " PNR, "[a](x(y)z) " VALUE },
        { __LINE__, "[a](x\n\n" PNR, "[a](x\n\n" VALUE },
        { __LINE__, "[id]: /x\n" PNR, "[id]: /x\n" VALUE },
        { __LINE__, PNR ": " OTHER "\n", VALUE ": 19121212-1212\n" },
        { __LINE__, "a (" PNR ")", "a (" VALUE ")" }
    };

    (void) state;
    CHECK(CONSENT_RESTORE_TEXT, rows);
}


static void
nothing_is_restored_in_markup_of_markdown(void **state)
{
    static const row_t  rows[] = {
        SAME("<img src=\"x" PNR "\">"),
        SAME("<img src='x>" PNR "'>"),
        SAME("<img src=x" PNR ">"),
        SAME("<img " PNR ">"),
        SAME("<" PNR ">"),
        SAME("</" PNR ">"),
        SAME("<!-- " PNR " -->"),
        SAME("<script>f(\"" PNR "\")</script>"),
        SAME("<style>" PNR "</style>"),
        SAME("<textarea>" PNR "</textarea>"),
        SAME("<!x " PNR ">"),
        SAME("<?x " PNR "?>"),
        SAME("<![CDATA[" PNR "]]>"),
        /* markup to one reader, text to another */
        SAME("`<b y=\"` <img src=\"> " PNR " \">"),
        SAME("\\<b y=\" <img src=\"> " PNR " \">"),
        SAME("<b \"y=\" <img src=\"> " PNR " \">"),
        SAME("<b y=\"\n\n<img src=\"> " PNR " \">"),
        SAME("<!-- -- <b y=\"-->" PNR "\">"),
        SAME("<!--> <b y=\"--> <img src=\">" PNR "\">"),
        SAME("</ <b y=\"> " PNR "\">"),
        SAME("</ x> " PNR),
        SAME("[a](/u \"<b y=\") <img src=\"> " PNR " \">"),
        SAME("<svg><![CDATA[ > <b y=\" ]]> <img src=\">" PNR "\">"),
        { __LINE__, "<b>a</b> " PNR " <br/>" PNR, "<b>a</b> " VALUE " <br/>" VALUE },
        { __LINE__, "<!-- a --> " PNR, "<!-- a --> " VALUE },
        { __LINE__, "<img src=\"x\"> " PNR, "<img src=\"x\"> " VALUE },
        { __LINE__, "<style>a{}</style> " PNR, "<style>a{}</style> " VALUE }
    };

    (void) state;
    CHECK(CONSENT_RESTORE_TEXT, rows);
}


static void
data_for_programs_stays(void **state)
{
    static const row_t  rows[] = {
        SAME("{\"q\": \"" PNR "\"}"),
        SAME("[\"" PNR "\"]"),
        SAME("[{\"q\": \"" PNR "\"}]")
    };

    (void) state;
    CHECK(CONSENT_RESTORE_TEXT, rows);
}


static void
masks_in_text_of_a_page_become_values(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "<p>" PNR "</p>", "<p>" VALUE "</p>" },
        { __LINE__, "<p>" QUOTES "</p>", "<p>&quot;&#39;\\&amp;&gt;</p>" },
        { __LINE__, "<p>" MARKUP "</p>", "<p>&lt;b&gt;</p>" },
        { __LINE__, "<p>" LINES "</p>", "<p>a\nb</p>" },
        { __LINE__, "<!doctype html><html><body><li>x@y.example</li><li>" PNR "</li>",
          "<!doctype html><html><body><li>x@y.example</li><li>" VALUE "</li>" },
        { __LINE__, "<p>&quot;" PNR "&quot;&nbsp;" PNR "&nbsp;</p>",
          "<p>&quot;" VALUE "&quot;&nbsp;" VALUE "&nbsp;</p>" },
        { __LINE__, "<a href=\"x\">" PNR "</a>", "<a href=\"x\">" VALUE "</a>" },
        { __LINE__, "<script>if (a<b) { \"</p>\" }</script><p>" PNR,
          "<script>if (a<b) { \"</p>\" }</script><p>" VALUE },
        { __LINE__, "<title>a < b</title><p>" PNR, "<title>a < b</title><p>" VALUE },
        { __LINE__, "<b title=\"a<b>c\">" PNR "</b>", "<b title=\"a<b>c\">" VALUE "</b>" },
        { __LINE__, "<!-- <b> -- --->" PNR, "<!-- <b> -- --->" VALUE },
        { __LINE__, "<?xml version=\"1.0\"?><p>" PNR, "<?xml version=\"1.0\"?><p>" VALUE },
        { __LINE__, "<!DOCTYPE html PUBLIC \"-//W3C//DTD\" \"http://www.w3.org/\"><p>" PNR,
          "<!DOCTYPE html PUBLIC \"-//W3C//DTD\" \"http://www.w3.org/\"><p>" VALUE },
        { __LINE__, "<svg/><p>" PNR, "<svg/><p>" VALUE }
    };

    (void) state;
    CHECK(CONSENT_RESTORE_HTML, rows);
}


static void
nothing_is_restored_elsewhere_in_a_page(void **state)
{
    static const row_t  rows[] = {
        SAME("<p title=\"" PNR "\">"),
        SAME("<p title='" PNR "'>"),
        SAME("<p title=" PNR ">"),
        SAME("<p " PNR "=x>"),
        SAME("<" PNR ">"),
        SAME("<p" PNR ">"),
        SAME("<!-- " PNR " -->"),
        SAME("<!doctype " PNR ">"),
        SAME("<script>\"" PNR "\"</script>"),
        SAME("<script><!-- <script></script> \"" PNR "\"</script>"),
        SAME("<SCRIPT>x</scriptx>\"" PNR "\"</script >"),
        SAME("<style>" PNR "</style>"),
        SAME("<textarea>" PNR "</textarea>"),
        SAME("<title>" PNR "</title>"),
        SAME("<noscript>" PNR "</noscript>"),
        SAME("<iframe>" PNR "</iframe>"),
        SAME("<xmp>" PNR "</xmp>"),
        SAME("<plaintext>" PNR),
        SAME("<template>" PNR "</template>"),
        SAME("<noscript><b y=\"</noscript>" PNR "\">"),
        SAME("<svg><title><img src=\"</title>" PNR "\">"),
        SAME("<svg><script><img src=\"</script>" PNR "\">"),
        SAME("<svg><![CDATA[ > <b y=\" ]]> <img src=\">" PNR "\">"),
        SAME("<?x > <b y=\" ?> <img src=\">" PNR "\">"),
        SAME("<!DOCTYPE x [ <!ENTITY y \">" PNR "\"> ]>"),
        SAME("<!--> <b y=\"--> <img src=\">" PNR "\">"),
        SAME("<!-- --!> <b y=\"--> <img src=\">" PNR "\">"),
        SAME("<p>https://evil.example/?q=" PNR "</p>"),
        SAME("<p>https://evil.example/?q=<i>" PNR "</i></p>"),
        SAME("<p>&" PNR ";</p>"),
        SAME("<p>" CONTROL BYTES "</p>")
    };

    (void) state;
    CHECK(CONSENT_RESTORE_HTML, rows);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(masks_in_plain_text_become_values),
        cmocka_unit_test(what_is_no_mask_of_this_request_stays),
        cmocka_unit_test(nothing_is_restored_in_an_address),
        cmocka_unit_test(nothing_is_restored_in_a_markdown_target),
        cmocka_unit_test(nothing_is_restored_in_markup_of_markdown),
        cmocka_unit_test(data_for_programs_stays),
        cmocka_unit_test(masks_in_text_of_a_page_become_values),
        cmocka_unit_test(nothing_is_restored_elsewhere_in_a_page)
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
