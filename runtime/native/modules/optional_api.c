/*
 * Functions that modules offer to others, which may be there or not (asterisk/optional_api.h).
 *
 * All of this is called by constructors and destructors, inside dlopen and dlclose.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/linkedlists.h"
#include "asterisk/optional_api.h"

/* A module's pointer to a function. */
struct use {
	ast_optional_fn *pointer;
	ast_optional_fn stub;
	AST_LIST_ENTRY(use) list;
};

/* A function that a module provides or uses. */
struct optional {
	ast_optional_fn offered;	/* NULL: not provided. */
	AST_LIST_HEAD_NOLOCK(, use) uses;
	AST_LIST_ENTRY(optional) list;
	char name[];
};

static AST_LIST_HEAD_STATIC(all, optional);

/* The following functions are called with `all` locked. */

static struct optional *find(const char *name)
{
	struct optional *optional;

	AST_LIST_TRAVERSE(&all, optional, list) {
		if (!strcmp(optional->name, name)) {
			break;
		}
	}
	return optional;
}

static struct optional *find_or_make(const char *name)
{
	struct optional *optional = find(name);
	size_t size = strlen(name) + 1;

	if (optional) {
		return optional;
	}
	optional = ast_calloc(1, sizeof(*optional) + size);
	if (optional) {
		memcpy(optional->name, name, size);
		AST_LIST_INSERT_TAIL(&all, optional, list);
	}
	return optional;
}

static void point(const struct optional *optional, const struct use *use)
{
	__atomic_store_n(use->pointer, optional->offered ? optional->offered : use->stub, __ATOMIC_RELEASE);
}

static void offer(struct optional *optional, ast_optional_fn function)
{
	struct use *use;

	optional->offered = function;
	AST_LIST_TRAVERSE(&optional->uses, use, list) {
		point(optional, use);
	}
}

static void forget_if_idle(struct optional *optional)
{
	if (!optional->offered && AST_LIST_EMPTY(&optional->uses)) {
		AST_LIST_REMOVE(&all, optional, list);
		ast_free(optional);
	}
}

/* ---- what constructors and destructors call ---- */

void ast_optional_api_provide(const char *symname, ast_optional_fn impl)
{
	struct optional *optional;

	AST_LIST_LOCK(&all);
	optional = find_or_make(symname);
	if (optional) {
		offer(optional, impl);
	}
	AST_LIST_UNLOCK(&all);
}

void ast_optional_api_unprovide(const char *symname, ast_optional_fn impl)
{
	struct optional *optional;

	AST_LIST_LOCK(&all);
	optional = find(symname);
	if (optional && optional->offered == impl) {
		offer(optional, NULL);
		forget_if_idle(optional);
	}
	AST_LIST_UNLOCK(&all);
}

void ast_optional_api_use(const char *symname, ast_optional_fn *optional_ref, ast_optional_fn stub, const char *module)
{
	struct use *use = ast_calloc(1, sizeof(*use));
	struct optional *optional;

	(void) module;
	AST_LIST_LOCK(&all);
	optional = use ? find_or_make(symname) : NULL;
	if (optional) {
		use->pointer = optional_ref;
		use->stub = stub;
		AST_LIST_INSERT_TAIL(&optional->uses, use, list);
		point(optional, use);
	} else {
		ast_free(use);
		*optional_ref = stub;
	}
	AST_LIST_UNLOCK(&all);
}

void ast_optional_api_unuse(const char *symname, ast_optional_fn *optional_ref, const char *module)
{
	struct optional *optional;
	struct use *use;

	(void) module;
	AST_LIST_LOCK(&all);
	optional = find(symname);
	if (optional) {
		AST_LIST_TRAVERSE_SAFE_BEGIN(&optional->uses, use, list) {
			if (use->pointer == optional_ref) {
				AST_LIST_REMOVE_CURRENT(list);
				ast_free(use);
			}
		}
		AST_LIST_TRAVERSE_SAFE_END;
		forget_if_idle(optional);
	}
	AST_LIST_UNLOCK(&all);
}
