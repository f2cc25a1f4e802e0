/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Training: the rows, the thread, the file.
 *
 * How          A row 'training' is stored first, with the shop's utterances of that moment; the job trains,
 *              writes the file (atomic, with fsync), and only then makes the row a draft. A pack's utterance that says the
 *              same as one of the shop's is left out, and the shop's stand OWN_TIMES in the rows: so they win also against
 *              what is only like them.
 * Threads      One worker thread. Progress is guarded by lock.
 */
#include "bot/training.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "account/audit.h"
#include "account/shop.h"
#include "base/asset.h"
#include "base/log.h"
#include "base/time.h"
#include "base/work.h"
#include "bot/intent.h"
#include "bot/release_store.h"
#include "knowledge/knowledge_store.h"
#include "nlu/model.h"
#include "nlu/normalise.h"
#include "nlu/train.h"

#define OWN_TIMES 3
#define JOBS      64 /* shops that wait at most */

struct job {
    struct training *training;
    struct arena arena;
    int64_t tenant_id, person_id, number;
    bool repeat;           /* the file only, from release.own */
    struct str language;
    struct release release;
    struct rows rows;
    struct buf own;        /* the shop's rows as a file */
    struct texts taught;   /* normalised texts of the shop's rows, by a hash table */
    int64_t done, total;   /* guarded by training.lock */
};

struct training {
    struct store *store;
    struct ears *ears;
    char *dir;
    struct work *work;
    pthread_mutex_t lock;
    struct job *jobs[JOBS]; /* guarded by lock: those that wait or run */
    size_t job_count;       /* guarded by lock */
};

/** nlu/train.h tells progress without saying whose: one training runs at a time, on this thread. */
static _Thread_local struct job *teaching;

static void end_of_thread(void *arg)
{
    struct training *t = arg;
    store_read_done(t->store);
}

struct training *training_new(struct store *store, struct ears *ears, const char *dir)
{
    struct training *t = xcalloc(1, sizeof(*t));
    *t = (struct training){.store = store, .ears = ears, .dir = xstrdup(dir)};
    pthread_mutex_init(&t->lock, NULL);
    t->work = work_new(1, "training", end_of_thread, t);
    return t;
}

void training_free(struct training *t)
{
    if (t == NULL)
        return;
    work_free(t->work);
    pthread_mutex_destroy(&t->lock);
    free(t->dir);
    free(t);
}

/* ---- rows ------------------------------------------------------------------------------------------------------------ */

/** The pack says "oos" for what the bot says "unclear" to. */
static struct str label_of(struct str intent)
{
    return str_eq_c(intent, "unclear") ? STR(TRAIN_OOS_LABEL) : intent;
}

static void add_row(struct job *j, struct str label, struct str text)
{
    if (j->rows.n == j->rows.cap)
        j->rows.v = array_grow(&j->arena, j->rows.v, j->rows.n, &j->rows.cap, sizeof(*j->rows.v));
    j->rows.v[j->rows.n++] = (struct row){label, text};
}

/** A line of the shop's: intents that this program does not know, and texts in the other language, are not for us. */
static void take_utterance(void *arg, struct str intent, struct str text)
{
    struct job *j = arg;
    if ((intent_find(intent) == NULL && !str_eq_c(intent, TRAIN_OOS_LABEL)) ||
        !str_eq(ear_script(text, j->language), j->language))
        return;
    buf_str(&j->own, label_of(intent));
    buf_char(&j->own, '\t');
    for (size_t i = 0; i < text.n; i++) /* a line a row */
        buf_char(&j->own, text.p[i] == '\n' || text.p[i] == '\t' || text.p[i] == '\r' ? ' ' : text.p[i]);
    buf_char(&j->own, '\n');
}

/** A set of normalised texts: views in the job's arena, open addressing. */
static struct str *place_in(const struct texts *set, struct str text)
{
    struct str *v = (struct str *)(uintptr_t)set->v;
    size_t at = str_hash(text) & (set->n - 1);
    while (v[at].p != NULL && !str_eq(v[at], text))
        at = (at + 1) & (set->n - 1);
    return &v[at];
}

