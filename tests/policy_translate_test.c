/*
 * Two versions of a policy: what widens lapses, what narrows is kept, and the difference in words.
 */

#include "policy.h"

#define NOW  INT64_C(1795312800000)

typedef struct {
    int             line;
    const char     *find;
    const char     *with;
    consent_mask_t  lapsed;     /* categories of the earlier version, when `find` becomes `with` */
    consent_mask_t  back;       /* and when `with` becomes `find` */
    const char     *says;       /* a line of the difference; NULL: none at all */
} change_case_t;

#define ALL  0xf

/* categories: 1 identity, 2 statistics, 4 health, 8 register (legal obligation) */
static const change_case_t  cases[] = {
    /* nothing that concerns a grant */
    { __LINE__, "\"version\": \"1\"", "\"version\": \"2\"", 0, 0, NULL },
    { __LINE__, "\"Number\"", "\"Personal number\"", 0, 0, NULL },
    { __LINE__, "\"Filled in.\"", "\"They are filled in.\"", 0, 0, NULL },
    { __LINE__, "\"email\": \"info@kommun.example\"", "\"email\": \"dpo@kommun.example\"", 0, 0, NULL },
    { __LINE__, "\"q\"", "\"q\", \"page\"", 0, 0, NULL },
    { __LINE__, "\"recipients\": [\"Kommun\"]", "\"recipients\": [\"KOMMUN\"]", 0, 0, NULL },
    { __LINE__, "\"retention\": \"P12M\"", "\"retention\": \"P1Y\"", 0, 0, NULL },
    { __LINE__, "\"headers\": [\"X-Pnr\"]", "\"headers\": [\"x_pnr\"]", 0, 0, NULL },
    { __LINE__, "\"args\": [\"pnr\"]", "\"args\": [\"PNR\"]", 0, 0, NULL },
    { __LINE__, "\"P6M\"", "\"P3M\"", 0, 0, "changes  policy kommun: a standing choice lasts shorter; earlier ones end when "
      "they were to end\n" },

    /* new data */
    { __LINE__, "\"cookies\": [\"pnr\"]", "\"cookies\": [\"pnr\", \"ssn\"]", 1, 0,
      "widens   category identity: new cookie \"ssn\"\n" },
    { __LINE__, "\"headers\": [\"X-Pnr\"]", "\"headers\": [\"X-Pnr\", \"X-Name\"]", 1, 0,
      "widens   category identity: new header \"X-Name\"\n" },
    { __LINE__, "\"args\": [\"pnr\"]", "\"args\": [\"p*\"]", 1, 0, "widens   category identity: new argument \"p*\"\n" },
    { __LINE__, "\"args\": [\"utm_*\"]", "\"args\": [\"utm_a\", \"utm_b*\"]", 0, 2,
      "narrows  category statistics: no argument \"utm_*\"\n" },
    { __LINE__, "\"fields\": [\"health\"]", "\"fields\": [\"health\", \"diet\"]", 4, 0,
      "widens   category health: new field \"diet\"\n" },
    { __LINE__, "[\"$..pnr\"]", "[\"$..pnr\", \"$.id\"]", 1, 0, "widens   category identity: new JSON member \"$.id\"\n" },
    { __LINE__, "[\"se.personnummer\"]", "[\"se.personnummer\", \"fi.hetu\"]", 1, 0,
      "widens   category identity: new detector \"fi.hetu\"\n" },
    { __LINE__, "[\"se.personnummer\"]", "[{\"name\": \"n\", \"regex\": \"a\"}]", 1, 1,
      "widens   category identity: new detector \"n\"\n" },
    { __LINE__, "\"set_cookies\": [\"pnr\"]", "\"set_cookies\": [\"pnr\", \"x\"]", 1, 0,
      "widens   category identity: new cookie set \"x\"\n" },
    { __LINE__, "[\"/pnr/*\"]", "[\"/pnr/*\", \"/p/**\"]", 1, 0, "widens   category identity: new path \"/p/**\"\n" },
    { __LINE__, "\"pd:OfficialID\"", "\"pd:Identifying\"", 1, 1,
      "widens   category identity: its data is pd:Identifying, it was pd:OfficialID\n" },

    /* others, elsewhere, longer */
    { __LINE__, "\"recipients\": [\"Kommun\", \"Siffror AB\"]", "\"recipients\": [\"Kommun\", \"Siffror AB\", \"X\"]", 2, 0,
      "widens   category statistics: new recipient \"X\"\n" },
    { __LINE__, "\"recipients\": [\"Kommun\", \"Siffror AB\"]", "\"recipients\": [\"Siffror AB\"]", 0, 2,
      "narrows  category statistics: no recipient \"Kommun\"\n" },
    { __LINE__, "\"storage\": [\"SE\", \"FI\"]", "\"storage\": [\"SE\", \"FI\", \"US\"]", 2, 0,
      "widens   category statistics: new storage country \"US\"\n" },
    { __LINE__, "\"retention\": \"P1M\"", "\"retention\": \"P2M\"", 2, 0,
      "widens   category statistics: it is kept for P2M, it was P1M\n" },
    { __LINE__, "\"retention\": \"P1M\"", "\"retention\": \"P10D\"", 0, 2,
      "narrows  category statistics: it is kept for P10D, it was P1M\n" },
    { __LINE__, "{\"name\": \"Kommun\"", "{\"name\": \"Regionen\"", ALL, ALL,
      "widens   category identity: the controller is \"Regionen\" now\n" },

    /* another purpose */
    { __LINE__, "\"dpv:ServiceProvision\", \"text\": {\"sv\": \"För svar.\"",
      "\"dpv:Marketing\", \"text\": {\"sv\": \"För svar.\"",
      1, 1, "widens   category identity: its purpose is dpv:Marketing, it was dpv:ServiceProvision\n" },
    { __LINE__, "\"To answer.\"", "\"To answer and to sell.\"", 1, 1,
      "widens   category identity: its purpose has other words in en\n" },
    { __LINE__, "\"To answer.\"", "\"To answer, to sell.\"", 1, 1, "other words in en\n" },
    { __LINE__, "\"To answer.\"", "\"To, answer\"", 0, 0, NULL },
    { __LINE__, "\"To answer.\"", "\"  TO   ANSWER! \"", 0, 0, NULL },
    { __LINE__, "\"To answer.\"", "\"Toanswer.\"", 1, 1, "other words in en\n" },

    /* flags */
    { __LINE__, "\"special\": true", "\"special\": false", 0, 4,
      "changes  category health: it is no longer a special category\n" },
    { __LINE__, "\"legal_basis\": \"consent\",\n     \"recipients\": [\"Kommun\", \"Siffror AB\"]",
      "\"legal_basis\": \"consent\", \"gpc\": false,\n     \"recipients\": [\"Kommun\", \"Siffror AB\"]", 2, 0,
      "widens   category statistics: Sec-GPC no longer takes it away\n" },
    { __LINE__, "\"legal_basis\": \"legal-obligation\", \"law\": \"OSL 5 kap.\"", "\"legal_basis\": \"consent\", \"gpc\": false",
      8, 0, "widens   category register: it rests on consent, it was legal-obligation\n" },
    { __LINE__, "\"legal_basis\": \"consent\", \"gpc\": false,\n",
      "\"legal_basis\": \"consent\", \"gpc\": false, \"core_for\": [\"/a\"],\n",
      0, 0, "changes  category identity: it is public task on 1 paths, it was on 0\n" },
    { __LINE__, "\"version\": \"1\"", "\"version\": \"1\", \"environment\": \"test\"", ALL, ALL,
      "widens   category identity: the environment is test now\n" },

    /* levels */
    { __LINE__, "\"shares\": [\"identity\"]", "\"shares\": [\"statistics\"]", 0, 0,
      "changes  level forms: it shares \"statistics\" too; who chose it before has not granted that\n" },
    { __LINE__, "\"shares\": [\"identity\"]", "\"shares\": [\"statistics\"]", 0, 0,
      "changes  level forms: it no longer shares \"identity\"\n" },

    /* another policy altogether */
    { __LINE__, "\"id\": \"kommun\"", "\"id\": \"annan\"", ALL, ALL,
      "widens   policy annan: it is another policy than \"kommun\": every grant lapses\n" },
};


