/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * When: a time as a text says it ("last Friday", 三天前, 双十一, 下午三点, by the 15th), kept as said, and the interval that
 * it means for a given now in a given zone. Pure: nothing here asks a clock. nlu/when_scan.c reads it out of texts.
 *
 * As text, which lexicons and records hold: the unit, then its parts, each with a letter, a range as `a..b`:
 *
 *     day n-1           yesterday             week n-1 d5      Friday of last week    month n0 d26..31  the end of this month
 *     date y2026 m11 d20   a day of a year    date m11 d11     a day of any year      date d20          the 20th
 *     date y-1 m11      November a year ago   lunar m8 d15     of the Chinese year    nth m5 n2 d7      2nd Sunday of May
 *     weekday d5        a Friday              minute n-120..0  the last two hours     day n0 t900..960  today from 15:00 to 16:00
 *
 * `o-1` moves all of it by a day. by, before, from, after say which side of it is meant; past, coming which of several
 * times it is.
 */

#include "base/str.h"

enum when_unit {
    WHEN_MINUTE,  /**< from … to: minutes from now */
    WHEN_DAY,     /**< from … to: days from today, both within */
    WHEN_WEEK,    /**< the same in weeks, which begin on Monday; day: 1 … 7 within, 0 all */
    WHEN_WEEKDAY, /**< day: some such day of the week */
    WHEN_MONTH,   /**< months from this one; day … last_day within, 0 all */
    WHEN_DATE,    /**< year, month, day; what is 0 was not said */
    WHEN_LUNAR,   /**< month and day of the Chinese calendar */
    WHEN_NTH,     /**< the from-th weekday `day` of the month */
};

enum when_edge {
    WHEN_IN,
    WHEN_BY,     /**< until it ends */
    WHEN_BEFORE, /**< until it begins */
    WHEN_FROM,   /**< from its beginning on */
    WHEN_AFTER,  /**< from its end on */
};

/** Which one of the times that a text can mean. */
enum when_lean { WHEN_NEAREST, WHEN_PAST, WHEN_COMING };

struct when {
    enum when_unit unit;
    enum when_edge edge;
    enum when_lean lean;
    int from, to;
    bool has_year;
    int year;                  /**< below 1000: years from this one */
    int month;                 /**< 1 … 12; 0: not said */
    int day, last_day;         /**< both within; 0: not said */
    int offset_days;
    int from_minute, to_minute; /**< of the day, [from, to); both 0: all of it */
};

/** [from_ms, to_ms). */
struct interval {
    int64_t from_ms, to_ms;
};
#define WHEN_EVER_BEFORE INT64_MIN /**< from_ms of what has no beginning ("before yesterday") */
#define WHEN_EVER_AFTER  INT64_MAX /**< to_ms of what has no end ("after the 20th") */

/** What @p w means at @p now_ms in the IANA zone @p zone. from_ms < to_ms. Takes microseconds; lunar dates some 50. */
struct interval when_interval(const struct when *w, int64_t now_ms, struct str zone);
/** True when the same words can mean a time before and one after now, so that a verb near them decides. */
bool when_is_open(const struct when *w);

/** Reads the text form; false for anything else. */
must_use bool when_read(struct str text, struct when *ret);
/** The text form in @p a. */
struct str when_write(struct arena *a, const struct when *w);
