/*
 * Members of canonical objects: read in order, and nothing taken for one that is not.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ledger/members.h"


static consent_rc_t
read_all(const char *object, size_t *n)
{
    uint8_t            *copy;
    consent_rc_t        rc;
    consent_slice_t     name, value;
    consent_members_t   m;
    size_t              len = strlen(object);

    /* of exactly that size, so that a sanitizer sees a byte too far */
    copy = malloc(len + (len == 0));
    memcpy(copy, object, len);

    consent_members_begin(&m, consent_slice(copy, len));
    *n = 0;

    while ((rc = consent_members_next(&m, &name, &value)) == CONSENT_OK) {
        (*n)++;
    }

    free(copy);

    return rc;
}


static void
members_come_in_order_with_their_values(void **state)
{
    size_t             i;
    consent_slice_t    name, value;
    consent_members_t  m;

    static const struct {
        const char  *name;
        const char  *value;
    } expected[] = {
        { "", "null" }, { "a", "\"x\\\"}\"" }, { "b", "{\"c\":[1,{\"d\":\"]\"}]}" }, { "b_2", "-12" }, { "z", "[]" }
    };

    (void) state;

    consent_members_begin(&m, consent_lit("{\"\":null,\"a\":\"x\\\"}\",\"b\":{\"c\":[1,{\"d\":\"]\"}]},\"b_2\":-12,"
                                          "\"z\":[]}"));

    for (i = 0; i < consent_countof(expected); i++) {
        assert_int_equal(consent_members_next(&m, &name, &value), CONSENT_OK);
        assert_true(consent_slice_eq(name, consent_cstr(expected[i].name)));
        assert_true(consent_slice_eq(value, consent_cstr(expected[i].value)));
    }

    assert_int_equal(consent_members_next(&m, &name, &value), CONSENT_NOTFOUND);
}


static void
what_is_no_canonical_object_is_refused(void **state)
{
    char          cut[128];
    size_t        i, n;
    const char   *whole = "{\"a\":\"\\u001f\\n\",\"b\":[true,false,null,{\"c\":-10}],\"d\":{}}";

    /* the order of RFC 8785 section 3.2.3 is that of UTF-16 code units */
    static const char  *good[] = {
        "{\"a\":0}", "{\"a\":9007199254740991,\"b\":-9007199254740991}",
        "{\"a\":\"\\\"\\\\\\b\\t\\n\\f\\r\\u0000\\u000b\\u001f/\x7f\"}", "{\"a\":{\"\":1,\"b\":1,\"bb\":1}}",
        "{\"a\":{\"\xf0\x9f\x98\x80\":1,\"\xef\xbf\xbd\":1}}", "{\"a\":{\"!\":1,\"\\\"\":1}}",
        "{\"a\":{\"\\t\":1,\"\\u001f\":1,\" \":1,\"\\\\\":1,\"\xc3\xa4\":1}}", "{}"
    };
    static const char  *bad[] = {
        "", "x", "{", "}", "[]", "\"a\"", "{\"a\"}", "{\"a\":}", "{\"a\":1", "{\"a\":1,}", "{,\"a\":1}", "{\"a\":1}}",
        "{\"a\":1} ", " {\"a\":1}", "{ \"a\":1}", "{\"a\" :1}", "{\"a\": 1}", "{\"b\":1,\"a\":1}", "{\"a\":1,\"a\":1}",
        "{\"a\":01}", "{\"a\":-}", "{\"a\":1.5}", "{\"a\":1e3}", "{\"a\":+1}", "{\"a\":tru}", "{\"a\":nul}",
        "{\"a\":\"\n\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u00G0\"}", "{\"a\":\"\\u00A0\"}", "{\"a\":\"\\u00", "{\"a\":\"\\",
        "{\"a\":[1 ,2]}", "{\"a\":[1,]}", "{\"a\":[}", "{\"a\":{1:2}}", "{\"a\":{\"b\"}}", "{\"a\":[1}}", "{\"a\\u0062\":1}",
        "{\"\xc3\xa4\":1}", "{a:1}", "{\"a\":'1'}",

        /* well-formed, and not canonical */
        "{\"a\":-0}", "{\"a\":9007199254740992}", "{\"a\":-9007199254740992}", "{\"a\":18446744073709551617}",
        "{\"a\":\"\\/\"}", "{\"a\":\"\\u0041\"}", "{\"a\":\"\\u0008\"}", "{\"a\":\"\\u0009\"}", "{\"a\":\"\\u000a\"}",
        "{\"a\":\"\\u000c\"}", "{\"a\":\"\\u000d\"}", "{\"a\":\"\\u0020\"}", "{\"a\":\"\\u001F\"}", "{\"a\":\"\\u007f\"}",
        "{\"a\":{\"c\":1,\"b\":1}}", "{\"a\":{\"b\":1,\"b\":1}}", "{\"a\":[{\"bb\":1,\"b\":1}]}", "{\"a\":{\"b\":1,\"\":1}}",
        "{\"a\":{\"\xef\xbf\xbd\":1,\"\xf0\x9f\x98\x80\":1}}", "{\"a\":{\"\\\"\":1,\"!\":1}}", "{\"a\":{\" \":1,\"\\u001f\":1}}"
    };

    (void) state;

    for (i = 0; i < consent_countof(bad); i++) {
        if (read_all(bad[i], &n) != CONSENT_MALFORMED) {
            fail_msg("taken for an object: %s", bad[i]);
        }
    }

    for (i = 0; i < consent_countof(good); i++) {
        if (read_all(good[i], &n) != CONSENT_NOTFOUND) {
            fail_msg("not taken for an object: %s", good[i]);
        }
    }

    assert_int_equal(read_all(whole, &n), CONSENT_NOTFOUND);
    assert_int_equal(n, 3);

    for (i = 0; i < strlen(whole); i++) {
        (void) snprintf(cut, sizeof(cut), "%.*s", (int) i, whole);
        assert_int_equal(read_all(cut, &n), CONSENT_MALFORMED);
    }
}


