/*
 * The store within a worker: opened after fork, read in place, and what nobody waits for: entries, signals,
 * counters.
 */

#include "base/siphash.h"
#include "nginx/cluster.h"
#include "nginx/log_audit.h"
#include "nginx/outbox.h"
#include "nginx/publish.h"
#include "nginx/witness.h"
#include "nginx/store_start.h"


#define NGX_CONSENT_STORE_LEAVE  1000   /* ms that threads get to leave, at most */
#define NGX_CONSENT_STORE_HELD  50      /* ms after a lookup during which others share its snapshot */

typedef struct {
    consent_ledger_t         *ledger;
    ngx_flag_t                well;         /* the last attempt to open or write was */
    ngx_flag_t                earlier;      /* earlier versions of policies are known */
    uint64_t                  missed;       /* entries that could not be queued */
    ngx_event_t               rest;         /* lookups let go of the store */
    ngx_log_t                *log;
} ngx_consent_store_t;

static void ngx_consent_store_alone(void);
static ngx_consent_main_conf_t *ngx_consent_store_conf(void);
static void ngx_consent_store_turned(ngx_int_t rc, const char *why);
static void ngx_consent_store_rest(ngx_event_t *ev);
static void ngx_consent_store_missed(void);

static ngx_consent_store_t  ngx_consent_store;


ngx_int_t
ngx_consent_store_init_process(ngx_cycle_t *cycle)
{
    char                      why[256];
    consent_rc_t              rc;
    consent_ledger_conf_t     conf;
    consent_cluster_keys_t    keys;
    ngx_consent_store_t      *store = &ngx_consent_store;
    ngx_consent_main_conf_t  *mcf;

    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE) {
        return NGX_OK;
    }

    mcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_consent_module);

    if (mcf == NULL || mcf->store.len == 0 || mcf->keys == NULL || mcf->policies.nelts == 0) {
        return NGX_OK;
    }

    ngx_memzero(store, sizeof(ngx_consent_store_t));

    store->log = cycle->log;
    store->well = 1;
    store->rest.handler = ngx_consent_store_rest;
    store->rest.data = store;
    store->rest.log = cycle->log;
    store->rest.cancelable = 1;

    ngx_memzero(&conf, sizeof(consent_ledger_conf_t));

    conf.directory = (char *) mcf->store.data;
    conf.size = mcf->store_size;
    conf.node = mcf->keys->origin;
    conf.guarded = (mcf->signed_dir != NGX_INVALID_FILE);
    conf.signed_dir = mcf->signed_dir;

    conf.cluster = CONSENT_CLUSTER_LEAVE;

    if (mcf->cluster) {
        /* a store that others were never told of is not to be taken for one that they were */
        conf.cluster = (consent_cluster_derive(&keys, mcf->keys->cluster) == CONSENT_OK) ? CONSENT_CLUSTER_JOIN
                                                                                        : CONSENT_CLUSTER_KEEP;
        conf.erasure_key = keys.erasure;
    }

    rc = consent_ledger_open(&store->ledger, &conf, why);
    consent_wipe(&keys, sizeof(keys));

    /* a failing init_process would leave a port that listens and answers nothing */

    if (store->ledger == NULL) {
        ngx_log_error(NGX_LOG_ERR, cycle->log, 0,
                      "consent: %s; no decision is known or taken by this worker", why);
        return NGX_OK;
    }

    if (rc != CONSENT_OK) {
        ngx_consent_store_turned(NGX_ERROR, why);

    } else {
        store->earlier = (ngx_consent_earlier_load(cycle, store->ledger) == NGX_OK);
    }

    ngx_consent_recent_start(cycle, mcf);
    ngx_consent_gaps_start(cycle, mcf);

    if (ngx_consent_commit_init(cycle, mcf, store->ledger, ngx_consent_store_turned) != NGX_OK) {
        return NGX_OK;
    }

    ngx_consent_entries_start(cycle, mcf);
    ngx_consent_outbox_start(cycle, mcf);
    ngx_consent_publish_start(cycle, mcf, store->ledger);
    ngx_consent_cluster_start(cycle, mcf, store->ledger);
    ngx_consent_witness_start(cycle, mcf, store->ledger);

    return NGX_OK;
}


