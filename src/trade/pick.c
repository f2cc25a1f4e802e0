/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pick: which of the buyer's orders is meant. What the buyer did or wrote comes before what we guess; a guess is made only
 * when exactly one order remains, otherwise the buyer is asked. Pure.
 *
 * Invariants   1. Two orders that fit equally well are never chosen between silently.
 *              2. A number that no order has is never taken for another order, nor is a product that none of them holds.
 */
#include "trade/order.h"

#include <string.h>
#include <strings.h>

/** From this severity on, trouble says which order a worried buyer means. */
#define PICK_SERIOUS 40

/** Shortest end of an order number that may stand for it. */
#define PICK_SUFFIX 4

#define UNPAID    ORDER_BIT(ORDER_UNPAID)
#define PAID      ORDER_BIT(ORDER_PAID)
#define SHIPPED   ORDER_BIT(ORDER_SHIPPED)
#define DELIVERED ORDER_BIT(ORDER_DELIVERED)
#define FINISHED  ORDER_BIT(ORDER_FINISHED)
#define CLOSED    ORDER_BIT(ORDER_CLOSED)

/** Intents of the domain handbook that are about an order in a certain status. */
static const struct {
    const char *intent;
    struct order_fits fits;
} fits_table[] = {
    {"order_cancel", {UNPAID | PAID, 0}},
    {"order_modify_address", {UNPAID | PAID, SHIPPED}},
    {"order_modify_sku", {UNPAID | PAID, SHIPPED}},
    {"order_modify_phone", {UNPAID | PAID, SHIPPED}},
    {"order_add_note", {UNPAID | PAID, SHIPPED}},
    {"order_merge", {UNPAID | PAID, 0}},
    {"order_split", {UNPAID | PAID, 0}},
    {"order_closed_why", {CLOSED, 0}},
    {"presale_rule", {UNPAID | PAID, 0}},
    {"receipt_confirm_help", {SHIPPED | DELIVERED, 0}},
    {"extend_receipt", {SHIPPED | DELIVERED, 0}},
    {"pay_failed", {UNPAID, 0}},
    {"pay_deducted_no_order", {UNPAID, 0}},
    {"pay_price_change", {UNPAID, 0}},
    {"ship_time", {PAID, UNPAID}},
    {"ship_urge", {PAID, SHIPPED}},
    {"ship_carrier", {PAID | SHIPPED, 0}},
    {"ship_track", {SHIPPED, PAID | DELIVERED}},
    {"ship_eta", {SHIPPED, PAID}},
    {"ship_stuck", {SHIPPED, DELIVERED}},
    {"ship_signed_not_received", {SHIPPED | DELIVERED, FINISHED}},
    {"ship_lost", {SHIPPED, DELIVERED}},
    {"ship_wrong_place", {SHIPPED | DELIVERED, FINISHED}},
    {"ship_pickup_code", {SHIPPED | DELIVERED, 0}},
    {"ship_intercept", {SHIPPED, PAID}},
    {"ship_reject", {SHIPPED, 0}},
    {"ship_partial", {SHIPPED | DELIVERED, FINISHED}},
    {"ship_time_pref", {PAID | SHIPPED, 0}},
    {"ship_attitude", {SHIPPED | DELIVERED, FINISHED}},
    {"ship_customs", {SHIPPED, PAID}},
    {"ship_insure_late", {SHIPPED | DELIVERED, FINISHED}},
    {"refund_only_apply", {PAID | SHIPPED | DELIVERED, FINISHED}},
    {"return_apply", {DELIVERED, FINISHED | SHIPPED}},
    {"exchange_apply", {DELIVERED, FINISHED | SHIPPED}},
    {"repair_apply", {DELIVERED | FINISHED, 0}},
    {"resend_apply", {DELIVERED, FINISHED | SHIPPED}},
    {"quality_problem", {DELIVERED, FINISHED | SHIPPED}},
    {"damaged_in_transit", {DELIVERED, FINISHED | SHIPPED}},
    {"wrong_item", {DELIVERED, FINISHED | SHIPPED}},
    {"not_as_described", {DELIVERED, FINISHED | SHIPPED}},
    {"counterfeit_claim", {DELIVERED | FINISHED, SHIPPED}},
    {"size_unfit", {DELIVERED, FINISHED | SHIPPED}},
    {"price_protect", {PAID | SHIPPED | DELIVERED | FINISHED, 0}},
    {"invoice_request", {PAID | SHIPPED | DELIVERED | FINISHED, 0}},
    {"invoice_status", {PAID | SHIPPED | DELIVERED | FINISHED, 0}},
};

