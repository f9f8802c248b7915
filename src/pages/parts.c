/*
 * Parts that several pages share: what is known of a category, who is responsible, a form of one button.
 */

#include "pages/frame.h"

static void parts_category(consent_html_t *h, const consent_category_t *category, bool basis);
static void parts_notes(consent_html_t *h, const consent_category_t *category);
static void parts_paths(consent_html_t *h, const consent_fill_t *fill);


void
consent_frame_facts(consent_html_t *h, const consent_category_t *category)
{
    consent_fill_t  fill;

    if (category->retention.len != 0) {
        consent_html_str(h, " ");
        fill = consent_fill_duration("duration", &category->retention_time);
        consent_html_fill(h, CONSENT_M_KEPT, &fill, 1);
    }

    if (category->storage.n != 0) {
        consent_html_str(h, " ");
        fill = consent_fill_countries("countries", &category->storage);
        consent_html_fill(h, CONSENT_M_STORED, &fill, 1);
    }

    if (category->recipients.n != 0) {
        consent_html_str(h, " ");
        fill = consent_fill_list("recipients", &category->recipients);
        consent_html_fill(h, CONSENT_M_RECEIVED, &fill, 1);
    }
}


void
consent_frame_categories(consent_html_t *h, consent_mask_t categories, bool basis)
{
    size_t  i;

    consent_html_open(h, "ul", "class", "facts", NULL);

    for (i = 0; i < h->page->policy->n_categories; i++) {
        if (categories >> i & 1) {
            parts_category(h, &h->page->policy->categories[i], basis);
        }
    }

    consent_html_close(h);
}


void
consent_frame_rest(consent_html_t *h)
{
    consent_mask_t  rest;

    rest = ~h->page->policy->consent_mask & (((consent_mask_t) 1 << h->page->policy->n_categories) - 1);

    if (rest == 0) {
        return;
    }

    consent_html_open(h, "section", "aria-labelledby", "rest", NULL);
    consent_html_open(h, "h2", "id", "rest", NULL);
    consent_html_say(h, CONSENT_M_REST_TITLE);
    consent_html_close(h);
    consent_html_say_in(h, "p", NULL, CONSENT_M_REST_HELP);
    consent_frame_categories(h, rest, true);
    consent_html_close(h);
}


void
consent_frame_who(consent_html_t *h)
{
    consent_fill_t               fill;
    consent_channel_t            channel;
    const consent_policy_t      *policy;
    const consent_controller_t  *who;

    policy = h->page->policy;
    who = &policy->controller;

    consent_html_open(h, "section", "class", "who", "aria-labelledby", "who", NULL);
    consent_html_open(h, "h2", "id", "who", NULL);
    consent_html_say(h, CONSENT_M_WHO_TITLE);
    consent_html_close(h);

    fill = consent_fill_strong("name", who->name);
    consent_html_fill_in(h, "p", NULL, CONSENT_M_WHO_CONTROLLER, &fill, 1);

    consent_html_open(h, "ul", "class", "plain", NULL);

    if (who->address.len != 0) {
        consent_html_element(h, "li", NULL, who->address);
    }

    memset(&channel, 0, sizeof(consent_channel_t));

    if (who->phone.len != 0) {
        channel.type = CONSENT_CHANNEL_PHONE;
        channel.value = who->phone;
        consent_html_open(h, "li", NULL);
        consent_frame_channel(h, &channel);
        consent_html_close(h);
    }

    if (who->email.len != 0) {
        channel.type = CONSENT_CHANNEL_EMAIL;
        channel.value = who->email;
        consent_html_open(h, "li", NULL);
        consent_frame_channel(h, &channel);
        consent_html_close(h);
    }

    if (policy->privacy_notice.len != 0) {
        consent_html_open(h, "li", NULL);
        consent_html_open(h, "a", NULL);
        consent_html_attr_url(h, policy->privacy_notice);
        consent_html_say(h, CONSENT_M_LINK_NOTICE);
        consent_html_close(h);
        consent_html_close(h);
    }

    consent_html_close(h);

    if (who->authority_name.len != 0) {
        fill = consent_fill_link("name", who->authority_name, &who->authority_url);
        consent_html_fill_in(h, "p", NULL, CONSENT_M_WHO_AUTHORITY, &fill, 1);
    }

    consent_html_close(h);
}


