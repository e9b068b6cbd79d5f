/*
 * Socket addresses, for other headers and for reporting addresses.
 *
 * Not supported: multicast.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_NETSOCK2_H
#define ASTERISM_NETSOCK2_H

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "asterisk/logger.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The size of the longest address as text, with brackets, port and NUL. */
#define AST_SOCKADDR_BUFLEN (45 + 2 + 1 + 5 + 1)

enum {
	AST_AF_UNSPEC = AF_UNSPEC,
	AST_AF_INET = AF_INET,
	AST_AF_INET6 = AF_INET6,
};

/* A set of these can stand in a configuration, one of them with a connection. */
enum ast_transport {
	AST_TRANSPORT_UDP = 1,
	AST_TRANSPORT_TCP = 1 << 1,
	AST_TRANSPORT_TLS = 1 << 2,
	AST_TRANSPORT_WS = 1 << 3,
	AST_TRANSPORT_WSS = 1 << 4,
};

struct ast_sockaddr {
	struct sockaddr_storage ss;
	socklen_t len;	/* The length of ss; 0: no address. */
};

/* Whether an address is unset; unsets an address. */
static inline int ast_sockaddr_isnull(const struct ast_sockaddr *addr)
{
	return !addr || addr->len == 0;
}

static inline void ast_sockaddr_setnull(struct ast_sockaddr *addr)
{
	addr->len = 0;
}

/* dst = src, with a length of len bytes. */
static inline void ast_sockaddr_copy_sockaddr(struct ast_sockaddr *dst, struct sockaddr *src, socklen_t len)
{
	memcpy(dst, src, len);
	dst->len = len;
}

static inline void ast_sockaddr_copy(struct ast_sockaddr *dst, const struct ast_sockaddr *src)
{
	memcpy(dst, src, src->len);
	dst->len = src->len;
}

/* The IPv4 address that an IPv6 address maps, with the port: 1, or 0 when it is not a mapped address. */
int ast_sockaddr_ipv4_mapped(const struct ast_sockaddr *addr, struct ast_sockaddr *ast_mapped);

/* Compares addresses, with or without ports: -1, 0 or 1; an IPv4 address equals its mapped IPv6 form. */
int ast_sockaddr_cmp(const struct ast_sockaddr *a, const struct ast_sockaddr *b);
int ast_sockaddr_cmp_addr(const struct ast_sockaddr *a, const struct ast_sockaddr *b);

/* What to write: REMOTE leaves out the scope (%eth0) of a link-local address. */
#define AST_SOCKADDR_STR_ADDR (1 << 0)
#define AST_SOCKADDR_STR_PORT (1 << 1)
#define AST_SOCKADDR_STR_BRACKETS (1 << 2)
#define AST_SOCKADDR_STR_REMOTE (1 << 3)
#define AST_SOCKADDR_STR_HOST (AST_SOCKADDR_STR_ADDR | AST_SOCKADDR_STR_BRACKETS)
#define AST_SOCKADDR_STR_DEFAULT (AST_SOCKADDR_STR_ADDR | AST_SOCKADDR_STR_PORT)
#define AST_SOCKADDR_STR_ADDR_REMOTE (AST_SOCKADDR_STR_ADDR | AST_SOCKADDR_STR_REMOTE)
#define AST_SOCKADDR_STR_HOST_REMOTE (AST_SOCKADDR_STR_HOST | AST_SOCKADDR_STR_REMOTE)
#define AST_SOCKADDR_STR_DEFAULT_REMOTE (AST_SOCKADDR_STR_DEFAULT | AST_SOCKADDR_STR_REMOTE)
#define AST_SOCKADDR_STR_FORMAT_MASK (AST_SOCKADDR_STR_ADDR | AST_SOCKADDR_STR_PORT | AST_SOCKADDR_STR_BRACKETS)

/* An address as text, in a buffer of this thread that the next call overwrites; "(null)" when unset, "" on failure. */
char *ast_sockaddr_stringify_fmt(const struct ast_sockaddr *addr, int format);

/* "192.0.2.1:5060", "[2001:db8::1]:5060". */
static inline char *ast_sockaddr_stringify(const struct ast_sockaddr *addr)
{
	return ast_sockaddr_stringify_fmt(addr, AST_SOCKADDR_STR_DEFAULT);
}

static inline char *ast_sockaddr_stringify_remote(const struct ast_sockaddr *addr)
{
	return ast_sockaddr_stringify_fmt(addr, AST_SOCKADDR_STR_DEFAULT_REMOTE);
}

/* "192.0.2.1", "2001:db8::1". */
static inline char *ast_sockaddr_stringify_addr(const struct ast_sockaddr *addr)
{
	return ast_sockaddr_stringify_fmt(addr, AST_SOCKADDR_STR_ADDR);
}

static inline char *ast_sockaddr_stringify_addr_remote(const struct ast_sockaddr *addr)
{
	return ast_sockaddr_stringify_fmt(addr, AST_SOCKADDR_STR_ADDR_REMOTE);
}

