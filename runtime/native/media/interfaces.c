/*
 * What modules know of the attributes of formats, by codec.  An interface is called under a lock, so that it ends with
 * its module; it is looked up at each call, because formats live longer.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/format.h"

struct registered {
	const struct ast_format_interface *interface;
	const struct ast_module *module;
	AST_LIST_ENTRY(registered) list;
	char codec[];
};

static AST_RWLIST_HEAD_STATIC(interfaces, registered);

static struct registered *find(const char *codec)
{
	struct registered *entry;

	AST_RWLIST_TRAVERSE(&interfaces, entry, list) {
		if (!strcasecmp(entry->codec, codec)) {
			break;
		}
	}
	return entry;
}

int __ast_format_interface_register(const char *codec, const struct ast_format_interface *interface,
	struct ast_module *mod)
{
	size_t size = codec ? strlen(codec) + 1 : 0;
	struct registered *entry;

	if (!codec || !interface || !interface->format_clone || !interface->format_destroy) {
		ast_log(LOG_ERROR, "the interface of the codec '%s' has to clone and to destroy formats\n", S_OR(codec, ""));
		return -1;
	}
	entry = ast_calloc(1, sizeof(*entry) + size);
	if (!entry) {
		return -1;
	}
	entry->interface = interface;
	entry->module = mod;
	memcpy(entry->codec, codec, size);
	AST_RWLIST_WRLOCK(&interfaces);
	if (find(codec)) {
		AST_RWLIST_UNLOCK(&interfaces);
		ast_log(LOG_ERROR, "the codec '%s' has an interface already\n", codec);
		ast_free(entry);
		return -1;
	}
	AST_RWLIST_INSERT_HEAD(&interfaces, entry, list);
	AST_RWLIST_UNLOCK(&interfaces);
	return 0;
}

const struct ast_format_interface *asterism_interface_begin(const char *codec)
{
	const struct registered *entry;

	AST_RWLIST_RDLOCK(&interfaces);
	entry = find(codec);
	return entry ? entry->interface : NULL;
}

void asterism_interface_end(void)
{
	AST_RWLIST_UNLOCK(&interfaces);
}

void asterism_interfaces_forget(const char *module)
{
	struct registered *entry;

	AST_RWLIST_WRLOCK(&interfaces);
	AST_RWLIST_TRAVERSE_SAFE_BEGIN(&interfaces, entry, list) {
		if (entry->module && !strcmp(entry->module->name, module)) {
			AST_RWLIST_REMOVE_CURRENT(list);
			ast_free(entry);
		}
	}
	AST_RWLIST_TRAVERSE_SAFE_END;
	AST_RWLIST_UNLOCK(&interfaces);
}