static char *
difference(const consent_policy_t *earlier, const consent_policy_t *current)
{
    consent_buf_t  b;

    consent_buf_init(&b, 65536);
    consent_policy_diff(&b, earlier, current);
    consent_buf_char(&b, '\0');
    assert_int_equal(b.rc, CONSENT_OK);

    return (char *) b.data;
}


static void
what_widens_lapses_and_what_narrows_is_kept(void **state)
{
    char                  *text;
    size_t                 i;
    consent_policy_t      *one, *two;
    consent_translation_t  t, back;

    (void) state;

    for (i = 0; i < consent_countof(cases); i++) {
        one = policy_load(policy_small);
        two = policy_load_with(cases[i].find, cases[i].with);

        consent_policy_translate(&t, one, two);
        consent_policy_translate(&back, two, one);
        text = difference(one, two);

        if (t.lapsed != cases[i].lapsed || back.lapsed != cases[i].back) {
            fail_msg("line %d: lapsed %llx, back %llx\n%s", cases[i].line, (unsigned long long) t.lapsed,
                     (unsigned long long) back.lapsed, text);
        }

        if (cases[i].says == NULL ? strcmp(text, "") != 0 && strstr(text, "version is 1 as before") == NULL
            : strstr(text, cases[i].says) == NULL)
        {
            fail_msg("line %d:\n%s", cases[i].line, text);
        }

        /* a line that begins with "widens" and a lapsed grant are one and the same */
        assert_int_equal(strncmp(text, "widens", 6) == 0 || strstr(text, "\nwidens") != NULL, t.lapsed != 0);

        free(text);
        consent_policy_destroy(one);
        consent_policy_destroy(two);
    }
}


