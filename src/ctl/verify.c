/*
 * consentctl log verify: is this log what it says, and has it only grown?
 */

#include "ctl/verify.h"
#include "base/when.h"
#include "ledger/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define KEYS_MAX   16
#define SAID_MAX   20           /* faults that people are told */
#define JSON_MAX   1000         /* that programs are told */

typedef struct {
    bool                  as_json;
    bool                  on_terminal;      /* progress is shown */
    bool                  shown;
    consent_buf_t         out;
    consent_buf_t         faults;           /* JSON, or lines */
    uint64_t              n;
    consent_audit_t       result;
    consent_ctl_quorum_t  quorum;
    bool                  witnessed;
    bool                  pruned;           /* entries may be gone */
    consent_ctl_pruning_t pruning;
} verify_t;

static bool find_pruning(verify_t *v, const consent_ctl_source_t *source, const char *later, consent_audit_conf_t *conf,
    consent_slice_t checkpoint);
static void check_pruning(verify_t *v);
static void print_pruning(verify_t *v);

static consent_rc_t check_quorum(verify_t *v);
static void say_fault(void *arg, const consent_audit_fault_t *fault);
static void say_named(void *arg, const char *name, const char *what);
static void say_progress(void *arg, uint64_t done, uint64_t of);
static void clear_progress(verify_t *v);
static void print(verify_t *v, const consent_slice_t since);
static void print_witnesses(verify_t *v);
static void json(verify_t *v, const consent_slice_t since);
static uint64_t size_of(consent_slice_t checkpoint);


int
consent_ctl_log_verify(int argc, char **argv)
{
    int                    status;
    size_t                 n_keys;
    verify_t              *v;
    const char            *path;
    consent_rc_t           rc;
    consent_buf_t          checkpoint, since;
    consent_note_key_t     keys[KEYS_MAX];
    consent_audit_conf_t   conf = { .fault = say_fault };
    consent_ctl_source_t   source;
    consent_ctl_option_t   options[] = { { "--key", true, NULL }, { "--since", true, NULL }, { "--policy", true, NULL },
                                         { "--log", true, NULL }, { "--json", false, NULL },
                                         { "--pruned", true, NULL } };

    if (!consent_ctl_arguments(argc, argv, options, consent_countof(options), &path, 1)) {
        return CONSENT_CTL_USAGE;
    }

    if (options[0].value == NULL) {
        return consent_ctl_complain("--key is missing: the log's verifier key, log.pub, as its operator gave it to you");
    }

    /* read as who called, and not as the owner of the store */

    if (!consent_ctl_read_keys(options[0].value, keys, &n_keys, KEYS_MAX)) {
        return CONSENT_CTL_USAGE;
    }

    v = calloc(1, sizeof(verify_t));

    if (v == NULL) {
        return consent_ctl_complain("out of memory");
    }

    consent_buf_init(&checkpoint, CONSENT_NOTE_MAX);
    consent_buf_init(&since, CONSENT_NOTE_MAX);
    consent_buf_init(&v->out, 4 << 20);
    consent_buf_init(&v->faults, 2 << 20);
    consent_ctl_pruning_init(&v->pruning);
    v->as_json = options[4].value != NULL;
    v->on_terminal = !v->as_json && isatty(STDERR_FILENO) == 1;
    status = CONSENT_CTL_USAGE;

    if ((options[1].value != NULL && !consent_ctl_read_file(&since, options[1].value, CONSENT_NOTE_MAX))
        || (options[2].value != NULL && !consent_ctl_quorum_read(&v->quorum, options[2].value, keys, n_keys))
        || !consent_ctl_source_open(&source, path, options[3].value))
    {
        goto done;
    }

    conf.source = consent_ctl_source_audit(&source);
    conf.keys = keys;
    conf.n_keys = n_keys;
    conf.since = options[1].value == NULL ? consent_slice(NULL, 0)
                 : since.len == 0 ? consent_lit("\n") : consent_buf_view(&since);
    conf.arg = v;
    conf.progress = v->on_terminal ? say_progress : NULL;

    if (consent_ctl_source_checkpoint(&source, &checkpoint)
        && find_pruning(v, &source, options[5].value, &conf, consent_buf_view(&checkpoint)))
    {
        rc = consent_audit(&conf, consent_buf_view(&checkpoint), &v->result);

        if (rc == CONSENT_OK) {
            check_pruning(v);
            rc = check_quorum(v);
        }

        if (rc == CONSENT_OK && source.ledger == NULL) {
            rc = consent_ctl_extra(source.directory, v->result.checkpoint.size, say_named, v);
        }

        clear_progress(v);

        if (rc != CONSENT_OK) {
            status = consent_ctl_complain("%s could not be read to the end: %s", path, consent_rc_name(rc));

        } else {
            (v->as_json ? json : print)(v, conf.since);
            status = !consent_ctl_flush(&v->out) ? CONSENT_CTL_USAGE : v->n == 0 ? CONSENT_CTL_HOLDS : CONSENT_CTL_FAILS;
        }
    }

    consent_ctl_source_close(&source);

done:

    consent_buf_free(&checkpoint);
    consent_buf_free(&since);
    consent_buf_free(&v->faults);
    consent_ctl_quorum_free(&v->quorum);
    consent_ctl_pruning_free(&v->pruning);
    free(v);

    return status;
}


