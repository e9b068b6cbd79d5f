/*
 * The dialplan: applications, functions, variables and their substitution.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_PBX_H
#define ASTERISM_PBX_H

#include "asterisk/channel.h"
#include "asterisk/chanvars.h"
#include "asterisk/devicestate.h"
#include "asterisk/format.h"
#include "asterisk/linkedlists.h"
#include "asterisk/presencestate.h"
#include "asterisk/sched.h"
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

/* Timeouts of a dialplan run in milliseconds.  ast_channel_pbx gives NULL, unless a module has set one. */
struct ast_pbx {
	int dtimeoutms;
	int rtimeoutms;
};

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

/* Registers a function: 0, or -1 when the name is taken; the structure must stay valid until it is unregistered. */
int __ast_custom_function_register(struct ast_custom_function *acf, struct ast_module *mod);
int __ast_custom_function_register_escalating(struct ast_custom_function *acf,
	enum ast_custom_function_escalation escalation, struct ast_module *mod);
#define ast_custom_function_register(acf) __ast_custom_function_register((acf), AST_MODULE_SELF)
#define ast_custom_function_register_escalating(acf, escalation) \
	__ast_custom_function_register_escalating((acf), (escalation), AST_MODULE_SELF)
int ast_custom_function_unregister(struct ast_custom_function *acf);
/* The function of that name, or NULL.  The structure of a function made in Python has read2 and write. */
struct ast_custom_function *ast_custom_function_find(const char *name);

/* Evaluates "NAME(arguments)" into workspace, cut to len bytes, or into *str: 0, or -1. */
int ast_func_read(struct ast_channel *chan, const char *function, char *workspace, size_t len);
int ast_func_read2(struct ast_channel *chan, const char *function, struct ast_str **str, ssize_t maxlen);
/* Sets "NAME(arguments)" to value: 0, or -1. */
int ast_func_write(struct ast_channel *chan, const char *function, const char *value);

/* The application of that name (in any case), or NULL; valid while it is registered. */
struct ast_app *pbx_findapp(const char *app);
/* Runs an application: the result of its execute function, or -1. */
int pbx_exec(struct ast_channel *c, struct ast_app *app, const char *data);
/* Finds and runs an application, with the variables in app_args substituted. */
int ast_pbx_exec_application(struct ast_channel *chan, const char *app_name, const char *app_args);

/*
 * ---- contexts ----
 *
 * A walk sees the dialplan as it was when the walk began; its handles stay valid for the next 64 versions of the dialplan.
 * So read locks never block, and a write lock only keeps other threads from changing the dialplan.
 */

#define PRIORITY_HINT -1

#define AST_EXT_MATCHCID_OFF 0
#define AST_EXT_MATCHCID_ON 1

enum ast_pbx_result {
	AST_PBX_SUCCESS = 0,
	AST_PBX_FAILED = -1,
	AST_PBX_CALL_LIMIT = -2,
};

struct ast_context;
struct ast_exten;	/* One priority of an extension. */
struct ast_include;
struct ast_ignorepat;
struct ast_sw;
struct ast_hashtab;

/* 0. */
int ast_rdlock_contexts(void);
int ast_wrlock_contexts(void);
int ast_unlock_contexts(void);
int ast_rdlock_context(struct ast_context *con);
int ast_wrlock_context(struct ast_context *con);
int ast_unlock_context(struct ast_context *con);

/* The first entry for NULL, otherwise the next; NULL at the end.  An extension's priorities begin with itself. */
struct ast_context *ast_walk_contexts(struct ast_context *con);
struct ast_exten *ast_walk_context_extensions(struct ast_context *con, struct ast_exten *exten);
struct ast_exten *ast_walk_extension_priorities(struct ast_exten *exten, struct ast_exten *priority);
const struct ast_include *ast_walk_context_includes(const struct ast_context *con, const struct ast_include *inc);
int ast_context_includes_count(const struct ast_context *con);
const struct ast_include *ast_context_includes_get(const struct ast_context *con, int idx);
int ast_context_ignorepats_count(const struct ast_context *con);
const struct ast_ignorepat *ast_context_ignorepats_get(const struct ast_context *con, int idx);
int ast_context_switches_count(const struct ast_context *con);
const struct ast_sw *ast_context_switches_get(const struct ast_context *con, int idx);

/* Properties of contexts, extensions, includes, ignore patterns and switches; NULL when not set. */
const char *ast_get_context_name(struct ast_context *con);
const char *ast_get_context_registrar(struct ast_context *c);
const char *ast_get_extension_name(struct ast_exten *exten);
struct ast_context *ast_get_extension_context(struct ast_exten *exten);
int ast_get_extension_priority(struct ast_exten *exten);
int ast_get_extension_matchcid(struct ast_exten *e);
const char *ast_get_extension_cidmatch(struct ast_exten *e);
const char *ast_get_extension_label(struct ast_exten *e);
const char *ast_get_extension_app(struct ast_exten *e);
void *ast_get_extension_app_data(struct ast_exten *e);
const char *ast_get_extension_registrar(struct ast_exten *e);
const char *ast_get_extension_registrar_file(struct ast_exten *e);
int ast_get_extension_registrar_line(struct ast_exten *e);
const char *ast_get_include_name(const struct ast_include *include);
const char *ast_get_include_registrar(const struct ast_include *i);
const char *ast_get_ignorepat_name(const struct ast_ignorepat *ip);
const char *ast_get_ignorepat_registrar(const struct ast_ignorepat *ip);
const char *ast_get_switch_name(const struct ast_sw *sw);
const char *ast_get_switch_data(const struct ast_sw *sw);
const char *ast_get_switch_registrar(const struct ast_sw *sw);

