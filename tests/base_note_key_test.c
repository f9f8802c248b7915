/*
 * Verifier keys by the answers of C2SP signed-note, and every spelling that is none.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/digest.h"
#include "base/note_key.h"

#define NODE     "consent.example.org/node1+cd28eb4d+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
#define WITNESS  "witness.example.net/w1+f9706618+BHzXSeTnFGflVNdpvUzJJSdTidWFoEeQGE0UWOaVJvlD"
#define FOO      "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"


static void
keys_are_read_and_written_alike(void **state)
{
    size_t              i;
    consent_buf_t       b;
    consent_note_key_t  key;

    static const struct {
        const char  *vkey;
        const char  *name;
        uint8_t      type;
        uint32_t     id;
    } rows[] = {
        { NODE, "consent.example.org/node1", CONSENT_NOTE_ED25519, 0xcd28eb4d },
        { WITNESS, "witness.example.net/w1", CONSENT_NOTE_COSIGNATURE, 0xf9706618 },
        { FOO, "example.com/foo", CONSENT_NOTE_ED25519, 0x530d903a },
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        assert_int_equal(consent_note_key_parse(&key, consent_cstr(rows[i].vkey)), CONSENT_OK);
        assert_string_equal(key.name, rows[i].name);
        assert_int_equal(key.name_len, strlen(rows[i].name));
        assert_int_equal(key.type, rows[i].type);
        assert_int_equal(key.id, rows[i].id);

        consent_buf_init(&b, CONSENT_NOTE_KEY_TEXT);
        consent_note_key_write(&b, &key);
        assert_int_equal(b.rc, CONSENT_OK);
        assert_true(consent_slice_eq(consent_buf_view(&b), consent_cstr(rows[i].vkey)));
        consent_buf_free(&b);
    }
}


static void
a_key_is_made_of_its_parts(void **state)
{
    size_t              i;
    uint8_t             seed[32], pub[32];
    consent_note_key_t  key, parsed;

    (void) state;

    for (i = 0; i < sizeof(seed); i++) {
        seed[i] = (uint8_t) i;
    }

    assert_int_equal(consent_ed25519_public(pub, seed), CONSENT_OK);
    assert_int_equal(consent_note_key_make(&key, consent_lit("consent.example.org/node1"), CONSENT_NOTE_ED25519, pub),
                     CONSENT_OK);
    assert_int_equal(consent_note_key_parse(&parsed, consent_lit(NODE)), CONSENT_OK);
    assert_memory_equal(&key, &parsed, sizeof(key));

    assert_int_equal(consent_note_key_make(&key, consent_lit("a"), 2, pub), CONSENT_MALFORMED);
    assert_int_equal(consent_note_key_make(&key, consent_lit("a b"), 1, pub), CONSENT_MALFORMED);
}


static void
there_is_one_spelling(void **state)
{
    char                text[sizeof(NODE)];
    size_t              i;
    consent_note_key_t  key;

    static const char  *rows[] = {
        "", "+", "++", "a++", "consent.example.org/node1", NODE "\n", " " NODE, NODE "=",
        "consent.example.org/node1+CD28EB4D+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        "consent.example.org/node1+cd28eb4d+AQOhB7_zzhC-HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        "consent.example.org/node2+cd28eb4d+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        "consent.example.org/ node1+cd28eb4d+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        "+cd28eb4d+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        "consent.example.org/node1+cd28eb4d+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG",
        "PRIVATE+KEY+" NODE,
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        if (consent_note_key_parse(&key, consent_cstr(rows[i])) != CONSENT_MALFORMED) {
            fail_msg("taken: %s", rows[i]);
        }
    }

    /* no byte of it can change, in any bit */

    for (i = 0; i < 8 * (sizeof(NODE) - 1); i++) {
        memcpy(text, NODE, sizeof(NODE));
        text[i / 8] = (char) (text[i / 8] ^ 1 << i % 8);

        if (consent_note_key_parse(&key, consent_slice(text, sizeof(NODE) - 1)) != CONSENT_MALFORMED) {
            fail_msg("taken: %s", text);
        }
    }
}


static void
names_are_words_without_a_plus(void **state)
{
    char    longest[CONSENT_NOTE_NAME_MAX + 1];
    size_t  i;

    static const struct {
        const char  *name;
        bool         valid;
    } rows[] = {
        { "", false },
        { "a", true },
        { "example.org/log", true },
        { "kommun.example/\xc3\xa5r", true },
        { "a+b", false },
        { "a b", false },
        { "a\tb", false },
        { "a\nb", false },
        { "a\x7f", false },
        { "a\xc2\xa0" "b", false },             /* no-break space */
        { "a\xe2\x80\xa8" "b", false },         /* line separator */
        { "a\xe3\x80\x80", false },             /* ideographic space */
        { "a\xff", false },
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        if (consent_note_name_valid(consent_cstr(rows[i].name)) != rows[i].valid) {
            fail_msg("row %zu", i);
        }
    }

    memset(longest, 'a', sizeof(longest));
    assert_true(consent_note_name_valid(consent_slice(longest, CONSENT_NOTE_NAME_MAX)));
    assert_false(consent_note_name_valid(consent_slice(longest, CONSENT_NOTE_NAME_MAX + 1)));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(keys_are_read_and_written_alike),
        cmocka_unit_test(a_key_is_made_of_its_parts),
        cmocka_unit_test(there_is_one_spelling),
        cmocka_unit_test(names_are_words_without_a_plus),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
