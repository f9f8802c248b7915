/*
 * What the detectors cost over a megabyte of text.
 *
 *   detect_text                 measures every kind of text: bytes a second, and instructions a byte by callgrind
 *   detect_text KIND TIMES      only looks at one that often, so that the instructions of two runs can be compared
 *
 * Prints one "name value unit" a line.
 */

#include "minimize/body.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define SIZE    (1024 * 1024)
#define PIECE   16384
#define REPEAT  10

typedef struct {
    const char  *name;
    const char  *text;      /* repeated until there is a megabyte */
    bool         own;       /* an expression of the operator's too */
} kind_t;

#define PROSE                                                                                                         \
    "Kommunfullm\xc3\xa4ktige beslutade i g\xc3\xa5r att f\xc3\xb6rl\xc3\xa4nga f\xc3\xb6rs\xc3\xb6ket med avgiftsfria " \
    "resor f\xc3\xb6r \xc3\xa4ldre till och med den 30 juni 2027. Det var efter en l\xc3\xa5ng debatt \xe2\x80\x93 den " \
    "tog n\xc3\xa4stan tre timmar \xe2\x80\x93 som ledam\xc3\xb6terna enades. \xe2\x80\x9dVi tror att det g\xc3\xb6r "   \
    "skillnad i vardagen\xe2\x80\x9d, s\xc3\xa4ger ordf\xc3\xb6randen. Kostnaden ber\xc3\xa4knas till 12 450 000 "       \
    "kronor om \xc3\xa5ret, vilket ryms inom n\xc3\xa4mndens ram. Beslutet p\xc3\xa5verkar omkring 3 400 personer i "    \
    "kommunen, de flesta av dem i t\xc3\xa4torten.\n\nDen som vill l\xc3\xa4sa handlingarna hittar dem p\xc3\xa5 "       \
    "kommunens webbplats, eller kan best\xc3\xa4lla dem hos kontaktcenter. Arbetet med den nya skolan forts\xc3\xa4tter " \
    "enligt plan, och eleverna kan flytta in till h\xc3\xb6stterminen om inget ov\xc3\xa4ntat h\xc3\xa4nder under "      \
    "bygget. F\xc3\xb6rskolechefen hoppas att g\xc3\xa5rden blir klar samtidigt, s\xc3\xa5 att barnen slipper "          \
    "tillf\xc3\xa4lliga lokaler. N\xc3\xa4sta sammantr\xc3\xa4" "de \xc3\xa4r i september.\n\n"

static const kind_t  kinds[] = {
    { "prose", PROSE, false },
    { "prose_own", PROSE, true },
    { "letter", PROSE "Jag heter Anna Andersson, 811228-9874, anna.andersson@example.se, 070-123 45 67. Mitt konto \xc3\xa4r "
      "SE45 5000 0000 0583 9825 7466.\n", false },
    { "digits", "1", false },
    { "groups", "12 345 ", false },
    { "ones", "1 ", false },
    { "at", "@", false },
    { "at_names", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@", false },
    { "dashes", " -\xe2\x80\x93+", false },
    { "hidden", "1\xe2\x80\x8b\xe2\x80\x8b", false },
    { "dates", "1981-12-28 9875 ", false }
};

static const consent_detectors_t *compile(bool own);
static void look(const kind_t *kind, const uint8_t *text, unsigned times);
static uint8_t *make(const kind_t *kind);
static consent_rc_t emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t span);
static double instructions(const char *self, const char *name, unsigned times);
static double now(void);
static void give_up(const char *what);

static size_t  written;


