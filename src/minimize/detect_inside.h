/*
 * What the files of the detectors share.
 */

#ifndef CONSENT_DETECT_INSIDE_H
#define CONSENT_DETECT_INSIDE_H

#include "minimize/detect_sight.h"
#include "minimize/masks.h"
#include "policy/policy.h"

/* The built-in detectors; of two that match the same text the first one says what it is. */
typedef enum {
    CONSENT_DETECT_PERSONNUMMER = 0,
    CONSENT_DETECT_HETU,
    CONSENT_DETECT_IBAN,
    CONSENT_DETECT_CARD,
    CONSENT_DETECT_PHONE,
    CONSENT_DETECT_EMAIL,
    CONSENT_DETECT_KINDS
} consent_detect_kind_t;

#define CONSENT_DETECT_BIT(kind)  (1u << (kind))
#define CONSENT_DETECT_NUMBERS    (CONSENT_DETECT_BIT(CONSENT_DETECT_EMAIL) - 1)

/* Bytes before a digit or '@' that may belong to a match or decide about it, at most. */
#define CONSENT_DETECT_BACK  64

/* A number has at least so many digits. */
#define CONSENT_DETECT_DIGITS  8

#define CONSENT_DETECT_EMAIL_BEHIND  264    /* bytes that must be there behind an '@', or be known not to come */

typedef struct {
    const uint8_t          *from;
    const uint8_t          *to;
    consent_detect_kind_t   kind;
    size_t                  same_len;
    uint8_t                 same[CONSENT_MASK_MAX_VALUE];   /* the canonical spelling */
} consent_match_t;

/* Each looks at the start of a view for a number that ends before something that may follow it, and writes its
 * canonical spelling. They return where its last character ends, or NULL. */

/* Swedish personnummer and samordningsnummer: digits by the Luhn formula over ten of them, a date, and of the temporary
 * numbers that health care and schools give, a date and a letter. year: the current one, for the century. */
const uint8_t *consent_detect_personnummer(const consent_sight_t *v, consent_match_t *m, int year);

/* Finnish henkilötunnus (Population Information System Act; the new signs of the decree 690/2022). */
const uint8_t *consent_detect_hetu(const consent_sight_t *v, consent_match_t *m);

/* Payment cards (ISO/IEC 7812): 13 to 19 digits of a known issuer, Luhn. */
const uint8_t *consent_detect_card(const consent_sight_t *v, consent_match_t *m);

/* IBAN (ISO 13616): v begins with the two check digits, country are the letters before them. */
const uint8_t *consent_detect_iban(const consent_sight_t *v, const uint8_t country[static 2], consent_match_t *m);

/* Telephone numbers: E.164 with + or 00, and national Swedish and Finnish ones. m->from is set. */
const uint8_t *consent_detect_phone(const consent_sight_t *v, const consent_range_t *range, consent_match_t *m);

/* An e-mail address (RFC 5321, 5322, 6531) around an '@' of n bytes at `at`; first: where it may begin at the earliest.
 * range must hold CONSENT_DETECT_EMAIL_BEHIND bytes behind it, or the end of the text. */
bool consent_detect_email(const consent_range_t *range, const uint8_t *at, unsigned n, const uint8_t *first,
    consent_match_t *m);

/* The '@' that ends the run of characters around p in which an address may begin, if there is one close enough; *n
 * is its length. */
const uint8_t *consent_detect_email_at(const consent_range_t *range, const uint8_t *p, unsigned *n);

/* Year, month and day make a date of the Gregorian calendar. */
bool consent_detect_date(unsigned year, unsigned month, unsigned day);

/* Characters of an IBAN by country, of the registry of SWIFT; 0: the country has none. */
unsigned consent_detect_iban_length(const uint8_t country[static 2]);

typedef enum {
    CONSENT_FIND_NONE = 0,
    CONSENT_FIND_MATCH,
    CONSENT_FIND_CUT                /* more text is needed from `next` on */
} consent_find_t;

typedef struct {
    consent_range_t   range;
    const uint8_t    *next;         /* in it: what has not been looked at, */
    const uint8_t    *done;         /* and where the last match ended */
    unsigned          kinds;        /* bits of the built-in detectors that look, */
    unsigned          withheld;     /* of those whose matches are wanted, */
    unsigned          seen;         /* and of those that matched anything: added to */
    int               year;         /* the current one */
    consent_stretch_t   stretch;    /* the digits that are looked at; from is NULL in a new range */
} consent_finder_t;

/* The next match that is wanted. `next` is then where it was found: to go on, set it and `done` to the match's end. */
consent_find_t consent_detect_find(consent_finder_t *f, consent_match_t *m);


static inline void
consent_match_same(consent_match_t *m, uint8_t c)
{
    if (m->same_len < sizeof(m->same)) {
        m->same[m->same_len++] = c;
    }
}


static inline const uint8_t *
consent_sight_to(const consent_sight_t *v, unsigned i)
{
    return v->base + v->to[i - 1];
}

#endif
