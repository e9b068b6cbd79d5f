/*
 * The command `ulimit`: shows the system's limits of this process, and changes some of them.  The manager has the action
 * Limits and the event LimitChanged.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*** MODULEINFO
	<support_level>core</support_level>
 ***/

#include "asterisk.h"

#include <sys/resource.h>

#include "asterisk/module.h"
#include "asterisk/cli.h"
#include "asterisk/conversions.h"
#include "asterisk/manager.h"
#include "asterisk/strings.h"

#define UNLIMITED "unlimited"

/* A limit; the last one in limits[] has no name. */
struct limit {
	const char *name;	/* The name on the command line. */
	int resource;		/* RLIMIT_... */
	const char *meaning;
	const char *unit;	/* The unit with a leading blank; "" when the meaning contains the unit. */
	int may_change;		/* 0 for a limit whose lowering would kill a running process. */
};

static const struct limit limits[] = {
	{ "time", RLIMIT_CPU, "CPU time", " seconds", 0 },
	{ "file", RLIMIT_FSIZE, "File size", " bytes", 1 },
	{ "data", RLIMIT_DATA, "Program data segment", " bytes", 0 },
	{ "stack", RLIMIT_STACK, "Program stack size", " bytes", 0 },
	{ "core", RLIMIT_CORE, "Core file size", " bytes", 1 },
	{ "memory", RLIMIT_RSS, "Resident memory", " bytes", 0 },
	{ "locked", RLIMIT_MEMLOCK, "Memory locked into RAM", " bytes", 0 },
	{ "processes", RLIMIT_NPROC, "Number of processes", "", 1 },
	{ "descriptors", RLIMIT_NOFILE, "Number of file descriptors", "", 1 },
	{ "virtual", RLIMIT_AS, "Virtual memory", " bytes", 0 },
	{ NULL, 0, NULL, NULL, 0 },
};

static const struct limit *find_limit(const char *name)
{
	const struct limit *limit;

	for (limit = limits; limit->name; limit++) {
		if (!strcasecmp(limit->name, name)) {
			return limit;
		}
	}
	return NULL;
}

/* All names, or the names of changeable limits, closed by NULL; names is as long as limits[]. */
static void list_names(const char **names, int only_changeable)
{
	const struct limit *limit;

	for (limit = limits; limit->name; limit++) {
		if (limit->may_change || !only_changeable) {
			*names++ = limit->name;
		}
	}
	*names = NULL;
}

static void show_bounds(int fd, const struct limit *limit, const struct rlimit *now)
{
	ast_cli(fd, "%s (%s) is ", limit->meaning, limit->name);
	if (now->rlim_cur == RLIM_INFINITY) {
		ast_cli(fd, UNLIMITED);
	} else {
		ast_cli(fd, "limited to %ju%s", (uintmax_t) now->rlim_cur, limit->unit);
	}
	if (now->rlim_max != now->rlim_cur && now->rlim_max == RLIM_INFINITY) {
		ast_cli(fd, "; it can be raised without limit");
	} else if (now->rlim_max != now->rlim_cur) {
		ast_cli(fd, "; it can be raised to %ju%s", (uintmax_t) now->rlim_max, limit->unit);
	}
	ast_cli(fd, ".\n");
}

static char *show_limit(int fd, const struct limit *limit)
{
	struct rlimit now;

	if (getrlimit(limit->resource, &now)) {
		ast_cli(fd, "%s (%s) cannot be read: %s.\n", limit->meaning, limit->name, strerror(errno));
		return CLI_FAILURE;
	}
	show_bounds(fd, limit, &now);
	return CLI_SUCCESS;
}

static char *show_all(int fd)
{
	const struct limit *limit;
	char *result = CLI_SUCCESS;

	for (limit = limits; limit->name; limit++) {
		if (show_limit(fd, limit) != CLI_SUCCESS) {
			result = CLI_FAILURE;
		}
	}
	return result;
}

/* "1024" or "unlimited": 0, or -1. */
static int parse_value(const char *text, rlim_t *value)
{
	uintmax_t number;

	if (!strcasecmp(text, UNLIMITED)) {
		*value = RLIM_INFINITY;
		return 0;
	}
	if (ast_str_to_umax(text, &number) || number >= RLIM_INFINITY) {
		return -1;
	}
	*value = number;
	return 0;
}

/* A bound as the value of a header: "1024" or "unlimited". */
static const char *bound_text(rlim_t bound, char *buf, size_t size)
{
	if (bound == RLIM_INFINITY) {
		return UNLIMITED;
	}
	snprintf(buf, size, "%ju", (uintmax_t) bound);
	return buf;
}

