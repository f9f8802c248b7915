/*
 * The form of the choice: all levels alike, then category by category, how long, and who may answer.
 *
 * Nothing is ticked that she has not ticked herself in a form that could not be saved.
 */

#include "pages/choice.h"

static int form_level(const consent_html_t *h, const consent_choice_t *choice);
static consent_scope_t form_scope(const consent_choice_t *choice);
static consent_ai_t form_ai(const consent_choice_t *choice);
static bool form_kept(const consent_choice_t *choice, const consent_category_t *category);
static void form_levels(consent_html_t *h, int chosen);
static void form_level_card(consent_html_t *h, size_t i, bool checked);
static void form_custom(consent_html_t *h, const consent_choice_t *choice, bool checked);
static void form_items(consent_html_t *h, const consent_choice_t *choice, consent_mask_t categories);
static void form_item(consent_html_t *h, const consent_choice_t *choice, size_t i);
static void form_scopes(consent_html_t *h, const consent_choice_t *choice);
static void form_answers(consent_html_t *h, const consent_choice_t *choice);
static void form_radio(consent_html_t *h, const char *name, const char *id, const char *value, bool checked);
static bool form_has_ai(const consent_policy_t *policy);


void
consent_choice_form(consent_html_t *h, const consent_choice_t *choice)
{
    int                      chosen;
    const consent_policy_t  *policy;

    policy = h->page->policy;
    chosen = form_level(h, choice);

    consent_html_open(h, "form", "method", "post", "class", "choice", NULL);
    consent_html_attr_action(h, "");
    consent_html_hidden(h, "policy_version", policy->version);
    consent_html_hidden(h, "lang", policy->languages[h->page->language]);

    consent_html_hidden(h, "token", choice->token);
    consent_html_hidden(h, "back", choice->back);

    consent_html_open(h, "fieldset", "class", "options", NULL);
    consent_html_say_in(h, "legend", NULL, CONSENT_M_CHOICE_LEGEND);
    form_levels(h, chosen);

    if (policy->consent_mask != 0) {
        form_custom(h, choice, chosen == CONSENT_LEVEL_CUSTOM);
    }

    consent_html_close(h);

    if (policy->consent_mask != 0) {
        consent_html_open(h, "details", NULL);
        consent_html_say_in(h, "summary", NULL, CONSENT_M_FACTS);
        consent_frame_categories(h, policy->consent_mask, false);
        consent_html_close(h);
    }

    consent_html_open(h, "div", "class", "questions", NULL);
    form_scopes(h, choice);

    if (form_has_ai(policy)) {
        form_answers(h, choice);
    }

    consent_html_close(h);

    consent_html_open(h, "div", "class", "act", NULL);
    consent_html_say_in(h, "button", NULL, CONSENT_M_SAVE);
    consent_html_say_in(h, "p", NULL, CONSENT_M_SAVE_HELP);
    consent_html_close(h);
    consent_html_close(h);
}


/* What she sent, or else what is in force; a level is only chosen beforehand where all it shares is granted
 * already. */
static int
form_level(const consent_html_t *h, const consent_choice_t *choice)
{
    int                    level;
    const consent_wish_t  *kept;

    kept = choice->kept;

    if (kept != NULL) {
        if (consent_slice_eq(kept->level, consent_lit("custom"))
            || (kept->level.len == 0 && kept->n_categories != 0))
        {
            return CONSENT_LEVEL_CUSTOM;
        }

        level = consent_policy_level(h->page->policy, kept->level);

        return level >= 0 ? level : 0;
    }

    return choice->effect == NULL ? 0 : consent_page_level(h->page->policy, choice->effect);
}


static consent_scope_t
form_scope(const consent_choice_t *choice)
{
    consent_scope_t  scope;

    scope = choice->identified ? CONSENT_SCOPE_STANDING : CONSENT_SCOPE_SESSION;

    if (choice->kept != NULL) {
        scope = choice->kept->scope;

    } else if (choice->effect != NULL && choice->effect->status != CONSENT_STATUS_NONE
               && choice->effect->status != CONSENT_STATUS_EXPIRED)
    {
        scope = choice->effect->scope;
    }

    return scope == CONSENT_SCOPE_STANDING ? scope : CONSENT_SCOPE_SESSION;
}


static consent_ai_t
form_ai(const consent_choice_t *choice)
{
    if (choice->kept != NULL) {
        return choice->kept->ai;
    }

    return choice->effect == NULL ? CONSENT_AI_ANY : choice->effect->ai;
}


