/*
 * The store, opened for what an operator does to the record of a citizen.
 */

#include "ctl/act.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static bool read_subject(consent_ctl_act_t *act, const char *subject);
static bool open_store(consent_ctl_act_t *act, const char *store);
static bool each_in_force(void *arg, const consent_in_force_t *found);
static consent_rc_t case_hash(consent_ctl_act_t *act, uint8_t hash[static CONSENT_HASH_LEN]);


bool
consent_ctl_act_open(consent_ctl_act_t *act, const char *store, const char *subject, const char *keys, const char *words)
{
    memset(act, 0, sizeof(consent_ctl_act_t));
    act->signed_dir = -1;
    act->words = words;

    if (!read_subject(act, subject)) {
        (void) consent_ctl_complain("a subject is a pseudonym of 32 hexadecimal digits, as \"consentctl subject\" gives it");
        return false;
    }

    if (words != NULL && (words[0] == '\0' || strlen(words) > CONSENT_CTL_CASE_MAX)) {
        (void) consent_ctl_complain("the words of a case are 1 to %d bytes", CONSENT_CTL_CASE_MAX);
        return false;
    }

    return (keys == NULL || consent_ctl_open_keys(&act->keys, &act->signed_dir, keys)) && open_store(act, store);
}


static bool
read_subject(consent_ctl_act_t *act, const char *subject)
{
    size_t  len;

    len = strcspn(subject, "/");
    act->has_former = subject[len] == '/';

    return consent_hex_decode(act->subject, sizeof(act->subject), consent_slice(subject, len)) == CONSENT_OK
           && (!act->has_former || consent_hex_decode(act->former, sizeof(act->former), consent_cstr(subject + len + 1))
                                   == CONSENT_OK);
}


consent_rc_t
consent_ctl_act_known(const consent_ctl_act_t *act)
{
    consent_rc_t  rc;

    rc = consent_ledger_known(act->ledger, act->subject);

    return rc == CONSENT_NOTFOUND && act->has_former ? consent_ledger_known(act->ledger, act->former) : rc;
}


void
consent_ctl_act_close(consent_ctl_act_t *act)
{
    size_t  i;

    for (i = 0; i < act->n_policies; i++) {
        consent_policy_destroy(act->policies[i]);
    }

    consent_ledger_close(act->ledger);
    consent_keys_destroy(act->keys);

    if (act->signed_dir != -1) {
        (void) close(act->signed_dir);
    }

    consent_wipe(act, sizeof(consent_ctl_act_t));
}


const consent_policy_t *
consent_ctl_act_policy(const consent_ctl_act_t *act, const char *id)
{
    size_t  i;

    for (i = 0; i < act->n_policies; i++) {
        if (id == NULL ? act->n_policies == 1 : consent_slice_eq(act->policies[i]->id, consent_cstr(id))) {
            return act->policies[i];
        }
    }

    if (id != NULL || act->n_policies == 0) {
        (void) consent_ctl_complain(id != NULL ? "nginx was never started with a policy \"%s\" on this store"
                                               : "nginx was never started on this store%s", id != NULL ? id : "");

    } else {
        (void) consent_ctl_complain("this store knows several policies: say which with --policy ID");
    }

    return NULL;
}


consent_rc_t
consent_ctl_act_do(consent_ctl_act_t *act, consent_op_t *op)
{
    consent_rc_t  rc;

    memcpy(op->subject, act->subject, CONSENT_SUBJECT_LEN);
    memcpy(op->former, act->former, CONSENT_SUBJECT_LEN);
    op->has_former = act->has_former;
    op->now = consent_ctl_now();
    rc = case_hash(act, op->case_hash);

    if (rc != CONSENT_OK) {
        (void) consent_ctl_complain("the random number generator fails");
        return rc;
    }

    rc = consent_ledger_begin(act->ledger);

    if (rc == CONSENT_OK) {
        rc = consent_ledger_apply(act->ledger, op);

        if (rc == CONSENT_CONFLICT || rc == CONSENT_DENIED) {
            consent_ledger_abort(act->ledger);
            return rc;
        }

        if (rc == CONSENT_OK) {
            rc = consent_ledger_commit(act->ledger);

        } else {
            consent_ledger_abort(act->ledger);
        }
    }

    if (rc == CONSENT_OK) {
        return CONSENT_OK;
    }

    (void) consent_ctl_complain("nothing was written: %s", consent_ledger_why(act->ledger)[0] != '\0'
                                ? consent_ledger_why(act->ledger) : consent_rc_name(rc));

    return CONSENT_IO;
}


bool
consent_ctl_act_tell(consent_ctl_act_t *act, consent_op_t *op, const consent_policy_t *policy, const char *type,
    consent_mask_t lost)
{
    consent_loss_t  loss = { .type = type, .policy = policy, .subject = act->subject, .lost = lost };

    act->lost |= lost;

    if (act->keys == NULL) {
        return true;
    }

    loss.former = act->has_former ? act->former : NULL;
    loss.at = consent_ctl_now() / 1000 * 1000;

    if (!consent_ctl_event(&act->events, act->keys, &loss)) {
        (void) consent_ctl_complain("nothing was written: the portal cannot be told");
        return false;
    }

    op->message = consent_ctl_events(&act->events);

    return true;
}


