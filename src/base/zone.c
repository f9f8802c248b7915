/*
 * Time zones: a TZif file (RFC 8536) of transitions, and the rule of its footer for the time after them.
 *
 * A zone is a pure function from instants to offsets, in pieces that begin at a transition. Everything else,
 * gaps and overlaps of local time included, follows from "the offset at" and "the next transition after".
 */

#include "base/when.h"
#include "base/zone_rule.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define ZONE_DIRECTORY   "/usr/share/zoneinfo/"
#define ZONE_NAME_LEN    64
#define ZONE_FILE_SIZE   ((size_t) 262144)
#define ZONE_HEADER_LEN  44
#define ZONE_MAX_TYPES   256
#define ZONE_MAX_OFFSET  (26 * 3600)        /* RFC 8536, section 3.2: more than -25 and less than 26 hours */

typedef struct {
    uint32_t  isut;
    uint32_t  isstd;
    uint32_t  leap;
    uint32_t  times;
    uint32_t  types;
    uint32_t  chars;
} zone_header_t;

struct consent_zone_s {
    size_t               count;
    int64_t             *times;         /* of transitions, ascending */
    int32_t             *offsets;       /* from each on, seconds east of UTC */
    int32_t              first;         /* before them all */

    bool                 ruled;         /* after them all the rule says; otherwise the last stays */
    consent_zone_rule_t  rule;
};

static consent_rc_t zone_read(uint8_t *out, size_t *len, consent_slice_t name);
static bool zone_header(zone_header_t *h, const uint8_t *p, size_t left);
static size_t zone_block_len(const zone_header_t *h, size_t time_len);
static consent_rc_t zone_block(consent_zone_t *z, consent_arena_t *a, const zone_header_t *h,
    const uint8_t *p, size_t time_len);
static int32_t zone_offset(const consent_zone_t *z, int64_t seconds);
static bool zone_next(const consent_zone_t *z, int64_t seconds, int64_t *next);
static size_t zone_find(const consent_zone_t *z, int64_t seconds);
static int64_t zone_seconds(consent_time_t t);
static uint32_t zone_u32(const uint8_t *p);
static int64_t zone_i64(const uint8_t *p);


consent_rc_t
consent_zone_load(consent_zone_t **zone, consent_arena_t *a, consent_slice_t name)
{
    size_t         len;
    uint8_t       *data;
    consent_rc_t   rc;

    *zone = NULL;

    data = malloc(ZONE_FILE_SIZE);
    if (data == NULL) {
        return CONSENT_NOMEM;
    }

    rc = zone_read(data, &len, name);

    if (rc == CONSENT_OK) {
        rc = consent_zone_parse(zone, a, consent_slice(data, len));
    }

    free(data);

    return rc;
}


consent_rc_t
consent_zone_parse(consent_zone_t **zone, consent_arena_t *a, consent_slice_t tzif)
{
    size_t           time_len, len, left;
    consent_rc_t     rc;
    zone_header_t    h;
    consent_zone_t  *z;
    const uint8_t   *p, *line;

    *zone = NULL;

    if (!zone_header(&h, tzif.data, tzif.len)) {
        return CONSENT_MALFORMED;
    }

    z = consent_arena_alloc(a, sizeof(consent_zone_t));
    if (z == NULL) {
        return CONSENT_NOMEM;
    }

    p = tzif.data;
    left = tzif.len;
    time_len = 4;

    if (p[4] >= '2') {
        /* the block of 32-bit times is there for old readers only */

        len = ZONE_HEADER_LEN + zone_block_len(&h, 4);

        if (len > left || !zone_header(&h, p + len, left - len)) {
            return CONSENT_MALFORMED;
        }

        p += len;
        left -= len;
        time_len = 8;
    }

    len = ZONE_HEADER_LEN + zone_block_len(&h, time_len);

    if (len > left) {
        return CONSENT_MALFORMED;
    }

    rc = zone_block(z, a, &h, p + ZONE_HEADER_LEN, time_len);
    if (rc != CONSENT_OK) {
        return rc;
    }

    p += len;
    left -= len;

    if (time_len == 8) {
        if (left < 2 || *p != '\n') {
            return CONSENT_MALFORMED;
        }

        line = memchr(p + 1, '\n', left - 1);

        if (line == NULL) {
            return CONSENT_MALFORMED;
        }

        z->ruled = line > p + 1;

        if (z->ruled) {
            rc = consent_zone_rule_parse(&z->rule, consent_slice(p + 1, (size_t) (line - p - 1)));

            if (rc != CONSENT_OK) {
                return rc;
            }
        }
    }

    *zone = z;

    return CONSENT_OK;
}


void
consent_when_local(consent_civil_t *out, const consent_zone_t *zone, consent_time_t t)
{
    int64_t  seconds;

    seconds = zone_seconds(t);

    consent_when_civil(out, seconds + (zone == NULL ? 0 : zone_offset(zone, seconds)));
}


consent_time_t
consent_when_instant(const consent_zone_t *zone, const consent_civil_t *c)
{
    int64_t  local, begin, end, found;

    local = consent_when_days(c->year, c->month, c->day) * 86400 + (int64_t) c->hour * 3600 + c->minute * 60
            + c->second;

    if (zone == NULL) {
        return consent_when_from_seconds(local);
    }

    /* walk the pieces of constant offset in which that local time can lie */

    for (begin = local - ZONE_MAX_OFFSET; /* void */ ; begin = end) {
        found = local - zone_offset(zone, begin);

        if (found < begin) {
            /* the piece before ended too early, this one begins too late: a gap */
            return consent_when_from_seconds(begin);
        }

        if (!zone_next(zone, begin, &end) || found < end) {
            return consent_when_from_seconds(found);
        }
    }
}


