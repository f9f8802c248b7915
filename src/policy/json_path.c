/*
 * Compiles JSON paths: a tree of their steps, and from it the automaton whose states are sets of places in the tree
 * where a document's reader may be.
 */

#include "policy/json_path.h"
#include "policy/json_name.h"

#include <stdlib.h>

#define PATH_MAX_STATES  8192
#define PATH_MAX_TABLE   (1024 * 1024)      /* transitions */
#define PATH_MAX_WORK    (16 * 1024 * 1024)
#define PATH_MAX_MEMORY  (64 * 1024 * 1024) /* while compiling */

typedef struct path_edge_s  path_edge_t;
typedef struct path_node_s  path_node_t;

struct path_edge_s {
    path_edge_t  *next;
    path_node_t  *child;
    uint16_t      symbol;       /* CONSENT_JSON_OTHER: [*] */
    bool          descend;      /* at any depth below */
};

struct path_node_s {
    path_edge_t           *edges;
    uint32_t               id;
    bool                   descends;    /* one of the edges does */
    consent_json_place_t   place;
};

/* A node where the reader is, or (odd) below which it is somewhere, so that only edges that descend count. */
typedef uint32_t  path_at_t;

typedef struct {
    path_at_t  *at;             /* ascending */
    size_t      n;
} path_set_t;

typedef struct {
    uint16_t   symbol;
    path_at_t  at;
} path_move_t;

typedef struct {
    consent_json_paths_t   *paths;
    consent_arena_t        *arena;      /* what lasts */
    consent_arena_t        *scratch;
    consent_json_names_t    names;
    path_node_t           **nodes;
    size_t                  n_nodes;
    size_t                  most;       /* nodes that there may be */
    path_set_t             *sets;       /* of each state */
    uint16_t              **rows;
    uint16_t               *index;      /* open hash of states, + 1 */
    path_move_t            *moves;
    size_t                  n_moves;
    size_t                  room;       /* places there are */
    path_set_t              other;
    path_set_t              target;
    size_t                  work;
} path_compiler_t;

static consent_rc_t path_tree(path_compiler_t *c, const consent_json_pattern_t *patterns, size_t n);
static consent_rc_t path_add(path_compiler_t *c, const consent_json_pattern_t *pattern);
static path_node_t *path_node(path_compiler_t *c);
static path_node_t *path_child(path_compiler_t *c, path_node_t *node, uint16_t symbol, bool descend);
static consent_rc_t path_automaton(path_compiler_t *c);
static size_t path_most_moves(const path_compiler_t *c);
static consent_rc_t path_row(path_compiler_t *c, size_t state);
static void path_step(path_compiler_t *c, const path_set_t *from);
static consent_rc_t path_state(path_compiler_t *c, uint16_t *state, path_set_t *set);
static consent_rc_t path_finish(path_compiler_t *c);
static void path_set_add(path_set_t *set, path_at_t at);
static void path_set_sort(const path_compiler_t *c, path_set_t *set);
static int path_compare(const void *a, const void *b);
static int path_compare_moves(const void *a, const void *b);


consent_rc_t
consent_json_paths_compile(consent_json_paths_t **paths, consent_arena_t *a, const consent_json_pattern_t *patterns,
    size_t n)
{
    consent_rc_t     rc;
    path_compiler_t  c;

    *paths = NULL;
    memset(&c, 0, sizeof(c));

    c.arena = a;
    c.scratch = consent_arena_create(PATH_MAX_MEMORY);
    c.paths = consent_arena_alloc(a, sizeof(consent_json_paths_t));

    rc = c.scratch == NULL || c.paths == NULL ? CONSENT_NOMEM : path_tree(&c, patterns, n);

    if (rc == CONSENT_OK) {
        rc = path_automaton(&c);
    }

    if (rc == CONSENT_OK) {
        rc = path_finish(&c);
    }

    consent_arena_destroy(c.scratch);

    if (rc == CONSENT_OK) {
        *paths = c.paths;
    }

    return rc;
}


