/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Talk: a turn while it is being made, for turn.c (what is meant, read and decided), talk_say.c (what is said) and
 * talk_keep.c (what is stored beside). Lives on the turn's stack and arena; one thread.
 */

#include "bot/bot_private.h"
#include "bot/flow_task.h"
#include "bot/listen.h"
#include "bot/reply.h"

#define STEPS_MOST (LISTEN_REQUESTS + 2) /* the requests of a message, a question that was left open, and the next job */

/** What was read and decided for one request. */
struct step {
    struct understanding heard;
    struct meaning meaning;
    struct gather_question question;
    struct gathered g;
    struct decision d;
    struct flow_job *job; /* NULL: none */
};

/** A turn. What belongs to a request is that of the one being answered; of several, each is kept as a step. */
struct talk {
    const struct bot *bot;
    struct arena *a;
    const struct incoming *in;
    const struct conversation *c;
    struct turn *turn;
    struct shop shop;
    struct ear ear;
    struct bot_state before, after;
    const struct flow_book *flows; /* of the shop, or with a draft */
    const struct flow_book *held_flows;
    const struct request *request; /* the present one */
    struct flow_job *job;          /* of the present request; NULL: none */
    const struct bot_state *state; /* that the present request is decided from: `before`, then as it became */
    struct listened listened;
    struct understanding heard;
    bool has_words;
    struct str language; /* of the reply */
    struct str foreign;  /* of the message, when no pack speaks it; else empty */
    struct meaning meaning;
    struct mood mood;
    struct gather_question question;
    struct gathered g;
    struct decision d;
    struct step *steps[STEPS_MOST];
    size_t step_count; /* 0: there is one only, and it is the present one */
    struct reply reply;
    enum way way;
    bool handed;
    bool books; /* a person is promised besides: who is angry while nobody is there is answered as well */
};

/** Says what was decided for the present request, as messages of its own. */
void talk_say(struct talk *t);
/** The button for a person, when the decision offers one: behind all that is said. */
void talk_offer(struct talk *t);
/** True when somebody would take it over now or soon, and not only at the next opening. */
bool talk_is_manned(struct talk *t);
/** Asks who is on duty, says how the buyer is reached, and writes it into the turn. */
void talk_hand_over(struct talk *t);

/** What the present request is to the job that is open, or begins: may set its meaning. */
void talk_hear_task(struct talk *t, const struct request *r);
/** Walks the job on, when that was decided, and takes what came of it into the decision. 0, or STORE_FAULT. */
must_use int talk_do_task(struct talk *t);
/** Takes the job into the state of after the turn. */
void talk_remember_task(struct talk *t);

/** Leaves in turn.also what has to be stored with the turn: a text to learn from, a call back. */
void talk_keep(struct talk *t);
