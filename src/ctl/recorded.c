/*
 * Recorded requests: raw HTTP/1.x, or a HAR archive (http://www.softwareishard.com/blog/har-12-spec/).
 *
 * What a person saved by hand is read leniently: line ends of either kind, no length, a body up to the end of the file.
 */

#include "ctl/recorded.h"

#include "base/digest.h"
#include "base/json.h"

#define HEADERS_MAX  1000

static consent_rc_t raw_read(consent_recorded_t **first, consent_arena_t *arena, consent_slice_t text,
    const char **why, size_t *line);
static bool raw_line(consent_slice_t *out, consent_slice_t *rest, size_t *line);
static bool raw_request_line(consent_recorded_t *r, consent_slice_t line);
static const char *raw_chunks(consent_recorded_t *r, consent_arena_t *arena, consent_slice_t rest);
static consent_rc_t har_read(consent_recorded_t **first, consent_arena_t *arena, consent_slice_t text,
    const char **why, size_t *line);
static const char *har_request(consent_recorded_t *r, consent_arena_t *arena, const consent_json_t *request);
static const char *har_fields(consent_recorded_t *r, consent_arena_t *arena, const consent_json_t *data);
static void har_part(consent_buf_t *b, const consent_json_t *field, consent_slice_t boundary);
static void har_escaped(consent_buf_t *b, consent_slice_t text);
static consent_slice_t har_boundary(consent_slice_t type);
static const char *har_body(consent_recorded_t *r, consent_arena_t *arena, const consent_json_t *data);
static consent_slice_t target_of(consent_slice_t url);
static consent_slice_t string_of(const consent_json_t *object, const char *name);
static consent_slice_t trim(consent_slice_t s);


consent_rc_t
consent_recorded_read(consent_recorded_t **first, consent_arena_t *arena, consent_slice_t text, const char **why,
    size_t *line)
{
    size_t  i;

    *first = NULL;
    *line = 0;

    for (i = 0; i < text.len && (text.data[i] == ' ' || text.data[i] == '\n' || text.data[i] == '\r'
                                 || text.data[i] == '\t'); i++) { /* void */ }

    if (i < text.len && text.data[i] == '{') {
        return har_read(first, arena, text, why, line);
    }

    return raw_read(first, arena, text, why, line);
}


consent_slice_t
consent_recorded_header(const consent_recorded_t *r, const char *name)
{
    size_t  i;

    for (i = 0; i < r->n_headers; i++) {
        if (consent_slice_ieq(r->headers[i].name, consent_cstr(name))) {
            return r->headers[i].value;
        }
    }

    return consent_slice(NULL, 0);
}


static consent_rc_t
raw_read(consent_recorded_t **first, consent_arena_t *arena, consent_slice_t text, const char **why, size_t *line)
{
    consent_slice_t      at, rest;
    const uint8_t       *colon;
    consent_recorded_t  *r;

    rest = text;
    *line = 0;
    *why = "it begins with no request line such as \"POST /path HTTP/1.1\"";

    r = consent_arena_alloc(arena, sizeof(consent_recorded_t));

    if (r == NULL) {
        return CONSENT_NOMEM;
    }

    memset(r, 0, sizeof(consent_recorded_t));
    r->headers = consent_arena_alloc(arena, HEADERS_MAX * sizeof(consent_recorded_header_t));

    if (r->headers == NULL) {
        return CONSENT_NOMEM;
    }

    if (!raw_line(&at, &rest, line) || !raw_request_line(r, at)) {
        return CONSENT_MALFORMED;
    }

    while (raw_line(&at, &rest, line) && at.len != 0) {
        colon = memchr(at.data, ':', at.len);

        if (colon == NULL || colon == at.data) {
            *why = "this is no header line: it has no name and colon";
            return CONSENT_MALFORMED;
        }

        if (r->n_headers == HEADERS_MAX) {
            *why = "it has more than 1000 header lines";
            return CONSENT_MALFORMED;
        }

        r->headers[r->n_headers].name = consent_slice(at.data, (size_t) (colon - at.data));
        r->headers[r->n_headers].value = trim(consent_slice(colon + 1, (size_t) (at.data + at.len - colon - 1)));
        r->n_headers++;
    }

    r->body = rest;
    *line = 0;
    *first = r;

    if (consent_slice_ieq(consent_recorded_header(r, "transfer-encoding"), consent_lit("chunked"))) {
        *why = raw_chunks(r, arena, rest);

        return *why == NULL ? CONSENT_OK : CONSENT_MALFORMED;
    }

    return CONSENT_OK;
}


