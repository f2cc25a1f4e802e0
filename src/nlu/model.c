/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Model.
 *
 * How          A query is a walk of four short loops over the hashes of the text's features: drop those that a filter does
 *              not know, asking the processor early for the table slots of the others; look these up, asking early for the
 *              rows; add the rows up (nlu/score.h). More than half of a text's features are in no model: the filter, a bit
 *              for each of the hash's upper bits, is small and is asked without a branch. Rows lie feature by feature with
 *              the classes side by side, so one feature of a text touches one or two cache lines per 64 classes. The row
 *              vector's length is taken out at the end: one division a query.
 * File         header, slots (open addressing, at most two thirds full), rows, bias, labels each with '\n', the concept
 *              lexicon, padding to 8. The lexicon is in it because a model is only as good as the reading it learned.
 * Invariants   After model_read(): an empty slot exists (so every probe ends), every slot's row exists, all floats are
 *              finite. Nothing later checks again.
 */
#include "nlu/model.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nlu/features.h"
#include "nlu/score.h"

#define MODEL_MAGIC   0x314C444F4D524558u /* "XERMODL1" as bytes */
#define MODEL_VERSION 2
#define NO_ROW        UINT32_MAX
#define FLOAT_LIMIT   1e6f  /* no weight, threshold or bias of a real model comes near */
#define FLOAT_LEAST   1e-12f /* nor is any that counts below */

/* The slot's place and its 32 check bits come from different ends of the hash: a wrong hit is one in some 2^40. */
struct slot {
    uint32_t check;
    uint32_t row; /* NO_ROW: empty */
    float value;  /* group weight * idf */
    float factor; /* value * the row's scale */
};

struct header {
    uint64_t magic;
    uint64_t checksum; /* of the whole file with this field 0 */
    uint64_t source;
    uint32_t version;
    uint32_t pairs;
    uint32_t class_count;
    uint32_t feature_count;
    uint32_t slot_bits;
    uint32_t stride;
    uint32_t label_bytes;
    uint32_t concept_bytes;
    struct calibration calibration;
    uint32_t tail; /* keeps the size a multiple of 8 */
};

_Static_assert(sizeof(struct header) % 8 == 0, "sections stay aligned");

struct model {
    const char *bytes; /* the file; all views below point into it */
    bool owned;        /* bytes are freed with the model */
    const struct header *head;
    const struct slot *slots;
    const int8_t *rows;
    const float *bias;
    struct str *labels;
    struct lexicon *concepts; /* NULL: the model knows none */
    score_fn *score;
    uint64_t *filter;         /* a bit is set when some feature's check begins with its number */
    uint32_t filter_shift;    /* of a check, to the bit's number */
};

/* Where the sections of a file begin. */
struct layout {
    size_t slots, rows, bias, labels, concepts, end;
};

static struct layout layout_of(const struct header *h)
{
    struct layout l;
    l.slots = sizeof(*h);
    l.rows = l.slots + (sizeof(struct slot) << h->slot_bits);
    l.bias = l.rows + (size_t)h->feature_count * h->stride;
    l.labels = l.bias + (size_t)h->stride * sizeof(float);
    l.concepts = l.labels + h->label_bytes;
    l.end = (l.concepts + h->concept_bytes + 7) & ~(size_t)7;
    return l;
}

static uint64_t checksum_of(const char *bytes, size_t n)
{
    uint64_t sum = n;
    for (size_t i = 0; i + 8 <= n; i += 8) {
        uint64_t word = 0;
        if (i != offsetof(struct header, checksum))
            memcpy(&word, bytes + i, 8);
        sum = feature_mix(sum, word);
    }
    return sum;
}

void model_seal(char *bytes, size_t n)
{
    if (n < sizeof(struct header))
        return;
    uint64_t sum = checksum_of(bytes, n);
    memcpy(bytes + offsetof(struct header, checksum), &sum, sizeof(sum));
}

static uint32_t stride_of(size_t class_count)
{
    return (uint32_t)((class_count + SCORE_BLOCK - 1) / SCORE_BLOCK * SCORE_BLOCK);
}

