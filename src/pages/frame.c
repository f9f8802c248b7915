/*
 * The frame around our pages: a plain one of our own, or an operator's shell.
 */

#include "pages/frame.h"

#include "base/utf8.h"

typedef enum {
    SLOT_NONE = 0,
    SLOT_MAIN,
    SLOT_TITLE,
    SLOT_HEAD,
    SLOT_LANGUAGE
} slot_t;

static void frame_shell(consent_html_t *h, consent_message_t outcome, consent_message_t title);
static void frame_title(consent_html_t *h, consent_message_t outcome, consent_message_t title);
static void frame_head(consent_html_t *h);
static void frame_direction(consent_html_t *h);
static void frame_languages(consent_html_t *h);
static void frame_links(consent_html_t *h);
static void frame_test(consent_html_t *h);
static void frame_acting(consent_html_t *h);


consent_rc_t
consent_shell_parse(consent_shell_t *shell, consent_slice_t text, const char **why)
{
    static const struct {
        consent_slice_t  mark;
        slot_t           slot;
    } marks[] = {
        { consent_lit("<!-- consent:main -->"), SLOT_MAIN },
        { consent_lit("<!-- consent:title -->"), SLOT_TITLE },
        { consent_lit("<!-- consent:head -->"), SLOT_HEAD },
        { consent_lit("<!-- consent:language -->"), SLOT_LANGUAGE }
    };

    bool    main;
    size_t  i, k, from;

    memset(shell, 0, sizeof(consent_shell_t));
    main = false;
    from = 0;

    if (!consent_utf8_valid(text)) {
        *why = "the shell is not UTF-8";
        return CONSENT_MALFORMED;
    }

    for (i = 0; i < text.len; i++) {
        for (k = 0; k < consent_countof(marks); k++) {
            if (text.len - i >= marks[k].mark.len
                && memcmp(&text.data[i], marks[k].mark.data, marks[k].mark.len) == 0)
            {
                break;
            }
        }

        if (k == consent_countof(marks)) {
            continue;
        }

        if (main && marks[k].slot == SLOT_MAIN) {
            *why = "<!-- consent:main --> stands more than once";
            return CONSENT_MALFORMED;
        }

        if (shell->n == consent_countof(shell->pieces) - 1) {
            *why = "too many <!-- consent:... --> marks";
            return CONSENT_MALFORMED;
        }

        main = main || marks[k].slot == SLOT_MAIN;
        shell->pieces[shell->n++] = consent_slice(&text.data[from], i - from);
        shell->slots[shell->n] = (uint8_t) marks[k].slot;
        from = i + marks[k].mark.len;
        i = from - 1;
    }

    shell->pieces[shell->n++] = consent_slice(&text.data[from], text.len - from);

    if (!main) {
        *why = "<!-- consent:main --> is missing";
        return CONSENT_MALFORMED;
    }

    return CONSENT_OK;
}


void
consent_frame_begin(consent_html_t *h, consent_message_t outcome, consent_message_t title)
{
    consent_slice_t          tag;
    const consent_policy_t  *policy;

    policy = h->page->policy;
    tag = policy->languages[h->page->language];

    if (h->page->shell != NULL) {
        frame_shell(h, outcome, title);
        consent_html_open(h, "div", "class", "consent consent-within", NULL);
        consent_html_attr(h, "lang", tag);
        frame_direction(h);
        frame_test(h);
        frame_languages(h);
        frame_acting(h);
        return;
    }

    consent_buf_str(h->b, "<!doctype html>");
    consent_html_open(h, "html", NULL);
    consent_html_attr(h, "lang", tag);
    frame_direction(h);

    consent_html_open(h, "head", NULL);
    consent_html_void(h, "meta", "charset", "utf-8", NULL);
    consent_html_void(h, "meta", "name", "viewport", "content", "width=device-width, initial-scale=1", NULL);
    consent_html_open(h, "title", NULL);
    frame_title(h, outcome, title);
    consent_html_close(h);
    frame_head(h);
    consent_html_void(h, "link", "rel", "icon", "type", "image/svg+xml", NULL);
    consent_html_attr_asset(h, "icon.svg");
    consent_html_close(h);

    consent_html_open(h, "body", "class", "consent", NULL);
    consent_html_open(h, "header", "class", "bar", NULL);
    consent_html_open(h, "div", NULL);
    consent_html_element(h, "strong", NULL, policy->controller.name);
    frame_languages(h);
    consent_html_close(h);
    consent_html_close(h);

    consent_html_open(h, "main", NULL);
    frame_test(h);
    frame_acting(h);
}


void
consent_frame_end(consent_html_t *h)
{
    size_t                  i;
    consent_slice_t         tag;
    const consent_shell_t  *shell;

    shell = h->page->shell;

    if (shell == NULL) {
        consent_html_close(h);
        consent_html_open(h, "footer", NULL);
        frame_links(h);
        consent_html_close(h);
        consent_html_close(h);
        consent_html_close(h);
        consent_buf_char(h->b, '\n');
        return;
    }

    frame_links(h);
    consent_html_close(h);

    tag = h->page->policy->languages[h->page->language];

    for (i = 1; i < shell->n && shell->slots[i] != SLOT_MAIN; i++) { /* void */ }

    for ( ; i < shell->n; i++) {
        if (shell->slots[i] == SLOT_LANGUAGE) {
            consent_html_text(h, tag);
        }

        consent_buf_slice(h->b, shell->pieces[i]);
    }
}


