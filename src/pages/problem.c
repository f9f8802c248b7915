/*
 * Refusals and errors, for people and for programs (RFC 9457).
 */

#include "pages/frame.h"
#include "pages/object.h"

#include "base/utf8.h"

static const struct {
    unsigned     status;
    const char  *type;
    const char  *title;
} problems[] = {
    [CONSENT_PROBLEM_CONSENT_REQUIRED] = { 403, "consent-required", "The service needs more data" },
    [CONSENT_PROBLEM_BODY_REFUSED] = { 403, "body-refused", "The request's body was not passed on" },
    [CONSENT_PROBLEM_PATH_REFUSED] = { 403, "path-refused", "The path holds data that is not granted" },
    [CONSENT_PROBLEM_POLICY_CHANGED] = { 409, "policy-changed", "The policy has changed" },
    [CONSENT_PROBLEM_CSRF] = { 403, "cross-site", "The request does not come from this site" },
    [CONSENT_PROBLEM_MALFORMED] = { 400, "malformed", "The request cannot be read" },
    [CONSENT_PROBLEM_TOO_LARGE] = { 413, "too-large", "The request is too large" },
    [CONSENT_PROBLEM_MEDIA_TYPE] = { 415, "media-type", "The request's media type is not accepted" },
    [CONSENT_PROBLEM_NOT_FOUND] = { 404, "not-found", "There is no such resource" },
    [CONSENT_PROBLEM_METHOD] = { 405, "method", "The method is not allowed here" },
    [CONSENT_PROBLEM_NOT_SAVED] = { 503, "not-saved", "The decision was not saved; nothing has changed" },
    [CONSENT_PROBLEM_UNKNOWN_NAME] = { 400, "unknown-name", "The request has a name that the policy does not know" },
    [CONSENT_PROBLEM_BODY_SYNTAX] = { 400, "body-syntax", "The request's body is not what its type says" },
    [CONSENT_PROBLEM_BODY_DEPTH] = { 400, "body-depth", "The request's body is nested too deeply" },
    [CONSENT_PROBLEM_BODY_NAME] = { 400, "body-name", "A name in the request's body cannot be read for sure" },
    [CONSENT_PROBLEM_BODY_DUPLICATE] = { 400, "body-duplicate", "A name stands twice in the request's body" },
    [CONSENT_PROBLEM_BODY_CHARSET] = { 415, "body-charset", "The request's charset cannot be looked into" },
    [CONSENT_PROBLEM_BODY_ENCODING] = { 415, "body-encoding", "The request's Content-Encoding cannot be looked into" },
    [CONSENT_PROBLEM_BODY_TYPE] = { 415, "body-type", "The request's media type cannot be looked into" },
    [CONSENT_PROBLEM_UPSTREAM] = { 502, "unavailable", "The service is not available" },
    [CONSENT_PROBLEM_BUSY] = { 429, "busy", "Too many requests are coming in" },
    [CONSENT_PROBLEM_PERSON] = { 403, "person", "A person takes care of this, not an AI" },
    [CONSENT_PROBLEM_HELD] = { 403, "held", "A legal hold: the record may not be erased; nothing has changed" },
    [CONSENT_PROBLEM_MINOR] = { 403, "minor", "A minor can only share less; a guardian has to choose this" },
    [CONSENT_PROBLEM_NOT_HERS] = { 403, "not-hers", "Who acts for another cannot erase the record" },
    [CONSENT_PROBLEM_NOT_OPEN] = { 403, "not-open", "This is open to auditors only" }
};

static void problem_code(consent_html_t *h, consent_slice_t code);
static bool problem_leads_to_choice(consent_problem_type_t type);
static void problem_categories(consent_buf_t *b, const consent_page_t *page, consent_mask_t categories);


unsigned
consent_problem_status(const consent_problem_t *problem)
{
    return problem->status != 0 ? problem->status : problems[problem->type].status;
}


void
consent_page_problem(consent_buf_t *b, const consent_page_t *page, const consent_problem_t *problem)
{
    consent_html_t     h;
    consent_message_t  title;

    title = CONSENT_M_PROBLEM + (consent_message_t) problem->type;

    consent_html_init(&h, b, page, NULL);
    consent_frame_begin(&h, CONSENT_M_OUTCOME_ERROR, title);

    consent_html_say_in(&h, "h1", NULL, title);
    consent_html_say_in(&h, "p", "lead", CONSENT_M_ADVICE + (consent_message_t) problem->type);

    if (problem->categories != 0) {
        consent_frame_categories(&h, problem->categories, false);
    }

    if (problem->type >= CONSENT_PROBLEM_UPSTREAM) {
        consent_frame_person(&h, true);
        problem_code(&h, problem->code);
        consent_frame_end(&h);
        return;
    }

    problem_code(&h, problem->code);

    if (problem_leads_to_choice(problem->type)) {
        consent_html_open(&h, "p", "class", "act", NULL);
        consent_html_open(&h, "a", "class", "button", NULL);
        consent_html_attr_page(&h, "");
        consent_html_say(&h, CONSENT_M_LINK_CHOICE);
        consent_html_close(&h);
        consent_html_close(&h);
    }

    consent_frame_person(&h, false);
    consent_frame_end(&h);
}


void
consent_json_problem(consent_buf_t *b, const consent_page_t *page, const consent_problem_t *problem)
{
    consent_object_open(b, NULL, '{');
    consent_object_page(b, "type", page, "problems/", problems[problem->type].type);
    consent_object_string(b, "title", consent_cstr(problems[problem->type].title));
    consent_object_number(b, "status", consent_problem_status(problem));

    if (problem->detail != NULL) {
        consent_object_string(b, "detail", consent_cstr(problem->detail));
    }

    if (problem->code.len != 0) {
        consent_object_string(b, "code", problem->code);
    }

    if (problem->categories != 0) {
        problem_categories(b, page, problem->categories);
    }

    if (problem->level >= 0) {
        consent_object_level(b, "level", page->policy, problem->level);
    }

    if (problem->topic.len != 0) {
        consent_object_string(b, "topic", problem->topic);
    }

    consent_object_page(b, "choice", page, "", "");
    consent_object_human(b, page);
    consent_object_close(b, '}');
}


static void
problem_code(consent_html_t *h, consent_slice_t code)
{
    consent_fill_t  fill;

    if (code.len != 0) {
        fill = consent_fill_text("code", code);
        fill.element = "code";
        consent_html_fill_in(h, "p", NULL, CONSENT_M_CODE, &fill, 1);
    }
}


static bool
problem_leads_to_choice(consent_problem_type_t type)
{
    return type != CONSENT_PROBLEM_TOO_LARGE && type != CONSENT_PROBLEM_MEDIA_TYPE;
}


static void
problem_categories(consent_buf_t *b, const consent_page_t *page, consent_mask_t categories)
{
    size_t                     i;
    const consent_category_t  *category;

    consent_object_open(b, "categories", '[');

    for (i = 0; i < page->policy->n_categories; i++) {
        if (categories >> i & 1) {
            category = &page->policy->categories[i];

            consent_object_open(b, NULL, '{');
            consent_object_string(b, "id", category->id);
            consent_object_string(b, "title", category->title.in[page->language]);
            consent_object_string(b, "purpose", category->purpose.in[page->language]);
            consent_object_close(b, '}');
        }
    }

    consent_object_close(b, ']');
}
