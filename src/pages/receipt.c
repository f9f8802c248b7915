/*
 * A receipt, as people read it: what was decided and when, what became of it, and how it can be checked.
 */

#include "pages/receipt.h"
#include "pages/sentence.h"

#include "base/utf8.h"

typedef struct {
    const consent_policy_t  *policy;
    consent_mask_t           mask;
} receipt_set_t;

static void receipt_row(consent_html_t *h, consent_message_t term);
static void receipt_rows(consent_html_t *h, const consent_past_t *past);
static void receipt_scope(consent_html_t *h, const consent_past_t *past);
static void receipt_fates(consent_html_t *h, const consent_receipt_t *receipt);
static void receipt_later(consent_html_t *h, const consent_receipt_t *receipt);
static void receipt_titles(consent_html_t *h, const consent_fill_t *fill);
static void receipt_shared(consent_html_t *h, const consent_past_t *past, consent_mask_t shared);
static void receipt_not_shared(consent_html_t *h, const consent_past_t *past, consent_message_t title,
    consent_mask_t rest);
static void receipt_evidence(consent_html_t *h, const consent_receipt_t *receipt);
static void receipt_link(consent_html_t *h, const consent_receipt_t *receipt, const char *part, const char *file,
    consent_message_t label);


void
consent_page_receipt(consent_buf_t *b, const consent_page_t *page, const consent_receipt_t *receipt)
{
    consent_html_t  h;

    consent_html_init(&h, b, page, NULL);
    consent_frame_begin(&h, CONSENT_M_COUNT, CONSENT_M_RECEIPT_TITLE);
    consent_html_say_in(&h, "h1", NULL, CONSENT_M_RECEIPT_TITLE);
    consent_html_say_in(&h, "p", "lead", CONSENT_M_RECEIPT_LEAD);

    receipt_rows(&h, &receipt->past);
    receipt_fates(&h, receipt);
    receipt_evidence(&h, receipt);

    consent_frame_person(&h, false);
    consent_frame_who(&h);
    consent_frame_end(&h);
}


/* What she shared by it, what not, and what has become of it since. */
static void
receipt_fates(consent_html_t *h, const consent_receipt_t *receipt)
{
    size_t                   i;
    consent_fill_t           fill;
    receipt_set_t            lapsed;
    consent_mask_t           bit, granted, withdrawn, refused, ended;
    const consent_policy_t  *policy;

    policy = receipt->past.policy;
    receipt_later(h, receipt);

    if (policy == NULL) {
        return;
    }

    lapsed = (receipt_set_t) { policy, receipt->lapsed & receipt->past.decision.granted };

    if (lapsed.mask != 0) {
        fill = (consent_fill_t) { .name = "categories", .write = receipt_titles, .arg = &lapsed };
        consent_html_fill_in(h, "p", NULL, CONSENT_M_RECEIPT_LAPSED, &fill, 1);
    }

    granted = withdrawn = refused = ended = 0;

    for (i = 0; i < policy->n_categories; i++) {
        bit = (consent_mask_t) 1 << i;

        if (!(policy->consent_mask & bit)) {
            continue;
        }

        switch (consent_receipt_fate(receipt, i, h->page->now)) {
        case CONSENT_FATE_WITHDRAWN:
            withdrawn |= bit;
            break;

        case CONSENT_FATE_REFUSED:
            refused |= bit;
            break;

        default:
            granted |= receipt->past.decision.granted & bit;
            ended |= ~receipt->past.decision.granted & bit;
        }
    }

    receipt_shared(h, &receipt->past, granted);
    receipt_not_shared(h, &receipt->past, CONSENT_M_RECEIPT_ENDED, ended);
    receipt_not_shared(h, &receipt->past, CONSENT_M_RECEIPT_WITHDRAWN, withdrawn);
    receipt_not_shared(h, &receipt->past, CONSENT_M_RECEIPT_NOT_SHARED, refused);
}


static void
receipt_later(consent_html_t *h, const consent_receipt_t *receipt)
{
    consent_fill_t  fill;

    if (consent_receipt_expired(receipt, h->page->now)) {
        fill = consent_fill_moment("when", receipt->past.decision.expires_at);
        consent_html_fill_in(h, "p", NULL, CONSENT_M_RECEIPT_EXPIRED, &fill, 1);
    }

    if (receipt->later != NULL) {
        consent_html_open(h, "p", NULL);
        fill = consent_fill_moment("when", receipt->later->decision.decided_at);
        consent_html_fill(h, CONSENT_M_RECEIPT_REPLACED, &fill, 1);
        consent_html_str(h, " ");
        consent_html_open(h, "a", NULL);
        consent_html_attr_receipt(h, "receipt/", receipt->later->decision.receipt);
        consent_html_say(h, CONSENT_M_RECEIPT_LATER);
        consent_html_close(h);
        consent_html_close(h);
    }
}


