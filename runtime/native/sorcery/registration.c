/*
 * Types of objects and their fields, as modules register them (asterisk/sorcery.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sorcery.h"

#include "conf/options.h"

#include "asterisk/format_cap.h"
#include "asterisk/taskprocessor.h"

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
