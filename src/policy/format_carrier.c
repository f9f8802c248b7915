/*
 * How carriers are written: names of headers, cookies, arguments and fields, JSON paths, path patterns,
 * expressions.
 */

#include "policy/form.h"

#define CARRIER_MAX_NAME   128
#define CARRIER_MAX_PATH   500
#define CARRIER_MAX_REGEX  500

static const char *carrier_token(consent_slice_t s);
static bool carrier_is_tchar(uint8_t c);
static const uint8_t *json_member(const uint8_t *p, const uint8_t *end);
static const uint8_t *json_quoted(const uint8_t *p, const uint8_t *end);


/* A carrier may not take headers of ours, and those that HTTP stands on or that have a carrier of their own. */
static const char *
format_header(consent_slice_t s)
{
    static const char *const  kept[] = {
        "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Cookie", "Expect", "Host", "Sec-GPC",
        "TE", "Trailer", "Transfer-Encoding", "Upgrade", NULL
    };

    size_t       i;
    const char  *wrong;

    wrong = carrier_token(s);

    if (wrong != NULL) {
        return wrong;
    }

    if (consent_names_overlap(s, consent_lit("Consent-*"), true)) {
        return "takes headers of our own, Consent-*, which never come from outside";
    }

    for (i = 0; kept[i] != NULL; i++) {
        if (consent_names_overlap(s, consent_cstr(kept[i]), true)) {
            return "takes a header that the request itself needs, such as Host, Cookie or Content-Type";
        }
    }

    return NULL;
}


static const char *
format_cookie(consent_slice_t s)
{
    const char  *wrong;

    wrong = carrier_token(s);

    if (wrong == NULL && (consent_names_overlap(s, consent_lit("consent"), false)
                          || consent_names_overlap(s, consent_lit("__Host-consent"), false)))
    {
        wrong = "takes the consent cookie itself";
    }

    return wrong;
}


static const char *
format_argument(consent_slice_t s)
{
    size_t  i;

    if (s.len == 0) {
        return "must not be empty";
    }

    if (s.len > CARRIER_MAX_NAME) {
        return "is longer than 128 bytes";
    }

    for (i = 0; i < s.len; i++) {
        if (s.data[i] < 0x20 || s.data[i] == 0x7f) {
            return "has control characters in it";
        }
    }

    if (s.data[0] == ' ' || s.data[s.len - 1] == ' ') {
        return "must not begin or end with a space";
    }

    return memchr(s.data, '*', s.len - 1) != NULL ? "may have '*' only at its end" : NULL;
}


/* A subset of RFC 9535: $ and then .name, ['name'], [*] or ..name, with at least one of them. */
static const char *
format_json(consent_slice_t s)
{
    const uint8_t  *p, *end;

    static const char  wrong[] = "must be a path such as $..name, $.person.name, $['name'] or $.list[*].name";

    if (s.len > CARRIER_MAX_PATH) {
        return "is longer than 500 bytes";
    }

    if (s.len < 2 || s.data[0] != '$') {
        return wrong;
    }

    end = s.data + s.len;

    for (p = s.data + 1; p != NULL && p < end; /* void */) {

        if (*p == '.') {
            p++;
            p = json_member(p < end && *p == '.' ? p + 1 : p, end);

        } else if (end - p >= 3 && memcmp(p, "[*]", 3) == 0) {
            p += 3;

        } else if (end - p >= 2 && memcmp(p, "['", 2) == 0) {
            p = json_quoted(p + 2, end);

        } else {
            p = NULL;
        }
    }

    return p == NULL ? wrong : NULL;
}


/* '*' stands for one segment, '**' at the end for any rest. */
static const char *
format_path(consent_slice_t s)
{
    size_t          len;
    const uint8_t  *p, *end, *segment;

    if (s.len == 0 || s.data[0] != '/') {
        return "must begin with '/'";
    }

    if (s.len > CARRIER_MAX_PATH) {
        return "is longer than 500 bytes";
    }

    end = s.data + s.len;
    p = s.data + 1;

    while (p < end) {

        for (segment = p; p < end && *p != '/'; p++) {
            if (*p < 0x20 || *p == 0x7f || *p == '?' || *p == '#' || *p == '%') {
                return "is a decoded path: without '?', '#', '%' and control characters";
            }
        }

        len = (size_t) (p - segment);

        if (len == 0 || (len == 1 && *segment == '.') || (len == 2 && memcmp(segment, "..", 2) == 0)) {
            return "must not have empty segments, '.' or '..'";
        }

        if (len == 2 && memcmp(segment, "**", 2) == 0) {
            if (p < end) {
                return "may have '**' only at its end";
            }

        } else if (len > 1 && memchr(segment, '*', len) != NULL) {
            return "may have '*' only as a whole segment: /person/*/show";
        }

        p += p < end;
    }

    return NULL;
}


