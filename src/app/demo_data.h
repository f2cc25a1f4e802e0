/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Demo data: the shops of packs/LANG/demo, imported by the very functions of `xiaoer import`. Their times are written
 * relative to now ("@-3h20m", "@-2d 14:05", "@+5d"), so that a demo always has a parcel on its way.
 */

#include "store/store.h"

/**
 * Loads what is not there yet; orders and knowledge, whose times go by, again when the last load is more than 6 hours
 * old. Gives people without a password the demo's (account/session.h).
 * @param at_ms  the now that times are relative to
 * @return false with a sentence
 */
must_use bool demo_data_load(struct store *store, int64_t at_ms, char ret_error[256]);

/**
 * The instant that "@…" means at @p at_ms on the clock of @p zone: "@-1d16h57m" goes back from now, "@-3d 17:44" is that
 * time of the day three days ago. False for anything else.
 */
must_use bool demo_time(struct str text, int64_t at_ms, struct str zone, int64_t *ret_ms);
