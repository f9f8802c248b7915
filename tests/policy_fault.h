/*
 * Faults of a policy, row by row: what is replaced in the small policy, and what is then said of which place.
 */

#ifndef TESTS_POLICY_FAULT_H
#define TESTS_POLICY_FAULT_H

#include "policy.h"

/* In `with`, the byte \1 stands where the fault is expected; it is taken out before loading. Where `with` has none, the
 * fault is expected at the place of the first byte of `at`. */
typedef struct {
    int          row;
    const char  *find;
    const char  *with;
    const char  *path;
    const char  *message;
    size_t       errors;        /* all that there are */
    size_t       warnings;
    const char  *at;
} fault_case_t;

#define FAULT(find, with, path, message)    { __LINE__, find, with, path, message, 1, 0, NULL }
#define FAULTS(n, find, with, path, message)    { __LINE__, find, with, path, message, n, 0, NULL }
#define AT(at, find, with, path, message)    { __LINE__, find, with, path, message, 1, 0, at }
#define WARNING(find, with, path, message)  { __LINE__, find, with, path, message, 0, 1, NULL }


/* Line and column, in characters, of a byte. */
static inline void
place(const char *text, const char *at, uint32_t *line, uint32_t *column)
{
    *line = 1;
    *column = 1;

    for (/* void */; text < at; text++) {
        if (*text == '\n') {
            (*line)++;
            *column = 1;

        } else if ((*text & 0xc0) != 0x80) {
            (*column)++;
        }
    }
}


static inline bool
check_row(const fault_case_t *row)
{
    bool                    found, warning;
    char                   *text, *mark;
    uint32_t                line, column;
    consent_rc_t            rc;
    consent_faults_t        faults;
    consent_policy_t       *policy;
    const consent_fault_t  *f;

    text = policy_replace(policy_small, row->find, row->with);
    mark = strchr(text, '\1');

    if (mark != NULL) {
        memmove(mark, mark + 1, strlen(mark));

    } else {
        mark = strstr(text, row->at != NULL ? row->at : row->with);
    }

    assert_non_null(mark);
    place(text, mark, &line, &column);

    policy_faults_init(&faults);
    rc = consent_policy_load(&policy, consent_cstr(text), &faults);
    warning = row->errors == 0;
    found = false;

    for (f = faults.first; f != NULL; f = f->next) {
        found |= f->line == line && f->column == column && f->warning == warning
                 && consent_slice_eq(f->path, consent_cstr(row->path))
                 && consent_slice_eq(f->message, consent_cstr(row->message));
    }

    if (!found || faults.errors != row->errors || (faults.warnings != row->warnings && warning)
        || rc != (warning ? CONSENT_OK : CONSENT_MALFORMED) || (policy != NULL) != warning)
    {
        print_message("row in line %d: expected %u:%u: %s: %s; %zu errors, but there are:\n", row->row, line, column,
                      row->path, row->message, row->errors);
        policy_faults_print(&faults);
        found = false;
    }

    consent_policy_destroy(policy);
    consent_arena_destroy(faults.arena);
    free(text);

    return found;
}


static inline void
check_rows(const fault_case_t *rows, size_t n)
{
    bool    good;
    size_t  i;

    good = true;

    for (i = 0; i < n; i++) {
        good &= check_row(&rows[i]);
    }

    assert_true(good);
}

#endif
