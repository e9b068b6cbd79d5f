/*
 * Objects of a module that are kept in places of any kind: sections of a file, the database, memory.  A module registers
 * types of objects and their fields; wizards, which are modules too, keep the objects; sorcery.conf or the module says
 * which wizard keeps which type.
 *
 *     sorcery = ast_sorcery_open();
 *     ast_sorcery_apply_default(sorcery, "phone", "config", "phones.conf,criteria=type=phone");
 *     ast_sorcery_object_register(sorcery, "phone", phone_alloc, NULL, NULL);
 *     ast_sorcery_object_field_register(sorcery, "phone", "ring", "2", OPT_UINT_T, 0, FLDSET(struct phone, ring));
 *     ast_sorcery_load(sorcery);
 *     phone = ast_sorcery_retrieve_by_id(sorcery, "phone", "alice");
 *
 * Objects are ao2 objects and are not changed once they are kept: change a copy (ast_sorcery_copy), and update.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_SORCERY_H
#define ASTERISM_SORCERY_H

#include <sys/time.h>

#include "asterisk/config_options.h"
#include "asterisk/uuid.h"

#ifdef __cplusplus
extern "C" {
#endif

#define MAX_OBJECT_TYPE 64	/* Bytes of the name of a type, and of a field, with the NUL. */
#define MAX_OBJECT_FIELD 128

struct ast_json;
struct ast_sorcery;
struct ast_sorcery_wizard;
struct ast_sorcery_object_type;

enum ast_sorcery_retrieve_flags {
	AST_RETRIEVE_FLAG_DEFAULT = 0,		/* One object. */
	AST_RETRIEVE_FLAG_MULTIPLE = (1 << 0),	/* All that match, in a container. */
	AST_RETRIEVE_FLAG_ALL = (1 << 1),	/* Even without fields: all there are. */
};

/* Which handler of a field is asked, when it has one for a text and one for a list. */
enum ast_sorcery_field_handler_flags {
	AST_HANDLER_PREFER_STRING,
	AST_HANDLER_PREFER_LIST,
	AST_HANDLER_ONLY_STRING,
	AST_HANDLER_ONLY_LIST,
};

/* A field as text, for ast_free; fields as a list: 0, or non-zero when there is none. */
typedef int (*sorcery_field_handler)(const void *obj, const intptr_t *args, char **buf);
typedef int (*sorcery_fields_handler)(const void *obj, struct ast_variable **fields);
/* Another list to be applied instead of this one, or NULL. */
typedef struct ast_variable *(*sorcery_transform_handler)(struct ast_variable *set);
/* Called when all fields of an object are set: non-zero refuses it.  The others take the place of the usual way. */
typedef int (*sorcery_apply_handler)(const struct ast_sorcery *sorcery, void *obj);
typedef int (*sorcery_copy_handler)(const void *src, void *dst);
typedef int (*sorcery_diff_handler)(const void *original, const void *modified, struct ast_variable **changes);

/* ---- who is told of what; every callback may be NULL ---- */

/* Of instances and wizards, in the thread that makes the change. */
struct ast_sorcery_global_observer {
	void (*instance_created)(const char *name, struct ast_sorcery *sorcery);
	void (*wizard_registered)(const char *name, const struct ast_sorcery_wizard *wizard);
	void (*instance_destroying)(const char *name, struct ast_sorcery *sorcery);
	void (*wizard_unregistering)(const char *name, const struct ast_sorcery_wizard *wizard);
};

/* Of one instance. */
struct ast_sorcery_instance_observer {
	void (*instance_loading)(const char *name, const struct ast_sorcery *sorcery, int reloaded);
	void (*instance_loaded)(const char *name, const struct ast_sorcery *sorcery, int reloaded);
	void (*wizard_mapped)(const char *name, struct ast_sorcery *sorcery, const char *object_type,
		struct ast_sorcery_wizard *wizard, const char *wizard_args, void *wizard_data);
	void (*object_type_registered)(const char *name, struct ast_sorcery *sorcery, const char *object_type);
	void (*object_type_loading)(const char *name, const struct ast_sorcery *sorcery, const char *object_type,
		int reloaded);
	void (*object_type_loaded)(const char *name, const struct ast_sorcery *sorcery, const char *object_type,
		int reloaded);
};

