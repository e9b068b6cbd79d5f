/*
 * Single objects and their fields (asterisk/sorcery.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sorcery.h"

#include "asterisk/json.h"

static struct ast_sorcery_object *inside(const void *object)
{
	return object ? ((const struct ast_sorcery_object_details *) object)->object : NULL;
}

struct ast_sorcery_object_type *asterism_sorcery_type_of(const struct ast_sorcery *sorcery, const void *object)
{
	const struct ast_sorcery_object *own = inside(object);
	struct ast_sorcery_object_type *type = own ? ast_sorcery_get_object_type(sorcery, own->type) : NULL;

	if (!type) {
		ast_log(LOG_ERROR, "%s\n", own && sorcery ? "the type of the object is not registered" : "not an object of sorcery");
	}
	return type;
}

/* ---- making ---- */

static void object_destroy(void *object)
{
	struct ast_sorcery_object *own = inside(object);

	if (own->destructor) {
		own->destructor(object);
	}
	ast_variables_destroy(own->extended);
	ast_free(own->id);
}

/* Gives a new object its inside, which stands behind its structure of that many bytes. */
static void *equipped(void *object, size_t size, ao2_destructor_fn destructor)
{
	struct ast_sorcery_object_details *details = object;

	if (details) {
		details->object = (struct ast_sorcery_object *) ((char *) object + size);
		details->object->destructor = destructor;
	}
	return object;
}

static size_t rounded(size_t size)
{
	return (size + sizeof(void *) - 1) / sizeof(void *) * sizeof(void *);
}

void *ast_sorcery_generic_alloc(size_t size, ao2_destructor_fn destructor)
{
	size = rounded(size);
	return equipped(ao2_alloc_options(size + sizeof(struct ast_sorcery_object), object_destroy,
		AO2_ALLOC_OPT_LOCK_NOLOCK), size, destructor);
}

void *ast_sorcery_lockable_alloc(size_t size, ao2_destructor_fn destructor, void *lockobj)
{
	size = rounded(size);
	return equipped(ao2_alloc_with_lockobj(size + sizeof(struct ast_sorcery_object), object_destroy, lockobj, ""), size,
		destructor);
}

/* Gives an object its name and its defaults: 0, or -1. */
static int named(struct ast_sorcery_object_type *type, void *object, const char *id)
{
	struct ast_sorcery_object *own = inside(object);
	char uuid[AST_UUID_STR_LEN];

	own->id = ast_strdup(ast_strlen_zero(id) ? ast_uuid_generate_str(uuid, sizeof(uuid)) : id);
	own->created = ast_tvnow();
	ast_copy_string(own->type, type->name, sizeof(own->type));
	return own->id ? aco_set_defaults(&type->type, id, object) : -1;
}

void *ast_sorcery_alloc(const struct ast_sorcery *sorcery, const char *type, const char *id)
{
	struct ast_sorcery_object_type *found = ast_sorcery_get_object_type(sorcery, type);
	void *object = found && found->type.item_alloc ? found->type.item_alloc(id) : NULL;

	if (object && named(found, object, id)) {
		ao2_ref(object, -1);
		object = NULL;
	}
	ao2_cleanup(found);
	return object;
}

/* ---- fields as lists ---- */

static struct ast_variable *one_field(const void *object, const struct field *field)
{
	struct ast_variable *var = NULL;
	char *text = NULL;

	if (field->handler && !field->handler(object, field->args, &text)) {
		var = ast_variable_new(field->name, S_OR(text, ""), "");
	}
	ast_free(text);
	return var;
}

static struct ast_variable *many_fields(const void *object, const struct field *field)
{
	struct ast_variable *list = NULL;

	if (field->multiple_handler && field->multiple_handler(object, &list)) {
		ast_variables_destroy(list);
		list = NULL;
	}
	return list;
}

