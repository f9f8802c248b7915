/*
 * Warnings of `nginx -t`: what works, but tells more about citizens than they chose, as far as nginx's
 * structures show.
 *
 * Other modules' structures are private to them. Only their public directive tables are relied upon, which
 * say where a directive's array is, and the first members of two that have not changed in ten years.
 */

#include "nginx/conf.h"


static void ngx_consent_warn_debug(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf);
static void ngx_consent_warn_rewrites(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf,
    ngx_consent_location_t *l);
static void ngx_consent_warn_error_pages(ngx_conf_t *cf, ngx_consent_location_t *l);
static ngx_flag_t ngx_consent_server_used(ngx_consent_main_conf_t *mcf, ngx_http_core_srv_conf_t *server);
static void ngx_consent_warn_address(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf, ngx_uint_t n);
static ngx_array_t *ngx_consent_parameters_of(const ngx_consent_location_t *l, const ngx_module_t *module,
    const char *directive);
static void ngx_consent_warn_formats(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf);
static ngx_flag_t ngx_consent_variable_raw(ngx_consent_main_conf_t *mcf, const ngx_str_t *name);
static ngx_flag_t ngx_consent_variable_carries(const consent_policy_t *policy, const ngx_str_t *name);
static ngx_flag_t ngx_consent_starts(const ngx_str_t *name, const char *prefix);
static ngx_module_t *ngx_consent_module_named(ngx_conf_t *cf, const char *name);

#define ngx_consent_used(lcf)  ((lcf)->mode != NGX_CONSENT_OFF || (lcf)->until)


/* Directives that hand values to an upstream: each fills an array whose elements begin with a key and a
 * value. */
static const struct {
    const char  *module;
    const char  *directive;
} ngx_consent_parameters[] = {
    { "ngx_http_proxy_module", "proxy_set_header" },
    { "ngx_http_grpc_module", "grpc_set_header" },
    { "ngx_http_fastcgi_module", "fastcgi_param" },
    { "ngx_http_uwsgi_module", "uwsgi_param" },
    { "ngx_http_scgi_module", "scgi_param" }
};

static const char *const  ngx_consent_addresses[] = {
    "remote_addr", "proxy_add_x_forwarded_for", "binary_remote_addr", "realip_remote_addr"
};


void
ngx_consent_conf_warn(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf)
{
    ngx_uint_t               i;
    ngx_consent_location_t  *l;

    if (!mcf->used) {
        return;
    }

    ngx_consent_warn_debug(cf, mcf);
    ngx_consent_warn_formats(cf, mcf);

    l = mcf->locations.elts;

    for (i = 0; i < mcf->locations.nelts; i++) {

        if (l[i].outer && ngx_consent_server_used(mcf, l[i].server)) {
            ngx_consent_warn_rewrites(cf, mcf, &l[i]);
            ngx_consent_warn_error_pages(cf, &l[i]);
        }

        if (ngx_consent_used(l[i].conf)) {
            ngx_consent_warn_address(cf, mcf, i);
        }
    }
}


/* nginx's debug lines show a request as it came, before any module sees it; so do lines of level info about what nginx does
 * not take. */
static void
ngx_consent_warn_debug(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf)
{
    ngx_log_t               *log;
    ngx_uint_t               i;
    ngx_consent_location_t  *l;

    l = mcf->locations.elts;

    for (i = 0; i < mcf->locations.nelts; i++) {

        if (!ngx_consent_used(l[i].conf)) {
            continue;
        }

        for (log = l[i].core->error_log ? l[i].core->error_log : &cf->cycle->new_log; log; log = log->next) {

            if (log->log_level & NGX_LOG_DEBUG_HTTP) {
                ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                              "error_log at level debug writes requests as they came, "
                              "before anything is taken out");
                return;
            }

            if (log->log_level >= NGX_LOG_INFO) {
                ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                              "error_log at level info writes header lines and requests that nginx refuses "
                              "as they came");
                return;
            }
        }
    }
}


/* What nginx could not read has no URI, and is not sent on to a named location; a line of an error says so and shows it. */
static void
ngx_consent_warn_error_pages(ngx_conf_t *cf, ngx_consent_location_t *l)
{
    ngx_uint_t            i;
    ngx_http_err_page_t  *page;

    if (l->core->error_pages == NULL) {
        return;
    }

    page = l->core->error_pages->elts;

    for (i = 0; i < l->core->error_pages->nelts; i++) {

        if ((page[i].status != NGX_HTTP_BAD_REQUEST && page[i].status != NGX_HTTP_REQUEST_URI_TOO_LARGE
             && page[i].status != NGX_HTTP_VERSION_NOT_SUPPORTED)
            || page[i].value.value.len == 0 || page[i].value.value.data[0] != '@')
        {
            continue;
        }

        ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                      "\"error_page %i %V\" of server \"%V\" makes nginx log requests that it cannot read as they came: "
                      "give it a path", page[i].status, &page[i].value.value, &l->server->server_name);
    }
}


