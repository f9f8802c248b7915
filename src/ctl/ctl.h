/*
 * What the subcommands of consentctl share.
 */

#ifndef CONSENT_CTL_H
#define CONSENT_CTL_H

#include "base/buf.h"
#include "ledger/ledger.h"
#include "ledger/recent.h"
#include "ledger/whole.h"
#include "policy/policy.h"

#define CONSENT_CTL_VERSION  "0.1.0"

/* Exit status. */
typedef enum {
    CONSENT_CTL_HOLDS = 0,
    CONSENT_CTL_FAILS = 1,          /* what was asked does not hold */
    CONSENT_CTL_USAGE = 2           /* wrong usage, or input that cannot be read */
} consent_ctl_exit_t;

typedef struct {
    const char  *name;              /* with its dashes */
    bool         takes_value;
    const char  *value;             /* out; "" for a flag that was given, NULL: not given */
} consent_ctl_option_t;

typedef struct {
    const char  *words;             /* "policy check" */
    const char  *arguments;         /* "FILE", for the usage line */
    const char  *summary;           /* one line */
    const char  *help;              /* paragraphs */
    int        (*run)(int argc, char **argv);       /* what follows the words; returns a consent_ctl_exit_t */
} consent_ctl_command_t;

/* The subcommands. */
int consent_ctl_keygen(int argc, char **argv);
int consent_ctl_policy_check(int argc, char **argv);
int consent_ctl_policy_diff(int argc, char **argv);
int consent_ctl_policy_art30(int argc, char **argv);
int consent_ctl_log_show(int argc, char **argv);
int consent_ctl_log_verify(int argc, char **argv);
int consent_ctl_log_export(int argc, char **argv);
int consent_ctl_log_compare(int argc, char **argv);
int consent_ctl_receipt_verify(int argc, char **argv);
int consent_ctl_store_stat(int argc, char **argv);
int consent_ctl_store_compact(int argc, char **argv);
int consent_ctl_store_backup(int argc, char **argv);
int consent_ctl_store_restore(int argc, char **argv);
int consent_ctl_log_seal(int argc, char **argv);
int consent_ctl_log_prune(int argc, char **argv);
int consent_ctl_subject(int argc, char **argv);
int consent_ctl_record(int argc, char **argv);
int consent_ctl_withdraw(int argc, char **argv);
int consent_ctl_erase(int argc, char **argv);
int consent_ctl_hold(int argc, char **argv);
int consent_ctl_explain(int argc, char **argv);
int consent_ctl_report(int argc, char **argv);
int consent_ctl_gaps(int argc, char **argv);
int consent_ctl_policy_try(int argc, char **argv);

/* ---- arguments ---- */

/* Sorts arguments into options ("--name VALUE", "--name=VALUE"; "--" ends them) and exactly n operands. False after a
 * sentence on standard error. */
bool consent_ctl_arguments(int argc, char **argv, consent_ctl_option_t *options, size_t n_options,
    const char **operands, size_t n);

/* The same with as many operands as there are, `least` to `most`. */
bool consent_ctl_operands(int argc, char **argv, consent_ctl_option_t *options, size_t n_options,
    const char **operands, size_t least, size_t most, size_t *found);

/* "sentence" on standard error, with the tool's name in front. Returns CONSENT_CTL_USAGE. */
int consent_ctl_complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* ---- input ---- */

/* A file's bytes, at most `ceiling`; complains otherwise. The caller frees the buffer. */
bool consent_ctl_read_file(consent_buf_t *b, const char *path, size_t ceiling);

/* A policy; NULL where it has faults. False after a complaint. The caller destroys it and the faults' arena. policy.c */
bool consent_ctl_policy_load(consent_policy_t **policy, consent_faults_t *faults, const char *path);

/* The faults, one a line, each behind its place in the file. policy.c */
void consent_ctl_policy_faults(consent_buf_t *b, const consent_faults_t *faults, const char *path);

/* As root: gives up its rights for those of the owner of a store, so that no file in it becomes root's. Complains. */
bool consent_ctl_become_owner(const char *directory);

/* Opens a store for reading, as its owner; complains. NULL: cannot. */
consent_ledger_t *consent_ctl_open_store(const char *directory);

/* Opens a store that is there to write to it beside nginx. node: its name in entries; signed_dir: beside the keys, or -1.
 * Complains. NULL: cannot. */
consent_ledger_t *consent_ctl_open_to_write(const char *directory, const char *node, int signed_dir);

/* Makes a directory (0700) unless it is there; as root, of the owner of `like`. Complains. */
bool consent_ctl_make_directory(const char *directory, const char *like);

/* ---- progress: on standard error, where that is a terminal ---- */

void consent_ctl_progress(consent_progress_t *progress);
void consent_ctl_progress_end(const consent_progress_t *progress);

/* ---- output: buffered on standard output ---- */

/* Adds `"name":` with a comma in front where the buffer does not end in '{' or '['. */
void consent_ctl_json_name(consent_buf_t *b, const char *name);
void consent_ctl_json_text(consent_buf_t *b, const char *name, consent_slice_t text);
void consent_ctl_json_number(consent_buf_t *b, const char *name, uint64_t n);
void consent_ctl_json_flag(consent_buf_t *b, const char *name, bool flag);

/* A JSON value as a cell of CSV (RFC 4180): strings without their quotes, lists joined by ';'. A cell that a spreadsheet
 * would take for a formula gets an apostrophe in front. */
void consent_ctl_csv_cell(consent_buf_t *b, consent_slice_t json);

/* Text from outside for a terminal: control characters become '?'. */
void consent_ctl_plain(consent_buf_t *b, consent_slice_t text);

/* Writes the buffer and frees it; false after a complaint (out of memory, too large, closed pipe). */
bool consent_ctl_flush(consent_buf_t *b);

/* "1.5 GB" */
void consent_ctl_bytes(consent_buf_t *b, uint64_t n);

#endif
