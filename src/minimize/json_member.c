/*
 * Members: what their names say, and whether they pass.
 */

#include "minimize/json_inside.h"

static consent_rc_t member_symbol(json_reader_t *r, uint16_t *symbol, consent_slice_t *name, uint8_t *text);
static consent_rc_t member_unknown(json_reader_t *r, bool *goes);
static consent_rc_t member_keep(json_reader_t *r, consent_slice_t written, const uint8_t *end);
static consent_rc_t member_drop(json_reader_t *r);
static void member_found(json_reader_t *r, consent_mask_t mask, bool goes);


consent_rc_t
consent_json_member(json_reader_t *r, const uint8_t *end)
{
    bool                         goes;
    size_t                       n;
    uint16_t                     symbol;
    json_all_t                  *all;
    consent_rc_t                 rc;
    json_frame_t                *frame;
    consent_mask_t               mask;
    consent_slice_t              name, written;
    const consent_json_place_t  *place, *anywhere;
    uint8_t                      text[JSON_PENDING];

    all = r->all;
    frame = &all->frames[r->depth];
    n = (size_t) (end - r->token);

    if (r->held + (size_t) (end - r->cut) > consent_json_pending(r)) {
        return consent_json_reader_doubt(r, CONSENT_DOUBT_NAME);
    }

    name = consent_slice(r->token, n);

    if (all->token_len > 0) {
        memcpy(all->token + all->token_len, r->token, n);
        name = consent_slice(all->token, all->token_len + n);
        all->token_len = 0;
    }

    written = name;
    rc = member_symbol(r, &symbol, &name, text);

    if (rc != CONSENT_OK) {
        return rc;
    }

    r->state = consent_json_paths_next(all->paths, frame->state, symbol);
    place = &all->paths->places[r->state];
    anywhere = &all->paths->anywhere[symbol];

    mask = place->mask | anywhere->mask;
    goes = mask & all->withheld;
    r->known = (frame->flags & JSON_KNOWN) || mask != 0 || place->known || anywhere->known;

    if (mask != 0) {
        member_found(r, mask, goes);
    }

    if (all->names && !goes && !r->known) {
        consent_json_path_set(r, &name);

        if (!place->way) {
            rc = member_unknown(r, &goes);
        }
    }

    if (rc != CONSENT_OK) {
        return rc;
    }

    return goes ? member_drop(r) : member_keep(r, written, end);
}


consent_rc_t
consent_json_member_goes(json_reader_t *r, consent_mask_t mask, const uint8_t *from, const uint8_t *to)
{
    consent_rc_t  rc;

    member_found(r, mask, true);
    rc = consent_json_reader_pass(r, from);

    if (rc == CONSENT_OK) {
        r->drop = r->depth + 1;
        rc = consent_json_reader_pass(r, to);
        r->drop = 0;
    }

    return rc;
}


consent_rc_t
consent_json_element(json_reader_t *r, const uint8_t *at)
{
    json_all_t                  *all;
    consent_rc_t                 rc;
    const consent_json_place_t  *place;

    all = r->all;

    if (r->drop != 0) {
        return CONSENT_OK;
    }

    place = &all->paths->places[r->state];
    r->known |= place->known;

    if (all->names && !r->known) {
        consent_json_path_set(r, NULL);
    }

    if (place->mask == 0) {
        return CONSENT_OK;
    }

    member_found(r, place->mask, place->mask & all->withheld);

    if (!(place->mask & all->withheld)) {
        return CONSENT_OK;
    }

    rc = consent_json_reader_pass(r, at);
    r->drop = r->depth + 1;

    return rc;
}


/* The symbol of *name as it is written between its quotes, which becomes the decoded one. */
static consent_rc_t
member_symbol(json_reader_t *r, uint16_t *symbol, consent_slice_t *name, uint8_t *text)
{
    size_t                       n, len, used;
    const uint8_t               *p, *end;
    const consent_json_paths_t  *paths;

    paths = r->all->paths;
    *symbol = CONSENT_JSON_OTHER;

    if (r->scan.seen == 0 && consent_json_paths_not(paths, name->data, name->len)) {
        return CONSENT_OK;
    }

    if (r->scan.seen & CONSENT_JSON_ESCAPED) {
        end = name->data + name->len;

        for (p = name->data, n = 0; p < end; p += used, n += len) {
            used = consent_json_unescape_one(text + n, &len, p, end, true);
        }

        *name = consent_slice(text, n);
    }

    *symbol = consent_json_paths_symbol(paths, name->data, name->len);

    return *symbol == CONSENT_JSON_UNSURE ? consent_json_reader_doubt(r, CONSENT_DOUBT_NAME) : CONSENT_OK;
}


/* It is told of once: what is below it needs no names of its own. */
static consent_rc_t
member_unknown(json_reader_t *r, bool *goes)
{
    json_all_t  *all;

    all = r->all;
    r->known = true;

    *goes = consent_inspect_unknown(all->inspect, CONSENT_CARRIER_JSON, consent_slice(all->path, all->path_len));

    if (*goes) {
        all->inspect->found.pairs++;
        all->inspect->found.carriers |= 1u << CONSENT_CARRIER_JSON;
    }

    return all->inspect->refuse_unknown ? consent_json_reader_doubt(r, CONSENT_DOUBT_UNKNOWN) : CONSENT_OK;
}


static consent_rc_t
member_keep(json_reader_t *r, consent_slice_t written, const uint8_t *end)
{
    size_t        n;
    json_all_t   *all;
    consent_rc_t  rc;

    all = r->all;

    if ((!all->masks && !all->queries)
        || (!(r->scan.seen & CONSENT_JSON_ESCAPED)
            && consent_json_string_is(r, written.data, written.len) == JSON_STRING_PASSES))
    {
        return consent_json_reader_keep(r);
    }

    n = r->held + (size_t) (end - r->cut) - written.len;
    rc = consent_json_reader_pass(r, r->cut);

    r->held = 0;
    r->cut = NULL;
    r->from = end;

    if (rc == CONSENT_OK) {
        rc = consent_json_reader_say(r, n, NULL);
    }

    return rc == CONSENT_OK ? consent_json_string_whole(r, written.data, written.len) : rc;
}


static consent_rc_t
member_drop(json_reader_t *r)
{
    size_t        n;
    consent_rc_t  rc;

    static const consent_slice_t  nothing;

    n = r->held;
    rc = consent_json_reader_pass(r, r->cut);

    if (rc == CONSENT_OK && n > 0) {
        rc = consent_json_reader_say(r, n, &nothing);
    }

    r->held = 0;
    r->cut = NULL;
    r->drop = r->depth + 1;

    return rc;
}


static void
member_found(json_reader_t *r, consent_mask_t mask, bool goes)
{
    json_all_t       *all;
    consent_found_t  *found;

    all = r->all;
    found = &all->inspect->found;
    found->seen |= mask;

    if (goes) {
        found->removed |= mask & all->withheld;
        found->pairs++;
        found->carriers |= 1u << CONSENT_CARRIER_JSON;
    }
}
