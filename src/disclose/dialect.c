/*
 * The dialects of chat streams: which one it is, what an event says of itself, and when all is done.
 */

#include "disclose/dialect_facts.h"
#include "disclose/claim.h"
#include "disclose/peek.h"


static void facts_read(consent_facts_t *f, const consent_unit_t *unit);
static void dialect_mark(consent_dialect_t *d, consent_facts_t *f, const consent_unit_t *unit);
static void dialect_believe(consent_dialect_t *d, consent_mode_t mode);
static void dialect_recognise(consent_dialect_t *d, const consent_facts_t *f);


void
consent_dialect_init(consent_dialect_t *d, const consent_stamp_conf_t *conf, const consent_marks_t *marks, bool sse)
{
    memset(d, 0, offsetof(consent_dialect_t, head));

    d->conf = conf;
    d->marks = marks;
    d->sse = sse;
    d->kind = sse && conf->ui_stream ? CONSENT_DIALECT_VERCEL : CONSENT_DIALECT_NONE;
    d->claim = CONSENT_MODE_UNKNOWN;
    d->listens = conf->believed != NULL;
    d->key_due = conf->ai && marks->member.len > 0;
    d->prose_due = conf->ai && !conf->quiet && marks->prose.len > 0;
}


void
consent_dialect_unit(consent_dialect_t *d, consent_action_t *action, const consent_unit_t *unit)
{
    consent_facts_t  f;

    action->n = 0;
    action->at = NULL;

    if (unit->data.len == 0) {
        return;
    }

    if (consent_slice_eq(unit->data, consent_lit("[DONE]"))) {
        d->key_due = false;
        d->prose_due = false;
        return;
    }

    facts_read(&f, unit);

    d->listens = d->listens && d->heard++ < CONSENT_DIALECT_LISTENS;

    if (f.inside == NULL) {
        consent_dialect_stranger(d);
        return;
    }

    dialect_mark(d, &f, unit);

    if (d->kind == CONSENT_DIALECT_NONE) {
        dialect_recognise(d, &f);
    }

    switch (d->kind) {
    case CONSENT_DIALECT_NONE:
        break;
    case CONSENT_DIALECT_OPENAI:
        consent_dialect_openai(d, action, &f);
        break;
    case CONSENT_DIALECT_KEY:
        d->prose_due = false;
        consent_dialect_key(d, action, &f);
        break;
    case CONSENT_DIALECT_ANTHROPIC:
        consent_dialect_anthropic(d, action, &f);
        break;
    case CONSENT_DIALECT_VERCEL:
        consent_dialect_vercel(d, action, &f);
        break;
    case CONSENT_DIALECT_OLLAMA:
        consent_dialect_ollama(d, action, &f);
        break;
    }
}


void
consent_dialect_stranger(consent_dialect_t *d)
{
    d->strangers++;
}


bool
consent_dialect_done(const consent_dialect_t *d)
{
    if (d->kind == CONSENT_DIALECT_NONE && d->strangers >= CONSENT_DIALECT_STRANGERS) {
        return true;
    }

    return !d->key_due && !d->prose_due && !d->conf->trusted && !d->listens;
}


consent_stamp_outcome_t
consent_dialect_outcome(const consent_dialect_t *d)
{
    if (d->prose_in) {
        return CONSENT_STAMP_SENT;
    }

    if (d->key_in) {
        return CONSENT_STAMP_MACHINE;
    }

    if (d->already) {
        return CONSENT_STAMP_ALREADY;
    }

    return d->kind == CONSENT_DIALECT_NONE ? CONSENT_STAMP_DIALECT : CONSENT_STAMP_NO_PLACE;
}


static void
facts_read(consent_facts_t *f, const consent_unit_t *unit)
{
    size_t            i;
    consent_peek_t    it;
    consent_slice_t   name, value, *fact;

    static const struct {
        const char  *name;
        size_t       at;
    } names[] = {
        { "type", offsetof(consent_facts_t, type) }, { "object", offsetof(consent_facts_t, object) },
        { "id", offsetof(consent_facts_t, id) },
        { "created", offsetof(consent_facts_t, created) }, { "created_at", offsetof(consent_facts_t, created_at) },
        { "model", offsetof(consent_facts_t, model) }, { "system_fingerprint", offsetof(consent_facts_t, fingerprint) },
        { "choices", offsetof(consent_facts_t, choices) }, { "message", offsetof(consent_facts_t, message) },
        { "response", offsetof(consent_facts_t, response) }, { "thinking", offsetof(consent_facts_t, thinking) },
        { "done", offsetof(consent_facts_t, done) }, { "index", offsetof(consent_facts_t, index) },
        { "content_block", offsetof(consent_facts_t, block) }, { "delta", offsetof(consent_facts_t, delta) },
        { "data", offsetof(consent_facts_t, data) }, { "ai_disclosure", offsetof(consent_facts_t, mark) }
    };

    memset(f, 0, sizeof(consent_facts_t));
    f->lines = true;

    if (unit->mixed || !consent_peek_object(&it, unit->data, f->lines)) {
        return;
    }

    f->inside = it.p;

    while (consent_peek_name(&it, &name) && consent_peek_value(&it, &value)) {
        f->n++;

        for (i = 0; i < consent_countof(names); i++) {
            if (consent_slice_eq(name, consent_cstr(names[i].name))) {
                fact = (consent_slice_t *) ((uint8_t *) f + names[i].at);
                *fact = value;
                break;
            }
        }
    }
}


