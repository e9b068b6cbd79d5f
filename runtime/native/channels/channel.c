/*
 * A channel for C modules: an object that exists while modules have references to it.  Its fields are in its record
 * (record.h), which lives longer: as long as Python has the channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/astobj2.h"
#include "asterisk/framehook.h"
#include "asterisk/stasis_channels.h"
#include "asterisk/time.h"

#include "record.h"

struct ast_channel {
	struct asterism_record *record;
	struct asterism_frames frames;
	struct ast_datastore_list datastores;
	struct asterism_attached attached;
	void *natives[ASTERISM_NATIVES];	/* Used with the channel locked. */
};

static void gone(void *data)
{
	struct ast_channel *chan = data;
	__typeof__(asterism_table.asterism_channel_gone) forget = asterism_table.asterism_channel_gone;
	struct ast_datastore *datastore;

	if (forget) {
		forget(chan);
	}
	while ((datastore = AST_LIST_REMOVE_HEAD(&chan->datastores, entry))) {
		ast_datastore_free(datastore);
	}
	ast_framehook_list_destroy(chan);
	asterism_audiohooks_end(chan);
	asterism_attached_end(&chan->attached);
	asterism_frames_end(&chan->frames);
	ao2_ref(chan->record, -1);
}

struct ast_channel *asterism_channel_new(struct asterism_record *record)
{
	static void *const defaults[ASTERISM_NATIVES] = { ASTERISM_NATIVE_DEFAULTS };
	struct ast_channel *chan = ao2_alloc_with_lockobj(sizeof(*chan), gone, record, "");

	if (chan) {
		memcpy(chan->natives, defaults, sizeof(defaults));
		chan->natives[ASTERISM_NATIVE_TECH] = (void *) &asterism_emulated_tech;
		chan->record = ao2_bump(record);
	}
	return chan;
}

static void __attribute__((noinline, cold)) refuse(const struct ast_channel *chan, const char *function)
{
	ast_log_safe(__LOG_ERROR, "", 0, function, "%s: %s\n", function,
		chan ? "not a channel, or already destroyed" : "the channel is NULL");
}

/* The channel; NULL, which is logged under the name of the function, for anything else. */
static force_inline struct ast_channel *checked(const struct ast_channel *chan, const char *function)
{
	if (__builtin_expect(asterism_object_is_of(chan, gone), 1)) {
		return (struct ast_channel *) chan;
	}
	refuse(chan, function);
	return NULL;
}

struct asterism_record *asterism_channel_record(const struct ast_channel *chan, const char *function)
{
	const struct ast_channel *found = checked(chan, function);

	return found ? found->record : NULL;
}

void *asterism_channel_native(const struct ast_channel *chan, int which, const char *function)
{
	const struct ast_channel *found = checked(chan, function);

	return found ? found->natives[which] : NULL;
}

void asterism_channel_set_native(struct ast_channel *chan, int which, void *value, const char *function)
{
	struct ast_channel *found = checked(chan, function);

	if (found) {
		found->natives[which] = value;
	}
}

struct asterism_attached *asterism_channel_attached(struct ast_channel *chan, const char *function)
{
	struct ast_channel *found = checked(chan, function);

	return found ? &found->attached : NULL;
}

int asterism_channel_use(struct ast_channel *chan)
{
	return asterism_object_revive(chan);
}

void asterism_channel_drop(struct ast_channel *chan)
{
	ao2_ref(chan, -1);
}

struct varshead *ast_channel_varshead(struct ast_channel *chan)
{
	struct asterism_record *record = asterism_channel_record(chan, __func__);

	return record ? &record->variables : NULL;
}

/* The variables that a name is looked for in; NULL when Python has the answer, as for a function and a global variable. */
static struct asterism_record *variables_of(struct ast_channel *chan, const char *name, const char *function)
{
	if (!chan || ast_strlen_zero(name) || name[strlen(name) - 1] == ')') {
		return NULL;
	}
	return asterism_channel_record(chan, function);
}

