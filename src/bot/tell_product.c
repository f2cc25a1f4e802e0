/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Products in words: attributes, sizes, stock, prices, the rules a product carries, cards of what was found.
 *
 * Invariants   A figure is the product's own; what its data does not say is said to be missing.
 */
#include "bot/tell.h"

#include <string.h>

#include "trade/card.h"

#define LIST_MOST    12 /* variants named in one sentence */
#define OTHERS_MOST  6  /* … instead of one that is sold out */
#define COMPARE_MOST 8

static bool is(const struct tell *t, const char *intent)
{
    return strcmp(t->meaning->intent->id, intent) == 0;
}

static struct str fill(const struct tell *t, const char *key, const struct text_value *values, size_t n)
{
    return texts_fill(t->view.arena, texts_get(t->view.language, key), values, n);
}

static struct str money(const struct tell *t, int64_t cents)
{
    return card_money(t->view.arena, cents, t->shop->currency);
}

static void say_product(const struct tell *t, const char *key)
{
    SAY(t->reply, key, {"product", t->g->product->title});
}

/** Texts joined by the language's comma. */
struct joined {
    const struct tell *t;
    struct buf b;
    size_t n;
};

static void join(struct joined *j, struct str text)
{
    if (j->n++ > 0)
        buf_str(&j->b, texts_get(j->t->view.language, "bot.list.comma"));
    buf_str(&j->b, text);
}

static struct joined joined(const struct tell *t)
{
    return (struct joined){.t = t, .b = {.arena = t->view.arena}};
}

/* ---- attributes ------------------------------------------------------------------------------------------------ */

static void line_of_attribute(const struct tell *t, const struct attribute *a)
{
    const struct text_value values[] = {{"name", a->name}, {"value", a->value}};
    reply_line(t->reply, fill(t, "bot.product.attr.list", values, COUNT(values)));
}

static void tell_package(const struct tell *t)
{
    struct joined list = joined(t);
    for (size_t i = 0; i < t->g->product->package_count; i++)
        join(&list, t->g->product->package[i]);
    SAY(t->reply, "bot.product.package", {"product", t->g->product->title}, {"list", buf_view(&list.b)});
}

static void tell_attributes(const struct tell *t)
{
    const struct gathered *g = t->g;
    if (g->attribute_count == 0) {
        tell_package(t);
        return;
    }
    if (g->attribute_count == 1) {
        const struct attribute *a = g->attributes[0];
        SAY(t->reply, "bot.product.attr", {"product", g->product->title}, {"name", a->name}, {"value", a->value});
        return;
    }
    say_product(t, "bot.product.attrs");
    for (size_t i = 0; i < g->attribute_count; i++)
        line_of_attribute(t, g->attributes[i]);
}

/* ---- sizes --------------------------------------------------------------------------------------------------------- */

/** mm as cm, g as kg, without needless decimals: "25.5", "65". */
static struct str tenths(const struct tell *t, int64_t value, int64_t unit)
{
    int64_t tenth = (value * 10 + unit / 2) / unit;
    if (tenth % 10 == 0)
        return str_number(t->view.arena, tenth / 10);
    return str_fmt(t->view.arena, "%lld.%lld", (long long)(tenth / 10), (long long)(tenth % 10));
}

static void add_measure(const struct tell *t, struct buf *b, const char *key, struct str n)
{
    const struct text_value values[] = {{"n", n}};
    if (b->n > 0)
        buf_str(b, texts_get(t->view.language, "bot.size.comma"));
    buf_str(b, fill(t, key, values, COUNT(values)));
}

/** The measures that the product's chart knows and the buyer told. */
static struct str body_text(const struct tell *t)
{
    const struct body *body = &t->g->body;
    const struct size_chart *chart = &t->g->product->sizes;
    bool in_chart[SIZE_MEASURES] = {false};
    struct buf b = {.arena = t->view.arena};
    for (size_t i = 0; i < chart->n; i++)
        for (size_t m = 0; m < SIZE_MEASURES; m++)
            in_chart[m] |= chart->rows[i].range[m].to > 0;
    if (in_chart[SIZE_HEIGHT] && body->height_cm > 0)
        add_measure(t, &b, "bot.size.body.height", str_number(t->view.arena, body->height_cm));
    if (in_chart[SIZE_WEIGHT] && body->weight_g > 0)
        add_measure(t, &b, "bot.size.body.weight", tenths(t, body->weight_g, 1000));
    if (in_chart[SIZE_FOOT] && body->foot_mm > 0)
        add_measure(t, &b, "bot.size.body.foot", tenths(t, body->foot_mm, 10));
    return buf_view(&b);
}

