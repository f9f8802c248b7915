/*
 * The page that asks before a form is passed on, and its answer: what was sent travels in it, whole.
 */

#include "pages.h"

static consent_policy_t  *policy;


static int
setup(void **state)
{
    (void) state;
    policy = pages_policy();

    return 0;
}


static int
teardown(void **state)
{
    (void) state;
    consent_policy_destroy(policy);

    return 0;
}


static consent_ask_t
an_ask(void)
{
    consent_ask_t  ask;

    memset(&ask, 0, sizeof(consent_ask_t));
    ask.action = consent_lit("/ansok?steg=2&x=\"><b>");
    ask.type = consent_lit("multipart/form-data; boundary=\"a&b\"");
    ask.body = consent_lit("pnr=19800101-1234&namn=\xc3\x85sa");
    ask.categories = 2;
    ask.token = consent_lit("T0KEN");
    ask.code = consent_lit("3f9a01c7");

    return ask;
}


static char *
text_of(const consent_page_t *page, const consent_ask_t *ask)
{
    consent_buf_t  b;

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_page_ask(&b, page, ask);

    return pages_text(&b);
}


/* What a browser would send of the page's form when that button is pressed. */
static consent_buf_t
submitted(const char *text, const char *button)
{
    size_t          i, len;
    const char     *p, *end;
    consent_buf_t   b;

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    p = text;

    while ((p = strstr(p, "<input type=\"hidden\" name=\"")) != NULL) {
        p += strlen("<input type=\"hidden\" name=\"");
        end = strchr(p, '"');
        consent_buf_add(&b, p, (size_t) (end - p));
        consent_buf_char(&b, '=');
        p = end + strlen("\" value=\"");
        end = strchr(p, '"');

        for (i = 0, len = (size_t) (end - p); i < len; i++) {
            if (strncmp(p + i, "&amp;", 5) == 0) {
                consent_buf_str(&b, "%26");
                i += 4;

            } else if (strncmp(p + i, "&quot;", 6) == 0) {
                consent_buf_str(&b, "%22");
                i += 5;

            } else if (p[i] == '=' || p[i] == ';' || p[i] == '/') {
                consent_buf_str(&b, p[i] == '=' ? "%3D" : p[i] == ';' ? "%3B" : "%2F");

            } else {
                consent_buf_char(&b, p[i] == ' ' ? '+' : p[i]);
            }
        }

        consent_buf_char(&b, '&');
    }

    consent_buf_str(&b, "consent=");
    consent_buf_str(&b, button);
    assert_int_equal(b.rc, CONSENT_OK);

    return b;
}


static void
test_the_page_names_what_it_is_and_loses_nothing(void **state)
{
    char            *text;
    consent_ask_t    ask;
    consent_page_t   page;

    (void) state;

    ask = an_ask();
    page = pages_page(policy, SV);
    text = text_of(&page, &ask);

    assert_has(text, "<h1>Innan vi skickar vidare</h1>");
    assert_has(text, "<strong>Personnummer</strong>");
    assert_has(text, "Inget har skickats ännu, och det du skrev finns kvar.");
    assert_has(text, "action=\"/ansok?steg=2&amp;x=&quot;&gt;&lt;b&gt;\"");
    assert_has(text, "name=\"consent\" value=\"once\"");
    assert_has(text, "name=\"consent\" value=\"without\"");
    assert_has(text, "class=\"button\" href=\"#person\"");
    assert_has(text, "id=\"person\"");

    /* nothing of it can be read in passing */
    assert_null(strstr(text, "19800101"));

    /* a link to another language would lose it */
    assert_null(strstr(text, "?lang="));
    assert_has(text, "<button form=\"ask\" name=\"consent\" value=\"lang:fi\" lang=\"fi\">");

    free(text);
}


static void
test_a_page_without_the_request_says_the_same_words(void **state)
{
    char            *text, *other;
    consent_ask_t    ask;
    consent_page_t   page;

    (void) state;

    ask = an_ask();
    page = pages_page(policy, EN);
    page.neutral = true;
    text = text_of(&page, &ask);

    assert_has(text, "Before we pass it on");
    assert_null(strstr(text, "T0KEN"));
    assert_null(strstr(text, "ansok"));
    assert_null(strstr(text, "3f9a01c7"));

    page.now += 3 * PAGES_DAY;
    ask.body = consent_lit("else");
    other = text_of(&page, &ask);
    assert_string_equal(text, other);

    free(text);
    free(other);
}


