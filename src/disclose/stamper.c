/*
 * What the stampers of all kinds but HTML have in common: spans out, byte order marks, promises kept.
 */

#include "disclose/stamper.h"

const uint8_t  consent_stamper_mark[3] = { 0xef, 0xbb, 0xbf };

static bool stamper_no_promise(consent_stamp_t *h, size_t *growth);


void
consent_stamper_init(consent_stamper_t *s, const consent_stamp_conf_t *conf, consent_feed_pt feed,
    consent_promise_pt promise)
{
    memset(s, 0, sizeof(consent_stamper_t));

    s->pub.base.feed = feed;
    s->pub.promise = promise != NULL ? promise : stamper_no_promise;
    s->pub.language = conf->language < conf->policy->n_languages ? conf->language : 0;
    s->conf = conf;
    s->pub.claim = CONSENT_MODE_UNKNOWN;
    s->text = &conf->disclosure->in[s->pub.language];
    s->said = conf->offered ? &s->text->offer : &s->text->marks;
}


bool
consent_stamper_room(consent_stamper_t *s, uint8_t **held, size_t size)
{
    if (*held == NULL) {
        *held = s->conf->room(s->conf->room_arg, size);

        if (*held == NULL) {
            s->rc = CONSENT_NOMEM;
            return false;
        }
    }

    return true;
}


size_t
consent_stamper_bom(consent_stamper_t *s, const uint8_t *in, size_t n)
{
    size_t  used;

    for (used = 0; used < n && s->bom == CONSENT_BOM_PENDING; used++) {

        if (in[used] != consent_stamper_mark[s->marks]) {
            s->bom = CONSENT_BOM_NONE;
            break;
        }

        s->marks++;

        if (s->marks == sizeof(consent_stamper_mark)) {
            s->bom = CONSENT_BOM_FOUND;
            consent_stamper_emit(s, consent_stamper_mark, sizeof(consent_stamper_mark), CONSENT_SPAN_LASTING);
        }
    }

    return used;
}


bool
consent_stamper_promise(consent_stamper_t *s, size_t *growth, size_t most)
{
    if (!s->promised) {
        s->promised = true;
        s->promise = s->pub.inserted + (s->pub.decided ? 0 : most);
    }

    *growth = s->promise;

    return true;
}


void
consent_stamper_fill(consent_stamper_t *s)
{
    size_t  n;

    static const char  spaces[] = "                                                                ";

    while (s->promised && s->promise > s->pub.inserted && s->rc == CONSENT_OK) {
        n = s->promise - s->pub.inserted;
        n = n < sizeof(spaces) - 1 ? n : sizeof(spaces) - 1;

        consent_stamper_insert(s, consent_slice(spaces, n), CONSENT_SPAN_LASTING);
    }
}


static bool
stamper_no_promise(consent_stamp_t *h, size_t *growth)
{
    (void) h;

    *growth = 0;

    return false;
}