static void tell_size(const struct tell *t)
{
    static const char *const keys[] = {
        [SIZE_FITS] = "bot.size.fits",           [SIZE_BETWEEN] = "bot.size.between",
        [SIZE_SPLIT] = "bot.size.split",         [SIZE_TOO_SMALL] = "bot.size.too_small",
        [SIZE_TOO_LARGE] = "bot.size.too_large", [SIZE_MISSING] = "bot.size.ask",
        [SIZE_NO_CHART] = "bot.size.none",
    };
    const struct size_advice *advice = &t->g->size;
    SAY(t->reply, keys[advice->answer], {"product", t->g->product->title}, {"body", body_text(t)},
        {"size", advice->best != NULL ? advice->best->label : STR_NONE},
        {"other", advice->other != NULL ? advice->other->label : STR_NONE});
    SAY(t->reply, "bot.size.note", {"product", t->g->product->title});
}

static void add_range(const struct tell *t, struct joined *list, const char *key, struct size_range r, int64_t unit)
{
    if (r.to == 0)
        return;
    const struct text_value values[] = {{"from", tenths(t, r.from, unit)}, {"to", tenths(t, r.to, unit)}};
    join(list, fill(t, key, values, COUNT(values)));
}

static void tell_size_chart(const struct tell *t)
{
    const struct size_chart *chart = &t->g->product->sizes;
    say_product(t, "bot.size_chart");
    for (size_t i = 0; i < chart->n; i++) {
        const struct size_row *row = &chart->rows[i];
        struct joined list = joined(t);
        add_range(t, &list, "bot.size_chart.height", row->range[SIZE_HEIGHT], 10);
        add_range(t, &list, "bot.size_chart.weight", row->range[SIZE_WEIGHT], 1000);
        add_range(t, &list, "bot.size_chart.foot", row->range[SIZE_FOOT], 10);
        reply_line(t->reply, str_fmt(t->view.arena, "%.*s: %.*s", STR_ARG(row->label), STR_ARG(buf_view(&list.b))));
    }
    bool foot = chart->rows[0].range[SIZE_FOOT].to > 0;
    reply_line(t->reply, texts_wording(t->view.language, foot ? "bot.size_chart.tail_foot" : "bot.size_chart.tail",
                                       (uint64_t)t->reply->state->turns));
}

void tell_size_question(const struct tell *t)
{
    static const char *const names[] = {
        [SIZE_HEIGHT] = "bot.size.height", [SIZE_WEIGHT] = "bot.size.weight", [SIZE_FOOT] = "bot.size.foot"};
    struct buf b = {.arena = t->view.arena};
    for (unsigned m = 0; m < SIZE_MEASURES; m++) {
        if ((t->g->size.missing & (1u << m)) == 0)
            continue;
        if (b.n > 0)
            buf_str(&b, texts_get(t->view.language, "bot.size.and"));
        buf_str(&b, texts_get(t->view.language, names[m]));
    }
    bool foot = (t->g->size.missing & (1u << SIZE_FOOT)) != 0;
    struct str example = texts_get(t->view.language, foot ? "bot.size.example.foot" : "bot.size.example.body");
    SAY(t->reply, "bot.size.ask", {"product", t->g->product->title}, {"missing", buf_view(&b)}, {"example", example});
    reply_source(t->reply, "product", t->g->product->id);
    t->after->product = t->g->product->id;
}

/* ---- stock and prices ------------------------------------------------------------------------------------------- */

static void join_stock(const struct tell *t, struct joined *list, const struct sku *s)
{
    const struct text_value values[] = {{"sku", s->text}, {"count", str_number(t->view.arena, s->stock)}};
    join(list, fill(t, "bot.stock.piece", values, COUNT(values)));
}

/** "black / L (12)" of the variants in stock. */
static struct str stock_list(const struct tell *t, const struct sku *const *skus, size_t n)
{
    struct joined list = joined(t);
    for (size_t i = 0; i < n && list.n < LIST_MOST; i++)
        if (skus[i]->stock > 0)
            join_stock(t, &list, skus[i]);
    return buf_view(&list.b);
}

static struct str all_in_stock(const struct tell *t)
{
    const struct product *p = t->g->product;
    struct joined list = joined(t);
    for (size_t i = 0; i < p->sku_count && list.n < LIST_MOST; i++)
        if (p->skus[i].stock > 0)
            join_stock(t, &list, &p->skus[i]);
    return buf_view(&list.b);
}

/** The same colour in other sizes, the same size in other colours. */
static bool is_alike(const struct sku *x, const struct sku *y)
{
    for (size_t i = 0; i < x->attribute_count; i++)
        for (size_t k = 0; k < y->attribute_count; k++)
            if (str_eq(x->attributes[i].name, y->attributes[k].name) &&
                str_eq(x->attributes[i].value, y->attributes[k].value))
                return true;
    return false;
}

