/*
 * consentctl report: what was withheld since nginx was started, and what `consent report` would have withheld.
 */

#include "ctl/titles.h"
#include "base/json.h"

typedef struct {
    consent_counter_t   counter;
    const char         *text;
} report_line_t;

static const report_line_t  lines[] = {
    { CONSENT_COUNT_REQUESTS, "requests" },
    { CONSENT_COUNT_WITHHELD, "went on without something" },
    { CONSENT_COUNT_BODIES_CHANGED, "bodies with something taken out" },
    { CONSENT_COUNT_REQUIRED, "refused for consent_require" },
    { CONSENT_COUNT_BODIES_REFUSED, "refused for their body or path" },
    { CONSENT_COUNT_SET_COOKIES, "Set-Cookie lines dropped" },
    { CONSENT_COUNT_TOKENS_REFUSED, "tokens that did not count" },
    { CONSENT_COUNT_CSRF, "decisions from elsewhere, refused" },
    { CONSENT_COUNT_DECISIONS, "decisions saved" },
    { CONSENT_COUNT_DECISIONS_FAILED, "decisions that could not be saved" },
    { CONSENT_COUNT_DISCLOSURES, "AI disclosures sent" },
    { CONSENT_COUNT_MISSED, "disclosures that the log missed" },
};

static const report_line_t  would[] = {
    { CONSENT_COUNT_WOULD_WITHHOLD, "would have gone on without something" },
    { CONSENT_COUNT_WOULD_REQUIRE, "would have been refused for consent_require" },
    { CONSENT_COUNT_WOULD_REFUSE, "would have been refused for their body or path" },
    { CONSENT_COUNT_UNKNOWN, "names that the policy does not know" },
};

static void print(consent_buf_t *b, consent_recent_t *recent, consent_ctl_titles_t *titles);
static void print_lines(consent_buf_t *b, consent_recent_t *recent, const report_line_t *line, size_t n);
static void print_policy(consent_buf_t *b, consent_recent_t *recent, const consent_policy_t *policy, uint64_t key);
static void json(consent_buf_t *b, consent_recent_t *recent, consent_ctl_titles_t *titles);
static void json_policy(consent_buf_t *b, consent_recent_t *recent, const consent_policy_t *policy, uint64_t key);


int
consent_ctl_report(int argc, char **argv)
{
    char                    why[256];
    const char             *directory;
    consent_rc_t            rc;
    consent_buf_t           out;
    consent_ledger_t       *ledger;
    consent_recent_t       *recent;
    consent_ctl_option_t    options[] = { { "--json", false, NULL } };
    consent_ctl_titles_t   *titles;
    consent_ledger_conf_t   conf = { .read_only = true };

    if (!consent_ctl_arguments(argc, argv, options, consent_countof(options), &directory, 1)
        || !consent_ctl_become_owner(directory))
    {
        return CONSENT_CTL_USAGE;
    }

    rc = consent_recent_open(&recent, directory, false, true);

    if (rc != CONSENT_OK) {
        return consent_ctl_complain("cannot read the record of recent events in %s: %s", directory,
                                    consent_rc_name(rc));
    }

    conf.directory = directory;
    ledger = NULL;

    if (consent_ledger_open(&ledger, &conf, why) != CONSENT_OK) {
        (void) consent_ctl_complain("%s", why);
    }

    consent_buf_init(&out, 1024 * 1024);
    titles = consent_ctl_titles_create(ledger);

    if (titles != NULL) {
        (options[0].value != NULL ? json : print)(&out, recent, titles);
    }

    consent_ctl_titles_destroy(titles);
    consent_ledger_close(ledger);
    consent_recent_close(recent);

    return consent_ctl_flush(&out) ? CONSENT_CTL_HOLDS : CONSENT_CTL_USAGE;
}


