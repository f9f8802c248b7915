/*
 * What a policy may mean: legal bases, categories, levels, times. Values that are not well-formed are passed
 * over here, for the check of the form has reported them.
 */

#include "policy/loader.h"

#define CHECK_MAX_MONTHS  24        /* a choice that lasts longer is forgotten by whoever made it */

static void check_head(const consent_loader_t *l);
static void check_languages(const consent_loader_t *l);
static void check_category(const consent_loader_t *l, const consent_category_t *c, const consent_json_t *v);
static void check_detectors(const consent_loader_t *l, const consent_json_t *v);
static void check_levels(consent_loader_t *l);
static void check_shares(const consent_loader_t *l, size_t rank, const consent_json_t *v);
static void check_bodies(const consent_loader_t *l);
static const char *check_near(const consent_loader_t *l, consent_slice_t id, char *near, size_t size);


static inline const consent_json_t *
check_first(const consent_json_t *array)
{
    return array != NULL && array->type == CONSENT_JSON_ARRAY ? array->first : NULL;
}


void
consent_check_policy(consent_loader_t *l)
{
    size_t                  i;
    const consent_json_t   *array, *v;
    const consent_policy_t  *policy;

    policy = l->policy;

    check_head(l);
    check_languages(l);

    array = consent_json_get(l->root, "categories");
    consent_check_ids(l, array, CONSENT_MAX_CATEGORIES, "category");

    for (i = 0, v = check_first(array); i < policy->n_categories; i++, v = v->next) {
        check_category(l, &policy->categories[i], v);
    }

    check_levels(l);
    check_bodies(l);
    consent_check_carriers(l);
    consent_check_contact(l);
    consent_check_words(l);
}


static void
check_head(const consent_loader_t *l)
{
    const consent_json_t       *consent, *valid, *visit, *v;
    const consent_policy_t     *policy;
    static const consent_duration_t  longest = { CHECK_MAX_MONTHS, 0 };

    policy = l->policy;
    consent = consent_json_get(l->root, "consent");
    valid = consent_json_get(consent, "valid_for");
    visit = consent_json_get(consent, "visit_for");

    if (valid != NULL && policy->valid_for.months == 0 && policy->valid_for.seconds == 0) {
        consent_fault_at(l->faults, valid, "a choice must last for some time");

    } else if (valid != NULL && consent_duration_compare(policy->valid_for, longest) > 0) {
        consent_fault_warn(l->faults, valid, "who makes a choice for more than two years forgets it");
    }

    if (visit != NULL && policy->visit_for.months == 0 && policy->visit_for.seconds == 0) {
        consent_fault_at(l->faults, visit, "a visit must last for some time");

    } else if ((policy->valid_for.months != 0 || policy->valid_for.seconds != 0)
               && consent_duration_compare(policy->visit_for, policy->valid_for) > 0)
    {
        consent_fault_at(l->faults, visit != NULL ? visit : valid, "a choice for one visit must not last "
                         "longer than a standing one");
    }

    v = consent_json_get(l->root, "controller");

    if (v != NULL && consent_json_get(v, "email") == NULL && consent_json_get(v, "phone") == NULL
        && consent_json_get(v, "address") == NULL)
    {
        consent_fault_warn(l->faults, v, "people must be able to reach the controller: add an email, a phone "
                           "or an address");
    }
}


static void
check_languages(const consent_loader_t *l)
{
    size_t                 i;
    const consent_json_t  *v, *other;

    v = check_first(consent_json_get(l->root, "languages"));

    for (i = 0; v != NULL && i < CONSENT_MAX_LANGUAGES; i++, v = v->next) {
        for (other = v->parent->first; other != v; other = other->next) {
            if (consent_slice_ieq(v->text, other->text) && !consent_slice_eq(v->text, other->text)) {
                consent_fault_at(l->faults, v, "\"%s\" is there twice", consent_quote(v->text).text);
                break;
            }
        }
    }
}