const char *pbx_builtin_getvar_helper(struct ast_channel *chan, const char *name)
{
	__typeof__(asterism_table.asterism_variable_get) get = asterism_table.asterism_variable_get;
	struct asterism_record *record = variables_of(chan, name, __func__);
	const char *value = record ? asterism_variables_find(record, name) : NULL;

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
	struct asterism_record *record = variables_of(chan, name, __func__);

	if (record) {
		return asterism_variables_set(record, name, value);
	}
	if (!set) {
		asterism_unbound("pbx_builtin_setvar_helper");
		return -1;
	}
	return set(chan, name, value);
}

void pbx_builtin_pushvar_helper(struct ast_channel *chan, const char *name, const char *value)
{
	struct asterism_record *record = variables_of(chan, name, __func__);

	if (record) {
		asterism_variables_push(record, name, S_OR(value, ""));
	} else {
		pbx_builtin_setvar_helper(chan, name, S_OR(value, ""));
	}
}

struct ast_party_caller *ast_channel_caller(struct ast_channel *chan)
{
	struct asterism_record *record = asterism_channel_record(chan, __func__);

	return record ? &record->caller : NULL;
}

struct ast_party_connected_line *ast_channel_connected(struct ast_channel *chan)
{
	struct asterism_record *record = asterism_channel_record(chan, __func__);

	return record ? &record->connected : NULL;
}

struct ast_party_dialed *ast_channel_dialed(struct ast_channel *chan)
{
	struct asterism_record *record = asterism_channel_record(chan, __func__);

	return record ? &record->dialed : NULL;
}

struct ast_party_redirecting *ast_channel_redirecting(struct ast_channel *chan)
{
	struct asterism_record *record = asterism_channel_record(chan, __func__);

	return record ? &record->redirecting : NULL;
}

static void set_number(struct ast_party_number *number, const char *text)
{
	if (text) {
		free(number->str);
		number->str = *text ? strdup(text) : NULL;
		number->valid = number->str != NULL;
	}
}

static void set_name(struct ast_party_name *name, const char *text)
{
	if (text) {
		free(name->str);
		name->str = *text ? strdup(text) : NULL;
		name->valid = name->str != NULL;
	}
}

void ast_set_callerid(struct ast_channel *chan, const char *cid_num, const char *cid_name, const char *cid_ani)
{
	struct ast_party_caller *caller = ast_channel_caller(chan);

	if (caller) {
		ao2_lock(chan);
		set_number(&caller->id.number, cid_num);
		set_number(&caller->ani.number, cid_ani);
		set_name(&caller->id.name, cid_name);
		ast_channel_publish_snapshot(chan);
		ao2_unlock(chan);
	}
}

void ast_channel_set_caller(struct ast_channel *chan, const struct ast_party_caller *caller,
	const struct ast_set_party_caller *update)
{
	struct ast_party_caller *own = ast_channel_caller(chan);

	if (own && caller && caller != own) {
		ao2_lock(chan);
		ast_party_caller_set(own, caller, update);
		ast_channel_publish_snapshot(chan);
		ao2_unlock(chan);
	}
}

void ast_channel_set_caller_event(struct ast_channel *chan, const struct ast_party_caller *caller,
	const struct ast_set_party_caller *update)
{
	ast_channel_set_caller(chan, caller, update);
}

struct asterism_frames *asterism_channel_frames(struct ast_channel *chan, const char *function)
{
	struct ast_channel *found = checked(chan, function);

	return found ? &found->frames : NULL;
}

struct ast_datastore_list *ast_channel_datastores(struct ast_channel *chan)
{
	struct ast_channel *found = checked(chan, __func__);

	return found ? &found->datastores : NULL;
}

/* ---- state and times ---- */

int ast_setstate(struct ast_channel *chan, enum ast_channel_state state)
{
	struct asterism_record *record = asterism_channel_record(chan, __func__);

	if (!record) {
		return -1;
	}
	if (ast_channel_state(chan) == state) {
		return 0;
	}
	asterism_record_set_number(record, ASTERISM_NUMBER_STATE, (int) state);
	ast_channel_publish_snapshot(chan);
	asterism_device_of_channel_changed(ast_channel_name(chan));
	return 0;
}

