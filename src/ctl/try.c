/*
 * consentctl policy try: what each level of a policy would let through of a recorded request.
 *
 * The request goes through the same passes as in nginx. What an operator records is her own test data, so that what
 * would arrive is shown as it is.
 */

#include "ctl/try.h"
#include "minimize/body.h"

#include <stdio.h>
#include <stdlib.h>

#define OUTPUT_MAX   (64 * 1024 * 1024)
#define BODY_LIMIT   (10 * 1024 * 1024)
#define HEADER_NAME  256

static bool load(consent_policy_t **policy, consent_detectors_t **detectors, const char *path);
static bool read_requests(consent_recorded_t **first, consent_arena_t **arena, consent_buf_t *text, const char *path);
static void pass(try_t *t, const consent_recorded_t *r, const consent_detectors_t *detectors, consent_mask_t granted);
static void pass_target(try_t *t, const consent_recorded_t *r);
static void pass_headers(try_t *t, const consent_recorded_t *r);
static void pass_value(try_t *t, const consent_recorded_header_t *h, consent_header_kind_t kind);
static void pass_body(try_t *t, const consent_recorded_t *r);
static void note(try_t *t, consent_carrier_t carrier);
static void unknown(void *arg, consent_carrier_t carrier, consent_slice_t name);
static consent_rc_t emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind);


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

            (plain ? consent_ctl_try_print : consent_ctl_try_json)(&out, &t, &policy->levels[i]);

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
    t->n_names = 0;
    t->missing = r->missing;

    granted |= consent_policy_core_mask(t->policy, path);
    t->inspect.how.policy = t->policy;
    t->inspect.how.granted = granted;
    t->inspect.how.own = consent_lit("consent");
    t->inspect.how.count_unknown = true;
    t->inspect.how.unknown = unknown;
    t->inspect.how.unknown_arg = t;
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


/* A name is said once, as often as it comes. */
static void
unknown(void *arg, consent_carrier_t carrier, consent_slice_t name)
{
    size_t  i;
    try_t  *t = arg;

    if (name.len > TRY_NAME) {
        name.len = TRY_NAME;
    }

    for (i = 0; i < t->n_names; i++) {
        if (t->names[i].carrier == carrier && t->names[i].len == name.len
            && memcmp(t->names[i].text, name.data, name.len) == 0)
        {
            return;
        }
    }

    if (i < TRY_NAMES) {
        t->names[i].carrier = carrier;
        t->names[i].len = name.len;
        memcpy(t->names[i].text, name.data, name.len);
        t->n_names++;
    }
}


static consent_rc_t
emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    consent_buf_t  *b = arg;

    (void) kind;
    consent_buf_add(b, data, len);

    return b->rc;
}
