/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Forms: written for the buyer, checked when they come back, masked for everybody else.
 *
 * The form that an answer is held against is the one that was stored when the bot sent it, never one that a client names:
 * so a client cannot change a limit or add a field.
 */
#include "chat/form.h"

#include "base/limit.h"

struct form_type {
    const char *name;
    int64_t most; /* code points, whatever the form allows */
};

static const struct form_type types[FORM_FIELD_TYPES] = {
    [FORM_TEXT] = {"text", 200},     [FORM_NAME] = {"name", 60},          [FORM_PHONE] = {"phone", 32},
    [FORM_REGION] = {"region", 120}, [FORM_TEXTAREA] = {"textarea", 500},
};

static const char *const answers[] = {
    [FORM_OK] = "ok",
    [FORM_MISSING] = "missing",
    [FORM_TOO_LONG] = "too_long",
    [FORM_BAD_VALUE] = "bad_value",
    [FORM_UNKNOWN_FIELD] = "unknown_field",
};

const char *form_answer_name(enum form_answer answer)
{
    return answers[answer];
}

/* ---- for the buyer ---- */

static int64_t most_of(enum form_field_type type, int64_t max)
{
    return max > 0 && max < types[type].most ? max : types[type].most;
}

static void write_field(struct json_out *o, const struct form_field *f)
{
    jo_open(o);
    jo_kt(o, "name", f->name);
    jo_kt(o, "label", f->label);
    jo_kc(o, "type", types[f->type].name);
    jo_kb(o, "required", f->required);
    jo_kn(o, "max", most_of(f->type, f->max));
    if (f->value.n > 0)
        jo_kt(o, "value", f->value);
    jo_close(o);
}

struct str form_data(struct arena *a, const struct form *f)
{
    assert(f->count > 0 && f->count <= FORM_FIELDS_MOST && f->id.n > 0);
    struct buf b = {.arena = a};
    struct json_out o = json_to(&b);
    jo_key(&o, "form");
    jo_open(&o);
    jo_kt(&o, "id", f->id);
    jo_kt(&o, "title", f->title);
    jo_kt(&o, "submit", f->submit);
    jo_key(&o, "fields");
    jo_array(&o);
    for (size_t i = 0; i < f->count; i++)
        write_field(&o, &f->fields[i]);
    jo_array_end(&o);
    jo_close(&o);
    return buf_view(&b);
}

/* ---- what comes back ---- */

static enum form_field_type type_from(struct str name)
{
    for (size_t i = 0; i < COUNT(types); i++)
        if (str_eq_c(name, types[i].name))
            return (enum form_field_type)i;
    return FORM_TEXT;
}

/* "+86 138-0000 1234" as "+8613800001234"; a full-width digit of a Chinese keyboard is a digit. Empty: no phone number. */
static struct str phone_of(struct arena *a, struct str text)
{
    enum { FEWEST = 7, MOST = 15 }; /* ITU-T E.164 */
    struct buf b = {.arena = a};
    size_t digits = 0;
    for (size_t i = 0; i < text.n; i++) {
        const unsigned char *c = (const unsigned char *)text.p + i;
        unsigned char digit = *c;
        if (*c == 0xef && text.n - i >= 3 && c[1] == 0xbc && c[2] >= 0x90 && c[2] <= 0x99) { /* U+FF10 … U+FF19 */
            digit = (unsigned char)('0' + (c[2] - 0x90));
            i += 2;
        }
        if (digit >= '0' && digit <= '9') {
            buf_char(&b, (char)digit);
            digits++;
        } else if (digit == '+' && b.n == 0) {
            buf_char(&b, '+');
        } else if (digit != ' ' && digit != '-' && digit != '(' && digit != ')') {
            return STR_NONE;
        }
    }
    return digits >= FEWEST && digits <= MOST ? buf_view(&b) : STR_NONE;
}

/* "浙江省 / 杭州市/ 西湖区" as "浙江省/杭州市/西湖区". */
static struct str region_of(struct arena *a, struct str text)
{
    struct buf b = {.arena = a};
    struct str part;
    while (str_cut(&text, '/', &part)) {
        part = str_trim(part);
        if (part.n == 0)
            continue;
        if (b.n > 0)
            buf_char(&b, '/');
        buf_str(&b, part);
    }
    return buf_view(&b);
}

static bool has_control(struct str s, bool lines)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c < 0x20 && !(lines && (c == '\n' || c == '\r'))) || c == 0x7f)
            return true;
    }
    return false;
}

