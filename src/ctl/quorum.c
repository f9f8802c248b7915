/*
 * Reading an auditor's policy of witnesses.
 */

#include "ctl/verify.h"

#include <stdlib.h>


bool
consent_ctl_quorum_read(consent_ctl_quorum_t *quorum, const char *path, const consent_note_key_t *keys, size_t n)
{
    size_t             i, k;
    consent_quorum_t  *q;

    if (!consent_ctl_read_file(&quorum->text, path, CONSENT_QUORUM_MAX)) {
        return false;
    }

    quorum->quorum = q = calloc(1, sizeof(consent_quorum_t));

    if (q == NULL) {
        (void) consent_ctl_complain("out of memory");
        return false;
    }

    if (consent_quorum_read(q, consent_buf_view(&quorum->text)) != CONSENT_OK) {
        (void) consent_ctl_complain("%s:%u: %s", path, q->line, q->what);
        return false;
    }

    for (i = 0; i < q->n_logs; i++) {
        for (k = 0; k < n; k++) {
            if (memcmp(&q->logs[i], &keys[k], sizeof(consent_note_key_t)) == 0) {
                return true;
            }
        }
    }

    if (q->n_logs > 0) {
        (void) consent_ctl_complain("%s does not name the log of that key", path);
    }

    return q->n_logs == 0;
}


void
consent_ctl_quorum_free(consent_ctl_quorum_t *quorum)
{
    consent_buf_free(&quorum->text);
    free(quorum->quorum);
    quorum->quorum = NULL;
}
