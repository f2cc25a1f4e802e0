/* SPDX-License-Identifier: Apache-2.0 */
/* Polarity by the shipped words. */
#include "nlu/polarity.h"

#include <string.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "nlu/shipped.h"

static const struct {
    const char *lang, *text;
    int sign; /* of the polarity */
} rows[] = {
    {"zh", "质量很好，发货也快，非常满意", 1},
    {"zh", "质量不好", -1},
    {"zh", "一点都不满意", -1},
    {"zh", "没有异味，也不掉色", 1},
    {"zh", "屏幕漂亮，但是用了两天就死机，太失望了", -1},
    {"zh", "物流有点慢，不过东西真的很好", 1},
    {"zh", "千万别买，都是假货", -1},
    {"zh", "刚买就降价，客服也不理人", -1},
    {"zh", "孩子很喜欢，下次还来", 1},
    {"zh", "没话说", 1},
    {"zh", "好像是蓝色的", 0},
    {"zh", "", 0},
    {"en", "Great quality and fast shipping, would buy again", 1},
    {"en", "not good at all", -1},
    {"en", "Looks nice but it broke after two days", -1},
    {"en", "A bit late, but the shoes are perfect!", 1},
    {"en", "waste of money, do not buy", -1},
    {"en", "no complaints", 1},
    {"en", "it is blue", 0},
};

static void polarity_follows_its_table(void **state)
{
    (void)state;
    int failed = 0;
    struct arena a = {0};
    struct lexicon *zh = shipped_lexicon("zh", "polarity"), *en = shipped_lexicon("en", "polarity");
    for (size_t i = 0; i < COUNT(rows); i++) {
        double p = polarity_of(&a, str_from(rows[i].text), strcmp(rows[i].lang, "zh") == 0 ? zh : en);
        int sign = (p > 0) - (p < 0);
        if (sign == rows[i].sign && p >= -1 && p <= 1)
            continue;
        print_error("[%s] %.2f, want the sign of %d\n", rows[i].text, p, rows[i].sign);
        failed++;
    }
    lexicon_free(zh);
    lexicon_free(en);
    arena_done(&a);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(polarity_follows_its_table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
