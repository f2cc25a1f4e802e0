/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routing: rows that say each rule, and thousands of chance cases held against the plainest program for the same rules.
 */
#include "desk/routing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"

static const struct str skill_names[] = {STR("presale"), STR("aftersale"), STR("logistics"), STR("urgent")};
static const struct str language_names[] = {STR("zh"), STR("en"), STR("ja")};

/* ---- rows ------------------------------------------------------------------------------------------------- */

#define AGENTS 4
#define CONTACTS 4

static const struct routing_skill presale[] = {
    {{"presale", 7}, 0}, {{"presale", 7}, 1}, {{"presale", 7}, 2}, {{"presale", 7}, 3}, {{"presale", 7}, 4},
    {{"presale", 7}, 5},
};
static const struct str zh[] = {{"zh", 2}};
static const struct str en[] = {{"en", 2}};

/* "12 34": contact 1 to agent 2, then contact 3 to agent 4. */
static const struct {
    const char *name;
    struct routing_agent agents[AGENTS];
    struct routing_contact contacts[CONTACTS];
    const char *want;
} rows[] = {
#define PRESALE(level)   .skills = &presale[level], .skill_count = 1
#define SPEAKS(language) .languages = language, .language_count = 1
    {"the longest waiting is first, the least busy gets it",
     {{.id = 1, .online = true, .load = 1, .cap = 3}, {.id = 2, .online = true, .cap = 3}},
     {{.conversation_id = 1, .queued_ms = 20}, {.conversation_id = 2, .queued_ms = 10}}, "22 11"},
    {"the share of the cap counts, not the number",
     {{.id = 1, .online = true, .load = 1, .cap = 2}, {.id = 2, .online = true, .load = 2, .cap = 5}},
     {{.conversation_id = 1, .queued_ms = 1}}, "12"},
    {"returned before urgent before old",
     {{.id = 1, .online = true, .cap = 9}},
     {{.conversation_id = 1, .queued_ms = 1}, {.conversation_id = 2, .queued_ms = 9, .urgent = true},
      {.conversation_id = 3, .queued_ms = 99, .front = true}}, "31 21 11"},
    {"nobody above the cap",
     {{.id = 1, .online = true, .load = 2, .cap = 3}},
     {{.conversation_id = 1, .queued_ms = 1}, {.conversation_id = 2, .queued_ms = 2}}, "11"},
    {"nobody who is not online",
     {{.id = 1, .online = false, .cap = 3}}, {{.conversation_id = 1, .queued_ms = 1}}, ""},
    {"only who has the skill, and it holds up no other group",
     {{.id = 1, .online = true, .cap = 3, PRESALE(3)}},
     {{.conversation_id = 1, .queued_ms = 1, .skill = STR("aftersale")},
      {.conversation_id = 2, .queued_ms = 2, .skill = STR("presale")}}, "21"},
    {"no skill wanted: anybody",
     {{.id = 1, .online = true, .cap = 3, PRESALE(3)}}, {{.conversation_id = 1, .queued_ms = 1}}, "11"},
    {"the higher level",
     {{.id = 1, .online = true, .cap = 3, PRESALE(3)}, {.id = 2, .online = true, .cap = 3, PRESALE(5)}},
     {{.conversation_id = 1, .queued_ms = 1, .skill = STR("presale")}}, "12"},
    {"the longest idle",
     {{.id = 1, .online = true, .cap = 3, .free_ms = 9}, {.id = 2, .online = true, .cap = 3, .free_ms = 5}},
     {{.conversation_id = 1, .queued_ms = 1}}, "12"},
    {"the language before the load",
     {{.id = 1, .online = true, .cap = 3}, {.id = 2, .online = true, .load = 2, .cap = 3, SPEAKS(en)}},
     {{.conversation_id = 1, .queued_ms = 1, .language = STR("en")},
      {.conversation_id = 2, .queued_ms = 2, .language = STR("en")}}, "12 21"},
    {"English for who speaks neither, before the load",
     {{.id = 1, .online = true, .cap = 3, SPEAKS(zh)}, {.id = 2, .online = true, .load = 2, .cap = 3, SPEAKS(en)}},
     {{.conversation_id = 1, .queued_ms = 1, .language = STR("de")}}, "12"},
    {"but not for Chinese",
     {{.id = 1, .online = true, .cap = 3}, {.id = 2, .online = true, .load = 2, .cap = 3, SPEAKS(en)}},
     {{.conversation_id = 1, .queued_ms = 1, .language = STR("zh")}}, "11"},
    {"the last agent before all",
     {{.id = 1, .online = true, .cap = 3, SPEAKS(zh)}, {.id = 2, .online = true, .load = 2, .cap = 3}},
     {{.conversation_id = 1, .queued_ms = 1, .language = STR("zh"), .last_agent_id = 2}}, "12"},
    {"but not over the cap",
     {{.id = 1, .online = true, .cap = 3}, {.id = 2, .online = true, .load = 3, .cap = 3}},
     {{.conversation_id = 1, .queued_ms = 1, .last_agent_id = 2}}, "11"},
    {"nor without the skill",
     {{.id = 1, .online = true, .cap = 3, PRESALE(1)}, {.id = 2, .online = true, .cap = 3}},
     {{.conversation_id = 1, .queued_ms = 1, .skill = STR("presale"), .last_agent_id = 2}}, "11"},
    {"nor when gone", {{.id = 1, .online = true, .cap = 1}},
     {{.conversation_id = 1, .queued_ms = 1, .last_agent_id = 7}}, "11"},
    {"nobody at all", {{0}}, {{.conversation_id = 1, .queued_ms = 1}}, ""},
#undef PRESALE
#undef SPEAKS
};

