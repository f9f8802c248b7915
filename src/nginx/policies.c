/*
 * Other versions of the policies in force: the store has the document of each that it has seen, and decisions refer to them
 * by their key. They are read when the store opens; what another node has told since, when the first decision refers to it.
 */

#include "nginx/store_start.h"


#define NGX_CONSENT_EARLIER  1024           /* versions of one policy that are kept in memory */

typedef struct {
    ngx_consent_policy_t    *policy;
    ngx_consent_earlier_t   *earlier;
    ngx_uint_t               n;
    ngx_uint_t               size;
    ngx_log_t               *log;
    ngx_int_t                rc;
} ngx_consent_earlier_walk_t;

static ngx_int_t ngx_consent_earlier_one(ngx_cycle_t *cycle, consent_ledger_t *ledger,
    ngx_consent_policy_t *policy);
static bool ngx_consent_earlier_each(void *arg, uint64_t key, consent_slice_t canonical);
static ngx_int_t ngx_consent_earlier_read(ngx_consent_policy_t *policy, consent_slice_t canonical,
    consent_policy_t **loaded, ngx_log_t *log);
static ngx_int_t ngx_consent_earlier_insert(ngx_consent_policy_t *policy, consent_policy_t *loaded, ngx_log_t *log);
static ngx_int_t ngx_consent_earlier_retire(ngx_consent_policy_t *policy);
static void ngx_consent_earlier_retired(void *data);
static ngx_int_t ngx_consent_earlier_add(ngx_consent_earlier_walk_t *walk, consent_policy_t *loaded);
static int ngx_libc_cdecl ngx_consent_earlier_cmp(const void *one, const void *two);
static ngx_int_t ngx_consent_earlier_translate(ngx_consent_earlier_walk_t *walk);
static void ngx_consent_earlier_drop(ngx_consent_earlier_t *earlier, ngx_uint_t n);
static void ngx_consent_earlier_free(ngx_consent_policy_t *policy);
static void ngx_consent_earlier_cleanup(void *data);


ngx_int_t
ngx_consent_earlier_load(ngx_cycle_t *cycle, consent_ledger_t *ledger)
{
    ngx_int_t                 rc;
    ngx_uint_t                i;
    ngx_consent_policy_t    **policies;
    ngx_consent_main_conf_t  *mcf;

    mcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_consent_module);
    policies = mcf->policies.elts;
    rc = NGX_OK;

    for (i = 0; i < mcf->policies.nelts; i++) {
        if (ngx_consent_earlier_one(cycle, ledger, policies[i]) != NGX_OK) {
            rc = NGX_ERROR;
        }
    }

    return rc;
}


static ngx_int_t
ngx_consent_earlier_one(ngx_cycle_t *cycle, consent_ledger_t *ledger, ngx_consent_policy_t *policy)
{
    consent_rc_t                 rc;
    ngx_pool_cleanup_t          *cln;
    ngx_consent_earlier_walk_t   walk;

    if (policy->n_earlier > 0) {
        /* threads may be reading them; what is not among them is read when a decision refers to it */
        return NGX_OK;
    }

    ngx_memzero(&walk, sizeof(ngx_consent_earlier_walk_t));

    walk.policy = policy;
    walk.log = cycle->log;

    rc = consent_ledger_policies(ledger, ngx_consent_earlier_each, &walk);

    if (rc == CONSENT_NOTFOUND) {
        rc = CONSENT_OK;
    }

    if (rc != CONSENT_OK || walk.rc != NGX_OK) {
        ngx_log_error(NGX_LOG_ERR, cycle->log, 0,
                      "consent: earlier versions of policy \"%V\" could not be read: %s",
                      &policy->file, rc == CONSENT_OK ? "out of memory" : consent_rc_name(rc));
        walk.rc = NGX_ERROR;
    }

    /* without translations a decision under an earlier version grants nothing, which is the private
     * reading */

    if (!policy->cleaned) {

        cln = ngx_pool_cleanup_add(cycle->pool, 0);
        if (cln == NULL) {
            walk.rc = NGX_ERROR;

        } else {
            cln->handler = ngx_consent_earlier_cleanup;
            cln->data = policy;
            policy->cleaned = 1;
        }
    }

    if (walk.rc == NGX_OK && ngx_consent_earlier_translate(&walk) == NGX_OK) {
        return NGX_OK;
    }

    ngx_consent_earlier_drop(walk.earlier, walk.n);

    return NGX_ERROR;
}


