/*
 * What the pages need besides themselves, embedded.
 */

#ifndef CONSENT_PAGES_ASSETS_H
#define CONSENT_PAGES_ASSETS_H

#include "pages/pages.h"

extern const consent_asset_t  consent_assets[];
extern const size_t           consent_n_assets;

#endif
