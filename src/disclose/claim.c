/*
 * What an upstream says of itself. Its words choose among ours; none of them goes anywhere.
 */

#include "disclose/claim.h"
#include "disclose/peek.h"

typedef struct {
    const uint8_t  *p;
    const uint8_t  *end;
} claim_scan_t;

static consent_mode_t claim_word(consent_slice_t word);
static bool claim_key(claim_scan_t *s, consent_slice_t *key);
static bool claim_value(claim_scan_t *s, consent_slice_t *value);
static bool claim_bare(claim_scan_t *s, consent_slice_t *value);
static bool claim_quoted(claim_scan_t *s, consent_slice_t *value);
static bool claim_parameters(claim_scan_t *s);
static void claim_space(claim_scan_t *s, bool tab);
static int claim_weight(consent_mode_t mode);


consent_mode_t
consent_claim_header(consent_slice_t value)
{
    claim_scan_t     s;
    consent_mode_t   mode;
    consent_slice_t  key, item;

    s.p = value.data;
    s.end = value.data + value.len;
    mode = CONSENT_MODE_UNKNOWN;

    claim_space(&s, false);

    while (s.p < s.end) {

        if (!claim_key(&s, &key)) {
            return CONSENT_MODE_UNKNOWN;
        }

        item = consent_slice(NULL, 0);

        if (s.p < s.end && *s.p == '=') {
            s.p++;

            if (!claim_value(&s, &item)) {
                return CONSENT_MODE_UNKNOWN;
            }
        }

        if (!claim_parameters(&s)) {
            return CONSENT_MODE_UNKNOWN;
        }

        /* the last of a name counts */

        if (consent_slice_eq(key, consent_lit("mode"))) {
            mode = claim_word(item);
        }

        claim_space(&s, true);

        if (s.p == s.end) {
            return mode;
        }

        if (*s.p++ != ',') {
            return CONSENT_MODE_UNKNOWN;
        }

        claim_space(&s, true);

        if (s.p == s.end) {
            return CONSENT_MODE_UNKNOWN;
        }
    }

    return mode;
}


consent_mode_t
consent_claim_member(consent_slice_t value, bool lines)
{
    consent_mode_t   mode;
    consent_slice_t  word;

    word = consent_peek_get(value, "mode", lines);
    mode = word.len > 2 && word.data[0] == '"' ? claim_word(consent_slice(word.data + 1, word.len - 2))
           : CONSENT_MODE_UNKNOWN;

    if (mode != CONSENT_MODE_UNKNOWN) {
        return mode;
    }

    word = consent_peek_get(value, "w3c", lines);

    return consent_peek_is(word, "ai-autonomous") ? CONSENT_MODE_GENERATED
           : consent_peek_is(word, "ai-assisted") ? CONSENT_MODE_ORIGINATED
           : consent_peek_is(word, "human-only") ? CONSENT_MODE_HUMAN : CONSENT_MODE_UNKNOWN;
}


consent_mode_t
consent_claim_image(consent_slice_t image)
{
    size_t  i;

    static const struct {
        const char      *type;
        consent_mode_t   mode;
    } types[] = {
        { "/digitalsourcetype/trainedAlgorithmicMedia", CONSENT_MODE_GENERATED },
        { "/digitalsourcetype/algorithmicMedia", CONSENT_MODE_GENERATED },
        { "/digitalsourcetype/compositeWithTrainedAlgorithmicMedia", CONSENT_MODE_MODIFIED },
        { "/digitalsourcetype/compositeSynthetic", CONSENT_MODE_MODIFIED }
    };

    if (image.len > CONSENT_CLAIM_IMAGE) {
        image.len = CONSENT_CLAIM_IMAGE;
    }

    for (i = 0; i < consent_countof(types); i++) {
        if (image.len > 0 && memmem(image.data, image.len, types[i].type, strlen(types[i].type)) != NULL) {
            return types[i].mode;
        }
    }

    return CONSENT_MODE_UNKNOWN;
}


consent_mode_t
consent_claim_more(consent_mode_t a, consent_mode_t b)
{
    return claim_weight(a) >= claim_weight(b) ? a : b;
}


