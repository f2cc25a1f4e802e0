/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sign-in and what follows from it.
 *
 * How          An attempt takes three steps: a unit of work counts it (or finds the lock closed), argon2id runs outside
 *              of any transaction, a second unit opens the session or notes the failure. A name that nobody has takes
 *              the same three steps, against a hash that no password fits.
 * Invariants   1. No more than LIMIT_SIGN_IN_FAILURES passwords of one name are looked at between two locks, however
 *                 many try at once.
 *              2. A password that was changed between the steps opens nothing.
 * Threads      Slow pool. The decoy hash is made once and never changes.
 */
#include "account/session.h"

#include <pthread.h>

#include "account/audit.h"
#include "account/lock.h"
#include "account/person.h"
#include "account/session_store.h"
#include "account/shop.h"
#include "base/limit.h"
#include "base/time.h"

static pthread_once_t decoy_once = PTHREAD_ONCE_INIT;
static char decoy[256]; /* argon2id of chance; immutable after decoy_once */

static void decoy_make(void)
{
    struct arena a = {0};
    struct str hash = seal_password(&a, seal_token(&a));
    snprintf(decoy, sizeof(decoy), "%.*s", STR_ARG(hash));
    arena_done(&a);
}

static struct str person_label(struct arena *a, int64_t person_id)
{
    return str_fmt(a, "person:%lld", (long long)person_id);
}

/** One attempt, from counting to opening. */
struct attempt {
    struct arena *arena;
    struct str shop_id, sign_in; /* who it is by name… */
    int64_t tenant_id, person_id; /* …or by id, when shop_id is empty; found by the first step otherwise */
    bool known;                  /* there is such a person with a password */
    struct str hash;             /* what the password must fit */
    int64_t locked_until_ms;
    int64_t now_ms;
    struct str new_hash;         /* set it, when the attempt is for that */
    struct session_grant *grant;
};

static enum account_answer find_person(struct tx *tx, struct attempt *w, struct shop *shop, struct person *ret)
{
    if (w->shop_id.n == 0) {
        enum account_answer answer = shop_get(tx, w->arena, w->tenant_id, shop);
        return answer == ACCOUNT_OK ? person_get(tx, w->arena, w->tenant_id, w->person_id, ret) : answer;
    }
    enum account_answer answer = shop_find(tx, w->arena, w->shop_id, shop);
    if (answer != ACCOUNT_OK)
        return answer;
    w->tenant_id = shop->tenant_id;
    return person_by_sign_in(tx, w->arena, shop->tenant_id, w->sign_in, ret);
}

/* Step 1: who is it, and may one more password be looked at? */
static int count_attempt(struct tx *tx, void *arg)
{
    struct attempt *w = arg;
    struct shop shop;
    struct person p;
    enum account_answer answer = find_person(tx, w, &shop, &p);
    if (answer == ACCOUNT_FAULT)
        return ACCOUNT_FAULT;
    w->known = answer == ACCOUNT_OK && p.password_hash.n > 0 && (roles_from_json(p.roles) & ROLES_PEOPLE) != 0;
    if (!w->known)
        return lock_stranger(w->shop_id, w->sign_in, w->now_ms, &w->locked_until_ms) ? ACCOUNT_OK : ACCOUNT_LOCKED;

    struct lock lock = {.count = p.failed_count, .until_ms = p.locked_until_ms};
    w->person_id = p.id;
    w->hash = p.password_hash;
    w->locked_until_ms = lock.until_ms;
    if (!lock_attempt(&lock, w->now_ms))
        return ACCOUNT_LOCKED;
    return person_set_failures(tx, p.tenant_id, p.id, lock.count, lock.until_ms);
}

static int note_failure(struct tx *tx, void *arg)
{
    const struct attempt *w = arg;
    /* Not the name that was typed: people type passwords there. */
    return audit_add(tx, w->tenant_id, w->now_ms, STR("unknown"), "sign_in_failed",
                     w->known ? person_label(w->arena, w->person_id) : STR_NONE, STR_NONE);
}

/* A new session of @p p in the running unit of work. */
static enum account_answer open_session(struct tx *tx, struct arena *a, const struct person *p, struct str language,
                                        int64_t now_ms, struct session_grant *ret)
{
    unsigned char hash[SEAL_HASH_BYTES];
    ret->token = seal_token(a);
    ret->actor = person_actor(p, language);
    seal_hash(ret->token, hash);
    return session_insert(tx, hash, p->tenant_id, p->id, now_ms, now_ms + SESSION_MS);
}

