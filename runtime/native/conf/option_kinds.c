/*
 * How a line of a configuration file becomes a field of a structure: the handlers of enum aco_option_type
 * (asterisk/config_options.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "options.h"

#include "asterisk/acl.h"
#include "asterisk/format_cap.h"

/* The field of an object at one of the arguments. */
static void *field(const struct aco_option *opt, void *obj, unsigned int position)
{
	return (char *) obj + aco_option_get_argument(opt, position);
}

/* Whether a value that is not valid is replaced, which is logged; the replacement is in place already. */
static int replaced(const struct aco_option *opt, const struct ast_variable *var, int failed)
{
	if (failed && opt->flags & (PARSE_DEFAULT | PARSE_RANGE_DEFAULTS)) {
		ast_log(LOG_WARNING, "%s:%d: '%s = %s' is not valid here: its default or its nearest limit is taken\n", var->file,
			var->lineno, var->name, var->value);
		return 0;
	}
	return failed;
}

#define ARGUMENT(opt, kind, position) (kind) aco_option_get_argument(opt, position)

static int take_int(const struct aco_option *opt, struct ast_variable *var, void *obj)
{
	return replaced(opt, var, ast_parse_arg(var->value, PARSE_INT32 | opt->flags, field(opt, obj, 0),
		ARGUMENT(opt, int, 1), ARGUMENT(opt, int, 2), ARGUMENT(opt, int, 3)));
}

static int take_uint(const struct aco_option *opt, struct ast_variable *var, void *obj)
{
	return replaced(opt, var, ast_parse_arg(var->value, PARSE_UINT32 | opt->flags, field(opt, obj, 0),
		ARGUMENT(opt, unsigned int, 1), ARGUMENT(opt, unsigned int, 2), ARGUMENT(opt, unsigned int, 3)));
}

static int take_timelen(const struct aco_option *opt, struct ast_variable *var, void *obj)
{
	return replaced(opt, var, ast_parse_arg(var->value, PARSE_TIMELEN | opt->flags, field(opt, obj, 0),
		ARGUMENT(opt, enum ast_timelen, 1), ARGUMENT(opt, int, 2), ARGUMENT(opt, int, 3), ARGUMENT(opt, int, 4)));
}

static int take_double(const struct aco_option *opt, struct ast_variable *var, void *obj)
{
	return ast_parse_arg(var->value, PARSE_DOUBLE, field(opt, obj, 0));
}

static int take_sockaddr(const struct aco_option *opt, struct ast_variable *var, void *obj)
{
	return ast_parse_arg(var->value, PARSE_ADDR | opt->flags, field(opt, obj, 0));
}

static int truth(const struct aco_option *opt, const struct ast_variable *var)
{
	return opt->flags ? ast_true(var->value) : ast_false(var->value);
}

static int take_bool(const struct aco_option *opt, struct ast_variable *var, void *obj)
{
	*(unsigned int *) field(opt, obj, 0) = (unsigned int) truth(opt, var);
	return 0;
}

static int take_flag(const struct aco_option *opt, struct ast_variable *var, void *obj)
{
	ast_set2_flag((struct ast_flags *) field(opt, obj, 0), truth(opt, var), ARGUMENT(opt, unsigned int, 1));
	return 0;
}

static int take_acl(const struct aco_option *opt, struct ast_variable *var, void *obj)
{
	struct ast_ha **ha = field(opt, obj, 0);
	int error = 0;

	*ha = ast_append_ha(opt->flags ? "permit" : "deny", var->value, *ha, &error);
	return error;
}

static int take_codec(const struct aco_option *opt, struct ast_variable *var, void *obj)
{
	struct ast_format_cap **cap = field(opt, obj, 0);

	return *cap ? ast_format_cap_update_by_allow_disallow(*cap, var->value, (int) opt->flags) : -1;
}

static int take_text(const struct aco_option *opt, struct ast_variable *var, void *obj)
{
	if (opt->flags && ast_strlen_zero(var->value)) {
		return -1;
	}
	ast_copy_string(field(opt, obj, 0), var->value, ARGUMENT(opt, size_t, 1));
	return 0;
}

static int take_string_field(const struct aco_option *opt, struct ast_variable *var, void *obj)
{
	if (opt->flags && ast_strlen_zero(var->value)) {
		return -1;
	}
	return __ast_string_field_ptr_set(field(opt, obj, 2), field(opt, obj, 1), field(opt, obj, 0), var->value,
		__FILE__, __LINE__, __func__);
}

static int take_nothing(const struct aco_option *opt, struct ast_variable *var, void *obj)
{
	(void) opt, (void) var, (void) obj;
	return 0;
}

/* A handler, and the number of arguments that it needs. */
static const struct {
	aco_option_handler handler;
	size_t needs;
} kinds[] = {
	[OPT_ACL_T] = { take_acl, 1 },
	[OPT_BOOL_T] = { take_bool, 1 },
	[OPT_BOOLFLAG_T] = { take_flag, 2 },
	[OPT_CHAR_ARRAY_T] = { take_text, 2 },
	[OPT_CODEC_T] = { take_codec, 1 },
	[OPT_CUSTOM_T] = { NULL, 0 },
	[OPT_DOUBLE_T] = { take_double, 1 },
	[OPT_INT_T] = { take_int, 1 },
	[OPT_NOOP_T] = { take_nothing, 0 },
	[OPT_SOCKADDR_T] = { take_sockaddr, 1 },
	[OPT_STRINGFIELD_T] = { take_string_field, 3 },
	[OPT_UINT_T] = { take_uint, 1 },
	[OPT_YESNO_T] = { take_bool, 1 },
	[OPT_TIMELEN_T] = { take_timelen, 2 },
};

aco_option_handler asterism_option_handler(enum aco_option_type type, size_t argc)
{
	return (size_t) type < ARRAY_LEN(kinds) && argc >= kinds[type].needs ? kinds[type].handler : NULL;
}
