/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes: what is taken has a size within the limits, is no longer than it came, and is clean when cleaned again. */
#include "chat/upload.h"

#include "base/limit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct str raw = {(const char *)data, size}, once, twice;
    struct upload u = {0}, again = {0};
    if (upload_clean(&a, raw, &u, &once) == UPLOAD_OK) {
        assert(u.width * u.height <= LIMIT_IMAGE_PIXELS && u.width >= 0 && u.height >= 0);
        assert((u.width > 0) == upload_is_image(u.type));
        assert(once.n <= size + 64); /* the turn and an end may have been written anew */
        assert(upload_clean(&a, once, &again, &twice) == UPLOAD_OK);
        assert(str_eq(once, twice) && again.width == u.width && again.height == u.height && again.type == u.type);
    }
    arena_done(&a);
    return 0;
}
