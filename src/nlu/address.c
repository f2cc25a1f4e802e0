/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses.
 *
 * How          A street begins behind a region and goes on while characters of streets, houses and numbers come; it ends
 *              with the last of them, so "可以吗" behind it is left out. It has to hold a house's number or a word that only
 *              addresses have. A person is who a label names, or a short run with a family name beside a phone.
 * See          nlu/address_english.c: streets, towns and postcodes in English.
 * Not goals    Addresses without a region; names longer than people of these languages commonly have.
 */
#include "nlu/address_private.h"

#include <string.h>

#include "nlu/number.h"

#define NAME_MOST  4  /* characters of a Chinese name */
#define STREET_MOST 80
#define LOOKED_AT  64 /* entities of one text among which an address is looked for, so that a long one costs little */
#define NAME_BYTES 60
#define LINE_BYTES 1000 /* of a text that is an address: no name is looked for behind it */

static bool is_one_of(uint32_t c, const uint32_t *list)
{
    while (*list != 0 && *list != c)
        list++;
    return c != 0 && *list == c;
}

static bool is_space(uint32_t c)
{
    return c == ' ' || c == '\t' || c == 0x3000 || c == ',' || c == U'、' || c == ':' || c == ';' || c == 0xFF0C || c == '-' ||
           c == '/' || c == '|' || c == '\n' || c == '\r' || c == U'。' || c == '.';
}

static size_t place_of(const struct scan *s, size_t byte)
{
    size_t low = 0, high = s->f.n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (s->f.at[mid] < byte)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* The entity that covers @p byte. Those found come in order of place, until the last step adds to them. */
static const struct entity *entity_over(const struct scan *s, size_t byte)
{
    for (size_t i = 0; i < s->found.n && s->found.v[i].from <= byte; i++)
        if (byte < s->found.v[i].to)
            return &s->found.v[i];
    return NULL;
}

void address_drop(struct scan *s, size_t from, size_t to)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->found.n; i++)
        if (s->found.v[i].from < from || s->found.v[i].to > to)
            s->found.v[kept++] = s->found.v[i];
    s->found.n = kept;
}

void address_add(struct scan *s, enum entity_kind kind, size_t from, size_t to, double confidence)
{
    struct entity *e = scan_add(s, kind, from, to);
    e->value = e->text;
    e->confidence = confidence;
}

/* ---- the street behind a region ----------------------------------------------------------------------------------- */

/* What the parts of an address end with. */
static const uint32_t marks[] = {U'路', U'街', U'道', U'巷', U'弄', U'号', U'楼', U'栋', U'幢', U'层', U'座', U'组', U'村', U'院', U'园',
                                 U'苑', U'室', U'元', U'区', U'寓', U'厦', U'场', U'学', U'校', U'店', U'局', U'所', U'厂', U'司', U'站',
                                 U'门', U'口', U'台', U'城', U'湾', U'墅', U'镇', U'乡', U'屯', U'庄', U'馆', U'库', U'府', U'庭', U'邸',
                                 U'轩', U'阁', U'户', U'房', U'段', U'坊', U'里', U'桥', 0};
/* What no address has in it. */
static const uint32_t stops[] = {U'的', U'吗', U'呢', U'么', U'怎', U'能', U'吧', U'了', U'我', U'你', U'他', U'她', U'请', U'谢', U'麻',
                                 U'送', U'发', U'是', U'可', U'要', U'想', U'不', U'这', U'那', U'还', U'给', U'帮', U'电', U'手', U'收',
                                 U'姓', U'?', U'!', U';', U'。', U'\n', '(', U'联', 0};
static const char *const only_addresses[] = {"小区", "花园", "大厦", "公寓", "街道", "大学", "学校", "中学", "小学", "学院",
                                             "医院", "广场", "公司", "工业园", "酒店", "宾馆", "驿站", "村", "镇", "新村"};

static bool has_word(const struct folded *f, size_t from, size_t to)
{
    for (size_t at = from + 1; at < to; at++) /* not at the beginning: 大学 alone is no university's name */
        for (size_t i = 0; i < COUNT(only_addresses); i++) {
            size_t end = scan_word(f, at, only_addresses[i]);
            if (end != 0 && end <= to)
                return true;
        }
    return false;
}

