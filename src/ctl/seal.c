/*
 * consentctl log seal, log prune: the end of a log, and of its entries.
 */

#include "ctl/act.h"
#include "base/utf8.h"
#include "ledger/seal.h"

#define DECISION_MAX  256               /* bytes of the words that name a decision */
#define DIGITS_MAX    5                 /* in a row: more may be somebody's number */
#define DAY           ((consent_time_t) 24 * 60 * 60 * 1000)

static bool publish(consent_ctl_act_t *act);
static bool names_a_decision(const char *text);
static bool each_policy(void *arg, uint64_t key, consent_slice_t canonical);

static const char  nobody[] = "00000000000000000000000000000000";


int
consent_ctl_log_seal(int argc, char **argv)
{
    int                    status = CONSENT_CTL_USAGE;
    char                   why[256];
    const char            *store;
    consent_buf_t          out;
    consent_ctl_act_t      act;
    consent_sealed_t       sealed;
    consent_ctl_option_t   options[] = { { "--keys", true, NULL }, { "--json", false, NULL } };

    if (!consent_ctl_arguments(argc, argv, options, consent_countof(options), &store, 1)) {
        return CONSENT_CTL_USAGE;
    }

    consent_buf_init(&out, 65536);

    if (consent_ctl_act_open(&act, store, nobody, options[0].value, NULL)) {

        if (consent_ledger_seal(act.ledger, consent_ctl_now(), &sealed, why) != CONSENT_OK) {
            (void) consent_ctl_complain("nothing was sealed: %s", why);

        } else if (act.keys == NULL || publish(&act)) {
            status = CONSENT_CTL_HOLDS;

            if (options[1].value != NULL) {
                consent_buf_char(&out, '{');
                consent_ctl_json_number(&out, "log", sealed.number);
                consent_ctl_json_number(&out, "leaves", sealed.leaves);
                consent_ctl_json_text(&out, "next", consent_cstr(sealed.next));
                consent_buf_str(&out, "}\n");

            } else {
                consent_buf_printf(&out, "Log %lu has ended, with %llu entries. The next one is\n\n  %s\n\n",
                                   (unsigned long) sealed.number, (unsigned long long) sealed.leaves, sealed.next);
                consent_buf_str(&out, act.keys != NULL ? "Both are signed.\n" : "nginx signs both when it publishes next.\n");
            }
        }
    }

    consent_ctl_act_close(&act);

    return consent_ctl_flush(&out) ? status : CONSENT_CTL_USAGE;
}


int
consent_ctl_log_prune(int argc, char **argv)
{
    int                    status = CONSENT_CTL_USAGE;
    bool                   opened;
    char                   why[256];
    const char            *store;
    consent_rc_t           rc;
    consent_buf_t          out;
    consent_time_t         now, retention;
    consent_ctl_act_t      act;
    consent_pruned_t       pruned;
    consent_ctl_option_t   options[] = { { "--decision", true, NULL }, { "--json", false, NULL } };

    if (!consent_ctl_arguments(argc, argv, options, consent_countof(options), &store, 1)) {
        return CONSENT_CTL_USAGE;
    }

    if (options[0].value == NULL || !names_a_decision(options[0].value)) {
        return consent_ctl_complain("--decision names the decision to drop them, in %d bytes of UTF-8, with no address and no"
                                    " number of more than %d digits: it stays in the log for good", DECISION_MAX, DIGITS_MAX);
    }

    consent_buf_init(&out, 65536);
    now = consent_ctl_now();

    opened = consent_ctl_act_open(&act, store, nobody, NULL, NULL);

    if (opened && !consent_ctl_longest(&retention, act.ledger)) {
        (void) consent_ctl_complain("the policies in the store cannot be read");

    } else if (opened) {
        rc = consent_ledger_prune(act.ledger, now, now - retention, options[0].value, &pruned, why);

        if (rc != CONSENT_OK) {
            (void) consent_ctl_complain("%s", why);
            status = rc == CONSENT_NOTFOUND || rc == CONSENT_CONFLICT ? CONSENT_CTL_FAILS : CONSENT_CTL_USAGE;

        } else {
            status = CONSENT_CTL_HOLDS;

            if (options[1].value != NULL) {
                consent_buf_char(&out, '{');
                consent_ctl_json_number(&out, "log", pruned.number);
                consent_ctl_json_number(&out, "leaves", pruned.leaves);
                consent_buf_str(&out, "}\n");

            } else {
                consent_buf_printf(&out, "The %llu entries of log %lu are gone; its tree and its checkpoints stay.\n"
                                   "\"consentctl store compact\" takes the freed bytes away for good.\n",
                                   (unsigned long long) pruned.leaves, (unsigned long) pruned.number);
            }
        }
    }

    consent_ctl_act_close(&act);

    return consent_ctl_flush(&out) ? status : CONSENT_CTL_USAGE;
}


/* Where nginx runs, its publisher and this one do each other no harm. */
static bool
publish(consent_ctl_act_t *act)
{
    char                      why[256];
    consent_rc_t              rc;
    consent_publisher_t      *publisher;
    consent_publisher_conf_t  conf = { .origin = act->keys->origin, .seed = act->keys->log_seed,
                                       .signed_dir = act->signed_dir };

    rc = consent_publisher_create(&publisher, act->ledger, &conf);

    if (rc != CONSENT_OK) {
        (void) consent_ctl_complain("the log was sealed, but cannot be signed: %s", consent_rc_name(rc));
        return false;
    }

    rc = consent_log_publish(publisher, why);
    consent_publisher_destroy(publisher);

    if (rc != CONSENT_OK) {
        (void) consent_ctl_complain("the log was sealed; nginx signs it when it publishes next: %s", why);
    }

    return rc == CONSENT_OK;
}


/* The log cannot forget: what looks as if it said something of a person is not for it. */
static bool
names_a_decision(const char *text)
{
    size_t  i, digits;

    for (i = 0, digits = 0; text[i] != '\0'; i++) {
        digits = text[i] >= '0' && text[i] <= '9' ? digits + 1 : 0;

        if ((unsigned char) text[i] < 0x20 || text[i] == 0x7f || text[i] == '@' || digits > DIGITS_MAX) {
            return false;
        }
    }

    return i > 0 && i <= DECISION_MAX && consent_utf8_valid(consent_cstr(text));
}


bool
consent_ctl_longest(consent_time_t *ms, consent_ledger_t *ledger)
{
    *ms = 0;

    return consent_ledger_policies(ledger, each_policy, ms) == CONSENT_OK && *ms >= 0;
}


static bool
each_policy(void *arg, uint64_t key, consent_slice_t canonical)
{
    consent_time_t     ms, *longest_ms = arg;
    consent_faults_t   faults = { NULL, NULL, NULL, 0, 0 };
    consent_policy_t  *policy;

    (void) key;

    faults.arena = consent_arena_create(1024 * 1024);

    if (faults.arena == NULL || consent_policy_load(&policy, canonical, &faults) != CONSENT_OK) {
        *longest_ms = -1;
        consent_arena_destroy(faults.arena);
        return false;
    }

    ms = (consent_time_t) policy->valid_for.months * 31 * DAY + (consent_time_t) policy->valid_for.seconds * 1000;
    *longest_ms = ms > *longest_ms ? ms : *longest_ms;

    consent_policy_destroy(policy);
    consent_arena_destroy(faults.arena);

    return true;
}
