/*
 * Forms: one value. Text goes through the detectors, JSON through its own transform; what either decides about decoded
 * bytes is done to the raw ones.
 */

#include "minimize/form.h"
#include "base/digest.h"

static consent_rc_t form_whole(consent_form_value_t *v, const uint8_t *text, size_t len);
static consent_rc_t form_count(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind);
static consent_rc_t form_long_json(consent_form_value_t *v, const uint8_t *text, size_t len, bool last);
static consent_rc_t form_json(consent_form_value_t *v, const uint8_t *text, size_t len);
static consent_rc_t form_json_emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind);
static void form_open(consent_form_value_t *v, const uint8_t *raw, size_t len, consent_span_kind_t kind);
static consent_detect_t *form_detect(consent_form_value_t *v);
static consent_rc_t form_each(void *arg, size_t n, consent_slice_t mask);
static consent_rc_t form_keep(consent_form_value_t *v, size_t n);
static void form_drop(consent_form_value_t *v, size_t n);
static size_t form_walk(consent_form_value_t *v, size_t n);
static consent_rc_t form_insert(consent_form_value_t *v, const uint8_t *text, size_t len);
static bool form_may_open(uint8_t c);


size_t
consent_form_value_size(const consent_detectors_t *detectors)
{
    size_t  a, b;

    a = consent_detect_size(detectors);
    b = consent_json_size(detectors);

    return a > b ? a : b;
}


void
consent_form_value_init(consent_form_value_t *v, consent_inspect_t *inspect, void *memory)
{
    memset(v, 0, offsetof(consent_form_value_t, decoded));

    v->inspect = inspect;
    v->memory = memory;
    v->text = inspect->masks != NULL && inspect->detectors != NULL;
    v->json = consent_form_members(inspect);
    v->dull = consent_detect_dull(inspect->detectors);
}


void
consent_form_value_end(consent_form_value_t *v)
{
    if (v->detect != NULL) {
        consent_detect_end(v->detect);
        v->detect = NULL;
    }

    if (v->members != NULL) {
        consent_transform_destroy(v->members);
        v->members = NULL;
    }
}


bool
consent_form_members(const consent_inspect_t *inspect)
{
    size_t                     i;
    consent_mask_t             withheld;
    const consent_policy_t    *policy;

    policy = inspect->how.policy;
    withheld = policy->consent_mask & ~inspect->how.granted;

    for (i = 0; i < policy->n_categories; i++) {
        if ((withheld >> i & 1) && policy->categories[i].json.n > 0) {
            return true;
        }
    }

    return false;
}


consent_rc_t
consent_form_doubt(consent_inspect_t *inspect, consent_doubt_t doubt)
{
    if (inspect->doubt == CONSENT_DOUBT_NONE) {
        inspect->doubt = doubt;
    }

    return CONSENT_MALFORMED;
}


consent_rc_t
consent_form_emit(consent_form_value_t *v, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    consent_rc_t  rc;

    rc = consent_form_flush(v);
    if (rc != CONSENT_OK) {
        return rc;
    }

    if (kind == CONSENT_SPAN_BORROWED) {
        v->from = data;
        v->to = data + len;
        return CONSENT_OK;
    }

    return v->emit(v->arg, data, len, kind);
}


consent_rc_t
consent_form_flush(consent_form_value_t *v)
{
    const uint8_t  *from;

    from = v->from;
    v->from = NULL;

    return from == NULL ? CONSENT_OK : v->emit(v->arg, from, (size_t) (v->to - from), CONSENT_SPAN_BORROWED);
}


consent_rc_t
consent_form_pair(consent_form_value_t *v, const uint8_t *p, const uint8_t *eq, const uint8_t *end,
    consent_span_kind_t kind)
{
    bool           opens;
    size_t         len, used;
    consent_rc_t   rc;

    if (!v->text && !v->json) {
        return consent_form_write(v, p, (size_t) (end - p), kind);
    }

    opens = form_may_open(*p) || (end - eq > 1 && form_may_open(eq[1]));

    if (!opens) {

        if (!v->text) {
            return consent_form_write(v, p, (size_t) (end - p), kind);
        }

        /* where all of it is clear, each of its texts is */

        len = (size_t) (end - p);

        if (len < v->dull && consent_form_dull(p, len)) {
            return consent_form_write(v, p, len, kind);
        }

        len = consent_form_decode(v->decoded, &used, p, len, true);

        if (consent_detect_clear(form_detect(v), v->decoded, len)) {
            return consent_form_write(v, p, (size_t) (end - p), kind);
        }
    }

    rc = consent_form_text(v, p, (size_t) (eq - p), kind);

    if (rc != CONSENT_OK || eq == end) {
        return rc;
    }

    rc = consent_form_write(v, eq, 1, kind);
    if (rc != CONSENT_OK) {
        return rc;
    }

    form_open(v, eq + 1, (size_t) (end - eq - 1), kind);

    len = consent_form_decode(v->decoded, &used, v->raw, v->len, true);

    if (consent_form_sight(v->decoded, len) == CONSENT_FORM_JSON) {
        return form_json(v, v->decoded, len);
    }

    return form_whole(v, v->decoded, len);
}


