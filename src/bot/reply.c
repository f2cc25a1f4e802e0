/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reply: sentences become messages only when their message ends, so that all its sentences can be put in other words
 * when the text would be the one that the buyer read last.
 *
 * How          The wording is chosen by the number of the turn; when the text was said in the last reply, by the next
 *              number; when every wording was, a lead-in ("Once more: …") of several is put before it.
 * Invariants   1. A text that leaves here was not in the last reply: TRIES is more than a reply can hold texts.
 *              2. Every text and button names its sources and is marked as written by a machine.
 */
#include "bot/reply.h"

#include <string.h>

#define TRIES 12 /* > STATE_SAID: one of so many different texts is new */

void reply_start(struct reply *r, struct arena *a, struct str language, const struct bot_state *state,
                 struct turn *turn)
{
    *r = (struct reply){.arena = a, .language = language, .state = state, .turn = turn};
}

/* ---- wordings ---------------------------------------------------------------------------------------------- */

static bool is_spaceless(struct str language)
{
    return str_starts(language, STR("zh"));
}

/** All sentences as one text, in their @p pick-th wording, behind lead-in @p lead when that is not 0. */
static struct str render(const struct reply *r, uint64_t pick, unsigned lead)
{
    struct buf b = {.arena = r->arena};
    buf_reserve(&b, 512);
    if (lead > 0)
        buf_str(&b, texts_wording(r->language, "bot.again", lead - 1));
    for (size_t i = 0; i < r->text.n; i++) {
        const struct sentence *s = &r->text.v[i];
        if (s->new_line)
            buf_char(&b, '\n');
        else if (b.n > 0 && !is_spaceless(r->language))
            buf_char(&b, ' ');
        if (s->key != NULL)
            texts_add(&b, texts_wording(r->language, s->key, pick), s->values, s->value_count);
        else
            buf_str(&b, s->text);
    }
    return buf_view(&b);
}

int64_t reply_hash(struct str text)
{
    return (int64_t)(str_hash(text) & 0x7fffffff);
}

static bool is_new(const struct reply *r, int64_t hash)
{
    for (size_t i = 0; i < r->said_count; i++)
        if (r->said[i] == hash)
            return false;
    return !state_said(r->state, hash);
}

static void remember(struct reply *r, int64_t hash)
{
    if (r->said_count < STATE_SAID)
        r->said[r->said_count++] = hash;
}

/** A text with what it is remembered as. */
struct worded {
    struct str text;
    int64_t hash;
};

static struct worded worded(const struct reply *r, uint64_t pick, unsigned lead)
{
    struct str text = render(r, pick, lead);
    return (struct worded){text, reply_hash(text)};
}

/** The sentences in words that the last reply did not have. */
static struct worded fresh(const struct reply *r)
{
    uint64_t turn = (uint64_t)r->state->turns;
    struct worded w = worded(r, turn, 0);
    for (unsigned i = 1; i < TRIES && !is_new(r, w.hash); i++)
        w = worded(r, turn + i, 0);
    for (unsigned i = 1; i < TRIES && !is_new(r, w.hash); i++)
        w = worded(r, turn + i, i);
    return w;
}

/* ---- sentences ------------------------------------------------------------------------------------------------ */

static struct sentence *add(struct reply *r)
{
    struct sentence *s = array_push(r->arena, &r->text);
    *s = (struct sentence){.key = NULL}; /* its place may have held one of the message before */
    return s;
}

void reply_say(struct reply *r, const char *key, const struct text_value *values, size_t n)
{
    struct sentence *s = add(r);
    s->key = key;
    s->value_count = n;
    if (n > 0)
        s->values = arena_copy(r->arena, values, n * sizeof(*values));
}

void reply_say_text(struct reply *r, struct str text)
{
    add(r)->text = text;
}

void reply_line(struct reply *r, struct str line)
{
    struct sentence *s = add(r);
    s->text = line;
    s->new_line = r->text.n > 1;
}

/* ---- messages --------------------------------------------------------------------------------------------------- */

