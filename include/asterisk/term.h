/*
 * Colours of a terminal.  The output of a module goes to local and remote consoles, scripts and files, so it has no colours,
 * as in an Asterisk with `nocolor = yes`: these functions give plain text.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_TERM_H
#define ASTERISM_TERM_H

#include "asterisk/strings.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ESC 0x1b

#define ATTR_RESET 0
#define ATTR_BRIGHT 1
#define ATTR_DIM 2
#define ATTR_UNDER 4
#define ATTR_BLINK 5
#define ATTR_REVER 7
#define ATTR_HIDDEN 8

#define COLOR_BLACK 30
#define COLOR_GRAY (30 | 128)
#define COLOR_RED 31
#define COLOR_BRRED (31 | 128)
#define COLOR_GREEN 32
#define COLOR_BRGREEN (32 | 128)
#define COLOR_BROWN 33
#define COLOR_YELLOW (33 | 128)
#define COLOR_BLUE 34
#define COLOR_BRBLUE (34 | 128)
#define COLOR_MAGENTA 35
#define COLOR_BRMAGENTA (35 | 128)
#define COLOR_CYAN 36
#define COLOR_BRCYAN (36 | 128)
#define COLOR_WHITE 37
#define COLOR_BRWHITE (37 | 128)

/* printf(COLORIZE_FMT "\n", COLORIZE(COLOR_RED, 0, "text")). */
#define COLORIZE_FMT "%s%s%s"
#define COLORIZE(fg, bg, str) ast_term_color((fg), (bg)), (str), ast_term_reset()
/* The longest escape sequence in bytes; the number of results that ast_term_color keeps valid. */
#define AST_TERM_MAX_ESCAPE_CHARS 23
#define AST_TERM_MAX_ROTATING_BUFFERS 15

/* A coloured text in outbuf of maxout bytes: here the plain text. */
char *term_color(char *outbuf, const char *inbuf, int fgcolor, int bgcolor, int maxout);
/* Appends the start of a colour: -1, because colours are off. */
int ast_term_color_code(struct ast_str **str, int fgcolor, int bgcolor);
/* The start of a colour, in outbuf or as a constant, and its end: empty texts. */
char *term_color_code(char *outbuf, int fgcolor, int bgcolor, int maxout);
const char *ast_term_color(int fgcolor, int bgcolor);
const char *ast_term_reset(void);
/* The end of a colour for a line; for the program: empty texts. */
const char *term_end(void);
const char *term_quit(void);
/* A text without its colour escape sequences, in outbuf of maxout bytes. */
char *term_strip(char *outbuf, const char *inbuf, int maxout);
/* Replaces each escape character that does not start a colour with a blank. */
void term_filter_escapes(char *line);

#ifdef __cplusplus
}
#endif

#endif
