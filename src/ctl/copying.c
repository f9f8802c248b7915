/*
 * consentctl store compact, store backup: a new file with what the store holds.
 */

#include "ctl/ctl.h"

#include <stdio.h>
#include <unistd.h>

static void each(void *arg, uint64_t done, uint64_t total);


int
consent_ctl_store_compact(int argc, char **argv)
{
    char                   why[256];
    uint64_t               before, after;
    const char            *directory;
    consent_rc_t           rc;
    consent_buf_t          out;
    consent_progress_t     progress;
    consent_ctl_option_t   options[] = { { "--json", false, NULL } };

    if (!consent_ctl_arguments(argc, argv, options, consent_countof(options), &directory, 1)
        || !consent_ctl_become_owner(directory))
    {
        return CONSENT_CTL_USAGE;
    }

    consent_ctl_progress(&progress);
    rc = consent_ledger_compact(directory, &before, &after, &progress, why);
    consent_ctl_progress_end(&progress);

    if (rc != CONSENT_OK) {
        (void) consent_ctl_complain("%s", why);
        return rc == CONSENT_BUSY ? CONSENT_CTL_FAILS : CONSENT_CTL_USAGE;
    }

    consent_buf_init(&out, 65536);

    if (options[0].value != NULL) {
        consent_buf_char(&out, '{');
        consent_ctl_json_text(&out, "store", consent_cstr(directory));
        consent_ctl_json_number(&out, "before", before);
        consent_ctl_json_number(&out, "after", after);
        consent_buf_str(&out, "}\n");

    } else {
        consent_buf_printf(&out, "The store %s is a new file: ", directory);
        consent_ctl_bytes(&out, after);
        consent_buf_str(&out, " instead of ");
        consent_ctl_bytes(&out, before);
        consent_buf_str(&out, ". Nothing of what was erased is in it.\n");
    }

    return consent_ctl_flush(&out) ? CONSENT_CTL_HOLDS : CONSENT_CTL_USAGE;
}


int
consent_ctl_store_backup(int argc, char **argv)
{
    char                   why[256];
    uint64_t               entries;
    const char            *paths[2];
    consent_rc_t           rc;
    consent_buf_t          out;
    consent_ledger_t      *ledger;
    consent_progress_t     progress;
    consent_ctl_option_t   options[] = { { "--json", false, NULL } };

    if (!consent_ctl_arguments(argc, argv, options, consent_countof(options), paths, 2)
        || !consent_ctl_make_directory(paths[1], paths[0]))
    {
        return CONSENT_CTL_USAGE;
    }

    ledger = consent_ctl_open_store(paths[0]);

    if (ledger == NULL) {
        return CONSENT_CTL_USAGE;
    }

    consent_ctl_progress(&progress);
    rc = consent_ledger_backup(ledger, paths[1], &entries, &progress, why);
    consent_ctl_progress_end(&progress);
    consent_ledger_close(ledger);

    if (rc != CONSENT_OK) {
        (void) consent_ctl_complain("%s", why);
        return rc == CONSENT_CONFLICT ? CONSENT_CTL_FAILS : CONSENT_CTL_USAGE;
    }

    consent_buf_init(&out, 65536);

    if (options[0].value != NULL) {
        consent_buf_char(&out, '{');
        consent_ctl_json_text(&out, "backup", consent_cstr(paths[1]));
        consent_ctl_json_number(&out, "entries", entries);
        consent_buf_str(&out, "}\n");

    } else {
        consent_buf_printf(&out, "The backup in %s holds the store as it was, with %llu log entries.\nKeep it apart from the"
                           " keys, and no longer than erasures may take.\n", paths[1], (unsigned long long) entries);
    }

    return consent_ctl_flush(&out) ? CONSENT_CTL_HOLDS : CONSENT_CTL_USAGE;
}


void
consent_ctl_progress(consent_progress_t *progress)
{
    progress->arg = NULL;
    progress->each = isatty(STDERR_FILENO) ? each : NULL;
}


void
consent_ctl_progress_end(const consent_progress_t *progress)
{
    if (progress->each != NULL) {
        (void) fprintf(stderr, "\r      \r");
    }
}


static void
each(void *arg, uint64_t done, uint64_t total)
{
    (void) arg;

    if (total > 0) {
        (void) fprintf(stderr, "\r%3u %%", (unsigned) (done * 100 / total));
    }
}