static bool add_own_rows(struct job *j, char ret_error[160])
{
    struct rows own = {0};
    if (!rows_read(&j->arena, buf_view(&j->own), &own, ret_error))
        return false;
    size_t size = 64;
    while (size < 2 * own.n)
        size *= 2;
    j->taught = (struct texts){arena_array(&j->arena, struct str, size), size};
    for (size_t i = 0; i < own.n; i++) {
        struct str text = normalise(&j->arena, own.v[i].text);
        *place_in(&j->taught, text) = text.n > 0 ? text : STR(" ");
        for (int k = 0; k < OWN_TIMES; k++)
            add_row(j, own.v[i].label, own.v[i].text);
    }
    j->release.own_rows = (int64_t)own.n;
    return true;
}

static void add_pack_file(void *arg, struct str name, struct str bytes)
{
    struct job *j = arg;
    struct rows rows = {0};
    char error[160];
    if (!str_ends(name, STR(".tsv")) || !rows_read(&j->arena, bytes, &rows, error))
        return; /* it shipped with the program and was trained from when that was built */
    for (size_t i = 0; i < rows.n; i++) {
        struct str text = normalise(&j->arena, rows.v[i].text);
        if (text.n > 0 && place_in(&j->taught, text)->p == NULL)
            add_row(j, rows.v[i].label, rows.v[i].text);
    }
}

/* ---- the job --------------------------------------------------------------------------------------------------------- */

static void on_progress(const char *what, int64_t done, int64_t total)
{
    struct job *j = teaching;
    (void)what; /* there is one thing */
    pthread_mutex_lock(&j->training->lock);
    j->done = done;
    j->total = total;
    pthread_mutex_unlock(&j->training->lock);
}

/** Trains and writes the file. False with the reason. */
static bool teach(struct job *j, char ret_error[160])
{
    struct training *t = j->training;
    struct arena *a = &j->arena;
    if (!add_own_rows(j, ret_error))
        return false;
    asset_each(str_fmt(a, "packs/%.*s/utterances/", STR_ARG(j->language)), add_pack_file, j);
    struct train_options options = {.progress = on_progress,
                                    .concepts = asset_find(str_fmt(a, "packs/%.*s/lexicon/concepts.tsv", STR_ARG(j->language)))};
    struct train_report report;
    struct str bytes = train_model(&j->rows, &options, &report, ret_error);
    if (bytes.p == NULL)
        return false;
    mkdir(t->dir, 0700); /* there already, or model_save() says why not */
    char *path = str_c(a, ear_path(t->ears, a, j->tenant_id, j->number, j->language));
    bool saved = model_save(path, bytes, ret_error);
    char *heap = (char *)(uintptr_t)bytes.p;
    free(heap);
    j->release.all_rows = (int64_t)report.rows;
    j->release.classes = (int64_t)report.classes;
    j->release.bytes = (int64_t)bytes.n;
    j->release.accuracy = report.held_out_accuracy;
    return saved;
}

/** The version of what was written, read back: so a file that could not be loaded is never called trained. */
static bool read_back(struct job *j, char ret_error[160])
{
    char *path = str_c(&j->arena, ear_path(j->training->ears, &j->arena, j->tenant_id, j->number, j->language));
    const struct nlu *shipped = ear_shipped(j->training->ears, j->language);
    struct model *model = model_load(path, ret_error);
    if (model == NULL)
        return false;
    if (shipped == NULL) {
        model_free(model);
        snprintf(ret_error, 160, "this program has no understanding of that language");
        return false;
    }
    struct nlu *nlu = nlu_taught(shipped, model);
    struct str source = str_dup(&j->arena, nlu_version(nlu));
    nlu_free(nlu);
    if (j->repeat && !str_eq(source, j->release.source)) {
        snprintf(ret_error, 160, "this program's own utterances are others now: train a new version");
        return false;
    }
    j->release.source = source;
    return true;
}

