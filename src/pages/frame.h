/*
 * What stands around every page, and the parts that pages share.
 */

#ifndef CONSENT_PAGES_FRAME_H
#define CONSENT_PAGES_FRAME_H

#include "pages/words.h"

/* Everything before a page's content; `outcome` begins the title ("Saved – ..."), CONSENT_M_COUNT: nothing
 * does. */
void consent_frame_begin(consent_html_t *h, consent_message_t outcome, consent_message_t title);
void consent_frame_end(consent_html_t *h);

/* The way to a person, as a section of its own. `all`: every channel, not only phone and mail. */
void consent_frame_person(consent_html_t *h, bool all);

/* Whether a person can be reached now: "open now, until ..."; nothing when hours are not known. channel NULL:
 * the human contact as a whole. */
void consent_frame_open(consent_html_t *h, const consent_channel_t *channel);

/* A channel's value as a link, or text where it cannot be one. */
void consent_frame_channel(consent_html_t *h, const consent_channel_t *channel);

/* Its name: "Telefon". */
consent_message_t consent_frame_channel_name(const consent_channel_t *channel);

/* How long, where and with whom: sentences. */
void consent_frame_facts(consent_html_t *h, const consent_category_t *category);

/* A list of categories with purpose and facts. `basis`: with the sentence of a legal basis other than
 * consent, and all else we know. */
void consent_frame_categories(consent_html_t *h, consent_mask_t categories, bool basis);

/* Categories whose basis is not consent, as a section of their own; nothing when there are none. */
void consent_frame_rest(consent_html_t *h);

/* Who is responsible, the privacy notice and the supervisory authority, as a section. */
void consent_frame_who(consent_html_t *h);

/* A level's title; "own selection" for CONSENT_LEVEL_CUSTOM. */
consent_slice_t consent_frame_level(const consent_html_t *h, int level);

/* A form of one button: base + action, with its token and the language. `plain`: not one of the page's main
 * acts. */
void consent_frame_button(consent_html_t *h, const char *action, consent_slice_t token,
    consent_message_t label, consent_message_t help, bool plain);

#endif
