/*
 * The publisher. Each round: hash what is new from a snapshot and store the tiles; when that is durable, sign it, keep the
 * checkpoint beside the keys, and then show it.
 *
 * Only what this publisher has seen committed is signed: a snapshot may show what another process has written and the disk
 * not yet has. What it finds in the store and has not put there itself is therefore put once more.
 */

#include "ledger/log_inside.h"
#include "base/note_key.h"

#include <stdio.h>
#include <stdlib.h>

#define ATTEMPTS    3           /* to find a snapshot that is what was last signed */
#define STEP_BYTES  ((uint64_t) 16 << 20)       /* of entries hashed from one snapshot */

typedef enum {
    PUBLISHER_IDLE = 0,
    PUBLISHER_STORES,
    PUBLISHER_SHOWS
} publisher_phase_t;

struct consent_publisher_s {
    consent_ledger_t      *ledger;
    consent_digest_t      *digest;
    int                    signed_dir;
    uint8_t                seed[32];
    uint8_t                public_key[32];
    publisher_phase_t      phase;           /* of what was handed out last */
    bool                   known;           /* `log` and `growth` are what the store had when last seen */
    bool                   durable;         /* and this publisher has committed it */
    bool                   in_round;
    bool                   doubtful;        /* the snapshot is not what was last signed */
    consent_signed_t       compared;        /* the checkpoint beside the keys that the store was last compared with */
    uint64_t               target;          /* leaves to be published in this round */
    consent_log_record_t   log;
    uint64_t               hashed;          /* bytes, in this step */
    consent_rc_t           rc;              /* of hashing */
    consent_log_step_t     step;
    consent_log_growth_t  *growth;
    char                   origin[CONSENT_LOG_ORIGIN_MAX + 1];
};

typedef struct {
    consent_publisher_t  *publisher;
    uint64_t              index;            /* in the store, of the next entry */
    uint64_t              end;              /* not to be hashed */
} publisher_walk_t;

static consent_rc_t step(consent_publisher_t *p, char why[static 256]);
static consent_rc_t look(consent_publisher_t *p, consent_view_t *view, uint64_t *leaves, bool *ended);
static consent_rc_t find(consent_publisher_t *p, consent_view_t *view, consent_log_record_t *record, uint64_t *leaves,
    bool *ended);
static consent_rc_t round_step(consent_publisher_t *p, consent_view_t *view, char why[static 256]);
static consent_rc_t extend(consent_publisher_t *p, consent_view_t *view, uint64_t leaves);
static bool each_entry(void *arg, consent_slice_t key, consent_slice_t value);
static consent_rc_t sign(consent_publisher_t *p, consent_view_t *view, char why[static 256]);
static consent_rc_t compare(consent_publisher_t *p, consent_view_t *view, bool again, char why[static 256]);
static void new_step(consent_publisher_t *p);
static consent_rc_t say(char why[static 256], consent_rc_t rc, const char *what);


consent_rc_t
consent_publisher_create(consent_publisher_t **out, consent_ledger_t *ledger, const consent_publisher_conf_t *conf)
{
    consent_rc_t          rc;
    consent_publisher_t  *p;

    *out = NULL;

    if (!consent_note_name_valid(consent_cstr(conf->origin))) {
        return CONSENT_MALFORMED;
    }

    p = calloc(1, sizeof(consent_publisher_t));

    if (p == NULL) {
        return CONSENT_NOMEM;
    }

    p->ledger = ledger;
    p->signed_dir = conf->signed_dir;
    memcpy(p->seed, conf->seed, sizeof(p->seed));
    p->digest = consent_digest_create();
    p->growth = malloc(sizeof(consent_log_growth_t));

    rc = p->digest == NULL || p->growth == NULL ? CONSENT_NOMEM : consent_log_origin(p->origin, conf->origin, 0);

    if (rc == CONSENT_OK) {
        rc = consent_ed25519_public(p->public_key, p->seed);
    }

    if (rc != CONSENT_OK) {
        consent_publisher_destroy(p);
        return rc;
    }

    *out = p;

    return CONSENT_OK;
}


void
consent_publisher_destroy(consent_publisher_t *p)
{
    if (p == NULL) {
        return;
    }

    consent_digest_destroy(p->digest);
    free(p->growth);
    consent_wipe(p->seed, sizeof(p->seed));
    free(p);
}


consent_rc_t
consent_publisher_next(consent_publisher_t *p, consent_op_t *op, char why[static 256])
{
    int           attempt;
    consent_rc_t  rc;

    p->phase = PUBLISHER_IDLE;
    attempt = 0;

    do {
        why[0] = '\0';
        p->doubtful = false;
        rc = step(p, why);

        /* a snapshot may be older than what somebody else has signed since: a new one tells */

    } while (p->doubtful && ++attempt < ATTEMPTS && consent_log_compare(p->ledger, p->signed_dir, why) == CONSENT_OK);

    if (p->doubtful) {

        /* no lookup either, until the next begin finds that all is well */
        p->ledger->refused = p->ledger->guarded;
    }

    if (rc != CONSENT_OK) {
        p->in_round = false;
        return rc;
    }

    memset(op, 0, sizeof(consent_op_t));
    op->type = CONSENT_OP_LOG;
    op->step = &p->step;

    return CONSENT_OK;
}


