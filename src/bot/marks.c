/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Marks: one walk over the folded text with a lexicon of all marks, then a few looks at what was found.
 *
 * How          Every character is a letter, a gap (space, punctuation), or part of a mark or of an entity. Which part of a
 *              correction holds is read from the order of marks and gaps alone.
 * Invariants   1. A text longer than FRAGMENT_CHARS is no fragment: its rest is all of it, so that nothing long is taken for
 *              "the same again with another value".
 *              2. A correction that leaves nothing standing is none: "不是我签收的" is about a parcel.
 */
#include "bot/marks.h"

#include <pthread.h>

#include "base/asset.h"
#include "nlu/lexicon.h"

#define FRAGMENT_CHARS 48
#define SPANS          24

enum mark_kind {
    MARK_FOLLOW_START,
    MARK_FOLLOW_END,
    MARK_WRONG_ALL,
    MARK_WRONG_NOT,
    MARK_WRONG_MEANT,
    MARK_BUT,
    MARK_OTHER,
    MARK_BOUGHT,
    MARK_JOIN_STRONG,
    MARK_JOIN_WEAK,
    MARK_WHY,
    MARK_BACK,
    MARK_DROP,
    MARK_EMPTY,
    MARK_PLAIN,
    MARK_PERSON,
    MARK_REASON,
    MARK_KINDS,
};

static const char *const kind_names[MARK_KINDS] = {
    [MARK_FOLLOW_START] = "follow start", [MARK_FOLLOW_END] = "follow end", [MARK_WRONG_ALL] = "wrong all",
    [MARK_WRONG_NOT] = "wrong not",       [MARK_WRONG_MEANT] = "wrong meant", [MARK_BUT] = "but -",
    [MARK_OTHER] = "other -",             [MARK_BOUGHT] = "bought -",       [MARK_JOIN_STRONG] = "join strong",
    [MARK_JOIN_WEAK] = "join weak",       [MARK_WHY] = "why -",             [MARK_BACK] = "back -",
    [MARK_DROP] = "drop -",               [MARK_EMPTY] = "empty -",         [MARK_PLAIN] = "plain -",
    [MARK_PERSON] = "risk human_request",
    [MARK_REASON] = "reason -",
};

/** A mark in a text: characters [from, to). */
struct span {
    enum mark_kind kind;
    uint32_t from, to;
};

/** The text being looked at. */
struct look {
    const struct folded *f;
    struct str text;
    struct span spans[SPANS];
    size_t n;
};

/** Written once under `once`, read by all. */
static struct {
    struct arena arena;
    struct lexicon *words[2]; /* zh, en */
} all;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/** Rows of words.tsv as rows of a lexicon: the number of the kind, the word. Rows of other kinds are not ours. */
static struct lexicon *read_pack(struct str rows)
{
    struct buf b = {.arena = &all.arena};
    struct str line, kind, value;
    while (str_cut(&rows, '\n', &line)) {
        if (line.n == 0 || line.p[0] == '#' || !str_cut(&line, '\t', &kind) || !str_cut(&line, '\t', &value))
            continue;
        struct str name = str_fmt(&all.arena, "%.*s %.*s", STR_ARG(kind), STR_ARG(value));
        for (int k = 0; k < MARK_KINDS; k++)
            if (str_eq_c(name, kind_names[k]))
                buf_printf(&b, "-\t%.*s\t%d\n", STR_ARG(line), k);
    }
    struct lexicon *words = lexicon_read(buf_view(&b));
    if (words == NULL)
        fatal("packs/*/words.tsv: a mark without a word"); /* shipped with the program */
    return words;
}

static void load(void)
{
    all.words[0] = read_pack(asset_find(STR("packs/zh/words.tsv")));
    all.words[1] = read_pack(asset_find(STR("packs/en/words.tsv")));
}

/* ---- walking ----------------------------------------------------------------------------------------------------- */

static bool is_letter(const struct folded *f, size_t i)
{
    enum char_class c = normalise_class(f->cp[i]);
    return c == CHAR_WORD || c == CHAR_CJK;
}

static bool is_comma(uint32_t cp)
{
    return cp == ',' || cp == 0x3002 || cp == 0x3001 || cp == ';' || cp == '?' || cp == '!' || cp == '\n' || cp == '.';
}

