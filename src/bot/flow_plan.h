/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Plans of task flows: how the bot goes about a job that a buyer wants done, as data. One JSON document a job: those that ship
 * are packs/flows/ID.json, a shop's own versions lie in the table `flow` (flow_store.h).
 *
 *     {"id": "order_modify_address", "intents": ["order_modify_address"], "idle": "30m",
 *      "steps": [{"need": "order"}, {"check": "order.change_address"}, {"need": "address"},
 *                {"confirm": "flow.address.confirm"}, {"act": "order.change_address"}, {"say": "flow.address.done"}],
 *      "on": {"refused.shipped": [{"say": "flow.address.shipped"}, {"offer": ["ship_intercept"]}]},
 *      "texts": {"zh": {"flow.address.done": "…"}}}
 *
 * Steps, each an object with one of these members:
 *   need SLOT        goes on when it is known, else asks for it. `is`: fixed (of an item: any); `of`: what may be chosen; `ask`: key of the
 *                    question; `optional`: the buyer may have none; `take`: "all" or "after": the words that began the job hold it
 *   check ACTION     what would come of it: a refusal goes to its branch
 *   confirm KEY      shows what will be done and waits for yes
 *   act ACTION       does it, in the unit of work of the turn
 *   say KEY          a sentence; or the words standing (how the order stands), parcels, case (its card), why (a refusal's reason)
 *   offer [INTENT…]  buttons: what may come next
 *   hand_over GROUP  a person; `urgent`
 * Any may have `if`: {"status": […], "trouble": […], "type": […], "reason": […], "state": […], "has": […],
 * "no": […]}: passed over unless all hold.
 * Branches of `on`: "refused.WHY", "refused", "none.SLOT" (there is none to choose), "second", "pending", "declined"; they say,
 * offer and hand over, and end the job.
 *
 * Immutable after reading; pure.
 */

#include "base/json.h"
#include "trade/action.h"

#define FLOW_STAGES_MOST   32
#define FLOW_BRANCHES_MOST 24
#define FLOW_LIST_MOST     12
#define FLOW_TEXTS_MOST    64
#define FLOW_TEXT_CHARS    600

enum flow_kind { FLOW_NEED, FLOW_CHECK, FLOW_CONFIRM, FLOW_ACT, FLOW_SAY, FLOW_OFFER, FLOW_HAND_OVER };
#define FLOW_KINDS 7

/** What a step may need. Stored by name. */
enum flow_want {
    WANT_ORDER,
    WANT_ITEM,     /**< a sub-order */
    WANT_CASE,
    WANT_ADDRESS,
    WANT_PHONE,
    WANT_SKU,      /**< another variant of the same product */
    WANT_REASON,
    WANT_TYPE,     /**< of an after-sale case */
    WANT_EVIDENCE,
    WANT_TEXT,     /**< a note, what happened */
    WANT_WAYBILL,
    WANT_TITLE,    /**< of an invoice, with the tax number of a company */
    WANT_AMOUNT,   /**< that is claimed instead */
};
#define FLOW_WANTS 13

/** Facts that a condition may name, as bits. */
enum flow_has {
    FLOW_HAS_CASE = 1 << 0,       /**< an open after-sale case */
    FLOW_HAS_EVIDENCE = 1 << 1,   /**< a photo was sent */
    FLOW_HAS_VARIANTS = 1 << 2,   /**< the product comes in others that are in stock */
    FLOW_HAS_PARCEL = 1 << 3,
    FLOW_HAS_CARRIER_PHONE = 1 << 4,
    FLOW_HAS_DEADLINE = 1 << 5,   /**< what was done last has a next date */
    FLOW_HAS_AMOUNT = 1 << 6,     /**< … an amount */
    FLOW_HAS_TICKET = 1 << 7,     /**< … a work order */
    FLOW_HAS_CASE_NOW = 1 << 8,   /**< … a case that it is about */
};

struct flow_list {
    struct str v[FLOW_LIST_MOST];
    size_t n;
};

/** When a step counts. All zero: always. */
struct flow_if {
    unsigned statuses, troubles;  /**< bits; 0: any */
    struct flow_list types, reasons, states; /**< names; states: of the case in hand */
    unsigned has, no;             /**< enum flow_has */
};

/** What can be checked and done. */
struct flow_act {
    const char *name;     /**< contract.md, section 2 */
    enum action action;   /**< ACTION_NONE: something that only reads, or that another room's store does */
    bool writes;
};

struct flow_stage {
    enum flow_kind kind;
    struct str id;         /**< unique in the plan */
    struct flow_if when;
    enum flow_want want;
    struct str is;
    struct flow_list of;   /**< need: what may be chosen; offer: intents */
    struct str key;        /**< say, confirm: the text; need: the question, or empty; hand_over: the group */
    bool optional, urgent;
    bool take_all, take_after;
    const struct flow_act *act;
};

struct flow_branch {
    struct str on;
    size_t from, n; /**< in flow_plan.stages */
};

struct flow_words {
    struct str language, key, text;
};

struct flow_plan {
    struct str id;
    struct flow_list intents;
    int64_t idle_ms;        /**< a job that waits for longer is dropped, silently */
    bool off;               /**< the shop does not want it: its intents are answered by knowledge and people */
    struct flow_stage *stages; /**< the main way, then the branches */
    size_t main_count, stage_count;
    struct flow_branch branches[FLOW_BRANCHES_MOST];
    size_t branch_count;
    struct flow_words *texts; /**< the shop's own, before those of the packs */
    size_t text_count;
};

/**
 * Reads a plan. All text is copied into @p a.
 * @param ret_error  a sentence for people; set when false is returned
 */
must_use bool flow_plan_read(struct arena *a, const json_t *doc, struct flow_plan *ret, char ret_error[160]);
/** NULL for a name that is none. */
const struct flow_act *flow_act_find(struct str name);
const struct flow_act *flow_acts(size_t *ret_n);
const char *flow_kind_name(enum flow_kind k);
const char *flow_want_name(enum flow_want w);
bool flow_want_from_name(struct str name, enum flow_want *ret);
/** The bits' names, in order; for lists. */
const char *const *flow_has_names(size_t *ret_n);
/** The branch of that name, or NULL. */
const struct flow_branch *flow_branch_of(const struct flow_plan *p, struct str on);
/** True when the plan has a step of this kind that needs @p want. */
bool flow_wants(const struct flow_plan *p, enum flow_want want);
/** Name of what the plan comes to: of its last action. */
const char *flow_main_act(const struct flow_plan *p);
bool flow_list_has(const struct flow_list *l, struct str v);
/** The shop's own text of a key, or empty. */
struct str flow_own_text(const struct flow_plan *p, struct str language, const char *key);
