/*
 * One category in two versions of a policy: what widens it, so that earlier grants lapse, and what does not.
 */

#include "policy/compare.h"

#include <stdarg.h>
#include <stdio.h>

typedef bool (*compare_covers_pt)(consent_slice_t earlier, consent_slice_t current);

static void compare_purpose(consent_compare_t *cmp, const consent_policy_t *earlier, const consent_category_t *e,
    const consent_policy_t *current, const consent_category_t *c);
static void compare_flags(consent_compare_t *cmp, const consent_category_t *e, const consent_category_t *c);
static void compare_carriers(consent_compare_t *cmp, const consent_category_t *e, const consent_category_t *c);
static void compare_detectors(consent_compare_t *cmp, const consent_category_t *e, const consent_category_t *c);
static void compare_lists(consent_compare_t *cmp, const consent_list_t *e, const consent_list_t *c, const char *what,
    compare_covers_pt covers);
static bool compare_same_words(consent_slice_t a, consent_slice_t b);
static bool compare_word(consent_slice_t s, size_t *i, uint8_t *c);


static bool
covers_name(consent_slice_t earlier, consent_slice_t current)
{
    return consent_names_cover(earlier, current, false);
}


static bool
covers_header(consent_slice_t earlier, consent_slice_t current)
{
    return consent_names_cover(earlier, current, true);
}


void
consent_compare_category(consent_compare_t *cmp, const consent_policy_t *earlier, const consent_category_t *e,
    const consent_policy_t *current, const consent_category_t *c)
{
    int  order;

    /* whoever answers for the data is a recipient too */
    if (!consent_slice_eq(earlier->controller.name, current->controller.name)) {
        consent_compare_note(cmp, CONSENT_CHANGE_WIDENS, "the controller is \"%.*s\" now",
                             CONSENT_ARG(current->controller.name));
    }

    if (earlier->test != current->test) {
        consent_compare_note(cmp, CONSENT_CHANGE_WIDENS, "the environment is %s now",
                             current->test ? "test" : "production");
    }

    compare_purpose(cmp, earlier, e, current, c);
    compare_flags(cmp, e, c);

    if (!consent_slice_eq(e->data_type, c->data_type)) {
        consent_compare_note(cmp, CONSENT_CHANGE_WIDENS, "its data is %.*s, it was %.*s", CONSENT_ARG(c->data_type),
                             CONSENT_ARG(e->data_type));
    }

    compare_lists(cmp, &e->recipients, &c->recipients, "recipient", consent_slice_ieq);
    compare_lists(cmp, &e->storage, &c->storage, "storage country", consent_slice_ieq);

    order = consent_duration_compare(c->retention_time, e->retention_time);

    if (order != 0) {
        consent_compare_note(cmp, order > 0 ? CONSENT_CHANGE_WIDENS : CONSENT_CHANGE_NARROWS,
                             "it is kept for %.*s, it was %.*s", CONSENT_ARG(c->retention),
                             CONSENT_ARG(e->retention));
    }

    compare_carriers(cmp, e, c);
    compare_detectors(cmp, e, c);
}


/* A purpose is what its type and its words say: other words may be another purpose. White space, case and
 * punctuation are not words. */
static void
compare_purpose(consent_compare_t *cmp, const consent_policy_t *earlier, const consent_category_t *e,
    const consent_policy_t *current, const consent_category_t *c)
{
    size_t  i, k;

    if (!consent_slice_eq(e->purpose_type, c->purpose_type)) {
        consent_compare_note(cmp, CONSENT_CHANGE_WIDENS, "its purpose is %.*s, it was %.*s",
                             CONSENT_ARG(c->purpose_type), CONSENT_ARG(e->purpose_type));
    }

    for (i = 0; i < current->n_languages; i++) {
        for (k = 0; k < earlier->n_languages; k++) {
            if (consent_slice_ieq(current->languages[i], earlier->languages[k])
                && !compare_same_words(c->purpose.in[i], e->purpose.in[k]))
            {
                consent_compare_note(cmp, CONSENT_CHANGE_WIDENS, "its purpose has other words in %.*s",
                                     CONSENT_ARG(current->languages[i]));
            }
        }
    }
}


static void
compare_flags(consent_compare_t *cmp, const consent_category_t *e, const consent_category_t *c)
{
    if (e->basis != c->basis) {
        consent_compare_note(cmp, c->basis == CONSENT_BASIS_CONSENT ? CONSENT_CHANGE_WIDENS : CONSENT_CHANGE_OTHER,
                             "it rests on %s, it was %s", consent_basis_name(c->basis), consent_basis_name(e->basis));
    }

    if (e->special != c->special) {
        consent_compare_note(cmp, c->special ? CONSENT_CHANGE_WIDENS : CONSENT_CHANGE_OTHER,
                             "it is %s special category", c->special ? "a" : "no longer a");
    }

    /* what the signal held back would pass without a new decision */
    if (e->gpc != c->gpc && e->basis == c->basis) {
        consent_compare_note(cmp, c->gpc ? CONSENT_CHANGE_NARROWS : CONSENT_CHANGE_WIDENS, "Sec-GPC %s",
                             c->gpc ? "takes it away now" : "no longer takes it away");
    }

    if (e->core_for.n != c->core_for.n) {
        consent_compare_note(cmp, CONSENT_CHANGE_OTHER, "it is public task on %zu paths, it was on %zu",
                             c->core_for.n, e->core_for.n);
    }
}


