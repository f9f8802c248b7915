/*
 * What is said of an AI's answer: header values that parse, elements that nothing breaks out of, words that are true.
 */

#include "disclose.h"

#include "base/digest.h"
#include "base/json.h"
#include "base/utf8.h"

#define NOW  1795312800123


static consent_rc_t
build(fixture_t *f, consent_disclosure_t *d, consent_ai_kind_t kind, consent_mode_t mode, consent_slice_t model,
    consent_slice_t provider)
{
    consent_disclose_conf_t  conf = {
        .kind = kind, .mode = mode, .model = model, .provider = provider, .base = consent_lit("/.privacy/")
    };

    return consent_disclosure_build(d, f->arena, &f->policy, &conf);
}


static void
assert_slice(consent_slice_t is, const char *want)
{
    if (!consent_slice_eq(is, consent_cstr(want))) {
        fail_msg("\n%.*s\nnot\n%s", (int) is.len, (const char *) is.data, want);
    }
}


static bool
holds(consent_slice_t text, const char *part)
{
    return memmem(text.data, text.len, part, strlen(part)) != NULL;
}


static void
each_mode_has_its_words(void **state)
{
    static const struct {
        consent_mode_t      mode;
        consent_ai_kind_t   kind;
        const char         *header;
        const char         *mode_name;
        const char         *w3c;
        const char         *source;
        const char         *icon;
    } rows[] = {
        { CONSENT_MODE_GENERATED, CONSENT_AI_ON, "mode=machine-generated, provider=\"Kommun\"", "machine-generated",
          "ai-autonomous", "https://schema.org/TrainedAlgorithmicMediaDigitalSource",
          "<b lang=\"en\">AI GENERATED</b>" },
        { CONSENT_MODE_ORIGINATED, CONSENT_AI_ON, "mode=ai-originated, provider=\"Kommun\"", "ai-originated",
          "ai-assisted", "https://schema.org/TrainedAlgorithmicMediaDigitalSource", "<b>AI</b>" },
        { CONSENT_MODE_MODIFIED_REVIEWED, CONSENT_AI_ON, "mode=ai-modified, provider=\"Kommun\"", "ai-modified",
          "ai-assisted", "https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource",
          "<b lang=\"en\">AI MODIFIED</b>" },
        { CONSENT_MODE_MODIFIED, CONSENT_AI_ON, "mode=ai-modified, provider=\"Kommun\"", "ai-modified",
          "ai-autonomous", "https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource",
          "<b lang=\"en\">AI MODIFIED</b>" },
        { CONSENT_MODE_HUMAN, CONSENT_AI_ON, "mode=none", "none", "human-only",
          "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation", NULL },
        { CONSENT_MODE_UNKNOWN, CONSENT_AI_ON, "", NULL, "", NULL, NULL },
        { CONSENT_MODE_GENERATED, CONSENT_AI_DECISION, "mode=machine-generated, provider=\"Kommun\"",
          "machine-generated", "ai-autonomous", "https://schema.org/TrainedAlgorithmicMediaDigitalSource",
          "<b lang=\"en\">AI GENERATED</b>" },
        { CONSENT_MODE_GENERATED, CONSENT_AI_CHAT, "", NULL, "", NULL, "<b>AI</b>" },
        { CONSENT_MODE_GENERATED, CONSENT_AI_OFF, "", NULL, "", NULL, NULL }
    };

    char                    meta[200];
    size_t                  i;
    fixture_t              *f = *state;
    consent_elements_t     *e;
    consent_disclosure_t    d;

    for (i = 0; i < consent_countof(rows); i++) {
        assert_int_equal(build(f, &d, rows[i].kind, rows[i].mode, consent_lit(""), consent_lit("Kommun")), CONSENT_OK);
        e = &d.in[0].utf8;

        assert_slice(d.header, rows[i].header);
        assert_slice(d.w3c, rows[i].w3c);

        if (rows[i].mode_name == NULL) {
            assert_null(d.mode);
            assert_int_equal(e->meta.len, 0);

        } else {
            assert_string_equal(d.mode, rows[i].mode_name);
            sprintf(meta, "<meta name=\"ai-disclosure\" content=\"%s\"%s data-consent=\"meta\" />", rows[i].w3c,
                    rows[i].mode == CONSENT_MODE_HUMAN ? "" : " ai-provider=\"Kommun\"");
            assert_slice(e->meta, meta);
        }

        assert_int_equal(holds(e->data, "digitalSourceType"), rows[i].source != NULL);
        assert_true(rows[i].source == NULL || holds(e->data, rows[i].source));
        assert_false(holds(e->data_plain, "digitalSourceType"));

        assert_int_equal(e->notice.len > 0, rows[i].icon != NULL);
        assert_int_equal(d.in[0].notice_text.len > 0, rows[i].icon != NULL);
        assert_true(rows[i].icon == NULL || holds(e->notice, rows[i].icon));
        assert_true(e->contact.len > 0 && e->style.len > 0 && d.in[0].link.len > 0);
    }
}


