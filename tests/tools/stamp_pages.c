/*
 * Stamps pages without a server, so that a browser can be asked what it makes of them.
 *
 *   stamp_pages POLICY [people] [end]       pages from standard input
 *   stamp_pages css                         the stylesheet
 *
 * On standard input and output a page is its length in decimal, a line feed and its bytes; on output a word for the
 * outcome and a space stand before the length.
 */

#include "disclose/html.h"
#include "policy/policy.h"

#include <stdio.h>
#include <stdlib.h>

#define MOST  (16 * 1024 * 1024)


static consent_rc_t
write_emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    (void) kind;

    consent_buf_add(arg, data, len);

    return ((consent_buf_t *) arg)->rc;
}


/* For the page at hand: the one before it is done. */
static void *
room(void *arg, size_t size)
{
    void  **held = arg;

    free(*held);

    return *held = malloc(size);
}


static void
give_up(const char *what)
{
    fprintf(stderr, "stamp_pages: %s\n", what);
    exit(2);
}


static consent_policy_t *
policy_read(const char *name)
{
    FILE              *file;
    char              *text;
    size_t             len;
    consent_faults_t   faults = { .arena = consent_arena_create(1 << 20) };
    consent_policy_t  *policy;

    file = fopen(name, "rb");
    text = malloc(CONSENT_POLICY_MAX_FILE);

    if (file == NULL || text == NULL) {
        give_up("cannot read the policy");
    }

    len = fread(text, 1, CONSENT_POLICY_MAX_FILE, file);
    fclose(file);

    if (consent_policy_load(&policy, consent_slice(text, len), &faults) != CONSENT_OK) {
        give_up("the policy has faults");
    }

    free(text);
    consent_arena_destroy(faults.arena);

    return policy;
}


int
main(int argc, char **argv)
{
    int                       i;
    void                     *memory, *held = NULL;
    size_t                    len;
    uint8_t                  *in;
    consent_buf_t             out;
    consent_arena_t          *arena;
    consent_policy_t         *policy;
    consent_stamp_t          *h;
    consent_disclosure_t      disclosure;
    consent_stamp_conf_t      conf = { .ai = true, .contact = true, .charset = CONSENT_CHARSET_UTF8 };
    consent_disclose_conf_t   disclose = { .kind = CONSENT_AI_ON, .base = consent_lit("/.privacy/") };

    if (argc > 1 && strcmp(argv[1], "css") == 0) {
        fwrite(consent_in_page_css.data, 1, consent_in_page_css.len, stdout);
        return 0;
    }

    if (argc < 2) {
        give_up("usage: stamp_pages POLICY [people] [end] | css");
    }

    for (i = 2; i < argc; i++) {
        if (strcmp(argv[i], "people") == 0) {
            conf.ai = false;
            disclose.kind = CONSENT_AI_OFF;

        } else if (strcmp(argv[i], "end") == 0) {
            conf.at_end = true;
        }
    }

    policy = policy_read(argv[1]);
    arena = consent_arena_create(MOST);

    if (consent_disclosure_build(&disclosure, arena, policy, &disclose) != CONSENT_OK) {
        give_up("cannot build the elements");
    }

    conf.policy = policy;
    conf.room = room;
    conf.room_arg = &held;
    conf.disclosure = &disclosure;
    memory = malloc(consent_stamp_size(CONSENT_KIND_HTML));
    in = malloc(MOST);

    while (scanf("%zu", &len) == 1 && getchar() == '\n') {

        if (len > MOST || fread(in, 1, len, stdin) != len) {
            give_up("a page is cut off");
        }

        consent_buf_init(&out, 2 * MOST);
        h = consent_stamp_init(memory, CONSENT_KIND_HTML, &conf);

        if (consent_transform_feed(&h->base, in, len, true, write_emit, &out) != CONSENT_OK) {
            give_up("out of memory");
        }

        printf("%s %zu\n", consent_stamp_outcome_name(h->outcome), out.len);
        fwrite(out.data, 1, out.len, stdout);
        consent_buf_free(&out);
    }

    free(in);
    free(held);
    free(memory);
    consent_arena_destroy(arena);
    consent_policy_destroy(policy);

    return 0;
}
