/*
 * consentctl policy check and diff: what is wrong with a policy and where, what it means, and what a new version lapses.
 */

#include "ctl.h"

#include <sys/stat.h>

#define SWEDEN  "\"storage\": [\"SE\"]"

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


/* The sample policy, with the first `from` replaced by `to`. */
static const char *
edited(const char *name, const char *from, const char *to)
{
    FILE         *f;
    char         *at;
    size_t        n;
    static char   text[1 << 20], path[4][128];
    static int    used;
    char         *p = path[used++ % 4];

    f = fopen("demo/policy.json", "r");
    assert_non_null(f);
    n = fread(text, 1, sizeof(text) - 1, f);
    text[n] = '\0';
    (void) fclose(f);

    at = strstr(text, from);
    assert_non_null(at);
    (void) snprintf(p, sizeof(path[0]), "%s/%s", directory, name);
    f = fopen(p, "w");
    assert_non_null(f);
    (void) fprintf(f, "%.*s%s%s", (int) (at - text), text, to, at + strlen(from));
    (void) fclose(f);

    return p;
}


static void
a_valid_policy_is_shown_as_a_table(void **state)
{
    ran_t  ran = ctl("policy check demo/policy.json");

    (void) state;

    assert_says(ran, 0, "Policy        exempelkommun, version ");
    assert_says(ran, 0, "Category identity\n");
    assert_says(ran, 0, "demo/policy.json: the policy is valid");
}


static void
expressions_are_compiled(void **state)
{
    size_t       i;
    const char  *path;

    static const struct {
        const char  *text;
        const char  *says;
    } rows[] = {
        { "[\"email\", {\"name\": \"own\", \"regex\": \"K-[0-9]{6}\"}]", "the policy is valid" },
        { "[{\"name\": \"own\", \"regex\": \"(K-[0-9]{6}\"}]",
          "$.categories[1].carriers.text[0].regex: the expression cannot be compiled: " },
        { "[\"email\", {\"name\": \"own\", \"regex\": \"K-[0-9]+\"}]",
          "$.categories[1].carriers.text[1].regex: the expression has a repeat without an upper bound" },
        { "[{\"name\": \"own\", \"regex\": \"[0-9]{0,6}\"}]", "the expression matches the empty text" },
        { "[{\"name\": \"own\", \"regex\": \"(?<=K)[0-9]{6}\"}]", "the expression cannot be compiled: " },
        { "[{\"name\": \"own\", \"regex\": \"K[0-9]{400}\"}]",
          "the expression can match more bytes than a mask stands for: 401, at most 320 are possible" }
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        path = edited("own.json", "[\"se.personnummer\", \"fi.hetu\"]", rows[i].text);
        assert_says(ctl("policy check %s", path), i == 0 ? 0 : 1, rows[i].says);
    }

    path = edited("own.json", "[\"se.personnummer\", \"fi.hetu\"]", "[{\"name\": \"a\", \"regex\": \"b*\"}, "
                  "{\"name\": \"b\", \"regex\": \"(\"}, {\"name\": \"c\", \"regex\": \"d+\"}]");
    assert_says(ctl("policy check %s", path), 1, "3 errors");
    assert_says(ctl("policy diff demo/policy.json %s", path), 2, "text[2].regex");
}


static void
every_fault_has_its_place(void **state)
{
    char         needle[256];
    const char  *path;
    ran_t        ran;

    (void) state;

    path = edited("bad.json", "\"languages\":", "\"languages\": 5, \"langauges\":");
    ran = ctl("policy check %s", path);
    (void) snprintf(needle, sizeof(needle), "%s:", path);
    assert_says(ran, 1, needle);
    assert_says(ran, 1, ": $.languages: ");
    assert_says(ran, 1, ": $.langauges: ");
    assert_says(ran, 1, " errors");
    assert_int_equal(strncmp(ran.out, needle, strlen(needle)), 0);
    assert_true(ran.out[strlen(needle)] >= '1' && ran.out[strlen(needle)] <= '9');
    assert_says_not(ran, "is valid");

    ran = ctl("policy check --json %s", path);
    assert_says(ran, 1, "\"valid\":false,\"faults\":[{\"line\":");
    assert_says(ran, 1, "\"severity\":\"error\",\"path\":\"$.languages\",\"message\":\"");
}


static void
programs_get_levels_and_categories(void **state)
{
    ran_t  ran = ctl("policy check demo/policy.json --json");

    (void) state;

    assert_says(ran, 0, "\"valid\":true,");
    assert_says(ran, 0, "\"id\":\"exempelkommun\",\"version\":\"");
    assert_says(ran, 0, "\"levels\":[{\"id\":\"");
    assert_says(ran, 0, "\"shares\":[]}");
    assert_says(ran, 0, "\"legal_basis\":\"consent\"");
}


