/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calendars.
 *
 * How          A zone stands for a country; China's are the only ones with a table so far. A country without one counts
 *              weekends alone.
 */
#include "trade/calendar.h"

#include <pthread.h>

#include "base/asset.h"

#define CHINA "packs/calendars/CN.tsv"

static const char *const chinese_zones[] = {
    "Asia/Shanghai", "Asia/Urumqi", "Asia/Chongqing", "Asia/Harbin", "Asia/Kashgar", "PRC",
};

/** Written once under `once`. */
static struct arena memory;
static struct calendar china;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/** "2026-10-01" as 20261001; 0 for anything else. */
static int64_t date_number(struct str text)
{
    int64_t year, month, day;
    if (text.n != 10 || text.p[4] != '-' || text.p[7] != '-' || !str_int(str_sub(text, 0, 4), &year) ||
        !str_int(str_sub(text, 5, 2), &month) || !str_int(str_sub(text, 8, 2), &day))
        return 0;
    return year * 10000 + month * 100 + day;
}

bool calendar_read(struct arena *a, struct str text, struct calendar *ret)
{
    ARRAY(int64_t) off = {0}, work = {0};
    struct str line, date, kind;
    int64_t before = 0;
    while (str_cut(&text, '\n', &line)) {
        if (str_trim(line).n == 0 || line.p[0] == '#')
            continue;
        if (!str_cut(&line, '\t', &date) || !str_cut(&line, '\t', &kind))
            return false;
        int64_t number = date_number(date);
        bool works = str_eq_c(kind, "work");
        if (number <= before || (!works && !str_eq_c(kind, "off")))
            return false;
        before = number;
        if (works)
            *array_push(a, &work) = number;
        else
            *array_push(a, &off) = number;
    }
    *ret = (struct calendar){off.v, off.n, work.v, work.n};
    return true;
}

static void load(void)
{
    if (!calendar_read(&memory, asset_find(STR(CHINA)), &china))
        fatal("%s: a line is no day, or not in order", CHINA);
}

const struct calendar *calendar_of_zone(struct str zone)
{
    for (size_t i = 0; i < COUNT(chinese_zones); i++) {
        if (!str_eq_c(zone, chinese_zones[i]))
            continue;
        pthread_once(&once, load);
        return &china;
    }
    return NULL;
}
