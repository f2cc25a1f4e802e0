/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shapes: what each type of member takes and refuses, in a body and in a query.
 */
#include "base/table_test.h"

#include <string.h>

#include "base/limit.h"
#include "net/shape.h"

static const struct field members[] = {
    {"need", FIELD_INT, .required = true, .min = 1, .max = 9},
    {"text", FIELD_TEXT, .min = 2, .max = 4},
    {"name", .type = FIELD_TEXT},
    {"id", .type = FIELD_ID},
    {"any", .type = FIELD_INT},
    {"low", FIELD_INT, .min = -5, .max = -1},
    {"on", .type = FIELD_BOOL},
    {"more", FIELD_OBJECT, .max = 12},
    {"list", FIELD_ARRAY, .max = 2},
    {"way", FIELD_CHOICE, .choices = "a|bb|c"},
    {0},
};

static const struct body_row {
    const char *name, *body;
    const char *says; /* part of the sentence; NULL: good */
} bodies[] = {
    {"only what is needed", "{\"need\":1}", NULL},
    {"all of it", "{\"need\":9,\"text\":\"ab\",\"name\":\"x\",\"id\":\"7\",\"any\":-9,\"low\":-5,\"on\":true,\"more\":{\"a\":1},"
                  "\"list\":[\"x\",\"y\"],\"way\":\"bb\"}", NULL},
    {"nothing", "{}", "\"need\" is missing"},
    {"needed and null", "{\"need\":null}", "\"need\" must be a whole number"},
    {"optional and null is absent", "{\"need\":1,\"text\":null,\"list\":null,\"id\":null}", NULL},
    {"unknown member", "{\"need\":1,\"role\":\"owner\"}", "Unknown member \"role\""},
    {"unknown member with a long name is named shortly",
     "{\"need\":1,\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\":1}",
     "Unknown member \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"."},
    {"a name is matched whole", "{\"need\":1,\"nee\":1}", "Unknown member \"nee\""},
    {"a name is matched by case", "{\"Need\":1}", "Unknown member \"Need\""},
    {"int below", "{\"need\":0}", "from 1 to 9"},
    {"int above", "{\"need\":10}", "from 1 to 9"},
    {"int as text", "{\"need\":\"1\"}", "whole number"},
    {"int as real", "{\"need\":1.0}", "whole number"},
    {"int as bool", "{\"need\":true}", "whole number"},
    {"int without a range", "{\"need\":1,\"any\":-9223372036854775808}", NULL},
    {"negative range", "{\"need\":1,\"low\":0}", "from -5 to -1"},
    {"text too short", "{\"need\":1,\"text\":\"a\"}", "too short"},
    {"text too long", "{\"need\":1,\"text\":\"abcde\"}", "longer than 4"},
    {"text is counted in characters", "{\"need\":1,\"text\":\"四个汉字\"}", NULL},
    {"text as number", "{\"need\":1,\"text\":12}", "must be a string"},
    {"text as object", "{\"need\":1,\"text\":{\"$ne\":1}}", "must be a string"},
    {"text as array", "{\"need\":1,\"text\":[\"ab\"]}", "must be a string"},
    {"empty text where none is needed", "{\"need\":1,\"name\":\"\"}", NULL},
    {"id with letters", "{\"need\":1,\"id\":\"7x\"}", "must be an id"},
    {"id of zero", "{\"need\":1,\"id\":\"0\"}", "must be an id"},
    {"negative id", "{\"need\":1,\"id\":\"-7\"}", "must be an id"},
    {"id above 63 bits", "{\"need\":1,\"id\":\"9223372036854775808\"}", "must be an id"},
    {"id as number", "{\"need\":1,\"id\":7}", "must be a string"},
    {"empty id", "{\"need\":1,\"id\":\"\"}", "must be an id"},
    {"bool as number", "{\"need\":1,\"on\":1}", "true or false"},
    {"bool as text", "{\"need\":1,\"on\":\"true\"}", "true or false"},
    {"object as text", "{\"need\":1,\"more\":\"{}\"}", "must be an object"},
    {"object too large", "{\"need\":1,\"more\":{\"a\":\"123456\"}}", "too large"},
    {"array as text", "{\"need\":1,\"list\":\"x\"}", "array of strings"},
    {"array of numbers", "{\"need\":1,\"list\":[1]}", "short strings only"},
    {"array too long", "{\"need\":1,\"list\":[\"1\",\"2\",\"3\"]}", "too many items"},
    {"empty array", "{\"need\":1,\"list\":[]}", NULL},
    {"choice", "{\"need\":1,\"way\":\"c\"}", NULL},
    {"no choice", "{\"need\":1,\"way\":\"b\"}", "one of a|bb|c"},
    {"two choices", "{\"need\":1,\"way\":\"a|bb\"}", "one of a|bb|c"},
    {"empty choice", "{\"need\":1,\"way\":\"\"}", "one of a|bb|c"},
};

static void a_body_is_taken_or_refused_with_a_reason(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        struct arena a = {0};
        json_t *object = json_read(str_from(bodies[i].body), NULL);
        struct str detail = STR("untouched");
        bool good = shape_check(&a, members, object, &detail);
        if (object == NULL || good != (bodies[i].says == NULL))
            row_failed(failed, bodies[i].name, "taken: %d, %.*s", good, STR_ARG(detail));
        else if (good ? !str_eq_c(detail, "untouched") : !str_has(detail, str_from(bodies[i].says)))
            row_failed(failed, bodies[i].name, "says: %.*s", STR_ARG(detail));
        json_decref(object);
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

/* What json_read() never lets in may still come from a caller that builds its object: a NUL in a text. */
static void a_nul_is_refused_wherever_text_stands(void **state)
{
    (void)state;
    struct arena a = {0};
    struct str detail = STR_NONE;
    json_t *object = json_pack("{s:i, s:s#}", "need", 1, "text", "a\0b", 3);
    assert_non_null(object);
    assert_false(shape_check(&a, members, object, &detail));
    assert_true(str_has(detail, STR("NUL")));
    json_decref(object);
    object = json_pack("{s:i, s:[s#]}", "need", 1, "list", "a\0b", 3);
    assert_non_null(object);
    assert_false(shape_check(&a, members, object, &detail));
    json_decref(object);
    arena_done(&a);
}

static void a_text_without_a_length_of_its_own_is_a_name(void **state)
{
    (void)state;
    struct arena a = {0};
    struct str detail = STR_NONE;
    char name[LIMIT_NAME_CHARS + 1];
    memset(name, 'n', sizeof(name));
    const struct field *f = shape_find(members, STR("name"));
    assert_true(shape_check_text(&a, f, (struct str){name, LIMIT_NAME_CHARS}, &detail));
    assert_false(shape_check_text(&a, f, (struct str){name, sizeof(name)}, &detail));
    arena_done(&a);
}

static const struct query_row {
    const char *name, *member, *value;
    bool good;
} queries[] = {
    {"int", "need", "9", true},
    {"int out of range", "need", "10", false},
    {"int with a sign", "low", "-5", true},
    {"int with a plus", "any", "+5", false},
    {"int with blanks", "any", " 5", false},
    {"int in hex", "any", "0x5", false},
    {"int that does not fit", "any", "9223372036854775808", false},
    {"the least int", "any", "-9223372036854775808", true},
    {"id", "id", "12", true},
    {"id that is none", "id", "../1", false},
    {"bool", "on", "true", true},
    {"bool by another name", "on", "1", false},
    {"choice", "way", "a", true},
    {"choice by case", "way", "A", false},
    {"text", "text", "四字", true},
    {"text too long", "text", "abcde", false},
};

static void a_query_value_is_checked_as_text(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(queries); i++) {
        struct arena a = {0};
        struct str detail = STR_NONE;
        const struct field *f = shape_find(members, str_from(queries[i].member));
        bool good = shape_check_text(&a, f, str_from(queries[i].value), &detail);
        if (good != queries[i].good || good != (detail.n == 0))
            row_failed(failed, queries[i].name, "taken: %d, %.*s", good, STR_ARG(detail));
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

static void a_row_is_found_by_its_name_alone(void **state)
{
    (void)state;
    assert_ptr_equal(shape_find(members, STR("text")), &members[1]);
    assert_null(shape_find(members, STR("tex")));
    assert_null(shape_find(members, STR("texts")));
    assert_null(shape_find(members, STR_NONE));
    assert_null(shape_find(NULL, STR("text")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_is_taken_or_refused_with_a_reason),
        cmocka_unit_test(a_nul_is_refused_wherever_text_stands),
        cmocka_unit_test(a_text_without_a_length_of_its_own_is_a_name),
        cmocka_unit_test(a_query_value_is_checked_as_text),
        cmocka_unit_test(a_row_is_found_by_its_name_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
