/* SPDX-License-Identifier: Apache-2.0 */
/* What nobody meant to send: odd texts to the shipped understanding, odd files to training and to the model loader. An
 * answer or a clear sentence, never a crash, never half a model. */
#include "nlu/understand.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "nlu/model.h"
#include "nlu/train.h"

#define R(text) STR(text)

/* `times`: the text so often one after another; 1 unless told. */
static const struct {
    const char *name;
    struct str text;
    size_t times;
    bool says_nothing; /* must be unclear */
} texts[] = {
    {"empty", R(""), 1, true},
    {"spaces", R("   \t \n "), 1, true},
    {"a zero byte", R("\0"), 1, true},
    {"one emoji", R("😀"), 1, true},
    {"a family of joined emoji", R("👨‍👩‍👧‍👦"), 1, true},
    {"all punctuation", R("。，！？…—「」"), 1, true},
    {"10,000 question marks", R("？"), 10000, true},
    {"10,000 characters of one kind", R("退"), 10000, false},
    {"10,000 characters of talk", R("我的快递怎么还没到呀"), 1000, false},
    {"10,000 letters without a space", R("abcdefghij"), 1000, false},
    {"10,000 digits", R("1234567890"), 1000, false},
    {"10,000 ligatures that each become 18 letters", R("ﷺ"), 10000, false},
    {"10,000 combining marks", R("e\xCC\x81"), 5000, false},
    {"mixed scripts", R("我的order到哪了 приве́т مرحبا こんにちは 안녕"), 1, false},
    {"right to left", R("أين طلبي؟ \xE2\x80\xAE" "gnp.tset"), 1, false},
    {"marks of direction only", R("\xE2\x80\x8E\xE2\x80\x8F\xE2\x80\xAA\xE2\x80\xAC"), 1, true},
    {"wrong UTF-8: stray bytes", R("\x80\xBF\xFE\xFF"), 1, true},
    {"wrong UTF-8: cut short", R("退\xE9\x80"), 1, false},
    {"wrong UTF-8: too long a form", R("\xC0\xAF\xE0\x80\xAF"), 1, true},
    {"wrong UTF-8: surrogates", R("\xED\xA0\x80\xED\xBF\xBF"), 1, true},
    {"Latin-1", R("caf\xE9 tr\xE8s cher"), 1, false},
    {"GBK", R("\xCE\xD2\xB5\xC4\xBF\xEC\xB5\xDD"), 1, false},
    {"control characters", R("\x01\x02\x1B[31m退款\x7F\x07"), 1, false},
    {"beyond the last plane", R("\xF4\x90\x80\x80"), 1, true},
    {"private and unassigned", R("\xEE\x80\x80\xF3\xB0\x80\x80\xEF\xBF\xBE"), 1, true},
};

static struct str repeated(struct arena *a, struct str text, size_t times)
{
    struct buf b = {.arena = a};
    for (size_t i = 0; i < times; i++)
        buf_add(&b, text.p, text.n);
    return buf_view(&b);
}

static bool is_whole(const struct understanding *u, struct str text)
{
    bool whole = u->best_count >= 1 && u->best_count <= COUNT(u->best) && u->language.n == 2 &&
                 u->emotion_strength >= 0 && u->emotion_strength <= 1;
    for (size_t i = 0; i < u->best_count; i++)
        whole &= u->best[i].intent.n > 0 && u->best[i].confidence >= 0 && u->best[i].confidence <= 1;
    for (size_t i = 0; i < u->entity_count; i++)
        whole &= u->entities[i].text.p >= text.p && u->entities[i].text.p + u->entities[i].text.n <= text.p + text.n;
    return whole;
}

static void every_text_gets_a_whole_answer(void **state)
{
    (void)state;
    int failed = 0;
    for (int language = 0; language < 2; language++) {
        struct nlu *n = nlu_shipped(language == 0 ? "zh" : "en");
        assert_non_null(n);
        for (size_t i = 0; i < COUNT(texts); i++) {
            struct arena a = {0};
            struct str text = repeated(&a, texts[i].text, texts[i].times);
            struct understanding u, again;
            nlu_understand(n, &a, text, STR("zh"), &u);
            nlu_understand(n, &a, text, STR("zh"), &again);
            bool same = str_eq(u.best[0].intent, again.best[0].intent) &&
                        fabs(u.best[0].confidence - again.best[0].confidence) < 1e-12;
            bool quiet = !u.sure && str_eq_c(u.best[0].intent, "unclear");
            if (!is_whole(&u, text) || !same || (texts[i].says_nothing && !quiet)) {
                print_error("[%s] %.*s %.2f\n", texts[i].name, STR_ARG(u.best[0].intent), u.best[0].confidence);
                failed++;
            }
            arena_done(&a);
        }
        nlu_free(n);
    }
    assert_int_equal(failed, 0);
}

