/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Shapes: checking an object or a query against the const table of its members. Pure.
 */

#include "net/route.h"

/**
 * Checks @p object against @p fields: unknown members, missing ones, wrong types and ranges.
 * @param ret_detail  one sentence naming the member and how to mend it, in @p a; untouched when good
 */
must_use bool shape_check(struct arena *a, const struct field *fields, const json_t *object, struct str *ret_detail);
/** Checks one query value, as text. */
must_use bool shape_check_text(struct arena *a, const struct field *f, struct str value, struct str *ret_detail);
/** The row of that name, or NULL. */
const struct field *shape_find(const struct field *fields, struct str name);
