/* SPDX-License-Identifier: Apache-2.0 */
/* Language of short messages of shoppers. */
#include "nlu/language.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
    const char *text, *hint, *want;
} rows[] = {
    {"我的快递到哪了", "en", "zh"},
    {"iPhone 15 Pro Max 能用这个壳吗", "en", "zh"},
    {"Where is my order?", "zh", "en"},
    {"I want to return it", "zh", "en"},
    {"do you ship to germany", "zh", "en"},
    {"注文はいつ届きますか", "zh", "ja"},
    {"キャンセルしたい", "zh", "ja"},
    {"주문 취소해 주세요", "zh", "ko"},
    {"Где мой заказ?", "zh", "ru"},
    {"أين طلبي", "zh", "ar"},
    {"พัสดุอยู่ที่ไหน", "zh", "th"},
    {"Wo ist meine Bestellung?", "en", "de"},
    {"Où est ma commande ?", "en", "fr"},
    {"¿Dónde está mi pedido?", "en", "es"},
    {"Dov'è il mio ordine?", "en", "it"},
    {"Onde está o meu pedido?", "en", "pt"},
    {"Waar is mijn bestelling?", "en", "nl"},
    {"Siparişim nerede?", "en", "tr"},
    {"Đơn hàng của tôi ở đâu?", "en", "vi"},
    {"Di mana pesanan saya?", "en", "id"},
    {"12345", "zh", "zh"},
    {"???", "en", "en"},
    {"ok", "zh", "zh"},
    {"", "zh", "zh"},
    {"", "", "en"},
};

static void languages_follow_their_table(void **state)
{
    (void)state;
    int failed = 0;
    struct arena a = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct language_guess g = language_of(&a, str_from(rows[i].text), str_from(rows[i].hint));
        if (str_eq_c(g.language, rows[i].want) && g.confidence >= 0 && g.confidence <= 1)
            continue;
        print_error("[%s] %.*s (%.2f), want %s\n", rows[i].text, STR_ARG(g.language), g.confidence, rows[i].want);
        failed++;
    }
    arena_done(&a);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(languages_follow_their_table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
