/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Masking: a buyer's text as people of the shop may keep it: without what says who somebody is or where they live.
 * Numbers long enough to be phones, cards or orders, mail addresses, codes of letters and digits, names and addresses
 * where the words before or after give them away. Pure.
 */

#include "base/str.h"

#define MASKING_CHARS 200 /**< of a text that are kept */

/** @p text, cut to MASKING_CHARS, with every such part as "#". In @p a. */
struct str masked(struct arena *a, struct str text);
