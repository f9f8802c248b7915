/*
 * Checks a document against the table of its form, and finds what was meant where a word is wrong.
 */

#include "policy/form.h"

#define FORM_MAX_WORD  64       /* words longer than this are not compared */

typedef struct {
    consent_faults_t       *faults;
    const consent_slice_t  *languages;
    size_t                  n_languages;
} form_t;

static void form_value(const form_t *f, const consent_shape_t *shape, const consent_json_t *v);
static void form_object(const form_t *f, const consent_member_t *members, const consent_json_t *v);
static void form_unknown(const form_t *f, const consent_member_t *members, const consent_json_t *v, uint64_t *meant);
static void form_array(const form_t *f, const consent_shape_t *shape, const consent_json_t *v);
static void form_enum(const form_t *f, const char *const *values, const consent_json_t *v);
static void form_text(const form_t *f, const consent_json_t *v);
static bool form_is(const form_t *f, const consent_json_t *v, consent_json_type_t type, const char *what);
static const char *form_type_name(consent_json_type_t type);


void
consent_form_check(consent_faults_t *faults, const consent_shape_t *shape, const consent_json_t *v,
    const consent_slice_t *languages, size_t n)
{
    form_t  f;

    f.faults = faults;
    f.languages = languages;
    f.n_languages = n;

    form_value(&f, shape, v);
}


const char *
consent_form_suggest(consent_slice_t word, const char *const *candidates)
{
    size_t       distance, best;
    const char  *found;

    found = NULL;
    best = word.len < 4 ? 1 : word.len < 8 ? 2 : 3;

    for (/* void */; *candidates != NULL; candidates++) {
        distance = consent_form_distance(word, consent_cstr(*candidates), best);

        if (distance < best || (distance == best && found == NULL)) {
            best = distance;
            found = *candidates;
        }
    }

    return found;
}


size_t
consent_form_distance(consent_slice_t a, consent_slice_t b, size_t most)
{
    size_t   i, j, cost, least;
    uint8_t  last, this;
    size_t   rows[3][FORM_MAX_WORD + 1];
    size_t  *before, *above, *row, *swap;

    if (a.len > FORM_MAX_WORD || b.len > FORM_MAX_WORD) {
        return most + 1;
    }

    before = rows[0];
    above = rows[1];
    row = rows[2];

    for (j = 0; j <= b.len; j++) {
        above[j] = j;
        before[j] = j;
    }

    for (i = 1; i <= a.len; i++) {
        row[0] = i;
        this = consent_lower(a.data[i - 1]);
        last = i > 1 ? consent_lower(a.data[i - 2]) : 0;

        for (j = 1; j <= b.len; j++) {
            cost = this != consent_lower(b.data[j - 1]);

            least = above[j - 1] + cost;
            least = above[j] + 1 < least ? above[j] + 1 : least;
            least = row[j - 1] + 1 < least ? row[j - 1] + 1 : least;

            if (i > 1 && j > 1 && this == consent_lower(b.data[j - 2]) && last == consent_lower(b.data[j - 1])
                && before[j - 2] + 1 < least)
            {
                least = before[j - 2] + 1;
            }

            row[j] = least;
        }

        swap = before;
        before = above;
        above = row;
        row = swap;
    }

    return above[b.len] <= most ? above[b.len] : most + 1;
}


static void
form_value(const form_t *f, const consent_shape_t *shape, const consent_json_t *v)
{
    const char  *wrong;

    switch (shape->kind) {

    case CONSENT_SHAPE_STRING:
        if (form_is(f, v, CONSENT_JSON_STRING, "a string")) {
            wrong = shape->format->check(v->text);

            if (wrong != NULL) {
                consent_fault_at(f->faults, v, "\"%s\" %s", consent_quote(v->text).text, wrong);
            }
        }
        break;

    case CONSENT_SHAPE_ENUM:
        if (form_is(f, v, CONSENT_JSON_STRING, "a string")) {
            form_enum(f, shape->values, v);
        }
        break;

    case CONSENT_SHAPE_BOOLEAN:
        if (v->type != CONSENT_JSON_TRUE && v->type != CONSENT_JSON_FALSE) {
            consent_fault_at(f->faults, v, "must be true or false, not %s", form_type_name(v->type));
        }
        break;

    case CONSENT_SHAPE_TEXT:
        if (form_is(f, v, CONSENT_JSON_OBJECT, "an object with the text in each language")) {
            form_text(f, v);
        }
        break;

    case CONSENT_SHAPE_ARRAY:
        if (form_is(f, v, CONSENT_JSON_ARRAY, "an array")) {
            form_array(f, shape, v);
        }
        break;

    case CONSENT_SHAPE_OBJECT:
        if (form_is(f, v, CONSENT_JSON_OBJECT, "an object")) {
            form_object(f, shape->members, v);
        }
        break;

    case CONSENT_SHAPE_EITHER:
        if (v->type == CONSENT_JSON_STRING) {
            form_enum(f, shape->values, v);

        } else if (form_is(f, v, CONSENT_JSON_OBJECT, "a string or an object")) {
            form_object(f, shape->members, v);
        }
        break;
    }
}


