/*
 * The variables of a channel: a list that modules may change in place (ast_channel_varshead), under the channel's lock.
 *
 * The list is an object of its own, whose lock the channel uses too.  Python keeps a reference as long as it has the
 * channel, so that variables outlive the C object, which exists only while modules have references.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/astobj2.h"

/* Values that were replaced stay readable until so many more were: a thread may just be using one. */
#define KEPT 16

struct asterism_variables {
	struct varshead list;	/* The newest first. */
	struct ast_var_t *replaced[KEPT];
	unsigned int next;
};

static void gone(void *data)
{
	struct asterism_variables *variables = data;
	struct ast_var_t *var;
	size_t i;

	while ((var = AST_LIST_REMOVE_HEAD(&variables->list, entries))) {
		ast_var_delete(var);
	}
	for (i = 0; i < KEPT; i++) {
		ast_var_delete(variables->replaced[i]);
	}
}

struct asterism_variables *asterism_variables_new(void)
{
	return ao2_alloc(sizeof(struct asterism_variables), gone);
}

void asterism_variables_drop(struct asterism_variables *variables)
{
	ao2_ref(variables, -1);
}

struct varshead *asterism_variables_list(struct asterism_variables *variables)
{
	return &variables->list;
}

/* A name without the leading underscores, which control inheritance. */
static const char *bare(const char *name)
{
	return name + (name[0] == '_') + (name[0] == '_' && name[1] == '_');
}

static struct ast_var_t *find(const struct asterism_variables *variables, const char *name)
{
	struct ast_var_t *var;

	AST_LIST_TRAVERSE(&variables->list, var, entries) {
		if (!strcmp(ast_var_name(var), bare(name))) {
			return var;
		}
	}
	return NULL;
}

const char *asterism_variables_find(struct asterism_variables *variables, const char *name)
{
	const char *value;

	ao2_lock(variables);
	value = ast_var_value(find(variables, name));
	ao2_unlock(variables);
	return value;
}

/* Takes the newest variable of a name out of the list. */
static void take_out(struct asterism_variables *variables, const char *name)
{
	struct ast_var_t *var = find(variables, name), **kept = &variables->replaced[variables->next % KEPT];

	if (var) {
		AST_LIST_REMOVE(&variables->list, var, entries);
		ast_var_delete(*kept);
		*kept = var;
		variables->next++;
	}
}

int asterism_variables_set(struct asterism_variables *variables, const char *name, const char *value)
{
	struct ast_var_t *var = value ? ast_var_assign(name, value) : NULL;

	if (value && !var) {
		return -1;
	}
	ao2_lock(variables);
	take_out(variables, name);
	if (var) {
		AST_LIST_INSERT_HEAD(&variables->list, var, entries);
	}
	ao2_unlock(variables);
	return 0;
}

void asterism_variables_push(struct asterism_variables *variables, const char *name, const char *value)
{
	struct ast_var_t *var = ast_var_assign(name, value);

	if (var) {
		ao2_lock(variables);
		AST_LIST_INSERT_HEAD(&variables->list, var, entries);
		ao2_unlock(variables);
	}
}

char *asterism_variables_get(struct asterism_variables *variables, const char *name)
{
	const char *value;
	char *copy;

	ao2_lock(variables);
	value = ast_var_value(find(variables, name));
	copy = value ? strdup(value) : NULL;
	ao2_unlock(variables);
	return copy;
}

/* Writes names and values in sequence, each with its NUL, into room.  Gives the number of bytes. */
static size_t write_all(const struct asterism_variables *variables, char *room)
{
	const struct ast_var_t *var;
	size_t size = 0;

	AST_LIST_TRAVERSE(&variables->list, var, entries) {
		size_t name = strlen(var->name) + 1, value = strlen(var->value) + 1;

		if (room) {
			memcpy(room + size, var->name, name);
			memcpy(room + size + name, var->value, value);
		}
		size += name + value;
	}
	return size;
}

char *asterism_variables_all(struct asterism_variables *variables, size_t *size)
{
	char *room;

	ao2_lock(variables);
	*size = write_all(variables, NULL);
	room = malloc(*size + 1);
	if (room) {
		write_all(variables, room);
	}
	ao2_unlock(variables);
	return room;
}
