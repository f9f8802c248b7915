/*
 * consentctl store stat: figures of a store.
 */

#include "ctl/act.h"
#include "base/when.h"
#include "ledger/log.h"
#include "ledger/members.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define DAY       ((consent_time_t) 24 * 60 * 60 * 1000)
#define LOGS_MAX  64                /* that are told of: the newest */

typedef struct {
    size_t          n;
    consent_log_t   logs[LOGS_MAX];
    consent_time_t  ended[LOGS_MAX];        /* 0: it goes on, or that cannot be told */
    consent_time_t  longest;        /* ms that a decision can be in force; -1: a policy cannot be read */
    int             signed_dir;     /* of --keys; -1: not given, or nothing is kept there */
    consent_rc_t    signed_rc;
    char            why[256];       /* the store is not what was last signed */
} log_stat_t;

static bool open_signed(log_stat_t *log, const char *keys);
static void look_at_logs(log_stat_t *log, consent_ledger_t *ledger);
static bool each_ended(void *arg, uint64_t index, consent_slice_t entry);
static consent_time_t prunable(const log_stat_t *log, const consent_ledger_stat_t *stat, size_t i);
static void print(consent_buf_t *b, const consent_ledger_stat_t *stat, const log_stat_t *log, const char *directory);
static void print_logs(consent_buf_t *b, const consent_ledger_stat_t *stat, const log_stat_t *log);
static void print_time(consent_buf_t *b, const char *name, consent_time_t time, const char *none);
static void json(consent_buf_t *b, const consent_ledger_stat_t *stat, const log_stat_t *log, const char *directory);
static void json_logs(consent_buf_t *b, const consent_ledger_stat_t *stat, const log_stat_t *log);
static void json_time(consent_buf_t *b, const char *name, consent_time_t time);
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
    look_at_logs(&log, ledger);
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
look_at_logs(log_stat_t *log, consent_ledger_t *ledger)
{
    uint32_t        number;
    consent_rc_t    rc;
    consent_log_t  *one;

    rc = consent_log_find(ledger, CONSENT_LOG_NEWEST, &log->logs[0]);
    number = rc == CONSENT_OK && log->logs[0].number >= LOGS_MAX ? log->logs[0].number - LOGS_MAX + 1 : 0;

    for (/* void */; rc == CONSENT_OK && log->n < LOGS_MAX; number++) {
        one = &log->logs[log->n];
        rc = consent_log_find(ledger, number, one);

        if (rc == CONSENT_OK && one->ended && one->leaves > 0) {
            (void) consent_ledger_entries(ledger, one->first + one->leaves - 1, each_ended, log);
        }

        log->n += rc == CONSENT_OK;
    }

    if (log->signed_dir != -1) {
        log->signed_rc = consent_log_compare(ledger, log->signed_dir, log->why);
        (void) close(log->signed_dir);
    }

    if (!consent_ctl_longest(&log->longest, ledger)) {
        log->longest = -1;
    }
}


/* The last entry of the log that is looked at; of one that was pruned, another follows. */
static bool
each_ended(void *arg, uint64_t index, consent_slice_t entry)
{
    log_stat_t       *log = arg;
    consent_time_t    time;
    consent_slice_t   value;

    value = consent_members_find(entry, "time");

    if (index == log->logs[log->n].first + log->logs[log->n].leaves - 1 && value.len >= 2
        && consent_when_parse(&time, consent_slice(value.data + 1, value.len - 2)) == CONSENT_OK)
    {
        log->ended[log->n] = time;
    }

    return false;
}


/* When the entries of a log that has ended may be dropped; 0: it goes on, or they are gone. */
static consent_time_t
prunable(const log_stat_t *log, const consent_ledger_stat_t *stat, size_t i)
{
    return log->ended[i] == 0 || log->longest < 0 || stat->pruned > log->logs[i].first ? 0 : log->ended[i] + log->longest;
}


