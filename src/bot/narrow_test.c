/* SPDX-License-Identifier: Apache-2.0 */
/* Narrowing: which orders a few words leave. */
#include "bot/narrow.h"

#include "base/table_test.h"
#include "base/time.h"

#define NOW_TEXT "2026-11-22T10:00:00+08:00" /* a Sunday */
#define ORDERS   4

/** Placed so many hours ago: this morning, yesterday, the day before, nine days ago. */
static const struct {
    const char *id, *sku_text;
    int hours_ago;
} bought[ORDERS] = {{"E1", "黑 / L", 2}, {"E2", "红 / L", 26}, {"E3", "黑 / M", 50}, {"E4", "42", 216}};

static const struct {
    const char *name, *text, *current;
    bool goes_on, corrects;
    const char *left; /* ids; NULL: the words say nothing */
} rows[] = {
    {"yesterday's", "昨天那单", "", true, false, "E2"},
    {"bought yesterday, in a question", "昨天买的到哪了", "", false, false, "E2"},
    {"yesterday, but not of buying", "昨天就说在派送", "", false, false, NULL},
    {"the day before, in place of another", "前天那单", "E2", true, true, "E3"},
    {"a day without an order: all are left", "五天前那单", "", true, false, "E1 E2 E3 E4"},
    {"the black one", "黑色的", "", true, false, "E1 E3"},
    {"the black one, not that one", "黑色的", "E1", true, true, "E3"},
    {"the black one in M", "黑色M码的", "", true, false, "E3"},
    {"black in a question of its own", "黑色还有吗", "", false, false, NULL},
    {"the other one", "另一单", "E2", true, false, "E1 E3 E4"},
    {"not that one", "那单", "E4", true, true, "E1 E2 E3"},
    {"last week's", "上周买的", "", true, false, "E4"},
    {"in English", "the order from yesterday", "", true, false, "E2"},
    {"nothing", "到哪了", "", true, false, NULL},
};

static void words_leave_these_orders(void **state)
{
    (void)state;
    struct arena a = {0};
    struct nlu *zh = nlu_shipped("zh"), *en = nlu_shipped("en");
    struct order orders[ORDERS] = {0}, left[ORDERS];
    struct order_item items[ORDERS] = {0};
    int64_t now_ms;
    int failed = 0;
    assert_true(time_parse(STR(NOW_TEXT), &now_ms));
    for (size_t i = 0; i < ORDERS; i++) {
        items[i].sku_text = str_from(bought[i].sku_text);
        orders[i] = (struct order){.id = str_from(bought[i].id), .created_ms = now_ms - bought[i].hours_ago * HOUR_MS,
                                   .items = &items[i], .item_count = 1};
    }
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct str text = str_from(rows[i].text);
        bool english = (unsigned char)text.p[0] < 0x80;
        struct understanding u;
        struct marks m;
        struct narrowing by;
        nlu_understand(english ? en : zh, &a, text, english ? STR("en") : STR("zh"), &u);
        marks_find(&a, english ? STR("en") : STR("zh"), text, &u, true, &m);
        const struct narrow_input in = {.u = &u, .marks = &m, .goes_on = rows[i].goes_on, .corrects = rows[i].corrects,
                                        .zone = STR("Asia/Shanghai"), .now_ms = now_ms};
        struct buf ids = {.arena = &a};
        bool says = narrow_read(&in, &by);
        size_t n = says ? narrow_orders(&a, &by, orders, ORDERS, str_from(rows[i].current), NULL, left) : 0;
        for (size_t k = 0; k < n; k++)
            buf_printf(&ids, "%s%.*s", k > 0 ? " " : "", STR_ARG(left[k].id));
        if (says != (rows[i].left != NULL) || (says && !str_eq_c(buf_view(&ids), rows[i].left)))
            row_failed(failed, rows[i].name, "\"%s\" leaves \"%.*s\"", rows[i].text, STR_ARG(buf_view(&ids)));
    }
    nlu_free(zh);
    nlu_free(en);
    arena_done(&a);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(words_leave_these_orders)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
