/*
 * The JSON stamper: a first member of the top-level object, and not another byte.
 *
 * Up to WINDOW bytes of the object are looked at, to see whether it is one, whether it has a member of that name
 * already, and whether ours needs a comma. A member of that name further back is not seen. What is no object passes at
 * once. The member is ASCII, so that it is right in every charset JSON was ever sent in but UTF-16.
 */

#include "disclose/claim.h"
#include "disclose/peek.h"
#include "disclose/stamper.h"

#define WINDOW  2048            /* bytes behind a byte order mark that are looked at, and held back at most */

static const char  json_name[] = "ai_disclosure";

typedef struct {
    consent_stamper_t  s;
    size_t             held_len;
    uint8_t           *held;            /* WINDOW bytes, or NULL */
} stamp_json_t;

static consent_rc_t json_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit,
    void *arg);
static bool json_promise(consent_stamp_t *h, size_t *growth);
static void json_look(stamp_json_t *j, const uint8_t *in, size_t n, bool last);
static void json_decide(stamp_json_t *j, consent_slice_t window, bool whole, consent_span_kind_t kind);
static consent_stamp_outcome_t json_claim(stamp_json_t *j, consent_slice_t window, consent_slice_t *doubted);
static bool json_holds_name(consent_slice_t window);
static void json_emit(stamp_json_t *j, consent_slice_t window, consent_slice_t doubted, consent_span_kind_t kind);
static size_t json_space(consent_slice_t text, size_t from);


size_t
consent_stamp_json_size(void)
{
    return sizeof(stamp_json_t);
}


consent_stamp_t *
consent_stamp_json_init(void *memory, const consent_stamp_conf_t *conf)
{
    stamp_json_t  *j;

    j = memory;
    consent_stamper_init(&j->s, conf, json_feed, json_promise);
    j->held_len = 0;
    j->held = NULL;

    if (conf->believed == NULL && (!conf->ai || j->s.said->member.len == 0)) {
        consent_stamper_finish(&j->s, CONSENT_STAMP_SENT);

    } else if (conf->charset >= CONSENT_CHARSET_UTF16LE) {
        consent_stamper_finish(&j->s, CONSENT_STAMP_CHARSET);
    }

    return &j->s.pub;
}


static consent_rc_t
json_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit, void *arg)
{
    size_t         used;
    stamp_json_t  *j;

    j = (stamp_json_t *) t;
    consent_stamper_begin(&j->s, emit, arg);

    if (!j->s.pub.decided && j->s.bom == CONSENT_BOM_PENDING) {
        used = consent_stamper_bom(&j->s, in, n);
        in += used;
        n -= used;

        if (j->s.bom == CONSENT_BOM_NONE && j->s.marks > 0) {
            consent_stamper_finish(&j->s, CONSENT_STAMP_FORMAT);
            consent_stamper_emit(&j->s, consent_stamper_mark, j->s.marks, CONSENT_SPAN_LASTING);

        } else if (last && j->s.bom == CONSENT_BOM_PENDING) {
            consent_stamper_emit(&j->s, consent_stamper_mark, j->s.marks, CONSENT_SPAN_LASTING);
        }
    }

    if (j->s.pub.decided) {
        consent_stamper_emit(&j->s, in, n, CONSENT_SPAN_BORROWED);

    } else if (n > 0 || last) {
        json_look(j, in, n, last);
    }

    if (last) {
        consent_stamper_fill(&j->s);
    }

    return j->s.rc;
}


static bool
json_promise(consent_stamp_t *h, size_t *growth)
{
    stamp_json_t  *j;

    j = (stamp_json_t *) h;

    return consent_stamper_promise(&j->s, growth, j->s.said->member.len + 1);
}


static void
json_look(stamp_json_t *j, const uint8_t *in, size_t n, bool last)
{
    bool             whole;
    size_t           more, at;
    consent_slice_t  window;

    if (j->held_len == 0) {
        whole = last || (j->s.conf->length > 0 && n + j->s.marks == j->s.conf->length);

        if (n >= WINDOW || whole) {
            window = consent_slice(in, n < WINDOW ? n : WINDOW);
            json_decide(j, window, whole && n <= WINDOW, CONSENT_SPAN_BORROWED);
            consent_stamper_emit(&j->s, in + window.len, n - window.len, CONSENT_SPAN_BORROWED);
            return;
        }
    }

    more = n < WINDOW - j->held_len ? n : WINDOW - j->held_len;

    if (!consent_stamper_room(&j->s, &j->held, WINDOW)) {
        return;
    }

    if (more > 0) {
        memcpy(j->held + j->held_len, in, more);
        j->held_len += more;
    }

    window = consent_slice(j->held, j->held_len);
    at = json_space(window, 0);

    if (j->held_len == WINDOW || last || (at < window.len && window.data[at] != '{')) {
        json_decide(j, window, last && more == n, CONSENT_SPAN_OWN);
        consent_stamper_emit(&j->s, in + more, n - more, CONSENT_SPAN_BORROWED);
    }
}


