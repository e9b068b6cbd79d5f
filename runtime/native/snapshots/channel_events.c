/*
 * What happens to channels, as messages with snapshots (asterisk/stasis_channels.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "snapshots.h"

#include "asterisk/stasis_channels.h"

/* ---- events about a channel ---- */

static void free_blob(void *object)
{
	struct ast_channel_blob *blob = object;

	ao2_cleanup(blob->snapshot);
	ast_json_unref(blob->blob);
}

/* A message about a snapshot, whose reference it takes over; NULL for none. */
static struct stasis_message *message_about(struct ast_channel_snapshot *snapshot, struct stasis_message_type *type,
	struct ast_json *json)
{
	struct ast_channel_blob *blob = type
		? ao2_alloc_options(sizeof(*blob), free_blob, AO2_ALLOC_OPT_LOCK_NOLOCK) : NULL;
	struct stasis_message *message = NULL;

	if (blob) {
		blob->snapshot = ao2_bump(snapshot);
		blob->blob = json ? ast_json_ref(json) : ast_json_null();
		message = stasis_message_create(type, blob);
	}
	ao2_cleanup(blob);
	ao2_cleanup(snapshot);
	return message;
}

struct stasis_message *ast_channel_blob_create(struct ast_channel *chan, struct stasis_message_type *type,
	struct ast_json *blob)
{
	return message_about(chan ? ast_channel_snapshot_create(chan) : NULL, type, blob);
}

struct stasis_message *ast_channel_blob_create_from_cache(const char *uniqueid, struct stasis_message_type *type,
	struct ast_json *blob)
{
	return message_about(ast_channel_snapshot_get_latest(uniqueid), type, blob);
}

static struct stasis_topic *topic_of(struct ast_channel *chan)
{
	return chan ? ast_channel_topic(chan) : ast_channel_topic_all();
}

void ast_channel_publish_blob(struct ast_channel *chan, struct stasis_message_type *type, struct ast_json *blob)
{
	struct stasis_message *message = ast_channel_blob_create(chan, type, blob);

	stasis_publish(topic_of(chan), message);
	ao2_cleanup(message);
}

void ast_channel_publish_cached_blob(struct ast_channel *chan, struct stasis_message_type *type, struct ast_json *blob)
{
	ast_channel_publish_blob(chan, type, blob);
}

void ast_channel_publish_varset(struct ast_channel *chan, const char *variable, const char *value)
{
	struct ast_json *json = variable && value ? ast_json_pack("{s: s, s: s}", "variable", variable, "value", value)
		: NULL;

	if (json) {
		ast_channel_publish_blob(chan, ast_channel_varset_type(), json);
		ast_json_unref(json);
	}
}

/* ---- events about several channels ---- */

struct role {
	struct ast_channel_snapshot *snapshot;
	AST_LIST_ENTRY(role) list;
	char name[];
};

struct ast_multi_channel_blob {
	struct ast_json *blob;
	AST_LIST_HEAD_NOLOCK(, role) roles;	/* In the order of their addition. */
};

static void free_roles(void *object)
{
	struct ast_multi_channel_blob *multi = object;
	struct role *role;

	while ((role = AST_LIST_REMOVE_HEAD(&multi->roles, list))) {
		ao2_cleanup(role->snapshot);
		free(role);
	}
	ast_json_unref(multi->blob);
}

struct ast_multi_channel_blob *ast_multi_channel_blob_create(struct ast_json *blob)
{
	struct ast_multi_channel_blob *multi = blob
		? ao2_alloc_options(sizeof(*multi), free_roles, AO2_ALLOC_OPT_LOCK_NOLOCK) : NULL;

	if (multi) {
		multi->blob = ast_json_ref(blob);
	}
	return multi;
}

void ast_multi_channel_blob_add_channel(struct ast_multi_channel_blob *obj, const char *role,
	struct ast_channel_snapshot *snapshot)
{
	struct role *added = obj && role && snapshot ? calloc(1, sizeof(*added) + strlen(role) + 1) : NULL;

	if (!added) {
		ao2_cleanup(snapshot);
		return;
	}
	strcpy(added->name, role);
	added->snapshot = snapshot;
	AST_LIST_INSERT_TAIL(&obj->roles, added, list);
}

struct ast_channel_snapshot *ast_multi_channel_blob_get_channel(struct ast_multi_channel_blob *obj, const char *role)
{
	struct role *one;

	if (!obj || !role) {
		return NULL;
	}
	AST_LIST_TRAVERSE(&obj->roles, one, list) {
		if (!strcasecmp(one->name, role)) {
			return one->snapshot;
		}
	}
	return NULL;
}

struct ao2_container *ast_multi_channel_blob_get_channels(struct ast_multi_channel_blob *obj, const char *role)
{
	struct ao2_container *found = obj && role ? asterism_snapshots_by_name() : NULL;
	struct role *one;

