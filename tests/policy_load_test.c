/*
 * Loading a policy: what is read, and every fault of form and meaning with its exact place.
 */

#include "policy.h"

#include <time.h>

/* In `with`, the byte \1 stands where the fault is expected; it is taken out before loading. Where `with` has none, the
 * fault is expected at the place of the first byte of `at`. */
typedef struct {
    int          row;
    const char  *find;
    const char  *with;
    const char  *path;
    const char  *message;
    size_t       errors;        /* all that there are */
    size_t       warnings;
    const char  *at;
} fault_case_t;

#define FAULT(find, with, path, message)    { __LINE__, find, with, path, message, 1, 0, NULL }
#define FAULTS(n, find, with, path, message)    { __LINE__, find, with, path, message, n, 0, NULL }
#define AT(at, find, with, path, message)    { __LINE__, find, with, path, message, 1, 0, at }
#define WARNING(find, with, path, message)  { __LINE__, find, with, path, message, 0, 1, NULL }

/* Line and column, in characters, of a byte. */
static void
place(const char *text, const char *at, uint32_t *line, uint32_t *column)
{
    *line = 1;
    *column = 1;

    for (/* void */; text < at; text++) {
        if (*text == '\n') {
            (*line)++;
            *column = 1;

        } else if ((*text & 0xc0) != 0x80) {
            (*column)++;
        }
    }
}


static bool
check_row(const fault_case_t *row)
{
    bool                    found, warning;
    char                   *text, *mark;
    uint32_t                line, column;
    consent_rc_t            rc;
    consent_faults_t        faults;
    consent_policy_t       *policy;
    const consent_fault_t  *f;

    text = policy_replace(policy_small, row->find, row->with);
    mark = strchr(text, '\1');

    if (mark != NULL) {
        memmove(mark, mark + 1, strlen(mark));

    } else {
        mark = strstr(text, row->at != NULL ? row->at : row->with);
    }

    assert_non_null(mark);
    place(text, mark, &line, &column);

    policy_faults_init(&faults);
    rc = consent_policy_load(&policy, consent_cstr(text), &faults);
    warning = row->errors == 0;
    found = false;

    for (f = faults.first; f != NULL; f = f->next) {
        found |= f->line == line && f->column == column && f->warning == warning
                 && consent_slice_eq(f->path, consent_cstr(row->path))
                 && consent_slice_eq(f->message, consent_cstr(row->message));
    }

    if (!found || faults.errors != row->errors || (faults.warnings != row->warnings && warning)
        || rc != (warning ? CONSENT_OK : CONSENT_MALFORMED) || (policy != NULL) != warning)
    {
        print_message("row in line %d: expected %u:%u: %s: %s; %zu errors, but there are:\n", row->row, line, column,
                      row->path, row->message, row->errors);
        policy_faults_print(&faults);
        found = false;
    }

    consent_policy_destroy(policy);
    consent_arena_destroy(faults.arena);
    free(text);

    return found;
}


static void
check_rows(const fault_case_t *rows, size_t n)
{
    bool    good;
    size_t  i;

    good = true;

    for (i = 0; i < n; i++) {
        good &= check_row(&rows[i]);
    }

    assert_true(good);
}


