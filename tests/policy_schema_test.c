/*
 * docs/policy.schema.json says what the loader's table of the form says: every member, what is required, every word, every
 * bound, and every way of writing a value.
 */

#include "policy.h"

#include <regex.h>

#define SCHEMA  "docs/policy.schema.json"

static consent_arena_t  *arena;
static consent_json_t   *schema;
static size_t            differences;


static int
begin(void **state)
{
    char                  *text;
    size_t                 len;
    consent_json_error_t   err;

    (void) state;

    arena = consent_arena_create(16 << 20);
    text = policy_file(SCHEMA, &len);

    if (arena == NULL || consent_json_parse(&schema, arena, consent_slice(text, len), 64, &err) != CONSENT_OK) {
        return -1;
    }

    free(text);

    return 0;
}


static int
finish(void **state)
{
    (void) state;
    consent_arena_destroy(arena);

    return 0;
}


static void
differ(const char *path, const char *what, const char *name)
{
    print_message("%s: %s %s\n", path, what, name);
    differences++;
}


static bool
is(const consent_json_t *v, const char *text)
{
    return v != NULL && v->type == CONSENT_JSON_STRING && consent_slice_eq(v->text, consent_cstr(text));
}


/* The array holds exactly these words, in this order. */
static bool
same_words(const consent_json_t *array, const char *const *words)
{
    size_t                 i;
    const consent_json_t  *v;

    v = array == NULL ? NULL : array->first;

    for (i = 0; words[i] != NULL; i++) {
        if (!is(v, words[i])) {
            return false;
        }

        v = v->next;
    }

    return v == NULL;
}


static bool
has_word(const consent_json_t *array, const char *word)
{
    const consent_json_t  *v;

    for (v = array == NULL ? NULL : array->first; v != NULL; v = v->next) {
        if (is(v, word)) {
            return true;
        }
    }

    return false;
}


static bool
same_number(const consent_json_t *v, const char *name, size_t n)
{
    int64_t  number;

    return consent_json_int(&number, consent_json_get(v, name)) == CONSENT_OK && number == (int64_t) n;
}


static const consent_json_t *
definition(const consent_format_t *format)
{
    return consent_json_get(consent_json_get(schema, "$defs"), format->name);
}


static void compare(const char *path, const consent_shape_t *shape, const consent_json_t *v);


static void
compare_members(const char *path, const consent_member_t *members, const consent_json_t *v)
{
    char                   where[512];
    size_t                 i, required;
    const consent_json_t  *properties, *property;

    properties = consent_json_get(v, "properties");
    required = 0;

    if (!is(consent_json_get(v, "type"), "object")) {
        differ(path, "is not", "an object");
    }

    property = consent_json_get(v, "additionalProperties");

    if (property == NULL || property->type != CONSENT_JSON_FALSE) {
        differ(path, "lets", "unknown members pass");
    }

    for (i = 0; members[i].name != NULL; i++) {
        property = consent_json_get(properties, members[i].name);

        if (property == NULL) {
            differ(path, "the schema lacks", members[i].name);
            continue;
        }

        snprintf(where, sizeof(where), "%s.%s", path, members[i].name);

        if (is(consent_json_get(property, "description"), "") || consent_json_get(property, "description") == NULL) {
            differ(where, "has no", "description");
        }

        if (members[i].required != has_word(consent_json_get(v, "required"), members[i].name)) {
            differ(where, "is", members[i].required ? "required by the loader only" : "required by the schema only");
        }

        required += members[i].required;
        compare(where, members[i].shape, property);
    }

    for (property = properties == NULL ? NULL : properties->first; property != NULL; property = property->next) {

        for (i = 0; members[i].name != NULL; i++) {
            if (consent_slice_eq(property->name, consent_cstr(members[i].name))) {
                break;
            }
        }

        if (members[i].name == NULL) {
            snprintf(where, sizeof(where), "%.*s", (int) property->name.len, (const char *) property->name.data);
            differ(path, "the loader lacks", where);
        }
    }

    property = consent_json_get(v, "required");

    if ((property == NULL ? 0 : property->count) != required) {
        differ(path, "requires", "another number of members");
    }
}


