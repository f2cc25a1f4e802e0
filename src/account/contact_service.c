/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening a contact: found or made, in the caller's unit of work.
 */
#include "account/contact.h"

#include "base/id.h"
#include "base/texts.h"

/* "访客 4821": nothing about the guest, but a name by which two of them are told apart. */
static struct str guest_name(struct arena *a, const struct shop *shop, int64_t id)
{
    struct text_value values[] = {{"n", str_fmt(a, "%04lld", (long long)(id / 2 % 10000))}};
    return texts_fill(a, texts_get(shop->language, "guest.name"), values, COUNT(values));
}

static enum account_answer find(struct tx *tx, struct arena *a, const struct shop *shop,
                                const struct contact_who *who, struct contact *ret)
{
    if (who->buyer.n > 0)
        return contact_by_buyer(tx, a, shop->tenant_id, who->buyer, ret);
    if (who->contact_id == 0)
        return ACCOUNT_NOT_FOUND;
    enum account_answer answer = contact_get(tx, a, shop->tenant_id, who->contact_id, ret);
    return answer == ACCOUNT_OK && ret->buyer.n > 0 ? ACCOUNT_NOT_FOUND : answer;
}

/* Stored only when it is news: a session begins far more often than an address changes. */
static enum account_answer keep_reach(struct tx *tx, struct arena *a, const struct contact *c,
                                      const struct contact_reach *said)
{
    struct contact_reach known;
    if (said == NULL || c->buyer.n == 0)
        return ACCOUNT_OK;
    enum account_answer answer = reach_get(tx, a, c->tenant_id, c->id, &known);
    if (answer != ACCOUNT_OK)
        return answer;
    bool same = str_eq(known.email, said->email) && known.mail_ok == said->mail_ok && known.sms_ok == said->sms_ok;
    return same ? ACCOUNT_OK : reach_set(tx, a, c->tenant_id, c->id, said);
}

static enum account_answer open_named(struct tx *tx, struct arena *a, const struct shop *shop,
                                      const struct contact_who *who, int64_t now_ms, struct contact *ret)
{
    struct contact c = {0};
    enum account_answer answer = find(tx, a, shop, who, &c);
    if (answer == ACCOUNT_FAULT)
        return ACCOUNT_FAULT;
    struct str language = who->language.n > 0 ? who->language : answer == ACCOUNT_OK ? c.language : shop->language;
    if (answer == ACCOUNT_OK) {
        struct str name = who->buyer.n > 0 && who->name.n > 0 ? who->name : c.name;
        bool same = str_eq(name, c.name) && str_eq(language, c.language);
        c.name = name;
        c.language = language;
        *ret = c;
        return same ? ACCOUNT_OK : contact_rename(tx, c.tenant_id, c.id, name, language);
    }
    int64_t id = id_new(now_ms);
    c = (struct contact){.tenant_id = shop->tenant_id, .id = id, .buyer = who->buyer, .first_ms = now_ms};
    c.name = who->name.n > 0 ? who->name : who->buyer.n > 0 ? who->buyer : guest_name(a, shop, id);
    c.language = language;
    *ret = c;
    return contact_insert(tx, &c);
}

enum account_answer contact_open(struct tx *tx, struct arena *a, const struct shop *shop,
                                 const struct contact_who *who, int64_t now_ms, struct contact *ret)
{
    enum account_answer answer = open_named(tx, a, shop, who, now_ms, ret);
    return answer == ACCOUNT_OK ? keep_reach(tx, a, ret, who->reach) : answer;
}
