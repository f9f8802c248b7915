/*
 * /.well-known/gpc.json, served by every server that has consent_pages: Global Privacy Control is honoured
 * here.
 */

#include "nginx/handler.h"


#define NGX_CONSENT_GPC      "/.well-known/gpc.json"
#define NGX_CONSENT_GPC_AGE  86400              /* seconds */


ngx_int_t
ngx_consent_well_known_handler(ngx_http_request_t *r)
{
    u_char                  *data;
    size_t                   len;
    consent_buf_t            b;
    ngx_consent_srv_conf_t  *scf;

    /* this is the first phase of all that runs for every request */

    ngx_consent_logged_watch(r);

    if (r->uri.len != sizeof(NGX_CONSENT_GPC) - 1 || r != r->main || r->internal) {
        return NGX_DECLINED;
    }

    scf = ngx_consent_srv_conf(r);

    if (scf->pages == NULL || scf->policy == NULL
        || ngx_memcmp(r->uri.data, NGX_CONSENT_GPC, sizeof(NGX_CONSENT_GPC) - 1) != 0)
    {
        return NGX_DECLINED;
    }

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return NGX_HTTP_NOT_ALLOWED;
    }

    consent_buf_init(&b, 256);
    consent_json_gpc(&b, (consent_time_t) scf->policy->modified * 1000);

    len = b.len;
    data = b.rc == CONSENT_OK ? ngx_pnalloc(r->pool, len) : NULL;

    if (data) {
        ngx_memcpy(data, b.data, len);
    }

    consent_buf_free(&b);

    if (data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_consent_reply_static(r, "application/json", consent_slice(data, len), NGX_CONSENT_GPC_AGE);
}
