/*
 * Vectors of texts (asterisk/vector.h); everything else of them is in the header.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/vector.h"

/* Whether a part is to be left out, since an equal one is there. */
static int is_there(struct ast_vector_string *vec, const char *part, int (*cmp)(const char *s1, const char *s2))
{
	size_t i;

	for (i = 0; cmp && i < AST_VECTOR_SIZE(vec); i++) {
		if (!cmp(AST_VECTOR_GET(vec, i), part)) {
			return 1;
		}
	}
	return 0;
}

/* Appends a copy: 0, or -1 when out of memory. */
static int append_copy(struct ast_vector_string *vec, const char *part)
{
	char *copy = ast_strdup(part);

	if (!copy || AST_VECTOR_APPEND(vec, copy)) {
		ast_free(copy);
		return -1;
	}
	return 0;
}

int ast_vector_string_split(struct ast_vector_string *dest, const char *input, const char *delim, int flags,
	int (*excludes_cmp)(const char *s1, const char *s2))
{
	char *text, *rest, *part;
	int failed = 0;

	if (!dest) {
		return -1;
	}
	if (ast_strlen_zero(input)) {
		return 0;
	}
	text = rest = ast_strdup(input);
	if (!text) {
		return -1;
	}
	while (!failed && (part = strsep(&rest, S_OR(delim, "")))) {
		part = flags & AST_VECTOR_STRING_SPLIT_NO_TRIM ? part : ast_strip(part);
		if ((*part || (flags & AST_VECTOR_STRING_SPLIT_ALLOW_EMPTY)) && !is_there(dest, part, excludes_cmp)) {
			failed = append_copy(dest, part);
		}
	}
	ast_free(text);
	return failed;
}

char *ast_vector_string_join(struct ast_vector_string *vec, const char *delim)
{
	struct ast_str *joined = vec ? ast_str_create(256) : NULL;
	char *result;
	size_t i;

	if (!joined) {
		return NULL;
	}
	for (i = 0; i < AST_VECTOR_SIZE(vec); i++) {
		ast_str_append(&joined, 0, "%s%s", i ? S_OR(delim, "") : "", AST_VECTOR_GET(vec, i));
	}
	result = ast_strdup(ast_str_buffer(joined));
	ast_free(joined);
	return result;
}
