/*
 * Text that may be more: seen as JSON by how it begins, and read for the names of a query in it.
 */

#include "minimize/form_plain.h"
#include "minimize/form.h"
#include "minimize/path.h"
#include "minimize/query.h"
#include "minimize/reading_scan.h"

#define PLAIN_ALIGNMENT  _Alignof(max_align_t)

typedef struct {
    consent_transform_t       base;
    consent_inspect_t        *inspect;
    bool                      lines;
    bool                      query;        /* no white space in this line yet: it may be a form */
    bool                      begun;        /* what was held has been judged */
    consent_transform_t      *inner;        /* NULL: all of it passes */
    consent_reading_t         reading;
    consent_reading_state_t   names;
    consent_emit_pt           emit;
    void                     *arg;
    consent_span_kind_t       kind;         /* of what inner is fed */
    size_t                    held;
    uint8_t                   hold[CONSENT_FORM_PLAIN_HELD];
} plain_t;

static consent_rc_t plain_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit,
    void *arg);
static void plain_destroy(consent_transform_t *t);
static consent_rc_t plain_begin(plain_t *p, const uint8_t *text, size_t n, bool last, consent_span_kind_t kind);
static consent_rc_t plain_pass(plain_t *p, const uint8_t *text, size_t n, bool last, consent_span_kind_t kind);
static void plain_read(plain_t *p, const uint8_t *text, size_t n, bool last);
static consent_rc_t plain_emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind);


static size_t
plain_room(void)
{
    return (sizeof(plain_t) + PLAIN_ALIGNMENT - 1) / PLAIN_ALIGNMENT * PLAIN_ALIGNMENT;
}


size_t
consent_form_plain_size(const consent_detectors_t *detectors)
{
    size_t  a, b;

    a = consent_text_size(detectors);
    b = consent_json_size(detectors);

    return plain_room() + (a > b ? a : b);
}


consent_transform_t *
consent_form_plain_init(void *memory, consent_inspect_t *inspect, bool lines)
{
    plain_t                 *p = memory;
    const consent_policy_t  *policy;

    memset(p, 0, offsetof(plain_t, names));

    p->base.feed = plain_feed;
    p->base.destroy = plain_destroy;
    p->inspect = inspect;
    p->lines = lines;
    p->query = true;
    p->held = 0;
    policy = inspect->how.policy;
    p->reading = (consent_reading_t) { &policy->fields, true, true, !lines, &policy->args, policy->json_paths };
    consent_reading_begin(&p->names, &p->reading, policy->consent_mask);

    return &p->base;
}


static void
plain_destroy(consent_transform_t *t)
{
    plain_t  *p = (plain_t *) t;

    if (p->inner != NULL) {
        consent_transform_destroy(p->inner);
    }
}


static consent_rc_t
plain_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit, void *arg)
{
    size_t         take;
    plain_t       *p = (plain_t *) t;
    consent_rc_t   rc;

    p->emit = emit;
    p->arg = arg;

    if (!p->begun) {

        take = n < sizeof(p->hold) - p->held ? n : sizeof(p->hold) - p->held;

        if (p->held == 0 && (take < n || last)) {
            rc = plain_begin(p, in, take, last && take == n, CONSENT_SPAN_BORROWED);

        } else {

            if (take > 0) {
                memcpy(p->hold + p->held, in, take);
                p->held += take;
            }

            if (take == n && !last) {
                return CONSENT_OK;
            }

            rc = plain_begin(p, p->hold, p->held, last && take == n, CONSENT_SPAN_OWN);
        }

        if (rc != CONSENT_OK || take == n) {
            return rc;
        }

        in += take;
        n -= take;
    }

    plain_read(p, in, n, last);
    p->inspect->found.seen |= p->names.mask;

    if (p->names.mask & ~p->inspect->how.granted) {
        return consent_form_doubt(p->inspect, CONSENT_DOUBT_NAME);
    }

    return plain_pass(p, in, n, last, CONSENT_SPAN_BORROWED);
}


/* The first CONSENT_FORM_PLAIN_HELD bytes, or all there are. */
static consent_rc_t
plain_begin(plain_t *p, const uint8_t *text, size_t n, bool last, consent_span_kind_t kind)
{
    bool                   texts;
    consent_mask_t         mask;
    consent_inspect_t     *inspect;
    consent_form_sight_t   sight;

    inspect = p->inspect;
    p->begun = true;

    plain_read(p, text, n, last);
    mask = p->names.mask;

    if (!p->lines && last && n > 0 && inspect->how.policy->path_mask != 0
        && (text[0] == '/' || text[0] == '\\' || (n > 4 && consent_slice_ieq(consent_slice(text, 4), consent_lit("http")))))
    {
        mask |= consent_path_carries(consent_slice(text, n), inspect->how.policy, true);
    }

    inspect->found.seen |= mask;

    if (mask & ~inspect->how.granted) {
        inspect->found.removed |= mask & ~inspect->how.granted;
        return CONSENT_DENIED;
    }

    texts = (inspect->masks != NULL && inspect->detectors != NULL) || (p->lines && consent_query_wanted(inspect));
    sight = texts || consent_form_members(inspect) ? consent_form_sight(text, n) : CONSENT_FORM_TEXT;

    if (sight == CONSENT_FORM_JSON || (sight == CONSENT_FORM_EITHER && !last)) {
        p->inner = consent_json_init((uint8_t *) p + plain_room(), inspect, false);

    } else if (texts) {
        p->inner = consent_text_init((uint8_t *) p + plain_room(), inspect, p->lines);
    }

    return plain_pass(p, text, n, last, kind);
}


static consent_rc_t
plain_pass(plain_t *p, const uint8_t *text, size_t n, bool last, consent_span_kind_t kind)
{
    if (p->inner == NULL) {
        return n == 0 ? CONSENT_OK : p->emit(p->arg, text, n, kind);
    }

    p->kind = kind;

    return consent_transform_feed(p->inner, text, n, last, plain_emit, p);
}


static consent_rc_t
plain_emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    plain_t  *p = arg;

    return p->emit(p->arg, data, len, kind == CONSENT_SPAN_BORROWED ? p->kind : kind);
}


/* In lines, a name stands at the beginning of one, or behind a '&' where all that stands before it may be a form: pages
 * that send one with sendBeacon() say it is text. */
static void
plain_read(plain_t *p, const uint8_t *text, size_t n, bool last)
{
    uint8_t         c;
    const uint8_t  *end, *next;

    end = n == 0 ? text : text + n;

    if (!p->lines) {
        consent_reading_feed(&p->names, text, n);

        if (last) {
            consent_reading_end(&p->names);
        }

        return;
    }

    for ( /* void */ ; text < end; text = next + 1) {
        next = consent_reading_scan_line(text, end, p->query);
        consent_reading_feed(&p->names, text, (size_t) (next - text));

        if (next == end) {
            return;
        }

        c = *next;

        if (c == '\r' || c == '\n') {
            c = '&';
            p->query = true;

        } else if (c == ' ' || c == '\t') {
            p->query = false;

        } else if (c == ';' || c == '?' || c == '#' || (c == '&' && !p->query)) {
            c = '|';
        }

        consent_reading_feed(&p->names, &c, 1);
    }
}
