/*
 * consentctl record, withdraw: what a citizen has decided by mail or at a counter, written down by a clerk.
 */

#include "ctl/act.h"
#include "base/when.h"

#include <stdlib.h>

#define ID_MAX  128                     /* bytes of an id in a list */

typedef struct {
    consent_wish_t           wish;
    consent_slice_t          categories[CONSENT_MAX_CATEGORIES];
    const consent_policy_t  *policy;
    consent_slice_t          language;
} asked_t;

static int decide(int argc, char **argv, bool withdraw);
static bool ask(asked_t *asked, const consent_ctl_act_t *act, const consent_ctl_option_t *options, bool withdraw);
static bool ask_categories(asked_t *asked, const char *list);
static bool ask_language(asked_t *asked, const char *tag);
static bool before(consent_effect_t *effect, consent_decision_t *stored, bool *had, const consent_ctl_act_t *act,
    const consent_policy_t *policy, consent_time_t now);
static bool translate(consent_translation_t *translation, const consent_ctl_act_t *act, const consent_policy_t *policy,
    uint64_t key);
static void fill(consent_op_t *op, const asked_t *asked, consent_slice_t categories[static CONSENT_MAX_CATEGORIES]);
static void complain(const asked_t *asked, const char *what);
static int compare(const void *a, const void *b);
static void said(consent_buf_t *out, const consent_ctl_act_t *act, const consent_op_t *op, bool json);

enum {
    OPTION_LEVEL = 0,
    OPTION_CATEGORIES,
    OPTION_CASE,
    OPTION_POLICY,
    OPTION_LANGUAGE,
    OPTION_KEYS,
    OPTION_JSON
};


int
consent_ctl_record(int argc, char **argv)
{
    return decide(argc, argv, false);
}


int
consent_ctl_withdraw(int argc, char **argv)
{
    return decide(argc, argv, true);
}


static int
decide(int argc, char **argv, bool withdraw)
{
    int                    status = CONSENT_CTL_USAGE;
    bool                   had;
    asked_t                asked;
    const char            *operands[2], *what = NULL;
    consent_op_t           op;
    consent_buf_t          out;
    consent_slice_t        categories[CONSENT_MAX_CATEGORIES];
    consent_effect_t       effect;
    consent_decision_t     stored;
    consent_ctl_act_t      act;
    consent_ctl_option_t   options[] = { { "--level", true, NULL }, { "--categories", true, NULL }, { "--case", true, NULL },
                                         { "--policy", true, NULL }, { "--language", true, NULL },
                                         { "--keys", true, NULL }, { "--json", false, NULL } };

    if (!consent_ctl_arguments(argc, argv, options, consent_countof(options), operands, 2)) {
        return CONSENT_CTL_USAGE;
    }

    if (!withdraw && options[OPTION_CASE].value == NULL) {
        return consent_ctl_complain("--case is needed: what is recorded for somebody belongs to a case");
    }

    consent_buf_init(&out, 65536);
    memset(&op, 0, sizeof(op));

    if (consent_ctl_act_open(&act, operands[0], operands[1], options[OPTION_KEYS].value, options[OPTION_CASE].value)
        && ask(&asked, &act, options, withdraw)
        && before(&effect, &stored, &had, &act, asked.policy, consent_ctl_now()))
    {
        asked.wish.ai = effect.ai;

        if (withdraw && !had) {
            (void) consent_ctl_complain("the store has no decision of this subject under the policy");
            status = CONSENT_CTL_FAILS;

        } else if (consent_decision_make(&op.decision, &what, asked.policy, &asked.wish, &effect, consent_ctl_now())
                   != CONSENT_OK)
        {
            complain(&asked, what);

        } else {
            fill(&op, &asked, categories);

            if (consent_ctl_act_tell(&act, &op, asked.policy, consent_loss_type(&op.decision),
                                     effect.granted & ~op.decision.granted)
                && consent_ctl_act_do(&act, &op) == CONSENT_OK)
            {
                said(&out, &act, &op, options[OPTION_JSON].value != NULL);
                status = CONSENT_CTL_HOLDS;
            }
        }
    }

    consent_ctl_act_close(&act);

    return consent_ctl_flush(&out) ? status : CONSENT_CTL_USAGE;
}


