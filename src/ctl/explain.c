/*
 * consentctl explain: why a request was refused or changed, for who answers the citizen.
 */

#include "ctl/titles.h"
#include "base/json.h"
#include "base/when.h"

#include <stdio.h>

#define OUTPUT_MAX  (1024 * 1024)

typedef struct {
    uint8_t                 code[4];
    bool                    json;
    size_t                  found;
    consent_buf_t           out;
    consent_ctl_titles_t   *titles;
} explain_t;

static consent_recent_t *open_recent(const char *directory);
static bool each(void *arg, const consent_recent_event_t *event);
static void explain_text(explain_t *x, const consent_recent_event_t *event);
static void explain_json(explain_t *x, const consent_recent_event_t *event);
static void sentence(explain_t *x, const consent_recent_event_t *event, const consent_policy_t *policy);
static void categories(consent_buf_t *b, const consent_policy_t *policy, consent_mask_t mask);
static void carriers(consent_buf_t *b, uint32_t bits);
static const char *rule_of(consent_event_t event);
static const char *why_body(consent_why_t why);


int
consent_ctl_explain(int argc, char **argv)
{
    char                    why[256];
    explain_t               x;
    const char             *operands[2];
    consent_ledger_t       *ledger;
    consent_recent_t       *recent;
    consent_ctl_option_t    options[] = { { "--json", false, NULL } };
    consent_ledger_conf_t   conf = { .read_only = true };

    memset(&x, 0, sizeof(x));

    if (!consent_ctl_arguments(argc, argv, options, consent_countof(options), operands, 2)) {
        return CONSENT_CTL_USAGE;
    }

    /* a whole request id will do */
    if (strlen(operands[1]) < 8 || consent_hex_decode(x.code, 4, consent_slice(operands[1], 8)) != CONSENT_OK) {
        return consent_ctl_complain("a code is eight hexadecimal digits, as on the page that refused");
    }

    if (!consent_ctl_become_owner(operands[0])) {
        return CONSENT_CTL_USAGE;
    }

    recent = open_recent(operands[0]);

    if (recent == NULL) {
        return CONSENT_CTL_USAGE;
    }

    /* without the store, categories have numbers and no names */
    conf.directory = operands[0];
    ledger = NULL;

    if (consent_ledger_open(&ledger, &conf, why) != CONSENT_OK) {
        (void) consent_ctl_complain("%s", why);
    }

    x.json = options[0].value != NULL;
    x.titles = consent_ctl_titles_create(ledger);
    consent_buf_init(&x.out, OUTPUT_MAX);

    if (x.json) {
        consent_buf_char(&x.out, '[');
    }

    if (x.titles != NULL) {
        consent_recent_each(recent, each, &x);
    }

    if (x.json) {
        consent_buf_str(&x.out, "]\n");

    } else if (x.found == 0) {
        consent_buf_str(&x.out, "Nothing is known of this code. Either nothing of that request was held back, or it was\n"
                        "before nginx was last started, or more than 65,536 events ago.\n");
    }

    consent_ctl_titles_destroy(x.titles);
    consent_ledger_close(ledger);
    consent_recent_close(recent);

    return !consent_ctl_flush(&x.out) ? CONSENT_CTL_USAGE : x.found > 0 ? CONSENT_CTL_HOLDS : CONSENT_CTL_FAILS;
}


static consent_recent_t *
open_recent(const char *directory)
{
    consent_rc_t       rc;
    consent_recent_t  *recent;

    rc = consent_recent_open(&recent, directory, false, true);

    if (rc == CONSENT_NOTFOUND) {
        (void) consent_ctl_complain("there is no record of recent events in %s: nginx makes it when it starts",
                                    directory);
    } else if (rc != CONSENT_OK) {
        (void) consent_ctl_complain("cannot read the record of recent events in %s: %s", directory,
                                    consent_rc_name(rc));
    }

    return rc == CONSENT_OK ? recent : NULL;
}


static bool
each(void *arg, const consent_recent_event_t *event)
{
    explain_t  *x = arg;

    if (memcmp(event->code, x->code, sizeof(x->code)) == 0) {
        if (x->found++ > 0) {
            consent_buf_char(&x->out, x->json ? ',' : '\n');
        }

        (x->json ? explain_json : explain_text)(x, event);
    }

    return x->out.rc == CONSENT_OK;
}