static int keep_result(struct tx *tx, void *arg)
{
    struct job *j = arg;
    if (!j->repeat)
        return release_trained(tx, j->tenant_id, &j->release);
    return shop_catalog_raise(tx, j->tenant_id) == ACCOUNT_OK ? STORE_OK : STORE_FAULT; /* it may be in use: load it */
}

static void forget(struct job *j)
{
    struct training *t = j->training;
    pthread_mutex_lock(&t->lock);
    for (size_t i = 0; i < t->job_count; i++)
        if (t->jobs[i] == j)
            t->jobs[i] = t->jobs[--t->job_count];
    pthread_mutex_unlock(&t->lock);
    buf_done(&j->own);
    arena_done(&j->arena);
    free(j);
}

static enum work_answer run_job(void *arg)
{
    struct job *j = arg;
    char error[160] = "";
    teaching = j;
    int64_t begun_us = clock_mono_us();
    j->release.number = j->number;
    bool good = teach(j, error) && read_back(j, error);
    j->release.state = good ? RELEASE_DRAFT : RELEASE_FAILED;
    j->release.failure = str_from(error);
    j->release.took_ms = (clock_mono_us() - begun_us) / 1000;
    j->release.changed_ms = clock_now_ms();
    if (good || !j->repeat)
        good &= store_write(j->training->store, keep_result, j) == STORE_OK;
    shop_cache_forget();
    log_event(good ? LOG_INFO : LOG_WARN, good ? "own understanding trained" : "training failed",
              "tenant=%lld number=%lld rows=%lld ms=%lld why=\"%s\"", (long long)j->tenant_id, (long long)j->number,
              (long long)j->release.all_rows, (long long)j->release.took_ms, error);
    forget(j);
    return WORK_DONE;
}

/** Takes the shop's place among those that wait; false when it has one, or there are too many. */
static bool take_place(struct training *t, struct job *j)
{
    pthread_mutex_lock(&t->lock);
    bool free_place = t->job_count < JOBS;
    for (size_t i = 0; i < t->job_count; i++)
        free_place = free_place && (t->jobs[i]->tenant_id != j->tenant_id ||
                                    (j->repeat && t->jobs[i]->number != j->number));
    if (free_place)
        t->jobs[t->job_count++] = j;
    pthread_mutex_unlock(&t->lock);
    return free_place;
}

/** @param repeat  number of the version whose file is made again; 0: a new version */
static struct job *job_new(struct training *t, const struct actor *who, int64_t repeat)
{
    struct job *j = xcalloc(1, sizeof(*j));
    *j = (struct job){.training = t, .tenant_id = who->tenant_id, .person_id = who->id, .total = 1, .number = repeat,
                      .repeat = repeat != 0};
    if (take_place(t, j))
        return j;
    free(j);
    return NULL;
}

/* ---- starting -------------------------------------------------------------------------------------------------------- */

struct starting {
    struct job *job;
    const struct actor *who;
    int64_t now_ms;
};

/** The row that says "in training", with the next number. */
static int begin(struct tx *tx, void *arg)
{
    struct starting *s = arg;
    struct job *j = s->job;
    struct release *list;
    size_t n;
    if (release_list(tx, &j->arena, j->tenant_id, &list, &n) < 0)
        return RELEASE_FAULT;
    struct release fresh = {.number = n > 0 ? list[0].number + 1 : 1, .language = j->language, .own = STR_NONE,
                            .person_id = j->person_id, .created_ms = s->now_ms, .changed_ms = s->now_ms};
    for (size_t i = 0; i < n; i++)
        if (list[i].state == RELEASE_FULL && str_eq(list[i].language, j->language))
            fresh.parent = list[i].number;
    if (utterance_each(tx, j->tenant_id, take_utterance, j) < 0)
        return RELEASE_FAULT;
    fresh.own = buf_view(&j->own);
    struct str person = str_fmt(&j->arena, "person:%lld", (long long)s->who->id);
    struct str object = str_fmt(&j->arena, "model:%lld", (long long)fresh.number);
    if (release_add(tx, j->tenant_id, &fresh) != STORE_OK ||
        audit_add(tx, j->tenant_id, s->now_ms, person, "model_trained", object, STR_NONE) != ACCOUNT_OK)
        return RELEASE_FAULT;
    j->number = fresh.number;
    j->release = fresh;
    return RELEASE_OK;
}

