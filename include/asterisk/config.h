/*
 * Configuration files: sections (categories) of name = value lines (variables), in the order of the file.
 *
 * A config belongs to the caller of ast_config_load and has no lock.  Functions that read a config treat NULL and the
 * two status values of ast_config_load as an empty config.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_CONFIG_H
#define ASTERISM_CONFIG_H

#include <stdarg.h>
#include <strings.h>

#include "asterisk/inline_api.h"
#include "asterisk/strings.h"
#include "asterisk/utils.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ast_config;
struct ast_category;
struct ast_comment;

enum {
	CONFIG_FLAG_WITHCOMMENTS = (1 << 0),	/* No effect: files are not written. */
	CONFIG_FLAG_FILEUNCHANGED = (1 << 1),	/* Give CONFIG_STATUS_FILEUNCHANGED when its files have not changed. */
	CONFIG_FLAG_NOCACHE = (1 << 2),		/* Do not remember the state of the files. */
	CONFIG_FLAG_NOREALTIME = (1 << 3),	/* The file itself, even if extconfig.conf names an engine for it. */
};

#define CONFIG_STATUS_FILEMISSING ((void *) 0)
#define CONFIG_STATUS_FILEUNCHANGED ((void *) -1)
#define CONFIG_STATUS_FILEINVALID ((void *) -2)

/* A name = value pair; name, value and file follow the structure in the same memory block. */
struct ast_variable {
	const char *name;
	const char *value;
	struct ast_variable *next;
	const char *file;
	int lineno;
	int object;	/* 1 when it was written with =>. */
	int blanklines;
	int inherited;	/* 1 when a template or another section gave it. */
	struct ast_comment *precomments;
	struct ast_comment *sameline;
	struct ast_comment *trailing;
	char stuff[0];
};

/*
 * Reads a file, relative to the configuration directory, and all it includes.  A config, or
 *   CONFIG_STATUS_FILEMISSING (NULL)  the file does not exist; nothing is logged
 *   CONFIG_STATUS_FILEINVALID         it has faults; each is logged with its place
 *   CONFIG_STATUS_FILEUNCHANGED       asked for by CONFIG_FLAG_FILEUNCHANGED: nothing changed since this module's last call
 */
struct ast_config *ast_config_load2(const char *filename, const char *who_asked, struct ast_flags flags);
#define ast_config_load(filename, flags) ast_config_load2(filename, AST_MODULE, flags)
/* Frees a config and its contents; NULL and the status values do nothing. */
void ast_config_destroy(struct ast_config *cfg);
/* An empty config; a copy of a config; NULL when out of memory. */
struct ast_config *ast_config_new(void);
struct ast_config *ast_config_copy(const struct ast_config *orig);
/* A variable of a category, or else of [general]; NULL when neither has it. */
const char *ast_config_option(struct ast_config *cfg, const char *cat, const char *var);
/* The category that was appended last, or set here. */
struct ast_category *ast_config_get_current_category(const struct ast_config *cfg);
void ast_config_set_current_category(struct ast_config *cfg, const struct ast_category *cat);
/* Sorts the categories; those that compare equal keep their order. */
void ast_config_sort_categories(struct ast_config *config, int descending,
	int (*comparator)(struct ast_category *p, struct ast_category *q));

/* ---- hooks ---- */

enum config_hook_flags {
	butt,	/* Not used. */
};
/* Called with a copy of a config, which the callback destroys, each time its module has read the file. */
typedef int (*config_hook_cb)(struct ast_config *cfg);
/* Registers a hook under a name, in the place of an older one: 0, or -1.  It must be taken back before its module goes. */
int ast_config_hook_register(const char *name, const char *filename, const char *module, enum config_hook_flags flags,
	config_hook_cb hook);
void ast_config_hook_unregister(const char *name);

/*
 * The name of the category after prev_name, of the first category for NULL; NULL at the end.  Templates are skipped.
 * Pass the pointer of the previous result, so that categories with equal names are all visited.
 */
char *ast_category_browse(struct ast_config *config, const char *prev_name);
/*
 * Walks categories of a name (NULL: any) that pass a filter: comma-separated NAME=VALUE pairs of extended regular
 * expressions, each of which must match a variable.  TEMPLATES=include lets templates pass as
 * well, TEMPLATES=restrict only templates.
 */
struct ast_category *ast_category_browse_filtered(struct ast_config *config, const char *category_name,
	struct ast_category *prev, const char *filter);
