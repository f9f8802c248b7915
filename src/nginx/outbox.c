/*
 * The outbox of a node, as its workers see it.
 *
 * Each looks now and then, on the thread pool, for what is due. A message is first claimed: its time is put off by
 * longer than a delivery takes, in the store, under the worker's number, so that one worker has it; one whose worker is
 * gone is due at once. Delivered means that the location answered with 2xx; else it is due again later and later, until
 * its time is over. The receiver may get it twice, and knows it by its Idempotency-Key.
 */

#include "nginx/deliver.h"
#include "nginx/holder.h"
#include "nginx/outbox.h"


#define NGX_CONSENT_OUTBOX_BATCH   8
#define NGX_CONSENT_OUTBOX_LOOK    5000             /* ms between looks when nothing is known to be due */
#define NGX_CONSENT_OUTBOX_SELDOM  60000            /* the same where no location takes any: old ones are deleted */
#define NGX_CONSENT_OUTBOX_SOON    1
#define NGX_CONSENT_OUTBOX_LEASE   (5 * 60 * 1000)  /* ms that a claim holds */

/* ms before the next attempt, by how many there were */
static const consent_time_t  ngx_consent_outbox_again[] = {
    2000, 5000, 15000, 60000, 5 * 60000, 15 * 60000, 60 * 60000
};

/* A message in the hands of this worker. */
typedef struct {
    ngx_queue_t              queue;
    consent_message_t        message;
    consent_time_t           due;               /* when it is due after the claim */
    ngx_consent_policy_t    *policy;
    u_char                   topic[CONSENT_HANDOFF_TOPIC];
    size_t                   topic_len;
    u_char                   key[2 * CONSENT_ID_LEN];
    size_t                   len;
    u_char                   payload[];         /* sealed */
} ngx_consent_letter_t;

typedef struct {
    ngx_thread_task_t         task;
    ngx_event_t               timer;
    ngx_consent_main_conf_t  *mcf;
    ngx_queue_t               letters;          /* found by the task, not yet claimed */
    ngx_queue_t               mine;             /* claimed, or about to be */
    ngx_uint_t                n;
    uint32_t                  number;           /* that our claims carry */
    consent_time_t            now;
    consent_time_t            next;             /* when the first is due that is not; 0: none */
    unsigned                  busy:1;           /* the task is on its way */
    unsigned                  again:1;          /* somebody asked meanwhile */
    unsigned                  started:1;
} ngx_consent_outbox_t;

static void ngx_consent_outbox_timer(ngx_event_t *ev);
static void ngx_consent_outbox_thread(void *data, ngx_log_t *log);
static bool ngx_consent_outbox_each(void *arg, const consent_message_t *message);
static void ngx_consent_outbox_found(ngx_event_t *ev);
static void ngx_consent_outbox_rest(void);
static void ngx_consent_outbox_claim(ngx_consent_letter_t *letter);
static void ngx_consent_outbox_claimed(ngx_consent_commit_t *commit);
static ngx_int_t ngx_consent_outbox_deliver(ngx_consent_letter_t *letter);
static ngx_consent_policy_t *ngx_consent_outbox_read(ngx_consent_letter_t *letter, consent_slice_t document);
static void ngx_consent_outbox_delivered(void *data, ngx_uint_t status);
static void ngx_consent_outbox_settle(ngx_consent_letter_t *letter, consent_time_t again);
static void ngx_consent_outbox_say(ngx_consent_letter_t *letter, consent_handoff_status_t status);
static void ngx_consent_outbox_free(ngx_consent_letter_t *letter);

static ngx_consent_outbox_t  ngx_consent_outbox;


void
ngx_consent_outbox_start(ngx_cycle_t *cycle, ngx_consent_main_conf_t *mcf)
{
    ngx_consent_outbox_t  *box = &ngx_consent_outbox;

    ngx_memzero(box, sizeof(ngx_consent_outbox_t));

    if (mcf->store.len == 0) {
        return;
    }

    ngx_queue_init(&box->letters);
    ngx_queue_init(&box->mine);
    box->mcf = mcf;

    box->task.handler = ngx_consent_outbox_thread;
    box->task.ctx = box;
    box->task.event.handler = ngx_consent_outbox_found;
    box->task.event.data = box;
    box->task.event.log = cycle->log;

    box->timer.handler = ngx_consent_outbox_timer;
    box->timer.data = box;
    box->timer.log = cycle->log;
    box->timer.cancelable = 1;

    box->number = ngx_consent_holder_start(cycle, &mcf->store);
    box->started = 1;

    ngx_add_timer(&box->timer, NGX_CONSENT_OUTBOX_LOOK / 10);
}


