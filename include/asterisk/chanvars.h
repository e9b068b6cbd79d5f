/* A list of variables of one's own. SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ASTERISM_CHANVARS_H
#define ASTERISM_CHANVARS_H

#include "asterisk/linkedlists.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ast_var_t {
	AST_LIST_ENTRY(ast_var_t) entries;
	char *value;
	char name[0];
};

AST_LIST_HEAD_NOLOCK(varshead, ast_var_t);

/* A new variable for a list, or NULL; frees a variable. */
struct ast_var_t *_ast_var_assign(const char *name, const char *value, const char *file, int lineno, const char *function);
#define ast_var_assign(name, value) _ast_var_assign((name), (value), __FILE__, __LINE__, __PRETTY_FUNCTION__)
void ast_var_delete(struct ast_var_t *var);
/* The name of a variable without leading underscores, its full name, and its value; NULL for NULL. */
const char *ast_var_name(const struct ast_var_t *var);
const char *ast_var_full_name(const struct ast_var_t *var);
const char *ast_var_value(const struct ast_var_t *var);
#define AST_VAR_LIST_TRAVERSE(head, var) AST_LIST_TRAVERSE(head, var, entries)
static inline void AST_VAR_LIST_INSERT_TAIL(struct varshead *head, struct ast_var_t *var)
{
	if (var) {
		AST_LIST_INSERT_TAIL(head, var, entries);
	}
}
static inline void AST_VAR_LIST_INSERT_HEAD(struct varshead *head, struct ast_var_t *var)
{
	if (var) {
		AST_LIST_INSERT_HEAD(head, var, entries);
	}
}

/* An empty list, and a copy of a list with its variables; NULL when out of memory.  Frees a list and its variables. */
struct varshead *ast_var_list_create(void);
struct varshead *ast_var_list_clone(struct varshead *head);
void ast_var_list_destroy(struct varshead *head);
/* The value of a variable of a list, or NULL; the name is that of ast_var_name. */
char *ast_var_find(const struct varshead *head, const char *name);

#ifdef __cplusplus
}
#endif

#endif
