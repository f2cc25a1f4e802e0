/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xiaoer nlu eval and nlu intents: how well a model, or the shipped understanding, does on rows whose label is known; in
 * figures (contract.md, section 1), in detail, against another, and as a page.
 *
 * How          What is asked is an `understander`: a model as it is, or the understanding with its rules and entities.
 *              Both verbs run the same measurement and print the same document; --detail and --compare add members to it,
 *              --html writes a page from the same objects.
 */
#include "app/cmd_nlu.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/report.h"
#include "app/tsv.h"
#include "base/asset.h"
#include "nlu/evaluate_json.h"
#include "nlu/model.h"
#include "nlu/page.h"
#include "nlu/understand.h"

#define EVAL_MEMORY     (8192 * MIB) /* a file may have millions of rows: some 200 bytes each and their texts */
#define CONFUSIONS_MOST 30 /* pairs in the document; the page has all */

/* What is measured: a model as it is, or an understanding. */
struct understander {
    struct model *model;      /* owned; NULL when nlu is what answers */
    struct nlu *nlu, *shipped; /* owned; shipped: what nlu was taught on top of, or NULL */
    struct str language;
    float threshold;          /* margin below which the model's guess is refused */
    double sure;              /* confidence from which the model counts as sure */
    bool only_sure;           /* refuse what the understanding is not sure of */
};

/* One measurement with all that is printed of it. */
struct measurement {
    const char *name, *file, *language, *other_name;
    bool alternatives, show_sure;
    struct rows rows;
    const struct outcome *outcomes, *other; /* other: NULL without --compare */
    struct evaluation evaluation;
    struct detail detail;
    struct comparison comparison;
};

static void understander_done(struct understander *u)
{
    model_free(u->model);
    nlu_free(u->nlu);
    nlu_free(u->shipped);
}

static bool read_rate(const struct cli *c, double *ret)
{
    const char *text = cli_value(c, "reject-rate");
    char *end;
    double rate = text != NULL ? strtod(text, &end) : 0;
    if (text != NULL && (end == text || *end != 0 || !(rate >= 0 && rate <= 0.95)))
        return false;
    *ret = rate;
    return true;
}

static void ask_model(void *arg, struct arena *a, struct str text, struct said *ret)
{
    const struct understander *u = arg;
    struct model_guess guess[2];
    size_t n = model_guess(u->model, a, text, guess, COUNT(guess));
    ret->label = model_label(u->model, guess[0].label);
    ret->confidence = guess[0].confidence;
    ret->refused = n == 0 || !(guess[0].margin >= u->threshold);
    ret->sure = guess[0].confidence >= u->sure;
}

static void ask_nlu(void *arg, struct arena *a, struct str text, struct said *ret)
{
    const struct understander *u = arg;
    struct understanding r;
    nlu_understand(u->nlu, a, text, u->language, &r);
    *ret = (struct said){r.best[0].intent, r.best[0].confidence, u->only_sure && !r.sure, r.sure};
}

static void ask(void *arg, struct arena *a, struct str text, struct said *ret)
{
    const struct understander *u = arg;
    (u->nlu != NULL ? ask_nlu : ask_model)(arg, a, text, ret);
}

static enum exit_code open_shipped(const struct cli *c, const char *language, double rate, struct understander *ret)
{
    *ret = (struct understander){.nlu = nlu_shipped(language), .language = str_from(language), .only_sure = rate > 0};
    if (ret->nlu == NULL)
        return cli_usage(c, "no understanding ships for --lang %s; there are zh and en", language);
    if (rate > 0)
        nlu_set_reject_rate(ret->nlu, rate);
    return EXIT_DONE;
}

static enum exit_code open_model(const struct cli *c, const char *path, double rate, struct understander *ret)
{
    char error[160];
    *ret = (struct understander){.model = model_load(path, error)};
    if (ret->model == NULL)
        return cli_usage(c, "%s: %s", path, error);
    ret->threshold = model_threshold(ret->model, rate);
    ret->sure = rate > 0 ? model_sure_threshold(ret->model, rate) : model_sure(ret->model);
    return EXIT_DONE;
}

/* The understanding with the model of @p path in place of its own. */
static enum exit_code open_taught(const struct cli *c, const char *path, const char *language, double rate,
                                  struct understander *ret)
{
    char error[160];
    struct model *model = model_load(path, error);
    if (model == NULL)
        return cli_usage(c, "%s: %s", path, error);
    enum exit_code code = open_shipped(c, language, 0, ret);
    if (code != EXIT_DONE) {
        model_free(model);
        return code;
    }
    ret->shipped = ret->nlu;
    ret->nlu = nlu_taught(ret->shipped, model);
    ret->only_sure = rate > 0;
    if (rate > 0)
        nlu_set_reject_rate(ret->nlu, rate);
    return EXIT_DONE;
}

