/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Codes. What a run of digits is, its length says, and the word before it where lengths overlap; a phone number is told by
 * how it is grouped.
 */
#include "nlu/code.h"

#include "nlu/number.h"

#define GROUPS 5
#define POSSIBLE 0.7 /* a code that only its length speaks for */

static const char *const order_words[] = {"订单", "order", "order number", "order no", "单子", NULL};
static const char *const parcel_words[] = {"快递单", "运单", "物流单", "快递", "tracking", "tracking number", NULL};
static const char *const sizes[] = {"xs", "s", "m", "l", "xl", "xxl", "xxxl", "xxxxl", "2xl", "3xl", "4xl", "5xl", "6xl"};

static const char *const couriers[] = {"sf", "yt", "zt", "zto", "sto", "jd", "jt", "yd", "ems", "dpk", "db", "ups", "jdvc"};

/* ---- phones ------------------------------------------------------------------------------------------------------- */

/* Groups of digits with one separator between: 138-0000-1234 is 3 4 4. */
struct groups {
    size_t length[GROUPS], end[GROUPS];
    size_t n;
    uint32_t first; /* digit */
    bool plus;      /* written with + */
};

static bool is_phone_gap(uint32_t c)
{
    return c == ' ' || c == '-' || c == '.' || c == ')';
}

static void read_groups(const struct folded *f, size_t at, struct groups *ret)
{
    *ret = (struct groups){0};
    ret->plus = at < f->n && f->cp[at] == '+';
    at += ret->plus || (at < f->n && f->cp[at] == '(') ? 1 : 0;
    ret->first = at < f->n ? f->cp[at] : 0;
    while (ret->n < GROUPS && at < f->n && scan_is_digit(f->cp[at])) {
        size_t from = at;
        while (at < f->n && scan_is_digit(f->cp[at]))
            at++;
        ret->length[ret->n] = at - from;
        ret->end[ret->n++] = at;
        for (size_t gap = 0; gap < 2 && at < f->n && is_phone_gap(f->cp[at]); gap++)
            at++;
        at += at < f->n && f->cp[at] == '(' ? 1 : 0;
    }
}

/* How phone numbers are grouped. */
static const struct form {
    const char *lengths; /* a digit a group; b is eleven */
    uint32_t least, most; /* first digit */
} forms[] = {
    {"b", '1', '1'},   {"344", '1', '1'}, {"38", '0', '0'},   {"47", '0', '0'},   {"48", '0', '0'},
    {"37", '0', '0'},  {"334", '2', '9'}, {"343", '4', '8'},  {"1334", '1', '1'}, {"2b", '8', '8'},
    {"2344", '8', '8'}, {"344", '8', '8'},
};

static bool fits(const struct groups *g, size_t n, const char *lengths)
{
    size_t i = 0;
    for (; i < n && lengths[i] != '\0'; i++)
        if (g->length[i] != (lengths[i] == 'b' ? 11u : (size_t)(lengths[i] - '0')))
            return false;
    return i == n && lengths[i] == '\0';
}

/* How many of the groups are a phone number: the most that fit a form. */
static size_t phone_groups(const struct groups *g)
{
    for (size_t n = g->n; n > 0; n--) {
        size_t digits = 0;
        for (size_t i = 0; i < n; i++)
            digits += g->length[i];
        if (g->plus && digits >= 9 && digits <= 15)
            return n;
        for (size_t i = 0; i < COUNT(forms) && !g->plus; i++)
            if (g->first >= forms[i].least && g->first <= forms[i].most && fits(g, n, forms[i].lengths))
                return n;
    }
    return 0;
}

/* -1234 or 转1234: the extension of a number that hides the real one. */
static size_t extension_end(const struct folded *f, size_t at)
{
    size_t from = scan_spaces(f, at);
    if (from >= f->n || (f->cp[from] != '-' && f->cp[from] != U'转'))
        return at;
    from = scan_spaces(f, from + 1);
    size_t end = from;
    while (end < f->n && scan_is_digit(f->cp[end]))
        end++;
    return end - from >= 2 && end - from <= 6 ? end : at;
}

/* Digits only, the extension behind a -, without China's own 86. */
static struct str phone_value(const struct scan *s, size_t at, size_t end, size_t extension)
{
    struct buf b = {.arena = s->arena};
    buf_reserve(&b, extension - at + 1);
    for (size_t i = at; i < extension; i++) {
        if (i == end)
            buf_char(&b, '-');
        if (scan_is_digit(s->f.cp[i]))
            buf_char(&b, (char)s->f.cp[i]);
    }
    struct str all = buf_view(&b);
    return str_starts(all, STR("861")) && all.n >= 13 ? str_sub(all, 2, all.n) : all;
}

