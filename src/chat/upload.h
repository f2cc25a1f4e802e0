/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Uploads: photos and documents that buyers send as evidence. What a file is, is told by its bytes, never by its name or by
 * what a client says of it; what it says of the person who took it (place, time, device, comments, hidden pictures) is cut out
 * before it is kept. Only the turn of a photo stays, because without it the picture lies on its side. Pure.
 */

#include "base/json.h"

enum upload_type { UPLOAD_JPEG, UPLOAD_PNG, UPLOAD_GIF, UPLOAD_WEBP, UPLOAD_PDF }; /**< stored by their MIME names */
#define UPLOAD_TYPES 5

/** An upload as it is stored; the bytes are a file of their own (chat/upload_service.h). */
struct upload {
    int64_t tenant_id, id;
    int64_t contact_id;            /**< the buyer who sent it */
    enum upload_type type;
    int64_t bytes, width, height;  /**< as kept; in pixels as shown; 0: a document */
    int64_t at_ms;
    int64_t conversation_id, seq;  /**< the first message that shows it; 0: none yet */
};

enum upload_answer {
    UPLOAD_OK,
    UPLOAD_UNKNOWN_TYPE, /**< none of those above */
    UPLOAD_BROKEN,       /**< its structure does not hold */
    UPLOAD_TOO_LARGE,    /**< more bytes, or more pixels, than are taken */
    UPLOAD_TOO_MANY,     /**< this buyer sent as many as it may within the hour */
    UPLOAD_NOT_FOUND,    /**< not there, or not this actor's: callers must not tell which */
    UPLOAD_FAULT = -1,   /**< disk or database; logged where it happened */
};

/**
 * Looks at @p raw and takes out of it what is nobody's business.
 * @param ret        type, width and height; the rest untouched
 * @param ret_clean  what is to be kept: @p raw itself or a copy in @p a
 * @return UPLOAD_OK, UPLOAD_UNKNOWN_TYPE, UPLOAD_BROKEN or UPLOAD_TOO_LARGE
 */
must_use enum upload_answer upload_clean(struct arena *a, struct str raw, struct upload *ret, struct str *ret_clean);

/** "image/jpeg". */
const char *upload_type_name(enum upload_type t);
bool upload_type_from_name(struct str name, enum upload_type *ret);
bool upload_is_image(enum upload_type t);
/** `"image":{…}`, or `"file":{…}` of a document: what the message that shows it holds. In @p a. */
struct str upload_data(struct arena *a, const struct upload *u);
