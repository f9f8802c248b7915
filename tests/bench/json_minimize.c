/*
 * What making less of JSON costs: instructions a byte, counted by callgrind as the difference between many passes and few,
 * and how fast it is here and at this moment.
 *
 *   json_minimize                      all measures, one "name value unit" a line
 *   json_minimize BODY masks|plain N   only N passes over a body
 */

#include "minimize/body.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define SLICE  65536

typedef struct {
    const char  *name;
    size_t       size;
    char        *text;
    size_t       len;
} body_t;

static consent_policy_t      policy;
static consent_category_t    categories[2];
static consent_detector_t    detectors[3];
static consent_detectors_t  *compiled;
static size_t                emitted;

static void setup(void);
static void make_records(body_t *b, bool pretty);
static void make_chat(body_t *b);
static void pass(const body_t *b, bool masks);
static consent_rc_t count(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind);
static void measure(const char *self, const body_t *b, bool masks);
static double instructions(const char *self, const body_t *b, bool masks, int n);


int
main(int argc, char **argv)
{
    int     n;
    size_t  i;
    body_t  bodies[] = { { "records_16k", 16384, NULL, 0 }, { "records_1m", 1 << 20, NULL, 0 },
                         { "pretty_1m", 1 << 20, NULL, 0 }, { "chat_1m", 1 << 20, NULL, 0 } };

    setup();

    make_records(&bodies[0], false);
    make_records(&bodies[1], false);
    make_records(&bodies[2], true);
    make_chat(&bodies[3]);

    for (i = 0; i < 4; i++) {

        if (argc == 4) {
            for (n = atoi(argv[3]); strcmp(argv[1], bodies[i].name) == 0 && n > 0; n--) {
                pass(&bodies[i], strcmp(argv[2], "masks") == 0);
            }

        } else {
            measure(argv[0], &bodies[i], false);
            measure(argv[0], &bodies[i], true);
        }

        free(bodies[i].text);
    }

    consent_detectors_destroy(compiled);
    consent_arena_destroy(policy.arena);

    return 0;
}


static void
setup(void)
{
    static const consent_json_pattern_t  patterns[] = {
        { { (const uint8_t *) "$..personnummer", 15 }, 1, false }, { { (const uint8_t *) "$.applicant.id", 14 }, 1, false },
        { { (const uint8_t *) "$..contact.email", 16 }, 1, false }, { { (const uint8_t *) "$.list[*].ssn", 13 }, 1, false },
        { { (const uint8_t *) "$.model", 7 }, 0, false }
    };

    static const consent_slice_t  name = { (const uint8_t *) "personnummer", 12 };
    static const consent_mask_t   mask = 1;

    policy.arena = consent_arena_create(1 << 20);
    policy.categories = categories;
    policy.n_categories = 2;
    policy.consent_mask = 3;
    detectors[0].name = consent_lit("se.personnummer");
    detectors[1].name = consent_lit("fi.hetu");
    detectors[2].name = consent_lit("email");
    categories[1].text = detectors;
    categories[1].n_text = 3;

    if (consent_json_paths_compile(&policy.json_paths, policy.arena, patterns, consent_countof(patterns)) != CONSENT_OK
        || consent_names_compile(&policy.fields, policy.arena, &name, &mask, 1) != CONSENT_OK
        || consent_detectors_compile(&compiled, &policy, NULL) != CONSENT_OK)
    {
        (void) fprintf(stderr, "cannot set up\n");
        exit(1);
    }
}


/* Nested objects of short strings and numbers; every twentieth has something to take out. */
static void
make_records(body_t *b, bool pretty)
{
    int     i;
    char   *p, record[1024];

    static const char  close[] =
        "{\"id\":%d,\"type\":\"application\",\"created\":\"2026-11-%02dT08:%02d:00Z\",\"open\":%s,\"applicant\":{\"name\":"
        "\"Anna Andersson\",\"city\":\"G\xc3\xb6teborg\",\"age\":%d%s},\"tags\":[\"bygglov\",\"altan\",\"f\xc3\xb6rnyelse\"],"
        "\"location\":{\"lat\":57.%d,\"lon\":11.9746,\"zone\":null},\"area\":%d.5,\"history\":[{\"at\":17,\"by\":\"web\","
        "\"note\":\"Inkommen\"},{\"at\":18,\"by\":\"desk\",\"note\":\"Handl\xc3\xa4ggs av enheten\"}]}";
    static const char  open[] =
        "{\n    \"id\": %d,\n    \"type\": \"application\",\n    \"created\": \"2026-11-%02dT08:%02d:00Z\",\n    \"open\": %s,\n"
        "    \"applicant\": {\n      \"name\": \"Anna Andersson\",\n      \"city\": \"G\xc3\xb6teborg\",\n      \"age\": %d%s\n"
        "    },\n    \"location\": {\n      \"lat\": 57.%d,\n      \"lon\": 11.9746,\n      \"zone\": null\n    },\n"
        "    \"area\": %d.5\n  }";

    b->text = malloc(b->size + 2048);
    p = b->text + sprintf(b->text, "{\"list\":[");

    for (i = 0; p < b->text + b->size; i++) {
        p += sprintf(p, "%s", i > 0 ? "," : "");
        (void) snprintf(record, sizeof(record), pretty ? open : close, i, i % 28 + 1, i % 60, i & 1 ? "true" : "false",
                        20 + i % 60, i % 20 == 0 ? ",\"personnummer\":\"19800101-1231\"" : "", 1000 + i % 9000, i % 100);
        p += sprintf(p, "%s", record);
    }

    b->len = (size_t) (p + sprintf(p, "]}") - b->text);
}


