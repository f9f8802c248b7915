/*
 * Loads a policy document: parses it, checks form and meaning, reads it, compiles its carriers and hashes it.
 */

#include "policy/loader.h"
#include "base/digest.h"

#define LOAD_MAX_DEPTH   16
#define LOAD_MAX_MEMORY  (32 * 1024 * 1024)
#define LOAD_MAX_JSON    (4 * 1024 * 1024)      /* escapes can make the canonical form longer than the file */

static consent_rc_t load_parse(consent_loader_t *l, consent_slice_t text);
static void load_languages(consent_loader_t *l);
static void load_head(consent_loader_t *l);
static void load_controller(consent_loader_t *l);
static void load_duration(consent_duration_t *d, const consent_json_t *obj, const char *name, const char *otherwise);
static void load_bodies(consent_loader_t *l);
static void load_disclosure(consent_loader_t *l);
static consent_rc_t load_canonical(consent_loader_t *l);
static consent_rc_t load_hashes(consent_policy_t *policy);
static uint64_t load_key(const uint8_t *hash);


consent_rc_t
consent_policy_load(consent_policy_t **policy, consent_slice_t text, consent_faults_t *faults)
{
    consent_rc_t      rc;
    consent_arena_t  *arena;
    consent_loader_t  l;

    *policy = NULL;
    memset(&l, 0, sizeof(l));

    if (text.len > CONSENT_POLICY_MAX_FILE) {
        consent_fault_place(faults, 1, 1, "the document has %zu bytes; there may be %d", text.len,
                            CONSENT_POLICY_MAX_FILE);
        return CONSENT_MALFORMED;
    }

    arena = consent_arena_create(LOAD_MAX_MEMORY);
    if (arena == NULL) {
        return CONSENT_NOMEM;
    }

    l.faults = faults;
    l.errors = faults->errors;
    l.policy = consent_arena_alloc(arena, sizeof(consent_policy_t));

    if (l.policy == NULL) {
        consent_arena_destroy(arena);
        return CONSENT_NOMEM;
    }

    l.policy->arena = arena;
    rc = load_parse(&l, text);

    if (rc == CONSENT_OK) {
        load_languages(&l);
        consent_form_check(faults, &consent_policy_shape, l.root, l.policy->languages, l.policy->n_languages);

        load_head(&l);
        load_controller(&l);
        consent_load_categories(&l);
        consent_load_levels(&l);
        load_bodies(&l);
        consent_load_contact(&l);
        load_disclosure(&l);

        rc = load_canonical(&l);

        if (rc == CONSENT_OK && !l.failed) {
            consent_check_policy(&l);
        }
    }

    if (rc == CONSENT_OK && faults->errors == l.errors && !l.failed) {
        consent_load_names(&l);
        rc = load_hashes(l.policy);
    }

    if (rc == CONSENT_OK) {
        rc = l.failed ? CONSENT_NOMEM : faults->errors == l.errors ? CONSENT_OK : CONSENT_MALFORMED;
    }

    if (rc != CONSENT_OK) {
        consent_arena_destroy(arena);
        return rc;
    }

    *policy = l.policy;

    return CONSENT_OK;
}


void
consent_policy_destroy(consent_policy_t *policy)
{
    if (policy != NULL) {
        consent_arena_destroy(policy->arena);
    }
}


static consent_rc_t
load_parse(consent_loader_t *l, consent_slice_t text)
{
    consent_rc_t          rc;
    consent_json_t       *root;
    consent_json_error_t  err;

    rc = consent_json_parse(&root, l->policy->arena, text, LOAD_MAX_DEPTH, &err);

    if (rc == CONSENT_MALFORMED || rc == CONSENT_LIMIT) {
        consent_fault_place(l->faults, err.line, err.column, "this is not JSON: %s", err.what);
        return CONSENT_MALFORMED;
    }

    if (rc != CONSENT_OK) {
        return rc;
    }

    if (root->type != CONSENT_JSON_OBJECT) {
        consent_fault_at(l->faults, root, "a policy is an object");
        return CONSENT_MALFORMED;
    }

    l->root = root;
    l->policy->document = root;

    return CONSENT_OK;
}


/* They come first: every text is read by them. */
static void
load_languages(consent_loader_t *l)
{
    size_t             i, k;
    consent_list_t     list;
    consent_policy_t  *policy;

    policy = l->policy;
    consent_load_list(l, &list, l->root, "languages", CONSENT_MAX_LANGUAGES);

    for (i = 0; i < list.n; i++) {

        for (k = 0; k < policy->n_languages; k++) {
            if (consent_slice_ieq(policy->languages[k], list.items[i])) {
                break;
            }
        }

        if (k == policy->n_languages) {
            policy->languages[policy->n_languages++] = list.items[i];
        }
    }
}


