/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Drawing: each machine as a Mermaid state diagram (forges draw it where it stands) and a table of its states, with the rule
 * that each timer runs by and the value that ships. tools/draw_cases writes docs/cases.md; case_draw_test.c holds it to this.
 */
#include "trade/case_draw.h"

#include <string.h>

#include "trade/case_tables.h"
#include "trade/rules.h"

static const char *const titles[CASE_TYPES] = {
    "Refund only (仅退款)",  "Return and refund (退货退款)", "Exchange (换货)",          "Repair (维修)",       "Resend (补寄)",
    "Price protection (价保)", "Freight insurance (运费险)",  "Late compensation (延迟发货赔付)", "Complaint (投诉)",
};

/** A drawing on its way: which states came up. */
struct drawing {
    struct buf *out;
    enum case_type type;
    bool seen[CASE_STATES];
};

static void name_actors(struct buf *out, unsigned by)
{
    bool first = true;
    for (size_t i = 0; i < CASE_ACTORS; i++) {
        if ((by & CASE_BY(i)) == 0)
            continue;
        buf_printf(out, "%s%s", first ? "" : ", ", case_actor_name((enum case_actor)i));
        first = false;
    }
}

static void draw_arrow(struct drawing *d, enum case_state from, enum case_state to, const struct case_row *row)
{
    d->seen[from] = d->seen[to] = true;
    buf_printf(d->out, "    %s --> %s: %s", case_state_name(from), case_state_name(to), case_event_name(row->event));
    if (row->event != CASE_TIMEOUT) {
        buf_c(d->out, " (");
        name_actors(d->out, row->by);
        buf_char(d->out, ')');
    }
    if (row->money != CASE_NO_MONEY)
        buf_printf(d->out, " / %s money", case_money_name(row->money));
    if (row->becomes != CASE_SAME_TYPE)
        buf_printf(d->out, " / becomes %s", case_type_name((enum case_type)row->becomes));
    buf_char(d->out, '\n');
}

/** Whether the state is the type's own, and not drawn with the type that it becomes. */
static bool is_reached(const struct drawing *d, enum case_state s)
{
    return d->seen[s] || s == CASE_NONE;
}

static void draw_row(void *arg, const struct case_row *row)
{
    struct drawing *d = arg;
    const enum case_state *start = case_machines[d->type].start;
    bool shared = row->from == CASE_PAYING || row->from == CASE_PAY_REVIEW || row->from == CASE_CLOSED;
    if (shared && !is_reached(d, row->from))
        return;
    if (row->to != CASE_START) {
        draw_arrow(d, row->from, row->to, row);
        return;
    }
    bool stays = row->from == start[0] || row->from == start[1] || row->from == start[2];
    if (stays)
        draw_arrow(d, row->from, row->from, row);
    for (size_t i = 0; i < 3 && !stays; i++)
        if (start[i] != CASE_NONE && (i == 0 || start[i] != start[i - 1]))
            draw_arrow(d, row->from, start[i], row);
}

static void draw_starts(struct drawing *d)
{
    const enum case_state *start = case_machines[d->type].start;
    static const char *const when[] = {"not shipped", "not received", "received"};
    bool same = start[0] == start[1] && start[1] == start[2];
    for (size_t i = 0; i < 3; i++) {
        if (start[i] == CASE_NONE || (same && i > 0))
            continue;
        d->seen[start[i]] = true;
        buf_printf(d->out, "    [*] --> %s: opened%s%s\n", case_state_name(start[i]), same ? "" : ", ", same ? "" : when[i]);
    }
    if (d->type == CASE_REFUND_ONLY)
        buf_c(d->out, "    [*] --> paying: opened, promised shipment missed, good record / reserve money\n");
    if (d->type == CASE_RETURN_REFUND)
        buf_c(d->out, "    [*] --> wait_return: opened, no reason, within seven days\n");
}

/** What ships for a key, for all categories, newest. */
static struct str value_of(const char *key)
{
    size_t n;
    const struct policy *rows = rules_shipped(&n);
    struct str value = STR_NONE;
    for (size_t i = 0; i < n; i++)
        if (str_eq_c(rows[i].key, key) && str_eq_c(rows[i].scope, "platform"))
            value = rows[i].value;
    return value;
}