/* Step 3: the password fitted. */
static int open_for_attempt(struct tx *tx, void *arg)
{
    struct attempt *w = arg;
    struct shop shop;
    struct person p;
    enum account_answer answer = find_person(tx, w, &shop, &p);
    if (answer == ACCOUNT_OK && !str_eq(p.password_hash, w->hash))
        answer = ACCOUNT_WRONG;
    if (answer == ACCOUNT_OK)
        answer = person_set_failures(tx, p.tenant_id, p.id, 0, 0);
    if (answer == ACCOUNT_OK && w->new_hash.n > 0) {
        p.must_change = false;
        answer = person_set_password(tx, p.tenant_id, p.id, p.sign_in, w->new_hash, false);
        if (answer == ACCOUNT_OK)
            answer = session_end_all(tx, p.tenant_id, p.id, w->now_ms);
    }
    if (answer == ACCOUNT_OK)
        answer = open_session(tx, w->arena, &p, shop.language, w->now_ms, w->grant);
    if (answer != ACCOUNT_OK)
        return answer;
    struct str label = person_label(w->arena, p.id);
    return audit_add(tx, p.tenant_id, w->now_ms, label, w->new_hash.n > 0 ? "password_changed" : "sign_in", label,
                     STR_NONE);
}

/* Steps 1 and 2. ACCOUNT_OK: the password fits, and step 3 is due. */
static enum account_answer check_attempt(struct store *store, struct attempt *w, struct str password,
                                         struct session_refusal *ret_why)
{
    pthread_once(&decoy_once, decoy_make);
    enum account_answer answer = (enum account_answer)store_write(store, count_attempt, w);
    if (answer == ACCOUNT_LOCKED)
        ret_why->wait_s = (int)((w->locked_until_ms - w->now_ms + SECOND_MS - 1) / SECOND_MS);
    if (answer != ACCOUNT_OK)
        return answer;

    bool fits = seal_password_ok(w->known ? w->hash : str_from(decoy), password);
    if (fits && w->known)
        return ACCOUNT_OK;
    answer = (enum account_answer)store_write(store, note_failure, w);
    return answer == ACCOUNT_OK ? ACCOUNT_WRONG : answer;
}

enum account_answer session_sign_in(struct store *store, struct arena *a, struct str shop_id, struct str sign_in,
                                    struct str password, int64_t now_ms, struct session_grant *ret,
                                    struct session_refusal *ret_why)
{
    if (shop_id.n == 0 || sign_in.n == 0)
        return ACCOUNT_WRONG;
    struct attempt w = {.arena = a, .shop_id = shop_id, .sign_in = sign_in, .now_ms = now_ms, .grant = ret};
    enum account_answer answer = check_attempt(store, &w, password, ret_why);
    return answer == ACCOUNT_OK ? (enum account_answer)store_write(store, open_for_attempt, &w) : answer;
}

enum account_answer session_change_password(struct store *store, struct arena *a, const struct actor *who,
                                            struct str old, struct str wanted, int64_t now_ms,
                                            struct session_grant *ret, struct session_refusal *ret_why)
{
    ret_why->password = password_check(wanted, old, STR_NONE);
    if (ret_why->password != PASSWORD_OK)
        return ACCOUNT_WEAK;
    struct attempt w = {.arena = a, .tenant_id = who->tenant_id, .person_id = who->id, .now_ms = now_ms, .grant = ret};
    enum account_answer answer = check_attempt(store, &w, old, ret_why);
    if (answer != ACCOUNT_OK)
        return answer;
    w.new_hash = seal_password(a, wanted);
    return (enum account_answer)store_write(store, open_for_attempt, &w);
}

/** An invitation being taken. */
struct acceptance {
    struct arena *arena;
    unsigned char code_hash[SEAL_HASH_BYTES];
    struct str sign_in, new_hash;
    int64_t now_ms;
    struct session_grant *grant;
};

static int find_invited(struct tx *tx, void *arg)
{
    struct acceptance *w = arg;
    struct person p;
    return person_by_invite(tx, w->arena, w->code_hash, w->now_ms, &p);
}

