/* SPDX-License-Identifier: Apache-2.0 */
/* Emotion and polarity, by the shipped words. */
#include "nlu/emotion.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "nlu/shipped.h"

static const struct {
    const char *lang, *text;
    enum emotion want;
    int polarity; /* sign; 0: not asked */
} rows[] = {
    {"zh", "垃圾店，骗子！", EMOTION_ANGRY, -1},
    {"zh", "什么态度，我要投诉你们", EMOTION_ANGRY, -1},
    {"zh", "我很着急，急用", EMOTION_ANXIOUS, 0},
    {"zh", "等了好几天了怎么还没发货!!!", EMOTION_ANXIOUS, 0},
    {"zh", "太失望了", EMOTION_SAD, -1},
    {"zh", "东西很喜欢，谢谢", EMOTION_HAPPY, 1},
    {"zh", "我不满意", EMOTION_ANGRY, -1},
    {"zh", "我的快递到哪了", EMOTION_NEUTRAL, 0},
    {"zh", "有黑色的吗", EMOTION_NEUTRAL, 0},
    {"zh", "？？？", EMOTION_ANXIOUS, 0},
    {"zh", "", EMOTION_NEUTRAL, 0},
    {"en", "this is a scam, you are liars", EMOTION_ANGRY, -1},
    {"en", "I'm really worried, it is urgent", EMOTION_ANXIOUS, 0},
    {"en", "so disappointed", EMOTION_SAD, -1},
    {"en", "I love it, thank you!", EMOTION_HAPPY, 1},
    {"en", "not happy at all", EMOTION_ANGRY, -1},
    {"en", "what sizes do you have", EMOTION_NEUTRAL, 0},
};

static void emotions_follow_their_table(void **state)
{
    (void)state;
    int failed = 0;
    struct arena a = {0};
    struct lexicon *zh = shipped_lexicon("zh", "emotion");
    struct lexicon *en = shipped_lexicon("en", "emotion");
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct feeling f = emotion_of(&a, str_from(rows[i].text), rows[i].lang[0] == 'z' ? zh : en);
        bool good = f.emotion == rows[i].want && f.strength >= 0 && f.strength <= 1 &&
                    (rows[i].polarity == 0 || f.polarity * rows[i].polarity > 0);
        if (!good)
            print_error("[%s] %s %.2f polarity %.2f\n", rows[i].text, emotion_name(f.emotion), f.strength, f.polarity);
        failed += !good;
    }
    lexicon_free(zh);
    lexicon_free(en);
    arena_done(&a);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(emotions_follow_their_table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
