/*
 * Sec-GPC and ADPC: what they say, and what they cannot.
 */

#include "base/json.h"
#include "minimize.h"

#define ALL  (BIT(CONTACT) | BIT(IDENTITY) | BIT(STATISTICS) | BIT(MARKETING) | BIT(HEALTH))


static void
gpc_is_the_digit_one(void **state)
{
    (void) state;

    assert_true(consent_gpc(consent_lit("1")));
    assert_true(consent_gpc(consent_lit(" 1\t")));
    assert_true(consent_gpc(consent_lit("1, 1")));
    assert_true(consent_gpc(consent_lit("0,1")));

    assert_false(consent_gpc(consent_lit("")));
    assert_false(consent_gpc(consent_lit("0")));
    assert_false(consent_gpc(consent_lit("11")));
    assert_false(consent_gpc(consent_lit("1;x")));
    assert_false(consent_gpc(consent_lit("true")));
    assert_false(consent_gpc(consent_lit("?1")));
}


/* The identifier that the document gives a category. */
static void
id_of(char *id, const consent_policy_t *p, const char *category)
{
    size_t                 len;
    consent_buf_t          b;
    consent_arena_t       *a;
    consent_json_t        *root;
    const consent_json_t  *request;

    a = consent_arena_create(1 << 20);
    consent_buf_init(&b, 1 << 20);
    consent_adpc_document(&b, p, 0);
    assert_int_equal(consent_json_parse(&root, a, consent_buf_view(&b), 8, &(consent_json_error_t) { 0 }), CONSENT_OK);

    *id = '\0';
    len = strlen(category);

    for (request = consent_json_get(root, "consentRequests")->first; request != NULL; request = request->next) {
        consent_slice_t  text = consent_json_get(request, "id")->text;

        if (text.len > len && memcmp(text.data, category, len) == 0 && text.data[len] == '~') {
            memcpy(id, text.data, text.len);
            id[text.len] = '\0';
        }
    }

    consent_buf_free(&b);
    consent_arena_destroy(a);
}


static void
parse(consent_adpc_t *out, const char *fmt, const char *a, const char *b)
{
    char  value[512];

    snprintf(value, sizeof(value), fmt, a, b);
    memset(out, 0, sizeof(*out));
    consent_adpc_parse(out, consent_cstr(value), policy);
}


static void
the_document_asks_for_what_is_a_choice(void **state)
{
    char                   id[128];
    consent_buf_t          b;
    consent_arena_t       *a;
    consent_json_t        *root;
    const consent_json_t  *list, *request;

    (void) state;

    a = consent_arena_create(1 << 20);
    consent_buf_init(&b, 1 << 20);
    consent_adpc_document(&b, policy, 1);
    assert_int_equal(consent_json_parse(&root, a, consent_buf_view(&b), 8, &(consent_json_error_t) { 0 }), CONSENT_OK);

    list = consent_json_get(root, "consentRequests");
    assert_int_equal(list->type, CONSENT_JSON_ARRAY);
    assert_int_equal(list->count, 4);       /* neither the special category nor the public task */

    request = list->first->next;
    assert_true(consent_slice_eq(consent_json_get(request, "text")->text,
                                 consent_lit("Title identity: Purpose identity (Exempelkommun)")));

    id_of(id, policy, "identity");
    assert_true(consent_slice_eq(consent_json_get(request, "id")->text, consent_cstr(id)));
    assert_int_equal(strlen(id), strlen("identity~") + 8);

    consent_buf_free(&b);
    consent_arena_destroy(a);
}


static void
consent_counts_for_published_identifiers_only(void **state)
{
    char            identity[128], contact[128];
    consent_adpc_t  adpc;

    (void) state;

    id_of(identity, policy, "identity");
    id_of(contact, policy, "contact");

    parse(&adpc, "consent=%s", identity, "");
    assert_int_equal(consent_adpc_consented(&adpc, policy), BIT(IDENTITY));
    assert_int_equal(consent_adpc_withdrawn(&adpc, policy), 0);

    parse(&adpc, "consent=\"%s  %s\"", identity, contact);
    assert_int_equal(consent_adpc_consented(&adpc, policy), BIT(IDENTITY) | BIT(CONTACT));

    parse(&adpc, "consent=\"identity identity~00000000 identity~ %sx health~00000000 * ~\"", identity, "");
    assert_int_equal(consent_adpc_consented(&adpc, policy), 0);

    parse(&adpc, "consent=*", "", "");
    assert_int_equal(consent_adpc_consented(&adpc, policy), 0);
}


static void
withdrawing_takes_any_wording(void **state)
{
    char            identity[128];
    consent_adpc_t  adpc;

    (void) state;

    id_of(identity, policy, "identity");

    parse(&adpc, "withdraw=*", "", "");
    assert_int_equal(consent_adpc_withdrawn(&adpc, policy), ALL);

    parse(&adpc, "withdraw=%s", identity, "");
    assert_int_equal(consent_adpc_withdrawn(&adpc, policy), BIT(IDENTITY));

    parse(&adpc, "withdraw=\"identity~00000000 contact\"", "", "");
    assert_int_equal(consent_adpc_withdrawn(&adpc, policy), BIT(IDENTITY) | BIT(CONTACT));

    parse(&adpc, "withdraw=\"case health nobody\"", "", "");
    assert_int_equal(consent_adpc_withdrawn(&adpc, policy), BIT(HEALTH));

    parse(&adpc, "WITHDRAW = \"*\" ; x", "", "");
    assert_int_equal(consent_adpc_withdrawn(&adpc, policy), ALL);
}


