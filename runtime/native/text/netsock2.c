/*
 * Addresses of sockets (asterisk/netsock2.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <netdb.h>

#include "asterisk/netsock2.h"
#include "asterisk/threadstorage.h"

AST_THREADSTORAGE(address_text);

static const struct sockaddr_in *v4(const struct ast_sockaddr *addr)
{
	return (const struct sockaddr_in *) &addr->ss;
}

static const struct sockaddr_in6 *v6(const struct ast_sockaddr *addr)
{
	return (const struct sockaddr_in6 *) &addr->ss;
}

int ast_sockaddr_is_ipv4(const struct ast_sockaddr *addr)
{
	return !ast_sockaddr_isnull(addr) && addr->ss.ss_family == AF_INET && addr->len == sizeof(struct sockaddr_in);
}

int ast_sockaddr_is_ipv6(const struct ast_sockaddr *addr)
{
	return !ast_sockaddr_isnull(addr) && addr->ss.ss_family == AF_INET6 && addr->len == sizeof(struct sockaddr_in6);
}

int ast_sockaddr_is_ipv4_mapped(const struct ast_sockaddr *addr)
{
	return ast_sockaddr_is_ipv6(addr) && IN6_IS_ADDR_V4MAPPED(&v6(addr)->sin6_addr);
}

int ast_sockaddr_is_ipv6_link_local(const struct ast_sockaddr *addr)
{
	return ast_sockaddr_is_ipv6(addr) && IN6_IS_ADDR_LINKLOCAL(&v6(addr)->sin6_addr);
}

int ast_sockaddr_is_any(const struct ast_sockaddr *addr)
{
	return (ast_sockaddr_is_ipv4(addr) && v4(addr)->sin_addr.s_addr == htonl(INADDR_ANY))
		|| (ast_sockaddr_is_ipv6(addr) && IN6_IS_ADDR_UNSPECIFIED(&v6(addr)->sin6_addr));
}

int ast_sockaddr_ipv4_mapped(const struct ast_sockaddr *addr, struct ast_sockaddr *ast_mapped)
{
	struct sockaddr_in plain = { .sin_family = AF_INET };

	if (!ast_sockaddr_is_ipv4_mapped(addr)) {
		return 0;
	}
	memcpy(&plain.sin_addr, &v6(addr)->sin6_addr.s6_addr[12], sizeof(plain.sin_addr));
	plain.sin_port = v6(addr)->sin6_port;
	ast_sockaddr_setnull(ast_mapped);
	memcpy(&ast_mapped->ss, &plain, sizeof(plain));
	ast_mapped->len = sizeof(plain);
	return 1;
}

/* The address itself, or the IPv4 one that it maps, in room. */
static const struct ast_sockaddr *plain(const struct ast_sockaddr *addr, struct ast_sockaddr *room)
{
	return ast_sockaddr_ipv4_mapped(addr, room) ? room : addr;
}

static int sign(int n)
{
	return n < 0 ? -1 : n > 0;
}

int ast_sockaddr_cmp_addr(const struct ast_sockaddr *a, const struct ast_sockaddr *b)
{
	struct ast_sockaddr room_a, room_b;

	if (ast_sockaddr_isnull(a) || ast_sockaddr_isnull(b)) {
		return ast_sockaddr_isnull(b) - ast_sockaddr_isnull(a);
	}
	a = plain(a, &room_a);
	b = plain(b, &room_b);
	if (a->len != b->len) {
		return a->len < b->len ? -1 : 1;
	}
	if (ast_sockaddr_is_ipv4(a)) {
		return sign(memcmp(&v4(a)->sin_addr, &v4(b)->sin_addr, sizeof(struct in_addr)));
	}
	return ast_sockaddr_is_ipv6(a) ? sign(memcmp(&v6(a)->sin6_addr, &v6(b)->sin6_addr, sizeof(struct in6_addr))) : 0;
}

int ast_sockaddr_cmp(const struct ast_sockaddr *a, const struct ast_sockaddr *b)
{
	int order = ast_sockaddr_cmp_addr(a, b);

	if (order || ast_sockaddr_isnull(a)) {
		return order;
	}
	return sign(ast_sockaddr_port(a) - ast_sockaddr_port(b));
}

int ast_sockaddr_hash(const struct ast_sockaddr *addr)
{
	uint32_t hash = 0;

	if (ast_sockaddr_is_ipv4(addr)) {
		hash = v4(addr)->sin_addr.s_addr;
	} else if (ast_sockaddr_is_ipv6(addr)) {
		memcpy(&hash, &v6(addr)->sin6_addr.s6_addr[12], sizeof(hash));
	}
	return (int) hash;
}

uint32_t ast_sockaddr_ipv4(const struct ast_sockaddr *addr)
{
	return ast_sockaddr_is_ipv4(addr) ? ntohl(v4(addr)->sin_addr.s_addr) : 0;
}

uint16_t _ast_sockaddr_port(const struct ast_sockaddr *addr, const char *file, int line, const char *func)
{
	if (ast_sockaddr_is_ipv4(addr)) {
		return ntohs(v4(addr)->sin_port);
	}
	if (ast_sockaddr_is_ipv6(addr)) {
		return ntohs(v6(addr)->sin6_port);
	}
	ast_log(__LOG_ERROR, file, line, func, "cannot read the port: the address is not valid\n");
	return 0;
}