	if (found) {
		AST_LIST_TRAVERSE(&obj->roles, one, list) {
			if (!strcasecmp(one->name, role)) {
				ao2_link(found, one->snapshot);
			}
		}
	}
	return found;
}

struct ast_json *ast_multi_channel_blob_get_json(struct ast_multi_channel_blob *obj)
{
	return obj ? obj->blob : NULL;
}

static void add_channel(struct ast_multi_channel_blob *multi, const char *role, struct ast_channel *chan)
{
	if (chan) {
		ast_multi_channel_blob_add_channel(multi, role, ast_channel_snapshot_create(chan));
	}
}

void ast_channel_publish_dial_forward(struct ast_channel *caller, struct ast_channel *peer, struct ast_channel *forwarded,
	const char *dialstring, const char *dialstatus, const char *forward)
{
	struct ast_json *json = peer ? ast_json_pack("{s: s, s: s, s: s}", "dialstatus", S_OR(dialstatus, ""), "forward",
		S_OR(forward, ""), "dialstring", S_OR(dialstring, "")) : NULL;
	struct ast_multi_channel_blob *multi = ast_multi_channel_blob_create(json);

	if (multi) {
		add_channel(multi, "caller", caller);
		add_channel(multi, "peer", peer);
		add_channel(multi, "forwarded", forwarded);
	}
	asterism_publish_data(topic_of(caller ? caller : peer), ast_channel_dial_type(), multi);
	ast_json_unref(json);
}

void ast_channel_publish_dial(struct ast_channel *caller, struct ast_channel *peer, const char *dialstring,
	const char *dialstatus)
{
	ast_channel_publish_dial_forward(caller, peer, NULL, dialstring, dialstatus, NULL);
}

/* ---- as JSON ---- */

/* A message with an event of ARI: its type and time, a member for the channel, and what happened. */
static struct ast_json *event_of(struct stasis_message *message, const char *type, struct ast_json *blob)
{
	struct ast_json *told = ast_json_pack("{s: s, s: o}", "type", type, "timestamp",
		ast_json_timeval(*stasis_message_timestamp(message), NULL));

	if (told && blob && ast_json_typeof(blob) == AST_JSON_OBJECT) {
		ast_json_object_update_missing(told, blob);
	}
	return told;
}

/* Adds a channel; an event about a channel that is left out is NULL. */
static struct ast_json *with_channel(struct ast_json *told, const struct ast_channel_snapshot *snapshot,
	const struct stasis_message_sanitizer *sanitize)
{
	struct ast_json *channel = snapshot ? ast_channel_snapshot_to_json(snapshot, sanitize) : NULL;

	if (snapshot && !channel) {
		ast_json_unref(told);
		return NULL;
	}
	if (channel) {
		ast_json_object_set(told, "channel", channel);
	}
	return told;
}

static struct ast_json *blob_to_json(struct stasis_message *message, const char *type,
	const struct stasis_message_sanitizer *sanitize)
{
	struct ast_channel_blob *blob = stasis_message_data(message);

	return with_channel(event_of(message, type, blob->blob), blob->snapshot, sanitize);
}

#define SHOWN_AS(name, type) \
	static struct ast_json *name(struct stasis_message *message, const struct stasis_message_sanitizer *sanitize) \
	{ \
		return blob_to_json(message, type, sanitize); \
	}
SHOWN_AS(varset_to_json, "ChannelVarset")
SHOWN_AS(hangup_request_to_json, "ChannelHangupRequest")
SHOWN_AS(talking_started_to_json, "ChannelTalkingStarted")
SHOWN_AS(talking_finished_to_json, "ChannelTalkingFinished")
SHOWN_AS(tone_to_json, "ChannelToneDetected")
SHOWN_AS(hold_to_json, "ChannelHold")
SHOWN_AS(unhold_to_json, "ChannelUnhold")

/* Digits that were received, not those that were sent. */
static struct ast_json *digit_to_json(struct stasis_message *message, const struct stasis_message_sanitizer *sanitize)
{
	struct ast_channel_blob *blob = stasis_message_data(message);
	const char *direction = ast_json_string_get(ast_json_object_get(blob->blob, "direction"));

	return strcasecmp(S_OR(direction, ""), "Received") ? NULL : blob_to_json(message, "ChannelDtmfReceived", sanitize);
}

static struct ast_json *dial_to_json(struct stasis_message *message, const struct stasis_message_sanitizer *sanitize)
{
	static const char *const roles[] = { "caller", "peer", "forwarded" };
	struct ast_multi_channel_blob *multi = stasis_message_data(message);
	struct ast_json *told = event_of(message, "Dial", multi->blob), *channel;
	size_t i;

