/*
 * Looking into a policy: categories and levels by id, and what its path patterns say of a path.
 */

#include "policy/policy.h"

static consent_mask_t policy_paths(const consent_policy_t *policy, consent_mask_t among, size_t offset,
    consent_slice_t path, bool generous);
static bool path_matches(consent_slice_t pattern, consent_slice_t path, bool generous);
static consent_slice_t path_segment(consent_slice_t *rest);
static void path_trim(consent_slice_t *path);


int
consent_policy_category(const consent_policy_t *policy, consent_slice_t id)
{
    size_t  i;

    for (i = 0; i < policy->n_categories; i++) {
        if (consent_slice_eq(policy->categories[i].id, id)) {
            return (int) i;
        }
    }

    return -1;
}


int
consent_policy_level(const consent_policy_t *policy, consent_slice_t id)
{
    size_t  i;

    for (i = 0; i < policy->n_levels; i++) {
        if (consent_slice_eq(policy->levels[i].id, id)) {
            return (int) i;
        }
    }

    return -1;
}


consent_mask_t
consent_policy_core_mask(const consent_policy_t *policy, consent_slice_t path)
{
    if (policy->core_mask == 0) {
        return 0;
    }

    /* a match lets data pass: to the letter */
    return policy_paths(policy, policy->core_mask, offsetof(consent_category_t, core_for), path, false);
}


consent_mask_t
consent_policy_path_mask(const consent_policy_t *policy, consent_slice_t path)
{
    if (policy->path_mask == 0) {
        return 0;
    }

    /* a match withholds: as any server might read the path */
    return policy_paths(policy, policy->path_mask, offsetof(consent_category_t, paths), path, true);
}


static consent_mask_t
policy_paths(const consent_policy_t *policy, consent_mask_t among, size_t offset, consent_slice_t path, bool generous)
{
    size_t                 i, k;
    consent_mask_t         mask, left;
    const consent_list_t  *list;

    mask = 0;

    for (left = among; left != 0; left &= left - 1) {
        i = (size_t) __builtin_ctzll(left);
        list = (const consent_list_t *) (const void *) ((const char *) &policy->categories[i] + offset);

        for (k = 0; k < list->n; k++) {
            if (path_matches(list->items[k], path, generous)) {
                mask |= (consent_mask_t) 1 << i;
                break;
            }
        }
    }

    return mask;
}


/* '*' is one segment, '**' any rest, none at all included. `generous`: whatever the case, the number of
 * slashes between segments and at the end, and parameters behind ';'. */
static bool
path_matches(consent_slice_t pattern, consent_slice_t path, bool generous)
{
    const uint8_t   *semicolon;
    consent_slice_t  want, have;

    if (path.len == 0 || path.data[0] != '/') {
        return false;
    }

    /* most paths differ in their first letter */
    if (path.len > 1 && path.data[1] != '/' && pattern.len > 1 && pattern.data[1] != '*'
        && consent_lower(path.data[1]) != consent_lower(pattern.data[1]))
    {
        return false;
    }

    for ( ;; ) {
        if (generous) {
            path_trim(&path);
            path_trim(&pattern);
        }

        if (pattern.len == 0) {
            return path.len == 0;
        }

        if (consent_slice_eq(pattern, consent_lit("/**"))) {
            return true;
        }

        if (path.len == 0) {
            return false;
        }

        want = path_segment(&pattern);
        have = path_segment(&path);

        if (generous && have.len > 0) {
            semicolon = memchr(have.data, ';', have.len);
            have.len = semicolon == NULL ? have.len : (size_t) (semicolon - have.data);
        }

        if (want.len == 1 && want.data[0] == '*' ? have.len == 0
            : generous ? !consent_slice_ieq(want, have) : !consent_slice_eq(want, have))
        {
            return false;
        }
    }
}


/* The segment behind the slash that *rest begins with; *rest goes on with the next slash, or is empty. */
static consent_slice_t
path_segment(consent_slice_t *rest)
{
    size_t           len;
    const uint8_t   *slash;
    consent_slice_t  segment;

    rest->data++;
    rest->len--;

    slash = rest->len == 0 ? NULL : memchr(rest->data, '/', rest->len);
    len = slash == NULL ? rest->len : (size_t) (slash - rest->data);

    segment = consent_slice(rest->data, len);
    *rest = consent_slice(rest->data + len, rest->len - len);

    return segment;
}


/* Several slashes at the front count as one, and a slash with nothing behind it as none. */
static void
path_trim(consent_slice_t *path)
{
    while (path->len > 1 && path->data[1] == '/') {
        path->data++;
        path->len--;
    }

    path->len -= path->len == 1;
}
