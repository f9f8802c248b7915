/*
 * Who may read what is denied to everybody else: allow= and if=, on top of nginx's own access rules.
 */

#include "nginx/conf.h"


static ngx_int_t ngx_consent_access_allow(ngx_conf_t *cf, ngx_str_t *range, ngx_consent_access_t *access);
static ngx_int_t ngx_consent_access_condition(ngx_conf_t *cf, ngx_str_t *value, ngx_consent_access_t *access);


ngx_int_t
ngx_consent_conf_access(ngx_conf_t *cf, ngx_str_t *value, ngx_consent_access_t *access)
{
    ngx_str_t  s;

    if (ngx_consent_conf_value(value, "allow", &s) == NGX_OK) {
        return ngx_consent_access_allow(cf, &s, access);
    }

    if (ngx_consent_conf_value(value, "if", &s) == NGX_OK && s.len && access->condition == NULL) {
        return ngx_consent_access_condition(cf, &s, access);
    }

    return NGX_DECLINED;
}


static ngx_int_t
ngx_consent_access_allow(ngx_conf_t *cf, ngx_str_t *range, ngx_consent_access_t *access)
{
    ngx_int_t    rc;
    ngx_cidr_t  *cidr;

    if (access->allow == NULL) {
        access->allow = ngx_array_create(cf->pool, 2, sizeof(ngx_cidr_t));
        if (access->allow == NULL) {
            return NGX_ERROR;
        }
    }

    cidr = ngx_array_push(access->allow);
    if (cidr == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(cidr, sizeof(ngx_cidr_t));

    rc = ngx_ptocidr(range, cidr);

    if (rc == NGX_ERROR) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid address range \"%V\"", range);
        return NGX_ERROR;
    }

    if (rc == NGX_DONE) {
        ngx_conf_log_error(NGX_LOG_WARN, cf, 0, "low address bits of \"%V\" are meaningless", range);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_consent_access_condition(ngx_conf_t *cf, ngx_str_t *value, ngx_consent_access_t *access)
{
    ngx_http_compile_complex_value_t  ccv;

    access->condition = ngx_palloc(cf->pool, sizeof(ngx_http_complex_value_t));
    if (access->condition == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

    ccv.cf = cf;
    ccv.value = value;
    ccv.complex_value = access->condition;

    return ngx_http_compile_complex_value(&ccv);
}


ngx_flag_t
ngx_consent_allowed(ngx_http_request_t *r, const ngx_consent_access_t *access)
{
    ngx_str_t  value;

    if (access == NULL || (access->allow == NULL && access->condition == NULL)) {
        return 0;
    }

    if (access->allow && ngx_cidr_match(r->connection->sockaddr, access->allow) != NGX_OK) {
        return 0;
    }

    if (access->condition) {

        if (ngx_http_complex_value(r, access->condition, &value) != NGX_OK) {
            return 0;
        }

        if (value.len == 0 || (value.len == 1 && value.data[0] == '0')) {
            return 0;
        }
    }

    return 1;
}