void
ngx_consent_store_exit_process(ngx_cycle_t *cycle)
{
    ngx_consent_store_t  *store = &ngx_consent_store;

    if (store->ledger == NULL) {
        return;
    }

    ngx_consent_outbox_stop();
    ngx_consent_publish_stop();
    ngx_consent_cluster_stop();
    ngx_consent_witness_stop();
    ngx_consent_log_audit_stop();
    ngx_consent_commit_exit();
    ngx_consent_recent_stop();
    ngx_consent_gaps_stop();

    consent_ledger_close(store->ledger);
    store->ledger = NULL;

    ngx_consent_store_alone();
}


/* A thread that was told to leave clears up after libcrypto, as exit() does: not both at once. */
static void
ngx_consent_store_alone(void)
{
    ngx_uint_t   i;
    struct stat  st;

    for (i = 0; i < NGX_CONSENT_STORE_LEAVE; i++) {

        /* ".", "..", and one for each thread */

        if (stat("/proc/self/task", &st) != 0 || st.st_nlink <= 3) {
            return;
        }

        ngx_msleep(1);
    }
}


static ngx_consent_main_conf_t *
ngx_consent_store_conf(void)
{
    return ngx_http_cycle_get_module_main_conf(ngx_cycle, ngx_consent_module);
}


/* The store has turned well or ill: said once, not for every attempt. */
static void
ngx_consent_store_turned(ngx_int_t rc, const char *why)
{
    ngx_consent_store_t  *store = &ngx_consent_store;

    if (rc != NGX_OK) {

        if (store->well) {
            ngx_log_error(NGX_LOG_ERR, store->log, 0, "consent: %s; decisions cannot be saved", why);
            store->well = 0;
        }

        return;
    }

    if (!store->well) {
        ngx_log_error(NGX_LOG_NOTICE, store->log, 0, "consent: the store takes decisions again");
        store->well = 1;
    }

    if (!store->earlier) {
        store->earlier = (ngx_consent_earlier_load((ngx_cycle_t *) ngx_cycle, store->ledger) == NGX_OK);
    }

    ngx_consent_store_missed();
}


consent_rc_t
ngx_consent_store_state(const ngx_consent_ctx_t *ctx, consent_decision_t *decision, consent_time_t *erased_at, bool *moves)
{
    consent_rc_t          rc;
    ngx_consent_store_t  *store = &ngx_consent_store;

    if (store->ledger == NULL) {
        *erased_at = 0;
        *moves = false;
        return CONSENT_IO;
    }

    rc = consent_ledger_state_of(store->ledger, ctx->subject, ctx->has_former ? ctx->former : NULL,
                                 ctx->policy->policy->id_key, decision, erased_at, moves);

    /* what is taken up anew for each lookup is a third of what it costs */

    if (consent_ledger_is_looking(store->ledger) && !store->rest.timer_set) {
        ngx_add_timer(&store->rest, NGX_CONSENT_STORE_HELD);
    }

    return rc;
}


static void
ngx_consent_store_rest(ngx_event_t *ev)
{
    if (ngx_consent_store.ledger) {
        consent_ledger_state_rest(ngx_consent_store.ledger);
    }
}


consent_ledger_t *
ngx_consent_store_ledger(void)
{
    return ngx_consent_store.ledger;
}


void
ngx_consent_count(consent_counter_t counter, uint64_t n)
{
    consent_recent_t  *recent;

    recent = ngx_consent_store_recent();

    if (recent) {
        consent_recent_count(recent, counter, n);
    }
}


uint64_t
ngx_consent_store_tag(const uint8_t *subject)
{
    ngx_consent_main_conf_t  *mcf;

    mcf = ngx_consent_store_conf();

    if (mcf == NULL || mcf->keys == NULL) {
        return 0;
    }

    return consent_siphash(mcf->keys->run, consent_slice(subject, CONSENT_SUBJECT_LEN), 2, 4);
}


