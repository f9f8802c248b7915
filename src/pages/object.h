/*
 * JSON for the API, written member by member. Commas come by themselves.
 */

#ifndef CONSENT_PAGES_OBJECT_H
#define CONSENT_PAGES_OBJECT_H

#include "base/json.h"
#include "pages/pages.h"
#include "policy/decision.h"

/* name is a literal of ours that needs no escape; NULL within an array. */
void consent_object_open(consent_buf_t *b, const char *name, char bracket);
void consent_object_close(consent_buf_t *b, char bracket);

void consent_object_string(consent_buf_t *b, const char *name, consent_slice_t value);
void consent_object_number(consent_buf_t *b, const char *name, uint64_t value);
void consent_object_bool(consent_buf_t *b, const char *name, bool value);
void consent_object_null(consent_buf_t *b, const char *name);

/* The comma and the name alone, before a value that somebody else writes. */
void consent_object_name(consent_buf_t *b, const char *name);

/* What is JSON already. */
void consent_object_raw(consent_buf_t *b, const char *name, consent_slice_t json);

/* RFC 3339 in UTC; null for 0. */
void consent_object_time(consent_buf_t *b, const char *name, consent_time_t t);

/* All bytes are 0: a state that no decision made has no receipt. */
bool consent_object_no_id(const uint8_t id[static CONSENT_ID_LEN]);

/* Lower-case hex; null when there is none. */
void consent_object_id(consent_buf_t *b, const char *name, const uint8_t id[static CONSENT_ID_LEN]);

/* Ids of the categories in a mask; a level's id, or "custom". */
void consent_object_categories(consent_buf_t *b, const char *name, const consent_policy_t *policy,
    consent_mask_t categories);
void consent_object_level(consent_buf_t *b, const char *name, const consent_policy_t *policy, int level);

/* The members of a decision. What a version meant is known only while that version is: `policy` of a past decision may be
 * NULL, then level and categories are null. */
void consent_object_decision(consent_buf_t *b, const consent_past_t *past);

/* The address of a page of ours: base, path, last. base is a path of the configuration; the rest are literals. */
void consent_object_page(consent_buf_t *b, const char *name, const consent_page_t *page, const char *path,
    const char *last);

/* "human": the way to a person: name, url, channels. */
void consent_object_human(consent_buf_t *b, const consent_page_t *page);

#endif
