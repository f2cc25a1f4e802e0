/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entities.
 *
 * How          Each character says which rules can begin there (a digit, a letter, a numeral, a word of the lexicon), and
 *              these are tried in order; the first that matches takes the place and the scan goes on behind it. A rule sees
 *              the whole folded text, so it may look back ("身高" before 165). At the end what needs all of the text is
 *              settled: which Friday, which 西湖区, where the street ends.
 * Cost         A character that nothing begins with costs a look into two filters (nlu/lexicon.c).
 * Not goals    Calendar dates: what day it is belongs to the caller, who asks when_interval().
 */
#include "nlu/entity.h"

#include "nlu/address.h"
#include "nlu/code.h"
#include "nlu/measure.h"
#include "nlu/number.h"
#include "nlu/region.h"
#include "nlu/when_scan.h"

static size_t take_colour(struct scan *s, size_t at)
{
    size_t end = 0;
    const struct lexicon_entry *e = lexicon_at(s->words, &s->f, at, &end);
    scan_add(s, ENTITY_COLOUR, at, end)->value = e->value.n > 0 ? e->value : e->word;
    return end;
}

/* A plain word is listed to be stepped over: 红包 is no colour. */
static size_t take_plain(struct scan *s, size_t at)
{
    size_t end = 0;
    (void)lexicon_at(s->words, &s->f, at, &end); /* it stands there */
    return end;
}

static size_t take_time(struct scan *s, size_t at)
{
    size_t end = when_take(s, at);
    s->has_date = s->has_date || end != 0;
    return end;
}

/* What a word of the lexicon begins. */
static take_fn *const kinds[WORD_KINDS] = {
    [WORD_COLOUR] = take_colour, [WORD_REGION] = region_take, [WORD_PLAIN] = take_plain, [WORD_LABEL] = address_label,
    [WORD_DATE] = take_time,     [WORD_LEAD] = take_time,     [WORD_HOURS] = take_time,  [WORD_WEEK] = take_time,
    [WORD_WEEKDAY] = take_time,  [WORD_MONTH] = take_time,    [WORD_NUMBER] = take_time,
};

static size_t take_word(struct scan *s, size_t at)
{
    size_t end = 0;
    const struct lexicon_entry *e = s->words != NULL ? lexicon_at(s->words, &s->f, at, &end) : NULL;
    return e != NULL && kinds[e->is] != NULL ? kinds[e->is](s, at) : 0;
}

static take_fn *const at_digit[] = {
    address_zip,  code_phone,   take_word,     address_street, take_time, measure_body, measure_metres, measure_feet,
    measure_named, measure_unit, code_size,      code_digits,  NULL,
};
static take_fn *const at_letter[] = {address_postcode, take_word, code_size, code_number, NULL};
static take_fn *const at_numeral[] = {take_word, take_time, measure_metres, measure_unit, NULL};
static take_fn *const at_han[] = {take_word, NULL};
static take_fn *const at_sign[] = {measure_price, code_phone, NULL};
static take_fn *const nowhere[] = {NULL};

static bool inside_word(const struct folded *f, size_t at)
{
    return at > 0 && f->cp[at] < 0x80 && f->cp[at - 1] < 0x80 && normalise_class(f->cp[at]) == CHAR_WORD &&
           normalise_class(f->cp[at - 1]) == CHAR_WORD;
}

static take_fn *const *rules_at(const struct folded *f, size_t at)
{
    uint32_t c = f->cp[at];
    if (c >= 0x2E80)
        return number_begins(c) || c == U'半' ? at_numeral : c == 0xFFE5 ? at_sign : at_han;
    if (inside_word(f, at))
        return nowhere;
    if (scan_is_digit(c))
        return at_digit;
    if (scan_is_letter(c))
        return at_letter;
    if (c == 0xA5 || c == '$' || c == 0x20AC || c == 0xA3 || c == '+' || c == '(')
        return at_sign;
    return c >= 0x80 ? at_han : nowhere;
}

size_t entity_find_folded(struct arena *a, struct str text, const struct folded *f, const struct lexicon *words, bool jin,
                          struct entity **ret)
{
    struct scan s = {.arena = a, .text = text, .f = *f, .words = words, .jin = jin};
    for (size_t at = 0; at < s.f.n;) {
        size_t end = 0;
        for (take_fn *const *rule = rules_at(&s.f, at); *rule != NULL && end == 0; rule++)
            end = (*rule)(&s, at);
        at = end > at ? end : at + 1;
    }
    if (s.has_region)
        region_settle(&s);
    if (s.has_region || s.has_contact)
        address_settle(&s);
    if (s.has_date)
        when_settle(&s);
    *ret = s.found.v;
    return s.found.n;
}

size_t entity_find(struct arena *a, struct str text, const struct lexicon *words, bool jin, struct entity **ret)
{
    struct folded f;
    normalise_fold(a, text, &f);
    return entity_find_folded(a, text, &f, words, jin, ret);
}

const char *entity_kind_name(enum entity_kind k)
{
    switch (k) {
    case ENTITY_ORDER_NO: return "order_no";
    case ENTITY_TRACKING_NO: return "tracking_no";
    case ENTITY_PHONE: return "phone";
    case ENTITY_MONEY: return "money";
    case ENTITY_QUANTITY: return "quantity";
    case ENTITY_HEIGHT: return "height";
    case ENTITY_WEIGHT: return "weight";
    case ENTITY_FOOT: return "foot";
    case ENTITY_SIZE: return "size";
    case ENTITY_COLOUR: return "colour";
    case ENTITY_DATE: return "date";
    case ENTITY_REGION: return "region";
    case ENTITY_PERSON: return "person";
    case ENTITY_ADDRESS: return "address";
    }
    return "unknown";
}
