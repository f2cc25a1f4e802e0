/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xiaoer faq: how well retrieval finds the stored question behind a buyer's wording.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/commands.h"
#include "app/report.h"
#include "app/tsv.h"
#include "nlu/retrieval.h"

#define LOOKED_AT 10 /* hits in which the right answer may stand, for mrr */

/* A knowledge base ready to be asked. */
struct base {
    struct retrieval *retrieval;
    struct str *answers; /* by item: the answer's id */
};

static int by_label(const void *x, const void *y)
{
    return str_cmp(((const struct row *)x)->label, ((const struct row *)y)->label);
}

/* Rows of the same answer are one item. */
static struct base build(struct arena *a, struct rows *rows)
{
    struct retrieval_doc *docs = arena_array(a, struct retrieval_doc, rows->n);
    struct base base = {.answers = arena_array(a, struct str, rows->n)};
    uint32_t item = 0;
    qsort(rows->v, rows->n, sizeof(*rows->v), by_label);
    for (size_t i = 0; i < rows->n; i++) {
        item += i > 0 && !str_eq(rows->v[i].label, rows->v[i - 1].label);
        docs[i] = (struct retrieval_doc){rows->v[i].text, item};
        base.answers[item] = rows->v[i].label;
    }
    base.retrieval = retrieval_build(docs, rows->n);
    return base;
}

static double thread_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Place of the right answer among the hits, from 1; 0 when it is not there. */
static size_t place_of(const struct base *base, struct arena *a, const struct row *query)
{
    struct retrieval_hit hits[LOOKED_AT];
    size_t n = retrieval_find(base->retrieval, a, query->text, NULL, NULL, hits, COUNT(hits));
    for (size_t i = 0; i < n; i++)
        if (str_eq(base->answers[hits[i].item], query->label))
            return i + 1;
    return 0;
}

static void eval(const struct cli *c, struct arena *a, const struct base *base, size_t entries,
                 const struct rows *queries)
{
    _cleanup_(arena_done) struct arena scratch = {0};
    size_t first = 0, third = 0;
    double reciprocal = 0, begun = thread_seconds();
    for (size_t i = 0; i < queries->n; i++) {
        size_t place = place_of(base, &scratch, &queries->v[i]);
        first += place == 1;
        third += place >= 1 && place <= 3;
        reciprocal += place > 0 ? 1.0 / (double)place : 0;
        arena_reset(&scratch);
        cli_progress("asking", (int64_t)i + 1, (int64_t)queries->n);
    }
    double n = (double)queries->n;
    struct report r = report_begin(c, a);
    report_count(&r, "entries", entries);
    report_count(&r, "queries", queries->n);
    report_real(&r, "top1", (double)first / n, 4);
    report_real(&r, "top3", (double)third / n, 4);
    report_real(&r, "mrr", reciprocal / n, 4);
    report_real(&r, "microseconds_per_query", (thread_seconds() - begun) * 1e6 / n, 1);
    report_end(&r);
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
    eval(c, &a, &base, entries.n, &queries);
    retrieval_free(base.retrieval);
    return EXIT_DONE;
}

const struct command cmd_faq = {
    .name = "faq",
    .summary = "measures how well stored questions are found",
    .synopsis = "xiaoer faq eval KB.tsv QUERIES.tsv",
    .help = "A row of KB.tsv is answer_id<TAB>question, of QUERIES.tsv answer_id<TAB>text. Prints how often the right\n"
            "answer came first (top1), among the first three (top3), the mean reciprocal rank within ten (mrr), and the\n"
            "processor time of a query.\n\n"
            "Example:\n"
            "  xiaoer faq eval knowledge.tsv asked-yesterday.tsv",
    .run = run,
};
