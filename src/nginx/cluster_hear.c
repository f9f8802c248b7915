/*
 * What the others say: the stream is followed, and what is in it applied in the order in which it stands there.
 *
 * What comes next is asked for while the store is being written. How much goes into one transaction is for the thread that
 * writes to say.
 */

#include "nginx/cluster.h"


#define NGX_CONSENT_HEAR_COUNT   "16"       /* messages of one answer */
#define NGX_CONSENT_HEAR_WAIT    "1000"     /* ms that Redis waits for one */
#define NGX_CONSENT_HEAR_BATCHES 16         /* that wait for the store */

typedef struct {
    ngx_queue_t                  queue;
    consent_replica_position_t   position;
    consent_cluster_message_t    message;       /* its slices point behind it */
    u_char                       data[];
} ngx_consent_heard_t;

static void ngx_consent_hear_reply(void *data, const consent_reply_t *reply);
static void ngx_consent_hear_entry(const consent_reply_t *entry);
static void ngx_consent_hear_next(void);
static ngx_int_t ngx_consent_hear_apply(ngx_consent_heard_t *heard);
static void ngx_consent_hear_applied(ngx_consent_commit_t *commit);
static void ngx_consent_hear_status(const consent_cluster_message_t *message);
static void ngx_consent_hear_want(const consent_cluster_message_t *message);
static void ngx_consent_hear_own(const consent_cluster_message_t *message);
static void ngx_consent_hear_older(uint64_t epoch, uint64_t sequence);
static void ngx_consent_hear_renewed(ngx_consent_commit_t *commit);


void
ngx_consent_cluster_follow(void)
{
    u_char                  id[2 * NGX_INT64_LEN + 2], *p;
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    if (!cl->ready || cl->following) {
        return;
    }

    p = ngx_sprintf(id, "%uL-%uL", cl->position.ms, cl->position.n);

    cl->following = 1;
    (void) ngx_consent_cluster_command(&cl->follow, ngx_consent_hear_reply, cl, 8, consent_lit("XREAD"),
                                       consent_lit("COUNT"), consent_lit(NGX_CONSENT_HEAR_COUNT), consent_lit("BLOCK"),
                                       consent_lit(NGX_CONSENT_HEAR_WAIT), consent_lit("STREAMS"),
                                       consent_cstr((char *) cl->stream), consent_slice(id, p - id));
}


static void
ngx_consent_hear_reply(void *data, const consent_reply_t *reply)
{
    size_t                  i;
    const consent_reply_t  *stream, *entries;
    ngx_consent_cluster_t  *cl = data;

    cl->following = 0;

    if (reply == NULL) {
        ngx_consent_hear_drop();
        return;
    }

    if (consent_reply_type(reply) == CONSENT_REPLY_ERROR) {
        ngx_consent_cluster_failed("the stream cannot be followed in", reply);
        consent_redis_close(cl->follow.redis);
        return;
    }

    cl->contact = ngx_current_msec;

    if (consent_reply_count(reply) == 1) {
        stream = consent_reply_at(reply, 0);

        if (consent_reply_count(stream) == 2) {
            entries = consent_reply_at(stream, 1);

            for (i = 0; i < consent_reply_count(entries); i++) {
                ngx_consent_hear_entry(consent_reply_at(entries, i));
            }
        }
    }

    ngx_consent_hear_next();
}


/* What cannot be read is counted, and is not ours. */
static void
ngx_consent_hear_entry(const consent_reply_t *entry)
{
    consent_rc_t            rc;
    consent_slice_t         text;
    ngx_consent_heard_t    *heard;
    const consent_reply_t  *fields;
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    if (consent_reply_count(entry) != 2) {
        return;
    }

    fields = consent_reply_at(entry, 1);
    text = consent_reply_count(fields) >= 2 ? consent_reply_text(consent_reply_at(fields, 1)) : consent_lit("");

    heard = ngx_alloc(sizeof(ngx_consent_heard_t) + 2 * text.len + 1, cl->log);

    if (heard == NULL
        || ngx_consent_stream_id(consent_reply_text(consent_reply_at(entry, 0)), &heard->position.ms,
                                 &heard->position.n) != NGX_OK)
    {
        ngx_free(heard);
        return;
    }

    ngx_memcpy(heard->data, text.data, text.len);
    rc = consent_cluster_open(&heard->message, &cl->keys, consent_slice(heard->data, text.len),
                              heard->data + text.len);

    if (rc != CONSENT_OK) {
        ngx_consent_count(CONSENT_COUNT_CLUSTER_REFUSED, 1);
        heard->message.kind = 0;
    }

    ngx_queue_insert_tail(&cl->heard, &heard->queue);
    cl->n_heard++;
}


