/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Import of people: one row, one person with skills.
 *
 * Passwords are never imported: who has none gets an invitation, of which only the hash is stored. A row with no roles
 * is how somebody's access ends: the person stays in history and can do nothing.
 */
#include "account/import.h"

#include "account/person.h"
#include "account/shop.h"
#include "base/id.h"
#include "base/time.h"

enum {
    CAP_DEFAULT = 3, /* handbook/domain.md, 6.3 */
    CAP_MOST = 50,
    SKILLS_MOST = 50,
    NAME_MOST = 60,
};

static const struct import_field fields[] = {
    {.name = "id", .type = IMPORT_TEXT, .required = true, .min = 1, .max = 64},
    {.name = "shop", .type = IMPORT_TEXT, .required = true, .min = 1},
    {.name = "name", .type = IMPORT_TEXT, .required = true, .min = 1, .max = NAME_MOST},
    {.name = "alias", .type = IMPORT_TEXT, .max = NAME_MOST},
    {.name = "sign_in", .type = IMPORT_TEXT, .max = 64},
    {.name = "password", .type = IMPORT_TEXT},
    {.name = "roles", .type = IMPORT_TEXTS, .required = true},
    {.name = "skills", .type = IMPORT_ARRAY},
    {.name = "languages", .type = IMPORT_TEXTS, .max = 16},
    {.name = "time_zone", .type = IMPORT_TEXT},
    {.name = "concurrency", .type = IMPORT_INT, .min = 1, .max = CAP_MOST},
    {0},
};

static bool roles_known(const json_t *roles, struct import_problem *problem)
{
    for (size_t i = 0; i < json_array_size(roles); i++) {
        struct str name = json_text(json_array_get(roles, i));
        if ((role_from_name(name) & ROLES_PEOPLE) == 0) {
            import_refuse(problem, "no role \"%.*s\": owner leader agent crowd staff trainer inspector",
                          STR_ARG(name));
            return false;
        }
    }
    return true;
}

static bool sign_in_good(struct str name, struct import_problem *problem)
{
    for (size_t i = 0; i < name.n; i++) {
        if ((unsigned char)name.p[i] <= ' ') {
            import_refuse(problem, "\"sign_in\" must not hold spaces");
            return false;
        }
    }
    return true;
}

static bool read_skills(const json_t *list, struct arena *a, struct person_skill **ret, size_t *ret_n,
                        struct import_problem *problem)
{
    size_t n = json_array_size(list);
    if (n > SKILLS_MOST) {
        import_refuse(problem, "\"skills\" has more than %d entries", SKILLS_MOST);
        return false;
    }
    struct person_skill *skills = arena_array(a, struct person_skill, n);
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(list, i);
        skills[i] = (struct person_skill){.skill = json_str(one, "skill"), .level = json_int(one, "level", 1)};
        if (skills[i].skill.n == 0 || skills[i].skill.n > 64 || skills[i].level < 1 || skills[i].level > 5) {
            import_refuse(problem, "\"skills\" number %zu must be {\"skill\":NAME,\"level\":1..5}", i + 1);
            return false;
        }
        for (size_t k = 0; k < i; k++) {
            if (str_eq(skills[k].skill, skills[i].skill)) {
                import_refuse(problem, "\"skills\" names \"%.*s\" twice", STR_ARG(skills[i].skill));
                return false;
            }
        }
    }
    *ret = skills;
    *ret_n = n;
    return true;
}

/* A list of texts as stored: compact JSON; @p otherwise when the row has none. */
static struct str list_text(struct arena *a, const json_t *row, const char *key, struct str otherwise)
{
    const json_t *list = json_object_get(row, key);
    if (json_is_array(list))
        return json_dump(a, list);
    return otherwise.n > 0 ? str_fmt(a, "[\"%.*s\"]", STR_ARG(otherwise)) : STR("[]");
}

static void fill(struct person *p, struct arena *a, const json_t *row, const struct shop *shop)
{
    struct str zone = json_str(row, "time_zone");
    p->external_id = json_str(row, "id");
    p->name = json_str(row, "name");
    p->alias = json_str(row, "alias");
    p->roles = list_text(a, row, "roles", STR_NONE);
    p->languages = list_text(a, row, "languages", shop->language);
    p->time_zone = zone.n > 0 ? zone : shop->time_zone;
    p->concurrency = json_int(row, "concurrency", CAP_DEFAULT);
    /* A name that was chosen with the invitation stays when the file names none. */
    if (json_str(row, "sign_in").n > 0)
        p->sign_in = json_str(row, "sign_in");
}

static bool same_person(const struct person *a, const struct person *b)
{
    return str_eq(a->name, b->name) && str_eq(a->alias, b->alias) && str_eq(a->roles, b->roles) &&
           str_eq(a->languages, b->languages) && str_eq(a->time_zone, b->time_zone) &&
           a->concurrency == b->concurrency && str_eq(a->sign_in, b->sign_in);
}

