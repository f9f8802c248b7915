/*
 * consent_metrics: counters and the state of the store as Prometheus text (exposition format 0.0.4).
 */

#include "ledger/log.h"
#include "nginx/handler.h"
#include "nginx/store_start.h"


#define NGX_CONSENT_METRICS  (256 * 1024)

typedef struct {
    ngx_consent_job_t      job;             /* first */
    consent_ledger_t      *ledger;
    consent_rc_t           rc;
    consent_ledger_stat_t  stat;
    consent_log_t          log;
} ngx_consent_figures_t;

static void ngx_consent_figures_work(ngx_consent_job_t *job);
static ngx_int_t ngx_consent_figures_done(ngx_consent_job_t *job, ngx_consent_view_t *view);
static void ngx_consent_metrics_counters(consent_buf_t *b, consent_recent_t *recent);
static void ngx_consent_metrics_categories(consent_buf_t *b, consent_recent_t *recent,
    const consent_policy_t *policy);
static void ngx_consent_metrics_store(consent_buf_t *b, const ngx_consent_figures_t *figures);
static void ngx_consent_metrics_cluster(consent_buf_t *b, ngx_consent_main_conf_t *mcf);


ngx_int_t
ngx_consent_metrics_handler(ngx_http_request_t *r)
{
    ngx_int_t               rc;
    ngx_consent_view_t     *view;
    ngx_consent_figures_t  *figures;

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return NGX_HTTP_NOT_ALLOWED;
    }

    if (!ngx_consent_allowed(r, ngx_consent_loc_conf(r)->metrics)) {
        return NGX_HTTP_FORBIDDEN;
    }

    rc = ngx_http_discard_request_body(r);
    if (rc != NGX_OK) {
        return rc;
    }

    view = ngx_pcalloc(r->pool, sizeof(ngx_consent_view_t));
    figures = ngx_consent_job_create(sizeof(ngx_consent_figures_t));

    if (view == NULL || figures == NULL) {
        if (figures) {
            ngx_consent_job_destroy(&figures->job);
        }

        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    view->request = r;

    figures->ledger = ngx_consent_store_ledger();
    figures->rc = CONSENT_IO;
    figures->job.work = ngx_consent_figures_work;
    figures->job.done = ngx_consent_figures_done;

    if (figures->ledger && ngx_consent_job_start(&figures->job, view) == NGX_DONE) {
        return NGX_DONE;
    }

    rc = ngx_consent_figures_done(&figures->job, view);
    ngx_consent_job_destroy(&figures->job);

    return rc;
}


/* In a thread. */
static void
ngx_consent_figures_work(ngx_consent_job_t *job)
{
    ngx_consent_figures_t  *figures = (ngx_consent_figures_t *) job;

    figures->rc = consent_ledger_stat(figures->ledger, &figures->stat);

    if (figures->rc == CONSENT_OK && consent_log_find(figures->ledger, CONSENT_LOG_NEWEST, &figures->log) != CONSENT_OK) {
        figures->log.leaves = figures->stat.entries;
    }
}


static ngx_int_t
ngx_consent_figures_done(ngx_consent_job_t *job, ngx_consent_view_t *view)
{
    ngx_uint_t                 i;
    consent_buf_t              b;
    consent_recent_t          *recent;
    ngx_consent_policy_t     **policies;
    ngx_consent_main_conf_t   *mcf;

    mcf = ngx_consent_main_conf(view->request);
    policies = mcf->policies.elts;
    recent = ngx_consent_store_recent();

    consent_buf_init(&b, NGX_CONSENT_METRICS);

    if (recent) {
        ngx_consent_metrics_counters(&b, recent);

        consent_buf_str(&b, "# TYPE consent_withheld_categories_total counter\n");

        for (i = 0; i < mcf->policies.nelts; i++) {
            ngx_consent_metrics_categories(&b, recent, policies[i]->policy);
        }
    }

    ngx_consent_metrics_store(&b, (ngx_consent_figures_t *) job);
    ngx_consent_metrics_cluster(&b, mcf);

    consent_buf_str(&b, "# TYPE consent_info gauge\n");

    for (i = 0; i < mcf->policies.nelts; i++) {
        consent_buf_str(&b, "consent_info{module=\"" NGX_CONSENT_VERSION "\",policy=");
        consent_json_write_string(&b, policies[i]->policy->id, false);
        consent_buf_str(&b, ",policy_version=");
        consent_json_write_string(&b, policies[i]->policy->version, false);
        consent_buf_str(&b, "} 1\n");
    }

    return ngx_consent_reply(view->request, NGX_HTTP_OK, "text/plain; version=0.0.4", &b);
}


