/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * After-sale cases: what a buyer may ask for after an order, who may answer it how, by when, and what it pays. Pure.
 *
 * A case is moved by events alone. case_open() and case_step() say what an event leads to, from the case, the actor, the
 * instant and the rules in force when the order was placed; they read no clock and store nothing. What they were given
 * and which rules they asked is kept with the event, so that the same history always leads to the same case
 * (case_replay()), whatever became of the rules since.
 *
 * Always true (case_test.c walks all of it, case_walk_test.c millions of random ways through it):
 *   1. What the tables of case_tables.c do not list is refused, with a reason.
 *   2. A case that is not closed has exactly one timer, and each timer belongs to a state or a pause. A closed case has none.
 *   3. From every state the timers alone lead to an end.
 *   4. Money is reserved once a payment, then committed or void; never more than was left when the case claimed it.
 *   5. A case's own time never runs backwards, whatever the clock does.
 */

#include "trade/ledger.h"
#include "trade/order.h"
#include "trade/policy.h"

enum case_type {
    CASE_REFUND_ONLY,
    CASE_RETURN_REFUND,
    CASE_EXCHANGE,
    CASE_REPAIR,
    CASE_RESEND,
    CASE_PRICE_PROTECT,
    CASE_FREIGHT_INSURANCE,
    CASE_LATE_COMPENSATION,
    CASE_COMPLAINT,
};
#define CASE_TYPES 9

/** Where a case stands. Stored by name: renaming one needs a migration. */
enum case_state {
    CASE_NONE, /**< not opened */
    CASE_WAIT_SELLER_UNSHIPPED,
    CASE_WAIT_SELLER_SHIPPED,
    CASE_WAIT_SELLER_RECEIVED,
    CASE_WAIT_SELLER_RETURN,
    CASE_WAIT_RETURN,
    CASE_RETURNING,
    CASE_RETURN_SIGNED,
    CASE_REFUSED,
    CASE_REFUSED_RETURNED, /**< refused when the goods were back */
    CASE_EX_WAIT_SELLER,
    CASE_EX_WAIT_BUYER,
    CASE_EX_WAIT_RECEIPT,
    CASE_EX_WAIT_RESEND,
    CASE_EX_WAIT_CONFIRM,
    CASE_RP_WAIT_SELLER,
    CASE_RP_WAIT_BUYER,
    CASE_RP_WAIT_RECEIPT,
    CASE_RP_REPAIRING,
    CASE_RP_SENT_BACK,
    CASE_RS_WAIT_SELLER,
    CASE_RS_SHIPPED,
    CASE_PP_APPLIED,
    CASE_FI_AUDIT,
    CASE_FI_CHASED,
    CASE_LC_DUE,
    CASE_LC_OBJECTED,
    CASE_CP_WAIT_TARGET,
    CASE_CP_WAIT_COMPLAINANT,
    CASE_CP_PLATFORM,
    CASE_CP_OVERDUE,
    CASE_CP_DECIDED,
    CASE_PAYING,     /**< the money is reserved and on its way */
    CASE_PAY_REVIEW, /**< the payment failed or hangs */
    CASE_SUCCESS,
    CASE_REJECTED,
    CASE_CLOSED,
};
#define CASE_STATES 37

enum case_event {
    CASE_OPENED, /**< case_open() only */
    CASE_AGREE,
    CASE_AGREE_NO_RETURN, /**< the shop pays without having the goods back */
    CASE_AGREE_RETURN,    /**< the shop pays, but for the goods */
    CASE_REFUSE,
    CASE_MODIFY,          /**< another amount */
    CASE_WITHDRAW,
    CASE_SHIPPED,         /**< the order was shipped after all */
    CASE_WAYBILL,
    CASE_SIGNED,          /**< the trace shows the goods back */
    CASE_RECEIVED,        /**< the shop has them, and they are right */
    CASE_RESENT,
    CASE_NO_STOCK,
    CASE_CONFIRM,         /**< the buyer has it */
    CASE_NOT_RECEIVED,
    CASE_CALCULATED,      /**< what is due, by the system or the insurer */
    CASE_NOTHING_DUE,
    CASE_DELAY_AGREED,
    CASE_OBJECT,
    CASE_REPLY,
    CASE_ACCEPT,
    CASE_NOT_SATISFIED,
    CASE_UPHOLD,
    CASE_EXECUTED,
    CASE_PAID,            /**< the payment provider says so */
    CASE_PAY_FAILED,
    CASE_VOID,
    CASE_ASK_EVIDENCE,
    CASE_EVIDENCE,
    CASE_INTERVENE,       /**< the platform is asked in */
    CASE_SETTLE,          /**< the sides have agreed to go on between themselves */
    CASE_RULE_REFUND,
    CASE_RULE_RETURN,
    CASE_RULE_REJECT,
    CASE_REOPEN,
    CASE_TIMEOUT,         /**< the timer has ended */
};
#define CASE_EVENTS 36

