/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xiaoer nlu lint: what is wrong with training rows, a line each, as compilers say it: FILE:LINE: error: ….
 *
 * Reads the pack that ships in the program, or a file, or the folder of a pack as it stands on the disk. A file of a shop
 * is held against the shipped validation rows, because it is trained on together with the pack.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/cmd_nlu.h"
#include "base/asset.h"
#include "nlu/lint.h"
#include "nlu/shipped.h"
#include "nlu/train.h"

#define LINT_MEMORY (8192 * MIB) /* a file may have millions of rows: about 1 KB each */

/* Least rows of an intent, by language: a Chinese sentence is shorter and says less of the others. */
static const struct {
    const char *language;
    size_t rows;
} least_rows[] = {{"zh", 40}, {"en", 20}};

/* What a pack's folders hold, training first: then a validation row is told of with the training row before it. */
static const struct {
    const char *folder;
    bool held_out;
} folders[] = {{"utterances", false}, {"validation", true}, {"validation_far", true}};

struct sources {
    struct arena *a;
    ARRAY(struct lint_file) files;
    bool held_out; /* of the folder being read */
};

static void add_asset(void *arg, struct str name, struct str bytes)
{
    struct sources *s = arg;
    *array_push(s->a, &s->files) = (struct lint_file){name, bytes, s->held_out};
}

static void add_shipped(struct sources *s, const char *language, bool training)
{
    for (size_t i = 0; i < COUNT(folders); i++) {
        s->held_out = folders[i].held_out;
        if (training || s->held_out)
            asset_each(str_fmt(s->a, "packs/%s/%s/", language, folders[i].folder), add_asset, s);
    }
}

static enum exit_code add_path(const struct cli *c, struct sources *s, const char *path)
{
    struct str bytes;
    if (!cli_read_file(s->a, path, &bytes))
        return cli_usage(c, "%s cannot be read: %s", path, strerror(errno));
    *array_push(s->a, &s->files) = (struct lint_file){str_dup(s->a, str_from(path)), bytes, s->held_out};
    return EXIT_DONE;
}

static int is_tsv(const struct dirent *e)
{
    return str_ends(str_from(e->d_name), STR(".tsv"));
}

/* All .tsv files of a folder, in the order of their names; a folder that is not there has none. */
static enum exit_code add_folder(const struct cli *c, struct sources *s, const char *path)
{
    struct dirent **names = NULL;
    int n = scandir(path, &names, is_tsv, alphasort);
    enum exit_code code = EXIT_DONE;
    for (int i = 0; i < n; i++) {
        if (code == EXIT_DONE)
            code = add_path(c, s, str_c(s->a, str_fmt(s->a, "%s/%s", path, names[i]->d_name)));
        free(names[i]);
    }
    free(names);
    return code;
}

static enum exit_code add_pack(const struct cli *c, struct sources *s, const char *path)
{
    enum exit_code code = EXIT_DONE;
    for (size_t i = 0; i < COUNT(folders) && code == EXIT_DONE; i++) {
        s->held_out = folders[i].held_out;
        code = add_folder(c, s, str_c(s->a, str_fmt(s->a, "%s/%s", path, folders[i].folder)));
    }
    if (code == EXIT_DONE && (s->files.n == 0 || s->files.v[0].held_out))
        return cli_usage(c, "%s is no pack: it has no utterances/*.tsv", path);
    return code;
}

