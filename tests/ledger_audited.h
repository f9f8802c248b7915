/*
 * A log as nginx writes it, in memory: a policy, a table of locations, a key, and one entry of each type, then decisions.
 */

#ifndef TESTS_LEDGER_AUDITED_H
#define TESTS_LEDGER_AUDITED_H

#include "ledger_audit.h"

#define SMALL    13
#define MIDDLE   600
#define LARGE    66000

#define DOCUMENT  "{\"id\":\"exempelkommun\",\"title\":{\"en\":\"x\",\"fi\":\"x\",\"sv\":\"\xc3\xa5\"}," \
                  "\"version\":\"2026-11-22\"}"
#define PLACES    "[{\"ai\":\"off\",\"path\":\"/\"},{\"ai\":\"on\",\"path\":\"/a\\\\,[\\\"\"}]"
#define NOTICE    "Vad du bestämmer om"
#define SHOWN     "En maskin skrev det här"

static memory_log_t  log_;
static char          under[200], notice_hash[65], shown_hash[65];


static inline void
add_decision(size_t i)
{
    log_add(&log_, "{\"assurance\":\"anonymous\",\"by\":\"self\",\"categories\":[\"contact\",\"identity\"],\"commitment\":"
            "\"%064zx\",\"language\":\"sv\",\"level\":\"personal\",\"method\":\"form\",\"node\":\"" ORIGIN "\","
            "\"notice_hash\":\"%s\",%s,\"scope\":\"standing\",\"status\":\"given\",\"time\":\"2026-11-22T%02zu:00:00Z\","
            "\"type\":\"decision\",\"v\":1}", i, notice_hash, under, 9 + i / 20000);
}


static inline void
add_key(void)
{
    char           text[128];
    uint8_t        signature[CONSENT_ED25519_SIG_LEN];
    consent_buf_t  b;

    consent_buf_init(&b, 1024);
    consent_buf_printf(&b, "{\"by\":\"%08x\",\"change\":\"new\",\"kid\":\"00112233\",\"use\":\"cookie\"}", log_.key.id);
    assert_int_equal(consent_ed25519_sign(signature, log_.seed, consent_buf_view(&b)), CONSENT_OK);
    consent_buf_free(&b);
    text[consent_base64(text, signature, sizeof(signature))] = '\0';

    log_add(&log_, "{\"by\":\"%08x\",\"change\":\"new\",\"kid\":\"00112233\",\"node\":\"" ORIGIN "\",%s,\"signature\":\"%s\","
            "\"time\":\"2026-11-22T09:00:02Z\",\"type\":\"key\",\"use\":\"cookie\",\"v\":1}", log_.key.id, under, text);
}


static inline void
make(size_t n)
{
    char    hex[65], path[80];
    size_t  i;

    log_begin(&log_);

    log_hex_of(&log_, hex, consent_lit(DOCUMENT));
    (void) snprintf(under, sizeof(under), "\"policy\":\"exempelkommun\",\"policy_hash\":\"%s\",\"policy_version\":"
                    "\"2026-11-22\"", hex);
    log_hex_of(&log_, notice_hash, consent_lit(NOTICE));
    log_hex_of(&log_, shown_hash, consent_lit(SHOWN));

    log_add(&log_, "{\"document\":" DOCUMENT ",\"node\":\"" ORIGIN "\",%s,\"time\":\"2026-11-22T09:00:00Z\","
            "\"type\":\"policy\",\"v\":1}", under);
    log_hex_of(&log_, hex, consent_lit(PLACES));
    log_add(&log_, "{\"keys\":{\"log\":\"00112233\"},\"locations\":" PLACES ",\"locations_hash\":\"%s\",\"locations_total\":2,"
            "\"module\":\"0.1.0\",\"nginx\":\"1.22.1\",\"node\":\"" ORIGIN "\",%s,\"time\":\"2026-11-22T09:00:01Z\","
            "\"type\":\"config\",\"v\":1}", hex, under);
    add_key();
    add_decision(3);
    log_add(&log_, "{\"kind\":\"html\",\"mode\":\"generated\",\"node\":\"" ORIGIN "\",\"notice_first\":true,\"notice_hash\":"
            "\"%s\",\"outcome\":\"sent\",%s,\"service\":\"a\",\"time\":\"2026-11-22T09:00:03Z\",\"type\":\"disclosure\","
            "\"v\":1}", shown_hash, under);
    log_add(&log_, "{\"channel\":\"route\",\"node\":\"" ORIGIN "\",%s,\"status\":\"routed\",\"time\":"
            "\"2026-11-22T09:00:00Z\",\"topic\":null,\"type\":\"handoff\",\"v\":1}", under);
    log_add(&log_, "{\"entries\":1,\"node\":\"" ORIGIN "\",%s,\"time\":\"2026-11-22T09:00:03Z\",\"type\":\"erasure\","
            "\"v\":1}", under);
    log_add(&log_, "{\"count\":3,\"node\":\"" ORIGIN "\",\"policy\":\"\",\"policy_hash\":\"\",\"policy_version\":\"\",\"time\":"
            "\"2026-11-22T09:00:03Z\",\"type\":\"missed\",\"v\":1}");
    log_add(&log_, "{\"node\":\"" ORIGIN "\",\"policy\":\"\",\"policy_hash\":\"\",\"policy_version\":\"\",\"time\":"
            "\"2026-11-22T09:00:04Z\",\"type\":\"later\",\"v\":1,\"vv\":{\"a\":[]}}");

    log_add(&log_, "{\"bundles\":2,\"first\":0,\"last\":511,\"location\":\"/log/\",\"node\":\"" ORIGIN "\",\"notices\":0,"
            "\"policies\":1,%s,\"role\":\"allow\",\"tiles\":3,\"time\":\"2026-11-22T09:00:04Z\",\"type\":\"audit\",\"v\":1}",
            under);
    log_add(&log_, "{\"entries\":5,\"lost\":null,\"node\":\"" ORIGIN "\",%s,\"signed_origin\":null,\"signed_size\":null,"
            "\"time\":\"2026-11-22T09:00:04Z\",\"type\":\"restored\",\"v\":1}", under);
    log_add(&log_, "{\"decision\":\"2026:17\",\"leaves\":7,\"log\":1,\"node\":\"" ORIGIN "\",%s,\"time\":"
            "\"2026-11-22T09:00:04Z\",\"type\":\"pruned\",\"v\":1}", under);
    log_add(&log_, "{\"change\":\"placed\",\"node\":\"" ORIGIN "\",%s,\"time\":\"2026-11-22T09:00:04Z\",\"type\":\"hold\","
            "\"v\":1}", under);

    for (i = SMALL; i < n; i++) {
        add_decision(i);
    }

    (void) snprintf(path, sizeof(path), "notice/%s", notice_hash);
    log_put(&log_, path, NOTICE, sizeof(NOTICE) - 1);
    (void) snprintf(path, sizeof(path), "notice/%s", shown_hash);
    log_put(&log_, path, SHOWN, sizeof(SHOWN) - 1);
    log_write(&log_, n);
}


static inline int
small(void **state)
{
    (void) state;

    make(SMALL);

    return 0;
}


static inline int
middle(void **state)
{
    (void) state;

    make(MIDDLE);

    return 0;
}


static inline int
finish(void **state)
{
    (void) state;

    log_end(&log_);

    return 0;
}


static inline size_t
audit(void)
{
    return log_audit(&log_, consent_slice(NULL, 0));
}

#endif
