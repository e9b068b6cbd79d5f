/*
 * URIs taken apart (asterisk/uri.h), as RFC 3986 divides them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/astobj2.h"
#include "asterisk/uri.h"

enum part { SCHEME, USER_INFO, HOST, PORT, PATH, QUERY, PARTS };

/* A part of a text; at is NULL for a missing part. */
struct piece {
	const char *at;
	size_t size;
};

struct ast_uri {
	const char *parts[PARTS];
	char room[];
};

static struct ast_uri *new_uri(const struct piece pieces[PARTS])
{
	struct ast_uri *uri;
	size_t size = 0;
	char *to;
	int i;

	for (i = 0; i < PARTS; i++) {
		size += pieces[i].at ? pieces[i].size + 1 : 0;
	}
	uri = ao2_alloc_options(sizeof(*uri) + size, NULL, AO2_ALLOC_OPT_LOCK_NOLOCK);
	if (!uri) {
		return NULL;
	}
	to = uri->room;	/* The buffer is zeroed. */
	for (i = 0; i < PARTS; i++) {
		if (pieces[i].at) {
			uri->parts[i] = memcpy(to, pieces[i].at, pieces[i].size);
			to += pieces[i].size + 1;
		}
	}
	return uri;
}

static struct piece whole(const char *text)
{
	return (struct piece) { text, text ? strlen(text) : 0 };
}

struct ast_uri *ast_uri_create(const char *scheme, const char *user_info, const char *host, const char *port,
	const char *path, const char *query)
{
	const struct piece pieces[PARTS] = {
		whole(scheme), whole(user_info), whole(host), whole(port), whole(path), whole(query),
	};

	return new_uri(pieces);
}

struct ast_uri *ast_uri_copy_replace(const struct ast_uri *uri, const char *scheme, const char *user_info,
	const char *host, const char *port, const char *path, const char *query)
{
	return ast_uri_create(scheme ? scheme : uri->parts[SCHEME], user_info ? user_info : uri->parts[USER_INFO],
		host ? host : uri->parts[HOST], port ? port : uri->parts[PORT], path ? path : uri->parts[PATH],
		query ? query : uri->parts[QUERY]);
}

const char *ast_uri_scheme(const struct ast_uri *uri)
{
	return uri->parts[SCHEME];
}

const char *ast_uri_user_info(const struct ast_uri *uri)
{
	return uri->parts[USER_INFO];
}

const char *ast_uri_host(const struct ast_uri *uri)
{
	return uri->parts[HOST];
}

const char *ast_uri_port(const struct ast_uri *uri)
{
	return uri->parts[PORT];
}

const char *ast_uri_path(const struct ast_uri *uri)
{
	return uri->parts[PATH];
}

const char *ast_uri_query(const struct ast_uri *uri)
{
	return uri->parts[QUERY];
}

int ast_uri_is_secure(const struct ast_uri *uri)
{
	const char *scheme = uri->parts[SCHEME];

	/* The s of ws is not that of wss. */
	return !ast_strlen_zero(scheme) && strcasecmp(scheme, "ws") && scheme[strlen(scheme) - 1] == 's';
}

/* ---- parsing ---- */

/* Splits user_info@host:port.  Gives NULL, or the fault. */
static const char *divide_authority(struct piece pieces[PARTS], const char *at, const char *end)
{
	const char *user_end = memrchr(at, '@', (size_t) (end - at)), *host_end;

	if (user_end) {
		pieces[USER_INFO] = (struct piece) { at, (size_t) (user_end - at) };
		at = user_end + 1;
	}
	host_end = at;
	if (at < end && *at == '[') {
		host_end = memchr(at, ']', (size_t) (end - at));
		if (!host_end) {
			return "a bracket is not closed";
		}
		host_end++;
	}
	host_end += strcspn(host_end, ":/?#");
	pieces[HOST] = (struct piece) { at, (size_t) (host_end - at) };
	if (host_end == at) {
		return "the host is missing";
	}
	if (host_end < end) {
		pieces[PORT] = (struct piece) { host_end + 1, (size_t) (end - host_end - 1) };
		if (strspn(host_end + 1, "0123456789") != pieces[PORT].size) {
			return "the port is not a number";
		}
	}
	return NULL;
}

/* Splits a text.  Gives NULL, or the fault. */
static const char *divide(struct piece pieces[PARTS], const char *text)
{
	const char *at = strstr(text, "://"), *end, *why;

	for (end = text; *end; end++) {
		if ((unsigned char) *end <= ' ' || *end == 0x7f) {
			return "a blank or control character is not allowed";
		}
	}
	if (at && at == text + strcspn(text, ":/?#@[")) {
		pieces[SCHEME] = (struct piece) { text, (size_t) (at - text) };
		text = at + 3;
	}
	end = text + strcspn(text, "/?#");
	why = divide_authority(pieces, text, end);
	if (*end == '/') {
		end++;
		pieces[PATH] = (struct piece) { end, strcspn(end, "?#") };
		end += pieces[PATH].size;
	}
	if (*end == '?') {
		pieces[QUERY] = (struct piece) { end + 1, strcspn(end + 1, "#") };
	}
	return why;
}

struct ast_uri *ast_uri_parse(const char *uri)
{
	struct piece pieces[PARTS] = { { NULL, 0 } };
	const char *why = divide(pieces, uri);

	if (why) {
		ast_log(LOG_ERROR, "'%s' is not a URI: %s\n", uri, why);
		return NULL;
	}
	return new_uri(pieces);
}

static struct ast_uri *parse_of(const char *text, const char *scheme)
{
	struct ast_uri *uri = ast_uri_parse(text), *complete;

	if (!uri) {
		return NULL;
	}
	if (!uri->parts[SCHEME] || ast_strlen_zero(uri->parts[PORT])) {
		complete = ast_uri_copy_replace(uri, uri->parts[SCHEME] ? NULL : scheme, NULL, NULL,
			!ast_strlen_zero(uri->parts[PORT]) ? NULL : ast_uri_is_secure(uri) ? "443" : "80", NULL, NULL);
		ao2_ref(uri, -1);
		uri = complete;
	}
	return uri;
}

struct ast_uri *ast_uri_parse_http(const char *uri)
{
	return parse_of(uri, "http");
}

struct ast_uri *ast_uri_parse_websocket(const char *uri)
{
	return parse_of(uri, "ws");
}

char *ast_uri_make_host_with_port(const struct ast_uri *uri)
{
	const char *host = uri->parts[HOST], *port = uri->parts[PORT];
	char *text = NULL;

	return ast_asprintf(&text, "%s%s%s", S_OR(host, ""), port ? ":" : "", S_OR(port, "")) < 0 ? NULL : text;
}
