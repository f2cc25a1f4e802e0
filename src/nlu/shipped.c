/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shipped lexicons.
 */
#include "nlu/shipped.h"

#include "base/asset.h"

struct lexicon *shipped_lexicon(const char *language, const char *name)
{
    _cleanup_(arena_done) struct arena a = {0};
    struct str path = str_fmt(&a, "packs/%s/lexicon/%s.tsv", language, name);
    struct lexicon *l = lexicon_read(asset_find(path));
    if (l == NULL)
        fatal("%.*s has a line without a word", STR_ARG(path));
    return l;
}
