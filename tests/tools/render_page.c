/*
 * Writes any of the pages to standard output, so that it can be looked at, and tested in a browser, without a
 * server.
 *
 *   render_page POLICY PAGE LANGUAGE [name=value ...]
 *
 * PAGE: choice, record, receipt, erase, human, policy, ai, problem, openapi. Names: base, now (RFC 3339), state
 * (none, given, custom, expired, lapsed, gpc), say, required (level), kept (level, or categories with
 * commas), back, problem, shell (file), places, neutral, unavailable, identified, by (guardian, representative),
 * minor, past (which of the history a receipt is of), pending, request.
 */

#include "pages/erase.h"
#include "pages/pages.h"

#include <stdio.h>
#include <stdlib.h>

#define MINUTE  (60 * 1000)
#define DAY     (24 * 60 * (consent_time_t) MINUTE)

typedef struct {
    int     argc;
    char  **argv;
} args_t;

static const char *says[] = {
    "nothing", "saved", "withdrawn", "forgotten", "not-saved", "no-cookie", "policy-changed", "form-stale",
    "unreadable", "minor", "logged-in"
};

static const char *problems[] = {
    "consent-required", "body-refused", "path-refused", "policy-changed", "csrf", "malformed", "too-large",
    "media-type", "not-found", "method", "not-saved", "unknown-name", "upstream"
};


static const char *bys[] = { "self", "guardian", "representative" };

static const char *erases[] = {
    "ask", "done", "nothing", "held", "failed", "stale", "not-hers", "taken", "unknown"
};


static const char *
arg(const args_t *args, const char *name, const char *otherwise)
{
    int     i;
    size_t  len;

    len = strlen(name);

    for (i = 4; i < args->argc; i++) {
        if (strncmp(args->argv[i], name, len) == 0 && args->argv[i][len] == '=') {
            return args->argv[i] + len + 1;
        }
    }

    return otherwise;
}


static int
word(const char **words, size_t n, const char *w)
{
    size_t  i;

    for (i = 0; i < n; i++) {
        if (strcmp(words[i], w) == 0) {
            return (int) i;
        }
    }

    fprintf(stderr, "render_page: what is \"%s\"?\n", w);
    exit(2);
}


static consent_slice_t
read_file(const char *name)
{
    size_t    n;
    FILE     *f;
    uint8_t  *data;

    f = fopen(name, "rb");
    data = malloc(CONSENT_POLICY_MAX_FILE);

    if (f == NULL || data == NULL) {
        perror(name);
        exit(2);
    }

    n = fread(data, 1, CONSENT_POLICY_MAX_FILE, f);
    fclose(f);

    return consent_slice(data, n);
}


static consent_policy_t *
load(consent_slice_t text)
{
    consent_buf_t      b;
    consent_fault_t   *fault;
    consent_faults_t   faults;
    consent_policy_t  *policy;

    memset(&faults, 0, sizeof(consent_faults_t));
    faults.arena = consent_arena_create(1024 * 1024);

    if (consent_policy_load(&policy, text, &faults) != CONSENT_OK) {
        consent_buf_init(&b, 1024 * 1024);

        for (fault = faults.first; fault != NULL; fault = fault->next) {
            consent_fault_print(&b, fault);
            consent_buf_char(&b, '\n');
        }

        fwrite(b.data, 1, b.len, stderr);
        exit(1);
    }

    consent_arena_destroy(faults.arena);

    return policy;
}


static consent_effect_t
effect_of(const consent_policy_t *policy, const char *state, consent_time_t now)
{
    int               last;
    consent_effect_t  e;

    memset(&e, 0, sizeof(consent_effect_t));
    last = (int) policy->n_levels - 1;

    if (strcmp(state, "none") == 0) {
        return e;
    }

    e.status = CONSENT_STATUS_GIVEN;
    e.chosen = last < 1 ? last : 1;
    e.level = e.chosen;
    e.granted = policy->levels[e.level].shares;
    e.scope = CONSENT_SCOPE_STANDING;
    e.decided_at = now - 16 * MINUTE;
    e.expires_at = consent_duration_add(e.decided_at, policy->valid_for);
    memset(e.receipt, 0x5f, CONSENT_ID_LEN);

    if (strcmp(state, "custom") == 0) {
        e.chosen = CONSENT_LEVEL_CUSTOM;
        e.level = 0;
        e.granted = policy->consent_mask & ~policy->levels[1].shares;

    } else if (strcmp(state, "expired") == 0) {
        e.status = CONSENT_STATUS_EXPIRED;
        e.chosen = e.level = 0;
        e.granted = 0;

    } else if (strcmp(state, "lapsed") == 0) {
        e.status = CONSENT_STATUS_LAPSED;
        e.chosen = last;
        e.level = 0;
        e.granted = 0;

    } else if (strcmp(state, "gpc") == 0) {
        e.chosen = last;
        e.level = 0;
        e.granted = policy->levels[last].shares & ~policy->gpc_mask;
        e.gpc_applied = true;
    }

    return e;
}


