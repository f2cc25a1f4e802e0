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
#include <string.h>

#include "nlu/features.h"
#include "nlu/number.h"

struct scan {
    struct arena *arena;
    struct str text;
    struct folded f;
    const struct lexicon *words;
    bool jin;
    ARRAY(struct entity) found;
};

/* A unit behind a number and what one of it is worth. */
struct unit {
    const char *word;
    enum entity_kind kind;
    double worth;
    double least, most; /* of the entity's own unit; outside it is something else */
};

/* Longer words before their own beginnings. */
static const struct unit units[] = {
    {"公斤",        ENTITY_WEIGHT,   1000,  1000, 400000},
    {"千克",        ENTITY_WEIGHT,   1000,  1000, 400000},
    {"斤",          ENTITY_WEIGHT,   500,   500,  400000},
    {"kgs",         ENTITY_WEIGHT,   1000,  500,  400000},
    {"kg",          ENTITY_WEIGHT,   1000,  500,  400000},
    {"kilos",       ENTITY_WEIGHT,   1000,  500,  400000},
    {"lbs",         ENTITY_WEIGHT,   453.6, 400,  400000},
    {"lb",          ENTITY_WEIGHT,   453.6, 400,  400000},
    {"pounds",      ENTITY_WEIGHT,   453.6, 400,  400000},
    {"厘米",        ENTITY_HEIGHT,   1,     60,   230   },
    {"公分",        ENTITY_HEIGHT,   1,     60,   230   },
    {"cm",          ENTITY_HEIGHT,   1,     60,   230   },
    {"meters",      ENTITY_HEIGHT,   100,   60,   230   },
    {"metres",      ENTITY_HEIGHT,   100,   60,   230   },
    {"元",          ENTITY_MONEY,    100,   0,    1e12  },
    {"块钱",        ENTITY_MONEY,    100,   0,    1e12  },
    {"块",          ENTITY_MONEY,    100,   0,    1e12  },
    {"rmb",         ENTITY_MONEY,    100,   0,    1e12  },
    {"yuan",        ENTITY_MONEY,    100,   0,    1e12  },
    {"dollars",     ENTITY_MONEY,    100,   0,    1e12  },
    {"euros",       ENTITY_MONEY,    100,   0,    1e12  },
    {"usd",         ENTITY_MONEY,    100,   0,    1e12  },
    {"eur",         ENTITY_MONEY,    100,   0,    1e12  },
    {"件",          ENTITY_QUANTITY, 1,     1,    100000},
    {"个月",        ENTITY_QUANTITY, 1,     1,    0     }, /* a span of time: no quantity */
    {"个",          ENTITY_QUANTITY, 1,     1,    100000},
    {"双",          ENTITY_QUANTITY, 1,     1,    100000},
    {"条",          ENTITY_QUANTITY, 1,     1,    100000},
    {"盒",          ENTITY_QUANTITY, 1,     1,    100000},
    {"瓶",          ENTITY_QUANTITY, 1,     1,    100000},
    {"套",          ENTITY_QUANTITY, 1,     1,    100000},
    {"箱",          ENTITY_QUANTITY, 1,     1,    100000},
    {"包",          ENTITY_QUANTITY, 1,     1,    100000},
    {"台",          ENTITY_QUANTITY, 1,     1,    100000},
    {"pieces",      ENTITY_QUANTITY, 1,     1,    100000},
    {"pcs",         ENTITY_QUANTITY, 1,     1,    100000},
    {"pairs",       ENTITY_QUANTITY, 1,     1,    100000},
    {"boxes",       ENTITY_QUANTITY, 1,     1,    100000},
};

static const char *const sizes[] = {"xs", "s", "m", "l", "xl", "xxl", "xxxl", "xxxxl", "2xl", "3xl", "4xl", "5xl", "6xl"};

static const char *const couriers[] = {"sf", "yt", "zt", "zto", "sto", "jd", "jt", "yd", "ems", "dpk", "db", "ups", "jdvc"};

