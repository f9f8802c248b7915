/*
 * The file `gaps`, layout 1, of this machine's byte order.
 *
 * Words of 64 bits throughout, each read and written atomically:
 *
 *   header   0 layout mark | 1 names that found no room | 2..7 zero
 *   slots    CONSENT_GAPS_SLOTS times 24 words: 0 sequence | 1 tag | 2 count | 3 first | 4 last | 5 carrier |
 *            6..11 location | 12..19 name, both NUL-terminated | 20..23 zero
 *
 * A name belongs into one of PROBES slots from its tag on. A slot's sequence is even where it can be read, 0 where it
 * is free; who makes it odd writes it, and then makes it even. A slot that is left odd by a process that was killed is
 * lost until the file is made anew.
 */

#include "ledger/gaps.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define LAYOUT_MARK     UINT64_C(0x3173706167636e43)        /* "Cncgaps1" */
#define PROBES          16
#define REMEMBERED_BITS 9
#define REMEMBERED      (1 << REMEMBERED_BITS)
#define OF_NAMES        1
#define DIGIT           2
#define LOCATION_WORDS  ((CONSENT_GAPS_LOCATION + 1) / 8)
#define NAME_WORDS      ((CONSENT_GAPS_NAME + 1) / 8)

typedef _Atomic uint64_t  word_t;

typedef struct {
    word_t  sequence;
    word_t  tag;
    word_t  count;
    word_t  first;
    word_t  last;
    word_t  carrier;
    word_t  location[LOCATION_WORDS];
    word_t  name[NAME_WORDS];
    word_t  zero[4];
} slot_t;

typedef struct {
    word_t  mark;
    word_t  lost;
    word_t  zero[6];
    slot_t  slots[CONSENT_GAPS_SLOTS];
} file_t;

/* Where a name of which this process was told before is kept, so that it need not be folded and looked for again. */
typedef struct {
    uint64_t   hash;            /* of all that it is known by */
    uint64_t   tag;
    slot_t    *slot;            /* NULL: nothing is remembered; another name may be in it by now */
    size_t     len;
    uint8_t    name[CONSENT_GAPS_NAME];
} remembered_t;

struct consent_gaps_s {
    file_t        *file;
    bool           read_only;
    remembered_t   remembered[REMEMBERED];      /* by hash: the last one */
};

static consent_rc_t make_file(const char *path, bool replace);
static consent_rc_t open_file(int *fd, const char *path, bool read_only);
static inline uint64_t hash_of(uint64_t hash, consent_slice_t s);
static inline bool same(const uint8_t *a, const uint8_t *b, size_t len);
static bool count_again(slot_t *slot, uint64_t tag, consent_time_t now);
static uint64_t tag_of(const char *location, size_t len, consent_carrier_t carrier, const char *name);
static slot_t *find(consent_gaps_t *gaps, uint64_t tag);
static slot_t *claim(consent_gaps_t *gaps, uint64_t tag);
static void put_text(word_t *words, size_t n, const char *text, size_t len);
static void get_text(char *out, const word_t *words, size_t n);

/* Bytes that names are kept with. */
static const uint8_t  classes[256] = {
    ['0' ... '9'] = DIGIT, ['a' ... 'z'] = OF_NAMES, ['A' ... 'Z'] = OF_NAMES,
    ['_'] = OF_NAMES, ['-'] = OF_NAMES, ['.'] = OF_NAMES, [':'] = OF_NAMES, ['$'] = OF_NAMES, ['*'] = OF_NAMES,
    ['['] = OF_NAMES, [']'] = OF_NAMES, ['\''] = OF_NAMES, ['/'] = OF_NAMES, ['#'] = OF_NAMES
};


