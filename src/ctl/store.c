/*
 * consentctl store stat: figures of a store.
 */

#include "ctl/ctl.h"
#include "base/when.h"
#include "ledger/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

typedef struct {
    bool           published;       /* there is a log */
    consent_log_t  log;
    int            signed_dir;      /* of --keys; -1: not given, or nothing is kept there */
    consent_rc_t   signed_rc;
    char           why[256];        /* the store is not what was last signed */
} log_stat_t;

static bool open_signed(log_stat_t *log, const char *keys);
static void look_at_log(log_stat_t *log, consent_ledger_t *ledger);
static void print(consent_buf_t *b, const consent_ledger_stat_t *stat, const log_stat_t *log, const char *directory);
static void print_log(consent_buf_t *b, const log_stat_t *log);
static void json(consent_buf_t *b, const consent_ledger_stat_t *stat, const log_stat_t *log, const char *directory);
static void json_log(consent_buf_t *b, const log_stat_t *log);
static void row(consent_buf_t *b, const char *name, uint64_t n);


int
consent_ctl_store_stat(int argc, char **argv)
{
    const char             *directory;
    consent_rc_t            rc;
    consent_buf_t           out;
    consent_ledger_t       *ledger;
    consent_ctl_option_t    options[] = { { "--json", false, NULL }, { "--keys", true, NULL } };
    consent_ledger_stat_t   stat;
    log_stat_t              log;

    if (!consent_ctl_arguments(argc, argv, options, consent_countof(options), &directory, 1)) {
        return CONSENT_CTL_USAGE;
    }

    /* before becoming the store's owner, who need not be let in there */
    if (!open_signed(&log, options[1].value)) {
        return CONSENT_CTL_USAGE;
    }

    ledger = consent_ctl_open_store(directory);

    if (ledger == NULL) {
        return CONSENT_CTL_USAGE;
    }

    rc = consent_ledger_stat(ledger, &stat);
    look_at_log(&log, ledger);
    consent_ledger_close(ledger);

    /* nothing was ever written */
    if (rc != CONSENT_OK && rc != CONSENT_NOTFOUND) {
        return consent_ctl_complain("cannot read the store %s: %s", directory, consent_rc_name(rc));
    }

    consent_buf_init(&out, 65536);
    (options[0].value != NULL ? json : print)(&out, &stat, &log, directory);

    if (!consent_ctl_flush(&out)) {
        return CONSENT_CTL_USAGE;
    }

    if (log.signed_rc != CONSENT_OK && log.signed_rc != CONSENT_DENIED) {
        return consent_ctl_complain("%s", log.why);
    }

    return log.signed_rc == CONSENT_OK ? CONSENT_CTL_HOLDS : CONSENT_CTL_FAILS;
}


static bool
open_signed(log_stat_t *log, const char *keys)
{
    char  path[4096];
    int   n;

    memset(log, 0, sizeof(log_stat_t));
    log->signed_dir = -1;

    if (keys == NULL) {
        return true;
    }

    n = snprintf(path, sizeof(path), "%s/kept", keys);
    log->signed_dir = n > 0 && (size_t) n < sizeof(path) ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

    if (log->signed_dir == -1) {
        (void) consent_ctl_complain("cannot open %s: %s", path, strerror(errno));
    }

    return log->signed_dir != -1;
}


static void
look_at_log(log_stat_t *log, consent_ledger_t *ledger)
{
    log->published = consent_log_find(ledger, CONSENT_LOG_NEWEST, &log->log) == CONSENT_OK;

    if (log->signed_dir != -1) {
        log->signed_rc = consent_log_compare(ledger, log->signed_dir, log->why);
        (void) close(log->signed_dir);
    }
}


static void
print(consent_buf_t *b, const consent_ledger_stat_t *stat, const log_stat_t *log, const char *directory)
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
    print_log(b, log);
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
print_log(consent_buf_t *b, const log_stat_t *log)
{
    if (log->published) {
        consent_buf_printf(b, "%-20s %s, %llu of %llu entries published\n", "log", log->log.origin,
                           (unsigned long long) log->log.shown, (unsigned long long) log->log.leaves);
    }

    if (log->signed_dir != -1) {
        consent_buf_printf(b, "%-20s %s\n", "last signed",
                           log->signed_rc == CONSENT_OK ? "the store holds it" : log->why);
    }
}


static void
json(consent_buf_t *b, const consent_ledger_stat_t *stat, const log_stat_t *log, const char *directory)
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

    json_log(b, log);
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
json_log(consent_buf_t *b, const log_stat_t *log)
{
    if (log->published) {
        consent_ctl_json_text(b, "log", consent_cstr(log->log.origin));
        consent_ctl_json_number(b, "log_entries", log->log.leaves);
        consent_ctl_json_number(b, "log_published", log->log.shown);
    }

    if (log->signed_dir != -1) {
        consent_ctl_json_name(b, "holds_signed");
        consent_buf_str(b, log->signed_rc == CONSENT_OK ? "true" : "false");
    }
}


static void
row(consent_buf_t *b, const char *name, uint64_t n)
{
    consent_buf_printf(b, "%-20s %llu\n", name, (unsigned long long) n);
}
