/*
 * What the nodes of a cluster say to each other through Redis, where anybody may read, forge, repeat and leave out.
 *
 * A message is
 *   0  version 1 (1) | 1  kind 1 | 2  length of the node's name 1 | 3  zero 1
 *   4  epoch 8 | 12 sequence 8 | 20 the node's name | its body, sealed
 *
 * Sealed with AES-256-GCM under a key that is derived from cluster.key for the node and the epoch; all in front of the body is
 * authenticated with it. So nobody without the key can read, forge or move one; who repeats one says what is known; and
 * one that was left out is missed by its sequence. All integers are big-endian.
 *
 *   BATCH    sequence is that of its first record. Body: sent at 8 | flags 1 | records
 *   STATUS   sequence is the last that was sent. Body: sent at 8 | flags 1 | oldest that can be sent again 8 | place in
 *            the stream 8 8 | number of nodes 1 | each: length 1, name, epoch 8, sequence 8, flags 1
 *   WANT     sequence is the first that is missing. Body: sent at 8 | length 1, whose | its epoch 8
 *   ASK      for a snapshot; epoch is its number, random. Body: sent at 8 | length 1, whom
 *   PIECE    of a snapshot: epoch is its number, sequence which piece, from 0. Body: flags 1 | number of nodes 1 | nodes as
 *            in STATUS (in piece 0) | number of records 8 | records
 *
 * flags: bit 0 the node's store was empty when its epoch began (of a node in a vector: whole; of a piece: the last).
 */

#ifndef CONSENT_CLUSTER_MESSAGE_H
#define CONSENT_CLUSTER_MESSAGE_H

#include "base/buf.h"
#include "base/digest.h"

#define CONSENT_CLUSTER_NAME_MAX   255
#define CONSENT_CLUSTER_NODES_MAX  64
#define CONSENT_CLUSTER_BODY_MAX   (512 * 1024)     /* bytes */
#define CONSENT_CLUSTER_TAG_LEN    16               /* hexadecimal digits */

/* What comes of cluster.key. The tag names a portal's keys in Redis and says nothing of the key. */
typedef struct {
    uint8_t  message[32];
    uint8_t  erasure[32];
    char     tag[CONSENT_CLUSTER_TAG_LEN + 1];
} consent_cluster_keys_t;

consent_rc_t consent_cluster_derive(consent_cluster_keys_t *keys, const uint8_t cluster_key[static 32]);

typedef enum {
    CONSENT_CLUSTER_BATCH = 1,
    CONSENT_CLUSTER_STATUS,
    CONSENT_CLUSTER_WANT,
    CONSENT_CLUSTER_ASK,
    CONSENT_CLUSTER_PIECE
} consent_cluster_kind_t;

/* A node, in a vector. */
typedef struct {
    consent_slice_t  node;
    uint64_t         epoch;
    uint64_t         sequence;
    bool             whole;
} consent_cluster_place_t;

typedef struct {
    consent_cluster_kind_t   kind;
    consent_slice_t          node;          /* who says it: 1 to CONSENT_CLUSTER_NAME_MAX bytes, none of them NUL */
    uint64_t                 epoch;
    uint64_t                 sequence;

    int64_t                  sent_at;       /* ms since the epoch, UTC */
    bool                     flag;
    uint64_t                 oldest;        /* STATUS */
    uint64_t                 ms, n;         /* STATUS: its place in the stream */
    consent_slice_t          whom;          /* WANT, ASK */
    uint64_t                 whose;         /* WANT: the epoch of that node */
    uint32_t                 count;         /* PIECE */
    size_t                   n_vector;      /* STATUS, PIECE */
    consent_cluster_place_t  vector[CONSENT_CLUSTER_NODES_MAX];
    consent_slice_t          records;       /* BATCH, PIECE */
} consent_cluster_message_t;

/* Seals a message, behind what is in `out`. CONSENT_LIMIT: it is too long. */
consent_rc_t consent_cluster_seal(consent_buf_t *out, const consent_cluster_keys_t *keys,
    const consent_cluster_message_t *message);

/* Opens one. Slices of `message` point into `in` and `memory`, which is of in.len bytes at least. CONSENT_DENIED: it was
 * not sealed with our key, or has been changed; CONSENT_MALFORMED. */
consent_rc_t consent_cluster_open(consent_cluster_message_t *message, const consent_cluster_keys_t *keys,
    consent_slice_t in, uint8_t *memory);

#endif
