/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Solutions for a conversation.
 *
 * How          What the buyer wants and feels is asked of the bot's copilot, so that screens and ranking never disagree;
 *              where the order stands is read in one snapshot. Ranking is pure (solution.c); words get their values here.
 * Invariants   Nothing is proposed whose words would have a hole; nothing of it is done here.
 */
#include "desk/solution_service.h"

#include "account/contact.h"
#include "account/shop.h"
#include "base/asset.h"
#include "base/texts.h"
#include "base/time.h"
#include "trade/case_store.h"
#include "trade/order_store.h"
#include "trade/rules.h"

#define FIGURES_MS (30 * DAY_MS)

/* ---- the table -------------------------------------------------------------------------------------------------- */

static struct solution *find(struct solution *rows, size_t n, struct str id)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq(rows[i].id, id))
            return &rows[i];
    }
    return NULL;
}

int solution_table(struct tx *tx, struct arena *a, int64_t tenant_id, struct str language, struct solution **ret,
                   size_t *ret_n)
{
    struct solution *own, s;
    size_t own_n;
    struct str line;
    if (solution_list(tx, a, tenant_id, &own, &own_n) < 0)
        return STORE_FAULT;
    struct str rest = asset_find(str_fmt(a, "packs/%s/solutions.tsv", str_starts(language, STR("zh")) ? "zh" : "en"));
    ARRAY(struct solution) all = {0};
    while (str_cut(&rest, '\n', &line)) {
        if (solution_read_line(line, &s) && find(own, own_n, s.id) == NULL)
            *array_push(a, &all) = s;
    }
    for (size_t i = 0; i < own_n; i++)
        *array_push(a, &all) = own[i];
    *ret = all.v;
    *ret_n = all.n;
    return STORE_OK;
}

/* ---- what fits a conversation ------------------------------------------------------------------------------------- */

struct finding {
    struct desk_room *room;
    struct arena *a;
    const struct actor *who;
    int64_t conversation_id, now_ms;
    struct str asked_order;
    struct shop shop;
    struct conversation c;
    bool has_order, has_case;
    struct order order;
    struct case_row_stored row;
    struct solution *rows;
    size_t row_count;
    struct solution_figure *figures;
    size_t figure_count;
    struct solutions *ret;
};

/* What the bot makes of it: intent, feeling, the order talked about. */
static void read_problem(struct finding *f, struct str *ret_order)
{
    struct buf b = {.arena = f->a};
    struct json_out o = json_to(&b);
    f->ret->scene.intent = f->c.topic;
    if (f->room->copilot == NULL)
        return;
    jo_open(&o);
    f->room->copilot(f->room->copilot_arg, f->a, &f->c, &o);
    jo_close(&o);
    _cleanup_(json_donep) json_t *told = json_read(buf_view(&b), NULL);
    const json_t *understood = json_object_get(told, "understanding");
    struct str intent = json_str(understood, "intent");
    if (intent.n > 0 && !str_eq_c(intent, "unclear"))
        f->ret->scene.intent = str_dup(f->a, intent);
    f->ret->scene.emotion = str_dup(f->a, json_str(understood, "emotion"));
    *ret_order = str_dup(f->a, json_str(json_object_get(understood, "slots"), "order_id"));
}

static int find_order(struct tx *tx, struct finding *f, struct str talked_of)
{
    struct contact contact;
    int64_t tenant = f->who->tenant_id;
    if (contact_get(tx, f->a, tenant, f->c.contact_id, &contact) != ACCOUNT_OK)
        return STORE_FAULT;
    if (contact.buyer.n == 0)
        return STORE_OK;
    _cleanup_(json_donep) json_t *entry = json_read(f->c.entry, NULL);
    const struct str wanted[] = {f->asked_order, talked_of, json_str(entry, "order")};
    for (size_t i = 0; i < COUNT(wanted); i++) {
        int found = wanted[i].n > 0 ? order_get(tx, f->a, tenant, contact.buyer, wanted[i], &f->order) : 0;
        f->has_order = found > 0;
        if (found != 0)
            return found < 0 ? STORE_FAULT : STORE_OK;
    }
    struct order *list;
    size_t n;
    if (order_list(tx, f->a, tenant, contact.buyer, &list, &n) < 0)
        return STORE_FAULT;
    f->has_order = n > 0;
    if (n > 0)
        f->order = list[0];
    return STORE_OK;
}

