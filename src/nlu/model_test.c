/* SPDX-License-Identifier: Apache-2.0 */
/* The classifier from rows to file to guess: it learns, it is exact, and it refuses what is no whole model. */
#include "nlu/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "nlu/score.h"
#include "nlu/train.h"

static const char tsv[] = "track\t我的快递到哪了\ntrack\t查一下物流\ntrack\t包裹什么时候到\ntrack\twhere is my parcel\n"
                          "refund\t我要退款\nrefund\t把钱退给我\nrefund\t怎么申请退款\nrefund\tgive me my money back\n"
                          "hello\t你好\nhello\t在吗\nhello\t有人吗\nhello\thello there\n";

static struct str train_text(struct str text, struct train_options options, struct train_report *ret)
{
    struct arena a = {0};
    struct rows rows = {0};
    char error[160] = "";
    assert_true(rows_read(&a, text, &rows, error));
    struct str bytes = train_model(&rows, &options, ret, error);
    arena_done(&a);
    return bytes;
}

static void drop(struct str bytes)
{
    char *p = (char *)(uintptr_t)bytes.p;
    free(p);
}

static void it_learns_its_rows(void **state)
{
    (void)state;
    struct train_report report;
    struct str bytes = train_text(STR(tsv), (struct train_options){0}, &report);
    assert_int_equal(report.rows, 12);
    assert_int_equal(report.classes, 3);
    char error[160];
    struct model *m = model_read(bytes, error);
    assert_non_null(m);

    static const struct {
        const char *text, *label;
    } asks[] = {{"快递到哪里了", "track"}, {"退款！！", "refund"}, {"你好呀", "hello"}, {"my parcel, where", "track"}};
    struct arena a = {0};
    int failed = 0;
    for (size_t i = 0; i < COUNT(asks); i++) {
        struct model_guess g[3];
        size_t n = model_guess(m, &a, str_from(asks[i].text), g, 3);
        bool good = n == 3 && str_eq_c(model_label(m, g[0].label), asks[i].label) && g[0].margin >= g[1].margin &&
                    g[1].margin >= g[2].margin && g[0].confidence > 0 && g[0].confidence < 1;
        if (!good)
            print_error("[%s] is not %s\n", asks[i].text, asks[i].label);
        failed += !good;
    }
    arena_done(&a);
    model_free(m);
    drop(bytes);
    assert_int_equal(failed, 0);
}

static void the_same_rows_give_the_same_bytes(void **state)
{
    (void)state;
    struct train_report report;
    struct str x = train_text(STR(tsv), (struct train_options){0}, &report);
    struct str y = train_text(STR(tsv), (struct train_options){0}, &report);
    bool same = str_eq(x, y);
    drop(x);
    drop(y);
    assert_true(same);
}

static void two_labels_are_enough_and_one_is_not(void **state)
{
    (void)state;
    struct train_report report;
    struct str two = train_text(STR("a\t苹果\na\t香蕉\nb\t汽车\nb\t火车\n"), (struct train_options){0}, &report);
    char error[160];
    struct model *m = model_read(two, error);
    assert_non_null(m);
    struct arena a = {0};
    struct model_guess g[2];
    (void)model_guess(m, &a, STR("火车"), g, 2);
    bool right = str_eq_c(model_label(m, g[0].label), "b");
    arena_done(&a);
    model_free(m);
    drop(two);
    assert_true(right);
    assert_null(train_text(STR("a\t苹果\na\t香蕉\n"), (struct train_options){0}, &report).p);
    assert_null(train_text(STR("a\t。。\nb\t，，\n"), (struct train_options){0}, &report).p);
}

#define PAIRS  151
#define STRIDE 160

static void make_pairs(int8_t rows[2 * PAIRS][STRIDE], struct score_pair *pairs)
{
    uint32_t random = 1;
    int32_t limit = score_factor_limit(2 * PAIRS);
    for (size_t i = 0; i < 2 * PAIRS; i++) {
        for (size_t c = 0; c < STRIDE; c++) {
            random = random * 1664525 + 1013904223;
            rows[i][c] = (int8_t)((int)(random >> 24) % 128 - (random >> 8 & 1 ? 127 : 0));
        }
        random = random * 1664525 + 1013904223;
        pairs[i / 2].row[i % 2] = rows[i];
        pairs[i / 2].factor[i % 2] = (int16_t)((int32_t)(random >> 8) % limit * (random & 1 ? -1 : 1));
    }
}

/* Every version of the loop that this machine has, against plain C, for every number of pairs and of blocks. */
static void all_score_paths_give_the_same_bits(void **state)
{
    (void)state;
    static int8_t rows[2 * PAIRS][STRIDE];
    static struct score_pair pairs[PAIRS];
    struct score_path paths[5];
    int32_t plain[STRIDE], other[STRIDE];
    int failed = 0;
    make_pairs(rows, pairs);
    size_t n_paths = score_paths(paths);
    for (size_t p = 0; p < n_paths; p++) {
        print_message("path %s\n", paths[p].name);
        for (size_t n = 0; n <= PAIRS; n += n < 4 ? 1 : 7)
            for (size_t stride = SCORE_BLOCK; stride <= STRIDE; stride += SCORE_BLOCK) {
                paths[0].run(pairs, n, stride, plain);
                paths[p].run(pairs, n, stride, other);
                failed += memcmp(plain, other, stride * sizeof(*plain)) != 0;
            }
    }
    assert_int_equal(failed, 0);
}

