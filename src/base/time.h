/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Time: wall time is int64 milliseconds since the epoch, UTC; text is RFC 3339 with an offset; a shop's clock is
 * an ICU zone. `clock_now_ms()` is the only wall clock of the program and can be set (`--at`).
 */

#include "base/str.h"

#define TIME_TEXT 40 /**< bytes that time_rfc3339() needs */

/** Now, in ms UTC, by the program's clock (the machine's, moved by clock_set_ms()). Any thread. */
int64_t clock_now_ms(void);
/** Makes now be @p at_ms; it runs on from there. Before threads start. */
void clock_set_ms(int64_t at_ms);
/** Monotonic microseconds, for durations only. */
int64_t clock_mono_us(void);

/** Writes @p at_ms as RFC 3339 with the offset @p offset_minutes ("Z" for 0) and returns @p ret_text. */
const char *time_rfc3339(int64_t at_ms, int offset_minutes, char ret_text[TIME_TEXT]);
/** Reads RFC 3339 with an offset; false for anything else. A date alone ("2026-01-01") is midnight UTC. */
must_use bool time_parse(struct str text, int64_t *ret_ms);

/** Calendar fields of an instant in a zone. month 1–12, weekday 1 = Monday … 7 = Sunday. */
struct local_time {
    int year, month, day, hour, minute, second, weekday;
    int offset_minutes;
};

/**
 * The fields of @p at_ms in the IANA zone @p zone ("Asia/Shanghai"). An unknown zone is UTC. Keeps the last offsets a
 * thread asked for, so repeated calls cost nanoseconds.
 */
struct local_time time_local(int64_t at_ms, struct str zone);
bool time_zone_known(struct str zone);
/** The instant at which the zone's clock shows these fields (only y-m-d h:m:s are read). */
int64_t time_from_local(const struct local_time *t, struct str zone);
/** Midnight that begins the zone's day of @p at_ms. */
int64_t time_day_start(int64_t at_ms, struct str zone);
/** Policy durations: "90s" "30m" "24h" "7d" (natural days); false for others ("4wd" needs a calendar: trade/). */
must_use bool time_duration(struct str text, int64_t *ret_ms);