consent_rc_t
consent_form_text(consent_form_value_t *v, const uint8_t *raw, size_t len, consent_span_kind_t kind)
{
    size_t  n, used;

    form_open(v, raw, len, kind);
    n = consent_form_decode(v->decoded, &used, raw, len, true);

    return form_whole(v, v->decoded, n);
}


consent_rc_t
consent_form_long_begin(consent_form_value_t *v, const uint8_t *raw, size_t len, consent_span_kind_t kind)
{
    size_t                n, used;
    consent_form_sight_t  sight;

    n = 0;
    sight = CONSENT_FORM_TEXT;

    if (v->text || v->json) {
        n = consent_form_decode(v->decoded, &used, raw, len, false);
        sight = consent_form_sight(v->decoded, n);
    }

    form_open(v, v->hold, 0, CONSENT_SPAN_OWN);

    if (sight != CONSENT_FORM_TEXT) {
        consent_form_value_end(v);

        v->apart = *v->inspect;
        memset(&v->apart.found, 0, sizeof(v->apart.found));
        v->members_in = v->members_out = 0;
        v->members = consent_json_init(v->memory, &v->apart, false);

    } else if (!v->text) {
        return consent_form_write(v, raw, len, kind);
    }

    memmove(v->hold, raw, len);
    v->len = len;

    return consent_form_long_feed(v, NULL, 0, false);
}


consent_rc_t
consent_form_long_feed(consent_form_value_t *v, const uint8_t *raw, size_t len, bool last)
{
    bool          ends;
    size_t        n, take, used;
    consent_rc_t  rc;

    if (v->members == NULL && !v->text) {
        return consent_form_write(v, raw, len, CONSENT_SPAN_BORROWED);
    }

    do {
        take = len < CONSENT_FORM_HELD - v->len ? len : CONSENT_FORM_HELD - v->len;

        if (take > 0) {
            memcpy(v->hold + v->len, raw, take);
            v->len += take;
            raw += take;
            len -= take;
        }

        ends = last && len == 0;
        n = consent_form_decode(v->decoded, &used, v->hold + v->fed, v->len - v->fed, ends);
        v->fed += used;

        rc = v->members != NULL ? form_long_json(v, v->decoded, n, ends)
                                : consent_detect_feed(form_detect(v), v->decoded, n, ends, form_each, v);
        if (rc != CONSENT_OK) {
            return rc;
        }

        v->len -= v->done;
        v->fed -= v->done;
        memmove(v->hold, v->hold + v->done, v->len);
        v->done = 0;

    } while (len > 0);

    return CONSENT_OK;
}


/* What JSON would write instead of a long value is not wanted, only whether it would be the same. */
static consent_rc_t
form_count(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    consent_form_value_t  *v = arg;

    (void) data;
    (void) kind;

    v->members_out += len;

    return CONSENT_OK;
}


static consent_rc_t
form_long_json(consent_form_value_t *v, const uint8_t *text, size_t len, bool last)
{
    consent_rc_t  rc;

    rc = consent_transform_feed(v->members, text, len, last, form_count, v);
    v->members_in += len;

    if (rc != CONSENT_OK) {
        consent_form_doubt(v->inspect, v->apart.doubt == CONSENT_DOUBT_NONE ? CONSENT_DOUBT_SYNTAX : v->apart.doubt);
        return rc;
    }

    if (v->apart.found.removed != 0 || (last && v->members_in != v->members_out)) {
        return consent_form_doubt(v->inspect, CONSENT_DOUBT_SIZE);
    }

    if (last) {
        v->inspect->found.seen |= v->apart.found.seen;
        v->inspect->found.unknown += v->apart.found.unknown;
        v->inspect->found.unknown_in |= v->apart.found.unknown_in;
        consent_form_value_end(v);
    }

    return form_keep(v, len);
}


