/*
 * Member names as they are compared. What some server takes for the same letter is the same letter: either case (Go and
 * Java fold far more than ASCII, the long s and the Kelvin sign among it), full width, a letter and its accent apart. What
 * cannot be seen is not there.
 */

#include "policy/json_path.h"
#include "base/utf8.h"

typedef struct {
    uint8_t   base;
    uint16_t  mark;
    uint16_t  letter;
} fold_accent_t;

static uint32_t fold_letter(uint32_t c);
static uint32_t fold_accent(uint8_t base, uint32_t mark);
static bool fold_invisible(uint32_t c);


size_t
consent_json_name_fold(uint8_t *out, const uint8_t *name, size_t len)
{
    size_t          n, start;
    uint32_t        c, letter;
    const uint8_t  *p, *end;

    n = 0;
    p = name;
    end = name + len;

    while (p < end) {

        if (*p < 0x80) {
            out[n++] = consent_lower(*p++);
            continue;
        }

        c = fold_letter(consent_utf8_next(&p, end));

        if (fold_invisible(c)) {
            continue;
        }

        letter = n == 0 ? 0 : fold_accent(out[n - 1], c);

        if (letter != 0) {
            c = letter;
            n--;
        }

        n += consent_utf8_put(out + n, c);
    }

    while (n > 0 && out[n - 1] <= ' ') {
        n--;
    }

    for (start = 0; start < n && out[start] <= ' '; start++) { /* void */ }

    memmove(out, out + start, n - start);

    return n - start;
}


static uint32_t
fold_letter(uint32_t c)
{
    if (c < 0x100) {
        return c == 0x85 || c == 0xa0 ? ' ' : c >= 0xc0 && c <= 0xde && c != 0xd7 ? c + 0x20 : c;
    }

    if (c < 0x180) {

        switch (c) {
        case 0x130:
        case 0x131:
            return 'i';
        case 0x178:
            return 0xff;
        case 0x17f:
            return 's';
        }

        if ((c >= 0x139 && c <= 0x148) || c >= 0x179) {
            return c + (c & 1);
        }

        return c == 0x138 || c == 0x149 ? c : c | 1;
    }

    if (c >= 0x391 && c <= 0x3a9) {
        return c + 0x20;
    }

    if (c >= 0x400 && c <= 0x42f) {
        return c + (c < 0x410 ? 0x50 : 0x20);
    }

    if (c >= 0xff01 && c <= 0xff5e) {
        return consent_lower((uint8_t) (c - 0xff01 + '!'));
    }

    switch (c) {
    case 0x3c2:
        return 0x3c3;
    case 0x1e9e:
        return 0xdf;
    case 0x212a:
        return 'k';
    case 0x212b:
        return 0xe5;
    case 0x2028:
    case 0x2029:
    case 0x3000:
        return ' ';
    default:
        return c >= 0x2000 && c <= 0x200a ? ' ' : c;
    }
}


/* The letter that a base letter and a combining mark make (Unicode normalization form C), or 0. */
static uint32_t
fold_accent(uint8_t base, uint32_t mark)
{
    size_t  i;

    static const fold_accent_t  accents[] = {
        { 'a', 0x300, 0xe0 }, { 'a', 0x301, 0xe1 }, { 'a', 0x302, 0xe2 }, { 'a', 0x303, 0xe3 }, { 'a', 0x308, 0xe4 },
        { 'a', 0x30a, 0xe5 }, { 'c', 0x327, 0xe7 }, { 'e', 0x300, 0xe8 }, { 'e', 0x301, 0xe9 }, { 'e', 0x302, 0xea },
        { 'e', 0x308, 0xeb }, { 'i', 0x300, 0xec }, { 'i', 0x301, 0xed }, { 'i', 0x302, 0xee }, { 'i', 0x308, 0xef },
        { 'n', 0x303, 0xf1 }, { 'o', 0x300, 0xf2 }, { 'o', 0x301, 0xf3 }, { 'o', 0x302, 0xf4 }, { 'o', 0x303, 0xf5 },
        { 'o', 0x308, 0xf6 }, { 'u', 0x300, 0xf9 }, { 'u', 0x301, 0xfa }, { 'u', 0x302, 0xfb }, { 'u', 0x308, 0xfc },
        { 'y', 0x301, 0xfd }, { 'y', 0x308, 0xff }, { 's', 0x30c, 0x161 }, { 'z', 0x30c, 0x17e }
    };

    if (mark < 0x300 || mark > 0x327) {
        return 0;
    }

    for (i = 0; i < consent_countof(accents); i++) {
        if (accents[i].base == base && accents[i].mark == mark) {
            return accents[i].letter;
        }
    }

    return 0;
}


/* Joiners, marks of direction, selectors, soft hyphens; and what stands where a surrogate had no partner. */
static bool
fold_invisible(uint32_t c)
{
    return c == 0xad || c == 0x34f || c == 0x61c || c == 0x180e || (c >= 0x200b && c <= 0x200f)
           || (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || (c >= 0xfe00 && c <= 0xfe0f)
           || c == 0xfeff || c == 0xfffd || (c >= 0xe0000 && c <= 0xe0fff);
}
