/*
 * Directives of a location that are more than a slot: on and off, what is required, what is core.
 */

#include "nginx/conf.h"


char *
ngx_consent_conf_mode(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_consent_loc_conf_t  *lcf = conf;

    ngx_str_t       *value, date;
    consent_time_t   t;

    if (lcf->mode != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "on") == 0) {
        lcf->mode = NGX_CONSENT_ON;

    } else if (ngx_strcmp(value[1].data, "report") == 0) {
        lcf->mode = NGX_CONSENT_REPORT;

    } else if (ngx_strcmp(value[1].data, "off") == 0) {
        lcf->mode = NGX_CONSENT_OFF;

    } else {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid value \"%V\", it must be on, report or off",
                           &value[1]);
        return NGX_CONF_ERROR;
    }

    ngx_consent_conf_place(cf, &lcf->mode_place);

    if (cf->args->nelts == 2) {
        return NGX_CONF_OK;
    }

    if (ngx_consent_conf_value(&value[2], "until", &date) != NGX_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid parameter \"%V\"", &value[2]);
        return NGX_CONF_ERROR;
    }

    if (lcf->mode == NGX_CONSENT_ON) {
        return "on has no end: \"until\" belongs to report and off";
    }

    if (consent_when_parse(&t, ngx_consent_slice(&date)) != CONSENT_OK || t < 1000) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid date \"%V\", it must be YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ", &date);
        return NGX_CONF_ERROR;
    }

    lcf->until = (time_t) (t / 1000);

    if (lcf->until <= ngx_time()) {
        ngx_conf_log_error(NGX_LOG_WARN, cf, 0, "\"consent %V\" has ended at %V: consent is on", &value[1],
                           &date);
    }

    return NGX_CONF_OK;
}


const char *const  ngx_consent_unknown_words[4] = { "pass", "report", "remove", "refuse" };


char *
ngx_consent_conf_unknown(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_consent_loc_conf_t  *lcf = conf;

    ngx_str_t   *value;
    ngx_uint_t   i;

    if (lcf->unknown != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }

    value = cf->args->elts;

    for (i = 0; i < consent_countof(ngx_consent_unknown_words); i++) {
        if (ngx_strcmp(value[1].data, ngx_consent_unknown_words[i]) == 0) {
            lcf->unknown = i;
            return NGX_CONF_OK;
        }
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid value \"%V\", it must be pass, report, remove or refuse",
                       &value[1]);

    return NGX_CONF_ERROR;
}


char *
ngx_consent_conf_require(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_consent_loc_conf_t  *lcf = conf;

    ngx_str_t  *value;

    if (lcf->require_place.line) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (value[1].len == 0) {
        return "needs the id of a level";
    }

    lcf->require = value[1];
    ngx_consent_conf_place(cf, &lcf->require_place);

    return NGX_CONF_OK;
}


char *
ngx_consent_conf_core(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_consent_loc_conf_t  *lcf = conf;

    ngx_consent_conf_place(cf, &lcf->core_place);

    return ngx_conf_set_flag_slot(cf, cmd, conf);
}
