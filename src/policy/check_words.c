/*
 * What the texts of a policy promise, as far as words can tell: a level that sells a core service, a notice
 * that says a person has checked a text when nobody is named. Words are looked for in the languages we know.
 */

#include "policy/loader.h"

#define WORDS_MAX_TEXT  4096

typedef struct {
    const char         *language;
    const char *const  *words;      /* in lower case; NULL ends */
    const char *const  *unless;     /* words that turn a sentence round */
} words_t;

static void words_check_levels(const consent_loader_t *l);
static void words_check_notice(const consent_loader_t *l, const char *member);
static const char *words_find(const words_t *words, size_t n, consent_slice_t language, consent_slice_t text);
static const char *words_in(const char *const *words, const char *sentence);
static void words_lower(char *out, size_t size, consent_slice_t text);

static const char *const  none[] = { NULL };

/* Reading one's own case, appeal, complaint, an answer. */
static const char *const  core_sv[] = {
    "överklag", "klagomål", "få svar", "läsa ditt ärende", "läsa dina ärenden", "se ditt ärende", "se dina ärenden",
    NULL
};
static const char *const  core_fi[] = {
    "muutoksenha", "hakea muutosta", "oikaisuvaatimu", "valitus", "valituk", "valittaa", "saat vastauk",
    "saada vastauk", "lukea asia", "nähdä asia", "näet asia", NULL
};
static const char *const  core_en[] = {
    "appeal", "complain", "get an answer", "get answers", "read your case", "see your case", "your own case", NULL
};
static const words_t  core_words[] = {
    { "sv", core_sv, none }, { "fi", core_fi, none }, { "en", core_en, none }
};

static const char *const  checked_sv[] = { "granskad", "granskat", "kontrollerad av en", "har kontrollerat", NULL };
static const char *const  checked_fi[] = { "tarkista", NULL };
static const char *const  checked_en[] = {
    "checked by", "reviewed by", "has checked", "has reviewed", "been checked", "been reviewed", NULL
};
static const char *const  not_sv[] = { "inte", "ingen", "ej ", "aldrig", "utan", NULL };
static const char *const  not_fi[] = { "ei ", "eikä", "ilman", "tarkistamat", "kukaan", NULL };
static const char *const  not_en[] = { "not ", "no ", "n't", "never", "nobody", "without", NULL };
static const words_t  checked_words[] = {
    { "sv", checked_sv, not_sv }, { "fi", checked_fi, not_fi }, { "en", checked_en, not_en }
};


void
consent_check_words(consent_loader_t *l)
{
    words_check_levels(l);

    if (l->policy->editorial.len == 0) {
        words_check_notice(l, "notice");
        words_check_notice(l, "chat_notice");
        words_check_notice(l, "decision_notice");
    }
}


static void
words_check_levels(const consent_loader_t *l)
{
    size_t                 i, k;
    const char            *word;
    const char            *members[] = { "title", "service" };
    const consent_json_t  *array, *level, *text;

    array = consent_json_get(l->root, "levels");

    for (i = 0, level = array == NULL ? NULL : array->first; i < l->policy->n_levels; i++, level = level->next) {

        /* at the first level everything of the kind belongs */
        for (k = 0; k < consent_countof(members) && i > 0; k++) {
            text = consent_json_get(level, members[k]);

            for (text = text != NULL && text->type == CONSENT_JSON_OBJECT ? text->first : NULL; text != NULL;
                 text = text->next)
            {
                word = text->type == CONSENT_JSON_STRING
                       ? words_find(core_words, consent_countof(core_words), text->name, text->text) : NULL;

                if (word != NULL) {
                    consent_fault_warn(l->faults, text, "\"%s\" sounds like a core service, which everyone "
                                       "gets at the first level; no level may sell it", word);
                }
            }
        }
    }
}


static void
words_check_notice(const consent_loader_t *l, const char *member)
{
    const consent_json_t  *text;

    text = consent_json_get(consent_json_get(l->root, "disclosure"), member);

    for (text = text != NULL && text->type == CONSENT_JSON_OBJECT ? text->first : NULL; text != NULL;
         text = text->next)
    {
        if (text->type == CONSENT_JSON_STRING
            && words_find(checked_words, consent_countof(checked_words), text->name, text->text) != NULL)
        {
            consent_fault_at(l->faults, text, "it says that a person has checked the text; then \"editorial\" "
                             "must name who is responsible");
        }
    }
}


/* The first of the language's words in a sentence that nothing turns round, or NULL. */
static const char *
words_find(const words_t *words, size_t n, consent_slice_t language, consent_slice_t text)
{
    char        *sentence, *end;
    size_t       i;
    const char  *word;
    char         lower[WORDS_MAX_TEXT];

    for (i = 0; i < n; i++) {
        if (language.len >= 2 && consent_slice_ieq(consent_slice(language.data, 2), consent_cstr(words[i].language))
            && (language.len == 2 || language.data[2] == '-'))
        {
            break;
        }
    }

    if (i == n) {
        return NULL;
    }

    words_lower(lower, sizeof(lower), text);

    for (sentence = lower; *sentence != '\0'; sentence = end) {
        end = sentence + strcspn(sentence, ".!?");

        if (*end != '\0') {
            *end++ = '\0';
        }

        word = words_in(words[i].words, sentence);

        if (word != NULL && words_in(words[i].unless, sentence) == NULL) {
            return word;
        }
    }

    return NULL;
}


static const char *
words_in(const char *const *words, const char *sentence)
{
    size_t  i;

    for (i = 0; words[i] != NULL; i++) {
        if (strstr(sentence, words[i]) != NULL) {
            return words[i];
        }
    }

    return NULL;
}


/* ASCII and the letters of Latin-1 in lower case, as far as there is room. */
static void
words_lower(char *out, size_t size, consent_slice_t text)
{
    size_t   i, n;
    uint8_t  c;

    n = 0;

    for (i = 0; i < text.len && n + 1 < size; i++) {
        c = consent_lower(text.data[i]);

        if (i > 0 && text.data[i - 1] == 0xc3 && c >= 0x80 && c <= 0x9e && c != 0x97) {
            c |= 0x20;
        }

        out[n++] = (char) (c == '\0' ? ' ' : c);
    }

    out[n] = '\0';
}
