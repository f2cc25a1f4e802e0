/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A random walk through all case machines at once: orders with several sub-orders, several cases on each, events legal and
 * illegal, clocks that jump both ways, rules that change in mid-case, time zones that change their offset, leap days and
 * Chinese holidays. After every event it must be true that money is conserved, that every open case has its timer and no
 * closed one has; and in the end that every case can be ended by its timers alone, and that its history leads to it again.
 *
 * How much     CASE_WALK_EVENTS events; without it, as many as ten seconds allow and four million at most.
 * Repeat       CASE_WALK_SEED; a failure prints the seed and the number of the event.
 */
#include "base/table_test.h"

#include <stdlib.h>

#include "trade/case_tables.h"
#include "trade/case_world_for_test.h"
#include "trade/money.h"

enum {
    ITEMS = 4,
    SLOTS = 5,      /* cases that may stand beside each other on a sub-order */
    HISTORY = 48,
    PAYMENTS = 8,   /* movements of one case */
    ROWS = 400,
    TIME_LIMIT_S = 9,
};

static const char *const zones[] = {"Asia/Shanghai", "America/New_York", "Europe/Berlin", "UTC"};
/* Nights on which clocks change, a leap day, the long holidays, the turn of a year, a make-up Saturday. */
static const char *const edges[] = {
    "2026-03-08T01:30:00-05:00", "2026-11-01T01:30:00-04:00", "2026-03-29T01:30:00+01:00", "2026-10-25T02:30:00+02:00",
    "2024-02-28T23:00:00+08:00", "2028-02-29T12:00:00+08:00", "2026-02-13T18:00:00+08:00", "2026-09-30T23:59:59+08:00",
    "2025-12-31T23:59:59+08:00", "2026-10-10T00:00:00+08:00", "2020-08-09T23:59:00+08:00", "2017-06-01T00:00:00+08:00",
};
static const char *const terms[] = {"0h", "1wd", "4wd", "7wd", "36h", "5d", "30d", "10m"};
static const char *const changed_keys[] = {
    "refund.unshipped.seller", "refund.shipped.seller", "return.seller_agree", "return.buyer_send", "ex.seller_agree",
    "refund.refused.buyer",    "case.evidence",         "dp.decide_cap",       "cp.platform",     "refund.payout",
    "case.resume_min",         "rp.repair_max",
};

struct slot {
    bool used;
    struct trade_case c;
    struct case_ask ask;
    struct case_record history[HISTORY];
    size_t n;
    struct ledger_state payments[PAYMENTS];
};

struct sub_order {
    int64_t paid;
    int64_t total_count, paid_count;
    struct ledger_sum escrow, other;
    struct slot slots[SLOTS];
};

struct walk {
    uint64_t seed, event;
    int64_t now;
    struct policy rows[ROWS];     /* now */
    struct policy later[ROWS];    /* the same with rules of a later day */
    size_t n, later_n;
    struct case_rules rules;
    struct sub_order subs[ITEMS];
    size_t sub_count;
    int64_t order_ms, total;
    enum order_status status;
    uint64_t opened, ended, taken, refused, timeouts, replayed, compared, orders, back, changes;
    uint64_t legal[CASE_EVENTS], ends[CASE_TYPES];
};

static struct walk w;

/** Ends the test with what is needed to repeat it. */
#define must(what)                                                                                                 \
    do {                                                                                                           \
        if (!(what))                                                                                               \
            fail_msg("%s: not true after event %llu of CASE_WALK_SEED=%llu", #what, (unsigned long long)w.event,   \
                     (unsigned long long)first_seed());                                                            \
    } while (0)

static uint64_t first_seed(void)
{
    const char *text = getenv("CASE_WALK_SEED");
    return text != NULL ? strtoull(text, NULL, 10) | 1 : 20261122;
}

static uint64_t any(uint64_t below)
{
    w.seed ^= w.seed << 13;
    w.seed ^= w.seed >> 7;
    w.seed ^= w.seed << 17;
    return w.seed % below;
}

static bool one_in(uint64_t n)
{
    return any(n) == 0;
}

/* ---- the world ---------------------------------------------------------------------------------------------------------- */

static int by_key(const void *x, const void *y)
{
    const struct policy *a = x, *b = y;
    int c = str_cmp(a->key, b->key);
    return c != 0 ? c : (a->from_ms > b->from_ms) - (a->from_ms < b->from_ms);
}

