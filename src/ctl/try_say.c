/*
 * consentctl policy try: what is said of a request at a level, in lines and in JSON.
 */

#include "ctl/try.h"
#include "base/json.h"

#define SHOWN_BODY   4096               /* bytes of a body that are printed */

static void print_bytes(consent_buf_t *b, consent_slice_t bytes);
static void json_categories(consent_buf_t *b, const consent_policy_t *policy, consent_mask_t mask);
static void json_names(consent_buf_t *b, const try_t *t);
static const char *doubt_name(consent_doubt_t doubt);


void
consent_ctl_try_print(consent_buf_t *b, const try_t *t, const consent_level_t *level)
{
    bool                any;
    size_t              c, i;
    consent_slice_t     title;

    title = level->title.in[0];

    consent_buf_str(b, "\n-- ");
    consent_ctl_plain(b, level->id);
    consent_buf_str(b, ": ");
    consent_ctl_plain(b, title);
    consent_buf_char(b, '\n');

    any = false;

    for (c = 0; c <= CONSENT_CARRIER_BODY; c++) {
        for (i = 0; i < t->policy->n_categories; i++) {
            if (t->by[c] >> i & 1) {
                consent_buf_printf(b, "   withheld   %-12s ", c == CONSENT_CARRIER_BODY ? "in the body"
                                   : consent_carrier_name((consent_carrier_t) c));
                consent_ctl_plain(b, t->policy->categories[i].id);
                consent_buf_char(b, '\n');
                any = true;
            }
        }
    }

    if (t->path != 0) {
        consent_buf_str(b, "   REFUSED    its path tells what is not shared: 403\n\n");
        return;
    }

    if (t->rc != CONSENT_OK) {
        consent_buf_printf(b, "   REFUSED    its body cannot be passed: %s\n\n", doubt_name(t->inspect.doubt));
        return;
    }

    if (!any && !t->missing) {
        consent_buf_str(b, "   nothing is withheld\n");
    }

    for (i = 0; i < t->n_names; i++) {
        consent_buf_printf(b, "   unknown    %-12s ", consent_carrier_name(t->names[i].carrier));
        consent_ctl_plain(b, consent_slice(t->names[i].text, t->names[i].len));
        consent_buf_char(b, '\n');
    }

    if (i == TRY_NAMES) {
        consent_buf_printf(b, "   unknown    perhaps more: %zu in all\n", t->inspect.found.unknown);
    }

    if (t->missing) {
        consent_buf_str(b, "   MISSING    the body was not recorded: nothing is known of it\n");
    }

    if (t->opaque) {
        consent_buf_str(b, "   unseen     the body passes without being looked into\n");
    }

    consent_buf_char(b, '\n');
    print_bytes(b, consent_buf_view(&t->head));

    if (t->body.len != 0) {
        consent_buf_char(b, '\n');
        print_bytes(b, consent_slice(t->body.data, t->body.len < SHOWN_BODY ? t->body.len : SHOWN_BODY));

        if (t->body.len > SHOWN_BODY) {
            consent_buf_printf(b, "   … %zu bytes more\n", t->body.len - SHOWN_BODY);
        }
    }
}


/* Each line behind a margin. */
static void
print_bytes(consent_buf_t *b, consent_slice_t bytes)
{
    size_t           n;
    const uint8_t   *end;

    while (bytes.len > 0) {
        end = memchr(bytes.data, '\n', bytes.len);
        n = end == NULL ? bytes.len : (size_t) (end - bytes.data);

        consent_buf_str(b, "   | ");
        consent_ctl_plain(b, consent_slice(bytes.data, n > 0 && bytes.data[n - 1] == '\r' ? n - 1 : n));
        consent_buf_char(b, '\n');

        n += end != NULL;
        bytes = consent_slice(bytes.data + n, bytes.len - n);
    }
}


void
consent_ctl_try_json(consent_buf_t *b, const try_t *t, const consent_level_t *level)
{
    size_t          c;
    consent_mask_t  withheld;

    for (c = 0, withheld = 0; c <= CONSENT_CARRIER_BODY; c++) {
        withheld |= t->by[c];
    }

    consent_buf_char(b, '{');
    consent_ctl_json_text(b, "level", level->id);
    consent_ctl_json_name(b, "withheld");
    json_categories(b, t->policy, withheld);
    consent_ctl_json_flag(b, "refused", t->path != 0 || t->rc != CONSENT_OK);

    if (t->path != 0 || t->rc != CONSENT_OK) {
        consent_ctl_json_text(b, "reason", consent_cstr(t->path != 0 ? "path" : doubt_name(t->inspect.doubt)));

    } else {
        consent_ctl_json_number(b, "unknown", t->inspect.found.unknown);
        consent_ctl_json_name(b, "unknown_names");
        json_names(b, t);
        consent_ctl_json_flag(b, "missing", t->missing);
        consent_ctl_json_flag(b, "opaque", t->opaque);
        consent_ctl_json_text(b, "head", consent_buf_view(&t->head));
        consent_ctl_json_text(b, "body", consent_buf_view(&t->body));
    }

    consent_buf_char(b, '}');
}


static void
json_categories(consent_buf_t *b, const consent_policy_t *policy, consent_mask_t mask)
{
    bool    first;
    size_t  i;

    consent_buf_char(b, '[');

    for (i = 0, first = true; i < policy->n_categories; i++) {
        if (mask >> i & 1) {
            consent_buf_str(b, first ? "" : ",");
            consent_json_write_string(b, policy->categories[i].id, false);
            first = false;
        }
    }

    consent_buf_char(b, ']');
}


static void
json_names(consent_buf_t *b, const try_t *t)
{
    size_t  i;

    consent_buf_char(b, '[');

    for (i = 0; i < t->n_names; i++) {
        consent_buf_str(b, i == 0 ? "" : ",");
        consent_json_write_string(b, consent_slice(t->names[i].text, t->names[i].len), false);
    }

    consent_buf_char(b, ']');
}


static const char *
doubt_name(consent_doubt_t doubt)
{
    switch (doubt) {
    case CONSENT_DOUBT_SYNTAX:
        return "it is not what its type says (400)";
    case CONSENT_DOUBT_DEPTH:
        return "it is nested too deep (400)";
    case CONSENT_DOUBT_NAME:
        return "a name in it is too long or ambiguous (400)";
    case CONSENT_DOUBT_DUPLICATE:
        return "a protected name stands in it twice (400)";
    case CONSENT_DOUBT_CHARSET:
        return "its charset is not read here (415)";
    case CONSENT_DOUBT_ENCODING:
        return "its content encoding is not decoded here (415)";
    case CONSENT_DOUBT_TYPE:
        return "its media type is not looked into, and not allowed (415)";
    case CONSENT_DOUBT_SIZE:
        return "it is too large (413)";
    case CONSENT_DOUBT_UNKNOWN:
        return "it has a name that the policy does not know (400)";
    case CONSENT_DOUBT_NONE:
        break;
    }

    return "it could not be looked into";
}
