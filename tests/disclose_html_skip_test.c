/*
 * The short way through a head: it says what the tokenizer says, which is all there is when bytes come one by one.
 */

#include "disclose.h"

static const char *const  names[] = {
    "<link", "<link", "<meta", "<meta", "<meta", "<script", "<style", "<title", "<p", "<!--", "</script>", "</title>"
};

static const char *const  attributes[] = {
    " rel=\"stylesheet\"", " href=\"/a.css\"", " name=\"a-b\"", " name=\"ai-disclosure\"", " content=\"a>b\"",
    " name=\"AI-disclosure\"", " name=\"a", " x='ai-'", " x='\">'",
    " content='a\"b'", " a=\"x\"b", " a=\"\"", " a=\"=\"", " a= \"b\"", " a=\"b \"", " a=\"b =\"", " a=b\"c", " a=b\"",
    " a=b=\"c", " content=\"a>b\"", " \"", " '", "=", " x", "x", "=\"", "\"", "\">",
    " data-consent=\"style\"", " charset=\"utf-8\"", "\n", "-", "/"
};

/* where a body begins */
static const char *const  starts[] = {
    "<div>", "<header id=\"top\">", "<p>", "<p class='a'>", "<a href=\"#main\">Till</a>", "<a href=\"/start\">Start</a>", " ",
    "\n", "Hej", "</p>", "</div>", "</header>", "<nav data-consent=\"contact\">", "<nav>", "<aside>", "<!-- x -->",
    "<noscript>", "<noscripts>", "<script>", "</script>", "<link>", "<h1>", "<sections>", "<section", "<1", "<", "<?x>",
    "<div\n>", "<div/>", "<Div>", "<span title=\">\">", "<li ", "<ul>", "<table>", "<svg>"
};

static const char *const  ends[] = { ">\n", ">\n", ">\n", ">", "", "/>", "\">", "'>" };


static size_t
add(uint8_t *page, size_t len, const char *text)
{
    memcpy(page + len, text, strlen(text));

    return len + strlen(text);
}


static void
the_short_way_says_what_the_tokenizer_says(void **state)
{
    void                  *memory;
    size_t                 i, k, n, len, marked;
    page_t                 whole, bytes;
    uint8_t                page[8192];
    uint64_t               seed;
    fixture_t             *f = *state;
    consent_stamp_t       *h;
    consent_stamp_conf_t   conf = {
        .policy = &f->policy, .disclosure = &f->ai, .ai = true, .contact = true, .charset = CONSENT_CHARSET_UNKNOWN,
        .room = page_room
    };

    consent_stamp_outcome_t  outcome;

    memory = malloc(consent_stamp_size(CONSENT_KIND_HTML));
    assert_non_null(memory);
    page_init(&whole);
    page_init(&bytes);
    marked = 0;
    seed = 11;

    for (i = 0; i < 6000; i++) {
        len = add(page, 0, "<!doctype html><html lang=\"sv\"><head>\n<meta charset=\"utf-8\">\n");

        /* ordinary tags, and among them what may be anything */

        for (k = 0; k < 12; k++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;

            if ((seed >> 40) % 4) {
                len = add(page, len, (seed >> 50) & 1 ? "<link rel=\"stylesheet\" href=\"/assets/site.css\">\n"
                                                      : "<meta name=\"og-description\" content=\"Om bygglov\">\n");
                continue;
            }

            len = add(page, len, names[(seed >> 50) % consent_countof(names)]);

            for (n = (seed >> 60) % 5; n > 0; n--) {
                seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
                len = add(page, len, attributes[(seed >> 33) % consent_countof(attributes)]);
            }

            len = add(page, len, ends[(seed >> 45) % consent_countof(ends)]);
        }

        len = add(page, len, "</head>\n<body class=\"x\">\n");

        for (k = 0; k < 7; k++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
            len = add(page, len, starts[(seed >> 33) % ((seed >> 60) % 2 ? 5 : consent_countof(starts))]);
        }

        len = add(page, len, "<p>Hej</p>\n");

        for (k = 0; k < 40; k++) {
            len = add(page, len, "<p>");
        }

        h = page_stamp(&bytes, memory, &conf, consent_slice(page, len), 1, 0);
        outcome = h->outcome;
        h = page_stamp(&whole, memory, &conf, consent_slice(page, len), 0, 0);

        if (h->outcome != outcome || whole.len != bytes.len || memcmp(whole.data, bytes.data, whole.len) != 0) {
            fail_msg("%.*s\nnot\n%.*s", (int) whole.len, (char *) whole.data, (int) bytes.len, (char *) bytes.data);
        }

        marked += outcome == CONSENT_STAMP_SENT;
    }

    assert_true(marked > 100);

    free(memory);
    free(whole.data);
    free(bytes.data);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(the_short_way_says_what_the_tokenizer_says)
    };

    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
