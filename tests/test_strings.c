/*
 * Tests of asterisk/strings.h: texts are split, cut, compared and put together as the header says.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*** MODULEINFO
	<depend>TEST_FRAMEWORK</depend>
	<support_level>core</support_level>
 ***/

#include "asterisk.h"

#include "asterisk/module.h"
#include "asterisk/strings.h"
#include "asterisk/test.h"
#include "asterisk/utils.h"

#define CATEGORY "/main/strings/"

AST_TEST_DEFINE(grows)
{
	RAII_VAR(struct ast_str *, str, ast_str_create(4), ast_free);
	int i;

	switch (cmd) {
	case TEST_INIT:
		info->name = "grows";
		info->category = CATEGORY;
		info->summary = "A string grows with what is appended";
		info->description = "Appends a thousand numbers to an ast_str of four bytes, then sets and empties it.";
		return AST_TEST_NOT_RUN;
	case TEST_EXECUTE:
		break;
	}
	ast_test_validate(test, str != NULL);
	for (i = 0; i < 1000; i++) {
		ast_test_validate(test, ast_str_append(&str, 0, "%03d,", i) >= 0);
	}
	ast_test_validate(test, ast_str_strlen(str) == 4000);
	ast_test_validate(test, strlen(ast_str_buffer(str)) == 4000);
	ast_test_validate(test, !strncmp(ast_str_buffer(str) + 3996, "999,", 5));
	ast_str_set(&str, 0, "%s", "short");
	ast_test_validate(test, !strcmp(ast_str_buffer(str), "short"));
	ast_str_reset(str);
	ast_test_validate(test, !ast_str_strlen(str) && !*ast_str_buffer(str));
	return AST_TEST_PASS;
}

AST_TEST_DEFINE(keeps_its_limit)
{
	RAII_VAR(struct ast_str *, str, ast_str_create(16), ast_free);

	switch (cmd) {
	case TEST_INIT:
		info->name = "keeps_its_limit";
		info->category = CATEGORY;
		info->summary = "A string with a limit is cut there";
		info->description = "Sets an ast_str to more than the eight bytes that it may have.";
		return AST_TEST_NOT_RUN;
	case TEST_EXECUTE:
		break;
	}
	ast_test_validate(test, str != NULL);
	ast_str_set(&str, -1, "%s", "0123456789abcdefghij");
	ast_test_validate(test, !strcmp(ast_str_buffer(str), "0123456789abcde"));
	ast_test_validate(test, ast_str_strlen(str) == 15);
	return AST_TEST_PASS;
}

AST_TEST_DEFINE(strips)
{
	static const struct {
		const char *given;
		const char *wanted;
	} texts[] = {
		{ "  both ends \t", "both ends" },
		{ "", "" },
		{ " \r\n ", "" },
		{ "in  between", "in  between" },
	};
	char room[32];
	size_t i;

	switch (cmd) {
	case TEST_INIT:
		info->name = "strips";
		info->category = CATEGORY;
		info->summary = "Blanks are taken off both ends, and only there";
		info->description = "Strips texts, and compares what is left.";
		return AST_TEST_NOT_RUN;
	case TEST_EXECUTE:
		break;
	}
	for (i = 0; i < ARRAY_LEN(texts); i++) {
		ast_copy_string(room, texts[i].given, sizeof(room));
		if (strcmp(ast_strip(room), texts[i].wanted)) {
			ast_test_status_update(test, "'%s' was not stripped to '%s'\n", texts[i].given, texts[i].wanted);
			ast_test_set_result(test, AST_TEST_FAIL);
		}
	}
	return AST_TEST_PASS;
}

