/*
 * consentctl gaps: the names that traffic carries and the policy does not know, so that it can be made to know them.
 */

#include "ctl/ctl.h"
#include "base/when.h"
#include "ledger/gaps.h"

#include <stdlib.h>

#define OUTPUT_MAX  (8 * 1024 * 1024)

typedef struct {
    consent_gap_t  *gaps;
    size_t          n;
} list_t;

static bool each(void *arg, const consent_gap_t *gap);
static int order(const void *a, const void *b);
static int same(const void *a, const void *b);
static void join(list_t *list);
static void print(consent_buf_t *b, const list_t *list, uint64_t lost);
static void json(consent_buf_t *b, const list_t *list, uint64_t lost);
static void json_time(consent_buf_t *b, const char *name, consent_time_t t);


int
consent_ctl_gaps(int argc, char **argv)
{
    list_t                 list;
    uint64_t               lost;
    const char            *directory;
    consent_rc_t           rc;
    consent_buf_t          out;
    consent_gaps_t        *gaps;
    consent_ctl_option_t   options[] = { { "--json", false, NULL } };

    if (!consent_ctl_arguments(argc, argv, options, consent_countof(options), &directory, 1)
        || !consent_ctl_become_owner(directory))
    {
        return CONSENT_CTL_USAGE;
    }

    rc = consent_gaps_open(&gaps, directory, true);

    if (rc == CONSENT_NOTFOUND) {
        return consent_ctl_complain("there is no record of unknown names in %s: nginx makes it when it starts", directory);
    }

    if (rc != CONSENT_OK) {
        return consent_ctl_complain("cannot read the record of unknown names in %s: %s", directory,
                                    consent_rc_name(rc));
    }

    list.n = 0;
    list.gaps = malloc(CONSENT_GAPS_SLOTS * sizeof(consent_gap_t));

    if (list.gaps == NULL) {
        consent_gaps_close(gaps);
        return consent_ctl_complain("out of memory");
    }

    consent_gaps_each(gaps, each, &list);
    lost = consent_gaps_lost(gaps);
    consent_gaps_close(gaps);

    join(&list);

    consent_buf_init(&out, OUTPUT_MAX);
    (options[0].value != NULL ? json : print)(&out, &list, lost);
    free(list.gaps);

    return consent_ctl_flush(&out) ? CONSENT_CTL_HOLDS : CONSENT_CTL_USAGE;
}


static bool
each(void *arg, const consent_gap_t *gap)
{
    list_t  *list = arg;

    list->gaps[list->n++] = *gap;

    return list->n < CONSENT_GAPS_SLOTS;
}


/* By location and carrier; within, what is seen most comes first. */
static int
order(const void *a, const void *b)
{
    int                   c;
    const consent_gap_t  *x = a, *y = b;

    c = strcmp(x->location, y->location);

    if (c == 0) {
        c = (int) x->carrier - (int) y->carrier;
    }

    if (c == 0 && x->count != y->count) {
        c = x->count > y->count ? -1 : 1;
    }

    return c != 0 ? c : strcmp(x->name, y->name);
}


static int
same(const void *a, const void *b)
{
    int                   c;
    const consent_gap_t  *x = a, *y = b;

    c = strcmp(x->location, y->location);

    if (c == 0) {
        c = (int) x->carrier - (int) y->carrier;
    }

    return c != 0 ? c : strcmp(x->name, y->name);
}


/* Two entries of one name become one. */
static void
join(list_t *list)
{
    size_t          i, n;
    consent_gap_t  *a, *b;

    qsort(list->gaps, list->n, sizeof(consent_gap_t), same);

    for (i = 0, n = 0; i < list->n; i++) {
        b = &list->gaps[i];
        a = n == 0 ? NULL : &list->gaps[n - 1];

        if (a == NULL || same(a, b) != 0) {
            list->gaps[n++] = *b;
            continue;
        }

        a->count += b->count;
        a->first = b->first < a->first ? b->first : a->first;
        a->last = b->last > a->last ? b->last : a->last;
    }

    list->n = n;
    qsort(list->gaps, n, sizeof(consent_gap_t), order);
}


static void
print(consent_buf_t *b, const list_t *list, uint64_t lost)
{
    size_t                i;
    const consent_gap_t  *gap;

    if (list->n == 0) {
        consent_buf_str(b, "The policy knows every name that was seen.\n");
    }

    for (i = 0; i < list->n; i++) {
        gap = &list->gaps[i];

        if (i == 0 || strcmp(gap->location, list->gaps[i - 1].location) != 0) {
            consent_buf_str(b, i == 0 ? "" : "\n");
            consent_ctl_plain(b, consent_cstr(gap->location));
            consent_buf_char(b, '\n');
        }

        consent_buf_printf(b, "  %-12s ", consent_carrier_name(gap->carrier));
        consent_ctl_plain(b, consent_cstr(gap->name));
        consent_buf_printf(b, "%*s %10llu  last ", (int) (strlen(gap->name) < 32 ? 32 - strlen(gap->name) : 0), "",
                           (unsigned long long) gap->count);
        consent_when_rfc3339(b, gap->last / 1000 * 1000);
        consent_buf_char(b, '\n');
    }

    if (list->n != 0) {
        consent_buf_str(b, "\nEach is to become a carrier of a category, or to be listed under \"necessary\".\n");
    }

    if (lost != 0) {
        consent_buf_printf(b, "%llu more found no room in the record.\n", (unsigned long long) lost);
    }
}


static void
json(consent_buf_t *b, const list_t *list, uint64_t lost)
{
    size_t                i;
    const consent_gap_t  *gap;

    consent_buf_char(b, '{');
    consent_ctl_json_name(b, "names");
    consent_buf_char(b, '[');

    for (i = 0; i < list->n; i++) {
        gap = &list->gaps[i];

        consent_buf_str(b, i == 0 ? "{" : ",{");
        consent_ctl_json_text(b, "location", consent_cstr(gap->location));
        consent_ctl_json_text(b, "carrier", consent_cstr(consent_carrier_name(gap->carrier)));
        consent_ctl_json_text(b, "name", consent_cstr(gap->name));
        consent_ctl_json_number(b, "count", gap->count);
        json_time(b, "first", gap->first);
        json_time(b, "last", gap->last);
        consent_buf_char(b, '}');
    }

    consent_buf_char(b, ']');
    consent_ctl_json_number(b, "lost", lost);
    consent_buf_str(b, "}\n");
}


static void
json_time(consent_buf_t *b, const char *name, consent_time_t t)
{
    consent_ctl_json_name(b, name);
    consent_buf_char(b, '"');
    consent_when_rfc3339(b, t);
    consent_buf_char(b, '"');
}
