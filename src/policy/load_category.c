/*
 * Reads categories and levels.
 */

#include "policy/loader.h"

static void load_category(consent_loader_t *l, consent_category_t *c, const consent_json_t *v);
static void load_carriers(consent_loader_t *l, consent_category_t *c, const consent_json_t *v);
static bool load_gpc_default(const consent_policy_t *policy, const consent_category_t *c);
static bool load_contains(consent_slice_t s, consent_slice_t word);


void
consent_load_categories(consent_loader_t *l)
{
    size_t                 i;
    consent_mask_t         bit;
    consent_policy_t      *policy;
    consent_category_t    *c;
    const consent_json_t  *array, *v;

    policy = l->policy;
    array = consent_json_get(l->root, "categories");
    policy->categories = consent_load_elements(l, &policy->n_categories, array, CONSENT_MAX_CATEGORIES,
                                               sizeof(consent_category_t));

    for (i = 0, v = array == NULL ? NULL : array->first; i < policy->n_categories; i++, v = v->next) {
        c = &policy->categories[i];
        bit = (consent_mask_t) 1 << i;

        load_category(l, c, v);

        if (c->special) {
            policy->special_mask |= bit;
        }

        if (c->basis != CONSENT_BASIS_CONSENT) {
            continue;
        }

        policy->consent_mask |= bit;

        if (c->gpc) {
            policy->gpc_mask |= bit;
        }

        if (c->fields.n > 0 || c->json.n > 0 || c->n_text > 0) {
            policy->body_mask |= bit;
        }

        if (c->paths.n > 0) {
            policy->path_mask |= bit;
            policy->path_firsts |= consent_policy_path_firsts(&c->paths);
        }

        if (c->core_for.n > 0) {
            policy->core_mask |= bit;
            policy->core_firsts |= consent_policy_path_firsts(&c->core_for);
        }
    }
}


void
consent_load_levels(consent_loader_t *l)
{
    int                    category;
    size_t                 i, k;
    consent_list_t         shares;
    consent_level_t       *level;
    consent_policy_t      *policy;
    const consent_json_t  *array, *v;

    policy = l->policy;
    array = consent_json_get(l->root, "levels");
    policy->levels = consent_load_elements(l, &policy->n_levels, array, CONSENT_MAX_LEVELS, sizeof(consent_level_t));

    for (i = 0, v = array == NULL ? NULL : array->first; i < policy->n_levels; i++, v = v->next) {
        level = &policy->levels[i];

        level->id = consent_load_string(v, "id");
        consent_load_text(l, &level->title, v, "title");
        consent_load_text(l, &level->service, v, "service");
        consent_load_list(l, &shares, v, "shares", CONSENT_MAX_CATEGORIES);

        for (k = 0; k < shares.n; k++) {
            category = consent_policy_category(policy, shares.items[k]);

            if (category >= 0) {
                level->shares |= (consent_mask_t) 1 << category;
            }
        }
    }
}


static void
load_category(consent_loader_t *l, consent_category_t *c, const consent_json_t *v)
{
    int                    basis;
    const consent_json_t  *purpose;

    purpose = consent_json_get(v, "purpose");
    basis = consent_load_word(consent_load_string(v, "legal_basis"), consent_form_bases);

    c->id = consent_load_string(v, "id");
    consent_load_text(l, &c->title, v, "title");
    c->purpose_type = consent_load_string(purpose, "type");
    consent_load_text(l, &c->purpose, purpose, "text");
    c->data_type = consent_load_string(v, "data_type");
    c->basis = basis < 0 ? CONSENT_BASIS_CONSENT : (consent_basis_t) basis;
    c->law = consent_load_string(v, "law");
    c->special = consent_load_boolean(v, "special", false);
    consent_load_list(l, &c->recipients, v, "recipients", CONSENT_FORM_MAX_SMALL);
    consent_load_list(l, &c->storage, v, "storage", CONSENT_FORM_MAX_SMALL);
    c->retention = consent_load_string(v, "retention");

    if (c->retention.len > 0) {
        (void) consent_duration_parse(&c->retention_time, c->retention);
    }

    consent_load_list(l, &c->core_for, v, "core_for", CONSENT_FORM_MAX_LIST);
    c->gpc = c->basis == CONSENT_BASIS_CONSENT && consent_load_boolean(v, "gpc", load_gpc_default(l->policy, c));

    load_carriers(l, c, consent_json_get(v, "carriers"));
}


static void
load_carriers(consent_loader_t *l, consent_category_t *c, const consent_json_t *v)
{
    size_t                 i;
    const consent_json_t  *text, *item;

    consent_load_list(l, &c->headers, v, "headers", CONSENT_FORM_MAX_LIST);
    consent_load_list(l, &c->cookies, v, "cookies", CONSENT_FORM_MAX_LIST);
    consent_load_list(l, &c->args, v, "args", CONSENT_FORM_MAX_LIST);
    consent_load_list(l, &c->fields, v, "fields", CONSENT_FORM_MAX_LIST);
    consent_load_list(l, &c->json, v, "json", CONSENT_FORM_MAX_LIST);
    consent_load_list(l, &c->set_cookies, v, "set_cookies", CONSENT_FORM_MAX_LIST);
    consent_load_list(l, &c->paths, v, "paths", CONSENT_FORM_MAX_LIST);

    text = consent_json_get(v, "text");
    c->text = consent_load_elements(l, &c->n_text, text, CONSENT_FORM_MAX_DETECTORS, sizeof(consent_detector_t));

    for (i = 0, item = text == NULL ? NULL : text->first; i < c->n_text; i++, item = item->next) {
        if (item->type == CONSENT_JSON_STRING) {
            c->text[i].name = item->text;

        } else {
            c->text[i].name = consent_load_string(item, "name");
            c->text[i].regex = consent_load_string(item, "regex");
        }
    }
}


/* The signal is a no to sale, sharing and tracking: it takes away what goes to others, or is for analysis
 * or marketing. */
static bool
load_gpc_default(const consent_policy_t *policy, const consent_category_t *c)
{
    size_t  i;

    for (i = 0; i < c->recipients.n; i++) {
        if (!consent_slice_ieq(c->recipients.items[i], policy->controller.name)) {
            return true;
        }
    }

    return load_contains(c->purpose_type, consent_lit("analytics"))
           || load_contains(c->purpose_type, consent_lit("marketing"))
           || load_contains(c->purpose_type, consent_lit("advertising"))
           || load_contains(c->purpose_type, consent_lit("profiling"));
}


/* word: in lower case */
static bool
load_contains(consent_slice_t s, consent_slice_t word)
{
    size_t  i;

    for (i = 0; i + word.len <= s.len; i++) {
        if (consent_slice_ieq(consent_slice(s.data + i, word.len), word)) {
            return true;
        }
    }

    return false;
}
