/*
 * The wizard `astdb`: keeps the objects of a type in the database, as JSON, in the family PREFIX/TYPE.  The prefix is
 * the argument of the wizard.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*** MODULEINFO
	<support_level>core</support_level>
 ***/

#include "asterisk.h"

#include "asterisk/astdb.h"
#include "asterisk/json.h"
#include "asterisk/module.h"
#include "asterisk/sorcery.h"

#include "sorcery_objects.h"

#define LONGEST_FAMILY 256

static void *astdb_open(const char *data)
{
	return ast_strlen_zero(data) ? NULL : ast_strdup(data);
}

static void astdb_close(void *data)
{
	ast_free(data);
}

/* The family of a type: room has LONGEST_FAMILY bytes. */
static const char *family_of(char *room, const char *prefix, const char *type)
{
	snprintf(room, LONGEST_FAMILY, "%s/%s", prefix, type);
	return room;
}

/* Writes an object: 0, or -1.  Its id and its type are not among the fields. */
static int store(const struct ast_sorcery *sorcery, const char *prefix, void *object)
{
	struct ast_json *fields = ast_sorcery_objectset_json_create(sorcery, object);
	char *text = fields ? ast_json_dump_string(fields) : NULL, room[LONGEST_FAMILY];
	int failed = !text || ast_db_put(family_of(room, prefix, ast_sorcery_object_get_type(object)),
		ast_sorcery_object_get_id(object), text);

	ast_json_free(text);
	ast_json_unref(fields);
	return failed ? -1 : 0;
}

static int is_stored(const char *prefix, void *object)
{
	char room[LONGEST_FAMILY];

	return ast_db_exists(family_of(room, prefix, ast_sorcery_object_get_type(object)), ast_sorcery_object_get_id(object));
}

static int astdb_create(const struct ast_sorcery *sorcery, void *data, void *object)
{
	return is_stored(data, object) ? -1 : store(sorcery, data, object);
}

static int astdb_update(const struct ast_sorcery *sorcery, void *data, void *object)
{
	return is_stored(data, object) || ast_sorcery_update_or_create_on_update_miss ? store(sorcery, data, object) : -1;
}

static int astdb_delete(const struct ast_sorcery *sorcery, void *data, void *object)
{
	char room[LONGEST_FAMILY];

	return ast_db_del2(family_of(room, data, ast_sorcery_object_get_type(object)), ast_sorcery_object_get_id(object));
}

/* The fields that a text of the database has, for ast_variables_destroy; NULL for damaged texts. */
static struct ast_variable *fields_of(const char *text)
{
	struct ast_json *json = ast_json_load_string(text, NULL);
	struct ast_variable *fields = NULL;
	struct ast_json_iter *iter;

	for (iter = ast_json_object_iter(json); iter; iter = ast_json_object_iter_next(json, iter)) {
		const char *value = ast_json_string_get(ast_json_object_iter_value(iter));

		if (value) {
			ast_variable_list_append(&fields, ast_variable_new(ast_json_object_iter_key(iter), value, ""));
		}
	}
	ast_json_unref(json);
	return fields;
}

/* An object of a text of the database, with a reference; NULL, which is logged, when the text is of no use. */
static void *revived(const struct ast_sorcery *sorcery, const char *type, const char *id, const char *text)
{
	struct ast_variable *fields = fields_of(text);
	void *object = fields ? ast_sorcery_alloc(sorcery, type, id) : NULL;

	if (!object || ast_sorcery_objectset_apply(sorcery, object, fields)) {
		ast_log(LOG_ERROR, "the database has no usable object '%s' of type '%s'\n", id, type);
		ao2_cleanup(object);
		object = NULL;
	}
	ast_variables_destroy(fields);
	return object;
}

static void *astdb_retrieve_id(const struct ast_sorcery *sorcery, void *data, const char *type, const char *id)
{
	char room[LONGEST_FAMILY], *text = NULL;
	void *object = NULL;

	if (!ast_db_get_allocated(family_of(room, data, type), id, &text)) {
		object = revived(sorcery, type, id, text);
	}
	ast_free(text);
	return object;
}

/* A container with all objects of a type; NULL when out of memory. */
static struct ao2_container *all_objects(const struct ast_sorcery *sorcery, const char *prefix, const char *type)
{
	struct ao2_container *all = ao2_container_alloc_list(AO2_ALLOC_OPT_LOCK_NOLOCK, 0, NULL, NULL);
	char room[LONGEST_FAMILY];
	struct ast_db_entry *entries = all ? ast_db_gettree(family_of(room, prefix, type), NULL) : NULL, *entry;

	for (entry = entries; entry; entry = entry->next) {
		void *object = revived(sorcery, type, entry->key + strlen(room) + 2, entry->data);	/* /FAMILY/ID */

		if (object) {
			ao2_link(all, object);
			ao2_ref(object, -1);
		}
	}
	ast_db_freetree(entries);
	return all;
}

static void *astdb_retrieve_fields(const struct ast_sorcery *sorcery, void *data, const char *type,
	const struct ast_variable *fields)
{
	struct ao2_container *all = all_objects(sorcery, data, type);
	void *object = look(all, &(struct sought) { .sorcery = sorcery, .fields = fields }, NULL);

	ao2_cleanup(all);
	return object;
}

static void astdb_retrieve_multiple(const struct ast_sorcery *sorcery, void *data, const char *type,
	struct ao2_container *found, const struct ast_variable *fields)
{
	struct ao2_container *all = all_objects(sorcery, data, type);

	look(all, &(struct sought) { .sorcery = sorcery, .fields = fields }, found);
	ao2_cleanup(all);
}

static void astdb_retrieve_regex(const struct ast_sorcery *sorcery, void *data, const char *type,
	struct ao2_container *found, const char *regex)
{
	struct ao2_container *all = all_objects(sorcery, data, type);

	look_by_regex(all, regex, found);
	ao2_cleanup(all);
}

static void astdb_retrieve_prefix(const struct ast_sorcery *sorcery, void *data, const char *type,
	struct ao2_container *found, const char *prefix, const size_t prefix_len)
{
	struct ao2_container *all = all_objects(sorcery, data, type);

	look(all, &(struct sought) { .prefix = prefix, .length = prefix_len }, found);
	ao2_cleanup(all);
}

static struct ast_sorcery_wizard astdb = {
	.name = "astdb",
	.open = astdb_open,
	.close = astdb_close,
	.create = astdb_create,
	.retrieve_id = astdb_retrieve_id,
	.retrieve_fields = astdb_retrieve_fields,
	.retrieve_multiple = astdb_retrieve_multiple,
	.retrieve_regex = astdb_retrieve_regex,
	.retrieve_prefix = astdb_retrieve_prefix,
	.update = astdb_update,
	.delete = astdb_delete,
};

static int unload_module(void)
{
	return ast_sorcery_wizard_unregister(&astdb);
}

static int load_module(void)
{
	return ast_sorcery_wizard_register(&astdb) ? AST_MODULE_LOAD_DECLINE : AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_LOAD_ORDER, "Sorcery in the database",
	.support_level = AST_MODULE_SUPPORT_CORE,
	.load = load_module,
	.unload = unload_module,
	.load_pri = AST_MODPRI_REALTIME_DRIVER,
);
