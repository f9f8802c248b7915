/*
 * What the pages say, in Finnish. Plain and warm; *sinä* and *me*; the same word for the same thing.
 */

#include "pages/catalogue.h"


const char *const  consent_catalogue_fi[CONSENT_M_COUNT] = {
    /* around every page */
    [CONSENT_M_LANGUAGES] = "Kieli",
    [CONSENT_M_TEST] = "Tämä on testiympäristö. Mikään, mitä täällä teet, ei ole oikeasti voimassa.",
    [CONSENT_M_FOOTER] = "Tietoa tiedoistasi",
    [CONSENT_M_LINK_CHOICE] = "Muuta, mitä annat meille",
    [CONSENT_M_LINK_RECORD] = "Valintani ja kuittini",
    [CONSENT_M_LINK_POLICY] = "Näin käytämme tietoja",
    [CONSENT_M_LINK_AI] = "Näin käytämme tekoälyä",
    [CONSENT_M_LINK_HUMAN] = "Yhteystiedot",
    [CONSENT_M_LINK_NOTICE] = "Lue lisää henkilötietojen käsittelystä",
    [CONSENT_M_OUTCOME_SAVED] = "Tallennettu",
    [CONSENT_M_OUTCOME_DONE] = "Valmis",
    [CONSENT_M_OUTCOME_ERROR] = "Virhe",
    [CONSENT_M_CODE] = "Kerro koodi {code}, jos otat meihin yhteyttä.",
    [CONSENT_M_ACTING_GUARDIAN] =
        "Olet täällä toisen henkilön huoltajana. Valintasi merkitään sinun tekemäksesi, ja näette sen "
        "molemmat.",
    [CONSENT_M_ACTING_REPRESENTATIVE] =
        "Olet täällä toisen henkilön edustajana. Valintasi merkitään sinun tekemäksesi, ja näette sen "
        "molemmat.",
    [CONSENT_M_MINOR] =
        "Olet alle 18-vuotias. Voit aina antaa vähemmän tietoja. Jos haluat antaa enemmän, huoltajasi "
        "täytyy valita se.",

    /* the choice */
    [CONSENT_M_CHOICE_TITLE] = "Mitä tietoja haluat antaa käyttöömme?",
    [CONSENT_M_CHOICE_LEAD] =
        "Sinä päätät. Välttämättömät palvelut toimivat, valitsitpa mitä tahansa. Voit muuttaa valintaasi "
        "milloin vain.",
    [CONSENT_M_CHOICE_NOW] = "Valintasi nyt",
    [CONSENT_M_CHOICE_LEGEND] = "Valitse vaihtoehto",
    [CONSENT_M_YOU_SHARE] = "Annat meille",
    [CONSENT_M_YOU_GET] = "Saat",
    [CONSENT_M_NOTHING] = "Ei vapaaehtoisia tietoja.",
    [CONSENT_M_CUSTOM] = "Valitse tiedot yksitellen",
    [CONSENT_M_CUSTOM_NAME] = "Omat valinnat",
    [CONSENT_M_CUSTOM_LEGEND] = "Mitkä tiedot haluat antaa?",
    [CONSENT_M_CUSTOM_HELP] =
        "Merkitse kaikki tiedot, jotka haluat antaa tästä lähtien. Tietoja, joita et merkitse, et anna.",
    [CONSENT_M_SHARED_NOW] = "Annat tämän tiedon nyt.",
    [CONSENT_M_SPECIAL_TITLE] = "Arkaluonteiset tiedot",
    [CONSENT_M_SPECIAL_HELP] =
        "Laki suojaa näitä tietoja erityisesti. Ne eivät kuulu mihinkään yllä olevaan vaihtoehtoon. "
        "Valitset ne erikseen.",
    [CONSENT_M_SPECIAL_TICK] = "Kyllä, saatte käyttää: {title}",
    [CONSENT_M_SCOPE_LEGEND] = "Kuinka kauan valinta on voimassa?",
    [CONSENT_M_SCOPE_SESSION] = "Vain tämä käynti",
    [CONSENT_M_SCOPE_SESSION_HELP] = "enintään {duration}",
    [CONSENT_M_SCOPE_STANDING] = "{duration} tällä laitteella",
    [CONSENT_M_SCOPE_STANDING_LOGIN] = "{duration}, kun olet kirjautunut sisään",
    [CONSENT_M_SCOPE_ONCE] = "Vain tämän kerran",
    [CONSENT_M_AI_LEGEND] = "Kuka saa vastata kysymyksiisi?",
    [CONSENT_M_AI_ANY] = "Tekoäly tai ihminen",
    [CONSENT_M_AI_OWN] = "Oma tekoälymme tai ihminen",
    [CONSENT_M_AI_NONE] = "Vain ihminen",
    [CONSENT_M_SAVE] = "Tallenna valintani",
    [CONSENT_M_SAVE_HELP] = "Saat kuitin. Voit lopettaa tietojen antamisen milloin vain, yhtä helposti.",
    [CONSENT_M_NOW_SHARING] = "Annat meille: {categories}.",
    [CONSENT_M_NOW_UNTIL] = "Se on voimassa {when} asti.",
    [CONSENT_M_NOW_VISIT] = "Se on voimassa tämän käynnin ajan.",
    [CONSENT_M_NOW_GPC] = "Selaimesi pyytää, ettemme ottaisi vastaan: {categories}. Noudatamme pyyntöä.",
    [CONSENT_M_NOW_EXPIRED] =
        "Aiemman valintasi voimassaolo on päättynyt. Nyt et anna vapaaehtoisia tietoja.",
    [CONSENT_M_NOW_LAPSED] =
        "Olemme muuttaneet joidenkin tietojen käyttöä. Siksi aiempi valintasi ei enää koske niitä.",
    [CONSENT_M_NOW_RESTORED] =
        "Jouduimme palauttamaan tietomme kopiosta. Aiempi valintasi ei ole enää voimassa. Voit valita uudelleen.",
    [CONSENT_M_WITHDRAW] = "Lopeta tietojen antaminen",
    [CONSENT_M_WITHDRAW_HELP] =
        "Emme enää välitä tietojasi eteenpäin. Jo antamasi tiedot säilyvät palvelussa. Voit pyytää meitä "
        "poistamaan ne.",
    [CONSENT_M_FORGET] = "Unohda minut tällä laitteella",
    [CONSENT_M_FORGET_HELP] =
        "Poistamme evästeen, joka muistaa valintasi. Sen jälkeen et anna tällä laitteella vapaaehtoisia "
        "tietoja etkä enää näe täällä aiempia valintojasi.",

    /* at the top of the choice, after something was done */
    [CONSENT_M_SAY_SAVED] = "Tallennettu. Valintasi on nyt voimassa.",
    [CONSENT_M_SAY_WITHDRAWN] = "Tallennettu. Et enää anna vapaaehtoisia tietoja.",
    [CONSENT_M_SAY_WITHDRAWN_REST] =
        "Jo antamasi tiedot säilyvät palvelussa. Voit pyytää meitä poistamaan ne.",
    [CONSENT_M_SAY_FORGOTTEN] = "Valmis. Tämä laite ei enää muista valintaasi.",
    [CONSENT_M_SAY_NOT_SAVED] =
        "Valintaasi ei voitu tallentaa. Mikään ei muuttunut. Yritä uudelleen tai ota meihin yhteyttä.",
    [CONSENT_M_SAY_NO_COOKIE] =
        "Selaimesi ei säilytä evästettä, joka muistaa valintasi. Siksi valinta ei ole täällä voimassa. "
        "Salli evästeet tälle sivustolle ja tallenna uudelleen, tai ota meihin yhteyttä.",
    [CONSENT_M_SAY_POLICY_CHANGED] =
        "Muutimme tätä sivua, kun teit valintaasi. Siksi mitään ei ole vielä tallennettu. Täyttämäsi "
        "tiedot ovat tallella. Tarkista ne ja tallenna uudelleen.",
    [CONSENT_M_SAY_FORM_STALE] =
        "Lomake oli liian vanha tai se ei tullut meidän sivultamme. Siksi mitään ei ole vielä tallennettu. "
        "Tarkista valintasi ja tallenna uudelleen.",
    [CONSENT_M_SAY_UNREADABLE] =
        "Emme voineet lukea lähettämiäsi tietoja. Mitään ei tallennettu. Valitse ja tallenna uudelleen.",
    [CONSENT_M_SAY_MINOR] =
        "Mikään ei muuttunut. Jos haluat antaa enemmän tietoja, huoltajasi täytyy valita se.",
    [CONSENT_M_SAY_LOGGED_IN] =
        "Olet nyt kirjautunut sisään. Ennen kirjautumista tekemäsi valinta ei ole voimassa täällä. Sama "
        "valinta on täytetty alle. Tallenna se, jos haluat sen voimaan.",
    [CONSENT_M_SAY_RECEIPT] = "Näytä kuitti",
    [CONSENT_M_SAY_BACK] = "Jatka palveluun",

    /* a service that needs more */
    [CONSENT_M_NEED] = "Tätä palvelua varten tarvitsemme nämä tiedot:",
    [CONSENT_M_NEED_LEVELS] = "Tiedot sisältyvät näihin: {levels}.",
    [CONSENT_M_NEED_CUSTOM] = "Voit myös valita tiedot yksitellen.",
    [CONSENT_M_NEED_OTHERWISE] = "Etkö halua antaa tietoja? Ihminen voi auttaa sinua ilman niitä.",

    /* what she typed and does not share */
    [CONSENT_M_ASK_TITLE] = "Ennen kuin lähetämme tietosi eteenpäin",
    [CONSENT_M_ASK_LEAD] = "Kirjoittamassasi on tietoja, joita et ole valinnut antaa:",
    [CONSENT_M_ASK_ONCE] = "Lähetä tiedot tällä kertaa",
    [CONSENT_M_ASK_ONCE_HELP] = "Koskee vain tätä lähetystä. Valintasi ei muuten muutu.",
    [CONSENT_M_ASK_WITHOUT] = "Lähetä ilman näitä tietoja",
    [CONSENT_M_ASK_WITHOUT_HELP] = "Poistamme tiedot ja lähetämme loput.",
    [CONSENT_M_ASK_KEPT] = "Mitään ei ole vielä lähetetty, ja kirjoittamasi on tallella.",
    [CONSENT_M_ASK_STALE] =
        "Sivu oli liian vanha tai se ei ollut meidän. Mitään ei ole lähetetty. Valitse uudelleen.",
    [CONSENT_M_ASK_NOT_SAVED] =
        "Valintaasi ei voitu tallentaa, joten mitään ei ole lähetetty. Yritä uudelleen, lähetä ilman "
        "tietoa tai ota meihin yhteyttä.",
    [CONSENT_M_ASK_CHANGED] =
        "Olemme muuttaneet tapaa, jolla käytämme tietoja. Mitään ei ole lähetetty. Lue läpi ja valitse "
        "uudelleen.",

    /* about a category */
    [CONSENT_M_FACTS] = "Lisää jokaisesta tiedosta: miksi, kuinka kauan, missä ja kenellä",
    [CONSENT_M_FACT_WHAT] = "Tieto",
    [CONSENT_M_FACT_WHY] = "Miksi",
    [CONSENT_M_FACT_KEPT] = "Säilytysaika",
    [CONSENT_M_FACT_WHERE] = "Säilytyspaikka",
    [CONSENT_M_FACT_WHO] = "Kuka saa tiedon",
    [CONSENT_M_KEPT] = "Säilytysaika: {duration}.",
    [CONSENT_M_STORED] = "Säilytyspaikka: {countries}.",
    [CONSENT_M_RECEIVED] = "Tiedon saa: {recipients}.",
    [CONSENT_M_REST_TITLE] = "Tiedot, jotka eivät kuulu valintaan",
    [CONSENT_M_REST_HELP] =
        "Näitä tietoja saamme käyttää muilla perusteilla. Siksi et voi jättää niitä pois yllä.",
    [CONSENT_M_BASIS_CONSENT] =
        "Näitä tietoja käytetään vain, jos päätät antaa ne. Voit muuttaa valintaasi milloin vain.",
    [CONSENT_M_BASIS_LEGAL_OBLIGATION] = "Laki edellyttää tätä tietoa. Et voi jättää sitä pois.",
    [CONSENT_M_BASIS_PUBLIC_TASK] =
        "Tarvitsemme tätä viranomaistehtävässämme. Sinulla on oikeus vastustaa käsittelyä.",
    [CONSENT_M_BASIS_CONTRACT] = "Tarvitsemme tätä kanssasi tehtyä sopimusta varten.",
    [CONSENT_M_BASIS_VITAL_INTEREST] = "Käytetään vain, kun jonkun henki tai terveys on vaarassa.",
    [CONSENT_M_BASIS_LEGITIMATE_INTEREST] =
        "Meillä on tietoon oikeutettu etu. Sinulla on oikeus vastustaa käsittelyä.",
    [CONSENT_M_LAW] = "Laki: {law}",
    [CONSENT_M_OBJECT] = "Ota yhteyttä, jos haluat vastustaa käsittelyä",
    [CONSENT_M_CORE_FOR] =
        "Näillä sivuilla tarvitsemme tietoa viranomaistehtävässämme, valitsitpa mitä tahansa: {paths}",
    [CONSENT_M_CATEGORY_SPECIAL] = "Arkaluonteinen tieto. Annat sen vain, jos itse merkitset juuri sen.",
    [CONSENT_M_CATEGORY_GPC] = "Ei välitetä, jos selaimesi kieltää sen (Global Privacy Control).",

    /* who is responsible */
    [CONSENT_M_WHO_TITLE] = "Kuka vastaa tiedoista?",
    [CONSENT_M_WHO_CONTROLLER] = "Tiedoista vastaa {name}.",
    [CONSENT_M_WHO_AUTHORITY] =
        "Jos olet tyytymätön siihen, miten käsittelemme tietoja, voit tehdä valituksen. "
        "Valvontaviranomainen: {name}.",

    /* a person */
    [CONSENT_M_HUMAN_TITLE] = "Ota yhteyttä ihmiseen",
    [CONSENT_M_HUMAN_LEAD] =
        "Voit aina kääntyä ihmisen puoleen. Sinun ei tarvitse kirjautua sisään eikä valita mitään ensin.",
    [CONSENT_M_HUMAN_MORE] = "Lisää yhteystapoja",
    [CONSENT_M_OPEN_UNTIL] = "Avoinna nyt {clock} asti",
    [CONSENT_M_CLOSED_OPENS] = "Suljettu nyt. Avautuu {day} {clock}.",
    [CONSENT_M_CLOSED] = "Suljettu nyt.",
    [CONSENT_M_CHANNEL_PHONE] = "Puhelin",
    [CONSENT_M_CHANNEL_EMAIL] = "Sähköposti",
    [CONSENT_M_CHANNEL_VISIT] = "Käynti",
    [CONSENT_M_CHANNEL_CALLBACK] = "Soittopyyntö",
    [CONSENT_M_CHANNEL_TEXT_RELAY] = "Tekstipuhelin",
    [CONSENT_M_CHANNEL_SIGN_LANGUAGE] = "Viittomakieli",
    [CONSENT_M_CHANNEL_SMS] = "Tekstiviesti",
    [CONSENT_M_CHANNEL_CHAT] = "Keskustelu ihmisen kanssa",
    [CONSENT_M_CALLBACK_HELP] =
        "Haluatko, että me soitamme sinulle? Kerro se, kun soitat, kirjoitat tai käyt luonamme.",
    [CONSENT_M_CHANNEL_LANGUAGES] = "Kielet",
    [CONSENT_M_HOURS] = "Aukioloajat",
    [CONSENT_M_HOURS_ZONE] = "Ajat ovat aikavyöhykkeen {zone} mukaisia.",
    [CONSENT_M_HOLIDAYS] = "Suljettu myös: {dates}.",
    [CONSENT_M_TOPICS_HUMAN] = "Näissä asioissa sinua auttaa aina ihminen",
    [CONSENT_M_TOPICS_OTHER] = "Voit kysyä meiltä myös näistä",

    /* a request to be contacted */
    [CONSENT_M_CALLBACK_TITLE] = "Haluatko, että otamme sinuun yhteyttä?",
    [CONSENT_M_CALLBACK_LEAD] =
        "Kirjoita, miten tavoitamme sinut, niin ihminen ottaa sinuun yhteyttä. Kirjoittamasi "
        "säilytetään salattuna ja poistetaan, kun se on välitetty.",
    [CONSENT_M_CALLBACK_CONTACT] = "Puhelinnumero tai sähköpostiosoite",
    [CONSENT_M_CALLBACK_TOPIC] = "Mitä asia koskee?",
    [CONSENT_M_CALLBACK_TOPIC_NONE] = "Jotain muuta",
    [CONSENT_M_CALLBACK_SEND] = "Pyydä yhteydenottoa",
    [CONSENT_M_CALLBACK_TAKEN] =
        "Kiitos. Ihminen ottaa sinuun yhteyttä. Tallenna tämän sivun osoite, jos haluat seurata "
        "pyyntöäsi.",
    [CONSENT_M_CALLBACK_NOT_SAVED] =
        "Emme voineet ottaa pyyntöäsi vastaan. Mitään ei tallennettu. Yritä uudelleen tai soita meille.",
    [CONSENT_M_CALLBACK_UNREADABLE] = "Kirjoita puhelinnumero tai sähköpostiosoite, enintään 200 merkkiä.",
    [CONSENT_M_CALLBACK_STALE] =
        "Sivu oli liian vanha tai se ei ollut meidän. Mitään ei ole lähetetty. Lähetä uudelleen.",
    [CONSENT_M_CALLBACK_UNKNOWN] = "Emme löydä tällaista pyyntöä. Se voi olla yli kolme kuukautta vanha.",
    [CONSENT_M_CALLBACK_PERSON] = "Tämän asian hoitaa ihminen, ei tekoäly.",
    [CONSENT_M_CALLBACK_REQUEST] = "Pyyntösi",
    [CONSENT_M_CALLBACK_STATUS_REQUESTED] = "Vastaanotettu {when}. Se on matkalla ihmiselle.",
    [CONSENT_M_CALLBACK_STATUS_DELIVERED] = "Välitetty ihmiselle {when}.",
    [CONSENT_M_CALLBACK_STATUS_TAKEN] = "Ihminen otti sen käsittelyyn {when}.",
    [CONSENT_M_CALLBACK_STATUS_CLOSED] = "Käsitelty {when}.",
    [CONSENT_M_CALLBACK_STATUS_EXPIRED] = "Emme voineet välittää pyyntöäsi. Soita tai kirjoita meille.",
    [CONSENT_M_CALLBACK_REFERENCE] = "Asianumero: {tag}",
    [CONSENT_M_CALLBACK_NUMBER] = "Kuitti: {number}",
    [CONSENT_M_CALLBACK_NEXT] =
        "Välitämme nyt pyyntösi ihmiselle, joka ottaa sinuun yhteyttä antamallasi tavalla. Kirjoittamasi "
        "poistetaan meiltä, kun se on välitetty. Sinun ei tarvitse tehdä muuta.",
    [CONSENT_M_CALLBACK_SOONER] = "Etkö halua odottaa? Tavoitat ihmisen näin:",
    [CONSENT_M_CALLBACK_LINK] = "Pyydä yhteydenottoa",

    /* the record */
    [CONSENT_M_RECORD_STATE] = "Valintasi on {level}, {when} alkaen.",
    [CONSENT_M_RECORD_UNTIL] = "Se on voimassa {when} asti.",
    [CONSENT_M_RECORD_NONE] = "Et ole tehnyt täällä valintaa. Et anna vapaaehtoisia tietoja.",
    [CONSENT_M_RECORD_UNAVAILABLE] =
        "Emme voi näyttää valintojasi juuri nyt. Sillä välin et anna vapaaehtoisia tietoja. Yritä hetken "
        "kuluttua uudelleen tai ota meihin yhteyttä.",
    [CONSENT_M_RECORD_CHANGE] = "Muuta valintaani",
    [CONSENT_M_WITHHELD] = "Näitä tietoja emme välittäneet",
    [CONSENT_M_WITHHELD_HELP] =
        "Viimeiset 24 tuntia. Emme koskaan tallenna sisältöä, vain sen, minkälaisesta tiedosta oli kyse.",
    [CONSENT_M_WITHHELD_NONE] = "Ei mitään viimeisten 24 tunnin aikana.",
    [CONSENT_M_WITHHELD_LABEL] = "Tiedot, joita emme välittäneet",
    [CONSENT_M_WITHHELD_WHERE] = "Palvelu",
    [CONSENT_M_WITHHELD_WHAT] = "Mitä",
    [CONSENT_M_HISTORY] = "Valintasi",
    [CONSENT_M_HISTORY_MORE] = "Vanhempia valintoja ei näytetä tässä.",
    [CONSENT_M_DID_CHOOSE] = "Valitsit: {level}.",
    [CONSENT_M_DID_CHOOSE_CUSTOM] = "Valitsit tiedot yksitellen.",
    [CONSENT_M_DID_SEND_ONCE] = "Lähetit tietoja yhden kerran.",
    [CONSENT_M_DID_WITHDRAW] = "Lopetit tietojen antamisen.",
    [CONSENT_M_DID_LAPSE] = "Valintasi lakkasi olemasta voimassa, koska jouduimme palauttamaan tietomme kopiosta.",
    [CONSENT_M_DID_EXPIRE] = "Valintasi voimassaolo päättyi.",
    [CONSENT_M_DID_LOWER] = "Vähensit antamiasi tietoja: {level}.",
    [CONSENT_M_DID_SIGNAL] = "Selaimesi pyysi meitä ottamaan vastaan vähemmän tietoja.",
    [CONSENT_M_DID_UNKNOWN] = "Vanhan version mukainen valinta, jota emme enää voi näyttää.",
    [CONSENT_M_INFORMATION] = "Tiedot: {categories}.",
    [CONSENT_M_BY_GUARDIAN] = "Valinnan teki huoltaja.",
    [CONSENT_M_BY_REPRESENTATIVE] = "Valinnan teki asiamies.",
    [CONSENT_M_BY_CLERK] = "Henkilökuntamme kirjasi valinnan.",
    [CONSENT_M_RECEIPT_FOR] = "Kuitti: {when}",
    [CONSENT_M_EXPORT_TITLE] = "Ota mukaasi tai poista",
    [CONSENT_M_EXPORT_ONLY] = "Ota mukaasi",
    [CONSENT_M_EXPORT] = "Lataa valintani ja kuittini (JSON)",
    [CONSENT_M_ERASE] = "Poista valintani, historiani ja kuittini",
    [CONSENT_M_ERASE_CONFIRM] =
        "Tätä ei voi perua. Tallenna kuitit ensin, jos haluat säilyttää ne. Sen jälkeen et anna "
        "vapaaehtoisia tietoja.",
    [CONSENT_M_ERASE_STAYS_TITLE] = "Tämä säilyy",
    [CONSENT_M_ERASE_STAYS_LOG] =
        "Lokista näkee, että joku on tehnyt valinnan, mutta mikään siinä ei enää kerro, että se olit sinä.",
    [CONSENT_M_ERASE_STAYS_SERVICE] =
        "Jo antamasi tiedot säilyvät palvelussa, kunnes ne poistetaan sieltä. Voit pyytää meitä poistamaan "
        "ne.",
    [CONSENT_M_ERASE_DO] = "Poista nyt",
    [CONSENT_M_ERASE_KEEP] = "Palaa takaisin poistamatta",
    [CONSENT_M_ERASE_REQUEST_LEAD] =
        "Nämä tiedot ovat viranomaisen asiakirjoja. Siksi ihminen päättää, voidaanko ne poistaa. Välitämme "
        "pyyntösi hänelle, ja voit seurata, mitä tapahtuu.",
    [CONSENT_M_ERASE_REQUEST_CONTACT] = "Puhelinnumero tai sähköpostiosoite, jos haluat vastauksen",
    [CONSENT_M_ERASE_REQUEST_DO] = "Pyydä poistamaan",
    [CONSENT_M_ERASE_REQUEST_NOWHERE] =
        "Nämä tiedot ovat viranomaisen asiakirjoja. Siksi ihminen päättää, voidaanko ne poistaa. Ota "
        "meihin yhteyttä, niin autamme sinua.",
    [CONSENT_M_ERASE_REQUEST_TAKEN] =
        "Pyyntösi on vastaanotettu. Ihminen päättää siitä. Tallenna tämän sivun osoite, jos haluat "
        "seurata, mitä tapahtuu.",
    [CONSENT_M_ERASE_DONE] =
        "Poistettu. Meillä ei enää ole valintojasi, historiaasi eikä kuittejasi. Et anna vapaaehtoisia "
        "tietoja.",
    [CONSENT_M_ERASE_NOTHING] = "Täällä ei ole mitään poistettavaa.",
    [CONSENT_M_ERASE_HELD] =
        "Emme saa poistaa näitä juuri nyt. Lain mukaan meidän on säilytettävä ne, kunnes eräs asia on "
        "käsitelty. Mikään ei muuttunut. Ota meihin yhteyttä, jos haluat tietää lisää.",
    [CONSENT_M_ERASE_FAILED] =
        "Poistaminen ei onnistunut. Mikään ei muuttunut. Yritä uudelleen tai ota meihin yhteyttä.",
    [CONSENT_M_ERASE_STALE] =
        "Sivu oli vanhentunut tai ei tullut meiltä. Mitään ei poistettu. Yritä uudelleen.",
    [CONSENT_M_ERASE_NOT_HERS] =
        "Vain se, jonka valinnoista on kyse, voi poistaa ne täällä. Ota meihin yhteyttä, jos tarvitset "
        "apua.",

    /* a receipt */
    [CONSENT_M_RECEIPT_TITLE] = "Kuitti",
    [CONSENT_M_RECEIPT_LEAD] = "Kuitista näet, mitä valitsit ja milloin. Voit tallentaa tai tulostaa sen.",
    [CONSENT_M_RECEIPT_CHOICE] = "Valintasi",
    [CONSENT_M_RECEIPT_WHEN] = "Milloin",
    [CONSENT_M_RECEIPT_UNTIL] = "Voimassaolo päättyy",
    [CONSENT_M_RECEIPT_SCOPE] = "Kuinka kauan",
    [CONSENT_M_RECEIPT_AI] = "Kuka saa vastata",
    [CONSENT_M_RECEIPT_HOW] = "Miten",
    [CONSENT_M_RECEIPT_BY] = "Kuka",
    [CONSENT_M_RECEIPT_NUMBER] = "Kuitin numero",
    [CONSENT_M_RECEIPT_POLICY] = "Ehtojen versio",
    [CONSENT_M_RECEIPT_CONTROLLER] = "Vastuutaho",
    [CONSENT_M_RECEIPT_SHARED] = "Nämä tiedot päätit antaa",
    [CONSENT_M_RECEIPT_NOT_SHARED] = "Näitä tietoja et antanut",
    [CONSENT_M_RECEIPT_JSON] = "Sama kuitti tietokoneille (JSON)",
    [CONSENT_M_RECEIPT_WITHDRAWN] = "Näiden antamisen lopetit",
    [CONSENT_M_RECEIPT_ENDED] = "Mikä ei ole enää voimassa",
    [CONSENT_M_RECEIPT_REPLACED] = "Olet tehnyt uuden valinnan {when}.",
    [CONSENT_M_RECEIPT_LATER] = "Näytä se kuitti",
    [CONSENT_M_RECEIPT_EXPIRED] = "Valinnan voimassaolo päättyi {when}.",
    [CONSENT_M_RECEIPT_LAPSED] =
        "Olemme muuttaneet tapaa, jolla käytämme näitä tietoja: {categories}. Valinta ei enää koske niitä.",
    [CONSENT_M_RECEIPT_EVIDENCE] = "Näin kuitin voi tarkistaa",
    [CONSENT_M_RECEIPT_EVIDENCE_HELP] =
        "Valinta on numero {index} lokissa, jota kukaan ei voi muuttaa huomaamatta. Kuittitiedosto "
        "sisältää todisteen. Kuka tahansa voi tarkistaa sen kysymättä meiltä.",
    [CONSENT_M_RECEIPT_PENDING] =
        "Valinta on jo voimassa. Todiste valmistuu hetken kuluttua. Avaa sivu uudelleen, niin saat sen.",
    [CONSENT_M_RECEIPT_NO_PROOF] =
        "Valinta on silti voimassa, mutta todiste ei ole täällä. Jos tallensit kuitin, todiste on siinä. Voit myös "
        "kysyä meiltä.",
    [CONSENT_M_RECEIPT_FILE] = "Tallenna kuitti (JSON)",
    [CONSENT_M_RECEIPT_PROOF] = "Vain todiste (teksti)",
    [CONSENT_M_RECEIPT_ENTRY] = "Vain lokin rivi",
    [CONSENT_M_METHOD_FORM] = "Tällä verkkosivustolla",
    [CONSENT_M_METHOD_API] = "Sovelluksen tai ohjelman kautta",
    [CONSENT_M_METHOD_GPC] = "Selaimen signaalilla (Global Privacy Control)",
    [CONSENT_M_METHOD_ADPC] = "Selaimen signaalilla (ADPC)",
    [CONSENT_M_METHOD_OPERATOR] = "Henkilökuntamme kautta",

    /* the policy */
    [CONSENT_M_POLICY_LEAD] =
        "Täältä näet, mitä tietoja käytämme, miksi, kuinka kauan niitä säilytetään ja kuka ne saa.",
    [CONSENT_M_POLICY_VERSION] = "Versio {version}",
    [CONSENT_M_POLICY_CHOICE] = "Näistä päätät itse",
    [CONSENT_M_POLICY_LEVELS] = "Vaihtoehdot",
    [CONSENT_M_POLICY_TIME] = "Näin kauan valintasi on voimassa",
    [CONSENT_M_POLICY_TIME_TEXT] =
        "Käyntiä koskeva valinta on voimassa enintään {visit}. Pidempi valinta on voimassa {standing}. Sen "
        "jälkeen et anna vapaaehtoisia tietoja, ennen kuin valitset uudelleen.",
    [CONSENT_M_POLICY_NOT_COVERED] = "Näihin valintasi ei vaikuta",
    [CONSENT_M_POLICY_NOT_SCRIPTS] = "Tiedot, joita sivun skriptit lähettävät muille sivustoille.",
    [CONSENT_M_POLICY_NOT_HOSTS] = "Sivustot, jotka eivät kulje tämän palvelun kautta.",
    [CONSENT_M_POLICY_NOT_ATTACHED] = "Tiedot, jotka itse liität mukaan, esimerkiksi tiedostossa.",
    [CONSENT_M_POLICY_RIGHTS] = "Oikeutesi",
    [CONSENT_M_POLICY_RIGHTS_TEXT] = "Voit pyytää meitä näyttämään, oikaisemaan tai poistamaan tietojasi.",
    [CONSENT_M_POLICY_JSON] = "Sama tietokoneille (JSON)",

    /* AI */
    [CONSENT_M_AI_LEAD] = "Täältä näet, missä tekoäly vastaa puolestamme ja miten se merkitään.",
    [CONSENT_M_AI_WHERE] = "Täällä vastaa tekoäly",
    [CONSENT_M_AI_NOWHERE] = "Tekoäly ei vastaa millään sivulla, joka kulkee tämän palvelun kautta.",
    [CONSENT_M_AI_KIND_ON] = "Tekoäly kirjoittaa vastaukset täällä.",
    [CONSENT_M_AI_KIND_CHAT] = "Sivun ovat tehneet ihmiset, mutta sillä voit keskustella tekoälyn kanssa.",
    [CONSENT_M_AI_KIND_DECISION] =
        "Päätökset tehdään täällä automaattisesti. Voit pyytää, että ihminen käsittelee asian uudelleen.",
    [CONSENT_M_AI_KIND_AUTO] = "Palvelu kertoo itse, milloin tekoäly on kirjoittanut vastauksen.",
    [CONSENT_M_AI_KIND_VARIES] = "Joskus tekoäly vastaa täällä. Silloin siitä kerrotaan vastauksen yhteydessä.",
    [CONSENT_M_AI_BEHALF] = "Tekoälyn toimeksiantaja: {name}.",
    [CONSENT_M_AI_MODE_GENERATED] = "Ihminen ei tarkista vastauksia.",
    [CONSENT_M_AI_MODE_ORIGINATED] = "Tekoäly kirjoittaa luonnoksen, jonka ihminen lukee.",
    [CONSENT_M_AI_MODE_MODIFIED] = "Tekoäly on muokannut ihmisten kirjoittamaa tekstiä.",
    [CONSENT_M_AI_MODEL] = "Malli: {name}.",
    [CONSENT_M_AI_PROVIDER] = "Toimittaja: {name}.",
    [CONSENT_M_AI_HOW] = "Näin se merkitään",
    [CONSENT_M_AI_HOW_TEXT] =
        "Tekoälyä käyttävällä sivulla siitä kerrotaan ylimpänä. Vastaukset on merkitty myös niin, että "
        "tietokoneet voivat lukea sen.",
    [CONSENT_M_AI_HOW_PAGE] = "Verkkosivut: ilmoitus sivun yläosassa.",
    [CONSENT_M_AI_HOW_CHAT] = "Keskustelut: ilmoitus ennen ensimmäistä vastausta.",
    [CONSENT_M_AI_HOW_FILE] =
        "Teksti: rivi alussa. Kuvat (PNG ja JPEG): tieto tiedostossa, se näkyy kuvaohjelmissa.",
    [CONSENT_M_AI_HOW_DATA] =
        "Ohjelmille tarkoitetut tiedot (JSON): merkintä, jonka ohjelmat voivat lukea, mutta jota et ehkä näe.",
    [CONSENT_M_AI_UNMARKED] = "Mitä ei merkitä",
    [CONSENT_M_AI_UNMARKED_FILES] =
        "Muita tiedostoja, kuten PDF, ääni ja video. Silloin vain verkkopalvelin kertoo, että ne ovat tekoälyltä.",
    [CONSENT_M_AI_UNMARKED_AUTO] =
        "Kun palvelu itse kertoo, mitä tekoäly on kirjoittanut, merkitsemme vain sen, minkä se kertoo.",
    [CONSENT_M_AI_UNMARKED_ELSEWHERE] = "Sitä, mitä sivu hakee muilta verkkosivustoilta.",
    [CONSENT_M_AI_PEOPLE] = "Mihin vastaa vain ihminen",
    [CONSENT_M_AI_PEOPLE_TEXT] = "Kun valitset jonkin näistä, kysymyksesi menee ihmiselle eikä tekoälylle:",
    [CONSENT_M_AI_NOT] = "Tätä emme lupaa",
    [CONSENT_M_AI_NOT_RIGHT] =
        "Että tekoälyn vastaus on oikein. Tarkista asiat, jotka ovat sinulle tärkeitä.",
    [CONSENT_M_AI_NOT_KEPT] = "Että merkintä säilyy, kun joku kopioi tekstin.",
    [CONSENT_M_AI_NOT_FOUND] = "Että tunnistamme tekoälytekstin, jonka joku muu on kirjoittanut palveluun.",
    [CONSENT_M_AI_NOT_LAW] =
        "Että merkintä riittää lain mukaan. Kerromme, mitä teemme, ja muut arvioivat sen.",
    [CONSENT_M_AI_CHOOSE] = "Valitse, kuka saa vastata sinulle",

    /* problems */
    [CONSENT_M_PROBLEM_CONSENT_REQUIRED] = "Tämä palvelu tarvitsee lisää tietoja",
    [CONSENT_M_PROBLEM_BODY_REFUSED] = "Lähettämiäsi tietoja ei välitetty",
    [CONSENT_M_PROBLEM_PATH_REFUSED] = "Osoitteessa on tieto, jota et ole antanut meille",
    [CONSENT_M_PROBLEM_POLICY_CHANGED] = "Muutimme sivua, kun teit valintaasi",
    [CONSENT_M_PROBLEM_CSRF] = "Lomake ei tullut meidän sivultamme",
    [CONSENT_M_PROBLEM_MALFORMED] = "Emme voineet lukea lähettämiäsi tietoja",
    [CONSENT_M_PROBLEM_TOO_LARGE] = "Lähettämäsi tiedot ovat liian suuret",
    [CONSENT_M_PROBLEM_MEDIA_TYPE] = "Emme voi tarkistaa tällaista sisältöä",
    [CONSENT_M_PROBLEM_NOT_FOUND] = "Sivua ei ole",
    [CONSENT_M_PROBLEM_METHOD] = "Sivua ei voi käyttää näin",
    [CONSENT_M_PROBLEM_NOT_SAVED] = "Valintaasi ei voitu tallentaa",
    [CONSENT_M_PROBLEM_UNKNOWN_NAME] = "Lähettämässäsi on jotain, mitä emme tunne",
    [CONSENT_M_PROBLEM_BODY_SYNTAX] = "Emme voineet lukea lähettämiäsi tietoja",
    [CONSENT_M_PROBLEM_BODY_DEPTH] = "Lähettämissäsi tiedoissa on liian monta kerrosta",
    [CONSENT_M_PROBLEM_BODY_NAME] = "Lähettämissäsi tiedoissa on nimi, jota ei voi lukea varmasti",
    [CONSENT_M_PROBLEM_BODY_DUPLICATE] = "Lähettämissäsi tiedoissa jokin on kahteen kertaan",
    [CONSENT_M_PROBLEM_BODY_CHARSET] = "Emme voi lukea lähettämiesi tietojen merkkejä",
    [CONSENT_M_PROBLEM_BODY_ENCODING] = "Emme voi purkaa lähettämiäsi tietoja",
    [CONSENT_M_PROBLEM_BODY_TYPE] = "Emme voi tarkistaa tällaista sisältöä",
    [CONSENT_M_PROBLEM_UPSTREAM] = "Palvelu ei toimi juuri nyt",
    [CONSENT_M_PROBLEM_BUSY] = "Pyyntöjä tulee juuri nyt liian paljon",
    [CONSENT_M_PROBLEM_PERSON] = "Tämän asian hoitaa ihminen",
    [CONSENT_M_PROBLEM_HELD] = "Emme saa poistaa näitä juuri nyt",
    [CONSENT_M_PROBLEM_MINOR] = "Huoltajasi täytyy valita tämä",
    [CONSENT_M_PROBLEM_NOT_HERS] = "Vain se, jonka valinnoista on kyse, voi poistaa ne",
    [CONSENT_M_PROBLEM_NOT_OPEN] = "Tämä on avoinna vain tarkastajille",
    [CONSENT_M_ADVICE_CONSENT_REQUIRED] = "Muuta, mitä annat meille, tai pyydä apua ihmiseltä.",
    [CONSENT_M_ADVICE_BODY_REFUSED] =
        "Emme voineet tarkistaa tietoja. Niissä saattoi olla tietoja, joita et ole halunnut antaa. Palaa "
        "takaisin ja yritä uudelleen, muuta antamiasi tietoja tai ota meihin yhteyttä.",
    [CONSENT_M_ADVICE_PATH_REFUSED] =
        "Siksi emme avanneet sivua. Muuta, mitä annat meille, tai ota meihin yhteyttä.",
    [CONSENT_M_ADVICE_POLICY_CHANGED] = "Mitään ei tallennettu. Avaa sivu uudelleen ja valitse.",
    [CONSENT_M_ADVICE_CSRF] = "Mikään ei muuttunut. Avaa meidän sivumme ja yritä uudelleen.",
    [CONSENT_M_ADVICE_MALFORMED] =
        "Mikään ei muuttunut. Palaa takaisin ja yritä uudelleen, tai ota meihin yhteyttä.",
    [CONSENT_M_ADVICE_TOO_LARGE] =
        "Mitään ei välitetty. Pienennä lähetystä ja yritä uudelleen, tai ota meihin yhteyttä.",
    [CONSENT_M_ADVICE_MEDIA_TYPE] =
        "Siksi mitään ei välitetty. Yritä toisella tavalla tai ota meihin yhteyttä.",
    [CONSENT_M_ADVICE_NOT_FOUND] = "Tarkista osoite tai ota meihin yhteyttä.",
    [CONSENT_M_ADVICE_METHOD] =
        "Mikään ei muuttunut. Palaa takaisin ja yritä uudelleen, tai ota meihin yhteyttä.",
    [CONSENT_M_ADVICE_NOT_SAVED] = "Mikään ei muuttunut. Yritä uudelleen tai ota meihin yhteyttä.",
    [CONSENT_M_ADVICE_UNKNOWN_NAME] =
        "Siksi emme välittäneet mitään. Palaa takaisin ja yritä uudelleen, tai ota meihin yhteyttä.",
    [CONSENT_M_ADVICE_BODY_SYNTAX] =
        "Ne eivät ole sitä, mitä ne sanovat olevansa. Siksi emme voineet tarkistaa niitä emmekä välittäneet "
        "niitä. Palaa takaisin ja yritä uudelleen, tai ota meihin yhteyttä.",
    [CONSENT_M_ADVICE_BODY_DEPTH] =
        "Emme voi tarkistaa kaikkea, joten emme välittäneet tietoja. Lähetä ne yksinkertaisemmassa muodossa, "
        "tai ota meihin yhteyttä.",
    [CONSENT_M_ADVICE_BODY_NAME] =
        "Emme voineet päätellä, mistä on kyse, joten emme välittäneet tietoja. Palaa takaisin ja yritä "
        "uudelleen, tai ota meihin yhteyttä.",
    [CONSENT_M_ADVICE_BODY_DUPLICATE] =
        "Emme tiedä, kumpi on voimassa, joten emme välittäneet tietoja. Palaa takaisin ja yritä uudelleen, "
        "tai ota meihin yhteyttä.",
    [CONSENT_M_ADVICE_BODY_CHARSET] =
        "Siksi emme voineet tarkistaa niitä emmekä välittäneet niitä. Lähetä ne tavallisena tekstinä "
        "(UTF-8), tai ota meihin yhteyttä.",
    [CONSENT_M_ADVICE_BODY_ENCODING] =
        "Siksi emme voineet tarkistaa niitä emmekä välittäneet niitä. Lähetä ne pakkaamatta, tai ota meihin "
        "yhteyttä.",
    [CONSENT_M_ADVICE_BODY_TYPE] =
        "Siinä saattaa olla tietoja, joita et ole halunnut antaa. Siksi emme välittäneet sitä. Kokeile "
        "toista tapaa, tai ota meihin yhteyttä.",
    [CONSENT_M_ADVICE_UPSTREAM] = "Saat meihin yhteyden näin:",
    [CONSENT_M_ADVICE_BUSY] = "Odota hetki ja yritä uudelleen. Saat meihin yhteyden myös näin:",
    [CONSENT_M_ADVICE_PERSON] = "Tekoäly ei ole saanut kysymystäsi. Saat meihin yhteyden näin:",
    [CONSENT_M_ADVICE_HELD] =
        "Lain mukaan meidän on säilytettävä ne, kunnes eräs asia on käsitelty. Saat meihin yhteyden näin:",
    [CONSENT_M_ADVICE_MINOR] =
        "Mikään ei muuttunut. Voit aina antaa vähemmän tietoja. Saat meihin yhteyden näin:",
    [CONSENT_M_ADVICE_NOT_HERS] = "Mikään ei muuttunut. Saat meihin yhteyden näin:",
    [CONSENT_M_ADVICE_NOT_OPEN] = "Jos sinun täytyy nähdä tämä, ota meihin yhteyttä:",

    /* days and hours */
    [CONSENT_M_CLOCK] = "klo {h}.{m}",
    [CONSENT_M_CLOCK_BARE] = "{h}.{m}",
    [CONSENT_M_DATE] = "{day}. {month}",
    [CONSENT_M_DATE_YEAR] = "{day}. {month} {year}",
    [CONSENT_M_ON_DATE] = "{date}",
    [CONSENT_M_DATE_CLOCK] = "{date} {clock}",
    [CONSENT_M_TODAY] = "tänään",
    [CONSENT_M_YESTERDAY] = "eilen",
    [CONSENT_M_TOMORROW] = "huomenna",
    [CONSENT_M_DAY + 0] = "maanantai",
    [CONSENT_M_DAY + 1] = "tiistai",
    [CONSENT_M_DAY + 2] = "keskiviikko",
    [CONSENT_M_DAY + 3] = "torstai",
    [CONSENT_M_DAY + 4] = "perjantai",
    [CONSENT_M_DAY + 5] = "lauantai",
    [CONSENT_M_DAY + 6] = "sunnuntai",
    [CONSENT_M_ON_DAY + 0] = "maanantaina",
    [CONSENT_M_ON_DAY + 1] = "tiistaina",
    [CONSENT_M_ON_DAY + 2] = "keskiviikkona",
    [CONSENT_M_ON_DAY + 3] = "torstaina",
    [CONSENT_M_ON_DAY + 4] = "perjantaina",
    [CONSENT_M_ON_DAY + 5] = "lauantaina",
    [CONSENT_M_ON_DAY + 6] = "sunnuntaina",
    [CONSENT_M_MONTH + 0] = "tammikuuta",
    [CONSENT_M_MONTH + 1] = "helmikuuta",
    [CONSENT_M_MONTH + 2] = "maaliskuuta",
    [CONSENT_M_MONTH + 3] = "huhtikuuta",
    [CONSENT_M_MONTH + 4] = "toukokuuta",
    [CONSENT_M_MONTH + 5] = "kesäkuuta",
    [CONSENT_M_MONTH + 6] = "heinäkuuta",
    [CONSENT_M_MONTH + 7] = "elokuuta",
    [CONSENT_M_MONTH + 8] = "syyskuuta",
    [CONSENT_M_MONTH + 9] = "lokakuuta",
    [CONSENT_M_MONTH + 10] = "marraskuuta",
    [CONSENT_M_MONTH + 11] = "joulukuuta",

    /* how long */
    [CONSENT_M_YEAR] = "yksi vuosi",
    [CONSENT_M_YEAR_FOR] = "yhden vuoden",
    [CONSENT_M_YEARS] = "{n} vuotta",
    [CONSENT_M_MONTH_LONG] = "yksi kuukausi",
    [CONSENT_M_MONTH_LONG_FOR] = "yhden kuukauden",
    [CONSENT_M_MONTHS] = "{n} kuukautta",
    [CONSENT_M_DAY_LONG] = "yksi päivä",
    [CONSENT_M_DAY_LONG_FOR] = "yhden päivän",
    [CONSENT_M_DAYS] = "{n} päivää",
    [CONSENT_M_HOUR] = "yksi tunti",
    [CONSENT_M_HOUR_FOR] = "yhden tunnin",
    [CONSENT_M_HOURS_LONG] = "{n} tuntia",
    [CONSENT_M_MINUTE] = "yksi minuutti",
    [CONSENT_M_MINUTE_FOR] = "yhden minuutin",
    [CONSENT_M_MINUTES] = "{n} minuuttia",
    [CONSENT_M_AND] = " ja ",
    [CONSENT_M_NUMBER + 0] = "kaksi",
    [CONSENT_M_NUMBER + 1] = "kolme",
    [CONSENT_M_NUMBER + 2] = "neljä",
    [CONSENT_M_NUMBER + 3] = "viisi",
    [CONSENT_M_NUMBER + 4] = "kuusi",
    [CONSENT_M_NUMBER + 5] = "seitsemän",
    [CONSENT_M_NUMBER + 6] = "kahdeksan",
    [CONSENT_M_NUMBER + 7] = "yhdeksän",
    [CONSENT_M_NUMBER + 8] = "kymmenen"
};
