/*
 * Strings that somebody has to look into: decoded for the detectors, or for a reader of the document that they may be.
 * What is said about decoded bytes becomes what happens to the bytes as they are written, so that what passes keeps its
 * spelling.
 *
 * In a string that may be a document, what the reader lets pass goes on to the detectors as the text that it is. Where
 * something is taken out of it, or a string in it is looked at by itself, a new text begins.
 */

#include "minimize/json_inside.h"

#define STRING_SCRATCH  1024
#define STRING_RUN      128         /* bytes without an escape that are not copied */
#define STRING_WITH     (CONSENT_MASK_LEN * 8)

static consent_rc_t layer_feed(json_layer_t *layer, const uint8_t *p, size_t n, bool last);
static size_t layer_decode(uint8_t *out, const uint8_t **at, const uint8_t *end, bool last);
static consent_rc_t layer_judge(json_layer_t *layer, const uint8_t *p, size_t n, bool last);
static consent_rc_t layer_each(void *arg, size_t n, consent_slice_t mask);
static consent_rc_t layer_out(json_layer_t *layer, const uint8_t *p, size_t n, const consent_slice_t *with);
static consent_rc_t layer_rest(json_layer_t *layer);
static consent_rc_t layer_save(json_layer_t *layer, size_t raw);
static size_t layer_walk(json_layer_t *layer, const uint8_t *p, const uint8_t *end, size_t *n);
static consent_slice_t layer_escape(uint8_t *out, consent_slice_t with);

static const consent_slice_t  layer_nothing;


static void
layer_begin(json_layer_t *layer, json_reader_t *r)
{
    layer->reader = r;
    layer->broken = false;
    layer->drops = false;
    layer->queued = 0;
    layer->done = 0;
    layer->raw = 0;
    layer->owed = 0;
    layer->excess = 0;
}


consent_rc_t
consent_json_string_begin(json_reader_t *r, json_string_t string)
{
    json_all_t    *all;
    consent_rc_t   rc;

    all = r->all;

    rc = consent_json_text_end(all);

    if (string == JSON_STRING_TEXT) {
        layer_begin(&all->text, r);
        return rc;
    }

    layer_begin(&all->nests[r->level], r);
    consent_json_reader_begin(&all->readers[r->level + 1], r->depth,
                              consent_json_paths_next(all->paths, r->state, CONSENT_JSON_NEST), r->known);

    return rc;
}


consent_rc_t
consent_json_string_feed(json_reader_t *r, const uint8_t *p, size_t n, bool last)
{
    json_all_t    *all;
    consent_rc_t   rc;

    all = r->all;

    if (r->string == JSON_STRING_TEXT) {
        rc = layer_feed(&all->text, p, n, last);

        if (last) {
            all->text.reader = NULL;
        }

    } else {
        rc = layer_feed(&all->nests[r->level], p, n, last);

        if (rc == CONSENT_OK && last && all->text.reader == r) {
            rc = consent_json_text_end(all);
        }
    }

    if (last) {
        r->string = JSON_STRING_PASSES;
    }

    return rc;
}


consent_rc_t
consent_json_string_whole(json_reader_t *r, const uint8_t *p, size_t n)
{
    consent_rc_t  rc;

    r->string = JSON_STRING_TEXT;
    rc = consent_json_string_begin(r, JSON_STRING_TEXT);

    return rc == CONSENT_OK ? consent_json_string_feed(r, p, n, true) : rc;
}


consent_rc_t
consent_json_text_end(json_all_t *all)
{
    consent_rc_t  rc;

    if (all->text.reader == NULL) {
        return CONSENT_OK;
    }

    rc = layer_feed(&all->text, NULL, 0, true);
    all->text.reader = NULL;

    return rc;
}


