/*
 * Media types and answers to our question in any bytes: what is read lies in them, and is what a header can hold; what
 * was read of a type is read as the same again.
 */

#include "fuzz_minimize.h"
#include "minimize/media.h"
#include "pages/pages.h"

static void media(consent_slice_t in);
static void answer(consent_slice_t in);
static bool within(consent_slice_t part, consent_slice_t all);
static void require(bool condition);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    uint8_t  *alone;

    alone = malloc(len + 1);
    memcpy(alone, data, len);

    media(consent_slice(alone, len));
    answer(consent_slice(alone, len));

    free(alone);

    return 0;
}


static void
media(consent_slice_t in)
{
    size_t           i;
    consent_media_t  m, again;

    if (consent_media_parse(&m, in) != CONSENT_OK) {
        return;
    }

    require(within(m.type, in) && within(m.charset, in) && within(m.boundary, in));
    require(m.type.len > 2 && memchr(m.type.data, '/', m.type.len) != NULL);

    for (i = 0; i < in.len; i++) {
        require(in.data[i] == '\t' || (in.data[i] >= ' ' && in.data[i] < 0x7f));
    }

    require(consent_media_parse(&again, m.type) == CONSENT_OK && again.kind == m.kind);
}


/* What is read is read where it stands. */
static void
answer(consent_slice_t in)
{
    size_t            i;
    consent_answer_t  a;

    if (consent_answer_parse(&a, fuzz_policy(), (uint8_t *) in.data, in.len) != CONSENT_OK) {
        return;
    }

    require(within(a.type, in) && within(a.body, in) && within(a.token, in) && within(a.version, in) && within(a.language, in));
    require(a.type.len > 0 && a.body.len <= CONSENT_ASK_MAX);

    for (i = 0; i < a.type.len; i++) {
        require(a.type.data[i] >= ' ' && a.type.data[i] < 0x7f);
    }
}


static bool
within(consent_slice_t part, consent_slice_t all)
{
    return part.len == 0 || (part.data >= all.data && part.data + part.len <= all.data + all.len);
}


static void
require(bool condition)
{
    if (!condition) {
        abort();
    }
}
