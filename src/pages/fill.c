/*
 * What fills the places that messages leave open: texts, lists, days and durations.
 */

#include "pages/words.h"

static void fill_write_categories(consent_html_t *h, const consent_fill_t *fill);
static void fill_write_levels(consent_html_t *h, const consent_fill_t *fill);
static void fill_write_list(consent_html_t *h, const consent_fill_t *fill);
static void fill_write_countries(consent_html_t *h, const consent_fill_t *fill);
static void fill_write_moment(consent_html_t *h, const consent_fill_t *fill);
static void fill_write_date(consent_html_t *h, const consent_fill_t *fill);
static void fill_write_duration(consent_html_t *h, const consent_fill_t *fill);
static void fill_write_clock(consent_html_t *h, const consent_fill_t *fill);
static void fill_write_link(consent_html_t *h, const consent_fill_t *fill);
static void fill_write_civil(consent_html_t *h, const consent_fill_t *fill);
static void fill_write_days(consent_html_t *h, const consent_fill_t *fill);
static void fill_write_on_date(consent_html_t *h, const consent_fill_t *fill);
static void fill_write_message(consent_html_t *h, const consent_fill_t *fill);


void
consent_words_categories(consent_html_t *h, consent_mask_t categories)
{
    bool                     first;
    size_t                   i;
    const consent_policy_t  *policy;

    policy = h->page->policy;
    first = true;

    for (i = 0; i < policy->n_categories; i++) {
        if (categories >> i & 1) {
            if (!first) {
                consent_html_str(h, ", ");
            }

            first = false;
            consent_html_text(h, consent_html_own(h, &policy->categories[i].title));
        }
    }
}


void
consent_words_levels(consent_html_t *h, uint64_t levels)
{
    bool                     first;
    size_t                   i;
    const consent_policy_t  *policy;

    policy = h->page->policy;
    first = true;

    for (i = 0; i < policy->n_levels; i++) {
        if (levels >> i & 1) {
            if (!first) {
                consent_html_str(h, ", ");
            }

            first = false;
            consent_html_element(h, "strong", NULL, consent_html_own(h, &policy->levels[i].title));
        }
    }
}


void
consent_words_list(consent_html_t *h, const consent_list_t *list)
{
    size_t  i;

    for (i = 0; i < list->n; i++) {
        if (i != 0) {
            consent_html_str(h, ", ");
        }

        consent_html_text(h, list->items[i]);
    }
}


consent_fill_t
consent_fill_text(const char *name, consent_slice_t text)
{
    return (consent_fill_t) { .name = name, .text = text };
}


consent_fill_t
consent_fill_strong(const char *name, consent_slice_t text)
{
    return (consent_fill_t) { .name = name, .text = text, .element = "strong" };
}


consent_fill_t
consent_fill_link(const char *name, consent_slice_t text, const consent_slice_t *url)
{
    return (consent_fill_t) { .name = name, .text = text, .write = fill_write_link, .arg = url };
}


consent_fill_t
consent_fill_categories(const char *name, consent_mask_t categories)
{
    return (consent_fill_t) { .name = name, .write = fill_write_categories, .mask = categories };
}


consent_fill_t
consent_fill_levels(const char *name, uint64_t levels)
{
    return (consent_fill_t) { .name = name, .write = fill_write_levels, .mask = levels };
}


consent_fill_t
consent_fill_list(const char *name, const consent_list_t *list)
{
    return (consent_fill_t) { .name = name, .write = fill_write_list, .arg = list };
}


consent_fill_t
consent_fill_countries(const char *name, const consent_list_t *codes)
{
    return (consent_fill_t) { .name = name, .write = fill_write_countries, .arg = codes };
}


consent_fill_t
consent_fill_moment(const char *name, consent_time_t t)
{
    return (consent_fill_t) { .name = name, .write = fill_write_moment, .time = t };
}


consent_fill_t
consent_fill_date(const char *name, consent_time_t t)
{
    return (consent_fill_t) { .name = name, .write = fill_write_date, .time = t };
}


consent_fill_t
consent_fill_duration(const char *name, const consent_duration_t *d)
{
    return (consent_fill_t) { .name = name, .write = fill_write_duration, .arg = d };
}