static int by_id(const void *x, const void *y)
{
    return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

/* The ids of packs/LANG/intents.tsv and "oos", sorted. */
static const struct str *known_intents(struct arena *a, const char *language, size_t *ret_n)
{
    ARRAY(struct str) ids = {0};
    struct str rest = asset_find(str_fmt(a, "packs/%s/intents.tsv", language)), line;
    while (str_cut(&rest, '\n', &line)) {
        struct str id;
        if (str_cut(&line, '\t', &id) && id.n > 0 && id.p[0] != '#')
            *array_push(a, &ids) = id;
    }
    *array_push(a, &ids) = STR(TRAIN_OOS_LABEL);
    qsort(ids.v, ids.n, sizeof(*ids.v), by_id);
    *ret_n = ids.n;
    return ids.v;
}

static const char *severity(const struct lint_options *options, enum lint_kind kind)
{
    return lint_is_error(options, kind) ? "error" : "warning";
}

static void print_json(struct arena *a, const struct lint_options *options, const struct lint_report *r)
{
    struct buf b = {.arena = a};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kn(&o, "rows", (int64_t)r->rows);
    jo_kn(&o, "held_out_rows", (int64_t)r->held_out_rows);
    jo_kn(&o, "intents", (int64_t)r->intents);
    jo_kn(&o, "errors", (int64_t)r->errors);
    jo_kn(&o, "warnings", (int64_t)r->warnings);
    jo_key(&o, "kinds");
    jo_open(&o);
    for (size_t i = 0; i < LINT_KINDS; i++)
        jo_kn(&o, lint_kind_name((enum lint_kind)i), (int64_t)r->by_kind[i]);
    jo_close(&o);
    jo_key(&o, "findings");
    jo_array(&o);
    for (size_t i = 0; i < r->n; i++) {
        const struct lint_finding *f = &r->v[i];
        jo_open(&o);
        jo_kc(&o, "severity", severity(options, f->kind));
        jo_kc(&o, "kind", lint_kind_name(f->kind));
        jo_kt(&o, "file", f->file);
        jo_kn(&o, "line", (int64_t)f->line);
        jo_kt(&o, "intent", f->intent);
        jo_kt(&o, "message", f->message);
        jo_close(&o);
    }
    jo_array_end(&o);
    jo_close(&o);
    printf("%.*s\n", STR_ARG(buf_view(&b)));
}

static void print_lines(const struct lint_options *options, const struct lint_report *r)
{
    for (size_t i = 0; i < r->n; i++) {
        const struct lint_finding *f = &r->v[i];
        if (f->line > 0)
            printf("%.*s:%zu: ", STR_ARG(f->file), f->line);
        printf("%s: %s: ", severity(options, f->kind), lint_kind_name(f->kind));
        if (f->intent.n > 0)
            printf("%.*s: ", STR_ARG(f->intent));
        printf("%.*s\n", STR_ARG(f->message));
    }
    printf("%zu rows of %zu intents, %zu validation rows: %zu errors, %zu warnings", r->rows, r->intents, r->held_out_rows,
           r->errors, r->warnings);
    const char *mark = " (";
    for (size_t i = 0; i < LINT_KINDS; i++) {
        if (r->by_kind[i] == 0)
            continue;
        printf("%s%s %zu", mark, lint_kind_name((enum lint_kind)i), r->by_kind[i]);
        mark = ", ";
    }
    puts(r->n > 0 ? ")" : "");
}

static enum exit_code collect(const struct cli *c, struct sources *s, const char *language, bool *ret_whole)
{
    const char *path = c->argc > 1 ? c->argv[1] : NULL;
    struct stat st;
    bool folder = path != NULL && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
    *ret_whole = path == NULL || folder;
    if (folder)
        return add_pack(c, s, path);
    enum exit_code code = path != NULL ? add_path(c, s, path) : EXIT_DONE;
    if (code == EXIT_DONE)
        add_shipped(s, language, path == NULL);
    return code;
}

enum exit_code nlu_lint(const struct cli *c)
{
    _cleanup_(arena_done) struct arena a = {.limit = LINT_MEMORY};
    const char *language = cli_value(c, "lang") != NULL ? cli_value(c, "lang") : "zh";
    struct lint_options options = {0};
    for (size_t i = 0; i < COUNT(least_rows); i++)
        if (strcmp(language, least_rows[i].language) == 0)
            options.least_rows = least_rows[i].rows;
    if (options.least_rows == 0)
        return cli_usage(c, "no pack ships for --lang %s; there are zh and en", language);

    struct sources s = {.a = &a};
    enum exit_code code = collect(c, &s, language, &options.whole);
    if (code != EXIT_DONE)
        return code;
    struct lexicon *words = shipped_lexicon(language, "frame"), *entities = shipped_entities(language);
    struct lexicon *concepts = shipped_lexicon(language, "concepts");
    options.framer = framer_new(language, words, entities, concepts);
    options.intents = known_intents(&a, language, &options.intent_count);

    struct lint_report report;
    lint(&a, s.files.v, s.files.n, &options, &report);
    if (c->json)
        print_json(&a, &options, &report);
    else
        print_lines(&options, &report);
    framer_free(options.framer);
    lexicon_free(words);
    lexicon_free(entities);
    lexicon_free(concepts);
    return report.errors > 0 ? EXIT_NO : EXIT_DONE;
}
