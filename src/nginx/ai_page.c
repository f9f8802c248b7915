/*
 * Where AI answers on this server, from the configuration in force.
 */

#include "nginx/handler.h"


static const char *ngx_consent_ai_mode(const ngx_consent_loc_conf_t *lcf);


ngx_int_t
ngx_consent_ai_get(ngx_consent_view_t *view)
{
    static const char *const  kinds[] = { "off", "on", "chat", "decision", "auto" };

    size_t                     n;
    ngx_uint_t                 i;
    consent_buf_t              b;
    consent_ai_place_t        *places;
    ngx_http_request_t        *r;
    ngx_consent_location_t    *l;
    ngx_consent_main_conf_t   *mcf;
    ngx_http_core_srv_conf_t  *server;

    r = view->request;
    mcf = ngx_consent_main_conf(r);
    server = ngx_http_get_module_srv_conf(r, ngx_http_core_module);

    places = ngx_pcalloc(r->pool, (mcf->locations.nelts + 1) * sizeof(consent_ai_place_t));
    if (places == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    n = 0;
    l = mcf->locations.elts;

    for (i = 0; i < mcf->locations.nelts; i++) {

        if (l[i].server != server || l[i].core->noname || ngx_consent_mode(l[i].conf) == NGX_CONSENT_OFF
            || (l[i].conf->ai == CONSENT_AI_OFF && l[i].conf->ai_value == NULL)
            || ngx_consent_is_ours(l[i].conf))
        {
            continue;
        }

        if (l[i].outer) {
            places[n].path = consent_lit("/");

        } else {
            places[n].path = ngx_consent_slice(&l[i].core->name);
        }

        places[n].kind = consent_cstr(l[i].conf->ai_value ? "variable" : kinds[l[i].conf->ai]);
        places[n].topics = (l[i].conf->topic != NULL);
        places[n].mode = consent_cstr(ngx_consent_ai_mode(l[i].conf));
        places[n].model = ngx_consent_slice(&l[i].conf->ai_model);
        places[n].provider = ngx_consent_slice(&l[i].conf->ai_provider);
        n++;
    }

    consent_buf_init(&b, CONSENT_PAGE_MAX);

    if (ngx_consent_wants_json(r)) {
        consent_json_ai(&b, &view->page, places, n);
        return ngx_consent_reply(r, NGX_HTTP_OK, "application/json", &b);
    }

    consent_page_ai(&b, &view->page, places, n);

    return ngx_consent_reply(r, NGX_HTTP_OK, "text/html", &b);
}


/* What responses say there; empty where it depends on the response, or nothing is said. */
static const char *
ngx_consent_ai_mode(const ngx_consent_loc_conf_t *lcf)
{
    const consent_disclosure_t  *disclosure;

    disclosure = lcf->disclosure[lcf->ai];

    return (lcf->ai_value || disclosure == NULL || disclosure->mode == NULL) ? "" : disclosure->mode;
}