struct order_fits order_fits_intent(struct str intent)
{
    for (size_t i = 0; i < COUNT(fits_table); i++)
        if (str_eq_c(intent, fits_table[i].intent))
            return fits_table[i].fits;
    return (struct order_fits){.first = ORDER_ANY};
}

/* ---- numbers in the text ------------------------------------------------------------------------------------------ */

static bool same_number(struct str x, struct str y)
{
    return x.n == y.n && x.n > 0 && strncasecmp(x.p, y.p, x.n) == 0;
}

static const struct order *by_id(const struct pick_input *in, struct str id)
{
    for (size_t i = 0; i < in->order_count; i++)
        if (same_number(in->orders[i].id, id))
            return &in->orders[i];
    return NULL;
}

static const struct order *by_tracking(const struct pick_input *in, struct str number)
{
    for (size_t i = 0; i < in->order_count; i++)
        for (size_t k = 0; k < in->orders[i].parcel_count; k++)
            if (same_number(in->orders[i].parcels[k].tracking_no, number))
                return &in->orders[i];
    return NULL;
}

/** The only order whose number ends so; NULL when none or several do. */
static const struct order *by_suffix(const struct pick_input *in, struct str end)
{
    const struct order *found = NULL;
    if (end.n < PICK_SUFFIX)
        return NULL;
    for (size_t i = 0; i < in->order_count; i++) {
        struct str id = in->orders[i].id;
        if (id.n <= end.n || !same_number(str_sub(id, id.n - end.n, end.n), end))
            continue;
        if (found != NULL)
            return NULL;
        found = &in->orders[i];
    }
    return found;
}

static bool is_number_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

static bool has_digit(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9')
            return true;
    return false;
}

/** The first run of letters and digits in the text that is an order's number, its parcel's, or the end of its
 *  number. */
static const struct order *named_in(const struct pick_input *in, struct str text)
{
    size_t from = 0;
    while (from < text.n) {
        size_t to = from;
        while (to < text.n && is_number_char(text.p[to]))
            to++;
        struct str run = str_sub(text, from, to - from);
        if (run.n >= 2 && has_digit(run)) {
            const struct order *o = by_id(in, run);
            o = o != NULL ? o : by_tracking(in, run);
            o = o != NULL ? o : by_suffix(in, run);
            if (o != NULL)
                return o;
        }
        from = to + 1;
    }
    return NULL;
}

/* ---- candidates ---------------------------------------------------------------------------------------------------- */

/** The orders still in question, newest first: at most as many as there are bits. */
struct candidates {
    const struct order *v[64];
    size_t n;
};

static void add(struct candidates *c, const struct order *o)
{
    if (c->n < COUNT(c->v))
        c->v[c->n++] = o;
}

static struct candidates all_of(const struct pick_input *in)
{
    struct candidates c = {.n = 0};
    for (size_t i = 0; i < in->order_count; i++)
        add(&c, &in->orders[i]);
    return c;
}

static struct candidates with_product(const struct candidates *from, struct str product)
{
    struct candidates c = {.n = 0};
    for (size_t i = 0; i < from->n && product.n > 0; i++)
        if (order_item_of(from->v[i], product) != NULL)
            add(&c, from->v[i]);
    return c;
}

static struct candidates with_status(const struct candidates *from, unsigned bits)
{
    struct candidates c = {.n = 0};
    for (size_t i = 0; i < from->n; i++)
        if ((ORDER_BIT(from->v[i]->status) & bits) != 0)
            add(&c, from->v[i]);
    return c;
}

static int severity_of(const struct pick_input *in, const struct order *o)
{
    return in->clocks != NULL ? order_trouble(o, in->clocks, in->now_ms).severity : 0;
}

