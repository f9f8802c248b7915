/*
 * JSON: what is read and written canonically, read again and written again, is the same; so is the compact
 * form.
 */

#include "base/json.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void round_trip(consent_slice_t in, bool canonical);
static void walk(const consent_json_t *v);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    round_trip(consent_slice(data, len), true);
    round_trip(consent_slice(data, len), false);

    return 0;
}


static void
round_trip(consent_slice_t in, bool canonical)
{
    consent_rc_t           rc;
    consent_buf_t          once, twice;
    consent_json_t        *root;
    consent_arena_t       *a;
    consent_json_error_t   err;

    a = consent_arena_create(64 << 20);
    consent_buf_init(&once, 64 << 20);
    consent_buf_init(&twice, 64 << 20);

    if (a == NULL) {
        abort();
    }

    rc = consent_json_parse(&root, a, in, 64, &err);

    if (rc != CONSENT_OK) {
        if (root != NULL || (rc != CONSENT_NOMEM && (err.what == NULL || err.line == 0 || err.column == 0))) {
            abort();
        }

        goto done;
    }

    walk(root);

    if (canonical) {
        if (consent_json_canonical(&once, root) != CONSENT_OK) {
            goto done;
        }

    } else {
        consent_json_write(&once, root, true);
    }

    if (once.rc != CONSENT_OK
        || consent_json_parse(&root, a, consent_buf_view(&once), 64, &err) != CONSENT_OK)
    {
        abort();
    }

    if (canonical) {
        if (consent_json_canonical(&twice, root) != CONSENT_OK) {
            abort();
        }

    } else {
        consent_json_write(&twice, root, true);
    }

    if (!consent_slice_eq(consent_buf_view(&once), consent_buf_view(&twice))) {
        abort();
    }

done:

    consent_buf_free(&once);
    consent_buf_free(&twice);
    consent_arena_destroy(a);
}


/* Every value has a place, its parent, and a path. */
static void
walk(const consent_json_t *v)
{
    size_t                 n;
    consent_buf_t          b;
    const consent_json_t  *child;

    consent_buf_init(&b, 1 << 20);
    consent_json_path(&b, v);

    if (v->line == 0 || v->column == 0 || b.rc == CONSENT_NOMEM) {
        abort();
    }

    consent_buf_free(&b);

    for (n = 0, child = v->first; child != NULL; child = child->next, n++) {
        if (child->parent != v) {
            abort();
        }

        if (n < 32) {
            walk(child);
        }
    }

    if (n != v->count) {
        abort();
    }
}
