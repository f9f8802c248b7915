/*
 * The detectors of a policy over a text: which bytes pass, and which are masked.
 *
 * Text goes through a window. Every digit and every '@' in it is looked at once, with what stands around it; a
 * decision is made only where all is in the window that it can depend on, so that pieces make no difference. What
 * begins first wins; of two that begin together the longer one; then the one whose check says more.
 */

#include "minimize/detect.h"
#include "minimize/detect_expression.h"
#include "minimize/detect_inside.h"
#include "minimize/detect_scan.h"
#include "base/digest.h"
#include "base/when.h"

#include <stdlib.h>
#include <time.h>

#define DETECT_WINDOW   CONSENT_EXPRESSION_TEXT
#define DETECT_CONTEXT  (CONSENT_MASK_MAX_VALUE + 16)   /* bytes before what is undecided that are kept */
#define DETECT_EDGE     8                               /* bytes by which an expression may look ahead, and more */

struct consent_detectors_s {
    consent_mask_t          kinds[CONSENT_DETECT_KINDS];    /* categories that name a built-in detector */
    consent_mask_t          mask;
    consent_expressions_t  *expressions;                    /* NULL: none */
};

/* Matches of the operator's expressions in a window, by where they begin: the longest of each. */
typedef struct {
    uint64_t  starts[DETECT_WINDOW / 64];
    uint16_t  to[DETECT_WINDOW];
    uint16_t  which[DETECT_WINDOW];
} detect_own_t;

struct consent_detect_s {
    consent_inspect_t           *inspect;
    const consent_detectors_t   *detectors;
    detect_own_t                *own;           /* NULL: none is looked for */
    size_t                       back;          /* bytes before the end of the window that are not decided */
    consent_detect_pt            each;
    void                        *arg;
    consent_finder_t             find;          /* its range is the window */
    const uint8_t               *from;          /* where in it what is undecided begins */
    size_t                       used;          /* of the window, ever */
    size_t                       len;           /* in the window; and the same as offsets between two feeds: */
    size_t                       from_at;
    size_t                       next_at;
    size_t                       done_at;
    uint8_t                      window[DETECT_WINDOW];
};

static consent_rc_t detect_window(consent_detect_t *d);
static consent_rc_t detect_matches(consent_detect_t *d, const uint8_t **stop);
static void detect_shift(consent_detect_t *d);
static void detect_raw(consent_match_t *m);
static bool detect_own(consent_detect_t *d);
static void detect_own_each(void *arg, size_t i, size_t from, size_t to);
static const uint8_t *detect_own_next(const consent_detect_t *d);
static consent_rc_t detect_pass(consent_detect_t *d, const uint8_t *to);
static consent_rc_t detect_mask(consent_detect_t *d, const consent_match_t *m, consent_slice_t label,
    consent_mask_t categories);

/* In the order of consent_detect_kind_t: the policy's names, and the labels of their masks. */
static const struct {
    const char  *name;
    const char  *label;
} detect_names[CONSENT_DETECT_KINDS] = {
    { "se.personnummer", "personnummer" },
    { "fi.hetu", "hetu" },
    { "iban", "iban" },
    { "card", "card" },
    { "phone", "phone" },
    { "email", "email" }
};


consent_rc_t
consent_detectors_compile(consent_detectors_t **out, const consent_policy_t *policy, consent_faults_t *faults)
{
    size_t                     i, k, kind;
    consent_rc_t               rc;
    consent_detectors_t       *detectors;
    const consent_detector_t  *one;

    *out = NULL;

    detectors = calloc(1, sizeof(consent_detectors_t));
    if (detectors == NULL) {
        return CONSENT_NOMEM;
    }

    rc = consent_expressions_compile(&detectors->expressions, policy, faults);

    for (i = 0; i < policy->n_categories; i++) {

        if (!(policy->consent_mask >> i & 1)) {
            continue;
        }

        for (k = 0; k < policy->categories[i].n_text; k++) {
            one = &policy->categories[i].text[k];
            detectors->mask |= (consent_mask_t) 1 << i;

            if (one->regex.len > 0) {
                continue;
            }

            for (kind = 0; kind < CONSENT_DETECT_KINDS; kind++) {
                if (consent_slice_eq(one->name, consent_cstr(detect_names[kind].name))) {
                    detectors->kinds[kind] |= (consent_mask_t) 1 << i;
                }
            }
        }
    }

    if (rc != CONSENT_OK || detectors->mask == 0) {
        consent_detectors_destroy(detectors);
        return rc;
    }

    *out = detectors;

    return CONSENT_OK;
}


