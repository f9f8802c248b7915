/*
 * The log's publisher, as a worker sees it.
 *
 * One worker of the node publishes, chosen by a lock; a worker that is asked to leave gives it up at once. Should two have it
 * all the same, the store's own transactions see to it that there is one log.
 *
 * Hashing and signing are done on the thread pool, out of a snapshot. What comes of it goes with the commits of the
 * decisions: no decision waits for a transaction of the publisher's.
 */

#include "ledger/log.h"
#include "nginx/node_lock.h"
#include "nginx/publish.h"
#include "nginx/witness.h"


#define NGX_CONSENT_PUBLISH_FILE  "/publisher"
#define NGX_CONSENT_PUBLISH_HOLD  60000     /* ms: keeps a worker from leaving in the middle, armed again at need */

typedef struct {
    ngx_thread_task_t        task;
    ngx_event_t              timer;
    ngx_event_t              hold;
    ngx_thread_pool_t       *threads;
    ngx_msec_t               interval;
    ngx_consent_node_lock_t  lock;
    consent_publisher_t     *publisher;
    consent_op_t             op;
    consent_rc_t             rc;
    char                     why[256];
    unsigned                 started:1;
    unsigned                 busy:1;            /* a round is on its way */
    unsigned                 leaving:1;
    ngx_uint_t               failures;          /* in a row */
    unsigned                 ill:1;             /* and that has been said */
} ngx_consent_publish_t;

static void ngx_consent_publish_timer(ngx_event_t *ev);
static void ngx_consent_publish_leave(ngx_event_t *ev);
static void ngx_consent_publish_step(void);
static void ngx_consent_publish_thread(void *data, ngx_log_t *log);
static void ngx_consent_publish_stepped(ngx_event_t *ev);
static ngx_int_t ngx_consent_publish_commit(void);
static void ngx_consent_publish_committed(ngx_consent_commit_t *commit);
static void ngx_consent_publish_rest(consent_rc_t rc);
static void ngx_consent_publish_hold(ngx_event_t *ev);

static ngx_consent_publish_t  ngx_consent_publish;


void
ngx_consent_publish_start(ngx_cycle_t *cycle, ngx_consent_main_conf_t *mcf, consent_ledger_t *ledger)
{
    consent_rc_t               rc;
    ngx_consent_publish_t     *pub = &ngx_consent_publish;
    consent_publisher_conf_t   conf;

    ngx_memzero(pub, sizeof(ngx_consent_publish_t));

    conf.origin = mcf->keys->origin;
    conf.seed = mcf->keys->log_seed;
    conf.signed_dir = mcf->signed_dir;

    rc = ngx_consent_node_lock_init(&pub->lock, cycle->pool, &mcf->store, NGX_CONSENT_PUBLISH_FILE,
                                    "this worker cannot publish the log", ngx_consent_publish_leave) == NGX_OK
         ? consent_publisher_create(&pub->publisher, ledger, &conf) : CONSENT_NOMEM;

    if (rc != CONSENT_OK) {
        ngx_log_error(NGX_LOG_ERR, cycle->log, 0, "consent: this worker cannot publish the log: %s", consent_rc_name(rc));
        return;
    }

    pub->threads = mcf->threads;
    pub->interval = mcf->log_interval;

    pub->task.handler = ngx_consent_publish_thread;
    pub->task.ctx = pub;
    pub->task.event.handler = ngx_consent_publish_stepped;
    pub->task.event.data = pub;
    pub->task.event.log = cycle->log;

    pub->timer.handler = ngx_consent_publish_timer;
    pub->timer.data = pub;
    pub->timer.log = cycle->log;
    pub->timer.cancelable = 1;

    pub->hold.handler = ngx_consent_publish_hold;
    pub->hold.data = pub;
    pub->hold.log = cycle->log;

    pub->started = 1;

    ngx_add_timer(&pub->timer, pub->interval);
}


void
ngx_consent_publish_stop(void)
{
    ngx_consent_publish_t  *pub = &ngx_consent_publish;

    if (!pub->started) {
        return;
    }

    pub->started = 0;
    ngx_consent_node_lock_give(&pub->lock);
    consent_publisher_destroy(pub->publisher);
}


/* A round begins an interval after the one before it began. */
static void
ngx_consent_publish_timer(ngx_event_t *ev)
{
    ngx_consent_publish_t  *pub = ev->data;

    if (!pub->started || pub->leaving || ngx_exiting || ngx_terminate) {
        return;
    }

    ngx_add_timer(ev, pub->interval);

    if (!pub->busy && ngx_consent_node_lock_take(&pub->lock) == NGX_OK) {
        ngx_consent_publish_step();
    }
}


