/*
 * Where in a page our elements go, and where they never go: rows of pages with marks, each cut in many ways.
 */

#include "disclose.h"

typedef struct {
    int                      line;
    const char              *page;
    consent_stamp_outcome_t  outcome;
} row_t;

#define ROW(page)            { __LINE__, page, CONSENT_STAMP_SENT }
#define NONE(page, outcome)  { __LINE__, page, CONSENT_STAMP_##outcome }


static void
check(void **state, const row_t *rows, size_t n, void (*change)(consent_stamp_conf_t *conf))
{
    size_t                i;
    fixture_t            *f = *state;
    consent_stamp_conf_t  conf = {
        .policy = &f->policy, .disclosure = &f->ai, .ai = true, .contact = true, .charset = CONSENT_CHARSET_UTF8,
        .room = page_room
    };

    if (change != NULL) {
        change(&conf);
    }

    for (i = 0; i < n; i++) {
        template_check(rows[i].page, &conf, CONSENT_CHARSET_UTF8, 0, rows[i].outcome, rows[i].line);
    }
}

#define CHECK(rows, change)  check(state, rows, consent_countof(rows), change)



static void
a_page_gets_its_elements_at_the_end_of_head_and_first_in_body(void **state)
{
    static const row_t  rows[] = {
        ROW("<!doctype html><html><head><title>x</title>{H}</head><body>{B}<p>Hej</p></body></html>"),
        ROW("<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\" \"http://www.w3.org/TR/html4/strict.dtd\">\n"
            "<HTML>\n<HEAD>\n<TITLE>x</TITLE>\n{H}</HEAD>\n<BODY BGCOLOR=white>{B}\n<P>Hej"),
        ROW("\n\n <!doctype html> <html> <head> {H}</head> <body>{B} <p>x"),
        ROW("<!-- saved --><!doctype html><html><head>{H}</head><body class=\"a>b\" data-x='</body>' onload=x()>{B}y"),
        ROW("<html><head>{H}</head ><body\n>{B}</body></html>"),
        ROW("<html><head>{H}</head/><body/>{B}<p>"),
        ROW("<!doctype html><html><head><meta charset=utf-8><link rel=stylesheet href=a.css><script src=a.js></script>"
            "<style>a{}</style><base href=/><noscript><p>x</p></noscript>{H}</head><body>{B}<main>"),
        ROW("<?xml version=\"1.0\"?><!DOCTYPE html><html><head>{H}</head><body>{B}<p>"),
        ROW("<!doctype html><html><head>{H}</head>\n<!-- between -->\n<body>{B}<p>"),
        ROW("<!doctype html><html><head>{H}</head><title>late</title><body>{B}<p>"),
        ROW("<!doctype html><html><head>{H}</head></p></div><head><body>{B}<p>")
    };

    CHECK(rows, NULL);
}


static void
tags_may_be_missing(void **state)
{
    static const row_t  rows[] = {
        ROW("<!doctype html><title>x</title>{H}{B}<p>Hej"),
        ROW("<!doctype html><title>x</title>\n\n{H}{B}Hej"),
        ROW("<!doctype html>{H}{B}Hej"),
        ROW("<!doctype html>\n{H}{B}<p>Hej"),
        ROW("<!doctype html>{H}{B}"),
        ROW("<!doctype html>\n<!-- only -->\n{H}{B}"),
        ROW("<html>{H}{B}"),
        ROW("<html>{H}{B}<p>Hej"),
        ROW("<html>{H}<body>{B}Hej"),
        ROW("<head><title>x</title>{H}{B}<p>Hej"),
        ROW("<head><title>x</title>{H}</head>{B}<p>Hej"),
        ROW("<head>{H}</head>\n{B}text"),
        ROW("{H}<body>{B}"),
        ROW("<title>x</title>{H}<body>{B}<p>"),
        ROW("<title>x</title></head>{H}<body>{B}<p>"),
        ROW("<title>x</title></head>\n{H}<body class=\"x\">{B}\n<p>Hej, hej, hej, hej</p>"),
        ROW("<html><head><title>x</title>{H}{B}</body></html>"),
        ROW("<html><head>{H}</head>{B}</html>"),
        ROW("<html><head><title>x</title>{H}{B}</html>"),
        ROW("<!doctype html>{H}{B}</br>x"),
        ROW("<!doctype html></p></div>{H}{B}<p>x"),
        ROW("<!doctype html><html lang=sv><head><title>x</title>{H}{B}<svg><title>y</title></svg>"),
        ROW("<!doctype html>{H}{B}<iframe srcdoc='<body>'></iframe>"),
        ROW("<!doctype html>{H}{B}<textarea><body></textarea>"),
        ROW("<!doctype html>{H}{B}<xmp><body></xmp>"),
        ROW("<!doctype html>{H}{B}<plaintext><body>"),
        ROW("<!doctype html><head>{H}</head>{B}<noscript>x</noscript><body>"),
        ROW("<!doctype html>{H}{B}< p>"),
        ROW("<!doctype html>{H}{B}<"),
        ROW("<!doctype html>{H}{B}</"),
        ROW("<!doctype html></><head>{H}</head>{B}<3")
    };

    CHECK(rows, NULL);
}