static void
receipt_titles(consent_html_t *h, const consent_fill_t *fill)
{
    bool                  first;
    size_t                i;
    const receipt_set_t  *set;

    set = fill->arg;
    first = true;

    for (i = 0; i < set->policy->n_categories; i++) {
        if (set->mask >> i & 1) {
            if (!first) {
                consent_html_str(h, ", ");
            }

            first = false;
            consent_sentence_text(h, set->policy, &set->policy->categories[i].title);
        }
    }
}


static void
receipt_rows(consent_html_t *h, const consent_past_t *past)
{
    bool                       ended;
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

    ended = consent_sentence_ended(d);

    if (d->status != CONSENT_STATUS_WITHDRAWN && !ended) {
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

    if (!ended) {
        receipt_row(h, CONSENT_M_RECEIPT_HOW);
        consent_html_say(h, consent_sentence_method(d));
        consent_html_close(h);
    }

    by = ended ? CONSENT_M_COUNT : consent_sentence_by(d);

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
receipt_shared(consent_html_t *h, const consent_past_t *past, consent_mask_t shared)
{
    size_t                     i;
    const consent_category_t  *category;

    if (shared == 0) {
        return;
    }

    consent_html_say_in(h, "h2", NULL, CONSENT_M_RECEIPT_SHARED);
    consent_html_open(h, "ul", "class", "facts", NULL);

    for (i = 0; i < past->policy->n_categories; i++) {
        if (!(shared >> i & 1)) {
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
receipt_not_shared(consent_html_t *h, const consent_past_t *past, consent_message_t title, consent_mask_t rest)
{
    size_t  i;

    if (rest == 0) {
        return;
    }

    consent_html_say_in(h, "h2", NULL, title);
    consent_html_open(h, "ul", "class", "plain", NULL);

    for (i = 0; i < past->policy->n_categories; i++) {
        if (rest >> i & 1) {
            consent_sentence_in(h, "li", past->policy, &past->policy->categories[i].title);
        }
    }

    consent_html_close(h);
}


static void
receipt_evidence(consent_html_t *h, const consent_receipt_t *receipt)
{
    uint8_t         memory[20];
    consent_buf_t   index;
    consent_fill_t  fill;

    consent_buf_init_fixed(&index, memory, sizeof(memory));
    consent_buf_u64(&index, receipt->index);

    consent_html_open(h, "section", "aria-labelledby", "evidence", NULL);
    consent_html_open(h, "h2", "id", "evidence", NULL);
    consent_html_say(h, CONSENT_M_RECEIPT_EVIDENCE);
    consent_html_close(h);

    if (receipt->proof.len == 0 && !consent_receipt_waits(receipt)) {
        consent_html_say_in(h, "p", NULL, CONSENT_M_RECEIPT_NO_PROOF);

    } else {
        fill = consent_fill_text("index", consent_buf_view(&index));
        consent_html_fill_in(h, "p", NULL, CONSENT_M_RECEIPT_EVIDENCE_HELP, &fill, 1);
    }

    if (consent_receipt_waits(receipt)) {
        consent_html_say_in(h, "p", NULL, CONSENT_M_RECEIPT_PENDING);
    }

    consent_html_open(h, "ul", "class", "plain", NULL);
    receipt_link(h, receipt, "", ".json", CONSENT_M_RECEIPT_FILE);

    if (receipt->proof.len != 0) {
        receipt_link(h, receipt, "/proof", ".tlog-proof", CONSENT_M_RECEIPT_PROOF);
    }

    if (receipt->entry.len != 0) {
        receipt_link(h, receipt, "/entry", "-entry.json", CONSENT_M_RECEIPT_ENTRY);
    }

    consent_html_close(h);
    consent_html_close(h);
}


static void
receipt_link(consent_html_t *h, const consent_receipt_t *receipt, const char *part, const char *file,
    consent_message_t label)
{
    const uint8_t  *id;

    id = receipt->past.decision.receipt;

    consent_html_open(h, "li", NULL);
    consent_html_open(h, "a", NULL);

    consent_html_attr_begin(h, "href");
    consent_html_escape(h->b, h->page->base);
    consent_buf_str(h->b, "api/v1/receipts/");
    consent_buf_hex(h->b, id, CONSENT_ID_LEN);
    consent_buf_str(h->b, part);
    consent_html_attr_end(h);

    consent_html_attr_begin(h, "download");
    consent_buf_str(h->b, "receipt-");
    consent_buf_hex(h->b, id, 4);
    consent_buf_str(h->b, file);
    consent_html_attr_end(h);

    consent_html_say(h, label);
    consent_html_close(h);
    consent_html_close(h);
}
