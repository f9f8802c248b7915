/*
 * JSON, as far as it must be understood to restore in it: names, strings, depth (RFC 8259). Numbers and literals are
 * not judged: a reader that refuses them shows nothing.
 */

#include "minimize/restore_json.h"

enum {
    STATE_BEGIN = 0,
    STATE_VALUE,
    STATE_FIRST,            /* behind '[' */
    STATE_NAME_FIRST,       /* behind '{' */
    STATE_NAME,
    STATE_IN_NAME,
    STATE_COLON,
    STATE_STRING,
    STATE_SCALAR,
    STATE_AFTER,
    STATE_BAD
};

static bool json_value(consent_restore_json_t *j, uint8_t c);
static void json_in_name(consent_restore_json_t *j, uint8_t c);
static void json_name_end(consent_restore_json_t *j);
static void json_end(consent_restore_json_t *j, uint8_t c);
static void json_keep(consent_restore_json_t *j, uint8_t c);
static bool json_escape(consent_restore_json_t *j, uint8_t c);
static void json_bad(consent_restore_json_t *j);
static bool json_space(uint8_t c);
static bool json_plain(uint8_t c);


void
consent_restore_json_init(consent_restore_json_t *j)
{
    memset(j, 0, offsetof(consent_restore_json_t, path));
    j->path[0] = CONSENT_RESTORE_ROOT;
    j->value = CONSENT_RESTORE_ROOT;
}


bool
consent_restore_json_done(const consent_restore_json_t *j)
{
    return j->depth == 0 && (j->state == STATE_AFTER || j->state == STATE_SCALAR);
}


consent_restore_event_t
consent_restore_json_scan(consent_restore_json_t *j, const uint8_t **pp, const uint8_t *end)
{
    uint8_t  c;

    while (*pp < end && j->state != STATE_BAD) {
        c = **pp;

        switch (j->state) {

        case STATE_IN_NAME:
            json_in_name(j, c);
            (*pp)++;
            continue;

        case STATE_SCALAR:
            if (json_plain(c)) {
                json_keep(j, c);
                (*pp)++;
                continue;
            }

            j->state = STATE_AFTER;
            return CONSENT_RESTORE_SCALAR;

        case STATE_STRING:
            return CONSENT_RESTORE_STRING;

        default:
            break;
        }

        (*pp)++;

        if (json_space(c)) {
            continue;
        }

        switch (j->state) {

        case STATE_FIRST:
            if (c == ']') {
                json_end(j, c);
                break;
            }

            /* fall through */

        case STATE_BEGIN:
        case STATE_VALUE:
            if (json_value(j, c)) {
                return CONSENT_RESTORE_STRING;
            }

            break;

        case STATE_NAME_FIRST:
            if (c == '}') {
                json_end(j, c);
                break;
            }

            /* fall through */

        case STATE_NAME:
            if (c != '"') {
                json_bad(j);
                break;
            }

            j->state = STATE_IN_NAME;
            j->name_len = 0;
            j->value = consent_restore_path(j->path[j->depth], consent_lit("/"));
            break;

        case STATE_COLON:
            j->state = c == ':' ? STATE_VALUE : STATE_BAD;
            break;

        default:
            /* STATE_AFTER */

            if (c == ',' && j->depth > 0) {
                j->state = j->objects >> j->depth & 1 ? STATE_NAME : STATE_VALUE;

            } else {
                json_end(j, c);
            }

            break;
        }
    }

    return j->state == STATE_BAD ? CONSENT_RESTORE_OTHER : CONSENT_RESTORE_MORE;
}


bool
consent_restore_json_skip(consent_restore_json_t *j, const uint8_t **pp, const uint8_t *end)
{
    uint8_t  c;

    for ( /* void */ ; *pp < end; (*pp)++) {
        c = **pp;

        if (j->escape > 0) {

            if (json_escape(j, c)) {
                json_keep(j, (uint8_t) (j->code < 0x80 ? j->code : 0x80));
            }

        } else if (c == '"') {
            return true;

        } else if (c == '\\') {
            j->escape = 1;
            j->digits = 0;

        } else {
            json_keep(j, c);
        }
    }

    return false;
}


void
consent_restore_json_close(consent_restore_json_t *j)
{
    j->state = j->state == STATE_BAD ? STATE_BAD : STATE_AFTER;
    j->escape = 0;
}