static void
configuration_knows_the_modes_by_name(void **state)
{
    static const char *const  names[] = {
        [CONSENT_MODE_GENERATED] = "machine-generated", [CONSENT_MODE_ORIGINATED] = "ai-originated",
        [CONSENT_MODE_MODIFIED_REVIEWED] = "ai-modified-reviewed", [CONSENT_MODE_MODIFIED] = "ai-modified",
        [CONSENT_MODE_HUMAN] = "none"
    };

    size_t          i;
    consent_mode_t  mode;

    (void) state;

    for (i = 0; i < consent_countof(names); i++) {
        assert_true(consent_mode_parse(&mode, consent_cstr(names[i])));
        assert_int_equal(mode, i);
    }

    assert_false(consent_mode_parse(&mode, consent_lit("ai-generated")));
    assert_false(consent_mode_parse(&mode, consent_lit("None")));
    assert_false(consent_mode_parse(&mode, consent_lit("")));
}


/* A strict reader of the values we write: RFC 9651, sections 3.2 and 4.2. Returns the members in the order given. */
typedef struct {
    char     key[32];
    char     type;                  /* t token, s String, d Display String, @ Date */
    uint8_t  value[600];
    size_t   len;
} member_t;

static size_t
field_read(member_t *members, const uint8_t *p, const uint8_t *end)
{
    size_t    n, i;
    char      hex[3] = "";
    member_t  *m;

    for (n = 0; p < end; n++) {
        m = &members[n];
        memset(m, 0, sizeof(*m));

        for (i = 0; p < end && *p >= 'a' && *p <= 'z'; p++) {
            m->key[i++] = (char) *p;
        }

        assert_true(i > 0 && p + 1 < end && *p++ == '=');

        if (*p == '@') {
            m->type = '@';

            for (p++; p < end && *p >= '0' && *p <= '9'; p++) {
                m->value[m->len++] = *p;
            }

        } else if (*p == '"' || *p == '%') {
            m->type = *p == '"' ? 's' : 'd';
            p += *p == '"' ? 1 : 2;
            assert_true(p[-1] == '"');

            for ( ;; p++) {
                assert_true(p < end && *p >= 0x20 && *p < 0x7f);

                if (*p == '"') {
                    p++;
                    break;
                }

                if (m->type == 's' && *p == '\\') {
                    p++;
                    assert_true(p < end && (*p == '"' || *p == '\\'));
                    m->value[m->len++] = *p;

                } else if (m->type == 'd' && *p == '%') {
                    assert_true(end - p > 2);
                    memcpy(hex, p + 1, 2);
                    assert_true(strspn(hex, "0123456789abcdef") == 2);
                    m->value[m->len++] = (uint8_t) strtoul(hex, NULL, 16);
                    p += 2;

                } else {
                    m->value[m->len++] = *p;
                }
            }

            assert_true(m->type == 's' || consent_utf8_valid(consent_slice(m->value, m->len)));

        } else {
            m->type = 't';

            for ( /* void */ ; p < end && ((*p >= 'a' && *p <= 'z') || *p == '-'); p++) {
                m->value[m->len++] = *p;
            }
        }

        if (p < end) {
            assert_true(end - p > 2 && p[0] == ',' && p[1] == ' ');
            p += 2;
        }
    }

    return n;
}


