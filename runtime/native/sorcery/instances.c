/*
 * Wizards, instances and their types (asterisk/sorcery.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sorcery.h"

#include "asterisk/taskprocessor.h"

int ast_sorcery_update_or_create_on_update_miss;

struct instance {
	AO2_WEAKPROXY();
	char name[];
};

static struct ao2_container *wizards;	/* struct wizard, by name. */
static struct ao2_container *instances;	/* struct instance, by name. */
static struct ao2_container *observers;	/* struct ast_sorcery_global_observer. */

AO2_STRING_FIELD_CMP_FN(wizard, callbacks.name)
AO2_STRING_FIELD_CMP_FN(instance, name)
AO2_STRING_FIELD_CMP_FN(ast_sorcery_object_type, name)

static struct ao2_container *new_list(ao2_callback_fn *compare)
{
	return ao2_container_alloc_list(AO2_ALLOC_OPT_LOCK_RWLOCK, 0, NULL, compare);
}

static void __attribute__((constructor)) make_containers(void)
{
	wizards = new_list(wizard_cmp_fn);
	instances = new_list(instance_cmp_fn);
	observers = asterism_observers_new();
}

/* ---- observers ---- */

struct ao2_container *asterism_observers_new(void)
{
	return new_list(NULL);
}

int asterism_observer_add(struct ao2_container *list, const void *callbacks)
{
	struct observer *observer = list && callbacks ? ao2_alloc_options(sizeof(*observer), NULL, AO2_ALLOC_OPT_LOCK_NOLOCK)
		: NULL;
	int linked = 0;

	if (observer) {
		observer->callbacks = callbacks;
		linked = ao2_link(list, observer);
		ao2_ref(observer, -1);
	}
	return linked ? 0 : -1;
}

static int has_callbacks(void *obj, void *callbacks, int flags)
{
	(void) flags;
	return ((struct observer *) obj)->callbacks == callbacks ? CMP_MATCH : 0;
}

void asterism_observer_remove(struct ao2_container *list, const void *callbacks)
{
	if (list) {
		ao2_callback(list, OBJ_NODATA | OBJ_UNLINK | OBJ_MULTIPLE, has_callbacks, (void *) callbacks);
	}
}

int ast_sorcery_global_observer_add(const struct ast_sorcery_global_observer *callbacks)
{
	return asterism_observer_add(observers, callbacks);
}

void ast_sorcery_global_observer_remove(const struct ast_sorcery_global_observer *callbacks)
{
	asterism_observer_remove(observers, callbacks);
}

int ast_sorcery_instance_observer_add(struct ast_sorcery *sorcery,
	const struct ast_sorcery_instance_observer *callbacks)
{
	return sorcery ? asterism_observer_add(sorcery->observers, callbacks) : -1;
}

void ast_sorcery_instance_observer_remove(struct ast_sorcery *sorcery,
	const struct ast_sorcery_instance_observer *callbacks)
{
	if (sorcery) {
		asterism_observer_remove(sorcery->observers, callbacks);
	}
}

/* ---- wizards ---- */

static struct wizard *find_wizard(const char *name)
{
	return name ? ao2_find(wizards, name, OBJ_SEARCH_KEY) : NULL;
}

static void wizard_destroy(void *obj)
{
	ao2_cleanup(((struct wizard *) obj)->observers);
}

static struct wizard *new_wizard(const struct ast_sorcery_wizard *interface, struct ast_module *module)
{
	struct wizard *wizard = ao2_alloc(sizeof(*wizard), wizard_destroy);

	if (wizard) {
		wizard->callbacks = *interface;
		wizard->callbacks.module = module;
		wizard->observers = asterism_observers_new();
	}
	return wizard;
}

int __ast_sorcery_wizard_register(const struct ast_sorcery_wizard *interface, struct ast_module *module)
{
	struct wizard *wizard, *other;
	int linked = 0;

	if (!interface || ast_strlen_zero(interface->name) || !(wizard = new_wizard(interface, module))) {
		return -1;
	}
	ao2_wrlock(wizards);
	other = ao2_find(wizards, interface->name, OBJ_SEARCH_KEY | OBJ_NOLOCK);
	if (!other && wizard->observers) {
		linked = ao2_link_flags(wizards, wizard, OBJ_NOLOCK);
	}
	ao2_unlock(wizards);
	if (linked) {
		TELL(observers, ast_sorcery_global_observer, wizard_registered, interface->name, interface);
	} else {
		ast_log(LOG_WARNING, "cannot register the wizard '%s'%s\n", interface->name, other ? ": there is one already" : "");
	}
	ao2_cleanup(other);
	ao2_ref(wizard, -1);
	return linked ? 0 : -1;
}

