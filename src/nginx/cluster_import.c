/*
 * A node that is new, or was away too long, takes a snapshot of another: it asks in the stream, under a number that nobody
 * could have foreseen, and takes the pieces one by one out of a list of that number. Each piece is authenticated with its
 * place: what lacks one, or is of before, is never taken for complete.
 */

#include "nginx/cluster.h"


#define NGX_CONSENT_IMPORT_POLL     20      /* ms */
#define NGX_CONSENT_IMPORT_PATIENCE 10000   /* ms without a piece */
#define NGX_CONSENT_IMPORT_RECORDS  128     /* of an operation; a transaction holds several */

struct ngx_consent_import_s {
    ngx_event_t                timer;
    u_char                     node[CONSENT_NODE_MAX];
    size_t                     node_len;
    uint64_t                   id;
    uint64_t                   piece;
    u_char                     key[sizeof("consent:{}:snapshot:") + CONSENT_CLUSTER_TAG_LEN + 16];
    ngx_msec_t                 heard;
    u_char                    *memory;      /* of the piece that is being applied */
    consent_slice_t            records;     /* what is left of it */
    uint64_t                   count;
    uint8_t                    cursor[CONSENT_SUBJECT_LEN + 1];
    consent_digest_t          *digest;
    consent_replica_place_t    vector[CONSENT_NODES_MAX];
    size_t                     n_vector;
    unsigned                   last:1;
    unsigned                   swept:1;
    unsigned                   polling:1;
    ngx_uint_t                 applying;    /* operations that wait for the store */
};

static void ngx_consent_import_poll(ngx_event_t *ev);
static void ngx_consent_import_piece(void *data, const consent_reply_t *reply);
static ngx_int_t ngx_consent_import_open(ngx_consent_import_t *import, consent_slice_t sealed);
static void ngx_consent_import_vector(ngx_consent_import_t *import, const consent_cluster_message_t *message);
static void ngx_consent_import_next(ngx_consent_import_t *import);
static ngx_int_t ngx_consent_import_commit(ngx_consent_import_t *import, consent_replica_action_t action);
static void ngx_consent_import_applied(ngx_consent_commit_t *commit);
static void ngx_consent_import_failed(const char *what);


void
ngx_consent_import_begin(ngx_consent_peer_t *peer)
{
    ngx_consent_import_t       *import;
    ngx_consent_cluster_t      *cl = &ngx_consent_cluster;
    consent_cluster_message_t   message;

    if (cl->import) {
        return;
    }

    import = ngx_calloc(sizeof(ngx_consent_import_t), cl->log);

    if (import == NULL) {
        return;
    }

    import->digest = consent_digest_create();

    if (import->digest == NULL || consent_random(&import->id, sizeof(import->id)) != CONSENT_OK
        || consent_digest_begin(import->digest) != CONSENT_OK)
    {
        consent_digest_destroy(import->digest);
        ngx_free(import);
        return;
    }

    ngx_memcpy(import->node, peer->place.node, peer->place.node_len);
    import->node_len = peer->place.node_len;
    import->heard = ngx_current_msec;
    (void) ngx_sprintf(import->key, "consent:{%s}:snapshot:%016xL%Z", cl->keys.tag, import->id);

    import->timer.handler = ngx_consent_import_poll;
    import->timer.data = import;
    import->timer.log = cl->log;
    import->timer.cancelable = 1;
    cl->import = import;

    ngx_log_error(NGX_LOG_NOTICE, cl->log, 0, "consent: this node takes a snapshot of node \"%*s\"", import->node_len,
                  import->node);

    ngx_memzero(&message, sizeof(message));
    message.kind = CONSENT_CLUSTER_ASK;
    message.node = cl->node;
    message.epoch = import->id;
    message.sent_at = ngx_consent_now();
    message.whom = consent_slice(import->node, import->node_len);

    ngx_consent_cluster_say(&message);
    ngx_add_timer(&import->timer, NGX_CONSENT_IMPORT_POLL);
}


/* Once a beat: a snapshot that does not come is asked for again, of whoever is there. */
void
ngx_consent_import_tend(void)
{
    ngx_consent_import_t  *import = ngx_consent_cluster.import;

    if (import && !import->applying && ngx_current_msec - import->heard > NGX_CONSENT_IMPORT_PATIENCE) {
        ngx_consent_import_failed("does not come");
    }
}


