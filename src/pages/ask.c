/*
 * The page that asks before a form is passed on which holds what she does not share, and the answer to it.
 *
 * What she sent travels in the page, byte for byte and in base64url, so that nothing has to be kept for her in the
 * meantime, and what comes back is what was sent.
 */

#include "base/digest.h"
#include "pages/frame.h"

#define ASK_FORM    "ask"
#define ASK_FIELDS  16

/* The first field of an answer, by which it is known. */
#define ASK_FIRST   "consent_token"

static void ask_say(consent_html_t *h, const consent_ask_t *ask);
static void ask_form(consent_html_t *h, const consent_ask_t *ask);
static void ask_button(consent_html_t *h, const char *value, consent_message_t label, consent_message_t help);
static void ask_categories(consent_html_t *h, consent_mask_t categories);
static void ask_body(consent_html_t *h, consent_slice_t body);
static bool answer_type_is(consent_slice_t value, consent_slice_t type);
static bool answer_type(consent_slice_t value);
static void answer_kind(consent_answer_t *answer, consent_slice_t value);
static bool answer_categories(consent_answer_t *answer, const consent_policy_t *policy, consent_slice_t ids);

static const struct {
    consent_say_t      say;
    consent_message_t  text;
} says[] = {
    { CONSENT_SAY_FORM_STALE, CONSENT_M_ASK_STALE },
    { CONSENT_SAY_NOT_SAVED, CONSENT_M_ASK_NOT_SAVED },
    { CONSENT_SAY_POLICY_CHANGED, CONSENT_M_ASK_CHANGED },
    { CONSENT_SAY_MINOR, CONSENT_M_SAY_MINOR }
};


void
consent_page_ask(consent_buf_t *b, const consent_page_t *page, const consent_ask_t *ask)
{
    consent_ask_t   bare;
    consent_html_t  h;
    consent_page_t  own;

    own = *page;
    own.form = ASK_FORM;

    if (page->neutral) {
        own = (consent_page_t) {
            .policy = page->policy, .shell = page->shell, .base = page->base, .language = page->language,
            .neutral = true, .callback = page->callback, .form = ASK_FORM
        };
        bare = (consent_ask_t) { .categories = ask->categories };
        ask = &bare;
    }

    consent_html_init(&h, b, &own, NULL);
    consent_frame_begin(&h, ask->say != CONSENT_SAY_NOTHING ? CONSENT_M_OUTCOME_ERROR : CONSENT_M_COUNT,
                        CONSENT_M_ASK_TITLE);
    ask_say(&h, ask);

    consent_html_say_in(&h, "h1", NULL, CONSENT_M_ASK_TITLE);
    consent_html_say_in(&h, "p", "lead", CONSENT_M_ASK_LEAD);
    consent_frame_categories(&h, ask->categories, false);

    if ((ask->categories & page->policy->special_mask) != 0) {
        consent_html_say_in(&h, "p", NULL, CONSENT_M_SPECIAL_HELP);
    }

    consent_html_say_in(&h, "p", NULL, CONSENT_M_ASK_KEPT);
    ask_form(&h, ask);
    consent_frame_person(&h, true);
    consent_frame_end(&h);
}


static void
ask_say(consent_html_t *h, const consent_ask_t *ask)
{
    size_t          i;
    consent_fill_t  fill;

    for (i = 0; i < consent_countof(says); i++) {
        if (says[i].say != ask->say) {
            continue;
        }

        consent_html_open(h, "div", "class", "say failed", "role", "alert", NULL);
        consent_html_open(h, "p", NULL);
        consent_html_say_in(h, "strong", NULL, says[i].text);
        consent_html_close(h);

        if (ask->code.len != 0) {
            fill = consent_fill_text("code", ask->code);
            fill.element = "code";
            consent_html_fill_in(h, "p", NULL, CONSENT_M_CODE, &fill, 1);
        }

        consent_html_close(h);
    }
}


/* Three ways of the same size; the third leads to the person below, and leaves her input where it is. To share more, even
 * once, is not a minor's own choice. */
static void
ask_form(consent_html_t *h, const consent_ask_t *ask)
{
    consent_html_open(h, "form", "method", "post", "id", ASK_FORM, "accept-charset", "utf-8", NULL);
    consent_html_attr(h, "action", ask->action);
    consent_html_hidden(h, ASK_FIRST, ask->token);
    consent_html_hidden(h, "consent_version", h->page->policy->version);
    consent_html_hidden(h, "consent_lang", h->page->policy->languages[h->page->language]);
    ask_categories(h, ask->categories);
    consent_html_hidden(h, "consent_type", ask->type);
    ask_body(h, ask->body);

    consent_html_open(h, "div", "class", "acts equal", NULL);

    if (!h->page->minor) {
        ask_button(h, "once", CONSENT_M_ASK_ONCE, CONSENT_M_ASK_ONCE_HELP);
    }

    ask_button(h, "without", CONSENT_M_ASK_WITHOUT, CONSENT_M_ASK_WITHOUT_HELP);

    consent_html_open(h, "div", NULL);
    consent_html_open(h, "a", "class", "button", "href", "#person", NULL);
    consent_html_say(h, CONSENT_M_HUMAN_TITLE);
    consent_html_close(h);
    consent_html_say_in(h, "p", "soft", CONSENT_M_HUMAN_LEAD);
    consent_html_close(h);

    consent_html_close(h);
    consent_html_close(h);
}


