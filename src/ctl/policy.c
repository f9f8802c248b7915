/*
 * consentctl policy check, policy diff: what a policy means, and what a new version of it changes.
 */

#include "ctl/ctl.h"
#include "base/json.h"
#include "minimize/detect.h"
#include "policy/decision.h"

#include <stdio.h>
#include <stdlib.h>

#define OUTPUT_MAX  (16 * 1024 * 1024)

static void print_count(consent_buf_t *b, size_t n, const char *what);
static void json_check(consent_buf_t *b, const consent_policy_t *policy, const consent_faults_t *faults,
    const char *path);
static void json_texts(consent_buf_t *b, const char *name, const consent_policy_t *policy, const consent_text_t *text);
static void json_categories(consent_buf_t *b, const char *name, const consent_policy_t *policy, consent_mask_t mask);
static consent_mask_t widened(const consent_policy_t *earlier, const consent_policy_t *current);


int
consent_ctl_policy_check(int argc, char **argv)
{
    const char            *path;
    consent_buf_t          out;
    consent_faults_t       faults = { NULL, NULL, NULL, 0, 0 };
    consent_policy_t      *policy;
    consent_ctl_option_t   options[] = { { "--json", false, NULL } };
    consent_ctl_exit_t     status;

    if (!consent_ctl_arguments(argc, argv, options, consent_countof(options), &path, 1)
        || !consent_ctl_policy_load(&policy, &faults, path))
    {
        return CONSENT_CTL_USAGE;
    }

    consent_buf_init(&out, OUTPUT_MAX);
    status = policy == NULL ? CONSENT_CTL_FAILS : CONSENT_CTL_HOLDS;

    if (options[0].value != NULL) {
        json_check(&out, policy, &faults, path);

    } else {
        consent_ctl_policy_faults(&out, &faults, path);

        if (policy != NULL) {
            if (faults.warnings > 0) {
                consent_buf_char(&out, '\n');
            }

            consent_policy_print(&out, policy);
            consent_buf_char(&out, '\n');
        }

        consent_buf_printf(&out, "%s: ", path);

        if (policy == NULL) {
            print_count(&out, faults.errors, "error");

            if (faults.warnings > 0) {
                consent_buf_str(&out, ", ");
                print_count(&out, faults.warnings, "warning");
            }

        } else {
            consent_buf_str(&out, "the policy is valid");

            if (faults.warnings > 0) {
                consent_buf_str(&out, ", with ");
                print_count(&out, faults.warnings, "warning");
            }
        }

        consent_buf_char(&out, '\n');
    }

    consent_policy_destroy(policy);
    consent_arena_destroy(faults.arena);

    return consent_ctl_flush(&out) ? (int) status : CONSENT_CTL_USAGE;
}


int
consent_ctl_policy_diff(int argc, char **argv)
{
    size_t                 i;
    const char            *paths[2];
    consent_buf_t          out, lines;
    consent_mask_t         lapse;
    consent_faults_t       faults[2] = { { NULL, NULL, NULL, 0, 0 }, { NULL, NULL, NULL, 0, 0 } };
    consent_policy_t      *policy[2] = { NULL, NULL };
    consent_ctl_option_t   options[] = { { "--json", false, NULL } };
    consent_ctl_exit_t     status;

    if (!consent_ctl_arguments(argc, argv, options, consent_countof(options), paths, 2)) {
        return CONSENT_CTL_USAGE;
    }

    consent_buf_init(&out, OUTPUT_MAX);
    consent_buf_init(&lines, OUTPUT_MAX);
    status = CONSENT_CTL_USAGE;

    for (i = 0; i < 2; i++) {
        if (!consent_ctl_policy_load(&policy[i], &faults[i], paths[i])) {
            goto done;
        }

        if (policy[i] == NULL) {
            consent_ctl_policy_faults(&out, &faults[i], paths[i]);
            (void) fwrite(out.data, 1, out.len, stderr);
            out.len = 0;
            goto done;
        }
    }

    lapse = widened(policy[0], policy[1]);
    consent_policy_diff(&lines, policy[0], policy[1]);
    status = lapse == 0 ? CONSENT_CTL_HOLDS : CONSENT_CTL_FAILS;

    if (options[0].value != NULL) {
        consent_buf_char(&out, '{');
        json_categories(&out, "lapse", policy[0], lapse);
        consent_ctl_json_text(&out, "text", consent_buf_view(&lines));
        consent_buf_str(&out, "}\n");

    } else {
        consent_buf_slice(&out, consent_buf_view(&lines));
        consent_buf_str(&out, lines.len == 0 ? "The two mean the same.\n"
                              : lapse == 0 ? "\nNothing lapses: all grants hold.\n"
                              : "\nGrants of what widens lapse, and have to be asked for again.\n");
    }

done:

    for (i = 0; i < 2; i++) {
        consent_policy_destroy(policy[i]);
        consent_arena_destroy(faults[i].arena);
    }

    consent_buf_free(&lines);

    return consent_ctl_flush(&out) ? (int) status : CONSENT_CTL_USAGE;
}


