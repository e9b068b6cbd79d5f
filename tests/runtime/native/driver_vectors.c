/*
 * The driver's requests about vectors (asterisk/vector.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"
#include "driver.h"

#include "asterisk/vector.h"

#define DIFFERENCE(one, other) ((one) - (other))

static int order(const void *one, const void *other)
{
	return *(const int *) one - *(const int *) other;
}

static int above(int element, int limit)
{
	return element > limit ? CMP_MATCH : 0;
}

static int cleaned;

static void clean(int element)
{
	cleaned += element;
}

static void act(struct ast_vector_int *vec, char what, int n, int number)
{
	struct ast_vector_int *many;
	int *found;

	switch (what) {
	case 'a':
		AST_VECTOR_APPEND(vec, number);
		break;
	case 's':
		AST_VECTOR_SORT(vec, order);
		AST_VECTOR_ADD_SORTED(vec, n, DIFFERENCE);
		break;
	case 'i':
		AST_VECTOR_INSERT_AT(vec, (size_t) n, number);
		break;
	case 'r':
		AST_VECTOR_REPLACE(vec, (size_t) n, number);
		break;
	case 'd':
		printf("%d ", (size_t) n < AST_VECTOR_SIZE(vec) ? AST_VECTOR_REMOVE_ORDERED(vec, (size_t) n) : -1);
		break;
	case 'u':
		printf("%d ", (size_t) n < AST_VECTOR_SIZE(vec) ? AST_VECTOR_REMOVE_UNORDERED(vec, (size_t) n) : -1);
		break;
	case 'x':
		printf("%d ", AST_VECTOR_REMOVE_ALL_CMP_ORDERED(vec, n, AST_VECTOR_ELEM_DEFAULT_CMP, clean));
		break;
	case 'o':
		printf("%d ", AST_VECTOR_REMOVE_ELEM_ORDERED(vec, n, AST_VECTOR_ELEM_CLEANUP_NOOP));
		break;
	case 'c':
		AST_VECTOR_COMPACT(vec);
		printf("%d ", AST_VECTOR_SIZE(vec) == AST_VECTOR_MAX_SIZE(vec));
		break;
	case 'n':
		printf("%d ", AST_VECTOR_GET_INDEX_NTH(vec, 2, n, AST_VECTOR_ELEM_DEFAULT_CMP));
		break;
	case 'b':
		AST_VECTOR_SORT(vec, order);
		found = AST_VECTOR_BSEARCH(vec, n, order);
		printf("%d ", found ? *found : -1);
		break;
	case 'm':
		many = AST_VECTOR_CALLBACK_MULTIPLE(vec, above, n);
		printf("%zu %d ", AST_VECTOR_SIZE(many), AST_VECTOR_CALLBACK(vec, above, -1, n));
		AST_VECTOR_PTR_FREE(many);
		break;
	case 'e':
		AST_VECTOR_DEFAULT(vec, (size_t) n, number);
		break;
	case 'z':
		AST_VECTOR_RESET(vec, clean);
		break;
	}
}

/* Pairs of what to do and a digit. */
void vector_try(char *text)
{
	AST_VECTOR_RW(, int) locked;
	struct ast_vector_int vec;
	const char *at;
	int number = 0, *stolen;
	size_t i;

	cleaned = logged = 0;
	AST_VECTOR_INIT(&vec, 0);
	for (at = text; at[0] && at[1]; at += 2) {
		act(&vec, at[0], at[1] - '0', ++number);
	}
	printf("| ");
	for (i = 0; i < AST_VECTOR_SIZE(&vec); i++) {
		printf("%d ", AST_VECTOR_GET(&vec, i));
	}
	stolen = AST_VECTOR_STEAL_ELEMENTS(&vec);
	printf("| %zu %d ", AST_VECTOR_SIZE(&vec), cleaned);
	ast_free(stolen);
	AST_VECTOR_FREE(&vec);
	AST_VECTOR_RW_INIT(&locked, 2);
	AST_VECTOR_RW_WRLOCK(&locked);
	AST_VECTOR_APPEND(&locked, 1);
	AST_VECTOR_RW_UNLOCK(&locked);
	AST_VECTOR_RW_FREE(&locked);
	/* More than there can be. */
	printf("%d", AST_VECTOR_REPLACE(&vec, SIZE_MAX / 2, 1));
	printf("%d%d", AST_VECTOR_INSERT_AT(&vec, SIZE_MAX, 1), AST_VECTOR_SIZE(&vec) != 0);
}

/* Splits a text, joins it again. */
void vector_text(char *text)
{
	static const int flags[] = { 0, AST_VECTOR_STRING_SPLIT_NO_TRIM | AST_VECTOR_STRING_SPLIT_ALLOW_EMPTY };
	struct ast_vector_string vec;
	size_t i;

	for (i = 0; i < ARRAY_LEN(flags); i++) {
		char *joined, *at;

		AST_VECTOR_INIT(&vec, 1);
		ast_vector_string_split(&vec, text, ",;", flags[i], i ? NULL : strcasecmp);
		joined = ast_vector_string_join(&vec, ",");
		printf(".");
		for (at = joined; at && *at; at++) {
			printf("%02x", (unsigned char) *at);
		}
		printf(" ");
		ast_free(joined);
		AST_VECTOR_CALLBACK_VOID(&vec, ast_free);
		AST_VECTOR_FREE(&vec);
	}
}
