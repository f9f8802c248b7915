/*
 * What the subcommands write: text, JSON, CSV.
 */

#include "ctl/ctl.h"
#include "base/json.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdio.h>

static void cell_text(consent_buf_t *cell, consent_slice_t json);
static bool turns(uint32_t c);


void
consent_ctl_json_name(consent_buf_t *b, const char *name)
{
    if (b->len > 0 && b->data[b->len - 1] != '{' && b->data[b->len - 1] != '[') {
        consent_buf_char(b, ',');
    }

    consent_json_write_string(b, consent_cstr(name), false);
    consent_buf_char(b, ':');
}


void
consent_ctl_json_text(consent_buf_t *b, const char *name, consent_slice_t text)
{
    consent_ctl_json_name(b, name);
    consent_json_write_string(b, text, false);
}


void
consent_ctl_json_number(consent_buf_t *b, const char *name, uint64_t n)
{
    consent_ctl_json_name(b, name);
    consent_buf_u64(b, n);
}


void
consent_ctl_json_flag(consent_buf_t *b, const char *name, bool flag)
{
    consent_ctl_json_name(b, name);
    consent_buf_str(b, flag ? "true" : "false");
}


void
consent_ctl_csv_cell(consent_buf_t *b, consent_slice_t json)
{
    size_t         i;
    consent_buf_t  cell;

    consent_buf_init(&cell, 4 * CONSENT_ENTRY_MAX);
    cell_text(&cell, json);

    if (b->len > 0 && b->data[b->len - 1] != '\n') {
        consent_buf_char(b, ',');
    }

    consent_buf_char(b, '"');

    if (cell.len > 0 && strchr("=+-@\t\r", cell.data[0]) != NULL) {
        consent_buf_char(b, '\'');
    }

    for (i = 0; i < cell.len; i++) {
        if (cell.data[i] == '"') {
            consent_buf_char(b, '"');
        }

        consent_buf_char(b, (char) cell.data[i]);
    }

    consent_buf_char(b, '"');
    consent_buf_free(&cell);
}


void
consent_ctl_plain(consent_buf_t *b, consent_slice_t text)
{
    uint32_t        c;
    const uint8_t  *p = text.data, *end = p + text.len, *from;

    while (p < end) {
        from = p;
        c = consent_utf8_next(&p, end);

        if (c < 0x20 || (c >= 0x7f && c < 0xa0) || (c == 0xfffd && p - from == 1) || turns(c)) {
            consent_buf_char(b, '?');
        } else {
            consent_buf_add(b, from, (size_t) (p - from));
        }
    }
}


bool
consent_ctl_flush(consent_buf_t *b)
{
    bool          written;
    consent_rc_t  rc = b->rc;

    written = rc == CONSENT_OK && (b->len == 0 || fwrite(b->data, 1, b->len, stdout) == b->len)
              && fflush(stdout) == 0;

    if (rc != CONSENT_OK) {
        (void) consent_ctl_complain("the answer is too large");
    } else if (!written) {
        (void) consent_ctl_complain("cannot write: %s", strerror(errno));
    }

    consent_buf_free(b);

    return written;
}


void
consent_ctl_bytes(consent_buf_t *b, uint64_t n)
{
    size_t              unit;
    double              value;
    static const char  *units[] = { "bytes", "kB", "MB", "GB", "TB", "PB", "EB" };

    for (unit = 0, value = (double) n; value >= 1000 && unit + 1 < consent_countof(units); unit++) {
        value /= 1000;
    }

    consent_buf_printf(b, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
}


static void
cell_text(consent_buf_t *cell, consent_slice_t json)
{
    consent_arena_t       *arena;
    consent_json_t        *root;
    const consent_json_t  *item;
    consent_json_error_t   err;

    arena = consent_arena_create(64 * CONSENT_ENTRY_MAX);

    if (arena == NULL || json.len == 0 || consent_json_parse(&root, arena, json, 64, &err) != CONSENT_OK) {
        consent_arena_destroy(arena);
        return;
    }

    if (root->type == CONSENT_JSON_STRING) {
        consent_buf_slice(cell, root->text);

    } else if (root->type == CONSENT_JSON_ARRAY) {
        for (item = root->first; item != NULL; item = item->next) {
            if (item != root->first) {
                consent_buf_char(cell, ';');
            }

            if (item->type == CONSENT_JSON_STRING) {
                consent_buf_slice(cell, item->text);
            } else {
                consent_json_write(cell, item, false);
            }
        }

    } else if (root->type != CONSENT_JSON_NULL) {
        consent_buf_slice(cell, json);
    }

    consent_arena_destroy(arena);
}


/* What makes a terminal write in another direction, or begin a line. */
static bool
turns(uint32_t c)
{
    return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}