/* At most two thirds full. */
static uint32_t slot_bits_of(size_t feature_count)
{
    uint32_t bits = 0;
    while (((size_t)1 << bits) < feature_count + feature_count / 2 + 2)
        bits++;
    return bits;
}

size_t model_most_features(size_t class_count, size_t bytes)
{
    size_t most = 1;
    for (uint32_t bits = 8; bits <= 28 && sizeof(struct slot) << bits < bytes; bits++) {
        size_t by_slots = ((size_t)1 << bits) / 3 * 2 - 2;
        size_t by_rows = (bytes - (sizeof(struct slot) << bits)) / stride_of(class_count);
        most = MAX(most, MIN(by_slots, by_rows));
    }
    return MIN(most, MODEL_MAX_FEATURES);
}

static inline uint32_t check_of(uint64_t hash)
{
    return (uint32_t)(hash >> 32);
}

static void put_slots(struct slot *slots, uint32_t bits, const struct model_parts *p)
{
    size_t mask = ((size_t)1 << bits) - 1;
    for (size_t i = 0; i <= mask; i++)
        slots[i].row = NO_ROW;
    for (size_t i = 0; i < p->feature_count; i++) {
        const struct model_feature *f = &p->features[i];
        size_t at = f->hash & mask;
        while (slots[at].row != NO_ROW)
            at = (at + 1) & mask;
        slots[at] = (struct slot){check_of(f->hash), (uint32_t)i, f->value, f->value * f->scale};
    }
}

struct str model_pack(const struct model_parts *p)
{
    struct header h = {
        .magic = MODEL_MAGIC,
        .version = MODEL_VERSION,
        .source = p->source,
        .pairs = p->pairs,
        .class_count = (uint32_t)p->class_count,
        .feature_count = (uint32_t)p->feature_count,
        .stride = stride_of(p->class_count),
        .calibration = p->calibration,
        .concept_bytes = (uint32_t)p->concepts.n,
    };
    h.slot_bits = slot_bits_of(p->feature_count);
    for (size_t i = 0; i < p->class_count; i++)
        h.label_bytes += (uint32_t)p->labels[i].n + 1;

    struct layout l = layout_of(&h);
    char *bytes = xcalloc(1, l.end);
    memcpy(bytes, &h, sizeof(h));
    put_slots((struct slot *)(void *)(bytes + l.slots), h.slot_bits, p);
    for (size_t i = 0; i < p->feature_count; i++)
        memcpy(bytes + l.rows + i * h.stride, p->rows + i * p->class_count, p->class_count);
    memcpy(bytes + l.bias, p->bias, p->class_count * sizeof(float));
    char *label = bytes + l.labels;
    for (size_t i = 0; i < p->class_count; i++) {
        memcpy(label, p->labels[i].p, p->labels[i].n);
        label += p->labels[i].n;
        *label++ = '\n';
    }
    if (p->concepts.n > 0)
        memcpy(bytes + l.concepts, p->concepts.p, p->concepts.n);
    model_seal(bytes, l.end);
    return (struct str){bytes, l.end};
}

static const char *wrong_header(const struct header *h, size_t n)
{
    if (n < sizeof(*h) || h->magic != MODEL_MAGIC)
        return "this is not a model file";
    if (h->version != MODEL_VERSION)
        return "the model was written by another version: train it again";
    if (h->class_count < 2 || h->class_count > MODEL_MAX_CLASSES || h->feature_count > MODEL_MAX_FEATURES ||
        h->slot_bits > 28 || ((uint64_t)1 << h->slot_bits) <= h->feature_count || h->stride < h->class_count ||
        h->stride % SCORE_BLOCK != 0 || h->stride > MODEL_MAX_CLASSES || h->pairs > 1)
        return "the model file is damaged (sizes do not fit)";
    if (layout_of(h).end != n)
        return "the model file is damaged (it is cut short or has a tail)";
    return NULL;
}

static bool floats_are_finite(const float *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(v[i]) || fabsf(v[i]) > FLOAT_LIMIT)
            return false;
    return true;
}

