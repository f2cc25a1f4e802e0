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
    {"Hvor er min pakke?", "en", "da"},
    {"Gdzie jest moja paczka?", "en", "pl"},
    {"Var är mitt paket?", "en", "sv"},
    {"Kde je můj balíček?", "en", "cs"},
    {"Unde este coletul meu?", "en", "ro"},
    {"Hol van a csomagom?", "en", "hu"},
    {"Missä pakettini on?", "en", "fi"},
    {"Gde je moj paket?", "en", "sr"},
    {"Где је мој пакет?", "en", "sr"},
    {"Де моє замовлення?", "ru", "uk"},
    {"Къде ми е пратката?", "ru", "bg"},
    {"Тапсырысым қайда?", "ru", "kk"},
    {"Πού είναι η παραγγελία μου;", "en", "el"},
    {"איפה ההזמנה שלי", "en", "he"},
    {"मेरा ऑर्डर कहाँ है", "en", "hi"},
    {"سفارش من کجاست؟", "en", "fa"},
    {"میرا آرڈر کہاں ہے", "en", "ur"},
    {"我的快遞到哪了", "en", "zh"},
    {"我這個訂單怎麼還沒發貨", "ja", "zh"},
    {"siparisim nerede kaldi", "en", "tr"},      /* without marks on letters */
    {"donde esta mi pedido", "en", "es"},
    {"WO IST MEIN PAKET", "en", "de"},
    {"播放 Hey Jude by The Beatles", "en", "zh"}, /* names in foreign letters */
    {"Pon música de Adele", "zh", "es"},
    {"what does 锦纶 mean", "en", "en"},
    {"Samsung Galaxy S23", "zh", "zh"},
    {"iPhone 15 Pro Max", "ja", "ja"},
    {"E1001", "de", "de"},
    {"\U0001F600\U0001F44D", "fr", "fr"},
    {"\xff\xfe\x80", "en", "en"},                /* no UTF-8 */
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

static void languages_of_the_shop_count_a_little_more(void **state)
{
    (void)state;
    struct arena a = {0};
    const struct str enabled[] = {STR("nl"), STR("da")};
    const struct language_prior plain = {.expected = STR("en")};
    const struct language_prior served = {.expected = STR("en"), .enabled = enabled, .enabled_count = COUNT(enabled)};
    struct str text = STR("Wat is dit?");
    double before = language_among(&a, text, &plain).confidence, after = language_among(&a, text, &served).confidence;
    struct language_guess clear = language_among(&a, STR("Wo ist meine Bestellung?"), &served);
    arena_done(&a);
    assert_true(after > before);
    assert_true(str_eq_c(clear.language, "de")); /* what is clear stays */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(languages_follow_their_table),
                                       cmocka_unit_test(languages_of_the_shop_count_a_little_more)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
