/*
 * Strings that live in one pool with their structure.
 *
 * Only the layout is here, because struct ast_custom_function and other records that modules fill contain it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_STRINGFIELDS_H
#define ASTERISM_STRINGFIELDS_H

#include <stddef.h>

typedef const char *ast_string_field;

struct ast_string_field_pool;

struct ast_string_field_vector {
	const char ***elems;
	size_t max;
	size_t current;
};

struct ast_string_field_mgr {
	ast_string_field last_alloc;
	struct ast_string_field_pool *embedded_pool;
	struct ast_string_field_vector string_fields;
};

#define AST_STRING_FIELD(name) const ast_string_field name
#define AST_STRING_FIELD_EXTENDED(name) AST_STRING_FIELD(name)
#define AST_DECLARE_STRING_FIELDS(field_list) \
	struct ast_string_field_pool *__field_mgr_pool; \
	field_list \
	struct ast_string_field_mgr __field_mgr

#endif
