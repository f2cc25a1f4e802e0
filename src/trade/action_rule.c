/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hand of the policy.
 *
 * How          action_decide() is a chain of questions, each with its own reason for "no", in the order that trade/action.h
 *              names: who is not let in learns nothing of what lies behind, and a confirmation is only asked for what would
 *              then be done.
 */
#include "trade/action_rule.h"

#include "base/limit.h"

static const char *const roles[ACTION_ROLES] = {"bot", "presale", "aftersale", "leader", "crowd", "staff", "system"};

const char *action_role_name(enum action_role r)
{
    return roles[r];
}

/* ---- reading the policies -------------------------------------------------------------------------------------------- */

enum action_leave action_leave(const struct json_node *matrix, enum action_role role, enum action a)
{
    static const struct {
        const char *word;
        enum action_leave leave;
    } words[] = {
        {"yes", LEAVE_YES},           {"masked", LEAVE_YES},        {"after_sign_in", LEAVE_YES}, {"propose", LEAVE_ASK},
        {"buyer_confirms", LEAVE_ASK}, {"second_confirm", LEAVE_ASK}, {"current_chat", LEAVE_IN_CHAT},
        {"with_case", LEAVE_WITH_CASE},
    };
    if (role == ROLE_OF_SYSTEM)
        return LEAVE_YES;
    struct str word = json_doc_str(json_doc_object(matrix, action_role_name(role)), action_row(a)->may);
    for (size_t i = 0; i < COUNT(words); i++)
        if (str_eq_c(word, words[i].word))
            return words[i].leave;
    return LEAVE_NO;
}

bool action_is_off(const struct json_node *off, enum action a)
{
    const char *name = action_name(a);
    if (off != NULL && off->kind == JSON_KIND_OBJECT)
        return json_doc_flag(off, name, false) || str_eq_c(json_doc_str(off, name), "on");
    JSON_DOC_EACH(one, off)
        if (str_eq_c(json_doc_text(one), name))
            return true;
    return false;
}

static int64_t limit_of(const struct json_node *limits, const char *name)
{
    return MAX(json_doc_int(limits, name, INT64_MAX), 0);
}

struct action_counts action_limits(const struct json_node *limits, enum action a)
{
    const struct json_node *own = json_doc_object(limits, action_name(a));
    return (struct action_counts){limit_of(own, "order"), limit_of(own, "buyer_day"), limit_of(own, "shop_day")};
}

/* ---- the chain ---------------------------------------------------------------------------------------------------------- */

typedef struct action_verdict question(const struct action_ask *ask);

static struct action_verdict yes(void)
{
    return (struct action_verdict){.answer = ACTION_DONE};
}

static struct action_verdict no(enum action_why why)
{
    return (struct action_verdict){.answer = ACTION_REFUSED, .why = why};
}

/** @p why as an answer; ACTION_WHY_NONE: yes. */
static struct action_verdict unless(enum action_why why)
{
    return why == ACTION_WHY_NONE ? yes() : no(why);
}

static struct action_verdict is_on(const struct action_ask *ask)
{
    return unless(ask->off ? ACTION_WHY_SWITCHED_OFF : ACTION_WHY_NONE);
}

static struct action_verdict is_there(const struct action_ask *ask)
{
    return unless(ask->found ? ACTION_WHY_NONE : ACTION_WHY_NOT_FOUND);
}

static struct action_verdict may(const struct action_ask *ask)
{
    bool out = ask->leave == LEAVE_NO || (ask->leave == LEAVE_IN_CHAT && !ask->serves) ||
               (ask->leave == LEAVE_WITH_CASE && !ask->has_case);
    return unless(out ? ACTION_WHY_ROLE : ACTION_WHY_NONE);
}

static struct action_verdict fits_status(const struct action_ask *ask)
{
    unsigned statuses = action_row(ask->action)->statuses, sent = ORDER_BIT(ORDER_SHIPPED) | ORDER_BIT(ORDER_DELIVERED);
    if (statuses == 0 || (statuses & ORDER_BIT(ask->status)) != 0)
        return yes();
    bool too_late = (statuses & ORDER_BIT(ORDER_PAID)) != 0 && (statuses & sent) == 0 && (ORDER_BIT(ask->status) & sent) != 0;
    return no(too_late ? ACTION_WHY_SHIPPED : ACTION_WHY_STATUS);
}

static struct action_verdict has_arguments(const struct action_ask *ask)
{
    if (ask->missing == NULL)
        return yes();
    return (struct action_verdict){.answer = ACTION_NEEDS_SLOT, .slot = ask->missing};
}

static struct action_verdict own_rule(const struct action_ask *ask)
{
    return unless(ask->rule);
}

