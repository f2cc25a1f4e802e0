/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entities.
 *
 * How          At each place the rules below are tried in order and the first that matches takes the place; the scan
 *              goes on behind it. A rule sees the whole folded text, so it may look back ("身高" before 165).
 * Not goals    Calendar dates: what day today is belongs to the caller, so a day is a range relative to today.
 */
#include "nlu/entity.h"

#include <stdlib.h>

#include "nlu/measure.h"
#include "nlu/number.h"

static const char *const sizes[] = {"xs", "s", "m", "l", "xl", "xxl", "xxxl", "xxxxl", "2xl", "3xl", "4xl", "5xl", "6xl"};

static const char *const couriers[] = {"sf", "yt", "zt", "zto", "sto", "jd", "jt", "yd", "ems", "dpk", "db", "ups", "jdvc"};

/* The run of letters and digits at a place: "e1001-1", "13800001234". */
struct code {
    size_t letters, digits, end;
};

static struct code code_at(const struct folded *f, size_t at)
{
    struct code c = {0};
    size_t i = at;
    for (; i < f->n && scan_is_letter(f->cp[i]); i++)
        c.letters++;
    for (; i < f->n && scan_is_digit(f->cp[i]); i++)
        c.digits++;
    c.end = i;
    return c;
}

static bool is_courier(const struct folded *f, size_t at, size_t letters)
{
    for (size_t i = 0; i < COUNT(couriers); i++) {
        const char *name = couriers[i];
        size_t k = 0;
        while (k < letters && name[k] != 0 && f->cp[at + k] == (uint32_t)(unsigned char)name[k])
            k++;
        if (k == letters && name[k] == 0)
            return true;
    }
    return false;
}

/* Letters, then digits: an order's id (E1001, N20001) or, with more of both, a parcel's number (SF1234567890123). */
static size_t take_code(struct scan *s, size_t at)
{
    static const char *const parcel_words[] = {"快递单", "运单", "物流单", "快递", "tracking", "tracking number", NULL};
    const struct folded *f = &s->f;
    struct code c = code_at(f, at);
    if (c.letters == 0 || c.letters > 4 || c.digits < 3 || (c.end < f->n && scan_is_letter(f->cp[c.end])))
        return 0;
    bool parcel = (c.letters >= 2 && c.digits >= 8) || (is_courier(f, at, c.letters) && c.digits >= 4) ||
                  scan_any_before(f, at, parcel_words);
    if (!parcel && (c.letters > 2 || c.digits < (c.letters == 1 ? 3 : 5)))
        return 0;
    size_t end = c.end;
    while (end + 1 < f->n && f->cp[end] == '-' && scan_is_digit(f->cp[end + 1]))
        for (end++; end < f->n && scan_is_digit(f->cp[end]); end++)
            ;
    scan_add_code(s, parcel ? ENTITY_TRACKING_NO : ENTITY_ORDER_NO, at, end);
    return end;
}

/* Digits alone: their number and the word before them tell. */
static size_t take_digits(struct scan *s, size_t at)
{
    static const char *const order_words[] = {"订单", "order", "order number", "order no", "单子", NULL};
    static const char *const parcel_words[] = {"快递单", "运单", "物流单", "快递", "tracking", "tracking number", NULL};
    const struct folded *f = &s->f;
    struct code c = code_at(f, at);
    if (c.letters > 0 || c.digits < 4 || (c.end < f->n && scan_is_letter(f->cp[c.end])) ||
        (c.end + 1 < f->n && f->cp[c.end] == '.' && scan_is_digit(f->cp[c.end + 1])))
        return 0;
    bool of_order = scan_any_before(f, at, order_words), of_parcel = scan_any_before(f, at, parcel_words);
    bool mobile = c.digits == 11 && f->cp[at] == '1' && f->cp[at + 1] >= '3';
    if (mobile && !of_order && !of_parcel)
        scan_add_code(s, ENTITY_PHONE, at, c.end);
    else if (of_parcel && c.digits >= 8)
        scan_add_code(s, ENTITY_TRACKING_NO, at, c.end);
    else if (of_order || c.digits >= 15)
        scan_add_code(s, ENTITY_ORDER_NO, at, c.end);
    else if (c.digits >= 12)
        scan_add_code(s, ENTITY_TRACKING_NO, at, c.end);
    else if (c.digits >= 8)
        scan_add_code(s, ENTITY_ORDER_NO, at, c.end);
    else
        return 0;
    return c.end;
}

