/*
 * The module info, the callbacks and the use count of a module.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_MODULE_H
#define ASTERISM_MODULE_H

#include "asterisk/utils.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The licence key in the module info states that the module is under the GNU General Public License; the loader
 * accepts this sentence and the one of Asterisk's headers, and no other.
 */
#define ASTERISK_GPL_KEY \
	"By giving this key, the author of this module states that it is free software " \
	"under the GNU General Public License, version 2 or (at your option) any later version.\n"

#define AST_MODULE_CONFIG "modules.conf"	/* The configuration of the loader. */

/* The force of an unload. */
enum ast_module_unload_mode {
	AST_FORCE_SOFT = 0,	/* Not while it is in use. */
	AST_FORCE_FIRM = 1,	/* Also while it is in use. */
	AST_FORCE_HARD = 2,	/* Also when its unload callback refuses. */
};

/* The results of a load callback. */
enum ast_module_load_result {
	AST_MODULE_LOAD_SUCCESS = 0,	/* The module runs. */
	AST_MODULE_LOAD_DECLINE = 1,	/* The module cannot run (no configuration, a missing device); the start continues. */
	AST_MODULE_LOAD_SKIP = 2,	/* Used by the loader itself. */
	AST_MODULE_LOAD_PRIORITY = 3,	/* Used by the loader itself. */
	AST_MODULE_LOAD_FAILURE = -1,	/* The start stops. */
};

/* The results of ast_module_reload. */
enum ast_module_reload_result {
	AST_MODULE_RELOAD_SUCCESS = 0,		/* The reload callback returned 0. */
	AST_MODULE_RELOAD_QUEUED,		/* The start is not finished; the module will be reloaded afterwards. */
	AST_MODULE_RELOAD_NOT_FOUND,		/* No module has that name. */
	AST_MODULE_RELOAD_ERROR,		/* The reload callback failed. */
	AST_MODULE_RELOAD_IN_PROGRESS,		/* Another reload runs. */
	AST_MODULE_RELOAD_UNINITIALIZED,	/* The module is not running. */
	AST_MODULE_RELOAD_NOT_IMPLEMENTED,	/* The module has no reload callback. */
};

/* The support level of a module. */
enum ast_module_support_level {
	AST_MODULE_SUPPORT_UNKNOWN,
	AST_MODULE_SUPPORT_CORE,
	AST_MODULE_SUPPORT_EXTENDED,
	AST_MODULE_SUPPORT_DEPRECATED,
};

enum ast_module_flags {
	AST_MODFLAG_DEFAULT = 0,
	AST_MODFLAG_GLOBAL_SYMBOLS = (1 << 0),	/* Other modules may use the symbols it exports. */
	AST_MODFLAG_LOAD_ORDER = (1 << 1),	/* load_pri is used. */
};

/* Load priorities: a lower one starts first. */
enum ast_module_load_priority {
	AST_MODPRI_REALTIME_DEPEND = 10,
	AST_MODPRI_REALTIME_DEPEND2 = 20,
	AST_MODPRI_REALTIME_DRIVER = 30,
	AST_MODPRI_CORE = 40,
	AST_MODPRI_TIMING = 50,
	AST_MODPRI_CHANNEL_DEPEND = 60,
	AST_MODPRI_CHANNEL_DRIVER = 70,
	AST_MODPRI_APP_DEPEND = 80,
	AST_MODPRI_DEVSTATE_PROVIDER = 90,
	AST_MODPRI_DEVSTATE_PLUGIN = 100,
	AST_MODPRI_CDR_DRIVER = 110,
	AST_MODPRI_DEFAULT = 128,
	AST_MODPRI_DEVSTATE_CONSUMER = 150,
};

/* The module info, laid out as in Asterisk 16 and later. AST_MODULE_INFO fills it. */
struct ast_module_info {
	struct ast_module *self;			/* Written by the core when the module is opened. */
	enum ast_module_load_result (*load)(void);	/* Starts the module. */
	int (*reload)(void);				/* Reads the configuration again: 0, or non-zero when it failed. */
	int (*unload)(void);				/* Stops the module: 0, or non-zero to refuse. */
	const char *name;				/* AST_MODULE: the file's name without `.so`. */
	const char *description;			/* A line for `module show`. */
	const char *key;				/* ASTERISK_GPL_KEY. */
	unsigned int flags;				/* enum ast_module_flags. */
	const char buildopt_sum[33];			/* AST_BUILDOPT_SUM: must be the core's, or empty. */
	unsigned char load_pri;				/* enum ast_module_load_priority. */
	const char *requires;				/* Modules that must run first: "res_a,res_b". */
	const char *optional_modules;			/* Modules that start first when they are installed. */
	const char *enhances;				/* Modules that this module extends. */
	union {
		void *reserved1;
		const char *nonoptreq;			/* From Asterisk 13; without effect, as there. */
	};
	void *reserved2;
	void *reserved3;
	void *reserved4;
	enum ast_module_support_level support_level;
};

