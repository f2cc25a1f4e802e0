/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Import of products, orders and policies: the shapes of contract.md, section 3, checked to the last member, and the
 * function that stores a row. Run by app/import_run.h.
 */

#include "base/import.h"

extern const struct import_kind product_import;
extern const struct import_kind order_import;
extern const struct import_kind policy_import;
