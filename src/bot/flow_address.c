/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sealed part of a job: what of it is personal lies in the conversation only sealed; and the parts of an address that a
 * message holds. How a street is amended: flow_amend.c.
 *
 * Invariants   What cannot be opened is as if it had never been told.
 */
#include "bot/flow_slots.h"

#include "base/json_doc.h"
#include "base/seal.h"

#define SECRET_CONTEXT "bot.task"

/* ---- the sealed part ---------------------------------------------------------------------------------------------- */

void flow_secret_open(struct arena *a, int64_t tenant_id, struct str sealed, struct flow_secret *ret)
{
    struct str bytes, plain;
    *ret = (struct flow_secret){.filled_in = false};
    if (sealed.n == 0 || !seal_unbase64(a, sealed, &bytes) || !seal_open(a, tenant_id, SECRET_CONTEXT, bytes, &plain))
        return;
    const struct json_node *doc = json_doc_read(a, plain);
    *ret = (struct flow_secret){
        .name = json_doc_str(doc, "name"),
        .phone = json_doc_str(doc, "phone"),
        .region = json_doc_str(doc, "region"),
        .detail = json_doc_str(doc, "detail"),
        .text = json_doc_str(doc, "text"),
        .title = json_doc_str(doc, "title"),
        .tax_id = json_doc_str(doc, "tax_id"),
        .filled_in = json_doc_flag(doc, "form", false),
    };
}

struct str flow_secret_seal(struct arena *a, int64_t tenant_id, const struct flow_secret *s)
{
    const struct {
        const char *key;
        struct str value;
    } parts[] = {{"name", s->name}, {"phone", s->phone}, {"region", s->region}, {"detail", s->detail},
                 {"text", s->text}, {"title", s->title}, {"tax_id", s->tax_id}};
    struct buf b = {.arena = a};
    struct json_out o = json_to(&b);
    size_t n = 0;
    jo_open(&o);
    for (size_t i = 0; i < COUNT(parts); i++) {
        if (parts[i].value.n == 0)
            continue;
        jo_kt(&o, parts[i].key, parts[i].value);
        n++;
    }
    if (s->filled_in)
        jo_kb(&o, "form", true);
    jo_close(&o);
    return n > 0 ? seal_base64(a, seal(a, tenant_id, SECRET_CONTEXT, buf_view(&b))) : STR_NONE;
}

/* ---- addresses ---------------------------------------------------------------------------------------------------- */

size_t flow_address(const struct entity *entities, size_t n, struct flow_secret *ret)
{
    const struct {
        enum entity_kind kind;
        struct str *part;
    } parts[] = {{ENTITY_PERSON, &ret->name}, {ENTITY_PHONE, &ret->phone}, {ENTITY_REGION, &ret->region},
                 {ENTITY_ADDRESS, &ret->detail}};
    size_t count = 0;
    for (size_t k = 0; k < COUNT(parts); k++) {
        for (size_t i = 0; i < n; i++) {
            bool unsure = entities[i].kind == ENTITY_REGION && str_has(entities[i].value, STR("|"));
            if (entities[i].kind != parts[k].kind || unsure)
                continue;
            *parts[k].part = entities[i].value.n > 0 ? entities[i].value : entities[i].text;
            count++;
            break;
        }
    }
    return count;
}

/* ---- as it is read back ---- */

enum { PLACES_MOST = 6 };

/** True for a postcode: 83702, NW1 6XE. */
static bool is_code(struct str place)
{
    for (size_t i = 0; i < place.n; i++)
        if (place.p[i] >= '0' && place.p[i] <= '9')
            return true;
    return false;
}

struct str flow_place(struct arena *a, struct str region, struct str detail)
{
    struct str parts[PLACES_MOST], rest = region;
    size_t n = 0;
    struct buf b = {.arena = a};
    while (n < PLACES_MOST && rest.n > 0 && str_cut(&rest, '/', &parts[n]))
        n += n == 0 || !str_eq(parts[n], parts[n - 1]);
    bool latin = region.n > 0 && (unsigned char)region.p[0] < 0x80;
    for (size_t i = 0; !latin && i < n; i++)
        buf_str(&b, parts[i]);
    buf_str(&b, detail);
    for (size_t i = n; latin && i > 0; i--)
        if (!is_code(parts[i - 1]))
            buf_printf(&b, ", %.*s", STR_ARG(parts[i - 1]));
    for (size_t i = 0; latin && i < n; i++)
        if (is_code(parts[i]))
            buf_printf(&b, " %.*s", STR_ARG(parts[i]));
    return buf_view(&b);
}