/* ---- what is printed ---- */

static void item_label(const void *arg, size_t i, struct json_out *o)
{
    const struct detail *d = arg;
    jo_open(o);
    json_label_members(o, &d->labels[i]);
    jo_close(o);
}

static void item_confusion(const void *arg, size_t i, struct json_out *o)
{
    const struct detail *d = arg;
    json_confusion(o, &d->confusions[i]);
}

static void item_bin(const void *arg, size_t i, struct json_out *o)
{
    json_bin(o, arg, i);
}

static void print(const struct cli *c, struct arena *a, const struct measurement *m)
{
    const struct evaluation *e = &m->evaluation;
    const struct detail *d = &m->detail;
    bool detailed = cli_value(c, "detail") != NULL;
    double n = (double)m->rows.n;
    struct report r = report_begin(c, a);
    report_count(&r, "rows", e->rows + e->oos_rows);
    report_real(&r, "accuracy", e->accuracy, 4);
    report_real(&r, "macro_f1", e->macro_f1, 4);
    report_real(&r, "queries_per_second", e->queries_per_second, 0);
    report_count(&r, "rejected", e->rejected);
    report_real(&r, "oos_recall", e->oos_rows > 0 ? e->oos_recall : NAN, 4);
    if (m->show_sure || detailed) {
        report_real(&r, "sure", (double)e->sure / n, 4);
        report_real(&r, "sure_and_wrong", (double)e->sure_and_wrong / n, 4);
    }
    if (detailed) {
        report_real(&r, "sure_accuracy", d->coverage > 0 ? d->sure_accuracy : NAN, 4);
        report_real(&r, "calibration_error", d->calibration_error, 4);
        report_list(&r, "reliability", DETAIL_BINS, item_bin, d);
        report_list(&r, "confusions", MIN(d->confusion_count, CONFUSIONS_MOST), item_confusion, d);
        report_list(&r, "labels", d->label_count, item_label, d);
    }
    if (m->other != NULL) {
        struct buf b = {.arena = a};
        struct json_out o = json_to(&b);
        json_comparison(&o, &m->comparison, m->outcomes, m->other);
        report_raw(&r, "comparison", buf_view(&b));
    }
    report_end(&r);
}

/* ---- the page ---- */

/* Where the shipped packs put an intent: files of utterances are its groups, intents.tsv has its order and name. */
struct shelf {
    struct str language, label, group;
};

static void find_group(void *arg, struct str name, struct str bytes)
{
    struct shelf *s = arg;
    size_t at = s->group.p == NULL ? str_find(bytes, s->label, 0) : SIZE_MAX;
    while (at != SIZE_MAX && !((at == 0 || bytes.p[at - 1] == '\n') && bytes.p[at + s->label.n] == '\t'))
        at = str_find(bytes, s->label, at + 1);
    if (at == SIZE_MAX)
        return;
    size_t slash = name.n;
    while (slash > 0 && name.p[slash - 1] != '/')
        slash--;
    s->group = str_sub(name, slash, name.n - slash - 4); /* without ".tsv" */
}

static struct str group_of(struct arena *a, const char *language, struct str label)
{
    struct shelf s = {.label = label};
    asset_each(str_fmt(a, "packs/%s/utterances/", language), find_group, &s);
    return s.group;
}

static struct str name_of(struct arena *a, const char *language, struct str label)
{
    struct str rest = asset_find(str_fmt(a, "packs/%s/intents.tsv", language)), line, id, name;
    while (str_cut(&rest, '\n', &line))
        if (str_cut(&line, '\t', &id) && str_eq(id, label) && str_cut(&line, '\t', &name))
            return name;
    return STR_NONE;
}

struct shown_label {
    struct str group, name;
    const struct label_figures *figures;
};

static int by_group(const void *x, const void *y)
{
    const struct shown_label *a = x, *b = y;
    int order = str_cmp(a->group, b->group);
    return order != 0 ? order : str_cmp(a->figures->label, b->figures->label);
}

static void write_labels(struct json_out *o, struct arena *a, const struct measurement *m)
{
    size_t n = m->detail.label_count;
    struct shown_label *shown = arena_array(a, struct shown_label, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct label_figures *l = &m->detail.labels[i];
        shown[i] = (struct shown_label){group_of(a, m->language, l->label), name_of(a, m->language, l->label), l};
    }
    qsort(shown, n, sizeof(*shown), by_group);
    jo_key(o, "labels");
    jo_array(o);
    for (size_t i = 0; i < n; i++) {
        jo_open(o);
        json_label_members(o, shown[i].figures);
        jo_kt(o, "name", shown[i].name);
        jo_kt(o, "group", shown[i].group);
        jo_close(o);
    }
    jo_array_end(o);
}

