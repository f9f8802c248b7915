/*
 * Vectorscan in block mode over windows of the text, with the start of each match. (Streaming mode knows no starts
 * where repeats are wide; windows that overlap by the longest match find the same, with no state between them.)
 */

#include "minimize/detect_expression.h"
#include "base/utf8.h"
#include "minimize/masks.h"
#include "policy/form.h"

#include <stdlib.h>

#include <hs/hs.h>

#define EXPRESSION_FLAGS  (HS_FLAG_UTF8 | HS_FLAG_SOM_LEFTMOST)
#define EXPRESSION_NONE   0x01      /* what stands for a byte that is not UTF-8 */

struct consent_expressions_s {
    consent_expression_t   *items;
    size_t                  n;
    size_t                  least;
    size_t                  most;
    char                   *text;       /* the expressions one after another, each with a NUL */
    hs_database_t          *database;
    hs_scratch_t           *scratch;
};

typedef struct {
    consent_expression_pt   each;
    void                   *arg;
} expression_scan_t;

static bool expression_collect(consent_expressions_t *set, const consent_policy_t *policy);
static consent_rc_t expression_measure(consent_expressions_t *set, const consent_policy_t *policy,
    consent_faults_t *faults);
static consent_rc_t expression_compile(consent_expressions_t *set, const consent_policy_t *policy,
    consent_faults_t *faults);
static void expression_fault(const consent_expression_t *item, const consent_policy_t *policy, consent_faults_t *faults,
    const char *what, const char *more);
static const consent_json_t *expression_place(const consent_expression_t *item, const consent_policy_t *policy);
static int expression_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *arg);


consent_rc_t
consent_expressions_compile(consent_expressions_t **out, const consent_policy_t *policy, consent_faults_t *faults)
{
    consent_rc_t            rc;
    consent_expressions_t  *set;

    *out = NULL;

    set = calloc(1, sizeof(consent_expressions_t));

    if (set == NULL || !expression_collect(set, policy)) {
        consent_expressions_destroy(set);
        return CONSENT_NOMEM;
    }

    if (set->n == 0) {
        consent_expressions_destroy(set);
        return CONSENT_OK;
    }

    rc = expression_measure(set, policy, faults);

    if (rc == CONSENT_OK) {
        rc = expression_compile(set, policy, faults);
    }

    if (rc != CONSENT_OK) {
        consent_expressions_destroy(set);
        return rc;
    }

    *out = set;

    return CONSENT_OK;
}


void
consent_expressions_destroy(consent_expressions_t *set)
{
    if (set == NULL) {
        return;
    }

    (void) hs_free_scratch(set->scratch);
    (void) hs_free_database(set->database);
    free(set->text);
    free(set->items);
    free(set);
}


size_t
consent_expressions_count(const consent_expressions_t *set)
{
    return set->n;
}


const consent_expression_t *
consent_expressions_get(const consent_expressions_t *set, size_t i)
{
    return &set->items[i];
}


size_t
consent_expressions_least(const consent_expressions_t *set)
{
    return set->least;
}


size_t
consent_expressions_most(const consent_expressions_t *set)
{
    return set->most;
}


bool
consent_expressions_scan(const consent_expressions_t *set, const uint8_t *text, size_t n, consent_expression_pt each,
    void *arg)
{
    uint8_t             clean[CONSENT_EXPRESSION_TEXT];
    uint8_t            *to;
    const uint8_t      *p, *from, *end;
    expression_scan_t   scan = { each, arg };

    if (n == 0) {
        return true;
    }

    if (n > CONSENT_EXPRESSION_TEXT) {
        return false;
    }

    /* what Vectorscan makes of bytes that are not UTF-8 is not defined */

    if (!consent_utf8_valid(consent_slice(text, n))) {
        end = text + n;

        for (p = text, to = clean; p < end; to += p - from) {
            from = p;

            if (consent_utf8_next(&p, end) == 0xfffd && p - from == 1) {
                *to = EXPRESSION_NONE;

            } else {
                memcpy(to, from, (size_t) (p - from));
            }
        }

        text = clean;
    }

    return hs_scan(set->database, (const char *) text, (unsigned) n, 0, set->scratch, expression_match, &scan)
           == HS_SUCCESS;
}


