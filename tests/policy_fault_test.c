/*
 * Faults of a policy: every one of form and meaning is found, with its exact place.
 */

#include "policy_fault.h"


static void
faults_of_json_have_their_place(void **state)
{
    static const fault_case_t  rows[] = {
        FAULT("\"levels\": [", "\"levels\" \1[", "$", "this is not JSON: expected ':'"),
        FAULT("\"levels\": [", "\1levels: [", "$", "this is not JSON: expected a member name in double quotes"),
        FAULT("\"version\": \"1\"", "\"version\": \"1\", \1\"id\": \"x\"", "$",
              "this is not JSON: a member name for the second time"),
    };

    (void) state;
    check_rows(rows, consent_countof(rows));
}


static void
faults_of_form_have_their_place(void **state)
{
    static const fault_case_t  rows[] = {
        /* members */
        FAULT("\"bodies\"", "\1\"bodys\": {}, \"bodies\"", "$.bodys", "unknown member \"bodys\"; did you mean \"bodies\"?"),
        FAULT("\"bodies\"", "\1\"colour\": 1, \"bodies\"", "$.colour", "unknown member \"colour\""),
        FAULT("\"data_type\": \"pd:OfficialID\"", "\1\"datatype\": \"pd:OfficialID\"", "$.categories[0].datatype",
              "unknown member \"datatype\"; did you mean \"data_type\"?"),
        AT("{\n", "\"id\": \"kommun\", ", "", "$", "\"id\" is missing"),
        AT("{\n", "\"version\": \"1\",", "", "$", "\"version\" is missing"),
        AT("{\"name\": \"Kommun\"", ", \"type\": \"public authority\"", "", "$.controller", "\"type\" is missing"),
        AT("{\"id\": \"identity\",\n     \"title\"", "\"retention\": \"P12M\",", "\"special\": false,", "$.categories[0]",
           "\"retention\" is missing"),
        AT("{\"id\": \"forms\"", ", \"shares\": [\"identity\"]}", "}", "$.levels[1]", "\"shares\" is missing"),

        /* types */
        FAULT("\"levels\": [\n    {", "\"levels\": [\n    \1null, {", "$.levels[0]", "must be an object, not null"),
        FAULT("\"bodies\": {\"opaque\": \"block\", \"allow\": [\"image/*\"]}", "\"bodies\": \1[]", "$.bodies",
              "must be an object, not an array"),
        FAULT("\"special\": true", "\"special\": \1\"yes\"", "$.categories[2].special",
              "must be true or false, not a string"),
        FAULT("\"storage\": [\"SE\"]", "\"storage\": \1\"SE\"", "$.categories[0].storage",
              "must be an array, not a string"),
        FAULT("\"version\": \"1\"", "\"version\": \0011", "$.version", "must be a string, not a number"),
        FAULT("\"title\": {\"sv\": \"Nummer\", \"en\": \"Number\"}", "\"title\": \1\"Number\"", "$.categories[0].title",
              "must be an object with the text in each language, not a string"),
        FAULT("\"text\": [\"se.personnummer\"]", "\"text\": [\1true]", "$.categories[0].carriers.text[0]",
              "must be a string or an object, not true"),

        /* texts */
        FAULT("\"title\": {\"sv\": \"Nummer\", \"en\": \"Number\"}", "\"title\": \1{\"sv\": \"Nummer\"}",
              "$.categories[0].title", "the text in \"en\" is missing"),
        FAULT("{\"sv\": \"Nummer\",", "{\1\"de\": \"x\", \"sv\": \"Nummer\",", "$.categories[0].title.de",
              "\"de\" is none of the policy's languages"),
        FAULT("{\"sv\": \"Nummer\",", "{\"sv\": \1\" \\u00a0\",", "$.categories[0].title.sv",
              "\" \xc2\xa0\" must not be empty"),
        FAULT("{\"sv\": \"Nummer\",", "{\"sv\": \1\"\",", "$.categories[0].title.sv", "\"\" must not be empty"),
        FAULT("{\"sv\": \"Nummer\",", "{\"sv\": \1\"a\\nb\",", "$.categories[0].title.sv",
              "\"a?b\" has control characters or line breaks in it"),
        FAULT("{\"sv\": \"Nummer\",", "{\"sv\": \1\"a\\u202eb\",", "$.categories[0].title.sv",
              "\"a\xe2\x80\xae" "b\" has control characters or line breaks in it"),
        FAULT("{\"sv\": \"Nummer\",", "{\"sv\": \1null,", "$.categories[0].title.sv", "must be a string, not null"),

        /* lists */
        FAULT("\"recipients\": [\"Kommun\"]", "\"recipients\": \1[]", "$.categories[0].recipients", "must not be empty"),
        FAULT("[\"SE\", \"FI\"]", "[\"SE\", \"FI\", \1\"SE\"]", "$.categories[1].storage[2]", "\"SE\" is there twice"),
        FAULT("[\"sv\", \"en\"]", "[\"sv\", \"en\", \1\"sv\"]", "$.languages[2]", "\"sv\" is there twice"),
        FAULT("\"days\": [\"Mo\",", "\"days\": [\"Mo\", \1\"Mo\",",
              "$.human_contact.channels[0].hours[0].days[1]", "\"Mo\" is there twice"),

        /* words */
        FAULT("\"legal_basis\": \"consent\", \"gpc\"", "\"legal_basis\": \1\"consnet\", \"gpc\"",
              "$.categories[0].legal_basis", "unknown value \"consnet\"; did you mean \"consent\"?"),
        FAULT("\"public authority\"", "\1\"x\"", "$.controller.type", "unknown value \"x\"; it must be \"public authority\", "
              "\"public company\", \"private company\", \"association\" or \"other\""),
        FAULT("\"type\": \"email\"", "\"type\": \1\"e-mail\"", "$.human_contact.channels[1].type",
              "unknown value \"e-mail\"; did you mean \"email\"?"),
        FAULT("\"se.personnummer\"", "\1\"se.personnumer\"", "$.categories[0].carriers.text[0]",
              "unknown value \"se.personnumer\"; did you mean \"se.personnummer\"?"),
        FAULT("\"opaque\": \"block\"", "\"opaque\": \1\"allow\"", "$.bodies.opaque",
              "unknown value \"allow\"; it must be \"block\" or \"pass\""),

        /* formats, one of each; all their values are in policy_format_test.c */
        FAULT("\"id\": \"kommun\"", "\"id\": \1\"kommun ett\"", "$.id",
              "\"kommun ett\" must be 1 to 64 of the characters A-Z a-z 0-9 . _ -"),
        FAULT("\"jurisdiction\": \"SE\"", "\"jurisdiction\": \1\"XX\"", "$.controller.jurisdiction", "\"XX\" must be a "
              "country code of ISO 3166 in two capital letters, such as SE or FI"),
        FAULT("\"P6M\"", "\1\"6M\"", "$.consent.valid_for",
              "\"6M\" must be a duration of ISO 8601 such as P6M, P1Y or PT12H, at most a hundred years"),
        FAULT("\"2026-12-25\"", "\1\"2026-02-30\"", "$.human_contact.holidays[1]",
              "\"2026-02-30\" must be a date of the calendar, written YYYY-MM-DD"),
        FAULT("\"08:00\"", "\1\"8:00\"", "$.human_contact.channels[0].hours[0].opens",
              "\"8:00\" must be a time of day from 00:00 to 24:00, written HH:MM"),
        FAULT("[\"X-Pnr\"]", "[\1\"X Pnr\"]", "$.categories[0].carriers.headers[0]",
              "\"X Pnr\" must be a name of HTTP: letters, digits and ! # $ % & ' + - . ^ _ ` | ~"),
        FAULT("[\"X-Pnr\"]", "[\1\"Consent-Level\"]", "$.categories[0].carriers.headers[0]",
              "\"Consent-Level\" takes headers of our own, Consent-*, which never come from outside"),
        FAULT("\"cookies\": [\"pnr\"]", "\"cookies\": [\1\"__Host-Consent\"]", "$.categories[0].carriers.cookies[0]",
              "\"__Host-Consent\" takes the consent cookie itself"),
        FAULT("\"$..pnr\"", "\1\"pnr\"", "$.categories[0].carriers.json[0]",
              "\"pnr\" must be a path such as $..name, $.person.name, $['name'] or $.list[*].name"),
        FAULT("[\"se.personnummer\"]", "[{\"name\": \"own\", \"regex\": \1\"\"}]",
              "$.categories[0].carriers.text[0].regex", "\"\" must not be empty"),
        FAULT("[\"se.personnummer\"]", "[\1{\"name\": \"own\"}]", "$.categories[0].carriers.text[0]",
              "\"regex\" is missing"),
    };

    (void) state;
    check_rows(rows, consent_countof(rows));
}


