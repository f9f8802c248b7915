/*
 * Policies for tests: a small document, text replaced in it, and loading with all faults at hand.
 */

#ifndef TESTS_POLICY_H
#define TESTS_POLICY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "policy/decision.h"
#include "policy/form.h"

#define POLICY_DEMO  "demo/policy.json"

/* Well-formed, meaningful, without a warning; each line ends where a test may want to add something. */
static const char  policy_small[] =
    "{\n"
    "  \"id\": \"kommun\", \"version\": \"1\",\n"
    "  \"languages\": [\"sv\", \"en\"],\n"
    "  \"controller\": {\"name\": \"Kommun\", \"type\": \"public authority\", \"jurisdiction\": \"SE\",\n"
    "    \"email\": \"info@kommun.example\"},\n"
    "  \"consent\": {\"valid_for\": \"P6M\", \"visit_for\": \"PT12H\"},\n"
    "  \"categories\": [\n"
    "    {\"id\": \"identity\",\n"
    "     \"title\": {\"sv\": \"Nummer\", \"en\": \"Number\"},\n"
    "     \"purpose\": {\"type\": \"dpv:ServiceProvision\", \"text\": {\"sv\": \"För svar.\", \"en\": \"To answer.\"}},\n"
    "     \"data_type\": \"pd:OfficialID\", \"legal_basis\": \"consent\", \"gpc\": false,\n"
    "     \"recipients\": [\"Kommun\"], \"storage\": [\"SE\"], \"retention\": \"P12M\",\n"
    "     \"carriers\": {\"headers\": [\"X-Pnr\"], \"cookies\": [\"pnr\"], \"args\": [\"pnr\"], \"fields\": [\"pnr\"],\n"
    "       \"json\": [\"$..pnr\"], \"text\": [\"se.personnummer\"], \"set_cookies\": [\"pnr\"], \"paths\": [\"/pnr/*\"]}},\n"
    "    {\"id\": \"statistics\",\n"
    "     \"title\": {\"sv\": \"Statistik\", \"en\": \"Statistics\"},\n"
    "     \"purpose\": {\"type\": \"dpv:ServiceUsageAnalytics\", \"text\": {\"sv\": \"För siffror.\", \"en\": \"To count.\"}},\n"
    "     \"data_type\": \"pd:BrowsingBehavior\", \"legal_basis\": \"consent\",\n"
    "     \"recipients\": [\"Kommun\", \"Siffror AB\"], \"storage\": [\"SE\", \"FI\"], \"retention\": \"P1M\",\n"
    "     \"carriers\": {\"cookies\": [\"stat\"], \"args\": [\"utm_*\"]}},\n"
    "    {\"id\": \"health\",\n"
    "     \"title\": {\"sv\": \"Hälsa\", \"en\": \"Health\"},\n"
    "     \"purpose\": {\"type\": \"dpv:ServiceProvision\", \"text\": {\"sv\": \"För stöd.\", \"en\": \"To help.\"}},\n"
    "     \"data_type\": \"pd:Health\", \"legal_basis\": \"consent\", \"special\": true, \"gpc\": false,\n"
    "     \"recipients\": [\"Kommun\"], \"storage\": [\"SE\"], \"retention\": \"P3M\",\n"
    "     \"carriers\": {\"fields\": [\"health\"]}},\n"
    "    {\"id\": \"register\",\n"
    "     \"title\": {\"sv\": \"Diarium\", \"en\": \"Register\"},\n"
    "     \"purpose\": {\"type\": \"dpv:LegalCompliance\", \"text\": {\"sv\": \"För ordning.\", \"en\": \"To keep order.\"}},\n"
    "     \"data_type\": \"pd:Identifying\", \"legal_basis\": \"legal-obligation\", \"law\": \"OSL 5 kap.\",\n"
    "     \"recipients\": [\"Kommun\"], \"storage\": [\"SE\"], \"retention\": \"P10Y\",\n"
    "     \"carriers\": {\"args\": [\"dnr\"], \"fields\": [\"dnr\"], \"json\": [\"$..dnr\"]}}\n"
    "  ],\n"
    "  \"necessary\": {\"cookies\": [\"sid\"], \"args\": [\"q\"], \"fields\": [\"csrf\"], \"json\": [\"$.model\"],\n"
    "    \"set_cookies\": [\"sid\"]},\n"
    "  \"levels\": [\n"
    "    {\"id\": \"needed\", \"title\": {\"sv\": \"Inget\", \"en\": \"Nothing\"},\n"
    "     \"service\": {\"sv\": \"Allt viktigt.\", \"en\": \"All that matters.\"}, \"shares\": []},\n"
    "    {\"id\": \"forms\", \"title\": {\"sv\": \"Blanketter\", \"en\": \"Forms\"},\n"
    "     \"service\": {\"sv\": \"Ifyllda.\", \"en\": \"Filled in.\"}, \"shares\": [\"identity\"]},\n"
    "    {\"id\": \"all\", \"title\": {\"sv\": \"Mera\", \"en\": \"More\"},\n"
    "     \"service\": {\"sv\": \"Tips.\", \"en\": \"Tips.\"}, \"shares\": [\"identity\", \"statistics\"]}\n"
    "  ],\n"
    "  \"bodies\": {\"opaque\": \"block\", \"allow\": [\"image/*\"]},\n"
    "  \"human_contact\": {\n"
    "    \"name\": {\"sv\": \"Växeln\", \"en\": \"Desk\"}, \"timezone\": \"Europe/Stockholm\",\n"
    "    \"holidays\": [\"2026-12-24\", \"2026-12-25\"],\n"
    "    \"channels\": [\n"
    "      {\"type\": \"phone\", \"value\": \"+46 8 000 00 00\",\n"
    "       \"hours\": [{\"days\": [\"Mo\", \"Tu\", \"We\", \"Th\", \"Fr\"], \"opens\": \"08:00\", \"closes\": \"16:30\"}]},\n"
    "      {\"type\": \"email\", \"value\": \"info@kommun.example\"}\n"
    "    ],\n"
    "    \"topics\": [{\"id\": \"legal\", \"title\": {\"sv\": \"Juridik\", \"en\": \"Law\"}, \"human_only\": true}]\n"
    "  },\n"
    "  \"disclosure\": {\"principal\": \"Kommun\",\n"
    "    \"notice\": {\"sv\": \"Skriven av AI.\", \"en\": \"Written by AI.\"}}\n"
    "}\n";


