/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Numbers in text: digits with a decimal part, and Chinese numerals (一百二, 两千零五, 十五, 三). Pure.
 */

#include "nlu/normalise.h"

struct number {
    double value;
    double most;     /**< of a guess in two digits (两三 is 2 to 3); value otherwise */
    size_t end;      /**< behind the last character */
    size_t digits;   /**< digits before the point; 0 for numerals */
    bool is_numeral; /**< written in Chinese characters */
};

/** Value of one Chinese digit (零 … 九, 两), -1 for others. */
int number_digit(uint32_t cp);
/** Whether a number may begin with @p cp. */
bool number_begins(uint32_t cp);
/** Reads the number that begins at @p at; false when none does. */
must_use bool number_at(const struct folded *f, size_t at, struct number *ret);
