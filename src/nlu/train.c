/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Training.
 *
 * How          The rows, thinned if there are too many (nlu/thin.h), and the labels' own words as a row each become vectors
 *              (nlu/vectors.h); all of them make the planes that ship (nlu/svm.h, nlu/softmax.h); each feature's weights
 *              become int8 with one scale. For the confidence, a part of the rows is left out and asked (nlu/trial.h).
 * Bounds       Rows, bytes of text, rows × classes and features × classes: together they keep training under 2 GB and some
 *              minutes, whatever the file. What the model may weigh is held by dropping the features with the least
 *              weight: half of them cost .4 % of answers, measured.
 * Invariants   The same rows in the same order give the same bytes.
 */
#include "nlu/train.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "nlu/features.h"
#include "nlu/model.h"
#include "nlu/svm.h"
#include "nlu/thin.h"
#include "nlu/trial.h"

#define MOST_ROWS      100000
#define MOST_TEXT      (16 * MIB)
#define MOST_CELLS     ((size_t)256 << 20) /* rows × classes: a byte each */
#define MOST_WEIGHTS   ((size_t)48 << 20)  /* features × classes: twelve bytes each */
#define MOST_BYTES     14500000            /* of the model, unless told otherwise */

/* Pairs of tokens pay in rows of so many tokens on average: shorter ones are covered by neighbours, longer ones are stories,
 * whose pairs say nothing. In Chinese, where a token is but a character, it takes many rows to learn from them. The same
 * few and short Chinese rows are the only ones where the mixture did not pay. Measured: docs/decisions/0008. */
#define SHORT_ROW 5.0
#define LONG_ROW  30.0
#define CJK_ROWS  8000

/* Everything of one training. */
struct job {
    const struct train_options *options;
    struct arena arena;    /* of label rows */
    struct rows rows;      /* those that are trained on: the file's, then the labels' own words */
    size_t own_rows;       /* those of the file */
    uint64_t source;
    bool pairs, mix;
    struct lexicon *concepts;
    struct vectors vectors;
    double *class_of;      /* by row */
    struct str *labels;    /* by class */
    size_t class_count;
    size_t oos;            /* class of TRAIN_OOS_LABEL, or SIZE_MAX */
};

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void tell(const struct job *j, int64_t done, int64_t total)
{
    if (j->options->progress != NULL)
        j->options->progress("training", done, total);
}

/* Numbers the labels in order of first appearance, through a table of 1 + class. @return the class of each row */
static double *number_labels(struct job *j, const struct rows *rows)
{
    size_t mask = 4 * MODEL_MAX_CLASSES - 1;
    uint32_t *table = xcalloc(mask + 1, sizeof(*table));
    double *class_of = xcalloc(rows->n + 1, sizeof(*class_of));
    j->labels = xcalloc(MODEL_MAX_CLASSES + 1, sizeof(*j->labels));
    j->oos = SIZE_MAX;
    for (size_t i = 0; i < rows->n && j->class_count <= MODEL_MAX_CLASSES; i++) {
        struct str label = rows->v[i].label;
        size_t at = str_hash(label) & mask;
        while (table[at] != 0 && !str_eq(j->labels[table[at] - 1], label))
            at = (at + 1) & mask;
        if (table[at] == 0) {
            if (str_eq_c(label, TRAIN_OOS_LABEL))
                j->oos = j->class_count;
            j->labels[j->class_count] = label;
            table[at] = (uint32_t)++j->class_count;
        }
        class_of[i] = table[at] - 1;
    }
    free(table);
    return class_of;
}

/* A label's name as a text: "card_not_working" says much of what its rows will say. Of few rows it is worth .7 %. */
static struct str words_of(struct arena *a, struct str label)
{
    struct str words = str_dup(a, label);
    char *p = (char *)(uintptr_t)words.p;
    for (size_t i = 0; i < words.n; i++)
        if (p[i] == '_' || p[i] == '|' || p[i] == '.' || p[i] == '/')
            p[i] = ' ';
    return words;
}

