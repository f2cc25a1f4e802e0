/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The web channel: live frames of the widget and the console (web/packages/protocol/src/wire.ts) turned into calls of
 * chat/, and their answers into frames. Everything a client wrote is checked here.
 */

#include "chat/inbox.h"

struct web_channel;

struct web_channel_config {
    struct store *store;
    struct inbox *inbox;
    struct live *live;
    struct work *work;          /**< for what blocks: signing in, what people say */
    bool unpaced;               /**< frames are not counted: while a load is measured */
    void *arg;
    /** A person's card as the inside of a JSON object; false when there is no such order of this buyer, or product. */
    bool (*card)(void *arg, struct arena *a, int64_t tenant_id, int64_t conversation_id, struct str order_id,
                 struct str product_id, struct str *ret_data);
};

must_use struct web_channel *web_channel_new(const struct web_channel_config *config);
void web_channel_free(struct web_channel *w);
void web_channel_attach(struct web_channel *w, struct server *s);
/** For server_config.live. */
struct socket_events web_channel_events(struct web_channel *w);
