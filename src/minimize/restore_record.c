/*
 * What one event says: whose text it carries on, or that one has ended. Dialects of OpenAI (chat completions and
 * responses), Anthropic and the Vercel AI SDK are known by their members; of others each string under one name is taken
 * for the next piece of one text, as long as no index or id in the events changes.
 */

#include "minimize/restore_inside.h"

/* What is noted of an event while it is read. */
typedef struct {
    uint8_t   type[CONSENT_RESTORE_WORD];
    size_t    type_len;
    bool      choices;
    bool      many;             /* more than one choice */
    bool      choice_seen;
    bool      finished;         /* a finish reason, or done */
    uint64_t  choice;           /* index of the choice */
    uint64_t  index;            /* of the content block */
    uint64_t  id;               /* of the text */
    uint64_t  item;             /* and its place in a response */
    uint64_t  ids;              /* all of the kind, in any dialect */
} facts_t;

static bool record_read(consent_restore_record_t *r, facts_t *f, consent_slice_t event, bool lines);
static bool record_data(consent_restore_record_t *r, facts_t *f, consent_restore_json_t *j, const uint8_t *p,
    const uint8_t *end);
static void record_string(consent_restore_record_t *r, facts_t *f, consent_restore_json_t *j, const uint8_t *at,
    const uint8_t *end);
static void record_fact(facts_t *f, consent_restore_json_t *j);
static void record_judge(consent_restore_record_t *r, const facts_t *f);
static void record_judge_response(consent_restore_record_t *r, const facts_t *f);
static void record_judge_other(consent_restore_record_t *r, const facts_t *f);
static void record_only(consent_restore_record_t *r, const char *const *paths);
static uint64_t record_hash(const consent_restore_json_t *j, uint64_t hash);
static bool record_word(const uint8_t *word, size_t len, const char *const *words);
static bool record_type(const facts_t *f, const char *type);


bool
consent_restore_record(consent_restore_record_t *r, consent_slice_t event, bool lines)
{
    facts_t  f;

    memset(&f, 0, sizeof(f));
    memset(r, 0, offsetof(consent_restore_record_t, strings));

    if (!record_read(r, &f, event, lines)) {
        return false;
    }

    record_judge(r, &f);

    return true;
}


static bool
record_read(consent_restore_record_t *r, facts_t *f, consent_slice_t event, bool lines)
{
    const uint8_t           *p, *end, *line, *line_end, *data;
    consent_restore_json_t   j;

    static const uint8_t  space[] = " ";

    consent_restore_json_init(&j);
    p = event.data;
    end = p + event.len;

    while (p < end) {
        line_end = consent_restore_line(&p, end, &line);
        data = consent_restore_data(line, line_end, lines);

        if (data == NULL) {
            continue;
        }

        if (!record_data(r, f, &j, data, line_end)) {
            return false;
        }

        /* a line's end is white space, which a string cannot hold */
        data = space;

        if (consent_restore_json_scan(&j, &data, space + 1) == CONSENT_RESTORE_SCALAR) {
            record_fact(f, &j);
        }
    }

    return consent_restore_json_done(&j);
}


static bool
record_data(consent_restore_record_t *r, facts_t *f, consent_restore_json_t *j, const uint8_t *p, const uint8_t *end)
{
    const uint8_t            *at;
    consent_restore_event_t   event;

    while (p < end) {
        event = consent_restore_json_scan(j, &p, end);

        if (event == CONSENT_RESTORE_OTHER) {
            return false;
        }

        if (event == CONSENT_RESTORE_SCALAR) {
            record_fact(f, j);

        } else if (event == CONSENT_RESTORE_STRING) {
            at = p;

            if (!consent_restore_json_skip(j, &p, end)) {
                return false;
            }

            record_string(r, f, j, at, p);
            consent_restore_json_close(j);
            p++;
        }
    }

    return true;
}


