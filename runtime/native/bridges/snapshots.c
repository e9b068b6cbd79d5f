/*
 * What is told of bridges (asterisk/stasis_bridges.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "bridges.h"

#include "asterisk/json.h"
#include "asterisk/stasis_channels.h"

#include "channels/record.h"
#include "snapshots/snapshots.h"

static struct stasis_topic *all;
static pthread_once_t made = PTHREAD_ONCE_INIT;

static void make(void)
{
	all = stasis_topic_create("bridge:all");
}

struct stasis_topic *ast_bridge_topic_all(void)
{
	pthread_once(&made, make);
	return all;
}

struct stasis_topic *ast_bridge_topic(struct ast_bridge *bridge)
{
	return bridge && bridge->topic ? bridge->topic : ast_bridge_topic_all();
}

int ast_bridge_topic_exists(const char *uniqueid)
{
	struct ast_bridge *bridge = ast_bridge_find_by_id(uniqueid);

	ao2_cleanup(bridge);
	return bridge != NULL;
}

int asterism_bridge_topic_make(struct ast_bridge *bridge)
{
	char name[sizeof("bridge:") + 128];

	snprintf(name, sizeof(name), "bridge:%.127s", bridge->uniqueid);
	bridge->topic = stasis_topic_create(name);
	return bridge->topic ? 0 : -1;
}

/* ---- snapshots ---- */

static void free_snapshot(void *object)
{
	struct ast_bridge_snapshot *snapshot = object;

	ao2_cleanup(snapshot->channels);
	ao2_cleanup(snapshot->bridgevars);
	ast_string_field_free_memory(snapshot);
}

static struct ao2_container *ids_of(struct ast_bridge *bridge)
{
	struct ao2_container *ids = ast_str_container_alloc(7);
	struct ast_bridge_channel *member;

	if (ids) {
		AST_LIST_TRAVERSE(&bridge->channels, member, entry) {
			ast_str_container_add(ids, ast_channel_uniqueid(member->chan));
		}
	}
	return ids;
}

struct ast_bridge_snapshot *ast_bridge_snapshot_create(struct ast_bridge *bridge)
{
	struct ast_bridge_snapshot *snapshot = bridge
		? ao2_alloc_options(sizeof(*snapshot), free_snapshot, AO2_ALLOC_OPT_LOCK_NOLOCK) : NULL;

	if (!snapshot || ast_string_field_init(snapshot, 128)) {
		ao2_cleanup(snapshot);
		return NULL;
	}
	ao2_lock(bridge);
	ast_string_field_set(snapshot, uniqueid, bridge->uniqueid);
	ast_string_field_set(snapshot, technology, bridge->technology ? bridge->technology->name : "");
	ast_string_field_set(snapshot, subclass, bridge->v_table->name);
	ast_string_field_set(snapshot, creator, bridge->creator);
	ast_string_field_set(snapshot, name, bridge->name);
	snapshot->channels = ids_of(bridge);
	snapshot->feature_flags = bridge->feature_flags;
	snapshot->capabilities = bridge->technology ? bridge->technology->capabilities : 0;
	snapshot->num_channels = bridge->num_channels;
	snapshot->num_active = bridge->num_active;
	snapshot->video_mode = bridge->softmix.video_mode.mode;
	snapshot->creationtime = bridge->creationtime;
	ao2_unlock(bridge);
	return snapshot;
}

struct ast_bridge_snapshot *ast_bridge_get_snapshot(struct ast_bridge *bridge)
{
	struct ast_bridge_snapshot *snapshot;

	if (!bridge) {
		return NULL;
	}
	ao2_lock(bridge);
	snapshot = ao2_bump(bridge->current_snapshot);
	ao2_unlock(bridge);
	return snapshot;
}

struct ast_bridge_snapshot *ast_bridge_get_snapshot_by_uniqueid(const char *bridge_id)
{
	struct ast_bridge *bridge = ast_bridge_find_by_id(bridge_id);
	struct ast_bridge_snapshot *snapshot = ast_bridge_get_snapshot(bridge);