void
consent_check_ids(consent_loader_t *l, const consent_json_t *array, size_t most, const char *what)
{
    size_t                 i;
    consent_slice_t        id;
    const consent_json_t  *v, *other;

    for (i = 0, v = check_first(array); v != NULL && i < most; i++, v = v->next) {
        id = consent_load_string(v, "id");

        for (other = array->first; other != v && id.len > 0; other = other->next) {
            if (consent_slice_eq(id, consent_load_string(other, "id"))) {
                consent_fault_at(l->faults, consent_json_get(v, "id"), "there is another %s \"%s\", in line %u", what,
                                 consent_quote(id).text, other->line);
                break;
            }
        }
    }
}


static void
check_category(const consent_loader_t *l, const consent_category_t *c, const consent_json_t *v)
{
    consent_basis_t        basis;
    const consent_json_t  *legal, *law, *gpc, *core;

    check_detectors(l, consent_json_get(consent_json_get(v, "carriers"), "text"));

    legal = consent_json_get(v, "legal_basis");

    if (consent_load_word(consent_load_string(v, "legal_basis"), consent_form_bases) < 0) {
        return;
    }

    basis = c->basis;
    law = consent_json_get(v, "law");
    gpc = consent_json_get(v, "gpc");
    core = consent_json_get(v, "core_for");

    if (basis == CONSENT_BASIS_LEGITIMATE_INTEREST && l->policy->controller.public_authority) {
        consent_fault_at(l->faults, legal, "a public authority cannot rest on legitimate interest (GDPR, "
                         "Article 6(1)); public-task or legal-obligation may be meant");
    }

    if (basis == CONSENT_BASIS_LEGAL_OBLIGATION && law == NULL) {
        consent_fault_at(l->faults, v, "\"law\" is missing: a legal obligation must name its law");
    }

    if (basis != CONSENT_BASIS_LEGAL_OBLIGATION && basis != CONSENT_BASIS_PUBLIC_TASK && law != NULL) {
        consent_fault_at_name(l->faults, law, "only a legal obligation or a public task has a law");
    }

    if (basis != CONSENT_BASIS_CONSENT) {
        if (gpc != NULL && gpc->type == CONSENT_JSON_TRUE) {
            consent_fault_at(l->faults, gpc, "the signal can only take away what rests on consent");
        }

        if (core != NULL) {
            consent_fault_at_name(l->faults, core, "only what rests on consent can be public task on some paths");
        }

        return;
    }

    if (c->headers.n + c->cookies.n + c->args.n + c->fields.n + c->json.n + c->n_text + c->set_cookies.n + c->paths.n
        == 0)
    {
        consent_fault_warn(l->faults, v, "it has no carriers: nothing in a request is ever withheld for it");
    }
}


static void
check_detectors(const consent_loader_t *l, const consent_json_t *v)
{
    size_t                 i;
    consent_slice_t        name;
    const consent_json_t  *item, *other;

    for (i = 0, item = check_first(v); item != NULL && i < CONSENT_FORM_MAX_DETECTORS; i++, item = item->next) {
        name = consent_load_string(item, "name");

        if (name.len == 0) {
            continue;
        }

        if (consent_load_word(name, consent_form_detectors) >= 0) {
            consent_fault_at(l->faults, consent_json_get(item, "name"), "\"%s\" is a built-in detector; give "
                             "your own another name", consent_quote(name).text);
        }

        for (other = v->first; other != item; other = other->next) {
            if (consent_slice_eq(name, consent_load_string(other, "name"))) {
                consent_fault_at(l->faults, consent_json_get(item, "name"), "there is another detector "
                                 "\"%s\", in line %u", consent_quote(name).text, other->line);
                break;
            }
        }
    }
}


