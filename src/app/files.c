/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Static files by a table of areas. Hashed names are immutable; pages are asked for anew each time.
 */
#include "app/files.h"

#include "base/asset.h"

#define CSP_APP                                                                                                     \
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self' ws: wss:;"     \
    " object-src 'none'; base-uri 'none'; form-action 'self'"

/* The widget is made to be framed by shops; which shops may is checked with its session, not here. */
static const struct area {
    const char *prefix, *page, *csp;
    bool history; /* unknown paths below it are pages of the app */
} areas[] = {
    {"/widget/", "web/dist/widget/index.html", CSP_APP, false},
    {"/console/", "web/dist/console/index.html", CSP_APP "; frame-ancestors 'none'", true},
    {"/demo/", "web/dist/demo/index.html", CSP_APP "; frame-src 'self'", false},
};

static const struct {
    const char *ending, *type;
} types[] = {
    {".html", "text/html; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},   {".svg", "image/svg+xml"},
    {".json", "application/json"},         {".png", "image/png"},
    {".woff2", "font/woff2"},              {".ico", "image/x-icon"},
    {".txt", "text/plain; charset=utf-8"},
};

static const char *type_of(struct str name)
{
    for (size_t i = 0; i < COUNT(types); i++) {
        if (str_ends(name, str_from(types[i].ending)))
            return types[i].type;
    }
    return "application/octet-stream";
}

static bool give(struct arena *a, struct str name, struct str accept, const struct area *area, struct file_reply *ret)
{
    struct str bytes = asset_find(name);
    if (bytes.p == NULL)
        return false;
    *ret = (struct file_reply){.body = bytes, .type = type_of(name), .cache = "no-cache"};
    if (str_has(name, STR("/assets/")))
        ret->cache = "public, max-age=31536000, immutable";
    else if (str_ends(name, STR("/cs.js")))
        ret->cache = "public, max-age=300";
    if (str_ends(name, STR(".html")))
        ret->csp = area->csp;
    struct str packed = asset_find(str_fmt(a, "%.*s.gz", STR_ARG(name)));
    if (packed.p != NULL && str_has(accept, STR("gzip"))) {
        ret->body = packed;
        ret->encoding = "gzip";
    }
    return true;
}

bool files_serve(void *arg, struct arena *a, struct str path, struct str accept_encoding, struct file_reply *ret)
{
    (void)arg;
    if (str_has(path, STR("..")))
        return false;
    if (str_eq_c(path, "/"))
        path = STR("/console/");
    for (size_t i = 0; i < COUNT(areas); i++) {
        const struct area *area = &areas[i];
        struct str prefix = str_from(area->prefix);
        bool bare = str_eq(path, str_sub(prefix, 0, prefix.n - 1)); /* "/console" */
        if (!bare && !str_starts(path, prefix))
            continue;
        if (bare || path.n == prefix.n)
            return give(a, str_from(area->page), accept_encoding, area, ret);
        if (give(a, str_fmt(a, "web/dist%.*s", STR_ARG(path)), accept_encoding, area, ret))
            return true;
        return area->history && give(a, str_from(area->page), accept_encoding, area, ret);
    }
    return false;
}
