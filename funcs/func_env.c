/*
 * The functions ENV and STAT: the environment of the process, and facts about files.
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

#define RESERVED "AST_"	/* Variables that begin so are the system's own. */

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
		ast_log(LOG_WARNING, "%s: '%s' is not set: names that begin with " RESERVED " are reserved\n", cmd, data);
		return -1;
	}
	if (ast_strlen_zero(value) ? unsetenv(data) : setenv(data, value, 1)) {
		ast_log(LOG_WARNING, "%s: '%s' cannot be set: %s\n", cmd, data, strerror(errno));
		return -1;
	}
	return 0;
}

/* One fact about a file as text, or -1 when no flag asks for it. */
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
	/* Only the first comma separates: a file name may have some. */
	const char *flag = data ? strsep(&data, ",") : NULL;
	struct stat status = { 0, };

	if (ast_strlen_zero(flag) || ast_strlen_zero(data)) {
		ast_log(LOG_WARNING, "%s needs a flag and a file name: %s(flag,filename)\n", cmd, cmd);
		return -1;
	}
	if (format_fact(*flag, &status, buf, len) < 0) {
		ast_log(LOG_WARNING, "%s: there is no flag '%s'; it is one of d e f m s A C M\n", cmd, flag);
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
	.synopsis = "Reads or sets a variable of the environment.",
	.syntax = "ENV(name)",
	.arguments = "name - the variable.",
	.desc =
		"Gives the value, or nothing when the variable is not set. Setting it to nothing\n"
		"removes it. Names that begin with AST_ are reserved and cannot be set.",
	.read2 = env_read,
	.write = env_write,
};

static struct ast_custom_function stat_function = {
	.name = "STAT",
	.synopsis = "Says something about a file.",
	.syntax = "STAT(flag,filename)",
	.arguments =
		"flag     - what is wanted:\n"
		"           d  1 if it is a directory, otherwise 0\n"
		"           e  1 if it is there, otherwise 0\n"
		"           f  1 if it is a regular file, otherwise 0\n"
		"           m  its type and permissions, in octal\n"
		"           s  its size, in bytes\n"
		"           A  when it was last read, in seconds since 1970\n"
		"           C  when its inode was last changed\n"
		"           M  when its content was last changed\n"
		"filename - the file.",
	.desc = "Gives 0, whatever the flag, when there is no such file.",
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
	/* It looks at any file of the system, which not everybody who may read a function may do. */
	if (ast_custom_function_register_escalating(&stat_function, AST_CFE_READ)) {
		ast_custom_function_unregister(&env_function);
		return AST_MODULE_LOAD_DECLINE;
	}
	return AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "The environment, and facts about files");