enum case_actor { CASE_BUYER, CASE_BOT, CASE_CROWD, CASE_AGENT, CASE_LEADER, CASE_STAFF, CASE_SYSTEM };
#define CASE_ACTORS 7
#define CASE_BY(actor) (1u << (unsigned)(actor))

enum case_goods { GOODS_NOT_SHIPPED, GOODS_NOT_RECEIVED, GOODS_RECEIVED };
enum case_pause { CASE_RUNNING, CASE_AWAITS_EVIDENCE, CASE_AWAITS_RULING };
enum case_money { CASE_NO_MONEY, CASE_MONEY_RESERVE, CASE_MONEY_COMMIT, CASE_MONEY_VOID };

/** What came of an event. Everything but CASE_OK has changed nothing. */
enum case_answer {
    CASE_OK,
    CASE_NO_SUCH_STEP,      /**< the case is not where this can happen */
    CASE_FORBIDDEN,         /**< it can, but not by this actor */
    CASE_IS_PAUSED,         /**< it can, when evidence or the ruling is there */
    CASE_NEEDS_CONFIRM,     /**< ask the buyer, or the colleague, to confirm; then again with `confirmed` */
    CASE_OVER_LIMIT,        /**< above what this actor may approve: a leader can */
    CASE_BAD_AMOUNT,        /**< not positive */
    CASE_TOO_MUCH,          /**< more than is left of what was paid */
    CASE_TOO_EARLY,
    CASE_TOO_LATE,          /**< its window is over */
    CASE_TOO_OFTEN,         /**< opened, reopened or asked as often as the rules allow */
    CASE_NOT_FOR_STATUS,    /**< the order's status does not allow this type */
    CASE_EXCLUDED,          /**< by law or by the buyer's confirmation, or the platform is not asked in for this reason */
    CASE_NO_EVIDENCE,       /**< this reason needs a photo or a document */
    CASE_UNKNOWN_REASON,
    CASE_NOT_INSURED,
    CASE_ALREADY_OPEN,      /**< another case of its kind is open for the sub-order */
    CASE_NO_RULE,           /**< a rule that must exist cannot be read */
    CASE_NOT_FOUND,         /**< case_service.h: not there, or not this actor's */
    CASE_STALE,             /**< case_service.h: it has changed since the actor saw it */
    CASE_FAULT = -1,        /**< storage; logged where it happened */
};

/** The rules that a case is judged by. All borrowed. */
struct case_rules {
    const struct policy *rows; /**< all versions of all keys, by key (trade/rules.h: rules_all()) */
    size_t n;
    struct policy_place place; /**< what was bought */
    struct str zone;           /**< the shop's clock */
    const struct calendar *calendar;
};

/** A rule that was asked: which version of it held. */
struct case_used {
    const char *key;
    struct str value, scope;
    int64_t from_ms;
};
#define CASE_USED_MOST 8

struct trade_case {
    enum case_type type;
    enum case_state state;
    enum case_goods goods;
    enum case_pause pause;
    struct str reason;
    int64_t quantity;
    int64_t claimed_cents, reserved_cents, refunded_cents;
    int64_t payments;       /**< reserves so far */
    int64_t due_ms;         /**< of the timer; 0: closed */
    int64_t remaining_ms;   /**< of the state's timer, while paused */
    int64_t evidence_asked, reopened;
    int64_t order_ms;       /**< when the order was placed */
    int64_t opened_ms, sent_ms, changed_ms, closed_ms; /**< 0: not yet */
};

