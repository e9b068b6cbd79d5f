/*
 * Commands of the console.
 *
 * A handler is called for three things: CLI_INIT (fill e->command and e->usage, return NULL), CLI_GENERATE (return the
 * a->n-th completion of a->word, allocated, or NULL) and to run the command.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_CLI_H
#define ASTERISM_CLI_H

#include "asterisk/linkedlists.h"
#include "asterisk/strings.h"

#ifdef __cplusplus
extern "C" {
#endif

#define AST_MAX_CMD_LEN 16	/* Words of a command. */
#define AST_MAX_ARGS 64		/* Words of a line. */

/* Writes text to the console that runs the command; fd is a->fd. */
void ast_cli(int fd, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#define RESULT_SUCCESS 0
#define RESULT_SHOWUSAGE 1
#define RESULT_FAILURE 2
#define CLI_SUCCESS ((char *) RESULT_SUCCESS)
#define CLI_SHOWUSAGE ((char *) RESULT_SHOWUSAGE)
#define CLI_FAILURE ((char *) RESULT_FAILURE)
#define CLI_NO_PERMS -1

#define AST_CLI_COMPLETE_EOF "_EOF_"
#define ESS(x) ((x) == 1 ? "" : "s")
#define AST_CLI_YESNO(x) AST_YESNO(x)
#define AST_CLI_ONOFF(x) ((x) ? "On" : "Off")

enum ast_cli_command {
	CLI_INIT = -2,
	CLI_GENERATE = -3,
	CLI_HANDLER = -4,
};

struct ast_cli_args {
	const int fd;			/* For ast_cli. */
	const int argc;			/* Words of the line. */
	const char * const *argv;
	const char *line;		/* For CLI_GENERATE: the line so far, */
	const char *word;		/* the word to complete, */
	const int pos;			/* its place, from 0, */
	const int n;			/* and which completion is wanted, from 0. */
};

/* A command: AST_CLI_DEFINE fills summary and handler, CLI_INIT command and usage; the rest is the core's. */
struct ast_cli_entry {
	const char * const cmda[AST_MAX_CMD_LEN];
	const char * const summary;
	const char *usage;
	int inuse;
	struct ast_module *module;
	char *_full_cmd;
	int cmdlen;
	int args;		/* Words of the command itself: the first argument is a->argv[e->args]. */
	char *command;		/* "show limits [like]": [x] may be left out, {a|b} is one of them, % is any word. */
	char *(*handler)(struct ast_cli_entry *e, int cmd, struct ast_cli_args *a);
	AST_LIST_ENTRY(ast_cli_entry) list;
};

#ifdef __cplusplus
#define AST_CLI_DEFINE(fn, txt) { { "" }, txt, NULL, 0, NULL, NULL, 0, 0, NULL, fn }
#else
#define AST_CLI_DEFINE(fn, txt, ...) { .handler = fn, .summary = txt, ##__VA_ARGS__ }
#endif

/* 0, or -1 when a command of those words is there already; multiple goes on with the others. */
int __ast_cli_register(struct ast_cli_entry *e, struct ast_module *mod);
int __ast_cli_register_multiple(struct ast_cli_entry *e, int len, struct ast_module *mod);
#define ast_cli_register(e) __ast_cli_register((e), AST_MODULE_SELF)
#define ast_cli_register_multiple(e, len) __ast_cli_register_multiple((e), (len), AST_MODULE_SELF)
int ast_cli_unregister(struct ast_cli_entry *e);
int ast_cli_unregister_multiple(struct ast_cli_entry *e, int len);

/* What the last word of another line can become, or the next word when word is empty: the one with number state, from 0, for ast_free; NULL behind the last. */
char *ast_cli_generator(const char *text, const char *word, int state);
struct ast_vector_string;
/*
 * All completions of a line, sorted; element 0 is what they have in common.  NULL when the line has no completion.
 * Elements and vector are for ast_free.
 */
struct ast_vector_string *ast_cli_completion_vector(const char *text, const char *word);
/* The pos-th of choices (closed by NULL) that begins with word, allocated, or NULL. */
char *ast_cli_complete(const char *word, const char * const choices[], int pos);
/* Inside CLI_GENERATE: offers one more completion and takes it over (allocated). 0. */
int ast_cli_completion_add(char *value);
/* For completion: the channel number `state` whose name begins with word, when pos is rpos; -1 adds all: NULL. */
char *ast_complete_channels(const char *line, const char *word, int pos, int state, int rpos);
/* Prints a length of time in words: 2 hours, 5 seconds. */
void ast_cli_print_timestr_fromseconds(int fd, int seconds, const char *prefix);
/* Runs a line, its output to fd: RESULT_SUCCESS, RESULT_SHOWUSAGE or RESULT_FAILURE. */
int ast_cli_command_full(int uid, int gid, int fd, const char *s);
#define ast_cli_command(fd, s) ast_cli_command_full(CLI_NO_PERMS, CLI_NO_PERMS, (fd), (s))

#ifdef __cplusplus
}
#endif

#endif
