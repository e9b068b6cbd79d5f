/*
 * The wizard `config`: sections of a configuration file are the objects of a type.  It only reads.
 *
 * Arguments: the name of the file, then, separated by commas,
 *   criteria=FIELD=VALUE   only sections with this line (several: with all)
 *   explicit_name=NAME     only the section of this name
 *   single_object=yes      the file has one such section, and is refused with more
 *   integrity=file         a section with a fault keeps the whole file out, not itself alone
 *   buckets=N              accepted
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*** MODULEINFO
	<support_level>core</support_level>
 ***/

#include "asterisk.h"

#include "asterisk/module.h"
#include "asterisk/sorcery.h"
#include "asterisk/uuid.h"

#include "sorcery_objects.h"

#define BUCKETS 53

struct source {
	struct ao2_global_obj objects;		/* Those of the last reading. */
	struct ast_variable *criteria;
	char *explicit_name;
	int single_object;
	int whole_file;
	int is_faulty;		/* The last reading found faults, so the next one does not look whether something changed. */
	char reader[AST_UUID_STR_LEN];	/* A file may be read for several types. */
	char filename[];
};

static void config_close(void *data)
{
	struct source *source = data;

	ao2_global_obj_release(source->objects);
	ast_rwlock_destroy(&source->objects.lock);
	ast_variables_destroy(source->criteria);
	ast_free(source->explicit_name);
	ast_free(source);
}

/* Takes one argument NAME=VALUE: 0, or -1 when it is not known. */
static int take_argument(struct source *source, const char *name, char *value)
{
	if (!strcasecmp(name, "criteria")) {
		const char *field = strsep(&value, "=");
		struct ast_variable *criteria = value ? ast_variable_new(field, value, "") : NULL;

		ast_variable_list_append(&source->criteria, criteria);
		return criteria ? 0 : -1;
	}
	if (!strcasecmp(name, "explicit_name")) {
		ast_free(source->explicit_name);
		source->explicit_name = ast_strdup(value);
	} else if (!strcasecmp(name, "single_object")) {
		source->single_object = ast_true(value);
	} else if (!strcasecmp(name, "integrity")) {
		source->whole_file = !strcasecmp(value, "file");
	} else {
		return strcasecmp(name, "buckets") ? -1 : 0;
	}
	return 0;
}

static void *config_open(const char *data)
{
	char *rest = ast_strdupa(data), *filename = strsep(&rest, ","), *value;
	struct source *source = ast_strlen_zero(filename) ? NULL : ast_calloc(1, sizeof(*source) + strlen(filename) + 1);

	if (!source) {
		return NULL;
	}
	strcpy(source->filename, filename);
	ast_rwlock_init(&source->objects.lock);
	ast_uuid_generate_str(source->reader, sizeof(source->reader));
	while ((value = strsep(&rest, ","))) {
		const char *name = strsep(&value, "=");

		if (!value || take_argument(source, name, value)) {
			ast_log(LOG_ERROR, "'%s' is not an argument of the wizard 'config': '%s'\n", name, data);
			config_close(source);
			return NULL;
		}
	}
	return source;
}

static int has_criteria(const struct source *source, const struct ast_variable *lines)
{
	struct ast_variable *missing = NULL;
	int failed = ast_sorcery_changeset_create(lines, source->criteria, &missing);
	int has = !failed && !missing;

	ast_variables_destroy(missing);
	return has;
}

/*
 * Whether a section is one of these objects.  Without criteria and a name, it is when it has lines, and the type has a
 * field for each.
 */
static int is_meant(const struct source *source, const struct ast_sorcery *sorcery, const char *type,
	struct ast_category *section)
{
	struct ast_sorcery_object_type *found;
	const struct ast_variable *line = ast_category_first(section);

	if (source->explicit_name) {
		return !strcasecmp(ast_category_get_name(section), source->explicit_name);
	}
	if (source->criteria) {
		return has_criteria(source, line);
	}
	found = ast_sorcery_get_object_type(sorcery, type);
	while (found && line && ast_sorcery_is_object_field_registered(found, line->name)) {
		line = line->next;
	}
	ao2_cleanup(found);
	return found && !line;
}

/* The object of a section, with a reference; the old one when the section has faults, or NULL. */
static void *object_of(struct source *source, const struct ast_sorcery *sorcery, const char *type,
	struct ast_category *section, struct ao2_container *old)
{
	const char *id = ast_category_get_name(section);
	void *object = ast_sorcery_alloc(sorcery, type, id);

	if (object && !ast_sorcery_objectset_apply(sorcery, object, ast_category_first(section))) {
		return object;
	}
	ao2_cleanup(object);
	source->is_faulty = 1;
	object = old && !source->whole_file ? ao2_find(old, id, OBJ_SEARCH_KEY) : NULL;
	ast_log(LOG_ERROR, "%s: [%s] cannot be used as an object of type '%s'%s\n", source->filename, id, type,
		object ? ": the old one stays" : "");
	return object;
}

/* Puts the objects of a file into a container: 0, or -1 when the file is refused. */
static int fill(struct source *source, const struct ast_sorcery *sorcery, const char *type, struct ast_config *cfg,
	struct ao2_container *objects, struct ao2_container *old)
{
	struct ast_category *section = NULL;
	const char *fault = NULL;

