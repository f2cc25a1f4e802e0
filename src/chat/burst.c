/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bursts: a few lists of words, held against the end of a text first, because that decides most.
 *
 * Invariants   1. A text that ends with a question mark is never waited for.
 *              2. Nothing is due later than `most` after the first text, whatever is typed.
 */
#include "chat/burst.h"

#include <pthread.h>
#include <string.h>

#include "base/asset.h"
#include "nlu/normalise.h"

#define TAIL_BYTES 24 /* of a long text, that its end is read from */

enum row_kind { ROW_GREET, ROW_WHOLE, ROW_END, ROW_HAS, ROW_KINDS };

struct row {
    struct str word; /* folded */
    int ms;
};

/** The rows of a language. */
struct pack {
    ARRAY(struct row) rows[ROW_KINDS];
    int most_ms, typing_ms, number_ms, short_ms;
    size_t short_chars, long_chars;
};

/** Written once under `once`, read by all. */
static struct {
    struct arena arena;
    struct pack packs[2]; /* zh, en */
} all;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static const char *const kind_names[ROW_KINDS] = {
    [ROW_GREET] = "greet", [ROW_WHOLE] = "whole", [ROW_END] = "end", [ROW_HAS] = "has",
};

static void read_row(struct pack *p, struct str kind, int ms, struct str word)
{
    int64_t chars = 0;
    if (str_eq_c(kind, "most"))
        p->most_ms = ms;
    else if (str_eq_c(kind, "typing"))
        p->typing_ms = ms;
    else if (str_eq_c(kind, "number"))
        p->number_ms = ms;
    else if (str_eq_c(kind, "long") && str_int(word, &chars))
        p->long_chars = (size_t)chars;
    else if (str_eq_c(kind, "short") && str_int(word, &chars)) {
        p->short_ms = ms;
        p->short_chars = (size_t)chars;
    }
    for (size_t k = 0; k < ROW_KINDS; k++)
        if (str_eq_c(kind, kind_names[k]))
            *array_push(&all.arena, &p->rows[k]) = (struct row){normalise(&all.arena, word), ms};
}

static void read_pack(struct pack *p, struct str file)
{
    struct str line, kind, number;
    int64_t ms;
    while (str_cut(&file, '\n', &line))
        if (line.n > 0 && line.p[0] != '#' && str_cut(&line, '\t', &kind) && str_cut(&line, '\t', &number) &&
            str_int(number, &ms))
            read_row(p, kind, (int)ms, line);
}

static void load(void)
{
    read_pack(&all.packs[0], asset_find(STR("packs/zh/burst.tsv")));
    read_pack(&all.packs[1], asset_find(STR("packs/en/burst.tsv")));
}

static bool is_han(unsigned char c)
{
    return c >= 0xe3 && c <= 0xe9; /* first bytes of U+3000…U+9FFF */
}

/** The rows for a text: by its script, because short texts tell no more of their language. */
static const struct pack *pack_of(struct str text)
{
    pthread_once(&once, load);
    for (size_t i = 0; i < text.n; i++)
        if (is_han((unsigned char)text.p[i]))
            return &all.packs[0];
    return &all.packs[1];
}

/** Full stops say that a sentence is over, not what it is: "在吗。" is 在吗. Question marks and commas stay. */
static struct str without_stops(struct str s)
{
    for (;;) {
        s = str_trim(s);
        bool stop = s.n > 0 && (s.p[s.n - 1] == '.' || s.p[s.n - 1] == '!' || s.p[s.n - 1] == '~');
        bool ideographic = str_ends(s, STR("。"));
        if ((!stop && !ideographic) || str_ends(s, STR("...")))
            return s;
        s.n -= ideographic ? strlen("。") : 1;
    }
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/** True when the word at @p at is none of a longer one: "my" is not the end of "army". */
static bool stands(struct str text, size_t at, struct str word)
{
    size_t end = at + word.n;
    return !(at > 0 && is_letter(text.p[at - 1]) && is_letter(word.p[0])) &&
           !(end < text.n && is_letter(text.p[end]) && is_letter(word.p[word.n - 1]));
}

static bool fits(const struct row *r, enum row_kind kind, struct str text)
{
    switch (kind) {
    case ROW_GREET:
    case ROW_WHOLE: return str_eq(text, r->word);
    case ROW_END: return str_ends(text, r->word) && stands(text, text.n - r->word.n, r->word);
    case ROW_HAS:
        for (size_t at = str_find(text, r->word, 0); at != SIZE_MAX; at = str_find(text, r->word, at + 1))
            if (stands(text, at, r->word))
                return true;
        return false;
    case ROW_KINDS: break;
    }
    return false;
}

/** The longest word of a kind that fits; NULL when none does. */
static const struct row *row_of(const struct pack *p, enum row_kind kind, struct str text)
{
    const struct row *best = NULL;
    for (size_t i = 0; i < p->rows[kind].n; i++) {
        const struct row *r = &p->rows[kind].v[i];
        if ((best == NULL || r->word.n > best->word.n) && fits(r, kind, text))
            best = r;
    }
    return best;
}

static bool has_digit(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] >= '0' && text.p[i] <= '9')
            return true;
    return false;
}

