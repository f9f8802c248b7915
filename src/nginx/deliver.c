/*
 * A request of our own, made without a client.
 *
 * nginx's upstreams want a connection that events can be added for, so the request has one end of a pair of sockets,
 * and nobody at the other. It runs as what nginx calls a post action: its answer's header ends it, and no byte is sent.
 * Where the answer is wanted it runs to its end, and our body filter takes what comes.
 * The connection is nginx's to close; that a cleanup is called for then is how the end is known.
 */

#include "nginx/deliver.h"


#define NGX_CONSENT_DELIVER_HEADERS  6

typedef struct {
    ngx_http_request_t        *request;
    ngx_consent_delivered_pt   done;
    ngx_consent_answered_pt    answered;
    void                      *data;
    ngx_socket_t               other;
    u_char                    *answer;      /* NGX_CONSENT_DELIVER_ANSWER bytes; NULL: none yet */
    size_t                     answer_len;
    unsigned                   too_long:1;
} ngx_consent_deliver_end_t;

static ngx_connection_t *ngx_consent_deliver_connection(ngx_http_conf_ctx_t *conf, ngx_socket_t *other);
static ngx_int_t ngx_consent_deliver_fill(ngx_http_request_t *r, const ngx_consent_delivery_t *delivery);
static ngx_int_t ngx_consent_deliver_body(ngx_http_request_t *r, const ngx_str_t *document);
static ngx_table_elt_t *ngx_consent_deliver_header(ngx_http_request_t *r, const char *name, const ngx_str_t *value);
static void ngx_consent_deliver_event(ngx_event_t *ev);
static void ngx_consent_deliver_ended(void *data);
static u_char *ngx_consent_deliver_log(ngx_log_t *log, u_char *buf, size_t len);


ngx_int_t
ngx_consent_deliver(const ngx_consent_delivery_t *delivery)
{
    ngx_socket_t                other;
    ngx_connection_t           *c;
    ngx_http_cleanup_t         *cln;
    ngx_http_request_t         *r;
    ngx_consent_deliver_end_t  *end;

    c = ngx_consent_deliver_connection(delivery->conf, &other);
    if (c == NULL) {
        return NGX_ERROR;
    }

    r = ngx_http_create_request(c);

    if (r == NULL) {
        ngx_http_close_connection(c);
        (void) ngx_close_socket(other);
        return NGX_ERROR;
    }

    /* the log of the location's errors is that of the server; what they are about is ours to say */

    c->log->handler = ngx_consent_deliver_log;
    c->data = r;

    cln = ngx_http_cleanup_add(r, sizeof(ngx_consent_deliver_end_t));

    if (cln == NULL || ngx_consent_deliver_fill(r, delivery) != NGX_OK) {
        r->logged = 1;
        ngx_http_free_request(r, 0);
        ngx_http_close_connection(c);
        (void) ngx_close_socket(other);
        return NGX_ERROR;
    }

    end = cln->data;
    ngx_memzero(end, sizeof(ngx_consent_deliver_end_t));

    end->request = r;
    end->done = delivery->done;
    end->answered = delivery->answered;
    end->data = delivery->data;
    end->other = other;
    cln->handler = ngx_consent_deliver_ended;

    c->read->handler = ngx_consent_deliver_event;
    c->write->handler = ngx_consent_deliver_event;

    ngx_http_handler(r);
    ngx_http_run_posted_requests(c);

    return NGX_OK;
}


ngx_int_t
ngx_consent_deliver_take(ngx_http_request_t *r, ngx_chain_t *in)
{
    size_t                      len;
    ngx_http_cleanup_t         *cln;
    ngx_consent_deliver_end_t  *end;

    if (!ngx_consent_is_delivery(r) || r->post_action) {
        return NGX_DECLINED;
    }

    for (cln = r->main->cleanup; cln && cln->handler != ngx_consent_deliver_ended; cln = cln->next) { /* void */ }

    if (cln == NULL) {
        return NGX_DECLINED;
    }

    end = cln->data;

    if (end->answer == NULL) {
        end->answer = ngx_pnalloc(r->pool, NGX_CONSENT_DELIVER_ANSWER);
        if (end->answer == NULL) {
            return NGX_ERROR;
        }
    }

    for ( /* void */ ; in; in = in->next) {

        if (!ngx_buf_in_memory(in->buf)) {
            continue;
        }

        len = (size_t) (in->buf->last - in->buf->pos);

        if (len > NGX_CONSENT_DELIVER_ANSWER - end->answer_len) {
            end->too_long = 1;

        } else {
            ngx_memcpy(end->answer + end->answer_len, in->buf->pos, len);
            end->answer_len += len;
        }

        in->buf->pos = in->buf->last;
    }

    return NGX_OK;
}


ngx_flag_t
ngx_consent_is_delivery(const ngx_http_request_t *r)
{
    return r->connection->log->handler == ngx_consent_deliver_log;
}


