/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Import of knowledge and utterances. A row refused has written nothing: everything is checked first.
 *
 * An utterance row names its shop; a file without shops (intent<TAB>text) is for the only shop there is.
 */
#include "knowledge/knowledge_import.h"

#include "account/shop.h"
#include "base/time.h"
#include "knowledge/knowledge_store.h"
#include "knowledge/learning_store.h"

enum {
    QUESTION_CHARS = 500,
    ANSWER_CHARS = 5000,
    SIMILAR_MOST = 500,
    CONDITION_VALUES = 200,
};

static const struct import_field knowledge_fields[] = {
    {.name = "id", .type = IMPORT_TEXT, .required = true, .min = 1, .max = 64},
    {.name = "shop", .type = IMPORT_TEXT, .required = true, .min = 1, .max = 64},
    {.name = "layer", .type = IMPORT_CHOICE, .required = true,
     .choices = "emergency|industry|shop|product|activity|policy|small_talk"},
    {.name = "question", .type = IMPORT_TEXT, .required = true, .min = 1, .max = QUESTION_CHARS},
    {.name = "similar", .type = IMPORT_TEXTS, .max = QUESTION_CHARS},
    {.name = "answer", .type = IMPORT_TEXT, .required = true, .min = 1, .max = ANSWER_CHARS},
    {.name = "conditions", .type = IMPORT_OBJECT},
    {.name = "valid_from", .type = IMPORT_TIME},
    {.name = "valid_to", .type = IMPORT_TIME},
    {.name = "override", .type = IMPORT_BOOL},
    {0},
};

static const struct import_field utterance_fields[] = {
    {.name = "intent", .type = IMPORT_TEXT, .required = true, .min = 1, .max = 100},
    {.name = "text", .type = IMPORT_TEXT, .required = true, .min = 1, .max = LIMIT_TEXT_CHARS},
    {.name = "shop", .type = IMPORT_TEXT, .max = 64},
    {0},
};

static const struct import_field case_fields[] = {
    {.name = "intent", .type = IMPORT_TEXT, .required = true, .min = 1, .max = 100},
    {.name = "text", .type = IMPORT_TEXT, .required = true, .min = 1, .max = LIMIT_NAME_CHARS},
    {.name = "must_pass", .type = IMPORT_BOOL},
    {.name = "shop", .type = IMPORT_TEXT, .required = true, .min = 1, .max = 64},
    {0},
};

/** Stores as the row says what they answer: added, changed, the same. */
static enum row_answer put_answer(int rc)
{
    switch (rc) {
    case 0: return ROW_SAME;
    case 1: return ROW_ADDED;
    case 2: return ROW_CHANGED;
    default: return ROW_FAULT;
    }
}

static bool find_shop(struct tx *tx, struct arena *a, struct str shop_id, struct import_problem *problem,
                      int64_t *ret_tenant, enum row_answer *ret_answer)
{
    struct shop shop;
    enum account_answer answer = shop_find(tx, a, shop_id, &shop);
    if (answer == ACCOUNT_OK) {
        *ret_tenant = shop.tenant_id;
        return true;
    }
    *ret_answer = answer == ACCOUNT_FAULT
                      ? ROW_FAULT
                      : import_refuse(problem, "no shop \"%.*s\": import shops first", STR_ARG(shop_id));
    return false;
}

static bool check_statuses(const struct texts *list, struct import_problem *problem)
{
    static const char *const known[] = {"none", "unpaid", "paid", "shipped", "delivered", "finished", "closed"};
    for (size_t i = 0; i < list->n; i++) {
        bool found = false;
        for (size_t k = 0; k < COUNT(known); k++)
            found = found || str_eq_c(list->v[i], known[k]);
        if (!found) {
            import_refuse(problem, "conditions: no order status \"%.*s\"", STR_ARG(list->v[i]));
            return false;
        }
    }
    return true;
}

static bool read_conditions(struct arena *a, const json_t *object, struct conditions *ret,
                            struct import_problem *problem)
{
    const char *wrong = "";
    json_t *o = (json_t *)(uintptr_t)object; /* jansson's iterator does not change it */
    for (void *it = json_object_iter(o); it != NULL; it = json_object_iter_next(o, it)) {
        if (json_array_size(json_object_iter_value(it)) > CONDITION_VALUES) {
            import_refuse(problem, "conditions: \"%s\" has more than %d values", json_object_iter_key(it),
                          CONDITION_VALUES);
            return false;
        }
    }
    if (!conditions_read(a, object, ret, &wrong)) {
        import_refuse(problem,
                      "conditions: \"%s\" must be one of order_status, product, category, language, channel, tag, with "
                      "a text or an array of texts",
                      wrong);
        return false;
    }
    return check_statuses(&ret->order_status, problem);
}

