/*
 * What browsers say for their people: Global Privacy Control, and Advanced Data Protection Control.
 */

#include "base/json.h"
#include "minimize/minimize.h"

#define ADPC_MAX_IDS   256
#define ADPC_MARK_LEN  8        /* hex digits behind '~' in an identifier */

typedef enum {
    ADPC_OTHER = 0,
    ADPC_CONSENT,
    ADPC_WITHDRAW,
    ADPC_OBJECT
} adpc_word_t;

static consent_slice_t signal_trim(consent_slice_t s);
static const uint8_t *adpc_member(const uint8_t *p, const uint8_t *end, consent_slice_t *key, consent_slice_t *value);
static void adpc_ids(consent_adpc_t *out, adpc_word_t word, consent_slice_t ids, const consent_policy_t *policy,
    size_t *budget);
static void adpc_id(consent_adpc_t *out, adpc_word_t word, consent_slice_t id, const consent_policy_t *policy);
static consent_mask_t adpc_requests(const consent_policy_t *policy);
static consent_mask_t adpc_marketing(const consent_policy_t *policy);
static bool adpc_names(consent_slice_t purpose, consent_slice_t word);
static void adpc_mark(char mark[static ADPC_MARK_LEN], const consent_policy_t *policy, const consent_category_t *c);
static uint64_t adpc_hash(uint64_t hash, consent_slice_t s);
static uint64_t adpc_hash_list(uint64_t hash, const consent_list_t *list);
static void adpc_text(consent_buf_t *b, const consent_category_t *c, size_t language);


bool
consent_gpc(consent_slice_t value)
{
    size_t           i, start;
    consent_slice_t  member;

    start = 0;

    for (i = 0; i <= value.len; i++) {
        if (i < value.len && value.data[i] != ',') {
            continue;
        }

        member = signal_trim(consent_slice(value.data + start, i - start));

        if (member.len == 1 && member.data[0] == '1') {
            return true;
        }

        start = i + 1;
    }

    return false;
}


void
consent_adpc_parse(consent_adpc_t *out, consent_slice_t value, const consent_policy_t *policy)
{
    bool             cut;
    size_t           budget;
    adpc_word_t      word;
    consent_mask_t   before;
    const uint8_t   *p, *end;
    consent_slice_t  key, ids;

    if (value.len == 0) {
        return;
    }

    cut = value.len > CONSENT_ADPC_MAX;
    end = value.data + (cut ? CONSENT_ADPC_MAX : value.len);
    before = out->consent;
    budget = ADPC_MAX_IDS;

    for (p = value.data; p < end; /* void */) {
        p = adpc_member(p, end, &key, &ids);

        word = consent_slice_ieq(key, consent_lit("consent")) ? ADPC_CONSENT
             : consent_slice_ieq(key, consent_lit("withdraw")) ? ADPC_WITHDRAW
             : consent_slice_ieq(key, consent_lit("object")) ? ADPC_OBJECT : ADPC_OTHER;

        if (word != ADPC_OTHER) {
            adpc_ids(out, word, ids, policy, &budget);
        }
    }

    if (cut || budget == 0) {
        out->consent = before;
    }
}


consent_mask_t
consent_adpc_withdrawn(const consent_adpc_t *adpc, const consent_policy_t *policy)
{
    consent_mask_t  mask;

    mask = adpc->withdraw | adpc->object;

    if (adpc->withdraw_all) {
        mask |= policy->consent_mask & ~adpc->consent;
    }

    return mask;
}


consent_mask_t
consent_adpc_consented(const consent_adpc_t *adpc, const consent_policy_t *policy)
{
    return adpc->consent & adpc_requests(policy) & ~(adpc->withdraw | adpc->object);
}


void
consent_adpc_document(consent_buf_t *b, const consent_policy_t *policy, size_t language)
{
    bool                       first;
    char                       mark[ADPC_MARK_LEN];
    size_t                     i;
    consent_mask_t             requests;
    const consent_category_t  *c;

    requests = adpc_requests(policy);
    first = true;

    consent_buf_str(b, "{\"consentRequests\":[");

    for (i = 0; i < policy->n_categories; i++) {
        if (!(requests >> i & 1)) {
            continue;
        }

        c = &policy->categories[i];
        adpc_mark(mark, policy, c);

        consent_buf_str(b, first ? "{\"id\":\"" : ",{\"id\":\"");
        consent_buf_slice(b, c->id);
        consent_buf_char(b, '~');
        consent_buf_add(b, mark, ADPC_MARK_LEN);
        consent_buf_str(b, "\",\"text\":");
        adpc_text(b, c, language);
        consent_buf_char(b, '}');

        first = false;
    }

    consent_buf_str(b, "]}");
}


