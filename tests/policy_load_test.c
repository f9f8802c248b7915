/*
 * Loading a policy: what is read, what is the default, and what follows from it.
 */

#include "policy.h"


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
        cmocka_unit_test(the_sample_policy_is_read_as_it_stands),
        cmocka_unit_test(what_is_left_out_has_its_default),
        cmocka_unit_test(gpc_is_the_default_where_others_get_the_data_or_count_it),
        cmocka_unit_test(bodies_matter_to_categories_that_travel_in_them),
        cmocka_unit_test(carriers_that_are_no_choice_are_known_but_never_withheld),
        cmocka_unit_test(the_hash_is_that_of_the_canonical_form),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
