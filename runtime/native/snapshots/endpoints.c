/*
 * Endpoints, their topics and their snapshots (asterisk/endpoints.h, asterisk/stasis_endpoints.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "snapshots.h"

#include "asterisk/endpoints.h"
#include "asterisk/stasis_endpoints.h"
#include "asterisk/vector.h"

#include "channels/record.h"

struct ast_endpoint {
	enum ast_endpoint_state state;
	int max_channels;	/* -1 for no limit. */
	AST_VECTOR(, char *) channels;	/* Unique ids; used with the endpoint locked. */
	struct stasis_cp_single *topics;
	struct stasis_forward *to_technology;
	AST_LIST_ENTRY(ast_endpoint) list;
	const char *tech;	/* This and the next are in `id`. */
	const char *resource;	/* "" of the endpoint that stands for a technology. */
	char *texts;
	char id[];
};

/* All endpoints, without references: an endpoint leaves when it is shut down, or at the latest when it is freed. */
static AST_LIST_HEAD_STATIC(endpoints, ast_endpoint);

static const char *const state_names[] = {
	[AST_ENDPOINT_UNKNOWN] = "unknown", [AST_ENDPOINT_OFFLINE] = "offline", [AST_ENDPOINT_ONLINE] = "online",
};

const char *ast_endpoint_state_to_string(enum ast_endpoint_state state)
{
	return (size_t) state < ARRAY_LEN(state_names) ? state_names[state] : "?";
}

static const char *id_of(struct stasis_message *message)
{
	const struct ast_endpoint_snapshot *snapshot = stasis_message_type(message) == ast_endpoint_snapshot_type()
		? stasis_message_data(message) : NULL;

	return snapshot ? snapshot->id : NULL;
}

static struct stasis_cp_all *all;
static pthread_once_t made = PTHREAD_ONCE_INIT;

static void make(void)
{
	all = stasis_cp_all_create("endpoint:all", id_of);
}

struct stasis_cp_all *ast_endpoint_cache_all(void)
{
	pthread_once(&made, make);
	return all;
}

struct stasis_cache *ast_endpoint_cache(void)
{
	return stasis_cp_all_cache(ast_endpoint_cache_all());
}

struct stasis_topic *ast_endpoint_topic_all(void)
{
	return stasis_cp_all_topic(ast_endpoint_cache_all());
}

struct stasis_topic *ast_endpoint_topic_all_cached(void)
{
	return stasis_cp_all_topic_cached(ast_endpoint_cache_all());
}

/* ---- snapshots ---- */

static void free_snapshot(void *object)
{
	struct ast_endpoint_snapshot *snapshot = object;
	int i;

	for (i = 0; i < snapshot->num_channels; i++) {
		free(snapshot->channel_ids[i]);
	}
	ast_string_field_free_memory(snapshot);
}

/* Of an endpoint that is locked. */
static struct ast_endpoint_snapshot *snapshot_of(struct ast_endpoint *endpoint)
{
	int i, count = (int) AST_VECTOR_SIZE(&endpoint->channels);
	struct ast_endpoint_snapshot *snapshot = ao2_alloc_options(sizeof(*snapshot) + (size_t) count * sizeof(char *),
		free_snapshot, AO2_ALLOC_OPT_LOCK_NOLOCK);

	if (!snapshot || ast_string_field_init(snapshot, 80)) {
		ao2_cleanup(snapshot);
		return NULL;
	}
	ast_string_field_set(snapshot, id, endpoint->id);
	ast_string_field_set(snapshot, tech, endpoint->tech);
	ast_string_field_set(snapshot, resource, endpoint->resource);
	snapshot->state = endpoint->state;
	snapshot->max_channels = endpoint->max_channels;
	for (i = 0; i < count; i++) {
		snapshot->channel_ids[i] = strdup(AST_VECTOR_GET(&endpoint->channels, (size_t) i));
	}
	snapshot->num_channels = count;
	return snapshot;
}