static ngx_flag_t
ngx_consent_server_used(ngx_consent_main_conf_t *mcf, ngx_http_core_srv_conf_t *server)
{
    ngx_uint_t               i;
    ngx_consent_location_t  *l;

    l = mcf->locations.elts;

    for (i = 0; i < mcf->locations.nelts; i++) {
        if (l[i].server == server && ngx_consent_used(l[i].conf)) {
            return 1;
        }
    }

    return 0;
}


/* A server's own rewrite directives run before the location is known, so before anything is taken out.
 * Their code is a list of words; an operation that reads a variable is followed by the variable's index. */
static void
ngx_consent_warn_rewrites(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf, ngx_consent_location_t *l)
{
    void                       *conf;
    uintptr_t                  *word;
    ngx_uint_t                  i;
    ngx_array_t                *codes;
    ngx_module_t               *module;
    ngx_http_variable_t        *v;
    ngx_http_core_main_conf_t  *cmcf;

    module = ngx_consent_module_named(cf, "ngx_http_rewrite_module");
    if (module == NULL) {
        return;
    }

    conf = l->server->ctx->loc_conf[module->ctx_index];
    codes = *(ngx_array_t **) conf;

    if (codes == NULL || codes->size != 1) {
        return;
    }

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);
    v = cmcf->variables.elts;
    word = codes->elts;

    for (i = 0; i + 1 < codes->nelts / sizeof(uintptr_t); i++) {

        if ((word[i] != (uintptr_t) ngx_http_script_var_code
             && word[i] != (uintptr_t) ngx_http_script_copy_var_code)
            || word[i + 1] >= cmcf->variables.nelts
            || !ngx_consent_variable_raw(mcf, &v[word[i + 1]].name))
        {
            continue;
        }

        ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                      "server \"%V\" in %s:%ui reads $%V in set, if or rewrite of its own, "
                      "where nothing has been taken out yet: do that in a location",
                      &l->server->server_name, l->server->file_name, l->server->line, &v[word[i + 1]].name);
    }
}


/* The network carries data too. */
static void
ngx_consent_warn_address(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf, ngx_uint_t n)
{
    u_char                  *p;
    ngx_uint_t               i, j, k;
    ngx_array_t             *params;
    ngx_keyval_t            *kv;
    ngx_module_t            *module;
    ngx_consent_location_t  *l;

    l = mcf->locations.elts;

    if (l[n].outer || l[n].core->handler == NULL || ngx_consent_is_ours(l[n].conf)) {
        return;
    }

    for (i = 0; i < consent_countof(ngx_consent_parameters); i++) {

        module = ngx_consent_module_named(cf, ngx_consent_parameters[i].module);
        if (module == NULL) {
            continue;
        }

        params = ngx_consent_parameters_of(&l[n], module, ngx_consent_parameters[i].directive);
        if (params == NULL) {
            continue;
        }

        /* inherited: said once */

        for (j = 0; j < n; j++) {
            if (!l[j].outer && l[j].core->handler && ngx_consent_used(l[j].conf)
                && ngx_consent_parameters_of(&l[j], module, ngx_consent_parameters[i].directive) == params)
            {
                break;
            }
        }

        if (j < n) {
            continue;
        }

        for (j = 0; j < params->nelts; j++) {
            kv = (ngx_keyval_t *) ((u_char *) params->elts + j * params->size);

            for (k = 0; k < consent_countof(ngx_consent_addresses); k++) {

                p = ngx_strnstr(kv->value.data, (char *) ngx_consent_addresses[k], kv->value.len);

                if (p == NULL || p == kv->value.data || (p[-1] != '$' && p[-1] != '{')) {
                    continue;
                }

                ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                              "\"%s %V\" hands the client's address to the upstream of location \"%V\": "
                              "$consent_remote_addr is cut short", ngx_consent_parameters[i].directive,
                              &kv->key, &l[n].core->name);
                break;
            }
        }
    }
}


