/*
 * Masks and the values they stand for: two hash tables over the same entries, one by label and canonical spelling,
 * one by the mask's text. Each entry is one block of memory that stays where it is.
 */

#include "minimize/masks.h"
#include "base/digest.h"
#include "base/siphash.h"

#include <stdio.h>
#include <stdlib.h>

#define MASKS_LABEL  48             /* bytes of a label; with brackets, a space and a number it fits CONSENT_MASK_LEN */
#define MASKS_FIRST  16             /* slots of the first tables; they stay at most half full */

typedef struct masks_label_s  masks_label_t;

struct masks_label_s {
    masks_label_t  *next;
    size_t          given;          /* masks with this label */
    size_t          len;
    size_t          said_len;
    uint8_t         text[MASKS_LABEL];
    uint8_t         said[MASKS_LABEL];      /* as it was first given, where there is room for it */
};

typedef struct {
    masks_label_t  *label;
    uint64_t        hash;           /* of the canonical spelling */
    uint64_t        mask_hash;
    size_t          value_len;
    size_t          same_len;
    size_t          mask_len;
    uint8_t         mask[CONSENT_MASK_LEN];
    uint8_t         bytes[];        /* the value, and `same` behind it */
} masks_entry_t;

struct consent_masks_s {
    uint64_t         key[2];
    masks_label_t   *labels;
    masks_entry_t  **values;        /* `slots` of each table; NULL: free */
    masks_entry_t  **masks;
    size_t           slots;         /* a power of two */
    size_t           n;
    size_t           longest;
    bool             full;          /* the mask that stands for no value was given */
};

static const char  masks_beyond[] = "[withheld]";

static masks_label_t *masks_label(consent_masks_t *masks, consent_slice_t label);
static size_t masks_reduce(uint8_t out[static MASKS_LABEL], consent_slice_t label);
static bool masks_grow(consent_masks_t *masks);
static void masks_put(masks_entry_t **table, size_t slots, uint64_t hash, masks_entry_t *entry);
static uint64_t masks_hash(const consent_masks_t *masks, consent_slice_t s);


consent_masks_t *
consent_masks_create(void)
{
    consent_masks_t  *masks;

    static bool      drawn;
    static uint64_t  key[2];

    /* nobody chooses values that all fall into one slot; a key lasts as long as the process, for drawing one costs more
     * than all that most requests do here */
    if (!drawn && consent_random(key, sizeof(key)) != CONSENT_OK) {
        return NULL;
    }

    drawn = true;
    masks = calloc(1, sizeof(consent_masks_t));

    if (masks != NULL) {
        memcpy(masks->key, key, sizeof(key));
    }

    return masks;
}


void
consent_masks_destroy(consent_masks_t *masks)
{
    size_t          i;
    masks_entry_t  *entry;
    masks_label_t  *label;

    if (masks == NULL) {
        return;
    }

    for (i = 0; i < masks->slots; i++) {
        entry = masks->values[i];

        if (entry != NULL) {
            consent_wipe(entry, sizeof(masks_entry_t) + entry->value_len + entry->same_len);
            free(entry);
        }
    }

    while (masks->labels != NULL) {
        label = masks->labels;
        masks->labels = label->next;
        free(label);
    }

    free(masks->values);
    free(masks->masks);
    consent_wipe(masks, sizeof(consent_masks_t));
    free(masks);
}


consent_rc_t
consent_masks_give(consent_masks_t *masks, consent_slice_t label, consent_slice_t value, consent_slice_t same,
    consent_slice_t *mask)
{
    size_t          i;
    uint64_t        hash;
    masks_entry_t  *entry;
    masks_label_t  *of;

    of = masks_label(masks, label);
    if (of == NULL) {
        return CONSENT_NOMEM;
    }

    hash = masks_hash(masks, same);

    for (i = hash; masks->slots > 0; i++) {
        entry = masks->values[i & (masks->slots - 1)];

        if (entry == NULL) {
            break;
        }

        if (entry->hash == hash && entry->label == of
            && consent_slice_eq(consent_slice(entry->bytes + entry->value_len, entry->same_len), same))
        {
            *mask = consent_slice(entry->mask, entry->mask_len);
            return CONSENT_OK;
        }
    }

    if (masks->n == CONSENT_MASK_MAX || value.len > CONSENT_MASK_MAX_VALUE || same.len > CONSENT_MASK_MAX_VALUE) {

        if (!masks->full) {
            masks->full = true;
            masks->longest = masks->longest < sizeof(masks_beyond) - 1 ? sizeof(masks_beyond) - 1 : masks->longest;
        }

        *mask = consent_lit(masks_beyond);
        return CONSENT_OK;
    }

    if (2 * (masks->n + 1) > masks->slots && !masks_grow(masks)) {
        return CONSENT_NOMEM;
    }

    entry = malloc(sizeof(masks_entry_t) + value.len + same.len);
    if (entry == NULL) {
        return CONSENT_NOMEM;
    }

    entry->label = of;
    entry->hash = hash;
    entry->value_len = value.len;
    entry->same_len = same.len;

    if (value.len > 0) {
        memcpy(entry->bytes, value.data, value.len);
    }

    if (same.len > 0) {
        memcpy(entry->bytes + value.len, same.data, same.len);
    }

    entry->mask_len = (size_t) snprintf((char *) entry->mask, sizeof(entry->mask), "[%.*s %zu]", (int) of->len,
                                        (const char *) of->text, of->given + 1);
    entry->mask_hash = masks_hash(masks, consent_slice(entry->mask, entry->mask_len));

    of->given++;
    masks->n++;
    masks->longest = masks->longest < entry->mask_len ? entry->mask_len : masks->longest;

    masks_put(masks->values, masks->slots, entry->hash, entry);
    masks_put(masks->masks, masks->slots, entry->mask_hash, entry);

    *mask = consent_slice(entry->mask, entry->mask_len);

    return CONSENT_OK;
}


