/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Use cases of flows.
 */
#include "bot/flow_service.h"

#include "account/audit.h"
#include "account/shop.h"
#include "bot/flow_lint.h"

struct flow_work {
    struct arena *a;
    const struct actor *who;
    int64_t tenant_id;
    struct str id, doc;
    int64_t now_ms;
    struct flow_version *versions;
    size_t n;
    struct flow_findings *findings;
};

/* ---- judging ------------------------------------------------------------------------------------------------------- */

static void note_finding(void *arg, struct str flow, struct str what)
{
    struct flow_findings *f = arg;
    (void)flow;
    *array_push(f->arena, &f->list) = str_dup(f->arena, what);
}

static bool same_list(const struct flow_list *x, const struct flow_list *y)
{
    bool same = x->n == y->n;
    for (size_t i = 0; same && i < x->n; i++)
        same = flow_list_has(y, x->v[i]);
    return same;
}

enum flow_change flow_judge(struct arena *a, struct str id, const json_t *doc, struct flow_findings *findings,
                            struct flow_plan *ret_plan)
{
    const struct flow_plan *shipped = flow_book_plan(flow_book_shipped(), id);
    char error[160] = "";
    if (shipped == NULL)
        return FLOW_UNKNOWN;
    if (!flow_plan_read(a, doc, ret_plan, error)) {
        note_finding(findings, id, str_from(error));
        return FLOW_BAD;
    }
    if (!str_eq(ret_plan->id, id) || !same_list(&ret_plan->intents, &shipped->intents))
        note_finding(findings, id, STR("a flow keeps its id and its intents"));
    (void)flow_lint(ret_plan, note_finding, findings);
    return findings->list.n == 0 ? FLOW_CHANGED : FLOW_BAD;
}

/* ---- reading ------------------------------------------------------------------------------------------------------- */

static struct flow_version *in_state(const struct flow_work *w, const char *state)
{
    for (size_t i = 0; i < w->n; i++)
        if (str_eq_c(w->versions[i].state, state))
            return &w->versions[i];
    return NULL;
}

static int read_versions(struct tx *tx, void *arg)
{
    struct flow_work *w = arg;
    return flow_versions(tx, w->a, w->tenant_id, w->id, &w->versions, &w->n);
}

enum flow_change flow_read(struct store *store, struct arena *a, int64_t tenant_id, struct str id, struct flow_detail *ret)
{
    struct flow_work w = {.a = a, .tenant_id = tenant_id, .id = id};
    if (flow_book_plan(flow_book_shipped(), id) == NULL)
        return FLOW_UNKNOWN;
    if (store_read(store, read_versions, &w) != STORE_OK)
        return FLOW_CHANGE_FAULT;
    const struct flow_version *live = in_state(&w, "live"), *draft = in_state(&w, "draft");
    *ret = (struct flow_detail){.shipped = flow_shipped_doc(id),
                                .live = live != NULL ? live->doc : STR_NONE,
                                .draft = draft != NULL ? draft->doc : STR_NONE,
                                .versions = w.versions,
                                .version_count = w.n};
    return FLOW_CHANGED;
}

struct own_work {
    struct arena *a;
    int64_t tenant_id;
    struct flow_version *list;
    size_t n;
};

static int read_own(struct tx *tx, void *arg)
{
    struct own_work *w = arg;
    return flow_list(tx, w->a, w->tenant_id, &w->list, &w->n);
}

int flow_own(struct store *store, struct arena *a, int64_t tenant_id, struct flow_version **ret, size_t *ret_n)
{
    struct own_work w = {.a = a, .tenant_id = tenant_id};
    int rc = store_read(store, read_own, &w);
    *ret = w.list;
    *ret_n = w.n;
    return rc;
}

/* ---- changing ------------------------------------------------------------------------------------------------------ */

static int audited(struct tx *tx, const struct flow_work *w, const char *what)
{
    struct str person = str_fmt(w->a, "person:%lld", (long long)w->who->id);
    struct str object = str_fmt(w->a, "flow:%.*s", STR_ARG(w->id));
    return audit_add(tx, w->tenant_id, w->now_ms, person, what, object, STR_NONE) == ACCOUNT_OK ? FLOW_CHANGED
                                                                                                : FLOW_CHANGE_FAULT;
}

static int put(struct tx *tx, struct flow_work *w, struct flow_version *v, struct str state)
{
    v->state = state;
    v->changed_ms = w->now_ms;
    return flow_put(tx, w->tenant_id, v);
}

static int save_unit(struct tx *tx, void *arg)
{
    struct flow_work *w = arg;
    if (read_versions(tx, w) != STORE_OK)
        return FLOW_CHANGE_FAULT;
    struct flow_version *draft = in_state(w, "draft");
    if (draft != NULL) {
        draft->doc = w->doc;
        draft->person_id = w->who->id;
        return put(tx, w, draft, STR("draft"));
    }
    const struct flow_version fresh = {.flow_id = w->id, .number = w->n > 0 ? w->versions[0].number + 1 : 1,
                                       .state = STR("draft"), .doc = w->doc, .person_id = w->who->id,
                                       .created_ms = w->now_ms, .changed_ms = w->now_ms};
    return flow_add(tx, w->tenant_id, &fresh);
}

