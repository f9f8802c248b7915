/*
 * Receipts as JSON-LD: the members that are promised, one status for each category, events with their times, and what
 * proves it, byte for byte.
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


static consent_past_t
past(int level, consent_status_t status, consent_time_t days_ago)
{
    consent_past_t  p;

    memset(&p, 0, sizeof(consent_past_t));
    p.policy = policy;
    p.decision.level = (int8_t) level;
    p.decision.granted = level >= 0 ? policy->levels[level].shares : 0;
    p.decision.status = (uint8_t) status;
    p.decision.scope = CONSENT_SCOPE_STANDING;
    p.decision.decided_at = PAGES_NOW - days_ago * PAGES_DAY;
    p.decision.expires_at = consent_duration_add(p.decision.decided_at, policy->valid_for);
    memset(p.decision.receipt, (int) (0x10 + days_ago), CONSENT_ID_LEN);

    return p;
}


static char *
receipt_text(const consent_receipt_t *receipt)
{
    consent_buf_t   b;
    consent_page_t  page;

    page = pages_page(policy, SV);
    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_json_receipt(&b, &page, receipt);

    return pages_text(&b);
}


/* A strict parser, which refuses a name that stands twice. */
static const consent_json_t *
parse(consent_arena_t **arena, const char *text)
{
    consent_json_t        *root;
    consent_json_error_t   err;

    *arena = consent_arena_create(1024 * 1024);

    if (consent_json_parse(&root, *arena, consent_cstr(text), 32, &err) != CONSENT_OK) {
        fail_msg("%u:%u: %s", err.line, err.column, err.what);
    }

    return root;
}


static bool
is(const consent_json_t *v, const char *text)
{
    return v != NULL && v->type == CONSENT_JSON_STRING && consent_slice_eq(v->text, consent_cstr(text));
}


static const consent_json_t *
record_of(const consent_json_t *root)
{
    return consent_json_get(root, "dpv:hasRecordOfActivity");
}


static void
test_a_receipt_embeds_its_record(void **state)
{
    char                  *text;
    consent_past_t         p;
    consent_arena_t       *arena;
    consent_receipt_t      receipt;
    const consent_json_t  *root, *record, *v;

    (void) state;

    p = past(2, CONSENT_STATUS_GIVEN, 0);
    receipt = pages_receipt(&p);
    text = receipt_text(&receipt);
    root = parse(&arena, text);

    assert_true(is(consent_json_get(root, "@id"), "urn:uuid:10101010-1010-1010-1010-101010101010"));
    assert_true(is(consent_json_get(root, "@type"), "dpv:ConsentReceipt"));
    assert_true(is(consent_json_get(root, "dct:conformsTo"),
                   "https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr"));
    assert_true(is(consent_json_get(root, "dct:identifier"), "10101010101010101010101010101010"));
    assert_true(is(consent_json_get(root, "receipt"), "10101010101010101010101010101010"));
    assert_null(consent_json_get(root, "environment"));
    assert_null(consent_json_get(root, "dct:isReplacedBy"));
    assert_true(is(consent_json_get(consent_json_get(root, "@context"), "dpv"), "https://w3id.org/dpv#"));

    record = record_of(root);
    assert_true(is(consent_json_get(record, "@type"), "dpv:ConsentRecord"));
    assert_true(is(consent_json_get(record, "dct:conformsTo"),
                   "https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr"));
    assert_true(is(consent_json_get(record, "dct:identifier"), "consent.example.org/node1/17"));
    assert_true(is(consent_json_get(consent_json_get(record, "dpv:hasDataSubject"), "dct:identifier"),
                   "01234500000000000000000000000000"));
    assert_true(is(consent_json_get(record, "dpv:hasJurisdiction"), "loc:SE"));

    v = consent_json_get(record, "dpv:hasDataController");
    assert_true(is(consent_json_get(v, "dpv:hasName"), "Exempelkommun"));
    assert_true(is(consent_json_get(v, "dpv:hasAddress"), "Storgatan 1, 123 45 Exempel"));
    assert_int_equal(consent_json_get(v, "dpv:hasContact")->count, 2);

    v = consent_json_get(record, "dpv:hasNotice");
    assert_int_equal(v->count, 2);
    assert_true(is(consent_json_get(v->first, "dct:identifier"), "sha256:ab"));
    assert_true(is(consent_json_get(v->first, "dct:language"), "sv"));

    consent_arena_destroy(arena);
    free(text);
}


