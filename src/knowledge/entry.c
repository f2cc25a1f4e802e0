/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries: validity, conditions, and which of several answers wins.
 *
 * How          The search gives what is near the words; those about as near as the nearest compete. First, of the
 *              answers to the very same question one stays: the emergency's, the one that is valid for some days only,
 *              the higher layer's, the one whose conditions say more. Then, between different questions, the higher
 *              layer wins (a shop entry with override stands just above the industry's), then the nearer one.
 * Invariants   1. An entry out of its days or against a condition never wins.
 *              2. The same hits and context always give the same winner, whatever their order.
 */
#include "knowledge/entry.h"

#include <unicode/utf8.h>

#include "nlu/normalise.h"

static const char *const layer_names[] = {
    [LAYER_EMERGENCY] = "emergency", [LAYER_INDUSTRY] = "industry", [LAYER_SHOP] = "shop",
    [LAYER_PRODUCT] = "product",     [LAYER_ACTIVITY] = "activity", [LAYER_POLICY] = "policy",
    [LAYER_SMALL_TALK] = "small_talk",
};

const char *layer_name(enum layer l)
{
    return layer_names[l];
}

bool layer_from_name(struct str name, enum layer *ret)
{
    for (size_t i = 0; i < COUNT(layer_names); i++) {
        if (str_eq_c(name, layer_names[i])) {
            *ret = (enum layer)i;
            return true;
        }
    }
    return false;
}

/* ---- conditions ----------------------------------------------------------------------------------------------------- */

/** A text, or an array of texts; false for anything else. */
static bool read_list(struct arena *a, const json_t *value, struct texts *ret)
{
    size_t n = json_is_array(value) ? json_array_size(value) : 1;
    struct str *list = arena_array(a, struct str, n);
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_is_array(value) ? json_array_get(value, i) : value;
        if (!json_is_string(one) || json_string_length(one) == 0)
            return false;
        list[i] = str_dup(a, json_text(one));
    }
    *ret = (struct texts){list, n};
    return true;
}

bool conditions_read(struct arena *a, const json_t *object, struct conditions *ret, const char **ret_wrong)
{
    struct conditions c = {.order_status = {NULL, 0}};
    const struct {
        const char *name;
        struct texts *list;
    } members[] = {
        {"order_status", &c.order_status}, {"product", &c.product}, {"category", &c.category},
        {"language", &c.language},         {"channel", &c.channel}, {"tag", &c.tag},
    };
    json_t *o = (json_t *)(uintptr_t)object; /* jansson's iterator does not change it */
    for (void *it = json_object_iter(o); it != NULL; it = json_object_iter_next(o, it)) {
        const char *name = json_object_iter_key(it);
        struct texts *list = NULL;
        for (size_t i = 0; i < COUNT(members); i++)
            if (str_eq_c(str_from(name), members[i].name))
                list = members[i].list;
        if (list == NULL || !read_list(a, json_object_iter_value(it), list)) {
            *ret_wrong = name;
            return false;
        }
    }
    *ret = c;
    return true;
}

bool entry_is_valid(const struct entry *e, int64_t now_ms)
{
    return now_ms >= e->valid_from_ms && (e->valid_to_ms == 0 || now_ms < e->valid_to_ms);
}

/** How many kinds of condition it has. */
static int condition_count(const struct entry *e)
{
    const struct conditions *c = &e->conditions;
    return (c->order_status.n > 0) + (c->product.n > 0) + (c->category.n > 0) + (c->channel.n > 0) +
           (c->language.n > 0) + (c->tag.n > 0);
}

bool entry_is_for_all(const struct entry *e)
{
    return e->valid_from_ms == 0 && e->valid_to_ms == 0 && condition_count(e) == 0;
}

bool entry_is_timed(const struct entry *e)
{
    return e->valid_to_ms != 0;
}

static bool holds(const struct texts *list, struct str value)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i], value))
            return true;
    return false;
}

/** "服饰" holds for "服饰/户外", "服饰/户" does not. */
static bool holds_category(const struct texts *list, struct str category)
{
    for (size_t i = 0; i < list->n; i++) {
        struct str want = list->v[i];
        if (str_eq(want, category) || (str_starts(category, want) && category.p[want.n] == '/'))
            return true;
    }
    return false;
}

static bool holds_any(const struct texts *list, const struct texts *values)
{
    for (size_t i = 0; i < values->n; i++)
        if (holds(list, values->v[i]))
            return true;
    return false;
}

/** The first condition that @p ctx does not meet, categories apart; NULL: it meets them. */
static const char *unmet(const struct conditions *c, const struct knowledge_context *ctx)
{
    if (c->order_status.n > 0 && !holds(&c->order_status, ctx->order_status))
        return "order_status";
    if (c->product.n > 0 && !holds(&c->product, ctx->product))
        return "product";
    if (c->channel.n > 0 && !holds(&c->channel, ctx->channel))
        return "channel";
    if (c->language.n > 0 && !holds(&c->language, ctx->language))
        return "language";
    return c->tag.n > 0 && !holds_any(&c->tag, &ctx->tags) ? "tag" : NULL;
}

