/*
 * A decision of the past, in sentences.
 */

#include "pages/sentence.h"

static void sentence_fill_level(consent_html_t *h, const consent_fill_t *fill);
static void sentence_fill_categories(consent_html_t *h, const consent_fill_t *fill);
static consent_message_t sentence_end(const consent_decision_t *d);
static size_t sentence_language(const consent_html_t *h, const consent_policy_t *policy);
static consent_fill_t sentence_level_fill(const consent_past_t *past);


void
consent_sentence_decision(consent_html_t *h, const consent_past_t *past)
{
    consent_fill_t             fill;
    consent_message_t          by;
    const consent_decision_t  *d;

    d = &past->decision;
    fill = sentence_level_fill(past);

    if (consent_sentence_ended(d)) {
        /* by nobody's choice */
        consent_html_say(h, sentence_end(d));
        return;
    }

    if (d->status == CONSENT_STATUS_WITHDRAWN) {
        consent_html_say(h, CONSENT_M_DID_WITHDRAW);

    } else if (past->policy == NULL) {
        consent_html_say(h, CONSENT_M_DID_UNKNOWN);

    } else if (d->by == CONSENT_BY_SIGNAL) {
        consent_html_say(h, CONSENT_M_DID_SIGNAL);

    } else if (d->status == CONSENT_STATUS_LOWERED) {
        consent_html_fill(h, CONSENT_M_DID_LOWER, &fill, 1);

    } else if (d->scope == CONSENT_SCOPE_ONCE) {
        consent_html_say(h, CONSENT_M_DID_SEND_ONCE);

    } else if (d->level == CONSENT_LEVEL_CUSTOM) {
        consent_html_say(h, CONSENT_M_DID_CHOOSE_CUSTOM);

    } else {
        consent_html_fill(h, CONSENT_M_DID_CHOOSE, &fill, 1);
    }

    if (past->policy != NULL && d->granted != 0) {
        consent_html_str(h, " ");
        fill = (consent_fill_t) { .name = "categories", .write = sentence_fill_categories, .arg = past };
        consent_html_fill(h, CONSENT_M_INFORMATION, &fill, 1);
    }

    by = consent_sentence_by(d);

    if (by != CONSENT_M_COUNT) {
        consent_html_str(h, " ");
        consent_html_say(h, by);
    }
}


void
consent_sentence_text(consent_html_t *h, const consent_policy_t *policy, const consent_text_t *text)
{
    size_t           language;
    consent_slice_t  tag;

    language = sentence_language(h, policy);
    tag = h->page->policy->languages[h->page->language];

    if (consent_slice_ieq(tag, policy->languages[language])) {
        consent_html_text(h, text->in[language]);
        return;
    }

    consent_html_open(h, "span", NULL);
    consent_html_attr(h, "lang", policy->languages[language]);
    consent_html_text(h, text->in[language]);
    consent_html_close(h);
}


void
consent_sentence_in(consent_html_t *h, const char *name, const consent_policy_t *policy,
    const consent_text_t *text)
{
    consent_html_open(h, name, NULL);
    consent_sentence_text(h, policy, text);
    consent_html_close(h);
}


void
consent_sentence_level(consent_html_t *h, const consent_past_t *past)
{
    int  level;

    level = past->decision.level;

    if (consent_sentence_ended(&past->decision)) {
        consent_html_say(h, sentence_end(&past->decision));

    } else if (past->policy == NULL) {
        consent_html_say(h, CONSENT_M_DID_UNKNOWN);

    } else if (past->decision.status == CONSENT_STATUS_WITHDRAWN) {
        consent_html_say(h, CONSENT_M_DID_WITHDRAW);

    } else if (level < 0 || (size_t) level >= past->policy->n_levels) {
        consent_html_say(h, CONSENT_M_CUSTOM_NAME);

    } else {
        consent_sentence_text(h, past->policy, &past->policy->levels[level].title);
    }
}


bool
consent_sentence_ended(const consent_decision_t *d)
{
    return d->status == CONSENT_STATUS_LAPSED || d->status == CONSENT_STATUS_EXPIRED;
}


static consent_message_t
sentence_end(const consent_decision_t *d)
{
    return d->status == CONSENT_STATUS_LAPSED ? CONSENT_M_DID_LAPSE : CONSENT_M_DID_EXPIRE;
}


consent_message_t
consent_sentence_scope(const consent_decision_t *d)
{
    switch (d->scope) {
    case CONSENT_SCOPE_STANDING:
        return CONSENT_M_SCOPE_STANDING;
    case CONSENT_SCOPE_ONCE:
        return CONSENT_M_SCOPE_ONCE;
    default:
        return CONSENT_M_SCOPE_SESSION;
    }
}


consent_message_t
consent_sentence_method(const consent_decision_t *d)
{
    return d->method > CONSENT_METHOD_OPERATOR ? CONSENT_M_METHOD_FORM
           : CONSENT_M_METHOD_FORM + (consent_message_t) d->method;
}


consent_message_t
consent_sentence_ai(const consent_decision_t *d)
{
    switch (d->ai) {
    case CONSENT_AI_OWN:
        return CONSENT_M_AI_OWN;
    case CONSENT_AI_NONE:
        return CONSENT_M_AI_NONE;
    default:
        return CONSENT_M_AI_ANY;
    }
}


consent_message_t
consent_sentence_by(const consent_decision_t *d)
{
    switch (d->by) {
    case CONSENT_BY_GUARDIAN:
        return CONSENT_M_BY_GUARDIAN;
    case CONSENT_BY_REPRESENTATIVE:
        return CONSENT_M_BY_REPRESENTATIVE;
    case CONSENT_BY_CLERK:
        return CONSENT_M_BY_CLERK;
    default:
        return CONSENT_M_COUNT;
    }
}


static consent_fill_t
sentence_level_fill(const consent_past_t *past)
{
    return (consent_fill_t) {
        .name = "level", .element = "strong", .write = sentence_fill_level, .arg = past
    };
}


static void
sentence_fill_level(consent_html_t *h, const consent_fill_t *fill)
{
    consent_sentence_level(h, fill->arg);
}


static void
sentence_fill_categories(consent_html_t *h, const consent_fill_t *fill)
{
    bool                   first;
    size_t                 i;
    const consent_past_t  *past;

    past = fill->arg;
    first = true;

    for (i = 0; i < past->policy->n_categories; i++) {
        if (!(past->decision.granted >> i & 1)) {
            continue;
        }

        if (!first) {
            consent_html_str(h, ", ");
        }

        first = false;
        consent_sentence_text(h, past->policy, &past->policy->categories[i].title);
    }
}


/* Languages of two versions need not be the same, nor in the same order. */
static size_t
sentence_language(const consent_html_t *h, const consent_policy_t *policy)
{
    size_t           i;
    consent_slice_t  tag;

    tag = h->page->policy->languages[h->page->language];

    for (i = 0; i < policy->n_languages; i++) {
        if (consent_slice_ieq(policy->languages[i], tag)) {
            return i;
        }
    }

    return 0;
}
