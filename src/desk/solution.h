/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Solutions: for a problem of a buyer (what they want, where the order and its case stand, how they feel) what a person
 * may best do about it. A table of scenarios that ships in packs/LANG/solutions.tsv, and that each shop changes and adds
 * to. Pure: it ranks and proposes; nothing is done before a person does it, and trade/ decides again then.
 */

#include "base/json.h"

enum solution_kind {
    SOLUTION_ACTION,     /**< one of trade/action.h, with arguments filled in */
    SOLUTION_CASE,       /**< an event of the order's open case: agree, refuse, … */
    SOLUTION_REPLY,      /**< words to send */
    SOLUTION_WORK_ORDER, /**< a task for another team */
    SOLUTION_AGREEMENT,  /**< a promise with a term, for the buyer to confirm */
};
#define SOLUTION_KINDS 5

/** A row of the table. Conditions are names joined by "|"; empty: any. */
struct solution {
    struct str id;        /**< short, of a-z 0-9 _ -: unique in a shop */
    struct str intents;   /**< of domain.md section 5 */
    struct str statuses;  /**< of the order; "none": there is none */
    struct str cases;     /**< states of trade/case.h, "open", "none" (no open case) */
    struct str emotions;  /**< angry anxious sad neutral happy */
    enum solution_kind kind;
    struct str what;      /**< the action's name, the case's event, the work order's team; empty for words */
    struct str args;      /**< JSON object: what is filled in; empty: nothing */
    struct str policy;    /**< key of the rule it goes by; empty: none */
    int64_t weight;       /**< 0 … 100, among those that fit equally closely */
    struct str title;     /**< for people: what to do */
    struct str why;       /**< for people: why it fits */
    struct str text;      /**< words for the buyer; {order} and others of SOLUTION_VALUES are filled in. May be empty */
    bool off;             /**< the shop does not want it */
    bool own;             /**< the shop's own, or changed by it */
    int64_t version;      /**< of a shop's row; 0: as it ships */
};

/** The problem as it is known. Empty: not known. */
struct solution_scene {
    struct str intent, emotion;
    struct str status;     /**< of the order; empty: there is none */
    struct str case_state; /**< of the order's open case; empty: none is open */
};

#define SOLUTION_MOST      400  /**< rows of a shop */
#define SOLUTION_RANKED    5    /**< proposed at once */
#define SOLUTION_ID_MOST   40
#define SOLUTION_LIST_MOST 400  /**< bytes of a list of names */
#define SOLUTION_TEXT_MOST 1000 /**< code points of words */

/**
 * The rows that fit @p scene, best first: how closely the scene is named (intent before case before status before
 * emotion; that no case is open is a guard and brings nothing closer), then weight, then a shop's own, then id. What merely does not contradict it and names nothing comes last.
 * @param ret  room for @p most places into @p rows
 * @return how many
 */
size_t solution_rank(const struct solution *rows, size_t n, const struct solution_scene *scene,
                     const struct solution **ret, size_t most);
/** Whether @p name is among "a|b|c". */
bool solution_lists(struct str list, struct str name);

/** Reads one line of packs/LANG/solutions.tsv. @return false: not a row of the table (a remark, a wrong column) */
must_use bool solution_read_line(struct str line, struct solution *ret);
/** Reads a stored or sent body; its texts are views into @p body. @param ret_why  static sentence when false */
must_use bool solution_read(const json_t *body, struct solution *ret, const char **ret_why);
/** Writes all members but the id and what is of the row only (off, own, version). */
void solution_write(struct json_out *o, const struct solution *s);

const char *solution_kind_name(enum solution_kind k);
bool solution_kind_from_name(struct str name, enum solution_kind *ret);