static void
faults_of_json_have_their_place(void **state)
{
    static const fault_case_t  rows[] = {
        FAULT("\"levels\": [", "\"levels\" \1[", "$", "this is not JSON: expected ':'"),
        FAULT("\"levels\": [", "\1levels: [", "$", "this is not JSON: expected a member name in double quotes"),
        FAULT("\"version\": \"1\"", "\"version\": \"1\", \1\"id\": \"x\"", "$", "this is not JSON: a member name for the second time"),
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
what_deserves_a_second_look_is_a_warning(void **state)
{
    static const fault_case_t  rows[] = {
        WARNING("\"P6M\"", "\1\"P3Y\"", "$.consent.valid_for", "who makes a choice for more than two years forgets it"),
        WARNING("\"jurisdiction\": \"SE\",\n    \"email\": \"info@kommun.example\"}", "\"jurisdiction\": \"SE\"}",
                "$.controller", "people must be able to reach the controller: add an email, a phone or an address"),
        WARNING("{\"cookies\": [\"stat\"], \"args\": [\"utm_*\"]}", "{}", "$.categories[1]",
                "it has no carriers: nothing in a request is ever withheld for it"),
        WARNING("[\"identity\", \"statistics\"]", "\1[\"identity\"]", "$.levels[2].shares",
                "it shares the same as level \"forms\", which can then never be told from it"),
        WARNING("\"opaque\": \"block\"", "\"opaque\": \1\"pass\"", "$.bodies.opaque",
                "bodies that cannot be inspected pass whatever is in them"),
        WARNING("[\"image/*\"]", "[\1\"text/*\"]", "$.bodies.allow[0]",
                "\"text/*\" lets text/plain pass, which could be inspected"),
        WARNING("\"args\": [\"utm_*\"]", "\"args\": [\1\"p*\"]", "$.categories[1].carriers.args[0]",
                "\"p*\" also carries category \"identity\": what matches both passes only where both are granted"),
        WARNING("\"args\": [\"dnr\"]", "\"args\": [\1\"PNR\"]", "$.categories[3].carriers.args[0]",
                "\"PNR\" also carries category \"identity\": what matches both passes only where the one that rests on "
                "consent is granted"),
        WARNING("{\"cookies\": [\"stat\"]", "{\"headers\": [\1\"x_pnr\"], \"cookies\": [\"stat\"]",
                "$.categories[1].carriers.headers[0]",
                "\"x_pnr\" also carries category \"identity\": what matches both passes only where both are granted"),
        WARNING("{\"cookies\": [\"stat\"]", "{\"text\": [\1\"se.personnummer\"], \"cookies\": [\"stat\"]",
                "$.categories[1].carriers.text[0]", "\"se.personnummer\" also carries category \"identity\": what matches "
                "both passes only where both are granted"),
        WARNING("{\"type\": \"phone\", \"value\": \"+46 8 000 00 00\"", "{\"type\": \"chat\", \"value\": "
                "\"https://kommun.example/chat\"", "$.human_contact.channels",
                "nobody can be reached without a computer: a phone or a visiting address helps"),
        WARNING("{\"type\": \"email\", \"value\": \"info@kommun.example\"}", "{\"type\": \"callback\", \"value\": "
                "\1\"08-100\"}", "$.human_contact.channels[1].value",
                "a call-back needs no value: it is asked for on a page of ours"),
        WARNING("\"closes\": \"16:30\"}", "\"closes\": \"16:30\"},\n \1{\"days\": [\"Fr\"], \"opens\": \"16:00\", "
                "\"closes\": \"18:00\"}", "$.human_contact.channels[0].hours[1]",
                "these hours overlap with earlier ones of the same day"),
        WARNING("\"sv\": \"Ifyllda.\"", "\"sv\": \1\"Du kan ÖVERKLAGA.\"", "$.levels[1].service.sv",
                "\"överklag\" sounds like a core service, which everyone gets at the first level; no level may sell it"),
        WARNING("\"en\": \"Filled in.\"", "\"en\": \1\"You get an answer.\"", "$.levels[1].service.en", "\"get an answer\" "
                "sounds like a core service, which everyone gets at the first level; no level may sell it"),
    };

    size_t        i;
    fault_case_t  row;

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        row = rows[i];

        /* a warning about a whole object or array stands where that begins */
        if (strcmp(row.path, "$.controller") == 0) {
            row.at = "{\"name\": \"Kommun\"";

        } else if (strcmp(row.path, "$.categories[1]") == 0) {
            row.at = "{\"id\": \"statistics\"";

        } else if (strcmp(row.path, "$.human_contact.channels") == 0) {
            row.at = "[\n      {\"type\"";
        }

        assert_true(check_row(&row));
    }
}


static void
an_editor_may_be_said_to_have_checked(void **state)
{
    char              *one, *two;
    consent_policy_t  *policy;

    (void) state;

    one = policy_replace(policy_small, "\"Written by AI.\"", "\"A person has checked it.\"");
    two = policy_replace(one, "\"bodies\"", "\"editorial\": {\"name\": \"The desk\"}, \"bodies\"");
    policy = policy_load(two);
    assert_true(consent_slice_eq(policy->editorial, consent_lit("The desk")));

    consent_policy_destroy(policy);
    free(one);
    free(two);
}


static void
what_is_said_not_to_be_checked_needs_no_editor(void **state)
{
    size_t             i;
    char               text[200];
    consent_policy_t  *policy;

    static const char *const  notices[] = {
        "No person has checked it.", "It has not been reviewed.", "Made by AI, never checked by a person."
    };

    (void) state;

    for (i = 0; i < consent_countof(notices); i++) {
        snprintf(text, sizeof(text), "\"%s\"", notices[i]);
        policy = policy_load_with("\"Written by AI.\"", text);
        consent_policy_destroy(policy);
    }

    policy = policy_load_with("\"Skriven av AI.\"", "\"Ingen människa har granskat den.\"");
    consent_policy_destroy(policy);
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


static void
a_document_that_fits_no_log_entry_is_refused(void **state)
{
    char              *text, *many;
    size_t             i, n;
    consent_faults_t   faults;
    consent_policy_t  *policy;

    (void) state;

    /* texts of 1000 characters each, until there are more than 60,000 bytes */
    many = malloc(120000);
    assert_non_null(many);
    n = (size_t) sprintf(many, "\"topics\": [");

    for (i = 0; i < 30; i++) {
        n += (size_t) sprintf(many + n, "%s{\"id\": \"t%zu\", \"title\": {\"sv\": \"%01000d\", \"en\": \"%01000d\"}}",
                              i == 0 ? "" : ",", i, 7, 7);
    }

    strcpy(many + n, "]");
    text = policy_replace(policy_small, "\"topics\": [{\"id\": \"legal\", \"title\": {\"sv\": \"Juridik\", \"en\": \"Law\"}, "
                          "\"human_only\": true}]", many);

    policy_faults_init(&faults);
    assert_int_equal(consent_policy_load(&policy, consent_cstr(text), &faults), CONSENT_MALFORMED);
    assert_int_equal(faults.errors, 1);
    assert_int_equal(faults.first->line, 1);
    assert_int_equal(faults.first->column, 1);
    assert_non_null(strstr((const char *) faults.first->message.data, "there may be 60000, so that"));

    consent_arena_destroy(faults.arena);
    free(many);
    free(text);
}


static void
a_file_beyond_the_limit_is_not_read(void **state)
{
    char              *text;
    size_t             len;
    consent_faults_t   faults;
    consent_policy_t  *policy;

    (void) state;

    len = CONSENT_POLICY_MAX_FILE + 1;
    text = malloc(len);
    assert_non_null(text);
    memset(text, ' ', len);
    memcpy(text, policy_small, strlen(policy_small));

    policy_faults_init(&faults);
    assert_int_equal(consent_policy_load(&policy, consent_slice(text, len), &faults), CONSENT_MALFORMED);
    assert_int_equal(faults.errors, 1);

    /* one byte less, and it loads */
    assert_int_equal(consent_policy_load(&policy, consent_slice(text, len - 1), &faults), CONSENT_OK);

    consent_policy_destroy(policy);
    consent_arena_destroy(faults.arena);
    free(text);
}


static void
faults_beyond_their_memory_are_counted(void **state)
{
    size_t             i, n;
    char               text[60000];
    consent_faults_t   faults;
    consent_policy_t  *policy;

    (void) state;

    n = (size_t) sprintf(text, "{");

    for (i = 0; i < 3000; i++) {
        n += (size_t) sprintf(text + n, "%s\"x%zu\":1", i == 0 ? "" : ",", i);
    }

    n += (size_t) sprintf(text + n, "}");

    memset(&faults, 0, sizeof(faults));
    faults.arena = consent_arena_create(20000);
    assert_int_equal(consent_policy_load(&policy, consent_slice(text, n), &faults), CONSENT_MALFORMED);
    assert_int_equal(faults.errors, 3007);
    assert_non_null(faults.first);

    consent_arena_destroy(faults.arena);
}


static bool
is(consent_slice_t s, const char *text)
{
    return consent_slice_eq(s, consent_cstr(text));
}


static void
the_sample_policy_is_read_as_it_stands(void **state)
{
    char                *text;
    size_t               len;
    consent_faults_t     faults;
    consent_policy_t    *p;
    consent_category_t  *c;

    (void) state;

    text = policy_file(POLICY_DEMO, &len);
    policy_faults_init(&faults);

    if (consent_policy_load(&p, consent_slice(text, len), &faults) != CONSENT_OK || faults.warnings != 0) {
        policy_faults_print(&faults);
        fail();
    }

    free(text);

    assert_true(is(p->id, "exempelkommun"));
    assert_true(is(p->version, "2026-11-22"));
    assert_int_equal(p->n_languages, 3);
    assert_true(is(p->languages[1], "fi"));
    assert_true(p->controller.public_authority);
    assert_true(is(p->controller.authority_url, "https://www.imy.se"));
    assert_int_equal(p->valid_for.months, 6);
    assert_int_equal(p->visit_for.seconds, 12 * 3600);
    assert_false(p->test);
    assert_false(p->erasure_by_request);
    assert_true(p->bodies_block);
    assert_int_equal(p->bodies_allow.n, 2);

    assert_int_equal(p->n_categories, 7);
    assert_int_equal(p->consent_mask, 0x1f);
    assert_int_equal(p->special_mask, 0x10);
    assert_int_equal(p->gpc_mask, 0x08);
    assert_int_equal(p->body_mask, 0x17);
    assert_int_equal(p->path_mask, 0x02);
    assert_int_equal(p->core_mask, 0x02);

    c = &p->categories[1];
    assert_true(is(c->id, "identity"));
    assert_true(is(c->title.in[1], "Henkilötunnus"));
    assert_true(is(c->purpose.in[2], "So that we can fill in forms for you."));
    assert_int_equal(c->n_text, 2);
    assert_true(is(c->text[1].name, "fi.hetu"));
    assert_int_equal(c->text[1].regex.len, 0);
    assert_int_equal(c->retention_time.months, 12);
    assert_int_equal(p->categories[6].basis, CONSENT_BASIS_LEGAL_OBLIGATION);

    assert_int_equal(p->n_levels, 4);
    assert_int_equal(p->levels[0].shares, 0);
    assert_int_equal(p->levels[2].shares, 0x03);
    assert_int_equal(p->levels[3].shares, 0x0c);
    assert_int_equal(consent_policy_level(p, consent_lit("fitted")), 3);
    assert_int_equal(consent_policy_level(p, consent_lit("custom")), -1);
    assert_int_equal(consent_policy_category(p, consent_lit("health")), 4);
    assert_int_equal(consent_policy_category(p, consent_lit("Health")), -1);

    assert_int_equal(consent_names_find(&p->args, consent_lit("utm_source"), true), 0x08);
    assert_int_equal(consent_names_find_header(&p->headers, consent_lit("x_personnummer")), 0x02);

    assert_non_null(p->zone);
    assert_int_equal(p->n_channels, 5);
    assert_int_equal(p->channels[0].hours[0].days, 0x1f);
    assert_int_equal(p->channels[0].hours[0].opens, 480);
    assert_int_equal(p->channels[0].hours[0].closes, 990);
    assert_int_equal(p->channels[4].type, CONSENT_CHANNEL_CALLBACK);
    assert_true(p->topics[0].human_only);
    assert_false(p->topics[2].human_only);
    assert_true(is(p->principal, "Exempelkommun"));
    assert_true(p->decision_notice.in[2].len > 0);

    consent_policy_destroy(p);
    consent_arena_destroy(faults.arena);
}


static void
what_is_left_out_has_its_default(void **state)
{
    consent_policy_t  *p;

    (void) state;

    p = policy_load("{\"id\": \"a\", \"version\": \"1\", \"languages\": [\"sv\"], \"controller\": {\"name\": \"K\", \"type\": "
                    "\"other\", \"jurisdiction\": \"SE\"}, \"categories\": [], \"levels\": [{\"id\": \"l\", \"title\": "
                    "{\"sv\": \"L\"}, \"service\": {\"sv\": \"S\"}, \"shares\": []}], \"human_contact\": {\"name\": "
                    "{\"sv\": \"V\"}, \"channels\": [{\"type\": \"phone\", \"value\": \"112\"}]}}");

    assert_int_equal(p->valid_for.months, 6);
    assert_int_equal(p->visit_for.seconds, 12 * 3600);
    assert_true(p->bodies_block);
    assert_false(p->erasure_by_request);
    assert_false(p->test);
    assert_true(is(p->principal, "K"));
    assert_int_equal(p->notice.in[0].len, 0);
    assert_null(p->zone);
    assert_int_equal(p->consent_mask, 0);
    assert_int_equal(consent_names_find(&p->args, consent_lit("q"), true), 0);

    consent_policy_destroy(p);
}


static void
gpc_is_the_default_where_others_get_the_data_or_count_it(void **state)
{
    consent_policy_t  *p;

    (void) state;

    /* statistics says nothing: another recipient, and analytics */
    p = policy_load(policy_small);
    assert_int_equal(p->gpc_mask, 0x02);
    consent_policy_destroy(p);

    p = policy_load_with("[\"Kommun\", \"Siffror AB\"]", "[\"KOMMUN\"]");
    assert_int_equal(p->gpc_mask, 0x02);
    consent_policy_destroy(p);

    p = policy_load_with("\"dpv:ServiceUsageAnalytics\"", "\"dpv:ServiceProvision\"");
    assert_int_equal(p->gpc_mask, 0x02);
    consent_policy_destroy(p);

    p = policy_load_with("\"recipients\": [\"Kommun\", \"Siffror AB\"]", "\"gpc\": false, \"recipients\": [\"X\"]");
    assert_int_equal(p->gpc_mask, 0);
    consent_policy_destroy(p);

    p = policy_load_with("\"legal_basis\": \"consent\", \"gpc\": false,", "\"legal_basis\": \"consent\",");
    assert_int_equal(p->gpc_mask, 0x02);
    consent_policy_destroy(p);
}


static void
lists_end_where_the_form_says(void **state)
{
    static const fault_case_t  rows[] = {
        FAULT("[\"Mo\", \"Tu\", \"We\", \"Th\", \"Fr\"]", "\1[\"Mo\", \"Tu\", \"We\", \"Th\", \"Fr\", \"Sa\", \"Su\", \"Mo\"]",
              "$.human_contact.channels[0].hours[0].days", "has 8 elements; there may be 7"),
    };

    char              *text;
    char               many[4000];
    size_t             i, n;
    consent_faults_t   faults;
    consent_policy_t  *policy;

    (void) state;
    check_rows(rows, consent_countof(rows));

    /* 64 categories more: none of them is kept beyond the sixty-third, and it is said */
    n = (size_t) sprintf(many, "\"categories\": [");

    for (i = 0; i < 64; i++) {
        n += (size_t) sprintf(many + n, "{\"id\": \"c%zu\"}, ", i);
    }

    text = policy_replace(policy_small, "\"categories\": [", many);
    policy_faults_init(&faults);
    assert_int_equal(consent_policy_load(&policy, consent_cstr(text), &faults), CONSENT_MALFORMED);
    assert_true(consent_slice_eq(faults.first->message, consent_lit("has 68 elements; there may be 63")));
    assert_int_equal(faults.first->line, 7);
    assert_int_equal(faults.first->column, 17);

    consent_arena_destroy(faults.arena);
    free(text);
}


/* A document as large as may be, full of one thing each that is compared with others. */
static void
checking_takes_bounded_time_on_any_document(void **state)
{
    char              *text;
    clock_t            start;
    size_t             i, k, n;
    consent_rc_t       rc;
    consent_faults_t   faults;
    consent_policy_t  *policy;

    static const char *const  documents[][3] = {
        { "{\"categories\": [", "{\"id\":\"%06zu\"},", "{}]}" },
        { "{\"categories\": [{\"id\":\"abcdefgh\"}], \"levels\": [{}, {\"shares\": [", "\"c%06zu\",", "\"\"]}]}" },
        { "{\"languages\": [", "\"s%06zu\",", "\"\"]}" },
        { "{\"categories\": [{\"carriers\": {\"args\": [", "\"a%06zu\",", "\"\"]}}]}" },
        { "{\"categories\": [{\"carriers\": {\"text\": [", "{\"name\":\"%06zu\"},", "\"\"]}}]}" },
        { "{\"necessary\": {\"args\": [", "\"n%06zu\",", "\"\"]}}" },
        { "{\"human_contact\": {\"topics\": [", "{\"id\":\"%06zu\"},", "{}]}}" },
        { "{\"human_contact\": {\"holidays\": [", "\"2026-12-24\",", "\"\"]}}" },
        { "{\"human_contact\": {\"channels\": [{\"hours\": [", "{\"days\":[\"Mo\"]},", "{}]}]}}" }
    };

    (void) state;

    text = malloc(CONSENT_POLICY_MAX_FILE + 1);
    assert_non_null(text);

    for (i = 0; i < consent_countof(documents); i++) {
        n = (size_t) sprintf(text, "%s", documents[i][0]);

        for (k = 0; n + 100 < CONSENT_POLICY_MAX_FILE; k++) {
            n += (size_t) sprintf(text + n, documents[i][1], k);
        }

        n += (size_t) sprintf(text + n, "%s", documents[i][2]);

        policy_faults_init(&faults);
        start = clock();
        rc = consent_policy_load(&policy, consent_slice(text, n), &faults);

        if (clock() - start > 5 * CLOCKS_PER_SEC) {
            fail_msg("%s... takes %ld ms", documents[i][0], (long) ((clock() - start) * 1000 / CLOCKS_PER_SEC));
        }

        assert_true(rc == CONSENT_MALFORMED || rc == CONSENT_NOMEM);
        assert_null(policy);
        consent_arena_destroy(faults.arena);
    }

    free(text);
}


static void
bodies_matter_to_categories_that_travel_in_them(void **state)
{
    size_t             i;
    consent_policy_t  *policy;

    /* what statistics travels in, and the categories that travel in bodies */
    static const struct {
        const char      *carriers;
        consent_mask_t   mask;
    } rows[] = {
        { "\"args\": [\"x\"], \"headers\": [\"X\"], \"set_cookies\": [\"x\"], \"paths\": [\"/x\"]", 5 },
        { "\"fields\": [\"x\"]", 7 },
        { "\"json\": [\"$.x\"]", 7 },
        { "\"text\": [\"iban\"]", 7 }
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        policy = policy_load_with("\"cookies\": [\"stat\"], \"args\": [\"utm_*\"]", rows[i].carriers);
        assert_int_equal(policy->body_mask, rows[i].mask);
        consent_policy_destroy(policy);
    }
}


static void
carriers_that_are_no_choice_are_known_but_never_withheld(void **state)
{
    consent_policy_t  *p;

    (void) state;
    p = policy_load(policy_small);

    assert_int_equal(consent_names_find(&p->args, consent_lit("dnr"), true), 0);
    assert_int_equal(consent_names_find(&p->necessary_args, consent_lit("dnr"), true), 0x08);
    assert_true(consent_names_find(&p->necessary_args, consent_lit("q"), true) != 0);
    assert_int_equal(consent_names_find(&p->necessary_args, consent_lit("pnr"), true), 0);
    assert_int_equal(consent_names_find(&p->necessary_args, consent_lit("other"), true), 0);
    assert_true(consent_names_find(&p->necessary_cookies, consent_lit("sid"), false) != 0);
    assert_true(consent_names_find(&p->necessary_set_cookies, consent_lit("sid"), false) != 0);
    assert_true(consent_names_find(&p->necessary_fields, consent_lit("csrf"), true) != 0);

    assert_int_equal(p->necessary_json.n, 2);
    assert_true(is(p->necessary_json.items[0], "$..dnr"));
    assert_true(is(p->necessary_json.items[1], "$.model"));

    consent_policy_destroy(p);
}


static void
the_hash_is_that_of_the_canonical_form(void **state)
{
    size_t             i;
    char              *text, *out;
    consent_policy_t  *one, *two;

    (void) state;

    /* the same document without its line breaks and with an escape, and one that differs in a letter */
    text = policy_replace(policy_small, "\"kommun\"", "\"\\u006bommun\"");

    for (i = 0, out = text; text[i] != '\0'; i++) {
        if (text[i] != '\n') {
            *out++ = text[i];
        }
    }

    *out = '\0';

    one = policy_load(policy_small);
    two = policy_load(text);
    assert_memory_equal(one->hash, two->hash, CONSENT_HASH_LEN);
    assert_int_equal(one->key, two->key);
    assert_true(consent_slice_eq(one->canonical, two->canonical));
    assert_memory_equal(one->canonical.data, "{\"bodies\":{\"allow\":[\"image/*\"],", 31);
    assert_int_equal(one->key >> 56, one->hash[0]);
    assert_int_equal(one->key & 0xff, one->hash[7]);
    consent_policy_destroy(two);

    two = policy_load_with("\"version\": \"1\"", "\"version\": \"2\"");
    assert_true(one->key != two->key);
    assert_int_equal(one->id_key, two->id_key);
    consent_policy_destroy(two);

    /* SHA-256("kommun") begins so */
    assert_int_equal(one->id_key, UINT64_C(0xc2443272c5bf1b4b));

    consent_policy_destroy(one);
    free(text);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(faults_of_json_have_their_place),
        cmocka_unit_test(faults_of_form_have_their_place),
        cmocka_unit_test(faults_of_meaning_have_their_place),
        cmocka_unit_test(what_deserves_a_second_look_is_a_warning),
        cmocka_unit_test(an_editor_may_be_said_to_have_checked),
        cmocka_unit_test(what_is_said_not_to_be_checked_needs_no_editor),
        cmocka_unit_test(every_fault_is_found_in_one_run_in_the_order_of_places),
        cmocka_unit_test(faults_read_as_line_column_path_and_sentence),
        cmocka_unit_test(a_document_that_fits_no_log_entry_is_refused),
        cmocka_unit_test(a_file_beyond_the_limit_is_not_read),
        cmocka_unit_test(faults_beyond_their_memory_are_counted),
        cmocka_unit_test(the_sample_policy_is_read_as_it_stands),
        cmocka_unit_test(what_is_left_out_has_its_default),
        cmocka_unit_test(gpc_is_the_default_where_others_get_the_data_or_count_it),
        cmocka_unit_test(lists_end_where_the_form_says),
        cmocka_unit_test(checking_takes_bounded_time_on_any_document),
        cmocka_unit_test(bodies_matter_to_categories_that_travel_in_them),
        cmocka_unit_test(carriers_that_are_no_choice_are_known_but_never_withheld),
        cmocka_unit_test(the_hash_is_that_of_the_canonical_form),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
