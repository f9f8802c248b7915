/*
 * Warnings about a policy: what is allowed but deserves a second look.
 */

#include "policy_fault.h"


static void
what_deserves_a_second_look_is_a_warning(void **state)
{
    static const fault_case_t  rows[] = {
        WARNING("\"P6M\"", "\1\"P3Y\"", "$.consent.valid_for", "who makes a choice for more than two years forgets it"),
        WARNING("\"jurisdiction\": \"SE\",\n    \"email\": \"info@kommun.example\"}", "\"jurisdiction\": \"SE\"}",
                "$.controller", "people must be able to reach the controller: add an email, a phone or an address"),
        WARNING("{\"cookies\": [\"stat\"], \"args\": [\"utm_*\"]}", "{}", "$.categories[1]",
                "it has no carriers: nothing in a request is ever withheld for it"),
        WARNING("[\"identity\", \"statistics\"]", "\1[\"identity\"]", "$.levels[2].shares",
                "it shares the same as level \"forms\", which can then never be told from it"),
        WARNING("\"opaque\": \"block\"", "\"opaque\": \1\"pass\"", "$.bodies.opaque",
                "bodies that cannot be inspected pass whatever is in them"),
        WARNING("[\"image/*\"]", "[\1\"text/*\"]", "$.bodies.allow[0]",
                "\"text/*\" lets text/plain pass, which could be inspected"),
        WARNING("\"args\": [\"utm_*\"]", "\"args\": [\1\"p*\"]", "$.categories[1].carriers.args[0]",
                "\"p*\" also carries category \"identity\": what matches both passes only where both are granted"),
        WARNING("\"args\": [\"dnr\"]", "\"args\": [\1\"PNR\"]", "$.categories[3].carriers.args[0]",
                "\"PNR\" also carries category \"identity\": what matches both passes only where the one that rests on "
                "consent is granted"),
        WARNING("{\"cookies\": [\"stat\"]", "{\"headers\": [\1\"x_pnr\"], \"cookies\": [\"stat\"]",
                "$.categories[1].carriers.headers[0]",
                "\"x_pnr\" also carries category \"identity\": what matches both passes only where both are granted"),
        WARNING("{\"cookies\": [\"stat\"]", "{\"text\": [\1\"se.personnummer\"], \"cookies\": [\"stat\"]",
                "$.categories[1].carriers.text[0]", "\"se.personnummer\" also carries category \"identity\": what matches "
                "both passes only where both are granted"),
        WARNING("{\"type\": \"phone\", \"value\": \"+46 8 000 00 00\"", "{\"type\": \"chat\", \"value\": "
                "\"https://kommun.example/chat\"", "$.human_contact.channels",
                "nobody can be reached without a computer: a phone or a visiting address helps"),
        WARNING("{\"type\": \"email\", \"value\": \"info@kommun.example\"}", "{\"type\": \"callback\", \"value\": "
                "\1\"08-100\"}", "$.human_contact.channels[1].value",
                "a call-back needs no value: it is asked for on a page of ours"),
        WARNING("\"closes\": \"16:30\"}", "\"closes\": \"16:30\"},\n \1{\"days\": [\"Fr\"], \"opens\": \"16:00\", "
                "\"closes\": \"18:00\"}", "$.human_contact.channels[0].hours[1]",
                "these hours overlap with earlier ones of the same day"),
        WARNING("\"sv\": \"Ifyllda.\"", "\"sv\": \1\"Du kan ÖVERKLAGA.\"", "$.levels[1].service.sv",
                "\"överklag\" sounds like a core service, which everyone gets at the first level; no level may sell it"),
        WARNING("\"en\": \"Filled in.\"", "\"en\": \1\"You get an answer.\"", "$.levels[1].service.en", "\"get an answer\" "
                "sounds like a core service, which everyone gets at the first level; no level may sell it"),
    };

    size_t        i;
    fault_case_t  row;

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        row = rows[i];

        /* a warning about a whole object or array stands where that begins */
        if (strcmp(row.path, "$.controller") == 0) {
            row.at = "{\"name\": \"Kommun\"";

        } else if (strcmp(row.path, "$.categories[1]") == 0) {
            row.at = "{\"id\": \"statistics\"";

        } else if (strcmp(row.path, "$.human_contact.channels") == 0) {
            row.at = "[\n      {\"type\"";
        }

        assert_true(check_row(&row));
    }
}


static void
an_editor_may_be_said_to_have_checked(void **state)
{
    char              *one, *two;
    consent_policy_t  *policy;

    (void) state;

    one = policy_replace(policy_small, "\"Written by AI.\"", "\"A person has checked it.\"");
    two = policy_replace(one, "\"bodies\"", "\"editorial\": {\"name\": \"The desk\"}, \"bodies\"");
    policy = policy_load(two);
    assert_true(consent_slice_eq(policy->editorial, consent_lit("The desk")));

    consent_policy_destroy(policy);
    free(one);
    free(two);
}


static void
what_is_said_not_to_be_checked_needs_no_editor(void **state)
{
    size_t             i;
    char               text[200];
    consent_policy_t  *policy;

    static const char *const  notices[] = {
        "No person has checked it.", "It has not been reviewed.", "Made by AI, never checked by a person."
    };

    (void) state;

    for (i = 0; i < consent_countof(notices); i++) {
        snprintf(text, sizeof(text), "\"%s\"", notices[i]);
        policy = policy_load_with("\"Written by AI.\"", text);
        consent_policy_destroy(policy);
    }

    policy = policy_load_with("\"Skriven av AI.\"", "\"Ingen människa har granskat den.\"");
    consent_policy_destroy(policy);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(what_deserves_a_second_look_is_a_warning),
        cmocka_unit_test(an_editor_may_be_said_to_have_checked),
        cmocka_unit_test(what_is_said_not_to_be_checked_needs_no_editor),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
