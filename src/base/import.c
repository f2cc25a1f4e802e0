/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Import: from bytes of a file to checked rows.
 *
 * How          A record is read byte by byte into one buffer that never grows above LIMIT_IMPORT_LINE; what is longer is
 *              read on and forgotten. A JSONL record is one line. A CSV record ends at the first line end outside quotes
 *              (RFC 4180); TSV has no quotes, so a cell holds neither tab nor line end. Flat cells are turned into JSON
 *              by the type that the kind gives their column, so that both forms meet the same check.
 * Invariants   1. Every record gives exactly one IMPORT_ROW or IMPORT_BAD; nothing is skipped silently but empty lines.
 *              2. Reasons are valid UTF-8, also when they had to be cut.
 */
#include "base/import.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"

/** A key that was seen in the file, and where. */
struct import_key {
    uint64_t hash;
    struct str text;
    int64_t line;
};

static void cut_to_utf8(char *text)
{
    size_t n = strlen(text);
    for (int i = 0; i < 4 && n > 0 && !str_is_utf8((struct str){text, n}); i++)
        text[--n] = '\0';
}

enum row_answer import_refuse(struct import_problem *problem, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(problem->text, sizeof(problem->text), fmt, ap);
    va_end(ap);
    cut_to_utf8(problem->text);
    return ROW_REFUSED;
}

/* ---- shape ------------------------------------------------------------------------------------------------- */

static const struct import_field *field_find(const struct import_field *fields, struct str name)
{
    for (const struct import_field *f = fields; f->name != NULL; f++)
        if (str_eq_c(name, f->name))
            return f;
    return NULL;
}

static size_t text_limit(const struct import_field *f)
{
    return f->max > 0 ? (size_t)f->max : LIMIT_NAME_CHARS;
}

static bool check_text(const json_t *j, const struct import_field *f, struct import_problem *problem)
{
    if (!json_is_string(j)) {
        import_refuse(problem, "\"%s\" must be text", f->name);
        return false;
    }
    size_t n = str_code_points(json_text(j));
    if (n > text_limit(f)) {
        import_refuse(problem, "\"%s\" has %zu characters; at most %zu are allowed", f->name, n, text_limit(f));
        return false;
    }
    if (n < (size_t)f->min) {
        import_refuse(problem, "\"%s\" is empty", f->name);
        return false;
    }
    return true;
}

static bool check_int(const json_t *j, const struct import_field *f, struct import_problem *problem)
{
    if (!json_is_integer(j)) {
        import_refuse(problem, "\"%s\" must be an integer", f->name);
        return false;
    }
    int64_t v = json_integer_value(j);
    bool bounded = f->min != 0 || f->max != 0;
    if (bounded && (v < f->min || v > f->max)) {
        import_refuse(problem, "\"%s\" is %lld; it must be from %lld to %lld", f->name, (long long)v, (long long)f->min,
                      (long long)f->max);
        return false;
    }
    return true;
}

static bool check_time(const json_t *j, const struct import_field *f, struct import_problem *problem)
{
    int64_t at;
    if (time_parse(json_text(j), &at))
        return true;
    import_refuse(problem, "\"%s\" must be a time with an offset, as 2026-11-18T10:02:00+08:00", f->name);
    return false;
}

static bool check_choice(const json_t *j, const struct import_field *f, struct import_problem *problem)
{
    struct str rest = str_from(f->choices), one;
    while (str_cut(&rest, '|', &one))
        if (json_is_string(j) && str_eq(one, json_text(j)))
            return true;
    import_refuse(problem, "\"%s\" must be one of %s", f->name, f->choices);
    return false;
}

static bool check_texts(const json_t *j, const struct import_field *f, struct import_problem *problem)
{
    if (!json_is_array(j)) {
        import_refuse(problem, "\"%s\" must be an array of texts", f->name);
        return false;
    }
    for (size_t i = 0; i < json_array_size(j); i++) {
        const json_t *one = json_array_get(j, i);
        if (!json_is_string(one) || str_code_points(json_text(one)) > text_limit(f)) {
            import_refuse(problem, "\"%s\" must hold texts of at most %zu characters; number %zu is none", f->name,
                          text_limit(f), i + 1);
            return false;
        }
    }
    return true;
}

static bool check_that(bool right, const char *what, const struct import_field *f, struct import_problem *problem)
{
    if (!right)
        import_refuse(problem, "\"%s\" must be %s", f->name, what);
    return right;
}

