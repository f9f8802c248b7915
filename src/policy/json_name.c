/*
 * Steps of JSON paths, and the table of all names in them.
 */

#include "policy/json_name.h"

#define NAME_HASH_SEED   0x811c9dc5U        /* FNV-1a */
#define NAME_HASH_PRIME  0x01000193U
#define NAME_MOST        (0x7fff - CONSENT_JSON_NAMES)

static bool step_member(consent_json_steps_t *steps, consent_json_step_t *step);
static bool step_quoted(consent_json_steps_t *steps, consent_json_step_t *step);
static bool step_name(consent_json_step_t *step, bool open);
static consent_rc_t name_enter(consent_json_names_t *names, consent_arena_t *a, const consent_json_step_t *step);
static const consent_json_name_t *name_exact(const consent_json_paths_t *paths, const uint8_t *name, size_t len);
static void name_letters(consent_json_paths_t *paths, const consent_json_name_t *name);
static void name_order(consent_json_paths_t *paths);
static bool name_as_written(const consent_json_paths_t *paths, uint16_t *symbol, const uint8_t *name, size_t len);
static uint16_t name_symbol(const consent_json_paths_t *paths, const uint8_t *name, size_t len);


static uint32_t
name_hash(const uint8_t *name, size_t len)
{
    size_t    i;
    uint32_t  hash;

    hash = NAME_HASH_SEED;

    for (i = 0; i < len; i++) {
        hash = (hash ^ name[i]) * NAME_HASH_PRIME;
    }

    return hash;
}


void
consent_json_steps_begin(consent_json_steps_t *steps, const consent_json_pattern_t *pattern)
{
    steps->at = pattern->path.data;
    steps->end = steps->at + pattern->path.len;
    steps->field = pattern->field;

    if (!steps->field && pattern->path.len > 0 && *steps->at == '$') {
        steps->at++;
    }
}


consent_rc_t
consent_json_steps_next(consent_json_steps_t *steps, consent_json_step_t *step)
{
    bool  good;

    memset(step, 0, offsetof(consent_json_step_t, name));

    if (steps->at == steps->end) {
        return CONSENT_NOTFOUND;
    }

    if (steps->field) {
        good = steps->end - steps->at <= CONSENT_JSON_STEP_MAX;

        if (good) {
            step->len = (size_t) (steps->end - steps->at);
            memcpy(step->name, steps->at, step->len);
            steps->at = steps->end;
            good = step_name(step, true);
        }

    } else if (*steps->at == '.') {
        good = step_member(steps, step);

    } else if (steps->end - steps->at >= 3 && memcmp(steps->at, "[*]", 3) == 0) {
        step->any = true;
        steps->at += 3;
        good = true;

    } else {
        good = step_quoted(steps, step);
    }

    return good ? CONSENT_OK : CONSENT_MALFORMED;
}


static bool
step_member(consent_json_steps_t *steps, consent_json_step_t *step)
{
    const uint8_t  *p;

    p = steps->at + 1;

    if (p < steps->end && *p == '.') {
        step->descend = true;
        p++;
    }

    for ( /* void */ ; p < steps->end && *p != '.' && *p != '['; p++) {
        if (step->len == CONSENT_JSON_STEP_MAX) {
            return false;
        }

        step->name[step->len++] = *p;
    }

    steps->at = p;

    return step_name(step, false);
}


static bool
step_quoted(consent_json_steps_t *steps, consent_json_step_t *step)
{
    const uint8_t  *p, *end;

    p = steps->at;
    end = steps->end;

    if (end - p < 2 || p[0] != '[' || p[1] != '\'') {
        return false;
    }

    for (p += 2; p < end && *p != '\''; p++) {
        p += *p == '\\';

        if (p == end || step->len == CONSENT_JSON_STEP_MAX) {
            return false;
        }

        step->name[step->len++] = *p;
    }

    if (end - p < 2 || p[1] != ']') {
        return false;
    }

    steps->at = p + 2;

    return step_name(step, true);
}


/* `open`: a '*' at the end stands for any rest. */
static bool
step_name(consent_json_step_t *step, bool open)
{
    if (step->len == 0) {
        return false;
    }

    if (open && step->name[step->len - 1] == '*') {
        step->prefix = true;
        step->len--;
    }

    step->len = consent_json_name_fold(step->name, step->name, step->len);

    return true;
}


