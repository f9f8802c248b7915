/*
 * consentctl log show: entries of the log, one a line.
 */

#include "ctl/source.h"
#include "base/when.h"
#include "ledger/members.h"

#include <stdlib.h>

#define BATCH_ENTRIES  1000
#define BATCH_BYTES    (8 * 1024 * 1024)
#define HOUR           (60 * 60 * 1000)
#define TYPE_WIDTH     10

typedef enum {
    SHOW_TEXT = 0,
    SHOW_CSV,
    SHOW_JSON
} show_as_t;

typedef struct {
    uint64_t  index;
    bool      opens;
} opened_t;

typedef struct {
    consent_ctl_source_t   source;
    show_as_t              as;
    const char            *type;        /* NULL: all */
    consent_time_t         since;       /* 0: all */
    bool                   by_subject;
    opened_t              *opened;      /* entries of a subject, by index */
    size_t                 n_opened;
    bool                   closed;      /* one of them did not open */
    bool                   out_of_memory;

    uint64_t               next;        /* index of the next entry to look at */
    size_t                 looked;      /* in this batch */
    consent_time_t         time;        /* of the entry that was probed */
    consent_buf_t          out;
} show_t;

/* members with columns of their own, in CSV; what else an entry has is in the last one, "details" */
static const char  *columns[] = {
    "time", "type", "node", "policy", "policy_version", "policy_hash", "status", "level", "categories", "scope", "by",
    "assurance", "method", "language", "notice_hash", "commitment", "service", "mode", "kind", "outcome", "topic", "channel"
};

static const char  *types[] = {
    "policy", "config", "key", "snapshot", "restored", "sealed", "pruned", "decision", "disclosure", "handoff", "erasure",
    "hold", "audit", "missed"
};

static bool options_are_right(show_t *show, const consent_ctl_option_t *options);
static int show_all(show_t *show);
static int complain_of(show_t *show, consent_rc_t rc);
static consent_rc_t find_since(show_t *show);
static consent_rc_t find_opened(show_t *show, const uint8_t subject[static CONSENT_SUBJECT_LEN]);
static bool each_opened(void *arg, uint64_t index, consent_time_t logged_at, bool opens);
static int compare_opened(const void *a, const void *b);
static bool each_probed(void *arg, uint64_t index, consent_slice_t entry);
static bool each_shown(void *arg, uint64_t index, consent_slice_t entry);
static consent_time_t time_of(consent_slice_t entry, bool *hours);
static bool is_string(consent_slice_t json, const char *text);
static void show_text(show_t *show, uint64_t index, consent_slice_t entry, const opened_t *opened);
static void show_csv(show_t *show, uint64_t index, consent_slice_t entry);
static void show_json(show_t *show, uint64_t index, consent_slice_t entry, const opened_t *opened);


int
consent_ctl_log_show(int argc, char **argv)
{
    int                    status;
    show_t                 show;
    uint8_t                subject[CONSENT_SUBJECT_LEN];
    const char            *directory;
    consent_rc_t           rc;
    consent_ctl_option_t   options[] = { { "--type", true, NULL }, { "--since", true, NULL },
                                         { "--subject", true, NULL }, { "--csv", false, NULL },
                                         { "--json", false, NULL } };

    memset(&show, 0, sizeof(show));

    if (!consent_ctl_arguments(argc, argv, options, consent_countof(options), &directory, 1)
        || !options_are_right(&show, options))
    {
        return CONSENT_CTL_USAGE;
    }

    if (show.by_subject
        && consent_hex_decode(subject, sizeof(subject), consent_cstr(options[2].value)) != CONSENT_OK)
    {
        return consent_ctl_complain("a subject is a pseudonym of 32 hexadecimal digits");
    }

    if (!consent_ctl_source_open(&show.source, directory, NULL)) {
        return CONSENT_CTL_USAGE;
    }

    if (show.by_subject && show.source.ledger == NULL) {
        consent_ctl_source_close(&show.source);
        return consent_ctl_complain("whose entries they are is known to the store alone: --subject needs it");
    }

    rc = show.by_subject ? find_opened(&show, subject) : CONSENT_OK;

    if (rc == CONSENT_OK && show.since != 0) {
        rc = find_since(&show);
    }

    status = rc == CONSENT_OK ? show_all(&show)
             : rc == CONSENT_NOTFOUND && show.source.ledger == NULL ? complain_of(&show, rc)
             : consent_ctl_complain("cannot read the log of %s: %s", directory, consent_rc_name(rc));

    free(show.opened);
    consent_ctl_source_close(&show.source);

    return status;
}