static consent_rc_t
path_tree(path_compiler_t *c, const consent_json_pattern_t *patterns, size_t n)
{
    size_t        i, steps;
    consent_rc_t  rc;

    steps = 1;

    for (i = 0; i < n; i++) {
        steps += patterns[i].path.len;      /* more than it has */
    }

    c->most = steps;
    c->nodes = consent_arena_array(c->scratch, steps, sizeof(path_node_t *));

    if (c->nodes == NULL || path_node(c) == NULL) {
        return CONSENT_NOMEM;
    }

    rc = consent_json_names_collect(&c->names, c->paths, c->arena, c->scratch, patterns, n);

    if (rc != CONSENT_OK) {
        return rc;
    }

    for (i = 0; i < n; i++) {
        rc = path_add(c, &patterns[i]);

        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    return CONSENT_OK;
}


static consent_rc_t
path_add(path_compiler_t *c, const consent_json_pattern_t *pattern)
{
    size_t                 i, n;
    uint16_t               symbol;
    path_node_t           *node;
    consent_rc_t           rc;
    consent_json_step_t    step, only;
    consent_json_steps_t   steps;
    consent_json_place_t  *place;

    consent_json_steps_begin(&steps, pattern);
    node = c->nodes[0];
    memset(&only, 0, sizeof(only));

    for (n = 0; (rc = consent_json_steps_next(&steps, &step)) == CONSENT_OK; n++) {
        only = step;
        symbol = step.any ? CONSENT_JSON_OTHER : consent_json_names_symbol(&c->names, &step);

        /* $..name needs no state */
        if (n == 0 && step.descend && steps.at == steps.end) {
            continue;
        }

        node = path_child(c, node, symbol, step.descend);

        if (node == NULL) {
            return CONSENT_NOMEM;
        }
    }

    if (rc != CONSENT_NOTFOUND || n == 0) {
        return CONSENT_MALFORMED;
    }

    c->paths->mask |= pattern->mask;

    if (node != c->nodes[0]) {
        node->place.mask |= pattern->mask;
        node->place.known |= pattern->mask == 0;
        return CONSENT_OK;
    }

    symbol = consent_json_names_symbol(&c->names, &only);

    for (i = CONSENT_JSON_NAMES; i < c->paths->n_symbols; i++) {
        if (consent_json_names_cover(&c->names, symbol, (uint16_t) i)) {
            place = &c->paths->anywhere[i];
            place->mask |= pattern->mask;
            place->known |= pattern->mask == 0;
        }
    }

    return CONSENT_OK;
}


static path_node_t *
path_node(path_compiler_t *c)
{
    path_node_t  *node;

    node = c->n_nodes < c->most ? consent_arena_alloc(c->scratch, sizeof(path_node_t)) : NULL;

    if (node != NULL) {
        node->id = (uint32_t) c->n_nodes;
        c->nodes[c->n_nodes++] = node;
    }

    return node;
}


static path_node_t *
path_child(path_compiler_t *c, path_node_t *node, uint16_t symbol, bool descend)
{
    path_edge_t  *edge;

    for (edge = node->edges; edge != NULL; edge = edge->next) {
        if (edge->symbol == symbol && edge->descend == descend) {
            return edge->child;
        }
    }

    edge = consent_arena_alloc(c->scratch, sizeof(path_edge_t));

    if (edge == NULL) {
        return NULL;
    }

    edge->child = path_node(c);

    if (edge->child == NULL) {
        return NULL;
    }

    edge->symbol = symbol;
    edge->descend = descend;
    edge->next = node->edges;

    node->edges = edge;
    node->descends |= descend;
    node->place.way = node->id != 0;

    return edge->child;
}


static consent_rc_t
path_automaton(path_compiler_t *c)
{
    size_t        state;
    uint16_t      first;
    consent_rc_t  rc;

    c->room = 2 * c->n_nodes + 2;
    c->sets = consent_arena_array(c->scratch, PATH_MAX_STATES, sizeof(path_set_t));
    c->rows = consent_arena_array(c->scratch, PATH_MAX_STATES, sizeof(uint16_t *));
    c->index = consent_arena_array(c->scratch, 2 * PATH_MAX_STATES, sizeof(uint16_t));
    c->other.at = consent_arena_array(c->scratch, 2 * c->room, sizeof(path_at_t));
    c->target.at = consent_arena_array(c->scratch, 3 * c->room, sizeof(path_at_t));
    c->moves = consent_arena_array(c->scratch, path_most_moves(c), sizeof(path_move_t));

    if (c->sets == NULL || c->rows == NULL || c->index == NULL || c->other.at == NULL || c->target.at == NULL
        || c->moves == NULL)
    {
        return CONSENT_LIMIT;
    }

    c->target.n = 0;
    path_set_add(&c->target, 0);
    rc = path_state(c, &first, &c->target);

    for (state = 0; rc == CONSENT_OK && state < c->paths->n_states; state++) {
        rc = path_row(c, state);
    }

    return rc;
}


/* No step takes an edge twice, nor more names for it than it covers. */
static size_t
path_most_moves(const path_compiler_t *c)
{
    size_t              i, n;
    const path_edge_t  *edge;

    n = 0;

    for (i = 0; i < c->n_nodes; i++) {
        for (edge = c->nodes[i]->edges; edge != NULL; edge = edge->next) {
            n += consent_json_names_is_prefix(&c->names, edge->symbol) ? c->names.n : 1;
        }
    }

    return n;
}


/* All that can come next. */
static consent_rc_t
path_row(path_compiler_t *c, size_t state)
{
    size_t        i, k;
    uint16_t      next, *row;
    consent_rc_t  rc;

    row = consent_arena_array(c->scratch, c->paths->n_symbols, sizeof(uint16_t));

    if (row == NULL) {
        return CONSENT_NOMEM;
    }

    c->rows[state] = row;
    path_step(c, &c->sets[state]);

    rc = path_state(c, &next, &c->other);

    if (rc != CONSENT_OK) {
        return rc;
    }

    for (i = 0; i < c->paths->n_symbols; i++) {
        row[i] = next;
    }

    /* a string's document may be read as what stands here, and as one by itself */
    c->target.n = 0;
    path_set_add(&c->target, 0);

    for (i = 0; i < c->sets[state].n; i++) {
        path_set_add(&c->target, c->sets[state].at[i]);
    }

    rc = path_state(c, &row[CONSENT_JSON_NEST], &c->target);

    for (i = 0; rc == CONSENT_OK && i < c->n_moves; i = k) {
        memcpy(c->target.at, c->other.at, c->other.n * sizeof(path_at_t));
        c->target.n = c->other.n;

        for (k = i; k < c->n_moves && c->moves[k].symbol == c->moves[i].symbol; k++) {
            path_set_add(&c->target, c->moves[k].at);
        }

        c->work += c->target.n;
        rc = path_state(c, &row[c->moves[i].symbol], &c->target);
    }

    return c->work > PATH_MAX_WORK ? CONSENT_LIMIT : rc;
}


/* Fills c->other with where every member or element leads, and c->moves with where single names do. */
static void
path_step(path_compiler_t *c, const path_set_t *from)
{
    bool                below;
    size_t              i;
    uint16_t            s, last;
    path_node_t        *node;
    const path_edge_t  *edge;

    c->other.n = 0;
    c->n_moves = 0;

    for (i = 0; i < from->n; i++) {
        node = c->nodes[from->at[i] >> 1];
        below = from->at[i] & 1;

        if (node->descends) {
            path_set_add(&c->other, node->id << 1 | 1);
        }

        for (edge = node->edges; edge != NULL; edge = edge->next) {

            if (below && !edge->descend) {
                continue;
            }

            if (edge->symbol == CONSENT_JSON_OTHER) {
                path_set_add(&c->other, edge->child->id << 1);
                continue;
            }

            s = edge->symbol;
            last = s;

            if (consent_json_names_is_prefix(&c->names, s)) {
                s = CONSENT_JSON_NAMES;
                last = (uint16_t) (c->paths->n_symbols - 1);
            }

            for ( /* void */ ; s <= last; s++) {
                if (consent_json_names_cover(&c->names, edge->symbol, s)) {
                    c->moves[c->n_moves].symbol = s;
                    c->moves[c->n_moves].at = edge->child->id << 1;
                    c->n_moves++;
                }
            }
        }

        c->work += c->n_moves;
    }

    path_set_sort(c, &c->other);
    qsort(c->moves, c->n_moves, sizeof(path_move_t), path_compare_moves);
}


/* The state that stands for a set, a new one when there is none. */
static consent_rc_t
path_state(path_compiler_t *c, uint16_t *state, path_set_t *set)
{
    size_t       i, k;
    uint32_t     hash;
    path_set_t  *own;

    path_set_sort(c, set);
    hash = 0x811c9dc5U;

    for (i = 0; i < set->n; i++) {
        hash = (hash ^ set->at[i]) * 0x01000193U;
        hash ^= hash >> 15;
    }

    for (k = hash & (2 * PATH_MAX_STATES - 1); c->index[k] != 0; k = (k + 1) & (2 * PATH_MAX_STATES - 1)) {
        own = &c->sets[c->index[k] - 1];

        if (own->n == set->n && memcmp(own->at, set->at, set->n * sizeof(path_at_t)) == 0) {
            *state = (uint16_t) (c->index[k] - 1);
            return CONSENT_OK;
        }
    }

    if (c->paths->n_states == PATH_MAX_STATES - 1
        || (c->paths->n_states + 1) * c->paths->n_symbols > PATH_MAX_TABLE)
    {
        return CONSENT_LIMIT;
    }

    own = &c->sets[c->paths->n_states];
    own->at = consent_arena_array(c->scratch, set->n, sizeof(path_at_t));

    if (own->at == NULL) {
        return CONSENT_LIMIT;
    }

    if (set->n > 0) {
        memcpy(own->at, set->at, set->n * sizeof(path_at_t));
    }

    own->n = set->n;
    *state = (uint16_t) c->paths->n_states++;
    c->index[k] = (uint16_t) (*state + 1);

    return CONSENT_OK;
}


static consent_rc_t
path_finish(path_compiler_t *c)
{
    size_t                       i, k;
    consent_json_paths_t        *paths;
    consent_json_place_t        *place;
    const consent_json_place_t  *node;

    paths = c->paths;
    paths->next = consent_arena_array(c->arena, paths->n_states * paths->n_symbols, sizeof(uint16_t));
    paths->places = consent_arena_array(c->arena, paths->n_states, sizeof(consent_json_place_t));

    if (paths->next == NULL || paths->places == NULL) {
        return CONSENT_NOMEM;
    }

    for (i = 0; i < paths->n_states; i++) {
        memcpy(&paths->next[i * paths->n_symbols], c->rows[i], paths->n_symbols * sizeof(uint16_t));
        place = &paths->places[i];

        for (k = 0; k < c->sets[i].n; k++) {

            if (c->sets[i].at[k] & 1) {
                continue;
            }

            node = &c->nodes[c->sets[i].at[k] >> 1]->place;
            place->mask |= node->mask;
            place->known |= node->known;
            place->way |= node->way;
        }
    }

    return CONSENT_OK;
}


static void
path_set_add(path_set_t *set, path_at_t at)
{
    set->at[set->n++] = at;
}


/* Ascending, each once. Who is at a node takes all its edges; where all of them descend, the root is no other place than
 * below it. */
static void
path_set_sort(const path_compiler_t *c, path_set_t *set)
{
    size_t              i, n;
    const path_edge_t  *edge;

    for (edge = c->nodes[0]->edges; edge != NULL && edge->descend; edge = edge->next) { /* void */ }

    for (i = 0; i < set->n && edge == NULL && c->nodes[0]->descends; i++) {
        set->at[i] = set->at[i] == 0 ? 1 : set->at[i];
    }

    if (set->n < 2) {
        return;
    }

    qsort(set->at, set->n, sizeof(path_at_t), path_compare);

    for (i = 1, n = 1; i < set->n; i++) {
        if (set->at[i] != set->at[n - 1] && set->at[i] != (set->at[n - 1] | 1)) {
            set->at[n++] = set->at[i];
        }
    }

    set->n = n;
}


static int
path_compare(const void *a, const void *b)
{
    path_at_t  one, two;

    one = *(const path_at_t *) a;
    two = *(const path_at_t *) b;

    return one < two ? -1 : one > two;
}


static int
path_compare_moves(const void *a, const void *b)
{
    const path_move_t  *one, *two;

    one = a;
    two = b;

    return one->symbol != two->symbol ? (one->symbol < two->symbol ? -1 : 1) : path_compare(&one->at, &two->at);
}