static ngx_array_t *
ngx_consent_parameters_of(const ngx_consent_location_t *l, const ngx_module_t *module, const char *directive)
{
    void           *conf;
    ngx_array_t    *params;
    ngx_command_t  *cmd;

    for (cmd = module->commands; cmd && cmd->name.len; cmd++) {

        if (ngx_strcmp(cmd->name.data, directive) != 0) {
            continue;
        }

        if (cmd->conf != NGX_HTTP_LOC_CONF_OFFSET) {
            return NULL;
        }

        conf = l->core->loc_conf[module->ctx_index];
        params = *(ngx_array_t **) ((u_char *) conf + cmd->offset);

        if (params == NULL || params == NGX_CONF_UNSET_PTR || params->size < sizeof(ngx_keyval_t)) {
            return NULL;
        }

        return params;
    }

    return NULL;
}


/* A format names its variables in an array of indices, which is its second member. */
static void
ngx_consent_warn_formats(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf)
{
    typedef struct {
        ngx_str_t     name;
        ngx_array_t  *variables;
        ngx_array_t  *ops;
    } ngx_consent_format_t;

    ngx_int_t                  *index;
    ngx_uint_t                  i, j;
    ngx_array_t                *formats;
    ngx_module_t               *module;
    ngx_http_variable_t        *v;
    ngx_http_conf_ctx_t        *ctx;
    ngx_consent_format_t       *format;
    ngx_http_core_main_conf_t  *cmcf;

    module = ngx_consent_module_named(cf, "ngx_http_log_module");
    if (module == NULL) {
        return;
    }

    ctx = cf->ctx;
    formats = ctx->main_conf[module->ctx_index];

    if (formats == NULL || formats->size != sizeof(ngx_consent_format_t)) {
        return;
    }

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);
    v = cmcf->variables.elts;
    format = formats->elts;

    for (i = 0; i < formats->nelts; i++) {

        if (format[i].variables == NULL || format[i].variables->size != sizeof(ngx_int_t)) {
            continue;
        }

        index = format[i].variables->elts;

        for (j = 0; j < format[i].variables->nelts; j++) {

            if (index[j] < 0 || (ngx_uint_t) index[j] >= cmcf->variables.nelts) {
                continue;
            }

            if (!(v[index[j]].name.len == sizeof("request_body") - 1
                  && ngx_strncmp(v[index[j]].name.data, "request_body", sizeof("request_body") - 1) == 0)
                && !ngx_consent_variable_raw(mcf, &v[index[j]].name))
            {
                continue;
            }

            ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                          "log_format \"%V\" writes $%V: "
                          "what citizens have agreed to share stays in the log too",
                          &format[i].name, &v[index[j]].name);
        }
    }
}


/* What may hold a value of a category. */
static ngx_flag_t
ngx_consent_variable_raw(ngx_consent_main_conf_t *mcf, const ngx_str_t *name)
{
    static const char *const  all[] = {
        "args", "query_string", "request_uri", "http_cookie", "http_referer"
    };

    ngx_uint_t              i;
    ngx_consent_policy_t  **policies;

    for (i = 0; i < consent_countof(all); i++) {
        if (name->len == ngx_strlen(all[i]) && ngx_strncmp(name->data, all[i], name->len) == 0) {
            return 1;
        }
    }

    policies = mcf->policies.elts;

    for (i = 0; i < mcf->policies.nelts; i++) {
        if (ngx_consent_variable_carries(policies[i]->policy, name)) {
            return 1;
        }
    }

    return 0;
}


static ngx_flag_t
ngx_consent_variable_carries(const consent_policy_t *policy, const ngx_str_t *name)
{
    consent_slice_t  s;

    s = ngx_consent_slice(name);

    if (ngx_consent_starts(name, "arg_")) {
        return consent_names_find(&policy->args, consent_slice(s.data + 4, s.len - 4), true) != 0;
    }

    if (ngx_consent_starts(name, "cookie_")) {
        return consent_names_find(&policy->cookies, consent_slice(s.data + 7, s.len - 7), false) != 0;
    }

    if (ngx_consent_starts(name, "http_")) {
        return consent_names_find_header(&policy->headers, consent_slice(s.data + 5, s.len - 5)) != 0;
    }

    return 0;
}


static ngx_flag_t
ngx_consent_starts(const ngx_str_t *name, const char *prefix)
{
    size_t  len;

    len = ngx_strlen(prefix);

    return name->len > len && ngx_strncmp(name->data, prefix, len) == 0;
}


static ngx_module_t *
ngx_consent_module_named(ngx_conf_t *cf, const char *name)
{
    ngx_uint_t  i;

    for (i = 0; cf->cycle->modules[i]; i++) {
        if (ngx_strcmp(cf->cycle->modules[i]->name, name) == 0) {
            return cf->cycle->modules[i];
        }
    }

    return NULL;
}
