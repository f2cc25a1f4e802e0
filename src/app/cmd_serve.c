/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xiaoer serve, xiaoer demo: the server, and the same on a demo shop that is made on first start.
 */
#include <stdio.h>

#include "app/commands.h"
#include "app/config.h"
#include "app/demo_data.h"
#include "app/home.h"
#include "base/time.h"

static const struct cli_option serve_options[] = {
    {"config", "FILE", "settings, one `name = value` a line (see below)"},
    {"listen", "HOST:PORT", "address to listen on (default 127.0.0.1:7700; port 0: any free one)"},
    {"measure", NULL, "no rate limit a buyer or socket: for `xiaoer bench` only"},
    {0},
};

static enum exit_code run_serve(const struct cli *c)
{
    struct config config = config_defaults();
    const char *file = cli_value(c, "config");
    char why[256];
    if (file != NULL && !config_read(&config, file, why))
        return cli_usage(c, "%s", why);
    if (cli_value(c, "listen") != NULL)
        config_set_listen(&config, cli_value(c, "listen"));
    struct home *h = home_open(c->data_dir, true, why);
    if (h == NULL)
        return cli_fault(c, "%s", why);
    struct serve_options o = {.listen = config.listen, .measure = cli_value(c, "measure") != NULL, .json = c->json,
                              .config = &config};
    enum exit_code code = home_serve(h, c, &o);
    home_close(h);
    return code;
}

const struct command cmd_serve = {
    .name = "serve",
    .summary = "runs the server: API, live sockets, buyer widget, console",
    .synopsis = "xiaoer serve [--config FILE] [--data DIR] [--listen HOST:PORT]",
    .help = "Serves until SIGTERM or Ctrl-C, then lets clients reconnect and finishes what is in flight.\n"
            "Settings of the file: " CONFIG_NAMES ".\n"
            "First steps: xiaoer import shops shops.jsonl; xiaoer import people people.jsonl (prints invitations).",
    .options = serve_options,
    .run = run_serve,
};

static const struct cli_option demo_options[] = {
    {"listen", "HOST:PORT", "address to listen on (default 127.0.0.1:7700; port 0: any free one)"},
    {0},
};

static enum exit_code run_demo(const struct cli *c)
{
    char why[256];
    struct home *h = home_open(c->data_dir, true, why);
    if (h == NULL)
        return cli_fault(c, "%s", why);
    enum exit_code code = EXIT_FAULT;
    if (!demo_data_load(h->store, clock_now_ms(), why)) {
        code = cli_fault(c, "%s", why);
    } else {
        const char *listen = cli_value(c, "listen");
        struct config config = config_defaults();
        struct serve_options o = {.listen = listen != NULL ? listen : "127.0.0.1:7700", .json = c->json,
                                  .config = &config, .demo = true};
        code = home_serve(h, c, &o);
    }
    home_close(h);
    return code;
}

const struct command cmd_demo = {
    .name = "demo",
    .summary = "the same on a ready demo shop, made on first start",
    .synopsis = "xiaoer demo [--data DIR] [--listen HOST:PORT]",
    .help = "Imports a Chinese and an English shop (products, orders, knowledge, people) whose dates are relative to\n"
            "now, prints the addresses and the demo sign-ins, and serves.",
    .options = demo_options,
    .run = run_demo,
};
