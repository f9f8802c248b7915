/*
 * Fuzzes messages of the cluster: as they come from Redis, and what a node with the key could have sealed. What is read is
 * written again alike.
 */

#include "cluster/message.c"

static void fuzz_body(uint8_t kind, consent_slice_t body, const consent_cluster_keys_t *keys, uint8_t *memory);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t                        key[32] = { 1 }, *memory;
    static consent_cluster_keys_t  keys;
    consent_cluster_message_t      message;

    if (keys.tag[0] == '\0' && consent_cluster_derive(&keys, key) != CONSENT_OK) {
        abort();
    }

    memory = malloc(size + 1024);

    if (memory == NULL) {
        return 0;
    }

    if (consent_cluster_open(&message, &keys, consent_slice(data, size), memory) == CONSENT_OK) {
        abort();
    }

    if (size > 0 && size < CONSENT_CLUSTER_BODY_MAX) {
        fuzz_body(data[0], consent_slice(data + 1, size - 1), &keys, memory);
    }

    free(memory);

    return 0;
}


static void
fuzz_body(uint8_t kind, consent_slice_t body, const consent_cluster_keys_t *keys, uint8_t *memory)
{
    uint8_t                    head[HEAD_LEN + 1] = { VERSION, 1, 1, 0 }, key[CONSENT_HASH_LEN], *sealed;
    consent_buf_t              b, again;
    consent_cluster_message_t  message, second;

    head[1] = (uint8_t) (1 + kind % 5);
    head[11] = 7;
    head[19] = 9;
    head[20] = 'a';
    message.epoch = 7;
    message.node = consent_lit("a");

    sealed = malloc(body.len + CONSENT_SEAL_OVERHEAD);

    if (sealed == NULL || message_key(key, keys, &message) != CONSENT_OK
        || consent_seal(sealed, key, consent_slice(head, sizeof(head)), body) != CONSENT_OK)
    {
        free(sealed);
        return;
    }

    consent_buf_init(&b, CONSENT_CLUSTER_BODY_MAX + 1024);
    consent_buf_add(&b, head, sizeof(head));
    consent_buf_add(&b, sealed, body.len + CONSENT_SEAL_OVERHEAD);

    if (consent_cluster_open(&message, keys, consent_buf_view(&b), memory) == CONSENT_OK) {
        consent_buf_init(&again, CONSENT_CLUSTER_BODY_MAX + 1024);

        if (consent_cluster_seal(&again, keys, &message) != CONSENT_OK || again.len != b.len) {
            abort();
        }

        if (consent_cluster_open(&second, keys, consent_buf_view(&again), sealed) != CONSENT_OK
            || second.n_vector != message.n_vector || second.sequence != message.sequence
            || second.records.len != message.records.len)
        {
            abort();
        }

        consent_buf_free(&again);
    }

    consent_buf_free(&b);
    free(sealed);
}
