/*
 * The way back of masks: an answer comes out the same however it is cut; with values replaced by their masks it is what
 * went in; JSON stays JSON and a page keeps its tags; and no value stands in an address, a tag, a link's target or a
 * member that programs act on.
 */

#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/utf8.h"
#include "minimize/restore.h"

#include "restore_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const char *const  pieces[] = {
    "[a 1]", "[a 1]", "[a 2]", "[b 1]", "[b 2]", "[a 9]", "[a ", "1]", "[", "]", "https://e.example/?q=", "://",
    "www.", "mailto:", "<img src=\"", "<img src='", "<b x=", "<b ", "\"", "'", ">", "</b>", "<", "</", "<!--", "-->",
    "<!", "<?", "?>", "--", "<script>", "</script>", "<style>", "</style>", "<title>", "</title>", "<svg>", "</svg>",
    "<![CDATA[", "]]>", "<textarea>", "</textarea>", "<br>", "<p>", "</p>", "](", ")", "(", "![x](", "[x]: ", "]:",
    " ", " ", "\n", "\n\n", "\r\n", "x", "y", ".", "..", ":", "/", "//", "\\", "@", "?", "=", "%", "&", ";", "&nbsp;",
    "&#58;", "&lt;", "`", "*", "**", "{", "[\"", "[{", "0", "\xc3\xa5", "e.example", "-", "\t", "<noscript>",
    "</noscript>", "<template>", "</template>", "<x:", "<plaintext>", "data", "a b", ", ", "!"
};

static const char *const  names[] = {
    "svar", "content", "text", "url", "arguments", "input", "image_url", "args", "delta", "message", "name", "value"
};

static void build(text_t *out, consent_restore_kind_t kind, const uint8_t *data, size_t len);
static void build_string(text_t *out, const uint8_t *data, size_t len, unsigned spelling);
static void add(text_t *t, const void *data, size_t len);
static void run(text_t *out, const consent_masks_t *m, consent_restore_kind_t kind, const text_t *in, uint32_t cuts);
static consent_rc_t run_emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind);
static void back(text_t *t, consent_restore_kind_t kind);
static void streams(text_t *out, const text_t *in, consent_restore_kind_t kind, bool programs);
static void members(const consent_json_t *v, bool programs, const char *whose, bool whole);
static text_t *stream(const char *whose, consent_slice_t name);

static const consent_masks_t  *masks;
static text_t                  texts[24];
static char                    keys[24][64];
static bool                    plain;             /* events are pieces of plain text */
static text_t                  input, output;     /* of the run under way, for whoever looks at a failure */


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    uint32_t                 cuts;
    consent_masks_t         *m;
    consent_slice_t          mask;
    consent_restore_kind_t   kind;
    size_t                   i;

    static text_t  other, before;

    static const struct {
        const char  *label;
        const char  *value;
    } values[] = {
        { "a", MARK "0001" }, { "a", MARK "+46 8 12 e" }, { "b", MARK "\"&\\'>\n" }, { "b", MARK "y@a.example" }
    };

    if (masks == NULL) {
        m = consent_masks_create();

        for (i = 0; i < consent_countof(values); i++) {
            require(consent_masks_give(m, consent_cstr(values[i].label), consent_cstr(values[i].value),
                                       consent_cstr(values[i].value), &mask) == CONSENT_OK);
        }

        masks = m;
    }

    if (len < 2 || len > 4096 || memmem(data, len, MARK, 4) != NULL) {
        return 0;
    }

    kind = (consent_restore_kind_t) (data[0] % 5);
    cuts = data[1] * 2654435761U | 1;

    if (data[0] & 128) {
        input.len = 0;
        add(&input, data + 2, len - 2);

    } else {
        build(&input, kind, data + 2, len - 2);
    }

    if (memmem(input.data, input.len, MARK, 4) != NULL) {
        return 0;
    }

    run(&output, masks, kind, &input, 0);
    run(&other, masks, kind, &input, UINT32_MAX);
    require(output.len == other.len && memcmp(output.data, other.data, output.len) == 0);
    run(&other, masks, kind, &input, cuts);
    require(output.len == other.len && memcmp(output.data, other.data, output.len) == 0);

    if (kind != CONSENT_RESTORE_TEXT && kind != CONSENT_RESTORE_HTML) {

        /* of what is no JSON nobody says how it is read */
        if (!consent_utf8_valid(consent_slice(input.data, input.len))
            || (data[0] & 128 && kind != CONSENT_RESTORE_JSON))
        {
            return 0;
        }

        plain = kind == CONSENT_RESTORE_SSE && len > 2 && data[2] % 5 == 4;

        streams(&other, &output, kind, true);
        require(memmem(other.data, other.len, MARK, 4) == NULL);

        streams(&other, &output, kind, false);
        streams(&before, &input, kind, false);
        back(&other, CONSENT_RESTORE_TEXT);
        require(other.len == before.len && memcmp(other.data, before.data, other.len) == 0);

        if (kind != CONSENT_RESTORE_JSON) {
            /* texts move from event to event */
            return 0;
        }

    } else if (kind == CONSENT_RESTORE_HTML) {
        check_page(&input, &output);
        check(output.data, output.len, true);

    } else {
        check(output.data, output.len, false);
    }

    back(&output, kind);
    require(output.len == input.len && memcmp(output.data, input.data, input.len) == 0);

    return 0;
}