static int
expression_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *arg)
{
    expression_scan_t  *scan = arg;

    (void) flags;

    scan->each(scan->arg, id, (size_t) from, (size_t) to);

    return 0;
}


/* Each expression once, with all categories that name it. */
static bool
expression_collect(consent_expressions_t *set, const consent_policy_t *policy)
{
    size_t                     i, k, m, n, bytes;
    const consent_detector_t  *d;

    for (i = 0, n = 0, bytes = 0; i < policy->n_categories; i++) {
        for (k = 0; k < policy->categories[i].n_text; k++) {
            n++;
            bytes += policy->categories[i].text[k].regex.len + 1;
        }
    }

    set->items = calloc(n + 1, sizeof(consent_expression_t));
    set->text = calloc(1, bytes + 1);

    if (set->items == NULL || set->text == NULL) {
        return false;
    }

    for (i = 0; i < policy->n_categories; i++) {

        if (!(policy->consent_mask >> i & 1)) {
            continue;
        }

        for (k = 0; k < policy->categories[i].n_text; k++) {
            d = &policy->categories[i].text[k];

            if (d->regex.len == 0) {
                continue;
            }

            for (m = 0; m < set->n; m++) {
                if (consent_slice_eq(set->items[m].name, d->name) && consent_slice_eq(set->items[m].regex, d->regex)) {
                    break;
                }
            }

            set->items[m].name = d->name;
            set->items[m].regex = d->regex;
            set->items[m].mask |= (consent_mask_t) 1 << i;
            set->n += m == set->n;
        }
    }

    return true;
}


/* What each can match at most: an end that is not in sight cannot be waited for. */
static consent_rc_t
expression_measure(consent_expressions_t *set, const consent_policy_t *policy, consent_faults_t *faults)
{
    char                   bytes[64], *text;
    size_t                 i;
    consent_rc_t           rc;
    hs_error_t             error;
    hs_expr_info_t        *info;
    hs_compile_error_t    *why;

    if (hs_valid_platform() != HS_SUCCESS) {
        expression_fault(&set->items[0], policy, faults, "needs a processor with SSSE3, which this one lacks", "");
        return CONSENT_MALFORMED;
    }

    rc = CONSENT_OK;
    text = set->text;
    set->least = SIZE_MAX;

    for (i = 0; i < set->n; i++) {
        info = NULL;
        why = NULL;

        memcpy(text, set->items[i].regex.data, set->items[i].regex.len);
        error = hs_expression_info(text, EXPRESSION_FLAGS | HS_FLAG_ALLOWEMPTY, &info, &why);
        text += set->items[i].regex.len + 1;

        if (error != HS_SUCCESS) {
            rc = CONSENT_MALFORMED;
            expression_fault(&set->items[i], policy, faults, "cannot be compiled: ",
                             why == NULL ? "out of memory" : why->message);
            (void) hs_free_compile_error(why);
            continue;
        }

        if (info->min_width == 0) {
            rc = CONSENT_MALFORMED;
            expression_fault(&set->items[i], policy, faults, "matches the empty text", "");

        } else if (info->max_width == UINT32_MAX) {
            rc = CONSENT_MALFORMED;
            expression_fault(&set->items[i], policy, faults, "has a repeat without an upper bound; write {1,20} in the "
                             "place of + and {0,20} in the place of *", "");

        } else if (info->max_width > CONSENT_MASK_MAX_VALUE) {
            rc = CONSENT_MALFORMED;
            consent_buf_t  b;

            consent_buf_init_fixed(&b, bytes, sizeof(bytes) - 1);
            consent_buf_printf(&b, "%u, at most %u are possible", info->max_width, (unsigned) CONSENT_MASK_MAX_VALUE);
            bytes[b.len] = '\0';
            expression_fault(&set->items[i], policy, faults, "can match more bytes than a mask stands for: ", bytes);
        }

        set->least = info->min_width < set->least ? info->min_width : set->least;
        set->most = info->max_width > set->most ? info->max_width : set->most;
        free(info);
    }

    return rc;
}