static void
ngx_consent_metrics_counters(consent_buf_t *b, consent_recent_t *recent)
{
    ngx_uint_t   i;
    const char  *name;

    for (i = 0; i < CONSENT_COUNTERS; i++) {
        name = consent_counter_name((consent_counter_t) i);

        consent_buf_printf(b, "# TYPE consent_%s_total counter\nconsent_%s_total %llu\n", name, name,
                           (unsigned long long) consent_recent_counter(recent, (consent_counter_t) i));
    }
}


static void
ngx_consent_metrics_categories(consent_buf_t *b, consent_recent_t *recent, const consent_policy_t *policy)
{
    size_t    i;
    uint64_t  n;
    unsigned  reported;

    for (i = 0; i < policy->n_categories; i++) {
        for (reported = 0; reported < 2; reported++) {
            n = consent_recent_category(recent, policy->key, (unsigned) i, reported != 0);

            consent_buf_str(b, "consent_withheld_categories_total{policy=");
            consent_json_write_string(b, policy->id, false);
            consent_buf_str(b, ",category=");
            consent_json_write_string(b, policy->categories[i].id, false);
            consent_buf_printf(b, ",mode=\"%s\"} %llu\n", reported ? "report" : "on", (unsigned long long) n);
        }
    }
}


static void
ngx_consent_metrics_store(consent_buf_t *b, const ngx_consent_figures_t *figures)
{
    const consent_ledger_stat_t  *stat;

    stat = &figures->stat;

    consent_buf_printf(b, "# TYPE consent_store_up gauge\nconsent_store_up %d\n",
                       figures->rc == CONSENT_OK ? 1 : 0);

    /* it is not the store whose log was last signed */

    consent_buf_printf(b, "# TYPE consent_log_refused gauge\nconsent_log_refused %d\n",
                       figures->ledger && consent_ledger_is_refused(figures->ledger) ? 1 : 0);

    if (figures->rc != CONSENT_OK) {
        return;
    }

    consent_buf_printf(b, "# TYPE consent_store_entries gauge\nconsent_store_entries %llu\n"
                          "# TYPE consent_store_states gauge\nconsent_store_states %llu\n"
                          "# TYPE consent_store_size_bytes gauge\nconsent_store_size_bytes %llu\n"
                          "# TYPE consent_store_used_bytes gauge\nconsent_store_used_bytes %llu\n"
                          "# TYPE consent_store_room_bytes gauge\nconsent_store_room_bytes %llu\n",
                       (unsigned long long) stat->entries, (unsigned long long) stat->states,
                       (unsigned long long) stat->map_size, (unsigned long long) stat->used,
                       (unsigned long long) stat->room);

    consent_buf_printf(b, "# TYPE consent_log_entries gauge\nconsent_log_entries %llu\n"
                          "# TYPE consent_log_published_entries gauge\nconsent_log_published_entries %llu\n",
                       (unsigned long long) figures->log.leaves, (unsigned long long) figures->log.shown);
}


/* Of the replicator, which is one of the workers. */
static void
ngx_consent_metrics_cluster(consent_buf_t *b, ngx_consent_main_conf_t *mcf)
{
    ngx_consent_zone_t  *zone;

    zone = mcf->zone ? mcf->zone->data : NULL;

    if (mcf->cluster == NULL || zone == NULL) {
        return;
    }

    consent_buf_printf(b, "# TYPE consent_cluster_contact_seconds gauge\nconsent_cluster_contact_seconds %llu\n"
                          "# TYPE consent_cluster_peers gauge\nconsent_cluster_peers %llu\n"
                          "# TYPE consent_cluster_gaps gauge\nconsent_cluster_gaps %llu\n"
                          "# TYPE consent_cluster_outgoing gauge\nconsent_cluster_outgoing %llu\n",
                       (unsigned long long) zone->cluster_contact, (unsigned long long) zone->cluster_peers,
                       (unsigned long long) zone->cluster_gaps, (unsigned long long) zone->cluster_outgoing);
}
