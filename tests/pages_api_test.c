/*
 * The API's objects: exactly the members that programs are promised, whatever a policy says.
 */

#include "pages.h"

static consent_policy_t  *policy;


static int
setup(void **state)
{
    (void) state;
    policy = pages_policy();

    return 0;
}


static int
teardown(void **state)
{
    (void) state;
    consent_policy_destroy(policy);

    return 0;
}


static const consent_json_t *
parse(consent_arena_t **arena, const char *text)
{
    consent_json_t        *root;
    consent_json_error_t   err;

    *arena = consent_arena_create(4 << 20);
    assert_non_null(*arena);

    if (consent_json_parse(&root, *arena, consent_cstr(text), 64, &err) != CONSENT_OK) {
        fail_msg("%s at %u:%u: %s", err.what, err.line, err.column, text);
    }

    return root;
}


static bool
is(const consent_json_t *v, const char *text)
{
    return v != NULL && v->type == CONSENT_JSON_STRING && consent_slice_eq(v->text, consent_cstr(text));
}


static void
test_state_has_the_promised_members(void **state)
{
    char              *text;
    consent_buf_t      b;
    consent_effect_t   effect;

    (void) state;

    effect = pages_chose(policy, 2);
    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_json_state(&b, policy, &effect);
    text = pages_text(&b);
    assert_string_equal(text,
        "{\"policy\":\"exempelkommun\",\"policy_version\":\"2026-11-22\",\"level\":\"forms\","
        "\"categories\":[\"contact\",\"identity\"],\"status\":\"given\",\"scope\":\"standing\",\"ai\":\"any\","
        "\"decided_at\":\"2026-11-23T08:15:00Z\",\"expires_at\":\"2027-05-23T08:15:00Z\","
        "\"receipt\":\"abababababababababababababababab\"}");
    free(text);

    effect = pages_nothing();
    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_json_state(&b, policy, &effect);
    text = pages_text(&b);
    assert_string_equal(text,
        "{\"policy\":\"exempelkommun\",\"policy_version\":\"2026-11-22\",\"level\":\"needed\",\"categories\":[],"
        "\"status\":\"none\",\"scope\":\"session\",\"ai\":\"any\",\"decided_at\":null,\"expires_at\":null,"
        "\"receipt\":null}");
    free(text);

    effect = pages_chose(policy, 0);
    effect.chosen = CONSENT_LEVEL_CUSTOM;
    effect.granted = 4;
    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_json_state(&b, policy, &effect);
    text = pages_text(&b);
    assert_has(text, "\"level\":\"custom\",\"categories\":[\"location\"]");
    free(text);
}


static void
test_history_tells_decisions(void **state)
{
    char             *text;
    consent_buf_t     b;
    consent_past_t    pasts[2];

    (void) state;

    memset(pasts, 0, sizeof(pasts));
    pasts[0].policy = policy;
    pasts[0].decision.level = 1;
    pasts[0].decision.granted = 1;
    pasts[0].decision.status = CONSENT_STATUS_GIVEN;
    pasts[0].decision.decided_at = PAGES_NOW;
    pasts[0].decision.expires_at = PAGES_NOW + 1000;
    memset(pasts[0].decision.receipt, 1, CONSENT_ID_LEN);
    pasts[1].decision.status = CONSENT_STATUS_WITHDRAWN;
    pasts[1].decision.level = 3;
    pasts[1].decision.granted = 4;
    pasts[1].decision.decided_at = PAGES_NOW;
    memset(pasts[1].decision.receipt, 2, CONSENT_ID_LEN);

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_json_history(&b, pasts, 2);
    text = pages_text(&b);
    assert_string_equal(text,
        "{\"decisions\":[{\"receipt\":\"01010101010101010101010101010101\",\"policy\":\"exempelkommun\","
        "\"policy_version\":\"2026-11-22\",\"level\":\"contact\",\"categories\":[\"contact\"],\"status\":\"given\","
        "\"scope\":\"session\",\"ai\":\"any\",\"by\":\"self\",\"method\":\"form\","
        "\"decided_at\":\"2026-11-23T08:31:00Z\",\"expires_at\":\"2026-11-23T08:31:01Z\"},"
        "{\"receipt\":\"02020202020202020202020202020202\",\"policy\":null,\"policy_version\":null,\"level\":null,"
        "\"categories\":null,\"status\":\"withdrawn\",\"scope\":\"session\",\"ai\":\"any\",\"by\":\"self\","
        "\"method\":\"form\",\"decided_at\":\"2026-11-23T08:31:00Z\",\"expires_at\":null}]}");
    free(text);

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_json_history(&b, NULL, 0);
    text = pages_text(&b);
    assert_string_equal(text, "{\"decisions\":[]}");
    free(text);
}


