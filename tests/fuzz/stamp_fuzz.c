/*
 * The stampers of all kinds but HTML: a body comes out the same however it is cut; all of it comes out, in order;
 * lengths are as announced; what was JSON is JSON, with our member once; what was stamped is not stamped again. And of a
 * request that brings our words back, they are all that goes.
 */

#include "base/json.h"
#include "disclose/chat.h"
#include "disclose/stamp.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

typedef struct {
    uint8_t        *data;
    size_t          len;
    size_t          size;
    const uint8_t  *in;             /* input of the feed under way */
    size_t          n;
} sink_t;

static void *room(void *arg, size_t size);
static const consent_disclosure_t *disclosure(consent_policy_t *policy);
static void stamp(sink_t *s, consent_kind_t kind, const consent_stamp_conf_t *conf, const uint8_t *in, size_t n,
    uint32_t cuts, consent_stamp_t *result, bool promise);
static consent_rc_t sink_emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind);
static void same(const sink_t *one, const sink_t *two);
static void contains(const sink_t *s, const uint8_t *data, size_t len);
static void lines(const sink_t *s, const uint8_t *data, size_t len, bool each);
static bool object(const uint8_t *data, size_t len, bool marked);
static void unsay(const uint8_t *data, size_t len, const consent_disclosure_t *d);
static void require(bool condition);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    uint8_t               flags;
    uint32_t              cuts;
    sink_t                whole, bytes, pieces, promised, again;
    consent_chat_t        chat;
    consent_kind_t        kind;
    consent_stamp_t       a, b;
    consent_stamp_conf_t  conf;

    static consent_policy_t             policy;
    static const consent_disclosure_t  *ai;

    if (ai == NULL) {
        ai = disclosure(&policy);
    }

    if (len < 3) {
        return 0;
    }

    kind = (consent_kind_t) (CONSENT_KIND_JSON + data[0] % 7);
    flags = data[1];
    cuts = data[2] * 2654435761U | 1;
    data += 3;
    len -= 3;

    memset(&conf, 0, sizeof(conf));
    conf.policy = &policy;
    conf.room = room;
    conf.disclosure = ai;
    conf.ai = true;
    conf.quiet = (flags & 1) != 0;
    conf.ui_stream = (flags & 2) != 0;
    conf.trusted = (flags & 4) != 0;
    conf.charset = (consent_charset_t) ((flags >> 4) % (CONSENT_CHARSET_ASCII_SUPERSET + 1));

    consent_chat_read(&chat, consent_slice(data, len));
    unsay(data, len, ai);

    stamp(&whole, kind, &conf, data, len, 0, &a, false);
    stamp(&bytes, kind, &conf, data, len, UINT32_MAX, &b, false);
    same(&whole, &bytes);
    require(a.outcome == b.outcome && a.inserted == b.inserted && a.human == b.human && a.preceded == b.preceded);
    require(a.decided && a.outcome != CONSENT_STAMP_PENDING && whole.len == len + a.inserted);
    contains(&whole, data, len);

    stamp(&pieces, kind, &conf, data, len, cuts, &b, false);
    same(&whole, &pieces);
    require(a.outcome == b.outcome && a.inserted == b.inserted);

    stamp(&promised, kind, &conf, data, len, cuts, &b, true);
    require(promised.len >= whole.len && (whole.len == 0 || memcmp(promised.data, whole.data, whole.len) == 0));

    if (kind == CONSENT_KIND_JSON || kind == CONSENT_KIND_NDJSON) {
        lines(&whole, data, len, kind == CONSENT_KIND_NDJSON);
    }

    /* a member behind the window, or an escaped one, is not seen */
    if (a.inserted > 0 && kind != CONSENT_KIND_SSE && kind != CONSENT_KIND_NDJSON && len < 1000) {
        stamp(&again, kind, &conf, whole.data, whole.len, 0, &b, false);
        require(b.inserted == 0);
        free(again.data);
    }

    free(whole.data);
    free(bytes.data);
    free(pieces.data);
    free(promised.data);

    return 0;
}


static const consent_disclosure_t *
disclosure(consent_policy_t *policy)
{
    consent_disclosure_t     *d;
    consent_disclose_conf_t   conf = { .kind = CONSENT_AI_ON, .base = consent_lit("/.privacy/") };

    static consent_arena_t  *arena;

    policy->languages[0] = consent_lit("sv");
    policy->n_languages = 1;
    policy->principal = consent_lit("Å \"b\" <c> *d*");
    policy->controller.name = policy->principal;
    arena = consent_arena_create(1 << 24);
    d = consent_arena_alloc(arena, sizeof(consent_disclosure_t));

    require(consent_disclosure_build(d, arena, policy, &conf) == CONSENT_OK);

    return d;
}


