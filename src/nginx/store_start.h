/*
 * What the store needs once per configuration and process: the zone, earlier policies, the first entries, the
 * file of recent events. Used by the store's own files only.
 */

#ifndef NGX_CONSENT_STORE_START_H
#define NGX_CONSENT_STORE_START_H

#include "disclose/turns.h"
#include "nginx/store.h"

#define NGX_CONSENT_ZONE_LAYOUT  3

/* Shared by the workers of one configuration. */
typedef struct {
    uint32_t         layout;                /* NGX_CONSENT_ZONE_LAYOUT */
    ngx_atomic_t     recent;                /* the file: 0 not made, 1 in the making, 2 there */
    uint8_t          cycle[CONSENT_ID_LEN]; /* random: names this start or reload */
    consent_turns_t  turns;                 /* failed turns of conversations */

    /* of the replicator, whichever worker that is */
    ngx_atomic_t     cluster_contact;       /* when Redis last answered, s since the epoch; 0: never */
    ngx_atomic_t     cluster_peers;         /* nodes that are heard of */
    ngx_atomic_t     cluster_gaps;          /* of those, of how many something is missing */
    ngx_atomic_t     cluster_outgoing;      /* decisions that not everybody has confirmed */
} ngx_consent_zone_t;

/* policies.c: earlier versions of the policies in force, from the store; they go when the configuration
 * goes. */
ngx_int_t ngx_consent_earlier_load(ngx_cycle_t *cycle, consent_ledger_t *ledger);

/* entries.c: queues the entries of this start or reload; of all workers, one's are written. */
void ngx_consent_entries_start(ngx_cycle_t *cycle, ngx_consent_main_conf_t *mcf);

/* recent.c: maps the file of recent events, and tries again later where that fails. */
void ngx_consent_recent_start(ngx_cycle_t *cycle, ngx_consent_main_conf_t *mcf);
void ngx_consent_recent_stop(void);

#endif