/** A point between two digits or letters is part of a number or word. */
static bool ends_sentence(const struct folded *f, size_t i)
{
    return is_comma(f->cp[i]) && (f->cp[i] != '.' || i + 1 == f->n || f->cp[i + 1] == ' ');
}

/** A space between two characters that are written without any. */
static bool is_chinese_gap(const struct folded *f, size_t i)
{
    return f->cp[i] == ' ' && i > 0 && i + 1 < f->n && normalise_class(f->cp[i - 1]) == CHAR_CJK &&
           normalise_class(f->cp[i + 1]) == CHAR_CJK;
}

static struct str part_of(const struct look *l, size_t from, size_t to)
{
    return str_sub(l->text, l->f->at[from], l->f->at[to] - l->f->at[from]);
}

static void add_join(const struct look *l, size_t from, size_t to, enum join_kind kind, struct marks *m)
{
    if (m->join_count < MARKS_JOINS && from > 0 && to < l->f->n)
        m->joins[m->join_count++] = (struct join){l->f->at[from], l->f->at[to], kind};
}

/** Of "and can", "and where" only the first word joins; the other one is asked with. */
static size_t behind_join(const struct folded *f, size_t at, size_t end)
{
    bool asks = at + 4 < end && f->cp[at] == 'a' && f->cp[at + 1] == 'n' && f->cp[at + 2] == 'd' && f->cp[at + 3] == ' ';
    return asks ? at + 4 : end;
}

static void walk(struct look *l, const struct lexicon *words, struct marks *m)
{
    const struct folded *f = l->f;
    for (size_t at = 0; at < f->n;) {
        size_t end = 0;
        const struct lexicon_entry *e = is_letter(f, at) ? lexicon_at(words, f, at, &end) : NULL;
        if (e == NULL) {
            if (ends_sentence(f, at) || is_chinese_gap(f, at))
                add_join(l, at, at + 1, f->cp[at] == '?' ? JOIN_ASKED : JOIN_WEAK, m);
            at++;
            continue;
        }
        enum mark_kind kind = (enum mark_kind)e->number;
        if (kind == MARK_JOIN_STRONG || kind == MARK_JOIN_WEAK)
            add_join(l, at, behind_join(f, at, end), kind == MARK_JOIN_STRONG ? JOIN_STRONG : JOIN_WEAK, m);
        if (l->n < SPANS)
            l->spans[l->n++] = (struct span){kind, (uint32_t)at, (uint32_t)end};
        at = end;
    }
}

/* ---- what the marks say ---------------------------------------------------------------------------------------------- */

/** True when no letter stands in [from, to) but those of empty marks. */
static bool nothing_between(const struct look *l, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        bool empty = !is_letter(l->f, i);
        for (size_t k = 0; k < l->n && !empty; k++)
            empty = l->spans[k].kind == MARK_EMPTY && i >= l->spans[k].from && i < l->spans[k].to;
        if (!empty)
            return false;
    }
    return true;
}

/** Where what holds begins behind a "not": behind the next "but" or comma; the text's end without either. */
static size_t behind_not(const struct look *l, size_t span)
{
    size_t from = l->spans[span].to;
    for (size_t i = from; i < l->f->n; i++) {
        for (size_t k = span + 1; k < l->n; k++)
            if (l->spans[k].from == i && (l->spans[k].kind == MARK_BUT || l->spans[k].kind == MARK_WRONG_MEANT))
                return l->spans[k].to;
        if (ends_sentence(l->f, i))
            return i + 1;
    }
    return l->f->n;
}

/** Reads what is taken back and what holds. */
static void read_correction(const struct look *l, struct marks *m)
{
    size_t from = 0, to = l->f->n;
    bool taken_back = false;
    for (size_t k = 0; k < l->n; k++) {
        const struct span *s = &l->spans[k];
        if (s->kind != MARK_WRONG_ALL && s->kind != MARK_WRONG_NOT && s->kind != MARK_WRONG_MEANT &&
            !(s->kind == MARK_BUT && taken_back))
            continue;
        if (s->from < from)
            continue; /* inside what was taken back */
        if (nothing_between(l, from, s->from)) {
            from = s->kind == MARK_WRONG_NOT ? behind_not(l, k) : s->to;
            taken_back = true;
        } else if (taken_back && s->kind == MARK_WRONG_NOT) {
            to = s->from; /* "I meant the blue one, not the red one" */
            break;
        }
    }
    while (from < to && !is_letter(l->f, from))
        from++;
    while (to > from && !is_letter(l->f, to - 1))
        to--;
    m->corrects = taken_back && from < to;
    if (m->corrects)
        m->kept = part_of(l, from, to);
}