/* Entries that are gone must have been dropped by a decision. A store has the logs that may name it; of a directory they are in
 * another one. false: complained. */
static bool
find_pruning(verify_t *v, const consent_ctl_source_t *source, const char *later, consent_audit_conf_t *conf,
    consent_slice_t checkpoint)
{
    consent_rc_t           rc;
    consent_log_t          log;
    consent_ctl_source_t   logs;
    consent_checkpoint_t   c;
    consent_ledger_stat_t  stat;

    if (later == NULL && source->ledger != NULL && consent_ledger_stat(source->ledger, &stat) == CONSENT_OK
        && consent_log_find(source->ledger, source->number, &log) == CONSENT_OK && stat.pruned > log.first)
    {
        later = source->path;
    }

    v->pruned = conf->pruned = later != NULL;

    if (later == NULL || consent_checkpoint_read(&c, checkpoint) != CONSENT_OK) {
        return true;
    }

    if (source->ledger != NULL && strcmp(later, source->path) == 0) {
        logs = *source;

    } else if (!consent_ctl_source_open(&logs, later, NULL)) {
        return false;
    }

    rc = consent_ctl_pruning_find(&v->pruning, &logs, conf->keys, conf->n_keys, c.origin);

    if (logs.ledger != source->ledger || logs.ledger == NULL) {
        consent_ctl_source_close(&logs);
    }

    if (rc != CONSENT_OK) {
        (void) consent_ctl_complain("%s could not be read to the end: %s", later, consent_rc_name(rc));
    }

    return rc == CONSENT_OK;
}


static void
check_pruning(verify_t *v)
{
    if (v->result.pruned == 0) {
        return;
    }

    if (!v->pruning.found) {
        say_named(v, "the later log", "names no decision to prune this one");

    } else if (v->pruning.faults > 0) {
        say_named(v, "the later log", "names a decision to prune this one, and does not hold");

    } else if (v->pruning.leaves < v->result.pruned) {
        say_named(v, "the later log", "names a decision to prune fewer entries than are gone");
    }
}


static consent_rc_t
check_quorum(verify_t *v)
{
    consent_rc_t  rc;

    if (v->quorum.quorum == NULL || v->result.checkpoint.note.n == 0) {
        return CONSENT_OK;
    }

    rc = consent_quorum_check(v->quorum.quorum, &v->result.checkpoint.note, v->quorum.times);
    v->witnessed = (rc == CONSENT_OK);

    if (rc == CONSENT_DENIED) {
        say_named(v, "checkpoint", "has not been signed by as many witnesses as the policy asks for");
        rc = CONSENT_OK;
    }

    return rc;
}


