/*
 * Texts for unknown terminals: without colours.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/term.h"

char *term_color(char *outbuf, const char *inbuf, int fgcolor, int bgcolor, int maxout)
{
	(void) fgcolor;
	(void) bgcolor;
	if (maxout > 0) {
		ast_copy_string(outbuf, inbuf, (size_t) maxout);
	}
	return outbuf;
}

int ast_term_color_code(struct ast_str **str, int fgcolor, int bgcolor)
{
	(void) str;
	(void) fgcolor;
	(void) bgcolor;
	return -1;
}

char *term_color_code(char *outbuf, int fgcolor, int bgcolor, int maxout)
{
	return term_color(outbuf, "", fgcolor, bgcolor, maxout);
}

const char *ast_term_color(int fgcolor, int bgcolor)
{
	(void) fgcolor;
	(void) bgcolor;
	return "";
}

const char *ast_term_reset(void)
{
	return "";
}

const char *term_end(void)
{
	return "";
}

const char *term_quit(void)
{
	return "";
}

/* Where the sequence that begins with an escape character ends: behind its m, or with the text. */
static const char *behind_colour(const char *text)
{
	const char *end = strchr(text, 'm');

	return end ? end + 1 : text + strlen(text);
}

char *term_strip(char *outbuf, const char *inbuf, int maxout)
{
	int used = 0;

	while (*inbuf && used + 1 < maxout) {
		if (*inbuf == ESC) {
			inbuf = behind_colour(inbuf);
		} else {
			outbuf[used++] = *inbuf++;
		}
	}
	if (maxout > 0) {
		outbuf[used] = '\0';
	}
	return outbuf;
}

void term_filter_escapes(char *line)
{
	for (; *line; line++) {
		if (*line == ESC && !(line[1] == '[' && line[2] && strchr("013", line[2]) && line[3])) {
			*line = ' ';
		}
	}
}