/* The first category of a name that passes a filter; 1 when such a category exists. */
struct ast_category *ast_category_get(const struct ast_config *config, const char *category_name, const char *filter);
int ast_category_exist(const struct ast_config *config, const char *category_name, const char *filter);
/* The variables of a category: of the first of that name; the list itself; the list taken out. */
struct ast_variable *ast_category_root(struct ast_config *config, char *cat);
struct ast_variable *ast_category_first(struct ast_category *cat);
struct ast_variable *ast_category_detach_variables(struct ast_category *cat);
const char *ast_category_get_name(const struct ast_category *category);
int ast_category_is_template(const struct ast_category *category);
/* The names of the bases of a category, separated by commas, for ast_free; NULL without bases. */
struct ast_str *ast_category_get_templates(const struct ast_category *category);

/* A new category, not in a config yet. */
struct ast_category *ast_category_new(const char *name, const char *in_file, int lineno);
#define ast_category_new_dynamic(name) ast_category_new(name, "", -1)
#define ast_category_new_anonymous() ast_category_new_dynamic("")
struct ast_category *ast_category_new_template(const char *name, const char *in_file, int lineno);
/* Adds a category at the end; inserts it before the category `match`: 0, or -1 when `match` is not found. */
void ast_category_append(struct ast_config *config, struct ast_category *category);
int ast_category_insert(struct ast_config *config, struct ast_category *cat, const char *match);
/* Removes and frees a category; gives the previous category. */
struct ast_category *ast_category_delete(struct ast_config *cfg, struct ast_category *cat);
/* Copies the variables of base into a category: 0, or -1 when out of memory. */
int ast_category_inherit(struct ast_category *existing, const struct ast_category *base);
/* Frees the variables of a category: 0, or -1 for NULL. */
int ast_category_empty(struct ast_category *category);
void ast_category_destroy(struct ast_category *cat);
void ast_category_rename(struct ast_category *cat, const char *name);

/* The first variable of a category; NULL when the category is empty or does not exist. */
struct ast_variable *ast_variable_browse(const struct ast_config *config, const char *category_name);
/*
 * The value of a variable of a category (NULL: of any), or NULL.  Of several, the last one: a section's own lines
 * follow its inherited lines.
 */
const char *ast_variable_retrieve(struct ast_config *config, const char *category, const char *variable);
/* The first one, in the categories that pass a filter. */
const char *ast_variable_retrieve_filtered(struct ast_config *config, const char *category, const char *variable,
	const char *filter);
/* The first of that name in a category or a list: its value, or NULL; the last; the variable itself. */
const char *ast_variable_find(const struct ast_category *category, const char *variable);
const char *ast_variable_find_in_list(const struct ast_variable *list, const char *variable);
const char *ast_variable_find_last_in_list(const struct ast_variable *list, const char *variable);
const struct ast_variable *ast_variable_find_variable_in_list(const struct ast_variable *list, const char *variable_name);

/* Changes of a category.  insert: before the variable number `line`, which counts from 0. */
void ast_variable_append(struct ast_category *category, struct ast_variable *variable);
void ast_variable_insert(struct ast_category *category, struct ast_variable *variable, const char *line);
/* Removes the variables of a name (and, unless empty, a value), or number `line`: 0, or -1 when nothing matches. */
int ast_variable_delete(struct ast_category *category, const char *variable, const char *match, const char *line);
/* Changes the first variable of a name (and, unless empty, a value): 0, or -1 when nothing matches. */
int ast_variable_update(struct ast_category *category, const char *variable, const char *value, const char *match,
	unsigned int object);

/* A new variable outside of a list; NULL when a text is NULL or out of memory. */
struct ast_variable *_ast_variable_new(const char *name, const char *value, const char *filename, const char *file,
	const char *function, int lineno);
#define ast_variable_new(name, value, filename) \
	_ast_variable_new(name, value, filename, __FILE__, __PRETTY_FUNCTION__, __LINE__)
/* A copy of a list; the same list backwards; sorted by name; freed.  NULL is an empty list. */
struct ast_variable *ast_variables_dup(struct ast_variable *var);
struct ast_variable *ast_variables_reverse(struct ast_variable *var);
struct ast_variable *ast_variable_list_sort(struct ast_variable *head);
void ast_variables_destroy(struct ast_variable *var);
/* Appends a list to another; the search for its end starts at the hint.  The new last variable. */
struct ast_variable *ast_variable_list_append_hint(struct ast_variable **head, struct ast_variable *search_hint,
	struct ast_variable *new_var);
#define ast_variable_list_append(head, new_var) ast_variable_list_append_hint(head, NULL, new_var)
/* Puts a variable in the place of the first of its name, or of a certain one, which is freed: 0, or -1 without one. */
int ast_variable_list_replace(struct ast_variable **head, struct ast_variable *replacement);
int ast_variable_list_replace_variable(struct ast_variable **head, struct ast_variable *oldvar,
	struct ast_variable *newvar);
