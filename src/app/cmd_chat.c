/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xiaoer chat: a conversation on the terminal, one line in, one turn out, by the very path that the widget uses.
 */
#include <errno.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "account/contact.h"
#include "account/shop.h"
#include "app/commands.h"
#include "app/home.h"
#include "base/id.h"
#include "base/limit.h"
#include "base/time.h"
#include "chat/upload_service.h"

struct talk {
    struct home *home;
    const struct cli *cli;
    struct arena arena;
    struct shop shop;
    struct contact contact;
    struct str channel;
    int64_t run; /* names this run in client ids */
    int turn;
    sem_t told;
    struct buf out;   /* what is printed for the turn */
    struct str form_id; /* of the last form that was asked to be filled in; in `arena` */
    bool failed;
};

static const struct cli_option options[] = {
    {"shop", "S", "the shop's id"},
    {"buyer", "B", "the buyer's id at the shop; without it a guest talks"},
    {"channel", "C", "recorded with the conversation (default cli)"},
    {0},
};

/* ---- opening ---- */

static int open_contact(struct tx *tx, void *arg)
{
    struct talk *t = arg;
    const char *buyer = cli_value(t->cli, "buyer");
    struct contact_who who = {.buyer = str_from(buyer), .name = str_from(buyer), .language = t->shop.language};
    return contact_open(tx, &t->arena, &t->shop, &who, clock_now_ms(), &t->contact);
}

/* A talk of the terminal begins anew: what an earlier one left open is closed. */
static int read_left_open(struct tx *tx, void *arg)
{
    struct talk *t = arg;
    struct conversation c;
    enum chat_answer answer = conversation_open_of(tx, &t->arena, t->shop.tenant_id, t->contact.id, &c);
    return answer == CHAT_OK && !str_eq(c.channel, t->channel) ? CHAT_NOT_FOUND : answer;
}

static enum exit_code open_talk(struct talk *t)
{
    const char *shop = cli_value(t->cli, "shop");
    if (shop == NULL)
        return cli_usage(t->cli, "which shop? give --shop ID (as in its import file)");
    const char *channel = cli_value(t->cli, "channel");
    t->channel = str_from(channel != NULL ? channel : "cli");
    enum account_answer answer = shop_named(t->home->store, &t->arena, str_from(shop), &t->shop);
    if (answer == ACCOUNT_NOT_FOUND)
        return cli_usage(t->cli, "there is no shop \"%s\" in %s; `xiaoer import shops FILE` brings one", shop, t->cli->data_dir);
    if (answer != ACCOUNT_OK || store_write(t->home->store, open_contact, t) != ACCOUNT_OK)
        return cli_fault(t->cli, "the data in %s could not be read or written", t->cli->data_dir);
    int open = store_read(t->home->store, read_left_open, t);
    if (open == CHAT_OK)
        open = chat_end(t->home->inbox, t->shop.tenant_id, t->contact.id, clock_now_ms());
    return open == CHAT_OK || open == CHAT_NOT_FOUND ? EXIT_DONE
                                                     : cli_fault(t->cli, "the data in %s could not be written", t->cli->data_dir);
}

/* ---- printing ---- */

static void write_choice_labels(struct json_out *o, const json_t *data)
{
    const json_t *choices = json_object_get(data, "choices");
    jo_key(o, "choices");
    jo_array(o);
    for (size_t i = 0; i < json_array_size(choices); i++)
        jo_text(o, json_str(json_array_get(choices, i), "label"));
    jo_array_end(o);
}

static json_t *data_of(struct arena *a, const struct message *m)
{
    return m->data.n > 0 ? json_read(str_fmt(a, "{%.*s}", STR_ARG(m->data)), NULL) : NULL;
}

static void write_message(struct json_out *o, struct arena *a, const struct message *m)
{
    _cleanup_(json_donep) json_t *data = data_of(a, m);
    jo_open(o);
    jo_kc(o, "kind", message_kind_name(m->kind));
    const json_t *order = json_object_get(data, "order");
    const json_t *product = json_object_get(data, "product");
    if (order != NULL) {
        jo_kt(o, "order_id", json_str(order, "order_id"));
        jo_kt(o, "status", json_str(order, "status"));
        jo_key(o, "order");
        jo_json(o, order);
    }
    if (product != NULL) {
        jo_kt(o, "product_id", json_str(product, "product_id"));
        jo_key(o, "product");
        jo_json(o, product);
    }
    if (json_object_get(data, "event") != NULL)
        jo_kt(o, "event", json_str(data, "event"));
    static const char *const whole[] = {"form", "case"};
    for (size_t i = 0; i < COUNT(whole); i++) {
        if (json_object_get(data, whole[i]) == NULL)
            continue;
        jo_key(o, whole[i]);
        jo_json(o, json_object_get(data, whole[i]));
    }
    jo_kt(o, "text", m->text);
    if (m->kind == MESSAGE_CHOICES)
        write_choice_labels(o, data);
    jo_close(o);
}

