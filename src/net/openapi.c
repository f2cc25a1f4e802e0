/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OpenAPI 3.1 from the route tables: paths, parameters, bodies, answers, security.
 */
#include "net/openapi.h"

#include <string.h>

static const char *const verbs[] = {
    [METHOD_GET] = "get", [METHOD_POST] = "post", [METHOD_PUT] = "put", [METHOD_DELETE] = "delete"};

static void write_schema(struct json_out *o, const struct field *f)
{
    jo_open(o);
    switch (f->type) {
    case FIELD_TEXT:
    case FIELD_ID:
    case FIELD_CHOICE: jo_kc(o, "type", "string"); break;
    case FIELD_INT: jo_kc(o, "type", "integer"); break;
    case FIELD_BOOL: jo_kc(o, "type", "boolean"); break;
    case FIELD_OBJECT: jo_kc(o, "type", "object"); break;
    case FIELD_ARRAY:
        jo_kc(o, "type", "array");
        jo_key(o, "items");
        jo_open(o);
        jo_kc(o, "type", "string");
        jo_close(o);
        break;
    }
    if (f->type == FIELD_TEXT && f->max > 0)
        jo_kn(o, "maxLength", f->max);
    if (f->type == FIELD_INT && (f->min != 0 || f->max != 0)) {
        jo_kn(o, "minimum", f->min);
        jo_kn(o, "maximum", f->max);
    }
    if (f->type == FIELD_CHOICE && f->choices != NULL) {
        struct str rest = str_from(f->choices);
        struct str one;
        jo_key(o, "enum");
        jo_array(o);
        while (str_cut(&rest, '|', &one))
            jo_text(o, one);
        jo_array_end(o);
    }
    if (f->help != NULL)
        jo_kc(o, "description", f->help);
    jo_close(o);
}

static void write_object(struct json_out *o, const struct field *fields, bool strict)
{
    jo_open(o);
    jo_kc(o, "type", "object");
    jo_key(o, "properties");
    jo_open(o);
    for (const struct field *f = fields; f->name != NULL; f++) {
        jo_key(o, f->name);
        write_schema(o, f);
    }
    jo_close(o);
    jo_key(o, "required");
    jo_array(o);
    for (const struct field *f = fields; f->name != NULL; f++) {
        if (f->required)
            jo_text(o, str_from(f->name));
    }
    jo_array_end(o);
    if (strict)
        jo_kb(o, "additionalProperties", false);
    jo_close(o);
}

static void write_json_content(struct json_out *o, const char *type, const struct field *fields, bool strict)
{
    jo_key(o, "content");
    jo_open(o);
    jo_key(o, type);
    jo_open(o);
    jo_key(o, "schema");
    if (fields != NULL) {
        write_object(o, fields, strict);
    } else {
        jo_open(o);
        jo_kc(o, "type", "object");
        jo_close(o);
    }
    jo_close(o);
    jo_close(o);
}

static void write_parameter(struct json_out *o, const char *in, struct str name, const struct field *f)
{
    jo_open(o);
    jo_kt(o, "name", name);
    jo_kc(o, "in", in);
    jo_kb(o, "required", f == NULL || f->required);
    if (f != NULL && f->help != NULL)
        jo_kc(o, "description", f->help);
    jo_key(o, "schema");
    if (f != NULL) {
        write_schema(o, f);
    } else {
        jo_open(o);
        jo_kc(o, "type", "string");
        jo_close(o);
    }
    jo_close(o);
}

static void write_parameters(struct json_out *o, const struct route *r)
{
    jo_key(o, "parameters");
    jo_array(o);
    struct str rest = str_from(r->path);
    struct str part;
    while (str_cut(&rest, '/', &part)) {
        if (part.n > 0 && part.p[0] == ':')
            write_parameter(o, "path", str_sub(part, 1, SIZE_MAX), NULL);
    }
    for (const struct field *f = r->query; f != NULL && f->name != NULL; f++)
        write_parameter(o, "query", str_from(f->name), f);
    if (r->method != METHOD_GET && r->needs != 0) {
        static const struct field key = {"Idempotency-Key", FIELD_TEXT, false, 0, 64, NULL,
                                         "A retry with the same key gets the first answer again."};
        write_parameter(o, "header", STR("Idempotency-Key"), &key);
    }
    jo_array_end(o);
}

static void write_responses(struct json_out *o, const struct route *r)
{
    jo_key(o, "responses");
    jo_open(o);
    jo_key(o, "2XX");
    jo_open(o);
    jo_kc(o, "description", "Done.");
    write_json_content(o, "application/json", r->gives, false);
    jo_close(o);
    jo_key(o, "default");
    jo_open(o);
    jo_kc(o, "$ref", "#/components/responses/Problem");
    jo_close(o);
    jo_close(o);
}

static void write_who(struct json_out *o, const struct route *r, const char *(*role_name)(uint32_t bit))
{
    jo_key(o, "security");
    jo_array(o);
    if (r->needs != 0) {
        static const char *const schemes[] = {"bearer", "session"};
        for (size_t i = 0; i < COUNT(schemes); i++) {
            jo_open(o);
            jo_key(o, schemes[i]);
            jo_array(o);
            jo_array_end(o);
            jo_close(o);
        }
    }
    jo_array_end(o);
    jo_key(o, "x-roles");
    jo_array(o);
    for (uint32_t bit = 1; bit != 0; bit <<= 1) {
        const char *name = (r->needs & bit) != 0 ? role_name(bit) : NULL;
        if (name != NULL)
            jo_text(o, str_from(name));
    }
    jo_array_end(o);
}

