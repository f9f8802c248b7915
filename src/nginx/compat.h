/*
 * What differs between versions of nginx.
 */

#ifndef NGX_CONSENT_COMPAT_H
#define NGX_CONSENT_COMPAT_H

#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

/* Before 1.23.0 headers that may come more than once stand in arrays; since then their elements are linked. */
#if (nginx_version >= 1023000)
#define NGX_CONSENT_LINKED_HEADERS  1
#endif

#endif