static struct action_verdict within_limits(const struct action_ask *ask)
{
    if (ask->done.order >= ask->most.order)
        return no(ACTION_WHY_TOO_OFTEN);
    if (ask->done.buyer_day >= ask->most.buyer_day)
        return no(ACTION_WHY_BUYER_DAY);
    if (ask->done.shop_day >= ask->most.shop_day)
        return no(ACTION_WHY_SHOP_DAY);
    return unless(ask->amount_cents > ask->most_cents ? ACTION_WHY_AMOUNT : ACTION_WHY_NONE);
}

static struct action_verdict is_confirmed(const struct action_ask *ask)
{
    const struct action_row *row = action_row(ask->action);
    bool own_click = ask->actor == CASE_BUYER || ask->actor == CASE_SYSTEM;
    bool wanted = row->confirm || ask->confirm || (ask->leave == LEAVE_ASK && row->writes);
    bool open = wanted && !own_click && !ask->confirmed;
    return (struct action_verdict){.answer = open ? ACTION_NEEDS_CONFIRM : ACTION_DONE};
}

static struct action_verdict has_second(const struct action_ask *ask)
{
    bool open = ask->amount_cents > ask->alone_cents && !ask->approved;
    return (struct action_verdict){.answer = open ? ACTION_NEEDS_SECOND : ACTION_DONE};
}

struct action_verdict action_decide(const struct action_ask *ask)
{
    static question *const questions[] = {
        is_on, is_there, may, fits_status, has_arguments, own_rule, within_limits, is_confirmed, has_second,
    };
    struct action_verdict v = yes();
    for (size_t i = 0; i < COUNT(questions) && v.answer == ACTION_DONE; i++)
        v = questions[i](ask);
    return v;
}

/* ---- the rules of single actions ------------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool action_phone_ok(struct str phone)
{
    enum { LEAST = 7, MOST = 15 };
    size_t digits = 0, from = phone.n > 0 && phone.p[0] == '+';
    for (size_t i = from; i < phone.n; i++) {
        if (is_digit(phone.p[i])) {
            digits++;
            continue;
        }
        bool between = (phone.p[i] == ' ' || phone.p[i] == '-') && i > from && is_digit(phone.p[i - 1]) && i + 1 < phone.n;
        if (!between)
            return false;
    }
    return digits >= LEAST && digits <= MOST;
}

bool action_tax_id_ok(struct str id)
{
    enum { LEAST = 6, MOST = 20 };
    for (size_t i = 0; i < id.n; i++) {
        bool letter = (id.p[i] >= 'A' && id.p[i] <= 'Z') || (id.p[i] >= 'a' && id.p[i] <= 'z');
        if (!letter && !is_digit(id.p[i]))
            return false;
    }
    return id.n >= LEAST && id.n <= MOST;
}

/** Some text of one line. */
static bool is_line(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] < ' ' || text.p[i] == 0x7f)
            return false;
    return text.n > 0 && str_code_points(text) <= LIMIT_NAME_CHARS;
}

static struct str said_or(struct str said, struct str now)
{
    said = str_trim(said);
    return said.n > 0 ? said : now;
}

enum action_why action_judge_address(const struct address *now, const struct address *wanted, struct address *ret)
{
    struct address a = {
        .name = said_or(wanted->name, now->name),
        .phone = said_or(wanted->phone, now->phone),
        .region = str_trim(wanted->region),
        .detail = str_trim(wanted->detail),
    };
    if (!is_line(a.region) || !is_line(a.detail) || !is_line(a.name) || !action_phone_ok(a.phone))
        return ACTION_WHY_BAD_VALUE;
    if (str_eq(a.name, now->name) && str_eq(a.phone, now->phone) && str_eq(a.region, now->region) &&
        str_eq(a.detail, now->detail))
        return ACTION_WHY_SAME_VALUE;
    *ret = a;
    return ACTION_WHY_NONE;
}

enum action_why action_judge_phone(const struct address *now, struct str phone)
{
    phone = str_trim(phone);
    if (!action_phone_ok(phone))
        return ACTION_WHY_BAD_VALUE;
    return str_eq(phone, now->phone) ? ACTION_WHY_SAME_VALUE : ACTION_WHY_NONE;
}

enum action_why action_judge_variant(const struct action_variant *v)
{
    if (!v->known)
        return ACTION_WHY_BAD_VALUE;
    if (v->same)
        return ACTION_WHY_SAME_VALUE;
    if (v->stock < v->quantity)
        return ACTION_WHY_NO_STOCK;
    return v->price_cents != v->price_bought_cents ? ACTION_WHY_OTHER_PRICE : ACTION_WHY_NONE;
}

enum action_why action_judge_extension(const struct action_extension *e)
{
    bool more = e->count < e->most_count && e->add_ms > 0 && e->given_ms <= e->most_ms - e->add_ms;
    return more ? ACTION_WHY_NONE : ACTION_WHY_TOO_OFTEN;
}