static consent_rc_t
layer_feed(json_layer_t *layer, const uint8_t *p, size_t n, bool last)
{
    bool            told;
    size_t          len, used;
    consent_rc_t    rc;
    const uint8_t  *end, *run;
    uint8_t         scratch[STRING_SCRATCH];

    if (n == 0) {
        p = (const uint8_t *) "";
    }

    end = p + n;
    layer->piece = p;
    layer->end = end;
    told = false;

    /* an escape that came in pieces is put together */

    while (layer->raw > 0 && !layer->broken) {
        run = layer->queue + layer->queued - layer->raw;
        used = consent_json_unescape_one(scratch, &len, run, run + layer->raw, last && p == end);

        if (used == 0) {

            if (p == end) {
                return layer_save(layer, layer->raw);
            }

            if (layer->queued == layer->size) {
                return consent_json_reader_doubt(layer->reader, CONSENT_DOUBT_NAME);
            }

            layer->queue[layer->queued++] = *p++;
            layer->raw++;
            layer->piece = p;
            continue;
        }

        layer->raw -= used;
        rc = layer_judge(layer, scratch, len, false);

        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    while (p < end && !layer->broken) {
        run = memchr(p, '\\', (size_t) (end - p));
        run = run == NULL ? end : run;

        if (run == end || run - p >= STRING_RUN) {
            told = last && run == end;
            rc = layer_judge(layer, p, (size_t) (run - p), told);
            p = run;

        } else {
            len = layer_decode(scratch, &p, end, last);

            if (len == 0) {
                break;
            }

            told = last && p == end;
            rc = layer_judge(layer, scratch, len, told);
        }

        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    if (last && !told && !layer->broken) {
        rc = layer_judge(layer, NULL, 0, true);

        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    if (layer->broken) {
        return layer_rest(layer);
    }

    return layer_save(layer, (size_t) (end - p));
}


/* Fills out with what is decoded of *at; 0: an escape is not there as a whole. */
static size_t
layer_decode(uint8_t *out, const uint8_t **at, const uint8_t *end, bool last)
{
    size_t          n, len, used;
    const uint8_t  *p, *run;

    n = 0;

    for (p = *at; p < end && n <= STRING_SCRATCH - 4; p += used) {

        if (*p != '\\') {
            used = (size_t) (end - p) < STRING_SCRATCH - n ? (size_t) (end - p) : STRING_SCRATCH - n;
            run = memchr(p, '\\', used);
            used = run == NULL ? used : (size_t) (run - p);
            memcpy(out + n, p, used);
            n += used;
            continue;
        }

        used = consent_json_unescape_one(out + n, &len, p, end, last);

        if (used == 0) {
            break;
        }

        n += len;
    }

    *at = p;

    return n;
}


static consent_rc_t
layer_judge(json_layer_t *layer, const uint8_t *p, size_t n, bool last)
{
    json_all_t     *all;
    consent_rc_t    rc;
    json_reader_t  *nested;

    all = layer->reader->all;

    if (layer->text) {
        return consent_detect_feed(all->detect, p, n, last, layer_each, layer);
    }

    nested = &all->readers[layer->reader->level + 1];
    rc = consent_json_reader_feed(nested, p, n, last);

    if (rc == CONSENT_MALFORMED && all->inspect->doubt == CONSENT_DOUBT_NONE) {
        layer->broken = true;
        layer->drops = nested->drop != 0;       /* others may read on: all of it goes */
        return CONSENT_OK;
    }

    return rc;
}


static consent_rc_t
layer_each(void *arg, size_t n, consent_slice_t mask)
{
    return consent_json_layer_say(arg, n, mask.len == 0 ? NULL : &mask);
}


consent_rc_t
consent_json_layer_say(json_layer_t *layer, size_t n, const consent_slice_t *with)
{
    bool            queued;
    size_t          take, left;
    consent_rc_t    rc;
    const uint8_t  *p, *end;

    take = layer->excess < n ? layer->excess : n;
    layer->excess -= take;
    n -= take;

    do {
        queued = layer->done < layer->queued - layer->raw;
        p = queued ? layer->queue + layer->done : layer->piece;
        end = queued ? layer->queue + layer->queued - layer->raw : layer->end;

        left = n;
        take = layer_walk(layer, p, end, &n);

        if (n == left && n > 0) {
            return CONSENT_LIMIT;       /* nobody speaks of what was not fed */
        }

        if (with != NULL && n == 0 && layer->owed > 0) {
            /* an escape that is masked in part goes as a whole */
            take += consent_json_unescape_one((uint8_t[4]) { 0 }, &left, p + take, end, true);
            layer->excess = left - layer->owed;
            layer->owed = 0;
        }

        if (queued) {
            layer->done += take;

        } else {
            layer->piece += take;
        }

        if (take > 0 || with != NULL) {
            rc = layer_out(layer, p, take, with);

            if (rc != CONSENT_OK) {
                return rc;
            }
        }

        with = with == NULL ? NULL : &layer_nothing;

    } while (n > 0);

    return CONSENT_OK;
}


/* The bytes as written, in one piece, of up to *n decoded ones, which are counted down. */
static size_t
layer_walk(json_layer_t *layer, const uint8_t *p, const uint8_t *end, size_t *n)
{
    size_t          len, used, run;
    uint8_t         c[4];
    const uint8_t  *start, *escape;

    for (start = p; *n > 0 && p < end; /* void */ ) {

        if (*p != '\\') {
            run = (size_t) (end - p) < *n ? (size_t) (end - p) : *n;
            escape = memchr(p, '\\', run);
            run = escape == NULL ? run : (size_t) (escape - p);

            p += run;
            *n -= run;
            continue;
        }

        used = consent_json_unescape_one(c, &len, p, end, true);

        if (layer->owed + *n < len) {
            layer->owed += *n;
            *n = 0;
            break;
        }

        *n -= len - layer->owed;
        layer->owed = 0;
        p += used;
    }

    return (size_t) (p - start);
}


/* The next n bytes as written pass, or are replaced. */
static consent_rc_t
layer_out(json_layer_t *layer, const uint8_t *p, size_t n, const consent_slice_t *with)
{
    json_all_t       *all;
    consent_rc_t      rc;
    json_reader_t    *r;
    consent_slice_t   written;
    uint8_t           out[STRING_WITH];

    r = layer->reader;
    all = r->all;

    if (layer->text) {
        return consent_json_reader_say(r, n, with);
    }

    if (with != NULL) {
        rc = all->text.reader == r ? consent_json_text_end(all) : CONSENT_OK;

        if (rc != CONSENT_OK) {
            return rc;
        }

        written = layer_escape(out, *with);

        return consent_json_reader_say(r, n, &written);
    }

    if (!all->masks || (all->text.reader != NULL && all->text.reader != r)) {
        return consent_json_reader_say(r, n, NULL);
    }

    if (all->text.reader == NULL) {
        layer_begin(&all->text, r);
    }

    return layer_feed(&all->text, p, n, false);
}


/* What is no document passes as the text that it is. */
static consent_rc_t
layer_rest(json_layer_t *layer)
{
    size_t                  n;
    consent_rc_t            rc;
    const consent_slice_t  *with;

    with = layer->drops ? &layer_nothing : NULL;
    n = layer->queued - layer->done;

    if (n > 0) {
        rc = layer_out(layer, layer->queue + layer->done, n, with);

        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    layer->queued = 0;
    layer->done = 0;
    layer->raw = 0;
    n = (size_t) (layer->end - layer->piece);

    return n == 0 ? CONSENT_OK : layer_out(layer, layer->piece, n, with);
}


/* Keeps what nothing has been said of; of it the last `raw` bytes are not decoded yet. */
static consent_rc_t
layer_save(json_layer_t *layer, size_t raw)
{
    size_t  n, left;

    left = layer->queued - layer->done;
    n = (size_t) (layer->end - layer->piece);

    if (left + n > layer->size) {
        return consent_json_reader_doubt(layer->reader, CONSENT_DOUBT_NAME);
    }

    if (layer->done > 0) {
        memmove(layer->queue, layer->queue + layer->done, left);
    }

    memcpy(layer->queue + left, layer->piece, n);

    layer->queued = left + n;
    layer->done = 0;
    layer->raw = raw;
    layer->reader->all->stained |= layer->queued > 0;

    return CONSENT_OK;
}


/* As it stands inside a string. It is short: a mask in its quotes. */
static consent_slice_t
layer_escape(uint8_t *out, consent_slice_t with)
{
    size_t  i, n;

    n = 0;

    for (i = 0; i < with.len && n + 2 <= STRING_WITH; i++) {

        if (with.data[i] == '"' || with.data[i] == '\\') {
            out[n++] = '\\';
        }

        out[n++] = with.data[i];
    }

    return consent_slice(out, n);
}
