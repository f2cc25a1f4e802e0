/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Demo data.
 *
 * How          Each pack file is read as JSON, its relative times are turned into RFC 3339 on the shop's clock, and the rows
 *              are given as a file in memory to import_run(), so that the demo proves the import at every start.
 */
#include "app/demo_data.h"

#include <stdio.h>
#include <string.h>

#include "account/session.h"
#include "account/shop.h"
#include "app/demo_deeds.h"
#include "app/import_run.h"
#include "base/asset.h"
#include "base/time.h"
#include "trade/order_store.h"
#include "desk/canned_service.h"

#define DEMO_STALE_MS (6 * HOUR_MS)

/* ---- times ---------------------------------------------------------------------------------------------------------- */

/** "1d16h57m" as ms; each unit at most once, in this order. */
static bool read_span(struct str text, int64_t *ret_ms)
{
    static const struct {
        char letter;
        int64_t ms;
    } units[] = {{'d', DAY_MS}, {'h', HOUR_MS}, {'m', MINUTE_MS}};
    int64_t sum = 0;
    size_t unit = 0;
    if (text.n == 0)
        return false;
    while (text.n > 0) {
        size_t digits = 0;
        int64_t number;
        while (digits < text.n && text.p[digits] >= '0' && text.p[digits] <= '9')
            digits++;
        if (digits == 0 || digits > 4 || digits == text.n || !str_int(str_sub(text, 0, digits), &number))
            return false;
        while (unit < COUNT(units) && units[unit].letter != text.p[digits])
            unit++;
        if (unit == COUNT(units))
            return false;
        sum += number * units[unit++].ms;
        text = str_sub(text, digits + 1, text.n);
    }
    *ret_ms = sum;
    return true;
}

/** "14:05" as hour and minute. */
static bool read_clock(struct str text, int64_t *ret_hour, int64_t *ret_minute)
{
    return text.n == 5 && text.p[2] == ':' && str_int(str_sub(text, 0, 2), ret_hour) &&
           str_int(str_sub(text, 3, 2), ret_minute) && *ret_hour >= 0 && *ret_hour < 24 && *ret_minute >= 0 &&
           *ret_minute < 60;
}

bool demo_time(struct str text, int64_t at_ms, struct str zone, int64_t *ret_ms)
{
    struct str span, clock = text;
    int64_t ms, hour, minute;
    bool back = str_starts(text, STR("@-"));
    if (!back && !str_starts(text, STR("@+")))
        return false;
    clock = str_sub(text, 2, text.n);
    if (!str_cut(&clock, ' ', &span) || !read_span(span, &ms))
        return false;
    if (back)
        ms = -ms;
    if (clock.p == NULL) {
        *ret_ms = at_ms + ms;
        return true;
    }
    if (!read_clock(clock, &hour, &minute) || ms % DAY_MS != 0)
        return false;
    /* noon of the day meant, then the wanted time of it: days of 23 and 25 hours included */
    struct local_time day = time_local(time_day_start(at_ms, zone) + 12 * HOUR_MS + ms, zone);
    day.hour = (int)hour;
    day.minute = (int)minute;
    day.second = 0;
    *ret_ms = time_from_local(&day, zone);
    return true;
}

/** Now and the clock that times are written by. */
struct clock {
    int64_t at_ms;
    struct str zone;
};

/** Turns every relative time inside @p j; gives the new value, or NULL when it stays. */
static json_t *resolved(const json_t *j, const struct clock *c)
{
    int64_t ms;
    char text[TIME_TEXT];
    if (!json_is_string(j) || !demo_time(json_text(j), c->at_ms, c->zone, &ms))
        return NULL;
    return json_string(time_rfc3339(ms, time_local(ms, c->zone).offset_minutes, text));
}

static void resolve(json_t *j, const struct clock *c)
{
    for (size_t i = 0; i < json_array_size(j); i++) {
        json_t *one = resolved(json_array_get(j, i), c);
        if (one != NULL)
            json_array_set_new(j, i, one);
        else
            resolve(json_array_get(j, i), c);
    }
    for (void *it = json_object_iter(j); it != NULL; it = json_object_iter_next(j, it)) {
        json_t *one = resolved(json_object_iter_value(it), c);
        if (one != NULL)
            json_object_iter_set_new(j, it, one);
        else
            resolve(json_object_iter_value(it), c);
    }
}

/* ---- loading -------------------------------------------------------------------------------------------------------- */

/** One language's shop. */
struct demo {
    struct store *store;
    struct arena arena;
    const char *language;
    struct clock clock;
    struct shop shop;
    int64_t loaded_ms; /* 0: never */
    char *error;
};

