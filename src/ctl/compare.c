/*
 * consentctl log compare: the logs of several nodes, held against one another. Each must hold by itself; what one says that
 * another has decided must stand there, word for word by its hash; and what one has decided the others must have.
 */

#include "ctl/source.h"
#include "ledger/members.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define NODES_MAX  16
#define KEYS_MAX   16
#define SAID_MAX   20

typedef enum {
    COMPARE_HOLDS = 0,
    COMPARE_ABSENT,             /* not there: not yet, if it is among the newest */
    COMPARE_OTHER
} compare_found_t;

typedef struct compare_s  compare_t;

/* One node's log. What it has of the others' decisions is kept as a bit for each of their entries. */
typedef struct {
    compare_t             *compare;
    consent_ctl_source_t   source;
    consent_buf_t          checkpoint;
    consent_slice_t        node;
    uint64_t               size;
    uint64_t               own;                 /* decisions and erasures of its own */
    uint64_t               foreign;
    bool                   snapshot;            /* it began with what another had */
    bool                   later;               /* not the node's first log: its leaves have other numbers than its entries */
    uint8_t               *seen[NODES_MAX];     /* bits: entries of that node that it has */
    consent_buf_t          tile;
    consent_tile_t         at;                  /* the tile that `tile` holds; width 0: none */
} compare_node_t;

struct compare_s {
    const consent_note_key_t  *keys;
    size_t                     n_keys;
    compare_node_t             nodes[NODES_MAX];
    size_t                     n;
    bool                       as_json;
    uint64_t                   lag;             /* newest entries of a node that others need not have yet */
    uint64_t                   faults;
    consent_buf_t              said;
    consent_rc_t               rc;
};

