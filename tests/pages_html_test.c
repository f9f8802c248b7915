/*
 * The HTML writer: no text becomes markup, no address runs, and every word is in a language that it says.
 */

#include "pages.h"

#include "pages/words.h"

typedef struct {
    consent_policy_t  *policy;
    consent_page_t     page;
    consent_buf_t      b;
    consent_html_t     h;
} bench_t;


static void
begin(bench_t *t, size_t language)
{
    t->policy = pages_policy();
    t->page = pages_page(t->policy, language);
    consent_buf_init(&t->b, CONSENT_PAGE_MAX);
    consent_html_init(&t->h, &t->b, &t->page, NULL);
}


static void
end(bench_t *t, const char *expected)
{
    char  *text;

    text = pages_text(&t->b);
    assert_string_equal(text, expected);
    free(text);
    consent_policy_destroy(t->policy);
}


static void
test_texts_and_values_are_escaped(void **state)
{
    bench_t  t;

    (void) state;

    begin(&t, SV);
    consent_html_open(&t.h, "a", "class", "\"><script>", NULL);
    consent_html_attr(&t.h, "title", consent_lit("' onload='x' \" & <b>"));
    consent_html_str(&t.h, "</a><script>&amp;\x01\xff");
    consent_html_close(&t.h);
    end(&t, "<a class=\"&quot;&gt;&lt;script&gt;\" title=\"&#39; onload=&#39;x&#39; &quot; &amp; &lt;b&gt;\">"
            "&lt;/a&gt;&lt;script&gt;&amp;amp;\xef\xbf\xbd\xef\xbf\xbd</a>");
}


static void
test_what_fills_a_message_is_escaped(void **state)
{
    bench_t         t;
    consent_fill_t  fill;

    (void) state;

    begin(&t, EN);
    fill = consent_fill_strong("name", consent_lit("<i>{name}</i>"));
    consent_html_fill(&t.h, CONSENT_M_WHO_CONTROLLER, &fill, 1);
    end(&t, "<strong>&lt;i&gt;{name}&lt;/i&gt;</strong> is responsible for the information.");
}


static void
test_only_harmless_addresses_are_linked(void **state)
{
    static const struct {
        const char  *url;
        bool         linked;
    } cases[] = {
        { "https://a.example/?b=c&d", true }, { "HTTP://a.example", true }, { "mailto:a@b.example", true },
        { "tel:+46", true }, { "sms:+46", true }, { "javascript:alert(1)", false }, { " https://a.example", false },
        { "data:text/html,a", false }, { "//a.example", false }, { "/a", false }, { "", false }, { "https://", false },
        { "vbscript:https://", false }
    };

    size_t    i;
    bench_t   t;
    char     *text;

    (void) state;

    for (i = 0; i < consent_countof(cases); i++) {
        begin(&t, SV);
        consent_html_open(&t.h, "a", NULL);
        consent_html_attr_url(&t.h, consent_cstr(cases[i].url));
        consent_html_close(&t.h);
        text = pages_text(&t.b);

        if ((strstr(text, "href") != NULL) != cases[i].linked) {
            fail_msg("%s", text);
        }

        free(text);
        consent_policy_destroy(t.policy);
    }
}


static void
test_numbers_and_mail_become_addresses(void **state)
{
    bench_t  t;

    (void) state;

    begin(&t, SV);
    consent_html_open(&t.h, "a", NULL);
    consent_html_attr_call(&t.h, "tel:", consent_lit("+46 (0)8-000 00/00;ext=\"1\""));
    consent_html_close(&t.h);
    consent_html_open(&t.h, "a", NULL);
    consent_html_attr_call(&t.h, "mailto:", consent_lit("a-b+c@d.example?bcc=x&\"y\""));
    consent_html_close(&t.h);
    end(&t, "<a href=\"tel:+4608000" "0000%3Bext%3D%221%22\"></a>"
            "<a href=\"mailto:a-b+c@d.example%3Fbcc%3Dx%26%22y%22\"></a>");
}


