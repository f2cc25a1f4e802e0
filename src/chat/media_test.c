/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Photos and forms on their way through the door, on a real store, real threads and real files.
 */
#include <ftw.h>

#include "chat/fixture_for_test.h"

#include "base/limit.h"
#include "base/seal.h"
#include "chat/form.h"
#include "chat/upload_file.h"
#include "chat/upload_service.h"
#include "chat/upload_store.h"

#define BUYER 9001
#define OTHER 9002

#define JPEG STR("\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xc0\0\x0b\x08\0\2\0\4\1\1\x11\0" \
                 "\xff\xda\0\x08\1\1\0\0\x3f\0\x12\x34\xff\xd9")

static struct work *pool;
static struct inbox *inbox;
static struct uploads *uploads;
static struct arena kept; /* what the tests read */
static int64_t next_contact = BUYER + 100;

/* ---- a responder that asks for an address, and says what it was given ---- */

static const struct form_field fields[] = {
    {STR("name"), STR("收件人"), FORM_NAME, true, 0, STR_NONE},
    {STR("phone"), STR("手机号"), FORM_PHONE, true, 0, STR_NONE},
};

static int reply(void *room, struct store *s, struct arena *a, const struct incoming *in, const struct conversation *c,
                 struct turn *ret)
{
    (void)room;
    (void)s;
    struct form form = {.id = str_fmt(a, "f%lld", (long long)c->seq), .title = STR("地址"), .submit = STR("提交"),
                        .fields = fields, .count = COUNT(fields)};
    struct message *m = array_push(a, &ret->say);
    *m = (struct message){.author = AUTHOR_BOT};
    if (str_eq_c(in->text, "我要改地址。") && in->kind == MESSAGE_TEXT)
        *m = (struct message){.author = AUTHOR_BOT, .kind = MESSAGE_FORM, .text = STR("fill in"), .data = form_data(a, &form)};
    else
        m->text = str_fmt(a, "%s|%.*s|%.*s|%.*s|%.*s", message_kind_name(in->kind), STR_ARG(in->text), STR_ARG(in->upload),
                          STR_ARG(in->intent), STR_ARG(in->form));
    ret->input = ret->outcome = STR("{}");
    ret->reason = STR("test");
    return 0;
}

static const struct responder responder = {.reply = reply, .card = echo_card};

static int open_all(void **state)
{
    (void)state;
    static const unsigned char key[SEAL_KEY_BYTES] = {7};
    seal_start_with(key);
    if (fixture_open("media-test") != 0)
        return -1;
    pool = work_new(2, "turn", end_of_thread, NULL);
    inbox = inbox_new(store, pool, NULL, &responder, NULL, NULL);
    inbox_wait_for_more(inbox);
    uploads = uploads_new(store, fixture_dir);
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

static int close_all(void **state)
{
    (void)state;
    char path[128];
    snprintf(path, sizeof(path), "%s/uploads", fixture_dir);
    work_free(pool);
    inbox_free(inbox);
    uploads_free(uploads);
    arena_done(&kept);
    return nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS) != 0 ? -1 : fixture_close();
}

/* ---- saying ---- */

struct heard {
    sem_t done;
    enum chat_answer answer;
    int64_t conversation_id, seq;
    struct str field, bot; /* in `kept` */
};

static void on_receipt(void *arg, const struct receipt *r)
{
    struct heard *h = arg;
    h->answer = r->answer;
    h->conversation_id = r->conversation_id;
    h->seq = r->seq;
    h->field = str_dup(&kept, r->field);
    h->bot = r->change != NULL && r->turn != NULL ? str_dup(&kept, r->change->said.v[r->change->said.n - 1].text) : STR_NONE;
    sem_post(&h->done);
}

static struct heard say(struct incoming in, const char *client_id)
{
    struct heard h = {0};
    sem_init(&h.done, 0, 0);
    in.tenant_id = TENANT;
    in.language = STR("zh");
    in.channel = STR("web");
    in.client_id = str_from(client_id);
    in.now_ms = in.now_ms > 0 ? in.now_ms : 2000;
    chat_receive(inbox, &in, 0, on_receipt, &h);
    sem_take(&h.done);
    sem_destroy(&h.done);
    return h;
}

static struct heard say_text(int64_t who, const char *client_id, const char *text)
{
    return say((struct incoming){.contact_id = who, .text = str_from(text)}, client_id);
}

static struct heard say_photo(int64_t who, const char *client_id, int64_t id, const char *caption)
{
    return say((struct incoming){.contact_id = who, .kind = MESSAGE_IMAGE, .text = str_from(caption),
                                 .upload = str_fmt(&kept, "%lld", (long long)id)},
               client_id);
}

static struct heard say_form(int64_t who, const char *client_id, const char *form_id, const char *values)
{
    return say((struct incoming){.contact_id = who, .kind = MESSAGE_FORM, .form_id = str_from(form_id), .form = str_from(values)},
               client_id);
}

