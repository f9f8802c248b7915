/*
 * consent_log and consent_log_interval, and the directory beside the keys where the log's last checkpoint is kept.
 *
 * The keys are the master's, and may stand where a worker may not look. The directory is made and handed to the workers'
 * user as nginx's own paths are; a descriptor of it, opened by the master, is what they reach it by.
 */

#include "ledger/log.h"
#include "nginx/conf.h"


#define NGX_CONSENT_SIGNED    "/kept"
#define NGX_CONSENT_INTERVAL  500           /* ms */
#define NGX_CONSENT_INTERVAL_MIN  10

static ngx_int_t ngx_consent_log_role(ngx_conf_t *cf, ngx_consent_log_conf_t *log);
static void ngx_consent_signed_close(void *data);


char *
ngx_consent_conf_log(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_consent_loc_conf_t  *lcf = conf;

    ngx_int_t                  rc;
    ngx_str_t                 *value;
    ngx_uint_t                 i;
    const char                *why;
    ngx_consent_log_conf_t    *log;
    ngx_http_core_loc_conf_t  *clcf;

    if (lcf->log) {
        return "is duplicate";
    }

    log = ngx_pcalloc(cf->pool, sizeof(ngx_consent_log_conf_t));
    if (log == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_consent_conf_place(cf, &log->place);

    why = ngx_consent_conf_base(cf, &log->base);
    if (why) {
        return (char *) why;
    }

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {
        rc = ngx_consent_conf_access(cf, &value[i], &log->access);

        if (rc == NGX_DECLINED) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid parameter \"%V\"", &value[i]);
        }

        if (rc != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    if (ngx_consent_log_role(cf, log) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    clcf->handler = ngx_consent_log_pages_handler;

    lcf->log = log;

    return NGX_CONF_OK;
}


/* What an entry says of who has read: by which condition she was let in. Addresses are not for the log to keep. */
static ngx_int_t
ngx_consent_log_role(ngx_conf_t *cf, ngx_consent_log_conf_t *log)
{
    if (log->access.condition) {
        log->role = log->access.condition->value;

    } else if (log->access.allow) {
        ngx_str_set(&log->role, "allow");
    }

    return log->role.len <= 256 ? NGX_OK : NGX_ERROR;
}


char *
ngx_consent_conf_witness(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_consent_main_conf_t  *mcf = conf;

    ngx_str_t           *value, *uri;
    ngx_uint_t           i;
    consent_note_key_t  *key, *keys;

    value = cf->args->elts;

    if (mcf->witnesses.nelts == CONSENT_LOG_WITNESSES) {
        return "is there too often";
    }

    key = ngx_array_push(&mcf->witnesses);
    uri = ngx_array_push(&mcf->witness_uris);

    if (key == NULL || uri == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_str_null(uri);

    if (consent_note_key_parse(key, ngx_consent_slice(&value[1])) != CONSENT_OK || key->type != CONSENT_NOTE_COSIGNATURE) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\" is no witness's verifier key", &value[1]);
        return NGX_CONF_ERROR;
    }

    keys = mcf->witnesses.elts;

    for (i = 0; i + 1 < mcf->witnesses.nelts; i++) {
        if (consent_slice_eq(consent_note_key_name(&keys[i]), consent_note_key_name(key))) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "the witness \"%s\" is there already", key->name);
            return NGX_CONF_ERROR;
        }
    }

    if (cf->args->nelts == 3) {

        if (value[2].len == 0 || value[2].data[0] != '/') {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid URI \"%V\": it must begin with \"/\" and lead to an internal location whose "
                               "proxy_pass names the witness", &value[2]);
            return NGX_CONF_ERROR;
        }

        *uri = value[2];
    }

    return NGX_CONF_OK;
}


/* The server that shows the log is the one that leads to its witnesses. */
ngx_int_t
ngx_consent_conf_witnesses(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf)
{
    ngx_uint_t               i;
    ngx_consent_location_t  *l;

    l = mcf->locations.elts;

    for (i = 0; i < mcf->locations.nelts && mcf->witness_conf == NULL; i++) {
        if (l[i].conf->log) {
            mcf->witness_conf = l[i].server->ctx;
        }
    }

    if (mcf->witnesses.nelts && mcf->witness_conf == NULL) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "\"consent_witness\" needs a location with consent_log");
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* Made by nginx when all of the configuration is read. */
ngx_int_t
ngx_consent_conf_signed(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf)
{
    u_char      *p;
    ngx_path_t  *path;

    ngx_conf_init_msec_value(mcf->log_interval, NGX_CONSENT_INTERVAL);

    if (mcf->log_interval < NGX_CONSENT_INTERVAL_MIN) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "\"consent_log_interval\" must be at least %dms",
                      NGX_CONSENT_INTERVAL_MIN);
        return NGX_ERROR;
    }

    if (mcf->keys == NULL || mcf->store.len == 0 || mcf->policies.nelts == 0) {
        return NGX_OK;
    }

    path = ngx_pcalloc(cf->pool, sizeof(ngx_path_t));
    p = ngx_pnalloc(cf->pool, mcf->keys_path.len + sizeof(NGX_CONSENT_SIGNED));

    if (path == NULL || p == NULL) {
        return NGX_ERROR;
    }

    mcf->signed_path.data = p;

    p = ngx_cpymem(p, mcf->keys_path.data, mcf->keys_path.len);

    while (p > mcf->signed_path.data + 1 && p[-1] == '/') {
        p--;
    }

    p = ngx_cpymem(p, NGX_CONSENT_SIGNED, sizeof(NGX_CONSENT_SIGNED));
    mcf->signed_path.len = (size_t) (p - mcf->signed_path.data) - 1;

    path->name = mcf->signed_path;

    return ngx_add_path(cf, &path);
}


ngx_int_t
ngx_consent_conf_signed_open(ngx_cycle_t *cycle)
{
    ngx_pool_cleanup_t       *cln;
    ngx_consent_main_conf_t  *mcf;

    mcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_consent_module);

    if (mcf == NULL || mcf->signed_path.len == 0) {
        return NGX_OK;
    }

    cln = ngx_pool_cleanup_add(cycle->pool, 0);
    if (cln == NULL) {
        return NGX_ERROR;
    }

    mcf->signed_dir = open((char *) mcf->signed_path.data, O_RDONLY|O_DIRECTORY|O_CLOEXEC|O_NOFOLLOW);

    if (mcf->signed_dir == NGX_INVALID_FILE) {
        ngx_log_error(NGX_LOG_EMERG, cycle->log, ngx_errno, ngx_open_file_n " \"%V\" failed", &mcf->signed_path);
        return NGX_ERROR;
    }

    cln->handler = ngx_consent_signed_close;
    cln->data = mcf;

    return NGX_OK;
}


static void
ngx_consent_signed_close(void *data)
{
    ngx_consent_main_conf_t  *mcf = data;

    (void) ngx_close_file(mcf->signed_dir);
    mcf->signed_dir = NGX_INVALID_FILE;
}