/* whole: the window holds all of the body. */
static void
json_decide(stamp_json_t *j, consent_slice_t window, bool whole, consent_span_kind_t kind)
{
    size_t                   open, next;
    consent_slice_t          member, doubted;
    consent_stamp_outcome_t  outcome;

    doubted = consent_slice(NULL, 0);
    open = json_space(window, 0);
    next = open < window.len && window.data[open] == '{' ? json_space(window, open + 1) : 0;

    if (next == 0) {
        outcome = open < window.len || whole ? CONSENT_STAMP_FORMAT : CONSENT_STAMP_NO_PLACE;

    } else if (next == window.len) {
        outcome = whole ? CONSENT_STAMP_FORMAT : CONSENT_STAMP_NO_PLACE;

    } else if (window.data[next] != '"' && window.data[next] != '}') {
        outcome = CONSENT_STAMP_FORMAT;

    } else {
        outcome = json_claim(j, window, &doubted);
    }

    if (outcome == CONSENT_STAMP_MACHINE) {
        member = j->s.said->member;

        /* the comma stands behind the member; an object without others needs none */
        member.len += window.data[next] == '"';

        consent_stamper_emit(&j->s, window.data, open + 1, kind);
        consent_stamper_insert(&j->s, member, CONSENT_SPAN_LASTING);
        window = consent_slice(window.data + open + 1, window.len - open - 1);
    }

    json_emit(j, window, doubted, kind);

    consent_stamper_finish(&j->s, outcome);
}


/* Whether ours goes in. A search for its bytes first: where they stand nowhere, which is the rule, nothing has to be parsed.
 * *doubted: the name of a member that says that no machine wrote this, and is not believed. */
static consent_stamp_outcome_t
json_claim(stamp_json_t *j, consent_slice_t window, consent_slice_t *doubted)
{
    bool                         ours;
    consent_peek_t               it;
    consent_mode_t               mode;
    consent_slice_t              key, value;
    const consent_stamp_conf_t  *conf;

    conf = j->s.conf;
    ours = conf->believed == NULL;

    if (!json_holds_name(window) || !consent_peek_object(&it, window, false)) {
        return ours ? CONSENT_STAMP_MACHINE : CONSENT_STAMP_SENT;
    }

    while (consent_peek_name(&it, &key)) {

        if (!consent_slice_eq(key, consent_lit(json_name))) {
            if (!consent_peek_value(&it, &value)) {
                break;
            }

            continue;
        }

        mode = consent_peek_value(&it, &value) ? consent_claim_member(value, false) : CONSENT_MODE_UNKNOWN;

        if (mode != CONSENT_MODE_HUMAN || conf->trusted
            || (ours && strcmp(conf->disclosure->mode, "none") == 0))
        {
            j->s.pub.claim = mode;
            return CONSENT_STAMP_ALREADY;
        }

        *doubted = key;
        break;
    }

    return ours ? CONSENT_STAMP_MACHINE : CONSENT_STAMP_SENT;
}


/* Found by its underscore: few bytes of JSON are one. */
static bool
json_holds_name(consent_slice_t window)
{
    size_t          before;
    const uint8_t  *p, *end;

    before = (size_t) (strchr(json_name, '_') - json_name);

    if (window.len < sizeof(json_name) - 1) {
        return false;
    }

    end = window.data + window.len - (sizeof(json_name) - 1) + before + 1;

    for (p = window.data + before; p < end; p++) {
        p = memchr(p, json_name[before], (size_t) (end - p));

        if (p == NULL) {
            return false;
        }

        if (memcmp(p - before, json_name, sizeof(json_name) - 1) == 0) {
            return true;
        }
    }

    return false;
}


/* The rest of the window. A member that is not believed keeps its value under a name of the same length: behind ours, under
 * its own, it would be what most parsers take. */
static void
json_emit(stamp_json_t *j, consent_slice_t window, consent_slice_t doubted, consent_span_kind_t kind)
{
    size_t  before;

    if (doubted.len > 0) {
        before = (size_t) (doubted.data - window.data);
        consent_stamper_emit(&j->s, window.data, before, kind);
        consent_stamper_emit(&j->s, (const uint8_t *) "ai_unverified", doubted.len, CONSENT_SPAN_LASTING);
        window = consent_slice(doubted.data + doubted.len, window.len - before - doubted.len);
    }

    consent_stamper_emit(&j->s, window.data, window.len, kind);
}


static size_t
json_space(consent_slice_t text, size_t from)
{
    uint8_t  c;

    for ( /* void */ ; from < text.len; from++) {
        c = text.data[from];

        if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
            break;
        }
    }

    return from;
}