static consent_rc_t
zone_read(uint8_t *out, size_t *len, consent_slice_t name)
{
    int          fd;
    char         path[sizeof(ZONE_DIRECTORY) + ZONE_NAME_LEN];
    size_t       i;
    uint8_t      c;
    ssize_t      n;
    struct stat  st;

    if (name.len == 0 || name.len > ZONE_NAME_LEN || name.data[0] == '/') {
        return CONSENT_MALFORMED;
    }

    for (i = 0; i < name.len; i++) {
        c = name.data[i];

        if ((consent_lower(c) < 'a' || consent_lower(c) > 'z') && (c < '0' || c > '9')
            && memchr("_+-/", c, 4) == NULL)
        {
            return CONSENT_MALFORMED;
        }
    }

    (void) snprintf(path, sizeof(path), ZONE_DIRECTORY "%.*s", (int) name.len, (const char *) name.data);

    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd == -1) {
        return errno == ENOENT || errno == ENOTDIR ? CONSENT_NOTFOUND : CONSENT_IO;
    }

    if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode)) {
        close(fd);
        return CONSENT_NOTFOUND;
    }

    for (*len = 0; *len < ZONE_FILE_SIZE; *len += (size_t) n) {
        n = read(fd, out + *len, ZONE_FILE_SIZE - *len);

        if (n == -1 && errno == EINTR) {
            n = 0;
            continue;
        }

        if (n <= 0) {
            break;
        }
    }

    close(fd);

    return *len == ZONE_FILE_SIZE ? CONSENT_LIMIT : n == -1 ? CONSENT_IO : CONSENT_OK;
}


static bool
zone_header(zone_header_t *h, const uint8_t *p, size_t left)
{
    if (left < ZONE_HEADER_LEN || memcmp(p, "TZif", 4) != 0) {
        return false;
    }

    h->isut = zone_u32(p + 20);
    h->isstd = zone_u32(p + 24);
    h->leap = zone_u32(p + 28);
    h->times = zone_u32(p + 32);
    h->types = zone_u32(p + 36);
    h->chars = zone_u32(p + 40);

    return h->types > 0 && h->types <= ZONE_MAX_TYPES && h->isut <= h->types && h->isstd <= h->types
           && h->leap < ZONE_FILE_SIZE && h->times < ZONE_FILE_SIZE && h->chars < ZONE_FILE_SIZE;
}


/* Every count is bounded by zone_header(). */
static size_t
zone_block_len(const zone_header_t *h, size_t time_len)
{
    return h->times * (time_len + 1) + (size_t) h->types * 6 + h->chars + h->leap * (time_len + 4) + h->isstd
           + h->isut;
}


static consent_rc_t
zone_block(consent_zone_t *z, consent_arena_t *a, const zone_header_t *h, const uint8_t *p, size_t time_len)
{
    size_t          i;
    int32_t         offset;
    const uint8_t  *types, *kinds;

    types = p + h->times * time_len;
    kinds = types + h->times;

    for (i = 0; i < h->types; i++) {
        offset = (int32_t) zone_u32(kinds + i * 6);

        if (offset <= -ZONE_MAX_OFFSET || offset >= ZONE_MAX_OFFSET) {
            return CONSENT_MALFORMED;
        }
    }

    z->first = (int32_t) zone_u32(kinds);
    z->count = h->times;
    z->times = consent_arena_array(a, h->times, sizeof(int64_t));
    z->offsets = consent_arena_array(a, h->times, sizeof(int32_t));

    if (z->times == NULL || z->offsets == NULL) {
        return CONSENT_NOMEM;
    }

    for (i = 0; i < h->times; i++) {
        z->times[i] = time_len == 8 ? zone_i64(p + i * 8) : (int32_t) zone_u32(p + i * 4);

        if (types[i] >= h->types || (i > 0 && z->times[i] <= z->times[i - 1])) {
            return CONSENT_MALFORMED;
        }

        z->offsets[i] = (int32_t) zone_u32(kinds + (size_t) types[i] * 6);
    }

    return CONSENT_OK;
}


static int32_t
zone_offset(const consent_zone_t *z, int64_t seconds)
{
    size_t  i;

    i = zone_find(z, seconds);

    if (i == z->count && z->ruled) {
        return consent_zone_rule_offset(&z->rule, seconds);
    }

    return i == 0 ? z->first : z->offsets[i - 1];
}


/* The first transition after that instant; false if there is none. */
static bool
zone_next(const consent_zone_t *z, int64_t seconds, int64_t *next)
{
    size_t  i;

    i = zone_find(z, seconds);

    if (i == z->count) {
        return z->ruled && consent_zone_rule_next(&z->rule, seconds, next);
    }

    *next = z->times[i];

    return true;
}


/* How many transitions are at or before that instant. */
static size_t
zone_find(const consent_zone_t *z, int64_t seconds)
{
    size_t  low, high, middle;

    low = 0;
    high = z->count;

    while (low < high) {
        middle = low + (high - low) / 2;

        if (z->times[middle] <= seconds) {
            low = middle + 1;

        } else {
            high = middle;
        }
    }

    return low;
}


static int64_t
zone_seconds(consent_time_t t)
{
    return t / 1000 - (t % 1000 < 0);
}


static uint32_t
zone_u32(const uint8_t *p)
{
    return (uint32_t) p[0] << 24 | (uint32_t) p[1] << 16 | (uint32_t) p[2] << 8 | p[3];
}


static int64_t
zone_i64(const uint8_t *p)
{
    return (int64_t) ((uint64_t) zone_u32(p) << 32 | zone_u32(p + 4));
}
