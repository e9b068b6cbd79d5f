/*
 * The applications Verbose and Log: messages of the dialplan for the console and the log.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*** MODULEINFO
	<support_level>core</support_level>
 ***/

#include "asterisk.h"

#include "asterisk/module.h"
#include "asterisk/app.h"
#include "asterisk/channel.h"
#include "asterisk/conversions.h"
#include "asterisk/logger.h"
#include "asterisk/strings.h"

#define MOST_VERBOSE 4

/* The place of a message without a channel. */
#define NO_PLACE "(none)"

static int parse_verbosity(char *text)
{
	int level;

	text = ast_strip(text);
	if (ast_str_to_int(text, &level) || level < 0) {
		ast_log(LOG_WARNING, "Verbose: the level '%s' is not a number from 0 to %d, 0 is used\n", text, MOST_VERBOSE);
		return 0;
	}
	return MIN(level, MOST_VERBOSE);
}

static void say(char *text)
{
	int level = 0;
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(level);
		AST_APP_ARG(message);
	);

	AST_STANDARD_APP_ARGS(args, text);
	if (args.argc == 1) {
		args.message = args.level;
	} else {
		level = parse_verbosity(args.level);
	}
	ast_verb(level, "%s\n", args.message);
}

static int verbose_exec(struct ast_channel *chan attribute_unused, const char *data)
{
	char *text;

	if (ast_strlen_zero(data)) {
		return 0;
	}
	text = ast_strdup(data);
	if (!text) {
		return -1;
	}
	say(text);
	ast_free(text);
	return 0;
}

/* The number of a log level, or -1. */
static int find_level(const char *name)
{
	static const struct {
		const char *name;
		int number;
	} levels[] = {
		{ "DEBUG", __LOG_DEBUG },
		{ "DTMF", __LOG_DTMF },
		{ "ERROR", __LOG_ERROR },
		{ "NOTICE", __LOG_NOTICE },
		{ "VERBOSE", __LOG_VERBOSE },
		{ "WARNING", __LOG_WARNING },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(levels); i++) {
		if (!strcasecmp(levels[i].name, name)) {
			return levels[i].number;
		}
	}
	return ast_logger_get_dynamic_level(name);
}

/* Logs a message with its dialplan position in place of the source file. */
static void log_at(struct ast_channel *chan, int level, const char *message)
{
	char *extension, *context;

	ast_asprintf(&extension, "Ext. %s", chan ? ast_channel_exten(chan) : NO_PLACE);
	ast_asprintf(&context, "@ %s", chan ? ast_channel_context(chan) : NO_PLACE);
	ast_log(level, S_OR(extension, ""), chan ? ast_channel_priority(chan) : 0, S_OR(context, ""), "%s\n", message);
	ast_free(extension);
	ast_free(context);
}

static void log_text(struct ast_channel *chan, char *text)
{
	int level;
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(level);
		AST_APP_ARG(message);
	);

	AST_STANDARD_APP_ARGS(args, text);
	if (args.argc < 2) {
		ast_log(LOG_ERROR, "Log needs a level and a message: Log(level,message)\n");
		return;
	}
	args.level = ast_strip(args.level);
	level = find_level(args.level);
	if (level < 0) {
		ast_log(LOG_ERROR, "Log: unknown level '%s'\n", args.level);
		return;
	}
	log_at(chan, level, args.message);
}

static int log_exec(struct ast_channel *chan, const char *data)
{
	char *text;

	if (ast_strlen_zero(data)) {
		return 0;
	}
	text = ast_strdup(data);
	if (!text) {
		return -1;
	}
	log_text(chan, text);
	ast_free(text);
	return 0;
}

static const struct {
	const char *name;
	int (*execute)(struct ast_channel *, const char *);
	const char *synopsis;
	const char *description;
} applications[] = {
	{
		"Verbose", verbose_exec,
		"Shows a message on the console.",
		"Verbose([level,]message)\n"
		"\n"
		"level    - from 0 (the default: always shown) to 4; a console shows it if\n"
		"           its verbosity, set with 'core set verbose', is at least the level.\n"
		"message  - the text.\n"
		"\n"
		"The dialplan continues in any case.",
	},
	{
		"Log", log_exec,
		"Writes a message to the log.",
		"Log(level,message)\n"
		"\n"
		"level    - ERROR, WARNING, NOTICE, DEBUG, VERBOSE, DTMF, or the name of a level\n"
		"           that a module has added.\n"
		"message  - the text.\n"
		"\n"
		"The log shows extension, priority and context as the source of the message.\n"
		"The dialplan continues in any case.",
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

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Verbose and Log: messages from the dialplan");