static bool
ask(asked_t *asked, const consent_ctl_act_t *act, const consent_ctl_option_t *options, bool withdraw)
{
    memset(asked, 0, sizeof(asked_t));
    asked->policy = consent_ctl_act_policy(act, options[OPTION_POLICY].value);

    if (asked->policy == NULL || !ask_language(asked, options[OPTION_LANGUAGE].value)) {
        return false;
    }

    asked->wish.scope = CONSENT_SCOPE_STANDING;
    asked->wish.withdraw = withdraw;

    if (withdraw) {
        if (options[OPTION_LEVEL].value != NULL || options[OPTION_CATEGORIES].value != NULL) {
            (void) consent_ctl_complain("a withdrawal takes everything away: use \"record\" for a lower level");
            return false;
        }

        return true;
    }

    if ((options[OPTION_LEVEL].value != NULL) == (options[OPTION_CATEGORIES].value != NULL)) {
        (void) consent_ctl_complain("--level ID or --categories ID,ID says what she decided");
        return false;
    }

    asked->wish.level = consent_cstr(options[OPTION_LEVEL].value);
    asked->wish.categories = asked->categories;

    return options[OPTION_CATEGORIES].value == NULL || ask_categories(asked, options[OPTION_CATEGORIES].value);
}


static bool
ask_categories(asked_t *asked, const char *list)
{
    size_t  len;

    do {
        len = strcspn(list, ",");

        if (len == 0 || len > ID_MAX || asked->wish.n_categories == consent_countof(asked->categories)) {
            (void) consent_ctl_complain("--categories takes ids with commas between them");
            return false;
        }

        asked->categories[asked->wish.n_categories++] = consent_slice(list, len);
        list += len + (list[len] == ',' ? 1 : 0);
    } while (*list != '\0');

    return true;
}


/* The first of the policy's, unless one of them is named. */
static bool
ask_language(asked_t *asked, const char *tag)
{
    size_t  i;

    asked->language = asked->policy->languages[0];

    for (i = 0; tag != NULL && i < asked->policy->n_languages; i++) {
        if (consent_slice_ieq(asked->policy->languages[i], consent_cstr(tag))) {
            asked->language = asked->policy->languages[i];
            return true;
        }
    }

    if (tag != NULL) {
        (void) consent_ctl_complain("\"%s\" is no language of the policy", tag);
    }

    return tag == NULL;
}


/* What was in force, so that it can be said whether this gives or takes. */
static bool
before(consent_effect_t *effect, consent_decision_t *stored, bool *had, const consent_ctl_act_t *act,
    const consent_policy_t *policy, consent_time_t now)
{
    bool                   moves;
    consent_rc_t           rc;
    consent_time_t         erased_at;
    consent_policy_set_t   set = { .policy = policy };
    consent_translation_t  translation;

    rc = consent_ledger_state_of(act->ledger, act->subject, act->has_former ? act->former : NULL, policy->id_key, stored,
                                 &erased_at, &moves);
    consent_ledger_state_rest(act->ledger);
    *had = rc == CONSENT_OK;

    if (rc != CONSENT_OK && rc != CONSENT_NOTFOUND) {
        (void) consent_ctl_complain("the store cannot be read");
        return false;
    }

    if (*had && stored->policy != policy->key && translate(&translation, act, policy, stored->policy)) {
        set.earlier = &translation;
        set.n_earlier = 1;
    }

    consent_decide(effect, &set, *had ? stored : NULL, NULL, NULL, erased_at, now);

    return true;
}


static bool
translate(consent_translation_t *translation, const consent_ctl_act_t *act, const consent_policy_t *policy, uint64_t key)
{
    consent_rc_t       rc;
    consent_buf_t      document;
    consent_faults_t   faults = { NULL, NULL, NULL, 0, 0 };
    consent_policy_t  *earlier = NULL;

    consent_buf_init(&document, CONSENT_POLICY_MAX_FILE);
    faults.arena = consent_arena_create(1024 * 1024);
    rc = faults.arena == NULL ? CONSENT_NOMEM : consent_ledger_policy(act->ledger, key, &document);

    if (rc == CONSENT_OK) {
        rc = consent_policy_load(&earlier, consent_buf_view(&document), &faults);
    }

    if (rc == CONSENT_OK) {
        consent_policy_translate(translation, earlier, policy);
        consent_policy_destroy(earlier);
    }

    consent_arena_destroy(faults.arena);
    consent_buf_free(&document);

    return rc == CONSENT_OK;
}


