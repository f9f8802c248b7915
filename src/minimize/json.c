/*
 * The JSON minimiser as a transform: what the reader says of the body's bytes becomes spans. Bytes of which nothing has
 * been said when a feed ends are kept.
 */

#include "minimize/json_inside.h"
#include "base/digest.h"

static consent_rc_t json_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit,
    void *arg);
static void json_destroy(consent_transform_t *t);
static consent_rc_t json_flush(json_all_t *all);

/* of a policy that was not loaded from a document */
static uint16_t                     json_no_next[CONSENT_JSON_NAMES];
static consent_json_place_t         json_no_places[CONSENT_JSON_NAMES];
static const consent_json_name_t   *json_no_names[1];
static const consent_json_paths_t   json_no_paths = {
    .next = json_no_next, .places = json_no_places, .anywhere = json_no_places, .n_states = 1,
    .n_symbols = CONSENT_JSON_NAMES, .table = json_no_names, .size = 1
};


/* Rounded up, so that what follows is aligned. */
static inline size_t
json_size(void)
{
    return (sizeof(json_all_t) + 63) & ~(size_t) 63;
}


size_t
consent_json_size(const consent_detectors_t *detectors)
{
    return json_size() + consent_detect_size(detectors);
}


consent_transform_t *
consent_json_init(void *memory, consent_inspect_t *inspect, bool lines)
{
    size_t                   i;
    uint8_t                 *queue;
    json_all_t              *all;
    const consent_policy_t  *policy;

    all = memory;
    policy = inspect->how.policy;

    memset(all, 0, offsetof(json_all_t, frames));

    all->base.feed = json_feed;
    all->base.destroy = json_destroy;
    all->inspect = inspect;
    all->paths = policy->json_paths == NULL ? &json_no_paths : policy->json_paths;
    all->withheld = all->paths->mask & ~inspect->how.granted;
    all->names = inspect->how.count_unknown;
    all->tells = !inspect->how.remove_unknown && !inspect->refuse_unknown;
    all->masks = inspect->masks != NULL && inspect->detectors != NULL;
    all->queries = consent_query_wanted(inspect);
    all->paths_too = all->queries && policy->path_mask != 0;
    all->detect = consent_detect_init((uint8_t *) memory + json_size(), inspect);
    all->dull = consent_detect_dull(inspect->detectors);
    all->path_len = 1;
    all->path[0] = '$';
    all->token_len = 0;

    memset(&all->frames[0], 0, sizeof(json_frame_t));

    for (i = 0; i < consent_countof(all->readers); i++) {
        all->readers[i].all = all;
        all->readers[i].level = i;
    }

    queue = all->nest_queues;

    for (i = 0; i < consent_countof(all->nests); i++) {
        all->nests[i].queue = queue;
        all->nests[i].size = i == 0 ? JSON_HELD : i == 1 ? JSON_NEST_HELD : JSON_DEEP_HELD;
        queue += all->nests[i].size;
    }

    all->query.kind = JSON_LAYER_QUERY;
    all->query.queue = all->query_queue;
    all->query.size = sizeof(all->query_queue);

    all->text.kind = JSON_LAYER_TEXT;
    all->text.queue = all->text_queue;
    all->text.size = sizeof(all->text_queue);

    all->readers[0].root_path = all->path_len;
    all->readers[0].lines = lines ? JSON_LINES_NEW : JSON_LINES_NO;

    return &all->base;
}


void
consent_json_plain(consent_transform_t *t)
{
    size_t       i;
    json_all_t  *all;

    all = (json_all_t *) t;

    for (i = 0; i < consent_countof(all->readers); i++) {
        all->readers[i].scan.plain = true;
    }
}


static consent_rc_t
json_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit, void *arg)
{
    size_t         left;
    json_all_t    *all;
    consent_rc_t   rc;

    all = (json_all_t *) t;
    all->emit = emit;
    all->arg = arg;
    all->in = in;

    rc = consent_json_reader_feed(&all->readers[0], in, n, last);

    if (rc == CONSENT_OK) {
        rc = json_flush(all);
    }

    if (rc != CONSENT_OK) {
        return rc;
    }

    left = n == 0 ? 0 : (size_t) (in + n - all->in);
    all->held -= all->hold_done;

    if (all->held + left > JSON_HELD) {
        return consent_json_reader_doubt(&all->readers[0], CONSENT_DOUBT_NAME);
    }

    if (all->hold_done > 0) {
        memmove(all->hold, all->hold + all->hold_done, all->held);
        all->hold_done = 0;
    }

    if (left > 0) {
        memcpy(all->hold + all->held, all->in, left);
        all->held += left;
        all->stained = true;
    }

    return CONSENT_OK;
}


static void
json_destroy(consent_transform_t *t)
{
    json_all_t  *all;

    all = (json_all_t *) t;

    consent_detect_end(all->detect);

    if (all->stained) {
        consent_wipe(all->frames, sizeof(json_all_t) - offsetof(json_all_t, frames));

    } else if (all->names) {
        consent_wipe(all->path, sizeof(all->path));
    }
}


consent_rc_t
consent_json_said(json_all_t *all, size_t n, const consent_slice_t *with)
{
    size_t        held;
    consent_rc_t  rc;

    held = all->held - all->hold_done;
    held = held < n ? held : n;
    rc = CONSENT_OK;

    if (held > 0) {

        if (with == NULL) {
            rc = all->emit(all->arg, all->hold + all->hold_done, held, CONSENT_SPAN_OWN);
        }

        all->hold_done += held;
        n -= held;

        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    if (with == NULL) {

        if (n > 0 && (all->run_len == 0 || all->run + all->run_len != all->in)) {
            rc = json_flush(all);
            all->run = all->in;
        }

        if (n > 0) {
            all->run_len += n;
            all->in += n;
        }

        return rc;
    }

    rc = json_flush(all);

    if (n > 0) {
        all->in += n;
    }

    if (rc == CONSENT_OK && with->len > 0) {
        rc = all->emit(all->arg, with->data, with->len, CONSENT_SPAN_OWN);
    }

    return rc;
}


static consent_rc_t
json_flush(json_all_t *all)
{
    size_t  n;

    n = all->run_len;
    all->run_len = 0;

    return n == 0 ? CONSENT_OK : all->emit(all->arg, all->run, n, CONSENT_SPAN_BORROWED);
}
