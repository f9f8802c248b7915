/*
 * Opening hours: is a channel open, until when, or when does it open next.
 */

#include "policy/contact.h"

static const char *const  handoff_words[] = { "requested", "delivered", "taken", "closed", "expired" };

#define DAY_MINUTES  (24 * 60)
#define DAY_SECONDS  86400
#define WEEK         7

static bool contact_holiday(const consent_policy_t *policy, const consent_civil_t *day);
static int contact_closes(const consent_channel_t *channel, const consent_civil_t *day, int minute);
static int contact_opens(const consent_channel_t *channel, const consent_civil_t *day, int minute);
static void contact_until(consent_open_t *out, const consent_policy_t *policy, const consent_channel_t *channel,
    const consent_civil_t *today, int minute);
static void contact_next(consent_open_t *out, const consent_policy_t *policy, const consent_channel_t *channel,
    const consent_civil_t *today, int minute);
static void contact_day(consent_civil_t *out, const consent_civil_t *today, int days, int minute);


void
consent_channel_open(consent_open_t *out, const consent_policy_t *policy, const consent_channel_t *channel,
    consent_time_t now)
{
    int              minute;
    consent_civil_t  today;

    memset(out, 0, sizeof(consent_open_t));
    out->days_ahead = -1;

    if (channel == NULL || channel->n_hours == 0) {
        return;
    }

    out->known = true;

    consent_when_local(&today, policy->zone, now);
    minute = today.hour * 60 + today.minute;

    if (!contact_holiday(policy, &today)) {
        out->open = contact_closes(channel, &today, minute) > minute;
    }

    if (out->open) {
        contact_until(out, policy, channel, &today, minute);

    } else {
        contact_next(out, policy, channel, &today, minute);
    }
}


void
consent_contact_open(consent_open_t *out, const consent_policy_t *policy, consent_time_t now)
{
    size_t                    i;
    const consent_channel_t  *channel, *best;

    best = NULL;

    for (i = 0; i < policy->n_channels; i++) {
        channel = &policy->channels[i];

        if (channel->n_hours == 0) {
            continue;
        }

        if (best == NULL || (best->type != CONSENT_CHANNEL_PHONE && channel->type == CONSENT_CHANNEL_PHONE)) {
            best = channel;
        }
    }

    consent_channel_open(out, policy, best, now);
}


const char *
consent_handoff_status_name(consent_handoff_status_t status)
{
    return (size_t) status < consent_countof(handoff_words) ? handoff_words[status] : "unknown";
}


bool
consent_handoff_status_parse(consent_handoff_status_t *status, consent_slice_t word)
{
    size_t  i;

    for (i = 0; i < consent_countof(handoff_words); i++) {
        if (consent_slice_eq(word, consent_cstr(handoff_words[i]))) {
            *status = (consent_handoff_status_t) i;
            return true;
        }
    }

    return false;
}


int
consent_contact_topic(const consent_policy_t *policy, consent_slice_t id)
{
    size_t  i;

    for (i = 0; i < policy->n_topics; i++) {
        if (consent_slice_eq(policy->topics[i].id, id)) {
            return (int) i;
        }
    }

    return -1;
}


const consent_channel_t *
consent_contact_channel(const consent_policy_t *policy, consent_channel_type_t type)
{
    size_t  i;

    for (i = 0; i < policy->n_channels; i++) {
        if (policy->channels[i].type == type) {
            return &policy->channels[i];
        }
    }

    return NULL;
}


static bool
contact_holiday(const consent_policy_t *policy, const consent_civil_t *day)
{
    char           text[16];
    size_t         i;
    consent_buf_t  b;

    if (policy->holidays.n == 0) {
        return false;
    }

    consent_buf_init_fixed(&b, text, sizeof(text));
    consent_buf_printf(&b, "%04d-%02d-%02d", day->year, day->month, day->day);

    for (i = 0; i < policy->holidays.n; i++) {
        if (consent_slice_eq(policy->holidays.items[i], consent_buf_view(&b))) {
            return true;
        }
    }

    return false;
}


/* The minute at which hours that are open at `minute` end, following hours that touch or overlap; or -1. */
static int
contact_closes(const consent_channel_t *channel, const consent_civil_t *day, int minute)
{
    int                     closes;
    size_t                  i;
    const consent_hours_t  *h;

    closes = -1;

    for (i = 0; i < channel->n_hours; i++) {
        h = &channel->hours[i];

        if ((h->days >> day->weekday & 1) && h->opens <= minute && h->closes > minute && h->closes > closes) {
            closes = h->closes;
            minute = closes;

            /* others may go on from here, wherever they stand in the list */
            i = (size_t) -1;
        }
    }

    return closes;
}


/* The first minute from `minute` on at which hours of that day begin, or -1. */
static int
contact_opens(const consent_channel_t *channel, const consent_civil_t *day, int minute)
{
    int                     opens;
    size_t                  i;
    const consent_hours_t  *h;

    opens = -1;

    for (i = 0; i < channel->n_hours; i++) {
        h = &channel->hours[i];

        if ((h->days >> day->weekday & 1) && h->opens >= minute && (opens < 0 || h->opens < opens)) {
            opens = h->opens;
        }
    }

    return opens;
}


static void
contact_until(consent_open_t *out, const consent_policy_t *policy, const consent_channel_t *channel,
    const consent_civil_t *today, int minute)
{
    int              ahead, closes;
    consent_civil_t  day;

    closes = contact_closes(channel, today, minute);

    for (ahead = 0; closes == DAY_MINUTES && ahead < WEEK; ahead++) {
        contact_day(&day, today, ahead + 1, 0);
        closes = contact_holiday(policy, &day) ? -1 : contact_closes(channel, &day, 0);

        if (closes < 0) {
            contact_day(&out->until, today, ahead + 1, 0);
            return;
        }
    }

    out->always = closes == DAY_MINUTES;

    contact_day(&out->until, today, ahead, closes);
}


static void
contact_next(consent_open_t *out, const consent_policy_t *policy, const consent_channel_t *channel,
    const consent_civil_t *today, int minute)
{
    int              ahead, opens;
    consent_civil_t  day;

    for (ahead = 0; ahead <= CONSENT_CONTACT_DAYS; ahead++) {
        contact_day(&day, today, ahead, 0);

        if (contact_holiday(policy, &day)) {
            continue;
        }

        opens = contact_opens(channel, &day, ahead == 0 ? minute : 0);

        if (opens >= 0) {
            contact_day(&out->opens, today, ahead, opens);
            out->days_ahead = ahead;
            return;
        }
    }
}


/* The civil time `days` after today, `minute` minutes after its midnight. */
static void
contact_day(consent_civil_t *out, const consent_civil_t *today, int days, int minute)
{
    int64_t  day;

    day = consent_when_days(today->year, today->month, today->day) + days;

    consent_when_civil(out, day * DAY_SECONDS + (int64_t) minute * 60);
}
