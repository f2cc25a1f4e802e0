/* SPDX-License-Identifier: Apache-2.0 */
/*
 * State: reading and writing by one table of members.
 *
 * How          jansson would take half of a turn's time for these 200 bytes, so they are read by a small reader of our own:
 *              a flat object whose values are integers, strings or arrays of either, as state_write() makes them.
 * Invariants   1. What is at its zero value is not written, so an idle state is "{}".
 *              2. A text that is not such an object reads as a fresh state: the conversation goes on, nothing fails.
 */
#include "bot/state.h"

#include <string.h>

enum member_type { MEMBER_INT, MEMBER_BOOL, MEMBER_ASK, MEMBER_TEXT, MEMBER_TEXTS, MEMBER_INTS };

struct member {
    const char *key;
    enum member_type type;
    size_t at, count_at; /* offsets into struct bot_state */
    size_t max;          /* of a list */
};

#define AT(name) offsetof(struct bot_state, name)

static const struct member members[] = {
    {"t", MEMBER_INT, AT(turns), 0, 0},
    {"lang", MEMBER_TEXT, AT(language), 0, 0},
    {"fixed", MEMBER_BOOL, AT(language_fixed), 0, 0},
    {"in", MEMBER_TEXT, AT(intent), 0, 0},
    {"order", MEMBER_TEXT, AT(order), 0, 0},
    {"product", MEMBER_TEXT, AT(product), 0, 0},
    {"ask", MEMBER_ASK, AT(ask), 0, 0},
    {"for", MEMBER_TEXT, AT(ask_intent), 0, 0},
    {"opts", MEMBER_TEXTS, AT(options), AT(option_count), STATE_OPTIONS},
    {"miss", MEMBER_INT, AT(misses), 0, 0},
    {"anger", MEMBER_INT, AT(anger), 0, 0},
    {"chat", MEMBER_INT, AT(chat), 0, 0},
    {"rude", MEMBER_INT, AT(rude), 0, 0},
    {"offer", MEMBER_BOOL, AT(offered), 0, 0},
    {"said", MEMBER_INTS, AT(said), AT(said_count), STATE_SAID},
    {"asked", MEMBER_INTS, AT(asked), AT(asked_count), STATE_ASKED},
    {"times", MEMBER_INTS, AT(times), AT(times_count), STATE_ASKED},
    {"cm", MEMBER_INT, AT(height_cm), 0, 0},
    {"g", MEMBER_INT, AT(weight_g), 0, 0},
    {"mm", MEMBER_INT, AT(foot_mm), 0, 0},
    {"callback", MEMBER_INT, AT(callback_ms), 0, 0},
    {"why", MEMBER_TEXT, AT(why), 0, 0},
};

static const char *const ask_names[] = {
    [ASK_NOTHING] = "",      [ASK_ORDER] = "order",   [ASK_PRODUCT] = "product",
    [ASK_INTENT] = "intent", [ASK_PERSON] = "person", [ASK_SIZE] = "size",
};

const char *ask_name(enum ask ask)
{
    return ask_names[ask];
}

static enum ask ask_from_name(struct str name)
{
    for (size_t i = 0; i < COUNT(ask_names); i++)
        if (str_eq_c(name, ask_names[i]))
            return (enum ask)i;
    return ASK_NOTHING;
}

/* ---- reading ------------------------------------------------------------------------------------------------ */

/** What is left to read; `bad` once something was not as expected. */
struct reader {
    struct arena *a;
    struct str rest;
    bool bad;
};

static bool take(struct reader *r, char c)
{
    if (r->rest.n == 0 || r->rest.p[0] != c)
        return false;
    r->rest = str_sub(r->rest, 1, r->rest.n - 1);
    return true;
}

static void expect(struct reader *r, char c)
{
    if (!take(r, c))
        r->bad = true;
}

static int64_t read_int(struct reader *r)
{
    size_t n = 0;
    int64_t v = 0;
    while (n < r->rest.n && (r->rest.p[n] == '-' || (r->rest.p[n] >= '0' && r->rest.p[n] <= '9')))
        n++;
    if (!str_int(str_sub(r->rest, 0, n), &v))
        r->bad = true;
    r->rest = str_sub(r->rest, n, r->rest.n - n);
    return v;
}

/** A string; without escapes, as nearly all are, it is a view. Escapes go through jansson. */
static struct str read_text(struct reader *r)
{
    struct str s = r->rest;
    bool escaped = false;
    size_t n = 1;
    if (s.n == 0 || s.p[0] != '"') {
        r->bad = true;
        return STR_NONE;
    }
    while (n < s.n && s.p[n] != '"') {
        escaped |= s.p[n] == '\\';
        n += s.p[n] == '\\' ? 2 : 1;
    }
    if (n >= s.n) {
        r->bad = true;
        return STR_NONE;
    }
    r->rest = str_sub(s, n + 1, s.n - n - 1);
    if (!escaped)
        return str_sub(s, 1, n - 1);
    _cleanup_(json_donep) json_t *j = json_read(str_fmt(r->a, "[%.*s]", (int)(n + 1), s.p), NULL);
    r->bad |= j == NULL;
    return j == NULL ? STR_NONE : str_dup(r->a, json_text(json_array_get(j, 0)));
}

static void read_list(struct reader *r, const struct member *m, char *state)
{
    size_t n = 0;
    expect(r, '[');
    while (!r->bad && !take(r, ']')) {
        if (n > 0)
            expect(r, ',');
        if (n == m->max) {
            r->bad = true;
            return;
        }
        if (m->type == MEMBER_TEXTS)
            ((struct str *)(void *)(state + m->at))[n++] = read_text(r);
        else
            ((int64_t *)(void *)(state + m->at))[n++] = read_int(r);
    }
    memcpy(state + m->count_at, &n, sizeof(n));
}

static void read_member(struct reader *r, const struct member *m, char *state)
{
    void *at = state + m->at;
    switch (m->type) {
    case MEMBER_INT: *(int64_t *)at = read_int(r); return;
    case MEMBER_BOOL: *(bool *)at = read_int(r) != 0; return;
    case MEMBER_TEXT: *(struct str *)at = read_text(r); return;
    case MEMBER_ASK: *(enum ask *)at = ask_from_name(read_text(r)); return;
    case MEMBER_TEXTS:
    case MEMBER_INTS: read_list(r, m, state); return;
    }
}

static const struct member *member_of(struct str key)
{
    for (size_t i = 0; i < COUNT(members); i++)
        if (str_eq_c(key, members[i].key))
            return &members[i];
    return NULL;
}

void state_read(struct arena *a, struct str json, struct bot_state *ret)
{
    struct reader r = {.a = a, .rest = str_trim(json)};
    struct bot_state s = {0};
    expect(&r, '{');
    for (bool first = true; !r.bad && !take(&r, '}'); first = false) {
        if (!first)
            expect(&r, ',');
        const struct member *m = member_of(read_text(&r));
        expect(&r, ':');
        if (m == NULL)
            r.bad = true;
        else
            read_member(&r, m, (char *)(void *)&s);
    }
    *ret = r.bad ? (struct bot_state){0} : s;
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