/* An answer of pieces; each byte is one, 250 and more begin another string or event. */
static void
build(text_t *out, consent_restore_kind_t kind, const uint8_t *data, size_t len)
{
    char      head[256];
    size_t    i, n;
    unsigned  dialect, member;

    out->len = 0;
    dialect = len > 0 ? data[0] : 0;
    member = 0;

    if (kind == CONSENT_RESTORE_TEXT || kind == CONSENT_RESTORE_HTML) {
        build_string(out, data, len, 0);
        return;
    }

    if (kind == CONSENT_RESTORE_JSON) {
        add(out, "[", 1);
    }

    for (i = 0; i < len; i += n + 1) {
        for (n = 0; i + n < len && data[i + n] < 250; n++) { /* void */ }

        if (kind == CONSENT_RESTORE_JSON) {
            add(out, head, (size_t) sprintf(head, "%s{\"%s\":\"", member == 0 ? "" : ",",
                                            names[data[i] % consent_countof(names)]));
            build_string(out, data + i, n, dialect);
            add(out, "\"}", 2);
            member++;
            continue;
        }

        if (kind == CONSENT_RESTORE_SSE) {
            add(out, "data: ", 6);
        }

        switch (dialect % 5) {
        case 0:
            add(out, head, (size_t) sprintf(head, "{\"choices\":[{\"index\":%u,\"delta\":{\"%s\":\"", data[i] & 1,
                                            names[data[i] % 5]));
            build_string(out, data + i, n, dialect >> 4);
            add(out, "\"}}]}", 5);
            break;
        case 1:
            add(out, head, (size_t) sprintf(head, "{\"type\":\"content_block_delta\",\"index\":%u,\"delta\":{\"%s\":\"",
                                            data[i] & 1, data[i] & 2 ? "text" : "partial_json"));
            build_string(out, data + i, n, dialect >> 4);
            add(out, "\"}}", 3);
            break;
        case 2:
            add(out, head, (size_t) sprintf(head, "{\"%s\":\"", names[data[i] % 6]));
            build_string(out, data + i, n, dialect >> 4);
            add(out, "\"}", 2);
            break;
        case 3:
            add(out, head, (size_t) sprintf(head, "{\"type\":\"text-delta\",\"id\":\"%u\",\"delta\":\"", data[i] & 3));
            build_string(out, data + i, n, dialect >> 4);
            add(out, "\"}", 2);
            break;
        default:
            build_string(out, data + i, n, 255);
            break;
        }

        add(out, "\n\n", kind == CONSENT_RESTORE_SSE ? 2 : 1);
    }

    if (kind == CONSENT_RESTORE_JSON) {
        add(out, "]", 1);
    }
}


