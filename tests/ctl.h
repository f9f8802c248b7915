/*
 * What the tests of consentctl share: running it, and seeing what it says.
 */

#ifndef TESTS_CTL_H
#define TESTS_CTL_H

#include "ledger.h"

typedef struct {
    int     status;         /* exit status, or -1 */
    char   *out;            /* standard output and standard error, NUL-terminated */
} ran_t;


/* consentctl from the build directory with these words, through a shell. */
static inline ran_t
ctl(const char *fmt, ...)
{
    char         command[4096];
    FILE        *p;
    size_t       n, len;
    va_list      args;
    const char  *build = getenv("BUILD");

    static ran_t  ran;

    n = (size_t) snprintf(command, sizeof(command), "'%s/consentctl' ", build == NULL ? "build" : build);
    va_start(args, fmt);
    n += (size_t) vsnprintf(command + n, sizeof(command) - n, fmt, args);
    va_end(args);
    assert_true(n + 8 < sizeof(command));
    (void) strcpy(command + n, " 2>&1");

    free(ran.out);
    ran.out = malloc(1 << 20);
    p = popen(command, "r");
    assert_non_null(p);

    for (len = 0; (n = fread(ran.out + len, 1, (1 << 20) - 1 - len, p)) > 0; len += n) {
        /* void */
    }

    ran.out[len] = '\0';
    n = (size_t) pclose(p);
    ran.status = WIFEXITED((int) n) ? WEXITSTATUS((int) n) : -1;

    if (ran.status == 127 || ran.status == 126) {
        fail_msg("there is no consentctl in %s: build it first", build == NULL ? "build" : build);
    }

    return ran;
}


static inline void
assert_says(ran_t ran, int status, const char *words)
{
    if (ran.status != status || strstr(ran.out, words) == NULL) {
        fail_msg("exit status %d where %d was expected, or it does not say \"%s\":\n%s", ran.status, status, words, ran.out);
    }
}


static inline void
assert_says_not(ran_t ran, const char *words)
{
    if (strstr(ran.out, words) != NULL) {
        fail_msg("it says \"%s\":\n%s", words, ran.out);
    }
}


static inline size_t
count_lines(const char *text)
{
    size_t  n;

    for (n = 0; *text != '\0'; text++) {
        n += *text == '\n';
    }

    return n;
}

#endif