/* Picks the rows to train on out of the file's, and adds the labels' words. */
static void pick_rows(struct job *j, const struct rows *rows, const double *class_of)
{
    struct thin_limit limit = {MIN((size_t)MOST_ROWS, MOST_CELLS / j->class_count), MOST_TEXT};
    uint32_t *taken = xcalloc(rows->n + 1, sizeof(*taken));
    size_t n = thin_rows(rows, class_of, j->class_count, limit, taken);
    j->own_rows = n;
    j->rows = (struct rows){.v = xcalloc(n + j->class_count, sizeof(*j->rows.v)), .cap = n + j->class_count};
    j->class_of = xcalloc(n + j->class_count, sizeof(*j->class_of));
    for (size_t i = 0; i < n; i++) {
        j->rows.v[i] = rows->v[taken[i]];
        j->class_of[i] = class_of[taken[i]];
    }
    for (size_t c = 0; c < j->class_count; c++) {
        if (c == j->oos)
            continue;
        j->rows.v[n] = (struct row){j->labels[c], words_of(&j->arena, j->labels[c])};
        j->class_of[n++] = (double)c;
    }
    j->rows.n = n;
    free(taken);
}

/* Rows whose text stands under another label too, through a table of 1 + row. */
static size_t count_contradictions(const struct job *j)
{
    size_t mask = 1023, found = 0;
    while (mask < j->own_rows * 2)
        mask = mask * 2 + 1;
    uint32_t *table = xcalloc(mask + 1, sizeof(*table));
    for (size_t i = 0; i < j->own_rows; i++) {
        struct str text = j->rows.v[i].text;
        size_t at = str_hash(text) & mask;
        while (table[at] != 0 && !str_eq(j->rows.v[table[at] - 1].text, text))
            at = (at + 1) & mask;
        if (table[at] == 0)
            table[at] = (uint32_t)i + 1;
        else
            found += j->class_of[table[at] - 1] < j->class_of[i] || j->class_of[table[at] - 1] > j->class_of[i];
    }
    free(table);
    return found;
}

/* One feature's weights as bytes; @return their scale. */
static float to_bytes(const float *weights, size_t n, int8_t *ret)
{
    float greatest = 0;
    for (size_t c = 0; c < n; c++)
        greatest = fmaxf(greatest, fabsf(weights[c]));
    for (size_t c = 0; c < n; c++)
        ret[c] = (int8_t)(greatest > 0 ? lrintf(weights[c] / greatest * 127) : 0);
    return greatest / 127;
}

static uint64_t source_of(const struct rows *rows, const struct train_options *options)
{
    uint64_t h = feature_mix(rows->n, str_hash(options->concepts));
    h = feature_mix(feature_mix(h, (uint64_t)options->quality), (uint64_t)options->pairs);
    for (size_t i = 0; i < rows->n; i++)
        h = feature_mix(feature_mix(h, str_hash(rows->v[i].label)), str_hash(rows->v[i].text));
    return h;
}

static int by_float(const void *x, const void *y)
{
    float a = *(const float *)x, b = *(const float *)y;
    return (a > b) - (a < b);
}

/* The scale below which features are dropped so that no more than @p most are left: a scale is its greatest weight / 127. */
static float least_scale(const struct model_feature *features, size_t n, size_t most)
{
    if (n <= most)
        return 0;
    float *scales = xcalloc(n, sizeof(*scales));
    for (size_t f = 0; f < n; f++)
        scales[f] = features[f].scale;
    qsort(scales, n, sizeof(*scales), by_float);
    float least = scales[n - most];
    free(scales);
    return least;
}

/* Weights as int8 rows, without the weakest features. @return how many there are */
static size_t make_features(const struct job *j, const struct planes *planes, int8_t *rows, struct model_feature *features)
{
    const struct vectors *v = &j->vectors;
    size_t k = j->class_count, n = 0;
    size_t most = model_most_features(k, j->options->most_bytes > 0 ? j->options->most_bytes : MOST_BYTES);
    for (size_t f = 0; f < v->feature_count; f++) {
        float scale = to_bytes(planes->weights + f * k, k, rows + f * k);
        features[f] = (struct model_feature){v->hashes[f], v->values[f], scale};
    }
    float least = least_scale(features, v->feature_count, most);
    for (size_t f = 0; f < v->feature_count && n < most; f++) {
        if (features[f].scale < least)
            continue;
        features[n] = features[f];
        if (n < f)
            memcpy(rows + n * k, rows + f * k, k);
        n++;
    }
    return n;
}