consent_slice_t
consent_masks_value(const consent_masks_t *masks, consent_slice_t mask)
{
    size_t                i;
    uint64_t              hash;
    const masks_entry_t  *entry;

    if (masks->slots == 0 || mask.len > CONSENT_MASK_LEN) {
        return consent_slice(NULL, 0);
    }

    hash = masks_hash(masks, mask);

    for (i = hash; /* void */ ; i++) {
        entry = masks->masks[i & (masks->slots - 1)];

        if (entry == NULL) {
            return consent_slice(NULL, 0);
        }

        if (entry->mask_hash == hash && consent_slice_eq(consent_slice(entry->mask, entry->mask_len), mask)) {
            return consent_slice(entry->bytes, entry->value_len);
        }
    }
}


size_t
consent_masks_count(const consent_masks_t *masks)
{
    return masks->n;
}


size_t
consent_masks_longest(const consent_masks_t *masks)
{
    return masks->longest;
}


/* Labels that read the same once they are reduced count together, or two values would have one mask. */
static masks_label_t *
masks_label(consent_masks_t *masks, consent_slice_t label)
{
    size_t          len;
    uint8_t         text[MASKS_LABEL];
    masks_label_t  *l;

    for (l = masks->labels; l != NULL; l = l->next) {
        if (label.len > 0 && consent_slice_eq(consent_slice(l->said, l->said_len), label)) {
            return l;
        }
    }

    len = masks_reduce(text, label);

    for (l = masks->labels; l != NULL; l = l->next) {
        if (l->len == len && memcmp(l->text, text, len) == 0) {
            return l;
        }
    }

    l = malloc(sizeof(masks_label_t));
    if (l == NULL) {
        return NULL;
    }

    l->given = 0;
    l->len = len;
    l->said_len = label.len <= sizeof(l->said) ? label.len : 0;
    memcpy(l->text, text, len);

    if (l->said_len > 0) {
        memcpy(l->said, label.data, l->said_len);
    }

    l->next = masks->labels;
    masks->labels = l;

    return l;
}


/* What of a label may stand in JSON strings, HTML and forms without being escaped. Letters of Latin-1 lose their marks;
 * where nothing is left, it is a "value". */
static size_t
masks_reduce(uint8_t out[static MASKS_LABEL], consent_slice_t label)
{
    /* U+00C0 and up */
    static const char  plain[] = "aaaaaaaceeeeiiiidnooooo-ouuuuyts" "aaaaaaaceeeeiiiidnooooo-ouuuuyty";

    uint8_t  c;
    size_t   i, n;

    for (i = 0, n = 0; i < label.len && n < MASKS_LABEL; i++) {
        c = label.data[i];

        if (c == 0xc3 && i + 1 < label.len && (label.data[i + 1] & 0xc0) == 0x80) {
            c = (uint8_t) plain[label.data[++i] & 0x3f];
        }

        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_'
            || c == '.' || (c == ' ' && n > 0))
        {
            out[n++] = c;
        }
    }

    while (n > 0 && out[n - 1] == ' ') {
        n--;
    }

    if (n == 0) {
        memcpy(out, "value", 5);
        n = 5;
    }

    return n;
}


static bool
masks_grow(consent_masks_t *masks)
{
    size_t          i, slots;
    masks_entry_t  *entry, **values, **by_mask;

    slots = masks->slots == 0 ? MASKS_FIRST : 2 * masks->slots;
    values = calloc(slots, sizeof(masks_entry_t *));
    by_mask = calloc(slots, sizeof(masks_entry_t *));

    if (values == NULL || by_mask == NULL) {
        free(values);
        free(by_mask);
        return false;
    }

    for (i = 0; i < masks->slots; i++) {
        entry = masks->values[i];

        if (entry != NULL) {
            masks_put(values, slots, entry->hash, entry);
            masks_put(by_mask, slots, entry->mask_hash, entry);
        }
    }

    free(masks->values);
    free(masks->masks);
    masks->values = values;
    masks->masks = by_mask;
    masks->slots = slots;

    return true;
}


static void
masks_put(masks_entry_t **table, size_t slots, uint64_t hash, masks_entry_t *entry)
{
    size_t  i;

    for (i = hash; table[i & (slots - 1)] != NULL; i++) { /* void */ }

    table[i & (slots - 1)] = entry;
}


static uint64_t
masks_hash(const consent_masks_t *masks, consent_slice_t s)
{
    return consent_siphash(masks->key, s, 1, 3);
}
