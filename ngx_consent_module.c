/*
 * The module: its directives, phases, filters and handlers. What they do stands in src/nginx.
 */

#include "nginx/cluster.h"
#include "nginx/conf.h"
#include "nginx/store.h"


static ngx_int_t ngx_consent_preconfiguration(ngx_conf_t *cf);
static ngx_int_t ngx_consent_postconfiguration(ngx_conf_t *cf);


static ngx_conf_enum_t  ngx_consent_contact_places[] = {
    { ngx_string("start"), 0 },
    { ngx_string("end"), 1 },
    { ngx_null_string, 0 }
};


static ngx_conf_enum_t  ngx_consent_forms[] = {
    { ngx_string("ask"), NGX_CONSENT_FORM_ASK },
    { ngx_string("remove"), NGX_CONSENT_FORM_REMOVE },
    { ngx_null_string, 0 }
};


static ngx_conf_enum_t  ngx_consent_unmarkable[] = {
    { ngx_string("header"), 0 },
    { ngx_string("block"), 1 },
    { ngx_null_string, 0 }
};


#define NGX_CONSENT_ANY_CONF  (NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF)


static ngx_command_t  ngx_consent_commands[] = {

    { ngx_string("consent_policy"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_CONF_TAKE1,
      ngx_consent_conf_policy,
      NGX_HTTP_SRV_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("consent_store"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE12,
      ngx_consent_conf_store,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("consent_cluster"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE123,
      ngx_consent_conf_cluster,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("consent_keys"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_consent_conf_keys,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("consent"),
      NGX_CONSENT_ANY_CONF|NGX_CONF_TAKE12,
      ngx_consent_conf_mode,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("consent_unknown"),
      NGX_CONSENT_ANY_CONF|NGX_CONF_TAKE1,
      ngx_consent_conf_unknown,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("consent_require"),
      NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_HTTP_LIF_CONF|NGX_CONF_TAKE1,
      ngx_consent_conf_require,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("consent_core"),
      NGX_HTTP_LOC_CONF|NGX_CONF_FLAG,
      ngx_consent_conf_core,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_consent_loc_conf_t, core),
      NULL },

    { ngx_string("consent_sensitive"),
      NGX_HTTP_LOC_CONF|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_consent_loc_conf_t, sensitive),
      NULL },

    { ngx_string("consent_identity"),
      NGX_CONSENT_ANY_CONF|NGX_CONF_1MORE,
      ngx_consent_conf_identity,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("consent_assertion"),
      NGX_CONSENT_ANY_CONF|NGX_CONF_1MORE,
      ngx_consent_conf_assertion,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("consent_body_limit"),
      NGX_CONSENT_ANY_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_size_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_consent_loc_conf_t, body_limit),
      NULL },

    { ngx_string("consent_form"),
      NGX_CONSENT_ANY_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_enum_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_consent_loc_conf_t, form),
      &ngx_consent_forms },

    { ngx_string("consent_restore"),
      NGX_HTTP_LOC_CONF|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_consent_loc_conf_t, restore),
      NULL },

    { ngx_string("consent_ai"),
      NGX_CONSENT_ANY_CONF|NGX_CONF_1MORE,
      ngx_consent_conf_ai,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("consent_ai_unmarkable"),
      NGX_CONSENT_ANY_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_enum_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_consent_loc_conf_t, ai_block),
      &ngx_consent_unmarkable },

    { ngx_string("consent_topic"),
      NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_1MORE,
      ngx_consent_conf_topic,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("consent_human_route"),
      NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_consent_conf_human_route,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("consent_conversation"),
      NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_consent_conf_conversation,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("consent_contact"),
      NGX_CONSENT_ANY_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_enum_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_consent_loc_conf_t, contact_end),
      &ngx_consent_contact_places },

    { ngx_string("consent_handoff_pass"),
      NGX_CONSENT_ANY_CONF|NGX_CONF_TAKE1,
      ngx_consent_conf_outlet,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_consent_loc_conf_t, handoff_pass),
      NULL },

    { ngx_string("consent_event_pass"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_CONF_TAKE1,
      ngx_consent_conf_outlet,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_consent_loc_conf_t, event_pass),
      NULL },

    { ngx_string("consent_pages"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS|NGX_CONF_TAKE12,
      ngx_consent_conf_pages,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("consent_witness"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE12,
      ngx_consent_conf_witness,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("consent_log_interval"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_consent_main_conf_t, log_interval),
      NULL },

    { ngx_string("consent_log"),
      NGX_HTTP_LOC_CONF|NGX_CONF_ANY,
      ngx_consent_conf_log,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("consent_metrics"),
      NGX_HTTP_LOC_CONF|NGX_CONF_ANY,
      ngx_consent_conf_metrics,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_consent_module_ctx = {
    ngx_consent_preconfiguration,          /* preconfiguration */
    ngx_consent_postconfiguration,         /* postconfiguration */

    ngx_consent_create_main_conf,          /* create main configuration */
    NULL,                                  /* init main configuration */

    ngx_consent_create_srv_conf,           /* create server configuration */
    ngx_consent_merge_srv_conf,            /* merge server configuration */

    ngx_consent_create_loc_conf,           /* create location configuration */
    ngx_consent_merge_loc_conf             /* merge location configuration */
};


ngx_module_t  ngx_consent_module = {
    NGX_MODULE_V1,
    &ngx_consent_module_ctx,               /* module context */
    ngx_consent_commands,                  /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    ngx_consent_conf_signed_open,          /* init module */
    ngx_consent_store_init_process,        /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    ngx_consent_store_exit_process,        /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_int_t
ngx_consent_preconfiguration(ngx_conf_t *cf)
{
    return ngx_consent_add_variables(cf);
}


static ngx_int_t
ngx_consent_phase(ngx_conf_t *cf, ngx_uint_t phase, ngx_http_handler_pt handler)
{
    ngx_http_handler_pt        *h;
    ngx_http_core_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    h = ngx_array_push(&cmcf->phases[phase].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = handler;

    return NGX_OK;
}


static ngx_int_t
ngx_consent_postconfiguration(ngx_conf_t *cf)
{
    ngx_consent_main_conf_t  *mcf;

    mcf = ngx_http_conf_get_module_main_conf(cf, ngx_consent_module);

    if (ngx_consent_conf_check(cf, mcf) != NGX_OK
        || ngx_consent_conf_routes(cf, mcf) != NGX_OK
        || ngx_consent_conf_outlets(cf, mcf) != NGX_OK
        || ngx_consent_conf_disclosures(cf, mcf) != NGX_OK
        || ngx_consent_conf_signed(cf, mcf) != NGX_OK
        || ngx_consent_conf_witnesses(cf, mcf) != NGX_OK
        || ngx_consent_store_zone(cf, mcf) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (mcf->policies.nelts == 0) {
        return NGX_OK;
    }

    ngx_consent_conf_warn(cf, mcf);

    /* nginx runs the handlers of a phase in the reverse order: the last one added is the first */

    if (ngx_consent_phase(cf, NGX_HTTP_SERVER_REWRITE_PHASE, ngx_consent_well_known_handler) != NGX_OK
        || ngx_consent_phase(cf, NGX_HTTP_REWRITE_PHASE, ngx_consent_rewrite_handler) != NGX_OK
        || ngx_consent_phase(cf, NGX_HTTP_PRECONTENT_PHASE, ngx_consent_precontent_handler) != NGX_OK
        || ngx_consent_logged_init(cf) != NGX_OK
        || ngx_consent_header_filter_init(cf) != NGX_OK
        || ngx_consent_body_filter_init(cf) != NGX_OK
        || ngx_consent_chat_init(cf) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}