static bool check_value(const json_t *j, const struct import_field *f, struct import_problem *problem)
{
    if (json_is_null(j) && !f->required)
        return true; /* null says "not given" */
    switch (f->type) {
    case IMPORT_TEXT: return check_text(j, f, problem);
    case IMPORT_INT: return check_int(j, f, problem);
    case IMPORT_BOOL: return check_that(json_is_boolean(j), "true or false", f, problem);
    case IMPORT_TIME: return check_time(j, f, problem);
    case IMPORT_CHOICE: return check_choice(j, f, problem);
    case IMPORT_TEXTS: return check_texts(j, f, problem);
    case IMPORT_OBJECT: return check_that(json_is_object(j), "an object", f, problem);
    case IMPORT_ARRAY: return check_that(json_is_array(j), "an array", f, problem);
    case IMPORT_ANY: return true;
    }
    return false;
}

bool import_check(const json_t *object, const struct import_field *fields, struct import_problem *problem)
{
    if (!json_is_object(object)) {
        import_refuse(problem, "this is no JSON object");
        return false;
    }
    /* jansson's iterator wants a pointer to a changeable object but does not change it */
    json_t *o = (json_t *)(uintptr_t)object;
    for (void *it = json_object_iter(o); it != NULL; it = json_object_iter_next(o, it)) {
        const char *name = json_object_iter_key(it);
        const struct import_field *f = field_find(fields, str_from(name));
        if (f == NULL) {
            import_refuse(problem, "unknown field \"%s\"", name);
            return false;
        }
        if (!check_value(json_object_iter_value(it), f, problem))
            return false;
    }
    for (const struct import_field *f = fields; f->name != NULL; f++) {
        if (f->required && json_object_get(object, f->name) == NULL) {
            import_refuse(problem, "\"%s\" is missing", f->name);
            return false;
        }
    }
    return true;
}

bool import_check_each(const json_t *array, const struct import_field *fields, const char *what, size_t max,
                       struct import_problem *problem)
{
    if (json_array_size(array) > max) {
        import_refuse(problem, "\"%s\" has more than %zu entries", what, max);
        return false;
    }
    for (size_t i = 0; i < json_array_size(array); i++) {
        struct import_problem inner = {.text = ""};
        if (import_check(json_array_get(array, i), fields, &inner))
            continue;
        import_refuse(problem, "%s %zu: %s", what, i + 1, inner.text);
        return false;
    }
    return true;
}

/* ---- records ------------------------------------------------------------------------------------------------ */

static void record_add(struct import_reader *r, int c)
{
    if (r->record.n < LIMIT_IMPORT_LINE)
        buf_char(&r->record, (char)c);
    else
        r->too_long = true;
}

/** Reads one record into r->record, without its line end; false at the end of the file. */
static bool record_read(struct import_reader *r)
{
    bool quotes = r->separator == ',', inside = false;
    int c = EOF;
    r->record.n = 0;
    r->too_long = false;
    r->line = r->next_line;
    int64_t begin = r->bytes;
    while ((c = getc_unlocked(r->file)) != EOF) {
        r->bytes++;
        if (c == '\n') {
            r->next_line++;
            /* a quote that nobody closes must not swallow the file: above the limit the line end wins */
            if (!inside || r->too_long)
                break;
        }
        if (quotes && c == '"')
            inside = !inside;
        record_add(r, c);
    }
    r->open_quote = inside;
    if (r->record.n > 0 && r->record.p[r->record.n - 1] == '\r')
        r->record.n--;
    if (begin == 0 && str_starts(buf_view(&r->record), STR("\xEF\xBB\xBF"))) {
        r->record.n -= 3; /* the byte order mark that Windows editors leave */
        memmove(r->record.p, r->record.p + 3, r->record.n);
    }
    return r->bytes > begin;
}

static bool record_good(const struct import_reader *r, struct import_problem *problem)
{
    if (r->too_long)
        import_refuse(problem, "the line is longer than %d bytes", LIMIT_IMPORT_LINE);
    else if (r->record.n > 0 && memchr(r->record.p, '\0', r->record.n) != NULL)
        import_refuse(problem, "the line holds a NUL byte");
    else if (!str_is_utf8(buf_view(&r->record)))
        import_refuse(problem, "the line is not UTF-8");
    else if (r->open_quote)
        import_refuse(problem, "a quote is opened and not closed");
    else
        return true;
    return false;
}

/* ---- flat rows ---------------------------------------------------------------------------------------------- */

/** Takes the next cell off @p rest. Quotes are taken off and doubled ones halved, in @p a. */
static bool cell_cut(struct arena *a, char separator, struct str *rest, struct str *ret)
{
    if (separator != ',' || rest->n == 0 || rest->p[0] != '"')
        return str_cut(rest, separator, ret);
    struct buf b = {.arena = a};
    size_t i = 1;
    for (; i < rest->n; i++) {
        if (rest->p[i] != '"')
            buf_char(&b, rest->p[i]);
        else if (i + 1 < rest->n && rest->p[i + 1] == '"')
            buf_char(&b, rest->p[i++]);
        else
            break;
    }
    /* what stands between the closing quote and the separator is kept, as spreadsheets do */
    struct str tail, after = str_sub(*rest, i + 1, rest->n);
    bool last = !str_cut(&after, separator, &tail);
    if (!last)
        buf_str(&b, tail);
    *rest = after;
    *ret = buf_view(&b);
    return true;
}