consent_fill_t
consent_fill_through(const char *name, const consent_duration_t *d)
{
    return (consent_fill_t) { .name = name, .write = fill_write_duration, .arg = d, .mask = 1 };
}


consent_fill_t
consent_fill_clock(const char *name, const consent_civil_t *when)
{
    return (consent_fill_t) { .name = name, .write = fill_write_clock, .arg = when };
}


consent_fill_t
consent_fill_civil(const char *name, const consent_civil_t *date)
{
    return (consent_fill_t) { .name = name, .write = fill_write_civil, .arg = date };
}


consent_fill_t
consent_fill_days(const char *name, const consent_time_t *days, size_t n)
{
    return (consent_fill_t) { .name = name, .write = fill_write_days, .arg = days, .mask = n };
}


consent_fill_t
consent_fill_day(const char *name, int days_ahead, const consent_civil_t *when, const consent_fill_t *date)
{
    consent_message_t  m;

    if (days_ahead > 6) {
        return (consent_fill_t) { .name = name, .write = fill_write_on_date, .arg = date };
    }

    m = days_ahead == 0 ? CONSENT_M_TODAY : days_ahead == 1 ? CONSENT_M_TOMORROW
        : CONSENT_M_ON_DAY + (consent_message_t) when->weekday;

    return (consent_fill_t) { .name = name, .write = fill_write_message, .mask = m };
}


static void
fill_write_clock(consent_html_t *h, const consent_fill_t *fill)
{
    unsigned                minutes;
    const consent_civil_t  *when;

    when = fill->arg;
    minutes = (unsigned) (when->hour * 60 + when->minute);
    consent_words_clock(h, minutes, false);
}


static void
fill_write_categories(consent_html_t *h, const consent_fill_t *fill)
{
    consent_words_categories(h, fill->mask);
}


static void
fill_write_levels(consent_html_t *h, const consent_fill_t *fill)
{
    consent_words_levels(h, fill->mask);
}


static void
fill_write_list(consent_html_t *h, const consent_fill_t *fill)
{
    consent_words_list(h, fill->arg);
}


static void
fill_write_countries(consent_html_t *h, const consent_fill_t *fill)
{
    size_t                 i;
    const consent_list_t  *codes;

    codes = fill->arg;

    for (i = 0; i < codes->n; i++) {
        if (i != 0) {
            consent_html_str(h, ", ");
        }

        consent_html_text(h, consent_country_name(h->catalogue, codes->items[i]));
    }
}


static void
fill_write_moment(consent_html_t *h, const consent_fill_t *fill)
{
    consent_words_moment(h, fill->time, true);
}


static void
fill_write_date(consent_html_t *h, const consent_fill_t *fill)
{
    consent_civil_t  date;

    consent_when_local(&date, h->page->policy->zone, fill->time);
    consent_words_date(h, &date, true);
}


static void
fill_write_duration(consent_html_t *h, const consent_fill_t *fill)
{
    consent_words_duration(h, *(const consent_duration_t *) fill->arg, fill->mask != 0);
}


static void
fill_write_civil(consent_html_t *h, const consent_fill_t *fill)
{
    consent_words_date(h, fill->arg, false);
}


static void
fill_write_days(consent_html_t *h, const consent_fill_t *fill)
{
    size_t                 i;
    consent_civil_t        date;
    const consent_time_t  *days;

    days = fill->arg;

    for (i = 0; i < fill->mask; i++) {
        if (i != 0) {
            consent_html_str(h, ", ");
        }

        consent_when_local(&date, NULL, days[i]);
        consent_words_date(h, &date, false);
    }
}


static void
fill_write_on_date(consent_html_t *h, const consent_fill_t *fill)
{
    consent_html_fill(h, CONSENT_M_ON_DATE, fill->arg, 1);
}


static void
fill_write_message(consent_html_t *h, const consent_fill_t *fill)
{
    consent_html_say(h, (consent_message_t) fill->mask);
}


static void
fill_write_link(consent_html_t *h, const consent_fill_t *fill)
{
    const consent_slice_t  *url;

    url = fill->arg;

    consent_html_open(h, "a", NULL);
    consent_html_attr_url(h, *url);
    consent_html_text(h, fill->text);
    consent_html_close(h);
}