	while (!fault && (section = ast_category_browse_filtered(cfg, NULL, section, NULL))) {
		void *object = NULL, *twin;

		if (!is_meant(source, sorcery, type, section)) {
			continue;
		}
		twin = ao2_find(objects, ast_category_get_name(section), OBJ_SEARCH_KEY);
		if (twin) {
			fault = "there are two";
		} else if (source->single_object && ao2_container_count(objects)) {
			fault = "there is more than one object";
		} else if ((object = object_of(source, sorcery, type, section, old))) {
			ao2_link(objects, object);
		} else if (source->whole_file) {
			fault = "it has a fault";
		}
		if (fault) {
			ast_log(LOG_ERROR, "%s is not used: [%s]: %s\n", source->filename, ast_category_get_name(section), fault);
		}
		ao2_cleanup(twin);
		ao2_cleanup(object);
	}
	return fault ? -1 : 0;
}

static void read_file(struct source *source, const struct ast_sorcery *sorcery, const char *type, int only_changed)
{
	struct ast_flags flags = { only_changed && !source->is_faulty ? CONFIG_FLAG_FILEUNCHANGED : 0 };
	struct ast_config *cfg = ast_config_load2(source->filename, source->reader, flags);
	struct ao2_container *objects, *old;

	if (cfg == CONFIG_STATUS_FILEUNCHANGED) {
		return;
	}
	if (!cfg || cfg == CONFIG_STATUS_FILEINVALID) {
		ast_log(LOG_ERROR, "cannot use '%s': %s\n", source->filename, cfg ? "it has faults" : "no such file");
		return;
	}
	source->is_faulty = 0;
	old = ao2_global_obj_ref(source->objects);
	objects = ao2_container_alloc_hash(AO2_ALLOC_OPT_LOCK_RWLOCK, 0, BUCKETS, ast_sorcery_object_id_hash, NULL,
		ast_sorcery_object_id_compare);
	if (objects && !fill(source, sorcery, type, cfg, objects, old)) {
		ao2_global_obj_replace_unref(source->objects, objects);
	} else {
		source->is_faulty = 1;
	}
	ao2_cleanup(objects);
	ao2_cleanup(old);
	ast_config_destroy(cfg);
}

static void config_load(void *data, const struct ast_sorcery *sorcery, const char *type)
{
	read_file(data, sorcery, type, 0);
}

static void config_reload(void *data, const struct ast_sorcery *sorcery, const char *type)
{
	read_file(data, sorcery, type, 1);
}

static void *config_retrieve_id(const struct ast_sorcery *sorcery, void *data, const char *type, const char *id)
{
	struct ao2_container *objects = ao2_global_obj_ref(((struct source *) data)->objects);
	void *object = objects ? ao2_find(objects, id, OBJ_SEARCH_KEY) : NULL;

	ao2_cleanup(objects);
	return object;
}

static void *config_retrieve_fields(const struct ast_sorcery *sorcery, void *data, const char *type,
	const struct ast_variable *fields)
{
	struct ao2_container *objects = ao2_global_obj_ref(((struct source *) data)->objects);
	void *object = look(objects, &(struct sought) { .sorcery = sorcery, .fields = fields }, NULL);

	ao2_cleanup(objects);
	return object;
}

static void config_retrieve_multiple(const struct ast_sorcery *sorcery, void *data, const char *type,
	struct ao2_container *found, const struct ast_variable *fields)
{
	struct ao2_container *objects = ao2_global_obj_ref(((struct source *) data)->objects);

	look(objects, &(struct sought) { .sorcery = sorcery, .fields = fields }, found);
	ao2_cleanup(objects);
}

static void config_retrieve_regex(const struct ast_sorcery *sorcery, void *data, const char *type,
	struct ao2_container *found, const char *regex)
{
	struct ao2_container *objects = ao2_global_obj_ref(((struct source *) data)->objects);

	look_by_regex(objects, regex, found);
	ao2_cleanup(objects);
}

static void config_retrieve_prefix(const struct ast_sorcery *sorcery, void *data, const char *type,
	struct ao2_container *found, const char *prefix, const size_t prefix_len)
{
	struct ao2_container *objects = ao2_global_obj_ref(((struct source *) data)->objects);

	look(objects, &(struct sought) { .prefix = prefix, .length = prefix_len }, found);
	ao2_cleanup(objects);
}

static struct ast_sorcery_wizard config = {
	.name = "config",
	.open = config_open,
	.close = config_close,
	.load = config_load,
	.reload = config_reload,
	.force_reload = config_load,
	.retrieve_id = config_retrieve_id,
	.retrieve_fields = config_retrieve_fields,
	.retrieve_multiple = config_retrieve_multiple,
	.retrieve_regex = config_retrieve_regex,
	.retrieve_prefix = config_retrieve_prefix,
};

static int unload_module(void)
{
	return ast_sorcery_wizard_unregister(&config);
}

static int load_module(void)
{
	return ast_sorcery_wizard_register(&config) ? AST_MODULE_LOAD_DECLINE : AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_LOAD_ORDER, "Sorcery in configuration files",
	.support_level = AST_MODULE_SUPPORT_CORE,
	.load = load_module,
	.unload = unload_module,
	.load_pri = AST_MODPRI_REALTIME_DRIVER,
);
