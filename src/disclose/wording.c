/*
 * The words themselves, in Swedish, Finnish and English.
 */

#include "disclose/wording.h"

struct consent_wording_s {
    const char  *tag;
    const char  *words[CONSENT_WORD_COUNT];
    const char  *days[7];
    const char  *weekdays;      /* Monday to Friday */
    const char  *every_day;
    const char  *day_and_night;
    const char  *and;
    const char  *at;            /* before a time of day */
    char         point;         /* between hours and minutes */
    bool         short_hours;   /* 8 for 8.00 */
};

static const consent_wording_t  wordings[] = {

    { "sv",
      { [CONSENT_WORD_CONTACT_LABEL] = "Kontakt och integritet",
        [CONSENT_WORD_NOTICE_LABEL] = "Om AI på sidan",
        [CONSENT_WORD_HUMAN] = "Få kontakt med en människa",
        [CONSENT_WORD_CHANGE] = "Ändra vad du delar",
        [CONSENT_WORD_GENERATED] = "Texten är skapad av AI på uppdrag av {principal}. Ingen människa har granskat "
            "den.",
        [CONSENT_WORD_CHAT] = "Du chattar med en AI, inte med en människa. AI:n svarar på uppdrag av {principal}.",
        [CONSENT_WORD_DECISION] = "Beslutet är fattat automatiskt på uppdrag av {principal}. Du kan begära att en "
            "människa prövar det.",
        [CONSENT_WORD_ASSISTED] = "Texten är skapad med hjälp av AI på uppdrag av {principal}.",
        [CONSENT_WORD_CHECKED] = "Texten är skapad med hjälp av AI och granskad av en människa. Ansvarig: "
            "{editorial}, på uppdrag av {principal}.",
        [CONSENT_WORD_CHANGED] = "Texten är skriven av människor och ändrad av AI på uppdrag av {principal}.",
        [CONSENT_WORD_CHANGED_UNCHECKED] = "Texten är skriven av människor och ändrad av AI på uppdrag av "
            "{principal}. Ingen människa har granskat ändringarna.",
        [CONSENT_WORD_CHANGED_CHECKED] = "Texten är ändrad av AI och granskad av en människa. Ansvarig: "
            "{editorial}, på uppdrag av {principal}." },
      { "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag" },
      "vardagar", "alla dagar", "dygnet runt", "och", "kl. ", '.', true },

    { "fi",
      { [CONSENT_WORD_CONTACT_LABEL] = "Yhteydenotto ja tietosuoja",
        [CONSENT_WORD_NOTICE_LABEL] = "Tekoäly tällä sivulla",
        [CONSENT_WORD_HUMAN] = "Ota yhteyttä ihmiseen",
        [CONSENT_WORD_CHANGE] = "Muuta, mitä annat meille",
        [CONSENT_WORD_GENERATED] = "Tekoäly on luonut tämän tekstin. Ihminen ei ole tarkistanut sitä. "
            "Toimeksiantaja: {principal}.",
        [CONSENT_WORD_CHAT] = "Keskustelet tekoälyn etkä ihmisen kanssa. Toimeksiantaja: {principal}.",
        [CONSENT_WORD_DECISION] = "Päätös on tehty automaattisesti. Voit pyytää, että ihminen käsittelee asian "
            "uudelleen. Toimeksiantaja: {principal}.",
        [CONSENT_WORD_ASSISTED] = "Teksti on tehty tekoälyn avulla. Toimeksiantaja: {principal}.",
        [CONSENT_WORD_CHECKED] = "Teksti on tehty tekoälyn avulla. Ihminen on tarkistanut sen. Vastuussa: "
            "{editorial}. Toimeksiantaja: {principal}.",
        [CONSENT_WORD_CHANGED] = "Tekoäly on muokannut tätä ihmisten kirjoittamaa tekstiä. Toimeksiantaja: "
            "{principal}.",
        [CONSENT_WORD_CHANGED_UNCHECKED] = "Tekoäly on muokannut tätä ihmisten kirjoittamaa tekstiä. Ihminen ei ole "
            "tarkistanut muutoksia. Toimeksiantaja: {principal}.",
        [CONSENT_WORD_CHANGED_CHECKED] = "Tekoäly on muokannut tekstiä. Ihminen on tarkistanut sen. Vastuussa: "
            "{editorial}. Toimeksiantaja: {principal}." },
      { "maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai", "sunnuntai" },
      "arkisin", "joka päivä", "ympäri vuorokauden", "ja", "klo ", '.', true },

    { "en",
      { [CONSENT_WORD_CONTACT_LABEL] = "Contact and privacy",
        [CONSENT_WORD_NOTICE_LABEL] = "About AI on this page",
        [CONSENT_WORD_HUMAN] = "Contact a person",
        [CONSENT_WORD_CHANGE] = "Change what you share",
        [CONSENT_WORD_GENERATED] = "This text was made by AI on behalf of {principal}. No person has checked it.",
        [CONSENT_WORD_CHAT] = "You are chatting with an AI, not with a person. It answers on behalf of {principal}.",
        [CONSENT_WORD_DECISION] = "This decision was made automatically on behalf of {principal}. You can ask for a "
            "person to review it.",
        [CONSENT_WORD_ASSISTED] = "This text was made with the help of AI on behalf of {principal}.",
        [CONSENT_WORD_CHECKED] = "This text was made with the help of AI and checked by a person. Responsible: "
            "{editorial}, on behalf of {principal}.",
        [CONSENT_WORD_CHANGED] = "People wrote this text. AI changed it on behalf of {principal}.",
        [CONSENT_WORD_CHANGED_UNCHECKED] = "People wrote this text. AI changed it on behalf of {principal}. No person "
            "has checked the changes.",
        [CONSENT_WORD_CHANGED_CHECKED] = "This text was changed by AI and checked by a person. Responsible: "
            "{editorial}, on behalf of {principal}." },
      { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" },
      "weekdays", "every day", "day and night", "and", "", ':', false }
};

static void hours_days(consent_buf_t *b, const consent_wording_t *w, unsigned days);
static bool hours_times(consent_buf_t *b, const consent_wording_t *w, const consent_channel_t *channel, unsigned day);
static void hours_time(consent_buf_t *b, const consent_wording_t *w, unsigned minutes);
static bool hours_same(const consent_channel_t *channel, unsigned day, unsigned other);


const consent_wording_t *
consent_wording_find(consent_slice_t tag)
{
    size_t  i;

    if (tag.len < 2 || (tag.len > 2 && tag.data[2] != '-')) {
        return NULL;
    }

    for (i = 0; i < consent_countof(wordings); i++) {
        if (consent_slice_ieq(consent_slice(tag.data, 2), consent_cstr(wordings[i].tag))) {
            return &wordings[i];
        }
    }

    return NULL;
}


const consent_wording_t *
consent_wording_for(consent_slice_t *tag, const consent_policy_t *policy, size_t language)
{
    size_t                    i;
    const consent_wording_t  *w;

    w = consent_wording_find(policy->languages[language]);

    if (w != NULL) {
        *tag = policy->languages[language];
        return w;
    }

    for (i = 0; i < policy->n_languages; i++) {
        w = consent_wording_find(policy->languages[i]);

        if (w != NULL) {
            *tag = policy->languages[i];
            return w;
        }
    }

    *tag = consent_lit("en");

    return consent_wording_find(*tag);
}


consent_slice_t
consent_wording_say(const consent_wording_t *w, consent_word_t word)
{
    return consent_cstr(w->words[word]);
}


void
consent_wording_fill(consent_buf_t *b, consent_slice_t text, const consent_policy_t *policy)
{
    size_t           left;
    const uint8_t   *p, *end, *brace;
    consent_slice_t  principal, editorial;

    principal = consent_lit("{principal}");
    editorial = consent_lit("{editorial}");

    p = text.data;
    end = p + text.len;

    while (p < end) {
        brace = memchr(p, '{', (size_t) (end - p));

        if (brace == NULL) {
            consent_buf_add(b, p, (size_t) (end - p));
            return;
        }

        consent_buf_add(b, p, (size_t) (brace - p));
        left = (size_t) (end - brace);

        if (left >= principal.len && memcmp(brace, principal.data, principal.len) == 0) {
            consent_buf_slice(b, consent_wording_principal(policy));
            p = brace + principal.len;

        } else if (left >= editorial.len && memcmp(brace, editorial.data, editorial.len) == 0) {
            consent_buf_slice(b, policy->editorial);
            p = brace + editorial.len;

        } else {
            consent_buf_char(b, '{');
            p = brace + 1;
        }
    }
}


consent_slice_t
consent_wording_principal(const consent_policy_t *policy)
{
    return policy->principal.len > 0 ? policy->principal : policy->controller.name;
}


void
consent_wording_hours(consent_buf_t *b, const consent_wording_t *w, const consent_channel_t *channel)
{
    bool      first;
    size_t    i;
    unsigned  day, other, days, open, done;

    open = 0;

    for (i = 0; i < channel->n_hours; i++) {
        open |= channel->hours[i].days;
    }

    first = true;
    done = 0;

    for (day = 0; day < 7; day++) {
        if (!(open >> day & 1) || done >> day & 1) {
            continue;
        }

        days = 0;

        for (other = day; other < 7; other++) {
            if (open >> other & 1 && hours_same(channel, day, other)) {
                days |= 1U << other;
            }
        }

        done |= days;

        if (!first) {
            consent_buf_str(b, ", ");
        }

        first = false;

        hours_days(b, w, days);
        consent_buf_char(b, ' ');

        if (!hours_times(b, w, channel, day)) {
            consent_buf_str(b, w->day_and_night);
        }
    }
}


/* "vardagar", "måndag–onsdag och fredag": runs of days, joined as in speech. */
static void
hours_days(consent_buf_t *b, const consent_wording_t *w, unsigned days)
{
    size_t    i, n;
    unsigned  day, from[4], to[4];

    if (days == 0x7f || days == 0x1f) {
        consent_buf_str(b, days == 0x7f ? w->every_day : w->weekdays);
        return;
    }

    n = 0;

    for (day = 0; day < 7; day++) {
        if (!(days >> day & 1)) {
            continue;
        }

        from[n] = day;

        while (days >> (day + 1) & 1) {
            day++;
        }

        to[n++] = day;
    }

    for (i = 0; i < n; i++) {
        if (i > 0) {
            consent_buf_str(b, i == n - 1 ? " " : ", ");
        }

        if (i > 0 && i == n - 1) {
            consent_buf_str(b, w->and);
            consent_buf_char(b, ' ');
        }

        consent_buf_str(b, w->days[from[i]]);

        if (to[i] > from[i]) {
            consent_buf_str(b, "–");
            consent_buf_str(b, w->days[to[i]]);
        }
    }
}


/* "kl. 8–12 och 13–16.30", earliest first; false when the day is open all of it. */
static bool
hours_times(consent_buf_t *b, const consent_wording_t *w, const consent_channel_t *channel, unsigned day)
{
    bool                    first;
    size_t                  i;
    const consent_hours_t  *h, *next;
    int                     after;

    first = true;
    after = -1;

    for ( ;; ) {
        next = NULL;

        for (i = 0; i < channel->n_hours; i++) {
            h = &channel->hours[i];

            if (h->days >> day & 1 && (int) h->opens > after && (next == NULL || h->opens < next->opens)) {
                next = h;
            }
        }

        if (next == NULL) {
            return true;
        }

        if (next->opens == 0 && next->closes >= 1440) {
            return false;
        }

        if (first) {
            consent_buf_str(b, w->at);

        } else {
            consent_buf_char(b, ' ');
            consent_buf_str(b, w->and);
            consent_buf_char(b, ' ');
        }

        first = false;
        after = next->opens;

        hours_time(b, w, next->opens);
        consent_buf_str(b, "–");
        hours_time(b, w, next->closes);
    }
}


static void
hours_time(consent_buf_t *b, const consent_wording_t *w, unsigned minutes)
{
    consent_buf_u64(b, minutes / 60);

    if (minutes % 60 != 0 || !w->short_hours) {
        consent_buf_printf(b, "%c%02u", w->point, minutes % 60);
    }
}


/* Both days have the same opening hours, in whatever order they are listed. */
static bool
hours_same(const consent_channel_t *channel, unsigned day, unsigned other)
{
    size_t                  i, j;
    const consent_hours_t  *h, *k;
    unsigned                a, b;

    for (i = 0; i < channel->n_hours; i++) {
        h = &channel->hours[i];
        a = h->days >> day & 1;
        b = h->days >> other & 1;

        if (a == b) {
            continue;
        }

        for (j = 0; j < channel->n_hours; j++) {
            k = &channel->hours[j];

            if (k->opens == h->opens && k->closes == h->closes && (k->days >> (a ? other : day) & 1)) {
                break;
            }
        }

        if (j == channel->n_hours) {
            return false;
        }
    }

    return true;
}
