/*
 * What a request is about, by its JSON: a walk over the document that knows, at each level, which steps of the path lead
 * there. Names that stand twice are all looked at, for servers disagree which one counts.
 */

#include "minimize/topic.h"
#include "base/json.h"

#define RAW  (6 * CONSENT_TOPIC_NAME)       /* bytes that a name or value may take with all its characters escaped */

/* Bit i: the first i steps lead here. Bit n: all do. */
typedef uint32_t  topic_set_t;

typedef struct {
    const uint8_t               *p;
    const uint8_t               *end;
    const consent_topic_path_t  *path;
    size_t                       depth;
    size_t                       deeper;        /* levels beyond those that are followed */
    topic_set_t                  here;          /* of the value that comes next */
    bool                         object[CONSENT_TOPIC_DEPTH];
    topic_set_t                  sets[CONSENT_TOPIC_DEPTH];
} topic_walk_t;

static bool path_bracket(consent_topic_step_t *step, consent_slice_t *text);
static bool walk_string(topic_walk_t *w, consent_slice_t *raw);
static bool walk_text(uint8_t out[static RAW], consent_slice_t *text, consent_slice_t raw);
static void walk_down(topic_walk_t *w, bool object);
static void walk_up(topic_walk_t *w);
static void walk_name(topic_walk_t *w, consent_slice_t raw);
static topic_set_t walk_step(const consent_topic_path_t *path, topic_set_t from, const consent_slice_t *name);


consent_rc_t
consent_topic_path(consent_topic_path_t *path, consent_slice_t text)
{
    size_t                 len;
    consent_topic_step_t  *step;

    path->n = 0;

    if (text.len == 0 || text.data[0] != '$') {
        return CONSENT_MALFORMED;
    }

    text = consent_slice(text.data + 1, text.len - 1);

    while (text.len > 0) {

        if (path->n == CONSENT_TOPIC_STEPS) {
            return CONSENT_LIMIT;
        }

        step = &path->steps[path->n++];
        step->type = CONSENT_TOPIC_MEMBER;

        if (text.data[0] == '[') {
            if (!path_bracket(step, &text)) {
                return CONSENT_MALFORMED;
            }

        } else if (text.data[0] == '.') {
            text = consent_slice(text.data + 1, text.len - 1);

            if (text.len > 0 && text.data[0] == '.') {
                text = consent_slice(text.data + 1, text.len - 1);
                step->type = CONSENT_TOPIC_BELOW;
            }

            for (len = 0; len < text.len && text.data[len] != '.' && text.data[len] != '['; len++) { /* void */ }

            step->name = consent_slice(text.data, len);
            text = consent_slice(text.data + len, text.len - len);

        } else {
            return CONSENT_MALFORMED;
        }

        if (step->type != CONSENT_TOPIC_ANY && step->name.len == 0) {
            return CONSENT_MALFORMED;
        }

        if (step->type != CONSENT_TOPIC_ANY && step->name.len > CONSENT_TOPIC_NAME) {
            return CONSENT_LIMIT;
        }
    }

    return path->n > 0 ? CONSENT_OK : CONSENT_MALFORMED;
}


static bool
path_bracket(consent_topic_step_t *step, consent_slice_t *text)
{
    size_t   len;
    uint8_t  quote;

    if (text->len >= 3 && memcmp(text->data, "[*]", 3) == 0) {
        step->type = CONSENT_TOPIC_ANY;
        step->name = consent_slice(NULL, 0);
        *text = consent_slice(text->data + 3, text->len - 3);
        return true;
    }

    if (text->len < 4 || (text->data[1] != '\'' && text->data[1] != '"')) {
        return false;
    }

    quote = text->data[1];

    for (len = 2; len < text->len && text->data[len] != quote; len++) {
        if (text->data[len] == '\\') {
            return false;
        }
    }

    if (text->len - len < 2 || text->data[len + 1] != ']') {
        return false;
    }

    step->name = consent_slice(text->data + 2, len - 2);
    *text = consent_slice(text->data + len + 2, text->len - len - 2);

    return true;
}