static void each_rule_is_kept(void **state)
{
    (void)state;
    struct arena a = {0};
    int failed = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t contacts = 0;
        size_t agents = 0;
        while (contacts < CONTACTS && rows[i].contacts[contacts].conversation_id != 0)
            contacts++;
        while (agents < AGENTS && rows[i].agents[agents].id != 0)
            agents++;
        struct routing_assignment *made;
        size_t n = routing_assign(&a, rows[i].contacts, contacts, rows[i].agents, agents, &made);
        struct buf b = {.arena = &a};
        for (size_t k = 0; k < n; k++)
            buf_printf(&b, "%s%lld%lld", k > 0 ? " " : "", (long long)made[k].contact->conversation_id,
                       (long long)made[k].agent->id);
        if (str_eq_c(buf_view(&b), rows[i].want))
            continue;
        print_error("[%s] \"%.*s\", want \"%s\"\n", rows[i].name, STR_ARG(buf_view(&b)), rows[i].want);
        failed++;
    }
    arena_done(&a);
    assert_int_equal(failed, 0);
}

/* ---- chance against the oracle ---------------------------------------------------------------------------- */

static uint64_t seed = 88172645463325252ull;

static int chance(int n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (int)(seed % (uint64_t)n);
}

struct world {
    struct routing_agent *agents;
    struct routing_contact *contacts;
    size_t agent_count, contact_count;
};

static struct routing_agent chance_agent(struct arena *a, int64_t id)
{
    struct routing_skill *skills = arena_array(a, struct routing_skill, COUNT(skill_names));
    struct str *languages = arena_array(a, struct str, COUNT(language_names));
    struct routing_agent g = {.id = id, .online = chance(5) > 0, .cap = chance(6), .skills = skills,
                              .languages = languages, .free_ms = chance(4)};
    g.load = chance(g.cap + 1);
    for (size_t i = 0; i < COUNT(skill_names); i++) {
        if (chance(2) == 0)
            skills[g.skill_count++] = (struct routing_skill){skill_names[i], 1 + chance(3)};
    }
    for (size_t i = 0; i < COUNT(language_names); i++) {
        if (chance(3) == 0)
            languages[g.language_count++] = language_names[i];
    }
    return g;
}