/* Every row is used once, so the number of filled slots is the number of rows and an empty slot remains. */
static bool slots_are_sound(const struct slot *slots, const struct header *h)
{
    size_t filled = 0;
    for (size_t i = 0; i < (size_t)1 << h->slot_bits; i++) {
        if (slots[i].row == NO_ROW)
            continue;
        float both[2] = {slots[i].value, slots[i].factor};
        if (slots[i].row >= h->feature_count || !floats_are_finite(both, 2) || both[0] < 0)
            return false;
        filled++;
    }
    return filled == h->feature_count;
}

/* Eight times as many bits as slots: of features that the model does not know, one in fourteen at most gets through. */
static void fill_filter(struct model *m)
{
    uint32_t bits = MAX(m->head->slot_bits + 3, 6u);
    m->filter_shift = 32 - bits;
    m->filter = xcalloc((size_t)1 << (bits - 6), sizeof(*m->filter));
    for (size_t i = 0; i < (size_t)1 << m->head->slot_bits; i++)
        if (m->slots[i].row != NO_ROW) {
            uint32_t bit = m->slots[i].check >> m->filter_shift;
            m->filter[bit / 64] |= (uint64_t)1 << bit % 64;
        }
}

static bool labels_are_sound(struct model *m, struct str all)
{
    size_t n = m->head->class_count;
    m->labels = xcalloc(n, sizeof(*m->labels));
    struct str rest = all;
    for (size_t i = 0; i < n; i++)
        if (!str_cut(&rest, '\n', &m->labels[i]) || m->labels[i].n == 0)
            return false;
    return rest.p != NULL && rest.n == 0 && str_is_utf8(all);
}

static bool concepts_are_sound(struct model *m, struct str file)
{
    if (file.n == 0)
        return true;
    m->concepts = str_is_utf8(file) ? lexicon_read(file) : NULL;
    return m->concepts != NULL;
}

static const char *wrong_body(struct model *m, size_t n)
{
    struct layout l = layout_of(m->head);
    const char *b = m->bytes;
    if (checksum_of(b, n) != m->head->checksum)
        return "the model file is damaged (its checksum is wrong)";
    m->slots = (const struct slot *)(const void *)(b + l.slots);
    m->rows = (const int8_t *)(b + l.rows);
    m->bias = (const float *)(const void *)(b + l.bias);
    const struct calibration *c = &m->head->calibration;
    if (!floats_are_finite(&c->bias, sizeof(*c) / sizeof(float)) || !floats_are_finite(m->bias, m->head->stride) ||
        !slots_are_sound(m->slots, m->head) || !labels_are_sound(m, (struct str){b + l.labels, m->head->label_bytes}) ||
        !concepts_are_sound(m, (struct str){b + l.concepts, m->head->concept_bytes}))
        return "the model file is damaged (its contents make no sense)";
    return NULL;
}

static struct model *read_bytes(struct str bytes, bool owned, char ret_error[160])
{
    struct model *m = xcalloc(1, sizeof(*m));
    m->bytes = bytes.p;
    m->owned = owned;
    m->head = (const struct header *)(const void *)m->bytes;
    m->score = score_best();
    const char *wrong = wrong_header(m->head, bytes.n);
    if (wrong == NULL)
        wrong = wrong_body(m, bytes.n);
    if (wrong == NULL) {
        fill_filter(m);
        return m;
    }
    snprintf(ret_error, 160, "%s", wrong);
    model_free(m);
    return NULL;
}

struct model *model_read(struct str bytes, char ret_error[160])
{
    char *copy = xmalloc(bytes.n + 1);
    if (bytes.n > 0)
        memcpy(copy, bytes.p, bytes.n);
    return read_bytes((struct str){copy, bytes.n}, true, ret_error);
}

struct model *model_view(struct str bytes, char ret_error[160])
{
    assert((uintptr_t)bytes.p % 16 == 0);
    return read_bytes(bytes, false, ret_error);
}

void model_free(struct model *m)
{
    if (m == NULL)
        return;
    lexicon_free(m->concepts);
    free(m->labels);
    free(m->filter);
    if (m->owned)
        free((char *)(uintptr_t)m->bytes);
    free(m);
}