/* A short history: a level and its categories, a withdrawal, a selection by a guardian, one nobody can read
 * any more. */
static size_t
past_of(consent_past_t *past, const consent_policy_t *policy, consent_time_t now)
{
    size_t               i;
    consent_decision_t  *d;

    memset(past, 0, 4 * sizeof(consent_past_t));

    for (i = 0; i < 4; i++) {
        d = &past[i].decision;
        d->status = CONSENT_STATUS_GIVEN;
        d->scope = CONSENT_SCOPE_STANDING;
        d->decided_at = now - 16 * MINUTE - (consent_time_t) (i * i) * 5 * DAY;
        d->expires_at = consent_duration_add(d->decided_at, policy->valid_for);
        memset(d->receipt, (int) (0x5f - i), CONSENT_ID_LEN);
        past[i].policy = policy;
    }

    past[0].decision.level = policy->n_levels > 1;
    past[0].decision.granted = policy->levels[policy->n_levels > 1].shares;
    past[1].decision.status = CONSENT_STATUS_WITHDRAWN;
    past[2].decision.level = CONSENT_LEVEL_CUSTOM;
    past[2].decision.granted = policy->consent_mask;
    past[2].decision.by = CONSENT_BY_GUARDIAN;
    past[3].policy = NULL;

    return 4;
}


static void
page_choice(consent_buf_t *b, const consent_page_t *page, const args_t *args, const consent_effect_t *effect)
{
    char             *names, *p, *end;
    const char       *kept;
    consent_wish_t    wish;
    consent_slice_t   categories[CONSENT_MAX_CATEGORIES];
    consent_choice_t  choice;

    memset(&choice, 0, sizeof(consent_choice_t));
    choice.effect = page->neutral ? NULL : effect;
    choice.token = consent_lit("dG9rZW4");
    choice.forget_token = consent_lit("Zm9yZ2V0");
    choice.say = (consent_say_t) word(says, consent_countof(says), arg(args, "say", "nothing"));
    choice.code = consent_lit("3f9a01c7");
    choice.has_record = effect->status != CONSENT_STATUS_NONE;
    choice.back = consent_cstr(arg(args, "back", ""));
    choice.identified = arg(args, "identified", NULL) != NULL;
    choice.required_level = -1;

    if (arg(args, "required", NULL) != NULL) {
        choice.required_level = consent_policy_level(page->policy, consent_cstr(arg(args, "required", "")));
        choice.missing = page->policy->levels[choice.required_level].shares & ~effect->granted;
    }

    kept = arg(args, "kept", NULL);
    names = NULL;

    if (kept != NULL) {
        memset(&wish, 0, sizeof(consent_wish_t));
        wish.categories = categories;
        wish.level = consent_cstr(kept);
        wish.scope = CONSENT_SCOPE_STANDING;
        wish.ai = CONSENT_AI_NONE;

        if (consent_policy_level(page->policy, wish.level) < 0) {
            wish.level = consent_lit("custom");

            names = strdup(kept);

            for (p = names; p != NULL; p = end) {
                end = strchr(p, ',');

                if (end != NULL) {
                    *end++ = '\0';
                }

                categories[wish.n_categories++] = consent_cstr(p);
            }
        }

        choice.kept = &wish;
    }

    consent_page_choice(b, page, &choice);
    free(names);
}


