/* SPDX-License-Identifier: Apache-2.0 */
/*
 * train_languages: makes the table of one script from the phrases of packs/languages, while building.
 *
 *     train_languages latin|cyrillic OUT.table packs/languages/da.txt packs/languages/de.txt …
 *     train_languages latin -         packs/languages/da.txt …  leaves an eighth out, prints how many of it are known
 *
 * A file holds one phrase a line and is named after its language. Utterances of a pack, packs/en/utterances/order.tsv, may
 * be given as well: some are taken, which gives English, whose words stand in texts of all the others, a wider
 * vocabulary. Links base and nlu and uses no assets: the table that it writes becomes one.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nlu/language_learn.h"
#include "nlu/model.h"

#define UTTERANCE_STEP 16 /* one of so many: shop talk must not drown the phrases */

static void closep(FILE **f)
{
    if (*f != NULL)
        fclose(*f);
}

static struct str read_whole(struct arena *a, const char *path)
{
    _cleanup_(closep) FILE *f = fopen(path, "rb");
    if (f == NULL)
        fatal("train_languages: %s: %s", path, strerror(errno));
    struct buf b = {.arena = a};
    char part[64 * KIB];
    size_t n;
    while ((n = fread(part, 1, sizeof(part), f)) > 0)
        buf_add(&b, part, n);
    if (ferror(f))
        fatal("train_languages: %s: %s", path, strerror(errno));
    return buf_view(&b);
}

/* The language of "…/packs/en/utterances/order.tsv". */
static struct str pack_of(const char *path)
{
    struct str rest = str_from(path), part, last = STR_NONE, before = STR_NONE, ret = STR_NONE;
    while (str_cut(&rest, '/', &part)) {
        ret = before;
        before = last;
        last = part;
    }
    return ret;
}

static void read_utterances(struct arena *a, const char *path, struct rows *rows)
{
    struct rows all = {0};
    char error[160];
    if (!rows_read(a, read_whole(a, path), &all, error))
        fatal("train_languages: %s: %s", path, error);
    for (size_t i = 0; i < all.n; i += UTTERANCE_STEP)
        *array_push(a, rows) = (struct row){pack_of(path), all.v[i].text};
}

static void read_phrases(struct arena *a, const char *path, struct rows *rows)
{
    const char *slash = strrchr(path, '/');
    struct str name = str_from(slash != NULL ? slash + 1 : path), label, line, rest;
    if (str_ends(name, STR(".tsv"))) {
        read_utterances(a, path, rows);
        return;
    }
    rest = read_whole(a, path);
    if (!str_is_utf8(rest) || !str_cut(&name, '.', &label))
        fatal("train_languages: %s: no UTF-8", path);
    while (str_cut(&rest, '\n', &line)) {
        line = str_trim(line);
        if (line.n > 0)
            *array_push(a, rows) = (struct row){label, line};
    }
}

int main(int argc, char **argv)
{
    bool cyrillic = argc > 1 && strcmp(argv[1], "cyrillic") == 0;
    if (argc < 5 || (!cyrillic && strcmp(argv[1], "latin") != 0)) {
        fprintf(stderr, "usage: train_languages latin|cyrillic OUT.table|- FILE.txt ...\n");
        return 2;
    }
    _cleanup_(arena_done) struct arena a = {0};
    struct rows rows = {0};
    for (int i = 3; i < argc; i++)
        read_phrases(&a, argv[i], &rows);

    char error[160];
    struct language_report r;
    const struct language_learning how = {.script = cyrillic ? LANGUAGE_CYRILLIC : LANGUAGE_LATIN,
                                          .bits = cyrillic ? 15 : 16,
                                          .hold_out = strcmp(argv[2], "-") == 0};
    struct str table = language_learn(&rows, &how, &r, error);
    if (table.p == NULL)
        fatal("train_languages: %s", error);
    if (!how.hold_out && !model_save(argv[2], table, error))
        fatal("train_languages: %s: %s", argv[2], error);
    printf("%s: %zu languages, %zu phrases, %zu pieces, %zu bytes\n", argv[2], r.languages, r.phrases, r.pieces,
           table.n);
    for (size_t i = 0; i < r.languages && how.hold_out; i++)
        printf("  %-3s %3zu of %3zu\n", r.names[i], r.right_of[i], r.asked_of[i]);
    if (how.hold_out)
        printf("  %.2f %% of %zu left out, cut to 20 characters, names apart\n",
               100.0 * (double)r.right / (double)r.asked, r.asked);
    char *bytes = (char *)(uintptr_t)table.p;
    free(bytes);
    return 0;
}
