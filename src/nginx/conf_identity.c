/*
 * consent_identity, who is logged in, and consent_assertion, the statement to the upstream: keys and what is
 * checked.
 */

#include "nginx/conf.h"


#define NGX_CONSENT_KEY_FILE       65536
#define NGX_CONSENT_IDENTITY_KEYS  8

static ngx_int_t ngx_consent_identity_parameter(ngx_conf_t *cf, ngx_consent_identity_t *id, ngx_str_t *arg,
    ngx_array_t *files);
static ngx_int_t ngx_consent_identity_source(ngx_conf_t *cf, ngx_consent_identity_t *id, ngx_str_t *name,
    ngx_consent_identity_source_t source);
static ngx_int_t ngx_consent_identity_variable(ngx_conf_t *cf, ngx_consent_identity_t *id, ngx_str_t *value);
static ngx_int_t ngx_consent_identity_index(ngx_conf_t *cf, const char *what, ngx_str_t *value, ngx_str_t *name,
    ngx_int_t *index);
static ngx_int_t ngx_consent_identity_claims(ngx_conf_t *cf, ngx_consent_identity_t *id);
static ngx_int_t ngx_consent_identity_keys(ngx_conf_t *cf, ngx_consent_identity_t *id, ngx_array_t *files);
static consent_jwt_key_t *ngx_consent_key_read(ngx_conf_t *cf, ngx_str_t *file, consent_alg_t alg,
    ngx_flag_t secret);
static void ngx_consent_key_cleanup(void *data);
static void ngx_consent_assertion_cleanup(void *data);


static const char  *ngx_consent_claim_parameters[NGX_CONSENT_CLAIMS] = {
    "acting_claim", "minor_claim", "protected_claim"
};

/* What a client can write into freely: whoever is asked for by it may be anybody. */
static const char  *ngx_consent_client_variables[] = {
    "args", "query_string", "request", "request_uri", "request_body", "request_body_file", "request_method",
    "uri", "document_uri", "request_filename", "host", "remote_user", "content_type", "content_length",
    "is_args"
};


