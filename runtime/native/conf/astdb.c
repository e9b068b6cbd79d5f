/*
 * Entries of the database as C has them (asterisk/astdb.h); the database itself is in Python.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

struct ast_db_entry *asterism_db_entry(const char *key, const char *value, struct ast_db_entry *next)
{
	size_t key_size = strlen(key) + 1, value_size = strlen(value) + 1;
	struct ast_db_entry *entry = ast_malloc(sizeof(*entry) + value_size + key_size);

	if (entry) {
		memcpy(entry->data, value, value_size);
		entry->key = memcpy(entry->data + value_size, key, key_size);
		entry->next = next;
	}
	return entry;
}

void ast_db_freetree(struct ast_db_entry *entry)
{
	struct ast_db_entry *next;

	for (; entry; entry = next) {
		next = entry->next;
		ast_free(entry);
	}
}