/* 42码, M码, XL, size 8. A letter alone counts only where no apostrophe or letter touches it. */
static size_t take_size(struct scan *s, size_t at)
{
    static const char *const size_words[] = {"size", "尺码", "穿", NULL};
    const struct folded *f = &s->f;
    struct number n;
    if (number_at(f, at, &n) && !n.is_numeral && n.value >= 1 && n.value <= 60) {
        size_t behind = scan_word(f, scan_spaces(f, n.end), "码");
        bool joined = n.end < f->n && normalise_class(f->cp[n.end]) == CHAR_WORD;
        if (behind != 0 || (scan_any_before(f, at, size_words) && !joined)) {
            scan_add_code(s, ENTITY_SIZE, at, n.end);
            return behind != 0 ? behind : n.end;
        }
    }
    if (at > 0 && (f->cp[at - 1] == '\'' || f->cp[at - 1] == 0x2019 || f->cp[at - 1] == '-'))
        return 0;
    for (size_t i = COUNT(sizes); i-- > 0;) {
        size_t end = scan_word(f, at, sizes[i]);
        if (end == 0 || (end < f->n && (scan_is_digit(f->cp[end]) || f->cp[end] == '\'')))
            continue;
        scan_add_code(s, ENTITY_SIZE, at, end);
        return end;
    }
    return 0;
}

/* 三天前, 3 days ago, 两周前, 五天后. */
static size_t take_days_ago(struct scan *s, size_t at)
{
    static const struct {
        const char *unit, *tail;
        int days;
    } spans[] = {
        {"天前", "", -1},        {"天之前", "", -1},      {"天后", "", 1},         {"周前", "", -7},
        {"个星期前", "", -7},    {"个月前", "", -30},     {"days", "ago", -1},     {"day", "ago", -1},
        {"weeks", "ago", -7},    {"week", "ago", -7},     {"months", "ago", -30},  {"month", "ago", -30},
    };
    const struct folded *f = &s->f;
    struct number n;
    if (!number_at(f, at, &n) || n.value > 400)
        return 0;
    for (size_t i = 0; i < COUNT(spans); i++) {
        size_t end = scan_word(f, scan_spaces(f, n.end), spans[i].unit);
        if (end != 0 && spans[i].tail[0] != 0)
            end = scan_word(f, scan_spaces(f, end), spans[i].tail);
        if (end == 0)
            continue;
        struct entity *e = scan_add(s, ENTITY_DATE, at, end);
        e->from_day = e->to_day = (int)n.value * spans[i].days;
        e->value = str_fmt(s->arena, "%d", e->from_day);
        return end;
    }
    return 0;
}

static void add_days(struct scan *s, size_t at, size_t end, int from, int to)
{
    struct entity *e = scan_add(s, ENTITY_DATE, at, end);
    e->from_day = from;
    e->to_day = to;
    e->value = from == to ? str_fmt(s->arena, "%d", from) : str_fmt(s->arena, "%d..%d", from, to);
}