/* "192.0.2.1", "[2001:db8::1]". */
static inline char *ast_sockaddr_stringify_host(const struct ast_sockaddr *addr)
{
	return ast_sockaddr_stringify_fmt(addr, AST_SOCKADDR_STR_HOST);
}

static inline char *ast_sockaddr_stringify_host_remote(const struct ast_sockaddr *addr)
{
	return ast_sockaddr_stringify_fmt(addr, AST_SOCKADDR_STR_HOST_REMOTE);
}

/* "5060". */
static inline char *ast_sockaddr_stringify_port(const struct ast_sockaddr *addr)
{
	return ast_sockaddr_stringify_fmt(addr, AST_SOCKADDR_STR_PORT);
}

/*
 * Cuts "HOST[:PORT]" or "[HOST][:PORT]" in place: 1, or 0, which is logged.  *port may become NULL.  flags are
 * PARSE_PORT_IGNORE, _REQUIRE, _FORBID of config.h, or 0: there may be one.
 */
int ast_sockaddr_split_hostport(char *str, char **host, char **port, int flags);
/* Parses a numeric address; names are not resolved: 1, or 0, which is logged. */
int ast_sockaddr_parse(struct ast_sockaddr *addr, const char *str, int flags);

/*
 * All addresses of a host name or a numeric address, with a port if the text has one, in *addrs for ast_free; family is
 * AF_INET, AF_INET6 or AST_AF_UNSPEC.  The number of addresses; 0, which is logged, when there are none.  Waits for the
 * name server.
 */
int ast_sockaddr_resolve(struct ast_sockaddr **addrs, const char *str, int flags, int family);
/* The first address of a name: 0, or 1 when there is none. */
int ast_sockaddr_resolve_first_af(struct ast_sockaddr *addr, const char *name, int flag, int family);
/* The address with all bits cleared that a netmask has not: 0, or -1 when the two are of different families. */
int ast_sockaddr_apply_netmask(const struct ast_sockaddr *addr, const struct ast_sockaddr *netmask,
	struct ast_sockaddr *result);

/* The system calls, with these addresses. */
int ast_bind(int sockfd, const struct ast_sockaddr *addr);
int ast_connect(int sockfd, const struct ast_sockaddr *addr);
int ast_accept(int sockfd, struct ast_sockaddr *addr);
int ast_getsockname(int sockfd, struct ast_sockaddr *addr);
ssize_t ast_recvfrom(int sockfd, void *buf, size_t len, int flags, struct ast_sockaddr *src_addr);
ssize_t ast_sendto(int sockfd, const void *buf, size_t len, int flags, const struct ast_sockaddr *dest_addr);
/* Sets the type of service of a socket, and its priority in the system unless cos is 0: 0, or -1, which is logged. */
int ast_set_qos(int sockfd, int tos, int cos, const char *desc);
/* An IPv4 address as the system's structure: its size, or 0 for other addresses, which is logged; and back. */
int _ast_sockaddr_to_sin(const struct ast_sockaddr *addr, struct sockaddr_in *sin, const char *file, int line,
	const char *func);
#define ast_sockaddr_to_sin(addr, sin) _ast_sockaddr_to_sin((addr), (sin), __FILE__, __LINE__, __PRETTY_FUNCTION__)
void _ast_sockaddr_from_sin(struct ast_sockaddr *addr, const struct sockaddr_in *sin, const char *file, int line,
	const char *func);
#define ast_sockaddr_from_sin(addr, sin) _ast_sockaddr_from_sin((addr), (sin), __FILE__, __LINE__, __PRETTY_FUNCTION__)

/* The port in host byte order; 0 when the address is unset. */
uint16_t _ast_sockaddr_port(const struct ast_sockaddr *addr, const char *file, int line, const char *func);
void _ast_sockaddr_set_port(struct ast_sockaddr *addr, uint16_t port, const char *file, int line, const char *func);
#define ast_sockaddr_port(addr) _ast_sockaddr_port((addr), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ast_sockaddr_set_port(addr, port) \
	_ast_sockaddr_set_port((addr), (port), __FILE__, __LINE__, __PRETTY_FUNCTION__)

/* The type of an address; any: 0.0.0.0 or ::. */
int ast_sockaddr_is_ipv4(const struct ast_sockaddr *addr);
int ast_sockaddr_is_ipv4_mapped(const struct ast_sockaddr *addr);
int ast_sockaddr_is_ipv6(const struct ast_sockaddr *addr);
int ast_sockaddr_is_ipv6_link_local(const struct ast_sockaddr *addr);
int ast_sockaddr_is_any(const struct ast_sockaddr *addr);
/* An IPv4 address as a number in host byte order; 0 for other addresses. */
uint32_t ast_sockaddr_ipv4(const struct ast_sockaddr *addr);
/* A hash of the address without its port. */
int ast_sockaddr_hash(const struct ast_sockaddr *addr);

/* "UDP", "TCP", ...; "Undefined" of an unknown transport. */
const char *ast_transport2str(enum ast_transport transport);

#ifdef __cplusplus
}
#endif

#endif
