/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Listening.
 *
 * How          The whole text is understood first. Only when its marks say so, a part of it is understood by itself: what
 *              holds of a correction, or the halves of two requests. A plain message is understood once.
 * Invariants   1. A word that must not be missed makes the whole text one request, about that.
 *              2. A part that means nothing by itself leaves the whole as it was understood.
 */
#include "bot/listen.h"

#include "bot/clause.h"
#include "bot/naming.h"

#define NAME_CHARS     24 /* a longer rest of a text is no name of a product */
#define NEARLY_NOTHING 3

static struct str script_of(const struct listen_input *l, struct str text)
{
    return ear_script(text, l->hint);
}

/** The place in the last list that the words name: "the second one", or the very label of a button. */
static int place_named(const struct listen_input *l, const struct request *r)
{
    const struct bot_state *s = l->before;
    int place = words_place(&r->words, r->text, s->option_count);
    for (size_t i = 0; i < s->option_count && place < 0 && s->list == LIST_INTENTS; i++)
        if (str_eq(intent_name(s->language, s->options[i]), r->text))
            place = (int)i;
    return place;
}

/** What is left of a short text beside its marks and values may be a product: then a look into the catalog is worth it. */
static enum named named_in(const struct listen_input *l, const struct request *r, bool corrects)
{
    const struct marks *m = &r->marks;
    enum ask ask = l->before->ask;
    bool nearly = m->rest <= NEARLY_NOTHING && r->heard.entity_count > 0;
    bool expected = m->follows || corrects || nearly || ask == ASK_PRODUCT || ask == ASK_ORDER || ask == ASK_TASK;
    if (!expected || m->words.n == 0 || l->before->intent.n == 0 || str_code_points(m->words) > NAME_CHARS)
        return NAMED_NOTHING;
    return naming_of(l->question, l->arena, m->words);
}

/** Stored answers are asked the last question and what is new in it. */
static struct str wording_of(const struct listen_input *l, const struct request *r)
{
    const struct meaning *m = &r->meaning;
    struct str question = meaning_goes_on(m) ? intent_question(script_of(l, r->text), str_from(m->intent->id)) : STR_NONE;
    if (question.n > 0)
        return str_fmt(l->arena, "%.*s %.*s", STR_ARG(question), STR_ARG(r->text));
    if (r->marks.follows && l->before->region.n > 0 && (m->intent->needs & NEED_KNOWLEDGE) != 0 &&
        clause_same_matter(str_from(m->intent->id), STR("ship_fee")))
        return str_fmt(l->arena, "%.*s %.*s", STR_ARG(l->before->region), STR_ARG(r->text));
    return STR_NONE;
}

/** What must not be missed, whatever else the text asks: a life in danger, and a threat with the law. */
static struct str alarm_of(const struct request *r)
{
    const struct understanding *u = &r->heard;
    struct str word = words_said(&r->words, "safety");
    const struct intent *best = u->sure && u->best_count > 0 ? intent_find(u->best[0].intent) : NULL;
    bool urgent = best != NULL && (best->flow == FLOW_URGENT || best->flow == FLOW_SAFETY || best->flow == FLOW_PERSON);
    if (word.n > 0)
        return word;
    if (u->alarm[ALARM_SELF_HARM].n > 0)
        return STR("self_harm_signal");
    return u->alarm[ALARM_LEGAL].n > 0 && !urgent ? STR("threat_legal") : STR_NONE;
}

static bool is_guess(const struct request *r, const char *intent)
{
    for (size_t i = 0; i < r->heard.best_count; i++)
        if (str_eq_c(r->heard.best[i].intent, intent))
            return true;
    return false;
}

/** Words and values that speak for an intent when the understanding is not sure. */
static struct str hint_of(const struct request *r)
{
    struct str fault = words_said(&r->words, "fault");
    if (fault.n > 0)
        return fault;
    struct str wish = words_said(&r->words, "wish");
    if (wish.n > 0)
        return wish;
    if (words_said(&r->words, "resume").n > 0)
        return STR("stop_reminders");
    bool other = is_guess(r, "exchange_apply") || is_guess(r, "size_unfit");
    if (other && (words_said(&r->words, "larger").n > 0 || words_said(&r->words, "smaller").n > 0))
        return STR("exchange_apply");
    for (size_t i = 0; i < r->heard.entity_count; i++)
        if (r->heard.entities[i].kind == ENTITY_ADDRESS && is_guess(r, "order_modify_address"))
            return STR("order_modify_address");
    return STR_NONE;
}

/** True when the guess may be about a case: then it counts whether the words ask how far it is. */
static bool may_be_case(const struct request *r)
{
    const struct intent *in = r->heard.best_count > 0 ? intent_find(r->heard.best[0].intent) : NULL;
    return !r->heard.sure || (in != NULL && in->flow == FLOW_TASK && in->action != NULL && str_starts(str_from(in->action), STR("case.")));
}

