/*
 * application/x-www-form-urlencoded: one pair among many goes, the rest stays as it was.
 *
 * Names are read as those of arguments are (args.c): split at '&' and ';', decoded to the end, with a query that a value
 * may hold. A pair goes with the separator in front of it. One that is longer than CONSENT_FORM_HELD is judged by
 * that many of its bytes; what only the rest shows is a refusal, for by then some of it has been let through.
 */

#include "minimize/form.h"
#include "minimize/form_quick.h"
#include "minimize/media.h"
#include "minimize/reading.h"
#include <stdlib.h>

#define FORM_ALIGNMENT  _Alignof(max_align_t)

typedef enum {
    FORM_PAIR = 0,
    FORM_LONG,              /* a pair that is longer than is held: what comes passes */
    FORM_GONE               /* ... or goes */
} form_mode_t;

typedef struct {
    consent_transform_t       base;
    consent_inspect_t        *inspect;
    consent_carrier_t         carrier;
    bool                      judged;           /* names have been, elsewhere */
    consent_reading_t         reading;
    consent_reading_t         necessary;
    form_mode_t               mode;
    bool                      begun;            /* there was a pair before */
    bool                      any;              /* something of the output is there */
    bool                      skip;             /* all pairs before went: the next one needs no separator */
    bool                      cut;              /* the pair before went, and servers that know only '&' see more of it */
    uint8_t                   separator;        /* before this pair */
    const uint8_t            *separator_at;     /* where in the input; NULL: in an earlier one */
    const uint8_t            *end;              /* of the input */
    size_t                    held;             /* of this pair, in value.hold */
    consent_reading_state_t   rest;             /* of a long pair */
    consent_form_value_t      value;
} form_t;

static consent_rc_t form_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit,
    void *arg);
static void form_destroy(consent_transform_t *t);
static consent_rc_t form_piece(form_t *f, const uint8_t *p, size_t n, bool ended);
static bool form_quick(form_t *f, const uint8_t *p, const uint8_t *eq);
static consent_rc_t form_pair(form_t *f, const uint8_t *p, size_t n, consent_span_kind_t kind);
static consent_rc_t form_long(form_t *f, const uint8_t *p, consent_span_kind_t kind);
static consent_rc_t form_judge(form_t *f, const uint8_t *p, const uint8_t *eq, const uint8_t *end, uint8_t class,
    bool whole, bool *goes);
static consent_rc_t form_name(form_t *f, const uint8_t *p, const uint8_t *eq, const uint8_t *end, bool whole);
static const uint8_t *form_end_of_name(const uint8_t *p, const uint8_t *end, uint8_t *class);
static bool form_is_charset(const uint8_t *name, size_t len);
static consent_rc_t form_unknown(form_t *f, const uint8_t *name, size_t len, bool *goes);
static void form_gone(form_t *f);
static consent_rc_t form_stays(form_t *f);
static consent_rc_t form_add(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind);


static size_t
form_room(void)
{
    return (sizeof(form_t) + FORM_ALIGNMENT - 1) / FORM_ALIGNMENT * FORM_ALIGNMENT;
}


size_t
consent_form_size(const consent_detectors_t *detectors)
{
    return form_room() + consent_form_value_size(detectors);
}


consent_transform_t *
consent_form_init(void *memory, consent_inspect_t *inspect, consent_carrier_t carrier)
{
    form_t                  *f = memory;
    const consent_policy_t  *policy;

    memset(f, 0, offsetof(form_t, rest));

    f->base.feed = form_feed;
    f->base.destroy = form_destroy;
    f->inspect = inspect;
    f->carrier = carrier;

    policy = inspect->how.policy;

    if (carrier == CONSENT_CARRIER_ARG) {
        f->reading = (consent_reading_t) { &policy->args, true, true, false, NULL, policy->json_paths };
        f->necessary = (consent_reading_t) { &policy->necessary_args, true, false, false, NULL, NULL };

    } else {
        f->reading = (consent_reading_t) { &policy->fields, true, true, false, &policy->args, policy->json_paths };
        f->necessary = (consent_reading_t) { &policy->necessary_fields, true, false, false, NULL, NULL };
    }

    consent_form_value_init(&f->value, inspect, (uint8_t *) memory + form_room());

    return &f->base;
}