size_t code_phone(struct scan *s, size_t at)
{
    const struct folded *f = &s->f;
    struct groups g;
    read_groups(f, at, &g);
    size_t n = phone_groups(&g);
    if (n == 0 || (f->cp[at + (g.plus ? 1 : 0)] == '1' && g.length[0] == 11 && f->cp[at + 1] < '3') ||
        (g.end[n - 1] < f->n && scan_is_letter(f->cp[g.end[n - 1]])) || scan_any_before(f, at, order_words) ||
        scan_any_before(f, at, parcel_words))
        return 0;
    size_t end = extension_end(f, g.end[n - 1]);
    struct entity *e = scan_add(s, ENTITY_PHONE, at, end);
    e->value = phone_value(s, at, g.end[n - 1], end);
    s->has_contact = true;
    return end;
}

/* ---- numbers of orders and parcels -------------------------------------------------------------------------------- */

/* The run of letters and digits at a place: "e1001-1", "13800001234". */
struct code {
    size_t letters, digits, end;
};

static struct code code_at(const struct folded *f, size_t at)
{
    struct code c = {0};
    size_t i = at;
    for (; i < f->n && scan_is_letter(f->cp[i]); i++)
        c.letters++;
    for (; i < f->n && scan_is_digit(f->cp[i]); i++)
        c.digits++;
    c.end = i;
    return c;
}

static bool is_courier(const struct folded *f, size_t at, size_t letters)
{
    for (size_t i = 0; i < COUNT(couriers); i++) {
        const char *name = couriers[i];
        size_t k = 0;
        while (k < letters && name[k] != 0 && f->cp[at + k] == (uint32_t)(unsigned char)name[k])
            k++;
        if (k == letters && name[k] == 0)
            return true;
    }
    return false;
}

/* Letters, then digits: an order's id (E1001, N20001) or, with more of both, a parcel's number (SF1234567890123). */
size_t code_number(struct scan *s, size_t at)
{
    const struct folded *f = &s->f;
    struct code c = code_at(f, at);
    if (c.letters == 0 || c.letters > 4 || c.digits < 3 || (c.end < f->n && scan_is_letter(f->cp[c.end])))
        return 0;
    bool parcel = (c.letters >= 2 && c.digits >= 8) || (is_courier(f, at, c.letters) && c.digits >= 4) ||
                  scan_any_before(f, at, parcel_words);
    if (!parcel && (c.letters > 2 || c.digits < (c.letters == 1 ? 3 : 5)))
        return 0;
    size_t end = c.end;
    while (end + 1 < f->n && f->cp[end] == '-' && scan_is_digit(f->cp[end + 1]))
        for (end++; end < f->n && scan_is_digit(f->cp[end]); end++)
            ;
    scan_add_code(s, parcel ? ENTITY_TRACKING_NO : ENTITY_ORDER_NO, at, end);
    return end;
}

/* Digits alone: their number and the word before them tell. */
size_t code_digits(struct scan *s, size_t at)
{
    const struct folded *f = &s->f;
    struct code c = code_at(f, at);
    if (c.letters > 0 || c.digits < 4 || (c.end < f->n && scan_is_letter(f->cp[c.end])) ||
        (c.end + 1 < f->n && f->cp[c.end] == '.' && scan_is_digit(f->cp[c.end + 1])))
        return 0;
    bool of_order = scan_any_before(f, at, order_words), of_parcel = scan_any_before(f, at, parcel_words);
    if (of_parcel && c.digits >= 8)
        scan_add_code(s, ENTITY_TRACKING_NO, at, c.end);
    else if (of_order || c.digits >= 15)
        scan_add_code(s, ENTITY_ORDER_NO, at, c.end);
    else if (c.digits >= 12)
        scan_add_code(s, ENTITY_TRACKING_NO, at, c.end);
    else if (c.digits >= 8)
        scan_add_code(s, ENTITY_ORDER_NO, at, c.end);
    else
        return 0;
    return c.end;
}

/* 42码, M码, XL, size 8. A letter alone counts only where no apostrophe or letter touches it. */
size_t code_size(struct scan *s, size_t at)
{
    static const char *const size_words[] = {"size", "尺码", "穿", NULL};
    const struct folded *f = &s->f;
    struct number n;
    if (number_at(f, at, &n) && !n.is_numeral && n.value >= 1 && n.value <= 60) {
        size_t behind = scan_word(f, scan_spaces(f, n.end), "码");
        bool joined = n.end < f->n && normalise_class(f->cp[n.end]) == CHAR_WORD;
        if (behind != 0 || (scan_any_before(f, at, size_words) && !joined)) {
            scan_add_code(s, ENTITY_SIZE, at, n.end);
            return behind != 0 ? behind : n.end;
        }
    }
    if (at > 0 && (f->cp[at - 1] == '\'' || f->cp[at - 1] == 0x2019 || f->cp[at - 1] == '-'))
        return 0;
    for (size_t i = COUNT(sizes); i-- > 0;) {
        size_t end = scan_word(f, at, sizes[i]);
        if (end == 0 || (end < f->n && (scan_is_digit(f->cp[end]) || f->cp[end] == '\'')))
            continue;
        scan_add_code(s, ENTITY_SIZE, at, end);
        return end;
    }
    return 0;
}