static const char *const  nasty[] = {
    "plain", "quo\"te", "back\\slash", "per%cent", "semi;colon, comma", "</script><script>alert(1)</script>", "a'b&c<d>",
    "Malm\xc3\xb6 stad", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\" onload=\"x", "--><!--", "]]>", "{\"a\":1}", "\\\"",
    "\xe2\x80\xa8 line separator", "%22%0d%0aSet-Cookie: a=b", "\\r\\nX: y", "=?utf-8?q?x?="
};


static void
any_name_is_one_member_of_the_header(void **state)
{
    size_t                 i, n, len;
    uint8_t                out[CONSENT_DISCLOSURE_HEADER];
    member_t               m[5];
    fixture_t             *f = *state;
    consent_disclosure_t   d;

    for (i = 0; i < consent_countof(nasty); i++) {
        assert_int_equal(build(f, &d, CONSENT_AI_ON, CONSENT_MODE_GENERATED, consent_cstr(nasty[i]),
                               consent_cstr(nasty[consent_countof(nasty) - 1 - i])), CONSENT_OK);

        len = consent_disclosure_header(out, sizeof(out), &d, NOW);
        assert_true(len > 0);
        n = field_read(m, out, out + len);

        assert_int_equal(n, 4);
        assert_string_equal(m[0].key, "mode");
        assert_int_equal(m[0].type, 't');
        assert_string_equal(m[1].key, "model");
        assert_string_equal((char *) m[1].value, nasty[i]);
        assert_int_equal(m[1].type, strspn(nasty[i], "\x80\xff") == 0 && consent_utf8_valid(consent_cstr(nasty[i]))
                         && memchr(nasty[i], 0xc3, strlen(nasty[i])) == NULL
                         && memchr(nasty[i], 0xe2, strlen(nasty[i])) == NULL
                         && memchr(nasty[i], 0xf0, strlen(nasty[i])) == NULL ? 's' : 'd');
        assert_string_equal(m[2].key, "provider");
        assert_string_equal((char *) m[2].value, nasty[consent_countof(nasty) - 1 - i]);
        assert_string_equal(m[3].key, "date");
        assert_int_equal(m[3].type, '@');
        assert_string_equal((char *) m[3].value, "1795312800");
    }

    /* the words of the specification's own example */
    assert_int_equal(build(f, &d, CONSENT_AI_ON, CONSENT_MODE_GENERATED, consent_lit("x"), consent_lit("")), CONSENT_OK);
    len = consent_disclosure_header(out, sizeof(out), &d, NOW);
    assert_slice(consent_slice(out, len),
                 "mode=machine-generated, model=\"x\", provider=%\"Malm%c3%b6 stad\", date=@1795312800");
}