int ast_sorcery_wizard_unregister(const struct ast_sorcery_wizard *interface)
{
	struct wizard *wizard = interface ? find_wizard(interface->name) : NULL;

	if (!wizard) {
		return -1;
	}
	TELL(observers, ast_sorcery_global_observer, wizard_unregistering, wizard->callbacks.name, &wizard->callbacks);
	ao2_unlink(wizards, wizard);
	ao2_ref(wizard, -1);
	return 0;
}

int ast_sorcery_wizard_observer_add(struct ast_sorcery_wizard *interface,
	const struct ast_sorcery_wizard_observer *callbacks)
{
	struct wizard *wizard = interface ? find_wizard(interface->name) : NULL;
	int failed = wizard ? asterism_observer_add(wizard->observers, callbacks) : -1;

	ao2_cleanup(wizard);
	return failed;
}

void ast_sorcery_wizard_observer_remove(struct ast_sorcery_wizard *interface,
	const struct ast_sorcery_wizard_observer *callbacks)
{
	struct wizard *wizard = interface ? find_wizard(interface->name) : NULL;

	if (wizard) {
		asterism_observer_remove(wizard->observers, callbacks);
		ao2_ref(wizard, -1);
	}
}

/* ---- types ---- */

struct ast_sorcery_object_type *ast_sorcery_get_object_type(const struct ast_sorcery *sorcery, const char *type)
{
	return sorcery && type ? ao2_find(sorcery->types, type, OBJ_SEARCH_KEY) : NULL;
}

static void release_mapping(struct mapping *mapping)
{
	ao2_ref(mapping, -1);
}

static void type_destroy(void *obj)
{
	struct ast_sorcery_object_type *type = obj;

	AST_VECTOR_CALLBACK_VOID(&type->mappings, release_mapping);
	AST_VECTOR_RW_FREE(&type->mappings);
	ao2_cleanup(type->fields);
	ao2_cleanup(type->observers);
	ast_taskprocessor_unreference(type->teller);
	aco_info_destroy(type->info);
	ast_free(type->info);
	ast_free(type->file);
}

static struct ast_sorcery_object_type *new_type(const char *name, const char *module)
{
	struct ast_sorcery_object_type *type = ao2_alloc(sizeof(*type), type_destroy);

	if (!type) {
		return NULL;
	}
	ast_copy_string(type->name, name, sizeof(type->name));
	AST_VECTOR_RW_INIT(&type->mappings, 0);
	type->fields = new_list(NULL);
	type->observers = asterism_observers_new();
	type->file = ast_calloc(1, sizeof(*type->file) + 2 * sizeof(type->file->types[0]));
	type->info = ast_calloc(1, sizeof(*type->info) + 2 * sizeof(type->info->files[0]));
	if (!type->fields || !type->observers || !type->file || !type->info) {
		ao2_ref(type, -1);
		return NULL;
	}
	type->info->files[0] = type->file;
	type->info->module = module;
	return type;
}

/* ---- instances ---- */

static void sorcery_destroy(void *obj)
{
	struct ast_sorcery *sorcery = obj;

	if (sorcery->observers) {
		TELL(observers, ast_sorcery_global_observer, instance_destroying, sorcery->module_name, sorcery);
	}
	if (sorcery->types) {
		ao2_callback(sorcery->types, OBJ_UNLINK | OBJ_NODATA | OBJ_MULTIPLE, asterism_sorcery_silence, NULL);
	}
	ao2_cleanup(sorcery->observers);
	ao2_cleanup(sorcery->types);
}

static void instance_ended(void *weakproxy, void *data)
{
	(void) data;
	ao2_unlink(instances, weakproxy);
}

static struct ast_sorcery *new_sorcery(struct instance *instance)
{
	struct ast_sorcery *sorcery = instance ? ao2_alloc(sizeof(*sorcery), sorcery_destroy) : NULL;

	if (!sorcery) {
		return NULL;
	}
	sorcery->module_name = instance->name;
	sorcery->types = new_list(ast_sorcery_object_type_cmp_fn);
	sorcery->observers = asterism_observers_new();
	if (!sorcery->types || !sorcery->observers || ao2_weakproxy_set_object(instance, sorcery, 0)
		|| ao2_weakproxy_subscribe(instance, instance_ended, NULL, 0)) {
		ao2_ref(sorcery, -1);
		return NULL;
	}
	return sorcery;
}

static struct ast_config *load_settings(void)
{
	struct ast_config *config = ast_config_load2("sorcery.conf", "sorcery", (struct ast_flags) { 0 });
	const char *creates = ast_variable_retrieve(config, "general", "update_or_create_on_update_miss");