static struct str alike_in_stock(const struct tell *t, const struct sku *gone)
{
    const struct product *p = t->g->product;
    struct joined list = joined(t);
    for (size_t i = 0; i < p->sku_count && list.n < OTHERS_MOST; i++)
        if (p->skus[i].stock > 0 && is_alike(&p->skus[i], gone))
            join_stock(t, &list, &p->skus[i]);
    return buf_view(&list.b);
}

static void tell_one_stock(const struct tell *t, const struct sku *s)
{
    struct str others = alike_in_stock(t, s);
    SAY(t->reply, s->stock > 0 ? "bot.stock.in" : "bot.stock.out", {"product", t->g->product->title},
        {"sku", s->text}, {"count", str_number(t->view.arena, s->stock)});
    if (s->stock <= 0 && others.n > 0)
        SAY(t->reply, "bot.stock.others", {"list", others});
}

/** The product that is talked about, and its variant, so that "and in red?" keeps the size. */
static void remember_product(const struct tell *t)
{
    const struct sku_match *m = &t->g->skus;
    bool same = str_eq(t->after->product, t->g->product->id);
    t->after->product = t->g->product->id;
    if (same && m->named == 0 && !t->g->unknown_colour)
        return;
    t->after->value_count = 0;
    for (size_t i = 0; i < m->named && !t->g->unknown_colour && t->after->value_count < STATE_VALUES; i++)
        t->after->values[t->after->value_count++] =
            str_fmt(t->view.arena, "%.*s=%.*s", STR_ARG(m->named_attributes[i].name),
                    STR_ARG(m->named_attributes[i].value));
}

static void tell_stock(const struct tell *t)
{
    const struct product *p = t->g->product;
    const struct sku_match *m = &t->g->skus;
    bool nothing_fits = (m->named > 0 && m->n == 0) || t->g->unknown_colour;
    if (m->n == 1 && !nothing_fits) {
        tell_one_stock(t, m->fits[0]);
        return;
    }
    struct str list = nothing_fits ? all_in_stock(t) : stock_list(t, m->fits, m->n);
    if (nothing_fits && list.n > 0)
        SAY(t->reply, "bot.stock.nosuch", {"product", p->title}, {"list", list});
    else if (list.n > 0)
        SAY(t->reply, "bot.stock.all", {"product", p->title}, {"list", list});
    else
        say_product(t, "bot.stock.none");
}

static void tell_price(const struct tell *t)
{
    const struct product *p = t->g->product;
    const struct sku_match *m = &t->g->skus;
    int64_t low = p->price_cents, high = p->price_cents;
    for (size_t i = 0; i < m->n; i++) {
        low = i == 0 ? m->fits[i]->price_cents : MIN(low, m->fits[i]->price_cents);
        high = i == 0 ? m->fits[i]->price_cents : MAX(high, m->fits[i]->price_cents);
    }
    if (low == high)
        SAY(t->reply, "bot.price.one", {"product", p->title}, {"price", money(t, low)});
    else
        SAY(t->reply, "bot.price.range", {"product", p->title}, {"low", money(t, low)}, {"high", money(t, high)});
    say_product(t, "bot.price.tail");
}

/* ---- rules, search, comparison ---------------------------------------------------------------------------------- */

static void tell_rule(const struct tell *t)
{
    const struct product *p = t->g->product;
    if (is(t, "warranty_policy")) {
        SAY(t->reply, p->warranty_days > 0 ? "bot.warranty.days" : "bot.warranty.zero", {"product", p->title},
            {"days", str_number(t->view.arena, p->warranty_days)});
        return;
    }
    if (str_eq_c(p->seven_day, "yes"))
        say_product(t, "bot.seven_day.yes");
    else
        say_product(t, str_eq_c(p->seven_day, "no_legal") ? "bot.seven_day.no_legal" : "bot.seven_day.no_confirmed");
}

static struct str card_text(const struct tell *t, const struct product *p)
{
    return str_fmt(t->view.arena, "%.*s %.*s", STR_ARG(p->title), STR_ARG(money(t, p->price_cents)));
}

static void show_card(const struct tell *t, const struct product *p)
{
    reply_source(t->reply, "product", p->id);
    if (str_eq(p->id, t->sent))
        return;
    reply_card(t->reply, MESSAGE_PRODUCT_CARD, card_text(t, p), card_product_data(t->view.arena, p, t->g->catalog));
}

