/*
 * Arguments and options, split in place.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

/* The open quotes and brackets at a position of an argument list. */
struct nesting {
	int parentheses;
	int brackets;
	int quoted;
};

static void remove_char(char *at)
{
	memmove(at, at + 1, strlen(at));
}

/* Counts the opening or closing character at a place; 0 when it is neither. */
static int nests(char c, struct nesting *depth)
{
	switch (c) {
	case '(':
		depth->parentheses++;
		return 1;
	case ')':
		depth->parentheses -= depth->parentheses > 0;
		return 1;
	case '[':
		depth->brackets++;
		return 1;
	case ']':
		depth->brackets -= depth->brackets > 0;
		return 1;
	}
	return 0;
}

/* The delimiter that ends the argument at a place, or the closing NUL; quotes and backslashes go when asked. */
static char *argument_end(char *at, char delim, int remove_chars, struct nesting *depth)
{
	for (; *at; at++) {
		if (nests(*at, depth)) {
			continue;
		}
		if (*at == '"' && delim != '"') {
			depth->quoted = !depth->quoted;
			if (remove_chars) {
				remove_char(at--);
			}
		} else if (*at == '\\') {
			/* The next character is literal. */
			if (remove_chars) {
				remove_char(at);
			} else {
				at++;
			}
			if (!*at) {
				break;
			}
		} else if (*at == delim && !depth->parentheses && !depth->quoted && !depth->brackets) {
			break;
		}
	}
	return at;
}

unsigned int __ast_app_separate_args(char *buf, char delim, int remove_chars, char **array, int arraylen)
{
	struct nesting depth = { 0, 0, 0 };
	int argc = 0, more;
	char *at = buf;

	if (!array || arraylen <= 0) {
		return 0;
	}
	memset(array, 0, (size_t) arraylen * sizeof(*array));
	if (!buf || !*buf) {
		return 0;
	}
	do {
		array[argc++] = at;
		if (argc == arraylen) {
			break;	/* The last one takes the rest, untouched. */
		}
		at = argument_end(at, delim, remove_chars, &depth);
		more = *at != '\0';
		if (more) {
			*at++ = '\0';
		}
	} while (more);
	return (unsigned int) argc;
}

/* The closing parenthesis of an option's argument, quotes and backslashes taken out; the closing NUL without one. */
static char *option_argument_end(char *at)
{
	int depth = 1, quoted = 0, quotes_count = *at == '"';

	for (; *at; at++) {
		if (*at == '"' && quotes_count) {
			quoted = !quoted;
			remove_char(at--);
		} else if (*at == '\\' && at[1]) {
			if (!quoted || at[1] == '"') {
				remove_char(at);
			} else {
				at++;
			}
		} else if (!quoted) {
			depth += (*at == '(') - (*at == ')');
			if (!depth) {
				break;
			}
		}
	}
	return at;
}

static int parse_options(const struct ast_app_option *options, uint64_t *flags, char **args, char *at)
{
	*flags = 0;
	while (at && *at) {
		const char letter = *at++;
		const struct ast_app_option *option = &options[letter & 0x7f];
		char *argument = "";

		if (*at == '(') {
			argument = at + 1;
			at = option_argument_end(argument);
			if (!*at) {
				ast_log(LOG_WARNING, "The argument of option '%c' has no closing parenthesis: '%s'\n", letter, argument);
				return -1;
			}
			*at++ = '\0';
		}
		if (!option->flag) {
			ast_log(LOG_WARNING, "Unknown option '%c'\n", letter);
		}
		if (option->arg_index && args) {
			args[option->arg_index - 1] = argument;
		}
		*flags |= option->flag;
	}
	return 0;
}

int ast_app_parse_options64(const struct ast_app_option *options, struct ast_flags64 *flags, char **args, char *optstr)
{
	return parse_options(options, &flags->flags, args, optstr);
}

int ast_app_parse_options(const struct ast_app_option *options, struct ast_flags *flags, char **args, char *optstr)
{
	uint64_t all;
	int result = parse_options(options, &all, args, optstr);

	flags->flags = (unsigned int) all;
	return result;
}

static int digit_of(char c, int base)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = c ? strchr(digits, tolower((unsigned char) c)) : NULL;

	return found && found - digits < base ? (int) (found - digits) : -1;
}

/* Reads at most `most` digits into *result.  Gives their number. */
static size_t read_digits(const char *at, int base, size_t most, char *result)
{
	unsigned int value = 0;
	size_t count = 0;

	while (count < most && digit_of(at[count], base) >= 0) {
		value = value * (unsigned int) base + (unsigned int) digit_of(at[count++], base);
	}
	*result = (char) value;
	return count;
}

int ast_get_encoded_char(const char *stream, char *result, size_t *consumed)
{
	static const char names[] = "nrt", values[] = "\n\r\t";
	const char *name;

	*result = '\0';
	*consumed = 0;
	if (ast_strlen_zero(stream)) {
		return -1;
	}
	*consumed = 1;
	*result = stream[0];
	if (stream[0] != '\\' || !stream[1]) {
		return 0;
	}
	*consumed = 2;
	if (stream[1] == 'x') {
		*consumed += read_digits(stream + 2, 16, 2, result);
		if (*consumed == 2) {
			ast_log(LOG_ERROR, "'\\x' is followed by '%c', which is not a hexadecimal digit\n", stream[2] ? stream[2] : ' ');
			return -1;
		}
	} else if (stream[1] == '0') {
		*consumed += read_digits(stream + 2, 8, SIZE_MAX, result);
	} else {
		name = strchr(names, stream[1]);
		*result = name ? values[name - names] : stream[1];
	}
	return 0;
}

char *ast_get_encoded_str(const char *stream, char *result, size_t result_size)
{
	char *to = result;
	size_t consumed;

	if (!result_size) {
		return result;
	}
	while ((size_t) (to - result) + 1 < result_size && !ast_get_encoded_char(stream, to, &consumed)) {
		to++;
		stream += consumed;
	}
	*to = '\0';
	return result;
}

int ast_str_get_encoded_str(struct ast_str **str, int maxlen, const char *stream)
{
	size_t size = strlen(S_OR(stream, "")) + 1;
	char *plain = ast_malloc(size);	/* No escape sequence is shorter than its character. */

	if (!plain) {
		return -1;
	}
	ast_str_set(str, maxlen, "%s", ast_get_encoded_str(S_OR(stream, ""), plain, size));
	ast_free(plain);
	return 0;
}