/* Out of one snapshot. */
static consent_rc_t
step(consent_publisher_t *p, char why[static 256])
{
    bool            ended;
    uint64_t        leaves;
    consent_rc_t    rc;
    consent_view_t  view;

    rc = consent_store_read(p->ledger->store, &view);

    if (rc != CONSENT_OK) {
        return rc == CONSENT_NOTFOUND ? CONSENT_NOTFOUND : say(why, rc, "the store cannot be read");
    }

    rc = look(p, &view, &leaves, &ended);

    if (rc == CONSENT_OK && !p->in_round) {
        p->target = leaves;
        p->in_round = true;
    }

    if (rc == CONSENT_OK) {
        rc = compare(p, &view, false, why);
        rc = rc == CONSENT_OK ? round_step(p, &view, why) : rc;

    } else if (rc == CONSENT_MALFORMED) {
        rc = say(why, CONSENT_DENIED, "the store contradicts itself: the log's tiles do not have the root it says");

    } else {
        (void) say(why, rc, "the log cannot be read");
    }

    consent_store_read_end(p->ledger->store, &view);

    return rc;
}


void
consent_publisher_done(consent_publisher_t *p, consent_rc_t rc)
{
    if (rc != CONSENT_OK) {
        p->known = p->durable = p->in_round = false;

    } else if (p->phase == PUBLISHER_STORES) {
        p->log = p->step.to;
        p->durable = true;

    } else if (p->phase == PUBLISHER_SHOWS) {
        p->log.shown = p->step.note_size;
    }

    p->phase = PUBLISHER_IDLE;
}


consent_rc_t
consent_log_publish(consent_publisher_t *p, char why[static 256])
{
    consent_op_t  op;
    consent_rc_t  rc;

    while ((rc = consent_publisher_next(p, &op, why)) == CONSENT_OK) {
        rc = consent_ledger_begin(p->ledger);

        if (rc == CONSENT_OK) {
            (void) consent_ledger_apply(p->ledger, &op);
            rc = consent_ledger_commit(p->ledger);
            rc = rc == CONSENT_OK ? op.rc : rc;
        }

        consent_publisher_done(p, rc);

        if (rc != CONSENT_OK && rc != CONSENT_CONFLICT) {
            return say(why, rc, consent_ledger_why(p->ledger));
        }
    }

    return rc == CONSENT_NOTFOUND ? CONSENT_OK : rc;
}


/* What the store has now. */
static consent_rc_t
look(consent_publisher_t *p, consent_view_t *view, uint64_t *leaves, bool *ended)
{
    consent_rc_t          rc;
    consent_log_record_t  now;

    rc = find(p, view, &now, leaves, ended);

    if (rc != CONSENT_OK) {
        return rc;
    }

    if (p->known && now.number == p->log.number && now.size == p->log.size && now.shown == p->log.shown
        && memcmp(now.root, p->log.root, CONSENT_HASH_LEN) == 0)
    {
        return CONSENT_OK;
    }

    p->known = p->durable = p->in_round = false;
    p->log = now;

    rc = consent_log_growth_load(p->growth, view, p->digest, &p->log);
    p->known = rc == CONSENT_OK;

    return rc;
}


/* The first log that is not all published, or the newest. */
static consent_rc_t
find(consent_publisher_t *p, consent_view_t *view, consent_log_record_t *record, uint64_t *leaves, bool *ended)
{
    uint64_t      end;
    consent_rc_t  rc;

    rc = consent_log_record_get(view, p->known ? p->log.number : 0, record);

    if (rc == CONSENT_NOTFOUND) {
        memset(record, 0, sizeof(consent_log_record_t));
        memcpy(record->origin, p->origin, sizeof(p->origin));
        rc = CONSENT_OK;
    }

    while (rc == CONSENT_OK) {
        rc = consent_log_record_end(view, record, &end, ended);

        if (rc != CONSENT_OK) {
            break;
        }

        *leaves = end - record->first;

        if (!*ended || record->shown < *leaves) {
            break;
        }

        rc = consent_log_record_get(view, record->number + 1, record);
    }

    return rc;
}


static consent_rc_t
round_step(consent_publisher_t *p, consent_view_t *view, char why[static 256])
{
    consent_rc_t  rc;

    if (p->log.shown >= p->target && p->log.shown == p->log.size) {
        return CONSENT_NOTFOUND;
    }

    if (p->log.size < p->target || !p->durable) {
        rc = extend(p, view, p->target);
        p->phase = PUBLISHER_STORES;

        return rc == CONSENT_OK ? rc : say(why, rc, "the log's entries cannot be read");
    }

    rc = sign(p, view, why);
    p->phase = PUBLISHER_SHOWS;

    return rc;
}