static void tell_found(const struct tell *t)
{
    const char *found = t->g->options_near ? "bot.search.near" : "bot.search";
    SAY(t->reply, is(t, "product_recommend") ? "bot.recommend" : found, {"shop", t->shop->name});
    state_list(t->after, LIST_PRODUCTS);
    for (size_t i = 0; i < t->g->option_count && state_option(t->after, t->g->options[i]->id); i++)
        show_card(t, t->g->options[i]);
    if (t->g->option_count == 1)
        t->after->product = t->g->options[0]->id;
}

static void line_of_pair(const struct tell *t, struct str name, struct str a, struct str b)
{
    const struct text_value values[] = {{"name", name}, {"a", a}, {"b", b}};
    reply_line(t->reply, fill(t, "bot.compare.line", values, COUNT(values)));
}

static void tell_pair(const struct tell *t)
{
    const struct product *a = t->g->product, *b = t->g->other;
    const struct text_value heads[] = {{"a", a->title}, {"b", b->title}};
    size_t shown = 0;
    SAY(t->reply, "bot.compare", {"a", a->title}, {"b", b->title});
    reply_line(t->reply, fill(t, "bot.compare.head", heads, COUNT(heads)));
    line_of_pair(t, texts_get(t->view.language, "bot.compare.price"), money(t, a->price_cents),
                 money(t, b->price_cents));
    for (size_t i = 0; i < a->attribute_count && shown < COMPARE_MOST; i++) {
        const struct attribute *same = product_attribute(b, a->attributes[i].name);
        if (same == NULL)
            continue;
        line_of_pair(t, same->name, a->attributes[i].value, same->value);
        shown++;
    }
    reply_source(t->reply, "product", a->id);
    reply_source(t->reply, "product", b->id);
    state_list(t->after, LIST_PRODUCTS);
    (void)state_option(t->after, a->id); /* there is room for two */
    (void)state_option(t->after, b->id);
}

/* ---- by intent ---------------------------------------------------------------------------------------------------- */

void tell_product(const struct tell *t)
{
    enum flow flow = t->meaning->intent->flow;
    if (flow == FLOW_SEARCH) {
        tell_found(t);
        return;
    }
    reply_source(t->reply, "product", t->g->product->id);
    remember_product(t);
    if (flow == FLOW_COMPARE)
        tell_pair(t);
    else if (flow == FLOW_SIZE && is(t, "size_chart"))
        tell_size_chart(t);
    else if (flow == FLOW_SIZE)
        tell_size(t);
    else if (flow == FLOW_STOCK)
        tell_stock(t);
    else if (flow == FLOW_PRICE)
        tell_price(t);
    else if (flow == FLOW_RULE)
        tell_rule(t);
    else
        tell_attributes(t);
}

void tell_product_shown(const struct tell *t)
{
    const struct product *p = t->g->product;
    SAY(t->reply, "bot.product.show", {"product", p->title}, {"price", money(t, p->price_cents)});
    show_card(t, p);
    t->after->product = p->id;
}

void tell_product_list(const struct tell *t)
{
    const struct gathered *g = t->g;
    const char *open = is(t, "product_compare")     ? "bot.compare.ask"
                       : is(t, "product_recommend") ? "bot.recommend.ask"
                                                    : "bot.ask_product";
    if (g->option_count == 0) {
        SAY(t->reply, open, {"shop", t->shop->name});
        return;
    }
    reply_ask(t->reply, "bot.ask_product.options");
    state_list(t->after, LIST_PRODUCTS);
    for (size_t i = 0; i < g->option_count && state_option(t->after, g->options[i]->id); i++)
        reply_choice(t->reply, (struct choice){.label = g->options[i]->title, .product_id = g->options[i]->id});
}

void tell_not_in_data(const struct tell *t)
{
    static const struct {
        const char *intent, *key;
    } own[] = {
        {"size_advice", "bot.size.none"},         {"size_chart", "bot.size.none"},
        {"stock_query", "bot.stock.unknown"},     {"seven_day_support", "bot.seven_day.unknown"},
        {"warranty_policy", "bot.warranty.unknown"}, {"product_search", "bot.search.none"},
    };
    const char *key = "bot.product.unknown";
    for (size_t i = 0; i < COUNT(own); i++)
        if (is(t, own[i].intent))
            key = own[i].key;
    struct str what = t->g->asked_attribute.n > 0 ? t->g->asked_attribute
                                                  : texts_get(t->view.language, "bot.product.this");
    SAY(t->reply, key, {"product", t->g->product != NULL ? t->g->product->title : STR_NONE}, {"what", what});
    if (t->g->product != NULL) {
        reply_source(t->reply, "product", t->g->product->id);
        t->after->product = t->g->product->id;
    }
}