static void
say_fault(void *arg, const consent_audit_fault_t *fault)
{
    char      name[CONSENT_TILE_PATH_MAX + 64];
    verify_t *v = arg;

    switch (fault->kind) {
    case CONSENT_FAULT_CHECKPOINT:
        (void) snprintf(name, sizeof(name), "checkpoint");
        break;

    case CONSENT_FAULT_SINCE:
        (void) snprintf(name, sizeof(name), "the older checkpoint");
        break;

    case CONSENT_FAULT_ROOT:
        (void) snprintf(name, sizeof(name), "the checkpoint's root");
        break;

    case CONSENT_FAULT_TILE:
        consent_tile_path(name, &fault->tile);
        break;

    case CONSENT_FAULT_ENTRIES:
        if (fault->first == fault->last) {
            (void) snprintf(name, sizeof(name), "entry %llu", (unsigned long long) fault->first);
        } else {
            (void) snprintf(name, sizeof(name), "one of the entries %llu to %llu", (unsigned long long) fault->first,
                            (unsigned long long) fault->last);
        }

        if (v->as_json && v->n < JSON_MAX) {
            consent_buf_str(&v->faults, v->faults.len == 0 ? "{" : ",{");
            consent_ctl_json_number(&v->faults, "first", fault->first);
            consent_ctl_json_number(&v->faults, "last", fault->last);
            consent_ctl_json_text(&v->faults, "what", consent_cstr(fault->what));
            consent_buf_char(&v->faults, '}');
            v->n++;
            return;
        }

        break;
    }

    say_named(v, name, fault->what);
}


static void
say_named(void *arg, const char *name, const char *what)
{
    verify_t  *v = arg;

    if (v->as_json && v->n < JSON_MAX) {
        consent_buf_str(&v->faults, v->faults.len == 0 ? "{" : ",{");
        consent_ctl_json_text(&v->faults, "name", consent_cstr(name));
        consent_ctl_json_text(&v->faults, "what", consent_cstr(what));
        consent_buf_char(&v->faults, '}');

    } else if (v->n < SAID_MAX) {
        consent_ctl_plain(&v->faults, consent_cstr(name));
        consent_buf_printf(&v->faults, " %s\n", what);
    }

    v->n++;
}


static void
say_progress(void *arg, uint64_t done, uint64_t of)
{
    verify_t  *v = arg;

    (void) fprintf(stderr, "\r%3u %% of %llu entries", (unsigned) (done * 100 / (of == 0 ? 1 : of)), (unsigned long long) of);
    (void) fflush(stderr);
    v->shown = true;
}


static void
clear_progress(verify_t *v)
{
    if (v->shown) {
        (void) fprintf(stderr, "\r\x1b[K");
        (void) fflush(stderr);
    }
}


static void
print(verify_t *v, const consent_slice_t since)
{
    char                         root[44];
    consent_buf_t               *b = &v->out;
    const consent_audit_t       *r = &v->result;
    const consent_checkpoint_t  *c = &r->checkpoint;

    if (c->note.n > 0) {
        consent_buf_printf(b, "%-12s ", "log");
        consent_ctl_plain(b, c->origin);
        consent_buf_printf(b, "\n%-12s %llu", "entries", (unsigned long long) c->size);

        if (r->first_time[0] != '\0') {
            consent_buf_printf(b, ", %s to %s", r->first_time, r->last_time);
        }

        consent_buf_printf(b, "\n%-12s ", "root");
        consent_buf_add(b, root, consent_base64(root, c->root, CONSENT_HASH_LEN));
        consent_buf_char(b, '\n');

        if (since.len > 0) {
            consent_buf_printf(b, "%-12s checkpoint of %llu entries\n", "since", (unsigned long long) size_of(since));
        }

        print_witnesses(v);
        print_pruning(v);

        if (r->texts_unknown > 0) {
            consent_buf_printf(b, "%-12s %llu entries refer to texts that are not at hand\n", "not checked",
                               (unsigned long long) r->texts_unknown);
        }

        if (r->policies_unknown > 0) {
            consent_buf_printf(b, "%-12s %llu entries are under policies of an earlier log\n", "not checked",
                               (unsigned long long) r->policies_unknown);
        }

        consent_buf_char(b, '\n');
    }

    consent_buf_slice(b, consent_buf_view(&v->faults));

    if (v->n > SAID_MAX) {
        consent_buf_printf(b, "and %llu faults more\n", (unsigned long long) (v->n - SAID_MAX));
    }

    if (v->n == 0) {
        consent_buf_str(b, r->pruned > 0 ? "What is left of the log holds" : "The log holds");
        consent_buf_str(b, since.len > 0 ? ", and goes on from that checkpoint.\n" : ".\n");
    } else {
        consent_buf_str(b, "\nThe log does not hold.\n");
    }
}


