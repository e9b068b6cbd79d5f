/*
 * The settings of jitter buffers (asterisk/abstract_jb.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/abstract_jb.h"

static const struct {
	const char *name;
	unsigned int flag;
} switches[] = {
	{ "jbenable", AST_JB_ENABLED }, { "jbforce", AST_JB_FORCED }, { "jblog", AST_JB_LOG },
	{ "jbsyncvideo", AST_JB_SYNC_VIDEO },
};

/* Takes a number; one that is too small is passed over. */
static int take_number(long *field, const char *value, int lowest)
{
	int number;

	if (!ast_str_to_int(value, &number) && number >= lowest) {
		*field = number;
	}
	return 0;
}

int ast_jb_read_conf(struct ast_jb_conf *conf, const char *varname, const char *value)
{
	size_t i;

	if (!conf || !varname || !value) {
		return -1;
	}
	for (i = 0; i < ARRAY_LEN(switches); i++) {
		if (!strcasecmp(varname, switches[i].name)) {
			ast_set2_flag(conf, ast_true(value), switches[i].flag);
			return 0;
		}
	}
	if (!strcasecmp(varname, "jbmaxsize")) {
		return take_number(&conf->max_size, value, 1);
	}
	if (!strcasecmp(varname, "jbresyncthreshold")) {
		return take_number(&conf->resync_threshold, value, 1);
	}
	if (!strcasecmp(varname, "jbtargetextra")) {
		return take_number(&conf->target_extra, value, INT_MIN);
	}
	if (strcasecmp(varname, "jbimpl")) {
		return -1;
	}
	if (*value) {
		ast_copy_string(conf->impl, value, sizeof(conf->impl));
	}
	return 0;
}