void
consent_detectors_destroy(consent_detectors_t *detectors)
{
    if (detectors == NULL) {
        return;
    }

    consent_expressions_destroy(detectors->expressions);
    free(detectors);
}


consent_mask_t
consent_detectors_mask(const consent_detectors_t *detectors)
{
    return detectors == NULL ? 0 : detectors->mask;
}


size_t
consent_detect_size(const consent_detectors_t *detectors)
{
    if (detectors == NULL) {
        return offsetof(consent_detect_t, window);
    }

    return sizeof(consent_detect_t) + (detectors->expressions == NULL ? 0 : sizeof(detect_own_t));
}


consent_detect_t *
consent_detect_init(void *memory, consent_inspect_t *inspect)
{
    size_t             i;
    consent_mask_t     granted;
    consent_civil_t    now;
    consent_detect_t  *d = memory;

    memset(d, 0, offsetof(consent_detect_t, window));

    d->inspect = inspect;

    if (inspect->detectors == NULL || inspect->masks == NULL) {
        return d;
    }

    d->detectors = inspect->detectors;
    d->back = CONSENT_DETECT_BACK;
    granted = inspect->how.granted;

    for (i = 0; i < CONSENT_DETECT_KINDS; i++) {
        d->find.kinds |= d->detectors->kinds[i] == 0 ? 0 : CONSENT_DETECT_BIT(i);
        d->find.withheld |= (d->detectors->kinds[i] & ~granted) == 0 ? 0 : CONSENT_DETECT_BIT(i);
    }

    if (d->detectors->expressions != NULL) {
        d->own = (detect_own_t *) (void *) (d + 1);

        if (consent_expressions_most(d->detectors->expressions) + DETECT_EDGE > d->back) {
            d->back = consent_expressions_most(d->detectors->expressions) + DETECT_EDGE;
        }
    }

    consent_when_local(&now, NULL, (consent_time_t) time(NULL) * 1000);
    d->find.year = now.year;

    return d;
}


void
consent_detect_end(consent_detect_t *d)
{
    if (d->detectors != NULL) {
        consent_wipe(d->window, d->used);
        d->used = 0;
        d->len = d->from_at = d->next_at = d->done_at = 0;
    }
}


consent_rc_t
consent_detect_feed(consent_detect_t *d, const uint8_t *text, size_t n, bool last, consent_detect_pt each, void *arg)
{
    size_t        take;
    consent_rc_t  rc;

    if (d->detectors == NULL) {
        return n == 0 ? CONSENT_OK : each(arg, n, consent_slice(NULL, 0));
    }

    d->each = each;
    d->arg = arg;

    /* a text in one piece is looked at where it is */

    if (d->len == 0 && last && (d->own == NULL || n <= DETECT_WINDOW)) {

        if (n == 0 || consent_detect_clear(d, text, n)) {
            return n == 0 ? CONSENT_OK : each(arg, n, consent_slice(NULL, 0));
        }

        d->find.range.start = text;
        d->find.range.end = text + n;
        d->find.range.last = true;
        d->from = d->find.next = d->find.done = text;

        return detect_window(d);
    }

    for ( ;; ) {
        take = n < DETECT_WINDOW - d->len ? n : DETECT_WINDOW - d->len;

        if (take > 0) {
            memcpy(d->window + d->len, text, take);
            text += take;
            n -= take;
            d->len += take;
            d->used = d->len > d->used ? d->len : d->used;
        }

        if (n == 0 && !last && d->len - d->from_at <= CONSENT_DETECT_HELD) {
            return CONSENT_OK;
        }

        d->find.range.start = d->window;
        d->find.range.end = d->window + d->len;
        d->find.range.last = last && n == 0;
        d->find.next = d->window + d->next_at;
        d->find.done = d->window + d->done_at;
        d->from = d->window + d->from_at;

        rc = detect_window(d);
        if (rc != CONSENT_OK) {
            return rc;
        }

        if (d->find.range.last) {
            d->len = d->from_at = d->next_at = d->done_at = 0;
            return CONSENT_OK;
        }

        detect_shift(d);
    }
}


