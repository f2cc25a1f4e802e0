/* SPDX-License-Identifier: Apache-2.0 */
/* Clauses: which messages hold two requests, heard by the shipped understanding. */
#include "bot/clause.h"

#include "base/table_test.h"

static const struct {
    const char *language, *text;
    const char *left, *right; /* intents; NULL: it is one request */
} rows[] = {
    {"zh", "退货运费谁出 还有优惠券退不退", "return_freight", "coupon_refund"},
    {"zh", "我的快递到哪了，另外发票怎么开", "ship_track", "invoice_request"},
    {"zh", "我的包裹到哪了 顺便帮我改下地址", "ship_track", "order_modify_address"},
    {"zh", "我要退货，还有退款多久到账", "return_apply", "refund_arrival"},
    {"zh", "能开发票吗 还有包邮吗", "invoice_request", "ship_fee"},
    {"zh", "这个保修多久？坏了寄到哪里修", "warranty_policy", "repair_apply"},
    {"zh", "快递到哪了 不行就转人工", "ship_track", "human_request"},
    {"zh", "黑色和白色哪个好", NULL, NULL},
    {"zh", "P101和P102有什么区别", NULL, NULL},
    {"zh", "你好，我的快递到哪了", NULL, NULL},
    {"zh", "我的快递到哪了，怎么还没到", NULL, NULL},
    {"zh", "衣服大了，能换小一码吗", NULL, NULL},
    {"zh", "如果不喜欢，可以退吗", NULL, NULL},
    {"zh", "谢谢，再见", NULL, NULL},
    {"en", "where's my parcel and can I change the address?", "ship_track", "order_modify_address"},
    {"en", "Is it in stock? How much is shipping?", "stock_query", "ship_fee"},
    {"en", "Can I get an invoice? Also, what's the warranty?", "invoice_request", "warranty_policy"},
    {"en", "black and white, which one is better?", NULL, NULL},
    {"en", "Hi there, where is my parcel?", NULL, NULL},
    {"en", "It arrived broken, I want to return it", NULL, NULL},
    {"en", "thanks and goodbye", NULL, NULL},
};

static bool hear_two(const struct nlu *n, struct arena *a, struct str language, struct str text,
                     struct understanding *left, struct understanding *right)
{
    struct understanding whole;
    struct marks m;
    struct cut cuts[CLAUSE_CUTS];
    nlu_understand(n, a, text, language, &whole);
    marks_find(a, language, text, &whole, false, &m);
    size_t count = clause_cuts(text, &m, &whole, cuts);
    for (size_t i = 0; i < count; i++) {
        nlu_understand(n, a, str_trim(cuts[i].left), language, left);
        nlu_understand(n, a, str_trim(cuts[i].right), language, right);
        if (clause_are_two(&whole, left, right, cuts[i].kind))
            return true;
    }
    return false;
}

static void only_two_requests_are_two(void **state)
{
    (void)state;
    struct arena a = {0};
    struct nlu *zh = nlu_shipped("zh"), *en = nlu_shipped("en");
    int failed = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct understanding left, right;
        struct str language = str_from(rows[i].language);
        bool two = hear_two(str_eq_c(language, "en") ? en : zh, &a, language, str_from(rows[i].text), &left, &right);
        bool same = two && rows[i].left != NULL && str_eq_c(left.best[0].intent, rows[i].left) &&
                    str_eq_c(right.best[0].intent, rows[i].right);
        if (two != (rows[i].left != NULL) || (two && !same))
            row_failed(failed, rows[i].text, "%s %.*s and %.*s", two ? "two:" : "one", STR_ARG(two ? left.best[0].intent : STR_NONE),
                       STR_ARG(two ? right.best[0].intent : STR_NONE));
    }
    nlu_free(zh);
    nlu_free(en);
    arena_done(&a);
    assert_int_equal(failed, 0);
}

static const struct {
    const char *x, *y;
    bool same;
} matters[] = {
    {"ship_track", "ship_urge", true},          {"size_unfit", "exchange_apply", true},
    {"ship_track", "order_modify_address", false}, {"return_apply", "return_freight", false},
    {"quality_problem", "return_apply", true},  {"coupon_get", "coupon_refund", false},
    {"ship_fee", "ship_fee", true},             {"", "ship_track", false},
    {"ship", "ship_track", false},
};

static void a_matter_holds_both_or_not(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(matters); i++)
        if (clause_same_matter(str_from(matters[i].x), str_from(matters[i].y)) != matters[i].same ||
            clause_same_matter(str_from(matters[i].y), str_from(matters[i].x)) != matters[i].same)
            row_failed(failed, matters[i].x, "and %s", matters[i].y);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_two_requests_are_two),
        cmocka_unit_test(a_matter_holds_both_or_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
