/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Options: what a step may be answered with by pressing a button, with the words on it.
 */
#include "bot/flow_task.h"

#include "base/texts.h"
#include "trade/card.h"
#include "trade/case_card.h"

struct listing {
    const struct flow_turn *t;
    const struct flow_job *job;
    struct flow_option *list;
    size_t n;
};

static void add(struct listing *l, struct str value, struct str label)
{
    if (l->n < FLOW_OPTIONS)
        l->list[l->n++] = (struct flow_option){value, label};
}

static void add_items(struct listing *l)
{
    const struct catalog *c = l->t->g->catalog;
    for (size_t i = 0; i < l->job->order.item_count; i++) {
        const struct order_item *item = &l->job->order.items[i];
        struct str title = card_item_title(item, c), sku = card_item_sku_text(item, c);
        add(l, item->sub_id, sku.n > 0 ? str_fmt(l->t->arena, "%.*s %.*s", STR_ARG(title), STR_ARG(sku)) : title);
    }
}

static void add_cases(struct listing *l)
{
    const struct flow_turn *t = l->t;
    for (size_t i = 0; i < l->job->case_count; i++) {
        const struct case_row_stored *row = &l->job->cases[i];
        const struct text_value values[] = {{"type", case_type_text(row->c.type, t->language)},
                                            {"order", row->order_id},
                                            {"state", case_state_text(&row->c, t->language)}};
        add(l, str_fmt(t->arena, "%lld", (long long)row->id),
            texts_fill(t->arena, texts_get(t->language, "flow.case.label"), values, COUNT(values)));
    }
}

/** The variants nearest to the one bought, in the shop's own order: the sizes beside it, then the rest. */
static void add_skus(struct listing *l)
{
    const struct product *p = l->job->product;
    size_t bought = 0, n = p != NULL ? p->sku_count : 0;
    while (bought < n && !str_eq(p->skus[bought].id, l->job->item->sku))
        bought++;
    for (size_t apart = 1; apart < 2 * n; apart++) { /* one up, one down, two up, … */
        size_t step = (apart + 1) / 2;
        bool up = apart % 2 != 0;
        if (up ? bought + step >= n : step > bought)
            continue;
        const struct sku *sku = &p->skus[up ? bought + step : bought - step];
        if (sku->stock > 0)
            add(l, sku->id, sku->text);
    }
}

static void add_named(struct listing *l, const struct flow_stage *s, const char *prefix)
{
    for (size_t i = 0; i < s->of.n; i++) {
        enum case_type type;
        struct str key = str_fmt(l->t->arena, "%s.%.*s", prefix, STR_ARG(s->of.v[i]));
        bool is_type = s->want == WANT_TYPE && case_type_from_name(s->of.v[i], &type);
        add(l, s->of.v[i],
            is_type ? case_type_text(type, l->t->language) : texts_get(l->t->language, str_c(l->t->arena, key)));
    }
}

size_t flow_options(const struct flow_turn *t, const struct flow_job *job, const struct flow_stage *s,
                    struct flow_option ret[FLOW_OPTIONS])
{
    struct listing l = {.t = t, .job = job, .list = ret};
    switch (s->want) {
    case WANT_ITEM: add_items(&l); break;
    case WANT_CASE: add_cases(&l); break;
    case WANT_SKU: add_skus(&l); break;
    case WANT_REASON: add_named(&l, s, "case.reason"); break;
    case WANT_TYPE: add_named(&l, s, "case.type"); break;
    case WANT_EVIDENCE: add(&l, STR("none"), texts_get(t->language, "flow.none.evidence")); break;
    case WANT_TEXT:
        if (s->optional)
            add(&l, STR("none"), texts_get(t->language, "flow.none.text"));
        break;
    case WANT_ORDER:
    case WANT_ADDRESS:
    case WANT_PHONE:
    case WANT_WAYBILL:
    case WANT_TITLE:
    case WANT_AMOUNT: break;
    }
    return l.n;
}
