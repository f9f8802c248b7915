/*
 * Reading that may wait for a disk: on the thread pool, with the request waiting in the event loop.
 */

#include "nginx/handler.h"


#define NGX_CONSENT_JOB_HOLD  60000         /* ms: keeps a worker from leaving, armed again at need */

static void ngx_consent_job_hold(ngx_event_t *ev);
static void ngx_consent_job_thread(void *data, ngx_log_t *log);
static void ngx_consent_job_event(ngx_event_t *ev);
static void ngx_consent_job_detach(void *data);


/* Before 1.25.4 a worker that is shutting down does not wait for its threads, but for timers. */
static ngx_event_t       ngx_consent_job_timer;
static ngx_connection_t  ngx_consent_job_nobody;    /* whom debug lines of timers name */
static ngx_uint_t        ngx_consent_jobs;


void *
ngx_consent_job_create(size_t size)
{
    return ngx_calloc(size, ngx_cycle->log);
}


ngx_int_t
ngx_consent_job_start(ngx_consent_job_t *job, ngx_consent_view_t *view)
{
    ngx_http_request_t  *r;
    ngx_http_cleanup_t  *cln;

    r = view->request;

    cln = ngx_http_cleanup_add(r, sizeof(ngx_consent_job_t *));
    if (cln == NULL) {
        return NGX_ERROR;
    }

    job->task.ctx = job;
    job->task.handler = ngx_consent_job_thread;
    job->task.event.handler = ngx_consent_job_event;
    job->task.event.data = job;
    job->task.event.log = ngx_cycle->log;
    job->view = view;

    if (ngx_thread_task_post(ngx_consent_main_conf(r)->threads, &job->task) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_consent_jobs++;
    ngx_consent_job_timer.handler = ngx_consent_job_hold;
    ngx_consent_job_nobody.fd = (ngx_socket_t) -1;
    ngx_consent_job_timer.data = &ngx_consent_job_nobody;
    ngx_consent_job_timer.log = ngx_cycle->log;

    if (!ngx_consent_job_timer.timer_set) {
        ngx_add_timer(&ngx_consent_job_timer, NGX_CONSENT_JOB_HOLD);
    }

    job->cleanup = cln->data;
    *job->cleanup = job;
    cln->handler = ngx_consent_job_detach;

    r->main->count++;
    r->read_event_handler = ngx_http_test_reading;
    r->write_event_handler = ngx_http_request_empty_handler;

    return NGX_DONE;
}


static void
ngx_consent_job_hold(ngx_event_t *ev)
{
    if (ngx_consent_jobs) {
        ngx_add_timer(ev, NGX_CONSENT_JOB_HOLD);
    }
}


static void
ngx_consent_job_thread(void *data, ngx_log_t *log)
{
    ngx_consent_job_t  *job = data;

    job->work(job);
}


static void
ngx_consent_job_event(ngx_event_t *ev)
{
    ngx_int_t            rc;
    ngx_connection_t    *c;
    ngx_consent_job_t   *job = ev->data;
    ngx_consent_view_t  *view;
    ngx_http_request_t  *r;

    if (--ngx_consent_jobs == 0 && ngx_consent_job_timer.timer_set) {
        ngx_del_timer(&ngx_consent_job_timer);
    }

    view = job->view;

    if (view == NULL) {
        ngx_consent_job_destroy(job);
        return;
    }

    *job->cleanup = NULL;

    r = view->request;
    c = r->connection;

    rc = job->done(job, view);

    ngx_consent_job_destroy(job);

    ngx_http_finalize_request(r, rc);
    ngx_http_run_posted_requests(c);
}


/* The request has gone before its job was done. */
static void
ngx_consent_job_detach(void *data)
{
    ngx_consent_job_t  **job = data;

    if (*job) {
        (*job)->view = NULL;
        *job = NULL;
    }
}


void
ngx_consent_job_destroy(ngx_consent_job_t *job)
{
    if (job->free) {
        job->free(job);
    }

    ngx_free(job);
}