#if !defined(AST_IN_CORE) && !defined(__cplusplus)
/* The module info, for modules written for Asterisk 13; AST_MODULE_INFO at the end of the file defines it. */
static const __attribute__((unused)) struct ast_module_info *ast_module_info;
#endif

/* Called by a module's constructor and destructor, inside dlopen and dlclose; nothing else may call them. */
void ast_module_register(const struct ast_module_info *info);
void ast_module_unregister(const struct ast_module_info *info);

/* The name of a module, without `.so`; NULL for NULL. */
const char *ast_module_name(const struct ast_module *mod);

/* Loads a module by name, as `module load` does. */
enum ast_module_load_result ast_load_resource(const char *resource_name);
/* Unloads a module by name, as `module unload` does: 0, or -1. */
int ast_unload_resource(const char *resource_name, enum ast_module_unload_mode mode);
/* Unloads and loads a module, as `module refresh` does: 0, or -1.  force is ignored. */
int ast_refresh_resource(const char *resource_name, enum ast_module_unload_mode force, int recursive);
/* Reloads one module, or all with NULL, as `module reload` does. */
enum ast_module_reload_result ast_module_reload(const char *name);
/* 1 when a module of that name is loaded, 0 otherwise. */
int ast_module_check(const char *name);
/* The modules that ast_module_helper completes. */
enum ast_module_helper_type {
	AST_MODULE_HELPER_LOADED = 0,	/* Opened modules. */
	AST_MODULE_HELPER_RELOAD = 1,	/* Running modules with a reload callback. */
	AST_MODULE_HELPER_LOAD,		/* Modules that can be loaded. */
	AST_MODULE_HELPER_UNLOAD,	/* Running modules that are not in use. */
	AST_MODULE_HELPER_RUNNING,
};
/* For CLI_GENERATE: the name with number `state` (from 0) that begins with word, for ast_free; NULL unless pos is rpos. */
char *ast_module_helper(const char *line, const char *word, int pos, int state, int rpos, int type);
/* Calls modentry for each opened module with `like` in its name, as `module show` lists them: the sum of its results. */
int ast_update_module_list(int (*modentry)(const char *module, const char *description, int usecnt, const char *status,
	const char *like, enum ast_module_support_level support_level), const char *like);
int ast_update_module_list_data(int (*modentry)(const char *module, const char *description, int usecnt,
	const char *status, const char *like, enum ast_module_support_level support_level, void *data),
	const char *like, void *data);
int ast_update_module_list_condition(int (*modentry)(const char *module, const char *description, int usecnt,
	const char *status, const char *like, enum ast_module_support_level support_level, void *data,
	const char *condition), const char *like, void *data, const char *condition);
/* "core", "extended", "deprecated" or "unknown". */
const char *ast_module_support_level_to_string(enum ast_module_support_level support_level);