/* Strings are read in steps of eight bytes: whatever stands where. */
static void
a_byte_counts_wherever_it_stands(void **state)
{
    char    object[64];
    bool    taken, right;
    size_t  n, i, at, len;

    (void) state;

    for (len = 0; len < 20; len++) {
        for (at = 0; at < len; at++) {
            for (i = 1; i < 256; i++) {
                (void) snprintf(object, sizeof(object), "{\"a\":\"%.*s\"}", (int) len, "!#[]~\x7f\xc3\xa4!#[]~\x7f\xc3\xa4!#[]");
                object[6 + at] = (char) i;
                taken = (read_all(object, &n) == CONSENT_NOTFOUND);
                right = (i >= 0x20 && i != '"' && i != '\\');

                if (taken != right) {
                    fail_msg("byte %zu at %zu of %zu", i, at, len);
                }
            }
        }
    }
}


static void
depth_is_bounded(void **state)
{
    char    deep[2 * CONSENT_MEMBERS_MAX_DEPTH + 32];
    size_t  i, n, depth;

    (void) state;

    for (depth = CONSENT_MEMBERS_MAX_DEPTH; depth <= CONSENT_MEMBERS_MAX_DEPTH + 2; depth++) {
        n = (size_t) sprintf(deep, "{\"a\":");

        for (i = 0; i < depth; i++) {
            deep[n++] = '[';
        }

        for (i = 0; i < depth; i++) {
            deep[n++] = ']';
        }

        (void) strcpy(deep + n, "}");
        assert_int_equal(read_all(deep, &n), depth <= CONSENT_MEMBERS_MAX_DEPTH + 1 ? CONSENT_NOTFOUND
                                                                                   : CONSENT_MALFORMED);
    }
}


static void
a_member_is_found_by_its_name(void **state)
{
    consent_slice_t  object = consent_lit("{\"a\":{\"b\":2},\"b\":3,\"bb\":4}");

    (void) state;

    assert_true(consent_slice_eq(consent_members_find(object, "b"), consent_lit("3")));
    assert_true(consent_slice_eq(consent_members_find(object, "bb"), consent_lit("4")));
    assert_int_equal(consent_members_find(object, "c").len, 0);
    assert_int_equal(consent_members_find(consent_lit("{\"a\":"), "a").len, 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(members_come_in_order_with_their_values),
        cmocka_unit_test(what_is_no_canonical_object_is_refused),
        cmocka_unit_test(a_byte_counts_wherever_it_stands),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(a_member_is_found_by_its_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
