/*
 * Lines of witnesses for a checkpoint that was signed here: verified, and kept behind the log's own.
 */

#include "ledger/log_inside.h"

_Static_assert(sizeof(consent_log_step_t) <= CONSENT_LOG_COSIGN_MEMORY, "room for a step");

static consent_rc_t find_kept(consent_view_t *view, const consent_checkpoint_t *c, consent_log_step_t *step);
static consent_rc_t add_lines(consent_log_step_t *step, const consent_checkpoint_t *c,
    const consent_note_key_t *witnesses, size_t n, unsigned *added);
static consent_rc_t is_there(consent_slice_t note, const consent_note_key_t *witness);


consent_rc_t
consent_log_cosign(consent_ledger_t *ledger, consent_slice_t note, const consent_note_key_t *witnesses, size_t n,
    consent_op_t *op, void *memory, unsigned *added)
{
    consent_rc_t           rc;
    consent_view_t         view;
    consent_log_step_t    *step = memory;
    consent_checkpoint_t   c;

    *added = 0;
    rc = consent_checkpoint_read(&c, note);

    if (rc != CONSENT_OK) {
        return rc == CONSENT_LIMIT ? CONSENT_MALFORMED : rc;
    }

    memset(step, 0, sizeof(consent_log_step_t));
    rc = consent_store_read(ledger->store, &view);

    if (rc == CONSENT_OK) {
        rc = find_kept(&view, &c, step);
        consent_store_read_end(ledger->store, &view);
    }

    if (rc == CONSENT_OK) {
        rc = add_lines(step, &c, witnesses, n, added);
    }

    if (rc == CONSENT_OK) {
        memset(op, 0, sizeof(consent_op_t));
        op->type = CONSENT_OP_LOG;
        op->step = step;
    }

    return rc;
}


/* The checkpoint as it was signed here; another text is another checkpoint. */
static consent_rc_t
find_kept(consent_view_t *view, const consent_checkpoint_t *c, consent_log_step_t *step)
{
    consent_rc_t          rc;
    consent_slice_t       kept;
    consent_log_record_t  record;

    rc = consent_log_record_named(view, c->origin, &record);

    if (rc == CONSENT_OK) {
        rc = consent_log_note_get(view, record.number, c->size, &kept);
    }

    if (rc != CONSENT_OK) {
        return rc;
    }

    if (kept.len > sizeof(step->note)) {
        return CONSENT_IO;
    }

    if (kept.len <= c->note.text.len || memcmp(kept.data, c->note.text.data, c->note.text.len) != 0
        || kept.data[c->note.text.len] != '\n')
    {
        return CONSENT_NOTFOUND;
    }

    step->from = step->to = record;
    step->cosigned = true;
    step->note_size = c->size;
    step->before = step->note_len = kept.len;
    memcpy(step->note, kept.data, kept.len);

    return CONSENT_OK;
}


static consent_rc_t
add_lines(consent_log_step_t *step, const consent_checkpoint_t *c, const consent_note_key_t *witnesses, size_t n,
    unsigned *added)
{
    size_t           i;
    uint64_t         time;
    consent_rc_t     rc;
    consent_note_t   one;
    consent_slice_t  lines, line, name, signature;

    lines = c->note.lines;
    rc = CONSENT_NOTFOUND;

    while (consent_note_next(&lines, &line, &name, &signature) == CONSENT_OK) {

        /* with its LF */
        one = (consent_note_t) { c->note.text, consent_slice(line.data, line.len + 1), 1 };

        for (i = 0; i < n; i++) {
            switch (consent_cosignature_verify(&one, &witnesses[i], &time)) {
            case CONSENT_OK:
                break;

            case CONSENT_NOTFOUND:
                continue;

            default:
                return CONSENT_DENIED;
            }

            if (is_there(consent_slice(step->note, step->note_len), &witnesses[i]) != CONSENT_NOTFOUND) {
                rc = rc == CONSENT_NOTFOUND ? CONSENT_CONFLICT : rc;
                continue;
            }

            if (one.lines.len > sizeof(step->note) - step->note_len) {
                return CONSENT_LIMIT;
            }

            memcpy(step->note + step->note_len, one.lines.data, one.lines.len);
            step->note_len += one.lines.len;
            (*added)++;
            rc = CONSENT_OK;
        }
    }

    return rc;
}


static consent_rc_t
is_there(consent_slice_t note, const consent_note_key_t *witness)
{
    uint64_t        time;
    consent_rc_t    rc;
    consent_note_t  opened;

    rc = consent_note_open(&opened, note);

    return rc == CONSENT_OK ? consent_cosignature_verify(&opened, witness, &time) : rc;
}
