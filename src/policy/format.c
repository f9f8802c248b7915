/*
 * How the values of a policy are written: ids, texts, languages, addresses, times. A check answers NULL or a
 * predicate.
 */

#include "policy/form.h"
#include "base/utf8.h"

#define FORMAT_MAX_ID     64
#define FORMAT_MAX_NAME   200       /* characters */
#define FORMAT_MAX_TEXT   1000
#define FORMAT_MAX_URL    500       /* bytes */
#define FORMAT_MAX_EMAIL  254       /* RFC 5321, 4.5.3.1.3, without the angle brackets */

static const char *format_characters(consent_slice_t s, size_t most, const char *too_long);
static bool format_is_alpha(uint8_t c);
static bool format_is_digit(uint8_t c);


static const char *
format_id(consent_slice_t s)
{
    size_t   i;
    uint8_t  c;

    for (i = 0; i < s.len; i++) {
        c = s.data[i];

        if (!format_is_alpha(c) && !format_is_digit(c) && c != '.' && c != '_' && c != '-') {
            break;
        }
    }

    return s.len == 0 || s.len > FORMAT_MAX_ID || i < s.len
           ? "must be 1 to 64 of the characters A-Z a-z 0-9 . _ -" : NULL;
}


static const char *
format_name(consent_slice_t s)
{
    return format_characters(s, FORMAT_MAX_NAME, "is longer than 200 characters");
}


static const char *
format_text(consent_slice_t s)
{
    return format_characters(s, FORMAT_MAX_TEXT, "is longer than 1000 characters");
}


/* RFC 5646 as far as it can be told without the registry. */
static const char *
format_language(consent_slice_t s)
{
    bool    bad;
    size_t  i, part, parts;

    bad = s.len == 0 || s.len > 35;
    parts = 0;

    for (i = 0; i < s.len && !bad; i++) {

        for (part = 0; i < s.len && s.data[i] != '-'; i++, part++) {
            bad |= !format_is_alpha(s.data[i]) && (parts == 0 || !format_is_digit(s.data[i]));
        }

        bad |= part == 0 || part > 8 || (parts == 0 && (part < 2 || part > 3)) || i + 1 == s.len;
        parts++;
    }

    return bad ? "must be a language tag such as sv, fi or en-GB" : NULL;
}


/* ISO 3166-1 alpha-2, officially assigned; and EU, which it reserves for the union. */
static const char *
format_country(consent_slice_t s)
{
    static const char  countries[] =
        "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV "
        "BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES "
        "ET EU FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID "
        "IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV "
        "LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR "
        "NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL "
        "SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC "
        "VE VG VI VN VU WF WS YE YT ZA ZM ZW ";

    size_t  i;

    for (i = 0; s.len == 2 && i + 3 <= sizeof(countries) - 1; i += 3) {
        if (memcmp(countries + i, s.data, 2) == 0) {
            return NULL;
        }
    }

    return "must be a country code of ISO 3166 in two capital letters, such as SE or FI";
}


static const char *
format_url(consent_slice_t s)
{
    size_t   i;
    uint8_t  c;

    static const char  wrong[] = "must be an http:// or https:// address, percent-encoded";

    if (s.len >= 8 && memcmp(s.data, "https://", 8) == 0) {
        i = 8;

    } else if (s.len >= 7 && memcmp(s.data, "http://", 7) == 0) {
        i = 7;

    } else {
        return wrong;
    }

    if (s.len > FORMAT_MAX_URL) {
        return "is longer than 500 bytes";
    }

    if (i == s.len || (!format_is_alpha(s.data[i]) && !format_is_digit(s.data[i]) && s.data[i] != '[')) {
        return wrong;
    }

    for (/* void */; i < s.len; i++) {
        c = s.data[i];

        if (c <= ' ' || c >= 0x7f || strchr("\"<>\\^`{|}", c) != NULL) {
            return wrong;
        }
    }

    return NULL;
}


/* An addr-spec that is a dot-atom on both sides (RFC 5322), as forms and mailto: links take it. */
static const char *
format_email(consent_slice_t s)
{
    bool            bad;
    size_t          i;
    uint8_t         c, before;
    const uint8_t  *at;

    at = s.len == 0 ? NULL : memchr(s.data, '@', s.len);
    bad = at == NULL || s.len > FORMAT_MAX_EMAIL;
    before = '.';

    for (i = 0; i < s.len && !bad; i++) {
        c = s.data[i];

        if (s.data + i == at) {
            bad = before == '.';
            before = '.';
            continue;
        }

        if (c == '.') {
            bad = before == '.';

        } else if (s.data + i < at) {
            bad = !format_is_alpha(c) && !format_is_digit(c) && (c == '\0' || strchr("!#$%&'*+-/=?^_`{|}~", c) == NULL);

        } else {
            bad = !format_is_alpha(c) && !format_is_digit(c) && c != '-';
        }

        before = c;
    }

    return bad || before == '.' ? "must be an e-mail address such as kontakt@example.com" : NULL;
}


