/*
 * What is done with the dialplan from C: states of hints, and variables in texts (asterisk/pbx.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/astobj2.h"
#include "asterisk/devicestate.h"

#include "channels/record.h"

enum ast_extension_states ast_devstate_to_extenstate(enum ast_device_state devstate)
{
	switch (devstate) {
	case AST_DEVICE_ONHOLD:
		return AST_EXTENSION_ONHOLD;
	case AST_DEVICE_BUSY:
		return AST_EXTENSION_BUSY;
	case AST_DEVICE_UNKNOWN:
		return AST_EXTENSION_NOT_INUSE;
	case AST_DEVICE_UNAVAILABLE:
	case AST_DEVICE_INVALID:
		return AST_EXTENSION_UNAVAILABLE;
	case AST_DEVICE_RINGINUSE:
		return AST_EXTENSION_INUSE | AST_EXTENSION_RINGING;
	case AST_DEVICE_RINGING:
		return AST_EXTENSION_RINGING;
	case AST_DEVICE_INUSE:
		return AST_EXTENSION_INUSE;
	default:
		return AST_EXTENSION_NOT_INUSE;
	}
}

int asterism_extension_state(const char *devices, const char **name)
{
	int state = (int) ast_devstate_to_extenstate(ast_device_state(devices));

	*name = ast_extension_state2str(state);
	return state;
}

int ast_extension_state(struct ast_channel *c, const char *context, const char *exten)
{
	char devices[1024];

	if (!ast_get_hint(devices, sizeof(devices), NULL, 0, c, context, exten)) {
		return -1;
	}
	devices[strcspn(devices, ",")] = '\0';	/* Presence stands behind the comma. */
	return (int) ast_devstate_to_extenstate(ast_device_state(devices));
}

const char *ast_extension_state2str(int extension_state)
{
	switch (extension_state) {
	case AST_EXTENSION_NOT_INUSE:
		return "Idle";
	case AST_EXTENSION_INUSE:
		return "InUse";
	case AST_EXTENSION_BUSY:
		return "Busy";
	case AST_EXTENSION_UNAVAILABLE:
		return "Unavailable";
	case AST_EXTENSION_RINGING:
		return "Ringing";
	case AST_EXTENSION_INUSE | AST_EXTENSION_RINGING:
		return "InUse&Ringing";
	case AST_EXTENSION_ONHOLD:
		return "Hold";
	case AST_EXTENSION_INUSE | AST_EXTENSION_ONHOLD:
		return "InUse&Hold";
	default:
		return "Unknown";
	}
}

/* ---- variables ---- */

/* A channel with the variables of a list, the newest first, to be released; NULL when out of memory. */
static struct ast_channel *channel_with(struct varshead *variables)
{
	struct ast_channel *chan = __ast_dummy_channel_alloc(__FILE__, __LINE__, __func__);
	const struct ast_var_t *one;
	struct ast_var_t *copy;

	if (chan && variables) {
		AST_LIST_TRAVERSE(variables, one, entries) {
			copy = ast_var_assign(ast_var_full_name(one), ast_var_value(one));
			if (copy) {
				AST_LIST_INSERT_TAIL(ast_channel_varshead(chan), copy, entries);
			}
		}
	}
	return chan;
}

void pbx_substitute_variables_varshead(struct varshead *headp, const char *cp1, char *cp2, int count)
{
	struct ast_channel *chan = channel_with(headp);

	pbx_substitute_variables_helper(chan, cp1, cp2, count);
	ast_channel_release(chan);
}

void ast_str_substitute_variables_varshead(struct ast_str **buf, ssize_t maxlen, struct varshead *headp,
	const char *templ)
{
	struct ast_channel *chan = channel_with(headp);

	ast_str_substitute_variables(buf, maxlen, chan, templ);
	ast_channel_release(chan);
}

int pbx_builtin_serialize_variables(struct ast_channel *chan, struct ast_str **buf)
{
	struct asterism_record *record = asterism_channel_record(chan, __func__);
	const struct ast_var_t *one;
	int count = 0;

	ast_str_reset(*buf);
	if (!record) {
		return 0;
	}
	ao2_lock(chan);
	AST_LIST_TRAVERSE(&record->variables, one, entries) {
		ast_str_append(buf, 0, "%s=%s\n", ast_var_name(one), ast_var_value(one));
		count++;
	}
	ao2_unlock(chan);
	return count;
}

/* ---- calls ---- */

enum ast_pbx_result ast_pbx_run_args(struct ast_channel *c, struct ast_pbx_args *args)
{
	int (*pass)(struct ast_channel *chan) = asterism_table.asterism_pbx_pass;

	if (!args || !args->no_hangup_chan) {
		return ast_pbx_run(c);
	}
	return asterism_channel_record(c, __func__) && pass && !pass(c) ? AST_PBX_SUCCESS : AST_PBX_FAILED;
}
