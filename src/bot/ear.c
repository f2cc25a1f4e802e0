/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ears: a snapshot a shop of the versions in use, by catalog version (base/snapshot.h).
 *
 * How          The catalog version rises with every release, and with every import; then the set is built anew from the
 *              shop's rows. What both sets use is loaded once and counted by its holders.
 * Invariants   1. A set is whole: every version in it was loaded, checked, and is of the bytes that its row names.
 *              2. A shop without versions costs a turn one lock and no statement.
 * Threads      Any. The list of what is loaded is guarded by lock; loading is outside of it.
 */
#include "bot/ear.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/snapshot.h"
#include "bot/release_store.h"
#include "knowledge/knowledge_store.h"
#include "nlu/language.h"
#include "nlu/model.h"

/** A loaded version. Guarded by ears.lock. */
struct loaded {
    struct loaded *next;
    int64_t tenant_id, number;
    struct nlu *nlu;
    size_t holders; /* sets */
};

enum { ZH, EN, LANGUAGES };

/** What is in use for one language. */
struct in_use {
    struct loaded *full, *grey;
    int64_t full_number, grey_number, share;
    char full_problem[160], grey_problem[160];
};

/** Immutable once built. */
struct ear_set {
    struct snapshot snapshot; /* first */
    struct ears *ears;
    struct in_use of[LANGUAGES];
};

struct ears {
    struct store *store;
    char *dir;
    const struct nlu *shipped[LANGUAGES];
    struct snapshots *sets;
    pthread_mutex_t lock;
    struct loaded *first; /* guarded by lock */
};

static int place_of(struct str language)
{
    return str_eq_c(language, "en") ? EN : ZH;
}

/* ---- loading --------------------------------------------------------------------------------------------------------- */

struct str ear_path(const struct ears *e, struct arena *a, int64_t tenant_id, int64_t number, struct str language)
{
    return str_fmt(a, "%s/%lld-%lld.%.*s.model", e->dir, (long long)tenant_id, (long long)number, STR_ARG(language));
}

struct nlu *ear_load(const struct ears *e, int64_t tenant_id, int64_t number, struct str language, struct str source,
                     char ret_error[160])
{
    _cleanup_(arena_done) struct arena a = {0};
    const struct nlu *shipped = e->shipped[place_of(language)];
    if (shipped == NULL) {
        snprintf(ret_error, 160, "this program has no understanding of that language");
        return NULL;
    }
    struct model *model = model_load(str_c(&a, ear_path(e, &a, tenant_id, number, language)), ret_error);
    if (model == NULL)
        return NULL;
    struct nlu *nlu = nlu_taught(shipped, model);
    if (!str_eq(nlu_version(nlu), source)) {
        snprintf(ret_error, 160, "the file holds another model than the one that was trained");
        nlu_free(nlu);
        return NULL;
    }
    return nlu;
}

static struct loaded *find_locked(const struct ears *e, int64_t tenant_id, int64_t number)
{
    struct loaded *one = e->first;
    while (one != NULL && (one->tenant_id != tenant_id || one->number != number))
        one = one->next;
    return one;
}

/** Takes part in what is loaded already, or NULL. */
static struct loaded *take(struct ears *e, int64_t tenant_id, int64_t number)
{
    pthread_mutex_lock(&e->lock);
    struct loaded *one = find_locked(e, tenant_id, number);
    if (one != NULL)
        one->holders++;
    pthread_mutex_unlock(&e->lock);
    return one;
}

