/*
 * The queue of operations, as the event loop sees it.
 *
 * One task object per worker, posted when there is something to do and nothing being done. The thread first
 * opens the write transaction, where it may wait for other processes' commits, and only then takes all that
 * is queued: waiting makes the group larger. What it has not taken can be called back, so that a client who
 * has waited too long is told in truth that nothing was saved. The mutex guards `waiting` and nothing else,
 * and is never held across a system call.
 *
 * Entries that nobody waits for do not start the thread themselves: they gather for a moment, or go along with the next
 * operation that does. The timer of that moment is not cancelable, so a worker that is asked to leave writes them first;
 * one that is told to leave at once writes them on its way out.
 */

#include "nginx/commit.h"


#define NGX_CONSENT_GATHER     200          /* ms that entries wait for each other */
#define NGX_CONSENT_GATHERED   256          /* so many wait no longer */
#define NGX_CONSENT_RETRY_MIN  1000         /* ms between attempts for what nobody waits for */
#define NGX_CONSENT_RETRY_MAX  30000
#define NGX_CONSENT_HOLD       60000        /* ms: keeps a worker from leaving, armed again at need */

static void ngx_consent_commit_start(ngx_consent_commit_t *commit, ngx_uint_t waiting);
static void ngx_consent_commit_gather(void);
static void ngx_consent_commit_gathered(ngx_event_t *ev);
static void ngx_consent_commit_post(void);
static void ngx_consent_commit_done(ngx_event_t *ev);
static void ngx_consent_commit_taken(ngx_queue_t *done);
static void ngx_consent_commit_last(void);
static void ngx_consent_commit_drop(ngx_queue_t *queue, ngx_flag_t entries);
static void ngx_consent_commit_finish(ngx_consent_commit_t *commit);
static void ngx_consent_commit_fail(consent_rc_t rc, ngx_flag_t expired);
static void ngx_consent_commit_expire(ngx_event_t *ev);
static void ngx_consent_commit_retry(ngx_event_t *ev);
static void ngx_consent_commit_hold(ngx_event_t *ev);

static ngx_consent_queue_t  ngx_consent_queue;


