/*
 * What the thread does: one transaction of all that is queued; but what other nodes decided fills it only so far that
 * decisions of this node's own citizens, which may be waiting for it, are not held up.
 */

#include "nginx/commit.h"

#include <time.h>


#define NGX_CONSENT_BULK_LASTS  5000        /* us that a transaction may last because of it */

typedef struct {
    uint64_t                began;
    uint64_t                last;           /* us that the last of bulk took */
    ngx_uint_t              n;
} ngx_consent_bulk_t;

static ngx_flag_t ngx_consent_commit_fits(ngx_consent_bulk_t *bulk);
static void ngx_consent_commit_put_back(ngx_consent_queue_t *q, ngx_queue_t *left);
static uint64_t ngx_consent_commit_clock(void);
static ngx_flag_t ngx_consent_commit_in_place(ngx_consent_queue_t *q);
static void ngx_consent_commit_place(ngx_consent_queue_t *q);
static void ngx_consent_commit_take(ngx_consent_queue_t *q, ngx_flag_t all);


void
ngx_consent_commit_thread(void *data, ngx_log_t *log)
{
    ngx_consent_queue_t  *q = data;

    uint64_t               at;
    ngx_queue_t           *e, *next, left;
    ngx_consent_bulk_t     bulk;
    ngx_consent_commit_t  *commit;

    q->why[0] = '\0';

    q->rc = ngx_consent_commit_in_place(q) ? consent_ledger_begin(q->ledger) : CONSENT_IO;

    if (q->rc == CONSENT_OK) {

        ngx_consent_commit_place(q);
        ngx_consent_commit_take(q, 1);

        ngx_queue_init(&left);
        ngx_memzero(&bulk, sizeof(ngx_consent_bulk_t));

        for (e = ngx_queue_head(&q->taken); e != ngx_queue_sentinel(&q->taken); e = next) {
            next = ngx_queue_next(e);
            commit = ngx_queue_data(e, ngx_consent_commit_t, queue);

            if (!commit->bulk) {
                (void) consent_ledger_apply(q->ledger, &commit->op);

            } else if (ngx_consent_commit_fits(&bulk)) {
                at = ngx_consent_commit_clock();
                (void) consent_ledger_apply(q->ledger, &commit->op);
                bulk.last = ngx_consent_commit_clock() - at;

            } else {
                ngx_queue_remove(e);
                ngx_queue_insert_tail(&left, e);
            }
        }

        if (!ngx_queue_empty(&left)) {
            ngx_consent_commit_put_back(q, &left);
        }

        q->rc = consent_ledger_commit(q->ledger);

    } else {
        ngx_consent_commit_take(q, 0);

        /* that the store is refused is no denial of what one operation wants */

        q->rc = q->rc == CONSENT_DENIED ? CONSENT_IO : q->rc;
    }

    if (q->rc != CONSENT_OK && q->why[0] == '\0') {
        ngx_cpystrn((u_char *) q->why, (u_char *) consent_ledger_why(q->ledger), sizeof(q->why));
    }
}


/* One does always, and none behind one that does not. */
static ngx_flag_t
ngx_consent_commit_fits(ngx_consent_bulk_t *bulk)
{
    uint64_t  now = ngx_consent_commit_clock();

    if (bulk->n++ == 0) {
        bulk->began = now;
        return 1;
    }

    if (now - bulk->began + bulk->last <= NGX_CONSENT_BULK_LASTS) {
        return 1;
    }

    bulk->last = NGX_CONSENT_BULK_LASTS + 1;

    return 0;
}


/* In front of what has come since, in its old order. */
static void
ngx_consent_commit_put_back(ngx_consent_queue_t *q, ngx_queue_t *left)
{
    ngx_queue_t  *e;

    (void) ngx_thread_mutex_lock(&q->mutex, q->log);

    while (!ngx_queue_empty(left)) {
        e = ngx_queue_last(left);
        ngx_queue_remove(e);
        ngx_queue_insert_head(&q->waiting, e);
        q->n_waiting++;
        q->n_pressing++;
    }

    (void) ngx_thread_mutex_unlock(&q->mutex, q->log);
}


/* us */
static uint64_t
ngx_consent_commit_clock(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_MONOTONIC, &ts);

    return (uint64_t) ts.tv_sec * 1000000 + (uint64_t) ts.tv_nsec / 1000;
}


/* Whether the file that we have open is still the one that the next start will find. What
 * is written into a file that somebody has taken away is lost, however durable. */
static ngx_flag_t
ngx_consent_commit_in_place(ngx_consent_queue_t *q)
{
    ngx_flag_t       there;
    ngx_file_info_t  fi;

    if (q->inode == 0) {
        return 1;
    }

    there = (ngx_file_info(q->file, &fi) != NGX_FILE_ERROR);

    if (there && fi.st_dev == q->device && fi.st_ino == q->inode) {
        return 1;
    }

    (void) ngx_snprintf((u_char *) q->why, sizeof(q->why), "%s%Z",
                        there ? "another file is in the place of the store's: it is opened at the next reload"
                              : "the store's file has been taken away");

    return 0;
}


/* Remembers which file the store is in, once it could be opened to write. */
static void
ngx_consent_commit_place(ngx_consent_queue_t *q)
{
    ngx_file_info_t  fi;

    if (q->inode == 0 && ngx_file_info(q->file, &fi) != NGX_FILE_ERROR) {
        q->device = fi.st_dev;
        q->inode = fi.st_ino;
    }
}


/* Moves what is waiting to `taken`; of a store that cannot be written, only what somebody
 * waits for. */
static void
ngx_consent_commit_take(ngx_consent_queue_t *q, ngx_flag_t all)
{
    ngx_queue_t           *e, *next;
    ngx_consent_commit_t  *commit;

    (void) ngx_thread_mutex_lock(&q->mutex, q->log);

    for (e = ngx_queue_head(&q->waiting); e != ngx_queue_sentinel(&q->waiting); e = next) {
        next = ngx_queue_next(e);
        commit = ngx_queue_data(e, ngx_consent_commit_t, queue);

        if (all || !commit->entry) {
            ngx_queue_remove(e);
            ngx_queue_insert_tail(&q->taken, e);
            q->n_waiting--;
            q->n_pressing -= !commit->gathers;
        }
    }

    (void) ngx_thread_mutex_unlock(&q->mutex, q->log);
}