consent_rc_t
consent_gaps_open(consent_gaps_t **out, const char *directory, bool read_only)
{
    int              fd;
    char             path[4096];
    void            *map;
    consent_rc_t     rc;
    consent_gaps_t  *gaps;

    *out = NULL;

    if (snprintf(path, sizeof(path), "%s/gaps", directory) >= (int) sizeof(path)) {
        return CONSENT_IO;
    }

    rc = open_file(&fd, path, read_only);

    if (!read_only && (rc == CONSENT_NOTFOUND || rc == CONSENT_MALFORMED)) {
        rc = make_file(path, rc == CONSENT_MALFORMED);

        if (rc == CONSENT_OK) {
            rc = open_file(&fd, path, read_only);
        }
    }

    if (rc != CONSENT_OK) {
        return rc;
    }

    map = mmap(NULL, sizeof(file_t), read_only ? PROT_READ : PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    (void) close(fd);

    if (map == MAP_FAILED) {
        return CONSENT_IO;
    }

    gaps = calloc(1, sizeof(consent_gaps_t));

    if (gaps == NULL) {
        (void) munmap(map, sizeof(file_t));
        return CONSENT_NOMEM;
    }

    gaps->file = map;
    gaps->read_only = read_only;
    *out = gaps;

    return CONSENT_OK;
}


void
consent_gaps_close(consent_gaps_t *gaps)
{
    if (gaps != NULL) {
        (void) munmap(gaps->file, sizeof(file_t));
        free(gaps);
    }
}


void
consent_gaps_add(consent_gaps_t *gaps, consent_slice_t location, consent_carrier_t carrier, consent_slice_t name,
    consent_time_t now)
{
    char           kept[CONSENT_GAPS_NAME + 1];
    size_t         len;
    slot_t        *slot;
    uint64_t       tag, hash;
    remembered_t  *r;

    if (gaps == NULL || gaps->read_only) {
        return;
    }

    hash = hash_of(hash_of((uint64_t) carrier, location), name);
    r = &gaps->remembered[hash >> (64 - REMEMBERED_BITS)];

    if (r->slot != NULL && r->hash == hash && r->len == name.len && same(r->name, name.data, name.len)
        && count_again(r->slot, r->tag, now))
    {
        return;
    }

    len = location.len < CONSENT_GAPS_LOCATION ? location.len : CONSENT_GAPS_LOCATION;
    consent_gaps_fold(kept, name);
    tag = tag_of((const char *) location.data, len, carrier, kept);

    slot = find(gaps, tag);

    if (slot != NULL) {
        (void) count_again(slot, tag, now);

        /* what was folded may be a value, which nobody remembers */

        if (name.len <= sizeof(r->name) && strlen(kept) == name.len && memcmp(kept, name.data, name.len) == 0) {
            r->hash = hash;
            r->tag = tag;
            r->slot = slot;
            r->len = name.len;
            memcpy(r->name, name.data, name.len);
        }

        return;
    }

    slot = claim(gaps, tag);

    if (slot == NULL) {
        (void) atomic_fetch_add_explicit(&gaps->file->lost, 1, memory_order_relaxed);
        return;
    }

    atomic_store_explicit(&slot->tag, tag, memory_order_relaxed);
    atomic_store_explicit(&slot->count, 1, memory_order_relaxed);
    atomic_store_explicit(&slot->first, (uint64_t) now, memory_order_relaxed);
    atomic_store_explicit(&slot->last, (uint64_t) now, memory_order_relaxed);
    atomic_store_explicit(&slot->carrier, (uint64_t) carrier, memory_order_relaxed);
    put_text(slot->location, LOCATION_WORDS, (const char *) location.data, len);
    put_text(slot->name, NAME_WORDS, kept, strlen(kept));

    (void) atomic_fetch_add_explicit(&slot->sequence, 1, memory_order_release);
}


void
consent_gaps_each(consent_gaps_t *gaps, consent_gaps_each_pt each, void *arg)
{
    size_t         i;
    slot_t        *slot;
    uint64_t       sequence;
    consent_gap_t  gap;

    if (gaps == NULL) {
        return;
    }

    for (i = 0; i < CONSENT_GAPS_SLOTS; i++) {
        slot = &gaps->file->slots[i];
        sequence = atomic_load_explicit(&slot->sequence, memory_order_acquire);

        if (sequence == 0 || (sequence & 1)) {
            continue;
        }

        gap.count = atomic_load_explicit(&slot->count, memory_order_relaxed);
        gap.first = (consent_time_t) atomic_load_explicit(&slot->first, memory_order_relaxed);
        gap.last = (consent_time_t) atomic_load_explicit(&slot->last, memory_order_relaxed);
        gap.carrier = (consent_carrier_t) atomic_load_explicit(&slot->carrier, memory_order_relaxed);
        get_text(gap.location, slot->location, LOCATION_WORDS);
        get_text(gap.name, slot->name, NAME_WORDS);

        atomic_thread_fence(memory_order_acquire);

        if (atomic_load_explicit(&slot->sequence, memory_order_relaxed) == sequence
            && gap.carrier <= CONSENT_CARRIER_BODY && !each(arg, &gap))
        {
            return;
        }
    }
}


uint64_t
consent_gaps_lost(consent_gaps_t *gaps)
{
    return gaps == NULL ? 0 : atomic_load_explicit(&gaps->file->lost, memory_order_relaxed);
}


void
consent_gaps_fold(char out[static CONSENT_GAPS_NAME + 1], consent_slice_t name)
{
    char    *p, *end;
    size_t   i, k;
    uint8_t  class;

    p = out;
    end = out + CONSENT_GAPS_NAME;

    for (i = 0; i < name.len && p < end; i = k) {

        k = i + 1;
        class = classes[name.data[i]];

        if (class == OF_NAMES) {
            *p++ = (char) name.data[i];
            continue;
        }

        if (class != DIGIT) {
            (void) strcpy(out, "(other)");
            return;
        }

        while (k < name.len && classes[name.data[k]] == DIGIT) {
            k++;
        }

        if (k - i >= 4) {
            *p++ = '#';
            continue;
        }

        for (/* void */; i < k && p < end; i++) {
            *p++ = (char) name.data[i];
        }
    }

    *p = '\0';
}


/* Whoever comes second finds it made, and an old one in its place is another's business as long as he maps it. */
static consent_rc_t
make_file(const char *path, bool replace)
{
    int       fd, err;
    char      temporary[4096 + 8];
    uint64_t  mark = LAYOUT_MARK;

    (void) snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path);

    fd = mkostemp(temporary, O_CLOEXEC);

    if (fd == -1) {
        return errno == ENOENT || errno == ENOTDIR ? CONSENT_NOTFOUND : errno == ENOSPC ? CONSENT_FULL : CONSENT_IO;
    }

    /* writing to the map must never meet a full file system */

    err = posix_fallocate(fd, 0, (off_t) sizeof(file_t));

    if (err == 0 && pwrite(fd, &mark, sizeof(mark), 0) != (ssize_t) sizeof(mark)) {
        err = EIO;
    }

    if (err == 0 && (replace ? rename(temporary, path) : link(temporary, path)) != 0) {
        err = errno == EEXIST ? 0 : errno;
    }

    (void) close(fd);
    (void) unlink(temporary);

    return err == 0 ? CONSENT_OK : err == ENOSPC || err == EDQUOT ? CONSENT_FULL : CONSENT_IO;
}


