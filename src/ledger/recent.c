/*
 * The file `recent`, layout 1, of this machine's byte order: it lives from one start of nginx to the next.
 *
 * Words of 64 bits throughout, each read and written atomically:
 *
 *   header   0 layout mark, with how many counters there are | 1 head: events ever added | 2.. counters |
 *            then CONSENT_RECENT_POLICIES times:
 *            policy key (0: unused), withheld by category, would have been withheld by category
 *   slots    CONSENT_RECENT_SLOTS times 16 words: 0 sequence | 1..12 event | 13 check | 14, 15 zero
 *
 *   event    1 code 4 bytes, event 1, flags 1 (bit 0 reported, bit 1 sensitive), required 1, why 1
 *            2 subject tag | 3 at | 4 carriers | 5 categories | 6 policy | 7..12 location, NUL-terminated
 *
 * Event number n belongs into slot n mod CONSENT_RECENT_SLOTS on lap n div CONSENT_RECENT_SLOTS. Its writer
 * moves the sequence from below 2 * lap + 1 to that, fills the slot, and moves it to 2 * lap + 2. Who cannot
 * do the first gives the event up; who was killed in between leaves a slot that the next lap takes over. A
 * reader takes a slot whose sequence is 2 * lap + 2 before and after, and whose check fits: two writers a
 * whole lap apart may have written at once.
 */

#include "ledger/recent.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define LAYOUT_MARK     (UINT64_C(0x31746e6563657243) ^ (uint64_t) CONSENT_COUNTERS << 48)     /* "Crecent1" */
#define EVENT_WORDS     12
#define SLOT_WORDS      16
#define TAG_WORD        1           /* of an event: its subject's tag */
#define FLAG_REPORTED   0x01
#define FLAG_SENSITIVE  0x02

typedef _Atomic uint64_t  word_t;

typedef struct {
    word_t  key;
    word_t  counts[2][CONSENT_MAX_CATEGORIES];
} policy_counts_t;

typedef struct {
    word_t  sequence;
    word_t  event[EVENT_WORDS];
    word_t  check;
    word_t  zero[SLOT_WORDS - EVENT_WORDS - 2];
} slot_t;

typedef struct {
    word_t           mark;
    word_t           head;
    word_t           counters[CONSENT_COUNTERS];
    policy_counts_t  policies[CONSENT_RECENT_POLICIES];
    _Alignas(64) slot_t  slots[CONSENT_RECENT_SLOTS];
} file_t;

struct consent_recent_s {
    file_t  *file;
    bool     read_only;
};

static consent_rc_t make_file(const char *path);
static int map_file(consent_recent_t *recent, int fd);
static void pack(uint64_t words[static EVENT_WORDS], const consent_recent_event_t *event);
static bool unpack(consent_recent_event_t *event, const uint64_t words[static EVENT_WORDS]);
static uint64_t check_of(uint64_t sequence, const uint64_t words[static EVENT_WORDS]);
static policy_counts_t *counts_of(consent_recent_t *recent, uint64_t policy, bool claim);


