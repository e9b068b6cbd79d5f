/*
 * Messages about several objects: what users and modules tell of channels, bridges and endpoints (asterisk/stasis.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "snapshots.h"

#include "asterisk/stasis_channels.h"
#include "asterisk/stasis_endpoints.h"
#include "asterisk/vector.h"

#define KINDS (STASIS_UMOS_ENDPOINT + 1)

struct ast_multi_object_blob {
	struct ast_json *blob;
	AST_VECTOR(, void *) snapshots[KINDS];
};

static void free_multi(void *object)
{
	struct ast_multi_object_blob *multi = object;
	int kind;

	for (kind = 0; kind < KINDS; kind++) {
		AST_VECTOR_CALLBACK_VOID(&multi->snapshots[kind], ao2_cleanup);
		AST_VECTOR_FREE(&multi->snapshots[kind]);
	}
	ast_json_unref(multi->blob);
}

struct ast_multi_object_blob *ast_multi_object_blob_create(struct ast_json *blob)
{
	struct ast_multi_object_blob *multi = blob
		? ao2_alloc_options(sizeof(*multi), free_multi, AO2_ALLOC_OPT_LOCK_NOLOCK) : NULL;

	if (multi) {
		multi->blob = ast_json_ref(blob);
	}
	return multi;
}

void ast_multi_object_blob_add(struct ast_multi_object_blob *multi, enum stasis_user_multi_object_snapshot_type type,
	void *object)
{
	if (!multi || (unsigned int) type >= KINDS || !object || AST_VECTOR_APPEND(&multi->snapshots[type], object)) {
		ao2_cleanup(object);
	}
}

void ast_multi_object_blob_single_channel_publish(struct ast_channel *chan, struct stasis_message_type *type,
	struct ast_json *blob)
{
	struct ast_channel_snapshot *snapshot = type ? ast_channel_snapshot_create(chan) : NULL;
	struct ast_multi_object_blob *multi = snapshot ? ast_multi_object_blob_create(blob) : NULL;

	if (!multi) {
		ao2_cleanup(snapshot);
		return;
	}
	ast_multi_object_blob_add(multi, STASIS_UMOS_CHANNEL, snapshot);
	asterism_publish_data(ast_channel_topic(chan), type, multi);
}

static struct ast_json *snapshot_to_json(int kind, void *snapshot, const struct stasis_message_sanitizer *sanitize)
{
	switch (kind) {
	case STASIS_UMOS_CHANNEL:
		return ast_channel_snapshot_to_json(snapshot, sanitize);
	case STASIS_UMOS_ENDPOINT:
		return ast_endpoint_snapshot_to_json(snapshot, sanitize);
	default:
		return NULL;
	}
}

static struct ast_json *user_event_to_json(struct stasis_message *message,
	const struct stasis_message_sanitizer *sanitize)
{
	static const char *const names[KINDS] = { "channel", "bridge", "endpoint" };
	struct ast_multi_object_blob *multi = stasis_message_data(message);
	struct ast_json *told = ast_json_pack("{s: s, s: o, s: O, s: O}", "type", "ChannelUserevent", "timestamp",
		ast_json_timeval(*stasis_message_timestamp(message), NULL), "eventname",
		ast_json_object_get(multi->blob, "eventname"), "userevent", multi->blob), *one;
	size_t i;
	int kind;

	for (kind = 0; told && kind < KINDS; kind++) {
		for (i = 0; i < AST_VECTOR_SIZE(&multi->snapshots[kind]); i++) {
			one = snapshot_to_json(kind, AST_VECTOR_GET(&multi->snapshots[kind], i), sanitize);
			if (one) {
				ast_json_object_set(told, names[kind], one);
			}
		}
	}
	return told;
}

/* The lines about channels; those of the second one have names that begin with 2. */
static void append_channels(struct ast_str **lines, const struct ast_multi_object_blob *multi)
{
	char prefix[24] = "";
	size_t i;

	for (i = 0; i < AST_VECTOR_SIZE(&multi->snapshots[STASIS_UMOS_CHANNEL]); i++) {
		struct ast_str *one;

		if (i) {
			snprintf(prefix, sizeof(prefix), "%zu", i + 1);
		}
		one = ast_manager_build_channel_state_string_prefix(AST_VECTOR_GET(&multi->snapshots[STASIS_UMOS_CHANNEL], i),
			prefix);
		ast_str_append(lines, 0, "%s", one ? ast_str_buffer(one) : "");
		ast_free(one);
	}
}

static int is_name_of_event(const char *key)
{
	return !strcmp(key, "eventname");
}

static struct ast_manager_event_blob *user_event_to_ami(struct stasis_message *message)
{
	struct ast_multi_object_blob *multi = stasis_message_data(message);
	struct ast_str *lines = ast_str_create(1024), *body = ast_manager_str_from_json_object(multi->blob, is_name_of_event);
	struct ast_manager_event_blob *event = NULL;

	if (lines && body) {
		append_channels(&lines, multi);
		event = ast_manager_event_blob_create(EVENT_FLAG_USER, "UserEvent", "%sUserEvent: %s\r\n%s",
			ast_str_buffer(lines), S_OR(ast_json_string_get(ast_json_object_get(multi->blob, "eventname")), ""),
			ast_str_buffer(body));
	}
	ast_free(lines);
	ast_free(body);
	return event;
}

ASTERISM_CORE_TYPE(ast_multi_user_event_type, .to_json = user_event_to_json, .to_ami = user_event_to_ami)