void
ngx_consent_import_end(void)
{
    ngx_consent_import_t  *import = ngx_consent_cluster.import;

    ngx_consent_cluster.import = NULL;

    if (import == NULL) {
        return;
    }

    if (import->timer.timer_set) {
        ngx_del_timer(&import->timer);
    }

    consent_digest_destroy(import->digest);

    if (import->memory) {
        ngx_free(import->memory);
    }

    ngx_free(import);
}


static void
ngx_consent_import_poll(ngx_event_t *ev)
{
    ngx_consent_import_t   *import = ev->data;
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    if (import->polling || import->applying || !cl->ready) {
        ngx_add_timer(ev, NGX_CONSENT_IMPORT_POLL);
        return;
    }

    if (ngx_consent_cluster_command(&cl->link, ngx_consent_import_piece, (void *) (uintptr_t) import->id, 2,
                                    consent_lit("LPOP"), consent_cstr((char *) import->key)) == NGX_OK)
    {
        import->polling = 1;
    }
}


static void
ngx_consent_import_piece(void *data, const consent_reply_t *reply)
{
    ngx_consent_import_t  *import = ngx_consent_cluster.import;

    /* it may be another one since */

    if (import == NULL || import->id != (uintptr_t) data) {
        return;
    }

    import->polling = 0;

    if (reply == NULL || consent_reply_type(reply) != CONSENT_REPLY_TEXT) {
        ngx_add_timer(&import->timer, NGX_CONSENT_IMPORT_POLL);
        return;
    }

    if (ngx_consent_import_open(import, consent_reply_text(reply)) != NGX_OK) {
        ngx_consent_import_failed("is not what it claims to be");
        return;
    }

    import->heard = ngx_current_msec;
    ngx_consent_import_next(import);
}


static ngx_int_t
ngx_consent_import_open(ngx_consent_import_t *import, consent_slice_t sealed)
{
    u_char                     *memory;
    ngx_consent_cluster_t      *cl = &ngx_consent_cluster;
    consent_cluster_message_t   message;

    if (import->memory) {
        ngx_free(import->memory);
        import->memory = NULL;
    }

    memory = ngx_alloc(2 * sealed.len + 1, cl->log);

    if (memory == NULL) {
        return NGX_ERROR;
    }

    import->memory = memory;
    ngx_memcpy(memory, sealed.data, sealed.len);

    if (consent_cluster_open(&message, &cl->keys, consent_slice(memory, sealed.len), memory + sealed.len) != CONSENT_OK
        || message.kind != CONSENT_CLUSTER_PIECE || message.epoch != import->id || message.sequence != import->piece
        || !consent_slice_eq(message.node, consent_slice(import->node, import->node_len))
        || consent_digest_update(import->digest, message.records.data, message.records.len) != CONSENT_OK)
    {
        return NGX_ERROR;
    }

    if (import->piece++ == 0) {
        ngx_consent_import_vector(import, &message);
    }

    import->count += message.count;
    import->records = message.records;
    import->last = message.flag;

    return NGX_OK;
}


/* What the other had of everybody when it began; of us it may have more than we do, and that is ours to know. */
static void
ngx_consent_import_vector(ngx_consent_import_t *import, const consent_cluster_message_t *message)
{
    size_t                          i;
    consent_replica_place_t        *place;
    const consent_cluster_place_t  *theirs;

    for (i = 0; i < message->n_vector && import->n_vector < CONSENT_NODES_MAX; i++) {
        theirs = &message->vector[i];

        if (consent_slice_eq(theirs->node, ngx_consent_cluster.node)) {
            continue;
        }

        place = &import->vector[import->n_vector++];
        ngx_memcpy(place->node, theirs->node.data, theirs->node.len);
        place->node_len = theirs->node.len;
        place->epoch = theirs->epoch;
        place->sequence = theirs->sequence;
        place->whole = theirs->whole;
    }
}


