/*
 * consent_pages, where the citizen's pages are, and consent_metrics.
 */

#include "nginx/conf.h"


#define NGX_CONSENT_SHELL_FILE   (256 * 1024)
#define NGX_CONSENT_ASSET_FILE   (512 * 1024)
#define NGX_CONSENT_ASSETS       64

static ngx_int_t ngx_consent_pages_shell(ngx_conf_t *cf, ngx_consent_pages_t *pages, ngx_str_t *value);
static ngx_int_t ngx_consent_pages_assets(ngx_conf_t *cf, ngx_consent_pages_t *pages, ngx_str_t *value);
static ngx_int_t ngx_consent_pages_asset(ngx_conf_t *cf, ngx_array_t *assets, ngx_str_t *dir,
    ngx_str_t *name);
static const char *ngx_consent_asset_type(const ngx_str_t *name);
static void ngx_consent_pages_cleanup(void *data);


static const struct {
    ngx_str_t    suffix;
    const char  *type;
} ngx_consent_asset_types[] = {
    { ngx_string(".css"), "text/css" },
    { ngx_string(".svg"), "image/svg+xml" },
    { ngx_string(".png"), "image/png" },
    { ngx_string(".jpg"), "image/jpeg" },
    { ngx_string(".webp"), "image/webp" },
    { ngx_string(".ico"), "image/x-icon" },
    { ngx_string(".woff2"), "font/woff2" }
};


char *
ngx_consent_conf_pages(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_consent_loc_conf_t  *lcf = conf;

    ngx_str_t                 *value, s;
    ngx_uint_t                 i;
    const char                *why;
    ngx_consent_pages_t       *pages;
    ngx_consent_srv_conf_t    *scf;
    ngx_http_core_loc_conf_t  *clcf;

    if (lcf->pages) {
        return "is duplicate";
    }

    scf = ngx_http_conf_get_module_srv_conf(cf, ngx_consent_module);

    if (scf->pages) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "consent_pages is there already in this server, at %V:%ui",
                           &scf->pages->place.file, scf->pages->place.line);
        return NGX_CONF_ERROR;
    }

    pages = ngx_pcalloc(cf->pool, sizeof(ngx_consent_pages_t));
    if (pages == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_consent_conf_place(cf, &pages->place);

    why = ngx_consent_conf_base(cf, &pages->base);
    if (why) {
        return (char *) why;
    }

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {

        if (ngx_consent_conf_value(&value[i], "shell", &s) == NGX_OK && s.len && pages->has_shell == 0) {
            if (ngx_consent_pages_shell(cf, pages, &s) != NGX_OK) {
                return NGX_CONF_ERROR;
            }

            continue;
        }

        if (ngx_consent_conf_value(&value[i], "assets", &s) == NGX_OK && s.len && pages->assets == NULL) {
            if (ngx_consent_pages_assets(cf, pages, &s) != NGX_OK) {
                return NGX_CONF_ERROR;
            }

            continue;
        }

        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid parameter \"%V\"", &value[i]);
        return NGX_CONF_ERROR;
    }

    for (i = 0; i < CONSENT_MAX_LANGUAGES; i++) {
        consent_buf_init(&pages->notice[i].text, CONSENT_PAGE_MAX);
    }

    if (ngx_consent_conf_cleanup(cf, ngx_consent_pages_cleanup, pages) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    clcf->handler = ngx_consent_pages_handler;
    clcf->auto_redirect = 1;

    lcf->pages = pages;
    scf->pages = pages;

    return NGX_CONF_OK;
}


static void
ngx_consent_pages_cleanup(void *data)
{
    ngx_consent_pages_t  *pages = data;

    ngx_uint_t  i;

    for (i = 0; i < CONSENT_MAX_LANGUAGES; i++) {
        consent_buf_free(&pages->notice[i].text);
    }
}


static ngx_int_t
ngx_consent_pages_shell(ngx_conf_t *cf, ngx_consent_pages_t *pages, ngx_str_t *value)
{
    ngx_str_t    text;
    const char  *why;

    pages->shell_file = *value;

    if (ngx_conf_full_name(cf->cycle, &pages->shell_file, 1) != NGX_OK
        || ngx_consent_conf_read(cf, &pages->shell_file, NGX_CONSENT_SHELL_FILE, 0, &text) != NGX_OK)
    {
        return NGX_ERROR;
    }

    why = NULL;

    if (consent_shell_parse(&pages->shell, ngx_consent_slice(&text), &why) != CONSENT_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "shell \"%V\" cannot be used: %s", &pages->shell_file,
                           why ? why : "it cannot be read");
        return NGX_ERROR;
    }

    pages->has_shell = 1;

    return NGX_OK;
}