static void list_states(const struct drawing *d)
{
    buf_c(d->out, "\n| state | whose move | timer | ships as | at its end |\n|---|---|---|---|---|\n");
    for (size_t s = CASE_NONE + 1; s < CASE_STATES; s++) {
        const struct case_row *row = case_row_find(d->type, (enum case_state)s, CASE_TIMEOUT);
        if (!d->seen[s])
            continue;
        const char *rule = case_states[s].rule;
        if (rule == NULL) {
            buf_printf(d->out, "| `%s` | | | | over |\n", case_states[s].name);
            continue;
        }
        buf_printf(d->out, "| `%s` | %s | `%s` | %.*s | ", case_states[s].name, case_actor_name(case_states[s].owner), rule,
                   STR_ARG(value_of(rule)));
        if (row != NULL)
            buf_printf(d->out, "`%s` |\n", case_state_name(row->to));
        else
            buf_c(d->out, "goes on as its new type |\n");
    }
}

static void draw_machine(struct buf *out, enum case_type type)
{
    struct drawing d = {.out = out, .type = type};
    buf_printf(out, "\n## %s\n\n`%s`. Paid by: %s. May be opened by: ", titles[type], case_type_name(type),
               ledger_payer_name(case_payer(type)));
    name_actors(out, case_machines[type].by);
    buf_c(out, ".\n\n```mermaid\nstateDiagram-v2\n");
    draw_starts(&d);
    if (type == CASE_REFUND_ONLY)
        d.seen[CASE_PAYING] = true;
    case_rows_each(type, draw_row, &d);
    for (size_t s = CASE_NONE + 1; s < CASE_STATES; s++)
        if (d.seen[s] && case_state_final((enum case_state)s))
            buf_printf(out, "    %s --> [*]\n", case_states[s].name);
    buf_c(out, "```\n");
    list_states(&d);
}

static void draw_pauses(struct buf *out)
{
    buf_c(out, "\n## Pauses\n\nA pause stops the timer of the state; when it ends, the timer has what it had left, and"
               " `case.resume_min` at least.\n\n| while | event | by | then |\n|---|---|---|---|\n");
    for (size_t i = 0; i < case_pause_row_count; i++) {
        const struct case_pause_row *r = &case_pause_rows[i];
        buf_printf(out, "| %s | %s | ", r->from == CASE_RUNNING ? "running" : case_pause_name(r->from),
                   case_event_name(r->event));
        name_actors(out, r->by);
        if (r->state != CASE_NONE)
            buf_printf(out, " | `%s`", case_state_name(r->state));
        else
            buf_printf(out, " | %s", r->to == r->from ? "no change" : r->to == CASE_RUNNING ? "runs on" : case_pause_name(r->to));
        if (r->money != CASE_NO_MONEY)
            buf_printf(out, " / %s money", case_money_name(r->money));
        if (r->becomes != CASE_SAME_TYPE)
            buf_printf(out, " / becomes %s", case_type_name((enum case_type)r->becomes));
        buf_c(out, " |\n");
    }
    buf_c(out, "\nTheir own timers:");
    for (size_t p = CASE_AWAITS_EVIDENCE; p <= CASE_AWAITS_RULING; p++)
        buf_printf(out, " %s `%s` (%.*s)%s", case_pause_name((enum case_pause)p), case_pause_rules[p],
                   STR_ARG(value_of(case_pause_rules[p])), p == CASE_AWAITS_RULING ? ".\n" : ",");
}

void case_draw(struct buf *out)
{
    buf_c(out, "<!-- Drawn from src/trade/case_tables.c by tools/draw_cases: do not edit. -->\n"
               "# After-sale cases\n\nWhat may happen to a case, who may do it, and what happens when nobody does. What is not"
               " drawn here is refused.\nThe bot may do what the buyer may, when the buyer has confirmed. Values are policies"
               " (`docs/policies.md`): the version in\nforce when the order was placed holds for its cases.\n");
    for (size_t t = 0; t < CASE_TYPES; t++)
        draw_machine(out, (enum case_type)t);
    draw_pauses(out);
}
