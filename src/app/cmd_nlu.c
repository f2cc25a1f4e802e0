/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xiaoer nlu: language from the command line: train and measure classifiers, measure the shipped understanding, read
 * emotion and language of lines.
 *
 * Reports are one JSON document always (contract.md, section 1): over several lines for people, in one with --json.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd_nlu.h"
#include "app/commands.h"
#include "app/report.h"
#include "app/tsv.h"
#include "nlu/emotion.h"
#include "nlu/language.h"
#include "nlu/model.h"
#include "nlu/polarity.h"
#include "nlu/shipped.h"
#include "nlu/train.h"

static enum exit_code open_model(const struct cli *c, const char *path, struct model **ret)
{
    char error[160];
    *ret = model_load(path, error);
    return *ret != NULL ? EXIT_DONE : cli_usage(c, "%s: %s", path, error);
}

static void model_freep(struct model **m)
{
    model_free(*m);
}

static bool read_quality(const struct cli *c, enum train_quality *ret)
{
    static const struct {
        const char *name;
        enum train_quality quality;
    } names[] = {{"auto", TRAIN_QUALITY_AUTO}, {"fast", TRAIN_FAST}, {"best", TRAIN_BEST}};
    const char *name = cli_value(c, "quality");
    for (size_t i = 0; i < COUNT(names); i++)
        if (strcmp(names[i].name, name != NULL ? name : "auto") == 0) {
            *ret = names[i].quality;
            return true;
        }
    return false;
}

static enum exit_code train(const struct cli *c)
{
    _cleanup_(arena_done) struct arena a = {0};
    struct rows rows = {0};
    struct train_options options = {.progress = cli_progress};
    if (!read_quality(c, &options.quality))
        return cli_usage(c, "--quality is auto, fast or best");
    enum exit_code code = tsv_rows(c, &a, c->argv[1], "label<TAB>text", &rows);
    if (code != EXIT_DONE)
        return code;

    char error[160];
    struct train_report report;
    struct str model = train_model(&rows, &options, &report, error);
    if (model.p == NULL)
        return cli_usage(c, "%s: %s", c->argv[1], error);
    bool saved = model_save(c->argv[2], model, error);
    char *bytes = (char *)(uintptr_t)model.p;
    free(bytes);
    if (!saved)
        return cli_fault(c, "%s cannot be written: %s", c->argv[2], error);

    struct report r = report_begin(c, &a);
    report_count(&r, "rows", report.rows);
    report_count(&r, "classes", report.classes);
    report_real(&r, "seconds", report.seconds, 3);
    report_count(&r, "bytes", model.n);
    report_count(&r, "features", report.features);
    report_real(&r, "held_out_accuracy", report.held_out_accuracy, 4);
    report_count(&r, "rows_used", report.rows_used);
    report_count(&r, "contradictions", report.contradictions);
    report_end(&r);
    return EXIT_DONE;
}

/* What a line of standard input is turned into. */
struct answer {
    struct str label;
    double confidence;
};

typedef struct answer answer_fn(void *arg, struct arena *a, struct str line);

/* A line in, `label<TAB>confidence` a line out; with --json one array of all. */
static enum exit_code each_line(const struct cli *c, answer_fn *answer, void *arg)
{
    _cleanup_(arena_done) struct arena a = {0};
    _cleanup_(freep) char *line = NULL;
    size_t room = 0, lines = 0;
    ssize_t n;
    for (; (n = getline(&line, &room, stdin)) >= 0; lines++) {
        struct answer r = answer(arg, &a, str_trim((struct str){line, (size_t)n}));
        if (c->json) {
            struct buf b = {.arena = &a};
            struct json_out o = json_to(&b);
            jo_open(&o);
            jo_kt(&o, "label", r.label);
            jo_kr(&o, "confidence", round(r.confidence * 1e4) / 1e4);
            jo_close(&o);
            printf("%s%.*s", lines == 0 ? "[" : ",\n", STR_ARG(buf_view(&b)));
        } else {
            printf("%.*s\t%.4f\n", STR_ARG(r.label), r.confidence);
        }
        arena_reset(&a);
    }
    if (c->json)
        puts(lines == 0 ? "[]" : "]");
    return ferror(stdin) ? cli_fault(c, "standard input: %s", strerror(errno)) : EXIT_DONE;
}

static struct answer answer_model(void *arg, struct arena *a, struct str line)
{
    const struct model *model = arg;
    struct model_guess guess[2];
    (void)model_guess(model, a, line, guess, COUNT(guess)); /* two classes at least: always two */
    return (struct answer){model_label(model, guess[0].label), guess[0].confidence};
}

static enum exit_code predict(const struct cli *c)
{
    _cleanup_(model_freep) struct model *model = NULL;
    enum exit_code code = open_model(c, c->argv[1], &model);
    return code == EXIT_DONE ? each_line(c, answer_model, model) : code;
}

/* Lexicons of both languages; a line is read with the one of its own. */
struct feelings {
    struct lexicon *zh, *en;
};

static const struct lexicon *words_for(const struct feelings *f, struct arena *a, struct str line)
{
    return str_eq_c(language_of(a, line, STR("zh")).language, "zh") ? f->zh : f->en;
}

