/*
 * consent_conversation: whose turn a response is, and whether it failed. After three failed turns in a row a person is offered
 * once more.
 */

#include "base/siphash.h"
#include "nginx/response.h"
#include "nginx/store_start.h"


static consent_turns_t *ngx_consent_turns(ngx_consent_main_conf_t *mcf);


void
ngx_consent_turn_begin(ngx_http_request_t *r, ngx_consent_response_t *response, ngx_consent_loc_conf_t *lcf,
    ngx_flag_t no_answer)
{
    unsigned                  failures;
    ngx_str_t                 name;
    consent_turns_t          *turns;
    ngx_consent_main_conf_t  *mcf;

    if (lcf->conversation == NULL) {
        return;
    }

    mcf = ngx_consent_main_conf(r);
    turns = ngx_consent_turns(mcf);

    if (turns == NULL) {
        return;
    }

    ngx_str_null(&name);

    if (lcf->conversation->type == NGX_CONSENT_SOURCE_VARIABLE) {
        if (ngx_http_complex_value(r, lcf->conversation->value, &name) != NGX_OK) {
            return;
        }

    } else if (ngx_consent_header(r, (const char *) lcf->conversation->name.data, &name) == 0) {
        return;
    }

    if (name.len == 0) {
        return;
    }

    response->conversation = consent_siphash(mcf->keys->run, ngx_consent_slice(&name), 2, 4) | (uint64_t) 1 << 63;
    response->failed = no_answer || r->headers_out.status >= NGX_HTTP_INTERNAL_SERVER_ERROR;

    failures = consent_turns_failures(turns, response->conversation) + response->failed;
    response->offered = (failures >= CONSENT_TURNS_OFFER);
}


void
ngx_consent_turn_end(ngx_http_request_t *r, ngx_consent_response_t *response)
{
    consent_turns_t  *turns;

    turns = ngx_consent_turns(ngx_consent_main_conf(r));

    if (response->conversation == 0 || turns == NULL) {
        return;
    }

    /* what broke off is no answer; that the client left is not the machine's fault, and says nothing */

    if (response->failed || (!r->header_only && !response->ended && !r->connection->error)) {
        consent_turns_failed(turns, response->conversation);

    } else if (response->ended || r->header_only) {
        consent_turns_answered(turns, response->conversation);
    }
}


static consent_turns_t *
ngx_consent_turns(ngx_consent_main_conf_t *mcf)
{
    ngx_consent_zone_t  *zone;

    zone = mcf->zone != NULL ? mcf->zone->data : NULL;

    return zone != NULL && mcf->keys != NULL ? &zone->turns : NULL;
}
