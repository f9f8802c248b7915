/*
 * keygen: the keys of a node.
 */

#include <stdio.h>

#include "ctl/ctl.h"
#include "identity/keys.h"


int
ctl_keygen(int argc, char **argv)
{
    int           i;
    char          why[256];
    const char   *directory, *name, *with, *rotate;
    consent_rc_t  rc;

    directory = NULL;
    name = NULL;
    with = NULL;
    rotate = NULL;

    for (i = 0; i < argc; i++) {

        if (strcmp(argv[i], "--name") == 0 && i + 1 < argc) {
            name = argv[++i];

        } else if (strcmp(argv[i], "--with") == 0 && i + 1 < argc) {
            with = argv[++i];

        } else if (strcmp(argv[i], "--rotate") == 0 && i + 1 < argc) {
            rotate = argv[++i];

        } else if (argv[i][0] != '-' && directory == NULL) {
            directory = argv[i];

        } else {
            return ctl_usage("keygen");
        }
    }

    if (directory == NULL || (rotate == NULL) == (name == NULL) || (rotate != NULL && strcmp(rotate, "cookie") != 0)) {
        return ctl_usage("keygen");
    }

    rc = rotate != NULL ? consent_keys_rotate_cookie(directory, why)
                        : consent_keys_generate(directory, name, with, why);

    if (rc != CONSENT_OK) {
        fprintf(stderr, "consentctl keygen: %s\n", why);
        return CTL_DOES_NOT;
    }

    if (ctl_json) {
        printf("{\"directory\":\"%s\"}\n", directory);

    } else {
        printf("%s in %s\n", rotate != NULL ? "A new cookie key is first" : "Keys made", directory);
    }

    return CTL_HOLDS;
}
