/*
 * The file of recent events and counters: one worker makes it when nginx starts, all map it.
 */

#include "nginx/store_start.h"


#define NGX_CONSENT_RECENT_RETRY  500       /* ms */
#define NGX_CONSENT_RECENT_START  200       /* ms that a worker waits for another one at its start */

static void ngx_consent_recent_map(ngx_event_t *ev);

static consent_recent_t  *ngx_consent_recent;
static ngx_event_t        ngx_consent_recent_timer;
static ngx_flag_t         ngx_consent_recent_said;


consent_recent_t *
ngx_consent_store_recent(void)
{
    return ngx_consent_recent;
}


void
ngx_consent_recent_start(ngx_cycle_t *cycle, ngx_consent_main_conf_t *mcf)
{
    ngx_uint_t           i;
    ngx_consent_zone_t  *zone;

    ngx_memzero(&ngx_consent_recent_timer, sizeof(ngx_event_t));

    ngx_consent_recent_timer.handler = ngx_consent_recent_map;
    ngx_consent_recent_timer.data = mcf;
    ngx_consent_recent_timer.log = cycle->log;
    ngx_consent_recent_timer.cancelable = 1;

    zone = mcf->zone->data;

    for (i = 0; zone->recent == 1 && i < NGX_CONSENT_RECENT_START; i++) {
        ngx_msleep(1);
    }

    ngx_consent_recent_map(&ngx_consent_recent_timer);
}


void
ngx_consent_recent_stop(void)
{
    consent_recent_close(ngx_consent_recent);
    ngx_consent_recent = NULL;
}


static void
ngx_consent_recent_map(ngx_event_t *ev)
{
    ngx_consent_main_conf_t  *mcf = ev->data;

    ngx_flag_t           create;
    consent_rc_t         rc;
    ngx_consent_zone_t  *zone;

    zone = mcf->zone->data;
    rc = CONSENT_NOTFOUND;

    /* when nginx starts, what is there is the last run's until one worker has made the file anew */

    if (!mcf->fresh || zone->recent == 2) {
        rc = consent_recent_open(&ngx_consent_recent, (char *) mcf->store.data, false, false);
    }

    create = (rc == CONSENT_NOTFOUND && ngx_atomic_cmp_set(&zone->recent, 0, 1));

    if (create) {
        rc = consent_recent_open(&ngx_consent_recent, (char *) mcf->store.data, true, false);
        zone->recent = (rc == CONSENT_OK) ? 2 : 0;
    }

    if (rc == CONSENT_OK) {
        return;
    }

    ngx_consent_recent = NULL;

    if (rc != CONSENT_NOTFOUND && !ngx_consent_recent_said) {
        ngx_log_error(NGX_LOG_ERR, ev->log, 0,
                      "consent: recent events in \"%V\" cannot be kept: %s; "
                      "counters and explanations are missing",
                      &mcf->store, consent_rc_name(rc));
        ngx_consent_recent_said = 1;
    }

    ngx_add_timer(ev, NGX_CONSENT_RECENT_RETRY);
}