/* A file as it is. */
static void write_raw_body(struct json_out *o)
{
    jo_key(o, "requestBody");
    jo_open(o);
    jo_kb(o, "required", true);
    jo_key(o, "content");
    jo_open(o);
    jo_key(o, "application/octet-stream");
    jo_open(o);
    jo_key(o, "schema");
    jo_open(o);
    jo_kc(o, "type", "string");
    jo_kc(o, "contentEncoding", "binary");
    jo_close(o);
    jo_close(o);
    jo_close(o);
    jo_close(o);
}

static void write_operation(struct json_out *o, const struct route *r, const char *(*role_name)(uint32_t bit))
{
    jo_key(o, verbs[r->method]);
    jo_open(o);
    jo_key(o, "tags");
    jo_array(o);
    jo_text(o, str_from(r->tag != NULL ? r->tag : "Other"));
    jo_array_end(o);
    jo_kc(o, "summary", r->help);
    write_who(o, r, role_name);
    write_parameters(o, r);
    if (r->body != NULL) {
        jo_key(o, "requestBody");
        jo_open(o);
        jo_kb(o, "required", true);
        write_json_content(o, "application/json", r->body, true);
        jo_close(o);
    } else if (r->raw) {
        write_raw_body(o);
    }
    write_responses(o, r);
    jo_close(o);
}

/* "/a/:id" as OpenAPI's "/a/{id}". */
static const char *template_of(struct arena *a, const char *path)
{
    struct buf b = {.arena = a};
    struct str rest = str_from(path);
    struct str part;
    bool first = true;
    while (str_cut(&rest, '/', &part)) {
        if (!first)
            buf_char(&b, '/');
        first = false;
        if (part.n > 0 && part.p[0] == ':')
            buf_printf(&b, "{%.*s}", STR_ARG(str_sub(part, 1, SIZE_MAX)));
        else
            buf_str(&b, part);
    }
    buf_char(&b, '\0');
    return b.p;
}

static bool is_first_of_path(const struct route_group *groups, size_t g, size_t i)
{
    const char *path = groups[g].routes[i].path;
    for (size_t h = 0; h <= g; h++) {
        size_t n = h == g ? i : groups[h].count;
        for (size_t k = 0; k < n; k++) {
            if (strcmp(groups[h].routes[k].path, path) == 0)
                return false;
        }
    }
    return true;
}

static void write_path(struct json_out *o, const struct route_group *groups, size_t n, const char *path,
                       const char *(*role_name)(uint32_t bit))
{
    struct arena a = {0};
    jo_key(o, template_of(&a, path));
    jo_open(o);
    for (size_t g = 0; g < n; g++) {
        for (size_t i = 0; i < groups[g].count; i++) {
            if (strcmp(groups[g].routes[i].path, path) == 0)
                write_operation(o, &groups[g].routes[i], role_name);
        }
    }
    jo_close(o);
    arena_done(&a);
}

static const struct field problem_fields[] = {
    {"type", FIELD_TEXT, true, 0, 0, NULL, "about:blank"},
    {"title", FIELD_TEXT, true, 0, 0, NULL, "Short name."},
    {"status", FIELD_INT, true, 0, 0, NULL, "HTTP status."},
    {"detail", FIELD_TEXT, true, 0, 0, NULL, "One sentence for people: what is wrong and how to mend it."},
    {"code", FIELD_TEXT, true, 0, 0, NULL, "Stable code for programs."},
    {"request_id", FIELD_TEXT, true, 0, 0, NULL, "Name this when you ask for help; it stands in the log."},
    {0},
};

static void write_scheme(struct json_out *o, const char *name, const char *type, const char *key, const char *value)
{
    jo_key(o, name);
    jo_open(o);
    jo_kc(o, "type", type);
    jo_kc(o, key, value);
    if (strcmp(type, "apiKey") == 0)
        jo_kc(o, "name", "xiaoer_session");
    jo_close(o);
}

static void write_components(struct json_out *o)
{
    jo_key(o, "components");
    jo_open(o);
    jo_key(o, "securitySchemes");
    jo_open(o);
    write_scheme(o, "bearer", "http", "scheme", "bearer");
    write_scheme(o, "session", "apiKey", "in", "cookie");
    jo_close(o);
    jo_key(o, "responses");
    jo_open(o);
    jo_key(o, "Problem");
    jo_open(o);
    jo_kc(o, "description", "A problem document (RFC 9457).");
    write_json_content(o, "application/problem+json", problem_fields, false);
    jo_close(o);
    jo_close(o);
    jo_close(o);
}

void openapi_write(struct buf *b, const struct route_group *groups, size_t n, const char *title, const char *version,
                   const char *(*role_name)(uint32_t bit))
{
    struct json_out o = json_to(b);
    jo_open(&o);
    jo_kc(&o, "openapi", "3.1.0");
    jo_key(&o, "info");
    jo_open(&o);
    jo_kc(&o, "title", title);
    jo_kc(&o, "version", version);
    jo_kc(&o, "description",
          "Lists page by cursor: `next` is null on the last page. Writes take an Idempotency-Key. Live events come over "
          "the WebSocket at /api/v1/live; its frames are described in web/packages/protocol/src/wire.ts.");
    jo_close(&o);
    jo_key(&o, "paths");
    jo_open(&o);
    for (size_t g = 0; g < n; g++) {
        for (size_t i = 0; i < groups[g].count; i++) {
            if (is_first_of_path(groups, g, i))
                write_path(&o, groups, n, groups[g].routes[i].path, role_name);
        }
    }
    jo_close(&o);
    write_components(&o);
    jo_close(&o);
}
