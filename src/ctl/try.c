/*
 * consentctl policy try: what each level of a policy would let through of a recorded request.
 *
 * The request goes through the same passes as in nginx. What an operator records is her own test data, so that what
 * would arrive is shown as it is.
 */

#include "ctl/ctl.h"
#include "ctl/recorded.h"
#include "base/json.h"
#include "minimize/body.h"

#include <stdio.h>
#include <stdlib.h>

#define OUTPUT_MAX   (64 * 1024 * 1024)
#define SHOWN_BODY   4096               /* bytes of a body that are printed */
#define BODY_LIMIT   (10 * 1024 * 1024)
#define HEADER_NAME  256

/* What one level does to one request. */
typedef struct {
    const consent_policy_t    *policy;
    consent_inspect_t          inspect;
    consent_mask_t             by[CONSENT_CARRIER_BODY + 1];    /* categories taken out, by carrier */
    consent_mask_t             path;                            /* categories that refuse it by its path */
    consent_buf_t              head;
    consent_buf_t              body;
    consent_rc_t               rc;                              /* of the body */
    bool                       opaque;                          /* it passes without being looked into */
} try_t;

static bool load(consent_policy_t **policy, consent_detectors_t **detectors, const char *path);
static bool read_requests(consent_recorded_t **first, consent_arena_t **arena, consent_buf_t *text, const char *path);
static void pass(try_t *t, const consent_recorded_t *r, const consent_detectors_t *detectors, consent_mask_t granted);
static void pass_target(try_t *t, const consent_recorded_t *r);
static void pass_headers(try_t *t, const consent_recorded_t *r);
static void pass_value(try_t *t, const consent_recorded_header_t *h, consent_header_kind_t kind);
static void pass_body(try_t *t, const consent_recorded_t *r);
static void note(try_t *t, consent_carrier_t carrier);
static consent_rc_t emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind);
static void print(consent_buf_t *b, const try_t *t, const consent_level_t *level);
static void print_bytes(consent_buf_t *b, consent_slice_t bytes);
static void json(consent_buf_t *b, const try_t *t, const consent_level_t *level);
static void json_categories(consent_buf_t *b, const consent_policy_t *policy, consent_mask_t mask);
static const char *doubt_name(consent_doubt_t doubt);


int
consent_ctl_policy_try(int argc, char **argv)
{
    bool                        plain;
    try_t                       t;
    size_t                      i, n;
    const char                 *paths[2];
    consent_buf_t               out, text;
    consent_arena_t            *arena;
    consent_policy_t           *policy;
    consent_recorded_t         *r, *first;
    consent_detectors_t        *detectors;
    consent_ctl_option_t        options[] = { { "--json", false, NULL } };

    if (!consent_ctl_arguments(argc, argv, options, consent_countof(options), paths, 2)
        || !load(&policy, &detectors, paths[0]))
    {
        return CONSENT_CTL_USAGE;
    }

    consent_buf_init(&text, CONSENT_RECORDED_MAX);

    if (!read_requests(&first, &arena, &text, paths[1])) {
        consent_detectors_destroy(detectors);
        consent_policy_destroy(policy);
        return CONSENT_CTL_USAGE;
    }

    plain = options[0].value == NULL;
    consent_buf_init(&out, OUTPUT_MAX);

    if (!plain) {
        consent_buf_char(&out, '[');
    }

    for (r = first, n = 0; r != NULL; r = r->next, n++) {

        if (plain) {
            consent_buf_printf(&out, "%s== ", n == 0 ? "" : "\n");
            consent_ctl_plain(&out, r->method);
            consent_buf_char(&out, ' ');
            consent_ctl_plain(&out, r->target);
            consent_buf_char(&out, '\n');

        } else {
            consent_buf_str(&out, n == 0 ? "{" : ",{");
            consent_ctl_json_text(&out, "method", r->method);
            consent_ctl_json_text(&out, "target", r->target);
            consent_ctl_json_name(&out, "levels");
            consent_buf_char(&out, '[');
        }

        for (i = 0; i < policy->n_levels; i++) {
            t.policy = policy;
            pass(&t, r, detectors, policy->levels[i].shares);

            if (!plain && i != 0) {
                consent_buf_char(&out, ',');
            }

            (plain ? print : json)(&out, &t, &policy->levels[i]);

            consent_masks_destroy(t.inspect.masks);
            consent_buf_free(&t.head);
            consent_buf_free(&t.body);
        }

        if (!plain) {
            consent_buf_str(&out, "]}");
        }
    }

    if (!plain) {
        consent_buf_str(&out, "]\n");
    }

    consent_arena_destroy(arena);
    consent_buf_free(&text);
    consent_detectors_destroy(detectors);
    consent_policy_destroy(policy);

    return consent_ctl_flush(&out) ? CONSENT_CTL_HOLDS : CONSENT_CTL_USAGE;
}


