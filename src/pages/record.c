/*
 * My choices and receipts: what is in force, what was not passed on lately, every choice as a sentence.
 */

#include "pages/sentence.h"

static void record_state(consent_html_t *h, const consent_record_t *record);
static void record_acts(consent_html_t *h, const consent_record_t *record);
static void record_withheld(consent_html_t *h, const consent_record_t *record);
static void record_history(consent_html_t *h, const consent_record_t *record);
static void record_export(consent_html_t *h, const consent_record_t *record);


void
consent_page_record(consent_buf_t *b, const consent_page_t *page, const consent_record_t *record)
{
    consent_html_t  h;

    consent_html_init(&h, b, page, "record");
    consent_frame_begin(&h, record->unavailable ? CONSENT_M_OUTCOME_ERROR : CONSENT_M_COUNT,
                        CONSENT_M_LINK_RECORD);
    consent_html_say_in(&h, "h1", NULL, CONSENT_M_LINK_RECORD);

    if (record->unavailable) {
        consent_html_open(&h, "div", "class", "say failed", "role", "alert", NULL);
        consent_html_say_in(&h, "p", NULL, CONSENT_M_RECORD_UNAVAILABLE);
        consent_html_close(&h);

    } else {
        record_state(&h, record);
        record_acts(&h, record);
        record_withheld(&h, record);
        record_history(&h, record);
        record_export(&h, record);
    }

    consent_frame_person(&h, false);
    consent_frame_end(&h);
}


static void
record_state(consent_html_t *h, const consent_record_t *record)
{
    consent_fill_t           fills[2];
    const consent_effect_t  *effect;

    effect = record->effect;

    consent_html_open(h, "p", "class", "lead", NULL);

    switch (effect->status) {
    case CONSENT_STATUS_NONE:
        consent_html_say(h, CONSENT_M_RECORD_NONE);
        break;

    case CONSENT_STATUS_EXPIRED:
        consent_html_say(h, CONSENT_M_NOW_EXPIRED);
        break;

    default:
        fills[0] = consent_fill_strong("level",
                                       consent_frame_level(h, consent_page_level(h->page->policy, effect)));
        fills[1] = consent_fill_moment("when", effect->decided_at);
        consent_html_fill(h, CONSENT_M_RECORD_STATE, fills, 2);
        consent_html_str(h, " ");

        if (effect->scope == CONSENT_SCOPE_STANDING) {
            fills[0] = consent_fill_date("when", effect->expires_at);
            consent_html_fill(h, CONSENT_M_RECORD_UNTIL, fills, 1);

        } else {
            consent_html_say(h, CONSENT_M_NOW_VISIT);
        }

        break;
    }

    consent_html_close(h);

    if (effect->granted != 0) {
        fills[0] = consent_fill_categories("categories", effect->granted);
        consent_html_fill_in(h, "p", NULL, CONSENT_M_NOW_SHARING, fills, 1);
    }

    if (effect->status == CONSENT_STATUS_LAPSED) {
        consent_html_say_in(h, "p", NULL, effect->restored ? CONSENT_M_NOW_RESTORED : CONSENT_M_NOW_LAPSED);
    }

    if (effect->gpc_applied && (h->page->policy->gpc_mask & ~effect->granted) != 0) {
        fills[0] = consent_fill_categories("categories", h->page->policy->gpc_mask & ~effect->granted);
        consent_html_fill_in(h, "p", NULL, CONSENT_M_NOW_GPC, fills, 1);
    }
}


static void
record_acts(consent_html_t *h, const consent_record_t *record)
{
    consent_html_open(h, "div", "class", "acts", NULL);
    consent_html_open(h, "div", NULL);
    consent_html_open(h, "a", "class", "button", NULL);
    consent_html_attr_page(h, "");
    consent_html_say(h, CONSENT_M_RECORD_CHANGE);
    consent_html_close(h);
    consent_html_close(h);

    if (record->has_record && (record->effect->granted != 0 || record->effect->gpc_applied)) {
        consent_frame_button(h, "withdraw", record->token, CONSENT_M_WITHDRAW, CONSENT_M_WITHDRAW_HELP,
                             false);
    }

    if (record->has_record && !record->identified) {
        consent_frame_button(h, "forget", record->forget_token, CONSENT_M_FORGET, CONSENT_M_FORGET_HELP,
                             true);
    }

    consent_html_close(h);
}


