/*
 * Writes a log of so many decisions as plain files, to be verified: entries, tiles, a signed checkpoint, texts, the key.
 *
 *   log_write DIRECTORY ENTRIES
 */

#include "ctl/place.c"
#include "ledger/audit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define ORIGIN    "consent.example.org/node1"
#define DOCUMENT  "{\"id\":\"exempelkommun\",\"version\":\"2026-11-22\"}"
#define NOTICE    "What you decide on"

static consent_ctl_place_t  place;
static consent_digest_t    *digest;
static char                 policy[65], notice[65];
static uint8_t              hashes[CONSENT_TILE_LEVELS][CONSENT_TILE_WIDTH][CONSENT_HASH_LEN];
static uint64_t             counts[CONSENT_TILE_LEVELS];


static void
give_up(const char *what)
{
    (void) fprintf(stderr, "log_write: %s failed\n", what);
    exit(1);
}


static void
put(const char *path, const void *data, size_t len)
{
    if (consent_ctl_place_write(&place, path, consent_slice(data, len), false) != CONSENT_OK) {
        give_up(path);
    }
}


static void
put_tile(bool entries, unsigned level, uint64_t index, unsigned width, const void *data, size_t len)
{
    char            path[CONSENT_TILE_PATH_MAX];
    consent_tile_t  tile = { entries, level, index, width };

    consent_tile_path(path, &tile);
    put(path, data, len);
}


static void
push(unsigned level, const uint8_t *hash)
{
    size_t    i, n;
    uint64_t  at = counts[level]++;

    memcpy(hashes[level][at % CONSENT_TILE_WIDTH], hash, CONSENT_HASH_LEN);

    if (at % CONSENT_TILE_WIDTH < CONSENT_TILE_WIDTH - 1) {
        return;
    }

    put_tile(false, level, at / CONSENT_TILE_WIDTH, CONSENT_TILE_WIDTH, hashes[level], sizeof(hashes[level]));

    for (n = CONSENT_TILE_WIDTH; n > 1; n /= 2) {
        for (i = 0; i < n / 2; i++) {
            (void) consent_tree_node(digest, hashes[level][i], hashes[level][2 * i], hashes[level][2 * i + 1]);
        }
    }

    push(level + 1, hashes[level][0]);
}


static void
hex_of(char *hex, const char *text)
{
    uint8_t          hash[CONSENT_HASH_LEN];
    consent_slice_t  all = consent_cstr(text);

    (void) consent_digest_sha256(digest, hash, &all, 1);
    consent_hex(hex, hash, sizeof(hash));
}


static int
entry(char *text, size_t size, uint64_t i)
{
    if (i == 0) {
        return snprintf(text, size, "{\"document\":" DOCUMENT ",\"node\":\"" ORIGIN "\",\"policy\":\"exempelkommun\","
                        "\"policy_hash\":\"%s\",\"policy_version\":\"2026-11-22\",\"time\":\"2026-11-22T09:00:00Z\","
                        "\"type\":\"policy\",\"v\":1}", policy);
    }

    return snprintf(text, size, "{\"assurance\":\"identified\",\"by\":\"self\",\"categories\":[\"contact\",\"identity\"],"
                    "\"commitment\":\"%016llx%048d\",\"language\":\"sv\",\"level\":\"personal\",\"method\":\"form\","
                    "\"node\":\"" ORIGIN "\",\"notice_hash\":\"%s\",\"policy\":\"exempelkommun\",\"policy_hash\":\"%s\","
                    "\"policy_version\":\"2026-11-22\",\"scope\":\"standing\",\"status\":\"given\","
                    "\"time\":\"2026-11-22T09:00:00Z\",\"type\":\"decision\",\"v\":1}",
                    (unsigned long long) i * 0x9e3779b97f4a7c15, 7, notice, policy);
}


int
main(int argc, char **argv)
{
    int                  n;
    char                 text[2048], path[80];
    uint8_t              leaf[CONSENT_HASH_LEN], len[2], seed[32] = { 1 }, pub[32];
    uint64_t             i, size;
    unsigned             level;
    consent_buf_t        b;
    consent_tree_t       tree = { 0 };
    consent_note_key_t   key;

    if (argc != 3 || (size = strtoull(argv[2], NULL, 10)) == 0) {
        (void) fprintf(stderr, "usage: log_write DIRECTORY ENTRIES\n");
        return 2;
    }

    (void) mkdir(argv[1], 0750);
    place.directory = open(argv[1], O_RDONLY | O_DIRECTORY);
    digest = consent_digest_create();
    hex_of(policy, DOCUMENT);
    hex_of(notice, NOTICE);
    (void) snprintf(path, sizeof(path), "notice/%s", notice);
    put(path, NOTICE, sizeof(NOTICE) - 1);
    consent_buf_init(&b, CONSENT_AUDIT_BUNDLE_MAX);

    for (i = 0; i < size; i++) {
        n = entry(text, sizeof(text), i);
        len[0] = (uint8_t) (n >> 8);
        len[1] = (uint8_t) n;
        consent_buf_add(&b, len, 2);
        consent_buf_add(&b, text, (size_t) n);

        if (consent_tree_leaf(digest, leaf, consent_slice(text, (size_t) n)) != CONSENT_OK
            || consent_tree_add(&tree, digest, leaf) != CONSENT_OK)
        {
            give_up("hashing");
        }

        push(0, leaf);

        if (i % CONSENT_TILE_WIDTH == CONSENT_TILE_WIDTH - 1 || i + 1 == size) {
            put_tile(true, 0, i / CONSENT_TILE_WIDTH, (unsigned) (i % CONSENT_TILE_WIDTH) + 1, b.data, b.len);
            b.len = 0;
        }
    }

    for (level = 0; level < CONSENT_TILE_LEVELS; level++) {
        if (counts[level] % CONSENT_TILE_WIDTH != 0) {
            put_tile(false, level, counts[level] / CONSENT_TILE_WIDTH, (unsigned) (counts[level] % CONSENT_TILE_WIDTH),
                     hashes[level], (size_t) (counts[level] % CONSENT_TILE_WIDTH) * CONSENT_HASH_LEN);
        }
    }

    b.len = 0;

    if (consent_tree_root(&tree, digest, leaf) != CONSENT_OK || consent_ed25519_public(pub, seed) != CONSENT_OK
        || consent_note_key_make(&key, consent_lit(ORIGIN), CONSENT_NOTE_ED25519, pub) != CONSENT_OK
        || consent_checkpoint_write(&b, consent_lit(ORIGIN), size, leaf) != CONSENT_OK
        || consent_note_sign(&b, consent_buf_view(&b), &key, seed) != CONSENT_OK)
    {
        give_up("signing");
    }

    put("checkpoint", b.data, b.len);
    b.len = 0;
    consent_note_key_write(&b, &key);
    consent_buf_char(&b, '\n');
    put("log.pub", b.data, b.len);

    return 0;
}
