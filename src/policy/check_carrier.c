/*
 * Whether carriers get in each other's way: a name of two categories, and a necessary name that is a carrier
 * too.
 */

#include "policy/loader.h"

/* The carriers of one kind, all categories in a row. */
typedef struct {
    const consent_json_t  *v;
    size_t                 category;
} carrier_t;

typedef struct {
    const char  *member;        /* under "carriers" */
    const char  *necessary;     /* the same under "necessary", or NULL */
    bool         structured;
    bool         header;
    bool         json;
} carrier_kind_t;

static size_t carrier_collect(const consent_loader_t *l, carrier_t *carriers, size_t most, const char *member);
static void carrier_check_shared(const consent_loader_t *l, const carrier_kind_t *kind, const carrier_t *carriers,
    size_t n);
static void carrier_check_necessary(const consent_loader_t *l, const carrier_kind_t *kind, const carrier_t *carriers,
    size_t n);
static bool carrier_overlap(const carrier_kind_t *kind, consent_slice_t a, consent_slice_t b);
static bool carrier_json_overlap(consent_slice_t a, consent_slice_t b);
static bool carrier_json_below(consent_slice_t wide, consent_slice_t path);
static consent_slice_t carrier_stem(consent_slice_t name);


void
consent_check_carriers(consent_loader_t *l)
{
    size_t      i, n, most;
    carrier_t  *carriers;

    static const carrier_kind_t  kinds[] = {
        { "headers", NULL, false, true, false },
        { "cookies", "cookies", false, false, false },
        { "args", "args", true, false, false },
        { "fields", "fields", true, false, false },
        { "json", "json", false, false, true },
        { "text", NULL, false, false, false },
        { "set_cookies", "set_cookies", false, false, false },
        { "paths", NULL, false, false, false }
    };

    /* comparing all with all takes too long in a document that is refused for its size */
    if (l->policy->canonical.len > CONSENT_POLICY_MAX_CANONICAL) {
        return;
    }

    most = l->policy->n_categories * CONSENT_FORM_MAX_LIST;
    carriers = consent_arena_array(l->policy->arena, most, sizeof(carrier_t));

    if (carriers == NULL) {
        l->failed = true;
        return;
    }

    for (i = 0; i < consent_countof(kinds); i++) {
        n = carrier_collect(l, carriers, most, kinds[i].member);

        carrier_check_shared(l, &kinds[i], carriers, n);

        if (kinds[i].necessary != NULL) {
            carrier_check_necessary(l, &kinds[i], carriers, n);
        }
    }
}


static size_t
carrier_collect(const consent_loader_t *l, carrier_t *carriers, size_t most, const char *member)
{
    size_t                 i, n;
    const consent_json_t  *array, *category, *v;

    n = 0;
    array = consent_json_get(l->root, "categories");

    for (i = 0, category = array == NULL ? NULL : array->first; i < l->policy->n_categories;
         i++, category = category->next)
    {
        v = consent_json_get(consent_json_get(category, "carriers"), member);

        for (v = v != NULL && v->type == CONSENT_JSON_ARRAY ? v->first : NULL; v != NULL && n < most; v = v->next) {
            if (v->type == CONSENT_JSON_STRING && v->text.len > 0) {
                carriers[n].v = v;
                carriers[n].category = i;
                n++;
            }
        }
    }

    return n;
}


static void
carrier_check_shared(const consent_loader_t *l, const carrier_kind_t *kind, const carrier_t *carriers, size_t n)
{
    size_t                     i, k;
    const consent_category_t  *one, *two;

    for (i = 0; i < n; i++) {
        for (k = 0; k < i; k++) {

            if (carriers[k].category == carriers[i].category
                || !carrier_overlap(kind, carriers[k].v->text, carriers[i].v->text))
            {
                continue;
            }

            one = &l->policy->categories[carriers[k].category];
            two = &l->policy->categories[carriers[i].category];

            if (one->basis != CONSENT_BASIS_CONSENT && two->basis != CONSENT_BASIS_CONSENT) {
                continue;
            }

            consent_fault_warn(l->faults, carriers[i].v, "\"%s\" also carries category \"%s\": what matches "
                               "both passes only where %s granted", consent_quote(carriers[i].v->text).text,
                               consent_quote(one->id).text,
                               one->basis == two->basis ? "both are" : "the one that rests on consent is");
            break;
        }
    }
}


static void
carrier_check_necessary(const consent_loader_t *l, const carrier_kind_t *kind, const carrier_t *carriers, size_t n)
{
    size_t                 k;
    const consent_json_t  *v;

    v = consent_json_get(consent_json_get(l->root, "necessary"), kind->necessary);

    for (v = v != NULL && v->type == CONSENT_JSON_ARRAY ? v->first : NULL; v != NULL; v = v->next) {

        if (v->type != CONSENT_JSON_STRING || v->text.len == 0) {
            continue;
        }

        for (k = 0; k < n; k++) {
            if (carrier_overlap(kind, carriers[k].v->text, v->text)
                || (kind->structured && carrier_overlap(kind, carriers[k].v->text, carrier_stem(v->text))))
            {
                consent_fault_at(l->faults, v, "\"%s\" is a carrier of category \"%s\": what is necessary "
                                 "cannot be a choice too", consent_quote(v->text).text,
                                 consent_quote(l->policy->categories[carriers[k].category].id).text);
                break;
            }
        }
    }
}


static bool
carrier_overlap(const carrier_kind_t *kind, consent_slice_t a, consent_slice_t b)
{
    return kind->json ? carrier_json_overlap(a, b) : consent_names_overlap(a, b, kind->header);
}


static bool
carrier_json_overlap(consent_slice_t a, consent_slice_t b)
{
    return consent_slice_ieq(a, b) || carrier_json_below(a, b) || carrier_json_below(b, a);
}


/* `wide` is $..name, and the path ends with that name. */
static bool
carrier_json_below(consent_slice_t wide, consent_slice_t path)
{
    size_t           len;
    consent_slice_t  name, end;

    if (wide.len < 4 || memcmp(wide.data, "$..", 3) != 0 || memchr(wide.data + 3, '.', wide.len - 3) != NULL
        || memchr(wide.data + 3, '[', wide.len - 3) != NULL)
    {
        return false;
    }

    name = consent_slice(wide.data + 3, wide.len - 3);
    len = path.len;

    if (len > 4 && memcmp(path.data + len - 2, "']", 2) == 0) {
        len -= 2;

        return len > name.len + 1 && path.data[len - name.len - 1] == '\''
               && consent_slice_ieq(consent_slice(path.data + len - name.len, name.len), name);
    }

    if (len <= name.len) {
        return false;
    }

    end = consent_slice(path.data + len - name.len, name.len);

    return path.data[len - name.len - 1] == '.' && consent_slice_ieq(end, name);
}


/* What stands before the first '[' or '.', which is how a carrier is matched. */
static consent_slice_t
carrier_stem(consent_slice_t name)
{
    size_t  i;

    for (i = 1; i < name.len; i++) {
        if (name.data[i] == '[' || name.data[i] == '.') {
            name.len = i;
        }
    }

    return name;
}