static consent_rc_t
form_whole(consent_form_value_t *v, const uint8_t *text, size_t len)
{
    if (!v->text || len == 0) {
        return form_keep(v, len);
    }

    return consent_detect_feed(form_detect(v), text, len, true, form_each, v);
}


static consent_rc_t
form_json(consent_form_value_t *v, const uint8_t *text, size_t len)
{
    consent_rc_t  rc;

    consent_form_value_end(v);

    v->at = 0;
    v->members = consent_json_init(v->memory, v->inspect, false);
    rc = consent_transform_feed(v->members, text, len, true, form_json_emit, v);
    consent_form_value_end(v);

    if (rc == CONSENT_MALFORMED || rc == CONSENT_LIMIT) {
        consent_form_doubt(v->inspect, CONSENT_DOUBT_SYNTAX);
    }

    return rc;
}


/* What is borrowed stands in `decoded` as it did; between two such spans something went. */
static consent_rc_t
form_json_emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    size_t                 at;
    consent_form_value_t  *v = arg;

    if (kind != CONSENT_SPAN_BORROWED) {
        return form_insert(v, data, len);
    }

    at = (size_t) (data - v->decoded);
    form_drop(v, at - v->at);
    v->at = at + len;

    return form_keep(v, len);
}


static void
form_open(consent_form_value_t *v, const uint8_t *raw, size_t len, consent_span_kind_t kind)
{
    v->raw = raw;
    v->len = len;
    v->done = v->fed = v->owed = 0;
    v->kind = kind;
}


static consent_detect_t *
form_detect(consent_form_value_t *v)
{
    if (v->detect == NULL) {
        v->detect = consent_detect_init(v->memory, v->inspect);
    }

    return v->detect;
}


static consent_rc_t
form_each(void *arg, size_t n, consent_slice_t mask)
{
    consent_form_value_t  *v = arg;

    if (mask.len == 0) {
        return form_keep(v, n);
    }

    form_drop(v, n);

    return form_insert(v, mask.data, mask.len);
}


static consent_rc_t
form_keep(consent_form_value_t *v, size_t n)
{
    const uint8_t  *from;

    from = v->raw + v->done;
    n = form_walk(v, n);

    return consent_form_write(v, from, n, v->kind);
}


static void
form_drop(consent_form_value_t *v, size_t n)
{
    (void) form_walk(v, n);
}


/* Goes on by n decoded bytes; how many raw ones they are. A character is decided by its first byte. */
static size_t
form_walk(consent_form_value_t *v, size_t n)
{
    size_t   from, k, used;
    uint8_t  unit[3];

    from = v->done;
    k = n < v->owed ? n : v->owed;
    v->owed -= k;
    n -= k;

    while (n > 0 && v->done < v->len) {

        if (v->raw[v->done] != '%') {
            v->done++;
            n--;
            continue;
        }

        used = consent_form_unit(unit, &k, v->raw + v->done, v->len - v->done, true);
        v->done += used;

        if (n < k) {
            v->owed = k - n;
            break;
        }

        n -= k;
    }

    return v->done - from;
}


/* As a form writes it: the WHATWG's URL standard, section 5.2. */
static consent_rc_t
form_insert(consent_form_value_t *v, const uint8_t *text, size_t len)
{
    size_t        i, n;
    uint8_t       c, out[3 * CONSENT_MASK_LEN];
    consent_rc_t  rc;

    static const char  digits[] = "0123456789ABCDEF";

    for (n = 0, i = 0; i < len; i++) {
        c = text[i];

        if ((c >= '0' && c <= '9') || (consent_lower(c) >= 'a' && consent_lower(c) <= 'z')
            || c == '-' || c == '.' || c == '_' || c == '*')
        {
            out[n++] = c;

        } else if (c == ' ') {
            out[n++] = '+';

        } else {
            out[n++] = '%';
            out[n++] = (uint8_t) digits[c >> 4];
            out[n++] = (uint8_t) digits[c & 15];
        }

        if (n > sizeof(out) - 3 || i + 1 == len) {
            rc = consent_form_write(v, out, n, CONSENT_SPAN_OWN);
            if (rc != CONSENT_OK) {
                return rc;
            }

            n = 0;
        }
    }

    return CONSENT_OK;
}


/* Whether a value whose first raw byte this is could be JSON. */
static bool
form_may_open(uint8_t c)
{
    return c <= ' ' || c == '{' || c == '[' || c == '%' || c == '+' || c == 0xef;
}
