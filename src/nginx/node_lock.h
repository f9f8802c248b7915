/*
 * What one worker of a node does, however many nginx's use the store: the one that has the lock of a file in it.
 */

#ifndef NGX_CONSENT_NODE_LOCK_H
#define NGX_CONSENT_NODE_LOCK_H

#include "nginx/module.h"

typedef struct {
    u_char                *file;
    const char            *what;    /* that a worker cannot do without it, for the error log */
    ngx_event_handler_pt   leave;   /* the worker that has it is asked to leave: it is to be given up soon */
    ngx_connection_t      *holder;  /* whose descriptor has it; NULL: we have not */
    unsigned               ill:1;   /* the file could not be opened, and that has been said */
} ngx_consent_node_lock_t;

/* `name` is the file's, with a slash before it. NGX_ERROR: out of memory. */
ngx_int_t ngx_consent_node_lock_init(ngx_consent_node_lock_t *lock, ngx_pool_t *pool, ngx_str_t *store, const char *name,
    const char *what, ngx_event_handler_pt leave);

/* NGX_OK: we have it, now or since before; NGX_DECLINED: another worker has it. Waits for nothing. */
ngx_int_t ngx_consent_node_lock_take(ngx_consent_node_lock_t *lock);
void ngx_consent_node_lock_give(ngx_consent_node_lock_t *lock);

#endif