static void
page_record(consent_buf_t *b, const consent_page_t *page, const args_t *args, const consent_effect_t *effect)
{
    consent_past_t      past[4];
    consent_record_t    record;
    consent_withheld_t  withheld[2];

    memset(&record, 0, sizeof(consent_record_t));
    record.effect = effect;
    record.token = consent_lit("dG9rZW4");
    record.forget_token = consent_lit("Zm9yZ2V0");
    record.has_record = effect->status != CONSENT_STATUS_NONE;
    record.identified = arg(args, "identified", NULL) != NULL;
    record.unavailable = arg(args, "unavailable", NULL) != NULL;
    record.past = past;
    record.withheld = withheld;

    if (record.has_record) {
        record.n_past = past_of(past, page->policy, page->now);
        record.more_past = true;
        record.n_withheld = 2;
        withheld[0] = (consent_withheld_t) { page->now - 3 * MINUTE, consent_lit("/assistent"), 2 };
        withheld[1] = (consent_withheld_t) { page->now - 14 * MINUTE, consent_lit("/ansok/bygglov"), 12 };
    }

    consent_page_record(b, page, &record);
}


static void
page_human(consent_buf_t *b, consent_page_t *page, const args_t *args)
{
    consent_human_t         human;
    consent_handoff_view_t  request;

    static const char  *happened[] = { "nothing", "taken", "not-saved", "unreadable", "stale", "unknown" };

    memset(&human, 0, sizeof(consent_human_t));
    human.token = consent_lit("dG9rZW4");
    human.code = consent_lit("3f9a01c7");
    human.say = (consent_callback_say_t) word(happened, consent_countof(happened), arg(args, "say", "nothing"));
    human.contact = consent_cstr(arg(args, "contact", ""));
    human.topic = consent_cstr(arg(args, "topic", ""));
    page->callback = arg(args, "callback", NULL) != NULL;

    if (arg(args, "status", NULL) != NULL
        && consent_handoff_status_parse(&request.status, consent_cstr(arg(args, "status", ""))))
    {
        request.number = consent_lit("3f9a01c7d2b84e6f90a1b2c3d4e5f607");
        request.topic = page->policy->topics[0].id;
        request.tag = consent_lit("KC-2026-118");
        request.at = page->now - 3 * MINUTE;
        human.request = &request;
    }

    consent_page_human(b, page, &human);
}


static void
page_receipt(consent_buf_t *b, const consent_page_t *page, const args_t *args, const consent_past_t *past)
{
    int                   n;
    consent_receipt_t     receipt;
    static const uint8_t  subject[CONSENT_SUBJECT_LEN];

    n = atoi(arg(args, "past", "0"));
    memset(&receipt, 0, sizeof(consent_receipt_t));

    receipt.past = past[n];
    receipt.later = n > 0 ? &past[n - 1] : NULL;
    receipt.before = n < 3 ? &past[n + 1] : NULL;
    receipt.index = 1017;
    receipt.entry = consent_lit("{\"node\":\"consent.example.org/node1\"}");
    receipt.proof = arg(args, "pending", NULL) != NULL ? consent_lit("") : consent_lit("c2sp.org/tlog-proof@v1\n");
    receipt.opening.subject = subject;

    consent_page_receipt(b, page, &receipt);
}


static void
page_erase(consent_buf_t *b, const consent_page_t *page, const args_t *args)
{
    consent_erase_t         erase;
    consent_handoff_view_t  status;

    memset(&erase, 0, sizeof(consent_erase_t));
    memset(&status, 0, sizeof(consent_handoff_view_t));

    erase.say = (consent_erase_say_t) word(erases, consent_countof(erases), arg(args, "say", "ask"));
    erase.request = arg(args, "request", NULL) != NULL;
    erase.taken = strcmp(arg(args, "request", ""), "nowhere") != 0;
    erase.token = consent_lit("dG9rZW4");
    erase.code = consent_lit("3f9a01c7");

    if (erase.say == CONSENT_ERASE_TAKEN) {
        status.at = page->now - 5 * MINUTE;
        erase.status = &status;
    }

    consent_page_erase(b, page, &erase);
}