static void
test_each_category_is_a_process_with_its_facts(void **state)
{
    size_t                 n;
    char                  *text;
    consent_past_t         p;
    consent_arena_t       *arena;
    consent_receipt_t      receipt;
    const consent_json_t  *processes, *v, *storage;

    (void) state;

    p = past(2, CONSENT_STATUS_GIVEN, 0);
    receipt = pages_receipt(&p);
    text = receipt_text(&receipt);
    processes = consent_json_get(record_of(parse(&arena, text)), "dpv:hasProcess");

    assert_int_equal(processes->type, CONSENT_JSON_ARRAY);
    assert_int_equal(processes->count, (size_t) __builtin_popcountll(policy->consent_mask));

    for (v = processes->first, n = 0; v != NULL; v = v->next, n++) {
        assert_true(is(consent_json_get(v, "@type"), "dpv:Process"));
        assert_non_null(consent_json_get(consent_json_get(v, "dpv:hasPurpose"), "@type"));
        assert_int_equal(consent_json_get(consent_json_get(v, "dpv:hasPurpose"), "dct:description")->count, 3);
        assert_true(consent_json_get(v, "dpv:hasPersonalData")->count != 0);
        assert_true(consent_json_get(v, "dpv:hasRecipient")->count != 0);
        storage = consent_json_get(v, "dpv:hasStorageCondition");
        assert_true(is(consent_json_get(storage->first, "@type"), "dpv:StorageLocation"));
        assert_true(consent_json_get(storage->first, "dpv:hasLocation")->count != 0);
        assert_non_null(consent_json_get(storage->first->next, "dpv:hasDuration"));

        if (is(consent_json_get(v, "dct:identifier"), "health")) {
            assert_true(is(consent_json_get(v, "dpv:hasLegalBasis"), "eu-gdpr:A9-2-a"));
            assert_true(is(consent_json_get(v, "dpv:hasPersonalData")->first->next, "dpv:SpecialCategoryPersonalData"));

        } else {
            assert_true(is(consent_json_get(v, "dpv:hasLegalBasis"), "eu-gdpr:A6-1-a"));
        }
    }

    consent_arena_destroy(arena);
    free(text);
}