static void raw_or(struct json_out *o, const char *key, struct str raw, const char *otherwise)
{
    jo_key(o, key);
    jo_raw(o, raw.n > 0 ? raw : str_from(otherwise));
}

static void write_turn(struct talk *t, const struct receipt *r)
{
    struct arena a = {0};
    struct json_out o = json_to(&t->out);
    jo_open(&o);
    jo_kn(&o, "turn", t->turn);
    jo_kc(&o, "handler", handler_name(r->change->conversation.handler));
    jo_kid(&o, "conversation", r->conversation_id);
    jo_kn(&o, "seq", r->seq);
    jo_key(&o, "messages");
    jo_array(&o);
    for (size_t i = 0; i < r->change->said.n; i++) {
        const struct message *m = &r->change->said.v[i];
        if (m->author != AUTHOR_BUYER && m->kind != MESSAGE_NOTE)
            write_message(&o, &a, m);
    }
    jo_array_end(&o);
    raw_or(&o, "understood", r->turn != NULL ? r->turn->understood : STR_NONE, "null");
    raw_or(&o, "action", r->turn != NULL ? r->turn->action : STR_NONE, "null");
    raw_or(&o, "sources", r->turn != NULL ? r->turn->sources : STR_NONE, "[]");
    jo_close(&o);
    buf_char(&t->out, '\n');
    arena_done(&a);
}

static void write_plain(struct talk *t, const struct receipt *r)
{
    struct arena a = {0};
    for (size_t i = 0; i < r->change->said.n; i++) {
        const struct message *m = &r->change->said.v[i];
        if (m->author == AUTHOR_BUYER || m->kind == MESSAGE_NOTE)
            continue;
        buf_printf(&t->out, "%s %.*s\n", m->author == AUTHOR_SYSTEM ? "--" : "<<", STR_ARG(m->text));
        _cleanup_(json_donep) json_t *data = data_of(&a, m);
        const json_t *choices = json_object_get(data, "choices");
        for (size_t k = 0; k < json_array_size(choices); k++)
            buf_printf(&t->out, "   [%.*s]\n", STR_ARG(json_str(json_array_get(choices, k), "label")));
        const json_t *fields = json_object_get(json_object_get(data, "form"), "fields");
        for (size_t k = 0; k < json_array_size(fields); k++)
            buf_printf(&t->out, "   %.*s: %.*s\n", STR_ARG(json_str(json_array_get(fields, k), "name")),
                       STR_ARG(json_str(json_array_get(fields, k), "label")));
    }
    arena_done(&a);
}

static void remember_form(struct talk *t, const struct change *change)
{
    for (size_t i = 0; i < change->said.n; i++) {
        const struct message *m = &change->said.v[i];
        _cleanup_(json_donep) json_t *data = m->kind == MESSAGE_FORM && m->author == AUTHOR_BOT ? data_of(&t->arena, m) : NULL;
        if (data != NULL)
            t->form_id = str_dup(&t->arena, json_str(json_object_get(data, "form"), "id"));
    }
}

/* What was not taken, and why: the talk goes on. */
static void write_refused(struct talk *t, const char *code, struct str field)
{
    if (!t->cli->json) {
        buf_printf(&t->out, "-- %s%s%.*s\n", code, field.n > 0 ? ": " : "", STR_ARG(field));
        return;
    }
    struct json_out o = json_to(&t->out);
    jo_open(&o);
    jo_kn(&o, "turn", t->turn);
    jo_kc(&o, "refused", code);
    if (field.n > 0)
        jo_kt(&o, "field", field);
    jo_close(&o);
    buf_char(&t->out, '\n');
}

static void on_receipt(void *arg, const struct receipt *r)
{
    struct talk *t = arg;
    if (r->answer == CHAT_BAD_FORM)
        write_refused(t, "bad_form", r->field);
    else if (r->answer == CHAT_FORM_OVER)
        write_refused(t, "form_over", STR_NONE);
    else if (r->answer != CHAT_OK)
        t->failed = true;
    else if (t->cli->json)
        write_turn(t, r);
    else
        write_plain(t, r);
    if (r->answer == CHAT_OK)
        remember_form(t, r->change);
    sem_post(&t->told);
}

/* ---- talking ---- */

