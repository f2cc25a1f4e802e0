/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Moments: instants and durations as people say them, in the shop's zone and the buyer's language. Pure. Texts in the
 * arena.
 */

#include "base/str.h"

/** Where and when it is said. */
struct moment_view {
    struct arena *arena;
    struct str language, zone;
    int64_t now_ms;
};

/** "今天 09:12", "11月19日 18:20", "yesterday at 18:20", "on 19 Nov at 18:20"; with the year when it is another. */
struct str moment_text(const struct moment_view *v, int64_t at_ms);
/** The same as it stands behind "by" or "until". */
struct str moment_until(const struct moment_view *v, int64_t at_ms);
/** "11月19日", "19 Nov". */
struct str moment_date(const struct moment_view *v, int64_t at_ms);
/** How long nothing happened: "3 天", "20 hours". */
struct str moment_idle(const struct moment_view *v, int64_t ms);
/** An expected wait: "5 分钟", "less than a minute". */
struct str moment_wait(const struct moment_view *v, int seconds);
