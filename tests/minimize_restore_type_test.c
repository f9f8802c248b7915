/*
 * Which bodies masks are restored in.
 */

#include "minimize.h"

#include "minimize/restore.h"


static void
types(void **state)
{
    size_t                  i;
    consent_restore_kind_t  kind;

    static const struct {
        const char  *value;
        int          kind;      /* -1: masks stay */
    } rows[] = {
        { "text/html", CONSENT_RESTORE_HTML },
        { "Text/HTML; charset=UTF-8", CONSENT_RESTORE_HTML },
        { "application/xhtml+xml", CONSENT_RESTORE_HTML },
        { "application/json", CONSENT_RESTORE_JSON },
        { "application/problem+JSON; charset=\"utf-8\"", CONSENT_RESTORE_JSON },
        { "application/x-ndjson", CONSENT_RESTORE_NDJSON },
        { "application/jsonl", CONSENT_RESTORE_NDJSON },
        { "application/stream+json", CONSENT_RESTORE_NDJSON },
        { "text/event-stream;charset=utf8", CONSENT_RESTORE_SSE },
        { "text/plain;charset=us-ascii", CONSENT_RESTORE_TEXT },
        { "text/markdown; variant=GFM", CONSENT_RESTORE_TEXT },

        { "", -1 },
        { "text/javascript", -1 },
        { "application/javascript", -1 },
        { "text/css", -1 },
        { "text/csv", -1 },
        { "text/xml", -1 },
        { "application/xml", -1 },
        { "image/svg+xml", -1 },
        { "text/plainer", -1 },
        { "text/plain+json/x", -1 },
        { "+json", -1 },
        { "application/octet-stream", -1 },
        { "multipart/mixed; boundary=a", -1 },
        { "application/json-seq", -1 },
        { "text/plain; charset=iso-8859-1", -1 },
        { "text/html; charset=utf-16", -1 },
        { "text/html; charset=utf-7", -1 },
        { "text/html; charset=utf-8x", -1 },
        { "text/html; charset=utf-8; charset=utf-16", -1 },
        { "text/html, text/plain", -1 },
        { "text", -1 }
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        kind = CONSENT_RESTORE_TEXT;

        if (consent_restore_type(&kind, consent_cstr(rows[i].value)) != (rows[i].kind >= 0)
            || (rows[i].kind >= 0 && (int) kind != rows[i].kind))
        {
            fail_msg("%s", rows[i].value);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(types)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
