/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Narrowing: a filter over a short list.
 *
 * Invariants   An order is never made up: what is left is always a part of what was given.
 */
#include "bot/narrow.h"

#include "nlu/normalise.h"
#include "trade/card.h"

static struct str value_of(const struct understanding *u, enum entity_kind kind)
{
    for (size_t i = 0; i < u->entity_count; i++)
        if (u->entities[i].kind == kind)
            return u->entities[i].value.n > 0 ? u->entities[i].value : u->entities[i].text;
    return STR_NONE;
}

/** The past time that is named; of a day that may be any, the last one. */
static bool day_of(const struct narrow_input *in, struct narrowing *ret)
{
    for (size_t i = 0; i < in->u->entity_count; i++) {
        const struct entity *e = &in->u->entities[i];
        if (e->kind != ENTITY_DATE)
            continue;
        struct when when = e->when;
        when.lean = WHEN_PAST;
        if (when.edge == WHEN_FROM)
            when.edge = WHEN_IN; /* "the one from yesterday" is yesterday's */
        struct interval time = when_interval(&when, in->now_ms, in->zone);
        if (time.from_ms > in->now_ms)
            continue;
        ret->from_ms = time.from_ms;
        ret->to_ms = time.to_ms;
        return true;
    }
    return false;
}

bool narrow_read(const struct narrow_input *in, struct narrowing *ret)
{
    *ret = (struct narrowing){.other = in->corrects};
    if (in->u == NULL || in->marks == NULL)
        return false;
    ret->other |= in->marks->other;
    ret->by_day = (in->goes_on || in->marks->bought) && day_of(in, ret);
    ret->colour = in->goes_on ? value_of(in->u, ENTITY_COLOUR) : STR_NONE;
    ret->size = in->goes_on ? value_of(in->u, ENTITY_SIZE) : STR_NONE;
    return ret->by_day || ret->other || ret->colour.n > 0 || ret->size.n > 0;
}

/** True when a piece of the order is of that variant. */
static bool has_variant(struct arena *a, const struct order *o, struct str value, const struct catalog *c)
{
    struct str folded = normalise(a, value);
    if (value.n == 0)
        return true;
    for (size_t i = 0; i < o->item_count; i++) {
        struct str text = card_item_sku_text(&o->items[i], c);
        if (text.n > 0 && str_has(normalise(a, text), folded))
            return true;
    }
    return false;
}

size_t narrow_orders(struct arena *a, const struct narrowing *by, const struct order *orders, size_t n, struct str current,
                     const struct catalog *c, struct order *ret)
{
    size_t kept = 0, rest = 0;
    for (size_t i = 0; i < n; i++) {
        const struct order *o = &orders[i];
        bool on_day = !by->by_day || (o->created_ms >= by->from_ms && o->created_ms < by->to_ms);
        if (!(by->other && str_eq(o->id, current)) && on_day && has_variant(a, o, by->colour, c) &&
            has_variant(a, o, by->size, c))
            ret[kept++] = *o;
    }
    for (size_t i = 0; i < n && kept == 0; i++)
        if (!(by->other && str_eq(orders[i].id, current)))
            ret[rest++] = orders[i];
    return kept > 0 ? kept : rest;
}
