/*
 * The configuration's structures and their inheritance.
 */

#include "nginx/conf.h"


static void ngx_consent_main_cleanup(void *data);
static ngx_int_t ngx_consent_list_location(ngx_conf_t *cf, ngx_consent_loc_conf_t *conf, ngx_flag_t outer);

#define NGX_CONSENT_ARENA  (64 * 1024 * 1024)   /* bytes of header values and fragments, of all locations */


void *
ngx_consent_create_main_conf(ngx_conf_t *cf)
{
    ngx_consent_main_conf_t  *mcf;

    mcf = ngx_pcalloc(cf->pool, sizeof(ngx_consent_main_conf_t));
    if (mcf == NULL) {
        return NULL;
    }

    if (ngx_array_init(&mcf->policies, cf->pool, 2, sizeof(ngx_consent_policy_t *)) != NGX_OK
        || ngx_array_init(&mcf->locations, cf->pool, 16, sizeof(ngx_consent_location_t)) != NGX_OK
        || ngx_array_init(&mcf->disclosures, cf->pool, 16, sizeof(ngx_consent_built_t)) != NGX_OK
        || ngx_array_init(&mcf->witnesses, cf->pool, 2, sizeof(consent_note_key_t)) != NGX_OK
        || ngx_array_init(&mcf->witness_uris, cf->pool, 2, sizeof(ngx_str_t)) != NGX_OK)
    {
        return NULL;
    }

    mcf->log_interval = NGX_CONF_UNSET_MSEC;
    mcf->signed_dir = NGX_INVALID_FILE;

    mcf->arena = consent_arena_create(NGX_CONSENT_ARENA);
    if (mcf->arena == NULL
        || ngx_consent_conf_cleanup(cf, ngx_consent_main_cleanup, mcf->arena) != NGX_OK)
    {
        return NULL;
    }

    return mcf;
}


static void
ngx_consent_main_cleanup(void *data)
{
    consent_arena_destroy(data);
}


void *
ngx_consent_create_srv_conf(ngx_conf_t *cf)
{
    ngx_consent_srv_conf_t  *scf;

    scf = ngx_pcalloc(cf->pool, sizeof(ngx_consent_srv_conf_t));
    if (scf == NULL) {
        return NULL;
    }

    scf->policy = NGX_CONF_UNSET_PTR;

    return scf;
}


char *
ngx_consent_merge_srv_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_consent_srv_conf_t  *prev = parent;
    ngx_consent_srv_conf_t  *conf = child;

    ngx_conf_merge_ptr_value(conf->policy, prev->policy, NULL);

    if (conf->pages) {
        conf->pages->policy = conf->policy;
    }

    return NGX_CONF_OK;
}


void *
ngx_consent_create_loc_conf(ngx_conf_t *cf)
{
    ngx_consent_loc_conf_t  *lcf;

    lcf = ngx_pcalloc(cf->pool, sizeof(ngx_consent_loc_conf_t));
    if (lcf == NULL) {
        return NULL;
    }

    lcf->mode = NGX_CONF_UNSET_UINT;
    lcf->unknown = NGX_CONF_UNSET_UINT;
    lcf->required = -1;
    lcf->sensitive = NGX_CONF_UNSET;
    lcf->core = NGX_CONF_UNSET;
    lcf->identity = NGX_CONF_UNSET_PTR;
    lcf->assertion = NGX_CONF_UNSET_PTR;
    lcf->body_limit = NGX_CONF_UNSET_SIZE;
    lcf->restore = NGX_CONF_UNSET;
    lcf->form = NGX_CONF_UNSET_UINT;
    lcf->ai = NGX_CONF_UNSET_UINT;
    lcf->ai_block = NGX_CONF_UNSET_UINT;
    lcf->contact_end = NGX_CONF_UNSET_UINT;

    return lcf;
}