static void
compare(const char *path, const consent_shape_t *shape, const consent_json_t *v)
{
    char                   where[512], ref[128];
    const consent_json_t  *any, *unique;

    switch (shape->kind) {

    case CONSENT_SHAPE_STRING:
        snprintf(ref, sizeof(ref), "#/$defs/%s", shape->format->name);

        if (!is(consent_json_get(v, "$ref"), ref) || definition(shape->format) == NULL) {
            differ(path, "is not a", shape->format->name);
        }
        break;

    case CONSENT_SHAPE_TEXT:
        if (!is(consent_json_get(v, "$ref"), "#/$defs/text")) {
            differ(path, "is not a", "text");
        }
        break;

    case CONSENT_SHAPE_BOOLEAN:
        if (!is(consent_json_get(v, "type"), "boolean")) {
            differ(path, "is not a", "boolean");
        }
        break;

    case CONSENT_SHAPE_ENUM:
        if (!same_words(consent_json_get(v, "enum"), shape->values)) {
            differ(path, "has", "other words");
        }
        break;

    case CONSENT_SHAPE_ARRAY:
        unique = consent_json_get(v, "uniqueItems");

        if (!is(consent_json_get(v, "type"), "array") || !same_number(v, "minItems", shape->min)
            || !same_number(v, "maxItems", shape->max) || unique == NULL || unique->type != CONSENT_JSON_TRUE)
        {
            differ(path, "has", "other bounds");
        }

        snprintf(where, sizeof(where), "%s[]", path);
        compare(where, shape->items, consent_json_get(v, "items"));
        break;

    case CONSENT_SHAPE_OBJECT:
        compare_members(path, shape->members, v);
        break;

    case CONSENT_SHAPE_EITHER:
        any = consent_json_get(v, "anyOf");

        if (any == NULL || any->count != 2 || !same_words(consent_json_get(any->first, "enum"), shape->values)) {
            differ(path, "has", "other words");
            break;
        }

        compare_members(path, shape->members, any->first->next);
        break;
    }
}


static void
schema_and_loader_know_the_same_members(void **state)
{
    (void) state;

    differences = 0;
    compare("$", &consent_policy_shape, schema);
    assert_int_equal(differences, 0);
}


/* The comparison would see it: a table that differs in one thing each. */
static void
a_difference_would_be_seen(void **state)
{
    size_t            i;
    consent_shape_t   shape;
    consent_member_t  members[32];

    (void) state;

    for (i = 0; consent_policy_shape.members[i].name != NULL; i++) {
        members[i] = consent_policy_shape.members[i];
    }

    members[i].name = NULL;
    shape = consent_policy_shape;
    shape.members = members;

    differences = 0;
    compare("$", &shape, schema);
    assert_int_equal(differences, 0);

    /* a member more in the schema */
    members[i - 1].name = NULL;
    compare("$", &shape, schema);
    assert_int_equal(differences, 1);

    /* a name that the schema has not, and lacks then */
    differences = 0;
    members[i - 1].name = "disclosures";
    compare("$", &shape, schema);
    assert_int_equal(differences, 2);

    /* required, of another type */
    differences = 0;
    members[i - 1] = consent_policy_shape.members[i - 1];
    members[i - 1].required = true;
    compare("$", &shape, schema);
    assert_int_equal(differences, 2);

    differences = 0;
    members[i - 1].required = false;
    members[i - 1].shape = consent_policy_shape.members[1].shape;
    compare("$", &shape, schema);
    assert_int_equal(differences, 1);
}


