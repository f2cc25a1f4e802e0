/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Duty: what the bot must know of the people of a shop to hand over honestly. desk/ knows it; the bot may not ask desk/
 * (arrows go down only), so app/ lends it a function.
 */

#include "base/str.h"

struct duty {
    bool open_now;         /**< within the shop's hours of service */
    int64_t next_open_ms;  /**< when they begin again; 0: never said */
    struct str hours;      /**< for people, in the asked language: "09:00–18:00" */
    int agents_online;     /**< who may take this group's buyers now */
    int on_roster;         /**< people of the shop who have this skill at all */
    int waiting;           /**< buyers that wait in this group */
    int place;             /**< place of the asked conversation, 1 is next; 0: it does not wait */
    int eta_seconds;       /**< expected wait of the next one, or of the asked conversation; 0: not known */
};

/** Who asks about which group. */
struct duty_question {
    int64_t tenant_id, conversation_id;
    struct str skill, language;
    int64_t now_ms;
};

/** Answers from memory or the store; text in @p a. Any worker thread. */
typedef struct duty duty_fn(void *arg, struct arena *a, const struct duty_question *q);
