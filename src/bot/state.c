/* SPDX-License-Identifier: Apache-2.0 */
/*
 * State: reading and writing by one table of members.
 *
 * How          A flat object whose values are integers, strings or arrays of either, as state_write() makes them. Its
 *              members come in the order of the table, so each is looked for from behind the one before. As nearly all are
 *              written, without an escape, it is read in one pass; any other goes through json_doc.h.
 * Invariants   1. What is at its zero value is not written, so an idle state is "{}".
 *              2. A text that is not such an object reads as a fresh state: the conversation goes on, nothing fails.
 */
#include "bot/state.h"

#include <string.h>

#include "base/json_doc.h"

enum member_type { MEMBER_INT, MEMBER_BOOL, MEMBER_ASK, MEMBER_LIST, MEMBER_TEXT, MEMBER_TEXTS, MEMBER_INTS };

struct member {
    const char *key;
    size_t key_bytes;
    enum member_type type;
    size_t at, count_at; /* offsets into struct bot_state */
    size_t max;          /* of a list */
};

#define KEY(text) text, sizeof(text) - 1
#define AT(name)  offsetof(struct bot_state, name)

static const struct member members[] = {
    {KEY("t"), MEMBER_INT, AT(turns), 0, 0},
    {KEY("lang"), MEMBER_TEXT, AT(language), 0, 0},
    {KEY("fixed"), MEMBER_BOOL, AT(language_fixed), 0, 0},
    {KEY("in"), MEMBER_TEXT, AT(intent), 0, 0},
    {KEY("order"), MEMBER_TEXT, AT(order), 0, 0},
    {KEY("product"), MEMBER_TEXT, AT(product), 0, 0},
    {KEY("ask"), MEMBER_ASK, AT(ask), 0, 0},
    {KEY("for"), MEMBER_TEXT, AT(ask_intent), 0, 0},
    {KEY("list"), MEMBER_LIST, AT(list), 0, 0},
    {KEY("opts"), MEMBER_TEXTS, AT(options), AT(option_count), STATE_OPTIONS},
    {KEY("listed"), MEMBER_INT, AT(listed), 0, 0},
    {KEY("back"), MEMBER_BOOL, AT(returned), 0, 0},
    {KEY("aside"), MEMBER_ASK, AT(aside), 0, 0},
    {KEY("aside_for"), MEMBER_TEXT, AT(aside_intent), 0, 0},
    {KEY("aside_at"), MEMBER_INT, AT(aside_turn), 0, 0},
    {KEY("values"), MEMBER_TEXTS, AT(values), AT(value_count), STATE_VALUES},
    {KEY("region"), MEMBER_TEXT, AT(region), 0, 0},
    {KEY("miss"), MEMBER_INT, AT(misses), 0, 0},
    {KEY("anger"), MEMBER_INT, AT(anger), 0, 0},
    {KEY("chat"), MEMBER_INT, AT(chat), 0, 0},
    {KEY("rude"), MEMBER_INT, AT(rude), 0, 0},
    {KEY("offer"), MEMBER_BOOL, AT(offered), 0, 0},
    {KEY("beside"), MEMBER_BOOL, AT(beside), 0, 0},
    {KEY("said"), MEMBER_INTS, AT(said), AT(said_count), STATE_SAID},
    {KEY("asked"), MEMBER_INTS, AT(asked), AT(asked_count), STATE_ASKED},
    {KEY("times"), MEMBER_INTS, AT(times), AT(times_count), STATE_ASKED},
    {KEY("cm"), MEMBER_INT, AT(height_cm), 0, 0},
    {KEY("g"), MEMBER_INT, AT(weight_g), 0, 0},
    {KEY("mm"), MEMBER_INT, AT(foot_mm), 0, 0},
    {KEY("callback"), MEMBER_INT, AT(callback_ms), 0, 0},
    {KEY("why"), MEMBER_TEXT, AT(why), 0, 0},
    {KEY("task"), MEMBER_TEXT, AT(task.plan), 0, 0},
    {KEY("task_at"), MEMBER_TEXT, AT(task.at), 0, 0},
    {KEY("task_ms"), MEMBER_INT, AT(task.touched_ms), 0, 0},
    {KEY("task_order"), MEMBER_TEXT, AT(task.order), 0, 0},
    {KEY("task_item"), MEMBER_TEXT, AT(task.item), 0, 0},
    {KEY("task_sku"), MEMBER_TEXT, AT(task.sku), 0, 0},
    {KEY("task_reason"), MEMBER_TEXT, AT(task.reason), 0, 0},
    {KEY("task_type"), MEMBER_TEXT, AT(task.type), 0, 0},
    {KEY("task_waybill"), MEMBER_TEXT, AT(task.waybill), 0, 0},
    {KEY("task_files"), MEMBER_TEXT, AT(task.files), 0, 0},
    {KEY("task_case"), MEMBER_INT, AT(task.case_id), 0, 0},
    {KEY("task_sum"), MEMBER_INT, AT(task.amount_cents), 0, 0},
    {KEY("task_bare"), MEMBER_BOOL, AT(task.no_files), 0, 0},
    {KEY("task_back"), MEMBER_BOOL, AT(task.returned), 0, 0},
    {KEY("task_miss"), MEMBER_INT, AT(task.misses), 0, 0},
    {KEY("task_secret"), MEMBER_TEXT, AT(task.secret), 0, 0},
    {KEY("task_later"), MEMBER_TEXT, AT(task.later), 0, 0},
    {KEY("task_done"), MEMBER_TEXT, AT(task.done), 0, 0},
};

