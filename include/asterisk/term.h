/*
 * Colours of a terminal.  What a module prints goes to any console, here or far away, to scripts and to files, so it has
 * no colours, as in an Asterisk with `nocolor = yes`: these functions give the plain text.
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
/* Bytes of an escape sequence, at most; how many ast_term_color gives before the first may change, at least. */
#define AST_TERM_MAX_ESCAPE_CHARS 23
#define AST_TERM_MAX_ROTATING_BUFFERS 15

/* A text in colour, in outbuf of maxout bytes: here the text. */
char *term_color(char *outbuf, const char *inbuf, int fgcolor, int bgcolor, int maxout);
/* Appends what begins a colour: -1, since there is none. */
int ast_term_color_code(struct ast_str **str, int fgcolor, int bgcolor);
/* What begins a colour, in outbuf or by itself, and what ends it: empty texts. */
char *term_color_code(char *outbuf, int fgcolor, int bgcolor, int maxout);
const char *ast_term_color(int fgcolor, int bgcolor);
const char *ast_term_reset(void);
/* The same: of a line; of the program. */
const char *term_end(void);
const char *term_quit(void);
/* A text without the escape sequences of colours that are in it, in outbuf of maxout bytes. */
char *term_strip(char *outbuf, const char *inbuf, int maxout);
/* Makes a blank of each escape character that begins no colour. */
void term_filter_escapes(char *line);

#ifdef __cplusplus
}
#endif

#endif
