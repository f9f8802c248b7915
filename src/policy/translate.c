/*
 * Two versions of a policy side by side: what widens, so that earlier grants of it lapse, and what does not.
 */

#include "policy/compare.h"
#include "policy/decision.h"

static void compare_level(consent_compare_t *cmp, const consent_policy_t *earlier, const consent_level_t *e,
    const consent_policy_t *current, const consent_level_t *c);
static void compare_document(consent_buf_t *b, const consent_policy_t *earlier, const consent_policy_t *current);


void
consent_policy_translate(consent_translation_t *out, const consent_policy_t *earlier, const consent_policy_t *current)
{
    int                k;
    bool               foreign;
    size_t             i;
    consent_compare_t  cmp;

    memset(out, 0, sizeof(consent_translation_t));
    memset(&cmp, 0, sizeof(cmp));

    out->key = earlier->key;
    foreign = !consent_slice_eq(earlier->id, current->id);

    for (i = 0; i < CONSENT_MAX_CATEGORIES; i++) {
        out->category[i] = -1;

        if (i >= earlier->n_categories) {
            continue;
        }

        k = consent_policy_category(current, earlier->categories[i].id);
        cmp.widens = foreign;

        if (k >= 0) {
            consent_compare_category(&cmp, earlier, &earlier->categories[i], current, &current->categories[k]);
        }

        if (cmp.widens) {
            out->lapsed |= (consent_mask_t) 1 << i;

        } else if (k >= 0 && (current->consent_mask >> k & 1)) {
            out->category[i] = (int8_t) k;
        }
    }

    for (i = 0; i < CONSENT_MAX_LEVELS; i++) {
        out->level[i] = -1;

        if (i < earlier->n_levels && !foreign) {
            out->level[i] = (int8_t) consent_policy_level(current, earlier->levels[i].id);
        }
    }
}


void
consent_policy_diff(consent_buf_t *b, const consent_policy_t *earlier, const consent_policy_t *current)
{
    int                k;
    size_t             i;
    consent_compare_t  cmp;

    memset(&cmp, 0, sizeof(cmp));
    cmp.b = b;

    compare_document(b, earlier, current);

    cmp.kind = "category";

    for (i = 0; i < earlier->n_categories; i++) {
        cmp.id = earlier->categories[i].id;
        k = consent_policy_category(current, cmp.id);

        if (k < 0) {
            consent_compare_note(&cmp, CONSENT_CHANGE_NARROWS, "it is gone");

        } else {
            consent_compare_category(&cmp, earlier, &earlier->categories[i], current, &current->categories[k]);
        }
    }

    for (i = 0; i < current->n_categories; i++) {
        cmp.id = current->categories[i].id;

        if (consent_policy_category(earlier, cmp.id) < 0) {
            consent_compare_note(&cmp, CONSENT_CHANGE_OTHER, "it is new, and nobody has granted it yet");
        }
    }

    cmp.kind = "level";

    for (i = 0; i < earlier->n_levels; i++) {
        cmp.id = earlier->levels[i].id;
        k = consent_policy_level(current, cmp.id);

        if (k < 0) {
            consent_compare_note(&cmp, CONSENT_CHANGE_OTHER, "it is gone; who chose it keeps what was granted");

        } else {
            compare_level(&cmp, earlier, &earlier->levels[i], current, &current->levels[k]);
        }
    }

    for (i = 0; i < current->n_levels; i++) {
        cmp.id = current->levels[i].id;

        if (consent_policy_level(earlier, cmp.id) < 0) {
            consent_compare_note(&cmp, CONSENT_CHANGE_OTHER, "it is new");
        }
    }
}


static void
compare_level(consent_compare_t *cmp, const consent_policy_t *earlier, const consent_level_t *e,
    const consent_policy_t *current, const consent_level_t *c)
{
    int              k;
    size_t           i;
    consent_slice_t  id;

    for (i = 0; i < current->n_categories; i++) {
        id = current->categories[i].id;
        k = consent_policy_category(earlier, id);

        if ((c->shares >> i & 1) && (k < 0 || !(e->shares >> k & 1))) {
            consent_compare_note(cmp, CONSENT_CHANGE_OTHER,
                                 "it shares \"%.*s\" too; who chose it before has not granted that", CONSENT_ARG(id));
        }
    }

    for (i = 0; i < earlier->n_categories; i++) {
        id = earlier->categories[i].id;
        k = consent_policy_category(current, id);

        if ((e->shares >> i & 1) && (k < 0 || !(c->shares >> k & 1))) {
            consent_compare_note(cmp, CONSENT_CHANGE_OTHER, "it no longer shares \"%.*s\"", CONSENT_ARG(id));
        }
    }
}


static void
compare_document(consent_buf_t *b, const consent_policy_t *earlier, const consent_policy_t *current)
{
    int                order;
    consent_compare_t  cmp;

    memset(&cmp, 0, sizeof(cmp));
    cmp.b = b;
    cmp.kind = "policy";
    cmp.id = current->id;

    if (!consent_slice_eq(earlier->id, current->id)) {
        consent_compare_note(&cmp, CONSENT_CHANGE_WIDENS, "it is another policy than \"%.*s\": every grant lapses",
                             CONSENT_ARG(earlier->id));
    }

    if (consent_slice_eq(earlier->version, current->version)
        && memcmp(earlier->hash, current->hash, CONSENT_HASH_LEN) != 0)
    {
        consent_compare_note(&cmp, CONSENT_CHANGE_OTHER,
                             "it differs, but its version is %.*s as before: give it a new one",
                             CONSENT_ARG(current->version));
    }

    order = consent_duration_compare(current->valid_for, earlier->valid_for);

    if (order != 0) {
        consent_compare_note(&cmp, CONSENT_CHANGE_OTHER,
                             "a standing choice lasts %s; earlier ones end when they were to end",
                             order > 0 ? "longer" : "shorter");
    }
}