/** Reads what the fields cannot say; false with the reason. */
static bool read_row(struct arena *a, const json_t *row, struct entry *ret, struct import_problem *problem)
{
    struct entry e = {
        .id = json_str(row, "id"),
        .question = json_str(row, "question"),
        .answer = json_str(row, "answer"),
        .overrides = json_flag(row, "override", false),
    };
    if (!layer_from_name(json_str(row, "layer"), &e.layer) ||
        !read_conditions(a, json_object_get(row, "conditions"), &e.conditions, problem))
        return false;
    if (json_array_size(json_object_get(row, "similar")) > SIMILAR_MOST) {
        import_refuse(problem, "\"similar\" has more than %d questions", SIMILAR_MOST);
        return false;
    }
    if (!time_parse(json_str(row, "valid_from"), &e.valid_from_ms))
        e.valid_from_ms = 0;
    if (!time_parse(json_str(row, "valid_to"), &e.valid_to_ms))
        e.valid_to_ms = 0;
    if (e.valid_to_ms != 0 && e.valid_to_ms <= e.valid_from_ms) {
        import_refuse(problem, "\"valid_to\" is not after \"valid_from\"");
        return false;
    }
    if (e.overrides && e.layer != LAYER_SHOP) {
        import_refuse(problem, "\"override\" is for layer shop only");
        return false;
    }
    *ret = e;
    return true;
}

bool knowledge_row(struct arena *a, const json_t *row, struct knowledge_row *ret, struct import_problem *problem)
{
    if (!read_row(a, row, &ret->entry, problem))
        return false;
    const json_t *similar = json_object_get(row, "similar"), *conditions = json_object_get(row, "conditions");
    size_t n = json_array_size(similar);
    struct str *texts = arena_array(a, struct str, n);
    for (size_t i = 0; i < n; i++)
        texts[i] = json_text(json_array_get(similar, i));
    ret->entry.similar = (struct texts){texts, n};
    ret->stored = (struct entry_row){
        .entry = &ret->entry,
        .similar = json_is_array(similar) ? json_dump(a, similar) : STR("[]"),
        .conditions = json_is_object(conditions) ? json_dump(a, conditions) : STR("{}"),
    };
    return true;
}

static enum row_answer import_knowledge(struct tx *tx, struct arena *a, const json_t *row,
                                        struct import_problem *problem)
{
    struct knowledge_row r;
    int64_t tenant_id;
    enum row_answer answer;
    if (!knowledge_row(a, row, &r, problem))
        return ROW_REFUSED;
    if (!find_shop(tx, a, json_str(row, "shop"), problem, &tenant_id, &answer))
        return answer;
    return put_answer(knowledge_put(tx, tenant_id, &r.stored, clock_now_ms()));
}

static enum row_answer import_utterance(struct tx *tx, struct arena *a, const json_t *row,
                                        struct import_problem *problem)
{
    int64_t tenant_id;
    enum row_answer answer;
    struct str shop_id = json_str(row, "shop");
    if (shop_id.n == 0) {
        int rc = utterance_only_shop(tx, &tenant_id);
        if (rc <= 0)
            return rc < 0 ? ROW_FAULT : import_refuse(problem, "\"shop\" is missing, and there is not exactly one shop");
    } else if (!find_shop(tx, a, shop_id, problem, &tenant_id, &answer)) {
        return answer;
    }
    return put_answer(utterance_put(tx, tenant_id, json_str(row, "intent"), json_str(row, "text")));
}

static enum row_answer import_case(struct tx *tx, struct arena *a, const json_t *row, struct import_problem *problem)
{
    struct learning_case c = {.text = str_trim(json_str(row, "text")),
                              .intent = json_str(row, "intent"),
                              .must_pass = json_flag(row, "must_pass", false),
                              .changed_ms = clock_now_ms()};
    int64_t tenant_id;
    enum row_answer answer;
    if (c.text.n == 0)
        return import_refuse(problem, "\"text\" is empty");
    if (!find_shop(tx, a, json_str(row, "shop"), problem, &tenant_id, &answer))
        return answer;
    return put_answer(learning_case_put(tx, tenant_id, &c, 0));
}

const struct import_kind knowledge_import = {
    .name = "knowledge", .fields = knowledge_fields, .key = {"shop", "id"}, .flat = true,
    .store_row = import_knowledge};

const struct import_kind utterance_import = {
    .name = "utterances", .fields = utterance_fields, .key = {"shop", "text"}, .columns = "intent|text", .flat = true,
    .store_row = import_utterance};

const struct import_kind case_import = {
    .name = "cases", .fields = case_fields, .key = {"shop", "text"}, .columns = "intent|text|must_pass", .flat = true,
    .store_row = import_case};
