/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Clauses: a table of matters and two thresholds.
 *
 * Invariants   1. Halves that are small talk, steering or not understood never make a second request.
 *              2. A half that hands over counts as a request of its own: "…不行就转人工" is heard.
 */
#include "bot/clause.h"

#include <string.h>

#include "bot/intent.h"

#define HALF_LETTERS  3    /* shortest half: three Han, or nine letters, count as much */
#define HALF_BRIEF    2    /* … before "还有": "退货，还有…" */
#define LETTERS_A_HAN 3
#define WHOLE_PLAIN   0.80 /* understood so well that a comma or "and" is only a comma or "and" … */
#define OTHER_GUESS   0.08 /* … unless something else was thought of as well */
#define WHOLE_SOME    0.60 /* understood as one thing: then that must be one of the two */
#define HALF_STRONG   0.50 /* confidence of the halves of "还有" … */
#define HALF_WEAK     0.70 /* … of a comma or question mark */
#define HALF_PLAIN    0.90 /* … of a text that was understood well as a whole */
#define HALF_PERSON   0.80 /* … when it asks for a person or names a risk */

/** Intents of one matter stand in one line. What stands nowhere is a matter of its own. */
static const char *const matters[] = {
    /* where is it, when does it come */
    ("order_status ship_track ship_eta ship_time ship_urge ship_stuck ship_lost ship_signed_not_received ship_wrong_place "
     "ship_partial ship_pickup_code ship_insure_late ship_attitude order_missing extend_receipt ship_time_pref "
     "receipt_confirm_help order_split"),
    /* what is wrong with it, and what shall become of it */
    ("quality_problem damaged_in_transit wrong_item not_as_described size_unfit return_apply exchange_apply "
     "refund_only_apply resend_apply repair_apply compensation_ask order_cancel order_duplicate order_modify_sku "
     "ship_partial ship_intercept ship_reject seven_day_support size_advice counterfeit_claim expired_food allergy_injury"),
    /* the case that runs */
    ("refund_progress refund_arrival refund_amount_wrong refund_rejected refund_cancel refund_modify return_waybill "
     "return_timeout intervene_apply intervene_progress"),
    /* what is it like */
    "product_attribute product_material function_effect usage_howto product_compare product_recommend product_search",
    "product_attribute product_search stock_query color_difference",
    "size_advice size_chart size_unfit",
    "stock_query restock_notify product_search",
    "price_query price_trend bargain activity_rule price_protect",
    "coupon_get coupon_unusable",
    "activity_gift activity_rule lottery_cashback",
    "ship_fee ship_region",
    "invoice_request invoice_status invoice_after_return",
    "pay_failed pay_methods pay_deducted_no_order pay_later pay_installment",
    "account_login account_password account_phone_change account_locked",
    "order_merge order_split order_duplicate",
    "privacy_question privacy_leak account_stolen report_fraud pay_security",
    "human_request complain_bot complain_no_reply agent_specific callback_request human_hours",
    "complain_shop threat_legal threat_review complain_agent",
};

static bool names(const char *line, struct str intent)
{
    struct str rest = str_from(line), one;
    while (str_cut(&rest, ' ', &one))
        if (str_eq(one, intent))
            return true;
    return false;
}

bool clause_same_matter(struct str x, struct str y)
{
    if (str_eq(x, y))
        return true;
    for (size_t i = 0; i < COUNT(matters); i++)
        if (names(matters[i], x) && names(matters[i], y))
            return true;
    return false;
}

/** How much a half can say, counted in Han. */
static size_t weight(struct str text)
{
    size_t letters = 0, han = 0;
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        letters += (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        han += c >= 0xe3 && c <= 0xe9;
    }
    return han + letters / LETTERS_A_HAN;
}

static double confidence_of(const struct understanding *u)
{
    return u->best_count > 0 && u->sure ? u->best[0].confidence : 0;
}

/** Confidence in the second guess, where a second request would show. */
static double other_guess(const struct understanding *u)
{
    return u->best_count > 1 ? u->best[1].confidence : 0;
}

size_t clause_cuts(struct str text, const struct marks *m, const struct understanding *whole, struct cut ret[CLAUSE_CUTS])
{
    size_t n = 0;
    bool certain = confidence_of(whole) >= WHOLE_PLAIN && other_guess(whole) < OTHER_GUESS && !m->person;
    if (m->reasons)
        return 0;
    for (int kind = JOIN_STRONG; kind >= (certain ? (int)JOIN_ASKED : (int)JOIN_WEAK); kind--) {
        for (size_t i = 0; i < m->join_count && n < CLAUSE_CUTS; i++) {
            const struct join *j = &m->joins[i];
            struct cut c = {str_sub(text, 0, j->at), str_sub(text, j->end, text.n), j->kind};
            size_t least = kind == JOIN_STRONG ? HALF_BRIEF : HALF_LETTERS;
            if ((int)j->kind == kind && weight(c.left) >= least && weight(c.right) >= least)
                ret[n++] = c;
        }
    }
    return n;
}

static bool hands_over(const struct intent *in)
{
    return in->flow == FLOW_PERSON || in->flow == FLOW_URGENT || in->flow == FLOW_SAFETY;
}

static bool is_request(const struct understanding *u, double least)
{
    const struct intent *in = u->best_count > 0 && u->sure ? intent_find(u->best[0].intent) : NULL;
    if (in == NULL || in->flow == FLOW_TALK || in->flow == FLOW_STEER || in->flow == FLOW_UNCLEAR)
        return false;
    return u->best[0].confidence >= (hands_over(in) ? HALF_PERSON : least);
}

/** The whole was taken for this half, or for nothing in particular. */
static bool agrees(const struct understanding *whole, const struct understanding *half)
{
    return confidence_of(whole) < WHOLE_SOME || clause_same_matter(whole->best[0].intent, half->best[0].intent);
}

bool clause_may_count(const struct understanding *whole, const struct understanding *half, enum join_kind kind)
{
    double least = kind == JOIN_STRONG ? HALF_STRONG : HALF_WEAK;
    if (kind == JOIN_WEAK && confidence_of(whole) >= WHOLE_PLAIN)
        least = HALF_PLAIN;
    return is_request(half, least);
}

bool clause_are_two(const struct understanding *whole, const struct understanding *left,
                    const struct understanding *right, enum join_kind kind)
{
    bool certain = confidence_of(left) >= HALF_PLAIN && confidence_of(right) >= HALF_PLAIN;
    return clause_may_count(whole, left, kind) && clause_may_count(whole, right, kind) &&
           !clause_same_matter(left->best[0].intent, right->best[0].intent) &&
           ((certain && kind != JOIN_WEAK) || agrees(whole, left) || agrees(whole, right));
}
