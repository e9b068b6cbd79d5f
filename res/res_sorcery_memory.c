/*
 * The wizard `memory`: keeps the objects of a type in memory, as long as the type has this wizard.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*** MODULEINFO
	<support_level>core</support_level>
 ***/

#include "asterisk.h"

#include "asterisk/module.h"
#include "asterisk/sorcery.h"

#include "sorcery_objects.h"

#define BUCKETS 53

static void *memory_open(const char *data)
{
	return ao2_container_alloc_hash(AO2_ALLOC_OPT_LOCK_MUTEX, 0, BUCKETS, ast_sorcery_object_id_hash, NULL,
		ast_sorcery_object_id_compare);
}

static void memory_close(void *data)
{
	ao2_ref(data, -1);
}

static void *memory_retrieve_id(const struct ast_sorcery *sorcery, void *data, const char *type, const char *id)
{
	return ao2_find(data, id, OBJ_SEARCH_KEY);
}

/* Puts an object in, in the place of one of its id, if there is one as there should be: 0, or -1. */
static int put(struct ao2_container *kept, void *object, int replaces, int may_be_new)
{
	void *old;
	int linked = 0;

	ao2_lock(kept);
	old = ao2_find(kept, ast_sorcery_object_get_id(object), OBJ_SEARCH_KEY | OBJ_NOLOCK);
	if (old ? replaces : may_be_new) {
		if (old) {
			ao2_unlink_flags(kept, old, OBJ_NOLOCK);
		}
		linked = ao2_link_flags(kept, object, OBJ_NOLOCK);
	}
	ao2_unlock(kept);
	ao2_cleanup(old);
	return linked ? 0 : -1;
}

static int memory_create(const struct ast_sorcery *sorcery, void *data, void *object)
{
	return put(data, object, 0, 1);
}

static int memory_update(const struct ast_sorcery *sorcery, void *data, void *object)
{
	return put(data, object, 1, ast_sorcery_update_or_create_on_update_miss);
}

static int memory_delete(const struct ast_sorcery *sorcery, void *data, void *object)
{
	void *old = ao2_find(data, ast_sorcery_object_get_id(object), OBJ_SEARCH_KEY | OBJ_UNLINK);

	ao2_cleanup(old);
	return old ? 0 : -1;
}

static void *memory_retrieve_fields(const struct ast_sorcery *sorcery, void *data, const char *type,
	const struct ast_variable *fields)
{
	return look(data, &(struct sought) { .sorcery = sorcery, .fields = fields }, NULL);
}

static void memory_retrieve_multiple(const struct ast_sorcery *sorcery, void *data, const char *type,
	struct ao2_container *objects, const struct ast_variable *fields)
{
	look(data, &(struct sought) { .sorcery = sorcery, .fields = fields }, objects);
}

static void memory_retrieve_regex(const struct ast_sorcery *sorcery, void *data, const char *type,
	struct ao2_container *objects, const char *regex)
{
	look_by_regex(data, regex, objects);
}

static void memory_retrieve_prefix(const struct ast_sorcery *sorcery, void *data, const char *type,
	struct ao2_container *objects, const char *prefix, const size_t prefix_len)
{
	look(data, &(struct sought) { .prefix = prefix, .length = prefix_len }, objects);
}

static struct ast_sorcery_wizard memory = {
	.name = "memory",
	.open = memory_open,
	.close = memory_close,
	.create = memory_create,
	.retrieve_id = memory_retrieve_id,
	.retrieve_fields = memory_retrieve_fields,
	.retrieve_multiple = memory_retrieve_multiple,
	.retrieve_regex = memory_retrieve_regex,
	.retrieve_prefix = memory_retrieve_prefix,
	.update = memory_update,
	.delete = memory_delete,
};

static int unload_module(void)
{
	return ast_sorcery_wizard_unregister(&memory);
}

static int load_module(void)
{
	return ast_sorcery_wizard_register(&memory) ? AST_MODULE_LOAD_DECLINE : AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_LOAD_ORDER, "Sorcery in memory",
	.support_level = AST_MODULE_SUPPORT_CORE,
	.load = load_module,
	.unload = unload_module,
	.load_pri = AST_MODPRI_REALTIME_DRIVER,
);
