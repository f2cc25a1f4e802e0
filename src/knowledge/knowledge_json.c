/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries as the API says them.
 */
#include "knowledge/knowledge_json.h"

static void write_texts(struct json_out *o, const char *key, const struct texts *list)
{
    jo_key(o, key);
    jo_array(o);
    for (size_t i = 0; i < list->n; i++)
        jo_text(o, list->v[i]);
    jo_array_end(o);
}

static void write_conditions(struct json_out *o, const struct conditions *c)
{
    const struct {
        const char *name;
        const struct texts *list;
    } members[] = {
        {"order_status", &c->order_status}, {"product", &c->product}, {"category", &c->category},
        {"language", &c->language},         {"channel", &c->channel}, {"tag", &c->tag},
    };
    jo_key(o, "conditions");
    jo_open(o);
    for (size_t i = 0; i < COUNT(members); i++)
        if (members[i].list->n > 0)
            write_texts(o, members[i].name, members[i].list);
    jo_close(o);
}

static const char *state_of(const struct entry *e, int64_t now_ms)
{
    if (e->archived_ms != 0)
        return "archived";
    if (entry_is_valid(e, now_ms))
        return "in_force";
    return now_ms < e->valid_from_ms ? "to_come" : "over";
}

void knowledge_entry_members(struct json_out *o, const struct entry *e, int64_t now_ms)
{
    jo_kt(o, "id", e->id);
    jo_kc(o, "layer", layer_name(e->layer));
    jo_kt(o, "question", e->question);
    write_texts(o, "similar", &e->similar);
    jo_kt(o, "answer", e->answer);
    write_conditions(o, &e->conditions);
    jo_kat(o, "valid_from", e->valid_from_ms);
    jo_kat(o, "valid_to", e->valid_to_ms);
    jo_kb(o, "override", e->overrides);
    jo_kc(o, "state", state_of(e, now_ms));
    jo_kn(o, "version", e->version);
    jo_kat(o, "changed_at", e->changed_ms);
}

void knowledge_used(struct json_out *o, const struct answer_count *count)
{
    jo_key(o, "used");
    jo_open(o);
    jo_kn(o, "hits", count->hits);
    jo_kn(o, "helpful", count->helpful);
    jo_kn(o, "unhelpful", count->unhelpful);
    jo_close(o);
}

void knowledge_version_object(struct json_out *o, const struct entry_version *v, int64_t now_ms)
{
    jo_open(o);
    knowledge_entry_members(o, &v->entry, now_ms);
    jo_key(o, "by");
    if (v->person_id == 0) {
        jo_null(o);
    } else {
        jo_open(o);
        jo_kid(o, "id", v->person_id);
        jo_kt(o, "name", v->person);
        jo_close(o);
    }
    jo_close(o);
}
