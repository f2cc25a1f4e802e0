/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lint of flows: one small check a rule.
 */
#include "bot/flow_lint.h"

#include <stdio.h>
#include <string.h>

#include "base/texts.h"
#include "bot/flow_say.h"
#include "bot/intent.h"

struct linting {
    const struct flow_plan *plan;
    flow_complain_fn *say;
    void *arg;
    size_t found;
    struct arena a;
};

static const char *const languages[] = {"zh", "en"};

static void complain(struct linting *l, const char *what, struct str about)
{
    l->found++;
    l->say(l->arg, l->plan != NULL ? l->plan->id : STR_NONE, str_fmt(&l->a, "%s: %.*s", what, STR_ARG(about)));
}

/* ---- texts --------------------------------------------------------------------------------------------------------- */

static bool has_text(const struct flow_plan *p, struct str language, const char *key)
{
    char numbered[96];
    snprintf(numbered, sizeof(numbered), "%s.1", key);
    return flow_own_text(p, language, key).n > 0 || texts_has(language, key) || texts_has(language, numbered);
}

static bool is_value(struct str name)
{
    for (const char *const *v = flow_value_names(); *v != NULL; v++)
        if (str_eq_c(name, *v))
            return true;
    return false;
}

/** Every {name} of the text is a value that there is. */
static void check_values(struct linting *l, struct str text, struct str key)
{
    for (size_t at = str_find(text, STR("{"), 0); at != SIZE_MAX; at = str_find(text, STR("{"), at + 1)) {
        size_t end = str_find(text, STR("}"), at);
        struct str name = end != SIZE_MAX ? str_sub(text, at + 1, end - at - 1) : STR_NONE;
        if (!is_value(name))
            complain(l, "no such value in a text", str_fmt(&l->a, "{%.*s} of %.*s", STR_ARG(name), STR_ARG(key)));
    }
}

static void check_text(struct linting *l, struct str key)
{
    const char *k = str_c(&l->a, key);
    for (size_t i = 0; i < COUNT(languages); i++) {
        struct str language = str_from(languages[i]);
        if (!has_text(l->plan, language, k))
            complain(l, "no text", str_fmt(&l->a, "%s in %s", k, languages[i]));
        else
            check_values(l, flow_text(l->plan, language, k), key);
    }
}

static bool is_special(struct str key)
{
    return str_eq_c(key, "standing") || str_eq_c(key, "parcels") || str_eq_c(key, "case") || str_eq_c(key, "why");
}

static void check_texts(struct linting *l, const struct flow_stage *s)
{
    if (s->kind == FLOW_SAY && !is_special(s->key))
        check_text(l, s->key);
    if (s->kind == FLOW_CONFIRM)
        check_text(l, s->key);
    if (s->kind != FLOW_NEED || s->is.n > 0)
        return;
    check_text(l, s->key.n > 0 ? s->key : str_fmt(&l->a, "flow.ask.%s", flow_want_name(s->want)));
    for (size_t i = 0; i < s->of.n; i++)
        check_text(l, str_fmt(&l->a, "case.%s.%.*s", s->want == WANT_TYPE ? "type" : "reason", STR_ARG(s->of.v[i])));
}

/* ---- steps --------------------------------------------------------------------------------------------------------- */

static void check_choices(struct linting *l, const struct flow_stage *s)
{
    enum case_type type;
    bool chosen = s->want == WANT_TYPE || s->want == WANT_REASON;
    if (s->kind == FLOW_OFFER) {
        for (size_t i = 0; i < s->of.n; i++)
            if (intent_find(s->of.v[i]) == NULL)
                complain(l, "offers what is no intent", s->of.v[i]);
        return;
    }
    if (s->kind != FLOW_NEED || !chosen)
        return;
    if (s->is.n == 0 && s->of.n == 0)
        complain(l, "a choice of nothing", s->id);
    for (size_t i = 0; i < s->of.n; i++)
        if (s->want == WANT_TYPE && !case_type_from_name(s->of.v[i], &type))
            complain(l, "no such type of case", s->of.v[i]);
    if (s->want == WANT_TYPE && s->is.n > 0 && !case_type_from_name(s->is, &type))
        complain(l, "no such type of case", s->is);
    if (s->of.n > STATE_OPTIONS)
        complain(l, "more choices than buttons", s->id);
}

/** True when, of two conditions, @p of holds wherever @p when does, as far as statuses, types and reasons tell. */
static bool covers(const struct flow_if *of, const struct flow_if *when, unsigned status)
{
    bool same_status = of->statuses == 0 || (of->statuses & status) != 0;
    bool more = of->types.n > 0 || of->reasons.n > 0 || of->states.n > 0 || of->has != 0 || of->no != 0 || of->troubles != 0;
    return same_status && (!more || memcmp(of, when, sizeof(*of)) == 0);
}

