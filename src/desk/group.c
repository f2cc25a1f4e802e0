/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Groups: two small rules.
 */
#include "desk/group.h"

#define MEAN_UNKNOWN_MS (3 * MINUTE_MS)
#define ETA_MOST_S      (24 * 3600)

bool group_widens(const struct group_facts *g, int64_t waited_ms)
{
    return g->roster == 0 || (g->online == 0 && waited_ms >= GROUP_WIDEN_MS);
}

int group_eta_seconds(int position, int64_t mean_ms, int online)
{
    int64_t mean_s = (mean_ms > 0 ? mean_ms : MEAN_UNKNOWN_MS) / 1000;
    int64_t s = position * mean_s / MAX(online, 1);
    return (int)MIN(MAX(s, 60), ETA_MOST_S);
}
