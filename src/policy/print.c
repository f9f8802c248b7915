/*
 * What a policy means, as a table for people: levels by categories, carriers, legal bases, hours.
 */

#include "policy/form.h"
#include "policy/layout.h"

#define PRINT_ID      14
#define PRINT_TITLE   24

static void print_head(consent_buf_t *b, const consent_policy_t *policy);
static void print_levels(consent_buf_t *b, const consent_policy_t *policy);
static void print_choices(consent_buf_t *b, const consent_policy_t *policy);
static void print_others(consent_buf_t *b, const consent_policy_t *policy);
static void print_category(consent_buf_t *b, const consent_category_t *c);
static void print_necessary(consent_buf_t *b, const consent_policy_t *policy);
static void print_contact(consent_buf_t *b, const consent_policy_t *policy);
static void print_channel(consent_buf_t *b, const consent_channel_t *channel);
static void print_detectors(consent_buf_t *b, const consent_category_t *c);
static void print_list(consent_buf_t *b, const char *label, const consent_list_t *list);
static void print_hours(consent_buf_t *b, const consent_hours_t *hours);


void
consent_policy_print(consent_buf_t *b, const consent_policy_t *policy)
{
    size_t  i;

    print_head(b, policy);
    print_levels(b, policy);
    print_choices(b, policy);
    print_others(b, policy);

    for (i = 0; i < policy->n_categories; i++) {
        print_category(b, &policy->categories[i]);
    }

    print_necessary(b, policy);
    print_contact(b, policy);
}


static void
print_head(consent_buf_t *b, const consent_policy_t *policy)
{
    consent_layout_label(b, "Policy");
    consent_buf_slice(b, policy->id);
    consent_buf_str(b, ", version ");
    consent_buf_slice(b, policy->version);
    consent_buf_str(b, policy->test ? " (test)\n" : "\n");

    consent_layout_label(b, "Controller");
    consent_buf_slice(b, policy->controller.name);
    consent_buf_str(b, ", ");
    consent_buf_slice(b, policy->controller.type);
    consent_buf_str(b, " in ");
    consent_buf_slice(b, policy->controller.jurisdiction);
    consent_buf_char(b, '\n');

    consent_layout_items(b, "Languages", policy->languages, policy->n_languages);

    consent_layout_label(b, "A choice");
    consent_buf_str(b, "lasts ");
    consent_layout_duration(b, policy->valid_for);
    consent_buf_str(b, "; for one visit ");
    consent_layout_duration(b, policy->visit_for);
    consent_buf_char(b, '\n');

    consent_layout_label(b, "Erasure");
    consent_buf_str(b, policy->erasure_by_request ? "on request, by a person\n" : "by the citizen\n");

    consent_layout_label(b, "Unreadable");
    consent_buf_str(b, policy->bodies_block ? "bodies are refused\n" : "bodies pass\n");
    print_list(b, "  but pass", &policy->bodies_allow);

    consent_layout_label(b, "Size");
    consent_buf_printf(b, "%zu of %d bytes\n", policy->canonical.len, CONSENT_POLICY_MAX_CANONICAL);

    consent_layout_label(b, "Hash");
    consent_buf_hex(b, policy->hash, CONSENT_HASH_LEN);
    consent_buf_char(b, '\n');
}


static void
print_levels(consent_buf_t *b, const consent_policy_t *policy)
{
    size_t  i;

    consent_buf_str(b, "\nLevels, the most private first\n");

    for (i = 0; i < policy->n_levels; i++) {
        consent_buf_printf(b, "%4zu  ", i + 1);
        consent_layout_cell(b, policy->levels[i].id, PRINT_ID);
        consent_layout_cell(b, policy->levels[i].title.in[0], CONSENT_LAYOUT_WIDTH - PRINT_ID - 8);
        consent_layout_end(b);
    }
}


