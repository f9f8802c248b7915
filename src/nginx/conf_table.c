/*
 * What is on where: the fields of a `config` entry, so that switching off leaves a trace.
 */

#include "nginx/conf.h"


#define NGX_CONSENT_TABLE      48000        /* bytes of locations that an entry lists; the hash is of all */
#define NGX_CONSENT_TABLE_MAX  (16 * 1024 * 1024)

static ngx_uint_t ngx_consent_table_locations(consent_buf_t *b, size_t *listed, ngx_consent_main_conf_t *mcf,
    ngx_consent_policy_t *policy);
static void ngx_consent_table_location(consent_buf_t *b, const ngx_consent_location_t *l);
static void ngx_consent_table_topic(consent_buf_t *b, const ngx_array_t *sources);
static void ngx_consent_table_source(consent_buf_t *b, const ngx_consent_source_t *source);
static void ngx_consent_table_given(consent_buf_t *b, const char *name, const ngx_str_t *value);
static void ngx_consent_table_path(consent_buf_t *b, const ngx_http_core_loc_conf_t *core, ngx_flag_t outer);
static void ngx_consent_table_string(consent_buf_t *b, const char *name, consent_slice_t value);
static void ngx_consent_table_keys(consent_buf_t *b, const consent_keys_t *keys);
static consent_rc_t ngx_consent_table_canonical(consent_buf_t *out, consent_slice_t text);


/* Members come in the order of their names, so that the hash is that of the array as it stands in the entry, if all of it
 * does; and they are put into canonical form at the end all the same. */
void
ngx_consent_conf_table(consent_buf_t *b, ngx_consent_main_conf_t *mcf, ngx_consent_policy_t *policy)
{
    size_t             listed;
    uint8_t            hash[CONSENT_HASH_LEN];
    ngx_uint_t         n;
    consent_rc_t       rc;
    consent_buf_t      locations, text;
    consent_slice_t    all;
    consent_digest_t  *digest;

    consent_buf_init(&locations, NGX_CONSENT_TABLE_MAX);
    consent_buf_init(&text, 2 * NGX_CONSENT_TABLE);

    n = ngx_consent_table_locations(&locations, &listed, mcf, policy);

    digest = consent_digest_create();
    rc = CONSENT_IO;

    if (digest && locations.rc == CONSENT_OK) {
        all = consent_buf_view(&locations);
        rc = consent_digest_sha256(digest, hash, &all, 1);
    }

    consent_digest_destroy(digest);

    if (rc == CONSENT_OK) {
        consent_buf_str(&text, "{\"keys\":");
        ngx_consent_table_keys(&text, mcf->keys);
        consent_buf_str(&text, ",\"locations\":");
        consent_buf_add(&text, locations.data, listed);
        consent_buf_str(&text, "],\"locations_hash\":\"");
        consent_buf_hex(&text, hash, CONSENT_HASH_LEN);
        consent_buf_str(&text, "\",\"locations_total\":");
        consent_buf_u64(&text, n);
        consent_buf_str(&text, ",\"module\":\"" NGX_CONSENT_VERSION "\",\"nginx\":\"" NGINX_VERSION "\"}");

        rc = text.rc == CONSENT_OK ? ngx_consent_table_canonical(b, consent_buf_view(&text)) : text.rc;
    }

    if (rc != CONSENT_OK && b->rc == CONSENT_OK) {
        b->rc = rc;
    }

    consent_buf_free(&locations);
    consent_buf_free(&text);
}


/* The whole array; *listed: how much of it, without its end, an entry has room for. */
static ngx_uint_t
ngx_consent_table_locations(consent_buf_t *b, size_t *listed, ngx_consent_main_conf_t *mcf,
    ngx_consent_policy_t *policy)
{
    ngx_uint_t               i, n;
    ngx_consent_location_t  *l;

    n = 0;
    l = mcf->locations.elts;

    consent_buf_char(b, '[');
    *listed = b->len;

    for (i = 0; i < mcf->locations.nelts; i++) {

        if (l[i].policy != policy) {
            continue;
        }

        if (n++) {
            consent_buf_char(b, ',');
        }

        ngx_consent_table_location(b, &l[i]);

        if (b->len <= NGX_CONSENT_TABLE) {
            *listed = b->len;
        }
    }

    consent_buf_char(b, ']');

    return n;
}


