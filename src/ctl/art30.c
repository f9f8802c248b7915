/*
 * consentctl policy art30: the record of processing activities (GDPR, Article 30(1)), as far as a policy tells it, and what it
 * does not tell.
 */

#include "ctl/ctl.h"
#include "base/json.h"

#include <stdio.h>

#define OUTPUT_MAX  (16 * 1024 * 1024)
#define DAY         (24 * 60 * 60)

typedef struct {
    consent_buf_t            b;
    const consent_policy_t  *policy;
    size_t                   language;
} art30_t;

/* Article 30(1) asks for more than what a citizen has to know before she decides. */
static const char *const  missing[] = {
    "the data protection officer's name and contact details, and a joint controller's or representative's (a)",
    "the categories of data subjects, where they are others than those who use the service (c)",
    "transfers to third countries or international organisations, and the safeguards for them (e)",
    "the technical and organisational security measures (g)",
    "processing that does not pass the gateway"
};

static const char *const  articles[] = {
    [CONSENT_BASIS_CONSENT] = "Article 6(1)(a)", [CONSENT_BASIS_LEGAL_OBLIGATION] = "Article 6(1)(c)",
    [CONSENT_BASIS_PUBLIC_TASK] = "Article 6(1)(e)", [CONSENT_BASIS_CONTRACT] = "Article 6(1)(b)",
    [CONSENT_BASIS_VITAL_INTEREST] = "Article 6(1)(d)", [CONSENT_BASIS_LEGITIMATE_INTEREST] = "Article 6(1)(f)"
};

/* The EEA, where Chapter V does not apply. */
static const char  inside[] = "AT BE BG CY CZ DE DK EE EEA ES EU FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK ";

static bool find_language(art30_t *a, const char *tag);
static void markdown(art30_t *a);
static void markdown_controller(art30_t *a);
static void markdown_category(art30_t *a, const consent_category_t *c);
static void markdown_gateway(art30_t *a);
static void begin_table(art30_t *a);
static void row(art30_t *a, const char *name, consent_slice_t text);
static void row_list(art30_t *a, const char *name, const consent_list_t *list, bool outside);
static void cell(consent_buf_t *b, consent_slice_t text);
static void json(art30_t *a);
static void json_category(art30_t *a, const consent_category_t *c);
static void json_list(consent_buf_t *b, const char *name, const consent_list_t *list, bool outside);
static void duration(consent_buf_t *b, const consent_category_t *c);
static bool is_outside(consent_slice_t country);


int
consent_ctl_policy_art30(int argc, char **argv)
{
    art30_t                a = { .policy = NULL };
    const char            *path;
    consent_faults_t       faults = { NULL, NULL, NULL, 0, 0 };
    consent_policy_t      *policy;
    consent_ctl_option_t   options[] = { { "--json", false, NULL }, { "--language", true, NULL } };
    int                    status;

    if (!consent_ctl_arguments(argc, argv, options, consent_countof(options), &path, 1)
        || !consent_ctl_policy_load(&policy, &faults, path))
    {
        return CONSENT_CTL_USAGE;
    }

    consent_buf_init(&a.b, OUTPUT_MAX);
    a.policy = policy;
    status = CONSENT_CTL_HOLDS;

    if (policy == NULL) {
        consent_ctl_policy_faults(&a.b, &faults, path);
        (void) fwrite(a.b.data, 1, a.b.len, stderr);
        a.b.len = 0;
        status = CONSENT_CTL_FAILS;

    } else if (!find_language(&a, options[1].value)) {
        status = consent_ctl_complain("the policy has no texts in \"%s\"", options[1].value);

    } else {
        (options[0].value != NULL ? json : markdown)(&a);
    }

    consent_policy_destroy(policy);
    consent_arena_destroy(faults.arena);

    return consent_ctl_flush(&a.b) ? status : CONSENT_CTL_USAGE;
}


/* NULL: the policy's first. */
static bool
find_language(art30_t *a, const char *tag)
{
    for (a->language = 0; tag != NULL && a->language < a->policy->n_languages; a->language++) {
        if (consent_slice_ieq(a->policy->languages[a->language], consent_cstr(tag))) {
            return true;
        }
    }

    return tag == NULL;
}


static void
markdown(art30_t *a)
{
    char           hex[2 * CONSENT_HASH_LEN + 1];
    size_t         i;
    consent_buf_t *b = &a->b;

    consent_hex(hex, a->policy->hash, CONSENT_HASH_LEN);
    hex[2 * CONSENT_HASH_LEN] = '\0';

    consent_buf_str(b, "# Record of processing activities (GDPR, Article 30(1))\n\nFrom policy ");
    cell(b, a->policy->id);
    consent_buf_str(b, ", version ");
    cell(b, a->policy->version);
    consent_buf_str(b, a->policy->test ? " (test)" : "");
    consent_buf_printf(b, ", SHA-256 `%s`.\n", hex);

    markdown_controller(a);
    consent_buf_str(b, "\n## Activities\n");

    for (i = 0; i < a->policy->n_categories; i++) {
        markdown_category(a, &a->policy->categories[i]);
    }

    markdown_gateway(a);
    consent_buf_str(b, "\n## To be added\n\nThe policy does not say:\n\n");

    for (i = 0; i < consent_countof(missing); i++) {
        consent_buf_printf(b, "- %s\n", missing[i]);
    }
}


