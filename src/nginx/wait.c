/*
 * A client who waits until an operation of the store is durable. One that leaves meanwhile detaches the answer, not the
 * operation.
 */

#include "nginx/handler.h"


typedef struct {
    ngx_consent_view_t     *view;
    ngx_consent_waited_pt   done;
    void                   *data;
    ngx_consent_commit_t   *commit;         /* NULL once it is answered */
} ngx_consent_wait_t;

static void ngx_consent_wait_over(ngx_consent_commit_t *commit);
static void ngx_consent_wait_detach(void *data);


ngx_int_t
ngx_consent_wait(ngx_consent_view_t *view, ngx_consent_commit_t *commit, ngx_consent_waited_pt done, void *data)
{
    ngx_http_cleanup_t  *cln;
    ngx_consent_wait_t  *wait;

    cln = ngx_http_cleanup_add(view->request, sizeof(ngx_consent_wait_t));

    if (cln == NULL) {
        ngx_consent_commit_free(commit);
        return NGX_ERROR;
    }

    wait = cln->data;
    wait->view = view;
    wait->done = done;
    wait->data = data;
    wait->commit = NULL;

    cln->handler = ngx_consent_wait_detach;

    commit->handler = ngx_consent_wait_over;
    commit->data = wait;

    if (ngx_consent_store_commit(commit) != NGX_OK) {
        done(view, &commit->op, data);
        ngx_consent_commit_free(commit);
        return NGX_OK;
    }

    wait->commit = commit;

    /* reading the body has counted this request once more, and whoever answers finalizes it */

    view->request->read_event_handler = ngx_http_test_reading;
    view->request->write_event_handler = ngx_http_request_empty_handler;

    return NGX_OK;
}


static void
ngx_consent_wait_over(ngx_consent_commit_t *commit)
{
    ngx_connection_t    *c;
    ngx_consent_wait_t  *wait;

    wait = commit->data;
    wait->commit = NULL;
    c = wait->view->request->connection;

    wait->done(wait->view, &commit->op, wait->data);

    ngx_consent_commit_free(commit);
    ngx_http_run_posted_requests(c);
}


static void
ngx_consent_wait_detach(void *data)
{
    ngx_consent_wait_t  *wait = data;

    if (wait->commit) {
        wait->commit->handler = NULL;
        wait->commit = NULL;
    }
}
