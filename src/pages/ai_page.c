/*
 * Where AI answers, how it is marked, and what is not claimed.
 */

#include "pages/frame.h"

static void ai_topics(consent_html_t *h, const consent_ai_place_t *places, size_t n);
static void ai_place(consent_html_t *h, const consent_ai_place_t *place);
static consent_message_t ai_kind(consent_slice_t kind);
static consent_message_t ai_mode(consent_slice_t mode);


void
consent_page_ai(consent_buf_t *b, const consent_page_t *page, const consent_ai_place_t *places, size_t n)
{
    size_t          i;
    consent_html_t  h;
    consent_fill_t  fill;

    consent_html_init(&h, b, page, "ai");
    consent_frame_begin(&h, CONSENT_M_COUNT, CONSENT_M_LINK_AI);
    consent_html_say_in(&h, "h1", NULL, CONSENT_M_LINK_AI);
    consent_html_say_in(&h, "p", "lead", CONSENT_M_AI_LEAD);

    consent_html_say_in(&h, "h2", NULL, CONSENT_M_AI_WHERE);

    if (n == 0) {
        consent_html_say_in(&h, "p", NULL, CONSENT_M_AI_NOWHERE);

    } else {
        consent_html_open(&h, "ul", "class", "facts", NULL);

        for (i = 0; i < n; i++) {
            ai_place(&h, &places[i]);
        }

        consent_html_close(&h);

        if (page->policy->principal.len != 0) {
            fill = consent_fill_text("name", page->policy->principal);
            consent_html_fill_in(&h, "p", NULL, CONSENT_M_AI_BEHALF, &fill, 1);
        }

        ai_topics(&h, places, n);

        consent_html_say_in(&h, "h2", NULL, CONSENT_M_AI_HOW);
        consent_html_say_in(&h, "p", NULL, CONSENT_M_AI_HOW_TEXT);
        consent_html_open(&h, "ul", NULL);
        consent_html_say_in(&h, "li", NULL, CONSENT_M_AI_HOW_PAGE);
        consent_html_say_in(&h, "li", NULL, CONSENT_M_AI_HOW_CHAT);
        consent_html_say_in(&h, "li", NULL, CONSENT_M_AI_HOW_FILE);
        consent_html_say_in(&h, "li", NULL, CONSENT_M_AI_HOW_DATA);
        consent_html_close(&h);

        consent_html_say_in(&h, "h2", NULL, CONSENT_M_AI_UNMARKED);
        consent_html_open(&h, "ul", NULL);
        consent_html_say_in(&h, "li", NULL, CONSENT_M_AI_UNMARKED_FILES);

        for (i = 0; i < n && !consent_slice_eq(places[i].kind, consent_lit("auto")); i++) { /* void */ }

        if (i < n) {
            consent_html_say_in(&h, "li", NULL, CONSENT_M_AI_UNMARKED_AUTO);
        }

        consent_html_say_in(&h, "li", NULL, CONSENT_M_AI_UNMARKED_ELSEWHERE);
        consent_html_close(&h);
    }

    consent_html_say_in(&h, "h2", NULL, CONSENT_M_AI_NOT);
    consent_html_open(&h, "ul", NULL);
    consent_html_say_in(&h, "li", NULL, CONSENT_M_AI_NOT_RIGHT);
    consent_html_say_in(&h, "li", NULL, CONSENT_M_AI_NOT_KEPT);
    consent_html_say_in(&h, "li", NULL, CONSENT_M_AI_NOT_FOUND);
    consent_html_say_in(&h, "li", NULL, CONSENT_M_AI_NOT_LAW);
    consent_html_close(&h);

    if (n != 0) {
        consent_html_open(&h, "p", "class", "act", NULL);
        consent_html_open(&h, "a", "class", "button", NULL);
        consent_html_attr_page(&h, "");
        consent_html_say(&h, CONSENT_M_AI_CHOOSE);
        consent_html_close(&h);
        consent_html_close(&h);
    }

    consent_frame_person(&h, false);
    consent_frame_end(&h);
}


/* The topics that the policy leaves to people, where a place sends them there. */
static void
ai_topics(consent_html_t *h, const consent_ai_place_t *places, size_t n)
{
    bool                     any;
    size_t                   i;
    const consent_policy_t  *policy;

    policy = h->page->policy;

    for (i = 0; i < n && !places[i].topics; i++) { /* void */ }

    if (i == n) {
        return;
    }

    for (i = 0, any = false; i < policy->n_topics; i++) {

        if (!policy->topics[i].human_only) {
            continue;
        }

        if (!any) {
            consent_html_say_in(h, "h2", NULL, CONSENT_M_AI_PEOPLE);
            consent_html_say_in(h, "p", NULL, CONSENT_M_AI_PEOPLE_TEXT);
            consent_html_open(h, "ul", NULL);
            any = true;
        }

        consent_html_element(h, "li", NULL, consent_html_own(h, &policy->topics[i].title));
    }

    if (any) {
        consent_html_close(h);
    }
}


static void
ai_place(consent_html_t *h, const consent_ai_place_t *place)
{
    consent_fill_t     fill;
    consent_message_t  mode;

    consent_html_open(h, "li", NULL);
    consent_html_element(h, "strong", NULL, place->path);
    consent_html_open(h, "span", NULL);
    consent_html_say(h, ai_kind(place->kind));

    mode = ai_mode(place->mode);

    if (mode != CONSENT_M_COUNT) {
        consent_html_str(h, " ");
        consent_html_say(h, mode);
    }

    consent_html_close(h);

    if (place->model.len != 0 || place->provider.len != 0) {
        consent_html_open(h, "span", "class", "soft", NULL);

        if (place->model.len != 0) {
            fill = consent_fill_text("name", place->model);
            consent_html_fill(h, CONSENT_M_AI_MODEL, &fill, 1);
            consent_html_str(h, " ");
        }

        if (place->provider.len != 0) {
            fill = consent_fill_text("name", place->provider);
            consent_html_fill(h, CONSENT_M_AI_PROVIDER, &fill, 1);
        }

        consent_html_close(h);
    }

    consent_html_close(h);
}


static consent_message_t
ai_kind(consent_slice_t kind)
{
    if (consent_slice_eq(kind, consent_lit("chat"))) {
        return CONSENT_M_AI_KIND_CHAT;
    }

    if (consent_slice_eq(kind, consent_lit("decision"))) {
        return CONSENT_M_AI_KIND_DECISION;
    }

    if (consent_slice_eq(kind, consent_lit("auto"))) {
        return CONSENT_M_AI_KIND_AUTO;
    }

    return consent_slice_eq(kind, consent_lit("on")) ? CONSENT_M_AI_KIND_ON : CONSENT_M_AI_KIND_VARIES;
}


static consent_message_t
ai_mode(consent_slice_t mode)
{
    if (consent_slice_eq(mode, consent_lit("machine-generated"))) {
        return CONSENT_M_AI_MODE_GENERATED;
    }

    if (consent_slice_eq(mode, consent_lit("ai-originated"))) {
        return CONSENT_M_AI_MODE_ORIGINATED;
    }

    if (mode.len >= 11 && memcmp(mode.data, "ai-modified", 11) == 0) {
        return CONSENT_M_AI_MODE_MODIFIED;
    }

    return CONSENT_M_COUNT;
}
