/*
 * What a page says about itself: its language, its charset, and who wrote it.
 */

#include "disclose/html_page.h"

static void meta_claim(consent_stamp_page_t *h);
static void meta_listen(consent_stamp_page_t *h, int rank, consent_slice_t end);
static int claim_rank(consent_slice_t word);


void
consent_stamp_language(consent_stamp_page_t *h, consent_slice_t lang)
{
    size_t                   i, primary;
    consent_slice_t          tag;
    const consent_policy_t  *policy;

    if (lang.len == 0) {
        return;
    }

    policy = h->conf->policy;

    for (i = 0; i < policy->n_languages; i++) {
        if (consent_slice_ieq(policy->languages[i], lang)) {
            h->pub.language = i;
            h->pub.language_of_page = true;
            return;
        }
    }

    for (primary = 0; primary < lang.len && lang.data[primary] != '-'; primary++) {
        /* void */
    }

    for (i = 0; i < policy->n_languages; i++) {
        tag = policy->languages[i];

        if (tag.len >= primary && (tag.len == primary || tag.data[primary] == '-')
            && consent_slice_ieq(consent_slice(tag.data, primary), consent_slice(lang.data, primary)))
        {
            h->pub.language = i;
            h->pub.language_of_page = true;
            return;
        }
    }
}


void
consent_stamp_meta(consent_stamp_page_t *h)
{
    consent_slice_t    value, equiv;
    consent_charset_t  charset;

    if (!h->scan.capture) {
        return;
    }

    if (h->charset == CONSENT_CHARSET_UNKNOWN && h->at <= CONSENT_STAMP_PRESCAN) {
        charset = CONSENT_CHARSET_UNKNOWN;

        if (consent_scan_value(&value, &h->scan, CONSENT_ATTR_LABEL)) {
            charset = consent_charset_label(value);

        } else if (consent_scan_value(&equiv, &h->scan, CONSENT_ATTR_EQUIV)
                   && consent_slice_ieq(equiv, consent_lit("content-type"))
                   && consent_scan_value(&value, &h->scan, CONSENT_ATTR_CONTENT))
        {
            charset = consent_charset_of(value);
        }

        if (charset == CONSENT_CHARSET_UNSUPPORTED) {
            consent_stamp_finish(h, CONSENT_STAMP_CHARSET);
            return;
        }

        /* what could be read as ASCII so far is no UTF-16, whatever it says */
        if (charset == CONSENT_CHARSET_UTF16LE || charset == CONSENT_CHARSET_UTF16BE) {
            charset = CONSENT_CHARSET_UTF8;
        }

        h->charset = charset;
    }

    /* one that is held back no more is too long to be changed, and stands behind ours */
    if (h->listens && h->hold == h->scan.token && consent_scan_value(&value, &h->scan, CONSENT_ATTR_NAME)
        && consent_slice_ieq(value, consent_lit("ai-disclosure")))
    {
        meta_claim(h);
    }
}


/* The upstream's own claim: kept, replaced by ours, or emptied. What is shorter is filled up with spaces within the
 * tag, so that the page never shrinks. */
static void
meta_claim(consent_stamp_page_t *h)
{
    consent_slice_t  value, ours, end;

    /* in XML a meta may have an end tag */
    end = h->scan.xml && h->scan.self_closing ? consent_lit("/>") : consent_lit(">");

    if (h->have_meta) {
        consent_stamp_emit_to(h, h->scan.token);
        consent_stamp_replace(h, h->at, consent_lit("<meta"), end);
        return;
    }

    if (!consent_scan_value(&value, &h->scan, CONSENT_ATTR_CONTENT)) {
        value = consent_slice(NULL, 0);
    }

    if (!h->asserts) {
        meta_listen(h, claim_rank(value), end);
        return;
    }

    h->have_meta = true;

    if (h->conf->trusted && claim_rank(value) == 1) {
        h->pub.claim = CONSENT_MODE_HUMAN;
        h->pub.kept = true;
        h->ai = false;
        return;
    }

    if (value.len > 0 && claim_rank(value) >= claim_rank(h->disclosure->w3c)) {
        h->pub.kept = true;
        return;
    }

    ours = consent_stamp_elements(h)->meta;
    consent_stamp_emit_to(h, h->scan.token);
    consent_stamp_replace(h, h->at, consent_slice(ours.data, ours.len - (sizeof("/>") - 1)), end);
}


/* A page that is listened to says what it is. That no machine wrote it counts only where it is trusted, and is taken out
 * otherwise; the next one is then the first. */
static void
meta_listen(consent_stamp_page_t *h, int rank, consent_slice_t end)
{
    consent_mode_t  mode;

    mode = rank == 3 ? CONSENT_MODE_GENERATED : rank == 2 ? CONSENT_MODE_ORIGINATED : CONSENT_MODE_HUMAN;

    if (rank == 0) {
        return;
    }

    if (h->conf->believed[mode] == NULL) {
        consent_stamp_emit_to(h, h->scan.token);
        consent_stamp_replace(h, h->at, consent_lit("<meta"), end);
        return;
    }

    h->pub.claim = mode;
    h->pub.kept = true;
    h->have_meta = true;
    h->asserts = true;

    if (mode != CONSENT_MODE_HUMAN) {
        h->disclosure = h->conf->believed[mode];
        h->ai = true;
    }
}


/* Of a claim, by what it says of the machine's part; words that are none of the three claim nothing. */
static int
claim_rank(consent_slice_t word)
{
    if (consent_slice_ieq(word, consent_lit("human-only"))) {
        return 1;
    }

    if (consent_slice_ieq(word, consent_lit("ai-assisted"))) {
        return 2;
    }

    return consent_slice_ieq(word, consent_lit("ai-autonomous")) ? 3 : 0;
}
