/*
 * Carrier names: an open hash of exact names, a short list of prefixes, and bit sets that say no before either.
 */

#include "policy/names.h"

struct consent_name_s {
    consent_mask_t  mask;
    uint32_t        hash;
    uint32_t        len;        /* without the '*' */
    uint8_t         text[];     /* in lower case; and behind it as it is written, in which spelling most names come */
};

#define NAMES_MAX_LEN     4096                              /* of a pattern; a policy's are far shorter */
#define NAMES_HASH_BITS   UINT64_C(0x0d0d0d0d0d0d0d0d)      /* what a letter has in either case, and both '-' and '_' */
#define NAMES_HASH_PRIME  UINT64_C(0x9e3779b97f4a7c15)

static consent_mask_t names_find(const consent_names_t *names, consent_slice_t name, bool structured, bool header)
    __attribute__((noinline));
static consent_mask_t names_probe(const consent_names_t *names, consent_slice_t name, size_t *probed, bool header);
static uint32_t names_hash(consent_slice_t name);
static consent_mask_t names_prefixed(const consent_names_t *names, consent_slice_t name, bool header);
static bool names_add(consent_names_t *names, consent_arena_t *a, consent_slice_t pattern, consent_mask_t mask);
static inline bool names_equal(const uint8_t *text, const uint8_t *name, size_t len);
static bool names_same(const uint8_t *text, const uint8_t *name, size_t len, bool header);
static bool names_well_formed(consent_slice_t pattern);


/* For the hash and the initials '_' is '-' everywhere; the comparison tells them apart where they differ. */
static inline uint8_t
names_fold(uint8_t c)
{
    c = consent_lower(c);

    return (uint8_t) (c == '_' ? '-' : c);
}


static inline uint64_t
names_letter(uint8_t c)
{
    return (uint64_t) 1 << (names_fold(c) & 63);
}


static inline uint64_t
names_length(size_t len)
{
    return (uint64_t) 1 << (len < 63 ? len : 63);
}


consent_rc_t
consent_names_compile(consent_names_t *names, consent_arena_t *a, const consent_slice_t *patterns,
    const consent_mask_t *masks, size_t n)
{
    size_t  i, exact;

    memset(names, 0, sizeof(consent_names_t));

    exact = 0;

    for (i = 0; i < n; i++) {
        if (!names_well_formed(patterns[i])) {
            return CONSENT_MALFORMED;
        }

        exact += patterns[i].data[patterns[i].len - 1] != '*';
    }

    if (n == 0) {
        return CONSENT_OK;
    }

    /* at least half of it empty, so that every search ends soon */
    for (names->size = 4; names->size < exact * 2; names->size *= 2) { /* void */ }

    names->table = consent_arena_array(a, names->size, sizeof(consent_name_t *));
    names->prefixes = consent_arena_array(a, n - exact, sizeof(consent_name_t *));

    if (names->table == NULL || names->prefixes == NULL) {
        memset(names, 0, sizeof(consent_names_t));
        return CONSENT_NOMEM;
    }

    for (i = 0; i < n; i++) {
        if (!names_add(names, a, patterns[i], masks[i])) {
            memset(names, 0, sizeof(consent_names_t));
            return CONSENT_NOMEM;
        }
    }

    return CONSENT_OK;
}


/* Most names end here, before the search has so much as a stack frame. */
static inline bool
names_surely_unknown(const consent_names_t *names, consent_slice_t name)
{
    return name.len > 0 && name.data[0] > ' ' && !(names->initials & names_letter(name.data[0]));
}


consent_mask_t
consent_names_find(const consent_names_t *names, consent_slice_t name, bool structured)
{
    return names_surely_unknown(names, name) ? 0 : names_find(names, name, structured, false);
}


consent_mask_t
consent_names_find_plain(const consent_names_t *names, consent_slice_t name)
{
    size_t          probed;
    consent_mask_t  mask;

    if (!(names->initials & names_letter(name.data[0]))) {
        return 0;
    }

    mask = names->n_prefixes != 0 ? names_prefixed(names, name, false) : 0;
    probed = 0;

    return mask | names_probe(names, name, &probed, false);
}


