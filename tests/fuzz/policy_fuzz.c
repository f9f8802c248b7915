/*
 * Policy documents: the sample with pieces of it replaced, so that most inputs are JSON and many are nearly a policy. What
 * loads is printed, compared, decided on and asked about; what does not has faults with places.
 */

#include "policy/contact.h"
#include "policy/decision.h"

#include <stdio.h>
#include <stdlib.h>

#define SAMPLE      "demo/policy.json"
#define MAX_TEXT    65536
#define MAX_TOKENS  4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static void sample_read(void);
static size_t sample_mutate(uint8_t *out, const uint8_t *data, size_t len);
static void try_text(consent_slice_t text, consent_slice_t rest);
static void try_policy(const consent_policy_t *policy, consent_slice_t rest);
static void try_decision(const consent_policy_t *policy, const consent_policy_t *other, consent_slice_t rest);

static uint8_t            sample[MAX_TEXT];
static size_t             sample_len;
static consent_slice_t    tokens[MAX_TOKENS];      /* strings, and whole objects and arrays on one line */
static size_t             n_tokens;
static consent_policy_t  *sample_policy;

/* Values that are something somewhere. */
static const char *const  values[] = {
    "null", "true", "false", "0", "1e9", "\"\"", "\"*\"", "\"a*\"", "[]", "{}", "\"custom\"", "\"consent\"", "\"public-task\"",
    "\"contact\"", "\"health\"", "\"$..email\"", "\"$['\\\\'']\"", "\"/**\"", "\"/*\"", "\"24:00\"", "\"00:00\"", "\"P0D\"",
    "\"P100Y\"", "\"UTC\"", "\"EN\"", "\"\\u0000\"", "\"\\ud83d\\ude00\"", "[\"Mo\",\"Su\"]", "{\"sv\":\"x\"}",
    "{\"name\":\"a\",\"regex\":\"(\"}", "[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]"
};


int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;

    sample_read();

    return 0;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    size_t          n;
    static uint8_t  text[MAX_TEXT * 2];

    if (len == 0) {
        return 0;
    }

    /* one in eight as it is, so that a corpus may hold whole documents */
    if (data[0] % 8 == 0) {
        try_text(consent_slice(data + 1, len - 1), consent_slice(data, 1));
        return 0;
    }

    n = sample_mutate(text, data + 1, len - 1);
    try_text(consent_slice(text, n), consent_slice(data, len));

    return 0;
}


static void
sample_read(void)
{
    size_t            i, start;
    FILE             *f;
    consent_faults_t  faults;

    f = fopen(SAMPLE, "rb");

    if (f == NULL) {
        fprintf(stderr, "cannot open %s: the fuzzer runs in the project's folder\n", SAMPLE);
        exit(1);
    }

    sample_len = fread(sample, 1, sizeof(sample), f);
    fclose(f);

    for (i = 0; i < sample_len && n_tokens < MAX_TOKENS; i++) {
        if (sample[i] != '"' && sample[i] != '[' && sample[i] != '{') {
            continue;
        }

        start = i;

        if (sample[i] == '"') {
            for (i++; i < sample_len && sample[i] != '"'; i++) { /* void */ }

            tokens[n_tokens++] = consent_slice(sample + start, i + 1 - start);
            continue;
        }

        /* up to the end of the line, less a comma */
        while (i < sample_len && sample[i] != '\n') {
            i++;
        }

        if (sample[i - 1] == ',') {
            i--;
        }

        if (sample[i - 1] == (sample[start] == '[' ? ']' : '}')) {
            tokens[n_tokens++] = consent_slice(sample + start, i - start);
        }

        i = start;
    }

    memset(&faults, 0, sizeof(faults));
    faults.arena = consent_arena_create(1 << 20);

    if (consent_policy_load(&sample_policy, consent_slice(sample, sample_len), &faults) != CONSENT_OK) {
        abort();
    }

    consent_arena_destroy(faults.arena);
}


/* Four bytes of data are one replacement: of which token, by which other token, value or nothing. In the order of tokens,
 * so that one pass writes the result. */
static size_t
sample_mutate(uint8_t *out, const uint8_t *data, size_t len)
{
    size_t           i, n, from, which;
    const uint8_t   *best;
    consent_slice_t  by;
    const uint8_t   *edits[8];
    size_t           n_edits;

    n_edits = len / 4 < 8 ? len / 4 : 8;

    for (i = 0; i < n_edits; i++) {
        edits[i] = data + i * 4;
    }

    n = 0;
    from = 0;

    while (n_edits > 0) {

        /* the first in the document of those that are left */
        for (best = NULL, which = 0, i = 0; i < n_edits; i++) {
            if (best == NULL || tokens[(size_t) (edits[i][0] << 8 | edits[i][1]) % n_tokens].data < best) {
                best = tokens[(size_t) (edits[i][0] << 8 | edits[i][1]) % n_tokens].data;
                which = i;
            }
        }

        i = (size_t) (edits[which][0] << 8 | edits[which][1]) % n_tokens;

        if (edits[which][2] < 128) {
            by = consent_cstr(values[edits[which][3] % consent_countof(values)]);

        } else {
            by = tokens[(size_t) (edits[which][2] << 8 | edits[which][3]) % n_tokens];
        }

        edits[which] = edits[--n_edits];

        if ((size_t) (tokens[i].data - sample) < from) {
            continue;
        }

        memcpy(out + n, sample + from, (size_t) (tokens[i].data - sample) - from);
        n += (size_t) (tokens[i].data - sample) - from;
        memcpy(out + n, by.data, by.len);
        n += by.len;
        from = (size_t) (tokens[i].data - sample) + tokens[i].len;
    }

    memcpy(out + n, sample + from, sample_len - from);

    return n + sample_len - from;
}


