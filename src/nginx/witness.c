/*
 * Bringing checkpoints to witnesses (C2SP tlog-witness), through an internal location of the operator's.
 *
 * What a witness has seen last is what it tells us when we are wrong about it; that may be more than it has given us a line
 * for, where its answer was lost, and then it is asked for that once more. It is asked for one checkpoint at a time, the
 * newest there is by then; publishing never waits for it. Its lines are verified before they are kept.
 */

#include "ledger/log.h"
#include "nginx/deliver.h"
#include "nginx/witness.h"


#define NGX_CONSENT_WITNESS_PAUSE      1000         /* ms between checkpoints that one is asked for */
#define NGX_CONSENT_WITNESS_PAUSE_MAX  60000        /* and after failures */
#define NGX_CONSENT_WITNESS_BODY       (CONSENT_LOG_CHECKPOINT_MAX + 8192)

typedef struct {
    ngx_thread_task_t     task;
    consent_note_key_t   *key;
    ngx_str_t             uri;
    uint64_t              old;                  /* size that it has seen last, as far as we know */
    uint64_t              held;                 /* size that we have its line for */
    uint64_t              size;                 /* that it is asked for */
    size_t                text_len;             /* of the checkpoint's signed text and the empty line */
    char                  origin[CONSENT_LOG_ORIGIN_MAX + 1];
    ngx_msec_t            next;                 /* not before */
    ngx_msec_t            pause;
    consent_rc_t          rc;
    consent_op_t          op;
    consent_buf_t         body;                 /* sent; then the checkpoint with its lines */
    uint64_t              memory[CONSENT_LOG_COSIGN_MEMORY / 8];
    unsigned              keeps:1;              /* the task verifies what was answered */
    unsigned              busy:1;
    unsigned              again:1;              /* it was told once that it has seen another size */
    unsigned              ill:1;                /* and that has been said */
} ngx_consent_witness_t;

static void ngx_consent_witness_begin(ngx_consent_witness_t *w);
static void ngx_consent_witness_thread(void *data, ngx_log_t *log);
static consent_rc_t ngx_consent_witness_prepare(ngx_consent_witness_t *w);
static consent_rc_t ngx_consent_witness_write(ngx_consent_witness_t *w, consent_slice_t checkpoint);
static void ngx_consent_witness_stepped(ngx_event_t *ev);
static void ngx_consent_witness_send(ngx_consent_witness_t *w);
static void ngx_consent_witness_answered(void *data, ngx_uint_t status, consent_slice_t body);
static ngx_flag_t ngx_consent_witness_other_size(ngx_consent_witness_t *w, consent_slice_t body);
static ngx_flag_t ngx_consent_witness_note(ngx_consent_witness_t *w, consent_slice_t body);
static void ngx_consent_witness_keep(ngx_consent_witness_t *w);
static void ngx_consent_witness_rest(ngx_consent_witness_t *w, const char *why, ngx_uint_t status);

static ngx_consent_witness_t    *ngx_consent_witnesses;
static ngx_uint_t                ngx_consent_n_witnesses;
static ngx_consent_main_conf_t  *ngx_consent_witness_mcf;
static consent_ledger_t         *ngx_consent_witness_ledger;


void
ngx_consent_witness_start(ngx_cycle_t *cycle, ngx_consent_main_conf_t *mcf, consent_ledger_t *ledger)
{
    ngx_str_t              *uris;
    ngx_uint_t              i;
    ngx_consent_witness_t  *w;

    ngx_consent_witness_mcf = mcf;
    ngx_consent_witness_ledger = ledger;
    ngx_consent_n_witnesses = 0;
    ngx_consent_witnesses = ngx_pcalloc(cycle->pool, (mcf->witnesses.nelts + 1) * sizeof(ngx_consent_witness_t));

    if (ngx_consent_witnesses == NULL) {
        return;
    }

    uris = mcf->witness_uris.elts;

    for (i = 0; i < mcf->witnesses.nelts; i++) {

        if (uris[i].len == 0) {
            continue;
        }

        w = &ngx_consent_witnesses[ngx_consent_n_witnesses];

        w->key = (consent_note_key_t *) mcf->witnesses.elts + i;
        w->uri.len = uris[i].len + sizeof("/add-checkpoint") - 1;
        w->uri.data = ngx_pnalloc(cycle->pool, w->uri.len + 1);

        if (w->uri.data == NULL) {
            return;
        }

        (void) ngx_sprintf(w->uri.data, "%V/add-checkpoint%Z", &uris[i]);
        w->pause = NGX_CONSENT_WITNESS_PAUSE;
        w->next = ngx_current_msec;

        w->task.handler = ngx_consent_witness_thread;
        w->task.ctx = w;
        w->task.event.handler = ngx_consent_witness_stepped;
        w->task.event.data = w;
        w->task.event.log = cycle->log;

        consent_buf_init(&w->body, NGX_CONSENT_WITNESS_BODY);
        ngx_consent_n_witnesses++;
    }
}


