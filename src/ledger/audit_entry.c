/*
 * What an entry must say: docs/log.md as a table. Types and members that are not in it are of a later version, and taken as
 * they are.
 */

#include "ledger/audit_inside.h"
#include "base/utf8.h"
#include "base/when.h"
#include "ledger/members.h"

#include <stdio.h>

#define MEMBERS_MAX  48         /* of an entry that are looked at */
#define HEX_LEN      (2 * CONSENT_HASH_LEN)
#define TIME_LEN     20         /* 2026-11-22T09:00:00Z */

typedef enum {
    IS_STRING = 0,
    IS_STRING_OR_NULL,
    IS_HASH,
    IS_HASH_OR_NULL,
    IS_FLAG,
    IS_COUNT,
    IS_COUNT_OR_NULL,
    IS_LIST,                    /* of strings, sorted, each once */
    IS_ARRAY,
    IS_OBJECT,
    IS_WORD                     /* one of the rule's */
} audit_is_t;

typedef struct {
    const char         *name;
    audit_is_t          is;
    const char *const  *words;
} audit_rule_t;

typedef struct {
    const char          *type;
    const audit_rule_t  *rules;         /* sorted by name */
    size_t               n;
} audit_type_t;

typedef struct {
    size_t           n;
    consent_slice_t  names[MEMBERS_MAX];
    consent_slice_t  values[MEMBERS_MAX];
} audit_members_t;

static const char *audit_read(audit_members_t *members, consent_slice_t entry);
static const char *audit_rules(consent_auditor_t *a, const audit_members_t *members, const audit_rule_t *rules, size_t n);
static bool audit_is(consent_slice_t value, const audit_rule_t *rule);
static bool audit_is_list(consent_slice_t value);
static const char *audit_sealed(consent_auditor_t *a, uint64_t index, consent_slice_t leaves);
static const char *audit_time(consent_auditor_t *a, consent_slice_t time, bool hours);
static bool audit_time_is(consent_slice_t time, bool hours);
static consent_slice_t audit_get(const audit_members_t *members, const char *name);
static bool audit_word(consent_slice_t value, const char *word);

static const char *const  assurances[] = { "anonymous", "identified", NULL };
static const char *const  bys[] = { "self", "guardian", "representative", "clerk", "signal", NULL };
static const char *const  methods[] = { "form", "api", "gpc", "adpc", "operator", NULL };
static const char *const  scopes[] = { "session", "standing", "once", NULL };
static const char *const  statuses[] = { "given", "refused", "withdrawn", "expired", "lapsed", "lowered", NULL };
static const char *const  changes[] = { "new", "retired", NULL };
static const char *const  channels[] = { "callback", "erasure", "route", "page", NULL };
static const char *const  handoffs[] = {
    "requested", "delivered", "taken", "closed", "expired", "routed", "offered", NULL
};
static const char *const  holds[] = { "placed", "released", NULL };

static const audit_rule_t  common[] = {
    { "node", IS_STRING, NULL }, { "policy", IS_STRING, NULL }, { "policy_hash", IS_STRING, NULL },
    { "policy_version", IS_STRING, NULL }, { "time", IS_STRING, NULL }, { "type", IS_STRING, NULL }, { "v", IS_COUNT, NULL }
};