static void
what_only_looks_like_a_tag_is_none(void **state)
{
    static const row_t  rows[] = {
        ROW("<!doctype html><!-- <body> --><html><head><!--<head></head><body>-->{H}</head><body>{B}"),
        ROW("<!doctype html><!--><html><head>{H}</head><body>{B}-->"),
        ROW("<!doctype html><!---><html><head>{H}</head><body>{B}-->"),
        ROW("<!doctype html><!----><html><head>{H}</head><body>{B}"),
        ROW("<!doctype html><!-- a -- b --!><html><head>{H}</head><body>{B}"),
        ROW("<!doctype html><!-- a --!- <body> --- <body> -----><html><head>{H}</head><body>{B}"),
        ROW("<!doctype html><!-- <!-- <body> --><html><head>{H}</head><body>{B}"),
        ROW("<!doctype html><!-- <!--><html><head>{H}</head><body>{B}"),
        ROW("<!doctype html><![CDATA[ <body> {H}{B}]]> ]]>"),
        ROW("<!doctype html><!x <body><html><head>{H}</head><body>{B}"),
        ROW("<!doctype html><!-x><html><head>{H}</head><body>{B}"),
        ROW("<!doctype html></ x <body><html><head>{H}</head><body>{B}"),
        ROW("<!doctype html><?php <body ?><html><head>{H}</head><body>{B}"),
        ROW("<!doctype \"<body\"><html><head>{H}</head><body>{B}"),
        ROW("<!--[if IE]><body class=ie><![endif]--><!doctype html><!--[if !IE]><!--><html><!--<![endif]-->"
            "<head>{H}</head><body>{B}"),
        ROW("<html><head><title></head><body></title>{H}</head><body>{B}"),
        ROW("<html><head><TITLE><!-- </TITLE>{H}</head><body>{B}"),
        ROW("<html><head><title></titlex><body></title x=\">\">{H}</head><body>{B}"),
        ROW("<html><head><title></title/>{H}</head><body>{B}"),
        ROW("<html><head><style>a:after{content:'</head><body>'}</style>{H}</head><body>{B}"),
        ROW("<html><head><style><!-- </style>{H}</head><body>{B}"),
        ROW("<html><head><noscript></head><body></noscript>{H}</head><body>{B}"),
        ROW("<html><head><noscript><style></noscript>{H}</head><body>{B}"),
        ROW("<html><head><noframes><body></noframes>{H}</head><body>{B}"),
        ROW("<html><head><script>document.write('</head><body>')</script>{H}</head><body>{B}"),
        ROW("<html><head><script>x='<script>'</script>{H}</head><body>{B}"),
        ROW("<html><head><script><!-- x = '<script></script><body>' --></script>{H}</head><body>{B}"),
        ROW("<html><head><script><!-- <script> </script> <body> --></script>{H}</head><body>{B}"),
        ROW("<html><head><script><!-- <scriptx> </script>{H}</head><body>{B} -->"),
        ROW("<html><head><script><!-- <script/></script/> </script>{H}</head><body>{B} -->"),
        ROW("<html><head><script><!--></script>{H}</head><body>{B}"),
        ROW("<html><head><script><!--><script></script>{H}</head><body>{B}"),
        ROW("<html><head><script><!-- -- ></script>{H}</head><body>{B}"),
        ROW("<html><head><script><!-- <script><!-- --></script>{H}</head><body>{B}"),
        ROW("<html><head><script><!- <script></script>{H}</head><body>{B}"),
        ROW("<html><head><script></scrip></scripts></ script></script\n>{H}</head><body>{B}"),
        ROW("<html><head><script src=a.js/>{x}</head><body></script>{H}</head><body>{B}"),
        ROW("<html><head><template><body></head><p><template></template></head></template>{H}</head><body>{B}"),
        ROW("<html><head><template><svg><![CDATA[</template>]]><style></svg></template>{H}</head><body>{B}"),
        ROW("<html><head><template><plaintexts></template>{H}</head><body>{B}"),
        ROW("<html><head><template><script></template></script></template>{H}</head><body>{B}"),
        ROW("<html><head><meta name=\"description\" content=\"</head><body>\">{H}</head><body>{B}"),
        ROW("<html><head><link title='<body>' x=<body y = \"</head>\">{H}</head><body>{B}"),
        ROW("<html><head><link a=b=\"c d=\" e><body>\" f>{H}</head><body>{B}<p>Hej, hej, hej, hej</p>"),
        ROW("<html><head><link a=b=\"c d= \" e><body>\" f>{H}</head><body>{B}<p>Hej, hej, hej, hej</p>"),
        ROW("<html><head><link a=b=\"c d='\" e><body>' f>{H}</head><body>{B}<p>Hej, hej, hej, hej</p>"),
        ROW("<html><head><link a=\"b\"c=\"d>\" e><meta x=\"<body>\">{H}</head><body>{B}<p>Hej, hej, hej, hej</p>"),
        ROW("<html><head><link a=b\"c> <link =\"x>{H}{B}\">"),
        ROW("<html><head><link ==\"x>\" y=\"z\"w='<body>'/ / a>{H}</head><body>{B}")
    };

    CHECK(rows, NULL);
}


