/*
 * Helpers of the configuration's files.
 */

#include "nginx/conf.h"


ngx_int_t
ngx_consent_conf_read(ngx_conf_t *cf, ngx_str_t *file, size_t max, ngx_flag_t secret, ngx_str_t *text)
{
    off_t            size;
    ssize_t          n;
    ngx_fd_t         fd;
    ngx_int_t        rc;
    ngx_file_info_t  fi;

    rc = NGX_ERROR;

    /* a FIFO in the place of a file must not hold nginx up */
    fd = ngx_open_file(file->data, NGX_FILE_RDONLY|NGX_FILE_NONBLOCK, NGX_FILE_OPEN, 0);
    if (fd == NGX_INVALID_FILE) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno, ngx_open_file_n " \"%V\" failed", file);
        return NGX_ERROR;
    }

    if (ngx_fd_info(fd, &fi) == NGX_FILE_ERROR) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno, ngx_fd_info_n " \"%V\" failed", file);
        goto done;
    }

    if (!ngx_is_file(&fi)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\" is not a file", file);
        goto done;
    }

    if (secret && (fi.st_mode & 077)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\" holds a secret and must have mode 0600", file);
        goto done;
    }

    size = ngx_file_size(&fi);

    if (size < 0 || (uintmax_t) size > max) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\" is larger than %uz bytes", file, max);
        goto done;
    }

    text->len = (size_t) size;
    text->data = ngx_pnalloc(cf->pool, text->len + 1);
    if (text->data == NULL) {
        goto done;
    }

    n = ngx_read_fd(fd, text->data, text->len);

    if (n == -1) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno, ngx_read_fd_n " \"%V\" failed", file);
        goto done;
    }

    if ((size_t) n != text->len) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\" was changed while it was read", file);
        goto done;
    }

    text->data[text->len] = '\0';
    rc = NGX_OK;

done:

    if (ngx_close_file(fd) == NGX_FILE_ERROR) {
        ngx_conf_log_error(NGX_LOG_ALERT, cf, ngx_errno, ngx_close_file_n " \"%V\" failed", file);
    }

    return rc;
}


void
ngx_consent_conf_place(ngx_conf_t *cf, ngx_consent_place_t *place)
{
    /* directives given with -g have no file */

    if (cf->conf_file && cf->conf_file->file.name.len) {
        place->file = cf->conf_file->file.name;
        place->line = cf->conf_file->line;

    } else {
        ngx_str_set(&place->file, "command line");
        place->line = 1;
    }
}


ngx_int_t
ngx_consent_conf_value(const ngx_str_t *arg, const char *name, ngx_str_t *value)
{
    size_t  len;

    len = ngx_strlen(name);

    if (arg->len <= len || ngx_strncmp(arg->data, name, len) != 0 || arg->data[len] != '=') {
        return NGX_DECLINED;
    }

    /* nginx takes quotes off a whole parameter only: here they would be a part of the value */
    if (arg->len > len + 1 && (arg->data[len + 1] == '"' || arg->data[len + 1] == '\'')) {
        return NGX_DECLINED;
    }

    value->data = arg->data + len + 1;
    value->len = arg->len - len - 1;

    return NGX_OK;
}


ngx_int_t
ngx_consent_conf_cleanup(ngx_conf_t *cf, void (*free)(void *), void *data)
{
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pool_cleanup_add(cf->pool, 0);
    if (cln == NULL) {
        free(data);
        return NGX_ERROR;
    }

    cln->handler = free;
    cln->data = data;

    return NGX_OK;
}


const char *
ngx_consent_conf_base(ngx_conf_t *cf, ngx_str_t *base)
{
    u_char                    *p, *last;
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (clcf->noname || clcf->named || clcf->exact_match
#if (NGX_PCRE)
        || clcf->regex
#endif
       )
    {
        return "needs a location that is a prefix, such as /.privacy/";
    }

    if (clcf->name.len == 0 || clcf->name.data[0] != '/' || clcf->name.data[clcf->name.len - 1] != '/') {
        return "needs a location that ends with \"/\", such as /.privacy/";
    }

    last = clcf->name.data + clcf->name.len;

    for (p = clcf->name.data; p < last; p++) {
        if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9')
              || *p == '/' || *p == '.' || *p == '-' || *p == '_' || *p == '~')
            || (*p == '/' && p + 1 < last && p[1] == '/'))
        {
            return "needs a location whose path is of letters, digits and -._~ alone";
        }
    }

    *base = clcf->name;

    return NULL;
}