/* Read once, so that a page never waits for a disk. */
static ngx_int_t
ngx_consent_pages_assets(ngx_conf_t *cf, ngx_consent_pages_t *pages, ngx_str_t *value)
{
    ngx_int_t  rc;
    ngx_str_t  dir_name, name;
    ngx_dir_t  dir;

    dir_name = *value;

    if (ngx_conf_full_name(cf->cycle, &dir_name, 1) != NGX_OK) {
        return NGX_ERROR;
    }

    pages->assets = ngx_array_create(cf->pool, 4, sizeof(consent_asset_t));
    if (pages->assets == NULL) {
        return NGX_ERROR;
    }

    if (ngx_open_dir(&dir_name, &dir) == NGX_ERROR) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno, ngx_open_dir_n " \"%V\" failed", &dir_name);
        return NGX_ERROR;
    }

    rc = NGX_OK;

    for ( ;; ) {
        ngx_set_errno(0);

        if (ngx_read_dir(&dir) == NGX_ERROR) {
            if (ngx_errno != NGX_ENOMOREFILES) {
                ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno, ngx_read_dir_n " \"%V\" failed", &dir_name);
                rc = NGX_ERROR;
            }

            break;
        }

        name.len = ngx_de_namelen(&dir);
        name.data = ngx_de_name(&dir);

        if (name.data[0] == '.') {
            continue;
        }

        if (ngx_consent_pages_asset(cf, pages->assets, &dir_name, &name) != NGX_OK) {
            rc = NGX_ERROR;
            break;
        }
    }

    if (ngx_close_dir(&dir) == NGX_ERROR) {
        ngx_conf_log_error(NGX_LOG_ALERT, cf, ngx_errno, ngx_close_dir_n " \"%V\" failed", &dir_name);
    }

    return rc;
}


static ngx_int_t
ngx_consent_pages_asset(ngx_conf_t *cf, ngx_array_t *assets, ngx_str_t *dir, ngx_str_t *name)
{
    u_char           *p;
    ngx_str_t         file, text;
    const char       *type;
    consent_asset_t  *asset;

    type = ngx_consent_asset_type(name);

    if (type == NULL) {
        ngx_conf_log_error(NGX_LOG_WARN, cf, 0,
                           "\"%V\" in \"%V\" is not served: its type is not among those of "
                           "stylesheets, images and fonts", name, dir);
        return NGX_OK;
    }

    if (assets->nelts == NGX_CONSENT_ASSETS) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "more than %d assets in \"%V\"", NGX_CONSENT_ASSETS, dir);
        return NGX_ERROR;
    }

    file.len = dir->len + 1 + name->len;
    file.data = ngx_pnalloc(cf->pool, file.len + 1);
    if (file.data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(file.data, dir->data, dir->len);
    *p++ = '/';
    ngx_cpystrn(p, name->data, name->len + 1);

    if (ngx_consent_conf_read(cf, &file, NGX_CONSENT_ASSET_FILE, 0, &text) != NGX_OK) {
        return NGX_ERROR;
    }

    asset = ngx_array_push(assets);
    if (asset == NULL) {
        return NGX_ERROR;
    }

    asset->name = (const char *) p;
    asset->type = type;
    asset->version = NULL;
    asset->data = ngx_consent_slice(&text);

    return NGX_OK;
}


static const char *
ngx_consent_asset_type(const ngx_str_t *name)
{
    ngx_uint_t        i;
    const ngx_str_t  *s;

    for (i = 0; i < consent_countof(ngx_consent_asset_types); i++) {
        s = &ngx_consent_asset_types[i].suffix;

        if (name->len > s->len && ngx_memcmp(name->data + name->len - s->len, s->data, s->len) == 0) {
            return ngx_consent_asset_types[i].type;
        }
    }

    return NULL;
}


char *
ngx_consent_conf_metrics(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_consent_loc_conf_t  *lcf = conf;

    ngx_int_t                  rc;
    ngx_str_t                 *value;
    ngx_uint_t                 i;
    ngx_consent_access_t      *access;
    ngx_http_core_loc_conf_t  *clcf;

    if (lcf->metrics) {
        return "is duplicate";
    }

    access = ngx_pcalloc(cf->pool, sizeof(ngx_consent_access_t));
    if (access == NULL) {
        return NGX_CONF_ERROR;
    }

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {
        rc = ngx_consent_conf_access(cf, &value[i], access);

        if (rc == NGX_DECLINED) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid parameter \"%V\"", &value[i]);
        }

        if (rc != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    if (access->allow == NULL && access->condition == NULL) {
        ngx_conf_log_error(NGX_LOG_WARN, cf, 0,
                           "consent_metrics without allow= or if= is denied to everybody");
    }

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    clcf->handler = ngx_consent_metrics_handler;

    lcf->metrics = access;

    return NGX_CONF_OK;
}
