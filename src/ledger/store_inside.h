/*
 * What a store is made of; for its own files only.
 */

#ifndef CONSENT_STORE_INSIDE_H
#define CONSENT_STORE_INSIDE_H

#include "ledger/store.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

struct consent_store_s {
    consent_store_hooks_t   hooks;
    pthread_rwlock_t        gate;
    consent_engine_t       *engine;         /* NULL: not open */
    consent_view_t          lookup;         /* without txn: none */
    bool                    looking;        /* it is renewed; else reset */
    atomic_bool             has_tables;
    uint64_t                without_tables; /* newest transaction in which there were none */
    bool                    read_only;
    bool                    usage_known;    /* in this write transaction */
    bool                    usage_exact;    /* with free pages counted */
    consent_usage_t         usage;
    atomic_bool             writing;        /* begin was called; not yet committed or aborted */
    size_t                  size;
    time_t                  kept;           /* last housekeeping */
    uint64_t                opened;         /* how often */
    char                    why[256];       /* the writing thread's */
    char                    directory[];
};

#endif