/* Use counts: a module in use is not unloaded.  Each gives mod; running_ref gives NULL unless the module runs. */
struct ast_module *__ast_module_ref(struct ast_module *mod, const char *file, int line, const char *func);
struct ast_module *__ast_module_running_ref(struct ast_module *mod, const char *file, int line, const char *func);
void __ast_module_unref(struct ast_module *mod, const char *file, int line, const char *func);
/* A reference that keeps the module until the core itself goes down. */
void __ast_module_shutdown_ref(struct ast_module *mod, const char *file, int line, const char *func);
#define ast_module_ref(mod) __ast_module_ref((mod), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ast_module_running_ref(mod) __ast_module_running_ref((mod), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ast_module_unref(mod) __ast_module_unref((mod), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define ast_module_shutdown_ref(mod) __ast_module_shutdown_ref((mod), __FILE__, __LINE__, __PRETTY_FUNCTION__)
/* The older interface: a use while a channel is in the module.  NULL when out of memory. */
struct ast_module_user;
struct ast_module_user *__ast_module_user_add(struct ast_module *mod, struct ast_channel *chan);
void __ast_module_user_remove(struct ast_module *mod, struct ast_module_user *user);
void __ast_module_user_hangup_all(struct ast_module *mod);
#define ast_module_user_add(chan) __ast_module_user_add(AST_MODULE_SELF, (chan))
#define ast_module_user_remove(user) __ast_module_user_remove(AST_MODULE_SELF, (user))
#define ast_module_user_hangup_all() __ast_module_user_hangup_all(AST_MODULE_SELF)
/* Does nothing: use counts are always up to date. */
void ast_update_use_count(void);
/* Holds a reference until the end of its block. */
#define SCOPED_MODULE_USE(module) \
	RAII_VAR(struct ast_module *, __self__ ## __LINE__, ast_module_ref(module), ast_module_unref)

/*
 * The names of the build options, so that the loader can tell which differ.  They are in the file, not in the module info,
 * whose layout is Asterisk's.  asterism/modulefile/marks.py looks for the first word.
 */
#define AST_MODULE_BUILDOPTS_ \
	static const char __attribute__((used)) __asterism_buildopts[] = "asterism-buildopts:" AST_BUILDOPTS;

#define AST_MODULE_HOOKS_ \
	AST_MODULE_BUILDOPTS_ \
	static void __attribute__((constructor)) __reg_module(void) \
	{ \
		ast_module_register(&__mod_info); \
	} \
	static void __attribute__((destructor)) __unreg_module(void) \
	{ \
		ast_module_unregister(&__mod_info); \
	} \
	struct ast_module *AST_MODULE_SELF_SYM(void) \
	{ \
		return __mod_info.self; \
	} \
	static const __attribute__((unused)) struct ast_module_info *ast_module_info = &__mod_info

/*
 * AST_MODULE_INFO(key, flags, description, FIELDS): the module info of this module.
 *
 * In C, FIELDS are designated: .load = load_module, .unload = unload_module, .requires = "res_x" ... (a comma may close
 * them).  In C++, they are load, unload, reload, load_pri, support_level, in this order.
 */
#ifdef __cplusplus
#define AST_MODULE_INFO(keystr, flags_to_set, desc, load_func, unload_func, reload_func, load_pri, support_level) \
	static struct ast_module_info __mod_info = { \
		NULL, load_func, reload_func, unload_func, AST_MODULE, desc, keystr, flags_to_set, AST_BUILDOPT_SUM, \
		load_pri, NULL, NULL, NULL, NULL, NULL, NULL, NULL, support_level, \
	}; \
	AST_MODULE_HOOKS_
#define AST_MODULE_INFO_PLAIN_(keystr, desc, level) \
	AST_MODULE_INFO(keystr, AST_MODFLAG_LOAD_ORDER, desc, load_module, unload_module, NULL, AST_MODPRI_DEFAULT, level)
#else
#define AST_MODULE_INFO(keystr, flags_to_set, desc, fields...) \
	static struct ast_module_info __mod_info = { \
		.name = AST_MODULE, \
		.flags = flags_to_set, \
		.description = desc, \
		.key = keystr, \
		.buildopt_sum = AST_BUILDOPT_SUM, \
		fields \
	}; \
	AST_MODULE_HOOKS_
#define AST_MODULE_INFO_PLAIN_(keystr, desc, level) \
	AST_MODULE_INFO(keystr, AST_MODFLAG_LOAD_ORDER, desc, \
		.load = load_module, \
		.unload = unload_module, \
		.load_pri = AST_MODPRI_DEFAULT, \
		.support_level = level, \
	)
#endif

/* A module with load_module() and unload_module() only. */
#define AST_MODULE_INFO_STANDARD(keystr, desc) AST_MODULE_INFO_PLAIN_(keystr, desc, AST_MODULE_SUPPORT_CORE)
#define AST_MODULE_INFO_STANDARD_EXTENDED(keystr, desc) AST_MODULE_INFO_PLAIN_(keystr, desc, AST_MODULE_SUPPORT_EXTENDED)
#define AST_MODULE_INFO_STANDARD_DEPRECATED(keystr, desc) \
	AST_MODULE_INFO_PLAIN_(keystr, desc, AST_MODULE_SUPPORT_DEPRECATED)

/*
 * Dialplan applications.  execute gets the channel (NULL without a channel) and the argument text (never NULL, its
 * variables already substituted); it returns 0, or -1 to hang up.  All give 0, or -1 when the name is taken.
 */
int ast_register_application2(const char *app, int (*execute)(struct ast_channel *, const char *),
	const char *synopsis, const char *description, void *mod);
#define ast_register_application(app, execute, synopsis, description) \
	ast_register_application2((app), (execute), (synopsis), (description), AST_MODULE_SELF)
/* Registers an application whose documentation is in the module's DOCUMENTATION block. */
#define ast_register_application_xml(app, execute) ast_register_application(app, execute, NULL, NULL)
int ast_unregister_application(const char *app);

#ifdef __cplusplus
}
#endif

#endif