	ao2_cleanup(bridge);
	return snapshot;
}

/* Publishes to the topic of a bridge and to that of all; releases the data. */
static void publish(struct ast_bridge *bridge, struct stasis_message_type *type, void *data)
{
	ao2_bump(data);
	asterism_publish_data(ast_bridge_topic(bridge), type, data);
	asterism_publish_data(ast_bridge_topic_all(), type, data);
}

static void free_update(void *object)
{
	struct ast_bridge_snapshot_update *update = object;

	ao2_cleanup(update->old_snapshot);
	ao2_cleanup(update->new_snapshot);
}

/* Replaces the snapshot of a bridge, which becomes the owner of the new one, and tells of both. */
static void replace_snapshot(struct ast_bridge *bridge, struct ast_bridge_snapshot *snapshot)
{
	struct ast_bridge_snapshot_update *update = ao2_alloc(sizeof(*update), free_update);

	if (update) {
		update->old_snapshot = bridge->current_snapshot;
		update->new_snapshot = ao2_bump(snapshot);
		bridge->current_snapshot = snapshot;
		publish(bridge, ast_bridge_snapshot_type(), update);
	}
}

void ast_bridge_publish_state(struct ast_bridge *bridge)
{
	struct ast_bridge_snapshot *snapshot = ast_bridge_snapshot_create(bridge);

	if (snapshot && !ast_test_flag(&bridge->feature_flags, AST_BRIDGE_FLAG_INVISIBLE)) {
		ao2_lock(bridge);
		replace_snapshot(bridge, snapshot);
		ao2_unlock(bridge);
	} else {
		ao2_cleanup(snapshot);
	}
}

void asterism_bridge_topic_end(struct ast_bridge *bridge)
{
	if (bridge->current_snapshot) {
		replace_snapshot(bridge, NULL);
	}
}

struct ast_json *ast_bridge_snapshot_to_json(const struct ast_bridge_snapshot *snapshot,
	const struct stasis_message_sanitizer *sanitize attribute_unused)
{
	struct ast_json *channels = ast_json_array_create();
	struct ao2_iterator walk;
	char *id;

	if (!snapshot || !channels) {
		ast_json_unref(channels);
		return NULL;
	}
	walk = ao2_iterator_init(snapshot->channels, 0);
	while ((id = ao2_iterator_next(&walk))) {
		ast_json_array_append(channels, ast_json_string_create(id));
		ao2_ref(id, -1);
	}
	ao2_iterator_destroy(&walk);
	return ast_json_pack("{s: s, s: s, s: s, s: s, s: s, s: s, s: o, s: o, s: s}",
		"id", snapshot->uniqueid,
		"technology", snapshot->technology,
		"bridge_type", snapshot->capabilities & AST_BRIDGE_CAPABILITY_HOLDING ? "holding" : "mixing",
		"bridge_class", snapshot->subclass,
		"creator", snapshot->creator,
		"name", snapshot->name,
		"channels", channels,
		"creationtime", ast_json_timeval(snapshot->creationtime, NULL),
		"video_mode", ast_bridge_video_mode_to_string(snapshot->video_mode));
}

/* ---- messages ---- */

static void free_blob(void *object)
{
	struct ast_bridge_blob *blob = object;

	ao2_cleanup(blob->bridge);
	ao2_cleanup(blob->channel);
	ast_json_unref(blob->blob);
}

/* Owns the snapshots that it is given. */
static struct ast_bridge_blob *new_blob(struct ast_bridge_snapshot *bridge, struct ast_channel_snapshot *channel,
	struct ast_json *more)
{
	struct ast_bridge_blob *blob = ao2_alloc(sizeof(*blob), free_blob);

	if (!blob) {
		ao2_cleanup(bridge);
		ao2_cleanup(channel);
		return NULL;
	}
	blob->bridge = bridge;
	blob->channel = channel;
	blob->blob = ast_json_ref(more);
	return blob;
}