static bool open_nodes(compare_t *c, const char *const *paths, size_t n);
static void compare_all(compare_t *c);
static void say_fault(void *arg, const consent_audit_fault_t *fault);
static void look_at_entry(void *arg, uint64_t index, consent_slice_t entry, const uint8_t leaf[static CONSENT_HASH_LEN]);
static void look_at_foreign(compare_node_t *node, uint64_t index, consent_slice_t entry, consent_slice_t origin);
static void look_for_own(void *arg, uint64_t index, consent_slice_t entry, const uint8_t leaf[static CONSENT_HASH_LEN]);
static compare_found_t leaf_is(compare_node_t *node, uint64_t index, const uint8_t hash[static CONSENT_HASH_LEN]);
static compare_node_t *node_of(compare_t *c, consent_slice_t name);
static bool is_shared(consent_slice_t entry);
static consent_slice_t unquoted(consent_slice_t value);
static void say(compare_node_t *node, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void print(compare_t *c, consent_buf_t *out);
static void json(compare_t *c, consent_buf_t *out);


int
consent_ctl_log_compare(int argc, char **argv)
{
    int                    status;
    size_t                 i, k, n, n_keys;
    uint64_t               lag;
    compare_t             *c;
    const char            *paths[NODES_MAX];
    consent_buf_t          out;
    consent_note_key_t     keys[KEYS_MAX];
    consent_ctl_option_t   options[] = { { "--key", true, NULL }, { "--lag", true, NULL }, { "--json", false, NULL } };

    if (!consent_ctl_operands(argc, argv, options, consent_countof(options), paths, 2, NODES_MAX, &n)) {
        return CONSENT_CTL_USAGE;
    }

    if (options[0].value == NULL) {
        return consent_ctl_complain("--key is missing: a file with the verifier keys of all these logs, one a line");
    }

    lag = 0;

    if (options[1].value != NULL && !consent_note_number(&lag, consent_cstr(options[1].value))) {
        return consent_ctl_complain("--lag takes a number of entries");
    }

    if (!consent_ctl_read_keys(options[0].value, keys, &n_keys, KEYS_MAX)) {
        return CONSENT_CTL_USAGE;
    }

    c = calloc(1, sizeof(compare_t));

    if (c == NULL) {
        return consent_ctl_complain("out of memory");
    }

    consent_buf_init(&c->said, 1 << 20);
    consent_buf_init(&out, 2 << 20);
    c->keys = keys;
    c->n_keys = n_keys;
    c->lag = lag;
    c->as_json = options[2].value != NULL;
    status = CONSENT_CTL_USAGE;

    if (open_nodes(c, paths, n)) {
        compare_all(c);

        if (c->rc != CONSENT_OK) {
            (void) consent_ctl_complain("the logs could not be read to the end: %s", consent_rc_name(c->rc));

        } else {
            (c->as_json ? json : print)(c, &out);
            status = !consent_ctl_flush(&out) ? CONSENT_CTL_USAGE : c->faults == 0 ? CONSENT_CTL_HOLDS : CONSENT_CTL_FAILS;
        }
    }

    for (i = 0; i < c->n; i++) {
        consent_ctl_source_close(&c->nodes[i].source);
        consent_buf_free(&c->nodes[i].checkpoint);
        consent_buf_free(&c->nodes[i].tile);

        for (k = 0; k < NODES_MAX; k++) {
            free(c->nodes[i].seen[k]);
        }
    }

    consent_buf_free(&c->said);
    consent_buf_free(&out);
    free(c);

    return status;
}


static bool
open_nodes(compare_t *c, const char *const *paths, size_t n)
{
    size_t                 i, k;
    compare_node_t        *node;
    consent_note_key_t     key;
    consent_checkpoint_t   checkpoint;

    for (i = 0; i < n; i++) {
        node = &c->nodes[c->n];
        node->compare = c;
        consent_buf_init(&node->checkpoint, CONSENT_NOTE_MAX);
        consent_buf_init(&node->tile, CONSENT_TILE_WIDTH * CONSENT_HASH_LEN);

        if (!consent_ctl_source_open(&node->source, paths[i], NULL)) {
            return false;
        }

        c->n++;

        if (!consent_ctl_source_checkpoint(&node->source, &node->checkpoint)) {
            return false;
        }

        if (consent_checkpoint_read(&checkpoint, consent_buf_view(&node->checkpoint)) != CONSENT_OK) {
            (void) consent_ctl_complain("the checkpoint in %s is none", paths[i]);
            return false;
        }

        node->size = checkpoint.size;
        node->node = checkpoint.origin;

        for (k = 0; k < c->n_keys; k++) {
            if (consent_audit_key(&key, &c->keys[k], checkpoint.origin) == CONSENT_OK) {
                node->node = consent_note_key_name(&c->keys[k]);
                node->later = (node->node.len != checkpoint.origin.len);
            }
        }

        for (k = 0; k + 1 < c->n; k++) {
            if (consent_slice_eq(c->nodes[k].node, node->node)) {
                (void) consent_ctl_complain("%s and %s are of one node", paths[k], paths[i]);
                return false;
            }
        }
    }

    return true;
}


/* Twice over each: what it says of the others, and then whether they have what it says of itself. */
static void
compare_all(compare_t *c)
{
    size_t                i, k;
    consent_audit_t       result;
    consent_audit_conf_t  conf = { .keys = c->keys, .n_keys = c->n_keys };

    for (i = 0; i < c->n; i++) {
        for (k = 0; k < c->n; k++) {
            c->nodes[i].seen[k] = k == i ? NULL : calloc(1, (size_t) (c->nodes[k].size / 8 + 1));

            if (k != i && c->nodes[i].seen[k] == NULL) {
                c->rc = CONSENT_NOMEM;
                return;
            }
        }
    }

    for (i = 0; i < 2 * c->n && c->rc == CONSENT_OK; i++) {
        conf.arg = &c->nodes[i % c->n];
        conf.source = consent_ctl_source_audit(&c->nodes[i % c->n].source);
        conf.fault = i < c->n ? say_fault : NULL;
        conf.entry = i < c->n ? look_at_entry : look_for_own;
        c->rc = consent_audit(&conf, consent_buf_view(&c->nodes[i % c->n].checkpoint), &result);
    }
}


static void
say_fault(void *arg, const consent_audit_fault_t *fault)
{
    char             path[CONSENT_TILE_PATH_MAX];
    compare_node_t  *node = arg;

    switch (fault->kind) {
    case CONSENT_FAULT_ENTRIES:
        say(node, fault->first == fault->last ? "entry %llu %s" : "one of the entries from %llu on %s",
            (unsigned long long) fault->first, fault->what);
        break;

    case CONSENT_FAULT_TILE:
        consent_tile_path(path, &fault->tile);
        say(node, "%s %s", path, fault->what);
        break;

    default:
        say(node, "the checkpoint %s", fault->what);
    }
}


static void
look_at_entry(void *arg, uint64_t index, consent_slice_t entry, const uint8_t leaf[static CONSENT_HASH_LEN])
{
    compare_node_t   *node = arg;
    consent_slice_t   origin, type;

    (void) leaf;

    if (!is_shared(entry)) {
        type = unquoted(consent_members_find(entry, "type"));
        node->snapshot |= consent_slice_eq(type, consent_lit("snapshot"));
        return;
    }

    origin = unquoted(consent_members_find(entry, "origin"));

    if (origin.len == 0) {
        node->own++;

    } else {
        node->foreign++;
        look_at_foreign(node, index, entry, origin);
    }
}


static void
look_at_foreign(compare_node_t *node, uint64_t index, consent_slice_t entry, consent_slice_t origin)
{
    uint8_t          hash[CONSENT_HASH_LEN];
    uint8_t         *seen;
    uint64_t         there;
    compare_node_t  *other;
    consent_slice_t  value;

    other = node_of(node->compare, origin);

    if (other == NULL) {
        return;
    }

    value = unquoted(consent_members_find(entry, "origin_hash"));

    if (!consent_note_number(&there, consent_members_find(entry, "origin_index"))
        || consent_hex_decode(hash, sizeof(hash), value) != CONSENT_OK)
    {
        say(node, "entry %llu does not say which of %.*s it is", (unsigned long long) index, (int) origin.len,
            (const char *) origin.data);
        return;
    }

    /* beyond what the other has published when its log was read */

    if (other->later || there >= other->size) {
        return;
    }

    switch (leaf_is(other, there, hash)) {
    case COMPARE_HOLDS:
        break;

    case COMPARE_ABSENT:
        return;

    case COMPARE_OTHER:
        say(node, "entry %llu is of another entry %llu than %.*s has: one of them has been rewritten",
            (unsigned long long) index, (unsigned long long) there, (int) origin.len, (const char *) origin.data);
        return;
    }

    seen = &node->seen[other - node->compare->nodes][there / 8];

    if ((*seen & 1 << there % 8) != 0) {
        say(node, "entry %llu is entry %llu of %.*s once more", (unsigned long long) index, (unsigned long long) there,
            (int) origin.len, (const char *) origin.data);
    }

    *seen |= (uint8_t) (1 << there % 8);
}


static void
look_for_own(void *arg, uint64_t index, consent_slice_t entry, const uint8_t leaf[static CONSENT_HASH_LEN])
{
    size_t           i, me;
    compare_t       *c;
    compare_node_t  *node = arg, *other;

    (void) leaf;

    c = node->compare;
    me = (size_t) (node - c->nodes);

    /* the newest may be on their way */

    if (node->later || index + c->lag >= node->size || !is_shared(entry) || consent_members_find(entry, "origin").len > 0) {
        return;
    }

    for (i = 0; i < c->n; i++) {
        other = &c->nodes[i];

        /* one that has nothing of anybody is of no cluster; one that began with a snapshot has what came before in it */

        if (i == me || (other->foreign == 0 && node->foreign == 0) || other->snapshot) {
            continue;
        }

        if ((other->seen[me][index / 8] & 1 << index % 8) == 0) {
            say(other, "entry %llu of %.*s is missing here", (unsigned long long) index, (int) node->node.len,
                (const char *) node->node.data);
        }
    }
}


/* The leaf as the node's own tiles have it, which its audit has held against its entries. */
static compare_found_t
leaf_is(compare_node_t *node, uint64_t index, const uint8_t hash[static CONSENT_HASH_LEN])
{
    consent_rc_t            rc;
    consent_tile_t          tile = { .index = index / CONSENT_TILE_WIDTH };
    consent_audit_source_t  source;

    tile.width = consent_tile_width(0, tile.index, node->size);

    if (node->at.width != tile.width || node->at.index != tile.index) {
        source = consent_ctl_source_audit(&node->source);
        node->at.width = 0;
        node->tile.len = 0;
        node->tile.rc = CONSENT_OK;
        rc = source.tile(source.arg, &tile, &node->tile);

        if (rc != CONSENT_OK || node->tile.len != (size_t) tile.width * CONSENT_HASH_LEN) {
            return COMPARE_ABSENT;
        }

        node->at = tile;
    }

    return memcmp(node->tile.data + index % CONSENT_TILE_WIDTH * CONSENT_HASH_LEN, hash, CONSENT_HASH_LEN) == 0
           ? COMPARE_HOLDS : COMPARE_OTHER;
}


static compare_node_t *
node_of(compare_t *c, consent_slice_t name)
{
    size_t  i;

    for (i = 0; i < c->n; i++) {
        if (consent_slice_eq(c->nodes[i].node, name)) {
            return &c->nodes[i];
        }
    }

    return NULL;
}


/* What stands once in the log of each node. */
static bool
is_shared(consent_slice_t entry)
{
    consent_slice_t  type = unquoted(consent_members_find(entry, "type"));

    return consent_slice_eq(type, consent_lit("decision")) || consent_slice_eq(type, consent_lit("erasure"));
}


static consent_slice_t
unquoted(consent_slice_t value)
{
    return value.len < 2 || value.data[0] != '"' ? consent_slice(NULL, 0) : consent_slice(value.data + 1, value.len - 2);
}


static void
say(compare_node_t *node, const char *fmt, ...)
{
    char            text[512];
    va_list         args;
    consent_buf_t  *b = &node->compare->said;

    va_start(args, fmt);
    (void) vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);

    if (node->compare->faults++ >= SAID_MAX) {
        return;
    }

    if (node->compare->as_json) {
        consent_buf_str(b, b->len == 0 ? "{" : ",{");
        consent_ctl_json_text(b, "node", node->node);
        consent_ctl_json_text(b, "what", consent_cstr(text));
        consent_buf_char(b, '}');

    } else {
        consent_ctl_plain(b, node->node);
        consent_buf_str(b, ": ");
        consent_ctl_plain(b, consent_cstr(text));
        consent_buf_char(b, '\n');
    }
}


