/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Ids: 63-bit, positive, rising with time (42 bits of milliseconds since 2024, 21 that a process counts on from a random
 * start), so that newer rows lie together, no two ids of a process are the same, and two nodes never agree on who counts. An
 * id is not a secret and authorises nothing. Any thread.
 */

#include "base/str.h"

int64_t id_new(int64_t now_ms);
/** The instant that an id was made for. */
int64_t id_at_ms(int64_t id);
/** Reads what a client sent as an id; false for anything else than a positive decimal. */
must_use bool id_parse(struct str text, int64_t *ret_id);