static bool begins(const struct look *l, const struct span *s)
{
    for (size_t i = 0; i < s->from; i++)
        if (is_letter(l->f, i))
            return false;
    return true;
}

static bool ends(const struct look *l, const struct span *s)
{
    for (size_t i = s->to; i < l->f->n; i++)
        if (is_letter(l->f, i))
            return false;
    return true;
}

static void read_span(const struct look *l, const struct span *s, struct marks *m)
{
    switch (s->kind) {
    case MARK_FOLLOW_START: m->follows |= begins(l, s); return;
    case MARK_FOLLOW_END: m->follows |= ends(l, s); return;
    case MARK_OTHER: m->other = true; return;
    case MARK_BOUGHT: m->bought = true; return;
    case MARK_WHY: m->why |= begins(l, s) && ends(l, s); return;
    case MARK_BACK: m->back = true; return;
    case MARK_DROP: m->drops = true; return;
    case MARK_PERSON: m->person = true; return;
    case MARK_REASON: m->reasons |= begins(l, s); return;
    case MARK_WRONG_ALL:
    case MARK_WRONG_NOT:
    case MARK_WRONG_MEANT:
    case MARK_BUT:
    case MARK_JOIN_STRONG:
    case MARK_JOIN_WEAK:
    case MARK_EMPTY:
    case MARK_PLAIN:
    case MARK_KINDS: return;
    }
}

/** Marks that a text may be made of without saying anything by itself. */
static bool is_void(enum mark_kind kind)
{
    return kind < MARK_WHY || kind == MARK_EMPTY;
}

/** What of `kept` is neither mark nor entity. */
static void read_rest(struct arena *a, const struct look *l, const struct understanding *u, struct marks *m)
{
    const struct folded *f = l->f;
    m->rest = 0;
    size_t begin = (size_t)(m->kept.p - l->text.p), end = begin + m->kept.n;
    struct buf words = {.arena = a};
    bool *taken = arena_array(a, bool, f->n + 1);
    for (size_t k = 0; k < l->n; k++)
        for (size_t i = l->spans[k].from; i < l->spans[k].to && is_void(l->spans[k].kind); i++)
            taken[i] = true;
    for (size_t i = 0; i < f->n; i++) {
        bool outside = f->at[i] < begin || f->at[i] >= end;
        const char *p = l->text.p + f->at[i];
        for (size_t k = 0; u != NULL && k < u->entity_count && !taken[i]; k++)
            taken[i] = p >= u->entities[k].text.p && p < u->entities[k].text.p + u->entities[k].text.n;
        if (outside || taken[i] || !is_letter(f, i))
            continue;
        if (words.n > 0 && (taken[i - 1] || !is_letter(f, i - 1)))
            buf_char(&words, ' ');
        buf_str(&words, part_of(l, i, i + 1));
        m->rest++;
    }
    m->words = buf_view(&words);
}

void marks_find(struct arena *a, struct str language, struct str text, const struct understanding *u, bool names,
                struct marks *ret)
{
    const struct arena_mark before = arena_mark(a);
    struct folded f;
    pthread_once(&once, load);
    *ret = (struct marks){.kept = text};
    normalise_fold(a, text, &f);
    struct look l = {.f = &f, .text = text};
    walk(&l, all.words[str_starts(language, STR("en"))], ret);
    for (size_t k = 0; k < l.n; k++)
        read_span(&l, &l.spans[k], ret);
    ret->rest = f.n;
    bool fragment = f.n <= FRAGMENT_CHARS;
    if (fragment) {
        read_correction(&l, ret);
        ret->rest = ret->kept.n;
    }
    bool values = u != NULL && u->entity_count > 0;
    if (fragment && (names || values || ret->follows || ret->corrects || ret->other))
        read_rest(a, &l, u, ret);
    else
        arena_rewind(a, before); /* nothing of it is given out */
}
