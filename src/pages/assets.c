/*
 * Embedded files: the stylesheet, the icon, and the description of the API, which is filled in for each
 * portal.
 */

#include "pages/assets.h"
#include "pages/object.h"

static const consent_asset_t *assets_find(consent_slice_t name);
static void assets_fill(consent_buf_t *b, consent_slice_t name, const consent_page_t *page);
static void assets_string_part(consent_buf_t *b, consent_slice_t text);


const consent_asset_t *
consent_asset(consent_slice_t name)
{
    const consent_asset_t  *asset;

    asset = assets_find(name);

    return asset == NULL || strcmp(asset->type, "application/json") == 0 ? NULL : asset;
}


/* OpenAPI 3.1. @name@ in the description stands for what differs from portal to portal, always within a
 * string; other names may begin with the same sign. */
void
consent_json_openapi(consent_buf_t *b, const consent_page_t *page)
{
    size_t           i, end, from;
    consent_slice_t  text;

    text = assets_find(consent_lit("openapi.json"))->data;
    from = 0;

    for (i = 0; i < text.len; i++) {
        if (text.data[i] != '@') {
            continue;
        }

        for (end = i + 1; end < text.len && text.data[end] >= 'a' && text.data[end] <= 'z'; end++) { /* void */ }

        if (end == text.len || text.data[end] != '@') {
            continue;
        }

        consent_buf_add(b, &text.data[from], i - from);
        assets_fill(b, consent_slice(&text.data[i + 1], end - i - 1), page);

        i = end;
        from = end + 1;
    }

    consent_buf_add(b, &text.data[from], text.len - from);
}


static const consent_asset_t *
assets_find(consent_slice_t name)
{
    size_t  i;

    for (i = 0; i < consent_n_assets; i++) {
        if (consent_slice_eq(name, consent_cstr(consent_assets[i].name))) {
            return &consent_assets[i];
        }
    }

    return NULL;
}


/* The quotes around a name in the template are also those of the first and the last of several values. */
static void
assets_fill(consent_buf_t *b, consent_slice_t name, const consent_page_t *page)
{
    bool                     first;
    size_t                   i;
    const consent_policy_t  *policy;

    policy = page->policy;
    first = true;

    if (consent_slice_eq(name, consent_lit("base"))) {
        assets_string_part(b, page->base);

    } else if (consent_slice_eq(name, consent_lit("policy"))) {
        assets_string_part(b, policy->id);

    } else if (consent_slice_eq(name, consent_lit("version"))) {
        assets_string_part(b, policy->version);

    } else if (consent_slice_eq(name, consent_lit("levels"))) {
        for (i = 0; i < policy->n_levels; i++) {
            consent_buf_str(b, first ? "" : "\", \"");
            assets_string_part(b, policy->levels[i].id);
            first = false;
        }

    } else if (consent_slice_eq(name, consent_lit("categories"))) {
        for (i = 0; i < policy->n_categories; i++) {
            if (policy->consent_mask >> i & 1) {
                consent_buf_str(b, first ? "" : "\", \"");
                assets_string_part(b, policy->categories[i].id);
                first = false;
            }
        }
    }
}


/* The text as it stands between the quotes of a JSON string. */
static void
assets_string_part(consent_buf_t *b, consent_slice_t text)
{
    consent_buf_t  string;

    consent_buf_init(&string, CONSENT_PAGE_MAX);
    consent_json_write_string(&string, text, true);

    if (string.rc != CONSENT_OK) {
        b->rc = string.rc;

    } else {
        consent_buf_add(b, string.data + 1, string.len - 2);
    }

    consent_buf_free(&string);
}
