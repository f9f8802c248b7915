/*
 * What is said to the others: what was decided here, in order, and once a second what we have of each.
 *
 * Messages are made on the thread pool, out of a snapshot, and given to Redis a few at a time. What it has taken is given
 * again only when a node says that it misses something.
 */

#include "nginx/cluster.h"


#define NGX_CONSENT_SEND_LETTERS  8         /* made at once, and in flight */
#define NGX_CONSENT_SEND_STREAM   "20000"   /* messages that the stream keeps: what is gone is sent again when it is missed */
#define NGX_CONSENT_SEND_PAUSE    1000      /* ms, when Redis is full */

static void ngx_consent_send_thread(void *data, ngx_log_t *log);
static consent_rc_t ngx_consent_send_make(ngx_consent_cluster_t *cl, consent_buf_t *batch, uint64_t sequence, size_t *n);
static void ngx_consent_send_made(ngx_event_t *ev);
static void ngx_consent_send_give(void);
static void ngx_consent_send_taken(void *data, const consent_reply_t *reply);
static void ngx_consent_send_said(void *data, const consent_reply_t *reply);
static ngx_int_t ngx_consent_send_refused(const consent_reply_t *reply);
static void ngx_consent_send_again(void);
static void ngx_consent_send_status(void);
static void ngx_consent_send_drop(ngx_queue_t *letters);


void
ngx_consent_cluster_send_init(void)
{
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    ngx_queue_init(&cl->made);

    cl->send_task.handler = ngx_consent_send_thread;
    cl->send_task.ctx = cl;
    cl->send_task.event.handler = ngx_consent_send_made;
    cl->send_task.event.data = cl;
    cl->send_task.event.log = ngx_cycle->log;
}


/* Something may have been decided, or a status is due. */
void
ngx_consent_cluster_send(void)
{
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    if (!cl->ready || cl->sending || !ngx_queue_empty(&cl->letters) || cl->in_flight) {
        return;
    }

    if (cl->pause) {

        if ((ngx_msec_int_t) (cl->pause - ngx_current_msec) > 0) {
            return;
        }

        cl->pause = 0;
    }

    cl->mark = consent_ledger_mark(cl->ledger);
    cl->task.epoch = cl->epoch;
    cl->task.read = cl->read;

    ngx_consent_cluster_work(&cl->send_task);
    cl->sending = cl->send_task.event.active;
}


static void
ngx_consent_send_thread(void *data, ngx_log_t *log)
{
    ngx_consent_cluster_t  *cl = data;

    size_t         n, i;
    uint64_t       sequence;
    consent_buf_t  batch;

    cl->task.more = 0;
    cl->task.rc = consent_replica_self(cl->ledger, &cl->task.self);

    if (cl->task.rc == CONSENT_OK) {
        cl->task.rc = consent_replica_vector(cl->ledger, cl->task.vector, &cl->task.n_vector);
    }

    if (cl->task.rc != CONSENT_OK) {
        return;
    }

    sequence = cl->task.epoch == cl->task.self.epoch ? cl->task.read + 1 : 1;
    sequence = ngx_max(sequence, cl->task.self.first);

    for (i = 0; i < NGX_CONSENT_SEND_LETTERS && sequence < cl->task.self.next; i++) {
        consent_buf_init(&batch, CONSENT_BATCH_MAX);
        cl->task.rc = ngx_consent_send_make(cl, &batch, sequence, &n);
        consent_buf_free(&batch);

        if (cl->task.rc != CONSENT_OK || n == 0) {
            return;
        }

        sequence += n;
    }

    cl->task.more = sequence < cl->task.self.next;
}


