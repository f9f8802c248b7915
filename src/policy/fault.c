/*
 * What is wrong with a document: kept in the order of the places, for people who read from the top.
 */

#include "policy/form.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>

#define FAULT_MAX_PATH     1024
#define FAULT_MAX_MESSAGE  1024
#define QUOTE_MAX          100      /* bytes of a value that are shown */

static void fault_add(consent_faults_t *faults, const consent_json_t *v, uint32_t line, uint32_t column, bool warning,
    const char *fmt, va_list args);
static void fault_insert(consent_faults_t *faults, consent_fault_t *fault);
static bool fault_before(const consent_fault_t *a, const consent_fault_t *b);


void
consent_fault_at(consent_faults_t *faults, const consent_json_t *v, const char *fmt, ...)
{
    va_list  args;

    va_start(args, fmt);
    fault_add(faults, v, v->line, v->column, false, fmt, args);
    va_end(args);
}


void
consent_fault_at_name(consent_faults_t *faults, const consent_json_t *v, const char *fmt, ...)
{
    va_list  args;

    va_start(args, fmt);
    fault_add(faults, v, v->name_line, v->name_column, false, fmt, args);
    va_end(args);
}


void
consent_fault_warn(consent_faults_t *faults, const consent_json_t *v, const char *fmt, ...)
{
    va_list  args;

    va_start(args, fmt);
    fault_add(faults, v, v->line, v->column, true, fmt, args);
    va_end(args);
}


void
consent_fault_place(consent_faults_t *faults, uint32_t line, uint32_t column, const char *fmt, ...)
{
    va_list  args;

    va_start(args, fmt);
    fault_add(faults, NULL, line, column, false, fmt, args);
    va_end(args);
}


void
consent_fault_print(consent_buf_t *b, const consent_fault_t *f)
{
    consent_buf_printf(b, "%u:%u: ", f->line, f->column);

    if (f->warning) {
        consent_buf_str(b, "warning: ");
    }

    consent_buf_slice(b, f->path);
    consent_buf_str(b, ": ");
    consent_buf_slice(b, f->message);
}


consent_quote_t
consent_quote(consent_slice_t s)
{
    size_t           n;
    uint32_t         c;
    consent_quote_t  quote;
    const uint8_t   *p, *end, *from;

    n = 0;
    p = s.data;
    end = s.len == 0 ? p : p + s.len;

    while (p < end) {
        from = p;
        c = consent_utf8_next(&p, end);

        if (n + (size_t) (p - from) > QUOTE_MAX) {
            memcpy(quote.text + n, "\xe2\x80\xa6", 3);
            n += 3;
            break;
        }

        if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xfffd) {
            quote.text[n++] = '?';
            continue;
        }

        memcpy(quote.text + n, from, (size_t) (p - from));
        n += (size_t) (p - from);
    }

    quote.text[n] = '\0';

    return quote;
}


/* Counts the fault, and keeps it if there is memory for it. v NULL: the document as a whole. */
static void
fault_add(consent_faults_t *faults, const consent_json_t *v, uint32_t line, uint32_t column, bool warning,
    const char *fmt, va_list args)
{
    int               n;
    consent_buf_t     path;
    consent_fault_t  *fault;
    char              message[FAULT_MAX_MESSAGE];
    char              place[FAULT_MAX_PATH];

    if (warning) {
        faults->warnings++;

    } else {
        faults->errors++;
    }

    n = vsnprintf(message, sizeof(message), fmt, args);
    if (n < 0) {
        n = 0;
    }

    if ((size_t) n >= sizeof(message)) {
        n = (int) sizeof(message) - 1;
    }

    /* a path that is too long to show gives way to that of what is around it */
    do {
        consent_buf_init_fixed(&path, place, sizeof(place));

        if (v == NULL) {
            consent_buf_char(&path, '$');

        } else {
            consent_json_path(&path, v);
            v = v->parent;
        }
    } while (path.rc != CONSENT_OK);

    fault = consent_arena_alloc(faults->arena, sizeof(consent_fault_t));
    if (fault == NULL) {
        return;
    }

    fault->line = line;
    fault->column = column;
    fault->warning = warning;
    fault->path = consent_arena_dup(faults->arena, consent_buf_view(&path));
    fault->message = consent_arena_dup(faults->arena, consent_slice(message, (size_t) n));

    if (fault->path.data != NULL && fault->message.data != NULL) {
        fault_insert(faults, fault);
    }
}


static void
fault_insert(consent_faults_t *faults, consent_fault_t *fault)
{
    consent_fault_t  **link;

    if (faults->last != NULL && !fault_before(fault, faults->last)) {
        faults->last->next = fault;
        faults->last = fault;
        return;
    }

    for (link = &faults->first; *link != NULL && !fault_before(fault, *link); link = &(*link)->next) { /* void */ }

    fault->next = *link;
    *link = fault;

    if (fault->next == NULL) {
        faults->last = fault;
    }
}


static bool
fault_before(const consent_fault_t *a, const consent_fault_t *b)
{
    return a->line != b->line ? a->line < b->line : a->column < b->column;
}
