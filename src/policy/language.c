/*
 * Which of the policy's languages fits: an explicit wish, or Accept-Language (RFC 9110, 12.5.4; RFC 4647).
 */

#include "policy/contact.h"

#define LANGUAGE_MAX_BYTES   1024       /* of Accept-Language that are read */
#define LANGUAGE_MAX_RANGES  32
#define LANGUAGE_MAX_Q       1000

/* How well a range fits a tag; more is better. */
typedef enum {
    FIT_NONE = 0,
    FIT_ANY,            /* "*" */
    FIT_WIDER,          /* "sv" for sv-FI */
    FIT_NARROWER,       /* "sv-FI" for sv */
    FIT_EXACT
} language_fit_t;

/* What is known of one of the policy's languages after reading a list. */
typedef struct {
    language_fit_t  fit;
    int             q;          /* in thousandths */
    size_t          rank;       /* of the range in the list */
    bool            refused;
} language_score_t;

static bool language_weigh(language_score_t *scores, const consent_policy_t *policy, consent_slice_t range, int q,
    size_t rank);
static language_fit_t language_fit(consent_slice_t range, consent_slice_t tag);
static bool language_begins(consent_slice_t s, consent_slice_t prefix);
static bool language_item(consent_slice_t *rest, consent_slice_t *range, int *q);
static int language_q(consent_slice_t parameters);
static consent_slice_t language_trim(consent_slice_t s);


size_t
consent_policy_language(const consent_policy_t *policy, consent_slice_t explicit_tag, consent_slice_t accept)
{
    int               q;
    size_t            i, best, rank;
    consent_slice_t   range;
    language_score_t  scores[CONSENT_MAX_LANGUAGES];

    for (i = 0; i < policy->n_languages; i++) {
        if (consent_slice_ieq(explicit_tag, policy->languages[i])) {
            return i;
        }
    }

    for (i = 0; i < policy->n_languages; i++) {
        if (explicit_tag.len > 0 && language_begins(explicit_tag, policy->languages[i])) {
            return i;
        }
    }

    memset(scores, 0, sizeof(scores));

    if (accept.len > LANGUAGE_MAX_BYTES) {
        accept.len = LANGUAGE_MAX_BYTES;
    }

    for (rank = 0; rank < LANGUAGE_MAX_RANGES && language_item(&accept, &range, &q); rank++) {
        if (language_weigh(scores, policy, range, q, rank) && q == LANGUAGE_MAX_Q) {
            /* nothing that follows is wanted more */
            break;
        }
    }

    best = 0;

    for (i = 1; i < policy->n_languages; i++) {
        if (scores[i].q > scores[best].q
            || (scores[i].q == scores[best].q && scores[i].q > 0
                && (scores[i].rank < scores[best].rank
                    || (scores[i].rank == scores[best].rank && scores[i].fit > scores[best].fit))))
        {
            best = i;
        }
    }

    return best;
}


/* The best of the ranges that name a language counts for it, "*" only where none does; with "sv;q=0" sv is
 * left out. True when the range names one that is not left out. */
static bool
language_weigh(language_score_t *scores, const consent_policy_t *policy, consent_slice_t range, int q, size_t rank)
{
    int             weight;
    bool            named;
    size_t          i;
    language_fit_t  fit;

    named = false;

    for (i = 0; i < policy->n_languages; i++) {
        fit = language_fit(range, policy->languages[i]);

        if (fit == FIT_NONE || (fit == FIT_ANY && scores[i].fit > FIT_ANY)) {
            continue;
        }

        scores[i].refused |= fit == FIT_EXACT && q == 0;
        weight = scores[i].refused ? 0 : q;
        named |= fit > FIT_ANY && !scores[i].refused;

        if (scores[i].fit > FIT_ANY && !scores[i].refused && weight <= scores[i].q) {
            continue;
        }

        scores[i].fit = fit;
        scores[i].q = weight;
        scores[i].rank = rank;
    }

    return named;
}


static language_fit_t
language_fit(consent_slice_t range, consent_slice_t tag)
{
    if (range.data[0] != '*' && consent_lower(range.data[0]) != consent_lower(tag.data[0])) {
        return FIT_NONE;
    }

    if (consent_slice_ieq(range, tag)) {
        return FIT_EXACT;
    }

    if (consent_slice_eq(range, consent_lit("*"))) {
        return FIT_ANY;
    }

    if (language_begins(range, tag)) {
        return FIT_NARROWER;
    }

    return language_begins(tag, range) ? FIT_WIDER : FIT_NONE;
}


/* s is prefix and more subtags. */
static bool
language_begins(consent_slice_t s, consent_slice_t prefix)
{
    return prefix.len > 0 && s.len > prefix.len && s.data[prefix.len] == '-'
           && consent_slice_ieq(consent_slice(s.data, prefix.len), prefix);
}


/* The next element of the list that has a range; false at its end. */
static bool
language_item(consent_slice_t *rest, consent_slice_t *range, int *q)
{
    size_t           len;
    consent_slice_t  item;
    const uint8_t   *comma, *semicolon;

    while (rest->len > 0) {
        comma = memchr(rest->data, ',', rest->len);
        len = comma == NULL ? rest->len : (size_t) (comma - rest->data);

        item = language_trim(consent_slice(rest->data, len));
        len += comma != NULL;
        *rest = consent_slice(rest->data + len, rest->len - len);

        semicolon = item.len == 0 ? NULL : memchr(item.data, ';', item.len);

        if (semicolon == NULL) {
            *range = item;
            *q = LANGUAGE_MAX_Q;

        } else {
            len = (size_t) (semicolon - item.data);
            *range = language_trim(consent_slice(item.data, len));
            *q = language_q(language_trim(consent_slice(semicolon + 1, item.len - len - 1)));
        }

        if (range->len > 0) {
            return true;
        }
    }

    return false;
}


/* "q=0.8" in thousandths; 0 for what is no weight. */
static int
language_q(consent_slice_t s)
{
    int     q, unit;
    size_t  i;

    if (s.len < 3 || consent_lower(s.data[0]) != 'q' || s.data[1] != '=' || (s.data[2] != '0' && s.data[2] != '1')) {
        return 0;
    }

    q = (s.data[2] - '0') * 1000;
    unit = 100;

    if (s.len > 3 && s.data[3] != '.') {
        return 0;
    }

    for (i = 4; i < s.len; i++) {
        if (s.data[i] < '0' || s.data[i] > '9') {
            return 0;
        }

        q += (s.data[i] - '0') * unit;
        unit /= 10;
    }

    return q > LANGUAGE_MAX_Q ? 0 : q;
}


static consent_slice_t
language_trim(consent_slice_t s)
{
    while (s.len > 0 && (s.data[0] == ' ' || s.data[0] == '\t')) {
        s.data++;
        s.len--;
    }

    while (s.len > 0 && (s.data[s.len - 1] == ' ' || s.data[s.len - 1] == '\t')) {
        s.len--;
    }

    return s;
}