static void
test_links_keep_a_language_that_was_asked_for(void **state)
{
    bench_t  t;

    (void) state;

    begin(&t, FI);
    t.page.path = consent_lit("record");
    t.page.query = consent_lit("back=%2Fa&x=\"");
    consent_html_open(&t.h, "a", NULL);
    consent_html_attr_page(&t.h, "human");
    consent_html_close(&t.h);
    t.page.chosen_language = true;
    consent_html_open(&t.h, "a", NULL);
    consent_html_attr_page(&t.h, "human");
    consent_html_close(&t.h);
    consent_html_open(&t.h, "a", NULL);
    consent_html_attr_language(&t.h, consent_lit("sv"));
    consent_html_close(&t.h);
    end(&t, "<a href=\"/.privacy/human\"></a><a href=\"/.privacy/human?lang=fi\"></a>"
            "<a href=\"/.privacy/record?back=%2Fa&amp;x=&quot;&amp;lang=sv\"></a>");
}


static void
test_english_among_another_language_says_so(void **state)
{
    bench_t           t;
    consent_fill_t    fill;
    consent_slice_t   languages[2] = { consent_lit("ar"), consent_lit("en-GB") };

    (void) state;

    begin(&t, SV);
    memcpy(t.policy->languages, languages, sizeof(languages));
    t.policy->n_languages = 2;
    consent_html_init(&t.h, &t.b, &t.page, NULL);

    fill = consent_fill_text("name", consent_lit("X"));
    consent_html_fill(&t.h, CONSENT_M_WHO_CONTROLLER, &fill, 1);
    consent_html_say(&t.h, CONSENT_M_SAVE);

    t.page.language = 1;
    consent_html_init(&t.h, &t.b, &t.page, NULL);
    consent_html_say(&t.h, CONSENT_M_SAVE);

    end(&t, "<span lang=\"en\" dir=\"ltr\"><span dir=\"rtl\" lang=\"ar\">X</span> is responsible for the information.</span>"
            "<span lang=\"en\" dir=\"ltr\">Save my choice</span>Save my choice");
}


static void
test_too_deep_is_an_error(void **state)
{
    size_t   i;
    bench_t  t;

    (void) state;

    begin(&t, SV);

    for (i = 0; i <= CONSENT_HTML_DEPTH; i++) {
        consent_html_open(&t.h, "b", NULL);
    }

    assert_int_equal(t.b.rc, CONSENT_LIMIT);
    consent_buf_free(&t.b);
    consent_policy_destroy(t.policy);
}


static void
test_a_shell_holds_the_content_once(void **state)
{
    size_t           i;
    const char      *why;
    consent_shell_t  shell;

    static const struct {
        const char  *text;
        const char  *why;
    } cases[] = {
        { "<main><!-- consent:main --></main>", NULL },
        { "<!-- consent:main -->", NULL },
        { "<title><!-- consent:title --></title><!-- consent:head --><!-- consent:main -->", NULL },
        { "<html lang=\"<!-- consent:language -->\"><!-- consent:main --><!-- consent:language -->", NULL },
        { "", "missing" },
        { "<!-- consent:title -->", "missing" },
        { "<!--consent:main-->", "missing" },
        { "<!-- consent:main --><!-- consent:main -->", "more than once" },
        { "<!-- consent:title --><!-- consent:title --><!-- consent:title --><!-- consent:title -->"
          "<!-- consent:title --><!-- consent:title --><!-- consent:title --><!-- consent:title -->"
          "<!-- consent:main -->", "too many" },
        { "\xff<!-- consent:main -->", "UTF-8" }
    };

    (void) state;

    for (i = 0; i < consent_countof(cases); i++) {
        why = NULL;

        if (consent_shell_parse(&shell, consent_cstr(cases[i].text), &why)
            != (cases[i].why == NULL ? CONSENT_OK : CONSENT_MALFORMED))
        {
            fail_msg("%s: %s", cases[i].text, why == NULL ? "accepted" : why);
        }

        if (cases[i].why != NULL) {
            assert_has(why, cases[i].why);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_texts_and_values_are_escaped),
        cmocka_unit_test(test_what_fills_a_message_is_escaped),
        cmocka_unit_test(test_only_harmless_addresses_are_linked),
        cmocka_unit_test(test_numbers_and_mail_become_addresses),
        cmocka_unit_test(test_links_keep_a_language_that_was_asked_for),
        cmocka_unit_test(test_english_among_another_language_says_so),
        cmocka_unit_test(test_too_deep_is_an_error),
        cmocka_unit_test(test_a_shell_holds_the_content_once)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
