/*
 * Wizards, instances, their types and fields (asterisk/sorcery.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sorcery.h"

#include "conf/options.h"

#include "asterisk/format_cap.h"
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
AO2_STRING_FIELD_CMP_FN(field, name)

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
	type->fields = new_list(field_cmp_fn);
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

/* A new instance of a name, with the wizards of sorcery.conf, in the container of all, which is locked. */
static struct ast_sorcery *begin(const char *name)
{
	struct instance *instance = ao2_weakproxy_alloc(sizeof(*instance) + strlen(name) + 1, NULL);
	struct ast_sorcery *sorcery;

	if (instance) {
		strcpy(instance->name, name);
	}
	sorcery = new_sorcery(instance);
	if (sorcery && __ast_sorcery_apply_config(sorcery, name, name) == AST_SORCERY_APPLY_FAIL) {
		ast_log(LOG_ERROR, "cannot apply [%s] of sorcery.conf\n", name);
		ao2_ref(sorcery, -1);
		sorcery = NULL;
	}
	if (sorcery) {
		ao2_link_flags(instances, instance, OBJ_NOLOCK);
	}
	ao2_cleanup(instance);
	return sorcery;
}

struct ast_sorcery *__ast_sorcery_open(const char *module, const char *file, int line, const char *func)
{
	struct ast_sorcery *sorcery;
	int is_new;

	if (ast_strlen_zero(module)) {
		return NULL;
	}
	ao2_wrlock(instances);
	sorcery = __ao2_weakproxy_find(instances, module, OBJ_SEARCH_KEY | OBJ_NOLOCK, NULL, file, line, func);
	is_new = !sorcery;
	if (is_new) {
		sorcery = begin(module);
	}
	ao2_unlock(instances);
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

/* ---- registration of types and fields ---- */

static int set_extended(const struct aco_option *opt, struct ast_variable *var, void *obj)
{
	(void) opt;
	return ast_sorcery_object_set_extended(obj, var->name, var->value);
}

static int get_extended(const void *obj, struct ast_variable **fields)
{
	const struct ast_sorcery_object_details *details = obj;

	*fields = ast_variables_dup(details->object->extended);
	return 0;
}

int __ast_sorcery_object_register(struct ast_sorcery *sorcery, const char *type, unsigned int hidden,
	unsigned int reloadable, aco_type_item_alloc alloc, sorcery_transform_handler transform,
	sorcery_apply_handler apply)
{
	struct ast_sorcery_object_type *found = ast_sorcery_get_object_type(sorcery, type);
	int failed = -1;

	if (found && alloc && !found->type.item_alloc) {
		found->type = (struct aco_type) { .type = ACO_ITEM, .name = found->name, .category = ".?", .item_alloc = alloc,
			.hidden = hidden };
		found->reloadable = reloadable;
		found->transform = transform;
		found->apply = apply;
		found->file->types[0] = &found->type;
		failed = aco_info_init(found->info)
			|| ast_sorcery_object_fields_register(sorcery, type, "^@", set_extended, get_extended) ? -1 : 0;
	}
	ao2_cleanup(found);
	if (!failed) {
		TELL(sorcery->observers, ast_sorcery_instance_observer, object_type_registered, sorcery->module_name, sorcery,
			type);
	}
	return failed;
}

int ast_sorcery_object_unregister(struct ast_sorcery *sorcery, const char *type)
{
	struct ast_sorcery_object_type *found = ast_sorcery_get_object_type(sorcery, type);
	int failed = !found || !found->type.item_alloc;

	if (!failed) {
		ao2_unlink(sorcery->types, found);
	}
	ao2_cleanup(found);
	return failed ? -1 : 0;
}

int ast_sorcery_object_set_congestion_levels(struct ast_sorcery *sorcery, const char *type, long low_water,
	long high_water)
{
	struct ast_sorcery_object_type *found = ast_sorcery_get_object_type(sorcery, type);
	int failed = !found || (found->teller && ast_taskprocessor_alert_set_levels(found->teller, low_water, high_water));

	ao2_cleanup(found);
	return failed ? -1 : 0;
}

void ast_sorcery_object_set_copy_handler(struct ast_sorcery *sorcery, const char *type, sorcery_copy_handler copy)
{
	struct ast_sorcery_object_type *found = ast_sorcery_get_object_type(sorcery, type);

	if (found) {
		found->copy = copy;
		ao2_ref(found, -1);
	}
}

void ast_sorcery_object_set_diff_handler(struct ast_sorcery *sorcery, const char *type, sorcery_diff_handler diff)
{
	struct ast_sorcery_object_type *found = ast_sorcery_get_object_type(sorcery, type);

	if (found) {
		found->diff = diff;
		ao2_ref(found, -1);
	}
}

static void field_destroy(void *obj)
{
	struct field *field = obj;

	if (field->has_regex) {
		regfree(&field->regex);
	}
}

static struct field *new_field(const char *name, size_t argc)
{
	struct field *field = ao2_alloc_options(sizeof(*field) + argc * sizeof(field->args[0]), field_destroy,
		AO2_ALLOC_OPT_LOCK_NOLOCK);

