/*
 * Which bodies masks are restored in. Scripts, style sheets, tables and XML are read by programs.
 */

#include "minimize/media.h"
#include "minimize/restore.h"


bool
consent_restore_type(consent_restore_kind_t *kind, consent_slice_t content_type)
{
    size_t            i;
    consent_slice_t   type;
    consent_media_t   media;

    static const char *const  charsets[] = { "", "utf-8", "utf8", "us-ascii", "ascii" };

    static const struct {
        const char              *type;
        consent_restore_kind_t   kind;
    } types[] = {
        { "text/html", CONSENT_RESTORE_HTML },
        { "application/xhtml+xml", CONSENT_RESTORE_HTML },
        { "application/json", CONSENT_RESTORE_JSON },
        { "text/json", CONSENT_RESTORE_JSON },
        { "text/event-stream", CONSENT_RESTORE_SSE },
        { "application/x-ndjson", CONSENT_RESTORE_NDJSON },
        { "application/ndjson", CONSENT_RESTORE_NDJSON },
        { "application/jsonl", CONSENT_RESTORE_NDJSON },
        { "application/jsonlines", CONSENT_RESTORE_NDJSON },
        { "application/x-jsonlines", CONSENT_RESTORE_NDJSON },
        { "application/stream+json", CONSENT_RESTORE_NDJSON },
        { "text/plain", CONSENT_RESTORE_TEXT },
        { "text/markdown", CONSENT_RESTORE_TEXT },
        { "text/x-markdown", CONSENT_RESTORE_TEXT }
    };

    if (consent_media_parse(&media, content_type) != CONSENT_OK) {
        return false;
    }

    for (i = 0; !consent_slice_ieq(media.charset, consent_cstr(charsets[i])); i++) {
        if (i + 1 == consent_countof(charsets)) {
            return false;
        }
    }

    type = media.type;

    for (i = 0; i < consent_countof(types); i++) {
        if (consent_slice_ieq(type, consent_cstr(types[i].type))) {
            *kind = types[i].kind;
            return true;
        }
    }

    *kind = CONSENT_RESTORE_JSON;

    return type.len > 5 && consent_slice_ieq(consent_slice(type.data + type.len - 5, 5), consent_lit("+json"));
}
