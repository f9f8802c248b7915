/*
 * The paths of unknown names, as an operator would write them into the policy: $.list[*].name. They are kept, so a name
 * that looks like data itself, or that is very long, is only a '*'.
 */

#include "minimize/json_inside.h"

#define PATH_NAME    64         /* bytes of a name */
#define PATH_DIGITS  6          /* digits that a name may have */
#define PATH_STEP    (PATH_NAME * 2 + 4)

static size_t path_name(uint8_t *out, consent_slice_t name);
static size_t path_plain(uint8_t *out, consent_slice_t name);


void
consent_json_path_set(json_reader_t *r, const consent_slice_t *name)
{
    size_t       n, len;
    json_all_t  *all;
    uint8_t      step[PATH_STEP];

    all = r->all;
    len = r->depth == 0 ? 1 : all->frames[r->depth].path;

    n = name == NULL ? 0 : path_name(step, *name);

    if (n == 0) {
        memcpy(step, "[*]", 3);
        n = 3;
    }

    /* what is deeper than there is room for stands for all that is there */

    if (len + n <= JSON_PATH) {
        memcpy(all->path + len, step, n);
        len += n;
    }

    all->path_len = len;
}


/* The step for a member; 0: [*]. */
static size_t
path_name(uint8_t *out, consent_slice_t name)
{
    size_t   i, n, digits;
    uint8_t  c;

    n = path_plain(out, name);
    digits = 0;

    for (i = 0; i < name.len && name.len <= PATH_NAME; i++) {
        digits += name.data[i] >= '0' && name.data[i] <= '9';
    }

    if (name.len == 0 || name.len > PATH_NAME || digits >= PATH_DIGITS || memchr(name.data, '@', name.len) != NULL) {
        return 0;
    }

    if (n > 0) {
        return n;
    }

    out[n++] = '[';
    out[n++] = '\'';

    for (i = 0; i < name.len; i++) {
        c = name.data[i];

        if (c < 0x20 || c == 0x7f) {
            return 0;
        }

        if (c == '\'' || c == '\\') {
            out[n++] = '\\';
        }

        out[n++] = c;
    }

    out[n++] = '\'';
    out[n++] = ']';

    return n;
}


/* .name, where that may be written so (RFC 9535, 2.5.1.1); else 0. */
static size_t
path_plain(uint8_t *out, consent_slice_t name)
{
    size_t   i;
    uint8_t  c, lower;

    if (name.len > PATH_NAME) {
        return 0;
    }

    out[0] = '.';

    for (i = 0; i < name.len; i++) {
        c = name.data[i];
        lower = consent_lower(c);

        if (!((lower >= 'a' && lower <= 'z') || c == '_' || c >= 0x80 || (i > 0 && c >= '0' && c <= '9'))) {
            return 0;
        }

        out[i + 1] = c;
    }

    return name.len + 1;
}
