/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of the arena reader of JSON: what is accepted, what the accessors answer, and that jansson says the same of these
 * documents and of thousands that were made from them by changing some bytes.
 */
#include "base/json_doc_for_test.h"

#include "base/table_test.h"

static const struct {
    const char *name;
    struct str text;
    bool good;
} documents[] = {
    {"empty object", {"{}", 2}, true},
    {"empty array", {"[]", 2}, true},
    {"space everywhere", {" \t\r\n{ \"a\" : [ 1 , 2 ] } \n", 24}, true},
    {"nothing", {"", 0}, false},
    {"only space", {"  ", 2}, false},
    {"a bare text", {"\"a\"", 3}, false},
    {"a bare number", {"1", 1}, false},
    {"a bare word", {"null", 4}, false},
    {"something behind", {"{} x", 4}, false},
    {"a second document", {"{}{}", 4}, false},
    {"a form feed is no space", {"[\f]", 3}, false},
    {"a byte order mark", {"\xef\xbb\xbf{}", 5}, false},
    {"cut short", {"{\"a\":[1,", 8}, false},
    {"cut short in a text", {"[\"abc", 5}, false},
    {"cut short in an escape", {"[\"abc\\", 6}, false},
    {"cut short in a sequence", {"[\"\xe4\xb8", 4}, false},
    {"a comma too many in an array", {"[1,]", 4}, false},
    {"a comma too many in an object", {"{\"a\":1,}", 8}, false},
    {"a comma too few", {"[1 2]", 5}, false},
    {"a colon too few", {"{\"a\" 1}", 7}, false},
    {"a key that is no text", {"{1:1}", 5}, false},
    {"the wrong bracket", {"[1}", 3}, false},
    {"words", {"[true,false,null]", 17}, true},
    {"a word too long", {"[nulls]", 7}, false},
    {"a word in capitals", {"[True]", 6}, false},
    {"integers", {"[0,-0,1,-1,9223372036854775807,-9223372036854775808]", 52}, true},
    {"an integer too large", {"[9223372036854775808]", 21}, false},
    {"an integer too small", {"[-9223372036854775809]", 22}, false},
    {"a leading zero", {"[01]", 4}, false},
    {"a leading zero below zero", {"[-01]", 5}, false},
    {"a plus", {"[+1]", 4}, false},
    {"a minus alone", {"[-]", 3}, false},
    {"reals", {"[0.5,-1.25e3,1E-2,1e+2,0e0,2.5e-400]", 36}, true},
    {"a real too large", {"[1e999]", 7}, false},
    {"a point without digits", {"[1.]", 4}, false},
    {"a point without a whole", {"[.5]", 4}, false},
    {"an exponent without digits", {"[1e]", 4}, false},
    {"an exponent of a sign", {"[1e+]", 5}, false},
    {"not a number", {"[NaN]", 5}, false},
    {"hexadecimal", {"[0x1]", 5}, false},
    {"escapes", {"[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u4E2d\"]", 32}, true},
    {"an unknown escape", {"[\"\\x41\"]", 8}, false},
    {"an escaped line end", {"[\"\\\n\"]", 6}, false},
    {"an escaped Han character", {"[\"\\\xe4\xb8\xad\"]", 8}, false},
    {"too few hex digits", {"[\"\\u12\"]", 8}, false},
    {"no hex digits", {"[\"\\u12g4\"]", 10}, false},
    {"a pair of surrogates", {"[\"\\ud83d\\ude00\"]", 16}, true},
    {"a lone high surrogate", {"[\"\\ud83d\"]", 10}, false},
    {"a high surrogate and a letter", {"[\"\\ud83dA\"]", 11}, false},
    {"a high surrogate and another escape", {"[\"\\ud83d\\u0041\"]", 16}, false},
    {"a lone low surrogate", {"[\"\\ude00\"]", 10}, false},
    {"NUL as an escape", {"[\"\\u0000\"]", 10}, false},
    {"NUL as a byte", {"[\"\0\"]", 5}, false},
    {"NUL in a key", {"{\"a\\u0000\":1}", 13}, false},
    {"NUL behind", {"{}\0", 3}, false},
    {"NUL behind a word", {"[false\0]", 8}, false},
    {"a control character", {"[\"\x1f\"]", 5}, false},
    {"a line end in a text", {"[\"a\nb\"]", 7}, false},
    {"delete is none", {"[\"\x7f\"]", 5}, true},
    {"Han", {"{\"\xe4\xb8\xad\":\"\xe6\x96\x87\"}", 13}, true},
    {"a smiley", {"[\"\xf0\x9f\x98\x80\"]", 8}, true},
    {"two bytes", {"[\"\xc3\xa9\"]", 6}, true},
    {"an overlong slash", {"[\"\xc0\xaf\"]", 6}, false},
    {"an overlong sequence of three", {"[\"\xe0\x80\xaf\"]", 7}, false},
    {"a surrogate in UTF-8", {"[\"\xed\xa0\x80\"]", 7}, false},
    {"above the last character", {"[\"\xf4\x90\x80\x80\"]", 8}, false},
    {"a tail without a lead", {"[\"\x80\"]", 5}, false},
    {"a lead that is none", {"[\"\xff\"]", 5}, false},
    {"a text that ends inside a sequence", {"[\"\xe4\xb8\"]", 6}, false},
    {"a sequence outside a text", {"[\xe4\xb8\xad]", 5}, false},
    {"two members of one name", {"{\"a\":1,\"b\":2,\"a\":3}", 19}, false},
    {"one name in two objects", {"{\"a\":{\"a\":1},\"b\":{\"a\":1}}", 25}, true},
    {"one name, once written with an escape", {"{\"a\":1,\"\\u0061\":2}", 18}, false},
    {"the empty name", {"{\"\":1}", 6}, true},
    {"the empty name twice", {"{\"\":1,\"\":2}", 11}, false},
    {"an order", STR("{\"id\":\"A1\",\"items\":[{\"sku\":\"S1\",\"quantity\":2,\"paid_cents\":19900}],\"note\":\"放门口\\n谢谢\","
                      "\"freight_insured\":true,\"address\":null,\"rate\":0.85}"), true},
};