void
ngx_consent_witness_stop(void)
{
    ngx_uint_t  i;

    for (i = 0; i < ngx_consent_n_witnesses; i++) {
        consent_buf_free(&ngx_consent_witnesses[i].body);
    }

    ngx_consent_n_witnesses = 0;
}


void
ngx_consent_witness_wake(void)
{
    ngx_uint_t              i;
    ngx_consent_witness_t  *w;

    if (ngx_exiting || ngx_terminate) {
        return;
    }

    for (i = 0; i < ngx_consent_n_witnesses; i++) {
        w = &ngx_consent_witnesses[i];

        if (!w->busy && (ngx_msec_int_t) (w->next - ngx_current_msec) <= 0) {
            w->again = 0;
            ngx_consent_witness_begin(w);
        }
    }
}


static void
ngx_consent_witness_begin(ngx_consent_witness_t *w)
{
    w->busy = 1;
    w->task.event.complete = 0;

    if (ngx_thread_task_post(ngx_consent_witness_mcf->threads, &w->task) != NGX_OK) {
        w->keeps = 0;
        ngx_consent_witness_rest(w, "the thread pool takes no more tasks", 0);
    }
}


static void
ngx_consent_witness_thread(void *data, ngx_log_t *log)
{
    ngx_consent_witness_t  *w = data;

    unsigned  added;

    w->rc = w->keeps ? consent_log_cosign(ngx_consent_witness_ledger, consent_buf_view(&w->body), w->key, 1, &w->op,
                                          w->memory, &added)
            : ngx_consent_witness_prepare(w);
}


/* CONSENT_NOTFOUND: we have its line for the newest; CONSENT_CONFLICT: it has seen more. */
static consent_rc_t
ngx_consent_witness_prepare(ngx_consent_witness_t *w)
{
    consent_rc_t          rc;
    consent_buf_t         b;
    consent_checkpoint_t  c;

    consent_buf_init(&b, CONSENT_LOG_CHECKPOINT_MAX);
    rc = consent_log_checkpoint(ngx_consent_witness_ledger, &b);

    if (rc == CONSENT_OK) {
        rc = consent_checkpoint_read(&c, consent_buf_view(&b));
    }

    if (rc == CONSENT_OK) {

        if (!consent_slice_eq(c.origin, consent_cstr(w->origin))) {
            w->old = w->held = 0;
            ngx_memcpy(w->origin, c.origin.data, c.origin.len);
            w->origin[c.origin.len] = '\0';
        }

        w->size = c.size;
        w->text_len = c.note.text.len + 1;
        rc = c.size <= w->held ? CONSENT_NOTFOUND : c.size < w->old ? CONSENT_CONFLICT
             : ngx_consent_witness_write(w, consent_buf_view(&b));
    }

    consent_buf_free(&b);

    return rc;
}


/* What tlog-witness wants: the size it has seen, the proof from there, and the checkpoint. */
static consent_rc_t
ngx_consent_witness_write(ngx_consent_witness_t *w, consent_slice_t checkpoint)
{
    uint8_t        proof[CONSENT_TREE_PROOF_MAX][CONSENT_HASH_LEN];
    unsigned       i, n;
    consent_rc_t   rc;

    n = 0;
    rc = w->old == 0 ? CONSENT_OK
         : consent_log_consistency(ngx_consent_witness_ledger, CONSENT_LOG_NEWEST, w->old, w->size, proof, &n);

    if (rc != CONSENT_OK) {
        return rc;
    }

    w->body.len = 0;
    consent_buf_printf(&w->body, "old %llu\n", (unsigned long long) w->old);

    for (i = 0; i < n; i++) {
        consent_note_hash_line(&w->body, proof[i]);
    }

    consent_buf_char(&w->body, '\n');
    consent_buf_slice(&w->body, checkpoint);

    return w->body.rc;
}


static void
ngx_consent_witness_stepped(ngx_event_t *ev)
{
    ngx_consent_witness_t  *w = ev->data;

    if (ngx_consent_n_witnesses == 0) {
        return;
    }

    if (w->keeps) {
        w->keeps = 0;
        ngx_consent_witness_keep(w);
        return;
    }

    if (w->rc == CONSENT_OK) {
        ngx_consent_witness_send(w);
        return;
    }

    ngx_consent_witness_rest(w, w->rc == CONSENT_NOTFOUND ? NULL
                             : w->rc == CONSENT_CONFLICT ? "it has seen a longer log of this name" : "the log cannot be read", 0);
}


