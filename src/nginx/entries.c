/*
 * The entries of a start or reload: each policy version at its first use, what is on where, new keys. Every
 * worker queues them under names that the log takes once; so they are written whichever worker comes first,
 * and once.
 */

#include "nginx/conf.h"
#include "nginx/store_start.h"


#define NGX_CONSENT_ENTRY_FIELDS  61000

static void ngx_consent_entry_policy(ngx_consent_policy_t *policy);
static void ngx_consent_entry_config(ngx_consent_main_conf_t *mcf, ngx_consent_policy_t *policy);
static void ngx_consent_entry_keys(ngx_consent_main_conf_t *mcf, ngx_consent_policy_t *policy);
static void ngx_consent_entry_key(const consent_keys_t *keys, ngx_consent_policy_t *policy,
    const char *change, const char *use, const char *kid);
static ngx_int_t ngx_consent_entry_queue(ngx_consent_policy_t *policy, const char *type,
    consent_slice_t fields, consent_slice_t document, consent_slice_t unique);
static ngx_int_t ngx_consent_retired_keys(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf);
static ngx_int_t ngx_consent_retire(ngx_consent_main_conf_t *mcf, const char *use, const char *kid,
    char (*present)[CONSENT_KID_LEN + 1], size_t n);
static ngx_int_t ngx_consent_zone_init(ngx_shm_zone_t *zone, void *data);


void
ngx_consent_entries_start(ngx_cycle_t *cycle, ngx_consent_main_conf_t *mcf)
{
    ngx_uint_t              i;
    ngx_consent_policy_t  **policies;

    policies = mcf->policies.elts;

    for (i = 0; i < mcf->policies.nelts; i++) {
        ngx_consent_entry_policy(policies[i]);
        ngx_consent_entry_config(mcf, policies[i]);
    }

    ngx_consent_entry_keys(mcf, policies[0]);
}


static void
ngx_consent_entry_policy(ngx_consent_policy_t *policy)
{
    u_char  unique[sizeof("policy:") + 2 * CONSENT_HASH_LEN], *p;

    p = ngx_cpymem(unique, "policy:", sizeof("policy:") - 1);
    p = ngx_hex_dump(p, policy->entry.hash, CONSENT_HASH_LEN);

    (void) ngx_consent_entry_queue(policy, "policy", consent_slice(NULL, 0), policy->policy->canonical,
                                   consent_slice(unique, (size_t) (p - unique)));
}


static void
ngx_consent_entry_config(ngx_consent_main_conf_t *mcf, ngx_consent_policy_t *policy)
{
    u_char               unique[sizeof("config::") + 2 * CONSENT_ID_LEN + 2 * CONSENT_HASH_LEN], *p;
    consent_buf_t        fields;
    ngx_consent_zone_t  *zone;

    zone = mcf->zone->data;

    p = ngx_cpymem(unique, "config:", sizeof("config:") - 1);
    p = ngx_hex_dump(p, zone->cycle, CONSENT_ID_LEN);
    *p++ = ':';
    p = ngx_hex_dump(p, policy->entry.hash, CONSENT_HASH_LEN);

    consent_buf_init(&fields, NGX_CONSENT_ENTRY_FIELDS);

    ngx_consent_conf_table(&fields, mcf, policy);

    if (fields.rc != CONSENT_OK) {
        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                      "consent: the table of locations could not be written: %s", consent_rc_name(fields.rc));

    } else {
        (void) ngx_consent_entry_queue(policy, "config", consent_buf_view(&fields), consent_slice(NULL, 0),
                                       consent_slice(unique, (size_t) (p - unique)));
    }

    consent_buf_free(&fields);
}


static void
ngx_consent_entry_keys(ngx_consent_main_conf_t *mcf, ngx_consent_policy_t *policy)
{
    size_t                  i;
    ngx_consent_retired_t  *retired;

    for (i = 0; i < mcf->keys->n_cookie; i++) {
        ngx_consent_entry_key(mcf->keys, policy, "new", "cookie", mcf->keys->kids[i]);
    }

    for (i = 0; i < mcf->keys->n_pseudonym; i++) {
        ngx_consent_entry_key(mcf->keys, policy, "new", "pseudonym", mcf->keys->pseudonym_kids[i]);
    }

    ngx_consent_entry_key(mcf->keys, policy, "new", "log", mcf->keys->log_kid);

    if (mcf->retired) {
        retired = mcf->retired->elts;

        for (i = 0; i < mcf->retired->nelts; i++) {
            ngx_consent_entry_key(mcf->keys, policy, "retired", retired[i].use, retired[i].kid);
        }
    }
}


/* Signed with the log's key over the fields without the signature, so that an auditor needs nothing
 * secret. */
static void
ngx_consent_entry_key(const consent_keys_t *keys, ngx_consent_policy_t *policy, const char *change,
    const char *use, const char *kid)
{
    char      signature[(CONSENT_ED25519_SIG_LEN + 2) / 3 * 4 + 1];
    u_char    said[256], fields[512], unique[128], *p, *q;
    size_t    len;
    uint8_t   sig[CONSENT_ED25519_SIG_LEN];

    p = ngx_snprintf(said, sizeof(said), "{\"by\":\"%s\",\"change\":\"%s\",\"kid\":\"%s\",\"use\":\"%s\"}",
                     keys->log_kid, change, kid, use);

    if (consent_ed25519_sign(sig, keys->log_seed, consent_slice(said, (size_t) (p - said))) != CONSENT_OK) {
        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0, "consent: a key entry could not be signed");
        return;
    }

    len = consent_base64(signature, sig, sizeof(sig));

    p = ngx_snprintf(fields, sizeof(fields),
                     "{\"by\":\"%s\",\"change\":\"%s\",\"kid\":\"%s\",\"signature\":\"%*s\",\"use\":\"%s\"}",
                     keys->log_kid, change, kid, len, signature, use);
    q = ngx_snprintf(unique, sizeof(unique), "key:%s:%s:%s", change, use, kid);

    (void) ngx_consent_entry_queue(policy, "key", consent_slice(fields, (size_t) (p - fields)),
                                   consent_slice(NULL, 0), consent_slice(unique, (size_t) (q - unique)));
}


