/*
 * The policy that the tests of the minimize room share, and what they compare with.
 */

#ifndef TESTS_MINIMIZE_H
#define TESTS_MINIMIZE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "minimize/minimize.h"

#define CATEGORY(id, purpose, more, carriers)                                                                      \
    "{\"id\":\"" id "\",\"title\":{\"sv\":\"Rubrik " id "\",\"en\":\"Title " id "\"},"                             \
    "\"purpose\":{\"type\":\"dpv:" purpose "\",\"text\":{\"sv\":\"Syfte " id "\",\"en\":\"Purpose " id "\"}},"     \
    "\"data_type\":\"pd:Identifying\",\"recipients\":[\"Exempelkommun\"],\"storage\":[\"SE\"],"                    \
    "\"retention\":\"P12M\"," more ",\"carriers\":{" carriers "}}"

#define CONSENT_BASIS  "\"legal_basis\":\"consent\",\"special\":false,\"gpc\":false"

enum { CONTACT, IDENTITY, STATISTICS, MARKETING, HEALTH, CASE };

#define BIT(category)  ((consent_mask_t) 1 << (category))

static const char  policy_text[] =
    "{\"id\":\"kommun\",\"version\":\"1\",\"languages\":[\"sv\",\"en\"],"
    "\"controller\":{\"name\":\"Kommun\",\"type\":\"public authority\",\"jurisdiction\":\"SE\","
    "\"address\":\"Storgatan 1\",\"email\":\"a@kommun.example\",\"phone\":\"+46 8 000 00 00\","
    "\"url\":\"https://kommun.example\",\"authority\":{\"name\":\"IMY\",\"url\":\"https://www.imy.se\"}},"
    "\"consent\":{\"valid_for\":\"P6M\",\"privacy_notice\":\"https://kommun.example/p\"},"
    "\"categories\":["
    CATEGORY("contact", "CommunicationManagement", CONSENT_BASIS,
        "\"headers\":[\"X-User-Email\"],\"cookies\":[\"epost\"],\"args\":[\"email\"],\"set_cookies\":[\"epost\"]") ","
    CATEGORY("identity", "RequestedServiceProvision",
        CONSENT_BASIS ",\"core_for\":[\"/overklaga/**\",\"/ärende/*\"]",
        "\"headers\":[\"X-Personnummer\"],\"cookies\":[\"pnr\",\"person_nr\"],"
        "\"args\":[\"pnr\",\"person_nr\",\"personnummer\"],\"set_cookies\":[\"pnr\",\"__Host-pnr\"],"
        "\"paths\":[\"/person/*\"]") ","
    CATEGORY("statistics", "ServiceUsageAnalytics",
        "\"legal_basis\":\"consent\",\"special\":false,\"gpc\":true",
        "\"cookies\":[\"_ga*\"],\"args\":[\"utm_*\"]") ","
    CATEGORY("marketing", "DirectMarketing", CONSENT_BASIS, "\"cookies\":[\"kampanj\"]") ","
    CATEGORY("health", "RequestedServiceProvision",
        "\"legal_basis\":\"consent\",\"special\":true,\"gpc\":false", "\"args\":[\"halsa\"]") ","
    CATEGORY("case", "RequestedServiceProvision", "\"legal_basis\":\"public-task\"",
        "\"args\":[\"arende\"],\"cookies\":[\"arende\"]")
    "],\"necessary\":{\"cookies\":[\"JSESSIONID\"],\"args\":[\"q\",\"sida\"],\"fields\":[],\"json\":[],"
    "\"set_cookies\":[\"JSESSIONID\"]},"
    "\"levels\":["
    "{\"id\":\"none\",\"title\":{\"sv\":\"a\",\"en\":\"a\"},\"service\":{\"sv\":\"a\",\"en\":\"a\"},\"shares\":[]},"
    "{\"id\":\"more\",\"title\":{\"sv\":\"b\",\"en\":\"b\"},\"service\":{\"sv\":\"b\",\"en\":\"b\"},"
    "\"shares\":[\"contact\",\"identity\",\"statistics\",\"marketing\"]}],"
    "\"bodies\":{\"opaque\":\"block\",\"allow\":[]},"
    "\"human_contact\":{\"name\":{\"sv\":\"K\",\"en\":\"K\"},\"timezone\":\"Europe/Stockholm\","
    "\"channels\":[{\"type\":\"phone\",\"value\":\"+46 8 000 00 00\",\"languages\":[\"sv\"],"
    "\"hours\":[{\"days\":[\"Mo\"],\"opens\":\"08:00\",\"closes\":\"16:30\"}]}],"
    "\"topics\":[{\"id\":\"general\",\"title\":{\"sv\":\"a\",\"en\":\"a\"}}]},"
    "\"disclosure\":{\"principal\":\"Kommun\"}}";