enum fit entry_fits(const struct entry *e, const struct knowledge_context *ctx)
{
    const struct conditions *c = &e->conditions;
    if (unmet(c, ctx) != NULL)
        return FIT_NO;
    if (c->category.n == 0)
        return FIT_YES;
    if (ctx->category.n == 0)
        return FIT_UNKNOWN; /* the words themselves say what it is about: "冲锋衣怎么洗" */
    return holds_category(&c->category, ctx->category) ? FIT_YES : FIT_NO;
}

const char *entry_misfit(const struct entry *e, const struct knowledge_context *ctx)
{
    if (!entry_is_valid(e, ctx->now_ms))
        return ctx->now_ms < e->valid_from_ms ? "not_yet" : "over";
    const char *condition = unmet(&e->conditions, ctx);
    if (condition != NULL)
        return condition;
    return entry_fits(e, ctx) == FIT_NO ? "category" : NULL;
}

/* ---- the winner ----------------------------------------------------------------------------------------------------- */

/** A hit that may win. */
struct runner {
    const struct entry *entry;
    double match;
    size_t place;   /* in the search's order: 0 is nearest */
    int conditions; /* how many kinds of condition it met */
    int rank;       /* of its layer; lower is higher */
    const struct entry *over; /* the other answer to its question that it beat, or NULL, */
    enum knowledge_reason reason; /* and why */
};

/** What competes: a search gives no more than this many hits. */
struct field_of {
    struct runner v[KNOWLEDGE_HITS];
    size_t n;
};

/** A shop entry that overrides stands between emergency and industry. */
static int rank_of(const struct entry *e)
{
    return e->layer == LAYER_SHOP && e->overrides ? 2 * LAYER_INDUSTRY - 1 : 2 * (int)e->layer;
}

/** The next letter or digit of @p rest, folded; 0 at the end. */
static uint32_t next_letter(struct str *rest)
{
    size_t at = 0;
    while (at < rest->n) {
        UChar32 cp;
        U8_NEXT_OR_FFFD((const uint8_t *)rest->p, at, rest->n, cp);
        uint32_t folded = normalise_char((uint32_t)cp);
        if (normalise_class(folded) == CHAR_WORD || normalise_class(folded) == CHAR_CJK) {
            *rest = str_sub(*rest, at, rest->n);
            return folded;
        }
    }
    *rest = STR_NONE;
    return 0;
}

/** The same letters, whatever their case and what stands between them. */
static bool same_question(const struct entry *x, const struct entry *y)
{
    struct str a = x->question, b = y->question;
    uint32_t left, right;
    do {
        left = next_letter(&a);
        right = next_letter(&b);
    } while (left == right && left != 0);
    return left == right;
}

static bool may_win(const struct entry *e, const struct retrieval_hit *hit, const struct knowledge_context *ctx,
                    struct runner *ret)
{
    if (!entry_is_valid(e, ctx->now_ms))
        return false;
    enum fit fit = entry_fits(e, ctx);
    if (fit == FIT_NO)
        return false;
    *ret = (struct runner){
        .entry = e,
        .match = hit->match - (fit == FIT_UNKNOWN ? KNOWLEDGE_UNKNOWN_COST : 0),
        .conditions = fit == FIT_YES ? condition_count(e) : 0,
        .rank = rank_of(e),
    };
    return ret->match >= KNOWLEDGE_MAYBE;
}

/** Those about as near as the nearest; for an emergency a little further off still counts. */
static struct field_of near_ones(const struct entry *entries, const struct retrieval_hit *hits, size_t n,
                                 const struct knowledge_context *ctx)
{
    struct field_of f = {.n = 0};
    double nearest = 0;
    for (size_t i = 0; i < n && f.n < COUNT(f.v); i++) {
        const struct entry *e = &entries[hits[i].item];
        struct runner *r = &f.v[f.n];
        if (!may_win(e, &hits[i], ctx, r))
            continue;
        if (nearest <= 0)
            nearest = r->match;
        r->place = i;
        f.n += r->match >= nearest - (e->layer == LAYER_EMERGENCY ? KNOWLEDGE_URGENT : KNOWLEDGE_NEAR);
    }
    return f;
}