/* The statuses of contact, identity and location, and the events; '-' where there are no more. */
static void
test_each_category_has_its_fate(void **state)
{
    size_t                 i, k;
    char                  *text;
    consent_past_t         p, before, later;
    consent_arena_t       *arena;
    consent_receipt_t      receipt;
    const consent_json_t  *v, *record;

    static const struct {
        int               row;
        int               level;
        consent_status_t  status;
        consent_time_t    days_ago;
        int               before;           /* level 90 days before; -1: nothing */
        consent_time_t    later;            /* replaced so many days ago; -1: never */
        consent_mask_t    lapsed;
        const char       *fates[3];
        const char       *events[3];
    } cases[] = {
        { __LINE__, 2, CONSENT_STATUS_GIVEN, 1, -1, -1, 0,
          { "Given", "Given", "Refused" }, { "Given", NULL, NULL } },
        { __LINE__, 0, CONSENT_STATUS_REFUSED, 1, -1, -1, 0,
          { "Refused", "Refused", "Refused" }, { "Refused", NULL, NULL } },
        { __LINE__, 0, CONSENT_STATUS_WITHDRAWN, 1, 1, -1, 0,
          { "Withdrawn", "Refused", "Refused" }, { "Withdrawn", NULL, NULL } },
        { __LINE__, 0, CONSENT_STATUS_WITHDRAWN, 1, -1, -1, 0,
          { "Withdrawn", "Withdrawn", "Withdrawn" }, { "Withdrawn", NULL, NULL } },
        { __LINE__, 1, CONSENT_STATUS_LOWERED, 1, 2, -1, 0,
          { "Given", "Withdrawn", "Refused" }, { "Given", "Withdrawn", NULL } },
        { __LINE__, 2, CONSENT_STATUS_GIVEN, 200, -1, -1, 0,
          { "Expired", "Expired", "Refused" }, { "Given", "Expired", NULL } },
        { __LINE__, 2, CONSENT_STATUS_GIVEN, 200, -1, 100, 0,
          { "Given", "Given", "Refused" }, { "Given", NULL, NULL } },
        { __LINE__, 2, CONSENT_STATUS_GIVEN, 200, -1, 1, 0,
          { "Expired", "Expired", "Refused" }, { "Given", "Expired", NULL } },
        { __LINE__, 2, CONSENT_STATUS_GIVEN, 10, -1, -1, 1 | 4,
          { "Invalidated", "Given", "Refused" }, { "Given", "Invalidated", NULL } },
        { __LINE__, 0, CONSENT_STATUS_REFUSED, 200, -1, -1, 0,
          { "Refused", "Refused", "Refused" }, { "Refused", NULL, NULL } },
        { __LINE__, 0, CONSENT_STATUS_REFUSED, 1, 2, -1, 0,
          { "Withdrawn", "Withdrawn", "Refused" }, { "Withdrawn", NULL, NULL } },
        { __LINE__, 0, CONSENT_STATUS_LAPSED, 1, 2, -1, 0,
          { "Invalidated", "Invalidated", "Refused" }, { "Invalidated", NULL, NULL } },
        { __LINE__, 0, CONSENT_STATUS_LAPSED, 1, 1, 0, 0,
          { "Invalidated", "Refused", "Refused" }, { "Invalidated", NULL, NULL } },
        { __LINE__, 0, CONSENT_STATUS_EXPIRED, 1, 1, -1, 0,
          { "Expired", "Refused", "Refused" }, { "Expired", NULL, NULL } }
    };

    (void) state;

    for (i = 0; i < consent_countof(cases); i++) {
        p = past(cases[i].level, cases[i].status, cases[i].days_ago);
        before = past(cases[i].before, CONSENT_STATUS_GIVEN, 90);
        later = past(0, CONSENT_STATUS_REFUSED, cases[i].later);

        receipt = pages_receipt(&p);
        receipt.before = cases[i].before >= 0 ? &before : NULL;
        receipt.later = cases[i].later >= 0 ? &later : NULL;
        receipt.lapsed = cases[i].lapsed;
        receipt.lapsed_at = PAGES_NOW - 2 * PAGES_DAY;

        text = receipt_text(&receipt);
        record = record_of(parse(&arena, text));

        for (v = consent_json_get(record, "dpv:hasProcess")->first, k = 0; k < 3; v = v->next, k++) {
            if (!consent_slice_eq(consent_slice(consent_json_get(v, "dpv:hasConsentStatus")->text.data + 11,
                                                consent_json_get(v, "dpv:hasConsentStatus")->text.len - 11),
                                  consent_cstr(cases[i].fates[k])))
            {
                fail_msg("line %d: category %zu is not %s", cases[i].row, k, cases[i].fates[k]);
            }
        }

        v = consent_json_get(record, "dpv:hasConsentStatus")->first;

        for (k = 0; k < 3 && cases[i].events[k] != NULL; v = v->next, k++) {
            if (v == NULL
                || !consent_slice_eq(consent_slice(consent_json_get(v, "@type")->first->text.data + 11,
                                                   consent_json_get(v, "@type")->first->text.len - 11),
                                     consent_cstr(cases[i].events[k])))
            {
                fail_msg("line %d: event %zu is not %s", cases[i].row, k, cases[i].events[k]);
            }

            assert_non_null(consent_json_get(v, "dpv:isIndicatedAtTime"));
            assert_non_null(consent_json_get(v, "dpv:isIndicatedBy"));
            assert_non_null(consent_json_get(v, "dpv:hasDuration"));
        }

        if (v != NULL) {
            fail_msg("line %d: more events", cases[i].row);
        }

        assert_int_equal(strstr(text, "dct:isReplacedBy\":\"urn") != NULL, cases[i].later >= 0);
        assert_lacks(text, "ConsentTerminated");
        consent_arena_destroy(arena);
        free(text);
    }
}


/* What was decided for one request is neither over nor replaced. */
static void
test_once_is_one_occurrence(void **state)
{
    char               *text;
    consent_past_t      p;
    consent_receipt_t   receipt;

    (void) state;

    p = past(1, CONSENT_STATUS_GIVEN, 1);
    p.decision.scope = CONSENT_SCOPE_ONCE;
    p.decision.expires_at = p.decision.decided_at;
    receipt = pages_receipt(&p);
    text = receipt_text(&receipt);
    assert_has(text, "\"@type\":\"dpv:FixedOccurrencesDuration\",\"rdf:value\":\"1\"");
    assert_lacks(text, "ConsentExpired\",\"dpv:ExpressedConsent\"]");
    assert_lacks(text, "[\"dpv:ConsentExpired\"]");
    free(text);
}


