/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Assets: files that ship inside the program (packs, schema, models, web bundle), under their path in the tree:
 * "packs/zh/texts.tsv", "src/store/schema/0001.sql", "web/dist/widget/index.html". Made by tools/embed.py.
 * Immutable; any thread.
 */

#include "base/str.h"

/** Bytes of the asset, or {NULL, 0} when there is none of that name. */
struct str asset_find(struct str name);
/** Calls @p each for every asset whose name starts with @p prefix, in order of names. */
void asset_each(struct str prefix, void (*each)(void *arg, struct str name, struct str bytes), void *arg);