	ast_sorcery_update_or_create_on_update_miss = creates && ast_true(creates);
	return config;
}

/*
 * A new instance of a name, with the wizards of sorcery.conf, in the container of all, which is locked.  One whose wizards
 * cannot be applied is left out of it, for the caller to release without that lock: the end of an instance takes it.
 */
static struct ast_sorcery *begin(const char *name, int *failed)
{
	struct instance *instance = ao2_weakproxy_alloc(sizeof(*instance) + strlen(name) + 1, NULL);
	struct ast_sorcery *sorcery;

	if (instance) {
		strcpy(instance->name, name);
	}
	sorcery = new_sorcery(instance);
	*failed = sorcery && __ast_sorcery_apply_config(sorcery, name, name) == AST_SORCERY_APPLY_FAIL;
	if (sorcery && !*failed) {
		ao2_link_flags(instances, instance, OBJ_NOLOCK);
	}
	ao2_cleanup(instance);
	return sorcery;
}

struct ast_sorcery *__ast_sorcery_open(const char *module, const char *file, int line, const char *func)
{
	struct ast_sorcery *sorcery;
	int is_new, failed = 0;

	if (ast_strlen_zero(module)) {
		return NULL;
	}
	ao2_wrlock(instances);
	sorcery = __ao2_weakproxy_find(instances, module, OBJ_SEARCH_KEY | OBJ_NOLOCK, NULL, file, line, func);
	is_new = !sorcery;
	if (is_new) {
		sorcery = begin(module, &failed);
	}
	ao2_unlock(instances);
	if (failed) {
		ast_log(LOG_ERROR, "cannot apply [%s] of sorcery.conf\n", module);
		ao2_ref(sorcery, -1);
		return NULL;
	}
	if (is_new && sorcery) {
		TELL(observers, ast_sorcery_global_observer, instance_created, module, sorcery);
	}
	return sorcery;
}

struct ast_sorcery *ast_sorcery_retrieve_by_module_name(const char *module_name)
{
	return module_name ? ao2_weakproxy_find(instances, module_name, OBJ_SEARCH_KEY, NULL) : NULL;
}

void ast_sorcery_ref(struct ast_sorcery *sorcery)
{
	ao2_ref(sorcery, +1);
}

const char *ast_sorcery_get_module(const struct ast_sorcery *sorcery)
{
	return sorcery ? sorcery->module_name : NULL;
}

/* ---- wizards of types ---- */

static void mapping_destroy(void *obj)
{
	struct mapping *mapping = obj;

	if (mapping->data && mapping->wizard->callbacks.close) {
		mapping->wizard->callbacks.close(mapping->data);
	}
	ast_module_unref(mapping->wizard->callbacks.module);
	ao2_ref(mapping->wizard, -1);
}

/* Opens a wizard, whose reference it takes: a mapping, or NULL. */
static struct mapping *new_mapping(struct wizard *wizard, const char *arguments, unsigned int flags)
{
	struct ast_module *module = wizard->callbacks.module;
	struct mapping *mapping = NULL;

	if (!module || ast_module_running_ref(module)) {
		mapping = ao2_alloc_options(sizeof(*mapping) + strlen(arguments) + 1, mapping_destroy, AO2_ALLOC_OPT_LOCK_NOLOCK);
	}
	if (!mapping) {
		ao2_ref(wizard, -1);
		return NULL;
	}
	mapping->wizard = wizard;
	mapping->flags = flags;
	strcpy(mapping->arguments, arguments);
	if (wizard->callbacks.open && !(mapping->data = wizard->callbacks.open(arguments))) {
		ao2_ref(mapping, -1);
		return NULL;
	}
	return mapping;
}

static int is_of(const struct mapping *mapping, const struct wizard *wizard)
{
	return mapping->wizard == wizard;
}

/* Whether a wizard may not be added to a type that is locked. */
static int is_taken(struct ast_sorcery_object_type *type, const struct wizard *wizard, unsigned int flags)
{
	struct mapping *same = AST_VECTOR_GET_CMP(&type->mappings, wizard, is_of);

	return same && !((flags | same->flags) & AST_SORCERY_WIZARD_APPLY_ALLOW_DUPLICATE);
}

