/*
 * What a reader says of its bytes, what it keeps between two feeds, and how it gives up.
 */

#include "minimize/json_token.h"


void
consent_json_reader_begin(json_reader_t *r, size_t base, uint16_t root, bool known)
{
    json_all_t  *all;
    size_t       level;
    bool         plain;

    all = r->all;
    level = r->level;
    plain = r->scan.plain;

    memset(r, 0, sizeof(json_reader_t));

    r->all = all;
    r->level = level;
    r->scan.plain = plain;
    r->base = base;
    r->depth = base;
    r->root = root;
    r->root_known = known;
    r->root_path = all->path_len;
}


consent_rc_t
consent_json_reader_say(json_reader_t *r, size_t n, const consent_slice_t *with)
{
    return r->level == 0 ? consent_json_said(r->all, n, with)
                         : consent_json_layer_say(&r->all->nests[r->level - 1], n, with);
}


consent_rc_t
consent_json_reader_pass(json_reader_t *r, const uint8_t *to)
{
    size_t  n;

    static const consent_slice_t  nothing;

    n = (size_t) (to - r->from);
    r->from = to;

    return n == 0 ? CONSENT_OK : consent_json_reader_say(r, n, r->drop == 0 ? NULL : &nothing);
}


consent_rc_t
consent_json_reader_keep(json_reader_t *r)
{
    size_t  n;

    n = r->held;
    r->held = 0;
    r->cut = NULL;

    return n == 0 ? CONSENT_OK : consent_json_reader_say(r, n, NULL);
}


/* The end of a feed: what is undecided is counted, a token is kept. */
consent_rc_t
consent_json_reader_save(json_reader_t *r, const uint8_t *end)
{
    size_t        n;
    json_all_t   *all;
    consent_rc_t  rc;

    all = r->all;
    r->undecided = r->cut != NULL;

    if (!r->undecided) {
        return consent_json_reader_pass(r, end);
    }

    rc = consent_json_reader_pass(r, r->cut);

    if (rc != CONSENT_OK) {
        return rc;
    }

    r->held += (size_t) (end - r->cut);

    if (r->held > consent_json_pending(r)) {
        return consent_json_reader_doubt(r, CONSENT_DOUBT_NAME);
    }

    if (r->at == JSON_IN_NAME || r->at == JSON_IN_NUMBER) {
        n = (size_t) (end - r->token);      /* of what is held, so it fits */

        memcpy(all->token + all->token_len, r->token, n);
        all->token_len += n;
        all->stained = true;
    }

    return CONSENT_OK;
}


/* Not JSON at `bad`. In a string it is just text then. */
consent_rc_t
consent_json_reader_fail(json_reader_t *r, const uint8_t *bad)
{
    size_t           at;
    consent_rc_t     rc;
    consent_doubt_t  doubt;

    r->all->token_len = 0;

    if (r->level > 0) {

        if (r->at == JSON_IN_STRING && r->string != JSON_STRING_PASSES) {
            rc = consent_json_string_feed(r, NULL, 0, true);

            if (rc != CONSENT_OK) {
                return rc;
            }
        }

        if (consent_json_reader_goes(r) && r->drop == 0 && r->cut == NULL) {
            /* what stands before it passes, what follows does not */
            rc = consent_json_reader_pass(r, bad);

            if (rc != CONSENT_OK) {
                return rc;
            }
        }

        return CONSENT_MALFORMED;
    }

    if (r->cut != NULL && r->held + (size_t) (bad - r->cut) > consent_json_pending(r)) {
        return consent_json_reader_doubt(r, CONSENT_DOUBT_NAME);
    }

    at = r->seen + (size_t) (bad - r->in);
    doubt = CONSENT_DOUBT_SYNTAX;

    /* UTF-16 and UTF-32 begin with their mark, or have a NUL soon */
    if (bad < r->end && ((at < 4 && *bad == 0) || (at == 0 && *bad >= 0xfe))) {
        doubt = CONSENT_DOUBT_CHARSET;
    }

    return consent_json_reader_doubt(r, doubt);
}


consent_rc_t
consent_json_reader_doubt(json_reader_t *r, consent_doubt_t doubt)
{
    r->all->inspect->doubt = doubt;

    return CONSENT_MALFORMED;
}


/* What may stand before a document. */
consent_rc_t
consent_json_reader_start(json_reader_t *r, const uint8_t **at, const uint8_t *end)
{
    const uint8_t  *p;

    static const uint8_t  mark[3] = { 0xef, 0xbb, 0xbf };

    for (p = *at; p < end; p++) {

        if (!r->begun && r->mark < 3 && *p == mark[r->mark] && r->seen + (size_t) (p - r->from) == r->mark) {
            r->mark++;
            continue;
        }

        if (r->mark == 1 || r->mark == 2) {
            break;
        }

        if (*p == 0x1e && (r->lines == JSON_LINES_NEW || r->lines == JSON_LINES_SEQUENCE)) {
            r->lines = JSON_LINES_SEQUENCE;
            r->record = true;
            continue;
        }

        if (!(consent_json_class[*p] & JSON_IS_SPACE)) {
            break;
        }
    }

    *at = p;

    if (p == end) {
        return CONSENT_OK;
    }

    if (r->mark == 1 || r->mark == 2 || (r->lines == JSON_LINES_SEQUENCE && !r->record)) {
        return consent_json_reader_fail(r, p);
    }

    if (r->level > 0) {

        if (*p != '{' && *p != '[' && *p != '"') {
            return consent_json_reader_fail(r, p);
        }

        if (r->level > JSON_NESTS) {
            return consent_json_reader_doubt(r, CONSENT_DOUBT_DEPTH);
        }
    }

    if (r->lines == JSON_LINES_NEW) {
        r->lines = JSON_LINES_PLAIN;
    }

    r->begun = true;
    r->record = false;
    r->state = r->root;
    r->known = r->root_known;
    r->all->path_len = r->root_path;

    return CONSENT_OK;
}


consent_rc_t
consent_json_reader_open(json_reader_t *r, bool object)
{
    json_all_t                  *all;
    json_frame_t                *frame;
    const consent_json_place_t  *place;

    all = r->all;

    if (r->depth == CONSENT_INSPECT_DEPTH) {
        return consent_json_reader_doubt(r, CONSENT_DOUBT_DEPTH);
    }

    frame = &all->frames[++r->depth];
    frame->state = r->state;
    frame->path = (uint16_t) all->path_len;
    frame->flags = (uint8_t) ((object ? JSON_OBJECT : 0) | (r->known ? JSON_KNOWN : 0));

    if (!object && r->drop == 0) {
        place = &all->paths->places[consent_json_paths_next(all->paths, r->state, CONSENT_JSON_INDEX)];

        frame->flags |= (uint8_t) ((place->mask != 0 ? JSON_CARRIES : 0)
                                   | (place->mask & all->withheld ? JSON_GOES : 0));
    }

    return CONSENT_OK;
}


/* Whether the input may end here. */
bool
consent_json_reader_complete(const json_reader_t *r)
{
    return r->at == JSON_AT_END
           || (r->at == JSON_AT_START && (r->begun || (r->lines != JSON_LINES_NO && r->mark % 3 == 0)));
}