/** The pack file with its times resolved, as JSONL in the arena. False with a sentence. */
static bool read_pack(struct demo *d, const char *kind, struct str *ret)
{
    struct str name = str_fmt(&d->arena, "packs/%s/demo/%s.jsonl", d->language, kind), line;
    struct str rest = asset_find(name);
    struct buf b = {.arena = &d->arena};
    while (str_cut(&rest, '\n', &line)) {
        _cleanup_(json_donep) json_t *row = NULL;
        if (str_trim(line).n == 0)
            continue;
        row = json_read(line, NULL);
        if (row == NULL) {
            snprintf(d->error, 256, "%.*s holds a line that is no JSON", STR_ARG(name));
            return false;
        }
        resolve(row, &d->clock);
        if (d->loaded_ms != 0 && strcmp(kind, "orders") == 0 && demo_deeds_about(d->store, d->shop.tenant_id, json_str(row, "id")))
            continue;
        buf_str(&b, json_dump(&d->arena, row));
        buf_char(&b, '\n');
    }
    *ret = buf_view(&b);
    return true;
}

/** Imports one pack file; one that does not exist is none. */
static bool load(struct demo *d, const char *kind)
{
    struct str text;
    if (!read_pack(d, kind, &text))
        return false;
    if (text.n == 0)
        return true;
    FILE *file = fmemopen((void *)(uintptr_t)text.p, text.n, "rb"); /* only read */
    if (file == NULL)
        fatal("no memory for the demo data");
    struct import_options how = {.skip_bad = false};
    struct import_report report;
    struct import_problem problem = {.text = ""};
    enum import_outcome outcome =
        import_run(d->store, import_kind_find(str_from(kind)), file, "demo.jsonl", &how, &report, &problem);
    fclose(file);
    if (outcome == IMPORT_UNDONE && report.refusals.n > 0)
        snprintf(d->error, 256, "packs/%s/demo/%s.jsonl, line %lld: %.150s", d->language, kind,
                 (long long)report.refusals.v[0].line, str_c(&report.arena, report.refusals.v[0].text));
    else if (outcome != IMPORT_DONE)
        snprintf(d->error, 256, "the demo's %s could not be stored", kind);
    import_report_done(&report);
    return outcome == IMPORT_DONE;
}

static int read_state(struct tx *tx, void *arg)
{
    struct demo *d = arg;
    struct str rest = asset_find(str_fmt(&d->arena, "packs/%s/demo/shops.jsonl", d->language)), line;
    _cleanup_(json_donep) json_t *row = str_cut(&rest, '\n', &line) ? json_read(line, NULL) : NULL;
    d->clock.zone = str_dup(&d->arena, json_str(row, "time_zone"));
    enum account_answer answer = shop_find(tx, &d->arena, json_str(row, "id"), &d->shop);
    if (answer == ACCOUNT_OK)
        return order_oldest_change(tx, d->shop.tenant_id, &d->loaded_ms);
    d->shop.shop_id = str_dup(&d->arena, json_str(row, "id"));
    return answer == ACCOUNT_NOT_FOUND ? STORE_OK : STORE_FAULT;
}

/** What is loaded at the first start only, and what again when its times have gone by. */
static const struct {
    const char *kind;
    bool goes_by;
} parts[] = {{"shops", false},    {"products", false}, {"policies", false}, {"utterances", false},
             {"people", false},   {"knowledge", true}, {"orders", true}};

static bool load_language(struct demo *d)
{
    if (asset_find(str_fmt(&d->arena, "packs/%s/demo/shops.jsonl", d->language)).p == NULL)
        return true;
    if (store_read(d->store, read_state, d) != STORE_OK) {
        snprintf(d->error, 256, "the stored data could not be read");
        return false;
    }
    bool complete = d->loaded_ms != 0; /* orders are the last part: a start that was cut short begins again */
    bool stale = d->clock.at_ms - d->loaded_ms > DEMO_STALE_MS || d->clock.at_ms < d->loaded_ms;
    for (size_t i = 0; i < COUNT(parts); i++)
        if ((!complete || (parts[i].goes_by && stale)) && !load(d, parts[i].kind))
            return false;
    struct str deeds;
    if (shop_named(d->store, &d->arena, d->shop.shop_id, &d->shop) == ACCOUNT_OK && read_pack(d, "deeds", &deeds) &&
        !demo_deeds_do(d->store, &d->shop, deeds, d->error))
        return false;
    /* Both change nothing where they were done before: so a start that was cut short is mended by the next one. */
    if (shop_named(d->store, &d->arena, d->shop.shop_id, &d->shop) != ACCOUNT_OK ||
        account_demo_passwords(d->store, d->shop.shop_id) != ACCOUNT_OK ||
        canned_defaults(d->store, d->shop.tenant_id, d->shop.language, d->clock.at_ms) != CANNED_OK) {
        snprintf(d->error, 256, "the demo's sign-ins could not be stored");
        return false;
    }
    return true;
}

bool demo_data_load(struct store *store, int64_t at_ms, char ret_error[256])
{
    static const char *const languages[] = {"zh", "en"};
    bool good = true;
    for (size_t i = 0; i < COUNT(languages) && good; i++) {
        struct demo d = {
            .store = store, .language = languages[i], .clock = {.at_ms = at_ms}, .error = ret_error};
        good = load_language(&d);
        arena_done(&d.arena);
    }
    return good;
}