/* What is as it would be without a directive is left out, but for what every reader of the table looks for. */
static void
ngx_consent_table_location(consent_buf_t *b, const ngx_consent_location_t *l)
{
    static const char *const  modes[] = { "off", "on", "report" };
    static const char *const  kinds[] = { "off", "on", "chat", "decision", "auto" };

    const ngx_consent_loc_conf_t  *lcf;

    lcf = l->conf;

    ngx_consent_table_string(b, "{\"ai\":", consent_cstr(lcf->ai_value ? "variable" : kinds[lcf->ai]));

    if (lcf->assertion) {
        consent_buf_str(b, ",\"assertion\":true");
    }

    if (lcf->body_limit != NGX_CONSENT_BODY_LIMIT) {
        consent_buf_str(b, ",\"body_limit\":");
        consent_buf_u64(b, lcf->body_limit);
    }

    ngx_consent_table_string(b, ",\"consent\":", consent_cstr(modes[lcf->mode]));

    if (lcf->contact_end) {
        consent_buf_str(b, ",\"contact\":\"end\"");
    }

    if (lcf->conversation) {
        consent_buf_str(b, ",\"conversation\":");
        ngx_consent_table_source(b, lcf->conversation);
    }

    consent_buf_str(b, lcf->core ? ",\"core\":true" : ",\"core\":false");
    ngx_consent_table_given(b, ",\"event_pass\":", &lcf->event_pass);

    if (lcf->form == NGX_CONSENT_FORM_REMOVE) {
        consent_buf_str(b, ",\"form\":\"remove\"");
    }

    ngx_consent_table_given(b, ",\"handoff_pass\":", &lcf->handoff_pass);

    if (lcf->identity) {
        ngx_consent_table_string(b, ",\"identity\":", lcf->identity->issuer);
    }

    if (lcf->log) {
        consent_buf_str(b, ",\"log\":true");
    }

    ngx_consent_table_given(b, ",\"model\":", &lcf->ai_model);

    if (lcf->pages) {
        consent_buf_str(b, ",\"pages\":true");
    }

    consent_buf_str(b, ",\"path\":");
    ngx_consent_table_path(b, l->core, l->outer);
    ngx_consent_table_given(b, ",\"provider\":", &lcf->ai_provider);
    ngx_consent_table_string(b, ",\"require\":", ngx_consent_slice(&lcf->require));

    if (lcf->restore) {
        consent_buf_str(b, ",\"restore\":true");
    }

    if (lcf->topic || lcf->human_route.len) {
        ngx_consent_table_string(b, ",\"route\":", ngx_consent_slice(&lcf->human_route));
    }

    consent_buf_str(b, lcf->sensitive ? ",\"sensitive\":true" : ",\"sensitive\":false");
    ngx_consent_table_string(b, ",\"server\":", ngx_consent_slice(&l->server->server_name));

    if (lcf->topic) {
        ngx_consent_table_topic(b, lcf->topic);
    }

    if (lcf->ai_trust) {
        consent_buf_str(b, ",\"trust\":true");
    }

    ngx_consent_table_string(b, ",\"unknown\":", consent_cstr(ngx_consent_unknown_words[lcf->unknown]));

    if (lcf->ai_block) {
        consent_buf_str(b, ",\"unmarkable\":\"block\"");
    }

    if (lcf->until) {
        consent_buf_str(b, ",\"until\":\"");
        consent_when_rfc3339(b, (consent_time_t) lcf->until * 1000);
        consent_buf_char(b, '"');
    }

    consent_buf_char(b, '}');
}


static void
ngx_consent_table_topic(consent_buf_t *b, const ngx_array_t *sources)
{
    ngx_uint_t             i;
    ngx_consent_source_t  *source;

    consent_buf_str(b, ",\"topic\":[");
    source = sources->elts;

    for (i = 0; i < sources->nelts; i++) {
        if (i) {
            consent_buf_char(b, ',');
        }

        ngx_consent_table_source(b, &source[i]);
    }

    consent_buf_char(b, ']');
}


static void
ngx_consent_table_source(consent_buf_t *b, const ngx_consent_source_t *source)
{
    static const char *const  types[] = { "", "arg=", "header=", "field=", "json=" };

    consent_buf_t  text;

    consent_buf_init(&text, NGX_CONSENT_TABLE);
    consent_buf_str(&text, types[source->type]);
    consent_buf_add(&text, source->name.data, source->name.len);

    if (text.rc != CONSENT_OK && b->rc == CONSENT_OK) {
        b->rc = text.rc;
    }

    consent_json_write_string(b, consent_buf_view(&text), false);
    consent_buf_free(&text);
}


static void
ngx_consent_table_given(consent_buf_t *b, const char *name, const ngx_str_t *value)
{
    if (value->len) {
        ngx_consent_table_string(b, name, ngx_consent_slice(value));
    }
}


/* As it is written in the configuration; empty for the server itself. */
static void
ngx_consent_table_path(consent_buf_t *b, const ngx_http_core_loc_conf_t *core, ngx_flag_t outer)
{
    const char     *prefix;
    consent_buf_t   path;

    consent_buf_init(&path, NGX_CONSENT_TABLE);

    if (!outer) {
        prefix = core->noname ? "if in " : core->exact_match ? "= " : "";
#if (NGX_PCRE)
        prefix = core->regex ? "~ " : prefix;
#endif
        consent_buf_str(&path, prefix);
        consent_buf_add(&path, core->name.data, core->name.len);
    }

    if (path.rc != CONSENT_OK && b->rc == CONSENT_OK) {
        b->rc = path.rc;
    }

    consent_json_write_string(b, consent_buf_view(&path), false);
    consent_buf_free(&path);
}


static void
ngx_consent_table_string(consent_buf_t *b, const char *name, consent_slice_t value)
{
    consent_buf_str(b, name);
    consent_json_write_string(b, value, false);
}


static void
ngx_consent_table_keys(consent_buf_t *b, const consent_keys_t *keys)
{
    size_t  i;

    consent_buf_str(b, "{\"cookie\":[");

    for (i = 0; i < keys->n_cookie; i++) {
        ngx_consent_table_string(b, i ? "," : "", consent_cstr(keys->kids[i]));
    }

    ngx_consent_table_string(b, "],\"log\":", consent_cstr(keys->log_kid));
    ngx_consent_table_string(b, ",\"pseudonym\":", consent_cstr(keys->pseudonym_kids[0]));
    consent_buf_char(b, '}');
}


static consent_rc_t
ngx_consent_table_canonical(consent_buf_t *out, consent_slice_t text)
{
    consent_rc_t          rc;
    consent_arena_t      *arena;
    consent_json_t       *root;
    consent_json_error_t  err;

    arena = consent_arena_create(16 * 1024 * 1024);
    if (arena == NULL) {
        return CONSENT_NOMEM;
    }

    rc = consent_json_parse(&root, arena, text, 8, &err);

    if (rc == CONSENT_OK) {
        rc = consent_json_canonical(out, root);
    }

    consent_arena_destroy(arena);

    return rc;
}
