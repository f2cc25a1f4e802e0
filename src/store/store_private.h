/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Inside of store/: what writer.c lends to copy.c. */

#include "store/store.h"

/** Path of the database file; borrowed. */
const char *store_path(const struct store *s);
