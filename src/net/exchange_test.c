/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests without sockets: which row a method and path lead to, and percent-encoding, which is undone once.
 */
#include "base/table_test.h"

#include "net/exchange.h"

static struct reply no_handler(struct request *rq)
{
    (void)rq;
    return reply_status(200);
}

static const struct route first_routes[] = {
    {METHOD_GET, "/api/v1/things", .handler = no_handler},
    {METHOD_POST, "/api/v1/things", .handler = no_handler},
    {METHOD_GET, "/api/v1/things/:id", .handler = no_handler},
    {METHOD_POST, "/api/v1/things/:id/parts/:part", .handler = no_handler},
};
static const struct route second_routes[] = {
    {METHOD_GET, "/api/v1/things/newest", .handler = no_handler}, /* behind :id: never reached, as in every table read from above */
    {METHOD_DELETE, "/api/v1/other/:id", .handler = no_handler},
    {METHOD_GET, "/healthz", .handler = no_handler},
};
static char first_room, second_room;
static const struct route_group groups[] = {
    {first_routes, COUNT(first_routes), &first_room},
    {second_routes, COUNT(second_routes), &second_room},
};
static const struct server_config config = {.groups = groups, .group_count = COUNT(groups)};

static const struct route_row {
    const char *name;
    enum method method;
    const char *path;
    enum route_match match;
    const struct route *route;
    const char *segments; /* joined by '|' */
} route_rows[] = {
    {"a list", METHOD_GET, "/api/v1/things", ROUTE_FOUND, &first_routes[0], ""},
    {"the same path, another method", METHOD_POST, "/api/v1/things", ROUTE_FOUND, &first_routes[1], ""},
    {"a method that no row has", METHOD_DELETE, "/api/v1/things", ROUTE_OTHER_METHOD, NULL, ""},
    {"one of them", METHOD_GET, "/api/v1/things/7", ROUTE_FOUND, &first_routes[2], "7"},
    {"two names", METHOD_POST, "/api/v1/things/7/parts/abc", ROUTE_FOUND, &first_routes[3], "7|abc"},
    {"the second group and its room", METHOD_DELETE, "/api/v1/other/9", ROUTE_FOUND, &second_routes[1], "9"},
    {"the first row wins", METHOD_GET, "/api/v1/things/newest", ROUTE_FOUND, &first_routes[2], "newest"},
    {"no such path", METHOD_GET, "/api/v1/thing", ROUTE_NONE, NULL, ""},
    {"too short", METHOD_GET, "/api/v1", ROUTE_NONE, NULL, ""},
    {"too long", METHOD_GET, "/api/v1/things/7/parts", ROUTE_NONE, NULL, ""},
    {"a slash behind is another path", METHOD_GET, "/api/v1/things/", ROUTE_NONE, NULL, ""},
    {"a slash behind a name", METHOD_GET, "/api/v1/things/7/", ROUTE_NONE, NULL, ""},
    {"two slashes", METHOD_GET, "/api//v1/things", ROUTE_NONE, NULL, ""},
    {"an empty name", METHOD_POST, "/api/v1/things//parts/abc", ROUTE_NONE, NULL, ""},
    {"another case", METHOD_GET, "/API/v1/things", ROUTE_NONE, NULL, ""},
    {"no slash in front", METHOD_GET, "api/v1/things", ROUTE_NONE, NULL, ""},
    {"nothing", METHOD_GET, "", ROUTE_NONE, NULL, ""},
    {"letters that are encoded", METHOD_GET, "/api/v1/things/%E5%B1%B1", ROUTE_FOUND, &first_routes[2], "山"},
    {"an encoded slash stays in its segment", METHOD_GET, "/api/v1/things/a%2Fb", ROUTE_FOUND, &first_routes[2], "a/b"},
    {"an encoded percent is undone once", METHOD_GET, "/api/v1/things/50%2541", ROUTE_FOUND, &first_routes[2], "50%41"},
    {"dots are letters", METHOD_GET, "/api/v1/things/..", ROUTE_FOUND, &first_routes[2], ".."},
    {"a plus is a plus", METHOD_GET, "/api/v1/things/a+b", ROUTE_FOUND, &first_routes[2], "a+b"},
    {"an encoded NUL", METHOD_GET, "/api/v1/things/a%00b", ROUTE_NONE, NULL, ""},
    {"bytes that are no UTF-8", METHOD_GET, "/api/v1/things/%C3%28", ROUTE_NONE, NULL, ""},
    {"half an escape", METHOD_GET, "/api/v1/things/a%4", ROUTE_NONE, NULL, ""},
    {"an escape of no number", METHOD_GET, "/api/v1/things/%zz", ROUTE_NONE, NULL, ""},
    {"a fixed part is not decoded", METHOD_GET, "/health%7A", ROUTE_NONE, NULL, ""},
};

