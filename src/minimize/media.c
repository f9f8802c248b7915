/*
 * Media types: reading them, and which of them can be looked into.
 */

#include "minimize/media.h"

static bool media_common(consent_media_t *media, consent_slice_t in);
static bool media_token(consent_slice_t *out, const uint8_t **p, const uint8_t *end);
static bool media_quoted(consent_slice_t *out, const uint8_t **p, const uint8_t *end);
static bool media_parameter(consent_media_t *media, consent_slice_t name, consent_slice_t value);
static consent_media_kind_t media_kind(consent_slice_t type);
static bool media_names_boundary(consent_slice_t s, uint8_t then);
static bool media_suffix(consent_slice_t type, consent_slice_t suffix);
static void media_space(const uint8_t **p, const uint8_t *end);


consent_rc_t
consent_media_parse(consent_media_t *media, consent_slice_t in)
{
    const uint8_t    *p, *end;
    consent_slice_t   type, subtype, name, value;

    memset(media, 0, sizeof(consent_media_t));

    if (in.len == 0) {
        return CONSENT_MALFORMED;
    }

    if (media_common(media, in)) {
        return CONSENT_OK;
    }

    p = in.data;
    end = in.data + in.len;

    media_space(&p, end);

    if (!media_token(&type, &p, end) || p == end || *p++ != '/' || !media_token(&subtype, &p, end)) {
        return CONSENT_MALFORMED;
    }

    media->type = consent_slice(type.data, type.len + 1 + subtype.len);

    for ( ;; ) {
        media_space(&p, end);

        if (p == end) {
            break;
        }

        if (*p++ != ';') {
            return CONSENT_MALFORMED;
        }

        media_space(&p, end);

        if (p == end || *p == ';') {
            continue;
        }

        if (!media_token(&name, &p, end) || p == end || *p++ != '=' || p == end
            || (*p == '"' ? !media_quoted(&value, &p, end) : !media_token(&value, &p, end))
            || !media_parameter(media, name, value))
        {
            return CONSENT_MALFORMED;
        }
    }

    media->kind = media_kind(media->type);

    return CONSENT_OK;
}


/* What most senders write, to the letter. */
static bool
media_common(consent_media_t *media, consent_slice_t in)
{
    media->kind = consent_slice_eq(in, consent_lit("application/x-www-form-urlencoded")) ? CONSENT_MEDIA_FORM
                  : consent_slice_eq(in, consent_lit("application/json")) ? CONSENT_MEDIA_JSON : CONSENT_MEDIA_OPAQUE;
    media->type = in;

    return media->kind != CONSENT_MEDIA_OPAQUE;
}


bool
consent_media_ascii(consent_slice_t charset)
{
    size_t  i;

    static const char *const  names[] = { "utf-8", "utf8", "us-ascii", "ascii", "latin1", "latin-1" };
    static const char *const  families[] = { "iso-8859-", "iso8859-", "windows-125" };

    if (charset.len == 0) {
        return true;
    }

    for (i = 0; i < consent_countof(names); i++) {
        if (consent_slice_ieq(charset, consent_cstr(names[i]))) {
            return true;
        }
    }

    for (i = 0; i < consent_countof(families); i++) {
        if (charset.len > strlen(families[i]) && charset.len <= strlen(families[i]) + 2
            && consent_slice_ieq(consent_slice(charset.data, strlen(families[i])), consent_cstr(families[i]))
            && charset.data[charset.len - 1] >= '0' && charset.data[charset.len - 1] <= '9')
        {
            return true;
        }
    }

    return false;
}


bool
consent_media_listed(consent_slice_t type, const consent_policy_t *policy)
{
    bool             json;
    size_t           i;
    consent_slice_t  pattern;

    json = media_suffix(type, consent_lit("+json")) || media_suffix(type, consent_lit("+json-seq"));

    for (i = 0; i < policy->bodies_allow.n; i++) {
        pattern = policy->bodies_allow.items[i];

        if (pattern.len > 2 && pattern.data[pattern.len - 1] == '*' && pattern.data[pattern.len - 2] == '/') {
            pattern.len--;

            if (!json && type.len > pattern.len && consent_slice_ieq(consent_slice(type.data, pattern.len), pattern)) {
                return true;
            }

        } else if (consent_slice_ieq(type, pattern)) {
            return true;
        }
    }

    return false;
}


