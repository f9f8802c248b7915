/*
 * Fields of log entries and records of the store, of any bytes: nothing is read past its end, an entry that is written can
 * be read back with every member that it must have, and a record that is taken is written the same.
 */

#include "base/digest.h"
#include "ledger/entry.h"
#include "ledger/members.h"

#include <stdlib.h>

static void fuzz_entry(consent_slice_t fields);
static void fuzz_records(consent_slice_t in);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t  commitment[CONSENT_HASH_LEN] = { 0 };

    fuzz_entry(consent_slice(data, size));
    fuzz_records(consent_slice(data, size));
    (void) consent_entry_holds(consent_slice(data, size), commitment);

    return 0;
}


static void
fuzz_entry(consent_slice_t fields)
{
    size_t                  n, own, given;
    consent_rc_t            rc;
    consent_buf_t           b;
    consent_entry_t         entry = { .type = "config", .time = 1795338900000, .node = consent_lit("a") };
    consent_slice_t         name, value;
    consent_members_t       members;
    consent_entry_policy_t  policy = { .id = consent_lit("p") };

    static const char  *names[] = { "node", "policy", "policy_hash", "policy_version", "time", "type", "v" };

    for (given = 0, consent_members_begin(&members, fields); consent_members_next(&members, &name, &value) == CONSENT_OK;) {
        given++;
    }

    entry.policy = &policy;
    consent_buf_init(&b, 2 * CONSENT_ENTRY_MAX);
    rc = consent_entry_write(&b, &entry, fields);

    if (rc == CONSENT_OK) {
        for (n = 0, consent_members_begin(&members, consent_buf_view(&b));
             (rc = consent_members_next(&members, &name, &value)) == CONSENT_OK;)
        {
            n++;
        }

        if (rc != CONSENT_NOTFOUND || n != given + consent_countof(names) || b.len > CONSENT_ENTRY_MAX) {
            abort();
        }

        for (own = 0; own < consent_countof(names); own++) {
            if (consent_members_find(consent_buf_view(&b), names[own]).len == 0) {
                abort();
            }
        }

        if (!consent_slice_eq(consent_members_find(consent_buf_view(&b), "type"), consent_lit("\"config\""))) {
            abort();
        }
    }

    consent_buf_free(&b);
}


static void
fuzz_records(consent_slice_t in)
{
    uint8_t          out[128];
    consent_past_t   past;
    consent_meta_t   meta;
    consent_state_t  state;

    if (consent_state_decode(&state, in) == CONSENT_OK) {
        consent_state_encode(out, &state);

        if (memcmp(out, in.data, in.len) != 0) {
            abort();
        }
    }

    if (consent_past_decode(&past, in) == CONSENT_OK) {
        consent_past_encode(out, &past);

        if (memcmp(out, in.data, in.len) != 0) {
            abort();
        }
    }

    if (consent_meta_decode(&meta, in) == CONSENT_OK) {
        consent_meta_encode(out, &meta);

        if (memcmp(out, in.data, in.len) != 0) {
            abort();
        }
    }
}
