/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ids from time and chance.
 */
#include "base/id.h"

#include <sodium.h>

#define ID_EPOCH_MS INT64_C(1704067200000) /* 2024-01-01 */

int64_t id_new(int64_t now_ms)
{
    int64_t t = now_ms > ID_EPOCH_MS ? now_ms - ID_EPOCH_MS : 0;
    return (t << 21) | (int64_t)(randombytes_random() & 0x1fffff) | 1;
}

int64_t id_at_ms(int64_t id)
{
    return (id >> 21) + ID_EPOCH_MS;
}

bool id_parse(struct str text, int64_t *ret_id)
{
    int64_t v;
    if (!str_int(text, &v) || v <= 0)
        return false;
    *ret_id = v;
    return true;
}
