/*
 * What a request is about: every spelling that a server could read as a topic for people counts, and nothing else does.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "minimize/topic.h"

static consent_topic_t  topics[] = {
    { .id = { (const uint8_t *) "general", 7 } },
    { .id = { (const uint8_t *) "complaint", 9 }, .human_only = true },
    { .id = { (const uint8_t *) "r\xc3\xa4tt", 5 }, .human_only = true }
};

static const consent_policy_t  policy = { .topics = topics, .n_topics = 3 };

enum { NONE = -1, COMPLAINT = 1, LAW = 2 };

typedef struct {
    const char  *body;
    int          topic;
} row_t;

typedef struct {
    const char  *path;
    const char  *body;
    int          topic;
} json_row_t;


/* In memory that ends where the text does, so that a sanitizer sees a byte too much. */
static consent_slice_t
copy(void **memory, const char *text, size_t len)
{
    *memory = malloc(len + (len == 0));
    memcpy(*memory, text, len);

    return consent_slice(*memory, len);
}


static void
test_form(void **state)
{
    size_t  i;
    void   *memory;

    static const row_t  rows[] = {
        { "", NONE }, { "topic=complaint", COMPLAINT }, { "a=1&topic=complaint&b=2", COMPLAINT },
        { "topic=general", NONE }, { "topic=general&topic=complaint", COMPLAINT },
        { "topic=complaint&topic=general", COMPLAINT }, { "TOPIC=complaint", COMPLAINT },
        { "topic[]=complaint", COMPLAINT }, { "topic.x=complaint", COMPLAINT }, { "topics=complaint", NONE },
        { "%74opic=%63omplaint", COMPLAINT }, { "topic=r%C3%a4tt", LAW }, { "topic=Complaint", NONE },
        { "topic=complaint+", NONE }, { "topic=%zz&topic=complaint", COMPLAINT }, { "topic=complaint%", NONE },
        { "topic", NONE }, { "topic=", NONE }, { "=complaint", NONE }, { "a=1;topic=complaint", COMPLAINT },
        { "topic=complaintcomplaint", NONE }, { "&&&=&topic=complaint", COMPLAINT }
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        print_message("%s\n", rows[i].body);
        assert_int_equal(consent_topic_form(&policy, copy(&memory, rows[i].body, strlen(rows[i].body)),
                                            consent_lit("topic")), rows[i].topic);
        free(memory);
    }
}


static void
test_multipart(void **state)
{
    size_t  i;
    void   *memory;

    static const char  type[] = "multipart/form-data; charset=utf-8; Boundary=\"-xY\"";

    static const row_t  rows[] = {
        { "---xY\r\nContent-Disposition: form-data; name=\"topic\"\r\n\r\ncomplaint\r\n---xY--\r\n", COMPLAINT },
        { "---xY\nContent-Disposition: form-data; name=topic\n\ncomplaint\n---xY--\n", COMPLAINT },
        { "---xY\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ncomplaint\r\n---xY\r\n"
          "content-disposition:form-data;name=\"Topic\"; x=y\r\nContent-Type: text/plain\r\n\r\nr\xc3\xa4tt\r\n---xY--",
          LAW },
        { "---xY\r\nContent-Disposition: form-data; filename=\"topic\"; name=\"a\"\r\n\r\ncomplaint\r\n---xY--", NONE },
        { "---xY\r\nContent-Disposition: form-data; name=\"topic\"\r\n\r\ncomplaint \r\n---xY--", NONE },
        { "---xY\r\nContent-Disposition: form-data; name=\"topic\"\r\n\r\n---xY--", NONE },
        { "---xY\r\nContent-Disposition: form-data; name=\"topic", NONE },
        { "---xY\r\nContent-Disposition: form-data; name=\"topic\"\r\n\r\ncomplaint", COMPLAINT },
        { "---xY", NONE }, { "", NONE }
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        print_message("%s\n", rows[i].body);
        assert_int_equal(consent_topic_multipart(&policy, copy(&memory, rows[i].body, strlen(rows[i].body)),
                                                 consent_cstr(type), consent_lit("topic")), rows[i].topic);
        free(memory);
    }

    assert_int_equal(consent_topic_multipart(&policy, consent_cstr(rows[0].body), consent_lit("multipart/form-data"),
                                             consent_lit("topic")), NONE);
    assert_int_equal(consent_topic_multipart(&policy, consent_cstr(rows[0].body), consent_lit("x; boundary="),
                                             consent_lit("topic")), NONE);
}