static ngx_connection_t *
ngx_consent_deliver_connection(ngx_http_conf_ctx_t *conf, ngx_socket_t *other)
{
    int                     pair[2];
    ngx_log_t              *log;
    ngx_pool_t             *pool;
    ngx_connection_t       *c;
    ngx_http_log_ctx_t     *ctx;
    ngx_http_connection_t  *hc;

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == -1) {
        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, ngx_socket_errno, "consent: socketpair() failed");
        return NULL;
    }

    c = NULL;
    pool = ngx_create_pool(1024, ngx_cycle->log);

    if (pool == NULL || ngx_nonblocking(pair[0]) == -1) {
        goto failed;
    }

    log = ngx_palloc(pool, sizeof(ngx_log_t));
    ctx = ngx_pcalloc(pool, sizeof(ngx_http_log_ctx_t));
    hc = ngx_pcalloc(pool, sizeof(ngx_http_connection_t));

    if (log == NULL || ctx == NULL || hc == NULL) {
        goto failed;
    }

    c = ngx_get_connection(pair[0], ngx_cycle->log);

    if (c == NULL) {
        goto failed;
    }

    *log = *ngx_cycle->log;
    log->data = ctx;
    log->handler = ngx_consent_deliver_log;
    log->action = NULL;

    hc->conf_ctx = conf;
    ctx->connection = c;

    c->pool = pool;
    c->log = log;
    c->read->log = log;
    c->write->log = log;
    c->data = hc;
    c->number = ngx_atomic_fetch_add(ngx_connection_counter, 1);
    c->log_error = NGX_ERROR_INFO;
    c->recv = ngx_recv;
    c->send = ngx_send;
    c->recv_chain = ngx_recv_chain;
    c->send_chain = ngx_send_chain;
    c->start_time = ngx_current_msec;
    log->connection = c->number;

    /* an address for variables: there is none */

    c->sockaddr = ngx_pcalloc(pool, sizeof(struct sockaddr_un));
    c->local_sockaddr = c->sockaddr;
    c->buffer = ngx_create_temp_buf(pool, 1);

    if (c->sockaddr == NULL || c->buffer == NULL) {
        goto failed;
    }

    c->sockaddr->sa_family = AF_UNIX;
    c->socklen = sizeof(sa_family_t);
    c->local_socklen = c->socklen;
    ngx_str_set(&c->addr_text, "unix:");

#if (NGX_STAT_STUB)
    (void) ngx_atomic_fetch_add(ngx_stat_active, 1);
#endif

    *other = pair[1];

    return c;

failed:

    if (c) {
        c->pool = NULL;
        ngx_close_connection(c);

    } else {
        (void) ngx_close_socket(pair[0]);
    }

    (void) ngx_close_socket(pair[1]);

    if (pool) {
        ngx_destroy_pool(pool);
    }

    return NULL;
}


static ngx_int_t
ngx_consent_deliver_fill(ngx_http_request_t *r, const ngx_consent_delivery_t *delivery)
{
    u_char                    *p, number[NGX_OFF_T_LEN];
    ngx_str_t                  value, type, key, host;
    ngx_http_core_srv_conf_t  *cscf;

    cscf = ngx_http_get_module_srv_conf(r, ngx_http_core_module);

    r->internal = 1;
    r->keepalive = 0;
    r->http_version = NGX_HTTP_VERSION_11;
    r->http_state = NGX_HTTP_PROCESS_REQUEST_STATE;

    if (delivery->answered) {
        r->filter_need_in_memory = 1;

    } else {
        r->post_action = 1;
        r->header_only = 1;
    }

    r->method = NGX_HTTP_POST;
    ngx_str_set(&r->method_name, "POST");
    ngx_str_set(&r->http_protocol, "HTTP/1.1");

    r->unparsed_uri = delivery->uri;
    r->uri = delivery->uri;
    r->valid_unparsed_uri = 0;

    p = ngx_strlchr(r->uri.data, r->uri.data + r->uri.len, '?');

    if (p) {
        r->args.data = p + 1;
        r->args.len = r->uri.len - (size_t) (p + 1 - r->uri.data);
        r->uri.len = (size_t) (p - r->uri.data);
    }

    r->request_line.len = sizeof("POST  HTTP/1.1") - 1 + delivery->uri.len;
    r->request_line.data = ngx_pnalloc(r->pool, r->request_line.len + 1);

    if (r->request_line.data == NULL
        || ngx_list_init(&r->headers_in.headers, r->pool, NGX_CONSENT_DELIVER_HEADERS, sizeof(ngx_table_elt_t)) != NGX_OK)
    {
        return NGX_ERROR;
    }

    (void) ngx_sprintf(r->request_line.data, "POST %V HTTP/1.1%Z", &delivery->uri);

    host = cscf->server_name;

    if (host.len == 0) {
        /* an HTTP/1.1 server takes no request without a host */
        ngx_str_set(&host, "localhost");
    }

    r->headers_in.server = host;
    r->headers_in.host = ngx_consent_deliver_header(r, "Host", &host);

    type.data = (u_char *) (delivery->type ? delivery->type : "application/json");
    type.len = ngx_strlen(type.data);
    r->headers_in.content_type = ngx_consent_deliver_header(r, "Content-Type", &type);

    value.data = number;
    value.len = (size_t) (ngx_sprintf(number, "%uz", delivery->document.len) - number);
    r->headers_in.content_length = ngx_consent_deliver_header(r, "Content-Length", &value);
    r->headers_in.content_length_n = (off_t) delivery->document.len;

    if (r->headers_in.host == NULL || r->headers_in.content_type == NULL || r->headers_in.content_length == NULL) {
        return NGX_ERROR;
    }

    if (delivery->key.len) {
        key.len = delivery->key.len + 2;
        key.data = ngx_pnalloc(r->pool, key.len);

        if (key.data == NULL) {
            return NGX_ERROR;
        }

        (void) ngx_sprintf(key.data, "\"%V\"", &delivery->key);

        if (ngx_consent_deliver_header(r, "Idempotency-Key", &key) == NULL) {
            return NGX_ERROR;
        }
    }

    ngx_http_set_exten(r);

    return ngx_consent_deliver_body(r, &delivery->document);
}