/* Of one wizard. */
struct ast_sorcery_wizard_observer {
	void (*wizard_loading)(const char *name, const struct ast_sorcery_wizard *wizard, const char *object_type,
		int reloaded);
	void (*wizard_loaded)(const char *name, const struct ast_sorcery_wizard *wizard, const char *object_type,
		int reloaded);
};

/* Of the objects of a type, in a thread of their own, in the order of the changes. */
struct ast_sorcery_observer {
	void (*created)(const void *object);
	void (*updated)(const void *object);
	void (*deleted)(const void *object);
	void (*loaded)(const char *object_type);
};

/* ---- wizards ---- */

/* A way to keep objects; every callback may be NULL.  data is what open gave. */
struct ast_sorcery_wizard {
	const char *name;
	struct ast_module *module;
	void *(*open)(const char *data);
	void (*load)(void *data, const struct ast_sorcery *sorcery, const char *type);
	void (*reload)(void *data, const struct ast_sorcery *sorcery, const char *type);
	int (*create)(const struct ast_sorcery *sorcery, void *data, void *object);
	void *(*retrieve_id)(const struct ast_sorcery *sorcery, void *data, const char *type, const char *id);
	void (*retrieve_regex)(const struct ast_sorcery *sorcery, void *data, const char *type,
		struct ao2_container *objects, const char *regex);
	void (*retrieve_prefix)(const struct ast_sorcery *sorcery, void *data, const char *type,
		struct ao2_container *objects, const char *prefix, const size_t prefix_len);
	void *(*retrieve_fields)(const struct ast_sorcery *sorcery, void *data, const char *type,
		const struct ast_variable *fields);
	void (*retrieve_multiple)(const struct ast_sorcery *sorcery, void *data, const char *type,
		struct ao2_container *objects, const struct ast_variable *fields);
	int (*update)(const struct ast_sorcery *sorcery, void *data, void *object);
	int (*delete)(const struct ast_sorcery *sorcery, void *data, void *object);
	void (*close)(void *data);
	int (*is_stale)(const struct ast_sorcery *sorcery, void *data, void *object);
	void (*force_reload)(void *data, const struct ast_sorcery *sorcery, const char *type);
};

/* Registers a wizard under its name, and takes it back: 0, or -1.  A wizard that is mapped keeps its module loaded. */
int __ast_sorcery_wizard_register(const struct ast_sorcery_wizard *interface, struct ast_module *module);
#define ast_sorcery_wizard_register(interface) __ast_sorcery_wizard_register(interface, AST_MODULE_SELF)
int ast_sorcery_wizard_unregister(const struct ast_sorcery_wizard *interface);

/* ---- instances ---- */

/* The instance of a module, made and given its wizards of sorcery.conf when there is none; NULL on failure. */
struct ast_sorcery *__ast_sorcery_open(const char *module, const char *file, int line, const char *func);
#define ast_sorcery_open() __ast_sorcery_open(AST_MODULE, __FILE__, __LINE__, __PRETTY_FUNCTION__)
struct ast_sorcery *ast_sorcery_retrieve_by_module_name(const char *module_name);
void ast_sorcery_ref(struct ast_sorcery *sorcery);
#define ast_sorcery_unref(sorcery) ao2_cleanup(sorcery)
const char *ast_sorcery_get_module(const struct ast_sorcery *sorcery);

enum ast_sorcery_apply_result {
	AST_SORCERY_APPLY_FAIL = -1,
	AST_SORCERY_APPLY_SUCCESS = 0,
	AST_SORCERY_APPLY_DUPLICATE = 1,		/* The wizard keeps this type already. */
	AST_SORCERY_APPLY_DEFAULT_UNNECESSARY = 2,	/* The type has a wizard. */
	AST_SORCERY_APPLY_NO_CONFIGURATION = 3,		/* There is no sorcery.conf. */
};
/* Wizards of a section of sorcery.conf; a wizard for a type that has none; a wizard behind those it has, or at a place. */
enum ast_sorcery_apply_result __ast_sorcery_apply_config(struct ast_sorcery *sorcery, const char *name,
	const char *module);