static bool
options_are_right(show_t *show, const consent_ctl_option_t *options)
{
    size_t  i;

    show->type = options[0].value;
    show->by_subject = options[2].value != NULL;
    show->as = options[3].value != NULL ? SHOW_CSV : options[4].value != NULL ? SHOW_JSON : SHOW_TEXT;

    if (options[3].value != NULL && options[4].value != NULL) {
        (void) consent_ctl_complain("--csv and --json exclude each other");
        return false;
    }

    if (options[1].value != NULL
        && consent_when_parse(&show->since, consent_cstr(options[1].value)) != CONSENT_OK)
    {
        (void) consent_ctl_complain("--since takes a day or an instant: 2026-11-22 or 2026-11-22T09:15:00Z");
        return false;
    }

    for (i = 0; show->type != NULL && i < consent_countof(types); i++) {
        if (strcmp(show->type, types[i]) == 0) {
            return true;
        }
    }

    if (show->type != NULL) {
        (void) consent_ctl_complain("there is no type \"%s\" of entries", show->type);
    }

    return show->type == NULL;
}


/* In batches: nothing is written while a snapshot is open, since a slow reader of ours would keep a running store from
 * using freed pages again. */
static int
show_all(show_t *show)
{
    size_t        i;
    consent_rc_t  rc;

    consent_buf_init(&show->out, 4 * BATCH_BYTES);

    if (show->as == SHOW_CSV) {
        consent_buf_str(&show->out, "\"index\"");

        for (i = 0; i < consent_countof(columns); i++) {
            consent_buf_printf(&show->out, ",\"%s\"", columns[i]);
        }

        consent_buf_str(&show->out, ",\"details\"\r\n");
    }

    do {
        show->looked = 0;
        rc = consent_ctl_source_entries(&show->source, show->next, each_shown, show);

        if (!consent_ctl_flush(&show->out)) {
            return CONSENT_CTL_USAGE;
        }

        consent_buf_init(&show->out, 4 * BATCH_BYTES);
    } while (rc == CONSENT_OK && show->looked > 0);

    if (rc != CONSENT_OK) {
        return complain_of(show, rc);
    }

    return show->closed ? CONSENT_CTL_FAILS : CONSENT_CTL_HOLDS;
}


/* An entry whose hash is there was dropped, or nobody copied it. */
static int
complain_of(show_t *show, consent_rc_t rc)
{
    bool                    hashed;
    uint64_t                n;
    consent_buf_t           hashes;
    consent_tile_t          tile = { .index = show->next / CONSENT_TILE_WIDTH };
    consent_audit_source_t  source = consent_ctl_source_audit(&show->source);

    consent_buf_init(&hashes, CONSENT_TILE_WIDTH * CONSENT_HASH_LEN);
    hashed = rc == CONSENT_NOTFOUND && show->source.ledger == NULL && consent_ctl_source_count(&show->source, &n) == CONSENT_OK
             && (tile.width = consent_tile_width(0, tile.index, n)) > 0
             && source.tile(source.arg, &tile, &hashes) == CONSENT_OK;
    consent_buf_free(&hashes);

    return hashed ? consent_ctl_complain("of entry %llu there is the hash alone: it was pruned, or has not been copied. "
                                         "\"log verify --pruned\" tells by which decision", (unsigned long long) show->next)
           : consent_ctl_complain("entry %llu cannot be read: %s", (unsigned long long) show->next, consent_rc_name(rc));
}