static void write_figures(struct json_out *o, const struct measurement *m)
{
    const struct evaluation *e = &m->evaluation;
    const struct detail *d = &m->detail;
    double n = (double)m->rows.n;
    jo_key(o, "figures");
    jo_open(o);
    jo_kn(o, "rows", (int64_t)m->rows.n);
    json_share(o, "accuracy", e->accuracy, e->rows > 0);
    json_share(o, "macro_f1", e->macro_f1, e->rows > 0);
    jo_kn(o, "queries_per_second", (int64_t)e->queries_per_second);
    jo_kn(o, "rejected", (int64_t)e->rejected);
    json_share(o, "oos_recall", e->oos_recall, e->oos_rows > 0);
    json_share(o, "sure", d->coverage, true);
    json_share(o, "sure_accuracy", d->sure_accuracy, d->coverage > 0);
    json_share(o, "sure_and_wrong", (double)e->sure_and_wrong / n, true);
    json_share(o, "calibration_error", d->calibration_error, true);
    jo_close(o);
}

static struct str page_data(struct arena *a, const struct measurement *m)
{
    struct buf b = {.arena = a};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kc(&o, "kind", "nlu");
    jo_kc(&o, "measured", m->name);
    jo_kc(&o, "file", m->file);
    write_figures(&o, m);
    write_labels(&o, a, m);
    jo_key(&o, "confusions");
    jo_array(&o);
    for (size_t i = 0; i < m->detail.confusion_count; i++)
        json_confusion(&o, &m->detail.confusions[i]);
    jo_array_end(&o);
    jo_key(&o, "reliability");
    jo_array(&o);
    for (size_t i = 0; i < DETAIL_BINS; i++)
        json_bin(&o, &m->detail, i);
    jo_array_end(&o);
    if (m->other != NULL) {
        jo_kc(&o, "other", m->other_name);
        jo_key(&o, "comparison");
        json_comparison(&o, &m->comparison, m->outcomes, m->other);
    }
    jo_close(&o);
    return buf_view(&b);
}

/* ---- the run ---- */

/* Measures @p u, and @p other when there is one; prints, and writes the page. */
static enum exit_code measure(const struct cli *c, struct arena *a, struct understander *u, struct understander *other,
                              struct measurement *m)
{
    m->outcomes = evaluate(a, &m->rows, m->alternatives, true, ask, u, &m->evaluation);
    evaluate_detail(a, m->outcomes, m->rows.n, &m->detail);
    if (other != NULL) {
        struct evaluation of_other;
        m->other = evaluate(a, &m->rows, m->alternatives, false, ask, other, &of_other);
        compare(a, m->outcomes, m->other, m->rows.n, &m->comparison);
    }
    print(c, a, m);
    const char *path = cli_value(c, "html");
    return path != NULL ? cli_write_file(c, path, page_make(a, m->language, page_data(a, m))) : EXIT_DONE;
}

/* Both verbs: @p of_model is `eval`, whose file is the second word. */
static enum exit_code run(const struct cli *c, bool of_model)
{
    _cleanup_(arena_done) struct arena a = {.limit = EVAL_MEMORY};
    _cleanup_(understander_done) struct understander u = {0}, other = {0};
    const char *against = cli_value(c, "compare");
    struct measurement m = {
        .name = of_model ? c->argv[1] : "xiaoer " XIAOER_VERSION,
        .file = c->argv[of_model ? 2 : 1],
        .language = cli_value(c, "lang") != NULL ? cli_value(c, "lang") : "zh",
        .other_name = against,
        .alternatives = !of_model,
        .show_sure = !of_model,
    };
    double rate;
    if (!read_rate(c, &rate))
        return cli_usage(c, "--reject-rate is a number from 0 to 0.95, as in --reject-rate 0.05");
    enum exit_code code = of_model ? open_model(c, m.name, rate, &u) : open_shipped(c, m.language, rate, &u);
    if (code == EXIT_DONE && against != NULL) {
        if (strcmp(against, "shipped") == 0)
            code = open_shipped(c, m.language, rate, &other);
        else
            code = of_model ? open_model(c, against, rate, &other) : open_taught(c, against, m.language, rate, &other);
    }
    if (code == EXIT_DONE)
        code = tsv_rows(c, &a, m.file, "label<TAB>text", &m.rows);
    return code == EXIT_DONE ? measure(c, &a, &u, against != NULL ? &other : NULL, &m) : code;
}

enum exit_code nlu_eval(const struct cli *c)
{
    return run(c, true);
}

enum exit_code nlu_intents(const struct cli *c)
{
    return run(c, false);
}
