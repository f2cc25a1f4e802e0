/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Groups: for whom a contact waits in effect, and how long it may take.
 *
 * A group is a skill that people have. The bot names the group by what the buyer wants (bot/intent.h); whether the shop
 * has such people, and whether they are there, decides who may come. Pure rules.
 */

#include "base/str.h"

#define GROUP_WIDEN_MS (2 * MINUTE_MS) /**< after so long in a group with nobody online, anybody may help */

/** What is known of a group at one moment. */
struct group_facts {
    int roster; /**< people of the shop who have the skill */
    int online; /**< of those, online and connected */
};

/**
 * True when a contact that waits for the group may go to anybody: the shop has nobody with the skill, or those who have
 * it are away and the contact has waited long enough.
 */
bool group_widens(const struct group_facts *g, int64_t waited_ms);

/**
 * Expected wait in seconds: place × mean handling time / people online of the group; at least a minute.
 *
 * @param mean_ms  of the last conversations of the group; 0: not known, three minutes
 */
int group_eta_seconds(int position, int64_t mean_ms, int online);