static void
print_choices(consent_buf_t *b, const consent_policy_t *policy)
{
    size_t                     i, k;
    const consent_category_t  *c;

    if (policy->consent_mask == 0) {
        return;
    }

    consent_buf_char(b, '\n');
    consent_layout_cell(b, consent_lit("What each level shares"), 2 + PRINT_ID + 1 + PRINT_TITLE);

    for (k = 0; k < policy->n_levels; k++) {
        consent_buf_printf(b, "%2zu ", k + 1);
    }

    consent_layout_end(b);

    for (i = 0; i < policy->n_categories; i++) {
        c = &policy->categories[i];

        if (c->basis != CONSENT_BASIS_CONSENT) {
            continue;
        }

        consent_buf_str(b, "  ");
        consent_layout_cell(b, c->id, PRINT_ID);
        consent_layout_cell(b, c->title.in[0], PRINT_TITLE);

        for (k = 0; k < policy->n_levels; k++) {
            consent_buf_str(b, policy->levels[k].shares >> i & 1 ? " x " : " - ");
        }

        consent_buf_str(b, c->special ? " own tick" : c->gpc ? " GPC" : "");
        consent_layout_end(b);
    }

    if (policy->special_mask & policy->consent_mask) {
        consent_buf_str(b, "  own tick: a special category, in no level, granted only by itself\n");
    }

    if (policy->gpc_mask != 0) {
        consent_buf_str(b, "  GPC: Sec-GPC: 1 takes it away\n");
    }
}


static void
print_others(consent_buf_t *b, const consent_policy_t *policy)
{
    bool                       any;
    size_t                     i;
    const consent_category_t  *c;

    any = false;

    for (i = 0; i < policy->n_categories; i++) {
        c = &policy->categories[i];

        if (c->basis == CONSENT_BASIS_CONSENT) {
            continue;
        }

        if (!any) {
            consent_buf_str(b, "\nNot a choice, never withheld\n");
            any = true;
        }

        consent_buf_str(b, "  ");
        consent_layout_cell(b, c->id, PRINT_ID);
        consent_layout_cell(b, c->title.in[0], PRINT_TITLE);
        consent_buf_char(b, ' ');
        consent_buf_str(b, consent_basis_name(c->basis));
        consent_buf_char(b, '\n');
    }
}


static void
print_category(consent_buf_t *b, const consent_category_t *c)
{
    consent_buf_str(b, "\nCategory ");
    consent_buf_slice(b, c->id);
    consent_buf_char(b, '\n');

    consent_layout_text(b, "  purpose", c->purpose.in[0]);
    consent_layout_items(b, "  as a term", &c->purpose_type, 1);
    consent_layout_items(b, "  data", &c->data_type, 1);

    consent_layout_label(b, "  rests on");
    consent_buf_str(b, consent_basis_name(c->basis));

    if (c->law.len > 0) {
        consent_buf_str(b, ": ");
        consent_buf_slice(b, c->law);
    }

    consent_buf_str(b, c->special ? "; special, granted only by its own tick" : "");
    consent_buf_str(b, c->gpc ? "; Sec-GPC: 1 takes it away\n" : "\n");

    print_list(b, "  public task", &c->core_for);
    print_list(b, "  goes to", &c->recipients);
    print_list(b, "  is kept in", &c->storage);
    consent_layout_label(b, "  for");
    consent_layout_duration(b, c->retention_time);
    consent_buf_char(b, '\n');

    print_list(b, "  headers", &c->headers);
    print_list(b, "  cookies", &c->cookies);
    print_list(b, "  set cookies", &c->set_cookies);
    print_list(b, "  arguments", &c->args);
    print_list(b, "  fields", &c->fields);
    print_list(b, "  JSON", &c->json);
    print_detectors(b, c);
    print_list(b, "  paths", &c->paths);
}


