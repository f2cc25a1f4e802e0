/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Notices: what is told, where, when and in which words.
 */
#include "trade/notice.h"

#include "base/json.h"
#include "base/texts.h"
#include "base/time.h"

static const char *const channel_names[NOTICE_CHANNELS] = {
    [NOTICE_CHAT] = "chat", [NOTICE_MAIL] = "mail", [NOTICE_SMS] = "sms"};

const char *notice_channel_name(enum notice_channel c)
{
    return channel_names[c];
}

/* ---- what --------------------------------------------------------------------------------------------------------------- */

bool notice_is_news(enum case_event event, enum case_state to, unsigned tell)
{
    return (tell & CASE_BY(CASE_BUYER)) != 0 || event == CASE_OPENED || case_state_final(to);
}

static bool is_buyers(struct str actor)
{
    return str_eq_c(actor, case_actor_name(CASE_BUYER)) || str_eq_c(actor, case_actor_name(CASE_BOT));
}

static struct str name_of(struct arena *a, const struct case_event_stored *e, int64_t refunded_cents)
{
    if (!str_eq_c(e->pause, case_pause_name(CASE_RUNNING)))
        return str_fmt(a, "case.%.*s", STR_ARG(e->pause));
    if (str_eq_c(e->to, case_state_name(CASE_SUCCESS)) && refunded_cents == 0)
        return STR("case.done");
    return str_fmt(a, "case.%.*s", STR_ARG(e->to));
}

struct notice_news notice_of_case(struct arena *a, const struct case_event_stored *events, size_t n, int64_t seq,
                                  int64_t refunded_cents)
{
    struct notice_news none = {.name = STR_NONE};
    /* What came after it, in the same unit of work or before anybody could be told, tells more: it has a row of its own, or
     * the buyer has done it. */
    if (n == 0 || events[n - 1].seq != seq)
        return none;
    const struct case_event_stored *last = &events[n - 1];
    struct notice_news news = {.name = name_of(a, last, refunded_cents)};
    /* What is stored in one unit of work has one instant. */
    for (size_t i = n; i-- > 0 && events[i].at_ms == last->at_ms;)
        news.answered = news.answered || is_buyers(events[i].actor);
    return news;
}

/* ---- where -------------------------------------------------------------------------------------------------------------- */

static unsigned channels_of(const struct json_node *list)
{
    unsigned in = 0;
    if (list == NULL || list->kind != JSON_KIND_ARRAY)
        return 0;
    JSON_DOC_EACH(one, list)
        for (size_t c = 0; c < NOTICE_CHANNELS; c++)
            if (str_eq_c(json_doc_text(one), channel_names[c]))
                in |= NOTICE_IN(c);
    return in;
}

unsigned notice_channels(const struct json_node *policy, struct str name)
{
    const struct json_node *best = NULL;
    if (policy == NULL || policy->kind != JSON_KIND_OBJECT)
        return 0;
    JSON_DOC_EACH(one, policy) {
        struct str k = one->key;
        if (str_eq(k, name))
            return channels_of(one);
        struct str begin = str_sub(k, 0, k.n > 0 ? k.n - 1 : 0);
        if (str_ends(k, STR("*")) && str_starts(name, begin) && (best == NULL || k.n > best->key.n))
            best = one;
    }
    return channels_of(best);
}

/* ---- when --------------------------------------------------------------------------------------------------------------- */

/** "21:30" as minutes of the day; false for anything else. */
static bool minutes_of(struct str text, int *ret)
{
    int64_t hour, minute;
    struct str rest = text, head;
    if (!str_cut(&rest, ':', &head) || !str_int(head, &hour) || !str_int(rest, &minute) || hour < 0 || hour > 23 ||
        minute < 0 || minute > 59)
        return false;
    *ret = (int)(hour * 60 + minute);
    return true;
}

int64_t notice_after_quiet(struct str policy, int64_t at_ms, struct str zone)
{
    _cleanup_(json_donep) json_t *hours = json_read(policy, NULL);
    int from, to;
    if (!minutes_of(json_str(hours, "from"), &from) || !minutes_of(json_str(hours, "to"), &to) || from == to)
        return at_ms;
    struct local_time t = time_local(at_ms, zone);
    int now = t.hour * 60 + t.minute;
    bool over_midnight = from > to;
    bool quiet = over_midnight ? now >= from || now < to : now >= from && now < to;
    if (!quiet)
        return at_ms;
    if (over_midnight && now >= from) { /* until tomorrow's morning: from noon, so that a change of clocks moves no date */
        t.hour = 12;
        t = time_local(time_from_local(&t, zone) + DAY_MS, zone);
    }
    t.hour = to / 60;
    t.minute = to % 60;
    t.second = 0;
    return time_from_local(&t, zone);
}

/* ---- in which words ----------------------------------------------------------------------------------------------------- */

struct notice_words notice_say(struct arena *a, struct str language, struct str name, const struct notice_facts *f)
{
    struct text_value values[] = {
        {"shop", f->shop},     {"type", f->type},     {"order", f->order}, {"case", f->number},
        {"ticket", f->ticket}, {"amount", f->amount}, {"due", f->due},     {"text", STR_NONE},
        {"head", STR_NONE},    {"facts", STR_NONE},
    };
    enum { TEXT = 7, HEAD = 8, FACTS = 9 };
    const char *key = str_c(a, str_fmt(a, "notice.%.*s", STR_ARG(name)));
    const char *head = str_c(a, str_fmt(a, "notice.%.*s.head", STR_ARG(name)));
    struct buf facts = {.arena = a};
    values[TEXT].value = texts_fill(a, texts_get(language, key), values, COUNT(values));
    values[HEAD].value = texts_fill(a, texts_get(language, head), values, COUNT(values));
    buf_str(&facts, texts_fill(a, texts_get(language, "notice.mail.order"), values, COUNT(values)));
    if (f->number.n > 0)
        buf_str(&facts, texts_fill(a, texts_get(language, "notice.mail.case"), values, COUNT(values)));
    if (f->ticket.n > 0)
        buf_str(&facts, texts_fill(a, texts_get(language, "notice.mail.ticket"), values, COUNT(values)));
    if (f->due.n > 0)
        buf_str(&facts, texts_fill(a, texts_get(language, "notice.mail.due"), values, COUNT(values)));
    values[FACTS].value = buf_view(&facts);
    return (struct notice_words){
        .chat = values[TEXT].value,
        .subject = texts_fill(a, texts_get(language, "notice.mail.subject"), values, COUNT(values)),
        .mail = texts_fill(a, texts_get(language, "notice.mail.body"), values, COUNT(values)),
        .sms = texts_fill(a, texts_get(language, "notice.sms"), values, COUNT(values)),
    };
}