static const char *const ask_names[] = {
    [ASK_NOTHING] = "",      [ASK_ORDER] = "order",   [ASK_PRODUCT] = "product",
    [ASK_INTENT] = "intent", [ASK_PERSON] = "person", [ASK_SIZE] = "size",
    [ASK_TASK] = "task",
};

static const char *const list_names[] = {
    [LIST_NONE] = "", [LIST_ORDERS] = "orders", [LIST_PRODUCTS] = "products", [LIST_INTENTS] = "intents",
    [LIST_VALUES] = "values",
};

const char *ask_name(enum ask ask)
{
    return ask_names[ask];
}

/** Place of @p name in @p names; 0, which is the nothing of both, when it is none of them. */
static unsigned from_name(struct str name, const char *const *names, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (str_eq_c(name, names[i]))
            return i;
    return 0;
}

/* ---- reading ------------------------------------------------------------------------------------------------ */

/** Puts a value into place @p n of a list. */
static bool read_element(const struct json_node *value, const struct member *m, char *state, size_t n)
{
    if (n >= m->max || value->kind != (m->type == MEMBER_TEXTS ? JSON_KIND_TEXT : JSON_KIND_INT))
        return false;
    if (m->type == MEMBER_TEXTS)
        ((struct str *)(void *)(state + m->at))[n] = value->text;
    else
        ((int64_t *)(void *)(state + m->at))[n] = value->integer;
    n++;
    memcpy(state + m->count_at, &n, sizeof(n));
    return true;
}

static bool read_list(const struct json_node *list, const struct member *m, char *state)
{
    size_t n = 0;
    if (list->kind != JSON_KIND_ARRAY)
        return false;
    JSON_DOC_EACH(one, list)
        if (!read_element(one, m, state, n++))
            return false;
    return true;
}

static bool read_member(const struct json_node *value, const struct member *m, char *state)
{
    void *at = state + m->at;
    enum json_kind kind = m->type == MEMBER_INT || m->type == MEMBER_BOOL ? JSON_KIND_INT : JSON_KIND_TEXT;
    if (m->type == MEMBER_TEXTS || m->type == MEMBER_INTS)
        return read_list(value, m, state);
    if (value->kind != kind)
        return false;
    if (m->type == MEMBER_INT)
        *(int64_t *)at = value->integer;
    else if (m->type == MEMBER_BOOL)
        *(bool *)at = value->integer != 0;
    else if (m->type == MEMBER_TEXT)
        *(struct str *)at = value->text;
    else if (m->type == MEMBER_ASK)
        *(enum ask *)at = (enum ask)from_name(value->text, ask_names, COUNT(ask_names));
    else
        *(enum list *)at = (enum list)from_name(value->text, list_names, COUNT(list_names));
    return true;
}