static void
faults_of_meaning_have_their_place(void **state)
{
    static const fault_case_t  rows[] = {
        /* legal bases */
        FAULT("\"legal-obligation\", \"law\": \"OSL 5 kap.\"", "\1\"legitimate-interest\"", "$.categories[3].legal_basis",
              "a public authority cannot rest on legitimate interest (GDPR, Article 6(1)); public-task or "
              "legal-obligation may be meant"),
        AT("{\"id\": \"register\"", ", \"law\": \"OSL 5 kap.\"", "", "$.categories[3]",
           "\"law\" is missing: a legal obligation must name its law"),
        FAULT("\"legal_basis\": \"consent\", \"gpc\": false,", "\"legal_basis\": \"consent\", \1\"law\": \"x\",",
              "$.categories[0].law", "only a legal obligation or a public task has a law"),
        FAULT("\"law\": \"OSL 5 kap.\"", "\"law\": \"OSL\", \"gpc\": \1true", "$.categories[3].gpc",
              "the signal can only take away what rests on consent"),
        FAULT("\"law\": \"OSL 5 kap.\"", "\"law\": \"OSL\", \1\"core_for\": [\"/a\"]", "$.categories[3].core_for",
              "only what rests on consent can be public task on some paths"),

        /* ids */
        FAULTS(2, "{\"id\": \"statistics\"", "{\"id\": \1\"identity\"", "$.categories[1].id",
               "there is another category \"identity\", in line 8"),
        FAULT("{\"id\": \"all\"", "{\"id\": \1\"forms\"", "$.levels[2].id", "there is another level \"forms\", in line 39"),
        FAULT("{\"id\": \"all\"", "{\"id\": \1\"custom\"", "$.levels[2].id", "\"custom\" is what a choice category by "
              "category is called; no level may have that id"),
        FAULT("\"human_only\": true}]", "\"human_only\": true},\n{\"id\": \1\"legal\", \"title\": {\"sv\": \"J\", \"en\": "
              "\"L\"}}]", "$.human_contact.topics[1].id", "there is another topic \"legal\", in line 53"),
        FAULT("[\"se.personnummer\"]", "[{\"name\": \"a\", \"regex\": \"b\"}, {\"name\": \1\"a\", \"regex\": \"c\"}]",
              "$.categories[0].carriers.text[1].name", "there is another detector \"a\", in line 14"),
        FAULT("[\"se.personnummer\"]", "[{\"name\": \1\"email\", \"regex\": \"b\"}]",
              "$.categories[0].carriers.text[0].name", "\"email\" is a built-in detector; give your own another name"),
        FAULT("[\"sv\", \"en\"]", "[\"sv\", \"en\", \1\"EN\"]", "$.languages[2]", "\"EN\" is there twice"),

        /* levels */
        FAULT("\"All that matters.\"}, \"shares\": []", "\"All.\"}, \"shares\": \1[\"statistics\"]", "$.levels[0].shares",
              "the first level is the most private one: it must share nothing"),
        FAULT("\"shares\": [\"identity\"]", "\"shares\": [\"identity\", \1\"health\"]", "$.levels[1].shares[1]",
              "\"health\" is a special category (GDPR, Article 9): no level may share it, it is only granted by its own "
              "tick"),
        FAULT("\"shares\": [\"identity\"]", "\"shares\": [\"identity\", \1\"register\"]", "$.levels[1].shares[1]",
              "\"register\" rests on legal-obligation, not on consent: a level cannot offer it as a choice"),
        FAULT("\"shares\": [\"identity\"]", "\"shares\": [\"identity\", \1\"helth\"]", "$.levels[1].shares[1]",
              "there is no category \"helth\"; did you mean \"health\"?"),
        FAULT("\"shares\": [\"identity\"]", "\"shares\": [\"identity\", \1\"location\"]", "$.levels[1].shares[1]",
              "there is no category \"location\""),

        /* times */
        FAULT("\"P6M\"", "\1\"PT0S\"", "$.consent.valid_for", "a choice must last for some time"),
        FAULT("\"PT12H\"", "\1\"PT0S\"", "$.consent.visit_for", "a visit must last for some time"),
        FAULT("\"PT12H\"", "\1\"P7M\"", "$.consent.visit_for",
              "a choice for one visit must not last longer than a standing one"),
        FAULT("{\"valid_for\": \"P6M\", \"visit_for\": \"PT12H\"}", "{\"valid_for\": \1\"PT1H\"}", "$.consent.valid_for",
              "a choice for one visit must not last longer than a standing one"),

        /* carriers and what is necessary */
        FAULT("\"fields\": [\"csrf\"]", "\"fields\": [\"csrf\", \1\"PNR[x]\"]", "$.necessary.fields[1]",
              "\"PNR[x]\" is a carrier of category \"identity\": what is necessary cannot be a choice too"),
        FAULT("\"args\": [\"q\"]", "\"args\": [\1\"utm_x\"]", "$.necessary.args[0]",
              "\"utm_x\" is a carrier of category \"statistics\": what is necessary cannot be a choice too"),
        FAULT("\"args\": [\"q\"]", "\"args\": [\1\"d*\"]", "$.necessary.args[0]",
              "\"d*\" is a carrier of category \"register\": what is necessary cannot be a choice too"),
        FAULT("\"cookies\": [\"sid\"]", "\"cookies\": [\1\"s*\"]", "$.necessary.cookies[0]",
              "\"s*\" is a carrier of category \"statistics\": what is necessary cannot be a choice too"),
        FAULT("\"json\": [\"$.model\"]", "\"json\": [\1\"$.a['PNR']\"]", "$.necessary.json[0]",
              "\"$.a['PNR']\" is a carrier of category \"identity\": what is necessary cannot be a choice too"),
        FAULT("\"json\": [\"$.model\"]", "\"json\": [\1\"$.a.dnr\"]", "$.necessary.json[0]",
              "\"$.a.dnr\" is a carrier of category \"register\": what is necessary cannot be a choice too"),

        /* contact */
        FAULT("\"Europe/Stockholm\"", "\1\"Europe/Stockhom\"", "$.human_contact.timezone",
              "the time zone \"Europe/Stockhom\" is not known on this machine (package tzdata)"),
        AT("{\n    \"name\": {\"sv\": \"Växeln\"", ", \"timezone\": \"Europe/Stockholm\"", "", "$.human_contact",
           "\"timezone\" is missing: hours and holidays are told by it"),
        FAULT("\"16:30\"", "\1\"08:00\"", "$.human_contact.channels[0].hours[0].closes", "must be later than \"opens\"; "
              "hours that go on after midnight are two, the first until 24:00"),
        AT("{\"type\": \"email\"", ", \"value\": \"info@kommun.example\"}", "}", "$.human_contact.channels[1]",
           "\"value\" is missing: the number or address of the email channel"),
        FAULT("\"value\": \"info@kommun.example\"", "\"value\": \1\"08-1\"", "$.human_contact.channels[1].value",
              "\"08-1\" must be an e-mail address such as kontakt@example.com"),
        FAULT("{\"type\": \"email\", \"value\": \"info@kommun.example\"}", "{\"type\": \"chat\", \"value\": \1\"x\"}",
              "$.human_contact.channels[1].value", "\"x\" must be an http:// or https:// address, percent-encoded"),
        FAULT("{\"type\": \"email\", \"value\": \"info@kommun.example\"}", "{\"type\": \"sign_language\", \"value\": "
              "\1\"x\"}", "$.human_contact.channels[1].value",
              "\"x\" must be a telephone number, an https:// address or an e-mail address"),

        /* words */
        FAULT("\"Written by AI.\"", "\1\"Made by AI. A person has checked it.\"", "$.disclosure.notice.en",
              "it says that a person has checked the text; then \"editorial\" must name who is responsible"),
        FAULT("\"Skriven av AI.\"", "\1\"Granskad av en människa.\"", "$.disclosure.notice.sv",
              "it says that a person has checked the text; then \"editorial\" must name who is responsible"),
    };

    (void) state;
    check_rows(rows, consent_countof(rows));
}