AST_TEST_DEFINE(separates)
{
	char text[] = "one, 'two, three' ,fo\\,ur";
	char *rest = text;

	switch (cmd) {
	case TEST_INIT:
		info->name = "separates";
		info->category = CATEGORY;
		info->summary = "Quotes and backslashes keep a separator";
		info->description = "Takes a list with quoted and escaped commas apart.";
		return AST_TEST_NOT_RUN;
	case TEST_EXECUTE:
		break;
	}
	ast_test_validate(test, !strcmp(ast_strsep(&rest, ',', AST_STRSEP_ALL), "one"));
	ast_test_validate(test, !strcmp(ast_strsep(&rest, ',', AST_STRSEP_ALL), "two, three"));
	ast_test_validate(test, !strcmp(ast_strsep(&rest, ',', AST_STRSEP_ALL), "fo,ur"));
	ast_test_validate(test, ast_strsep(&rest, ',', AST_STRSEP_ALL) == NULL);
	return AST_TEST_PASS;
}

AST_TEST_DEFINE(says_yes_or_no)
{
	switch (cmd) {
	case TEST_INIT:
		info->name = "says_yes_or_no";
		info->category = CATEGORY;
		info->summary = "A text says yes, no or neither";
		info->description = "Asks ast_true and ast_false of a few words, of nothing and of NULL.";
		return AST_TEST_NOT_RUN;
	case TEST_EXECUTE:
		break;
	}
	ast_test_validate(test, ast_true("Yes") && ast_true("1") && !ast_true("no") && !ast_true(""));
	ast_test_validate(test, ast_false("OFF") && ast_false("n") && !ast_false("yes") && !ast_false("perhaps"));
	ast_test_validate(test, !ast_true(NULL) && !ast_false(NULL));
	return AST_TEST_PASS;
}

AST_TEST_DEFINE(contains_strings)
{
	RAII_VAR(struct ao2_container *, strings, NULL, ao2_cleanup);
	char *found, given[] = "two";

	switch (cmd) {
	case TEST_INIT:
		info->name = "contains_strings";
		info->category = CATEGORY;
		info->summary = "A container has copies of strings";
		info->description = "Puts strings in, finds them whole and by their beginning, and takes them out.";
		return AST_TEST_NOT_RUN;
	case TEST_EXECUTE:
		break;
	}
	strings = ast_str_container_alloc(7);
	ast_test_validate(test, strings != NULL);
	ast_test_validate(test, !ast_str_container_add(strings, "one") && !ast_str_container_add(strings, given));
	ast_test_validate(test, !ast_str_container_add(strings, "") && !ast_str_container_add(strings, "two"));
	ast_test_validate(test, ao2_container_count(strings) == 4);
	found = ao2_find(strings, "two", OBJ_SEARCH_KEY);
	ast_test_validate(test, found && found != given && !strcmp(found, "two"));
	ao2_ref(found, -1);
	found = ao2_find(strings, "on", OBJ_SEARCH_PARTIAL_KEY);
	ast_test_validate(test, found && !strcmp(found, "one"));
	ao2_ref(found, -1);
	ast_test_validate(test, !ao2_find(strings, "tw", OBJ_SEARCH_KEY));
	ast_str_container_remove(strings, "two");
	ast_str_container_remove(strings, "");
	ast_str_container_remove(strings, "three");
	ast_test_validate(test, ao2_container_count(strings) == 2);
	return AST_TEST_PASS;
}

static int unload_module(void)
{
	AST_TEST_UNREGISTER(grows);
	AST_TEST_UNREGISTER(keeps_its_limit);
	AST_TEST_UNREGISTER(strips);
	AST_TEST_UNREGISTER(separates);
	AST_TEST_UNREGISTER(says_yes_or_no);
	AST_TEST_UNREGISTER(contains_strings);
	return 0;
}

static int load_module(void)
{
	AST_TEST_REGISTER(grows);
	AST_TEST_REGISTER(keeps_its_limit);
	AST_TEST_REGISTER(strips);
	AST_TEST_REGISTER(separates);
	AST_TEST_REGISTER(says_yes_or_no);
	AST_TEST_REGISTER(contains_strings);
	return AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Tests of strings");