static const struct order *only_in_trouble(const struct pick_input *in, const struct candidates *c)
{
    const struct order *found = NULL;
    for (size_t i = 0; i < c->n; i++) {
        if (severity_of(in, c->v[i]) < PICK_SERIOUS)
            continue;
        if (found != NULL)
            return NULL;
        found = c->v[i];
    }
    return found;
}

/** Offers the first PICK_CHOICES: those in serious trouble, then the newest. */
static void offer(const struct pick_input *in, const struct candidates *c, struct pick *ret)
{
    for (int serious = 1; serious >= 0; serious--)
        for (size_t i = 0; i < c->n && ret->choice_count < PICK_CHOICES; i++)
            if ((severity_of(in, c->v[i]) >= PICK_SERIOUS) == (serious == 1))
                ret->choices[ret->choice_count++] = c->v[i];
}

static struct pick picked(const struct order *o, enum pick_reason reason)
{
    return (struct pick){.reason = reason, .order = o};
}

/** What the buyer did or wrote; false when that says nothing. */
static bool pick_said(const struct pick_input *in, struct pick *ret)
{
    const struct order *o;
    if (in->clicked.n > 0) {
        o = by_id(in, in->clicked);
        *ret = o != NULL ? picked(o, PICK_CLICKED) : (struct pick){.reason = PICK_UNKNOWN, .number = in->clicked};
        return true;
    }
    o = in->number.n > 0 ? named_in(in, in->number) : NULL;
    o = o != NULL ? o : named_in(in, in->text);
    if (o != NULL) {
        *ret = picked(o, PICK_NAMED);
        return true;
    }
    if (in->number.n > 0) {
        *ret = (struct pick){.reason = PICK_UNKNOWN, .number = in->number};
        return true;
    }
    return false;
}

/** What follows from the orders themselves. @p elsewhere  something is named that none of them holds: no order is as good as meant */
static struct pick pick_guessed(const struct pick_input *in, const struct candidates *all, bool elsewhere)
{
    struct pick ret = {.reason = PICK_NO_FIT};
    struct candidates fit = with_status(all, in->fits.first);
    if (fit.n == 0)
        fit = with_status(all, in->fits.also);
    if (all->n == 1)
        return picked(all->v[0], PICK_ONLY);
    if (fit.n == 1 && !elsewhere)
        return picked(fit.v[0], PICK_FITS);
    if (fit.n == 0) {
        offer(in, all, &ret);
        return ret;
    }
    const struct order *troubled = elsewhere ? NULL : only_in_trouble(in, &fit);
    if (troubled != NULL)
        return picked(troubled, PICK_TROUBLE);
    ret.reason = PICK_AMBIGUOUS;
    offer(in, fit.n > 1 ? &fit : all, &ret);
    return ret;
}

struct pick order_pick(const struct pick_input *in)
{
    struct pick said;
    if (pick_said(in, &said))
        return said;
    if (in->order_count == 0)
        return (struct pick){.reason = PICK_NO_ORDERS};

    struct candidates all = all_of(in), of_product = with_product(&all, in->product);
    if (of_product.n == 1)
        return picked(of_product.v[0], PICK_PRODUCT);
    if (of_product.n > 1)
        return pick_guessed(in, &of_product, false);
    const struct order *o = by_id(in, in->current);
    if (o != NULL)
        return picked(o, PICK_CURRENT);
    o = by_id(in, in->entry);
    if (o != NULL)
        return picked(o, PICK_ENTRY);
    return pick_guessed(in, &all, in->product.n > 0);
}

const char *pick_reason_name(enum pick_reason r)
{
    static const char *const names[] = {
        [PICK_CLICKED] = "clicked", [PICK_NAMED] = "named",     [PICK_PRODUCT] = "product",
        [PICK_CURRENT] = "current", [PICK_ENTRY] = "entry",     [PICK_ONLY] = "only",
        [PICK_FITS] = "fits",       [PICK_TROUBLE] = "trouble", [PICK_AMBIGUOUS] = "ambiguous",
        [PICK_UNKNOWN] = "unknown", [PICK_NO_FIT] = "no_fit",   [PICK_NO_ORDERS] = "no_orders",
    };
    return names[r];
}