/* Does ASCII or UTF-8 @p word stand at @p at? @return behind it, 0 when not. */
static size_t word_at(const struct folded *f, size_t at, const char *word)
{
    const unsigned char *p = (const unsigned char *)word;
    while (*p != 0) {
        uint32_t c = *p++;
        if (c >= 0xE0) { /* our tables hold ASCII and three-byte Han only */
            c = (c & 0x0F) << 12 | (uint32_t)(p[0] & 0x3F) << 6 | (uint32_t)(p[1] & 0x3F);
            p += 2;
        }
        if (at >= f->n || f->cp[at++] != c)
            return 0;
    }
    bool letters = f->cp[at - 1] < 0x80 && normalise_class(f->cp[at - 1]) == CHAR_WORD;
    return letters && at < f->n && f->cp[at] >= 'a' && f->cp[at] <= 'z' ? 0 : at;
}

static bool word_before(const struct folded *f, size_t at, const char *word)
{
    size_t n = str_code_points(str_from(word));
    while (at > 0 && (f->cp[at - 1] == ' ' || f->cp[at - 1] == ':' || f->cp[at - 1] == '#' ||
                      f->cp[at - 1] == U'是' || f->cp[at - 1] == U'号'))
        at--;
    return at >= n && word_at(f, at - n, word) == at;
}

static bool any_word_before(const struct folded *f, size_t at, const char *const *words)
{
    for (; *words != NULL; words++)
        if (word_before(f, at, *words))
            return true;
    return false;
}

static size_t skip_spaces(const struct folded *f, size_t at)
{
    while (at < f->n && f->cp[at] == ' ')
        at++;
    return at;
}

static struct entity *add(struct scan *s, enum entity_kind kind, size_t from, size_t to)
{
    struct entity *e = array_push(s->arena, &s->found);
    e->kind = kind;
    e->text = str_sub(s->text, s->f.at[from], s->f.at[to] - s->f.at[from]);
    return e;
}

static void add_number(struct scan *s, enum entity_kind kind, size_t from, size_t to, double number)
{
    struct entity *e = add(s, kind, from, to);
    e->number = (int64_t)(number + 0.5);
    e->value = str_fmt(s->arena, "%lld", (long long)e->number);
}

/* As written, capitals. */
static void add_code(struct scan *s, enum entity_kind kind, size_t from, size_t to)
{
    struct entity *e = add(s, kind, from, to);
    char *value = arena_alloc(s->arena, to - from + 1);
    for (size_t i = from; i < to; i++) {
        char c = (char)s->f.cp[i];
        value[i - from] = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
    }
    e->value = (struct str){value, to - from};
}