consent_rc_t
consent_json_names_collect(consent_json_names_t *names, consent_json_paths_t *paths, consent_arena_t *a,
    consent_arena_t *scratch, const consent_json_pattern_t *patterns, size_t n)
{
    size_t                i, most;
    consent_rc_t          rc;
    consent_json_step_t   step;
    consent_json_steps_t  steps;

    most = 0;

    for (i = 0; i < n; i++) {
        consent_json_steps_begin(&steps, &patterns[i]);

        while ((rc = consent_json_steps_next(&steps, &step)) == CONSENT_OK) {
            most += !step.any;
        }

        if (rc != CONSENT_NOTFOUND) {
            return rc;
        }
    }

    if (most > NAME_MOST) {
        return CONSENT_LIMIT;
    }

    names->paths = paths;
    names->by_symbol = consent_arena_array(scratch, most, sizeof(consent_json_name_t *));

    /* at least half of it empty, so that every search ends soon */
    for (paths->size = 4; paths->size < most * 2; paths->size *= 2) { /* void */ }

    paths->table = consent_arena_array(a, paths->size, sizeof(consent_json_name_t *));
    paths->prefixes = consent_arena_array(a, most, sizeof(consent_json_name_t *));

    if (names->by_symbol == NULL || paths->table == NULL || paths->prefixes == NULL) {
        return CONSENT_NOMEM;
    }

    for (i = 0; i < n; i++) {
        consent_json_steps_begin(&steps, &patterns[i]);

        while (consent_json_steps_next(&steps, &step) == CONSENT_OK) {
            rc = step.any ? CONSENT_OK : name_enter(names, a, &step);

            if (rc != CONSENT_OK) {
                return rc;
            }
        }
    }

    names->n_prefixes = paths->n_prefixes;
    name_order(paths);

    paths->n_symbols = CONSENT_JSON_NAMES + names->n;
    paths->anywhere = consent_arena_array(a, paths->n_symbols, sizeof(consent_json_place_t));

    return paths->anywhere == NULL ? CONSENT_NOMEM : CONSENT_OK;
}


/* Enters a name that is new. */
static consent_rc_t
name_enter(consent_json_names_t *names, consent_arena_t *a, const consent_json_step_t *step)
{
    size_t                 i;
    consent_json_name_t   *name;
    consent_json_paths_t  *paths;

    if (consent_json_names_symbol(names, step) != CONSENT_JSON_OTHER) {
        return CONSENT_OK;
    }

    name = consent_arena_alloc(a, sizeof(consent_json_name_t) + step->len);

    if (name == NULL) {
        return CONSENT_NOMEM;
    }

    paths = names->paths;
    name->symbol = (uint16_t) (CONSENT_JSON_NAMES + names->n);
    name->prefix = step->prefix;
    name->len = (uint32_t) step->len;
    name->hash = name_hash(step->name, step->len);
    memcpy(name->text, step->name, step->len);

    names->by_symbol[names->n++] = name;
    name_letters(paths, name);

    if (name->prefix) {
        paths->prefixes[paths->n_prefixes++] = name;
        return CONSENT_OK;
    }

    for (i = name->hash & (paths->size - 1); paths->table[i] != NULL; i = (i + 1) & (paths->size - 1)) { /* void */ }

    paths->table[i] = name;

    return CONSENT_OK;
}


uint16_t
consent_json_names_symbol(const consent_json_names_t *names, const consent_json_step_t *step)
{
    size_t                       i;
    const consent_json_name_t   *name;
    const consent_json_paths_t  *paths;

    paths = names->paths;

    if (!step->prefix) {
        name = name_exact(paths, step->name, step->len);
        return name == NULL ? CONSENT_JSON_OTHER : name->symbol;
    }

    for (i = 0; i < paths->n_prefixes; i++) {
        name = paths->prefixes[i];

        if (name->len == step->len && memcmp(name->text, step->name, step->len) == 0) {
            return name->symbol;
        }
    }

    return CONSENT_JSON_OTHER;
}


bool
consent_json_names_is_prefix(const consent_json_names_t *names, uint16_t symbol)
{
    return symbol >= CONSENT_JSON_NAMES && names->by_symbol[symbol - CONSENT_JSON_NAMES]->prefix;
}


