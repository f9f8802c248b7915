/*
 * The request to be contacted: two fields, what has become of it, and nothing that is not needed to call back.
 */

#include "pages/callback.h"

static void callback_request(consent_html_t *h, const consent_handoff_view_t *request);
static void callback_topics(consent_html_t *h, consent_slice_t chosen);
static void callback_option(consent_html_t *h, consent_slice_t id, consent_slice_t title, bool chosen);

static const struct {
    consent_message_t  text;
    bool               failed;
} says[] = {
    [CONSENT_CALLBACK_NOTHING] = { CONSENT_M_COUNT, false },
    [CONSENT_CALLBACK_TAKEN] = { CONSENT_M_CALLBACK_TAKEN, false },
    [CONSENT_CALLBACK_NOT_SAVED] = { CONSENT_M_CALLBACK_NOT_SAVED, true },
    [CONSENT_CALLBACK_UNREADABLE] = { CONSENT_M_CALLBACK_UNREADABLE, true },
    [CONSENT_CALLBACK_STALE] = { CONSENT_M_CALLBACK_STALE, true },
    [CONSENT_CALLBACK_UNKNOWN] = { CONSENT_M_CALLBACK_UNKNOWN, true },
    [CONSENT_CALLBACK_PERSON] = { CONSENT_M_CALLBACK_PERSON, false }
};


consent_message_t
consent_callback_outcome(const consent_human_t *human)
{
    if (human->say == CONSENT_CALLBACK_TAKEN) {
        return CONSENT_M_OUTCOME_DONE;
    }

    return says[human->say].failed ? CONSENT_M_OUTCOME_ERROR : CONSENT_M_COUNT;
}


void
consent_callback_say(consent_html_t *h, const consent_human_t *human)
{
    bool            failed;
    consent_fill_t  fill;

    if (human->say != CONSENT_CALLBACK_NOTHING) {
        failed = says[human->say].failed;

        if (failed) {
            consent_html_open(h, "div", "class", "say failed", "role", "alert", "id", "said", NULL);

        } else {
            consent_html_open(h, "div", "class", "say", "role", "status", NULL);
        }

        consent_html_open(h, "p", NULL);
        consent_html_say_in(h, "strong", NULL, says[human->say].text);
        consent_html_close(h);

        if (failed && human->code.len != 0) {
            fill = consent_fill_text("code", human->code);
            fill.element = "code";
            consent_html_fill_in(h, "p", NULL, CONSENT_M_CODE, &fill, 1);
        }

        consent_html_close(h);
    }

    if (human->request != NULL) {
        callback_request(h, human->request);
    }
}


static void
callback_request(consent_html_t *h, const consent_handoff_view_t *request)
{
    int             topic;
    consent_fill_t  fill;

    consent_html_open(h, "section", "class", "now", "aria-labelledby", "request", NULL);
    consent_html_open(h, "h2", "id", "request", NULL);
    consent_html_say(h, CONSENT_M_CALLBACK_REQUEST);

    topic = consent_contact_topic(h->page->policy, request->topic);

    if (topic >= 0) {
        consent_html_str(h, ": ");
        consent_html_element(h, "strong", NULL, consent_html_own(h, &h->page->policy->topics[topic].title));
    }

    consent_html_close(h);

    fill = consent_fill_moment("when", request->at);
    consent_html_fill_in(h, "p", NULL,
                         CONSENT_M_CALLBACK_STATUS_REQUESTED + (consent_message_t) request->status, &fill, 1);

    if (request->status == CONSENT_HANDOFF_REQUESTED) {
        consent_html_say_in(h, "p", NULL, CONSENT_M_CALLBACK_NEXT);
    }

    if (request->tag.len != 0) {
        fill = consent_fill_strong("tag", request->tag);
        consent_html_fill_in(h, "p", NULL, CONSENT_M_CALLBACK_REFERENCE, &fill, 1);
    }

    fill = consent_fill_text("number", request->number);
    fill.element = "code";
    consent_html_fill_in(h, "p", NULL, CONSENT_M_CALLBACK_NUMBER, &fill, 1);

    consent_html_close(h);
}


void
consent_callback_form(consent_html_t *h, const consent_human_t *human)
{
    bool  failed;

    failed = human->say == CONSENT_CALLBACK_UNREADABLE;

    consent_html_open(h, "section", "class", "callback", "aria-labelledby", "callback", NULL);
    consent_html_open(h, "h2", "id", "callback", NULL);
    consent_html_say(h, CONSENT_M_CALLBACK_TITLE);
    consent_html_close(h);
    consent_html_say_in(h, "p", NULL, CONSENT_M_CALLBACK_LEAD);

    consent_html_open(h, "form", "method", "post", "accept-charset", "utf-8", NULL);
    consent_html_attr_action(h, "human");
    consent_html_hidden(h, "token", human->token);
    consent_html_hidden(h, "lang", h->page->policy->languages[h->page->language]);

    callback_topics(h, human->topic);

    consent_html_open(h, "p", NULL);
    consent_html_open(h, "label", "for", "contact", NULL);
    consent_html_say(h, CONSENT_M_CALLBACK_CONTACT);
    consent_html_close(h);
    consent_html_void(h, "input", "id", "contact", "name", "contact", "type", "text", "required", "required",
                      "maxlength", "200", "autocomplete", "off", "aria-describedby", failed ? "said" : NULL,
                      "aria-invalid", failed ? "true" : NULL, NULL);

    if (human->contact.len != 0) {
        consent_html_attr(h, "value", human->contact);
    }

    consent_html_close(h);

    consent_html_open(h, "p", NULL);
    consent_html_open(h, "button", NULL);
    consent_html_say(h, CONSENT_M_CALLBACK_SEND);
    consent_html_close(h);
    consent_html_close(h);

    consent_html_close(h);
    consent_html_close(h);
}


static void
callback_topics(consent_html_t *h, consent_slice_t chosen)
{
    size_t                  i;
    const consent_policy_t  *policy;

    policy = h->page->policy;

    if (policy->n_topics == 0) {
        return;
    }

    consent_html_open(h, "p", NULL);
    consent_html_open(h, "label", "for", "topic", NULL);
    consent_html_say(h, CONSENT_M_CALLBACK_TOPIC);
    consent_html_close(h);
    consent_html_open(h, "select", "id", "topic", "name", "topic", NULL);

    for (i = 0; i < policy->n_topics; i++) {
        callback_option(h, policy->topics[i].id, consent_html_own(h, &policy->topics[i].title),
                        consent_slice_eq(policy->topics[i].id, chosen));
    }

    callback_option(h, consent_lit(""), consent_catalogue_get(h->catalogue, CONSENT_M_CALLBACK_TOPIC_NONE, NULL),
                    chosen.len == 0);
    consent_html_close(h);
    consent_html_close(h);
}


static void
callback_option(consent_html_t *h, consent_slice_t id, consent_slice_t title, bool chosen)
{
    consent_html_open(h, "option", NULL);
    consent_html_attr(h, "value", id);
    consent_html_flag(h, "selected", chosen);
    consent_html_text(h, title);
    consent_html_close(h);
}


void
consent_callback_channel(consent_html_t *h)
{
    if (!h->page->callback) {
        consent_html_say(h, CONSENT_M_CALLBACK_HELP);
        return;
    }

    consent_html_open(h, "a", NULL);
    consent_html_attr_place(h, "human", "#callback");
    consent_html_say(h, CONSENT_M_CALLBACK_LINK);
    consent_html_close(h);
}
