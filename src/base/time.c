/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Wall clock, RFC 3339 and zones. Days to dates by Howard Hinnant's civil-from-days; zone offsets by ICU.
 */
#include "base/time.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <unicode/ucal.h>
#include <unicode/ustring.h>

static _Atomic int64_t shift_ms; /* program clock minus machine clock */

static int64_t machine_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t clock_now_ms(void)
{
    return machine_ms() + atomic_load_explicit(&shift_ms, memory_order_relaxed);
}

void clock_set_ms(int64_t at_ms)
{
    atomic_store(&shift_ms, at_ms - machine_ms());
}

int64_t clock_mono_us(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* http://howardhinnant.github.io/date_algorithms.html */
static int64_t days_from_civil(int64_t y, int m, int d)
{
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

static void civil_from_days(int64_t z, int *y, int *m, int *d)
{
    z += 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    *d = (int)(doy - (153 * mp + 2) / 5 + 1);
    *m = (int)(mp < 10 ? mp + 3 : mp - 9);
    *y = (int)(yoe + era * 400 + (*m <= 2));
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static struct local_time fields(int64_t at_ms, int offset_minutes)
{
    int64_t local = at_ms + (int64_t)offset_minutes * MINUTE_MS;
    int64_t day = floor_div(local, DAY_MS);
    int64_t ms = local - day * DAY_MS;
    struct local_time t = {.offset_minutes = offset_minutes};
    civil_from_days(day, &t.year, &t.month, &t.day);
    t.hour = (int)(ms / HOUR_MS);
    t.minute = (int)(ms / MINUTE_MS % 60);
    t.second = (int)(ms / SECOND_MS % 60);
    t.weekday = (int)((((day + 3) % 7) + 7) % 7) + 1; /* 1970-01-01 was a Thursday */
    return t;
}

/** Writes @p v with @p n digits; what does not fit is cut. @return behind them */
static char *put_digits(char *p, unsigned v, unsigned n)
{
    for (unsigned i = n; i-- > 0; v /= 10)
        p[i] = (char)('0' + v % 10);
    return p + n;
}

static char *put_pair(char *p, char sign, int v)
{
    *p = sign;
    return put_digits(p + 1, (unsigned)v, 2);
}

/* Digit by digit: every message that leaves has its time written, and snprintf was 2 % of a turn. */
const char *time_rfc3339(int64_t at_ms, int offset_minutes, char ret_text[TIME_TEXT])
{
    struct local_time t = fields(at_ms, offset_minutes);
    int ms = (int)(((at_ms % 1000) + 1000) % 1000);
    char *p = put_digits(ret_text, (unsigned)t.year, 4);
    p = put_pair(p, '-', t.month);
    p = put_pair(p, '-', t.day);
    p = put_pair(p, 'T', t.hour);
    p = put_pair(p, ':', t.minute);
    p = put_pair(p, ':', t.second);
    if (ms != 0) {
        *p = '.';
        p = put_digits(p + 1, (unsigned)ms, 3);
    }
    if (offset_minutes != 0) {
        int off = offset_minutes < 0 ? -offset_minutes : offset_minutes;
        p = put_pair(p, offset_minutes < 0 ? '-' : '+', off / 60);
        p = put_pair(p, ':', off % 60);
    } else {
        *p++ = 'Z';
    }
    *p = '\0';
    return ret_text;
}

static bool digits(struct str *s, size_t n, int *ret)
{
    int v = 0;
    if (s->n < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (s->p[i] < '0' || s->p[i] > '9')
            return false;
        v = v * 10 + (s->p[i] - '0');
    }
    *s = str_sub(*s, n, SIZE_MAX);
    *ret = v;
    return true;
}

static bool mark(struct str *s, char c)
{
    if (s->n == 0 || s->p[0] != c)
        return false;
    *s = str_sub(*s, 1, SIZE_MAX);
    return true;
}

static bool date_part(struct str *s, int *y, int *mo, int *d)
{
    if (!digits(s, 4, y) || !mark(s, '-') || !digits(s, 2, mo) || !mark(s, '-') || !digits(s, 2, d))
        return false;
    static const int last[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (*mo < 1 || *mo > 12 || *d < 1)
        return false;
    bool leap = (*y % 4 == 0 && *y % 100 != 0) || *y % 400 == 0;
    return *d <= last[*mo - 1] + (*mo == 2 && leap);
}

static bool fraction_part(struct str *s, int *ret_ms)
{
    *ret_ms = 0;
    if (!mark(s, '.'))
        return true;
    int scale = 100;
    size_t n = 0;
    while (s->n > 0 && s->p[0] >= '0' && s->p[0] <= '9') {
        *ret_ms += (s->p[0] - '0') * scale;
        scale /= 10;
        n++;
        *s = str_sub(*s, 1, SIZE_MAX);
    }
    return n > 0 && n < 10;
}

static bool offset_part(struct str *s, int *ret_minutes)
{
    *ret_minutes = 0;
    if (mark(s, 'Z') || mark(s, 'z'))
        return s->n == 0;
    int sign = mark(s, '+') ? 1 : mark(s, '-') ? -1 : 0;
    int h;
    int m;
    if (sign == 0 || !digits(s, 2, &h) || !mark(s, ':') || !digits(s, 2, &m) || h > 23 || m > 59)
        return false;
    *ret_minutes = sign * (h * 60 + m);
    return s->n == 0;
}

bool time_parse(struct str text, int64_t *ret_ms)
{
    int y;
    int mo;
    int d;
    int h;
    int mi;
    int sec;
    int ms;
    int offset;
    if (!date_part(&text, &y, &mo, &d))
        return false;
    int64_t day = days_from_civil(y, mo, d);
    if (text.n == 0) {
        *ret_ms = day * DAY_MS;
        return true;
    }
    if (!mark(&text, 'T') && !mark(&text, 't') && !mark(&text, ' '))
        return false;
    if (!digits(&text, 2, &h) || !mark(&text, ':') || !digits(&text, 2, &mi) || !mark(&text, ':') ||
        !digits(&text, 2, &sec) || h > 23 || mi > 59 || sec > 60)
        return false;
    if (!fraction_part(&text, &ms) || !offset_part(&text, &offset))
        return false;
    *ret_ms = day * DAY_MS + h * HOUR_MS + mi * MINUTE_MS + sec * SECOND_MS + ms - offset * MINUTE_MS;
    return true;
}

/* One opened ICU calendar a zone and thread: opening costs some 10 us, asking one. So what it answered is kept with the time
 * from one change of the clocks to the next, in which it holds. */
#define ZONES 8
#define SPANS 4 /* summer and winter of this year and the last */
struct zone_span {
    int64_t from_ms, to_ms; /* [from, to); none: from > to */
    int offset_minutes;
};

struct zone_slot {
    char name[48];
    size_t name_bytes;
    UCalendar *cal;
    struct zone_span spans[SPANS];
    unsigned next; /* to be replaced */
};

struct zone_cache {
    struct zone_slot slot[ZONES];
    unsigned next;
};
static _Thread_local struct zone_cache *zones; /* freed by the key's destructor when its thread ends */
static pthread_key_t zones_key;

static void zones_free(void *cache)
{
    struct zone_cache *z = cache;
    for (size_t i = 0; i < ZONES; i++) {
        if (z->slot[i].cal != NULL)
            ucal_close(z->slot[i].cal);
    }
    free(z);
}

static void make_zones_key(void)
{
    if (pthread_key_create(&zones_key, zones_free) != 0)
        fatal("no thread key left");
}

static struct zone_cache *zone_cache(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    if (zones == NULL) {
        pthread_once(&once, make_zones_key);
        zones = xcalloc(1, sizeof(*zones));
        pthread_setspecific(zones_key, zones);
    }
    return zones;
}

static UCalendar *open_calendar(struct str zone)
{
    UChar id[64];
    UErrorCode e = U_ZERO_ERROR;
    int32_t n = 0;
    u_strFromUTF8(id, COUNT(id), &n, zone.p, (int32_t)zone.n, &e);
    if (U_FAILURE(e))
        return NULL;
    UCalendar *c = ucal_open(id, n, "en", UCAL_GREGORIAN, &e);
    return U_FAILURE(e) ? NULL : c;
}

static struct zone_slot *zone_slot(struct str zone)
{
    struct zone_cache *cache = zone_cache();
    for (unsigned i = 0; i < ZONES; i++) {
        const struct zone_slot *z = &cache->slot[i];
        if (z->cal != NULL && str_eq(zone, (struct str){z->name, z->name_bytes}))
            return &cache->slot[i];
    }
    if (zone.n == 0 || zone.n >= sizeof(cache->slot[0].name))
        return NULL;
    UCalendar *cal = open_calendar(zone);
    if (cal == NULL)
        return NULL;
    struct zone_slot *z = &cache->slot[cache->next++ % ZONES];
    if (z->cal != NULL)
        ucal_close(z->cal);
    *z = (struct zone_slot){.cal = cal, .name_bytes = zone.n};
    memcpy(z->name, zone.p, zone.n);
    for (size_t i = 0; i < SPANS; i++)
        z->spans[i].from_ms = 1;
    return z;
}

/** The change of the clocks that @p type names, seen from the calendar's instant; @p otherwise when there is none. */
static int64_t change_ms(const struct zone_slot *z, UTimeZoneTransitionType type, int64_t otherwise, UErrorCode *e)
{
    UDate at;
    return ucal_getTimeZoneTransitionDate(z->cal, type, &at, e) ? (int64_t)at : otherwise;
}

static bool ask_zone(const struct zone_slot *z, int64_t at_ms, struct zone_span *ret)
{
    UErrorCode e = U_ZERO_ERROR;
    ucal_setMillis(z->cal, (double)at_ms, &e);
    int32_t off = ucal_get(z->cal, UCAL_ZONE_OFFSET, &e) + ucal_get(z->cal, UCAL_DST_OFFSET, &e);
    struct zone_span span = {
        .from_ms = change_ms(z, UCAL_TZ_TRANSITION_PREVIOUS_INCLUSIVE, INT64_MIN, &e),
        .to_ms = change_ms(z, UCAL_TZ_TRANSITION_NEXT, INT64_MAX, &e),
        .offset_minutes = off / 60000,
    };
    if (U_FAILURE(e))
        return false;
    *ret = span;
    return true;
}

static int zone_offset(int64_t at_ms, struct str zone)
{
    struct zone_slot *z = zone_slot(zone);
    if (z == NULL)
        return 0;
    for (size_t i = 0; i < SPANS; i++)
        if (at_ms >= z->spans[i].from_ms && at_ms < z->spans[i].to_ms)
            return z->spans[i].offset_minutes;
    struct zone_span *span = &z->spans[z->next++ % SPANS];
    return ask_zone(z, at_ms, span) ? span->offset_minutes : 0;
}

struct local_time time_local(int64_t at_ms, struct str zone)
{
    return fields(at_ms, zone_offset(at_ms, zone));
}

bool time_zone_known(struct str zone)
{
    if (zone_slot(zone) == NULL)
        return false;
    /* ICU answers "unknown" with GMT: accept only names that it lists. */
    UErrorCode e = U_ZERO_ERROR;
    UEnumeration *all = ucal_openTimeZones(&e);
    bool found = false;
    const char *name;
    int32_t n;
    while (!found && U_SUCCESS(e) && (name = uenum_next(all, &n, &e)) != NULL)
        found = str_eq(zone, (struct str){name, (size_t)n});
    uenum_close(all);
    return found;
}

int64_t time_from_local(const struct local_time *t, struct str zone)
{
    int64_t wall = days_from_civil(t->year, t->month, t->day) * DAY_MS + t->hour * HOUR_MS + t->minute * MINUTE_MS +
                   t->second * SECOND_MS;
    /* Two rounds: the offset at the guess, then at the corrected guess. */
    int64_t at = wall - zone_offset(wall, zone) * MINUTE_MS;
    return wall - zone_offset(at, zone) * MINUTE_MS;
}

int64_t time_day_start(int64_t at_ms, struct str zone)
{
    struct local_time t = time_local(at_ms, zone);
    t.hour = t.minute = t.second = 0;
    return time_from_local(&t, zone);
}

bool time_duration(struct str text, int64_t *ret_ms)
{
    static const struct {
        char unit;
        int64_t ms;
    } units[] = {{'s', SECOND_MS}, {'m', MINUTE_MS}, {'h', HOUR_MS}, {'d', DAY_MS}};
    int64_t v;
    if (text.n < 2 || !str_int(str_sub(text, 0, text.n - 1), &v) || v < 0 || v > 1000000)
        return false;
    for (size_t i = 0; i < COUNT(units); i++) {
        if (units[i].unit == text.p[text.n - 1]) {
            *ret_ms = v * units[i].ms;
            return true;
        }
    }
    return false;
}