/* "/image FILE": the photo is taken in as the widget's are. False: it is not sent, and the reason is told. */
static bool take_image(struct talk *t, struct arena *a, struct str path, struct incoming *in)
{
    struct str raw;
    struct upload u;
    enum upload_answer answer = UPLOAD_NOT_FOUND;
    if (cli_read_file(a, str_c(a, path), &raw))
        answer = upload_put(t->home->uploads, a, t->shop.tenant_id, t->contact.id, raw, clock_now_ms(), &u);
    static const char *const codes[] = {[UPLOAD_UNKNOWN_TYPE] = "bad_type", [UPLOAD_BROKEN] = "broken_file",
                                        [UPLOAD_TOO_LARGE] = "too_large", [UPLOAD_TOO_MANY] = "rate_limited",
                                        [UPLOAD_NOT_FOUND] = "no_such_file"};
    if (answer == UPLOAD_OK) {
        in->kind = MESSAGE_IMAGE;
        in->upload = str_fmt(a, "%lld", (long long)u.id);
        return true;
    }
    if (answer == UPLOAD_FAULT)
        t->failed = true;
    else
        write_refused(t, codes[answer], STR_NONE);
    return false;
}

/* A line is words, or one of the two things that a widget has buttons for. */
static bool read_line(struct talk *t, struct arena *a, struct str line, struct incoming *in)
{
    static const struct str image = STR("/image "), form = STR("/form ");
    if (str_starts(line, image))
        return take_image(t, a, str_trim(str_sub(line, image.n, SIZE_MAX)), in);
    if (str_starts(line, form)) {
        in->kind = MESSAGE_FORM;
        in->form_id = t->form_id;
        in->form = str_sub(line, form.n, SIZE_MAX);
    } else {
        in->text = str_clip(line, LIMIT_TEXT_CHARS);
    }
    return true;
}

static bool say(struct talk *t, struct str line)
{
    struct arena a = {0};
    char client_id[48]; /* of this run: what an earlier one said is no retry */
    snprintf(client_id, sizeof(client_id), "cli-%lld-%d", (long long)t->run, ++t->turn);
    struct incoming in = {.tenant_id = t->shop.tenant_id,
                          .contact_id = t->contact.id,
                          .buyer = t->contact.buyer,
                          .buyer_name = t->contact.name,
                          .language = t->shop.language,
                          .channel = t->channel,
                          .client_id = str_from(client_id),
                          .explain = t->cli->json,
                          .now_ms = clock_now_ms()};
    bool sent = read_line(t, &a, line, &in);
    if (sent)
        chat_receive(t->home->inbox, &in, 0, on_receipt, t);
    while (sent && sem_wait(&t->told) != 0)
        ; /* EINTR */
    arena_done(&a);
    fwrite(t->out.p, 1, t->out.n, stdout);
    fflush(stdout);
    t->out.n = 0;
    return !t->failed;
}

static enum exit_code talk(struct talk *t)
{
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;
    bool prompt = isatty(STDIN_FILENO) && !t->cli->json;
    enum exit_code code = EXIT_DONE;
    if (prompt)
        fputs(">> ", stdout), fflush(stdout);
    while (code == EXIT_DONE && (n = getline(&line, &cap, stdin)) >= 0) {
        struct str text = str_trim((struct str){line, (size_t)n});
        if (str_code_points(text) > LIMIT_TEXT_CHARS)
            fprintf(stderr, "xiaoer chat: line %d was cut to %d characters\n", t->turn + 1, LIMIT_TEXT_CHARS);
        if (!str_is_utf8(text))
            fprintf(stderr, "xiaoer chat: line %d is not UTF-8 and was left out\n", t->turn + 1);
        else if (text.n > 0 && !say(t, text))
            code = cli_fault(t->cli, "the message could not be stored");
        if (prompt)
            fputs(">> ", stdout), fflush(stdout);
    }
    free(line);
    return code;
}

static enum exit_code run(const struct cli *c)
{
    char why[256];
    struct home *h = home_open(c->data_dir, false, why);
    if (h == NULL)
        return cli_fault(c, "%s", why);
    struct talk t = {.home = h, .cli = c, .run = id_new(clock_now_ms())};
    sem_init(&t.told, 0, 0);
    enum exit_code code = open_talk(&t);
    if (code == EXIT_DONE)
        code = talk(&t);
    sem_destroy(&t.told);
    buf_done(&t.out);
    home_close(h);
    arena_done(&t.arena);
    return code;
}

const struct command cmd_chat = {
    .name = "chat",
    .summary = "a conversation on the terminal: one line in, one turn out",
    .synopsis = "xiaoer chat --shop S [--buyer B] [--channel C] [--at TIME] [--json]",
    .help = "Example: printf '我的快递到哪了\\n转人工\\n' | xiaoer chat --shop shanxing --buyer B01 --json\n"
            "With --json, one JSON document a turn on a line of its own. A run begins a new conversation.\n"
            "A line \"/image FILE\" sends a photo or a PDF; a line \"/form {\"phone\": \"…\"}\" fills in the form that was sent last.",
    .options = options,
    .run = run,
};