/* The next line without its end. False: there is none. */
static bool
raw_line(consent_slice_t *out, consent_slice_t *rest, size_t *line)
{
    size_t          n;
    const uint8_t  *end;

    if (rest->len == 0) {
        return false;
    }

    (*line)++;
    end = memchr(rest->data, '\n', rest->len);
    n = end == NULL ? rest->len : (size_t) (end - rest->data);
    *out = consent_slice(rest->data, n > 0 && rest->data[n - 1] == '\r' ? n - 1 : n);
    n += end != NULL;
    *rest = consent_slice(rest->data + n, rest->len - n);

    return true;
}


static bool
raw_request_line(consent_recorded_t *r, consent_slice_t line)
{
    const uint8_t  *first, *last;

    first = memchr(line.data, ' ', line.len);
    last = memrchr(line.data, ' ', line.len);

    if (first == NULL || first == line.data || last == first || line.data + line.len - last < 6
        || memcmp(last + 1, "HTTP/", 5) != 0)
    {
        return false;
    }

    r->method = consent_slice(line.data, (size_t) (first - line.data));
    r->target = target_of(trim(consent_slice(first + 1, (size_t) (last - first - 1))));

    return r->target.len != 0;
}


/* Chunked transfer coding (RFC 9112, 7.1), its trailers dropped. NULL, or what is wrong. */
static const char *
raw_chunks(consent_recorded_t *r, consent_arena_t *arena, consent_slice_t rest)
{
    size_t           i, size, none;
    uint8_t         *p, *out;
    consent_slice_t  line;

    out = consent_arena_alloc(arena, rest.len + 1);

    if (out == NULL) {
        return "out of memory";
    }

    p = out;
    none = 0;

    while (raw_line(&line, &rest, &none)) {
        for (i = 0, size = 0; i < line.len && i < 8; i++) {
            if (line.data[i] >= '0' && line.data[i] <= '9') {
                size = size * 16 + (size_t) (line.data[i] - '0');

            } else if (consent_lower(line.data[i]) >= 'a' && consent_lower(line.data[i]) <= 'f') {
                size = size * 16 + (size_t) (consent_lower(line.data[i]) - 'a') + 10;

            } else {
                break;
            }
        }

        if (i == 0 || size > rest.len) {
            return "its chunks are not what they say";
        }

        if (size == 0) {
            r->body = consent_slice(out, (size_t) (p - out));
            return NULL;
        }

        memcpy(p, rest.data, size);
        p += size;
        rest = consent_slice(rest.data + size, rest.len - size);

        if (!raw_line(&line, &rest, &none) || line.len != 0) {
            return "its chunks are not what they say";
        }
    }

    return "its last chunk is missing";
}


static consent_rc_t
har_read(consent_recorded_t **first, consent_arena_t *arena, consent_slice_t text, const char **why, size_t *line)
{
    consent_rc_t           rc;
    consent_json_t        *root;
    consent_recorded_t    *r, **last;
    const consent_json_t  *entries, *entry, *request;
    consent_json_error_t   err;

    rc = consent_json_parse(&root, arena, text, 64, &err);

    if (rc == CONSENT_MALFORMED || rc == CONSENT_LIMIT) {
        *why = err.what;
        *line = err.line;
        return CONSENT_MALFORMED;
    }

    if (rc != CONSENT_OK) {
        return rc;
    }

    entries = consent_json_get(consent_json_get(root, "log"), "entries");

    if (entries == NULL || entries->type != CONSENT_JSON_ARRAY || entries->first == NULL) {
        *why = "it is no HAR archive: it has no log.entries";
        return CONSENT_MALFORMED;
    }

    last = first;

    for (entry = entries->first; entry != NULL; entry = entry->next) {
        request = consent_json_get(entry, "request");
        *line = entry->line;

        r = consent_arena_alloc(arena, sizeof(consent_recorded_t));

        if (r == NULL) {
            return CONSENT_NOMEM;
        }

        memset(r, 0, sizeof(consent_recorded_t));
        *why = har_request(r, arena, request);

        if (*why != NULL) {
            return CONSENT_MALFORMED;
        }

        *last = r;
        last = &r->next;
    }

    *line = 0;

    return CONSENT_OK;
}


