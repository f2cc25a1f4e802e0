/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a job takes of what was told: of a waybill the carrier and the number and nothing else that stands there, and of photos
 * no more than a wish may have.
 */
#include "base/table_test.h"

#include "bot/flow_slots.h"

static struct flow_plan plan_of(struct arena *a, const char *need)
{
    struct flow_plan p;
    char error[160] = "";
    struct str text = str_fmt(a, "{\"id\":\"x\",\"intents\":[\"x\"],\"idle\":\"30m\",\"steps\":[{\"need\":\"%s\"}]}", need);
    _cleanup_(json_donep) json_t *doc = json_read(text, NULL);
    assert_true(flow_plan_read(a, doc, &p, error));
    return p;
}

static void a_waybill_is_its_carrier_and_number(void **state)
{
    static const struct {
        const char *text, *taken;
    } rows[] = {
        {"顺丰 SF1234567890", "顺丰 SF1234567890"},
        {"SF1234567890", "SF1234567890"},
        {"SF1234567890 顺丰", "SF1234567890"},
        {"顺丰 SF1234567890 我电话13822221111", "顺丰 SF1234567890"},
        {"电话13822221111，单号 SF1234567890", "SF1234567890"},
        {"我寄了", ""},
    };
    struct arena a = {0};
    int failed = 0;
    (void)state;
    struct flow_plan p = plan_of(&a, "waybill");
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct task t = {.no_files = false};
        struct flow_secret s = {.filled_in = false};
        const struct flow_told told = {.arena = &a, .language = STR("zh"), .text = str_from(rows[i].text)};
        const struct flow_known known = {.order = NULL};
        (void)flow_take(&p, &p.stages[0], &told, &known, &t, &s);
        if (!str_eq_c(t.waybill, rows[i].taken))
            row_failed(failed, rows[i].text, "taken: %.*s", STR_ARG(t.waybill));
    }
    arena_done(&a);
    assert_int_equal(failed, 0);
}

static void as_many_photos_as_a_wish_may_have(void **state)
{
    enum { SENT = 12, MOST = 9 };
    struct arena a = {0};
    struct task t = {.no_files = false};
    struct flow_secret s = {.filled_in = false};
    (void)state;
    struct flow_plan p = plan_of(&a, "evidence");
    for (int i = 0; i < SENT; i++) {
        const struct flow_told told = {.arena = &a, .language = STR("zh"), .upload = str_fmt(&a, "19117469860%07d", i)};
        const struct flow_known known = {.order = NULL};
        assert_int_equal(flow_take(&p, &p.stages[0], &told, &known, &t, &s), i < MOST);
    }
    size_t n = 1;
    for (size_t i = 0; i < t.files.n; i++)
        n += t.files.p[i] == ',';
    assert_int_equal(n, MOST);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_waybill_is_its_carrier_and_number),
        cmocka_unit_test(as_many_photos_as_a_wish_may_have),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
