/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses in English.
 *
 * How          A street is a house's number, some words and a word for street; a town with its state stands behind it. A
 *              postcode is plain enough to stand for itself: from it we look back for the state and the town, so that
 *              "boise, id 83702" is a place without any street, and in any letters.
 * Invariants   1. Two letters that are a word as well (in, or, ok, id) are a state only in capitals and behind a comma: an
 *                 "order ID 83702" lies nowhere.
 *              2. A postcode without a town before it is a number like others.
 */
#include "nlu/address_private.h"

#include "nlu/number.h"

#define ZIP_DIGITS 5
#define ZIP_MORE   4 /* of 83702-1234 */
#define TOWN_WORDS 3
#define INWARD     3 /* characters of the second half of a British postcode */

static size_t word_end(const struct folded *f, size_t at)
{
    while (at < f->n && (scan_is_letter(f->cp[at]) || scan_is_digit(f->cp[at]) || f->cp[at] == '\''))
        at++;
    return at;
}

static bool is_kind(const struct scan *s, size_t at, enum word_kind kind, size_t *ret_end)
{
    size_t end;
    const struct lexicon_entry *e = s->words != NULL ? lexicon_at(s->words, &s->f, at, &end) : NULL;
    if (e == NULL || e->is != kind)
        return false;
    *ret_end = end;
    return true;
}

static bool is_capital(const struct scan *s, size_t at)
{
    char c = s->text.p[s->f.at[at]];
    return c >= 'A' && c <= 'Z';
}

static size_t behind_comma(const struct folded *f, size_t at)
{
    return scan_spaces(f, address_char(f, at) == ',' ? at + 1 : at);
}

static struct str text_of(const struct scan *s, size_t from, size_t to)
{
    return str_sub(s->text, s->f.at[from], s->f.at[to] - s->f.at[from]);
}

/* ---- states ------------------------------------------------------------------------------------------------------- */

/* The state's name for its two letters. */
static struct str state_of(struct scan *s, size_t at, size_t end)
{
    struct folded key;
    size_t key_end;
    if (end - at != 2)
        return STR_NONE;
    normalise_fold(s->arena, str_fmt(s->arena, "us-%c%c", (char)s->f.cp[at], (char)s->f.cp[at + 1]), &key);
    const struct lexicon_entry *e = lexicon_at(s->words, &key, 0, &key_end);
    return e != NULL && key_end == key.n ? e->value : STR_NONE;
}

/* The state at @p at, by its letters or its name. */
static struct str state_named(struct scan *s, size_t at, size_t *ret_end)
{
    struct str letters = state_of(s, at, word_end(&s->f, at));
    *ret_end = word_end(&s->f, at);
    const struct lexicon_entry *e = letters.n == 0 ? lexicon_at(s->words, &s->f, at, ret_end) : NULL;
    return e != NULL && e->is == WORD_REGION ? e->value : letters;
}

/* Words that people write in lower case, and before numbers. */
static bool is_word_too(const struct folded *f, size_t at)
{
    static const char *const words[] = {"in", "or", "me", "hi", "ok", "oh", "id", "pa", "ma"};
    for (size_t i = 0; i < COUNT(words); i++)
        if (scan_word(f, at, words[i]) == at + 2)
            return true;
    return false;
}

/* The state that ends at @p end; @p ret_from where it begins. */
static struct str state_before(struct scan *s, size_t end, size_t *ret_from)
{
    const struct folded *f = &s->f;
    const struct entity *last = s->found.n > 0 ? &s->found.v[s->found.n - 1] : NULL;
    if (last != NULL && last->kind == ENTITY_REGION && last->to == f->at[end] && !str_has(last->value, STR("/"))) {
        for (*ret_from = end; f->at[*ret_from] > last->from;)
            (*ret_from)--;
        return last->value;
    }
    if (end < 4 || word_end(f, end - 2) < end || (f->cp[end - 3] != ' ' && f->cp[end - 3] != ','))
        return STR_NONE;
    bool comma = f->cp[end - 3] == ',' || f->cp[end - 4] == ',', capitals = is_capital(s, end - 2) && is_capital(s, end - 1);
    if (is_word_too(f, end - 2) && !(comma && capitals))
        return STR_NONE;
    *ret_from = end - 2;
    return state_of(s, end - 2, end);
}

/* ---- towns -------------------------------------------------------------------------------------------------------- */

