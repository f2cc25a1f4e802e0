/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Intents: the table of what the bot does with each.
 *
 * How          The table below is code, because every row names a way of answering that is code. Names for people are data:
 *              packs/LANG/intents.tsv holds intent<TAB>name<TAB>the plainest way to ask it.
 * Invariants   1. Every intent that the understanding can give is a row; intent_test.c proves it against the packs.
 *              2. Numbering and reading happen once, on first use; what is given out stays.
 */
#include "bot/intent.h"

#include <pthread.h>

#include "base/asset.h"

static const struct intent table[] = {
    /* before buying */
    {"greet_presale", FLOW_TALK, NULL, 0, "presale", false},
    {"product_attribute", FLOW_PRODUCT, "product.show", NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"product_material", FLOW_PRODUCT, "product.show", NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"size_advice", FLOW_SIZE, "product.size", NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"size_chart", FLOW_SIZE, "product.show", NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"color_difference", FLOW_KNOWLEDGE, NULL, NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"stock_query", FLOW_STOCK, "product.show", NEED_PRODUCT, "presale", false},
    {"restock_notify", FLOW_KNOWLEDGE, NULL, NEED_PRODUCT | NEED_KNOWLEDGE, "presale", true},
    {"authenticity", FLOW_KNOWLEDGE, NULL, NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"origin_brand", FLOW_PRODUCT, "product.show", NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"shelf_life", FLOW_PRODUCT, "product.show", NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"usage_howto", FLOW_KNOWLEDGE, NULL, NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"compatibility", FLOW_PRODUCT, "product.show", NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"care_wash", FLOW_PRODUCT, "product.show", NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"function_effect", FLOW_PRODUCT, "product.show", NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"product_compare", FLOW_COMPARE, "product.show", NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"product_recommend", FLOW_SEARCH, "product.recommend", NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"product_search", FLOW_SEARCH, "product.search", NEED_PRODUCT, "presale", false},
    {"package_content", FLOW_PRODUCT, "product.show", NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"gift_wrap", FLOW_KNOWLEDGE, NULL, NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"customization", FLOW_KNOWLEDGE, NULL, NEED_PRODUCT | NEED_KNOWLEDGE, "presale", true},
    {"bulk_purchase", FLOW_KNOWLEDGE, NULL, NEED_PRODUCT | NEED_KNOWLEDGE, "presale", true},
    {"bargain", FLOW_KNOWLEDGE, NULL, NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"warranty_policy", FLOW_RULE, "product.show", NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"install_service", FLOW_KNOWLEDGE, NULL, NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"seven_day_support", FLOW_RULE, "product.show", NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    /* orders */
    {"order_status", FLOW_ORDER, "order.show", NEED_ORDERS, "logistics", false},
    {"order_howto", FLOW_KNOWLEDGE, NULL, NEED_KNOWLEDGE, "presale", false},
    {"order_cancel", FLOW_TASK, "order.cancel", NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"order_modify_address", FLOW_TASK, "order.change_address", NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"order_modify_sku", FLOW_TASK, "order.change_sku", NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"order_modify_phone", FLOW_TASK, "order.change_phone", NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"order_add_note", FLOW_TASK, "order.add_note", NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"order_merge", FLOW_KNOWLEDGE, NULL, NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"order_split", FLOW_KNOWLEDGE, NULL, NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"order_missing", FLOW_MISSING, "order.list", NEED_ORDERS, "aftersale", true},
    {"order_duplicate", FLOW_TASK, "order.cancel", NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"presale_rule", FLOW_KNOWLEDGE, NULL, NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"order_closed_why", FLOW_ORDER, "order.show", NEED_ORDERS, "aftersale", false},
    {"invoice_request", FLOW_TASK, "invoice.request", NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"invoice_status", FLOW_TASK, "invoice.show", NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"receipt_confirm_help", FLOW_KNOWLEDGE, NULL, NEED_ORDERS | NEED_KNOWLEDGE, "logistics", false},
    {"extend_receipt", FLOW_TASK, "order.extend_receipt", NEED_ORDERS | NEED_KNOWLEDGE, "logistics", true},
    /* payment */
    {"pay_failed", FLOW_KNOWLEDGE, NULL, NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", false},
    {"pay_methods", FLOW_KNOWLEDGE, NULL, NEED_KNOWLEDGE, "presale", false},
    {"pay_deducted_no_order", FLOW_KNOWLEDGE, NULL, NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"pay_installment", FLOW_KNOWLEDGE, NULL, NEED_KNOWLEDGE, "presale", false},
    {"pay_price_change", FLOW_KNOWLEDGE, NULL, NEED_KNOWLEDGE, "aftersale", true},
    {"pay_later", FLOW_KNOWLEDGE, NULL, NEED_KNOWLEDGE, "aftersale", false},
    {"pay_security", FLOW_URGENT, "human.request", NEED_DUTY, "urgent", false},
    /* parcels */
    {"ship_time", FLOW_SHIPPING, "order.show", NEED_ORDERS | NEED_KNOWLEDGE, "logistics", false},
    {"ship_urge", FLOW_TASK, "logistics.urge", NEED_ORDERS | NEED_KNOWLEDGE, "logistics", false},
    {"ship_carrier", FLOW_SHIPPING, "order.show", NEED_ORDERS | NEED_KNOWLEDGE, "logistics", false},
    {"ship_fee", FLOW_KNOWLEDGE, NULL, NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"ship_region", FLOW_KNOWLEDGE, NULL, NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"ship_track", FLOW_ORDER, "logistics.track", NEED_ORDERS, "logistics", false},
    {"ship_eta", FLOW_SHIPPING, "logistics.track", NEED_ORDERS | NEED_KNOWLEDGE, "logistics", false},
    {"ship_stuck", FLOW_TASK, "logistics.urge", NEED_ORDERS | NEED_KNOWLEDGE, "logistics", false},
    {"ship_signed_not_received", FLOW_TASK, "case.open", NEED_ORDERS | NEED_KNOWLEDGE, "logistics", true},
    {"ship_lost", FLOW_TASK, "case.open", NEED_ORDERS | NEED_KNOWLEDGE, "logistics", true},
    {"ship_wrong_place", FLOW_TASK, "logistics.urge", NEED_ORDERS | NEED_KNOWLEDGE, "logistics", true},
    {"ship_pickup_code", FLOW_KNOWLEDGE, NULL, NEED_ORDERS | NEED_KNOWLEDGE, "logistics", false},
    {"ship_intercept", FLOW_TASK, "logistics.intercept", NEED_ORDERS | NEED_KNOWLEDGE, "logistics", true},
    {"ship_reject", FLOW_KNOWLEDGE, NULL, NEED_ORDERS | NEED_KNOWLEDGE, "logistics", false},
    {"ship_partial", FLOW_TASK, "case.open", NEED_ORDERS | NEED_KNOWLEDGE, "logistics", true},
    {"ship_time_pref", FLOW_TASK, "order.add_note", NEED_ORDERS | NEED_KNOWLEDGE, "logistics", true},
    {"ship_attitude", FLOW_TASK, "complaint.open", NEED_ORDERS | NEED_KNOWLEDGE, "logistics", true},
    {"ship_customs", FLOW_KNOWLEDGE, NULL, NEED_KNOWLEDGE, "logistics", false},
    {"ship_insure_late", FLOW_TASK, "compensation.lookup", NEED_ORDERS | NEED_KNOWLEDGE, "logistics", true},
    /* after the sale */
    {"refund_only_apply", FLOW_TASK, "case.open", NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"return_apply", FLOW_TASK, "case.open", NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"exchange_apply", FLOW_TASK, "case.open", NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"repair_apply", FLOW_TASK, "case.open", NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"resend_apply", FLOW_TASK, "case.open", NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"refund_progress", FLOW_TASK, "case.show", NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"refund_arrival", FLOW_TASK, "case.show", NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"refund_amount_wrong", FLOW_KNOWLEDGE, NULL, NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"refund_rejected", FLOW_TASK, "case.modify", NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"refund_cancel", FLOW_TASK, "case.cancel", NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"refund_modify", FLOW_TASK, "case.modify", NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"return_address", FLOW_KNOWLEDGE, NULL, NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"return_waybill", FLOW_TASK, "case.add_waybill", NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"return_pickup", FLOW_KNOWLEDGE, NULL, NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"return_timeout", FLOW_TASK, "case.reopen", NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"return_freight", FLOW_KNOWLEDGE, NULL, NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", false},
    {"freight_insurance", FLOW_KNOWLEDGE, NULL, NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", false},
    {"quality_problem", FLOW_TASK, "case.open", NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"damaged_in_transit", FLOW_TASK, "case.open", NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"wrong_item", FLOW_TASK, "case.open", NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"not_as_described", FLOW_TASK, "case.open", NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"counterfeit_claim", FLOW_URGENT, "human.request", NEED_DUTY, "urgent", false},
    {"size_unfit", FLOW_TASK, "case.open", NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"allergy_injury", FLOW_URGENT, "human.request", NEED_DUTY, "urgent", false},
    {"expired_food", FLOW_URGENT, "human.request", NEED_DUTY, "urgent", false},
    {"price_protect", FLOW_TASK, "price.protect", NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"compensation_ask", FLOW_TASK, "compensation.lookup", NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"intervene_apply", FLOW_KNOWLEDGE, NULL, NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"intervene_progress", FLOW_KNOWLEDGE, NULL, NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"evidence_upload", FLOW_TASK, "case.add_evidence", NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", true},
    {"invoice_after_return", FLOW_KNOWLEDGE, NULL, NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", false},
    {"gift_return", FLOW_KNOWLEDGE, NULL, NEED_ORDERS | NEED_KNOWLEDGE, "aftersale", false},
    /* account */
    {"account_login", FLOW_KNOWLEDGE, NULL, NEED_KNOWLEDGE, "aftersale", false},
    {"account_password", FLOW_KNOWLEDGE, NULL, NEED_KNOWLEDGE, "aftersale", false},
    {"account_phone_change", FLOW_KNOWLEDGE, NULL, NEED_KNOWLEDGE, "aftersale", true},
    {"account_locked", FLOW_KNOWLEDGE, NULL, NEED_KNOWLEDGE, "aftersale", true},
    {"account_stolen", FLOW_URGENT, "human.request", NEED_DUTY, "urgent", false},
    {"account_delete", FLOW_KNOWLEDGE, NULL, NEED_KNOWLEDGE, "aftersale", true},
    {"privacy_question", FLOW_KNOWLEDGE, NULL, NEED_KNOWLEDGE, "aftersale", false},
    {"data_export", FLOW_KNOWLEDGE, NULL, NEED_KNOWLEDGE, "aftersale", true},
    {"points_member", FLOW_KNOWLEDGE, NULL, NEED_KNOWLEDGE, "aftersale", false},
    {"address_book", FLOW_KNOWLEDGE, NULL, NEED_KNOWLEDGE, "aftersale", false},
    /* coupons and activities */
    {"coupon_get", FLOW_KNOWLEDGE, NULL, NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"coupon_unusable", FLOW_KNOWLEDGE, NULL, NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"coupon_refund", FLOW_KNOWLEDGE, NULL, NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"activity_time", FLOW_KNOWLEDGE, NULL, NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"activity_rule", FLOW_KNOWLEDGE, NULL, NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"activity_gift", FLOW_KNOWLEDGE, NULL, NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"price_query", FLOW_PRICE, "product.show", NEED_PRODUCT, "presale", false},
    {"price_trend", FLOW_KNOWLEDGE, NULL, NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"lottery_cashback", FLOW_KNOWLEDGE, NULL, NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    {"trade_in_subsidy", FLOW_KNOWLEDGE, NULL, NEED_PRODUCT | NEED_KNOWLEDGE, "presale", false},
    /* complaints */
    {"complain_shop", FLOW_URGENT, "human.request", NEED_DUTY | NEED_ORDERS, "urgent", false},
    {"complain_agent", FLOW_URGENT, "human.request", NEED_DUTY | NEED_ORDERS, "urgent", false},
    {"complain_bot", FLOW_PERSON, "human.request", NEED_DUTY, "aftersale", false},
    {"complain_no_reply", FLOW_PERSON, "human.request", NEED_DUTY, "aftersale", false},
    {"report_fraud", FLOW_URGENT, "human.request", NEED_DUTY, "urgent", false},
    {"threat_legal", FLOW_URGENT, "human.request", NEED_DUTY, "urgent", false},
    {"threat_review", FLOW_URGENT, "human.request", NEED_DUTY, "urgent", false},
    {"feedback_suggest", FLOW_TALK, "feedback.record", 0, "aftersale", false},
    {"privacy_leak", FLOW_URGENT, "human.request", NEED_DUTY, "urgent", false},
    /* the conversation itself */
    {"human_request", FLOW_PERSON, "human.request", NEED_DUTY, "", false},
    {"human_hours", FLOW_STEER, NULL, NEED_DUTY, "", false},
    {"callback_request", FLOW_STEER, "callback.book", NEED_DUTY, "", false},
    {"queue_status", FLOW_STEER, NULL, NEED_DUTY, "", false},
    {"continue_case", FLOW_TALK, NULL, 0, "aftersale", true},
    {"agent_specific", FLOW_PERSON, "human.request", NEED_DUTY, "", false},
    {"switch_language", FLOW_STEER, NULL, 0, "", false},
    {"are_you_bot", FLOW_TALK, NULL, 0, "", true},
    {"confirm_yes", FLOW_STEER, NULL, 0, "", false},
    {"confirm_no", FLOW_STEER, NULL, 0, "", false},
    {"stop_reminders", FLOW_TALK, "reminder.stop", 0, "", false},
    /* talk and safety */
    {"thanks", FLOW_TALK, NULL, 0, "", false},
    {"goodbye", FLOW_TALK, NULL, 0, "", false},
    {"small_talk", FLOW_TALK, NULL, NEED_KNOWLEDGE, "", false},
    {"praise", FLOW_TALK, NULL, NEED_KNOWLEDGE, "", false},
    {"abuse", FLOW_TALK, NULL, 0, "", false},
    {"self_harm_signal", FLOW_SAFETY, "human.request", NEED_DUTY, "urgent", false},
    {"off_topic", FLOW_TALK, NULL, NEED_KNOWLEDGE, "", false},
    {"unclear", FLOW_UNCLEAR, NULL, NEED_KNOWLEDGE | NEED_PRODUCT, "", false},
    {"media_only", FLOW_TALK, NULL, 0, "", true},
};

bool intent_is_topic(const struct intent *in)
{
    return in->flow != FLOW_TALK && in->flow != FLOW_STEER && in->flow != FLOW_PERSON && in->flow != FLOW_UNCLEAR;
}

/** Names and questions of one language, by place in the table. */
struct pack {
    struct str language;
    struct str name[COUNT(table)], question[COUNT(table)];
};

#define SLOTS 512
_Static_assert(COUNT(table) < UINT8_MAX && COUNT(table) < SLOTS / 2, "the places in the table have room, and gaps between them");

/** Written once under `once`, read by all. */
static struct {
    struct str ids[COUNT(table)];
    uint8_t slots[SLOTS]; /* by hash of the id: place in the table + 1; 0: none */
    struct pack packs[2];
} all;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static const struct intent *search(struct str id)
{
    for (size_t at = str_hash(id) % SLOTS; all.slots[at] != 0; at = (at + 1) % SLOTS)
        if (str_eq(all.ids[all.slots[at] - 1], id))
            return &table[all.slots[at] - 1];
    return NULL;
}

static void put(size_t place)
{
    size_t at = str_hash(all.ids[place]) % SLOTS;
    while (all.slots[at] != 0)
        at = (at + 1) % SLOTS;
    all.slots[at] = (uint8_t)(place + 1);
}

static void read_pack(struct pack *pack, struct str language, struct str rows)
{
    struct str line, id, name;
    pack->language = language;
    while (str_cut(&rows, '\n', &line)) {
        if (line.n == 0 || line.p[0] == '#' || !str_cut(&line, '\t', &id) || !str_cut(&line, '\t', &name))
            continue;
        const struct intent *in = search(id);
        if (in == NULL)
            continue;
        pack->name[in - table] = name;
        pack->question[in - table] = str_trim(line);
    }
}

static void load(void)
{
    for (size_t i = 0; i < COUNT(table); i++) {
        all.ids[i] = str_from(table[i].id);
        put(i);
    }
    read_pack(&all.packs[0], STR("zh"), asset_find(STR("packs/zh/intents.tsv")));
    read_pack(&all.packs[1], STR("en"), asset_find(STR("packs/en/intents.tsv")));
}

const struct intent *intent_find(struct str id)
{
    pthread_once(&once, load);
    return id.n > 0 ? search(id) : NULL;
}

const struct intent *intent_unclear(void)
{
    return intent_find(STR("unclear"));
}

const struct intent *intent_all(size_t *ret_n)
{
    *ret_n = COUNT(table);
    return table;
}

static const struct pack *pack_of(struct str language)
{
    pthread_once(&once, load);
    for (size_t i = 0; i < COUNT(all.packs); i++)
        if (str_starts(language, all.packs[i].language))
            return &all.packs[i];
    return &all.packs[1];
}

struct str intent_name(struct str language, struct str id)
{
    const struct pack *pack = pack_of(language);
    const struct intent *in = search(id);
    return in != NULL && pack->name[in - table].n > 0 ? pack->name[in - table] : id;
}

struct str intent_question(struct str language, struct str id)
{
    const struct pack *pack = pack_of(language);
    const struct intent *in = search(id);
    return in != NULL ? pack->question[in - table] : STR_NONE;
}
