/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routes of solutions: what fits a conversation, which one was taken, the shop's table.
 */
#include "desk/solution_api.h"

#include "base/id.h"
#include "desk/solution_service.h"

static struct reply refused(enum solution_answer answer)
{
    switch (answer) {
    case SOLUTION_NOT_FOUND: return reply_problem(404, "not_found", "There is no such conversation or solution.");
    case SOLUTION_NOT_ALLOWED:
        return reply_problem(403, "not_allowed", "Solutions are changed by leaders, owners and trainers.");
    case SOLUTION_FULL: return reply_problem(409, "full", "There are 400 solutions already; delete some first.");
    case SOLUTION_STALE: return reply_problem(409, "changed_since", "Somebody changed this solution meanwhile.");
    case SOLUTION_OK:
    case SOLUTION_FAULT: break;
    }
    return reply_fault();
}

/* ---- of a conversation ------------------------------------------------------------------------------------------ */

static const shape fit_query = {
    {.name = "order", .type = FIELD_TEXT, .help = "For this order of the buyer instead of the one talked about."},
    {0},
};
static const shape fit_gives = {
    {.name = "scene", .type = FIELD_OBJECT, .help = "The problem: intent, emotion, order status, case state."},
    {.name = "order_id", .type = FIELD_TEXT, .help = "The order it is about; empty: none."},
    {.name = "case_id", .type = FIELD_ID, .help = "Its open case, or null."},
    {.name = "items", .type = FIELD_ARRAY, .help = "What fits, best first, with the reason and the rule."},
    {0},
};

static void write_fitting(struct json_out *o, const struct solutions *all, size_t i)
{
    jo_open(o);
    jo_kt(o, "id", all->item[i].s.id);
    solution_write(o, &all->item[i].s);
    jo_kt(o, "words", all->item[i].words);
    jo_key(o, "rule");
    if (all->item[i].policy_value.n > 0) {
        jo_open(o);
        jo_kt(o, "key", all->item[i].s.policy);
        jo_kt(o, "value", all->item[i].policy_value);
        jo_kt(o, "meaning", all->item[i].policy_meaning);
        jo_kat(o, "from", all->item[i].policy_from_ms);
        jo_close(o);
    } else {
        jo_null(o);
    }
    jo_kn(o, "used", all->item[i].used);
    jo_close(o);
}

static struct reply get_fitting(struct request *rq)
{
    struct solutions all;
    int64_t id;
    if (!id_parse(rq->segment[0], &id))
        return refused(SOLUTION_NOT_FOUND);
    enum solution_answer answer = solutions_for(rq->room, rq->arena, rq->actor, id, rq->query(rq, "order"), &all);
    if (answer != SOLUTION_OK)
        return refused(answer);
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "scene");
    jo_open(&o);
    jo_kt(&o, "intent", all.scene.intent);
    jo_kt(&o, "emotion", all.scene.emotion);
    jo_kt(&o, "status", all.scene.status);
    jo_kt(&o, "case", all.scene.case_state);
    jo_close(&o);
    jo_kt(&o, "order_id", all.order_id);
    jo_key(&o, "case_id");
    if (all.case_id != 0)
        jo_text(&o, str_fmt(rq->arena, "%lld", (long long)all.case_id));
    else
        jo_null(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < all.n; i++)
        write_fitting(&o, &all, i);
    jo_array_end(&o);
    jo_close(&o);
    return reply_json(&b);
}

static const shape used_body = {
    {.name = "offered", .type = FIELD_TEXT, .required = true, .max = SOLUTION_LIST_MOST,
     .help = "Ids as they stood on the screen, joined by commas."},
    {.name = "intent", .type = FIELD_TEXT, .max = 64, .help = "Of the scene."},
    {.name = "emotion", .type = FIELD_TEXT, .max = 16, .help = "Of the scene."},
    {0},
};

static struct reply post_used(struct request *rq)
{
    struct solution_use use = {.solution_id = rq->segment[1], .offered = json_str(rq->body, "offered"),
                               .intent = json_str(rq->body, "intent"), .emotion = json_str(rq->body, "emotion"),
                               .at_ms = rq->now_ms};
    if (!id_parse(rq->segment[0], &use.conversation_id) || use.solution_id.n > SOLUTION_ID_MOST)
        return refused(SOLUTION_NOT_FOUND);
    enum solution_answer answer = solution_used(rq->room, rq->actor, &use);
    return answer == SOLUTION_OK ? reply_status(204) : refused(answer);
}

/* ---- the table -------------------------------------------------------------------------------------------------- */

static const shape table_gives = {
    {.name = "items", .type = FIELD_ARRAY, .help = "All solutions of the shop, with their uses of 30 days."},
    {0},
};

static void write_row(struct json_out *o, const struct solution *s, int64_t used, int64_t first)
{
    jo_open(o);
    jo_kt(o, "id", s->id);
    solution_write(o, s);
    jo_kb(o, "off", s->off);
    jo_kb(o, "own", s->own);
    jo_kn(o, "version", s->version);
    jo_kn(o, "used", used);
    jo_kn(o, "used_first", first);
    jo_close(o);
}