static struct policy own_rule(const char *key, int64_t from_ms)
{
    return (struct policy){.tenant_id = 7, .key = str_from(key), .scope = STR("shop"), .from_ms = from_ms,
                           .value = str_from(terms[any(COUNT(terms))])};
}

/** The shipped rules, some of the shop's own, and in `later` more of them that begin after the order. */
static void make_rules(void)
{
    size_t shipped_n;
    const struct policy *shipped = rules_shipped(&shipped_n);
    must(shipped_n + 2 * COUNT(changed_keys) < ROWS);
    memcpy(w.rows, shipped, shipped_n * sizeof(*shipped));
    w.n = shipped_n;
    for (size_t i = 0; i < COUNT(changed_keys); i++)
        if (one_in(2))
            w.rows[w.n++] = own_rule(changed_keys[i], w.order_ms - (int64_t)any(30) * DAY_MS);
    qsort(w.rows, w.n, sizeof(*w.rows), by_key);
    memcpy(w.later, w.rows, w.n * sizeof(*w.rows));
    w.later_n = w.n;
    for (size_t i = 0; i < COUNT(changed_keys); i++)
        w.later[w.later_n++] = own_rule(changed_keys[i], w.order_ms + 1 + (int64_t)any(100) * HOUR_MS);
    qsort(w.later, w.later_n, sizeof(*w.later), by_key);
}

static void make_order(void)
{
    struct order_item items[ITEMS] = {0};
    struct money_share shares[ITEMS];
    struct order o = {.items = items, .item_count = 1 + any(ITEMS), .freight_cents = (int64_t)any(2) * (int64_t)any(2000)};
    int64_t base = instant("2023-06-01T00:00:00Z");
    w.order_ms = one_in(3) ? instant(edges[any(COUNT(edges))]) - (int64_t)any(10) * DAY_MS
                           : base + (int64_t)any(6 * 365 * 24 * 60) * MINUTE_MS;
    w.now = w.order_ms + (int64_t)any(48) * HOUR_MS;
    w.status = (enum order_status)(ORDER_PAID + (int)any(3));
    for (size_t i = 0; i < o.item_count; i++)
        items[i].paid_cents = one_in(10) ? 0 : (int64_t)any(60000);
    money_shares(&o, shares);
    memset(w.subs, 0, sizeof(w.subs));
    w.sub_count = o.item_count;
    w.total = order_total_cents(&o);
    int64_t sum = 0;
    for (size_t i = 0; i < o.item_count; i++) {
        w.subs[i].paid = shares[i].goods_cents + shares[i].freight_cents;
        sum += w.subs[i].paid;
    }
    must(sum == w.total);
    struct str zone = str_from(zones[any(COUNT(zones))]);
    make_rules();
    w.rules = (struct case_rules){.rows = w.rows, .n = w.n, .zone = zone, .calendar = calendar_of_zone(zone)};
    w.orders++;
}

/* ---- money -------------------------------------------------------------------------------------------------------------- */

static bool is_open(const struct slot *s)
{
    return s->used && !case_state_final(s->c.state);
}

/** What other cases that are open claim of the buyer's money, and have not reserved yet. */
static int64_t claimed_by_others(const struct sub_order *sub, const struct slot *but)
{
    int64_t sum = 0;
    for (size_t i = 0; i < SLOTS; i++) {
        const struct slot *s = &sub->slots[i];
        if (s != but && is_open(s) && case_payer(s->c.type) == PAYER_ESCROW && s->c.reserved_cents == 0)
            sum += s->c.claimed_cents;
    }
    return sum;
}

static int64_t limit_of(const struct sub_order *sub, const struct slot *but)
{
    return sub->paid - ledger_taken(&sub->escrow) - claimed_by_others(sub, but);
}

static void move_money(struct sub_order *sub, struct slot *s, const struct case_outcome *o)
{
    static const enum ledger_step step_of[] = {
        [CASE_MONEY_RESERVE] = LEDGER_RESERVE, [CASE_MONEY_COMMIT] = LEDGER_COMMIT, [CASE_MONEY_VOID] = LEDGER_VOID};
    if (o->money == CASE_NO_MONEY)
        return;
    must(o->after.payments >= 1 && o->after.payments <= PAYMENTS);
    struct ledger_state *key = &s->payments[o->after.payments - 1];
    struct ledger_sum *sum = o->payer == PAYER_ESCROW ? &sub->escrow : &sub->other;
    struct ledger_entry e = {.step = step_of[o->money], .case_id = 1, .payer = o->payer, .amount_cents = o->amount_cents};
    int64_t left = o->payer == PAYER_ESCROW ? sub->paid - ledger_taken(sum) : INT64_MAX;
    must(ledger_judge(key, &e, left) == LEDGER_OK);
    ledger_note(key, &e);
    ledger_add(sum, &e);
    must(ledger_judge(key, &e, 0) == LEDGER_SAME); /* again: nothing moves */
}

