/*
 * The HTML stamper: a page comes out the same however it is cut; without what was inserted it is the page that went in;
 * lengths are as announced; what was stamped once is not stamped again.
 */

#include "disclose/html.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

typedef struct {
    uint8_t         *data;
    size_t           len;
    size_t           size;
    uint8_t         *page;          /* what came of it from the input */
    size_t           page_len;
    const uint8_t   *in;            /* input of the feed under way */
    size_t           n;
} sink_t;

static void *room(void *arg, size_t size);
static const consent_disclosure_t *disclosure(consent_policy_t *policy, consent_ai_kind_t kind);
static void stamp(sink_t *s, const consent_stamp_conf_t *conf, const uint8_t *in, size_t n, uint32_t cuts,
    consent_stamp_t  *result, bool promise);
static consent_rc_t sink_emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind);
static void same(const sink_t *one, const sink_t *two);
static bool claims(const uint8_t *data, size_t len);
static void release(sink_t *s);
static void require(bool condition);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    uint8_t               flags;
    uint32_t              cuts;
    sink_t                whole, bytes, pieces, again, promised;
    consent_stamp_t       a, b;
    consent_stamp_conf_t  conf;

    static consent_policy_t             policy;
    static const consent_disclosure_t  *ai, *people;

    if (ai == NULL) {
        ai = disclosure(&policy, CONSENT_AI_ON);
        people = disclosure(&policy, CONSENT_AI_OFF);
    }

    if (len < 2) {
        return 0;
    }

    flags = data[0];
    cuts = data[1] * 2654435761U | 1;
    data += 2;
    len -= 2;

    memset(&conf, 0, sizeof(conf));
    conf.policy = &policy;
    conf.room = room;
    conf.ai = (flags & 1) == 0;
    conf.disclosure = conf.ai ? ai : people;
    conf.contact = (flags & 2) == 0;
    conf.at_end = (flags & 4) != 0;
    conf.xhtml = (flags & 8) != 0;
    conf.charset = (consent_charset_t) ((flags >> 4) % (CONSENT_CHARSET_UNSUPPORTED + 1));

    stamp(&whole, &conf, data, len, 0, &a, false);
    stamp(&bytes, &conf, data, len, UINT32_MAX, &b, false);
    same(&whole, &bytes);
    require(a.outcome == b.outcome && a.language == b.language && a.kept == b.kept && a.inserted == b.inserted);
    require(a.decided && whole.len == len + a.inserted);

    /* where no claim of the page's own was changed, and none of ours had to be transcoded */
    if ((!conf.ai || !claims(data, len)) && conf.charset != CONSENT_CHARSET_UTF16LE
        && conf.charset != CONSENT_CHARSET_UTF16BE && (len == 0 || data[0] < 0xf0))
    {
        require(whole.page_len == len && (len == 0 || memcmp(whole.page, data, len) == 0));
        require(bytes.page_len == len && (len == 0 || memcmp(bytes.page, data, len) == 0));
    }

    stamp(&pieces, &conf, data, len, cuts, &b, false);
    same(&whole, &pieces);
    require(a.outcome == b.outcome && a.inserted == b.inserted);

    stamp(&promised, &conf, data, len, cuts, &b, true);
    require(promised.len == len + b.inserted && promised.len >= whole.len);
    require(whole.len == 0 || memcmp(promised.data, whole.data, whole.len) == 0);

    if (a.outcome == CONSENT_STAMP_SENT && !conf.at_end && conf.contact && conf.charset == CONSENT_CHARSET_UTF8) {
        stamp(&again, &conf, whole.data, whole.len, 0, &b, false);
        require(b.outcome == CONSENT_STAMP_ALREADY || whole.data[0] >= 0xef || a.inserted > 1900);
        release(&again);
    }

    release(&whole);
    release(&bytes);
    release(&pieces);
    release(&promised);

    return 0;
}


static const consent_disclosure_t *
disclosure(consent_policy_t *policy, consent_ai_kind_t kind)
{
    consent_disclosure_t     *d;
    consent_disclose_conf_t   conf = { .kind = kind, .base = consent_lit("/.privacy/") };

    static consent_arena_t  *arena;

    policy->languages[0] = consent_lit("sv");
    policy->languages[1] = consent_lit("en");
    policy->n_languages = 2;
    policy->principal = consent_lit("Kommun \"ett\" <b>");
    policy->controller.name = policy->principal;

    if (arena == NULL) {
        arena = consent_arena_create(1 << 24);
    }

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
stamp(sink_t *s, const consent_stamp_conf_t *conf, const uint8_t *in, size_t n, uint32_t cuts, consent_stamp_t *result,
    bool promise)
{
    void             *memory;
    size_t            at, piece, most;
    uint8_t          *copy;
    consent_stamp_t  *h;

    memset(s, 0, sizeof(sink_t));
    memory = malloc(consent_stamp_size(CONSENT_KIND_HTML));
    h = consent_stamp_init(memory, CONSENT_KIND_HTML, conf);
    at = 0;
    most = SIZE_MAX;

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

        if (promise && at < n) {
            require(consent_stamp_promise(h, &most) && most >= h->inserted);
        }

    } while (at < n);

    require(most == SIZE_MAX || most == h->inserted);

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
        s->page = realloc(s->page, s->size);
    }

    /* what is ours lives on; what is not is borrowed, or was held back */
    if (kind != CONSENT_SPAN_LASTING) {
        memcpy(s->page + s->page_len, data, len);
        s->page_len += len;
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


/* A claim, in any case, may be in it. */
static bool
claims(const uint8_t *data, size_t len)
{
    size_t  i;

    for (i = 0; i + 13 <= len; i++) {
        if (consent_slice_ieq(consent_slice(data + i, 13), consent_lit("ai-disclosure"))) {
            return true;
        }
    }

    return false;
}


static void
release(sink_t *s)
{
    free(s->data);
    free(s->page);
}


static void
require(bool condition)
{
    if (!condition) {
        abort();
    }
}
