/*
 * consentctl subject, erase, hold: what is done to a citizen's record as a whole.
 */

#include "ctl/act.h"

#include <stdio.h>
#include <unistd.h>

#define CLAIM_MAX     1024
#define YEAR          ((consent_time_t) 366 * 24 * 60 * 60 * 1000)
#define COOKIE_LIVES  (2 * YEAR)        /* longer than any cookie of ours can */

static bool tell_all(consent_ctl_act_t *act, consent_op_t *op);
static void not_kept(consent_buf_t *out, const consent_ctl_act_t *act);
static bool read_claim(consent_buf_t *claim);


int
consent_ctl_subject(int argc, char **argv)
{
    int                    signed_dir = -1;
    const char            *store;
    consent_rc_t           rc;
    consent_buf_t          claim, out;
    bool                   known, held;
    uint8_t                subject[2][CONSENT_SUBJECT_LEN];
    size_t                 n = 0;
    consent_keys_t        *keys;
    consent_ledger_t      *ledger;
    consent_time_t         since;
    consent_ctl_option_t   options[] = { { "--issuer", true, NULL }, { "--keys", true, NULL }, { "--json", false, NULL } };

    if (!consent_ctl_arguments(argc, argv, options, consent_countof(options), &store, 1)) {
        return CONSENT_CTL_USAGE;
    }

    if (options[0].value == NULL || options[1].value == NULL) {
        return consent_ctl_complain("--issuer and --keys are needed: whose claim it is, and the keys of this node");
    }

    if (!consent_ctl_open_keys(&keys, &signed_dir, options[1].value)) {
        consent_keys_destroy(keys);
        return CONSENT_CTL_USAGE;
    }

    ledger = read_claim(&claim) ? consent_ctl_open_store(store) : NULL;
    rc = CONSENT_IO;

    if (ledger != NULL) {
        rc = consent_pseudonym(subject[0], keys, consent_cstr(options[0].value), consent_buf_view(&claim));
        n = 1;

        if (rc == CONSENT_OK && keys->n_pseudonym > 1) {
            rc = consent_pseudonym_former(subject[1], keys, consent_cstr(options[0].value), consent_buf_view(&claim));
            n = 2;
        }

        if (rc != CONSENT_OK) {
            (void) consent_ctl_complain("the pseudonym cannot be made: %s", consent_rc_name(rc));
        }
    }

    if (rc == CONSENT_OK) {
        known = consent_ledger_known(ledger, subject[0]) == CONSENT_OK
                || (n > 1 && consent_ledger_known(ledger, subject[1]) == CONSENT_OK);
        held = consent_ledger_held(ledger, subject[0], &since) == CONSENT_OK
               || (n > 1 && consent_ledger_held(ledger, subject[1], &since) == CONSENT_OK);

        consent_buf_init(&out, 65536);
        consent_buf_str(&out, options[2].value != NULL ? "{\"subject\":\"" : "");
        consent_buf_hex(&out, subject[0], CONSENT_SUBJECT_LEN);

        /* while the former key is there, the store may know her by either */
        if (n > 1) {
            consent_buf_char(&out, '/');
            consent_buf_hex(&out, subject[1], CONSENT_SUBJECT_LEN);
        }

        if (options[2].value != NULL) {
            consent_buf_char(&out, '"');
            consent_ctl_json_flag(&out, "known", known);
            consent_ctl_json_flag(&out, "held", held);
            consent_buf_str(&out, "}\n");

        } else {
            consent_buf_char(&out, '\n');

            if (!known) {
                (void) fprintf(stderr, "consentctl: the store has nothing of this subject\n");
            }
        }

        rc = consent_ctl_flush(&out) ? CONSENT_OK : CONSENT_IO;
    }

    consent_wipe(claim.data, claim.len);
    consent_buf_free(&claim);
    consent_ledger_close(ledger);
    consent_keys_destroy(keys);

    return rc == CONSENT_OK ? CONSENT_CTL_HOLDS : CONSENT_CTL_USAGE;
}


