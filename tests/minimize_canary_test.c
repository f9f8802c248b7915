/*
 * Random requests with canaries in them: at the most private level no value of a protected name reaches any of a dozen
 * ways in which servers read cookies and queries, and all else arrives byte for byte and in order.
 *
 * The readers below are written for this test, after what servers do; they share nothing with the code under test.
 */

#include <ctype.h>
#include <strings.h>

#include "minimize.h"

#define ROUNDS      20000
#define MAX_PAIRS   12
#define MAX_TEXT    4096

static uint32_t  seed = 2463534242U;


static uint32_t
dice(uint32_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;

    return seed % n;
}


/* ---- what is sent ---- */

static const char *const  protected_args[] = { "pnr", "person_nr", "personnummer", "email", "halsa", "utm_source" };
static const char *const  protected_cookies[] = { "pnr", "person_nr", "epost", "_ga_77", "kampanj" };
static const char *const  open_names[] = {
    "q", "sida", "pnrx", "xpnr", "e-mail", "emails", "JSESSIONID", "a.b", "x[]", "%C3%A5", "utm", "arende", "pn.r"
};

#define pick(list)  list[dice(consent_countof(list))]


/* The letters of a name in any case, some percent-encoded, up to three times over. */
static void
put_name(char *out, const char *name, bool encode)
{
    char      once[256], twice[1024];
    size_t    i, n, depth, rounds;
    char     *w;

    w = once;

    for (i = 0; name[i] != '\0'; i++) {
        *w++ = (char) (dice(3) == 0 ? toupper((unsigned char) name[i]) : name[i]);
    }

    *w = '\0';
    rounds = encode ? dice(4) : 0;

    for (depth = 0; depth < rounds; depth++) {
        w = twice;

        for (i = 0, n = strlen(once); i < n; i++) {
            if (dice(4) == 0) {
                w += sprintf(w, dice(2) ? "%%%02x" : "%%%02X", (unsigned char) once[i]);

            } else {
                *w++ = once[i];
            }
        }

        *w = '\0';

        if ((size_t) (w - twice) >= sizeof(once)) {
            break;
        }

        strcpy(once, twice);
    }

    strcpy(out, once);
}


/* A spelling that some server takes for the name. */
static void
disguise(char *out, const char *name, bool arg)
{
    char         plain[256];
    const char  *underscore;

    underscore = strchr(name, '_');

    switch (dice(arg ? 8 : 5)) {

    case 0:
        snprintf(plain, sizeof(plain), "%s[%s]", name, dice(2) ? "" : "x");
        break;

    case 1:
        snprintf(plain, sizeof(plain), "%s ", name);
        break;

    case 2:
        strcpy(plain, name);

        if (underscore > name) {
            plain[underscore - name] = "._ ["[dice(4)];
        }
        break;

    case 5:
        snprintf(plain, sizeof(plain), "%s.y", name);
        break;

    case 6:
        snprintf(plain, sizeof(plain), "+%s", name);
        break;

    case 7:
        snprintf(plain, sizeof(plain), "%s%%00z", name);
        break;

    default:
        strcpy(plain, name);
    }

    put_name(out, plain, arg || dice(3) == 0);
}


typedef struct {
    bool  secret;
    char  text[1024];
} pair_t;

typedef struct {
    size_t  n;
    pair_t  pairs[MAX_PAIRS];
    char    separators[MAX_PAIRS];
    char    text[MAX_TEXT];
} request_t;


static void
make_arg(pair_t *p, unsigned serial)
{
    char  name[512];

    p->secret = dice(3) == 0;

    if (!p->secret) {
        static const char *const  values[] = { "=1", "=", "", "=a+b%20c", "=%C3%A5%C3%A4", "=a=b", "=pnr", "=%26x", "=x%3D" };

        sprintf(p->text, "%s%s", pick(open_names), pick(values));
        return;
    }

    disguise(name, pick(protected_args), true);

    switch (dice(6)) {
    case 0:
        sprintf(p->text, "next=/x?%s=CANARY%u", name, serial);
        break;
    case 1:
        sprintf(p->text, "next=%%2Fx%%3Fa%%3D1%%26pnr%%3DCANARY%u", serial);
        break;
    default:
        sprintf(p->text, "%s=CANARY%u%s", name, serial, dice(4) == 0 ? ";CANARY" : "");
    }
}


static void
make_cookie(pair_t *p, unsigned serial)
{
    char  name[512];

    p->secret = dice(3) == 0;

    if (!p->secret) {
        static const char *const  values[] = { "=1", "=", "", "=a b", "=\"x\"", "=a=b", "=%7B%22x%22%7D", "=1,2" };

        sprintf(p->text, "%s%s", pick(open_names), pick(values));
        return;
    }

    disguise(name, pick(protected_cookies), false);

    switch (dice(6)) {
    case 0:
        sprintf(p->text, "%s=\"CANARY%u; CANARY\"", name, serial);
        break;
    case 1:
        sprintf(p->text, "o=\"1; %s=CANARY%u\"", name, serial);
        break;
    case 2:
        sprintf(p->text, "o=1,%s=CANARY%u", name, serial);
        break;
    default:
        sprintf(p->text, "%s=CANARY%u", name, serial);
    }
}