static struct upload put(int64_t who, int64_t now_ms)
{
    struct arena a = {0};
    struct upload u = {0};
    assert_int_equal(upload_put(uploads, &a, TENANT, who, JPEG, now_ms, &u), UPLOAD_OK);
    arena_done(&a);
    return u;
}

static const char *text(struct str s)
{
    return str_c(&kept, s);
}

/* ---- photos ---- */

static void a_photo_is_shown_by_its_message(void **state)
{
    (void)state;
    struct upload u = put(BUYER, 1000);
    struct heard h = say_photo(BUYER, "p1", u.id, "");
    assert_int_equal(h.answer, CHAT_OK);
    assert_string_equal(text(h.bot), text(str_fmt(&kept, "image||%lld|media_only|", (long long)u.id)));
    struct looking k = look_at(&kept, h.conversation_id);
    assert_int_equal(k.list[0].kind, MESSAGE_IMAGE);
    assert_string_equal(text(k.list[0].data), text(upload_data(&kept, &u)));
    assert_int_equal(say_photo(BUYER, "p1", u.id, "").answer, CHAT_DUPLICATE);
    assert_int_equal(say_photo(BUYER, "p2", u.id, "").answer, CHAT_OK); /* shown twice, kept once */
}

static void words_beside_a_photo_are_heard_as_words(void **state)
{
    (void)state;
    int64_t who = next_contact++;
    struct upload u = put(who, 1000);
    struct heard h = say_photo(who, "p1", u.id, "拉链坏了");
    assert_string_equal(text(h.bot), text(str_fmt(&kept, "text|拉链坏了|%lld||", (long long)u.id)));
}

static void words_that_waited_are_answered_with_the_photo(void **state)
{
    (void)state;
    int64_t who = next_contact++;
    struct upload u = put(who, 1000);
    struct heard waits = say_text(who, "w1", "你好");
    assert_int_equal(waits.answer, CHAT_OK);
    assert_int_equal(waits.bot.n, 0); /* more may come */
    struct heard h = say_photo(who, "p1", u.id, "");
    assert_string_equal(text(h.bot), text(str_fmt(&kept, "text|你好|%lld||", (long long)u.id)));
}

static void nobody_shows_what_is_not_theirs(void **state)
{
    (void)state;
    struct upload u = put(BUYER, 1000);
    assert_int_equal(say_photo(OTHER, "p1", u.id, "").answer, CHAT_NOT_FOUND);
    assert_int_equal(say_photo(OTHER, "p2", 4711, "").answer, CHAT_NOT_FOUND);
}

struct reading {
    int64_t id;
    struct upload row;
    int found;
};

static int read_row(struct tx *tx, void *arg)
{
    struct reading *r = arg;
    r->found = upload_get(tx, TENANT, r->id, &r->row);
    return r->found < 0 ? STORE_FAULT : STORE_OK;
}

static struct reading row_of(int64_t id)
{
    struct reading r = {.id = id};
    assert_int_equal(store_read(store, read_row, &r), STORE_OK);
    return r;
}

static void bytes_come_back_and_nobody_elses(void **state)
{
    (void)state;
    struct arena a = {0};
    struct upload u = put(BUYER, 1000), v = put(BUYER, 1000);
    struct str bytes, sealed;
    assert_int_equal(upload_bytes(uploads, &a, &u, &bytes), UPLOAD_OK);
    assert_true(str_eq(bytes, JPEG));
    assert_true(upload_file_read(&a, fixture_dir, TENANT, u.id, &sealed));
    assert_false(str_has(sealed, STR("JFIF"))); /* sealed at rest */
    assert_true(upload_file_write(fixture_dir, TENANT, v.id, sealed));
    assert_int_equal(upload_bytes(uploads, &a, &v, &bytes), UPLOAD_FAULT); /* another's file under its name */
    arena_done(&a);
}

static int breaches;

static void count_breach(void *arg, struct str breach)
{
    (void)arg;
    (void)breach;
    breaches++;
}

static int verify(struct tx *tx, void *arg)
{
    return uploads_verify(tx, fixture_dir, *(int64_t *)arg, count_breach, NULL);
}

static void what_no_message_shows_is_swept_after_a_day(void **state)
{
    (void)state;
    int64_t who = next_contact++, now = INT64_C(1800000000000), later = now + LIMIT_UPLOAD_LOOSE_MS + 1;
    struct upload shown = put(who, now), loose = put(who, now), stray = put(who, now);
    assert_int_equal(say_photo(who, "p1", shown.id, "").answer, CHAT_OK);
    stray.id += 1; /* a file that no row knows */
    assert_true(upload_file_write(fixture_dir, TENANT, stray.id, STR("x")));
    for (int i = 0; i < 256; i++)
        uploads_sweep(uploads, later - 2);
    assert_int_equal(row_of(loose.id).found, 1);
    assert_true(upload_file_size(fixture_dir, TENANT, stray.id) >= 0);
    int64_t much_later = later + 2 * LIMIT_UPLOAD_LOOSE_MS;
    breaches = 0;
    assert_true(store_read(store, verify, &much_later) > 0); /* nobody has swept: the stray is found */
    for (int i = 0; i < 256; i++)
        uploads_sweep(uploads, later);
    assert_int_equal(row_of(loose.id).found, 0);
    assert_int_equal(upload_file_size(fixture_dir, TENANT, loose.id), -1);
    assert_int_equal(upload_file_size(fixture_dir, TENANT, stray.id), -1);
    assert_int_equal(row_of(shown.id).row.seq, 1);
    assert_true(upload_file_size(fixture_dir, TENANT, shown.id) > 0);
    assert_int_equal(say_photo(who, "p2", loose.id, "").answer, CHAT_NOT_FOUND);
}

