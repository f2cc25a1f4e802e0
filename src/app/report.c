/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Report. Numbers are written with a fixed count of decimals, which json_out does not do.
 */
#include "app/report.h"

#include <math.h>
#include <stdio.h>

struct report report_begin(const struct cli *c, struct arena *a)
{
    struct report r = {.b = {.arena = a}, .lines = !c->json};
    buf_c(&r.b, "{");
    return r;
}

static void key(struct report *r, const char *name)
{
    buf_printf(&r->b, "%s%s\"%s\":%s", r->n++ > 0 ? "," : "", r->lines ? "\n  " : "", name, r->lines ? " " : "");
}

void report_count(struct report *r, const char *name, size_t value)
{
    key(r, name);
    buf_printf(&r->b, "%zu", value);
}

void report_real(struct report *r, const char *name, double value, int decimals)
{
    key(r, name);
    if (isnan(value))
        buf_c(&r->b, "null");
    else
        buf_printf(&r->b, "%.*f", decimals, value);
}

void report_raw(struct report *r, const char *name, struct str json)
{
    key(r, name);
    buf_str(&r->b, json);
}

void report_list(struct report *r, const char *name, size_t n, void (*item)(const void *arg, size_t i, struct json_out *o),
                 const void *arg)
{
    key(r, name);
    buf_c(&r->b, "[");
    for (size_t i = 0; i < n; i++) {
        buf_printf(&r->b, "%s%s", i > 0 ? "," : "", r->lines ? "\n    " : "");
        struct json_out o = json_to(&r->b);
        item(arg, i, &o);
    }
    buf_printf(&r->b, "%s]", r->lines && n > 0 ? "\n  " : "");
}

void report_end(struct report *r)
{
    printf("%.*s%s}\n", STR_ARG(buf_view(&r->b)), r->lines ? "\n" : "");
}