bool
consent_detect_clear(const consent_detect_t *d, const uint8_t *text, size_t n)
{
    if (d->own != NULL && n >= consent_expressions_least(d->detectors->expressions)) {
        return false;
    }

    return d->find.kinds == 0
           || consent_detect_few(text, n, d->find.kinds & CONSENT_DETECT_NUMBERS ? CONSENT_DETECT_DIGITS : UINT32_MAX,
                                 d->find.kinds & CONSENT_DETECT_BIT(CONSENT_DETECT_EMAIL));
}


size_t
consent_detect_dull(const consent_detectors_t *detectors)
{
    _Static_assert(CONSENT_DETECT_DULL == CONSENT_DETECT_DIGITS, "digits that a number has at least");

    return detectors == NULL || detectors->expressions == NULL ? SIZE_MAX
           : consent_expressions_least(detectors->expressions);
}


static consent_rc_t
detect_window(consent_detect_t *d)
{
    size_t          i;
    consent_rc_t    rc;
    const uint8_t  *stop;

    d->find.stretch.from = NULL;

    if (d->own != NULL && !detect_own(d)) {
        return CONSENT_NOMEM;
    }

    rc = detect_matches(d, &stop);

    for (i = 0; i < CONSENT_DETECT_KINDS; i++) {
        d->inspect->found.seen |= d->find.seen >> i & 1 ? d->detectors->kinds[i] : 0;
    }

    if (rc != CONSENT_OK) {
        return rc;
    }

    /* what a match may begin in that is not in the window yet */

    if (!d->find.range.last && (size_t) (d->find.range.end - stop) < d->back) {
        stop = (size_t) (d->find.range.end - d->from) > d->back ? d->find.range.end - d->back : d->from;
    }

    return stop <= d->from ? CONSENT_OK : detect_pass(d, stop);
}


/* Masks all that can be decided. What follows *stop cannot. */
static consent_rc_t
detect_matches(consent_detect_t *d, const uint8_t **stop)
{
    size_t                       i;
    consent_rc_t                 rc;
    consent_find_t               found;
    const uint8_t               *own, *end;
    consent_match_t              m, mine;
    const consent_expression_t  *e;

    end = d->find.range.end;
    found = consent_detect_find(&d->find, &m);

    for ( ;; ) {

        /* of a number that an expression has matched the beginning of, the rest does not pass either */

        if (found == CONSENT_FIND_MATCH && m.from < d->from) {

            if (m.to > d->from) {
                m.from = d->from;
                detect_raw(&m);

            } else {
                d->find.next = d->find.done = m.to;
                found = consent_detect_find(&d->find, &m);
                continue;
            }
        }

        *stop = found != CONSENT_FIND_CUT ? end
                : d->find.next - d->from > CONSENT_DETECT_BACK ? d->find.next - CONSENT_DETECT_BACK : d->from;

        own = d->own == NULL ? NULL : detect_own_next(d);
        i = own == NULL ? 0 : (size_t) (own - d->find.range.start);

        if (own != NULL && own < *stop
            && (found != CONSENT_FIND_MATCH || own < m.from
                || (own == m.from && d->find.range.start + d->own->to[i] > m.to)))
        {
            if (!d->find.range.last && (size_t) (end - own) < d->back) {
                *stop = own;
                return CONSENT_OK;
            }

            e = consent_expressions_get(d->detectors->expressions, d->own->which[i]);
            mine.from = own;
            mine.to = d->find.range.start + d->own->to[i];
            detect_raw(&mine);

            rc = detect_mask(d, &mine, e->name, e->mask);
            if (rc != CONSENT_OK) {
                return rc;
            }

            continue;
        }

        if (found != CONSENT_FIND_MATCH) {
            return CONSENT_OK;
        }

        rc = detect_mask(d, &m, consent_cstr(detect_names[m.kind].label), d->detectors->kinds[m.kind]);
        if (rc != CONSENT_OK) {
            return rc;
        }

        d->find.next = d->find.done = m.to;
        found = consent_detect_find(&d->find, &m);
    }
}