static consent_rc_t
extend(consent_publisher_t *p, consent_view_t *view, uint64_t leaves)
{
    uint8_t           key[8];
    uint64_t          n;
    consent_rc_t      rc;
    publisher_walk_t  walk;

    new_step(p);

    n = leaves - p->log.size < CONSENT_PUBLISHER_STEP ? leaves - p->log.size : CONSENT_PUBLISHER_STEP;
    walk = (publisher_walk_t) { p, p->log.first + p->log.size, p->log.first + p->log.size + n };
    p->hashed = 0;
    p->rc = CONSENT_OK;

    if (n > 0) {
        consent_put_u64(key, walk.index);
        rc = consent_view_walk(view, CONSENT_TABLE_ENTRIES, consent_slice(key, sizeof(key)), each_entry, &walk);

        /* from here on what has grown is ahead of the store */
        p->known = false;

        if (rc != CONSENT_OK || p->rc != CONSENT_OK || p->step.to.size == p->log.size) {
            return rc != CONSENT_OK ? rc : p->rc != CONSENT_OK ? p->rc : CONSENT_IO;
        }

        p->known = true;
    }

    consent_log_growth_keep(p->growth, &p->step);

    return consent_log_growth_root(p->growth, p->digest, p->step.to.size, p->step.to.root);
}


static bool
each_entry(void *arg, consent_slice_t key, consent_slice_t value)
{
    uint8_t               leaf[CONSENT_HASH_LEN];
    publisher_walk_t     *walk = arg;
    consent_publisher_t  *p = walk->publisher;

    if (walk->index == walk->end || p->hashed >= STEP_BYTES) {
        return false;
    }

    if (key.len != 8 || consent_get_u64(key.data) != walk->index) {
        p->rc = CONSENT_IO;
        return false;
    }

    p->rc = consent_tree_leaf(p->digest, leaf, value);

    if (p->rc == CONSENT_OK) {
        p->rc = consent_log_growth_add(p->growth, p->digest, &p->step, leaf);
    }

    walk->index++;
    p->hashed += value.len;

    return p->rc == CONSENT_OK;
}


static consent_rc_t
sign(consent_publisher_t *p, consent_view_t *view, char why[static 256])
{
    char                  origin[CONSENT_LOG_ORIGIN_MAX + 1];
    consent_rc_t          rc;
    consent_buf_t         b;
    consent_note_key_t    key;

    rc = consent_log_origin(origin, p->origin, p->log.number);

    if (rc != CONSENT_OK || strcmp(origin, p->log.origin) != 0) {
        (void) snprintf(why, 256, "the store's log is \"%.80s\", which the key of \"%.80s\" does not sign", p->log.origin,
                        p->origin);
        return CONSENT_CONFLICT;
    }

    rc = compare(p, view, true, why);

    if (rc != CONSENT_OK) {
        return rc;
    }

    new_step(p);
    p->step.to.shown = p->step.note_size = p->log.size;

    consent_buf_init_fixed(&b, p->step.note, sizeof(p->step.note));
    rc = consent_checkpoint_write(&b, consent_cstr(origin), p->log.size, p->log.root);

    if (rc == CONSENT_OK) {
        rc = consent_note_key_make(&key, consent_cstr(origin), CONSENT_NOTE_ED25519, p->public_key);
    }

    if (rc == CONSENT_OK) {
        rc = consent_note_sign(&b, consent_buf_view(&b), &key, p->seed);
    }

    if (rc != CONSENT_OK) {
        return say(why, rc, "the log's checkpoint cannot be signed");
    }

    p->step.note_len = b.len;

    if (p->signed_dir != -1) {
        rc = consent_log_signed_write(p->signed_dir, consent_buf_view(&b));
    }

    return rc == CONSENT_OK ? rc : say(why, rc, "the log's checkpoint cannot be kept beside the keys");
}


/* With what was last signed: if that has changed, or at any rate. */
static consent_rc_t
compare(consent_publisher_t *p, consent_view_t *view, bool again, char why[static 256])
{
    consent_rc_t      rc;
    consent_signed_t  now;

    if (p->signed_dir == -1) {
        return CONSENT_OK;
    }

    now = consent_ledger_signed(p->ledger, p->signed_dir);

    if (!again && memcmp(&now, &p->compared, sizeof(now)) == 0) {
        return CONSENT_OK;
    }

    rc = consent_log_guard(view, p->digest, p->signed_dir, why);

    if (rc == CONSENT_OK) {
        p->compared = now;

    } else {
        memset(&p->compared, 0, sizeof(p->compared));
        p->doubtful = true;
    }

    return rc;
}


static void
new_step(consent_publisher_t *p)
{
    p->step.from = p->step.to = p->log;
    p->step.n = 0;
    p->step.hashes = p->growth->kept[0];
    p->step.note_size = 0;
    p->step.note_len = 0;
    p->step.cosigned = false;
}


static consent_rc_t
say(char why[static 256], consent_rc_t rc, const char *what)
{
    (void) snprintf(why, 256, "%.200s (%.40s)", what, consent_rc_name(rc));

    return rc;
}
