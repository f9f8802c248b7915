/*
 * Writes and reads what message.h describes.
 */

#include "cluster/message.h"

#include <endian.h>
#include <stdlib.h>

#define VERSION   1
#define HEAD_LEN  20

typedef struct {
    const uint8_t  *p;
    size_t          left;
    bool            short_of;
} reader_t;

static consent_rc_t message_key(uint8_t key[static CONSENT_HASH_LEN], const consent_cluster_keys_t *keys,
    const consent_cluster_message_t *message);
static bool is_name(consent_slice_t name);
static void write_body(consent_buf_t *b, const consent_cluster_message_t *message);
static void write_vector(consent_buf_t *b, const consent_cluster_message_t *message);
static void write_name(consent_buf_t *b, consent_slice_t name);
static void write_u64(consent_buf_t *b, uint64_t v);
static consent_rc_t read_body(consent_cluster_message_t *message, consent_slice_t body);
static bool read_vector(reader_t *r, consent_cluster_message_t *message);
static consent_slice_t read_bytes(reader_t *r, size_t len);
static consent_slice_t read_name(reader_t *r);
static bool read_flag(reader_t *r, bool *flag);
static uint64_t read_u64(reader_t *r);
static uint8_t read_u8(reader_t *r);


consent_rc_t
consent_cluster_derive(consent_cluster_keys_t *keys, const uint8_t cluster_key[static 32])
{
    uint8_t          tag[CONSENT_HASH_LEN];
    consent_rc_t     rc;
    consent_slice_t  key, part;

    key = consent_slice(cluster_key, 32);
    part = consent_lit("consent cluster message");
    rc = consent_hmac(keys->message, key, &part, 1);

    if (rc == CONSENT_OK) {
        part = consent_lit("consent cluster erasure");
        rc = consent_hmac(keys->erasure, key, &part, 1);
    }

    if (rc == CONSENT_OK) {
        part = consent_lit("consent cluster tag");
        rc = consent_hmac(tag, key, &part, 1);
    }

    if (rc == CONSENT_OK) {
        consent_hex(keys->tag, tag, CONSENT_CLUSTER_TAG_LEN / 2);
        keys->tag[CONSENT_CLUSTER_TAG_LEN] = '\0';
    }

    return rc;
}


consent_rc_t
consent_cluster_seal(consent_buf_t *out, const consent_cluster_keys_t *keys, const consent_cluster_message_t *message)
{
    size_t         from;
    uint8_t        key[CONSENT_HASH_LEN], *sealed;
    consent_rc_t   rc;
    consent_buf_t  body;

    if (!is_name(message->node)) {
        return CONSENT_MALFORMED;
    }

    from = out->len;
    consent_buf_add(out, (const uint8_t[4]) { VERSION, (uint8_t) message->kind, (uint8_t) message->node.len, 0 }, 4);
    write_u64(out, message->epoch);
    write_u64(out, message->sequence);
    consent_buf_slice(out, message->node);

    consent_buf_init(&body, CONSENT_CLUSTER_BODY_MAX);
    write_body(&body, message);

    rc = out->rc != CONSENT_OK ? out->rc : body.rc;
    sealed = rc == CONSENT_OK ? malloc(body.len + CONSENT_SEAL_OVERHEAD) : NULL;

    if (rc == CONSENT_OK) {
        rc = sealed == NULL ? CONSENT_NOMEM : message_key(key, keys, message);
    }

    if (rc == CONSENT_OK) {
        rc = consent_seal(sealed, key, consent_slice(out->data + from, out->len - from), consent_buf_view(&body));
    }

    if (rc == CONSENT_OK) {
        consent_buf_add(out, sealed, body.len + CONSENT_SEAL_OVERHEAD);
        rc = out->rc;
    }

    consent_wipe(key, sizeof(key));
    consent_buf_free(&body);
    free(sealed);

    return rc;
}