/** The member called @p key, looked for from @p from on, then from the beginning; NULL when there is none. */
static const struct member *member_of(struct str key, size_t from)
{
    for (size_t k = 0; k < COUNT(members); k++) {
        const struct member *m = &members[(from + k) % COUNT(members)];
        if (str_eq(key, (struct str){m->key, m->key_bytes}))
            return m;
    }
    return NULL;
}

static bool read_document(struct arena *a, struct str json, struct bot_state *s)
{
    const struct json_node *doc = json_doc_read(a, json);
    size_t next = 0;
    if (doc == NULL || doc->kind != JSON_KIND_OBJECT)
        return false;
    JSON_DOC_EACH(value, doc) {
        const struct member *m = member_of(value->key, next);
        if (m == NULL || !read_member(value, m, (char *)(void *)s))
            return false;
        next = (size_t)(m - members) + 1;
    }
    return true;
}

/* Reading in one pass. What it does not take need not be wrong: the text is then read as a document. */

static bool take(struct str *rest, char c)
{
    if (rest->n == 0 || rest->p[0] != c)
        return false;
    *rest = (struct str){rest->p + 1, rest->n - 1};
    return true;
}

/** A string without escapes. */
static bool take_text(struct str *rest, struct str *ret)
{
    if (!take(rest, '"'))
        return false;
    size_t n = 0;
    unsigned char all = 0;
    for (; n < rest->n && rest->p[n] != '"'; n++) {
        unsigned char c = (unsigned char)rest->p[n];
        if (c < ' ' || c == '\\')
            return false;
        all |= c;
    }
    *ret = (struct str){rest->p, n};
    *rest = (struct str){rest->p + n, rest->n - n};
    return take(rest, '"') && (all < 0x80 || str_is_utf8(*ret));
}

static bool take_value(struct str *rest, struct json_node *ret)
{
    if (rest->n > 0 && rest->p[0] == '"') {
        ret->kind = JSON_KIND_TEXT;
        return take_text(rest, &ret->text);
    }
    int64_t v = 0;
    size_t n = 0;
    for (; n < rest->n && n < 18 && rest->p[n] >= '0' && rest->p[n] <= '9'; n++) /* more might not fit */
        v = v * 10 + (rest->p[n] - '0');
    if (n == 0 || (n > 1 && rest->p[0] == '0'))
        return false;
    *ret = (struct json_node){.kind = JSON_KIND_INT, .integer = v};
    *rest = (struct str){rest->p + n, rest->n - n};
    return true;
}

static bool take_list(struct str *rest, const struct member *m, char *state)
{
    struct json_node one;
    size_t n = 0;
    if (!take(rest, '['))
        return false;
    do {
        if (!take_value(rest, &one) || !read_element(&one, m, state, n++))
            return false;
    } while (take(rest, ','));
    return take(rest, ']');
}

static bool take_member(struct str *rest, const struct member *m, char *state)
{
    struct json_node value;
    if (m->type == MEMBER_TEXTS || m->type == MEMBER_INTS)
        return take_list(rest, m, state);
    return take_value(rest, &value) && read_member(&value, m, state);
}

/** An object whose members stand in the order of the table, each at most once. */
static bool read_at_once(struct str rest, struct bot_state *s)
{
    const struct member *m = members, *end = members + COUNT(members);
    if (str_eq(rest, STR("{}")))
        return true;
    if (!take(&rest, '{'))
        return false;
    do {
        struct str key;
        if (!take_text(&rest, &key) || !take(&rest, ':'))
            return false;
        while (m < end && !str_eq(key, (struct str){m->key, m->key_bytes}))
            m++;
        if (m == end || !take_member(&rest, m++, (char *)(void *)s))
            return false;
    } while (take(&rest, ','));
    return take(&rest, '}') && rest.n == 0;
}