static bool is_letter(uint32_t c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

/* The run of letters and digits at a place: "e1001-1", "13800001234". */
struct code {
    size_t letters, digits, end;
};

static struct code code_at(const struct folded *f, size_t at)
{
    struct code c = {0};
    size_t i = at;
    for (; i < f->n && is_letter(f->cp[i]); i++)
        c.letters++;
    for (; i < f->n && is_digit(f->cp[i]); i++)
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
    if (c.letters == 0 || c.letters > 4 || c.digits < 3 || (c.end < f->n && is_letter(f->cp[c.end])))
        return 0;
    bool parcel = (c.letters >= 2 && c.digits >= 8) || (is_courier(f, at, c.letters) && c.digits >= 4) ||
                  any_word_before(f, at, parcel_words);
    if (!parcel && (c.letters > 2 || c.digits < (c.letters == 1 ? 3 : 5)))
        return 0;
    size_t end = c.end;
    while (end + 1 < f->n && f->cp[end] == '-' && is_digit(f->cp[end + 1]))
        for (end++; end < f->n && is_digit(f->cp[end]); end++)
            ;
    add_code(s, parcel ? ENTITY_TRACKING_NO : ENTITY_ORDER_NO, at, end);
    return end;
}

/* Digits alone: their number and the word before them tell. */
static size_t take_digits(struct scan *s, size_t at)
{
    static const char *const order_words[] = {"订单", "order", "order number", "order no", "单子", NULL};
    static const char *const parcel_words[] = {"快递单", "运单", "物流单", "快递", "tracking", "tracking number", NULL};
    const struct folded *f = &s->f;
    struct code c = code_at(f, at);
    if (c.letters > 0 || c.digits < 4 || (c.end < f->n && is_letter(f->cp[c.end])) ||
        (c.end + 1 < f->n && f->cp[c.end] == '.' && is_digit(f->cp[c.end + 1])))
        return 0;
    bool of_order = any_word_before(f, at, order_words), of_parcel = any_word_before(f, at, parcel_words);
    bool mobile = c.digits == 11 && f->cp[at] == '1' && f->cp[at + 1] >= '3';
    if (mobile && !of_order && !of_parcel)
        add_code(s, ENTITY_PHONE, at, c.end);
    else if (of_parcel && c.digits >= 8)
        add_code(s, ENTITY_TRACKING_NO, at, c.end);
    else if (of_order || c.digits >= 15)
        add_code(s, ENTITY_ORDER_NO, at, c.end);
    else if (c.digits >= 12)
        add_code(s, ENTITY_TRACKING_NO, at, c.end);
    else if (c.digits >= 8)
        add_code(s, ENTITY_ORDER_NO, at, c.end);
    else
        return 0;
    return c.end;
}

/* 1米68, 1米7, 一米七, 1.68米, 1m68. */
static size_t take_metres(struct scan *s, size_t at)
{
    const struct folded *f = &s->f;
    struct number whole, part;
    if (!number_at(f, at, &whole))
        return 0;
    size_t end = skip_spaces(f, whole.end);
    if (end >= f->n || (f->cp[end] != U'米' && f->cp[end] != 'm') ||
        (f->cp[end] == 'm' && end + 1 < f->n && is_letter(f->cp[end + 1])))
        return 0;
    end++;
    double cm = whole.value * 100;
    if (whole.value <= 2 && end < f->n && number_at(f, end, &part) && part.value < 100) {
        bool tens = part.is_numeral ? part.value < 10 && part.end == end + 1 : part.digits == 1;
        cm += part.value * (tens ? 10 : 1);
        end = part.end;
    }
    if (cm < 60 || cm > 230)
        return 0;
    add_number(s, ENTITY_HEIGHT, at, end, cm);
    return end;
}

/* 5'7", 5 feet 7, 5ft 7in. */
static size_t take_feet(struct scan *s, size_t at)
{
    static const char *const marks[] = {"'", "feet", "foot", "ft"};
    const struct folded *f = &s->f;
    struct number feet, inches;
    if (!number_at(f, at, &feet) || feet.value < 3 || feet.value > 7)
        return 0;
    size_t mark = skip_spaces(f, feet.end), end = 0;
    for (size_t i = 0; i < COUNT(marks) && end == 0; i++)
        end = word_at(f, mark, marks[i]);
    if (end == 0)
        return 0;
    double total = feet.value * 12;
    if (number_at(f, skip_spaces(f, end), &inches) && inches.value < 12) {
        total += inches.value;
        end = inches.end;
    }
    add_number(s, ENTITY_HEIGHT, at, end, total * 2.54);
    return end;
}

static bool is_height_cm(double v)
{
    return v >= 140 && v <= 205;
}

/* A bare number behind a height: 斤 in Chinese unless it is too light for a grown person. */
static double bare_weight_grams(const struct scan *s, double v)
{
    if (s->jin)
        return v * (v < 75 ? 1000 : 500);
    return v * (v < 110 ? 1000 : 453.6);
}

/* "165 110", "165/110", "165,55kg", "165cm 体重110": height, then weight. */
static size_t take_body(struct scan *s, size_t at)
{
    static const char *const between[] = {"cm", "厘米", "公分", "体重", "高", "重", "weight", "and", "，", ",", "、",
                                          "/",  "-",    "*",    ".",    " "};
    static const char *const kilos[] = {"kg", "公斤", "千克"}, *const pounds[] = {"lbs", "lb", "pounds"};
    const struct folded *f = &s->f;
    struct number height, weight;
    if (!number_at(f, at, &height) || height.digits != 3 || !is_height_cm(height.value))
        return 0;
    size_t next = height.end, before;
    do {
        before = next;
        for (size_t i = 0; i < COUNT(between); i++) {
            size_t end = word_at(f, next, between[i]);
            next = end != 0 ? end : next;
        }
    } while (next != before);
    if (next == height.end || !number_at(f, next, &weight) || weight.is_numeral || weight.value < 35 ||
        weight.value > 300)
        return 0;

    size_t end = weight.end, unit = skip_spaces(f, end), behind = 0;
    double grams = bare_weight_grams(s, weight.value);
    for (size_t i = 0; i < COUNT(kilos) && behind == 0; i++)
        if ((behind = word_at(f, unit, kilos[i])) != 0)
            grams = weight.value * 1000;
    for (size_t i = 0; i < COUNT(pounds) && behind == 0; i++)
        if ((behind = word_at(f, unit, pounds[i])) != 0)
            grams = weight.value * 453.6;
    if (behind == 0 && (behind = word_at(f, unit, "斤")) != 0)
        grams = weight.value * 500;
    if (behind == 0 && end < f->n && (normalise_class(f->cp[end]) == CHAR_WORD || f->cp[end] == U'码'))
        return 0; /* "170 42码": the second number is something else */
    add_number(s, ENTITY_HEIGHT, at, height.end, height.value);
    add_number(s, ENTITY_WEIGHT, next, behind != 0 ? behind : end, grams);
    return behind != 0 ? behind : end;
}

/* Numbers that the word before them explains: 身高165, 体重55, 脚长24.5. */
static size_t take_named(struct scan *s, size_t at)
{
    static const char *const height_words[] = {"身高", "height", "tall", "高", NULL};
    static const char *const weight_words[] = {"体重", "weight", "weigh", "重", NULL};
    static const char *const foot_words[] = {"脚长", "foot length", "feet length", "foot", "脚", NULL};
    const struct folded *f = &s->f;
    struct number n;
    if (!number_at(f, at, &n) || n.is_numeral)
        return 0;
    size_t end = skip_spaces(f, n.end), behind_cm = word_at(f, end, "cm"), behind_mm = word_at(f, end, "mm");
    if (any_word_before(f, at, foot_words)) {
        double mm = n.value * (behind_mm != 0 || n.value >= 100 ? 1 : 10);
        if (mm < 100 || mm > 350)
            return 0;
        end = behind_cm != 0 ? behind_cm : behind_mm != 0 ? behind_mm : n.end;
        add_number(s, ENTITY_FOOT, at, end, mm);
        return end;
    }
    if (any_word_before(f, at, height_words) && n.value >= 60 && n.value <= 230 && behind_cm == 0) {
        add_number(s, ENTITY_HEIGHT, at, n.end, n.value);
        return n.end;
    }
    bool has_unit = end < f->n && (f->cp[end] == U'斤' || f->cp[end] == U'公' || is_letter(f->cp[end]));
    if (any_word_before(f, at, weight_words) && n.value >= 30 && n.value <= 300 && !has_unit) {
        add_number(s, ENTITY_WEIGHT, at, n.end, bare_weight_grams(s, n.value));
        return n.end;
    }
    return 0;
}

/* ¥99, $12.50, and 10块5 behind the unit. */
static size_t take_money_sign(struct scan *s, size_t at)
{
    const struct folded *f = &s->f;
    uint32_t c = f->cp[at];
    struct number n;
    if ((c != 0xA5 && c != 0xFFE5 && c != '$' && c != 0x20AC && c != 0xA3) ||
        !number_at(f, skip_spaces(f, at + 1), &n) || n.is_numeral)
        return 0;
    add_number(s, ENTITY_MONEY, at, n.end, n.value * 100);
    return n.end;
}

static size_t take_unit(struct scan *s, size_t at)
{
    const struct folded *f = &s->f;
    struct number n;
    if (!number_at(f, at, &n))
        return 0;
    size_t unit_at = skip_spaces(f, n.end);
    for (size_t i = 0; i < COUNT(units); i++) {
        size_t end = word_at(f, unit_at, units[i].word);
        double v = n.value * units[i].worth;
        if (end == 0)
            continue;
        if (v < units[i].least || v > units[i].most)
            return 0;
        struct number part;
        if (units[i].kind == ENTITY_MONEY && f->cp[end - 1] == U'块' && number_at(f, end, &part) && part.value < 10 &&
            part.end == end + 1) { /* 10块5 */
            v += part.value * 10;
            end = part.end;
        }
        add_number(s, units[i].kind, at, end, v);
        return end;
    }
    return 0;
}

/* 42码, M码, XL, size 8. A letter alone counts only where no apostrophe or letter touches it. */
static size_t take_size(struct scan *s, size_t at)
{
    static const char *const size_words[] = {"size", "尺码", "穿", NULL};
    const struct folded *f = &s->f;
    struct number n;
    if (number_at(f, at, &n) && !n.is_numeral && n.value >= 1 && n.value <= 60) {
        size_t behind = word_at(f, skip_spaces(f, n.end), "码");
        bool joined = n.end < f->n && normalise_class(f->cp[n.end]) == CHAR_WORD;
        if (behind != 0 || (any_word_before(f, at, size_words) && !joined)) {
            add_code(s, ENTITY_SIZE, at, n.end);
            return behind != 0 ? behind : n.end;
        }
    }
    if (at > 0 && (f->cp[at - 1] == '\'' || f->cp[at - 1] == 0x2019 || f->cp[at - 1] == '-'))
        return 0;
    for (size_t i = COUNT(sizes); i-- > 0;) {
        size_t end = word_at(f, at, sizes[i]);
        if (end == 0 || (end < f->n && (is_digit(f->cp[end]) || f->cp[end] == '\'')))
            continue;
        add_code(s, ENTITY_SIZE, at, end);
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
        size_t end = word_at(f, skip_spaces(f, n.end), spans[i].unit);
        if (end != 0 && spans[i].tail[0] != 0)
            end = word_at(f, skip_spaces(f, end), spans[i].tail);
        if (end == 0)
            continue;
        struct entity *e = add(s, ENTITY_DATE, at, end);
        e->from_day = e->to_day = (int)n.value * spans[i].days;
        e->value = str_fmt(s->arena, "%d", e->from_day);
        return end;
    }
    return 0;
}

static void add_days(struct scan *s, size_t at, size_t end, int from, int to)
{
    struct entity *e = add(s, ENTITY_DATE, at, end);
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
        size_t behind = weeks[w].word[0] == 0 ? at : word_at(f, at, weeks[w].word);
        if (behind == 0 && weeks[w].word[0] != 0)
            continue;
        for (size_t i = 0; i < COUNT(names); i++) {
            size_t end = word_at(f, behind, names[i]);
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
            add(s, kinds[i].kind, at, end)->value = e->value.n > 0 ? e->value : e->word;
        }
        return end;
    }
    return e != NULL ? end : 0; /* a word listed under another kind is there to be stepped over */
}

typedef size_t take_fn(struct scan *s, size_t at);

static take_fn *const rules[] = {take_weekday, take_word, take_body, take_metres,   take_feet,     take_named,
                                 take_money_sign, take_days_ago, take_unit, take_size, take_code, take_digits};

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