static void
fill(consent_op_t *op, const asked_t *asked, consent_slice_t categories[static CONSENT_MAX_CATEGORIES])
{
    size_t                   i;
    const consent_policy_t  *policy = asked->policy;

    op->type = CONSENT_OP_DECISION;
    op->policy.id = policy->id;
    op->policy.version = policy->version;
    op->policy.id_key = policy->id_key;
    op->policy.key = policy->key;
    memcpy(op->policy.hash, policy->hash, CONSENT_HASH_LEN);

    op->decision.by = CONSENT_BY_CLERK;
    op->decision.method = CONSENT_METHOD_OPERATOR;
    op->identified = true;
    op->language = asked->language;
    op->level = op->decision.level >= 0 && (size_t) op->decision.level < policy->n_levels
                ? policy->levels[op->decision.level].id : consent_lit("custom");

    for (i = 0; i < policy->n_categories; i++) {
        if (op->decision.granted >> i & 1) {
            categories[op->n_categories++] = policy->categories[i].id;
        }
    }

    qsort(categories, op->n_categories, sizeof(consent_slice_t), compare);
    op->categories = categories;
}


/* With what the policy has: ids are not to be guessed at a counter. */
static void
complain(const asked_t *asked, const char *what)
{
    size_t                   i;
    const char              *comma;
    consent_buf_t            b;
    const consent_policy_t  *policy = asked->policy;

    consent_buf_init(&b, 65536);
    consent_buf_str(&b, what == NULL ? "the decision cannot be made" : what);
    consent_buf_str(&b, asked->wish.level.len > 0 ? ". Levels are" : ". Categories that are a choice are");

    for (i = 0; asked->wish.level.len > 0 && i < policy->n_levels; i++) {
        consent_buf_str(&b, i == 0 ? " " : ", ");
        consent_buf_slice(&b, policy->levels[i].id);
    }

    for (i = 0, comma = " "; asked->wish.level.len == 0 && i < policy->n_categories; i++) {
        if (policy->consent_mask >> i & 1) {
            consent_buf_str(&b, comma);
            consent_buf_slice(&b, policy->categories[i].id);
            comma = ", ";
        }
    }

    (void) consent_ctl_complain("%.*s", (int) b.len, (const char *) b.data);
    consent_buf_free(&b);
}


static int
compare(const void *a, const void *b)
{
    int                     order;
    const consent_slice_t  *x = a, *y = b;

    order = memcmp(x->data, y->data, x->len < y->len ? x->len : y->len);

    return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}


static void
said(consent_buf_t *out, const consent_ctl_act_t *act, const consent_op_t *op, bool json)
{
    size_t  i;

    if (json) {
        consent_buf_char(out, '{');
        consent_ctl_json_text(out, "status", consent_cstr(consent_status_name((consent_status_t) op->decision.status)));
        consent_ctl_json_text(out, "level", op->level);
        consent_ctl_json_name(out, "expires_at");
        consent_buf_char(out, '"');
        consent_when_rfc3339(out, op->decision.expires_at);
        consent_buf_str(out, "\",\"receipt\":\"");
        consent_buf_hex(out, op->decision.receipt, CONSENT_ID_LEN);
        consent_buf_char(out, '"');
        consent_ctl_act_said(out, act, op, true);
        consent_buf_str(out, "}\n");
        return;
    }

    consent_buf_printf(out, "%s, and in force now: level ", consent_status_name((consent_status_t) op->decision.status));
    consent_buf_slice(out, op->level);

    for (i = 0; i < op->n_categories; i++) {
        consent_buf_str(out, i == 0 ? " (" : ", ");
        consent_buf_slice(out, op->categories[i]);
    }

    consent_buf_str(out, op->n_categories > 0 ? "), until " : ", until ");
    consent_when_rfc3339(out, op->decision.expires_at);
    consent_buf_str(out, ".\nReceipt ");
    consent_buf_hex(out, op->decision.receipt, CONSENT_ID_LEN);
    consent_buf_str(out, ". ");
    consent_ctl_act_said(out, act, op, false);
}
