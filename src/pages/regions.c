/*
 * Names of countries in the languages of the catalogues, and of languages in themselves.
 */

#include "pages/catalogue.h"

typedef struct {
    const char  *code;
    const char  *sv;
    const char  *fi;
    const char  *en;
} country_t;

typedef struct {
    const char  *code;
    const char  *name;
} language_t;

static const country_t  countries[] = {
    { "AT", "Österrike", "Itävalta", "Austria" },
    { "BE", "Belgien", "Belgia", "Belgium" },
    { "BG", "Bulgarien", "Bulgaria", "Bulgaria" },
    { "CA", "Kanada", "Kanada", "Canada" },
    { "CH", "Schweiz", "Sveitsi", "Switzerland" },
    { "CY", "Cypern", "Kypros", "Cyprus" },
    { "CZ", "Tjeckien", "Tšekki", "Czechia" },
    { "DE", "Tyskland", "Saksa", "Germany" },
    { "DK", "Danmark", "Tanska", "Denmark" },
    { "EE", "Estland", "Viro", "Estonia" },
    { "EEA", "EES", "ETA", "the EEA" },
    { "ES", "Spanien", "Espanja", "Spain" },
    { "EU", "EU", "EU", "the EU" },
    { "FI", "Finland", "Suomi", "Finland" },
    { "FR", "Frankrike", "Ranska", "France" },
    { "GB", "Storbritannien", "Iso-Britannia", "the United Kingdom" },
    { "GR", "Grekland", "Kreikka", "Greece" },
    { "HR", "Kroatien", "Kroatia", "Croatia" },
    { "HU", "Ungern", "Unkari", "Hungary" },
    { "IE", "Irland", "Irlanti", "Ireland" },
    { "IN", "Indien", "Intia", "India" },
    { "IS", "Island", "Islanti", "Iceland" },
    { "IT", "Italien", "Italia", "Italy" },
    { "JP", "Japan", "Japani", "Japan" },
    { "LI", "Liechtenstein", "Liechtenstein", "Liechtenstein" },
    { "LT", "Litauen", "Liettua", "Lithuania" },
    { "LU", "Luxemburg", "Luxemburg", "Luxembourg" },
    { "LV", "Lettland", "Latvia", "Latvia" },
    { "MT", "Malta", "Malta", "Malta" },
    { "NL", "Nederländerna", "Alankomaat", "the Netherlands" },
    { "NO", "Norge", "Norja", "Norway" },
    { "PL", "Polen", "Puola", "Poland" },
    { "PT", "Portugal", "Portugali", "Portugal" },
    { "RO", "Rumänien", "Romania", "Romania" },
    { "SE", "Sverige", "Ruotsi", "Sweden" },
    { "SI", "Slovenien", "Slovenia", "Slovenia" },
    { "SK", "Slovakien", "Slovakia", "Slovakia" },
    { "US", "USA", "Yhdysvallat", "the United States" }
};

static const language_t  languages[] = {
    { "ar", "العربية" },
    { "bg", "Български" },
    { "ckb", "کوردیی ناوەندی" },
    { "da", "Dansk" },
    { "de", "Deutsch" },
    { "el", "Ελληνικά" },
    { "en", "English" },
    { "es", "Español" },
    { "et", "Eesti" },
    { "fa", "فارسی" },
    { "fi", "Suomi" },
    { "fit", "Meänkieli" },
    { "fr", "Français" },
    { "fo", "Føroyskt" },
    { "ga", "Gaeilge" },
    { "he", "עברית" },
    { "hu", "Magyar" },
    { "is", "Íslenska" },
    { "it", "Italiano" },
    { "kl", "Kalaallisut" },
    { "ku", "Kurdî" },
    { "lt", "Lietuvių" },
    { "lv", "Latviešu" },
    { "nb", "Norsk bokmål" },
    { "nl", "Nederlands" },
    { "nn", "Norsk nynorsk" },
    { "no", "Norsk" },
    { "pl", "Polski" },
    { "ps", "پښتو" },
    { "pt", "Português" },
    { "rmy", "Romani" },
    { "rom", "Romani" },
    { "ro", "Română" },
    { "ru", "Русский" },
    { "se", "Davvisámegiella" },
    { "sma", "Åarjelsaemien" },
    { "smj", "Julevsámegiella" },
    { "smn", "Anarâškielâ" },
    { "sms", "Nuõrttsääʹmǩiõll" },
    { "so", "Soomaali" },
    { "sq", "Shqip" },
    { "sv", "Svenska" },
    { "th", "ไทย" },
    { "ti", "ትግርኛ" },
    { "tr", "Türkçe" },
    { "uk", "Українська" },
    { "ur", "اردو" },
    { "vi", "Tiếng Việt" },
    { "yi", "ייִדיש" },
    { "zh", "中文" }
};

static consent_slice_t primary_subtag(consent_slice_t tag);


consent_slice_t
consent_country_name(const consent_catalogue_t *c, consent_slice_t code)
{
    size_t           i;
    const country_t  *country;

    for (i = 0; i < consent_countof(countries); i++) {
        country = &countries[i];

        if (!consent_slice_ieq(code, consent_cstr(country->code))) {
            continue;
        }

        if (c->texts == consent_catalogue_sv) {
            return consent_cstr(country->sv);
        }

        return consent_cstr(c->texts == consent_catalogue_fi ? country->fi : country->en);
    }

    return code;
}


consent_slice_t
consent_language_name(consent_slice_t tag)
{
    size_t           i;
    consent_slice_t  primary;

    primary = primary_subtag(tag);

    for (i = 0; i < consent_countof(languages); i++) {
        if (consent_slice_ieq(primary, consent_cstr(languages[i].code))) {
            return consent_cstr(languages[i].name);
        }
    }

    return tag;
}


bool
consent_language_rtl(consent_slice_t tag)
{
    static const char *const  codes[] = { "ar", "ckb", "fa", "he", "ps", "ur", "yi" };

    size_t           i;
    consent_slice_t  primary;

    primary = primary_subtag(tag);

    for (i = 0; i < consent_countof(codes); i++) {
        if (consent_slice_ieq(primary, consent_cstr(codes[i]))) {
            return true;
        }
    }

    return false;
}


static consent_slice_t
primary_subtag(consent_slice_t tag)
{
    size_t  i;

    for (i = 0; i < tag.len && tag.data[i] != '-'; i++) { /* void */ }

    return consent_slice(tag.data, i);
}
