/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What the parts of the grammar of times share: the reader that moves over a text. For nlu/when_*.c only.
 */

#include "nlu/scan.h"

#define WHEN_HOUR     60   /* minutes */
#define WHEN_FULL_DAY 1440

#define WHEN_SURE     0.95
#define WHEN_LIKELY   0.8 /* a day of a month without the month, a clock without a day */
#define WHEN_POSSIBLE 0.6 /* 11/20 */

/** What has been read of one time. */
struct when_reader {
    struct scan *s;
    size_t at; /**< behind it */
    struct when w;
    bool has_day, has_clock;
    double confidence;
};

/** What a span of time counts. */
enum when_direction { WHEN_NOWHERE, WHEN_AGO, WHEN_LATER, WHEN_WITHIN };

/**
 * 三天前, 2小时内, 3 days ago.
 * @param lead  what a word before it says; WHEN_NOWHERE: the word behind it has to
 * @param sign  of what the lead says: -1 back, 1 ahead
 */
bool when_read_span(struct when_reader *r, enum when_direction lead, int sign);
/** 昨天, 上周五, 11月20日, last week, Nov 20: a day, week, month or year. */
bool when_read_day(struct when_reader *r);
/** 下午, in the evening: a part of the day, behind the day or alone. */
void when_read_hours(struct when_reader *r);
/** 三点半, 8点到10点, 3-5pm: a time of the clock, behind a day or part of it, or alone. */
bool when_read_clock(struct when_reader *r);

/** The character at @p at, 0 behind the end. */
static inline uint32_t when_char(const struct folded *f, size_t at)
{
    return at < f->n ? f->cp[at] : 0;
}
/** Whether @p c is in @p list, which 0 ends. */
bool when_is_one_of(uint32_t c, const uint32_t *list);
/** The lexicon's word of @p kind at @p at, NULL when none is. */
const struct lexicon_entry *when_word(const struct scan *s, size_t at, enum word_kind kind, size_t *ret_end);
/** Place behind 到, 至, -, ~ or "to" at @p at and the spaces about it; 0 when none is. */
size_t when_to(const struct folded *f, size_t at);
