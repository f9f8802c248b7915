/*
 * The log of a restored store. What was lost may have been signed, and must not be signed anew with other leaves: the logs of
 * the backup end with what it has of them, and one begins whose number no checkpoint has had.
 */

#include "base/json.h"
#include "ledger/restore_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static consent_rc_t number_of(const char *name, consent_slice_t origin, uint32_t *number);
static consent_rc_t begin_log(consent_restoring_t *r, uint64_t *lost, bool *lost_known);
static consent_rc_t first_log(consent_restoring_t *r);
static consent_rc_t say(consent_restoring_t *r, uint64_t lost, bool lost_known);
static consent_rc_t keep_last(consent_restoring_t *r);


consent_rc_t
consent_restore_last(consent_restoring_t *r, char why[static 256])
{
    consent_rc_t           rc;
    consent_checkpoint_t   checkpoint;

    if (r->conf->signed_dir == -1) {
        return CONSENT_OK;
    }

    rc = consent_log_signed_read(r->conf->signed_dir, r->last.text, &r->last.len);

    if (rc == CONSENT_NOTFOUND) {
        return CONSENT_OK;
    }

    if (rc == CONSENT_OK
        && (consent_checkpoint_read(&checkpoint, consent_slice(r->last.text, r->last.len)) != CONSENT_OK
            || number_of(r->conf->origin, checkpoint.origin, &r->last.number) != CONSENT_OK))
    {
        rc = CONSENT_DENIED;
    }

    if (rc != CONSENT_OK) {
        (void) snprintf(why, 256, rc == CONSENT_DENIED ? "the checkpoint beside the keys is damaged, or not of these keys"
                                                       : "the checkpoint beside the keys cannot be read");
        return rc;
    }

    r->last.known = true;
    r->last.size = checkpoint.size;

    return CONSENT_OK;
}


consent_rc_t
consent_restore_begin(consent_restoring_t *r)
{
    bool          lost_known;
    uint64_t      lost;
    consent_rc_t  rc;

    rc = consent_ledger_begin(r->ledger);

    if (rc != CONSENT_OK) {
        return rc;
    }

    r->out->entries = r->ledger->meta.next_index;
    r->floor = r->conf->now > r->ledger->meta.last_time ? r->conf->now : r->ledger->meta.last_time;
    r->floor = r->ledger->meta.floor > r->floor ? r->ledger->meta.floor : r->floor;

    rc = begin_log(r, &lost, &lost_known);

    if (rc == CONSENT_OK) {
        rc = say(r, lost, lost_known);
    }

    if (rc == CONSENT_OK) {
        r->ledger->meta.floor = r->floor;
        rc = consent_ledger_commit(r->ledger);
    }

    return rc;
}


consent_rc_t
consent_restore_sign(consent_restoring_t *r, char why[static 256])
{
    uint8_t                   memory[CONSENT_LOG_CHECKPOINT_MAX];
    consent_rc_t              rc;
    consent_buf_t             checkpoint;
    consent_publisher_t      *publisher;
    consent_publisher_conf_t  conf = { .origin = r->conf->origin, .seed = r->conf->seed, .signed_dir = -1 };

    rc = consent_publisher_create(&publisher, r->ledger, &conf);

    if (rc != CONSENT_OK) {
        (void) snprintf(why, 256, "the log cannot be signed: %s", consent_rc_name(rc));
        return rc;
    }

    rc = consent_log_publish(publisher, why);
    consent_publisher_destroy(publisher);

    if (rc != CONSENT_OK || r->conf->signed_dir == -1) {
        return rc;
    }

    consent_buf_init_fixed(&checkpoint, memory, sizeof(memory));
    rc = consent_log_checkpoint(r->ledger, &checkpoint);

    if (rc == CONSENT_OK) {
        rc = keep_last(r);
    }

    if (rc == CONSENT_OK) {
        rc = consent_log_signed_write(r->conf->signed_dir, consent_buf_view(&checkpoint));
    }

    if (rc != CONSENT_OK) {
        (void) snprintf(why, 256, "the log's checkpoint cannot be kept beside the keys: %s", consent_rc_name(rc));
    }

    return rc;
}


/* Which log of a key an origin is of: the key's own name is the first. */
static consent_rc_t
number_of(const char *name, consent_slice_t origin, uint32_t *number)
{
    char      written[CONSENT_LOG_ORIGIN_MAX + 1];
    size_t    i, len;
    uint64_t  n;

    len = strlen(name);
    n = 0;

    if (origin.len < len || memcmp(origin.data, name, len) != 0) {
        return CONSENT_DENIED;
    }

    for (i = len + 1; i < origin.len; i++) {
        if (origin.data[i] < '0' || origin.data[i] > '9' || n > UINT32_MAX / 10) {
            return CONSENT_DENIED;
        }

        n = n * 10 + (uint64_t) (origin.data[i] - '0');
    }

    *number = (uint32_t) n;

    return n < CONSENT_LOG_NEWEST && consent_log_origin(written, name, *number) == CONSENT_OK
           && consent_slice_eq(origin, consent_cstr(written)) ? CONSENT_OK : CONSENT_DENIED;
}