#define ast_sorcery_apply_config(sorcery, name) __ast_sorcery_apply_config((sorcery), (name), AST_MODULE)
enum ast_sorcery_apply_result __ast_sorcery_apply_default(struct ast_sorcery *sorcery, const char *type,
	const char *module, const char *name, const char *data);
#define ast_sorcery_apply_default(sorcery, type, name, data) \
	__ast_sorcery_apply_default((sorcery), (type), AST_MODULE, (name), (data))
enum ast_sorcery_apply_result __ast_sorcery_apply_wizard_mapping(struct ast_sorcery *sorcery, const char *type,
	const char *module, const char *name, const char *data, unsigned int caching);
#define ast_sorcery_apply_wizard_mapping(sorcery, type, name, data, caching) \
	__ast_sorcery_apply_wizard_mapping((sorcery), (type), AST_MODULE, (name), (data), (caching))

enum ast_sorcery_wizard_position {
	AST_SORCERY_WIZARD_POSITION_LAST = -1,
	AST_SORCERY_WIZARD_POSITION_FIRST = 0,
};
enum ast_sorcery_apply_result __ast_sorcery_insert_wizard_mapping(struct ast_sorcery *sorcery, const char *type,
	const char *module, const char *name, const char *data, unsigned int caching, int position);
#define ast_sorcery_insert_wizard_mapping(sorcery, type, name, data, caching, position) \
	__ast_sorcery_insert_wizard_mapping((sorcery), (type), AST_MODULE, (name), (data), (caching), (position))

enum ast_sorcery_wizard_apply_flags {
	AST_SORCERY_WIZARD_APPLY_NONE = (0 << 0),
	AST_SORCERY_WIZARD_APPLY_CACHING = (1 << 0),	/* Keeps what the others gave, and is asked first. */
	AST_SORCERY_WIZARD_APPLY_READONLY = (1 << 1),	/* Nothing is created, updated or deleted there. */
	AST_SORCERY_WIZARD_APPLY_ALLOW_DUPLICATE = (1 << 2),
};
enum ast_sorcery_apply_result __ast_sorcery_object_type_insert_wizard(struct ast_sorcery *sorcery,
	const char *object_type_name, const char *module, const char *wizard_type_name, const char *wizard_args,
	enum ast_sorcery_wizard_apply_flags flags, int position, struct ast_sorcery_wizard **wizard, void **wizard_data);
#define ast_sorcery_object_type_insert_wizard(sorcery, object_type_name, wizard_type_name, wizard_args, flags, position, \
		wizard, wizard_data) \
	__ast_sorcery_object_type_insert_wizard((sorcery), (object_type_name), AST_MODULE, (wizard_type_name), \
		(wizard_args), (flags), (position), (wizard), (wizard_data))
#define ast_sorcery_object_type_apply_wizard(sorcery, object_type_name, wizard_type_name, wizard_args, flags, wizard, \
		wizard_data) \
	ast_sorcery_object_type_insert_wizard(sorcery, object_type_name, wizard_type_name, wizard_args, flags, \
		AST_SORCERY_WIZARD_POSITION_LAST, wizard, wizard_data)
/* Takes a wizard from a type: 0, or -1 when it has none such. */
int __ast_sorcery_object_type_remove_wizard(struct ast_sorcery *sorcery, const char *object_type_name,
	const char *module, const char *wizard_type_name, const char *wizard_args);
#define ast_sorcery_object_type_remove_wizard(sorcery, object_type_name, wizard_type_name, wizard_args) \
	__ast_sorcery_object_type_remove_wizard((sorcery), (object_type_name), AST_MODULE, (wizard_type_name), (wizard_args))
int __ast_sorcery_remove_wizard_mapping(struct ast_sorcery *sorcery, const char *type, const char *module,
	const char *name);
#define ast_sorcery_remove_wizard_mapping(sorcery, type, name) \
	__ast_sorcery_remove_wizard_mapping((sorcery), (type), AST_MODULE, (name))
/* The wizards of a type: how many (-1: no such type); one, with a reference: 0, or -1. */
int ast_sorcery_get_wizard_mapping_count(struct ast_sorcery *sorcery, const char *type);
int ast_sorcery_get_wizard_mapping(struct ast_sorcery *sorcery, const char *type, int index,
	struct ast_sorcery_wizard **wizard, void **data);

/* ---- types and fields ---- */