static void
no_name_breaks_out_of_an_element(void **state)
{
    size_t                 i, j, quotes;
    fixture_t             *f = *state;
    consent_slice_t        s;
    consent_json_t        *root;
    consent_disclosure_t   d;
    consent_json_error_t   err;

    for (i = 0; i < consent_countof(nasty); i++) {
        f->policy.controller.name = consent_cstr(nasty[i]);
        assert_int_equal(build(f, &d, CONSENT_AI_ON, CONSENT_MODE_ORIGINATED, consent_cstr(nasty[i]),
                               consent_cstr(nasty[i])), CONSENT_OK);

        /* attributes: four of them, eight quotes, one tag */
        s = d.in[0].utf8.meta;

        for (j = 0, quotes = 0; j < s.len; j++) {
            quotes += s.data[j] == '"';
            assert_true(s.data[j] != '<' || j == 0);
            assert_true(s.data[j] != '>' || j == s.len - 1);
        }

        assert_int_equal(quotes, 10);

        /* JSON in a script: no '<', and the name is what it was */
        s = d.in[0].utf8.data;
        s = consent_slice(s.data + strlen("<script type=\"application/ld+json\" data-consent=\"data\">"),
                          s.len - strlen("<script type=\"application/ld+json\" data-consent=\"data\">")
                          - strlen("</script>"));
        assert_null(memchr(s.data, '<', s.len));
        assert_null(memchr(s.data, '&', s.len));
        assert_int_equal(consent_json_parse(&root, f->arena, s, 16, &err), CONSENT_OK);
        assert_slice(consent_json_get(consent_json_get(root, "publisher"), "name")->text, nasty[i]);

        /* the same in ASCII */
        s = d.in[0].ascii.data;

        for (j = 0; j < s.len; j++) {
            assert_true(s.data[j] < 0x80);
        }

        s = consent_slice(s.data + strlen("<script type=\"application/ld+json\" data-consent=\"data\">"),
                          s.len - strlen("<script type=\"application/ld+json\" data-consent=\"data\">")
                          - strlen("</script>"));
        assert_int_equal(consent_json_parse(&root, f->arena, s, 16, &err), CONSENT_OK);
        assert_slice(consent_json_get(consent_json_get(root, "publisher"), "name")->text, nasty[i]);
    }

    f->policy.controller.name = consent_lit("Malmö stad");
}


static void
control_characters_are_refused(void **state)
{
    static const char *const  rows[] = {
        "a\nb", "a\r\nX: y", "\x01", "a\x7f", "\xc2\x85", "a\tb", "\xff", "a\xc3"
    };

    size_t                 i;
    fixture_t             *f = *state;
    consent_slice_t        empty = consent_lit(""), principal = f->policy.principal;
    consent_disclosure_t   d;

    for (i = 0; i < consent_countof(rows); i++) {
        assert_int_equal(build(f, &d, CONSENT_AI_ON, 0, consent_cstr(rows[i]), empty), CONSENT_MALFORMED);
        assert_int_equal(build(f, &d, CONSENT_AI_ON, 0, empty, consent_cstr(rows[i])), CONSENT_MALFORMED);

        f->policy.principal = consent_cstr(rows[i]);
        assert_int_equal(build(f, &d, CONSENT_AI_ON, 0, empty, empty), CONSENT_MALFORMED);
        f->policy.principal = principal;
    }

    assert_int_equal(build(f, &d, CONSENT_AI_ON, 0, consent_slice("a\0b", 3), empty), CONSENT_MALFORMED);
}


static void
a_header_has_its_bound(void **state)
{
    size_t                 len;
    uint8_t                out[CONSENT_DISCLOSURE_HEADER];
    char                   name[600];
    fixture_t             *f = *state;
    consent_disclosure_t   d;

    memset(name, 'x', sizeof(name));

    for (len = 1; len < sizeof(name); len++) {
        if (build(f, &d, CONSENT_AI_ON, 0, consent_slice(name, len), consent_lit("p")) != CONSENT_OK) {
            break;
        }

        assert_true(consent_disclosure_header(out, sizeof(out), &d, INT64_MAX) > len);
    }

    assert_in_range(len, 400, 480);
    assert_int_equal(build(f, &d, CONSENT_AI_ON, 0, consent_slice(name, len), consent_lit("p")), CONSENT_LIMIT);

    assert_int_equal(build(f, &d, CONSENT_AI_ON, 0, consent_lit(""), consent_lit("p")), CONSENT_OK);
    assert_int_equal(consent_disclosure_header(out, 20, &d, NOW), 0);
    assert_int_equal(consent_disclosure_header(out, sizeof(out), &f->people, NOW), 0);
}


