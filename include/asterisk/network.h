/* The system's headers about sockets and addresses. SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ASTERISM_NETWORK_H
#define ASTERISM_NETWORK_H

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#endif
