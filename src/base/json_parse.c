/*
 * The JSON parser (RFC 8259): strict, without recursion, every value with its place.
 */

#include "base/json.h"
#include "base/utf8.h"

#include <stdlib.h>

typedef struct {
    consent_arena_t       *arena;
    const uint8_t         *pos;
    const uint8_t         *end;
    const uint8_t         *placed;      /* line and column are those of this byte */
    uint32_t               line;
    uint32_t               column;
    consent_json_error_t  *err;
} json_parser_t;

static consent_rc_t json_document(json_parser_t *p, consent_json_t **root, size_t max_depth);
static consent_rc_t json_value(json_parser_t *p, consent_json_t *v);
static consent_rc_t json_name(json_parser_t *p, consent_json_t *v);
static consent_rc_t json_literal(json_parser_t *p, consent_json_t *v, const char *word,
    consent_json_type_t type);
static consent_rc_t json_number(json_parser_t *p, consent_json_t *v);
static consent_rc_t json_string(json_parser_t *p, consent_slice_t *out);
static consent_rc_t json_check_names(json_parser_t *p, const consent_json_t *obj);
static int json_compare_names(const void *one, const void *two);
static void json_space(json_parser_t *p);
static size_t json_digits(json_parser_t *p);
static void json_place(json_parser_t *p, const uint8_t *at);
static consent_rc_t json_fail(json_parser_t *p, const uint8_t *at, const char *what);


consent_rc_t
consent_json_parse(consent_json_t **root, consent_arena_t *a, consent_slice_t in, size_t max_depth,
    consent_json_error_t *err)
{
    consent_rc_t          rc;
    json_parser_t         p;
    const uint8_t        *at;
    consent_json_error_t  ignored;

    *root = NULL;

    p.arena = a;
    p.pos = in.data;
    p.end = in.data + in.len;
    p.placed = in.data;
    p.line = 1;
    p.column = 1;
    p.err = err == NULL ? &ignored : err;

    memset(p.err, 0, sizeof(consent_json_error_t));

    if (in.len >= 3 && memcmp(in.data, "\xef\xbb\xbf", 3) == 0) {
        return json_fail(&p, p.pos, "byte order mark");
    }

    if (!consent_utf8_valid(in)) {
        for (at = in.data; at < p.end; /* void */ ) {
            const uint8_t  *before = at;

            if (consent_utf8_next(&at, p.end) == 0xfffd && at - before == 1) {
                return json_fail(&p, before, "not UTF-8");
            }
        }
    }

    if (max_depth > CONSENT_JSON_MAX_DEPTH) {
        max_depth = CONSENT_JSON_MAX_DEPTH;
    }

    rc = json_document(&p, root, max_depth);

    if (rc != CONSENT_OK) {
        *root = NULL;
    }

    return rc;
}


static consent_rc_t
json_document(json_parser_t *p, consent_json_t **root, size_t max_depth)
{
    size_t            depth;
    bool              object;
    consent_rc_t      rc;
    consent_json_t   *parent, *v, **link;

    depth = 0;
    parent = NULL;
    link = root;

    for ( ;; ) {
        v = consent_arena_alloc(p->arena, sizeof(consent_json_t));

        if (v == NULL) {
            return CONSENT_NOMEM;
        }

        v->parent = parent;

        if (parent != NULL && parent->type == CONSENT_JSON_OBJECT) {
            rc = json_name(p, v);

            if (rc != CONSENT_OK) {
                return rc;
            }
        }

        json_space(p);
        json_place(p, p->pos);
        v->line = p->line;
        v->column = p->column;

        if (p->pos < p->end && (*p->pos == '{' || *p->pos == '[')) {
            object = *p->pos == '{';

            if (depth == max_depth) {
                (void) json_fail(p, p->pos, "nested too deep");
                return CONSENT_LIMIT;
            }

            v->type = object ? CONSENT_JSON_OBJECT : CONSENT_JSON_ARRAY;
            p->pos++;
            json_space(p);

        } else {
            object = false;
            rc = json_value(p, v);

            if (rc != CONSENT_OK) {
                return rc;
            }
        }

        *link = v;
        link = &v->next;

        if (parent != NULL) {
            parent->count++;
        }

        if (v->type >= CONSENT_JSON_ARRAY) {
            if (p->pos == p->end || *p->pos != (object ? '}' : ']')) {
                depth++;
                parent = v;
                link = &v->first;
                continue;
            }

            p->pos++;
        }

        /* the value is complete: what follows closes its parents or brings its sibling */

        for ( ;; ) {
            json_space(p);

            if (parent == NULL) {
                return p->pos == p->end ? CONSENT_OK : json_fail(p, p->pos, "expected the document's end");
            }

            object = parent->type == CONSENT_JSON_OBJECT;

            if (p->pos < p->end && *p->pos == ',') {
                p->pos++;
                break;
            }

            if (p->pos == p->end || *p->pos != (object ? '}' : ']')) {
                return json_fail(p, p->pos, object ? "expected ',' or '}'" : "expected ',' or ']'");
            }

            p->pos++;
            rc = object ? json_check_names(p, parent) : CONSENT_OK;

            if (rc != CONSENT_OK) {
                return rc;
            }

            depth--;
            link = &parent->next;
            parent = parent->parent;
        }
    }
}


