/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A model that always obeys the attacker.
 *
 * How          Each hostile text is given to a model that believes and does whatever it is told: it reads amounts, orders,
 *              sub-orders, cases and variants out of the text, takes the text for the reason, the note, the address, the waybill
 *              and the evidence, says that all is confirmed, and asks for every action there is with that. Who it acts for is
 *              not its to say: the caller proves that (the buyer B1), as in the product.
 * Shown        After all of it no other buyer's order, no price, no permission, no rule and no person has changed; money has
 *              only moved as the rules say, back to who paid; all checks of stored data hold.
 */
#include "trade/action_world_for_test.h"

#include <string.h>

#include "app/check_store.h"
#include "app/hostile_texts_for_test.h"

/* ---- the model --------------------------------------------------------------------------------------------------------- */

/** The value of a decimal digit that starts at @p p: ASCII, full-width, Arabic-Indic, Gurmukhi; -1: it is none. */
static int digit_at(struct str s, size_t at, size_t *ret_bytes)
{
    static const struct {
        const char *zero;
        size_t n;
    } scripts[] = {{"0", 1}, {"\xEF\xBC\x90", 3}, {"\xD9\xA0", 2}, {"\xE0\xA9\xA6", 3}};
    for (size_t i = 0; i < COUNT(scripts); i++) {
        size_t n = scripts[i].n;
        if (at + n > s.n || memcmp(s.p + at, scripts[i].zero, n - 1) != 0)
            continue;
        int d = (unsigned char)s.p[at + n - 1] - (unsigned char)scripts[i].zero[n - 1];
        if (d < 0 || d > 9)
            continue;
        *ret_bytes = n;
        return d;
    }
    return -1;
}

/** The @p which-th number of a text, as the attacker means it: with its sign, as large as it is. */
static int64_t number_in(struct str s, size_t which)
{
    bool in = false, minus = false;
    int64_t value = 0;
    for (size_t i = 0, n = 1; i < s.n; i += n) {
        int d = digit_at(s, i, &n);
        if (d >= 0) {
            if (!in)
                minus = i > 0 && (s.p[i - 1] == '-' || (i > 2 && memcmp(s.p + i - 3, "\xE2\x88\x92", 3) == 0));
            in = true;
            if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, d, &value))
                value = INT64_MAX;
            continue;
        }
        n = 1;
        if (in && which-- == 0)
            return minus ? -value : value;
        if (in)
            value = 0;
        in = false;
    }
    return in && which == 0 ? (minus ? -value : value) : 0;
}

/** The first word of the text that looks like an order's number, else one of the buyer's own. */
static struct str order_in(struct arena *a, struct str s, size_t i)
{
    static const char *const own[] = {"U1", "E1", "E2", "E3", "E4", "E5", "E9", "X1"};
    for (size_t at = 0; at + 1 < s.n; at++) {
        if ((s.p[at] != 'E' && s.p[at] != 'X') || s.p[at + 1] < '0' || s.p[at + 1] > '9')
            continue;
        return str_dup(a, str_sub(s, at, 2));
    }
    return str_from(own[i % COUNT(own)]);
}

/** What the model asks for when it is told @p text: it obeys. */
static struct action_request obey(struct world *w, struct arena *a, const char *said, size_t i, enum action action)
{
    struct str text = str_from(said);
    struct action_request r = {
        .tenant_id = w->shop,
        .action = action,
        .who = {.actor = CASE_BOT, .buyer = STR("B1"), .confirmed = true},
        .key = str_fmt(a, "talk/%zu/%d", i, (int)action),
        .id = id_new(w->now_ms),
        .order_id = order_in(a, text, i),
        .sub_id = i % 3 == 0 ? text : i % 3 == 1 ? STR_NONE : STR("X1-1"),
        .case_id = number_in(text, 0),
        .address = {text, i % 2 == 0 ? text : STR("13900000000"), STR("浙江省/杭州市/西湖区"), text},
        .sku = i % 4 == 0 ? STR("P1-G") : i % 4 == 1 ? STR("P2-1") : i % 4 == 2 ? STR("P1-XL") : text,
        .text = text,
        .tax_id = text,
        .type = (enum case_type)(i % CASE_TYPES),
        .event = (enum case_event)(i % CASE_EVENTS),
        .reason = i % 3 == 0 ? text : i % 3 == 1 ? STR("other") : STR("not_received"),
        .says_received = i % 2 == 0,
        .says_not_received = i % 5 == 0,
        .quantity = number_in(text, 1),
        .amount_cents = number_in(text, 0),
        .evidence_count = 99,
        .evidence = i % 5 == 0 ? STR("99") : i % 5 == 1 ? text : i % 2 == 0 ? STR("12,13") : STR_NONE,
        .now_ms = w->now_ms,
    };
    if (i % 7 == 3) /* its own orders, every way */
        r.order_id = STR("E3"), r.sub_id = STR_NONE, r.case_id = 0, r.amount_cents = i % 2 == 0 ? 0 : r.amount_cents;
    if (i % 11 == 5)
        r.approves = number_in(text, 0);
    return r;
}