static void
test_problems_have_their_status_and_the_way_on(void **state)
{
    size_t                  i;
    char                   *text;
    consent_buf_t           b;
    consent_page_t          page;
    consent_arena_t        *arena;
    consent_problem_t       problem;
    const consent_json_t   *root, *human;

    static const struct {
        consent_problem_type_t  type;
        unsigned                given;
        unsigned                status;
        const char             *uri;
    } cases[] = {
        { CONSENT_PROBLEM_CONSENT_REQUIRED, 0, 403, "/.privacy/problems/consent-required" },
        { CONSENT_PROBLEM_BODY_REFUSED, 0, 403, "/.privacy/problems/body-refused" },
        { CONSENT_PROBLEM_PATH_REFUSED, 0, 403, "/.privacy/problems/path-refused" },
        { CONSENT_PROBLEM_POLICY_CHANGED, 0, 409, "/.privacy/problems/policy-changed" },
        { CONSENT_PROBLEM_CSRF, 0, 403, "/.privacy/problems/cross-site" },
        { CONSENT_PROBLEM_MALFORMED, 0, 400, "/.privacy/problems/malformed" },
        { CONSENT_PROBLEM_TOO_LARGE, 0, 413, "/.privacy/problems/too-large" },
        { CONSENT_PROBLEM_MEDIA_TYPE, 0, 415, "/.privacy/problems/media-type" },
        { CONSENT_PROBLEM_NOT_FOUND, 0, 404, "/.privacy/problems/not-found" },
        { CONSENT_PROBLEM_METHOD, 0, 405, "/.privacy/problems/method" },
        { CONSENT_PROBLEM_NOT_SAVED, 0, 503, "/.privacy/problems/not-saved" },
        { CONSENT_PROBLEM_UPSTREAM, 504, 504, "/.privacy/problems/unavailable" },
        { CONSENT_PROBLEM_BUSY, 0, 429, "/.privacy/problems/busy" },
        { CONSENT_PROBLEM_PERSON, 0, 403, "/.privacy/problems/person" },
        { CONSENT_PROBLEM_NOT_OPEN, 0, 403, "/.privacy/problems/not-open" }
    };

    (void) state;

    page = pages_page(policy, FI);

    for (i = 0; i < consent_countof(cases); i++) {
        memset(&problem, 0, sizeof(consent_problem_t));
        problem.type = cases[i].type;
        problem.status = cases[i].given;
        problem.code = consent_lit("3f9a01c7");
        problem.categories = 2;
        problem.level = 2;
        problem.detail = "a \"technical\" word";
        assert_int_equal(consent_problem_status(&problem), cases[i].status);

        consent_buf_init(&b, CONSENT_PAGE_MAX);
        consent_json_problem(&b, &page, &problem);
        text = pages_text(&b);
        root = parse(&arena, text);

        assert_true(is(consent_json_get(root, "type"), cases[i].uri));
        assert_true(is(consent_json_get(root, "code"), "3f9a01c7"));
        assert_true(is(consent_json_get(root, "level"), "forms"));
        assert_true(is(consent_json_get(root, "detail"), "a \"technical\" word"));
        assert_true(is(consent_json_get(root, "choice"), "/.privacy/"));
        assert_int_equal(consent_json_get(root, "title")->type, CONSENT_JSON_STRING);
        assert_true(is(consent_json_get(consent_json_get(root, "categories")->first, "title"), "Henkilötunnus"));
        human = consent_json_get(root, "human");
        assert_true(is(consent_json_get(human, "name"), "Asiakaspalvelu"));
        assert_true(is(consent_json_get(human, "url"), "/.privacy/human"));
        assert_int_equal(consent_json_get(human, "channels")->count, policy->n_channels);
        consent_arena_destroy(arena);
        free(text);
    }

    memset(&problem, 0, sizeof(consent_problem_t));
    problem.type = CONSENT_PROBLEM_NOT_FOUND;
    problem.level = -1;
    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_json_problem(&b, &page, &problem);
    text = pages_text(&b);
    assert_lacks(text, "\"level\"");
    assert_lacks(text, "\"code\"");
    assert_lacks(text, "\"categories\"");
    assert_lacks(text, "\"detail\"");
    free(text);
}


