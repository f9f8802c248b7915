/*
 * Compiles the carriers of a policy: those of consent categories to what may be withheld, those of all
 * others, and the necessary names, to what is known and always passes.
 */

#include "policy/loader.h"

typedef struct {
    consent_slice_t  *patterns;
    consent_mask_t   *masks;
    size_t            n;
} load_patterns_t;

static void load_set(consent_loader_t *l, consent_names_t *names, size_t offset, bool consent, const char *necessary);
static void load_necessary_json(consent_loader_t *l);
static size_t load_count(const consent_policy_t *policy, size_t offset);
static void load_add(load_patterns_t *p, const consent_list_t *list, consent_mask_t mask);


static inline const consent_list_t *
load_carrier(const consent_category_t *c, size_t offset)
{
    return (const consent_list_t *) (const void *) ((const char *) c + offset);
}


void
consent_load_names(consent_loader_t *l)
{
    consent_policy_t  *policy;

    policy = l->policy;

    load_set(l, &policy->headers, offsetof(consent_category_t, headers), true, NULL);
    load_set(l, &policy->cookies, offsetof(consent_category_t, cookies), true, NULL);
    load_set(l, &policy->args, offsetof(consent_category_t, args), true, NULL);
    load_set(l, &policy->fields, offsetof(consent_category_t, fields), true, NULL);
    load_set(l, &policy->set_cookies, offsetof(consent_category_t, set_cookies), true, NULL);

    load_set(l, &policy->necessary_cookies, offsetof(consent_category_t, cookies), false, "cookies");
    load_set(l, &policy->necessary_args, offsetof(consent_category_t, args), false, "args");
    load_set(l, &policy->necessary_fields, offsetof(consent_category_t, fields), false, "fields");
    load_set(l, &policy->necessary_set_cookies, offsetof(consent_category_t, set_cookies), false, "set_cookies");

    load_necessary_json(l);
    consent_load_json(l);
}


/* The carriers at that offset of categories that rest on consent (or of those that do not), and a list of
 * necessary. */
static void
load_set(consent_loader_t *l, consent_names_t *names, size_t offset, bool consent, const char *necessary)
{
    size_t                     i;
    consent_list_t             list;
    load_patterns_t            p;
    const consent_policy_t    *policy;
    const consent_category_t  *c;

    policy = l->policy;
    memset(&list, 0, sizeof(list));

    if (necessary != NULL) {
        consent_load_list(l, &list, consent_json_get(l->root, "necessary"), necessary, CONSENT_FORM_MAX_LIST);
    }

    p.n = load_count(policy, offset) + list.n;
    p.patterns = consent_arena_array(policy->arena, p.n, sizeof(consent_slice_t));
    p.masks = consent_arena_array(policy->arena, p.n, sizeof(consent_mask_t));
    p.n = 0;

    if (p.patterns == NULL || p.masks == NULL) {
        l->failed = true;
        return;
    }

    for (i = 0; i < policy->n_categories; i++) {
        c = &policy->categories[i];

        if ((c->basis == CONSENT_BASIS_CONSENT) == consent) {
            load_add(&p, load_carrier(c, offset), (consent_mask_t) 1 << i);
        }
    }

    load_add(&p, &list, CONSENT_NECESSARY);

    if (consent_names_compile(names, policy->arena, p.patterns, p.masks, p.n) != CONSENT_OK) {
        l->failed = true;
    }
}


static void
load_necessary_json(consent_loader_t *l)
{
    size_t                     i;
    consent_list_t             list;
    load_patterns_t            p;
    consent_policy_t          *policy;
    const consent_category_t  *c;

    policy = l->policy;
    consent_load_list(l, &list, consent_json_get(l->root, "necessary"), "json", CONSENT_FORM_MAX_LIST);

    p.n = load_count(policy, offsetof(consent_category_t, json)) + list.n;
    p.patterns = consent_arena_array(policy->arena, p.n, sizeof(consent_slice_t));
    p.masks = NULL;
    p.n = 0;

    if (p.patterns == NULL) {
        l->failed = true;
        return;
    }

    for (i = 0; i < policy->n_categories; i++) {
        c = &policy->categories[i];

        if (c->basis != CONSENT_BASIS_CONSENT) {
            load_add(&p, &c->json, 0);
        }
    }

    load_add(&p, &list, 0);

    policy->necessary_json.items = p.patterns;
    policy->necessary_json.n = p.n;
}


static size_t
load_count(const consent_policy_t *policy, size_t offset)
{
    size_t  i, n;

    n = 0;

    for (i = 0; i < policy->n_categories; i++) {
        n += load_carrier(&policy->categories[i], offset)->n;
    }

    return n;
}


static void
load_add(load_patterns_t *p, const consent_list_t *list, consent_mask_t mask)
{
    size_t  i;

    for (i = 0; i < list->n; i++) {
        p->patterns[p->n] = list->items[i];

        if (p->masks != NULL) {
            p->masks[p->n] = mask;
        }

        p->n++;
    }
}
