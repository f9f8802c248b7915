/*
 * The form of a policy document: which members there are, of which type, and how their values are written.
 * One table says it; the loader checks documents against it, and a test holds docs/policy.schema.json against
 * it.
 */

#ifndef CONSENT_FORM_H
#define CONSENT_FORM_H

#include "policy/policy.h"

#define CONSENT_FORM_MAX_LIST       256     /* names in one list of carriers */
#define CONSENT_FORM_MAX_SMALL      64      /* recipients, countries, topics, ... */
#define CONSENT_FORM_MAX_DETECTORS  32
#define CONSENT_FORM_MAX_CHANNELS   32
#define CONSENT_FORM_MAX_HOURS      32      /* of one channel */

/* NULL when the value is written as it should be, else a predicate: "must be ..." */
typedef const char *(*consent_format_pt)(consent_slice_t value);

/* A way of writing a string; `name` is that of the definition in the schema's $defs. */
typedef struct {
    const char         *name;
    consent_format_pt   check;
} consent_format_t;

typedef enum {
    CONSENT_SHAPE_STRING = 0,       /* in a format */
    CONSENT_SHAPE_ENUM,             /* a string, one of values */
    CONSENT_SHAPE_BOOLEAN,
    CONSENT_SHAPE_TEXT,             /* an object with a string for each of the policy's languages */
    CONSENT_SHAPE_ARRAY,
    CONSENT_SHAPE_OBJECT,
    CONSENT_SHAPE_EITHER            /* a string that is one of values, or an object */
} consent_shape_kind_t;

typedef struct consent_shape_s   consent_shape_t;
typedef struct consent_member_s  consent_member_t;

struct consent_shape_s {
    consent_shape_kind_t      kind;
    const consent_format_t   *format;       /* STRING */
    const char *const        *values;       /* ENUM, EITHER; NULL ends */
    const consent_member_t   *members;      /* OBJECT, EITHER; a NULL name ends */
    const consent_shape_t    *items;        /* ARRAY */
    size_t                    min;          /* ARRAY: how many there may be; none twice */
    size_t                    max;
};

struct consent_member_s {
    const char             *name;
    const consent_shape_t  *shape;
    bool                    required;
};

/* The shape of a whole document. */
extern const consent_shape_t  consent_policy_shape;

/* Words in the order of their enums; NULL ends. */
extern const char *const  consent_form_bases[];
extern const char *const  consent_form_channels[];
extern const char *const  consent_form_days[];
extern const char *const  consent_form_detectors[];

extern const consent_format_t  consent_format_id;           /* A-Z a-z 0-9 . _ -, 1 to 64 of them */
extern const consent_format_t  consent_format_name;         /* up to 200 characters */
extern const consent_format_t  consent_format_text;         /* up to 1000 characters */
extern const consent_format_t  consent_format_language;     /* BCP 47 */
extern const consent_format_t  consent_format_country;      /* ISO 3166-1, two letters; EU too */
extern const consent_format_t  consent_format_url;          /* http or https */
extern const consent_format_t  consent_format_email;
extern const consent_format_t  consent_format_phone;
extern const consent_format_t  consent_format_duration;     /* ISO 8601 */
extern const consent_format_t  consent_format_date;         /* YYYY-MM-DD */
extern const consent_format_t  consent_format_clock;        /* HH:MM, 00:00 to 24:00 */
extern const consent_format_t  consent_format_term;         /* prefix:Name of a vocabulary */
extern const consent_format_t  consent_format_zone;         /* form of a time zone's name */
extern const consent_format_t  consent_format_media;        /* type/subtype or type/ * */
extern const consent_format_t  consent_format_header;       /* carriers */
extern const consent_format_t  consent_format_cookie;
extern const consent_format_t  consent_format_argument;
extern const consent_format_t  consent_format_json;         /* the JSONPath subset */
extern const consent_format_t  consent_format_path;         /* a pattern of paths */
extern const consent_format_t  consent_format_regex;

/* Minutes after midnight of a well-formed clock time, else -1. */
int consent_form_minutes(consent_slice_t clock);

/* Checks a document against a shape; texts must be in each of the n languages (0: any). Adds a fault for
 * everything that is wrong. */
void consent_form_check(consent_faults_t *faults, const consent_shape_t *shape, const consent_json_t *v,
    const consent_slice_t *languages, size_t n);

/* The candidate that was probably meant by `word`, or NULL; candidates end with NULL. */
const char *consent_form_suggest(consent_slice_t word, const char *const *candidates);

/* How far two words are apart: letters missing, added, changed or swapped; more than `most` gives most + 1. */
size_t consent_form_distance(consent_slice_t a, consent_slice_t b, size_t most);


/* Adds a fault (a sentence in printf form) at the value's place, or at its name's. */
void consent_fault_at(consent_faults_t *faults, const consent_json_t *v, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void consent_fault_at_name(consent_faults_t *faults, const consent_json_t *v, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void consent_fault_warn(consent_faults_t *faults, const consent_json_t *v, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void consent_fault_place(consent_faults_t *faults, uint32_t line, uint32_t column, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* A value as it may stand in a message: cut, and without control characters. */
typedef struct {
    char  text[128];
} consent_quote_t;

consent_quote_t consent_quote(consent_slice_t s);

#endif
