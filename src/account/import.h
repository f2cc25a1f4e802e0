/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Import of shops and people: `xiaoer import shops FILE`, `xiaoer import people FILE` (contract.md, section 3).
 *
 * A new shop's secret, and the one-time invitation of a person who has no password, are said once, in the row's
 * `once`, and cannot be read again.
 */

#include "base/import.h"

extern const struct import_kind shop_import;
extern const struct import_kind person_import;