static bool
ngx_consent_earlier_each(void *arg, uint64_t key, consent_slice_t canonical)
{
    ngx_consent_earlier_walk_t  *walk = arg;

    ngx_int_t          rc;
    consent_policy_t  *loaded;

    if (key == walk->policy->policy->key) {
        return true;
    }

    rc = ngx_consent_earlier_read(walk->policy, canonical, &loaded, walk->log);

    if (rc != NGX_OK) {
        walk->rc = rc == NGX_ERROR ? NGX_ERROR : walk->rc;
        return rc == NGX_DECLINED;
    }

    if (ngx_consent_earlier_add(walk, loaded) != NGX_OK) {
        consent_policy_destroy(loaded);
        walk->rc = NGX_ERROR;
        return false;
    }

    return walk->n < NGX_CONSENT_EARLIER;
}


/* NGX_DECLINED: it is of another policy, or cannot be read. */
static ngx_int_t
ngx_consent_earlier_read(ngx_consent_policy_t *policy, consent_slice_t canonical, consent_policy_t **loaded, ngx_log_t *log)
{
    consent_rc_t      rc;
    consent_faults_t  faults;

    ngx_memzero(&faults, sizeof(consent_faults_t));

    faults.arena = consent_arena_create(64 * 1024);
    if (faults.arena == NULL) {
        return NGX_ERROR;
    }

    *loaded = NULL;
    rc = consent_policy_load(loaded, canonical, &faults);

    consent_arena_destroy(faults.arena);

    if (rc == CONSENT_NOMEM) {
        return NGX_ERROR;
    }

    /* what another module took and this one does not: decisions under it grant nothing */

    if (rc != CONSENT_OK) {
        ngx_log_error(NGX_LOG_WARN, log, 0, "consent: a policy version in the store cannot be read");
        return NGX_DECLINED;
    }

    if ((*loaded)->id_key != policy->policy->id_key) {
        consent_policy_destroy(*loaded);
        return NGX_DECLINED;
    }

    return NGX_OK;
}


void
ngx_consent_earlier_learn(ngx_consent_policy_t *policy, const consent_decision_t *decision)
{
    consent_rc_t       rc;
    consent_buf_t      document;
    consent_policy_t  *loaded;
    consent_ledger_t  *ledger;

    if (decision == NULL || decision->policy == policy->policy->key || decision->policy == policy->unreadable
        || ngx_consent_policy_version(policy, decision->policy) != NULL || policy->n_earlier >= NGX_CONSENT_EARLIER)
    {
        return;
    }

    ledger = ngx_consent_store_ledger();

    if (ledger == NULL) {
        return;
    }

    consent_buf_init(&document, CONSENT_POLICY_MAX_CANONICAL);
    rc = consent_ledger_policy(ledger, decision->policy, &document);

    if (rc == CONSENT_OK) {
        switch (ngx_consent_earlier_read(policy, consent_buf_view(&document), &loaded, ngx_cycle->log)) {
        case NGX_OK:
            if (ngx_consent_earlier_insert(policy, loaded, ngx_cycle->log) != NGX_OK) {
                consent_policy_destroy(loaded);
            }

            break;

        case NGX_DECLINED:
            policy->unreadable = decision->policy;
            break;
        }
    }

    consent_buf_free(&document);
}


/* Into arrays of their own: where it fails nothing has changed, and a thread goes on reading the old ones. */
static ngx_int_t
ngx_consent_earlier_insert(ngx_consent_policy_t *policy, consent_policy_t *loaded, ngx_log_t *log)
{
    ngx_uint_t              n, at;
    ngx_consent_earlier_t  *earlier;
    consent_translation_t  *translations;

    n = policy->n_earlier;
    earlier = ngx_alloc((n + 1) * sizeof(ngx_consent_earlier_t), log);
    translations = ngx_alloc((n + 1) * sizeof(consent_translation_t), log);

    if (earlier == NULL || translations == NULL || ngx_consent_earlier_retire(policy) != NGX_OK) {
        ngx_free(earlier);
        ngx_free(translations);
        return NGX_ERROR;
    }

    for (at = 0; at < n && policy->earlier[at].key < loaded->key; at++) {
        earlier[at] = policy->earlier[at];
        translations[at] = policy->translations[at];
    }

    earlier[at].key = loaded->key;
    earlier[at].policy = loaded;
    consent_policy_translate(&translations[at], loaded, policy->policy);

    for ( /* void */ ; at < n; at++) {
        earlier[at + 1] = policy->earlier[at];
        translations[at + 1] = policy->translations[at];
    }

    policy->earlier = earlier;
    policy->translations = translations;
    policy->set.earlier = translations;

    ngx_memory_barrier();

    policy->n_earlier = n + 1;
    policy->set.n_earlier = n + 1;

    return NGX_OK;
}


