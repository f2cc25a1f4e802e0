/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Hours: when people of a shop serve, by the wall clock of the shop's zone.
 *
 * Pure rules: no clock, no storage. Safe from any thread. Days of change to and from summer time need no care by the
 * caller: open means that the shop's wall clock shows an opening hour.
 */

#include "base/json.h"

#define HOURS_SPANS 4 /**< at most so many spans a day: morning, afternoon, … */

/** From and to in minutes after the day's midnight; `to` may reach into the next day (at most 2880). */
struct hours_span {
    int from, to;
};

/** A week; day 0 is Monday. Plain data: copy it freely. */
struct hours {
    struct hours_span span[7][HOURS_SPANS];
    unsigned count[7];
};

/**
 * Reads a shop's setting: "09:00-18:00" (every day), "09:00-12:00,13:00-18:00", "20:00-02:00" (across midnight), or an
 * object of ISO weekdays: {"1-5":"09:00-18:00","6,7":"10:00-16:00"}; days that it does not name are closed.
 *
 * @param value    NULL or JSON null: always open
 * @param ret_why  static sentence when false is returned
 */
must_use bool hours_parse(const json_t *value, struct hours *ret, const char **ret_why);

bool hours_is_open(const struct hours *h, int64_t at_ms, struct str zone);

/** The first instant at or after @p after_ms at which the shop is open; 0 when it never is. */
int64_t hours_next_opening(const struct hours *h, int64_t after_ms, struct str zone);

/** The words that hours_text() needs, in the reader's language. */
struct hours_words {
    struct str day[7];  /**< "周一" … or "Mon" … */
    struct str through; /**< between first and last day of a run: "至", "–" */
    struct str list;    /**< between runs: "，", ", " */
    struct str always;  /**< "全天", "24 hours" */
    struct str never;   /**< "休息", "closed" */
};

/** The week for people, in @p a: "09:00–18:00", "周一至周五 09:00–18:00，周六至周日 10:00–16:00". */
struct str hours_text(struct arena *a, const struct hours *h, const struct hours_words *words);
