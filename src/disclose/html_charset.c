/*
 * Charsets as far as insertion needs them: which bytes our elements may consist of.
 */

#include "disclose/html_page.h"

static bool charset_is(consent_slice_t label, const char *const *names);


consent_charset_t
consent_charset_of(consent_slice_t content_type)
{
    size_t           i, from;
    uint8_t          quote;
    consent_slice_t  rest;

    static const char  word[] = "charset";

    if (content_type.len == 0 || memchr(content_type.data, '=', content_type.len) == NULL) {
        return CONSENT_CHARSET_UNKNOWN;
    }

    /* HTML 2.2.6, "algorithm for extracting a character encoding from a meta element"; it reads headers as well */

    for (i = 0; i + sizeof(word) - 1 < content_type.len; i++) {

        if (!consent_slice_ieq(consent_slice(content_type.data + i, sizeof(word) - 1), consent_lit(word))) {
            continue;
        }

        rest = consent_slice(content_type.data + i + sizeof(word) - 1, content_type.len - i - (sizeof(word) - 1));

        for (from = 0; from < rest.len && (rest.data[from] == ' ' || rest.data[from] == '\t'); from++) {
            /* void */
        }

        if (from == rest.len || rest.data[from] != '=') {
            continue;
        }

        for (from++; from < rest.len && (rest.data[from] == ' ' || rest.data[from] == '\t'); from++) {
            /* void */
        }

        quote = 0;

        if (from < rest.len && (rest.data[from] == '"' || rest.data[from] == '\'')) {
            quote = rest.data[from++];
        }

        rest = consent_slice(rest.data + from, rest.len - from);

        for (from = 0; from < rest.len; from++) {
            if (quote != 0 ? rest.data[from] == quote : rest.data[from] == ';' || rest.data[from] <= ' ') {
                break;
            }
        }

        return consent_charset_label(consent_slice(rest.data, from));
    }

    return CONSENT_CHARSET_UNKNOWN;
}


/* All other labels of the Encoding standard name supersets of ASCII; an unknown label is safest as one. */
consent_charset_t
consent_charset_label(consent_slice_t label)
{
    static const char *const  utf8[] = {
        "utf-8", "utf8", "unicode-1-1-utf-8", "unicode11utf8", "unicode20utf8", "x-unicode20utf8", NULL
    };
    static const char *const  utf16le[] = {
        "utf-16", "utf-16le", "ucs-2", "unicode", "iso-10646-ucs-2", "csunicode", "unicodefeff", NULL
    };
    static const char *const  utf16be[] = { "utf-16be", "unicodefffe", NULL };

    /* a '*' at the end stands for any rest */
    static const char *const  unsupported[] = {
        "utf-7*", "utf7*", "unicode-1-1-utf-7", "x-imap4*", "imap4*", "utf-32*", "utf32*", "ucs-4*", "iso-10646-ucs-4",
        "iso-2022-*", "csiso2022*", "hz-gb*", "hz", "scsu", "bocu*", "ebcdic*", "ibm037", "cp037", "ibm500", "cp500",
        "ibm1047", "cp1047", "replacement", NULL
    };

    while (label.len > 0 && label.data[0] <= ' ') {
        label = consent_slice(label.data + 1, label.len - 1);
    }

    while (label.len > 0 && label.data[label.len - 1] <= ' ') {
        label.len--;
    }

    if (label.len == 0) {
        return CONSENT_CHARSET_UNKNOWN;
    }

    if (charset_is(label, utf8)) {
        return CONSENT_CHARSET_UTF8;
    }

    if (charset_is(label, utf16le)) {
        return CONSENT_CHARSET_UTF16LE;
    }

    if (charset_is(label, utf16be)) {
        return CONSENT_CHARSET_UTF16BE;
    }

    return charset_is(label, unsupported) ? CONSENT_CHARSET_UNSUPPORTED : CONSENT_CHARSET_ASCII_SUPERSET;
}


static bool
charset_is(consent_slice_t label, const char *const *names)
{
    size_t  len;

    for ( /* void */ ; *names != NULL; names++) {
        len = strlen(*names);

        if ((*names)[len - 1] == '*') {
            if (label.len >= len - 1
                && consent_slice_ieq(consent_slice(label.data, len - 1), consent_slice(*names, len - 1)))
            {
                return true;
            }

        } else if (consent_slice_ieq(label, consent_slice(*names, len))) {
            return true;
        }
    }

    return false;
}
