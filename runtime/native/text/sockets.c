/*
 * Addresses of names, and system calls with addresses (asterisk/netsock2.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <netdb.h>
#include <netinet/ip.h>

#include "asterisk/netsock2.h"

/* The first address of a list, in an array of all. */
static int copied(struct ast_sockaddr **addrs, const struct addrinfo *list)
{
	const struct addrinfo *each;
	int count = 0;

	for (each = list; each; each = each->ai_next) {
		count++;
	}
	*addrs = ast_calloc((size_t) count, sizeof(**addrs));
	for (count = 0; *addrs && list; list = list->ai_next) {
		memcpy(&(*addrs)[count].ss, list->ai_addr, list->ai_addrlen);
		(*addrs)[count++].len = list->ai_addrlen;
	}
	return *addrs ? count : 0;
}

int ast_sockaddr_resolve(struct ast_sockaddr **addrs, const char *str, int flags, int family)
{
	struct addrinfo hints = { .ai_family = family, .ai_socktype = SOCK_DGRAM }, *list;
	char *text = str ? ast_strdupa(str) : NULL, *host, *port;
	int failed, count;

	*addrs = NULL;
	if (!text || !ast_sockaddr_split_hostport(text, &host, &port, flags)) {
		return 0;
	}
	failed = getaddrinfo(host, port, &hints, &list);
	if (failed) {
		ast_log(LOG_ERROR, "cannot resolve '%s': %s\n", str, gai_strerror(failed));
		return 0;
	}
	count = copied(addrs, list);
	freeaddrinfo(list);
	return count;
}

int ast_sockaddr_resolve_first_af(struct ast_sockaddr *addr, const char *name, int flag, int family)
{
	struct ast_sockaddr *addrs;
	int count = ast_sockaddr_resolve(&addrs, name, flag, family);

	if (count) {
		ast_sockaddr_copy(addr, &addrs[0]);
	}
	ast_free(addrs);
	return !count;
}

/* The bytes of an address; *size is how many, 0 for an unset one. */
static unsigned char *bytes_of(struct ast_sockaddr *addr, size_t *size)
{
	if (ast_sockaddr_is_ipv4(addr)) {
		*size = 4;
		return (unsigned char *) &((struct sockaddr_in *) &addr->ss)->sin_addr;
	}
	*size = ast_sockaddr_is_ipv6(addr) ? 16 : 0;
	return (unsigned char *) &((struct sockaddr_in6 *) &addr->ss)->sin6_addr;
}

int ast_sockaddr_apply_netmask(const struct ast_sockaddr *addr, const struct ast_sockaddr *netmask,
	struct ast_sockaddr *result)
{
	struct ast_sockaddr mask = *netmask;
	size_t size, mask_size, i;
	unsigned char *bytes, *bits = bytes_of(&mask, &mask_size);

	*result = *addr;
	bytes = bytes_of(result, &size);
	if (!size || size != mask_size) {
		return -1;
	}
	for (i = 0; i < size; i++) {
		bytes[i] &= bits[i];
	}
	return 0;
}

int ast_bind(int sockfd, const struct ast_sockaddr *addr)
{
	return bind(sockfd, (const struct sockaddr *) &addr->ss, addr->len);
}

int ast_connect(int sockfd, const struct ast_sockaddr *addr)
{
	return connect(sockfd, (const struct sockaddr *) &addr->ss, addr->len);
}

int ast_accept(int sockfd, struct ast_sockaddr *addr)
{
	addr->len = sizeof(addr->ss);
	return accept(sockfd, (struct sockaddr *) &addr->ss, &addr->len);
}

int ast_getsockname(int sockfd, struct ast_sockaddr *addr)
{
	addr->len = sizeof(addr->ss);
	return getsockname(sockfd, (struct sockaddr *) &addr->ss, &addr->len);
}

ssize_t ast_recvfrom(int sockfd, void *buf, size_t len, int flags, struct ast_sockaddr *src_addr)
{
	src_addr->len = sizeof(src_addr->ss);
	return recvfrom(sockfd, buf, len, flags, (struct sockaddr *) &src_addr->ss, &src_addr->len);
}

ssize_t ast_sendto(int sockfd, const void *buf, size_t len, int flags, const struct ast_sockaddr *dest_addr)
{
	return sendto(sockfd, buf, len, flags, (const struct sockaddr *) &dest_addr->ss, dest_addr->len);
}

int ast_set_qos(int sockfd, int tos, int cos, const char *desc)
{
	struct ast_sockaddr own;
	int is_ipv6 = !ast_getsockname(sockfd, &own) && ast_sockaddr_is_ipv6(&own), failed;

	failed = is_ipv6 ? setsockopt(sockfd, IPPROTO_IPV6, IPV6_TCLASS, &tos, sizeof(tos))
		: setsockopt(sockfd, IPPROTO_IP, IP_TOS, &tos, sizeof(tos));
	if (!failed && cos) {
		failed = setsockopt(sockfd, SOL_SOCKET, SO_PRIORITY, &cos, sizeof(cos));
	}
	if (failed) {
		ast_log(LOG_WARNING, "cannot set the quality of service of %s: %s\n", S_OR(desc, "a socket"), strerror(errno));
	}
	return failed ? -1 : 0;
}

int _ast_sockaddr_to_sin(const struct ast_sockaddr *addr, struct sockaddr_in *sin, const char *file, int line,
	const char *func)
{
	if (!ast_sockaddr_is_ipv4(addr)) {
		ast_log(__LOG_ERROR, file, line, func, "an address is not IPv4\n");
		return 0;
	}
	*sin = *(const struct sockaddr_in *) &addr->ss;
	return sizeof(*sin);
}

void _ast_sockaddr_from_sin(struct ast_sockaddr *addr, const struct sockaddr_in *sin, const char *file, int line,
	const char *func)
{
	(void) file, (void) line, (void) func;
	memset(addr, 0, sizeof(*addr));
	*(struct sockaddr_in *) &addr->ss = *sin;
	addr->len = sizeof(*sin);
}