static void
make(request_t *r, bool args)
{
    char    *w;
    size_t   i;

    r->n = dice(MAX_PAIRS) + 1;
    w = r->text;

    for (i = 0; i < r->n; i++) {
        if (args) {
            make_arg(&r->pairs[i], (unsigned) i);
            r->separators[i] = dice(5) == 0 ? ';' : '&';

            if (i > 0 && r->pairs[i - 1].secret) {
                /* what is bare behind ';' belongs to the pair in front */
                r->separators[i] = '&';
            }

            if (i > 0) {
                *w++ = r->separators[i];
            }

        } else {
            make_cookie(&r->pairs[i], (unsigned) i);

            if (i > 0) {
                w += sprintf(w, dice(4) == 0 ? ";" : "; ");
            }
        }

        w += sprintf(w, "%s", r->pairs[i].text);
    }
}


/* ---- how servers read it ---- */

static size_t
decode(char *out, const char *in, size_t n, bool plus)
{
    char    hex[3] = { 0 };
    size_t  i;
    char   *w;

    w = out;

    for (i = 0; i < n; i++) {
        if (in[i] == '%' && i + 2 < n && isxdigit((unsigned char) in[i + 1]) && isxdigit((unsigned char) in[i + 2])) {
            memcpy(hex, in + i + 1, 2);
            *w++ = (char) strtol(hex, NULL, 16);
            i += 2;

        } else {
            *w++ = (char) (plus && in[i] == '+' ? ' ' : in[i]);
        }
    }

    return (size_t) (w - out);
}


typedef struct {
    const char  *name;
    const char  *separators;
    int          before;        /* decodings of the whole */
    int          after;         /* of each part */
    bool         plus;
    bool         quotes;
    bool         structured;
    bool         php;
} reader_t;

static const reader_t  arg_readers[] = {
    { "plain",             "&",  0, 1, true,  false, false, false },
    { "twice",             "&",  0, 2, true,  false, true,  false },
    { "thrice",            "&",  0, 3, true,  false, true,  false },
    { "semicolons",        "&;", 0, 1, true,  false, true,  false },
    { "decoded first",     "&",  1, 0, true,  false, true,  false },
    { "decoded first, ;",  "&;", 1, 1, false, false, true,  false },
    { "no plus",           "&",  0, 1, false, false, true,  false },
    { "PHP",               "&",  0, 1, true,  false, false, true },
    { "PHP behind one",    "&",  0, 2, true,  false, false, true }
};

static const reader_t  cookie_readers[] = {
    { "RFC 6265",          ";",  0, 0, false, false, false, false },
    { "decoded names",     ";",  0, 1, false, false, false, false },
    { "RFC 2109",          ";,", 0, 0, false, true,  false, false },
    { "quotes, no comma",  ";",  0, 0, false, true,  false, false },
    { "PHP",               ";",  0, 0, false, false, false, true },
    { "PHP 7.3",           ";",  0, 1, true,  false, false, true }
};


static bool
is_protected(const char *name, const char *const *names, size_t n)
{
    size_t  i;

    for (i = 0; i < n; i++) {
        if (strcasecmp(name, names[i]) == 0) {
            return true;
        }
    }

    return strncasecmp(name, "utm_", 4) == 0 || strncasecmp(name, "_ga", 3) == 0;
}


/* This reader gives a protected name a value with a canary in it. */
static bool
read_pair(const reader_t *reader, char *p, size_t n, const char *const *names, size_t n_names)
{
    int      k;
    char     copy[MAX_TEXT], *name, *value, *w;
    size_t   len;

    memcpy(copy, p, n);

    for (k = 0; k < reader->after; k++) {
        if (k == 0) {
            value = memchr(copy, '=', n);

            if (value != NULL) {
                /* name and value apart, so that an encoded '=' does not part them anew */
                len = decode(copy, copy, (size_t) (value - copy), reader->plus);
                memmove(copy + len, value, n - (size_t) (value - copy));
                n = len + n - (size_t) (value - copy);
                continue;
            }
        }

        n = decode(copy, copy, n, reader->plus);
    }

    copy[n] = '\0';
    value = memchr(copy, '=', n);

    if (value == NULL) {
        return false;
    }

    *value++ = '\0';
    name = copy;

    while (isspace((unsigned char) *name)) {
        name++;
    }

    for (w = name + strlen(name); w > name && isspace((unsigned char) w[-1]); w--) {
        w[-1] = '\0';
    }

    if (reader->structured) {
        name[strcspn(name, "[.")] = '\0';
    }

    if (reader->php) {
        w = strchr(name, '[');

        if (w != NULL && strchr(w, ']') != NULL) {
            *w = '\0';
        }

        for (w = name; *w != '\0'; w++) {
            if (strchr(". [", *w) != NULL) {
                *w = '_';
            }
        }
    }

    return is_protected(name, names, n_names) && memmem(value, n - (size_t) (value - copy), "CANARY", 6) != NULL;
}


