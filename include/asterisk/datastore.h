/*
 * Data that a module attaches to a channel: freed with the channel, and found by the address of the datastore info.
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

/* An inherited datastore can be inherited again without limit. */
#define DATASTORE_INHERIT_FOREVER INT_MAX

/* A type of datastore, identified by its address.  Any callback may be NULL. */
struct ast_datastore_info {
	const char *type;			/* A name for messages. */
	void *(*duplicate)(void *data);		/* A copy for a channel that inherits; NULL leaves it out. */
	void (*destroy)(void *data);
	void (*chan_fixup)(void *data, struct ast_channel *old_chan, struct ast_channel *new_chan);	/* Never called. */
	void (*chan_breakdown)(void *data, struct ast_channel *old_chan, struct ast_channel *new_chan);	/* Never called. */
};

struct ast_datastore {
	const char *uid;
	void *data;				/* The data of the module. */
	const struct ast_datastore_info *info;
	struct ast_module *mod;			/* Held while the datastore exists. */
	unsigned int inheritance;		/* The number of generations of channels that get a copy. */
	AST_LIST_ENTRY(ast_datastore) entry;
};

/* A new datastore of a type, with a name or NULL; NULL when out of memory. */
struct ast_datastore *__ast_datastore_alloc(const struct ast_datastore_info *info, const char *uid,
	struct ast_module *mod, const char *file, int line, const char *function);
#define ast_datastore_alloc(info, uid) \
	__ast_datastore_alloc((info), (uid), AST_MODULE_SELF, __FILE__, __LINE__, __PRETTY_FUNCTION__)
/* Frees a datastore and, with the callback of its type, its data.  It must not belong to a channel.  0. */
int ast_datastore_free(struct ast_datastore *datastore);

#ifdef __cplusplus
}
#endif

#endif
