/*
 * Variables in lists of a module's own.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

struct ast_var_t *_ast_var_assign(const char *name, const char *value, const char *file, int lineno, const char *function)
{
	size_t name_size = strlen(name) + 1, value_size = strlen(value) + 1;
	struct ast_var_t *var = __ast_calloc(1, sizeof(*var) + name_size + value_size, file, lineno, function);

	if (var) {
		memcpy(var->name, name, name_size);
		var->value = memcpy(var->name + name_size, value, value_size);
	}
	return var;
}

void ast_var_delete(struct ast_var_t *var)
{
	free(var);
}

const char *ast_var_name(const struct ast_var_t *var)
{
	/* One or two leading underscores mark an inherited variable; they are not part of the name. */
	return var ? var->name + (var->name[0] == '_') + (var->name[0] == '_' && var->name[1] == '_') : NULL;
}

const char *ast_var_full_name(const struct ast_var_t *var)
{
	return var ? var->name : NULL;
}

const char *ast_var_value(const struct ast_var_t *var)
{
	return var ? var->value : NULL;
}

struct varshead *ast_var_list_create(void)
{
	return ast_calloc(1, sizeof(struct varshead));
}

void ast_var_list_destroy(struct varshead *head)
{
	struct ast_var_t *var;

	while (head && (var = AST_LIST_REMOVE_HEAD(head, entries))) {
		ast_var_delete(var);
	}
	ast_free(head);
}

struct varshead *ast_var_list_clone(struct varshead *head)
{
	struct varshead *clone = head ? ast_var_list_create() : NULL;
	const struct ast_var_t *var;

	if (!clone) {
		return NULL;
	}
	AST_LIST_TRAVERSE(head, var, entries) {
		struct ast_var_t *copy = ast_var_assign(var->name, var->value);

		if (!copy) {
			ast_var_list_destroy(clone);
			return NULL;
		}
		AST_LIST_INSERT_TAIL(clone, copy, entries);
	}
	return clone;
}

char *ast_var_find(const struct varshead *head, const char *name)
{
	const struct ast_var_t *var = head && name ? AST_LIST_FIRST(head) : NULL;

	while (var && strcmp(ast_var_name(var), name)) {
		var = AST_LIST_NEXT(var, entries);
	}
	return var ? var->value : NULL;
}
