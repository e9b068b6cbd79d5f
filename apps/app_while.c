/*
 * The applications While, EndWhile, ExitWhile and ContinueWhile: loops in the dialplan.
 *
 * Each channel has a stack of its current loops, innermost first.  A loop is identified by the place of its While.  Its end
 * is learned when EndWhile runs, or searched in the dialplan when the loop is left earlier.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*** MODULEINFO
	<support_level>core</support_level>
 ***/

#include "asterisk.h"

#include "asterisk/module.h"
#include "asterisk/channel.h"
#include "asterisk/datastore.h"
#include "asterisk/linkedlists.h"
#include "asterisk/pbx.h"
#include "asterisk/strings.h"
#include "asterisk/utils.h"

/* The deepest nesting of includes that is followed. */
#define MOST_INCLUDES 32

struct loop {
	char *context;
	char *exten;
	int begin;	/* The priority of While. */
	int end;	/* The priority of EndWhile, 0 while unknown. */
	AST_LIST_ENTRY(loop) entry;
};

AST_LIST_HEAD_NOLOCK(loops, loop);

static void free_loop(struct loop *loop)
{
	if (loop) {
		ast_free(loop->context);
		ast_free(loop->exten);
		ast_free(loop);
	}
}

static void free_loops(void *data)
{
	struct loops *loops = data;
	struct loop *loop;

	while ((loop = AST_LIST_REMOVE_HEAD(loops, entry))) {
		free_loop(loop);
	}
	ast_free(loops);
}

static const struct ast_datastore_info loops_info = {
	.type = "WHILE",
	.destroy = free_loops,
};

/* The loops of a channel; NULL when out of memory. */
static struct loops *loops_of(struct ast_channel *chan)
{
	struct ast_datastore *datastore = ast_channel_datastore_find(chan, &loops_info, NULL);

	if (datastore) {
		return datastore->data;
	}
	datastore = ast_datastore_alloc(&loops_info, NULL);
	if (datastore) {
		datastore->data = ast_calloc(1, sizeof(struct loops));
	}
	if (!datastore || !datastore->data) {
		ast_datastore_free(datastore);
		return NULL;
	}
	ast_channel_datastore_add(chan, datastore);
	return datastore->data;
}

static int is_in(const struct loop *loop, struct ast_channel *chan)
{
	return !strcmp(loop->context, ast_channel_context(chan)) && !strcmp(loop->exten, ast_channel_exten(chan));
}

/* Leaves the innermost loops up to a loop, and that loop too if requested. */
static void leave(struct loops *loops, const struct loop *wanted, int with_it)
{
	struct loop *loop;

	while ((loop = AST_LIST_FIRST(loops)) && (loop != wanted || with_it)) {
		AST_LIST_REMOVE_HEAD(loops, entry);
		free_loop(loop);
		if (loop == wanted) {
			return;
		}
	}
}

/* The loop whose While the channel executes; the loops inside it were left by a jump and are removed. */
static struct loop *loop_here(struct ast_channel *chan, struct loops *loops)
{
	int priority = ast_channel_priority(chan);
	struct loop *loop;

	AST_LIST_TRAVERSE(loops, loop, entry) {
		if (loop->begin == priority && is_in(loop, chan)) {
			leave(loops, loop, 0);
			return loop;
		}
	}
	loop = ast_calloc(1, sizeof(*loop));
	if (!loop) {
		return NULL;
	}
	loop->context = ast_strdup(ast_channel_context(chan));
	loop->exten = ast_strdup(ast_channel_exten(chan));
	loop->begin = priority;
	if (!loop->context || !loop->exten) {
		free_loop(loop);
		return NULL;
	}
	AST_LIST_INSERT_HEAD(loops, loop, entry);
	return loop;
}

/* Whether an extension matches the caller. */
static int is_for(struct ast_exten *extension, const char *number)
{
	const char *callers = ast_get_extension_cidmatch(extension);

	if (!ast_get_extension_matchcid(extension)) {
		return 1;
	}
	if (ast_strlen_zero(number) || ast_strlen_zero(callers)) {
		return ast_strlen_zero(number) && ast_strlen_zero(callers);
	}
	return ast_extension_match(callers, number);
}

/* The application of a priority in a context or its includes, or NULL. */
static const char *application_in(struct ast_context *context, const char *exten, int priority, const char *number,
	int depth)
{
	const struct ast_include *include = NULL;
	struct ast_exten *extension = NULL, *step;
	const char *found;

	while ((extension = ast_walk_context_extensions(context, extension))) {
		if (!ast_extension_match(ast_get_extension_name(extension), exten) || !is_for(extension, number)) {
			continue;
		}
		for (step = extension; step; step = ast_walk_extension_priorities(extension, step)) {
			if (ast_get_extension_priority(step) == priority) {
				return ast_get_extension_app(step);
			}
		}
	}
	while (depth < MOST_INCLUDES && (include = ast_walk_context_includes(context, include))) {
		char name[AST_MAX_CONTEXT];
		struct ast_context *included;

		ast_copy_string(name, ast_get_include_name(include), sizeof(name));
		name[strcspn(name, ",")] = '\0';
		included = ast_context_find(name);
		found = included ? application_in(included, exten, priority, number, depth + 1) : NULL;
		if (found) {
			return found;
		}
	}
	return NULL;
}