static void
print(consent_buf_t *b, consent_recent_t *recent, consent_ctl_titles_t *titles)
{
    size_t    i, n;
    uint64_t  keys[CONSENT_RECENT_POLICIES];

    consent_buf_str(b, "Since nginx was started:\n");
    print_lines(b, recent, lines, consent_countof(lines));
    consent_buf_str(b, "\nWhere the configuration says \"consent report\":\n");
    print_lines(b, recent, would, consent_countof(would));

    n = consent_recent_policies(recent, keys);

    for (i = 0; i < n; i++) {
        print_policy(b, recent, consent_ctl_titles_policy(titles, keys[i]), keys[i]);
    }
}


static void
print_lines(consent_buf_t *b, consent_recent_t *recent, const report_line_t *line, size_t n)
{
    for (; n > 0; n--, line++) {
        consent_buf_printf(b, "%12llu  %s\n", (unsigned long long) consent_recent_counter(recent, line->counter),
                           line->text);
    }
}


static void
print_policy(consent_buf_t *b, consent_recent_t *recent, const consent_policy_t *policy, uint64_t key)
{
    unsigned  i;
    uint64_t  withheld, reported;

    consent_buf_str(b, "\nUnder the policy ");

    if (policy != NULL) {
        consent_ctl_plain(b, policy->id);
        consent_buf_str(b, ", version ");
        consent_ctl_plain(b, policy->version);
    } else {
        consent_buf_printf(b, "%016llx, which the store does not have", (unsigned long long) key);
    }

    consent_buf_printf(b, ":\n%12s  %12s\n", "withheld", "would be");

    for (i = 0; i < CONSENT_MAX_CATEGORIES; i++) {
        withheld = consent_recent_category(recent, key, i, false);
        reported = consent_recent_category(recent, key, i, true);

        if (withheld != 0 || reported != 0) {
            consent_buf_printf(b, "%12llu  %12llu  ", (unsigned long long) withheld, (unsigned long long) reported);
            consent_ctl_category(b, policy, i);
            consent_buf_char(b, '\n');
        }
    }
}


static void
json(consent_buf_t *b, consent_recent_t *recent, consent_ctl_titles_t *titles)
{
    size_t    i, n;
    uint64_t  keys[CONSENT_RECENT_POLICIES];

    consent_buf_char(b, '{');

    for (i = 0; i < CONSENT_COUNTERS; i++) {
        consent_ctl_json_number(b, consent_counter_name((consent_counter_t) i),
                                consent_recent_counter(recent, (consent_counter_t) i));
    }

    consent_ctl_json_name(b, "policies");
    consent_buf_char(b, '[');
    n = consent_recent_policies(recent, keys);

    for (i = 0; i < n; i++) {
        consent_buf_str(b, i == 0 ? "{" : ",{");
        json_policy(b, recent, consent_ctl_titles_policy(titles, keys[i]), keys[i]);
        consent_buf_char(b, '}');
    }

    consent_buf_str(b, "]}\n");
}


static void
json_policy(consent_buf_t *b, consent_recent_t *recent, const consent_policy_t *policy, uint64_t key)
{
    bool      first;
    unsigned  i;
    uint64_t  withheld, reported;

    if (policy != NULL) {
        consent_ctl_json_text(b, "policy", policy->id);
        consent_ctl_json_text(b, "policy_version", policy->version);
    }

    consent_ctl_json_name(b, "categories");
    consent_buf_char(b, '[');

    for (i = 0, first = true; i < CONSENT_MAX_CATEGORIES; i++) {
        withheld = consent_recent_category(recent, key, i, false);
        reported = consent_recent_category(recent, key, i, true);

        if (withheld == 0 && reported == 0) {
            continue;
        }

        consent_buf_str(b, first ? "{" : ",{");
        first = false;

        if (policy != NULL && i < policy->n_categories) {
            consent_ctl_json_text(b, "category", policy->categories[i].id);
        } else {
            consent_ctl_json_number(b, "category", i);
        }

        consent_ctl_json_number(b, "withheld", withheld);
        consent_ctl_json_number(b, "would_withhold", reported);
        consent_buf_char(b, '}');
    }

    consent_buf_char(b, ']');
}