static const char *
format_regex(consent_slice_t s)
{
    size_t  i;

    if (s.len == 0) {
        return "must not be empty";
    }

    if (s.len > CARRIER_MAX_REGEX) {
        return "is longer than 500 bytes";
    }

    for (i = 0; i < s.len; i++) {
        if (s.data[i] < 0x20 || s.data[i] == 0x7f) {
            return "has control characters in it; write them as escapes such as \\t";
        }
    }

    return NULL;
}


/* A media type without parameters (RFC 9110, 8.3.1), or a whole type. */
static const char *
format_media(consent_slice_t s)
{
    bool    bad;
    size_t  i, slash;

    slash = 0;
    bad = s.len > 127;

    for (i = 0; i < s.len && !bad; i++) {

        if (s.data[i] == '/') {
            bad = slash != 0 || i == 0;
            slash = i;

        } else if (s.data[i] == '*') {
            bad = slash == 0 || i != slash + 1 || i + 1 != s.len;

        } else {
            bad = !carrier_is_tchar(s.data[i]);
        }
    }

    return bad || slash == 0 || slash + 1 == s.len ? "must be a media type such as application/pdf or image/*" : NULL;
}


/* A token of RFC 9110, 5.6.2; '*' is a letter of tokens, but a pattern's only at its end. */
static const char *
carrier_token(consent_slice_t s)
{
    size_t  i;

    if (s.len == 0) {
        return "must not be empty";
    }

    if (s.len > CARRIER_MAX_NAME) {
        return "is longer than 128 bytes";
    }

    for (i = 0; i < s.len; i++) {
        if (s.data[i] == '*' && i + 1 < s.len) {
            return "may have '*' only at its end";
        }

        if (!carrier_is_tchar(s.data[i])) {
            return "must be a name of HTTP: letters, digits and ! # $ % & ' + - . ^ _ ` | ~";
        }
    }

    return NULL;
}


static bool
carrier_is_tchar(uint8_t c)
{
    uint8_t  lower;

    lower = consent_lower(c);

    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9')
           || (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}


/* member-name-shorthand; returns what follows it, or NULL. */
static const uint8_t *
json_member(const uint8_t *p, const uint8_t *end)
{
    uint8_t         lower;
    const uint8_t  *start;

    for (start = p; p < end; p++) {
        lower = consent_lower(*p);

        if ((lower < 'a' || lower > 'z') && *p != '_' && *p < 0x80 && (p == start || *p < '0' || *p > '9')) {
            break;
        }
    }

    return p == start ? NULL : p;
}


/* What follows the opening of ['; backslashes stand before ' and \ only. Returns what follows the ']', or
 * NULL. */
static const uint8_t *
json_quoted(const uint8_t *p, const uint8_t *end)
{
    const uint8_t  *start;

    for (start = p; p < end && *p != '\''; p++) {
        if (*p < 0x20) {
            return NULL;
        }

        if (*p == '\\' && (++p == end || (*p != '\'' && *p != '\\'))) {
            return NULL;
        }
    }

    return p > start && end - p >= 2 && p[1] == ']' ? p + 2 : NULL;
}


const consent_format_t  consent_format_header = { "header", format_header };
const consent_format_t  consent_format_cookie = { "cookie", format_cookie };
const consent_format_t  consent_format_argument = { "argument", format_argument };
const consent_format_t  consent_format_json = { "jsonpath", format_json };
const consent_format_t  consent_format_path = { "path", format_path };
const consent_format_t  consent_format_regex = { "regex", format_regex };
const consent_format_t  consent_format_media = { "media_type", format_media };
