/*
 * Makes the disk slow or faulty: in front of libc's fdatasync() and pwrite(), the two waits of an LMDB commit,
 * and writev(). Preloaded into nginx or a tool, or included by a test.
 *
 *   CONSENT_SYNC_DELAY_US   each fdatasync(), and each pwrite() to a descriptor opened with O_DSYNC, takes so much longer
 *   CONSENT_SYNC_FAIL       "fdatasync", "meta" (the O_DSYNC pwrite), "write" (the others) or several of them
 *   CONSENT_SYNC_ERRNO      the error they fail with; default 5, EIO
 *   CONSENT_SYNC_SWITCH     a file: failures happen only while it exists
 *
 * A failing meta write is done all the same, as a disk may: that it is not believed is the caller's to see to.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define SHIM_FDATASYNC  0x01
#define SHIM_META       0x02
#define SHIM_WRITE      0x04

struct {
    long         delay_us;
    int          fail;
    int          err;
    const char  *file;
    unsigned     syncs;         /* waits so far */
} sync_shim;


__attribute__((constructor)) static void
sync_shim_init(void)
{
    const char  *s;

    s = getenv("CONSENT_SYNC_DELAY_US");
    sync_shim.delay_us = s == NULL ? 0 : atol(s);

    s = getenv("CONSENT_SYNC_FAIL");
    sync_shim.fail = s == NULL ? 0
                     : (strstr(s, "fdatasync") != NULL ? SHIM_FDATASYNC : 0)
                       | (strstr(s, "meta") != NULL ? SHIM_META : 0)
                       | (strstr(s, "write") != NULL ? SHIM_WRITE : 0);

    s = getenv("CONSENT_SYNC_ERRNO");
    sync_shim.err = s == NULL ? EIO : atoi(s);

    /* a process that names itself anew writes over its environment */
    s = getenv("CONSENT_SYNC_SWITCH");
    sync_shim.file = s == NULL ? NULL : strdup(s);
}


static void
sync_shim_wait(void)
{
    struct timespec  t = { sync_shim.delay_us / 1000000, sync_shim.delay_us % 1000000 * 1000 };

    __atomic_add_fetch(&sync_shim.syncs, 1, __ATOMIC_RELAXED);

    while (sync_shim.delay_us > 0 && nanosleep(&t, &t) == -1 && errno == EINTR) {
        /* void */
    }
}


static int
sync_shim_fails(int what)
{
    if ((sync_shim.fail & what) == 0 || (sync_shim.file != NULL && access(sync_shim.file, F_OK) != 0)) {
        return 0;
    }

    errno = sync_shim.err;

    return 1;
}


int
fdatasync(int fd)
{
    sync_shim_wait();

    if (sync_shim_fails(SHIM_FDATASYNC)) {
        return -1;
    }

    return (int) syscall(SYS_fdatasync, fd);
}


ssize_t
pwrite(int fd, const void *buf, size_t n, off_t offset)
{
    int      flags;
    ssize_t  written;

    flags = fcntl(fd, F_GETFL);

    if (flags == -1 || (flags & O_DSYNC) == 0) {
        return sync_shim_fails(SHIM_WRITE) ? -1 : syscall(SYS_pwrite64, fd, buf, n, offset);
    }

    sync_shim_wait();
    written = syscall(SYS_pwrite64, fd, buf, n, offset);

    return sync_shim_fails(SHIM_META) ? -1 : written;
}


ssize_t
writev(int fd, const struct iovec *iov, int n)
{
    struct stat  st;

    /* of files only: nginx writes to sockets too */
    if ((sync_shim.fail & SHIM_WRITE) != 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)
        && sync_shim_fails(SHIM_WRITE))
    {
        return -1;
    }

    return syscall(SYS_writev, fd, iov, n);
}


ssize_t
pwrite64(int fd, const void *buf, size_t n, off64_t offset)
{
    return pwrite(fd, buf, n, offset);
}