static void documents_are_read_or_refused(void **state)
{
    (void)state;
    struct arena a = {0};
    int failed = 0;
    for (size_t i = 0; i < COUNT(documents); i++) {
        if ((json_doc_read(&a, documents[i].text) != NULL) != documents[i].good)
            row_failed(failed, documents[i].name, "%s", documents[i].good ? "refused" : "accepted");
        if (!readers_agree(&a, documents[i].text))
            row_failed(failed, documents[i].name, "jansson says otherwise");
        arena_reset(&a);
    }
    arena_done(&a);
    assert_int_equal(failed, 0);
}

/** The next of a row of numbers that is always the same. */
static uint32_t draw(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void change_bytes(char *p, size_t n, uint32_t *seed)
{
    static const char pool[] = "{}[]\",:\\u0019.eE+-truefalsn \n\x01\x80\xc3\xa9\xe4\xb8\xad\xed\xa0\xf0\x9f\xff";
    for (uint32_t k = draw(seed) % 2 + 1; k > 0; k--)
        p[draw(seed) % n] = pool[draw(seed) % (sizeof(pool) - 1)];
}

static void jansson_says_the_same_of_changed_documents(void **state)
{
    (void)state;
    struct arena a = {0};
    uint32_t seed = 1;
    int failed = 0, good = 0;
    for (int round = 0; round < 1000; round++) {
        for (size_t i = 0; i < COUNT(documents); i++) {
            if (!documents[i].good && round % 8 != 0)
                continue; /* nearly all of them stay refused */
            struct str text = str_dup(&a, documents[i].text);
            char *bytes = arena_copy(&a, text.p, text.n);
            text.p = bytes;
            if (text.n > 0)
                change_bytes(bytes, text.n, &seed);
            good += json_doc_read(&a, text) != NULL;
            if (!readers_agree(&a, text))
                row_failed(failed, documents[i].name, "round %d: %.*s", round, STR_ARG(text));
            arena_reset(&a);
        }
    }
    arena_done(&a);
    assert_int_equal(failed, 0);
    assert_true(good > 1000);
}

static void nesting_has_a_limit(void **state)
{
    (void)state;
    struct arena a = {0};
    char text[2 * (LIMIT_JSON_DEPTH + 1)];
    for (size_t depth = LIMIT_JSON_DEPTH; depth <= LIMIT_JSON_DEPTH + 1; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        const struct json_node *doc = json_doc_read(&a, (struct str){text, 2 * depth});
        assert_int_equal(doc != NULL, depth == LIMIT_JSON_DEPTH);
        assert_true(readers_agree(&a, (struct str){text, 2 * depth})); /* at once: the fuzz target took 2^32 steps here */
    }
    arena_done(&a);
}

/** An object of @p n members, the last of which is named like the one at @p twin. */
static struct str wide_object(struct arena *a, size_t n, size_t twin)
{
    struct buf b = {.arena = a};
    buf_char(&b, '{');
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s\"key%zu\":[%zu]", i > 0 ? "," : "", i + 1 == n ? twin : i, i);
    buf_char(&b, '}');
    return buf_view(&b);
}

