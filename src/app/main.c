/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xiaoer: one word after the program's name, its options, and nothing else decided here.
 */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/commands.h"
#include "base/time.h"

static const struct command *const commands[] = {
    &cmd_serve, &cmd_demo, &cmd_import, &cmd_chat,   &cmd_show,    &cmd_nlu,
    &cmd_faq,   &cmd_flow, &cmd_check, &cmd_backup, &cmd_restore, &cmd_bench,
};

static const struct cli_option common[] = {
    {"data", "DIR", "the data folder (default ./data, or XIAOER_DATA)"},
    {"at", "TIME", "the clock that this command goes by (RFC 3339; default now)"},
    {"json", NULL, "print one JSON document"},
    {"help", NULL, "this text"},
    {0},
};

static void print_commands(FILE *to)
{
    fputs("Usage: xiaoer COMMAND [options]\n\nCommands:\n", to);
    for (size_t i = 0; i < COUNT(commands); i++)
        fprintf(to, "  %-8s  %s\n", commands[i]->name, commands[i]->summary);
    fputs("\n`xiaoer COMMAND --help` explains one. Exit codes: 0 done, 1 the answer is no, 2 wrong use, 3 fault.\n", to);
}

static void print_options(const struct cli_option *o)
{
    for (; o->name != NULL; o++) {
        char left[64];
        snprintf(left, sizeof(left), "--%s%s%s", o->name, o->value != NULL ? " " : "", o->value != NULL ? o->value : "");
        printf("  %-22s  %s\n", left, o->help);
    }
}

static void print_help(const struct command *c)
{
    printf("Usage: %s\n\n%s.\n", c->synopsis, c->summary);
    if (c->help != NULL)
        printf("\n%s\n", c->help);
    fputs("\nOptions:\n", stdout);
    if (c->options != NULL)
        print_options(c->options);
    print_options(common);
}

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < COUNT(commands); i++) {
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    }
    return NULL;
}

/* Position of option @p name in @p table, or -1. */
static int find_option(const struct cli_option *table, const char *name, size_t n)
{
    for (int i = 0; table != NULL && table[i].name != NULL; i++) {
        if (strlen(table[i].name) == n && strncmp(table[i].name, name, n) == 0)
            return i;
    }
    return -1;
}

struct parsing {
    struct cli *cli;
    const char *at;
    bool help;
};

static bool take_common(struct parsing *p, int which, const char *value)
{
    switch (which) {
    case 0: p->cli->data_dir = value; return true;
    case 1: p->at = value; return true;
    case 2: p->cli->json = true; return true;
    default: p->help = true; return true;
    }
}

/* One "--name", "--name=value" or "--name value". Returns how many words it took; 0: wrong, already said. */
static int take_option(struct parsing *p, int argc, char **argv, int i)
{
    const struct command *c = p->cli->command;
    const char *name = argv[i] + 2;
    const char *eq = strchr(name, '=');
    size_t n = eq != NULL ? (size_t)(eq - name) : strlen(name);
    int own = find_option(c->options, name, n);
    int which = own < 0 ? find_option(common, name, n) : -1;
    if (own < 0 && which < 0) {
        (void)cli_usage(p->cli, "unknown option --%.*s; `xiaoer %s --help` lists them", (int)n, name, c->name);
        return 0;
    }
    const struct cli_option *o = own >= 0 ? &c->options[own] : &common[which];
    const char *value = eq != NULL ? eq + 1 : "";
    int used = 1;
    if (o->value != NULL && eq == NULL) {
        if (i + 1 >= argc) {
            (void)cli_usage(p->cli, "option --%s needs a value: --%s %s", o->name, o->name, o->value);
            return 0;
        }
        value = argv[i + 1];
        used = 2;
    }
    if (own >= 0)
        p->cli->values[own] = value;
    else
        take_common(p, which, value);
    return used;
}

static bool parse(struct parsing *p, int argc, char **argv)
{
    struct cli *c = p->cli;
    c->argv = argv;
    bool only_words = false;
    for (int i = 0; i < argc;) {
        if (!only_words && strcmp(argv[i], "--") == 0) {
            only_words = true;
            i++;
        } else if (!only_words && strncmp(argv[i], "--", 2) == 0) {
            int used = take_option(p, argc, argv, i);
            if (used == 0)
                return false;
            i += used;
        } else {
            c->argv[c->argc++] = argv[i++];
        }
    }
    return true;
}

static enum exit_code run(const struct command *command, int argc, char **argv)
{
    const char *env = getenv("XIAOER_DATA");
    struct cli cli = {.command = command, .data_dir = env != NULL && env[0] != '\0' ? env : "./data"};
    struct parsing p = {.cli = &cli};
    if (!parse(&p, argc, argv))
        return EXIT_USAGE;
    if (p.help) {
        print_help(command);
        return EXIT_DONE;
    }
    int64_t at_ms;
    if (p.at != NULL) {
        if (!time_parse(str_from(p.at), &at_ms))
            return cli_usage(&cli, "--at \"%s\" is no time; write it like 2026-11-20T09:30:00+08:00", p.at);
        clock_set_ms(at_ms);
    }
    return command->run(&cli);
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    setlocale(LC_CTYPE, "C.UTF-8");
    if (argc < 2) {
        print_commands(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_commands(stdout);
        return EXIT_DONE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("xiaoer " XIAOER_VERSION);
        return EXIT_DONE;
    }
    const struct command *command = find_command(argv[1]);
    if (command == NULL) {
        fprintf(stderr, "xiaoer: there is no command \"%s\"; `xiaoer --help` lists them\n", argv[1]);
        return EXIT_USAGE;
    }
    enum exit_code code = run(command, argc - 2, argv + 2);
    if (fflush(stdout) != 0 && code == EXIT_DONE) {
        fputs("xiaoer: standard output could not be written\n", stderr);
        return EXIT_FAULT;
    }
    return (int)code;
}
