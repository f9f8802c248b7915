/*
 * Pages for tests: the demo's policy, rendering, and a reader of our HTML that accepts only what the writer
 * may write.
 */

#ifndef TESTS_PAGES_H
#define TESTS_PAGES_H

#include "policy.h"

#include "pages/erase.h"
#include "pages/pages.h"
#include "pages/receipt.h"

#define PAGES_NOW  1795422660000        /* Monday 2026-11-23 09:31 in Stockholm */
#define PAGES_DAY  (24 * 60 * 60 * (consent_time_t) 1000)

#define SV  0
#define FI  1
#define EN  2

static inline consent_policy_t *
pages_policy(void)
{
    char              *text;
    size_t             len;
    consent_policy_t  *policy;

    text = policy_file(POLICY_DEMO, &len);
    policy = policy_load(text);
    free(text);

    return policy;
}


static inline consent_page_t
pages_page(const consent_policy_t *policy, size_t language)
{
    consent_page_t  page;

    memset(&page, 0, sizeof(consent_page_t));
    page.policy = policy;
    page.base = consent_lit("/.privacy/");
    page.language = language;
    page.now = PAGES_NOW;

    return page;
}


/* No decision. */
static inline consent_effect_t
pages_nothing(void)
{
    consent_effect_t  e;

    memset(&e, 0, sizeof(consent_effect_t));

    return e;
}


/* A level that was chosen at 09:15 the same day, for six months. */
static inline consent_effect_t
pages_chose(const consent_policy_t *policy, int level)
{
    consent_effect_t  e;

    e = pages_nothing();
    e.status = CONSENT_STATUS_GIVEN;
    e.chosen = level;
    e.level = level;
    e.granted = policy->levels[level].shares;
    e.scope = CONSENT_SCOPE_STANDING;
    e.decided_at = PAGES_NOW - 16 * 60 * 1000;
    e.expires_at = consent_duration_add(e.decided_at, policy->valid_for);
    memset(e.receipt, 0xab, CONSENT_ID_LEN);

    return e;
}


static inline consent_choice_t
pages_choice(const consent_effect_t *effect)
{
    consent_choice_t  choice;

    memset(&choice, 0, sizeof(consent_choice_t));
    choice.effect = effect;
    choice.token = consent_lit("T0KEN");
    choice.forget_token = consent_lit("F0RGET");
    choice.code = consent_lit("3f9a01c7");
    choice.has_record = effect != NULL && effect->status != CONSENT_STATUS_NONE;
    choice.required_level = -1;

    return choice;
}


/* What has been written, NUL-terminated. The caller frees it. */
static inline char *
pages_text(consent_buf_t *b)
{
    char  *text;

    assert_int_equal(b->rc, CONSENT_OK);
    consent_buf_char(b, '\0');
    assert_int_equal(b->rc, CONSENT_OK);
    text = strdup((const char *) b->data);
    assert_non_null(text);
    assert_int_equal(strlen(text), b->len - 1);
    consent_buf_free(b);

    return text;
}


static inline char *
pages_choice_text(const consent_page_t *page, const consent_choice_t *choice)
{
    consent_buf_t  b;

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_page_choice(&b, page, choice);

    return pages_text(&b);
}


static inline size_t
pages_count(const char *text, const char *what)
{
    size_t  n;

    for (n = 0; (text = strstr(text, what)) != NULL; n++) {
        text += strlen(what);
    }

    return n;
}


/* The value of the checked input of that name; NULL when there is none or more than one. */
static inline const char *
pages_checked(const char *text, const char *name)
{
    char         key[64];
    char        *end;
    size_t       n;
    const char  *p;
    static char  value[64];

    snprintf(key, sizeof(key), " name=\"%s\" ", name);

    for (n = 0, p = text; (p = strstr(p, key)) != NULL; p++) {
        end = strchr(p, '>');

        if (strncmp(end - 8, " checked", 8) == 0) {
            p = strstr(p, "value=\"") + 7;
            snprintf(value, sizeof(value), "%.*s", (int) strcspn(p, "\""), p);
            n++;
        }
    }

    return n == 1 ? value : NULL;
}


#define assert_has(text, what)                                                                                       \
    do {                                                                                                             \
        if (strstr(text, what) == NULL) {                                                                            \
            print_message("%s\n", text);                                                                             \
            fail_msg("there is no %s", what);                                                                        \
        }                                                                                                            \
    } while (0)

#define assert_lacks(text, what)                                                                                     \
    do {                                                                                                             \
        if (strstr(text, what) != NULL) {                                                                            \
            print_message("%s\n", text);                                                                             \
            fail_msg("there is %s", what);                                                                           \
        }                                                                                                            \
    } while (0)


/* The rest is about well-formedness: every element closed in order, every attribute quoted, no id twice,
 * every id that is referred to there, and nothing that runs or comes from elsewhere. Returns NULL, or what is
 * wrong. */

#define PAGES_IDS  128

typedef struct {
    const char  *open[64];
    size_t       open_len[64];
    size_t       depth;
    char         ids[PAGES_IDS][64];
    size_t       n_ids;
    char         refs[PAGES_IDS][64];
    size_t       n_refs;
} pages_reader_t;

static inline bool
pages_name_in(const char *name, size_t len, const char *list)
{
    const char  *at;

    for (at = list; *at != '\0'; at += strcspn(at, " ")) {
        at += *at == ' ';

        if (strcspn(at, " ") == len && strncmp(at, name, len) == 0) {
            return true;
        }
    }

    return false;
}


