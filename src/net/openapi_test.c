/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The OpenAPI document: valid JSON in which every row of the tables stands once, with its parameters and its shapes.
 */
#include "base/table_test.h"

#include <string.h>

#include "net/openapi.h"

enum { BIT_ONE = 1, BIT_TWO = 2, BIT_NAMELESS = 4 };

static const struct field body[] = {
    {"text", FIELD_TEXT, .required = true, .max = 20, .help = "What \"it\" says.\n第二行"},
    {"way", FIELD_CHOICE, .choices = "a|b"},
    {"count", FIELD_INT, .min = 1, .max = 5},
    {"list", .type = FIELD_ARRAY},
    {"on", .type = FIELD_BOOL},
    {"more", .type = FIELD_OBJECT},
    {"who", .type = FIELD_ID},
    {0},
};
static const struct field query[] = {
    {"limit", FIELD_INT, .min = 1, .max = 100, .help = "Items."},
    {"q", FIELD_TEXT, .required = true},
    {0},
};
static const struct route first[] = {
    {METHOD_GET, "/things", NULL, .query = query, .gives = query, .tag = "Things", .help = "Lists them."},
    {METHOD_POST, "/things", NULL, .needs = BIT_ONE | BIT_NAMELESS, .body = body, .help = "Makes one."},
    {METHOD_GET, "/things/:id/parts/:part", NULL, .needs = BIT_TWO, .help = "One part."},
};
static const struct route second[] = {
    {METHOD_DELETE, "/things", NULL, .needs = BIT_ONE | BIT_TWO, .help = "In another group."},
    {METHOD_PUT, "/things/:id", NULL, .needs = BIT_ONE, .help = "One path, not the others'."},
    {METHOD_GET, "/other", NULL, .help = "Open."},
};
static const struct route_group groups[] = {{first, COUNT(first), NULL}, {second, COUNT(second), NULL}};
static const char *const verbs[] = {"get", "post", "put", "delete"};

static const char *role_name(uint32_t bit)
{
    return bit == BIT_ONE ? "one" : bit == BIT_TWO ? "two" : NULL;
}

static json_t *document;

static int write_document(void **state)
{
    (void)state;
    struct buf b = {0};
    char why[160] = "";
    openapi_write(&b, groups, COUNT(groups), "Title \"quoted\"", "1.2.3", role_name);
    document = json_read(buf_view(&b), why); /* refuses a key that stands twice */
    if (document == NULL)
        print_error("%s\n", why);
    buf_done(&b);
    return document != NULL ? 0 : -1;
}

static int drop_document(void **state)
{
    (void)state;
    json_decref(document);
    return 0;
}

static json_t *operation(const char *path, const char *verb)
{
    return json_object_get(json_object_get(json_object_get(document, "paths"), path), verb);
}

static void every_row_stands_once(void **state)
{
    (void)state;
    static const struct {
        const char *path, *verbs;
    } want[] = {
        {"/things", "get post delete"}, {"/things/{id}/parts/{part}", "get"}, {"/things/{id}", "put"}, {"/other", "get"}};
    int failed = 0;
    json_t *paths = json_object_get(document, "paths");
    assert_int_equal(json_object_size(paths), COUNT(want));
    for (size_t i = 0; i < COUNT(want); i++) {
        for (size_t v = 0; v < COUNT(verbs); v++) {
            bool there = operation(want[i].path, verbs[v]) != NULL;
            if (there != (strstr(want[i].verbs, verbs[v]) != NULL))
                row_failed(failed, want[i].path, "%s: %d", verbs[v], there);
        }
    }
    assert_int_equal(failed, 0);
    assert_string_equal(json_string_value(json_object_get(operation("/things", "delete"), "summary")), "In another group.");
    assert_string_equal(json_string_value(json_object_get(document, "openapi")), "3.1.0");
}

static const json_t *parameter(const json_t *op, const char *in, const char *name)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(op, "parameters"), i, one)
    {
        if (str_eq_c(json_str(one, "name"), name) && str_eq_c(json_str(one, "in"), in))
            return one;
    }
    return NULL;
}

static void parameters_are_named(void **state)
{
    (void)state;
    const json_t *part = operation("/things/{id}/parts/{part}", "get");
    assert_int_equal(json_array_size(json_object_get(part, "parameters")), 2);
    assert_true(json_flag(parameter(part, "path", "id"), "required", false));
    assert_true(json_flag(parameter(part, "path", "part"), "required", false));
    const json_t *list = operation("/things", "get");
    assert_false(json_flag(parameter(list, "query", "limit"), "required", true));
    assert_true(json_flag(parameter(list, "query", "q"), "required", false));
    assert_int_equal(json_int(json_object_get(parameter(list, "query", "limit"), "schema"), "maximum", 0), 100);
    assert_null(parameter(list, "header", "Idempotency-Key"));
    assert_non_null(parameter(operation("/things", "post"), "header", "Idempotency-Key"));
}

static const json_t *schema_of(const json_t *body_or_answer)
{
    return json_object_get(json_object_get(json_object_get(body_or_answer, "content"), "application/json"), "schema");
}

static void shapes_are_schemas(void **state)
{
    (void)state;
    static const struct {
        const char *member, *type;
    } want[] = {{"text", "string"}, {"way", "string"}, {"count", "integer"}, {"list", "array"},
                {"on", "boolean"}, {"more", "object"}, {"who", "string"}};
    const json_t *schema = schema_of(json_object_get(operation("/things", "post"), "requestBody"));
    const json_t *properties = json_object_get(schema, "properties");
    int failed = 0;
    assert_int_equal(json_object_size(properties), COUNT(want));
    for (size_t i = 0; i < COUNT(want); i++) {
        struct str type = json_str(json_object_get(properties, want[i].member), "type");
        if (!str_eq_c(type, want[i].type))
            row_failed(failed, want[i].member, "type %.*s", STR_ARG(type));
    }
    assert_int_equal(failed, 0);
    assert_false(json_flag(schema, "additionalProperties", true));
    assert_int_equal(json_array_size(json_object_get(schema, "required")), 1);
    assert_int_equal(json_array_size(json_object_get(json_object_get(properties, "way"), "enum")), 2);
    assert_true(str_eq_c(json_str(json_object_get(json_object_get(properties, "list"), "items"), "type"), "string"));
    assert_int_equal(json_int(json_object_get(properties, "text"), "maxLength", 0), 20);
    assert_null(json_object_get(operation("/things", "get"), "requestBody"));
    const json_t *answer = json_object_get(json_object_get(operation("/things", "get"), "responses"), "2XX");
    assert_int_equal(json_object_size(json_object_get(schema_of(answer), "properties")), 2);
}

static void who_may_call_is_said(void **state)
{
    (void)state;
    const json_t *open = operation("/other", "get");
    assert_int_equal(json_array_size(json_object_get(open, "security")), 0);
    assert_int_equal(json_array_size(json_object_get(open, "x-roles")), 0);
    const json_t *closed = operation("/things", "post");
    assert_int_equal(json_array_size(json_object_get(closed, "security")), 2);
    assert_int_equal(json_array_size(json_object_get(closed, "x-roles")), 1); /* a bit without a name is not told */
    json_t *schemes = json_object_get(json_object_get(document, "components"), "securitySchemes");
    assert_int_equal(json_object_size(schemes), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_stands_once),
        cmocka_unit_test(parameters_are_named),
        cmocka_unit_test(shapes_are_schemas),
        cmocka_unit_test(who_may_call_is_said),
    };
    return cmocka_run_group_tests(tests, write_document, drop_document);
}