/* One after the other: a status says what is missing of what stood in front of it. */
static void
ngx_consent_hear_next(void)
{
    ngx_queue_t            *q;
    ngx_consent_heard_t    *heard;
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    while (!ngx_queue_empty(&cl->heard)) {
        q = ngx_queue_head(&cl->heard);
        heard = ngx_queue_data(q, ngx_consent_heard_t, queue);

        if (cl->applying && (heard->message.kind != CONSENT_CLUSTER_BATCH || cl->applying >= NGX_CONSENT_HEAR_BATCHES)) {
            return;
        }

        if (heard->message.kind == 0) {
            /* not one of ours */

        } else if (consent_slice_eq(heard->message.node, cl->node)) {
            ngx_consent_hear_own(&heard->message);

        } else if (ngx_consent_cluster_peer(heard->message.node) == NULL) {
            ngx_log_error(NGX_LOG_ERR, cl->log, 0, "consent: there are more nodes than a cluster may have");

        } else if (heard->message.kind == CONSENT_CLUSTER_BATCH) {

            if (ngx_consent_hear_apply(heard) != NGX_OK) {
                /* the store takes nothing now: from here on again */
                ngx_consent_hear_drop();
                consent_redis_close(cl->follow.redis);
                return;
            }

        } else if (heard->message.kind == CONSENT_CLUSTER_STATUS) {
            ngx_consent_hear_status(&heard->message);

        } else if (heard->message.kind == CONSENT_CLUSTER_WANT) {
            ngx_consent_hear_want(&heard->message);

        } else if (heard->message.kind == CONSENT_CLUSTER_ASK) {
            ngx_consent_export_begin(&heard->message);
        }

        cl->position = heard->position;
        cl->n_heard--;
        ngx_queue_remove(q);
        ngx_free(heard);
    }

    ngx_consent_cluster_follow();
}


/* An operation of replication, to be queued; `extra` bytes follow at *memory. NULL: out of memory. */
ngx_consent_commit_t *
ngx_consent_cluster_op(consent_replica_op_t **op, size_t extra, u_char **memory)
{
    u_char                *p;
    ngx_consent_commit_t  *commit;

    commit = ngx_consent_commit_create(sizeof(consent_replica_op_t) + extra, &p);

    if (commit == NULL) {
        return NULL;
    }

    ngx_memzero(p, sizeof(consent_replica_op_t));

    *op = (consent_replica_op_t *) p;
    *memory = p + sizeof(consent_replica_op_t);

    commit->op.type = CONSENT_OP_REPLICA;
    commit->op.now = ngx_consent_now();
    commit->op.replica = *op;

    return commit;
}


static ngx_int_t
ngx_consent_hear_apply(ngx_consent_heard_t *heard)
{
    u_char                     *p;
    ngx_consent_commit_t       *commit;
    ngx_consent_cluster_t      *cl = &ngx_consent_cluster;
    consent_replica_op_t       *op;
    consent_cluster_message_t  *message = &heard->message;

    commit = ngx_consent_cluster_op(&op, message->node.len + message->records.len, &p);

    if (commit == NULL) {
        return NGX_ERROR;
    }

    op->action = CONSENT_REPLICA_APPLY;
    op->epoch = message->epoch;
    op->sequence = message->sequence;
    op->empty = message->flag;
    op->position = heard->position;

    ngx_memcpy(p, message->node.data, message->node.len);
    op->node = consent_slice(p, message->node.len);
    p += message->node.len;
    ngx_memcpy(p, message->records.data, message->records.len);
    op->records = consent_slice(p, message->records.len);

    commit->bulk = 1;
    commit->handler = ngx_consent_hear_applied;
    commit->data = (void *) (uintptr_t) message->sent_at;

    if (ngx_consent_store_commit(commit) != NGX_OK) {
        ngx_consent_commit_free(commit);
        return NGX_ERROR;
    }

    cl->applying++;

    return NGX_OK;
}


