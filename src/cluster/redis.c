/*
 * hiredis 0.14 and later, asynchronous.
 *
 * hiredis closes the descriptor itself, behind its cleanup hook; that hook is called once for every end that a connection can
 * have, a connect that fails among them, so it alone says that one is gone. A call into hiredis may end the connection:
 * what it was is looked at again behind every one.
 */

#include "cluster/redis.h"

#include <hiredis/async.h>
#include <stdlib.h>

#define REDIS_WORDS   16
#define REDIS_UNREAD  ((size_t) 64 << 20)       /* bytes of one reply: more is not one of ours */

struct consent_redis_s {
    redisAsyncContext            *context;      /* NULL: gone */
    const consent_redis_hooks_t  *hooks;
    void                         *owner;
};

typedef struct {
    consent_reply_pt  reply;
    void             *arg;
} waiting_t;

static void hook_add_read(void *data);
static void hook_del_read(void *data);
static void hook_add_write(void *data);
static void hook_del_write(void *data);
static void hook_cleanup(void *data);
static void replied(redisAsyncContext *context, void *reply, void *data);
static const redisReply *of(const consent_reply_t *reply);


consent_rc_t
consent_redis_connect(consent_redis_t **out, const char *address, int port, const consent_redis_hooks_t *hooks,
    void *owner, int *fd)
{
    consent_redis_t    *redis;
    redisAsyncContext  *context;

    redis = calloc(1, sizeof(consent_redis_t));

    if (redis == NULL) {
        return CONSENT_NOMEM;
    }

    context = port == 0 ? redisAsyncConnectUnix(address) : redisAsyncConnect(address, port);

    if (context == NULL || context->err) {

        if (context != NULL) {
            redisAsyncFree(context);
        }

        free(redis);

        return context == NULL ? CONSENT_NOMEM : CONSENT_IO;
    }

    redis->context = context;
    redis->hooks = hooks;
    redis->owner = owner;

    context->ev.data = redis;
    context->ev.addRead = hook_add_read;
    context->ev.delRead = hook_del_read;
    context->ev.addWrite = hook_add_write;
    context->ev.delWrite = hook_del_write;
    context->ev.cleanup = hook_cleanup;

    *fd = context->c.fd;
    *out = redis;

    return CONSENT_OK;
}


bool
consent_redis_is_open(const consent_redis_t *redis)
{
    return redis != NULL && redis->context != NULL;
}


void
consent_redis_close(consent_redis_t *redis)
{
    if (consent_redis_is_open(redis)) {
        redisAsyncFree(redis->context);
    }
}


void
consent_redis_destroy(consent_redis_t *redis)
{
    consent_redis_close(redis);
    free(redis);
}


void
consent_redis_readable(consent_redis_t *redis)
{
    if (!consent_redis_is_open(redis)) {
        return;
    }

    redisAsyncHandleRead(redis->context);

    if (consent_redis_is_open(redis) && redis->context->c.reader->len > REDIS_UNREAD) {
        redisAsyncFree(redis->context);
    }
}


void
consent_redis_writable(consent_redis_t *redis)
{
    if (consent_redis_is_open(redis)) {
        redisAsyncHandleWrite(redis->context);
    }
}


consent_rc_t
consent_redis_command(consent_redis_t *redis, const consent_slice_t *words, size_t n, consent_reply_pt reply, void *arg)
{
    size_t       i, lengths[REDIS_WORDS];
    waiting_t   *waiting;
    const char  *text[REDIS_WORDS];

    if (!consent_redis_is_open(redis) || n > REDIS_WORDS) {
        return CONSENT_IO;
    }

    waiting = malloc(sizeof(waiting_t));

    if (waiting == NULL) {
        return CONSENT_NOMEM;
    }

    waiting->reply = reply;
    waiting->arg = arg;

    for (i = 0; i < n; i++) {
        text[i] = words[i].len == 0 ? "" : (const char *) words[i].data;
        lengths[i] = words[i].len;
    }

    if (redisAsyncCommandArgv(redis->context, replied, waiting, (int) n, text, lengths) != REDIS_OK) {
        free(waiting);
        return CONSENT_IO;
    }

    return CONSENT_OK;
}


consent_reply_type_t
consent_reply_type(const consent_reply_t *reply)
{
    switch (of(reply)->type) {
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
        return CONSENT_REPLY_TEXT;

    case REDIS_REPLY_ARRAY:
        return CONSENT_REPLY_ARRAY;

    case REDIS_REPLY_INTEGER:
        return CONSENT_REPLY_NUMBER;

    case REDIS_REPLY_NIL:
        return CONSENT_REPLY_NIL;

    default:
        return CONSENT_REPLY_ERROR;
    }
}


consent_slice_t
consent_reply_text(const consent_reply_t *reply)
{
    const redisReply  *r = of(reply);

    return r->type == REDIS_REPLY_STRING || r->type == REDIS_REPLY_STATUS || r->type == REDIS_REPLY_ERROR
           ? consent_slice(r->str, (size_t) r->len) : consent_slice(NULL, 0);
}


int64_t
consent_reply_number(const consent_reply_t *reply)
{
    return of(reply)->type == REDIS_REPLY_INTEGER ? of(reply)->integer : 0;
}


size_t
consent_reply_count(const consent_reply_t *reply)
{
    return of(reply)->type == REDIS_REPLY_ARRAY ? of(reply)->elements : 0;
}


const consent_reply_t *
consent_reply_at(const consent_reply_t *reply, size_t i)
{
    return (const consent_reply_t *) (const void *) of(reply)->element[i];
}


bool
consent_redis_has_tls(void)
{
    return false;
}


static void
hook_add_read(void *data)
{
    consent_redis_t  *redis = data;

    redis->hooks->read(redis->owner, true);
}


static void
hook_del_read(void *data)
{
    consent_redis_t  *redis = data;

    redis->hooks->read(redis->owner, false);
}


static void
hook_add_write(void *data)
{
    consent_redis_t  *redis = data;

    redis->hooks->write(redis->owner, true);
}


static void
hook_del_write(void *data)
{
    consent_redis_t  *redis = data;

    redis->hooks->write(redis->owner, false);
}


static void
hook_cleanup(void *data)
{
    consent_redis_t  *redis = data;

    redis->context = NULL;
    redis->hooks->gone(redis->owner);
}


static void
replied(redisAsyncContext *context, void *reply, void *data)
{
    waiting_t  waiting = *(waiting_t *) data;

    (void) context;

    free(data);
    waiting.reply(waiting.arg, reply);
}


static const redisReply *
of(const consent_reply_t *reply)
{
    return (const redisReply *) (const void *) reply;
}