static void
the_link_leads_to_a_person(void **state)
{
    fixture_t                *f = *state;
    consent_disclosure_t      d;
    consent_disclose_conf_t   conf = { .kind = CONSENT_AI_OFF, .base = consent_lit("/.privacy/") };

    assert_slice(f->people.in[0].link, "</.privacy/human>; rel=\"help\"; hreflang=\"sv\"; "
                 "title*=UTF-8''F%C3%A5%20kontakt%20med%20en%20m%C3%A4nniska");
    assert_slice(f->people.in[2].link, "</.privacy/human>; rel=\"help\"; hreflang=\"en-GB\"; "
                 "title*=UTF-8''Contact%20a%20person");

    /* a location's name is decoded; here it is a URI again */
    conf.base = consent_lit("/s\xc3\xa5 h\xc3\xa4r/100%<>/");
    assert_int_equal(consent_disclosure_build(&d, f->arena, &f->policy, &conf), CONSENT_OK);
    assert_memory_equal(d.in[0].link.data, "</s%C3%A5%20h%C3%A4r/100%25%3C%3E/human>;", 41);
    assert_true(holds(d.in[0].utf8.contact, "href=\"/s%C3%A5%20h%C3%A4r/100%25%3C%3E/\""));
    assert_true(holds(d.in[0].utf8.style, "href=\"/s%C3%A5%20h%C3%A4r/100%25%3C%3E/assets/in-page.css\""));

    /* without pages of ours: by phone, else by mail, else not at all */
    conf.base = consent_lit("");
    assert_int_equal(consent_disclosure_build(&d, f->arena, &f->policy, &conf), CONSENT_OK);
    assert_memory_equal(d.in[0].link.data, "<tel:+4680000000>; rel", 22);
    assert_int_equal(d.in[0].utf8.style.len, 0);
    assert_true(holds(d.in[0].utf8.contact, "<a rel=\"help\" href=\"tel:+4680000000\">"));
    assert_false(holds(d.in[0].utf8.contact, "delar"));

    f->policy.channels = f->channels + 1;
    f->policy.n_channels = 1;
    assert_int_equal(consent_disclosure_build(&d, f->arena, &f->policy, &conf), CONSENT_OK);
    assert_memory_equal(d.in[0].link.data, "<mailto:kontakt@malmo.example>; rel", 35);

    f->policy.n_channels = 0;
    assert_int_equal(consent_disclosure_build(&d, f->arena, &f->policy, &conf), CONSENT_OK);
    assert_int_equal(d.in[0].link.len, 0);

    f->policy.channels = f->channels;
    f->policy.n_channels = 2;
}


static void
the_contact_is_whole_without_style_or_script(void **state)
{
    fixture_t  *f = *state;

    assert_slice(f->people.in[0].utf8.contact,
                 "<nav data-consent=\"contact\" lang=\"sv\" aria-label=\"Kontakt och integritet\">"
                 "<a rel=\"help\" href=\"/.privacy/human\">F\xc3\xa5 kontakt med en m\xc3\xa4nniska: +46 8 000 00 00, "
                 "vardagar kl. 8\xe2\x80\x93" "16.30</a> <a href=\"/.privacy/\">\xc3\x84ndra vad du delar</a></nav>");

    assert_slice(f->people.in[0].ascii.contact,
                 "<nav data-consent=\"contact\" lang=\"sv\" aria-label=\"Kontakt och integritet\">"
                 "<a rel=\"help\" href=\"/.privacy/human\">F&#xe5; kontakt med en m&#xe4;nniska: +46 8 000 00 00, "
                 "vardagar kl. 8&#x2013;16.30</a> <a href=\"/.privacy/\">&#xc4;ndra vad du delar</a></nav>");

    assert_slice(f->ai.in[0].utf8.notice,
                 "<aside data-consent=\"notice\" ai-disclosure=\"human-only\" lang=\"sv\" aria-label=\"Om AI p\xc3\xa5 "
                 "sidan\"><p><b lang=\"en\">AI GENERATED</b> Texten \xc3\xa4r skapad av AI p\xc3\xa5 uppdrag av "
                 "Malm\xc3\xb6 stad. Ingen m\xc3\xa4nniska har granskat den.</p></aside>");
}