static consent_rc_t
ngx_consent_send_make(ngx_consent_cluster_t *cl, consent_buf_t *batch, uint64_t sequence, size_t *n)
{
    consent_rc_t                rc;
    consent_buf_t               out;
    ngx_consent_letter_out_t   *letter;
    consent_cluster_message_t   message;

    rc = consent_replica_outgoing(cl->ledger, sequence, batch, n);

    if (rc != CONSENT_OK || *n == 0) {
        return rc;
    }

    ngx_memzero(&message, sizeof(message));
    message.kind = CONSENT_CLUSTER_BATCH;
    message.node = cl->node;
    message.epoch = cl->task.self.epoch;
    message.sequence = sequence;
    message.sent_at = ngx_consent_now();
    message.flag = cl->task.self.empty;
    message.records = consent_buf_view(batch);

    consent_buf_init(&out, 2 * CONSENT_CLUSTER_BODY_MAX);
    rc = consent_cluster_seal(&out, &cl->keys, &message);
    letter = rc == CONSENT_OK ? malloc(sizeof(ngx_consent_letter_out_t) + out.len) : NULL;

    if (letter) {
        letter->last = sequence + *n - 1;
        letter->len = out.len;
        ngx_memcpy(letter->data, out.data, out.len);
        ngx_queue_insert_tail(&cl->made, &letter->queue);

    } else if (rc == CONSENT_OK) {
        rc = CONSENT_NOMEM;
    }

    consent_buf_free(&out);

    return rc;
}


static void
ngx_consent_send_made(ngx_event_t *ev)
{
    ngx_queue_t               *q;
    ngx_consent_cluster_t     *cl = ev->data;
    ngx_consent_letter_out_t  *letter;

    ngx_consent_cluster_worked();
    cl->sending = 0;

    if (!cl->ready || cl->task.rc != CONSENT_OK) {
        ngx_consent_send_drop(&cl->made);
        return;
    }

    cl->self = cl->task.self;
    cl->n_vector = cl->task.n_vector;
    ngx_memcpy(cl->vector, cl->task.vector, cl->n_vector * sizeof(consent_replica_place_t));

    if (cl->epoch != cl->self.epoch) {
        cl->epoch = cl->self.epoch;
        cl->read = cl->sent = 0;
    }

    if (cl->sent < cl->self.first - 1) {
        cl->sent = cl->self.first - 1;
    }

    while (!ngx_queue_empty(&cl->made)) {
        q = ngx_queue_head(&cl->made);
        ngx_queue_remove(q);
        letter = ngx_queue_data(q, ngx_consent_letter_out_t, queue);
        cl->read = letter->last;
        ngx_queue_insert_tail(&cl->letters, q);
    }

    if (ngx_queue_empty(&cl->letters) && cl->beats) {
        ngx_consent_send_status();
    }

    ngx_consent_send_give();
}


static void
ngx_consent_send_give(void)
{
    ngx_int_t                  rc;
    ngx_queue_t               *q;
    ngx_consent_cluster_t     *cl = &ngx_consent_cluster;
    ngx_consent_letter_out_t  *letter;

    while (cl->ready && !ngx_queue_empty(&cl->letters) && cl->in_flight < NGX_CONSENT_SEND_LETTERS) {
        q = ngx_queue_head(&cl->letters);
        ngx_queue_remove(q);
        letter = ngx_queue_data(q, ngx_consent_letter_out_t, queue);

        cl->in_flight++;
        rc = ngx_consent_cluster_command(&cl->link, ngx_consent_send_taken, (void *) (uintptr_t) letter->last, 8,
                                         consent_lit("XADD"), consent_cstr((char *) cl->stream), consent_lit("MAXLEN"),
                                         consent_lit("~"), consent_lit(NGX_CONSENT_SEND_STREAM), consent_lit("*"),
                                         consent_lit("m"), consent_slice(letter->data, letter->len));
        free(letter);

        if (rc != NGX_OK) {
            cl->in_flight--;
            return;
        }
    }
}


static void
ngx_consent_send_taken(void *data, const consent_reply_t *reply)
{
    uint64_t                last = (uintptr_t) data;
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    cl->in_flight--;

    if (reply == NULL || ngx_consent_send_refused(reply) != NGX_OK) {
        ngx_consent_send_again();
        return;
    }

    cl->contact = ngx_current_msec;
    cl->sent = ngx_max(cl->sent, last);

    if (cl->in_flight || !ngx_queue_empty(&cl->letters)) {
        ngx_consent_send_give();
        return;
    }

    if (cl->read > cl->sent) {
        cl->read = cl->sent;
    }

    if (cl->beats) {
        ngx_consent_send_status();
    }

    if (cl->task.more || consent_ledger_mark(cl->ledger) != cl->mark) {
        ngx_consent_cluster_send();
    }
}