static struct str joined(struct arena *a, const struct request *rq)
{
    struct buf b = {.arena = a};
    for (size_t i = 0; i < COUNT(rq->segment) && rq->segment[i].p != NULL; i++) {
        if (i > 0)
            buf_char(&b, '|');
        buf_str(&b, rq->segment[i]);
    }
    return buf_view(&b);
}

static void a_method_and_path_lead_to_one_row(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(route_rows); i++) {
        const struct route_row *row = &route_rows[i];
        struct exchange x = {0};
        x.rq.arena = &x.arena;
        enum route_match match = route_find(&config, &x, row->method, str_from(row->path));
        if (match != row->match || x.rq.route != row->route)
            row_failed(failed, row->name, "match %d, path %s", match, x.rq.route != NULL ? x.rq.route->path : "-");
        struct str segments = joined(&x.arena, &x.rq);
        if (!str_eq_c(segments, row->segments))
            row_failed(failed, row->name, "segments %.*s", STR_ARG(segments));
        bool second = row->route >= second_routes && row->route < second_routes + COUNT(second_routes);
        if (match == ROUTE_FOUND && x.rq.room != (second ? &second_room : &first_room))
            row_failed(failed, row->name, "another group's room");
        arena_done(&x.arena);
    }
    assert_int_equal(failed, 0);
}

static const struct decode_row {
    const char *name;
    struct str in;
    const char *out; /* NULL: refused */
} decode_rows[] = {
    {"nothing", {"", 0}, ""},
    {"plain", {"abc", 3}, "abc"},
    {"one", {"%41", 3}, "A"},
    {"small letters", {"%e5%b1%b1", 9}, "山"},
    {"at the end", {"x%20", 4}, "x "},
    {"a percent", {"%25", 3}, "%"},
    {"not twice", {"%2541", 5}, "%41"},
    {"alone", {"%", 1}, NULL},
    {"half", {"%4", 2}, NULL},
    {"no number", {"%4g", 3}, NULL},
    {"a sign", {"%-1", 3}, NULL},
    {"a blank", {"% 1", 3}, NULL},
    {"NUL", {"%00", 3}, NULL},
    {"a bare NUL", {"a\0b", 3}, NULL},
    {"a lone continuation", {"%80", 3}, NULL},
    {"a surrogate", {"%ED%A0%80", 9}, NULL},
    {"an overlong slash", {"%C0%AF", 6}, NULL},
};

static void percent_encoding_is_undone_once_or_refused(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(decode_rows); i++) {
        const struct decode_row *row = &decode_rows[i];
        struct arena a = {0};
        struct str out = STR_NONE;
        bool good = percent_decode(&a, row->in, &out);
        if (good != (row->out != NULL) || (good && !str_eq_c(out, row->out)))
            row_failed(failed, row->name, "good %d: %.*s", good, STR_ARG(out));
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_method_and_path_lead_to_one_row),
        cmocka_unit_test(percent_encoding_is_undone_once_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