static void
json_ld_names_publisher_and_contact(void **state)
{
    const size_t            open = strlen("<script type=\"application/ld+json\" data-consent=\"data\">");
    fixture_t              *f = *state;
    consent_slice_t         s = f->ai.in[1].utf8.data;
    consent_json_t         *root;
    const consent_json_t   *publisher, *contact, *hours;
    consent_json_error_t    err;

    assert_int_equal(consent_json_parse(&root, f->arena, consent_slice(s.data + open, s.len - open - 9), 16, &err),
                     CONSENT_OK);

    assert_slice(consent_json_get(root, "@context")->text, "https://schema.org");
    assert_slice(consent_json_get(root, "@type")->text, "WebPage");
    publisher = consent_json_get(root, "publisher");
    assert_slice(consent_json_get(publisher, "@type")->text, "GovernmentOrganization");
    assert_slice(consent_json_get(publisher, "url")->text, "https://malmo.example");
    contact = consent_json_get(publisher, "contactPoint");
    assert_slice(consent_json_get(contact, "@type")->text, "ContactPoint");
    assert_slice(consent_json_get(contact, "name")->text, "Asiakaspalvelu");
    assert_slice(consent_json_get(contact, "contactType")->text, "customer service");
    assert_slice(consent_json_get(contact, "telephone")->text, "+46 8 000 00 00");
    assert_slice(consent_json_get(contact, "email")->text, "kontakt@malmo.example");
    assert_slice(consent_json_get(contact, "url")->text, "/.privacy/human");
    assert_int_equal(consent_json_get(contact, "availableLanguage")->count, 2);
    hours = consent_json_get(contact, "hoursAvailable")->first;
    assert_slice(consent_json_get(hours, "@type")->text, "OpeningHoursSpecification");
    assert_int_equal(consent_json_get(hours, "dayOfWeek")->count, 5);
    assert_slice(consent_json_get(hours, "dayOfWeek")->first->text, "https://schema.org/Monday");
    assert_slice(consent_json_get(hours, "opens")->text, "08:00");
    assert_slice(consent_json_get(hours, "closes")->text, "16:30");
}


/* "No person has checked it" is the policy's to say of what nobody checked; that one has, only with a name. */
static void
a_notice_says_what_is_the_case(void **state)
{
    static const struct {
        consent_ai_kind_t   kind;
        consent_mode_t      mode;
        bool                own;
        bool                editorial;
        const char         *notice;
    } rows[] = {
        { CONSENT_AI_ON, CONSENT_MODE_GENERATED, false, false,
          "This text was made by AI on behalf of Malm\xc3\xb6 stad. No person has checked it." },
        { CONSENT_AI_ON, CONSENT_MODE_GENERATED, true, false, "Own words for Malm\xc3\xb6 stad {x}." },
        { CONSENT_AI_CHAT, CONSENT_MODE_GENERATED, false, false,
          "You are chatting with an AI, not with a person. It answers on behalf of Malm\xc3\xb6 stad." },
        { CONSENT_AI_CHAT, CONSENT_MODE_GENERATED, true, false, "Own chat." },
        { CONSENT_AI_DECISION, CONSENT_MODE_GENERATED, false, false,
          "This decision was made automatically on behalf of Malm\xc3\xb6 stad. You can ask for a person to review it." },
        { CONSENT_AI_DECISION, CONSENT_MODE_UNKNOWN, true, false, "Own decision." },
        { CONSENT_AI_ON, CONSENT_MODE_ORIGINATED, true, false,
          "This text was made with the help of AI on behalf of Malm\xc3\xb6 stad." },
        { CONSENT_AI_ON, CONSENT_MODE_ORIGINATED, true, true,
          "This text was made with the help of AI and checked by a person. Responsible: Eva Ek, on behalf of "
          "Malm\xc3\xb6 stad." },
        { CONSENT_AI_ON, CONSENT_MODE_MODIFIED, true, true,
          "People wrote this text. AI changed it on behalf of Malm\xc3\xb6 stad. No person has checked the changes." },
        { CONSENT_AI_ON, CONSENT_MODE_MODIFIED_REVIEWED, false, false,
          "People wrote this text. AI changed it on behalf of Malm\xc3\xb6 stad." },
        { CONSENT_AI_ON, CONSENT_MODE_MODIFIED_REVIEWED, false, true,
          "This text was changed by AI and checked by a person. Responsible: Eva Ek, on behalf of Malm\xc3\xb6 stad." }
    };

    size_t                       i;
    uint8_t                      hash[CONSENT_HASH_LEN];
    fixture_t                   *f = *state;
    consent_digest_t            *digest = consent_digest_create();
    consent_disclosure_t         d;
    consent_disclosure_text_t   *t = &d.in[2];

    for (i = 0; i < consent_countof(rows); i++) {
        f->policy.notice.in[2] = rows[i].own ? consent_lit("Own words for {principal} {x}.") : consent_lit("");
        f->policy.chat_notice.in[2] = rows[i].own ? consent_lit("Own chat.") : consent_lit("");
        f->policy.decision_notice.in[2] = rows[i].own ? consent_lit("Own decision.") : consent_lit("");
        f->policy.editorial = rows[i].editorial ? consent_lit("Eva Ek") : consent_lit("");

        assert_int_equal(build(f, &d, rows[i].kind, rows[i].mode, consent_lit(""), consent_lit("")), CONSENT_OK);
        assert_slice(t->notice_text, rows[i].notice);
        assert_true(holds(t->utf8.notice, rows[i].notice));

        assert_int_equal(consent_digest_sha256(digest, hash, &t->notice_text, 1), CONSENT_OK);
        assert_memory_equal(hash, t->notice_hash, sizeof(hash));
    }

    f->policy.notice.in[2] = f->policy.chat_notice.in[2] = f->policy.decision_notice.in[2] = consent_lit("");
    f->policy.editorial = consent_lit("");
    consent_digest_destroy(digest);
}


