/*
 * The console as C handlers see it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

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
