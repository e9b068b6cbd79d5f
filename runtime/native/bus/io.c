/*
 * Waiting for several descriptors (asterisk/io.h, poll-compat.h).
 *
 * An entry that is removed while callbacks run is only marked, and freed when the outermost wait returns: callbacks may
 * remove themselves and each other.  One thread uses a context at a time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <sys/ioctl.h>

#include "asterisk/io.h"
#include "asterisk/poll-compat.h"

struct entry {
	int id;		/* First: its address is what callers hold. */
	struct pollfd wanted;
	ast_io_cb callback;
	void *data;
	int is_removed;
};

struct io_context {
	struct entry **entries;
	int count;
	int room;
	int depth;	/* Of waits in which callbacks run. */
};

struct io_context *io_context_create(void)
{
	return calloc(1, sizeof(struct io_context));
}

void io_context_destroy(struct io_context *ioc)
{
	int i;

	if (!ioc) {
		return;
	}
	for (i = 0; i < ioc->count; i++) {
		free(ioc->entries[i]);
	}
	free(ioc->entries);
	free(ioc);
}

static int has_room(struct io_context *ioc)
{
	int room = ioc->room ? ioc->room * 2 : 8;
	struct entry **entries;

	if (ioc->count < ioc->room) {
		return 1;
	}
	entries = realloc(ioc->entries, (size_t) room * sizeof(*entries));
	if (!entries) {
		return 0;
	}
	ioc->entries = entries;
	ioc->room = room;
	return 1;
}

int *ast_io_add(struct io_context *ioc, int fd, ast_io_cb callback, short events, void *data)
{
	struct entry *one;

	if (!ioc || !callback || !has_room(ioc)) {
		return NULL;
	}
	one = calloc(1, sizeof(*one));
	if (!one) {
		return NULL;
	}
	one->id = ioc->count;
	one->wanted = (struct pollfd) { .fd = fd, .events = events };
	one->callback = callback;
	one->data = data;
	ioc->entries[ioc->count++] = one;
	return &one->id;
}

static struct entry *find(struct io_context *ioc, const int *id)
{
	int i;

	for (i = 0; ioc && id && i < ioc->count; i++) {
		if (&ioc->entries[i]->id == id && !ioc->entries[i]->is_removed) {
			return ioc->entries[i];
		}
	}
	return NULL;
}

int *ast_io_change(struct io_context *ioc, int *id, int fd, ast_io_cb callback, short events, void *data)
{
	struct entry *one = find(ioc, id);

	if (!one) {
		return NULL;
	}
	one->wanted.fd = fd >= 0 ? fd : one->wanted.fd;
	one->wanted.events = events >= 0 ? events : one->wanted.events;
	one->callback = callback ? callback : one->callback;
	one->data = data ? data : one->data;
	return id;
}

static void sweep(struct io_context *ioc)
{
	int i, kept = 0;

	for (i = 0; i < ioc->count; i++) {
		if (ioc->entries[i]->is_removed) {
			free(ioc->entries[i]);
		} else {
			ioc->entries[kept] = ioc->entries[i];
			ioc->entries[kept]->id = kept;
			kept++;
		}
	}
	ioc->count = kept;
}

int ast_io_remove(struct io_context *ioc, int *id)
{
	struct entry *one = find(ioc, id);

	if (!one) {
		ast_log(LOG_NOTICE, "cannot remove a descriptor: it is not in the context\n");
		return -1;
	}
	one->is_removed = 1;
	if (!ioc->depth) {
		sweep(ioc);
	}
	return 0;
}

int ast_io_wait(struct io_context *ioc, int howlong)
{
	struct pollfd *polled = ioc ? calloc((size_t) ioc->count + 1, sizeof(*polled)) : NULL;
	int i, ready, count;

	if (!polled) {
		return -1;
	}
	count = ioc->count;
	for (i = 0; i < count; i++) {
		polled[i] = ioc->entries[i]->wanted;
	}
	ready = poll(polled, (nfds_t) count, howlong);
	ioc->depth++;
	for (i = 0; ready > 0 && i < count; i++) {
		struct entry *one = ioc->entries[i];
		short events = polled[i].revents;

		if (events && !one->is_removed && !one->callback(&one->id, one->wanted.fd, events, one->data)) {
			one->is_removed = 1;
		}
	}
	if (!--ioc->depth) {
		sweep(ioc);
	}
	free(polled);
	return ready;
}

void ast_io_dump(struct io_context *ioc)
{
	int i;

	for (i = 0; ioc && i < ioc->count; i++) {
		ast_debug(1, "descriptor %d: events %d\n", ioc->entries[i]->wanted.fd, ioc->entries[i]->wanted.events);
	}
}

int ast_get_termcols(int fd)
{
	struct winsize size;

	return ioctl(fd, TIOCGWINSZ, &size) < 0 || !size.ws_col ? 80 : size.ws_col;
}

/* ---- poll with microseconds ---- */

int ast_poll2(struct pollfd *pArray, unsigned long n_fds, struct timeval *tv)
{
	const struct timeval end = tv ? ast_tvadd(ast_tvnow(), *tv) : (struct timeval) { 0, 0 };
	const struct timespec limit = tv ? (struct timespec) { tv->tv_sec, tv->tv_usec * 1000 } : (struct timespec) { 0, 0 };
	int ready = ppoll(pArray, (nfds_t) n_fds, tv ? &limit : NULL, NULL);

	if (tv && ready > 0) {
		struct timeval now = ast_tvnow();

		*tv = ast_tvcmp(end, now) > 0 ? ast_tvsub(end, now) : (struct timeval) { 0, 0 };
	}
	return ready;
}
