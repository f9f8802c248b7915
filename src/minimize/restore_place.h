/*
 * Where in a text a value may stand. Fed the text as its reader will have it, byte by byte, a place knows whether what
 * comes next is plain words, or would become part of an address, a tag or a link's target: of something that carries
 * it to another server.
 *
 * A text has several readers: a browser, some Markdown renderer, a script that makes links of all that looks like an
 * address. Where they disagree, or might, nothing may stand. A place errs to that side only.
 */

#ifndef CONSENT_RESTORE_PLACE_H
#define CONSENT_RESTORE_PLACE_H

#include "base/base.h"

#define CONSENT_PLACE_REF  10   /* bytes of a character reference's name that are looked at */

typedef struct {
    bool      page;         /* a browser's HTML, not Markdown that may hold some */
    bool      lost;         /* nothing may stand any more: readers may differ on all that follows */

    /* tags and comments: restore_place.c */
    uint8_t   state;
    bool      closing;
    bool      foreign;      /* svg or math was seen: raw text is not raw there */
    bool      escaped;      /* within <!-- of a script */
    uint8_t   name_len;
    uint8_t   match;        /* bytes matched of an end tag in a script */
    uint8_t   last;         /* byte of a comment or declaration */
    uint8_t   dashes;
    uint8_t   length;       /* of a comment, 2 or more */
    uint64_t  name;         /* of the tag under way: eight bytes at most */
    uint64_t  raw;          /* the element whose text is none; 0: none */

    /* words and addresses: restore_run.c */
    bool      glued;        /* up to the next white space nothing may stand */
    bool      dotted;       /* prev is a dot behind a word */
    bool      scheme;       /* the text may begin with a scheme */
    bool      first;        /* within its first word */
    uint8_t   count;        /* bytes of the first word, 3 or more */
    uint8_t   prev;
    uint8_t   ref_len;      /* 1 + bytes of a character reference under way; 0: none */
    uint8_t   ref[CONSENT_PLACE_REF];

    /* Markdown's targets: restore_run.c */
    uint8_t   target;
    uint8_t   definition;
    uint8_t   depth;        /* of parentheses */
    uint8_t   quote;
    uint8_t   mark;         /* the byte before */
    bool      escape;
    bool      blank;        /* the line has had nothing but white space */
    bool      closed;       /* a restored mask's bracket stood here */
} consent_place_t;

/* The beginning of a text; `page`: of HTML. */
void consent_place_init(consent_place_t *p, bool page);

/* The next byte; all beyond ASCII are letters. */
void consent_place_step(consent_place_t *p, uint8_t c);

/* Reads words and spaces at once, where they change nothing; returns where they end, or p. */
const uint8_t *consent_place_skip(consent_place_t *p, const uint8_t *text, const uint8_t *end);

/* A value may stand here, as far as it depends on what comes before. */
bool consent_place_open(const consent_place_t *p);

/* Nothing that follows depends on what stood before: another text may follow this one directly. */
bool consent_place_at_rest(const consent_place_t *p);

/* Behind a value in the place of a mask: some reader may have kept the mask's bracket. */
static inline void
consent_place_closed(consent_place_t *p)
{
    p->closed = true;
}

/* Behind a tag that ends a line of a page. */
void consent_run_break(consent_place_t *p);

/* The next byte of what is text between tags; of everything. */
void consent_run_step(consent_place_t *p, uint8_t c);
void consent_target_step(consent_place_t *p, uint8_t c);

/* What a character reference stands for, as far as it is harmless; 0: it may be anything. */
uint8_t consent_place_reference(const uint8_t *name, size_t len);

static inline bool
consent_place_letter(uint8_t c)
{
    return consent_lower(c) >= 'a' && consent_lower(c) <= 'z';
}

static inline bool
consent_place_space(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r' && c != 0x0b);
}

/* What host names and words are made of. */
static inline bool
consent_place_word(uint8_t c)
{
    return consent_place_letter(c) || (c >= '0' && c <= '9') || c >= 0x80 || c == '-' || c == '_';
}

#endif