/* The arrays that others take the place of go with the cycle. */
static ngx_int_t
ngx_consent_earlier_retire(ngx_consent_policy_t *policy)
{
    ngx_pool_cleanup_t  *earlier, *translations;

    earlier = ngx_pool_cleanup_add(ngx_cycle->pool, 0);
    translations = ngx_pool_cleanup_add(ngx_cycle->pool, 0);

    if (earlier == NULL || translations == NULL) {
        return NGX_ERROR;
    }

    earlier->handler = ngx_consent_earlier_retired;
    earlier->data = policy->earlier;
    translations->handler = ngx_consent_earlier_retired;
    translations->data = policy->translations;

    return NGX_OK;
}


static void
ngx_consent_earlier_retired(void *data)
{
    ngx_free(data);
}


static ngx_int_t
ngx_consent_earlier_add(ngx_consent_earlier_walk_t *walk, consent_policy_t *loaded)
{
    ngx_uint_t              size;
    ngx_consent_earlier_t  *earlier;

    if (walk->n == walk->size) {
        size = walk->size ? walk->size * 2 : 8;

        earlier = ngx_alloc(size * sizeof(ngx_consent_earlier_t), walk->log);
        if (earlier == NULL) {
            return NGX_ERROR;
        }

        if (walk->n) {
            ngx_memcpy(earlier, walk->earlier, walk->n * sizeof(ngx_consent_earlier_t));
            ngx_free(walk->earlier);
        }

        walk->earlier = earlier;
        walk->size = size;
    }

    walk->earlier[walk->n].key = loaded->key;
    walk->earlier[walk->n].policy = loaded;
    walk->n++;

    return NGX_OK;
}


static int ngx_libc_cdecl
ngx_consent_earlier_cmp(const void *one, const void *two)
{
    const ngx_consent_earlier_t  *a = one;
    const ngx_consent_earlier_t  *b = two;

    return (a->key > b->key) - (a->key < b->key);
}


/* Threads may be reading: the numbers come when all that they count is there. */
static ngx_int_t
ngx_consent_earlier_translate(ngx_consent_earlier_walk_t *walk)
{
    ngx_uint_t              i;
    ngx_consent_policy_t   *policy;
    consent_translation_t  *translations;

    policy = walk->policy;

    if (walk->n == 0) {
        return NGX_OK;
    }

    ngx_qsort(walk->earlier, walk->n, sizeof(ngx_consent_earlier_t), ngx_consent_earlier_cmp);

    translations = ngx_alloc(walk->n * sizeof(consent_translation_t), walk->log);
    if (translations == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < walk->n; i++) {
        consent_policy_translate(&translations[i], walk->earlier[i].policy, policy->policy);
    }

    policy->earlier = walk->earlier;
    policy->translations = translations;
    policy->set.earlier = translations;

    ngx_memory_barrier();

    policy->n_earlier = walk->n;
    policy->set.n_earlier = walk->n;

    return NGX_OK;
}


static void
ngx_consent_earlier_drop(ngx_consent_earlier_t *earlier, ngx_uint_t n)
{
    ngx_uint_t  i;

    for (i = 0; i < n; i++) {
        consent_policy_destroy(earlier[i].policy);
    }

    if (earlier) {
        ngx_free(earlier);
    }
}


static void
ngx_consent_earlier_free(ngx_consent_policy_t *policy)
{
    policy->set.earlier = NULL;
    policy->set.n_earlier = 0;

    ngx_consent_earlier_drop(policy->earlier, policy->n_earlier);

    if (policy->translations) {
        ngx_free(policy->translations);
    }

    policy->earlier = NULL;
    policy->n_earlier = 0;
    policy->translations = NULL;
}


static void
ngx_consent_earlier_cleanup(void *data)
{
    ngx_consent_earlier_free(data);
}


const consent_policy_t *
ngx_consent_policy_version(ngx_consent_policy_t *policy, uint64_t key)
{
    ngx_uint_t  i, left, right;

    if (key == policy->policy->key) {
        return policy->policy;
    }

    left = 0;
    right = policy->n_earlier;

    while (left < right) {
        i = (left + right) / 2;

        if (policy->earlier[i].key == key) {
            return policy->earlier[i].policy;
        }

        if (policy->earlier[i].key < key) {
            left = i + 1;

        } else {
            right = i;
        }
    }

    return NULL;
}