consent_mask_t
consent_names_find_header(const consent_names_t *names, consent_slice_t name)
{
    return names_surely_unknown(names, name) ? 0 : names_find(names, name, false, true);
}


bool
consent_names_overlap(consent_slice_t a, consent_slice_t b, bool header)
{
    bool    a_open, b_open;
    size_t  len;

    a_open = a.len > 0 && a.data[a.len - 1] == '*';
    b_open = b.len > 0 && b.data[b.len - 1] == '*';

    a.len -= a_open;
    b.len -= b_open;

    if ((a.len > b.len && !b_open) || (b.len > a.len && !a_open)) {
        return false;
    }

    len = a.len < b.len ? a.len : b.len;

    return names_same(a.data, b.data, len, header);
}


bool
consent_names_cover(consent_slice_t wide, consent_slice_t narrow, bool header)
{
    bool  open;

    open = narrow.len > 0 && narrow.data[narrow.len - 1] == '*';

    if (wide.len == 0 || wide.data[wide.len - 1] != '*') {
        return !open && wide.len == narrow.len && names_same(wide.data, narrow.data, wide.len, header);
    }

    return narrow.len - open >= wide.len - 1 && names_same(wide.data, narrow.data, wide.len - 1, header);
}


static consent_mask_t
names_find(const consent_names_t *names, consent_slice_t name, bool structured, bool header)
{
    uint8_t         c;
    size_t          i, probed;
    consent_mask_t  mask;

    while (name.len > 0 && name.data[0] <= ' ') {
        name.data++;
        name.len--;
    }

    while (name.len > 0 && name.data[name.len - 1] <= ' ') {
        name.len--;
    }

    if (name.len == 0) {
        /* a value without a name is what "*" alone covers */
        return names->initials == UINT64_MAX ? names_prefixed(names, name, header) : 0;
    }

    if (!(names->initials & names_letter(name.data[0]))) {
        return 0;
    }

    mask = names->n_prefixes != 0 ? names_prefixed(names, name, header) : 0;

    probed = 0;

    if (!structured && memchr(name.data, '\0', name.len) == NULL) {
        return mask | names_probe(names, name, &probed, header);
    }

    for (i = 0; i < name.len; i++) {
        c = name.data[i];

        if (c <= '.' ? c == '\0' || (structured && c == '.') : structured && c == '[') {
            mask |= names_probe(names, consent_slice(name.data, i), &probed, header);
        }
    }

    return mask | names_probe(names, name, &probed, header);
}


/* One place where the name may end; `probed` bytes were the name at an earlier one. */
static consent_mask_t
names_probe(const consent_names_t *names, consent_slice_t name, size_t *probed, bool header)
{
    size_t                 i;
    uint32_t               hash;
    consent_mask_t         mask;
    const consent_name_t  *known;

    while (name.len > *probed && name.data[name.len - 1] <= ' ') {
        name.len--;
    }

    if (name.len <= *probed) {
        return 0;
    }

    *probed = name.len;

    if (!(names->lengths & names_length(name.len)) || !(names->finals & names_letter(name.data[name.len - 1]))) {
        return 0;
    }

    hash = names_hash(name);
    mask = 0;

    for (i = hash & (names->size - 1); names->table[i] != NULL; i = (i + 1) & (names->size - 1)) {
        known = names->table[i];

        if (known->hash == hash && known->len == name.len
            && (names_equal(known->text + known->len, name.data, name.len)
                || names_same(known->text, name.data, name.len, header)))
        {
            mask |= known->mask;
        }
    }

    return mask;
}


/* Of a name's length and of the eight bytes at either end, in which those of a policy differ; the same in any case. The
 * name is not empty. */
