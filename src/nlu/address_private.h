/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What nlu/address.c and nlu/address_english.c share. */

#include "nlu/address.h"

#define ADDRESS_LIKELY 0.85
#define ADDRESS_WORDS  4 /* of an English street, town or name */

static inline uint32_t address_char(const struct folded *f, size_t at)
{
    return at < f->n ? f->cp[at] : 0;
}

/** Drops what was found within bytes [from, to). */
void address_drop(struct scan *s, size_t from, size_t to);
/** Adds an entity whose value is its text. */
void address_add(struct scan *s, enum entity_kind kind, size_t from, size_t to, double confidence);
/** Where the words of a Latin name that begin at @p at end: each has a capital letter. @p at: there is none. */
size_t address_name(const struct scan *s, size_t at);
