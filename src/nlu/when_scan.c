/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Times in texts.
 *
 * How          A time is [lead] day [clock] [edge], or [lead] span ("three days ago"): each part moves the reader
 *              (nlu/when_reader.h) on or leaves it. Words that a language has are in its lexicon; what is grammar (units,
 *              号 behind a day's number) is in the tables of these files.
 * Not goals    Durations: 三天没动了 says how long, not when. 一点 is a little and no time unless something else says so.
 */
#include "nlu/when_scan.h"

#include <string.h>

#include "nlu/when_reader.h"

bool when_is_one_of(uint32_t c, const uint32_t *list)
{
    while (*list != 0 && *list != c)
        list++;
    return c != 0 && *list == c;
}

/* The lexicon's word of @p kind at @p at. */
const struct lexicon_entry *when_word(const struct scan *s, size_t at, enum word_kind kind, size_t *ret_end)
{
    size_t end = 0;
    const struct lexicon_entry *e = s->words != NULL && at < s->f.n ? lexicon_at(s->words, &s->f, at, &end) : NULL;
    if (e == NULL || e->is != kind)
        return NULL;
    *ret_end = end;
    return e;
}

/* 到, 至, -, ~ between two ends. */
size_t when_to(const struct folded *f, size_t at)
{
    uint32_t c = when_char(f, scan_spaces(f, at));
    bool is_to = c == U'到' || c == U'至' || c == '-' || c == '~' || c == 0x2014 || c == 0x2013;
    size_t end = is_to ? scan_spaces(f, at) + 1 : scan_word(f, scan_spaces(f, at), "to");
    return end != 0 ? scan_spaces(f, end) : 0;
}

/* Words that begin like the edge of a time and are none: 前面, 后天. */
static const uint32_t no_tail_behind[] = {U'面', U'天', U'来', U'台', U'端', U'续', U'期', U'悔', U'边', U'者', U'几', U'两', U'后', 0};

/* 之前, 以后, 起 behind a time. */
static void read_edge(struct when_reader *r)
{
    static const struct {
        const char *word;
        enum when_edge edge;
    } edges[] = {{"之前", WHEN_BEFORE}, {"以前", WHEN_BEFORE}, {"前", WHEN_BEFORE},   {"之后", WHEN_AFTER}, {"以后", WHEN_AFTER},
                 {"后", WHEN_AFTER},    {"过后", WHEN_AFTER},  {"以来", WHEN_FROM},   {"起", WHEN_FROM},    {"开始", WHEN_FROM},
                 {"为止", WHEN_BY},     {"截止", WHEN_BY}};
    const struct folded *f = &r->s->f;
    if (r->w.unit == WHEN_MINUTE)
        return;
    for (size_t i = 0; i < COUNT(edges); i++) {
        size_t end = scan_word(f, r->at, edges[i].word);
        if (end == 0 || when_is_one_of(when_char(f, end), no_tail_behind))
            continue;
        r->w.edge = edges[i].edge;
        r->at = end;
        return;
    }
}

/* A time without its lead: day, part of the day, clock, edge. */
static bool read_time(struct when_reader *r)
{
    if (!when_read_span(r, WHEN_NOWHERE, 0))
        (void)when_read_day(r);
    if (!r->has_day || r->w.unit != WHEN_MINUTE) {
        when_read_hours(r);
        (void)when_read_clock(r);
    }
    if (!r->has_day && !r->has_clock)
        return false;
    read_edge(r);
    return true;
}

/* What words before a time do with it. */
static const struct lead {
    const char *name;
    enum when_edge edge;
    enum when_lean lean;
    enum when_direction span; /* of a span behind it */
    int sign;
} leads[] = {
    {"by", WHEN_BY, WHEN_COMING, WHEN_NOWHERE, 0},       {"before", WHEN_BEFORE, WHEN_NEAREST, WHEN_NOWHERE, 0},
    {"after", WHEN_AFTER, WHEN_NEAREST, WHEN_NOWHERE, 0}, {"from", WHEN_FROM, WHEN_NEAREST, WHEN_NOWHERE, 0},
    {"since", WHEN_FROM, WHEN_PAST, WHEN_NOWHERE, 0},    {"in", WHEN_IN, WHEN_NEAREST, WHEN_LATER, 1},
    {"within", WHEN_IN, WHEN_COMING, WHEN_WITHIN, 1},    {"past", WHEN_IN, WHEN_PAST, WHEN_WITHIN, -1},
    {"coming", WHEN_IN, WHEN_COMING, WHEN_WITHIN, 1},    {"this", WHEN_IN, WHEN_NEAREST, WHEN_NOWHERE, 0},
    {"on", WHEN_IN, WHEN_NEAREST, WHEN_NOWHERE, 0},
};

/* "last Friday", "next Friday", "this Friday": the same word does other things to a span. */
static void lead_weekday(struct when_reader *r, const struct lead *l)
{
    if (r->w.unit != WHEN_WEEKDAY || l->edge != WHEN_IN)
        return;
    if (l->lean == WHEN_PAST)
        r->w.lean = WHEN_PAST;
    else if (l->lean == WHEN_COMING || strcmp(l->name, "this") == 0)
        r->w = (struct when){.unit = WHEN_WEEK, .from = l->lean == WHEN_COMING, .to = l->lean == WHEN_COMING,
                             .day = r->w.day, .last_day = r->w.last_day, .from_minute = r->w.from_minute,
                             .to_minute = r->w.to_minute};
}

static bool read_led(struct when_reader *r, const struct lead *l)
{
    const struct folded *f = &r->s->f;
    r->at = scan_spaces(f, r->at);
    size_t the = scan_word(f, r->at, "the");
    if (the != 0)
        r->at = scan_spaces(f, the);
    if (l->span != WHEN_NOWHERE && when_read_span(r, l->span, l->sign))
        return true;
    bool narrows = strcmp(l->name, "in") == 0 || strcmp(l->name, "past") == 0 || strcmp(l->name, "coming") == 0;
    if (!read_time(r) || (narrows && r->w.unit == WHEN_DATE && r->w.day > 0))
        return false;
    if (l->edge != WHEN_IN)
        r->w.edge = l->edge;
    if (l->lean != WHEN_NEAREST && when_is_open(&r->w))
        r->w.lean = l->lean;
    lead_weekday(r, l);
    return true;
}

/* The value of a lead is its name, and after a colon the time that it is alone: "past: day n-14..0". */
static bool read_lead(struct when_reader *r)
{
    size_t end;
    const struct lexicon_entry *e = when_word(r->s, r->at, WORD_LEAD, &end);
    if (e == NULL)
        return false;
    struct str alone = e->value, name = STR_NONE;
    (void)str_cut(&alone, ':', &name); /* a value is never absent */
    for (size_t i = 0; i < COUNT(leads); i++) {
        struct when_reader behind = {.s = r->s, .at = end, .confidence = WHEN_SURE};
        if (!str_eq_c(name, leads[i].name) || !read_led(&behind, &leads[i]))
            continue;
        *r = behind;
        return true;
    }
    struct when w;
    if (!when_read(str_trim(alone), &w))
        return false;
    *r = (struct when_reader){.s = r->s, .at = end, .w = w, .has_day = true, .confidence = WHEN_LIKELY};
    return true;
}

size_t when_take(struct scan *s, size_t at)
{
    struct when_reader r = {.s = s, .at = at, .confidence = WHEN_SURE};
    if (!read_lead(&r) && !read_time(&r))
        return 0;
    struct entity *e = scan_add(s, ENTITY_DATE, at, r.at);
    e->when = r.w;
    e->confidence = r.confidence;
    return r.at;
}

/* ---- after the scan ----------------------------------------------------------------------------------------------- */

/* A verb that tells of which of two times the talk is, at a byte of the text. */
struct verb {
    size_t place;
    enum when_lean lean;
};

struct verbs {
    ARRAY(struct verb) list; /* in order of place */
};

static void find_verbs(struct scan *s, struct verbs *ret)
{
    size_t end;
    for (size_t at = 0; at < s->f.n; at++) {
        const struct lexicon_entry *word = lexicon_at(s->words, &s->f, at, &end);
        bool past = word != NULL && word->is == WORD_PAST;
        if (past || (word != NULL && word->is == WORD_COMING))
            *array_push(s->arena, &ret->list) = (struct verb){s->f.at[at], past ? WHEN_PAST : WHEN_COMING};
    }
}

/* The lean that the verb nearest to @p place gives. @p next  verbs before it are passed over; moves on with places */
static enum when_lean lean_at(const struct verbs *verbs, size_t place, size_t *next)
{
    while (*next < verbs->list.n && verbs->list.v[*next].place < place)
        (*next)++;
    const struct verb *before = *next > 0 ? &verbs->list.v[*next - 1] : NULL;
    const struct verb *behind = *next < verbs->list.n ? &verbs->list.v[*next] : NULL;
    if (before == NULL || (behind != NULL && behind->place - place < place - before->place))
        before = behind;
    return before != NULL ? before->lean : WHEN_NEAREST;
}

void when_settle(struct scan *s)
{
    struct verbs verbs = {.list = {0}};
    size_t next = 0;
    bool looked = s->words == NULL;
    for (size_t i = 0; i < s->found.n; i++) {
        struct entity *e = &s->found.v[i];
        if (e->kind != ENTITY_DATE)
            continue;
        bool open = when_is_open(&e->when), ends = e->when.edge == WHEN_BY || e->when.edge == WHEN_BEFORE;
        if (open && !looked)
            find_verbs(s, &verbs);
        looked = looked || open;
        if (open)
            e->when.lean = lean_at(&verbs, e->from, &next);
        if (open && ends && e->when.lean == WHEN_NEAREST)
            e->when.lean = WHEN_COMING; /* a limit is one that lies ahead */
        e->value = when_write(s->arena, &e->when);
    }
}