static consent_policy_t  *policy;


static inline consent_policy_t *
load(const char *text)
{
    consent_buf_t           b;
    consent_policy_t       *p;
    consent_faults_t        faults;
    const consent_fault_t  *f;

    memset(&faults, 0, sizeof(faults));
    faults.arena = consent_arena_create(1 << 20);
    p = NULL;

    if (consent_policy_load(&p, consent_cstr(text), &faults) != CONSENT_OK) {
        consent_buf_init(&b, 65536);

        for (f = faults.first; f != NULL; f = f->next) {
            consent_fault_print(&b, f);
            consent_buf_char(&b, '\n');
        }

        fprintf(stderr, "%.*s", (int) b.len, (const char *) b.data);
        consent_buf_free(&b);
    }

    consent_arena_destroy(faults.arena);

    return p;
}


static inline int
begin(void **state)
{
    (void) state;
    policy = load(policy_text);
    return policy == NULL;
}


static inline int
finish(void **state)
{
    (void) state;
    consent_policy_destroy(policy);
    return 0;
}


typedef void (*pass_pt)(uint8_t *out, size_t *len, consent_slice_t in, const consent_minimize_t *how,
    consent_found_t *found);


/* Runs a pass out of place and in place, both in memory of exactly the input's size; what comes out must be the same. */
static inline void
run(pass_pt pass, const char *in, size_t in_len, consent_mask_t granted, const char *own, char *out, size_t *out_len,
    consent_found_t *found)
{
    size_t              n, m;
    uint8_t            *copy, *to;
    consent_found_t     again;
    consent_minimize_t  how;

    memset(&how, 0, sizeof(how));
    how.policy = policy;
    how.granted = granted;
    how.own = consent_cstr(own);
    how.count_unknown = true;

    copy = malloc(in_len + 1);
    to = malloc(in_len + 1);
    memcpy(copy, in, in_len);
    memset(found, 0, sizeof(*found));
    memset(&again, 0, sizeof(again));

    pass(to, &n, consent_slice(copy, in_len), &how, found);
    assert_true(n <= in_len);
    memcpy(out, to, n);
    out[n] = '\0';
    *out_len = n;

    pass(copy, &m, consent_slice(copy, in_len), &how, &again);
    assert_int_equal(m, n);
    assert_memory_equal(copy, out, n);
    assert_int_equal(again.pairs, found->pairs);

    /* what is left passes once more as it is */
    pass(to, &m, consent_slice(out, n), &how, &again);
    assert_int_equal(m, n);
    assert_memory_equal(to, out, n);

    free(copy);
    free(to);
}


typedef struct {
    int          line;
    const char  *in;
    const char  *out;
} row_t;


static inline void
check_rows(pass_pt pass, const row_t *rows, size_t n, consent_mask_t granted, const char *own)
{
    char             out[8192];
    size_t           i, len;
    consent_found_t  found;

    for (i = 0; i < n; i++) {
        run(pass, rows[i].in, strlen(rows[i].in), granted, own, out, &len, &found);

        if (strcmp(out, rows[i].out) != 0) {
            fail_msg("line %d: \"%s\" gave \"%s\" instead of \"%s\"", rows[i].line, rows[i].in, out, rows[i].out);
        }

        if ((found.pairs != 0) != (found.removed != 0)) {
            fail_msg("line %d: %zu pairs of categories %llx", rows[i].line, found.pairs,
                     (unsigned long long) found.removed);
        }
    }
}

#define CHECK(pass, rows, granted)  check_rows(pass, rows, consent_countof(rows), granted, NULL)

#endif