consent_rc_t
consent_cluster_open(consent_cluster_message_t *message, const consent_cluster_keys_t *keys, consent_slice_t in,
    uint8_t *memory)
{
    size_t           head;
    uint8_t          key[CONSENT_HASH_LEN];
    reader_t         r = { in.data + 4, in.len < HEAD_LEN ? 0 : HEAD_LEN - 4, false };
    consent_rc_t     rc;
    consent_slice_t  sealed;

    memset(message, 0, sizeof(consent_cluster_message_t));

    if (in.len < HEAD_LEN || in.data[0] != VERSION || in.data[1] < CONSENT_CLUSTER_BATCH
        || in.data[1] > CONSENT_CLUSTER_PIECE || in.data[3] != 0)
    {
        return CONSENT_MALFORMED;
    }

    head = HEAD_LEN + (size_t) in.data[2];

    if (in.len < head + CONSENT_SEAL_OVERHEAD || in.len > head + CONSENT_SEAL_OVERHEAD + CONSENT_CLUSTER_BODY_MAX) {
        return CONSENT_MALFORMED;
    }

    message->kind = (consent_cluster_kind_t) in.data[1];
    message->epoch = read_u64(&r);
    message->sequence = read_u64(&r);
    message->node = consent_slice(in.data + HEAD_LEN, head - HEAD_LEN);

    if (!is_name(message->node)) {
        return CONSENT_MALFORMED;
    }

    sealed = consent_slice(in.data + head, in.len - head);
    rc = message_key(key, keys, message);

    if (rc == CONSENT_OK) {
        rc = consent_unseal(memory, key, consent_slice(in.data, head), sealed);
    }

    consent_wipe(key, sizeof(key));

    return rc == CONSENT_OK ? read_body(message, consent_slice(memory, sealed.len - CONSENT_SEAL_OVERHEAD)) : rc;
}


/* One for each node and epoch, so that no key seals more than its random nonces allow. */
static consent_rc_t
message_key(uint8_t key[static CONSENT_HASH_LEN], const consent_cluster_keys_t *keys,
    const consent_cluster_message_t *message)
{
    uint64_t         epoch;
    consent_slice_t  parts[2];

    epoch = htobe64(message->epoch);
    parts[0] = consent_slice(&epoch, sizeof(epoch));
    parts[1] = message->node;

    return consent_hmac(key, consent_slice(keys->message, sizeof(keys->message)), parts, 2);
}


static bool
is_name(consent_slice_t name)
{
    return name.len > 0 && name.len <= CONSENT_CLUSTER_NAME_MAX && memchr(name.data, 0, name.len) == NULL;
}


static void
write_body(consent_buf_t *b, const consent_cluster_message_t *message)
{
    if (message->kind != CONSENT_CLUSTER_PIECE) {
        write_u64(b, (uint64_t) message->sent_at);
    }

    switch (message->kind) {
    case CONSENT_CLUSTER_BATCH:
        consent_buf_char(b, message->flag);
        consent_buf_slice(b, message->records);
        break;

    case CONSENT_CLUSTER_STATUS:
        consent_buf_char(b, message->flag);
        write_u64(b, message->oldest);
        write_u64(b, message->ms);
        write_u64(b, message->n);
        write_vector(b, message);
        break;

    case CONSENT_CLUSTER_WANT:
        write_name(b, message->whom);
        write_u64(b, message->whose);
        break;

    case CONSENT_CLUSTER_ASK:
        write_name(b, message->whom);
        break;

    case CONSENT_CLUSTER_PIECE:
        consent_buf_char(b, message->flag);
        write_vector(b, message);
        write_u64(b, message->count);
        consent_buf_slice(b, message->records);
        break;
    }
}


static void
write_vector(consent_buf_t *b, const consent_cluster_message_t *message)
{
    size_t  i;

    consent_buf_char(b, (char) message->n_vector);

    for (i = 0; i < message->n_vector; i++) {
        write_name(b, message->vector[i].node);
        write_u64(b, message->vector[i].epoch);
        write_u64(b, message->vector[i].sequence);
        consent_buf_char(b, message->vector[i].whole);
    }
}


