/*
 * The page that asks before it erases, or passes the request on to a person; and what it says afterwards.
 */

#include "pages/erase.h"
#include "pages/frame.h"

static void erase_say(consent_html_t *h, const consent_erase_t *erase);
static void erase_confirm(consent_html_t *h, const consent_erase_t *erase);
static void erase_request(consent_html_t *h, const consent_erase_t *erase);
static void erase_form(consent_html_t *h, const consent_erase_t *erase);
static void erase_save(consent_html_t *h);

typedef enum {
    ROW_ASKS = 1,               /* the form follows */
    ROW_FAILED = 2
} row_t;

static const struct {
    consent_message_t  outcome;
    consent_message_t  text;
    unsigned           how;
} rows[] = {
    [CONSENT_ERASE_ASK] = { CONSENT_M_COUNT, CONSENT_M_COUNT, ROW_ASKS },
    [CONSENT_ERASE_DONE] = { CONSENT_M_OUTCOME_DONE, CONSENT_M_ERASE_DONE, 0 },
    [CONSENT_ERASE_NOTHING] = { CONSENT_M_COUNT, CONSENT_M_ERASE_NOTHING, 0 },
    [CONSENT_ERASE_HELD] = { CONSENT_M_OUTCOME_ERROR, CONSENT_M_ERASE_HELD, ROW_FAILED },
    [CONSENT_ERASE_FAILED] = { CONSENT_M_OUTCOME_ERROR, CONSENT_M_ERASE_FAILED, ROW_ASKS | ROW_FAILED },
    [CONSENT_ERASE_STALE] = { CONSENT_M_OUTCOME_ERROR, CONSENT_M_ERASE_STALE, ROW_ASKS | ROW_FAILED },
    [CONSENT_ERASE_NOT_HERS] = { CONSENT_M_OUTCOME_ERROR, CONSENT_M_ERASE_NOT_HERS, ROW_FAILED },
    [CONSENT_ERASE_TAKEN] = { CONSENT_M_OUTCOME_DONE, CONSENT_M_ERASE_REQUEST_TAKEN, 0 },
    [CONSENT_ERASE_UNKNOWN] = { CONSENT_M_OUTCOME_ERROR, CONSENT_M_CALLBACK_UNKNOWN, ROW_FAILED }
};


void
consent_page_erase(consent_buf_t *b, const consent_page_t *page, const consent_erase_t *erase)
{
    consent_html_t  h;

    consent_html_init(&h, b, page, NULL);
    consent_frame_begin(&h, rows[erase->say].outcome, CONSENT_M_ERASE);
    consent_html_say_in(&h, "h1", NULL, CONSENT_M_ERASE);

    erase_say(&h, erase);

    if (rows[erase->say].how & ROW_ASKS) {
        if (erase->request) {
            erase_request(&h, erase);

        } else {
            erase_confirm(&h, erase);
        }
    }

    consent_frame_person(&h, (rows[erase->say].how & ROW_FAILED) != 0 || (erase->request && !erase->taken));
    consent_frame_end(&h);
}


static void
erase_say(consent_html_t *h, const consent_erase_t *erase)
{
    bool            failed;
    consent_fill_t  fill;

    failed = (rows[erase->say].how & ROW_FAILED) != 0;

    if (rows[erase->say].text != CONSENT_M_COUNT) {

        if (failed) {
            consent_html_open(h, "div", "class", "say failed", "role", "alert", NULL);

        } else {
            consent_html_open(h, "div", "class", "say", "role", "status", NULL);
        }

        consent_html_open(h, "p", NULL);
        consent_html_say_in(h, "strong", NULL, rows[erase->say].text);
        consent_html_close(h);

        if (failed && erase->code.len != 0) {
            fill = consent_fill_text("code", erase->code);
            fill.element = "code";
            consent_html_fill_in(h, "p", NULL, CONSENT_M_CODE, &fill, 1);
        }

        consent_html_close(h);
    }

    if (erase->status != NULL) {
        consent_html_open(h, "section", "class", "now", "aria-labelledby", "request", NULL);
        consent_html_open(h, "h2", "id", "request", NULL);
        consent_html_say(h, CONSENT_M_CALLBACK_REQUEST);
        consent_html_close(h);

        fill = consent_fill_moment("when", erase->status->at);
        consent_html_fill_in(h, "p", NULL,
                             CONSENT_M_CALLBACK_STATUS_REQUESTED + (consent_message_t) erase->status->status, &fill, 1);

        if (erase->status->tag.len != 0) {
            fill = consent_fill_strong("tag", erase->status->tag);
            consent_html_fill_in(h, "p", NULL, CONSENT_M_CALLBACK_REFERENCE, &fill, 1);
        }

        consent_html_close(h);
    }
}


static void
erase_confirm(consent_html_t *h, const consent_erase_t *erase)
{
    consent_html_say_in(h, "p", "lead", CONSENT_M_ERASE_CONFIRM);
    erase_save(h);

    consent_html_say_in(h, "h2", NULL, CONSENT_M_ERASE_STAYS_TITLE);
    consent_html_open(h, "ul", NULL);
    consent_html_say_in(h, "li", NULL, CONSENT_M_ERASE_STAYS_LOG);
    consent_html_say_in(h, "li", NULL, CONSENT_M_ERASE_STAYS_SERVICE);
    consent_html_close(h);

    erase_form(h, erase);
}


static void
erase_request(consent_html_t *h, const consent_erase_t *erase)
{
    if (!erase->taken) {
        consent_html_say_in(h, "p", "lead", CONSENT_M_ERASE_REQUEST_NOWHERE);
        erase_save(h);
        return;
    }

    consent_html_say_in(h, "p", "lead", CONSENT_M_ERASE_REQUEST_LEAD);
    erase_save(h);
    erase_form(h, erase);
}


/* Nothing is filled in, and going back is as easy as going on. */
static void
erase_form(consent_html_t *h, const consent_erase_t *erase)
{
    consent_html_open(h, "form", "method", "post", "accept-charset", "utf-8", NULL);
    consent_html_attr_action(h, "erase");
    consent_html_hidden(h, "token", erase->token);
    consent_html_hidden(h, "lang", h->page->policy->languages[h->page->language]);

    if (erase->request) {
        consent_html_open(h, "p", NULL);
        consent_html_open(h, "label", "for", "contact", NULL);
        consent_html_say(h, CONSENT_M_ERASE_REQUEST_CONTACT);
        consent_html_close(h);
        consent_html_void(h, "input", "id", "contact", "name", "contact", "type", "text", "maxlength", "200",
                          "autocomplete", "off", NULL);
        consent_html_close(h);
    }

    consent_html_open(h, "div", "class", "act", NULL);
    consent_html_open(h, "button", NULL);
    consent_html_say(h, erase->request ? CONSENT_M_ERASE_REQUEST_DO : CONSENT_M_ERASE_DO);
    consent_html_close(h);
    consent_html_open(h, "a", "class", "button plain", NULL);
    consent_html_attr_page(h, "record");
    consent_html_say(h, CONSENT_M_ERASE_KEEP);
    consent_html_close(h);
    consent_html_close(h);
    consent_html_close(h);
}


static void
erase_save(consent_html_t *h)
{
    consent_html_open(h, "p", NULL);
    consent_html_open(h, "a", "download", "record.json", NULL);
    consent_html_attr_page(h, "api/v1/record");
    consent_html_say(h, CONSENT_M_EXPORT);
    consent_html_close(h);
    consent_html_close(h);
}