static void
record_string(consent_restore_record_t *r, facts_t *f, consent_restore_json_t *j, const uint8_t *at,
    const uint8_t *end)
{
    bool  type;

    type = consent_slice_eq(consent_slice(j->name, j->name_len), consent_lit("type"));

    if (consent_restore_json_at(j, "/type")) {
        f->type_len = j->word_len;
        memcpy(f->type, j->word, j->word_len <= CONSENT_RESTORE_WORD ? j->word_len : CONSENT_RESTORE_WORD);

    } else if (consent_restore_json_at(j, "/choices/*/finish_reason")) {
        f->finished = true;
    }

    record_fact(f, j);

    if (type) {

        if (consent_restore_reserved(j->word, j->word_len)) {
            consent_restore_json_forbid(j);
        }

        return;
    }

    if (consent_restore_json_forbidden(j) || consent_restore_dull(j->name, j->name_len)) {
        return;
    }

    if (r->n == CONSENT_RESTORE_STRINGS) {
        r->unread = true;
        return;
    }

    r->strings[r->n++] = (consent_restore_string_t) { at, end, j->value };
}


/* Whose text this is. */
static void
record_fact(facts_t *f, consent_restore_json_t *j)
{
    uint64_t         hash;
    consent_slice_t  name;

    if (j->value == consent_restore_path(CONSENT_RESTORE_ROOT, consent_lit("/done"))
        && consent_restore_json_word(j, "true"))
    {
        f->finished = true;
        return;
    }

    name = consent_slice(j->name, j->name_len);

    if (name.len > CONSENT_RESTORE_WORD
        || !(memmem(name.data, name.len, "index", 5) != NULL
             || (name.len >= 2 && name.data[name.len - 2] == 'i' && name.data[name.len - 1] == 'd')))
    {
        return;
    }

    hash = record_hash(j, j->value);
    f->ids = (f->ids ^ hash) * UINT64_C(0x100000001b3) + 1;

    if (consent_restore_json_at(j, "/choices/*/index")) {
        f->many |= f->choice_seen;
        f->choice_seen = true;
        f->choice = hash;

    } else if (consent_restore_json_at(j, "/index")) {
        f->index = hash;

    } else if (consent_restore_json_at(j, "/id")) {
        f->id = hash;

    } else if (consent_restore_json_at(j, "/item_id") || consent_restore_json_at(j, "/content_index")
               || consent_restore_json_at(j, "/output_index") || consent_restore_json_at(j, "/summary_index"))
    {
        f->item += hash;
    }
}


static void
record_judge(consent_restore_record_t *r, const facts_t *f)
{
    size_t  i;

    static const char *const  block[] = { "/delta/text", NULL };
    static const char *const  part[] = { "/delta", "/textDelta", "/text", NULL };

    r->sort = CONSENT_RESTORE_UNKNOWN;
    r->salt = consent_restore_path(1, consent_slice(f->type, f->type_len <= CONSENT_RESTORE_WORD ? f->type_len : 0));

    if (f->choice_seen && !f->many && f->type_len == 0) {
        /* content, refusal, reasoning_content, text: each is a text of its choice */
        r->who = f->choice | 1;
        r->ends = f->finished;
        r->sort = r->n > 0 ? CONSENT_RESTORE_DELTA : CONSENT_RESTORE_UNKNOWN;

        for (i = 1; i < r->n; i++) {
            /* a piece may have one of each, not two of one */
            r->unread |= r->strings[i].path == r->strings[i - 1].path;
        }

    } else if (f->many) {
        r->unread = r->unread || r->n > 0;

    } else if (record_type(f, "ping")) {
        r->sort = CONSENT_RESTORE_PASS;

    } else if (record_type(f, "content_block_delta")) {
        record_only(r, block);
        r->who = f->index | 1;

    } else if (record_type(f, "content_block_stop")) {
        r->who = f->index | 1;
        r->ends = true;

    } else if (record_type(f, "message_delta") || record_type(f, "message_stop") || record_type(f, "error")
               || record_type(f, "finish") || record_type(f, "finish-step") || record_type(f, "abort"))
    {
        r->ends = true;

    } else if (record_type(f, "message_start") || record_type(f, "content_block_start") || record_type(f, "start")
               || record_type(f, "start-step") || record_type(f, "text-start") || record_type(f, "reasoning-start"))
    {
        /* what they hold is empty by their specifications */
        for (i = 0; i < r->n; i++) {
            r->unread |= f->type[0] == 'c' && r->strings[i].at < r->strings[i].end;
        }

    } else if (record_type(f, "text-delta") || record_type(f, "reasoning-delta")) {
        record_only(r, part);
        r->who = f->id | 1;

    } else if (record_type(f, "text-end") || record_type(f, "reasoning-end")) {
        r->who = f->id | 1;
        r->ends = true;

    } else if (f->type_len > 9 && memcmp(f->type, "response.", 9) == 0) {
        record_judge_response(r, f);

    } else {
        record_judge_other(r, f);
    }
}


