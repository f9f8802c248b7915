/*
 * Reading the configuration: what the directive table of the module names, and how its parts are put
 * together.
 */

#ifndef NGX_CONSENT_CONF_H
#define NGX_CONSENT_CONF_H

#include "nginx/module.h"

/* conf.c: the structures, inheritance, plain directives */
void *ngx_consent_create_main_conf(ngx_conf_t *cf);
void *ngx_consent_create_srv_conf(ngx_conf_t *cf);
char *ngx_consent_merge_srv_conf(ngx_conf_t *cf, void *parent, void *child);
void *ngx_consent_create_loc_conf(ngx_conf_t *cf);
char *ngx_consent_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child);

/* conf_location.c */
char *ngx_consent_conf_mode(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_consent_conf_unknown(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_consent_conf_require(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_consent_conf_core(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/* conf_files.c: policy, keys, store */
char *ngx_consent_conf_policy(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_consent_conf_keys(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_consent_conf_store(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/* conf_identity.c: who is logged in, and the statement to the upstream */
char *ngx_consent_conf_identity(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_consent_conf_assertion(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/* conf_ai.c: what is AI-generated, and what is said about it */
char *ngx_consent_conf_ai(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
ngx_int_t ngx_consent_conf_disclosures(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf);

/* conf_route.c: what goes to a person */
char *ngx_consent_conf_topic(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_consent_conf_human_route(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_consent_conf_conversation(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
ngx_int_t ngx_consent_conf_routes(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf);

/* conf_pages.c */
char *ngx_consent_conf_pages(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_consent_conf_metrics(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/* access.c: the parameter allow= or if=. NGX_OK; NGX_DECLINED: another one; NGX_ERROR after a message. */
ngx_int_t ngx_consent_conf_access(ngx_conf_t *cf, ngx_str_t *value, ngx_consent_access_t *access);

/* conf_log.c: the log, and where what was last signed is kept */
char *ngx_consent_conf_log(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_consent_conf_witness(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
ngx_int_t ngx_consent_conf_witnesses(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf);
ngx_int_t ngx_consent_conf_signed(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf);
ngx_int_t ngx_consent_conf_signed_open(ngx_cycle_t *cycle);

/* conf_outlet.c: where the portal is told of hand-offs and events */
char *ngx_consent_conf_outlet(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
ngx_int_t ngx_consent_conf_outlets(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf);

/* conf_check.c: what belongs together; NGX_ERROR after a message that names the place */
ngx_int_t ngx_consent_conf_check(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf);

/* conf_warn.c: what works but tells more than it should */
void ngx_consent_conf_warn(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf);

/* conf_table.c: adds the `config` entry's fields for one policy, as canonical JSON */
void ngx_consent_conf_table(consent_buf_t *b, ngx_consent_main_conf_t *mcf, ngx_consent_policy_t *policy);

/* conf_file.c: helpers. Reads a whole file of at most max bytes into cf->pool, or says why not. A secret
 * must be readable by its owner alone. */
ngx_int_t ngx_consent_conf_read(ngx_conf_t *cf, ngx_str_t *file, size_t max, ngx_flag_t secret,
    ngx_str_t *text);
void ngx_consent_conf_place(ngx_conf_t *cf, ngx_consent_place_t *place);
/* The value of "name=value", or NGX_DECLINED; so is a value that begins with a quote. */
ngx_int_t ngx_consent_conf_value(const ngx_str_t *arg, const char *name, ngx_str_t *value);
/* The path of a location that links or paths below it are made from, or a sentence why it cannot be one. */
const char *ngx_consent_conf_base(ngx_conf_t *cf, ngx_str_t *base);
/* Calls `free` on data when the configuration goes; data is freed at once when that cannot be arranged. */
ngx_int_t ngx_consent_conf_cleanup(ngx_conf_t *cf, void (*free)(void *), void *data);

#endif