/* An offer of an earlier choice never holds a special category: each is ticked by hand. */
static bool
form_kept(const consent_choice_t *choice, const consent_category_t *category)
{
    size_t  i;

    if (choice->kept == NULL || (category->special && choice->say == CONSENT_SAY_LOGGED_IN)) {
        return false;
    }

    for (i = 0; i < choice->kept->n_categories; i++) {
        if (consent_slice_eq(choice->kept->categories[i], category->id)) {
            return true;
        }
    }

    return false;
}


static void
form_levels(consent_html_t *h, int chosen)
{
    size_t  i;

    consent_html_open(h, "div", "class", "levels", NULL);

    for (i = 0; i < h->page->policy->n_levels; i++) {
        form_level_card(h, i, chosen == (int) i);
    }

    consent_html_close(h);
}


static void
form_level_card(consent_html_t *h, size_t i, bool checked)
{
    size_t                  k;
    const consent_level_t  *level;

    level = &h->page->policy->levels[i];

    consent_html_open(h, "div", "class", "level", NULL);
    consent_html_void(h, "input", "type", "radio", "name", "level", NULL);
    consent_html_attr_number(h, "id", "level-", i);
    consent_html_attr(h, "value", level->id);
    consent_html_attr_number(h, "aria-describedby", "about-level-", i);
    consent_html_flag(h, "checked", checked);
    consent_html_open(h, "label", NULL);
    consent_html_attr_number(h, "for", "level-", i);
    consent_html_text(h, consent_html_own(h, &level->title));
    consent_html_close(h);

    consent_html_open(h, "dl", NULL);
    consent_html_attr_number(h, "id", "about-level-", i);

    consent_html_open(h, "div", NULL);
    consent_html_say_in(h, "dt", NULL, CONSENT_M_YOU_SHARE);
    consent_html_open(h, "dd", NULL);

    if (level->shares == 0) {
        consent_html_say(h, CONSENT_M_NOTHING);

    } else {
        consent_html_open(h, "ul", NULL);

        for (k = 0; k < h->page->policy->n_categories; k++) {
            if (level->shares >> k & 1) {
                consent_html_element(h, "li", NULL,
                                     consent_html_own(h, &h->page->policy->categories[k].title));
            }
        }

        consent_html_close(h);
    }

    consent_html_close(h);
    consent_html_close(h);

    consent_html_open(h, "div", NULL);
    consent_html_say_in(h, "dt", NULL, CONSENT_M_YOU_GET);
    consent_html_element(h, "dd", NULL, consent_html_own(h, &level->service));
    consent_html_close(h);

    consent_html_close(h);
    consent_html_close(h);
}


/* The items show once this is chosen, for ticks count only then; without a stylesheet they are just there. */
static void
form_custom(consent_html_t *h, const consent_choice_t *choice, bool checked)
{
    const consent_policy_t  *policy;

    policy = h->page->policy;

    consent_html_open(h, "div", "class", "custom", NULL);
    consent_html_open(h, "div", "class", "custom-choice", NULL);
    form_radio(h, "level", "level-custom", "custom", checked);
    consent_html_open(h, "label", "for", "level-custom", NULL);
    consent_html_say(h, CONSENT_M_CUSTOM);
    consent_html_close(h);
    consent_html_close(h);

    consent_html_open(h, "fieldset", "class", "items", NULL);
    consent_html_say_in(h, "legend", NULL, CONSENT_M_CUSTOM_LEGEND);
    consent_html_say_in(h, "p", NULL, CONSENT_M_CUSTOM_HELP);
    form_items(h, choice, policy->consent_mask & ~policy->special_mask);

    if ((policy->consent_mask & policy->special_mask) != 0) {
        consent_html_open(h, "div", "class", "special", "role", "group", "aria-labelledby", "special", NULL);
        consent_html_open(h, "p", "id", "special", NULL);
        consent_html_say_in(h, "strong", NULL, CONSENT_M_SPECIAL_TITLE);
        consent_html_close(h);
        consent_html_say_in(h, "p", NULL, CONSENT_M_SPECIAL_HELP);
        form_items(h, choice, policy->consent_mask & policy->special_mask);
        consent_html_close(h);
    }

    consent_html_close(h);
    consent_html_close(h);
}


static void
form_items(consent_html_t *h, const consent_choice_t *choice, consent_mask_t categories)
{
    size_t  i;

    for (i = 0; i < h->page->policy->n_categories; i++) {
        if (categories >> i & 1) {
            form_item(h, choice, i);
        }
    }
}


