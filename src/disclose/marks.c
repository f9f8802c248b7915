/*
 * What goes into everything but HTML, written once for each language.
 */

#include "disclose/marks.h"
#include "base/json.h"
#include "base/utf8.h"

#define IPTC_HUMAN  "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation"

typedef enum {
    TEXT_UTF8 = 0,
    TEXT_ASCII,                 /* plain letters in place of accented ones */
    TEXT_MARKDOWN,              /* what Markdown reads as markup is escaped */
    TEXT_MARKDOWN_ASCII         /* and what is not ASCII is a character reference */
} text_t;

static void mark_member(consent_buf_t *b, const consent_elements_conf_t *conf, const char *mode, const char *w3c,
    const char *iptc);
static void mark_human(consent_buf_t *b, const consent_elements_conf_t *conf);
static void mark_string(consent_buf_t *b, consent_slice_t text);
static void mark_text(consent_buf_t *b, consent_slice_t text, text_t how);
static void mark_letter(consent_buf_t *b, uint32_t c);
static consent_rc_t mark_keep(consent_slice_t *out, consent_arena_t *a, consent_buf_t *b, size_t unseen);
static void mark_crc(consent_buf_t *b, size_t from);
static void mark_u32(consent_buf_t *b, uint32_t n);


consent_rc_t
consent_marks_build(consent_marks_t *out, consent_arena_t *a, const consent_elements_conf_t *conf, const char *mode,
    const char *iptc)
{
    text_t            how;
    consent_rc_t      rc;
    consent_buf_t     b;
    consent_slice_t  *quotes[2], *lines[2];

    consent_buf_init(&b, CONSENT_ELEMENT_MAX);
    rc = CONSENT_OK;

    if (mode != NULL) {
        mark_member(&b, conf, mode, conf->w3c, iptc);
        consent_buf_char(&b, ',');
        rc = mark_keep(&out->member, a, &b, 1);

        if (rc == CONSENT_OK) {
            mark_member(&b, conf, "none", "human-only", IPTC_HUMAN);
            consent_buf_char(&b, ',');
            rc = mark_keep(&out->human, a, &b, 1);
        }

        if (rc == CONSENT_OK) {
            consent_buf_str(&b, "ai_disclosure: ");
            consent_buf_add(&b, out->member.data + sizeof("\"ai_disclosure\":") - 1,
                            out->member.len - (sizeof("\"ai_disclosure\":") - 1));
            consent_buf_char(&b, '\n');
            rc = mark_keep(&out->front, a, &b, 0);
        }
    }

    if (conf->notice.len > 0 && rc == CONSENT_OK) {
        mark_string(&b, conf->notice);

        /* without its quotes, and an empty line behind it */
        b.len -= b.rc == CONSENT_OK;
        consent_buf_str(&b, "\\n\\n");
        rc = mark_keep(&out->prose, a, &b, 0);

        if (rc == CONSENT_OK) {
            out->prose = consent_slice(out->prose.data + 1, out->prose.len - 1);
        }

        lines[0] = &out->line;
        lines[1] = &out->line_ascii;
        quotes[0] = &out->quote;
        quotes[1] = &out->quote_ascii;

        for (how = TEXT_UTF8; how <= TEXT_ASCII && rc == CONSENT_OK; how++) {
            mark_text(&b, consent_cstr(conf->icon), how);
            consent_buf_str(&b, ": ");
            mark_text(&b, conf->notice, how);
            consent_buf_str(&b, "\n\n");
            rc = mark_keep(lines[how], a, &b, 0);
        }

        for (how = TEXT_MARKDOWN; how <= TEXT_MARKDOWN_ASCII && rc == CONSENT_OK; how++) {
            consent_buf_str(&b, "> **");
            mark_text(&b, consent_cstr(conf->icon), how);
            consent_buf_str(&b, "** ");
            mark_text(&b, conf->notice, how);
            consent_buf_str(&b, "\n\n");
            rc = mark_keep(quotes[how - TEXT_MARKDOWN], a, &b, 0);
        }
    }

    consent_buf_free(&b);

    return rc;
}


/* XMP (ISO 16684-1) with IPTC's property, in an iTXt chunk (PNG, 11.3.3.4) and an APP1 segment (XMP part 3, 1.1.3). The
 * packet is read-only, so it needs no padding. */