/* Room for what a stamper holds back: there is one at a time. */
static void *
room(void *arg, size_t size)
{
    static void  *memory;

    (void) arg;

    free(memory);
    memory = malloc(size);

    return memory;
}


/* cuts: 0: all at once; UINT32_MAX: byte by byte; else a seed for pieces of 0 to 63 bytes. */
static void
stamp(sink_t *s, consent_kind_t kind, const consent_stamp_conf_t *conf, const uint8_t *in, size_t n, uint32_t cuts,
    consent_stamp_t *result, bool promise)
{
    bool              sure;
    void             *memory;
    size_t            at, piece, growth;
    uint8_t          *copy;
    consent_stamp_t  *h;

    memset(s, 0, sizeof(sink_t));
    memory = malloc(consent_stamp_size(kind));
    h = consent_stamp_init(memory, kind, conf);
    sure = false;
    growth = 0;
    at = 0;

    do {
        piece = n - at;

        if (cuts == UINT32_MAX) {
            piece = piece < 1 ? piece : 1;

        } else if (cuts != 0) {
            cuts = cuts * 1664525 + 1013904223;
            piece = piece < cuts >> 26 ? piece : cuts >> 26;
        }

        copy = malloc(piece);
        memcpy(copy, in + at, piece);
        s->in = copy;
        s->n = piece;
        at += piece;

        require(consent_transform_feed(&h->base, copy, piece, at == n, sink_emit, s) == CONSENT_OK);
        free(copy);

        if (promise && !sure && at < n && cuts >> 30 == 0) {
            sure = consent_stamp_promise(h, &growth);
        }

    } while (at < n);

    require(!sure || s->len == n + growth);

    *result = *h;
    free(memory);
}


static consent_rc_t
sink_emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    sink_t  *s = arg;

    require(len > 0);
    require(kind != CONSENT_SPAN_BORROWED || (data >= s->in && data + len <= s->in + s->n));

    if (len > s->size - s->len) {
        s->size = 2 * (s->len + len);
        s->data = realloc(s->data, s->size);
    }

    memcpy(s->data + s->len, data, len);
    s->len += len;

    return CONSENT_OK;
}


static void
same(const sink_t *one, const sink_t *two)
{
    require(one->len == two->len && (one->len == 0 || memcmp(one->data, two->data, one->len) == 0));
}


/* All bytes of the input are in the output, in order. */
static void
contains(const sink_t *s, const uint8_t *data, size_t len)
{
    size_t  i, j;

    for (i = 0, j = 0; i < s->len && j < len; i++) {
        j += s->data[i] == data[j];
    }

    require(j == len);
}


/* Where every line of the input, or all of it, is an object, so it is in the output; and one at least has our member if
 * any has. */
static void
lines(const sink_t *s, const uint8_t *data, size_t len, bool each)
{
    size_t          i, end, n;
    const uint8_t  *p, *lf;

    if (len == 0 || len > 20000) {
        return;
    }

    for (i = 0; i < 2; i++) {
        p = i == 0 ? data : s->data;
        end = i == 0 ? len : s->len;

        while (end > 0) {
            lf = each ? memchr(p, '\n', end) : NULL;
            n = lf != NULL ? (size_t) (lf - p) + 1 : end;

            if (!object(p, n, i == 1 && s->len > len && !each)) {
                require(i == 0);
                return;
            }

            p += n;
            end -= n;
        }
    }
}


static bool
object(const uint8_t *data, size_t len, bool marked)
{
    bool                   is;
    consent_arena_t       *arena;
    consent_json_t        *root;
    consent_json_error_t   err;

    arena = consent_arena_create(1 << 22);
    is = consent_json_parse(&root, arena, consent_slice(data, len), 64, &err) == CONSENT_OK
         && root->type == CONSENT_JSON_OBJECT && (!marked || consent_json_get(root, "ai_disclosure") != NULL);
    consent_arena_destroy(arena);

    return is;
}


/* A conversation that comes back: it keeps its length, what is JSON stays JSON, and only what is said to be changed is. */
static void
unsay(const uint8_t *data, size_t len, const consent_disclosure_t *d)
{
    size_t    from, to;
    uint8_t  *copy;

    copy = malloc(len);
    memcpy(copy, data, len);
    from = len;
    to = 0;

    if (consent_chat_unsay(copy, len, d, 1, &from, &to)) {
        require(from < to && to <= len);
        require(memcmp(copy, data, from) == 0 && memcmp(copy + to, data + to, len - to) == 0);
        require(len > 20000 || !object(data, len, false) || object(copy, len, false));

    } else {
        require(len == 0 || memcmp(copy, data, len) == 0);
    }

    free(copy);
}


static void
require(bool condition)
{
    if (!condition) {
        abort();
    }
}