static void a_missing_file_is_a_breach(void **state)
{
    (void)state;
    int64_t now = 3000;
    struct upload u = put(next_contact++, now);
    int before = store_read(store, verify, &now);
    upload_file_remove(fixture_dir, TENANT, u.id);
    assert_int_equal(store_read(store, verify, &now), before + 1);
    assert_int_equal(uploads_mend(store, fixture_dir), STORE_OK); /* as after a restore: no message shows it */
    assert_int_equal(row_of(u.id).found, 0);
}

static void a_buyer_may_send_only_so_many(void **state)
{
    (void)state;
    int64_t who = next_contact++;
    struct arena a = {0};
    struct upload u;
    for (int i = 0; i < LIMIT_UPLOADS_PER_HOUR; i++)
        (void)put(who, 5000);
    assert_int_equal(upload_put(uploads, &a, TENANT, who, JPEG, 5000, &u), UPLOAD_TOO_MANY);
    assert_int_equal(upload_put(uploads, &a, TENANT, who, JPEG, 5001 + HOUR_MS, &u), UPLOAD_OK);
    arena_done(&a);
}

/* ---- forms ---- */

#define GOOD "{\"name\":\"张三\",\"phone\":\"13800001234\"}"

static void a_form_is_answered_once_and_kept_masked(void **state)
{
    (void)state;
    int64_t who = next_contact++;
    assert_int_equal(say_form(who, "c0", "f0", GOOD).answer, CHAT_FORM_OVER); /* nobody asked */
    assert_int_equal(say_text(who, "c1", "我要改地址。").answer, CHAT_OK);
    struct heard bad = say_form(who, "c2", "f0", "{\"name\":\"张三\",\"phone\":\"12\"}");
    assert_int_equal(bad.answer, CHAT_BAD_FORM);
    assert_string_equal(text(bad.field), "phone");
    assert_int_equal(say_form(who, "c2", "other", GOOD).answer, CHAT_FORM_OVER);
    struct heard good = say_form(who, "c3", "f0", GOOD);
    assert_int_equal(good.answer, CHAT_OK);
    assert_string_equal(text(good.bot), "form|张** 138****1234|||" GOOD);
    assert_int_equal(say_form(who, "c3", "f0", GOOD).answer, CHAT_DUPLICATE); /* the line broke: it is sent again */
    assert_int_equal(say_form(who, "c4", "f0", GOOD).answer, CHAT_FORM_OVER); /* another window */
    struct looking k = look_at(&kept, good.conversation_id);
    const struct message *m = &k.list[good.seq - 1];
    assert_int_equal(m->kind, MESSAGE_FORM);
    assert_string_equal(text(m->text), "张** 138****1234");
    assert_string_equal(text(m->data), "\"form_answer\":{\"id\":\"f0\",\"fields\":[{\"label\":\"收件人\",\"text\":\"张**\"},"
                                       "{\"label\":\"手机号\",\"text\":\"138****1234\"}]}");
}

static void a_person_who_has_the_conversation_gets_no_form(void **state)
{
    (void)state;
    int64_t who = next_contact++;
    struct heard asked_for = say_text(who, "c1", "我要改地址。");
    assert_int_equal(asked_for.answer, CHAT_OK);
    struct arena a = {0};
    struct assigning k = {.change = {.arena = &a, .tenant_id = TENANT, .now_ms = 5000},
                          .conversation_id = asked_for.conversation_id, .agent_id = 5};
    assert_int_equal(store_write(store, assign, &k), CHAT_OK);
    arena_done(&a);
    assert_int_equal(say_form(who, "c2", "f0", GOOD).answer, CHAT_FORM_OVER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_photo_is_shown_by_its_message),
        cmocka_unit_test(words_beside_a_photo_are_heard_as_words),
        cmocka_unit_test(words_that_waited_are_answered_with_the_photo),
        cmocka_unit_test(nobody_shows_what_is_not_theirs),
        cmocka_unit_test(bytes_come_back_and_nobody_elses),
        cmocka_unit_test(what_no_message_shows_is_swept_after_a_day),
        cmocka_unit_test(a_missing_file_is_a_breach),
        cmocka_unit_test(a_buyer_may_send_only_so_many),
        cmocka_unit_test(a_form_is_answered_once_and_kept_masked),
        cmocka_unit_test(a_person_who_has_the_conversation_gets_no_form),
    };
    return cmocka_run_group_tests_name("media", tests, open_all, close_all);
}
