/*
 * The choice page: what is in force, what happened, what a service needs, and the form around which it all
 * stands.
 */

#include "pages/choice.h"
#include "pages/object.h"

static const consent_fill_t *choice_code(consent_fill_t *fill, const consent_choice_t *choice);
static void choice_say(consent_html_t *h, const consent_choice_t *choice);
static void choice_saved(consent_html_t *h, const consent_choice_t *choice);
static void choice_need(consent_html_t *h, const consent_choice_t *choice);
static void choice_now(consent_html_t *h, const consent_choice_t *choice);
static void choice_in_force(consent_html_t *h, const consent_effect_t *effect);

static const struct {
    consent_message_t  outcome;
    consent_message_t  text;
    bool               failed;
} says[] = {
    [CONSENT_SAY_NOTHING] = { CONSENT_M_COUNT, CONSENT_M_COUNT, false },
    [CONSENT_SAY_SAVED] = { CONSENT_M_OUTCOME_SAVED, CONSENT_M_SAY_SAVED, false },
    [CONSENT_SAY_WITHDRAWN] = { CONSENT_M_OUTCOME_SAVED, CONSENT_M_SAY_WITHDRAWN, false },
    [CONSENT_SAY_FORGOTTEN] = { CONSENT_M_OUTCOME_DONE, CONSENT_M_SAY_FORGOTTEN, false },
    [CONSENT_SAY_NOT_SAVED] = { CONSENT_M_OUTCOME_ERROR, CONSENT_M_SAY_NOT_SAVED, true },
    [CONSENT_SAY_NO_COOKIE] = { CONSENT_M_OUTCOME_ERROR, CONSENT_M_SAY_NO_COOKIE, true },
    [CONSENT_SAY_POLICY_CHANGED] = { CONSENT_M_OUTCOME_ERROR, CONSENT_M_SAY_POLICY_CHANGED, true },
    [CONSENT_SAY_FORM_STALE] = { CONSENT_M_OUTCOME_ERROR, CONSENT_M_SAY_FORM_STALE, true },
    [CONSENT_SAY_UNREADABLE] = { CONSENT_M_OUTCOME_ERROR, CONSENT_M_SAY_UNREADABLE, true },
    [CONSENT_SAY_MINOR] = { CONSENT_M_OUTCOME_ERROR, CONSENT_M_SAY_MINOR, true },
    [CONSENT_SAY_LOGGED_IN] = { CONSENT_M_COUNT, CONSENT_M_SAY_LOGGED_IN, false }
};


void
consent_page_choice(consent_buf_t *b, const consent_page_t *page, const consent_choice_t *choice)
{
    bool               needs;
    consent_html_t     h;
    consent_page_t     bare;
    consent_choice_t   nobody;
    consent_message_t  title;

    if (page->neutral) {
        bare = (consent_page_t) {
            .policy = page->policy, .shell = page->shell, .base = page->base, .language = page->language,
            .neutral = true, .callback = page->callback
        };
        nobody = (consent_choice_t) { .required_level = -1 };
        page = &bare;
        choice = &nobody;
    }

    needs = choice->required_level >= 0;

    consent_html_init(&h, b, page, needs || page->neutral ? NULL : "");
    title = needs ? CONSENT_M_PROBLEM_CONSENT_REQUIRED : CONSENT_M_CHOICE_TITLE;

    consent_frame_begin(&h, says[choice->say].outcome, title);
    choice_say(&h, choice);

    consent_html_say_in(&h, "h1", NULL, title);
    consent_html_say_in(&h, "p", "lead", CONSENT_M_CHOICE_LEAD);

    if (needs) {
        consent_html_open(&h, "div", "class", "beside", NULL);
        choice_need(&h, choice);
        consent_frame_person(&h, false);
        consent_html_close(&h);
    }

    if (choice->effect != NULL) {
        choice_now(&h, choice);
    }

    consent_choice_form(&h, choice);

    if (!needs) {
        consent_frame_person(&h, false);
    }

    consent_frame_rest(&h);
    consent_frame_who(&h);
    consent_frame_end(&h);
}


static void
choice_say(consent_html_t *h, const consent_choice_t *choice)
{
    consent_fill_t  fill;

    if (choice->say == CONSENT_SAY_NOTHING) {
        return;
    }

    if (says[choice->say].failed) {
        consent_html_open(h, "div", "class", "say failed", "role", "alert", NULL);

    } else {
        consent_html_open(h, "div", "class", "say", "role", "status", NULL);
    }

    consent_html_open(h, "p", NULL);
    consent_html_say_in(h, "strong", NULL, says[choice->say].text);
    consent_html_close(h);

    if (choice->say == CONSENT_SAY_WITHDRAWN) {
        consent_html_say_in(h, "p", NULL, CONSENT_M_SAY_WITHDRAWN_REST);
    }

    if (says[choice->say].failed && choice->code.len != 0) {
        consent_html_fill_in(h, "p", NULL, CONSENT_M_CODE, choice_code(&fill, choice), 1);
    }

    choice_saved(h, choice);
    consent_html_close(h);
}