/* Every $ref leads somewhere within the document. */
static void
check_refs(const consent_json_t *root, const consent_json_t *v)
{
    size_t                 n;
    char                   name[64];
    const char            *p;
    const consent_json_t  *child, *at;

    if (v->type == CONSENT_JSON_STRING && consent_slice_eq(v->name, consent_lit("$ref"))) {
        at = root;

        for (p = (const char *) v->text.data + 2; p < (const char *) v->text.data + v->text.len; p += n + 1) {
            for (n = 0; p + n < (const char *) v->text.data + v->text.len && p[n] != '/'; n++) { /* void */ }
            assert_true(n < sizeof(name));
            memcpy(name, p, n);
            name[n] = '\0';
            at = consent_json_get(at, name);

            if (at == NULL) {
                fail_msg("%.*s leads nowhere", (int) v->text.len, (const char *) v->text.data);
            }
        }
    }

    for (child = v->first; child != NULL; child = child->next) {
        check_refs(root, child);
    }
}


static void
test_openapi_describes_what_there_is(void **state)
{
    size_t                 i, k;
    char                  *text;
    consent_buf_t          b;
    consent_page_t         page;
    consent_arena_t       *arena;
    consent_slice_t        version;
    const consent_json_t  *root, *paths, *schemas, *methods;

    static const char *const  promised[][4] = {
        { "/state", "get", "put", "delete" },
        { "/history", "get", NULL, NULL },
        { "/handoffs", "post", NULL, NULL },
        { "/handoffs/{id}", "parameters", "get", "post" },
        { "/record", "get", "delete", NULL },
        { "/receipts/{id}", "parameters", "get", NULL },
        { "/receipts/{id}/proof", "parameters", "get", NULL },
        { "/receipts/{id}/entry", "parameters", "get", NULL },
        { "/policy", "get", NULL, NULL }
    };

    (void) state;

    version = policy->version;
    policy->version = consent_lit("\"1\\</script>");
    page = pages_page(policy, SV);
    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_json_openapi(&b, &page);
    policy->version = version;
    text = pages_text(&b);
    root = parse(&arena, text);

    assert_true(is(consent_json_get(root, "openapi"), "3.1.0"));
    assert_true(is(consent_json_get(consent_json_get(root, "info"), "x-policy-version"), "\"1\\</script>"));
    assert_true(is(consent_json_get(consent_json_get(root, "servers")->first, "url"), "/.privacy/api/v1"));
    check_refs(root, root);

    paths = consent_json_get(root, "paths");
    assert_int_equal(paths->count, consent_countof(promised));

    for (i = 0; i < consent_countof(promised); i++) {
        methods = consent_json_get(paths, promised[i][0]);
        assert_non_null(methods);
        assert_int_equal(methods->count, 1U + (promised[i][2] != NULL) + (promised[i][3] != NULL));

        for (k = 1; k < 4 && promised[i][k] != NULL; k++) {
            assert_non_null(consent_json_get(methods, promised[i][k]));
        }
    }

    schemas = consent_json_get(consent_json_get(root, "components"), "schemas");
    assert_int_equal(consent_json_get(consent_json_get(schemas, "Level"), "enum")->count, policy->n_levels + 1);
    assert_int_equal(consent_json_get(consent_json_get(schemas, "Category"), "enum")->count, 5);
    consent_arena_destroy(arena);
    free(text);
}


