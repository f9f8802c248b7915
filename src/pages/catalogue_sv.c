/*
 * What the pages say, in Swedish. Plain and warm; *du* and *vi*; the same word for the same thing.
 */

#include "pages/catalogue.h"


const char *const  consent_catalogue_sv[CONSENT_M_COUNT] = {
    /* around every page */
    [CONSENT_M_LANGUAGES] = "Språk",
    [CONSENT_M_TEST] = "Det här är en testmiljö. Inget som du gör här gäller på riktigt.",
    [CONSENT_M_FOOTER] = "Om dina uppgifter",
    [CONSENT_M_LINK_CHOICE] = "Ändra vad du delar",
    [CONSENT_M_LINK_RECORD] = "Mina val och kvitton",
    [CONSENT_M_LINK_POLICY] = "Så använder vi uppgifter",
    [CONSENT_M_LINK_AI] = "Så använder vi AI",
    [CONSENT_M_LINK_HUMAN] = "Kontakt",
    [CONSENT_M_LINK_NOTICE] = "Läs mer om hur vi behandlar personuppgifter",
    [CONSENT_M_OUTCOME_SAVED] = "Sparat",
    [CONSENT_M_OUTCOME_DONE] = "Klart",
    [CONSENT_M_OUTCOME_ERROR] = "Fel",
    [CONSENT_M_CODE] = "Uppge koden {code} om du kontaktar oss.",
    [CONSENT_M_ACTING_GUARDIAN] =
        "Du är här som vårdnadshavare för någon annan. Det du väljer märks som ditt val, och ni ser det "
        "båda två.",
    [CONSENT_M_ACTING_REPRESENTATIVE] =
        "Du är här som ombud för någon annan. Det du väljer märks som ditt val, och ni ser det båda två.",
    [CONSENT_M_MINOR] =
        "Du är under 18 år. Du kan alltid dela mindre. Om du vill dela mer behöver din vårdnadshavare "
        "välja det.",

    /* the choice */
    [CONSENT_M_CHOICE_TITLE] = "Vilka uppgifter vill du dela med oss?",
    [CONSENT_M_CHOICE_LEAD] =
        "Du bestämmer. Alla nödvändiga tjänster fungerar vad du än väljer. Du kan ändra dig när du vill.",
    [CONSENT_M_CHOICE_NOW] = "Ditt val nu",
    [CONSENT_M_CHOICE_LEGEND] = "Välj ett alternativ",
    [CONSENT_M_YOU_SHARE] = "Du delar",
    [CONSENT_M_YOU_GET] = "Du får",
    [CONSENT_M_NOTHING] = "Inga valfria uppgifter.",
    [CONSENT_M_CUSTOM] = "Välj uppgift för uppgift i stället",
    [CONSENT_M_CUSTOM_NAME] = "Egna val",
    [CONSENT_M_CUSTOM_LEGEND] = "Vilka uppgifter vill du dela?",
    [CONSENT_M_CUSTOM_HELP] =
        "Kryssa i allt som du vill dela från och med nu. Det som du inte kryssar i delar du inte.",
    [CONSENT_M_SHARED_NOW] = "Du delar den här uppgiften nu.",
    [CONSENT_M_SPECIAL_TITLE] = "Känsliga uppgifter",
    [CONSENT_M_SPECIAL_HELP] =
        "Lagen skyddar de här uppgifterna särskilt. De ingår aldrig i alternativen ovan. Du väljer dem var "
        "för sig.",
    [CONSENT_M_SPECIAL_TICK] = "Ja, ni får använda: {title}",
    [CONSENT_M_SCOPE_LEGEND] = "Hur länge ska valet gälla?",
    [CONSENT_M_SCOPE_SESSION] = "Bara det här besöket",
    [CONSENT_M_SCOPE_SESSION_HELP] = "högst {duration}",
    [CONSENT_M_SCOPE_STANDING] = "{duration} på den här enheten",
    [CONSENT_M_SCOPE_STANDING_LOGIN] = "{duration}, när du är inloggad",
    [CONSENT_M_SCOPE_ONCE] = "Bara den här gången",
    [CONSENT_M_AI_LEGEND] = "Vem får svara på dina frågor?",
    [CONSENT_M_AI_ANY] = "AI eller människa",
    [CONSENT_M_AI_OWN] = "Vår egen AI eller en människa",
    [CONSENT_M_AI_NONE] = "Bara en människa",
    [CONSENT_M_SAVE] = "Spara mitt val",
    [CONSENT_M_SAVE_HELP] = "Du får ett kvitto. Du kan sluta dela när som helst, lika enkelt.",
    [CONSENT_M_NOW_SHARING] = "Du delar: {categories}.",
    [CONSENT_M_NOW_UNTIL] = "Det gäller till den {when}.",
    [CONSENT_M_NOW_VISIT] = "Det gäller det här besöket.",
    [CONSENT_M_NOW_GPC] = "Din webbläsare ber oss att inte ta emot: {categories}. Det följer vi.",
    [CONSENT_M_NOW_EXPIRED] = "Ditt tidigare val har gått ut. Nu delar du inga valfria uppgifter.",
    [CONSENT_M_NOW_LAPSED] =
        "Vi har ändrat hur vi använder en del uppgifter. Därför gäller ditt tidigare val inte längre för "
        "dem.",
    [CONSENT_M_NOW_RESTORED] =
        "Vi har fått återställa våra uppgifter från en kopia. Ditt tidigare val gäller inte längre. Du kan välja igen.",
    [CONSENT_M_WITHDRAW] = "Sluta dela",
    [CONSENT_M_WITHDRAW_HELP] =
        "Vi slutar genast skicka uppgifterna vidare. Det du redan har delat finns kvar i tjänsten. Du kan "
        "be oss radera det.",
    [CONSENT_M_FORGET] = "Glöm mig på den här enheten",
    [CONSENT_M_FORGET_HELP] =
        "Vi tar bort kakan som minns ditt val. Sedan delar du inga valfria uppgifter på den här enheten, "
        "och du kan inte längre se dina tidigare val här.",

    /* at the top of the choice, after something was done */
    [CONSENT_M_SAY_SAVED] = "Sparat. Ditt val gäller nu.",
    [CONSENT_M_SAY_WITHDRAWN] = "Sparat. Du delar inte längre några valfria uppgifter.",
    [CONSENT_M_SAY_WITHDRAWN_REST] =
        "Det du redan har delat finns kvar i tjänsten. Du kan be oss radera det.",
    [CONSENT_M_SAY_FORGOTTEN] = "Klart. Den här enheten minns inte längre ditt val.",
    [CONSENT_M_SAY_NOT_SAVED] =
        "Vi kunde inte spara ditt val. Inget har ändrats. Försök igen eller kontakta oss.",
    [CONSENT_M_SAY_NO_COOKIE] =
        "Din webbläsare behåller inte kakan som minns ditt val. Därför gäller det inte här. Tillåt kakor "
        "för webbplatsen och spara igen, eller kontakta oss.",
    [CONSENT_M_SAY_POLICY_CHANGED] =
        "Vi ändrade den här sidan medan du valde. Därför är inget sparat än. Det du fyllde i finns kvar. "
        "Titta igenom det och spara igen.",
    [CONSENT_M_SAY_FORM_STALE] =
        "Formuläret var för gammalt eller kom inte från vår sida. Därför är inget sparat än. Titta igenom "
        "ditt val och spara igen.",
    [CONSENT_M_SAY_UNREADABLE] =
        "Vi kunde inte läsa det du skickade. Inget är sparat. Välj och spara igen.",
    [CONSENT_M_SAY_MINOR] = "Inget har ändrats. Om du vill dela mer behöver din vårdnadshavare välja det.",
    [CONSENT_M_SAY_LOGGED_IN] =
        "Nu är du inloggad. Det du valde innan du loggade in gäller inte här. Samma val är ifyllt nedan. "
        "Spara det om du vill att det ska gälla.",
    [CONSENT_M_SAY_RECEIPT] = "Visa kvittot",
    [CONSENT_M_SAY_BACK] = "Fortsätt till tjänsten",

    /* a service that needs more */
    [CONSENT_M_NEED] = "För den här tjänsten behöver vi:",
    [CONSENT_M_NEED_LEVELS] = "Det ingår i: {levels}.",
    [CONSENT_M_NEED_CUSTOM] = "Du kan också välja uppgift för uppgift.",
    [CONSENT_M_NEED_OTHERWISE] = "Vill du inte dela det? Då kan en människa hjälpa dig i stället.",

    /* what she typed and does not share */
    [CONSENT_M_ASK_TITLE] = "Innan vi skickar vidare",
    [CONSENT_M_ASK_LEAD] = "Det du skrev innehåller uppgifter som du inte har valt att dela:",
    [CONSENT_M_ASK_ONCE] = "Skicka med uppgifterna den här gången",
    [CONSENT_M_ASK_ONCE_HELP] = "Gäller bara det du skickar nu. Ditt val i övrigt ändras inte.",
    [CONSENT_M_ASK_WITHOUT] = "Skicka utan uppgifterna",
    [CONSENT_M_ASK_WITHOUT_HELP] = "Vi tar bort uppgifterna och skickar resten.",
    [CONSENT_M_ASK_KEPT] = "Inget har skickats ännu, och det du skrev finns kvar.",
    [CONSENT_M_ASK_STALE] = "Sidan var för gammal eller kom inte från oss. Inget har skickats. Välj igen.",
    [CONSENT_M_ASK_NOT_SAVED] =
        "Vi kunde inte spara ditt val, så inget har skickats. Försök igen, skicka utan uppgiften eller "
        "kontakta oss.",
    [CONSENT_M_ASK_CHANGED] =
        "Vi har ändrat hur vi använder uppgifterna. Inget har skickats. Läs igenom och välj igen.",

    /* about a category */
    [CONSENT_M_FACTS] = "Mer om varje uppgift: varför, hur länge, var och hos vem",
    [CONSENT_M_FACT_WHAT] = "Uppgift",
    [CONSENT_M_FACT_WHY] = "Varför",
    [CONSENT_M_FACT_KEPT] = "Hur länge",
    [CONSENT_M_FACT_WHERE] = "Var",
    [CONSENT_M_FACT_WHO] = "Vem tar emot",
    [CONSENT_M_KEPT] = "Sparas i {duration}.",
    [CONSENT_M_STORED] = "Lagras i {countries}.",
    [CONSENT_M_RECEIVED] = "Tas emot av {recipients}.",
    [CONSENT_M_REST_TITLE] = "Uppgifter som inte ingår i valet",
    [CONSENT_M_REST_HELP] =
        "De här uppgifterna får vi använda av andra skäl. Därför kan du inte välja bort dem ovan.",
    [CONSENT_M_BASIS_CONSENT] =
        "De här uppgifterna används bara om du väljer att dela dem. Du kan ändra dig när du vill.",
    [CONSENT_M_BASIS_LEGAL_OBLIGATION] = "Krävs enligt lag. Du kan inte välja bort det.",
    [CONSENT_M_BASIS_PUBLIC_TASK] = "Behövs för vårt uppdrag som myndighet. Du har rätt att invända.",
    [CONSENT_M_BASIS_CONTRACT] = "Behövs för vårt avtal med dig.",
    [CONSENT_M_BASIS_VITAL_INTEREST] = "Används bara när någons liv eller hälsa är i fara.",
    [CONSENT_M_BASIS_LEGITIMATE_INTEREST] =
        "Vi har ett berättigat intresse av uppgiften. Du har rätt att invända.",
    [CONSENT_M_LAW] = "Lag: {law}",
    [CONSENT_M_OBJECT] = "Kontakta oss om du vill invända",
    [CONSENT_M_CORE_FOR] =
        "På de här sidorna behövs uppgiften för vårt uppdrag som myndighet, vad du än väljer: {paths}",
    [CONSENT_M_CATEGORY_SPECIAL] = "Känslig uppgift. Den delas bara om du själv kryssar i just den.",
    [CONSENT_M_CATEGORY_GPC] = "Delas inte om din webbläsare säger nej (Global Privacy Control).",

    /* who is responsible */
    [CONSENT_M_WHO_TITLE] = "Vem ansvarar för uppgifterna?",
    [CONSENT_M_WHO_CONTROLLER] = "{name} ansvarar för uppgifterna.",
    [CONSENT_M_WHO_AUTHORITY] = "Är du missnöjd med hur vi hanterar uppgifter kan du klaga hos {name}.",

    /* a person */
    [CONSENT_M_HUMAN_TITLE] = "Få kontakt med en människa",
    [CONSENT_M_HUMAN_LEAD] =
        "Du kan alltid vända dig till en människa. Du behöver inte logga in eller välja något först.",
    [CONSENT_M_HUMAN_MORE] = "Fler sätt att nå oss",
    [CONSENT_M_OPEN_UNTIL] = "Öppet nu, till {clock}",
    [CONSENT_M_CLOSED_OPENS] = "Stängt nu. Öppnar {day} {clock}.",
    [CONSENT_M_CLOSED] = "Stängt nu.",
    [CONSENT_M_CHANNEL_PHONE] = "Telefon",
    [CONSENT_M_CHANNEL_EMAIL] = "E-post",
    [CONSENT_M_CHANNEL_VISIT] = "Besök",
    [CONSENT_M_CHANNEL_CALLBACK] = "Bli uppringd",
    [CONSENT_M_CHANNEL_TEXT_RELAY] = "Texttelefon",
    [CONSENT_M_CHANNEL_SIGN_LANGUAGE] = "Teckenspråk",
    [CONSENT_M_CHANNEL_SMS] = "Sms",
    [CONSENT_M_CHANNEL_CHAT] = "Chatt med en människa",
    [CONSENT_M_CALLBACK_HELP] =
        "Vill du hellre bli uppringd? Säg det när du ringer, skriver eller besöker oss.",
    [CONSENT_M_CHANNEL_LANGUAGES] = "Språk",
    [CONSENT_M_HOURS] = "Öppettider",
    [CONSENT_M_HOURS_ZONE] = "Tiderna följer tidszonen {zone}.",
    [CONSENT_M_HOLIDAYS] = "Stängt även {dates}.",
    [CONSENT_M_TOPICS_HUMAN] = "Det här får du alltid hjälp med av en människa",
    [CONSENT_M_TOPICS_OTHER] = "Du kan också fråga oss om",

    /* a request to be contacted */
    [CONSENT_M_CALLBACK_TITLE] = "Vill du att vi hör av oss?",
    [CONSENT_M_CALLBACK_LEAD] =
        "Skriv hur vi når dig, så hör en människa av sig. Det du skriver lagras krypterat och raderas "
        "när det har lämnats över.",
    [CONSENT_M_CALLBACK_CONTACT] = "Telefonnummer eller e-postadress",
    [CONSENT_M_CALLBACK_TOPIC] = "Vad gäller det?",
    [CONSENT_M_CALLBACK_TOPIC_NONE] = "Något annat",
    [CONSENT_M_CALLBACK_SEND] = "Be oss höra av oss",
    [CONSENT_M_CALLBACK_TAKEN] =
        "Tack. En människa hör av sig till dig. Spara den här sidans adress om du vill följa vad som "
        "händer.",
    [CONSENT_M_CALLBACK_NOT_SAVED] =
        "Vi kunde inte ta emot din begäran. Inget har sparats. Försök igen eller ring oss.",
    [CONSENT_M_CALLBACK_UNREADABLE] = "Skriv ett telefonnummer eller en e-postadress, högst 200 tecken.",
    [CONSENT_M_CALLBACK_STALE] =
        "Sidan var för gammal eller kom inte från oss. Inget har skickats. Skicka igen.",
    [CONSENT_M_CALLBACK_UNKNOWN] = "Vi hittar ingen sådan begäran. Den kan vara äldre än tre månader.",
    [CONSENT_M_CALLBACK_PERSON] = "Det här tar en människa hand om, inte en AI.",
    [CONSENT_M_CALLBACK_REQUEST] = "Din begäran",
    [CONSENT_M_CALLBACK_STATUS_REQUESTED] = "Mottagen {when}. Den är på väg till en människa.",
    [CONSENT_M_CALLBACK_STATUS_DELIVERED] = "Överlämnad till en människa {when}.",
    [CONSENT_M_CALLBACK_STATUS_TAKEN] = "En människa arbetar med den sedan {when}.",
    [CONSENT_M_CALLBACK_STATUS_CLOSED] = "Avslutad {when}.",
    [CONSENT_M_CALLBACK_STATUS_EXPIRED] =
        "Vi kunde inte lämna över din begäran. Ring eller skriv till oss i stället.",
    [CONSENT_M_CALLBACK_REFERENCE] = "Ärendenummer: {tag}",
    [CONSENT_M_CALLBACK_NUMBER] = "Kvitto: {number}",
    [CONSENT_M_CALLBACK_NEXT] =
        "Nu lämnar vi över din begäran till en människa, som hör av sig på det sätt du skrev. Det du skrev "
        "raderas hos oss när det har lämnats över. Du behöver inte göra något mer.",
    [CONSENT_M_CALLBACK_SOONER] = "Vill du inte vänta? Du kan nå en människa så här:",
    [CONSENT_M_CALLBACK_LINK] = "Be oss höra av oss",

    /* the record */
    [CONSENT_M_RECORD_STATE] = "Ditt val är {level} sedan {when}.",
    [CONSENT_M_RECORD_UNTIL] = "Det gäller till den {when}.",
    [CONSENT_M_RECORD_NONE] = "Du har inte gjort något val här. Du delar inga valfria uppgifter.",
    [CONSENT_M_RECORD_UNAVAILABLE] =
        "Vi kan inte visa dina val just nu. Så länge delar du inga valfria uppgifter. Försök igen om en "
        "stund eller kontakta oss.",
    [CONSENT_M_RECORD_CHANGE] = "Ändra mitt val",
    [CONSENT_M_WITHHELD] = "Det här skickades inte vidare",
    [CONSENT_M_WITHHELD_HELP] =
        "De senaste 24 timmarna. Vi sparar aldrig innehållet, bara vilken sort det var.",
    [CONSENT_M_WITHHELD_NONE] = "Inget de senaste 24 timmarna.",
    [CONSENT_M_WITHHELD_LABEL] = "Uppgifter som inte skickades vidare",
    [CONSENT_M_WITHHELD_WHERE] = "Tjänst",
    [CONSENT_M_WITHHELD_WHAT] = "Vad",
    [CONSENT_M_HISTORY] = "Dina val",
    [CONSENT_M_HISTORY_MORE] = "Äldre val visas inte här.",
    [CONSENT_M_DID_CHOOSE] = "Du valde {level}.",
    [CONSENT_M_DID_CHOOSE_CUSTOM] = "Du valde uppgift för uppgift.",
    [CONSENT_M_DID_SEND_ONCE] = "Du skickade uppgifter en gång.",
    [CONSENT_M_DID_WITHDRAW] = "Du slutade dela.",
    [CONSENT_M_DID_LAPSE] = "Ditt val slutade gälla, för vi fick återställa våra uppgifter från en kopia.",
    [CONSENT_M_DID_EXPIRE] = "Ditt val gick ut.",
    [CONSENT_M_DID_LOWER] = "Du minskade det du delar, till {level}.",
    [CONSENT_M_DID_SIGNAL] = "Din webbläsare bad oss att ta emot mindre.",
    [CONSENT_M_DID_UNKNOWN] = "Ett val enligt en äldre version som vi inte längre kan visa.",
    [CONSENT_M_INFORMATION] = "Uppgifter: {categories}.",
    [CONSENT_M_BY_GUARDIAN] = "Valet gjordes av en vårdnadshavare.",
    [CONSENT_M_BY_REPRESENTATIVE] = "Valet gjordes av ett ombud.",
    [CONSENT_M_BY_CLERK] = "Valet registrerades av vår personal.",
    [CONSENT_M_RECEIPT_FOR] = "Kvitto för {when}",
    [CONSENT_M_EXPORT_TITLE] = "Ta med eller radera",
    [CONSENT_M_EXPORT_ONLY] = "Ta med",
    [CONSENT_M_EXPORT] = "Ladda ner mina val och kvitton (JSON)",
    [CONSENT_M_ERASE] = "Radera mina val, min historik och mina kvitton",
    [CONSENT_M_ERASE_CONFIRM] =
        "Det går inte att ångra. Spara dina kvitton först om du vill ha dem kvar. Sedan delar du inga "
        "valfria uppgifter.",
    [CONSENT_M_ERASE_STAYS_TITLE] = "Det här finns kvar",
    [CONSENT_M_ERASE_STAYS_LOG] =
        "Loggen visar att någon har gjort ett val, men inget i den visar längre att det var du.",
    [CONSENT_M_ERASE_STAYS_SERVICE] =
        "Det du redan har delat finns kvar i tjänsten tills det raderas där. Du kan be oss radera det.",
    [CONSENT_M_ERASE_DO] = "Radera nu",
    [CONSENT_M_ERASE_KEEP] = "Gå tillbaka utan att radera",
    [CONSENT_M_ERASE_REQUEST_LEAD] =
        "De här uppgifterna är allmänna handlingar. Därför är det en människa som beslutar om de får "
        "raderas. Vi skickar din begäran dit, och du kan följa vad som händer.",
    [CONSENT_M_ERASE_REQUEST_CONTACT] = "Telefonnummer eller e-postadress, om du vill ha besked",
    [CONSENT_M_ERASE_REQUEST_DO] = "Begär att vi raderar",
    [CONSENT_M_ERASE_REQUEST_NOWHERE] =
        "De här uppgifterna är allmänna handlingar. Därför är det en människa som beslutar om de får "
        "raderas. Kontakta oss, så hjälper vi dig.",
    [CONSENT_M_ERASE_REQUEST_TAKEN] =
        "Din begäran är mottagen. En människa beslutar om den. Spara adressen till den här sidan om du "
        "vill följa vad som händer.",
    [CONSENT_M_ERASE_DONE] =
        "Raderat. Dina val, din historik och dina kvitton finns inte kvar hos oss. Du delar inga valfria "
        "uppgifter.",
    [CONSENT_M_ERASE_NOTHING] = "Det finns inget att radera här.",
    [CONSENT_M_ERASE_HELD] =
        "Vi får inte radera det här just nu. Enligt lag måste vi spara det tills ett ärende är avslutat. "
        "Inget har ändrats. Kontakta oss om du vill veta mer.",
    [CONSENT_M_ERASE_FAILED] =
        "Vi kunde inte radera just nu. Inget har ändrats. Försök igen eller kontakta oss.",
    [CONSENT_M_ERASE_STALE] = "Sidan var för gammal eller kom inte från oss. Inget har raderats. Försök igen.",
    [CONSENT_M_ERASE_NOT_HERS] =
        "Bara den som valen gäller kan radera dem här. Kontakta oss om du behöver hjälp.",

    /* a receipt */
    [CONSENT_M_RECEIPT_TITLE] = "Kvitto",
    [CONSENT_M_RECEIPT_LEAD] =
        "Kvittot visar vad du valde och när. Spara det eller skriv ut det om du vill.",
    [CONSENT_M_RECEIPT_CHOICE] = "Ditt val",
    [CONSENT_M_RECEIPT_WHEN] = "När",
    [CONSENT_M_RECEIPT_UNTIL] = "Gäller till",
    [CONSENT_M_RECEIPT_SCOPE] = "Hur länge",
    [CONSENT_M_RECEIPT_AI] = "Vem får svara",
    [CONSENT_M_RECEIPT_HOW] = "Hur",
    [CONSENT_M_RECEIPT_BY] = "Av vem",
    [CONSENT_M_RECEIPT_NUMBER] = "Kvittonummer",
    [CONSENT_M_RECEIPT_POLICY] = "Version av villkoren",
    [CONSENT_M_RECEIPT_CONTROLLER] = "Ansvarig",
    [CONSENT_M_RECEIPT_SHARED] = "Det här valde du att dela",
    [CONSENT_M_RECEIPT_NOT_SHARED] = "Det här valde du att inte dela",
    [CONSENT_M_RECEIPT_JSON] = "Samma kvitto för datorer (JSON)",
    [CONSENT_M_RECEIPT_WITHDRAWN] = "Det här slutade du dela",
    [CONSENT_M_RECEIPT_ENDED] = "Det som inte gäller längre",
    [CONSENT_M_RECEIPT_REPLACED] = "Du har gjort ett nytt val {when}.",
    [CONSENT_M_RECEIPT_LATER] = "Visa det kvittot",
    [CONSENT_M_RECEIPT_EXPIRED] = "Valet gick ut {when}.",
    [CONSENT_M_RECEIPT_LAPSED] = "Vi har ändrat hur vi använder: {categories}. Valet gäller inte det längre.",
    [CONSENT_M_RECEIPT_EVIDENCE] = "Så kan kvittot kontrolleras",
    [CONSENT_M_RECEIPT_EVIDENCE_HELP] =
        "Valet står som nummer {index} i en logg som ingen kan ändra utan att det syns. Kvittofilen "
        "innehåller beviset. Vem som helst kan kontrollera det utan att fråga oss.",
    [CONSENT_M_RECEIPT_PENDING] =
        "Valet gäller redan. Beviset blir klart om ett ögonblick. Öppna sidan igen för att få det.",
    [CONSENT_M_RECEIPT_NO_PROOF] =
        "Valet gäller ändå, men beviset finns inte här. Har du sparat kvittot, så innehåller det beviset. Du kan också "
        "fråga oss.",
    [CONSENT_M_RECEIPT_FILE] = "Spara kvittot (JSON)",
    [CONSENT_M_RECEIPT_PROOF] = "Bara beviset (text)",
    [CONSENT_M_RECEIPT_ENTRY] = "Bara raden i loggen",
    [CONSENT_M_METHOD_FORM] = "På den här webbplatsen",
    [CONSENT_M_METHOD_API] = "Genom en app eller ett program",
    [CONSENT_M_METHOD_GPC] = "Genom en signal från webbläsaren (Global Privacy Control)",
    [CONSENT_M_METHOD_ADPC] = "Genom en signal från webbläsaren (ADPC)",
    [CONSENT_M_METHOD_OPERATOR] = "Genom vår personal",

    /* the policy */
    [CONSENT_M_POLICY_LEAD] =
        "Här ser du vilka uppgifter vi använder, varför, hur länge de sparas och vem som tar emot dem.",
    [CONSENT_M_POLICY_VERSION] = "Version {version}",
    [CONSENT_M_POLICY_CHOICE] = "Det här väljer du själv",
    [CONSENT_M_POLICY_LEVELS] = "Alternativen",
    [CONSENT_M_POLICY_TIME] = "Så länge gäller ditt val",
    [CONSENT_M_POLICY_TIME_TEXT] =
        "Ett val för besöket gäller i högst {visit}. Ett val för längre tid gäller i {standing}. Sedan "
        "delar du inga valfria uppgifter förrän du väljer igen.",
    [CONSENT_M_POLICY_NOT_COVERED] = "Det här styr inte ditt val",
    [CONSENT_M_POLICY_NOT_SCRIPTS] = "Det som en sidas skript skickar till andra webbplatser.",
    [CONSENT_M_POLICY_NOT_HOSTS] = "Webbplatser som inte går genom den här tjänsten.",
    [CONSENT_M_POLICY_NOT_ATTACHED] = "Det som du själv bifogar, till exempel i en fil.",
    [CONSENT_M_POLICY_RIGHTS] = "Dina rättigheter",
    [CONSENT_M_POLICY_RIGHTS_TEXT] = "Du kan be oss att visa, rätta eller radera uppgifter om dig.",
    [CONSENT_M_POLICY_JSON] = "Samma sak för datorer (JSON)",

    /* AI */
    [CONSENT_M_AI_LEAD] = "Här ser du var AI svarar hos oss och hur det märks.",
    [CONSENT_M_AI_WHERE] = "Här svarar AI",
    [CONSENT_M_AI_NOWHERE] = "Ingen AI svarar på de sidor som går genom den här tjänsten.",
    [CONSENT_M_AI_KIND_ON] = "AI skriver svaren här.",
    [CONSENT_M_AI_KIND_CHAT] = "Människor har gjort sidan, men på den kan du chatta med en AI.",
    [CONSENT_M_AI_KIND_DECISION] =
        "Beslut fattas automatiskt här. Du kan begära att en människa prövar dem.",
    [CONSENT_M_AI_KIND_AUTO] = "Tjänsten talar själv om när AI har skrivit svaret.",
    [CONSENT_M_AI_KIND_VARIES] = "Ibland svarar AI här. Då står det vid svaret.",
    [CONSENT_M_AI_BEHALF] = "AI:n svarar på uppdrag av {name}.",
    [CONSENT_M_AI_MODE_GENERATED] = "Ingen människa granskar svaren.",
    [CONSENT_M_AI_MODE_ORIGINATED] = "AI skriver ett utkast som en människa läser.",
    [CONSENT_M_AI_MODE_MODIFIED] = "AI har bearbetat text som människor har skrivit.",
    [CONSENT_M_AI_MODEL] = "Modell: {name}.",
    [CONSENT_M_AI_PROVIDER] = "Leverantör: {name}.",
    [CONSENT_M_AI_HOW] = "Så märks det",
    [CONSENT_M_AI_HOW_TEXT] =
        "På en sida med AI står det högst upp. Svaren är också märkta så att datorer kan läsa det.",
    [CONSENT_M_AI_HOW_PAGE] = "Webbsidor: ett meddelande överst på sidan.",
    [CONSENT_M_AI_HOW_CHAT] = "Chattar: ett meddelande före det första svaret.",
    [CONSENT_M_AI_HOW_FILE] =
        "Text: en rad överst. Bilder (PNG och JPEG): en uppgift i filen, som syns i bildprogram.",
    [CONSENT_M_AI_HOW_DATA] =
        "Data till program (JSON): en uppgift som program kan läsa, men som du kanske inte ser.",
    [CONSENT_M_AI_UNMARKED] = "Vad som inte märks",
    [CONSENT_M_AI_UNMARKED_FILES] =
        "Andra filer, till exempel PDF, ljud och film. Bara webbservern säger då att de kommer från AI.",
    [CONSENT_M_AI_UNMARKED_AUTO] = "Där tjänsten själv säger vad AI har skrivit märker vi bara det som den säger.",
    [CONSENT_M_AI_UNMARKED_ELSEWHERE] = "Det som en sida hämtar från andra webbplatser.",
    [CONSENT_M_AI_PEOPLE] = "Vad bara en människa svarar på",
    [CONSENT_M_AI_PEOPLE_TEXT] =
        "När du väljer något av det här går din fråga till en människa och inte till AI:n:",
    [CONSENT_M_AI_NOT] = "Det här lovar vi inte",
    [CONSENT_M_AI_NOT_RIGHT] = "Att ett AI-svar är rätt. Kontrollera det som är viktigt för dig.",
    [CONSENT_M_AI_NOT_KEPT] = "Att märkningen finns kvar när någon kopierar texten.",
    [CONSENT_M_AI_NOT_FOUND] = "Att vi känner igen AI-text som någon annan har skrivit in.",
    [CONSENT_M_AI_NOT_LAW] =
        "Att märkningen räcker enligt lagen. Vi berättar vad vi gör, andra får bedöma det.",
    [CONSENT_M_AI_CHOOSE] = "Välj vem som får svara dig",

    /* problems */
    [CONSENT_M_PROBLEM_CONSENT_REQUIRED] = "Den här tjänsten behöver fler uppgifter",
    [CONSENT_M_PROBLEM_BODY_REFUSED] = "Det du skrev skickades inte vidare",
    [CONSENT_M_PROBLEM_PATH_REFUSED] = "Adressen innehåller en uppgift som du inte delar",
    [CONSENT_M_PROBLEM_POLICY_CHANGED] = "Vi ändrade sidan medan du valde",
    [CONSENT_M_PROBLEM_CSRF] = "Formuläret kom inte från vår sida",
    [CONSENT_M_PROBLEM_MALFORMED] = "Vi kunde inte läsa det du skickade",
    [CONSENT_M_PROBLEM_TOO_LARGE] = "Det du skickade är för stort",
    [CONSENT_M_PROBLEM_MEDIA_TYPE] = "Vi kan inte kontrollera den här sortens innehåll",
    [CONSENT_M_PROBLEM_NOT_FOUND] = "Sidan finns inte",
    [CONSENT_M_PROBLEM_METHOD] = "Sidan går inte att använda så",
    [CONSENT_M_PROBLEM_NOT_SAVED] = "Vi kunde inte spara ditt val",
    [CONSENT_M_PROBLEM_UNKNOWN_NAME] = "Det du skickade innehåller något som vi inte känner till",
    [CONSENT_M_PROBLEM_BODY_SYNTAX] = "Vi kunde inte läsa det du skickade",
    [CONSENT_M_PROBLEM_BODY_DEPTH] = "Det du skickade består av för många lager",
    [CONSENT_M_PROBLEM_BODY_NAME] = "Ett namn i det du skickade går inte att läsa säkert",
    [CONSENT_M_PROBLEM_BODY_DUPLICATE] = "Något står två gånger i det du skickade",
    [CONSENT_M_PROBLEM_BODY_CHARSET] = "Vi kan inte läsa tecknen i det du skickade",
    [CONSENT_M_PROBLEM_BODY_ENCODING] = "Vi kan inte packa upp det du skickade",
    [CONSENT_M_PROBLEM_BODY_TYPE] = "Vi kan inte kontrollera den här sortens innehåll",
    [CONSENT_M_PROBLEM_UPSTREAM] = "Tjänsten fungerar inte just nu",
    [CONSENT_M_PROBLEM_BUSY] = "Det kommer för många förfrågningar just nu",
    [CONSENT_M_PROBLEM_PERSON] = "Det här tar en människa hand om",
    [CONSENT_M_PROBLEM_HELD] = "Vi får inte radera det här just nu",
    [CONSENT_M_PROBLEM_MINOR] = "Din vårdnadshavare behöver välja det här",
    [CONSENT_M_PROBLEM_NOT_HERS] = "Bara den som valen gäller kan radera dem",
    [CONSENT_M_PROBLEM_NOT_OPEN] = "Det här är öppet bara för granskare",
    [CONSENT_M_ADVICE_CONSENT_REQUIRED] = "Ändra vad du delar, eller ta hjälp av en människa i stället.",
    [CONSENT_M_ADVICE_BODY_REFUSED] =
        "Vi kunde inte kontrollera om det innehöll uppgifter som du inte har valt att dela. Gå tillbaka "
        "och försök igen, ändra vad du delar, eller kontakta oss.",
    [CONSENT_M_ADVICE_PATH_REFUSED] =
        "Därför öppnade vi inte sidan. Ändra vad du delar, eller kontakta oss.",
    [CONSENT_M_ADVICE_POLICY_CHANGED] = "Inget är sparat. Öppna sidan igen och välj.",
    [CONSENT_M_ADVICE_CSRF] = "Inget har ändrats. Öppna vår sida och försök igen.",
    [CONSENT_M_ADVICE_MALFORMED] = "Inget har ändrats. Gå tillbaka och försök igen, eller kontakta oss.",
    [CONSENT_M_ADVICE_TOO_LARGE] =
        "Inget skickades vidare. Gör det mindre och försök igen, eller kontakta oss.",
    [CONSENT_M_ADVICE_MEDIA_TYPE] =
        "Därför skickades inget vidare. Försök på ett annat sätt, eller kontakta oss.",
    [CONSENT_M_ADVICE_NOT_FOUND] = "Kontrollera adressen, eller kontakta oss.",
    [CONSENT_M_ADVICE_METHOD] = "Inget har ändrats. Gå tillbaka och försök igen, eller kontakta oss.",
    [CONSENT_M_ADVICE_NOT_SAVED] = "Inget har ändrats. Försök igen eller kontakta oss.",
    [CONSENT_M_ADVICE_UNKNOWN_NAME] =
        "Därför skickade vi inget vidare. Gå tillbaka och försök igen, eller kontakta oss.",
    [CONSENT_M_ADVICE_BODY_SYNTAX] =
        "Det är inte det som det säger sig vara. Därför kunde vi inte kontrollera det och skickade det inte "
        "vidare. Gå tillbaka och försök igen, eller kontakta oss.",
    [CONSENT_M_ADVICE_BODY_DEPTH] =
        "Vi kan inte kontrollera allt och skickade det därför inte vidare. Skicka det i en enklare form, "
        "eller kontakta oss.",
    [CONSENT_M_ADVICE_BODY_NAME] =
        "Vi kunde inte se vad det gäller och skickade det därför inte vidare. Gå tillbaka och försök igen, "
        "eller kontakta oss.",
    [CONSENT_M_ADVICE_BODY_DUPLICATE] =
        "Vi vet inte vilket som gäller och skickade det därför inte vidare. Gå tillbaka och försök igen, "
        "eller kontakta oss.",
    [CONSENT_M_ADVICE_BODY_CHARSET] =
        "Därför kunde vi inte kontrollera det och skickade det inte vidare. Skicka det som vanlig text "
        "(UTF-8), eller kontakta oss.",
    [CONSENT_M_ADVICE_BODY_ENCODING] =
        "Därför kunde vi inte kontrollera det och skickade det inte vidare. Skicka det utan att komprimera "
        "det, eller kontakta oss.",
    [CONSENT_M_ADVICE_BODY_TYPE] =
        "Det kan innehålla uppgifter som du inte har valt att dela. Därför skickade vi det inte vidare. "
        "Försök på ett annat sätt, eller kontakta oss.",
    [CONSENT_M_ADVICE_UPSTREAM] = "Du kan nå oss så här:",
    [CONSENT_M_ADVICE_BUSY] = "Vänta en stund och försök igen. Du kan också nå oss så här:",
    [CONSENT_M_ADVICE_PERSON] = "Ingen AI har fått din fråga. Du kan nå oss så här:",
    [CONSENT_M_ADVICE_HELD] =
        "Enligt lag måste vi spara det tills ett ärende är avslutat. Du kan nå oss så här:",
    [CONSENT_M_ADVICE_MINOR] = "Inget har ändrats. Du kan alltid dela mindre. Du kan nå oss så här:",
    [CONSENT_M_ADVICE_NOT_HERS] = "Inget har ändrats. Du kan nå oss så här:",
    [CONSENT_M_ADVICE_NOT_OPEN] = "Om du behöver se det, vänd dig till oss:",

    /* days and hours */
    [CONSENT_M_CLOCK] = "kl. {h}.{m}",
    [CONSENT_M_CLOCK_BARE] = "{h}.{m}",
    [CONSENT_M_DATE] = "{day} {month}",
    [CONSENT_M_DATE_YEAR] = "{day} {month} {year}",
    [CONSENT_M_ON_DATE] = "den {date}",
    [CONSENT_M_DATE_CLOCK] = "{date} {clock}",
    [CONSENT_M_TODAY] = "i dag",
    [CONSENT_M_YESTERDAY] = "i går",
    [CONSENT_M_TOMORROW] = "i morgon",
    [CONSENT_M_DAY + 0] = "måndag",
    [CONSENT_M_DAY + 1] = "tisdag",
    [CONSENT_M_DAY + 2] = "onsdag",
    [CONSENT_M_DAY + 3] = "torsdag",
    [CONSENT_M_DAY + 4] = "fredag",
    [CONSENT_M_DAY + 5] = "lördag",
    [CONSENT_M_DAY + 6] = "söndag",
    [CONSENT_M_ON_DAY + 0] = "på måndag",
    [CONSENT_M_ON_DAY + 1] = "på tisdag",
    [CONSENT_M_ON_DAY + 2] = "på onsdag",
    [CONSENT_M_ON_DAY + 3] = "på torsdag",
    [CONSENT_M_ON_DAY + 4] = "på fredag",
    [CONSENT_M_ON_DAY + 5] = "på lördag",
    [CONSENT_M_ON_DAY + 6] = "på söndag",
    [CONSENT_M_MONTH + 0] = "januari",
    [CONSENT_M_MONTH + 1] = "februari",
    [CONSENT_M_MONTH + 2] = "mars",
    [CONSENT_M_MONTH + 3] = "april",
    [CONSENT_M_MONTH + 4] = "maj",
    [CONSENT_M_MONTH + 5] = "juni",
    [CONSENT_M_MONTH + 6] = "juli",
    [CONSENT_M_MONTH + 7] = "augusti",
    [CONSENT_M_MONTH + 8] = "september",
    [CONSENT_M_MONTH + 9] = "oktober",
    [CONSENT_M_MONTH + 10] = "november",
    [CONSENT_M_MONTH + 11] = "december",

    /* how long */
    [CONSENT_M_YEAR] = "ett år",
    [CONSENT_M_YEAR_FOR] = "ett år",
    [CONSENT_M_YEARS] = "{n} år",
    [CONSENT_M_MONTH_LONG] = "en månad",
    [CONSENT_M_MONTH_LONG_FOR] = "en månad",
    [CONSENT_M_MONTHS] = "{n} månader",
    [CONSENT_M_DAY_LONG] = "en dag",
    [CONSENT_M_DAY_LONG_FOR] = "en dag",
    [CONSENT_M_DAYS] = "{n} dagar",
    [CONSENT_M_HOUR] = "en timme",
    [CONSENT_M_HOUR_FOR] = "en timme",
    [CONSENT_M_HOURS_LONG] = "{n} timmar",
    [CONSENT_M_MINUTE] = "en minut",
    [CONSENT_M_MINUTE_FOR] = "en minut",
    [CONSENT_M_MINUTES] = "{n} minuter",
    [CONSENT_M_AND] = " och ",
    [CONSENT_M_NUMBER + 0] = "två",
    [CONSENT_M_NUMBER + 1] = "tre",
    [CONSENT_M_NUMBER + 2] = "fyra",
    [CONSENT_M_NUMBER + 3] = "fem",
    [CONSENT_M_NUMBER + 4] = "sex",
    [CONSENT_M_NUMBER + 5] = "sju",
    [CONSENT_M_NUMBER + 6] = "åtta",
    [CONSENT_M_NUMBER + 7] = "nio",
    [CONSENT_M_NUMBER + 8] = "tio"
};
