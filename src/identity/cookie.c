/*
 * The consent cookie's claims, and where it stands among other cookies.
 */

#include "identity/cookie.h"

#define CLAIMS_MAX         1024
#define EXPIRES_DIGITS     12           /* seconds: until the year 33658 */

#define RECORD_VERSION     1
#define RECORD_SHORT_LEN   24           /* without a decision */
#define RECORD_FIXED_LEN   50           /* with one, up to the varints */
#define VARINT_LEN         10
#define RECORD_LEN         (RECORD_FIXED_LEN + 4 * VARINT_LEN)
#define RECORD_TEXT_LEN    (RECORD_LEN / 3 * 4)
#define TIME_LEN           6
#define TIME_END           (INT64_C(1) << 48)

#define FLAG_IDENTIFIED    0x01
#define FLAG_DECISION      0x02
#define FLAG_GPC           0x40
#define FLAG_UNUSED        0x80

static consent_rc_t cookie_read_any(consent_cookie_t *out, const consent_keys_t *keys, consent_slice_t value,
    consent_slice_t audience, consent_time_t now);
static bool claims_plain(consent_slice_t *record, consent_time_t *expires, consent_slice_t claims,
    consent_slice_t audience);
static bool claims_take(consent_slice_t *claims, consent_slice_t text);
static consent_rc_t record_write(uint8_t record[static RECORD_LEN], size_t *len,
    const consent_cookie_t *cookie);
static consent_rc_t record_read(consent_cookie_t *out, consent_slice_t text);
static consent_rc_t record_read_decision(consent_decision_t *d, consent_time_t issued, const uint8_t *record,
    size_t len);
static bool decision_in_bounds(const consent_decision_t *d);
static bool time_in_bounds(consent_time_t t);
static void put(uint8_t *out, size_t bytes, uint64_t n);
static uint64_t get(const uint8_t *in, size_t bytes);
static uint8_t *put_varint(uint8_t *out, uint64_t n);
static uint8_t *put_signed(uint8_t *out, int64_t n);
static bool get_varint(const uint8_t **p, const uint8_t *end, uint64_t *out);
static bool get_signed(const uint8_t **p, const uint8_t *end, int64_t *out);
static consent_slice_t trim(const uint8_t *p, const uint8_t *end);


consent_rc_t
consent_cookie_read(consent_cookie_t *out, const consent_keys_t *keys, consent_slice_t value,
    consent_slice_t audience, consent_time_t now)
{
    size_t           len;
    uint8_t          claims[CONSENT_COOKIE_MAX];
    consent_rc_t     rc;
    consent_slice_t  record;

    memset(out, 0, sizeof(consent_cookie_t));

    if (value.len > CONSENT_COOKIE_MAX) {
        return CONSENT_LIMIT;
    }

    /* a token for no policy at all must not be one for any */

    if (audience.len == 0) {
        return CONSENT_DENIED;
    }

    rc = consent_jwt_open(claims, &len, value, keys->cookie, keys->n_cookie);

    if (rc != CONSENT_OK) {
        return rc;
    }

    if (!claims_plain(&record, &out->expires, consent_slice(claims, len), audience)) {
        rc = cookie_read_any(out, keys, value, audience, now);

    } else if (now >= out->expires) {
        rc = CONSENT_EXPIRED;

    } else {
        rc = record_read(out, record);
    }

    if (rc != CONSENT_OK) {
        memset(out, 0, sizeof(consent_cookie_t));
    }

    return rc;
}


/* One that is spelled in another way than ours are, or is not for this policy. */
static consent_rc_t
cookie_read_any(consent_cookie_t *out, const consent_keys_t *keys, consent_slice_t value, consent_slice_t audience,
    consent_time_t now)
{
    consent_rc_t           rc;
    consent_jwt_t          jwt;
    const consent_json_t  *d;
    consent_jwt_check_t    check;

    check.issuer = consent_lit("");
    check.audience = audience;
    check.now = now;
    check.skew = 0;
    check.need_exp = true;

    rc = consent_jwt_verify(&jwt, value, keys->cookie, keys->n_cookie, &check);

    if (rc != CONSENT_OK) {
        return rc;
    }

    d = consent_json_get(jwt.document, "d");
    rc = d != NULL && d->type == CONSENT_JSON_STRING ? record_read(out, d->text) : CONSENT_DENIED;
    out->expires = jwt.expires;
    consent_arena_destroy(jwt.arena);

    return rc;
}