static void
test_who_acted_is_told(void **state)
{
    size_t              i;
    char               *text;
    consent_past_t      p;
    consent_receipt_t   receipt;

    static const struct {
        consent_by_t  by;
        const char   *says;
    } cases[] = {
        { CONSENT_BY_SELF, "\"dpv:isIndicatedBy\":\"dpv:DataSubject\"" },
        { CONSENT_BY_GUARDIAN, "\"dpv:isIndicatedBy\":\"dpv:GuardianOfDataSubject\"" },
        { CONSENT_BY_REPRESENTATIVE, "\"dpv:isIndicatedBy\":\"dpv:Representative\"" },
        { CONSENT_BY_CLERK, "\"dpv:isIndicatedBy\":\"dpv:DataController\"" },
        { CONSENT_BY_SIGNAL, "\"dpv:isIndicatedBy\":\"dpv:DataSubject\"" }
    };

    (void) state;

    for (i = 0; i < consent_countof(cases); i++) {
        p = past(1, CONSENT_STATUS_GIVEN, 1);
        p.decision.by = (uint8_t) cases[i].by;
        receipt = pages_receipt(&p);
        text = receipt_text(&receipt);
        assert_has(text, cases[i].says);
        free(text);
    }
}


static void
test_the_evidence_is_what_is_in_the_log(void **state)
{
    char                  *text;
    consent_past_t         p;
    consent_arena_t       *arena;
    consent_receipt_t      receipt;
    const consent_json_t  *v;

    (void) state;

    p = past(1, CONSENT_STATUS_GIVEN, 0);
    receipt = pages_receipt(&p);
    receipt.entry = consent_lit("{\"a\":\"<\\\"&\xc3\xa5\xe2\x80\xa8\\\\\"}");
    text = receipt_text(&receipt);
    v = consent_json_get(parse(&arena, text), "evidence");
    assert_true(is(consent_json_get(v, "status"), "complete"));
    assert_true(consent_slice_eq(consent_json_get(v, "entry")->text, receipt.entry));
    assert_true(consent_slice_eq(consent_json_get(v, "proof")->text, receipt.proof));
    assert_true(is(consent_json_get(consent_json_get(v, "opening"), "nonce"), "6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e"));
    assert_has(text, "\"time\":1795422660000}");
    consent_arena_destroy(arena);
    free(text);

    /* before it is published, */

    receipt.proof.len = 0;
    text = receipt_text(&receipt);
    v = consent_json_get(parse(&arena, text), "evidence");
    assert_true(is(consent_json_get(v, "status"), "pending"));
    assert_int_equal(consent_json_get(v, "proof")->type, CONSENT_JSON_NULL);
    assert_int_equal(consent_json_get(v, "entry")->type, CONSENT_JSON_STRING);
    consent_arena_destroy(arena);
    free(text);

    /* where the store is damaged, or was pruned, */

    receipt.entry.len = 0;
    receipt.opening.key.len = 0;
    text = receipt_text(&receipt);
    v = consent_json_get(parse(&arena, text), "evidence");
    assert_true(is(consent_json_get(v, "status"), "none"));
    assert_int_equal(consent_json_get(v, "index")->type, CONSENT_JSON_NUMBER);
    assert_int_equal(consent_json_get(v, "proof")->type, CONSENT_JSON_NULL);
    assert_int_equal(consent_json_get(v, "entry")->type, CONSENT_JSON_NULL);
    assert_int_equal(consent_json_get(v, "opening")->type, CONSENT_JSON_NULL);
    consent_arena_destroy(arena);
    free(text);
}


static void
test_what_has_no_entry_here_says_so(void **state)
{
    char                  *text;
    consent_buf_t          b;
    consent_page_t         page;
    consent_past_t         p;
    consent_arena_t       *arena;
    consent_receipt_t      receipt;
    const consent_json_t  *root, *v;

    (void) state;

    page = pages_page(policy, EN);
    p = past(1, CONSENT_STATUS_GIVEN, 0);
    receipt = pages_receipt(&p);
    receipt.index = CONSENT_RECEIPT_NO_INDEX;
    receipt.entry.len = receipt.proof.len = 0;

    text = receipt_text(&receipt);
    root = parse(&arena, text);
    v = consent_json_get(root, "evidence");
    assert_true(is(consent_json_get(v, "status"), "none"));
    assert_int_equal(consent_json_get(v, "index")->type, CONSENT_JSON_NULL);
    assert_int_equal(consent_json_get(v, "opening")->type, CONSENT_JSON_NULL);
    assert_true(consent_slice_eq(consent_json_get(consent_json_get(root, "dpv:hasRecordOfActivity"), "dct:identifier")->text,
                                 consent_json_get(root, "receipt")->text));
    assert_lacks(text, "18446744073709551615");
    consent_arena_destroy(arena);
    free(text);

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_page_receipt(&b, &page, &receipt);
    text = pages_text(&b);
    pages_assert_sound(text);
    assert_has(text, "its proof is not here");
    assert_lacks(text, "in a moment");
    assert_lacks(text, "in a log");
    free(text);
}


