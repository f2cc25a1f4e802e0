/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Survey: items become groups, groups become figures.
 *
 * How          All items of SURVEY_DAYS are read, oldest first; those with a group are put into it, those without into
 *              the nearest one, or into a new one (knowledge/likeness.h): so items that come one after the other give the
 *              same groups whether they are looked at every day or once. What is new is stored; an item that falls into a group that was ignored as
 *              a whole is ignored, too.
 */
#include <stdlib.h>

#include "account/shop.h"
#include "base/id.h"
#include "bot/bot_private.h"
#include "bot/survey.h"
#include "knowledge/answer_day.h"
#include "knowledge/learning_store.h"
#include "knowledge/likeness.h"
#include "knowledge/masking.h"

#define WEEK_MS   (7 * DAY_MS)
#define THUMBS_MS (14 * DAY_MS)
#define CANDIDATES 3

/** A group while it is being looked at. */
struct pile {
    struct survey_group shown;
    bool any_open, any_ignored, any; /* of its members, as stored */
    double nearest;                  /* likeness of shown.best to the middle */
};

struct work_of_survey {
    struct bot *bot;
    struct arena *a;
    int64_t tenant_id, now_ms;
    enum learning_state state;
    struct thumbed *thumbs;
    size_t thumb_count;
    struct learning_item *items;
    size_t n;
    struct wording *wordings;   /* by item */
    uint32_t *pile_of;          /* by item */
    bool *fresh;                /* by item: it had no group */
    struct groups *groups;
    ARRAY(struct pile) piles;   /* by number of the group in `groups` */
    bool any_fresh;
};

/* ---- thumbs ---------------------------------------------------------------------------------------------------------- */

static int read_thumbs(struct tx *tx, void *arg)
{
    struct work_of_survey *w = arg;
    return learning_thumbed(tx, w->a, w->tenant_id, w->now_ms - THUMBS_MS, &w->thumbs, &w->thumb_count);
}

static int keep_thumbs(struct tx *tx, void *arg)
{
    struct work_of_survey *w = arg;
    for (size_t i = 0; i < w->thumb_count; i++) {
        const struct thumbed *t = &w->thumbs[i];
        const struct json_node *input = learning_heard(w->a, t);
        struct str intent = json_doc_str(input, "intent");
        const struct learning_item item = {
            .conversation_id = t->conversation_id,
            .seq = t->seq,
            .at_ms = t->at_ms,
            .text = masked(w->a, t->text),
            .language = t->language,
            .reason = LEARNING_THUMBED,
            .intent = intent.n > 0 ? intent : STR("unclear"),
            .confidence = json_doc_num(input, "confidence", 0),
            .entry = json_doc_str(input, "knowledge"),
            .match = json_doc_num(input, "match", 0),
        };
        if (learning_add(tx, w->tenant_id, &item) != STORE_OK)
            return STORE_FAULT;
    }
    return STORE_OK;
}

/* ---- groups ---------------------------------------------------------------------------------------------------------- */

static int read_items(struct tx *tx, void *arg)
{
    struct work_of_survey *w = arg;
    return learning_recent(tx, w->a, w->tenant_id, id_new(w->now_ms - SURVEY_DAYS * DAY_MS), SURVEY_ITEMS, &w->items,
                           &w->n);
}

/** The pile of a stored group id; a new one when it is seen for the first time. */
struct known {
    int64_t id;
    uint32_t pile;
};

static uint32_t open_pile(struct work_of_survey *w, int64_t id)
{
    *array_push(w->a, &w->piles) = (struct pile){.shown = {.id = id}};
    return groups_open(w->groups);
}

