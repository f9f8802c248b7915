/*
 * A snapshot for another node: pieces in a list of the number under which it was asked for, a few at a time, so that Redis
 * never holds much. Each is read on the thread pool. Nobody who takes none for a while is waited for.
 */

#include "nginx/cluster.h"


#define NGX_CONSENT_EXPORT_BYTES     (192 * 1024)   /* of a piece */
#define NGX_CONSENT_EXPORT_AHEAD     8              /* pieces that wait in Redis */
#define NGX_CONSENT_EXPORT_POLL      20             /* ms */
#define NGX_CONSENT_EXPORT_PATIENCE  30000          /* ms without one being taken */
#define NGX_CONSENT_EXPORT_LIFE      "120"          /* s that a list is kept that nobody takes from */

struct ngx_consent_export_s {
    ngx_thread_task_t           task;
    ngx_event_t                 timer;
    uint64_t                    id;
    uint64_t                    piece;
    u_char                      key[sizeof("consent:{}:snapshot:") + CONSENT_CLUSTER_TAG_LEN + 16];
    consent_snapshot_t          at;
    consent_replica_self_t      self;
    consent_replica_place_t     vector[CONSENT_NODES_MAX];
    size_t                      n_vector;
    consent_buf_t               out;        /* the thread's while it works */
    consent_rc_t                rc;
    ngx_msec_t                  taken;
    size_t                      waiting;    /* pieces in Redis, when it was last asked */
    unsigned                    working:1;
    unsigned                    ended:1;    /* while the thread was at work */
};

static void ngx_consent_export_thread(void *data, ngx_log_t *log);
static consent_rc_t ngx_consent_export_make(ngx_consent_export_t *export, consent_buf_t *batch);
static void ngx_consent_export_made(ngx_event_t *ev);
static void ngx_consent_export_pushed(void *data, const consent_reply_t *reply);
static void ngx_consent_export_left(void *data, const consent_reply_t *reply);
static void ngx_consent_export_timer(ngx_event_t *ev);
static void ngx_consent_export_go_on(ngx_consent_export_t *export, const consent_reply_t *reply);
static void ngx_consent_export_nothing(void *data, const consent_reply_t *reply);
static void ngx_consent_export_free(ngx_consent_export_t *export);


void
ngx_consent_export_begin(const consent_cluster_message_t *message)
{
    ngx_consent_export_t   *export;
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    /* who is not served asks again */

    if (cl->export || !consent_slice_eq(message->whom, cl->node)
        || ngx_consent_now() - message->sent_at > 60 * 1000)
    {
        return;
    }

    export = ngx_calloc(sizeof(ngx_consent_export_t), cl->log);

    if (export == NULL) {
        return;
    }

    export->id = message->epoch;
    export->taken = ngx_current_msec;
    (void) ngx_sprintf(export->key, "consent:{%s}:snapshot:%016xL%Z", cl->keys.tag, export->id);

    export->task.handler = ngx_consent_export_thread;
    export->task.ctx = export;
    export->task.event.handler = ngx_consent_export_made;
    export->task.event.data = export;
    export->task.event.log = cl->log;

    export->timer.handler = ngx_consent_export_timer;
    export->timer.data = export;
    export->timer.log = cl->log;
    export->timer.cancelable = 1;

    cl->export = export;
    ngx_add_timer(&export->timer, 0);
}


void
ngx_consent_export_end(void)
{
    ngx_consent_export_t  *export = ngx_consent_cluster.export;

    ngx_consent_cluster.export = NULL;

    if (export == NULL) {
        return;
    }

    if (export->timer.timer_set) {
        ngx_del_timer(&export->timer);
    }

    if (export->working) {
        export->ended = 1;
        return;
    }

    ngx_consent_export_free(export);
}


static void
ngx_consent_export_thread(void *data, ngx_log_t *log)
{
    ngx_consent_export_t  *export = data;

    consent_buf_t  batch;

    consent_buf_init(&export->out, 2 * CONSENT_CLUSTER_BODY_MAX);
    consent_buf_init(&batch, CONSENT_BATCH_MAX);
    export->rc = ngx_consent_export_make(export, &batch);
    consent_buf_free(&batch);
}


