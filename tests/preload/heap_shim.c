/*
 * Counts the memory that a process has from malloc(): in front of libc's own functions.
 *
 *   CONSENT_HEAP_FILE       for a process, a file of that name with ".PID" behind it is made: two words of 64 bits, the bytes
 *                           it has now, and the most it ever had since that word was last set to zero
 */

#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *p);

static _Atomic int64_t   heap_own[2];
static _Atomic int64_t  *heap_words = heap_own;


static void
heap_open(void)
{
    int         fd;
    char        path[4096];
    void       *map;
    int64_t     words[2];
    const char *file;

    file = getenv("CONSENT_HEAP_FILE");

    if (file == NULL || snprintf(path, sizeof(path), "%s.%d", file, (int) getpid()) >= (int) sizeof(path)) {
        return;
    }

    words[0] = words[1] = atomic_load(&heap_words[0]);
    fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

    if (fd == -1 || write(fd, words, sizeof(words)) != (ssize_t) sizeof(words)) {
        abort();
    }

    map = mmap(NULL, sizeof(words), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    (void) close(fd);

    if (map == MAP_FAILED) {
        abort();
    }

    heap_words = map;
}


__attribute__((constructor)) static void
heap_begin(void)
{
    heap_open();
    (void) pthread_atfork(NULL, NULL, heap_open);
}


static void *
heap_more(void *p)
{
    int64_t  now, most;

    if (p != NULL) {
        now = atomic_fetch_add(&heap_words[0], (int64_t) malloc_usable_size(p)) + (int64_t) malloc_usable_size(p);
        most = atomic_load(&heap_words[1]);

        while (now > most && !atomic_compare_exchange_weak(&heap_words[1], &most, now)) { /* void */ }
    }

    return p;
}


static void
heap_less(void *p)
{
    if (p != NULL) {
        (void) atomic_fetch_sub(&heap_words[0], (int64_t) malloc_usable_size(p));
    }
}


void *
malloc(size_t size)
{
    return heap_more(__libc_malloc(size));
}


void *
calloc(size_t n, size_t size)
{
    return heap_more(__libc_calloc(n, size));
}


void *
realloc(void *p, size_t size)
{
    void  *q;

    heap_less(p);
    q = __libc_realloc(p, size);

    return heap_more(q == NULL && size != 0 ? p : q) == p && q == NULL ? NULL : q;
}


void *
memalign(size_t alignment, size_t size)
{
    return heap_more(__libc_memalign(alignment, size));
}


void *
aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}


int
posix_memalign(void **out, size_t alignment, size_t size)
{
    *out = memalign(alignment, size);

    return *out == NULL ? 12 : 0;
}


void
free(void *p)
{
    heap_less(p);
    __libc_free(p);
}