static enum form_answer check_value(struct arena *a, const json_t *field, const json_t *value, struct str *ret)
{
    enum form_field_type type = type_from(json_str(field, "type"));
    struct str text = str_trim(json_text(value));
    if (value != NULL && !json_is_string(value))
        return FORM_BAD_VALUE;
    *ret = text;
    if (text.n == 0)
        return json_flag(field, "required", false) ? FORM_MISSING : FORM_OK;
    if ((int64_t)str_code_points(text) > most_of(type, json_int(field, "max", 0)))
        return FORM_TOO_LONG;
    if (has_control(text, type == FORM_TEXTAREA))
        return FORM_BAD_VALUE;
    if (type == FORM_PHONE)
        *ret = phone_of(a, text);
    if (type == FORM_REGION)
        *ret = region_of(a, text);
    return ret->n > 0 ? FORM_OK : FORM_BAD_VALUE;
}

struct str form_mask(struct arena *a, enum form_field_type type, struct str value)
{
    enum { FIRST = 2, ENOUGH = 6 };
    if (value.n == 0)
        return STR_NONE;
    switch (type) {
    case FORM_REGION: return value; /* where many live */
    case FORM_NAME: return str_fmt(a, "%.*s**", STR_ARG(str_clip(value, 1)));
    case FORM_PHONE:
        return value.n < 8 ? STR("****")
                           : str_fmt(a, "%.*s****%.*s", STR_ARG(str_sub(value, 0, 3)), STR_ARG(str_sub(value, value.n - 4, 4)));
    case FORM_TEXT:
    case FORM_TEXTAREA: break;
    }
    return str_code_points(value) < ENOUGH ? STR("****") : str_fmt(a, "%.*s****", STR_ARG(str_clip(value, FIRST)));
}

static bool has_field(const json_t *fields, const char *name)
{
    for (size_t i = 0; i < json_array_size(fields); i++)
        if (str_eq_c(json_str(json_array_get(fields, i), "name"), name))
            return true;
    return false;
}

static const char *unknown_field(const json_t *fields, const json_t *values)
{
    const char *key;
    json_t *v;
    json_object_foreach((json_t *)(uintptr_t)values, key, v) /* reads only */
        if (!has_field(fields, key))
            return key;
    return NULL;
}

/* What is kept: a line of text, and label by label. */
struct shown {
    struct buf text, data;
    struct json_out out;
};

static void show(struct shown *s, struct arena *a, const json_t *field, struct str value)
{
    struct str masked = form_mask(a, type_from(json_str(field, "type")), value);
    if (masked.n == 0)
        return;
    if (s->text.n > 0)
        buf_char(&s->text, ' ');
    buf_str(&s->text, masked);
    jo_open(&s->out);
    jo_kt(&s->out, "label", json_str(field, "label"));
    jo_kt(&s->out, "text", masked);
    jo_close(&s->out);
}

enum form_answer form_check(struct arena *a, const json_t *form, const json_t *values, struct form_filled *ret)
{
    const json_t *fields = json_object_get(form, "fields");
    const char *unknown = unknown_field(fields, values);
    *ret = (struct form_filled){.field = unknown != NULL ? str_dup(a, str_clip(str_from(unknown), LIMIT_CLIENT_ID)) : STR_NONE};
    if (unknown != NULL)
        return FORM_UNKNOWN_FIELD;
    struct buf b = {.arena = a};
    struct json_out o = json_to(&b);
    struct shown shown = {.text = {.arena = a}, .data = {.arena = a}};
    shown.out = json_to(&shown.data);
    jo_open(&o);
    jo_key(&shown.out, "form_answer");
    jo_open(&shown.out);
    jo_kt(&shown.out, "id", json_str(form, "id"));
    jo_key(&shown.out, "fields");
    jo_array(&shown.out);
    for (size_t i = 0; i < json_array_size(fields); i++) {
        const json_t *field = json_array_get(fields, i);
        const char *name = json_string_value(json_object_get(field, "name"));
        struct str value = STR_NONE;
        enum form_answer answer = check_value(a, field, json_object_get(values, name), &value);
        if (answer != FORM_OK) {
            *ret = (struct form_filled){.field = str_dup(a, str_from(name))};
            return answer;
        }
        jo_key_text(&o, str_from(name));
        jo_text(&o, value);
        show(&shown, a, field, value);
    }
    jo_close(&o);
    jo_array_end(&shown.out);
    jo_close(&shown.out);
    *ret = (struct form_filled){.values = buf_view(&b),
                                .text = shown.text.n > 0 ? buf_view(&shown.text) : STR("****"),
                                .data = buf_view(&shown.data)};
    return FORM_OK;
}