static ngx_int_t
ngx_consent_entry_queue(ngx_consent_policy_t *policy, const char *type, consent_slice_t fields,
    consent_slice_t document, consent_slice_t unique)
{
    u_char                *p;
    ngx_consent_commit_t  *commit;

    commit = ngx_consent_commit_entry(fields.len + unique.len, &p);
    if (commit == NULL) {
        return NGX_ERROR;
    }

    commit->op.policy = policy->entry;
    commit->op.entry_type = type;
    commit->op.fields = consent_slice(p, fields.len);
    commit->op.unique = consent_slice(p + fields.len, unique.len);
    commit->op.document = document;

    if (fields.len) {
        ngx_memcpy(p, fields.data, fields.len);
    }

    ngx_memcpy(p + fields.len, unique.data, unique.len);

    if (ngx_consent_store_commit(commit) != NGX_OK) {
        ngx_consent_commit_free(commit);
        return NGX_ERROR;
    }

    return NGX_OK;
}


ngx_int_t
ngx_consent_store_zone(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf)
{
    ngx_str_t  name = ngx_string("ngx_consent");

    if (mcf->policies.nelts == 0) {
        return NGX_OK;
    }

    mcf->zone = ngx_shared_memory_add(cf, &name, 8 * ngx_pagesize + 2 * sizeof(consent_turns_t), &ngx_consent_module);
    if (mcf->zone == NULL) {
        return NGX_ERROR;
    }

    mcf->zone->init = ngx_consent_zone_init;
    mcf->zone->noreuse = 1;

    mcf->threads = ngx_thread_pool_add(cf, NULL);
    if (mcf->threads == NULL) {
        return NGX_ERROR;
    }

    mcf->fresh = ngx_is_init_cycle(cf->cycle->old_cycle) && !ngx_inherited;

    return ngx_consent_retired_keys(cf, mcf);
}


/* The keys that the configuration before this one had, and this one has not. */
static ngx_int_t
ngx_consent_retired_keys(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf)
{
    size_t                    i;
    ngx_cycle_t              *old;
    consent_keys_t           *keys;
    ngx_consent_main_conf_t  *before;

    old = cf->cycle->old_cycle;

    if (mcf->keys == NULL || ngx_is_init_cycle(old)) {
        return NGX_OK;
    }

    /* a place in the old configuration is ours only if we were in it */

    for (i = 0; i < old->modules_n && old->modules[i] != &ngx_consent_module; i++) { /* void */ }

    if (i == old->modules_n) {
        return NGX_OK;
    }

    before = ngx_http_cycle_get_module_main_conf(old, ngx_consent_module);

    if (before == NULL || before->keys == NULL) {
        return NGX_OK;
    }

    mcf->retired = ngx_array_create(cf->pool, 1, sizeof(ngx_consent_retired_t));
    if (mcf->retired == NULL) {
        return NGX_ERROR;
    }

    keys = before->keys;

    for (i = 0; i < keys->n_cookie; i++) {
        if (ngx_consent_retire(mcf, "cookie", keys->kids[i], mcf->keys->kids,
                               mcf->keys->n_cookie) != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    for (i = 0; i < keys->n_pseudonym; i++) {
        if (ngx_consent_retire(mcf, "pseudonym", keys->pseudonym_kids[i], mcf->keys->pseudonym_kids,
                               mcf->keys->n_pseudonym) != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return ngx_consent_retire(mcf, "log", keys->log_kid, &mcf->keys->log_kid, 1);
}


static ngx_int_t
ngx_consent_retire(ngx_consent_main_conf_t *mcf, const char *use, const char *kid,
    char (*present)[CONSENT_KID_LEN + 1], size_t n)
{
    size_t                  i;
    ngx_consent_retired_t  *retired;

    for (i = 0; i < n; i++) {
        if (ngx_strcmp(present[i], kid) == 0) {
            return NGX_OK;
        }
    }

    retired = ngx_array_push(mcf->retired);
    if (retired == NULL) {
        return NGX_ERROR;
    }

    retired->use = use;
    ngx_memcpy(retired->kid, kid, sizeof(retired->kid));

    return NGX_OK;
}


static ngx_int_t
ngx_consent_zone_init(ngx_shm_zone_t *shm_zone, void *data)
{
    ngx_slab_pool_t     *pool;
    ngx_consent_zone_t  *zone;

    pool = (ngx_slab_pool_t *) shm_zone->shm.addr;

    zone = ngx_slab_calloc(pool, sizeof(ngx_consent_zone_t));
    if (zone == NULL) {
        return NGX_ERROR;
    }

    if (consent_random(zone->cycle, CONSENT_ID_LEN) != CONSENT_OK) {
        return NGX_ERROR;
    }

    zone->layout = NGX_CONSENT_ZONE_LAYOUT;
    shm_zone->data = zone;

    return NGX_OK;
}
