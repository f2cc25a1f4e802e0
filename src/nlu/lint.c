/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lint.
 *
 * How          Rows of all files are read into one list, the bad lines told on the way; each check walks that list or the
 *              rows of one intent (sorted once) and adds findings; at the end they are put into the files' order.
 * Invariant    The same files give the same findings in the same order.
 */
#include "nlu/lint.h"

#include <stdlib.h>

#include "base/limit.h"
#include "nlu/features.h"
#include "nlu/lint_near.h"
#include "nlu/train.h"

#define EASY_LEAST 10  /* rows of an intent from which "one word gives it away" says something */
#define EASY_SHARE 0.9 /* part of its rows that carry the word */
#define TIMES_MORE 4   /* than the middle intent, or as many times fewer: imbalance */

static const struct {
    const char *name;
    bool error;
} kinds[LINT_KINDS] = {
    [LINT_COLUMNS] = {"columns", true},
    [LINT_UNKNOWN_INTENT] = {"unknown_intent", true},
    [LINT_DUPLICATE] = {"duplicate", true},
    [LINT_CONTRADICTION] = {"contradiction", true},
    [LINT_LEAK] = {"leak", true},
    [LINT_FRAME] = {"frame", true},
    [LINT_FEW] = {"few_rows", true},
    [LINT_NEAR_DUPLICATE] = {"near_duplicate", false},
    [LINT_NEAR_CONTRADICTION] = {"near_contradiction", false},
    [LINT_EASY] = {"too_easy", false},
    [LINT_IMBALANCE] = {"imbalance", false},
};

/* Intents that are said in a handful of formulas: there is no second way to nod. */
static const struct {
    const char *intent, *why;
} exemptions[] = {
    {"confirm_yes", "a nod is one word and what it nods to"},
    {"confirm_no", "a refusal is one word and what it refuses"},
    {"thanks", "thanks are a formula with a name or reason behind"},
    {"goodbye", "a goodbye is a formula with a wish behind"},
    {"greet_presale", "a greeting is a formula with a name behind"},
    {"oos", "what belongs to no intent has no wording of its own to vary"},
};

/* A row that was read well. */
struct lint_row {
    struct str label, text;
    uint32_t file, line;
    bool held_out;
};

struct linter {
    struct arena *a;
    const struct lint_file *files;
    const struct lint_options *options;
    ARRAY(struct lint_row) rows;
    ARRAY(struct lint_finding) found;
    const struct lint_row **by_label; /* training rows by label, then place */
    size_t training;
};

/* Training rows v[0..n) of one label. */
struct group {
    const struct lint_row *const *v;
    size_t n;
};

const char *lint_kind_name(enum lint_kind kind)
{
    return kinds[kind].name;
}

bool lint_is_error(const struct lint_options *options, enum lint_kind kind)
{
    return kinds[kind].error && (kind != LINT_FEW || options->whole);
}

const char *lint_frame_exemption(struct str intent)
{
    for (size_t i = 0; i < COUNT(exemptions); i++)
        if (str_eq_c(intent, exemptions[i].intent))
            return exemptions[i].why;
    return NULL;
}

static void add(struct linter *l, enum lint_kind kind, const struct lint_row *at, struct str message)
{
    *array_push(l->a, &l->found) =
        (struct lint_finding){kind, l->files[at->file].name, at->line, at->label, message};
}

static struct str place(const struct linter *l, const struct lint_row *r)
{
    return str_fmt(l->a, "%.*s:%u", STR_ARG(l->files[r->file].name), r->line);
}

