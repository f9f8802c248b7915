/*
 * The arena: chunks in a list, freed together. Each is twice as large as the one before; what is handed out
 * is zeroed then, so that a small document costs little.
 */

#include "base/arena.h"

#include <stdlib.h>

#define ARENA_ALIGN  16
#define ARENA_FIRST  ((size_t) 2048)
#define ARENA_LAST   ((size_t) 65536)

typedef struct arena_chunk_s  arena_chunk_t;

struct arena_chunk_s {
    arena_chunk_t  *next;
    size_t          left;
    _Alignas(ARENA_ALIGN) uint8_t  data[];
};

struct consent_arena_s {
    arena_chunk_t  *chunks;     /* the head is the one being filled */
    size_t          left;       /* of the ceiling */
    size_t          size;       /* of the next chunk */
    uint8_t        *free;       /* in the head */
};


consent_arena_t *
consent_arena_create(size_t ceiling)
{
    consent_arena_t  *a;

    a = calloc(1, sizeof(consent_arena_t));

    if (a != NULL) {
        a->left = ceiling;
        a->size = ARENA_FIRST;
    }

    return a;
}


void
consent_arena_destroy(consent_arena_t *a)
{
    arena_chunk_t  *chunk, *next;

    if (a == NULL) {
        return;
    }

    for (chunk = a->chunks; chunk != NULL; chunk = next) {
        next = chunk->next;
        free(chunk);
    }

    free(a);
}


void *
consent_arena_alloc(consent_arena_t *a, size_t len)
{
    size_t          size;
    uint8_t        *p;
    arena_chunk_t  *chunk;

    if (len == 0) {
        len = 1;
    }

    if (len > a->left || len > SIZE_MAX - sizeof(arena_chunk_t) - ARENA_ALIGN) {
        return NULL;
    }

    len = (len + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;

    if (a->chunks == NULL || a->chunks->left < len) {
        size = len > a->size / 4 ? len : a->size;

        chunk = malloc(sizeof(arena_chunk_t) + size);
        if (chunk == NULL) {
            return NULL;
        }

        if (size == len && a->chunks != NULL) {
            /* a large piece has a chunk of its own, behind the one being filled */
            chunk->left = 0;
            chunk->next = a->chunks->next;
            a->chunks->next = chunk;
            p = chunk->data;
            goto done;
        }

        if (size == a->size && a->size < ARENA_LAST) {
            a->size *= 2;
        }

        chunk->left = size;
        chunk->next = a->chunks;
        a->chunks = chunk;
        a->free = chunk->data;
    }

    p = a->free;
    a->free += len;
    a->chunks->left -= len;

done:

    a->left -= len < a->left ? len : a->left;

    return memset(p, 0, len);
}


void *
consent_arena_array(consent_arena_t *a, size_t n, size_t size)
{
    size_t  len;

    if (__builtin_mul_overflow(n, size, &len)) {
        return NULL;
    }

    return consent_arena_alloc(a, len);
}


consent_slice_t
consent_arena_dup(consent_arena_t *a, consent_slice_t s)
{
    uint8_t  *p;

    if (s.len == SIZE_MAX) {
        return consent_slice(NULL, 0);
    }

    p = consent_arena_alloc(a, s.len + 1);

    if (p == NULL) {
        return consent_slice(NULL, 0);
    }

    if (s.len > 0) {
        memcpy(p, s.data, s.len);
    }

    return consent_slice(p, s.len);
}