static json_t *texts_from(struct str cell)
{
    json_t *list = json_array();
    struct str one;
    while (str_cut(&cell, '|', &one)) {
        one = str_trim(one);
        if (one.n > 0)
            json_array_append_new(list, json_stringn(one.p, one.n));
    }
    return list;
}

/** The cell as the JSON that its column's type wants; what does not fit stays text, and the check names it. */
static json_t *value_from(const struct import_field *f, struct str cell)
{
    int64_t v;
    switch (f->type) {
    case IMPORT_INT:
        if (str_int(str_trim(cell), &v))
            return json_integer(v);
        break;
    case IMPORT_BOOL:
        if (str_eq_c(cell, "true") || str_eq_c(cell, "1") || str_eq_c(cell, "yes"))
            return json_true();
        if (str_eq_c(cell, "false") || str_eq_c(cell, "0") || str_eq_c(cell, "no"))
            return json_false();
        break;
    case IMPORT_TEXTS:
        return texts_from(cell);
    case IMPORT_OBJECT:
    case IMPORT_ARRAY: {
        json_t *j = json_read(cell, NULL);
        if (j != NULL)
            return j;
        break;
    }
    case IMPORT_TEXT:
    case IMPORT_TIME:
    case IMPORT_CHOICE:
    case IMPORT_ANY:
        break;
    }
    return json_stringn(cell.n > 0 ? cell.p : "", cell.n);
}

static json_t *row_from_cells(struct import_reader *r, struct arena *a, struct import_problem *problem)
{
    _cleanup_(json_donep) json_t *row = json_object();
    struct str rest = buf_view(&r->record), cell;
    size_t i = 0;
    for (; cell_cut(a, r->separator, &rest, &cell); i++) {
        if (i >= r->column_count) {
            import_refuse(problem, "the line has more cells than the %zu columns", r->column_count);
            return NULL;
        }
        const struct import_field *f = field_find(r->kind->fields, r->column[i]);
        assert(f != NULL);
        if (cell.n > 0 || f->required)
            json_object_set_new(row, f->name, value_from(f, cell));
    }
    return steal(&row);
}

/** True when every cell of the record in hand is a known column; then they are the heading. */
static bool heading_take(struct import_reader *r, struct str heading, struct str *ret_unknown)
{
    struct str rest = heading, cell;
    r->column_count = 0;
    char separator = r->separator;
    while (cell_cut(&r->heading, separator, &rest, &cell)) {
        cell = str_trim(cell);
        if (field_find(r->kind->fields, cell) == NULL || r->column_count == IMPORT_COLUMNS) {
            *ret_unknown = str_clip(cell, 40);
            return false;
        }
        r->column[r->column_count++] = str_dup(&r->heading, cell);
    }
    return r->column_count > 0;
}

static bool heading_read(struct import_reader *r, struct import_problem *problem)
{
    struct str unknown = STR_NONE;
    if (!record_read(r))
        return true; /* an empty file has no rows and needs no heading */
    if (record_good(r, problem) && heading_take(r, buf_view(&r->record), &unknown))
        return true;
    if (r->kind->columns == NULL) {
        import_refuse(problem, "line 1 must name the columns; \"%.*s\" is none of %s", STR_ARG(unknown), r->kind->name);
        return false;
    }
    r->column_count = 0;
    struct str rest = str_from(r->kind->columns);
    while (str_cut(&rest, '|', &r->column[r->column_count]))
        r->column_count++;
    r->again = true;
    return true;
}

/* ---- keys --------------------------------------------------------------------------------------------------- */

static void keys_grow(struct import_reader *r)
{
    size_t size = r->table_size > 0 ? r->table_size * 2 : 1024;
    struct import_key *table = xcalloc(size, sizeof(*table));
    for (size_t i = 0; i < r->table_size; i++) {
        if (r->table[i].line == 0)
            continue;
        size_t at = r->table[i].hash & (size - 1);
        while (table[at].line != 0)
            at = (at + 1) & (size - 1);
        table[at] = r->table[i];
    }
    free(r->table);
    r->table = table;
    r->table_size = size;
}

/** Line on which @p text was seen before, or 0, and then it is remembered. */
static int64_t keys_seen(struct import_reader *r, struct str text)
{
    if (2 * r->table_used >= r->table_size)
        keys_grow(r);
    uint64_t hash = str_hash(text);
    size_t at = hash & (r->table_size - 1);
    for (; r->table[at].line != 0; at = (at + 1) & (r->table_size - 1))
        if (r->table[at].hash == hash && str_eq(r->table[at].text, text))
            return r->table[at].line;
    r->table[at] = (struct import_key){hash, str_dup(&r->keys, text), r->line};
    r->table_used++;
    return 0;
}

