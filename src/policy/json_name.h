/*
 * Names in JSON paths: the steps that a path is written in, and the set of names of all paths, each of them a symbol.
 */

#ifndef CONSENT_JSON_NAME_H
#define CONSENT_JSON_NAME_H

#include "policy/json_path.h"

#define CONSENT_JSON_STEP_MAX  512          /* bytes of a name in a path */

/* One step of a path. */
typedef struct {
    bool     descend;                       /* ..name */
    bool     any;                           /* [*] */
    bool     prefix;                        /* a '*' ends the name: any rest */
    size_t   len;
    uint8_t  name[CONSENT_JSON_STEP_MAX];   /* as names are compared */
} consent_json_step_t;

typedef struct {
    const uint8_t  *at;
    const uint8_t  *end;
    bool            field;
} consent_json_steps_t;

struct consent_json_name_s {
    uint16_t  symbol;
    bool      prefix;
    uint32_t  hash;
    uint32_t  len;
    uint8_t   text[];
};

/* All names, by symbol. */
typedef struct {
    consent_json_name_t   **by_symbol;
    size_t                  n;              /* names; symbols are CONSENT_JSON_NAMES more */
    size_t                  n_prefixes;
    consent_json_paths_t   *paths;
} consent_json_names_t;

/* Reads a pattern step by step: CONSENT_OK, CONSENT_NOTFOUND at its end, CONSENT_MALFORMED. */
void consent_json_steps_begin(consent_json_steps_t *steps, const consent_json_pattern_t *pattern);
consent_rc_t consent_json_steps_next(consent_json_steps_t *steps, consent_json_step_t *step);

/* Gives each name of the patterns a symbol, and fills what paths needs to look names up. What lasts comes from a. */
consent_rc_t consent_json_names_collect(consent_json_names_t *names, consent_json_paths_t *paths, consent_arena_t *a,
    consent_arena_t *scratch, const consent_json_pattern_t *patterns, size_t n);

/* The symbol of a step that has a name. */
uint16_t consent_json_names_symbol(const consent_json_names_t *names, const consent_json_step_t *step);

bool consent_json_names_is_prefix(const consent_json_names_t *names, uint16_t symbol);

/* Every name that is read as `symbol` matches the step whose symbol is `step`. */
bool consent_json_names_cover(const consent_json_names_t *names, uint16_t step, uint16_t symbol);

#endif
