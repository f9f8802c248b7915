/*
 * Failed turns of conversations. A word is 56 bits of the hash, and the count in the lowest eight.
 */

#include "disclose/turns.h"

#define WAYS   8                        /* words in which a hash may stand */
#define COUNT  0xffu                    /* the bits of the count */

static uint64_t *turns_row(consent_turns_t *turns, uint64_t hash);
static uint64_t *turns_find(consent_turns_t *turns, uint64_t hash, uint64_t *word);


unsigned
consent_turns_failures(consent_turns_t *turns, uint64_t hash)
{
    uint64_t  word;

    return turns_find(turns, hash, &word) != NULL ? (unsigned) (word & COUNT) : 0;
}


/* What changes between two looks is another turn's doing: once is enough, for a count that is off by one does no harm. */
void
consent_turns_failed(consent_turns_t *turns, uint64_t hash)
{
    size_t    i;
    uint64_t  word, other, *slot, *row;

    slot = turns_find(turns, hash, &word);

    if (slot != NULL) {
        if ((word & COUNT) < COUNT) {
            (void) __atomic_compare_exchange_n(slot, &word, word + 1, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
        }

        return;
    }

    /* an empty word, else the one that has failed least */

    row = turns_row(turns, hash);
    slot = row;
    word = __atomic_load_n(row, __ATOMIC_RELAXED);

    for (i = 1; i < WAYS && word != 0; i++) {
        other = __atomic_load_n(&row[i], __ATOMIC_RELAXED);

        if (other == 0 || (other & COUNT) < (word & COUNT)) {
            slot = &row[i];
            word = other;
        }
    }

    (void) __atomic_compare_exchange_n(slot, &word, (hash & ~(uint64_t) COUNT) | 1, false, __ATOMIC_RELAXED,
                                       __ATOMIC_RELAXED);
}


void
consent_turns_answered(consent_turns_t *turns, uint64_t hash)
{
    uint64_t  word, *slot;

    slot = turns_find(turns, hash, &word);

    if (slot != NULL) {
        (void) __atomic_compare_exchange_n(slot, &word, 0, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    }
}


/* The lowest bits of a hash are not in its word. */
static uint64_t *
turns_row(consent_turns_t *turns, uint64_t hash)
{
    return &turns->slots[(hash >> 32) % (CONSENT_TURNS_SLOTS / WAYS) * WAYS];
}


static uint64_t *
turns_find(consent_turns_t *turns, uint64_t hash, uint64_t *word)
{
    size_t     i;
    uint64_t  *row;

    row = turns_row(turns, hash);

    for (i = 0; i < WAYS; i++) {
        *word = __atomic_load_n(&row[i], __ATOMIC_RELAXED);

        if (*word != 0 && (*word & ~(uint64_t) COUNT) == (hash & ~(uint64_t) COUNT)) {
            return &row[i];
        }
    }

    return NULL;
}