static void
markdown_controller(art30_t *a)
{
    const consent_controller_t  *c = &a->policy->controller;

    consent_buf_str(&a->b, "\n## Controller\n\n");
    begin_table(a);
    row(a, "Name", c->name);
    row(a, "Type", c->type);
    row(a, "Country", c->jurisdiction);
    row(a, "Address", c->address);
    row(a, "E-mail", c->email);
    row(a, "Telephone", c->phone);
    row(a, "Web", c->url);
    row(a, "Supervisory authority", c->authority_name);
    row(a, "Privacy notice", a->policy->privacy_notice);
}


static void
markdown_category(art30_t *a, const consent_category_t *c)
{
    consent_buf_t  *b = &a->b;

    consent_buf_str(b, "\n### ");
    cell(b, c->title.in[a->language]);
    consent_buf_str(b, " (");
    cell(b, c->id);
    consent_buf_str(b, ")\n\n");

    begin_table(a);
    row(a, "Purpose", c->purpose.in[a->language]);
    row(a, "Purpose, type", c->purpose_type);
    consent_buf_str(b, "| Data subjects | who uses the service |\n");
    row(a, "Personal data", c->data_type);
    consent_buf_printf(b, "| Special category | %s |\n", c->special ? "yes (Article 9)" : "no");
    consent_buf_printf(b, "| Legal basis | %s, %s%s", consent_basis_name(c->basis), articles[c->basis],
                       c->special && c->basis == CONSENT_BASIS_CONSENT ? " and 9(2)(a)" : "");

    if (c->law.len > 0) {
        consent_buf_str(b, ": ");
        cell(b, c->law);
    }

    consent_buf_str(b, " |\n");
    row_list(a, "Recipients", &c->recipients, false);
    row_list(a, "Kept in", &c->storage, false);
    row_list(a, "Outside the EEA", &c->storage, true);
    consent_buf_str(b, "| Kept for | ");
    duration(b, c);
    consent_buf_str(b, " |\n| Passed on | ");
    consent_buf_str(b, c->basis == CONSENT_BASIS_CONSENT
                       ? "only where the citizen has granted it; otherwise taken out at the gateway"
                       : "always; it is not asked for");
    consent_buf_str(b, " |\n");
    row_list(a, "Public task on", &c->core_for, false);
}


/* What the gateway itself keeps of a citizen. */
static void
markdown_gateway(art30_t *a)
{
    consent_buf_str(&a->b, "\n### Proof of what was decided\n\n");
    begin_table(a);
    consent_buf_str(&a->b, "| Purpose | to show that consent was given, refused or withdrawn, and under which words |\n"
                    "| Data subjects | who has decided |\n"
                    "| Personal data | a pseudonym, decisions with their times; the log holds neither pseudonym nor name |\n"
                    "| Special category | no |\n"
                    "| Legal basis | legal-obligation, Article 6(1)(c): Article 7(1) |\n"
                    "| Recipients | auditors whom the controller lets in |\n"
                    "| Kept for | the citizen's record until she or the controller erases it; entries of the log until they are"
                    " pruned by a named decision |\n");
}


static void
begin_table(art30_t *a)
{
    consent_buf_str(&a->b, "| | |\n|---|---|\n");
}


/* Nothing, if there is no text. */
static void
row(art30_t *a, const char *name, consent_slice_t text)
{
    if (text.len > 0) {
        consent_buf_printf(&a->b, "| %s | ", name);
        cell(&a->b, text);
        consent_buf_str(&a->b, " |\n");
    }
}


static void
row_list(art30_t *a, const char *name, const consent_list_t *list, bool outside)
{
    bool    first;
    size_t  i;

    for (i = 0, first = true; i < list->n; i++) {
        if (outside && !is_outside(list->items[i])) {
            continue;
        }

        if (first) {
            consent_buf_printf(&a->b, "| %s | ", name);
        } else {
            consent_buf_str(&a->b, "; ");
        }

        cell(&a->b, list->items[i]);
        first = false;
    }

    if (!first) {
        consent_buf_str(&a->b, outside ? " (Chapter V applies) |\n" : " |\n");
    }
}


/* A text of the policy's, as text. */
static void
cell(consent_buf_t *b, consent_slice_t text)
{
    size_t  i;

    for (i = 0; i < text.len; i++) {
        if (text.data[i] < 0x20 || text.data[i] == 0x7f) {
            consent_buf_char(b, ' ');
            continue;
        }

        if (strchr("\\`*_[]<>|#", text.data[i]) != NULL) {
            consent_buf_char(b, '\\');
        }

        consent_buf_char(b, (char) text.data[i]);
    }
}


