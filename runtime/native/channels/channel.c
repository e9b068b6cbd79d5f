/*
 * A channel for C modules: an object with a lock, and the fields that modules read and write in place.  Python has all
 * other properties of a channel (runtime/api/channel.py).
 *
 * The channel shares the lock of its variables (variables.c), which live longer: as long as Python knows the channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/astobj2.h"
#include "asterisk/time.h"

struct ast_channel {
	struct asterism_frames frames;
	struct ast_party_dialed dialed;
	struct ast_party_caller caller;
	struct ast_party_connected_line connected;
	struct ast_party_redirecting redirecting;
	struct asterism_variables *variables;
	struct ast_datastore_list datastores;
};

static void gone(void *data)
{
	struct ast_channel *chan = data;
	const struct ast_party_id *id = &chan->caller.id;
	__typeof__(asterism_table.asterism_channel_gone) forget = asterism_table.asterism_channel_gone;
	struct ast_datastore *datastore;

	if (forget) {
		forget(chan, id->number.valid ? id->number.str : NULL, id->name.valid ? id->name.str : NULL);
	}
	while ((datastore = AST_LIST_REMOVE_HEAD(&chan->datastores, entry))) {
		ast_datastore_free(datastore);
	}
	asterism_frames_end(&chan->frames);
	ao2_ref(chan->variables, -1);
	ast_party_dialed_free(&chan->dialed);
	ast_party_caller_free(&chan->caller);
	ast_party_connected_line_free(&chan->connected);
	ast_party_redirecting_free(&chan->redirecting);
}

struct ast_channel *asterism_channel_new(struct asterism_variables *variables, const char *number, const char *name)
{
	struct ast_channel *chan = ao2_alloc_with_lockobj(sizeof(*chan), gone, variables, "");

	if (!chan) {
		return NULL;
	}
	chan->variables = ao2_bump(variables);
	ast_party_dialed_init(&chan->dialed);
	ast_party_caller_init(&chan->caller);
	ast_party_connected_line_init(&chan->connected);
	ast_party_redirecting_init(&chan->redirecting);
	ast_set_callerid(chan, number, name, NULL);
	return chan;
}

int asterism_channel_use(struct ast_channel *chan)
{
	return asterism_object_revive(chan);
}

void asterism_channel_drop(struct ast_channel *chan)
{
	ao2_ref(chan, -1);
}

char *asterism_channel_number(struct ast_channel *chan)
{
	const struct ast_party_number *number = &chan->caller.id.number;
	char *copy;

	ao2_lock(chan);
	copy = strdup(number->valid && number->str ? number->str : "");
	ao2_unlock(chan);
	return copy;
}

struct varshead *ast_channel_varshead(struct ast_channel *chan)
{
	return chan ? asterism_variables_list(chan->variables) : NULL;
}

/* The variables that a name is looked for in; NULL when Python has the answer, as for a function and a global variable. */
static struct asterism_variables *variables_of(struct ast_channel *chan, const char *name)
{
	if (!chan || ast_strlen_zero(name) || name[strlen(name) - 1] == ')') {
		return NULL;
	}
	return asterism_object_is(chan, "use the variables of", __FILE__, __LINE__, __func__) ? chan->variables : NULL;
}

const char *pbx_builtin_getvar_helper(struct ast_channel *chan, const char *name)
{
	__typeof__(asterism_table.asterism_variable_get) get = asterism_table.asterism_variable_get;
	struct asterism_variables *variables = variables_of(chan, name);
	const char *value = variables ? asterism_variables_find(variables, name) : NULL;

	if (value) {
		return value;
	}
	if (!get) {
		asterism_unbound("pbx_builtin_getvar_helper");
		return NULL;
	}
	return get(chan, name);
}

int pbx_builtin_setvar_helper(struct ast_channel *chan, const char *name, const char *value)
{
	__typeof__(asterism_table.asterism_variable_set) set = asterism_table.asterism_variable_set;
	struct asterism_variables *variables = variables_of(chan, name);

	if (variables) {
		return asterism_variables_set(variables, name, value);
	}
	if (!set) {
		asterism_unbound("pbx_builtin_setvar_helper");
		return -1;
	}
	return set(chan, name, value);
}

void pbx_builtin_pushvar_helper(struct ast_channel *chan, const char *name, const char *value)
{
	struct asterism_variables *variables = variables_of(chan, name);

	if (variables) {
		asterism_variables_push(variables, name, S_OR(value, ""));
	} else {
		pbx_builtin_setvar_helper(chan, name, S_OR(value, ""));
	}
}