/** Between two answers to one question. Above 0: x wins. */
static int compare_same(const struct runner *x, const struct runner *y, enum knowledge_reason *ret_reason)
{
    int urgent = (x->entry->layer == LAYER_EMERGENCY) - (y->entry->layer == LAYER_EMERGENCY);
    int timed = entry_is_timed(x->entry) - entry_is_timed(y->entry);
    *ret_reason = urgent != 0 ? KNOWLEDGE_BY_LAYER : KNOWLEDGE_BY_TIME;
    if (urgent != 0 || timed != 0)
        return urgent != 0 ? urgent : timed;
    *ret_reason = MIN(x->rank, y->rank) == 2 * LAYER_INDUSTRY - 1 ? KNOWLEDGE_BY_OVERRIDE : KNOWLEDGE_BY_LAYER;
    if (x->rank != y->rank)
        return y->rank - x->rank;
    *ret_reason = KNOWLEDGE_BY_FIT;
    if (x->conditions != y->conditions)
        return x->conditions - y->conditions;
    *ret_reason = KNOWLEDGE_BY_MATCH;
    return str_cmp(y->entry->id, x->entry->id); /* nothing tells them apart: the lower id, always */
}

/** Between answers to different questions. Above 0: x wins. */
static int compare_other(const struct runner *x, const struct runner *y, enum knowledge_reason *ret_reason)
{
    *ret_reason = MIN(x->rank, y->rank) == 2 * LAYER_INDUSTRY - 1 ? KNOWLEDGE_BY_OVERRIDE : KNOWLEDGE_BY_LAYER;
    if (x->rank != y->rank)
        return y->rank - x->rank;
    *ret_reason = KNOWLEDGE_BY_MATCH;
    return x->place < y->place ? 1 : -1;
}

/**
 * One question, one answer: the loser leaves, and the winner stands in its place, with the better layer and nearness of
 * the two. Without this a campaign's answer in a low layer would beat the daily one and then lose to what that beats.
 */
static void settle_same(struct field_of *f)
{
    for (size_t i = 0; i < f->n; i++) {
        for (size_t k = i + 1; k < f->n;) {
            const struct runner x = f->v[i], y = f->v[k];
            if (!same_question(x.entry, y.entry)) {
                k++;
                continue;
            }
            enum knowledge_reason reason;
            bool stays = compare_same(&x, &y, &reason) > 0;
            f->v[i] = stays ? x : y;
            f->v[i].over = stays ? y.entry : x.entry;
            f->v[i].reason = reason;
            f->v[i].rank = MIN(x.rank, y.rank);
            f->v[i].place = MIN(x.place, y.place);
            f->v[i].match = MAX(x.match, y.match);
            f->v[k] = f->v[--f->n];
        }
    }
}

struct knowledge_choice knowledge_choose(const struct entry *entries, const struct retrieval_hit *hits, size_t n,
                                         const struct knowledge_context *ctx)
{
    struct field_of f = near_ones(entries, hits, n, ctx);
    if (f.n == 0)
        return (struct knowledge_choice){.answer = KNOWLEDGE_NONE};
    settle_same(&f);

    const struct runner *winner = &f.v[0], *second = NULL;
    enum knowledge_reason reason = KNOWLEDGE_ALONE;
    for (size_t i = 1; i < f.n; i++) {
        const struct runner *one = &f.v[i];
        if (compare_other(one, winner, &reason) > 0) {
            second = winner;
            winner = one;
        } else if (second == NULL || compare_other(one, second, &reason) > 0) {
            second = one;
        }
    }
    struct knowledge_choice choice = {
        .answer = winner->match >= KNOWLEDGE_SURE ? KNOWLEDGE_FOUND : KNOWLEDGE_UNSURE,
        .entry = winner->entry,
        .match = winner->match,
        .reason = winner->reason,
        .over = winner->over,
    };
    if (choice.over == NULL && second != NULL) {
        (void)compare_other(winner, second, &choice.reason); /* it wins: only the reason is wanted */
        choice.over = second->entry;
    }
    return choice;
}

const char *knowledge_reason_name(enum knowledge_reason r)
{
    static const char *const names[] = {
        [KNOWLEDGE_ALONE] = "alone",     [KNOWLEDGE_BY_LAYER] = "layer", [KNOWLEDGE_BY_OVERRIDE] = "override",
        [KNOWLEDGE_BY_TIME] = "validity", [KNOWLEDGE_BY_FIT] = "conditions", [KNOWLEDGE_BY_MATCH] = "match",
    };
    return names[r];
}

static void add_entry(struct buf *b, const struct entry *e)
{
    buf_c(b, layer_name(e->layer));
    buf_char(b, ' ');
    buf_str(b, e->id);
}

struct str knowledge_reason_text(struct arena *a, const struct knowledge_choice *c)
{
    struct buf b = {.arena = a};
    if (c->entry == NULL)
        return STR("nothing near");
    add_entry(&b, c->entry);
    if (c->over != NULL) {
        buf_c(&b, " over ");
        add_entry(&b, c->over);
        buf_c(&b, ", by ");
        buf_c(&b, knowledge_reason_name(c->reason));
    }
    int64_t percent = (int64_t)(c->match * 100 + 0.5); /* 0 … 100 */
    buf_c(&b, percent < 100 ? " (0." : " (1.");
    buf_char(&b, (char)('0' + percent / 10 % 10));
    buf_char(&b, (char)('0' + percent % 10));
    buf_char(&b, ')');
    return buf_view(&b);
}
