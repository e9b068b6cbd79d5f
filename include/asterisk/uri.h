/*
 * URIs and their parts: scheme://user_info@host:port/path?query.  A struct ast_uri is an object, for ao2_ref; the texts
 * of these functions are valid as long as the URI, and NULL for a missing part.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_URI_H
#define ASTERISM_URI_H

#include "asterisk/compiler.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ast_uri;

/* A URI from its parts, any of which may be NULL; NULL when out of memory. */
struct ast_uri *ast_uri_create(const char *scheme, const char *user_info, const char *host, const char *port,
	const char *path, const char *query);
/* A copy of a URI; the given parts replace its own. */
struct ast_uri *ast_uri_copy_replace(const struct ast_uri *uri, const char *scheme, const char *user_info,
	const char *host, const char *port, const char *path, const char *query);

/* The parts of a URI as written, not decoded.  An IPv6 address keeps its brackets, a path has no slash before it. */
const char *ast_uri_scheme(const struct ast_uri *uri);
const char *ast_uri_user_info(const struct ast_uri *uri);
const char *ast_uri_host(const struct ast_uri *uri);
const char *ast_uri_port(const struct ast_uri *uri);
const char *ast_uri_path(const struct ast_uri *uri);
const char *ast_uri_query(const struct ast_uri *uri);
/* Whether the scheme is secure: it ends in s, such as https and wss, but not ws. */
int attribute_pure ast_uri_is_secure(const struct ast_uri *uri);

/* Parses a URI without a fragment; NULL, with an error in the log, when the text is not a URI. */
struct ast_uri *ast_uri_parse(const char *uri);
/* Parses a URI of http or websockets; the default scheme is http or ws, the default port 80, or 443 if secure. */
struct ast_uri *ast_uri_parse_http(const char *uri);
struct ast_uri *ast_uri_parse_websocket(const char *uri);
/* "host:port", or "host" without a port; to be freed with ast_free. */
char *ast_uri_make_host_with_port(const struct ast_uri *uri);

#ifdef __cplusplus
}
#endif

#endif