static struct timeval time_of(long long microseconds)
{
	return ast_tv(microseconds / 1000000, (ast_suseconds_t) (microseconds % 1000000));
}

struct timeval ast_channel_creationtime(struct ast_channel *chan)
{
	return time_of(asterism_channel_number(chan, ASTERISM_NUMBER_CREATED, __func__));
}

/* Milliseconds since a time that a channel has; 0 when it has none. */
static int64_t since(struct ast_channel *chan, int which, const char *function)
{
	long long then = asterism_channel_number(chan, which, function);

	return then ? MAX(ast_tvdiff_ms(ast_tvnow(), time_of(then)), 0) : 0;
}

int ast_channel_get_duration(struct ast_channel *chan)
{
	return (int) (since(chan, ASTERISM_NUMBER_CREATED, __func__) / 1000);
}

int64_t ast_channel_get_duration_ms(struct ast_channel *chan)
{
	return since(chan, ASTERISM_NUMBER_CREATED, __func__);
}

int ast_channel_get_up_time(struct ast_channel *chan)
{
	return (int) (since(chan, ASTERISM_NUMBER_ANSWERED, __func__) / 1000);
}

int64_t ast_channel_get_up_time_ms(struct ast_channel *chan)
{
	return since(chan, ASTERISM_NUMBER_ANSWERED, __func__);
}

/* ---- hangup ---- */

int ast_channel_softhangup_internal_flag(struct ast_channel *chan)
{
	return (int) asterism_channel_number(chan, ASTERISM_NUMBER_SOFTHANGUP, __func__);
}

void ast_channel_softhangup_internal_flag_set(struct ast_channel *chan, int value)
{
	asterism_channel_set_number(chan, ASTERISM_NUMBER_SOFTHANGUP, value, __func__);
}

/* Changes the reasons for the hangup and ends what waits on the line: 0, or -1. */
static int change_hangup(struct ast_channel *chan, int added, int removed, const char *function)
{
	struct asterism_record *record = asterism_channel_record(chan, function);
	__typeof__(asterism_table.asterism_line_wake) wake = asterism_table.asterism_line_wake;

	if (!record) {
		return -1;
	}
	asterism_record_change_number(record, ASTERISM_NUMBER_SOFTHANGUP, added, removed);
	if (added && wake) {
		wake(chan);
	}
	return 0;
}

void ast_channel_softhangup_internal_flag_add(struct ast_channel *chan, int value)
{
	change_hangup(chan, value, 0, __func__);
}

void ast_channel_softhangup_internal_flag_clear(struct ast_channel *chan, int value)
{
	change_hangup(chan, 0, value, __func__);
}

void ast_channel_clear_softhangup(struct ast_channel *chan, int flag)
{
	change_hangup(chan, 0, flag, __func__);
}

int ast_softhangup(struct ast_channel *chan, int cause)
{
	return change_hangup(chan, cause, 0, __func__);
}

int ast_softhangup_nolock(struct ast_channel *chan, int cause)
{
	return change_hangup(chan, cause, 0, __func__);
}

int ast_check_hangup_locked(struct ast_channel *chan)
{
	return ast_check_hangup(chan);
}

int ast_check_hangup(struct ast_channel *chan)
{
	return asterism_channel_number(chan, ASTERISM_NUMBER_SOFTHANGUP, __func__) != 0;
}

/* ---- life ---- */

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
	char name[AST_CHANNEL_NAME];

	if (!chan) {
		return;
	}
	ast_copy_string(name, ast_channel_name(chan), sizeof(name));
	asterism_endpoint_left(chan);
	ast_app_group_discard(chan);
	ast_channel_publish_final_snapshot(chan);
	if (ended) {
		ended(chan);
	}
	asterism_channel_finish(chan);
	asterism_device_of_channel_changed(name);
}
