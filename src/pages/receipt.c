/*
 * A receipt, as people read it.
 */

#include "pages/sentence.h"

static void receipt_row(consent_html_t *h, consent_message_t term);
static void receipt_rows(consent_html_t *h, const consent_past_t *past);
static void receipt_scope(consent_html_t *h, const consent_past_t *past);
static void receipt_shared(consent_html_t *h, const consent_past_t *past);
static void receipt_not_shared(consent_html_t *h, const consent_past_t *past);


void
consent_page_receipt(consent_buf_t *b, const consent_page_t *page, const consent_past_t *past)
{
    consent_html_t  h;

    consent_html_init(&h, b, page, NULL);
    consent_frame_begin(&h, CONSENT_M_COUNT, CONSENT_M_RECEIPT_TITLE);
    consent_html_say_in(&h, "h1", NULL, CONSENT_M_RECEIPT_TITLE);
    consent_html_say_in(&h, "p", "lead", CONSENT_M_RECEIPT_LEAD);

    receipt_rows(&h, past);

    if (past->policy != NULL) {
        receipt_shared(&h, past);
        receipt_not_shared(&h, past);
    }

    consent_html_open(&h, "p", NULL);
    consent_html_open(&h, "a", NULL);
    consent_html_attr_receipt(&h, "api/v1/receipts/", past->decision.receipt);
    consent_html_say(&h, CONSENT_M_RECEIPT_JSON);
    consent_html_close(&h);
    consent_html_close(&h);

    consent_frame_person(&h, false);
    consent_frame_who(&h);
    consent_frame_end(&h);
}


static void
receipt_rows(consent_html_t *h, const consent_past_t *past)
{
    consent_message_t          by;
    const consent_decision_t  *d;

    d = &past->decision;

    consent_html_open(h, "dl", "class", "receipt", NULL);

    receipt_row(h, CONSENT_M_RECEIPT_CHOICE);
    consent_html_open(h, "strong", NULL);
    consent_sentence_level(h, past);
    consent_html_close(h);
    consent_html_close(h);

    receipt_row(h, CONSENT_M_RECEIPT_WHEN);
    consent_words_moment(h, d->decided_at, false);
    consent_html_close(h);

    if (d->status != CONSENT_STATUS_WITHDRAWN) {
        receipt_row(h, CONSENT_M_RECEIPT_SCOPE);
        receipt_scope(h, past);
        consent_html_close(h);

        receipt_row(h, CONSENT_M_RECEIPT_UNTIL);
        consent_words_moment(h, d->expires_at, false);
        consent_html_close(h);

        receipt_row(h, CONSENT_M_RECEIPT_AI);
        consent_html_say(h, consent_sentence_ai(d));
        consent_html_close(h);
    }

    receipt_row(h, CONSENT_M_RECEIPT_HOW);
    consent_html_say(h, consent_sentence_method(d));
    consent_html_close(h);

    by = consent_sentence_by(d);

    if (by != CONSENT_M_COUNT) {
        receipt_row(h, CONSENT_M_RECEIPT_BY);
        consent_html_say(h, by);
        consent_html_close(h);
    }

    receipt_row(h, CONSENT_M_RECEIPT_CONTROLLER);
    consent_html_text(h, past->policy != NULL ? past->policy->controller.name
                                              : h->page->policy->controller.name);
    consent_html_close(h);

    if (past->policy != NULL) {
        receipt_row(h, CONSENT_M_RECEIPT_POLICY);
        consent_html_text(h, past->policy->version);
        consent_html_close(h);
    }

    receipt_row(h, CONSENT_M_RECEIPT_NUMBER);
    consent_html_open(h, "code", NULL);
    consent_html_content(h);
    consent_buf_hex(h->b, d->receipt, CONSENT_ID_LEN);
    consent_html_close(h);
    consent_html_close(h);

    consent_html_close(h);

    if (past->policy != NULL && past->policy->test && !h->page->policy->test) {
        consent_html_say_in(h, "p", "test", CONSENT_M_TEST);
    }
}


static void
receipt_row(consent_html_t *h, consent_message_t term)
{
    consent_html_say_in(h, "dt", NULL, term);
    consent_html_open(h, "dd", NULL);
}


static void
receipt_scope(consent_html_t *h, const consent_past_t *past)
{
    size_t                   from;
    consent_fill_t           fill;
    const consent_policy_t  *policy;

    policy = past->policy != NULL ? past->policy : h->page->policy;

    consent_html_content(h);
    from = h->b->len;
    fill = consent_fill_duration("duration", &policy->valid_for);
    consent_html_fill(h, consent_sentence_scope(&past->decision), &fill, 1);
    consent_words_capital(h, from);
}


static void
receipt_shared(consent_html_t *h, const consent_past_t *past)
{
    size_t                     i;
    const consent_category_t  *category;

    if (past->decision.granted == 0) {
        return;
    }

    consent_html_say_in(h, "h2", NULL, CONSENT_M_RECEIPT_SHARED);
    consent_html_open(h, "ul", "class", "facts", NULL);

    for (i = 0; i < past->policy->n_categories; i++) {
        if (!(past->decision.granted >> i & 1)) {
            continue;
        }

        category = &past->policy->categories[i];

        consent_html_open(h, "li", NULL);
        consent_sentence_in(h, "strong", past->policy, &category->title);
        consent_html_str(h, " ");
        consent_sentence_in(h, "span", past->policy, &category->purpose);
        consent_html_open(h, "span", "class", "soft", NULL);
        consent_frame_facts(h, category);
        consent_html_close(h);
        consent_html_close(h);
    }

    consent_html_close(h);
}


static void
receipt_not_shared(consent_html_t *h, const consent_past_t *past)
{
    size_t          i;
    consent_mask_t  rest;

    rest = past->policy->consent_mask & ~past->decision.granted;

    if (rest == 0) {
        return;
    }

    consent_html_say_in(h, "h2", NULL, CONSENT_M_RECEIPT_NOT_SHARED);
    consent_html_open(h, "ul", "class", "plain", NULL);

    for (i = 0; i < past->policy->n_categories; i++) {
        if (rest >> i & 1) {
            consent_sentence_in(h, "li", past->policy, &past->policy->categories[i].title);
        }
    }

    consent_html_close(h);
}
