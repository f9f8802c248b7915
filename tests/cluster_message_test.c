/*
 * What crosses Redis: whoever holds it can neither read nor forge nor move a message.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cluster/message.h"

static consent_cluster_keys_t  keys;
static uint8_t                 memory[CONSENT_CLUSTER_BODY_MAX + 1024];


static int
set_up(void **state)
{
    uint8_t  key[32] = { 1, 2, 3 };

    (void) state;

    return consent_cluster_derive(&keys, key) == CONSENT_OK ? 0 : -1;
}


static consent_cluster_message_t
a_message(consent_cluster_kind_t kind)
{
    consent_cluster_message_t  m;

    memset(&m, 0, sizeof(m));
    m.kind = kind;
    m.node = consent_lit("a.example");
    m.epoch = 1764000000000;
    m.sequence = 42;
    m.sent_at = kind == CONSENT_CLUSTER_PIECE ? 0 : 1764000000001;

    switch (kind) {
    case CONSENT_CLUSTER_BATCH:
        m.flag = true;
        m.records = consent_lit("who decided what");
        break;

    case CONSENT_CLUSTER_STATUS:
        m.oldest = 40;
        m.ms = 1764000000002;
        m.n = 3;
        m.n_vector = 2;
        m.vector[0] = (consent_cluster_place_t) { consent_lit("b.example"), 17, 18, true };
        m.vector[1] = (consent_cluster_place_t) { consent_lit("c.example"), 19, 0, false };
        break;

    case CONSENT_CLUSTER_WANT:
        m.whom = consent_lit("b.example");
        m.whose = 17;
        break;

    case CONSENT_CLUSTER_ASK:
        m.whom = consent_lit("b.example");
        break;

    case CONSENT_CLUSTER_PIECE:
        m.flag = true;
        m.count = 1;
        m.n_vector = 1;
        m.vector[0] = (consent_cluster_place_t) { consent_lit("b.example"), 17, 18, true };
        m.records = consent_lit("who decided what");
        break;
    }

    return m;
}


static consent_buf_t
sealed(const consent_cluster_message_t *m)
{
    consent_buf_t  b;

    consent_buf_init(&b, sizeof(memory));
    assert_int_equal(consent_cluster_seal(&b, &keys, m), CONSENT_OK);

    return b;
}


static void
assert_same(const consent_cluster_message_t *a, const consent_cluster_message_t *b)
{
    size_t  i;

    assert_int_equal(a->kind, b->kind);
    assert_true(consent_slice_eq(a->node, b->node));
    assert_int_equal(a->epoch, b->epoch);
    assert_int_equal(a->sequence, b->sequence);
    assert_int_equal(a->sent_at, b->sent_at);
    assert_int_equal(a->flag, b->flag);
    assert_int_equal(a->oldest, b->oldest);
    assert_int_equal(a->ms, b->ms);
    assert_int_equal(a->n, b->n);
    assert_true(consent_slice_eq(a->whom, b->whom));
    assert_int_equal(a->whose, b->whose);
    assert_int_equal(a->count, b->count);
    assert_true(consent_slice_eq(a->records, b->records));
    assert_int_equal(a->n_vector, b->n_vector);

    for (i = 0; i < a->n_vector; i++) {
        assert_true(consent_slice_eq(a->vector[i].node, b->vector[i].node));
        assert_int_equal(a->vector[i].epoch, b->vector[i].epoch);
        assert_int_equal(a->vector[i].sequence, b->vector[i].sequence);
        assert_int_equal(a->vector[i].whole, b->vector[i].whole);
    }
}


static void
every_kind_comes_out_as_it_went_in(void **state)
{
    int                        kind;
    consent_buf_t              b;
    consent_cluster_message_t  in, out;

    (void) state;

    for (kind = CONSENT_CLUSTER_BATCH; kind <= CONSENT_CLUSTER_PIECE; kind++) {
        in = a_message((consent_cluster_kind_t) kind);
        b = sealed(&in);
        assert_int_equal(consent_cluster_open(&out, &keys, consent_buf_view(&b), memory), CONSENT_OK);
        assert_same(&out, &in);
        consent_buf_free(&b);
    }
}


static void
nothing_of_the_body_can_be_read(void **state)
{
    consent_buf_t              b;
    consent_cluster_message_t  m = a_message(CONSENT_CLUSTER_BATCH);

    (void) state;

    b = sealed(&m);
    assert_null(memmem(b.data, b.len, "decided", 7));
    consent_buf_free(&b);
}


static void
no_bit_can_be_changed(void **state)
{
    size_t                     i;
    int                        kind;
    consent_rc_t               rc;
    consent_buf_t              b;
    consent_cluster_message_t  m, out;

    (void) state;

    for (kind = CONSENT_CLUSTER_BATCH; kind <= CONSENT_CLUSTER_PIECE; kind++) {
        m = a_message((consent_cluster_kind_t) kind);
        b = sealed(&m);

        for (i = 0; i < b.len * 8; i++) {
            b.data[i / 8] ^= (uint8_t) (1 << i % 8);
            rc = consent_cluster_open(&out, &keys, consent_buf_view(&b), memory);
            assert_true(rc == CONSENT_DENIED || rc == CONSENT_MALFORMED);
            b.data[i / 8] ^= (uint8_t) (1 << i % 8);
        }

        consent_buf_free(&b);
    }
}


static void
a_body_cannot_be_moved_to_another_head(void **state)
{
    size_t                     i;
    consent_buf_t              one, two;
    consent_cluster_message_t  m = a_message(CONSENT_CLUSTER_BATCH), other, out;

    (void) state;

    one = sealed(&m);

    for (i = 0; i < 4; i++) {
        other = m;

        switch (i) {
        case 0: other.node = consent_lit("b.example"); break;
        case 1: other.epoch++; break;
        case 2: other.sequence++; break;
        case 3: other.kind = CONSENT_CLUSTER_PIECE; break;
        }

        two = sealed(&other);
        memcpy(two.data + 29, one.data + 29, one.len - 29 < two.len - 29 ? one.len - 29 : two.len - 29);
        assert_int_equal(consent_cluster_open(&out, &keys, consent_slice(two.data, one.len < two.len ? one.len : two.len),
                                              memory), CONSENT_DENIED);
        consent_buf_free(&two);
    }

    consent_buf_free(&one);
}


static void
another_portals_key_opens_nothing(void **state)
{
    uint8_t                    key[32] = { 9 };
    consent_buf_t              b;
    consent_cluster_keys_t     others;
    consent_cluster_message_t  m = a_message(CONSENT_CLUSTER_STATUS), out;

    (void) state;

    assert_int_equal(consent_cluster_derive(&others, key), CONSENT_OK);
    assert_string_not_equal(others.tag, keys.tag);

    b = sealed(&m);
    assert_int_equal(consent_cluster_open(&out, &others, consent_buf_view(&b), memory), CONSENT_DENIED);
    consent_buf_free(&b);
}


static void
what_is_cut_short_is_refused(void **state)
{
    size_t                     i;
    consent_buf_t              b;
    consent_cluster_message_t  m = a_message(CONSENT_CLUSTER_STATUS), out;

    (void) state;

    b = sealed(&m);

    for (i = 0; i < b.len; i++) {
        assert_int_not_equal(consent_cluster_open(&out, &keys, consent_slice(b.data, i), memory), CONSENT_OK);
    }

    consent_buf_free(&b);
}


static void
names_that_could_be_taken_for_another_are_refused(void **state)
{
    size_t                     i;
    consent_buf_t              b;
    consent_cluster_message_t  m = a_message(CONSENT_CLUSTER_WANT);
    static const consent_slice_t  names[] = { { NULL, 0 }, { (const uint8_t *) "a\0b", 3 } };

    (void) state;

    for (i = 0; i < consent_countof(names); i++) {
        consent_buf_init(&b, 1024);
        m = a_message(CONSENT_CLUSTER_WANT);
        m.node = names[i];
        assert_int_equal(consent_cluster_seal(&b, &keys, &m), CONSENT_MALFORMED);
        consent_buf_free(&b);

        consent_buf_init(&b, 1024);
        m = a_message(CONSENT_CLUSTER_WANT);
        m.whom = names[i];
        assert_int_equal(consent_cluster_seal(&b, &keys, &m), CONSENT_MALFORMED);
        consent_buf_free(&b);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(every_kind_comes_out_as_it_went_in),
        cmocka_unit_test(nothing_of_the_body_can_be_read),
        cmocka_unit_test(no_bit_can_be_changed),
        cmocka_unit_test(a_body_cannot_be_moved_to_another_head),
        cmocka_unit_test(another_portals_key_opens_nothing),
        cmocka_unit_test(what_is_cut_short_is_refused),
        cmocka_unit_test(names_that_could_be_taken_for_another_are_refused),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