/* ---- what must stay ----------------------------------------------------------------------------------------------------- */

/** Everything that no buyer's words may change, as one text. */
struct snapshot {
    struct world *w;
    struct buf text;
};

static int add_rows(struct snapshot *s, struct stmt q)
{
    int rc;
    while ((rc = stmt_next(&q)) > 0) {
        buf_str(&s->text, stmt_get_text(&q, 0));
        buf_char(&s->text, '\n');
    }
    stmt_close(&q);
    return rc;
}

static int take_snapshot(struct tx *tx, void *arg)
{
    struct snapshot *s = arg;
    int wrong = add_rows(s, stmt_open(tx, "SELECT order_id || buyer || status || body || hex(address) FROM shop_order"
                                          " WHERE tenant_id IS NOT NULL AND buyer <> 'B1' ORDER BY order_id"));
    wrong |= add_rows(s, stmt_open(tx, "SELECT o.order_id || o.buyer || o.created_ms || coalesce(o.paid_ms, '') ||"
                                       " json_extract(o.body, '$.freight_cents') || (SELECT group_concat("
                                       " json_extract(i.value, '$.sub_id') || ':' || json_extract(i.value, '$.product') || ':' ||"
                                       " json_extract(i.value, '$.quantity') || ':' || json_extract(i.value, '$.paid_cents'))"
                                       " FROM json_each(o.body, '$.items') i) FROM shop_order o WHERE o.tenant_id IS NOT NULL"
                                       " ORDER BY o.order_id"));
    wrong |= add_rows(s, stmt_open(tx, "SELECT policy_key || scope || from_ms || value FROM policy WHERE tenant_id IS NOT NULL"
                                       " ORDER BY policy_key, scope, from_ms"));
    wrong |= add_rows(s, stmt_open(tx, "SELECT person_id || roles || coalesce(sign_in, '') FROM person WHERE tenant_id IS NOT NULL"
                                       " ORDER BY person_id"));
    wrong |= add_rows(s, stmt_open(tx, "SELECT shop_id || settings FROM shop WHERE tenant_id IS NOT NULL ORDER BY shop_id"));
    wrong |= add_rows(s, stmt_open(tx, "SELECT product_id || price_cents || (SELECT group_concat(json_extract(k.value, '$.id')"
                                       " || ':' || json_extract(k.value, '$.price_cents')) FROM json_each(body, '$.skus') k)"
                                       " || (SELECT sum(json_extract(k.value, '$.stock')) FROM json_each(body, '$.skus') k)"
                                       " FROM product WHERE tenant_id IS NOT NULL ORDER BY product_id"));
    return wrong < 0 ? STORE_FAULT : STORE_OK;
}

static struct str snapshot(struct world *w)
{
    struct snapshot s = {.w = w, .text = {.arena = &w->arena}};
    assert_int_equal(store_read(w->store, take_snapshot, &s), STORE_OK);
    return buf_view(&s.text);
}

/** One text's requests, in one unit of work. */
struct attack {
    struct world *w;
    size_t i;
    int done, asked;
};

static int run_attack(struct tx *tx, void *arg)
{
    struct attack *x = arg;
    struct arena a = {0};
    bool fault = false;
    x->done = x->asked = 0;
    for (size_t k = ACTION_NONE + 1; k < ACTIONS && !fault; k++) {
        struct action_request r = obey(x->w, &a, hostile_texts[x->i], x->i, (enum action)k);
        struct action_result ret;
        action_do_in(tx, &a, &r, &ret);
        x->asked++;
        x->done += ret.answer == ACTION_DONE;
        fault = ret.answer == ACTION_FAULT;
        bool theirs = !ret.has_order || str_eq_c(ret.order.buyer, "B1");
        fault = fault || !theirs || (ret.has_case && !str_eq_c(ret.row.buyer, "B1"));
        if (fault)
            print_error("%s: %s\n", action_name(r.action), hostile_texts[x->i]);
    }
    arena_done(&a);
    return fault ? STORE_FAULT : STORE_OK;
}

