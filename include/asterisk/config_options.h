/*
 * Configuration files into structures: a module says which sections become which structures and which lines become which
 * fields, and the core reads, checks and replaces the whole, at the start and on reload.
 *
 *     struct aco_type *types[] = ACO_TYPES(&general);
 *     struct aco_file conf = { .filename = "x.conf", .types = ACO_TYPES(&general) };
 *     CONFIG_INFO_STANDARD(info, configs, alloc_config, .files = ACO_FILES(&conf));
 *
 *     aco_info_init(&info);
 *     aco_option_register(&info, "port", ACO_EXACT, types, "5060", OPT_INT_T, 0, FLDSET(struct general, port));
 *     aco_process_config(&info, 0);
 *
 * A file with a fault changes nothing: the structures of the last good one stay.  Options without documentation are
 * accepted, in dev mode too.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_CONFIG_OPTIONS_H
#define ASTERISM_CONFIG_OPTIONS_H

#include <regex.h>
#include <stddef.h>

#include "asterisk/astobj2.h"
#include "asterisk/config.h"

#ifdef __cplusplus
extern "C" {
#endif

struct aco_option;
struct aco_info_internal;
struct aco_type_internal;

enum aco_type_t {
	ACO_GLOBAL,	/* A section becomes a structure that is there already. */
	ACO_ITEM,	/* Each section becomes a structure of its own, in a container. */
	ACO_IGNORE,	/* Such sections are skipped. */
};

/* How `category` of a type picks sections: an extended regular expression, a name, names up to NULL; in any case. */
enum aco_category_op {
	ACO_BLACKLIST = 0,
	ACO_WHITELIST,
	ACO_BLACKLIST_EXACT,
	ACO_WHITELIST_EXACT,
	ACO_BLACKLIST_ARRAY,
	ACO_WHITELIST_ARRAY,
};

/* How the name of an option is compared: the whole name, a regular expression, the beginning of a name; in any case. */
enum aco_matchtype {
	ACO_EXACT = 1,
	ACO_REGEX,
	ACO_PREFIX,
};

/* A new object for a section; one of that name in the new container, with a reference; before its options, after them. */
typedef void *(*aco_type_item_alloc)(const char *category);
typedef void *(*aco_type_item_find)(struct ao2_container *newcontainer, const char *category);
typedef int (*aco_type_item_pre_process)(void *newitem);
typedef int (*aco_type_prelink)(void *newitem);
typedef int (*aco_matchvalue_func)(const char *text);

/* A kind of section. */
struct aco_type {
	enum aco_type_t type;
	const char *name;
	const char *category;
	/* With a field, only sections that have it, with this value or one that the function accepts. */
	const char *matchfield;
	const char *matchvalue;
	aco_matchvalue_func matchfunc;
	enum aco_category_op category_match;
	size_t item_offset;	/* Where the structure, or the container of items, stands in the whole (snapshot_alloc). */
	unsigned int hidden;
	aco_type_item_alloc item_alloc;
	aco_type_item_find item_find;
	aco_type_item_pre_process item_pre_process;
	aco_type_prelink item_prelink;
	struct aco_type_internal *internal;
};

/* Called when all files are read: non-zero refuses them.  Called when the new whole is in place. */
typedef int (*aco_pre_apply_config)(void);
typedef void (*aco_post_apply_config)(void);
/* A new, empty whole: an ao2 object. */
typedef void *(*aco_snapshot_alloc)(void);

struct aco_file {
	const char *filename;
	const char *alias;	/* Read when there is no such file. */
	const char **preload;	/* Sections that are read first, in this order, up to "". */
	const char *skip_category;	/* A regular expression for sections to leave alone. */
	struct aco_type *types[];
};

struct aco_info {
	const char *module;
	unsigned int hidden:1;
	aco_pre_apply_config pre_apply_config;
	aco_post_apply_config post_apply_config;
	aco_snapshot_alloc snapshot_alloc;
	struct ao2_global_obj *global_obj;
	struct aco_info_internal *internal;
	struct aco_file *files[];
};

#define ACO_TYPES(...) { __VA_ARGS__, NULL, }
#define ACO_FILES(...) { __VA_ARGS__, NULL, }

#define CONFIG_INFO_CORE(mod, name, arr, alloc, ...) \
	static struct aco_info name = { .module = (mod), .global_obj = &arr, .snapshot_alloc = (alloc), __VA_ARGS__ };
#define CONFIG_INFO_STANDARD(name, arr, alloc, ...) CONFIG_INFO_CORE(AST_MODULE, name, arr, alloc, __VA_ARGS__)
#define CONFIG_INFO_TEST(name, arr, alloc, ...) CONFIG_INFO_CORE(AST_MODULE, name, arr, alloc, .hidden = 1, __VA_ARGS__)

/* To be called before options are registered: 0, or -1.  Frees what that made; the options are gone. */
int aco_info_init(struct aco_info *info);
void aco_info_destroy(struct aco_info *info);
/* The whole that is being filled, for callbacks; NULL at other times. */
void *aco_pending_config(struct aco_info *info);

/*
 * What a line becomes, and the arguments of aco_option_register for it: fields as FLDSET, then values.  The flags are
 * those of ast_parse_arg for numbers and addresses.
 */
