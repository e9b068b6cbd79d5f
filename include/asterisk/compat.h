/* The system headers and small helpers every module may rely on. SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ASTERISM_COMPAT_H
#define ASTERISM_COMPAT_H

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <inttypes.h>
#include <limits.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <alloca.h>	/* Elsewhere stdlib.h has it. */
#endif

#include "asterisk/compiler.h"
#include "asterisk/poll-compat.h"

#ifdef __cplusplus
extern "C" {
#endif

/* 64 bits from the order of bytes of the network to the machine's, and back. */
uint64_t ntohll(uint64_t net64);
uint64_t htonll(uint64_t host64);

#ifdef __cplusplus
}
#endif

#endif