bool
consent_ctl_policy_load(consent_policy_t **policy, consent_faults_t *faults, const char *path)
{
    consent_rc_t          rc;
    consent_buf_t         text;
    consent_detectors_t  *detectors;

    *policy = NULL;

    if (!consent_ctl_read_file(&text, path, CONSENT_POLICY_MAX_FILE)) {
        return false;
    }

    faults->arena = consent_arena_create(16 * 1024 * 1024);
    rc = faults->arena == NULL ? CONSENT_NOMEM : consent_policy_load(policy, consent_buf_view(&text), faults);
    consent_buf_free(&text);

    /* the expressions of a policy are compiled to see whether they can be */

    if (rc == CONSENT_OK) {
        rc = consent_detectors_compile(&detectors, *policy, faults);
        consent_detectors_destroy(detectors);

        if (rc != CONSENT_OK) {
            consent_policy_destroy(*policy);
        }
    }

    if (rc != CONSENT_OK) {
        *policy = NULL;
    }

    if (rc != CONSENT_OK && rc != CONSENT_MALFORMED) {
        (void) consent_ctl_complain("cannot load %s: %s", path, consent_rc_name(rc));
        return false;
    }

    return true;
}


void
consent_ctl_policy_faults(consent_buf_t *b, const consent_faults_t *faults, const char *path)
{
    const consent_fault_t  *f;

    for (f = faults->first; f != NULL; f = f->next) {
        consent_buf_printf(b, "%s:", path);
        consent_fault_print(b, f);
        consent_buf_char(b, '\n');
    }
}


static void
print_count(consent_buf_t *b, size_t n, const char *what)
{
    consent_buf_printf(b, "%zu %s%s", n, what, n == 1 ? "" : "s");
}


static void
json_check(consent_buf_t *b, const consent_policy_t *policy, const consent_faults_t *faults, const char *path)
{
    char                    hex[2 * CONSENT_HASH_LEN];
    size_t                  i;
    const consent_fault_t  *f;

    consent_buf_char(b, '{');
    consent_ctl_json_text(b, "file", consent_cstr(path));
    consent_ctl_json_flag(b, "valid", policy != NULL);
    consent_ctl_json_name(b, "faults");
    consent_buf_char(b, '[');

    for (f = faults->first; f != NULL; f = f->next) {
        consent_buf_str(b, f == faults->first ? "{" : ",{");
        consent_ctl_json_number(b, "line", f->line);
        consent_ctl_json_number(b, "column", f->column);
        consent_ctl_json_text(b, "severity", f->warning ? consent_lit("warning") : consent_lit("error"));
        consent_ctl_json_text(b, "path", f->path);
        consent_ctl_json_text(b, "message", f->message);
        consent_buf_char(b, '}');
    }

    consent_buf_char(b, ']');

    if (policy != NULL) {
        consent_hex(hex, policy->hash, CONSENT_HASH_LEN);
        consent_ctl_json_text(b, "id", policy->id);
        consent_ctl_json_text(b, "version", policy->version);
        consent_ctl_json_text(b, "hash", consent_slice(hex, sizeof(hex)));
        consent_ctl_json_number(b, "canonical_bytes", policy->canonical.len);
        consent_ctl_json_name(b, "levels");
        consent_buf_char(b, '[');

        for (i = 0; i < policy->n_levels; i++) {
            consent_buf_str(b, i == 0 ? "{" : ",{");
            consent_ctl_json_text(b, "id", policy->levels[i].id);
            json_texts(b, "title", policy, &policy->levels[i].title);
            json_categories(b, "shares", policy, policy->levels[i].shares);
            consent_buf_char(b, '}');
        }

        consent_buf_char(b, ']');
        consent_ctl_json_name(b, "categories");
        consent_buf_char(b, '[');

        for (i = 0; i < policy->n_categories; i++) {
            consent_buf_str(b, i == 0 ? "{" : ",{");
            consent_ctl_json_text(b, "id", policy->categories[i].id);
            json_texts(b, "title", policy, &policy->categories[i].title);
            consent_ctl_json_text(b, "legal_basis", consent_cstr(consent_basis_name(policy->categories[i].basis)));
            consent_buf_char(b, '}');
        }

        consent_buf_char(b, ']');
    }

    consent_buf_str(b, "}\n");
}


static void
json_texts(consent_buf_t *b, const char *name, const consent_policy_t *policy, const consent_text_t *text)
{
    size_t  i;

    consent_ctl_json_name(b, name);
    consent_buf_char(b, '{');

    for (i = 0; i < policy->n_languages; i++) {
        if (i > 0) {
            consent_buf_char(b, ',');
        }

        consent_json_write_string(b, policy->languages[i], false);
        consent_buf_char(b, ':');
        consent_json_write_string(b, text->in[i], false);
    }

    consent_buf_char(b, '}');
}


static void
json_categories(consent_buf_t *b, const char *name, const consent_policy_t *policy, consent_mask_t mask)
{
    bool    first;
    size_t  i;

    consent_ctl_json_name(b, name);
    consent_buf_char(b, '[');

    for (i = 0, first = true; i < policy->n_categories; i++) {
        if (mask >> i & 1) {
            if (!first) {
                consent_buf_char(b, ',');
            }

            consent_json_write_string(b, policy->categories[i].id, false);
            first = false;
        }
    }

    consent_buf_char(b, ']');
}


/* Categories of the earlier version whose grants lapse because they widen, not because they are gone. */
static consent_mask_t
widened(const consent_policy_t *earlier, const consent_policy_t *current)
{
    size_t                 i;
    consent_mask_t         mask;
    consent_translation_t  translation;

    consent_policy_translate(&translation, earlier, current);

    for (i = 0, mask = 0; i < earlier->n_categories; i++) {
        if ((translation.lapsed >> i & 1) && (earlier->consent_mask >> i & 1)
            && consent_policy_category(current, earlier->categories[i].id) >= 0)
        {
            mask |= (consent_mask_t) 1 << i;
        }
    }

    return mask;
}
