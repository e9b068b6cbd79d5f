/*
 * Texts compared by the operators of realtime queries (asterisk/strings.h, asterisk/config.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <regex.h>

int ast_in_delimited_string(const char *needle, const char *haystack, char delim)
{
	const char delims[] = { delim, '\0' };
	size_t length = needle ? strlen(needle) : 0;
	const char *part = needle ? haystack : NULL;

	while (part) {
		part = ast_skip_blanks(part);
		if (strcspn(part, delims) == length && !strncmp(part, needle, length)) {
			return 1;
		}
		part = strchr(part, delim);
		part = part ? part + 1 : NULL;
	}
	return 0;
}

static int matches_regex(const char *text, const char *pattern)
{
	regex_t regex;
	int matches;

	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB)) {
		return 0;
	}
	matches = !regexec(&regex, text, 0, NULL, 0);
	regfree(&regex);
	return matches;
}

/* Whether a whole text is like a pattern, in which % stands for any text. */
static int is_like(const char *text, const char *pattern)
{
	for (; *pattern && *pattern != '%'; pattern++, text++) {
		if (*pattern != *text) {
			return 0;
		}
	}
	if (!*pattern) {
		return !*text;
	}
	while (*pattern == '%') {
		pattern++;
	}
	while (*text && !is_like(text, pattern)) {
		text++;
	}
	return *text || !*pattern;
}

static int is_number(const char *text, double *number)
{
	char *end;

	*number = strtod(text, &end);
	return end != text && !*ast_skip_blanks(end);
}

/* The order of two texts: as numbers when both are. */
static int order_of(const char *left, const char *right)
{
	double one, other;

	if (is_number(left, &one) && is_number(right, &other)) {
		return (one > other) - (one < other);
	}
	return strcmp(left, right);
}

int ast_strings_match(const char *left, const char *op, const char *right)
{
	size_t length = right ? strlen(right) : 0;
	int order;

	if (!left || !right) {
		return 0;
	}
	if (ast_strlen_zero(op) && length >= 2 && right[0] == '/' && right[length - 1] == '/') {
		char *pattern = ast_strdupa(right + 1);

		pattern[length - 2] = '\0';
		return matches_regex(left, pattern);
	}
	op = S_OR(op, "=");
	if (!strcasecmp(op, "like")) {
		return is_like(left, right);
	}
	if (!strcasecmp(op, "regex")) {
		return matches_regex(left, right);
	}
	order = order_of(left, right);
	switch (op[0]) {
	case '=':
		return !order;
	case '!':
		return op[1] == '=' && order;
	case '<':
		return order < 0 || (op[1] == '=' && !order);
	case '>':
		return order > 0 || (op[1] == '=' && !order);
	}
	return 0;
}

int ast_variables_match(const struct ast_variable *left, const struct ast_variable *right)
{
	const char *blank;

	if (!left || !right || left == right) {
		return left == right;
	}
	blank = strrchr(right->name, ' ');
	return ast_strings_match(left->value, blank ? blank + 1 : NULL, right->value);
}

/* The variable of a list that another one, whose name may end in an operator, speaks of. */
static const struct ast_variable *spoken_of(const struct ast_variable *list, const char *name)
{
	char *alone = ast_strdupa(name), *blank = strrchr(alone, ' ');

	if (blank) {
		*blank = '\0';
	}
	return ast_variable_find_variable_in_list(list, alone);
}

static size_t length_of(const struct ast_variable *list)
{
	size_t length;

	for (length = 0; list; list = list->next) {
		length++;
	}
	return length;
}

int ast_variable_lists_match(const struct ast_variable *left, const struct ast_variable *right, int exact_match)
{
	const struct ast_variable *wanted;

	if (!left || !right || left == right) {
		return left == right;
	}
	for (wanted = right; wanted; wanted = wanted->next) {
		const struct ast_variable *found = spoken_of(left, wanted->name);

		if (!found || !(exact_match ? !strcmp(found->value, wanted->value) : ast_variables_match(found, wanted))) {
			return 0;
		}
	}
	return !exact_match || length_of(left) == length_of(right);
}