/* `error`: the sentence's beginning; NULL: there is a model, and it answers. */
static const struct {
    const char *name, *file, *error;
    size_t contradictions;
} files[] = {
    {"no row", "", "there must be rows of two labels", 0},
    {"one row", "a\tx\n", "there must be rows of two labels", 0},
    {"one class", "a\tx\na\ty\na\tz\n", "there must be rows of two labels", 0},
    {"one row a class", "a\t苹果\nb\t汽车\n", NULL, 0},
    {"only unknown questions beside one class", "a\t苹果\noos\t汽车\n", NULL, 0},
    {"nothing but contradictions", "a\t苹果\nb\t苹果\n", NULL, 1},
    {"the same row again and again", "a\t苹果\na\t苹果\na\t苹果\nb\t汽车\n", NULL, 0},
    {"a contradiction among good rows", "a\t苹果\na\t香蕉\nb\t汽车\nb\t苹果\n", NULL, 1},
    {"texts of nothing", "a\t。。\nb\t，，\n", "the texts have no letters", 0},
    {"one text of nothing", "a\t。。\nb\t汽车\nb\t火车\n", NULL, 0},
    {"labels of marks", "!\t苹果\n?\t汽车\n", NULL, 0},
    {"labels with spaces and bars", "a b|c\t苹果\n \xE3\x80\x80x\t汽车\n", NULL, 0},
};

static bool answers(struct str bytes)
{
    char error[160];
    struct arena a = {0};
    struct model_guess g[2];
    struct model *m = model_read(bytes, error);
    bool good = m != NULL && model_guess(m, &a, STR("苹果"), g, 2) == 2 && isfinite(g[0].margin) &&
                g[0].confidence >= 0 && g[0].confidence <= 1 && isfinite(model_sure(m));
    arena_done(&a);
    model_free(m);
    return good;
}

static bool train_as_told(size_t i, enum train_quality quality)
{
    struct arena a = {0};
    struct rows rows = {0};
    struct train_report report = {0};
    char error[160] = "";
    struct train_options options = {.quality = quality};
    assert_true(rows_read(&a, str_from(files[i].file), &rows, error));
    struct str bytes = train_model(&rows, &options, &report, error);
    bool good = files[i].error != NULL
                    ? bytes.p == NULL && strncmp(error, files[i].error, strlen(files[i].error)) == 0
                    : bytes.p != NULL && report.contradictions == files[i].contradictions && answers(bytes);
    if (!good)
        print_error("[%s] %s, %zu contradictions\n", files[i].name, error, report.contradictions);
    char *p = (char *)(uintptr_t)bytes.p;
    free(p);
    arena_done(&a);
    return good;
}

static void every_file_gives_a_model_or_a_reason(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(files); i++)
        failed += !train_as_told(i, TRAIN_FAST) + !train_as_told(i, TRAIN_BEST);
    assert_int_equal(failed, 0);
}

/* 5,000 labels are more than a model has room for; 4,096 are not. */
static void too_many_labels_are_told(void **state)
{
    (void)state;
    struct arena a = {0};
    struct rows rows = {0};
    struct train_report report;
    char error[160] = "";
    for (int i = 0; i < 5000; i++)
        *array_push(&a, &rows) = (struct row){str_fmt(&a, "label%d", i), STR("苹果")};
    struct str bytes = train_model(&rows, &(struct train_options){0}, &report, error);
    arena_done(&a);
    assert_null(bytes.p);
    assert_non_null(strstr(error, "4096"));
}

/* What people hand over by mistake. */
static void foreign_files_are_no_models(void **state)
{
    (void)state;
    static const struct str foreign[] = {
        R(""), R("\n"), R("track\twhere is my parcel\n"), R("{\"intents\":[]}"), R("\x7F" "ELF\2\1\1"), R("SQLite format 3"),
        R("XERMODL1"), R("1LDOMREX"), R("PK\3\4"), R("\x1F\x8B\x08"),
    };
    int accepted = 0, silent = 0;
    for (size_t i = 0; i < COUNT(foreign); i++)
        for (size_t times = 1; times <= 10000; times *= 100) {
            struct arena a = {0};
            char error[160] = "";
            struct model *m = model_read(repeated(&a, foreign[i], times), error);
            accepted += m != NULL;
            silent += error[0] == 0;
            model_free(m);
            arena_done(&a);
        }
    assert_int_equal(accepted, 0);
    assert_int_equal(silent, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_text_gets_a_whole_answer),
        cmocka_unit_test(every_file_gives_a_model_or_a_reason),
        cmocka_unit_test(too_many_labels_are_told),
        cmocka_unit_test(foreign_files_are_no_models),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
