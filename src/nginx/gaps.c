/*
 * Names that the policy does not know: what is done with them where, and the record that `consentctl gaps` reads.
 */

#include "ledger/gaps.h"
#include "nginx/request.h"
#include "nginx/store.h"


static void ngx_consent_gap(void *arg, consent_carrier_t carrier, consent_slice_t name);

static consent_gaps_t  *ngx_consent_gaps;


/* Without the record, names are counted all the same. */
void
ngx_consent_gaps_start(ngx_cycle_t *cycle, ngx_consent_main_conf_t *mcf)
{
    consent_rc_t  rc;

    rc = consent_gaps_open(&ngx_consent_gaps, (char *) mcf->store.data, false);

    if (rc != CONSENT_OK && rc != CONSENT_NOTFOUND) {
        ngx_log_error(NGX_LOG_ERR, cycle->log, 0,
                      "consent: names that the policy does not know cannot be kept in \"%V\": %s",
                      &mcf->store, consent_rc_name(rc));
    }
}


void
ngx_consent_gaps_stop(void)
{
    consent_gaps_close(ngx_consent_gaps);
    ngx_consent_gaps = NULL;
}


void
ngx_consent_unknown(ngx_http_request_t *r, ngx_consent_loc_conf_t *lcf, consent_minimize_t *how)
{
    how->count_unknown = (lcf->unknown != NGX_CONSENT_UNKNOWN_PASS);
    how->remove_unknown = (lcf->unknown >= NGX_CONSENT_UNKNOWN_REMOVE);

    if (how->count_unknown) {
        how->unknown = ngx_consent_gap;
        how->unknown_arg = r;
    }
}


static void
ngx_consent_gap(void *arg, consent_carrier_t carrier, consent_slice_t name)
{
    ngx_http_request_t *r = arg;

    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    consent_gaps_add(ngx_consent_gaps, ngx_consent_slice(&clcf->name), carrier, name, ngx_consent_now());
}


ngx_int_t
ngx_consent_unknown_refuse(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_loc_conf_t *lcf)
{
    uint32_t                carriers;
    consent_problem_t       problem;
    ngx_consent_request_t  *own;

    own = ctx->request;
    carriers = own->unknown_in & ~(1u << CONSENT_CARRIER_COOKIE);

    if (lcf->unknown != NGX_CONSENT_UNKNOWN_REFUSE || carriers == 0) {
        return NGX_DECLINED;
    }

    own->refused = 1;

    ngx_memzero(&problem, sizeof(consent_problem_t));
    problem.type = CONSENT_PROBLEM_UNKNOWN_NAME;
    problem.level = -1;

    return ngx_consent_refuse(r, &problem, CONSENT_EVENT_UNKNOWN, carriers);
}