struct ast_endpoint_snapshot *ast_endpoint_snapshot_create(struct ast_endpoint *endpoint)
{
	struct ast_endpoint_snapshot *snapshot;

	if (!endpoint) {
		return NULL;
	}
	ao2_lock(endpoint);
	snapshot = snapshot_of(endpoint);
	ao2_unlock(endpoint);
	return snapshot;
}

static void publish(struct ast_endpoint *endpoint)
{
	asterism_publish_data(ast_endpoint_topic(endpoint), ast_endpoint_snapshot_type(),
		ast_endpoint_snapshot_create(endpoint));
}

/* The snapshot in the cache with that id, with a reference; NULL for none. */
static struct ast_endpoint_snapshot *latest(const char *id)
{
	struct stasis_message *message = stasis_cache_get(ast_endpoint_cache(), ast_endpoint_snapshot_type(), id);
	struct ast_endpoint_snapshot *snapshot = message ? ao2_bump(stasis_message_data(message)) : NULL;

	ao2_cleanup(message);
	return snapshot;
}

struct ast_endpoint_snapshot *ast_endpoint_latest_snapshot(const char *tech, const char *resource)
{
	char id[256];

	if (ast_strlen_zero(tech) || ast_strlen_zero(resource)) {
		return NULL;
	}
	snprintf(id, sizeof(id), "%s/%s", tech, resource);
	return latest(id);
}

struct ast_endpoint_snapshot *ast_endpoint_get_snapshot(struct ast_endpoint *endpoint)
{
	return endpoint ? latest(endpoint->id) : NULL;
}

struct ast_json *ast_endpoint_snapshot_to_json(const struct ast_endpoint_snapshot *snapshot,
	const struct stasis_message_sanitizer *sanitize)
{
	struct ast_json *ids = snapshot ? ast_json_array_create() : NULL, *told;
	int i;

	if (!ids) {
		return NULL;
	}
	for (i = 0; i < snapshot->num_channels; i++) {
		if (!sanitize || !sanitize->channel_id || !sanitize->channel_id(snapshot->channel_ids[i])) {
			ast_json_array_append(ids, ast_json_string_create(snapshot->channel_ids[i]));
		}
	}
	told = ast_json_pack("{s: s, s: s, s: s, s: o}", "technology", snapshot->tech, "resource", snapshot->resource,
		"state", ast_endpoint_state_to_string(snapshot->state), "channel_ids", ids);
	if (told && snapshot->max_channels != -1) {
		ast_json_object_set(told, "max_channels", ast_json_integer_create(snapshot->max_channels));
	}
	return told;
}

/* ---- endpoints ---- */

/* An endpoint of the list with that id, with a reference; NULL for none.  The list is locked. */
static struct ast_endpoint *find(const char *id)
{
	struct ast_endpoint *one;

	AST_LIST_TRAVERSE(&endpoints, one, list) {
		if (!strcmp(one->id, id) && asterism_object_revive(one)) {
			return one;
		}
	}
	return NULL;
}

struct ast_endpoint *ast_endpoint_find_by_id(const char *id)
{
	struct ast_endpoint *found;

	AST_LIST_LOCK(&endpoints);
	found = id ? find(id) : NULL;
	AST_LIST_UNLOCK(&endpoints);
	return found;
}

static void unlist(struct ast_endpoint *endpoint)
{
	AST_LIST_LOCK(&endpoints);
	AST_LIST_REMOVE(&endpoints, endpoint, list);
	AST_LIST_UNLOCK(&endpoints);
}

static void free_endpoint(void *object)
{
	struct ast_endpoint *endpoint = object;

	unlist(endpoint);
	stasis_forward_cancel(endpoint->to_technology);
	stasis_cp_single_unsubscribe(endpoint->topics);
	AST_VECTOR_CALLBACK_VOID(&endpoint->channels, free);
	AST_VECTOR_FREE(&endpoint->channels);
	free(endpoint->texts);
}