/* The priority of the EndWhile that ends the loop around the steps after a priority; 0 when not found. */
static int find_end(struct ast_channel *chan, int priority)
{
	const struct ast_party_number *caller = &ast_channel_caller(chan)->id.number;
	struct ast_context *context = ast_context_find(ast_channel_context(chan));
	const char *application, *number = caller->valid ? S_OR(caller->str, "") : "";
	int depth = 1;

	if (!context) {
		return 0;
	}
	while (depth && (application = application_in(context, ast_channel_exten(chan), ++priority, number, 0))) {
		depth += !strcasecmp(application, "While");
		depth -= !strcasecmp(application, "EndWhile");
	}
	return depth ? 0 : priority;
}

/* Continues after a loop and removes the loop. */
static void go_behind(struct ast_channel *chan, struct loops *loops, struct loop *loop)
{
	int end = loop->end ? loop->end : find_end(chan, ast_channel_priority(chan));

	if (!end) {
		ast_log(LOG_WARNING, "the While at %s@%s:%d has no EndWhile\n", loop->exten, loop->context, loop->begin);
	} else {
		ast_verb(3, "Jumping behind priority %d\n", end);
		ast_explicit_goto(chan, loop->context, loop->exten, end + 1);
	}
	leave(loops, loop, 1);
}

/* Finds the loop of an application at this place and acts on it, with the channel locked. */
typedef void (*act_fn)(struct ast_channel *chan, struct loops *loops, struct loop *loop);

static int on_loop(struct ast_channel *chan, const char *application, act_fn act)
{
	struct loops *loops;
	struct loop *loop;

	if (!chan) {
		ast_log(LOG_WARNING, "%s needs a channel\n", application);
		return -1;
	}
	ast_channel_lock(chan);
	loops = loops_of(chan);
	loop = loops ? AST_LIST_FIRST(loops) : NULL;
	if (loop) {
		act(chan, loops, loop);
	} else {
		ast_log(LOG_WARNING, "%s at %s@%s:%d has no While\n", application, ast_channel_exten(chan),
			ast_channel_context(chan), ast_channel_priority(chan));
	}
	ast_channel_unlock(chan);
	return 0;
}

static int while_exec(struct ast_channel *chan, const char *data)
{
	struct loops *loops;
	struct loop *loop;

	if (!chan) {
		ast_log(LOG_WARNING, "While needs a channel\n");
		return -1;
	}
	ast_channel_lock(chan);
	loops = loops_of(chan);
	loop = loops ? loop_here(chan, loops) : NULL;
	if (loop && !pbx_checkcondition(S_OR(data, ""))) {
		go_behind(chan, loops, loop);
	}
	ast_channel_unlock(chan);
	return loop ? 0 : -1;
}

static void repeat(struct ast_channel *chan, struct loops *loops attribute_unused, struct loop *loop)
{
	ast_explicit_goto(chan, loop->context, loop->exten, loop->begin);
}

/* The loop of the EndWhile at the channel's position.  The loops inside it were left by a jump. */
static struct loop *ending_here(struct ast_channel *chan, struct loops *loops)
{
	int priority = ast_channel_priority(chan);
	struct loop *loop;

	AST_LIST_TRAVERSE(loops, loop, entry) {
		if (!is_in(loop, chan)) {
			continue;
		}
		if (!loop->end) {
			loop->end = find_end(chan, loop->begin);
		}
		if (loop->end == priority) {
			return loop;
		}
	}
	return NULL;
}

/* An EndWhile that matches no loop, for example in another extension, ends the innermost loop. */
static void end(struct ast_channel *chan, struct loops *loops, struct loop *innermost)
{
	struct loop *loop = ending_here(chan, loops);

	loop = loop ? loop : innermost;
	leave(loops, loop, 0);
	repeat(chan, loops, loop);
}

static int endwhile_exec(struct ast_channel *chan, const char *data attribute_unused)
{
	return on_loop(chan, "EndWhile", end);
}

static int exitwhile_exec(struct ast_channel *chan, const char *data attribute_unused)
{
	return on_loop(chan, "ExitWhile", go_behind);
}

static int continuewhile_exec(struct ast_channel *chan, const char *data attribute_unused)
{
	return on_loop(chan, "ContinueWhile", repeat);
}

static const struct {
	const char *name;
	int (*execute)(struct ast_channel *, const char *);
	const char *synopsis;
	const char *description;
} applications[] = {
	{
		"While", while_exec,
		"Begins a loop.",
		"While(condition)\n"
		"\n"
		"condition - false when it is empty or a number that is 0.\n"
		"\n"
		"While the condition is true, the steps up to EndWhile are repeated; then the\n"
		"call continues after EndWhile. Loops can be nested.",
	},
	{
		"EndWhile", endwhile_exec,
		"Ends a loop.",
		"EndWhile()\n"
		"\n"
		"The call goes back to While, which tests its condition again.",
	},
	{
		"ExitWhile", exitwhile_exec,
		"Leaves a loop.",
		"ExitWhile()\n"
		"\n"
		"The call continues after the EndWhile of the innermost loop.",
	},
	{
		"ContinueWhile", continuewhile_exec,
		"Starts the next iteration of a loop.",
		"ContinueWhile()\n"
		"\n"
		"The call goes back to the While of the innermost loop, which tests its\n"
		"condition again.",
	},
};

static void unregister(size_t count)
{
	while (count--) {
		ast_unregister_application(applications[count].name);
	}
}

static int unload_module(void)
{
	unregister(ARRAY_LEN(applications));
	return 0;
}

static int load_module(void)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(applications); i++) {
		if (ast_register_application(applications[i].name, applications[i].execute, applications[i].synopsis,
				applications[i].description)) {
			unregister(i);
			return AST_MODULE_LOAD_DECLINE;
		}
	}
	return AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "While, EndWhile, ExitWhile and ContinueWhile: loops");
