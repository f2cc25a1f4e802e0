/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Home: all rooms, built and wired on one data folder. The only place where everything meets; it decides nothing.
 */

#include "app/cli.h"
#include "chat/inbox.h"

struct home {
    struct store *store;
    struct work *turns;   /**< buyers' messages, by contact */
    struct work *workers; /**< everything else that may block: requests, reads for screens, routing */
    struct work *slow;    /**< passwords */
    struct live *live;
    struct inbox *inbox;
    struct uploads *uploads;
    struct bot *bot;
    struct parts *parts;  /**< what is only wired, app/home_parts.h */
    struct server *server; /**< while serving */
};

/**
 * Opens the data folder (made when missing) and builds the rooms.
 * @param serving  false for a command on the terminal: no routing, few threads
 * @return NULL with a sentence
 */
must_use struct home *home_open(const char *dir, bool serving, char ret_error[256]);
void home_close(struct home *h);

struct config;

struct serve_options {
    const char *listen;      /**< "127.0.0.1:7700" */
    bool measure;            /**< no rate limit: for `xiaoer bench` */
    bool json;               /**< say what was opened as JSON */
    const struct config *config; /**< servers of mail and SMS */
    bool demo;               /**< demo routes, and the demo's addresses and sign-ins are printed */
};
/** Serves until SIGTERM or SIGINT. */
enum exit_code home_serve(struct home *h, const struct cli *c, const struct serve_options *o);
