/*
 * Multipart: one part. Its header is judged, what may be inside is looked into by its type.
 */

#include "minimize/multipart.h"
#include "minimize/form.h"
#include "minimize/form_plain.h"
#include "minimize/query.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

static consent_rc_t multipart_unknown(consent_multipart_t *m, consent_multipart_level_t *l);
static consent_rc_t multipart_choose(consent_multipart_t *m, size_t i);
static bool multipart_encoded_word(const uint8_t *head, size_t len);
static bool multipart_inner(consent_multipart_t *m, consent_media_kind_t kind);
static consent_rc_t multipart_mask_head(consent_multipart_t *m);
static consent_rc_t multipart_keep_head(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind);
static const uint8_t *multipart_seek(const uint8_t *p, size_t n, consent_slice_t what);


consent_rc_t
consent_multipart_part(consent_multipart_t *m, size_t i)
{
    consent_rc_t                rc;
    consent_found_t            *found;
    consent_multipart_level_t  *l;
    consent_multipart_part_t   *part;
    const consent_minimize_t   *how;

    l = &m->levels[i];
    part = &m->part;
    how = &m->inspect->how;
    found = &m->inspect->found;

    if (memmem(m->head, m->head_len, l->within.data, l->within.len) != NULL) {
        return consent_form_doubt(m->inspect, CONSENT_DOUBT_SYNTAX);
    }

    rc = consent_multipart_read(part, consent_slice(m->head, m->head_len), m->inspect);
    if (rc != CONSENT_OK) {
        return rc;
    }

    if (l->form && part->name.data == NULL) {
        /* some make up a name for it */
        return consent_form_doubt(m->inspect, CONSENT_DOUBT_NAME);
    }

    l->state = CONSENT_MULTIPART_CONTENT;
    l->lead = CONSENT_MULTIPART_AT_ONCE;
    l->matched = 0;
    l->tail_len = 0;
    l->gone = false;
    l->counts = 0;
    m->waits = false;
    found->seen |= part->mask;

    if (part->mask & ~how->granted) {
        found->pairs++;
        l->gone = true;
        l->counts = part->mask & ~how->granted;

        if (part->says) {
            consent_multipart_count(m, l);
        }

    } else if (part->mask == 0 && how->count_unknown && part->name.len > 0 && !part->known) {
        rc = multipart_unknown(m, l);
    }

    if (l->gone) {
        l->led = false;
        return rc;
    }

    return rc != CONSENT_OK ? rc : multipart_choose(m, i);
}


/* A part that was left empty goes as well, but nothing of hers was in it. */
void
consent_multipart_count(consent_multipart_t *m, consent_multipart_level_t *l)
{
    if (l->counts != 0) {
        m->inspect->found.removed |= l->counts;
        m->inspect->found.carriers |= 1u << CONSENT_CARRIER_FIELD;
        l->counts = 0;
    }
}


static consent_rc_t
multipart_unknown(consent_multipart_t *m, consent_multipart_level_t *l)
{
    l->gone = consent_inspect_unknown(m->inspect, CONSENT_CARRIER_FIELD, m->part.name);

    return m->inspect->refuse_unknown ? consent_form_doubt(m->inspect, CONSENT_DOUBT_UNKNOWN) : CONSENT_OK;
}