void
ngx_consent_outbox_stop(void)
{
    ngx_queue_t           *q;
    ngx_consent_outbox_t  *box = &ngx_consent_outbox;

    if (!box->started) {
        return;
    }

    box->started = 0;
    ngx_consent_holder_stop();

    while (!ngx_queue_empty(&box->letters)) {
        q = ngx_queue_head(&box->letters);
        ngx_queue_remove(q);
        ngx_free(ngx_queue_data(q, ngx_consent_letter_t, queue));
    }
}


void
ngx_consent_outbox_wake(void)
{
    ngx_consent_outbox_t  *box = &ngx_consent_outbox;

    if (!box->started) {
        return;
    }

    if (box->busy) {
        box->again = 1;
        return;
    }

    ngx_add_timer(&box->timer, NGX_CONSENT_OUTBOX_SOON);
}


static void
ngx_consent_outbox_timer(ngx_event_t *ev)
{
    ngx_consent_outbox_t  *box = ev->data;

    if (box->busy || !box->started) {
        return;
    }

    if (ngx_exiting || ngx_terminate) {
        return;
    }

    box->busy = 1;
    box->again = 0;
    box->n = 0;
    box->next = 0;
    box->now = ngx_consent_now();

    if (ngx_consent_store_ledger() == NULL || ngx_thread_task_post(box->mcf->threads, &box->task) != NGX_OK) {
        box->busy = 0;
        ngx_consent_outbox_rest();
    }
}


static void
ngx_consent_outbox_thread(void *data, ngx_log_t *log)
{
    ngx_consent_outbox_t  *box = data;

    consent_ledger_t  *ledger;

    ledger = ngx_consent_store_ledger();

    if (ledger != NULL) {
        (void) consent_ledger_outbox(ledger, ngx_consent_outbox_each, box);
    }
}


static bool
ngx_consent_outbox_each(void *arg, const consent_message_t *message)
{
    ngx_consent_outbox_t  *box = arg;

    ngx_flag_t             due;
    ngx_consent_letter_t  *letter;

    due = message->due <= box->now || (message->holder && ngx_consent_holder_gone(message->holder));

    if (!due) {

        if (box->next == 0) {
            box->next = message->due;
        }

        /* no claim reaches further */

        return message->due <= box->now + NGX_CONSENT_OUTBOX_LEASE;
    }

    if (box->n == NGX_CONSENT_OUTBOX_BATCH) {
        box->next = box->now;
        return false;
    }

    letter = calloc(1, sizeof(ngx_consent_letter_t) + message->payload.len);

    if (letter == NULL) {
        box->next = box->now + NGX_CONSENT_OUTBOX_LOOK;
        return false;
    }

    letter->message = *message;
    letter->len = message->payload.len;
    ngx_memcpy(letter->payload, message->payload.data, letter->len);
    letter->message.payload = consent_slice(letter->payload, letter->len);
    (void) ngx_hex_dump(letter->key, letter->message.id, CONSENT_ID_LEN);

    ngx_queue_insert_tail(&box->letters, &letter->queue);
    box->n++;

    return true;
}


static void
ngx_consent_outbox_found(ngx_event_t *ev)
{
    ngx_consent_outbox_t  *box = ev->data;

    ngx_queue_t  *q;

    box->busy = 0;

    if (!box->started) {
        return;
    }

    while (!ngx_queue_empty(&box->letters)) {
        q = ngx_queue_head(&box->letters);
        ngx_queue_remove(q);
        ngx_consent_outbox_claim(ngx_queue_data(q, ngx_consent_letter_t, queue));
    }

    ngx_consent_outbox_rest();
}


/* Until the next look. */
static void
ngx_consent_outbox_rest(void)
{
    ngx_msec_t             wait;
    consent_time_t         now;
    ngx_consent_outbox_t  *box = &ngx_consent_outbox;

    if (box->again) {
        ngx_add_timer(&box->timer, NGX_CONSENT_OUTBOX_SOON);
        return;
    }

    wait = box->mcf->outlets.nelts ? NGX_CONSENT_OUTBOX_LOOK : NGX_CONSENT_OUTBOX_SELDOM;
    now = ngx_consent_now();

    if (box->next != 0 && box->next - now < (consent_time_t) wait) {
        wait = box->next > now ? (ngx_msec_t) (box->next - now) : 50;
    }

    ngx_add_timer(&box->timer, wait);
}