/* The first byte of a value; true: a string's. */
static bool
json_value(consent_restore_json_t *j, uint8_t c)
{
    if (j->depth == 0 || !(j->objects >> j->depth & 1)) {
        j->member = false;
        j->value = j->path[j->depth];
    }

    j->word_len = 0;

    if (c == '"') {
        j->state = STATE_STRING;
        return true;
    }

    if (c == '{' || c == '[') {

        if (j->depth == CONSENT_RESTORE_DEPTH) {
            json_bad(j);
            return false;
        }

        j->depth++;
        j->path[j->depth] = c == '{' ? j->value : consent_restore_path(j->value, consent_lit("/*"));
        j->objects = (j->objects & ~(UINT64_C(1) << j->depth)) | (uint64_t) (c == '{') << j->depth;
        j->state = c == '{' ? STATE_NAME_FIRST : STATE_FIRST;

        if (j->member && j->closed == 0) {
            j->closed = j->depth;
        }

        return false;
    }

    if (!json_plain(c)) {
        json_bad(j);
        return false;
    }

    j->state = STATE_SCALAR;
    json_keep(j, c);

    return false;
}


static void
json_end(consent_restore_json_t *j, uint8_t c)
{
    if (j->depth == 0 || c != (j->objects >> j->depth & 1 ? '}' : ']')) {
        json_bad(j);
        return;
    }

    if (j->closed == j->depth) {
        j->closed = 0;
    }

    j->depth--;
    j->member = false;
    j->state = STATE_AFTER;
}


static void
json_in_name(consent_restore_json_t *j, uint8_t c)
{
    uint8_t  letter;

    if (j->escape > 0) {

        if (!json_escape(j, c)) {
            return;
        }

        c = (uint8_t) (j->code < 0x80 ? j->code : 0x80);

    } else if (c == '\\') {
        j->escape = 1;
        j->digits = 0;
        return;

    } else if (c == '"') {
        json_name_end(j);
        return;
    }

    j->value = consent_restore_path(j->value, consent_slice(&c, 1));
    letter = consent_lower(c);

    if ((letter >= 'a' && letter <= 'z') || (c >= '0' && c <= '9')) {

        if (j->name_len < CONSENT_RESTORE_WORD) {
            j->name[j->name_len] = letter;
        }

        j->name_len = (uint8_t) (j->name_len <= CONSENT_RESTORE_WORD ? j->name_len + 1 : j->name_len);
    }
}


static void
json_name_end(consent_restore_json_t *j)
{
    j->state = STATE_COLON;
    j->member = consent_restore_reserved(j->name, j->name_len);
}


/* True: j->code is a code unit of UTF-16. */
static bool
json_escape(consent_restore_json_t *j, uint8_t c)
{
    uint8_t  digit;

    if (j->digits > 0) {
        digit = (uint8_t) (c >= '0' && c <= '9' ? c - '0' : consent_lower(c) - 'a' + 10);

        if (digit > 15) {
            json_bad(j);
        }

        j->code = (uint16_t) (j->code << 4 | (digit & 15));
        j->digits--;

    } else if (c == 'u') {
        j->code = 0;
        j->digits = 4;

    } else {
        if (c == '\0' || strchr("\"\\/bfnrt", c) == NULL) {
            json_bad(j);
        }

        j->code = c;
    }

    j->escape = j->digits > 0;

    return j->escape == 0;
}


static void
json_keep(consent_restore_json_t *j, uint8_t c)
{
    if (c < ' ' && j->state == STATE_STRING) {
        json_bad(j);
    }

    if (j->word_len < CONSENT_RESTORE_WORD) {
        j->word[j->word_len] = c;
    }

    j->word_len = (uint8_t) (j->word_len <= CONSENT_RESTORE_WORD ? j->word_len + 1 : j->word_len);
}


static void
json_bad(consent_restore_json_t *j)
{
    j->state = STATE_BAD;
}


static bool
json_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}


/* Of numbers and literals. */
static bool
json_plain(uint8_t c)
{
    return (consent_lower(c) >= 'a' && consent_lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '+'
           || c == '.';
}


bool
consent_restore_reserved(const uint8_t *name, size_t len)
{
    size_t   i, n, at;
    uint8_t  lower[CONSENT_RESTORE_WORD];

    static const char *const  words[] = {
        "url", "uri", "href", "src", "link", "image", "img", "icon", "avatar", "audio", "video", "file", "attachment",
        "host", "domain", "endpoint", "path", "query", "search", "header", "cookie", "logprob",
        "arg", "param", "input", "tool", "func", "call", "json", "schema", "action", "command", "script", "style",
        "code", "annotation", "citation", "source", "sign", "encrypt", "thinking", "redacted", "obfuscation"
    };

    if (len > sizeof(lower)) {
        return true;
    }

    for (i = 0; i < len; i++) {
        lower[i] = consent_lower(name[i]);
    }

    for (i = 0; i < consent_countof(words); i++) {
        n = strlen(words[i]);

        for (at = 0; at + n <= len; at++) {
            if (lower[at] == (uint8_t) words[i][0] && memcmp(lower + at, words[i], n) == 0) {
                return true;
            }
        }
    }

    return false;
}