bool
consent_json_names_cover(const consent_json_names_t *names, uint16_t step, uint16_t symbol)
{
    const consent_json_name_t  *wide, *narrow;

    wide = names->by_symbol[step - CONSENT_JSON_NAMES];
    narrow = names->by_symbol[symbol - CONSENT_JSON_NAMES];

    return step == symbol
           || (wide->prefix && wide->len <= narrow->len && memcmp(wide->text, narrow->text, wide->len) == 0);
}


uint16_t
consent_json_paths_symbol(const consent_json_paths_t *paths, const uint8_t *name, size_t len)
{
    size_t          n;
    uint16_t        symbol, cut;
    const uint8_t  *nul;
    uint8_t         text[CONSENT_JSON_NAME_MAX];

    if (len > CONSENT_JSON_NAME_MAX) {
        return CONSENT_JSON_UNSURE;
    }

    if (paths->n_prefixes == 0 && name_as_written(paths, &symbol, name, len)) {
        return symbol;
    }

    n = consent_json_name_fold(text, name, len);
    symbol = name_symbol(paths, text, n);
    nul = memchr(text, '\0', n);

    if (nul == NULL) {
        return symbol;
    }

    n = consent_json_name_fold(text, text, (size_t) (nul - text));
    cut = name_symbol(paths, text, n);

    return cut == CONSENT_JSON_OTHER || cut == symbol ? symbol : CONSENT_JSON_UNSURE;
}


/* A name that is written as the policy's are needs no folding. False: it is not, or there is none like it. */
static bool
name_as_written(const consent_json_paths_t *paths, uint16_t *symbol, const uint8_t *name, size_t len)
{
    const consent_json_name_t  *known;

    known = name_exact(paths, name, len);

    if (known == NULL) {
        return false;
    }

    *symbol = known->symbol;

    return true;
}


static uint16_t
name_symbol(const consent_json_paths_t *paths, const uint8_t *name, size_t len)
{
    size_t                      i;
    const consent_json_name_t  *known;

    known = name_exact(paths, name, len);

    for (i = 0; known == NULL && i < paths->n_prefixes; i++) {
        if (paths->prefixes[i]->len <= len && memcmp(paths->prefixes[i]->text, name, paths->prefixes[i]->len) == 0) {
            known = paths->prefixes[i];
        }
    }

    return known == NULL ? CONSENT_JSON_OTHER : known->symbol;
}


static const consent_json_name_t *
name_exact(const consent_json_paths_t *paths, const uint8_t *name, size_t len)
{
    size_t                      i;
    uint32_t                    hash;
    const consent_json_name_t  *known;

    hash = name_hash(name, len);

    for (i = hash & (paths->size - 1); paths->table[i] != NULL; i = (i + 1) & (paths->size - 1)) {
        known = paths->table[i];

        if (known->hash == hash && known->len == len && memcmp(known->text, name, len) == 0) {
            return known;
        }
    }

    return NULL;
}


/* For the quick no. Letters of either case have the same five bits; names that are not plain ASCII never come to it. */
static void
name_letters(consent_json_paths_t *paths, const consent_json_name_t *name)
{
    size_t    n;
    uint32_t  first;

    first = name->len == 0 ? UINT32_MAX : (uint32_t) 1 << (name->text[0] & 31);

    if (!name->prefix) {
        n = name->len < 63 ? name->len : 63;
        paths->first[n] |= first;
        paths->last[n] |= name->len == 0 ? UINT32_MAX : (uint32_t) 1 << (name->text[name->len - 1] & 31);
        paths->middle[n] |= name->len == 0 ? UINT32_MAX : (uint32_t) 1 << (name->text[name->len / 2] & 31);
        return;
    }

    for (n = name->len < 63 ? name->len : 63; n < 64; n++) {
        paths->first[n] |= first;
        paths->middle[n] = UINT32_MAX;
        paths->last[n] = UINT32_MAX;
    }
}


/* The longest prefix that a name has says which shorter ones it has. */
static void
name_order(consent_json_paths_t *paths)
{
    size_t                      i, k;
    const consent_json_name_t  *name;

    for (i = 1; i < paths->n_prefixes; i++) {
        name = paths->prefixes[i];

        for (k = i; k > 0 && paths->prefixes[k - 1]->len < name->len; k--) {
            paths->prefixes[k] = paths->prefixes[k - 1];
        }

        paths->prefixes[k] = name;
    }
}
