/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routes of uploads: a buyer sends a file, and whoever may see the message that shows it may have it back.
 *
 * What comes back is shown, not run: its type is ours, browsers are told not to guess, and opened as a page it may do nothing.
 */
#include "chat/upload_api.h"

#include "account/actor.h"
#include "base/id.h"
#include "base/limit.h"
#include "chat/conversation_store.h"
#include "chat/upload_store.h"

static struct reply refusal(enum upload_answer answer)
{
    switch (answer) {
    case UPLOAD_UNKNOWN_TYPE:
        return reply_problem(415, "bad_type", "This is no photo (JPEG, PNG, GIF, WebP) and no PDF.");
    case UPLOAD_BROKEN: return reply_problem(422, "broken_file", "The file is damaged or incomplete.");
    case UPLOAD_TOO_LARGE: return reply_problem(413, "too_large", "The file, or the picture in it, is too large.");
    case UPLOAD_TOO_MANY:
        return (struct reply){.status = 429, .problem = "rate_limited", .retry_after_s = 600,
                              .detail = "Too many files within the hour; try again later."};
    case UPLOAD_NOT_FOUND: return reply_problem(404, "not_found", "There is no such file of yours.");
    case UPLOAD_OK:
    case UPLOAD_FAULT: break;
    }
    return reply_fault();
}

static struct reply post_upload(struct request *rq)
{
    struct upload u;
    enum upload_answer answer =
        upload_put(rq->room, rq->arena, rq->actor->tenant_id, rq->actor->id, rq->raw, rq->now_ms, &u);
    if (answer != UPLOAD_OK)
        return refusal(answer);
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kid(&o, "id", u.id);
    jo_kc(&o, "kind", upload_is_image(u.type) ? "image" : "file");
    jo_kc(&o, "type", upload_type_name(u.type));
    jo_kn(&o, "bytes", u.bytes);
    jo_kn(&o, "width", u.width);
    jo_kn(&o, "height", u.height);
    jo_close(&o);
    return (struct reply){.status = 201, .body = buf_view(&b)};
}

struct look {
    const struct request *rq;
    int64_t id;
    struct upload upload;
};

/* A buyer sees its own; people of the shop see what a message shows, and the crowd only while they have the conversation. */
static bool may_see(struct tx *tx, const struct look *l)
{
    const struct actor *who = l->rq->actor;
    if ((who->roles & (uint32_t)ROLE_BUYER) != 0)
        return l->upload.contact_id == who->id;
    if (l->upload.conversation_id == 0)
        return false;
    struct conversation c;
    return (who->roles & ROLES_PEOPLE & ~(uint32_t)ROLE_CROWD) != 0 ||
           (conversation_get(tx, l->rq->arena, who->tenant_id, l->upload.conversation_id, &c) == CHAT_OK &&
            c.agent_id == who->id);
}

static int look_up(struct tx *tx, void *arg)
{
    struct look *l = arg;
    int rc = upload_get(tx, l->rq->actor->tenant_id, l->id, &l->upload);
    if (rc < 0)
        return UPLOAD_FAULT;
    return rc > 0 && may_see(tx, l) ? UPLOAD_OK : UPLOAD_NOT_FOUND;
}

static struct reply get_upload(struct request *rq)
{
    struct look l = {.rq = rq};
    if (!id_parse(rq->segment[0], &l.id))
        return refusal(UPLOAD_NOT_FOUND);
    struct str bytes = STR_NONE;
    enum upload_answer answer = (enum upload_answer)store_read(rq->store, look_up, &l);
    if (answer == UPLOAD_OK)
        answer = upload_bytes(rq->room, rq->arena, &l.upload, &bytes);
    if (answer != UPLOAD_OK)
        return refusal(answer);
    return (struct reply){.status = 200, .body = bytes, .type = upload_type_name(l.upload.type),
                          .cache = "private, max-age=31536000, immutable",
                          .csp = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"};
}

const struct route upload_routes[] = {
    {METHOD_POST, "/api/v1/widget/uploads", post_upload, .needs = ROLE_BUYER, .max_body = LIMIT_UPLOAD_BYTES, .raw = true,
     .tag = "Widget", .help = "Sends a photo or a PDF, the file itself as body; a message then shows it by its id."},
    {METHOD_GET, "/api/v1/uploads/:id", get_upload, .needs = (uint32_t)ROLE_BUYER | ROLES_PEOPLE, .tag = "Conversations",
     .help = "The bytes of a photo or document, for its buyer and for people of the shop."},
};
const size_t upload_route_count = COUNT(upload_routes);