/* https://platform.openai.com/docs/api-reference/responses-streaming */
static void
record_judge_response(consent_restore_record_t *r, const facts_t *f)
{
    static const char *const  delta[] = { "/delta", NULL };

    if (record_type(f, "response.output_text.delta") || record_type(f, "response.refusal.delta")
        || record_type(f, "response.reasoning_text.delta") || record_type(f, "response.reasoning_summary_text.delta"))
    {
        record_only(r, delta);
        r->who = f->item | 1;

    } else if (record_type(f, "response.output_text.done") || record_type(f, "response.refusal.done")
               || record_type(f, "response.content_part.done") || record_type(f, "response.output_item.done")
               || record_type(f, "response.completed") || record_type(f, "response.incomplete")
               || record_type(f, "response.failed"))
    {
        r->sort = CONSENT_RESTORE_WHOLE;
        r->ends = true;
    }
}


static void
record_judge_other(consent_restore_record_t *r, const facts_t *f)
{
    size_t  i, k;

    static const char *const  last[] = { "end", "done", "stop", "finish", "complete", NULL };

    if (f->type_len > CONSENT_RESTORE_WORD || consent_restore_reserved(f->type, f->type_len)) {
        return;
    }

    r->ends = f->finished || record_word(f->type, f->type_len, last);
    r->ids = f->ids | 1;

    for (i = 0; i < r->n; i++) {
        for (k = 0; k < i; k++) {
            r->unread |= r->strings[i].path == r->strings[k].path;
        }
    }

    if (r->n > 0) {
        r->sort = CONSENT_RESTORE_DELTA;
    }
}


/* Only strings at these paths are pieces of a text. */
static void
record_only(consent_restore_record_t *r, const char *const *paths)
{
    size_t              i, n;
    const char *const  *path;

    n = 0;

    for (i = 0; i < r->n; i++) {
        for (path = paths; *path != NULL; path++) {
            if (r->strings[i].path == consent_restore_path(CONSENT_RESTORE_ROOT, consent_cstr(*path))) {
                r->strings[n++] = r->strings[i];
                break;
            }
        }
    }

    r->n = n;
    r->sort = n == 1 ? CONSENT_RESTORE_DELTA : CONSENT_RESTORE_UNKNOWN;
    r->unread |= n > 1;
}


static uint64_t
record_hash(const consent_restore_json_t *j, uint64_t hash)
{
    /* longer ones are one and the same: as if nothing told the texts apart */
    return consent_restore_path(hash, consent_slice(j->word, j->word_len <= CONSENT_RESTORE_WORD ? j->word_len : 0));
}


static bool
record_word(const uint8_t *word, size_t len, const char *const *words)
{
    for ( /* void */ ; *words != NULL; words++) {
        if (memmem(word, len, *words, strlen(*words)) != NULL) {
            return true;
        }
    }

    return false;
}


static bool
record_type(const facts_t *f, const char *type)
{
    return consent_slice_eq(consent_slice(f->type, f->type_len), consent_cstr(type));
}


bool
consent_restore_dull(const uint8_t *name, size_t len)
{
    size_t  i;

    static const char *const  names[] = {
        "type", "role", "model", "object", "status", "event", "finishreason", "stopreason", "donereason", "created",
        "createdat", "systemfingerprint", "servicetier", "version", "language", "lang"
    };

    if (len >= 2 && len <= CONSENT_RESTORE_WORD && name[len - 2] == 'i' && name[len - 1] == 'd') {
        return true;
    }

    for (i = 0; i < consent_countof(names); i++) {
        if (consent_slice_eq(consent_slice(name, len), consent_cstr(names[i]))) {
            return true;
        }
    }

    return false;
}