static uint32_t
names_hash(consent_slice_t name)
{
    uint32_t  half;
    uint64_t  first, last, hash;

    if (name.len >= 8) {
        memcpy(&first, name.data, 8);
        memcpy(&last, name.data + name.len - 8, 8);

    } else if (name.len >= 4) {
        memcpy(&half, name.data, 4);
        first = half;
        memcpy(&half, name.data + name.len - 4, 4);
        last = half;

    } else {
        first = name.data[0] | (uint64_t) name.data[name.len / 2] << 8;
        last = name.data[name.len - 1];
    }

    hash = ((first & NAMES_HASH_BITS) * NAMES_HASH_PRIME) ^ (last & NAMES_HASH_BITS);
    hash = ((hash ^ hash >> 32) + name.len) * NAMES_HASH_PRIME;

    return (uint32_t) (hash >> 32);
}


static consent_mask_t
names_prefixed(const consent_names_t *names, consent_slice_t name, bool header)
{
    size_t                 i;
    consent_mask_t         mask;
    const consent_name_t  *prefix;

    mask = 0;

    for (i = 0; i < names->n_prefixes; i++) {
        prefix = names->prefixes[i];

        if (prefix->len <= name.len
            && (prefix->len == 0 || names_fold(prefix->text[0]) == names_fold(name.data[0]))
            && names_same(prefix->text, name.data, prefix->len, header))
        {
            mask |= prefix->mask;
        }
    }

    return mask;
}


/* Adds a well-formed pattern; there is room. False when out of memory. */
static bool
names_add(consent_names_t *names, consent_arena_t *a, consent_slice_t pattern, consent_mask_t mask)
{
    bool             open;
    size_t           i;
    consent_name_t  *name;

    open = pattern.data[pattern.len - 1] == '*';
    pattern.len -= open;

    name = consent_arena_alloc(a, sizeof(consent_name_t) + 2 * pattern.len);
    if (name == NULL) {
        return false;
    }

    name->mask = mask;
    name->len = (uint32_t) pattern.len;

    for (i = 0; i < pattern.len; i++) {
        name->text[i] = consent_lower(pattern.data[i]);
        name->text[pattern.len + i] = pattern.data[i];
    }

    names->initials |= pattern.len == 0 ? UINT64_MAX : names_letter(pattern.data[0]);

    if (open) {
        names->prefixes[names->n_prefixes++] = name;
        return true;
    }

    name->hash = names_hash(pattern);
    names->lengths |= names_length(pattern.len);
    names->finals |= names_letter(pattern.data[pattern.len - 1]);

    for (i = name->hash & (names->size - 1); names->table[i] != NULL; i = (i + 1) & (names->size - 1)) { /* void */ }

    names->table[i] = name;

    return true;
}


/* Equal to the letter; most names are so short that a call would cost more than this. */
static inline bool
names_equal(const uint8_t *text, const uint8_t *name, size_t len)
{
    uint32_t  half[4];
    uint64_t  word[4];

    if (len > 16 || len < 4) {
        return len == 0 || memcmp(text, name, len) == 0;
    }

    if (len >= 8) {
        memcpy(&word[0], text, 8);
        memcpy(&word[1], name, 8);
        memcpy(&word[2], text + len - 8, 8);
        memcpy(&word[3], name + len - 8, 8);

        return word[0] == word[1] && word[2] == word[3];
    }

    memcpy(&half[0], text, 4);
    memcpy(&half[1], name, 4);
    memcpy(&half[2], text + len - 4, 4);
    memcpy(&half[3], name + len - 4, 4);

    return half[0] == half[1] && half[2] == half[3];
}


/* Equal whatever their ASCII case; `header`: and with '_' for '-'. */
static bool
names_same(const uint8_t *text, const uint8_t *name, size_t len, bool header)
{
    size_t  i;

    if (names_equal(text, name, len)) {
        return true;
    }

    for (i = 0; i < len; i++) {
        if (text[i] == name[i]) {
            continue;
        }

        if (header ? names_fold(text[i]) != names_fold(name[i]) : consent_lower(text[i]) != consent_lower(name[i])) {
            return false;
        }
    }

    return true;
}


static bool
names_well_formed(consent_slice_t pattern)
{
    return pattern.len > 0 && pattern.len <= NAMES_MAX_LEN && pattern.data[0] > ' '
           && pattern.data[pattern.len - 1] > ' '
           && memchr(pattern.data, '\0', pattern.len) == NULL
           && memchr(pattern.data, '*', pattern.len - 1) == NULL;
}
