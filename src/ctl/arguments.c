/*
 * Arguments of a subcommand: options in any place, and operands.
 */

#include "ctl/ctl.h"

#include <stdarg.h>
#include <stdio.h>

static bool take_option(int argc, char **argv, int *i, consent_ctl_option_t *options, size_t n_options);


bool
consent_ctl_arguments(int argc, char **argv, consent_ctl_option_t *options, size_t n_options, const char **operands,
    size_t n)
{
    size_t  found;

    return consent_ctl_operands(argc, argv, options, n_options, operands, n, n, &found);
}


bool
consent_ctl_operands(int argc, char **argv, consent_ctl_option_t *options, size_t n_options, const char **operands,
    size_t least, size_t most, size_t *found)
{
    int   i;
    bool  ended;

    for (i = 0, *found = 0, ended = false; i < argc; i++) {
        if (!ended && strcmp(argv[i], "--") == 0) {
            ended = true;

        } else if (!ended && argv[i][0] == '-' && argv[i][1] != '\0') {
            if (!take_option(argc, argv, &i, options, n_options)) {
                return false;
            }

        } else if (*found == most) {
            (void) consent_ctl_complain("\"%s\" is one argument too many", argv[i]);
            return false;

        } else {
            operands[(*found)++] = argv[i];
        }
    }

    if (*found < least) {
        (void) consent_ctl_complain("an argument is missing");
        return false;
    }

    return true;
}


int
consent_ctl_complain(const char *fmt, ...)
{
    va_list  args;

    (void) fprintf(stderr, "consentctl: ");
    va_start(args, fmt);
    (void) vfprintf(stderr, fmt, args);
    va_end(args);
    (void) fprintf(stderr, "\n");

    return CONSENT_CTL_USAGE;
}


static bool
take_option(int argc, char **argv, int *i, consent_ctl_option_t *options, size_t n_options)
{
    size_t       k, len;
    const char  *arg = argv[*i], *equals;

    equals = strchr(arg, '=');
    len = equals == NULL ? strlen(arg) : (size_t) (equals - arg);

    for (k = 0; k < n_options; k++) {
        if (strlen(options[k].name) == len && strncmp(options[k].name, arg, len) == 0) {
            break;
        }
    }

    if (k == n_options) {
        (void) consent_ctl_complain("there is no option \"%.*s\" here", (int) len, arg);
        return false;
    }

    if (options[k].value != NULL) {
        (void) consent_ctl_complain("%s was given twice", options[k].name);
        return false;
    }

    if (!options[k].takes_value) {
        options[k].value = "";

        if (equals != NULL) {
            (void) consent_ctl_complain("%s takes no value", options[k].name);
        }

        return equals == NULL;
    }

    if (equals != NULL) {
        options[k].value = equals + 1;

    } else if (*i + 1 < argc) {
        options[k].value = argv[++*i];

    } else {
        (void) consent_ctl_complain("%s needs a value", options[k].name);
        return false;
    }

    return true;
}