static consent_slice_t
signal_trim(consent_slice_t s)
{
    while (s.len > 0 && (s.data[0] == ' ' || s.data[0] == '\t')) {
        s.data++;
        s.len--;
    }

    while (s.len > 0 && (s.data[s.len - 1] == ' ' || s.data[s.len - 1] == '\t')) {
        s.len--;
    }

    return s;
}


/* One member, key=value or key="value"; returns where the next begins. */
static const uint8_t *
adpc_member(const uint8_t *p, const uint8_t *end, consent_slice_t *key, consent_slice_t *value)
{
    const uint8_t  *start;

    for (start = p; p < end && *p != ',' && *p != '='; p++) { /* void */ }

    *key = signal_trim(consent_slice(start, (size_t) (p - start)));
    *value = consent_slice(p, 0);

    if (p == end || *p == ',') {
        return p == end ? end : p + 1;
    }

    do {
        p++;
    } while (p < end && (*p == ' ' || *p == '\t'));

    if (p < end && *p == '"') {
        for (start = ++p; p < end && *p != '"'; p++) { /* void */ }

        *value = consent_slice(start, (size_t) (p - start));

        /* cut off on its way: what was meant to end elsewhere may take away, and grants nothing */

        if (p == end && consent_slice_ieq(*key, consent_lit("consent"))) {
            *value = consent_slice(p, 0);
        }

        while (p < end && *p != ',') {
            p++;
        }

    } else {
        for (start = p; p < end && *p != ','; p++) { /* void */ }

        *value = consent_slice(start, (size_t) (p - start));
    }

    return p == end ? end : p + 1;
}


static void
adpc_ids(consent_adpc_t *out, adpc_word_t word, consent_slice_t ids, const consent_policy_t *policy, size_t *budget)
{
    const uint8_t  *p, *start, *end;

    end = ids.data + ids.len;

    for (p = ids.data; p < end; /* void */) {

        while (p < end && (*p == ' ' || *p == '\t')) {
            p++;
        }

        for (start = p; p < end && *p != ' ' && *p != '\t'; p++) { /* void */ }

        if (p == start) {
            return;
        }

        if (*budget == 0) {
            return;
        }

        (*budget)--;
        adpc_id(out, word, consent_slice(start, (size_t) (p - start)), policy);
    }
}


static void
adpc_id(consent_adpc_t *out, adpc_word_t word, consent_slice_t id, const consent_policy_t *policy)
{
    int              i;
    char             mark[ADPC_MARK_LEN];
    consent_mask_t   bit;
    const uint8_t   *tilde;
    consent_slice_t  category, rest;

    if (word == ADPC_OBJECT) {
        if (consent_slice_ieq(id, consent_lit("direct-marketing"))) {
            out->object |= adpc_marketing(policy);
        }

        return;
    }

    if (word == ADPC_WITHDRAW && consent_slice_eq(id, consent_lit("*"))) {
        out->withdraw_all = true;
        return;
    }

    category = id;
    rest = consent_slice(NULL, 0);
    tilde = memchr(id.data, '~', id.len);

    if (tilde != NULL) {
        category.len = (size_t) (tilde - id.data);
        rest = consent_slice(tilde + 1, id.len - category.len - 1);
    }

    i = consent_policy_category(policy, category);

    if (i < 0) {
        return;
    }

    bit = (consent_mask_t) 1 << i & policy->consent_mask;

    if (word == ADPC_WITHDRAW) {
        out->withdraw |= bit;
        return;
    }

    adpc_mark(mark, policy, &policy->categories[i]);

    if (consent_slice_eq(rest, consent_slice(mark, ADPC_MARK_LEN))) {
        out->consent |= bit;
    }
}