/* The description and the objects, held together: the members are the same. */
static void
test_openapi_names_the_members_that_are_written(void **state)
{
    size_t                 n;
    char                   name[64];
    char                  *text, *described;
    consent_buf_t          b;
    consent_page_t         page;
    consent_past_t         past;
    consent_arena_t       *arena, *other;
    consent_effect_t       effect;
    const consent_json_t  *v, *schemas, *properties, *root;

    (void) state;

    page = pages_page(policy, SV);
    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_json_openapi(&b, &page);
    described = pages_text(&b);
    schemas = consent_json_get(consent_json_get(parse(&arena, described), "components"), "schemas");

    effect = pages_chose(policy, 1);
    memset(&past, 0, sizeof(consent_past_t));
    past.policy = policy;
    memset(past.decision.receipt, 1, CONSENT_ID_LEN);

    for (n = 0; n < 2; n++) {
        consent_buf_init(&b, CONSENT_PAGE_MAX);

        if (n == 0) {
            consent_json_state(&b, policy, &effect);

        } else {
            consent_json_history(&b, &past, 1);
        }

        text = pages_text(&b);
        root = parse(&other, text);
        root = n == 0 ? root : consent_json_get(root, "decisions")->first;
        properties = consent_json_get(consent_json_get(schemas, n == 0 ? "State" : "Decision"), "properties");
        assert_int_equal(properties->count, root->count);

        for (v = root->first; v != NULL; v = v->next) {
            snprintf(name, sizeof(name), "%.*s", (int) v->name.len, (const char *) v->name.data);

            if (consent_json_get(properties, name) == NULL) {
                fail_msg("%s is not described", name);
            }
        }

        consent_arena_destroy(other);
        free(text);
    }

    consent_arena_destroy(arena);
    free(described);
}


static void
test_small_documents(void **state)
{
    char             *text;
    consent_buf_t     b;
    consent_page_t    page;

    static const consent_ai_place_t  place = {
        consent_lit("/a"), consent_lit("on"), consent_lit("machine-generated"), consent_lit("m\"\r\n"), consent_lit(""),
        false
    };

    (void) state;

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_json_gpc(&b, PAGES_NOW);
    text = pages_text(&b);
    assert_string_equal(text, "{\"gpc\":true,\"lastUpdate\":\"2026-11-23\"}");
    free(text);

    page = pages_page(policy, SV);
    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_json_ai(&b, &page, &place, 1);
    text = pages_text(&b);
    assert_has(text,
        "{\"policy\":\"exempelkommun\",\"principal\":\"Exempelkommun\",\"places\":[{\"path\":\"/a\",\"kind\":\"on\","
        "\"mode\":\"machine-generated\",\"model\":\"m\\\"\\r\\n\"}],\"marks\":{\"html\":");
    assert_has(text, "\"human_only_topics\":[\"complaint\",\"legal\"]");
    assert_has(text, "\"human\":{\"name\":");
    free(text);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_state_has_the_promised_members),
        cmocka_unit_test(test_history_tells_decisions),
        cmocka_unit_test(test_problems_have_their_status_and_the_way_on),
        cmocka_unit_test(test_openapi_describes_what_there_is),
        cmocka_unit_test(test_openapi_names_the_members_that_are_written),
        cmocka_unit_test(test_small_documents)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