static const audit_rule_t  of_audit[] = {
    { "bundles", IS_COUNT, NULL }, { "location", IS_STRING, NULL }, { "notices", IS_COUNT, NULL },
    { "policies", IS_COUNT, NULL }, { "role", IS_STRING, NULL }, { "tiles", IS_COUNT, NULL }
};
static const audit_rule_t  of_config[] = {
    { "keys", IS_OBJECT, NULL }, { "locations", IS_ARRAY, NULL }, { "locations_hash", IS_HASH, NULL },
    { "locations_total", IS_COUNT, NULL }, { "module", IS_STRING, NULL }, { "nginx", IS_STRING, NULL }
};
static const audit_rule_t  of_decision[] = {
    { "assurance", IS_WORD, assurances }, { "by", IS_WORD, bys }, { "categories", IS_LIST, NULL },
    { "commitment", IS_HASH, NULL }, { "language", IS_STRING, NULL }, { "level", IS_STRING, NULL },
    { "method", IS_WORD, methods }, { "notice_hash", IS_HASH_OR_NULL, NULL }, { "scope", IS_WORD, scopes },
    { "status", IS_WORD, statuses }
};
static const audit_rule_t  of_disclosure[] = {
    { "kind", IS_STRING, NULL }, { "mode", IS_STRING, NULL }, { "notice_first", IS_FLAG, NULL },
    { "notice_hash", IS_HASH, NULL }, { "outcome", IS_STRING, NULL }, { "service", IS_STRING, NULL }
};
static const audit_rule_t  of_erasure[] = { { "entries", IS_COUNT, NULL } };
static const audit_rule_t  of_handoff[] = {
    { "channel", IS_WORD, channels }, { "status", IS_WORD, handoffs }, { "topic", IS_STRING_OR_NULL, NULL }
};
static const audit_rule_t  of_key[] = {
    { "by", IS_STRING, NULL }, { "change", IS_WORD, changes }, { "kid", IS_STRING, NULL }, { "signature", IS_STRING, NULL },
    { "use", IS_STRING, NULL }
};
static const audit_rule_t  of_missed[] = { { "count", IS_COUNT, NULL } };
static const audit_rule_t  of_hold[] = { { "change", IS_WORD, holds } };
static const audit_rule_t  of_pruned[] = {
    { "decision", IS_STRING, NULL }, { "leaves", IS_COUNT, NULL }, { "log", IS_COUNT, NULL }
};
static const audit_rule_t  of_restored[] = {
    { "entries", IS_COUNT, NULL }, { "lost", IS_COUNT_OR_NULL, NULL }, { "signed_origin", IS_STRING_OR_NULL, NULL },
    { "signed_size", IS_COUNT_OR_NULL, NULL }
};
static const audit_rule_t  of_sealed[] = { { "leaves", IS_COUNT, NULL }, { "log", IS_COUNT, NULL } };
static const audit_rule_t  of_snapshot[] = {
    { "count", IS_COUNT, NULL }, { "hash", IS_HASH, NULL }, { "origin", IS_STRING, NULL }, { "vector", IS_ARRAY, NULL }
};
static const audit_rule_t  of_origin[] = {
    { "origin", IS_STRING, NULL }, { "origin_hash", IS_HASH, NULL }, { "origin_index", IS_COUNT, NULL }
};
static const audit_rule_t  of_policy[] = { { "document", IS_OBJECT, NULL } };

static const audit_type_t  types[] = {
    { "decision", of_decision, consent_countof(of_decision) },
    { "disclosure", of_disclosure, consent_countof(of_disclosure) },
    { "handoff", of_handoff, consent_countof(of_handoff) },
    { "erasure", of_erasure, consent_countof(of_erasure) },
    { "config", of_config, consent_countof(of_config) },
    { "key", of_key, consent_countof(of_key) },
    { "policy", of_policy, consent_countof(of_policy) },
    { "hold", of_hold, consent_countof(of_hold) },
    { "snapshot", of_snapshot, consent_countof(of_snapshot) },
    { "missed", of_missed, consent_countof(of_missed) },
    { "audit", of_audit, consent_countof(of_audit) },
    { "restored", of_restored, consent_countof(of_restored) },
    { "sealed", of_sealed, consent_countof(of_sealed) },
    { "pruned", of_pruned, consent_countof(of_pruned) },
};


