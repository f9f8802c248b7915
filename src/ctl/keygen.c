/*
 * consentctl keygen: a node's keys.
 */

#include "ctl/ctl.h"
#include "identity/keys.h"

#include <stdio.h>


static int keygen_rotate(const char *directory, const consent_ctl_option_t *options);


int
consent_ctl_keygen(int argc, char **argv)
{
    char                   why[256] = "", path[4096];
    const char            *directory;
    consent_rc_t           rc;
    consent_buf_t          pub, out;
    consent_ctl_option_t   options[] = { { "--name", true, NULL }, { "--with", true, NULL },
                                         { "--json", false, NULL }, { "--rotate", true, NULL } };

    if (!consent_ctl_arguments(argc, argv, options, consent_countof(options), &directory, 1)) {
        return CONSENT_CTL_USAGE;
    }

    if (options[3].value != NULL) {
        return keygen_rotate(directory, options);
    }

    if (options[0].value == NULL) {
        return consent_ctl_complain("--name is missing: the log's origin, such as consent.example.org/node1");
    }

    rc = consent_keys_generate(directory, options[0].value, options[1].value, why);

    if (rc != CONSENT_OK) {
        (void) consent_ctl_complain("%s", why);
        return rc == CONSENT_CONFLICT ? CONSENT_CTL_FAILS : CONSENT_CTL_USAGE;
    }

    if (snprintf(path, sizeof(path), "%s/log.pub", directory) >= (int) sizeof(path)
        || !consent_ctl_read_file(&pub, path, 4096))
    {
        return CONSENT_CTL_USAGE;
    }

    while (pub.len > 0 && pub.data[pub.len - 1] == '\n') {
        pub.len--;
    }

    consent_buf_init(&out, 65536);

    if (options[2].value != NULL) {
        consent_buf_char(&out, '{');
        consent_ctl_json_text(&out, "directory", consent_cstr(directory));
        consent_ctl_json_text(&out, "log_pub", consent_buf_view(&pub));
        consent_buf_str(&out, "}\n");

    } else {
        consent_buf_printf(&out, "The keys are in %s. Keep them apart from the store and from its backups.\n"
                           "Auditors need the verifier key in log.pub:\n\n  ", directory);
        consent_buf_slice(&out, consent_buf_view(&pub));
        consent_buf_char(&out, '\n');
    }

    consent_buf_free(&pub);

    return consent_ctl_flush(&out) ? CONSENT_CTL_HOLDS : CONSENT_CTL_USAGE;
}


static int
keygen_rotate(const char *directory, const consent_ctl_option_t *options)
{
    char           why[256] = "";
    bool           is_cookie;
    const char    *name = options[3].value;
    consent_rc_t   rc;
    consent_buf_t  out;

    if (options[0].value != NULL || options[1].value != NULL) {
        return consent_ctl_complain("--rotate goes without --name and --with");
    }

    is_cookie = strcmp(name, "cookie") == 0;

    if (!is_cookie && strcmp(name, "pseudonym") != 0) {
        return consent_ctl_complain("--rotate takes \"cookie\" or \"pseudonym\"");
    }

    rc = consent_keys_rotate(directory, name, why);

    if (rc != CONSENT_OK) {
        (void) consent_ctl_complain("%s", why);
        return rc == CONSENT_CONFLICT ? CONSENT_CTL_FAILS : CONSENT_CTL_USAGE;
    }

    consent_buf_init(&out, 65536);

    if (options[2].value != NULL) {
        consent_buf_char(&out, '{');
        consent_ctl_json_text(&out, "directory", consent_cstr(directory));
        consent_ctl_json_text(&out, "rotated", consent_cstr(name));
        consent_buf_str(&out, "}\n");

    } else if (!is_cookie) {
        consent_buf_printf(&out, "A new key is first in %s/pseudonym.key. Reload nginx: who logs in from then on gets a new\n"
                           "pseudonym, and what was decided under the former one moves to it. Take the last line away, and\n"
                           "reload, when all who are to be known again have logged in: who has not is as somebody new.\n",
                           directory);

    } else {
        consent_buf_printf(&out, "A new key is first in %s/cookie.key. Reload nginx: it signs from then on, and the others\n"
                           "go on verifying. Take the last line away when no cookie signed by it can be valid any more.\n",
                           directory);
    }

    return consent_ctl_flush(&out) ? CONSENT_CTL_HOLDS : CONSENT_CTL_USAGE;
}