char *
ngx_consent_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_consent_loc_conf_t  *prev = parent;
    ngx_consent_loc_conf_t  *conf = child;

    ngx_flag_t                 outer;
    ngx_consent_srv_conf_t    *scf;
    ngx_http_core_loc_conf_t  *clcf;

    if (conf->mode == NGX_CONF_UNSET_UINT) {
        conf->mode = (prev->mode == NGX_CONF_UNSET_UINT) ? NGX_CONSENT_OFF : prev->mode;
        conf->until = prev->until;
        conf->mode_place = prev->mode_place;
    }

    if (conf->require_place.line == 0) {
        conf->require = prev->require;
        conf->require_place = prev->require_place;
    }

    if (conf->core == NGX_CONF_UNSET) {
        conf->core = (prev->core == NGX_CONF_UNSET) ? 0 : prev->core;
        conf->core_place = prev->core_place;
    }

    if (conf->ai == NGX_CONF_UNSET_UINT) {
        conf->ai = (prev->ai == NGX_CONF_UNSET_UINT) ? CONSENT_AI_OFF : prev->ai;
        conf->ai_value = prev->ai_value;
        conf->ai_mode = prev->ai_mode;
        conf->ai_mode_given = prev->ai_mode_given;
        conf->ai_trust = prev->ai_trust;
        conf->ai_model = prev->ai_model;
        conf->ai_provider = prev->ai_provider;
        conf->ai_place = prev->ai_place;
    }

    if (conf->topic == NULL) {
        conf->topic = prev->topic;
        conf->topic_place = prev->topic_place;
    }

    if (conf->human_route.len == 0) {
        conf->human_route = prev->human_route;
        conf->route_place = prev->route_place;
    }

    if (conf->conversation == NULL) {
        conf->conversation = prev->conversation;
    }

    ngx_conf_merge_uint_value(conf->unknown, prev->unknown, NGX_CONSENT_UNKNOWN_REPORT);
    ngx_conf_merge_value(conf->sensitive, prev->sensitive, 0);
    ngx_conf_merge_ptr_value(conf->identity, prev->identity, NULL);
    ngx_conf_merge_ptr_value(conf->assertion, prev->assertion, NULL);
    ngx_conf_merge_size_value(conf->body_limit, prev->body_limit, NGX_CONSENT_BODY_LIMIT);
    ngx_conf_merge_value(conf->restore, prev->restore, 0);
    ngx_conf_merge_uint_value(conf->form, prev->form, NGX_CONSENT_FORM_ASK);
    ngx_conf_merge_uint_value(conf->ai_block, prev->ai_block, 0);
    ngx_conf_merge_uint_value(conf->contact_end, prev->contact_end, 0);
    ngx_conf_merge_str_value(conf->handoff_pass, prev->handoff_pass, "");
    ngx_conf_merge_str_value(conf->event_pass, prev->event_pass, "");

    /* an "if" of a location is that location, with its handler */

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (clcf->noname) {
        conf->pages = prev->pages;
        conf->metrics = prev->metrics;
        conf->log = prev->log;
    }

    scf = ngx_http_conf_get_module_srv_conf(cf, ngx_consent_module);

    if (conf->require.len && scf->policy) {
        conf->required = consent_policy_level(scf->policy->policy, ngx_consent_slice(&conf->require));
    }

    /* a server's own structure is merged with that of http{}, which has none above it */
    outer = !prev->listed;

    if (!conf->listed) {
        return ngx_consent_list_location(cf, conf, outer) == NGX_OK ? NGX_CONF_OK : NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_consent_list_location(ngx_conf_t *cf, ngx_consent_loc_conf_t *conf, ngx_flag_t outer)
{
    ngx_consent_location_t   *l;
    ngx_consent_srv_conf_t   *scf;
    ngx_consent_main_conf_t  *mcf;

    mcf = ngx_http_conf_get_module_main_conf(cf, ngx_consent_module);
    scf = ngx_http_conf_get_module_srv_conf(cf, ngx_consent_module);

    l = ngx_array_push(&mcf->locations);
    if (l == NULL) {
        return NGX_ERROR;
    }

    l->server = ngx_http_conf_get_module_srv_conf(cf, ngx_http_core_module);
    l->core = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    l->conf = conf;
    l->policy = scf->policy;
    l->pages = scf->pages;
    l->outer = outer;

    conf->listed = 1;

    if (conf->mode != NGX_CONSENT_OFF || conf->until) {
        mcf->used = 1;
    }

    return NGX_OK;
}