/** Refunds and what is left are what was paid; what cases say of their money is what the ledger says. */
static void check_money(const struct sub_order *sub)
{
    int64_t reserved = 0, promised = 0;
    for (size_t i = 0; i < SLOTS; i++) {
        const struct slot *s = &sub->slots[i];
        if (!s->used)
            continue;
        reserved += s->c.reserved_cents;
        promised += is_open(s) && case_payer(s->c.type) == PAYER_ESCROW && s->c.reserved_cents == 0 ? s->c.claimed_cents : 0;
        must((s->c.reserved_cents > 0) == (s->c.state == CASE_PAYING || s->c.state == CASE_PAY_REVIEW));
    }
    must(ledger_open(&sub->escrow) + ledger_open(&sub->other) == reserved);
    must(ledger_taken(&sub->escrow) + promised <= sub->paid);
}

/* ---- cases -------------------------------------------------------------------------------------------------------------- */

static void check_timer(const struct trade_case *c)
{
    bool final = case_state_final(c->state);
    must(c->state != CASE_NONE && final == (c->due_ms == 0) && final == (c->closed_ms != 0));
    must(final || (case_state_rule(c->state) != NULL && c->due_ms >= c->opened_ms));
    must(c->pause == CASE_RUNNING || (!final && case_pause_rules[c->pause] != NULL && c->remaining_ms >= 0));
    must(c->pause != CASE_RUNNING || c->remaining_ms == 0);
}

static void remember(struct slot *s, const struct case_ask *ask, const struct case_input *in, const struct case_outcome *o)
{
    struct case_record *r = &s->history[s->n++];
    *r = (struct case_record){.ask = ask, .used_count = o->used_count};
    if (in != NULL)
        r->in = *in;
    memcpy(r->used, o->used, sizeof(r->used));
}

static bool same_outcome(const struct case_outcome *a, const struct case_outcome *b)
{
    return same_case(&a->after, &b->after) && a->money == b->money && a->amount_cents == b->amount_cents &&
           a->tell == b->tell;
}

/** Rules of a later day leave this order's cases as they are. */
static void check_later_rules(const struct slot *s, const struct case_input *in, enum case_answer answer,
                              const struct case_outcome *o)
{
    struct case_rules later = w.rules;
    struct case_outcome other;
    later.rows = w.later;
    later.n = w.later_n;
    must(case_step(&s->c, in, &later, &other) == answer);
    must(answer != CASE_OK || same_outcome(o, &other));
    w.compared++;
}

static void take(struct sub_order *sub, struct slot *s, const struct case_input *in)
{
    struct case_outcome o;
    enum case_answer answer = case_step(&s->c, in, &w.rules, &o);
    must(answer != CASE_NO_RULE);
    if (one_in(16))
        check_later_rules(s, in, answer, &o);
    w.refused += answer != CASE_OK;
    if (answer != CASE_OK)
        return;
    must(o.after.changed_ms >= s->c.changed_ms);
    must(in->event != CASE_TIMEOUT || MAX(in->now_ms, s->c.changed_ms) >= s->c.due_ms);
    remember(s, NULL, in, &o);
    move_money(sub, s, &o);
    sub->paid_count += o.money == CASE_MONEY_COMMIT;
    s->c = o.after;
    check_timer(&s->c);
    check_money(sub);
    w.taken++;
    w.legal[in->event]++;
    w.timeouts += in->event == CASE_TIMEOUT;
}

static struct case_input fitting(const struct sub_order *sub, const struct slot *s, enum case_event event,
                                 enum case_actor actor)
{
    return (struct case_input){
        .event = event,
        .actor = actor,
        .confirmed = !one_in(4),
        .now_ms = w.now,
        .limit_cents = limit_of(sub, s),
        .amount_cents = (int64_t)any((uint64_t)sub->paid + 10) - 2,
        .goods = (enum case_goods)any(3),
    };
}