/* Registers a type that has a wizard: 0, or -1.  alloc makes an object with ast_sorcery_generic_alloc. */
int __ast_sorcery_object_register(struct ast_sorcery *sorcery, const char *type, unsigned int hidden,
	unsigned int reloadable, aco_type_item_alloc alloc, sorcery_transform_handler transform,
	sorcery_apply_handler apply);
#define ast_sorcery_object_register(sorcery, type, alloc, transform, apply) \
	__ast_sorcery_object_register((sorcery), (type), 0, 1, (alloc), (transform), (apply))
#define ast_sorcery_object_register_no_reload(sorcery, type, alloc, transform, apply) \
	__ast_sorcery_object_register((sorcery), (type), 0, 0, (alloc), (transform), (apply))
#define ast_sorcery_internal_object_register(sorcery, type, alloc, transform, apply) \
	__ast_sorcery_object_register((sorcery), (type), 1, 1, (alloc), (transform), (apply))
int ast_sorcery_object_unregister(struct ast_sorcery *sorcery, const char *type);
/* The alert of the taskprocessor that tells observers of this type: as ast_taskprocessor_alert_set_levels. */
int ast_sorcery_object_set_congestion_levels(struct ast_sorcery *sorcery, const char *type, long low_water,
	long high_water);
void ast_sorcery_object_set_copy_handler(struct ast_sorcery *sorcery, const char *type, sorcery_copy_handler copy);
void ast_sorcery_object_set_diff_handler(struct ast_sorcery *sorcery, const char *type, sorcery_diff_handler diff);

/* Registers all fields whose names match an expression; one field, with the arguments of aco_option_register: 0 or -1. */
int ast_sorcery_object_fields_register(struct ast_sorcery *sorcery, const char *type, const char *regex,
	aco_option_handler config_handler, sorcery_fields_handler sorcery_handler);
int __ast_sorcery_object_field_register(struct ast_sorcery *sorcery, const char *type, const char *name,
	const char *default_val, enum aco_option_type opt_type, aco_option_handler config_handler,
	sorcery_field_handler sorcery_handler, sorcery_fields_handler multiple_handler, unsigned int flags,
	unsigned int no_doc, unsigned int alias, size_t argc, ...);
#define __AST_SORCERY_FIELD(sorcery, type, name, default_val, opt_type, flags, no_doc, alias, ...) \
	__ast_sorcery_object_field_register(sorcery, type, name, default_val, opt_type, NULL, NULL, NULL, flags, no_doc, \
		alias, VA_NARGS(__VA_ARGS__), __VA_ARGS__)
#define ast_sorcery_object_field_register(sorcery, type, name, default_val, opt_type, flags, ...) \
	__AST_SORCERY_FIELD(sorcery, type, name, default_val, opt_type, flags, 0, 0, __VA_ARGS__)
/* A further name for a field, which is read and never written. */
#define ast_sorcery_object_field_register_alias(sorcery, type, name, default_val, opt_type, flags, ...) \
	__AST_SORCERY_FIELD(sorcery, type, name, default_val, opt_type, flags, 1, 1, __VA_ARGS__)
#define ast_sorcery_object_field_register_nodoc(sorcery, type, name, default_val, opt_type, flags, ...) \
	__AST_SORCERY_FIELD(sorcery, type, name, default_val, opt_type, flags, 1, 0, __VA_ARGS__)
#define __AST_SORCERY_CUSTOM(sorcery, type, name, default_val, config_handler, sorcery_handler, multiple_handler, flags, \
		no_doc, alias, ...) \
	__ast_sorcery_object_field_register(sorcery, type, name, default_val, OPT_CUSTOM_T, config_handler, \
		sorcery_handler, multiple_handler, flags, no_doc, alias, VA_NARGS(__VA_ARGS__), __VA_ARGS__)
#define ast_sorcery_object_field_register_custom(sorcery, type, name, default_val, config_handler, sorcery_handler, \
		multiple_handler, flags, ...) \
	__AST_SORCERY_CUSTOM(sorcery, type, name, default_val, config_handler, sorcery_handler, multiple_handler, flags, 0, \
		0, __VA_ARGS__)
