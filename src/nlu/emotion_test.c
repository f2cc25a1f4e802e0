/* SPDX-License-Identifier: Apache-2.0 */
/* Emotion and polarity, by the shipped words. */
#include "nlu/emotion.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

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
    {"zh", "帮我开个发票谢谢", EMOTION_NEUTRAL, 0},
    {"zh", "谢谢啦", EMOTION_HAPPY, 1},
    {"zh", "推荐一款好看的帐篷", EMOTION_NEUTRAL, 0},
    {"zh", "在吗在吗在吗", EMOTION_ANXIOUS, 0},
    {"zh", "我不想活了", EMOTION_SAD, 0},
    {"zh", "等着收律师函吧", EMOTION_ANGRY, -1},
    {"en", "this is a scam, you are liars", EMOTION_ANGRY, -1},
    {"en", "I'm really worried, it is urgent", EMOTION_ANXIOUS, 0},
    {"en", "which is the best tent", EMOTION_NEUTRAL, 0},
    {"en", "Thanks, and how do I return it?", EMOTION_NEUTRAL, 0},
    {"en", "so disappointed", EMOTION_SAD, -1},
    {"en", "I love it, thank you!", EMOTION_HAPPY, 1},
    {"en", "not happy at all", EMOTION_ANGRY, -1},
    {"en", "what sizes do you have", EMOTION_NEUTRAL, 0},
};

/* The words that carry an alarm, as they stand in the text. */
static const struct {
    const char *lang, *text, *abuse, *self_harm, *legal;
} alarm_rows[] = {
    {"zh", "你是傻逼吗", "傻逼", "", ""},
    {"zh", "我真的不想活了", "", "不想活了", ""},
    {"zh", "再不退款我就找律师告你们", "", "", "找律师"},
    {"zh", "不解决就法院见", "", "", "法院见"},
    {"zh", "我不会起诉你们", "", "", ""},
    {"zh", "我没有想自杀", "", "想自杀", ""},
    {"zh", "垃圾桶有货吗", "", "", ""},
    {"zh", "滚筒洗衣机几公斤", "", "", ""},
    {"zh", "跳楼价还有吗", "", "", ""},
    {"zh", "我的快递到哪了", "", "", ""},
    {"en", "you are useless, you moron", "you are useless", "", ""},
    {"en", "I want to die", "", "I want to die", ""},
    {"en", "You'll hear from my lawyer", "", "", "hear from my lawyer"},
    {"en", "I'm not going to sue", "", "", ""},
    {"en", "stupid question, but is it waterproof", "", "", ""},
    {"en", "where is my parcel", "", "", ""},
};

static void alarms_carry_their_words(void **state)
{
    (void)state;
    int failed = 0;
    struct arena a = {0};
    struct lexicon *zh = shipped_lexicon("zh", "emotion"), *en = shipped_lexicon("en", "emotion");
    for (size_t i = 0; i < COUNT(alarm_rows); i++) {
        const char *text = alarm_rows[i].text;
        struct feeling f = emotion_of(&a, str_from(text), alarm_rows[i].lang[0] == 'z' ? zh : en);
        const char *const want[ALARM_COUNT] = {alarm_rows[i].abuse, alarm_rows[i].self_harm, alarm_rows[i].legal};
        for (size_t k = 0; k < ALARM_COUNT; k++) {
            bool inside = f.alarm[k].n == 0 || (f.alarm[k].p >= text && f.alarm[k].p + f.alarm[k].n <= text + strlen(text));
            if (inside && str_eq_c(f.alarm[k], want[k]))
                continue;
            print_error("[%s] alarm %zu: %.*s\n", text, k, STR_ARG(f.alarm[k]));
            failed++;
        }
    }
    lexicon_free(zh);
    lexicon_free(en);
    arena_done(&a);
    assert_int_equal(failed, 0);
}

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
    const struct CMUnitTest tests[] = {cmocka_unit_test(emotions_follow_their_table), cmocka_unit_test(alarms_carry_their_words)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