static enum ast_sorcery_apply_result insert_mapping(struct ast_sorcery_object_type *type, struct mapping *mapping,
	int position)
{
	enum ast_sorcery_apply_result result = AST_SORCERY_APPLY_DUPLICATE;

	AST_VECTOR_RW_WRLOCK(&type->mappings);
	if (!is_taken(type, mapping->wizard, mapping->flags)) {
		size_t place = position < 0 ? AST_VECTOR_SIZE(&type->mappings) : (size_t) position;
		result = AST_VECTOR_INSERT_AT(&type->mappings, place, ao2_bump(mapping)) ? AST_SORCERY_APPLY_FAIL
			: AST_SORCERY_APPLY_SUCCESS;
	}
	AST_VECTOR_RW_UNLOCK(&type->mappings);
	return result;
}

static int has_wizard(struct ast_sorcery_object_type *type, const struct wizard *wizard, unsigned int flags)
{
	int taken;

	AST_VECTOR_RW_RDLOCK(&type->mappings);
	taken = is_taken(type, wizard, flags);
	AST_VECTOR_RW_UNLOCK(&type->mappings);
	return taken;
}

/* Adds a wizard to a type, which is made when there is none. */
static enum ast_sorcery_apply_result add_mapping(struct ast_sorcery *sorcery, const char *name, const char *module,
	struct mapping *mapping, int position)
{
	struct ast_sorcery_object_type *type = ast_sorcery_get_object_type(sorcery, name);
	enum ast_sorcery_apply_result result = AST_SORCERY_APPLY_FAIL;
	int is_new = !type;

	type = type ? type : new_type(name, module);
	if (type) {
		result = insert_mapping(type, mapping, position);
	}
	if (is_new && result == AST_SORCERY_APPLY_SUCCESS) {
		ao2_link(sorcery->types, type);
	}
	ao2_cleanup(type);
	return result;
}

enum ast_sorcery_apply_result __ast_sorcery_object_type_insert_wizard(struct ast_sorcery *sorcery,
	const char *object_type_name, const char *module, const char *wizard_type_name, const char *wizard_args,
	enum ast_sorcery_wizard_apply_flags flags, int position, struct ast_sorcery_wizard **wizard, void **wizard_data)
{
	struct wizard *found = sorcery && object_type_name ? find_wizard(wizard_type_name) : NULL;
	struct ast_sorcery_object_type *type = ast_sorcery_get_object_type(sorcery, object_type_name);
	int taken = found && type && has_wizard(type, found, flags);
	struct mapping *mapping = found && !taken ? new_mapping(ao2_bump(found), S_OR(wizard_args, ""), flags) : NULL;
	enum ast_sorcery_apply_result result = taken ? AST_SORCERY_APPLY_DUPLICATE : AST_SORCERY_APPLY_FAIL;

	if (mapping) {
		result = add_mapping(sorcery, object_type_name, module, mapping, position);
	} else if (!taken) {
		ast_log(LOG_ERROR, "the wizard '%s' cannot keep objects of type '%s': %s\n", S_OR(wizard_type_name, ""),
			S_OR(object_type_name, ""), found ? "it refused what it was given" : "there is no such wizard");
	}
	if (result == AST_SORCERY_APPLY_SUCCESS) {
		TELL(sorcery->observers, ast_sorcery_instance_observer, wizard_mapped, sorcery->module_name, sorcery,
			object_type_name, &found->callbacks, wizard_args, mapping->data);
		if (wizard) {
			*wizard = &found->callbacks;
		}
		if (wizard_data) {
			*wizard_data = mapping->data;
		}
	}
	ao2_cleanup(mapping);
	ao2_cleanup(found);
	ao2_cleanup(type);
	return result;
}

enum ast_sorcery_apply_result __ast_sorcery_insert_wizard_mapping(struct ast_sorcery *sorcery, const char *type,
	const char *module, const char *name, const char *data, unsigned int caching, int position)
{
	return __ast_sorcery_object_type_insert_wizard(sorcery, type, module, name, data,
		caching ? AST_SORCERY_WIZARD_APPLY_CACHING : AST_SORCERY_WIZARD_APPLY_NONE, position, NULL, NULL);
}

enum ast_sorcery_apply_result __ast_sorcery_apply_wizard_mapping(struct ast_sorcery *sorcery, const char *type,
	const char *module, const char *name, const char *data, unsigned int caching)
{
	return __ast_sorcery_insert_wizard_mapping(sorcery, type, module, name, data, caching,
		AST_SORCERY_WIZARD_POSITION_LAST);
}

enum ast_sorcery_apply_result __ast_sorcery_apply_default(struct ast_sorcery *sorcery, const char *type,
	const char *module, const char *name, const char *data)
{
	struct ast_sorcery_object_type *known = ast_sorcery_get_object_type(sorcery, type);

	ao2_cleanup(known);
	return known ? AST_SORCERY_APPLY_DEFAULT_UNNECESSARY
		: __ast_sorcery_apply_wizard_mapping(sorcery, type, module, name, data, 0);
}

