/*
 * What variables hold of a request that has become less.
 *
 * Whatever was computed from it is computed again when it is next asked for: a header, a cookie or an argument, and what
 * map, geo, a script or any other module made of them. What nobody can compute again stays: values that `set`,
 * auth_request_set or a named capture have put there. Asked for anew, those give nothing; that is how they are told.
 */

#include "nginx/request.h"


ngx_int_t
ngx_consent_forget_variables(ngx_http_request_t *r)
{
    u_char                     *held;
    ngx_uint_t                  i;
    ngx_http_variable_t        *v;
    ngx_http_variable_value_t   value;
    ngx_http_core_main_conf_t  *cmcf;

    /* captures of a location are of its path, which is as it was */

    if (r->captures_data != r->uri.data) {
        r->ncaptures = 0;
    }

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_core_module);
    v = cmcf->variables.elts;
    held = NULL;

    for (i = 0; i < cmcf->variables.nelts; i++) {

        /* set's own are weak; asked for too early they complain in the log */

        if (!r->variables[i].valid || v[i].get_handler == NULL
            || (v[i].flags & (NGX_HTTP_VAR_CHANGEABLE|NGX_HTTP_VAR_WEAK)) != NGX_HTTP_VAR_CHANGEABLE)
        {
            continue;
        }

        ngx_memzero(&value, sizeof(ngx_http_variable_value_t));

        if (v[i].get_handler(r, &value, v[i].data) != NGX_OK || !value.not_found) {
            continue;
        }

        if (held == NULL) {
            held = ngx_pcalloc(r->pool, cmcf->variables.nelts);
            if (held == NULL) {
                return NGX_ERROR;
            }
        }

        held[i] = 1;
    }

    for (i = 0; i < cmcf->variables.nelts; i++) {

        if (v[i].get_handler == NULL || (v[i].flags & NGX_HTTP_VAR_WEAK) || (held && held[i])) {
            continue;
        }

        r->variables[i].valid = 0;
        r->variables[i].not_found = 0;
    }

    return NGX_OK;
}
