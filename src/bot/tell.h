/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Tell: puts what was read into sentences, cards and buttons: orders in tell_order.c, products in tell_product.c. Says
 * nothing that is not in the data it is given, and names each as a source.
 */

#include "bot/gather.h"
#include "bot/moment.h"
#include "bot/reply.h"

/** Everything that a sentence can draw on. */
struct tell {
    struct reply *reply;
    const struct gathered *g;
    const struct shop *shop;
    const struct meaning *meaning;
    struct moment_view view;
    struct bot_state *after;   /**< state of after the turn: options that are shown, what is talked about */
    struct str sent;           /**< order or product whose card the buyer just sent: not shown again; or empty */
};

/** The facts of the picked order, by intent, with its card. */
void tell_order(const struct tell *t);
/** The first sentence of tell_order() alone, for agents. */
void tell_order_line(const struct tell *t);
/** How it stands, with its card, and nothing that an intent adds. */
void tell_standing(const struct tell *t);
/** Where each parcel of the picked order is, and nothing more. */
void tell_parcels(const struct tell *t);
/** Which one? Up to five buttons. */
void tell_order_list(const struct tell *t);
/** The orders there are, to one who misses one. */
void tell_missing(const struct tell *t);

/** The product's data, by intent. */
void tell_product(const struct tell *t);
/** The card and a word to it. */
void tell_product_shown(const struct tell *t);
void tell_product_list(const struct tell *t);
/** Asks for the measures that a size needs. */
void tell_size_question(const struct tell *t);
/** The data does not say. */
void tell_not_in_data(const struct tell *t);