static consent_rc_t
begin_log(consent_restoring_t *r, uint64_t *lost, bool *lost_known)
{
    uint32_t              number, next;
    uint64_t              end;
    consent_rc_t          rc;
    consent_log_record_t  record;

    *lost = 0;
    *lost_known = r->last.known;

    rc = consent_log_record_get(&r->ledger->view, CONSENT_LOG_NEWEST, &record);

    if (rc == CONSENT_NOTFOUND) {
        rc = first_log(r);

        if (rc == CONSENT_OK) {
            rc = consent_log_record_get(&r->ledger->view, CONSENT_LOG_NEWEST, &record);
        }
    }

    if (rc != CONSENT_OK) {
        return rc;
    }

    number = record.number;

    if (r->last.known) {
        number = r->last.number > number ? r->last.number : number;
        rc = consent_log_record_get(&r->ledger->view, r->last.number, &record);
        *lost_known = rc == CONSENT_OK;

        if (rc == CONSENT_OK) {
            end = record.first + r->last.size;
            *lost = end > r->ledger->meta.next_index ? end - r->ledger->meta.next_index : 0;

        } else if (rc == CONSENT_NOTFOUND) {
            *lost = r->last.size;           /* all of a later log than the backup has, if not more */
        }
    }

    /* those in between are of what was lost: here they have nothing */

    rc = consent_log_record_get(&r->ledger->view, CONSENT_LOG_NEWEST, &record);
    next = record.number;

    while (rc == CONSENT_OK && next <= number) {
        rc = consent_log_begin(r->ledger, ++next);
    }

    r->out->log = next;
    r->out->lost = *lost;

    return rc;
}


/* A backup of before the first publishing: its log is the key's first, and has all that is in it. */
static consent_rc_t
first_log(consent_restoring_t *r)
{
    consent_rc_t          rc;
    consent_log_record_t  record;

    memset(&record, 0, sizeof(record));
    rc = consent_log_origin(record.origin, r->conf->origin, 0);

    return rc == CONSENT_OK ? consent_log_record_put(r->ledger, &record) : rc;
}


static consent_rc_t
say(consent_restoring_t *r, uint64_t lost, bool lost_known)
{
    char           memory[1024], origin[CONSENT_LOG_ORIGIN_MAX + 1];
    consent_op_t   op;
    consent_rc_t   rc;
    consent_buf_t  fields;

    consent_buf_init_fixed(&fields, memory, sizeof(memory));
    consent_buf_printf(&fields, "{\"entries\":%llu,\"lost\":", (unsigned long long) r->out->entries);

    if (lost_known) {
        consent_buf_u64(&fields, lost);
    } else {
        consent_buf_str(&fields, "null");
    }

    if (r->last.known) {
        rc = consent_log_origin(origin, r->conf->origin, r->last.number);

        if (rc != CONSENT_OK) {
            return rc;
        }

        consent_buf_str(&fields, ",\"signed_origin\":");
        consent_json_write_string(&fields, consent_cstr(origin), false);
        consent_buf_printf(&fields, ",\"signed_size\":%llu}", (unsigned long long) r->last.size);

    } else {
        consent_buf_str(&fields, ",\"signed_origin\":null,\"signed_size\":null}");
    }

    memset(&op, 0, sizeof(op));
    op.type = CONSENT_OP_ENTRY;
    op.now = r->conf->now;
    op.entry_type = "restored";
    op.fields = consent_buf_view(&fields);

    return fields.rc == CONSENT_OK ? consent_ledger_apply(r->ledger, &op) : fields.rc;
}


/* What was last signed is evidence of what was lost. */
static consent_rc_t
keep_last(consent_restoring_t *r)
{
    int      fd;
    char     name[32];
    ssize_t  n;

    if (!r->last.known) {
        return CONSENT_OK;
    }

    (void) snprintf(name, sizeof(name), "lost.%lu", (unsigned long) r->out->log);
    fd = openat(r->conf->signed_dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd == -1) {
        return CONSENT_IO;
    }

    n = write(fd, r->last.text, r->last.len);

    if (n != (ssize_t) r->last.len || fsync(fd) != 0 || fsync(r->conf->signed_dir) != 0) {
        (void) close(fd);
        return CONSENT_IO;
    }

    return close(fd) == 0 ? CONSENT_OK : CONSENT_IO;
}