	for (i = 0; told && i < ARRAY_LEN(roles); i++) {
		channel = ast_channel_snapshot_to_json(ast_multi_channel_blob_get_channel(multi, roles[i]), sanitize);
		if (channel) {
			ast_json_object_set(told, roles[i], channel);
		}
	}
	return told;
}

/* ---- as events of the manager ---- */

/* An event about the channel with a line for each name and value behind it. */
static struct ast_manager_event_blob *manager_event_of(struct stasis_message *message, int category, const char *event,
	const char *first, const char *second)
{
	const char *const names[] = { first, second };
	struct ast_channel_blob *blob = stasis_message_data(message);
	struct ast_str *lines = blob->snapshot ? ast_manager_build_channel_state_string(blob->snapshot) : ast_str_create(128);
	struct ast_manager_event_blob *made;
	size_t i;

	if (!lines) {
		return NULL;
	}
	if (!blob->snapshot) {
		ast_str_set(&lines, 0, "Channel: none\r\nUniqueid: none\r\n");
	}
	for (i = 0; i < ARRAY_LEN(names) && names[i]; i++) {
		struct ast_json *value = ast_json_object_get(blob->blob, names[i]);
		char *text = ast_json_typeof(value) == AST_JSON_STRING ? ast_escape_c_alloc(ast_json_string_get(value))
			: ast_json_dump_string(value);

		ast_str_append(&lines, 0, "%c%s: %s\r\n", toupper(names[i][0]), names[i] + 1, S_OR(text, ""));
		ast_json_free(text);
	}
	made = ast_manager_event_blob_create(category, event, "%s", ast_str_buffer(lines));
	ast_free(lines);
	return made;
}

#define TOLD_AS(name, category, event, ...) \
	static struct ast_manager_event_blob *name(struct stasis_message *message) \
	{ \
		return manager_event_of(message, category, event, __VA_ARGS__); \
	}
TOLD_AS(varset_to_ami, EVENT_FLAG_DIALPLAN, "VarSet", "variable", "value")
TOLD_AS(login_to_ami, EVENT_FLAG_AGENT, "AgentLogin", "agent", NULL)
TOLD_AS(logoff_to_ami, EVENT_FLAG_AGENT, "AgentLogoff", "agent", "logintime")
TOLD_AS(talking_started_to_ami, EVENT_FLAG_CALL, "ChannelTalkingStart", NULL, NULL)
TOLD_AS(talking_finished_to_ami, EVENT_FLAG_CALL, "ChannelTalkingStop", "duration", NULL)

/* ---- the types ---- */

ASTERISM_CORE_TYPE(ast_channel_dial_type, .to_json = dial_to_json)
ASTERISM_CORE_TYPE(ast_channel_varset_type, .to_json = varset_to_json, .to_ami = varset_to_ami)
ASTERISM_CORE_TYPE(ast_channel_hangup_request_type, .to_json = hangup_request_to_json)
ASTERISM_CORE_TYPE(ast_channel_masquerade_type)
ASTERISM_CORE_TYPE(ast_channel_dtmf_begin_type)
ASTERISM_CORE_TYPE(ast_channel_dtmf_end_type, .to_json = digit_to_json)
ASTERISM_CORE_TYPE(ast_channel_flash_type)
ASTERISM_CORE_TYPE(ast_channel_wink_type)
ASTERISM_CORE_TYPE(ast_channel_hold_type, .to_json = hold_to_json)
ASTERISM_CORE_TYPE(ast_channel_unhold_type, .to_json = unhold_to_json)
ASTERISM_CORE_TYPE(ast_channel_chanspy_start_type)
ASTERISM_CORE_TYPE(ast_channel_chanspy_stop_type)
ASTERISM_CORE_TYPE(ast_channel_fax_type)
ASTERISM_CORE_TYPE(ast_channel_hangup_handler_type)
ASTERISM_CORE_TYPE(ast_channel_mixmonitor_start_type)
ASTERISM_CORE_TYPE(ast_channel_mixmonitor_stop_type)
ASTERISM_CORE_TYPE(ast_channel_mixmonitor_mute_type)
ASTERISM_CORE_TYPE(ast_channel_agent_login_type, .to_ami = login_to_ami)
ASTERISM_CORE_TYPE(ast_channel_agent_logoff_type, .to_ami = logoff_to_ami)
ASTERISM_CORE_TYPE(ast_channel_moh_start_type)
ASTERISM_CORE_TYPE(ast_channel_moh_stop_type)
ASTERISM_CORE_TYPE(ast_channel_talking_start, .to_json = talking_started_to_json, .to_ami = talking_started_to_ami)
ASTERISM_CORE_TYPE(ast_channel_talking_stop, .to_json = talking_finished_to_json, .to_ami = talking_finished_to_ami)
ASTERISM_CORE_TYPE(ast_channel_tone_detect, .to_json = tone_to_json)
ASTERISM_CORE_TYPE(ast_channel_transfer_request_type)