static void
form_destroy(consent_transform_t *t)
{
    form_t  *f = (form_t *) t;

    consent_form_value_end(&f->value);
}


consent_rc_t
consent_minimize_args_text(consent_buf_t *out, consent_slice_t args, consent_inspect_t *inspect)
{
    void                 *memory;
    consent_rc_t          rc;
    consent_transform_t  *t;

    memory = malloc(consent_form_size(inspect->detectors));
    if (memory == NULL) {
        return CONSENT_NOMEM;
    }

    t = consent_form_init(memory, inspect, CONSENT_CARRIER_ARG);
    ((form_t *) t)->judged = true;

    rc = consent_transform_feed(t, args.data, args.len, true, form_add, out);

    consent_transform_destroy(t);
    free(memory);

    return rc;
}


static consent_rc_t
form_add(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    consent_buf_t  *out = arg;

    (void) kind;
    consent_buf_add(out, data, len);

    return out->rc;
}


static consent_rc_t
form_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit, void *arg)
{
    bool            semicolons;
    form_t         *f = (form_t *) t;
    consent_rc_t    rc;
    const uint8_t  *p, *e, *end, *ampersand;

    if (n == 0) {
        in = f->value.hold;         /* a place to stand */
    }

    f->value.emit = emit;
    f->value.arg = arg;
    f->value.from = NULL;

    end = in + n;
    f->end = end;
    ampersand = NULL;
    semicolons = memchr(in, ';', n) != NULL;

    for (p = in; /* void */; p = e + 1) {

        if (ampersand == NULL || ampersand < p) {
            ampersand = memchr(p, '&', (size_t) (end - p));
            ampersand = ampersand == NULL ? end : ampersand;
        }

        e = semicolons ? memchr(p, ';', (size_t) (ampersand - p)) : NULL;
        e = e == NULL ? ampersand : e;

        rc = form_piece(f, p, (size_t) (e - p), e < end || last);
        if (rc != CONSENT_OK) {
            return rc;
        }

        if (e == end) {
            break;
        }

        f->separator = *e;
        f->separator_at = e;
    }

    f->separator_at = NULL;

    return consent_form_flush(&f->value);
}