static size_t before_gap(const struct folded *f, size_t at)
{
    while (at > 0 && (f->cp[at - 1] == ' ' || f->cp[at - 1] == ','))
        at--;
    return at;
}

/* Words before the name of a town that are none of it. */
static bool is_no_town(const struct folded *f, size_t from, size_t to)
{
    static const char *const words[] = {"to", "in", "at", "is", "it", "from", "near", "address", "and", "order", "zip", "code"};
    for (size_t i = 0; i < COUNT(words); i++)
        if (scan_word(f, from, words[i]) == to)
            return true;
    return false;
}

/* Latin letters, with accents or without; Chinese stands before no postcode of these. */
static bool is_of_town(uint32_t c)
{
    return scan_is_letter(c) || c == '\'' || c == '.' || c == '-' || (c >= 0xC0 && c <= 0x24F);
}

/* Where the name that ends at @p end begins: a few words back, of which all have a capital when the last one has. */
static size_t town_from(const struct scan *s, size_t end, size_t floor)
{
    const struct folded *f = &s->f;
    size_t from = end, at = end;
    for (size_t words = 0; words < TOWN_WORDS; words++) {
        size_t word = at;
        while (word > floor && is_of_town(f->cp[word - 1]))
            word--;
        if (word == at || is_no_town(f, word, at) || (words > 0 && is_capital(s, from) && !is_capital(s, word)))
            break;
        from = at = word;
        while (at > floor && f->cp[at - 1] == ' ')
            at--;
    }
    return from;
}

/* Behind what was found last that is no region: no town reaches further back. */
static size_t floor_of(const struct scan *s, size_t at, bool *ret_street)
{
    *ret_street = false;
    for (size_t i = s->found.n; i-- > 0;) {
        if (s->found.v[i].kind == ENTITY_REGION)
            continue;
        size_t floor = at;
        while (floor > 0 && s->f.at[floor] > s->found.v[i].to)
            floor--;
        *ret_street = s->found.v[i].kind == ENTITY_ADDRESS;
        return floor;
    }
    return 0;
}

static void add_place(struct scan *s, size_t from, size_t to, struct str path)
{
    address_drop(s, s->f.at[from], s->f.at[to]);
    struct entity *e = scan_add(s, ENTITY_REGION, from, to);
    e->value = path;
    e->number = 1;
    s->has_region = true;
}

/* ---- postcodes ---------------------------------------------------------------------------------------------------- */

static size_t digits_end(const struct folded *f, size_t at)
{
    while (at < f->n && scan_is_digit(f->cp[at]))
        at++;
    return at;
}

/* Behind the postcode of five digits, or five and four; 0: there is none. */
static size_t zip_end(const struct folded *f, size_t at)
{
    size_t end = digits_end(f, at), more = address_char(f, end) == '-' ? digits_end(f, end + 1) : end;
    if (end - at != ZIP_DIGITS)
        return 0;
    end = more == end + 1 + ZIP_MORE ? more : end;
    return word_end(f, end) == end ? end : 0;
}

size_t address_zip(struct scan *s, size_t at)
{
    size_t end = at > 0 && s->words != NULL ? zip_end(&s->f, at) : 0, state;
    struct str name = end > 0 ? state_before(s, before_gap(&s->f, at), &state) : STR_NONE;
    if (name.n == 0)
        return 0;
    bool street;
    size_t town_end = before_gap(&s->f, state), town = town_from(s, town_end, floor_of(s, town_end, &street));
    if (town == town_end)
        return 0;
    add_place(s, town, end, str_fmt(s->arena, "%.*s/%.*s/%.*s", STR_ARG(name), STR_ARG(text_of(s, town, town_end)),
                                    STR_ARG(text_of(s, at, end))));
    return end;
}

/* The second half of a British postcode; some letters are in none, so that L2 3XL, two sizes, is nearly the only doubt. */
static bool is_inward(const struct folded *f, size_t at)
{
    bool letters = scan_is_letter(address_char(f, at + 1)) && scan_is_letter(address_char(f, at + 2));
    bool size = address_char(f, at + 1) == 'x' && address_char(f, at + 2) == 'l';
    for (size_t i = 1; i < INWARD && letters; i++)
        for (const char *c = "cikmov"; *c != '\0'; c++)
            letters = letters && address_char(f, at + i) != (uint32_t)*c;
    return scan_is_digit(address_char(f, at)) && letters && !size && word_end(f, at + INWARD) == at + INWARD;
}

