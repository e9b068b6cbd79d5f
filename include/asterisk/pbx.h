/*
 * The dialplan: applications, functions, variables and their substitution.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_PBX_H
#define ASTERISM_PBX_H

#include "asterisk/channel.h"
#include "asterisk/chanvars.h"
#include "asterisk/linkedlists.h"
#include "asterisk/stringfields.h"
#include "asterisk/xmldoc.h"

#ifdef __cplusplus
extern "C" {
#endif

#define AST_MAX_APP 32		/* Bytes of an application's name, with the closing NUL. */
#define VAR_BUF_SIZE 4096	/* Bytes a buffer for substituted text usually has. */

#define AST_PBX_HANGUP -1
#define AST_PBX_OK 0
#define AST_PBX_ERROR 1

struct ast_app;

/*
 * A dialplan function, laid out as in Asterisk 20 and later.  Fill name, one of read and read2 and/or write, and for
 * people synopsis, syntax, arguments, desc and seealso.
 */
struct ast_custom_function {
	const char *name;
	AST_DECLARE_STRING_FIELDS(
		AST_STRING_FIELD(synopsis);	/* One line. */
		AST_STRING_FIELD(desc);		/* Paragraphs. */
		AST_STRING_FIELD(syntax);	/* "NAME(a[,b])" */
		AST_STRING_FIELD(arguments);	/* What a and b are. */
		AST_STRING_FIELD(seealso);
	);
	enum ast_doc_src docsrc;
	ast_acf_read_fn_t read;		/* Writes the value into a buffer. */
	ast_acf_read2_fn_t read2;	/* Writes it into a string that grows. */
	size_t read_max;		/* Bytes read may write; 0 means VAR_BUF_SIZE. */
	ast_acf_write_fn_t write;	/* Sets the value. */
	struct ast_module *mod;
	unsigned int read_escalates:1;	/* Reading may do what not every user may do. */
	unsigned int write_escalates:1;
	AST_RWLIST_ENTRY(ast_custom_function) acflist;
	AST_STRING_FIELD_EXTENDED(since);
	AST_STRING_FIELD_EXTENDED(provided_by);
};

enum ast_custom_function_escalation {
	AST_CFE_NONE,
	AST_CFE_READ,
	AST_CFE_WRITE,
	AST_CFE_BOTH,
};

/* Registering gives 0, or -1 when the name is taken; the structure must stay until it is unregistered. */
int __ast_custom_function_register(struct ast_custom_function *acf, struct ast_module *mod);
int __ast_custom_function_register_escalating(struct ast_custom_function *acf,
	enum ast_custom_function_escalation escalation, struct ast_module *mod);
#define ast_custom_function_register(acf) __ast_custom_function_register((acf), AST_MODULE_SELF)
#define ast_custom_function_register_escalating(acf, escalation) \
	__ast_custom_function_register_escalating((acf), (escalation), AST_MODULE_SELF)
int ast_custom_function_unregister(struct ast_custom_function *acf);
/* The function of that name that a C module registered, or NULL. */
struct ast_custom_function *ast_custom_function_find(const char *name);

/* Evaluates "NAME(arguments)" into workspace, cut to len bytes, or into *str: 0, or -1. */
int ast_func_read(struct ast_channel *chan, const char *function, char *workspace, size_t len);
int ast_func_read2(struct ast_channel *chan, const char *function, struct ast_str **str, ssize_t maxlen);
/* Sets "NAME(arguments)" to value: 0, or -1. */
int ast_func_write(struct ast_channel *chan, const char *function, const char *value);

/* The application of that name (in any case), or NULL; valid while it is registered. */
struct ast_app *pbx_findapp(const char *app);
/* Runs it: what its execute returned, or -1. */
int pbx_exec(struct ast_channel *c, struct ast_app *app, const char *data);
/* Both at once, with variables in app_args replaced. */
int ast_pbx_exec_application(struct ast_channel *chan, const char *app_name, const char *app_args);

/*
 * Variables of a channel, global ones with NULL.  Setting a variable to NULL deletes it; a name like "NAME(x)" reads or
 * writes a function.  What getvar gives is NULL for an unset one, and stays valid until the variable changes.
 */
const char *pbx_builtin_getvar_helper(struct ast_channel *chan, const char *name);
int pbx_builtin_setvar_helper(struct ast_channel *chan, const char *name, const char *value);
/* Adds a variable even when one of that name is there, which it hides. */
void pbx_builtin_pushvar_helper(struct ast_channel *chan, const char *name, const char *value);
/* "name=value" as one text: 0, or -1 when there is no '='. */
int pbx_builtin_setvar(struct ast_channel *chan, const char *data);

/* Text with ${VARIABLE:offset:length}, ${FUNCTION(x)} and $[expression] replaced, into cp2, which has count + 1 bytes. */
void pbx_substitute_variables_helper(struct ast_channel *c, const char *cp1, char *cp2, int count);
/* The same into a string that grows. */
void ast_str_substitute_variables(struct ast_str **buf, ssize_t maxlen, struct ast_channel *chan, const char *templ);

/* Whether text counts as true: the number at its beginning, 1 of any other text, 0 of NULL and "". */
int pbx_checkcondition(const char *condition);

#ifdef __cplusplus
}
#endif

#endif
