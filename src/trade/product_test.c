/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of products: which one is named, which attribute is asked for, which variant is meant.
 */
#include "trade/product.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "nlu/normalise.h"
#include "trade/mention.h"
#include "trade/name_pairs.h"

static const char jacket_json[] =
    "{\"id\":\"P101\",\"title\":\"山脊轻量防水冲锋衣 男女同款\",\"category\":\"服饰/户外\","
    "\"attributes\":{\"材质\":\"锦纶 100%\",\"防水指数\":\"10000mm\",\"透湿指数\":\"8000g\",\"重量\":\"约 420g\","
    "\"产地\":\"中国浙江\",\"洗护\":\"30℃ 以下轻柔机洗\",\"厚度\":\"薄款\"},"
    "\"skus\":[{\"id\":\"BK-L\",\"attributes\":{\"颜色\":\"黑\",\"尺码\":\"L\"},\"price_cents\":45900,\"stock\":3},"
    "{\"id\":\"BK-2XL\",\"attributes\":{\"颜色\":\"黑\",\"尺码\":\"2XL\"},\"price_cents\":47900,\"stock\":0},"
    "{\"id\":\"OR-L\",\"attributes\":{\"颜色\":\"橙红\",\"尺码\":\"L\"},\"stock\":5},"
    "{\"id\":\"RD-M\",\"attributes\":{\"颜色\":\"红色\",\"尺码\":\"M\"},\"stock\":7}],"
    "\"price_cents\":45900,\"seven_day\":\"yes\",\"aliases\":[\"冲锋衣\",\"那件防水外套\",\"shell jacket\"]}";
static const char boot_json[] =
    "{\"id\":\"NP-7\",\"title\":\"Ridgeline Mid Hiking Boot\",\"category\":\"Footwear\","
    "\"attributes\":{\"Weight\":\"1 lb 2 oz\",\"Waterproofing\":\"Membrane\",\"Made in\":\"Vietnam\"},"
    "\"skus\":[{\"id\":\"G42\",\"attributes\":{\"color\":\"Grey\",\"size\":\"10.5\"},\"stock\":1},"
    "{\"id\":\"G43\",\"attributes\":{\"color\":\"Grey\",\"size\":\"11\"},\"stock\":2}],\"aliases\":[\"hiking boot\"]}";

static void read_product(struct arena *a, const char *text, struct product *ret)
{
    json_t *json = json_read(str_from(text), NULL);
    assert_non_null(json);
    product_read(a, json, ret);
    json_decref(json);
}

static const char seven_json[] = "{\"id\":\"7\",\"title\":\"裙\",\"aliases\":[\"七号\"]}";

static const struct {
    const char *text, *product;
    bool named;
} names[] = {
    {"7 有货吗", seven_json, true},
    {"17 有货吗", seven_json, false},
    {"这条裙多少钱", seven_json, true},
    {"七号有货吗", seven_json, true},
    {"八号有货吗", seven_json, false},
    {"冲锋衣有货吗", jacket_json, true},
    {"那件防水外套透气吗", jacket_json, true},
    {"山脊轻量防水冲锋衣怎么样", jacket_json, true},
    {"p101 多少钱", jacket_json, true},
    {"P1012 多少钱", jacket_json, false},
    {"你们有帐篷吗", jacket_json, false},
    {"发什么快递", jacket_json, false},
    {"do you have a shell jacket?", jacket_json, true},
    {"Are the Ridgeline hiking boots waterproof?", boot_json, true},
    {"is the ridgeline mid any good", boot_json, false},
    {"bootleg", boot_json, false},
};