static consent_media_kind_t
media_kind(consent_slice_t type)
{
    size_t  i;

    static const struct {
        const char            *type;
        consent_media_kind_t   kind;
    } kinds[] = {
        { "application/x-www-form-urlencoded", CONSENT_MEDIA_FORM },
        { "application/json", CONSENT_MEDIA_JSON },
        { "text/json", CONSENT_MEDIA_JSON },
        { "text/x-json", CONSENT_MEDIA_JSON },
        { "application/x-json", CONSENT_MEDIA_JSON },
        { "application/jsonrequest", CONSENT_MEDIA_JSON },
        { "application/csp-report", CONSENT_MEDIA_JSON },
        { "application/x-ndjson", CONSENT_MEDIA_JSON_LINES },
        { "application/ndjson", CONSENT_MEDIA_JSON_LINES },
        { "application/jsonl", CONSENT_MEDIA_JSON_LINES },
        { "application/x-jsonlines", CONSENT_MEDIA_JSON_LINES },
        { "application/json-seq", CONSENT_MEDIA_JSON_LINES },
        { "application/graphql", CONSENT_MEDIA_TEXT },
        { "text/xml", CONSENT_MEDIA_OPAQUE }
    };

    for (i = 0; i < consent_countof(kinds); i++) {
        if (consent_slice_ieq(type, consent_cstr(kinds[i].type))) {
            return kinds[i].kind;
        }
    }

    if (type.len > 10 && consent_slice_ieq(consent_slice(type.data, 10), consent_lit("multipart/"))) {
        return CONSENT_MEDIA_MULTIPART;
    }

    if (media_suffix(type, consent_lit("+json"))) {
        return CONSENT_MEDIA_JSON;
    }

    if (media_suffix(type, consent_lit("+json-seq"))) {
        return CONSENT_MEDIA_JSON_LINES;
    }

    return type.len > 5 && consent_slice_ieq(consent_slice(type.data, 5), consent_lit("text/"))
           && !media_suffix(type, consent_lit("+xml")) ? CONSENT_MEDIA_TEXT : CONSENT_MEDIA_OPAQUE;
}


static bool
media_parameter(consent_media_t *media, consent_slice_t name, consent_slice_t value)
{
    size_t            n;
    consent_slice_t  *to;

    n = name.len;

    if (memchr(name.data, '*', n) != NULL) {
        return false;
    }

    to = consent_slice_ieq(name, consent_lit("charset")) ? &media->charset
         : consent_slice_ieq(name, consent_lit("boundary")) ? &media->boundary : NULL;

    /* some take what stands behind the first "boundary" and '=', wherever that is */

    if (to == &media->boundary ? media_names_boundary(value, '=')
                               : media_names_boundary(name, '\0') || media_names_boundary(value, '\0'))
    {
        return false;
    }

    if (to == NULL) {
        return true;
    }

    if (to->data != NULL || value.len == 0) {
        return false;
    }

    *to = value;

    return true;
}


/* It says "boundary", and `then` behind it unless that is 0. */
static bool
media_names_boundary(consent_slice_t s, uint8_t then)
{
    size_t  i;

    for (i = 0; i + 8 <= s.len; i++) {
        if (consent_slice_ieq(consent_slice(s.data + i, 8), consent_lit("boundary"))
            && (then == '\0' || (i + 8 < s.len && s.data[i + 8] == then)))
        {
            return true;
        }
    }

    return false;
}


static bool
media_suffix(consent_slice_t type, consent_slice_t suffix)
{
    return type.len > suffix.len
           && consent_slice_ieq(consent_slice(type.data + type.len - suffix.len, suffix.len), suffix);
}


static bool
media_token(consent_slice_t *out, const uint8_t **p, const uint8_t *end)
{
    uint8_t         c;
    const uint8_t  *from;

    for (from = *p; *p < end; (*p)++) {
        c = **p;

        if ((consent_lower(c) < 'a' || consent_lower(c) > 'z') && c != '-'
            && (c <= ' ' || c >= 0x7f || memchr("\"(),/:;<=>?@[\\]{}", c, 17) != NULL))
        {
            break;
        }
    }

    *out = consent_slice(from, (size_t) (*p - from));

    return out->len > 0;
}


static bool
media_quoted(consent_slice_t *out, const uint8_t **p, const uint8_t *end)
{
    const uint8_t  *from;

    for (from = ++*p; *p < end && **p != '"'; (*p)++) {
        if (**p == '\\' || (**p < ' ' && **p != '\t') || **p >= 0x7f) {
            return false;
        }
    }

    if (*p == end) {
        return false;
    }

    *out = consent_slice(from, (size_t) (*p - from));
    (*p)++;

    return true;
}


static void
media_space(const uint8_t **p, const uint8_t *end)
{
    while (*p < end && (**p == ' ' || **p == '\t')) {
        (*p)++;
    }
}
