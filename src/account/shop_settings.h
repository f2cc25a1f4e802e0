/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What a shop's settings say, for shop_store.c: opening hours, languages, when its bot asks back. They are read whenever a
 * shop is, inside of every unit of work about it; the same text is read once a thread.
 */

#include "account/shop.h"

struct shop_settings {
    struct hours hours;
    char languages[SHOP_LANGUAGES][4];
    double reject_rate;
};

/** False when not even "always open" can be said. Any thread. */
must_use bool shop_settings_read(int64_t tenant_id, struct str settings, struct shop_settings *ret);