/** Before what writes stands a confirmation, in whatever status the order is, with no other writing in between. */
static void check_confirmed(struct linting *l, size_t at)
{
    const struct flow_stage *act = &l->plan->stages[at];
    for (unsigned bit = 0; bit < ORDER_STATUSES; bit++) {
        unsigned status = 1u << bit;
        bool confirmed = act->when.statuses != 0 && (act->when.statuses & status) == 0;
        for (size_t i = at; i-- > 0 && !confirmed;) {
            const struct flow_stage *s = &l->plan->stages[i];
            if (s->kind == FLOW_ACT && s->act->writes)
                break;
            confirmed = s->kind == FLOW_CONFIRM && covers(&s->when, &act->when, status);
        }
        /* a check before it refuses the statuses in which the action cannot be done at all */
        if (!confirmed && (action_row(act->act->action)->statuses & status) != 0)
            complain(l, "writes without a confirmation", str_fmt(&l->a, "%.*s when %s", STR_ARG(act->id),
                                                                order_status_name((enum order_status)bit)));
    }
    if (action_row(act->act->action)->statuses != 0)
        return;
    for (size_t i = at; i-- > 0;)
        if (l->plan->stages[i].kind == FLOW_CONFIRM)
            return;
    complain(l, "writes without a confirmation", act->id);
}

/** A step behind the hand-over of the main way, or with a condition that nothing can meet, is never walked. */
static void check_reached(struct linting *l)
{
    const struct flow_plan *p = l->plan;
    for (size_t i = 0; i < p->stage_count; i++) {
        const struct flow_if *when = &p->stages[i].when;
        if ((when->has & when->no) != 0)
            complain(l, "can never hold", p->stages[i].id);
    }
    for (size_t i = 0; i + 1 < p->main_count; i++)
        if (p->stages[i].kind == FLOW_HAND_OVER && p->stages[i].when.statuses == 0 && p->stages[i].when.no == 0 &&
            p->stages[i].when.has == 0 && p->stages[i + 1].kind != FLOW_OFFER)
            complain(l, "behind the hand-over", p->stages[i + 1].id);
}

static bool begins_with(struct str on, const char *prefix)
{
    size_t n = strlen(prefix);
    return str_starts(on, str_from(prefix)) && (on.n == n || on.p[n] == '.');
}

static bool is_why(struct str name)
{
    for (int i = 0; i < ACTION_WHYS; i++)
        if (str_eq_c(name, action_why_name((enum action_why)i)))
            return true;
    return false;
}

static bool is_case_answer(struct str name)
{
    for (int i = CASE_OK; i <= CASE_STALE; i++)
        if (str_eq_c(name, case_answer_name((enum case_answer)i)))
            return true;
    return false;
}

/** A branch has the name of something that can come. */
static void check_branch(struct linting *l, const struct flow_branch *b)
{
    struct str rest = b->on, head;
    enum flow_want want;
    (void)str_cut(&rest, '.', &head);
    bool good = str_eq_c(b->on, "declined") || str_eq_c(b->on, "pending") || str_eq_c(b->on, "second") || str_eq_c(b->on, "refused");
    if (begins_with(b->on, "none"))
        good = flow_want_from_name(rest, &want) && flow_wants(l->plan, want);
    else if (begins_with(b->on, "refused.case"))
        good = str_eq_c(rest, "case") || is_case_answer(str_sub(rest, strlen("case."), rest.n));
    else if (begins_with(b->on, "refused") && rest.n > 0)
        good = is_why(rest) || flow_want_from_name(rest, &want);
    if (!good)
        complain(l, "a branch that nothing leads to", b->on);
    for (size_t i = b->from; i < b->from + b->n; i++)
        check_texts(l, &l->plan->stages[i]);
}

static void check_intents(struct linting *l)
{
    for (size_t i = 0; i < l->plan->intents.n; i++) {
        const struct intent *in = intent_find(l->plan->intents.v[i]);
        if (in == NULL || (in->flow != FLOW_TASK && in->flow != FLOW_URGENT))
            complain(l, "serves what is no job", l->plan->intents.v[i]);
    }
}

static void lint_plan(struct linting *l)
{
    const struct flow_plan *p = l->plan;
    check_intents(l);
    check_reached(l);
    for (size_t i = 0; i < p->main_count; i++) {
        check_texts(l, &p->stages[i]);
        if (p->stages[i].kind == FLOW_ACT && p->stages[i].act->writes)
            check_confirmed(l, i);
    }
    for (size_t i = 0; i < p->stage_count; i++)
        check_choices(l, &p->stages[i]);
    for (size_t i = 0; i < p->branch_count; i++)
        check_branch(l, &p->branches[i]);
    for (size_t i = 0; i < p->text_count; i++)
        check_values(l, p->texts[i].text, p->texts[i].key);
}

