/*
 * Policy files of auditors: read line by line, and applied to a checkpoint's cosignatures.
 */

#include "ledger/quorum.h"

#define WORDS_MAX  (CONSENT_QUORUM_NAMES + 3)

static const char *quorum_line(consent_quorum_t *q, const consent_slice_t *words, size_t n);
static const char *quorum_log(consent_quorum_t *q, const consent_slice_t *words, size_t n);
static const char *quorum_witness(consent_quorum_t *q, const consent_slice_t *words, size_t n);
static const char *quorum_group(consent_quorum_t *q, const consent_slice_t *words, size_t n);
static const char *quorum_quorum(consent_quorum_t *q, const consent_slice_t *words, size_t n);
static bool quorum_words(consent_slice_t line, consent_slice_t *words, size_t *n);
static int quorum_find(const consent_quorum_t *q, consent_slice_t name);
static bool quorum_word(consent_slice_t word, const char *expected);


consent_rc_t
consent_quorum_read(consent_quorum_t *q, consent_slice_t text)
{
    size_t           i, n;
    consent_slice_t  line, words[WORDS_MAX];

    memset(q, 0, sizeof(consent_quorum_t));
    q->quorum = -1;

    if (text.len > CONSENT_QUORUM_MAX) {
        q->what = "the file is too large";
        return CONSENT_LIMIT;
    }

    while (text.len > 0) {
        q->line++;

        if (!consent_note_line(&text, &line)) {
            q->what = "the last line has no end";
            return CONSENT_MALFORMED;
        }

        for (i = 0; i < line.len; i++) {
            if ((line.data[i] < 0x20 && line.data[i] != '\t') || line.data[i] == 0x7f) {
                q->what = "there is a control character";
                return CONSENT_MALFORMED;
            }
        }

        if (!quorum_words(line, words, &n)) {
            q->what = "there are too many words";
            return CONSENT_LIMIT;
        }

        if (n > 0 && words[0].data[0] != '#') {
            q->what = quorum_line(q, words, n);

            if (q->what != NULL) {
                return CONSENT_MALFORMED;
            }
        }
    }

    if (!q->defined) {
        q->what = "there is no quorum";
        return CONSENT_MALFORMED;
    }

    return CONSENT_OK;
}


consent_rc_t
consent_quorum_check(const consent_quorum_t *q, const consent_note_t *note, uint64_t times[static CONSENT_QUORUM_NAMES])
{
    size_t        i;
    consent_rc_t  rc;
    unsigned      seen[CONSENT_QUORUM_NAMES];

    memset(times, 0, CONSENT_QUORUM_NAMES * sizeof(uint64_t));
    memset(seen, 0, sizeof(seen));

    /* members stand before their group */

    for (i = 0; i < q->n; i++) {
        if (!q->names[i].is_group) {
            rc = consent_cosignature_verify(note, &q->names[i].key, &times[i]);

            if (rc == CONSENT_IO || rc == CONSENT_NOMEM) {
                return rc;
            }

            if (rc != CONSENT_OK) {
                times[i] = 0;
            }

            seen[i] = (rc == CONSENT_OK);

        } else {
            seen[i] = (seen[i] >= q->names[i].threshold);
        }

        if (seen[i] != 0 && q->names[i].parent >= 0) {
            seen[q->names[i].parent]++;
        }
    }

    return q->quorum < 0 || seen[q->quorum] != 0 ? CONSENT_OK : CONSENT_DENIED;
}


/* What is wrong with it, or NULL. */
static const char *
quorum_line(consent_quorum_t *q, const consent_slice_t *words, size_t n)
{
    if (quorum_word(words[0], "log")) {
        return quorum_log(q, words, n);
    }

    if (quorum_word(words[0], "witness")) {
        return quorum_witness(q, words, n);
    }

    if (quorum_word(words[0], "group")) {
        return quorum_group(q, words, n);
    }

    return quorum_word(words[0], "quorum") ? quorum_quorum(q, words, n)
                                           : "a line begins with log, witness, group or quorum";
}


static const char *
quorum_log(consent_quorum_t *q, const consent_slice_t *words, size_t n)
{
    size_t               i;
    consent_note_key_t  *key;

    if (n != 2 && n != 3) {
        return "expected: log KEY [URL]";
    }

    if (q->n_logs == CONSENT_QUORUM_LOGS) {
        return "there are too many logs";
    }

    key = &q->logs[q->n_logs];

    if (consent_note_key_parse(key, words[1]) != CONSENT_OK || key->type != CONSENT_NOTE_ED25519) {
        return "that is no verifier key of a log that signs with Ed25519";
    }

    for (i = 0; i < q->n_logs; i++) {
        if (memcmp(q->logs[i].key, key->key, sizeof(key->key)) == 0) {
            return "that log is there already";
        }
    }

    q->n_logs++;

    return NULL;
}