static int compare_id(const void *x, const void *y)
{
    return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

static bool is_known(const struct linter *l, struct str label)
{
    return bsearch(&label, l->options->intents, l->options->intent_count, sizeof(label), compare_id) != NULL;
}

/* What is wrong with a line as such; NULL when it became a row. */
static const char *row_of(struct str line, struct lint_row *ret)
{
    if (line.n > LIMIT_IMPORT_LINE)
        return "is longer than a row may be";
    if (!str_is_utf8(line))
        return "is not UTF-8 text";
    struct str rest = line, label = STR_NONE;
    if (!str_cut(&rest, '\t', &label) || rest.p == NULL)
        return "has no tab: a row is intent<TAB>text";
    ret->label = str_trim(label);
    ret->text = str_trim(rest);
    if (ret->label.n == 0 || ret->text.n == 0)
        return "has an empty column: a row is intent<TAB>text";
    if (str_has(ret->text, STR("\t")))
        return "has more than two columns: a row is intent<TAB>text";
    if (str_code_points(ret->text) > LIMIT_TEXT_CHARS)
        return "has a text longer than a message may be";
    return NULL;
}

/* A validation label may name alternatives, "a|b". */
static void check_label(struct linter *l, const struct lint_row *row)
{
    struct str rest = row->label, one;
    bool alternatives = row->held_out;
    while (alternatives ? str_cut(&rest, '|', &one) : (one = rest).p != NULL) {
        if (!is_known(l, one))
            add(l, LINT_UNKNOWN_INTENT, row, str_fmt(l->a, "\"%.*s\" is no intent", STR_ARG(one)));
        if (!alternatives)
            break;
    }
}

static void read_file(struct linter *l, uint32_t index)
{
    struct str rest = l->files[index].bytes, line;
    if (str_starts(rest, STR("\xEF\xBB\xBF")))
        rest = str_sub(rest, 3, SIZE_MAX);
    for (uint32_t number = 1; str_cut(&rest, '\n', &line); number++) {
        if (str_trim(line).n == 0)
            continue;
        struct lint_row row = {.file = index, .line = number, .held_out = l->files[index].held_out};
        const char *wrong = row_of(line, &row);
        if (wrong != NULL) {
            add(l, LINT_COLUMNS, &row, str_fmt(l->a, "the line %s", wrong));
            continue;
        }
        check_label(l, &row);
        *array_push(l->a, &l->rows) = row;
    }
}

static int by_label(const void *x, const void *y)
{
    const struct lint_row *const *a = x, *const *b = y;
    int order = str_cmp((*a)->label, (*b)->label);
    return order != 0 ? order : (*a > *b) - (*a < *b);
}

static void sort_rows(struct linter *l)
{
    l->by_label = arena_array(l->a, const struct lint_row *, l->rows.n + 1);
    for (size_t i = 0; i < l->rows.n; i++)
        if (!l->rows.v[i].held_out)
            l->by_label[l->training++] = &l->rows.v[i];
    qsort(l->by_label, l->training, sizeof(struct lint_row *), by_label);
}

/* The next group after @p g; false behind the last. */
static bool next_group(const struct linter *l, struct group *g)
{
    size_t from = g->v == NULL ? 0 : (size_t)(g->v - l->by_label) + g->n, to = from;
    while (to < l->training && str_eq(l->by_label[to]->label, l->by_label[from]->label))
        to++;
    *g = (struct group){l->by_label + from, to - from};
    return to > from;
}

/* True the first time that @p kind is told of row @p index: five copies of a text are four findings, not ten. */
static bool first_time(unsigned *told, uint32_t index, enum lint_kind kind)
{
    bool first = (told[index] & 1u << kind) == 0;
    told[index] |= 1u << kind;
    return first;
}

/*
 * What a pair of alike rows is: told of the later one, or of the training row when the other is held out.
 * @p told: by row, a bit for each kind that was told of it
 */
static void judge_pair(struct linter *l, const struct near_pair *p, unsigned *told)
{
    const struct lint_row *x = &l->rows.v[p->x], *y = &l->rows.v[p->y];
    bool same_label = str_eq(x->label, y->label);
    if (x->held_out && y->held_out)
        return;
    if (x->held_out != y->held_out) {
        const struct lint_row *row = x->held_out ? y : x, *held = x->held_out ? x : y;
        if (first_time(told, x->held_out ? p->y : p->x, LINT_LEAK))
            add(l, LINT_LEAK, row,
                str_fmt(l->a, "\"%.*s\" %s validation text %.*s", STR_ARG(row->text), p->same ? "is the" : "is almost the",
                        STR_ARG(place(l, held))));
        return;
    }
    enum lint_kind kind = same_label ? (p->same ? LINT_DUPLICATE : LINT_NEAR_DUPLICATE)
                                     : (p->same ? LINT_CONTRADICTION : LINT_NEAR_CONTRADICTION);
    if (first_time(told, p->y, kind))
        add(l, kind, y, str_fmt(l->a, "\"%.*s\" %s %.*s%s%.*s", STR_ARG(y->text), p->same ? "is also" : "is almost",
                                STR_ARG(place(l, x)), same_label ? "" : ", there as ",
                                STR_ARG(same_label ? STR("") : x->label)));
}

static void check_pairs(struct linter *l)
{
    struct str *texts = arena_array(l->a, struct str, l->rows.n + 1);
    for (size_t i = 0; i < l->rows.n; i++)
        texts[i] = l->rows.v[i].text;
    const struct near_pair *pairs;
    size_t n = near_find(l->a, texts, l->rows.n, LINT_LIKENESS, &pairs);
    unsigned *told = arena_array(l->a, unsigned, l->rows.n + 1);
    for (size_t i = 0; i < n; i++)
        judge_pair(l, &pairs[i], told);
}

/* One finding a frame, at the first sentence that is too many. */
static void check_frames(struct linter *l, const struct group *g)
{
    if (lint_frame_exemption(g->v[0]->label) != NULL)
        return;
    struct str *texts = arena_array(l->a, struct str, g->n);
    for (size_t i = 0; i < g->n; i++)
        texts[i] = g->v[i]->text;
    const struct frame *frames;
    size_t n = frame_find(l->options->framer, l->a, texts, g->n, LINT_FRAME_MOST, &frames);
    for (size_t i = 0; i < n; i++) {
        struct buf b = {.arena = l->a};
        buf_printf(&b, "%zu sentences share the frame \"%.*s\", %d may: lines", frames[i].n, STR_ARG(frames[i].shape),
                   LINT_FRAME_MOST);
        for (size_t k = 0; k < frames[i].n; k++)
            buf_printf(&b, " %u", g->v[frames[i].rows[k]]->line);
        add(l, LINT_FRAME, g->v[frames[i].rows[LINT_FRAME_MOST]], buf_view(&b));
    }
}

/* One word of one training row. */
struct word_use {
    uint64_t hash;
    const struct lint_row *row;
    uint32_t from, to;
};

static int by_word(const void *x, const void *y)
{
    const struct word_use *a = x, *b = y;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return by_label(&a->row, &b->row);
}

/* Rows of the label that is the only one to have the word of v[from..to); 0 when several have it. */
static size_t sole_rows(const struct word_use *v, size_t from, size_t to)
{
    size_t rows = 0;
    for (size_t i = from; i < to; i++) {
        if (!str_eq(v[i].row->label, v[from].row->label))
            return 0;
        rows += i == from || v[i].row != v[i - 1].row;
    }
    return rows;
}

static size_t rows_of_label(const struct linter *l, struct str label)
{
    struct group g = {0};
    while (next_group(l, &g))
        if (str_eq(g.v[0]->label, label))
            return g.n;
    return 0;
}

/* An intent most of whose rows carry one word that no other intent has. */
static void check_easy(struct linter *l)
{
    ARRAY(struct word_use) uses = {0};
    _cleanup_(arena_done) struct arena scratch = {0};
    for (size_t i = 0; i < l->training; i++) {
        struct frame_word *w;
        size_t n = frame_words(l->options->framer, &scratch, l->by_label[i]->text, &w);
        for (size_t k = 0; k < n; k++)
            *array_push(l->a, &uses) = (struct word_use){w[k].hash, l->by_label[i], w[k].from, w[k].to};
        arena_reset(&scratch);
    }
    if (uses.n > 0)
        qsort(uses.v, uses.n, sizeof(*uses.v), by_word);
    for (size_t from = 0, to; from < uses.n; from = to) {
        for (to = from + 1; to < uses.n && uses.v[to].hash == uses.v[from].hash;)
            to++;
        size_t rows = to - from >= EASY_LEAST ? sole_rows(uses.v, from, to) : 0;
        if (rows < EASY_LEAST)
            continue;
        const struct word_use *u = &uses.v[from];
        size_t all = rows_of_label(l, u->row->label);
        if ((double)rows >= EASY_SHARE * (double)all)
            add(l, LINT_EASY, u->row,
                str_fmt(l->a, "%zu of %zu rows have the word \"%.*s\", which no other intent has: write rows without it",
                        rows, all, STR_ARG(str_sub(u->row->text, u->from, u->to - u->from))));
    }
}

static int by_count(const void *x, const void *y)
{
    const size_t *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

static void check_counts(struct linter *l, size_t *ret_intents)
{
    ARRAY(size_t) counts = {0};
    for (struct group g = {0}; next_group(l, &g);)
        *array_push(l->a, &counts) = g.n;
    *ret_intents = counts.n;
    if (counts.n > 0)
        qsort(counts.v, counts.n, sizeof(*counts.v), by_count);
    size_t middle = counts.n > 0 ? counts.v[counts.n / 2] : 0;
    for (struct group g = {0}; next_group(l, &g);) {
        if (g.n < l->options->least_rows)
            add(l, LINT_FEW, g.v[0], str_fmt(l->a, "%zu rows, %zu are the least", g.n, l->options->least_rows));
        if (g.n > middle * TIMES_MORE || g.n * TIMES_MORE < middle)
            add(l, LINT_IMBALANCE, g.v[0], str_fmt(l->a, "%zu rows, the middle intent has %zu", g.n, middle));
    }
    for (size_t i = 0; l->options->whole && i < l->options->intent_count; i++)
        if (rows_of_label(l, l->options->intents[i]) == 0)
            *array_push(l->a, &l->found) = (struct lint_finding){
                .kind = LINT_FEW, .intent = l->options->intents[i], .message = STR("no rows at all")};
}

static size_t file_index(const struct linter *l, struct str name)
{
    size_t i = 0;
    while (l->files[i].name.p != name.p)
        i++;
    return i;
}

static int by_place(const void *x, const void *y, void *arg)
{
    const struct lint_finding *a = x, *b = y;
    if (a->file.p != b->file.p) {
        if (a->file.p == NULL || b->file.p == NULL)
            return a->file.p == NULL ? 1 : -1;
        return file_index(arg, a->file) < file_index(arg, b->file) ? -1 : 1;
    }
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return str_cmp(a->message, b->message);
}

void lint(struct arena *a, const struct lint_file *files, size_t n, const struct lint_options *options,
          struct lint_report *ret)
{
    struct linter l = {.a = a, .files = files, .options = options};
    *ret = (struct lint_report){0};
    for (uint32_t i = 0; i < n; i++)
        read_file(&l, i);
    sort_rows(&l);
    check_pairs(&l);
    for (struct group g = {0}; next_group(&l, &g);)
        check_frames(&l, &g);
    check_easy(&l);
    check_counts(&l, &ret->intents);
    if (l.found.n > 0)
        qsort_r(l.found.v, l.found.n, sizeof(*l.found.v), by_place, &l);

    ret->rows = l.training;
    ret->held_out_rows = l.rows.n - l.training;
    ret->v = l.found.v;
    ret->n = l.found.n;
    for (size_t i = 0; i < l.found.n; i++) {
        ret->by_kind[l.found.v[i].kind]++;
        *(lint_is_error(options, l.found.v[i].kind) ? &ret->errors : &ret->warnings) += 1;
    }
}