static bool
load(consent_policy_t **policy, consent_detectors_t **detectors, const char *path)
{
    consent_rc_t       rc;
    consent_buf_t      text, said;
    consent_fault_t   *fault;
    consent_faults_t   faults = { NULL, NULL, NULL, 0, 0 };

    *policy = NULL;
    *detectors = NULL;
    consent_buf_init(&text, CONSENT_POLICY_MAX_FILE);

    if (!consent_ctl_read_file(&text, path, CONSENT_POLICY_MAX_FILE)) {
        return false;
    }

    faults.arena = consent_arena_create(1024 * 1024);
    rc = faults.arena == NULL ? CONSENT_NOMEM : consent_policy_load(policy, consent_buf_view(&text), &faults);

    if (rc == CONSENT_OK) {
        rc = consent_detectors_compile(detectors, *policy, &faults);
    }

    consent_buf_free(&text);
    consent_buf_init(&said, OUTPUT_MAX);

    for (fault = faults.first; fault != NULL && rc != CONSENT_OK; fault = fault->next) {
        if (!fault->warning) {
            consent_buf_printf(&said, "%s:", path);
            consent_fault_print(&said, fault);
            consent_buf_char(&said, '\n');
        }
    }

    if (rc != CONSENT_OK) {
        (void) fwrite(said.data, 1, said.len, stderr);
        (void) consent_ctl_complain("the policy cannot be used: %s", consent_rc_name(rc));
        consent_policy_destroy(*policy);
    }

    consent_buf_free(&said);
    consent_arena_destroy(faults.arena);

    return rc == CONSENT_OK;
}


static bool
read_requests(consent_recorded_t **first, consent_arena_t **arena, consent_buf_t *text, const char *path)
{
    size_t        line;
    const char   *why;
    consent_rc_t  rc;

    if (!consent_ctl_read_file(text, path, CONSENT_RECORDED_MAX)) {
        return false;
    }

    why = "out of memory";
    line = 0;
    *arena = consent_arena_create((size_t) 8 * CONSENT_RECORDED_MAX);
    rc = *arena == NULL ? CONSENT_NOMEM : consent_recorded_read(first, *arena, consent_buf_view(text), &why, &line);

    if (rc == CONSENT_OK) {
        return true;
    }

    if (line != 0) {
        (void) consent_ctl_complain("%s:%zu: %s", path, line, why);

    } else {
        (void) consent_ctl_complain("%s: %s", path, rc == CONSENT_NOMEM ? "out of memory" : why);
    }

    consent_arena_destroy(*arena);
    consent_buf_free(text);

    return false;
}


static void
pass(try_t *t, const consent_recorded_t *r, const consent_detectors_t *detectors, consent_mask_t granted)
{
    size_t           n;
    consent_slice_t  path;

    for (n = 0; n < r->target.len && r->target.data[n] != '?'; n++) { /* void */ }

    path = consent_slice(r->target.data, n);

    memset(t->by, 0, sizeof(t->by));
    memset(&t->inspect, 0, sizeof(consent_inspect_t));
    consent_buf_init(&t->head, OUTPUT_MAX);
    consent_buf_init(&t->body, OUTPUT_MAX);

    granted |= consent_policy_core_mask(t->policy, path);
    t->inspect.how.policy = t->policy;
    t->inspect.how.granted = granted;
    t->inspect.how.own = consent_lit("consent");
    t->inspect.how.count_unknown = true;
    t->path = consent_minimize_path(path, t->policy) & ~granted;

    if (consent_detectors_mask(detectors) & t->policy->consent_mask & ~granted) {
        t->inspect.detectors = detectors;
        t->inspect.masks = consent_masks_create();
    }

    consent_buf_slice(&t->head, r->method);
    consent_buf_char(&t->head, ' ');
    pass_target(t, r);
    consent_buf_str(&t->head, " HTTP/1.1\r\n");
    pass_headers(t, r);
    pass_body(t, r);
}


static void
pass_target(try_t *t, const consent_recorded_t *r)
{
    size_t           len;
    uint8_t         *p;
    const uint8_t   *mark;
    consent_slice_t  args;

    p = malloc(r->target.len + 1);

    if (p == NULL) {
        t->head.rc = CONSENT_NOMEM;
        return;
    }

    consent_minimize_url(p, &len, r->target, &t->inspect.how, &t->inspect.found);
    note(t, CONSENT_CARRIER_ARG);

    mark = memchr(p, '?', len);

    if (mark == NULL || t->inspect.masks == NULL) {
        consent_buf_add(&t->head, p, len);

    } else {
        args = consent_slice(mark + 1, (size_t) (p + len - mark - 1));
        consent_buf_add(&t->head, p, (size_t) (mark - p) + 1);

        if (consent_minimize_args_text(&t->head, args, &t->inspect) != CONSENT_OK) {
            t->head.rc = CONSENT_NOMEM;
        }

        note(t, CONSENT_CARRIER_TEXT);
    }

    free(p);
}