consent_rc_t
consent_marks_images(consent_slice_t *png, consent_slice_t *jpeg, consent_arena_t *a, const char *iptc)
{
    size_t           i;
    consent_rc_t     rc;
    consent_buf_t    xmp, b;
    uint8_t          memory[1024], whole[1536];
    consent_slice_t  packet;

    consent_buf_init_fixed(&xmp, memory, sizeof(memory));
    consent_buf_str(&xmp, "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>"
                          "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
                          "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
                          "<rdf:Description rdf:about=\"\""
                          " xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\">"
                          "<Iptc4xmpExt:DigitalSourceType>");
    consent_buf_str(&xmp, iptc);
    consent_buf_str(&xmp, "</Iptc4xmpExt:DigitalSourceType></rdf:Description></rdf:RDF></x:xmpmeta>"
                          "<?xpacket end=\"r\"?>");

    packet = consent_buf_view(&xmp);
    rc = xmp.rc;

    for (i = 0; i < 2 && rc == CONSENT_OK; i++) {
        consent_buf_init_fixed(&b, whole, sizeof(whole));

        if (i == 0) {
            /* keyword, not compressed, no language, no translated keyword */
            mark_u32(&b, (uint32_t) (sizeof("XML:com.adobe.xmp") + 4 + packet.len));
            consent_buf_add(&b, "iTXtXML:com.adobe.xmp\0\0\0\0", sizeof("iTXtXML:com.adobe.xmp\0\0\0\0"));
            consent_buf_slice(&b, packet);
            mark_crc(&b, 4);

        } else {
            consent_buf_add(&b, "\xff\xe1", 2);
            consent_buf_char(&b, (char) ((2 + sizeof("http://ns.adobe.com/xap/1.0/") + packet.len) >> 8));
            consent_buf_char(&b, (char) (2 + sizeof("http://ns.adobe.com/xap/1.0/") + packet.len));
            consent_buf_add(&b, "http://ns.adobe.com/xap/1.0/", sizeof("http://ns.adobe.com/xap/1.0/"));
            consent_buf_slice(&b, packet);
        }

        rc = mark_keep(i == 0 ? png : jpeg, a, &b, 0);
    }

    return rc;
}


/* No hour stands in it, and nothing of a citizen: it is the same for everyone. */
static void
mark_member(consent_buf_t *b, const consent_elements_conf_t *conf, const char *mode, const char *w3c,
    const char *iptc)
{
    consent_buf_str(b, "\"ai_disclosure\":{\"v\":1,\"mode\":\"");
    consent_buf_str(b, mode);
    consent_buf_str(b, "\",\"w3c\":\"");
    consent_buf_str(b, w3c);
    consent_buf_str(b, "\",\"digital_source_type\":\"");
    consent_buf_str(b, iptc);
    consent_buf_char(b, '"');

    if (strcmp(mode, "none") != 0) {
        consent_buf_str(b, ",\"provider\":");
        mark_string(b, conf->provider);

        if (conf->conf->model.len > 0) {
            consent_buf_str(b, ",\"model\":");
            mark_string(b, conf->conf->model);
        }

        if (conf->notice.len > 0) {
            consent_buf_str(b, ",\"notice\":");
            mark_string(b, conf->notice);
            consent_buf_str(b, ",\"lang\":");
            mark_string(b, conf->notice_tag);
        }
    }

    mark_human(b, conf);
    consent_buf_char(b, '}');
}


static void
mark_human(consent_buf_t *b, const consent_elements_conf_t *conf)
{
    size_t                    from;
    consent_buf_t             text;
    uint8_t                   memory[1024];
    const consent_channel_t  *phone, *email, *named;

    from = b->len;
    consent_buf_init_fixed(&text, memory, sizeof(memory));
    consent_elements_human(&text, conf->policy, conf->conf->base);

    if (text.len > 0) {
        consent_buf_str(b, ",\"url\":");
        mark_string(b, consent_buf_view(&text));
    }

    phone = consent_contact_channel(conf->policy, CONSENT_CHANNEL_PHONE);
    email = consent_contact_channel(conf->policy, CONSENT_CHANNEL_EMAIL);
    named = consent_elements_channel(conf->policy, conf->tag);

    if (phone != NULL && phone->value.len > 0) {
        consent_buf_str(b, ",\"tel\":");
        mark_string(b, named != NULL && named->type == CONSENT_CHANNEL_PHONE ? named->value : phone->value);
    }

    if (email != NULL && email->value.len > 0) {
        consent_buf_str(b, ",\"email\":");
        mark_string(b, email->value);
    }

    if (named != NULL && named->n_hours > 0) {
        text.len = 0;
        consent_wording_hours(&text, conf->wording, named);

        if (text.len > 0) {
            consent_buf_str(b, ",\"hours\":");
            mark_string(b, consent_buf_view(&text));
        }
    }

    if (text.rc != CONSENT_OK) {
        b->rc = text.rc;
    }

    if (b->rc != CONSENT_OK || b->len == from) {
        return;
    }

    /* the first comma gives way to the name; what stands behind it moves */
    consent_buf_str(b, ",\"human\":{");

    if (b->rc == CONSENT_OK) {
        memmove(b->data + from + sizeof(",\"human\":{") - 1, b->data + from + 1,
                b->len - from - (sizeof(",\"human\":{") - 1));
        b->len--;
        memcpy(b->data + from, ",\"human\":{", sizeof(",\"human\":{") - 1);
    }

    consent_buf_str(b, conf->offered ? ",\"offered\":true}" : "}");
}