static struct world chance_world(struct arena *a, int most_agents, int most_contacts)
{
    struct world w = {.agent_count = (size_t)chance(most_agents + 1), .contact_count = (size_t)chance(most_contacts + 1)};
    w.agents = arena_array(a, struct routing_agent, w.agent_count);
    w.contacts = arena_array(a, struct routing_contact, w.contact_count);
    for (size_t i = 0; i < w.agent_count; i++)
        w.agents[i] = chance_agent(a, (int64_t)(w.agent_count - i));
    for (size_t i = 0; i < w.contact_count; i++) {
        int skill = chance(6);
        w.contacts[i] = (struct routing_contact){
            .conversation_id = (int64_t)i + 1,
            .skill = skill < 4 ? skill_names[skill] : skill == 4 ? STR_NONE : STR("nobody has it"),
            .language = language_names[chance(3)],
            .queued_ms = chance(10),
            .front = chance(8) == 0,
            .urgent = chance(5) == 0,
            .last_agent_id = chance(3) == 0 ? chance((int)w.agent_count + 2) : 0};
    }
    return w;
}

/* The rules of the header, one after the other, without any thought of speed. */
static int oracle_level(const struct routing_agent *g, struct str skill)
{
    if (skill.n == 0)
        return 0;
    for (size_t i = 0; i < g->skill_count; i++) {
        if (str_eq(g->skills[i].name, skill))
            return g->skills[i].level;
    }
    return -1;
}

static bool oracle_speaks(const struct routing_agent *g, struct str language)
{
    for (size_t i = 0; i < g->language_count; i++) {
        if (str_eq(g->languages[i], language))
            return true;
    }
    return false;
}

static bool oracle_better(const struct routing_agent *x, int x_load, const struct routing_agent *y, int y_load,
                          const struct routing_contact *c)
{
    bool x_last = x->id == c->last_agent_id;
    bool y_last = y->id == c->last_agent_id;
    if (x_last != y_last)
        return x_last;
    if (oracle_speaks(x, c->language) != oracle_speaks(y, c->language))
        return oracle_speaks(x, c->language);
    if (c->language.n > 0 && !str_eq_c(c->language, "zh") && oracle_speaks(x, STR("en")) != oracle_speaks(y, STR("en")) &&
        !oracle_speaks(x, c->language))
        return oracle_speaks(x, STR("en"));
    if (x_load * y->cap != y_load * x->cap)
        return x_load * y->cap < y_load * x->cap;
    if (oracle_level(x, c->skill) != oracle_level(y, c->skill))
        return oracle_level(x, c->skill) > oracle_level(y, c->skill);
    if (x->free_ms != y->free_ms)
        return x->free_ms < y->free_ms;
    return x->id < y->id;
}

static int by_order(const void *x, const void *y)
{
    const struct routing_contact *const *a = x;
    const struct routing_contact *const *b = y;
    return routing_before(*a, *b) ? -1 : routing_before(*b, *a) ? 1 : 0;
}

static size_t oracle(struct arena *a, const struct world *w, int64_t (*ret)[2])
{
    const struct routing_contact **order = arena_array(a, const struct routing_contact *, w->contact_count);
    int *load = arena_array(a, int, w->agent_count);
    size_t n = 0;
    for (size_t i = 0; i < w->contact_count; i++)
        order[i] = &w->contacts[i];
    for (size_t i = 0; i < w->agent_count; i++)
        load[i] = w->agents[i].load;
    if (w->contact_count > 0)
        qsort(order, w->contact_count, sizeof(*order), by_order);
    for (size_t i = 0; i < w->contact_count; i++) {
        size_t best = SIZE_MAX;
        for (size_t k = 0; k < w->agent_count; k++) {
            const struct routing_agent *g = &w->agents[k];
            if (!g->online || load[k] >= g->cap || oracle_level(g, order[i]->skill) < 0)
                continue;
            if (best == SIZE_MAX || oracle_better(g, load[k], &w->agents[best], load[best], order[i]))
                best = k;
        }
        if (best == SIZE_MAX)
            continue;
        load[best]++;
        ret[n][0] = order[i]->conversation_id;
        ret[n++][1] = w->agents[best].id;
    }
    return n;
}