static void
what_is_no_page_gets_nothing(void **state)
{
    static const row_t  rows[] = {
        NONE("", FRAGMENT),
        NONE(" \n ", FRAGMENT),
        NONE("<div>Hej</div>", FRAGMENT),
        NONE("Hej", FRAGMENT),
        NONE("<title>x</title><div hx-swap-oob>", FRAGMENT),
        NONE("<!-- x --><p>Hej</p><html><body>", FRAGMENT),
        NONE("<meta charset=utf-8><style>a{}</style><p>", FRAGMENT),
        NONE("</head><meta charset=utf-8><p>", FRAGMENT),
        NONE("</div></body></html>", FRAGMENT),
        NONE("<title>x</title><!doctype html><p>", FRAGMENT),
        NONE("<title>x</title><!doctype html><p>Hej, hej, hej, hej, hej</p>", FRAGMENT),
        NONE("<turbo-stream action=append><template><body></template></turbo-stream>", FRAGMENT),
        NONE("<", FRAGMENT),
        NONE("<!doct", FRAGMENT),
        NONE("{\"html\": \"<html><head></head><body>\"}", FRAGMENT),
        NONE("\xff\xe5\xe4", FRAGMENT),
        NONE("\xef\xbb<html>", FRAGMENT),
        NONE("\xef\xbb\xbe<html><body>", FRAGMENT),
        NONE("\xef", FRAGMENT)
    };

    CHECK(rows, NULL);
}


static void
a_frameset_page_gets_nothing(void **state)
{
    static const row_t  rows[] = {
        NONE("<!doctype html><html><head><title>x</title></head><frameset cols=*><frame src=a></frameset>", FRAMESET),
        NONE("<html><head><title>x</title></head>\n<!-- x -->\n</p>\n<frameset rows='*,*'>", FRAMESET),
        NONE("<html><frameset>", FRAMESET),
        NONE("<html><head><frameset>", FRAMESET),
        NONE("<frameset>", FRAGMENT)
    };

    CHECK(rows, NULL);
}


static void
an_end_before_the_body_is_no_place(void **state)
{
    static const row_t  rows[] = {
        NONE("<!doctype html><html><head><title>x", NO_PLACE),
        NONE("<!doctype html><html><head><!-- x", NO_PLACE),
        NONE("<!doctype html><html><head><script>", NO_PLACE),
        NONE("<!doctype html><html><head><style>a{}</sty", NO_PLACE),
        NONE("<!doctype html><html><head><template><p>", NO_PLACE),
        NONE("<!doctype html><html><head><template><plaintext></template></head><body>", NO_PLACE),
        NONE("<!doctype html><html><head>{H}</head><body class=", NO_PLACE),
        NONE("<!doctype html><html><head>{H}</head><!-- x", NO_PLACE),
        NONE("<!doctype html><html lang=", NO_PLACE),
        NONE("<!doctype html", NO_PLACE),

        /* the parser drops an unfinished tag: what goes before it has its place */
        ROW("<!doctype html><html><head>{H}{B}<meta na"),
        ROW("<!doctype html><html><head>{H}{B}<bod"),
        ROW("<!doctype html><html><head>{H}</head>\n{B}"),
        ROW("<!doctype html><html><head>{H}</head><body>{B}<!-- x")
    };

    CHECK(rows, NULL);
}