static struct answer answer_feeling(void *arg, struct arena *a, struct str line)
{
    struct feeling r = emotion_of(a, line, words_for(arg, a, line));
    return (struct answer){str_from(emotion_name(r.emotion)),
                           r.emotion == EMOTION_NEUTRAL ? 1 - fabs(r.polarity) / 2 : 0.5 + r.strength / 2};
}

static struct answer answer_polarity(void *arg, struct arena *a, struct str line)
{
    double polarity = polarity_of(a, line, words_for(arg, a, line));
    return (struct answer){polarity < 0 ? STR("negative") : STR("positive"), 0.5 + fabs(polarity) / 2};
}

static enum exit_code sentiment(const struct cli *c)
{
    bool polarity = cli_value(c, "polarity") != NULL;
    const char *words = polarity ? "polarity" : "emotion";
    struct feelings f = {.zh = shipped_lexicon("zh", words), .en = shipped_lexicon("en", words)};
    enum exit_code code = each_line(c, polarity ? answer_polarity : answer_feeling, &f);
    lexicon_free(f.zh);
    lexicon_free(f.en);
    return code;
}

static struct answer answer_language(void *arg, struct arena *a, struct str line)
{
    const struct str *hint = arg;
    struct language_guess g = language_of(a, line, *hint);
    return (struct answer){g.language, g.confidence};
}

static enum exit_code language(const struct cli *c)
{
    struct str hint = str_from(cli_value(c, "lang"));
    return each_line(c, answer_language, &hint);
}

static const struct {
    const char *name, *words;
    int least, most; /* words, its own name among them */
    enum exit_code (*run)(const struct cli *c);
} verbs[] = {
    {"train", "FILE.tsv MODEL [--quality fast]", 3, 3, train},
    {"eval", "MODEL FILE.tsv [--reject-rate R] [--detail] [--compare OTHER] [--html FILE]", 3, 3, nlu_eval},
    {"predict", "MODEL", 2, 2, predict},
    {"intents", "FILE.tsv [--lang zh] [--detail] [--compare MODEL] [--html FILE]", 2, 2, nlu_intents},
    {"lint", "[FILE.tsv] [--lang zh]", 1, 2, nlu_lint},
    {"sentiment", "[--polarity]", 1, 1, sentiment},
    {"language", "", 1, 1, language},
};

static enum exit_code run(const struct cli *c)
{
    if (c->argc == 0)
        return cli_usage(c, "say what to do: train, eval, predict, intents, lint, sentiment or language");
    for (size_t i = 0; i < COUNT(verbs); i++) {
        if (strcmp(verbs[i].name, c->argv[0]) != 0)
            continue;
        if (c->argc < verbs[i].least || c->argc > verbs[i].most)
            return cli_usage(c, "write it like this: xiaoer nlu %s %s", verbs[i].name, verbs[i].words);
        return verbs[i].run(c);
    }
    return cli_usage(c, "\"%s\" is none of train, eval, predict, intents, lint, sentiment, language", c->argv[0]);
}

static const struct cli_option options[] = {
    {"quality", "HOW", "train: best (SVM and softmax regression mixed), fast (SVM alone, half the time), auto"},
    {"reject-rate", "R", "eval, intents: refuse the guesses that so many of known questions fall below (0 to 0.95)"},
    {"lang", "LANG", "intents, lint: which shipped understanding (zh, en); language: the answer for lines that cannot tell"},
    {"detail", NULL, "eval, intents: every label, the most confused pairs, how far the confidence can be trusted"},
    {"compare", "OTHER", "eval, intents: another model, or \"shipped\": the difference and the rows that moved"},
    {"html", "FILE", "eval, intents: write all of it as a page to look at, in the language of --lang"},
    {"polarity", NULL, "sentiment: negative or positive, in place of the emotion"},
    {0},
};

const struct command cmd_nlu = {
    .name = "nlu",
    .summary = "trains and measures language models, reads emotion and language",
    .synopsis = "xiaoer nlu train|eval|predict|intents|lint|sentiment|language …",
    .help =
        "  train FILE.tsv MODEL       trains an intent model; a row is label<TAB>text, label oos is \"none of these\"\n"
        "  eval MODEL FILE.tsv        accuracy, macro F1 and speed of a model; oos rows count for oos_recall only\n"
        "  predict MODEL              a text a line in, label<TAB>confidence a line out\n"
        "  intents FILE.tsv           measures the shipped understanding on intent<TAB>text; a|b: either is right\n"
        "  lint [FILE.tsv]            what is wrong with training rows: of the shipped pack, a file, or a pack's folder\n"
        "  sentiment                  a text a line in; angry anxious sad neutral happy, and how sure\n"
        "  language                   a text a line in; ISO 639-1 code, and how sure\n\n"
        "Examples:\n"
        "  xiaoer nlu train shop.tsv shop.model\n"
        "  xiaoer nlu eval shop.model test.tsv --reject-rate 0.05\n"
        "  xiaoer nlu eval new.model test.tsv --compare old.model --html new.html\n"
        "  xiaoer nlu lint shop.tsv\n"
        "  echo '我的快递到哪了' | xiaoer nlu predict shop.model\n"
        "  echo '怎么还没发货！！' | xiaoer nlu sentiment",
    .options = options,
    .run = run,
};