/** What a buyer asks for, and what is known of the order. */
struct case_ask {
    enum case_type type;
    enum case_actor actor;
    bool confirmed;               /**< the buyer has confirmed what the bot is about to open */
    struct str reason;            /**< a code that the rule `return.freight` knows; of a complaint, one of `cp.types` */
    enum case_goods goods;
    int64_t quantity, amount_cents;
    int64_t limit_cents;          /**< left of what was paid for the sub-order, less what other cases claim of it */
    int64_t evidence_count;
    int64_t now_ms;
    enum order_status status;
    int64_t order_ms, paid_ms, delivered_ms, finished_ms; /**< of the order; 0: not yet */
    struct str seven_day;         /**< the product's flag */
    int64_t price_protect_days, warranty_days; /**< the product's; -1: not said */
    bool freight_insured, promise_missed, good_record;
    int64_t open_count;           /**< cases of its kind that are open for the sub-order */
    int64_t total_count;          /**< after-sale cases that it ever had */
    int64_t paid_count;           /**< of this type that ended with a payment */
};

struct case_input {
    enum case_event event;
    enum case_actor actor;
    bool confirmed;
    int64_t now_ms;
    int64_t amount_cents;  /**< of a change, a calculation or a ruling */
    int64_t limit_cents;   /**< as in case_ask; for those and for a reopening */
    enum case_goods goods; /**< as it is now; for a reopening */
    int64_t open_count;    /**< other cases of its kind that are open for the sub-order; for a reopening */
};

/** What an event leads to: what is to be stored, in one unit of work. */
struct case_outcome {
    struct trade_case after;
    enum case_money money;
    enum ledger_payer payer;
    int64_t amount_cents; /**< of the movement */
    unsigned tell;        /**< CASE_BY() of who is to be told */
    struct case_used used[CASE_USED_MOST];
    size_t used_count;
};

/** Opens a case. @param ret  untouched unless CASE_OK */
must_use enum case_answer case_open(const struct case_ask *ask, const struct case_rules *rules, struct case_outcome *ret);
/** Moves a case. @param ret  untouched unless CASE_OK; may not be where @p c lies */
must_use enum case_answer case_step(const struct trade_case *c, const struct case_input *in,
                                    const struct case_rules *rules, struct case_outcome *ret);

/** One event of a history: the first has `ask`, the others `in`; with the rules it asked, as they were. */
struct case_record {
    const struct case_ask *ask;
    struct case_input in;
    struct case_used used[CASE_USED_MOST];
    size_t used_count;
};
/** The case that a history leads to, by the rules that are recorded in it; false when a step of it is refused. */
must_use bool case_replay(const struct case_record *history, size_t n, struct str zone, const struct calendar *calendar,
                          struct trade_case *ret);

/** Whether it is over: no timer, no step but a reopening. */
bool case_state_final(enum case_state s);
/** Whether a case of that type may be open for an order of that status. */
bool case_fits_status(enum case_type t, enum order_status status);
/** Whether the type is about the goods themselves: of these a sub-order has one open case at most. */
bool case_is_aftersale(enum case_type t);
/** The key of the rule that the timer of this state runs by; NULL: final. */
const char *case_state_rule(enum case_state s);
/** Whose move it is, for people; CASE_SYSTEM when nobody's. */
enum case_actor case_state_owner(enum case_state s);
/** Whether @p actor may ever do @p event in this state; for buttons. case_step() judges the rest. */
bool case_may(const struct trade_case *c, enum case_event event, enum case_actor actor);
/** Whose money pays a case of this type. */
enum ledger_payer case_payer(enum case_type t);
/** Who pays the way back for @p reason by the rules: "seller" "buyer" "carrier", in @p a; empty: unknown reason. */
struct str case_freight_payer(struct arena *a, struct str reason, const struct case_rules *rules, int64_t order_ms);

const char *case_type_name(enum case_type t);
bool case_type_from_name(struct str name, enum case_type *ret);
const char *case_state_name(enum case_state s);
bool case_state_from_name(struct str name, enum case_state *ret);
const char *case_event_name(enum case_event e);
bool case_event_from_name(struct str name, enum case_event *ret);
const char *case_actor_name(enum case_actor a);
bool case_actor_from_name(struct str name, enum case_actor *ret);
const char *case_goods_name(enum case_goods g);
bool case_goods_from_name(struct str name, enum case_goods *ret);
const char *case_pause_name(enum case_pause p);
bool case_pause_from_name(struct str name, enum case_pause *ret);
const char *case_money_name(enum case_money m);
/** "too_late": for programs, and part of the key of the text that says it to people. */
const char *case_answer_name(enum case_answer a);
