/*
 * Memory of operations: outside any pool, for they outlive their requests. The event loop's alone.
 */

#include "nginx/commit.h"


#define NGX_CONSENT_SMALL  512              /* bytes of texts of most entries */
#define NGX_CONSENT_SHEET  256              /* entries of that size that there is room for; more come and go one by one */

static ngx_consent_commit_t *ngx_consent_commit_small(u_char **memory);
static ngx_consent_commit_t *ngx_consent_commit_make(size_t categories, size_t extra, u_char **memory);

static ngx_consent_commit_t  *ngx_consent_spare;    /* a list by `data` */
static u_char                *ngx_consent_sheet;
static ngx_uint_t             ngx_consent_sheet_used;


ngx_consent_commit_t *
ngx_consent_commit_create(size_t extra, u_char **memory)
{
    return ngx_consent_commit_make(CONSENT_MAX_CATEGORIES, extra, memory);
}


ngx_consent_commit_t *
ngx_consent_commit_entry(size_t extra, u_char **memory)
{
    ngx_consent_commit_t  *commit;

    commit = extra <= NGX_CONSENT_SMALL ? ngx_consent_commit_small(memory) : ngx_consent_commit_make(0, extra, memory);

    if (commit) {
        commit->entry = 1;
        commit->op.type = CONSENT_OP_ENTRY;
        commit->op.now = ngx_consent_now();
    }

    return commit;
}


/* Entries come and go hundreds together: the heap that pages are made in is not to be cut up by them. So they lie in one
 * piece, which is so large that malloc() takes it from the system, and of which only what is used takes memory. */
static ngx_consent_commit_t *
ngx_consent_commit_small(u_char **memory)
{
    size_t                 size;
    ngx_consent_commit_t  *commit;

    size = ngx_align(sizeof(ngx_consent_commit_t) + NGX_CONSENT_SMALL, NGX_ALIGNMENT);

    if (ngx_consent_sheet == NULL) {
        ngx_consent_sheet = ngx_alloc(NGX_CONSENT_SHEET * size, ngx_cycle->log);
    }

    if (ngx_consent_spare) {
        commit = ngx_consent_spare;
        ngx_consent_spare = commit->data;

    } else if (ngx_consent_sheet && ngx_consent_sheet_used < NGX_CONSENT_SHEET) {
        commit = (ngx_consent_commit_t *) (ngx_consent_sheet + ngx_consent_sheet_used++ * size);

    } else {
        return ngx_consent_commit_make(0, NGX_CONSENT_SMALL, memory);
    }

    ngx_memzero(commit, sizeof(ngx_consent_commit_t));
    *memory = (u_char *) commit + sizeof(ngx_consent_commit_t);
    commit->small = 1;

    return commit;
}


static ngx_consent_commit_t *
ngx_consent_commit_make(size_t categories, size_t extra, u_char **memory)
{
    size_t                 size;
    ngx_consent_commit_t  *commit;

    if (extra > CONSENT_PAGE_MAX) {
        return NULL;
    }

    size = sizeof(ngx_consent_commit_t) + categories * sizeof(consent_slice_t);
    commit = ngx_alloc(size + extra, ngx_cycle->log);

    if (commit == NULL) {
        return NULL;
    }

    ngx_memzero(commit, size);

    if (memory) {
        *memory = (u_char *) commit + size;
    }

    return commit;
}


void
ngx_consent_commit_free(ngx_consent_commit_t *commit)
{
    if (commit->small) {
        commit->data = ngx_consent_spare;
        ngx_consent_spare = commit;
        return;
    }

    ngx_free(commit);
}


void
ngx_consent_commit_spare_exit(void)
{
    if (ngx_consent_sheet) {
        ngx_free(ngx_consent_sheet);
        ngx_consent_sheet = NULL;
    }

    ngx_consent_sheet_used = 0;
    ngx_consent_spare = NULL;
}
