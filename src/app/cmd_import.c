/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xiaoer import KIND FILE: shops, products, orders, knowledge, policies, people and utterances from files.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "app/commands.h"
#include "app/import_run.h"
#include "base/seal.h"

static const struct cli_option options[] = {
    {"skip-bad", NULL, "store the good rows although others are refused"},
    {"shop", "S", "the shop of rows that name none"},
    {0},
};

/** A copy of what cannot be rewound (a pipe), in a file without a name. NULL with errno set. */
static FILE *spool(FILE *from)
{
    static char block[256 * 1024]; /* one command runs, on one thread */
    FILE *copy = tmpfile();
    size_t n;
    while (copy != NULL && (n = fread(block, 1, sizeof(block), from)) > 0) {
        if (fwrite(block, 1, n, copy) != n) {
            fclose(copy);
            copy = NULL;
        }
    }
    return copy;
}

/** Opens FILE, or standard input for "-", so that it can be rewound. NULL with errno set. */
static FILE *open_file(const char *path)
{
    struct stat st;
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");
    if (file == NULL)
        return NULL;
    if (fstat(fileno(file), &st) == 0 && S_ISDIR(st.st_mode)) {
        fclose(file);
        errno = EISDIR;
        return NULL;
    }
    if (S_ISREG(st.st_mode))
        return file;
    FILE *copy = spool(file);
    if (file != stdin)
        fclose(file);
    return copy;
}

static void print_lines(struct json_out *o, const char *key, const char *what, const struct import_line *lines, size_t n)
{
    jo_key(o, key);
    jo_array(o);
    for (size_t i = 0; i < n; i++) {
        jo_open(o);
        jo_kn(o, "line", lines[i].line);
        jo_kt(o, what, lines[i].text);
        jo_close(o);
    }
    jo_array_end(o);
}

static void print_json(const struct import_kind *kind, const struct import_report *r, bool imported)
{
    struct buf b = {0};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kc(&o, "kind", kind->name);
    jo_kb(&o, "imported", imported);
    jo_kn(&o, "rows", r->rows);
    jo_kn(&o, "added", r->added);
    jo_kn(&o, "changed", r->changed);
    jo_kn(&o, "unchanged", r->same);
    jo_kn(&o, "refused", r->refused);
    print_lines(&o, "refusals", "reason", r->refusals.v, r->refusals.n);
    print_lines(&o, "once", "text", r->once.v, r->once.n);
    jo_close(&o);
    printf("%.*s\n", STR_ARG(buf_view(&b)));
    buf_done(&b);
}

static void print_people(const struct import_kind *kind, const struct import_report *r, bool imported)
{
    printf("%s: %lld rows read, %lld added, %lld changed, %lld unchanged, %lld refused\n", kind->name,
           (long long)r->rows, (long long)r->added, (long long)r->changed, (long long)r->same, (long long)r->refused);
    for (size_t i = 0; i < r->refusals.n; i++)
        printf("line %lld: %.*s\n", (long long)r->refusals.v[i].line, STR_ARG(r->refusals.v[i].text));
    if (r->refused > (int64_t)r->refusals.n)
        printf("… and %lld more refused rows\n", (long long)(r->refused - (int64_t)r->refusals.n));
    for (size_t i = 0; i < r->once.n; i++)
        printf("line %lld: %.*s\n", (long long)r->once.v[i].line, STR_ARG(r->once.v[i].text));
    if (!imported)
        fprintf(stderr, "xiaoer import: nothing was imported; mend the rows above, or leave them out with --skip-bad\n");
}

static enum exit_code import_file(const struct cli *c, const struct import_kind *kind, struct store *store, FILE *file)
{
    const char *shop = cli_value(c, "shop");
    struct import_options how = {
        .skip_bad = cli_value(c, "skip-bad") != NULL, .shop = str_from(shop), .progress = cli_progress};
    struct import_report report;
    struct import_problem problem = {.text = ""};
    enum exit_code code = EXIT_FAULT;
    enum import_outcome outcome = import_run(store, kind, file, c->argv[1], &how, &report, &problem);
    bool imported = outcome == IMPORT_DONE && (report.refused == 0 || report.refused < report.rows);
    switch (outcome) {
    case IMPORT_DONE:
    case IMPORT_UNDONE:
        (c->json ? print_json : print_people)(kind, &report, imported);
        code = imported || report.rows == 0 ? EXIT_DONE : EXIT_NO;
        break;
    case IMPORT_UNREADABLE: code = cli_usage(c, "%s: %s", c->argv[1], problem.text); break;
    case IMPORT_FAULT: code = cli_fault(c, "the rows could not be stored; nothing was imported"); break;
    }
    import_report_done(&report);
    return code;
}

static enum exit_code run(const struct cli *c)
{
    char why[256];
    if (c->argc != 2)
        return cli_usage(c, "give a kind and a file: xiaoer import KIND FILE (%s; - reads standard input)",
                         import_kind_names());
    const struct import_kind *kind = import_kind_find(str_from(c->argv[0]));
    if (kind == NULL)
        return cli_usage(c, "there is no kind \"%s\"; it is one of %s", c->argv[0], import_kind_names());
    FILE *file = open_file(c->argv[1]);
    if (file == NULL)
        return cli_usage(c, "%s cannot be read: %s", c->argv[1], strerror(errno));

    enum exit_code code = EXIT_FAULT;
    struct store *store = NULL;
    if ((mkdir(c->data_dir, 0700) != 0 && errno != EEXIST) || !seal_start(c->data_dir))
        code = cli_fault(c, "%s cannot be used: %s", c->data_dir, strerror(errno));
    else if ((store = store_open(c->data_dir, why)) == NULL)
        code = cli_fault(c, "%s", why);
    else
        code = import_file(c, kind, store, file);
    store_close(store);
    if (file != stdin)
        fclose(file);
    return code;
}

const struct command cmd_import = {
    .name = "import",
    .summary = "shops, products, orders, knowledge, policies, people or utterances from a file",
    .synopsis = "xiaoer import KIND FILE [--skip-bad] [--shop S] [--data DIR]",
    .help = "KIND: shops products orders knowledge policies people utterances cases systems. FILE: JSONL, one object a line; knowledge,\n"
            "policies and utterances also as CSV or TSV with the names of the columns in the first line (utterances:\n"
            "intent<TAB>text needs none). - reads standard input.\n"
            "All rows are stored, or none when one is refused, unless --skip-bad is given. A row that is there already is\n"
            "changed; importing a file twice changes nothing.",
    .options = options,
    .run = run,
};
