/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Size advice.
 *
 * How          Each measure that is known picks the rows it lies in; where all agree, that is the size. Rows that both fit
 *              are "between"; measures that never meet are "split", and the larger size is named first, because a wide
 *              jacket can be worn and a narrow one cannot.
 * Invariants   1. `best` is always a row of the chart; nothing is interpolated or invented.
 *              2. A body outside the chart is said to be outside, never squeezed into the last row.
 */
#include "trade/size.h"

#include <string.h>

#include "nlu/normalise.h"

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static const struct {
    const char *word;
    enum size_measure measure;
} measure_words[] = {
    {"身高", SIZE_HEIGHT}, {"height", SIZE_HEIGHT}, {"体重", SIZE_WEIGHT},      {"weight", SIZE_WEIGHT},
    {"脚长", SIZE_FOOT},   {"foot", SIZE_FOOT},     {"heel to toe", SIZE_FOOT},
};

/** What one unit is in mm or grams. The longest ending that fits counts; a column without a unit is in cm or kg. */
static const struct {
    const char *ending;
    double factor;
} units[] = {
    {"inches", 25.4}, {"inch", 25.4}, {"lbs", 453.592}, {"cm", 10},    {"mm", 1}, {"kg", 1000},
    {"lb", 453.592},  {"ft", 304.8},  {"in", 25.4},     {"公斤", 1000}, {"斤", 500}, {"厘米", 10},
};

static bool is_label(struct str name)
{
    static const char *const labels[] = {"尺码", "码数", "尺寸", "size", "us size", "eu size", "uk size", "label"};
    for (size_t i = 0; i < COUNT(labels); i++)
        if (str_eq_c(name, labels[i]))
            return true;
    return false;
}

static bool measure_of(struct str name, enum size_measure *ret)
{
    for (size_t i = 0; i < COUNT(measure_words); i++) {
        if (str_has(name, str_from(measure_words[i].word))) {
            *ret = measure_words[i].measure;
            return true;
        }
    }
    return false;
}

static double factor_of(struct str name, enum size_measure m)
{
    while (name.n > 0 && (name.p[name.n - 1] == ')' || name.p[name.n - 1] == ' '))
        name.n--;
    for (size_t i = 0; i < COUNT(units); i++)
        if (str_ends(name, str_from(units[i].ending)))
            return units[i].factor;
    return m == SIZE_WEIGHT ? 1000 : 10;
}

static int64_t scaled(const json_t *number, double factor)
{
    return (int64_t)(json_number_value(number) * factor + 0.5);
}

/** A pair of numbers, or one number for both ends. */
static bool read_range(const json_t *value, double factor, struct size_range *ret)
{
    const json_t *from = value, *to = value;
    if (json_is_array(value) && json_array_size(value) == 2) {
        from = json_array_get(value, 0);
        to = json_array_get(value, 1);
    }
    if (!json_is_number(from) || !json_is_number(to))
        return false;
    *ret = (struct size_range){scaled(from, factor), scaled(to, factor)};
    return ret->from > 0 && ret->from <= ret->to && ret->to < INT64_C(10000000);
}

static struct size_row read_row(struct arena *a, const json_t *object)
{
    struct size_row row = {0};
    json_t *o = (json_t *)(uintptr_t)object; /* jansson's iterator does not change it */
    for (void *it = json_object_iter(o); it != NULL; it = json_object_iter_next(o, it)) {
        struct str name = normalise(a, str_from(json_object_iter_key(it)));
        const json_t *value = json_object_iter_value(it);
        enum size_measure m;
        struct size_range range;
        if (is_label(name) && json_is_string(value))
            row.label = str_dup(a, json_text(value));
        else if (is_label(name) && json_is_integer(value))
            row.label = str_fmt(a, "%lld", (long long)json_integer_value(value));
        else if (measure_of(name, &m) && read_range(value, factor_of(name, m), &range))
            row.range[m] = range;
    }
    return row;
}