/* A context by name, or NULL; find_or_create creates a missing one.  extcontexts and exttable must be NULL. */
struct ast_context *ast_context_find(const char *name);
struct ast_context *ast_context_find_or_create(struct ast_context **extcontexts, struct ast_hashtab *exttable,
	const char *name, const char *registrar);
/* Removes the registrar's part of a context, of all contexts for NULL; a NULL registrar matches every registrar. */
void ast_context_destroy(struct ast_context *con, const char *registrar);
int ast_context_destroy_by_name(const char *context, const char *registrar);

/*
 * Adds one priority of an extension: 0, or -1 when it is taken and must not be replaced, or the context does not exist.
 * data is text and copied; datad, if given, frees it at once.
 */
int ast_add_extension(const char *context, int replace, const char *extension, int priority, const char *label,
	const char *callerid, const char *application, void *data, void (*datad)(void *), const char *registrar);
int ast_add_extension2(struct ast_context *con, int replace, const char *extension, int priority, const char *label,
	const char *callerid, const char *application, void *data, void (*datad)(void *), const char *registrar,
	const char *registrar_file, int registrar_line);
/* Removes a priority of an extension, all priorities for 0: 0, or -1 when not found. */
int ast_context_remove_extension(const char *context, const char *extension, int priority, const char *registrar);
int ast_context_remove_extension2(struct ast_context *con, const char *extension, int priority, const char *registrar,
	int already_locked);
/* Lets a context include another, "name" or "name,times": 0, or -1 when it does already or a timing is wrong. */
int ast_context_add_include(const char *context, const char *include, const char *registrar);
int ast_context_remove_include(const char *context, const char *include, const char *registrar);
/* 1 when the dial tone goes on after pattern. */
int ast_ignore_pattern(const char *context, const char *pattern);

/* 1 when the name of an extension matches what was dialed; and which of two names is asked first: -1, 0 or 1. */
int ast_extension_match(const char *pattern, const char *extension);
int ast_extension_cmp(const char *a, const char *b);
/* 1 when a name matches a longer number that begins with these digits; with needmore 0 these digits, too. */
int ast_extension_close(const char *pattern, const char *data, int needmore);
/* 1 when more digits could reach another extension; when these digits, or more of them, reach one. */
int ast_matchmore_extension(struct ast_channel *c, const char *context, const char *exten, int priority,
	const char *callerid);
int ast_canmatch_extension(struct ast_channel *c, const char *context, const char *exten, int priority,
	const char *callerid);
/* The devices of an extension's hint, "SIP/a&SIP/b", and the name behind them: 1, or 0 without a hint. */
int ast_get_hint(char *hint, int hintsize, char *name, int namesize, struct ast_channel *c, const char *context,
	const char *exten);

enum ast_extension_states {
	AST_EXTENSION_REMOVED = -2,
	AST_EXTENSION_DEACTIVATED = -1,
	AST_EXTENSION_NOT_INUSE = 0,
	AST_EXTENSION_INUSE = 1 << 0,
	AST_EXTENSION_BUSY = 1 << 1,
	AST_EXTENSION_UNAVAILABLE = 1 << 2,
	AST_EXTENSION_RINGING = 1 << 3,
	AST_EXTENSION_ONHOLD = 1 << 4,
};
/* The state of the devices of a hint, AST_EXTENSION_..., or -1 without a hint; a state in words; the one of a device's state. */
int ast_extension_state(struct ast_channel *c, const char *context, const char *exten);
const char *ast_extension_state2str(int extension_state);
enum ast_extension_states ast_devstate_to_extenstate(enum ast_device_state devstate);
/* Replaces variables of a list in a text, into count + 1 bytes; or into a string that grows. */
void pbx_substitute_variables_varshead(struct varshead *headp, const char *cp1, char *cp2, int count);
void ast_str_substitute_variables_varshead(struct ast_str **buf, ssize_t maxlen, struct varshead *headp,
	const char *templ);
/* Writes the variables of a channel as lines "NAME=value": how many. */
int pbx_builtin_serialize_variables(struct ast_channel *chan, struct ast_str **buf);
/* 1 when the priority exists for a caller: callerid, or the caller of c when callerid is NULL. */
int ast_exists_extension(struct ast_channel *c, const char *context, const char *exten, int priority,
	const char *callerid);
