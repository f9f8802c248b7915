/*
 * Sets the clock of a process: in front of libc's gettimeofday(), clock_gettime(CLOCK_REALTIME) and time().
 *
 *   CONSENT_CLOCK_FILE      a file with a number of seconds that are added to the time; none, or an empty one: 0
 */

#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>


static long
clock_shim_offset(void)
{
    int          fd;
    char         text[32];
    ssize_t      n;
    const char  *file;

    file = getenv("CONSENT_CLOCK_FILE");

    if (file == NULL) {
        return 0;
    }

    fd = open(file, O_RDONLY | O_CLOEXEC);

    if (fd == -1) {
        return 0;
    }

    n = read(fd, text, sizeof(text) - 1);
    (void) close(fd);
    text[n > 0 ? n : 0] = '\0';

    return atol(text);
}


int
clock_gettime(clockid_t id, struct timespec *t)
{
    int  rc;

    rc = (int) syscall(SYS_clock_gettime, id, t);

    if (rc == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) {
        t->tv_sec += clock_shim_offset();
    }

    return rc;
}


int
gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
    struct timespec  t;

    (void) zone;
    (void) clock_gettime(CLOCK_REALTIME, &t);
    tv->tv_sec = t.tv_sec;
    tv->tv_usec = t.tv_nsec / 1000;

    return 0;
}


time_t
time(time_t *out)
{
    struct timespec  t;

    (void) clock_gettime(CLOCK_REALTIME, &t);

    if (out != NULL) {
        *out = t.tv_sec;
    }

    return t.tv_sec;
}
