/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xiaoer flow: the shipped task flows from the command line: held against their rules, and drawn.
 */
#include <stdio.h>
#include <string.h>

#include "app/commands.h"
#include "bot/flow_draw.h"
#include "bot/flow_lint.h"

struct findings {
    struct buf json; /* an array of objects */
    struct json_out out;
    bool as_json;
};

static void say(void *arg, struct str flow, struct str what)
{
    struct findings *f = arg;
    if (!f->as_json) {
        printf("%.*s%s%.*s\n", STR_ARG(flow), flow.n > 0 ? ": " : "", STR_ARG(what));
        return;
    }
    jo_open(&f->out);
    jo_kt(&f->out, "flow", flow);
    jo_kt(&f->out, "what", what);
    jo_close(&f->out);
}

static enum exit_code lint(const struct cli *c)
{
    struct findings f = {.as_json = c->json};
    size_t plans;
    f.out = json_to(&f.json);
    (void)flow_book_plans(flow_book_shipped(), &plans);
    jo_open(&f.out);
    jo_key(&f.out, "found");
    jo_array(&f.out);
    size_t found = flow_lint_book(flow_book_shipped(), say, &f);
    jo_array_end(&f.out);
    jo_kn(&f.out, "flows", (int64_t)plans);
    jo_close(&f.out);
    if (c->json)
        printf("%.*s\n", STR_ARG(buf_view(&f.json)));
    else
        printf("%zu flows, %zu found\n", plans, found);
    buf_done(&f.json);
    return found == 0 ? EXIT_DONE : EXIT_NO;
}

static enum exit_code draw(const struct cli *c)
{
    struct buf out = {0};
    const struct flow_book *book = flow_book_shipped();
    const struct flow_plan *one = c->argc > 1 ? flow_book_plan(book, str_from(c->argv[1])) : NULL;
    if (c->argc > 1 && one == NULL)
        return cli_usage(c, "there is no flow \"%s\"; their names are those of packs/flows", c->argv[1]);
    if (one != NULL)
        flow_draw(one, STR("en"), &out);
    else
        flow_draw_book(book, &out);
    fwrite(out.p, 1, out.n, stdout);
    buf_done(&out);
    return EXIT_DONE;
}

static enum exit_code run(const struct cli *c)
{
    if (c->argc == 1 && strcmp(c->argv[0], "lint") == 0)
        return lint(c);
    if (c->argc >= 1 && c->argc <= 2 && strcmp(c->argv[0], "draw") == 0)
        return draw(c);
    return cli_usage(c, "say `xiaoer flow lint` or `xiaoer flow draw [FLOW]`");
}

const struct command cmd_flow = {
    .name = "flow",
    .summary = "checks the task flows (lint), or draws them (draw [FLOW])",
    .synopsis = "xiaoer flow lint | draw [FLOW]",
    .help = "lint  holds every shipped flow against the rules: a confirmation before every write, every step reached, every\n"
            "      refusal answered, every text there in both languages, every action done by some flow\n"
            "draw  writes docs/flows.md, or the picture of one flow, as Mermaid text on standard output",
    .run = run,
};