static void write_sources(const struct reply *r, struct json_out *o)
{
    jo_array(o);
    for (size_t i = 0; i < r->sources.n; i++) {
        jo_open(o);
        jo_kc(o, "kind", r->sources.v[i].kind);
        jo_kt(o, "id", r->sources.v[i].id);
        jo_close(o);
    }
    jo_array_end(o);
}

static void write_choice(struct json_out *o, const struct choice *c)
{
    jo_open(o);
    jo_kt(o, "label", c->label);
    if (c->order_id.n > 0)
        jo_kt(o, "order_id", c->order_id);
    if (c->product_id.n > 0)
        jo_kt(o, "product_id", c->product_id);
    if (c->intent.n > 0)
        jo_kt(o, "intent", c->intent);
    if (c->human)
        jo_kc(o, "action", "human");
    if (c->style != NULL)
        jo_kc(o, "style", c->style);
    jo_close(o);
}

/** What an object holds between its braces: the form of message.data. */
static struct str inside(struct buf *b)
{
    struct str object = buf_view(b);
    return str_sub(object, 1, object.n - 2);
}

static struct str data_of_text(struct reply *r, bool with_choices)
{
    struct buf b = {.arena = r->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    if (with_choices) {
        jo_key(&o, "choices");
        jo_array(&o);
        for (size_t i = 0; i < r->choices.n; i++)
            write_choice(&o, &r->choices.v[i]);
        jo_array_end(&o);
    }
    jo_kb(&o, "ai", true);
    if (r->sources.n > 0) {
        jo_key(&o, "sources");
        write_sources(r, &o);
    }
    jo_close(&o);
    return inside(&b);
}

static void send(struct reply *r, enum message_kind kind, struct worded w, struct str data)
{
    *array_push(r->arena, &r->turn->say) =
        (struct message){.author = AUTHOR_BOT, .kind = kind, .text = w.text, .data = data};
    remember(r, w.hash);
}

void reply_end_text(struct reply *r)
{
    if (r->text.n == 0)
        return;
    send(r, MESSAGE_TEXT, fresh(r), data_of_text(r, false));
    r->text.n = 0;
}

/** @p data with the mark that a machine wrote it. */
static struct str marked(const struct reply *r, struct str data)
{
    struct buf b = {.arena = r->arena};
    buf_reserve(&b, data.n + 16);
    buf_str(&b, data);
    buf_c(&b, ",\"ai\":true");
    return buf_view(&b);
}

void reply_card(struct reply *r, enum message_kind kind, struct str text, struct str data)
{
    reply_end_text(r);
    struct worded w = {text, reply_hash(text)};
    if (kind == MESSAGE_ORDER_CARD && !is_new(r, w.hash))
        remember(r, w.hash); /* still on the screen: the reply after this one need not show it either */
    else
        send(r, kind, w, marked(r, data));
}

void reply_choice(struct reply *r, struct choice c)
{
    *array_push(r->arena, &r->choices) = c;
}

void reply_ask(struct reply *r, const char *key)
{
    r->choices_key = key;
    r->choices_text = STR_NONE;
}

void reply_ask_text(struct reply *r, struct str text)
{
    r->choices_text = text;
}

void reply_source(struct reply *r, const char *kind, struct str id)
{
    for (size_t i = 0; i < r->sources.n; i++)
        if (strcmp(r->sources.v[i].kind, kind) == 0 && str_eq(r->sources.v[i].id, id))
            return;
    *array_push(r->arena, &r->sources) = (struct source){kind, id};
}

void reply_finish(struct reply *r)
{
    reply_end_text(r);
    if (r->choices.n > 0) {
        if (r->choices_text.n > 0)
            reply_say_text(r, r->choices_text);
        else
            reply_say(r, r->choices_key, NULL, 0);
        send(r, MESSAGE_CHOICES, fresh(r), data_of_text(r, true));
        r->text.n = 0;
    }
    struct buf b = {.arena = r->arena};
    struct json_out o = json_to(&b);
    write_sources(r, &o);
    r->turn->sources = buf_view(&b);
}