/* What this node has of everybody is read before the first piece: what comes later than that follows in the stream. */
static consent_rc_t
ngx_consent_export_make(ngx_consent_export_t *export, consent_buf_t *batch)
{
    size_t                      n, i;
    consent_rc_t                rc;
    ngx_consent_cluster_t      *cl = &ngx_consent_cluster;
    consent_cluster_message_t   message;

    ngx_memzero(&message, sizeof(message));

    if (export->piece == 0) {
        rc = consent_replica_self(cl->ledger, &export->self);

        if (rc == CONSENT_OK) {
            rc = consent_replica_vector(cl->ledger, export->vector, &export->n_vector);
        }

        if (rc != CONSENT_OK) {
            return rc;
        }

        message.vector[0].node = cl->node;
        message.vector[0].epoch = export->self.epoch;
        message.vector[0].sequence = export->self.next - 1;
        message.vector[0].whole = !export->self.lacks;

        for (i = 0; i < export->n_vector && i + 1 < CONSENT_CLUSTER_NODES_MAX; i++) {
            message.vector[i + 1].node = consent_slice(export->vector[i].node, export->vector[i].node_len);
            message.vector[i + 1].epoch = export->vector[i].epoch;
            message.vector[i + 1].sequence = export->vector[i].sequence;
            message.vector[i + 1].whole = export->vector[i].whole;
        }

        message.n_vector = i + 1;
    }

    rc = consent_replica_snapshot(cl->ledger, &export->at, NGX_CONSENT_EXPORT_BYTES, batch, &n);

    if (rc != CONSENT_OK) {
        return rc;
    }

    message.kind = CONSENT_CLUSTER_PIECE;
    message.node = cl->node;
    message.epoch = export->id;
    message.sequence = export->piece;
    message.flag = export->at.done;
    message.count = (uint32_t) n;
    message.records = consent_buf_view(batch);

    return consent_cluster_seal(&export->out, &cl->keys, &message);
}


static void
ngx_consent_export_made(ngx_event_t *ev)
{
    ngx_int_t              rc;
    ngx_consent_export_t  *export = ev->data;

    ngx_consent_cluster_worked();
    export->working = 0;

    if (export->ended) {
        ngx_consent_export_free(export);
        return;
    }

    rc = NGX_ERROR;

    if (export->rc == CONSENT_OK) {
        rc = ngx_consent_cluster_command(&ngx_consent_cluster.link, ngx_consent_export_pushed,
                                         (void *) (uintptr_t) export->id, 3, consent_lit("RPUSH"),
                                         consent_cstr((char *) export->key), consent_buf_view(&export->out));
    }

    consent_buf_free(&export->out);

    if (rc != NGX_OK) {
        ngx_consent_export_end();
        return;
    }

    if (export->piece++ % NGX_CONSENT_EXPORT_AHEAD == 0 || export->at.done) {
        (void) ngx_consent_cluster_command(&ngx_consent_cluster.link, ngx_consent_export_nothing, NULL, 3,
                                           consent_lit("EXPIRE"), consent_cstr((char *) export->key),
                                           consent_lit(NGX_CONSENT_EXPORT_LIFE));
    }
}


static void
ngx_consent_export_pushed(void *data, const consent_reply_t *reply)
{
    ngx_consent_export_t  *export = ngx_consent_cluster.export;

    if (export == NULL || export->id != (uintptr_t) data) {
        return;
    }

    if (reply == NULL || consent_reply_type(reply) != CONSENT_REPLY_NUMBER || export->at.done) {
        ngx_consent_export_end();
        return;
    }

    ngx_consent_export_go_on(export, reply);
}


static void
ngx_consent_export_left(void *data, const consent_reply_t *reply)
{
    ngx_consent_export_t  *export = ngx_consent_cluster.export;

    if (export == NULL || export->id != (uintptr_t) data) {
        return;
    }

    if (reply == NULL || consent_reply_type(reply) != CONSENT_REPLY_NUMBER) {
        ngx_consent_export_end();
        return;
    }

    ngx_consent_export_go_on(export, reply);
}


static void
ngx_consent_export_go_on(ngx_consent_export_t *export, const consent_reply_t *reply)
{
    size_t  waiting;

    waiting = (size_t) consent_reply_number(reply);

    if (waiting < export->waiting || waiting < NGX_CONSENT_EXPORT_AHEAD) {
        export->taken = ngx_current_msec;
    }

    export->waiting = waiting;

    if (ngx_current_msec - export->taken > NGX_CONSENT_EXPORT_PATIENCE) {
        ngx_consent_export_end();
        return;
    }

    ngx_add_timer(&export->timer, waiting < NGX_CONSENT_EXPORT_AHEAD ? 0 : NGX_CONSENT_EXPORT_POLL);
}


static void
ngx_consent_export_timer(ngx_event_t *ev)
{
    ngx_consent_export_t  *export = ev->data;

    if (export->waiting >= NGX_CONSENT_EXPORT_AHEAD) {

        if (ngx_consent_cluster_command(&ngx_consent_cluster.link, ngx_consent_export_left,
                                        (void *) (uintptr_t) export->id, 2, consent_lit("LLEN"),
                                        consent_cstr((char *) export->key)) != NGX_OK)
        {
            ngx_consent_export_end();
        }

        return;
    }

    ngx_consent_cluster_work(&export->task);
    export->working = export->task.event.active;

    if (!export->working) {
        ngx_consent_export_end();
    }
}


static void
ngx_consent_export_nothing(void *data, const consent_reply_t *reply)
{
}


static void
ngx_consent_export_free(ngx_consent_export_t *export)
{
    consent_buf_free(&export->out);
    ngx_free(export);
}
