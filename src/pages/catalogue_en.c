/*
 * What the pages say, in English. Plain and warm; *you* and *we*; the same word for the same thing. What
 * another catalogue lacks is said in these words.
 */

#include "pages/catalogue.h"


const char *const  consent_catalogue_en[CONSENT_M_COUNT] = {
    /* around every page */
    [CONSENT_M_LANGUAGES] = "Language",
    [CONSENT_M_TEST] = "This is a test environment. Nothing you do here applies for real.",
    [CONSENT_M_FOOTER] = "About your information",
    [CONSENT_M_LINK_CHOICE] = "Change what you share",
    [CONSENT_M_LINK_RECORD] = "My choices and receipts",
    [CONSENT_M_LINK_POLICY] = "How we use information",
    [CONSENT_M_LINK_AI] = "How we use AI",
    [CONSENT_M_LINK_HUMAN] = "Contact",
    [CONSENT_M_LINK_NOTICE] = "Read more about how we handle personal information",
    [CONSENT_M_OUTCOME_SAVED] = "Saved",
    [CONSENT_M_OUTCOME_DONE] = "Done",
    [CONSENT_M_OUTCOME_ERROR] = "Error",
    [CONSENT_M_CODE] = "Give the code {code} if you contact us.",
    [CONSENT_M_ACTING_GUARDIAN] =
        "You are here as somebody else's guardian. What you choose is marked as your choice, and both of "
        "you see it.",
    [CONSENT_M_ACTING_REPRESENTATIVE] =
        "You are here as somebody else's representative. What you choose is marked as your choice, and "
        "both of you see it.",
    [CONSENT_M_MINOR] =
        "You are under age. You can always share less. If you want to share more, your guardian has to "
        "choose it.",

    /* the choice */
    [CONSENT_M_CHOICE_TITLE] = "What information do you want to share with us?",
    [CONSENT_M_CHOICE_LEAD] =
        "You decide. All essential services work whatever you choose. You can change your choice at any "
        "time.",
    [CONSENT_M_CHOICE_NOW] = "Your choice now",
    [CONSENT_M_CHOICE_LEGEND] = "Choose one",
    [CONSENT_M_YOU_SHARE] = "You share",
    [CONSENT_M_YOU_GET] = "You get",
    [CONSENT_M_NOTHING] = "No optional information.",
    [CONSENT_M_CUSTOM] = "Choose item by item instead",
    [CONSENT_M_CUSTOM_NAME] = "My own selection",
    [CONSENT_M_CUSTOM_LEGEND] = "Which items do you want to share?",
    [CONSENT_M_CUSTOM_HELP] =
        "Tick everything you want to share from now on. What you leave unticked is not shared.",
    [CONSENT_M_SHARED_NOW] = "You share this now.",
    [CONSENT_M_SPECIAL_TITLE] = "Sensitive information",
    [CONSENT_M_SPECIAL_HELP] =
        "The law gives this information special protection. It is never part of the options above. You "
        "choose each item on its own.",
    [CONSENT_M_SPECIAL_TICK] = "Yes, you may use: {title}",
    [CONSENT_M_SCOPE_LEGEND] = "How long should your choice last?",
    [CONSENT_M_SCOPE_SESSION] = "Only this visit",
    [CONSENT_M_SCOPE_SESSION_HELP] = "at most {duration}",
    [CONSENT_M_SCOPE_STANDING] = "{duration} on this device",
    [CONSENT_M_SCOPE_STANDING_LOGIN] = "{duration}, when you are logged in",
    [CONSENT_M_SCOPE_ONCE] = "Only this once",
    [CONSENT_M_AI_LEGEND] = "Who may answer your questions?",
    [CONSENT_M_AI_ANY] = "AI or a person",
    [CONSENT_M_AI_OWN] = "Our own AI or a person",
    [CONSENT_M_AI_NONE] = "Only a person",
    [CONSENT_M_SAVE] = "Save my choice",
    [CONSENT_M_SAVE_HELP] = "You get a receipt. You can stop sharing at any time, just as easily.",
    [CONSENT_M_NOW_SHARING] = "You share: {categories}.",
    [CONSENT_M_NOW_UNTIL] = "It is valid until {when}.",
    [CONSENT_M_NOW_VISIT] = "It is valid for this visit.",
    [CONSENT_M_NOW_GPC] = "Your browser asks us not to receive: {categories}. We follow that.",
    [CONSENT_M_NOW_EXPIRED] = "Your earlier choice has run out. Now you share no optional information.",
    [CONSENT_M_NOW_LAPSED] =
        "We have changed how we use some information. Your earlier choice no longer applies to it.",
    [CONSENT_M_NOW_RESTORED] =
        "We had to restore our records from a copy. Your earlier choice no longer applies. You can choose again.",
    [CONSENT_M_WITHDRAW] = "Stop sharing",
    [CONSENT_M_WITHDRAW_HELP] =
        "We stop passing on your information at once. What you have already shared stays in the service. "
        "You can ask us to delete it.",
    [CONSENT_M_FORGET] = "Forget me on this device",
    [CONSENT_M_FORGET_HELP] =
        "We remove the cookie that remembers your choice. After that you share no optional information on "
        "this device, and you can no longer see your earlier choices here.",

    /* at the top of the choice, after something was done */
    [CONSENT_M_SAY_SAVED] = "Saved. Your choice applies now.",
    [CONSENT_M_SAY_WITHDRAWN] = "Saved. You no longer share any optional information.",
    [CONSENT_M_SAY_WITHDRAWN_REST] =
        "What you have already shared stays in the service. You can ask us to delete it.",
    [CONSENT_M_SAY_FORGOTTEN] = "Done. This device no longer remembers your choice.",
    [CONSENT_M_SAY_NOT_SAVED] =
        "We could not save your choice. Nothing has changed. Try again or contact us.",
    [CONSENT_M_SAY_NO_COOKIE] =
        "Your browser does not keep the cookie that remembers your choice. So the choice does not apply "
        "here. Allow cookies for this website and save again, or contact us.",
    [CONSENT_M_SAY_POLICY_CHANGED] =
        "We changed this page while you were choosing. So nothing is saved yet. What you filled in is "
        "still here. Look it over and save again.",
    [CONSENT_M_SAY_FORM_STALE] =
        "The form was too old or did not come from our page. So nothing is saved yet. Look over your "
        "choice and save again.",
    [CONSENT_M_SAY_UNREADABLE] =
        "We could not read what you sent. Nothing is saved. Choose and save again.",
    [CONSENT_M_SAY_MINOR] = "Nothing has changed. If you want to share more, your guardian has to choose it.",
    [CONSENT_M_SAY_LOGGED_IN] =
        "You are now logged in. What you chose before you logged in does not apply here. The same choice "
        "is filled in below. Save it if you want it to apply.",
    [CONSENT_M_SAY_RECEIPT] = "Show the receipt",
    [CONSENT_M_SAY_BACK] = "Continue to the service",

    /* a service that needs more */
    [CONSENT_M_NEED] = "For this service we need:",
    [CONSENT_M_NEED_LEVELS] = "Included in: {levels}.",
    [CONSENT_M_NEED_CUSTOM] = "You can also choose item by item.",
    [CONSENT_M_NEED_OTHERWISE] = "Would you rather not share it? A person can help you instead.",

    /* what she typed and does not share */
    [CONSENT_M_ASK_TITLE] = "Before we pass it on",
    [CONSENT_M_ASK_LEAD] = "What you wrote holds information that you have not chosen to share:",
    [CONSENT_M_ASK_ONCE] = "Send it this time",
    [CONSENT_M_ASK_ONCE_HELP] = "Applies only to what you send now. Your choice stays the same otherwise.",
    [CONSENT_M_ASK_WITHOUT] = "Send without it",
    [CONSENT_M_ASK_WITHOUT_HELP] = "We take the information out and send the rest.",
    [CONSENT_M_ASK_KEPT] = "Nothing has been sent yet, and what you wrote is still here.",
    [CONSENT_M_ASK_STALE] =
        "The page was too old or did not come from us. Nothing has been sent. Choose again.",
    [CONSENT_M_ASK_NOT_SAVED] =
        "We could not save your choice, so nothing has been sent. Try again, send without it or "
        "contact us.",
    [CONSENT_M_ASK_CHANGED] =
        "We have changed how we use the information. Nothing has been sent. Read it through and choose "
        "again.",

    /* about a category */
    [CONSENT_M_FACTS] = "More about each item: why, how long, where and with whom",
    [CONSENT_M_FACT_WHAT] = "Information",
    [CONSENT_M_FACT_WHY] = "Why",
    [CONSENT_M_FACT_KEPT] = "Kept for",
    [CONSENT_M_FACT_WHERE] = "Stored in",
    [CONSENT_M_FACT_WHO] = "Who receives it",
    [CONSENT_M_KEPT] = "Kept for {duration}.",
    [CONSENT_M_STORED] = "Stored in {countries}.",
    [CONSENT_M_RECEIVED] = "Received by {recipients}.",
    [CONSENT_M_REST_TITLE] = "Information that is not part of the choice",
    [CONSENT_M_REST_HELP] =
        "We may use this information for other reasons. So you cannot leave it out above.",
    [CONSENT_M_BASIS_CONSENT] =
        "This information is used only if you choose to share it. You can change your choice at any time.",
    [CONSENT_M_BASIS_LEGAL_OBLIGATION] = "The law requires this. You cannot leave it out.",
    [CONSENT_M_BASIS_PUBLIC_TASK] = "We need this for our public duties. You have the right to object.",
    [CONSENT_M_BASIS_CONTRACT] = "We need this for our contract with you.",
    [CONSENT_M_BASIS_VITAL_INTEREST] = "Used only when someone's life or health is in danger.",
    [CONSENT_M_BASIS_LEGITIMATE_INTEREST] =
        "We have a legitimate interest in this. You have the right to object.",
    [CONSENT_M_LAW] = "Law: {law}",
    [CONSENT_M_OBJECT] = "Contact us if you want to object",
    [CONSENT_M_CORE_FOR] = "On these pages we need it for our public duties, whatever you choose: {paths}",
    [CONSENT_M_CATEGORY_SPECIAL] = "Sensitive information. It is shared only if you tick it yourself.",
    [CONSENT_M_CATEGORY_GPC] = "Not shared if your browser says no (Global Privacy Control).",

    /* who is responsible */
    [CONSENT_M_WHO_TITLE] = "Who is responsible?",
    [CONSENT_M_WHO_CONTROLLER] = "{name} is responsible for the information.",
    [CONSENT_M_WHO_AUTHORITY] =
        "If you are unhappy with how we handle information, you can complain to {name}.",

    /* a person */
    [CONSENT_M_HUMAN_TITLE] = "Contact a person",
    [CONSENT_M_HUMAN_LEAD] =
        "You can always turn to a person. You do not need to log in or choose anything first.",
    [CONSENT_M_HUMAN_MORE] = "More ways to reach us",
    [CONSENT_M_OPEN_UNTIL] = "Open now, until {clock}",
    [CONSENT_M_CLOSED_OPENS] = "Closed now. Opens {day} at {clock}.",
    [CONSENT_M_CLOSED] = "Closed now.",
    [CONSENT_M_CHANNEL_PHONE] = "Phone",
    [CONSENT_M_CHANNEL_EMAIL] = "Email",
    [CONSENT_M_CHANNEL_VISIT] = "Visit",
    [CONSENT_M_CHANNEL_CALLBACK] = "Call back",
    [CONSENT_M_CHANNEL_TEXT_RELAY] = "Text relay",
    [CONSENT_M_CHANNEL_SIGN_LANGUAGE] = "Sign language",
    [CONSENT_M_CHANNEL_SMS] = "Text message",
    [CONSENT_M_CHANNEL_CHAT] = "Chat with a person",
    [CONSENT_M_CALLBACK_HELP] = "Would you rather we call you? Tell us when you call, write or visit.",
    [CONSENT_M_CHANNEL_LANGUAGES] = "Languages",
    [CONSENT_M_HOURS] = "Opening hours",
    [CONSENT_M_HOURS_ZONE] = "Times are in the time zone {zone}.",
    [CONSENT_M_HOLIDAYS] = "Also closed on {dates}.",
    [CONSENT_M_TOPICS_HUMAN] = "A person always helps you with",
    [CONSENT_M_TOPICS_OTHER] = "You can also ask us about",

    /* a request to be contacted */
    [CONSENT_M_CALLBACK_TITLE] = "Would you like us to contact you?",
    [CONSENT_M_CALLBACK_LEAD] =
        "Tell us how to reach you, and a person will contact you. What you write is kept encrypted and "
        "deleted once it has been handed over.",
    [CONSENT_M_CALLBACK_CONTACT] = "Phone number or email address",
    [CONSENT_M_CALLBACK_TOPIC] = "What is it about?",
    [CONSENT_M_CALLBACK_TOPIC_NONE] = "Something else",
    [CONSENT_M_CALLBACK_SEND] = "Ask us to contact you",
    [CONSENT_M_CALLBACK_TAKEN] =
        "Thank you. A person will contact you. Save the address of this page if you want to follow "
        "what happens.",
    [CONSENT_M_CALLBACK_NOT_SAVED] =
        "We could not take your request. Nothing has been saved. Try again or call us.",
    [CONSENT_M_CALLBACK_UNREADABLE] = "Write a phone number or an email address of at most 200 characters.",
    [CONSENT_M_CALLBACK_STALE] =
        "The page was too old or did not come from us. Nothing has been sent. Send it again.",
    [CONSENT_M_CALLBACK_UNKNOWN] = "We cannot find such a request. It may be older than three months.",
    [CONSENT_M_CALLBACK_PERSON] = "A person takes care of this, not an AI.",
    [CONSENT_M_CALLBACK_REQUEST] = "Your request",
    [CONSENT_M_CALLBACK_STATUS_REQUESTED] = "Received {when}. It is on its way to a person.",
    [CONSENT_M_CALLBACK_STATUS_DELIVERED] = "Handed over to a person {when}.",
    [CONSENT_M_CALLBACK_STATUS_TAKEN] = "A person has been working on it since {when}.",
    [CONSENT_M_CALLBACK_STATUS_CLOSED] = "Closed {when}.",
    [CONSENT_M_CALLBACK_STATUS_EXPIRED] =
        "We could not hand over your request. Call or write to us instead.",
    [CONSENT_M_CALLBACK_REFERENCE] = "Reference: {tag}",
    [CONSENT_M_CALLBACK_NUMBER] = "Receipt: {number}",
    [CONSENT_M_CALLBACK_NEXT] =
        "We now hand your request over to a person, who contacts you in the way you gave. What you wrote is "
        "deleted here once it has been handed over. You do not need to do anything more.",
    [CONSENT_M_CALLBACK_SOONER] = "Would you rather not wait? You can reach a person like this:",
    [CONSENT_M_CALLBACK_LINK] = "Ask us to contact you",

    /* the record */
    [CONSENT_M_RECORD_STATE] = "Your choice has been {level} since {when}.",
    [CONSENT_M_RECORD_UNTIL] = "It is valid until {when}.",
    [CONSENT_M_RECORD_NONE] = "You have not made a choice here. You share no optional information.",
    [CONSENT_M_RECORD_UNAVAILABLE] =
        "We cannot show your choices right now. Until we can, you share no optional information. Try again "
        "in a moment or contact us.",
    [CONSENT_M_RECORD_CHANGE] = "Change my choice",
    [CONSENT_M_WITHHELD] = "This was not passed on",
    [CONSENT_M_WITHHELD_HELP] = "The last 24 hours. We never keep the content, only what kind it was.",
    [CONSENT_M_WITHHELD_NONE] = "Nothing in the last 24 hours.",
    [CONSENT_M_WITHHELD_LABEL] = "Information that was not passed on",
    [CONSENT_M_WITHHELD_WHERE] = "Service",
    [CONSENT_M_WITHHELD_WHAT] = "What",
    [CONSENT_M_HISTORY] = "Your choices",
    [CONSENT_M_HISTORY_MORE] = "Older choices are not shown here.",
    [CONSENT_M_DID_CHOOSE] = "You chose {level}.",
    [CONSENT_M_DID_CHOOSE_CUSTOM] = "You chose item by item.",
    [CONSENT_M_DID_SEND_ONCE] = "You sent information once.",
    [CONSENT_M_DID_WITHDRAW] = "You stopped sharing.",
    [CONSENT_M_DID_LAPSE] = "Your choice stopped applying, because we had to restore our records from a copy.",
    [CONSENT_M_DID_EXPIRE] = "Your choice ran out.",
    [CONSENT_M_DID_LOWER] = "You reduced what you share, to {level}.",
    [CONSENT_M_DID_SIGNAL] = "Your browser asked us to receive less.",
    [CONSENT_M_DID_UNKNOWN] = "A choice under an older version that we can no longer show.",
    [CONSENT_M_INFORMATION] = "Information: {categories}.",
    [CONSENT_M_BY_GUARDIAN] = "A guardian made the choice.",
    [CONSENT_M_BY_REPRESENTATIVE] = "A representative made the choice.",
    [CONSENT_M_BY_CLERK] = "Our staff recorded the choice.",
    [CONSENT_M_RECEIPT_FOR] = "Receipt for {when}",
    [CONSENT_M_EXPORT_TITLE] = "Take it with you or delete it",
    [CONSENT_M_EXPORT_ONLY] = "Take it with you",
    [CONSENT_M_EXPORT] = "Download my choices and receipts (JSON)",
    [CONSENT_M_ERASE] = "Delete my choices, history and receipts",
    [CONSENT_M_ERASE_CONFIRM] =
        "This cannot be undone. Save your receipts first if you want to keep them. After that you share no "
        "optional information.",
    [CONSENT_M_ERASE_STAYS_TITLE] = "What stays",
    [CONSENT_M_ERASE_STAYS_LOG] =
        "The log shows that somebody made a choice, but nothing in it shows any longer that it was you.",
    [CONSENT_M_ERASE_STAYS_SERVICE] =
        "What you have already shared stays in the service until it is deleted there. You can ask us to "
        "delete it.",
    [CONSENT_M_ERASE_DO] = "Delete now",
    [CONSENT_M_ERASE_KEEP] = "Go back without deleting",
    [CONSENT_M_ERASE_REQUEST_LEAD] =
        "These are public records, so a person decides whether they may be deleted. We pass your request "
        "on, and you can follow what happens.",
    [CONSENT_M_ERASE_REQUEST_CONTACT] = "Phone number or email address, if you want an answer",
    [CONSENT_M_ERASE_REQUEST_DO] = "Ask us to delete",
    [CONSENT_M_ERASE_REQUEST_NOWHERE] =
        "These are public records, so a person decides whether they may be deleted. Contact us and we will "
        "help you.",
    [CONSENT_M_ERASE_REQUEST_TAKEN] =
        "We have received your request. A person decides on it. Save the address of this page if you want "
        "to follow what happens.",
    [CONSENT_M_ERASE_DONE] =
        "Deleted. We no longer have your choices, your history or your receipts. You share no optional "
        "information.",
    [CONSENT_M_ERASE_NOTHING] = "There is nothing to delete here.",
    [CONSENT_M_ERASE_HELD] =
        "We may not delete this right now. The law requires us to keep it until a case is closed. Nothing "
        "has changed. Contact us if you want to know more.",
    [CONSENT_M_ERASE_FAILED] =
        "We could not delete this right now. Nothing has changed. Try again or contact us.",
    [CONSENT_M_ERASE_STALE] =
        "The page was too old or did not come from us. Nothing has been deleted. Try again.",
    [CONSENT_M_ERASE_NOT_HERS] =
        "Only the person whose choices these are can delete them here. Contact us if you need help.",

    /* a receipt */
    [CONSENT_M_RECEIPT_TITLE] = "Receipt",
    [CONSENT_M_RECEIPT_LEAD] =
        "The receipt shows what you chose and when. Save it or print it if you like.",
    [CONSENT_M_RECEIPT_CHOICE] = "Your choice",
    [CONSENT_M_RECEIPT_WHEN] = "When",
    [CONSENT_M_RECEIPT_UNTIL] = "Valid until",
    [CONSENT_M_RECEIPT_SCOPE] = "How long",
    [CONSENT_M_RECEIPT_AI] = "Who may answer",
    [CONSENT_M_RECEIPT_HOW] = "How",
    [CONSENT_M_RECEIPT_BY] = "By whom",
    [CONSENT_M_RECEIPT_NUMBER] = "Receipt number",
    [CONSENT_M_RECEIPT_POLICY] = "Version of the terms",
    [CONSENT_M_RECEIPT_CONTROLLER] = "Responsible",
    [CONSENT_M_RECEIPT_SHARED] = "What you chose to share",
    [CONSENT_M_RECEIPT_NOT_SHARED] = "What you chose not to share",
    [CONSENT_M_RECEIPT_JSON] = "The same receipt for computers (JSON)",
    [CONSENT_M_RECEIPT_WITHDRAWN] = "What you stopped sharing",
    [CONSENT_M_RECEIPT_ENDED] = "What no longer applies",
    [CONSENT_M_RECEIPT_REPLACED] = "You made a new choice {when}.",
    [CONSENT_M_RECEIPT_LATER] = "Show that receipt",
    [CONSENT_M_RECEIPT_EXPIRED] = "The choice ran out {when}.",
    [CONSENT_M_RECEIPT_LAPSED] =
        "We have changed how we use: {categories}. The choice no longer applies to it.",
    [CONSENT_M_RECEIPT_EVIDENCE] = "How the receipt can be checked",
    [CONSENT_M_RECEIPT_EVIDENCE_HELP] =
        "The choice is number {index} in a log that nobody can change unseen. The receipt file holds the "
        "proof. Anyone can check it without asking us.",
    [CONSENT_M_RECEIPT_PENDING] =
        "Your choice applies already. The proof is ready in a moment. Open the page again to get it.",
    [CONSENT_M_RECEIPT_NO_PROOF] =
        "Your choice applies all the same, but its proof is not here. If you have saved the receipt, it holds the "
        "proof. You can also ask us.",
    [CONSENT_M_RECEIPT_FILE] = "Save the receipt (JSON)",
    [CONSENT_M_RECEIPT_PROOF] = "Only the proof (text)",
    [CONSENT_M_RECEIPT_ENTRY] = "Only the line in the log",
    [CONSENT_M_METHOD_FORM] = "On this website",
    [CONSENT_M_METHOD_API] = "Through an app or a program",
    [CONSENT_M_METHOD_GPC] = "Through a signal from the browser (Global Privacy Control)",
    [CONSENT_M_METHOD_ADPC] = "Through a signal from the browser (ADPC)",
    [CONSENT_M_METHOD_OPERATOR] = "Through our staff",

    /* the policy */
    [CONSENT_M_POLICY_LEAD] =
        "Here you see what information we use, why, how long it is kept and who receives it.",
    [CONSENT_M_POLICY_VERSION] = "Version {version}",
    [CONSENT_M_POLICY_CHOICE] = "What you decide yourself",
    [CONSENT_M_POLICY_LEVELS] = "The options",
    [CONSENT_M_POLICY_TIME] = "How long your choice applies",
    [CONSENT_M_POLICY_TIME_TEXT] =
        "A choice for the visit applies for at most {visit}. A longer choice applies for {standing}. After "
        "that you share no optional information until you choose again.",
    [CONSENT_M_POLICY_NOT_COVERED] = "What your choice does not control",
    [CONSENT_M_POLICY_NOT_SCRIPTS] = "What a page's scripts send to other websites.",
    [CONSENT_M_POLICY_NOT_HOSTS] = "Websites that do not pass through this service.",
    [CONSENT_M_POLICY_NOT_ATTACHED] = "What you attach yourself, for example in a file.",
    [CONSENT_M_POLICY_RIGHTS] = "Your rights",
    [CONSENT_M_POLICY_RIGHTS_TEXT] = "You can ask us to show, correct or delete information about you.",
    [CONSENT_M_POLICY_JSON] = "The same for computers (JSON)",

    /* AI */
    [CONSENT_M_AI_LEAD] = "Here you see where AI answers for us and how it is marked.",
    [CONSENT_M_AI_WHERE] = "Where AI answers",
    [CONSENT_M_AI_NOWHERE] = "No AI answers on the pages that pass through this service.",
    [CONSENT_M_AI_KIND_ON] = "AI writes the answers here.",
    [CONSENT_M_AI_KIND_CHAT] = "People made the page, but on it you can chat with an AI.",
    [CONSENT_M_AI_KIND_DECISION] =
        "Decisions are made automatically here. You can ask for a person to review them.",
    [CONSENT_M_AI_KIND_AUTO] = "The service itself tells when AI has written the answer.",
    [CONSENT_M_AI_KIND_VARIES] = "Sometimes AI answers here. Then the answer says so.",
    [CONSENT_M_AI_BEHALF] = "The AI answers on behalf of {name}.",
    [CONSENT_M_AI_MODE_GENERATED] = "No person checks the answers.",
    [CONSENT_M_AI_MODE_ORIGINATED] = "AI writes a draft that a person reads.",
    [CONSENT_M_AI_MODE_MODIFIED] = "AI has edited text that people wrote.",
    [CONSENT_M_AI_MODEL] = "Model: {name}.",
    [CONSENT_M_AI_PROVIDER] = "Provider: {name}.",
    [CONSENT_M_AI_HOW] = "How it is marked",
    [CONSENT_M_AI_HOW_TEXT] =
        "A page with AI says so at its top. Answers are also marked so that computers can read it.",
    [CONSENT_M_AI_HOW_PAGE] = "Web pages: a notice at the top of the page.",
    [CONSENT_M_AI_HOW_CHAT] = "Chats: a notice before the first answer.",
    [CONSENT_M_AI_HOW_FILE] =
        "Text: a line at the top. Images (PNG and JPEG): a note in the file, which image programs show.",
    [CONSENT_M_AI_HOW_DATA] =
        "Data for programs (JSON): a note that programs can read, but that you may not see.",
    [CONSENT_M_AI_UNMARKED] = "What is not marked",
    [CONSENT_M_AI_UNMARKED_FILES] =
        "Other files, such as PDF, sound and film. Only the web server then says that they come from AI.",
    [CONSENT_M_AI_UNMARKED_AUTO] = "Where the service itself says what AI has written, we mark only what it says.",
    [CONSENT_M_AI_UNMARKED_ELSEWHERE] = "What a page fetches from other websites.",
    [CONSENT_M_AI_PEOPLE] = "What only a person answers",
    [CONSENT_M_AI_PEOPLE_TEXT] = "When you choose one of these, your question goes to a person and not to the AI:",
    [CONSENT_M_AI_NOT] = "What we do not promise",
    [CONSENT_M_AI_NOT_RIGHT] = "That an AI answer is right. Check what matters to you.",
    [CONSENT_M_AI_NOT_KEPT] = "That the marking stays when someone copies the text.",
    [CONSENT_M_AI_NOT_FOUND] = "That we recognise AI text that someone else has put in.",
    [CONSENT_M_AI_NOT_LAW] =
        "That the marking is enough under the law. We say what we do, others may judge it.",
    [CONSENT_M_AI_CHOOSE] = "Choose who may answer you",

    /* problems */
    [CONSENT_M_PROBLEM_CONSENT_REQUIRED] = "This service needs more information",
    [CONSENT_M_PROBLEM_BODY_REFUSED] = "What you sent was not passed on",
    [CONSENT_M_PROBLEM_PATH_REFUSED] = "The address holds information that you do not share",
    [CONSENT_M_PROBLEM_POLICY_CHANGED] = "We changed the page while you were choosing",
    [CONSENT_M_PROBLEM_CSRF] = "The form did not come from our page",
    [CONSENT_M_PROBLEM_MALFORMED] = "We could not read what you sent",
    [CONSENT_M_PROBLEM_TOO_LARGE] = "What you sent is too large",
    [CONSENT_M_PROBLEM_MEDIA_TYPE] = "We cannot check this kind of content",
    [CONSENT_M_PROBLEM_NOT_FOUND] = "There is no such page",
    [CONSENT_M_PROBLEM_METHOD] = "The page cannot be used like that",
    [CONSENT_M_PROBLEM_NOT_SAVED] = "We could not save your choice",
    [CONSENT_M_PROBLEM_UNKNOWN_NAME] = "What you sent holds something that we do not know",
    [CONSENT_M_PROBLEM_BODY_SYNTAX] = "We could not read what you sent",
    [CONSENT_M_PROBLEM_BODY_DEPTH] = "What you sent is put together in too many layers",
    [CONSENT_M_PROBLEM_BODY_NAME] = "A name in what you sent cannot be read for sure",
    [CONSENT_M_PROBLEM_BODY_DUPLICATE] = "Something stands twice in what you sent",
    [CONSENT_M_PROBLEM_BODY_CHARSET] = "We cannot read the characters in what you sent",
    [CONSENT_M_PROBLEM_BODY_ENCODING] = "We cannot unpack what you sent",
    [CONSENT_M_PROBLEM_BODY_TYPE] = "We cannot check this kind of content",
    [CONSENT_M_PROBLEM_UPSTREAM] = "The service is not working right now",
    [CONSENT_M_PROBLEM_BUSY] = "Too many requests are coming in right now",
    [CONSENT_M_PROBLEM_PERSON] = "A person takes care of this",
    [CONSENT_M_PROBLEM_HELD] = "We may not delete this right now",
    [CONSENT_M_PROBLEM_MINOR] = "Your guardian has to choose this",
    [CONSENT_M_PROBLEM_NOT_HERS] = "Only the person whose choices these are can delete them",
    [CONSENT_M_PROBLEM_NOT_OPEN] = "This is open to auditors only",
    [CONSENT_M_ADVICE_CONSENT_REQUIRED] = "Change what you share, or let a person help you instead.",
    [CONSENT_M_ADVICE_BODY_REFUSED] =
        "We could not check whether it held information you have not chosen to share. Go back and try "
        "again, change what you share, or contact us.",
    [CONSENT_M_ADVICE_PATH_REFUSED] = "So we did not open the page. Change what you share, or contact us.",
    [CONSENT_M_ADVICE_POLICY_CHANGED] = "Nothing is saved. Open the page again and choose.",
    [CONSENT_M_ADVICE_CSRF] = "Nothing has changed. Open our page and try again.",
    [CONSENT_M_ADVICE_MALFORMED] = "Nothing has changed. Go back and try again, or contact us.",
    [CONSENT_M_ADVICE_TOO_LARGE] = "Nothing was passed on. Make it smaller and try again, or contact us.",
    [CONSENT_M_ADVICE_MEDIA_TYPE] = "So nothing was passed on. Try another way, or contact us.",
    [CONSENT_M_ADVICE_NOT_FOUND] = "Check the address, or contact us.",
    [CONSENT_M_ADVICE_METHOD] = "Nothing has changed. Go back and try again, or contact us.",
    [CONSENT_M_ADVICE_NOT_SAVED] = "Nothing has changed. Try again or contact us.",
    [CONSENT_M_ADVICE_UNKNOWN_NAME] =
        "So we passed nothing on. Go back and try again, or contact us.",
    [CONSENT_M_ADVICE_BODY_SYNTAX] =
        "It is not what it says it is, so we could not check it and did not pass it on. Go back and try "
        "again, or contact us.",
    [CONSENT_M_ADVICE_BODY_DEPTH] =
        "We cannot check all of it, so we did not pass it on. Send it in a simpler form, or contact us.",
    [CONSENT_M_ADVICE_BODY_NAME] =
        "We could not tell what it is about, so we did not pass it on. Go back and try again, or contact us.",
    [CONSENT_M_ADVICE_BODY_DUPLICATE] =
        "We do not know which one counts, so we did not pass it on. Go back and try again, or contact us.",
    [CONSENT_M_ADVICE_BODY_CHARSET] =
        "So we could not check it and did not pass it on. Send it as ordinary text (UTF-8), or contact us.",
    [CONSENT_M_ADVICE_BODY_ENCODING] =
        "So we could not check it and did not pass it on. Send it without compressing it, or contact us.",
    [CONSENT_M_ADVICE_BODY_TYPE] =
        "It may hold information you have not chosen to share, so we did not pass it on. Try another way, or "
        "contact us.",
    [CONSENT_M_ADVICE_UPSTREAM] = "You can reach us like this:",
    [CONSENT_M_ADVICE_BUSY] = "Wait a moment and try again. You can also reach us like this:",
    [CONSENT_M_ADVICE_PERSON] = "No AI has received your question. You can reach us like this:",
    [CONSENT_M_ADVICE_HELD] =
        "The law requires us to keep it until a case is closed. You can reach us like this:",
    [CONSENT_M_ADVICE_MINOR] = "Nothing has changed. You can always share less. You can reach us like this:",
    [CONSENT_M_ADVICE_NOT_HERS] = "Nothing has changed. You can reach us like this:",
    [CONSENT_M_ADVICE_NOT_OPEN] = "If you need to see it, turn to us:",

    /* days and hours */
    [CONSENT_M_CLOCK] = "{h}:{m}",
    [CONSENT_M_CLOCK_BARE] = "{h}:{m}",
    [CONSENT_M_DATE] = "{day} {month}",
    [CONSENT_M_DATE_YEAR] = "{day} {month} {year}",
    [CONSENT_M_ON_DATE] = "on {date}",
    [CONSENT_M_DATE_CLOCK] = "{date} at {clock}",
    [CONSENT_M_TODAY] = "today",
    [CONSENT_M_YESTERDAY] = "yesterday",
    [CONSENT_M_TOMORROW] = "tomorrow",
    [CONSENT_M_DAY + 0] = "Monday",
    [CONSENT_M_DAY + 1] = "Tuesday",
    [CONSENT_M_DAY + 2] = "Wednesday",
    [CONSENT_M_DAY + 3] = "Thursday",
    [CONSENT_M_DAY + 4] = "Friday",
    [CONSENT_M_DAY + 5] = "Saturday",
    [CONSENT_M_DAY + 6] = "Sunday",
    [CONSENT_M_ON_DAY + 0] = "on Monday",
    [CONSENT_M_ON_DAY + 1] = "on Tuesday",
    [CONSENT_M_ON_DAY + 2] = "on Wednesday",
    [CONSENT_M_ON_DAY + 3] = "on Thursday",
    [CONSENT_M_ON_DAY + 4] = "on Friday",
    [CONSENT_M_ON_DAY + 5] = "on Saturday",
    [CONSENT_M_ON_DAY + 6] = "on Sunday",
    [CONSENT_M_MONTH + 0] = "January",
    [CONSENT_M_MONTH + 1] = "February",
    [CONSENT_M_MONTH + 2] = "March",
    [CONSENT_M_MONTH + 3] = "April",
    [CONSENT_M_MONTH + 4] = "May",
    [CONSENT_M_MONTH + 5] = "June",
    [CONSENT_M_MONTH + 6] = "July",
    [CONSENT_M_MONTH + 7] = "August",
    [CONSENT_M_MONTH + 8] = "September",
    [CONSENT_M_MONTH + 9] = "October",
    [CONSENT_M_MONTH + 10] = "November",
    [CONSENT_M_MONTH + 11] = "December",

    /* how long */
    [CONSENT_M_YEAR] = "one year",
    [CONSENT_M_YEAR_FOR] = "one year",
    [CONSENT_M_YEARS] = "{n} years",
    [CONSENT_M_MONTH_LONG] = "one month",
    [CONSENT_M_MONTH_LONG_FOR] = "one month",
    [CONSENT_M_MONTHS] = "{n} months",
    [CONSENT_M_DAY_LONG] = "one day",
    [CONSENT_M_DAY_LONG_FOR] = "one day",
    [CONSENT_M_DAYS] = "{n} days",
    [CONSENT_M_HOUR] = "one hour",
    [CONSENT_M_HOUR_FOR] = "one hour",
    [CONSENT_M_HOURS_LONG] = "{n} hours",
    [CONSENT_M_MINUTE] = "one minute",
    [CONSENT_M_MINUTE_FOR] = "one minute",
    [CONSENT_M_MINUTES] = "{n} minutes",
    [CONSENT_M_AND] = " and ",
    [CONSENT_M_NUMBER + 0] = "two",
    [CONSENT_M_NUMBER + 1] = "three",
    [CONSENT_M_NUMBER + 2] = "four",
    [CONSENT_M_NUMBER + 3] = "five",
    [CONSENT_M_NUMBER + 4] = "six",
    [CONSENT_M_NUMBER + 5] = "seven",
    [CONSENT_M_NUMBER + 6] = "eight",
    [CONSENT_M_NUMBER + 7] = "nine",
    [CONSENT_M_NUMBER + 8] = "ten"
};
