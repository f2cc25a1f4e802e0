/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Measures. A rule that finds its number outside what such a thing can be (a person of 15 cm) leaves it alone.
 */
#include "nlu/measure.h"

#include "nlu/number.h"

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

/* 1米68, 1米7, 一米七, 1.68米, 1m68. */
size_t measure_metres(struct scan *s, size_t at)
{
    const struct folded *f = &s->f;
    struct number whole, part;
    if (!number_at(f, at, &whole))
        return 0;
    size_t end = scan_spaces(f, whole.end);
    if (end >= f->n || (f->cp[end] != U'米' && f->cp[end] != 'm') ||
        (f->cp[end] == 'm' && end + 1 < f->n && scan_is_letter(f->cp[end + 1])))
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
    scan_add_number(s, ENTITY_HEIGHT, at, end, cm);
    return end;
}

/* 5'7", 5 feet 7, 5ft 7in. */
size_t measure_feet(struct scan *s, size_t at)
{
    static const char *const marks[] = {"'", "feet", "foot", "ft"};
    const struct folded *f = &s->f;
    struct number feet, inches;
    if (!number_at(f, at, &feet) || feet.value < 3 || feet.value > 7)
        return 0;
    size_t mark = scan_spaces(f, feet.end), end = 0;
    for (size_t i = 0; i < COUNT(marks) && end == 0; i++)
        end = scan_word(f, mark, marks[i]);
    if (end == 0)
        return 0;
    double total = feet.value * 12;
    if (number_at(f, scan_spaces(f, end), &inches) && inches.value < 12) {
        total += inches.value;
        end = inches.end;
    }
    scan_add_number(s, ENTITY_HEIGHT, at, end, total * 2.54);
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
size_t measure_body(struct scan *s, size_t at)
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
            size_t end = scan_word(f, next, between[i]);
            next = end != 0 ? end : next;
        }
    } while (next != before);
    if (next == height.end || !number_at(f, next, &weight) || weight.is_numeral || weight.value < 35 ||
        weight.value > 300)
        return 0;

    size_t end = weight.end, unit = scan_spaces(f, end), behind = 0;
    double grams = bare_weight_grams(s, weight.value);
    for (size_t i = 0; i < COUNT(kilos) && behind == 0; i++)
        if ((behind = scan_word(f, unit, kilos[i])) != 0)
            grams = weight.value * 1000;
    for (size_t i = 0; i < COUNT(pounds) && behind == 0; i++)
        if ((behind = scan_word(f, unit, pounds[i])) != 0)
            grams = weight.value * 453.6;
    if (behind == 0 && (behind = scan_word(f, unit, "斤")) != 0)
        grams = weight.value * 500;
    if (behind == 0 && end < f->n && (normalise_class(f->cp[end]) == CHAR_WORD || f->cp[end] == U'码'))
        return 0; /* "170 42码": the second number is something else */
    scan_add_number(s, ENTITY_HEIGHT, at, height.end, height.value);
    scan_add_number(s, ENTITY_WEIGHT, next, behind != 0 ? behind : end, grams);
    return behind != 0 ? behind : end;
}

/* Numbers that the word before them explains: 身高165, 体重55, 脚长24.5. */
size_t measure_named(struct scan *s, size_t at)
{
    static const char *const height_words[] = {"身高", "height", "tall", "高", NULL};
    static const char *const weight_words[] = {"体重", "weight", "weigh", "重", NULL};
    static const char *const foot_words[] = {"脚长", "foot length", "feet length", "foot", "脚", NULL};
    const struct folded *f = &s->f;
    struct number n;
    if (!number_at(f, at, &n) || n.is_numeral)
        return 0;
    size_t end = scan_spaces(f, n.end), behind_cm = scan_word(f, end, "cm"), behind_mm = scan_word(f, end, "mm");
    if (scan_any_before(f, at, foot_words)) {
        double mm = n.value * (behind_mm != 0 || n.value >= 100 ? 1 : 10);
        if (mm < 100 || mm > 350)
            return 0;
        end = behind_cm != 0 ? behind_cm : behind_mm != 0 ? behind_mm : n.end;
        scan_add_number(s, ENTITY_FOOT, at, end, mm);
        return end;
    }
    if (scan_any_before(f, at, height_words) && n.value >= 60 && n.value <= 230 && behind_cm == 0) {
        scan_add_number(s, ENTITY_HEIGHT, at, n.end, n.value);
        return n.end;
    }
    bool has_unit = end < f->n && (f->cp[end] == U'斤' || f->cp[end] == U'公' || scan_is_letter(f->cp[end]));
    if (scan_any_before(f, at, weight_words) && n.value >= 30 && n.value <= 300 && !has_unit) {
        scan_add_number(s, ENTITY_WEIGHT, at, n.end, bare_weight_grams(s, n.value));
        return n.end;
    }
    return 0;
}

/* ¥99, $12.50, and 10块5 behind the unit. */
size_t measure_price(struct scan *s, size_t at)
{
    const struct folded *f = &s->f;
    uint32_t c = f->cp[at];
    struct number n;
    if ((c != 0xA5 && c != 0xFFE5 && c != '$' && c != 0x20AC && c != 0xA3) ||
        !number_at(f, scan_spaces(f, at + 1), &n) || n.is_numeral)
        return 0;
    scan_add_number(s, ENTITY_MONEY, at, n.end, n.value * 100);
    return n.end;
}

size_t measure_unit(struct scan *s, size_t at)
{
    const struct folded *f = &s->f;
    struct number n;
    if (!number_at(f, at, &n))
        return 0;
    size_t unit_at = scan_spaces(f, n.end);
    for (size_t i = 0; i < COUNT(units); i++) {
        size_t end = scan_word(f, unit_at, units[i].word);
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
        scan_add_number(s, units[i].kind, at, end, v);
        return end;
    }
    return 0;
}
