/*
 * How the replicator comes to its Redis: the configured one, the master that a sentinel names, or the node of a Redis Cluster
 * where our slot is. Two connections: one waits for what the stream has, which would hold up all else.
 */

#include "nginx/cluster.h"


#define NGX_CONSENT_BACKOFF_MIN  100        /* ms */
#define NGX_CONSENT_BACKOFF_MAX  2000

static ngx_int_t ngx_consent_cluster_open(ngx_consent_link_t *link, const char *address, int port);
static void ngx_consent_cluster_greeted(void *data, const consent_reply_t *reply);
static void ngx_consent_cluster_role(void *data, const consent_reply_t *reply);
static void ngx_consent_cluster_ended(void *data, const consent_reply_t *reply);
static void ngx_consent_cluster_master(void *data, const consent_reply_t *reply);
static void ngx_consent_cluster_moved(consent_slice_t text);
static ngx_int_t ngx_consent_cluster_aim(consent_slice_t host, consent_slice_t port);
static void ngx_consent_cluster_later(void);


void
ngx_consent_cluster_connect(ngx_event_t *ev)
{
    ngx_consent_server_t   *servers;
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    if (!cl->started || cl->leaving || cl->lock.holder == NULL || ngx_exiting || ngx_terminate) {
        return;
    }

    ngx_consent_link_close(&cl->link);
    ngx_consent_link_close(&cl->follow);
    cl->ready = 0;
    cl->asking = 0;
    cl->following = 0;

    servers = cl->conf->servers.elts;
    servers += cl->server % cl->conf->servers.nelts;

    if (cl->conf->master.len && cl->target[0] == '\0') {
        cl->asking = 1;

        if (ngx_consent_link_open(&cl->link, servers->address, servers->port) != NGX_OK
            || ngx_consent_cluster_command(&cl->link, ngx_consent_cluster_master, cl, 3, consent_lit("SENTINEL"),
                                           consent_lit("get-master-addr-by-name"),
                                           ngx_consent_slice(&cl->conf->master)) != NGX_OK)
        {
            ngx_consent_cluster_later();
        }

        return;
    }

    if (ngx_consent_cluster_open(&cl->follow, cl->target[0] ? cl->target : servers->address,
                                 cl->target[0] ? cl->target_port : servers->port) != NGX_OK
        || ngx_consent_cluster_open(&cl->link, cl->target[0] ? cl->target : servers->address,
                                    cl->target[0] ? cl->target_port : servers->port) != NGX_OK
        || ngx_consent_cluster_command(&cl->link, ngx_consent_cluster_role, cl, 1, consent_lit("ROLE")) != NGX_OK
        || ngx_consent_cluster_command(&cl->link, ngx_consent_cluster_ended, cl, 3, consent_lit("XINFO"),
                                       consent_lit("STREAM"), consent_cstr((char *) cl->stream)) != NGX_OK)
    {
        ngx_consent_cluster_later();
    }
}


/* Of either link: both are opened again, from the first step on. */
void
ngx_consent_cluster_lost(ngx_consent_link_t *link)
{
    ngx_consent_cluster_t  *cl = link->data;

    if (cl->started && !cl->leaving) {
        ngx_consent_cluster_failed("there is no connection to", NULL);
        ngx_consent_cluster_later();
    }
}


