/*
 * Which language is spoken: an explicit wish, Accept-Language, and any bytes instead of it.
 */

#include "policy.h"

#include "policy/contact.h"

static consent_policy_t  *policy;       /* sv, fi, en */


static int
begin(void **state)
{
    char    *text;
    size_t   len;

    (void) state;

    text = policy_file(POLICY_DEMO, &len);
    policy = policy_load(text);
    free(text);

    return 0;
}


static int
finish(void **state)
{
    (void) state;
    consent_policy_destroy(policy);

    return 0;
}


static void
the_best_language_that_the_policy_has_is_spoken(void **state)
{
    size_t  i, found;

    static const struct {
        const char  *tag;
        const char  *accept;
        size_t       language;
    } cases[] = {
        { "", "", 0 },
        { "", "sv", 0 },
        { "", "fi", 1 },
        { "", "EN", 2 },
        { "", "de", 0 },

        /* weights, and the order among equals */
        { "", "fi, en", 1 },
        { "", "en, fi", 2 },
        { "", "fi;q=0.5, en;q=0.8", 2 },
        { "", "fi;q=0.5,en;q=0.501,sv;q=0.5", 2 },
        { "", "sv;q=0.8, en", 2 },
        { "", "de, fr;q=0.9, fi;q=0.1", 1 },
        { "", "en;q=1.000, fi;q=0.999", 2 },
        { "", "fi ; q=0.2 , en ;q=0.1", 1 },
        { "", "fi;Q=0.2, en;q=0.1", 1 },

        /* what browsers send */
        { "", "sv-SE,sv;q=0.9,en-US;q=0.8,en;q=0.7", 0 },
        { "", "fi-FI,fi;q=0.9,sv;q=0.8,en;q=0.7", 1 },
        { "", "en-US,en;q=0.5", 2 },
        { "", "de-DE,de;q=0.9,en-GB;q=0.8", 2 },

        /* the more special fits the more general */
        { "", "en-GB", 2 },
        { "", "fi-FI-x-easy", 1 },
        { "", "english", 0 },
        { "", "e", 0 },

        /* anything, and anything but */
        { "", "*", 0 },
        { "", "de, *;q=0.5", 0 },
        { "", "sv;q=0, *", 1 },
        { "", "sv;q=0, fi;q=0, *;q=0.1", 2 },
        { "", "*, en", 0 },
        { "", "*;q=0.1, en", 2 },
        { "", "sv;q=0", 0 },
        { "", "sv;q=0, fi;q=0, en;q=0", 0 },

        /* what is no weight counts for nothing */
        { "", "en;q=2", 0 },
        { "", "en;q=-1", 0 },
        { "", "en;q=x", 0 },
        { "", "en;q=", 0 },
        { "", "en;q=1.5", 0 },
        { "", "en;level=1, fi;q=0.1", 1 },
        { "", ",,, ,en,,", 2 },
        { "", ";q=1,en;q=0.3", 2 },
        { "", ";;;,\t,", 0 },

        /* an explicit wish goes before */
        { "fi", "en", 1 },
        { "FI", "en", 1 },
        { "en-GB", "fi", 2 },
        { "de", "fi", 1 },
        { "de", "", 0 },
        { "f", "en", 2 },
        { "../fi", "en", 2 }
    };

    (void) state;

    for (i = 0; i < consent_countof(cases); i++) {
        found = consent_policy_language(policy, consent_cstr(cases[i].tag), consent_cstr(cases[i].accept));

        if (found != cases[i].language) {
            fail_msg("\"%s\" and \"%s\": %zu", cases[i].tag, cases[i].accept, found);
        }
    }
}


static void
a_general_range_fits_a_special_tag(void **state)
{
    char              *text, *next;
    size_t             i;
    consent_policy_t  *p;

    (void) state;

    text = strdup(policy_small);

    /* "en" is en-GB in all of the document */
    for (i = 0; strstr(text, "\"en\"") != NULL; i++) {
        next = policy_replace(text, "\"en\"", "\"en-GB\"");
        free(text);
        text = next;
    }

    assert_true(i > 10);
    p = policy_load(text);

    assert_int_equal(consent_policy_language(p, consent_lit(""), consent_lit("en")), 1);
    assert_int_equal(consent_policy_language(p, consent_lit(""), consent_lit("en-GB")), 1);
    assert_int_equal(consent_policy_language(p, consent_lit(""), consent_lit("en-US")), 0);
    assert_int_equal(consent_policy_language(p, consent_lit("en-gb"), consent_lit("sv")), 1);

    consent_policy_destroy(p);
    free(text);
}


static void
a_giant_list_is_read_in_part(void **state)
{
    char    *list;
    size_t   i, len;

    (void) state;

    len = 8 << 20;
    list = malloc(len);
    assert_non_null(list);

    for (i = 0; i < len; i++) {
        list[i] = i % 2 == 0 ? 'x' : ',';
    }

    memcpy(list + len - 3, ",en", 3);
    assert_int_equal(consent_policy_language(policy, consent_lit(""), consent_slice(list, len)), 0);

    memset(list, ' ', len);

    for (i = 0; i < 40; i++) {
        list[2 * i] = 'x';
        list[2 * i + 1] = ',';
    }

    memcpy(list + 80, "en", 3);
    assert_int_equal(consent_policy_language(policy, consent_lit(""), consent_cstr(list)), 0);

    memset(list, ',', len);
    memcpy(list + 900, "fi", 2);
    assert_int_equal(consent_policy_language(policy, consent_lit(""), consent_slice(list, len)), 1);

    free(list);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(the_best_language_that_the_policy_has_is_spoken),
        cmocka_unit_test(a_general_range_fits_a_special_tag),
        cmocka_unit_test(a_giant_list_is_read_in_part),
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
