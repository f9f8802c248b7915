/*
 * Values of a document as the loader reads them: what is missing or of the wrong type is empty.
 */

#include "policy/loader.h"


consent_slice_t
consent_load_string(const consent_json_t *obj, const char *name)
{
    const consent_json_t  *v;

    v = consent_json_get(obj, name);

    return v != NULL && v->type == CONSENT_JSON_STRING ? v->text : consent_slice(NULL, 0);
}


bool
consent_load_boolean(const consent_json_t *obj, const char *name, bool otherwise)
{
    const consent_json_t  *v;

    v = consent_json_get(obj, name);

    return v == NULL ? otherwise : v->type == CONSENT_JSON_TRUE;
}


void
consent_load_list(consent_loader_t *l, consent_list_t *list, const consent_json_t *obj, const char *name, size_t most)
{
    size_t                 i, n;
    const consent_json_t  *array, *item;

    array = consent_json_get(obj, name);
    list->items = consent_load_elements(l, &n, array, most, sizeof(consent_slice_t));
    list->n = 0;

    if (n == 0) {
        return;
    }

    for (i = 0, item = array->first; i < n; i++, item = item->next) {
        if (item->type == CONSENT_JSON_STRING) {
            list->items[list->n++] = item->text;
        }
    }
}


void
consent_load_text(consent_loader_t *l, consent_text_t *text, const consent_json_t *obj, const char *name)
{
    size_t                 i;
    const consent_json_t  *v, *in;

    v = consent_json_get(obj, name);

    if (v == NULL || v->type != CONSENT_JSON_OBJECT) {
        return;
    }

    for (in = v->first; in != NULL; in = in->next) {
        for (i = 0; i < l->policy->n_languages; i++) {
            if (in->type == CONSENT_JSON_STRING && consent_slice_eq(in->name, l->policy->languages[i])) {
                text->in[i] = in->text;
            }
        }
    }
}


void *
consent_load_elements(consent_loader_t *l, size_t *n, const consent_json_t *array, size_t most, size_t size)
{
    void  *elements;

    *n = 0;

    if (array == NULL || array->type != CONSENT_JSON_ARRAY) {
        return NULL;
    }

    elements = consent_arena_array(l->policy->arena, array->count < most ? array->count : most, size);

    if (elements == NULL) {
        l->failed = true;
        return NULL;
    }

    *n = array->count < most ? array->count : most;

    return elements;
}


int
consent_load_word(consent_slice_t word, const char *const *words)
{
    int  i;

    for (i = 0; words[i] != NULL; i++) {
        if (consent_slice_eq(word, consent_cstr(words[i]))) {
            return i;
        }
    }

    return -1;
}