/* spelling: of JSON escapes; 0: none are needed; 255: no line breaks. */
static void
build_string(text_t *out, const uint8_t *data, size_t len, unsigned spelling)
{
    char         escape[8];
    size_t       i;
    const char  *p;

    for (i = 0; i < len; i++) {
        for (p = pieces[data[i] % consent_countof(pieces)]; *p != '\0'; p++) {

            if (spelling == 255) {
                if (*p != '\n' && *p != '\r') {
                    add(out, p, 1);
                }

            } else if (spelling != 0 && ((uint8_t) *p < ' ' || *p == '"' || *p == '\\'
                                         || ((uint8_t) *p < 0x80 && (spelling + i) % 7 == 0)))
            {
                add(out, escape, (size_t) sprintf(escape, "\\u%04x", (unsigned) *p));

            } else {
                add(out, p, 1);
            }
        }
    }
}


static void
add(text_t *t, const void *data, size_t len)
{
    require(len < SIZE - t->len);

    if (len > 0) {
        memcpy(t->data + t->len, data, len);
    }

    t->len += len;
    t->data[t->len] = '\0';
}


/* cuts: 0: all at once; UINT32_MAX: byte by byte; else a seed for pieces of 0 to 31 bytes. */
static void
run(text_t *out, const consent_masks_t *m, consent_restore_kind_t kind, const text_t *in, uint32_t cuts)
{
    void                 *memory;
    size_t                at, piece;
    uint8_t              *copy;
    consent_transform_t  *t;

    out->len = 0;
    memory = malloc(consent_restore_size());
    t = consent_restore_init(memory, m, kind);

    for (at = 0; at < in->len; at += piece) {
        piece = in->len - at;

        if (cuts == UINT32_MAX) {
            piece = 1;

        } else if (cuts != 0) {
            cuts = cuts * 1664525 + 1013904223;
            piece = piece < (cuts >> 27) ? piece : cuts >> 27;
        }

        copy = malloc(piece + 1);
        memcpy(copy, in->data + at, piece);
        require(consent_transform_feed(t, piece > 0 ? copy : NULL, piece, false, run_emit, out) == CONSENT_OK);
        free(copy);
    }

    require(consent_transform_feed(t, NULL, 0, true, run_emit, out) == CONSENT_OK);
    consent_transform_destroy(t);
    free(memory);
}


static consent_rc_t
run_emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    require(len > 0 && kind <= CONSENT_SPAN_LASTING);
    add(arg, data, len);

    return CONSENT_OK;
}


/* Masks in the place of values. */
static void
back(text_t *t, consent_restore_kind_t kind)
{
    size_t  i, k, n;

    static text_t  copy;

    static const struct {
        const char  *mask;
        const char  *plain;
        const char  *html;
        const char  *json;
    } values[] = {
        { "[a 1]", MARK "0001", MARK "0001", MARK "0001" },
        { "[a 2]", MARK "+46 8 12 e", MARK "+46 8 12 e", MARK "+46 8 12 e" },
        { "[b 1]", MARK "\"&\\'>\n", MARK "&quot;&amp;\\&#39;&gt;\n", MARK "\\\"\\u0026\\\\'\\u003e\\n" },
        { "[b 2]", MARK "y@a.example", MARK "y@a.example", MARK "y@a.example" }
    };

    copy.len = 0;

    for (i = 0; i < t->len; /* void */ ) {
        for (k = 0; k < consent_countof(values); k++) {
            const char  *value = kind == CONSENT_RESTORE_HTML ? values[k].html
                                 : kind == CONSENT_RESTORE_JSON ? values[k].json : values[k].plain;

            n = strlen(value);

            if (n <= t->len - i && memcmp(t->data + i, value, n) == 0) {
                add(&copy, values[k].mask, strlen(values[k].mask));
                i += n;
                break;
            }
        }

        if (k == consent_countof(values)) {
            add(&copy, t->data + i++, 1);
        }
    }

    t->len = 0;
    add(t, copy.data, copy.len);
}


/* The texts of all events, each as its reader has it, and looked at; or what programs have. Where strings of a document
 * meet stands 0x1f. */
