/*
 * consent_ai: which responses are AI-generated, and what pages and headers say about it and about human
 * contact.
 */

#include "nginx/conf.h"


static ngx_int_t ngx_consent_conf_ai_kind(ngx_conf_t *cf, ngx_consent_loc_conf_t *lcf, ngx_str_t *value);
static ngx_int_t ngx_consent_build_claims(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf, ngx_consent_location_t *l);
static ngx_int_t ngx_consent_build(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf, ngx_consent_location_t *l,
    consent_ai_kind_t kind, consent_mode_t mode, consent_disclosure_t **out);
static ngx_flag_t ngx_consent_alike(const ngx_consent_built_t *b, const ngx_consent_policy_t *policy,
    const consent_disclose_conf_t *conf);


char *
ngx_consent_conf_ai(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_consent_loc_conf_t  *lcf = conf;

    ngx_str_t   *value, s;
    ngx_uint_t   i;

    if (lcf->ai != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_consent_conf_ai_kind(cf, lcf, &value[1]) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    ngx_consent_conf_place(cf, &lcf->ai_place);

    for (i = 2; i < cf->args->nelts; i++) {

        if (ngx_consent_conf_value(&value[i], "mode", &s) == NGX_OK) {

            if (!consent_mode_parse(&lcf->ai_mode, ngx_consent_slice(&s))) {
                ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid mode \"%V\"", &s);
                return NGX_CONF_ERROR;
            }

            lcf->ai_mode_given = 1;
            continue;
        }

        if (ngx_consent_conf_value(&value[i], "model", &s) == NGX_OK && s.len) {
            lcf->ai_model = s;
            continue;
        }

        if (ngx_consent_conf_value(&value[i], "trust", &s) == NGX_OK
            && (ngx_strcmp(s.data, "on") == 0 || ngx_strcmp(s.data, "off") == 0))
        {
            lcf->ai_trust = ngx_strcmp(s.data, "on") == 0;
            continue;
        }

        if (ngx_consent_conf_value(&value[i], "provider", &s) == NGX_OK && s.len) {
            lcf->ai_provider = s;
            continue;
        }

        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid parameter \"%V\"", &value[i]);
        return NGX_CONF_ERROR;
    }

    if (lcf->ai == CONSENT_AI_AUTO && lcf->ai_mode_given) {
        return "auto takes the mode from the upstream: \"mode\" does not belong to it";
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_consent_conf_ai_kind(ngx_conf_t *cf, ngx_consent_loc_conf_t *lcf, ngx_str_t *value)
{
    ngx_http_compile_complex_value_t  ccv;

    if (ngx_strcmp(value->data, "off") == 0) {
        lcf->ai = CONSENT_AI_OFF;

    } else if (ngx_strcmp(value->data, "on") == 0) {
        lcf->ai = CONSENT_AI_ON;

    } else if (ngx_strcmp(value->data, "chat") == 0) {
        lcf->ai = CONSENT_AI_CHAT;

    } else if (ngx_strcmp(value->data, "decision") == 0) {
        lcf->ai = CONSENT_AI_DECISION;

    } else if (ngx_strcmp(value->data, "auto") == 0) {
        lcf->ai = CONSENT_AI_AUTO;

    } else if (value->len > 1 && value->data[0] == '$') {

        lcf->ai_value = ngx_palloc(cf->pool, sizeof(ngx_http_complex_value_t));
        if (lcf->ai_value == NULL) {
            return NGX_ERROR;
        }

        ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

        ccv.cf = cf;
        ccv.value = value;
        ccv.complex_value = lcf->ai_value;

        if (ngx_http_compile_complex_value(&ccv) != NGX_OK) {
            return NGX_ERROR;
        }

        lcf->ai = CONSENT_AI_OFF;

    } else {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid value \"%V\", it must be on, chat, decision, auto, off or a variable", value);
        return NGX_ERROR;
    }

    return NGX_OK;
}


