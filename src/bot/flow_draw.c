/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Drawing: the main way from top to bottom, branches to the side, under the name of what leads to them.
 */
#include "bot/flow_draw.h"

#include "bot/intent.h"

static const char *shape_open(enum flow_kind k)
{
    static const char *const shapes[FLOW_KINDS] = {"[/", "{", "{{", "[[", "(", "([", "(("};
    return shapes[k];
}

static const char *shape_close(enum flow_kind k)
{
    static const char *const shapes[FLOW_KINDS] = {"/]", "}", "}}", "]]", ")", "])", "))"};
    return shapes[k];
}

static void list(struct buf *out, const struct flow_list *l, const char *between)
{
    for (size_t i = 0; i < l->n; i++)
        buf_printf(out, "%s%.*s", i > 0 ? between : "", STR_ARG(l->v[i]));
}

static void draw_when(const struct flow_if *w, struct buf *out)
{
    const char *between = "";
    size_t n;
    const char *const *names = flow_has_names(&n);
    for (size_t i = 0; i < ORDER_STATUSES; i++)
        if ((w->statuses & (1u << i)) != 0) {
            buf_printf(out, "%s%s", between, order_status_name((enum order_status)i));
            between = " or ";
        }
    between = w->statuses != 0 ? ", " : "";
    const struct flow_list *const lists[] = {&w->types, &w->reasons, &w->states};
    for (size_t i = 0; i < COUNT(lists); i++)
        if (lists[i]->n > 0) {
            buf_c(out, between);
            list(out, lists[i], " or ");
            between = ", ";
        }
    for (size_t i = 0; i < n; i++)
        if (((w->has | w->no) & (1u << i)) != 0) {
            buf_printf(out, "%s%s%s", between, (w->no & (1u << i)) != 0 ? "no " : "", names[i]);
            between = ", ";
        }
}

static void draw_node(const struct flow_stage *s, size_t i, struct buf *out)
{
    buf_printf(out, "    s%zu%s\"%s", i, shape_open(s->kind), flow_kind_name(s->kind));
    if (s->kind == FLOW_NEED)
        buf_printf(out, " %s", flow_want_name(s->want));
    if (s->is.n > 0)
        buf_printf(out, " = %.*s", STR_ARG(s->is));
    if (s->act != NULL)
        buf_printf(out, " %s", s->act->name);
    if (s->key.n > 0)
        buf_printf(out, "<br/>%.*s", STR_ARG(s->key));
    if (s->of.n > 0) {
        buf_c(out, "<br/>");
        list(out, &s->of, "<br/>");
    }
    if (s->urgent)
        buf_c(out, " urgent");
    struct buf when = {0};
    draw_when(&s->when, &when);
    if (when.n > 0)
        buf_printf(out, "<br/><i>if %.*s</i>", STR_ARG(buf_view(&when)));
    buf_done(&when);
    buf_printf(out, "\"%s\n", shape_close(s->kind));
}

/** Where a branch leaves the main way: where the order is checked, what is needed, or where it is done. */
static size_t leaves_at(const struct flow_plan *p, const struct flow_branch *b)
{
    enum flow_want want = WANT_ORDER;
    struct str rest = b->on, head;
    (void)str_cut(&rest, '.', &head);
    bool needs = str_eq_c(head, "none") && flow_want_from_name(rest, &want);
    bool declined = str_eq_c(head, "declined");
    size_t last = p->main_count - 1;
    for (size_t i = 0; i < p->main_count; i++) {
        const struct flow_stage *s = &p->stages[i];
        if (needs ? s->kind == FLOW_NEED && s->want == want
                  : declined ? s->kind == FLOW_CONFIRM : s->kind == FLOW_CHECK || s->kind == FLOW_ACT)
            return i;
    }
    return last;
}

void flow_draw(const struct flow_plan *p, struct str language, struct buf *out)
{
    buf_c(out, "flowchart TD\n    start([\"");
    for (size_t i = 0; i < p->intents.n; i++) {
        struct str name = intent_name(language, p->intents.v[i]);
        buf_printf(out, "%s%.*s", i > 0 ? "<br/>" : "", STR_ARG(name));
    }
    buf_c(out, "\"])\n");
    for (size_t i = 0; i < p->stage_count; i++)
        draw_node(&p->stages[i], i, out);
    buf_c(out, "    start --> s0\n");
    for (size_t i = 0; i + 1 < p->main_count; i++)
        buf_printf(out, "    s%zu --%s> s%zu\n", i, p->stages[i].kind == FLOW_CONFIRM ? " yes --" : "", i + 1);
    for (size_t i = 0; i < p->branch_count; i++) {
        const struct flow_branch *b = &p->branches[i];
        buf_printf(out, "    s%zu -. %.*s .-> s%zu\n", leaves_at(p, b), STR_ARG(b->on), b->from);
        for (size_t k = b->from; k + 1 < b->from + b->n; k++)
            buf_printf(out, "    s%zu -.-> s%zu\n", k, k + 1);
    }
}

void flow_draw_book(const struct flow_book *book, struct buf *out)
{
    size_t n;
    const struct flow_plan *const *plans = flow_book_plans(book, &n);
    buf_c(out, "# Task flows\n\nHow the bot goes about what buyers want done. Drawn from `packs/flows` by `xiaoer flow draw`;"
               " what the steps mean\nstands in `src/bot/flow_plan.h`. A shop owner edits texts and conditions in the console.\n");
    for (size_t i = 0; i < n; i++) {
        buf_printf(out, "\n## %.*s\n\n```mermaid\n", STR_ARG(plans[i]->id));
        flow_draw(plans[i], STR("en"), out);
        buf_c(out, "```\n");
    }
}