static void
ngx_consent_hear_applied(ngx_consent_commit_t *commit)
{
    consent_rc_t             rc;
    consent_time_t           lag;
    ngx_consent_peer_t      *peer;
    ngx_consent_cluster_t   *cl = &ngx_consent_cluster;
    consent_replica_op_t    *op;

    rc = commit->op.rc;
    op = commit->op.replica;

    if (!cl->started) {
        ngx_consent_commit_free(commit);
        return;
    }

    cl->applying--;
    peer = ngx_consent_cluster_peer(op->node);

    if (rc == CONSENT_MALFORMED) {
        /* it will not be better when it comes again: the stream goes on, and what it was to bring is missed and asked for */
        ngx_log_error(NGX_LOG_ERR, cl->log, 0, "consent: a message of node \"%*s\" cannot be read", op->node.len,
                      op->node.data);
        ngx_consent_count(CONSENT_COUNT_CLUSTER_REFUSED, 1);
        rc = CONSENT_OK;

    } else if (rc == CONSENT_OK && peer != NULL) {
        peer->place = op->place;
        lag = ngx_consent_now() - (consent_time_t) (uintptr_t) commit->data;

        ngx_consent_count(CONSENT_COUNT_CLUSTER_APPLIED, op->applied);
        ngx_consent_count(CONSENT_COUNT_CLUSTER_REPEATED, op->repeated);
        ngx_consent_count(CONSENT_COUNT_CLUSTER_AHEAD, op->ahead);
        ngx_consent_count(CONSENT_COUNT_CLUSTER_REFUSED, op->malformed);

        if (op->applied && lag > 0) {
            ngx_consent_count(CONSENT_COUNT_CLUSTER_LAG, (uint64_t) lag * op->applied);
        }
    }

    ngx_consent_commit_free(commit);

    if (rc != CONSENT_OK) {

        if (!cl->ill) {
            ngx_log_error(NGX_LOG_ERR, cl->log, 0, "consent: what other nodes decided cannot be applied: %s",
                          consent_rc_name(rc));
            cl->ill = 1;
        }

        /* from what is applied on again */
        cl->position.ms = cl->position.n = 0;
        ngx_consent_hear_drop();
        consent_redis_close(cl->follow.redis);
        return;
    }

    if (cl->ready) {
        ngx_consent_hear_next();
    }
}


ngx_consent_peer_t *
ngx_consent_cluster_peer(consent_slice_t node)
{
    ngx_uint_t              i;
    ngx_consent_peer_t     *peer;
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    for (i = 0; i < cl->n_peers; i++) {
        peer = &cl->peers[i];

        if (consent_slice_eq(consent_slice(peer->place.node, peer->place.node_len), node)) {
            return peer;
        }
    }

    if (cl->n_peers == CONSENT_NODES_MAX || node.len > CONSENT_NODE_MAX) {
        return NULL;
    }

    peer = &cl->peers[cl->n_peers++];
    ngx_memzero(peer, sizeof(ngx_consent_peer_t));
    ngx_memcpy(peer->place.node, node.data, node.len);
    peer->place.node_len = node.len;
    peer->heard = ngx_current_msec;

    /* what the store knew of it before this replicator began */

    for (i = 0; i < cl->n_vector; i++) {
        if (consent_slice_eq(consent_slice(cl->vector[i].node, cl->vector[i].node_len), node)) {
            peer->place = cl->vector[i];
        }
    }

    return peer;
}