ngx_int_t
ngx_consent_conf_disclosures(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf)
{
    ngx_uint_t               i, kind;
    consent_mode_t           mode;
    ngx_consent_location_t  *l;

    l = mcf->locations.elts;

    for (i = 0; i < mcf->locations.nelts; i++) {

        if ((l[i].conf->mode == NGX_CONSENT_OFF && l[i].conf->until == 0)
            || l[i].policy == NULL || l[i].pages == NULL)
        {
            continue;
        }

        for (kind = 0; kind < NGX_CONSENT_AI_KINDS; kind++) {

            if (kind != CONSENT_AI_OFF && kind != l[i].conf->ai && l[i].conf->ai_value == NULL) {
                continue;
            }

            /* a page that people made says nothing about its own origin, unless it is told to */

            mode = kind == CONSENT_AI_OFF || kind == CONSENT_AI_AUTO ? CONSENT_MODE_UNKNOWN
                   : l[i].conf->ai_mode_given ? l[i].conf->ai_mode
                   : kind == CONSENT_AI_CHAT ? CONSENT_MODE_UNKNOWN : CONSENT_MODE_GENERATED;

            if (ngx_consent_build(cf, mcf, &l[i], (consent_ai_kind_t) kind, mode, &l[i].conf->disclosure[kind])
                != NGX_OK)
            {
                return NGX_ERROR;
            }
        }

        if (ngx_consent_build_claims(cf, mcf, &l[i]) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* What an upstream may say of itself. That a machine had no part in it counts only from one that is trusted. */
static ngx_int_t
ngx_consent_build_claims(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf, ngx_consent_location_t *l)
{
    ngx_uint_t               mode;
    ngx_consent_loc_conf_t  *lcf;

    lcf = l->conf;

    for (mode = 0; mode < CONSENT_MODE_UNKNOWN; mode++) {

        if (mode == CONSENT_MODE_HUMAN ? !lcf->ai_trust : lcf->ai != CONSENT_AI_AUTO && lcf->ai_value == NULL) {
            continue;
        }

        if (ngx_consent_build(cf, mcf, l, CONSENT_AI_ON, (consent_mode_t) mode, &lcf->claimed[mode]) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_consent_build(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf, ngx_consent_location_t *l,
    consent_ai_kind_t kind, consent_mode_t mode, consent_disclosure_t **out)
{
    ngx_uint_t                i;
    consent_rc_t              rc;
    ngx_consent_built_t      *built;
    consent_disclosure_t     *disclosure;
    ngx_consent_loc_conf_t   *lcf;
    consent_disclose_conf_t   conf;

    lcf = l->conf;

    ngx_memzero(&conf, sizeof(consent_disclose_conf_t));

    conf.kind = kind;
    conf.base = ngx_consent_slice(&l->pages->base);

    conf.mode = mode;

    if (kind != CONSENT_AI_OFF) {
        conf.model = ngx_consent_slice(&lcf->ai_model);
        conf.provider = ngx_consent_slice(&lcf->ai_provider);
    }

    built = mcf->disclosures.elts;

    for (i = 0; i < mcf->disclosures.nelts; i++) {
        if (ngx_consent_alike(&built[i], l->policy, &conf)) {
            *out = built[i].disclosure;
            return NGX_OK;
        }
    }

    disclosure = ngx_pcalloc(cf->pool, sizeof(consent_disclosure_t));
    if (disclosure == NULL) {
        return NGX_ERROR;
    }

    rc = consent_disclosure_build(disclosure, mcf->arena, l->policy->policy, &conf);

    if (rc != CONSENT_OK) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "consent_ai in %V:%ui cannot be said in a header or a page: %s",
                      &lcf->ai_place.file, lcf->ai_place.line, consent_rc_name(rc));
        return NGX_ERROR;
    }

    built = ngx_array_push(&mcf->disclosures);
    if (built == NULL) {
        return NGX_ERROR;
    }

    built->policy = l->policy;
    built->conf = conf;
    built->disclosure = disclosure;

    *out = disclosure;

    return NGX_OK;
}


static ngx_flag_t
ngx_consent_alike(const ngx_consent_built_t *b, const ngx_consent_policy_t *policy,
    const consent_disclose_conf_t *conf)
{
    return b->policy == policy
           && b->conf.kind == conf->kind
           && b->conf.mode == conf->mode
           && consent_slice_eq(b->conf.model, conf->model)
           && consent_slice_eq(b->conf.provider, conf->provider)
           && consent_slice_eq(b->conf.base, conf->base);
}