int
consent_topic_json(const consent_policy_t *policy, consent_slice_t body, const consent_topic_path_t *path)
{
    int              topic;
    bool             name;
    uint8_t          memory[RAW];
    topic_walk_t     w;
    consent_slice_t  raw, text;

    w.p = body.data;
    w.end = body.data + body.len;
    w.path = path;
    w.depth = 0;
    w.deeper = 0;
    w.here = 1;
    name = false;

    while (w.p < w.end) {

        switch (*w.p) {

        case '{':
        case '[':
            name = *w.p == '{';
            walk_down(&w, name);
            w.p++;
            break;

        case '}':
        case ']':
            walk_up(&w);
            name = false;
            w.p++;
            break;

        case ',':
            name = w.deeper == 0 && w.depth > 0 && w.object[w.depth - 1];
            w.here = w.depth > 0 && !name && w.deeper == 0 ? walk_step(path, w.sets[w.depth - 1], NULL) : 0;
            w.p++;
            break;

        case '"':
            if (!walk_string(&w, &raw)) {
                return -1;
            }

            if (name && w.deeper == 0) {
                walk_name(&w, raw);
                name = false;

            } else if (w.deeper == 0 && w.here >> path->n & 1 && walk_text(memory, &text, raw)) {
                topic = consent_topic_named(policy, text);

                if (topic >= 0) {
                    return topic;
                }
            }

            break;

        default:
            w.p++;
        }
    }

    return -1;
}


/* From a quote to behind the other: what stands between. */
static bool
walk_string(topic_walk_t *w, consent_slice_t *raw)
{
    const uint8_t  *from;

    from = ++w->p;

    for ( /* void */ ; w->p < w->end; w->p++) {

        if (*w->p == '"') {
            *raw = consent_slice(from, (size_t) (w->p - from));
            w->p++;
            return true;
        }

        if (*w->p == '\\') {
            w->p++;
        }
    }

    return false;
}


static bool
walk_text(uint8_t out[static RAW], consent_slice_t *text, consent_slice_t raw)
{
    size_t  len, used;

    if (raw.len > RAW || consent_json_unescape(out, &len, &used, raw) != NULL) {
        return false;
    }

    *text = consent_slice(out, len);

    return true;
}


static void
walk_down(topic_walk_t *w, bool object)
{
    if (w->depth == CONSENT_TOPIC_DEPTH) {
        w->deeper++;
        return;
    }

    w->object[w->depth] = object;
    w->sets[w->depth++] = w->here;
    w->here = object ? 0 : walk_step(w->path, w->here, NULL);
}


static void
walk_up(topic_walk_t *w)
{
    if (w->deeper > 0) {
        w->deeper--;

    } else if (w->depth > 0) {
        w->depth--;
    }

    w->here = 0;
}


static void
walk_name(topic_walk_t *w, consent_slice_t raw)
{
    uint8_t          memory[RAW];
    consent_slice_t  name;

    if (!walk_text(memory, &name, raw)) {
        name = consent_slice(NULL, 0);
    }

    w->here = walk_step(w->path, w->sets[w->depth - 1], &name);
}


/* What leads to a member of that name, or to an element (NULL), of what `from` leads to. An array at the end of the path
 * hands on to its elements. Names are compared whatever their ASCII case, as carriers are. */
static topic_set_t
walk_step(const consent_topic_path_t *path, topic_set_t from, const consent_slice_t *name)
{
    bool                         is;
    size_t                       i;
    topic_set_t                  to;
    const consent_topic_step_t  *step;

    to = name == NULL ? from & (topic_set_t) 1 << path->n : 0;

    for (i = 0; i < path->n; i++) {

        if (!(from >> i & 1)) {
            continue;
        }

        step = &path->steps[i];
        is = step->type == CONSENT_TOPIC_ANY || (name != NULL && consent_slice_ieq(step->name, *name));

        if (is) {
            to |= (topic_set_t) 1 << (i + 1);
        }

        if (step->type == CONSENT_TOPIC_BELOW) {
            to |= (topic_set_t) 1 << i;
        }
    }

    return to;
}