static void
json(art30_t *a)
{
    char                         hex[2 * CONSENT_HASH_LEN];
    size_t                       i;
    consent_buf_t               *b = &a->b;
    const consent_controller_t  *c = &a->policy->controller;

    consent_hex(hex, a->policy->hash, CONSENT_HASH_LEN);
    consent_buf_char(b, '{');
    consent_ctl_json_text(b, "policy", a->policy->id);
    consent_ctl_json_text(b, "policy_version", a->policy->version);
    consent_ctl_json_text(b, "policy_hash", consent_slice(hex, sizeof(hex)));
    consent_ctl_json_flag(b, "test", a->policy->test);
    consent_ctl_json_text(b, "language", a->policy->languages[a->language]);
    consent_ctl_json_name(b, "controller");
    consent_buf_char(b, '{');
    consent_ctl_json_text(b, "name", c->name);
    consent_ctl_json_text(b, "type", c->type);
    consent_ctl_json_text(b, "jurisdiction", c->jurisdiction);
    consent_ctl_json_text(b, "address", c->address);
    consent_ctl_json_text(b, "email", c->email);
    consent_ctl_json_text(b, "phone", c->phone);
    consent_ctl_json_text(b, "url", c->url);
    consent_ctl_json_text(b, "authority", c->authority_name);
    consent_ctl_json_text(b, "privacy_notice", a->policy->privacy_notice);
    consent_buf_char(b, '}');
    consent_ctl_json_name(b, "activities");
    consent_buf_char(b, '[');

    for (i = 0; i < a->policy->n_categories; i++) {
        consent_buf_str(b, i == 0 ? "{" : ",{");
        json_category(a, &a->policy->categories[i]);
        consent_buf_char(b, '}');
    }

    consent_buf_char(b, ']');
    consent_ctl_json_name(b, "missing");
    consent_buf_char(b, '[');

    for (i = 0; i < consent_countof(missing); i++) {
        consent_buf_str(b, i == 0 ? "" : ",");
        consent_json_write_string(b, consent_cstr(missing[i]), false);
    }

    consent_buf_str(b, "]}\n");
}


static void
json_category(art30_t *a, const consent_category_t *c)
{
    consent_buf_t  *b = &a->b;

    consent_ctl_json_text(b, "id", c->id);
    consent_ctl_json_text(b, "title", c->title.in[a->language]);
    consent_ctl_json_text(b, "purpose", c->purpose.in[a->language]);
    consent_ctl_json_text(b, "purpose_type", c->purpose_type);
    consent_ctl_json_text(b, "data_type", c->data_type);
    consent_ctl_json_flag(b, "special", c->special);
    consent_ctl_json_text(b, "legal_basis", consent_cstr(consent_basis_name(c->basis)));
    consent_ctl_json_text(b, "article", consent_cstr(articles[c->basis]));
    consent_ctl_json_text(b, "law", c->law);
    json_list(b, "recipients", &c->recipients, false);
    json_list(b, "storage", &c->storage, false);
    json_list(b, "outside_eea", &c->storage, true);
    consent_ctl_json_text(b, "retention", c->retention);
    json_list(b, "public_task_on", &c->core_for, false);
}


static void
json_list(consent_buf_t *b, const char *name, const consent_list_t *list, bool outside)
{
    bool    first;
    size_t  i;

    consent_ctl_json_name(b, name);
    consent_buf_char(b, '[');

    for (i = 0, first = true; i < list->n; i++) {
        if (!outside || is_outside(list->items[i])) {
            consent_buf_str(b, first ? "" : ",");
            consent_json_write_string(b, list->items[i], false);
            first = false;
        }
    }

    consent_buf_char(b, ']');
}


static void
duration(consent_buf_t *b, const consent_category_t *c)
{
    unsigned long  months = c->retention_time.months, days = (unsigned long) (c->retention_time.seconds / DAY);

    if (months > 12 && months % 12 == 0) {
        consent_buf_printf(b, "%lu years", months / 12);
    } else if (months > 0) {
        consent_buf_printf(b, "%lu month%s", months, months == 1 ? "" : "s");
    }

    if (days > 0) {
        consent_buf_printf(b, "%s%lu day%s", months > 0 ? " and " : "", days, days == 1 ? "" : "s");
    }

    consent_buf_str(b, months + days > 0 ? " (`" : "`");
    cell(b, c->retention);
    consent_buf_str(b, months + days > 0 ? "`)" : "`");
}


static bool
is_outside(consent_slice_t country)
{
    char  word[8];
    int   n;

    n = country.len < sizeof(word) - 1 ? snprintf(word, sizeof(word), "%.*s ", (int) country.len, country.data) : 0;

    return n == 0 || strstr(inside, word) == NULL;
}
