/*
 * One location's disclosure, built once: what is claimed, in which words, and the header values.
 */

#include "disclose/disclose.h"
#include "base/digest.h"
#include "disclose/elements.h"
#include "disclose/field.h"
#include "disclose/marks.h"

#define DATE_MAX  32        /* of ", date=@" and a number */

#define IPTC    "http://cv.iptc.org/newscodes/digitalsourcetype/"
#define SCHEMA  "https://schema.org/"

typedef struct {
    const char  *word;      /* of configuration */
    const char  *mode;      /* AI-Disclosure */
    const char  *w3c;
    const char  *source;    /* schema.org */
    const char  *iptc;
    const char  *icon;
} mode_words_t;

static const mode_words_t  modes[] = {

    [CONSENT_MODE_GENERATED] =
        { "machine-generated", "machine-generated", "ai-autonomous", SCHEMA "TrainedAlgorithmicMediaDigitalSource",
          IPTC "trainedAlgorithmicMedia", "AI GENERATED" },

    [CONSENT_MODE_ORIGINATED] =
        { "ai-originated", "ai-originated", "ai-assisted", SCHEMA "TrainedAlgorithmicMediaDigitalSource",
          IPTC "trainedAlgorithmicMedia", "AI" },

    [CONSENT_MODE_MODIFIED_REVIEWED] =
        { "ai-modified-reviewed", "ai-modified", "ai-assisted",
          SCHEMA "CompositeWithTrainedAlgorithmicMediaDigitalSource", IPTC "compositeWithTrainedAlgorithmicMedia",
          "AI MODIFIED" },

    [CONSENT_MODE_MODIFIED] =
        { "ai-modified", "ai-modified", "ai-autonomous", SCHEMA "CompositeWithTrainedAlgorithmicMediaDigitalSource",
          IPTC "compositeWithTrainedAlgorithmicMedia", "AI MODIFIED" },

    /* schema.org has no name for what people create by digital means; IPTC has */
    [CONSENT_MODE_HUMAN] =
        { "none", "none", "human-only", IPTC "digitalCreation", IPTC "digitalCreation", "AI" },

    [CONSENT_MODE_UNKNOWN] =
        { NULL, NULL, NULL, NULL, NULL, "AI" }
};

static bool disclosure_claims(const consent_disclose_conf_t *conf);
static consent_rc_t disclosure_notice(consent_elements_conf_t *e, consent_arena_t *a);
static consent_word_t disclosure_word(const consent_elements_conf_t *e);
static consent_rc_t disclosure_value(consent_disclosure_t *out, consent_arena_t *a,
    const consent_disclose_conf_t *conf, consent_slice_t provider);
static consent_rc_t disclosure_offer(consent_disclosure_text_t *text, const consent_disclosure_t *d, consent_arena_t *a,
    const consent_elements_conf_t *e, consent_digest_t *digest);
static consent_rc_t disclosure_link(consent_disclosure_text_t *text, consent_arena_t *a,
    const consent_elements_conf_t *e);
static consent_rc_t disclosure_hashes(consent_disclosure_text_t *text, const consent_disclosure_t *d,
    consent_digest_t *digest);


