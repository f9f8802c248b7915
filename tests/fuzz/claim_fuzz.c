/*
 * What an upstream says of itself, in any bytes: memory is respected, what is read does not depend on what stands behind
 * it, a claim comes only of a word that is there, and a dictionary's last member of the name counts.
 */

#include "disclose/claim.h"
#include "disclose/peek.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void header(consent_slice_t in);
static void member(consent_slice_t in, bool lines);
static void walk(consent_slice_t in, bool lines, unsigned depth);
static bool holds(consent_slice_t in, const char *word);
static void require(bool condition);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    uint8_t          *alone;
    consent_slice_t   in;

    /* in memory of its own size */

    alone = malloc(len + 1);
    memcpy(alone, data, len);
    in = consent_slice(alone, len);

    header(in);
    member(in, false);
    member(in, true);
    walk(in, false, 0);
    walk(in, true, 0);

    require(consent_claim_image(in) == CONSENT_MODE_UNKNOWN || holds(in, "/digitalsourcetype/"));

    free(alone);

    return 0;
}


static void
header(consent_slice_t in)
{
    char            *more;
    size_t           n;
    consent_mode_t   mode;

    static const char  last[] = ", mode=none";

    mode = consent_claim_header(in);

    require(mode == CONSENT_MODE_UNKNOWN || (holds(in, "mode") && (holds(in, "machine-generated") || holds(in, "ai-originated")
                                             || holds(in, "ai-modified") || holds(in, "none"))));

    if (mode == CONSENT_MODE_UNKNOWN) {
        return;
    }

    more = malloc(in.len + sizeof(last));
    memcpy(more, in.data, in.len);
    n = in.len;

    while (n > 0 && (more[n - 1] == ' ' || more[n - 1] == '\t')) {
        n--;
    }

    memcpy(more + n, last, sizeof(last));
    require(consent_claim_header(consent_slice((uint8_t *) more, n + sizeof(last) - 1)) == CONSENT_MODE_HUMAN);

    free(more);
}


static void
member(consent_slice_t in, bool lines)
{
    consent_mode_t  mode;

    mode = consent_claim_member(in, lines);

    require(mode == CONSENT_MODE_UNKNOWN || holds(in, "mode") || holds(in, "w3c"));
    require(consent_claim_more(mode, CONSENT_MODE_GENERATED) == CONSENT_MODE_GENERATED);
    require(consent_claim_more(CONSENT_MODE_UNKNOWN, mode) == mode);
}


/* Names and values follow each other, within the text. */
static void
walk(consent_slice_t in, bool lines, unsigned depth)
{
    consent_peek_t   it;
    const uint8_t   *at, *end;
    consent_slice_t  name, value;

    if (depth > 8) {
        return;
    }

    at = in.data;
    end = in.data + in.len;

    if (consent_peek_object(&it, in, lines)) {

        while (consent_peek_name(&it, &name)) {
            require(name.data >= at && name.data + name.len <= end);
            at = name.data + name.len;

            if (!consent_peek_value(&it, &value)) {
                break;
            }

            require(value.len > 0 && value.data >= at && value.data + value.len <= end);
            at = value.data + value.len;
            walk(value, lines, depth + 1);
        }

    } else if (consent_peek_array(&it, in, lines)) {

        while (consent_peek_element(&it, &value)) {
            require(value.len > 0 && value.data >= at && value.data + value.len <= end);
            at = value.data + value.len;
            walk(value, lines, depth + 1);
        }
    }
}


static bool
holds(consent_slice_t in, const char *word)
{
    return in.len > 0 && memmem(in.data, in.len, word, strlen(word)) != NULL;
}


static void
require(bool condition)
{
    if (!condition) {
        abort();
    }
}
