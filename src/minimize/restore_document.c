/*
 * Restoring in one JSON document, as it streams.
 */

#include "minimize/restore_inside.h"

static bool document_bom(consent_restore_document_t *d, const uint8_t **p, const uint8_t *end);
static void document_string(consent_restore_document_t *d, consent_restore_out_t *o, const uint8_t *p);
static void document_close(consent_restore_document_t *d, consent_restore_out_t *o, const uint8_t *p);


void
consent_restore_document_init(consent_restore_document_t *d)
{
    memset(d, 0, sizeof(consent_restore_document_t));
    consent_restore_json_init(&d->json);
}


void
consent_restore_document_feed(consent_restore_document_t *d, consent_restore_out_t *o, const uint8_t *in, size_t n,
    bool last)
{
    const uint8_t            *p, *end;
    consent_restore_event_t   event;

    p = in;
    end = in + n;

    if (!document_bom(d, &p, end)) {
        consent_restore_pass(o, end);
        return;
    }

    while (p < end && !d->broken) {

        if (d->reading) {
            p = consent_restore_text_string(&d->text, o, p, end);

            if (p < end) {
                document_close(d, o, p);
                p++;
            }

            continue;
        }

        if (d->within) {

            if (consent_restore_json_skip(&d->json, &p, end)) {
                document_close(d, o, p);
                p++;
            }

            continue;
        }

        event = consent_restore_json_scan(&d->json, &p, end);

        if (event == CONSENT_RESTORE_STRING) {
            document_string(d, o, p);

        } else if (event == CONSENT_RESTORE_OTHER) {
            d->broken = true;
        }
    }

    if (d->reading && !last) {
        consent_restore_text_keep(&d->text, o, end);

    } else if (d->reading) {
        consent_restore_text_end(&d->text, o, end, false, CONSENT_ESCAPE_JSON);

    } else {
        consent_restore_pass(o, end);
    }
}


/* False: the input was used up before it was known. */
static bool
document_bom(consent_restore_document_t *d, const uint8_t **p, const uint8_t *end)
{
    static const uint8_t  bom[] = { 0xef, 0xbb, 0xbf };

    while (d->bom < sizeof(bom) && *p < end && **p == bom[d->bom]) {
        d->bom++;
        (*p)++;
    }

    if (*p < end) {
        d->bom = sizeof(bom);
    }

    return *p < end || d->bom == sizeof(bom);
}


/* Whether is restored in the string that begins at p. */
static void
document_string(consent_restore_document_t *d, consent_restore_out_t *o, const uint8_t *p)
{
    size_t  i;

    d->within = true;
    d->type = consent_slice_eq(consent_slice(d->json.name, d->json.name_len), consent_lit("type"));

    if (consent_restore_json_forbidden(&d->json) || d->type
        || consent_restore_dull(d->json.name, d->json.name_len))
    {
        return;
    }

    d->reading = true;
    d->key = d->json.value | 1;
    consent_restore_text_init(&d->text, false);
    consent_restore_text_piece(o, p);

    for (i = 0; i < CONSENT_RESTORE_TEXTS; i++) {
        if (d->open[i].key == d->key) {
            d->text.place = d->open[i].place;
            d->open[i].key = 0;
        }
    }
}


static void
document_close(consent_restore_document_t *d, consent_restore_out_t *o, const uint8_t *p)
{
    size_t  i;

    if (d->reading) {
        consent_restore_text_end(&d->text, o, p, true, CONSENT_ESCAPE_JSON);

        if (!consent_place_at_rest(&d->text.place)) {
            for (i = 0; i < CONSENT_RESTORE_TEXTS && d->open[i].key != 0; i++) { /* void */ }

            if (i == CONSENT_RESTORE_TEXTS) {
                d->broken = true;

            } else {
                d->open[i].key = d->key;
                d->open[i].place = d->text.place;
            }
        }

    } else if (d->type && consent_restore_reserved(d->json.word, d->json.word_len)) {
        consent_restore_json_forbid(&d->json);
    }

    d->within = false;
    d->reading = false;
    consent_restore_json_close(&d->json);
}