static void
print(consent_buf_t *b, const consent_ledger_stat_t *stat, const log_stat_t *log, const char *directory)
{
    consent_buf_printf(b, "%-20s %s\n", "store", directory);
    print_time(b, "made", stat->created, "not yet");

    if (stat->restored != 0) {
        print_time(b, "restored", stat->restored, "");
    }

    row(b, "log entries", stat->entries);

    if (stat->pruned > 0) {
        row(b, "of these pruned", stat->pruned);
    }

    print_time(b, "last entry", stat->last_entry, "none");
    print_logs(b, stat, log);
    row(b, "tiles", stat->tiles);
    row(b, "checkpoints", stat->checkpoints);
    row(b, "citizens", stat->subjects);
    row(b, "decisions in force", stat->states);
    row(b, "decisions kept", stat->histories);
    row(b, "receipts", stat->receipts);
    consent_buf_printf(b, "%-20s ", "in force at most");

    if (log->longest < 0) {
        consent_buf_str(b, "not known: a policy cannot be read\n");
    } else {
        consent_buf_printf(b, "%llu days\n", (unsigned long long) (log->longest / DAY));
    }

    row(b, "policy versions", stat->policies);
    row(b, "texts as served", stat->texts);
    row(b, "erased, remembered", stat->tombstones);
    row(b, "legal holds", stat->holds);
    row(b, "requests to contact", stat->handoffs);
    row(b, "messages waiting", stat->outbox);

    if (stat->next_message != 0) {
        print_time(b, "first of them due", stat->next_message, "");
    }

    row(b, "for other nodes", stat->outgoing);

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
print_logs(consent_buf_t *b, const consent_ledger_stat_t *stat, const log_stat_t *log)
{
    size_t                i;
    consent_time_t        from;
    const consent_log_t  *one;

    for (i = 0; i < log->n; i++) {
        one = &log->logs[i];
        from = prunable(log, stat, i);
        consent_buf_printf(b, "%-20s %s, %llu of %llu entries published", "log", one->origin,
                           (unsigned long long) one->shown, (unsigned long long) one->leaves);

        if (one->ended) {
            consent_buf_str(b, from != 0 ? ", may be pruned from " : stat->pruned > one->first ? ", pruned" : ", ended");
        }

        if (from != 0) {
            consent_when_rfc3339(b, from);
        }

        consent_buf_char(b, '\n');
    }

    if (log->signed_dir != -1) {
        consent_buf_printf(b, "%-20s %s\n", "last signed",
                           log->signed_rc == CONSENT_OK ? "the store holds it" : log->why);
    }
}


static void
print_time(consent_buf_t *b, const char *name, consent_time_t time, const char *none)
{
    consent_buf_printf(b, "%-20s ", name);

    if (time == 0) {
        consent_buf_str(b, none);
    } else {
        consent_when_rfc3339(b, time);
    }

    consent_buf_char(b, '\n');
}


static void
json(consent_buf_t *b, const consent_ledger_stat_t *stat, const log_stat_t *log, const char *directory)
{
    consent_buf_char(b, '{');
    consent_ctl_json_text(b, "store", consent_cstr(directory));
    json_time(b, "created", stat->created);
    json_time(b, "restored", stat->restored);
    consent_ctl_json_number(b, "entries", stat->entries);
    consent_ctl_json_number(b, "pruned", stat->pruned);
    json_time(b, "last_entry", stat->last_entry);
    json_logs(b, stat, log);
    consent_ctl_json_number(b, "tiles", stat->tiles);
    consent_ctl_json_number(b, "checkpoints", stat->checkpoints);
    consent_ctl_json_number(b, "subjects", stat->subjects);
    consent_ctl_json_number(b, "states", stat->states);
    consent_ctl_json_number(b, "histories", stat->histories);
    consent_ctl_json_number(b, "receipts", stat->receipts);
    consent_ctl_json_name(b, "longest_days");

    if (log->longest < 0) {
        consent_buf_str(b, "null");
    } else {
        consent_buf_u64(b, (uint64_t) (log->longest / DAY));
    }

    consent_ctl_json_number(b, "policies", stat->policies);
    consent_ctl_json_number(b, "texts", stat->texts);
    consent_ctl_json_number(b, "tombstones", stat->tombstones);
    consent_ctl_json_number(b, "holds", stat->holds);
    consent_ctl_json_number(b, "handoffs", stat->handoffs);
    consent_ctl_json_number(b, "outbox", stat->outbox);
    json_time(b, "outbox_due", stat->next_message);
    consent_ctl_json_number(b, "outgoing", stat->outgoing);
    consent_ctl_json_number(b, "map_size", stat->map_size);
    consent_ctl_json_number(b, "used", stat->used);
    consent_ctl_json_number(b, "room", stat->room);
    consent_ctl_json_number(b, "readers", stat->readers);
    consent_buf_str(b, "}\n");
}


static void
json_logs(consent_buf_t *b, const consent_ledger_stat_t *stat, const log_stat_t *log)
{
    size_t                i;
    const consent_log_t  *one;

    consent_ctl_json_name(b, "logs");
    consent_buf_char(b, '[');

    for (i = 0; i < log->n; i++) {
        one = &log->logs[i];
        consent_buf_str(b, i == 0 ? "{" : ",{");
        consent_ctl_json_text(b, "origin", consent_cstr(one->origin));
        consent_ctl_json_number(b, "entries", one->leaves);
        consent_ctl_json_number(b, "published", one->shown);
        consent_ctl_json_flag(b, "ended", one->ended);
        consent_ctl_json_flag(b, "pruned", one->ended && stat->pruned > one->first);
        json_time(b, "prunable", prunable(log, stat, i));
        consent_buf_char(b, '}');
    }

    consent_buf_char(b, ']');

    if (log->signed_dir != -1) {
        consent_ctl_json_flag(b, "holds_signed", log->signed_rc == CONSENT_OK);
    }
}


/* 0: null. */
static void
json_time(consent_buf_t *b, const char *name, consent_time_t time)
{
    consent_ctl_json_name(b, name);

    if (time == 0) {
        consent_buf_str(b, "null");
        return;
    }

    consent_buf_char(b, '"');
    consent_when_rfc3339(b, time);
    consent_buf_char(b, '"');
}


static void
row(consent_buf_t *b, const char *name, uint64_t n)
{
    consent_buf_printf(b, "%-20s %llu\n", name, (unsigned long long) n);
}
