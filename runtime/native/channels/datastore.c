/*
 * Data that modules attach to channels.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

struct ast_datastore *__ast_datastore_alloc(const struct ast_datastore_info *info, const char *uid,
	struct ast_module *mod, const char *file, int line, const char *function)
{
	struct ast_datastore *datastore;

	if (!info) {
		return NULL;
	}
	datastore = __ast_calloc(1, sizeof(*datastore), file, line, function);
	if (!datastore) {
		return NULL;
	}
	datastore->info = info;
	datastore->uid = uid ? strdup(uid) : NULL;
	datastore->mod = mod ? __ast_module_ref(mod, file, line, function) : NULL;
	return datastore;
}

int ast_datastore_free(struct ast_datastore *datastore)
{
	struct asterism_mark mark;

	if (!datastore) {
		return 0;
	}
	if (datastore->info->destroy && datastore->data) {
		asterism_enter(&mark, datastore->mod ? datastore->mod->name : "core", "a datastore's destroy callback");
		datastore->info->destroy(datastore->data);
		asterism_leave(&mark);
	}
	if (datastore->mod) {
		__ast_module_unref(datastore->mod, __FILE__, __LINE__, __func__);
	}
	free((char *) datastore->uid);
	free(datastore);
	return 0;
}

int ast_channel_datastore_add(struct ast_channel *chan, struct ast_datastore *datastore)
{
	if (!chan || !datastore) {
		return -1;
	}
	AST_LIST_INSERT_HEAD(ast_channel_datastores(chan), datastore, entry);
	return 0;
}

int ast_channel_datastore_remove(struct ast_channel *chan, struct ast_datastore *datastore)
{
	if (!chan || !datastore) {
		return -1;
	}
	return AST_LIST_REMOVE(ast_channel_datastores(chan), datastore, entry) ? 0 : -1;
}

static int is_named(const struct ast_datastore *datastore, const char *uid)
{
	return !uid || (datastore->uid && !strcasecmp(uid, datastore->uid));
}

struct ast_datastore *ast_channel_datastore_find(struct ast_channel *chan, const struct ast_datastore_info *info,
	const char *uid)
{
	struct ast_datastore *datastore;

	if (!chan || !info) {
		return NULL;
	}
	AST_LIST_TRAVERSE(ast_channel_datastores(chan), datastore, entry) {
		if (datastore->info == info && is_named(datastore, uid)) {
			return datastore;
		}
	}
	return NULL;
}

/* The copy that a channel inherits, or NULL. */
static struct ast_datastore *inherited(const struct ast_datastore *from)
{
	struct ast_datastore *copy = __ast_datastore_alloc(from->info, from->uid, from->mod, __FILE__, __LINE__, __func__);

	if (!copy) {
		return NULL;
	}
	copy->data = from->info->duplicate(from->data);
	if (!copy->data) {
		ast_datastore_free(copy);
		return NULL;
	}
	copy->inheritance = from->inheritance == DATASTORE_INHERIT_FOREVER ? from->inheritance : from->inheritance - 1;
	return copy;
}

int ast_channel_datastore_inherit(struct ast_channel *from, struct ast_channel *to)
{
	struct ast_datastore *datastore, *copy;

	if (!from || !to) {
		return -1;
	}
	AST_LIST_TRAVERSE(ast_channel_datastores(from), datastore, entry) {
		copy = datastore->inheritance && datastore->info->duplicate ? inherited(datastore) : NULL;
		if (copy) {
			AST_LIST_INSERT_TAIL(ast_channel_datastores(to), copy, entry);
		}
	}
	return 0;
}