static void find_meaning(const struct listen_input *l, bool corrects, struct request *r)
{
    const struct incoming *in = l->in;
    struct said said = {
        .wants_human = in->wants_human,
        .intent = in->intent,
        .order_id = in->order_id,
        .product_id = in->product_id,
        .is_card = in->kind != MESSAGE_TEXT,
        .text = r->text,
        .place = -1,
        .corrects = corrects,
    };
    if (r->text.n > 0) {
        words_find(l->arena, r->heard.language, r->text, &r->words);
        said.understood = &r->heard;
        said.alarm = alarm_of(r);
        said.place = place_named(l, r);
        said.marks = &r->marks;
        enum named named = named_in(l, r, corrects);
        said.names_product = r->names_product = named == NAMED_PRODUCT;
        said.names_variant = named == NAMED_VARIANT;
        if (!r->heard.sure) {
            said.warning = words_said(&r->words, "risk");
            said.hint = hint_of(r);
        }
        struct str done = l->before->task.done;
        if (str_starts(done, STR("order_modify")) && words_said(&r->words, "undo").n > 0)
            said.undone = done;
        said.keeps = words_said(&r->words, "keep").n > 0;
        said.unwanted = words_said(&r->words, "because.not_wanted").n > 0;
        if (may_be_case(r))
            said.going = words_said(&r->words, "going").n > 0;
    }
    meaning_find(l->before, &said, &r->meaning);
    if (r->text.n > 0)
        r->wording = wording_of(l, r);
}

/** What @p text says by itself; what it means is not looked for yet. */
static bool hear_part(const struct listen_input *l, struct str text, bool corrects, struct request *r)
{
    *r = (struct request){.text = str_trim(text), .corrects = corrects};
    return ear_understand(l->ear, l->arena, r->text, l->hint, &r->heard); /* the whole was understood by the same ear: it is loaded */
}

static void find_part(const struct listen_input *l, bool corrects, struct request *r)
{
    marks_find(l->arena, script_of(l, r->text), r->text, &r->heard, corrects, &r->marks);
    find_meaning(l, corrects, r);
}

/** True when what holds of a correction says what is wanted instead. */
static bool is_corrected(const struct listen_input *l, const struct request *whole, struct request *ret)
{
    const struct bot_state *s = l->before;
    if (!whole->marks.corrects || (s->intent.n == 0 && s->ask == ASK_NOTHING) || whole->meaning.by == BY_ALARM)
        return false;
    if (!hear_part(l, whole->marks.kept, true, ret))
        return false;
    find_part(l, true, ret);
    enum flow flow = ret->meaning.intent->flow;
    return flow != FLOW_UNCLEAR && flow != FLOW_STEER && flow != FLOW_TALK;
}

/** True when what is wanted in both halves is said in words: nothing pressed, nothing that was asked is answered. */
static bool mean_words(const struct listen_input *l, struct request halves[LISTEN_REQUESTS])
{
    find_part(l, false, &halves[0]);
    find_part(l, false, &halves[1]);
    return halves[0].meaning.by == BY_WORDS && halves[1].meaning.by == BY_WORDS;
}

/** True when the text holds two requests. Most halves are none by what is heard alone: no more is looked for in them. */
static bool is_double(const struct listen_input *l, const struct request *whole, struct request ret[LISTEN_REQUESTS])
{
    struct cut cuts[CLAUSE_CUTS];
    if (whole->marks.join_count == 0 || whole->meaning.by != BY_WORDS)
        return false;
    size_t n = clause_cuts(whole->text, &whole->marks, &whole->heard, cuts);
    for (size_t i = 0; i < n; i++) {
        if (hear_part(l, cuts[i].right, false, &ret[1]) && clause_may_count(&whole->heard, &ret[1].heard, cuts[i].kind) &&
            hear_part(l, cuts[i].left, false, &ret[0]) &&
            clause_are_two(&whole->heard, &ret[0].heard, &ret[1].heard, cuts[i].kind) && mean_words(l, ret))
            return true;
    }
    return false;
}

static void listen_to_parts(const struct listen_input *l, struct listened *ret)
{
    struct request parts[LISTEN_REQUESTS];
    if (is_corrected(l, &ret->requests[0], &parts[0])) {
        ret->requests[0] = parts[0];
    } else if (is_double(l, &ret->requests[0], parts)) {
        ret->requests[0] = parts[0];
        ret->requests[1] = parts[1];
        ret->count = 2;
    }
}

void listen_to(const struct listen_input *l, struct listened *ret)
{
    const struct incoming *in = l->in;
    struct request *whole = &ret->requests[0];
    *ret = (struct listened){.count = 1};
    ret->has_words = in->kind == MESSAGE_TEXT && in->text.n > 0 &&
                     ear_understand(l->ear, l->arena, in->text, l->hint, &ret->heard);
    if (ret->has_words) {
        whole->text = in->text;
        whole->heard = ret->heard;
        enum ask ask = l->before->ask;
        bool names = ask == ASK_PRODUCT || ask == ASK_ORDER || ask == ASK_TASK;
        marks_find(l->arena, script_of(l, in->text), in->text, &ret->heard, names, &whole->marks);
    }
    find_meaning(l, false, whole);
    bool pressed = whole->meaning.by == BY_BUTTON || whole->meaning.by == BY_CARD || in->order_id.n > 0 ||
                   in->product_id.n > 0;
    if (!ret->has_words || pressed)
        return;
    if (whole->marks.corrects || whole->marks.join_count > 0)
        listen_to_parts(l, ret);
}
