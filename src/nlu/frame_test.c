/* SPDX-License-Identifier: Apache-2.0 */
/* Frames: which sentences are one. */
#include "nlu/frame.h"

#include "base/table_test.h"
#include "nlu/shipped.h"

#define SENTENCES 5

static const struct {
    const char *name, *language, *texts[SENTENCES];
    size_t frames, fullest; /* frames that more than one sentence shares */
    const char *shape;
} cases[] = {
    {"another thing", "en", {"is the jacket in stock", "is the red sofa in stock", "is it in stock"}, 1, 2, "is the … in stock"},
    {"another size", "en", {"do you have it in XL", "do you have it in 42"}, 1, 2, "do you have it in …"},
    {"one content word", "en", {"how do I cancel", "how do I register"}, 1, 2, "how do I …"},
    {"two content words are two sentences", "en", {"how do I cancel a subscription", "how do I register an account"}, 0, 0, NULL},
    {"another order of words", "en", {"where is it now then", "then is it where now"}, 0, 0, NULL},
    {"one word that stays is no frame", "en", {"refund please", "exchange please"}, 0, 0, NULL},
    {"case and punctuation are no difference", "en", {"Where is it?!", "where is it"}, 1, 2, "Where is it"},
    {"Chinese things", "zh", {"羽绒服能退吗", "保温杯能退吗", "能退吗"}, 1, 3, "…能退吗"},
    {"Chinese content word", "zh", {"可以寄蝴蝶吗", "可以寄大象吗"}, 1, 2, "可以寄…吗"},
    {"a word of the trade is one word", "zh", {"支持花呗吗这里", "支持白条吗这里"}, 1, 2, "支持…吗这里"},
    {"two characters that stay are no frame", "zh", {"退款吧", "换货吧"}, 0, 0, NULL},
    {"Chinese numbers", "zh", {"三天能到吗", "五天能到吗"}, 1, 2, NULL},
    {"nothing to compare", "zh", {"😀", ""}, 0, 0, NULL},
};

static void frames_follow_their_table(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena a = {0};
        struct lexicon *words = shipped_lexicon(cases[i].language, "frame");
        struct lexicon *concepts = shipped_lexicon(cases[i].language, "concepts");
        struct lexicon *entities = shipped_entities(cases[i].language);
        struct framer *f = framer_new(cases[i].language, words, entities, concepts);
        struct str texts[SENTENCES];
        size_t n = 0;
        while (n < SENTENCES && cases[i].texts[n] != NULL) {
            texts[n] = str_from(cases[i].texts[n]);
            n++;
        }
        const struct frame *frames;
        size_t found = frame_find(f, &a, texts, n, 1, &frames);
        size_t fullest = found > 0 ? frames[0].n : 0;
        if (found != cases[i].frames || fullest != cases[i].fullest)
            row_failed(failed, cases[i].name, "%zu frames, %zu in the fullest", found, fullest);
        else if (cases[i].shape != NULL && !str_eq_c(frames[0].shape, cases[i].shape))
            row_failed(failed, cases[i].name, "shape \"%.*s\"", STR_ARG(frames[0].shape));
        framer_free(f);
        lexicon_free(words);
        lexicon_free(entities);
        lexicon_free(concepts);
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(frames_follow_their_table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
