/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shipped lexicons.
 */
#include "nlu/shipped.h"

#include "base/asset.h"
#include "nlu/region.h"

struct lexicon *shipped_lexicon(const char *language, const char *name)
{
    _cleanup_(arena_done) struct arena a = {0};
    struct str path = str_fmt(&a, "packs/%s/lexicon/%s.tsv", language, name);
    struct lexicon *l = lexicon_read(asset_find(path));
    if (l == NULL)
        fatal("%.*s has a line without a word", STR_ARG(path));
    return l;
}

struct lexicon *shipped_entities(const char *language)
{
    _cleanup_(arena_done) struct arena a = {0};
    struct str words = asset_find(str_fmt(&a, "packs/%s/lexicon/entities.tsv", language));
    struct str regions = region_words(&a, asset_find(str_fmt(&a, "packs/%s/lexicon/regions.tsv", language)));
    struct lexicon *l = lexicon_read(str_fmt(&a, "%.*s\n%.*s", STR_ARG(words), STR_ARG(regions)));
    if (l == NULL)
        fatal("packs/%s/lexicon/entities.tsv has a line without a word", language);
    return l;
}