static void
try_text(consent_slice_t text, consent_slice_t rest)
{
    size_t                  errors, warnings;
    consent_rc_t            rc;
    consent_buf_t           b;
    consent_faults_t        faults;
    consent_policy_t       *policy;
    const consent_fault_t  *f;

    memset(&faults, 0, sizeof(faults));
    faults.arena = consent_arena_create(1 << 20);

    rc = consent_policy_load(&policy, text, &faults);

    if (rc != CONSENT_OK && rc != CONSENT_MALFORMED) {
        abort();
    }

    if ((rc == CONSENT_OK) != (faults.errors == 0) || (rc == CONSENT_OK) != (policy != NULL)) {
        abort();
    }

    errors = 0;
    warnings = 0;

    for (f = faults.first; f != NULL; f = f->next) {
        consent_buf_init(&b, 65536);
        consent_fault_print(&b, f);

        if (f->line == 0 || f->column == 0 || f->message.len == 0 || f->path.len == 0 || b.rc != CONSENT_OK) {
            abort();
        }

        if (f->next != NULL && (f->next->line < f->line || (f->next->line == f->line && f->next->column < f->column))) {
            abort();
        }

        errors += !f->warning;
        warnings += f->warning;
        consent_buf_free(&b);
    }

    if (errors > faults.errors || warnings > faults.warnings) {
        abort();
    }

    if (policy != NULL) {
        try_policy(policy, rest);
    }

    consent_policy_destroy(policy);
    consent_arena_destroy(faults.arena);
}


static void
try_policy(const consent_policy_t *policy, consent_slice_t rest)
{
    size_t            i;
    consent_buf_t     b;
    consent_open_t    open;
    consent_mask_t    mask;
    consent_faults_t  faults;
    consent_policy_t *again;

    if (policy->levels[0].shares != 0 || (policy->gpc_mask | policy->body_mask | policy->path_mask | policy->core_mask)
        & ~policy->consent_mask)
    {
        abort();
    }

    for (i = 0; i < policy->n_levels; i++) {
        if (policy->levels[i].shares & (policy->special_mask | ~policy->consent_mask)) {
            abort();
        }
    }

    consent_buf_init(&b, 4 << 20);
    consent_policy_print(&b, policy);
    consent_policy_diff(&b, sample_policy, policy);

    if (b.rc != CONSENT_OK) {
        abort();
    }

    consent_buf_free(&b);

    mask = consent_names_find(&policy->args, rest, true) | consent_names_find(&policy->fields, rest, true)
           | consent_names_find(&policy->cookies, rest, false) | consent_names_find_header(&policy->headers, rest)
           | consent_policy_path_mask(policy, rest) | consent_policy_core_mask(policy, rest);

    if ((mask & ~policy->consent_mask) || consent_policy_language(policy, rest, rest) >= policy->n_languages) {
        abort();
    }

    consent_contact_open(&open, policy, (consent_time_t) rest.len * 3600000 * 7);

    /* the canonical form is the same policy */
    memset(&faults, 0, sizeof(faults));
    faults.arena = consent_arena_create(1 << 20);

    if (consent_policy_load(&again, policy->canonical, &faults) != CONSENT_OK || again->key != policy->key) {
        abort();
    }

    try_decision(policy, again, rest);
    try_decision(policy, sample_policy, rest);

    consent_policy_destroy(again);
    consent_arena_destroy(faults.arena);
}


/* A decision of any bytes under another version grants no more than it held, and nothing that has lapsed. */
static void
try_decision(const consent_policy_t *policy, const consent_policy_t *other, consent_slice_t rest)
{
    int                    category;
    size_t                 i;
    consent_mask_t         allowed;
    consent_effect_t       effect;
    consent_decision_t     d;
    consent_policy_set_t   set;
    consent_translation_t  t;

    consent_policy_translate(&t, other, policy);

    if (other->key == policy->key && t.lapsed != 0) {
        abort();
    }

    memset(&d, 0, sizeof(d));
    memcpy(&d, rest.data, rest.len < sizeof(d) ? rest.len : sizeof(d));
    d.policy = other->key;

    set.policy = policy;
    set.earlier = &t;
    set.n_earlier = 1;

    consent_decide(&effect, &set, &d, &d, NULL, 0, d.decided_at);

    allowed = 0;

    for (i = 0; i < other->n_categories; i++) {
        category = consent_policy_category(policy, other->categories[i].id);

        if (category >= 0 && (d.granted >> i & 1) && !(t.lapsed >> i & 1)) {
            allowed |= (consent_mask_t) 1 << category;
        }
    }

    if ((effect.granted & ~(allowed & policy->consent_mask)) || effect.level < 0
        || (size_t) effect.level >= policy->n_levels || effect.chosen < CONSENT_LEVEL_CUSTOM
        || effect.chosen >= (int) policy->n_levels)
    {
        abort();
    }
}