/* NGX_DECLINED: it was not taken. */
static ngx_int_t
ngx_consent_send_refused(const consent_reply_t *reply)
{
    consent_slice_t         text;
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    if (consent_reply_type(reply) != CONSENT_REPLY_ERROR) {
        return NGX_OK;
    }

    text = consent_reply_text(reply);
    ngx_consent_cluster_failed("a message was refused by", reply);

    if (text.len >= 3 && ngx_strncmp(text.data, "OOM", 3) == 0) {
        cl->pause = ngx_current_msec + NGX_CONSENT_SEND_PAUSE;
        cl->pause += !cl->pause;

    } else {
        /* a replica, one that loads, one without our slot: another one may be found */
        consent_redis_close(cl->link.redis);
    }

    return NGX_DECLINED;
}


/* From the first that Redis does not have. */
static void
ngx_consent_send_again(void)
{
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    ngx_consent_send_drop(&cl->letters);

    if (cl->in_flight == 0) {
        cl->read = cl->sent;
    }
}


/* Somebody misses what is from here on. */
void
ngx_consent_cluster_rewind(uint64_t sequence)
{
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    if (sequence == 0 || sequence > cl->sent) {
        return;
    }

    ngx_consent_send_drop(&cl->letters);
    cl->sent = ngx_max(sequence, cl->self.first) - 1;
    cl->read = cl->sent;
    ngx_consent_cluster_send();
}


void
ngx_consent_cluster_say(const consent_cluster_message_t *message)
{
    consent_buf_t           out;
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    consent_buf_init(&out, 2 * CONSENT_CLUSTER_BODY_MAX);

    if (cl->ready && consent_cluster_seal(&out, &cl->keys, message) == CONSENT_OK) {
        (void) ngx_consent_cluster_command(&cl->link, ngx_consent_send_said, cl, 8, consent_lit("XADD"),
                                           consent_cstr((char *) cl->stream), consent_lit("MAXLEN"), consent_lit("~"),
                                           consent_lit(NGX_CONSENT_SEND_STREAM), consent_lit("*"), consent_lit("m"),
                                           consent_buf_view(&out));
    }

    consent_buf_free(&out);
}


static void
ngx_consent_send_said(void *data, const consent_reply_t *reply)
{
    ngx_consent_cluster_t  *cl = data;

    if (reply && ngx_consent_send_refused(reply) == NGX_OK) {
        cl->contact = ngx_current_msec;

        if (cl->ill) {
            ngx_log_error(NGX_LOG_NOTICE, cl->log, 0, "consent: Redis takes messages again");
            cl->ill = 0;
        }
    }
}


/* All that we have sent is in the stream in front of this: who reads it and lacks something knows that it is missing. */
static void
ngx_consent_send_status(void)
{
    size_t                      i;
    ngx_consent_cluster_t      *cl = &ngx_consent_cluster;
    consent_cluster_message_t   message;

    cl->beats = 0;

    ngx_memzero(&message, sizeof(message));
    message.kind = CONSENT_CLUSTER_STATUS;
    message.node = cl->node;
    message.epoch = cl->self.epoch;
    message.sequence = cl->sent;
    message.sent_at = ngx_consent_now();
    message.flag = cl->self.empty;
    message.oldest = cl->self.first;
    message.ms = cl->position.ms;
    message.n = cl->position.n;

    for (i = 0; i < cl->n_vector && i < CONSENT_CLUSTER_NODES_MAX; i++) {
        message.vector[i].node = consent_slice(cl->vector[i].node, cl->vector[i].node_len);
        message.vector[i].epoch = cl->vector[i].epoch;
        message.vector[i].sequence = cl->vector[i].sequence;
        message.vector[i].whole = cl->vector[i].whole;
    }

    message.n_vector = i;

    ngx_consent_cluster_say(&message);
}


void
ngx_consent_cluster_send_end(void)
{
    ngx_consent_send_drop(&ngx_consent_cluster.letters);
    ngx_consent_send_drop(&ngx_consent_cluster.made);
}


static void
ngx_consent_send_drop(ngx_queue_t *letters)
{
    ngx_queue_t  *q;

    while (!ngx_queue_empty(letters)) {
        q = ngx_queue_head(letters);
        ngx_queue_remove(q);
        free(ngx_queue_data(q, ngx_consent_letter_out_t, queue));
    }
}