int
consent_page_level(const consent_policy_t *policy, const consent_effect_t *effect)
{
    if (effect->chosen == CONSENT_LEVEL_CUSTOM) {
        return effect->granted != 0 ? CONSENT_LEVEL_CUSTOM : 0;
    }

    if (effect->chosen >= 0 && (size_t) effect->chosen < policy->n_levels
        && (policy->levels[effect->chosen].shares & ~effect->granted) == 0)
    {
        return effect->chosen;
    }

    return effect->level >= 0 && (size_t) effect->level < policy->n_levels ? effect->level : 0;
}


consent_slice_t
consent_frame_level(const consent_html_t *h, int level)
{
    if (level < 0 || (size_t) level >= h->page->policy->n_levels) {
        return consent_catalogue_get(h->catalogue, CONSENT_M_CUSTOM_NAME, NULL);
    }

    return consent_html_own(h, &h->page->policy->levels[level].title);
}


void
consent_frame_button(consent_html_t *h, const char *action, consent_slice_t token,
    consent_message_t label, consent_message_t help, bool plain)
{
    consent_html_open(h, "form", "method", "post", NULL);
    consent_html_attr_action(h, action);
    consent_html_hidden(h, "token", token);
    consent_html_hidden(h, "lang", h->page->policy->languages[h->page->language]);
    consent_html_open(h, "button", "class", plain ? "plain" : NULL, "aria-describedby", action, NULL);
    consent_html_say(h, label);
    consent_html_close(h);
    consent_html_open(h, "p", "class", "soft", "id", action, NULL);
    consent_html_say(h, help);
    consent_html_close(h);
    consent_html_close(h);
}


static void
parts_category(consent_html_t *h, const consent_category_t *category, bool basis)
{
    consent_fill_t     fill;
    consent_message_t  sentence;

    consent_html_open(h, "li", NULL);
    consent_html_element(h, "strong", NULL, consent_html_own(h, &category->title));
    consent_html_str(h, " ");
    consent_html_element(h, "span", NULL, consent_html_own(h, &category->purpose));

    if (basis && category->basis != CONSENT_BASIS_CONSENT) {
        sentence = CONSENT_M_BASIS_CONSENT + (consent_message_t) category->basis;
        consent_html_str(h, " ");
        consent_html_say_in(h, "span", "basis", sentence);

        if (category->law.len != 0) {
            consent_html_str(h, " ");
            fill = consent_fill_text("law", category->law);
            consent_html_fill_in(h, "span", NULL, CONSENT_M_LAW, &fill, 1);
        }

        if (category->basis == CONSENT_BASIS_PUBLIC_TASK
            || category->basis == CONSENT_BASIS_LEGITIMATE_INTEREST)
        {
            consent_html_str(h, " ");
            consent_html_open(h, "a", NULL);
            consent_html_attr_page(h, "human");
            consent_html_say(h, CONSENT_M_OBJECT);
            consent_html_close(h);
        }
    }

    consent_html_open(h, "span", "class", "soft", NULL);
    consent_frame_facts(h, category);

    if (basis) {
        parts_notes(h, category);
    }

    consent_html_close(h);
    consent_html_close(h);
}


/* What is special about a category, where all that is known of it is told. */
static void
parts_notes(consent_html_t *h, const consent_category_t *category)
{
    consent_fill_t  fill;

    if (category->special) {
        consent_html_str(h, " ");
        consent_html_say(h, CONSENT_M_CATEGORY_SPECIAL);
    }

    if (category->gpc) {
        consent_html_str(h, " ");
        consent_html_say(h, CONSENT_M_CATEGORY_GPC);
    }

    if (category->core_for.n != 0) {
        consent_html_str(h, " ");
        fill = (consent_fill_t) { .name = "paths", .write = parts_paths, .arg = &category->core_for };
        consent_html_fill(h, CONSENT_M_CORE_FOR, &fill, 1);
    }
}


/* Path patterns, without the stars at their end. */
static void
parts_paths(consent_html_t *h, const consent_fill_t *fill)
{
    size_t                  i;
    consent_slice_t         path;
    const consent_list_t   *paths;

    paths = fill->arg;

    for (i = 0; i < paths->n; i++) {
        path = paths->items[i];

        while (path.len > 1 && path.data[path.len - 1] == '*') {
            path.len--;
        }

        if (i != 0) {
            consent_html_str(h, ", ");
        }

        consent_html_element(h, "code", NULL, path);
    }
}