static void
ngx_consent_hear_status(const consent_cluster_message_t *message)
{
    size_t                  i;
    ngx_consent_peer_t     *peer;
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    peer = ngx_consent_cluster_peer(message->node);

    if (message->epoch < peer->epoch) {
        return;
    }

    peer->known = 1;
    peer->heard = ngx_current_msec;
    peer->epoch = message->epoch;
    peer->sequence = message->sequence;
    peer->oldest = message->oldest;
    peer->empty = message->flag;
    peer->position.ms = message->ms;
    peer->position.n = message->n;

    for (i = 0; i < message->n_vector; i++) {
        if (!consent_slice_eq(message->vector[i].node, cl->node) || message->vector[i].epoch != cl->self.epoch) {
            continue;
        }

        /* only more: an old status may be told again by who holds Redis */

        peer->confirmed = ngx_max(peer->confirmed, message->vector[i].sequence);

        if (message->vector[i].sequence >= cl->self.next) {
            ngx_consent_hear_older(0, message->vector[i].sequence);
        }
    }
}


static void
ngx_consent_hear_want(const consent_cluster_message_t *message)
{
    ngx_consent_peer_t     *peer;
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    if (!consent_slice_eq(message->whom, cl->node) || message->whose != cl->self.epoch) {
        return;
    }

    peer = ngx_consent_cluster_peer(message->node);

    if (peer->served && ngx_current_msec - peer->served < NGX_CONSENT_CLUSTER_BEAT / 2) {
        return;
    }

    peer->served = ngx_current_msec + !ngx_current_msec;
    ngx_consent_cluster_rewind(message->sequence);
}


/* What others have of us, or what we have said: more than this store knows of? Then it is an old one, and its numbers would be
 * given a second time. */
static void
ngx_consent_hear_own(const consent_cluster_message_t *message)
{
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    if (message->kind != CONSENT_CLUSTER_BATCH && message->kind != CONSENT_CLUSTER_STATUS) {
        return;
    }

    if (message->epoch > cl->self.epoch) {
        ngx_consent_hear_older(message->epoch, 0);

    } else if (message->epoch == cl->self.epoch && message->kind == CONSENT_CLUSTER_STATUS
               && message->sequence >= cl->self.next)
    {
        ngx_consent_hear_older(0, message->sequence);
    }
}


/* What we know of the store may be of a moment ago: it is asked whether it is so. */
static void
ngx_consent_hear_older(uint64_t epoch, uint64_t sequence)
{
    u_char                 *p;
    ngx_consent_commit_t   *commit;
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;
    consent_replica_op_t   *op;

    if (cl->epoch == 0 || cl->epoch != cl->self.epoch || cl->renewing) {
        return;
    }

    commit = ngx_consent_cluster_op(&op, 0, &p);

    if (commit == NULL) {
        return;
    }

    op->action = CONSENT_REPLICA_EPOCH;
    op->epoch = cl->self.epoch;
    op->later = epoch;
    op->sequence = sequence;
    commit->handler = ngx_consent_hear_renewed;

    if (ngx_consent_store_commit(commit) != NGX_OK) {
        ngx_consent_commit_free(commit);
        return;
    }

    cl->renewing = 1;
}


static void
ngx_consent_hear_renewed(ngx_consent_commit_t *commit)
{
    consent_rc_t            rc;
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    rc = commit->op.rc;
    ngx_consent_commit_free(commit);
    cl->renewing = 0;

    if (rc == CONSENT_OK && cl->started) {
        ngx_log_error(NGX_LOG_ERR, cl->log, 0, "consent: other nodes know of more that this one decided than its store does: "
                      "it begins anew, and takes a snapshot");
        cl->epoch = 0;
    }
}


void
ngx_consent_hear_drop(void)
{
    ngx_queue_t            *q;
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    while (!ngx_queue_empty(&cl->heard)) {
        q = ngx_queue_head(&cl->heard);
        ngx_queue_remove(q);
        ngx_free(ngx_queue_data(q, ngx_consent_heard_t, queue));
    }

    cl->n_heard = 0;
}