static struct reply get_table(struct request *rq)
{
    struct solution *rows;
    struct solution_figure *figures;
    size_t n, figure_count;
    if (solutions_all(rq->room, rq->arena, rq->actor, &rows, &n, &figures, &figure_count) != SOLUTION_OK)
        return reply_fault();
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < n; i++) {
        struct solution_figure of = {0};
        for (size_t k = 0; k < figure_count; k++) {
            if (str_eq(figures[k].solution_id, rows[i].id))
                of = figures[k];
        }
        write_row(&o, &rows[i], of.used, of.first);
    }
    jo_array_end(&o);
    jo_close(&o);
    return reply_json(&b);
}

static const shape save_body = {
    {.name = "intents", .type = FIELD_TEXT, .max = SOLUTION_LIST_MOST, .help = "Intent ids joined by |; empty: any."},
    {.name = "statuses", .type = FIELD_TEXT, .max = SOLUTION_LIST_MOST, .help = "Order statuses, and none."},
    {.name = "cases", .type = FIELD_TEXT, .max = SOLUTION_LIST_MOST, .help = "Case states, open, none."},
    {.name = "emotions", .type = FIELD_TEXT, .max = SOLUTION_LIST_MOST, .help = "angry|anxious|sad|neutral|happy."},
    {.name = "kind", .type = FIELD_CHOICE, .required = true, .choices = "action|case|reply|work_order|agreement",
     .help = "What is to be done."},
    {.name = "what", .type = FIELD_TEXT, .max = 64, .help = "Action, case event or team."},
    {.name = "args", .type = FIELD_TEXT, .max = SOLUTION_TEXT_MOST, .help = "JSON object: what is filled in."},
    {.name = "policy", .type = FIELD_TEXT, .max = 64, .help = "Key of the rule it goes by."},
    {.name = "weight", .type = FIELD_INT, .min = 0, .max = 100, .help = "Among those that fit equally closely."},
    {.name = "title", .type = FIELD_TEXT, .required = true, .min = 1, .max = 60, .help = "What to do."},
    {.name = "why", .type = FIELD_TEXT, .max = 200, .help = "Why it fits."},
    {.name = "text", .type = FIELD_TEXT, .max = SOLUTION_TEXT_MOST, .help = "Words for the buyer, with {order} and so on."},
    {.name = "off", .type = FIELD_BOOL, .help = "Not proposed."},
    {.name = "version", .type = FIELD_INT, .min = 0, .max = INT32_MAX, .required = true,
     .help = "That was read; 0 for one that ships or a new one."},
    {0},
};

static struct reply put_row(struct request *rq)
{
    struct solution s;
    const char *why;
    _cleanup_(json_donep) json_t *body = json_copy((json_t *)(uintptr_t)rq->body);
    struct str id = rq->segment[0];
    if (body == NULL || json_object_set_new(body, "id", json_stringn(id.p, id.n)) != 0)
        return reply_fault();
    if (!solution_read(body, &s, &why))
        return reply_problem(422, "bad_solution", why);
    s.id = id;
    s.off = json_flag(rq->body, "off", false);
    s.version = json_int(rq->body, "version", 0);
    enum solution_answer answer = solution_save(rq->room, rq->actor, &s, rq->now_ms);
    if (answer != SOLUTION_OK)
        return refused(answer);
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    write_row(&o, &s, 0, 0);
    return reply_json(&b);
}

static struct reply delete_row(struct request *rq)
{
    enum solution_answer answer = solution_drop(rq->room, rq->actor, rq->segment[0]);
    return answer == SOLUTION_OK ? reply_status(204) : refused(answer);
}

const struct route solution_routes[] = {
    {METHOD_GET, "/api/v1/conversations/:id/solutions", get_fitting, .needs = ROLES_DESK | ROLE_STAFF, .query = fit_query,
     .gives = fit_gives, .tag = "Solutions", .help = "What may best be done about the buyer's problem, best first."},
    {METHOD_POST, "/api/v1/conversations/:id/solutions/:solution/used", post_used, .needs = ROLES_DESK | ROLE_STAFF,
     .body = used_body, .tag = "Solutions", .help = "Notes which one was taken."},
    {METHOD_GET, "/api/v1/solutions", get_table, .needs = ROLES_PEOPLE, .gives = table_gives, .tag = "Solutions",
     .help = "The shop's table of scenarios and solutions."},
    {METHOD_PUT, "/api/v1/solutions/:id", put_row, .needs = ROLE_LEADER | ROLE_OWNER | ROLE_TRAINER, .body = save_body,
     .tag = "Solutions", .help = "Adds or changes a solution."},
    {METHOD_DELETE, "/api/v1/solutions/:id", delete_row, .needs = ROLE_LEADER | ROLE_OWNER | ROLE_TRAINER,
     .tag = "Solutions", .help = "Deletes a shop's own; one that ships is again as it ships."},
};
const size_t solution_route_count = COUNT(solution_routes);