/* The claims as the library writes ours, byte for byte: {"aud":"...","d":"...","exp":...}. What they say needs no parser
 * then; whatever differs is left to one. */
static bool
claims_plain(consent_slice_t *record, consent_time_t *expires, consent_slice_t claims, consent_slice_t audience)
{
    size_t          i;
    const uint8_t  *quote;

    /* an audience that JSON writes with escapes is not looked for */

    if (memchr(audience.data, '"', audience.len) != NULL || memchr(audience.data, '\\', audience.len) != NULL
        || !claims_take(&claims, consent_lit("{\"aud\":\"")) || !claims_take(&claims, audience)
        || !claims_take(&claims, consent_lit("\",\"d\":\"")))
    {
        return false;
    }

    quote = claims.len == 0 ? NULL : memchr(claims.data, '"', claims.len);

    if (quote == NULL) {
        return false;
    }

    /* an escape is no base64url: it is refused where this is decoded */
    *record = consent_slice(claims.data, (size_t) (quote - claims.data));
    claims = consent_slice(quote, claims.len - record->len);

    if (memchr(record->data, '\\', record->len) != NULL || !claims_take(&claims, consent_lit("\",\"exp\":"))
        || claims.len < 2 || claims.len > EXPIRES_DIGITS + 1 || claims.data[0] == '0')
    {
        return false;
    }

    for (*expires = 0, i = 0; i < claims.len - 1; i++) {
        if (claims.data[i] < '0' || claims.data[i] > '9') {
            return false;
        }

        *expires = *expires * 10 + (claims.data[i] - '0');
    }

    *expires *= 1000;

    return claims.data[i] == '}';
}


static bool
claims_take(consent_slice_t *claims, consent_slice_t text)
{
    if (claims->len < text.len || memcmp(claims->data, text.data, text.len) != 0) {
        return false;
    }

    claims->data += text.len;
    claims->len -= text.len;

    return true;
}


consent_rc_t
consent_cookie_write(consent_buf_t *b, const consent_keys_t *keys, const consent_cookie_t *cookie,
    consent_slice_t audience)
{
    char           text[RECORD_TEXT_LEN];
    size_t         start, len;
    uint8_t        memory[CLAIMS_MAX], record[RECORD_LEN];
    consent_rc_t   rc;
    consent_buf_t  json;

    if (keys->n_cookie == 0 || audience.len == 0) {
        return CONSENT_DENIED;
    }

    rc = record_write(record, &len, cookie);

    if (rc != CONSENT_OK) {
        return rc;
    }

    consent_buf_init_fixed(&json, memory, sizeof(memory));

    consent_buf_str(&json, "{\"aud\":");
    consent_json_write_string(&json, audience, false);
    consent_buf_str(&json, ",\"exp\":");
    consent_buf_i64(&json, cookie->expires / 1000);
    consent_buf_str(&json, ",\"d\":\"");
    consent_buf_add(&json, text, consent_base64url(text, record, len));
    consent_buf_str(&json, "\"}");

    if (json.rc != CONSENT_OK) {
        return json.rc;
    }

    start = b->len;
    rc = consent_jwt_sign(b, keys->cookie[0], consent_buf_view(&json));

    /* what would be refused when it comes back is not sent out */

    return rc == CONSENT_OK && b->len - start > CONSENT_COOKIE_MAX ? CONSENT_LIMIT : rc;
}


