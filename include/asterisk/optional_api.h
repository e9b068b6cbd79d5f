/*
 * Functions of a module that other modules may call, whether the module is loaded or not.
 *
 *     AST_OPTIONAL_API(int, ast_thing_do, (int what), { return AST_OPTIONAL_API_UNAVAILABLE; });
 *
 * in a header declares a function, with its body for the time when no module provides it.  The providing module defines
 * AST_API_MODULE before it includes the header, and the function as AST_OPTIONAL_API_NAME(ast_thing_do); it may be loaded
 * and unloaded while other modules run.
 *
 * Without the build option OPTIONAL_API, the providing module has to be loaded before the modules that call its functions.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_OPTIONAL_API_H
#define ASTERISM_OPTIONAL_API_H

#include "asterisk/compat.h"
#include "asterisk/compiler.h"

/* The result of an int function that no module provides. */
#define AST_OPTIONAL_API_UNAVAILABLE INT_MIN

#ifdef __cplusplus
extern "C" {
#endif

/* Called by the constructors and destructors below; nothing else may call them. */
typedef void (*ast_optional_fn)(void) attribute_may_alias;
void ast_optional_api_provide(const char *symname, ast_optional_fn impl);
void ast_optional_api_unprovide(const char *symname, ast_optional_fn impl);
void ast_optional_api_use(const char *symname, ast_optional_fn *optional_ref, ast_optional_fn stub, const char *module);
void ast_optional_api_unuse(const char *symname, ast_optional_fn *optional_ref, const char *module);

#ifdef __cplusplus
}
#endif

/* The name under which the providing module defines the function. */
#ifdef OPTIONAL_API
#define AST_OPTIONAL_API_NAME(name) __##name
#else
#define AST_OPTIONAL_API_NAME(name) name
#endif

#define AST_OPTIONAL_API_OFFER_(name) \
	static void __attribute__((constructor)) __init__##name##_impl(void) \
	{ \
		ast_optional_api_provide(#name, (ast_optional_fn) AST_OPTIONAL_API_NAME(name)); \
	} \
	static void __attribute__((destructor)) __dtor__##name##_impl(void) \
	{ \
		ast_optional_api_unprovide(#name, (ast_optional_fn) AST_OPTIONAL_API_NAME(name)); \
	}

#define AST_OPTIONAL_API_USE_(name) \
	static void __attribute__((constructor)) __init__##name(void) \
	{ \
		ast_optional_api_use(#name, (ast_optional_fn *) &name, (ast_optional_fn) __stub__##name, AST_MODULE); \
	} \
	static void __attribute__((destructor)) __dtor__##name(void) \
	{ \
		ast_optional_api_unuse(#name, (ast_optional_fn *) &name, AST_MODULE); \
	}

#define AST_OPTIONAL_API_ATTR_IMPL(result, attr, name, proto, stub) \
	result __attribute__((attr)) AST_OPTIONAL_API_NAME(name) proto; \
	static attribute_unused __typeof__(AST_OPTIONAL_API_NAME(name)) * const name = AST_OPTIONAL_API_NAME(name); \
	AST_OPTIONAL_API_OFFER_(name)

/* The stand-in looks at none of its arguments. */
#define AST_OPTIONAL_API_ATTR_USER(result, attr, name, proto, stub) \
	_Pragma("GCC diagnostic push") \
	_Pragma("GCC diagnostic ignored \"-Wunused-parameter\"") \
	static __attribute__((attr)) result __stub__##name proto stub; \
	_Pragma("GCC diagnostic pop") \
	static attribute_unused __attribute__((attr)) __typeof__(__stub__##name) *name; \
	AST_OPTIONAL_API_USE_(name)

#endif

/* Looked at each time, so that a module may offer one header's functions and use another's. */
#undef AST_OPTIONAL_API
#undef AST_OPTIONAL_API_ATTR
#ifndef OPTIONAL_API
#define AST_OPTIONAL_API_ATTR(result, attr, name, proto, stub) result __attribute__((attr)) name proto
#elif defined(AST_API_MODULE)
#define AST_OPTIONAL_API_ATTR(result, attr, name, proto, stub) \
	AST_OPTIONAL_API_ATTR_IMPL(result, attr, name, proto, stub)
#else
#define AST_OPTIONAL_API_ATTR(result, attr, name, proto, stub) \
	AST_OPTIONAL_API_ATTR_USER(result, attr, name, proto, stub)
#endif
#define AST_OPTIONAL_API(result, name, proto, stub) AST_OPTIONAL_API_ATTR(result, unused, name, proto, stub)
#undef AST_API_MODULE
