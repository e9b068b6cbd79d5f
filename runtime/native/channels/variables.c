/*
 * The variables of a channel: a list in its record that modules may change in place (ast_channel_varshead), under the
 * channel's lock.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/astobj2.h"

#include "record.h"

void asterism_variables_end(struct asterism_record *record)
{
	struct ast_var_t *var;
	size_t i;

	while ((var = AST_LIST_REMOVE_HEAD(&record->variables, entries))) {
		ast_var_delete(var);
	}
	for (i = 0; i < RECORD_KEPT; i++) {
		ast_var_delete(record->replaced[i]);
	}
}

/* A name without the leading underscores, which control inheritance. */
static const char *bare(const char *name)
{
	return name + (name[0] == '_') + (name[0] == '_' && name[1] == '_');
}

static struct ast_var_t *find(const struct asterism_record *record, const char *name)
{
	struct ast_var_t *var;

	AST_LIST_TRAVERSE(&record->variables, var, entries) {
		if (!strcmp(ast_var_name(var), bare(name))) {
			return var;
		}
	}
	return NULL;
}

const char *asterism_variables_find(struct asterism_record *record, const char *name)
{
	const char *value;

	ao2_lock(record);
	value = ast_var_value(find(record, name));
	ao2_unlock(record);
	return value;
}

/* Takes the newest variable of a name out of the list. */
static void take_out(struct asterism_record *record, const char *name)
{
	struct ast_var_t *var = find(record, name), **kept = &record->replaced[record->next % RECORD_KEPT];

	if (var) {
		AST_LIST_REMOVE(&record->variables, var, entries);
		ast_var_delete(*kept);
		*kept = var;
		record->next++;
	}
}

int asterism_variables_set(struct asterism_record *record, const char *name, const char *value)
{
	struct ast_var_t *var = value ? ast_var_assign(name, value) : NULL;

	if (value && !var) {
		return -1;
	}
	ao2_lock(record);
	take_out(record, name);
	if (var) {
		AST_LIST_INSERT_HEAD(&record->variables, var, entries);
	}
	ao2_unlock(record);
	return 0;
}

void asterism_variables_push(struct asterism_record *record, const char *name, const char *value)
{
	struct ast_var_t *var = ast_var_assign(name, value);

	if (var) {
		ao2_lock(record);
		AST_LIST_INSERT_HEAD(&record->variables, var, entries);
		ao2_unlock(record);
	}
}

char *asterism_variables_get(struct asterism_record *record, const char *name)
{
	const char *value;
	char *copy;

	ao2_lock(record);
	value = ast_var_value(find(record, name));
	copy = value ? strdup(value) : NULL;
	ao2_unlock(record);
	return copy;
}

/* Writes names and values in sequence, each with its NUL, into room.  Gives the number of bytes. */
static size_t write_all(const struct asterism_record *record, char *room)
{
	const struct ast_var_t *var;
	size_t size = 0;

	AST_LIST_TRAVERSE(&record->variables, var, entries) {
		size_t name = strlen(var->name) + 1, value = strlen(var->value) + 1;

		if (room) {
			memcpy(room + size, var->name, name);
			memcpy(room + size + name, var->value, value);
		}
		size += name + value;
	}
	return size;
}

char *asterism_variables_all(struct asterism_record *record, size_t *size)
{
	char *room;

	ao2_lock(record);
	*size = write_all(record, NULL);
	room = malloc(*size + 1);
	if (room) {
		write_all(record, room);
	}
	ao2_unlock(record);
	return room;
}