/* The same from text to margins. */
static void all_score_paths_give_the_same_answers(void **state)
{
    (void)state;
    static const char *const texts[] = {"我的快递到哪了", "where is my parcel, 订单 E10001", "?", "", "退 退 退 退款"};
    struct train_report report;
    struct str bytes = train_text(STR(tsv), (struct train_options){.pairs = TRAIN_PAIRS_ON, .quality = TRAIN_BEST}, &report);
    char error[160];
    struct model *m = model_read(bytes, error);
    assert_non_null(m);
    struct score_path paths[5];
    size_t n = score_paths(paths);
    struct arena a = {0};
    int failed = 0;
    for (size_t i = 0; i < COUNT(texts); i++)
        for (size_t p = 1; p < n; p++) {
            float plain[3], other[3];
            model_score(m, &a, str_from(texts[i]), paths[0].run, plain);
            model_score(m, &a, str_from(texts[i]), paths[p].run, other);
            failed += memcmp(plain, other, sizeof(plain)) != 0;
        }
    arena_done(&a);
    model_free(m);
    drop(bytes);
    assert_int_equal(failed, 0);
}

/* A model is no larger than it may be, and still knows its rows. */
static void the_weakest_features_are_dropped_for_size(void **state)
{
    (void)state;
    struct train_report whole, small;
    struct str x = train_text(STR(tsv), (struct train_options){0}, &whole);
    struct str y = train_text(STR(tsv), (struct train_options){.most_bytes = 6000}, &small);
    char error[160];
    struct model *m = model_read(y, error);
    assert_non_null(m);
    struct arena a = {0};
    struct model_guess g[2];
    (void)model_guess(m, &a, STR("我要退款"), g, 2);
    bool right = str_eq_c(model_label(m, g[0].label), "refund");
    size_t size = y.n, features = model_feature_count(m);
    arena_done(&a);
    model_free(m);
    drop(x);
    drop(y);
    assert_true(right && size < 8000);
    assert_true(features == small.features && small.features < whole.features);
    assert_true(model_most_features(150, 15000000) > 70000 && model_most_features(150, 15000000) < 90000);
}

/* What must be refused: cut, longer, one bit changed, foreign, empty. */
static void damaged_files_are_told(void **state)
{
    (void)state;
    struct train_report report;
    struct str bytes = train_text(STR(tsv), (struct train_options){0}, &report);
    char *copy = malloc(bytes.n + 8);
    assert_non_null(copy);
    int accepted = 0;
    char error[160];
    for (size_t n = 0; n < bytes.n; n += n < 400 ? 1 : 997) {
        struct model *m = model_read((struct str){bytes.p, n}, error);
        accepted += m != NULL;
        model_free(m);
    }
    for (size_t at = 0; at < bytes.n; at += at < 400 ? 1 : 61) {
        memcpy(copy, bytes.p, bytes.n);
        copy[at] = (char)(copy[at] ^ 0x10);
        struct model *m = model_read((struct str){copy, bytes.n}, error);
        accepted += m != NULL;
        model_free(m);
    }
    memcpy(copy, bytes.p, bytes.n);
    memset(copy + bytes.n, 0, 8);
    struct model *longer = model_read((struct str){copy, bytes.n + 8}, error);
    accepted += longer != NULL;
    model_free(longer);
    free(copy);
    drop(bytes);
    assert_int_equal(accepted, 0);
}

static void saving_is_all_or_nothing(void **state)
{
    (void)state;
    char path[] = "/tmp/xiaoer-model-XXXXXX", error[160];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    struct train_report report;
    struct str bytes = train_text(STR(tsv), (struct train_options){0}, &report);
    bool saved = model_save(path, bytes, error);
    struct model *m = model_load(path, error);
    bool loaded = m != NULL && model_class_count(m) == 3;
    model_free(m);
    bool refused = !model_save("/nonexistent/folder/model", bytes, error);
    drop(bytes);
    unlink(path);
    assert_true(saved);
    assert_true(loaded);
    assert_true(refused);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_learns_its_rows),
        cmocka_unit_test(the_same_rows_give_the_same_bytes),
        cmocka_unit_test(two_labels_are_enough_and_one_is_not),
        cmocka_unit_test(all_score_paths_give_the_same_bits),
        cmocka_unit_test(all_score_paths_give_the_same_answers),
        cmocka_unit_test(the_weakest_features_are_dropped_for_size),
        cmocka_unit_test(damaged_files_are_told),
        cmocka_unit_test(saving_is_all_or_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