static void
compare_carriers(consent_compare_t *cmp, const consent_category_t *e, const consent_category_t *c)
{
    compare_lists(cmp, &e->headers, &c->headers, "header", covers_header);
    compare_lists(cmp, &e->cookies, &c->cookies, "cookie", covers_name);
    compare_lists(cmp, &e->args, &c->args, "argument", covers_name);
    compare_lists(cmp, &e->fields, &c->fields, "field", covers_name);
    compare_lists(cmp, &e->json, &c->json, "JSON member", consent_slice_ieq);
    compare_lists(cmp, &e->set_cookies, &c->set_cookies, "cookie set", covers_name);
    compare_lists(cmp, &e->paths, &c->paths, "path", consent_slice_ieq);
}


static void
compare_detectors(consent_compare_t *cmp, const consent_category_t *e, const consent_category_t *c)
{
    size_t  i, k;

    for (i = 0; i < c->n_text; i++) {
        for (k = 0; k < e->n_text; k++) {
            if (consent_slice_eq(c->text[i].name, e->text[k].name)
                && consent_slice_eq(c->text[i].regex, e->text[k].regex))
            {
                break;
            }
        }

        if (k == e->n_text) {
            consent_compare_note(cmp, CONSENT_CHANGE_WIDENS, "new detector \"%.*s\"", CONSENT_ARG(c->text[i].name));
        }
    }

    for (k = 0; k < e->n_text; k++) {
        for (i = 0; i < c->n_text; i++) {
            if (consent_slice_eq(c->text[i].name, e->text[k].name)) {
                break;
            }
        }

        if (i == c->n_text) {
            consent_compare_note(cmp, CONSENT_CHANGE_NARROWS, "no detector \"%.*s\"", CONSENT_ARG(e->text[k].name));
        }
    }
}


static void
compare_lists(consent_compare_t *cmp, const consent_list_t *e, const consent_list_t *c, const char *what,
    compare_covers_pt covers)
{
    size_t  i, k;

    for (i = 0; i < c->n; i++) {
        for (k = 0; k < e->n && !covers(e->items[k], c->items[i]); k++) { /* void */ }

        if (k == e->n) {
            consent_compare_note(cmp, CONSENT_CHANGE_WIDENS, "new %s \"%.*s\"", what, CONSENT_ARG(c->items[i]));
        }
    }

    for (k = 0; k < e->n; k++) {
        for (i = 0; i < c->n && !covers(c->items[i], e->items[k]); i++) { /* void */ }

        if (i == c->n) {
            consent_compare_note(cmp, CONSENT_CHANGE_NARROWS, "no %s \"%.*s\"", what, CONSENT_ARG(e->items[k]));
        }
    }
}


void
consent_compare_note(consent_compare_t *cmp, consent_change_t change, const char *fmt, ...)
{
    int      n;
    va_list  args;
    char     line[1024];

    static const char *const  words[] = { "widens", "narrows", "changes" };

    cmp->widens |= change == CONSENT_CHANGE_WIDENS;

    if (cmp->b == NULL) {
        return;
    }

    va_start(args, fmt);
    n = vsnprintf(line, sizeof(line), fmt, args);
    va_end(args);

    if (n < 0) {
        return;
    }

    consent_buf_printf(cmp->b, "%-8s %s %.*s: %.*s\n", words[change], cmp->kind, CONSENT_ARG(cmp->id),
                       n < (int) sizeof(line) ? n : (int) sizeof(line) - 1, line);
}


/* The same words in the same order, whatever their ASCII case and what stands between them. */
static bool
compare_same_words(consent_slice_t a, consent_slice_t b)
{
    bool     more_a, more_b;
    size_t   i, k;
    uint8_t  c, d;

    i = 0;
    k = 0;

    do {
        c = 0;
        d = 0;
        more_a = compare_word(a, &i, &c);
        more_b = compare_word(b, &k, &d);

        if (more_a != more_b || c != d) {
            return false;
        }
    } while (more_a);

    return true;
}


/* The next letter or digit from *i on; one space for all that stands between two words. */
static bool
compare_word(consent_slice_t s, size_t *i, uint8_t *c)
{
    size_t  start;

    for (start = *i; *i < s.len; (*i)++) {
        *c = consent_lower(s.data[*i]);

        if ((*c < 'a' || *c > 'z') && (*c < '0' || *c > '9') && *c < 0x80) {
            continue;
        }

        if (*i == start || start == 0) {
            (*i)++;

        } else {
            *c = ' ';
        }

        return true;
    }

    *c = 0;

    return false;
}