static void
a_skip_link_stays_first(void **state)
{
    static const row_t  rows[] = {
        ROW("<html><head>{H}</head><body>\n<a href=\"#main\" class=skip>Hoppa till inneh\xc3\xa5ll</a>{B}\n<header>"),
        ROW("<html><head>{H}</head><body><a class=skip href='#main'>a</a>\n<a href=#nav>b</a>{B}<p>"),
        ROW("<html><head>{H}</head><body><div class=skip><a href=#main>a</a></div>{B}<p>"),
        ROW("<html><head>{H}</head><body><nav><ul><li><a href=#a>a</a></li> <li><a href=#b><span>b</span></a></li></ul>"
            "</nav>{B}<p>"),
        ROW("<html><head>{H}</head><body><script>document.body.className='js'</script><a href=#main>a</a>{B}<p>"),
        ROW("<html><head>{H}</head><body><!-- x --><noscript><iframe src=x></iframe></noscript> <a href=#main>a</a>{B}"),
        ROW("<html><head>{H}</head>{B}<p>no</p><a href=#main>a</a>"),
        ROW("<html><head>{H}</head><a href=#main>a</a>{B}<p>"),
        ROW("<!doctype html>{H}<a href=#main>a < b <3</a>{B}<p>"),

        /* none of these is one */
        ROW("<html><head>{H}</head><body>{B}<a href=#>x</a>"),
        ROW("<html><head>{H}</head><body>{B}<a href=/#main>x</a>"),
        ROW("<html><head>{H}</head><body>{B}<a name=top></a>"),
        ROW("<html><head>{H}</head><body>{B}<a href=#main>unfinished"),
        ROW("<html><head>{H}</head><body>{B}<a href=#main><img src=x></a>"),
        ROW("<html><head>{H}</head><body>{B}<a href=#main>a<div>b</div></a>"),
        ROW("<html><head>{H}</head><body>{B}<div><a href=#main>a</a><img></div>"),
        ROW("<html><head>{H}</head><body>{B}<div><a href=#main>a</a></p></div>"),
        ROW("<html><head>{H}</head><body>{B}<div><a href=#main>a</a> text</div>"),
        ROW("<html><head>{H}</head><body>{B}<div></div><p>"),
        ROW("<html><head>{H}</head><body>{B}<script>x</script><p>"),
        ROW("<html><head>{H}</head><body>{B}<header><a href=#main>a</a><a href=/>Hem</a></header>"),
        ROW("<html><head>{H}</head><body>{B}<div><div><div><div><div><div><div><div><div><a href=#a>a</a>"),
        ROW("<html><head>{H}</head><body>{B}<ul><li><a href=#1>1</a><li><a href=#2>2</a></ul>"),

        /* a table of contents is not passed over for long */
        ROW("<html><head>{H}</head><body><a href=#1>1</a><a href=#2>2</a><a href=#3>3</a><a href=#4>4</a>{B}"
            "<a href=#5>5</a>"),
        ROW("<html><head>{H}</head><body>{B}<p><a href=#1>1</a><a href=#2>2</a><a href=#3>3</a><a href=#4>4</a>"
            "<a href=#5>5</a></p>")
    };

    CHECK(rows, NULL);
}


static void
our_own_elements_are_not_doubled(void **state)
{
    static const size_t  pieces[] = { 0, 1, 7, 100 };

    static const char *const  templates[] = {
        "<!doctype html><html lang=sv><head><meta charset=utf-8><title>x</title>{H}</head><body>{B}<p>x",
        "<!doctype html><html lang=sv><head>{H}</head><body> <a href=#main>m</a>{B} <p>x",
        "<!doctype html>{H}{B}x",
        "<!doctype html>\n<html lang=\"sv\">\n<head>\n<meta charset=\"utf-8\">\n{H}</head>\n<body class=\"x\">{B}\n<h1>Hej</h1>"
    };

    void                 *memory = malloc(consent_stamp_size(CONSENT_KIND_HTML));
    size_t                i, j;
    page_t                out;
    fixture_t            *f = *state;
    consent_buf_t         page, once;
    consent_stamp_t      *h;
    consent_stamp_conf_t  conf = {
        .policy = &f->policy, .disclosure = &f->ai, .ai = true, .contact = true, .charset = CONSENT_CHARSET_UTF8,
        .room = page_room
    };

    page_init(&out);

    for (i = 0; i < consent_countof(templates) * 4; i++) {
        conf.ai = i % 4 != 0;
        conf.contact = i % 4 != 3;
        conf.disclosure = conf.ai ? &f->ai : &f->people;
        conf.charset = i % 4 == 1 ? CONSENT_CHARSET_UTF8 : CONSENT_CHARSET_ASCII_SUPERSET;

        consent_buf_init(&page, PAGE_ROOM);
        consent_buf_init(&once, PAGE_ROOM);
        template_read(&page, &once, templates[i / 4], &f->ai.in[0].utf8, false);

        page_stamp(&out, memory, &conf, consent_buf_view(&page), 0, 0);
        once.len = 0;
        consent_buf_add(&once, out.data, out.len);

        for (j = 0; j < consent_countof(pieces); j++) {
            h = page_stamp(&out, memory, &conf, consent_buf_view(&once), pieces[j], 0);
            assert_int_equal(h->outcome, CONSENT_STAMP_ALREADY);
            assert_int_equal(h->inserted, 0);
            assert_int_equal(out.len, once.len);
            assert_memory_equal(out.data, once.data, out.len);
        }

        consent_buf_free(&page);
        consent_buf_free(&once);
    }

    free(out.data);
    free(memory);
}