/* The newest case of the order that is open. */
static int find_case(struct tx *tx, struct finding *f)
{
    struct case_row_stored *rows;
    size_t n;
    if (!f->has_order)
        return STORE_OK;
    if (case_list_of_order(tx, f->a, f->who->tenant_id, f->order.id, &rows, &n) < 0)
        return STORE_FAULT;
    for (size_t i = 0; i < n; i++) {
        if (case_state_final(rows[i].c.state))
            continue;
        f->has_case = true;
        f->row = rows[i];
    }
    return STORE_OK;
}

static struct str shown_time(const struct finding *f, int64_t at_ms)
{
    struct local_time t = time_local(at_ms, f->shop.time_zone);
    return str_fmt(f->a, "%d-%02d-%02d %02d:%02d", t.year, t.month, t.day, t.hour, t.minute);
}

static struct str named_text(const struct finding *f, const char *prefix, const char *name)
{
    return texts_get(f->shop.language, str_c(f->a, str_fmt(f->a, "%s.%s", prefix, name)));
}

/* The words with their values; empty when one of them is not known. */
static struct str words(const struct finding *f, struct str text)
{
    const struct parcel *parcel = f->has_order && f->order.parcel_count > 0 ? &f->order.parcels[0] : NULL;
    const struct parcel_event *event = f->has_order ? order_last_event(&f->order, &parcel) : NULL;
    struct text_value values[] = {
        {"order", f->has_order ? f->order.id : STR_NONE},
        {"status", f->has_order ? named_text(f, "order.status", order_status_name(f->order.status)) : STR_NONE},
        {"carrier", parcel != NULL ? parcel->carrier : STR_NONE},
        {"phone", parcel != NULL ? parcel->carrier_phone : STR_NONE},
        {"tracking_no", parcel != NULL ? parcel->tracking_no : STR_NONE},
        {"trace", event != NULL ? event->text : STR_NONE},
        {"case", f->has_case ? named_text(f, "case.state", case_state_name(f->row.c.state)) : STR_NONE},
        {"deadline", f->has_case && f->row.c.due_ms != 0 ? shown_time(f, f->row.c.due_ms) : STR_NONE},
    };
    for (size_t i = 0; i < COUNT(values); i++) {
        struct str hole = str_fmt(f->a, "{%s}", values[i].name);
        if (values[i].value.n == 0 && str_has(text, hole))
            return STR_NONE;
    }
    return texts_fill(f->a, text, values, COUNT(values));
}

/* The rule that a solution goes by: the version in force when the order was placed. */
static void find_rule(const struct finding *f, const struct policy *rules, size_t n, struct str key,
                      struct str *ret_value, struct str *ret_meaning, int64_t *ret_from_ms)
{
    size_t first = 0, count = 0;
    for (size_t i = 0; i < n && key.n > 0; i++) {
        if (!str_eq(rules[i].key, key))
            continue;
        if (count++ == 0)
            first = i;
    }
    const struct policy *p =
        count > 0 ? policy_in_force(&rules[first], count, NULL, f->has_order ? f->order.created_ms : f->now_ms) : NULL;
    if (p == NULL)
        return;
    *ret_value = p->value;
    *ret_meaning = p->meaning;
    *ret_from_ms = p->from_ms;
}

static int64_t used(const struct finding *f, struct str id)
{
    for (size_t i = 0; i < f->figure_count; i++) {
        if (str_eq(f->figures[i].solution_id, id))
            return f->figures[i].used;
    }
    return 0;
}