/* Where the second half of the British postcode at @p at begins; 0: there is none. NW1 6XE, M1 1AE, ec1a1bb. */
static size_t inward_at(const struct folded *f, size_t at)
{
    size_t digit = at;
    while (digit < at + 2 && scan_is_letter(address_char(f, digit)))
        digit++;
    if (digit == at || !scan_is_digit(address_char(f, digit)))
        return 0;
    for (size_t outward = digit + 1; outward <= digit + 2; outward++) {
        size_t inward = scan_spaces(f, outward);
        if (is_inward(f, inward))
            return inward;
        if (word_end(f, outward) == outward)
            break;
    }
    return 0;
}

size_t address_postcode(struct scan *s, size_t at)
{
    const struct folded *f = &s->f;
    size_t inward = at > 0 && s->words != NULL ? inward_at(f, at) : 0;
    bool street;
    if (inward == 0)
        return 0;
    size_t town_end = before_gap(f, at), floor = floor_of(s, town_end, &street), town = town_from(s, town_end, floor);
    if (town == town_end)
        return 0;
    size_t wider = before_gap(f, town); /* Leeds, West Yorkshire */
    if (street && wider > floor)
        town = town_from(s, wider, floor);
    char code[16];
    size_t n = 0;
    for (size_t i = at; i < inward + INWARD; i++) {
        if (i == inward)
            code[n++] = ' ';
        if (f->cp[i] != ' ')
            code[n++] = (char)(scan_is_letter(f->cp[i]) ? f->cp[i] - 32 : f->cp[i]);
    }
    add_place(s, town, inward + INWARD, str_fmt(s->arena, "%.*s/%.*s", STR_ARG(text_of(s, town, town_end)), (int)n, code));
    return inward + INWARD;
}

/* ---- streets ------------------------------------------------------------------------------------------------------ */

/* Apt 4, Unit 12B, #5 behind a street. */
static size_t door_end(const struct scan *s, size_t at)
{
    const struct folded *f = &s->f;
    size_t from = behind_comma(f, at), end;
    if (address_char(f, from) == '#')
        end = from + 1;
    else if (!is_kind(s, from, WORD_DOOR, &end))
        return at;
    from = scan_spaces(f, address_char(f, end) == '.' ? end + 1 : end);
    return word_end(f, from) > from ? word_end(f, from) : at;
}

/* "Austin, TX" or "Austin, Texas 78704" behind a street: a region State/City/ZIP. */
static size_t take_city(struct scan *s, size_t at)
{
    const struct folded *f = &s->f;
    size_t city = behind_comma(f, at), city_end = address_name(s, city), state_end;
    struct str name = state_named(s, behind_comma(f, city_end), &state_end);
    if (name.n == 0) { /* "Austin TX" was taken as one name */
        size_t last = city_end;
        while (last > city && f->cp[last - 1] != ' ')
            last--;
        name = state_named(s, last, &state_end);
        city_end = before_gap(f, last);
    }
    if (name.n == 0 || city_end <= city)
        return at;
    size_t zip = scan_spaces(f, state_end), end = zip_end(f, zip);
    bool zipped = end > 0;
    add_place(s, city, zipped ? end : state_end,
              str_fmt(s->arena, "%.*s/%.*s%s%.*s", STR_ARG(name), STR_ARG(text_of(s, city, city_end)), zipped ? "/" : "",
                      STR_ARG(zipped ? text_of(s, zip, end) : STR_NONE)));
    return zipped ? end : state_end;
}

size_t address_street(struct scan *s, size_t at)
{
    const struct folded *f = &s->f;
    struct number house;
    size_t end = 0, word = 0;
    if (s->words == NULL || !number_at(f, at, &house) || house.is_numeral || house.digits > 6)
        return 0;
    size_t next = word_end(f, house.end);
    for (size_t words = 0; words < ADDRESS_WORDS && word == 0; words++) {
        next = scan_spaces(f, next);
        if (next >= f->n || word_end(f, next) == next)
            return 0;
        if (words > 0 && is_kind(s, next, WORD_STREET, &end))
            word = end;
        next = word_end(f, next);
    }
    if (word == 0)
        return 0;
    word = door_end(s, address_char(f, word) == '.' ? word + 1 : word);
    address_add(s, ENTITY_ADDRESS, at, word, ADDRESS_LIKELY);
    s->has_contact = true;
    return take_city(s, word);
}