struct ast_party_caller *ast_channel_caller(struct ast_channel *chan)
{
	return chan ? &chan->caller : NULL;
}

struct ast_party_connected_line *ast_channel_connected(struct ast_channel *chan)
{
	return chan ? &chan->connected : NULL;
}

struct ast_party_dialed *ast_channel_dialed(struct ast_channel *chan)
{
	return chan ? &chan->dialed : NULL;
}

struct ast_party_redirecting *ast_channel_redirecting(struct ast_channel *chan)
{
	return chan ? &chan->redirecting : NULL;
}

static void set_number(struct ast_party_number *number, const char *text)
{
	if (text) {
		free(number->str);
		number->str = *text ? strdup(text) : NULL;
		number->valid = number->str != NULL;
	}
}

void ast_set_callerid(struct ast_channel *chan, const char *cid_num, const char *cid_name, const char *cid_ani)
{
	struct ast_party_name *name;

	if (!chan) {
		return;
	}
	ao2_lock(chan);
	name = &chan->caller.id.name;
	set_number(&chan->caller.id.number, cid_num);
	set_number(&chan->caller.ani.number, cid_ani);
	if (cid_name) {
		free(name->str);
		name->str = *cid_name ? strdup(cid_name) : NULL;
		name->valid = name->str != NULL;
	}
	ao2_unlock(chan);
}

void ast_channel_set_caller(struct ast_channel *chan, const struct ast_party_caller *caller,
	const struct ast_set_party_caller *update)
{
	if (chan && caller && caller != &chan->caller) {
		ao2_lock(chan);
		ast_party_caller_set(&chan->caller, caller, update);
		ao2_unlock(chan);
	}
}

void ast_channel_set_caller_event(struct ast_channel *chan, const struct ast_party_caller *caller,
	const struct ast_set_party_caller *update)
{
	ast_channel_set_caller(chan, caller, update);
}

struct asterism_frames *asterism_channel_frames(struct ast_channel *chan)
{
	return asterism_object_is(chan, "use the frames of", __FILE__, __LINE__, __func__) ? &chan->frames : NULL;
}

struct ast_datastore_list *ast_channel_datastores(struct ast_channel *chan)
{
	return chan ? &chan->datastores : NULL;
}

struct timeval ast_channel_creationtime(struct ast_channel *chan)
{
	__typeof__(asterism_table.asterism_channel_created) created = asterism_table.asterism_channel_created;
	double seconds = created ? created(chan) : 0;
	struct timeval when = { .tv_sec = (time_t) seconds, };

	when.tv_usec = (suseconds_t) ((seconds - (double) when.tv_sec) * 1e6);
	return when;
}

struct ast_channel *ast_channel_release(struct ast_channel *chan)
{
	ao2_cleanup(chan);
	return NULL;
}

struct ast_channel *__ast_channel_alloc(int needqueue, int state, const char *cid_num, const char *cid_name,
	const char *acctcode, const char *exten, const char *context, const struct ast_assigned_ids *assignedids,
	const struct ast_channel *requestor, enum ama_flags amaflag, struct ast_endpoint *endpoint, const char *file,
	int line, const char *function, const char *name_fmt, ...)
{
	const struct asterism_place place = { file, line, function };
	__typeof__(asterism_table.asterism_channel_alloc) make = asterism_table.asterism_channel_alloc;
	struct ast_channel *chan;
	char room[256], *allocated = NULL;
	const char *name = "";
	va_list ap;

	(void) needqueue;
	(void) endpoint;
	if (!make) {
		asterism_unbound("ast_channel_alloc");
		return NULL;
	}
	if (!ast_strlen_zero(name_fmt)) {
		va_start(ap, name_fmt);
		name = asterism_format(room, sizeof(room), &allocated, &place, name_fmt, ap);
		va_end(ap);
	}
	chan = name ? make(state, acctcode, exten, context, assignedids ? assignedids->uniqueid : NULL, requestor,
		(int) amaflag, name) : NULL;
	free(allocated);
	if (chan) {
		ast_set_callerid(chan, cid_num, cid_name, NULL);
		ao2_lock(chan);
	}
	return chan;
}

void ast_hangup(struct ast_channel *chan)
{
	__typeof__(asterism_table.asterism_channel_ended) ended = asterism_table.asterism_channel_ended;

	if (!chan) {
		return;
	}
	if (ended) {
		ended(chan);
	}
	ao2_ref(chan, -1);
}