/* Carriers of categories on other bases pass as well, but stand with their categories. */
static void
print_necessary(consent_buf_t *b, const consent_policy_t *policy)
{
    size_t                 i;
    consent_list_t         list;
    consent_slice_t        items[CONSENT_FORM_MAX_LIST];
    const consent_json_t  *necessary, *array, *v;

    static const char *const  names[][2] = {
        { "cookies", "  cookies" }, { "set_cookies", "  set cookies" }, { "args", "  arguments" },
        { "fields", "  fields" }, { "json", "  JSON" }
    };

    necessary = consent_json_get(policy->document, "necessary");

    if (necessary == NULL) {
        return;
    }

    consent_buf_str(b, "\nNecessary, always passes\n");

    for (i = 0; i < consent_countof(names); i++) {
        array = consent_json_get(necessary, names[i][0]);
        list.items = items;
        list.n = 0;

        for (v = array == NULL ? NULL : array->first; v != NULL && list.n < consent_countof(items); v = v->next) {
            items[list.n++] = v->text;
        }

        print_list(b, names[i][1], &list);
    }
}


static void
print_contact(consent_buf_t *b, const consent_policy_t *policy)
{
    size_t  i;

    consent_buf_str(b, "\nHuman contact: ");
    consent_buf_slice(b, policy->contact_name.in[0]);
    consent_buf_str(b, policy->zone != NULL ? ", times of " : "\n");

    if (policy->zone != NULL) {
        consent_buf_slice(b, policy->timezone);
        consent_buf_char(b, '\n');
    }

    for (i = 0; i < policy->n_channels; i++) {
        print_channel(b, &policy->channels[i]);
    }

    print_list(b, "  closed on", &policy->holidays);

    for (i = 0; i < policy->n_topics; i++) {
        consent_layout_label(b, i == 0 ? "  topics" : "");
        consent_buf_slice(b, policy->topics[i].id);
        consent_buf_str(b, policy->topics[i].human_only ? " (only a person answers)" : "");
        consent_layout_end(b);
    }
}


static void
print_channel(consent_buf_t *b, const consent_channel_t *channel)
{
    size_t  i;
    char    label[24] = "  ";

    strncat(label, consent_channel_name(channel->type), sizeof(label) - 3);

    consent_layout_label(b, label);
    consent_buf_slice(b, channel->value);

    for (i = 0; i < channel->languages.n; i++) {
        consent_buf_str(b, i == 0 ? " (" : ", ");
        consent_buf_slice(b, channel->languages.items[i]);
    }

    consent_buf_str(b, channel->languages.n > 0 ? ")" : "");
    consent_layout_end(b);

    for (i = 0; i < channel->n_hours; i++) {
        print_hours(b, &channel->hours[i]);
    }
}


static void
print_detectors(consent_buf_t *b, const consent_category_t *c)
{
    size_t           i;
    consent_slice_t  names[CONSENT_FORM_MAX_DETECTORS];

    for (i = 0; i < c->n_text && i < consent_countof(names); i++) {
        names[i] = c->text[i].name;
    }

    consent_layout_items(b, "  free text", names, i);
}


static void
print_list(consent_buf_t *b, const char *label, const consent_list_t *list)
{
    consent_layout_items(b, label, list->items, list->n);
}


static void
print_hours(consent_buf_t *b, const consent_hours_t *hours)
{
    int   day, last;
    bool  first;

    consent_layout_label(b, "");
    first = true;

    for (day = 0; day < 7; day = last + 1) {
        last = day;

        if (!(hours->days >> day & 1)) {
            continue;
        }

        while (last < 6 && (hours->days >> (last + 1) & 1)) {
            last++;
        }

        consent_buf_printf(b, "%s%s", first ? "" : ", ", consent_form_days[day]);
        first = false;

        if (last > day) {
            consent_buf_printf(b, "-%s", consent_form_days[last]);
        }
    }

    consent_buf_printf(b, " %02d:%02d-%02d:%02d\n", hours->opens / 60, hours->opens % 60, hours->closes / 60,
                       hours->closes % 60);
}
