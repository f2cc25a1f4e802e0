/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Codes: entities that are strings of letters and digits: order and parcel numbers, phone numbers, sizes. Pure. For
 * nlu/entity.c only.
 */

#include "nlu/scan.h"

take_fn code_phone;  /**< 138 0000 1234, 0571-88886666, (555) 123-4567 */
take_fn code_number; /**< E1001, SF1234567890123 */
take_fn code_digits; /**< digits alone, by how many they are and the word before them */
take_fn code_size;   /**< 42码, XL, size 8 */
