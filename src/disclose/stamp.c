/*
 * Which kinds of bodies there are, and who stamps them.
 */

#include "disclose/html.h"
#include "disclose/stamper.h"

static consent_slice_t kind_type(consent_slice_t content_type);


/* Of JSON's relatives only those whose readers pass over members that they do not know, by their specification (HAL,
 * GeoJSON 6.1): problem details, JWKs, schemas, manifests, JSON-LD, JSON:API, FHIR and the like are strict, or would
 * take the member for data. */
consent_kind_t
consent_stamp_kind(consent_slice_t content_type)
{
    size_t           i;
    consent_slice_t  type;

#define TYPE(s)  { (const uint8_t *) s, sizeof(s) - 1 }

    static const struct {
        consent_slice_t  type;
        consent_kind_t   kind;
    } types[] = {
        { TYPE("text/html"), CONSENT_KIND_HTML },
        { TYPE("application/json"), CONSENT_KIND_JSON },
        { TYPE("text/event-stream"), CONSENT_KIND_SSE },
        { TYPE("text/plain"), CONSENT_KIND_TEXT },
        { TYPE("application/x-ndjson"), CONSENT_KIND_NDJSON },
        { TYPE("application/ndjson"), CONSENT_KIND_NDJSON },
        { TYPE("application/jsonl"), CONSENT_KIND_NDJSON },
        { TYPE("application/jsonlines"), CONSENT_KIND_NDJSON },
        { TYPE("application/x-jsonlines"), CONSENT_KIND_NDJSON },
        { TYPE("application/stream+json"), CONSENT_KIND_NDJSON },
        { TYPE("application/xhtml+xml"), CONSENT_KIND_XHTML },
        { TYPE("text/markdown"), CONSENT_KIND_MARKDOWN },
        { TYPE("text/x-markdown"), CONSENT_KIND_MARKDOWN },
        { TYPE("image/png"), CONSENT_KIND_PNG },
        { TYPE("image/apng"), CONSENT_KIND_PNG },
        { TYPE("image/jpeg"), CONSENT_KIND_JPEG },
        { TYPE("text/json"), CONSENT_KIND_JSON },
        { TYPE("application/x-json"), CONSENT_KIND_JSON },
        { TYPE("application/hal+json"), CONSENT_KIND_JSON },
        { TYPE("application/geo+json"), CONSENT_KIND_JSON }
    };

#undef TYPE

    type = kind_type(content_type);

    for (i = 0; i < consent_countof(types); i++) {
        if (consent_slice_ieq(type, types[i].type)) {
            return types[i].kind;
        }
    }

    return CONSENT_KIND_OTHER;
}


const char *
consent_kind_name(consent_kind_t kind)
{
    switch (kind) {
    case CONSENT_KIND_OTHER:
        break;
    case CONSENT_KIND_HTML:
    case CONSENT_KIND_XHTML:
        return "html";
    case CONSENT_KIND_JSON:
        return "json";
    case CONSENT_KIND_SSE:
        return "sse";
    case CONSENT_KIND_NDJSON:
        return "ndjson";
    case CONSENT_KIND_TEXT:
        return "text";
    case CONSENT_KIND_MARKDOWN:
        return "markdown";
    case CONSENT_KIND_PNG:
        return "png";
    case CONSENT_KIND_JPEG:
        return "jpeg";
    }

    return "other";
}


size_t
consent_stamp_size(consent_kind_t kind)
{
    switch (kind) {
    case CONSENT_KIND_OTHER:
        break;
    case CONSENT_KIND_HTML:
    case CONSENT_KIND_XHTML:
        return consent_stamp_html_size();
    case CONSENT_KIND_JSON:
        return consent_stamp_json_size();
    case CONSENT_KIND_SSE:
    case CONSENT_KIND_NDJSON:
        return consent_stamp_stream_size();
    case CONSENT_KIND_TEXT:
    case CONSENT_KIND_MARKDOWN:
        return consent_stamp_text_size();
    case CONSENT_KIND_PNG:
        return consent_stamp_png_size();
    case CONSENT_KIND_JPEG:
        return consent_stamp_jpeg_size();
    }

    return 0;
}


consent_stamp_t *
consent_stamp_init(void *memory, consent_kind_t kind, const consent_stamp_conf_t *conf)
{
    switch (kind) {
    case CONSENT_KIND_OTHER:
        break;
    case CONSENT_KIND_HTML:
    case CONSENT_KIND_XHTML:
        return consent_stamp_html_init(memory, conf);
    case CONSENT_KIND_JSON:
        return consent_stamp_json_init(memory, conf);
    case CONSENT_KIND_SSE:
    case CONSENT_KIND_NDJSON:
        return consent_stamp_stream_init(memory, conf, kind == CONSENT_KIND_SSE);
    case CONSENT_KIND_TEXT:
    case CONSENT_KIND_MARKDOWN:
        return consent_stamp_text_init(memory, conf, kind == CONSENT_KIND_MARKDOWN);
    case CONSENT_KIND_PNG:
        return consent_stamp_png_init(memory, conf);
    case CONSENT_KIND_JPEG:
        return consent_stamp_jpeg_init(memory, conf);
    }

    return NULL;
}


const char *
consent_stamp_outcome_name(consent_stamp_outcome_t o)
{
    switch (o) {
    case CONSENT_STAMP_PENDING:
        return "pending";
    case CONSENT_STAMP_SENT:
        return "sent";
    case CONSENT_STAMP_MACHINE:
        return "machine-readable";
    case CONSENT_STAMP_ALREADY:
        return "already";
    case CONSENT_STAMP_FRAGMENT:
        return "fragment";
    case CONSENT_STAMP_FRAMESET:
        return "frameset";
    case CONSENT_STAMP_NO_PLACE:
        return "no-place";
    case CONSENT_STAMP_CHARSET:
        return "charset";
    case CONSENT_STAMP_FORMAT:
        return "format";
    case CONSENT_STAMP_DIALECT:
        return "dialect";
    case CONSENT_STAMP_METADATA:
        return "metadata";
    case CONSENT_STAMP_SIGNED:
        return "signed";
    }

    return "unknown";
}


/* The media type without its parameters. */
static consent_slice_t
kind_type(consent_slice_t content_type)
{
    size_t  len;

    for (len = 0; len < content_type.len; len++) {
        if (content_type.data[len] == ';' || content_type.data[len] == ' ' || content_type.data[len] == '\t') {
            break;
        }
    }

    return consent_slice(content_type.data, len);
}
