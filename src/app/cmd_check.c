/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xiaoer check: stored data against every invariant that the program knows.
 */
#include <stdio.h>
#include <unistd.h>

#include "app/check_store.h"
#include "app/commands.h"
#include "base/time.h"
#include "chat/upload_service.h"

struct checking {
    const struct cli *cli;
    struct buf breaches; /* JSON array items */
    struct json_out out;
    int found;
};

static void say_breach(void *arg, const struct check *c, struct str breach)
{
    struct checking *k = arg;
    if (!k->cli->json) {
        printf("%s: %.*s (always true: %s)\n", c->name, STR_ARG(breach), c->promise);
        return;
    }
    jo_open(&k->out);
    jo_kc(&k->out, "check", c->name);
    jo_kt(&k->out, "breach", breach);
    jo_close(&k->out);
}

static void say_damage(void *arg, struct str line)
{
    static const struct check damage = {"integrity", "the database file is whole"};
    say_breach(arg, &damage, line);
}

static void say_upload(void *arg, struct str line)
{
    static const struct check files = {"upload_file", "a photo or document has its file, whole, and no file is nobody's"};
    say_breach(arg, &files, line);
}

static int run_checks(struct tx *tx, void *arg)
{
    struct checking *k = arg;
    for (size_t i = 0; i < check_count(); i++) {
        cli_progress(check_at(i)->name, (int64_t)i + 1, (int64_t)check_count());
        int found = check_run(tx, i, say_breach, k);
        if (found < 0)
            return STORE_FAULT;
        k->found += found;
    }
    int found = uploads_verify(tx, k->cli->data_dir, clock_now_ms(), say_upload, k);
    if (found < 0)
        return STORE_FAULT;
    k->found += found;
    return STORE_OK;
}

static enum exit_code run(const struct cli *c)
{
    struct arena a = {0};
    char why[256];
    char *path = str_c(&a, str_fmt(&a, "%s/xiaoer.db", c->data_dir));
    if (access(path, F_OK) != 0) {
        enum exit_code code = cli_usage(c, "there is no data in %s; name the folder with --data DIR", c->data_dir);
        arena_done(&a);
        return code;
    }
    struct store *store = store_open(c->data_dir, why);
    if (store == NULL) {
        arena_done(&a);
        return cli_fault(c, "%s", why);
    }
    struct checking k = {.cli = c, .breaches = {.arena = &a}};
    k.out = json_to(&k.breaches);
    jo_array(&k.out);
    int damaged = store_integrity(store, say_damage, &k);
    int rc = damaged < 0 ? STORE_FAULT : store_read(store, run_checks, &k);
    jo_array_end(&k.out);
    k.found += damaged > 0 ? damaged : 0;
    if (rc == STORE_OK && c->json)
        printf("{\"checks\":%zu,\"breaches\":%d,\"found\":%.*s}\n", check_count() + 2, k.found,
               STR_ARG(buf_view(&k.breaches)));
    else if (rc == STORE_OK && k.found == 0)
        printf("%zu checks, no breach\n", check_count() + 2);
    store_close(store);
    arena_done(&a);
    if (rc != STORE_OK)
        return cli_fault(c, "the data could not be read");
    return k.found == 0 ? EXIT_DONE : EXIT_NO;
}

const struct command cmd_check = {
    .name = "check",
    .summary = "verifies stored data against every invariant it knows",
    .synopsis = "xiaoer check [--data DIR] [--json]",
    .help = "Reads only; may run beside a server. Exit code 1 and a line for each breach.",
    .run = run,
};
