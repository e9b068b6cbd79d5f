/*
 * The console as C handlers see it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/vector.h"

#include <ctype.h>

/* Writes the whole text, in several calls if necessary. */
static void write_all(int fd, const char *text, size_t length)
{
	while (length) {
		ssize_t written = write(fd, text, length);

		if (written < 0) {
			if (errno == EINTR) {
				continue;
			}
			return;	/* The client has gone; the command continues. */
		}
		text += written;
		length -= (size_t) written;
	}
}

void ast_cli(int fd, const char *fmt, ...)
{
	struct asterism_place place = { "ast_cli", 0, "ast_cli" };
	char room[1024], *allocated, *text;
	va_list ap;

	va_start(ap, fmt);
	text = asterism_format(room, sizeof(room), &allocated, &place, fmt, ap);
	va_end(ap);
	if (text) {
		write_all(fd, text, strlen(text));
	}
	free(allocated);
}

char *ast_cli_complete(const char *word, const char * const choices[], int pos)
{
	size_t length = word ? strlen(word) : 0;
	int i, seen = 0;

	for (i = 0; choices[i]; i++) {
		if ((!length || !strncasecmp(word, choices[i], length)) && seen++ == pos) {
			return ast_strdup(choices[i]);
		}
	}
	return NULL;
}

/* How many bytes two texts have in common at their beginning, in any case. */
static size_t common_length(const char *one, const char *other)
{
	size_t length = 0;

	while (one[length] && tolower((unsigned char) one[length]) == tolower((unsigned char) other[length])) {
		length++;
	}
	return length;
}

/* Puts before the sorted completions what all of them begin with. */
static int prepend_common(struct ast_vector_string *found)
{
	const char *first = AST_VECTOR_GET(found, 0);
	const char *last = AST_VECTOR_GET(found, AST_VECTOR_SIZE(found) - 1);
	char *common = ast_strndup(first, common_length(first, last));

	if (!common || AST_VECTOR_INSERT_AT(found, 0, common)) {
		ast_free(common);
		return -1;
	}
	return 0;
}

struct ast_vector_string *ast_cli_completion_vector(const char *text, const char *word)
{
	struct ast_vector_string *found = ast_calloc(1, sizeof(*found));
	char *each;
	int state = 0, failed = !found;

	while (!failed && (each = ast_cli_generator(text, word, state++))) {
		if ((failed = AST_VECTOR_APPEND(found, each))) {
			ast_free(each);
		}
	}
	if (found && (failed || !AST_VECTOR_SIZE(found) || prepend_common(found))) {
		AST_VECTOR_CALLBACK_VOID(found, ast_free);
		AST_VECTOR_PTR_FREE(found);
		found = NULL;
	}
	return found;
}

char *ast_complete_channels(const char *line, const char *word, int pos, int state, int rpos)
{
	struct ast_channel_iterator *each = pos == rpos ? ast_channel_iterator_all_new() : NULL;
	struct ast_channel *chan;
	size_t length = word ? strlen(word) : 0;
	char *found = NULL;
	int seen = 0;

	(void) line;
	for (; each && !found && (chan = ast_channel_iterator_next(each)); ast_channel_unref(chan)) {
		if (length && strncasecmp(word, ast_channel_name(chan), length)) {
			continue;
		}
		if (state == -1) {
			ast_cli_completion_add(ast_strdup(ast_channel_name(chan)));
		} else if (seen++ == state) {
			found = ast_strdup(ast_channel_name(chan));
		}
	}
	if (each) {
		ast_channel_iterator_destroy(each);
	}
	return found;
}

void ast_cli_print_timestr_fromseconds(int fd, int seconds, const char *prefix)
{
	static const struct {
		const char *name;
		int seconds;
	} units[] = { { "year", 31536000 }, { "week", 604800 }, { "day", 86400 }, { "hour", 3600 }, { "minute", 60 }, { "second", 1 } };
	struct ast_str *text = ast_str_alloca(256);
	size_t i;

	for (i = 0; i < ARRAY_LEN(units) && seconds >= 0; i++) {
		int count = seconds / units[i].seconds;

		seconds -= count * units[i].seconds;
		if (count || (i == ARRAY_LEN(units) - 1 && !ast_str_strlen(text))) {
			ast_str_append(&text, 0, "%s%d %s%s", ast_str_strlen(text) ? ", " : "", count, units[i].name, ESS(count));
		}
	}
	if (ast_str_strlen(text)) {
		ast_cli(fd, "%s%s\n", S_OR(prefix, ""), ast_str_buffer(text));
	}
}
