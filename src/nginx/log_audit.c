/*
 * Who has read what of the log. The first reading by a role is written at once; those that follow within a minute gather
 * into one entry, so that a crawler of ten thousand tiles leaves two. What is gathered is written when the worker leaves,
 * too; a worker that is killed takes less than a minute of it along.
 *
 * A role is named by the configuration. Of who asked, nothing is kept: no address, no header.
 */

#include "nginx/log.h"
#include "nginx/log_audit.h"


#define NGX_CONSENT_AUDIT_GATHER  60000     /* ms */
#define NGX_CONSENT_AUDIT_ROLES   16
#define NGX_CONSENT_AUDIT_FIELDS  4096

typedef struct {
    ngx_consent_log_conf_t   *log;          /* NULL: unused */
    ngx_consent_policy_t     *policy;
    uint32_t                  number;       /* of the log in the store */
    uint64_t                  tiles;
    uint64_t                  bundles;
    uint64_t                  notices;
    uint64_t                  policies;
    uint64_t                  first;        /* entries that were in bundles, and between these */
    uint64_t                  last;
} ngx_consent_audit_t;

static void ngx_consent_audit_add(ngx_consent_audit_t *audit, ngx_consent_log_kind_t kind, uint64_t first, unsigned n);
static void ngx_consent_audit_write(ngx_consent_audit_t *audit);
static void ngx_consent_audit_timer(ngx_event_t *ev);

static ngx_consent_audit_t  ngx_consent_audits[NGX_CONSENT_AUDIT_ROLES];
static ngx_event_t          ngx_consent_audit_event;


void
ngx_consent_log_audit(ngx_consent_log_conf_t *log, ngx_consent_policy_t *policy, ngx_consent_log_kind_t kind,
    uint32_t number, uint64_t first, unsigned n)
{
    ngx_uint_t            i;
    ngx_consent_audit_t  *audit, once;

    audit = NULL;

    for (i = 0; i < NGX_CONSENT_AUDIT_ROLES; i++) {

        if (ngx_consent_audits[i].log == log && ngx_consent_audits[i].policy == policy
            && ngx_consent_audits[i].number == number)
        {
            ngx_consent_audit_add(&ngx_consent_audits[i], kind, first, n);
            return;
        }

        if (audit == NULL && ngx_consent_audits[i].log == NULL) {
            audit = &ngx_consent_audits[i];
        }
    }

    ngx_memzero(&once, sizeof(ngx_consent_audit_t));
    once.log = log;
    once.policy = policy;
    once.number = number;
    ngx_consent_audit_add(&once, kind, first, n);
    ngx_consent_audit_write(&once);

    if (audit) {
        audit->log = log;
        audit->policy = policy;
        audit->number = number;
    }

    if (!ngx_consent_audit_event.timer_set) {
        ngx_consent_audit_event.handler = ngx_consent_audit_timer;
        ngx_consent_audit_event.data = ngx_consent_audits;
        ngx_consent_audit_event.log = ngx_cycle->log;
        ngx_consent_audit_event.cancelable = 1;
        ngx_add_timer(&ngx_consent_audit_event, NGX_CONSENT_AUDIT_GATHER);
    }
}


void
ngx_consent_log_audit_stop(void)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_CONSENT_AUDIT_ROLES; i++) {
        ngx_consent_audit_write(&ngx_consent_audits[i]);
        ngx_consent_audits[i].log = NULL;
    }
}


static void
ngx_consent_audit_add(ngx_consent_audit_t *audit, ngx_consent_log_kind_t kind, uint64_t first, unsigned n)
{
    switch (kind) {

    case NGX_CONSENT_LOG_BUNDLE:

        if (audit->bundles++ == 0 || first < audit->first) {
            audit->first = first;
        }

        audit->last = ngx_max(audit->last, first + n - 1);
        break;

    case NGX_CONSENT_LOG_TILE:
        audit->tiles++;
        break;

    case NGX_CONSENT_LOG_NOTICE:
        audit->notices++;
        break;

    case NGX_CONSENT_LOG_POLICY:
        audit->policies++;
        break;

    default:
        break;
    }
}


/* If there is anything, which is then gone. */
static void
ngx_consent_audit_write(ngx_consent_audit_t *audit)
{
    uint8_t        memory[NGX_CONSENT_AUDIT_FIELDS];
    consent_buf_t  b;

    if (audit->log == NULL || audit->tiles + audit->bundles + audit->notices + audit->policies == 0) {
        return;
    }

    consent_buf_init_fixed(&b, memory, sizeof(memory));

    consent_buf_printf(&b, "{\"bundles\":%llu", (unsigned long long) audit->bundles);

    if (audit->bundles) {
        consent_buf_printf(&b, ",\"first\":%llu,\"last\":%llu", (unsigned long long) audit->first,
                           (unsigned long long) audit->last);
    }

    consent_buf_str(&b, ",\"location\":");
    consent_json_write_string(&b, ngx_consent_slice(&audit->log->base), false);
    consent_buf_printf(&b, ",\"log\":%lu,\"notices\":%llu,\"policies\":%llu,\"role\":", (unsigned long) audit->number,
                       (unsigned long long) audit->notices, (unsigned long long) audit->policies);
    consent_json_write_string(&b, ngx_consent_slice(&audit->log->role), false);
    consent_buf_printf(&b, ",\"tiles\":%llu}", (unsigned long long) audit->tiles);

    /* one that cannot be queued is counted as missed */

    (void) ngx_consent_store_entry(audit->policy, "audit", consent_buf_view(&b));

    audit->tiles = audit->bundles = audit->notices = audit->policies = 0;
    audit->first = audit->last = 0;
}


/* A role that has read nothing more begins anew. */
static void
ngx_consent_audit_timer(ngx_event_t *ev)
{
    ngx_uint_t            i;
    ngx_flag_t            some;
    ngx_consent_audit_t  *audit;

    some = 0;

    for (i = 0; i < NGX_CONSENT_AUDIT_ROLES; i++) {
        audit = &ngx_consent_audits[i];

        if (audit->tiles + audit->bundles + audit->notices + audit->policies == 0) {
            audit->log = NULL;
            continue;
        }

        ngx_consent_audit_write(audit);
        some = 1;
    }

    if (some) {
        ngx_add_timer(ev, NGX_CONSENT_AUDIT_GATHER);
    }
}