static inline char *
policy_file(const char *path, size_t *len)
{
    long   size;
    char  *text;
    FILE  *f;

    f = fopen(path, "rb");

    if (f == NULL) {
        fail_msg("cannot open %s: tests run in the project's folder", path);
    }

    assert_int_equal(fseek(f, 0, SEEK_END), 0);
    size = ftell(f);
    assert_true(size > 0);
    rewind(f);

    text = malloc((size_t) size + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, (size_t) size, f), (size_t) size);
    text[size] = '\0';
    fclose(f);

    *len = (size_t) size;

    return text;
}


/* The text with the first `find` replaced; it must be there. The caller frees it. */
static inline char *
policy_replace(const char *text, const char *find, const char *replace)
{
    char        *out;
    size_t       before;
    const char  *at;

    at = strstr(text, find);

    if (at == NULL) {
        fail_msg("the document has no %s", find);
    }

    before = (size_t) (at - text);
    out = malloc(strlen(text) + strlen(replace) + 1);
    assert_non_null(out);

    memcpy(out, text, before);
    strcpy(out + before, replace);
    strcat(out, at + strlen(find));

    return out;
}


static inline void
policy_faults_init(consent_faults_t *faults)
{
    memset(faults, 0, sizeof(consent_faults_t));
    faults->arena = consent_arena_create(1 << 20);
    assert_non_null(faults->arena);
}


static inline void
policy_faults_print(const consent_faults_t *faults)
{
    consent_buf_t           b;
    const consent_fault_t  *f;

    for (f = faults->first; f != NULL; f = f->next) {
        consent_buf_init(&b, 65536);
        consent_fault_print(&b, f);
        print_message("%.*s\n", (int) b.len, (const char *) b.data);
        consent_buf_free(&b);
    }
}


/* A policy from a text that has no errors. */
static inline consent_policy_t *
policy_load(const char *text)
{
    consent_faults_t   faults;
    consent_policy_t  *policy;

    policy_faults_init(&faults);

    if (consent_policy_load(&policy, consent_cstr(text), &faults) != CONSENT_OK) {
        policy_faults_print(&faults);
        fail_msg("the policy does not load");
    }

    consent_arena_destroy(faults.arena);

    return policy;
}


/* The small policy with one replacement. */
static inline consent_policy_t *
policy_load_with(const char *find, const char *replace)
{
    char              *text;
    consent_policy_t  *policy;

    text = policy_replace(policy_small, find, replace);
    policy = policy_load(text);
    free(text);

    return policy;
}

#endif