static int accept_invitation(struct tx *tx, void *arg)
{
    struct acceptance *w = arg;
    struct shop shop;
    struct person p;
    enum account_answer answer = person_by_invite(tx, w->arena, w->code_hash, w->now_ms, &p);
    if (answer == ACCOUNT_OK)
        answer = shop_get(tx, w->arena, p.tenant_id, &shop);
    if (answer == ACCOUNT_OK)
        answer = person_set_password(tx, p.tenant_id, p.id, w->sign_in, w->new_hash, false);
    if (answer != ACCOUNT_OK)
        return answer;
    p.must_change = false;
    if (open_session(tx, w->arena, &p, shop.language, w->now_ms, w->grant) != ACCOUNT_OK)
        return ACCOUNT_FAULT;
    struct str label = person_label(w->arena, p.id);
    return audit_add(tx, p.tenant_id, w->now_ms, label, "invitation_accepted", label, STR_NONE);
}

static bool sign_in_good(struct str name)
{
    for (size_t i = 0; i < name.n; i++) {
        if ((unsigned char)name.p[i] <= ' ')
            return false;
    }
    return name.n > 0 && str_code_points(name) <= 64;
}

enum account_answer session_accept(struct store *store, struct arena *a, struct str code, struct str sign_in,
                                   struct str password, int64_t now_ms, struct session_grant *ret,
                                   struct session_refusal *ret_why)
{
    struct acceptance w = {.arena = a, .sign_in = sign_in, .now_ms = now_ms, .grant = ret};
    seal_hash(code, w.code_hash);
    enum account_answer answer = (enum account_answer)store_read(store, find_invited, &w);
    if (answer == ACCOUNT_NOT_FOUND || code.n == 0)
        return ACCOUNT_WRONG;
    if (answer != ACCOUNT_OK)
        return answer;
    ret_why->password = password_check(password, STR_NONE, sign_in);
    if (ret_why->password != PASSWORD_OK || !sign_in_good(sign_in))
        return ACCOUNT_WEAK;

    w.new_hash = seal_password(a, password);
    answer = (enum account_answer)store_write(store, accept_invitation, &w);
    return answer == ACCOUNT_NOT_FOUND ? ACCOUNT_WRONG : answer;
}

struct sign_out {
    struct arena arena;
    const struct actor *who;
    int64_t now_ms;
};

static int end_sessions(struct tx *tx, void *arg)
{
    struct sign_out *w = arg;
    if (session_end_all(tx, w->who->tenant_id, w->who->id, w->now_ms) != ACCOUNT_OK)
        return ACCOUNT_FAULT;
    struct str label = person_label(&w->arena, w->who->id);
    return audit_add(tx, w->who->tenant_id, w->now_ms, label, "sign_out", label, STR_NONE);
}

enum account_answer session_sign_out(struct store *store, const struct actor *who, int64_t now_ms)
{
    struct sign_out w = {.who = who, .now_ms = now_ms};
    enum account_answer answer = (enum account_answer)store_write(store, end_sessions, &w);
    arena_done(&w.arena);
    return answer;
}

struct str session_cookie(struct arena *a, struct str token)
{
    return str_fmt(a, SESSION_COOKIE "=%.*s; Path=/; HttpOnly; SameSite=Strict", STR_ARG(token));
}

struct str session_cookie_end(void)
{
    return STR(SESSION_COOKIE "=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
}

/** The demo's people, all at once. */
struct demo {
    struct arena *arena;
    struct str shop_id, hash;
};

static int set_demo_passwords(struct tx *tx, void *arg)
{
    struct demo *w = arg;
    struct shop shop;
    struct person *people;
    size_t n;
    enum account_answer answer = shop_find(tx, w->arena, w->shop_id, &shop);
    if (answer == ACCOUNT_OK)
        answer = person_list(tx, w->arena, shop.tenant_id, &people, &n);
    for (size_t i = 0; answer == ACCOUNT_OK && i < n; i++) {
        if (people[i].password_hash.n == 0 && people[i].sign_in.n > 0)
            answer = person_set_password(tx, shop.tenant_id, people[i].id, people[i].sign_in, w->hash, false);
    }
    return answer;
}

enum account_answer account_demo_passwords(struct store *store, struct str shop_id)
{
    struct arena a = {0};
    /* One hash for all of them: a dozen of argon2id would cost the first start a second. */
    struct demo w = {.arena = &a, .shop_id = shop_id, .hash = seal_password(&a, STR(DEMO_PASSWORD))};
    enum account_answer answer = (enum account_answer)store_write(store, set_demo_passwords, &w);
    arena_done(&a);
    return answer;
}
