/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Model files: made of what training hands over, written whole, read and checked whole.
 *
 * File         header, slots (open addressing, at most two thirds full), rows, bias, labels each with '\n', the concept
 *              lexicon, padding to 8. The lexicon is in it because a model is only as good as the reading it learned.
 * Invariants   After model_read(): an empty slot exists (so every probe ends), every slot's row exists, all floats are
 *              finite. Nothing later checks again.
 */
#include "nlu/model_private.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nlu/features.h"

#define MODEL_MAGIC   0x314C444F4D524558u /* "XERMODL1" as bytes */
#define MODEL_VERSION 2
#define FLOAT_LIMIT   1e6f  /* no weight, threshold or bias of a real model comes near */

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
