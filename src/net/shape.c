/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shapes: the loop over the tables of members.
 */
#include "net/shape.h"

#include "base/id.h"
#include "base/limit.h"

const struct field *shape_find(const struct field *fields, struct str name)
{
    for (const struct field *f = fields; f != NULL && f->name != NULL; f++) {
        if (str_eq_c(name, f->name))
            return f;
    }
    return NULL;
}

static bool is_choice(const char *choices, struct str value)
{
    struct str rest = str_from(choices);
    struct str one;
    while (str_cut(&rest, '|', &one)) {
        if (str_eq(one, value))
            return true;
    }
    return false;
}

static bool has_nul(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\0')
            return true;
    }
    return false;
}

static bool say(struct arena *a, struct str *ret, const struct field *f, const char *what)
{
    *ret = str_fmt(a, "Member \"%s\" %s.", f->name, what);
    return false;
}

static bool check_text(struct arena *a, const struct field *f, struct str s, struct str *ret)
{
    int64_t max = f->max > 0 ? f->max : LIMIT_NAME_CHARS;
    if (has_nul(s))
        return say(a, ret, f, "holds a NUL character");
    if ((int64_t)str_code_points(s) > max) {
        *ret = str_fmt(a, "Member \"%s\" is longer than %lld characters.", f->name, (long long)max);
        return false;
    }
    if ((int64_t)str_code_points(s) < f->min)
        return say(a, ret, f, "is too short");
    return true;
}

static bool check_range(struct arena *a, const struct field *f, int64_t v, struct str *ret)
{
    if ((f->min == 0 && f->max == 0) || (v >= f->min && v <= f->max))
        return true;
    *ret = str_fmt(a, "Member \"%s\" must be from %lld to %lld.", f->name, (long long)f->min, (long long)f->max);
    return false;
}

bool shape_check_text(struct arena *a, const struct field *f, struct str value, struct str *ret)
{
    int64_t v;
    switch (f->type) {
    case FIELD_INT:
        if (!str_int(value, &v))
            return say(a, ret, f, "must be a whole number");
        return check_range(a, f, v, ret);
    case FIELD_ID:
        return id_parse(value, &v) || say(a, ret, f, "must be an id");
    case FIELD_CHOICE:
        if (is_choice(f->choices, value))
            return true;
        *ret = str_fmt(a, "Member \"%s\" must be one of %s.", f->name, f->choices);
        return false;
    case FIELD_BOOL:
        return is_choice("true|false", value) || say(a, ret, f, "must be true or false");
    case FIELD_TEXT:
    case FIELD_OBJECT:
    case FIELD_ARRAY: break;
    }
    return check_text(a, f, value, ret);
}

static bool check_array(struct arena *a, const struct field *f, const json_t *v, struct str *ret)
{
    if (!json_is_array(v))
        return say(a, ret, f, "must be an array of strings");
    if (f->max > 0 && (int64_t)json_array_size(v) > f->max)
        return say(a, ret, f, "has too many items");
    for (size_t i = 0; i < json_array_size(v); i++) {
        struct str s = json_text(json_array_get(v, i));
        if (s.p == NULL || str_code_points(s) > LIMIT_NAME_CHARS || has_nul(s))
            return say(a, ret, f, "must hold short strings only");
    }
    return true;
}

static bool check_member(struct arena *a, const struct field *f, const json_t *v, struct str *ret)
{
    switch (f->type) {
    case FIELD_INT:
        if (!json_is_integer(v))
            return say(a, ret, f, "must be a whole number");
        return check_range(a, f, (int64_t)json_integer_value(v), ret);
    case FIELD_BOOL: return json_is_boolean(v) || say(a, ret, f, "must be true or false");
    case FIELD_OBJECT:
        if (!json_is_object(v))
            return say(a, ret, f, "must be an object");
        return f->max == 0 || (int64_t)json_dump(a, v).n <= f->max || say(a, ret, f, "is too large");
    case FIELD_ARRAY: return check_array(a, f, v, ret);
    case FIELD_TEXT:
    case FIELD_ID:
    case FIELD_CHOICE: break;
    }
    if (!json_is_string(v))
        return say(a, ret, f, "must be a string");
    return shape_check_text(a, f, json_text(v), ret);
}

bool shape_check(struct arena *a, const struct field *fields, const json_t *object, struct str *ret)
{
    const char *key;
    json_t *v;
    json_object_foreach((json_t *)(uintptr_t)object, key, v)
    {
        const struct field *f = shape_find(fields, str_from(key));
        if (f == NULL) {
            *ret = str_fmt(a, "Unknown member \"%.60s\".", key);
            return false;
        }
        if (json_is_null(v) && !f->required)
            continue;
        if (!check_member(a, f, v, ret))
            return false;
    }
    for (const struct field *f = fields; f->name != NULL; f++) {
        if (f->required && json_object_get(object, f->name) == NULL)
            return say(a, ret, f, "is missing");
    }
    return true;
}