/* Applies one line, TYPE[/cache] = WIZARD[,ARGUMENTS]. */
static enum ast_sorcery_apply_result apply_line(struct ast_sorcery *sorcery, const char *module,
	const struct ast_variable *line)
{
	char *options = ast_strdupa(line->name), *arguments = ast_strdupa(line->value);
	const char *type = strsep(&options, "/"), *wizard = strsep(&arguments, ",");

	if (ast_strlen_zero(type) || ast_strlen_zero(wizard)) {
		return AST_SORCERY_APPLY_SUCCESS;
	}
	return __ast_sorcery_apply_wizard_mapping(sorcery, type, module, wizard, arguments,
		options && strstr(options, "cache"));
}

enum ast_sorcery_apply_result __ast_sorcery_apply_config(struct ast_sorcery *sorcery, const char *name,
	const char *module)
{
	struct ast_config *config = sorcery && name ? load_settings() : NULL;
	enum ast_sorcery_apply_result result = AST_SORCERY_APPLY_SUCCESS;
	const struct ast_variable *line;

	if (!config || config == CONFIG_STATUS_FILEINVALID) {
		return config ? AST_SORCERY_APPLY_FAIL : AST_SORCERY_APPLY_NO_CONFIGURATION;
	}
	for (line = ast_variable_browse(config, name); line && result != AST_SORCERY_APPLY_FAIL; line = line->next) {
		result = apply_line(sorcery, module, line);
	}
	ast_config_destroy(config);
	return result == AST_SORCERY_APPLY_FAIL ? result : AST_SORCERY_APPLY_SUCCESS;
}

/* Takes the first wizard of a name, and unless NULL of these arguments, from a type: 0, or -1. */
static int remove_mapping(struct ast_sorcery *sorcery, const char *type_name, const char *name, const char *arguments)
{
	struct ast_sorcery_object_type *type = ast_sorcery_get_object_type(sorcery, type_name);
	struct mapping *removed = NULL;
	size_t i;

	if (!type || !name) {
		ao2_cleanup(type);
		return -1;
	}
	AST_VECTOR_RW_WRLOCK(&type->mappings);
	for (i = 0; i < AST_VECTOR_SIZE(&type->mappings) && !removed; i++) {
		struct mapping *mapping = AST_VECTOR_GET(&type->mappings, i);

		if (!strcmp(mapping->wizard->callbacks.name, name) && (!arguments || !strcmp(mapping->arguments, arguments))) {
			removed = AST_VECTOR_REMOVE_ORDERED(&type->mappings, i);
		}
	}
	AST_VECTOR_RW_UNLOCK(&type->mappings);
	ao2_cleanup(removed);
	ao2_ref(type, -1);
	return removed ? 0 : -1;
}

int __ast_sorcery_object_type_remove_wizard(struct ast_sorcery *sorcery, const char *object_type_name,
	const char *module, const char *wizard_type_name, const char *wizard_args)
{
	(void) module;
	return remove_mapping(sorcery, object_type_name, wizard_type_name, S_OR(wizard_args, ""));
}

int __ast_sorcery_remove_wizard_mapping(struct ast_sorcery *sorcery, const char *type, const char *module,
	const char *name)
{
	(void) module;
	return remove_mapping(sorcery, type, name, NULL);
}

int ast_sorcery_get_wizard_mapping_count(struct ast_sorcery *sorcery, const char *type)
{
	struct ast_sorcery_object_type *found = ast_sorcery_get_object_type(sorcery, type);
	int count = found ? (int) AST_VECTOR_SIZE(&found->mappings) : -1;

	ao2_cleanup(found);
	return count;
}

int ast_sorcery_get_wizard_mapping(struct ast_sorcery *sorcery, const char *type, int index,
	struct ast_sorcery_wizard **wizard, void **data)
{
	struct ast_sorcery_object_type *found = ast_sorcery_get_object_type(sorcery, type);
	int failed = -1;

	if (found && wizard) {
		AST_VECTOR_RW_RDLOCK(&found->mappings);
		if (index >= 0 && (size_t) index < AST_VECTOR_SIZE(&found->mappings)) {
			struct mapping *mapping = AST_VECTOR_GET(&found->mappings, index);

			*wizard = &ao2_bump(mapping->wizard)->callbacks;
			if (data) {
				*data = mapping->data;
			}
			failed = 0;
		}
		AST_VECTOR_RW_UNLOCK(&found->mappings);
	}
	ao2_cleanup(found);
	return failed;
}