static void closep(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

/* The file as a heap block that the caller frees; NULL with errno set. */
static char *read_all(const char *path, size_t *ret_n)
{
    _cleanup_(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) < 0)
        return NULL;
    if (!S_ISREG(st.st_mode)) {
        errno = EINVAL;
        return NULL;
    }
    char *p = xmalloc((size_t)st.st_size + 1);
    size_t n = 0;
    while (n < (size_t)st.st_size) {
        ssize_t got = read(fd, p + n, (size_t)st.st_size - n);
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    *ret_n = n;
    return p;
}

struct model *model_load(const char *path, char ret_error[160])
{
    size_t n = 0;
    _cleanup_(freep) char *bytes = read_all(path, &n);
    if (bytes == NULL) {
        snprintf(ret_error, 160, "%s", strerror(errno));
        return NULL;
    }
    return model_read((struct str){bytes, n}, ret_error);
}

static bool write_all(int fd, struct str bytes)
{
    while (bytes.n > 0) {
        ssize_t put = write(fd, bytes.p, bytes.n);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        bytes = str_sub(bytes, (size_t)put, SIZE_MAX);
    }
    return fsync(fd) == 0;
}

/* Makes the rename itself durable. */
static bool sync_folder(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *folder = slash == NULL  ? "."
                         : slash == path ? "/"
                                         : str_c(a, (struct str){path, (size_t)(slash - path)});
    _cleanup_(closep) int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 && fsync(fd) == 0;
}

bool model_save(const char *path, struct str bytes, char ret_error[160])
{
    _cleanup_(arena_done) struct arena a = {0};
    const char *temporary = str_fmt(&a, "%s.%ld.tmp%c", path, (long)getpid(), 0).p;
    _cleanup_(closep) int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd >= 0 && write_all(fd, bytes) && rename(temporary, path) == 0 && sync_folder(&a, path))
        return true;
    snprintf(ret_error, 160, "%s", strerror(errno));
    if (fd >= 0)
        unlink(temporary);
    return false;
}

size_t model_class_count(const struct model *m)
{
    return m->head->class_count;
}

size_t model_feature_count(const struct model *m)
{
    return m->head->feature_count;
}

uint64_t model_source(const struct model *m)
{
    return m->head->source;
}

struct str model_label(const struct model *m, uint32_t label)
{
    assert(label < m->head->class_count);
    return m->labels[label];
}

uint32_t model_find_label(const struct model *m, struct str name)
{
    for (uint32_t i = 0; i < m->head->class_count; i++)
        if (str_eq(m->labels[i], name))
            return i;
    return UINT32_MAX;
}

static double between_steps(const float *steps, double rate)
{
    double at = fmin(fmax(rate, 0.0), (MODEL_REJECT_STEPS - 1) / 100.0) * 100;
    size_t low = (size_t)at;
    if (low + 1 >= MODEL_REJECT_STEPS)
        return (double)steps[MODEL_REJECT_STEPS - 1];
    double part = at - (double)low;
    return (double)steps[low] * (1 - part) + (double)steps[low + 1] * part;
}

float model_threshold(const struct model *m, double rate)
{
    return (float)between_steps(m->head->calibration.thresholds, rate);
}

double model_sure_threshold(const struct model *m, double rate)
{
    return between_steps(m->head->calibration.sure_thresholds, rate);
}

double model_sure(const struct model *m)
{
    return (double)m->head->calibration.sure;
}

float model_length(size_t tokens)
{
    return logf((float)tokens + 1);
}

/* One known feature of the text at hand. */
struct known {
    const struct slot *slot;
    uint32_t count; /* how often it stands there */
    float factor;   /* of its row, by count */
};

static inline const struct slot *slot_find(const struct slot *slots, size_t mask, uint64_t hash)
{
    size_t at = hash & mask;
    for (uint32_t check = check_of(hash); slots[at].row != NO_ROW; at = (at + 1) & mask)
        if (slots[at].check == check)
            return &slots[at];
    return NULL;
}