static void twins_are_found_in_objects_of_any_width(void **state)
{
    (void)state;
    static const size_t widths[] = {2, 23, 24, 25, 500};
    struct arena a = {0};
    int failed = 0;
    for (size_t i = 0; i < COUNT(widths); i++) {
        size_t n = widths[i];
        bool good = json_doc_read(&a, wide_object(&a, n, n)) != NULL;
        bool twin = json_doc_read(&a, wide_object(&a, n, n / 2 - 1)) != NULL;
        if (!good || twin)
            row_failed(failed, "width", "%zu: good %d, twin %d", n, good, twin);
    }
    arena_done(&a);
    assert_int_equal(failed, 0);
}

static void accessors_answer_by_kind(void **state)
{
    (void)state;
    struct arena a = {0};
    struct str text = STR("{\"text\":\"a\\u4e2d\",\"int\":-7,\"real\":2.5,\"yes\":true,\"no\":false,\"none\":null,"
                          "\"list\":[1,[2,3],{\"a\":4}],\"object\":{\"a\":1}}");
    const struct json_node *o = json_doc_read(&a, text), *list = json_doc_list(o, "list");
    assert_non_null(o);
    assert_true(str_eq_c(json_doc_str(o, "text"), "a中"));
    assert_int_equal(json_doc_str(o, "int").n, 0);
    assert_int_equal(json_doc_str(o, "there").n, 0);
    assert_int_equal(json_doc_int(o, "int", 1), -7);
    assert_int_equal(json_doc_int(o, "real", 1), 1);
    assert_int_equal(json_doc_int(o, "text", 1), 1);
    assert_true(json_doc_num(o, "int", 0) < -6.9 && json_doc_num(o, "real", 0) > 2.4 && json_doc_num(o, "no", 9) > 8.9);
    assert_true(json_doc_flag(o, "yes", false) && !json_doc_flag(o, "no", true) && json_doc_flag(o, "none", true));
    assert_null(json_doc_list(o, "object"));
    assert_null(json_doc_object(o, "list"));
    assert_int_equal(json_doc_count(list), 3);
    int64_t sum = 0;
    JSON_DOC_EACH(one, list)
        sum = sum * 10 + (int64_t)one->kind;
    assert_int_equal(sum, JSON_KIND_INT * 100 + JSON_KIND_ARRAY * 10 + JSON_KIND_OBJECT);
    arena_done(&a);
}

static void nothing_has_nothing(void **state)
{
    (void)state;
    assert_null(json_doc_get(NULL, "a"));
    assert_null(json_doc_list(NULL, "a"));
    assert_int_equal(json_doc_int(NULL, "a", 5), 5);
    assert_true(json_doc_flag(NULL, "a", true));
    assert_int_equal(json_doc_count(NULL), 0);
    JSON_DOC_EACH(one, json_doc_list(NULL, "a"))
        fail();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_are_read_or_refused),
        cmocka_unit_test(jansson_says_the_same_of_changed_documents),
        cmocka_unit_test(nesting_has_a_limit),
        cmocka_unit_test(twins_are_found_in_objects_of_any_width),
        cmocka_unit_test(accessors_answer_by_kind),
        cmocka_unit_test(nothing_has_nothing),
    };
    return cmocka_run_group_tests_name("json_doc", tests, NULL, NULL);
}