static struct stasis_message *message_of(struct stasis_message_type *type, struct ast_bridge_blob *blob)
{
	struct stasis_message *message = type && blob ? stasis_message_create(type, blob) : NULL;

	ao2_cleanup(blob);
	return message;
}

struct stasis_message *ast_bridge_blob_create(struct stasis_message_type *type, struct ast_bridge *bridge,
	struct ast_channel *chan, struct ast_json *blob)
{
	return message_of(type, new_blob(ast_bridge_snapshot_create(bridge),
		chan ? ast_channel_snapshot_get_latest(ast_channel_uniqueid(chan)) : NULL, blob));
}

struct stasis_message *ast_bridge_blob_create_from_snapshots(struct stasis_message_type *type,
	struct ast_bridge_snapshot *bridge_snapshot, struct ast_channel_snapshot *chan_snapshot, struct ast_json *blob)
{
	return message_of(type, new_blob(ao2_bump(bridge_snapshot), ao2_bump(chan_snapshot), blob));
}

static void publish_channel(struct ast_bridge *bridge, struct ast_channel *chan, struct stasis_message_type *type,
	struct ast_json *more)
{
	struct ast_bridge_blob *blob;

	if (bridge && asterism_channel_record(chan, __func__)) {
		ao2_lock(chan);
		ast_channel_publish_snapshot(chan);
		ao2_unlock(chan);
		blob = new_blob(ast_bridge_snapshot_create(bridge), ast_channel_snapshot_get_latest(ast_channel_uniqueid(chan)), more);
		if (blob) {
			publish(bridge, type, blob);
		}
		ast_bridge_publish_state(bridge);
	}
	ast_json_unref(more);
}

void ast_bridge_publish_enter(struct ast_bridge *bridge, struct ast_channel *chan, struct ast_channel *swap)
{
	publish_channel(bridge, chan, ast_channel_entered_bridge_type(),
		swap ? ast_json_pack("{s: s}", "swap", ast_channel_uniqueid(swap)) : NULL);
}

void ast_bridge_publish_leave(struct ast_bridge *bridge, struct ast_channel *chan)
{
	publish_channel(bridge, chan, ast_channel_left_bridge_type(), NULL);
}

static void free_merge(void *object)
{
	struct ast_bridge_merge_message *merge = object;

	ao2_cleanup(merge->from);
	ao2_cleanup(merge->to);
}

void ast_bridge_publish_merge(struct ast_bridge *to, struct ast_bridge *from)
{
	struct ast_bridge_merge_message *merge = to && from ? ao2_alloc(sizeof(*merge), free_merge) : NULL;

	if (merge) {
		merge->from = ast_bridge_snapshot_create(from);
		merge->to = ast_bridge_snapshot_create(to);
		publish(to, ast_bridge_merge_message_type(), merge);
	}
}

static struct ast_json *blob_to_json(struct stasis_message *message, const struct stasis_message_sanitizer *sanitize)
{
	const struct ast_bridge_blob *blob = stasis_message_data(message);
	struct ast_json *channel = blob->channel ? ast_channel_snapshot_to_json(blob->channel, sanitize) : NULL;

	return ast_json_pack("{s: s, s: o, s: o, s: o}",
		"type", stasis_message_type(message) == ast_channel_entered_bridge_type() ? "ChannelEnteredBridge" : "ChannelLeftBridge",
		"timestamp", ast_json_timeval(*stasis_message_timestamp(message), NULL),
		"bridge", ast_bridge_snapshot_to_json(blob->bridge, sanitize),
		"channel", channel ? channel : ast_json_null());
}

ASTERISM_CORE_TYPE(ast_bridge_snapshot_type)
ASTERISM_CORE_TYPE(ast_bridge_merge_message_type)
ASTERISM_CORE_TYPE(ast_channel_entered_bridge_type, .to_json = blob_to_json)
ASTERISM_CORE_TYPE(ast_channel_left_bridge_type, .to_json = blob_to_json)
ASTERISM_CORE_TYPE(ast_blind_transfer_type)
ASTERISM_CORE_TYPE(ast_attended_transfer_type)
