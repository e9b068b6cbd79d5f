/* poll under Asterisk's names. SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ASTERISM_POLL_COMPAT_H
#define ASTERISM_POLL_COMPAT_H

#include <poll.h>
#include <sys/time.h>

/* Waits until one of the files is ready, or a number of milliseconds (-1: no limit) has passed: the number of ready files. */
#define ast_poll(fds, nfds, timeout) poll((fds), (nfds), (timeout))

/* Waits likewise, at most for *tv, or without a limit when tv is NULL.  When files are ready, *tv becomes what is left. */
int ast_poll2(struct pollfd *pArray, unsigned long n_fds, struct timeval *tv);

#endif