static struct str pack(const struct job *j, const struct planes *planes, const struct calibration *calibration,
                       size_t *ret_features)
{
    const struct vectors *v = &j->vectors;
    int8_t *rows = xcalloc(v->feature_count * j->class_count + 1, 1);
    struct model_feature *features = xcalloc(v->feature_count + 1, sizeof(*features));
    *ret_features = make_features(j, planes, rows, features);
    struct str bytes = model_pack(&(struct model_parts){
        .pairs = j->pairs,
        .class_count = j->class_count,
        .feature_count = *ret_features,
        .labels = j->labels,
        .features = features,
        .rows = rows,
        .bias = planes->weights + v->feature_count * j->class_count,
        .calibration = *calibration,
        .source = j->source,
        .concepts = j->options->concepts,
    });
    free(features);
    free(rows);
    return bytes;
}

static void job_done(struct job *j)
{
    vectors_done(&j->vectors);
    free(j->rows.v);
    free(j->class_of);
    free(j->labels);
    lexicon_free(j->concepts);
    arena_done(&j->arena);
}

/* What pays for rows like these, where the caller left it open. */
static void choose(struct job *j)
{
    const struct train_options *o = j->options;
    struct text_kind kind = vectors_kind(&j->rows);
    bool enough = kind.words || j->own_rows >= CJK_ROWS;
    bool pairs_pay = enough && kind.length >= SHORT_ROW && kind.length <= LONG_ROW;
    j->pairs = o->pairs == TRAIN_PAIRS_ON || (o->pairs == TRAIN_PAIRS_AUTO && pairs_pay);
    j->mix = o->quality == TRAIN_BEST || (o->quality == TRAIN_QUALITY_AUTO && enough);
}

/* Reads rows and concepts; @return what is wrong with them, or NULL. */
static const char *prepare(struct job *j, const struct rows *rows)
{
    double *class_of = number_labels(j, rows);
    bool fits = j->class_count >= 2 && j->class_count <= MODEL_MAX_CLASSES;
    if (fits)
        pick_rows(j, rows, class_of);
    free(class_of);
    if (!fits)
        return j->class_count < 2 ? "there must be rows of two labels at least" : "there are more than 4096 labels";
    if (j->options->concepts.n > 0 && (j->concepts = lexicon_read(j->options->concepts)) == NULL)
        return "the list of concepts has a line without a word";

    choose(j);
    struct feature_choice choice = {j->pairs, j->concepts};
    vectors_make(&j->rows, &choice, MIN(MOST_WEIGHTS / j->class_count, (size_t)MODEL_MAX_FEATURES), &j->vectors);
    bool said = false; /* do the file's own rows have features? The labels' words alone teach nothing */
    for (size_t i = 0; i < j->own_rows && !said; i++)
        said = j->vectors.tokens[i] > 0;
    return said && j->vectors.feature_count > 0 ? NULL : "the texts have no letters or digits";
}

struct str train_model(const struct rows *rows, const struct train_options *options, struct train_report *ret,
                       char ret_error[160])
{
    double begun = cpu_seconds();
    _cleanup_(job_done) struct job j = {.options = options, .source = source_of(rows, options)};
    const char *wrong = prepare(&j, rows);
    if (wrong != NULL) {
        snprintf(ret_error, 160, "%s", wrong);
        return STR_NONE;
    }

    tell(&j, 1, 4);
    double accuracy;
    struct planes planes;
    svm_train(&j.vectors, j.class_of, j.class_count, &planes);
    tell(&j, 2, 4);
    struct calibration calibration = trial_run(
        &(struct trial){&j.rows, &j.vectors, j.class_of, &planes, j.own_rows, j.oos, j.mix}, &accuracy);
    tell(&j, 3, 4);
    trial_finish(&j.vectors, j.class_of, NULL, j.mix, &planes);
    *ret = (struct train_report){
        .rows = rows->n,
        .rows_used = j.own_rows,
        .classes = j.class_count,
        .contradictions = count_contradictions(&j),
        .pairs = j.pairs,
        .mixed = j.mix,
        .held_out_accuracy = accuracy,
    };
    struct str bytes = pack(&j, &planes, &calibration, &ret->features);
    planes_done(&planes);
    tell(&j, 1, 1);
    ret->seconds = cpu_seconds() - begun;
    return bytes;
}