size_t flow_lint(const struct flow_plan *p, flow_complain_fn *say, void *arg)
{
    struct linting l = {.plan = p, .say = say, .arg = arg};
    lint_plan(&l);
    arena_done(&l.a);
    return l.found;
}

/* ---- all together -------------------------------------------------------------------------------------------------- */

static bool is_done_by(const struct flow_plan *p, const struct flow_act *act)
{
    for (size_t i = 0; i < p->main_count; i++)
        if (p->stages[i].act == act)
            return true;
    return false;
}

/** Actions of contract.md, section 2, of which there is no data here: whoever wants them is handed to a person, or told so. */
static const char *const by_people[] = {"dispute.open", "dispute.show", "coupon.list", "coupon.explain", "privacy.request",
                                        "feedback.record"};
static const char *const contract[] = {
    "order.list",       "order.show",        "order.cancel",       "order.change_address", "order.change_phone",
    "order.change_sku", "order.add_note",    "order.extend_receipt", "logistics.track",    "logistics.urge",
    "logistics.intercept", "case.open",      "case.show",          "case.cancel",          "case.modify",
    "case.add_waybill", "case.add_evidence", "case.reopen",        "dispute.open",         "dispute.show",
    "coupon.list",      "coupon.explain",    "product.show",       "product.search",       "product.recommend",
    "product.size",     "price.protect",     "invoice.request",    "invoice.show",         "compensation.lookup",
    "callback.book",    "human.request",     "feedback.record",    "privacy.request",      "reminder.stop",
    "complaint.open",
};

/** Every action of the contract is done by a flow, by an intent's own way, or is known to be a person's. */
static void check_contract(struct linting *l)
{
    size_t n;
    const struct intent *intents = intent_all(&n);
    for (size_t i = 0; i < COUNT(contract); i++) {
        bool done = flow_act_find(str_from(contract[i])) != NULL;
        for (size_t k = 0; k < COUNT(by_people); k++)
            done = done || strcmp(by_people[k], contract[i]) == 0;
        for (size_t k = 0; k < n; k++)
            done = done || (intents[k].action != NULL && strcmp(intents[k].action, contract[i]) == 0);
        if (!done)
            complain(l, "nobody does it", str_from(contract[i]));
    }
}

/** Every action has a plan that is on, every job one plan, every reason of a refusal its words. */
static void check_together(struct linting *l, const struct flow_plan *const *plans, size_t n)
{
    size_t acts, intents;
    const struct flow_act *all = flow_acts(&acts);
    const struct intent *jobs = intent_all(&intents);
    for (size_t i = 0; i < acts; i++) {
        bool done = false;
        for (size_t k = 0; k < n; k++)
            done = done || is_done_by(plans[k], &all[i]);
        if (!done)
            complain(l, "no flow does it", str_from(all[i].name));
    }
    for (size_t i = 0; i < intents; i++) {
        size_t served = 0;
        for (size_t k = 0; k < n; k++)
            served += flow_list_has(&plans[k]->intents, str_from(jobs[i].id));
        if (jobs[i].flow == FLOW_TASK && served != 1)
            complain(l, served == 0 ? "a job without a flow" : "a job with several flows", str_from(jobs[i].id));
    }
    check_contract(l);
    for (int i = ACTION_WHY_NONE + 1; i < ACTION_WHYS; i++)
        check_text(l, str_fmt(&l->a, "action.why.%s", action_why_name((enum action_why)i)));
    for (int i = CASE_OK + 1; i <= CASE_STALE; i++)
        check_text(l, str_fmt(&l->a, "case.why.%s", case_answer_name((enum case_answer)i)));
    for (int i = CASE_NONE + 1; i < CASE_STATES; i++)
        check_text(l, str_fmt(&l->a, "case.state.%s", case_state_name((enum case_state)i)));
}

size_t flow_lint_book(const struct flow_book *book, flow_complain_fn *say, void *arg)
{
    size_t n, found = 0;
    const struct flow_plan *const *plans = flow_book_plans(book, &n);
    for (size_t i = 0; i < n; i++)
        found += flow_lint(plans[i], say, arg);
    static const struct flow_plan none = {.off = false};
    struct linting l = {.plan = &none, .say = say, .arg = arg};
    check_together(&l, plans, n);
    arena_done(&l.a);
    return found + l.found;
}
