/*
 * The elements of the head and of the body: meta, stylesheet link, contact and notice.
 */

#include "disclose/elements.h"
#include "base/utf8.h"
#include "disclose/field.h"
#include "disclose/jsonld.h"

typedef enum {
    ELEMENT_META = 0,
    ELEMENT_DATA,
    ELEMENT_STYLE,
    ELEMENT_DATA_PLAIN,
    ELEMENT_CONTACT,
    ELEMENT_NOTICE,
    ELEMENT_COUNT
} element_t;

static void element_write(consent_buf_t *b, element_t e, const consent_elements_conf_t *conf);
static void element_meta(consent_buf_t *b, const consent_elements_conf_t *conf);
static void element_style(consent_buf_t *b, const consent_elements_conf_t *conf);
static void element_contact(consent_buf_t *b, const consent_elements_conf_t *conf);
static void element_notice(consent_buf_t *b, const consent_elements_conf_t *conf);
static void element_attribute(consent_buf_t *b, const char *name, consent_slice_t value);


/* All elements of a variant lie side by side, so that those that go to one place are one span: meta, data and style for
 * a page that an AI made, style and data_plain for others. */
consent_rc_t
consent_elements_build(consent_elements_t *utf8, consent_elements_t *ascii, consent_arena_t *a,
    const consent_elements_conf_t *conf)
{
    size_t           i, from, ends[2][ELEMENT_COUNT];
    element_t        e;
    consent_rc_t     rc;
    consent_buf_t    bufs[2];
    consent_slice_t  all[2], slices[2][ELEMENT_COUNT];

    consent_buf_init(&bufs[0], CONSENT_ELEMENT_MAX);
    consent_buf_init(&bufs[1], CONSENT_ELEMENT_MAX);

    for (e = 0; e < ELEMENT_COUNT; e++) {
        from = bufs[0].len;
        element_write(&bufs[0], e, conf);

        if (bufs[0].len > from) {
            consent_elements_references(&bufs[1], consent_slice(bufs[0].data + from, bufs[0].len - from),
                                        e == ELEMENT_DATA || e == ELEMENT_DATA_PLAIN);
        }

        ends[0][e] = bufs[0].len;
        ends[1][e] = bufs[1].len;
    }

    rc = bufs[0].rc != CONSENT_OK ? bufs[0].rc : bufs[1].rc;

    for (i = 0; i < 2 && rc == CONSENT_OK; i++) {
        all[i] = consent_arena_dup(a, consent_buf_view(&bufs[i]));

        if (all[i].data == NULL) {
            rc = CONSENT_NOMEM;
            break;
        }

        for (from = 0, e = 0; e < ELEMENT_COUNT; e++) {
            slices[i][e] = consent_slice(all[i].data + from, ends[i][e] - from);
            from = ends[i][e];
        }
    }

    consent_buf_free(&bufs[0]);
    consent_buf_free(&bufs[1]);

    if (rc != CONSENT_OK) {
        return rc;
    }

    for (i = 0; i < 2; i++) {
        *(i == 0 ? utf8 : ascii) = (consent_elements_t) {
            .meta = slices[i][ELEMENT_META], .style = slices[i][ELEMENT_STYLE],
            .data = slices[i][ELEMENT_DATA], .data_plain = slices[i][ELEMENT_DATA_PLAIN],
            .contact = slices[i][ELEMENT_CONTACT], .notice = slices[i][ELEMENT_NOTICE]
        };
    }

    return CONSENT_OK;
}


