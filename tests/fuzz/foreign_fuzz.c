/*
 * Fuzzes what another node says: any batch of records is applied, or left out, and the store stays usable.
 */

#include "ledger/ledger.h"
#include "ledger/replica.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char               directory[] = "/tmp/consent-fuzz-XXXXXX";
static consent_ledger_t  *ledger;

static void start(void);
static void stop(void);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    consent_op_t          op;
    consent_replica_op_t  replica;

    if (ledger == NULL) {
        start();
    }

    memset(&op, 0, sizeof(op));
    memset(&replica, 0, sizeof(replica));
    op.type = CONSENT_OP_REPLICA;
    op.now = 1795338900000;
    op.replica = &replica;
    replica.node = consent_lit("b.example");
    replica.epoch = 1;
    replica.sequence = 1;
    replica.records = consent_slice(data, size);

    if (consent_ledger_begin(ledger) != CONSENT_OK) {
        abort();
    }

    (void) consent_ledger_apply(ledger, &op);

    if (op.rc != CONSENT_OK && op.rc != CONSENT_MALFORMED) {
        abort();
    }

    /* twice: what is there already */
    replica.sequence = 1000000;
    (void) consent_ledger_apply(ledger, &op);
    replica.action = CONSENT_REPLICA_SNAPSHOT;
    (void) consent_ledger_apply(ledger, &op);
    consent_ledger_abort(ledger);

    return 0;
}


static void
start(void)
{
    char                   why[256];
    uint8_t                key[32] = { 1 };
    consent_ledger_conf_t  conf = { .directory = directory, .size = (size_t) 16 << 20, .node = "a.example",
                                    .cluster = CONSENT_CLUSTER_JOIN, .erasure_key = key };

    if (mkdtemp(directory) == NULL || consent_ledger_open(&ledger, &conf, why) != CONSENT_OK) {
        abort();
    }

    if (consent_ledger_begin(ledger) != CONSENT_OK || consent_ledger_commit(ledger) != CONSENT_OK) {
        abort();
    }

    (void) atexit(stop);
}


static void
stop(void)
{
    char  command[64];

    (void) snprintf(command, sizeof(command), "rm -rf '%s'", directory);

    if (system(command) != 0) {
        _exit(1);
    }
}