static void
streams(text_t *out, const text_t *in, consent_restore_kind_t kind, bool programs)
{
    char                   whose[32];
    size_t                 k;
    const uint8_t         *p, *end, *line, *stop;
    consent_arena_t       *a;
    consent_json_t        *v;
    const consent_json_t  *choice, *block;
    consent_json_error_t   err;

    for (k = 0; k < consent_countof(texts); k++) {
        texts[k].len = 0;
        keys[k][0] = '\0';
    }

    p = in->data;
    end = p + in->len;

    while (p < end) {
        line = p;
        p = kind == CONSENT_RESTORE_JSON ? NULL : memchr(p, '\n', (size_t) (end - p));
        stop = p == NULL ? end : p;
        p = p == NULL ? end : p + 1;

        if (kind == CONSENT_RESTORE_SSE) {
            if (stop - line < 6 || memcmp(line, "data: ", 6) != 0) {
                continue;
            }

            line += 6;
        }

        a = consent_arena_create(1 << 20);

        if (!plain && consent_json_parse(&v, a, consent_slice(line, (size_t) (stop - line)), 64, &err) == CONSENT_OK) {
            choice = consent_json_get(v, "choices");
            choice = choice == NULL ? NULL : choice->first;
            block = consent_json_get(v, "index");
            block = block != NULL ? block : consent_json_get(v, "id");
            block = block != NULL ? block : consent_json_get(choice, "index");
            snprintf(whose, sizeof(whose), "%.*s", block == NULL || block->text.len > 20 ? 0 : (int) block->text.len,
                     block == NULL ? "" : (const char *) block->text.data);
            members(v, programs, whose, kind == CONSENT_RESTORE_JSON);

        } else if (!programs && kind == CONSENT_RESTORE_SSE) {
            add(stream("plain", consent_lit("")), line, (size_t) (stop - line));
        }

        consent_arena_destroy(a);
    }

    out->len = 0;

    for (k = 0; k < consent_countof(texts); k++) {
        add(out, "\n\n", 2);
        add(out, texts[k].data, texts[k].len);

        if (!programs) {
            check(texts[k].data, texts[k].len, false);
        }
    }
}


/* Strings of a document in order: those that people read, or names and what programs have. */
static void
members(const consent_json_t *v, bool programs, const char *whose, bool whole)
{
    bool                   program;
    size_t                 i;
    const consent_json_t  *c;

    static const char *const  acted[] = { "url", "arguments", "input", "image_url", "args", "partial_json" };

    if (v->type == CONSENT_JSON_STRING) {
        add(stream(whose, v->name), v->text.data, v->text.len);

        if (whole) {
            add(stream(whose, v->name), "\x1f", 1);
        }

        return;
    }

    for (c = v->first; c != NULL; c = c->next) {
        program = false;

        if (consent_slice_eq(c->name, consent_lit("type")) || consent_slice_eq(c->name, consent_lit("id"))) {
            continue;
        }

        for (i = 0; i < consent_countof(acted); i++) {
            program |= consent_slice_eq(c->name, consent_cstr(acted[i]));
        }

        if (programs) {
            add(stream("names", consent_lit("")), c->name.data, c->name.len);
        }

        if (program == programs || c->first != NULL) {
            members(c, program ? program : programs, whose, whole);
        }
    }
}


static text_t *
stream(const char *whose, consent_slice_t name)
{
    char    key[64];
    size_t  k;

    snprintf(key, sizeof(key), "%s/%.*s", whose, name.len > 20 ? 20 : (int) name.len, (const char *) name.data);

    for (k = 0; k + 1 < consent_countof(texts) && keys[k][0] != '\0' && strcmp(keys[k], key) != 0; k++) { /* void */ }

    strcpy(keys[k], key);

    return &texts[k];
}


static void
require_at(bool condition, int line)
{
    if (!condition) {
        fprintf(stderr, "line %d\n%.*s\n%.*s\n", line, (int) input.len, (const char *) input.data,
                (int) output.len, (const char *) output.data);
        abort();
    }
}