enum release_answer training_start(struct training *t, const struct actor *who, struct str language, int64_t now_ms,
                                   int64_t *ret_number)
{
    struct job *j = job_new(t, who, 0);
    if (j == NULL)
        return RELEASE_BUSY;
    j->language = str_eq_c(language, "en") ? STR("en") : STR("zh");
    struct starting s = {j, who, now_ms};
    enum release_answer answer = (enum release_answer)store_write(t->store, begin, &s);
    if (answer != RELEASE_OK) {
        forget(j);
        return answer;
    }
    *ret_number = j->number;
    work_post(t->work, 0, run_job, j);
    return RELEASE_OK;
}

static int find_version(struct tx *tx, void *arg)
{
    struct job *j = arg;
    int found = release_get(tx, &j->arena, j->tenant_id, j->number, &j->release);
    return found < 0 ? RELEASE_FAULT : found > 0 ? RELEASE_OK : RELEASE_NOT_FOUND;
}

enum release_answer training_repeat(struct training *t, const struct actor *who, int64_t number)
{
    struct job *j = job_new(t, who, number);
    if (j == NULL)
        return RELEASE_BUSY;
    enum release_answer answer = (enum release_answer)store_read(t->store, find_version, j);
    if (answer == RELEASE_OK && (j->release.state == RELEASE_TRAINING || j->release.state == RELEASE_FAILED))
        answer = RELEASE_NOT_READY;
    if (answer != RELEASE_OK) {
        forget(j);
        return answer;
    }
    buf_str(&j->own, j->release.own);
    j->language = j->release.language;
    work_post(t->work, 0, run_job, j);
    return RELEASE_OK;
}

/* ---- at the start of the program ------------------------------------------------------------------------------------- */

struct recovery {
    struct arena arena;
    int64_t now_ms;
    struct release_key *in_use;
    size_t n;
};

static int recover(struct tx *tx, void *arg)
{
    struct recovery *w = arg;
    if (release_interrupted(tx, w->now_ms) != STORE_OK)
        return STORE_FAULT;
    return release_in_use(tx, &w->arena, &w->in_use, &w->n);
}

void training_recover(struct training *t, int64_t now_ms)
{
    struct recovery w = {.now_ms = now_ms};
    if (store_write(t->store, recover, &w) != STORE_OK)
        log_event(LOG_WARN, "interrupted trainings not marked", NULL); /* shown as running until the next start */
    for (size_t i = 0; i < w.n; i++) {
        const struct release_key *k = &w.in_use[i];
        const struct actor shop = {.tenant_id = k->tenant_id};
        const char *path = str_c(&w.arena, ear_path(t->ears, &w.arena, k->tenant_id, k->number, k->language));
        if (access(path, F_OK) != 0 && training_repeat(t, &shop, k->number) != RELEASE_OK)
            log_event(LOG_WARN, "own understanding not made again", "tenant=%lld number=%lld", (long long)k->tenant_id,
                      (long long)k->number);
    }
    arena_done(&w.arena);
}

struct training_progress training_progress_of(struct training *t, int64_t tenant_id)
{
    struct training_progress p = {0};
    pthread_mutex_lock(&t->lock);
    for (size_t i = 0; i < t->job_count; i++)
        if (t->jobs[i]->tenant_id == tenant_id)
            p = (struct training_progress){t->jobs[i]->number, t->jobs[i]->done, t->jobs[i]->total};
    pthread_mutex_unlock(&t->lock);
    return p;
}