static int fill(struct tx *tx, struct finding *f)
{
    const struct solution *ranked[SOLUTION_RANKED];
    struct policy *rules;
    size_t rule_count;
    struct solutions *ret = f->ret;
    if (rules_all(tx, f->a, f->who->tenant_id, &rules, &rule_count) < 0)
        return STORE_FAULT;
    /* A reply is nothing but its words: one with a hole gives its place to the next. */
    for (size_t i = 0; i < f->row_count; i++)
        f->rows[i].off |= f->rows[i].kind == SOLUTION_REPLY && words(f, f->rows[i].text).n == 0;
    ret->n = solution_rank(f->rows, f->row_count, &ret->scene, ranked, SOLUTION_RANKED);
    for (size_t i = 0; i < ret->n; i++) {
        ret->item[i].s = *ranked[i];
        ret->item[i].words = words(f, ranked[i]->text);
        ret->item[i].used = used(f, ranked[i]->id);
        find_rule(f, rules, rule_count, ranked[i]->policy, &ret->item[i].policy_value, &ret->item[i].policy_meaning,
                  &ret->item[i].policy_from_ms);
    }
    return STORE_OK;
}

static int read_solutions(struct tx *tx, void *arg)
{
    struct finding *f = arg;
    int64_t tenant = f->who->tenant_id;
    struct str talked_of = STR_NONE;
    enum chat_answer answer = conversation_get(tx, f->a, tenant, f->conversation_id, &f->c);
    if (answer != CHAT_OK)
        return answer == CHAT_NOT_FOUND ? SOLUTION_NOT_FOUND : SOLUTION_FAULT;
    if (!desk_may_see(f->who, &f->c))
        return SOLUTION_NOT_FOUND;
    read_problem(f, &talked_of);
    if (shop_get(tx, f->a, tenant, &f->shop) != ACCOUNT_OK || find_order(tx, f, talked_of) < 0 || find_case(tx, f) < 0 ||
        solution_table(tx, f->a, tenant, f->who->language, &f->rows, &f->row_count) < 0 ||
        solution_figures(tx, f->a, tenant, f->now_ms - FIGURES_MS, &f->figures, &f->figure_count) < 0)
        return SOLUTION_FAULT;
    if (f->has_order) {
        f->ret->order_id = f->order.id;
        f->ret->scene.status = str_from(order_status_name(f->order.status));
    }
    if (f->has_case) {
        f->ret->case_id = f->row.id;
        f->ret->scene.case_state = str_from(case_state_name(f->row.c.state));
    }
    return fill(tx, f) < 0 ? SOLUTION_FAULT : SOLUTION_OK;
}

enum solution_answer solutions_for(struct desk_room *room, struct arena *a, const struct actor *who,
                                   int64_t conversation_id, struct str order_id, struct solutions *ret)
{
    struct finding f = {.room = room, .a = a, .who = who, .conversation_id = conversation_id, .asked_order = order_id,
                        .now_ms = clock_now_ms(), .ret = ret};
    *ret = (struct solutions){0};
    return (enum solution_answer)store_read(room->store, read_solutions, &f);
}

/* ---- taken -------------------------------------------------------------------------------------------------------- */

struct taking {
    struct arena arena;
    const struct actor *who;
    struct solution_use *use;
};

static int take(struct tx *tx, void *arg)
{
    struct taking *t = arg;
    struct conversation c;
    enum chat_answer answer = conversation_get(tx, &t->arena, t->who->tenant_id, t->use->conversation_id, &c);
    if (answer != CHAT_OK)
        return answer == CHAT_NOT_FOUND ? SOLUTION_NOT_FOUND : SOLUTION_FAULT;
    if (!desk_may_see(t->who, &c))
        return SOLUTION_NOT_FOUND;
    return solution_use_add(tx, t->who->tenant_id, t->use) < 0 ? SOLUTION_FAULT : SOLUTION_OK;
}

static int64_t place_of(struct str offered, struct str id)
{
    struct str one;
    for (int64_t place = 1; str_cut(&offered, ',', &one); place++) {
        if (str_eq(one, id))
            return place;
    }
    return 0;
}