static void
any_change_of_an_element_changes_its_version(void **state)
{
    size_t                 i, j;
    fixture_t             *f = *state;
    consent_disclosure_t   d[6];

    assert_int_equal(build(f, &d[0], CONSENT_AI_ON, 0, consent_lit(""), consent_lit("p")), CONSENT_OK);
    assert_int_equal(build(f, &d[1], CONSENT_AI_ON, 0, consent_lit("m"), consent_lit("p")), CONSENT_OK);
    assert_int_equal(build(f, &d[2], CONSENT_AI_ON, 1, consent_lit(""), consent_lit("p")), CONSENT_OK);
    assert_int_equal(build(f, &d[3], CONSENT_AI_OFF, 0, consent_lit(""), consent_lit("p")), CONSENT_OK);
    f->hours[0].closes--;
    assert_int_equal(build(f, &d[4], CONSENT_AI_ON, 0, consent_lit(""), consent_lit("p")), CONSENT_OK);
    f->hours[0].closes++;
    assert_int_equal(build(f, &d[5], CONSENT_AI_ON, 0, consent_lit(""), consent_lit("p")), CONSENT_OK);

    assert_string_equal(d[0].in[0].version, d[5].in[0].version);
    assert_string_not_equal(d[0].in[0].version, d[0].in[1].version);

    for (i = 0; i < 5; i++) {
        assert_int_equal(strspn(d[i].in[0].version, "0123456789abcdef"), 8);

        for (j = 0; j < i; j++) {
            assert_string_not_equal(d[i].in[0].version, d[j].in[0].version);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(each_mode_has_its_words),
        cmocka_unit_test(configuration_knows_the_modes_by_name),
        cmocka_unit_test(any_name_is_one_member_of_the_header),
        cmocka_unit_test(no_name_breaks_out_of_an_element),
        cmocka_unit_test(control_characters_are_refused),
        cmocka_unit_test(a_header_has_its_bound),
        cmocka_unit_test(the_link_leads_to_a_person),
        cmocka_unit_test(the_contact_is_whole_without_style_or_script),
        cmocka_unit_test(json_ld_names_publisher_and_contact),
        cmocka_unit_test(a_notice_says_what_is_the_case),
        cmocka_unit_test(any_change_of_an_element_changes_its_version),
    };

    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