/* A value that is neither object nor array. */
static consent_rc_t
json_value(json_parser_t *p, consent_json_t *v)
{
    if (p->pos == p->end) {
        return json_fail(p, p->pos, "expected a value, found the end");
    }

    switch (*p->pos) {
    case '"':
        v->type = CONSENT_JSON_STRING;
        return json_string(p, &v->text);

    case 't':
        return json_literal(p, v, "true", CONSENT_JSON_TRUE);

    case 'f':
        return json_literal(p, v, "false", CONSENT_JSON_FALSE);

    case 'n':
        return json_literal(p, v, "null", CONSENT_JSON_NULL);

    default:
        if (*p->pos == '-' || (*p->pos >= '0' && *p->pos <= '9')) {
            return json_number(p, v);
        }

        return json_fail(p, p->pos, "expected a value");
    }
}


/* A member's name and its colon. */
static consent_rc_t
json_name(json_parser_t *p, consent_json_t *v)
{
    consent_rc_t  rc;

    json_space(p);

    if (p->pos == p->end || *p->pos != '"') {
        return json_fail(p, p->pos, "expected a member name in double quotes");
    }

    json_place(p, p->pos);
    v->name_line = p->line;
    v->name_column = p->column;

    rc = json_string(p, &v->name);

    if (rc != CONSENT_OK) {
        return rc;
    }

    json_space(p);

    if (p->pos == p->end || *p->pos != ':') {
        return json_fail(p, p->pos, "expected ':'");
    }

    p->pos++;

    return CONSENT_OK;
}


static consent_rc_t
json_literal(json_parser_t *p, consent_json_t *v, const char *word, consent_json_type_t type)
{
    size_t  len;

    len = strlen(word);

    if ((size_t) (p->end - p->pos) < len || memcmp(p->pos, word, len) != 0) {
        return json_fail(p, p->pos, "expected a value");
    }

    p->pos += len;
    v->type = type;

    return CONSENT_OK;
}


static consent_rc_t
json_number(json_parser_t *p, consent_json_t *v)
{
    const uint8_t  *start;

    start = p->pos;

    if (*p->pos == '-') {
        p->pos++;
    }

    if (p->pos < p->end && *p->pos == '0') {
        p->pos++;

        if (p->pos < p->end && *p->pos >= '0' && *p->pos <= '9') {
            return json_fail(p, start, "a number with a leading zero");
        }

    } else if (json_digits(p) == 0) {
        return json_fail(p, p->pos, "expected a digit");
    }

    if (p->pos < p->end && *p->pos == '.') {
        p->pos++;

        if (json_digits(p) == 0) {
            return json_fail(p, p->pos, "expected a digit");
        }
    }

    if (p->pos < p->end && (*p->pos == 'e' || *p->pos == 'E')) {
        p->pos++;

        if (p->pos < p->end && (*p->pos == '+' || *p->pos == '-')) {
            p->pos++;
        }

        if (json_digits(p) == 0) {
            return json_fail(p, p->pos, "expected a digit");
        }
    }

    v->type = CONSENT_JSON_NUMBER;
    v->text = consent_arena_dup(p->arena, consent_slice(start, (size_t) (p->pos - start)));

    return v->text.data == NULL ? CONSENT_NOMEM : CONSENT_OK;
}