enum flow_change flow_save(struct store *store, struct arena *a, const struct actor *who, struct str id, const json_t *doc,
                           int64_t now_ms, struct flow_findings *findings)
{
    struct flow_plan plan;
    enum flow_change judged = flow_judge(a, id, doc, findings, &plan);
    if (judged != FLOW_CHANGED)
        return judged;
    struct flow_work w = {.a = a, .who = who, .tenant_id = who->tenant_id, .id = id, .doc = json_dump(a, doc), .now_ms = now_ms};
    return (enum flow_change)store_write(store, save_unit, &w);
}

static int discard_unit(struct tx *tx, void *arg)
{
    struct flow_work *w = arg;
    if (read_versions(tx, w) != STORE_OK)
        return FLOW_CHANGE_FAULT;
    const struct flow_version *draft = in_state(w, "draft");
    return draft != NULL ? flow_remove(tx, w->tenant_id, w->id, draft->number) : FLOW_NO_DRAFT;
}

enum flow_change flow_discard(struct store *store, struct arena *a, const struct actor *who, struct str id)
{
    struct flow_work w = {.a = a, .who = who, .tenant_id = who->tenant_id, .id = id};
    if (flow_book_plan(flow_book_shipped(), id) == NULL)
        return FLOW_UNKNOWN;
    return (enum flow_change)store_write(store, discard_unit, &w);
}

/** The draft may be older than the program that reads it now. */
static enum flow_change judge_draft(struct flow_work *w, const struct flow_version *draft)
{
    struct flow_plan plan;
    char error[160] = "";
    _cleanup_(json_donep) json_t *doc = json_read(draft->doc, error);
    if (doc != NULL)
        return flow_judge(w->a, w->id, doc, w->findings, &plan);
    note_finding(w->findings, w->id, str_dup(w->a, str_from(error)));
    return FLOW_BAD;
}

static int publish_unit(struct tx *tx, void *arg)
{
    struct flow_work *w = arg;
    if (read_versions(tx, w) != STORE_OK)
        return FLOW_CHANGE_FAULT;
    struct flow_version *draft = in_state(w, "draft"), *live = in_state(w, "live");
    if (draft == NULL)
        return FLOW_NO_DRAFT;
    enum flow_change judged = judge_draft(w, draft);
    if (judged != FLOW_CHANGED)
        return judged;
    if ((live != NULL && put(tx, w, live, STR("past")) != STORE_OK) || put(tx, w, draft, STR("live")) != STORE_OK ||
        shop_catalog_raise(tx, w->tenant_id) != ACCOUNT_OK)
        return FLOW_CHANGE_FAULT;
    return audited(tx, w, "flow_published");
}

enum flow_change flow_publish(struct store *store, struct arena *a, const struct actor *who, struct str id, int64_t now_ms,
                              struct flow_findings *findings)
{
    struct flow_work w = {.a = a, .who = who, .tenant_id = who->tenant_id, .id = id, .now_ms = now_ms, .findings = findings};
    if (flow_book_plan(flow_book_shipped(), id) == NULL)
        return FLOW_UNKNOWN;
    enum flow_change answer = (enum flow_change)store_write(store, publish_unit, &w);
    shop_cache_forget();
    return answer;
}

static int back_unit(struct tx *tx, void *arg)
{
    struct flow_work *w = arg;
    if (read_versions(tx, w) != STORE_OK)
        return FLOW_CHANGE_FAULT;
    struct flow_version *live = in_state(w, "live"), *before = NULL;
    if (live == NULL)
        return FLOW_NOTHING;
    for (size_t i = w->n; i-- > 0;)
        if (w->versions[i].number < live->number && str_eq_c(w->versions[i].state, "past"))
            before = &w->versions[i];
    if (put(tx, w, live, STR("past")) != STORE_OK || (before != NULL && put(tx, w, before, STR("live")) != STORE_OK) ||
        shop_catalog_raise(tx, w->tenant_id) != ACCOUNT_OK)
        return FLOW_CHANGE_FAULT;
    return audited(tx, w, "flow_rolled_back");
}

enum flow_change flow_back(struct store *store, struct arena *a, const struct actor *who, struct str id, int64_t now_ms)
{
    struct flow_work w = {.a = a, .who = who, .tenant_id = who->tenant_id, .id = id, .now_ms = now_ms};
    if (flow_book_plan(flow_book_shipped(), id) == NULL)
        return FLOW_UNKNOWN;
    enum flow_change answer = (enum flow_change)store_write(store, back_unit, &w);
    shop_cache_forget();
    return answer;
}