/* Names of categories only: what was in them we do not know. */
static void
record_withheld(consent_html_t *h, const consent_record_t *record)
{
    size_t                     i, from;
    const consent_withheld_t  *one;

    consent_html_open(h, "section", "aria-labelledby", "withheld", NULL);
    consent_html_open(h, "h2", "id", "withheld", NULL);
    consent_html_say(h, CONSENT_M_WITHHELD);
    consent_html_close(h);

    if (record->n_withheld == 0) {
        consent_html_say_in(h, "p", NULL, CONSENT_M_WITHHELD_NONE);
        consent_html_close(h);
        return;
    }

    consent_html_say_in(h, "p", NULL, CONSENT_M_WITHHELD_HELP);
    consent_html_open(h, "div", "class", "scroll", "tabindex", "0", "role", "region", NULL);
    consent_html_attr_say(h, "aria-label", CONSENT_M_WITHHELD_LABEL);
    consent_html_open(h, "table", NULL);
    consent_html_open(h, "thead", NULL);
    consent_html_open(h, "tr", NULL);

    consent_html_open(h, "th", "scope", "col", NULL);
    consent_html_say(h, CONSENT_M_RECEIPT_WHEN);
    consent_html_close(h);
    consent_html_open(h, "th", "scope", "col", NULL);
    consent_html_say(h, CONSENT_M_WITHHELD_WHERE);
    consent_html_close(h);
    consent_html_open(h, "th", "scope", "col", NULL);
    consent_html_say(h, CONSENT_M_WITHHELD_WHAT);
    consent_html_close(h);

    consent_html_close(h);
    consent_html_close(h);
    consent_html_open(h, "tbody", NULL);

    for (i = 0; i < record->n_withheld; i++) {
        one = &record->withheld[i];

        consent_html_open(h, "tr", NULL);
        consent_html_open(h, "td", NULL);
        consent_html_content(h);
        from = h->b->len;
        consent_words_moment(h, one->at, true);
        consent_words_capital(h, from);
        consent_html_close(h);
        consent_html_element(h, "td", NULL, one->location);
        consent_html_open(h, "td", NULL);
        consent_words_categories(h, one->categories);
        consent_html_close(h);
        consent_html_close(h);
    }

    consent_html_close(h);
    consent_html_close(h);
    consent_html_close(h);
    consent_html_close(h);
}


static void
record_history(consent_html_t *h, const consent_record_t *record)
{
    size_t                 i, from;
    consent_fill_t         fill;
    const consent_past_t  *past;

    if (record->n_past == 0) {
        return;
    }

    consent_html_open(h, "section", "aria-labelledby", "history", NULL);
    consent_html_open(h, "h2", "id", "history", NULL);
    consent_html_say(h, CONSENT_M_HISTORY);
    consent_html_close(h);
    consent_html_open(h, "ol", "class", "time", NULL);

    for (i = 0; i < record->n_past; i++) {
        past = &record->past[i];

        consent_html_open(h, "li", NULL);
        consent_html_content(h);
        from = h->b->len;
        consent_words_moment(h, past->decision.decided_at, true);
        consent_words_capital(h, from);
        consent_html_str(h, " ");
        consent_sentence_decision(h, past);
        consent_html_str(h, " ");
        consent_html_open(h, "a", NULL);
        consent_html_attr_receipt(h, "receipt/", past->decision.receipt);
        fill = consent_fill_moment("when", past->decision.decided_at);
        consent_html_fill(h, CONSENT_M_RECEIPT_FOR, &fill, 1);
        consent_html_close(h);
        consent_html_close(h);
    }

    consent_html_close(h);

    if (record->more_past) {
        consent_html_say_in(h, "p", "soft", CONSENT_M_HISTORY_MORE);
    }

    consent_html_close(h);
}


/* What she can do with all of it; who acts for her does not erase. */
static void
record_export(consent_html_t *h, const consent_record_t *record)
{
    bool  is_hers;

    is_hers = h->page->by == CONSENT_BY_SELF;

    if (!record->has_record) {
        return;
    }

    consent_html_open(h, "section", "aria-labelledby", "export", NULL);
    consent_html_open(h, "h2", "id", "export", NULL);
    consent_html_say(h, is_hers ? CONSENT_M_EXPORT_TITLE : CONSENT_M_EXPORT_ONLY);
    consent_html_close(h);
    consent_html_open(h, "div", "class", "act", NULL);

    consent_html_open(h, "a", "class", "button plain", "download", "record.json", NULL);
    consent_html_attr_page(h, "api/v1/record");
    consent_html_say(h, CONSENT_M_EXPORT);
    consent_html_close(h);

    if (is_hers) {
        consent_html_open(h, "a", "class", "button plain", NULL);
        consent_html_attr_page(h, "erase");
        consent_html_say(h, CONSENT_M_ERASE);
        consent_html_str(h, " …");
        consent_html_close(h);
    }

    consent_html_close(h);
    consent_html_close(h);
}
