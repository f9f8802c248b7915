/*
 * Anything as a form, a query, a multipart body and a document: no byte outside it is read, and a topic that is found is one
 * for people.
 */

#include <stdlib.h>

#include "minimize/topic.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int                   found[5];
    size_t                i, cut;
    consent_slice_t       head, body;
    consent_topic_path_t  path;

    static consent_topic_t  topics[] = {
        { .id = { (const uint8_t *) "a", 1 } }, { .id = { (const uint8_t *) "b", 1 }, .human_only = true }
    };
    static const consent_policy_t  policy = { .topics = topics, .n_topics = 2 };

    if (size == 0) {
        return 0;
    }

    cut = data[0] % size;
    head = consent_slice(data + 1, cut);
    body = consent_slice(data + 1 + cut, size - 1 - cut);

    for (i = 0; i < consent_countof(found); i++) {
        found[i] = -1;
    }

    found[0] = consent_topic_form(&policy, body, consent_lit("t"));
    found[1] = consent_topic_multipart(&policy, body, head, consent_lit("t"));
    found[2] = consent_topic_multipart(&policy, body, consent_lit("x;boundary=--"), consent_lit("t"));

    if (consent_topic_path(&path, head) == CONSENT_OK) {
        found[3] = consent_topic_json(&policy, body, &path);
    }

    if (consent_topic_path(&path, consent_lit("$..t")) == CONSENT_OK) {
        found[4] = consent_topic_json(&policy, body, &path);
    }

    for (i = 0; i < consent_countof(found); i++) {
        if (found[i] != -1 && found[i] != 1) {
            abort();
        }
    }

    return 0;
}