size_t
consent_cookie_find(consent_slice_t *value, consent_slice_t header, consent_slice_t name)
{
    size_t           n;
    const uint8_t   *p, *end, *semicolon, *equals;
    consent_slice_t  found;

    n = 0;
    end = header.data + header.len;

    for (p = header.data; p < end; p = semicolon + 1) {
        semicolon = memchr(p, ';', (size_t) (end - p));

        if (semicolon == NULL) {
            semicolon = end;
        }

        /* most are told by their first letter */

        while (*p == ' ' || *p == '\t') {
            if (++p == end) {
                return n;
            }
        }

        if (name.len > 0 && *p != name.data[0]) {
            continue;
        }

        equals = memchr(p, '=', (size_t) (semicolon - p));

        if (equals == NULL) {
            continue;
        }

        found = trim(p, equals);

        if (consent_slice_eq(found, name)) {
            if (n == 0) {
                *value = trim(equals + 1, semicolon);
            }

            n++;
        }
    }

    return n;
}


static consent_rc_t
record_write(uint8_t record[static RECORD_LEN], size_t *len, const consent_cookie_t *cookie)
{
    uint8_t                   *p;
    unsigned                   flags;
    const consent_decision_t  *d;

    d = &cookie->decision;
    flags = cookie->identified ? FLAG_IDENTIFIED : 0;

    if (!time_in_bounds(cookie->issued) || (cookie->has_decision && !decision_in_bounds(d))) {
        return CONSENT_MALFORMED;
    }

    record[0] = RECORD_VERSION;
    memcpy(record + 2, cookie->subject, CONSENT_SUBJECT_LEN);
    put(record + 18, TIME_LEN, (uint64_t) cookie->issued);
    *len = RECORD_SHORT_LEN;

    if (cookie->has_decision) {
        flags |= FLAG_DECISION | (unsigned) d->scope << 2 | (unsigned) d->ai << 4 | (d->gpc ? FLAG_GPC : 0);

        record[24] = (uint8_t) (d->status | d->by << 3);
        record[25] = (uint8_t) ((d->level + 1) | d->method << 5);
        put(record + 26, 8, d->policy);
        memcpy(record + 34, d->receipt, CONSENT_ID_LEN);

        p = put_varint(record + RECORD_FIXED_LEN, d->granted);
        p = put_signed(p, cookie->issued - d->stamp);
        p = put_signed(p, d->stamp - d->decided_at);
        p = put_signed(p, d->expires_at - d->decided_at);
        *len = (size_t) (p - record);
    }

    record[1] = (uint8_t) flags;

    return CONSENT_OK;
}


static consent_rc_t
record_read(consent_cookie_t *out, consent_slice_t text)
{
    size_t   len;
    uint8_t  record[RECORD_LEN + 3];

    if (text.len > RECORD_TEXT_LEN || consent_base64url_decode(record, &len, text) != CONSENT_OK
        || len < RECORD_SHORT_LEN
        || record[0] != RECORD_VERSION)
    {
        return CONSENT_DENIED;
    }

    out->identified = record[1] & FLAG_IDENTIFIED;
    out->has_decision = record[1] & FLAG_DECISION;
    memcpy(out->subject, record + 2, CONSENT_SUBJECT_LEN);
    out->issued = (consent_time_t) get(record + 18, TIME_LEN);

    if (out->has_decision) {
        return record_read_decision(&out->decision, out->issued, record, len);
    }

    return len == RECORD_SHORT_LEN && (record[1] & ~FLAG_IDENTIFIED) == 0 ? CONSENT_OK : CONSENT_DENIED;
}


