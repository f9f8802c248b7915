/*
 * What the thread does: one transaction of all that is queued.
 */

#include "nginx/commit.h"


static ngx_flag_t ngx_consent_commit_in_place(ngx_consent_queue_t *q);
static void ngx_consent_commit_place(ngx_consent_queue_t *q);
static void ngx_consent_commit_take(ngx_consent_queue_t *q, ngx_flag_t all);


void
ngx_consent_commit_thread(void *data, ngx_log_t *log)
{
    ngx_consent_queue_t  *q = data;

    ngx_queue_t           *e;
    ngx_consent_commit_t  *commit;

    q->why[0] = '\0';

    q->rc = ngx_consent_commit_in_place(q) ? consent_ledger_begin(q->ledger) : CONSENT_IO;

    if (q->rc == CONSENT_OK) {

        ngx_consent_commit_place(q);
        ngx_consent_commit_take(q, 1);

        for (e = ngx_queue_head(&q->taken); e != ngx_queue_sentinel(&q->taken); e = ngx_queue_next(e)) {
            commit = ngx_queue_data(e, ngx_consent_commit_t, queue);
            (void) consent_ledger_apply(q->ledger, &commit->op);
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