/* What looks into the content of a part that stays, and whether anything can. */
static consent_rc_t
multipart_choose(consent_multipart_t *m, size_t i)
{
    bool                        listed;
    consent_rc_t                rc;
    consent_multipart_level_t  *l;
    consent_media_kind_t        kind;
    consent_multipart_part_t   *part;

    l = &m->levels[i];
    part = &m->part;
    m->charset_len = 0;

    if (!part->typed) {
        part->media.type = l->digest ? consent_lit("message/rfc822") : consent_lit("text/plain");
        part->media.kind = l->digest ? CONSENT_MEDIA_OPAQUE : CONSENT_MEDIA_TEXT;
    }

    /* without a file's name it is a field to many, whatever type it says that it has */

    listed = part->typed && (part->file || !l->form) && consent_media_listed(part->media.type, m->inspect->how.policy);
    kind = part->encoded || listed ? CONSENT_MEDIA_OPAQUE : part->media.kind;

    if (kind == CONSENT_MEDIA_OPAQUE) {
        if (part->charset || (!listed && m->inspect->how.policy->bodies_block)) {
            return consent_form_doubt(m->inspect, part->encoded ? CONSENT_DOUBT_ENCODING : CONSENT_DOUBT_TYPE);
        }

    } else if (!consent_media_ascii(part->media.charset)) {
        return consent_form_doubt(m->inspect, CONSENT_DOUBT_CHARSET);

    } else if (kind == CONSENT_MEDIA_MULTIPART) {
        rc = consent_multipart_open(m, i + 1, &part->media);
        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    if (m->inspect->masks != NULL && multipart_encoded_word(m->head, m->head_len)) {
        return consent_form_doubt(m->inspect, CONSENT_DOUBT_NAME);
    }

    /* from here on the header may be another: nothing of it is looked at any more */

    rc = multipart_mask_head(m);
    if (rc != CONSENT_OK) {
        return rc;
    }

    if (multipart_inner(m, kind)) {
        m->waits = true;
        return CONSENT_OK;
    }

    return consent_multipart_emit_head(m, l);
}


/* An encoded word (RFC 2047), in the name of a file say: mail programs write it, and some servers decode it. */
static bool
multipart_encoded_word(const uint8_t *head, size_t len)
{
    const uint8_t  *p, *q, *end;

    end = head + len;

    for (p = head; (p = memmem(p, (size_t) (end - p), "=?", 2)) != NULL; p += 2) {
        q = memchr(p + 2, '?', (size_t) (end - p - 2));

        if (q != NULL && end - q > 2 && q[2] == '?' && (consent_lower(q[1]) == 'b' || consent_lower(q[1]) == 'q')) {
            return true;
        }
    }

    return false;
}


/* True: by its content the part may have to go after all. */
static bool
multipart_inner(consent_multipart_t *m, consent_media_kind_t kind)
{
    void  *memory;

    memory = (uint8_t *) m + CONSENT_MULTIPART_ROOM;

    switch (kind) {

    case CONSENT_MEDIA_FORM:
        m->inner = consent_form_init(memory, m->inspect, CONSENT_CARRIER_FIELD);
        return false;

    case CONSENT_MEDIA_JSON:
    case CONSENT_MEDIA_JSON_LINES:
        m->inner = consent_json_init(memory, m->inspect, kind == CONSENT_MEDIA_JSON_LINES);
        return false;

    case CONSENT_MEDIA_TEXT:

        if (m->part.file) {
            m->inner = m->inspect->masks == NULL && !consent_query_wanted(m->inspect) ? NULL
                       : consent_text_init(memory, m->inspect, true);
            return false;
        }

        m->inner = consent_form_plain_init(memory, m->inspect, false);
        return true;

    default:
        return false;
    }
}


/* A file's name, say, may hold what the detectors look for. Masks are written as forms write them, which is right in
 * quotes and without. */
static consent_rc_t
multipart_mask_head(consent_multipart_t *m)
{
    consent_rc_t           rc;
    consent_buf_t          b;
    consent_form_value_t  *v;

    if (m->inspect->masks == NULL || m->inspect->detectors == NULL) {
        return CONSENT_OK;
    }

    v = (consent_form_value_t *) (void *) ((uint8_t *) m + CONSENT_MULTIPART_ROOM);
    consent_form_value_init(v, m->inspect, v + 1);
    consent_buf_init_fixed(&b, v->hold, sizeof(m->head));
    v->emit = multipart_keep_head;
    v->arg = &b;

    rc = consent_form_text(v, m->head, m->head_len, CONSENT_SPAN_OWN);
    consent_form_value_end(v);

    if (rc == CONSENT_LIMIT) {
        return consent_form_doubt(m->inspect, CONSENT_DOUBT_NAME);
    }

    memcpy(m->head, b.data, b.len);
    m->head_len = b.len;

    return rc;
}


static consent_rc_t
multipart_keep_head(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    consent_buf_t  *b = arg;

    (void) kind;
    consent_buf_add(b, data, len);

    return b->rc;
}


/* The delimiter, and the header. */
consent_rc_t
consent_multipart_emit_head(consent_multipart_t *m, consent_multipart_level_t *l)
{
    size_t        from;
    consent_rc_t  rc;

    from = l->any || l->led ? 0 : 2;
    rc = m->emit(m->arg, l->line + from, l->len - from, CONSENT_SPAN_LASTING);

    l->any = true;
    m->waits = false;

    return rc != CONSENT_OK ? rc : m->emit(m->arg, m->head, m->head_len, CONSENT_SPAN_OWN);
}


/* Of a boundary's letters (RFC 2046, section 5.1.1), none is a line end, so that a delimiter cannot begin in another. */
consent_rc_t
consent_multipart_open(consent_multipart_t *m, size_t i, const consent_media_t *media)
{
    size_t              k;
    consent_slice_t     boundary;
    consent_multipart_level_t  *l;

    if (i == CONSENT_MULTIPART_MAX_LEVELS) {
        return consent_form_doubt(m->inspect, CONSENT_DOUBT_DEPTH);
    }

    boundary = media->boundary;

    if (media->kind != CONSENT_MEDIA_MULTIPART || boundary.len == 0 || boundary.len > CONSENT_MEDIA_MAX_BOUNDARY) {
        return consent_form_doubt(m->inspect, CONSENT_DOUBT_SYNTAX);
    }

    for (k = 0; k < boundary.len; k++) {
        if (!((boundary.data[k] >= '0' && boundary.data[k] <= '9')
              || (consent_lower(boundary.data[k]) >= 'a' && consent_lower(boundary.data[k]) <= 'z')
              || memchr("'()+_,-./:=?", boundary.data[k], 12) != NULL))
        {
            return consent_form_doubt(m->inspect, CONSENT_DOUBT_SYNTAX);
        }
    }

    l = &m->levels[i];
    memset(l, 0, sizeof(consent_multipart_level_t));

    l->lead = CONSENT_MULTIPART_AT_ONCE;
    l->form = consent_slice_ieq(media->type, consent_lit("multipart/form-data"));
    l->digest = consent_slice_ieq(media->type, consent_lit("multipart/digest"));
    l->len = boundary.len + 6;

    memcpy(l->line, "\r\n--", 4);
    memcpy(l->line + 4, boundary.data, boundary.len);
    memcpy(l->line + 4 + boundary.len, "\r\n", 2);

    /* with fewer dashes before it, too; a short one may be a word, and has one */

    for (k = 4; k < l->len - 2 && l->line[k] == '-'; k++) { /* void */ }

    k = l->len - 2 - k < CONSENT_MULTIPART_LONG ? 3 : k;
    l->within = consent_slice(l->line + k, l->len - 2 - k);

    m->deepest = i;

    return CONSENT_OK;
}


size_t
consent_multipart_within(consent_multipart_level_t *l, const uint8_t *in, size_t n)
{
    size_t          need, take;
    uint8_t         border[2 * CONSENT_MEDIA_MAX_BOUNDARY];
    const uint8_t  *at;

    need = l->within.len - 1;
    take = n < need ? n : need;

    if (l->tail_len > 0 && n > 0) {
        memcpy(border, l->tail, l->tail_len);
        memcpy(border + l->tail_len, in, take);

        at = memmem(border, l->tail_len + take, l->within.data, l->within.len);

        if (at != NULL) {
            return (size_t) (at - border) + l->within.len - l->tail_len;
        }
    }

    at = multipart_seek(in, n, l->within);

    if (at != NULL) {
        return (size_t) (at - in) + l->within.len;
    }

    if (l->tail_len + take > need) {
        memmove(l->tail, l->tail + l->tail_len + take - need, need - take);
        l->tail_len = need - take;
    }

    if (take > 0) {
        memcpy(l->tail + l->tail_len, in + n - take, take);
        l->tail_len += take;
    }

    return 0;
}


/* Where `what` stands in n bytes, or NULL: its first and its last byte are looked for in sixteen places at once. */
static const uint8_t *
multipart_seek(const uint8_t *p, size_t n, consent_slice_t what)
{
    if (n < what.len) {
        return NULL;
    }

#if defined(__SSE2__)

    unsigned  found;
    __m128i   first, last;

    first = _mm_set1_epi8((char) what.data[0]);
    last = _mm_set1_epi8((char) what.data[what.len - 1]);

    for ( /* void */ ; n >= what.len + 15; p += 16, n -= 16) {

        found = (unsigned) _mm_movemask_epi8(_mm_and_si128(
            _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *) (const void *) p), first),
            _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *) (const void *) (p + what.len - 1)), last)));

        for ( /* void */ ; found != 0; found &= found - 1) {
            if (memcmp(p + __builtin_ctz(found), what.data, what.len) == 0) {
                return p + __builtin_ctz(found);
            }
        }
    }

#endif

    return memmem(p, n, what.data, what.len);
}