static void
form_object(const form_t *f, const consent_member_t *members, const consent_json_t *v)
{
    size_t                 i;
    uint64_t               seen;
    const consent_json_t  *child;

    /* bit i: the i-th member is there, or another one that was probably meant to be it */
    seen = 0;

    for (child = v->first; child != NULL; child = child->next) {

        for (i = 0; members[i].name != NULL; i++) {
            if (consent_slice_eq(child->name, consent_cstr(members[i].name))) {
                break;
            }
        }

        if (members[i].name == NULL) {
            form_unknown(f, members, child, &seen);
            continue;
        }

        seen |= (uint64_t) 1 << i;
        form_value(f, members[i].shape, child);
    }

    for (i = 0; members[i].name != NULL; i++) {
        if (members[i].required && !(seen >> i & 1)) {
            consent_fault_at(f->faults, v, "\"%s\" is missing", members[i].name);
        }
    }
}


static void
form_unknown(const form_t *f, const consent_member_t *members, const consent_json_t *v, uint64_t *meant)
{
    size_t       i;
    const char  *near;
    const char  *names[64];

    for (i = 0; members[i].name != NULL && i < 63; i++) {
        names[i] = members[i].name;
    }

    names[i] = NULL;
    near = consent_form_suggest(v->name, names);

    if (near == NULL) {
        consent_fault_at_name(f->faults, v, "unknown member \"%s\"", consent_quote(v->name).text);
        return;
    }

    consent_fault_at_name(f->faults, v, "unknown member \"%s\"; did you mean \"%s\"?", consent_quote(v->name).text,
                          near);

    for (i = 0; names[i] != near; i++) { /* void */ }

    *meant |= (uint64_t) 1 << i;
}


static void
form_array(const form_t *f, const consent_shape_t *shape, const consent_json_t *v)
{
    size_t                 n;
    const consent_json_t  *item, *other;

    if (v->count < shape->min) {
        consent_fault_at(f->faults, v, shape->min == 1 ? "must not be empty" : "must have at least %zu elements",
                         shape->min);
    }

    if (v->count > shape->max) {
        consent_fault_at(f->faults, v, "has %zu elements; there may be %zu", v->count, shape->max);
    }

    n = 0;

    for (item = v->first; item != NULL && n < shape->max; item = item->next, n++) {
        form_value(f, shape->items, item);

        if (item->type != CONSENT_JSON_STRING) {
            continue;
        }

        for (other = v->first; other != item; other = other->next) {
            if (other->type == CONSENT_JSON_STRING && consent_slice_eq(other->text, item->text)) {
                consent_fault_at(f->faults, item, "\"%s\" is there twice", consent_quote(item->text).text);
                break;
            }
        }
    }
}


static void
form_enum(const form_t *f, const char *const *values, const consent_json_t *v)
{
    size_t         i;
    const char    *near;
    consent_buf_t  b;
    char           words[512];

    for (i = 0; values[i] != NULL; i++) {
        if (consent_slice_eq(v->text, consent_cstr(values[i]))) {
            return;
        }
    }

    near = consent_form_suggest(v->text, values);

    if (near != NULL) {
        consent_fault_at(f->faults, v, "unknown value \"%s\"; did you mean \"%s\"?", consent_quote(v->text).text, near);
        return;
    }

    consent_buf_init_fixed(&b, words, sizeof(words));

    for (i = 0; values[i] != NULL; i++) {
        consent_buf_str(&b, i == 0 ? "" : values[i + 1] == NULL ? " or " : ", ");
        consent_buf_printf(&b, "\"%s\"", values[i]);
    }

    consent_fault_at(f->faults, v, "unknown value \"%s\"; it must be %.*s", consent_quote(v->text).text, (int) b.len,
                     words);
}


static void
form_text(const form_t *f, const consent_json_t *v)
{
    size_t                 i;
    uint32_t               seen;
    const char            *wrong;
    const consent_json_t  *child;

    seen = 0;

    for (child = v->first; child != NULL; child = child->next) {

        for (i = 0; i < f->n_languages; i++) {
            if (consent_slice_eq(child->name, f->languages[i])) {
                seen |= 1U << i;
                break;
            }
        }

        if (i == f->n_languages && i > 0) {
            consent_fault_at_name(f->faults, child, "\"%s\" is none of the policy's languages",
                                  consent_quote(child->name).text);
            continue;
        }

        if (form_is(f, child, CONSENT_JSON_STRING, "a string")) {
            wrong = consent_format_text.check(child->text);

            if (wrong != NULL) {
                consent_fault_at(f->faults, child, "\"%s\" %s", consent_quote(child->text).text, wrong);
            }
        }
    }

    for (i = 0; i < f->n_languages; i++) {
        if (!(seen >> i & 1)) {
            consent_fault_at(f->faults, v, "the text in \"%s\" is missing", consent_quote(f->languages[i]).text);
        }
    }
}


static bool
form_is(const form_t *f, const consent_json_t *v, consent_json_type_t type, const char *what)
{
    if (v->type == type) {
        return true;
    }

    consent_fault_at(f->faults, v, "must be %s, not %s", what, form_type_name(v->type));

    return false;
}


static const char *
form_type_name(consent_json_type_t type)
{
    switch (type) {
    case CONSENT_JSON_NULL:
        return "null";
    case CONSENT_JSON_FALSE:
        return "false";
    case CONSENT_JSON_TRUE:
        return "true";
    case CONSENT_JSON_NUMBER:
        return "a number";
    case CONSENT_JSON_STRING:
        return "a string";
    case CONSENT_JSON_ARRAY:
        return "an array";
    case CONSENT_JSON_OBJECT:
        return "an object";
    }

    return "something else";
}
