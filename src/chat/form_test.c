/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What may come back in a form, and what anybody sees of it.
 */
#include "base/table_test.h"

#include <string.h>

#include "chat/form.h"

static const struct form_field fields[] = {
    {STR("name"), STR("收件人"), FORM_NAME, true, 0, STR_NONE},
    {STR("phone"), STR("手机号"), FORM_PHONE, true, 0, STR_NONE},
    {STR("region"), STR("地区"), FORM_REGION, true, 0, STR_NONE},
    {STR("detail"), STR("详细地址"), FORM_TEXT, true, 20, STR_NONE},
    {STR("note"), STR("备注"), FORM_TEXTAREA, false, 0, STR("放门口")},
};
static const struct form form = {STR("f1"), STR("新的收货地址"), STR("提交"), fields, COUNT(fields)};

#define GOOD "\"name\":\"张三丰\",\"phone\":\"138 0000-1234\",\"region\":\"浙江省 / 杭州市/西湖区\",\"detail\":\"文三路 1 号 2 单元\""

static const struct {
    const char *name, *values;
    enum form_answer answer;
    const char *field; /* that is refused */
} rows[] = {
    {"all in order", "{" GOOD "}", FORM_OK, ""},
    {"what is not required may be empty", "{" GOOD ",\"note\":\"\"}", FORM_OK, ""},
    {"lines in a long text", "{" GOOD ",\"note\":\"a\\nb\"}", FORM_OK, ""},
    {"nothing at all", "{}", FORM_MISSING, "name"},
    {"blanks are nothing", "{\"name\":\"  \"}", FORM_MISSING, "name"},
    {"one is missing", "{\"name\":\"张三\",\"phone\":\"13800001234\",\"region\":\"浙江省\"}", FORM_MISSING, "detail"},
    {"no phone", "{\"name\":\"张三\",\"phone\":\"call me\"}", FORM_BAD_VALUE, "phone"},
    {"too few digits", "{\"name\":\"张三\",\"phone\":\"12345\"}", FORM_BAD_VALUE, "phone"},
    {"too many digits", "{\"name\":\"张三\",\"phone\":\"1380000123413800\"}", FORM_BAD_VALUE, "phone"},
    {"a region of slashes", "{\"name\":\"张三\",\"phone\":\"13800001234\",\"region\":\"/ /\"}", FORM_BAD_VALUE, "region"},
    {"longer than the form allows",
     "{\"name\":\"张三\",\"phone\":\"13800001234\",\"region\":\"浙江省\",\"detail\":\"一二三四五六七八九十一二三四五六七八九十一\"}",
     FORM_TOO_LONG, "detail"},
    {"a number is no text", "{\"name\":5}", FORM_BAD_VALUE, "name"},
    {"control characters", "{\"name\":\"a\\u0007b\"}", FORM_BAD_VALUE, "name"},
    {"a line in a short text", "{\"name\":\"a\\nb\"}", FORM_BAD_VALUE, "name"},
    {"a field that is not there", "{" GOOD ",\"amount_cents\":\"1\"}", FORM_UNKNOWN_FIELD, "amount_cents"},
};

static json_t *sent_form(struct arena *a)
{
    struct str text = str_fmt(a, "{%.*s}", STR_ARG(form_data(a, &form)));
    json_t *j = json_read(text, NULL);
    assert_non_null(j);
    return j;
}

static void answers_are_checked(void **state)
{
    (void)state;
    int failed = 0;
    _cleanup_(arena_done) struct arena a = {0};
    _cleanup_(json_donep) json_t *sent = sent_form(&a);
    for (size_t i = 0; i < COUNT(rows); i++) {
        _cleanup_(json_donep) json_t *values = json_read(str_from(rows[i].values), NULL);
        struct form_filled filled;
        enum form_answer answer = form_check(&a, json_object_get(sent, "form"), values, &filled);
        if (answer != rows[i].answer || !str_eq_c(filled.field, rows[i].field))
            row_failed(failed, rows[i].name, "%s for \"%.*s\", want %s for \"%s\"", form_answer_name(answer),
                       STR_ARG(filled.field), form_answer_name(rows[i].answer), rows[i].field);
    }
    assert_int_equal(failed, 0);
}

static void an_answer_is_kept_masked(void **state)
{
    (void)state;
    _cleanup_(arena_done) struct arena a = {0};
    _cleanup_(json_donep) json_t *sent = sent_form(&a);
    _cleanup_(json_donep) json_t *values = json_read(STR("{" GOOD "}"), NULL);
    struct form_filled f;
    assert_int_equal(form_check(&a, json_object_get(sent, "form"), values, &f), FORM_OK);
    assert_string_equal(str_c(&a, f.text), "张** 138****1234 浙江省/杭州市/西湖区 文三****");
    assert_string_equal(str_c(&a, f.values), "{\"name\":\"张三丰\",\"phone\":\"13800001234\","
                                             "\"region\":\"浙江省/杭州市/西湖区\",\"detail\":\"文三路 1 号 2 单元\",\"note\":\"\"}");
    assert_string_equal(str_c(&a, f.data), "\"form_answer\":{\"id\":\"f1\",\"fields\":[{\"label\":\"收件人\",\"text\":\"张**\"},"
                                           "{\"label\":\"手机号\",\"text\":\"138****1234\"},"
                                           "{\"label\":\"地区\",\"text\":\"浙江省/杭州市/西湖区\"},"
                                           "{\"label\":\"详细地址\",\"text\":\"文三****\"}]}");
}

static const struct {
    const char *name, *phone, *want;
} phones[] = {
    {"full-width digits", "１３８00001234", "13800001234"},
    {"another country", "+1 (415) 555-0100", "+14155550100"},
    {"a plus in the middle", "138+00001234", ""},
    {"a cut full-width digit", "1380000123\xef\xbc", ""},
};

static void phones_are_read(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(phones); i++) {
        _cleanup_(arena_done) struct arena a = {0};
        const struct form_field one = {STR("phone"), STR("Phone"), FORM_PHONE, true, 0, STR_NONE};
        struct str text = str_fmt(&a, "{%.*s}", STR_ARG(form_data(&a, &(struct form){.id = STR("f"), .fields = &one, .count = 1})));
        _cleanup_(json_donep) json_t *sent = json_read(text, NULL);
        _cleanup_(json_donep) json_t *values = json_object();
        json_object_set_new(values, "phone", json_stringn_nocheck(phones[i].phone, strlen(phones[i].phone)));
        struct form_filled f;
        enum form_answer answer = form_check(&a, json_object_get(sent, "form"), values, &f);
        struct str got = STR_NONE;
        _cleanup_(json_donep) json_t *back = answer == FORM_OK ? json_read(f.values, NULL) : NULL;
        if (back != NULL)
            got = json_str(back, "phone");
        if (!str_eq_c(got, phones[i].want))
            row_failed(failed, phones[i].name, "\"%.*s\", want \"%s\"", STR_ARG(got), phones[i].want);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_checked),
        cmocka_unit_test(an_answer_is_kept_masked),
        cmocka_unit_test(phones_are_read),
    };
    return cmocka_run_group_tests_name("form", tests, NULL, NULL);
}