/* The next n bytes of a pair, which end it or not. */
static consent_rc_t
form_piece(form_t *f, const uint8_t *p, size_t n, bool ended)
{
    size_t          take;
    consent_rc_t    rc;
    const uint8_t  *eq;

    if (f->mode == FORM_PAIR) {

        if (f->held == 0 && ended && n <= CONSENT_FORM_HELD) {

            if (n < f->value.dull && consent_form_quick(p, p + n, f->end, &eq) && form_quick(f, p, eq)) {
                rc = form_stays(f);
                f->any = true;

                return rc != CONSENT_OK ? rc : consent_form_write(&f->value, p, n, CONSENT_SPAN_BORROWED);
            }

            return form_pair(f, p, n, CONSENT_SPAN_BORROWED);
        }

        take = n < CONSENT_FORM_HELD - f->held ? n : CONSENT_FORM_HELD - f->held;

        if (f->held > 0 || take == n) {
            memcpy(f->value.hold + f->held, p, take);
            f->held += take;

            if (take == n && !ended) {
                return CONSENT_OK;
            }

            if (take == n) {
                n = f->held;
                f->held = 0;
                return form_pair(f, f->value.hold, n, CONSENT_SPAN_OWN);
            }

            f->held = 0;
            rc = form_long(f, f->value.hold, CONSENT_SPAN_OWN);

        } else {
            rc = form_long(f, p, CONSENT_SPAN_BORROWED);
        }

        if (rc != CONSENT_OK) {
            return rc;
        }

        p += take;
        n -= take;
    }

    if (f->mode == FORM_LONG) {

        if (!f->judged) {
            consent_reading_feed(&f->rest, p, n);

            if (ended) {
                consent_reading_end(&f->rest);
            }

            f->inspect->found.seen |= f->rest.mask;

            if (f->rest.mask & ~f->inspect->how.granted) {
                return consent_form_doubt(f->inspect, CONSENT_DOUBT_NAME);
            }
        }

        rc = consent_form_long_feed(&f->value, p, n, ended);
        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    f->mode = ended ? FORM_PAIR : f->mode;

    return CONSENT_OK;
}


/* Whether a pair whose value says nothing stays for what its plain name says, and nobody has to know more of it. */
static bool
form_quick(form_t *f, const uint8_t *p, const uint8_t *eq)
{
    size_t                     len;
    const consent_minimize_t  *how;

    if (f->judged) {
        return true;
    }

    len = (size_t) (eq - p);

    if (!consent_reading_not(f->reading.names, p, len)) {
        return false;
    }

    how = &f->inspect->how;

    if (how->count_unknown) {

        if (how->remove_unknown || f->inspect->refuse_unknown) {
            return false;
        }

        if (consent_reading_not(f->necessary.names, p, len)
            || consent_names_find(f->necessary.names, consent_slice(p, len), true) == 0)
        {
            consent_inspect_unknown(f->inspect, f->carrier, consent_slice(p, len));
        }
    }

    f->cut = false;

    return true;
}


static consent_rc_t
form_pair(form_t *f, const uint8_t *p, size_t n, consent_span_kind_t kind)
{
    bool            goes;
    uint8_t         class;
    consent_rc_t    rc;
    const uint8_t  *eq, *end;

    end = p + n;
    eq = form_end_of_name(p, end, &class);

    rc = form_judge(f, p, eq, end, class, true, &goes);

    if (rc != CONSENT_OK) {
        return rc;
    }

    if (goes) {
        form_gone(f);
        return CONSENT_OK;
    }

    rc = form_stays(f);

    if (rc != CONSENT_OK || n == 0) {
        return rc;
    }

    f->any = true;

    return consent_form_pair(&f->value, p, eq, end, kind);
}


/* A pair of which these are the first CONSENT_FORM_HELD bytes. */
static consent_rc_t
form_long(form_t *f, const uint8_t *p, consent_span_kind_t kind)
{
    bool            goes;
    uint8_t         class;
    consent_rc_t    rc;
    const uint8_t  *eq, *end;

    end = p + CONSENT_FORM_HELD;
    eq = form_end_of_name(p, end, &class);

    if (!f->judged) {

        if (eq == end) {
            return consent_form_doubt(f->inspect, CONSENT_DOUBT_NAME);
        }

        consent_reading_begin(&f->rest, &f->reading, f->inspect->how.policy->consent_mask);
        consent_reading_feed(&f->rest, p, CONSENT_FORM_HELD);
    }

    rc = form_judge(f, p, eq, end, class, false, &goes);

    if (rc != CONSENT_OK) {
        return rc;
    }

    if (goes) {
        f->mode = FORM_GONE;
        form_gone(f);
        return CONSENT_OK;
    }

    f->mode = FORM_LONG;
    rc = form_stays(f);
    f->any = true;

    if (rc == CONSENT_OK && eq < end) {
        rc = consent_form_text(&f->value, p, (size_t) (eq - p), kind);

        if (rc == CONSENT_OK) {
            rc = consent_form_write(&f->value, eq++, 1, kind);
        }
    } else {
        eq = p;
    }

    return rc != CONSENT_OK ? rc : consent_form_long_begin(&f->value, eq, (size_t) (end - eq), kind);
}


/* Whether a pair goes; `whole`: it ends at end. The rules are those of args.c. */
static consent_rc_t
form_judge(form_t *f, const uint8_t *p, const uint8_t *eq, const uint8_t *end, uint8_t class, bool whole, bool *goes)
{
    consent_rc_t               rc;
    consent_mask_t             mask;
    consent_found_t           *found;
    const consent_minimize_t  *how;

    *goes = false;

    if (f->judged) {
        return CONSENT_OK;
    }

    how = &f->inspect->how;
    found = &f->inspect->found;

    if (f->cut && f->begun && f->separator == ';' && (eq == end || eq == p)) {
        /* no pair of its own: to those who know only '&' it belongs to what went */
        *goes = true;
        return CONSENT_OK;
    }

    f->cut = false;

    rc = form_name(f, p, eq, end, whole);
    if (rc != CONSENT_OK) {
        return rc;
    }

    mask = consent_reading_pair(&f->reading, p, eq, whole ? end : eq, class, how->policy->consent_mask)
           | (whole ? 0 : f->rest.mask);

    if (how->policy->path_mask != 0 && end - eq > 1) {
        mask |= consent_form_path(f->value.decoded, consent_slice(eq + 1, (size_t) (end - eq - 1)), how->policy);
    }

    if (mask != 0) {
        found->seen |= mask;

        if (mask & ~how->granted) {
            found->pairs++;

            if (!whole || end - eq > 1) {
                /* a field that was left empty goes as well, but nothing of hers was in it */
                found->removed |= mask & ~how->granted;
                found->carriers |= 1u << f->carrier;
            }

            *goes = f->cut = true;
        }

        return CONSENT_OK;
    }

    if (!how->count_unknown || eq == p || consent_reading_pair(&f->necessary, p, eq, eq, class, 0) != 0) {
        return CONSENT_OK;
    }

    rc = form_unknown(f, p, (size_t) (eq - p), goes);
    f->cut = *goes;

    return rc;
}


/* What no name may be: too long to be looked at, a body of another kind, the charset of all the others if it is not one
 * that is read here (the HTML standard's "_charset_"). */
static consent_rc_t
form_name(form_t *f, const uint8_t *p, const uint8_t *eq, const uint8_t *end, bool whole)
{
    size_t                 len, used;
    consent_form_value_t  *v = &f->value;

    if (eq - p > CONSENT_READING_MAX
        && consent_form_decode(v->decoded, &used, p, (size_t) (eq - p), true) > CONSENT_READING_MAX)
    {
        return consent_form_doubt(f->inspect, CONSENT_DOUBT_NAME);
    }

    if (p == eq || (consent_lower(*p) >= 'a' && consent_lower(*p) <= 'z')) {
        return CONSENT_OK;
    }

    len = consent_form_decode(v->decoded, &used, p, (size_t) (eq - p), true);

    if ((v->text || v->json) && consent_form_sight(v->decoded, len) == CONSENT_FORM_JSON) {
        return consent_form_doubt(f->inspect, CONSENT_DOUBT_SYNTAX);
    }

    if (!form_is_charset(v->decoded, len) || eq == end) {
        return CONSENT_OK;
    }

    len = consent_form_decode(v->decoded, &used, eq + 1, (size_t) (end - eq - 1), true);

    return whole && consent_media_ascii(consent_slice(v->decoded, len)) ? CONSENT_OK
           : consent_form_doubt(f->inspect, CONSENT_DOUBT_CHARSET);
}


static bool
form_is_charset(const uint8_t *name, size_t len)
{
    return consent_slice_ieq(consent_slice(name, len), consent_lit("_charset_"));
}


static consent_rc_t
form_unknown(form_t *f, const uint8_t *name, size_t len, bool *goes)
{
    size_t  used;

    if (memchr(name, '%', len) != NULL || memchr(name, '+', len) != NULL) {
        len = consent_form_decode(f->value.decoded, &used, name, len, true);
        name = f->value.decoded;
    }

    *goes = consent_inspect_unknown(f->inspect, f->carrier, consent_slice(name, len));

    return f->inspect->refuse_unknown ? consent_form_doubt(f->inspect, CONSENT_DOUBT_UNKNOWN) : CONSENT_OK;
}


static void
form_gone(form_t *f)
{
    f->begun = true;
    f->skip = f->skip || !f->any;
}


/* The separator in front of what stays. */
static consent_rc_t
form_stays(form_t *f)
{
    bool  none;

    none = !f->begun || f->skip;
    f->begun = true;
    f->skip = false;

    if (none) {
        return CONSENT_OK;
    }

    f->any = true;

    return f->separator_at != NULL ? consent_form_write(&f->value, f->separator_at, 1, CONSENT_SPAN_BORROWED)
                                   : consent_form_write(&f->value, &f->separator, 1, CONSENT_SPAN_OWN);
}


/* The '=' behind a name, or the end; class: of all its bytes. */
static const uint8_t *
form_end_of_name(const uint8_t *p, const uint8_t *end, uint8_t *class)
{
    uint8_t  all, one;

    for (all = 0; p < end && (one = consent_reading_class[*p]) != CONSENT_READING_END; p++) {
        all |= one;
    }

    *class = all;

    return p;
}
