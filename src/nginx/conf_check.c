/*
 * What belongs together in a configuration: what is on has all that it needs, and no core service asks for
 * anything.
 */

#include "nginx/conf.h"


static ngx_int_t ngx_consent_check_location(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf,
    ngx_consent_location_t *l);
static ngx_int_t ngx_consent_check_needs(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf,
    ngx_consent_location_t *l, const char *directive, const ngx_consent_place_t *place);
static ngx_int_t ngx_consent_check_require(ngx_conf_t *cf, ngx_consent_location_t *l);
static void ngx_consent_check_ai(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf, ngx_uint_t i);
static ngx_int_t ngx_consent_check_keys(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf);


ngx_int_t
ngx_consent_conf_check(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf)
{
    ngx_uint_t               i;
    ngx_consent_location_t  *l;
    ngx_consent_srv_conf_t  *scf;

    if (ngx_consent_check_keys(cf, mcf) != NGX_OK) {
        return NGX_ERROR;
    }

    if (mcf->cluster && (mcf->keys == NULL || mcf->store.len == 0)) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "\"consent_cluster\" needs %s",
                      mcf->keys == NULL ? "consent_keys" : "consent_store");
        return NGX_ERROR;
    }

    if (mcf->cluster && mcf->keys->n_pseudonym > 1) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "pseudonym.key has a former key: pseudonyms do not change in a cluster; take its first line away, which "
                      "is the new one");
        return NGX_ERROR;
    }

    l = mcf->locations.elts;

    for (i = 0; i < mcf->locations.nelts; i++) {

        /* a server's pages are known when all of it is read */
        scf = l[i].server->ctx->srv_conf[ngx_consent_module.ctx_index];
        l[i].pages = scf->pages;

        if (l[i].conf->mode == NGX_CONSENT_ON || l[i].conf->until || l[i].conf->pages) {
            scf->withholds = 1;
        }

        if (ngx_consent_check_location(cf, mcf, &l[i]) != NGX_OK) {
            return NGX_ERROR;
        }

        ngx_consent_check_ai(cf, mcf, i);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_consent_check_location(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf, ngx_consent_location_t *l)
{
    ngx_consent_loc_conf_t  *lcf;

    lcf = l->conf;

    if (lcf->log && ngx_consent_check_needs(cf, mcf, l, "consent_log", &lcf->log->place) != NGX_OK) {
        return NGX_ERROR;
    }

    if (lcf->pages && ngx_consent_check_needs(cf, mcf, l, "consent_pages", &lcf->pages->place) != NGX_OK) {
        return NGX_ERROR;
    }

    if ((lcf->mode != NGX_CONSENT_OFF || lcf->until)
        && ngx_consent_check_needs(cf, mcf, l, "consent", &lcf->mode_place) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (lcf->assertion && mcf->keys) {
        lcf->assertion->conf.issuer = consent_cstr(mcf->keys->origin);
    }

    if (lcf->require.len) {
        return ngx_consent_check_require(cf, l);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_consent_check_needs(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf, ngx_consent_location_t *l,
    const char *directive, const ngx_consent_place_t *place)
{
    const char  *missing;

    if (l->policy == NULL) {
        missing = "consent_policy";

    } else if (mcf->keys == NULL) {
        missing = "consent_keys";

    } else if (mcf->store.len == 0) {
        missing = "consent_store";

    } else if (l->pages == NULL) {
        missing = "a location with consent_pages in the same server";

    } else {
        return NGX_OK;
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "\"%s\" in %V:%ui needs %s", directive, &place->file,
                  place->line, missing);

    return NGX_ERROR;
}


static ngx_int_t
ngx_consent_check_require(ngx_conf_t *cf, ngx_consent_location_t *l)
{
    ngx_consent_loc_conf_t     *lcf;
    const ngx_consent_place_t  *place;

    lcf = l->conf;
    place = &lcf->require_place;

    if (l->policy == NULL) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "\"consent_require\" in %V:%ui needs consent_policy",
                      &place->file, place->line);
        return NGX_ERROR;
    }

    if (lcf->required == -1) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "no level \"%V\" in policy \"%V\" for \"consent_require\" in %V:%ui",
                      &lcf->require, &l->policy->file, &place->file, place->line);
        return NGX_ERROR;
    }

    if (lcf->core && lcf->required > 0) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"consent_require %V\" in %V:%ui stands before a core service "
                      "(\"consent_core\" in %V:%ui): a core service asks for nothing",
                      &lcf->require, &place->file, place->line, &lcf->core_place.file, lcf->core_place.line);
        return NGX_ERROR;
    }

    if (lcf->mode == NGX_CONSENT_OFF && lcf->until == 0) {
        ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                      "\"consent_require %V\" in %V:%ui has no effect: consent is off there",
                      &lcf->require, &place->file, place->line);
    }

    return NGX_OK;
}


/* What says that AI answers marks nothing where consent is off: it is told once, unless it holds somewhere else too. */
static void
ngx_consent_check_ai(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf, ngx_uint_t i)
{
    ngx_uint_t                  k;
    ngx_consent_location_t     *l;
    ngx_consent_loc_conf_t     *lcf;
    const ngx_consent_place_t  *place;

    l = mcf->locations.elts;
    lcf = l[i].conf;
    place = &lcf->ai_place;

    if ((lcf->ai == CONSENT_AI_OFF && lcf->ai_value == NULL) || lcf->mode != NGX_CONSENT_OFF || lcf->until) {
        return;
    }

    for (k = 0; k < mcf->locations.nelts; k++) {
        lcf = l[k].conf;

        if (lcf->ai_place.file.data == place->file.data && lcf->ai_place.line == place->line
            && (k < i || lcf->mode != NGX_CONSENT_OFF || lcf->until))
        {
            return;
        }
    }

    ngx_log_error(NGX_LOG_WARN, cf->log, 0, "\"consent_ai\" in %V:%ui has no effect: consent is off there",
                  &place->file, place->line);
}


/* Who takes a copy of the store must not get the keys with it. */
static ngx_int_t
ngx_consent_check_keys(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf)
{
    char    store[NGX_MAX_PATH], keys[NGX_MAX_PATH];
    size_t  len;

    if (mcf->keys == NULL || mcf->store.len == 0) {
        return NGX_OK;
    }

    if (realpath((char *) mcf->keys_path.data, keys) == NULL) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, ngx_errno, "realpath() \"%V\" failed", &mcf->keys_path);
        return NGX_ERROR;
    }

    /* a store that is not there yet holds no keys, unless by its name */

    if (realpath((char *) mcf->store.data, store) == NULL) {
        ngx_cpystrn((u_char *) store, mcf->store.data, sizeof(store));
    }

    len = ngx_strlen(store);

    if (ngx_strncmp(keys, store, len) == 0 && (keys[len] == '/' || keys[len] == '\0')) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "keys \"%V\" are inside the store \"%V\": a copy of the store must not hold its keys",
                      &mcf->keys_path, &mcf->store);
        return NGX_ERROR;
    }

    return NGX_OK;
}