const char *
consent_audit_entry(consent_auditor_t *a, uint64_t index, consent_slice_t entry)
{
    bool             foreign;
    size_t           i;
    const char      *what;
    consent_slice_t  type, node;
    audit_members_t  members;

    what = audit_read(&members, entry);

    if (what == NULL) {
        what = audit_rules(a, &members, common, consent_countof(common));
    }

    if (what == NULL && a->said.sealed) {
        what = "comes behind the end of its log";
    }

    if (what != NULL) {
        return what;
    }

    node = audit_get(&members, "node");
    type = audit_get(&members, "type");

    if (!consent_slice_eq(audit_get(&members, "v"), consent_lit("1"))) {
        return "is of a version that this program does not know";
    }

    if (!consent_slice_eq(consent_slice(node.data + 1, node.len - 2), a->node)) {
        return "is of another node than the log";
    }

    for (i = 0; i < consent_countof(types); i++) {
        if (audit_word(type, types[i].type)) {
            break;
        }
    }

    what = audit_time(a, audit_get(&members, "time"), audit_word(type, "decision") || audit_word(type, "handoff"));

    if (what == NULL && i < consent_countof(types)) {
        what = audit_rules(a, &members, types[i].rules, types[i].n);
    }

    if (what == NULL && audit_word(type, "sealed")) {
        what = audit_sealed(a, index, audit_get(&members, "leaves"));
    }

    if (what != NULL) {
        return what;
    }

    if (audit_word(type, "policy")) {
        return consent_audit_policy(a, audit_get(&members, "policy"), audit_get(&members, "policy_version"),
                                    audit_get(&members, "policy_hash"), audit_get(&members, "document"));
    }

    /* decided at another node of the cluster */

    foreign = audit_get(&members, "origin").len > 0 && (audit_word(type, "decision") || audit_word(type, "erasure"));

    if (foreign) {
        what = audit_rules(a, &members, of_origin, consent_countof(of_origin));
    }

    if (what == NULL) {
        what = consent_audit_under(a, audit_get(&members, "policy"), audit_get(&members, "policy_version"),
                                   audit_get(&members, "policy_hash"), foreign);
    }

    if (what == NULL && audit_word(type, "config")) {
        what = consent_audit_config(a, audit_get(&members, "locations"), audit_get(&members, "locations_total"),
                                    audit_get(&members, "locations_hash"));

    } else if (what == NULL && audit_word(type, "key")) {
        what = consent_audit_key_entry(a, audit_get(&members, "by"), audit_get(&members, "change"),
                                       audit_get(&members, "kid"), audit_get(&members, "use"),
                                       audit_get(&members, "signature"));

    } else if (what == NULL && (audit_word(type, "decision") || audit_word(type, "disclosure"))) {
        what = consent_audit_notice(a, audit_get(&members, "notice_hash"), !foreign);
    }

    return what;
}


static const char *
audit_read(audit_members_t *members, consent_slice_t entry)
{
    consent_rc_t       rc;
    consent_slice_t    name, value;
    consent_members_t  m;

    members->n = 0;
    consent_members_begin(&m, entry);

    while ((rc = consent_members_next(&m, &name, &value)) == CONSENT_OK) {
        if (members->n < MEMBERS_MAX) {
            members->names[members->n] = name;
            members->values[members->n++] = value;
        }
    }

    return rc != CONSENT_NOTFOUND ? "is no canonical JSON object" : consent_utf8_valid(entry) ? NULL : "is no UTF-8";
}


/* Rules and members are both in order. */
static const char *
audit_rules(consent_auditor_t *a, const audit_members_t *members, const audit_rule_t *rules, size_t n)
{
    int     order;
    size_t  i, m;

    for (i = 0, m = 0; i < n; i++) {

        for (order = -1; m < members->n; m++) {
            order = consent_members_compare(members->names[m], consent_cstr(rules[i].name));

            if (order >= 0) {
                break;
            }
        }

        if (order != 0 || m == members->n) {
            snprintf(a->what, sizeof(a->what), "lacks \"%s\"", rules[i].name);
            return a->what;
        }

        if (!audit_is(members->values[m], &rules[i])) {
            snprintf(a->what, sizeof(a->what), "has something in \"%s\" that does not belong there", rules[i].name);
            return a->what;
        }
    }

    return NULL;
}


static bool
audit_is(consent_slice_t value, const audit_rule_t *rule)
{
    size_t  i;

    switch (rule->is) {
    case IS_STRING_OR_NULL:
    case IS_HASH_OR_NULL:
    case IS_COUNT_OR_NULL:
        if (consent_slice_eq(value, consent_lit("null"))) {
            return true;
        }

        break;
    default:
        break;
    }

    switch (rule->is) {
    case IS_STRING:
    case IS_STRING_OR_NULL:
        return value.data[0] == '"';
    case IS_HASH:
    case IS_HASH_OR_NULL:
        return consent_audit_is_hash(value);
    case IS_FLAG:
        return consent_slice_eq(value, consent_lit("true")) || consent_slice_eq(value, consent_lit("false"));
    case IS_COUNT:
    case IS_COUNT_OR_NULL:
        return value.data[0] >= '0' && value.data[0] <= '9';
    case IS_LIST:
        return audit_is_list(value);
    case IS_ARRAY:
        return value.data[0] == '[';
    case IS_OBJECT:
        return value.data[0] == '{';
    case IS_WORD:
        break;
    }

    for (i = 0; rule->words[i] != NULL; i++) {
        if (audit_word(value, rule->words[i])) {
            return true;
        }
    }

    return false;
}


