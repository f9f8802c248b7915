/*
 * consent_topic, consent_human_route and consent_conversation: what goes to a person, and where that person is.
 */

#include "nginx/conf.h"


static ngx_int_t ngx_consent_conf_source(ngx_conf_t *cf, ngx_consent_source_t *source, ngx_str_t *value);
static ngx_int_t ngx_consent_conf_source_path(ngx_conf_t *cf, ngx_consent_source_t *source);
static ngx_int_t ngx_consent_check_route(ngx_conf_t *cf, ngx_consent_location_t *l);
static ngx_http_core_loc_conf_t *ngx_consent_named_location(ngx_http_core_srv_conf_t *server, ngx_str_t *name);

static const struct {
    const char                 *name;
    ngx_consent_source_type_t   type;
} ngx_consent_sources[] = {
    { "arg", NGX_CONSENT_SOURCE_ARG },
    { "header", NGX_CONSENT_SOURCE_HEADER },
    { "field", NGX_CONSENT_SOURCE_FIELD },
    { "json", NGX_CONSENT_SOURCE_JSON }
};


char *
ngx_consent_conf_topic(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_consent_loc_conf_t  *lcf = conf;

    ngx_str_t             *value;
    ngx_uint_t             i;
    ngx_consent_source_t  *source;

    if (lcf->topic) {
        return "is duplicate";
    }

    value = cf->args->elts;

    lcf->topic = ngx_array_create(cf->pool, cf->args->nelts, sizeof(ngx_consent_source_t));
    if (lcf->topic == NULL) {
        return NGX_CONF_ERROR;
    }

    for (i = 1; i < cf->args->nelts; i++) {
        source = ngx_array_push(lcf->topic);

        if (source == NULL || ngx_consent_conf_source(cf, source, &value[i]) != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    ngx_consent_conf_place(cf, &lcf->topic_place);

    return NGX_CONF_OK;
}


char *
ngx_consent_conf_human_route(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_consent_loc_conf_t  *lcf = conf;

    ngx_str_t  *value;

    if (lcf->human_route.len) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (value[1].len < 2 || value[1].data[0] != '@') {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid location \"%V\", it must begin with \"@\"", &value[1]);
        return NGX_CONF_ERROR;
    }

    lcf->human_route = value[1];
    ngx_consent_conf_place(cf, &lcf->route_place);

    return NGX_CONF_OK;
}


char *
ngx_consent_conf_conversation(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_consent_loc_conf_t  *lcf = conf;

    ngx_str_t  *value;

    if (lcf->conversation) {
        return "is duplicate";
    }

    value = cf->args->elts;

    lcf->conversation = ngx_palloc(cf->pool, sizeof(ngx_consent_source_t));

    if (lcf->conversation == NULL || ngx_consent_conf_source(cf, lcf->conversation, &value[1]) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if (lcf->conversation->type != NGX_CONSENT_SOURCE_VARIABLE
        && lcf->conversation->type != NGX_CONSENT_SOURCE_HEADER)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid parameter \"%V\", it must be a variable or header=name",
                           &value[1]);
        return NGX_CONF_ERROR;
    }

    if (lcf->conversation->type == NGX_CONSENT_SOURCE_HEADER) {
        ngx_strlow(lcf->conversation->name.data, lcf->conversation->name.data, lcf->conversation->name.len);
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_consent_conf_source(ngx_conf_t *cf, ngx_consent_source_t *source, ngx_str_t *value)
{
    ngx_uint_t                        i;
    ngx_http_compile_complex_value_t  ccv;

    ngx_memzero(source, sizeof(ngx_consent_source_t));

    if (value->len > 1 && value->data[0] == '$') {
        source->name = *value;
        source->value = ngx_palloc(cf->pool, sizeof(ngx_http_complex_value_t));

        if (source->value == NULL) {
            return NGX_ERROR;
        }

        ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

        ccv.cf = cf;
        ccv.value = value;
        ccv.complex_value = source->value;

        return ngx_http_compile_complex_value(&ccv);
    }

    for (i = 0; i < consent_countof(ngx_consent_sources); i++) {

        if (ngx_consent_conf_value(value, ngx_consent_sources[i].name, &source->name) == NGX_OK) {
            source->type = ngx_consent_sources[i].type;

            if (source->name.len == 0 || source->name.len > CONSENT_TOPIC_NAME) {
                break;
            }

            return source->type == NGX_CONSENT_SOURCE_JSON ? ngx_consent_conf_source_path(cf, source) : NGX_OK;
        }
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid parameter \"%V\"", value);

    return NGX_ERROR;
}


static ngx_int_t
ngx_consent_conf_source_path(ngx_conf_t *cf, ngx_consent_source_t *source)
{
    source->path = ngx_palloc(cf->pool, sizeof(consent_topic_path_t));

    if (source->path == NULL) {
        return NGX_ERROR;
    }

    if (consent_topic_path(source->path, ngx_consent_slice(&source->name)) != CONSENT_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid path \"%V\", it must be made of $, .name, ['name'], [*] and ..name", &source->name);
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* A server's named locations are known when all of it is read. */
ngx_int_t
ngx_consent_conf_routes(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf)
{
    ngx_uint_t               i, j, warned;
    ngx_consent_location_t  *l;
    ngx_consent_loc_conf_t  *lcf;

    l = mcf->locations.elts;
    warned = 0;

    for (i = 0; i < mcf->locations.nelts; i++) {
        lcf = l[i].conf;

        if (lcf->human_route.len && ngx_consent_check_route(cf, &l[i]) != NGX_OK) {
            return NGX_ERROR;
        }

        if (lcf->topic == NULL || l[i].policy == NULL || lcf->topic_place.line == warned) {
            continue;
        }

        for (j = 0; j < l[i].policy->policy->n_topics && !l[i].policy->policy->topics[j].human_only; j++) {
            /* void */
        }

        if (j == l[i].policy->policy->n_topics) {
            ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                          "\"consent_topic\" in %V:%ui has no effect: policy \"%V\" leaves no topic to people",
                          &lcf->topic_place.file, lcf->topic_place.line, &l[i].policy->file);
            warned = lcf->topic_place.line;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_consent_check_route(ngx_conf_t *cf, ngx_consent_location_t *l)
{
    ngx_consent_loc_conf_t    *lcf, *target;
    ngx_http_core_loc_conf_t  *clcf;

    lcf = l->conf;
    clcf = ngx_consent_named_location(l->server, &lcf->human_route);

    if (clcf == NULL) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "\"consent_human_route\" in %V:%ui: there is no location \"%V\"",
                      &lcf->route_place.file, lcf->route_place.line, &lcf->human_route);
        return NGX_ERROR;
    }

    target = clcf->loc_conf[ngx_consent_module.ctx_index];

    if (target->ai != CONSENT_AI_OFF || target->ai_value) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"consent_human_route\" in %V:%ui leads to \"%V\", where AI answers (\"consent_ai\" in %V:%ui)",
                      &lcf->route_place.file, lcf->route_place.line, &lcf->human_route, &target->ai_place.file,
                      target->ai_place.line);
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_http_core_loc_conf_t *
ngx_consent_named_location(ngx_http_core_srv_conf_t *server, ngx_str_t *name)
{
    ngx_http_core_loc_conf_t  **clcf;

    for (clcf = server->named_locations; clcf && *clcf; clcf++) {
        if ((*clcf)->name.len == name->len && ngx_strncmp((*clcf)->name.data, name->data, name->len) == 0) {
            return *clcf;
        }
    }

    return NULL;
}