/* Whether the word behind a space still belongs to the street: 1号 3单元502. */
static bool goes_on(const struct scan *s, size_t at)
{
    const struct folded *f = &s->f;
    if (scan_is_digit(address_char(f, at)) || address_char(f, at) == '#')
        return true;
    for (; at < f->n && !is_space(f->cp[at]) && !is_one_of(f->cp[at], stops); at++)
        if (is_one_of(f->cp[at], marks))
            return true;
    return false;
}

static bool stops_at(const struct scan *s, size_t at)
{
    const struct entity *e = entity_over(s, s->f.at[at]);
    return is_one_of(s->f.cp[at], stops) || (e != NULL && (e->kind == ENTITY_PHONE || e->kind == ENTITY_PERSON));
}

/* @return where the street that begins at @p from ends, or @p from when there is none */
static size_t street_end(const struct scan *s, size_t from)
{
    const struct folded *f = &s->f;
    size_t last = from, marked = 0;
    bool numbered = false;
    for (size_t at = from; at < f->n && at - from < STREET_MOST && !stops_at(s, at); at++) {
        uint32_t c = f->cp[at];
        if (is_space(c) && c != '-' && !goes_on(s, scan_spaces(f, at + 1)))
            break;
        bool mark = is_one_of(c, marks), digit = scan_is_digit(c) || scan_is_letter(c);
        marked += mark && at > from;
        numbered = numbered || scan_is_digit(c) || (mark && at > from && number_begins(f->cp[at - 1]));
        if (mark || (digit && (marked > 0 || at == from)) || (last == at && last > from && number_begins(c)))
            last = at + 1;
    }
    bool is_street = (marked > 0 && numbered) || has_word(f, from, last);
    return is_street && last - from >= 3 ? last : from;
}

static void find_street(struct scan *s, size_t region)
{
    size_t from = place_of(s, s->found.v[region].to);
    while (from < s->f.n && is_space(s->f.cp[from]) && s->f.cp[from] != '\n')
        from++;
    size_t end = street_end(s, from);
    if (end == from)
        return;
    address_drop(s, s->f.at[from], s->f.at[end]);
    address_add(s, ENTITY_ADDRESS, from, end, ADDRESS_LIKELY);
}

/* ---- the person --------------------------------------------------------------------------------------------------- */

static bool is_free(const struct scan *s, size_t at)
{
    return entity_over(s, s->f.at[at]) == NULL;
}

static bool is_han(uint32_t c)
{
    return c >= 0x4E00 && c <= 0x9FFF;
}

static size_t run_end(const struct scan *s, size_t at)
{
    while (at < s->f.n && (is_han(s->f.cp[at]) || s->f.cp[at] == 0xB7) && is_free(s, at))
        at++;
    return at;
}

/* Whether [from, to) is a name: a family name and one or two more, or with 先生 behind it. */
static bool is_name(const struct scan *s, size_t from, size_t to)
{
    static const char *const titles[] = {"先生", "女士", "小姐", "老师", "阿姨", "叔叔"};
    size_t end, title = 0;
    const struct lexicon_entry *e = lexicon_at(s->words, &s->f, from, &end);
    bool family = e != NULL && (e->is == WORD_SURNAME || e->is == WORD_WEEK); /* 周 is both */
    if (!family || end >= to)
        return false;
    for (size_t i = 0; i < COUNT(titles); i++)
        title = to - from > 2 && scan_word(&s->f, to - 2, titles[i]) == to ? 2 : title;
    for (size_t at = from; at < to; at++)
        if (is_one_of(s->f.cp[at], stops))
            return false;
    return to - end <= 2 || (title > 0 && to - end <= 3);
}

/* A person beside the phone, when the text is an address at all. */
static void find_person(struct scan *s)
{
    for (size_t at = 0; at < s->f.n && s->f.at[at] < LINE_BYTES; at++) {
        if (!is_han(s->f.cp[at]) || !is_free(s, at))
            continue;
        size_t end = run_end(s, at), name_end = end;
        if (name_end > at + 2 && s->f.cp[name_end - 1] == U'收')
            name_end--; /* 张三收 */
        if (name_end - at <= NAME_MOST && is_name(s, at, name_end)) {
            address_add(s, ENTITY_PERSON, at, name_end, ADDRESS_LIKELY);
            return;
        }
        at = end;
    }
}