/* 上周五, 这个星期三, 周日: a range, because the day of today is not known here. */
static size_t take_weekday(struct scan *s, size_t at)
{
    static const struct {
        const char *word;
        int from, to; /* of the week's day 0 (Sunday before Monday), seen from Sunday and from Monday */
    } weeks[] = {{"上个", -14, -8}, {"上", -14, -8}, {"这个", -7, -1}, {"这", -7, -1},
                 {"本", -7, -1},    {"下个", 0, 6},  {"下", 0, 6},     {"", -7, -1}};
    static const char *const names[] = {"星期", "礼拜", "周"};
    const struct folded *f = &s->f;
    for (size_t w = 0; w < COUNT(weeks); w++) {
        size_t behind = weeks[w].word[0] == 0 ? at : scan_word(f, at, weeks[w].word);
        if (behind == 0 && weeks[w].word[0] != 0)
            continue;
        for (size_t i = 0; i < COUNT(names); i++) {
            size_t end = scan_word(f, behind, names[i]);
            if (end == 0 || end >= f->n)
                continue;
            int day = f->cp[end] == U'日' || f->cp[end] == U'天' ? 7 : number_digit(f->cp[end]);
            if (day < 1 || day > 7)
                continue;
            add_days(s, at, end + 1, weeks[w].from + day, weeks[w].to + day);
            return end + 1;
        }
    }
    return 0;
}

/* Colours, regions and words for days come from the language's list. */
static size_t take_word(struct scan *s, size_t at)
{
    static const struct {
        const char *name;
        enum entity_kind kind;
    } kinds[] = {{"colour", ENTITY_COLOUR}, {"region", ENTITY_REGION}, {"date", ENTITY_DATE}};
    size_t end = 0;
    const struct lexicon_entry *e = s->words != NULL ? lexicon_at(s->words, &s->f, at, &end) : NULL;
    for (size_t i = 0; e != NULL && i < COUNT(kinds); i++) {
        if (!str_eq_c(e->kind, kinds[i].name))
            continue;
        if (kinds[i].kind == ENTITY_DATE) {
            size_t dots = str_find(e->value, STR(".."), 0);
            const char *to = dots != SIZE_MAX ? str_c(s->arena, str_sub(e->value, dots + 2, SIZE_MAX)) : NULL;
            add_days(s, at, end, (int)e->number, to != NULL ? (int)strtol(to, NULL, 10) : (int)e->number);
        } else {
            scan_add(s, kinds[i].kind, at, end)->value = e->value.n > 0 ? e->value : e->word;
        }
        return end;
    }
    return e != NULL ? end : 0; /* a word listed under another kind is there to be stepped over */
}

static take_fn *const rules[] = {
    take_weekday,  take_word,     measure_body, measure_metres, measure_feet, measure_named,
    measure_price, take_days_ago, measure_unit, take_size,      take_code,    take_digits,
};

size_t entity_find(struct arena *a, struct str text, const struct lexicon *words, bool jin, struct entity **ret)
{
    struct scan s = {.arena = a, .text = text, .words = words, .jin = jin};
    normalise_fold(a, text, &s.f);
    for (size_t at = 0; at < s.f.n;) {
        size_t end = 0;
        bool inside = at > 0 && s.f.cp[at] < 0x80 && s.f.cp[at - 1] < 0x80 &&
                      normalise_class(s.f.cp[at]) == CHAR_WORD && normalise_class(s.f.cp[at - 1]) == CHAR_WORD;
        for (size_t i = 0; i < COUNT(rules) && end == 0 && !inside; i++)
            end = rules[i](&s, at);
        at = end > at ? end : at + 1;
    }
    *ret = s.found.v;
    return s.found.n;
}

const char *entity_kind_name(enum entity_kind k)
{
    switch (k) {
    case ENTITY_ORDER_NO: return "order_no";
    case ENTITY_TRACKING_NO: return "tracking_no";
    case ENTITY_PHONE: return "phone";
    case ENTITY_MONEY: return "money";
    case ENTITY_QUANTITY: return "quantity";
    case ENTITY_HEIGHT: return "height";
    case ENTITY_WEIGHT: return "weight";
    case ENTITY_FOOT: return "foot";
    case ENTITY_SIZE: return "size";
    case ENTITY_COLOUR: return "colour";
    case ENTITY_DATE: return "date";
    case ENTITY_REGION: return "region";
    }
    return "unknown";
}
