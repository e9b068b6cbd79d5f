/* The system's headers for sockets, and an address as text. SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ASTERISM_NETWORK_H
#define ASTERISM_NETWORK_H

#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/in_systm.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef MAXHOSTNAMELEN
#define MAXHOSTNAMELEN 256
#endif

/* An IPv4 address with dots, in a buffer of this thread. */
const char *ast_inet_ntoa(struct in_addr ia);

#ifdef __cplusplus
}
#endif

#endif