static void products_are_named_by_their_words(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct arena a = {0};
        struct product p;
        read_product(&a, names[i].product, &p);
        struct product_words words = product_words(normalise(&a, str_from(names[i].text)));
        double named = product_named(&p, &words);
        if ((named >= PRODUCT_NAMED) != names[i].named) {
            print_error("[%s] %.2f\n", names[i].text, named);
            failed++;
        }
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

static const char short_json[] = "{\"id\":\"P9\",\"title\":\"M 包\"}"; /* its last character is most of it */

static const struct {
    const char *text, *product;
    bool may;
} pairs[] = {
    {"发什么快递", jacket_json, false},
    {"", jacket_json, false},
    {"防", jacket_json, false},
    {"防水吗", jacket_json, true},
    {"P101", jacket_json, true},
    {"发什么快递", boot_json, false},
    {"hiking", boot_json, true},
    {"发什么快递", seven_json, true}, /* "裙" and "7" alone name it: nothing can be said */
    {"什么包", short_json, true},
};

/** What product_named() says is named is never said to be impossible. */
static void words_without_a_pair_of_a_name_name_nothing(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(pairs) + COUNT(names); i++) {
        struct arena a = {0};
        struct product p;
        struct name_pairs np = {.alone = false};
        bool own = i < COUNT(pairs);
        const char *text = own ? pairs[i].text : names[i - COUNT(pairs)].text;
        read_product(&a, own ? pairs[i].product : names[i - COUNT(pairs)].product, &p);
        name_pairs_add(&np, &p);
        bool may = name_pairs_may_name(&np, normalise(&a, str_from(text)));
        if (own ? may != pairs[i].may : names[i - COUNT(pairs)].named && !may) {
            print_error("[%s] %d\n", text, may);
            failed++;
        }
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

static const struct {
    const char *text, *product, *language;
    const char *want; /* attributes, best first, by + */
    const char *asked;
} attributes[] = {
    {"是什么材质的", jacket_json, "zh", "材质", "材质"},
    {"下雨天能穿吗", jacket_json, "zh", "防水指数", "防水指数"},
    {"防水吗", jacket_json, "zh", "防水指数", NULL},
    {"可以机洗吗", jacket_json, "zh", "洗护", "洗护"},
    {"有多重", jacket_json, "zh", "重量", "重量"},
    {"哪里生产的", jacket_json, "zh", "产地", "产地"},
    {"电池能用多久", jacket_json, "zh", "", "续航"},
    {"发什么快递", jacket_json, "zh", "", ""},
    {"how heavy are they", boot_json, "en", "Weight", "Weight"},
    {"are they ok in the rain", boot_json, "en", "Waterproofing", NULL},
    {"where are they made", boot_json, "en", "Made in", "Made in"},
    {"what is the battery life", boot_json, "en", "", "Runtime"},
};

static void attributes_are_found_by_everyday_words(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(attributes); i++) {
        struct arena a = {0};
        struct product p;
        const struct attribute *found[4];
        struct buf got = {.arena = &a};
        const struct attribute_words *w = attribute_words(str_from(attributes[i].language));
        read_product(&a, attributes[i].product, &p);
        size_t n = product_attributes_asked(&p, w, &a, str_from(attributes[i].text), found, COUNT(found));
        for (size_t k = 0; k < n; k++)
            buf_printf(&got, "%s%.*s", k > 0 ? "+" : "", STR_ARG(found[k]->name));
        struct str asked = attribute_asked(w, &a, str_from(attributes[i].text));
        if (!str_eq(buf_view(&got), str_from(attributes[i].want)) ||
            (attributes[i].asked != NULL && !str_eq_c(asked, attributes[i].asked))) {
            print_error("[%s] %.*s; asked %.*s\n", attributes[i].text, STR_ARG(buf_view(&got)), STR_ARG(asked));
            failed++;
        }
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

static const struct {
    const char *text, *product;
    size_t named;
    const char *want; /* ids by + */
} variants[] = {
    {"黑色L码还有吗", jacket_json, 2, "BK-L"},
    {"黑色的有吗", jacket_json, 1, "BK-L+BK-2XL"},
    {"XXL有货吗", jacket_json, 1, "BK-2XL"},
    {"橙红色有吗", jacket_json, 1, "OR-L"},
    {"红的M码", jacket_json, 2, "RD-M"},
    {"黑的和橙红的哪个好", jacket_json, 2, "BK-L+BK-2XL+OR-L"},
    {"橙红M码", jacket_json, 2, ""},
    {"还有货吗", jacket_json, 0, "BK-L+BK-2XL+OR-L+RD-M"},
    {"I'm looking for L", jacket_json, 1, "BK-L+OR-L"},
    {"gray in 10.5 please", boot_json, 2, "G42"},
    {"do you have size 11?", boot_json, 1, "G43"},
    {"do you have size 110?", boot_json, 0, "G42+G43"},
    {"order 11.5", boot_json, 0, "G42+G43"},
};

static void variants_are_found_by_their_values(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(variants); i++) {
        struct arena a = {0};
        struct product p;
        struct buf got = {.arena = &a};
        read_product(&a, variants[i].product, &p);
        struct sku_match m = product_skus_named(&a, &p, str_from(variants[i].text));
        for (size_t k = 0; k < m.n; k++)
            buf_printf(&got, "%s%.*s", k > 0 ? "+" : "", STR_ARG(m.fits[k]->id));
        if (m.named != variants[i].named || !str_eq(buf_view(&got), str_from(variants[i].want))) {
            print_error("[%s] %zu named, %.*s\n", variants[i].text, m.named, STR_ARG(buf_view(&got)));
            failed++;
        }
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

static void a_product_is_read_whole(void **state)
{
    (void)state;
    struct arena a = {0};
    struct product p;
    read_product(&a, jacket_json, &p);
    assert_int_equal(product_stock(&p), 15);
    assert_true(product_in_stock(&p));
    assert_int_equal(product_sku(&p, STR("OR-L"))->price_cents, 45900);
    assert_true(str_eq_c(product_sku(&p, STR("BK-L"))->text, "黑 / L"));
    assert_true(str_eq_c(product_attribute(&p, STR("材质"))->value, "锦纶 100%"));
    assert_int_equal(p.warranty_days, -1);
    read_product(&a, "{\"id\":\"X\",\"title\":\"x\"}", &p);
    assert_int_equal(product_stock(&p), -1);
    assert_true(product_in_stock(&p));
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_are_named_by_their_words),   cmocka_unit_test(attributes_are_found_by_everyday_words),
        cmocka_unit_test(variants_are_found_by_their_values), cmocka_unit_test(a_product_is_read_whole),
        cmocka_unit_test(words_without_a_pair_of_a_name_name_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