static bool
finds(const reader_t *reader, const char *in, size_t n, const char *const *names, size_t n_names)
{
    int     k;
    bool    quoted;
    char    text[MAX_TEXT];
    size_t  i, start;

    memcpy(text, in, n);

    for (k = 0; k < reader->before; k++) {
        n = decode(text, text, n, reader->plus);
    }

    quoted = false;
    start = 0;

    for (i = 0; i <= n; i++) {
        if (i < n && reader->quotes && text[i] == '"' && (quoted || (i > start && text[i - 1] == '='))) {
            quoted = !quoted;
        }

        if (i == n || (!quoted && strchr(reader->separators, text[i]) != NULL && text[i] != '\0')) {
            if (read_pair(reader, text + start, i - start, names, n_names)) {
                return true;
            }

            start = i + 1;
        }
    }

    return false;
}


/* ---- and what must hold ---- */

/* What came out, without separators and the spaces behind them, is what is open of what went in. */
static void
assert_rest(const request_t *r, const char *out, const char *separators)
{
    char         expected[MAX_TEXT], got[MAX_TEXT], *e, *g;
    size_t       i, k;
    const char  *p;

    e = expected;
    g = got;

    for (i = 0; i < r->n; i++) {
        for (k = 0; !r->pairs[i].secret && r->pairs[i].text[k] != '\0'; k++) {
            *e++ = r->pairs[i].text[k];
        }
    }

    for (p = out; *p != '\0'; p++) {
        if (strchr(separators, *p) != NULL) {
            while (p[1] == ' ') {
                p++;
            }

            continue;
        }

        *g++ = *p;
    }

    *e = *g = '\0';

    if (strcmp(expected, got) != 0) {
        fail_msg("\"%s\" became \"%s\"", r->text, out);
    }
}


static void
no_reader_finds_an_argument(void **state)
{
    char             out[MAX_TEXT];
    size_t           i, k, len;
    request_t        r;
    consent_found_t  found;

    (void) state;

    for (i = 0; i < ROUNDS; i++) {
        make(&r, true);
        run(consent_minimize_args, r.text, strlen(r.text), 0, NULL, out, &len, &found);

        for (k = 0; k < consent_countof(arg_readers); k++) {
            if (finds(&arg_readers[k], out, len, protected_args, consent_countof(protected_args))) {
                fail_msg("%s finds it in \"%s\", made of \"%s\"", arg_readers[k].name, out, r.text);
            }
        }

        if (strstr(out, "CANARY") != NULL) {
            fail_msg("\"%s\" became \"%s\"", r.text, out);
        }

        assert_rest(&r, out, "&;");
    }
}


static void
no_reader_finds_a_cookie(void **state)
{
    char             out[MAX_TEXT];
    size_t           i, k, len;
    request_t        r;
    consent_found_t  found;

    (void) state;

    for (i = 0; i < ROUNDS; i++) {
        make(&r, false);
        run(consent_minimize_cookies, r.text, strlen(r.text), 0, NULL, out, &len, &found);

        for (k = 0; k < consent_countof(cookie_readers); k++) {
            if (finds(&cookie_readers[k], out, len, protected_cookies, consent_countof(protected_cookies))) {
                fail_msg("%s finds it in \"%s\", made of \"%s\"", cookie_readers[k].name, out, r.text);
            }
        }

        if (strstr(out, "CANARY") != NULL) {
            fail_msg("\"%s\" became \"%s\"", r.text, out);
        }

        assert_rest(&r, out, ";");
    }
}


/* The readers do find what nobody took out. */
static void
the_readers_can_read(void **state)
{
    size_t  i;

    static const struct {
        bool            args;
        int             reader;
        const char     *text;
    } rows[] = {
        { true, 0, "a=1&p%6er=CANARY" }, { true, 1, "a=1&p%256er[x]=CANARY" }, { true, 2, "p%25256er=CANARY" },
        { true, 3, "a=1;pnr=CANARY" }, { true, 4, "a=1%26pnr%3DCANARY" }, { true, 5, "a=1%3bpnr=CANARY" },
        { true, 6, "PNR=CANARY" }, { true, 7, "person.nr[]=CANARY" }, { true, 8, "person%252Enr=CANARY" },
        { false, 0, "a=1; pnr =CANARY" }, { false, 1, "a=1; %70nr=CANARY" }, { false, 2, "a=\"1; 2\", pnr=CANARY" },
        { false, 3, "a=1; pnr=\"x; CANARY\"" }, { false, 4, "person.nr=CANARY" },
        { false, 5, "person%20nr[1]=CANARY" }
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        if (!(rows[i].args
              ? finds(&arg_readers[rows[i].reader], rows[i].text, strlen(rows[i].text), protected_args,
                      consent_countof(protected_args))
              : finds(&cookie_readers[rows[i].reader], rows[i].text, strlen(rows[i].text), protected_cookies,
                      consent_countof(protected_cookies))))
        {
            fail_msg("nothing found in \"%s\"", rows[i].text);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(the_readers_can_read),
        cmocka_unit_test(no_reader_finds_an_argument),
        cmocka_unit_test(no_reader_finds_a_cookie)
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