/* The worker is asked to leave. */
static void
ngx_consent_publish_leave(ngx_event_t *ev)
{
    ngx_consent_publish_t  *pub = &ngx_consent_publish;

    pub->leaving = 1;

    if (!pub->busy) {
        ngx_consent_node_lock_give(&pub->lock);
    }
}


static void
ngx_consent_publish_step(void)
{
    ngx_consent_publish_t  *pub = &ngx_consent_publish;

    pub->task.event.complete = 0;

    if (ngx_thread_task_post(pub->threads, &pub->task) != NGX_OK) {
        ngx_cpystrn((u_char *) pub->why, (u_char *) "the thread pool takes no more tasks", sizeof(pub->why));
        ngx_consent_publish_rest(CONSENT_BUSY);
        return;
    }

    if (!pub->busy) {
        pub->busy = 1;
        ngx_add_timer(&pub->hold, NGX_CONSENT_PUBLISH_HOLD);
    }
}


static void
ngx_consent_publish_thread(void *data, ngx_log_t *log)
{
    ngx_consent_publish_t  *pub = data;

    pub->rc = consent_publisher_next(pub->publisher, &pub->op, pub->why);
}


static void
ngx_consent_publish_stepped(ngx_event_t *ev)
{
    ngx_consent_publish_t  *pub = ev->data;

    if (!pub->started) {
        return;
    }

    if (pub->rc == CONSENT_OK && ngx_consent_publish_commit() == NGX_OK) {
        return;
    }

    ngx_consent_publish_rest(pub->rc);
}


/* With the decisions that wait, or at once. */
static ngx_int_t
ngx_consent_publish_commit(void)
{
    ngx_consent_commit_t   *commit;
    ngx_consent_publish_t  *pub = &ngx_consent_publish;

    commit = ngx_consent_commit_create(0, NULL);

    if (commit) {
        commit->op = pub->op;
        commit->op.now = ngx_consent_now();
        commit->handler = ngx_consent_publish_committed;

        if (ngx_consent_store_commit(commit) == NGX_OK) {
            return NGX_OK;
        }

        pub->rc = commit->op.rc;
        ngx_consent_commit_free(commit);

    } else {
        pub->rc = CONSENT_NOMEM;
    }

    ngx_cpystrn((u_char *) pub->why, (u_char *) "the store takes nothing now", sizeof(pub->why));
    consent_publisher_done(pub->publisher, pub->rc);

    return NGX_ERROR;
}


static void
ngx_consent_publish_committed(ngx_consent_commit_t *commit)
{
    consent_rc_t            rc;
    ngx_consent_publish_t  *pub = &ngx_consent_publish;

    rc = commit->op.rc;
    ngx_consent_commit_free(commit);

    if (!pub->started) {
        return;
    }

    consent_publisher_done(pub->publisher, rc);

    if (rc == CONSENT_OK) {
        ngx_consent_publish_step();
        return;
    }

    ngx_cpystrn((u_char *) pub->why, (u_char *) "the store did not take it", sizeof(pub->why));

    /* another publisher was first: there is nothing to be said of that */
    ngx_consent_publish_rest(rc == CONSENT_CONFLICT ? CONSENT_NOTFOUND : rc);
}


/* Until the next round. */
static void
ngx_consent_publish_rest(consent_rc_t rc)
{
    ngx_consent_publish_t  *pub = &ngx_consent_publish;

    pub->busy = 0;

    if (pub->hold.timer_set) {
        ngx_del_timer(&pub->hold);
    }

    if (pub->leaving || ngx_exiting) {
        ngx_consent_node_lock_give(&pub->lock);
    }

    if (pub->lock.holder && rc == CONSENT_NOTFOUND) {
        ngx_consent_witness_wake();
    }

    if (rc != CONSENT_OK && rc != CONSENT_NOTFOUND) {

        /* once may be because the store is just being opened */

        if (!pub->ill && (rc == CONSENT_DENIED || pub->failures++)) {
            ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0, "consent: the log is not published: %s", pub->why);
            pub->ill = 1;
        }

        return;
    }

    pub->failures = 0;

    if (pub->ill) {
        ngx_log_error(NGX_LOG_NOTICE, ngx_cycle->log, 0, "consent: the log is published again");
        pub->ill = 0;
    }
}


static void
ngx_consent_publish_hold(ngx_event_t *ev)
{
    ngx_consent_publish_t  *pub = ev->data;

    if (pub->busy) {
        ngx_add_timer(&pub->hold, NGX_CONSENT_PUBLISH_HOLD);
    }
}
