/*
 * The way to a person: channels, opening hours, the human contact page.
 */

#include "pages/callback.h"

static void person_channel(consent_html_t *h, const consent_channel_t *channel);
static void person_hours(consent_html_t *h, const consent_channel_t *channel);
static void person_days(consent_html_t *h, uint8_t days);
static void person_languages(consent_html_t *h, const consent_channel_t *channel);
static void person_holidays(consent_html_t *h);
static void person_topics(consent_html_t *h, bool human_only, consent_message_t title);
static bool person_starts(consent_slice_t s, const char *with);


void
consent_page_human(consent_buf_t *b, const consent_page_t *page, const consent_human_t *human)
{
    bool             waits;
    size_t           i;
    consent_html_t   h;
    consent_fill_t   fill;
    consent_human_t  nothing;

    if (human == NULL) {
        memset(&nothing, 0, sizeof(consent_human_t));
        human = &nothing;
    }

    waits = human->request != NULL
            && (human->request->status == CONSENT_HANDOFF_REQUESTED || human->request->status == CONSENT_HANDOFF_DELIVERED);

    consent_html_init(&h, b, page, "human");
    consent_frame_begin(&h, consent_callback_outcome(human), CONSENT_M_HUMAN_TITLE);
    consent_callback_say(&h, human);

    consent_html_say_in(&h, "h1", NULL, CONSENT_M_HUMAN_TITLE);
    consent_html_say_in(&h, "p", "lead", waits ? CONSENT_M_CALLBACK_SOONER : CONSENT_M_HUMAN_LEAD);

    consent_html_open(&h, "section", "aria-labelledby", "channels", NULL);
    consent_html_open(&h, "h2", "id", "channels", NULL);
    consent_html_text(&h, consent_html_own(&h, &page->policy->contact_name));
    consent_html_close(&h);

    consent_html_open(&h, "div", "class", "channels", NULL);

    for (i = 0; i < page->policy->n_channels; i++) {
        person_channel(&h, &page->policy->channels[i]);
    }

    consent_html_close(&h);
    person_holidays(&h);

    if (page->policy->timezone.len != 0) {
        fill = consent_fill_text("zone", page->policy->timezone);
        consent_html_fill_in(&h, "p", "soft", CONSENT_M_HOURS_ZONE, &fill, 1);
    }

    consent_html_close(&h);

    /* whose request is here needs no second one */

    if (page->callback && human->request == NULL) {
        consent_callback_form(&h, human);
    }

    person_topics(&h, true, CONSENT_M_TOPICS_HUMAN);
    person_topics(&h, false, CONSENT_M_TOPICS_OTHER);

    consent_frame_who(&h);
    consent_frame_end(&h);
}


void
consent_frame_person(consent_html_t *h, bool all)
{
    size_t                    i;
    bool                      phone, mail, other;
    const consent_channel_t  *channel;

    consent_html_open(h, "section", "class", "person", "aria-labelledby", "person", NULL);
    consent_html_open(h, "h2", "id", "person", NULL);
    consent_html_say(h, CONSENT_M_HUMAN_TITLE);
    consent_html_close(h);

    if (!h->page->neutral) {
        consent_frame_open(h, NULL);
    }

    consent_html_open(h, "ul", NULL);
    phone = false;
    mail = false;

    for (i = 0; i < h->page->policy->n_channels; i++) {
        channel = &h->page->policy->channels[i];
        other = channel->type != CONSENT_CHANNEL_PHONE && channel->type != CONSENT_CHANNEL_EMAIL;

        if (!all && (other || (channel->type == CONSENT_CHANNEL_PHONE ? phone : mail))) {
            continue;
        }

        phone = phone || channel->type == CONSENT_CHANNEL_PHONE;
        mail = mail || channel->type == CONSENT_CHANNEL_EMAIL;

        consent_html_open(h, "li", NULL);
        consent_html_say_in(h, "span", "soft", consent_frame_channel_name(channel));
        consent_html_str(h, " ");
        consent_frame_channel(h, channel);
        consent_html_close(h);
    }

    consent_html_open(h, "li", NULL);
    consent_html_open(h, "a", NULL);
    consent_html_attr_page(h, "human");
    consent_html_say(h, CONSENT_M_HUMAN_MORE);
    consent_html_close(h);
    consent_html_close(h);

    consent_html_close(h);
    consent_html_close(h);
}