/* What a saved choice leads to: its receipt, and back to where she came from. */
static void
choice_saved(consent_html_t *h, const consent_choice_t *choice)
{
    bool  saved, back;

    saved = choice->effect != NULL
            && (choice->say == CONSENT_SAY_SAVED || choice->say == CONSENT_SAY_WITHDRAWN)
            && !consent_object_no_id(choice->effect->receipt);
    back = choice->back.len != 0 && !says[choice->say].failed && choice->say != CONSENT_SAY_LOGGED_IN;

    if (!saved && !back) {
        return;
    }

    consent_html_open(h, "p", "class", "next", NULL);

    if (back) {
        consent_html_open(h, "a", "class", "button", NULL);
        consent_html_attr(h, "href", choice->back);
        consent_html_say(h, CONSENT_M_SAY_BACK);
        consent_html_close(h);
        consent_html_str(h, " ");
    }

    if (saved) {
        consent_html_open(h, "a", NULL);
        consent_html_attr_receipt(h, "receipt/", choice->effect->receipt);
        consent_html_say(h, CONSENT_M_SAY_RECEIPT);
        consent_html_close(h);
    }

    consent_html_close(h);
}


/* Which data, what for, and which of the options below hold them. */
static void
choice_need(consent_html_t *h, const consent_choice_t *choice)
{
    size_t                   i;
    uint64_t                 levels;
    consent_fill_t           fill;
    const consent_policy_t  *policy;

    policy = h->page->policy;
    levels = 0;

    for (i = 0; i < policy->n_levels; i++) {
        if ((choice->missing & ~policy->levels[i].shares) == 0) {
            levels |= (uint64_t) 1 << i;
        }
    }

    consent_html_open(h, "section", "class", "need", "aria-labelledby", "need", NULL);
    consent_html_open(h, "h2", "id", "need", NULL);
    consent_html_say(h, CONSENT_M_NEED);
    consent_html_close(h);
    consent_frame_categories(h, choice->missing, false);

    consent_html_open(h, "p", NULL);

    if (levels != 0) {
        fill = consent_fill_levels("levels", levels);
        consent_html_fill(h, CONSENT_M_NEED_LEVELS, &fill, 1);
        consent_html_str(h, " ");
    }

    consent_html_say(h, CONSENT_M_NEED_CUSTOM);
    consent_html_str(h, " ");
    consent_html_say(h, CONSENT_M_NEED_OTHERWISE);
    consent_html_close(h);
    consent_html_close(h);
}


/* What is in force, how it came about, and how to end it: one step, as easy as to choose. */
static void
choice_now(consent_html_t *h, const consent_choice_t *choice)
{
    bool                     sharing, plain;
    const consent_effect_t  *effect;

    effect = choice->effect;
    sharing = effect->granted != 0 || effect->gpc_applied;

    plain = effect->status == CONSENT_STATUS_NONE && !effect->gpc_applied && !choice->has_record;

    consent_html_open(h, "section", "class", plain ? "now slim" : "now", "aria-labelledby", "now", NULL);
    consent_html_open(h, "h2", "id", "now", NULL);
    consent_html_say(h, CONSENT_M_CHOICE_NOW);
    consent_html_str(h, ": ");
    consent_html_element(h, "strong", NULL,
                         consent_frame_level(h, consent_page_level(h->page->policy, effect)));
    consent_html_close(h);

    if (!plain) {
        choice_in_force(h, effect);
    }

    if (choice->has_record) {
        consent_html_open(h, "div", "class", "acts", NULL);

        if (sharing) {
            consent_frame_button(h, "withdraw", choice->token, CONSENT_M_WITHDRAW, CONSENT_M_WITHDRAW_HELP,
                                 false);
        }

        if (!choice->identified) {
            consent_frame_button(h, "forget", choice->forget_token, CONSENT_M_FORGET, CONSENT_M_FORGET_HELP,
                                 true);
        }

        consent_html_close(h);
    }

    consent_html_close(h);
}


static void
choice_in_force(consent_html_t *h, const consent_effect_t *effect)
{
    consent_mask_t  lost;
    consent_fill_t  fill;

    consent_html_open(h, "p", NULL);

    if (effect->status == CONSENT_STATUS_EXPIRED) {
        consent_html_say(h, CONSENT_M_NOW_EXPIRED);

    } else if (effect->granted == 0) {
        consent_html_say(h, CONSENT_M_YOU_SHARE);
        consent_html_str(h, ": ");
        consent_html_say(h, CONSENT_M_NOTHING);

    } else {
        fill = consent_fill_categories("categories", effect->granted);
        consent_html_fill(h, CONSENT_M_NOW_SHARING, &fill, 1);
    }

    if (effect->status != CONSENT_STATUS_EXPIRED && effect->status != CONSENT_STATUS_NONE
        && effect->expires_at != 0)
    {
        consent_html_str(h, " ");

        if (effect->scope == CONSENT_SCOPE_STANDING) {
            fill = consent_fill_date("when", effect->expires_at);
            consent_html_fill(h, CONSENT_M_NOW_UNTIL, &fill, 1);

        } else {
            consent_html_say(h, CONSENT_M_NOW_VISIT);
        }
    }

    if (effect->status == CONSENT_STATUS_LAPSED) {
        consent_html_str(h, " ");
        consent_html_say(h, effect->restored ? CONSENT_M_NOW_RESTORED : CONSENT_M_NOW_LAPSED);
    }

    consent_html_close(h);

    lost = h->page->policy->gpc_mask & ~effect->granted;

    if (effect->gpc_applied && lost != 0) {
        fill = consent_fill_categories("categories", lost);
        consent_html_fill_in(h, "p", NULL, CONSENT_M_NOW_GPC, &fill, 1);
    }
}


static const consent_fill_t *
choice_code(consent_fill_t *fill, const consent_choice_t *choice)
{
    *fill = consent_fill_text("code", choice->code);
    fill->element = "code";

    return fill;
}