/* Drops the hashes that the model cannot know, in place. @return how many are left */
static size_t drop_unknown(const struct model *m, uint64_t *v, size_t n)
{
    const uint64_t *filter = m->filter;
    const uint32_t shift = m->filter_shift;
    const size_t mask = ((size_t)1 << m->head->slot_bits) - 1;
    size_t left = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t hash = v[i];
        uint32_t bit = check_of(hash) >> shift;
        v[left] = hash;
        left += filter[bit / 64] >> bit % 64 & 1;
    }
    for (size_t i = 0; i < left; i++)
        __builtin_prefetch(&m->slots[v[i] & mask]);
    return left;
}

/* Looks the hashes up; each known feature once, with its count. The small table finds repeats without sorting. */
static size_t find_known(const struct model *m, struct arena *a, const uint64_t *v, size_t count, struct known *ret)
{
    const struct slot *slots = m->slots;
    const size_t mask = ((size_t)1 << m->head->slot_bits) - 1, stride = m->head->stride;
    size_t small = 16;
    while (small < count * 2)
        small *= 2;
    uint32_t *seen = arena_array(a, uint32_t, small); /* 1 + index into ret */
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        const struct slot *s = slot_find(slots, mask, v[i]);
        if (s == NULL)
            continue;
        size_t at = s->row & (small - 1);
        while (seen[at] != 0 && ret[seen[at] - 1].slot != s)
            at = (at + 1) & (small - 1);
        if (seen[at] != 0) {
            ret[seen[at] - 1].count++;
            continue;
        }
        __builtin_prefetch(m->rows + s->row * stride);
        ret[n++] = (struct known){.slot = s, .count = 1};
        seen[at] = (uint32_t)n;
    }
    return n;
}

static inline float of_count(uint32_t count)
{
    return count == 1 ? 1.0f : 1.0f + logf((float)count);
}

static inline const int8_t *row_of(const struct model *m, const struct slot *s)
{
    return m->rows + (size_t)s->row * m->head->stride;
}

static inline int16_t rounded(float factor)
{
    return (int16_t)(factor + copysignf(0.5f, factor));
}

/* Fills the pairs of the sum; @return what one unit of the integer sum is worth. */
static float pairs_of(const struct model *m, struct known *k, size_t n, struct score_pair *ret)
{
    float squares = 0, greatest = 0;
    for (size_t i = 0; i < n; i++) {
        float by_count = of_count(k[i].count), value = k[i].slot->value * by_count;
        k[i].factor = k[i].slot->factor * by_count;
        squares += value * value;
        greatest = fabsf(k[i].factor) > greatest ? fabsf(k[i].factor) : greatest;
    }
    if (squares < FLOAT_LEAST || greatest < FLOAT_LEAST)
        return 0;
    const float up = (float)score_factor_limit(n) / greatest;
    for (size_t i = 0; i < n; i += 2, ret++) {
        const struct known *x = &k[i], *y = i + 1 < n ? x + 1 : x; /* a lone last one beside itself, times 0 */
        ret->row[0] = row_of(m, x->slot);
        ret->row[1] = row_of(m, y->slot);
        ret->factor[0] = rounded(x->factor * up);
        ret->factor[1] = y != x ? rounded(y->factor * up) : 0;
    }
    return 1.0f / (up * sqrtf(squares));
}

/* So many classes at a time that the compiler takes four at once. */
static void to_margins(const int32_t *restrict sums, float unit, const float *restrict bias, size_t stride, float *restrict ret)
{
    for (size_t block = 0; block < stride; block += SCORE_BLOCK)
        for (size_t c = 0; c < SCORE_BLOCK; c++)
            ret[block + c] = (float)sums[block + c] * unit + bias[block + c];
}

/* Margins of all classes for a text's features: stride floats, those behind the classes below all others. Uses up the
 * features. */
