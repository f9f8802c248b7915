/*
 * Counts the instructions that a thread runs in user space, one by one, on the processor itself: with all it has, as the
 * SHA instructions that callgrind knows nothing of.
 *
 *   steps TID    begins at once, says so with an empty line, and prints the count when it is interrupted
 */

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/wait.h>

static volatile sig_atomic_t  interrupted;


static void
interrupt(int sig)
{
    (void) sig;

    interrupted = 1;
}


static void
give_up(const char *what)
{
    perror(what);
    exit(1);
}


int
main(int argc, char **argv)
{
    int                 status, sig;
    pid_t               tid;
    cpu_set_t           here;
    unsigned long long  steps;
    struct sigaction    sa = { .sa_handler = interrupt };

    if (argc != 2) {
        (void) fprintf(stderr, "usage: steps TID\n");
        return 2;
    }

    tid = (pid_t) strtol(argv[1], NULL, 10);
    (void) sigaction(SIGINT, &sa, NULL);

    /* on one processor, where each step wakes the other without asking anybody */

    CPU_ZERO(&here);
    CPU_SET((unsigned) sched_getcpu(), &here);
    (void) sched_setaffinity(0, sizeof(here), &here);
    (void) sched_setaffinity(tid, sizeof(here), &here);

    if (ptrace(PTRACE_SEIZE, tid, NULL, NULL) == -1 || ptrace(PTRACE_INTERRUPT, tid, NULL, NULL) == -1
        || waitpid(tid, &status, __WALL) == -1)
    {
        give_up("attach");
    }

    (void) printf("\n");
    (void) fflush(stdout);

    for (steps = 0; !interrupted; steps++) {
        sig = WSTOPSIG(status);
        sig = status >> 16 != 0 || sig == SIGTRAP ? 0 : sig;

        if (ptrace(PTRACE_SINGLESTEP, tid, NULL, (void *) (long) sig) == -1) {
            give_up("step");
        }

        while (waitpid(tid, &status, __WALL) == -1) {

            if (errno != EINTR) {
                give_up("wait");
            }

            /* it sleeps in a system call: no step is under way that could be lost */

            if (interrupted && ptrace(PTRACE_INTERRUPT, tid, NULL, NULL) == -1) {
                give_up("interrupt");
            }
        }

        if (!WIFSTOPPED(status)) {
            (void) fprintf(stderr, "it ended\n");
            return 1;
        }
    }

    (void) ptrace(PTRACE_DETACH, tid, NULL, NULL);
    (void) printf("%llu\n", steps);

    return 0;
}
