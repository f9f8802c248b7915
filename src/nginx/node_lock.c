/*
 * The lock is of an open file and no other process inherits it, so it goes with its worker however that ends; a worker that
 * is asked to leave gives it up.
 */

#include "nginx/node_lock.h"


ngx_int_t
ngx_consent_node_lock_init(ngx_consent_node_lock_t *lock, ngx_pool_t *pool, ngx_str_t *store, const char *name,
    const char *what, ngx_event_handler_pt leave)
{
    ngx_memzero(lock, sizeof(ngx_consent_node_lock_t));

    lock->what = what;
    lock->leave = leave;
    lock->file = ngx_pnalloc(pool, store->len + ngx_strlen(name) + 1);

    if (lock->file == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_sprintf(lock->file, "%V%s%Z", store, name);

    return NGX_OK;
}


ngx_int_t
ngx_consent_node_lock_take(ngx_consent_node_lock_t *lock)
{
    ngx_fd_t           fd;
    struct flock       fl;
    ngx_connection_t  *c;

    if (lock->holder) {
        return NGX_OK;
    }

    fd = open((char *) lock->file, O_RDWR|O_CREAT|O_CLOEXEC|O_NOFOLLOW, 0600);

    if (fd == NGX_INVALID_FILE) {

        if (!lock->ill) {
            ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, ngx_errno, "consent: " ngx_open_file_n " \"%s\" failed; %s",
                          lock->file, lock->what);
            lock->ill = 1;
        }

        return NGX_ERROR;
    }

    lock->ill = 0;

    ngx_memzero(&fl, sizeof(struct flock));
    fl.l_type = F_WRLCK;
    fl.l_whence = SEEK_SET;

    if (fcntl(fd, F_OFD_SETLK, &fl) == -1) {
        (void) ngx_close_file(fd);
        return NGX_DECLINED;
    }

    c = ngx_get_connection(fd, ngx_cycle->log);

    if (c == NULL) {
        (void) ngx_close_file(fd);
        return NGX_ERROR;
    }

    /* nginx tells idle connections to leave */

    c->idle = 1;
    c->log = ngx_cycle->log;
    c->read->log = ngx_cycle->log;
    c->read->handler = lock->leave;
    lock->holder = c;

    return NGX_OK;
}


void
ngx_consent_node_lock_give(ngx_consent_node_lock_t *lock)
{
    ngx_fd_t           fd;
    ngx_connection_t  *c = lock->holder;

    if (c) {
        fd = c->fd;
        ngx_free_connection(c);
        c->fd = (ngx_socket_t) -1;
        lock->holder = NULL;

        (void) ngx_close_file(fd);
    }
}