static const float *score_features(const struct model *m, struct arena *a, struct features *f, score_fn *score)
{
    size_t likely = drop_unknown(m, f->v, f->n), stride = m->head->stride;
    struct known *known = arena_raw(a, sizeof(*known) * likely);
    size_t n = find_known(m, a, f->v, likely, known);
    struct score_pair *pairs = arena_raw(a, sizeof(*pairs) * ((n + 1) / 2));
    float unit = pairs_of(m, known, n, pairs);
    int32_t *sums = arena_raw(a, sizeof(*sums) * stride);
    float *margins = arena_raw(a, sizeof(*margins) * stride);
    score(pairs, unit > 0 ? (n + 1) / 2 : 0, stride, sums);
    to_margins(sums, unit, m->bias, stride, margins);
    for (size_t c = m->head->class_count; c < stride; c++)
        margins[c] = -INFINITY;
    return margins;
}

static struct feature_choice choice_of(const struct model *m)
{
    return (struct feature_choice){m->head->pairs != 0, m->concepts};
}

void model_score(const struct model *m, struct arena *a, struct str text, score_fn *score, float *ret)
{
    const struct arena_mark before = arena_mark(a);
    const struct feature_choice choice = choice_of(m);
    struct features f;
    features_of(a, text, &choice, &f);
    memcpy(ret, score_features(m, a, &f, score), m->head->class_count * sizeof(*ret));
    arena_rewind(a, before);
}

#define GROUPS 8

/* A margin that @p count classes reach: that of the count-th best of groups of classes. It spares most classes a look. */
static float reached_by(const float *margins, size_t stride, size_t count)
{
    float best[GROUPS], least = INFINITY;
    for (size_t g = 0; g < GROUPS; g++)
        best[g] = -INFINITY;
    for (size_t block = 0; block < stride; block += GROUPS)
        for (size_t g = 0; g < GROUPS; g++)
            best[g] = margins[block + g] > best[g] ? margins[block + g] : best[g];
    for (size_t g = 0; g < GROUPS; g++) {
        size_t better = 0;
        for (size_t k = 0; k < GROUPS; k++)
            better += best[k] > best[g];
        least = better < count && best[g] < least ? best[g] : least;
    }
    return count <= GROUPS ? least : -INFINITY;
}

/* Best first; the list is short, so each class is put in its place by insertion. */
static size_t pick_best(const float *margins, size_t classes, float least, struct model_guess *ret, size_t max)
{
    size_t n = 0;
    for (uint32_t c = 0; c < classes; c++) {
        float margin = margins[c];
        if (margin < least || (n == max && margin <= ret[n - 1].margin))
            continue;
        size_t at = n < max ? n++ : n - 1;
        for (; at > 0 && ret[at - 1].margin < margin; at--)
            ret[at] = ret[at - 1];
        ret[at] = (struct model_guess){.label = c, .margin = margin};
    }
    return n;
}

static size_t guess_features(const struct model *m, struct arena *a, struct features *f, struct model_guess *ret,
                             size_t max)
{
    assert(max >= 2);
    const float *margins = score_features(m, a, f, m->score);
    size_t n = pick_best(margins, m->head->class_count, reached_by(margins, m->head->stride, max), ret, max);
    const struct calibration *c = &m->head->calibration;
    float gap = ret[0].margin - ret[1].margin;
    float base = c->bias + c->by_length * model_length(f->end[FEATURE_TOKENS]);
    for (size_t i = 0; i < n; i++) {
        double x = (double)(base + c->by_margin * ret[i].margin + c->by_gap * (i == 0 ? gap : -gap));
        ret[i].confidence = 1 / (1 + exp(-x));
    }
    return n;
}

size_t model_guess_points(const struct model *m, struct arena *a, const struct folded *points, struct model_guess *ret,
                          size_t max)
{
    const struct arena_mark before = arena_mark(a);
    const struct feature_choice choice = choice_of(m);
    struct features f;
    features_of_points(a, points, &choice, &f);
    size_t n = guess_features(m, a, &f, ret, max);
    arena_rewind(a, before);
    return n;
}

size_t model_guess(const struct model *m, struct arena *a, struct str text, struct model_guess *ret, size_t max)
{
    const struct arena_mark before = arena_mark(a);
    struct folded points;
    normalise_points(a, str_sub(text, 0, FEATURE_MOST_BYTES), &points);
    size_t n = model_guess_points(m, a, &points, ret, max);
    arena_rewind(a, before);
    return n;
}