static consent_rc_t
open_file(int *fd, const char *path, bool read_only)
{
    uint64_t     mark;
    struct stat  st;

    *fd = open(path, (read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

    if (*fd == -1) {
        return errno == ENOENT || errno == ENOTDIR ? CONSENT_NOTFOUND : CONSENT_IO;
    }

    /* reading a map behind the end of its file ends the process */

    if (fstat(*fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size != (off_t) sizeof(file_t)
        || pread(*fd, &mark, sizeof(mark), 0) != (ssize_t) sizeof(mark) || mark != LAYOUT_MARK)
    {
        (void) close(*fd);
        return CONSENT_MALFORMED;
    }

    return CONSENT_OK;
}


/* Not against those who look for two names with one hash: the name itself is compared as well. */
static inline uint64_t
hash_of(uint64_t hash, consent_slice_t s)
{
    size_t    i;
    uint32_t  half;
    uint64_t  word;

    word = 0;

    if (s.len >= 8) {

        for (i = 0; i + 8 < s.len; i += 8) {
            memcpy(&word, s.data + i, 8);
            hash = (hash ^ hash >> 32 ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        }

        memcpy(&word, s.data + s.len - 8, 8);

    } else if (s.len >= 4) {
        memcpy(&half, s.data, 4);
        word = half;
        memcpy(&half, s.data + s.len - 4, 4);
        word |= (uint64_t) half << 32;

    } else if (s.len > 0) {
        word = s.data[0] | (uint64_t) s.data[s.len / 2] << 8 | (uint64_t) s.data[s.len - 1] << 16;
    }

    /* the highest bits depend on all others */

    return (hash ^ hash >> 32 ^ word ^ (uint64_t) s.len << 8) * UINT64_C(0x9e3779b97f4a7c15);
}


/* Most are so short that a call would cost more than this. */
static inline bool
same(const uint8_t *a, const uint8_t *b, size_t len)
{
    uint32_t  half[4];
    uint64_t  word[4];

    if (len >= 8 && len <= 16) {
        memcpy(&word[0], a, 8);
        memcpy(&word[1], b, 8);
        memcpy(&word[2], a + len - 8, 8);
        memcpy(&word[3], b + len - 8, 8);

        return word[0] == word[1] && word[2] == word[3];
    }

    if (len >= 4 && len < 8) {
        memcpy(&half[0], a, 4);
        memcpy(&half[1], b, 4);
        memcpy(&half[2], a + len - 4, 4);
        memcpy(&half[3], b + len - 4, 4);

        return half[0] == half[1] && half[2] == half[3];
    }

    return len == 0 || memcmp(a, b, len) == 0;
}


/* False: another name has taken its place. */
static bool
count_again(slot_t *slot, uint64_t tag, consent_time_t now)
{
    uint64_t  sequence;

    sequence = atomic_load_explicit(&slot->sequence, memory_order_acquire);

    if ((sequence & 1) || atomic_load_explicit(&slot->tag, memory_order_relaxed) != tag) {
        return false;
    }

    (void) atomic_fetch_add_explicit(&slot->count, 1, memory_order_relaxed);
    atomic_store_explicit(&slot->last, (uint64_t) now, memory_order_relaxed);

    return true;
}


/* FNV-1a: two names with one tag would be counted as one, and that is all. */
static uint64_t
tag_of(const char *location, size_t len, consent_carrier_t carrier, const char *name)
{
    size_t    i;
    uint64_t  h;

    h = UINT64_C(0xcbf29ce484222325) ^ (uint64_t) carrier;

    for (i = 0; i < len; i++) {
        h = (h ^ (uint8_t) location[i]) * UINT64_C(0x100000001b3);
    }

    h *= UINT64_C(0x100000001b3);

    for (/* void */; *name != '\0'; name++) {
        h = (h ^ (uint8_t) *name) * UINT64_C(0x100000001b3);
    }

    return h ^ h >> 31;
}


static slot_t *
find(consent_gaps_t *gaps, uint64_t tag)
{
    size_t    i;
    slot_t   *slot;
    uint64_t  sequence;

    for (i = 0; i < PROBES; i++) {
        slot = &gaps->file->slots[(tag + i) % CONSENT_GAPS_SLOTS];
        sequence = atomic_load_explicit(&slot->sequence, memory_order_acquire);

        if (sequence != 0 && !(sequence & 1) && atomic_load_explicit(&slot->tag, memory_order_relaxed) == tag) {
            return slot;
        }
    }

    return NULL;
}


/* A free slot, or the one whose name was seen once and longest ago; its sequence is odd then. */
static slot_t *
claim(consent_gaps_t *gaps, uint64_t tag)
{
    size_t    i;
    slot_t   *slot, *best;
    uint64_t  sequence, last, oldest, held;

    best = NULL;
    held = 0;
    oldest = UINT64_MAX;

    for (i = 0; i < PROBES; i++) {
        slot = &gaps->file->slots[(tag + i) % CONSENT_GAPS_SLOTS];
        sequence = atomic_load_explicit(&slot->sequence, memory_order_relaxed);
        last = sequence == 0 ? 0 : atomic_load_explicit(&slot->last, memory_order_relaxed);

        if ((sequence & 1) || last >= oldest
            || (sequence != 0 && atomic_load_explicit(&slot->count, memory_order_relaxed) > 1))
        {
            continue;
        }

        best = slot;
        oldest = last;
        held = sequence;
    }

    if (best == NULL
        || !atomic_compare_exchange_strong_explicit(&best->sequence, &held, held + 1, memory_order_acquire,
                                                    memory_order_relaxed))
    {
        return NULL;
    }

    atomic_thread_fence(memory_order_release);

    return best;
}


static void
put_text(word_t *words, size_t n, const char *text, size_t len)
{
    size_t    i;
    uint64_t  packed[NAME_WORDS] = { 0 };

    memcpy(packed, text, len);

    for (i = 0; i < n; i++) {
        atomic_store_explicit(&words[i], packed[i], memory_order_relaxed);
    }
}


static void
get_text(char *out, const word_t *words, size_t n)
{
    size_t    i;
    uint64_t  word;

    for (i = 0; i < n; i++) {
        word = atomic_load_explicit(&words[i], memory_order_relaxed);
        memcpy(out + 8 * i, &word, 8);
    }

    out[8 * n - 1] = '\0';
}
