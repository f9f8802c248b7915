/*
 * What the subcommands of consentctl share.
 */

#ifndef CONSENT_CTL_H
#define CONSENT_CTL_H

#include "base/buf.h"

#define CTL_HOLDS    0      /* exit status: what was asked holds, or was done */
#define CTL_DOES_NOT 1      /* it does not hold, or could not be done */
#define CTL_USAGE    2      /* wrong usage, or unreadable input */

typedef struct {
    const char  *name;              /* "keygen", "policy check" */
    const char  *usage;             /* its arguments */
    const char  *what;              /* a sentence */
    int        (*run)(int argc, char **argv);   /* without the words of the name */
} ctl_command_t;

extern bool  ctl_json;              /* --json was given */

/* Says on standard error how a subcommand is used. Returns CTL_USAGE. */
int ctl_usage(const char *name);

int ctl_keygen(int argc, char **argv);

#endif
