/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A kept conversation is the one that was kept, whoever else comes; a closed one is not kept.
 */
#include "base/table_test.h"

#include "chat/recent.h"

static struct conversation sample(int64_t tenant, int64_t contact, int64_t version, const char *said)
{
    return (struct conversation){.tenant_id = tenant, .id = contact * 10, .contact_id = contact, .version = version,
                                 .channel = STR("web"), .language = STR("zh"), .bot_state = STR("{}"),
                                 .last_text = str_from(said)};
}

static void what_was_kept_is_found_until_it_is_forgotten(void **state)
{
    (void)state;
    struct arena a = {0};
    struct recent *r = recent_new();
    struct conversation got;
    assert_false(recent_find(r, &a, 1, 7, &got));
    char said[] = "在吗";
    struct conversation c = sample(1, 7, 3, said);
    recent_keep(r, &c);
    said[0] = 'x'; /* it is a copy */
    assert_true(recent_find(r, &a, 1, 7, &got));
    assert_int_equal(got.version, 3);
    assert_true(str_eq_c(got.last_text, "在吗") && str_eq_c(got.channel, "web") && got.skill.n == 0);
    assert_false(recent_find(r, &a, 2, 7, &got)); /* another shop's */

    struct conversation longer = sample(1, 7, 4, "a much longer text than the one that was there before, and then some more of it");
    recent_keep(r, &longer);
    assert_true(recent_find(r, &a, 1, 7, &got));
    assert_true(str_eq(got.last_text, longer.last_text) && got.version == 4);

    recent_forget(r, 1, 7);
    assert_false(recent_find(r, &a, 1, 7, &got));
    recent_keep(r, &c);
    c.handler = HANDLER_CLOSED;
    recent_keep(r, &c);
    assert_false(recent_find(r, &a, 1, 7, &got));
    recent_free(r);
    arena_done(&a);
}

static void many_contacts_share_few_places_and_are_never_mistaken(void **state)
{
    (void)state;
    struct arena a = {0};
    struct recent *r = recent_new();
    struct conversation got;
    size_t found = 0;
    for (int64_t i = 1; i <= 4 * RECENT_PLACES; i++) {
        struct conversation c = sample(1, i, i, "hi");
        recent_keep(r, &c);
    }
    for (int64_t i = 1; i <= 4 * RECENT_PLACES; i++) {
        if (!recent_find(r, &a, 1, i, &got))
            continue;
        assert_int_equal(got.contact_id, i);
        assert_int_equal(got.version, i);
        found++;
    }
    assert_in_range(found, RECENT_PLACES / 2, RECENT_PLACES);
    recent_free(r);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_kept_is_found_until_it_is_forgotten),
        cmocka_unit_test(many_contacts_share_few_places_and_are_never_mistaken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