consent_rc_t
consent_recent_open(consent_recent_t **out, const char *directory, bool create, bool read_only)
{
    int                fd, err;
    char               path[4096];
    struct stat        st;
    consent_rc_t       rc;
    consent_recent_t  *recent;

    *out = NULL;

    if (snprintf(path, sizeof(path), "%s/recent", directory) >= (int) sizeof(path)) {
        return CONSENT_IO;
    }

    if (create) {
        rc = make_file(path);

        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    fd = open(path, (read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

    if (fd == -1) {
        return errno == ENOENT || errno == ENOTDIR ? CONSENT_NOTFOUND : CONSENT_IO;
    }

    /* reading a map behind the end of its file ends the process */
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size != (off_t) sizeof(file_t)) {
        (void) close(fd);
        return CONSENT_MALFORMED;
    }

    recent = calloc(1, sizeof(consent_recent_t));

    if (recent == NULL) {
        (void) close(fd);
        return CONSENT_NOMEM;
    }

    recent->read_only = read_only;
    err = map_file(recent, fd);
    (void) close(fd);

    if (err != 0) {
        free(recent);
        return CONSENT_IO;
    }

    if (atomic_load(&recent->file->mark) != LAYOUT_MARK) {
        consent_recent_close(recent);
        return CONSENT_MALFORMED;
    }

    *out = recent;

    return CONSENT_OK;
}


void
consent_recent_close(consent_recent_t *recent)
{
    if (recent != NULL) {
        (void) munmap(recent->file, sizeof(file_t));
        free(recent);
    }
}


void
consent_recent_add(consent_recent_t *recent, const consent_recent_event_t *event)
{
    size_t     i;
    slot_t    *slot;
    uint64_t   n, writing, sequence, words[EVENT_WORDS];

    if (recent == NULL || recent->read_only) {
        return;
    }

    pack(words, event);

    n = atomic_fetch_add_explicit(&recent->file->head, 1, memory_order_relaxed);
    slot = &recent->file->slots[n % CONSENT_RECENT_SLOTS];
    writing = 2 * (n / CONSENT_RECENT_SLOTS) + 1;
    sequence = atomic_load_explicit(&slot->sequence, memory_order_relaxed);

    if (sequence >= writing
        || !atomic_compare_exchange_strong_explicit(&slot->sequence, &sequence, writing, memory_order_acquire,
                                                    memory_order_relaxed))
    {
        return;
    }

    atomic_thread_fence(memory_order_release);

    for (i = 0; i < EVENT_WORDS; i++) {
        atomic_store_explicit(&slot->event[i], words[i], memory_order_relaxed);
    }

    atomic_store_explicit(&slot->check, check_of(writing, words), memory_order_relaxed);

    sequence = writing;
    (void) atomic_compare_exchange_strong_explicit(&slot->sequence, &sequence, writing + 1, memory_order_release,
                                                   memory_order_relaxed);
}


/* Without its tag an event does not add up any more, and readers skip it; whoever writes there meanwhile writes another. */
void
consent_recent_forget(consent_recent_t *recent, uint64_t subject_tag)
{
    size_t    i, k;
    slot_t   *slot;
    uint64_t  tag;

    if (recent == NULL || recent->read_only || subject_tag == 0) {
        return;
    }

    for (i = 0; i < CONSENT_RECENT_SLOTS; i++) {
        slot = &recent->file->slots[i];
        tag = subject_tag;

        if (atomic_load_explicit(&slot->event[TAG_WORD], memory_order_relaxed) != tag
            || !atomic_compare_exchange_strong_explicit(&slot->event[TAG_WORD], &tag, 0, memory_order_relaxed,
                                                        memory_order_relaxed))
        {
            continue;
        }

        for (k = TAG_WORD + 1; k < EVENT_WORDS; k++) {
            atomic_store_explicit(&slot->event[k], 0, memory_order_relaxed);
        }
    }
}


void
consent_recent_each(consent_recent_t *recent, consent_recent_each_pt each, void *arg)
{
    size_t                   i;
    slot_t                  *slot;
    uint64_t                 n, end, done, check, words[EVENT_WORDS];
    consent_recent_event_t   event;

    if (recent == NULL) {
        return;
    }

    n = atomic_load_explicit(&recent->file->head, memory_order_acquire);
    end = n > CONSENT_RECENT_SLOTS ? n - CONSENT_RECENT_SLOTS : 0;

    while (n-- > end) {
        slot = &recent->file->slots[n % CONSENT_RECENT_SLOTS];
        done = 2 * (n / CONSENT_RECENT_SLOTS) + 2;

        if (atomic_load_explicit(&slot->sequence, memory_order_acquire) != done) {
            continue;
        }

        for (i = 0; i < EVENT_WORDS; i++) {
            words[i] = atomic_load_explicit(&slot->event[i], memory_order_relaxed);
        }

        check = atomic_load_explicit(&slot->check, memory_order_relaxed);
        atomic_thread_fence(memory_order_acquire);

        if (atomic_load_explicit(&slot->sequence, memory_order_relaxed) == done && check == check_of(done - 1, words)
            && unpack(&event, words) && !each(arg, &event))
        {
            return;
        }
    }
}


void
consent_recent_count(consent_recent_t *recent, consent_counter_t counter, uint64_t n)
{
    if (recent != NULL && !recent->read_only && counter < CONSENT_COUNTERS) {
        (void) atomic_fetch_add_explicit(&recent->file->counters[counter], n, memory_order_relaxed);
    }
}


uint64_t
consent_recent_counter(consent_recent_t *recent, consent_counter_t counter)
{
    if (recent == NULL || counter >= CONSENT_COUNTERS) {
        return 0;
    }

    return atomic_load_explicit(&recent->file->counters[counter], memory_order_relaxed);
}


void
consent_recent_count_categories(consent_recent_t *recent, uint64_t policy, consent_mask_t mask, bool reported)
{
    policy_counts_t  *counts;

    if (recent == NULL || recent->read_only) {
        return;
    }

    mask &= ((consent_mask_t) 1 << CONSENT_MAX_CATEGORIES) - 1;
    counts = mask == 0 ? NULL : counts_of(recent, policy, true);

    for (; counts != NULL && mask != 0; mask &= mask - 1) {
        (void) atomic_fetch_add_explicit(&counts->counts[reported][__builtin_ctzll(mask)], 1, memory_order_relaxed);
    }
}


uint64_t
consent_recent_category(consent_recent_t *recent, uint64_t policy, unsigned category, bool reported)
{
    policy_counts_t  *counts;

    if (recent == NULL || category >= CONSENT_MAX_CATEGORIES) {
        return 0;
    }

    counts = counts_of(recent, policy, false);

    return counts == NULL ? 0 : atomic_load_explicit(&counts->counts[reported][category], memory_order_relaxed);
}


size_t
consent_recent_policies(consent_recent_t *recent, uint64_t keys[static CONSENT_RECENT_POLICIES])
{
    size_t  n;

    for (n = 0; recent != NULL && n < CONSENT_RECENT_POLICIES; n++) {
        keys[n] = atomic_load_explicit(&recent->file->policies[n].key, memory_order_relaxed);

        if (keys[n] == 0) {
            break;
        }
    }

    return n;
}


const char *
consent_event_name(consent_event_t e)
{
    static const char  *names[] = { "withheld", "required", "body", "path", "store", "csrf", "unreadable",
                                    "unknown-name", "routed", "asked" };

    return (size_t) e < consent_countof(names) ? names[e] : "unknown";
}


const char *
consent_why_name(consent_why_t why)
{
    static const char  *names[] = { "", "syntax", "depth", "name", "duplicate", "charset", "encoding", "type", "size",
                                    "topic", "person" };

    return (size_t) why < consent_countof(names) ? names[why] : "";
}


const char *
consent_counter_name(consent_counter_t c)
{
    static const char  *names[CONSENT_COUNTERS] = {
        "requests", "withheld", "would_withhold", "required", "would_require", "bodies_refused", "would_refuse",
        "set_cookies", "decisions", "decisions_failed", "disclosures", "missed", "tokens_refused", "csrf",
        "asked", "unknown_names", "handoffs", "messages_delivered", "messages_not_taken", "routed", "bodies_changed",
        "cluster_applied", "cluster_repeated", "cluster_ahead", "cluster_refused", "cluster_lag_milliseconds"
    };

    return (size_t) c < consent_countof(names) ? names[c] : "unknown";
}


/* Under another name first: who maps the one before must not see it shrink. All of it is allocated, so that
 * writing to the map never meets a full file system. */
static consent_rc_t
make_file(const char *path)
{
    int       fd, err;
    char      temporary[4096 + 8];
    uint64_t  mark = LAYOUT_MARK;

    (void) snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path);

    fd = mkostemp(temporary, O_CLOEXEC);

    if (fd == -1) {
        return errno == ENOENT || errno == ENOTDIR ? CONSENT_NOTFOUND : errno == ENOSPC ? CONSENT_FULL : CONSENT_IO;
    }

    err = posix_fallocate(fd, 0, (off_t) sizeof(file_t));

    if (err == 0 && pwrite(fd, &mark, sizeof(mark), 0) != (ssize_t) sizeof(mark)) {
        err = EIO;
    }

    if (err == 0 && rename(temporary, path) != 0) {
        err = errno;
    }

    (void) close(fd);

    if (err != 0) {
        (void) unlink(temporary);
    }

    return err == 0 ? CONSENT_OK : err == ENOSPC || err == EDQUOT ? CONSENT_FULL : CONSENT_IO;
}


static int
map_file(consent_recent_t *recent, int fd)
{
    void  *map;

    map = mmap(NULL, sizeof(file_t), recent->read_only ? PROT_READ : PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    recent->file = map == MAP_FAILED ? NULL : map;

    return map == MAP_FAILED ? errno : 0;
}


static void
pack(uint64_t words[static EVENT_WORDS], const consent_recent_event_t *event)
{
    uint8_t  head[8];
    size_t   len;

    memcpy(head, event->code, 4);
    head[4] = (uint8_t) event->event;
    head[5] = (uint8_t) ((event->reported ? FLAG_REPORTED : 0) | (event->sensitive ? FLAG_SENSITIVE : 0));
    head[6] = (uint8_t) event->required;
    head[7] = (uint8_t) event->why;

    memset(words, 0, EVENT_WORDS * sizeof(uint64_t));
    memcpy(&words[0], head, sizeof(head));
    words[TAG_WORD] = event->subject_tag;
    words[2] = (uint64_t) event->at;
    words[3] = event->carriers;
    words[4] = event->categories;
    words[5] = event->policy;

    len = strnlen(event->location, CONSENT_RECENT_NAME);
    memcpy(&words[6], event->location, len);
}


static bool
unpack(consent_recent_event_t *event, const uint64_t words[static EVENT_WORDS])
{
    uint8_t  head[8];

    memcpy(head, &words[0], sizeof(head));

    if (head[4] > CONSENT_EVENT_ASKED || (int8_t) head[6] < -1 || (int8_t) head[6] >= CONSENT_MAX_LEVELS
        || head[7] > CONSENT_WHY_PERSON)
    {
        return false;
    }

    memset(event, 0, sizeof(consent_recent_event_t));
    memcpy(event->code, head, 4);
    event->event = (consent_event_t) head[4];
    event->reported = (head[5] & FLAG_REPORTED) != 0;
    event->sensitive = (head[5] & FLAG_SENSITIVE) != 0;
    event->required = (int8_t) head[6];
    event->why = (consent_why_t) head[7];
    event->subject_tag = words[1];
    event->at = (consent_time_t) words[2];
    event->carriers = (uint32_t) words[3];
    event->categories = words[4];
    event->policy = words[5];
    memcpy(event->location, &words[6], CONSENT_RECENT_NAME);

    return true;
}


static uint64_t
check_of(uint64_t sequence, const uint64_t words[static EVENT_WORDS])
{
    size_t    i;
    uint64_t  h = sequence;

    for (i = 0; i < EVENT_WORDS; i++) {
        h = (h ^ words[i]) * UINT64_C(0x9e3779b97f4a7c15);
        h ^= h >> 29;
    }

    return h;
}


static policy_counts_t *
counts_of(consent_recent_t *recent, uint64_t policy, bool claim)
{
    size_t    i;
    word_t   *key;
    uint64_t  held;

    for (i = 0; i < CONSENT_RECENT_POLICIES; i++) {
        key = &recent->file->policies[i].key;
        held = atomic_load_explicit(key, memory_order_relaxed);

        if (held == 0 && claim && atomic_compare_exchange_strong(key, &held, policy)) {
            return &recent->file->policies[i];
        }

        if (held == policy) {
            return &recent->file->policies[i];
        }

        if (held == 0) {
            return NULL;
        }
    }

    return NULL;
}