/* A long conversation in Swedish, with a tool call now and then. */
static void
make_chat(body_t *b)
{
    int    i;
    char  *p;

    static const char *const  text[] = {
        "Hej! Jag undrar hur l\xc3\xa5ng tid det tar att f\xc3\xa5 bygglov f\xc3\xb6r en altan p\xc3\xa5 v\xc3\xa5r tomt.\\n\\n",
        "Handl\xc3\xa4ggningstiden \xc3\xa4r oftast tio veckor fr\xc3\xa5n det att ans\xc3\xb6kan \xc3\xa4r komplett. ",
        "Du beh\xc3\xb6ver skicka in en situationsplan, fasadritningar och en kontrollplan (se \\\"Blanketter\\\"). ",
        "Mitt nummer \xc3\xa4r 19800101-1231 om ni vill ringa upp, annars g\xc3\xa5r det bra med e-post.\\n"
    };

    b->text = malloc(b->size + 8192);
    p = b->text + sprintf(b->text, "{\"model\":\"assistent\",\"temperature\":0.2,\"messages\":[{\"role\":\"system\","
                          "\"content\":\"Svara kort.\"}");

    for (i = 0; p < b->text + b->size; i++) {
        p += sprintf(p, ",{\"role\":\"%s\",\"content\":\"%s%s%s%s%s%s%s\"}", i & 1 ? "assistant" : "user", text[i % 3], text[1],
                     text[2], text[(i + 1) % 3], text[1], text[2], i % 40 == 0 ? text[3] : text[0]);

        if (i % 20 == 19) {
            p += sprintf(p, ",{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"call_%d\",\"function\":{\"name\":\"search\","
                         "\"arguments\":\"{\\\"query\\\":\\\"bygglov altan\\\",\\\"personnummer\\\":\\\"x\\\"}\"}}]}", i);
        }
    }

    b->len = (size_t) (p + sprintf(p, "]}") - b->text);
}


static void
pass(const body_t *b, bool masks)
{
    size_t                i, n;
    void                 *memory;
    consent_rc_t          rc;
    consent_inspect_t     inspect;
    consent_transform_t  *t;

    memset(&inspect, 0, sizeof(inspect));
    inspect.how.policy = &policy;
    inspect.detectors = compiled;
    inspect.masks = masks ? consent_masks_create() : NULL;

    memory = malloc(consent_json_size(compiled));
    t = consent_json_init(memory, &inspect, false);
    rc = CONSENT_OK;

    for (i = 0; i < b->len && rc == CONSENT_OK; i += n) {
        n = b->len - i < SLICE ? b->len - i : SLICE;
        rc = consent_transform_feed(t, (const uint8_t *) b->text + i, n, i + n == b->len, count, NULL);
    }

    if (rc != CONSENT_OK || inspect.found.pairs == 0) {
        (void) fprintf(stderr, "%s: %s, doubt %d\n", b->name, consent_rc_name(rc), (int) inspect.doubt);
        exit(1);
    }

    consent_transform_destroy(t);
    consent_masks_destroy(inspect.masks);
    free(memory);
}


static consent_rc_t
count(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    (void) arg;
    (void) data;
    (void) kind;
    emitted += len;

    return CONSENT_OK;
}


static void
measure(const char *self, const body_t *b, bool masks)
{
    int              n, i;
    double           took, best, few, many;
    struct timespec  from, to;

    n = (int) (4000000 / b->len) + 1;
    best = 1e9;

    for (i = 0; i < 10; i++) {
        int  k;

        (void) clock_gettime(CLOCK_MONOTONIC, &from);

        for (k = 0; k < n; k++) {
            pass(b, masks);
        }

        (void) clock_gettime(CLOCK_MONOTONIC, &to);
        took = (double) (to.tv_sec - from.tv_sec) + (double) (to.tv_nsec - from.tv_nsec) / 1e9;
        best = took < best ? took : best;
    }

    few = instructions(self, b, masks, 1);
    many = instructions(self, b, masks, 5);

    (void) printf("json_%s%s %.2f instructions_a_byte %.2f GB_a_second\n", b->name, masks ? "_text" : "",
                  (many - few) / 4 / (double) b->len, (double) b->len * n / best / 1e9);
    (void) fflush(stdout);
}


static double
instructions(const char *self, const body_t *b, bool masks, int n)
{
    FILE    *f;
    char     command[512], line[512];
    double   found;

    (void) snprintf(command, sizeof(command), "valgrind --tool=callgrind --callgrind-out-file=/dev/null '%s' %s %s %d 2>&1",
                    self, b->name, masks ? "masks" : "plain", n);

    f = popen(command, "r");
    found = 0;

    while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
        (void) sscanf(line, "==%*d== Collected : %lf", &found);
    }

    if (f == NULL || pclose(f) != 0 || found == 0) {
        (void) fprintf(stderr, "callgrind failed\n");
        exit(1);
    }

    return found;
}