/** By its timers alone, and the payment that the system makes by itself. */
static void run_out(struct sub_order *sub, struct slot *s)
{
    for (int steps = 0; !case_state_final(s->c.state); steps++) {
        must(steps < 24);
        bool pays = s->c.state == CASE_PAYING || s->c.state == CASE_PAY_REVIEW;
        struct case_input in = fitting(sub, s, pays ? CASE_PAID : CASE_TIMEOUT, CASE_SYSTEM);
        in.now_ms = MAX(w.now, s->c.due_ms);
        size_t before = s->n;
        if (s->n == HISTORY)
            return; /* replayed below as far as it was kept */
        take(sub, s, &in);
        must(s->n == before + 1);
    }
}

static void replay(struct slot *s)
{
    struct trade_case again = {0};
    must(case_replay(s->history, s->n, w.rules.zone, w.rules.calendar, &again));
    must(same_case(&again, &s->c));
    w.replayed++;
}

static void retire(struct sub_order *sub, struct slot *s)
{
    run_out(sub, s);
    replay(s);
    w.ended++;
    w.ends[s->c.type]++;
    s->used = false;
}

/* ---- events ------------------------------------------------------------------------------------------------------------- */

static void try_to_open(struct sub_order *sub, struct slot *s)
{
    static const char *const reasons[] = {"other", "no_reason_7d", "quality_defect", "late_shipment", "not_wanted",
                                          "agent_attitude", "nonsense"};
    enum case_type t = (enum case_type)any(CASE_TYPES);
    bool aftersale = case_is_aftersale(t);
    int64_t of_its_kind = 0;
    for (size_t i = 0; i < SLOTS; i++)
        of_its_kind += is_open(&sub->slots[i]) &&
                       (aftersale ? case_is_aftersale(sub->slots[i].c.type) : sub->slots[i].c.type == t);
    memset(s, 0, sizeof(*s));
    s->ask = (struct case_ask){
        .type = t,
        .actor = (enum case_actor)any(CASE_ACTORS),
        .confirmed = !one_in(4),
        .reason = str_from(reasons[t == CASE_COMPLAINT ? 5 : any(COUNT(reasons))]),
        .goods = w.status == ORDER_PAID ? GOODS_NOT_SHIPPED : (enum case_goods)(1 + any(2)),
        .quantity = 1,
        .amount_cents = (int64_t)any((uint64_t)sub->paid + 10),
        .limit_cents = limit_of(sub, NULL),
        .evidence_count = (int64_t)any(2),
        .now_ms = w.now,
        .status = w.status,
        .order_ms = w.order_ms,
        .paid_ms = w.order_ms,
        .delivered_ms = w.status == ORDER_DELIVERED ? w.order_ms + DAY_MS : 0,
        .price_protect_days = one_in(2) ? -1 : 30,
        .warranty_days = one_in(2) ? -1 : 365,
        .freight_insured = !one_in(4),
        .promise_missed = one_in(2),
        .good_record = one_in(2),
        .open_count = of_its_kind,
        .total_count = sub->total_count,
        .paid_count = sub->paid_count,
    };
    struct case_outcome o;
    if (case_open(&s->ask, &w.rules, &o) != CASE_OK) {
        w.refused++;
        return;
    }
    s->used = true;
    s->c = o.after;
    sub->total_count += aftersale;
    remember(s, &s->ask, NULL, &o);
    move_money(sub, s, &o);
    check_timer(&s->c);
    check_money(sub);
    w.opened++;
    w.legal[CASE_OPENED]++;
}

/** An actor who may, mostly; sometimes one who may not. */
static enum case_actor actor_for(const struct slot *s, enum case_event event)
{
    enum case_actor actor = (enum case_actor)any(CASE_ACTORS);
    for (int i = 0; i < CASE_ACTORS && !one_in(8) && !case_may(&s->c, event, actor); i++)
        actor = (enum case_actor)((actor + 1) % CASE_ACTORS);
    return actor;
}

static void try_event(struct sub_order *sub, struct slot *s)
{
    enum case_event event = (enum case_event)any(CASE_EVENTS);
    enum case_actor actor = actor_for(s, event);
    for (int i = 0; i < CASE_EVENTS && !one_in(12) && !case_may(&s->c, event, actor); i++) {
        event = (enum case_event)(((size_t)event + 1) % CASE_EVENTS);
        actor = actor_for(s, event);
    }
    struct case_input in = fitting(sub, s, event, actor);
    for (size_t i = 0; i < SLOTS && case_is_aftersale(s->c.type); i++)
        in.open_count += &sub->slots[i] != s && is_open(&sub->slots[i]) && case_is_aftersale(sub->slots[i].c.type);
    take(sub, s, &in);
}