static void
print(compare_t *c, consent_buf_t *out)
{
    size_t           i;
    compare_node_t  *node;

    for (i = 0; i < c->n; i++) {
        node = &c->nodes[i];
        consent_ctl_plain(out, node->node);
        consent_buf_printf(out, ": %llu entries, %llu decided here, %llu elsewhere%s%s\n", (unsigned long long) node->size,
                           (unsigned long long) node->own, (unsigned long long) node->foreign,
                           node->snapshot ? ", began with a snapshot" : "",
                           node->later ? ", a later log of its: not held against what the others have of it" : "");
    }

    consent_buf_char(out, '\n');
    consent_buf_slice(out, consent_buf_view(&c->said));

    if (c->faults > SAID_MAX) {
        consent_buf_printf(out, "and %llu faults more\n", (unsigned long long) (c->faults - SAID_MAX));
    }

    consent_buf_str(out, c->faults == 0 ? "The logs agree.\n" : "\nThe logs do not agree.\n");
}


static void
json(compare_t *c, consent_buf_t *out)
{
    size_t           i;
    compare_node_t  *node;

    consent_buf_char(out, '{');
    consent_ctl_json_flag(out, "agree", c->faults == 0);
    consent_ctl_json_name(out, "logs");
    consent_buf_char(out, '[');

    for (i = 0; i < c->n; i++) {
        node = &c->nodes[i];
        consent_buf_str(out, i == 0 ? "{" : ",{");
        consent_ctl_json_text(out, "node", node->node);
        consent_ctl_json_number(out, "size", node->size);
        consent_ctl_json_number(out, "own", node->own);
        consent_ctl_json_number(out, "foreign", node->foreign);
        consent_ctl_json_flag(out, "snapshot", node->snapshot);
        consent_buf_char(out, '}');
    }

    consent_buf_char(out, ']');
    consent_ctl_json_number(out, "n_faults", c->faults);
    consent_ctl_json_name(out, "faults");
    consent_buf_char(out, '[');
    consent_buf_slice(out, consent_buf_view(&c->said));
    consent_buf_str(out, "]}\n");
}