/* All of it, each field within its bounds: a decision is never read in part. */
static consent_rc_t
record_read_decision(consent_decision_t *d, consent_time_t issued, const uint8_t *record, size_t len)
{
    int64_t         since_stamp, to_stamp, lasts;
    uint8_t         flags;
    const uint8_t  *p, *end;

    flags = record[1];

    if (len <= RECORD_FIXED_LEN || (flags & FLAG_UNUSED) || (record[24] & 0xc0)) {
        return CONSENT_DENIED;
    }

    d->scope = flags >> 2 & 3;
    d->ai = flags >> 4 & 3;
    d->gpc = (flags & FLAG_GPC) != 0;
    d->status = record[24] & 7;
    d->by = record[24] >> 3 & 7;
    d->level = (int8_t) ((record[25] & 31) - 1);
    d->method = record[25] >> 5;
    d->policy = get(record + 26, 8);
    memcpy(d->receipt, record + 34, CONSENT_ID_LEN);

    p = record + RECORD_FIXED_LEN;
    end = record + len;

    if (!get_varint(&p, end, &d->granted) || !get_signed(&p, end, &since_stamp)
        || !get_signed(&p, end, &to_stamp) || !get_signed(&p, end, &lasts) || p != end)
    {
        return CONSENT_DENIED;
    }

    d->stamp = issued - since_stamp;
    d->decided_at = d->stamp - to_stamp;
    d->expires_at = d->decided_at + lasts;

    return decision_in_bounds(d) ? CONSENT_OK : CONSENT_DENIED;
}


static bool
decision_in_bounds(const consent_decision_t *d)
{
    switch (d->status) {
    case CONSENT_STATUS_GIVEN:
    case CONSENT_STATUS_REFUSED:
    case CONSENT_STATUS_WITHDRAWN:
    case CONSENT_STATUS_LOWERED:
        break;
    default:
        return false;
    }

    return d->scope <= CONSENT_SCOPE_ONCE && d->ai <= CONSENT_AI_NONE && d->by <= CONSENT_BY_SIGNAL
           && d->level >= CONSENT_LEVEL_CUSTOM && d->level < CONSENT_MAX_LEVELS
           && d->method <= CONSENT_METHOD_OPERATOR && d->granted >> CONSENT_MAX_CATEGORIES == 0
           && time_in_bounds(d->stamp) && time_in_bounds(d->decided_at) && time_in_bounds(d->expires_at);
}


/* Until the year 10889: differences of two cannot overflow. */
static bool
time_in_bounds(consent_time_t t)
{
    return t >= 0 && t < TIME_END;
}


static void
put(uint8_t *out, size_t bytes, uint64_t n)
{
    while (bytes-- > 0) {
        out[bytes] = (uint8_t) n;
        n >>= 8;
    }
}


static uint64_t
get(const uint8_t *in, size_t bytes)
{
    size_t    i;
    uint64_t  n;

    for (n = 0, i = 0; i < bytes; i++) {
        n = n << 8 | in[i];
    }

    return n;
}


static uint8_t *
put_varint(uint8_t *out, uint64_t n)
{
    for ( /* void */ ; n > 0x7f; n >>= 7) {
        *out++ = (uint8_t) (n | 0x80);
    }

    *out++ = (uint8_t) n;

    return out;
}


static uint8_t *
put_signed(uint8_t *out, int64_t n)
{
    return put_varint(out, n < 0 ? ~((uint64_t) n << 1) : (uint64_t) n << 1);
}


/* Of at most nine bytes, which is more than anything here needs; false also for one that is longer than
 * needed. */
static bool
get_varint(const uint8_t **p, const uint8_t *end, uint64_t *out)
{
    unsigned  shift;

    *out = 0;

    for (shift = 0; shift < 63 && *p < end; shift += 7) {
        *out |= (uint64_t) (**p & 0x7f) << shift;

        if ((*(*p)++ & 0x80) == 0) {
            return shift == 0 || *out >> shift != 0;
        }
    }

    return false;
}


/* Bounded so that sums of three and a time cannot overflow. */
static bool
get_signed(const uint8_t **p, const uint8_t *end, int64_t *out)
{
    uint64_t  n;

    if (!get_varint(p, end, &n) || n >> 50 != 0) {
        return false;
    }

    *out = n & 1 ? -(int64_t) (n >> 1) - 1 : (int64_t) (n >> 1);

    return true;
}


/* Without the white space of RFC 6265, section 4.2.1, around it. */
static consent_slice_t
trim(const uint8_t *p, const uint8_t *end)
{
    while (p < end && (*p == ' ' || *p == '\t')) {
        p++;
    }

    while (end > p && (end[-1] == ' ' || end[-1] == '\t')) {
        end--;
    }

    return consent_slice(p, (size_t) (end - p));
}