char *
ngx_consent_conf_identity(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_consent_loc_conf_t  *lcf = conf;

    ngx_str_t                *value;
    ngx_uint_t                i;
    ngx_array_t               files;
    ngx_consent_identity_t   *id;
    ngx_consent_main_conf_t  *mcf;

    if (lcf->identity != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (cf->args->nelts == 2 && ngx_strcmp(value[1].data, "off") == 0) {
        lcf->identity = NULL;
        return NGX_CONF_OK;
    }

    id = ngx_pcalloc(cf->pool, sizeof(ngx_consent_identity_t));
    if (id == NULL || ngx_array_init(&files, cf->temp_pool, 2, sizeof(ngx_str_t)) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    id->claim = consent_lit("sub");
    id->alg = (consent_alg_t) -1;

    for (i = 1; i < cf->args->nelts; i++) {
        if (ngx_consent_identity_parameter(cf, id, &value[i], &files) != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    if (id->name.len == 0 && id->variable_name.len == 0) {
        return "needs cookie=, header= or subject=";
    }

    if (id->source == NGX_CONSENT_IDENTITY_VARIABLE) {

        if (files.nelts || id->alg != (consent_alg_t) -1 || id->audience.len) {
            return "with subject= takes no token: key=, alg= and audience= do not belong to it";
        }

        if (id->issuer.len == 0) {
            return "with subject= needs issuer=, a name of your own for who logs people in";
        }

    } else {

        if (id->alg == (consent_alg_t) -1) {
            return "needs alg=, HS256, RS256 or ES256";
        }

        if (files.nelts == 0) {
            return "needs key=";
        }

        if (ngx_consent_identity_keys(cf, id, &files) != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    if (ngx_consent_identity_claims(cf, id) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    mcf = ngx_http_conf_get_module_main_conf(cf, ngx_consent_module);
    id->realm = ++mcf->realms;

    lcf->identity = id;

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_consent_identity_parameter(ngx_conf_t *cf, ngx_consent_identity_t *id, ngx_str_t *arg, ngx_array_t *files)
{
    ngx_str_t   value, *file;
    ngx_uint_t  i;

    for (i = 0; i < NGX_CONSENT_CLAIMS; i++) {

        if (ngx_consent_conf_value(arg, ngx_consent_claim_parameters[i], &value) != NGX_OK) {
            continue;
        }

        if (value.len == 0 || id->claims[i].len) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid parameter \"%V\"", arg);
            return NGX_ERROR;
        }

        id->claims[i] = value;

        return NGX_OK;
    }

    if (ngx_consent_conf_value(arg, "cookie", &value) == NGX_OK) {
        return ngx_consent_identity_source(cf, id, &value, NGX_CONSENT_IDENTITY_COOKIE);
    }

    if (ngx_consent_conf_value(arg, "header", &value) == NGX_OK) {
        return ngx_consent_identity_source(cf, id, &value, NGX_CONSENT_IDENTITY_HEADER);
    }

    if (ngx_consent_conf_value(arg, "subject", &value) == NGX_OK) {
        return ngx_consent_identity_variable(cf, id, &value);
    }

    if (ngx_consent_conf_value(arg, "key", &value) == NGX_OK && value.len) {

        if (files->nelts == NGX_CONSENT_IDENTITY_KEYS) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "more than %d keys", NGX_CONSENT_IDENTITY_KEYS);
            return NGX_ERROR;
        }

        file = ngx_array_push(files);
        if (file == NULL) {
            return NGX_ERROR;
        }

        *file = value;

        return ngx_conf_full_name(cf->cycle, file, 1);
    }

    if (ngx_consent_conf_value(arg, "alg", &value) == NGX_OK
        && consent_alg_parse(&id->alg, ngx_consent_slice(&value)))
    {
        return NGX_OK;
    }

    if (ngx_consent_conf_value(arg, "issuer", &value) == NGX_OK && value.len) {
        id->issuer = ngx_consent_slice(&value);
        return NGX_OK;
    }

    if (ngx_consent_conf_value(arg, "audience", &value) == NGX_OK && value.len) {
        id->audience = ngx_consent_slice(&value);
        return NGX_OK;
    }

    if (ngx_consent_conf_value(arg, "claim", &value) == NGX_OK && value.len) {
        id->claim = ngx_consent_slice(&value);
        return NGX_OK;
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid parameter \"%V\"", arg);

    return NGX_ERROR;
}


static ngx_int_t
ngx_consent_identity_source(ngx_conf_t *cf, ngx_consent_identity_t *id, ngx_str_t *name,
    ngx_consent_identity_source_t source)
{
    ngx_uint_t  i;

    if (id->name.len || id->variable_name.len) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "one of cookie=, header= and subject= is enough");
        return NGX_ERROR;
    }

    if (name->len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "cookie= and header= need a name");
        return NGX_ERROR;
    }

    id->source = source;
    id->name = *name;

    if (source == NGX_CONSENT_IDENTITY_HEADER) {
        for (i = 0; i < name->len; i++) {
            id->name.data[i] = ngx_tolower(name->data[i]);
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_consent_identity_variable(ngx_conf_t *cf, ngx_consent_identity_t *id, ngx_str_t *value)
{
    if (id->name.len || id->variable_name.len) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "one of cookie=, header= and subject= is enough");
        return NGX_ERROR;
    }

    id->source = NGX_CONSENT_IDENTITY_VARIABLE;

    return ngx_consent_identity_index(cf, "subject", value, &id->variable_name, &id->variable);
}


/* Claims are those of the token; without one they are variables, as the subject is. */
static ngx_int_t
ngx_consent_identity_claims(ngx_conf_t *cf, ngx_consent_identity_t *id)
{
    ngx_str_t   name;
    ngx_uint_t  i;

    for (i = 0; i < NGX_CONSENT_CLAIMS; i++) {

        if (id->claims[i].len == 0) {
            continue;
        }

        if (id->source == NGX_CONSENT_IDENTITY_VARIABLE) {

            if (ngx_consent_identity_index(cf, ngx_consent_claim_parameters[i], &id->claims[i], &name, &id->indexes[i])
                != NGX_OK)
            {
                return NGX_ERROR;
            }

        } else if (id->claims[i].data[0] == '$') {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "%s= needs the name of a claim of the token",
                               ngx_consent_claim_parameters[i]);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_consent_identity_index(ngx_conf_t *cf, const char *what, ngx_str_t *value, ngx_str_t *out, ngx_int_t *index)
{
    u_char      *p;
    ngx_str_t    name;
    ngx_uint_t   i;
    ngx_flag_t   client;

    if (value->len < 2 || value->data[0] != '$') {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "%s= needs a variable", what);
        return NGX_ERROR;
    }

    name.data = value->data + 1;
    name.len = value->len - 1;

    if (name.len > 2 && name.data[0] == '{' && name.data[name.len - 1] == '}') {
        name.data++;
        name.len -= 2;
    }

    for (p = name.data; p < name.data + name.len; p++) {
        if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9')
              || *p == '_'))
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "%s= needs one variable and nothing else", what);
            return NGX_ERROR;
        }
    }

    client = (name.len >= 5 && ngx_strncasecmp(name.data, (u_char *) "http_", 5) == 0)
             || (name.len >= 7 && ngx_strncasecmp(name.data, (u_char *) "cookie_", 7) == 0)
             || (name.len >= 4 && ngx_strncasecmp(name.data, (u_char *) "arg_", 4) == 0);

    for (i = 0; i < consent_countof(ngx_consent_client_variables); i++) {
        if (name.len == ngx_strlen(ngx_consent_client_variables[i])
            && ngx_strncasecmp(name.data, (u_char *) ngx_consent_client_variables[i], name.len) == 0)
        {
            client = 1;
        }
    }

    if (client) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "%s=\"%V\" is what a client sends: anybody could be anybody; "
                           "it must be a variable that nginx itself sets, as auth_request_set does", what, value);
        return NGX_ERROR;
    }

    *out = name;
    *index = ngx_http_get_variable_index(cf, &name);

    return *index == NGX_ERROR ? NGX_ERROR : NGX_OK;
}