static uint32_t pile_of_id(struct work_of_survey *w, struct known *table, size_t size, int64_t id)
{
    size_t at = (size_t)(((uint64_t)id * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & (size - 1);
    while (table[at].id != 0 && table[at].id != id)
        at = (at + 1) & (size - 1);
    if (table[at].id == 0)
        table[at] = (struct known){id, open_pile(w, id)};
    return table[at].pile;
}

static void note_member(struct pile *p, enum learning_state state)
{
    p->any = true;
    p->any_open |= state != LEARNING_IGNORED;
    p->any_ignored |= state == LEARNING_IGNORED;
}

/** Puts every item on a pile, in their order: stored groups first, so that what is new finds them whole. */
static void make_piles(struct work_of_survey *w)
{
    struct arena scratch = {0};
    size_t size = 64;
    while (size < 2 * w->n)
        size *= 2;
    struct known *table = arena_array(&scratch, struct known, size);
    int64_t next_id = id_new(w->now_ms);
    for (size_t i = 0; i < w->n; i++) {
        w->wordings[i] = wording_of(w->a, w->items[i].text);
        w->fresh[i] = w->items[i].group_id == 0;
        w->any_fresh |= w->fresh[i];
        if (w->fresh[i])
            continue;
        w->pile_of[i] = pile_of_id(w, table, size, w->items[i].group_id);
        groups_add(w->groups, w->pile_of[i], &w->wordings[i]);
        note_member(&w->piles.v[w->pile_of[i]], w->items[i].state);
    }
    for (size_t i = 0; i < w->n; i++) {
        struct learning_item *item = &w->items[i];
        if (!w->fresh[i])
            continue;
        uint32_t pile = groups_find(w->groups, &w->wordings[i]);
        if (pile == GROUPS_NONE) {
            pile = open_pile(w, next_id);
            next_id += 2; /* ids are odd */
        }
        struct pile *p = &w->piles.v[pile];
        if (p->any && !p->any_open && item->state == LEARNING_OPEN)
            item->state = LEARNING_IGNORED;
        note_member(p, item->state);
        groups_add(w->groups, pile, &w->wordings[i]);
        w->pile_of[i] = pile;
        item->group_id = p->shown.id;
    }
    arena_done(&scratch);
}

static int keep_groups(struct tx *tx, void *arg)
{
    struct work_of_survey *w = arg;
    for (size_t i = 0; i < w->n; i++)
        if (w->fresh[i] &&
            learning_group(tx, w->tenant_id, &w->items[i], w->items[i].group_id, w->items[i].state) != STORE_OK)
            return STORE_FAULT;
    return STORE_OK;
}

/* ---- figures --------------------------------------------------------------------------------------------------------- */

static void add_example(struct survey_group *g, struct str text)
{
    for (size_t i = 0; i < g->example_count; i++)
        if (str_eq(g->examples[i], text))
            return;
    if (g->example_count < SURVEY_EXAMPLES)
        g->examples[g->example_count++] = text;
}

/** Newest first, so that examples are. */
static void count_items(struct work_of_survey *w)
{
    for (size_t i = w->n; i-- > 0;) {
        const struct learning_item *item = &w->items[i];
        struct pile *p = &w->piles.v[w->pile_of[i]];
        struct survey_group *g = &p->shown;
        if (item->state != w->state)
            continue;
        int64_t age_ms = w->now_ms - item->at_ms;
        double likeness = groups_likeness(w->groups, w->pile_of[i], &w->wordings[i]);
        bool shorter = g->best != NULL && likeness >= p->nearest && item->text.n < g->best->text.n;
        if (g->best == NULL || likeness > p->nearest || shorter) {
            g->best = item;
            p->nearest = likeness;
        }
        g->size++;
        g->this_week += age_ms < WEEK_MS;
        g->last_week += age_ms >= WEEK_MS && age_ms < 2 * WEEK_MS;
        g->by_reason[item->reason]++;
        g->first_ms = g->size == 1 ? item->at_ms : MIN(g->first_ms, item->at_ms);
        g->last_ms = MAX(g->last_ms, item->at_ms);
        if (item->corrected.n > 0 && g->corrected.n == 0)
            g->corrected = item->corrected; /* the newest word on it */
        add_example(g, item->text);
    }
}

static int by_size(const void *x, const void *y)
{
    const struct survey_group *a = x, *b = y;
    if (a->size != b->size)
        return a->size < b->size ? 1 : -1;
    if (a->last_ms != b->last_ms)
        return a->last_ms < b->last_ms ? 1 : -1;
    return (a->id > b->id) - (a->id < b->id);
}

struct holding {
    struct bot *bot;
    int64_t tenant_id;
    const struct knowledge_base *base;
};

static int hold_base(struct tx *tx, void *arg)
{
    struct holding *h = arg;
    h->base = knowledge_hold(h->bot->parts.knowledge, tx, h->tenant_id);
    return h->base != NULL ? STORE_OK : STORE_FAULT;
}

/** What the bot would make of the group's text now. */
static void hear_group(struct work_of_survey *w, const struct ear *ear, const struct knowledge_base *base,
                       struct survey_group *g)
{
    struct understanding u;
    struct knowledge_candidate near[CANDIDATES];
    const struct knowledge_context ctx = {.now_ms = w->now_ms};
    if (ear_understand(ear, w->a, g->best->text, g->best->language, &u) && u.best_count > 0) {
        g->intent = str_dup(w->a, u.best[0].intent);
        g->confidence = u.best[0].confidence;
        g->sure = u.sure;
    }
    if (knowledge_candidates(base, w->a, g->best->text, &ctx, near, COUNT(near)) > 0) {
        g->entry = str_dup(w->a, near[0].entry->id);
        g->entry_question = str_dup(w->a, near[0].entry->question);
        g->match = near[0].match;
    }
}

static int show_groups(struct work_of_survey *w, size_t most, struct survey *ret)
{
    struct survey_group *shown = arena_array(w->a, struct survey_group, w->piles.n + 1);
    struct answer_counts counts;
    struct shop shop;
    struct holding h = {.bot = w->bot, .tenant_id = w->tenant_id};
    *ret = (struct survey){.groups = shown};
    for (size_t i = 0; i < w->piles.n; i++) {
        if (w->piles.v[i].shown.size == 0)
            continue;
        shown[ret->all++] = w->piles.v[i].shown;
        ret->items += w->piles.v[i].shown.size;
    }
    qsort(shown, ret->all, sizeof(*shown), by_size);
    ret->n = MIN(most, ret->all);
    struct store *store = w->bot->parts.store;
    if (answer_counts_read(store, w->a, w->tenant_id, ANSWER_DAYS, w->now_ms, &counts) != STORE_OK ||
        shop_of(store, w->a, w->tenant_id, &shop) != ACCOUNT_OK || store_read(store, hold_base, &h) != STORE_OK)
        return STORE_FAULT;
    ret->turns = answer_count_of(&counts, STR_NONE).hits;
    struct ear ear = bot_ear(w->bot, &shop, 0);
    for (size_t i = 0; i < ret->n; i++) {
        hear_group(w, &ear, h.base, &shown[i]);
        int64_t lately = shown[i].this_week + shown[i].last_week;
        shown[i].gain = ret->turns > 0 ? (double)MIN(lately, ret->turns) / (double)ret->turns : 0;
    }
    bot_ear_done(w->bot, &ear);
    knowledge_release(w->bot->parts.knowledge, h.base);
    return STORE_OK;
}

int survey_read(struct bot *bot, struct arena *a, int64_t tenant_id, enum learning_state state, size_t most,
                int64_t now_ms, struct survey *ret)
{
    struct work_of_survey w = {.bot = bot, .a = a, .tenant_id = tenant_id, .now_ms = now_ms, .state = state};
    struct store *store = bot->parts.store;
    if (store_read(store, read_thumbs, &w) != STORE_OK ||
        (w.thumb_count > 0 && store_write(store, keep_thumbs, &w) != STORE_OK) ||
        store_read(store, read_items, &w) != STORE_OK)
        return STORE_FAULT;
    w.wordings = arena_array(a, struct wording, w.n + 1);
    w.pile_of = arena_array(a, uint32_t, w.n + 1);
    w.fresh = arena_array(a, bool, w.n + 1);
    w.groups = groups_new();
    make_piles(&w);
    int rc = w.any_fresh ? store_write(store, keep_groups, &w) : STORE_OK;
    if (rc == STORE_OK) {
        count_items(&w);
        rc = show_groups(&w, most, ret);
    }
    groups_free(w.groups);
    return rc;
}