static void
every_fault_is_found_in_one_run_in_the_order_of_places(void **state)
{
    size_t                  i, n;
    char                   *text, *next;
    consent_faults_t        faults;
    consent_policy_t       *policy;
    const consent_fault_t  *f;

    static const char *const  edits[][2] = {
        { "\"version\": \"1\"", "\"version\": \"a b\"" },
        { "\"type\": \"public authority\"", "\"type\": \"authority\"" },
        { "\"P6M\"", "6" },
        { "\"legal_basis\": \"consent\", \"gpc\"", "\"legal_basis\": \"consentt\", \"gpc\"" },
        { "[\"X-Pnr\"]", "[\"Cookie\"]" },
        { "\"title\": {\"sv\": \"Hälsa\", \"en\": \"Health\"}", "\"title\": {}" },
        { "\"law\": \"OSL 5 kap.\"", "\"core_for\": [\"a\"]" },
        { "\"fields\": [\"csrf\"]", "\"fields\": [\"pnr\"]" },
        { "\"shares\": []", "\"shares\": [\"statistics\"]" },
        { "[\"identity\", \"statistics\"]", "[\"health\", \"nothing\"]" },
        { "\"opaque\": \"block\"", "\"opaqe\": \"block\"" },
        { "\"Europe/Stockholm\"", "\"Nowhere\"" },
        { "\"closes\": \"16:30\"", "\"closes\": \"04:30\"" },
        { "\"en\": \"Written by AI.\"", "\"en\": \"Checked by a person.\"" }
    };

    (void) state;

    text = policy_replace(policy_small, edits[0][0], edits[0][1]);

    for (i = 1; i < consent_countof(edits); i++) {
        next = policy_replace(text, edits[i][0], edits[i][1]);
        free(text);
        text = next;
    }

    policy_faults_init(&faults);
    assert_int_equal(consent_policy_load(&policy, consent_cstr(text), &faults), CONSENT_MALFORMED);
    assert_null(policy);

    /* a title without any text lacks two; core_for is no path, and is not for an obligation, which has no law now; the
     * last level shares what is special and what is not there */
    n = 0;

    for (f = faults.first; f != NULL; f = f->next) {
        n += !f->warning;

        if (f->next != NULL) {
            assert_true(f->line < f->next->line || (f->line == f->next->line && f->column <= f->next->column));

        } else {
            assert_ptr_equal(f, faults.last);
        }
    }

    if (n != 18 || faults.errors != n) {
        policy_faults_print(&faults);
        fail_msg("%zu errors", n);
    }

    consent_arena_destroy(faults.arena);
    free(text);
}


static void
faults_read_as_line_column_path_and_sentence(void **state)
{
    char              *text;
    consent_buf_t      b;
    consent_faults_t   faults;
    consent_policy_t  *policy;

    (void) state;

    text = policy_replace(policy_small, "\"P6M\"", "\"P3Y\"");
    policy_faults_init(&faults);
    assert_int_equal(consent_policy_load(&policy, consent_cstr(text), &faults), CONSENT_OK);

    consent_buf_init(&b, 4096);
    consent_fault_print(&b, faults.first);
    consent_buf_char(&b, '\0');
    assert_string_equal(b.data, "6:28: warning: $.consent.valid_for: who makes a choice for more than two years forgets it");

    consent_buf_free(&b);
    consent_policy_destroy(policy);
    consent_arena_destroy(faults.arena);
    free(text);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(faults_of_json_have_their_place),
        cmocka_unit_test(faults_of_form_have_their_place),
        cmocka_unit_test(faults_of_meaning_have_their_place),
        cmocka_unit_test(every_fault_is_found_in_one_run_in_the_order_of_places),
        cmocka_unit_test(faults_read_as_line_column_path_and_sentence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
