/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xiaoer faq: how well retrieval finds the stored question behind a buyer's wording; in figures, as a list of what was
 * missed, and as a page.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/commands.h"
#include "app/report.h"
#include "app/tsv.h"
#include "nlu/page.h"
#include "nlu/retrieval.h"

#define LOOKED_AT   10  /* hits in which the right answer may stand, for mrr */
#define MISSES_SHOWN 500 /* on the page; --misses writes all */

/* A knowledge base ready to be asked. */
struct base {
    struct retrieval *retrieval;
    struct str *answers;   /* by item: the answer's id */
    struct str *questions; /* by item: the first stored question */
    size_t items;
    const struct row *docs; /* every stored question, as a hit numbers them */
};

/* Where the right answer stood for one query. */
struct found {
    size_t place;   /* from 1; 0: not among the hits */
    const struct row *first; /* stored question that came first; NULL: none did */
};

struct figures {
    size_t entries, queries;
    double top1, top3, mrr, microseconds;
};

static int by_label(const void *x, const void *y)
{
    return str_cmp(((const struct row *)x)->label, ((const struct row *)y)->label);
}

/* Rows of the same answer are one item. */
static struct base build(struct arena *a, struct rows *rows)
{
    struct retrieval_doc *docs = arena_array(a, struct retrieval_doc, rows->n);
    struct base base = {.answers = arena_array(a, struct str, rows->n), .questions = arena_array(a, struct str, rows->n)};
    uint32_t item = 0;
    qsort(rows->v, rows->n, sizeof(*rows->v), by_label);
    for (size_t i = 0; i < rows->n; i++) {
        item += i > 0 && !str_eq(rows->v[i].label, rows->v[i - 1].label);
        docs[i] = (struct retrieval_doc){rows->v[i].text, item};
        base.answers[item] = rows->v[i].label;
        if (base.questions[item].p == NULL)
            base.questions[item] = rows->v[i].text;
    }
    base.items = item + 1;
    base.docs = rows->v;
    base.retrieval = retrieval_build(docs, rows->n);
    return base;
}

static double thread_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct found find(const struct base *base, struct arena *a, const struct row *query)
{
    struct retrieval_hit hits[LOOKED_AT];
    size_t n = retrieval_find(base->retrieval, a, query->text, NULL, NULL, hits, COUNT(hits));
    struct found found = {.first = n > 0 ? &base->docs[hits[0].doc] : NULL};
    for (size_t i = 0; i < n && found.place == 0; i++)
        if (str_eq(base->answers[hits[i].item], query->label))
            found.place = i + 1;
    return found;
}

static struct found *ask_all(struct arena *a, const struct base *base, const struct rows *queries, struct figures *f)
{
    _cleanup_(arena_done) struct arena scratch = {0};
    struct found *found = arena_array(a, struct found, queries->n);
    size_t first = 0, third = 0;
    double reciprocal = 0, begun = thread_seconds(), n = (double)queries->n;
    for (size_t i = 0; i < queries->n; i++) {
        found[i] = find(base, &scratch, &queries->v[i]);
        size_t place = found[i].place;
        first += place == 1;
        third += place >= 1 && place <= 3;
        reciprocal += place > 0 ? 1.0 / (double)place : 0;
        arena_reset(&scratch);
        cli_progress("asking", (int64_t)i + 1, (int64_t)queries->n);
    }
    f->queries = queries->n;
    f->microseconds = (thread_seconds() - begun) * 1e6 / n;
    f->top1 = (double)first / n;
    f->top3 = (double)third / n;
    f->mrr = reciprocal / n;
    return found;
}

static void print(const struct cli *c, struct arena *a, const struct figures *f)
{
    struct report r = report_begin(c, a);
    report_count(&r, "entries", f->entries);
    report_count(&r, "queries", f->queries);
    report_real(&r, "top1", f->top1, 4);
    report_real(&r, "top3", f->top3, 4);
    report_real(&r, "mrr", f->mrr, 4);
    report_real(&r, "microseconds_per_query", f->microseconds, 1);
    report_end(&r);
}

/* The first stored question of answer @p id; nothing when the knowledge base has no such answer. */
static struct str question_of(const struct base *base, struct str id)
{
    size_t from = 0, to = base->items; /* answers are sorted */
    while (from < to) {
        size_t middle = (from + to) / 2;
        int order = str_cmp(base->answers[middle], id);
        if (order == 0)
            return base->questions[middle];
        *(order < 0 ? &from : &to) = order < 0 ? middle + 1 : middle;
    }
    return STR_NONE;
}