/* The upstream's own mark. One that says that a person writes counts only where the upstream is trusted: then ours, from
 * the next event on, says the same; otherwise the next event says that it is not so. */
static void
dialect_mark(consent_dialect_t *d, consent_facts_t *f, const consent_unit_t *unit)
{
    bool            none;
    consent_mode_t  mode;

    if (f->mark.len == 0 && d->kind == CONSENT_DIALECT_VERCEL && consent_peek_is(f->type, "data-ai-disclosure")) {
        f->mark = f->data;

    } else if (f->mark.len == 0 && consent_slice_eq(unit->name, consent_lit("ai_disclosure"))) {
        f->mark = unit->data;
    }

    if (f->mark.len == 0) {
        return;
    }

    none = consent_peek_is(consent_peek_get(f->mark, "mode", f->lines), "none")
           || consent_peek_is(consent_peek_get(f->mark, "w3c", f->lines), "human-only");

    if (none && !d->conf->trusted
        && (d->conf->disclosure->mode == NULL || strcmp(d->conf->disclosure->mode, "none") != 0))
    {
        /* nothing is said of a stream that has not said what it is */
        d->key_due = d->marks->member.len > 0;
        return;
    }

    d->already = true;
    mode = none ? CONSENT_MODE_HUMAN : consent_claim_member(f->mark, f->lines);

    if (d->listens && mode != CONSENT_MODE_UNKNOWN && d->conf->believed[mode] != NULL) {
        dialect_believe(d, mode);
    }

    if (none == d->human) {
        d->key_due = false;
        return;
    }

    d->human = none;
    d->key_due = d->key_in && d->marks->member.len > 0;
}


/* The key is there already; the words for people are not. */
static void
dialect_believe(consent_dialect_t *d, consent_mode_t mode)
{
    size_t                            language;
    const consent_disclosure_text_t  *text;

    language = d->conf->language < d->conf->policy->n_languages ? d->conf->language : 0;
    text = &d->conf->believed[mode]->in[language];

    d->claim = mode;
    d->listens = false;
    d->marks = d->conf->offered ? &text->offer : &text->marks;
    d->prose_due = !d->conf->quiet && d->marks->prose.len > 0 && !d->spoke;
}


static void
dialect_recognise(consent_dialect_t *d, const consent_facts_t *f)
{
    consent_peek_t   it;
    consent_slice_t  choice;

    if (consent_peek_is(f->object, "chat.completion.chunk")) {
        d->kind = CONSENT_DIALECT_OPENAI;

    } else if (consent_peek_array(&it, f->choices, f->lines)) {

        if (!consent_peek_element(&it, &choice)) {

            /* what a gateway says of its filters before the first chunk is none of a machine's words */
            return;
        }

        if (consent_peek_get(choice, "delta", f->lines).len > 0) {
            d->kind = CONSENT_DIALECT_OPENAI;

        } else if (consent_peek_is(f->object, "text_completion")) {
            d->kind = CONSENT_DIALECT_KEY;
        }

    } else if (d->sse && consent_peek_is(f->type, "message_start") && f->message.len > 0) {
        d->kind = CONSENT_DIALECT_ANTHROPIC;

    } else if (f->type.len > sizeof("\"response.") - 1
               && memcmp(f->type.data, "\"response.", sizeof("\"response.") - 1) == 0)
    {
        /* its last event repeats the whole text: words of ours would be there and then gone */
        d->kind = CONSENT_DIALECT_KEY;

    } else if (f->done.len > 0 && f->model.len > 0 && (f->message.len > 0 || f->response.len > 0)) {
        d->kind = CONSENT_DIALECT_OLLAMA;
    }

    if (d->kind == CONSENT_DIALECT_NONE && f->mark.len == 0) {
        consent_dialect_stranger(d);
    }
}