enum solution_answer solution_used(struct desk_room *room, const struct actor *who, struct solution_use *use)
{
    struct taking t = {.who = who, .use = use};
    use->person_id = who->id;
    use->place = place_of(use->offered, use->solution_id);
    enum solution_answer answer = (enum solution_answer)store_write(room->store, take, &t);
    arena_done(&t.arena);
    return answer;
}

/* ---- the shop's table ----------------------------------------------------------------------------------------------- */

struct editing {
    struct arena *a;
    const struct actor *who;
    struct solution *s;
    int64_t now_ms;
    struct solution *rows;
    size_t n;
    struct solution_figure *figures;
    size_t figure_count;
};

static int read_all(struct tx *tx, void *arg)
{
    struct editing *e = arg;
    if (solution_table(tx, e->a, e->who->tenant_id, e->who->language, &e->rows, &e->n) < 0 ||
        solution_figures(tx, e->a, e->who->tenant_id, e->now_ms - FIGURES_MS, &e->figures, &e->figure_count) < 0)
        return SOLUTION_FAULT;
    return SOLUTION_OK;
}

enum solution_answer solutions_all(struct desk_room *room, struct arena *a, const struct actor *who,
                                   struct solution **ret, size_t *ret_n, struct solution_figure **ret_used,
                                   size_t *ret_used_n)
{
    struct editing e = {.a = a, .who = who, .now_ms = clock_now_ms()};
    if (store_read(room->store, read_all, &e) != SOLUTION_OK)
        return SOLUTION_FAULT;
    *ret = e.rows;
    *ret_n = e.n;
    *ret_used = e.figures;
    *ret_used_n = e.figure_count;
    return SOLUTION_OK;
}

static bool may_write(const struct actor *who)
{
    return (who->roles & (ROLE_LEADER | ROLE_OWNER | ROLE_TRAINER)) != 0;
}

static int save(struct tx *tx, void *arg)
{
    struct editing *e = arg;
    struct solution before = {0};
    int found = solution_get(tx, e->a, e->who->tenant_id, e->s->id, &before);
    if (found < 0)
        return SOLUTION_FAULT;
    if (before.version != e->s->version)
        return SOLUTION_STALE;
    if (found == 0 && solution_list(tx, e->a, e->who->tenant_id, &e->rows, &e->n) < 0)
        return SOLUTION_FAULT;
    if (found == 0 && e->n >= SOLUTION_MOST)
        return SOLUTION_FULL;
    e->s->version++;
    e->s->own = true;
    struct buf b = {.arena = e->a};
    struct json_out o = json_to(&b);
    jo_open(&o);
    solution_write(&o, e->s);
    jo_close(&o);
    return solution_put(tx, e->who->tenant_id, e->s, buf_view(&b), e->who->id, e->now_ms) < 0 ? SOLUTION_FAULT
                                                                                              : SOLUTION_OK;
}

enum solution_answer solution_save(struct desk_room *room, const struct actor *who, struct solution *s, int64_t now_ms)
{
    struct arena a = {0};
    struct editing e = {.a = &a, .who = who, .s = s, .now_ms = now_ms};
    if (!may_write(who))
        return SOLUTION_NOT_ALLOWED;
    enum solution_answer answer = (enum solution_answer)store_write(room->store, save, &e);
    arena_done(&a);
    return answer;
}

static int drop(struct tx *tx, void *arg)
{
    struct editing *e = arg;
    struct solution before;
    int found = solution_get(tx, e->a, e->who->tenant_id, e->s->id, &before);
    if (found <= 0)
        return found < 0 ? SOLUTION_FAULT : SOLUTION_NOT_FOUND;
    return solution_delete(tx, e->who->tenant_id, e->s->id) < 0 ? SOLUTION_FAULT : SOLUTION_OK;
}

enum solution_answer solution_drop(struct desk_room *room, const struct actor *who, struct str id)
{
    struct arena a = {0};
    struct solution s = {.id = id};
    struct editing e = {.a = &a, .who = who, .s = &s};
    if (!may_write(who))
        return SOLUTION_NOT_ALLOWED;
    enum solution_answer answer = (enum solution_answer)store_write(room->store, drop, &e);
    arena_done(&a);
    return answer;
}
