/*
 * The functions ENV and STAT: environment variables and properties of files.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*** MODULEINFO
	<support_level>core</support_level>
 ***/

#include "asterisk.h"

#include <sys/stat.h>

#include "asterisk/module.h"
#include "asterisk/pbx.h"
#include "asterisk/strings.h"

#define RESERVED "AST_"	/* The prefix of reserved variables. */

static int env_read(struct ast_channel *chan attribute_unused, const char *cmd attribute_unused, char *data,
	struct ast_str **str, ssize_t len)
{
	const char *value = ast_strlen_zero(data) ? NULL : getenv(data);

	ast_str_set(str, len, "%s", S_OR(value, ""));
	return 0;
}

static int env_write(struct ast_channel *chan attribute_unused, const char *cmd, char *data, const char *value)
{
	if (ast_strlen_zero(data)) {
		ast_log(LOG_WARNING, "%s needs the name of a variable: %s(name)\n", cmd, cmd);
		return -1;
	}
	if (ast_begins_with(data, RESERVED)) {
		ast_log(LOG_WARNING, "%s: cannot set '%s': names that begin with " RESERVED " are reserved\n", cmd, data);
		return -1;
	}
	if (ast_strlen_zero(value) ? unsetenv(data) : setenv(data, value, 1)) {
		ast_log(LOG_WARNING, "%s: cannot set '%s': %s\n", cmd, data, strerror(errno));
		return -1;
	}
	return 0;
}

/* A property of a file as text, or -1 for an unknown flag. */
static int format_fact(char flag, const struct stat *status, char *buf, size_t len)
{
	switch (flag) {
	case 'e':
		return snprintf(buf, len, "1");
	case 'f':
		return snprintf(buf, len, "%d", S_ISREG(status->st_mode));
	case 'd':
		return snprintf(buf, len, "%d", S_ISDIR(status->st_mode));
	case 's':
		return snprintf(buf, len, "%jd", (intmax_t) status->st_size);
	case 'm':
		return snprintf(buf, len, "%jo", (uintmax_t) status->st_mode);
	case 'A':
		return snprintf(buf, len, "%jd", (intmax_t) status->st_atime);
	case 'C':
		return snprintf(buf, len, "%jd", (intmax_t) status->st_ctime);
	case 'M':
		return snprintf(buf, len, "%jd", (intmax_t) status->st_mtime);
	default:
		return -1;
	}
}

static int stat_read(struct ast_channel *chan attribute_unused, const char *cmd, char *data, char *buf, size_t len)
{
	/* Only the first comma separates: a file name may contain commas. */
	const char *flag = data ? strsep(&data, ",") : NULL;
	struct stat status = { 0, };

	if (ast_strlen_zero(flag) || ast_strlen_zero(data)) {
		ast_log(LOG_WARNING, "%s needs a flag and a file name: %s(flag,filename)\n", cmd, cmd);
		return -1;
	}
	if (format_fact(*flag, &status, buf, len) < 0) {
		ast_log(LOG_WARNING, "%s: unknown flag '%s'; use one of d e f m s A C M\n", cmd, flag);
		return -1;
	}
	if (stat(data, &status)) {
		ast_copy_string(buf, "0", len);
		return 0;
	}
	format_fact(*flag, &status, buf, len);
	return 0;
}

static struct ast_custom_function env_function = {
	.name = "ENV",
	.synopsis = "Reads or sets an environment variable.",
	.syntax = "ENV(name)",
	.arguments = "name - the name of the variable.",
	.desc =
		"Gives the value; empty when the variable is not set. Setting an empty value\n"
		"removes the variable. Names that begin with AST_ are reserved and cannot be set.",
	.read2 = env_read,
	.write = env_write,
};

static struct ast_custom_function stat_function = {
	.name = "STAT",
	.synopsis = "Gives a property of a file.",
	.syntax = "STAT(flag,filename)",
	.arguments =
		"flag     - the property:\n"
		"           d  1 if it is a directory, otherwise 0\n"
		"           e  1 if it exists, otherwise 0\n"
		"           f  1 if it is a regular file, otherwise 0\n"
		"           m  its type and permissions, in octal\n"
		"           s  its size, in bytes\n"
		"           A  when it was last read, in seconds since 1970\n"
		"           C  when its inode was last changed\n"
		"           M  when its content was last changed\n"
		"filename - the file.",
	.desc = "Gives 0 for any flag when the file does not exist.",
	.read = stat_read,
	.read_max = 24,
};

static int unload_module(void)
{
	return ast_custom_function_unregister(&env_function) | ast_custom_function_unregister(&stat_function);
}

static int load_module(void)
{
	if (ast_custom_function_register(&env_function)) {
		return AST_MODULE_LOAD_DECLINE;
	}
	/* STAT reads properties of any file, which not every user of functions is allowed to do. */
	if (ast_custom_function_register_escalating(&stat_function, AST_CFE_READ)) {
		ast_custom_function_unregister(&env_function);
		return AST_MODULE_LOAD_DECLINE;
	}
	return AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "The environment, and facts about files");
