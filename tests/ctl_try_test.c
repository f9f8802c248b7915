/*
 * consentctl policy try: what each level would let through of a recorded request, raw or from a HAR archive.
 */

#include "ctl.h"

static const char  *directory;


static int
set_up(void **state)
{
    (void) state;

    directory = temporary_directory();

    return 0;
}


static int
tear_down(void **state)
{
    (void) state;

    remove_directory(directory);

    return 0;
}


static const char *
write_request(const char *name, const char *text)
{
    static char  path[128];
    FILE        *f;

    (void) snprintf(path, sizeof(path), "%s/%s", directory, name);
    f = fopen(path, "w");
    assert_non_null(f);
    (void) fputs(text, f);
    (void) fclose(f);

    return path;
}


static void
a_raw_request_is_shown_at_each_level(void **state)
{
    ran_t        ran;
    const char  *path;

    (void) state;

    path = write_request("raw.http",
                         "POST /ansok?steg=2&pnr=198001011234 HTTP/1.1\r\n"
                         "Host: portal.example\r\n"
                         "Cookie: JSESSIONID=1; epost=kim%40example.org\r\n"
                         "X-Personnummer: 198001011234\r\n"
                         "Consent-Level: fitted\r\n"
                         "Content-Type: application/x-www-form-urlencoded\r\n"
                         "\r\n"
                         "namn=Kim&pnr=198001011234&beskrivning=Ring+070-123+45+67");

    ran = ctl("policy try demo/policy.json %s", path);
    assert_says(ran, 0, "== POST /ansok?steg=2&pnr=198001011234\n\n-- needed: ");
    assert_says(ran, 0, "   withheld   header       identity\n   withheld   cookie       contact\n"
                        "   withheld   argument     identity\n   withheld   in the body  contact\n"
                        "   withheld   in the body  identity\n");
    assert_says(ran, 0, "   | POST /ansok?steg=2 HTTP/1.1\n   | Host: portal.example\n   | Cookie: JSESSIONID=1\n"
                        "   | Content-Type: application/x-www-form-urlencoded\n\n"
                        "   | namn=Kim&beskrivning=Ring+%5Bphone+1%5D\n");
    assert_says(ran, 0, "-- forms: ");
    assert_says(ran, 0, "   | X-Personnummer: 198001011234\n");
    assert_says_not(ran, "Consent-Level");

    ran = ctl("policy try demo/policy.json %s --json", path);
    assert_says(ran, 0, "[{\"method\":\"POST\",\"target\":\"/ansok?steg=2&pnr=198001011234\",\"levels\":["
                        "{\"level\":\"needed\",\"withheld\":[\"contact\",\"identity\"],\"refused\":false,");
    assert_says(ran, 0, "\"body\":\"namn=Kim&beskrivning=Ring+%5Bphone+1%5D\"}");
}


static void
a_har_archive_holds_many(void **state)
{
    ran_t        ran;
    const char  *path;

    (void) state;

    path = write_request("all.har",
                         "{\"log\":{\"version\":\"1.2\",\"entries\":["
                         "{\"request\":{\"method\":\"GET\",\"url\":\"https://portal.example/person/198001011234#x\","
                         "\"headers\":[{\"name\":\":path\",\"value\":\"/\"}]}},"
                         "{\"request\":{\"method\":\"POST\",\"url\":\"https://portal.example\",\"headers\":["
                         "{\"name\":\"content-type\",\"value\":\"application/json\"}],"
                         "\"postData\":{\"mimeType\":\"application/json\",\"text\":\"{\\\"a\\\":1,\\\"pnr\\\":2}\"}}},"
                         "{\"request\":{\"method\":\"POST\",\"url\":\"/x\",\"headers\":["
                         "{\"name\":\"Content-Type\",\"value\":\"application/json\"}],"
                         "\"postData\":{\"text\":\"eyJhIjp9\",\"encoding\":\"base64\"}}}]}}");

    ran = ctl("policy try demo/policy.json %s", path);
    assert_says(ran, 0, "== GET /person/198001011234\n\n-- needed: ");
    assert_says(ran, 0, "   REFUSED    its path tells what is not shared: 403\n");
    assert_says(ran, 0, "\n== POST /\n");
    assert_says(ran, 0, "   | {\"a\":1}\n");
    assert_says(ran, 0, "   | {\"a\":1,\"pnr\":2}\n");
    assert_says(ran, 0, "   REFUSED    its body cannot be passed: it is not what its type says (400)\n");
}


#define ENTRY(type, more)  "{\"log\":{\"entries\":[{\"request\":{\"method\":\"POST\",\"url\":\"https://portal.example/x\"," \
    "\"headers\":[{\"name\":\"Content-Type\",\"value\":\"" type "\"}]," more "}}]}}"