static bool same_skills(const struct person_skill *a, size_t a_n, const struct person_skill *b, size_t b_n)
{
    size_t found = 0;
    for (size_t i = 0; i < a_n; i++) {
        for (size_t k = 0; k < b_n; k++)
            found += str_eq(a[i].skill, b[k].skill) && a[i].level == b[k].level;
    }
    return a_n == b_n && found == a_n;
}

/* Gives who can't sign in yet an invitation, unless one is still open. */
static enum account_answer invite(struct tx *tx, struct arena *a, const struct person *p, int64_t now_ms,
                                  struct import_problem *problem)
{
    if (p->password_hash.n > 0 || p->invite_until_ms > now_ms || str_eq(p->roles, STR("[]")))
        return ACCOUNT_OK;
    struct str code = seal_token(a);
    unsigned char hash[SEAL_HASH_BYTES];
    seal_hash(code, hash);
    snprintf(problem->once, sizeof(problem->once), "invitation for %.*s (72 h, one use): %.*s",
             STR_ARG(str_clip(person_shown_name(p), 30)), STR_ARG(code));
    return person_set_invite(tx, p->tenant_id, p->id, hash, now_ms + PERSON_INVITE_MS);
}

static enum row_answer store_new(struct tx *tx, struct person *p, int64_t now_ms)
{
    p->id = id_new(now_ms);
    p->status = STR("offline");
    p->status_ms = p->gone_ms = p->free_ms = now_ms;
    enum account_answer answer = person_insert(tx, p);
    return answer == ACCOUNT_OK ? ROW_ADDED : answer == ACCOUNT_TAKEN ? ROW_REFUSED : ROW_FAULT;
}

static enum row_answer store_changed(struct tx *tx, struct arena *a, const struct person *before,
                                     const struct person *p, const struct person_skill *skills, size_t n)
{
    struct person_skill *had;
    size_t had_n;
    if (person_skills(tx, a, p->tenant_id, p->id, &had, &had_n) != ACCOUNT_OK)
        return ROW_FAULT;
    if (same_person(before, p) && same_skills(had, had_n, skills, n))
        return ROW_SAME;
    enum account_answer answer = person_update(tx, p);
    return answer == ACCOUNT_OK ? ROW_CHANGED : answer == ACCOUNT_TAKEN ? ROW_REFUSED : ROW_FAULT;
}

static enum row_answer store_person(struct tx *tx, struct arena *a, const json_t *row,
                                    struct import_problem *problem)
{
    struct person_skill *skills;
    size_t n;
    struct str shop_id = json_str(row, "shop");
    struct str zone = json_str(row, "time_zone");
    if (json_object_get(row, "password") != NULL)
        return import_refuse(problem, "passwords are not imported: the person gets a one-time invitation");
    if (!roles_known(json_object_get(row, "roles"), problem) || !sign_in_good(json_str(row, "sign_in"), problem) ||
        !read_skills(json_object_get(row, "skills"), a, &skills, &n, problem))
        return ROW_REFUSED;
    if (zone.n > 0 && !time_zone_known(zone))
        return import_refuse(problem, "no time zone \"%.*s\"", STR_ARG(zone));

    struct shop shop;
    enum account_answer answer = shop_find(tx, a, shop_id, &shop);
    if (answer == ACCOUNT_NOT_FOUND)
        return import_refuse(problem, "no shop \"%.*s\": import shops first", STR_ARG(shop_id));
    struct person before = {0};
    if (answer == ACCOUNT_OK)
        answer = person_by_external(tx, a, shop.tenant_id, json_str(row, "id"), &before);
    if (answer == ACCOUNT_FAULT)
        return ROW_FAULT;

    int64_t now_ms = clock_now_ms();
    struct person p = before;
    p.tenant_id = shop.tenant_id;
    fill(&p, a, row, &shop);
    enum row_answer stored = answer == ACCOUNT_NOT_FOUND ? store_new(tx, &p, now_ms)
                                                         : store_changed(tx, a, &before, &p, skills, n);
    if (stored == ROW_REFUSED)
        return import_refuse(problem, "the sign-in name \"%.*s\" is another person's", STR_ARG(p.sign_in));
    if (stored == ROW_FAULT)
        return ROW_FAULT;
    if ((stored != ROW_SAME && person_set_skills(tx, p.tenant_id, p.id, skills, n) != ACCOUNT_OK) ||
        invite(tx, a, &p, now_ms, problem) != ACCOUNT_OK)
        return ROW_FAULT;
    return stored;
}

const struct import_kind person_import = {
    .name = "people",
    .fields = fields,
    .key = {"shop", "id"},
    .store_row = store_person,
};
