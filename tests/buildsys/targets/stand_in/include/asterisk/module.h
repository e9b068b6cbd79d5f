/* The record that a module registers, laid out as since Asterisk 14, and what it may call. */
#ifndef STAND_IN_MODULE_H
#define STAND_IN_MODULE_H

#define ASTERISK_GPL_KEY "a key"

struct ast_module;

struct ast_module_info {
	struct ast_module *self;
	int (*load)(void);
	int (*reload)(void);
	int (*unload)(void);
	const char *name;
	const char *description;
	const char *key;
	unsigned int flags;
	const char buildopt_sum[33];
	unsigned char load_pri;
	const char *requires;
	const char *optional_modules;
	const char *enhances;
	void *reserved[4];
	int support_level;
};

enum ast_module_load_result {
	AST_MODULE_LOAD_SUCCESS = 0,
	AST_MODULE_LOAD_DECLINE = 1,
};

enum { AST_MODFLAG_DEFAULT = 0, AST_MODFLAG_GLOBAL_SYMBOLS = 1 };
enum { AST_MODULE_SUPPORT_CORE = 1, AST_MODULE_SUPPORT_EXTENDED = 2 };

void ast_log(const char *level, const char *file, const char *fmt, ...);
void ast_module_register(const struct ast_module_info *info);
void ast_module_unregister(const struct ast_module_info *info);

#define AST_MODULE_INFO(keystr, flag, desc, ...) \
	static struct ast_module_info module_info = { \
		.name = AST_MODULE, .description = desc, .key = keystr, .flags = flag, \
		.buildopt_sum = AST_BUILDOPT_SUM, .load_pri = 128, __VA_ARGS__ \
	}; \
	static void __attribute__((constructor)) module_register(void) { ast_module_register(&module_info); } \
	static void __attribute__((destructor)) module_unregister(void) { ast_module_unregister(&module_info); }

#define AST_MODULE_INFO_STANDARD_EXTENDED(keystr, desc) \
	AST_MODULE_INFO(keystr, AST_MODFLAG_DEFAULT, desc, .load = load_module, .unload = unload_module, \
		.support_level = AST_MODULE_SUPPORT_EXTENDED)

#endif