static void
explain_text(explain_t *x, const consent_recent_event_t *event)
{
    const consent_policy_t  *policy = consent_ctl_titles_policy(x->titles, event->policy);

    consent_buf_printf(&x->out, "%-10s ", "When");
    consent_when_rfc3339(&x->out, event->at);
    consent_buf_printf(&x->out, "\n%-10s ", "Location");
    consent_ctl_plain(&x->out, consent_cstr(event->location));
    consent_buf_printf(&x->out, "\n%-10s %s\n", "Rule", rule_of(event->event));

    if (event->carriers != 0) {
        consent_buf_printf(&x->out, "%-10s ", "Carrier");
        carriers(&x->out, event->carriers);
        consent_buf_char(&x->out, '\n');
    }

    if (policy != NULL) {
        consent_buf_printf(&x->out, "%-10s ", "Policy");
        consent_ctl_plain(&x->out, policy->id);
        consent_buf_str(&x->out, ", version ");
        consent_ctl_plain(&x->out, policy->version);
        consent_buf_char(&x->out, '\n');
    }

    consent_buf_char(&x->out, '\n');
    sentence(x, event, policy);

    if (event->reported) {
        consent_buf_str(&x->out, "This location only reports (consent report): nothing was changed or refused.\n");
    }
}


static void
sentence(explain_t *x, const consent_recent_event_t *event, const consent_policy_t *policy)
{
    consent_buf_t  *b = &x->out;

    switch (event->event) {
    case CONSENT_EVENT_WITHHELD:
        consent_buf_str(b, event->reported ? "The request would have gone on without " : "The request went on without ");
        categories(b, policy, event->categories);
        consent_buf_str(b, ".\nThe citizen has not agreed to share this.\n");
        break;

    case CONSENT_EVENT_REQUIRED:
        consent_buf_str(b, "This location asks for what ");

        if (event->required >= 0) {
            consent_buf_str(b, "the level ");
            consent_ctl_level(b, policy, (size_t) event->required);
            consent_buf_str(b, " shares");
        } else {
            consent_buf_str(b, "a level shares");
        }

        consent_buf_str(b, ". Not agreed to: ");
        categories(b, policy, event->categories);
        consent_buf_str(b, ".\nThe answer said which data is needed and why, and how to reach a person.\n");
        break;

    case CONSENT_EVENT_BODY:
        consent_buf_printf(b, "What was sent %s passed on. %s", event->reported ? "would not have been" : "was not",
                           why_body(event->why));

        if (event->categories != 0) {
            consent_buf_str(b, "\nSo it may hold what the citizen has not agreed to share: ");
            categories(b, policy, event->categories);
            consent_buf_char(b, '.');
        }

        consent_buf_char(b, '\n');
        break;

    case CONSENT_EVENT_PATH:
        consent_buf_str(b, "The address itself tells ");
        categories(b, policy, event->categories);
        consent_buf_str(b, ", which the citizen has not agreed to share.\n");
        break;

    case CONSENT_EVENT_STORE:
        consent_buf_str(b, "The store did not take the decision: nothing has changed, and the citizen was told so.\n"
                        "nginx's error log says why; \"consentctl store stat\" whether it is full.\n");
        break;

    case CONSENT_EVENT_CSRF:
        consent_buf_str(b, "The decision did not come from a page of this portal, or the page was too old. Nothing has\n"
                        "changed. Opening the choice page anew and choosing again helps.\n");
        break;

    case CONSENT_EVENT_UNREADABLE:
        consent_buf_str(b, "The form or document that was sent to the consent pages could not be read. Nothing has\n"
                        "changed.\n");
        break;

    case CONSENT_EVENT_ASKED:
        consent_buf_str(b, "A form held ");
        categories(b, policy, event->categories);
        consent_buf_str(b, ". The citizen was asked whether to send it this\ntime; nothing had been passed on by then.\n");
        break;

    case CONSENT_EVENT_UNKNOWN:
        consent_buf_str(b, "The request has a name that the policy does not know. \"consentctl gaps\" lists such names by\n"
                        "location.\n");
        break;

    case CONSENT_EVENT_ROUTED:
        consent_buf_str(b, event->why == CONSENT_WHY_TOPIC ? "The policy leaves its topic to people"
                        : event->why == CONSENT_WHY_PERSON ? "The citizen has chosen that only a person answers"
                        : "The policy leaves its topic to people, or the citizen has chosen that only a person answers");
        consent_buf_printf(b, ": it %s to a person instead of an AI\n(consent_topic, consent_human_route).\n",
                           event->reported ? "would have gone" : "went");
        break;
    }
}


/* All that it may have been, where that is not known. */
static const char *
why_body(consent_why_t why)
{
    switch (why) {
    case CONSENT_WHY_SYNTAX:
        return "It is not what its\nContent-Type says, or written in a way that servers read differently.";
    case CONSENT_WHY_DEPTH:
        return "It is nested too\ndeeply to be looked into.";
    case CONSENT_WHY_NAME:
        return "A name in it is too\nlong, or written in a way that servers read differently.";
    case CONSENT_WHY_DUPLICATE:
        return "A name stands in it\ntwice, and servers disagree which one counts.";
    case CONSENT_WHY_CHARSET:
        return "It is in a charset\nthat is not looked into.";
    case CONSENT_WHY_ENCODING:
        return "It is encoded in a\nway that is not undone here (Content-Encoding, or base64 in a part).";
    case CONSENT_WHY_TYPE:
        return "Its media type, or\nthat of a part, is not looked into, and the policy does not let it pass (bodies).";
    case CONSENT_WHY_SIZE:
        return "It is larger than\nconsent_body_limit.";
    default:
        return "It asks for a\nconnection that cannot be looked into (Upgrade), or is a form too large to ask about (64 KB,\n"
               "consent_form), or half of it had been sent on from where consent is off.";
    }
}


