/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Forms: a few fields that the bot asks a buyer to fill in, and what the buyer filled in, checked. For what must not be
 * typed into the talk: an address, a phone number, an invoice title.
 *
 *     form_data(a, &form)             → data of a message of kind form, `"form":{…}`, written by a flow
 *     incoming.form_id, incoming.form → what came back; chat/inbox_parts.c has checked it against that message
 *
 * Always true: the values are stored nowhere; what is kept and shown of an answer is masked, also for the bot's own words.
 * A form is answered once, and only while the bot has the conversation. Pure.
 */

#include "base/json.h"

enum form_field_type { FORM_TEXT, FORM_NAME, FORM_PHONE, FORM_REGION, FORM_TEXTAREA };
#define FORM_FIELD_TYPES 5
#define FORM_FIELDS_MOST 12

struct form_field {
    struct str name;     /**< of the value: "phone" */
    struct str label;    /**< for the buyer, in the conversation's language */
    enum form_field_type type;
    bool required;
    int64_t max;         /**< code points; 0: as many as the type takes */
    struct str value;    /**< filled in beforehand; it is stored with the message, so never personal data */
};

struct form {
    struct str id;       /**< unique in the conversation; of its own choosing, e.g. the text of id_new() */
    struct str title;
    struct str submit;   /**< words of the button */
    const struct form_field *fields;
    size_t count;        /**< 1..FORM_FIELDS_MOST */
};

/** `"form":{…}` in @p a: the data of a message of kind MESSAGE_FORM. */
struct str form_data(struct arena *a, const struct form *f);

enum form_answer {
    FORM_OK,
    FORM_MISSING,       /**< a required field is empty */
    FORM_TOO_LONG,
    FORM_BAD_VALUE,     /**< no phone number, no region, control characters, no text */
    FORM_UNKNOWN_FIELD, /**< a value for a field that the form does not have */
};

/** What a buyer filled in, as it goes on. */
struct form_filled {
    struct str values;  /**< JSON {name: text}, trimmed, every field of the form: incoming.form */
    struct str text;    /**< masked, for people: "张* 138****1234 浙江省/杭州市 ****" */
    struct str data;    /**< `"form_answer":{"id","fields":[{"label","text"}]}`, masked */
    struct str field;   /**< name of the field that was refused; empty with FORM_OK */
};
/**
 * Checks @p values against @p form, both as JSON objects (@p form: the value of "form" in the message).
 * @param ret  in @p a; with another answer than FORM_OK only `field` is set
 */
must_use enum form_answer form_check(struct arena *a, const json_t *form, const json_t *values, struct form_filled *ret);
/** "missing", "too_long", … for programs. */
const char *form_answer_name(enum form_answer answer);
/** @p value as people may see it. In @p a. */
struct str form_mask(struct arena *a, enum form_field_type type, struct str value);