static ngx_int_t
ngx_consent_deliver_body(ngx_http_request_t *r, const ngx_str_t *document)
{
    ngx_buf_t                *b;
    ngx_chain_t              *cl;
    ngx_http_request_body_t  *body;

    body = ngx_pcalloc(r->pool, sizeof(ngx_http_request_body_t));
    b = ngx_create_temp_buf(r->pool, document->len);
    cl = ngx_alloc_chain_link(r->pool);

    if (body == NULL || b == NULL || cl == NULL) {
        return NGX_ERROR;
    }

    b->last = ngx_cpymem(b->last, document->data, document->len);
    b->last_buf = 1;
    cl->buf = b;
    cl->next = NULL;

    body->bufs = cl;
    body->buf = b;
    r->request_body = body;

    return NGX_OK;
}


static ngx_table_elt_t *
ngx_consent_deliver_header(ngx_http_request_t *r, const char *name, const ngx_str_t *value)
{
    ngx_table_elt_t  *h;

    h = ngx_list_push(&r->headers_in.headers);
    if (h == NULL) {
        return NULL;
    }

    ngx_memzero(h, sizeof(ngx_table_elt_t));

    h->key.data = (u_char *) name;
    h->key.len = ngx_strlen(name);
    h->value.len = value->len;
    h->value.data = ngx_pnalloc(r->pool, value->len + 1);
    h->lowcase_key = ngx_pnalloc(r->pool, h->key.len);

    if (h->value.data == NULL || h->lowcase_key == NULL) {
        return NULL;
    }

    ngx_memcpy(h->value.data, value->data, value->len);
    h->value.data[value->len] = '\0';

    /* by it, what proxy_set_header sets is known to be there already: Content-Length among it */
    h->hash = ngx_hash_strlow(h->lowcase_key, h->key.data, h->key.len);

    return h;
}


/* As ngx_http_request_handler does, which is nginx's own. */
static void
ngx_consent_deliver_event(ngx_event_t *ev)
{
    ngx_connection_t    *c;
    ngx_http_request_t  *r;

    c = ev->data;
    r = c->data;

    if (ev->write) {
        r->write_event_handler(r);

    } else {
        r->read_event_handler(r);
    }

    ngx_http_run_posted_requests(c);
}


static void
ngx_consent_deliver_ended(void *data)
{
    ngx_consent_deliver_end_t  *end = data;

    ngx_uint_t           status;
    ngx_http_request_t  *r;

    r = end->request;
    status = r->err_status ? r->err_status : r->headers_out.status;

    (void) ngx_close_socket(end->other);

    if (end->answered) {
        end->answered(end->data, status, consent_slice(end->answer, end->too_long ? 0 : end->answer_len));

    } else {
        end->done(end->data, status);
    }
}


static u_char *
ngx_consent_deliver_log(ngx_log_t *log, u_char *buf, size_t len)
{
    u_char              *p;
    ngx_http_request_t  *r;
    ngx_http_log_ctx_t  *ctx;

    ctx = log->data;
    r = ctx->request;

    p = ngx_snprintf(buf, len, " while %s, handing over a message", log->action ? log->action : "working");
    len -= (size_t) (p - buf);
    buf = p;

    if (r == NULL) {
        return buf;
    }

    p = ngx_snprintf(buf, len, " to \"%V\"", &r->unparsed_uri);
    len -= (size_t) (p - buf);
    buf = p;

    if (r->upstream && r->upstream->peer.name) {
        buf = ngx_snprintf(buf, len, ", upstream: \"%V\"", r->upstream->peer.name);
    }

    return buf;
}
