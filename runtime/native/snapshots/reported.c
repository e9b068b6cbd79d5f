/*
 * What snapshots and events say of a channel: its state as lines of the manager, and variables that modules ask for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "snapshots.h"

#include "asterisk/stasis_channels.h"

/* ---- variables ---- */

/* Names of variables, set as a whole; a name may be of a function. */
struct reported {
	pthread_mutex_t lock;
	char **names;
	size_t count;
};
static struct reported for_manager = { .lock = PTHREAD_MUTEX_INITIALIZER };
static struct reported for_ari = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void report(struct reported *reported, size_t count, char **names)
{
	char **copies = count ? calloc(count, sizeof(*copies)) : NULL, **old;
	size_t i, old_count;

	for (i = 0; copies && i < count; i++) {
		copies[i] = strdup(names[i]);
	}
	pthread_mutex_lock(&reported->lock);
	old = reported->names;
	old_count = reported->count;
	reported->names = copies;
	reported->count = copies ? count : 0;
	pthread_mutex_unlock(&reported->lock);
	for (i = 0; i < old_count; i++) {
		free(old[i]);
	}
	free(old);
}

static int is_reported(struct reported *reported)
{
	int result;

	pthread_mutex_lock(&reported->lock);
	result = reported->count > 0;
	pthread_mutex_unlock(&reported->lock);
	return result;
}

static void free_variables(void *object)
{
	struct varshead *variables = object;
	struct ast_var_t *one;

	while ((one = AST_LIST_REMOVE_HEAD(variables, entries))) {
		ast_var_delete(one);
	}
}

/* A copy of the names, since a function that is read takes other locks. */
static size_t names_of(struct reported *reported, char ***names)
{
	size_t i, count;

	pthread_mutex_lock(&reported->lock);
	count = reported->count;
	*names = count ? calloc(count, sizeof(**names)) : NULL;
	for (i = 0; *names && i < count; i++) {
		(*names)[i] = ast_strlen_zero(reported->names[i]) ? NULL : strdup(reported->names[i]);
	}
	pthread_mutex_unlock(&reported->lock);
	return *names ? count : 0;
}

static void add_variable(struct varshead *variables, struct ast_channel *chan, const char *name)
{
	char room[1024] = "";
	const char *value = name[strlen(name) - 1] == ')' ? (ast_func_read(chan, name, room, sizeof(room)) ? "" : room)
		: pbx_builtin_getvar_helper(chan, name);
	struct ast_var_t *one = ast_var_assign(name, S_OR(value, ""));

	if (one) {
		AST_LIST_INSERT_TAIL(variables, one, entries);
	}
}

static struct varshead *variables_of(struct reported *reported, struct ast_channel *chan)
{
	char **names;
	size_t i, count = names_of(reported, &names);
	struct varshead *variables = count ? ao2_alloc_options(sizeof(*variables), free_variables,
		AO2_ALLOC_OPT_LOCK_NOLOCK) : NULL;

	for (i = 0; i < count; i++) {
		if (variables && names[i]) {
			add_variable(variables, chan, names[i]);
		}
		free(names[i]);
	}
	free(names);
	return variables;
}

int ast_channel_has_manager_vars(void)
{
	return is_reported(&for_manager);
}

void ast_channel_set_manager_vars(size_t varc, char **vars)
{
	report(&for_manager, varc, vars);
}

struct varshead *ast_channel_get_manager_vars(struct ast_channel *chan)
{
	return variables_of(&for_manager, chan);
}

int ast_channel_has_ari_vars(void)
{
	return is_reported(&for_ari);
}

void ast_channel_set_ari_vars(size_t varc, char **vars)
{
	report(&for_ari, varc, vars);
}

struct varshead *ast_channel_get_ari_vars(struct ast_channel *chan)
{
	return variables_of(&for_ari, chan);
}

/* ---- lines of the manager ---- */

static const char *shown(const char *text)
{
	return S_OR(text, "<unknown>");
}

struct ast_str *ast_manager_build_channel_state_string_prefix(const struct ast_channel_snapshot *snapshot,
	const char *prefix)
{
	struct ast_str *lines = snapshot ? ast_str_create(1024) : NULL;
	const struct ast_var_t *one;

	if (!lines) {
		return NULL;
	}
	prefix = S_OR(prefix, "");
	ast_str_set(&lines, 0, "%sChannel: %s\r\n%sChannelState: %u\r\n%sChannelStateDesc: %s\r\n", prefix,
		snapshot->base->name, prefix, (unsigned int) snapshot->state, prefix, ast_state2str(snapshot->state));
	ast_str_append(&lines, 0, "%sCallerIDNum: %s\r\n%sCallerIDName: %s\r\n%sConnectedLineNum: %s\r\n"
		"%sConnectedLineName: %s\r\n", prefix, shown(snapshot->caller->number), prefix, shown(snapshot->caller->name),
		prefix, shown(snapshot->connected->number), prefix, shown(snapshot->connected->name));
	ast_str_append(&lines, 0, "%sLanguage: %s\r\n%sAccountCode: %s\r\n%sContext: %s\r\n%sExten: %s\r\n"
		"%sPriority: %d\r\n%sUniqueid: %s\r\n%sLinkedid: %s\r\n", prefix, snapshot->base->language, prefix,
		snapshot->base->accountcode, prefix, snapshot->dialplan->context, prefix, snapshot->dialplan->exten, prefix,
		snapshot->dialplan->priority, prefix, snapshot->base->uniqueid, prefix, snapshot->peer->linkedid);
	if (!ast_strlen_zero(snapshot->base->tenantid)) {
		ast_str_append(&lines, 0, "%sTenantid: %s\r\n", prefix, snapshot->base->tenantid);
	}
	if (snapshot->manager_vars) {
		AST_LIST_TRAVERSE(snapshot->manager_vars, one, entries) {
			ast_str_append(&lines, 0, "%sChanVariable: %s=%s\r\n", prefix, ast_var_name(one), ast_var_value(one));
		}
	}
	return lines;
}

struct ast_str *ast_manager_build_channel_state_string(const struct ast_channel_snapshot *snapshot)
{
	return ast_manager_build_channel_state_string_prefix(snapshot, "");
}