static void
the_same_document_differs_in_nothing(void **state)
{
    char                  *text;
    size_t                 i;
    consent_policy_t      *one, *two;
    consent_translation_t  t;

    (void) state;

    one = policy_load(policy_small);
    two = policy_load(policy_small);
    text = difference(one, two);
    assert_string_equal(text, "");

    consent_policy_translate(&t, one, two);
    assert_int_equal(t.key, one->key);
    assert_int_equal(t.lapsed, 0);

    for (i = 0; i < CONSENT_MAX_CATEGORIES; i++) {
        /* the register is no choice: no grant of it is anything */
        assert_int_equal(t.category[i], i < 3 ? (int) i : -1);
    }

    for (i = 0; i < CONSENT_MAX_LEVELS; i++) {
        assert_int_equal(t.level[i], i < 3 ? (int) i : -1);
    }

    free(text);
    consent_policy_destroy(one);
    consent_policy_destroy(two);
}


static void
categories_and_levels_are_found_by_their_ids(void **state)
{
    char                  *text, *start, *end, *moved;
    consent_policy_t      *one, *two;
    consent_translation_t  t;

    (void) state;

    /* statistics goes, and identity with it one place down: a new category stands first */
    one = policy_load(policy_small);

    text = policy_replace(policy_small, "[\"identity\", \"statistics\"]", "[\"identity\", \"first\"]");
    start = strstr(text, "    {\"id\": \"statistics\"");
    end = strstr(text, "    {\"id\": \"health\"");
    memmove(start, end, strlen(end) + 1);

    moved = policy_replace(text, "  \"categories\": [\n", "  \"categories\": [\n"
                           "    {\"id\": \"first\", \"title\": {\"sv\": \"A\", \"en\": \"B\"}, \"purpose\": {\"type\": \"a:b\", "
                           "\"text\": {\"sv\": \"A\", \"en\": \"B\"}}, \"data_type\": \"a:b\", \"legal_basis\": \"consent\", "
                           "\"recipients\": [\"Kommun\"], \"storage\": [\"SE\"], \"retention\": \"P1M\", "
                           "\"carriers\": {\"args\": [\"first\"]}},\n");
    free(text);
    text = policy_replace(moved, "{\"id\": \"forms\"", "{\"id\": \"blanks\"");
    two = policy_load(text);

    consent_policy_translate(&t, one, two);
    assert_int_equal(t.lapsed, 0);
    assert_int_equal(t.category[0], 1);
    assert_int_equal(t.category[1], -1);
    assert_int_equal(t.category[2], 2);
    assert_int_equal(t.level[0], 0);
    assert_int_equal(t.level[1], -1);
    assert_int_equal(t.level[2], 2);

    free(text);
    text = difference(one, two);
    assert_non_null(strstr(text, "narrows  category statistics: it is gone\n"));
    assert_non_null(strstr(text, "changes  category first: it is new, and nobody has granted it yet\n"));
    assert_non_null(strstr(text, "changes  level forms: it is gone; who chose it keeps what was granted\n"));
    assert_non_null(strstr(text, "changes  level blanks: it is new\n"));

    free(text);
    free(moved);
    consent_policy_destroy(one);
    consent_policy_destroy(two);
}