/* p->pos is at the opening quote. */
static consent_rc_t
json_string(json_parser_t *p, consent_slice_t *out)
{
    bool             escaped;
    size_t           used;
    uint8_t         *text;
    const char      *what;
    const uint8_t   *start;
    consent_slice_t  raw;

    escaped = false;
    start = ++p->pos;

    for ( ;; ) {
        if (p->pos == p->end) {
            return json_fail(p, start - 1, "a string that does not end");
        }

        if (*p->pos == '"') {
            break;
        }

        if (*p->pos < 0x20) {
            return json_fail(p, p->pos, "a control character in a string");
        }

        if (*p->pos == '\\') {
            escaped = true;
            p->pos++;

            if (p->pos == p->end) {
                return json_fail(p, start - 1, "a string that does not end");
            }
        }

        p->pos++;
    }

    raw = consent_slice(start, (size_t) (p->pos - start));
    p->pos++;

    *out = consent_arena_dup(p->arena, raw);

    if (out->data == NULL) {
        return CONSENT_NOMEM;
    }

    if (escaped) {
        text = (uint8_t *) out->data;
        what = consent_json_unescape(text, &out->len, &used, raw);

        if (what != NULL) {
            return json_fail(p, start + used, what);
        }

        text[out->len] = '\0';
    }

    return CONSENT_OK;
}


/* No name twice. Sorted, so that a document of very many members costs no quadratic time. */
static consent_rc_t
json_check_names(json_parser_t *p, const consent_json_t *obj)
{
    size_t                  i;
    consent_rc_t            rc;
    const consent_json_t   *v, **sorted;

    if (obj->count < 2) {
        return CONSENT_OK;
    }

    sorted = calloc(obj->count, sizeof(consent_json_t *));

    if (sorted == NULL) {
        return CONSENT_NOMEM;
    }

    for (i = 0, v = obj->first; v != NULL; v = v->next) {
        sorted[i++] = v;
    }

    qsort(sorted, obj->count, sizeof(consent_json_t *), json_compare_names);

    rc = CONSENT_OK;

    for (i = 1; i < obj->count; i++) {
        v = sorted[i];

        if (consent_slice_eq(sorted[i - 1]->name, v->name)) {
            p->err->line = v->name_line;
            p->err->column = v->name_column;
            p->err->what = "a member name for the second time";
            rc = CONSENT_MALFORMED;
            break;
        }
    }

    free(sorted);

    return rc;
}


/* By length, then bytes, then place. */
static int
json_compare_names(const void *one, const void *two)
{
    int                    rc;
    const consent_json_t  *a, *b;

    a = *(const consent_json_t *const *) one;
    b = *(const consent_json_t *const *) two;

    if (a->name.len != b->name.len) {
        return a->name.len < b->name.len ? -1 : 1;
    }

    rc = memcmp(a->name.data, b->name.data, a->name.len);

    if (rc != 0) {
        return rc;
    }

    if (a->name_line != b->name_line) {
        return a->name_line < b->name_line ? -1 : 1;
    }

    return a->name_column < b->name_column ? -1 : a->name_column > b->name_column;
}


static void
json_space(json_parser_t *p)
{
    while (p->pos < p->end && (*p->pos == ' ' || *p->pos == '\t' || *p->pos == '\n' || *p->pos == '\r')) {
        p->pos++;
    }
}


static size_t
json_digits(json_parser_t *p)
{
    const uint8_t  *start;

    for (start = p->pos; p->pos < p->end && *p->pos >= '0' && *p->pos <= '9'; p->pos++) { /* void */ }

    return (size_t) (p->pos - start);
}


/* Brings line and column forward to `at`, so that the whole document is counted once. */
static void
json_place(json_parser_t *p, const uint8_t *at)
{
    for ( /* void */ ; p->placed < at; p->placed++) {
        if (*p->placed == '\n') {
            p->line++;
            p->column = 1;

        } else if ((*p->placed & 0xc0) != 0x80) {
            p->column++;
        }
    }
}


static consent_rc_t
json_fail(json_parser_t *p, const uint8_t *at, const char *what)
{
    json_place(p, at);

    p->err->line = p->line;
    p->err->column = p->column;
    p->err->what = what;

    return CONSENT_MALFORMED;
}
