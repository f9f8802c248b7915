/*
 * Owns the events of a descriptor that hiredis opens and closes.
 *
 * Events are level-triggered: hiredis reads once for each. When it says that a connection is gone, the events go, and the
 * descriptor is left to it. The owner hears of it from an event of its own, so that nothing is opened inside a reply. The
 * connection counts as idle, or no worker that has one could leave.
 */

#include "nginx/link.h"


typedef struct {
    ngx_consent_link_t    *link;
    ngx_consent_reply_pt   handler;
    void                  *data;
} ngx_consent_waiting_t;

static void ngx_consent_link_want_read(void *owner, bool on);
static void ngx_consent_link_want_write(void *owner, bool on);
static void ngx_consent_link_gone(void *owner);
static void ngx_consent_link_read(ngx_event_t *ev);
static void ngx_consent_link_write(ngx_event_t *ev);
static void ngx_consent_link_replied(void *data, const consent_reply_t *reply);
static void ngx_consent_link_watch(ngx_event_t *ev);
static void ngx_consent_link_end(ngx_event_t *ev);
static void ngx_consent_link_want(ngx_event_t *ev, ngx_int_t event, bool on);

static const consent_redis_hooks_t  ngx_consent_link_hooks = {
    ngx_consent_link_want_read, ngx_consent_link_want_write, ngx_consent_link_gone
};


void
ngx_consent_link_init(ngx_consent_link_t *link, ngx_msec_t patience, ngx_consent_link_pt lost,
    ngx_consent_link_pt leave, void *data)
{
    ngx_memzero(link, sizeof(ngx_consent_link_t));

    link->patience = patience;
    link->lost = lost;
    link->leave = leave;
    link->data = data;

    link->watch.handler = ngx_consent_link_watch;
    link->watch.data = link;
    link->watch.log = ngx_cycle->log;
    link->watch.cancelable = 1;

    link->end.handler = ngx_consent_link_end;
    link->end.data = link;
    link->end.log = ngx_cycle->log;
}


ngx_int_t
ngx_consent_link_open(ngx_consent_link_t *link, const char *address, int port)
{
    int                fd;
    ngx_connection_t  *c;

    consent_redis_destroy(link->redis);
    link->redis = NULL;
    link->pending = 0;
    link->closing = 0;

    if (consent_redis_connect(&link->redis, address, port, &ngx_consent_link_hooks, link, &fd) != CONSENT_OK) {
        return NGX_ERROR;
    }

    c = ngx_get_connection(fd, ngx_cycle->log);

    if (c == NULL) {
        link->closing = 1;
        consent_redis_destroy(link->redis);
        link->redis = NULL;
        return NGX_ERROR;
    }

    c->data = link;
    c->log = ngx_cycle->log;
    c->idle = 1;
    c->read->handler = ngx_consent_link_read;
    c->read->log = c->log;
    c->write->handler = ngx_consent_link_write;
    c->write->log = c->log;

    link->connection = c;

    ngx_consent_link_want(c->read, NGX_READ_EVENT, true);

    return NGX_OK;
}


void
ngx_consent_link_close(ngx_consent_link_t *link)
{
    link->closing = 1;
    consent_redis_close(link->redis);

    if (link->end.posted) {
        ngx_delete_posted_event(&link->end);
    }
}


ngx_int_t
ngx_consent_link_command(ngx_consent_link_t *link, const consent_slice_t *words, size_t n,
    ngx_consent_reply_pt handler, void *data)
{
    ngx_consent_waiting_t  *waiting;

    waiting = ngx_alloc(sizeof(ngx_consent_waiting_t), ngx_cycle->log);

    if (waiting) {
        waiting->link = link;
        waiting->handler = handler;
        waiting->data = data;

        if (consent_redis_command(link->redis, words, n, ngx_consent_link_replied, waiting) == CONSENT_OK) {

            if (link->pending++ == 0) {
                ngx_add_timer(&link->watch, link->patience);
            }

            return NGX_OK;
        }

        ngx_free(waiting);
    }

    consent_redis_close(link->redis);

    return NGX_ERROR;
}


static void
ngx_consent_link_want_read(void *owner, bool on)
{
    ngx_consent_link_t  *link = owner;

    if (link->connection) {
        ngx_consent_link_want(link->connection->read, NGX_READ_EVENT, on);
    }
}


static void
ngx_consent_link_want_write(void *owner, bool on)
{
    ngx_consent_link_t  *link = owner;

    if (link->connection) {
        ngx_consent_link_want(link->connection->write, NGX_WRITE_EVENT, on);
    }
}


static void
ngx_consent_link_want(ngx_event_t *ev, ngx_int_t event, bool on)
{
    if (on && !ev->active) {
        (void) ngx_add_event(ev, event, NGX_LEVEL_EVENT);

    } else if (!on && ev->active) {
        (void) ngx_del_event(ev, event, 0);
    }
}


/* hiredis closes the descriptor behind this. */
static void
ngx_consent_link_gone(void *owner)
{
    ngx_consent_link_t  *link = owner;

    ngx_connection_t  *c;

    c = link->connection;
    link->connection = NULL;

    if (c) {
        ngx_consent_link_want(c->read, NGX_READ_EVENT, false);
        ngx_consent_link_want(c->write, NGX_WRITE_EVENT, false);

        if (c->read->posted) {
            ngx_delete_posted_event(c->read);
        }

        if (c->write->posted) {
            ngx_delete_posted_event(c->write);
        }

        ngx_free_connection(c);
        c->fd = (ngx_socket_t) -1;
    }

    if (link->watch.timer_set) {
        ngx_del_timer(&link->watch);
    }

    if (!link->closing && !link->end.posted) {
        ngx_post_event(&link->end, &ngx_posted_events);
    }
}


static void
ngx_consent_link_read(ngx_event_t *ev)
{
    ngx_connection_t    *c = ev->data;
    ngx_consent_link_t  *link;

    link = c->data;

    if (c->close) {
        link->leave(link);
        return;
    }

    consent_redis_readable(link->redis);
}


static void
ngx_consent_link_write(ngx_event_t *ev)
{
    ngx_connection_t    *c = ev->data;
    ngx_consent_link_t  *link;

    link = c->data;

    consent_redis_writable(link->redis);
}


static void
ngx_consent_link_replied(void *data, const consent_reply_t *reply)
{
    ngx_consent_link_t     *link;
    ngx_consent_waiting_t   waiting = *(ngx_consent_waiting_t *) data;

    ngx_free(data);

    link = waiting.link;
    link->pending--;

    if (reply != NULL) {
        if (link->pending) {
            ngx_add_timer(&link->watch, link->patience);

        } else if (link->watch.timer_set) {
            ngx_del_timer(&link->watch);
        }
    }

    waiting.handler(waiting.data, reply);
}


/* What does not answer, or answers half, is as gone. */
static void
ngx_consent_link_watch(ngx_event_t *ev)
{
    ngx_consent_link_t  *link = ev->data;

    consent_redis_close(link->redis);
}


static void
ngx_consent_link_end(ngx_event_t *ev)
{
    ngx_consent_link_t  *link = ev->data;

    link->lost(link);
}
