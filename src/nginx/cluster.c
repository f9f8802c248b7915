/*
 * The replicator of a node: one worker, chosen by a lock. A worker that is asked to leave gives it up at once, and the next
 * takes it within a second. Should two have it all the same, nothing is decided twice: every number is applied once, whoever
 * sends it.
 */

#include "nginx/cluster.h"


#define NGX_CONSENT_CLUSTER_FILE      "/replicator"
#define NGX_CONSENT_CLUSTER_HOLD      60000 /* ms: keeps a worker from leaving, armed again at need */
#define NGX_CONSENT_CLUSTER_WORDS     12    /* of a command */
#define NGX_CONSENT_CLUSTER_PATIENCE  2500  /* ms for an answer; the longest that one is waited for is 1000 */

static void ngx_consent_cluster_beat(ngx_event_t *ev);
static void ngx_consent_cluster_look(ngx_event_t *ev);
static void ngx_consent_cluster_hold(ngx_event_t *ev);
static void ngx_consent_cluster_asked(ngx_event_t *ev);
static void ngx_consent_cluster_leave(ngx_consent_link_t *link);
static void ngx_consent_cluster_timer(ngx_event_t *ev, ngx_event_handler_pt handler);

ngx_consent_cluster_t  ngx_consent_cluster;


void
ngx_consent_cluster_start(ngx_cycle_t *cycle, ngx_consent_main_conf_t *mcf, consent_ledger_t *ledger)
{
    ngx_consent_cluster_t       *cl = &ngx_consent_cluster;
    ngx_consent_cluster_conf_t  *conf;

    conf = mcf->cluster;

    ngx_memzero(cl, sizeof(ngx_consent_cluster_t));

    if (conf == NULL) {
        return;
    }

    cl->mcf = mcf;
    cl->conf = conf;
    cl->ledger = ledger;
    cl->log = cycle->log;
    cl->node = conf->node.len ? ngx_consent_slice(&conf->node) : consent_cstr(mcf->keys->origin);

    if (ngx_consent_node_lock_init(&cl->lock, cycle->pool, &mcf->store, NGX_CONSENT_CLUSTER_FILE,
                                   "this worker cannot replicate", ngx_consent_cluster_asked) != NGX_OK
        || consent_cluster_derive(&cl->keys, mcf->keys->cluster) != CONSENT_OK)
    {
        ngx_log_error(NGX_LOG_ERR, cycle->log, 0, "consent: this worker cannot replicate");
        return;
    }

    (void) ngx_sprintf(cl->stream, "consent:{%s}:stream%Z", cl->keys.tag);

    ngx_consent_cluster_timer(&cl->beat, ngx_consent_cluster_beat);
    ngx_consent_cluster_timer(&cl->look, ngx_consent_cluster_look);
    ngx_consent_cluster_timer(&cl->again, ngx_consent_cluster_connect);
    ngx_consent_cluster_timer(&cl->hold, ngx_consent_cluster_hold);
    cl->hold.cancelable = 0;

    ngx_consent_link_init(&cl->link, NGX_CONSENT_CLUSTER_PATIENCE, ngx_consent_cluster_lost, ngx_consent_cluster_leave, cl);
    ngx_consent_link_init(&cl->follow, NGX_CONSENT_CLUSTER_PATIENCE, ngx_consent_cluster_lost, ngx_consent_cluster_leave, cl);

    ngx_queue_init(&cl->letters);
    ngx_queue_init(&cl->heard);
    ngx_consent_cluster_send_init();

    cl->started = 1;

    ngx_add_timer(&cl->beat, 50);
}


void
ngx_consent_cluster_stop(void)
{
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    if (!cl->started) {
        return;
    }

    cl->started = 0;
    ngx_consent_import_end();
    ngx_consent_export_end();
    ngx_consent_link_close(&cl->link);
    ngx_consent_link_close(&cl->follow);
    consent_redis_destroy(cl->link.redis);
    consent_redis_destroy(cl->follow.redis);
    ngx_consent_hear_drop();
    ngx_consent_cluster_send_end();
    ngx_consent_node_lock_give(&cl->lock);
    consent_wipe(&cl->keys, sizeof(cl->keys));
}