size_t address_name(const struct scan *s, size_t at)
{
    const struct folded *f = &s->f;
    size_t end = at;
    for (size_t words = 0; words < ADDRESS_WORDS; words++) {
        size_t from = scan_spaces(f, end), to = from;
        char first = from < f->n ? s->text.p[f->at[from]] : '\0';
        if (first < 'A' || first > 'Z' || (words > 0 && from == end))
            break;
        while (to < f->n && (scan_is_letter(f->cp[to]) || f->cp[to] == '.' || f->cp[to] == '\'' || f->cp[to] == '-' ||
                             (f->cp[to] >= 0xC0 && normalise_class(f->cp[to]) == CHAR_WORD)))
            to++;
        end = to;
    }
    return end;
}

size_t address_label(struct scan *s, size_t at)
{
    size_t end, from;
    const struct lexicon_entry *e = s->words != NULL ? lexicon_at(s->words, &s->f, at, &end) : NULL;
    if (e == NULL || e->is != WORD_LABEL)
        return 0;
    for (from = end; from < s->f.n && (is_space(s->f.cp[from]) || s->f.cp[from] == U'是'); from++)
        continue;
    size_t name = address_name(s, from);
    if (name == from) {
        name = run_end(s, from);
        while (name > from + NAME_MOST || (name > from && is_one_of(s->f.cp[name - 1], stops)))
            name--;
    }
    if (name - from < 2)
        return end;
    address_add(s, ENTITY_PERSON, from, name, ADDRESS_LIKELY);
    s->has_contact = true;
    return name;
}

/* ---- the whole ---------------------------------------------------------------------------------------------------- */

static const struct entity *first_of(const struct entity *e, size_t n, enum entity_kind kind)
{
    for (size_t i = 0; i < n; i++)
        if (e[i].kind == kind)
            return &e[i];
    return NULL;
}

static void sort_by_place(struct scan *s)
{
    for (size_t i = 1; i < s->found.n; i++) {
        struct entity e = s->found.v[i];
        size_t k = i;
        for (; k > 0 && s->found.v[k - 1].from > e.from; k--)
            s->found.v[k] = s->found.v[k - 1];
        s->found.v[k] = e;
    }
}

void address_settle(struct scan *s)
{
    if (s->words == NULL)
        return;
    for (size_t i = MIN(s->found.n, (size_t)LOOKED_AT); i-- > 0;)
        if (s->found.v[i].kind == ENTITY_REGION && first_of(s->found.v, s->found.n, ENTITY_ADDRESS) == NULL)
            find_street(s, i);
    sort_by_place(s);
    bool street = first_of(s->found.v, s->found.n, ENTITY_ADDRESS) != NULL;
    bool phone = first_of(s->found.v, s->found.n, ENTITY_PHONE) != NULL;
    bool person = first_of(s->found.v, s->found.n, ENTITY_PERSON) != NULL;
    if (!person && ((street && phone) || (phone && s->has_region)))
        find_person(s);
    if (!person && street && s->jin == false) {
        size_t end = address_name(s, 0);
        if (end > 3 && address_char(&s->f, end) == ',' && is_free(s, 0) && s->f.at[end] <= NAME_BYTES)
            address_add(s, ENTITY_PERSON, 0, end, ADDRESS_LIKELY);
    }
    sort_by_place(s);
}

size_t address_of(const struct entity *entities, size_t n, struct address *ret)
{
    const struct {
        enum entity_kind kind;
        struct str *part;
    } parts[] = {{ENTITY_PERSON, &ret->name}, {ENTITY_PHONE, &ret->phone}, {ENTITY_REGION, &ret->region},
                 {ENTITY_ADDRESS, &ret->detail}};
    size_t count = 0;
    *ret = (struct address){0};
    for (size_t i = 0; i < COUNT(parts); i++) {
        const struct entity *e = first_of(entities, n, parts[i].kind);
        if (e == NULL)
            continue;
        *parts[i].part = e->value;
        count++;
    }
    return count;
}
