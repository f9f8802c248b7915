/*
 * Once a beat: what is missing and whom it is asked of, what everybody has and need not be kept, and how far the stream may be
 * trimmed.
 */

#include "nginx/cluster.h"
#include "nginx/store_start.h"


#define NGX_CONSENT_TEND_KEPT   100000      /* numbers kept by a node that knows of no other */
#define NGX_CONSENT_TEND_TRIM   10          /* beats between two trims */

static void ngx_consent_tend_peer(ngx_consent_peer_t *peer);
static void ngx_consent_tend_introduce(ngx_consent_peer_t *peer);
static void ngx_consent_tend_introduced(ngx_consent_commit_t *commit);
static void ngx_consent_tend_want(ngx_consent_peer_t *peer);
static void ngx_consent_tend_confirm(void);
static void ngx_consent_tend_confirmed(ngx_consent_commit_t *commit);
static uint64_t ngx_consent_tend_least(void);
static void ngx_consent_tend_trim(void);
static void ngx_consent_tend_trimmed(void *data, const consent_reply_t *reply);
static void ngx_consent_tend_figures(void);


void
ngx_consent_cluster_tend(void)
{
    ngx_uint_t              i;
    ngx_consent_peer_t     *peer;
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    if (cl->epoch == 0) {
        return;
    }

    /* a node that is away is not waited for from the day it was last heard of, by this replicator or one before */

    for (i = 0; i < cl->n_vector; i++) {
        peer = ngx_consent_cluster_peer(consent_slice(cl->vector[i].node, cl->vector[i].node_len));

        /* the worker that replicated before may have applied some since */

        if (peer && cl->vector[i].epoch == peer->place.epoch && cl->vector[i].sequence > peer->place.sequence) {
            peer->place = cl->vector[i];
        }
    }

    for (i = 0; i < cl->n_peers; i++) {
        if (cl->peers[i].known) {
            ngx_consent_tend_peer(&cl->peers[i]);
        }
    }

    ngx_consent_tend_confirm();

    if (++cl->beats_since_trim >= NGX_CONSENT_TEND_TRIM) {
        cl->beats_since_trim = 0;
        ngx_consent_tend_trim();
    }

    ngx_consent_tend_figures();
}


static void
ngx_consent_tend_peer(ngx_consent_peer_t *peer)
{
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    if (peer->place.epoch < peer->epoch) {
        ngx_consent_tend_introduce(peer);
        return;
    }

    if (peer->place.whole && !cl->self.lacks && peer->place.sequence >= peer->sequence) {

        if (peer->alarm) {
            ngx_log_error(NGX_LOG_NOTICE, cl->log, 0, "consent: nothing of node \"%*s\" is missing any more",
                          peer->place.node_len, peer->place.node);
        }

        peer->gap = 0;
        peer->alarm = 0;
        return;
    }

    if (peer->gap == 0) {
        peer->gap = ngx_current_msec + !ngx_current_msec;
    }

    if (!peer->alarm && ngx_current_msec - peer->gap > NGX_CONSENT_CLUSTER_GAP) {
        ngx_log_error(NGX_LOG_ERR, cl->log, 0, "consent: some of what node \"%*s\" decided has been missing for %M ms",
                      peer->place.node_len, peer->place.node, ngx_current_msec - peer->gap);
        peer->alarm = 1;
    }

    if (!peer->place.whole || cl->self.lacks || peer->place.sequence + 1 < peer->oldest) {

        if (ngx_current_msec - peer->heard < 5 * NGX_CONSENT_CLUSTER_BEAT) {
            ngx_consent_import_begin(peer);
        }

        return;
    }

    if (peer->wanted == 0 || ngx_current_msec - peer->wanted >= NGX_CONSENT_CLUSTER_BEAT) {
        ngx_consent_tend_want(peer);
    }
}


/* That there is one, and whether it began with nothing. */
static void
ngx_consent_tend_introduce(ngx_consent_peer_t *peer)
{
    u_char                *p;
    ngx_consent_commit_t  *commit;
    consent_replica_op_t  *op;

    commit = ngx_consent_cluster_op(&op, peer->place.node_len, &p);

    if (commit == NULL) {
        return;
    }

    ngx_memcpy(p, peer->place.node, peer->place.node_len);
    op->action = CONSENT_REPLICA_APPLY;
    op->node = consent_slice(p, peer->place.node_len);
    op->epoch = peer->epoch;
    op->empty = peer->empty;
    commit->handler = ngx_consent_tend_introduced;

    if (ngx_consent_store_commit(commit) != NGX_OK) {
        ngx_consent_commit_free(commit);
    }
}


static void
ngx_consent_tend_introduced(ngx_consent_commit_t *commit)
{
    ngx_consent_peer_t    *peer;
    consent_replica_op_t  *op;

    op = commit->op.replica;

    if (commit->op.rc == CONSENT_OK && ngx_consent_cluster.started) {
        peer = ngx_consent_cluster_peer(op->node);

        if (peer) {
            peer->place = op->place;
        }
    }

    ngx_consent_commit_free(commit);
}