void
consent_frame_open(consent_html_t *h, const consent_channel_t *channel)
{
    consent_open_t           open;
    consent_fill_t           fills[2], date;
    const consent_policy_t  *policy;

    policy = h->page->policy;

    if (channel != NULL) {
        consent_channel_open(&open, policy, channel, h->page->now);

    } else {
        consent_contact_open(&open, policy, h->page->now);
    }

    if (!open.known) {
        return;
    }

    consent_html_open(h, "p", "class", open.open ? "open" : "closed", NULL);

    if (open.open) {
        fills[0] = consent_fill_clock("clock", &open.until);
        consent_html_fill(h, CONSENT_M_OPEN_UNTIL, fills, 1);

    } else if (open.days_ahead < 0) {
        consent_html_say(h, CONSENT_M_CLOSED);

    } else {
        date = consent_fill_civil("date", &open.opens);
        fills[0] = consent_fill_day("day", open.days_ahead, &open.opens, &date);
        fills[1] = consent_fill_clock("clock", &open.opens);
        consent_html_fill(h, CONSENT_M_CLOSED_OPENS, fills, 2);
    }

    consent_html_close(h);
}


void
consent_frame_channel(consent_html_t *h, const consent_channel_t *channel)
{
    bool             link, call;
    const char      *scheme;
    consent_slice_t  value;

    value = channel->value;
    link = person_starts(value, "https://") || person_starts(value, "http://");
    call = value.len != 0 && (value.data[0] == '+' || (value.data[0] >= '0' && value.data[0] <= '9'));

    switch (channel->type) {
    case CONSENT_CHANNEL_EMAIL:
        scheme = "mailto:";
        break;

    case CONSENT_CHANNEL_SMS:
        scheme = call ? "sms:" : NULL;
        break;

    case CONSENT_CHANNEL_PHONE:
    case CONSENT_CHANNEL_TEXT_RELAY:
    case CONSENT_CHANNEL_SIGN_LANGUAGE:
        scheme = call ? "tel:" : NULL;
        break;

    case CONSENT_CHANNEL_CALLBACK:
        consent_callback_channel(h);
        return;

    default:
        scheme = NULL;
        break;
    }

    if (!link && scheme == NULL) {
        consent_html_text(h, value);
        return;
    }

    consent_html_open(h, "a", NULL);

    if (link) {
        consent_html_attr_url(h, value);

    } else {
        consent_html_attr_call(h, scheme, value);
    }

    consent_html_text(h, value);
    consent_html_close(h);
}


consent_message_t
consent_frame_channel_name(const consent_channel_t *channel)
{
    return CONSENT_M_CHANNEL_PHONE + (consent_message_t) channel->type;
}


static void
person_channel(consent_html_t *h, const consent_channel_t *channel)
{
    consent_html_open(h, "section", "class", "channel", NULL);
    consent_html_say_in(h, "h3", NULL, consent_frame_channel_name(channel));
    consent_html_open(h, "p", "class", channel->type == CONSENT_CHANNEL_CALLBACK ? NULL : "value", NULL);
    consent_frame_channel(h, channel);
    consent_html_close(h);

    consent_frame_open(h, channel);
    person_hours(h, channel);
    person_languages(h, channel);
    consent_html_close(h);
}