static struct ast_variable *of_field(const void *object, const struct field *field,
	enum ast_sorcery_field_handler_flags flags)
{
	struct ast_variable *list;

	switch (flags) {
	case AST_HANDLER_ONLY_LIST:
		return many_fields(object, field);
	case AST_HANDLER_ONLY_STRING:
		return one_field(object, field);
	case AST_HANDLER_PREFER_STRING:
		list = one_field(object, field);
		return list ? list : many_fields(object, field);
	default:
		list = many_fields(object, field);
		return list ? list : one_field(object, field);
	}
}

struct ast_variable *ast_sorcery_objectset_create2(const struct ast_sorcery *sorcery, const void *object,
	enum ast_sorcery_field_handler_flags flags)
{
	struct ast_sorcery_object_type *type = asterism_sorcery_type_of(sorcery, object);
	struct ast_variable *all = NULL, *last = NULL;
	struct ao2_iterator each;
	struct field *field;

	if (!type) {
		return NULL;
	}
	each = ao2_iterator_init(type->fields, 0);
	for (; (field = ao2_iterator_next(&each)); ao2_ref(field, -1)) {
		last = ast_variable_list_append_hint(&all, last, of_field(object, field, flags));
	}
	ao2_iterator_destroy(&each);
	ao2_ref(type, -1);
	return all;
}

struct ast_json *ast_sorcery_objectset_json_create(const struct ast_sorcery *sorcery, const void *object)
{
	struct ast_variable *all = ast_sorcery_objectset_create(sorcery, object), *var;
	struct ast_json *json = all ? ast_json_object_create() : NULL;

	for (var = all; var && json; var = var->next) {
		if (ast_json_object_set(json, var->name, ast_json_string_create(var->value))) {
			ast_debug(5, "the field '%s' is not text for JSON\n", var->name);
		}
	}
	ast_variables_destroy(all);
	return json;
}

int ast_sorcery_objectset_apply(const struct ast_sorcery *sorcery, void *object, struct ast_variable *objectset)
{
	struct ast_sorcery_object_type *type = asterism_sorcery_type_of(sorcery, object);
	struct ast_variable *other = type && type->transform ? type->transform(objectset) : NULL, *var;
	int failed = !type;

	for (var = other ? other : objectset; var && !failed; var = var->next) {
		failed = aco_process_var(&type->type, inside(object)->id, var, object);
	}
	if (!failed && type->apply) {
		failed = type->apply(sorcery, object);
	}
	ast_variables_destroy(other);
	ao2_cleanup(type);
	return failed;
}

/* ---- copies and differences ---- */

void *ast_sorcery_copy(const struct ast_sorcery *sorcery, const void *object)
{
	struct ast_sorcery_object_type *type = asterism_sorcery_type_of(sorcery, object);
	void *copy = type ? ast_sorcery_alloc(sorcery, type->name, inside(object)->id) : NULL;
	struct ast_variable *fields = copy && !type->copy ? ast_sorcery_objectset_create(sorcery, object) : NULL;
	int failed = !copy || (type->copy ? type->copy(object, copy)
		: !fields || ast_sorcery_objectset_apply(sorcery, copy, fields));

	ast_variables_destroy(fields);
	ao2_cleanup(type);
	if (failed) {
		ao2_cleanup(copy);
	}
	return failed ? NULL : copy;
}

int ast_sorcery_changeset_create(const struct ast_variable *original, const struct ast_variable *modified,
	struct ast_variable **changes)
{
	*changes = NULL;
	for (; original != modified && modified; modified = modified->next) {
		const char *before = ast_variable_find_in_list(original, modified->name);

		if (!before || strcmp(before, modified->value)) {
			struct ast_variable *change = ast_variable_new(modified->name, modified->value, "");

			if (!change) {
				ast_variables_destroy(*changes);
				*changes = NULL;
				return -1;
			}
			change->next = *changes;
			*changes = change;
		}
	}
	return 0;
}