static void
ngx_consent_tend_want(ngx_consent_peer_t *peer)
{
    ngx_consent_cluster_t      *cl = &ngx_consent_cluster;
    consent_cluster_message_t   message;

    peer->wanted = ngx_current_msec + !ngx_current_msec;

    ngx_memzero(&message, sizeof(message));
    message.kind = CONSENT_CLUSTER_WANT;
    message.node = cl->node;
    message.epoch = cl->self.epoch;
    message.sequence = peer->place.sequence + 1;
    message.sent_at = ngx_consent_now();
    message.whom = consent_slice(peer->place.node, peer->place.node_len);
    message.whose = peer->epoch;

    ngx_consent_cluster_say(&message);
}


/* What everybody has need not be kept. */
static void
ngx_consent_tend_confirm(void)
{
    u_char                 *p;
    uint64_t                least;
    ngx_consent_commit_t   *commit;
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;
    consent_replica_op_t   *op;

    least = ngx_consent_tend_least();

    if (cl->confirming || least < cl->self.first || least == 0) {
        return;
    }

    commit = ngx_consent_cluster_op(&op, 0, &p);

    if (commit == NULL) {
        return;
    }

    op->action = CONSENT_REPLICA_CONFIRMED;
    op->epoch = cl->self.epoch;
    op->sequence = ngx_min(least, cl->self.first + 2000);
    commit->handler = ngx_consent_tend_confirmed;

    if (ngx_consent_store_commit(commit) != NGX_OK) {
        ngx_consent_commit_free(commit);
        return;
    }

    cl->confirming = 1;
}


static void
ngx_consent_tend_confirmed(ngx_consent_commit_t *commit)
{
    ngx_flag_t              more;
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    more = (commit->op.rc == CONSENT_OK && cl->started && cl->ready);

    if (more) {
        cl->self.first = ngx_max(cl->self.first, commit->op.replica->sequence + 1);
    }

    ngx_consent_commit_free(commit);
    cl->confirming = 0;

    if (more) {
        ngx_consent_tend_confirm();
    }
}


/* The last that every node has which is waited for. */
static uint64_t
ngx_consent_tend_least(void)
{
    uint64_t                least;
    ngx_str_t              *roster;
    ngx_uint_t              i, waited;
    ngx_consent_peer_t     *peer;
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    roster = cl->conf->roster.elts;

    for (i = 0; i < cl->conf->roster.nelts; i++) {
        if (!consent_slice_eq(ngx_consent_slice(&roster[i]), cl->node)) {
            (void) ngx_consent_cluster_peer(ngx_consent_slice(&roster[i]));
        }
    }

    least = cl->self.next - 1;

    for (i = 0, waited = 0; i < cl->n_peers; i++) {
        peer = &cl->peers[i];

        if (ngx_current_msec - peer->heard > NGX_CONSENT_CLUSTER_ABSENT) {
            continue;
        }

        waited++;
        least = ngx_min(least, peer->confirmed);
    }

    if (waited) {
        return least;
    }

    return least > NGX_CONSENT_TEND_KEPT ? least - NGX_CONSENT_TEND_KEPT : 0;
}


static void
ngx_consent_tend_trim(void)
{
    u_char                       id[2 * NGX_INT64_LEN + 2], *p;
    ngx_uint_t                   i;
    ngx_consent_peer_t          *peer;
    ngx_consent_cluster_t       *cl = &ngx_consent_cluster;
    consent_replica_position_t   least;

    least = cl->position;

    for (i = 0; i < cl->n_peers; i++) {
        peer = &cl->peers[i];

        if (!peer->known || ngx_current_msec - peer->heard > NGX_CONSENT_CLUSTER_AWAY) {
            continue;
        }

        if (peer->position.ms < least.ms || (peer->position.ms == least.ms && peer->position.n < least.n)) {
            least = peer->position;
        }
    }

    p = ngx_sprintf(id, "%uL-%uL", least.ms, least.n);

    (void) ngx_consent_cluster_command(&cl->link, ngx_consent_tend_trimmed, cl, 5, consent_lit("XTRIM"),
                                       consent_cstr((char *) cl->stream), consent_lit("MINID"), consent_lit("~"),
                                       consent_slice(id, p - id));
}


/* That it could not be is said of the next message that Redis refuses. */
static void
ngx_consent_tend_trimmed(void *data, const consent_reply_t *reply)
{
    ngx_consent_cluster_t  *cl = data;

    cl->trimmed = reply && consent_reply_type(reply) == CONSENT_REPLY_NUMBER;
}


/* For consent_metrics, which another worker may be asked for. */
static void
ngx_consent_tend_figures(void)
{
    ngx_uint_t              i, peers, gaps;
    ngx_consent_peer_t     *peer;
    ngx_consent_zone_t     *zone;
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    zone = cl->mcf->zone ? cl->mcf->zone->data : NULL;

    if (zone == NULL) {
        return;
    }

    for (i = 0, peers = 0, gaps = 0; i < cl->n_peers; i++) {
        peer = &cl->peers[i];
        peers += (peer->known && ngx_current_msec - peer->heard < 5 * NGX_CONSENT_CLUSTER_BEAT);
        gaps += (peer->gap != 0);
    }

    zone->cluster_peers = peers;
    zone->cluster_gaps = gaps;
    zone->cluster_contact = (ngx_atomic_uint_t) ngx_time()
                            - (ngx_atomic_uint_t) ((ngx_current_msec - cl->contact) / 1000);
    zone->cluster_outgoing = (ngx_atomic_uint_t) (cl->self.next - cl->self.first);
}