/** A version of the set, loaded when it is not yet. NULL with the problem, which is logged. */
static struct loaded *hold_version(struct ears *e, int64_t tenant_id, const struct release *r, char ret_problem[160])
{
    struct loaded *one = take(e, tenant_id, r->number);
    if (one != NULL)
        return one;
    struct nlu *nlu = ear_load(e, tenant_id, r->number, r->language, r->source, ret_problem);
    if (nlu == NULL) {
        log_event(LOG_ERROR, "own understanding refused, the shipped one answers", "tenant=%lld number=%lld why=\"%s\"",
                  (long long)tenant_id, (long long)r->number, ret_problem);
        return NULL;
    }
    one = xcalloc(1, sizeof(*one));
    *one = (struct loaded){.tenant_id = tenant_id, .number = r->number, .nlu = nlu, .holders = 1};
    pthread_mutex_lock(&e->lock); /* a shop's sets are built one at a time: nobody else loaded it meanwhile */
    one->next = e->first;
    e->first = one;
    pthread_mutex_unlock(&e->lock);
    return one;
}

static void let_go(struct ears *e, struct loaded *one)
{
    if (one == NULL)
        return;
    pthread_mutex_lock(&e->lock);
    bool last = --one->holders == 0;
    if (last) {
        struct loaded **at = &e->first;
        while (*at != one)
            at = &(*at)->next;
        *at = one->next;
    }
    pthread_mutex_unlock(&e->lock);
    if (last) {
        nlu_free(one->nlu);
        free(one);
    }
}

/* ---- sets ------------------------------------------------------------------------------------------------------------ */

static void set_destroy(struct snapshot *thing)
{
    struct ear_set *set = (struct ear_set *)thing;
    for (size_t i = 0; i < LANGUAGES; i++) {
        let_go(set->ears, set->of[i].full);
        let_go(set->ears, set->of[i].grey);
    }
    free(set);
}

/** What a set is built from and for. */
struct building {
    struct ears *ears;
    int64_t tenant_id, catalog;
    struct ear_set *set;
};

static int build_set(struct tx *tx, void *arg)
{
    struct building *w = arg;
    _cleanup_(arena_done) struct arena a = {0};
    struct release *list;
    size_t n;
    int64_t seen;
    /* A turn's read may have begun before the release that its shop's cache tells of: what it sees is too old to keep. */
    if (knowledge_version(tx, w->tenant_id, &seen) <= 0 || seen < w->catalog)
        return STORE_FAULT;
    if (release_list(tx, &a, w->tenant_id, &list, &n) < 0)
        return STORE_FAULT;
    for (size_t i = 0; i < n; i++) {
        struct in_use *use = &w->set->of[place_of(list[i].language)];
        if (list[i].state == RELEASE_FULL) {
            use->full_number = list[i].number;
            use->full = hold_version(w->ears, w->tenant_id, &list[i], use->full_problem);
        } else if (list[i].state == RELEASE_GREY) {
            use->grey_number = list[i].number;
            use->share = list[i].share;
            use->grey = hold_version(w->ears, w->tenant_id, &list[i], use->grey_problem);
        }
    }
    return STORE_OK;
}

static struct snapshot *set_build(void *arg, int64_t tenant_id)
{
    struct building *w = arg;
    w->tenant_id = tenant_id;
    w->set = xcalloc(1, sizeof(*w->set));
    w->set->ears = w->ears;
    if (store_read(w->ears->store, build_set, w) == STORE_OK)
        return &w->set->snapshot;
    set_destroy(&w->set->snapshot);
    return NULL;
}

static struct snapshot *hold_set(struct ears *e, int64_t tenant_id, int64_t catalog)
{
    struct building w = {.ears = e, .catalog = catalog};
    return snapshots_hold(e->sets, tenant_id, catalog, set_build, &w);
}

struct ears *ears_new(struct store *store, const char *dir, const struct nlu *zh, const struct nlu *en)
{
    struct ears *e = xcalloc(1, sizeof(*e));
    *e = (struct ears){.store = store, .dir = xstrdup(dir), .shipped = {[ZH] = zh, [EN] = en}};
    pthread_mutex_init(&e->lock, NULL);
    e->sets = snapshots_new(set_destroy);
    return e;
}

void ears_free(struct ears *e)
{
    if (e == NULL)
        return;
    snapshots_free(e->sets);
    pthread_mutex_destroy(&e->lock);
    free(e->dir);
    free(e);
}

/* ---- hearing --------------------------------------------------------------------------------------------------------- */

