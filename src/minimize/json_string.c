/*
 * Strings that somebody has to look into: decoded for the detectors, for those who look for arguments, or for a reader of
 * the document that they may be.
 * What is said about decoded bytes becomes what happens to the bytes as they are written, so that what passes keeps its
 * spelling.
 *
 * In a string that may be a document, what the reader lets pass goes on to the detectors as the text that it is. Where
 * something is taken out of it, or a string in it is looked at by itself, a new text begins. So it is with what is left of
 * a text without its arguments. Where a string turns out to be no document, the rest of it may hold some.
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
static consent_rc_t layer_rest(json_layer_t *layer, bool last);
static void layer_begin_query(json_reader_t *r);
static consent_rc_t layer_argument(void *arg, size_t n, bool goes);
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

    if (string == JSON_STRING_QUERY) {
        layer_begin_query(r);
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
    json_layer_t  *layer;

    all = r->all;

    layer = r->string == JSON_STRING_NEST ? &all->nests[r->level]
            : r->string == JSON_STRING_QUERY ? &all->query : &all->text;

    rc = layer_feed(layer, p, n, last);

    if (!last) {
        return rc;
    }

    r->string = JSON_STRING_PASSES;

    if (layer->kind != JSON_LAYER_NEST) {
        layer->reader = NULL;
    }

    return rc == CONSENT_OK && all->text.reader == r ? consent_json_text_end(all) : rc;
}


consent_rc_t
consent_json_string_whole(json_reader_t *r, const uint8_t *p, size_t n)
{
    consent_rc_t  rc;

    r->string = r->all->queries ? JSON_STRING_QUERY : JSON_STRING_TEXT;
    rc = consent_json_string_begin(r, r->string);

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


json_string_t
consent_json_string_is(const json_reader_t *r, const uint8_t *p, size_t n)
{
    bool               unicode;
    const json_all_t  *all;

    all = r->all;
    unicode = r->scan.seen & CONSENT_JSON_UNICODE;

    if (all->queries && (unicode || !consent_query_clear(p, n, all->paths_too))) {
        return JSON_STRING_QUERY;
    }

    /* what stands in a string in a string is part of its text, too */

    return all->masks && (unicode || r->level > 0 || !consent_detect_clear(all->detect, p, n)) ? JSON_STRING_TEXT
                                                                                              : JSON_STRING_PASSES;
}


static void
layer_begin_query(json_reader_t *r)
{
    layer_begin(&r->all->query, r);
    consent_query_begin(&r->all->arguments, r->all->inspect, CONSENT_CARRIER_JSON);
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
        return layer_rest(layer, last);
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

    if (layer->kind == JSON_LAYER_TEXT) {
        return consent_detect_feed(all->detect, p, n, last, layer_each, layer);
    }

    if (layer->kind == JSON_LAYER_QUERY) {
        return consent_query_feed(&all->arguments, p, n, last, layer_argument, layer);
    }

    nested = &all->readers[layer->reader->level + 1];
    rc = consent_json_reader_feed(nested, p, n, last);

    if (rc == CONSENT_MALFORMED && all->inspect->doubt == CONSENT_DOUBT_NONE) {
        layer->broken = true;

        /* of what goes, others may read on: all of it goes */
        layer->drops = consent_json_reader_goes(nested);
        return CONSENT_OK;
    }

    return rc;
}


static consent_rc_t
layer_each(void *arg, size_t n, consent_slice_t mask)
{
    return consent_json_layer_say(arg, n, mask.len == 0 ? NULL : &mask);
}


static consent_rc_t
layer_argument(void *arg, size_t n, bool goes)
{
    return consent_json_layer_say(arg, n, goes ? &layer_nothing : NULL);
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

    if (layer->kind == JSON_LAYER_TEXT) {
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
layer_rest(json_layer_t *layer, bool last)
{
    size_t          held, n;
    json_all_t     *all;
    consent_rc_t    rc;
    const uint8_t  *queue;

    all = layer->reader->all;
    queue = layer->queue + layer->done;
    held = layer->queued - layer->done;
    n = (size_t) (layer->end - layer->piece);

    layer->queued = 0;
    layer->done = 0;
    layer->raw = 0;

    if (layer->drops || !all->queries) {
        rc = held == 0 ? CONSENT_OK : layer_out(layer, queue, held, layer->drops ? &layer_nothing : NULL);

        return rc != CONSENT_OK || n == 0 ? rc : layer_out(layer, layer->piece, n, layer->drops ? &layer_nothing : NULL);
    }

    if (all->query.reader != layer->reader) {
        layer_begin_query(layer->reader);
    }

    rc = held == 0 ? CONSENT_OK : layer_feed(&all->query, queue, held, false);

    if (rc == CONSENT_OK) {
        rc = layer_feed(&all->query, layer->piece, n, last);
    }

    if (last) {
        all->query.reader = NULL;
    }

    return rc;
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