/* name=value,name=value: into *str, or (NULL) into a new string for ast_free.  Separators: "," "=" and '"' when empty. */
struct ast_str *ast_variable_list_join(const struct ast_variable *head, const char *item_separator,
	const char *name_value_separator, const char *quote_char, struct ast_str **str);
/* Parses name=value,name=value into a list of variables; NULL for an empty text. */
struct ast_variable *ast_variable_list_from_string(const char *input, const char *item_separator,
	const char *name_value_separator);
struct ast_variable *ast_variable_list_from_quoted_string(const char *input, const char *item_separator,
	const char *name_value_separator, const char *quote_str);

/*
 * Whether a value fits a wanted one, whose name may end in a blank and an operator of ast_strings_match; whether a list
 * has all that another one wants, or with exact_match the same names and values.
 */
int ast_variables_match(const struct ast_variable *left, const struct ast_variable *right);
int ast_variable_lists_match(const struct ast_variable *left, const struct ast_variable *right, int exact_match);

/* ---- realtime: configuration out of databases, through the engines of modules ---- */

/* The type of a column that a module requires: integers of so many bytes, texts, numbers and dates. */
typedef enum {
	RQ_INTEGER1,
	RQ_UINTEGER1,
	RQ_INTEGER2,
	RQ_UINTEGER2,
	RQ_INTEGER3,
	RQ_UINTEGER3,
	RQ_INTEGER4,
	RQ_UINTEGER4,
	RQ_INTEGER8,
	RQ_UINTEGER8,
	RQ_CHAR,
	RQ_FLOAT,
	RQ_DATE,
	RQ_DATETIME,
} require_type;

/* Whether a type is one of integers. */
static force_inline int ast_rq_is_int(require_type type)
{
	return type < RQ_CHAR;
}

/*
 * extconfig.conf names an engine for a family of records, or in place of a file:
 *     FAMILY => ENGINE,DATABASE[,TABLE[,PRIORITY]]
 * It is read whenever it has changed.  Engines of a family are asked in the order of their priorities, from 1 on without
 * a gap, until one succeeds.
 */
typedef struct ast_config *config_load_func(const char *database, const char *table, const char *configfile,
	struct ast_config *config, struct ast_flags flags, const char *suggested_include_file, const char *who_asked);
typedef struct ast_variable *realtime_var_get(const char *database, const char *table,
	const struct ast_variable *fields);
typedef struct ast_config *realtime_multi_get(const char *database, const char *table,
	const struct ast_variable *fields);
typedef int realtime_update(const char *database, const char *table, const char *keyfield, const char *entity,
	const struct ast_variable *fields);
typedef int realtime_update2(const char *database, const char *table, const struct ast_variable *lookup_fields,
	const struct ast_variable *update_fields);
typedef int realtime_store(const char *database, const char *table, const struct ast_variable *fields);
typedef int realtime_destroy(const char *database, const char *table, const char *keyfield, const char *entity,
	const struct ast_variable *fields);
typedef int realtime_require(const char *database, const char *table, va_list ap);
typedef int realtime_unload(const char *database, const char *table);

#define CONFIG_RT_NOT_FOUND ((void *) -1)	/* Of realtime_func: there is no such record, and no other engine is asked. */

/* An engine; every callback may be NULL. */
struct ast_config_engine {
	char *name;
	config_load_func *load_func;
	realtime_var_get *realtime_func;
	realtime_multi_get *realtime_multi_func;
	realtime_update *update_func;
	realtime_update2 *update2_func;
	realtime_store *store_func;
	realtime_destroy *destroy_func;
	realtime_require *require_func;
	realtime_unload *unload_func;
	struct ast_config_engine *next;
};
/* Registers an engine: 1, or 0 for NULL.  Takes it back when no call of it is running any more: 0. */
int ast_config_engine_register(struct ast_config_engine *newconfig);
int ast_config_engine_deregister(struct ast_config_engine *del);
/* Whether there is an engine at all; whether a family has a line; whether its first engine is there. */
int ast_realtime_enabled(void);
int ast_realtime_is_mapping_defined(const char *family);
int ast_check_realtime(const char *family);
/* A line of extconfig.conf by a call: 0, or -1. */
int ast_realtime_append_mapping(const char *name, const char *driver, const char *database, const char *table,
	int priority);

/*
 * The fields of one record as a list for ast_variables_destroy, or NULL.  Without _all, empty fields are left out, and a
 * single blank becomes an empty one.  Several records, each a category of a config for ast_config_destroy.
 * The wanted fields are a list, or arguments: name, value, ..., and a NULL cast to char * (SENTINEL).
 */