/* A JSON string of ASCII alone: right in every charset, and within a script. */
static void
mark_string(consent_buf_t *b, consent_slice_t text)
{
    consent_buf_t  utf8;

    consent_buf_init(&utf8, CONSENT_ELEMENT_MAX);
    consent_json_write_string(&utf8, text, true);

    if (utf8.rc == CONSENT_OK) {
        consent_elements_references(b, consent_buf_view(&utf8), true);

    } else {
        b->rc = utf8.rc;
    }

    consent_buf_free(&utf8);
}


/* A line of plain text, or of Markdown: one line it stays, for nothing but spaces stands for what would end it. */
static void
mark_text(consent_buf_t *b, consent_slice_t text, text_t how)
{
    uint32_t        c;
    const uint8_t  *p, *from, *end;

    p = text.data;
    end = p + text.len;

    while (p < end) {
        from = p;
        c = consent_utf8_next(&p, end);

        if (c < 0x20 || c == 0x7f || c == 0x85 || c == 0x2028 || c == 0x2029) {
            consent_buf_char(b, ' ');

        } else if (c < 0x80) {

            if (how >= TEXT_MARKDOWN && strchr("\\`*_{}[]<>#|!~&", (int) c) != NULL) {
                consent_buf_char(b, '\\');
            }

            consent_buf_char(b, (char) c);

        } else if (how == TEXT_ASCII) {
            mark_letter(b, c);

        } else if (how == TEXT_MARKDOWN_ASCII) {
            consent_buf_printf(b, "&#x%x;", c);

        } else {
            consent_buf_add(b, from, (size_t) (p - from));
        }
    }
}


/* The letter nearest to one that ASCII lacks, as people write where they have no other. */
static void
mark_letter(consent_buf_t *b, uint32_t c)
{
    size_t  i;

    static const char  latin[] =            /* U+00C0 to U+00FF */
        "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty";

    static const struct {
        uint32_t     c;
        const char  *text;
    } others[] = {
        { 0xa0, " " }, { 0xab, "\"" }, { 0xbb, "\"" }, { 0x160, "S" }, { 0x161, "s" }, { 0x17d, "Z" }, { 0x17e, "z" },
        { 0x2010, "-" }, { 0x2011, "-" }, { 0x2012, "-" }, { 0x2013, "-" }, { 0x2014, "-" }, { 0x2018, "'" },
        { 0x2019, "'" }, { 0x201c, "\"" }, { 0x201d, "\"" }, { 0x2026, "..." }
    };

    if (c >= 0xc0 && c <= 0xff) {
        consent_buf_char(b, latin[c - 0xc0]);
        return;
    }

    for (i = 0; i < consent_countof(others); i++) {
        if (others[i].c == c) {
            consent_buf_str(b, others[i].text);
            return;
        }
    }

    consent_buf_char(b, '?');
}


/* Moves what was written into the arena, and empties the buffer. The last `unseen` bytes lie behind the slice. */
static consent_rc_t
mark_keep(consent_slice_t *out, consent_arena_t *a, consent_buf_t *b, size_t unseen)
{
    if (b->rc != CONSENT_OK) {
        return b->rc;
    }

    *out = consent_arena_dup(a, consent_buf_view(b));

    if (out->data == NULL) {
        return CONSENT_NOMEM;
    }

    out->len -= unseen;
    b->len = 0;

    return CONSENT_OK;
}


/* The CRC of a PNG chunk (PNG, annex D), over all that was written from there on. */
static void
mark_crc(consent_buf_t *b, size_t from)
{
    int       bit;
    size_t    i;
    uint32_t  crc;

    crc = UINT32_MAX;

    for (i = from; i < b->len; i++) {
        crc ^= b->data[i];

        for (bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
        }
    }

    mark_u32(b, ~crc);
}


static void
mark_u32(consent_buf_t *b, uint32_t n)
{
    int  shift;

    for (shift = 24; shift >= 0; shift -= 8) {
        consent_buf_char(b, (char) (n >> shift & 0xff));
    }
}
