/*
 * Compiles what JSON carries: the paths of all categories and of `necessary`, and the names of form fields, for there are
 * servers that read a form's fields from the members of a JSON object just as well.
 */

#include "policy/loader.h"

typedef struct {
    consent_json_pattern_t  *all;
    size_t                   n;
} load_patterns_t;

static size_t load_count(const consent_loader_t *l, const consent_list_t *paths, const consent_list_t *fields);
static void load_add(load_patterns_t *p, const consent_list_t *list, consent_mask_t mask, bool field);
static void load_fault(consent_loader_t *l);


void
consent_load_json(consent_loader_t *l)
{
    size_t                     i;
    consent_rc_t               rc;
    consent_list_t             paths, fields;
    consent_mask_t             mask;
    load_patterns_t            p;
    consent_policy_t          *policy;
    const consent_json_t      *necessary;
    const consent_category_t  *c;

    policy = l->policy;
    necessary = consent_json_get(l->root, "necessary");

    consent_load_list(l, &paths, necessary, "json", CONSENT_FORM_MAX_LIST);
    consent_load_list(l, &fields, necessary, "fields", CONSENT_FORM_MAX_LIST);

    p.all = consent_arena_array(policy->arena, load_count(l, &paths, &fields), sizeof(consent_json_pattern_t));
    p.n = 0;

    if (p.all == NULL) {
        l->failed = true;
        return;
    }

    for (i = 0; i < policy->n_categories; i++) {
        c = &policy->categories[i];
        mask = c->basis == CONSENT_BASIS_CONSENT ? (consent_mask_t) 1 << i : 0;

        load_add(&p, &c->json, mask, false);
        load_add(&p, &c->fields, mask, true);
    }

    load_add(&p, &paths, 0, false);
    load_add(&p, &fields, 0, true);

    rc = consent_json_paths_compile(&policy->json_paths, policy->arena, p.all, p.n);

    if (rc == CONSENT_LIMIT) {
        load_fault(l);

    } else if (rc != CONSENT_OK) {
        l->failed = true;
    }
}


static size_t
load_count(const consent_loader_t *l, const consent_list_t *paths, const consent_list_t *fields)
{
    size_t  i, n;

    n = paths->n + fields->n;

    for (i = 0; i < l->policy->n_categories; i++) {
        n += l->policy->categories[i].json.n + l->policy->categories[i].fields.n;
    }

    return n;
}


static void
load_add(load_patterns_t *p, const consent_list_t *list, consent_mask_t mask, bool field)
{
    size_t  i;

    for (i = 0; i < list->n; i++) {
        p->all[p->n].path = list->items[i];
        p->all[p->n].mask = mask;
        p->all[p->n].field = field;
        p->n++;
    }
}


static void
load_fault(consent_loader_t *l)
{
    const consent_json_t  *categories;

    categories = consent_json_get(l->root, "categories");

    consent_fault_at(l->faults, categories == NULL ? l->root : categories,
                     "the JSON paths are too entangled; use fewer of '..' and [*] in front of other steps");
}