/* The operator's page up to our content. Only the language is of use behind it. */
static void
frame_shell(consent_html_t *h, consent_message_t outcome, consent_message_t title)
{
    size_t                  i;
    const consent_shell_t  *shell;

    shell = h->page->shell;

    for (i = 0; i < shell->n; i++) {
        switch (shell->slots[i]) {
        case SLOT_MAIN:
            return;

        case SLOT_TITLE:
            frame_title(h, outcome, title);
            break;

        case SLOT_HEAD:
            frame_head(h);
            consent_html_content(h);
            break;

        case SLOT_LANGUAGE:
            consent_html_text(h, h->page->policy->languages[h->page->language]);
            break;

        default:
            break;
        }

        consent_buf_slice(h->b, shell->pieces[i]);
    }
}


static void
frame_title(consent_html_t *h, consent_message_t outcome, consent_message_t title)
{
    if (outcome != CONSENT_M_COUNT) {
        consent_html_text(h, consent_catalogue_get(h->catalogue, outcome, NULL));
        consent_html_str(h, " – ");
    }

    consent_html_text(h, consent_catalogue_get(h->catalogue, title, NULL));
    consent_html_str(h, " – ");
    consent_html_text(h, h->page->policy->controller.name);
}


static void
frame_head(consent_html_t *h)
{
    consent_html_void(h, "meta", "name", "robots", "content", "noindex", NULL);
    consent_html_void(h, "link", "rel", "stylesheet", NULL);
    consent_html_attr_asset(h, "consent.css");
}


static void
frame_direction(consent_html_t *h)
{
    if (consent_language_rtl(h->page->policy->languages[h->page->language])) {
        consent_html_attr(h, "dir", consent_lit("rtl"));
    }
}


static void
frame_languages(consent_html_t *h)
{
    size_t                   i;
    consent_slice_t          tag;
    const consent_policy_t  *policy;

    policy = h->page->policy;

    if (policy->n_languages < 2) {
        return;
    }

    consent_html_open(h, "nav", NULL);
    consent_html_attr_say(h, "aria-label", CONSENT_M_LANGUAGES);
    consent_html_open(h, "ul", "class", "languages", NULL);

    for (i = 0; i < policy->n_languages; i++) {
        tag = policy->languages[i];

        consent_html_open(h, "li", NULL);

        if (h->page->form != NULL) {
            consent_html_open(h, "button", "form", h->page->form, "name", "consent", NULL);
            consent_html_attr_begin(h, "value");
            consent_buf_str(h->b, "lang:");
            consent_buf_slice(h->b, tag);
            consent_html_attr_end(h);

        } else {
            consent_html_open(h, "a", NULL);
            consent_html_attr_language(h, tag);
            consent_html_attr(h, "hreflang", tag);
        }

        consent_html_attr(h, "lang", tag);

        if (i == h->page->language) {
            consent_html_attr(h, "aria-current", consent_lit("true"));
        }

        consent_html_text(h, consent_language_name(tag));
        consent_html_close(h);
        consent_html_close(h);
    }

    consent_html_close(h);
    consent_html_close(h);
}


static void
frame_links(consent_html_t *h)
{
    static const struct {
        const char         *path;
        consent_message_t   label;
    } links[] = {
        { "", CONSENT_M_LINK_CHOICE },
        { "record", CONSENT_M_LINK_RECORD },
        { "policy", CONSENT_M_LINK_POLICY },
        { "ai", CONSENT_M_LINK_AI },
        { "human", CONSENT_M_LINK_HUMAN }
    };

    size_t  i;

    consent_html_open(h, "nav", "class", "links", NULL);
    consent_html_attr_say(h, "aria-label", CONSENT_M_FOOTER);
    consent_html_open(h, "ul", NULL);

    for (i = 0; i < consent_countof(links); i++) {
        consent_html_open(h, "li", NULL);
        consent_html_open(h, "a", NULL);
        consent_html_attr_page(h, links[i].path);

        if (h->current != NULL && strcmp(h->current, links[i].path) == 0) {
            consent_html_attr(h, "aria-current", consent_lit("page"));
        }

        consent_html_say(h, links[i].label);
        consent_html_close(h);
        consent_html_close(h);
    }

    consent_html_close(h);
    consent_html_close(h);
}


static void
frame_test(consent_html_t *h)
{
    if (h->page->policy->test) {
        consent_html_say_in(h, "p", "test", CONSENT_M_TEST);
    }
}


/* Nobody forgets for whom she is here, and whoever looks over her shoulder sees it too. */
static void
frame_acting(consent_html_t *h)
{
    if (h->page->by == CONSENT_BY_GUARDIAN) {
        consent_html_say_in(h, "p", "test", CONSENT_M_ACTING_GUARDIAN);

    } else if (h->page->by == CONSENT_BY_REPRESENTATIVE) {
        consent_html_say_in(h, "p", "test", CONSENT_M_ACTING_REPRESENTATIVE);

    } else if (h->page->minor) {
        consent_html_say_in(h, "p", "test", CONSENT_M_MINOR);
    }
}
