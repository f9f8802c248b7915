/*
 * What a request is about, by a field of a form or of a query. JSON is in topic_json.c.
 */

#include "minimize/topic.h"
#include "base/digest.h"

static bool topic_decode(uint8_t out[static CONSENT_TOPIC_NAME], consent_slice_t *text, consent_slice_t raw);
static bool topic_is_name(consent_slice_t given, consent_slice_t name);
static bool topic_boundary(consent_slice_t *boundary, consent_slice_t content_type);
static int topic_part(const consent_policy_t *policy, consent_slice_t part, consent_slice_t name);
static bool topic_part_name(consent_slice_t *out, consent_slice_t line);
static const uint8_t *topic_find(consent_slice_t in, const char *what, size_t len);


int
consent_topic_named(const consent_policy_t *policy, consent_slice_t value)
{
    size_t  i;

    for (i = 0; i < policy->n_topics; i++) {
        if (policy->topics[i].human_only && consent_slice_eq(policy->topics[i].id, value)) {
            return (int) i;
        }
    }

    return -1;
}


int
consent_topic_form(const consent_policy_t *policy, consent_slice_t body, consent_slice_t name)
{
    int              topic;
    uint8_t          memory[2][CONSENT_TOPIC_NAME];
    const uint8_t   *p, *end, *equals, *next;
    consent_slice_t  given, value;

    p = body.data;
    end = p + body.len;

    for ( /* void */ ; p < end; p = next + 1) {

        /* ';' separates for servers that follow HTML 4 */

        for (next = p; next < end && *next != '&' && *next != ';'; next++) { /* void */ }

        equals = memchr(p, '=', (size_t) (next - p));

        if (equals == NULL
            || !topic_decode(memory[0], &given, consent_slice(p, (size_t) (equals - p)))
            || !topic_is_name(given, name)
            || !topic_decode(memory[1], &value, consent_slice(equals + 1, (size_t) (next - equals - 1))))
        {
            continue;
        }

        topic = consent_topic_named(policy, value);

        if (topic >= 0) {
            return topic;
        }
    }

    return -1;
}


/* Each part once, from one boundary to the next (RFC 7578). */
int
consent_topic_multipart(const consent_policy_t *policy, consent_slice_t body, consent_slice_t content_type,
    consent_slice_t name)
{
    int              topic;
    const uint8_t   *p, *end, *next;
    consent_slice_t  boundary;

    if (!topic_boundary(&boundary, content_type)) {
        return -1;
    }

    end = body.data + body.len;
    next = memmem(body.data, body.len, boundary.data, boundary.len);

    while (next != NULL) {
        p = next + boundary.len;
        next = memmem(p, (size_t) (end - p), boundary.data, boundary.len);

        topic = topic_part(policy, consent_slice(p, (size_t) ((next != NULL ? next : end) - p)), name);

        if (topic >= 0) {
            return topic;
        }
    }

    return -1;
}


/* The parameter's value; what stands before it in a body is "--", and not looked for. */
static bool
topic_boundary(consent_slice_t *boundary, consent_slice_t content_type)
{
    size_t           i, len;
    const uint8_t   *p, *end;

    static const char  parameter[] = "boundary=";

    for (i = 0; i + sizeof(parameter) - 1 < content_type.len; i++) {

        if (consent_slice_ieq(consent_slice(content_type.data + i, sizeof(parameter) - 1), consent_cstr(parameter))) {
            p = content_type.data + i + sizeof(parameter) - 1;
            end = content_type.data + content_type.len;

            if (*p == '"') {
                p++;
                for (len = 0; p + len < end && p[len] != '"'; len++) { /* void */ }

            } else {
                for (len = 0; p + len < end && p[len] != ';' && p[len] != ' ' && p[len] != '\t'; len++) { /* void */ }
            }

            *boundary = consent_slice(p, len);

            return len > 0 && len <= 70;
        }
    }

    return false;
}