void state_read(struct arena *a, struct str json, struct bot_state *ret)
{
    struct bot_state s = {0};
    *ret = s;
    if (!read_at_once(json, &s)) {
        s = *ret;
        if (!read_document(a, json, &s))
            return;
    }
    if (s.list == LIST_NONE && s.option_count > 0) /* written before lists had names */
        s.list = s.ask == ASK_ORDER ? LIST_ORDERS : s.ask == ASK_PRODUCT ? LIST_PRODUCTS : LIST_INTENTS;
    *ret = s;
}

/* ---- writing ------------------------------------------------------------------------------------------------ */

static void write_list(struct json_out *o, const struct member *m, const char *state)
{
    size_t n;
    memcpy(&n, state + m->count_at, sizeof(n));
    if (n == 0)
        return;
    jo_key(o, m->key);
    jo_array(o);
    for (size_t i = 0; i < n; i++) {
        if (m->type == MEMBER_TEXTS)
            jo_text(o, ((const struct str *)(const void *)(state + m->at))[i]);
        else
            jo_num(o, ((const int64_t *)(const void *)(state + m->at))[i]);
    }
    jo_array_end(o);
}

static void write_member(struct json_out *o, const struct member *m, const char *state)
{
    const void *at = state + m->at;
    switch (m->type) {
    case MEMBER_INT:
        if (*(const int64_t *)at != 0)
            jo_kn(o, m->key, *(const int64_t *)at);
        return;
    case MEMBER_BOOL:
        if (*(const bool *)at)
            jo_kn(o, m->key, 1);
        return;
    case MEMBER_TEXT:
        if (((const struct str *)at)->n > 0)
            jo_kt(o, m->key, *(const struct str *)at);
        return;
    case MEMBER_ASK:
        if (*(const enum ask *)at != ASK_NOTHING)
            jo_kc(o, m->key, ask_names[*(const enum ask *)at]);
        return;
    case MEMBER_LIST:
        if (*(const enum list *)at != LIST_NONE)
            jo_kc(o, m->key, list_names[*(const enum list *)at]);
        return;
    case MEMBER_TEXTS:
    case MEMBER_INTS: write_list(o, m, state); return;
    }
}

struct str state_write(struct arena *a, const struct bot_state *s)
{
    struct buf b = {.arena = a};
    buf_reserve(&b, 256);
    struct json_out o = json_to(&b);
    jo_open(&o);
    for (size_t i = 0; i < COUNT(members); i++)
        write_member(&o, &members[i], (const char *)(const void *)s);
    jo_close(&o);
    return buf_view(&b);
}

/* ---- what was asked and said ----------------------------------------------------------------------------------- */

int64_t state_times(const struct bot_state *s, int64_t meaning)
{
    for (size_t i = 0; i < s->asked_count; i++)
        if (s->asked[i] == meaning)
            return s->times[i];
    return 0;
}

void state_list(struct bot_state *s, enum list list)
{
    s->list = list;
    s->option_count = 0;
    s->listed = s->turns;
}

bool state_option(struct bot_state *s, struct str option)
{
    if (s->option_count == STATE_OPTIONS)
        return false;
    s->options[s->option_count++] = option;
    return true;
}

void state_note(struct bot_state *s, int64_t meaning)
{
    int64_t times = state_times(s, meaning) + 1;
    size_t from = 0;
    while (from < s->asked_count && s->asked[from] != meaning)
        from++;
    if (from == s->asked_count && s->asked_count < STATE_ASKED)
        s->asked_count++;
    for (size_t i = MIN(from, s->asked_count - 1); i > 0; i--) {
        s->asked[i] = s->asked[i - 1];
        s->times[i] = s->times[i - 1];
    }
    s->asked[0] = meaning;
    s->times[0] = times;
    s->times_count = s->asked_count;
}

bool state_said(const struct bot_state *s, int64_t hash)
{
    for (size_t i = 0; i < s->said_count; i++)
        if (s->said[i] == hash)
            return true;
    return false;
}