void
consent_elements_human(consent_buf_t *b, const consent_policy_t *policy, consent_slice_t base)
{
    size_t                    i;
    uint8_t                   c;
    const consent_channel_t  *channel;

    if (base.len > 0) {
        consent_field_path(b, base);
        consent_buf_str(b, "human");
        return;
    }

    channel = consent_contact_channel(policy, CONSENT_CHANNEL_PHONE);

    if (channel != NULL && channel->value.len > 0) {
        consent_buf_str(b, "tel:");

        for (i = 0; i < channel->value.len; i++) {
            c = channel->value.data[i];

            if ((c >= '0' && c <= '9') || (c == '+' && i == 0)) {
                consent_buf_char(b, (char) c);
            }
        }

        return;
    }

    channel = consent_contact_channel(policy, CONSENT_CHANNEL_EMAIL);

    if (channel != NULL && channel->value.len > 0) {
        consent_buf_str(b, "mailto:");
        consent_field_path(b, channel->value);
    }
}


const consent_channel_t *
consent_elements_channel(const consent_policy_t *policy, consent_slice_t tag)
{
    static const consent_channel_type_t  types[] = {
        CONSENT_CHANNEL_PHONE, CONSENT_CHANNEL_EMAIL, CONSENT_CHANNEL_TEXT_RELAY, CONSENT_CHANNEL_SMS,
        CONSENT_CHANNEL_CHAT, CONSENT_CHANNEL_VISIT
    };

    size_t                    i, j, k;
    const consent_channel_t  *channel, *any;

    for (i = 0; i < consent_countof(types); i++) {
        any = NULL;

        for (j = 0; j < policy->n_channels; j++) {
            channel = &policy->channels[j];

            if (channel->type != types[i] || channel->value.len == 0) {
                continue;
            }

            for (k = 0; k < channel->languages.n; k++) {
                if (consent_slice_ieq(channel->languages.items[k], tag)) {
                    return channel;
                }
            }

            any = any == NULL ? channel : any;
        }

        if (any != NULL) {
            return any;
        }
    }

    return NULL;
}


void
consent_elements_references(consent_buf_t *b, consent_slice_t utf8, bool json)
{
    uint32_t        c;
    const uint8_t  *p, *end;

    p = utf8.data;
    end = p + utf8.len;

    while (p < end) {
        c = consent_utf8_next(&p, end);

        if (c < 0x80) {
            consent_buf_char(b, (char) c);

        } else if (!json) {
            consent_buf_printf(b, "&#x%x;", c);

        } else if (c < 0x10000) {
            consent_buf_printf(b, "\\u%04x", c);

        } else {
            c -= 0x10000;
            consent_buf_printf(b, "\\u%04x\\u%04x", 0xd800 + (c >> 10), 0xdc00 + (c & 0x3ff));
        }
    }
}


static void
element_write(consent_buf_t *b, element_t e, const consent_elements_conf_t *conf)
{
    switch (e) {
    case ELEMENT_META:
        element_meta(b, conf);
        break;
    case ELEMENT_STYLE:
        element_style(b, conf);
        break;
    case ELEMENT_DATA:
        consent_jsonld_write(b, conf, conf->source);
        break;
    case ELEMENT_DATA_PLAIN:
        consent_jsonld_write(b, conf, NULL);
        break;
    case ELEMENT_CONTACT:
        element_contact(b, conf);
        break;
    case ELEMENT_NOTICE:
        element_notice(b, conf);
        break;
    case ELEMENT_COUNT:
        break;
    }
}


/* The attributes are those of the W3C AI Content Disclosure group's report. */
static void
element_meta(consent_buf_t *b, const consent_elements_conf_t *conf)
{
    if (conf->w3c == NULL) {
        return;
    }

    consent_buf_str(b, "<meta name=\"ai-disclosure\"");
    element_attribute(b, "content", consent_cstr(conf->w3c));

    if (conf->conf->mode != CONSENT_MODE_HUMAN) {
        element_attribute(b, "ai-provider", conf->provider);

        if (conf->conf->model.len > 0) {
            element_attribute(b, "ai-model", conf->conf->model);
        }
    }

    consent_buf_str(b, " data-consent=\"meta\" />");
}