static void
print_pruning(verify_t *v)
{
    consent_buf_t  *b = &v->out;

    if (v->result.pruned == 0) {
        return;
    }

    consent_buf_printf(b, "%-12s %llu of them", "pruned", (unsigned long long) v->result.pruned);

    if (v->pruning.found) {
        consent_buf_str(b, " by ");
        consent_ctl_plain(b, consent_buf_view(&v->pruning.decision));
        consent_buf_printf(b, ", entry %llu of ", (unsigned long long) v->pruning.index);
        consent_ctl_plain(b, consent_buf_view(&v->pruning.origin));
    }

    consent_buf_printf(b, "\n%-12s what these said: their hashes alone are left, and lead to the root\n", "not checked");
}


static void
print_witnesses(verify_t *v)
{
    size_t  i;

    for (i = 0; v->quorum.quorum != NULL && i < v->quorum.quorum->n; i++) {
        if (v->quorum.times[i] != 0) {
            consent_buf_printf(&v->out, "%-12s ", "witness");
            consent_ctl_plain(&v->out, v->quorum.quorum->names[i].name);
            consent_buf_char(&v->out, ' ');
            consent_when_rfc3339(&v->out, (consent_time_t) (v->quorum.times[i] > INT64_MAX / 1000
                                                            ? 0 : v->quorum.times[i] * 1000));
            consent_buf_char(&v->out, '\n');
        }
    }
}


static void
json(verify_t *v, const consent_slice_t since)
{
    char                         text[44];
    size_t                       i;
    consent_buf_t               *b = &v->out;
    const consent_audit_t       *r = &v->result;
    const consent_checkpoint_t  *c = &r->checkpoint;

    consent_buf_char(b, '{');
    consent_ctl_json_flag(b, "holds", v->n == 0);

    if (c->note.n > 0) {
        consent_ctl_json_text(b, "origin", c->origin);
        consent_ctl_json_number(b, "size", c->size);
        consent_ctl_json_text(b, "root", consent_slice(text, consent_base64(text, c->root, CONSENT_HASH_LEN)));
        consent_ctl_json_number(b, "entries", r->entries);
        consent_ctl_json_number(b, "bytes", r->bytes);
        consent_ctl_json_text(b, "first", consent_cstr(r->first_time));
        consent_ctl_json_text(b, "last", consent_cstr(r->last_time));
        consent_ctl_json_number(b, "texts_unknown", r->texts_unknown);
        consent_ctl_json_number(b, "policies_unknown", r->policies_unknown);
    }

    if (v->pruned) {
        consent_ctl_json_number(b, "pruned", r->pruned);
        consent_ctl_json_name(b, "pruning");
        consent_buf_str(b, v->pruning.found ? "{" : "null");

        if (v->pruning.found) {
            consent_ctl_json_name(b, "decision");
            consent_buf_slice(b, consent_buf_view(&v->pruning.decision));
            consent_ctl_json_text(b, "origin", consent_buf_view(&v->pruning.origin));
            consent_ctl_json_number(b, "index", v->pruning.index);
            consent_ctl_json_number(b, "leaves", v->pruning.leaves);
            consent_buf_char(b, '}');
        }
    }

    if (since.len > 0) {
        consent_ctl_json_number(b, "since", size_of(since));
    }

    if (v->quorum.quorum != NULL) {
        consent_ctl_json_flag(b, "quorum", v->witnessed);
        consent_ctl_json_name(b, "witnesses");
        consent_buf_char(b, '[');

        for (i = 0; i < v->quorum.quorum->n; i++) {
            if (v->quorum.times[i] != 0) {
                consent_buf_str(b, b->data[b->len - 1] == '[' ? "{" : ",{");
                consent_ctl_json_text(b, "name", v->quorum.quorum->names[i].name);
                consent_ctl_json_number(b, "time", v->quorum.times[i]);
                consent_buf_char(b, '}');
            }
        }

        consent_buf_char(b, ']');
    }

    consent_ctl_json_number(b, "n_faults", v->n);
    consent_ctl_json_name(b, "faults");
    consent_buf_char(b, '[');
    consent_buf_slice(b, consent_buf_view(&v->faults));
    consent_buf_str(b, "]}\n");
}


static uint64_t
size_of(consent_slice_t checkpoint)
{
    consent_checkpoint_t  c;

    return consent_checkpoint_read(&c, checkpoint) == CONSENT_OK ? c.size : 0;
}
