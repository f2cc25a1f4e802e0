/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The OpenAPI 3.1 document, written from the same route tables that serve. Pure.
 */

#include "net/server.h"

/** Writes the document of all rows into @p b. @p role_name names one role bit, for the text of who may call. */
void openapi_write(struct buf *b, const struct route_group *groups, size_t n, const char *title, const char *version,
                   const char *(*role_name)(uint32_t bit));