	if (field) {
		ast_copy_string(field->name, name, sizeof(field->name));
	}
	return field;
}

/* Registers a field, which it releases, with a type that is registered: 0, or -1. */
static int register_field(struct ast_sorcery_object_type *type, struct field *field, int is_alias,
	enum aco_matchtype match_type, const char *default_val, enum aco_option_type opt_type, aco_option_handler handler,
	unsigned int flags, size_t argc)
{
	int failed = asterism_option_register(type->info, field->name, match_type, type->file->types, default_val, opt_type,
		handler, flags, argc, field->args);

	if (!failed && !is_alias) {
		ao2_link(type->fields, field);
	}
	ao2_ref(field, -1);
	return failed;
}

/* A type that is registered, with a reference; NULL for others. */
static struct ast_sorcery_object_type *registered_type(struct ast_sorcery *sorcery, const char *name)
{
	struct ast_sorcery_object_type *type = ast_sorcery_get_object_type(sorcery, name);

	if (type && !type->type.item_alloc) {
		ao2_ref(type, -1);
		return NULL;
	}
	return type;
}

int ast_sorcery_object_fields_register(struct ast_sorcery *sorcery, const char *type, const char *regex,
	aco_option_handler config_handler, sorcery_fields_handler sorcery_handler)
{
	struct ast_sorcery_object_type *found = registered_type(sorcery, type);
	struct field *field = found && regex && config_handler ? new_field(regex, 0) : NULL;
	int failed = -1;

	if (field && !regcomp(&field->regex, regex, REG_EXTENDED | REG_NOSUB)) {
		field->has_regex = 1;
		field->multiple_handler = sorcery_handler;
		failed = register_field(found, field, 0, ACO_REGEX, "", OPT_CUSTOM_T, config_handler, 0, 0);
	} else {
		ao2_cleanup(field);
	}
	ao2_cleanup(found);
	return failed;
}

static int show_int(const void *obj, const intptr_t *args, char **buf)
{
	return ast_asprintf(buf, "%d", *(const int *) ((const char *) obj + args[0])) < 0;
}

static int show_uint(const void *obj, const intptr_t *args, char **buf)
{
	return ast_asprintf(buf, "%u", *(const unsigned int *) ((const char *) obj + args[0])) < 0;
}

static int show_double(const void *obj, const intptr_t *args, char **buf)
{
	return ast_asprintf(buf, "%f", *(const double *) ((const char *) obj + args[0])) < 0;
}

static int show(char **buf, const char *text)
{
	*buf = ast_strdup(text);
	return !*buf;
}

static int show_string_field(const void *obj, const intptr_t *args, char **buf)
{
	return show(buf, *(const char *const *) ((const char *) obj + args[0]));
}

static int show_bool(const void *obj, const intptr_t *args, char **buf)
{
	return show(buf, *(const unsigned int *) ((const char *) obj + args[0]) ? "true" : "false");
}

static int show_yesno(const void *obj, const intptr_t *args, char **buf)
{
	return show(buf, *(const unsigned int *) ((const char *) obj + args[0]) ? "yes" : "no");
}

static int show_sockaddr(const void *obj, const intptr_t *args, char **buf)
{
	return show(buf, ast_sockaddr_stringify((const struct ast_sockaddr *) ((const char *) obj + args[0])));
}

static int show_text(const void *obj, const intptr_t *args, char **buf)
{
	return show(buf, (const char *) obj + args[0]);
}

static int show_codec(const void *obj, const intptr_t *args, char **buf)
{
	struct ast_str *names = ast_str_alloca(AST_FORMAT_CAP_NAMES_LEN);

	return show(buf, ast_format_cap_get_names(*(struct ast_format_cap *const *) ((const char *) obj + args[0]), &names));
}

static const sorcery_field_handler shown[] = {
	[OPT_BOOL_T] = show_bool, [OPT_YESNO_T] = show_yesno, [OPT_CHAR_ARRAY_T] = show_text, [OPT_CODEC_T] = show_codec,
	[OPT_DOUBLE_T] = show_double, [OPT_INT_T] = show_int, [OPT_SOCKADDR_T] = show_sockaddr,
	[OPT_STRINGFIELD_T] = show_string_field, [OPT_UINT_T] = show_uint,
};

#define MOST_ARGUMENTS 8

int __ast_sorcery_object_field_register(struct ast_sorcery *sorcery, const char *type, const char *name,
	const char *default_val, enum aco_option_type opt_type, aco_option_handler config_handler,
	sorcery_field_handler sorcery_handler, sorcery_fields_handler multiple_handler, unsigned int flags,
	unsigned int no_doc, unsigned int alias, size_t argc, ...)
{
	struct ast_sorcery_object_type *found = registered_type(sorcery, type);
	struct field *field = found && name && argc <= MOST_ARGUMENTS ? new_field(name, argc) : NULL;
	int failed = -1;
	va_list ap;
	size_t i;

	(void) no_doc;
	if (field) {
		field->handler = sorcery_handler ? sorcery_handler : (size_t) opt_type < ARRAY_LEN(shown) ? shown[opt_type] : NULL;
		field->multiple_handler = multiple_handler;
		va_start(ap, argc);
		for (i = 0; i < argc; i++) {
			field->args[i] = va_arg(ap, intptr_t);
		}
		va_end(ap);
		failed = register_field(found, field, (int) alias, ACO_EXACT, default_val, opt_type, config_handler, flags, argc);
	}
	ao2_cleanup(found);
	return failed;
}

static int fits(void *obj, void *name, int flags)
{
	const struct field *field = obj;

	(void) flags;
	return field->has_regex ? !regexec(&field->regex, name, 0, NULL, 0) : !strcmp(field->name, name);
}

int ast_sorcery_is_object_field_registered(const struct ast_sorcery_object_type *object_type, const char *field_name)
{
	void *field = object_type && field_name ? ao2_callback(object_type->fields, 0, fits, (void *) field_name) : NULL;

	ao2_cleanup(field);
	return field != NULL;
}
