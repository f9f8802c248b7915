/*
 * consent_cluster: where Redis is, and who the nodes are. Names are resolved here, once: nothing waits for a resolver later.
 */

#include "nginx/cluster.h"
#include "nginx/conf.h"


#define NGX_CONSENT_REDIS_PORT     6379
#define NGX_CONSENT_SENTINEL_PORT  26379

static ngx_int_t ngx_consent_cluster_place(ngx_conf_t *cf, ngx_consent_cluster_conf_t *ccf, ngx_str_t *place);
static ngx_int_t ngx_consent_cluster_authority(ngx_conf_t *cf, ngx_consent_cluster_conf_t *ccf, ngx_str_t *place,
    u_char *p, ngx_flag_t sentinel);
static ngx_int_t ngx_consent_cluster_server(ngx_conf_t *cf, ngx_consent_cluster_conf_t *ccf, ngx_str_t *place,
    ngx_str_t *name, in_port_t port);
static ngx_int_t ngx_consent_cluster_db(ngx_conf_t *cf, ngx_consent_cluster_conf_t *ccf, ngx_str_t *place, u_char *p,
    u_char *end);
static ngx_int_t ngx_consent_cluster_names(ngx_conf_t *cf, ngx_consent_cluster_conf_t *ccf, ngx_str_t *value,
    u_char *p);
static ngx_int_t ngx_consent_cluster_fault(ngx_conf_t *cf, ngx_str_t *value, u_char *at, const char *what);


