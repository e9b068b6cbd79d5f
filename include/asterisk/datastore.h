/*
 * Data that a module attaches to a channel: freed with it, and found by the address of their kind.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_DATASTORE_H
#define ASTERISM_DATASTORE_H

#include <limits.h>

#include "asterisk/linkedlists.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ast_channel;
struct ast_module;

/* As often as it is inherited, it may be inherited further. */
#define DATASTORE_INHERIT_FOREVER INT_MAX

/* A kind of data; its address tells it from others.  Any callback may be NULL. */
struct ast_datastore_info {
	const char *type;			/* A name, for people. */
	void *(*duplicate)(void *data);		/* A copy for a channel that inherits; NULL leaves it out. */
	void (*destroy)(void *data);
	void (*chan_fixup)(void *data, struct ast_channel *old_chan, struct ast_channel *new_chan);	/* Never called. */
	void (*chan_breakdown)(void *data, struct ast_channel *old_chan, struct ast_channel *new_chan);	/* Never called. */
};

struct ast_datastore {
	const char *uid;
	void *data;				/* The module's own. */
	const struct ast_datastore_info *info;
	struct ast_module *mod;			/* Held while the datastore is there. */
	unsigned int inheritance;		/* How many generations of channels get a copy. */
	AST_LIST_ENTRY(ast_datastore) entry;
};

/* A datastore of a kind, with a name of its own or NULL; NULL when there is no memory. */
struct ast_datastore *__ast_datastore_alloc(const struct ast_datastore_info *info, const char *uid,
	struct ast_module *mod, const char *file, int line, const char *function);
#define ast_datastore_alloc(info, uid) \
	__ast_datastore_alloc((info), (uid), AST_MODULE_SELF, __FILE__, __LINE__, __PRETTY_FUNCTION__)
/* Frees it after its data, through the callback of its kind.  It must not belong to a channel.  0. */
int ast_datastore_free(struct ast_datastore *datastore);

#ifdef __cplusplus
}
#endif

#endif
