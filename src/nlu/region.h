/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Regions: provinces, cities and districts of China in texts, with everyday names and without their endings
 * ("杭州西湖区", 内蒙, 新疆乌鲁木齐), as canonical paths 浙江省/杭州市/西湖区. Pure.
 *
 * In the entity lexicon a region is a word of kind "region" whose value holds every path that it can be, | between; a path
 * behind ~ counts only behind a division that it lies in (西湖 alone is a lake).
 */

#include "nlu/scan.h"

take_fn region_take; /**< a division, and those named behind it that lie in it, as one entity */

/** Ends the scan: what could be several is what lies in another one of the text, if one does. */
void region_settle(struct scan *s);

/**
 * Lexicon lines for packs/LANG/lexicon/regions.tsv, whose lines are p, c or d (province, city, district), the name and other
 * names; ~ before a name as above. In @p a.
 */
struct str region_words(struct arena *a, struct str file);