/* An upstream cannot suppress the notice by something that looks like it. */
static void
what_looks_like_ours_is_the_pages_own(void **state)
{
    static const row_t  rows[] = {
        ROW("<html><head><link rel=stylesheet data-consent=\"style\"><script type=\"application/ld+json\" "
            "data-consent=\"data\">{}</script>{H}</head><body>{B}<aside data-consent=\"notice\" hidden></aside>"),
        ROW("<html><head>{H}</head><body>{B}<nav data-consent=\"contact\"></nav>"),
        ROW("<html><head>{H}</head><body>{B}<nav data-consent=\"contact\" lang=\"sv\" aria-label=\"Kontakt och "
            "integritet\"><a rel=\"help\" href=\"https://evil.example/\">")
    };

    CHECK(rows, NULL);
}


static void
change_people(consent_stamp_conf_t *conf)
{
    conf->ai = false;
}


static void
change_end(consent_stamp_conf_t *conf)
{
    conf->at_end = true;
}


static void
change_people_end(consent_stamp_conf_t *conf)
{
    conf->ai = false;
    conf->at_end = true;
}


static void
change_notice_only(consent_stamp_conf_t *conf)
{
    conf->contact = false;
}


static void
change_nothing(consent_stamp_conf_t *conf)
{
    conf->contact = false;
    conf->ai = false;
}


static void
a_page_that_people_made_gets_the_contact_only(void **state)
{
    static const row_t  rows[] = {
        ROW("<html><head><meta name=ai-disclosure content=none>{P}</head><body>{C}<p>Hej"),
        ROW("<!doctype html>{P}{C}<p>Hej"),
        ROW("<html><head>{P}</head><body><a href=#main>m</a>{C}<p>Hej")
    };

    CHECK(rows, change_people);
}


static void
contact_may_stand_at_the_end(void **state)
{
    static const row_t  rows[] = {
        ROW("<html><head>{H}</head><body>{N}<p>Hej</body></html>\n{C}"),
        ROW("<html><head>{H}</head><body><a href=#main>m</a>{N}<p>Hej{C}"),
        ROW("<!doctype html>{H}{N}{C}"),
        NONE("<p>Hej", FRAGMENT),
        NONE("<html><frameset>", FRAMESET),
        NONE("<html><head><!-- x", NO_PLACE)
    };
    static const row_t  people[] = {
        ROW("<html><head>{P}</head><body><p>Hej</body></html>\n{C}"),
        ROW("<html><head>{P}<p>Hej{C}")
    };

    CHECK(rows, change_end);
    CHECK(people, change_people_end);
}


static void
what_is_not_wanted_is_left_out(void **state)
{
    static const row_t  notice[] = { ROW("<html><head>{H}</head><body>{N}<p>Hej") };
    static const row_t  nothing[] = { ROW("<html><head></head><body><p>Hej"), ROW("") };

    CHECK(notice, change_notice_only);
    CHECK(nothing, change_nothing);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_page_gets_its_elements_at_the_end_of_head_and_first_in_body),
        cmocka_unit_test(tags_may_be_missing),
        cmocka_unit_test(what_only_looks_like_a_tag_is_none),
        cmocka_unit_test(what_is_no_page_gets_nothing),
        cmocka_unit_test(a_frameset_page_gets_nothing),
        cmocka_unit_test(an_end_before_the_body_is_no_place),
        cmocka_unit_test(a_skip_link_stays_first),
        cmocka_unit_test(our_own_elements_are_not_doubled),
        cmocka_unit_test(what_looks_like_ours_is_the_pages_own),
        cmocka_unit_test(a_page_that_people_made_gets_the_contact_only),
        cmocka_unit_test(contact_may_stand_at_the_end),
        cmocka_unit_test(what_is_not_wanted_is_left_out),
    };

    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