static void
test_an_unknown_version_has_no_processes(void **state)
{
    char                  *text;
    consent_past_t         p;
    consent_arena_t       *arena;
    consent_receipt_t      receipt;
    const consent_json_t  *root;

    (void) state;

    p = past(1, CONSENT_STATUS_WITHDRAWN, 0);
    p.policy = NULL;
    policy->test = true;
    receipt = pages_receipt(&p);
    text = receipt_text(&receipt);
    policy->test = false;
    root = parse(&arena, text);
    assert_int_equal(consent_json_get(record_of(root), "dpv:hasProcess")->count, 0);
    assert_true(is(consent_json_get(root, "environment"), "test"));
    assert_int_equal(consent_json_get(consent_json_get(root, "decision"), "level")->type, CONSENT_JSON_NULL);
    consent_arena_destroy(arena);
    free(text);
}


static void
test_the_page_tells_what_became_of_it(void **state)
{
    char               *text;
    consent_buf_t       b;
    consent_page_t      page;
    consent_past_t      p, before, later;
    consent_receipt_t   receipt;

    (void) state;

    page = pages_page(policy, EN);
    p = past(1, CONSENT_STATUS_LOWERED, 200);
    before = past(2, CONSENT_STATUS_GIVEN, 201);
    later = past(0, CONSENT_STATUS_REFUSED, 3);
    receipt = pages_receipt(&p);
    receipt.before = &before;
    receipt.later = &later;
    receipt.lapsed = 3;
    receipt.proof.len = 0;

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_page_receipt(&b, &page, &receipt);
    text = pages_text(&b);
    pages_assert_sound(text);

    assert_has(text, "The choice ran out <time");
    assert_has(text, "You made a new choice <time");
    assert_has(text, "href=\"/.privacy/receipt/13131313131313131313131313131313\">Show that receipt</a>");
    assert_has(text, "We have changed how we use: Email and phone number. The choice no longer applies to it.");
    assert_has(text, "<h2>What you stopped sharing</h2>");
    assert_has(text, "<li>Personal identity number</li>");
    assert_has(text, "number 17 in a log");
    assert_has(text, "The proof is ready in a moment.");
    assert_lacks(text, "/proof\"");
    assert_has(text, "/entry\" download=\"receipt-d8d8d8d8-entry.json\"");
    free(text);

    receipt.proof = consent_lit("p");
    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_page_receipt(&b, &page, &receipt);
    text = pages_text(&b);
    assert_lacks(text, "in a moment");
    assert_has(text, "/proof\" download=\"receipt-d8d8d8d8.tlog-proof\"");
    free(text);
}


/* Nobody chose that what she shared ended with a restored store. */
static void
test_the_page_of_a_lapse_names_nobodys_choice(void **state)
{
    char               *text;
    consent_buf_t       b;
    consent_page_t      page;
    consent_past_t      p, before;
    consent_receipt_t   receipt;

    (void) state;

    page = pages_page(policy, EN);
    p = past(0, CONSENT_STATUS_LAPSED, 1);
    p.decision.by = CONSENT_BY_CLERK;
    p.decision.method = CONSENT_METHOD_OPERATOR;
    before = past(2, CONSENT_STATUS_GIVEN, 2);
    receipt = pages_receipt(&p);
    receipt.before = &before;

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_page_receipt(&b, &page, &receipt);
    text = pages_text(&b);
    pages_assert_sound(text);
    assert_has(text, "Your choice stopped applying, because we had to restore our records from a copy.");
    assert_has(text, "<h2>What no longer applies</h2>");
    assert_lacks(text, "What you stopped sharing");
    assert_lacks(text, "Our staff");
    assert_lacks(text, "How long");
    free(text);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_a_receipt_embeds_its_record),
        cmocka_unit_test(test_each_category_is_a_process_with_its_facts),
        cmocka_unit_test(test_each_category_has_its_fate),
        cmocka_unit_test(test_once_is_one_occurrence),
        cmocka_unit_test(test_who_acted_is_told),
        cmocka_unit_test(test_the_evidence_is_what_is_in_the_log),
        cmocka_unit_test(test_what_has_no_entry_here_says_so),
        cmocka_unit_test(test_an_unknown_version_has_no_processes),
        cmocka_unit_test(test_the_page_tells_what_became_of_it),
        cmocka_unit_test(test_the_page_of_a_lapse_names_nobodys_choice),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
