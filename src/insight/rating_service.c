/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ratings as a use case. The first one leaves a line in the conversation, so that whoever reads it later sees that
 * service ended there; what was said in it is not repeated to the agent.
 */
#include "insight/rating_service.h"

#include "base/texts.h"
#include "desk/desk_service.h"
#include "insight/rating_store.h"

struct giving {
    struct arena arena;
    const struct rating_of *of;
    struct rating rating;
    struct change change;
    /* feedback */
    int64_t seq;
    bool helpful;
    struct str reason;
};

static enum rating_answer load(struct tx *tx, struct giving *g)
{
    g->change = (struct change){.arena = &g->arena, .tenant_id = g->of->tenant_id, .now_ms = g->of->now_ms};
    enum chat_answer answer = change_load(tx, &g->change, g->of->conversation_id);
    if (answer == CHAT_NOT_FOUND || (answer == CHAT_OK && g->change.conversation.contact_id != g->of->contact_id))
        return RATING_NOT_FOUND;
    return answer == CHAT_OK ? RATING_OK : RATING_FAULT;
}

static int give(struct tx *tx, void *arg)
{
    struct giving *g = arg;
    struct rating before = {0};
    const struct conversation *c = &g->change.conversation;
    enum rating_answer answer = load(tx, g);
    if (answer != RATING_OK)
        return answer;
    answer = rating_get(tx, &g->arena, c->tenant_id, c->id, &before);
    if (answer == RATING_FAULT)
        return RATING_FAULT;
    bool first = answer == RATING_NOT_FOUND;
    answer = rating_may(c->closed_ms, before.first_ms, g->of->now_ms);
    if (answer != RATING_OK)
        return answer;

    int64_t served_by = rating_served_by(tx, c->tenant_id, c->id);
    if (served_by < 0)
        return RATING_FAULT;
    rating_about(&g->rating, served_by != 0 ? served_by : c->agent_id, c->bot_version);
    g->rating.first_ms = first ? g->of->now_ms : before.first_ms;
    g->rating.at_ms = g->of->now_ms;
    if (rating_put(tx, c->tenant_id, c->id, c->contact_id, &g->rating) != RATING_OK)
        return RATING_FAULT;
    if (!first)
        return RATING_OK;
    (void)change_system(&g->change, "rated", texts_get(c->language, "insight.rated"));
    return change_save(tx, &g->change) == CHAT_OK ? RATING_OK : RATING_FAULT;
}

enum rating_answer rating_give(struct store *store, struct live *live, const struct rating_of *of,
                               const struct rating *r)
{
    struct giving g = {.of = of, .rating = *r};
    enum rating_answer answer = (enum rating_answer)store_write(store, give, &g);
    if (answer == RATING_OK && g.change.said.n > 0)
        live_publish(live, &g.change);
    if (answer == RATING_OK)
        live_tell_inbox(live, of->tenant_id, of->conversation_id);
    arena_done(&g.arena);
    return answer;
}

static int thumb(struct tx *tx, void *arg)
{
    struct giving *g = arg;
    struct str author;
    enum rating_answer answer = load(tx, g);
    if (answer == RATING_OK)
        answer = rating_author_of(tx, &g->arena, g->of->tenant_id, g->of->conversation_id, g->seq, &author);
    if (answer != RATING_OK)
        return answer;
    if (!str_eq_c(author, "bot"))
        return RATING_BAD;
    return feedback_put(tx, g->of->tenant_id, g->of->conversation_id, g->seq, g->helpful, g->reason, g->of->now_ms);
}

enum rating_answer feedback_give(struct store *store, const struct rating_of *of, int64_t seq, bool helpful,
                                 struct str reason)
{
    struct giving g = {.of = of, .seq = seq, .helpful = helpful, .reason = reason};
    enum rating_answer answer = (enum rating_answer)store_write(store, thumb, &g);
    arena_done(&g.arena);
    return answer;
}

struct asking {
    struct arena *arena;
    int64_t tenant_id, conversation_id;
    struct rating rating;
};

static int find(struct tx *tx, void *arg)
{
    struct asking *w = arg;
    return rating_get(tx, w->arena, w->tenant_id, w->conversation_id, &w->rating);
}

bool rating_is_rated(void *room, struct arena *a, int64_t tenant_id, int64_t conversation_id)
{
    const struct desk_room *r = room;
    struct asking w = {.arena = a, .tenant_id = tenant_id, .conversation_id = conversation_id};
    return store_read(r->store, find, &w) == RATING_OK;
}