static bool asks(struct str text)
{
    return str_ends(text, STR("?")) || str_ends(text, STR("？"));
}

/* After a text that is no question. */
static int wait_after(struct arena *a, const struct pack *p, struct str text)
{
    if (str_code_points(text) > p->long_chars) {
        struct str tail = str_sub(text, text.n - MIN(text.n, (size_t)TAIL_BYTES), TAIL_BYTES);
        const struct row *r = row_of(p, ROW_END, without_stops(normalise(a, tail)));
        return r != NULL ? r->ms : 0;
    }
    if (has_digit(text))
        return p->number_ms;
    struct str folded = without_stops(normalise(a, text));
    for (unsigned kind = 0; kind < ROW_KINDS; kind++) {
        const struct row *r = row_of(p, (enum row_kind)kind, folded);
        if (r != NULL)
            return r->ms;
    }
    return str_code_points(folded) <= p->short_chars ? p->short_ms : 0;
}

int burst_wait_ms(struct arena *a, struct str text)
{
    text = str_trim(text);
    if (asks(text) || text.n == 0)
        return 0;
    const struct arena_mark before = arena_mark(a);
    int ms = wait_after(a, pack_of(text), text);
    arena_rewind(a, before);
    return ms;
}

int64_t burst_due_ms(struct arena *a, const struct burst *b)
{
    const struct burst_text *first = &b->texts[0], *last = &b->texts[b->n - 1];
    const struct pack *p = pack_of(last->text);
    struct str said = str_trim(b->last_said);
    bool asked = asks(said) || str_ends(said, STR(":")) || str_ends(said, STR("："));
    int wait_ms = b->n == 1 && asked ? 0 : burst_wait_ms(a, last->text);
    if (wait_ms == 0 || last->at_ms < first->at_ms) /* a clock that was set back keeps nobody waiting */
        return last->at_ms;
    int64_t due_ms = last->at_ms + wait_ms;
    if (b->typing_ms >= last->at_ms)
        due_ms = MAX(due_ms, b->typing_ms + p->typing_ms);
    return MIN(due_ms, first->at_ms + p->most_ms);
}

/* ---- joining -------------------------------------------------------------------------------------------------------- */

static bool is_greeting(struct arena *a, struct str text)
{
    return row_of(pack_of(text), ROW_GREET, without_stops(normalise(a, text))) != NULL;
}

/** Han are written on without a space, unless a sentence is over. */
static bool joins_bare(struct str before, struct str after)
{
    bool han = before.n >= 3 && is_han((unsigned char)before.p[before.n - 3]) && after.n > 0 &&
               is_han((unsigned char)after.p[0]);
    return han && !str_ends(before, STR("。"));
}

struct str burst_join(struct arena *a, const struct burst_text *texts, size_t n)
{
    struct buf b = {.arena = a};
    if (n == 1)
        return texts[0].text;
    for (size_t i = 0; i < n; i++) {
        struct str text = str_trim(texts[i].text);
        if (text.n == 0 || is_greeting(a, text))
            continue;
        if (b.n > 0 && !joins_bare(buf_view(&b), text))
            buf_char(&b, ' ');
        buf_str(&b, text);
    }
    return b.n > 0 ? buf_view(&b) : texts[n - 1].text;
}
