/*
 * Which catalogue speaks for a language.
 */

#include "pages/catalogue.h"

static const consent_catalogue_t  english = { "en", consent_catalogue_en };

static const consent_catalogue_t  catalogues[] = {
    { "sv", consent_catalogue_sv },
    { "fi", consent_catalogue_fi }
};


const consent_catalogue_t *
consent_catalogue_for(consent_slice_t tag)
{
    size_t           i;
    consent_slice_t  primary;

    primary = tag;

    for (i = 0; i < tag.len; i++) {
        if (tag.data[i] == '-') {
            primary.len = i;
            break;
        }
    }

    for (i = 0; i < consent_countof(catalogues); i++) {
        if (consent_slice_ieq(primary, consent_cstr(catalogues[i].language))) {
            return &catalogues[i];
        }
    }

    return &english;
}


consent_slice_t
consent_catalogue_get(const consent_catalogue_t *c, consent_message_t m, bool *is_english)
{
    const char  *text;

    text = c->texts[m];

    if (is_english != NULL) {
        *is_english = c == &english || text == NULL;
    }

    return consent_cstr(text != NULL ? text : consent_catalogue_en[m]);
}