static void
person_hours(consent_html_t *h, const consent_channel_t *channel)
{
    size_t                  i, from;
    const consent_hours_t  *hours;

    if (channel->n_hours == 0) {
        return;
    }

    consent_html_open(h, "ul", "class", "hours", NULL);
    consent_html_attr_say(h, "aria-label", CONSENT_M_HOURS);

    for (i = 0; i < channel->n_hours; i++) {
        hours = &channel->hours[i];

        consent_html_open(h, "li", NULL);
        consent_html_content(h);
        from = h->b->len;
        person_days(h, hours->days);
        consent_words_capital(h, from);
        consent_html_str(h, " ");
        consent_words_clock(h, hours->opens, false);
        consent_html_str(h, "–");
        consent_words_clock(h, hours->closes, true);
        consent_html_close(h);
    }

    consent_html_close(h);
}


/* Runs of three days and more are named by their ends: "måndag–fredag". */
static void
person_days(consent_html_t *h, uint8_t days)
{
    bool      first;
    unsigned  day, end;

    first = true;

    for (day = 0; day < 7; day = end) {
        end = day + 1;

        if (!(days >> day & 1)) {
            continue;
        }

        while (end < 7 && days >> end & 1) {
            end++;
        }

        if (end - day == 2) {
            end = day + 1;
        }

        if (!first) {
            consent_html_str(h, ", ");
        }

        first = false;
        consent_html_say(h, CONSENT_M_DAY + day);

        if (end - day > 2) {
            consent_html_str(h, "–");
            consent_html_say(h, CONSENT_M_DAY + (end - 1));
        }
    }
}


static void
person_languages(consent_html_t *h, const consent_channel_t *channel)
{
    size_t           i;
    consent_slice_t  tag;

    if (channel->languages.n == 0) {
        return;
    }

    consent_html_open(h, "p", "class", "soft", NULL);
    consent_html_say(h, CONSENT_M_CHANNEL_LANGUAGES);
    consent_html_str(h, ": ");

    for (i = 0; i < channel->languages.n; i++) {
        tag = channel->languages.items[i];

        if (i != 0) {
            consent_html_str(h, ", ");
        }

        consent_html_open(h, "span", NULL);
        consent_html_attr(h, "lang", tag);
        consent_html_text(h, consent_language_name(tag));
        consent_html_close(h);
    }

    consent_html_close(h);
}


/* Those of the next three months, so that the page stays short. */
static void
person_holidays(consent_html_t *h)
{
    size_t           i, shown;
    consent_civil_t  date, today;
    consent_fill_t   fill;
    consent_time_t   days[12];

    consent_when_local(&today, h->page->policy->zone, h->page->now);
    shown = 0;

    for (i = 0; i < h->page->policy->holidays.n && shown < consent_countof(days); i++) {
        if (consent_when_parse(&days[shown], h->page->policy->holidays.items[i]) != CONSENT_OK) {
            continue;
        }

        consent_when_local(&date, NULL, days[shown]);

        if (consent_when_days(date.year, date.month, date.day)
            - consent_when_days(today.year, today.month, today.day) <= 92
            && consent_when_days(date.year, date.month, date.day)
               >= consent_when_days(today.year, today.month, today.day))
        {
            shown++;
        }
    }

    if (shown != 0) {
        fill = consent_fill_days("dates", days, shown);
        consent_html_fill_in(h, "p", NULL, CONSENT_M_HOLIDAYS, &fill, 1);
    }
}


static void
person_topics(consent_html_t *h, bool human_only, consent_message_t title)
{
    size_t                  i, n;
    const consent_topic_t  *topic;

    for (i = 0, n = 0; i < h->page->policy->n_topics; i++) {
        topic = &h->page->policy->topics[i];

        if (topic->human_only != human_only) {
            continue;
        }

        if (n++ == 0) {
            consent_html_say_in(h, "h2", NULL, title);
            consent_html_open(h, "ul", "class", "plain", NULL);
        }

        consent_html_element(h, "li", NULL, consent_html_own(h, &topic->title));
    }

    if (n != 0) {
        consent_html_close(h);
    }
}


static bool
person_starts(consent_slice_t s, const char *with)
{
    size_t  n;

    n = strlen(with);

    return s.len > n && consent_slice_ieq(consent_slice(s.data, n), consent_slice(with, n));
}