/* From behind its boundary to the next: a line's end, header lines, an empty one, the value, a line's end and "--". */
static int
topic_part(const consent_policy_t *policy, consent_slice_t part, consent_slice_t name)
{
    bool             ours;
    size_t           len;
    const uint8_t   *p, *end, *line;
    consent_slice_t  given;

    p = part.data;
    end = p + part.len;
    line = topic_find(part, "\n", 1);
    ours = false;

    for (p = line != NULL ? line + 1 : end; p < end; p = line + 1) {
        line = memchr(p, '\n', (size_t) (end - p));

        if (line == NULL) {
            return -1;
        }

        len = (size_t) (line - p);

        if (len > 0 && p[len - 1] == '\r') {
            len--;
        }

        if (len == 0) {
            p = line + 1;
            break;
        }

        if (topic_part_name(&given, consent_slice(p, len))) {
            ours |= topic_is_name(given, name);
        }
    }

    if (!ours || p >= end) {
        return -1;
    }

    /* the line's end before the boundary belongs to it */

    len = (size_t) (end - p);
    len -= len >= 2 && p[len - 1] == '-' && p[len - 2] == '-' ? 2 : 0;
    len -= len >= 1 && p[len - 1] == '\n';
    len -= len >= 1 && p[len - 1] == '\r';

    return consent_topic_named(policy, consent_slice(p, len));
}


/* name= of a Content-Disposition line, and not filename=. */
static bool
topic_part_name(consent_slice_t *out, consent_slice_t line)
{
    size_t           i, len;
    const uint8_t   *p, *end;

    static const char  header[] = "content-disposition:";

    if (line.len < sizeof(header) - 1
        || !consent_slice_ieq(consent_slice(line.data, sizeof(header) - 1), consent_cstr(header)))
    {
        return false;
    }

    end = line.data + line.len;

    for (i = sizeof(header) - 1; i + sizeof("name=") - 1 < line.len; i++) {
        p = line.data + i;

        if ((p[-1] != ' ' && p[-1] != ';' && p[-1] != '\t')
            || !consent_slice_ieq(consent_slice(p, sizeof("name=") - 1), consent_lit("name=")))
        {
            continue;
        }

        p += sizeof("name=") - 1;

        if (*p == '"') {
            p++;
            for (len = 0; p + len < end && p[len] != '"'; len++) { /* void */ }

        } else {
            for (len = 0; p + len < end && p[len] != ';' && p[len] != ' '; len++) { /* void */ }
        }

        *out = consent_slice(p, len);

        return true;
    }

    return false;
}


static const uint8_t *
topic_find(consent_slice_t in, const char *what, size_t len)
{
    return in.len > 0 ? memmem(in.data, in.len, what, len) : NULL;
}


/* Percent-decoded, with '+' for a space; false: too long for a name or a topic, or an escape that is none. */
static bool
topic_decode(uint8_t out[static CONSENT_TOPIC_NAME], consent_slice_t *text, consent_slice_t raw)
{
    size_t  i, len;

    for (i = 0, len = 0; i < raw.len; i++, len++) {

        if (len == CONSENT_TOPIC_NAME) {
            return false;
        }

        if (raw.data[i] == '%') {
            if (raw.len - i < 3 || consent_hex_decode(&out[len], 1, consent_slice(raw.data + i + 1, 2)) != CONSENT_OK) {
                return false;
            }

            i += 2;

        } else {
            out[len] = raw.data[i] == '+' ? ' ' : raw.data[i];
        }
    }

    *text = consent_slice(out, len);

    return true;
}


/* Servers make of `name[...]` and `name.x` what is called `name`. */
static bool
topic_is_name(consent_slice_t given, consent_slice_t name)
{
    return given.len >= name.len && consent_slice_ieq(consent_slice(given.data, name.len), name)
           && (given.len == name.len || given.data[name.len] == '[' || given.data[name.len] == '.');
}