#define ast_sorcery_object_field_register_custom_alias(sorcery, type, name, default_val, config_handler, \
		sorcery_handler, multiple_handler, flags, ...) \
	__AST_SORCERY_CUSTOM(sorcery, type, name, default_val, config_handler, sorcery_handler, multiple_handler, flags, 1, \
		1, __VA_ARGS__)
#define ast_sorcery_object_field_register_custom_nodoc(sorcery, type, name, default_val, config_handler, \
		sorcery_handler, multiple_handler, flags, ...) \
	__AST_SORCERY_CUSTOM(sorcery, type, name, default_val, config_handler, sorcery_handler, multiple_handler, flags, 1, \
		0, __VA_ARGS__)
/* Short forms, with a variable `sorcery`: an object, its structure, the name of a field in files and in the structure. */
#define ast_sorcery_register_bool(object, structure, option, field, def_value) \
	ast_sorcery_object_field_register(sorcery, #object, #option, def_value, OPT_YESNO_T, 1, \
		FLDSET(struct structure, field))
#define _sorcery_stringify(val) #val
#define ast_sorcery_register_int(object, structure, option, field, def_value) \
	ast_sorcery_object_field_register(sorcery, #object, #option, _sorcery_stringify(def_value), OPT_INT_T, \
		PARSE_IN_RANGE, FLDSET(struct structure, field), INT_MIN, INT_MAX)
#define ast_sorcery_register_uint(object, structure, option, field, def_value) \
	ast_sorcery_object_field_register(sorcery, #object, #option, _sorcery_stringify(def_value), OPT_UINT_T, \
		PARSE_IN_RANGE, FLDSET(struct structure, field), 0, UINT_MAX)
#define ast_sorcery_register_sf(object, structure, option, field, def_value) \
	ast_sorcery_object_field_register(sorcery, #object, #option, def_value, OPT_STRINGFIELD_T, 0, \
		STRFLDSET(struct structure, field))