static void
ask_button(consent_html_t *h, const char *value, consent_message_t label, consent_message_t help)
{
    consent_html_open(h, "div", NULL);
    consent_html_open(h, "button", "name", "consent", "value", value, "aria-describedby", value, NULL);
    consent_html_say(h, label);
    consent_html_close(h);
    consent_html_open(h, "p", "class", "soft", "id", value, NULL);
    consent_html_say(h, help);
    consent_html_close(h);
    consent_html_close(h);
}


static void
ask_categories(consent_html_t *h, consent_mask_t categories)
{
    bool                     any;
    size_t                   i;
    const consent_policy_t  *policy;

    policy = h->page->policy;
    any = false;

    consent_html_void(h, "input", "type", "hidden", "name", "consent_categories", NULL);
    consent_html_attr_begin(h, "value");

    for (i = 0; i < policy->n_categories; i++) {
        if (categories >> i & 1) {
            consent_buf_str(h->b, any ? " " : "");
            consent_buf_slice(h->b, policy->categories[i].id);
            any = true;
        }
    }

    consent_html_attr_end(h);
}


/* Its letters need no escape, neither in HTML nor in a form. */
static void
ask_body(consent_html_t *h, consent_slice_t body)
{
    char    text[1024];
    size_t  n;

    consent_html_void(h, "input", "type", "hidden", "name", "consent_body", NULL);
    consent_html_attr_begin(h, "value");

    /* pieces of a multiple of three bytes join without padding */

    while (body.len > 0) {
        n = body.len < 756 ? body.len : 756;
        consent_buf_slice(h->b, consent_slice(text, consent_base64url(text, body.data, n)));
        body = consent_slice(body.data + n, body.len - n);
    }

    consent_html_attr_end(h);
}


bool
consent_answer_is(consent_slice_t content_type, consent_slice_t start)
{
    return start.len >= sizeof(ASK_FIRST "=") - 1
           && memcmp(start.data, ASK_FIRST "=", sizeof(ASK_FIRST "=") - 1) == 0
           && answer_type_is(content_type, consent_lit("application/x-www-form-urlencoded"));
}


static bool
answer_type_is(consent_slice_t value, consent_slice_t type)
{
    return value.len >= type.len && consent_slice_ieq(consent_slice(value.data, type.len), type)
           && (value.len == type.len || value.data[type.len] == ';' || value.data[type.len] == ' ');
}


/* It becomes a header: of a type that any page can send from a form, so that nobody gets another one by us; in one line. */
static bool
answer_type(consent_slice_t value)
{
    size_t  i;

    for (i = 0; i < value.len; i++) {
        if (value.data[i] < ' ' || value.data[i] > '~') {
            return false;
        }
    }

    return answer_type_is(value, consent_lit("application/x-www-form-urlencoded"))
           || answer_type_is(value, consent_lit("multipart/form-data"))
           || answer_type_is(value, consent_lit("text/plain"));
}


consent_rc_t
consent_answer_parse(consent_answer_t *answer, const consent_policy_t *policy, uint8_t *in, size_t len)
{
    size_t           n, body_len;
    uint8_t         *p;
    consent_slice_t  body;
    consent_field_t  fields[ASK_FIELDS];

    memset(answer, 0, sizeof(consent_answer_t));
    n = ASK_FIELDS;

    if (consent_form_parse(fields, &n, in, len) != CONSENT_OK) {
        return CONSENT_MALFORMED;
    }

    answer->token = consent_form_get(fields, n, ASK_FIRST);
    answer->version = consent_form_get(fields, n, "consent_version");
    answer->language = consent_form_get(fields, n, "consent_lang");
    answer->type = consent_form_get(fields, n, "consent_type");
    body = consent_form_get(fields, n, "consent_body");

    answer_kind(answer, consent_form_get(fields, n, "consent"));

    if (!answer_type(answer->type) || body.data == NULL
        || !answer_categories(answer, policy, consent_form_get(fields, n, "consent_categories")))
    {
        return CONSENT_MALFORMED;
    }

    /* decoded where it stands: what comes out is shorter than what went in */

    p = in + (body.data - in);

    if (consent_base64url_decode(p, &body_len, body) != CONSENT_OK || body_len > CONSENT_ASK_MAX) {
        return CONSENT_MALFORMED;
    }

    answer->body = consent_slice(p, body_len);

    return CONSENT_OK;
}


static void
answer_kind(consent_answer_t *answer, consent_slice_t value)
{
    if (consent_slice_eq(value, consent_lit("once"))) {
        answer->kind = CONSENT_ANSWER_ONCE;

    } else if (consent_slice_eq(value, consent_lit("without"))) {
        answer->kind = CONSENT_ANSWER_WITHOUT;

    } else if (value.len > 5 && memcmp(value.data, "lang:", 5) == 0) {
        answer->language = consent_slice(value.data + 5, value.len - 5);
    }
}


/* Separated by spaces. One that the policy does not have is no fault: it may have had it when the page was made. */
static bool
answer_categories(consent_answer_t *answer, const consent_policy_t *policy, consent_slice_t ids)
{
    int     category;
    size_t  from, to;

    for (from = 0; from < ids.len; from = to + 1) {
        for (to = from; to < ids.len && ids.data[to] != ' '; to++) { /* void */ }

        category = consent_policy_category(policy, consent_slice(&ids.data[from], to - from));

        if (category >= 0) {
            answer->categories |= (consent_mask_t) 1 << category;
        }
    }

    return ids.data != NULL;
}
