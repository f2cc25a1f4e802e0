/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the files of agreements share. */

#include "account/shop.h"
#include "desk/agreement.h"

/** The text of @p key with the agreement's words, sum, term and the like filled in, in @p a. */
struct str agreement_words(struct arena *a, const struct shop *shop, const struct agreement *g, struct str language,
                           const char *key, int64_t now_ms);