/* Ids of categories: they need no escape. */
static bool
audit_is_list(consent_slice_t value)
{
    const uint8_t    *p, *end, *quote;
    consent_slice_t   item, last;

    if (value.data[0] != '[') {
        return false;
    }

    p = value.data + 1;
    end = value.data + value.len - 1;
    last = consent_slice(NULL, 0);

    while (p < end) {
        quote = *p == '"' ? memchr(p + 1, '"', (size_t) (end - p) - 1) : NULL;

        if (quote == NULL) {
            return false;
        }

        item = consent_slice(p + 1, (size_t) (quote - p) - 1);

        if (item.len == 0 || memchr(item.data, '\\', item.len) != NULL || consent_members_compare(last, item) >= 0) {
            return false;
        }

        last = item;
        p = quote + 1;

        if (p < end && *p++ != ',') {
            return false;
        }
    }

    return true;
}


/* It is the last entry of its log, and says so. */
static const char *
audit_sealed(consent_auditor_t *a, uint64_t index, consent_slice_t leaves)
{
    uint64_t  number;

    a->said.sealed = true;

    return consent_note_number(&number, leaves) && number == index + 1
           ? NULL : "ends the log with another number of entries than it has";
}


/* Hours are in order through the whole log, seconds wherever two entries both have them. */
static const char *
audit_time(consent_auditor_t *a, consent_slice_t time, bool hours)
{
    time = consent_slice(time.data + 1, time.len - 2);

    /* as most are of the same second */

    if (a->said.hour[0] == '\0' || time.len != TIME_LEN || memcmp(time.data, a->said.hour, TIME_LEN) != 0) {
        if (!audit_time_is(time, hours)) {
            return "has no time as it should be";
        }
    }

    if (a->said.hour[0] != '\0' && memcmp(time.data, a->said.hour, 13) < 0) {
        return "is earlier than the entry before";
    }

    if (!hours && a->said.second[0] != '\0' && memcmp(time.data, a->said.second, TIME_LEN) < 0) {
        return "is earlier than the entry before";
    }

    if (hours && memcmp(time.data + 13, ":00:00Z", 7) != 0) {
        return "has no time as it should be";
    }

    memcpy(a->said.hour, time.data, TIME_LEN);

    /* an hour says less than a second of it that has been */

    if (memcmp(time.data, a->result->last_time, TIME_LEN) > 0) {
        memcpy(a->result->last_time, time.data, TIME_LEN);
    }

    if (!hours) {
        memcpy(a->said.second, time.data, TIME_LEN);
    }

    if (a->result->first_time[0] == '\0') {
        memcpy(a->result->first_time, time.data, TIME_LEN);
    }

    return NULL;
}


static bool
audit_time_is(consent_slice_t time, bool hours)
{
    size_t             i;
    consent_time_t     t;
    static const char  form[] = "0000-00-00T00:00:00Z";

    if (time.len != TIME_LEN) {
        return false;
    }

    for (i = 0; i < TIME_LEN; i++) {
        if (form[i] == '0' ? time.data[i] < '0' || time.data[i] > '9' : time.data[i] != form[i]) {
            return false;
        }
    }

    return (!hours || memcmp(time.data + 14, "00:00", 5) == 0) && consent_when_parse(&t, time) == CONSENT_OK;
}


static consent_slice_t
audit_get(const audit_members_t *members, const char *name)
{
    size_t  i;

    for (i = 0; i < members->n; i++) {
        if (consent_slice_eq(members->names[i], consent_cstr(name))) {
            return members->values[i];
        }
    }

    return consent_slice(NULL, 0);
}


static bool
audit_word(consent_slice_t value, const char *word)
{
    size_t  len = strlen(word);

    return value.len == len + 2 && value.data[0] == '"' && memcmp(value.data + 1, word, len) == 0;
}
