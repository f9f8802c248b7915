/*
 * Arguments in texts of any bytes: pieces make no difference, little is held, nothing that has to go is left, and a URL
 * or a query that stands in it keeps no value of a protected name.
 */

#include "fuzz_body.h"
#include "minimize/query.h"

#define CANARY  "c4n4ry"

typedef struct {
    const uint8_t  *in;
    consent_buf_t   out;
} told_t;


static consent_rc_t
said(void *arg, size_t n, bool goes)
{
    told_t  *told = arg;

    if (n == 0) {
        abort();
    }

    if (!goes) {
        consent_buf_add(&told->out, told->in, n);
    }

    told->in += n;

    return told->out.rc;
}


static consent_rc_t
tell(told_t *told, consent_inspect_t *inspect, const uint8_t *in, size_t n, size_t step)
{
    size_t                from, take;
    uint8_t              *piece;
    consent_rc_t          rc;
    consent_query_t       q;
    consent_detectors_t  *detectors;

    memset(inspect, 0, sizeof(*inspect));
    inspect->how.policy = fuzz_body_policy(&detectors);
    told->in = in;
    from = 0;

    consent_buf_init(&told->out, 1 << 24);
    consent_query_begin(&q, inspect, CONSENT_CARRIER_JSON);

    do {
        take = step == 0 && n > from ? in[from] % 16u + 1 : step;
        take = take < n - from ? take : n - from;

        piece = malloc(take + 1);
        memcpy(piece, in + from, take);
        from += take;
        rc = consent_query_feed(&q, piece, take, from == n, said, told);
        free(piece);

        if ((rc != CONSENT_OK) != (inspect->doubt != CONSENT_DOUBT_NONE)
            || (rc == CONSENT_OK && (size_t) (in + from - told->in) > (from == n ? 0 : CONSENT_QUERY_HELD)))
        {
            abort();
        }

    } while (rc == CONSENT_OK && from < n);

    return rc;
}


/* With what the fuzzer says before it; nothing of what may be read with it shows. */
static void
planted(const uint8_t *data, size_t size, const char *text)
{
    size_t              n;
    told_t              told;
    uint8_t            *in;
    consent_rc_t        rc;
    consent_inspect_t   inspect;

    n = strlen(text);
    in = malloc(size + n);
    memcpy(in, data, size);
    memcpy(in + size, text, n);

    rc = tell(&told, &inspect, in, size + n, size + n);

    if (rc == CONSENT_OK && memmem(data, size, CANARY, 6) == NULL && told.out.len > 0
        && memmem(told.out.data, told.out.len, CANARY, 6) != NULL)
    {
        abort();
    }

    consent_buf_free(&told.out);
    free(in);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t             i;
    told_t             whole, other;
    consent_rc_t       rc;
    consent_inspect_t  inspect, again;

    static const size_t  steps[] = { 1, 0, 7 };

    if (size == 0) {
        return 0;
    }

    rc = tell(&whole, &inspect, data, size, size);

    for (i = 0; i < consent_countof(steps); i++) {

        if (tell(&other, &again, data, size, steps[i]) != rc || again.doubt != inspect.doubt
            || (rc == CONSENT_OK && (!consent_slice_eq(consent_buf_view(&other.out), consent_buf_view(&whole.out))
                                     || memcmp(&again.found, &inspect.found, sizeof(again.found)) != 0)))
        {
            abort();
        }

        consent_buf_free(&other.out);
    }

    if (rc == CONSENT_OK) {

        if (data[0] > ' ' && inspect.found.pairs > 0 && consent_query_clear(data, size, true)) {
            abort();
        }

        if (tell(&other, &again, whole.out.data == NULL ? data : whole.out.data, whole.out.len, whole.out.len + 1)
            != CONSENT_OK || again.found.removed != 0)
        {
            abort();
        }

        consent_buf_free(&other.out);
    }

    consent_buf_free(&whole.out);

    planted(data, size, "&pnr=" CANARY);
    planted(data, size, "\n/x?a=1&%70nr=" CANARY);
    planted(data, size, "%26pnr%3D" CANARY);
    planted(data, size, "?next=%2Fx%3Fpnr%3D" CANARY "%26b=1&c");

    return 0;
}
