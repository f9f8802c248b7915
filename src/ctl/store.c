/*
 * consentctl store stat: figures of a store.
 */

#include "ctl/ctl.h"
#include "base/when.h"

static void print(consent_buf_t *b, const consent_ledger_stat_t *stat, const char *directory);
static void json(consent_buf_t *b, const consent_ledger_stat_t *stat, const char *directory);
static void row(consent_buf_t *b, const char *name, uint64_t n);


int
consent_ctl_store_stat(int argc, char **argv)
{
    const char             *directory;
    consent_rc_t            rc;
    consent_buf_t           out;
    consent_ledger_t       *ledger;
    consent_ctl_option_t    options[] = { { "--json", false, NULL } };
    consent_ledger_stat_t   stat;

    if (!consent_ctl_arguments(argc, argv, options, consent_countof(options), &directory, 1)) {
        return CONSENT_CTL_USAGE;
    }

    ledger = consent_ctl_open_store(directory);

    if (ledger == NULL) {
        return CONSENT_CTL_USAGE;
    }

    rc = consent_ledger_stat(ledger, &stat);
    consent_ledger_close(ledger);

    /* nothing was ever written */
    if (rc != CONSENT_OK && rc != CONSENT_NOTFOUND) {
        return consent_ctl_complain("cannot read the store %s: %s", directory, consent_rc_name(rc));
    }

    consent_buf_init(&out, 65536);
    (options[0].value != NULL ? json : print)(&out, &stat, directory);

    return consent_ctl_flush(&out) ? CONSENT_CTL_HOLDS : CONSENT_CTL_USAGE;
}


static void
print(consent_buf_t *b, const consent_ledger_stat_t *stat, const char *directory)
{
    consent_buf_printf(b, "%-20s %s\n", "store", directory);
    row(b, "log entries", stat->entries);
    consent_buf_printf(b, "%-20s ", "last entry");

    if (stat->last_entry == 0) {
        consent_buf_str(b, "none");
    } else {
        consent_when_rfc3339(b, stat->last_entry);
    }

    consent_buf_char(b, '\n');
    row(b, "decisions in force", stat->states);
    row(b, "decisions kept", stat->histories);
    row(b, "policy versions", stat->policies);
    row(b, "texts as served", stat->texts);
    row(b, "erased, remembered", stat->tombstones);
    row(b, "messages waiting", stat->outbox);

    consent_buf_printf(b, "%-20s ", "used");
    consent_ctl_bytes(b, stat->used);
    consent_buf_str(b, " of ");
    consent_ctl_bytes(b, stat->map_size);

    if (stat->map_size > 0) {
        consent_buf_printf(b, " (%.1f %%)", (double) stat->used * 100 / (double) stat->map_size);
    }

    consent_buf_printf(b, "\n%-20s ", "room");
    consent_ctl_bytes(b, stat->room);
    consent_buf_char(b, '\n');
    row(b, "reader slots", stat->readers);
}


static void
json(consent_buf_t *b, const consent_ledger_stat_t *stat, const char *directory)
{
    consent_buf_char(b, '{');
    consent_ctl_json_text(b, "store", consent_cstr(directory));
    consent_ctl_json_number(b, "entries", stat->entries);
    consent_ctl_json_name(b, "last_entry");

    if (stat->last_entry == 0) {
        consent_buf_str(b, "null");
    } else {
        consent_buf_char(b, '"');
        consent_when_rfc3339(b, stat->last_entry);
        consent_buf_char(b, '"');
    }

    consent_ctl_json_number(b, "states", stat->states);
    consent_ctl_json_number(b, "histories", stat->histories);
    consent_ctl_json_number(b, "policies", stat->policies);
    consent_ctl_json_number(b, "texts", stat->texts);
    consent_ctl_json_number(b, "tombstones", stat->tombstones);
    consent_ctl_json_number(b, "outbox", stat->outbox);
    consent_ctl_json_number(b, "map_size", stat->map_size);
    consent_ctl_json_number(b, "used", stat->used);
    consent_ctl_json_number(b, "room", stat->room);
    consent_ctl_json_number(b, "readers", stat->readers);
    consent_buf_str(b, "}\n");
}


static void
row(consent_buf_t *b, const char *name, uint64_t n)
{
    consent_buf_printf(b, "%-20s %llu\n", name, (unsigned long long) n);
}