static const struct nlu *chosen(const struct ears *e, const struct ear_set *set, int language, int64_t conversation_id)
{
    if (set == NULL)
        return e->shipped[language];
    const struct in_use *use = &set->of[language];
    if (use->grey != NULL && release_is_grey(conversation_id, use->share))
        return use->grey->nlu;
    return use->full != NULL ? use->full->nlu : e->shipped[language];
}

struct ear ear_hold(struct ears *e, int64_t tenant_id, int64_t catalog, int64_t conversation_id)
{
    struct snapshot *held = hold_set(e, tenant_id, catalog);
    const struct ear_set *set = (const struct ear_set *)held; /* NULL at a store fault: the shipped ones answer */
    return (struct ear){.zh = chosen(e, set, ZH, conversation_id), .en = chosen(e, set, EN, conversation_id),
                        .held = held};
}

void ear_release(struct ears *e, struct ear *ear)
{
    if (ear->held != NULL)
        snapshots_release(e->sets, ear->held);
    *ear = (struct ear){.held = NULL};
}

/** Whether a text holds Han, and whether it holds letters of the Latin alphabet. */
static void scripts_of(struct str text, bool *ret_han, bool *ret_latin)
{
    *ret_han = *ret_latin = false;
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        *ret_han |= c >= 0xe3 && c <= 0xe9; /* first bytes of U+3000…U+9FFF */
        *ret_latin |= (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    }
}

struct str ear_script(struct str text, struct str hint)
{
    bool han, latin;
    scripts_of(text, &han, &latin);
    return !han && (latin || str_eq_c(hint, "en")) ? STR("en") : STR("zh");
}

/** What hears a text of @p script; NULL when nothing is loaded. */
static const struct nlu *hearing(const struct ear *ear, struct str script)
{
    const struct nlu *first = str_eq_c(script, "en") ? ear->en : ear->zh;
    const struct nlu *second = str_eq_c(script, "en") ? ear->zh : ear->en;
    return first != NULL ? first : second;
}

bool ear_understand(const struct ear *ear, struct arena *a, struct str text, struct str hint, struct understanding *ret)
{
    const struct nlu *nlu = hearing(ear, ear_script(text, hint));
    if (nlu == NULL)
        return false;
    struct str enabled[SHOP_LANGUAGES];
    struct language_prior prior = {.expected = hint, .enabled = enabled};
    while (ear->shop != NULL && prior.enabled_count < SHOP_LANGUAGES && ear->shop->languages[prior.enabled_count][0] != '\0') {
        enabled[prior.enabled_count] = str_from(ear->shop->languages[prior.enabled_count]);
        prior.enabled_count++;
    }
    nlu_understand_among(nlu, a, text, &prior, ret);
    if (ear->reject_rate > 0)
        ret->sure = nlu_is_sure(nlu, ret, ear->reject_rate);
    return true;
}

struct str ear_version(const struct ear *ear, struct str text, struct str hint)
{
    const struct nlu *nlu = hearing(ear, ear_script(text, hint));
    return nlu != NULL ? nlu_version(nlu) : STR_NONE;
}

struct str ear_problem(struct ears *e, struct arena *a, int64_t tenant_id, int64_t catalog, int64_t number)
{
    struct snapshot *held = hold_set(e, tenant_id, catalog);
    const struct ear_set *set = (const struct ear_set *)held;
    struct str problem = STR_NONE;
    for (size_t i = 0; set != NULL && i < LANGUAGES; i++) {
        const struct in_use *use = &set->of[i];
        if (use->full_number == number && use->full == NULL)
            problem = str_dup(a, str_from(use->full_problem));
        if (use->grey_number == number && use->grey == NULL)
            problem = str_dup(a, str_from(use->grey_problem));
    }
    if (held != NULL)
        snapshots_release(e->sets, held);
    return problem;
}

const struct nlu *ear_shipped(const struct ears *e, struct str language)
{
    return e->shipped[place_of(language)];
}