static void
check_levels(consent_loader_t *l)
{
    size_t                  rank, other;
    consent_level_t        *levels;
    const consent_json_t   *array, *v, *shares;

    array = consent_json_get(l->root, "levels");
    levels = l->policy->levels;
    consent_check_ids(l, array, CONSENT_MAX_LEVELS, "level");

    for (rank = 0, v = check_first(array); rank < l->policy->n_levels; rank++, v = v->next) {

        if (consent_slice_eq(levels[rank].id, consent_lit("custom"))) {
            consent_fault_at(l->faults, consent_json_get(v, "id"), "\"custom\" is what a choice category by "
                             "category is called; no level may have that id");
        }

        shares = consent_json_get(v, "shares");

        if (check_first(shares) == NULL && (rank == 0 || shares == NULL || shares->type != CONSENT_JSON_ARRAY)) {
            continue;
        }

        if (rank == 0) {
            consent_fault_at(l->faults, shares, "the first level is the most private one: it must share nothing");
        }

        check_shares(l, rank, shares);

        for (other = 0; other < rank; other++) {
            if (levels[other].shares == levels[rank].shares) {
                consent_fault_warn(l->faults, shares, "it shares the same as level \"%s\", which can then "
                                   "never be told from it", consent_quote(levels[other].id).text);
                break;
            }
        }
    }
}


static void
check_shares(const consent_loader_t *l, size_t rank, const consent_json_t *v)
{
    int                        i;
    char                       near[80];
    size_t                     n;
    const char                *id;
    const consent_json_t      *item;
    const consent_category_t  *c;

    for (n = 0, item = v->first; item != NULL && n < CONSENT_MAX_CATEGORIES; n++, item = item->next) {

        if (item->type != CONSENT_JSON_STRING || item->text.len == 0) {
            continue;
        }

        i = consent_policy_category(l->policy, item->text);

        if (i < 0) {
            id = check_near(l, item->text, near, sizeof(near));
            consent_fault_at(l->faults, item, "there is no category \"%s\"%s%s%s", consent_quote(item->text).text,
                             id == NULL ? "" : "; did you mean \"", id == NULL ? "" : id, id == NULL ? "" : "\"?");
            continue;
        }

        c = &l->policy->categories[i];

        if (c->basis != CONSENT_BASIS_CONSENT) {
            consent_fault_at(l->faults, item, "\"%s\" rests on %s, not on consent: a level cannot offer it as a choice",
                             consent_quote(item->text).text, consent_basis_name(c->basis));
        }

        if (c->special && rank > 0) {
            consent_fault_at(l->faults, item, "\"%s\" is a special category (GDPR, Article 9): no level may "
                             "share it, it is only granted by its own tick", consent_quote(item->text).text);
        }
    }
}


static void
check_bodies(const consent_loader_t *l)
{
    size_t                 i;
    const consent_json_t  *v, *item;

    /* what a transform reads; a pattern for any of them lets them pass unread */
    static const char *const  inspected[] = {
        "application/json", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain",
        "application/x-ndjson", NULL
    };

    v = consent_json_get(l->root, "bodies");

    if (!l->policy->bodies_block) {
        consent_fault_warn(l->faults, consent_json_get(v, "opaque"), "bodies that cannot be inspected pass "
                           "whatever is in them");
    }

    for (item = check_first(consent_json_get(v, "allow")); item != NULL; item = item->next) {
        for (i = 0; inspected[i] != NULL && item->type == CONSENT_JSON_STRING; i++) {
            if (consent_names_overlap(item->text, consent_cstr(inspected[i]), false)) {
                consent_fault_warn(l->faults, item, "\"%s\" lets %s pass, which could be inspected",
                                   consent_quote(item->text).text, inspected[i]);
                break;
            }
        }
    }
}


/* The id of the category that was probably meant, in near; or NULL. */
static const char *
check_near(const consent_loader_t *l, consent_slice_t id, char *near, size_t size)
{
    size_t           i, distance, best;
    consent_slice_t  found;

    best = 3;
    found = consent_slice(NULL, 0);

    for (i = 0; i < l->policy->n_categories; i++) {
        distance = consent_form_distance(id, l->policy->categories[i].id, best);

        if (distance < best && distance < id.len) {
            best = distance;
            found = l->policy->categories[i].id;
        }
    }

    if (found.len == 0 || found.len >= size) {
        return NULL;
    }

    memcpy(near, found.data, found.len);
    near[found.len] = '\0';

    return near;
}