static void
objecting_takes_marketing(void **state)
{
    consent_adpc_t  adpc;

    (void) state;

    parse(&adpc, "object=direct-marketing", "", "");
    assert_int_equal(consent_adpc_withdrawn(&adpc, policy), BIT(MARKETING));

    parse(&adpc, "object=\"direct-marketing\", withdraw=identity", "", "");
    assert_int_equal(consent_adpc_withdrawn(&adpc, policy), BIT(MARKETING) | BIT(IDENTITY));

    parse(&adpc, "object=everything", "", "");
    assert_int_equal(consent_adpc_withdrawn(&adpc, policy), 0);
}


static void
specific_words_prevail_and_contradictions_are_no_consent(void **state)
{
    char            identity[128];
    consent_adpc_t  adpc;

    (void) state;

    id_of(identity, policy, "identity");

    parse(&adpc, "withdraw=*, object=direct-marketing, consent=\"%s\"", identity, "");
    assert_int_equal(consent_adpc_withdrawn(&adpc, policy), ALL & ~BIT(IDENTITY));
    assert_int_equal(consent_adpc_consented(&adpc, policy), BIT(IDENTITY));

    parse(&adpc, "consent=%s,withdraw=%s", identity, identity);
    assert_int_equal(consent_adpc_withdrawn(&adpc, policy), BIT(IDENTITY));
    assert_int_equal(consent_adpc_consented(&adpc, policy), 0);
}


static void
lines_add_up(void **state)
{
    consent_adpc_t  adpc;

    (void) state;

    memset(&adpc, 0, sizeof(adpc));
    consent_adpc_parse(&adpc, consent_lit("withdraw=identity"), policy);
    consent_adpc_parse(&adpc, consent_lit("withdraw=contact"), policy);
    assert_int_equal(consent_adpc_withdrawn(&adpc, policy), BIT(IDENTITY) | BIT(CONTACT));
}


static void
unknown_and_broken_members_are_passed_over(void **state)
{
    consent_adpc_t  adpc;

    static const char *const  rows[] = {
        "", ",", "=", "\"", "consent", "consent=", "consent=\"", "x=\"a,withdraw=*\"", "withdraw=\"", ",,,=,=,\"\"",
        "withdraw", "withdrawn=*", "object", "object="
    };

    (void) state;

    for (size_t i = 0; i < consent_countof(rows); i++) {
        parse(&adpc, rows[i], "", "");

        if (consent_adpc_withdrawn(&adpc, policy) != 0 || consent_adpc_consented(&adpc, policy) != 0) {
            fail_msg("%s", rows[i]);
        }
    }

    parse(&adpc, "junk, =x, withdraw=identity, \"", "", "");
    assert_int_equal(consent_adpc_withdrawn(&adpc, policy), BIT(IDENTITY));
}


static void
a_giant_line_gives_no_consent(void **state)
{
    char             identity[128];
    size_t           n;
    char            *value;
    consent_adpc_t   adpc;

    (void) state;

    id_of(identity, policy, "identity");

    value = malloc(1 << 20);

    n = (size_t) sprintf(value, "withdraw=contact, consent=\"%s", identity);
    memset(value + n, ' ', (1 << 20) - n);
    value[(1 << 20) - 1] = '"';

    memset(&adpc, 0, sizeof(adpc));
    consent_adpc_parse(&adpc, consent_slice(value, 1 << 20), policy);
    assert_int_equal(consent_adpc_consented(&adpc, policy), 0);
    assert_int_equal(consent_adpc_withdrawn(&adpc, policy), BIT(CONTACT));

    /* nor does one of very many words */
    for (n = 0; n < 4000; n += 2) {
        memcpy(value + n, "x ", 2);
    }

    n = (size_t) sprintf(value, "consent=\"%s", identity);
    value[n] = ' ';
    value[4000] = '"';

    memset(&adpc, 0, sizeof(adpc));
    consent_adpc_parse(&adpc, consent_slice(value, 4001), policy);
    assert_int_equal(consent_adpc_consented(&adpc, policy), 0);

    free(value);
}


static void
another_wording_is_another_request(void **state)
{
    char              now[128], then[128], other[128], *text, *place;
    consent_policy_t *changed;

    (void) state;

    text = strdup(policy_text);
    place = strstr(text, "Purpose identity");
    place[0] = 'X';

    changed = load(text);
    assert_non_null(changed);

    id_of(now, policy, "identity");
    id_of(then, changed, "identity");
    assert_string_not_equal(now, then);

    id_of(now, policy, "contact");
    id_of(other, changed, "contact");
    assert_string_equal(now, other);

    consent_policy_destroy(changed);
    free(text);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(gpc_is_the_digit_one),
        cmocka_unit_test(the_document_asks_for_what_is_a_choice),
        cmocka_unit_test(consent_counts_for_published_identifiers_only),
        cmocka_unit_test(withdrawing_takes_any_wording),
        cmocka_unit_test(objecting_takes_marketing),
        cmocka_unit_test(specific_words_prevail_and_contradictions_are_no_consent),
        cmocka_unit_test(lines_add_up),
        cmocka_unit_test(unknown_and_broken_members_are_passed_over),
        cmocka_unit_test(a_giant_line_gives_no_consent),
        cmocka_unit_test(another_wording_is_another_request)
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