static void
pass_headers(try_t *t, const consent_recorded_t *r)
{
    size_t                            i;
    uint8_t                           name[HEADER_NAME];
    consent_mask_t                    mask;
    consent_slice_t                   folded;
    consent_header_kind_t             kind;
    const consent_recorded_header_t  *h;

    for (i = 0; i < r->n_headers; i++) {
        h = &r->headers[i];
        folded = consent_slice(name, h->name.len < HEADER_NAME ? h->name.len : HEADER_NAME);
        consent_header_fold(name, consent_slice(h->name.data, folded.len));
        kind = consent_minimize_header(&mask, folded, t->policy);

        t->inspect.found.seen |= mask;

        if (mask & ~t->inspect.how.granted) {
            t->inspect.found.removed |= mask & ~t->inspect.how.granted;
            note(t, CONSENT_CARRIER_HEADER);
            continue;
        }

        if (kind != CONSENT_HEADER_OURS
            && !consent_slice_eq(folded, consent_lit("content-length"))
            && !consent_slice_eq(folded, consent_lit("transfer-encoding")))
        {
            pass_value(t, h, kind);
        }
    }
}


static void
pass_value(try_t *t, const consent_recorded_header_t *h, consent_header_kind_t kind)
{
    size_t    len;
    uint8_t  *p;

    p = malloc(h->value.len + 1);

    if (p == NULL) {
        t->head.rc = CONSENT_NOMEM;
        return;
    }

    len = h->value.len;

    switch (kind) {
    case CONSENT_HEADER_COOKIE:
        consent_minimize_cookies(p, &len, h->value, &t->inspect.how, &t->inspect.found);
        note(t, CONSENT_CARRIER_COOKIE);
        break;

    case CONSENT_HEADER_URL:
        consent_minimize_referer(p, &len, h->value, &t->inspect.how, &t->inspect.found);
        note(t, CONSENT_CARRIER_ARG);
        break;

    default:
        if (len != 0) {
            memcpy(p, h->value.data, len);
        }
    }

    if (len != 0 || h->value.len == 0) {
        consent_buf_slice(&t->head, h->name);
        consent_buf_str(&t->head, ": ");
        consent_buf_add(&t->head, p, len);
        consent_buf_str(&t->head, "\r\n");
    }

    free(p);
}


static void
pass_body(try_t *t, const consent_recorded_t *r)
{
    consent_body_t       *body;
    consent_transform_t  *transform;
    consent_body_head_t   head;

    t->rc = CONSENT_OK;
    t->opaque = false;

    if (r->body.len == 0) {
        return;
    }

    head.content_type = consent_recorded_header(r, "content-type");
    head.content_encoding = consent_recorded_header(r, "content-encoding");
    head.limit = BODY_LIMIT;

    t->rc = consent_body_open(&body, &transform, &t->inspect, &head);

    if (t->rc == CONSENT_NOTFOUND) {
        t->rc = CONSENT_OK;
        t->opaque = true;
        consent_buf_slice(&t->body, r->body);
        return;
    }

    if (t->rc != CONSENT_OK) {
        return;
    }

    t->inspect.found.carriers = 0;
    t->rc = consent_transform_feed(transform, r->body.data, r->body.len, true, emit, &t->body);
    consent_body_close(body);

    t->by[CONSENT_CARRIER_BODY] = t->inspect.found.removed;
    t->inspect.found.removed = 0;
}


/* What the last pass took out. */
static void
note(try_t *t, consent_carrier_t carrier)
{
    t->by[carrier] |= t->inspect.found.removed;
    t->inspect.found.removed = 0;
}


static consent_rc_t
emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    consent_buf_t  *b = arg;

    (void) kind;
    consent_buf_add(b, data, len);

    return b->rc;
}


static void
print(consent_buf_t *b, const try_t *t, const consent_level_t *level)
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

    if (!any) {
        consent_buf_str(b, "   nothing is withheld\n");
    }

    if (t->inspect.found.unknown != 0) {
        consent_buf_printf(b, "   unknown    %zu name%s that the policy does not know\n", t->inspect.found.unknown,
                           t->inspect.found.unknown == 1 ? "" : "s");
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


static void
json(consent_buf_t *b, const try_t *t, const consent_level_t *level)
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
