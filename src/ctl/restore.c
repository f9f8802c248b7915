/*
 * consentctl store restore: a store out of a backup.
 */

#include "ctl/act.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Who tells the portal of what is lost. */
typedef struct {
    consent_ctl_act_t  act;             /* keys and policies alone */
    consent_time_t     now;
} telling_t;

static const consent_message_t *tell(void *arg, const uint8_t subject[static CONSENT_SUBJECT_LEN],
    const consent_policy_t *policy, consent_mask_t lost);
static bool beside_keys(int *signed_dir, const char *keys, const char *like);
static void said(consent_buf_t *out, const consent_restored_t *restored, const char *store, bool json);


int
consent_ctl_store_restore(int argc, char **argv)
{
    int                    status = CONSENT_CTL_USAGE, signed_dir = -1;
    char                   why[256];
    const char            *paths[2];
    consent_rc_t           rc;
    consent_buf_t          out;
    consent_keys_t        *keys;
    telling_t             *telling;
    consent_restore_t      restore;
    consent_restored_t     restored;
    consent_ctl_option_t   options[] = { { "--keys", true, NULL }, { "--json", false, NULL } };

    if (!consent_ctl_arguments(argc, argv, options, consent_countof(options), paths, 2)) {
        return CONSENT_CTL_USAGE;
    }

    if (options[0].value == NULL) {
        return consent_ctl_complain("--keys is missing: beside them stands who was erased since the backup was made");
    }

    consent_buf_init(&out, 65536);
    telling = calloc(1, sizeof(telling_t));

    if (telling == NULL) {
        return consent_ctl_complain("out of memory");
    }

    if (consent_ctl_open_keys(&keys, &signed_dir, options[0].value)
        && consent_ctl_make_directory(paths[1], paths[0])
        && (signed_dir != -1 || beside_keys(&signed_dir, options[0].value, paths[1]))
        && consent_ctl_become_owner(paths[1]) && consent_ctl_act_read(&telling->act, paths[0]))
    {
        telling->act.keys = keys;
        memset(&restore, 0, sizeof(restore));
        restore.from = paths[0];
        restore.to = paths[1];
        restore.signed_dir = signed_dir;
        restore.origin = keys->origin;
        restore.seed = keys->log_seed;
        restore.now = consent_ctl_now();
        restore.tell = tell;
        restore.arg = telling;
        telling->now = restore.now;

        consent_ctl_progress(&restore.progress);
        rc = consent_ledger_restore(&restore, &restored, why);
        consent_ctl_progress_end(&restore.progress);

        if (rc == CONSENT_OK) {
            said(&out, &restored, paths[1], options[1].value != NULL);
            status = CONSENT_CTL_HOLDS;

        } else {
            (void) consent_ctl_complain("%s", why);
            status = rc == CONSENT_CONFLICT || rc == CONSENT_BUSY ? CONSENT_CTL_FAILS : CONSENT_CTL_USAGE;
        }
    }

    telling->act.keys = keys;
    telling->act.signed_dir = signed_dir;
    consent_ctl_act_close(&telling->act);
    free(telling);

    return consent_ctl_flush(&out) ? status : CONSENT_CTL_USAGE;
}


/* What was granted long ago may be with the portal still, so of who is erased all is told; of the rest what she shared. */
static const consent_message_t *
tell(void *arg, const uint8_t subject[static CONSENT_SUBJECT_LEN], const consent_policy_t *policy, consent_mask_t lost)
{
    bool                told = true;
    size_t              i;
    telling_t          *telling = arg;
    consent_ctl_act_t  *act = &telling->act;
    consent_loss_t      loss = { .type = "lapsed", .policy = policy, .subject = subject, .lost = lost };

    act->events.n = 0;
    loss.at = telling->now / 1000 * 1000;

    if (policy != NULL) {
        told = consent_ctl_event(&act->events, act->keys, &loss);
    }

    for (i = 0; policy == NULL && told && i < act->n_policies; i++) {
        loss.type = "erased";
        loss.policy = act->policies[i];
        loss.lost = act->policies[i]->consent_mask;
        told = consent_ctl_event(&act->events, act->keys, &loss);
    }

    return told ? consent_ctl_events(&act->events) : NULL;
}


/* Keys that no nginx was started with yet, such as those of a new machine: what is signed now is kept from now on. */
static bool
beside_keys(int *signed_dir, const char *keys, const char *like)
{
    char  path[4096];

    (void) snprintf(path, sizeof(path), "%.4080s/" CONSENT_KEYS_KEPT, keys);

    if (!consent_ctl_make_directory(path, like)) {
        return false;
    }

    *signed_dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

    if (*signed_dir == -1) {
        (void) consent_ctl_complain("cannot open %s: %s", path, strerror(errno));
        return false;
    }

    (void) fprintf(stderr, "consentctl: nothing is kept beside these keys: who was erased since the backup was made is not"
                   " known\n");

    return true;
}


static void
said(consent_buf_t *out, const consent_restored_t *restored, const char *store, bool json)
{
    if (json) {
        consent_buf_char(out, '{');
        consent_ctl_json_text(out, "store", consent_cstr(store));
        consent_ctl_json_number(out, "entries", restored->entries);
        consent_ctl_json_number(out, "lost", restored->lost);
        consent_ctl_json_number(out, "lapsed", restored->lapsed);
        consent_ctl_json_number(out, "erased", restored->erased);
        consent_ctl_json_number(out, "log", restored->log);
        consent_buf_str(out, "}\n");
        return;
    }

    consent_buf_printf(out, "The store %s is restored, with %llu log entries", store, (unsigned long long) restored->entries);

    if (restored->lost > 0) {
        consent_buf_printf(out, "; at least %llu were signed and are lost", (unsigned long long) restored->lost);
    }

    consent_buf_str(out, ".\n");
    consent_buf_printf(out, "%llu grants have lapsed, and %llu subjects were erased again. Log %lu begins with an entry that"
                       " says so.\n", (unsigned long long) restored->lapsed, (unsigned long long) restored->erased,
                       (unsigned long) restored->log);
}