/* What is asked for: a choice that a preset may hold. */
static consent_mask_t
adpc_requests(const consent_policy_t *policy)
{
    return policy->consent_mask & ~policy->special_mask;
}


/* Purposes of the Data Privacy Vocabulary that are marketing: dpv:Marketing, dpv:DirectMarketing,
 * dpv:PersonalisedAdvertising and their like. */
static consent_mask_t
adpc_marketing(const consent_policy_t *policy)
{
    size_t          i;
    consent_mask_t  mask;

    mask = 0;

    for (i = 0; i < policy->n_categories; i++) {
        if (adpc_names(policy->categories[i].purpose_type, consent_lit("marketing"))
            || adpc_names(policy->categories[i].purpose_type, consent_lit("advertising")))
        {
            mask |= (consent_mask_t) 1 << i;
        }
    }

    return mask & policy->consent_mask;
}


static bool
adpc_names(consent_slice_t purpose, consent_slice_t word)
{
    size_t  i;

    for (i = 0; i + word.len <= purpose.len; i++) {
        if (consent_slice_ieq(consent_slice(purpose.data + i, word.len), word)) {
            return true;
        }
    }

    return false;
}


/* A mark of all that the request says in any language, and of what it would allow. */
static void
adpc_mark(char mark[static ADPC_MARK_LEN], const consent_policy_t *policy, const consent_category_t *c)
{
    size_t    i;
    uint64_t  hash;

    static const char  digits[] = "0123456789abcdef";

    hash = 0xcbf29ce484222325U;     /* FNV-1a */

    for (i = 0; i < policy->n_languages; i++) {
        hash = adpc_hash(hash, c->title.in[i]);
        hash = adpc_hash(hash, c->purpose.in[i]);
    }

    hash = adpc_hash_list(hash, &c->recipients);
    hash = adpc_hash_list(hash, &c->storage);
    hash = adpc_hash_list(hash, &c->headers);
    hash = adpc_hash_list(hash, &c->cookies);
    hash = adpc_hash_list(hash, &c->args);
    hash = adpc_hash_list(hash, &c->fields);
    hash = adpc_hash_list(hash, &c->json);
    hash = adpc_hash_list(hash, &c->set_cookies);
    hash = adpc_hash_list(hash, &c->paths);

    for (i = 0; i < c->n_text; i++) {
        hash = adpc_hash(hash, c->text[i].name);
        hash = adpc_hash(hash, c->text[i].regex);
    }

    hash = adpc_hash(hash, c->purpose_type);
    hash = adpc_hash(hash, c->data_type);
    hash = adpc_hash(hash, c->retention);

    for (i = 0; i < ADPC_MARK_LEN; i++) {
        mark[i] = digits[hash >> (60 - 4 * i) & 0xf];
    }
}


static uint64_t
adpc_hash(uint64_t hash, consent_slice_t s)
{
    size_t  i;

    for (i = 0; i < s.len; i++) {
        hash = (hash ^ s.data[i]) * 0x100000001b3U;
    }

    return (hash ^ 0xff) * 0x100000001b3U;
}


static uint64_t
adpc_hash_list(uint64_t hash, const consent_list_t *list)
{
    size_t  i;

    for (i = 0; i < list->n; i++) {
        hash = adpc_hash(hash, list->items[i]);
    }

    return adpc_hash(hash, consent_slice(NULL, 0));
}


/* "Title: purpose (recipient, recipient)" as a JSON string. */
static void
adpc_text(consent_buf_t *b, const consent_category_t *c, size_t language)
{
    size_t         i;
    consent_buf_t  text;

    consent_buf_init(&text, 64 * 1024);

    consent_buf_slice(&text, c->title.in[language]);
    consent_buf_str(&text, ": ");
    consent_buf_slice(&text, c->purpose.in[language]);

    for (i = 0; i < c->recipients.n; i++) {
        consent_buf_str(&text, i == 0 ? " (" : ", ");
        consent_buf_slice(&text, c->recipients.items[i]);
    }

    if (i != 0) {
        consent_buf_char(&text, ')');
    }

    if (text.rc != CONSENT_OK) {
        b->rc = text.rc;

    } else {
        consent_json_write_string(b, consent_buf_view(&text), false);
    }

    consent_buf_free(&text);
}
