/*
 * The files that the configuration names: policies, keys, and the directory of the store.
 */

#include "nginx/conf.h"


static ngx_int_t ngx_consent_policy_create(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf, ngx_str_t *file,
    ngx_consent_policy_t **policy);
static consent_policy_t *ngx_consent_policy_read(ngx_conf_t *cf, ngx_str_t *file, consent_detectors_t **detectors);
static void ngx_consent_policy_faults(ngx_conf_t *cf, ngx_str_t *file, const consent_faults_t *faults);
static void ngx_consent_policy_cleanup(void *data);
static void ngx_consent_detectors_cleanup(void *data);
static void ngx_consent_keys_cleanup(void *data);

#define NGX_CONSENT_FAULTS  (1024 * 1024)       /* bytes of messages about one policy */


char *
ngx_consent_conf_policy(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_consent_srv_conf_t  *scf = conf;

    ngx_str_t                 *value, file;
    ngx_uint_t                 i;
    ngx_consent_policy_t      *policy, **policies;
    ngx_consent_main_conf_t   *mcf;

    if (scf->policy != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    mcf = ngx_http_conf_get_module_main_conf(cf, ngx_consent_module);

    value = cf->args->elts;
    file = value[1];

    if (file.len == 0) {
        return "needs a file";
    }

    if (ngx_conf_full_name(cf->cycle, &file, 1) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    ngx_consent_conf_place(cf, &scf->policy_place);

    policies = mcf->policies.elts;

    for (i = 0; i < mcf->policies.nelts; i++) {
        if (policies[i]->file.len == file.len && ngx_strncmp(policies[i]->file.data, file.data,
                                                             file.len) == 0)
        {
            scf->policy = policies[i];
            return NGX_CONF_OK;
        }
    }

    if (ngx_consent_policy_create(cf, mcf, &file, &policy) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    scf->policy = policy;

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_consent_policy_create(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf, ngx_str_t *file,
    ngx_consent_policy_t **out)
{
    ngx_uint_t              i;
    ngx_file_info_t         fi;
    consent_policy_t       *loaded;
    consent_detectors_t    *detectors;
    ngx_consent_policy_t   *policy, **policies;

    loaded = ngx_consent_policy_read(cf, file, &detectors);
    if (loaded == NULL) {
        return NGX_ERROR;
    }

    if (ngx_consent_conf_cleanup(cf, ngx_consent_policy_cleanup, loaded) != NGX_OK) {
        consent_detectors_destroy(detectors);
        return NGX_ERROR;
    }

    if (detectors && ngx_consent_conf_cleanup(cf, ngx_consent_detectors_cleanup, detectors) != NGX_OK) {
        return NGX_ERROR;
    }

    policies = mcf->policies.elts;

    for (i = 0; i < mcf->policies.nelts; i++) {

        if (policies[i]->policy->id_key != loaded->id_key) {
            continue;
        }

        if (policies[i]->policy->key != loaded->key) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V\" and \"%V\" have the same id and are different: "
                               "a citizen's decision is under one version of a policy",
                               file, &policies[i]->file);
            return NGX_ERROR;
        }

        *out = policies[i];
        return NGX_OK;
    }

    policy = ngx_pcalloc(cf->pool, sizeof(ngx_consent_policy_t));
    if (policy == NULL) {
        return NGX_ERROR;
    }

    policy->file = *file;
    policy->modified = (ngx_file_info(file->data, &fi) == NGX_FILE_ERROR) ? ngx_time() : ngx_file_mtime(&fi);
    policy->policy = loaded;
    policy->detectors = detectors;
    policy->set.policy = loaded;

    policy->entry.id = loaded->id;
    policy->entry.version = loaded->version;
    policy->entry.id_key = loaded->id_key;
    policy->entry.key = loaded->key;
    ngx_memcpy(policy->entry.hash, loaded->hash, CONSENT_HASH_LEN);

    policies = ngx_array_push(&mcf->policies);
    if (policies == NULL) {
        return NGX_ERROR;
    }

    *policies = policy;
    *out = policy;

    return NGX_OK;
}


static consent_policy_t *
ngx_consent_policy_read(ngx_conf_t *cf, ngx_str_t *file, consent_detectors_t **detectors)
{
    ngx_str_t          text;
    consent_rc_t       rc;
    consent_faults_t   faults;
    consent_policy_t  *policy;

    if (ngx_consent_conf_read(cf, file, CONSENT_POLICY_MAX_FILE, 0, &text) != NGX_OK) {
        return NULL;
    }

    ngx_memzero(&faults, sizeof(consent_faults_t));
    policy = NULL;

    faults.arena = consent_arena_create(NGX_CONSENT_FAULTS);
    if (faults.arena == NULL) {
        return NULL;
    }

    rc = consent_policy_load(&policy, ngx_consent_slice(&text), &faults);

    if (rc == CONSENT_OK) {
        rc = consent_detectors_compile(detectors, policy, &faults);

        if (rc != CONSENT_OK) {
            consent_policy_destroy(policy);
        }
    }

    ngx_consent_policy_faults(cf, file, &faults);

    if (rc != CONSENT_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "policy \"%V\" cannot be used: %s", file,
                           faults.errors ? "it has faults" : consent_rc_name(rc));
        policy = NULL;
    }

    consent_arena_destroy(faults.arena);

    return policy;
}


/* Every fault on a line of its own, as compilers print them. */
static void
ngx_consent_policy_faults(ngx_conf_t *cf, ngx_str_t *file, const consent_faults_t *faults)
{
    u_char                  memory[1024];
    ngx_uint_t              level;
    consent_buf_t           b;
    const consent_fault_t  *f;

    for (f = faults->first; f; f = f->next) {
        consent_buf_init_fixed(&b, memory, sizeof(memory));
        consent_fault_print(&b, f);

        level = f->warning ? NGX_LOG_WARN : NGX_LOG_EMERG;
        ngx_log_error(level, cf->log, 0, "%V:%*s", file, b.len, b.data);
    }
}


static void
ngx_consent_policy_cleanup(void *data)
{
    consent_policy_destroy(data);
}


static void
ngx_consent_detectors_cleanup(void *data)
{
    consent_detectors_destroy(data);
}


char *
ngx_consent_conf_keys(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_consent_main_conf_t  *mcf = conf;

    char         why[256];
    ngx_str_t   *value;

    if (mcf->keys_path.data) {
        return "is duplicate";
    }

    value = cf->args->elts;
    mcf->keys_path = value[1];

    if (mcf->keys_path.len == 0) {
        return "needs a directory";
    }

    if (ngx_conf_full_name(cf->cycle, &mcf->keys_path, 1) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if (consent_keys_load(&mcf->keys, (char *) mcf->keys_path.data, why) != CONSENT_OK) {
        mcf->keys = NULL;
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "keys in \"%V\" cannot be used: %s", &mcf->keys_path, why);
        return NGX_CONF_ERROR;
    }

    if (ngx_consent_conf_cleanup(cf, ngx_consent_keys_cleanup, mcf->keys) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static void
ngx_consent_keys_cleanup(void *data)
{
    consent_keys_destroy(data);
}


char *
ngx_consent_conf_store(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_consent_main_conf_t  *mcf = conf;

    off_t             size;
    ngx_str_t        *value, s;
    ngx_path_t       *path;
    ngx_file_info_t   fi;

    if (mcf->store.data) {
        return "is duplicate";
    }

    value = cf->args->elts;
    mcf->store = value[1];
    size = (off_t) CONSENT_LEDGER_SIZE;

    if (cf->args->nelts == 3) {

        if (ngx_consent_conf_value(&value[2], "size", &s) != NGX_OK) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid parameter \"%V\"", &value[2]);
            return NGX_CONF_ERROR;
        }

        size = ngx_parse_offset(&s);

        if (size < (off_t) CONSENT_LEDGER_MIN_SIZE || (uintmax_t) size > NGX_MAX_SIZE_T_VALUE) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid size \"%V\", it must be at least 1m", &s);
            return NGX_CONF_ERROR;
        }
    }

    mcf->store_size = (size_t) size;

    while (mcf->store.len > 1 && mcf->store.data[mcf->store.len - 1] == '/') {
        mcf->store.len--;
    }

    if (mcf->store.len == 0) {
        return "needs a directory";
    }

    /* nginx's paths are made, and handed to the workers' user, at every start and reload */

    path = ngx_pcalloc(cf->pool, sizeof(ngx_path_t));
    if (path == NULL) {
        return NGX_CONF_ERROR;
    }

    s.len = mcf->store.len;
    s.data = ngx_pnalloc(cf->pool, s.len + 1);
    if (s.data == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_cpystrn(s.data, mcf->store.data, s.len + 1);

    if (ngx_conf_full_name(cf->cycle, &s, 0) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if (ngx_file_info(s.data, &fi) != NGX_FILE_ERROR && !ngx_is_dir(&fi)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\" is not a directory", &s);
        return NGX_CONF_ERROR;
    }

    mcf->store = s;
    ngx_consent_conf_place(cf, &mcf->store_place);

    path->name = s;
    path->conf_file = cf->conf_file->file.name.data;
    path->line = cf->conf_file->line;

    if (ngx_add_path(cf, &path) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}