static void
ngx_consent_outbox_claim(ngx_consent_letter_t *letter)
{
    ngx_consent_commit_t  *commit;

    ngx_queue_insert_tail(&ngx_consent_outbox.mine, &letter->queue);

    commit = ngx_consent_commit_create(0, NULL);

    if (commit == NULL) {
        ngx_consent_outbox_free(letter);
        return;
    }

    letter->due = ngx_consent_now() + NGX_CONSENT_OUTBOX_LEASE;

    commit->op.type = CONSENT_OP_MESSAGE;
    commit->op.now = ngx_consent_now();
    commit->op.message = &letter->message;
    commit->op.again = letter->due;
    commit->op.holder = ngx_consent_outbox.number;
    commit->handler = ngx_consent_outbox_claimed;
    commit->data = letter;

    if (ngx_consent_store_commit(commit) != NGX_OK) {
        ngx_consent_commit_free(commit);
        ngx_consent_outbox_free(letter);
    }
}


static void
ngx_consent_outbox_claimed(ngx_consent_commit_t *commit)
{
    consent_rc_t           rc;
    ngx_consent_letter_t  *letter;

    rc = commit->op.rc;
    letter = commit->data;
    ngx_consent_commit_free(commit);

    if (rc != CONSENT_OK) {
        /* another worker has it, or it stays where it is */
        ngx_consent_outbox_free(letter);
        return;
    }

    letter->message.due = letter->due;
    letter->message.attempts++;

    if (letter->message.expires <= ngx_consent_now()) {
        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                      "consent: a message could not be handed over in %ud attempts; it is given up",
                      letter->message.attempts);
        (void) ngx_consent_outbox_deliver(letter);
        return;
    }

    if (ngx_consent_outbox_deliver(letter) != NGX_OK) {
        ngx_consent_outbox_delivered(letter, 0);
    }
}


/* NGX_ERROR: it cannot be read or sent now. */
static ngx_int_t
ngx_consent_outbox_deliver(ngx_consent_letter_t *letter)
{
    uint8_t                 *document;
    ngx_int_t                rc;
    consent_rc_t             opened;
    consent_slice_t          text;
    ngx_consent_outlet_t    *outlet;
    ngx_consent_outbox_t    *box = &ngx_consent_outbox;
    ngx_consent_delivery_t   delivery;

    if (letter->len < CONSENT_SEAL_OVERHEAD) {
        return NGX_ERROR;
    }

    text.len = letter->len - CONSENT_SEAL_OVERHEAD;
    document = ngx_alloc(text.len + 1, ngx_cycle->log);

    if (document == NULL) {
        return NGX_ERROR;
    }

    text.data = document;
    opened = consent_message_open(document, &letter->message, box->mcf->keys->handoff);

    letter->policy = opened == CONSENT_OK ? ngx_consent_outbox_read(letter, text) : NULL;
    outlet = letter->policy ? ngx_consent_outlet(box->mcf, letter->policy->policy->id_key, letter->message.kind) : NULL;

    if (letter->message.expires <= ngx_consent_now()) {
        ngx_consent_outbox_say(letter, CONSENT_HANDOFF_EXPIRED);
        ngx_consent_outbox_settle(letter, 0);
        rc = NGX_OK;

    } else if (outlet == NULL) {
        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                      "consent: a message cannot be handed over: %s",
                      opened == CONSENT_OK ? "no location takes it in this configuration"
                      : "it was not sealed with this node's handoff.key");
        rc = NGX_ERROR;

    } else {
        delivery.conf = outlet->conf;
        delivery.uri = letter->message.kind == CONSENT_MESSAGE_EVENT ? outlet->event : outlet->handoff;
        delivery.key.data = letter->key;
        delivery.key.len = sizeof(letter->key);
        delivery.document.data = document;
        delivery.document.len = text.len;
        delivery.type = NULL;
        delivery.answered = NULL;
        delivery.done = ngx_consent_outbox_delivered;
        delivery.data = letter;

        rc = ngx_consent_deliver(&delivery);
    }

    consent_wipe(document, text.len);
    ngx_free(document);

    return rc;
}