static void
test_json(void **state)
{
    size_t                i;
    void                 *memory;
    consent_topic_path_t  path;

    static const json_row_t  rows[] = {
        { "$.topic", "{\"topic\":\"complaint\"}", COMPLAINT },
        { "$.topic", " \xef\xbb\xbf{ \"a\" : [ {\"topic\":1} ] , \"topic\" :\n\"complaint\" }", COMPLAINT },
        { "$.topic", "{\"topic\":\"general\",\"topic\":\"complaint\"}", COMPLAINT },
        { "$.topic", "{\"topic\":\"complaint\",\"topic\":\"general\"}", COMPLAINT },
        { "$.topic", "{\"Topic\":\"complaint\"}", COMPLAINT },
        { "$.topic", "{\"\\u0074opic\":\"\\u0063omplaint\"}", COMPLAINT },
        { "$.topic", "{\"topic\":[\"general\",\"r\\u00e4tt\"]}", LAW },
        { "$.topic", "{\"topic\":{\"topic\":\"complaint\"}}", NONE },
        { "$.topic", "{\"a\":{\"topic\":\"complaint\"}}", NONE },
        { "$.topic", "[{\"topic\":\"complaint\"}]", NONE },
        { "$.topic", "{\"a\":\"topic\",\"b\":\"complaint\"}", NONE },
        { "$.topic", "{\"topic\":\"complaint", NONE },
        { "$.topic", "{\"topic\":\"complaint\"", COMPLAINT },
        { "$.topic", "{\"a\":\"\\\",\\\"topic\\\":\\\"complaint\"}", NONE },
        { "$.topic", "{\"topic\":\"compl\\u\"}", NONE },
        { "$[*].topic", "[{\"topic\":\"general\"},{\"topic\":\"complaint\"}]", COMPLAINT },
        { "$.a['t.x'].b", "{\"a\":{\"t.x\":{\"b\":\"complaint\"}}}", COMPLAINT },
        { "$.a['t.x'].b", "{\"a\":{\"t.x\":{\"c\":\"complaint\"}},\"b\":\"complaint\"}", NONE },
        { "$..topic", "{\"a\":[1,{\"b\":{\"topic\":\"complaint\"}}]}", COMPLAINT },
        { "$.metadata..topic", "{\"metadata\":{\"x\":[[{\"topic\":\"complaint\"}]]}}", COMPLAINT },
        { "$.metadata..topic", "{\"x\":{\"topic\":\"complaint\"}}", NONE },
        { "$.a[*]", "{\"a\":[\"general\",\"complaint\"],\"b\":\"complaint\"}", COMPLAINT },
        { "$.a[*]", "{\"b\":[\"complaint\"]}", NONE },
        { "$.topic", "]}],{\"topic\"::\"complaint\"", NONE },
        { "$.topic", "\"complaint\"", NONE }, { "$.topic", "", NONE }, { "$.topic", "{\"", NONE },
        { "$.topic", "{\"topic\":\"a\\", NONE }
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        print_message("%s: %s\n", rows[i].path, rows[i].body);
        assert_int_equal(consent_topic_path(&path, consent_cstr(rows[i].path)), CONSENT_OK);
        assert_int_equal(consent_topic_json(&policy, copy(&memory, rows[i].body, strlen(rows[i].body)), &path),
                         rows[i].topic);
        free(memory);
    }
}


static void
test_depth(void **state)
{
    size_t                i;
    consent_buf_t         b;
    consent_topic_path_t  path;

    (void) state;

    assert_int_equal(consent_topic_path(&path, consent_lit("$..topic")), CONSENT_OK);
    consent_buf_init(&b, 1 << 20);

    consent_buf_char(&b, '{');

    for (i = 0; i < 3000; i++) {
        consent_buf_str(&b, "\"a\":{");
    }

    consent_buf_str(&b, "\"topic\":\"complaint\"");
    assert_int_equal(consent_topic_json(&policy, consent_buf_view(&b), &path), NONE);

    for (i = 0; i < 3000; i++) {
        consent_buf_char(&b, '}');
    }

    consent_buf_str(&b, ",\"topic\":\"complaint\"}");
    assert_int_equal(consent_topic_json(&policy, consent_buf_view(&b), &path), COMPLAINT);
    consent_buf_free(&b);
}


static void
test_path(void **state)
{
    size_t                i;
    consent_topic_path_t  path;

    static const char *const  bad[] = {
        "", "topic", "$", "$.", "$..", "$x", "$.a.", "$[0]", "$['a", "$['a'", "$[a]", "$['']", "$.a b[", "$[?(@.a)]"
    };

    (void) state;

    for (i = 0; i < consent_countof(bad); i++) {
        print_message("%s\n", bad[i]);
        assert_int_equal(consent_topic_path(&path, consent_cstr(bad[i])), CONSENT_MALFORMED);
    }

    assert_int_equal(consent_topic_path(&path, consent_lit("$.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a")), CONSENT_OK);
    assert_int_equal(consent_topic_path(&path, consent_lit("$.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a")), CONSENT_LIMIT);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_form),
        cmocka_unit_test(test_multipart),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_path)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