static const char *
quorum_witness(consent_quorum_t *q, const consent_slice_t *words, size_t n)
{
    size_t                  i;
    consent_quorum_name_t  *name;

    if (n != 3 && n != 4) {
        return "expected: witness NAME KEY [URL]";
    }

    if (q->n == CONSENT_QUORUM_NAMES) {
        return "there are too many witnesses and groups";
    }

    if (quorum_word(words[1], "none") || quorum_find(q, words[1]) >= 0) {
        return "that name is taken";
    }

    name = &q->names[q->n];
    name->name = words[1];
    name->parent = -1;

    if (consent_note_key_parse(&name->key, words[2]) != CONSENT_OK || name->key.type != CONSENT_NOTE_COSIGNATURE) {
        return "that is no verifier key of a witness that signs cosignature/v1 with Ed25519";
    }

    for (i = 0; i < q->n; i++) {
        if (!q->names[i].is_group && memcmp(q->names[i].key.key, name->key.key, sizeof(name->key.key)) == 0) {
            return "that witness is there already";
        }
    }

    q->n++;

    return NULL;
}


static const char *
quorum_group(consent_quorum_t *q, const consent_slice_t *words, size_t n)
{
    int                     member;
    size_t                  i;
    uint64_t                threshold;
    consent_quorum_name_t  *name;

    if (n < 4) {
        return "expected: group NAME all|any|NUMBER NAME...";
    }

    if (q->n == CONSENT_QUORUM_NAMES) {
        return "there are too many witnesses and groups";
    }

    if (quorum_word(words[1], "none") || quorum_find(q, words[1]) >= 0) {
        return "that name is taken";
    }

    threshold = quorum_word(words[2], "any") ? 1 : n - 3;

    if (!quorum_word(words[2], "any") && !quorum_word(words[2], "all")
        && (!consent_note_number(&threshold, words[2]) || threshold == 0 || threshold > n - 3))
    {
        return "how many of them is all, any, or a number from 1 to as many as there are";
    }

    for (i = 3; i < n; i++) {
        member = quorum_find(q, words[i]);

        if (member < 0) {
            return "a member of a group stands before it in the file";
        }

        if (q->names[member].taken) {
            return "a name is a member of one group, once";
        }

        q->names[member].taken = true;
        q->names[member].parent = (int16_t) q->n;
    }

    name = &q->names[q->n++];
    name->name = words[1];
    name->is_group = true;
    name->threshold = (unsigned) threshold;
    name->parent = -1;

    return NULL;
}


static const char *
quorum_quorum(consent_quorum_t *q, const consent_slice_t *words, size_t n)
{
    if (n != 2) {
        return "expected: quorum NAME";
    }

    if (q->defined) {
        return "there is a quorum already";
    }

    q->defined = true;

    if (quorum_word(words[1], "none")) {
        return NULL;
    }

    q->quorum = quorum_find(q, words[1]);

    return q->quorum < 0 ? "the quorum is a witness or group that stands before it, or none" : NULL;
}


static bool
quorum_words(consent_slice_t line, consent_slice_t *words, size_t *n)
{
    const uint8_t  *p = line.data, *end = p + line.len, *from;

    for (*n = 0; /* void */ ; /* void */ ) {
        while (p < end && (*p == ' ' || *p == '\t')) {
            p++;
        }

        if (p == end) {
            return true;
        }

        if (*n == WORDS_MAX) {
            /* a comment may be as long as it likes */
            return words[0].data[0] == '#';
        }

        for (from = p; p < end && *p != ' ' && *p != '\t'; p++) { /* void */ }

        words[(*n)++] = consent_slice(from, (size_t) (p - from));
    }
}


static int
quorum_find(const consent_quorum_t *q, consent_slice_t name)
{
    size_t  i;

    for (i = 0; i < q->n; i++) {
        if (consent_slice_eq(q->names[i].name, name)) {
            return (int) i;
        }
    }

    return -1;
}


static bool
quorum_word(consent_slice_t word, const char *expected)
{
    return consent_slice_eq(word, consent_cstr(expected));
}
