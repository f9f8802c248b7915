/*
 * A small log in memory, as an audit reads it, and as a test may damage it.
 */

#ifndef TESTS_LEDGER_AUDIT_H
#define TESTS_LEDGER_AUDIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ledger/audit.h"

#define ORIGIN      "consent.example.org/node1"
#define FILES_MAX   4096
#define FAULTS_MAX  64

typedef struct {
    char      path[80];
    uint8_t  *data;
    size_t    len;
} file_t;

typedef struct {
    size_t              n;
    file_t              files[FILES_MAX];
    size_t              entries;
    size_t              room;
    consent_slice_t    *entry;              /* each malloc'ed */
    consent_note_key_t  key;
    uint8_t             seed[32];
    consent_digest_t   *digest;

    /* what the last audit said */
    size_t              n_faults;
    char                faults[FAULTS_MAX][160];
    consent_audit_t     result;
    uint64_t            progressed;
    uint64_t            seen;               /* entries */
} memory_log_t;


static inline file_t *
log_file(memory_log_t *log, const char *path)
{
    size_t  i;

    for (i = 0; i < log->n; i++) {
        if (strcmp(log->files[i].path, path) == 0) {
            return &log->files[i];
        }
    }

    return NULL;
}


static inline void
log_put(memory_log_t *log, const char *path, const void *data, size_t len)
{
    file_t  *file = log_file(log, path);

    if (file == NULL) {
        assert_true(log->n < FILES_MAX);
        file = &log->files[log->n++];
        (void) snprintf(file->path, sizeof(file->path), "%s", path);
        file->data = NULL;
    }

    free(file->data);
    file->data = malloc(len + (len == 0));
    file->len = len;

    if (len > 0) {
        memcpy(file->data, data, len);
    }
}


static inline void
log_remove(memory_log_t *log, const char *path)
{
    file_t  *file = log_file(log, path);

    assert_non_null(file);
    free(file->data);
    *file = log->files[--log->n];
}


static inline void
log_add(memory_log_t *log, const char *fmt, ...)
{
    char     *text;
    va_list   args;

    va_start(args, fmt);
    assert_true(vasprintf(&text, fmt, args) >= 0);
    va_end(args);

    if (log->entries == log->room) {
        log->room = 2 * log->room + 256;
        log->entry = realloc(log->entry, log->room * sizeof(consent_slice_t));
    }

    log->entry[log->entries++] = consent_slice(text, strlen(text));
}


static inline void
log_hex_of(memory_log_t *log, char hex[static 65], consent_slice_t text)
{
    uint8_t  hash[CONSENT_HASH_LEN];

    assert_int_equal(consent_digest_sha256(log->digest, hash, &text, 1), CONSENT_OK);
    consent_hex(hex, hash, sizeof(hash));
    hex[64] = '\0';
}


/* The root of some level's hashes of all entries from `from` on, by the definition. */
static inline void
log_subtree(memory_log_t *log, uint64_t from, uint64_t n, uint8_t out[static CONSENT_HASH_LEN])
{
    uint64_t        i;
    uint8_t         leaf[CONSENT_HASH_LEN];
    consent_tree_t  tree = { 0 };

    for (i = from; i < from + n; i++) {
        consent_tree_leaf(log->digest, leaf, log->entry[i]);
        consent_tree_add(&tree, log->digest, leaf);
    }

    consent_tree_root(&tree, log->digest, out);
}


static inline void
log_sign(memory_log_t *log, consent_buf_t *b, uint64_t size)
{
    uint8_t  root[CONSENT_HASH_LEN];

    log_subtree(log, 0, size, root);
    consent_buf_init(b, CONSENT_NOTE_MAX);
    assert_int_equal(consent_checkpoint_write(b, consent_note_key_name(&log->key), size, root), CONSENT_OK);
    assert_int_equal(consent_note_sign(b, consent_buf_view(b), &log->key, log->seed), CONSENT_OK);
}


/* All files of the log of `size` entries. */
static inline void
log_write(memory_log_t *log, uint64_t size)
{
    char            path[CONSENT_TILE_PATH_MAX];
    size_t          i;
    uint8_t         hashes[CONSENT_TILE_WIDTH][CONSENT_HASH_LEN], len[2];
    uint64_t        first, unit;
    consent_buf_t   b;
    consent_tile_t  tile = { 0 };

    for (tile.level = 0, unit = 1; size / unit > 0; tile.level++, unit *= CONSENT_TILE_WIDTH) {
        for (tile.index = 0; (tile.width = consent_tile_width(tile.level, tile.index, size)) > 0; tile.index++) {
            first = tile.index * CONSENT_TILE_WIDTH;

            for (i = 0; i < tile.width; i++) {
                log_subtree(log, (first + i) * unit, unit, hashes[i]);
            }

            consent_tile_path(path, &tile);
            log_put(log, path, hashes, tile.width * CONSENT_HASH_LEN);
        }
    }

    tile.level = 0;
    tile.entries = true;

    for (tile.index = 0; (tile.width = consent_tile_width(0, tile.index, size)) > 0; tile.index++) {
        consent_buf_init(&b, CONSENT_AUDIT_BUNDLE_MAX);

        for (i = 0; i < tile.width; i++) {
            first = tile.index * CONSENT_TILE_WIDTH + i;
            len[0] = (uint8_t) (log->entry[first].len >> 8);
            len[1] = (uint8_t) log->entry[first].len;
            consent_buf_add(&b, len, 2);
            consent_buf_slice(&b, log->entry[first]);
        }

        consent_tile_path(path, &tile);
        log_put(log, path, b.data, b.len);
        consent_buf_free(&b);
    }

    log_sign(log, &b, size);
    log_put(log, "checkpoint", b.data, b.len);
    consent_buf_free(&b);
}