void
consent_ctl_act_said(consent_buf_t *b, const consent_ctl_act_t *act, const consent_op_t *op, bool json)
{
    char  hex[2 * CONSENT_CTL_CASE_KEY];

    consent_hex(hex, act->case_key, sizeof(act->case_key));

    if (json) {
        consent_ctl_json_flag(b, "event", op->message != NULL);
        consent_ctl_json_number(b, "entry", op->index);

        if (act->words != NULL) {
            consent_ctl_json_text(b, "case_key", consent_slice(hex, sizeof(hex)));
        }

        return;
    }

    consent_buf_printf(b, "Entry %llu of the log says so.\n", (unsigned long long) op->index);

    if (act->words != NULL) {
        consent_buf_str(b, "Keep this key with the case. With it, and the words of --case, it is shown to be the entry's;\n"
                           "it stands nowhere else:\n\n  ");
        consent_buf_add(b, hex, sizeof(hex));
        consent_buf_str(b, "\n\n");
    }

    if (op->message != NULL) {
        consent_buf_str(b, "An event waits for the portal, where consent_event_pass is set.\n");

    } else if (act->lost != 0) {
        consent_buf_str(b, "Without --keys, no event tells the portal (consent_event_pass).\n");
    }
}


consent_time_t
consent_ctl_now(void)
{
    struct timespec  now;

    (void) clock_gettime(CLOCK_REALTIME, &now);

    return (consent_time_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}


/* What nginx keeps beside the keys is there once it has been started. */
bool
consent_ctl_open_keys(consent_keys_t **keys, int *signed_dir, const char *directory)
{
    char  why[256], path[4096];

    if (consent_keys_load(keys, directory, why) != CONSENT_OK) {
        *keys = NULL;
        (void) consent_ctl_complain("keys in %s cannot be used: %s", directory, why);
        return false;
    }

    if (snprintf(path, sizeof(path), "%s/" CONSENT_KEYS_KEPT, directory) >= (int) sizeof(path)) {
        (void) consent_ctl_complain("%s is too long a name", directory);
        return false;
    }

    *signed_dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

    if (*signed_dir == -1 && errno != ENOENT) {
        (void) consent_ctl_complain("cannot open %s: %s", path, strerror(errno));
        return false;
    }

    return true;
}


bool
consent_ctl_act_read(consent_ctl_act_t *act, const char *store)
{
    consent_rc_t       rc;
    consent_ledger_t  *reader;

    reader = consent_ctl_open_store(store);

    if (reader == NULL) {
        return false;
    }

    rc = consent_ledger_in_force(reader, each_in_force, act);
    consent_ledger_close(reader);

    if (rc != CONSENT_OK) {
        (void) consent_ctl_complain("cannot read the store %s: %s", store, consent_rc_name(rc));
        return false;
    }

    return true;
}


/* Only a store that is there is opened to write; its entries get the name of the node that it is of, never none. */
static bool
open_store(consent_ctl_act_t *act, const char *store)
{
    if (!consent_ctl_act_read(act, store)) {
        return false;
    }

    if (act->node[0] == '\0' && act->keys != NULL) {
        (void) snprintf(act->node, sizeof(act->node), "%s", act->keys->origin);
    }

    if (act->keys != NULL && strcmp(act->node, act->keys->origin) != 0) {
        (void) consent_ctl_complain("nothing was written: the store is that of %s, the keys are those of %s", act->node,
                                    act->keys->origin);
        return false;
    }

    if (act->node[0] == '\0') {
        (void) consent_ctl_complain("nothing was written: the store does not say of which node it is, for nginx was never started"
                                    " on it. Start it once, or name the node's keys with --keys");
        return false;
    }

    act->ledger = consent_ctl_open_to_write(store, act->node, act->signed_dir);

    return act->ledger != NULL;
}


/* A later start takes the place of an earlier one of the same policy. */
static bool
each_in_force(void *arg, const consent_in_force_t *found)
{
    size_t              i;
    consent_faults_t    faults = { NULL, NULL, NULL, 0, 0 };
    consent_policy_t   *policy;
    consent_ctl_act_t  *act = arg;

    faults.arena = consent_arena_create(1024 * 1024);

    if (faults.arena != NULL && consent_policy_load(&policy, found->document, &faults) == CONSENT_OK) {

        for (i = 0; i < act->n_policies && act->policies[i]->id_key != policy->id_key; i++) { /* void */ }

        if (i == consent_countof(act->policies)) {
            consent_policy_destroy(policy);

        } else {
            if (i == act->n_policies) {
                act->n_policies++;
            } else {
                consent_policy_destroy(act->policies[i]);
            }

            act->policies[i] = policy;
        }
    }

    consent_arena_destroy(faults.arena);

    /* an origin has nothing that JSON escapes */
    if (found->node.len >= 2 && found->node.len - 2 < sizeof(act->node)
        && memchr(found->node.data, '\\', found->node.len) == NULL)
    {
        memcpy(act->node, found->node.data + 1, found->node.len - 2);
        act->node[found->node.len - 2] = '\0';
    }

    return true;
}


static consent_rc_t
case_hash(consent_ctl_act_t *act, uint8_t hash[static CONSENT_HASH_LEN])
{
    consent_rc_t     rc;
    consent_slice_t  words;

    memset(hash, 0, CONSENT_HASH_LEN);

    if (act->words == NULL) {
        return CONSENT_OK;
    }

    rc = consent_random(act->case_key, sizeof(act->case_key));

    if (rc == CONSENT_OK) {
        words = consent_cstr(act->words);
        rc = consent_hmac(hash, consent_slice(act->case_key, sizeof(act->case_key)), &words, 1);
    }

    return rc;
}
