/*
 * The policy for people: what is used, why, for how long, and what a choice does not control.
 */

#include "pages/frame.h"

static void policy_levels(consent_html_t *h);


void
consent_page_policy(consent_buf_t *b, const consent_page_t *page)
{
    consent_html_t           h;
    consent_fill_t           fills[2];
    const consent_policy_t  *policy;

    policy = page->policy;

    consent_html_init(&h, b, page, "policy");
    consent_frame_begin(&h, CONSENT_M_COUNT, CONSENT_M_LINK_POLICY);
    consent_html_say_in(&h, "h1", NULL, CONSENT_M_LINK_POLICY);
    consent_html_say_in(&h, "p", "lead", CONSENT_M_POLICY_LEAD);
    fills[0] = consent_fill_text("version", policy->version);
    consent_html_fill_in(&h, "p", "soft", CONSENT_M_POLICY_VERSION, fills, 1);

    if (policy->consent_mask != 0) {
        consent_html_say_in(&h, "h2", NULL, CONSENT_M_POLICY_CHOICE);
        consent_html_say_in(&h, "p", NULL, CONSENT_M_BASIS_CONSENT);
        consent_frame_categories(&h, policy->consent_mask, true);
    }

    consent_frame_rest(&h);

    consent_html_say_in(&h, "h2", NULL, CONSENT_M_POLICY_LEVELS);
    policy_levels(&h);
    consent_html_open(&h, "p", "class", "act", NULL);
    consent_html_open(&h, "a", "class", "button", NULL);
    consent_html_attr_page(&h, "");
    consent_html_say(&h, CONSENT_M_LINK_CHOICE);
    consent_html_close(&h);
    consent_html_close(&h);

    consent_html_say_in(&h, "h2", NULL, CONSENT_M_POLICY_TIME);
    fills[0] = consent_fill_through("visit", &policy->visit_for);
    fills[1] = consent_fill_through("standing", &policy->valid_for);
    consent_html_fill_in(&h, "p", NULL, CONSENT_M_POLICY_TIME_TEXT, fills, 2);

    consent_html_say_in(&h, "h2", NULL, CONSENT_M_POLICY_NOT_COVERED);
    consent_html_open(&h, "ul", NULL);
    consent_html_say_in(&h, "li", NULL, CONSENT_M_POLICY_NOT_SCRIPTS);
    consent_html_say_in(&h, "li", NULL, CONSENT_M_POLICY_NOT_HOSTS);
    consent_html_say_in(&h, "li", NULL, CONSENT_M_POLICY_NOT_ATTACHED);
    consent_html_close(&h);

    consent_html_say_in(&h, "h2", NULL, CONSENT_M_POLICY_RIGHTS);
    consent_html_say_in(&h, "p", NULL, CONSENT_M_POLICY_RIGHTS_TEXT);

    consent_frame_person(&h, false);
    consent_frame_who(&h);

    consent_html_open(&h, "p", NULL);
    consent_html_open(&h, "a", NULL);
    consent_html_attr_page(&h, "api/v1/policy");
    consent_html_say(&h, CONSENT_M_POLICY_JSON);
    consent_html_close(&h);
    consent_html_close(&h);

    consent_frame_end(&h);
}


static void
policy_levels(consent_html_t *h)
{
    size_t                  i;
    const consent_level_t  *level;

    consent_html_open(h, "ul", "class", "facts", NULL);

    for (i = 0; i < h->page->policy->n_levels; i++) {
        level = &h->page->policy->levels[i];

        consent_html_open(h, "li", NULL);
        consent_html_element(h, "strong", NULL, consent_html_own(h, &level->title));
        consent_html_open(h, "span", NULL);
        consent_html_say(h, CONSENT_M_YOU_SHARE);
        consent_html_str(h, ": ");

        if (level->shares == 0) {
            consent_html_say(h, CONSENT_M_NOTHING);

        } else {
            consent_words_categories(h, level->shares);
            consent_html_str(h, ".");
        }

        consent_html_close(h);
        consent_html_open(h, "span", NULL);
        consent_html_say(h, CONSENT_M_YOU_GET);
        consent_html_str(h, ": ");
        consent_html_text(h, consent_html_own(h, &level->service));
        consent_html_close(h);
        consent_html_close(h);
    }

    consent_html_close(h);
}