/* Keeps what is undecided, and what its matches may look back at. */
static void
detect_shift(consent_detect_t *d)
{
    size_t  from, gone;

    from = (size_t) (d->from - d->window);
    gone = from > DETECT_CONTEXT ? from - DETECT_CONTEXT : 0;

    d->from_at = from - gone;
    d->next_at = (size_t) (d->find.next - d->window) - gone;
    d->done_at = (size_t) (d->find.done - d->window);
    d->done_at = d->done_at > gone ? d->done_at - gone : 0;

    memmove(d->window, d->window + gone, d->len - gone);
    d->len -= gone;
}


/* The spelling is all there is to tell values by. */
static void
detect_raw(consent_match_t *m)
{
    m->same_len = (size_t) (m->to - m->from);
    memcpy(m->same, m->from, m->same_len);
}


/* Finds the matches of the expressions that begin where nothing is decided yet. */
static bool
detect_own(consent_detect_t *d)
{
    memset(d->own->starts, 0, sizeof(d->own->starts));

    return consent_expressions_scan(d->detectors->expressions, d->find.range.start,
                                    (size_t) (d->find.range.end - d->find.range.start), detect_own_each, d);
}


static void
detect_own_each(void *arg, size_t i, size_t from, size_t to)
{
    consent_detect_t  *d = arg;

    uint64_t                     bit;
    const consent_expression_t  *e;

    /* what ends before was found before; what touches the end of the window is found again, when it is known what
     * follows */

    if (d->find.range.start + to <= d->from
        || (!d->find.range.last && (size_t) (d->find.range.end - d->find.range.start) - to < DETECT_EDGE))
    {
        return;
    }

    e = consent_expressions_get(d->detectors->expressions, i);
    d->inspect->found.seen |= e->mask;

    if ((e->mask & ~d->inspect->how.granted) == 0 || d->find.range.start + from < d->from) {
        return;
    }

    bit = (uint64_t) 1 << (from & 63);

    if (!(d->own->starts[from / 64] & bit) || d->own->to[from] < to
        || (d->own->to[from] == to && d->own->which[from] > i))
    {
        d->own->starts[from / 64] |= bit;
        d->own->to[from] = (uint16_t) to;
        d->own->which[from] = (uint16_t) i;
    }
}


/* Where the next of them begins, or NULL. */
static const uint8_t *
detect_own_next(const consent_detect_t *d)
{
    size_t    i;
    uint64_t  word;

    i = (size_t) (d->from - d->find.range.start);

    if (i == DETECT_WINDOW) {
        return NULL;
    }

    word = d->own->starts[i / 64] & UINT64_MAX << (i & 63);

    for (i /= 64; word == 0; word = d->own->starts[i]) {
        if (++i == consent_countof(d->own->starts)) {
            return NULL;
        }
    }

    return d->find.range.start + 64 * i + (size_t) __builtin_ctzll(word);
}


static consent_rc_t
detect_pass(consent_detect_t *d, const uint8_t *to)
{
    size_t  n;

    n = (size_t) (to - d->from);
    d->from = to;

    return n == 0 ? CONSENT_OK : d->each(d->arg, n, consent_slice(NULL, 0));
}


static consent_rc_t
detect_mask(consent_detect_t *d, const consent_match_t *m, consent_slice_t label, consent_mask_t categories)
{
    consent_rc_t      rc;
    consent_slice_t   mask;
    consent_found_t  *found;

    rc = detect_pass(d, m->from);

    if (rc == CONSENT_OK) {
        rc = consent_masks_give(d->inspect->masks, label, consent_slice(m->from, (size_t) (m->to - m->from)),
                                consent_slice(m->same, m->same_len), &mask);
    }

    if (rc != CONSENT_OK) {
        return rc;
    }

    found = &d->inspect->found;
    found->removed |= categories & ~d->inspect->how.granted;
    found->pairs++;
    found->carriers |= 1u << CONSENT_CARRIER_TEXT;

    d->from = m->to;

    return d->each(d->arg, (size_t) (m->to - m->from), mask);
}