/* NULL, or what is wrong. */
static const char *
har_request(consent_recorded_t *r, consent_arena_t *arena, const consent_json_t *request)
{
    const char            *why;
    const consent_json_t  *headers, *header, *data, *size;

    r->method = string_of(request, "method");
    r->target = target_of(string_of(request, "url"));

    if (r->method.len == 0 || r->target.len == 0) {
        return "this entry has no request with method and url";
    }

    headers = consent_json_get(request, "headers");

    if (headers != NULL && headers->type == CONSENT_JSON_ARRAY && headers->count != 0) {
        r->headers = consent_arena_alloc(arena, headers->count * sizeof(consent_recorded_header_t));

        if (r->headers == NULL) {
            return "out of memory";
        }

        for (header = headers->first; header != NULL; header = header->next) {
            r->headers[r->n_headers].name = string_of(header, "name");
            r->headers[r->n_headers].value = string_of(header, "value");

            /* HTTP/2's own are not headers */
            r->n_headers += r->headers[r->n_headers].name.len != 0 && r->headers[r->n_headers].name.data[0] != ':';
        }
    }

    data = consent_json_get(request, "postData");
    why = data == NULL ? NULL : har_body(r, arena, data);

    size = consent_json_get(request, "bodySize");
    r->missing = r->body.len == 0 && (data != NULL || (size != NULL && size->type == CONSENT_JSON_NUMBER
                                                       && size->text.len > 0 && size->text.data[0] >= '1'));

    return why;
}


static const char *
har_body(consent_recorded_t *r, consent_arena_t *arena, const consent_json_t *data)
{
    size_t           len;
    uint8_t         *out;
    consent_slice_t  text;

    text = string_of(data, "text");
    r->body = text;

    if (text.len == 0) {
        return har_fields(r, arena, data);
    }

    if (consent_slice_eq(string_of(data, "encoding"), consent_lit("base64"))) {
        out = consent_arena_alloc(arena, text.len + 1);

        if (out == NULL) {
            return "out of memory";
        }

        if (consent_base64_decode(out, &len, text) != CONSENT_OK) {
            return "the body of this entry is not base64 as it says";
        }

        r->body = consent_slice(out, len);
    }

    return NULL;
}


/* A form of which only the fields were kept, as some browsers do: written as they were sent. */
static const char *
har_fields(consent_recorded_t *r, consent_arena_t *arena, const consent_json_t *data)
{
    bool                   parts;
    uint8_t               *copy;
    consent_buf_t          b;
    consent_slice_t        type, boundary;
    const consent_json_t  *fields, *field;

    fields = consent_json_get(data, "params");

    if (fields == NULL || fields->type != CONSENT_JSON_ARRAY || fields->count == 0) {
        return NULL;
    }

    type = consent_recorded_header(r, "content-type");
    type = type.len == 0 ? string_of(data, "mimeType") : type;
    parts = type.len > 10 && consent_slice_ieq(consent_slice(type.data, 10), consent_lit("multipart/"));
    boundary = parts ? har_boundary(type) : type;

    if (parts && boundary.len == 0) {
        return "a form of this entry has parts, and its Content-Type no boundary";
    }

    consent_buf_init(&b, CONSENT_RECORDED_MAX);

    for (field = fields->first; field != NULL; field = field->next) {
        if (parts) {
            har_part(&b, field, boundary);

        } else {
            consent_buf_str(&b, field == fields->first ? "" : "&");
            har_escaped(&b, string_of(field, "name"));
            consent_buf_char(&b, '=');
            har_escaped(&b, string_of(field, "value"));
        }
    }

    if (parts) {
        consent_buf_str(&b, "--");
        consent_buf_slice(&b, boundary);
        consent_buf_str(&b, "--\r\n");
    }

    copy = b.rc == CONSENT_OK ? consent_arena_alloc(arena, b.len + 1) : NULL;

    if (copy != NULL) {
        memcpy(copy, b.data, b.len);
        r->body = consent_slice(copy, b.len);
    }

    consent_buf_free(&b);

    return copy == NULL ? "out of memory" : NULL;
}