/* Sets the soft and the hard limit, as a shell's ulimit does. */
static char *set_limit(int fd, const struct limit *limit, const char *text)
{
	struct rlimit wanted;
	char buf[32];

	if (!limit->may_change) {
		ast_cli(fd, "%s (%s) cannot be changed while the program is running.\n", limit->meaning, limit->name);
		return CLI_FAILURE;
	}
	if (parse_value(text, &wanted.rlim_cur)) {
		ast_cli(fd, "'%s' is neither a number nor '" UNLIMITED "'.\n", text);
		return CLI_FAILURE;
	}
	wanted.rlim_max = wanted.rlim_cur;
	if (setrlimit(limit->resource, &wanted)) {
		ast_cli(fd, "%s (%s) cannot be set to %s: %s.\n", limit->meaning, limit->name, text, strerror(errno));
		return CLI_FAILURE;
	}
	manager_event(EVENT_FLAG_SYSTEM, "LimitChanged", "Limit: %s\r\nBound: %s\r\n", limit->name,
		bound_text(wanted.rlim_cur, buf, sizeof(buf)));
	return CLI_SUCCESS;
}

static char *handle_limit(struct ast_cli_entry *e, struct ast_cli_args *a)
{
	const struct limit *limit;

	if (a->argc > e->args + 2) {
		return CLI_SHOWUSAGE;
	}
	if (a->argc == e->args) {
		return show_all(a->fd);
	}
	limit = find_limit(a->argv[e->args]);
	if (!limit) {
		ast_cli(a->fd, "Unknown limit '%s'; 'core show help ulimit' lists the limits.\n", a->argv[e->args]);
		return CLI_FAILURE;
	}
	if (a->argc == e->args + 1) {
		return show_limit(a->fd, limit);
	}
	return set_limit(a->fd, limit, a->argv[e->args + 1]);
}

static char *complete_limit(struct ast_cli_entry *e, struct ast_cli_args *a)
{
	static const char * const values[] = { UNLIMITED, NULL };
	const char *names[ARRAY_LEN(limits)];
	const struct limit *limit;

	if (a->pos == e->args) {
		list_names(names, 0);
		return ast_cli_complete(a->word, names, a->n);
	}
	if (a->pos == e->args + 1 && (limit = find_limit(a->argv[e->args])) && limit->may_change) {
		return ast_cli_complete(a->word, values, a->n);
	}
	return NULL;
}

static char *cli_ulimit(struct ast_cli_entry *e, int cmd, struct ast_cli_args *a)
{
	switch (cmd) {
	case CLI_INIT:
		e->command = "ulimit";
		e->usage =
			"Usage: ulimit [LIMIT [NUMBER|" UNLIMITED "]]\n"
			"       Shows every limit of this process, shows one, or sets it. LIMIT is\n"
			"         core          size of a core file, in bytes\n"
			"         data          size of the data segment, in bytes [cannot be set]\n"
			"         descriptors   open files of this process\n"
			"         file          size of a file the process writes, in bytes\n"
			"         locked        memory locked into RAM, in bytes [cannot be set]\n"
			"         memory        memory resident in RAM, in bytes [cannot be set]\n"
			"         processes     processes of this user\n"
			"         stack         size of the stack, in bytes [cannot be set]\n"
			"         time          CPU time, in seconds [cannot be set]\n"
			"         virtual       address space, in bytes [cannot be set]\n"
			"       Only root can raise a limit again that was lowered.\n";
		return NULL;
	case CLI_GENERATE:
		return complete_limit(e, a);
	default:
		return handle_limit(e, a);
	}
}

/* An entry of the list for each limit that can be read. */
static int list_limits(struct mansession *s, const struct message *m)
{
	const char *id = astman_get_header(m, "ActionID");
	const struct limit *limit;
	int count = 0;

	astman_send_listack(s, m, "Limits will follow", "start");
	for (limit = limits; limit->name; limit++) {
		char bound[32], highest[32];
		struct rlimit now;

		if (getrlimit(limit->resource, &now)) {
			continue;
		}
		astman_append(s, "Event: Limit\r\n");
		if (!ast_strlen_zero(id)) {
			astman_append(s, "ActionID: %s\r\n", id);
		}
		astman_append(s, "Limit: %s\r\nMeaning: %s\r\nBound: %s\r\nHighest: %s\r\n\r\n", limit->name, limit->meaning,
			bound_text(now.rlim_cur, bound, sizeof(bound)), bound_text(now.rlim_max, highest, sizeof(highest)));
		count++;
	}
	astman_send_list_complete_start(s, m, "LimitsComplete", count);
	astman_send_list_complete_end(s);
	return 0;
}

static struct ast_cli_entry commands[] = {
	AST_CLI_DEFINE(cli_ulimit, "Show or set the limits of this process"),
};

static int unload_module(void)
{
	ast_manager_unregister("Limits");
	return ast_cli_unregister_multiple(commands, ARRAY_LEN(commands));
}

static int load_module(void)
{
	if (ast_cli_register_multiple(commands, ARRAY_LEN(commands))
		|| ast_manager_register("Limits", EVENT_FLAG_SYSTEM | EVENT_FLAG_REPORTING, list_limits,
			"List the limits of this process")) {
		return AST_MODULE_LOAD_DECLINE;
	}
	return AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Limits of the process");