static const char *
format_phone(consent_slice_t s)
{
    bool    bad;
    size_t  i, digits;

    bad = s.len > 40;
    digits = 0;

    for (i = 0; i < s.len && !bad; i++) {
        if (format_is_digit(s.data[i])) {
            digits++;

        } else {
            bad = s.data[i] == '+' ? i != 0 : s.data[i] == '\0' || strchr(" -()/.", s.data[i]) == NULL;
        }
    }

    return bad || digits < 3 || digits > 20
           ? "must be a telephone number such as +46 8 000 00 00: digits, spaces, - ( ) / . and a + in front" : NULL;
}


static const char *
format_duration(consent_slice_t s)
{
    consent_duration_t  d;

    return s.len > 0 && consent_duration_parse(&d, s) == CONSENT_OK
           ? NULL : "must be a duration of ISO 8601 such as P6M, P1Y or PT12H, at most a hundred years";
}


static const char *
format_date(consent_slice_t s)
{
    consent_time_t  t;

    return s.len == 10 && consent_when_parse(&t, s) == CONSENT_OK
           ? NULL : "must be a date of the calendar, written YYYY-MM-DD";
}


int
consent_form_minutes(consent_slice_t s)
{
    int  minutes;

    if (s.len != 5 || s.data[2] != ':' || !format_is_digit(s.data[0]) || !format_is_digit(s.data[1])
        || s.data[3] < '0' || s.data[3] > '5' || !format_is_digit(s.data[4]))
    {
        return -1;
    }

    minutes = ((s.data[0] - '0') * 10 + s.data[1] - '0') * 60 + (s.data[3] - '0') * 10 + s.data[4] - '0';

    return minutes <= 24 * 60 ? minutes : -1;
}


static const char *
format_clock(consent_slice_t s)
{
    return consent_form_minutes(s) >= 0 ? NULL : "must be a time of day from 00:00 to 24:00, written HH:MM";
}


static const char *
format_term(consent_slice_t s)
{
    size_t   i, colon;
    uint8_t  c;

    if (s.len >= 8 && format_url(s) == NULL) {
        return NULL;
    }

    colon = 0;

    for (i = 0; i < s.len && s.len <= 100; i++) {
        c = s.data[i];

        if (c == ':' && i > 0 && colon == 0) {
            colon = i;
            continue;
        }

        if (!format_is_alpha(c) && (i == 0 || i == colon + 1 || (!format_is_digit(c) && c != '_' && c != '-'))) {
            break;
        }
    }

    return i < s.len || colon == 0 || colon + 1 == s.len
           ? "must be a term of a vocabulary such as dpv:ServiceProvision, or its address" : NULL;
}


static const char *
format_zone(consent_slice_t s)
{
    bool    bad;
    size_t  i;

    bad = s.len == 0 || s.len > 64 || !format_is_alpha(s.data[0]);

    for (i = 0; i < s.len && !bad; i++) {
        bad = !format_is_alpha(s.data[i]) && !format_is_digit(s.data[i])
              && (s.data[i] == '\0' || strchr("_+/-", s.data[i]) == NULL);
    }

    return bad ? "must be the name of a time zone such as Europe/Stockholm" : NULL;
}


/* Not empty, not too long, and without characters that hide or turn round what is read. */
static const char *
format_characters(consent_slice_t s, size_t most, const char *too_long)
{
    bool            empty;
    size_t          n;
    uint32_t        c;
    const uint8_t  *p, *end;

    if (s.len == 0) {
        return "must not be empty";
    }

    p = s.data;
    end = p + s.len;
    empty = true;

    for (n = 0; p < end; n++) {
        c = consent_utf8_next(&p, end);

        if (c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069)
            || c == 0x2028 || c == 0x2029 || c == 0xfeff)
        {
            return "has control characters or line breaks in it";
        }

        empty &= c == ' ' || c == 0xa0 || (c >= 0x2000 && c <= 0x200d) || c == 0x3000;
    }

    return empty ? "must not be empty" : n > most ? too_long : NULL;
}


static bool
format_is_alpha(uint8_t c)
{
    c = consent_lower(c);

    return c >= 'a' && c <= 'z';
}


static bool
format_is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}


const consent_format_t  consent_format_id = { "id", format_id };
const consent_format_t  consent_format_name = { "name", format_name };
const consent_format_t  consent_format_text = { "line", format_text };
const consent_format_t  consent_format_language = { "language", format_language };
const consent_format_t  consent_format_country = { "country", format_country };
const consent_format_t  consent_format_url = { "url", format_url };
const consent_format_t  consent_format_email = { "email", format_email };
const consent_format_t  consent_format_phone = { "phone", format_phone };
const consent_format_t  consent_format_duration = { "duration", format_duration };
const consent_format_t  consent_format_date = { "date", format_date };
const consent_format_t  consent_format_clock = { "clock", format_clock };
const consent_format_t  consent_format_term = { "term", format_term };
const consent_format_t  consent_format_zone = { "zone", format_zone };
