/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Naming: whether a few words are the name of a product, or a value of the one in talk, and nothing more: then "and the
 * fleece?" is the last question about another product. Reads the catalog.
 */

#include "bot/gather.h"

enum named {
    NAMED_NOTHING,
    NAMED_PRODUCT, /**< a product of the shop, by its name or a part that names it */
    NAMED_VARIANT, /**< a variant of the product in talk: "藏蓝", "1.3kg" */
};

/**
 * What @p words are, a space standing for each gap.
 * @param q  the shop and its state are read, no more
 */
enum named naming_of(const struct gather_question *q, struct arena *a, struct str words);
