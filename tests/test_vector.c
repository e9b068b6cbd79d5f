/*
 * Tests of asterisk/vector.h: arrays that grow keep their order, and are sorted, searched and thinned out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*** MODULEINFO
	<depend>TEST_FRAMEWORK</depend>
	<support_level>core</support_level>
 ***/

#include "asterisk.h"

#include "asterisk/module.h"
#include "asterisk/test.h"
#include "asterisk/vector.h"

#define CATEGORY "/main/vector/"

AST_VECTOR(numbers, int);

static int ascending(const void *one, const void *other)
{
	int a = *(const int *) one, b = *(const int *) other;

	return (a > b) - (a < b);
}

static int fill(struct numbers *numbers, const int *given, size_t count)
{
	size_t i;

	if (AST_VECTOR_INIT(numbers, 0)) {
		return -1;
	}
	for (i = 0; i < count; i++) {
		if (AST_VECTOR_APPEND(numbers, given[i])) {
			return -1;
		}
	}
	return 0;
}

static int holds(struct numbers *numbers, const int *wanted, size_t count)
{
	return AST_VECTOR_SIZE(numbers) == count && !memcmp(numbers->elems, wanted, count * sizeof(*wanted));
}

static int is_odd(int number, int unused)
{
	(void) unused;
	return number % 2;
}

AST_TEST_DEFINE(keeps_order)
{
	static const int given[] = { 5, 1, 4 }, removed[] = { 5, 4 }, inserted[] = { 5, 7, 4 };
	struct numbers numbers;
	enum ast_test_result_state result = AST_TEST_PASS;

	switch (cmd) {
	case TEST_INIT:
		info->name = "keeps_order";
		info->category = CATEGORY;
		info->summary = "Elements stay in the order they were put in";
		info->description = "Appends numbers, takes one out of the middle, and puts another in there.";
		return AST_TEST_NOT_RUN;
	case TEST_EXECUTE:
		break;
	}
	ast_test_validate(test, !fill(&numbers, given, ARRAY_LEN(given)));
	ast_test_validate_cleanup(test, holds(&numbers, given, ARRAY_LEN(given)), result, done);
	ast_test_validate_cleanup(test, AST_VECTOR_REMOVE_ORDERED(&numbers, 1) == 1, result, done);
	ast_test_validate_cleanup(test, holds(&numbers, removed, ARRAY_LEN(removed)), result, done);
	ast_test_validate_cleanup(test, !AST_VECTOR_INSERT_AT(&numbers, 1, 7), result, done);
	ast_test_validate_cleanup(test, holds(&numbers, inserted, ARRAY_LEN(inserted)), result, done);
done:
	AST_VECTOR_FREE(&numbers);
	return result;
}

AST_TEST_DEFINE(sorts_and_finds)
{
	static const int given[] = { 9, 2, 7, 4 }, sorted[] = { 2, 4, 7, 9 };
	struct numbers numbers;
	enum ast_test_result_state result = AST_TEST_PASS;
	int wanted = 7;
	int *found;

	switch (cmd) {
	case TEST_INIT:
		info->name = "sorts_and_finds";
		info->category = CATEGORY;
		info->summary = "A sorted vector is searched";
		info->description = "Sorts four numbers, and looks for one that is there and one that is not.";
		return AST_TEST_NOT_RUN;
	case TEST_EXECUTE:
		break;
	}
	ast_test_validate(test, !fill(&numbers, given, ARRAY_LEN(given)));
	AST_VECTOR_SORT(&numbers, ascending);
	ast_test_validate_cleanup(test, holds(&numbers, sorted, ARRAY_LEN(sorted)), result, done);
	found = AST_VECTOR_BSEARCH(&numbers, wanted, ascending);
	ast_test_validate_cleanup(test, found && *found == 7, result, done);
	wanted = 3;
	found = AST_VECTOR_BSEARCH(&numbers, wanted, ascending);
	ast_test_validate_cleanup(test, found == NULL, result, done);
done:
	AST_VECTOR_FREE(&numbers);
	return result;
}

AST_TEST_DEFINE(is_thinned_out)
{
	static const int given[] = { 1, 2, 3, 4, 5 }, even[] = { 2, 4 };
	struct numbers numbers;
	enum ast_test_result_state result = AST_TEST_PASS;

	switch (cmd) {
	case TEST_INIT:
		info->name = "is_thinned_out";
		info->category = CATEGORY;
		info->summary = "All that fit are taken out at once";
		info->description = "Takes the odd ones out of five numbers.";
		return AST_TEST_NOT_RUN;
	case TEST_EXECUTE:
		break;
	}
	ast_test_validate(test, !fill(&numbers, given, ARRAY_LEN(given)));
	ast_test_validate_cleanup(test,
		AST_VECTOR_REMOVE_ALL_CMP_ORDERED(&numbers, 0, is_odd, AST_VECTOR_ELEM_CLEANUP_NOOP) == 3, result, done);
	ast_test_validate_cleanup(test, holds(&numbers, even, ARRAY_LEN(even)), result, done);
done:
	AST_VECTOR_FREE(&numbers);
	return result;
}

static int unload_module(void)
{
	AST_TEST_UNREGISTER(keeps_order);
	AST_TEST_UNREGISTER(sorts_and_finds);
	AST_TEST_UNREGISTER(is_thinned_out);
	return 0;
}

static int load_module(void)
{
	AST_TEST_REGISTER(keeps_order);
	AST_TEST_REGISTER(sorts_and_finds);
	AST_TEST_REGISTER(is_thinned_out);
	return AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Tests of vectors");
