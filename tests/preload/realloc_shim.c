/*
 * Makes memory scarce: in front of libc's realloc(), which nginx does not use and growing buffers of ours do. Preloaded into
 * nginx.
 *
 *   CONSENT_REALLOC_SWITCH  a file: nothing can grow while it exists
 */

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

extern void *__libc_realloc(void *p, size_t size);


void *
realloc(void *p, size_t size)
{
    const char  *file;

    file = getenv("CONSENT_REALLOC_SWITCH");

    if (file != NULL && access(file, F_OK) == 0) {
        errno = ENOMEM;
        return NULL;
    }

    return __libc_realloc(p, size);
}