/** Smaller first, by the first measure that both have. */
static bool is_smaller(const struct size_row *x, const struct size_row *y)
{
    for (int m = 0; m < SIZE_MEASURES; m++)
        if (x->range[m].to > 0 && y->range[m].to > 0 && x->range[m].from != y->range[m].from)
            return x->range[m].from < y->range[m].from;
    return false;
}

struct size_chart size_chart_read(struct arena *a, const json_t *rows)
{
    size_t n = json_array_size(rows), kept = 0;
    struct size_row *list = arena_array(a, struct size_row, n);
    for (size_t i = 0; i < n; i++) {
        struct size_row row = read_row(a, json_array_get(rows, i));
        if (row.label.n == 0)
            continue;
        size_t at = kept++;
        for (; at > 0 && is_smaller(&row, &list[at - 1]); at--)
            list[at] = list[at - 1];
        list[at] = row;
    }
    return (struct size_chart){list, kept};
}

/* ---- advice ------------------------------------------------------------------------------------------------------ */

/** Rows of the chart that a measure points to, both ends included. */
struct span {
    size_t from, to;
    bool in_gap;      /* it lies between rows: `from` is below it and `to` above */
    int outside;      /* -1: below the chart, 1: above it */
};

static int64_t measure_in(const struct body *b, enum size_measure m)
{
    switch (m) {
    case SIZE_HEIGHT: return b->height_cm * 10;
    case SIZE_WEIGHT: return b->weight_g;
    case SIZE_FOOT: return b->foot_mm;
    case SIZE_MEASURES: break;
    }
    return 0;
}

static bool chart_has(const struct size_chart *c, enum size_measure m)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->rows[i].range[m].to > 0)
            return true;
    return false;
}

static struct span span_of(const struct size_chart *c, enum size_measure m, int64_t value)
{
    struct span s = {.from = SIZE_MAX};
    size_t below = SIZE_MAX, above = SIZE_MAX;
    for (size_t i = 0; i < c->n; i++) {
        const struct size_range *r = &c->rows[i].range[m];
        if (r->to == 0)
            continue;
        if (value >= r->from && value <= r->to) {
            s.from = MIN(s.from, i);
            s.to = i;
        } else if (value > r->to) {
            below = i;
        } else if (above == SIZE_MAX) {
            above = i;
        }
    }
    if (s.from != SIZE_MAX)
        return s;
    if (below == SIZE_MAX)
        return (struct span){.from = above, .to = above, .outside = -1};
    if (above == SIZE_MAX)
        return (struct span){.from = below, .to = below, .outside = 1};
    return (struct span){.from = below, .to = above, .in_gap = true};
}

/** Distance of the measures from the middles of a row, in halves of its width: the smaller one fits better. */
static double off_centre(const struct size_row *row, const struct body *b)
{
    double sum = 0;
    for (enum size_measure m = 0; m < SIZE_MEASURES; m++) {
        const struct size_range *r = &row->range[m];
        int64_t value = measure_in(b, m);
        if (value == 0 || r->to == 0)
            continue;
        double half = (double)MAX(r->to - r->from, 1) / 2;
        double off = ((double)value - ((double)r->from + half)) / half;
        sum += off < 0 ? -off : off;
    }
    return sum;
}

static void give(struct size_advice *advice, enum size_answer answer, const struct size_chart *c, size_t best)
{
    advice->answer = answer;
    advice->best = &c->rows[best];
    advice->smaller = best > 0 ? &c->rows[best - 1] : NULL;
    advice->larger = best + 1 < c->n ? &c->rows[best + 1] : NULL;
}

