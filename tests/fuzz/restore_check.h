/*
 * Where a value must not stand, found out by other means than restoring does: backwards from each value in the finished
 * text, and from every place where some reader might see a tag or a target begin.
 */

#ifndef RESTORE_CHECK_H
#define RESTORE_CHECK_H

#include <ctype.h>
#include <stdlib.h>

#include "disclose/html_scan.h"

#define MARK  "zqxj"            /* begins each value, and stands nowhere else */

#define SIZE  (1 << 18)

typedef struct {
    uint8_t  data[SIZE];
    size_t   len;
} text_t;

static void require_at(bool condition, int line);

#define require(condition)  require_at(condition, __LINE__)

static void check(const uint8_t *text, size_t len, bool page);
static void check_words(const uint8_t *text, size_t len, size_t at, bool page);
static void check_tags(const uint8_t *text, size_t len);
static void check_targets(const uint8_t *text, size_t len);
static void check_page(const text_t *in, const text_t *out);


static void
check(const uint8_t *text, size_t len, bool page)
{
    const uint8_t  *p;

    for (p = text; (p = memmem(p, len - (size_t) (p - text), MARK, 4)) != NULL; p++) {
        check_words(text, len, (size_t) (p - text), page);
    }

    if (!page) {
        check_tags(text, len);
        check_targets(text, len);
    }
}


/* The word around a value is no address. */
static void
check_words(const uint8_t *text, size_t len, size_t at, bool page)
{
    size_t   i, n, from, left;
    uint8_t  word[4096];

    /* the words before it, without the ends of strings */
    for (from = at, n = 0;
         from > 0 && n < sizeof(word) && !isspace(text[from - 1]) && (!page || text[from - 1] != '>');
         from--)
    {
        if (text[from - 1] != 0x1f) {
            word[sizeof(word) - ++n] = text[from - 1];
        }
    }

    for (i = sizeof(word) - n; i < sizeof(word); i++) {
        left = sizeof(word) - i;
        require(left < 3 || memcmp(word + i, "://", 3) != 0);
        require(left < 4 || memcmp(word + i, "www.", 4) != 0);
        require(left < 7 || memcmp(word + i, "mailto:", 7) != 0);
        require(left < 9 || memcmp(word + i, "e.example", 9) != 0);
        require(left != 2 || memcmp(word + i, "//", 2) != 0);
    }

    /* the first value has nothing in it that could end a word */
    if (at + 8 <= len && memcmp(text + at, MARK "0001", 8) == 0) {
        for (i = at + 8; i < len && (isalnum(text[i]) || text[i] == '-' || text[i] == '_'); i++) { /* void */ }

        require(i == len || (text[i] != '/' && text[i] != '@'));
        require(i + 1 >= len || text[i] != '.' || !isalnum(text[i + 1]));
    }
}


/* From whatever place a tag is read: no value stands in it. */
static void
check_tags(const uint8_t *text, size_t len)
{
    size_t    i, k;
    uint8_t   c, quote;
    bool      value;

    for (i = 0; i + 1 < len; i++) {

        if (text[i] != '<' || !isalpha(text[i + 1 + (text[i + 1] == 0x1f && i + 2 < len)])) {
            continue;
        }

        /* HTML 13.2.5.8 and on: a quote is one where a value begins */
        quote = 0;
        value = false;

        for (k = i + 1; k < len; k++) {
            c = text[k];

            if (len - k >= 4 && memcmp(text + k, MARK, 4) == 0) {
                require(false);
            }

            if (quote != 0) {
                quote = c == quote ? 0 : quote;

            } else if (c == '>') {
                break;

            } else if (value && (c == '"' || c == '\'')) {
                quote = c;
                value = false;

            } else if (!isspace(c)) {
                value = c == '=';
            }
        }
    }
}


/* From each "](" to the first ")", or a blank line. */
static void
check_targets(const uint8_t *text, size_t len)
{
    size_t  i, k, m;

    for (i = 0; i + 1 < len; i++) {

        if (text[i] != ']' || text[i + 1] != '(') {
            continue;
        }

        for (k = i + 2; k < len && text[k] != ')' && memcmp(text + k - 1, "\n\n", 2) != 0; k++) {
            if (k + 1 < len && (text[k] == '\n' || text[k] == '\r')) {
                for (m = k + 1; m < len && strchr(" \t\f\r", text[m]) != NULL && text[m] != '\0'; m++) { /* void */ }

                if (m == len || text[m] == '\n') {
                    break;
                }
            }

            require(len - k < 4 || memcmp(text + k, MARK, 4) != 0);
        }
    }
}


/* The tags of a page are those that came, and values stand between them. */
static void
check_page(const text_t *in, const text_t *out)
{
    const uint8_t        *p, *q, *at;
    consent_scan_t        s, t;
    consent_scan_event_t  a, b;

    consent_scan_init(&s, false);
    consent_scan_init(&t, false);
    s.skip_text = true;
    t.skip_text = true;
    p = in->data;
    q = out->data;
    consent_scan_input(&s, p, 0);
    consent_scan_input(&t, q, 0);

    do {
        a = consent_scan(&s, &p, in->data + in->len);
        b = consent_scan(&t, &q, out->data + out->len);
        require(a == b && s.name == t.name && s.closing == t.closing);

        /* within tags, comments and raw text, up to where the next tag begins, nothing was restored */
        if (b == CONSENT_SCAN_TAG || b == CONSENT_SCAN_NAME) {
            at = out->data + t.token;
            require(memmem(at, (size_t) (q - at), MARK, 4) == NULL);
        }
    } while (a != CONSENT_SCAN_MORE);

    require(consent_scan_at_rest(&s) == consent_scan_at_rest(&t));
}

#endif