/* The first entry of the hour or later: hours are in order, so halving finds it. */
static consent_rc_t
find_since(show_t *show)
{
    uint64_t      low, high, middle;
    consent_rc_t  rc;

    rc = consent_ctl_source_count(&show->source, &high);

    if (rc != CONSENT_OK) {
        return rc;
    }

    for (low = 0; low < high;) {
        middle = low + (high - low) / 2;
        rc = consent_ctl_source_entries(&show->source, middle, each_probed, show);

        if (rc != CONSENT_OK) {
            show->next = middle;
            return rc;
        }

        if (show->time - show->time % HOUR < show->since - show->since % HOUR) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }

    show->next = low;

    return CONSENT_OK;
}


static consent_rc_t
find_opened(show_t *show, const uint8_t subject[static CONSENT_SUBJECT_LEN])
{
    consent_rc_t  rc;

    rc = consent_ledger_opened(show->source.ledger, subject, each_opened, show);

    if (show->n_opened > 0) {
        qsort(show->opened, show->n_opened, sizeof(opened_t), compare_opened);
    }

    return show->out_of_memory ? CONSENT_NOMEM : rc;
}


static bool
each_opened(void *arg, uint64_t index, consent_time_t logged_at, bool opens)
{
    show_t    *show = arg;
    opened_t  *grown;

    (void) logged_at;

    if ((show->n_opened & (show->n_opened - 1)) == 0) {
        grown = realloc(show->opened, (show->n_opened == 0 ? 1 : 2 * show->n_opened) * sizeof(opened_t));
        show->out_of_memory = grown == NULL;

        if (grown == NULL) {
            return false;
        }

        show->opened = grown;
    }

    show->opened[show->n_opened++] = (opened_t) { index, opens };
    show->closed |= !opens;

    return true;
}


static int
compare_opened(const void *a, const void *b)
{
    uint64_t  x = ((const opened_t *) a)->index, y = ((const opened_t *) b)->index;

    return (x > y) - (x < y);
}


static bool
each_probed(void *arg, uint64_t index, consent_slice_t entry)
{
    bool     hours;
    show_t  *show = arg;

    (void) index;

    show->time = time_of(entry, &hours);

    return false;
}


static bool
each_shown(void *arg, uint64_t index, consent_slice_t entry)
{
    bool             hours;
    show_t          *show = arg;
    opened_t         wanted = { index, false };
    consent_time_t   time;
    const opened_t  *opened;

    show->next = index + 1;
    show->looked++;

    /* a look at the bytes spares reading most entries */
    if (show->type != NULL && memmem(entry.data, entry.len, show->type, strlen(show->type)) == NULL) {
        return show->looked < BATCH_ENTRIES;
    }

    opened = show->n_opened == 0 ? NULL
             : bsearch(&wanted, show->opened, show->n_opened, sizeof(opened_t), compare_opened);
    time = time_of(entry, &hours);

    if ((!show->by_subject || opened != NULL)
        && (show->type == NULL || is_string(consent_members_find(entry, "type"), show->type))
        && (show->since == 0 || time >= (hours ? show->since - show->since % HOUR : show->since)))
    {
        switch (show->as) {
        case SHOW_TEXT:
            show_text(show, index, entry, opened);
            break;
        case SHOW_CSV:
            show_csv(show, index, entry);
            break;
        case SHOW_JSON:
            show_json(show, index, entry, opened);
            break;
        }
    }

    return show->looked < BATCH_ENTRIES && show->out.len < BATCH_BYTES;
}


/* hours: the entry tells the hour only */
static consent_time_t
time_of(consent_slice_t entry, bool *hours)
{
    consent_time_t   time;
    consent_slice_t  type, value;

    type = consent_members_find(entry, "type");
    *hours = is_string(type, "decision") || is_string(type, "handoff");
    value = consent_members_find(entry, "time");

    return value.len >= 2 && consent_when_parse(&time, consent_slice(value.data + 1, value.len - 2)) == CONSENT_OK
           ? time : 0;
}


static bool
is_string(consent_slice_t json, const char *text)
{
    size_t  len = strlen(text);

    return json.len == len + 2 && json.data[0] == '"' && memcmp(json.data + 1, text, len) == 0;
}