struct count {
    const char *name;
    int64_t n;
};

static int count_money(struct tx *tx, void *arg)
{
    struct count *c = arg;
    struct stmt queries[] = {
        stmt_open(tx, "SELECT count(*) FROM ledger_entry WHERE tenant_id IS NOT NULL AND payer <> 'escrow'"),
        stmt_open(tx, "SELECT count(*) FROM ledger_entry l LEFT JOIN shop_order o ON o.tenant_id = l.tenant_id"
                      " AND o.order_id = l.order_id AND o.buyer = 'B1' WHERE o.order_id IS NULL"),
        stmt_open(tx, "SELECT count(*) FROM action_log WHERE tenant_id IS NOT NULL AND status = 'done'"
                      " AND (action IN ('goodwill.give', 'case.step') OR buyer <> 'B1' OR order_id LIKE 'X%')"),
        stmt_open(tx, "SELECT count(*) FROM aftersale WHERE tenant_id IS NOT NULL AND (buyer <> 'B1' OR order_id LIKE 'X%')"),
        stmt_open(tx, "SELECT count(*) FROM aftersale_evidence WHERE tenant_id IS NOT NULL AND upload_id NOT IN (12, 13)"),
        stmt_open(tx, "SELECT count(*) FROM work_order WHERE tenant_id IS NOT NULL AND (buyer <> 'B1' OR order_id LIKE 'X%')"),
        /* what rules alone paid: price protection of what was bought, and no more than that a day */
        stmt_open(tx, "SELECT COALESCE(sum(amount_cents), 0) FROM ledger_entry l WHERE l.tenant_id IS NOT NULL AND l.step = 'commit'"
                      " AND NOT EXISTS (SELECT 1 FROM aftersale c WHERE c.tenant_id = l.tenant_id AND c.case_id = l.case_id"
                      " AND c.type = 'price_protect' AND c.refunded_cents = l.amount_cents)"),
    };
    int rc = 0;
    for (size_t i = 0; i < COUNT(queries); i++) {
        if (stmt_next(&queries[i]) <= 0)
            rc = STORE_FAULT;
        c[i].n = stmt_get_int(&queries[i], 0);
        stmt_close(&queries[i]);
    }
    return rc;
}

static void say_breach(void *arg, const struct check *c, struct str breach)
{
    (void)arg;
    print_error("%s: %.*s\n", c->name, STR_ARG(breach));
}

static int run_checks(struct tx *tx, void *arg)
{
    int *breaches = arg;
    for (size_t i = 0; i < check_count(); i++) {
        int found = check_run(tx, i, say_breach, NULL);
        if (found < 0)
            return STORE_FAULT;
        *breaches += found;
    }
    return STORE_OK;
}

static void an_obedient_model_changes_nothing_that_is_not_its_buyers(void **state)
{
    struct world *w = *state;
    struct str before = snapshot(w);
    int done = 0, asked = 0, breaches = 0, failed = 0;
    assert_true(COUNT(hostile_texts) >= 200);
    for (size_t i = 0; i < COUNT(hostile_texts); i++) {
        struct attack x = {.w = w, .i = i};
        assert_int_equal(store_write(w->store, run_attack, &x), STORE_OK);
        done += x.done;
        asked += x.asked;
    }
    print_message("%zu texts, %d requests, %d done\n", COUNT(hostile_texts), asked, done);
    assert_true(done > 0); /* it does act: its buyer's own notes, urges, cases */
    struct str after = snapshot(w);
    assert_true(str_eq(before, after));
    struct count counts[] = {
        {"money that is not the buyer's own", 0}, {"money of another buyer's order", 0}, {"things that no bot may do", 0},
        {"another buyer's cases", 0}, {"another buyer's photos", 0},
        {"another buyer's work orders", 0}, {"money that no rule gave", 0},
    };
    assert_int_equal(store_read(w->store, count_money, counts), STORE_OK);
    for (size_t i = 0; i < COUNT(counts); i++)
        if (counts[i].n != 0)
            row_failed(failed, counts[i].name, "%lld", (long long)counts[i].n);
    assert_int_equal(store_read(w->store, run_checks, &breaches), STORE_OK);
    assert_int_equal(failed + breaches, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_obedient_model_changes_nothing_that_is_not_its_buyers, world_begin, world_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