struct ast_variable *ast_load_realtime_fields(const char *family, const struct ast_variable *fields);
struct ast_variable *ast_load_realtime(const char *family, ...) attribute_sentinel;
struct ast_variable *ast_load_realtime_all_fields(const char *family, const struct ast_variable *fields);
struct ast_variable *ast_load_realtime_all(const char *family, ...) attribute_sentinel;
struct ast_config *ast_load_realtime_multientry_fields(const char *family, const struct ast_variable *fields);
struct ast_config *ast_load_realtime_multientry(const char *family, ...) attribute_sentinel;
/* Each gives the number of records, or -1.  update2: two groups of arguments, each with a SENTINEL; 0 or -1. */
int ast_update_realtime_fields(const char *family, const char *keyfield, const char *lookup,
	const struct ast_variable *fields);
int ast_update_realtime(const char *family, const char *keyfield, const char *lookup, ...) attribute_sentinel;
int ast_update2_realtime_fields(const char *family, const struct ast_variable *lookup_fields,
	const struct ast_variable *update_fields);
int ast_update2_realtime(const char *family, ...) attribute_sentinel;
int ast_store_realtime_fields(const char *family, const struct ast_variable *fields);
int ast_store_realtime(const char *family, ...) attribute_sentinel;
int ast_destroy_realtime_fields(const char *family, const char *keyfield, const char *lookup,
	const struct ast_variable *fields);
int ast_destroy_realtime(const char *family, const char *keyfield, const char *lookup, ...) attribute_sentinel;
/* Asks the engines for columns (name, type, size, ..., SENTINEL): 0 when one has them; ends what they keep of a table. */
int ast_realtime_require_field(const char *family, ...) attribute_sentinel;
int ast_unload_realtime(const char *family);
/* For engines: reads a file, included from another, into a config; NULL or a status value on failure. */
struct ast_config *ast_config_internal_load(const char *configfile, struct ast_config *cfg, struct ast_flags flags,
	const char *suggested_incl_file, const char *who_asked);
/* ; and ^ in a value as ^3B and ^5E, and back in place. */
char *ast_realtime_encode_chunk(struct ast_str **dest, ssize_t maxlen, const char *chunk);
char *ast_realtime_decode_chunk(char *chunk);

/*
 * The type of a value, for ast_parse_arg.  The further arguments, in this order: for PARSE_TIMELEN the unit;
 * with PARSE_DEFAULT the value on error; with a range its lowest and highest value.
 */
enum ast_parse_flags {
	PARSE_TYPE = 0x000f,
	PARSE_INT32 = 0x0001,
	PARSE_UINT32 = 0x0002,
	PARSE_DOUBLE = 0x0003,
	PARSE_INT16 = 0x0004,
	PARSE_UINT16 = 0x0005,
	PARSE_ADDR = 0x000e,		/* An address with or without a port, but no host name: into a struct ast_sockaddr. */
	PARSE_TIMELEN = 0x0006,		/* 10s, 5m, 1.5h, 200ms: into an int, in milliseconds. */
	PARSE_DEFAULT = 0x0010,
	PARSE_IN_RANGE = 0x0020,	/* Only a value in the range is valid. */
	PARSE_OUT_RANGE = 0x0040,	/* Only a value outside the range is valid. */
	PARSE_RANGE_DEFAULTS = 0x0080,	/* On error, the bound that was exceeded. */
	/* What ast_sockaddr_parse says of a port; 0: there may be one. */
	PARSE_PORT_MASK = 0x0300,
	PARSE_PORT_IGNORE = 0x0100,
	PARSE_PORT_REQUIRE = 0x0200,
	PARSE_PORT_FORBID = 0x0300,
};
/*
 * Reads a value into *p_result (NULL: only checks it): 0, or 1 when it is not valid; then *p_result is unchanged or the
 * default.
 */
int ast_parse_arg(const char *arg, enum ast_parse_flags flags, void *p_result, ...);

/*
 *     CV_START(v->name, v->value);
 *     CV_BOOL("enabled", enabled);
 *     CV_STR("title", title);
 *     CV_END;
 *
 * gives the variable whose name fits the value.
 */
#define CV_START(__in_var, __in_val) do { \
	const char *__var = __in_var; \
	const char *__val = __in_val;
#define CV_END } while (0)
#define CV_F(__pattern, __body) if (!strcasecmp((__var), __pattern)) { __body; break; }
#define CV_BOOL(__x, __dst) CV_F(__x, (__dst) = ast_true(__val))
#define CV_UINT(__x, __dst) CV_F(__x, (__dst) = strtoul(__val, NULL, 0))
#define CV_STR(__x, __dst) CV_F(__x, ast_copy_string(__dst, __val, sizeof(__dst)))
#define CV_DSTR(__x, __dst) CV_F(__x, ast_free(__dst); __dst = ast_strdup(__val))

#ifdef __cplusplus
}
#endif

#endif