static void
element_style(consent_buf_t *b, const consent_elements_conf_t *conf)
{
    consent_buf_t  path;
    uint8_t        memory[1024];

    if (conf->conf->base.len == 0) {
        return;
    }

    consent_buf_init_fixed(&path, memory, sizeof(memory));
    consent_field_path(&path, conf->conf->base);
    consent_buf_str(&path, "assets/in-page.css");

    if (path.rc != CONSENT_OK) {
        b->rc = path.rc;
        return;
    }

    consent_buf_str(b, "<link rel=\"stylesheet\"");
    element_attribute(b, "href", consent_buf_view(&path));
    consent_buf_str(b, " data-consent=\"style\" />");
}


static void
element_contact(consent_buf_t *b, const consent_elements_conf_t *conf)
{
    size_t                    from;
    consent_buf_t             uri;
    uint8_t                   memory[1024];
    const consent_channel_t  *channel;

    consent_buf_str(b, "<nav data-consent=\"contact\"");
    element_attribute(b, "lang", conf->tag);
    element_attribute(b, "aria-label", consent_wording_say(conf->wording, CONSENT_WORD_CONTACT_LABEL));
    consent_buf_str(b, "><a rel=\"help\"");

    consent_buf_init_fixed(&uri, memory, sizeof(memory));
    consent_elements_human(&uri, conf->policy, conf->conf->base);

    if (uri.len > 0) {
        element_attribute(b, "href", consent_buf_view(&uri));
    }

    consent_buf_char(b, '>');
    consent_html_escape(b, consent_wording_say(conf->wording, CONSENT_WORD_HUMAN));

    channel = consent_elements_channel(conf->policy, conf->tag);

    if (channel != NULL) {
        consent_buf_str(b, ": ");
        consent_html_escape(b, channel->value);

        if (channel->n_hours > 0) {
            from = b->len;
            consent_buf_str(b, ", ");
            consent_wording_hours(b, conf->wording, channel);

            if (b->rc == CONSENT_OK && b->len == from + 2) {
                b->len = from;
            }
        }
    }

    consent_buf_str(b, "</a>");

    if (conf->conf->base.len > 0 && uri.rc == CONSENT_OK) {
        uri.len = 0;
        consent_field_path(&uri, conf->conf->base);

        consent_buf_str(b, " <a");
        element_attribute(b, "href", consent_buf_view(&uri));
        consent_buf_char(b, '>');
        consent_html_escape(b, consent_wording_say(conf->wording, CONSENT_WORD_CHANGE));
        consent_buf_str(b, "</a>");
    }

    consent_buf_str(b, "</nav>");

    if (uri.rc != CONSENT_OK) {
        b->rc = uri.rc;
    }
}


/* It carries a claim of its own, for people wrote it: without one it would inherit the page's. */
static void
element_notice(consent_buf_t *b, const consent_elements_conf_t *conf)
{
    if (conf->notice.len == 0) {
        return;
    }

    consent_buf_str(b, "<aside data-consent=\"notice\" ai-disclosure=\"human-only\"");
    element_attribute(b, "lang", conf->notice_tag);

    if (consent_slice_ieq(conf->notice_tag, conf->tag)) {
        element_attribute(b, "aria-label", consent_wording_say(conf->wording, CONSENT_WORD_NOTICE_LABEL));
    }

    /* the icon is the same in every language; where it is a word, its language is named */
    consent_buf_str(b, strcmp(conf->icon, "AI") == 0 ? "><p><b>" : "><p><b lang=\"en\">");
    consent_html_escape(b, consent_cstr(conf->icon));
    consent_buf_str(b, "</b> ");
    consent_html_escape(b, conf->notice);
    consent_buf_str(b, "</p></aside>");
}


static void
element_attribute(consent_buf_t *b, const char *name, consent_slice_t value)
{
    consent_buf_char(b, ' ');
    consent_buf_str(b, name);
    consent_buf_str(b, "=\"");
    consent_html_escape(b, value);
    consent_buf_char(b, '"');
}
