/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Shipped lexicons: those of packs/LANG/lexicon, embedded in the program. Apart from nlu/lexicon.h because training,
 * which runs while the program is still being built, has no assets.
 */

#include "nlu/lexicon.h"

/** The lexicon @p name of @p language; empty when there is none. A bad line ends the program: it shipped with it. */
must_use struct lexicon *shipped_lexicon(const char *language, const char *name);
/** What entity_find() looks words up in: entities.tsv with the names of regions.tsv. As above. */
must_use struct lexicon *shipped_entities(const char *language);