static inline void
log_begin(memory_log_t *log)
{
    uint8_t  pub[32];

    memset(log, 0, sizeof(memory_log_t));
    log->digest = consent_digest_create();
    memset(log->seed, 7, sizeof(log->seed));
    assert_int_equal(consent_ed25519_public(pub, log->seed), CONSENT_OK);
    assert_int_equal(consent_note_key_make(&log->key, consent_lit(ORIGIN), CONSENT_NOTE_ED25519, pub), CONSENT_OK);
}


static inline void
log_end(memory_log_t *log)
{
    size_t  i;

    for (i = 0; i < log->n; i++) {
        free(log->files[i].data);
    }

    for (i = 0; i < log->entries; i++) {
        free((void *) log->entry[i].data);
    }

    free(log->entry);
    consent_digest_destroy(log->digest);
}


static inline consent_rc_t
log_read(memory_log_t *log, const char *path, consent_buf_t *b)
{
    file_t  *file = log_file(log, path);

    if (file == NULL) {
        return CONSENT_NOTFOUND;
    }

    consent_buf_add(b, file->data, file->len);

    return b->rc;
}


static inline consent_rc_t
log_tile(void *arg, const consent_tile_t *tile, consent_buf_t *b)
{
    char  path[CONSENT_TILE_PATH_MAX];

    consent_tile_path(path, tile);

    return log_read(arg, path, b);
}


static inline consent_rc_t
log_text(void *arg, consent_audit_text_t kind, const uint8_t hash[static CONSENT_HASH_LEN], consent_buf_t *b)
{
    char  path[80] = "";

    (void) snprintf(path, sizeof(path), kind == CONSENT_TEXT_NOTICE ? "notice/" : "policy/");
    consent_hex(path + 7, hash, CONSENT_HASH_LEN);
    path[7 + 64] = '\0';

    return log_read(arg, path, b);
}


static inline void
log_fault(void *arg, const consent_audit_fault_t *fault)
{
    char           path[CONSENT_TILE_PATH_MAX], *text;
    memory_log_t  *log = arg;

    if (log->n_faults == FAULTS_MAX) {
        return;
    }

    text = log->faults[log->n_faults++];

    switch (fault->kind) {
    case CONSENT_FAULT_CHECKPOINT:
        (void) snprintf(text, 160, "checkpoint %s", fault->what);
        break;
    case CONSENT_FAULT_SINCE:
        (void) snprintf(text, 160, "since %s", fault->what);
        break;
    case CONSENT_FAULT_ROOT:
        (void) snprintf(text, 160, "root %s", fault->what);
        break;
    case CONSENT_FAULT_ENTRIES:
        (void) snprintf(text, 160, "%llu-%llu %s", (unsigned long long) fault->first, (unsigned long long) fault->last,
                        fault->what);
        break;
    case CONSENT_FAULT_TILE:
        consent_tile_path(path, &fault->tile);
        (void) snprintf(text, 160, "%s %s", path, fault->what);
        break;
    }
}


static inline void
log_entry_seen(void *arg, uint64_t index, consent_slice_t entry, const uint8_t leaf[static CONSENT_HASH_LEN])
{
    uint8_t        expected[CONSENT_HASH_LEN];
    memory_log_t  *log = arg;

    (void) index;
    consent_tree_leaf(log->digest, expected, entry);
    assert_memory_equal(expected, leaf, CONSENT_HASH_LEN);
    log->seen++;
}


static inline void
log_progress(void *arg, uint64_t done, uint64_t of)
{
    memory_log_t  *log = arg;

    assert_true(done <= of);
    log->progressed++;
}


/* Audits it; how many faults there are. */
static inline size_t
log_audit(memory_log_t *log, consent_slice_t since)
{
    file_t                *checkpoint = log_file(log, "checkpoint");
    consent_audit_conf_t   conf = { .source = { log, log_tile, log_text }, .keys = &log->key, .n_keys = 1, .since = since,
                                    .arg = log, .fault = log_fault, .entry = log_entry_seen, .progress = log_progress };

    log->n_faults = 0;
    log->seen = 0;
    assert_non_null(checkpoint);
    assert_int_equal(consent_audit(&conf, consent_slice(checkpoint->data, checkpoint->len), &log->result), CONSENT_OK);
    assert_true(log->result.faults >= log->n_faults);
    assert_int_equal(log->result.faults == 0, log->n_faults == 0);

    return log->result.faults;
}


static inline void
assert_fault(memory_log_t *log, size_t i, const char *expected)
{
    size_t  k;

    if (i >= log->n_faults || strcmp(log->faults[i], expected) != 0) {
        for (k = 0; k < log->n_faults; k++) {
            print_message("%zu: %s\n", k, log->faults[k]);
        }

        fail_msg("fault %zu is not: %s", i, expected);
    }
}

#endif
