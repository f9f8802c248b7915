/*
 * Multipart bodies of any bytes: pieces make no difference, what is left passes once more as it is, a reader that takes
 * any line end for one finds no protected name, and one that splits at the boundary finds no more parts than there are.
 */

#include <strings.h>

#include "fuzz_body.h"


static consent_transform_t *
multipart(void **memory, consent_inspect_t *inspect)
{
    *memory = malloc(consent_multipart_size(inspect->detectors));

    return consent_multipart_init(*memory, inspect, consent_lit("multipart/form-data; boundary=b"));
}


/* Header lines behind a line that begins with the boundary, up to an empty line. */
static void
look(consent_slice_t body)
{
    bool         in_head, quoted;
    char        *text, *line, *next, *name;
    const char  *end;

    text = malloc(body.len + 1);
    memcpy(text, body.data, body.len);
    text[body.len] = '\0';
    end = text + body.len;
    in_head = false;

    for (line = text; line < end; line = next) {

        for (next = line; next < end && *next != '\r' && *next != '\n'; next++) { /* void */ }

        *next++ = '\0';

        if (next < end && next[-1] == '\0' && *next == '\n') {
            next++;
        }

        if (strncmp(line, "--b", 3) == 0) {
            in_head = true;
            continue;
        }

        if (*line == '\0') {
            in_head = false;
        }

        name = in_head && strncasecmp(line, "content-disposition:", 20) == 0 ? strcasestr(line, " name=") : NULL;

        if (name != NULL) {
            name += 6;
            quoted = *name == '"';
            name += quoted;
            name[strcspn(name, quoted ? "\"[." : "; \t[.")] = '\0';

            if (strcasecmp(name, "pnr") == 0 || strcasecmp(name, "epost") == 0) {
                abort();
            }
        }
    }

    free(text);
}


/* The boundary, with a dash before it, stands where a delimiter is and nowhere else. */
static void
split(consent_slice_t body)
{
    size_t  i;

    for (i = 0; i + 2 <= body.len; i++) {
        if (memcmp(body.data + i, "-b", 2) == 0
            && (i == 0 || body.data[i - 1] != '-' || (i > 1 && (i < 3 || memcmp(body.data + i - 3, "\r\n", 2) != 0))))
        {
            abort();
        }
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_body_t  f;

    fuzz_body_pass(&f, multipart, data, size);

    if (f.rc == CONSENT_OK) {
        look(consent_buf_view(&f.out));
        split(consent_buf_view(&f.out));
    }

    consent_buf_free(&f.out);

    return 0;
}