static bool key_is_new(struct import_reader *r, struct arena *a, const json_t *row, struct import_problem *problem)
{
    struct buf key = {.arena = a};
    for (size_t i = 0; i < COUNT(r->kind->key) && r->kind->key[i] != NULL; i++) {
        buf_str(&key, json_str(row, r->kind->key[i]));
        buf_char(&key, '\0'); /* no text holds one, so two members cannot pass for another two */
    }
    if (key.n == 0)
        return true;
    int64_t line = keys_seen(r, buf_view(&key));
    if (line == 0)
        return true;
    import_refuse(problem, "the same %s as on line %lld", r->kind->key[1] != NULL ? r->kind->key[1] : r->kind->key[0],
                  (long long)line);
    return false;
}

/* ---- JSON rows ---------------------------------------------------------------------------------------------- */

/** Depth of brackets outside strings: known before the parser recurses. */
static int depth_of(struct str text)
{
    int depth = 0, most = 0;
    bool inside = false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (inside && c == '\\')
            i++;
        else if (c == '"')
            inside = !inside;
        else if (!inside && (c == '{' || c == '[')) {
            depth++;
            most = MAX(most, depth);
        } else if (!inside && (c == '}' || c == ']'))
            depth--;
    }
    return most;
}

static json_t *row_from_json(struct import_reader *r, struct import_problem *problem)
{
    char why[160] = "";
    if (depth_of(buf_view(&r->record)) > LIMIT_JSON_DEPTH) {
        import_refuse(problem, "the row is nested deeper than %d", LIMIT_JSON_DEPTH);
        return NULL;
    }
    json_t *row = json_read(buf_view(&r->record), why);
    if (row == NULL) {
        const char *column = strstr(why, "column"); /* jansson's own line number is always 1 here */
        import_refuse(problem, "not JSON, %s", column != NULL ? column : why);
    }
    return row;
}

/* ---- the reader --------------------------------------------------------------------------------------------- */

static char separator_of(const struct import_kind *kind, FILE *file, const char *name)
{
    static const struct {
        const char *ending;
        char separator;
    } forms[] = {{".jsonl", 0}, {".json", 0}, {".ndjson", 0}, {".csv", ','}, {".tsv", '\t'}, {".txt", '\t'}};
    for (size_t i = 0; i < COUNT(forms); i++)
        if (str_ends(str_from(name), str_from(forms[i].ending)))
            return forms[i].separator;
    int c = getc_unlocked(file);
    if (c != EOF)
        ungetc(c, file);
    return c == '{' || c == EOF || !kind->flat ? 0 : '\t';
}

bool import_reader_start(struct import_reader *r, const struct import_kind *kind, FILE *file, const char *name,
                         struct import_problem *problem)
{
    *r = (struct import_reader){.kind = kind, .file = file, .next_line = 1};
    r->separator = separator_of(kind, file, name);
    if (r->separator == 0)
        return true;
    if (!kind->flat) {
        import_refuse(problem, "%s come as JSONL only: one JSON object a line", kind->name);
        return false;
    }
    return heading_read(r, problem);
}

static void give_shop(const struct import_reader *r, json_t *row)
{
    if (r->shop.n > 0 && field_find(r->kind->fields, STR("shop")) != NULL && json_is_object(row) &&
        json_object_get(row, "shop") == NULL)
        json_object_set_new(row, "shop", json_stringn(r->shop.p, r->shop.n));
}

enum import_next import_reader_next(struct import_reader *r, struct arena *a, json_t **ret_row,
                                    struct import_problem *problem)
{
    do {
        if (r->again)
            r->again = false;
        else if (!record_read(r))
            return IMPORT_END;
    } while (str_trim(buf_view(&r->record)).n == 0 && !r->too_long);

    if (++r->rows > LIMIT_IMPORT_ROWS) {
        import_refuse(problem, "the file has more than %d rows: import it in parts", LIMIT_IMPORT_ROWS);
        return IMPORT_BAD;
    }
    if (!record_good(r, problem))
        return IMPORT_BAD;
    _cleanup_(json_donep) json_t *row =
        r->separator == 0 ? row_from_json(r, problem) : row_from_cells(r, a, problem);
    if (row != NULL)
        give_shop(r, row);
    if (row == NULL || !import_check(row, r->kind->fields, problem) || !key_is_new(r, a, row, problem))
        return IMPORT_BAD;
    *ret_row = steal(&row);
    return IMPORT_ROW;
}

void import_reader_done(struct import_reader *r)
{
    buf_done(&r->record);
    arena_done(&r->heading);
    arena_done(&r->keys);
    free(r->table);
    *r = (struct import_reader){0};
}