static consent_rc_t
expression_compile(consent_expressions_t *set, const consent_policy_t *policy, consent_faults_t *faults)
{
    size_t               i;
    unsigned            *flags, *ids;
    hs_error_t           error;
    consent_rc_t         rc;
    const char         **texts, *text;
    hs_database_t       *database;
    hs_compile_error_t  *why;

    rc = CONSENT_NOMEM;
    texts = calloc(set->n, sizeof(char *));
    flags = calloc(set->n, sizeof(unsigned));
    ids = calloc(set->n, sizeof(unsigned));

    if (texts == NULL || flags == NULL || ids == NULL) {
        goto done;
    }

    for (i = 0, text = set->text; i < set->n; i++) {
        texts[i] = text;
        text += set->items[i].regex.len + 1;
        flags[i] = EXPRESSION_FLAGS;
        ids[i] = (unsigned) i;
    }

    why = NULL;
    error = hs_compile_multi(texts, flags, ids, (unsigned) set->n, HS_MODE_BLOCK, NULL, &set->database, &why);

    if (error == HS_SUCCESS) {
        rc = hs_alloc_scratch(set->database, &set->scratch) == HS_SUCCESS ? CONSENT_OK : CONSENT_NOMEM;
        goto done;
    }

    (void) hs_free_compile_error(why);

    /* the set tells of one fault only */

    for (i = 0; i < set->n; i++) {
        why = NULL;
        database = NULL;
        error = hs_compile(texts[i], EXPRESSION_FLAGS, HS_MODE_BLOCK, NULL, &database, &why);

        if (error == HS_COMPILER_ERROR && why != NULL && why->expression >= 0) {
            rc = CONSENT_MALFORMED;
            expression_fault(&set->items[i], policy, faults, "cannot be compiled: ", why->message);
        }

        (void) hs_free_compile_error(why);
        (void) hs_free_database(database);
    }

done:

    free(texts);
    free(flags);
    free(ids);

    return rc;
}


static void
expression_fault(const consent_expression_t *item, const consent_policy_t *policy, consent_faults_t *faults,
    const char *what, const char *more)
{
    const consent_json_t  *v;

    if (faults == NULL) {
        return;
    }

    v = expression_place(item, policy);

    if (v == NULL) {
        consent_fault_place(faults, 1, 1, "the expression of detector \"%s\" %s%s", consent_quote(item->name).text,
                            what, more);

    } else {
        consent_fault_at(faults, v, "the expression %s%s", what, more);
    }
}


/* The first place in the document where the expression stands. */
static const consent_json_t *
expression_place(const consent_expression_t *item, const consent_policy_t *policy)
{
    size_t                 i;
    const consent_json_t  *categories, *category, *text, *v, *regex;

    if (policy->document == NULL) {
        return NULL;
    }

    categories = consent_json_get(policy->document, "categories");
    category = categories == NULL ? NULL : categories->first;

    for (i = 0; category != NULL; category = category->next, i++) {

        if (!(item->mask >> i & 1)) {
            continue;
        }

        text = consent_json_get(consent_json_get(category, "carriers"), "text");

        for (v = text == NULL ? NULL : text->first; v != NULL; v = v->next) {
            regex = consent_json_get(v, "regex");

            if (regex != NULL && consent_slice_eq(regex->text, item->regex)
                && consent_slice_eq(consent_json_get(v, "name")->text, item->name))
            {
                return regex;
            }
        }
    }

    return NULL;
}
