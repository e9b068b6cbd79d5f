/*
 * Caller ids as text.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

void ast_shrink_phone_number(char *n)
{
	char *to = n;
	int depth = 0;

	for (; n && *n; n++) {
		depth += (*n == '[') - (*n == ']');
		/* Inside brackets, a dash makes a range; at the end, a dot is part of a pattern. */
		if (strchr("( )", *n) || (*n == '-' && depth <= 0) || (*n == '.' && n[1])) {
			continue;
		}
		*to++ = *n;
	}
	if (to) {
		*to = '\0';
	}
}

static int consists_of(const char *text, const char *characters)
{
	return !ast_strlen_zero(text) && !text[strspn(text, characters)];
}

int ast_isphonenumber(const char *n)
{
	return consists_of(n, "0123456789*#+");
}

int ast_is_shrinkable_phonenumber(const char *n)
{
	return consists_of(n, "0123456789*#+()-.");
}

/* Removes backslashes that escape the next character. */
static char *unescaped(char *text)
{
	char *from, *to = text;

	for (from = text; *from; from++) {
		if (*from == '\\' && from[1]) {
			from++;
		}
		*to++ = *from;
	}
	*to = '\0';
	return text;
}

/* Whether text is a number when separators are removed; if so, removes them. */
static int becomes_number(char *text)
{
	size_t size = strlen(text) + 1;
	char *number = strdup(text);
	int is_number = 0;

	if (number) {
		ast_shrink_phone_number(number);
		is_number = ast_isphonenumber(number);
		if (is_number) {
			ast_copy_string(text, number, size);
		}
		free(number);
	}
	return is_number;
}

int ast_callerid_parse(char *instr, char **name, char **location)
{
	char *stripped, *opening, *closing;

	*name = *location = NULL;
	if (!instr) {
		return -1;
	}
	instr = ast_strip(instr);
	stripped = ast_strip_quoted(instr, "\"", "\"");
	opening = strrchr(stripped, '<');
	if (opening) {
		closing = strrchr(opening, '>');
		if (closing) {
			*closing = '\0';
		}
		*opening = '\0';
		*location = opening + 1;
	} else if (stripped == instr && becomes_number(stripped)) {
		*location = stripped;
		return 0;
	}
	*name = unescaped(ast_strip_quoted(stripped, "\"", "\""));
	return 0;
}

int ast_callerid_split(const char *src, char *name, int namelen, char *num, int numlen)
{
	char *copy = ast_strdup(S_OR(src, "")), *found_name = NULL, *found_number = NULL;

	if (copy) {
		ast_callerid_parse(copy, &found_name, &found_number);
		ast_shrink_phone_number(found_number);
	}
	ast_copy_string(name, S_OR(found_name, ""), (size_t) namelen);
	ast_copy_string(num, S_OR(found_number, ""), (size_t) numlen);
	free(copy);
	return 0;
}

/* Writes text with a backslash before each quote and each backslash, whole characters only; what it wrote ends at *to. */
static void escape(const char *text, char *to, size_t size)
{
	for (; *text && size > 2; text++) {
		if (*text == '"' || *text == '\\') {
			*to++ = '\\';
			size--;
		}
		*to++ = *text;
		size--;
	}
	*to = '\0';
}

char *ast_callerid_merge(char *buf, int bufsiz, const char *name, const char *num, const char *unknown)
{
	size_t size = name && num ? 2 * strlen(name) + 3 : 0;
	char *escaped = size ? malloc(size) : NULL;

	if (escaped) {
		escape(name, escaped, size);
		snprintf(buf, (size_t) bufsiz, "\"%s\" <%s>", escaped, num);
		free(escaped);
	} else {
		ast_copy_string(buf, name ? name : num ? num : unknown ? unknown : "<unknown>", (size_t) bufsiz);
	}
	return buf;
}

static const struct {
	int value;
	const char *name;
	const char *words;
} presentations[] = {
	{ AST_PRES_ALLOWED_USER_NUMBER_NOT_SCREENED, "allowed_not_screened", "may be shown, not checked" },
	{ AST_PRES_ALLOWED_USER_NUMBER_PASSED_SCREEN, "allowed_passed_screen", "may be shown, checked and right" },
	{ AST_PRES_ALLOWED_USER_NUMBER_FAILED_SCREEN, "allowed_failed_screen", "may be shown, checked and wrong" },
	{ AST_PRES_ALLOWED_NETWORK_NUMBER, "allowed", "may be shown, from the network" },
	{ AST_PRES_PROHIB_USER_NUMBER_NOT_SCREENED, "prohib_not_screened", "must not be shown, not checked" },
	{ AST_PRES_PROHIB_USER_NUMBER_PASSED_SCREEN, "prohib_passed_screen", "must not be shown, checked and right" },
	{ AST_PRES_PROHIB_USER_NUMBER_FAILED_SCREEN, "prohib_failed_screen", "must not be shown, checked and wrong" },
	{ AST_PRES_PROHIB_NETWORK_NUMBER, "prohib", "must not be shown, from the network" },
	{ AST_PRES_NUMBER_NOT_AVAILABLE, "unavailable", "not available" },
};

int ast_parse_caller_presentation(const char *data)
{
	size_t i;

	for (i = 0; data && i < ARRAY_LEN(presentations); i++) {
		if (!strcasecmp(presentations[i].name, data)) {
			return presentations[i].value;
		}
	}
	return -1;
}

/* The index of a presentation, or -1; the screening of an unavailable number is ignored. */
static int index_of(int data)
{
	size_t i;

	if ((data & AST_PRES_RESTRICTION) == AST_PRES_UNAVAILABLE) {
		data = AST_PRES_NUMBER_NOT_AVAILABLE;
	}
	for (i = 0; i < ARRAY_LEN(presentations); i++) {
		if (presentations[i].value == data) {
			return (int) i;
		}
	}
	return -1;
}

const char *ast_named_caller_presentation(int data)
{
	int found = index_of(data);

	return found < 0 ? "unknown" : presentations[found].name;
}

const char *ast_describe_caller_presentation(int data)
{
	int found = index_of(data);

	return found < 0 ? "unknown" : presentations[found].words;
}