ngx_int_t
ngx_consent_commit_init(ngx_cycle_t *cycle, ngx_consent_main_conf_t *mcf, consent_ledger_t *ledger,
    ngx_consent_turned_pt turned)
{
    ngx_consent_queue_t  *q = &ngx_consent_queue;

    ngx_memzero(q, sizeof(ngx_consent_queue_t));

    if (ngx_thread_mutex_create(&q->mutex, cycle->log) != NGX_OK) {
        return NGX_ERROR;
    }

    q->file = ngx_pnalloc(cycle->pool, mcf->store.len + sizeof("/data.mdb"));
    if (q->file == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_sprintf(q->file, "%V/data.mdb%Z", &mcf->store);

    ngx_queue_init(&q->waiting);
    ngx_queue_init(&q->taken);

    q->pool = mcf->threads;
    q->ledger = ledger;
    q->turned = turned;
    q->log = cycle->log;
    q->pause = NGX_CONSENT_RETRY_MIN;

    q->task.handler = ngx_consent_commit_thread;
    q->task.ctx = q;
    q->task.event.handler = ngx_consent_commit_done;
    q->task.event.data = q;
    q->task.event.log = cycle->log;

    q->gather.handler = ngx_consent_commit_gathered;
    q->gather.data = q;
    q->gather.log = cycle->log;

    q->retry.handler = ngx_consent_commit_retry;
    q->retry.data = q;
    q->retry.log = cycle->log;
    q->retry.cancelable = 1;

    q->expire.handler = ngx_consent_commit_expire;
    q->expire.data = q;
    q->expire.log = cycle->log;
    q->expire.cancelable = 1;

    q->hold.handler = ngx_consent_commit_hold;
    q->hold.data = q;
    q->hold.log = cycle->log;

    q->ready = 1;

    return NGX_OK;
}


void
ngx_consent_commit_exit(void)
{
    ngx_queue_t           done;
    ngx_consent_queue_t  *q = &ngx_consent_queue;

    if (!q->ready) {
        return;
    }

    q->ready = 0;

    /* nobody is answered any more */

    ngx_consent_commit_taken(&done);
    ngx_consent_commit_drop(&done, 1);
    ngx_consent_commit_drop(&q->waiting, 0);

    if (!ngx_queue_empty(&q->waiting)) {
        ngx_consent_commit_last();
    }

    ngx_consent_commit_spare_exit();

    (void) ngx_thread_mutex_destroy(&q->mutex, q->log);
}


/* The pool's threads are gone: this one writes the entries that are left. */
static void
ngx_consent_commit_last(void)
{
    ngx_queue_t           *e;
    ngx_uint_t             n;
    ngx_consent_queue_t   *q = &ngx_consent_queue;

    n = 0;

    for (e = ngx_queue_head(&q->waiting); e != ngx_queue_sentinel(&q->waiting); e = ngx_queue_next(e)) {
        n++;
    }

    ngx_consent_commit_thread(q, q->log);

    if (q->rc != CONSENT_OK) {
        ngx_log_error(NGX_LOG_ERR, q->log, 0, "consent: %s; the log lacks %ui entries", q->why, n);
    }

    ngx_consent_commit_drop(&q->taken, 1);
    ngx_consent_commit_drop(&q->waiting, 1);
}


/* Frees what is in the queue, `entries` or not. */
static void
ngx_consent_commit_drop(ngx_queue_t *queue, ngx_flag_t entries)
{
    ngx_queue_t           *e;
    ngx_consent_commit_t  *commit;

    for (e = ngx_queue_head(queue); e != ngx_queue_sentinel(queue); /* void */ ) {
        commit = ngx_queue_data(e, ngx_consent_commit_t, queue);
        e = ngx_queue_next(e);

        if (entries || !commit->entry) {
            ngx_queue_remove(&commit->queue);
            ngx_consent_commit_free(commit);
        }
    }
}


ngx_int_t
ngx_consent_store_commit(ngx_consent_commit_t *commit)
{
    ngx_flag_t            full;
    ngx_uint_t            waiting;
    ngx_consent_queue_t  *q = &ngx_consent_queue;

    if (!q->ready) {
        commit->op.rc = CONSENT_IO;
        return NGX_ERROR;
    }

    commit->deadline = ngx_current_msec + NGX_CONSENT_COMMIT_WAIT;

    (void) ngx_thread_mutex_lock(&q->mutex, q->log);

    /* entries that pile up before a store that takes none leave room for decisions */

    full = (q->n_waiting >= (commit->entry ? NGX_CONSENT_COMMIT_QUEUE / 2 : NGX_CONSENT_COMMIT_QUEUE));

    if (!full) {
        ngx_queue_insert_tail(&q->waiting, &commit->queue);
        q->n_waiting++;
        q->n_pressing += !commit->gathers;
    }

    waiting = q->n_waiting;

    (void) ngx_thread_mutex_unlock(&q->mutex, q->log);

    if (full) {
        commit->op.rc = CONSENT_BUSY;
        return NGX_ERROR;
    }

    ngx_consent_commit_start(commit, waiting);

    return NGX_OK;
}


/* What starts the thread for an operation that has been queued as the last of so many. */
static void
ngx_consent_commit_start(ngx_consent_commit_t *commit, ngx_uint_t waiting)
{
    ngx_consent_queue_t  *q = &ngx_consent_queue;

    if (!commit->entry && !q->expire.timer_set) {
        ngx_add_timer(&q->expire, NGX_CONSENT_COMMIT_WAIT);
    }

    /* what nobody waits for does not try a broken store more often than the timer does */

    if (commit->entry && q->retry.timer_set) {
        return;
    }

    if (commit->gathers && waiting < NGX_CONSENT_GATHERED) {
        ngx_consent_commit_gather();
        return;
    }

    ngx_consent_commit_post();
}


static void
ngx_consent_commit_gather(void)
{
    ngx_consent_queue_t  *q = &ngx_consent_queue;

    if (!q->gather.timer_set) {
        ngx_add_timer(&q->gather, NGX_CONSENT_GATHER);
    }
}


static void
ngx_consent_commit_gathered(ngx_event_t *ev)
{
    ngx_consent_commit_post();
}


static void
ngx_consent_commit_post(void)
{
    ngx_consent_queue_t  *q = &ngx_consent_queue;

    if (q->task.event.active) {
        return;
    }

    q->task.event.complete = 0;

    if (ngx_thread_task_post(q->pool, &q->task) != NGX_OK) {

        /* the pool's queue is full: whoever waits is told, though not before the caller knows that he
         * waits */

        q->refused = 1;

        if (q->expire.timer_set) {
            ngx_del_timer(&q->expire);
        }

        ngx_add_timer(&q->expire, 1);

        if (!q->retry.timer_set) {
            ngx_add_timer(&q->retry, q->pause);
        }

        return;
    }

    if (q->gather.timer_set) {
        ngx_del_timer(&q->gather);
    }

    /* before 1.25.4 a worker that is shutting down does not wait for its threads */

    if (!q->hold.timer_set) {
        ngx_add_timer(&q->hold, NGX_CONSENT_HOLD);
    }
}


/* In the event loop, when the thread is done. Handlers may queue more, which starts the thread again: what
 * it left is taken over before they run. */
static void
ngx_consent_commit_done(ngx_event_t *ev)
{
    char                   why[256];
    ngx_queue_t            done, *e;
    consent_rc_t           rc;
    ngx_consent_queue_t   *q = ev->data;
    ngx_consent_commit_t  *commit;

    if (!q->ready) {
        return;
    }

    rc = q->rc;
    ngx_memcpy(why, q->why, sizeof(why));
    ngx_consent_commit_taken(&done);

    if (q->hold.timer_set) {
        ngx_del_timer(&q->hold);
    }

    if (rc == CONSENT_OK) {
        q->pause = NGX_CONSENT_RETRY_MIN;

        if (q->retry.timer_set) {
            ngx_del_timer(&q->retry);
        }

        if (q->n_pressing || q->n_waiting >= NGX_CONSENT_GATHERED) {
            ngx_consent_commit_post();

        } else if (q->n_waiting) {
            ngx_consent_commit_gather();
        }

    } else if (!q->retry.timer_set) {
        ngx_add_timer(&q->retry, q->pause);
        q->pause = ngx_min(q->pause * 2, NGX_CONSENT_RETRY_MAX);
    }

    q->turned(rc == CONSENT_OK ? NGX_OK : NGX_ERROR, why);

    while (!ngx_queue_empty(&done)) {
        e = ngx_queue_head(&done);
        ngx_queue_remove(e);

        commit = ngx_queue_data(e, ngx_consent_commit_t, queue);

        if (rc != CONSENT_OK && commit->op.rc == CONSENT_OK) {
            commit->op.rc = rc;
        }

        ngx_consent_commit_finish(commit);
    }
}


/* Takes over what the thread is done with. What could not be written and must be is waiting again, in its
 * old order. */
static void
ngx_consent_commit_taken(ngx_queue_t *done)
{
    ngx_queue_t           *e;
    ngx_consent_queue_t   *q = &ngx_consent_queue;
    ngx_consent_commit_t  *commit;

    ngx_queue_init(done);

    if (ngx_queue_empty(&q->taken)) {
        return;
    }

    ngx_queue_add(done, &q->taken);
    ngx_queue_init(&q->taken);

    if (q->rc == CONSENT_OK) {
        return;
    }

    (void) ngx_thread_mutex_lock(&q->mutex, q->log);

    for (e = ngx_queue_last(done); e != ngx_queue_sentinel(done); /* void */ ) {
        commit = ngx_queue_data(e, ngx_consent_commit_t, queue);
        e = ngx_queue_prev(e);

        if (commit->entry) {
            ngx_queue_remove(&commit->queue);
            ngx_queue_insert_head(&q->waiting, &commit->queue);
            q->n_waiting++;
            q->n_pressing += !commit->gathers;
        }
    }

    (void) ngx_thread_mutex_unlock(&q->mutex, q->log);
}


static void
ngx_consent_commit_finish(ngx_consent_commit_t *commit)
{
    if (commit->handler) {
        commit->handler(commit);
        return;
    }

    if (commit->op.rc != CONSENT_OK && commit->op.rc != CONSENT_CONFLICT && commit->entry) {
        ngx_log_error(NGX_LOG_ERR, ngx_consent_queue.log, 0,
                      "consent: the log did not take a \"%s\" entry: %s",
                      commit->op.entry_type ? commit->op.entry_type : "decision",
                      consent_rc_name(commit->op.rc));
    }

    ngx_consent_commit_free(commit);
}


/* Ends the waiting of what the thread has not taken: all that somebody waits for, or what has waited too
 * long. */
static void
ngx_consent_commit_fail(consent_rc_t rc, ngx_flag_t expired)
{
    ngx_msec_t             next;
    ngx_flag_t             waits;
    ngx_queue_t            failed, *e;
    ngx_consent_queue_t   *q = &ngx_consent_queue;
    ngx_consent_commit_t  *commit;

    waits = 0;
    next = 0;
    ngx_queue_init(&failed);

    (void) ngx_thread_mutex_lock(&q->mutex, q->log);

    for (e = ngx_queue_head(&q->waiting); e != ngx_queue_sentinel(&q->waiting); /* void */ ) {
        commit = ngx_queue_data(e, ngx_consent_commit_t, queue);
        e = ngx_queue_next(e);

        if (commit->entry) {
            continue;
        }

        if (expired && (ngx_msec_int_t) (commit->deadline - ngx_current_msec) > 0) {

            /* the oldest is the first */

            if (!waits) {
                waits = 1;
                next = commit->deadline - ngx_current_msec;
            }

            continue;
        }

        ngx_queue_remove(&commit->queue);
        ngx_queue_insert_tail(&failed, &commit->queue);
        q->n_waiting--;
        q->n_pressing -= !commit->gathers;
    }

    (void) ngx_thread_mutex_unlock(&q->mutex, q->log);

    if (waits && !q->expire.timer_set) {
        ngx_add_timer(&q->expire, next);
    }

    while (!ngx_queue_empty(&failed)) {
        e = ngx_queue_head(&failed);
        ngx_queue_remove(e);

        commit = ngx_queue_data(e, ngx_consent_commit_t, queue);
        commit->op.rc = rc;
        ngx_consent_commit_finish(commit);
    }
}


static void
ngx_consent_commit_expire(ngx_event_t *ev)
{
    ngx_consent_queue_t  *q = ev->data;

    ngx_consent_commit_fail(CONSENT_BUSY, !q->refused);
    q->refused = 0;
}


static void
ngx_consent_commit_retry(ngx_event_t *ev)
{
    ngx_consent_commit_post();
}


static void
ngx_consent_commit_hold(ngx_event_t *ev)
{
    ngx_consent_queue_t  *q = ev->data;

    if (q->task.event.active) {
        ngx_add_timer(&q->hold, NGX_CONSENT_HOLD);
    }
}