/* A grant from before a change, as it is in force after it. */
static void
grants_go_through_a_change_of_policy(void **state)
{
    char                  *text, *next;
    consent_policy_t      *one, *two;
    consent_effect_t       e;
    consent_decision_t     d;
    consent_policy_set_t   set;
    consent_translation_t  t;

    (void) state;

    one = policy_load(policy_small);
    two = policy_load_with("\"retention\": \"P1M\"", "\"retention\": \"P2M\"");
    consent_policy_translate(&t, one, two);

    set.policy = two;
    set.earlier = &t;
    set.n_earlier = 1;

    memset(&d, 0, sizeof(d));
    d.policy = one->key;
    d.granted = 3;
    d.level = 2;
    d.status = CONSENT_STATUS_GIVEN;
    d.stamp = NOW;
    d.expires_at = NOW + 1000;

    consent_decide(&e, &set, &d, NULL, NULL, 0, NOW);
    assert_int_equal(e.granted, 1);
    assert_int_equal(e.status, CONSENT_STATUS_LAPSED);
    assert_int_equal(e.level, 1);
    assert_int_equal(e.chosen, 2);
    consent_policy_destroy(two);

    /* the other way round all is kept */
    two = policy_load_with("\"retention\": \"P1M\"", "\"retention\": \"P10D\"");
    consent_policy_translate(&t, one, two);
    set.policy = two;
    consent_decide(&e, &set, &d, NULL, NULL, 0, NOW);
    assert_int_equal(e.granted, 3);
    assert_int_equal(e.status, CONSENT_STATUS_GIVEN);
    assert_int_equal(e.level, 2);
    consent_policy_destroy(two);

    /* what is no choice any more is not granted, and has not lapsed */
    text = policy_replace(policy_small, "[\"identity\", \"statistics\"]", "[\"identity\", \"health\"]");
    next = policy_replace(text, "\"special\": true", "\"special\": false");
    free(text);
    text = policy_replace(next, "\"data_type\": \"pd:BrowsingBehavior\", \"legal_basis\": \"consent\"",
                          "\"data_type\": \"pd:BrowsingBehavior\", \"legal_basis\": \"public-task\"");
    two = policy_load(text);
    consent_policy_translate(&t, one, two);
    set.policy = two;
    consent_decide(&e, &set, &d, NULL, NULL, 0, NOW);
    assert_int_equal(e.granted, 1);
    assert_int_equal(e.status, CONSENT_STATUS_GIVEN);

    consent_policy_destroy(two);
    consent_policy_destroy(one);
    free(next);
    free(text);
}


static void
a_language_more_changes_nothing(void **state)
{
    size_t                 i;
    consent_policy_t      *one, *two;
    consent_translation_t  t;

    (void) state;

    one = policy_load("{\"id\": \"a\", \"version\": \"1\", \"languages\": [\"sv\"], \"controller\": {\"name\": \"K\", \"type\": "
                      "\"other\", \"jurisdiction\": \"SE\", \"phone\": \"112\"}, \"categories\": [{\"id\": \"c\", \"title\": "
                      "{\"sv\": \"C\"}, \"purpose\": {\"type\": \"a:b\", \"text\": {\"sv\": \"P\"}}, \"data_type\": \"a:b\", "
                      "\"legal_basis\": \"consent\", \"recipients\": [\"K\"], \"storage\": [\"SE\"], \"retention\": \"P1M\"}], "
                      "\"levels\": [{\"id\": \"l\", \"title\": {\"sv\": \"L\"}, \"service\": {\"sv\": \"S\"}, \"shares\": []}], "
                      "\"human_contact\": {\"name\": {\"sv\": \"V\"}, "
                      "\"channels\": [{\"type\": \"phone\", \"value\": \"112\"}]}}");

    /* in another place, too */
    two = policy_load("{\"id\": \"a\", \"version\": \"2\", \"languages\": [\"en\", \"SV\"], \"controller\": {\"name\": \"K\", "
                      "\"type\": \"other\", \"jurisdiction\": \"SE\", \"phone\": \"112\"}, \"categories\": [{\"id\": \"c\", "
                      "\"title\": {\"en\": \"C\", \"SV\": \"C\"}, \"purpose\": {\"type\": \"a:b\", \"text\": {\"en\": \"Q\", "
                      "\"SV\": \"P\"}}, \"data_type\": \"a:b\", \"legal_basis\": \"consent\", \"recipients\": [\"K\"], "
                      "\"storage\": [\"SE\"], \"retention\": \"P1M\"}], \"levels\": [{\"id\": \"l\", \"title\": {\"en\": \"L\", "
                      "\"SV\": \"L\"}, \"service\": {\"en\": \"S\", \"SV\": \"S\"}, \"shares\": []}], \"human_contact\": "
                      "{\"name\": {\"en\": \"V\", \"SV\": \"V\"}, \"channels\": [{\"type\": \"phone\", \"value\": \"112\"}]}}");

    for (i = 0; i < 2; i++) {
        consent_policy_translate(&t, i == 0 ? one : two, i == 0 ? two : one);
        assert_int_equal(t.lapsed, 0);
        assert_int_equal(t.category[0], 0);
    }

    consent_policy_destroy(one);
    consent_policy_destroy(two);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(what_widens_lapses_and_what_narrows_is_kept),
        cmocka_unit_test(the_same_document_differs_in_nothing),
        cmocka_unit_test(categories_and_levels_are_found_by_their_ids),
        cmocka_unit_test(grants_go_through_a_change_of_policy),
        cmocka_unit_test(a_language_more_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
