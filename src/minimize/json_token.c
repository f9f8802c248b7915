/*
 * White space and numbers.
 */

#include "minimize/json_token.h"

#define DIGIT  (JSON_IS_DIGIT | JSON_IS_NUMBER)

const uint8_t  consent_json_class[256] = {
    [' '] = JSON_IS_SPACE | JSON_IS_NEST, ['\t'] = JSON_IS_SPACE,
    ['\n'] = JSON_IS_SPACE | JSON_IS_BREAK, ['\r'] = JSON_IS_SPACE | JSON_IS_BREAK,
    ['0'] = DIGIT, ['1'] = DIGIT, ['2'] = DIGIT, ['3'] = DIGIT, ['4'] = DIGIT, ['5'] = DIGIT, ['6'] = DIGIT,
    ['7'] = DIGIT, ['8'] = DIGIT, ['9'] = DIGIT, ['-'] = JSON_IS_NUMBER,
    ['{'] = JSON_IS_NEST | JSON_IS_OPEN, ['['] = JSON_IS_NEST | JSON_IS_OPEN,
    ['\\'] = JSON_IS_NEST, [0xef] = JSON_IS_NEST,
    ['"'] = JSON_IS_QUOTE, ['t'] = JSON_IS_WORD, ['f'] = JSON_IS_WORD, ['n'] = JSON_IS_WORD
};

#undef DIGIT


bool
consent_json_space(const json_reader_t *r, const uint8_t **at, const uint8_t *end)
{
    uint8_t         seen;
    const uint8_t  *p;

    seen = 0;

    for (p = *at; p < end && (consent_json_class[*p] & JSON_IS_SPACE); p++) {
        seen |= consent_json_class[*p];
    }

    if (r->lines == JSON_LINES_PLAIN && (seen & JSON_IS_BREAK)) {
        return false;
    }

    *at = p;

    return true;
}


const uint8_t *
consent_json_number_read(json_reader_t *r, const uint8_t *p, const uint8_t *end)
{
    uint8_t  c;

    for ( /* void */ ; p < end; p++) {
        c = *p;

        if (consent_json_class[c] & JSON_IS_DIGIT) {

            switch (r->number) {
            case JSON_NUMBER_MINUS:
                r->number = c == '0' ? JSON_NUMBER_ZERO : JSON_NUMBER_INTEGER;
                break;
            case JSON_NUMBER_ZERO:
                return p;
            case JSON_NUMBER_POINT:
                r->number = JSON_NUMBER_FRACTION;
                break;
            case JSON_NUMBER_E:
            case JSON_NUMBER_SIGN:
                r->number = JSON_NUMBER_EXPONENT;
                break;
            }

        } else if (c == '.' && (r->number == JSON_NUMBER_ZERO || r->number == JSON_NUMBER_INTEGER)) {
            r->number = JSON_NUMBER_POINT;

        } else if ((c | 0x20) == 'e' && r->number >= JSON_NUMBER_ZERO && r->number <= JSON_NUMBER_FRACTION) {
            r->number = JSON_NUMBER_E;

        } else if ((c == '+' || c == '-') && r->number == JSON_NUMBER_E) {
            r->number = JSON_NUMBER_SIGN;

        } else {
            return p;
        }
    }

    return p;
}
