/*
 * Request headers by what they are to us, whatever their spelling.
 */

#include "minimize.h"


static void
headers_are_told_by_their_folded_name(void **state)
{
    static const struct {
        const char             *name;
        consent_header_kind_t   kind;
    } rows[] = {
        { "Host", CONSENT_HEADER_PLAIN },
        { "Accept", CONSENT_HEADER_PLAIN },
        { "", CONSENT_HEADER_PLAIN },
        { "Cookie", CONSENT_HEADER_COOKIE },
        { "cookie2", CONSENT_HEADER_OURS },
        { "link", CONSENT_HEADER_URL },
        { "origin", CONSENT_HEADER_URL },
        { "Referer", CONSENT_HEADER_URL },
        { "REFERER", CONSENT_HEADER_URL },
        { "X-Original-URL", CONSENT_HEADER_URL },
        { "X_Original_URL", CONSENT_HEADER_URL },
        { "x.rewrite.url", CONSENT_HEADER_URL },
        { "HX-Current-URL", CONSENT_HEADER_URL },
        { "X-Envoy-Original-Path", CONSENT_HEADER_URL },
        { "X-Auth-Request-Redirect", CONSENT_HEADER_URL },
        { "X-Up-Location", CONSENT_HEADER_URL },
        { "Zone-Page_Uri", CONSENT_HEADER_URL },
        { "-Url", CONSENT_HEADER_PLAIN },
        { "Curl", CONSENT_HEADER_PLAIN },
        { "X-Pathology", CONSENT_HEADER_PLAIN },
        { "Consent-Url", CONSENT_HEADER_OURS },
        { "X-HTTP-Method-Override", CONSENT_HEADER_METHOD },
        { "X_HTTP_METHOD_OVERRIDE", CONSENT_HEADER_METHOD },
        { "Upgrade", CONSENT_HEADER_UPGRADE },
        { "Accept-Encoding", CONSENT_HEADER_ENCODING },
        { "Upgrade-Insecure-Requests", CONSENT_HEADER_PLAIN },
        { "Sec-GPC", CONSENT_HEADER_GPC },
        { "ADPC", CONSENT_HEADER_ADPC },
        { "Consent-Level", CONSENT_HEADER_OURS },
        { "CONSENT_LEVEL", CONSENT_HEADER_OURS },
        { "consent.anything", CONSENT_HEADER_OURS },
        { "Consent-Policy", CONSENT_HEADER_OURS },
        { "Consent", CONSENT_HEADER_PLAIN },
        { "Consent-", CONSENT_HEADER_PLAIN },
        { "Consents-Level", CONSENT_HEADER_PLAIN }
    };

    size_t                 i;
    uint8_t                folded[64];
    consent_slice_t        name;
    consent_mask_t         mask;
    consent_header_kind_t  kind;

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        name = consent_cstr(rows[i].name);
        consent_header_fold(folded, name);
        kind = consent_minimize_header(&mask, consent_slice(folded, name.len), policy);

        if (kind != rows[i].kind) {
            fail_msg("%s: %d", rows[i].name, kind);
        }
    }
}


static void
protected_headers_are_found_in_every_spelling(void **state)
{
    static const struct {
        const char      *name;
        consent_mask_t   mask;
    } rows[] = {
        { "X-Personnummer", BIT(IDENTITY) },
        { "x-personnummer", BIT(IDENTITY) },
        { "X_PERSONNUMMER", BIT(IDENTITY) },
        { "X.Personnummer", BIT(IDENTITY) },
        { "X-User_Email", BIT(CONTACT) },
        { "X-Personnummer2", 0 },
        { "Personnummer", 0 },
        { "Cookie", 0 },
        { "", 0 }
    };

    size_t           i;
    uint8_t          folded[64];
    consent_slice_t  name;
    consent_mask_t   mask;

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        name = consent_cstr(rows[i].name);
        consent_header_fold(folded, name);
        (void) consent_minimize_header(&mask, consent_slice(folded, name.len), policy);

        if (mask != rows[i].mask) {
            fail_msg("%s: %llx", rows[i].name, (unsigned long long) mask);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(headers_are_told_by_their_folded_name),
        cmocka_unit_test(protected_headers_are_found_in_every_spelling)
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
