/*
 * A connection to Redis, without an event loop: who has one says when its descriptor is ready, and is told what to wait for.
 * redis.c is the only file that knows hiredis.
 */

#ifndef CONSENT_CLUSTER_REDIS_H
#define CONSENT_CLUSTER_REDIS_H

#include "base/base.h"

typedef struct consent_redis_s  consent_redis_t;
typedef struct consent_reply_s  consent_reply_t;

/* What the owner of a descriptor does. `gone`: no event of it must be delivered any more; it is closed behind this call, by the
 * connection itself. */
typedef struct {
    void  (*read)(void *owner, bool on);
    void  (*write)(void *owner, bool on);
    void  (*gone)(void *owner);
} consent_redis_hooks_t;

/* NULL: the connection is gone. It is never to be opened again, nor destroyed, in there. */
typedef void (*consent_reply_pt)(void *arg, const consent_reply_t *reply);

typedef enum {
    CONSENT_REPLY_NIL = 0,
    CONSENT_REPLY_ERROR,
    CONSENT_REPLY_TEXT,         /* bytes or a status */
    CONSENT_REPLY_NUMBER,
    CONSENT_REPLY_ARRAY
} consent_reply_type_t;

/* Begins to connect to a literal address, or to a socket's path when port is 0. `hooks` are called from now on. Commands may be
 * given at once. *fd is its descriptor. CONSENT_IO, CONSENT_NOMEM. */
consent_rc_t consent_redis_connect(consent_redis_t **redis, const char *address, int port,
    const consent_redis_hooks_t *hooks, void *owner, int *fd);

/* Whether it is still there: any call, and any event, may end it. */
bool consent_redis_is_open(const consent_redis_t *redis);

/* Everybody who waits for a reply is told that there is none. */
void consent_redis_close(consent_redis_t *redis);
void consent_redis_destroy(consent_redis_t *redis);     /* not out of a reply; NULL is allowed */

/* Its descriptor can be read from, or written to. */
void consent_redis_readable(consent_redis_t *redis);
void consent_redis_writable(consent_redis_t *redis);

/* Gives a command of n words; each is answered once, in order. CONSENT_IO: it was not given. */
consent_rc_t consent_redis_command(consent_redis_t *redis, const consent_slice_t *words, size_t n, consent_reply_pt reply,
    void *arg);

consent_reply_type_t consent_reply_type(const consent_reply_t *reply);
consent_slice_t consent_reply_text(const consent_reply_t *reply);      /* also of an error; empty for other types */
int64_t consent_reply_number(const consent_reply_t *reply);            /* 0 for other types */
size_t consent_reply_count(const consent_reply_t *reply);              /* 0 for other types */
const consent_reply_t *consent_reply_at(const consent_reply_t *reply, size_t i);   /* i < count */

/* Whether hiredis speaks TLS. */
bool consent_redis_has_tls(void);

#endif