/** Minutes to weeks on; sometimes the clock is set back. */
static void move_clock(void)
{
    if (one_in(10)) {
        w.now -= (int64_t)any(3 * 24 * 60) * MINUTE_MS;
        w.back++;
        return;
    }
    w.now += one_in(4) ? (int64_t)any(20) * DAY_MS : (int64_t)any(24 * 60) * MINUTE_MS;
}

/** Somebody edits a rule that is in force: cases that are open go by it from their next step on, and still replay. */
static void change_rule(void)
{
    size_t i = any(w.n);
    if (w.rows[i].tenant_id != 7)
        return;
    for (size_t k = 0; k < w.later_n; k++)
        if (str_eq(w.later[k].key, w.rows[i].key) && w.later[k].from_ms == w.rows[i].from_ms && w.later[k].tenant_id == 7)
            w.rows[i].value = w.later[k].value = str_from(terms[any(COUNT(terms))]);
    w.changes++;
}

static void fire_due(void)
{
    for (size_t i = 0; i < w.sub_count; i++)
        for (size_t k = 0; k < SLOTS; k++) {
            struct slot *s = &w.subs[i].slots[k];
            if (!is_open(s) || s->n == HISTORY || s->c.due_ms > w.now)
                continue;
            struct case_input in = fitting(&w.subs[i], s, CASE_TIMEOUT, CASE_SYSTEM);
            uint64_t before = w.taken;
            take(&w.subs[i], s, &in);
            must(w.taken == before + 1);
        }
}

static void step(void)
{
    struct sub_order *sub = &w.subs[any(w.sub_count)];
    struct slot *s = &sub->slots[any(SLOTS)];
    w.event++;
    if (one_in(12))
        move_clock();
    if (one_in(40))
        change_rule();
    if (one_in(200) && w.status < ORDER_DELIVERED)
        w.status = (enum order_status)(w.status + 1);
    if (one_in(6))
        fire_due();
    if (s->used && (s->n == HISTORY || s->c.payments == PAYMENTS - 1 || one_in(60)))
        retire(sub, s);
    else if (s->used)
        try_event(sub, s);
    else
        try_to_open(sub, s);
}

static void end_order(void)
{
    int64_t refunded = 0;
    for (size_t i = 0; i < w.sub_count; i++) {
        for (size_t k = 0; k < SLOTS; k++)
            if (w.subs[i].slots[k].used)
                retire(&w.subs[i], &w.subs[i].slots[k]);
        refunded += w.subs[i].escrow.committed_cents;
    }
    must(refunded <= w.total);
}

static void say_counts(double seconds)
{
    print_message("walk: %llu events in %.1f s over %llu orders: %llu legal, %llu refused; %llu cases opened, %llu ended, "
                  "%llu replayed\n      %llu timers fired, %llu clock set-backs, %llu rules changed in mid-case, %llu steps "
                  "compared under later rules\n",
                  (unsigned long long)w.event, seconds, (unsigned long long)w.orders, (unsigned long long)w.taken,
                  (unsigned long long)w.refused, (unsigned long long)w.opened, (unsigned long long)w.ended,
                  (unsigned long long)w.replayed, (unsigned long long)w.timeouts, (unsigned long long)w.back,
                  (unsigned long long)w.changes, (unsigned long long)w.compared);
    for (size_t i = 0; i < CASE_TYPES; i++)
        print_message("      %s ended: %llu\n", case_type_name((enum case_type)i), (unsigned long long)w.ends[i]);
}

static void a_random_walk_breaks_nothing(void **state)
{
    (void)state;
    const char *wanted = getenv("CASE_WALK_EVENTS");
    uint64_t most = wanted != NULL ? strtoull(wanted, NULL, 10) : 4000000;
    int64_t began = clock_mono_us();
    w.seed = first_seed();
    while (w.event < most) {
        make_order();
        for (int i = 0; i < 400; i++)
            step();
        end_order();
        if (wanted == NULL && clock_mono_us() - began > TIME_LIMIT_S * INT64_C(1000000))
            break;
    }
    say_counts((double)(clock_mono_us() - began) / 1e6);
    for (size_t i = 0; i < CASE_EVENTS; i++)
        if (w.legal[i] == 0)
            fail_msg("the walk never came past a legal \"%s\"", case_event_name((enum case_event)i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_random_walk_breaks_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