static void
write_name(consent_buf_t *b, consent_slice_t name)
{
    if (!is_name(name)) {
        b->rc = b->rc == CONSENT_OK ? CONSENT_MALFORMED : b->rc;
        return;
    }

    consent_buf_char(b, (char) name.len);
    consent_buf_slice(b, name);
}


static void
write_u64(consent_buf_t *b, uint64_t v)
{
    v = htobe64(v);
    consent_buf_add(b, &v, sizeof(v));
}


static consent_rc_t
read_body(consent_cluster_message_t *message, consent_slice_t body)
{
    bool      well = true;
    reader_t  r = { body.data, body.len, false };
    uint64_t  count;

    if (message->kind != CONSENT_CLUSTER_PIECE) {
        message->sent_at = (int64_t) read_u64(&r);
        well = message->sent_at >= 0;
    }

    switch (message->kind) {
    case CONSENT_CLUSTER_BATCH:
        well &= read_flag(&r, &message->flag) && message->sequence != 0;
        message->records = read_bytes(&r, r.left);
        break;

    case CONSENT_CLUSTER_STATUS:
        well &= read_flag(&r, &message->flag);
        message->oldest = read_u64(&r);
        message->ms = read_u64(&r);
        message->n = read_u64(&r);
        well &= read_vector(&r, message);
        break;

    case CONSENT_CLUSTER_WANT:
        message->whom = read_name(&r);
        message->whose = read_u64(&r);
        break;

    case CONSENT_CLUSTER_ASK:
        message->whom = read_name(&r);
        break;

    case CONSENT_CLUSTER_PIECE:
        well &= read_flag(&r, &message->flag);
        well &= read_vector(&r, message);
        count = read_u64(&r);
        well &= count <= UINT32_MAX;
        message->count = (uint32_t) count;
        message->records = read_bytes(&r, r.left);
        break;
    }

    return well && !r.short_of && r.left == 0 ? CONSENT_OK : CONSENT_MALFORMED;
}


static bool
read_vector(reader_t *r, consent_cluster_message_t *message)
{
    bool    well;
    size_t  i, n;

    n = read_u8(r);

    if (n > CONSENT_CLUSTER_NODES_MAX) {
        return false;
    }

    for (i = 0, well = true; i < n && well; i++) {
        message->vector[i].node = read_name(r);
        message->vector[i].epoch = read_u64(r);
        message->vector[i].sequence = read_u64(r);
        well = read_flag(r, &message->vector[i].whole) && !r->short_of;
    }

    message->n_vector = n;

    return well;
}


static consent_slice_t
read_bytes(reader_t *r, size_t len)
{
    consent_slice_t  bytes;

    if (len > r->left) {
        r->short_of = true;
        return consent_slice(NULL, 0);
    }

    bytes = consent_slice(r->p, len);
    r->p += len;
    r->left -= len;

    return bytes;
}


static consent_slice_t
read_name(reader_t *r)
{
    consent_slice_t  name;

    name = read_bytes(r, read_u8(r));
    r->short_of |= !is_name(name);

    return name;
}


static bool
read_flag(reader_t *r, bool *flag)
{
    uint8_t  v;

    v = read_u8(r);
    *flag = v == 1;

    return v <= 1;
}


static uint64_t
read_u64(reader_t *r)
{
    uint64_t         v;
    consent_slice_t  bytes;

    bytes = read_bytes(r, sizeof(v));

    if (bytes.len == 0) {
        return 0;
    }

    memcpy(&v, bytes.data, sizeof(v));

    return be64toh(v);
}


static uint8_t
read_u8(reader_t *r)
{
    consent_slice_t  bytes;

    bytes = read_bytes(r, 1);

    return bytes.len == 0 ? 0 : bytes.data[0];
}
