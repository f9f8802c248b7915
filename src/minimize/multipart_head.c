/*
 * Multipart: the header of a part.
 *
 * The name of a part is looked for in every way that servers do: quoted and not, with backslashes and without, in
 * single quotes, as RFC 8187 writes it, twice, in any line, folded or not. One protected reading is enough.
 */

#include "minimize/multipart.h"
#include "minimize/form.h"
#include "minimize/reading.h"

typedef struct {
    consent_inspect_t         *inspect;
    consent_multipart_part_t  *part;
    consent_reading_t          fields;
    consent_reading_t          necessary;
    consent_reading_t          queries;
} head_t;

static bool head_is_clean(consent_slice_t head, size_t *lines);
static consent_rc_t head_line(head_t *h, consent_slice_t name, consent_slice_t value, bool *dispositions);
static void head_parameters(head_t *h, consent_slice_t value);
static consent_rc_t head_names(head_t *h, consent_slice_t head);
static consent_rc_t head_values(head_t *h, const uint8_t *p, const uint8_t *end, bool extended);
static consent_rc_t head_name(head_t *h, consent_slice_t name);
static bool head_is_token(uint8_t c);
static bool head_is_space(uint8_t c);
static consent_slice_t head_trim(consent_slice_t s);


consent_rc_t
consent_multipart_read(consent_multipart_part_t *part, consent_slice_t head, consent_inspect_t *inspect)
{
    bool             typed;
    size_t           lines;
    head_t           h;
    consent_rc_t     rc;
    consent_slice_t  name, value;
    const uint8_t   *p, *end, *e;

    memset(part, 0, sizeof(consent_multipart_part_t));

    h.inspect = inspect;
    h.part = part;
    h.fields = (consent_reading_t) { &inspect->how.policy->fields, true, false, false, NULL, NULL };
    h.necessary = (consent_reading_t) { &inspect->how.policy->necessary_fields, true, false, false, NULL, NULL };

    h.queries = (consent_reading_t) { &inspect->how.policy->fields, true, true, true, &inspect->how.policy->args,
                                      inspect->how.policy->json_paths };

    if (!head_is_clean(head, &lines) || lines > CONSENT_MULTIPART_MAX_LINES) {
        return consent_form_doubt(inspect, CONSENT_DOUBT_SYNTAX);
    }

    typed = false;
    end = head.data + head.len - 2;         /* the empty line */

    for (p = head.data; p < end; p = e) {

        for (e = p; e < end && (*e++ != '\n' || (e < end && head_is_space(*e))); /* void */ ) { /* void */ }

        name.data = p;

        while (p < e && head_is_token(*p)) {
            p++;
        }

        name.len = (size_t) (p - name.data);

        if (name.len == 0 || *p != ':') {
            return consent_form_doubt(inspect, CONSENT_DOUBT_SYNTAX);
        }

        value = head_trim(consent_slice(p + 1, (size_t) (e - p - 1)));

        rc = head_line(&h, name, value, &typed);
        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    part->says = part->mask != 0;

    return head_names(&h, head);
}


/* Line ends are CR and LF together and nothing else is; no NUL, which ends a line for some. */
static bool
head_is_clean(consent_slice_t head, size_t *lines)
{
    size_t  i;

    *lines = 0;

    for (i = 0; i < head.len; i++) {

        if (head.data[i] == '\0' || (head.data[i] == '\r' && (i + 1 == head.len || head.data[i + 1] != '\n'))
            || (head.data[i] == '\n' && (i == 0 || head.data[i - 1] != '\r')))
        {
            return false;
        }

        *lines += head.data[i] == '\n';
    }

    return true;
}


static consent_rc_t
head_line(head_t *h, consent_slice_t name, consent_slice_t value, bool *typed)
{
    uint8_t                    folded[64];
    consent_mask_t             mask;
    consent_multipart_part_t  *part = h->part;

    if (consent_slice_ieq(name, consent_lit("Content-Disposition"))) {
        head_parameters(h, value);
        return CONSENT_OK;
    }

    if (consent_slice_ieq(name, consent_lit("Content-Type"))) {

        head_parameters(h, value);

        if (*typed || consent_media_parse(&part->media, value) != CONSENT_OK) {
            return consent_form_doubt(h->inspect, CONSENT_DOUBT_SYNTAX);
        }

        *typed = part->typed = true;
        return CONSENT_OK;
    }

    if (consent_slice_ieq(name, consent_lit("Content-Transfer-Encoding"))) {
        part->encoded = part->encoded || !(consent_slice_ieq(value, consent_lit("7bit"))
            || consent_slice_ieq(value, consent_lit("8bit")) || consent_slice_ieq(value, consent_lit("binary")));
        return CONSENT_OK;
    }

    if (consent_slice_ieq(name, consent_lit("Content-Encoding"))) {
        part->encoded = part->encoded || !consent_slice_ieq(value, consent_lit("identity"));
        return CONSENT_OK;
    }

    /* a part may have lines of its own */

    if (name.len > sizeof(folded)) {
        return consent_form_doubt(h->inspect, CONSENT_DOUBT_NAME);
    }

    consent_header_fold(folded, name);
    (void) consent_minimize_header(&mask, consent_slice(folded, name.len), h->inspect->how.policy);
    part->mask |= mask | consent_reading_find(&h->queries, value, h->inspect->how.policy->consent_mask);

    return CONSENT_OK;
}


/* A file's name, say, may be a URL or a query. */
static void
head_parameters(head_t *h, consent_slice_t value)
{
    const uint8_t  *p, *q, *end;

    end = value.data + value.len;

    for (p = value.data; p < end && (p = memchr(p, '=', (size_t) (end - p))) != NULL; p = q) {

        for (p++; p < end && head_is_space(*p); p++) { /* void */ }

        q = p;

        if (p < end && *p == '"') {

            for (q = ++p; q < end && *q != '"'; q++) {
                q += *q == '\\' && end - q > 1;
            }

        } else {
            while (q < end && *q != ';') {
                q++;
            }
        }

        h->part->mask |= consent_reading_find(&h->queries, consent_slice(p, (size_t) (q - p)),
                                              h->inspect->how.policy->consent_mask);
    }
}


/* Wherever it says "name=". */
static consent_rc_t
head_names(head_t *h, consent_slice_t head)
{
    bool            extended;
    consent_rc_t    rc;
    const uint8_t  *p, *q, *end;

    end = head.data + head.len;

    for (p = head.data; end - p >= 4; p++) {

        if (!consent_slice_ieq(consent_slice(p, 4), consent_lit("name"))) {
            continue;
        }

        q = p + 4;

        if (p > head.data && head_is_token(p[-1])) {
            if (p - head.data >= 4 && q < end && !(head_is_token(*q) && *q != '*')
                && consent_slice_ieq(consent_slice(p - 4, 4), consent_lit("file")))
            {
                /* where no file was chosen, browsers send an empty name */
                h->part->file = true;
                h->part->says = h->part->says || end - q < 4 || memcmp(q, "=\"\"", 3) != 0
                                || head_is_token(q[3]);
            }

            continue;
        }

        extended = q < end && *q == '*';
        q += extended;

        if (extended && q < end && *q >= '0' && *q <= '9') {
            /* in numbered pieces (RFC 2231), which only some put together */
            return consent_form_doubt(h->inspect, CONSENT_DOUBT_NAME);
        }

        while (q < end && (head_is_space(*q) || *q == '\r' || *q == '\n')) {
            q++;
        }

        if (q == end || *q++ != '=') {
            continue;
        }

        while (q < end && (head_is_space(*q) || *q == '\r' || *q == '\n')) {
            q++;
        }

        rc = head_values(h, q, end, extended);
        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    return CONSENT_OK;
}


static consent_rc_t
head_values(head_t *h, const uint8_t *p, const uint8_t *end, bool extended)
{
    size_t           n;
    uint8_t          plain[CONSENT_READING_MAX];
    consent_rc_t     rc;
    const uint8_t   *q, *tick;

    if (p < end && *p == '"') {

        for (n = 0, q = ++p; q < end && *q != '"' && *q != '\r'; q++) {

            if (*q == '\\' && end - q > 1) {
                q++;
            }

            if (n == sizeof(plain)) {
                return consent_form_doubt(h->inspect, CONSENT_DOUBT_NAME);
            }

            plain[n++] = *q;
        }

        if (q == end || *q != '"') {
            return consent_form_doubt(h->inspect, CONSENT_DOUBT_SYNTAX);
        }

        if (n < (size_t) (q - p)) {
            rc = head_name(h, consent_slice(plain, n));
            if (rc != CONSENT_OK) {
                return rc;
            }

            /* to some the first quote is the end, whatever stands before it */

            tick = memchr(p, '"', (size_t) (q + 1 - p));

            rc = head_name(h, consent_slice(p, (size_t) (tick - p - (tick > p && tick[-1] == '\\'))));
            if (rc != CONSENT_OK) {
                return rc;
            }
        }

    } else {

        for (q = p; q < end && *q != ';' && *q != '\r' && *q != ',' && !head_is_space(*q); q++) { /* void */ }

        if (memchr(p, '\\', (size_t) (q - p)) != NULL) {
            return consent_form_doubt(h->inspect, CONSENT_DOUBT_NAME);
        }
    }

    tick = extended ? memchr(p, '\'', (size_t) (q - p)) : NULL;
    tick = tick == NULL ? NULL : memchr(tick + 1, '\'', (size_t) (q - tick - 1));

    if (extended && (tick == NULL || !consent_media_ascii(consent_slice(p, (size_t) ((const uint8_t *)
        memchr(p, '\'', (size_t) (q - p)) - p)))))
    {
        return consent_form_doubt(h->inspect, CONSENT_DOUBT_NAME);
    }

    if (tick != NULL) {
        rc = head_name(h, consent_slice(tick + 1, (size_t) (q - tick - 1)));
        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    if (h->part->name.data == NULL) {
        h->part->name = consent_slice(p, (size_t) (q - p));
    }

    return head_name(h, consent_slice(p, (size_t) (q - p)));
}


static consent_rc_t
head_name(head_t *h, consent_slice_t name)
{
    consent_multipart_part_t  *part = h->part;

    /* an encoded word (RFC 2047) is decoded by some */

    if (name.len > CONSENT_READING_MAX || memmem(name.data, name.len, "=?", 2) != NULL) {
        return consent_form_doubt(h->inspect, CONSENT_DOUBT_NAME);
    }

    part->mask |= consent_reading_find(&h->fields, name, h->inspect->how.policy->consent_mask);
    part->known = part->known || consent_reading_find(&h->necessary, name, 0) != 0;
    part->charset = part->charset || consent_slice_ieq(head_trim(name), consent_lit("_charset_"));

    return CONSENT_OK;
}


static bool
head_is_token(uint8_t c)
{
    return c > ' ' && c < 0x7f && memchr("\"(),/:;<=>?@[\\]{}", c, 17) == NULL;
}


static bool
head_is_space(uint8_t c)
{
    return c == ' ' || c == '\t';
}


static consent_slice_t
head_trim(consent_slice_t s)
{
    while (s.len > 0 && s.data[0] <= ' ') {
        s.data++;
        s.len--;
    }

    while (s.len > 0 && s.data[s.len - 1] <= ' ') {
        s.len--;
    }

    return s;
}