/* What an editor's pattern refuses, the loader refuses as well. */
static void
patterns_take_all_that_the_loader_takes(void **state)
{
    int                    rc;
    char                   text[512];
    size_t                 i, taken, refused;
    regex_t                regex;
    const consent_json_t  *def, *pattern, *v;

    static const consent_format_t *const  formats[] = {
        &consent_format_id, &consent_format_name, &consent_format_text, &consent_format_language,
        &consent_format_country, &consent_format_url, &consent_format_email, &consent_format_phone,
        &consent_format_duration, &consent_format_date, &consent_format_clock, &consent_format_term,
        &consent_format_zone, &consent_format_media, &consent_format_header, &consent_format_cookie,
        &consent_format_argument, &consent_format_json, &consent_format_path, &consent_format_regex
    };

    static const char *const  values[] = {
        "a", "A1", "sv", "en-GB", "zh-Hant-TW", "sv-x-latt", "SE", "EU", "se", "2026-11-22", "2027-12-31", "2026-02-30",
        "x y", " x", "x ", " ",
        "", "Å", "Exempelkommun", "https://www.example.com/a?b=c#d", "http://a", "http://[::1]/", "https://", "ftp://a",
        "a@b.se", "a.b+c@d-e.example", "a@b", "@b.se", "a..b@c", "a@b@c", "+46 8 000 00 00", "08-100/2", "(08) 100", "112",
        "P6M", "P1Y2M3W4D", "PT1H2M3S", "P1DT12H", "P", "PT", "P1", "6M", "00:00", "24:00", "24:01", "09:60", "9:00",
        "dpv:ServiceProvision", "pd:OfficialID", "a:b", ":b", "a:", "https://example.com/terms#a", "Europe/Stockholm",
        "Etc/GMT+2", "UTC", "image/*", "application/pdf", "application/vnd.a+json", "*/*", "a/b/c", "X-Personnummer", "X-*",
        "X-a*b", "x!#$%&'+.^_`|~", "utm_*", "*", "a b", "a *", "a[b]", "a.b", "pn*r", "**", "$..pnr", "$.a.b", "$['a b']",
        "$['it\\'s']", "$['\\\\']", "$[*]", "$.a[*].b['c']", "$", "$.", "$..", "$.1a", "$.a1_b", "$..åäö", "$.a-b", "$[0]",
        "$..*", "$.*", "pnr", "/", "/a", "/a/*", "/a/**", "/a/**/b", "/a*", "/a//b", "/a/", "/a?b", "/a#b", "/%41", "a/b",
        "/å/*/b", "K-[0-9]{6}", "a|b", "\\d+"
    };

    (void) state;

    for (i = 0; i < consent_countof(formats); i++) {
        def = definition(formats[i]);
        assert_non_null(def);

        /* all that it shows is well-formed */
        v = consent_json_get(def, "examples");
        assert_true(v != NULL && v->count > 0);

        for (v = v->first; v != NULL; v = v->next) {
            if (formats[i]->check(v->text) != NULL) {
                fail_msg("%s: the example %.*s %s", formats[i]->name, (int) v->text.len, (const char *) v->text.data,
                         formats[i]->check(v->text));
            }
        }

        pattern = consent_json_get(def, "pattern");

        if (pattern == NULL) {
            assert_ptr_equal(formats[i], &consent_format_regex);
            continue;
        }

        assert_true(pattern->text.len < sizeof(text));
        memcpy(text, pattern->text.data, pattern->text.len);
        text[pattern->text.len] = '\0';

        rc = regcomp(&regex, text, REG_EXTENDED | REG_NOSUB);

        if (rc != 0) {
            fail_msg("%s: the pattern does not compile", formats[i]->name);
        }

        taken = 0;
        refused = 0;

        for (size_t k = 0; k < consent_countof(values); k++) {
            bool  loader = formats[i]->check(consent_cstr(values[k])) == NULL;
            bool  editor = regexec(&regex, values[k], 0, NULL, 0) == 0;

            if (loader && !editor) {
                fail_msg("%s: the loader takes \"%s\", the schema does not", formats[i]->name, values[k]);
            }

            taken += loader;
            refused += !editor;
        }

        if (taken < 2 || refused < 1) {
            fail_msg("%s: nothing was compared", formats[i]->name);
        }

        regfree(&regex);
    }
}


static void
lengths_end_where_the_schema_says(void **state)
{
    char     text[2000];
    size_t   i;
    int64_t  most;

    static const consent_format_t *const  formats[] = {
        &consent_format_name, &consent_format_text, &consent_format_header, &consent_format_cookie,
        &consent_format_argument, &consent_format_regex
    };

    (void) state;
    memset(text, 'a', sizeof(text));

    for (i = 0; i < consent_countof(formats); i++) {
        assert_int_equal(consent_json_int(&most, consent_json_get(definition(formats[i]), "maxLength")), CONSENT_OK);
        assert_true(most > 0 && most < (int64_t) sizeof(text));
        assert_null(formats[i]->check(consent_slice(text, (size_t) most)));
        assert_non_null(formats[i]->check(consent_slice(text, (size_t) most + 1)));
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(schema_and_loader_know_the_same_members),
        cmocka_unit_test(a_difference_would_be_seen),
        cmocka_unit_test(patterns_take_all_that_the_loader_takes),
        cmocka_unit_test(lengths_end_where_the_schema_says),
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
