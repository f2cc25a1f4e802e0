/* SPDX-License-Identifier: Apache-2.0 */
/* Marks: what a short text says of the talk, in the words of the shipped packs. */
#include "bot/marks.h"

#include "base/table_test.h"

enum {
    FOLLOWS = 1 << 0,
    CORRECTS = 1 << 1,
    OTHER = 1 << 2,
    BOUGHT = 1 << 3,
    WHY = 1 << 4,
    BACK = 1 << 5,
    DROPS = 1 << 6,
    PERSON = 1 << 7,
    REASONS = 1 << 8,
};

static const struct {
    const char *name, *language, *text;
    unsigned marks;
    const char *kept;  /* NULL: all of it */
    const char *words; /* what is neither mark nor value; NULL: not looked at */
    size_t joins;
} rows[] = {
    {"another colour", "zh", "换成红色的呢", FOLLOWS, NULL, "", 0},
    {"another size", "zh", "那L码呢", FOLLOWS, NULL, "", 0},
    {"a topic", "zh", "那运费呢", FOLLOWS, NULL, "运费", 0},
    {"a place", "zh", "那到西藏呢？", FOLLOWS, NULL, "", 0},
    {"a product", "zh", "那抓绒衣呢", FOLLOWS, NULL, "抓绒衣", 0},
    {"more than a value", "zh", "有红色的吗", 0, NULL, "有", 0},
    {"an own question", "zh", "那个什么时候发货", 0, NULL, NULL, 0},
    {"that many", "zh", "那么多人等着呢", FOLLOWS, NULL, NULL, 0},
    {"wrong, yesterday's", "zh", "不对,是昨天那单", CORRECTS | BOUGHT, "昨天那单", "", 1},
    {"not this one, that black one", "zh", "不是这件，是那件黑的", CORRECTS, "那件黑的", "", 1},
    {"not red but black", "zh", "不是红色是黑色", CORRECTS, "黑色", "", 0},
    {"I said red, not black", "zh", "我说的是红色不是黑色", CORRECTS, "红色", "", 0},
    {"wrong, the other order", "zh", "不对，是另一单", CORRECTS | OTHER, "另一单", "", 1},
    {"I ask about shipping", "zh", "我问的是运费", CORRECTS, "运费", "运费", 0},
    {"wrong, a request of its own", "zh", "不对 我要退货", CORRECTS, "退货", "退货", 1},
    {"nothing but no", "zh", "不对", 0, NULL, NULL, 0},
    {"no that leaves nothing", "zh", "不是这个", 0, NULL, NULL, 0},
    {"not signed by me", "zh", "不是我签收的", 0, NULL, NULL, 0},
    {"is it genuine", "zh", "是不是正品", 0, NULL, NULL, 0},
    {"what happened", "zh", "怎么回事？", WHY, NULL, NULL, 0},
    {"what happened to it", "zh", "快递怎么回事", 0, NULL, NULL, 0},
    {"back to it", "zh", "回到刚才的问题", BACK, NULL, NULL, 0},
    {"never mind", "zh", "算了", DROPS, NULL, NULL, 0},
    {"a person", "zh", "不行就转人工", PERSON, NULL, NULL, 0},
    {"two requests", "zh", "退货运费谁出 还有优惠券退不退", 0, NULL, NULL, 2},
    {"extra charge", "zh", "安装费要另外收吗", 0, NULL, NULL, 0},
    {"if", "zh", "如果不喜欢，能退吗", REASONS, NULL, NULL, 1},
    {"another size", "en", "what about size M?", FOLLOWS, NULL, "", 0},
    {"a colour", "en", "and in blue?", FOLLOWS, NULL, "", 0},
    {"a product", "en", "and the fleece jacket?", FOLLOWS, NULL, "fleece jacket", 0},
    {"I meant", "en", "I meant the blue one", CORRECTS, "the blue one", "", 0},
    {"no, the other", "en", "no, the other order", CORRECTS | OTHER, "the other order", "", 0},
    {"not that, yesterday's", "en", "not that one, the order from yesterday", CORRECTS | BOUGHT,
     "the order from yesterday", "", 1},
    {"meant this, not that", "en", "I meant the blue one, not the black one", CORRECTS, "the blue one", "", 1},
    {"not received", "en", "not received yet", 0, NULL, NULL, 0},
    {"why", "en", "Why?", WHY, NULL, NULL, 0},
    {"two requests", "en", "where's my parcel and can I change the address?", 0, NULL, NULL, 1},
    {"a decimal is no end", "en", "is the 1.3 kg bag warm?", 0, NULL, NULL, 0},
    {"nothing", "zh", "", 0, NULL, "", 0},
    {"only punctuation", "zh", "？？？", 0, NULL, "", 1},
};

static unsigned marks_of(const struct marks *m)
{
    return (m->follows ? FOLLOWS : 0u) | (m->corrects ? CORRECTS : 0u) | (m->other ? OTHER : 0u) |
           (m->bought ? BOUGHT : 0u) | (m->why ? WHY : 0u) | (m->back ? BACK : 0u) | (m->drops ? DROPS : 0u) |
           (m->person ? PERSON : 0u) | (m->reasons ? REASONS : 0u);
}

static void every_mark_is_found_as_written(void **state)
{
    (void)state;
    struct arena a = {0};
    struct nlu *zh = nlu_shipped("zh"), *en = nlu_shipped("en");
    int failed = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct str language = str_from(rows[i].language), text = str_from(rows[i].text);
        struct understanding u;
        struct marks m;
        arena_reset(&a);
        nlu_understand(str_eq_c(language, "en") ? en : zh, &a, text, language, &u);
        marks_find(&a, language, text, &u, true, &m);
        bool kept = str_eq(m.kept, rows[i].kept != NULL ? str_from(rows[i].kept) : text);
        bool words = rows[i].words == NULL || (str_eq_c(m.words, rows[i].words) && (m.rest == 0) == (m.words.n == 0));
        if (marks_of(&m) != rows[i].marks || !kept || !words || m.join_count != rows[i].joins)
            row_failed(failed, rows[i].name, "\"%s\": marks %#x, kept \"%.*s\", words \"%.*s\", %zu joins", rows[i].text,
                       marks_of(&m), STR_ARG(m.kept), STR_ARG(m.words), m.join_count);
    }
    nlu_free(zh);
    nlu_free(en);
    arena_done(&a);
    assert_int_equal(failed, 0);
}

static void long_and_strange_texts_are_no_fragments(void **state)
{
    (void)state;
    struct arena a = {0};
    struct buf b = {.arena = &a};
    struct marks m;
    for (int i = 0; i < 400; i++)
        buf_c(&b, "不对，是");
    marks_find(&a, STR("zh"), buf_view(&b), NULL, true, &m);
    assert_false(m.corrects);
    assert_true(m.rest > 0);
    assert_int_equal(m.join_count, MARKS_JOINS);
    marks_find(&a, STR("zh"), STR("\xff\xfe那\xc0呢"), NULL, true, &m);
    assert_true(m.kept.n == 9);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mark_is_found_as_written),
        cmocka_unit_test(long_and_strange_texts_are_no_fragments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
