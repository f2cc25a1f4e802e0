/* SPDX-License-Identifier: Apache-2.0 */
/*
 * train_pack: makes a shipped model from the utterances of a pack, while building.
 *
 *     train_pack OUT.model packs/zh/utterances/account.tsv packs/zh/utterances/order.tsv …
 *
 * The pack's concepts, lexicon/concepts.tsv beside utterances/, are taken along when it has any.
 * Links base and nlu, and uses no assets: the model that it writes becomes one. Files are read in the order given, so
 * the build passes them sorted and the same files give the same bytes.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nlu/model.h"
#include "nlu/train.h"

static void closep(FILE **f)
{
    if (*f != NULL)
        fclose(*f);
}

static struct str read_whole(struct arena *a, const char *path)
{
    _cleanup_(closep) FILE *f = fopen(path, "rb");
    if (f == NULL)
        fatal("train_pack: %s: %s", path, strerror(errno));
    struct buf b = {.arena = a};
    char part[64 * KIB];
    size_t n;
    while ((n = fread(part, 1, sizeof(part), f)) > 0)
        buf_add(&b, part, n);
    if (ferror(f))
        fatal("train_pack: %s: %s", path, strerror(errno));
    return buf_view(&b);
}

/* The concepts of the pack that @p utterances lies in, or nothing. */
static struct str read_concepts(struct arena *a, const char *utterances)
{
    const char *slash = strrchr(utterances, '/');
    int folder = slash != NULL ? (int)(slash - utterances) : 0;
    struct str path = str_fmt(a, "%.*s%s../lexicon/concepts.tsv", folder, utterances, slash != NULL ? "/" : "");
    const char *name = str_c(a, path);
    return access(name, R_OK) == 0 ? read_whole(a, name) : STR_NONE;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: train_pack OUT.model FILE.tsv ...\n");
        return 2;
    }
    _cleanup_(arena_done) struct arena a = {0};
    struct rows rows = {0};
    char error[160];
    for (int i = 2; i < argc; i++)
        if (!rows_read(&a, read_whole(&a, argv[i]), &rows, error))
            fatal("train_pack: %s: %s", argv[i], error);

    struct train_report report;
    struct train_options options = {.concepts = read_concepts(&a, argv[2])};
    struct str model = train_model(&rows, &options, &report, error);
    if (model.p == NULL)
        fatal("train_pack: %s", error);
    bool saved = model_save(argv[1], model, error);
    if (!saved)
        fatal("train_pack: %s: %s", argv[1], error);
    printf("%s: %zu rows, %zu classes, %zu features, held-out accuracy %.3f, %.1f s, %zu bytes\n", argv[1], report.rows,
           report.classes, report.features, report.held_out_accuracy, report.seconds, model.n);
    char *bytes = (char *)(uintptr_t)model.p;
    free(bytes);
    return 0;
}