enum aco_option_type {
	OPT_ACL_T,		/* struct ast_ha *: flags 1 permits, 0 denies. */
	OPT_BOOL_T,		/* unsigned int: 1 for a true text with flags 1, for a false one with flags 0. */
	OPT_BOOLFLAG_T,		/* A bit of struct ast_flags, its value behind the field. */
	OPT_CHAR_ARRAY_T,	/* An array: CHARFLDSET; flags 1 refuses an empty text. */
	OPT_CODEC_T,		/* struct ast_format_cap *: flags 1 allows, 0 disallows. */
	OPT_CUSTOM_T,		/* The module's own handler. */
	OPT_DOUBLE_T,
	OPT_INT_T,		/* With PARSE_DEFAULT a default, with PARSE_IN_RANGE the lowest and the highest value. */
	OPT_NOOP_T,		/* Accepted, and not used. */
	OPT_SOCKADDR_T,		/* struct ast_sockaddr. */
	OPT_STRINGFIELD_T,	/* A string field: STRFLDSET; flags 1 refuses an empty text. */
	OPT_UINT_T,
	OPT_YESNO_T,		/* As OPT_BOOL_T; shown as yes and no. */
	OPT_TIMELEN_T,		/* int, in milliseconds: the unit (enum ast_timelen), then as OPT_INT_T. */
};

/* Puts a line into an object: 0, or non-zero when the value is not valid. */
typedef int (*aco_option_handler)(const struct aco_option *opt, struct ast_variable *var, void *obj);

int __aco_option_register(struct aco_info *info, const char *name, enum aco_matchtype match_type,
	struct aco_type **types, const char *default_val, enum aco_option_type type, aco_option_handler handler,
	unsigned int flags, unsigned int no_doc, size_t argc, ...);
/* Registers an option of these types, with its default as text (NULL or empty: none): 0, or -1. */
#define aco_option_register(info, name, matchtype, types, default_val, opt_type, flags, ...) \
	__aco_option_register(info, name, matchtype, types, default_val, opt_type, NULL, flags, 0, VA_NARGS(__VA_ARGS__), \
		__VA_ARGS__)
#define aco_option_register_custom(info, name, matchtype, types, default_val, handler, flags) \
	__aco_option_register(info, name, matchtype, types, default_val, OPT_CUSTOM_T, handler, flags, 0, 0)
#define aco_option_register_custom_nodoc(info, name, matchtype, types, default_val, handler, flags) \
	__aco_option_register(info, name, matchtype, types, default_val, OPT_CUSTOM_T, handler, flags, 1, 0)
/* An older name of an option, which is accepted with a warning: 0, or -1. */
int aco_option_register_deprecated(struct aco_info *info, const char *name, struct aco_type **types,
	const char *aliased_to);
/* What an option was registered with, for handlers; 0 for an argument that it does not have. */
unsigned int aco_option_get_flags(const struct aco_option *option);
intptr_t aco_option_get_argument(const struct aco_option *option, unsigned int position);

enum aco_process_status {
	ACO_PROCESS_OK,
	ACO_PROCESS_UNCHANGED,	/* A reload, and no file has changed. */
	ACO_PROCESS_ERROR,	/* Each fault is logged; the old structures stay. */
};
/* Reads all files; or the content of one. */
enum aco_process_status aco_process_config(struct aco_info *info, int reload);
enum aco_process_status aco_process_ast_config(struct aco_info *info, struct aco_file *file, struct ast_config *cfg);
/* Puts one line, all lines of a section, all defaults into an object: 0, or -1 with the fault in the log. */
int aco_process_var(struct aco_type *type, const char *cat, struct ast_variable *var, void *obj);
int aco_process_category_options(struct aco_type *type, struct ast_config *cfg, const char *cat, void *obj);
int aco_set_defaults(struct aco_type *type, const char *category, void *obj);
/* An empty container for options. */
struct ao2_container *aco_option_container_alloc(void);

/* The number of arguments, from 1 to 8. */
#define VA_NARGS(...) __ACO_NINTH(__VA_ARGS__, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define __ACO_NINTH(a1, a2, a3, a4, a5, a6, a7, a8, ninth, ...) ninth

/* The places of one to eight fields of a structure, separated by commas. */
#define FLDSET(type, ...) __ACO_FIELDS(VA_NARGS(__VA_ARGS__), type, __VA_ARGS__)
#define __ACO_FIELDS(count, type, ...) __ACO_FIELDS2(count, type, __VA_ARGS__)
#define __ACO_FIELDS2(count, type, ...) __ACO_FIELD_ ## count(type, __VA_ARGS__)
#define __ACO_FIELD_1(type, field) offsetof(type, field)
#define __ACO_FIELD_2(type, field, ...) offsetof(type, field), __ACO_FIELD_1(type, __VA_ARGS__)
#define __ACO_FIELD_3(type, field, ...) offsetof(type, field), __ACO_FIELD_2(type, __VA_ARGS__)
#define __ACO_FIELD_4(type, field, ...) offsetof(type, field), __ACO_FIELD_3(type, __VA_ARGS__)
#define __ACO_FIELD_5(type, field, ...) offsetof(type, field), __ACO_FIELD_4(type, __VA_ARGS__)
#define __ACO_FIELD_6(type, field, ...) offsetof(type, field), __ACO_FIELD_5(type, __VA_ARGS__)
#define __ACO_FIELD_7(type, field, ...) offsetof(type, field), __ACO_FIELD_6(type, __VA_ARGS__)
#define __ACO_FIELD_8(type, field, ...) offsetof(type, field), __ACO_FIELD_7(type, __VA_ARGS__)
/* A string field with its pool; an array with its size. */
#define STRFLDSET(type, ...) FLDSET(type, __VA_ARGS__, __field_mgr_pool, __field_mgr)
#define CHARFLDSET(type, field) offsetof(type, field), sizeof(((type *) 0)->field)

#ifdef __cplusplus
}
#endif

#endif
