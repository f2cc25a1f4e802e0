/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routes by which a buyer says how it was.
 */
#include "insight/rating_api.h"

#include "account/actor.h"
#include "base/id.h"
#include "insight/rating_service.h"

static const shape rating_body = {
    {.name = "stars", .type = FIELD_INT, .required = true, .min = 1, .max = 5, .help = "5 is best."},
    {.name = "solved", .type = FIELD_BOOL, .help = "Was the matter solved?"},
    {.name = "tags", .type = FIELD_ARRAY, .max = RATING_TAGS_MOST,
     .help = "fast friendly skilled helpful slow unfriendly beside unsolved hard_to_reach"},
    {.name = "text", .type = FIELD_TEXT, .max = RATING_TEXT_MOST, .help = "In the buyer's own words."},
    {0},
};
static const shape feedback_body = {
    {.name = "seq", .type = FIELD_INT, .required = true, .min = 1, .max = INT64_MAX, .help = "The bot's message."},
    {.name = "helpful", .type = FIELD_BOOL, .required = true, .help = "Thumb up or down."},
    {.name = "reason", .type = FIELD_TEXT, .max = 200, .help = "beside, wrong, unclear, or own words."},
    {0},
};

static struct reply reply_for(enum rating_answer answer)
{
    switch (answer) {
    case RATING_OK: return (struct reply){.status = 201, .body = STR("{}")};
    case RATING_NOT_FOUND: return reply_problem(404, "not_found", "There is no such conversation or message.");
    case RATING_BAD: return reply_problem(422, "bad_body", "Only what the bot said can be thumbed; tags are codes.");
    case RATING_LATE: return reply_problem(409, "too_late", "A rating can be given and changed for 24 hours.");
    case RATING_FAULT: break;
    }
    return reply_fault();
}

static bool find_of(const struct request *rq, struct rating_of *ret)
{
    *ret = (struct rating_of){.tenant_id = rq->actor->tenant_id, .contact_id = rq->actor->id, .now_ms = rq->now_ms};
    return id_parse(rq->segment[0], &ret->conversation_id);
}

static struct reply post_rating(struct request *rq)
{
    const struct rating_room *room = rq->room;
    struct rating_of of;
    const json_t *tags = json_object_get(rq->body, "tags");
    const json_t *solved = json_object_get(rq->body, "solved");
    if (!find_of(rq, &of))
        return reply_for(RATING_NOT_FOUND);
    if (!rating_tags_good(tags))
        return reply_for(RATING_BAD);
    struct rating r = {.stars = json_int(rq->body, "stars", 0),
                       .solved = json_is_boolean(solved) ? json_is_true(solved) : -1,
                       .tags = json_is_array(tags) ? json_dump(rq->arena, tags) : STR("[]"),
                       .text = str_trim(json_str(rq->body, "text"))};
    return reply_for(rating_give(rq->store, room->live, &of, &r));
}

static struct reply post_feedback(struct request *rq)
{
    struct rating_of of;
    if (!find_of(rq, &of))
        return reply_for(RATING_NOT_FOUND);
    return reply_for(feedback_give(rq->store, &of, json_int(rq->body, "seq", 0), json_flag(rq->body, "helpful", false),
                                   str_trim(json_str(rq->body, "reason"))));
}

const struct route rating_routes[] = {
    {METHOD_POST, "/api/v1/widget/conversations/:id/rating", post_rating, .needs = ROLE_BUYER, .body = rating_body,
     .tag = "Buyer", .help = "Rates the service of one's own conversation; changeable for 24 hours."},
    {METHOD_POST, "/api/v1/widget/conversations/:id/feedback", post_feedback, .needs = ROLE_BUYER,
     .body = feedback_body, .tag = "Buyer", .help = "Says whether one message of the bot helped."},
};
const size_t rating_route_count = COUNT(rating_routes);
