/*
 * Names that people know, from the policies in a store.
 */

#include "ctl/titles.h"

#include <stdlib.h>

#define TITLES_MAX  64          /* policy versions at once */

struct consent_ctl_titles_s {
    consent_ledger_t  *ledger;
    size_t             n;
    uint64_t           keys[TITLES_MAX];
    consent_policy_t  *policies[TITLES_MAX];
};

static consent_policy_t *load(consent_ledger_t *ledger, uint64_t key);
static void named(consent_buf_t *b, consent_slice_t title, consent_slice_t id);


consent_ctl_titles_t *
consent_ctl_titles_create(consent_ledger_t *ledger)
{
    consent_ctl_titles_t  *titles;

    titles = calloc(1, sizeof(consent_ctl_titles_t));

    if (titles != NULL) {
        titles->ledger = ledger;
    }

    return titles;
}


void
consent_ctl_titles_destroy(consent_ctl_titles_t *titles)
{
    size_t  i;

    for (i = 0; titles != NULL && i < titles->n; i++) {
        consent_policy_destroy(titles->policies[i]);
    }

    free(titles);
}


const consent_policy_t *
consent_ctl_titles_policy(consent_ctl_titles_t *titles, uint64_t key)
{
    size_t  i;

    for (i = 0; i < titles->n; i++) {
        if (titles->keys[i] == key) {
            return titles->policies[i];
        }
    }

    if (titles->ledger == NULL || titles->n == TITLES_MAX) {
        return NULL;
    }

    titles->keys[titles->n] = key;
    titles->policies[titles->n] = load(titles->ledger, key);

    return titles->policies[titles->n++];
}


consent_slice_t
consent_ctl_title(const consent_policy_t *policy, const consent_text_t *text)
{
    size_t  i;

    for (i = 0; i < policy->n_languages; i++) {
        if (consent_slice_ieq(policy->languages[i], consent_lit("en"))) {
            return text->in[i];
        }
    }

    return text->in[0];
}


void
consent_ctl_category(consent_buf_t *b, const consent_policy_t *policy, size_t category)
{
    const consent_category_t  *c;

    if (policy == NULL || category >= policy->n_categories) {
        consent_buf_printf(b, "category %zu", category);
        return;
    }

    c = &policy->categories[category];
    named(b, consent_ctl_title(policy, &c->title), c->id);
}


void
consent_ctl_level(consent_buf_t *b, const consent_policy_t *policy, size_t level)
{
    const consent_level_t  *l;

    if (policy == NULL || level >= policy->n_levels) {
        consent_buf_printf(b, "level %zu", level);
        return;
    }

    l = &policy->levels[level];
    named(b, consent_ctl_title(policy, &l->title), l->id);
}


static consent_policy_t *
load(consent_ledger_t *ledger, uint64_t key)
{
    consent_buf_t      text;
    consent_faults_t   faults = { NULL, NULL, NULL, 0, 0 };
    consent_policy_t  *policy;

    consent_buf_init(&text, CONSENT_POLICY_MAX_FILE);
    faults.arena = consent_arena_create(1024 * 1024);
    policy = NULL;

    if (faults.arena != NULL && consent_ledger_policy(ledger, key, &text) == CONSENT_OK
        && consent_policy_load(&policy, consent_buf_view(&text), &faults) != CONSENT_OK)
    {
        policy = NULL;
    }

    consent_arena_destroy(faults.arena);
    consent_buf_free(&text);

    return policy;
}


static void
named(consent_buf_t *b, consent_slice_t title, consent_slice_t id)
{
    consent_ctl_plain(b, title);
    consent_buf_str(b, " (");
    consent_ctl_plain(b, id);
    consent_buf_char(b, ')');
}