/* Browsers keep the fields of a form in the place of its text, and of some bodies nothing. */
static void
what_an_archive_kept_of_a_form_is_put_together(void **state)
{
    ran_t  ran;

    (void) state;

    ran = ctl("policy try demo/policy.json %s", write_request("form.har",
        ENTRY("application/x-www-form-urlencoded", "\"postData\":{\"params\":[{\"name\":\"pnr\",\"value\":\"198001011231\"},"
              "{\"name\":\"namn\",\"value\":\"Kim & Bo\"},{\"name\":\"a\",\"value\":\"x%20y\"}]}")));
    assert_says(ran, 0, "   withheld   in the body  identity\n");
    assert_says(ran, 0, "   | namn=Kim%20%26%20Bo&a=x%20y\n");
    assert_says(ran, 0, "   | pnr=198001011231&namn=Kim%20%26%20Bo&a=x%20y\n");

    ran = ctl("policy try demo/policy.json %s", write_request("parts.har",
        ENTRY("multipart/form-data; boundary=\\\"b b\\\"", "\"bodySize\":9,\"postData\":{\"params\":[{\"name\":\"pnr\","
              "\"value\":\"198001011231\"},{\"name\":\"fil\",\"fileName\":\"a.pdf\",\"contentType\":\"application/pdf\"}]}")));
    assert_says(ran, 0, "   REFUSED    its body cannot be passed: it is not what its type says (400)\n");

    ran = ctl("policy try demo/policy.json %s", write_request("parts.har",
        ENTRY("multipart/form-data; boundary=b", "\"bodySize\":9,\"postData\":{\"params\":[{\"name\":\"pnr\","
              "\"value\":\"198001011231\"},{\"name\":\"fil\",\"fileName\":\"a.pdf\",\"contentType\":\"application/pdf\"}]}")));
    assert_says(ran, 0, "   withheld   in the body  identity\n");
    assert_says(ran, 0, "   unknown    form field   fil\n");
    assert_says(ran, 0, "   | Content-Disposition: form-data; name=\"fil\"; filename=\"a.pdf\"\n"
                "   | Content-Type: application/pdf\n");
    assert_says_not(ran, "MISSING");

    assert_says(ctl("policy try demo/policy.json %s", write_request("none.har",
        ENTRY("multipart/form-data", "\"postData\":{\"params\":[{\"name\":\"pnr\",\"value\":\"1\"}]}"))), 2,
        "its Content-Type no boundary");

    ran = ctl("policy try demo/policy.json %s", write_request("gone.har", ENTRY("application/json", "\"bodySize\":120")));
    assert_says(ran, 0, "   MISSING    the body was not recorded: nothing is known of it\n");
    assert_says_not(ran, "nothing is withheld");
    assert_says_not(ctl("policy try demo/policy.json %s", write_request("empty.har",
        ENTRY("application/json", "\"bodySize\":0"))), "MISSING");
}


static void
names_that_the_policy_does_not_know_are_named(void **state)
{
    ran_t  ran;

    (void) state;

    ran = ctl("policy try demo/policy.json %s", write_request("names.http", "POST /x?steg=1&steg=2 HTTP/1.1\n"
        "Cookie: _ga=1\nContent-Type: application/json\n\n{\"nytt\":{\"x\":1}}"));
    assert_says(ran, 0, "   unknown    argument     steg\n   unknown    cookie       _ga\n   unknown    JSON member  $.nytt\n\n");

    ran = ctl("policy try demo/policy.json %s --json", write_request("names.http", "GET /x?steg=1 HTTP/1.1\n\n"));
    assert_says(ran, 0, "\"unknown\":1,\"unknown_names\":[\"steg\"],\"missing\":false,");
}


static void
chunks_are_joined(void **state)
{
    (void) state;

    assert_says(ctl("policy try demo/policy.json %s",
                    write_request("c.http", "POST /x HTTP/1.1\nContent-Type: text/plain\nTransfer-Encoding: chunked\n\n"
                                  "5\nHej 1\n3;x=y\n 23\n0\n\n")),
                0, "   | Hej 1 23\n");
    assert_says(ctl("policy try demo/policy.json %s",
                    write_request("d.http", "POST /x HTTP/1.1\nTransfer-Encoding: chunked\n\n5\nHej\n0\n\n")),
                2, "its chunks are not what they say");
}


static void
what_is_no_request_is_told_with_its_line(void **state)
{
    (void) state;

    assert_says(ctl("policy try demo/policy.json %s", write_request("a", "hello\n")), 2,
                "/a:1: it begins with no request line");
    assert_says(ctl("policy try demo/policy.json %s", write_request("b", "GET / HTTP/1.1\nHost: x\nno colon here\n\n")), 2,
                "/b:3: this is no header line");
    assert_says(ctl("policy try demo/policy.json %s", write_request("c", "{\"log\":{}}")), 2, "it has no log.entries");
    assert_says(ctl("policy try demo/policy.json %s", write_request("d", "{\"log\":\n{")), 2, "/d:2: ");
    assert_says(ctl("policy try %s demo/policy.json", write_request("e", "{}")), 2, "the policy cannot be used");
    assert_says(ctl("policy try demo/policy.json /nowhere"), 2, "/nowhere");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(a_raw_request_is_shown_at_each_level, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_har_archive_holds_many, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_an_archive_kept_of_a_form_is_put_together, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_that_the_policy_does_not_know_are_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(chunks_are_joined, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_request_is_told_with_its_line, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