static void
what_cannot_be_read_is_not_a_fault_of_the_policy(void **state)
{
    (void) state;

    assert_says(ctl("policy check %s/none.json", directory), 2, "cannot open");
    assert_says(ctl("policy check %s", directory), 2, "cannot read");
    assert_says(ctl("policy check"), 2, "usage: consentctl policy check FILE");
    assert_says(ctl("policy check a b"), 2, "one argument too many");
    assert_says(ctl("policy check --jsn demo/policy.json"), 2, "no option \"--jsn\"");
    assert_says(ctl("policy check --json=x demo/policy.json"), 2, "takes no value");
    assert_says(ctl("policy check /dev/zero"), 2, "larger than 1048576 bytes");
    assert_says(ctl("policy check - < demo/policy.json"), 0, "the policy is valid");
}


static void
a_difference_that_widens_does_not_hold(void **state)
{
    const char  *wider, *narrower;

    (void) state;

    wider = edited("wider.json", "\"retention\": \"P12M\"", "\"retention\": \"P9Y\"");
    narrower = edited("narrower.json", "\"retention\": \"P12M\"", "\"retention\": \"P1M\"");

    assert_says(ctl("policy diff demo/policy.json demo/policy.json"), 0, "The two mean the same.");
    assert_says(ctl("policy diff demo/policy.json %s", wider), 1, "widens");
    assert_says(ctl("policy diff demo/policy.json %s", wider), 1, "lapse, and have to be asked for again");
    assert_says(ctl("policy diff demo/policy.json %s --json", wider), 1, "{\"lapse\":[\"contact\"],\"text\":\"");
    assert_says(ctl("policy diff demo/policy.json %s", narrower), 0, "all grants hold");
    assert_says(ctl("policy diff demo/policy.json %s", edited("bad.json", "\"languages\":", "\"x\":")), 2, "$.x");
}


static void
keys_are_made_once(void **state)
{
    char         path[128];
    size_t       i;
    struct stat  st;

    static const char  *names[] = { "cookie.key", "pseudonym.key", "handoff.key", "cluster.key", "log.key" };

    (void) state;

    assert_says(ctl("keygen %s/keys --name consent.example.org/node1", directory), 0, "\n  consent.example.org/node1+");

    for (i = 0; i < consent_countof(names); i++) {
        (void) snprintf(path, sizeof(path), "%s/keys/%s", directory, names[i]);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0600);
    }

    assert_says(ctl("keygen %s/keys --name consent.example.org/node1", directory), 1, "exists");
    assert_says(ctl("keygen %s/second --name consent.example.org/node2 --with %s/keys --json", directory, directory), 0,
                "\"log_pub\":\"consent.example.org/node2+");
    assert_says(ctl("keygen %s/third", directory), 2, "--name is missing");
    assert_int_equal(ctl("keygen %s/third --name 'a b'", directory).status, 2);
    assert_says(ctl("keygen --name"), 2, "--name needs a value");
    assert_says(ctl("keygen a --name b --name c"), 2, "given twice");
}


static void
help_is_given(void **state)
{
    (void) state;

    assert_says(ctl(""), 2, "consentctl SUBCOMMAND");
    assert_says(ctl("help"), 0, "policy check");
    assert_says(ctl("--help"), 0, "log show");
    assert_says(ctl("help log show"), 0, "usage: consentctl log show STORE");
    assert_says(ctl("log show --help"), 0, "usage: consentctl log show STORE");
    assert_says(ctl("--version"), 0, "consentctl 0.");
    assert_says(ctl("help policy"), 0, "usage: consentctl policy ... [--json]\n\n  policy check ");
    assert_says(ctl("log --help"), 0, "usage: consentctl log ... [--json]\n\n  log show ");
    assert_says_not(ctl("help log"), "policy");
    assert_says(ctl("help receipt"), 0, "receipt verify");
    assert_says(ctl("policy"), 2, "\"policy\" alone is no subcommand\nusage: consentctl policy ... [--json]\n");
    assert_says(ctl("policy chek x"), 2, "no subcommand \"policy chek\"\nusage: consentctl policy ... [--json]\n");
    assert_says(ctl("help policy chek"), 2, "no subcommand \"policy chek\"");
    assert_says(ctl("help polic"), 2, "no subcommand \"polic\"");
    assert_says(ctl("polish x"), 2, "no subcommand \"polish\"");
    assert_says(ctl("store stat"), 2, "usage: consentctl store stat STORE");
}


