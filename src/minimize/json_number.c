/*
 * Numbers that are personal data: a personal number needs no quotes. The mask in its place has them.
 */

#include "minimize/json_inside.h"

#define NUMBER_DIGITS  64           /* of a number written in another way; longer ones are nobody's */

static consent_rc_t number_look(json_all_t *all, consent_slice_t text);
static consent_rc_t number_each(void *arg, size_t n, consent_slice_t mask);
static size_t number_plain(uint8_t *out, consent_slice_t text);


consent_rc_t
consent_json_number(json_reader_t *r, const uint8_t *end)
{
    size_t           n, len;
    json_all_t      *all;
    consent_rc_t     rc;
    consent_slice_t  text, with;
    uint8_t          plain[NUMBER_DIGITS], quoted[CONSENT_MASK_LEN + 2];

    all = r->all;
    n = (size_t) (end - r->token);

    if (r->held + (size_t) (end - r->cut) > consent_json_pending(r)) {
        return consent_json_reader_doubt(r, CONSENT_DOUBT_NAME);
    }

    text = consent_slice(r->token, n);

    if (all->token_len > 0) {
        memcpy(all->token + all->token_len, r->token, n);
        text = consent_slice(all->token, all->token_len + n);
        all->token_len = 0;
    }

    all->mask = consent_slice(NULL, 0);
    rc = number_look(all, text);
    len = all->mask.len == 0 ? number_plain(plain, text) : 0;

    if (rc == CONSENT_OK && len > 0) {
        rc = number_look(all, consent_slice(plain, len));
    }

    if (rc != CONSENT_OK) {
        return rc;
    }

    if (all->mask.len == 0) {
        return consent_json_reader_keep(r);
    }

    rc = consent_json_reader_pass(r, r->cut);

    if (rc != CONSENT_OK) {
        return rc;
    }

    len = all->mask.len < CONSENT_MASK_LEN ? all->mask.len : CONSENT_MASK_LEN;
    quoted[0] = '"';
    memcpy(quoted + 1, all->mask.data, len);
    quoted[len + 1] = '"';

    with = consent_slice(quoted, len + 2);
    n = r->held + (size_t) (end - r->cut);

    r->held = 0;
    r->cut = NULL;
    r->from = end;

    return consent_json_reader_say(r, n, &with);
}


static consent_rc_t
number_look(json_all_t *all, consent_slice_t text)
{
    consent_rc_t  rc;

    if (consent_detect_clear(all->detect, text.data, text.len)) {
        return CONSENT_OK;
    }

    rc = consent_json_text_end(all);

    return rc == CONSENT_OK ? consent_detect_feed(all->detect, text.data, text.len, true, number_each, all) : rc;
}


static consent_rc_t
number_each(void *arg, size_t n, consent_slice_t mask)
{
    json_all_t  *all;

    (void) n;

    all = arg;

    if (all->mask.len == 0) {
        all->mask = mask;
    }

    return CONSENT_OK;
}


/* The digits of a whole number that is written with a fraction or an exponent; 0: it is none, or written plainly. */
static size_t
number_plain(uint8_t *out, consent_slice_t text)
{
    bool     point, minus, other;
    long     before, exponent;
    size_t   i, n;
    uint8_t  c;

    n = 0;
    before = 0;
    exponent = 0;
    point = false;
    other = false;

    for (i = 0; i < text.len && (text.data[i] | 0x20) != 'e'; i++) {
        c = text.data[i];

        if (c == '.') {
            point = true;
            other = true;
            continue;
        }

        if (c < '0' || c > '9') {
            continue;
        }

        if (n == 0 && c == '0') {
            before -= point;
            continue;
        }

        before += !point;

        if (n < NUMBER_DIGITS) {
            out[n++] = c;

        } else if (c != '0') {
            return 0;
        }
    }

    if (i < text.len) {
        other = true;
        minus = text.data[i + 1] == '-';

        for (i++; i < text.len; i++) {
            if (text.data[i] >= '0' && text.data[i] <= '9' && exponent < 100000) {
                exponent = exponent * 10 + (text.data[i] - '0');
            }
        }

        exponent = minus ? -exponent : exponent;
    }

    before += exponent;

    if (!other || n == 0 || before < 1 || before > NUMBER_DIGITS) {
        return 0;
    }

    for ( /* void */ ; n > (size_t) before; n--) {
        if (out[n - 1] != '0') {
            return 0;
        }
    }

    while (n < (size_t) before) {
        out[n++] = '0';
    }

    return n;
}