static void
ngx_consent_import_next(ngx_consent_import_t *import)
{
    consent_replica_action_t  action;

    if (import->records.len > 0) {
        action = CONSENT_REPLICA_SNAPSHOT;

    } else if (import->applying) {
        return;

    } else if (!import->last) {
        ngx_add_timer(&import->timer, 0);
        return;

    } else {
        action = import->swept ? CONSENT_REPLICA_COMPLETE : CONSENT_REPLICA_SWEEP;
    }

    /* all of a piece; how much goes into one transaction is for the thread that writes to say */

    do {
        if (ngx_consent_import_commit(import, action) != NGX_OK) {
            ngx_consent_import_failed("cannot be taken into the store");
            return;
        }

    } while (import->records.len > 0);
}


static ngx_int_t
ngx_consent_import_commit(ngx_consent_import_t *import, consent_replica_action_t action)
{
    u_char                *p;
    size_t                 i, len;
    consent_slice_t        rest, record;
    ngx_consent_commit_t  *commit;
    consent_replica_op_t  *op;

    rest = import->records;

    for (i = 0; i < NGX_CONSENT_IMPORT_RECORDS && consent_replica_next(&rest, &record) == CONSENT_OK; i++) { /* void */ }

    len = import->records.len - rest.len;

    if (len == 0 && import->records.len > 0) {
        return NGX_ERROR;
    }

    commit = ngx_consent_cluster_op(&op, import->node_len + len, &p);

    if (commit == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(p, import->node, import->node_len);
    op->node = consent_slice(p, import->node_len);
    p += import->node_len;
    ngx_memcpy(p, import->records.data, len);
    op->records = consent_slice(p, len);
    op->action = action;

    if (action == CONSENT_REPLICA_SWEEP) {
        ngx_memcpy(op->cursor, import->cursor, sizeof(op->cursor));
    }

    if (action == CONSENT_REPLICA_COMPLETE) {
        op->vector = import->vector;
        op->n_vector = import->n_vector;
        op->count = import->count;

        if (consent_digest_end(import->digest, op->hash) != CONSENT_OK) {
            ngx_consent_commit_free(commit);
            return NGX_ERROR;
        }
    }

    commit->bulk = 1;
    commit->handler = ngx_consent_import_applied;
    commit->data = (void *) (uintptr_t) import->id;

    if (ngx_consent_store_commit(commit) != NGX_OK) {
        ngx_consent_commit_free(commit);
        return NGX_ERROR;
    }

    import->records = rest;
    import->applying++;

    return NGX_OK;
}


static void
ngx_consent_import_applied(ngx_consent_commit_t *commit)
{
    size_t                  i;
    ngx_consent_peer_t     *peer;
    ngx_consent_import_t   *import = ngx_consent_cluster.import;
    consent_replica_op_t   *op;
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    op = commit->op.replica;

    if (!cl->started || import == NULL || import->id != (uintptr_t) commit->data) {
        ngx_consent_commit_free(commit);
        return;
    }

    import->applying--;
    import->heard = ngx_current_msec;

    if (commit->op.rc != CONSENT_OK) {
        ngx_consent_commit_free(commit);
        ngx_consent_import_failed("cannot be taken into the store");
        return;
    }

    if (op->action == CONSENT_REPLICA_COMPLETE) {
        ngx_log_error(NGX_LOG_NOTICE, cl->log, 0, "consent: a snapshot of %uL records was taken of node \"%*s\"",
                      import->count, import->node_len, import->node);

        /* what the store has now is asked of it at the next beat */

        for (i = 0; i < import->n_vector; i++) {
            peer = ngx_consent_cluster_peer(consent_slice(import->vector[i].node, import->vector[i].node_len));

            if (peer) {
                peer->place.epoch = 0;
            }
        }

        cl->self.lacks = 0;
        ngx_consent_commit_free(commit);
        ngx_consent_import_end();
        return;
    }

    if (op->action == CONSENT_REPLICA_SWEEP) {
        import->swept = op->done;
        ngx_memcpy(import->cursor, op->cursor, sizeof(op->cursor));
    }

    ngx_consent_commit_free(commit);
    ngx_consent_import_next(import);
}


static void
ngx_consent_import_failed(const char *what)
{
    ngx_consent_import_t  *import = ngx_consent_cluster.import;

    ngx_log_error(NGX_LOG_WARN, ngx_consent_cluster.log, 0, "consent: the snapshot of node \"%*s\" %s; it is asked for again",
                  import->node_len, import->node, what);

    ngx_consent_import_end();
}
