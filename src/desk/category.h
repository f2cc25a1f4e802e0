/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Categories: what a resolved conversation was about, from packs/LANG/categories.tsv (id<TAB>name). An id is an intent,
 * or the beginning of several ("ship" for ship_track, ship_urge …), so that screens can guess it.
 */

#include "base/json.h"

/** True for an id of the list; all languages have the same ids. */
bool category_known(struct str id);
/** Writes [{id, name}] in @p language. */
void category_write(struct json_out *o, struct str language);
