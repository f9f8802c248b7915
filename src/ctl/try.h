/*
 * What one level of a policy does to a recorded request, and saying it.
 */

#ifndef CONSENT_CTL_TRY_H
#define CONSENT_CTL_TRY_H

#include "ctl/ctl.h"
#include "ctl/recorded.h"
#include "minimize/inspect.h"

#define TRY_NAMES  64       /* unknown names that are said */
#define TRY_NAME   96       /* bytes of one */

typedef struct {
    consent_carrier_t  carrier;
    size_t             len;
    uint8_t            text[TRY_NAME];
} try_name_t;

/* What one level does to one request. */
typedef struct {
    const consent_policy_t    *policy;
    consent_inspect_t          inspect;
    consent_mask_t             by[CONSENT_CARRIER_BODY + 1];    /* categories taken out, by carrier */
    consent_mask_t             path;                            /* categories that refuse it by its path */
    consent_buf_t              head;
    consent_buf_t              body;
    consent_rc_t               rc;                              /* of the body */
    bool                       opaque;                          /* it passes without being looked into */
    bool                       missing;                         /* there was one that was not recorded */
    size_t                     n_names;
    try_name_t                 names[TRY_NAMES];                /* that the policy does not know */
} try_t;

void consent_ctl_try_print(consent_buf_t *b, const try_t *t, const consent_level_t *level);
void consent_ctl_try_json(consent_buf_t *b, const try_t *t, const consent_level_t *level);

#endif