int
main(int argc, char **argv)
{
    args_t              args;
    const char         *why;
    consent_buf_t       b;
    consent_ask_t       ask;
    consent_past_t      past[4];
    consent_page_t      page;
    consent_shell_t     shell;
    consent_effect_t    effect;
    consent_problem_t   problem;
    consent_slice_t     policy_text, shell_text;
    consent_policy_t   *policy;

    static const consent_ai_place_t  places[] = {
        { consent_lit("/assistent"), consent_lit("chat"), consent_lit(""), consent_lit(""), consent_lit("") },
        { consent_lit("/assistent/svar"), consent_lit("on"), consent_lit("machine-generated"),
          consent_lit("demo-1"), consent_lit("Exempelkommun") }
    };

    if (argc < 4) {
        fprintf(stderr, "usage: render_page POLICY PAGE LANGUAGE [name=value ...]\n");
        return 2;
    }

    args = (args_t) { argc, argv };

    memset(&page, 0, sizeof(consent_page_t));
    policy_text = read_file(argv[1]);
    policy = load(policy_text);
    page.policy = policy;
    page.base = consent_cstr(arg(&args, "base", "/.privacy/"));
    page.path = consent_cstr(strcmp(argv[2], "choice") == 0 ? "" : argv[2]);
    page.language = consent_policy_language(page.policy, consent_cstr(argv[3]), consent_lit(""));
    page.chosen_language = true;
    page.neutral = arg(&args, "neutral", NULL) != NULL;
    page.minor = arg(&args, "minor", NULL) != NULL;
    page.by = (consent_by_t) word(bys, consent_countof(bys), arg(&args, "by", "self"));

    if (consent_when_parse(&page.now, consent_cstr(arg(&args, "now", "2026-11-23T08:31:00Z")))
        != CONSENT_OK)
    {
        return 2;
    }

    shell_text = consent_slice(NULL, 0);

    if (arg(&args, "shell", NULL) != NULL) {
        shell_text = read_file(arg(&args, "shell", NULL));

        if (consent_shell_parse(&shell, shell_text, &why) != CONSENT_OK) {
            fprintf(stderr, "render_page: %s\n", why);
            return 1;
        }

        page.shell = &shell;
    }

    effect = effect_of(page.policy, arg(&args, "state", "none"), page.now);
    consent_buf_init(&b, CONSENT_PAGE_MAX);

    if (strcmp(argv[2], "choice") == 0) {
        page_choice(&b, &page, &args, &effect);

    } else if (strcmp(argv[2], "record") == 0) {
        page_record(&b, &page, &args, &effect);

    } else if (strcmp(argv[2], "receipt") == 0) {
        past_of(past, page.policy, page.now);
        page_receipt(&b, &page, &args, past);

    } else if (strcmp(argv[2], "erase") == 0) {
        page_erase(&b, &page, &args);

    } else if (strcmp(argv[2], "ask") == 0) {
        memset(&ask, 0, sizeof(consent_ask_t));
        ask.action = consent_lit("/ansok/bygglov");
        ask.type = consent_lit("application/x-www-form-urlencoded");
        ask.body = consent_lit("namn=Kim&pnr=19800101-1234");
        ask.categories = 2;
        ask.token = consent_lit("dG9rZW4");
        ask.say = (consent_say_t) word(says, consent_countof(says), arg(&args, "say", "nothing"));
        ask.code = consent_lit("3f9a01c7");
        consent_page_ask(&b, &page, &ask);

    } else if (strcmp(argv[2], "human") == 0) {
        page_human(&b, &page, &args);

    } else if (strcmp(argv[2], "policy") == 0) {
        consent_page_policy(&b, &page);

    } else if (strcmp(argv[2], "ai") == 0) {
        consent_page_ai(&b, &page, places, (size_t) atoi(arg(&args, "places", "2")));

    } else if (strcmp(argv[2], "openapi") == 0) {
        consent_json_openapi(&b, &page);

    } else if (strcmp(argv[2], "problem") == 0) {
        memset(&problem, 0, sizeof(consent_problem_t));
        problem.type = (consent_problem_type_t) word(problems, consent_countof(problems),
                                                     arg(&args, "problem", "upstream"));
        problem.code = consent_lit("3f9a01c7");
        problem.level = -1;
        consent_page_problem(&b, &page, &problem);

    } else {
        fprintf(stderr, "render_page: no page \"%s\"\n", argv[2]);
        return 2;
    }

    if (b.rc != CONSENT_OK) {
        fprintf(stderr, "render_page: %s\n", consent_rc_name(b.rc));
        return 1;
    }

    fwrite(b.data, 1, b.len, stdout);

    consent_buf_free(&b);
    consent_policy_destroy(policy);
    free((void *) policy_text.data);
    free((void *) shell_text.data);

    return 0;
}
