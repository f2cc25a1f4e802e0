/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Import of shops: one row, one tenant.
 *
 * A shop keeps its tenant id and its secret whatever is imported later; what a row leaves out is empty again, so that a
 * file says all that is known.
 */
#include "account/import.h"

#include "account/shop.h"
#include "base/id.h"
#include "base/seal.h"
#include "base/time.h"

enum {
    FAQ_MOST = 12,
    QUICK_MOST = 12,
    GREETING_MOST = 500,
};

static const struct import_field fields[] = {
    {.name = "id", .type = IMPORT_TEXT, .required = true, .min = 1, .max = 64},
    {.name = "name", .type = IMPORT_TEXT, .required = true, .min = 1},
    {.name = "language", .type = IMPORT_TEXT, .required = true},
    {.name = "currency", .type = IMPORT_TEXT, .required = true},
    {.name = "time_zone", .type = IMPORT_TEXT, .required = true},
    {.name = "self_operated", .type = IMPORT_BOOL},
    {.name = "hours", .type = IMPORT_ANY},
    {.name = "greeting", .type = IMPORT_TEXT, .max = GREETING_MOST},
    {.name = "faq", .type = IMPORT_TEXTS, .max = 100},
    {.name = "quick", .type = IMPORT_ARRAY},
    {.name = "ship_promise", .type = IMPORT_TEXT, .max = 16},
    {.name = "suggest", .type = IMPORT_BOOL},
    {.name = "theme", .type = IMPORT_TEXT, .max = 7},
    {.name = "reject_rate", .type = IMPORT_ANY},
    {.name = "languages", .type = IMPORT_TEXTS, .max = 3},
    {0},
};

static bool all_in(struct str s, char from, char to, size_t least, size_t most)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < from || s.p[i] > to)
            return false;
    }
    return s.n >= least && s.n <= most;
}

static bool is_colour(struct str s)
{
    if (s.n != 7 || s.p[0] != '#')
        return false;
    for (size_t i = 1; i < s.n; i++) {
        char c = s.p[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F'))
            return false;
    }
    return true;
}

static bool quick_good(const json_t *quick, struct import_problem *problem)
{
    static const struct import_field choice[] = {
        {.name = "label", .type = IMPORT_TEXT, .required = true, .min = 1, .max = 30},
        {.name = "intent", .type = IMPORT_TEXT, .max = 40},
        {.name = "action", .type = IMPORT_CHOICE, .choices = "human|rate"},
        {0},
    };
    if (json_array_size(quick) > QUICK_MOST) {
        import_refuse(problem, "\"quick\" has more than %d entries", QUICK_MOST);
        return false;
    }
    for (size_t i = 0; i < json_array_size(quick); i++) {
        if (!import_check(json_array_get(quick, i), choice, problem))
            return false;
    }
    return true;
}

static enum row_answer check(const json_t *row, struct import_problem *problem)
{
    struct hours hours;
    const char *why = "";
    struct str zone = json_str(row, "time_zone");
    struct str theme = json_str(row, "theme");
    if (!all_in(json_str(row, "language"), 'a', 'z', 2, 3))
        return import_refuse(problem, "\"language\" must be ISO 639-1, as zh or en");
    if (!all_in(json_str(row, "currency"), 'A', 'Z', 3, 3))
        return import_refuse(problem, "\"currency\" must be ISO 4217, as CNY");
    if (!time_zone_known(zone))
        return import_refuse(problem, "no time zone \"%.*s\"", STR_ARG(zone));
    if (!hours_parse(json_object_get(row, "hours"), &hours, &why))
        return import_refuse(problem, "%s", why);
    if (theme.n > 0 && !is_colour(theme))
        return import_refuse(problem, "\"theme\" must be a colour, as #d4380d");
    if (json_array_size(json_object_get(row, "faq")) > FAQ_MOST)
        return import_refuse(problem, "\"faq\" has more than %d entries", FAQ_MOST);
    if (json_array_size(json_object_get(row, "languages")) > SHOP_LANGUAGES)
        return import_refuse(problem, "\"languages\" has more than %d entries", SHOP_LANGUAGES);
    const json_t *rate = json_object_get(row, "reject_rate");
    if (rate != NULL && (!json_is_number(rate) || json_number_value(rate) < 0 || json_number_value(rate) > 0.95))
        return import_refuse(problem, "\"reject_rate\" must be a number from 0 to 0.95");
    return quick_good(json_object_get(row, "quick"), problem) ? ROW_SAME : ROW_REFUSED;
}

/* The members that are kept as settings, always in this order, so that equal settings are equal text. */
static struct str settings_of(struct arena *a, const json_t *row)
{
    static const char *const keys[] = {"hours", "greeting", "faq", "quick", "ship_promise", "suggest", "theme", "reject_rate", "languages"};
    struct buf b = {.arena = a};
    struct json_out o = json_to(&b);
    jo_open(&o);
    for (size_t i = 0; i < COUNT(keys); i++) {
        const json_t *value = json_object_get(row, keys[i]);
        if (value == NULL || json_is_null(value))
            continue;
        jo_key(&o, keys[i]);
        jo_json(&o, value);
    }
    jo_close(&o);
    return buf_view(&b);
}

static bool same_shop(const struct shop *a, const struct shop *b)
{
    return str_eq(a->name, b->name) && str_eq(a->language, b->language) && str_eq(a->currency, b->currency) &&
           str_eq(a->time_zone, b->time_zone) && a->self_operated == b->self_operated &&
           str_eq(a->settings, b->settings);
}

static enum row_answer store_new(struct tx *tx, struct arena *a, struct shop *s, struct import_problem *problem)
{
    int64_t now_ms = clock_now_ms();
    struct str secret = seal_token(a);
    s->tenant_id = id_new(now_ms);
    if (shop_insert(tx, s, seal(a, s->tenant_id, "shop.secret", secret), now_ms) != ACCOUNT_OK)
        return ROW_FAULT;
    snprintf(problem->once, sizeof(problem->once), "secret for signing buyers of %.*s: %.*s",
             STR_ARG(str_clip(s->shop_id, 30)), STR_ARG(secret));
    return ROW_ADDED;
}

static enum row_answer store_shop(struct tx *tx, struct arena *a, const json_t *row, struct import_problem *problem)
{
    if (check(row, problem) == ROW_REFUSED)
        return ROW_REFUSED;
    struct shop before = {0};
    enum account_answer answer = shop_find(tx, a, json_str(row, "id"), &before);
    if (answer == ACCOUNT_FAULT)
        return ROW_FAULT;
    struct shop s = before;
    s.shop_id = json_str(row, "id");
    s.name = json_str(row, "name");
    s.language = json_str(row, "language");
    s.currency = json_str(row, "currency");
    s.time_zone = json_str(row, "time_zone");
    s.self_operated = json_flag(row, "self_operated", false);
    s.settings = settings_of(a, row);
    shop_cache_forget();
    if (answer == ACCOUNT_NOT_FOUND)
        return store_new(tx, a, &s, problem);
    if (same_shop(&before, &s))
        return ROW_SAME;
    return shop_update(tx, &s) == ACCOUNT_OK ? ROW_CHANGED : ROW_FAULT;
}

const struct import_kind shop_import = {
    .name = "shops",
    .fields = fields,
    .key = {"id"},
    .store_row = store_shop,
};