static void
test_what_comes_back_is_what_was_sent(void **state)
{
    char              *text;
    size_t             i, len;
    uint8_t           *body;
    consent_ask_t      ask;
    consent_buf_t      b;
    consent_page_t     page;
    consent_answer_t   answer;

    static const size_t  lengths[] = { 0, 1, 2, 3, 755, 756, 757, 1511, 1512, 1513, CONSENT_ASK_MAX };

    (void) state;

    body = malloc(CONSENT_ASK_MAX);
    assert_non_null(body);

    for (i = 0; i < CONSENT_ASK_MAX; i++) {
        body[i] = (uint8_t) (i * 7 + i / 256);
    }

    page = pages_page(policy, FI);
    ask = an_ask();

    for (i = 0; i < consent_countof(lengths); i++) {
        len = lengths[i];
        ask.body = consent_slice(body, len);
        text = text_of(&page, &ask);
        b = submitted(text, "once");

        assert_true(consent_answer_is(consent_lit("application/x-www-form-urlencoded"), consent_buf_view(&b)));
        assert_int_equal(consent_answer_parse(&answer, policy, b.data, b.len), CONSENT_OK);
        assert_int_equal(answer.kind, CONSENT_ANSWER_ONCE);
        assert_int_equal(answer.categories, 2);
        assert_int_equal(answer.body.len, len);
        assert_memory_equal(answer.body.data, body, len);
        assert_true(consent_slice_eq(answer.type, ask.type));
        assert_true(consent_slice_eq(answer.token, ask.token));
        assert_true(consent_slice_eq(answer.version, policy->version));
        assert_true(consent_slice_eq(answer.language, consent_lit("fi")));

        consent_buf_free(&b);
        free(text);
    }

    free(body);
}


static void
test_answers(void **state)
{
    size_t            i;
    char             *text, *in;
    consent_ask_t     ask;
    consent_buf_t     b;
    consent_page_t    page;
    consent_answer_t  answer;

    static const struct {
        const char             *button;
        consent_answer_kind_t   kind;
        const char             *language;
    } rows[] = {
        { "once", CONSENT_ANSWER_ONCE, "sv" },
        { "without", CONSENT_ANSWER_WITHOUT, "sv" },
        { "lang%3Aen", CONSENT_ANSWER_NONE, "en" },
        { "lang:", CONSENT_ANSWER_NONE, "sv" },
        { "ONCE", CONSENT_ANSWER_NONE, "sv" },
        { "", CONSENT_ANSWER_NONE, "sv" }
    };

    static const char *const  malformed[] = {
        "consent_token=T", "consent_token=T&consent_type=text/plain&consent_categories=x",
        "consent_token=T&consent_type=text/plain&consent_body=YQ", "consent_token=T&consent_body=YQ&consent_categories=x",
        "consent_token=T&consent_type=text/plain&consent_body=Y&consent_categories=x",
        "consent_token=T&consent_type=text/plain&consent_body=YQ%3D%3D&consent_categories=x",
        "consent_token=T&consent_type=text/plain&consent_body=Y*&consent_categories=x",
        "consent_token=%00&consent_type=text/plain&consent_body=YQ&consent_categories=x",
        "consent_token=%ff&consent_type=text/plain&consent_body=YQ&consent_categories=x",
        /* it becomes a header */
        "consent_token=T&consent_type=application/json&consent_body=YQ&consent_categories=x",
        "consent_token=T&consent_type=text/plainer&consent_body=YQ&consent_categories=x",
        "consent_token=T&consent_type=text/plain;a%0D%0AX:b&consent_body=YQ&consent_categories=x",
        "consent_token=T&consent_type=text/plain;a%0Ab&consent_body=YQ&consent_categories=x",
        "consent_token=T&consent_type=text/plain;%7F&consent_body=YQ&consent_categories=x",
        "consent_token=T&consent_type=text/plain;%C3%A5&consent_body=YQ&consent_categories=x"
    };

    (void) state;

    page = pages_page(policy, SV);
    ask = an_ask();

    for (i = 0; i < consent_countof(rows); i++) {
        text = text_of(&page, &ask);
        b = submitted(text, rows[i].button);
        assert_int_equal(consent_answer_parse(&answer, policy, b.data, b.len), CONSENT_OK);
        assert_int_equal(answer.kind, rows[i].kind);
        assert_true(consent_slice_eq(answer.language, consent_cstr(rows[i].language)));
        consent_buf_free(&b);
        free(text);
    }

    for (i = 0; i < consent_countof(malformed); i++) {
        in = strdup(malformed[i]);
        assert_int_equal(consent_answer_parse(&answer, policy, (uint8_t *) in, strlen(in)), CONSENT_MALFORMED);
        free(in);
    }

    /* a category that the policy lost meanwhile is not asked about any more */
    in = strdup("consent_token=T&consent_type=text/plain&consent_body=YQ&consent_categories=gone+identity");
    assert_int_equal(consent_answer_parse(&answer, policy, (uint8_t *) in, strlen(in)), CONSENT_OK);
    assert_int_equal(answer.categories, 2);
    free(in);
}


static void
test_what_is_an_answer(void **state)
{
    size_t  i;

    static const struct {
        const char  *type;
        const char  *start;
        bool         is;
    } rows[] = {
        { "application/x-www-form-urlencoded", "consent_token=x", true },
        { "Application/X-WWW-Form-URLencoded; charset=utf-8", "consent_token=", true },
        { "application/x-www-form-urlencodedx", "consent_token=", false },
        { "application/json", "consent_token=", false },
        { "", "consent_token=", false },
        { "application/x-www-form-urlencoded", "a=b&consent_token=x", false },
        { "application/x-www-form-urlencoded", "consent_token", false },
        { "application/x-www-form-urlencoded", "", false }
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        assert_int_equal(consent_answer_is(consent_cstr(rows[i].type), consent_cstr(rows[i].start)), rows[i].is);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_the_page_names_what_it_is_and_loses_nothing),
        cmocka_unit_test(test_a_page_without_the_request_says_the_same_words),
        cmocka_unit_test(test_what_comes_back_is_what_was_sent),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_what_is_an_answer)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