int
consent_ctl_erase(int argc, char **argv)
{
    int                    status;
    const char            *operands[2];
    consent_op_t           op;
    consent_rc_t           rc;
    consent_buf_t          out;
    consent_ctl_act_t      act;
    consent_ctl_option_t   options[] = { { "--case", true, NULL }, { "--keys", true, NULL }, { "--json", false, NULL } };

    if (!consent_ctl_arguments(argc, argv, options, consent_countof(options), operands, 2)) {
        return CONSENT_CTL_USAGE;
    }

    if (!consent_ctl_act_open(&act, operands[0], operands[1], options[1].value, options[0].value)) {
        consent_ctl_act_close(&act);
        return CONSENT_CTL_USAGE;
    }

    memset(&op, 0, sizeof(op));
    op.type = CONSENT_OP_ERASURE;
    op.keep_until = consent_ctl_now() + COOKIE_LIVES;

    status = CONSENT_CTL_USAGE;
    consent_buf_init(&out, 65536);
    rc = consent_ctl_act_known(&act);

    if (rc == CONSENT_NOTFOUND) {
        (void) consent_ctl_complain("the store has nothing of this subject");
        status = CONSENT_CTL_FAILS;

    } else if (rc != CONSENT_OK) {
        (void) consent_ctl_complain("cannot read the store %s: %s", operands[0], consent_rc_name(rc));

    } else if (!tell_all(&act, &op)) {
        /* said */

    } else if ((rc = consent_ctl_act_do(&act, &op)) == CONSENT_DENIED) {
        (void) consent_ctl_complain("%s: nothing was erased. \"consentctl hold --release\" ends a hold",
                                    consent_ledger_why(act.ledger));
        status = CONSENT_CTL_FAILS;

    } else if (rc == CONSENT_OK) {
        status = CONSENT_CTL_HOLDS;

        if (options[2].value != NULL) {
            consent_buf_char(&out, '{');
            consent_ctl_json_number(&out, "erased", op.erased);
            consent_ctl_act_said(&out, &act, &op, true);
            consent_buf_str(&out, "}\n");

        } else {
            consent_buf_printf(&out, "Erased: %llu entries of the log no longer open. ", (unsigned long long) op.erased);
            consent_ctl_act_said(&out, &act, &op, false);
            consent_buf_str(&out, "\"consentctl store compact\" takes the freed bytes away for good.\n");

            not_kept(&out, &act);
        }
    }

    consent_ctl_act_close(&act);

    return consent_ctl_flush(&out) ? status : CONSENT_CTL_USAGE;
}


int
consent_ctl_hold(int argc, char **argv)
{
    int                    status;
    const char            *operands[2];
    consent_op_t           op;
    consent_rc_t           rc;
    consent_buf_t          out;
    consent_ctl_act_t      act;
    consent_ctl_option_t   options[] = { { "--release", false, NULL }, { "--case", true, NULL }, { "--keys", true, NULL },
                                         { "--json", false, NULL } };

    if (!consent_ctl_arguments(argc, argv, options, consent_countof(options), operands, 2)) {
        return CONSENT_CTL_USAGE;
    }

    if (!consent_ctl_act_open(&act, operands[0], operands[1], options[2].value, options[1].value)) {
        consent_ctl_act_close(&act);
        return CONSENT_CTL_USAGE;
    }

    memset(&op, 0, sizeof(op));
    op.type = CONSENT_OP_HOLD;
    op.release = options[0].value != NULL;

    status = CONSENT_CTL_USAGE;
    consent_buf_init(&out, 65536);
    rc = consent_ctl_act_do(&act, &op);

    if (rc == CONSENT_CONFLICT) {
        (void) consent_ctl_complain(op.release ? "there is no hold on this subject" : "there is a hold on this subject already");
        status = CONSENT_CTL_FAILS;

    } else if (rc == CONSENT_OK) {
        status = CONSENT_CTL_HOLDS;

        if (options[3].value != NULL) {
            consent_buf_char(&out, '{');
            consent_ctl_json_flag(&out, "held", !op.release);
            consent_ctl_json_number(&out, "erased", op.erased);
            consent_ctl_act_said(&out, &act, &op, true);
            consent_buf_str(&out, "}\n");

        } else {
            consent_buf_str(&out, op.release ? "The hold is released. " : "What is kept of this subject is not erased until the"
                                                                         " hold is released. ");

            if (op.erased > 0) {
                consent_buf_printf(&out, "She was erased at another node meanwhile, and now is here: %llu entries no longer"
                                         " open. ", (unsigned long long) op.erased);
            }

            consent_ctl_act_said(&out, &act, &op, false);

            if (op.erased > 0) {
                not_kept(&out, &act);
            }
        }
    }

    consent_ctl_act_close(&act);

    return consent_ctl_flush(&out) ? status : CONSENT_CTL_USAGE;
}


/* What was granted long ago may be with the portal still: all that she could ever grant, under each policy. */
static bool
tell_all(consent_ctl_act_t *act, consent_op_t *op)
{
    size_t  i;

    for (i = 0; i < act->n_policies; i++) {
        if (!consent_ctl_act_tell(act, op, act->policies[i], "erased", act->policies[i]->consent_mask)) {
            return false;
        }
    }

    return true;
}


static void
not_kept(consent_buf_t *out, const consent_ctl_act_t *act)
{
    if (act->signed_dir == -1) {
        consent_buf_str(out, "Without --keys, the erasure is not kept beside the keys: a restored backup would not know of"
                             " it.\n");
    }
}


/* On standard input, and not on the command line, which every process of the machine can read. */
static bool
read_claim(consent_buf_t *claim)
{
    if (isatty(STDIN_FILENO)) {
        (void) fprintf(stderr, "The claim, as the identity provider has it, then Enter and Ctrl-D: ");
    }

    if (!consent_ctl_read_file(claim, "-", CLAIM_MAX + 2)) {
        consent_buf_init(claim, 1);
        return false;
    }

    if (claim->len > 0 && claim->data[claim->len - 1] == '\n') {
        claim->len--;
    }

    if (claim->len > 0 && claim->data[claim->len - 1] == '\r') {
        claim->len--;
    }

    if (claim->len == 0 || claim->len > CLAIM_MAX || memchr(claim->data, '\n', claim->len) != NULL) {
        (void) consent_ctl_complain("the claim is one line on standard input, of at most %d bytes", CLAIM_MAX);
        return false;
    }

    return true;
}