/* Values stand as they are in the entry, without their quotes where they are one word; what a terminal would obey is kept
 * from it, for the log may be anybody's. */
static void
show_text(show_t *show, uint64_t index, consent_slice_t entry, const opened_t *opened)
{
    size_t              i, n;
    consent_slice_t     name, value;
    consent_members_t   members;
    static const char  *apart[] = { "v", "time", "type", "policy", "policy_hash" };

    value = consent_members_find(entry, "type");
    consent_buf_printf(&show->out, "%8llu  ", (unsigned long long) index);
    consent_when_rfc3339(&show->out, time_of(entry, &(bool) { false }));
    consent_buf_str(&show->out, "  ");
    n = show->out.len;
    consent_ctl_plain(&show->out, value.len < 2 ? consent_slice(NULL, 0) : consent_slice(value.data + 1, value.len - 2));

    for (n = show->out.len - n; n < TYPE_WIDTH; n++) {
        consent_buf_char(&show->out, ' ');
    }

    for (consent_members_begin(&members, entry); consent_members_next(&members, &name, &value) == CONSENT_OK;) {

        for (i = 0; i < consent_countof(apart) && !consent_slice_eq(name, consent_cstr(apart[i])); i++) {
            /* void */
        }

        if (i < consent_countof(apart)) {
            continue;
        }

        consent_buf_char(&show->out, ' ');
        consent_ctl_plain(&show->out, name);
        consent_buf_char(&show->out, '=');

        if (consent_slice_eq(name, consent_lit("document"))) {
            consent_buf_printf(&show->out, "(%zu bytes)", value.len);

        } else if (value.len > 2 && value.data[0] == '"' && memchr(value.data, ' ', value.len) == NULL
                   && memchr(value.data, '\\', value.len) == NULL)
        {
            consent_ctl_plain(&show->out, consent_slice(value.data + 1, value.len - 2));

        } else {
            consent_ctl_plain(&show->out, value);
        }
    }

    if (opened != NULL) {
        consent_buf_str(&show->out, opened->opens ? "  [opens]" : "  [DOES NOT OPEN]");
    }

    consent_buf_char(&show->out, '\n');
}


static void
show_csv(show_t *show, uint64_t index, consent_slice_t entry)
{
    size_t             i;
    consent_buf_t      details;
    consent_slice_t    name, value;
    consent_members_t  members;

    consent_buf_u64(&show->out, index);

    for (i = 0; i < consent_countof(columns); i++) {
        consent_ctl_csv_cell(&show->out, consent_members_find(entry, columns[i]));
    }

    consent_buf_init(&details, 2 * CONSENT_ENTRY_MAX);
    consent_buf_char(&details, '{');

    for (consent_members_begin(&members, entry); consent_members_next(&members, &name, &value) == CONSENT_OK;) {

        for (i = 0; i < consent_countof(columns) && !consent_slice_eq(name, consent_cstr(columns[i])); i++) {
            /* void */
        }

        if (i == consent_countof(columns) && !consent_slice_eq(name, consent_lit("v"))) {
            consent_buf_str(&details, details.len == 1 ? "\"" : ",\"");
            consent_buf_slice(&details, name);
            consent_buf_str(&details, "\":");
            consent_buf_slice(&details, value);
        }
    }

    consent_buf_char(&details, '}');
    consent_ctl_csv_cell(&show->out, details.len == 2 ? consent_slice(NULL, 0) : consent_buf_view(&details));
    consent_buf_free(&details);
    consent_buf_str(&show->out, "\r\n");
}


static void
show_json(show_t *show, uint64_t index, consent_slice_t entry, const opened_t *opened)
{
    consent_buf_printf(&show->out, "{\"index\":%llu,", (unsigned long long) index);

    if (opened != NULL) {
        consent_buf_printf(&show->out, "\"opens\":%s,", opened->opens ? "true" : "false");
    }

    consent_buf_str(&show->out, "\"entry\":");
    consent_buf_slice(&show->out, entry);
    consent_buf_str(&show->out, "}\n");
}