static ngx_int_t
ngx_consent_identity_keys(ngx_conf_t *cf, ngx_consent_identity_t *id, ngx_array_t *files)
{
    ngx_str_t   *file;
    ngx_uint_t   i;

    id->keys = ngx_pcalloc(cf->pool, files->nelts * sizeof(consent_jwt_key_t *));
    if (id->keys == NULL) {
        return NGX_ERROR;
    }

    file = files->elts;

    for (i = 0; i < files->nelts; i++) {
        id->keys[i] = ngx_consent_key_read(cf, &file[i], id->alg, id->alg == CONSENT_ALG_HS256);

        if (id->keys[i] == NULL
            || ngx_consent_conf_cleanup(cf, ngx_consent_key_cleanup, id->keys[i]) != NGX_OK)
        {
            return NGX_ERROR;
        }

        id->n_keys++;
    }

    return NGX_OK;
}


/* PEM, or the secret's bytes, without the line's end that editors leave. */
static consent_jwt_key_t *
ngx_consent_key_read(ngx_conf_t *cf, ngx_str_t *file, consent_alg_t alg, ngx_flag_t secret)
{
    size_t              len;
    ngx_str_t           text;
    consent_rc_t        rc;
    consent_jwt_key_t  *key;

    if (ngx_consent_conf_read(cf, file, NGX_CONSENT_KEY_FILE, secret, &text) != NGX_OK) {
        return NULL;
    }

    len = text.len;

    if (alg == CONSENT_ALG_HS256) {
        if (len && text.data[len - 1] == LF) {
            len--;
        }

        if (len && text.data[len - 1] == CR) {
            len--;
        }
    }

    key = NULL;
    rc = consent_jwt_key_create(&key, alg, consent_slice(text.data, len), consent_slice(NULL, 0));

    consent_wipe(text.data, text.len);

    if (rc != CONSENT_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\" is no key for this algorithm: %s", file,
                           alg == CONSENT_ALG_HS256 ? "HS256 needs a secret of 32 bytes or more"
                           : alg == CONSENT_ALG_RS256 ? "RS256 needs an RSA key in PEM"
                           : "ES256 needs a P-256 key in PEM");
        return NULL;
    }

    return key;
}


static void
ngx_consent_key_cleanup(void *data)
{
    consent_jwt_key_destroy(data);
}


char *
ngx_consent_conf_assertion(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_consent_loc_conf_t  *lcf = conf;

    ngx_int_t                 ttl;
    ngx_str_t                *value, file, s;
    ngx_uint_t                i, alg;
    ngx_consent_assertion_t  *assertion;

    if (lcf->assertion != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (cf->args->nelts == 2 && ngx_strcmp(value[1].data, "off") == 0) {
        lcf->assertion = NULL;
        return NGX_CONF_OK;
    }

    assertion = ngx_pcalloc(cf->pool, sizeof(ngx_consent_assertion_t));
    if (assertion == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_str_null(&file);
    assertion->conf.ttl = 60;
    alg = 0;

    for (i = 1; i < cf->args->nelts; i++) {

        if (ngx_consent_conf_value(&value[i], "key", &s) == NGX_OK && s.len) {
            file = s;
            continue;
        }

        if (ngx_consent_conf_value(&value[i], "alg", &s) == NGX_OK
            && consent_alg_parse(&assertion->alg, ngx_consent_slice(&s)))
        {
            alg = 1;
            continue;
        }

        if (ngx_consent_conf_value(&value[i], "audience", &s) == NGX_OK && s.len) {
            assertion->conf.audience = ngx_consent_slice(&s);
            continue;
        }

        if (ngx_consent_conf_value(&value[i], "ttl", &s) == NGX_OK) {
            ttl = ngx_parse_time(&s, 1);

            if (ttl == NGX_ERROR || ttl < 1 || ttl > 3600) {
                ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid ttl \"%V\", it must be 1s to 1h", &s);
                return NGX_CONF_ERROR;
            }

            assertion->conf.ttl = (unsigned) ttl;
            continue;
        }

        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid parameter \"%V\"", &value[i]);
        return NGX_CONF_ERROR;
    }

    if (file.len == 0 || alg == 0) {
        return "needs key= and alg=";
    }

    if (ngx_conf_full_name(cf->cycle, &file, 1) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    assertion->key = ngx_consent_key_read(cf, &file, assertion->alg, 1);

    if (assertion->key == NULL
        || ngx_consent_conf_cleanup(cf, ngx_consent_assertion_cleanup, assertion) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    lcf->assertion = assertion;

    return NGX_CONF_OK;
}


static void
ngx_consent_assertion_cleanup(void *data)
{
    ngx_consent_assertion_t  *assertion = data;

    consent_assertions_destroy(assertion->cache);
    consent_jwt_key_destroy(assertion->key);
}