/* An endpoint that is not listed. */
static struct ast_endpoint *new_endpoint(const char *tech, const char *resource)
{
	size_t size = strlen(tech) + strlen(resource) + 2;
	struct ast_endpoint *endpoint = ao2_alloc(sizeof(*endpoint) + size, free_endpoint);
	char topic[300];

	if (!endpoint) {
		return NULL;
	}
	snprintf(endpoint->id, size, *resource ? "%s/%s" : "%s%s", tech, resource);
	snprintf(topic, sizeof(topic), "endpoint:%s", endpoint->id);
	endpoint->texts = strdup(tech);
	endpoint->tech = S_OR(endpoint->texts, "");
	endpoint->resource = *resource ? endpoint->id + strlen(tech) + 1 : "";
	endpoint->max_channels = -1;
	endpoint->topics = *resource ? stasis_cp_single_create(ast_endpoint_cache_all(), topic)
		: stasis_cp_sink_create(ast_endpoint_cache_all(), topic);
	if (!endpoint->texts || !endpoint->topics) {
		ao2_ref(endpoint, -1);
		return NULL;
	}
	stasis_cp_single_accept_message_type(endpoint->topics, ast_endpoint_snapshot_type());
	stasis_cp_single_set_filter(endpoint->topics, STASIS_SUBSCRIPTION_FILTER_SELECTIVE);
	return endpoint;
}

/* The endpoint that stands for a technology, made when there is none and kept from then on; without a reference. */
static struct ast_endpoint *technology_of(const char *tech)
{
	struct ast_endpoint *found;

	AST_LIST_LOCK(&endpoints);
	found = find(tech);
	if (found) {
		ao2_ref(found, -1);
	} else if ((found = new_endpoint(tech, ""))) {
		AST_LIST_INSERT_TAIL(&endpoints, found, list);
	}
	AST_LIST_UNLOCK(&endpoints);
	return found;
}

struct ast_endpoint *ast_endpoint_create(const char *tech, const char *resource)
{
	struct ast_endpoint *endpoint, *technology;

	if (ast_strlen_zero(tech) || ast_strlen_zero(resource)) {
		ast_log(LOG_ERROR, "an endpoint needs a technology and a resource\n");
		return NULL;
	}
	technology = technology_of(tech);
	endpoint = technology ? new_endpoint(tech, resource) : NULL;
	if (!endpoint) {
		return NULL;
	}
	endpoint->to_technology = stasis_forward_all(ast_endpoint_topic(endpoint), ast_endpoint_topic(technology));
	publish(endpoint);
	AST_LIST_LOCK(&endpoints);
	AST_LIST_INSERT_TAIL(&endpoints, endpoint, list);
	AST_LIST_UNLOCK(&endpoints);
	return endpoint;
}

void ast_endpoint_shutdown(struct ast_endpoint *endpoint)
{
	struct ast_endpoint_snapshot *snapshot;
	struct stasis_message *message, *clear;

	if (!endpoint) {
		return;
	}
	unlist(endpoint);
	endpoint->to_technology = stasis_forward_cancel(endpoint->to_technology);
	snapshot = ast_endpoint_snapshot_create(endpoint);
	message = snapshot ? stasis_message_create(ast_endpoint_snapshot_type(), snapshot) : NULL;
	clear = message ? stasis_cache_clear_create(message) : NULL;
	stasis_publish(ast_endpoint_topic(endpoint), clear);
	ao2_cleanup(clear);
	ao2_cleanup(message);
	ao2_cleanup(snapshot);
	ao2_ref(endpoint, -1);
}

const char *ast_endpoint_get_tech(const struct ast_endpoint *endpoint)
{
	return endpoint ? endpoint->tech : NULL;
}

const char *ast_endpoint_get_resource(const struct ast_endpoint *endpoint)
{
	return endpoint ? endpoint->resource : NULL;
}

const char *ast_endpoint_get_id(const struct ast_endpoint *endpoint)
{
	return endpoint ? endpoint->id : NULL;
}