/* The difference of all fields. */
static int usual_diff(const struct ast_sorcery *sorcery, const void *original, const void *modified,
	struct ast_variable **changes)
{
	struct ast_variable *before = ast_sorcery_objectset_create(sorcery, original);
	struct ast_variable *after = ast_sorcery_objectset_create(sorcery, modified);
	int failed = ast_sorcery_changeset_create(before, after, changes);

	ast_variables_destroy(before);
	ast_variables_destroy(after);
	return failed;
}

int ast_sorcery_diff(const struct ast_sorcery *sorcery, const void *original, const void *modified,
	struct ast_variable **changes)
{
	struct ast_sorcery_object_type *type = asterism_sorcery_type_of(sorcery, original);
	int failed = !type || !inside(modified) || strcmp(inside(modified)->type, type->name) ? -1 : 0;

	*changes = NULL;
	if (!failed && original != modified) {
		failed = type->diff ? type->diff(original, modified, changes)
			: usual_diff(sorcery, original, modified, changes);
	}
	ao2_cleanup(type);
	return failed;
}

/* ---- what every object has ---- */

const char *ast_sorcery_object_get_id(const void *object)
{
	return inside(object) ? inside(object)->id : NULL;
}

const char *ast_sorcery_object_get_type(const void *object)
{
	return inside(object) ? inside(object)->type : NULL;
}

struct timeval ast_sorcery_object_get_created(const void *object)
{
	return inside(object) ? inside(object)->created : (struct timeval) { 0, 0 };
}

const char *ast_sorcery_object_get_extended(const void *object, const char *name)
{
	const struct ast_variable *var;

	for (var = inside(object) ? inside(object)->extended : NULL; var; var = var->next) {
		if (name && *var->name && !strcmp(var->name + 1, name)) {
			return var->value;
		}
	}
	return NULL;
}

int ast_sorcery_object_set_extended(const void *object, const char *name, const char *value)
{
	struct ast_sorcery_object *own = inside(object);
	struct ast_variable *var = own ? ast_variable_new(name, value, "") : NULL, **place;

	if (!var) {
		return -1;
	}
	for (place = &own->extended; *place && strcmp((*place)->name, name); place = &(*place)->next) {
		continue;
	}
	if (*place) {
		struct ast_variable *old = *place;

		*place = old->next;
		old->next = NULL;
		ast_variables_destroy(old);
	}
	var->next = own->extended;
	own->extended = var;
	return 0;
}

unsigned int ast_sorcery_object_has_dynamic_contents(const void *object)
{
	return inside(object) && inside(object)->is_dynamic;
}

void ast_sorcery_object_set_has_dynamic_contents(const void *object)
{
	if (inside(object)) {
		inside(object)->is_dynamic = 1;
	}
}

/* ---- containers of objects ---- */

int ast_sorcery_object_id_sort(const void *obj, const void *arg, int flags)
{
	const char *id = ast_sorcery_object_get_id(obj);

	switch (flags & OBJ_SEARCH_MASK) {
	case OBJ_SEARCH_OBJECT:
		return strcmp(id, ast_sorcery_object_get_id(arg));
	case OBJ_SEARCH_KEY:
		return strcmp(id, arg);
	case OBJ_SEARCH_PARTIAL_KEY:
		return strncmp(id, arg, strlen(arg));
	}
	return 0;
}

int ast_sorcery_object_id_compare(void *obj, void *arg, int flags)
{
	return ast_sorcery_object_id_sort(obj, arg, flags) ? 0 : CMP_MATCH;
}

int ast_sorcery_object_id_hash(const void *obj, int flags)
{
	switch (flags & OBJ_SEARCH_MASK) {
	case OBJ_SEARCH_KEY:
		return ast_str_hash(obj);
	case OBJ_SEARCH_OBJECT:
		return ast_str_hash(ast_sorcery_object_get_id(obj));
	}
	return 0;
}