static int
claim_weight(consent_mode_t mode)
{
    static const int  weights[] = {
        [CONSENT_MODE_GENERATED] = 5, [CONSENT_MODE_MODIFIED] = 4, [CONSENT_MODE_ORIGINATED] = 3,
        [CONSENT_MODE_MODIFIED_REVIEWED] = 2, [CONSENT_MODE_HUMAN] = 1, [CONSENT_MODE_UNKNOWN] = 0
    };

    return weights[mode];
}


/* That a person has reviewed something is not the upstream's to say. */
static consent_mode_t
claim_word(consent_slice_t word)
{
    return consent_slice_eq(word, consent_lit("machine-generated")) ? CONSENT_MODE_GENERATED
           : consent_slice_eq(word, consent_lit("ai-originated")) ? CONSENT_MODE_ORIGINATED
           : consent_slice_eq(word, consent_lit("ai-modified")) ? CONSENT_MODE_MODIFIED
           : consent_slice_eq(word, consent_lit("none")) ? CONSENT_MODE_HUMAN : CONSENT_MODE_UNKNOWN;
}


static bool
claim_key(claim_scan_t *s, consent_slice_t *key)
{
    uint8_t         c;
    const uint8_t  *from;

    from = s->p;

    for ( /* void */ ; s->p < s->end; s->p++) {
        c = *s->p;

        if ((c >= 'a' && c <= 'z') || c == '*') {
            continue;
        }

        if (s->p == from || !((c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.')) {
            break;
        }
    }

    *key = consent_slice(from, (size_t) (s->p - from));

    return key->len > 0;
}


/* A bare item, or an inner list, which says nothing here. */
static bool
claim_value(claim_scan_t *s, consent_slice_t *value)
{
    if (s->p == s->end || *s->p != '(') {
        return claim_bare(s, value);
    }

    for (s->p++; s->p < s->end; /* void */ ) {
        claim_space(s, false);

        if (s->p < s->end && *s->p == ')') {
            s->p++;
            *value = consent_slice(NULL, 0);
            return true;
        }

        if (!claim_bare(s, value) || !claim_parameters(s)
            || (s->p < s->end && *s->p != ' ' && *s->p != ')'))
        {
            return false;
        }
    }

    return false;
}


static bool
claim_bare(claim_scan_t *s, consent_slice_t *value)
{
    uint8_t         c;
    const uint8_t  *from;

    if (s->p == s->end) {
        return false;
    }

    from = s->p;
    c = *s->p++;

    if (c == '"') {
        return claim_quoted(s, value);
    }

    if (c == '%') {
        if (s->p == s->end || *s->p++ != '"' || !claim_quoted(s, value)) {
            return false;
        }

        *value = consent_slice(NULL, 0);
        return true;
    }

    if (c == ':') {
        for ( /* void */ ; s->p < s->end && *s->p != ':'; s->p++) { /* void */ }

        *value = consent_slice(NULL, 0);
        return s->p++ < s->end;
    }

    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '*' || c == '-'
          || c == '@' || c == '?'))
    {
        return false;
    }

    for ( /* void */ ; s->p < s->end && *s->p > ' ' && *s->p < 0x7f && memchr(",;\"()=", *s->p, 6) == NULL; s->p++) {
        /* void */
    }

    *value = consent_slice(from, (size_t) (s->p - from));

    return true;
}


/* Behind its quote; escapes are not resolved, for no word that counts has one. */
static bool
claim_quoted(claim_scan_t *s, consent_slice_t *value)
{
    const uint8_t  *from;

    from = s->p;

    for ( /* void */ ; s->p < s->end; s->p++) {

        if (*s->p == '"') {
            *value = consent_slice(from, (size_t) (s->p - from));
            s->p++;
            return true;
        }

        if (*s->p < ' ' || *s->p > '~' || (*s->p == '\\' && ++s->p == s->end)) {
            return false;
        }
    }

    return false;
}


static bool
claim_parameters(claim_scan_t *s)
{
    consent_slice_t  key, value;

    while (s->p < s->end && *s->p == ';') {
        s->p++;
        claim_space(s, false);

        if (!claim_key(s, &key)) {
            return false;
        }

        if (s->p < s->end && *s->p == '=') {
            s->p++;

            if (!claim_bare(s, &value)) {
                return false;
            }
        }
    }

    return true;
}


static void
claim_space(claim_scan_t *s, bool tab)
{
    while (s->p < s->end && (*s->p == ' ' || (tab && *s->p == '\t'))) {
        s->p++;
    }
}