enum ast_endpoint_state ast_endpoint_get_state(const struct ast_endpoint *endpoint)
{
	return endpoint ? endpoint->state : AST_ENDPOINT_UNKNOWN;
}

struct stasis_topic *ast_endpoint_topic(struct ast_endpoint *endpoint)
{
	return endpoint ? stasis_cp_single_topic(endpoint->topics) : ast_endpoint_topic_all();
}

struct stasis_topic *ast_endpoint_topic_cached(struct ast_endpoint *endpoint)
{
	return endpoint ? stasis_cp_single_topic_cached(endpoint->topics) : ast_endpoint_topic_all_cached();
}

void ast_endpoint_set_state(struct ast_endpoint *endpoint, enum ast_endpoint_state state)
{
	if (endpoint) {
		ao2_lock(endpoint);
		endpoint->state = state;
		ao2_unlock(endpoint);
		publish(endpoint);
	}
}

void ast_endpoint_set_max_channels(struct ast_endpoint *endpoint, int max_channels)
{
	if (endpoint) {
		ao2_lock(endpoint);
		endpoint->max_channels = max_channels;
		ao2_unlock(endpoint);
		publish(endpoint);
	}
}

/* ---- channels of endpoints ---- */

int ast_endpoint_add_channel(struct ast_endpoint *endpoint, struct ast_channel *chan)
{
	struct asterism_attached *attached = endpoint ? asterism_channel_attached(chan, __func__) : NULL;
	char *id = attached ? strdup(ast_channel_uniqueid(chan)) : NULL;

	if (!id) {
		return -1;
	}
	ao2_lock(chan);
	stasis_forward_cancel(attached->to_endpoint);
	attached->to_endpoint = stasis_forward_all(ast_channel_topic(chan), ast_endpoint_topic(endpoint));
	ao2_replace(attached->endpoint, endpoint);
	ao2_unlock(chan);
	ao2_lock(endpoint);
	if (AST_VECTOR_APPEND(&endpoint->channels, id)) {
		free(id);
	}
	ao2_unlock(endpoint);
	publish(endpoint);
	return 0;
}

int ast_endpoint_remove_channel(struct ast_endpoint *endpoint, struct ast_channel *chan)
{
	const char *uniqueid = endpoint && chan ? ast_channel_uniqueid(chan) : NULL;
	char *removed = NULL;
	size_t i;

	if (!uniqueid) {
		return -1;
	}
	ao2_lock(endpoint);
	for (i = 0; i < AST_VECTOR_SIZE(&endpoint->channels) && !removed; i++) {
		if (!strcmp(AST_VECTOR_GET(&endpoint->channels, i), uniqueid)) {
			removed = AST_VECTOR_REMOVE(&endpoint->channels, i, 1);
		}
	}
	ao2_unlock(endpoint);
	if (removed) {
		publish(endpoint);
	}
	free(removed);
	return removed ? 0 : -1;
}

void asterism_endpoint_left(struct ast_channel *chan)
{
	struct asterism_attached *attached = asterism_channel_attached(chan, __func__);
	struct ast_endpoint *endpoint = NULL;

	if (attached) {
		ao2_lock(chan);
		endpoint = ao2_bump(attached->endpoint);
		ao2_unlock(chan);
	}
	if (endpoint) {
		ast_endpoint_remove_channel(endpoint, chan);
		ao2_ref(endpoint, -1);
	}
}

/* ---- messages ---- */

static void free_blob(void *object)
{
	struct ast_endpoint_blob *blob = object;

	ao2_cleanup(blob->snapshot);
	ast_json_unref(blob->blob);
}

struct stasis_message *ast_endpoint_blob_create(struct ast_endpoint *endpoint, struct stasis_message_type *type,
	struct ast_json *blob)
{
	struct ast_endpoint_blob *made_blob = type
		? ao2_alloc_options(sizeof(*made_blob), free_blob, AO2_ALLOC_OPT_LOCK_NOLOCK) : NULL;
	struct stasis_message *message;