static void
processing_is_recorded(void **state)
{
    ran_t  ran;

    (void) state;

    ran = ctl("policy art30 demo/policy.json --language en");
    assert_says(ran, 0,
                "# Record of processing activities (GDPR, Article 30(1))\n\nFrom policy exempelkommun, version 2026-11-22, ");
    assert_says(ran, 0, "\n| Supervisory authority | Integritetsskyddsmyndigheten |\n");
    assert_says(ran, 0, "\n### Email and phone number (contact)\n\n| | |\n|---|---|\n"
                "| Purpose | So that we can contact you about your case. |\n| Purpose, type | dpv:CommunicationManagement |\n"
                "| Data subjects | who uses the service |\n| Personal data | pd:Contact |\n| Special category | no |\n"
                "| Legal basis | consent, Article 6(1)(a) |\n"
                "| Recipients | Exempelkommun; Meddelandetjänst AB (för Exempelkommun) |\n| Kept in | SE |\n"
                "| Kept for | 12 months (`P12M`) |\n| Passed on | only where the citizen has granted it;");
    assert_says(ran, 0, "| Special category | yes (Article 9) |\n| Legal basis | consent, Article 6(1)(a) and 9(2)(a) |\n");
    assert_says(ran, 0, "| Legal basis | public-task, Article 6(1)(e) |\n");
    assert_says(ran, 0, "| Legal basis | legal-obligation, Article 6(1)(c): Offentlighets- och sekretesslagen "
                "(2009:400), 5 kap. |\n| Recipients | Exempelkommun; Kommunarkivet i Exempelkommun |\n"
                "| Kept in | SE |\n| Kept for | 10 years (`P10Y`) |\n"
                "| Passed on | always; it is not asked for |\n");
    assert_says(ran, 0, "| Public task on | /overklaga/\\*\\* |\n");
    assert_says(ran, 0, "\n### Proof of what was decided\n");
    assert_says(ran, 0, "\n## To be added\n\nThe policy does not say:\n\n- the data protection officer's name");
    assert_null(strstr(ran.out, "Outside the EEA"));

    /* in its first language; and where Chapter V applies */

    ran = ctl("policy art30 %s", edited("us.json", SWEDEN, "\"storage\": [\"SE\", \"US\", \"NO\"]"));
    assert_says(ran, 0, "\n### E-post och telefon (contact)\n");
    assert_says(ran, 0, "| Kept in | SE; US; NO |\n| Outside the EEA | US (Chapter V applies) |\n");

    /* nothing in a text is markup */

    ran = ctl("policy art30 %s", edited("markup.json", "För att höra av oss", "För | <b>att</b> `höra`"));
    assert_says(ran, 0, "| Purpose | För \\| \\<b\\>att\\</b\\> \\`höra\\` om ditt ärende. |\n");

    ran = ctl("policy art30 %s --json", edited("json.json", SWEDEN, "\"storage\": [\"GB\", \"SE\"]"));
    assert_says(ran, 0, "{\"policy\":\"exempelkommun\",\"policy_version\":\"2026-11-22\",\"policy_hash\":\"");
    assert_says(ran, 0, "\"language\":\"sv\",\"controller\":{\"name\":\"Exempelkommun\",");
    assert_says(ran, 0, "\"special\":false,\"legal_basis\":\"consent\",\"article\":\"Article 6(1)(a)\",\"law\":\"\",");
    assert_says(ran, 0, "\"storage\":[\"GB\",\"SE\"],\"outside_eea\":[\"GB\"],\"retention\":\"P12M\",");

    assert_says(ctl("policy art30 demo/policy.json --language de"), 2, "the policy has no texts in \"de\"");
    assert_says(ctl("policy art30 %s", edited("bad.json", SWEDEN, "\"storage\": []")), 1, "/bad.json:42:");
    assert_says(ctl("policy art30 /nonexistent"), 2, "cannot open");
}


static void
what_could_not_be_written_is_not_success(void **state)
{
    (void) state;

    assert_int_equal(ctl("help > /dev/full").status, 2);
    assert_int_equal(ctl("--version > /dev/full").status, 2);
    assert_int_equal(ctl("policy check demo/policy.json > /dev/full").status, 2);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(a_valid_policy_is_shown_as_a_table, set_up, tear_down),
        cmocka_unit_test_setup_teardown(expressions_are_compiled, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_fault_has_its_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(programs_get_levels_and_categories, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_is_not_a_fault_of_the_policy, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_difference_that_widens_does_not_hold, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keys_are_made_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(help_is_given, set_up, tear_down),
        cmocka_unit_test_setup_teardown(processing_is_recorded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_could_not_be_written_is_not_success, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
