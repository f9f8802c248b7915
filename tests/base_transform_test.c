/*
 * Pairs of transforms: order, kinds of spans, errors, ends.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/transform.h"

/* Doubles the letter `letter`: passes what it is fed, and adds one of its own behind each such letter. At
 * the end says `bye`, which lives as long as it does. */
typedef struct {
    consent_transform_t  base;
    char                 letter;
    char                 bye;
    char                 scratch;
    int                  ends;
    int                  destroyed;
} doubler_t;

typedef struct {
    char                 text[256];
    size_t               len;
    const uint8_t       *in;            /* what is fed now */
    size_t               n;
    char                 kinds[256];    /* b, o or l for each byte */
    size_t               left;          /* emits until it fails */
} sink_t;


static consent_rc_t
doubler_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit, void *arg)
{
    size_t         i, from;
    doubler_t     *d = (doubler_t *) t;
    consent_rc_t   rc;

    from = 0;

    for (i = 0; i < n; i++) {
        if (in[i] == '!') {
            return CONSENT_MALFORMED;
        }

        if (in[i] != (uint8_t) d->letter) {
            continue;
        }

        rc = emit(arg, in + from, i + 1 - from, CONSENT_SPAN_BORROWED);
        if (rc != CONSENT_OK) {
            return rc;
        }

        from = i + 1;
        d->scratch = d->letter;

        rc = emit(arg, (uint8_t *) &d->scratch, 1, CONSENT_SPAN_OWN);
        if (rc != CONSENT_OK) {
            return rc;
        }

        d->scratch = '?';               /* own spans end when emit returns */
    }

    if (from < n) {
        rc = emit(arg, in + from, n - from, CONSENT_SPAN_BORROWED);
        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    if (last) {
        d->ends++;
        return emit(arg, (uint8_t *) &d->bye, 1, CONSENT_SPAN_LASTING);
    }

    return CONSENT_OK;
}


static void
doubler_destroy(consent_transform_t *t)
{
    ((doubler_t *) t)->destroyed++;
}


static void
doubler_init(doubler_t *d, char letter, char bye)
{
    memset(d, 0, sizeof(doubler_t));
    d->base.feed = doubler_feed;
    d->base.destroy = doubler_destroy;
    d->letter = letter;
    d->bye = bye;
}


static consent_rc_t
sink_emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    sink_t  *s = arg;

    if (s->left-- == 0) {
        return CONSENT_FULL;
    }

    assert_true(len > 0 && s->len + len < sizeof(s->text));

    if (kind == CONSENT_SPAN_BORROWED) {
        assert_true(data >= s->in && data + len <= s->in + s->n);
    }

    memcpy(s->text + s->len, data, len);
    memset(s->kinds + s->len, "bol"[kind], len);
    s->len += len;

    return CONSENT_OK;
}


static consent_rc_t
sink_feed(sink_t *s, consent_transform_t *t, const char *text, bool last)
{
    s->in = (const uint8_t *) text;
    s->n = strlen(text);

    return consent_transform_feed(t, s->in, s->n, last, sink_emit, s);
}


static void
the_first_feeds_the_second_and_kinds_are_kept(void **state)
{
    sink_t                    s;
    doubler_t                 a, b;
    consent_transform_pair_t  pair;

    (void) state;

    memset(&s, 0, sizeof(s));
    s.left = 100;
    doubler_init(&a, 'a', 'b');
    doubler_init(&b, 'b', '.');
    consent_transform_pair(&pair, &a.base, &b.base);

    assert_int_equal(sink_feed(&s, &pair.base, "xaxbx", false), CONSENT_OK);
    assert_string_equal(s.text, "xaaxbbx");
    assert_string_equal(s.kinds, "bbobbob");
    assert_int_equal(a.ends + b.ends, 0);

    /* the end of the first goes through the second, which then ends too, each once */
    assert_int_equal(sink_feed(&s, &pair.base, "", true), CONSENT_OK);
    assert_string_equal(s.text, "xaaxbbxbb.");
    assert_string_equal(s.kinds, "bbobbob" "lol");
    assert_int_equal(a.ends, 1);
    assert_int_equal(b.ends, 1);

    consent_transform_destroy(&pair.base);
    assert_int_equal(a.destroyed, 1);
    assert_int_equal(b.destroyed, 1);
}


static void
pairs_nest(void **state)
{
    sink_t                    s;
    doubler_t                 a, b, c;
    consent_transform_pair_t  inner, outer;

    (void) state;

    memset(&s, 0, sizeof(s));
    s.left = 100;
    doubler_init(&a, 'a', '1');
    doubler_init(&b, 'b', '2');
    doubler_init(&c, 'a', '3');
    consent_transform_pair(&inner, &a.base, &b.base);
    consent_transform_pair(&outer, &inner.base, &c.base);

    assert_int_equal(sink_feed(&s, &outer.base, "ab", true), CONSENT_OK);
    assert_string_equal(s.text, "aaaabb123");
    assert_string_equal(s.kinds, "boooboll" "l");

    consent_transform_destroy(&outer.base);
    assert_int_equal(a.destroyed + b.destroyed + c.destroyed, 3);
}


static void
an_error_anywhere_comes_out(void **state)
{
    size_t                    left;
    sink_t                    s;
    doubler_t                 a, b;
    consent_transform_pair_t  pair;

    (void) state;

    for (left = 0; left < 8; left++) {
        memset(&s, 0, sizeof(s));
        s.left = left;
        doubler_init(&a, 'a', '1');
        doubler_init(&b, 'b', '2');
        consent_transform_pair(&pair, &a.base, &b.base);

        /* seven spans: xa a xb b x 1 2, and no more after the first that is refused */
        assert_int_equal(sink_feed(&s, &pair.base, "xaxbx", true), left < 7 ? CONSENT_FULL : CONSENT_OK);
        assert_int_equal(b.ends, left >= 6);
    }

    memset(&s, 0, sizeof(s));
    s.left = 100;
    doubler_init(&a, 'a', '!');
    doubler_init(&b, 'b', '2');
    consent_transform_pair(&pair, &a.base, &b.base);
    assert_int_equal(sink_feed(&s, &pair.base, "x", true), CONSENT_MALFORMED);
    assert_int_equal(b.ends, 0);
}


static void
nothing_to_destroy_is_allowed(void **state)
{
    doubler_t  a;

    (void) state;

    doubler_init(&a, 'a', '1');
    a.base.destroy = NULL;
    consent_transform_destroy(&a.base);
    assert_int_equal(a.destroyed, 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(the_first_feeds_the_second_and_kinds_are_kept),
        cmocka_unit_test(pairs_nest),
        cmocka_unit_test(an_error_anywhere_comes_out),
        cmocka_unit_test(nothing_to_destroy_is_allowed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