	if (!made_blob) {
		return NULL;
	}
	made_blob->snapshot = ast_endpoint_snapshot_create(endpoint);
	made_blob->blob = blob ? ast_json_ref(blob) : ast_json_null();
	message = stasis_message_create(type, made_blob);
	ao2_ref(made_blob, -1);
	return message;
}

void ast_endpoint_blob_publish(struct ast_endpoint *endpoint, struct stasis_message_type *type, struct ast_json *blob)
{
	struct stasis_message *message = ast_endpoint_blob_create(endpoint, type, blob);

	stasis_publish(ast_endpoint_topic(endpoint), message);
	ao2_cleanup(message);
}

/* An event of ARI: its type and time, the endpoint, and what happened under a name. */
static struct ast_json *event_of(struct stasis_message *message, const char *type, const char *name)
{
	const struct ast_endpoint_blob *blob = stasis_message_data(message);

	return blob->snapshot ? ast_json_pack("{s: s, s: o, s: o, s: O}", "type", type, "timestamp",
		ast_json_timeval(*stasis_message_timestamp(message), NULL), "endpoint",
		ast_endpoint_snapshot_to_json(blob->snapshot, NULL), name, blob->blob) : NULL;
}

static struct ast_json *state_to_json(struct stasis_message *message, const struct stasis_message_sanitizer *sanitize)
{
	(void) sanitize;
	return event_of(message, "PeerStatusChange", "peer");
}

static struct ast_json *contact_to_json(struct stasis_message *message, const struct stasis_message_sanitizer *sanitize)
{
	(void) sanitize;
	return event_of(message, "ContactStatusChange", "contact_info");
}

/* A line for each text of the blob, its name in the style of the manager; peer_status is PeerStatus. */
static void append_lines(struct ast_str **lines, struct ast_json *blob)
{
	struct ast_json_iter *iter;

	for (iter = ast_json_object_iter(blob); iter; iter = ast_json_object_iter_next(blob, iter)) {
		const char *at, *text = ast_json_string_get(ast_json_object_iter_value(iter));
		int is_begin = 1;

		for (at = ast_json_object_iter_key(iter); *at && text; at++) {
			if (*at != '_') {
				ast_str_append(lines, 0, "%c", is_begin ? toupper(*at) : *at);
			}
			is_begin = *at == '_';
		}
		if (text) {
			ast_str_append(lines, 0, ": %s\r\n", text);
		}
	}
}

/* An event about an endpoint, which the header of that name tells behind its technology. */
static struct ast_manager_event_blob *told_as(struct stasis_message *message, const char *event, const char *header)
{
	const struct ast_endpoint_blob *blob = stasis_message_data(message);
	struct ast_str *lines = blob->snapshot ? ast_str_create(256) : NULL;
	struct ast_manager_event_blob *made_event = NULL;

	if (lines) {
		ast_str_set(&lines, 0, "ChannelType: %s\r\n%s: %s\r\n", blob->snapshot->tech, header, blob->snapshot->id);
		append_lines(&lines, blob->blob);
		made_event = ast_manager_event_blob_create(EVENT_FLAG_SYSTEM, event, "%s", ast_str_buffer(lines));
		ast_free(lines);
	}
	return made_event;
}

static struct ast_manager_event_blob *state_to_ami(struct stasis_message *message)
{
	return told_as(message, "PeerStatus", "Peer");
}

static struct ast_manager_event_blob *contact_to_ami(struct stasis_message *message)
{
	return told_as(message, "ContactStatus", "Endpoint");
}

ASTERISM_CORE_TYPE(ast_endpoint_snapshot_type)
ASTERISM_CORE_TYPE(ast_endpoint_state_type, .to_json = state_to_json, .to_ami = state_to_ami)
ASTERISM_CORE_TYPE(ast_endpoint_contact_state_type, .to_json = contact_to_json, .to_ami = contact_to_ami)