static bool same_as_oracle(struct arena *a, const struct world *w)
{
    int64_t(*want)[2] = arena_alloc(a, sizeof(int64_t[2]) * (w->contact_count + 1));
    struct routing_assignment *made;
    size_t n = routing_assign(a, w->contacts, w->contact_count, w->agents, w->agent_count, &made);
    bool same = n == oracle(a, w, want);
    for (size_t i = 0; same && i < n; i++)
        same = made[i].contact->conversation_id == want[i][0] && made[i].agent->id == want[i][1];
    return same;
}

static void chance_cases_agree_with_the_plainest_program(void **state)
{
    (void)state;
    struct arena a = {0};
    int failed = 0;
    for (int i = 0; i < 20000 && failed < 5; i++) {
        uint64_t began = seed;
        struct world w = i < 15000 ? chance_world(&a, 6, 12) : chance_world(&a, 25, 120);
        if (!same_as_oracle(&a, &w)) {
            print_error("[case %d] seed %llu: %zu agents, %zu contacts\n", i, (unsigned long long)began, w.agent_count,
                        w.contact_count);
            failed++;
        }
        arena_reset(&a);
    }
    arena_done(&a);
    assert_int_equal(failed, 0);
}

static int64_t fastest_us(const struct world *w, size_t *ret_n)
{
    int64_t best_us = INT64_MAX;
    for (int i = 0; i < 20; i++) {
        struct arena run = {0};
        struct routing_assignment *made;
        int64_t began = clock_mono_us();
        *ret_n = routing_assign(&run, w->contacts, w->contact_count, w->agents, w->agent_count, &made);
        best_us = MIN(best_us, clock_mono_us() - began);
        arena_done(&run);
    }
    return best_us;
}

static void a_full_hall_is_routed_within_a_millisecond(void **state)
{
    (void)state;
    struct arena a = {0};
    struct world w = {.agent_count = 500, .contact_count = 10000};
    w.agents = arena_array(&a, struct routing_agent, w.agent_count);
    w.contacts = arena_array(&a, struct routing_contact, w.contact_count);
    for (size_t i = 0; i < w.agent_count; i++) {
        w.agents[i] = chance_agent(&a, (int64_t)i + 1);
        w.agents[i].online = true;
        w.agents[i].cap = 5;
        w.agents[i].load = chance(10) == 0 ? 4 : 5; /* some 50 slots, as after a moment of work */
    }
    for (size_t i = 0; i < w.contact_count; i++)
        w.contacts[i] = (struct routing_contact){.conversation_id = (int64_t)i + 1, .skill = skill_names[chance(4)],
                                                 .language = language_names[chance(2)], .queued_ms = chance(1000000),
                                                 .urgent = chance(50) == 0, .last_agent_id = chance(500)};
    size_t n;
    int64_t few_us = fastest_us(&w, &n);
    print_message("500 agents, 10,000 waiting, %zu assigned: %lld us\n", n, (long long)few_us);
    for (size_t i = 0; i < w.agent_count; i++)
        w.agents[i].load = 0;
    int64_t all_us = fastest_us(&w, &n);
    print_message("the same with every place free, %zu assigned: %lld us\n", n, (long long)all_us);
    arena_done(&a);
#ifndef SANITIZED
    assert_true(few_us < 1000);
    assert_true(all_us < 5000);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_is_kept),
        cmocka_unit_test(chance_cases_agree_with_the_plainest_program),
        cmocka_unit_test(a_full_hall_is_routed_within_a_millisecond),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
