/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bursts in hand: unfinished texts wait and come out as one, complete ones never wait, nothing comes out twice.
 */
#include "base/table_test.h"

#include "chat/unanswered.h"

#define T0 INT64_C(1700000000000)

static struct incoming text(const char *id, const char *said, int64_t at_ms)
{
    return (struct incoming){.tenant_id = 1, .contact_id = 7, .client_id = str_from(id), .kind = MESSAGE_TEXT,
                             .text = str_from(said), .now_ms = at_ms};
}

static void a_burst_is_answered_as_one(void **state)
{
    (void)state;
    struct arena a = {0};
    struct unanswered *u = unanswered_new();
    struct incoming in, due;
    struct str all;
    in = text("1", "在吗", T0);
    assert_true(unanswered_add(u, &a, &in, STR_NONE, &all));
    in = text("2", "我那个", T0 + 300);
    assert_true(unanswered_add(u, &a, &in, STR_NONE, &all));
    assert_true(unanswered_add(u, &a, &in, STR_NONE, &all)); /* sent again: counts once */
    in = text("3", "快递到哪了", T0 + 600);
    assert_false(unanswered_add(u, &a, &in, STR_NONE, &all));
    assert_true(str_eq_c(all, "我那个快递到哪了"));
    assert_false(unanswered_due(u, &a, INT64_MAX, &due)); /* forgotten */

    in = text("4", "我那个", T0 + 9000);
    assert_true(unanswered_add(u, &a, &in, STR_NONE, &all));
    assert_false(unanswered_due(u, &a, T0 + 9100, &due));
    unanswered_typing(u, 7, T0 + 9200);
    assert_true(unanswered_due(u, &a, T0 + 9000 + 1500, &due)); /* never later than `most` */
    assert_true(str_eq_c(due.text, "我那个") && due.contact_id == 7);
    assert_false(unanswered_due(u, &a, INT64_MAX, &due));

    in = text("5", "还有", T0 + 20000);
    assert_true(unanswered_add(u, &a, &in, STR_NONE, &all));
    assert_true(str_eq_c(unanswered_take(u, &a, 7), "还有"));
    assert_int_equal(unanswered_take(u, &a, 7).n, 0);
    unanswered_free(u);
    arena_done(&a);
}

static void a_complete_question_never_waits(void **state)
{
    (void)state;
    struct arena a = {0};
    struct unanswered *u = unanswered_new();
    static const char *const said[] = {"我的快递到哪了", "转人工", "where is my parcel?", "退款", "多少钱?"};
    for (size_t i = 0; i < COUNT(said); i++) {
        struct incoming in = text("x", said[i], T0 + (int64_t)i);
        struct str all;
        assert_false(unanswered_add(u, &a, &in, STR_NONE, &all));
        assert_ptr_equal(all.p, in.text.p);
    }
    unanswered_free(u);
    arena_done(&a);
}

static void who_never_stops_is_answered(void **state)
{
    (void)state;
    struct arena a = {0};
    struct unanswered *u = unanswered_new();
    size_t waited = 0;
    for (int i = 0; i < 40; i++) {
        char id[16];
        snprintf(id, sizeof(id), "%d", i);
        struct incoming in = text(id, "然后", T0 + i);
        struct str all;
        waited += unanswered_add(u, &a, &in, STR_NONE, &all);
    }
    assert_in_range(waited, 40 - 40 / UNANSWERED_TEXTS - 1, 39); /* each twelfth is answered with those before it */
    unanswered_free(u);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_is_answered_as_one),
        cmocka_unit_test(a_complete_question_never_waits),
        cmocka_unit_test(who_never_stops_is_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