int
main(int argc, char **argv)
{
    size_t    i, k;
    double    at, best, one, three;
    uint8_t  *text;

    for (i = 0; i < consent_countof(kinds); i++) {
        text = make(&kinds[i]);

        if (argc == 3) {
            if (strcmp(argv[1], kinds[i].name) == 0) {
                look(&kinds[i], text, (unsigned) strtoul(argv[2], NULL, 10));
                free(text);
                return 0;
            }

            free(text);
            continue;
        }

        for (k = 0, best = 1e9; k < 3; k++) {
            at = now();
            look(&kinds[i], text, REPEAT);
            at = now() - at;
            best = at < best ? at : best;
        }

        printf("%s %.0f MB/s\n", kinds[i].name, REPEAT * (double) SIZE / 1e6 / best);

        one = instructions(argv[0], kinds[i].name, 1);
        three = instructions(argv[0], kinds[i].name, 3);

        if (one > 0 && three > one) {
            printf("%s %.2f instructions a byte\n", kinds[i].name, (three - one) / 2 / SIZE);
        }

        (void) fflush(stdout);
        free(text);
    }

    return written == 0 || argc == 3;
}


static const consent_detectors_t *
compile(bool own)
{
    static consent_detector_t    texts[7];
    static const char *const     names[] = { "se.personnummer", "fi.hetu", "email", "phone", "iban", "card", "case" };
    static consent_category_t    category;
    static consent_policy_t      policy;
    static consent_detectors_t  *detectors[2];

    size_t  i;

    if (detectors[own] == NULL) {
        for (i = 0; i < consent_countof(texts); i++) {
            texts[i].name = consent_cstr(names[i]);
        }

        texts[6].regex = consent_lit("\\bK-[0-9]{4}/[0-9]{2,6}\\b");
        category.text = texts;
        category.n_text = own ? 7 : 6;
        policy.categories = &category;
        policy.n_categories = 1;
        policy.consent_mask = 1;

        if (consent_detectors_compile(&detectors[own], &policy, NULL) != CONSENT_OK) {
            give_up("consent_detectors_compile");
        }
    }

    return detectors[own];
}


/* As the gateway does: in pieces, through the transform. */
static void
look(const kind_t *kind, const uint8_t *text, unsigned times)
{
    void                 *memory;
    size_t                from, n;
    consent_inspect_t     inspect;
    consent_transform_t  *t;

    for ( /* void */ ; times > 0; times--) {
        memset(&inspect, 0, sizeof(inspect));
        inspect.detectors = compile(kind->own);
        inspect.masks = consent_masks_create();
        memory = malloc(consent_text_size(inspect.detectors));

        if (memory == NULL || inspect.masks == NULL) {
            give_up("malloc");
        }

        t = consent_text_init(memory, &inspect, false);

        for (from = 0; from < SIZE; from += n) {
            n = SIZE - from < PIECE ? SIZE - from : PIECE;

            if (consent_transform_feed(t, text + from, n, from + n == SIZE, emit, NULL) != CONSENT_OK) {
                give_up("feed");
            }
        }

        consent_transform_destroy(t);
        consent_masks_destroy(inspect.masks);
        free(memory);
    }
}


static consent_rc_t
emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t span)
{
    (void) arg;
    (void) data;
    (void) span;
    written += len;

    return CONSENT_OK;
}


static uint8_t *
make(const kind_t *kind)
{
    size_t    i, n;
    uint8_t  *text;

    n = strlen(kind->text);
    text = malloc(SIZE);

    if (text == NULL) {
        give_up("malloc");
    }

    for (i = 0; i < SIZE; i++) {
        text[i] = (uint8_t) kind->text[i % n];
    }

    return text;
}


/* Of a whole run under callgrind; 0 where there is none. */
static double
instructions(const char *self, const char *name, unsigned times)
{
    FILE    *f;
    char     command[512], line[256], *at;
    double   n;

    (void) snprintf(command, sizeof(command), "valgrind --tool=callgrind --callgrind-out-file=/dev/null '%s' %s %u 2>&1",
                    self, name, times);

    f = popen(command, "r");
    if (f == NULL) {
        return 0;
    }

    for (n = 0; fgets(line, sizeof(line), f) != NULL; /* void */ ) {
        at = strstr(line, "Collected : ");

        if (at != NULL) {
            n = strtod(at + strlen("Collected : "), NULL);
        }
    }

    (void) pclose(f);

    return n;
}


static double
now(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_MONOTONIC, &ts);

    return (double) ts.tv_sec + (double) ts.tv_nsec * 1e-9;
}


static void
give_up(const char *what)
{
    perror(what);
    exit(1);
}