/* The policy that a document is under, and the topic of a hand-off. */
static ngx_consent_policy_t *
ngx_consent_outbox_read(ngx_consent_letter_t *letter, consent_slice_t document)
{
    ngx_uint_t              i;
    consent_json_t         *root;
    consent_arena_t        *arena;
    ngx_consent_policy_t   *found, **policies;
    consent_json_error_t    err;
    const consent_json_t   *policy, *topic;
    ngx_consent_outbox_t   *box = &ngx_consent_outbox;

    found = NULL;
    arena = consent_arena_create(16 * CONSENT_MESSAGE_MAX);

    if (arena && consent_json_parse(&root, arena, document, 8, &err) == CONSENT_OK) {
        policy = consent_json_get(root, "policy");
        topic = consent_json_get(root, "topic");
        policies = box->mcf->policies.elts;

        for (i = 0; policy && policy->type == CONSENT_JSON_STRING && i < box->mcf->policies.nelts; i++) {
            if (consent_slice_eq(policies[i]->policy->id, policy->text)) {
                found = policies[i];
            }
        }

        if (topic && topic->type == CONSENT_JSON_STRING && topic->text.len <= CONSENT_HANDOFF_TOPIC) {
            letter->topic_len = topic->text.len;
            ngx_memcpy(letter->topic, topic->text.data, topic->text.len);
        }
    }

    consent_arena_destroy(arena);

    return found;
}


static void
ngx_consent_outbox_delivered(void *data, ngx_uint_t status)
{
    ngx_uint_t             n;
    consent_time_t         wait;
    ngx_consent_letter_t  *letter = data;

    if (status >= 200 && status < 300) {
        ngx_consent_count(CONSENT_COUNT_DELIVERED, 1);
        ngx_consent_outbox_say(letter, CONSENT_HANDOFF_DELIVERED);
        ngx_consent_outbox_settle(letter, 0);
        return;
    }

    ngx_consent_count(CONSENT_COUNT_NOT_DELIVERED, 1);

    n = ngx_min(letter->message.attempts, consent_countof(ngx_consent_outbox_again)) - 1;
    wait = ngx_consent_outbox_again[n];

    if (status) {
        ngx_log_error(NGX_LOG_WARN, ngx_cycle->log, 0,
                      "consent: a message was not taken, the answer was %ui; attempt %ud, the next in %L s",
                      status, letter->message.attempts, wait / 1000);
    }

    ngx_consent_outbox_settle(letter, ngx_consent_now() + wait);
}


/* Out of the outbox, or due again. A worker that is leaving takes its claim with it instead. */
static void
ngx_consent_outbox_settle(ngx_consent_letter_t *letter, consent_time_t again)
{
    u_char                *memory;
    ngx_consent_commit_t  *commit;

    commit = ngx_consent_commit_create(sizeof(consent_message_t), &memory);

    if (commit) {
        ngx_memcpy(memory, &letter->message, sizeof(consent_message_t));

        commit->op.type = CONSENT_OP_MESSAGE;
        commit->op.now = ngx_consent_now();
        commit->op.message = (consent_message_t *) memory;
        commit->op.again = again;
        commit->entry = 1;

        if (ngx_consent_store_commit(commit) != NGX_OK) {
            ngx_consent_commit_free(commit);
        }
    }

    ngx_consent_outbox_free(letter);
}


static void
ngx_consent_outbox_free(ngx_consent_letter_t *letter)
{
    ngx_queue_remove(&letter->queue);
    ngx_free(letter);
}


/* The log, and who asks, are told what became of a hand-off. */
static void
ngx_consent_outbox_say(ngx_consent_letter_t *letter, consent_handoff_status_t status)
{
    consent_handoff_t      handoff;
    ngx_consent_commit_t  *commit;

    if (letter->message.kind != CONSENT_MESSAGE_HANDOFF || letter->policy == NULL) {
        return;
    }

    ngx_memzero(&handoff, sizeof(consent_handoff_t));
    ngx_memcpy(handoff.id, letter->message.id, CONSENT_ID_LEN);
    handoff.status = status;
    handoff.created = letter->message.created;
    handoff.changed = ngx_consent_now();
    handoff.topic = consent_slice(letter->topic, letter->topic_len);

    commit = ngx_consent_handoff_commit(letter->policy, &handoff, "callback", 0, NULL);

    if (commit) {
        commit->entry = 1;

        if (ngx_consent_store_commit(commit) != NGX_OK) {
            ngx_consent_commit_free(commit);
        }
    }
}