static void
form_item(consent_html_t *h, const consent_choice_t *choice, size_t i)
{
    consent_fill_t             fill;
    const consent_category_t  *category;

    category = &h->page->policy->categories[i];

    consent_html_open(h, "div", "class", "item", NULL);
    consent_html_void(h, "input", "type", "checkbox", "name", "category", NULL);
    consent_html_attr_number(h, "id", "category-", i);
    consent_html_attr(h, "value", category->id);
    consent_html_attr_number(h, "aria-describedby", "about-category-", i);
    consent_html_flag(h, "checked", form_kept(choice, category));

    consent_html_open(h, "label", NULL);
    consent_html_attr_number(h, "for", "category-", i);

    if (category->special) {
        fill = consent_fill_strong("title", consent_html_own(h, &category->title));
        consent_html_fill(h, CONSENT_M_SPECIAL_TICK, &fill, 1);

    } else {
        consent_html_text(h, consent_html_own(h, &category->title));
    }

    consent_html_close(h);

    consent_html_open(h, "p", NULL);
    consent_html_attr_number(h, "id", "about-category-", i);
    consent_html_text(h, consent_html_own(h, &category->purpose));
    consent_frame_facts(h, category);

    if (choice->effect != NULL && (choice->effect->granted >> i & 1)) {
        consent_html_str(h, " ");
        consent_html_say_in(h, "strong", NULL, CONSENT_M_SHARED_NOW);
    }

    consent_html_close(h);
    consent_html_close(h);
}


static void
form_scopes(consent_html_t *h, const consent_choice_t *choice)
{
    size_t           from;
    consent_fill_t   fill;
    consent_scope_t  scope;

    scope = form_scope(choice);

    consent_html_open(h, "fieldset", NULL);
    consent_html_say_in(h, "legend", NULL, CONSENT_M_SCOPE_LEGEND);

    consent_html_open(h, "div", "class", "radio", NULL);
    form_radio(h, "scope", "scope-session", "session", scope == CONSENT_SCOPE_SESSION);
    consent_html_open(h, "label", "for", "scope-session", NULL);
    consent_html_say(h, CONSENT_M_SCOPE_SESSION);
    consent_html_str(h, ", ");
    fill = consent_fill_through("duration", &h->page->policy->visit_for);
    consent_html_fill(h, CONSENT_M_SCOPE_SESSION_HELP, &fill, 1);
    consent_html_close(h);
    consent_html_close(h);

    consent_html_open(h, "div", "class", "radio", NULL);
    form_radio(h, "scope", "scope-standing", "standing", scope == CONSENT_SCOPE_STANDING);
    consent_html_open(h, "label", "for", "scope-standing", NULL);
    consent_html_content(h);
    from = h->b->len;
    fill = consent_fill_duration("duration", &h->page->policy->valid_for);
    consent_html_fill(h, choice->identified ? CONSENT_M_SCOPE_STANDING_LOGIN : CONSENT_M_SCOPE_STANDING,
                      &fill, 1);
    consent_words_capital(h, from);
    consent_html_close(h);
    consent_html_close(h);

    consent_html_close(h);
}


static void
form_answers(consent_html_t *h, const consent_choice_t *choice)
{
    static const struct {
        consent_ai_t        ai;
        const char         *id;
        const char         *value;
        consent_message_t   label;
    } answers[] = {
        { CONSENT_AI_ANY, "ai-any", "any", CONSENT_M_AI_ANY },
        { CONSENT_AI_OWN, "ai-own", "own", CONSENT_M_AI_OWN },
        { CONSENT_AI_NONE, "ai-none", "none", CONSENT_M_AI_NONE }
    };

    size_t        i;
    consent_ai_t  ai;

    ai = form_ai(choice);

    consent_html_open(h, "fieldset", NULL);
    consent_html_say_in(h, "legend", NULL, CONSENT_M_AI_LEGEND);

    for (i = 0; i < consent_countof(answers); i++) {
        if (answers[i].ai == CONSENT_AI_OWN && ai != CONSENT_AI_OWN) {
            continue;
        }

        consent_html_open(h, "div", "class", "radio", NULL);
        form_radio(h, "ai", answers[i].id, answers[i].value, ai == answers[i].ai);
        consent_html_open(h, "label", "for", answers[i].id, NULL);
        consent_html_say(h, answers[i].label);
        consent_html_close(h);
        consent_html_close(h);
    }

    consent_html_close(h);
}


static void
form_radio(consent_html_t *h, const char *name, const char *id, const char *value, bool checked)
{
    consent_html_void(h, "input", "type", "radio", "name", name, "id", id, "value", value, NULL);
    consent_html_flag(h, "checked", checked);
}


/* A portal whose policy never speaks of AI asks nothing about it. */
static bool
form_has_ai(const consent_policy_t *policy)
{
    return policy->principal.len != 0 || policy->notice.in[0].len != 0 || policy->chat_notice.in[0].len != 0;
}
