/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Categories, read from the embedded list each time: twenty lines, asked for a few times an hour.
 */
#include "desk/category.h"

#include "base/asset.h"

static struct str rows_in(struct str language)
{
    char name[64];
    snprintf(name, sizeof(name), "packs/%.*s/categories.tsv", (int)MIN(language.n, 8), language.p);
    struct str rows = asset_find(str_from(name));
    return rows.n > 0 ? rows : asset_find(STR("packs/en/categories.tsv"));
}

/* Takes the next row off @p rest. */
static bool next_row(struct str *rest, struct str *ret_id, struct str *ret_name)
{
    struct str line;
    while (str_cut(rest, '\n', &line)) {
        if (line.n == 0 || line.p[0] == '#' || !str_cut(&line, '\t', ret_id))
            continue;
        *ret_name = line;
        return true;
    }
    return false;
}

bool category_known(struct str id)
{
    struct str rest = rows_in(STR("en"));
    struct str one;
    struct str name;
    while (next_row(&rest, &one, &name)) {
        if (str_eq(one, id))
            return true;
    }
    return false;
}

void category_write(struct json_out *o, struct str language)
{
    struct str rest = rows_in(language);
    struct str id;
    struct str name;
    jo_array(o);
    while (next_row(&rest, &id, &name)) {
        jo_open(o);
        jo_kt(o, "id", id);
        jo_kt(o, "name", name);
        jo_close(o);
    }
    jo_array_end(o);
}