#define ast_sorcery_register_cust(object, option, def_value) \
	ast_sorcery_object_field_register_custom(sorcery, #object, #option, def_value, object ## _ ## option ## _from_str, \
		object ## _ ## option ## _to_str, NULL, 0, 0)

/* A type, with a reference; whether it has a field of that name. */
struct ast_sorcery_object_type *ast_sorcery_get_object_type(const struct ast_sorcery *sorcery, const char *type);
int ast_sorcery_is_object_field_registered(const struct ast_sorcery_object_type *object_type, const char *field_name);

/* ---- loading ---- */

/* Lets the wizards of all types, or of one, read what they keep; anew; anew even if nothing changed. */
void ast_sorcery_load(const struct ast_sorcery *sorcery);
void ast_sorcery_load_object(const struct ast_sorcery *sorcery, const char *type);
void ast_sorcery_reload(const struct ast_sorcery *sorcery);
void ast_sorcery_reload_object(const struct ast_sorcery *sorcery, const char *type);
void ast_sorcery_force_reload(const struct ast_sorcery *sorcery);
void ast_sorcery_force_reload_object(const struct ast_sorcery *sorcery, const char *type);

/* ---- objects ---- */

struct ast_sorcery_object;
struct ast_sorcery_object_details {
	struct ast_sorcery_object *object;
};
/* The beginning of each structure that is kept: struct phone { SORCERY_OBJECT(details); unsigned int ring; }; */
#define SORCERY_OBJECT(details) struct { struct ast_sorcery_object_details details; }

/* For alloc callbacks: size bytes, cleared; without a lock, or with the lock of another object. */
void *ast_sorcery_generic_alloc(size_t size, ao2_destructor_fn destructor);
void *ast_sorcery_lockable_alloc(size_t size, ao2_destructor_fn destructor, void *lockobj);
/* A new object with its defaults, kept nowhere yet; without an id it gets a UUID.  A copy of an object. */
void *ast_sorcery_alloc(const struct ast_sorcery *sorcery, const char *type, const char *id);
void *ast_sorcery_copy(const struct ast_sorcery *sorcery, const void *object);
/* What differs: 0, with *changes for ast_variables_destroy, NULL when nothing does; or -1. */
int ast_sorcery_diff(const struct ast_sorcery *sorcery, const void *original, const void *modified,
	struct ast_variable **changes);
int ast_sorcery_changeset_create(const struct ast_variable *original, const struct ast_variable *modified,
	struct ast_variable **changes);
/* The fields of an object as a list for ast_variables_destroy; as JSON; set by a list: 0, or -1. */
struct ast_variable *ast_sorcery_objectset_create2(const struct ast_sorcery *sorcery, const void *object,
	enum ast_sorcery_field_handler_flags flags);
#define ast_sorcery_objectset_create(sorcery, object) \
	ast_sorcery_objectset_create2(sorcery, object, AST_HANDLER_PREFER_LIST)
struct ast_json *ast_sorcery_objectset_json_create(const struct ast_sorcery *sorcery, const void *object);
int ast_sorcery_objectset_apply(const struct ast_sorcery *sorcery, void *object, struct ast_variable *objectset);

const char *ast_sorcery_object_get_id(const void *object);
const char *ast_sorcery_object_get_type(const void *object);
struct timeval ast_sorcery_object_get_created(const void *object);
/* Fields whose names begin with @, which every type takes: the value of one (without the @), or NULL. */
const char *ast_sorcery_object_get_extended(const void *object, const char *name);
int ast_sorcery_object_set_extended(const void *object, const char *name, const char *value);
unsigned int ast_sorcery_object_has_dynamic_contents(const void *object);
void ast_sorcery_object_set_has_dynamic_contents(const void *object);
/* Functions of containers of objects, by their ids. */
int ast_sorcery_object_id_compare(void *obj, void *arg, int flags);
int ast_sorcery_object_id_sort(const void *obj, const void *arg, int flags);
int ast_sorcery_object_id_hash(const void *obj, int flags);

/* ---- keeping ---- */

/* Each asks the wizards of the object's type: 0, or -1 when none did it. */
int ast_sorcery_create(const struct ast_sorcery *sorcery, void *object);
int ast_sorcery_update(const struct ast_sorcery *sorcery, void *object);
int ast_sorcery_delete(const struct ast_sorcery *sorcery, void *object);
/* Whether an object is older than what is kept. */
int ast_sorcery_is_stale(const struct ast_sorcery *sorcery, void *object);
/*
 * An object with a reference, or NULL; with AST_RETRIEVE_FLAG_MULTIPLE, and of the last two, a container.  Values of
 * fields may be compared otherwise: "name like", "name >" and so on, as far as the wizard knows.
 */
void *ast_sorcery_retrieve_by_id(const struct ast_sorcery *sorcery, const char *type, const char *id);
void *ast_sorcery_retrieve_by_fields(const struct ast_sorcery *sorcery, const char *type, unsigned int flags,
	struct ast_variable *fields);
struct ao2_container *ast_sorcery_retrieve_by_regex(const struct ast_sorcery *sorcery, const char *type,
	const char *regex);
struct ao2_container *ast_sorcery_retrieve_by_prefix(const struct ast_sorcery *sorcery, const char *type,
	const char *prefix, const size_t prefix_len);
/* Whether wizards create what they are asked to update and do not have: sorcery.conf, [general]. */
extern int ast_sorcery_update_or_create_on_update_miss;

/* ---- observers: each is added with 0, or -1, and must be removed before its module goes ---- */

int ast_sorcery_global_observer_add(const struct ast_sorcery_global_observer *callbacks);
void ast_sorcery_global_observer_remove(const struct ast_sorcery_global_observer *callbacks);
int ast_sorcery_instance_observer_add(struct ast_sorcery *sorcery,
	const struct ast_sorcery_instance_observer *callbacks);
void ast_sorcery_instance_observer_remove(struct ast_sorcery *sorcery,
	const struct ast_sorcery_instance_observer *callbacks);
int ast_sorcery_wizard_observer_add(struct ast_sorcery_wizard *wizard,
	const struct ast_sorcery_wizard_observer *callbacks);
void ast_sorcery_wizard_observer_remove(struct ast_sorcery_wizard *wizard,
	const struct ast_sorcery_wizard_observer *callbacks);
int ast_sorcery_observer_add(const struct ast_sorcery *sorcery, const char *type,
	const struct ast_sorcery_observer *callbacks);
void ast_sorcery_observer_remove(const struct ast_sorcery *sorcery, const char *type,
	const struct ast_sorcery_observer *callbacks);

#ifdef __cplusplus
}
#endif

#endif