/* A task of the thread pool that the replicator waits for. */
void
ngx_consent_cluster_work(ngx_thread_task_t *task)
{
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    task->event.complete = 0;

    if (ngx_thread_task_post(cl->mcf->threads, task) != NGX_OK) {
        return;
    }

    /* before 1.25.4 a worker that is shutting down does not wait for its threads */

    if (cl->working++ == 0) {
        ngx_add_timer(&cl->hold, NGX_CONSENT_CLUSTER_HOLD);
    }
}


void
ngx_consent_cluster_worked(void)
{
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    if (--cl->working == 0 && cl->hold.timer_set) {
        ngx_del_timer(&cl->hold);
    }
}


/* n words, each a consent_slice_t. */
ngx_int_t
ngx_consent_cluster_command(ngx_consent_link_t *link, ngx_consent_reply_pt handler, void *data, size_t n, ...)
{
    size_t           i;
    va_list          args;
    consent_slice_t  words[NGX_CONSENT_CLUSTER_WORDS];

    va_start(args, n);

    for (i = 0; i < n && i < NGX_CONSENT_CLUSTER_WORDS; i++) {
        words[i] = va_arg(args, consent_slice_t);
    }

    va_end(args);

    return ngx_consent_link_command(link, words, i, handler, data);
}


/* Redis has said no: once, until it is well again. */
void
ngx_consent_cluster_failed(const char *what, const consent_reply_t *reply)
{
    consent_slice_t         text;
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    if (cl->ill) {
        return;
    }

    cl->ill = 1;
    text = reply ? consent_reply_text(reply) : consent_lit("no answer");
    text.len = ngx_min(text.len, 200);

    ngx_log_error(NGX_LOG_ERR, cl->log, 0, "consent: %s Redis: %*s; this node decides on its own, and catches up", what,
                  text.len, text.data);
}


static void
ngx_consent_cluster_beat(ngx_event_t *ev)
{
    ngx_consent_cluster_t  *cl = ev->data;

    if (!cl->started || cl->leaving || ngx_exiting || ngx_terminate) {
        return;
    }

    ngx_add_timer(ev, NGX_CONSENT_CLUSTER_BEAT);

    if (cl->lock.holder == NULL) {

        if (ngx_consent_node_lock_take(&cl->lock) != NGX_OK) {
            return;
        }

        ngx_add_timer(&cl->look, NGX_CONSENT_CLUSTER_LOOK);
        ngx_consent_cluster_connect(&cl->again);
        return;
    }

    if (cl->ready) {
        cl->beats = 1;
        ngx_consent_cluster_tend();
        ngx_consent_import_tend();
        ngx_consent_cluster_send();
    }
}


/* Has anything been decided, by this worker or another, or by a tool? A look costs no system call. */
static void
ngx_consent_cluster_look(ngx_event_t *ev)
{
    uint64_t                mark;
    ngx_consent_cluster_t  *cl = ev->data;

    if (!cl->started || cl->leaving || ngx_exiting || ngx_terminate) {
        return;
    }

    mark = consent_ledger_mark(cl->ledger);

    if (cl->ready && mark != cl->mark) {
        cl->moved = ngx_current_msec;
        ngx_consent_cluster_send();
    }

    ngx_add_timer(ev, ngx_current_msec - cl->moved < NGX_CONSENT_CLUSTER_BEAT ? NGX_CONSENT_CLUSTER_BUSY
                                                                              : NGX_CONSENT_CLUSTER_LOOK);
}


static void
ngx_consent_cluster_hold(ngx_event_t *ev)
{
    ngx_consent_cluster_t  *cl = ev->data;

    if (cl->working) {
        ngx_add_timer(&cl->hold, NGX_CONSENT_CLUSTER_HOLD);
    }
}


static void
ngx_consent_cluster_asked(ngx_event_t *ev)
{
    ngx_consent_cluster_leave(&ngx_consent_cluster.link);
}


/* The worker is asked to leave: another one takes over. */
static void
ngx_consent_cluster_leave(ngx_consent_link_t *link)
{
    ngx_consent_cluster_t  *cl = link->data;

    cl->leaving = 1;
    cl->ready = 0;
    ngx_consent_import_end();
    ngx_consent_export_end();
    ngx_consent_link_close(&cl->link);
    ngx_consent_link_close(&cl->follow);
    ngx_consent_node_lock_give(&cl->lock);
}


static void
ngx_consent_cluster_timer(ngx_event_t *ev, ngx_event_handler_pt handler)
{
    ev->handler = handler;
    ev->data = &ngx_consent_cluster;
    ev->log = ngx_cycle->log;
    ev->cancelable = 1;
}
