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

#include "app/commands.h"
#include "app/report.h"
#include "app/tsv.h"
#include "nlu/emotion.h"
#include "nlu/evaluate.h"
#include "nlu/language.h"
#include "nlu/model.h"
#include "nlu/shipped.h"
#include "nlu/train.h"
#include "nlu/understand.h"

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

static void nlu_freep(struct nlu **n)
{
    nlu_free(*n);
}

static bool read_rate(const struct cli *c, double *ret)
{
    const char *text = cli_value(c, "reject-rate");
    char *end;
    double rate = text != NULL ? strtod(text, &end) : 0;
    if (text != NULL && (end == text || *end != 0 || !(rate >= 0 && rate <= 0.5)))
        return false;
    *ret = rate;
    return true;
}

static enum exit_code train(const struct cli *c)
{
    _cleanup_(arena_done) struct arena a = {0};
    struct rows rows = {0};
    enum exit_code code = tsv_rows(c, &a, c->argv[1], "label<TAB>text", &rows);
    if (code != EXIT_DONE)
        return code;

    char error[160];
    struct train_report report;
    struct str model = train_model(&rows, &(struct train_options){.progress = cli_progress}, &report, error);
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
    report_end(&r);
    return EXIT_DONE;
}

/* What `eval` asks for each row. */
struct asked {
    const struct model *model;
    const struct nlu *nlu;
    struct str language;
    float threshold;  /* margin below which the model's guess is refused */
    bool only_sure;   /* refuse what the understanding is not sure of */
};

static bool ask_model(void *arg, struct arena *a, struct str text, struct str *ret_label)
{
    const struct asked *q = arg;
    struct model_guess guess[2];
    size_t n = model_guess(q->model, a, text, guess, COUNT(guess));
    *ret_label = model_label(q->model, guess[0].label);
    return n > 0 && guess[0].margin >= q->threshold;
}

static void print_evaluation(const struct cli *c, struct arena *a, const struct evaluation *e, const double *wrong_sure)
{
    struct report r = report_begin(c, a);
    report_count(&r, "rows", e->rows + e->oos_rows);
    report_real(&r, "accuracy", e->accuracy, 4);
    report_real(&r, "macro_f1", e->macro_f1, 4);
    report_real(&r, "queries_per_second", e->queries_per_second, 0);
    report_count(&r, "rejected", e->rejected);
    report_real(&r, "oos_recall", e->oos_rows > 0 ? e->oos_recall : NAN, 4);
    if (wrong_sure != NULL) {
        report_real(&r, "sure", wrong_sure[0], 4);
        report_real(&r, "sure_and_wrong", wrong_sure[1], 4);
    }
    report_end(&r);
}

static enum exit_code eval(const struct cli *c)
{
    _cleanup_(arena_done) struct arena a = {0};
    _cleanup_(model_freep) struct model *model = NULL;
    struct rows rows = {0};
    double rate;
    if (!read_rate(c, &rate))
        return cli_usage(c, "--reject-rate is a number from 0 to 0.5, as in --reject-rate 0.05");
    enum exit_code code = open_model(c, c->argv[1], &model);
    if (code == EXIT_DONE)
        code = tsv_rows(c, &a, c->argv[2], "label<TAB>text", &rows);
    if (code != EXIT_DONE)
        return code;

    struct asked q = {.model = model, .threshold = model_threshold(model, rate)};
    struct evaluation e;
    evaluate(&a, &rows, false, ask_model, &q, NULL, NULL, &e);
    print_evaluation(c, &a, &e, NULL);
    return EXIT_DONE;
}

static bool ask_shipped(void *arg, struct arena *a, struct str text, struct str *ret_label)
{
    const struct asked *q = arg;
    struct understanding u;
    nlu_understand(q->nlu, a, text, q->language, &u);
    *ret_label = u.best[0].intent;
    return u.sure || !q->only_sure;
}

/* How many rows the understanding was sure of, and how many of these were wrong. */
struct sureness {
    struct asked *asked;
    struct arena arena;
    size_t sure, sure_and_wrong;
};

static void count_sure(void *arg, const struct row *row, struct str said, bool right)
{
    (void)said;
    struct sureness *s = arg;
    struct understanding u;
    nlu_understand(s->asked->nlu, &s->arena, row->text, s->asked->language, &u);
    s->sure += u.sure;
    s->sure_and_wrong += u.sure && !right;
    arena_reset(&s->arena);
}