/* What a file holds is not in an archive. */
static void
har_part(consent_buf_t *b, const consent_json_t *field, consent_slice_t boundary)
{
    consent_slice_t  file, type;

    file = string_of(field, "fileName");
    type = string_of(field, "contentType");

    consent_buf_str(b, "--");
    consent_buf_slice(b, boundary);
    consent_buf_str(b, "\r\nContent-Disposition: form-data; name=\"");
    consent_buf_slice(b, string_of(field, "name"));

    if (file.len != 0) {
        consent_buf_str(b, "\"; filename=\"");
        consent_buf_slice(b, file);
    }

    if (type.len != 0) {
        consent_buf_str(b, "\"\r\nContent-Type: ");
        consent_buf_slice(b, type);
        consent_buf_str(b, "\r\n\r\n");

    } else {
        consent_buf_str(b, "\"\r\n\r\n");
    }

    consent_buf_slice(b, string_of(field, "value"));
    consent_buf_str(b, "\r\n");
}


/* Some browsers have undone the escapes of a form, and some have not. */
static void
har_escaped(consent_buf_t *b, consent_slice_t text)
{
    size_t   i;
    uint8_t  c;

    for (i = 0; i < text.len; i++) {
        c = text.data[i];

        if (c > ' ' && c < 0x7f && c != '&' && c != '=' && c != '#' && c != ';') {
            consent_buf_char(b, (char) c);

        } else {
            consent_buf_printf(b, "%%%02X", c);
        }
    }
}


static consent_slice_t
har_boundary(consent_slice_t type)
{
    size_t           i, n;
    consent_slice_t  found;

    found = consent_slice(NULL, 0);

    for (i = 0; i + 9 <= type.len && found.data == NULL; i++) {
        if (consent_slice_ieq(consent_slice(type.data + i, 9), consent_lit("boundary="))) {
            found = consent_slice(type.data + i + 9, type.len - i - 9);
        }
    }

    if (found.len > 0 && found.data[0] == '"') {
        found = consent_slice(found.data + 1, found.len - 1);
    }

    for (n = 0; n < found.len && found.data[n] != ';' && found.data[n] != '"' && found.data[n] != ' '; n++) { /* void */ }

    return consent_slice(found.data, n);
}


/* Without scheme and host. */
static consent_slice_t
target_of(consent_slice_t url)
{
    size_t           i, n;
    const uint8_t   *slash;
    consent_slice_t  rest;

    if (url.len == 0 || url.data[0] == '/') {
        n = url.len;

    } else {
        for (i = 0; i + 3 <= url.len && memcmp(url.data + i, "://", 3) != 0; i++) { /* void */ }

        if (i + 3 > url.len) {
            return consent_slice(NULL, 0);
        }

        rest = consent_slice(url.data + i + 3, url.len - i - 3);
        slash = memchr(rest.data, '/', rest.len);

        if (slash == NULL) {
            return consent_lit("/");
        }

        n = (size_t) (url.data + url.len - slash);
        url = consent_slice(slash, n);
    }

    /* a fragment stays with the browser */

    for (i = 0; i < n && url.data[i] != '#'; i++) { /* void */ }

    return consent_slice(url.data, i);
}


static consent_slice_t
string_of(const consent_json_t *object, const char *name)
{
    const consent_json_t  *v;

    v = consent_json_get(object, name);

    return v != NULL && v->type == CONSENT_JSON_STRING ? v->text : consent_slice(NULL, 0);
}


static consent_slice_t
trim(consent_slice_t s)
{
    while (s.len > 0 && (s.data[0] == ' ' || s.data[0] == '\t')) {
        s = consent_slice(s.data + 1, s.len - 1);
    }

    while (s.len > 0 && (s.data[s.len - 1] == ' ' || s.data[s.len - 1] == '\t')) {
        s.len--;
    }

    return s;
}