void
ngx_consent_commit_subject(ngx_consent_commit_t *commit, const ngx_consent_ctx_t *ctx)
{
    ngx_memcpy(commit->op.subject, ctx->subject, CONSENT_SUBJECT_LEN);

    if (ctx->has_former) {
        ngx_memcpy(commit->op.former, ctx->former, CONSENT_SUBJECT_LEN);
        commit->op.has_former = true;
    }
}


void
ngx_consent_store_rekey(const ngx_consent_ctx_t *ctx)
{
    ngx_consent_commit_t  *commit;

    commit = ngx_consent_commit_create(0, NULL);

    if (commit) {
        commit->op.type = CONSENT_OP_REKEY;
        commit->op.now = ngx_consent_now();
        ngx_consent_commit_subject(commit, ctx);

        if (ngx_consent_store_commit(commit) != NGX_OK) {
            ngx_consent_commit_free(commit);
        }
    }
}


void
ngx_consent_commit_decision(ngx_consent_commit_t *commit, ngx_consent_policy_t *policy, size_t language)
{
    size_t                   i, j;
    consent_op_t            *op;
    consent_slice_t          id;
    const consent_policy_t  *p;

    op = &commit->op;
    p = policy->policy;

    op->type = CONSENT_OP_DECISION;
    op->policy = policy->entry;
    op->now = ngx_consent_now();

    op->level = (op->decision.level >= 0 && (size_t) op->decision.level < p->n_levels)
                ? p->levels[op->decision.level].id : consent_lit("custom");

    op->language = p->languages[language < p->n_languages ? language : 0];
    op->categories = commit->categories;
    op->n_categories = 0;

    for (i = 0; i < p->n_categories; i++) {

        if (!(op->decision.granted & ((consent_mask_t) 1 << i))) {
            continue;
        }

        /* sorted as they come: they are few */

        id = p->categories[i].id;

        for (j = op->n_categories; j > 0; j--) {
            if (ngx_memn2cmp((u_char *) commit->categories[j - 1].data, (u_char *) id.data,
                             commit->categories[j - 1].len, id.len) < 0)
            {
                break;
            }

            commit->categories[j] = commit->categories[j - 1];
        }

        commit->categories[j] = id;
        op->n_categories++;
    }
}


ngx_int_t
ngx_consent_store_entry(ngx_consent_policy_t *policy, const char *type, consent_slice_t fields)
{
    static const uint8_t  none[CONSENT_HASH_LEN];

    return ngx_consent_store_shown(policy, type, fields, consent_slice(NULL, 0), none);
}


ngx_int_t
ngx_consent_store_shown(ngx_consent_policy_t *policy, const char *type, consent_slice_t fields, consent_slice_t text,
    const uint8_t hash[static CONSENT_HASH_LEN])
{
    u_char                *p;
    ngx_consent_commit_t  *commit;

    commit = ngx_consent_commit_entry(fields.len, &p);

    if (commit) {
        ngx_memcpy(p, fields.data, fields.len);

        commit->gathers = 1;
        commit->op.policy = policy->entry;
        commit->op.entry_type = type;
        commit->op.fields = consent_slice(p, fields.len);
        commit->op.notice = text;
        ngx_memcpy(commit->op.notice_hash, hash, CONSENT_HASH_LEN);

        if (ngx_consent_store_commit(commit) == NGX_OK) {
            return NGX_OK;
        }

        ngx_consent_commit_free(commit);
    }

    ngx_consent_store.missed++;
    ngx_consent_count(CONSENT_COUNT_MISSED, 1);

    return NGX_ERROR;
}


/* How many entries are missing, once the store takes one again. */
static void
ngx_consent_store_missed(void)
{
    u_char                   fields[64], *p;
    uint64_t                 missed;
    ngx_consent_store_t     *store = &ngx_consent_store;
    ngx_consent_policy_t   **policies;

    missed = store->missed;

    if (missed == 0) {
        return;
    }

    store->missed = 0;
    policies = ngx_consent_store_conf()->policies.elts;

    p = ngx_snprintf(fields, sizeof(fields), "{\"count\":%uL}", missed);

    if (ngx_consent_store_entry(policies[0], "missed", consent_slice(fields,
                                                                     (size_t) (p - fields))) != NGX_OK)
    {
        store->missed = missed;
    }
}