static void
load_head(consent_loader_t *l)
{
    consent_policy_t      *policy;
    const consent_json_t  *consent;

    policy = l->policy;
    consent = consent_json_get(l->root, "consent");

    policy->id = consent_load_string(l->root, "id");
    policy->version = consent_load_string(l->root, "version");
    policy->test = consent_slice_eq(consent_load_string(l->root, "environment"), consent_lit("test"));
    policy->erasure_by_request = consent_slice_eq(consent_load_string(l->root, "erasure"), consent_lit("request"));
    policy->editorial = consent_load_string(consent_json_get(l->root, "editorial"), "name");
    policy->privacy_notice = consent_load_string(consent, "privacy_notice");

    load_duration(&policy->valid_for, consent, "valid_for", "P6M");
    load_duration(&policy->visit_for, consent, "visit_for", "PT12H");
}


static void
load_controller(consent_loader_t *l)
{
    consent_controller_t  *c;
    const consent_json_t  *v, *authority;

    c = &l->policy->controller;
    v = consent_json_get(l->root, "controller");
    authority = consent_json_get(v, "authority");

    c->name = consent_load_string(v, "name");
    c->type = consent_load_string(v, "type");
    c->jurisdiction = consent_load_string(v, "jurisdiction");
    c->address = consent_load_string(v, "address");
    c->email = consent_load_string(v, "email");
    c->phone = consent_load_string(v, "phone");
    c->url = consent_load_string(v, "url");
    c->authority_name = consent_load_string(authority, "name");
    c->authority_url = consent_load_string(authority, "url");
    c->public_authority = consent_slice_eq(c->type, consent_lit("public authority"));
}


static void
load_duration(consent_duration_t *d, const consent_json_t *obj, const char *name, const char *otherwise)
{
    consent_slice_t  s;

    s = consent_load_string(obj, name);

    if (s.len == 0 || consent_duration_parse(d, s) != CONSENT_OK) {
        (void) consent_duration_parse(d, consent_cstr(otherwise));
    }
}


static void
load_bodies(consent_loader_t *l)
{
    const consent_json_t  *v;

    v = consent_json_get(l->root, "bodies");

    l->policy->bodies_block = !consent_slice_eq(consent_load_string(v, "opaque"), consent_lit("pass"));
    consent_load_list(l, &l->policy->bodies_allow, v, "allow", CONSENT_FORM_MAX_SMALL);
}


static void
load_disclosure(consent_loader_t *l)
{
    const consent_json_t  *v;

    v = consent_json_get(l->root, "disclosure");

    l->policy->principal = consent_load_string(v, "principal");

    if (l->policy->principal.len == 0) {
        l->policy->principal = l->policy->controller.name;
    }

    consent_load_text(l, &l->policy->notice, v, "notice");
    consent_load_text(l, &l->policy->chat_notice, v, "chat_notice");
    consent_load_text(l, &l->policy->decision_notice, v, "decision_notice");
}


static consent_rc_t
load_canonical(consent_loader_t *l)
{
    consent_rc_t   rc;
    consent_buf_t  b;

    consent_buf_init(&b, LOAD_MAX_JSON);
    rc = consent_json_canonical(&b, l->root);

    if (rc == CONSENT_OK && b.len > CONSENT_POLICY_MAX_CANONICAL) {
        consent_fault_at(l->faults, l->root, "the canonical form has %zu bytes; there may be %d, so that the "
                         "policy fits in an entry of the log", b.len, CONSENT_POLICY_MAX_CANONICAL);
    }

    if (rc == CONSENT_OK) {
        l->policy->canonical = consent_arena_dup(l->policy->arena, consent_buf_view(&b));
        rc = l->policy->canonical.data == NULL ? CONSENT_NOMEM : CONSENT_OK;

    } else if (rc != CONSENT_NOMEM) {
        /* a number that no member may hold anyway, or a document that escapes have blown up */
        rc = CONSENT_OK;

        if (l->faults->errors == l->errors) {
            consent_fault_at(l->faults, l->root, "the document has no canonical form");
        }
    }

    consent_buf_free(&b);

    return rc;
}


static consent_rc_t
load_hashes(consent_policy_t *policy)
{
    uint8_t            id[CONSENT_HASH_LEN];
    consent_rc_t       rc;
    consent_digest_t  *digest;

    digest = consent_digest_create();
    if (digest == NULL) {
        return CONSENT_NOMEM;
    }

    rc = consent_digest_sha256(digest, policy->hash, &policy->canonical, 1);

    if (rc == CONSENT_OK) {
        rc = consent_digest_sha256(digest, id, &policy->id, 1);
    }

    consent_digest_destroy(digest);

    if (rc == CONSENT_OK) {
        policy->key = load_key(policy->hash);
        policy->id_key = load_key(id);
    }

    return rc;
}


static uint64_t
load_key(const uint8_t *hash)
{
    size_t    i;
    uint64_t  key;

    key = 0;

    for (i = 0; i < 8; i++) {
        key = key << 8 | hash[i];
    }

    return key;
}
