/*
 * What the files that load a policy share: reading values that may be missing or of the wrong type, which the
 * check of the form reports, and the parts of loading and of checking what a policy means.
 */

#ifndef CONSENT_LOADER_H
#define CONSENT_LOADER_H

#include "policy/form.h"

typedef struct {
    consent_policy_t      *policy;
    consent_faults_t      *faults;
    const consent_json_t  *root;
    size_t                 errors;      /* found before this document */
    bool                   failed;      /* out of memory */
} consent_loader_t;

/* The bit of names that are necessary rather than of a category; no category has it. */
#define CONSENT_NECESSARY  ((consent_mask_t) 1 << CONSENT_MAX_CATEGORIES)

/* The member's string, or the empty slice. */
consent_slice_t consent_load_string(const consent_json_t *obj, const char *name);

/* The member's truth, `otherwise` when there is none. */
bool consent_load_boolean(const consent_json_t *obj, const char *name, bool otherwise);

/* The strings of the member's array, of the first `most` elements. */
void consent_load_list(consent_loader_t *l, consent_list_t *list, const consent_json_t *obj, const char *name,
    size_t most);

/* The member's texts by language. */
void consent_load_text(consent_loader_t *l, consent_text_t *text, const consent_json_t *obj, const char *name);

/* Zeroed memory for the elements of an array (at most `most`; *n says how many), one for each, whatever
 * its type. */
void *consent_load_elements(consent_loader_t *l, size_t *n, const consent_json_t *array, size_t most, size_t size);

/* The word's place in a list that ends with NULL, or -1. */
int consent_load_word(consent_slice_t word, const char *const *words);

void consent_load_categories(consent_loader_t *l);
void consent_load_levels(consent_loader_t *l);
void consent_load_contact(consent_loader_t *l);

/* Compiles the carriers; all names are well-formed. */
void consent_load_names(consent_loader_t *l);
void consent_load_json(consent_loader_t *l);

/* Whether the document means what a policy may mean. Values that are not well-formed are passed over. */
void consent_check_policy(consent_loader_t *l);
void consent_check_carriers(consent_loader_t *l);
void consent_check_contact(consent_loader_t *l);
void consent_check_words(consent_loader_t *l);

/* No two of the first `most` objects of an array have the same id; `what` they are. */
void consent_check_ids(consent_loader_t *l, const consent_json_t *array, size_t most, const char *what);

#endif