static void
ngx_consent_witness_send(ngx_consent_witness_t *w)
{
    ngx_consent_delivery_t  delivery;

    ngx_memzero(&delivery, sizeof(ngx_consent_delivery_t));

    delivery.conf = ngx_consent_witness_mcf->witness_conf;
    delivery.uri = w->uri;
    delivery.type = "text/plain";
    delivery.document.data = w->body.data;
    delivery.document.len = w->body.len;
    delivery.answered = ngx_consent_witness_answered;
    delivery.data = w;

    if (ngx_consent_deliver(&delivery) != NGX_OK) {
        ngx_consent_witness_rest(w, "a request to it cannot be made", 0);
    }
}


static void
ngx_consent_witness_answered(void *data, ngx_uint_t status, consent_slice_t body)
{
    ngx_consent_witness_t  *w = data;

    if (ngx_consent_n_witnesses == 0) {
        return;
    }

    if (status == NGX_HTTP_OK && ngx_consent_witness_note(w, body)) {
        w->keeps = 1;
        ngx_consent_witness_begin(w);
        return;
    }

    if (status == NGX_HTTP_CONFLICT && !w->again && ngx_consent_witness_other_size(w, body)) {
        w->again = 1;
        ngx_consent_witness_begin(w);
        return;
    }

    ngx_consent_witness_rest(w, "it did not sign", status);
}


/* It has seen another size than we thought: that is where the proof is to begin. */
static ngx_flag_t
ngx_consent_witness_other_size(ngx_consent_witness_t *w, consent_slice_t body)
{
    uint64_t         n;
    consent_slice_t  line;

    if (!consent_note_line(&body, &line) || !consent_note_number(&n, line)) {
        return 0;
    }

    w->old = n;

    return 1;
}


/* The checkpoint that was sent, with the lines that were answered in the place of its own. */
static ngx_flag_t
ngx_consent_witness_note(ngx_consent_witness_t *w, consent_slice_t body)
{
    consent_buf_t    b;
    consent_slice_t  sent;
    const uint8_t   *p;

    sent = consent_buf_view(&w->body);
    p = memmem(sent.data, sent.len, "\n\n", 2);

    if (p == NULL || sent.len - (size_t) (p + 2 - sent.data) < w->text_len) {
        return 0;
    }

    consent_buf_init(&b, NGX_CONSENT_WITNESS_BODY);
    consent_buf_add(&b, p + 2, w->text_len);
    consent_buf_slice(&b, body);

    if (b.rc != CONSENT_OK) {
        consent_buf_free(&b);
        return 0;
    }

    consent_buf_free(&w->body);
    w->body = b;

    return 1;
}


static void
ngx_consent_witness_keep(ngx_consent_witness_t *w)
{
    u_char                *memory;
    ngx_consent_commit_t  *commit;

    if (w->rc != CONSENT_OK && w->rc != CONSENT_CONFLICT) {
        ngx_consent_witness_rest(w, w->rc == CONSENT_NOTFOUND ? "what it answered has no line of its key"
                                    : "what it answered does not hold", 0);
        return;
    }

    w->old = w->held = w->size;
    commit = w->rc == CONSENT_OK ? ngx_consent_commit_create(CONSENT_LOG_COSIGN_MEMORY, &memory) : NULL;

    if (commit) {
        ngx_memcpy(memory, w->memory, CONSENT_LOG_COSIGN_MEMORY);
        commit->op = w->op;
        commit->op.now = ngx_consent_now();
        commit->op.step = (consent_log_step_t *) memory;

        /* with the next decisions, or a moment later: it is not waited for */
        commit->entry = 1;
        commit->gathers = 1;

        if (ngx_consent_store_commit(commit) != NGX_OK) {
            ngx_consent_commit_free(commit);
        }
    }

    ngx_consent_witness_rest(w, NULL, 0);
}


/* why: NULL when all is well. */
static void
ngx_consent_witness_rest(ngx_consent_witness_t *w, const char *why, ngx_uint_t status)
{
    w->busy = 0;
    w->next = ngx_current_msec + w->pause;

    if (why == NULL) {
        w->pause = NGX_CONSENT_WITNESS_PAUSE;
        w->ill = 0;
        return;
    }

    w->pause = ngx_min(w->pause * 2, NGX_CONSENT_WITNESS_PAUSE_MAX);

    if (!w->ill) {
        ngx_log_error(NGX_LOG_WARN, ngx_cycle->log, 0,
                      "consent: the witness \"%s\" has not signed the log: %s (status %ui); it is asked again", w->key->name,
                      why, status);
        w->ill = 1;
    }
}
