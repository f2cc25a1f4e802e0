/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Inside of net/: what server.c lends to exchange.c. */

#include "net/server.h"

struct sockaddr;

const struct server_config *server_config_of(const struct server *s);
/** Numeric address, IPv4-mapped ones as IPv4. */
void server_address_text(const struct sockaddr *sa, char *ret_text, size_t n);
