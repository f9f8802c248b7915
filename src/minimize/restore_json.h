/*
 * A resumable JSON scanner that says where strings and scalars stand, and under which names. It knows which members
 * hold what programs act on: there nothing is restored.
 */

#ifndef CONSENT_RESTORE_JSON_H
#define CONSENT_RESTORE_JSON_H

#include "base/base.h"

#define CONSENT_RESTORE_DEPTH  60
#define CONSENT_RESTORE_WORD   64   /* bytes kept of a name or scalar */

typedef enum {
    CONSENT_RESTORE_MORE = 0,       /* the input is used up */
    CONSENT_RESTORE_STRING,         /* a string's content begins: to be read, then consent_restore_json_close() */
    CONSENT_RESTORE_SCALAR,         /* a number, true, false or null is complete, it is in `word` */
    CONSENT_RESTORE_OTHER           /* this is no JSON, or nested too deeply: nothing more can be said of it */
} consent_restore_event_t;

typedef struct {
    uint8_t   state;
    uint8_t   depth;
    uint8_t   closed;               /* depth of the container that is closed to restoring; 0: none */
    bool      member;               /* the value's own name closes it */
    uint8_t   word_len;             /* CONSENT_RESTORE_WORD + 1: longer */
    uint8_t   name_len;             /* of the innermost name, without what is no letter or digit, in lower case */
    uint8_t   escape;
    uint8_t   digits;
    uint16_t  code;
    uint64_t  objects;              /* a bit for each depth */
    uint64_t  value;                /* consent_restore_path() of the value under way */
    uint64_t  path[CONSENT_RESTORE_DEPTH + 1];
    uint8_t   word[CONSENT_RESTORE_WORD];
    uint8_t   name[CONSENT_RESTORE_WORD];
} consent_restore_json_t;

void consent_restore_json_init(consent_restore_json_t *j);

/* Reads on from *p to the next event. */
consent_restore_event_t consent_restore_json_scan(consent_restore_json_t *j, const uint8_t **p, const uint8_t *end);

/* Reads a string's content into `word`; true: *p stands at its closing quote. */
bool consent_restore_json_skip(consent_restore_json_t *j, const uint8_t **p, const uint8_t *end);

/* Behind a string's closing quote. */
void consent_restore_json_close(consent_restore_json_t *j);

/* The rest of the container under way is closed to restoring. */
static inline void
consent_restore_json_forbid(consent_restore_json_t *j)
{
    if (j->closed == 0) {
        j->closed = j->depth;
    }
}

/* Nothing may be restored in the value under way. */
static inline bool
consent_restore_json_forbidden(const consent_restore_json_t *j)
{
    return j->closed > 0 || j->member;
}

bool consent_restore_json_done(const consent_restore_json_t *j);    /* a whole value, and nothing behind it */

static inline bool
consent_restore_json_word(const consent_restore_json_t *j, const char *word)
{
    return consent_slice_eq(consent_slice(j->word, j->word_len), consent_cstr(word));
}

/* Where a value stands, as a number: "/choices/" then "*" for an element of an array, "/delta", … */
static inline uint64_t
consent_restore_path(uint64_t path, consent_slice_t more)
{
    size_t  i;

    for (i = 0; i < more.len; i++) {
        path = (path ^ more.data[i]) * UINT64_C(0x100000001b3);
    }

    return path;
}

#define CONSENT_RESTORE_ROOT  UINT64_C(0xcbf29ce484222325)

static inline bool
consent_restore_json_at(const consent_restore_json_t *j, const char *path)
{
    return j->value == consent_restore_path(CONSENT_RESTORE_ROOT, consent_cstr(path));
}

/* A name, or a type, of what is an address, is for a program, or is signed. */
bool consent_restore_reserved(const uint8_t *name, size_t len);

#endif