void _ast_sockaddr_set_port(struct ast_sockaddr *addr, uint16_t port, const char *file, int line, const char *func)
{
	if (ast_sockaddr_is_ipv4(addr)) {
		((struct sockaddr_in *) &addr->ss)->sin_port = htons(port);
	} else if (ast_sockaddr_is_ipv6(addr)) {
		((struct sockaddr_in6 *) &addr->ss)->sin6_port = htons(port);
	} else {
		ast_log(__LOG_ERROR, file, line, func, "cannot set the port: the address is not valid\n");
	}
}

char *ast_sockaddr_stringify_fmt(const struct ast_sockaddr *addr, int format)
{
	struct ast_sockaddr room;
	char host[NI_MAXHOST] = "", port[NI_MAXSERV] = "";
	struct ast_str *text;
	int error, bracketed;

	if (ast_sockaddr_isnull(addr)) {
		return (char *) "(null)";
	}
	text = ast_str_thread_get(&address_text, AST_SOCKADDR_BUFLEN);
	if (!text) {
		return (char *) "";
	}
	addr = plain(addr, &room);
	error = getnameinfo((const struct sockaddr *) &addr->ss, addr->len, host, sizeof(host), port, sizeof(port),
		NI_NUMERICHOST | NI_NUMERICSERV);
	if (error) {
		ast_log(LOG_ERROR, "cannot format an address: %s\n", gai_strerror(error));
		return (char *) "";
	}
	if ((format & AST_SOCKADDR_STR_REMOTE) && ast_sockaddr_is_ipv6_link_local(addr)) {
		host[strcspn(host, "%")] = '\0';
	}
	switch (format & AST_SOCKADDR_STR_FORMAT_MASK) {
	case AST_SOCKADDR_STR_ADDR:
		ast_str_set(&text, 0, "%s", host);
		break;
	case AST_SOCKADDR_STR_PORT:
		ast_str_set(&text, 0, "%s", port);
		break;
	case AST_SOCKADDR_STR_HOST:
	case AST_SOCKADDR_STR_DEFAULT:
		bracketed = ast_sockaddr_is_ipv6(addr);
		ast_str_set(&text, 0, "%s%s%s%s%s", bracketed ? "[" : "", host, bracketed ? "]" : "",
			format & AST_SOCKADDR_STR_PORT ? ":" : "", format & AST_SOCKADDR_STR_PORT ? port : "");
		break;
	default:
		ast_log(LOG_ERROR, "cannot format an address: unknown format %d\n", format);
		return (char *) "";
	}
	return ast_str_buffer(text);
}

/* Where the host ends; *port is what follows it, or NULL. */
static char *end_of_host(char *host, char **port)
{
	char *colon = strchr(host, ':');

	if (colon && strchr(colon + 1, ':')) {
		colon = NULL;	/* Several colons and no brackets: all of it is an IPv6 address. */
	}
	*port = colon ? colon + 1 : NULL;
	return colon;
}

int ast_sockaddr_split_hostport(char *str, char **host, char **port, int flags)
{
	char *end;

	*host = *port = NULL;
	if (!str) {
		ast_log(LOG_WARNING, "cannot parse an address: it is NULL\n");
		return 0;
	}
	if (*str == '[') {
		*host = str + 1;
		end = strchr(*host, ']');
		*port = end && end[1] == ':' ? end + 2 : NULL;
	} else {
		*host = str;
		end = end_of_host(str, port);
	}
	switch (flags & PARSE_PORT_MASK) {
	case PARSE_PORT_IGNORE:
		*port = NULL;
		break;
	case PARSE_PORT_REQUIRE:
		if (!*port) {
			ast_log(LOG_WARNING, "the address '%s' has no port\n", str);
			return 0;
		}
		break;
	case PARSE_PORT_FORBID:
		if (*port) {
			ast_log(LOG_WARNING, "the address '%s' has a port, which is not allowed here\n", str);
			return 0;
		}
		break;
	}
	if (end) {
		*end = '\0';
	}
	return 1;
}

int ast_sockaddr_parse(struct ast_sockaddr *addr, const char *str, int flags)
{
	/* A fixed socket type, so that each address is listed once. */
	struct addrinfo hints = { .ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV };
	struct addrinfo *found;
	char *copy = ast_strdupa(S_OR(str, "")), *host, *port;
	int error;

	if (!ast_sockaddr_split_hostport(copy, &host, &port, flags)) {
		return 0;
	}
	error = ast_strlen_zero(host) ? EAI_NONAME : getaddrinfo(host, port, &hints, &found);
	if (error) {
		/* A host name is not an error: the caller may resolve it next. */
		if (error != EAI_NONAME) {
			ast_log(LOG_ERROR, "cannot parse the address '%s': %s\n", str, gai_strerror(error));
		}
		return 0;
	}
	if (addr) {
		memset(addr, 0, sizeof(*addr));
		addr->len = found->ai_addrlen;
		memcpy(&addr->ss, found->ai_addr, found->ai_addrlen);
	}
	freeaddrinfo(found);
	return 1;
}

const char *ast_transport2str(enum ast_transport transport)
{
	switch (transport) {
	case AST_TRANSPORT_UDP:
		return "UDP";
	case AST_TRANSPORT_TCP:
		return "TCP";
	case AST_TRANSPORT_TLS:
		return "TLS";
	case AST_TRANSPORT_WS:
		return "WS";
	case AST_TRANSPORT_WSS:
		return "WSS";
	}
	return "Undefined";
}