char *
ngx_consent_conf_cluster(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_consent_main_conf_t  *mcf = conf;

    ngx_str_t                   *value;
    ngx_uint_t                   i;
    ngx_consent_cluster_conf_t  *ccf;

    if (mcf->cluster) {
        return "is duplicate";
    }

    ccf = ngx_pcalloc(cf->pool, sizeof(ngx_consent_cluster_conf_t));

    if (ccf == NULL
        || ngx_array_init(&ccf->servers, cf->pool, 4, sizeof(ngx_consent_server_t)) != NGX_OK
        || ngx_array_init(&ccf->roster, cf->pool, 4, sizeof(ngx_str_t)) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    value = cf->args->elts;

    if (ngx_consent_cluster_place(cf, ccf, &value[1]) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    for (i = 2; i < cf->args->nelts; i++) {

        if (ngx_strncmp(value[i].data, "node=", 5) == 0) {

            if (value[i].len == 5 || value[i].len > 5 + CONSENT_NODE_MAX) {
                (void) ngx_consent_cluster_fault(cf, &value[i], value[i].data + 5, "is not the name of a node");
                return NGX_CONF_ERROR;
            }

            ccf->node.data = value[i].data + 5;
            ccf->node.len = value[i].len - 5;

        } else if (ngx_strncmp(value[i].data, "roster=", 7) == 0) {

            if (ngx_consent_cluster_names(cf, ccf, &value[i], value[i].data + 7) != NGX_OK) {
                return NGX_CONF_ERROR;
            }

        } else {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid parameter \"%V\"", &value[i]);
            return NGX_CONF_ERROR;
        }
    }

    mcf->cluster = ccf;

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_consent_cluster_place(ngx_conf_t *cf, ngx_consent_cluster_conf_t *ccf, ngx_str_t *place)
{
    ngx_consent_server_t  *server;

    if (ngx_strncmp(place->data, "redis://", 8) == 0) {
        return ngx_consent_cluster_authority(cf, ccf, place, place->data + 8, 0);
    }

    if (ngx_strncmp(place->data, "rediss://", 9) == 0) {

        if (!consent_redis_has_tls()) {
            return ngx_consent_cluster_fault(cf, place, place->data, "asks for TLS, which this module's hiredis does not "
                                             "speak; messages are sealed all the same: use \"redis://\", or a tunnel");
        }

        return ngx_consent_cluster_authority(cf, ccf, place, place->data + 9, 0);
    }

    if (ngx_strncmp(place->data, "sentinel://", 11) == 0) {
        return ngx_consent_cluster_authority(cf, ccf, place, place->data + 11, 1);
    }

    if (ngx_strncmp(place->data, "unix:", 5) == 0) {

        if (place->data[5] != '/') {
            return ngx_consent_cluster_fault(cf, place, place->data + 5, "is not the full path of a socket");
        }

        if (place->len - 5 >= sizeof(((struct sockaddr_un *) 0)->sun_path)) {
            return ngx_consent_cluster_fault(cf, place, place->data + 5, "is too long for a socket");
        }

        server = ngx_array_push(&ccf->servers);
        if (server == NULL) {
            return NGX_ERROR;
        }

        server->address = (char *) place->data + 5;
        server->port = 0;

        return NGX_OK;
    }

    return ngx_consent_cluster_fault(cf, place, place->data, "begins with none of redis://, rediss://, sentinel:// "
                                     "and unix:");
}


/* [:password@]host:port[,host:port…][/master][/db] */
static ngx_int_t
ngx_consent_cluster_authority(ngx_conf_t *cf, ngx_consent_cluster_conf_t *ccf, ngx_str_t *place, u_char *p,
    ngx_flag_t sentinel)
{
    u_char     *end, *at, *slash, *comma;
    ngx_str_t   name;

    end = place->data + place->len;

    if (p < end && *p == ':') {

        for (at = end; at > p && at[-1] != '@'; at--) { /* void */ }

        if (at == p) {
            return ngx_consent_cluster_fault(cf, place, p, "has a password without \"@\" behind it");
        }

        ccf->password.data = p + 1;
        ccf->password.len = at - p - 2;
        p = at;
    }

    slash = ngx_strlchr(p, end, '/');
    slash = slash ? slash : end;

    for ( ;; ) {
        comma = sentinel ? ngx_strlchr(p, slash, ',') : NULL;
        name.data = p;
        name.len = (comma ? comma : slash) - p;

        if (ngx_consent_cluster_server(cf, ccf, place, &name, sentinel ? NGX_CONSENT_SENTINEL_PORT
                                                                       : NGX_CONSENT_REDIS_PORT) != NGX_OK)
        {
            return NGX_ERROR;
        }

        if (comma == NULL) {
            break;
        }

        p = comma + 1;
    }

    p = slash;

    if (sentinel) {

        if (p == end || p + 1 == end || p[1] == '/') {
            return ngx_consent_cluster_fault(cf, place, p, "lacks the name of a master: sentinel://host:port,.../master/db");
        }

        p++;
        slash = ngx_strlchr(p, end, '/');
        slash = slash ? slash : end;
        ccf->master.data = p;
        ccf->master.len = slash - p;
        p = slash;
    }

    return p == end ? NGX_OK : ngx_consent_cluster_db(cf, ccf, place, p + 1, end);
}


static ngx_int_t
ngx_consent_cluster_server(ngx_conf_t *cf, ngx_consent_cluster_conf_t *ccf, ngx_str_t *place, ngx_str_t *name,
    in_port_t port)
{
    u_char                 text[NGX_SOCKADDR_STRLEN];
    size_t                 len;
    ngx_url_t              u;
    ngx_uint_t             i;
    ngx_consent_server_t  *server;

    ngx_memzero(&u, sizeof(ngx_url_t));
    u.url = *name;
    u.default_port = port;

    if (name->len == 0 || ngx_parse_url(cf->pool, &u) != NGX_OK || u.naddrs == 0 || u.family == AF_UNIX) {
        return ngx_consent_cluster_fault(cf, place, name->data, u.err ? u.err : "is not a host");
    }

    for (i = 0; i < u.naddrs; i++) {
        len = ngx_sock_ntop(u.addrs[i].sockaddr, u.addrs[i].socklen, text, sizeof(text), 0);

        server = ngx_array_push(&ccf->servers);
        if (server == NULL) {
            return NGX_ERROR;
        }

        server->address = ngx_pnalloc(cf->pool, len + 1);
        if (server->address == NULL) {
            return NGX_ERROR;
        }

        (void) ngx_cpystrn((u_char *) server->address, text, len + 1);
        server->port = ngx_inet_get_port(u.addrs[i].sockaddr);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_consent_cluster_db(ngx_conf_t *cf, ngx_consent_cluster_conf_t *ccf, ngx_str_t *place, u_char *p, u_char *end)
{
    ngx_int_t  n;

    if (p == end) {
        return NGX_OK;
    }

    n = ngx_atoi(p, end - p);

    if (n == NGX_ERROR || n > 65535) {
        return ngx_consent_cluster_fault(cf, place, p, "is not the number of a database");
    }

    if (n > 0) {
        ccf->db.data = p;
        ccf->db.len = end - p;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_consent_cluster_names(ngx_conf_t *cf, ngx_consent_cluster_conf_t *ccf, ngx_str_t *value, u_char *p)
{
    u_char     *end, *comma;
    ngx_str_t  *name;

    end = value->data + value->len;

    for ( ;; ) {
        comma = ngx_strlchr(p, end, ',');

        if (p == end || comma == p || (comma ? comma : end) - p > CONSENT_NODE_MAX) {
            return ngx_consent_cluster_fault(cf, value, p, "is not the name of a node");
        }

        if (ccf->roster.nelts == CONSENT_NODES_MAX) {
            return ngx_consent_cluster_fault(cf, value, p, "is one node too many");
        }

        name = ngx_array_push(&ccf->roster);
        if (name == NULL) {
            return NGX_ERROR;
        }

        name->data = p;
        name->len = (comma ? comma : end) - p;

        if (comma == NULL) {
            return NGX_OK;
        }

        p = comma + 1;
    }
}


/* Says where in the value it is, and not what a password may be. */
static ngx_int_t
ngx_consent_cluster_fault(ngx_conf_t *cf, ngx_str_t *value, u_char *at, const char *what)
{
    u_char  *end, *secret;

    end = value->data + value->len;
    secret = ngx_strlchr(at, end, '@');
    end = secret ? at : end;

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "consent_cluster: what begins at character %ui%s%*s%s %s",
                       (ngx_uint_t) (at - value->data) + 1, end > at ? ", \"" : "", (size_t) (end - at), at,
                       end > at ? "\"," : "", what);

    return NGX_ERROR;
}
