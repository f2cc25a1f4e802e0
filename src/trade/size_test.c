/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of size advice.
 */
#include "trade/size.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char jacket[] =
    "[{\"尺码\":\"S\",\"身高cm\":[158,165],\"体重kg\":[45,54]},{\"尺码\":\"M\",\"身高cm\":[165,170],\"体重kg\":[54,63]},"
    "{\"尺码\":\"L\",\"身高cm\":[170,175],\"体重kg\":[62,72]},{\"尺码\":\"XL\",\"身高cm\":[175,180],\"体重kg\":[70,80]},"
    "{\"尺码\":\"2XL\",\"身高cm\":[180,188],\"体重kg\":[79,95]}]";
static const char boots[] = "[{\"尺码\":\"42\",\"脚长cm\":[26,26.5]},{\"尺码\":\"41\",\"脚长cm\":[25.5,25.9]},"
                            "{\"尺码\":\"43\",\"脚长cm\":[26.7,27]}]";
static const char english[] = "[{\"size\":\"M\",\"height_in\":[65,68],\"weight_lb\":[120,140]},"
                              "{\"size\":\"L\",\"height_in\":[68,71],\"weight_lb\":[140,160]}]";
static const char weights[] = "[{\"尺码\":\"M\",\"体重斤\":[100,120],\"胸围cm\":[100,104]},"
                              "{\"尺码\":\"L\",\"体重斤\":[121,140],\"胸围cm\":[104,108]}]";

static const struct {
    const char *name, *chart;
    struct body body;
    enum size_answer answer;
    const char *best, *other;
    unsigned missing;
} rows[] = {
    {"well inside one size", jacket, {172, 66000, 0}, SIZE_FITS, "L", NULL, 0},
    {"height fits two, weight decides", jacket, {170, 56000, 0}, SIZE_FITS, "M", NULL, 0},
    {"weight fits two, height decides", jacket, {173, 71000, 0}, SIZE_FITS, "L", NULL, 0},
    {"both measures fit two: nearer the middle of M", jacket, {170, 62000, 0}, SIZE_BETWEEN, "M", "L", 0},
    {"both fit two: nearer the middle of XL", jacket, {175, 71500, 0}, SIZE_BETWEEN, "XL", "L", 0},
    {"tall and light: the larger first", jacket, {178, 58000, 0}, SIZE_SPLIT, "XL", "M", 0},
    {"short and heavy: the larger first", jacket, {162, 76000, 0}, SIZE_SPLIT, "XL", "S", 0},
    {"too light and too short", jacket, {150, 40000, 0}, SIZE_TOO_SMALL, "S", NULL, 0},
    {"too heavy", jacket, {185, 110000, 0}, SIZE_TOO_LARGE, "2XL", NULL, 0},
    {"too tall, weight fits a smaller one", jacket, {195, 66000, 0}, SIZE_TOO_LARGE, "2XL", NULL, 0},
    {"only height: best guess, weight is missing", jacket, {172, 0, 0}, SIZE_MISSING, "L", NULL, 1u << SIZE_WEIGHT},
    {"nothing known", jacket, {0, 0, 0}, SIZE_MISSING, NULL, NULL, 1u << SIZE_HEIGHT | 1u << SIZE_WEIGHT},
    {"a foot measure does not help a jacket", jacket, {0, 0, 260}, SIZE_MISSING, NULL, NULL,
     1u << SIZE_HEIGHT | 1u << SIZE_WEIGHT},
    {"foot inside a size, chart out of order", boots, {0, 0, 262}, SIZE_FITS, "42", NULL, 0},
    {"foot in the gap: the larger first", boots, {0, 0, 266}, SIZE_BETWEEN, "43", "42", 0},
    {"foot above the chart", boots, {0, 0, 280}, SIZE_TOO_LARGE, "43", NULL, 0},
    {"foot below the chart", boots, {0, 0, 240}, SIZE_TOO_SMALL, "41", NULL, 0},
    {"inches and pounds", english, {178, 68000, 0}, SIZE_FITS, "L", NULL, 0},
    {"Chinese pounds, a column for people beside", weights, {180, 62000, 0}, SIZE_FITS, "L", NULL, 0},
    {"no chart", "[]", {170, 60000, 0}, SIZE_NO_CHART, NULL, NULL, 0},
    {"a chart without measures", "[{\"尺码\":\"均码\"}]", {170, 60000, 0}, SIZE_NO_CHART, NULL, NULL, 0},
};

static bool is_row(const struct size_row *row, const char *label)
{
    return label == NULL ? row == NULL : row != NULL && str_eq_c(row->label, label);
}

static void advice_follows_the_chart(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a = {0};
        json_t *json = json_read(str_from(rows[i].chart), NULL);
        struct size_chart chart = size_chart_read(&a, json);
        struct size_advice got = size_advise(&chart, &rows[i].body);
        if (got.answer != rows[i].answer || !is_row(got.best, rows[i].best) ||
            (rows[i].other != NULL && !is_row(got.other, rows[i].other)) || got.missing != rows[i].missing) {
            print_error("[%s] %s, best %.*s, other %.*s, missing %u\n", rows[i].name, size_answer_name(got.answer),
                        STR_ARG(got.best != NULL ? got.best->label : STR("none")),
                        STR_ARG(got.other != NULL ? got.other->label : STR("none")), got.missing);
            failed++;
        }
        json_decref(json);
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

/** Every body in reach gets a row of the chart, and a larger body never a smaller size. */
static void advice_grows_with_the_body(void **state)
{
    (void)state;
    struct arena a = {0};
    json_t *json = json_read(str_from(jacket), NULL);
    struct size_chart chart = size_chart_read(&a, json);
    for (int64_t kg = 30; kg < 130; kg++) {
        const struct size_row *before = chart.rows;
        for (int64_t cm = 140; cm < 210; cm++) {
            struct size_advice got = size_advise(&chart, &(struct body){cm, kg * 1000, 0});
            assert_non_null(got.best);
            assert_true(got.best >= before || got.answer == SIZE_BETWEEN);
            before = got.best;
        }
    }
    json_decref(json);
    arena_done(&a);
}

static void neighbours_are_those_of_the_chart(void **state)
{
    (void)state;
    struct arena a = {0};
    json_t *json = json_read(str_from(jacket), NULL);
    struct size_chart chart = size_chart_read(&a, json);
    struct size_advice got = size_advise(&chart, &(struct body){160, 50000, 0});
    assert_true(is_row(got.best, "S") && is_row(got.smaller, NULL) && is_row(got.larger, "M"));
    assert_true(is_row(size_row_find(&chart, STR("xxl")), "2XL"));
    assert_true(is_row(size_row_find(&chart, STR("l码")), "L"));
    assert_true(is_row(size_row_find(&chart, STR("XS")), NULL));
    json_decref(json);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(advice_follows_the_chart),
        cmocka_unit_test(advice_grows_with_the_body),
        cmocka_unit_test(neighbours_are_those_of_the_chart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
