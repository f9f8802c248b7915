/*
 * Goes once through a body, in the steps that the gateway takes: under callgrind, which can say what each of them costs.
 *
 *   body_slices POLICY TYPE ENCODING FILE
 */

#include "minimize/body.h"
#include "policy/policy.h"

#include <stdio.h>
#include <stdlib.h>

static consent_slice_t slurp(const char *path);
static consent_rc_t emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind);
static void give_up(const char *what, consent_rc_t rc);


int
main(int argc, char **argv)
{
    bool                    ended;
    size_t                  at, used;
    consent_rc_t            rc;
    consent_body_t         *body;
    consent_slice_t         in, document;
    consent_faults_t        faults;
    consent_policy_t       *policy;
    consent_inspect_t       inspect;
    consent_body_head_t     head;
    consent_detectors_t    *detectors;
    consent_transform_t    *transform;

    if (argc != 5) {
        give_up("POLICY TYPE ENCODING FILE", CONSENT_MALFORMED);
    }

    document = slurp(argv[1]);
    in = slurp(argv[4]);

    memset(&faults, 0, sizeof(faults));
    faults.arena = consent_arena_create(1 << 20);
    rc = consent_policy_load(&policy, document, &faults);

    if (rc != CONSENT_OK) {
        give_up(argv[1], rc);
    }

    rc = consent_detectors_compile(&detectors, policy, NULL);

    if (rc != CONSENT_OK) {
        give_up("consent_detectors_compile", rc);
    }

    memset(&inspect, 0, sizeof(inspect));
    inspect.how.policy = policy;
    inspect.detectors = detectors;
    inspect.masks = consent_masks_create();

    head.content_type = consent_cstr(argv[2]);
    head.content_encoding = consent_cstr(argv[3]);
    head.limit = SIZE_MAX;
    rc = consent_body_open(&body, &transform, &inspect, &head);

    if (rc != CONSENT_OK) {
        give_up("consent_body_open", rc);
    }

    for (at = 0, ended = false; !ended; at += used) {
        rc = consent_body_some(body, in.data + at, in.len - at, true, &used, &ended, emit, NULL);

        if (rc != CONSENT_OK) {
            give_up("consent_body_some", rc);
        }
    }

    consent_body_close(body);
    consent_masks_destroy(inspect.masks);
    consent_detectors_destroy(detectors);
    consent_policy_destroy(policy);
    consent_arena_destroy(faults.arena);
    free((void *) (uintptr_t) document.data);
    free((void *) (uintptr_t) in.data);

    return 0;
}


static consent_slice_t
slurp(const char *path)
{
    FILE     *f;
    size_t    n;
    uint8_t  *data;

    enum { MOST = 1 << 26 };

    data = malloc(MOST);
    f = fopen(path, "rb");

    if (data == NULL || f == NULL) {
        give_up(path, CONSENT_IO);
    }

    n = fread(data, 1, MOST, f);
    (void) fclose(f);

    return consent_slice(data, n);
}


static consent_rc_t
emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    (void) arg;
    (void) data;
    (void) len;
    (void) kind;

    return CONSENT_OK;
}


static void
give_up(const char *what, consent_rc_t rc)
{
    (void) fprintf(stderr, "body_slices: %s: %s\n", what, consent_rc_name(rc));
    exit(1);
}
