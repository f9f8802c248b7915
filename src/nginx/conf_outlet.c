/*
 * consent_handoff_pass and consent_event_pass: the internal locations that take what the portal is told.
 */

#include "nginx/conf.h"
#include "nginx/outbox.h"


static void ngx_consent_conf_outlet_unused(ngx_conf_t *cf, const ngx_consent_outlet_t *first, const ngx_consent_location_t *l);


char *
ngx_consent_conf_outlet(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    ngx_str_t  *uri, *value;

    uri = (ngx_str_t *) (p + cmd->offset);

    if (uri->data) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (value[1].len == 0 || value[1].data[0] != '/') {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid URI \"%V\", it must begin with \"/\"", &value[1]);
        return NGX_CONF_ERROR;
    }

    *uri = value[1];

    return NGX_CONF_OK;
}


/* A server's pages say where: they are what makes hand-offs. */
ngx_int_t
ngx_consent_conf_outlets(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf)
{
    ngx_uint_t               i;
    ngx_consent_outlet_t    *outlet;
    ngx_consent_location_t  *locations;
    ngx_consent_loc_conf_t  *lcf;

    if (ngx_array_init(&mcf->outlets, cf->pool, 1, sizeof(ngx_consent_outlet_t)) != NGX_OK) {
        return NGX_ERROR;
    }

    locations = mcf->locations.elts;

    for (i = 0; i < mcf->locations.nelts; i++) {
        lcf = locations[i].conf;

        if (lcf->pages == NULL || locations[i].policy == NULL
            || (lcf->handoff_pass.len == 0 && lcf->event_pass.len == 0))
        {
            continue;
        }

        lcf->pages->handoffs = (lcf->handoff_pass.len != 0);
        lcf->pages->callback = (lcf->handoff_pass.len != 0
                                && consent_contact_channel(locations[i].policy->policy, CONSENT_CHANNEL_CALLBACK) != NULL);

        if (lcf->handoff_pass.len) {
            ngx_consent_conf_outlet_unused(cf, ngx_consent_outlet(mcf, locations[i].policy->policy->id_key,
                                                                  CONSENT_MESSAGE_HANDOFF), &locations[i]);
        }

        outlet = ngx_array_push(&mcf->outlets);
        if (outlet == NULL) {
            return NGX_ERROR;
        }

        outlet->policy = locations[i].policy;
        outlet->conf = locations[i].server->ctx;
        outlet->handoff = lcf->handoff_pass;
        outlet->event = lcf->event_pass;
    }

    return NGX_OK;
}


/* What citizens ask under one policy goes one way, whichever server they ask. */
static void
ngx_consent_conf_outlet_unused(ngx_conf_t *cf, const ngx_consent_outlet_t *first, const ngx_consent_location_t *l)
{
    const ngx_str_t  *pass = &l->conf->handoff_pass;

    if (first == NULL || (first->handoff.len == pass->len && ngx_memcmp(first->handoff.data, pass->data, pass->len) == 0)) {
        return;
    }

    ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                  "\"consent_handoff_pass %V\" of server \"%V\" is not used: \"%V\" of an earlier server takes all that is "
                  "asked under policy \"%V\"", pass, &l->server->server_name, &first->handoff, &l->policy->file);
}
