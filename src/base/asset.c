/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Assets: binary search in the sorted table that tools/embed.py wrote.
 */
#include "base/asset.h"

struct asset {
    struct str name, bytes;
};

extern const struct asset asset_table[];
extern const struct asset asset_table_end[];

/* First asset whose name is not below @p name. */
static const struct asset *lower_bound(struct str name)
{
    const struct asset *lo = asset_table;
    const struct asset *hi = asset_table_end;
    while (lo < hi) {
        const struct asset *mid = lo + (hi - lo) / 2;
        if (str_cmp(mid->name, name) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

struct str asset_find(struct str name)
{
    const struct asset *a = lower_bound(name);
    return a < asset_table_end && str_eq(a->name, name) ? a->bytes : STR_NONE;
}

void asset_each(struct str prefix, void (*each)(void *arg, struct str name, struct str bytes), void *arg)
{
    for (const struct asset *a = lower_bound(prefix); a < asset_table_end && str_starts(a->name, prefix); a++)
        each(arg, a->name, a->bytes);
}
