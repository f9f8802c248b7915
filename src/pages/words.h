/*
 * Days, hours and durations in words, and what else fills a message.
 */

#ifndef CONSENT_PAGES_WORDS_H
#define CONSENT_PAGES_WORDS_H

#include "pages/html.h"

/* "kl. 8.00"; the bare form is "8.00". minutes: after midnight, 0 to 1440. */
void consent_words_clock(consent_html_t *h, unsigned minutes, bool bare);

/* "22 november", or with its year "22 november 2026". */
void consent_words_date(consent_html_t *h, const consent_civil_t *date, bool year);

/* "i dag kl. 9.15", "3 november kl. 18.02", as a <time>; not relative to now: "22 november 2026 kl. 9.15". */
void consent_words_moment(consent_html_t *h, consent_time_t t, bool relative);

/* "en månad", "sex månader", "12 timmar". `through`: as the length of something that goes on ("yhden
 * kuukauden"). */
void consent_words_duration(consent_html_t *h, consent_duration_t d, bool through);

/* What has been written since `from` (a length of h->b) begins with a capital letter. */
void consent_words_capital(consent_html_t *h, size_t from);

/* The titles of a set of categories, and of a set of levels (bit n: level n), separated by commas. */
void consent_words_categories(consent_html_t *h, consent_mask_t categories);
void consent_words_levels(consent_html_t *h, uint64_t levels);

/* A list of texts, separated by commas. */
void consent_words_list(consent_html_t *h, const consent_list_t *list);

/* Fills of messages. */
consent_fill_t consent_fill_text(const char *name, consent_slice_t text);
consent_fill_t consent_fill_strong(const char *name, consent_slice_t text);
consent_fill_t consent_fill_link(const char *name, consent_slice_t text, const consent_slice_t *url);
consent_fill_t consent_fill_categories(const char *name, consent_mask_t categories);
consent_fill_t consent_fill_levels(const char *name, uint64_t levels);
consent_fill_t consent_fill_list(const char *name, const consent_list_t *list);
consent_fill_t consent_fill_countries(const char *name, const consent_list_t *codes);
consent_fill_t consent_fill_moment(const char *name, consent_time_t t);
consent_fill_t consent_fill_date(const char *name, consent_time_t t);           /* its day, with the year */
consent_fill_t consent_fill_duration(const char *name, const consent_duration_t *d);
consent_fill_t consent_fill_through(const char *name, const consent_duration_t *d);
consent_fill_t consent_fill_clock(const char *name, const consent_civil_t *when);
consent_fill_t consent_fill_civil(const char *name, const consent_civil_t *date);
consent_fill_t consent_fill_days(const char *name, const consent_time_t *days, size_t n);  /* UTC midnights */

/* "i dag", "i morgon", "på måndag", "den 7 januari": days_ahead from today; date: a fill named "date" of the
 * same day. */
consent_fill_t consent_fill_day(const char *name, int days_ahead, const consent_civil_t *when,
    const consent_fill_t *date);

#endif