/* wanted<TAB>text<TAB>place<TAB>first<TAB>its question; place 0 is "not among ten". */
static struct str misses_file(struct arena *a, const struct rows *queries, const struct found *found)
{
    struct buf b = {.arena = a};
    for (size_t i = 0; i < queries->n; i++) {
        const struct row *q = &queries->v[i];
        const struct row *first = found[i].first;
        if (found[i].place == 1)
            continue;
        buf_printf(&b, "%.*s\t%.*s\t%zu\t", STR_ARG(q->label), STR_ARG(q->text), found[i].place);
        if (first != NULL)
            buf_printf(&b, "%.*s\t%.*s", STR_ARG(first->label), STR_ARG(first->text));
        else
            buf_c(&b, "\t");
        buf_c(&b, "\n");
    }
    return buf_view(&b);
}

static void write_miss(struct json_out *o, const struct base *base, const struct row *q, const struct found *f)
{
    jo_open(o);
    jo_kt(o, "text", q->text);
    jo_kn(o, "place", (int64_t)f->place);
    jo_kt(o, "wanted", q->label);
    jo_kt(o, "wanted_question", question_of(base, q->label));
    if (f->first != NULL) {
        jo_kt(o, "found", f->first->label);
        jo_kt(o, "found_question", f->first->text);
    }
    jo_close(o);
}

static struct str page_data(const struct cli *c, struct arena *a, const struct base *base, const struct rows *queries,
                            const struct found *found, const struct figures *f)
{
    struct buf b = {.arena = a};
    struct json_out o = json_to(&b);
    size_t misses = 0;
    jo_open(&o);
    jo_kc(&o, "kind", "faq");
    jo_kc(&o, "measured", c->argv[1]);
    jo_kc(&o, "file", c->argv[2]);
    jo_key(&o, "figures");
    jo_open(&o);
    jo_kr(&o, "top1", f->top1);
    jo_kr(&o, "top3", f->top3);
    jo_kr(&o, "mrr", f->mrr);
    jo_kn(&o, "entries", (int64_t)f->entries);
    jo_kn(&o, "queries", (int64_t)f->queries);
    jo_kr(&o, "microseconds_per_query", f->microseconds);
    jo_close(&o);
    jo_key(&o, "misses");
    jo_array(&o);
    for (size_t i = 0; i < queries->n; i++) {
        misses += found[i].place != 1;
        if (found[i].place != 1 && misses <= MISSES_SHOWN)
            write_miss(&o, base, &queries->v[i], &found[i]);
    }
    jo_array_end(&o);
    jo_kn(&o, "miss_count", (int64_t)misses);
    jo_close(&o);
    return buf_view(&b);
}

static enum exit_code eval(const struct cli *c, struct arena *a, const struct base *base, size_t entries,
                           const struct rows *queries)
{
    struct figures f = {.entries = entries};
    const struct found *found = ask_all(a, base, queries, &f);
    print(c, a, &f);
    const char *misses = cli_value(c, "misses"), *html = cli_value(c, "html");
    enum exit_code code = EXIT_DONE;
    if (misses != NULL)
        code = cli_write_file(c, misses, misses_file(a, queries, found));
    if (html != NULL && code == EXIT_DONE) {
        const char *language = cli_value(c, "lang") != NULL ? cli_value(c, "lang") : "zh";
        code = cli_write_file(c, html, page_make(a, language, page_data(c, a, base, queries, found, &f)));
    }
    return code;
}

static enum exit_code run(const struct cli *c)
{
    if (c->argc != 3 || strcmp(c->argv[0], "eval") != 0)
        return cli_usage(c, "write it like this: xiaoer faq eval KB.tsv QUERIES.tsv");
    _cleanup_(arena_done) struct arena a = {0};
    struct rows entries = {0}, queries = {0};
    enum exit_code code = tsv_rows(c, &a, c->argv[1], "answer_id<TAB>question", &entries);
    if (code == EXIT_DONE)
        code = tsv_rows(c, &a, c->argv[2], "answer_id<TAB>question", &queries);
    if (code != EXIT_DONE)
        return code;
    struct base base = build(&a, &entries);
    code = eval(c, &a, &base, entries.n, &queries);
    retrieval_free(base.retrieval);
    return code;
}

static const struct cli_option options[] = {
    {"misses", "FILE.tsv", "write the queries whose right answer did not come first: answer_id, text, place, what came first"},
    {"html", "FILE", "write figures and misses as a page to look at"},
    {"lang", "LANG", "of the page (zh, en)"},
    {0},
};

const struct command cmd_faq = {
    .name = "faq",
    .summary = "measures how well stored questions are found",
    .synopsis = "xiaoer faq eval KB.tsv QUERIES.tsv [--misses FILE.tsv] [--html FILE]",
    .help = "A row of KB.tsv is answer_id<TAB>question, of QUERIES.tsv answer_id<TAB>text. Prints how often the right\n"
            "answer came first (top1), among the first three (top3), the mean reciprocal rank within ten (mrr), and the\n"
            "processor time of a query.\n\n"
            "Example:\n"
            "  xiaoer faq eval knowledge.tsv asked-yesterday.tsv --misses missed.tsv",
    .options = options,
    .run = run,
};