static inline const char *
pages_read_attribute(pages_reader_t *r, const char *name, size_t name_len, const char *value, size_t len)
{
    size_t  i;
    char    id[64];

    if (name_len > 1 && strncmp(name, "on", 2) == 0) {
        return "an event handler";
    }

    if (pages_name_in(name, name_len, "style srcdoc formaction ping")) {
        return "an attribute that has no business here";
    }

    if (pages_name_in(name, name_len, "href action src")) {
        if (strncmp(value, "/.privacy/", 10) != 0 && strncmp(value, "https://", 8) != 0
            && strncmp(value, "http://", 7) != 0 && strncmp(value, "tel:", 4) != 0 && strncmp(value, "sms:", 4) != 0
            && strncmp(value, "mailto:", 7) != 0 && strncmp(value, "/back", 5) != 0)
        {
            return "an address that leads elsewhere";
        }

        if (name[0] != 'h' && value[0] != '/') {
            return "a form or an image of another origin";
        }
    }

    if (pages_name_in(name, name_len, "id for aria-describedby aria-labelledby")) {
        if (len >= sizeof(id) || r->n_ids == PAGES_IDS || r->n_refs == PAGES_IDS) {
            return "more ids than this reader knows";
        }

        memcpy(id, value, len);
        id[len] = '\0';

        if (name[0] != 'i') {
            strcpy(r->refs[r->n_refs++], id);
            return NULL;
        }

        for (i = 0; i < r->n_ids; i++) {
            if (strcmp(r->ids[i], id) == 0) {
                return "an id that is there twice";
            }
        }

        strcpy(r->ids[r->n_ids++], id);
    }

    return NULL;
}


/* p is behind '<'; returns behind '>', or NULL with *why. */
static inline const char *
pages_read_tag(pages_reader_t *r, const char *p, const char **why)
{
    size_t       len, name_len, value_len;
    const char  *tag, *name, *value;

    tag = p;
    len = strspn(p, "abcdefghijklmnopqrstuvwxyz0123456789");
    p += len;
    *why = "an element that has no business here";

    if (len == 0 || pages_name_in(tag, len, "script style iframe object embed base img svg template")) {
        return NULL;
    }

    while (*p == ' ') {
        name = ++p;
        name_len = strspn(p, "abcdefghijklmnopqrstuvwxyz-");
        p += name_len;

        if (name_len == 0) {
            *why = "an attribute without a name";
            return NULL;
        }

        if (*p != '=') {
            continue;
        }

        if (p[1] != '"') {
            *why = "a value without quotes";
            return NULL;
        }

        value = p + 2;
        value_len = strcspn(value, "\"<>");
        p = value + value_len;

        if (*p != '"') {
            *why = "markup within a value";
            return NULL;
        }

        p++;
        *why = pages_read_attribute(r, name, name_len, value, value_len);

        if (*why != NULL) {
            return NULL;
        }
    }

    if (*p != '>') {
        *why = "a tag that does not end";
        return NULL;
    }

    if (!pages_name_in(tag, len, "input meta link br")) {
        if (r->depth == 64) {
            *why = "too deep";
            return NULL;
        }

        r->open[r->depth] = tag;
        r->open_len[r->depth++] = len;
    }

    return p + 1;
}


static inline const char *
pages_read(const char *p)
{
    size_t           i, k, len;
    const char      *why;
    pages_reader_t   r;

    memset(&r, 0, sizeof(pages_reader_t));

    if (strncmp(p, "<!doctype html>", 15) == 0) {
        p += 15;
    }

    while (*p != '\0') {
        if (*p == '>' || *p == '"' || *p == '\'') {
            return "a character that should have been escaped";
        }

        if (*p != '<') {
            p++;
            continue;
        }

        p++;

        if (*p != '/') {
            p = pages_read_tag(&r, p, &why);

            if (p == NULL) {
                return why;
            }

            continue;
        }

        p++;
        len = strcspn(p, ">");

        if (r.depth == 0 || r.open_len[r.depth - 1] != len || strncmp(r.open[r.depth - 1], p, len) != 0) {
            return "an element that is closed out of order";
        }

        r.depth--;
        p += len + 1;
    }

    if (r.depth != 0) {
        return "an element that is not closed";
    }

    for (i = 0; i < r.n_refs; i++) {
        for (k = 0; k < r.n_ids && strcmp(r.refs[i], r.ids[k]) != 0; k++) { /* void */ }

        if (k == r.n_ids) {
            return "a reference to an id that is not there";
        }
    }

    return NULL;
}


static inline void
pages_assert_sound(const char *text)
{
    const char  *why;

    why = pages_read(text);

    if (why != NULL) {
        print_message("%s\n", text);
        fail_msg("%s", why);
    }
}

/* The receipt of a decision that nothing stood before or behind, with an entry and a proof. */
static inline consent_receipt_t
pages_receipt(const consent_past_t *past)
{
    consent_receipt_t     receipt;
    static const uint8_t  subject[CONSENT_SUBJECT_LEN] = { 0x01, 0x23, 0x45 };

    memset(&receipt, 0, sizeof(consent_receipt_t));
    receipt.past = *past;
    receipt.index = 17;
    receipt.entry = consent_lit("{\"categories\":[],\"language\":\"sv\",\"node\":\"consent.example.org/node1\","
                                "\"notice_hash\":\"ab\",\"policy_hash\":\"cd\",\"type\":\"decision\"}");
    receipt.proof = consent_lit("c2sp.org/tlog-proof@v1\nindex 17\n");
    receipt.opening.subject = subject;
    receipt.opening.key = consent_lit("kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk");
    receipt.opening.nonce = consent_lit("nnnnnnnnnnnnnnnn");
    receipt.opening.time = past->decision.decided_at;

    return receipt;
}

#endif
