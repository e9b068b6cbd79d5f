/*
 * Lists of configuration variables (asterisk/config.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

struct ast_variable *_ast_variable_new(const char *name, const char *value, const char *filename, const char *file,
	const char *function, int lineno)
{
	size_t name_size, value_size, file_size;
	struct ast_variable *var;
	char *room;

	if (!name || !value || !filename) {
		ast_log_safe(__LOG_ERROR, file, lineno, function, "cannot create a variable: the name, the value or the file is NULL\n");
		return NULL;
	}
	name_size = strlen(name) + 1;
	value_size = strlen(value) + 1;
	file_size = strlen(filename) + 1;
	var = __ast_calloc(1, sizeof(*var) + name_size + value_size + file_size, file, lineno, function);
	if (!var) {
		return NULL;
	}
	room = var->stuff;
	var->name = memcpy(room, name, name_size);
	var->value = memcpy(room + name_size, value, value_size);
	var->file = memcpy(room + name_size + value_size, filename, file_size);
	return var;
}

/* A copy of one variable, not yet in any list. */
static struct ast_variable *copy_of(const struct ast_variable *old)
{
	struct ast_variable *var = ast_variable_new(old->name, old->value, old->file);

	if (var) {
		var->lineno = old->lineno;
		var->object = old->object;
		var->blanklines = old->blanklines;
		var->inherited = old->inherited;
	}
	return var;
}

struct ast_variable *ast_variables_dup(struct ast_variable *var)
{
	struct ast_variable *head = NULL, **end = &head;

	for (; var; var = var->next) {
		*end = copy_of(var);
		if (!*end) {
			ast_variables_destroy(head);
			return NULL;
		}
		end = &(*end)->next;
	}
	return head;
}

struct ast_variable *ast_variables_reverse(struct ast_variable *var)
{
	struct ast_variable *reversed = NULL;

	while (var) {
		struct ast_variable *next = var->next;

		var->next = reversed;
		reversed = var;
		var = next;
	}
	return reversed;
}

void ast_variables_destroy(struct ast_variable *var)
{
	while (var) {
		struct ast_variable *next = var->next;

		ast_free(var);
		var = next;
	}
}

/* Merges two sorted lists; of equal names, those of the first list come first. */
static struct ast_variable *merged(struct ast_variable *one, struct ast_variable *other)
{
	struct ast_variable *head = NULL, **end = &head;

	while (one && other) {
		struct ast_variable **from = strcmp(one->name, other->name) <= 0 ? &one : &other;

		*end = *from;
		*from = (*from)->next;
		end = &(*end)->next;
	}
	*end = one ? one : other;
	return head;
}

struct ast_variable *ast_variable_list_sort(struct ast_variable *head)
{
	struct ast_variable *half, *slow = head, *fast;

	if (!head || !head->next) {
		return head;
	}
	for (fast = head->next; fast && fast->next; fast = fast->next->next) {
		slow = slow->next;
	}
	half = slow->next;
	slow->next = NULL;
	return merged(ast_variable_list_sort(head), ast_variable_list_sort(half));
}

static struct ast_variable *last_of(struct ast_variable *var)
{
	while (var && var->next) {
		var = var->next;
	}
	return var;
}

struct ast_variable *ast_variable_list_append_hint(struct ast_variable **head, struct ast_variable *search_hint,
	struct ast_variable *new_var)
{
	if (*head) {
		last_of(search_hint ? search_hint : *head)->next = new_var;
	} else {
		*head = new_var;
	}
	return last_of(new_var);
}

/* Puts a variable where *place points, and frees what stood there: 0, or -1 when nothing did. */
static int replaced(struct ast_variable **place, struct ast_variable *var)
{
	struct ast_variable *old = *place;

	if (!old) {
		return -1;
	}
	var->next = old->next;
	*place = var;
	ast_free(old);
	return 0;
}

int ast_variable_list_replace(struct ast_variable **head, struct ast_variable *replacement)
{
	while (*head && strcmp((*head)->name, replacement->name)) {
		head = &(*head)->next;
	}
	return replaced(head, replacement);
}

int ast_variable_list_replace_variable(struct ast_variable **head, struct ast_variable *oldvar,
	struct ast_variable *newvar)
{
	while (*head && *head != oldvar) {
		head = &(*head)->next;
	}
	return replaced(head, newvar);
}

struct ast_str *ast_variable_list_join(const struct ast_variable *head, const char *item_separator,
	const char *name_value_separator, const char *quote_char, struct ast_str **str)
{
	const char *between = S_OR(item_separator, ","), *equals = S_OR(name_value_separator, "=");
	const char *quote = S_OR(quote_char, "");
	struct ast_str *own = str && *str ? *str : ast_str_create(80);

	if (!own) {
		return NULL;
	}
	for (; head; head = head->next) {
		ast_str_append(&own, 0, "%s%s%s%s%s%s", head->name, equals, quote, head->value, quote,
			head->next ? between : "");
	}
	if (str) {
		*str = own;
	}
	return own;
}

struct ast_variable *ast_variable_list_from_quoted_string(const char *input, const char *item_separator,
	const char *name_value_separator, const char *quote_str)
{
	char between = *S_OR(item_separator, ","), equals = *S_OR(name_value_separator, "=");
	char quote = *S_OR(quote_str, "\"");
	struct ast_variable *head = NULL, *last = NULL;
	char *text, *rest, *item;

	if (ast_strlen_zero(input) || !(text = ast_strdup(input))) {
		return NULL;
	}
	rest = ast_strip(text);
	while ((item = ast_strsep_quoted(&rest, between, quote, AST_STRSEP_TRIM))) {
		char *name = ast_strsep_quoted(&item, equals, quote, AST_STRSEP_ALL);
		char *value = ast_strsep_quoted(&item, equals, quote, AST_STRSEP_ALL);
		struct ast_variable *var = name ? ast_variable_new(name, value ? value : "", "") : NULL;

		if (!var) {
			ast_variables_destroy(head);
			head = NULL;
			break;
		}
		last = ast_variable_list_append_hint(&head, last, var);
	}
	ast_free(text);
	return head;
}

struct ast_variable *ast_variable_list_from_string(const char *input, const char *item_separator,
	const char *name_value_separator)
{
	return ast_variable_list_from_quoted_string(input, item_separator, name_value_separator, NULL);
}

const struct ast_variable *ast_variable_find_variable_in_list(const struct ast_variable *list, const char *variable_name)
{
	if (!variable_name) {
		return NULL;
	}
	while (list && strcasecmp(list->name, variable_name)) {
		list = list->next;
	}
	return list;
}

const char *ast_variable_find_in_list(const struct ast_variable *list, const char *variable)
{
	const struct ast_variable *var = ast_variable_find_variable_in_list(list, variable);

	return var ? var->value : NULL;
}

const char *ast_variable_find_last_in_list(const struct ast_variable *list, const char *variable)
{
	const char *value = NULL;

	while ((list = ast_variable_find_variable_in_list(list, variable))) {
		value = list->value;
		list = list->next;
	}
	return value;
}
