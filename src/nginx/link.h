/*
 * A connection to Redis in nginx's event loop.
 */

#ifndef NGX_CONSENT_LINK_H
#define NGX_CONSENT_LINK_H

#include "cluster/redis.h"
#include "nginx/module.h"

typedef struct ngx_consent_link_s  ngx_consent_link_t;

/* NULL: there is no reply, and the link is about to be lost. */
typedef void (*ngx_consent_reply_pt)(void *data, const consent_reply_t *reply);
typedef void (*ngx_consent_link_pt)(ngx_consent_link_t *link);

struct ngx_consent_link_s {
    consent_redis_t      *redis;
    ngx_connection_t     *connection;       /* NULL: not open */
    ngx_event_t           watch;            /* how long a reply is waited for */
    ngx_event_t           end;              /* posted when it is gone */
    ngx_msec_t            patience;
    ngx_uint_t            pending;          /* commands without a reply */
    ngx_consent_link_pt   lost;             /* in the event loop, once for each that was opened and not closed */
    ngx_consent_link_pt   leave;            /* the worker is asked to leave */
    void                 *data;             /* the owner's */
    unsigned              closing:1;
};

void ngx_consent_link_init(ngx_consent_link_t *link, ngx_msec_t patience, ngx_consent_link_pt lost,
    ngx_consent_link_pt leave, void *data);

/* Begins to connect; commands may be given at once. A failure that is found later is `lost`. */
ngx_int_t ngx_consent_link_open(ngx_consent_link_t *link, const char *address, int port);

/* Nobody is told. */
void ngx_consent_link_close(ngx_consent_link_t *link);

/* NGX_ERROR: it was not given, and the link is lost. */
ngx_int_t ngx_consent_link_command(ngx_consent_link_t *link, const consent_slice_t *words, size_t n,
    ngx_consent_reply_pt handler, void *data);

#endif
