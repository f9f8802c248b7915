/*
 * consentctl: the command-line tool of operators and auditors. A table of subcommands; each stands in a file of its own.
 */

#include <stdio.h>

#include "ctl/ctl.h"

static const ctl_command_t  ctl_commands[] = {
    { "keygen", "DIR --name ORIGIN [--with DIR] | DIR --rotate cookie",
      "makes the keys of a node, or puts a new cookie key in front of the others", ctl_keygen },
};

bool  ctl_json;

static const ctl_command_t *ctl_find(int argc, char **argv, int *words);
static int ctl_help(FILE *f);


int
main(int argc, char **argv)
{
    int                   i, n, words;
    const ctl_command_t  *command;

    /* --json stands anywhere */

    for (i = 1, n = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            ctl_json = true;

        } else {
            argv[n++] = argv[i];
        }
    }

    argc = n;

    if (argc == 1) {
        (void) ctl_help(stderr);
        return CTL_USAGE;
    }

    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0) {
        return ctl_help(stdout);
    }

    command = ctl_find(argc - 1, argv + 1, &words);

    if (command == NULL) {
        fprintf(stderr, "consentctl: there is no subcommand \"%s\"; see consentctl help\n", argv[1]);
        return CTL_USAGE;
    }

    if (argc > 1 + words && strcmp(argv[1 + words], "--help") == 0) {
        printf("consentctl %s %s\n\n%s\n", command->name, command->usage, command->what);
        return CTL_HOLDS;
    }

    return command->run(argc - 1 - words, argv + 1 + words);
}


static const ctl_command_t *
ctl_find(int argc, char **argv, int *words)
{
    size_t       i, len;
    const char  *name, *space;

    for (i = 0; i < consent_countof(ctl_commands); i++) {
        name = ctl_commands[i].name;
        space = strchr(name, ' ');
        len = space == NULL ? strlen(name) : (size_t) (space - name);

        if (strlen(argv[0]) != len || strncmp(argv[0], name, len) != 0) {
            continue;
        }

        if (space == NULL) {
            *words = 1;
            return &ctl_commands[i];
        }

        if (argc > 1 && strcmp(argv[1], space + 1) == 0) {
            *words = 2;
            return &ctl_commands[i];
        }
    }

    return NULL;
}


static int
ctl_help(FILE *f)
{
    size_t  i;

    fprintf(f, "consentctl SUBCOMMAND [--json]\n\n");

    for (i = 0; i < consent_countof(ctl_commands); i++) {
        fprintf(f, "  %s %s\n      %s\n", ctl_commands[i].name, ctl_commands[i].usage, ctl_commands[i].what);
    }

    fprintf(f, "\nExit status: 0 it holds or was done, 1 it does not, 2 wrong usage or unreadable input.\n");

    return CTL_HOLDS;
}


int
ctl_usage(const char *name)
{
    size_t  i;

    for (i = 0; i < consent_countof(ctl_commands); i++) {
        if (strcmp(ctl_commands[i].name, name) == 0) {
            fprintf(stderr, "usage: consentctl %s %s\n", name, ctl_commands[i].usage);
        }
    }

    return CTL_USAGE;
}