/* The priority of a label, or -1. */
int ast_findlabel_extension(struct ast_channel *c, const char *context, const char *exten, const char *label,
	const char *callerid);
int ast_findlabel_extension2(struct ast_channel *c, struct ast_context *con, const char *exten, const char *label,
	const char *callerid);
/* Runs one priority on a channel; *found tells whether it exists.  Gives the application's result, or -1. */
int ast_spawn_extension(struct ast_channel *c, const char *context, const char *exten, int priority,
	const char *callerid, int *found, int combined_find_spawn);

/* Sends a channel to a place, where its next step is: 0.  if_exists gives AST_PBX_GOTO_FAILED when the step does not exist. */
#define AST_PBX_GOTO_FAILED -3
/* What a module that originates a call waits for. */
enum ast_pbx_outgoing_sync {
	AST_OUTGOING_NO_WAIT = 0,
	AST_OUTGOING_WAIT = 1,
	AST_OUTGOING_WAIT_COMPLETE = 2,
};

/* How many channels run through the dialplan. */
int ast_active_calls(void);
int ast_explicit_goto(struct ast_channel *chan, const char *context, const char *exten, int priority);
int ast_goto_if_exists(struct ast_channel *chan, const char *context, const char *exten, int priority);
/* Sends a channel to "[[context,]extension,]priority"; the priority may be a label, +n or -n: 0, or -1. */
int ast_parseable_goto(struct ast_channel *chan, const char *goto_string);
/* Sends a channel to a place from another thread: interrupts what the channel waits for. */
int ast_async_goto(struct ast_channel *chan, const char *context, const char *exten, int priority);
int ast_async_goto_if_exists(struct ast_channel *chan, const char *context, const char *exten, int priority);
int ast_async_parseable_goto(struct ast_channel *chan, const char *goto_string);

/* Runs a channel through the dialplan, in this thread or in a new one; the caller's reference is released at its end. */
enum ast_pbx_result ast_pbx_run(struct ast_channel *c);
enum ast_pbx_result ast_pbx_start(struct ast_channel *c);

/* How ast_pbx_run_args differs from ast_pbx_run. */
struct ast_pbx_args {
	union {
		uint64_t __padding;
		struct {
			unsigned int no_hangup_chan:1;	/* The channel goes on after the dialplan, and the reference is kept. */
		};
	};
};
/* Runs a channel through the dialplan in this thread; args may be NULL. */
enum ast_pbx_result ast_pbx_run_args(struct ast_channel *c, struct ast_pbx_args *args);

/* ---- times: "9:00-17:00,mon-fri,1-7,jan&jun,Europe/Berlin" ---- */

struct ast_timing {
	int hastime;			/* Whether it was built. */
	unsigned int monthmask;		/* January in the lowest bit. */
	unsigned int daymask;		/* The first of a month in the lowest bit. */
	unsigned int dowmask;		/* Sunday in the lowest bit. */
	unsigned int minmask[48];	/* Minutes of each half hour. */
	char *timezone;			/* Allocated; NULL means the system's time zone. */
};

/* Parses a timing: 1, or 0 when it is not valid, which is logged.  Free it with ast_destroy_timing. */
int ast_build_timing(struct ast_timing *i, const char *info);
/* 1 when the timing matches now, or at tv. */
int ast_check_timing(const struct ast_timing *i);
int ast_check_timing2(const struct ast_timing *i, const struct timeval tv);
/* 0. */
int ast_destroy_timing(struct ast_timing *i);

/*
 * Variables of a channel, global ones with NULL.  Setting a variable to NULL deletes it; a name like "NAME(x)" reads or
 * writes a function.  What getvar gives is NULL for an unset one, and stays valid until the variable changes.
 */
const char *pbx_builtin_getvar_helper(struct ast_channel *chan, const char *name);
int pbx_builtin_setvar_helper(struct ast_channel *chan, const char *name, const char *value);
/* Adds a variable, which hides an existing variable of the same name. */
void pbx_builtin_pushvar_helper(struct ast_channel *chan, const char *name, const char *value);
/* Sets a variable from "name=value": 0, or -1 when '=' is missing. */
int pbx_builtin_setvar(struct ast_channel *chan, const char *data);

/* Sets several variables from "name=value,name=value": 0. */
int pbx_builtin_setvar_multiple(struct ast_channel *chan, const char *data);
/* Removes all global variables. */
void pbx_builtin_clear_globals(void);

/* Text with ${VARIABLE:offset:length}, ${FUNCTION(x)} and $[expression] replaced, into cp2, which has count + 1 bytes. */
void pbx_substitute_variables_helper(struct ast_channel *c, const char *cp1, char *cp2, int count);
/* Substitutes variables and expressions in text, into a string that grows. */
void ast_str_substitute_variables(struct ast_str **buf, ssize_t maxlen, struct ast_channel *chan, const char *templ);

/* Whether text counts as true: the number at its beginning, 1 of any other text, 0 of NULL and "". */
int pbx_checkcondition(const char *condition);

#ifdef __cplusplus
}
#endif

#endif