static ngx_int_t
ngx_consent_cluster_open(ngx_consent_link_t *link, const char *address, int port)
{
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    if (ngx_consent_link_open(link, address, port) != NGX_OK) {
        return NGX_ERROR;
    }

    if (cl->conf->password.len
        && ngx_consent_cluster_command(link, ngx_consent_cluster_greeted, link, 2, consent_lit("AUTH"),
                                       ngx_consent_slice(&cl->conf->password)) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (cl->conf->db.len
        && ngx_consent_cluster_command(link, ngx_consent_cluster_greeted, link, 2, consent_lit("SELECT"),
                                       ngx_consent_slice(&cl->conf->db)) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_consent_cluster_command(link, ngx_consent_cluster_greeted, link, 1, consent_lit("PING"));
}


static void
ngx_consent_cluster_greeted(void *data, const consent_reply_t *reply)
{
    ngx_consent_link_t  *link = data;

    if (reply && consent_reply_type(reply) == CONSENT_REPLY_ERROR) {
        ngx_consent_cluster_failed("we are not let in by", reply);
        consent_redis_close(link->redis);
    }
}


/* A sentinel may name one that is no longer a master; what is written to a replica would be lost. */
static void
ngx_consent_cluster_role(void *data, const consent_reply_t *reply)
{
    ngx_consent_cluster_t  *cl = data;

    if (reply == NULL || consent_reply_count(reply) == 0) {
        return;         /* not all may ask it */
    }

    if (!consent_slice_eq(consent_reply_text(consent_reply_at(reply, 0)), consent_lit("master"))) {
        ngx_consent_cluster_failed("this is no master of", NULL);
        consent_redis_close(cl->link.redis);
    }
}


/* What the stream has come to: if that is less than we have read, Redis has forgotten, and is read from its beginning. */
static void
ngx_consent_cluster_ended(void *data, const consent_reply_t *reply)
{
    size_t                       i, n;
    uint64_t                     ms, number;
    consent_slice_t              text;
    ngx_consent_cluster_t       *cl = data;
    consent_replica_position_t   position;

    if (reply == NULL) {
        return;
    }

    text = consent_reply_text(reply);

    if (consent_reply_type(reply) == CONSENT_REPLY_ERROR && ngx_strncmp(text.data, "ERR no such key", 15) != 0) {

        if (text.len > 6 && ngx_strncmp(text.data, "MOVED ", 6) == 0) {
            ngx_consent_cluster_moved(text);

        } else {
            ngx_consent_cluster_failed("the stream cannot be read in", reply);
        }

        consent_redis_close(cl->link.redis);
        return;
    }

    ms = number = 0;
    n = consent_reply_count(reply);

    for (i = 0; i + 1 < n; i += 2) {
        if (consent_slice_eq(consent_reply_text(consent_reply_at(reply, i)), consent_lit("last-generated-id"))) {
            text = consent_reply_text(consent_reply_at(reply, i + 1));
            (void) ngx_consent_stream_id(text, &ms, &number);
        }
    }

    if (consent_replica_position(cl->ledger, &position) != CONSENT_OK) {
        ngx_memzero(&position, sizeof(position));
    }

    if (cl->position.ms > position.ms || (cl->position.ms == position.ms && cl->position.n > position.n)) {
        position = cl->position;
    }

    if (position.ms > ms || (position.ms == ms && position.n > number)) {
        ngx_log_error(NGX_LOG_WARN, cl->log, 0, "consent: Redis has forgotten some of what it had; the nodes tell it again");
        ngx_memzero(&position, sizeof(position));
    }

    cl->position = position;
    cl->ready = 1;
    cl->beats = 1;
    cl->backoff = 0;
    cl->contact = ngx_current_msec;

    if (cl->ill) {
        ngx_log_error(NGX_LOG_NOTICE, cl->log, 0, "consent: Redis answers; the nodes tell each other what they decided");
        cl->ill = 0;
    }

    ngx_consent_cluster_follow();
    ngx_consent_cluster_send();
}


ngx_int_t
ngx_consent_stream_id(consent_slice_t text, uint64_t *ms, uint64_t *n)
{
    u_char    *dash;
    off_t      a, b;

    dash = ngx_strlchr((u_char *) text.data, (u_char *) text.data + text.len, '-');

    if (dash == NULL) {
        return NGX_ERROR;
    }

    a = ngx_atoof((u_char *) text.data, dash - text.data);
    b = ngx_atoof(dash + 1, text.data + text.len - dash - 1);

    if (a == NGX_ERROR || b == NGX_ERROR) {
        return NGX_ERROR;
    }

    *ms = (uint64_t) a;
    *n = (uint64_t) b;

    return NGX_OK;
}


static void
ngx_consent_cluster_master(void *data, const consent_reply_t *reply)
{
    ngx_consent_cluster_t  *cl = data;

    if (reply == NULL) {
        return;
    }

    if (consent_reply_count(reply) == 2
        && ngx_consent_cluster_aim(consent_reply_text(consent_reply_at(reply, 0)),
                                   consent_reply_text(consent_reply_at(reply, 1))) == NGX_OK)
    {
        /* not in here */
        ngx_add_timer(&cl->again, 1);
        return;
    }

    ngx_consent_cluster_failed("a sentinel does not know the master of", reply);
    consent_redis_close(cl->link.redis);
}


/* MOVED slot host:port */
static void
ngx_consent_cluster_moved(consent_slice_t text)
{
    u_char           *p, *end, *colon;
    consent_slice_t   host;

    end = (u_char *) text.data + text.len;

    for (p = end; p > text.data && p[-1] != ' '; p--) { /* void */ }
    for (colon = end; colon > p && *colon != ':'; colon--) { /* void */ }

    host = consent_slice(p, colon - p);

    if (ngx_consent_cluster_aim(host, consent_slice(colon + 1, colon == p ? 0 : end - colon - 1)) == NGX_OK) {
        /* where it is now is known: no need to wait */
        ngx_consent_cluster.backoff = 0;
        ngx_consent_cluster.asking = 1;
    }
}


static ngx_int_t
ngx_consent_cluster_aim(consent_slice_t host, consent_slice_t port)
{
    ngx_int_t               n;
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    n = ngx_atoi((u_char *) port.data, port.len);

    if (n <= 0 || n > 65535 || host.len == 0 || host.len >= sizeof(cl->target)) {
        return NGX_ERROR;
    }

    ngx_memcpy(cl->target, host.data, host.len);
    cl->target[host.len] = '\0';
    cl->target_port = (int) n;

    /* a name would have to be asked for, and nothing waits for a resolver */

    if (ngx_inet_addr((u_char *) cl->target, host.len) == INADDR_NONE
        && ngx_strlchr((u_char *) cl->target, (u_char *) cl->target + host.len, ':') == NULL)
    {
        cl->target[0] = '\0';
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* Longer and longer, and not all nodes at once. */
static void
ngx_consent_cluster_later(void)
{
    ngx_msec_t              wait;
    ngx_consent_cluster_t  *cl = &ngx_consent_cluster;

    cl->ready = 0;
    ngx_consent_link_close(&cl->link);
    ngx_consent_link_close(&cl->follow);

    if (!cl->asking || cl->target[0] == '\0') {
        /* the next server, or the sentinels again */
        cl->target[0] = '\0';
        cl->server++;
    }

    cl->backoff = cl->backoff ? ngx_min(cl->backoff * 2, NGX_CONSENT_BACKOFF_MAX) : NGX_CONSENT_BACKOFF_MIN;
    wait = cl->backoff / 2 + (ngx_msec_t) ngx_random() % (cl->backoff / 2 + 1);

    if (!cl->again.timer_set) {
        ngx_add_timer(&cl->again, wait);
    }
}