static void
explain_json(explain_t *x, const consent_recent_event_t *event)
{
    char                     code[8];
    bool                     first;
    size_t                   i;
    consent_buf_t           *b = &x->out;
    const consent_policy_t  *policy = consent_ctl_titles_policy(x->titles, event->policy);

    consent_hex(code, event->code, 4);
    consent_buf_char(b, '{');
    consent_ctl_json_text(b, "code", consent_slice(code, sizeof(code)));
    consent_ctl_json_name(b, "at");
    consent_buf_char(b, '"');
    consent_when_rfc3339(b, event->at);
    consent_buf_char(b, '"');
    consent_ctl_json_text(b, "location", consent_cstr(event->location));
    consent_ctl_json_text(b, "event", consent_cstr(consent_event_name(event->event)));
    consent_ctl_json_text(b, "rule", consent_cstr(rule_of(event->event)));

    if (event->why != CONSENT_WHY_UNSAID) {
        consent_ctl_json_text(b, "why", consent_cstr(consent_why_name(event->why)));
    }

    consent_ctl_json_flag(b, "reported", event->reported);
    consent_ctl_json_name(b, "carriers");
    consent_buf_char(b, '[');

    for (i = 0, first = true; i <= CONSENT_CARRIER_BODY; i++) {
        if (event->carriers >> i & 1) {
            consent_buf_str(b, first ? "" : ",");
            consent_json_write_string(b, consent_cstr(consent_carrier_name((consent_carrier_t) i)), false);
            first = false;
        }
    }

    consent_buf_char(b, ']');
    consent_ctl_json_name(b, "categories");
    consent_buf_char(b, '[');

    for (i = 0, first = true; i < CONSENT_MAX_CATEGORIES; i++) {
        if (event->categories >> i & 1) {
            consent_buf_str(b, first ? "" : ",");
            first = false;

            if (policy != NULL && i < policy->n_categories) {
                consent_json_write_string(b, policy->categories[i].id, false);
            } else {
                consent_buf_u64(b, i);
            }
        }
    }

    consent_buf_char(b, ']');

    if (policy != NULL) {
        consent_ctl_json_text(b, "policy", policy->id);
        consent_ctl_json_text(b, "policy_version", policy->version);

        if (event->required >= 0 && (size_t) event->required < policy->n_levels) {
            consent_ctl_json_text(b, "required", policy->levels[event->required].id);
        }
    }

    consent_buf_char(b, '}');
}


static void
categories(consent_buf_t *b, const consent_policy_t *policy, consent_mask_t mask)
{
    size_t  i, n;

    if (mask == 0) {
        consent_buf_str(b, "nothing in particular");
        return;
    }

    for (i = 0, n = 0; i < CONSENT_MAX_CATEGORIES; i++) {
        if (mask >> i & 1) {
            mask &= ~((consent_mask_t) 1 << i);
            consent_buf_str(b, n++ == 0 ? "" : mask == 0 ? " and " : ", ");
            consent_ctl_category(b, policy, i);
        }
    }
}


static void
carriers(consent_buf_t *b, uint32_t bits)
{
    size_t  i, n;

    for (i = 0, n = 0; i <= CONSENT_CARRIER_BODY; i++) {
        if (bits >> i & 1) {
            consent_buf_str(b, n++ == 0 ? "" : ", ");
            consent_buf_str(b, consent_carrier_name((consent_carrier_t) i));
        }
    }
}


static const char *
rule_of(consent_event_t event)
{
    switch (event) {
    case CONSENT_EVENT_WITHHELD:
        return "what is not agreed to does not pass (consent on)";
    case CONSENT_EVENT_REQUIRED:
        return "consent_require";
    case CONSENT_EVENT_BODY:
        return "a body that cannot be inspected does not pass";
    case CONSENT_EVENT_PATH:
        return "a path that carries a category";
    case CONSENT_EVENT_STORE:
        return "a decision counts when it is durable";
    case CONSENT_EVENT_CSRF:
        return "decisions come from the portal's own pages";
    case CONSENT_EVENT_UNREADABLE:
        return "forms and documents are well-formed";
    case CONSENT_EVENT_ASKED:
        return "what a person types is asked about, not dropped (consent_form)";
    case CONSENT_EVENT_UNKNOWN:
        return "names that the policy does not know are refused (consent_unknown)";
    case CONSENT_EVENT_ROUTED:
        return "what is for people goes to a person (consent_topic)";
    }

    return "unknown";
}