static enum exit_code intents(const struct cli *c)
{
    _cleanup_(arena_done) struct arena a = {0};
    _cleanup_(nlu_freep) struct nlu *nlu = NULL;
    const char *language = cli_value(c, "lang") != NULL ? cli_value(c, "lang") : "zh";
    struct rows rows = {0};
    double rate;
    if (!read_rate(c, &rate))
        return cli_usage(c, "--reject-rate is a number from 0 to 0.5, as in --reject-rate 0.05");
    nlu = nlu_shipped(language);
    if (nlu == NULL)
        return cli_usage(c, "no understanding ships for --lang %s; there are zh and en", language);
    enum exit_code code = tsv_rows(c, &a, c->argv[1], "label<TAB>text", &rows);
    if (code != EXIT_DONE)
        return code;

    if (rate > 0)
        nlu_set_reject_rate(nlu, rate);
    struct asked q = {.nlu = nlu, .language = str_from(language), .only_sure = rate > 0};
    struct sureness s = {.asked = &q};
    struct evaluation e;
    evaluate(&a, &rows, true, ask_shipped, &q, count_sure, &s, &e);
    arena_done(&s.arena);
    double n = (double)rows.n;
    print_evaluation(c, &a, &e, (const double[]){(double)s.sure / n, (double)s.sure_and_wrong / n});
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

/* Lexicons of both languages; a line is read with the one of its own script. */
struct feelings {
    struct lexicon *zh, *en;
    bool polarity;
};

static struct answer answer_feeling(void *arg, struct arena *a, struct str line)
{
    const struct feelings *f = arg;
    bool english = str_eq_c(language_of(a, line, STR("zh")).language, "en");
    struct feeling r = emotion_of(a, line, english ? f->en : f->zh);
    if (f->polarity)
        return (struct answer){r.polarity < 0 ? STR("negative") : STR("positive"), 0.5 + fabs(r.polarity) / 2};
    return (struct answer){str_from(emotion_name(r.emotion)),
                           r.emotion == EMOTION_NEUTRAL ? 1 - fabs(r.polarity) / 2 : 0.5 + r.strength / 2};
}

static enum exit_code sentiment(const struct cli *c)
{
    struct feelings f = {
        .zh = shipped_lexicon("zh", "emotion"),
        .en = shipped_lexicon("en", "emotion"),
        .polarity = cli_value(c, "polarity") != NULL,
    };
    enum exit_code code = each_line(c, answer_feeling, &f);
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
    int argc; /* with its own name */
    enum exit_code (*run)(const struct cli *c);
} verbs[] = {
    {"train", "FILE.tsv MODEL", 3, train},
    {"eval", "MODEL FILE.tsv [--reject-rate R]", 3, eval},
    {"predict", "MODEL", 2, predict},
    {"intents", "FILE.tsv [--lang zh]", 2, intents},
    {"sentiment", "[--polarity]", 1, sentiment},
    {"language", "", 1, language},
};

static enum exit_code run(const struct cli *c)
{
    if (c->argc == 0)
        return cli_usage(c, "say what to do: train, eval, predict, intents, sentiment or language");
    for (size_t i = 0; i < COUNT(verbs); i++) {
        if (strcmp(verbs[i].name, c->argv[0]) != 0)
            continue;
        if (c->argc != verbs[i].argc)
            return cli_usage(c, "write it like this: xiaoer nlu %s %s", verbs[i].name, verbs[i].words);
        return verbs[i].run(c);
    }
    return cli_usage(c, "\"%s\" is none of train, eval, predict, intents, sentiment, language", c->argv[0]);
}

static const struct cli_option options[] = {
    {"reject-rate", "R", "eval, intents: refuse the guesses that so many of known questions fall below (0 to 0.5)"},
    {"lang", "LANG", "intents: which shipped understanding (zh, en); language: the answer for lines that cannot tell"},
    {"polarity", NULL, "sentiment: negative or positive, in place of the emotion"},
    {0},
};

const struct command cmd_nlu = {
    .name = "nlu",
    .summary = "trains and measures language models, reads emotion and language",
    .synopsis = "xiaoer nlu train|eval|predict|intents|sentiment|language …",
    .help =
        "  train FILE.tsv MODEL       trains an intent model; a row is label<TAB>text, label oos is \"none of these\"\n"
        "  eval MODEL FILE.tsv        accuracy, macro F1 and speed of a model; oos rows count for oos_recall only\n"
        "  predict MODEL              a text a line in, label<TAB>confidence a line out\n"
        "  intents FILE.tsv           measures the shipped understanding on intent<TAB>text; a|b: either is right\n"
        "  sentiment                  a text a line in; angry anxious sad neutral happy, and how sure\n"
        "  language                   a text a line in; ISO 639-1 code, and how sure\n\n"
        "Examples:\n"
        "  xiaoer nlu train shop.tsv shop.model\n"
        "  xiaoer nlu eval shop.model test.tsv --reject-rate 0.05\n"
        "  echo '我的快递到哪了' | xiaoer nlu predict shop.model\n"
        "  echo '怎么还没发货！！' | xiaoer nlu sentiment",
    .options = options,
    .run = run,
};
