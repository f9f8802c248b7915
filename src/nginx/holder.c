/*
 * Who has claimed a message, and whether it is still there.
 *
 * Each worker draws a number and locks that byte of a file in the store, which stays empty. The lock is of an open file
 * and no other process inherits it, so it goes with its worker however that ends, and whoever sees a claim can ask.
 */

#include "nginx/holder.h"
#include "base/digest.h"


#define NGX_CONSENT_HOLDER_FILE     "/claims"
#define NGX_CONSENT_HOLDER_DRAWS    8
#define NGX_CONSENT_HOLDER_UNKNOWN  UINT32_MAX      /* of a worker that has no lock: its claims run out */

typedef struct {
    ngx_fd_t    fd;
    uint32_t    number;
} ngx_consent_holder_t;

static uint32_t ngx_consent_holder_draw(ngx_fd_t fd);
static void ngx_consent_holder_byte(struct flock *lock, uint32_t number);

static ngx_consent_holder_t  ngx_consent_holder = { NGX_INVALID_FILE, NGX_CONSENT_HOLDER_UNKNOWN };


uint32_t
ngx_consent_holder_start(ngx_cycle_t *cycle, const ngx_str_t *store)
{
    u_char                file[NGX_MAX_PATH];
    ngx_consent_holder_t  *h = &ngx_consent_holder;

    h->number = NGX_CONSENT_HOLDER_UNKNOWN;
    (void) ngx_snprintf(file, sizeof(file), "%V" NGX_CONSENT_HOLDER_FILE "%Z", store);
    h->fd = open((char *) file, O_RDWR|O_CREAT|O_CLOEXEC|O_NOFOLLOW, 0600);

    if (h->fd != NGX_INVALID_FILE) {
        h->number = ngx_consent_holder_draw(h->fd);
    }

    if (h->number == NGX_CONSENT_HOLDER_UNKNOWN) {
        ngx_log_error(NGX_LOG_ERR, cycle->log, ngx_errno,
                      "consent: \"%s\" cannot be locked; if this worker dies, what it delivers then is delivered later",
                      file);
    }

    return h->number;
}


void
ngx_consent_holder_stop(void)
{
    ngx_consent_holder_t  *h = &ngx_consent_holder;

    if (h->fd != NGX_INVALID_FILE) {
        (void) ngx_close_file(h->fd);
        h->fd = NGX_INVALID_FILE;
    }
}


ngx_flag_t
ngx_consent_holder_gone(uint32_t holder)
{
    struct flock           lock;
    ngx_consent_holder_t  *h = &ngx_consent_holder;

    if (h->fd == NGX_INVALID_FILE || holder == h->number || holder == NGX_CONSENT_HOLDER_UNKNOWN) {
        return 0;
    }

    ngx_consent_holder_byte(&lock, holder);

    return fcntl(h->fd, F_OFD_GETLK, &lock) == 0 && lock.l_type == F_UNLCK;
}


/* A number that no other process has. */
static uint32_t
ngx_consent_holder_draw(ngx_fd_t fd)
{
    uint32_t      number;
    ngx_uint_t    i;
    struct flock  lock;

    for (i = 0; i < NGX_CONSENT_HOLDER_DRAWS; i++) {

        if (consent_random(&number, sizeof(number)) != CONSENT_OK) {
            break;
        }

        number = number / 2 + 1;
        ngx_consent_holder_byte(&lock, number);

        if (fcntl(fd, F_OFD_SETLK, &lock) == 0) {
            return number;
        }
    }

    return NGX_CONSENT_HOLDER_UNKNOWN;
}


static void
ngx_consent_holder_byte(struct flock *lock, uint32_t number)
{
    ngx_memzero(lock, sizeof(struct flock));
    lock->l_type = F_WRLCK;
    lock->l_whence = SEEK_SET;
    lock->l_start = (off_t) number;
    lock->l_len = 1;
}