/** All measures agree on the rows from..to. */
static void give_common(struct size_advice *advice, const struct size_chart *c, const struct body *b, size_t from,
                        size_t to, bool gap)
{
    if (from == to) {
        give(advice, SIZE_FITS, c, from);
        return;
    }
    size_t best = to;
    if (!gap) {
        for (size_t i = to; i-- > from;)
            if (off_centre(&c->rows[i], b) < off_centre(&c->rows[best], b))
                best = i;
    }
    give(advice, SIZE_BETWEEN, c, best);
    advice->other = &c->rows[best > from ? best - 1 : best + 1];
}

struct size_advice size_advise(const struct size_chart *chart, const struct body *body)
{
    struct size_advice advice = {.answer = SIZE_NO_CHART};
    size_t from = 0, to = chart->n > 0 ? chart->n - 1 : 0, highest = 0;
    int outside = 0;
    bool known = false, gap = false;
    for (enum size_measure m = 0; m < SIZE_MEASURES; m++) {
        if (!chart_has(chart, m))
            continue;
        if (measure_in(body, m) == 0) {
            advice.missing |= 1u << m;
            continue;
        }
        struct span s = span_of(chart, m, measure_in(body, m));
        if (!known || s.outside > outside || s.to > highest)
            advice.decided_by = m;
        outside = s.outside != 0 && (outside == 0 || s.outside > 0) ? s.outside : outside;
        from = known ? MAX(from, s.from) : s.from;
        to = known ? MIN(to, s.to) : s.to;
        highest = MAX(highest, s.to);
        gap = gap || s.in_gap;
        known = true;
    }
    if (!known) {
        advice.answer = advice.missing != 0 ? SIZE_MISSING : SIZE_NO_CHART;
        return advice;
    }
    if (outside > 0) {
        give(&advice, SIZE_TOO_LARGE, chart, highest);
    } else if (from > to) {
        give(&advice, SIZE_SPLIT, chart, from);
        advice.other = &chart->rows[to];
    } else if (outside < 0) {
        give(&advice, SIZE_TOO_SMALL, chart, from);
    } else {
        give_common(&advice, chart, body, from, to, gap);
    }
    if (advice.missing != 0)
        advice.answer = SIZE_MISSING;
    return advice;
}

/** Labels that name the same size give the same key: "XXL" and "2xl", "42码" and "42". */
static struct str label_key(struct str label, char key[32])
{
    size_t n = 0, x = 0;
    for (size_t i = 0; i < label.n && n < 24; i++) {
        char c = label.p[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if (c == ' ' || c == '-')
            continue;
        key[n++] = c;
    }
    struct str plain = {key, n};
    if (str_ends(plain, STR("码")) || str_ends(plain, STR("号")))
        plain.n -= strlen("码");
    while (x < plain.n && plain.p[x] == 'x')
        x++;
    if (x >= 2 && x + 1 == plain.n) {
        char last = plain.p[x];
        key[0] = (char)('0' + (int)MIN(x, (size_t)9));
        key[1] = 'x';
        key[2] = last;
        plain.n = 3;
    }
    return plain;
}

const struct size_row *size_row_find(const struct size_chart *chart, struct str label)
{
    char wanted[32], have[32];
    struct str key = label_key(label, wanted);
    for (size_t i = 0; i < chart->n; i++)
        if (str_eq(label_key(chart->rows[i].label, have), key))
            return &chart->rows[i];
    return NULL;
}

const char *size_answer_name(enum size_answer s)
{
    static const char *const names[] = {
        [SIZE_FITS] = "fits",           [SIZE_BETWEEN] = "between",     [SIZE_SPLIT] = "split",
        [SIZE_TOO_SMALL] = "too_small", [SIZE_TOO_LARGE] = "too_large", [SIZE_MISSING] = "missing",
        [SIZE_NO_CHART] = "no_chart",
    };
    return names[s];
}

const char *size_measure_name(enum size_measure m)
{
    static const char *const names[] = {[SIZE_HEIGHT] = "height", [SIZE_WEIGHT] = "weight", [SIZE_FOOT] = "foot"};
    return names[m];
}