consent_rc_t
consent_disclosure_build(consent_disclosure_t *out, consent_arena_t *a, const consent_policy_t *policy,
    const consent_disclose_conf_t *conf)
{
    size_t                      i;
    consent_rc_t                rc;
    consent_digest_t           *digest;
    consent_elements_conf_t     e;
    consent_disclosure_text_t  *text;

    memset(out, 0, sizeof(consent_disclosure_t));
    memset(&e, 0, sizeof(consent_elements_conf_t));

    e.policy = policy;
    e.conf = conf;
    e.provider = conf->provider.len > 0 ? conf->provider : consent_wording_principal(policy);
    e.icon = conf->kind == CONSENT_AI_CHAT ? "AI" : modes[conf->mode].icon;

    if (!consent_field_safe(conf->model) || !consent_field_safe(e.provider)) {
        return CONSENT_MALFORMED;
    }

    if (disclosure_claims(conf)) {
        e.w3c = modes[conf->mode].w3c;
        e.source = modes[conf->mode].source;
        out->mode = modes[conf->mode].mode;
        out->w3c = consent_cstr(e.w3c);
        out->iptc = modes[conf->mode].iptc;

        rc = disclosure_value(out, a, conf, e.provider);

        if (rc == CONSENT_OK) {
            rc = consent_marks_images(&out->png, &out->jpeg, a, modes[conf->mode].iptc);
        }

        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    digest = consent_digest_create();

    if (digest == NULL) {
        return CONSENT_NOMEM;
    }

    for (i = 0, rc = CONSENT_OK; i < policy->n_languages && rc == CONSENT_OK; i++) {
        text = &out->in[i];
        e.language = i;
        e.wording = consent_wording_for(&e.tag, policy, i);

        rc = disclosure_notice(&e, a);

        if (rc == CONSENT_OK) {
            text->notice_text = e.notice;
            rc = consent_elements_build(&text->utf8, &text->ascii, a, &e);
        }

        if (rc == CONSENT_OK) {
            rc = consent_marks_build(&text->marks, a, &e, out->mode, modes[conf->mode].iptc);
        }

        if (rc == CONSENT_OK) {
            rc = disclosure_offer(text, out, a, &e, digest);
        }

        if (rc == CONSENT_OK) {
            rc = disclosure_link(text, a, &e);
        }

        if (rc == CONSENT_OK) {
            rc = disclosure_hashes(text, out, digest);
        }
    }

    consent_digest_destroy(digest);

    return rc;
}


size_t
consent_disclosure_header(uint8_t *out, size_t size, const consent_disclosure_t *d, consent_time_t date)
{
    consent_buf_t  b;

    if (d->header.len == 0) {
        return 0;
    }

    consent_buf_init_fixed(&b, out, size);
    consent_buf_slice(&b, d->header);
    consent_buf_str(&b, ", date=@");
    consent_buf_i64(&b, date / 1000);

    return b.rc == CONSENT_OK ? b.len : 0;
}


bool
consent_mode_parse(consent_mode_t *mode, consent_slice_t word)
{
    size_t  i;

    for (i = 0; i < consent_countof(modes); i++) {
        if (modes[i].word != NULL && consent_slice_eq(word, consent_cstr(modes[i].word))) {
            *mode = (consent_mode_t) i;
            return true;
        }
    }

    return false;
}


/* A page with a chat on it was made by people: nothing is claimed of the page itself. */
static bool
disclosure_claims(const consent_disclose_conf_t *conf)
{
    return (conf->kind == CONSENT_AI_ON || conf->kind == CONSENT_AI_DECISION) && conf->mode != CONSENT_MODE_UNKNOWN;
}


/* The notice in one language: the policy's own words where they say what is the case, else ours. */
static consent_rc_t
disclosure_notice(consent_elements_conf_t *e, consent_arena_t *a)
{
    consent_buf_t          b;
    consent_rc_t           rc;
    consent_word_t         word;
    consent_slice_t        text;
    const consent_text_t  *own;

    e->notice = consent_slice(NULL, 0);
    word = disclosure_word(e);

    switch (word) {
    case CONSENT_WORD_COUNT:
        return CONSENT_OK;

    case CONSENT_WORD_GENERATED:
        own = &e->policy->notice;
        break;

    case CONSENT_WORD_CHAT:
        own = &e->policy->chat_notice;
        break;

    case CONSENT_WORD_DECISION:
        own = &e->policy->decision_notice;
        break;

    default:
        own = NULL;
        break;
    }

    if (own != NULL && own->in[e->language].len > 0) {
        text = own->in[e->language];
        e->notice_tag = e->policy->languages[e->language];

    } else {
        text = consent_wording_say(e->wording, word);
        e->notice_tag = e->tag;
    }

    consent_buf_init(&b, CONSENT_ELEMENT_MAX);
    consent_wording_fill(&b, text, e->policy);
    rc = b.rc;

    if (rc == CONSENT_OK) {
        e->notice = consent_arena_dup(a, consent_buf_view(&b));
        rc = e->notice.data == NULL ? CONSENT_NOMEM : CONSENT_OK;
    }

    consent_buf_free(&b);

    return rc;
}


/* The same marks where an assistant has failed her: the notice goes on with the way to a person. */
static consent_rc_t
disclosure_offer(consent_disclosure_text_t *text, const consent_disclosure_t *d, consent_arena_t *a,
    const consent_elements_conf_t *e, consent_digest_t *digest)
{
    consent_rc_t              rc;
    consent_buf_t             b;
    consent_slice_t           words;
    consent_elements_conf_t   offer;
    const consent_channel_t  *channel;

    offer = *e;
    offer.offered = true;

    if (e->notice.len == 0) {
        return consent_marks_build(&text->offer, a, &offer, d->mode, d->iptc);
    }

    consent_buf_init(&b, CONSENT_ELEMENT_MAX);
    consent_buf_slice(&b, e->notice);
    consent_buf_char(&b, ' ');
    consent_buf_slice(&b, consent_wording_say(e->wording, CONSENT_WORD_HUMAN));
    channel = consent_elements_channel(e->policy, e->tag);

    if (channel != NULL && channel->value.len > 0) {
        consent_buf_str(&b, ": ");
        consent_buf_slice(&b, channel->value);

    } else if (e->conf->base.len > 0) {
        consent_buf_str(&b, ": ");
        consent_elements_human(&b, e->policy, e->conf->base);
    }

    consent_buf_char(&b, '.');
    rc = b.rc;

    if (rc == CONSENT_OK) {
        words = consent_buf_view(&b);
        offer.notice = words;
        rc = consent_digest_sha256(digest, text->offer_hash, &words, 1);
    }

    if (rc == CONSENT_OK) {
        rc = consent_marks_build(&text->offer, a, &offer, d->mode, d->iptc);
    }

    if (rc == CONSENT_OK) {
        text->offer_text = consent_arena_dup(a, consent_buf_view(&b));
        rc = text->offer_text.data == NULL ? CONSENT_NOMEM : CONSENT_OK;
    }

    consent_buf_free(&b);

    return rc;
}


/* CONSENT_WORD_COUNT: no notice. That a person has checked a text is said only where the policy names who answers for
 * it. */
static consent_word_t
disclosure_word(const consent_elements_conf_t *e)
{
    bool  editorial;

    editorial = e->policy->editorial.len > 0;

    switch (e->conf->kind) {
    case CONSENT_AI_OFF:
    case CONSENT_AI_AUTO:
        return CONSENT_WORD_COUNT;
    case CONSENT_AI_CHAT:
        return CONSENT_WORD_CHAT;
    case CONSENT_AI_DECISION:
        return CONSENT_WORD_DECISION;
    case CONSENT_AI_ON:
        break;
    }

    switch (e->conf->mode) {
    case CONSENT_MODE_GENERATED:
        return CONSENT_WORD_GENERATED;
    case CONSENT_MODE_ORIGINATED:
        return editorial ? CONSENT_WORD_CHECKED : CONSENT_WORD_ASSISTED;
    case CONSENT_MODE_MODIFIED_REVIEWED:
        return editorial ? CONSENT_WORD_CHANGED_CHECKED : CONSENT_WORD_CHANGED;
    case CONSENT_MODE_MODIFIED:
        return CONSENT_WORD_CHANGED_UNCHECKED;
    case CONSENT_MODE_HUMAN:
    case CONSENT_MODE_UNKNOWN:
        break;
    }

    return CONSENT_WORD_COUNT;
}


/* draft-abaris-aicdh-01, as a Dictionary of RFC 9651: its own example's semicolons would be parameters. */
static consent_rc_t
disclosure_value(consent_disclosure_t *out, consent_arena_t *a, const consent_disclose_conf_t *conf,
    consent_slice_t provider)
{
    consent_buf_t  b;
    uint8_t        memory[CONSENT_DISCLOSURE_HEADER - DATE_MAX];

    consent_buf_init_fixed(&b, memory, sizeof(memory));
    consent_buf_str(&b, "mode=");
    consent_buf_str(&b, out->mode);

    if (conf->mode != CONSENT_MODE_HUMAN) {
        if (conf->model.len > 0) {
            consent_buf_str(&b, ", model=");
            consent_field_text(&b, conf->model);
        }

        consent_buf_str(&b, ", provider=");
        consent_field_text(&b, provider);
    }

    if (b.rc != CONSENT_OK) {
        return b.rc;
    }

    out->header = consent_arena_dup(a, consent_buf_view(&b));

    return out->header.data == NULL ? CONSENT_NOMEM : CONSENT_OK;
}


static consent_rc_t
disclosure_link(consent_disclosure_text_t *text, consent_arena_t *a, const consent_elements_conf_t *e)
{
    consent_buf_t  b;
    uint8_t        memory[2048];

    consent_buf_init_fixed(&b, memory, sizeof(memory));
    consent_buf_char(&b, '<');
    consent_elements_human(&b, e->policy, e->conf->base);

    if (b.rc == CONSENT_OK && b.len == 1) {
        return CONSENT_OK;
    }

    consent_buf_str(&b, ">; rel=\"help\"; hreflang=\"");
    consent_buf_slice(&b, e->tag);
    consent_buf_str(&b, "\"; title*=");
    consent_field_ext(&b, consent_wording_say(e->wording, CONSENT_WORD_HUMAN));

    if (b.rc != CONSENT_OK) {
        return b.rc;
    }

    text->link = consent_arena_dup(a, consent_buf_view(&b));

    return text->link.data == NULL ? CONSENT_NOMEM : CONSENT_OK;
}


static consent_rc_t
disclosure_hashes(consent_disclosure_text_t *text, const consent_disclosure_t *d, consent_digest_t *digest)
{
    consent_rc_t     rc;
    uint8_t          hash[CONSENT_HASH_LEN];
    consent_slice_t  elements[10];

    if (text->notice_text.len > 0) {
        rc = consent_digest_sha256(digest, text->notice_hash, &text->notice_text, 1);

        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    elements[0] = text->utf8.meta;
    elements[1] = text->utf8.data;
    elements[2] = text->utf8.style;
    elements[3] = text->utf8.data_plain;
    elements[4] = text->utf8.contact;
    elements[5] = text->utf8.notice;
    elements[6] = text->marks.member;
    elements[7] = text->marks.quote;
    elements[8] = text->marks.line;
    elements[9] = d->png;

    rc = consent_digest_sha256(digest, hash, elements, consent_countof(elements));

    if (rc == CONSENT_OK) {
        consent_hex(text->version, hash, 4);
        text->version[8] = '\0';
    }

    return rc;
}
