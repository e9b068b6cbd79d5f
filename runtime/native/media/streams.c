/*
 * Streams of media and their topologies (asterisk/stream.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/astobj2.h"
#include "asterisk/format_cap.h"
#include "asterisk/stream.h"

struct ast_stream {
	char *name;
	enum ast_media_type type;
	enum ast_stream_state state;
	struct ast_format_cap *formats;
	struct ast_variable *metadata;
	struct ast_rtp_codecs *codecs;
	int position;
	int group;	/* -1 for none. */
};

struct ast_stream_topology {
	AST_VECTOR(, struct ast_stream *) streams;
};

const char *ast_stream_state_map[AST_STREAM_STATE_END] = {
	[AST_STREAM_STATE_REMOVED] = "removed",
	[AST_STREAM_STATE_SENDRECV] = "sendrecv",
	[AST_STREAM_STATE_SENDONLY] = "sendonly",
	[AST_STREAM_STATE_RECVONLY] = "recvonly",
	[AST_STREAM_STATE_INACTIVE] = "inactive",
};

const char *ast_stream_state2str(enum ast_stream_state state)
{
	return (unsigned int) state < AST_STREAM_STATE_END ? ast_stream_state_map[state] : "<unknown>";
}

enum ast_stream_state ast_stream_str2state(const char *str)
{
	int state;

	for (state = 0; str && state < AST_STREAM_STATE_END; state++) {
		if (!strcmp(ast_stream_state_map[state], str)) {
			return (enum ast_stream_state) state;
		}
	}
	return AST_STREAM_STATE_INACTIVE;
}

/* ---- streams ---- */

struct ast_stream *ast_stream_alloc(const char *name, enum ast_media_type type)
{
	struct ast_stream *stream = ast_calloc(1, sizeof(*stream));

	if (stream) {
		stream->name = ast_strdup(S_OR(name, ""));
		stream->type = type;
		stream->state = AST_STREAM_STATE_INACTIVE;
		stream->group = -1;
	}
	if (stream && !stream->name) {
		ast_free(stream);
		return NULL;
	}
	return stream;
}

void ast_stream_free(struct ast_stream *stream)
{
	if (stream) {
		ao2_cleanup(stream->formats);
		ast_variables_destroy(stream->metadata);
		ast_free(stream->name);
		ast_free(stream);
	}
}

struct ast_stream *ast_stream_clone(const struct ast_stream *stream, const char *name)
{
	struct ast_stream *copy = stream ? ast_stream_alloc(name ? name : stream->name, stream->type) : NULL;

	if (copy) {
		copy->state = stream->state;
		copy->group = stream->group;
		copy->position = stream->position;
		copy->formats = ao2_bump(stream->formats);
		copy->metadata = ast_variables_dup(stream->metadata);
	}
	return copy;
}

const char *ast_stream_get_name(const struct ast_stream *stream)
{
	return stream ? stream->name : NULL;
}

enum ast_media_type ast_stream_get_type(const struct ast_stream *stream)
{
	return stream ? stream->type : AST_MEDIA_TYPE_UNKNOWN;
}

void ast_stream_set_type(struct ast_stream *stream, enum ast_media_type type)
{
	stream->type = type;
}

enum ast_stream_state ast_stream_get_state(const struct ast_stream *stream)
{
	return stream ? stream->state : AST_STREAM_STATE_REMOVED;
}

void ast_stream_set_state(struct ast_stream *stream, enum ast_stream_state state)
{
	stream->state = state;
}

const struct ast_format_cap *ast_stream_get_formats(const struct ast_stream *stream)
{
	return stream ? stream->formats : NULL;
}

void ast_stream_set_formats(struct ast_stream *stream, struct ast_format_cap *caps)
{
	ao2_replace(stream->formats, caps);
}

int ast_stream_get_format_count(const struct ast_stream *stream)
{
	return stream && stream->formats ? (int) ast_format_cap_count(stream->formats) : 0;
}

int ast_stream_get_position(const struct ast_stream *stream)
{
	return stream ? stream->position : -1;
}

int ast_stream_get_group(const struct ast_stream *stream)
{
	return stream ? stream->group : -1;
}

void ast_stream_set_group(struct ast_stream *stream, int group)
{
	stream->group = group;
}

const char *ast_stream_get_metadata(const struct ast_stream *stream, const char *m_key)
{
	return stream && m_key ? ast_variable_find_in_list(stream->metadata, m_key) : NULL;
}

struct ast_variable *ast_stream_get_metadata_list(const struct ast_stream *stream)
{
	return stream ? ast_variables_dup(stream->metadata) : NULL;
}

int ast_stream_set_metadata(struct ast_stream *stream, const char *m_key, const char *value)
{
	struct ast_variable **at, *old, *added = NULL;

	if (!stream || !m_key || (value && !(added = ast_variable_new(m_key, value, "")))) {
		return -1;
	}
	for (at = &stream->metadata; *at && strcmp((*at)->name, m_key); at = &(*at)->next) {
	}
	old = *at;
	if (added) {
		added->next = old ? old->next : NULL;
		*at = added;
	} else if (old) {
		*at = old->next;
	}
	if (old) {
		old->next = NULL;
		ast_variables_destroy(old);
	}
	return 0;
}

struct ast_rtp_codecs *ast_stream_get_rtp_codecs(const struct ast_stream *stream)
{
	return stream ? stream->codecs : NULL;
}

void ast_stream_set_rtp_codecs(struct ast_stream *stream, struct ast_rtp_codecs *rtp_codecs)
{
	stream->codecs = rtp_codecs;
}

const char *ast_stream_to_str(const struct ast_stream *stream, struct ast_str **buf)
{
	if (!buf || !*buf) {
		return "";
	}
	if (!stream) {
		ast_str_append(buf, 0, "(null stream)");
		return ast_str_buffer(*buf);
	}
	ast_str_append(buf, 0, "%d:%s:%s:%s ", stream->position, S_OR(stream->name, "noname"),
		ast_codec_media_type2str(stream->type), ast_stream_state2str(stream->state));
	ast_format_cap_append_names(stream->formats, buf);
	return ast_str_buffer(*buf);
}

/* ---- topologies ---- */

struct ast_stream_topology *ast_stream_topology_alloc(void)
{
	struct ast_stream_topology *topology = ao2_alloc_options(sizeof(*topology), NULL, AO2_ALLOC_OPT_LOCK_NOLOCK);

	if (topology && AST_VECTOR_INIT(&topology->streams, 2)) {
		ao2_ref(topology, -1);
		return NULL;
	}
	return topology;
}

void ast_stream_topology_free(struct ast_stream_topology *topology)
{
	if (topology) {
		AST_VECTOR_CALLBACK_VOID(&topology->streams, ast_stream_free);
		AST_VECTOR_FREE(&topology->streams);
		ao2_ref(topology, -1);
	}
}

int ast_stream_topology_get_count(const struct ast_stream_topology *topology)
{
	return topology ? (int) AST_VECTOR_SIZE(&topology->streams) : 0;
}

struct ast_stream *ast_stream_topology_get_stream(const struct ast_stream_topology *topology, unsigned int position)
{
	return topology && position < AST_VECTOR_SIZE(&topology->streams) ? AST_VECTOR_GET(&topology->streams, position)
		: NULL;
}

#define EACH_STREAM(topology, at, stream) \
	for (at = 0; (stream = ast_stream_topology_get_stream((topology), at)); at++)

int ast_stream_topology_get_active_count(const struct ast_stream_topology *topology)
{
	const struct ast_stream *stream;
	unsigned int at;
	int count = 0;

	EACH_STREAM(topology, at, stream) {
		count += stream->state != AST_STREAM_STATE_REMOVED;
	}
	return count;
}

struct ast_stream *ast_stream_topology_get_first_stream_by_type(const struct ast_stream_topology *topology,
	enum ast_media_type type)
{
	struct ast_stream *stream;
	unsigned int at;

	EACH_STREAM(topology, at, stream) {
		if (stream->type == type && stream->state != AST_STREAM_STATE_REMOVED) {
			return stream;
		}
	}
	return NULL;
}

/* A stream without a name gets one of its type and place. */
static void name_stream(struct ast_stream *stream)
{
	char name[32];

	if (ast_strlen_zero(stream->name)) {
		snprintf(name, sizeof(name), "%s-%d", ast_codec_media_type2str(stream->type), stream->position);
		ast_free(stream->name);
		stream->name = ast_strdup(name);
	}
}

int ast_stream_topology_append_stream(struct ast_stream_topology *topology, struct ast_stream *stream)
{
	if (!topology || !stream || AST_VECTOR_APPEND(&topology->streams, stream)) {
		return -1;
	}
	stream->position = (int) AST_VECTOR_SIZE(&topology->streams) - 1;
	name_stream(stream);
	return stream->position;
}

int ast_stream_topology_set_stream(struct ast_stream_topology *topology, unsigned int position, struct ast_stream *stream)
{
	if (!topology || !stream || position > AST_VECTOR_SIZE(&topology->streams)) {
		return -1;
	}
	if (position == AST_VECTOR_SIZE(&topology->streams)) {
		return ast_stream_topology_append_stream(topology, stream) < 0 ? -1 : 0;
	}
	if (AST_VECTOR_GET(&topology->streams, position) != stream) {
		ast_stream_free(AST_VECTOR_GET(&topology->streams, position));
	}
	AST_VECTOR_GET(&topology->streams, position) = stream;
	stream->position = (int) position;
	name_stream(stream);
	return 0;
}

int ast_stream_topology_del_stream(struct ast_stream_topology *topology, unsigned int position)
{
	struct ast_stream *stream = ast_stream_topology_get_stream(topology, position);
	unsigned int at;

	if (!stream) {
		return -1;
	}
	ast_stream_free(AST_VECTOR_REMOVE_ORDERED(&topology->streams, position));
	EACH_STREAM(topology, at, stream) {
		stream->position = (int) at;
	}
	return 0;
}

struct ast_stream_topology *ast_stream_topology_clone(const struct ast_stream_topology *topology)
{
	struct ast_stream_topology *copy = topology ? ast_stream_topology_alloc() : NULL;
	const struct ast_stream *stream;
	unsigned int at;

	EACH_STREAM(copy ? topology : NULL, at, stream) {
		struct ast_stream *one = ast_stream_clone(stream, NULL);

		if (ast_stream_topology_append_stream(copy, one) < 0) {
			ast_stream_free(one);
			ast_stream_topology_free(copy);
			return NULL;
		}
	}
	return copy;
}

/* No formats are the same as a set without any. */
static int are_same_formats(const struct ast_format_cap *left, const struct ast_format_cap *right)
{
	if (!left || !right) {
		const struct ast_format_cap *only = left ? left : right;

		return !only || ast_format_cap_empty(only);
	}
	return ast_format_cap_identical(left, right);
}

int ast_stream_topology_equal(const struct ast_stream_topology *left, const struct ast_stream_topology *right)
{
	const struct ast_stream *one, *other;
	unsigned int at;

	if (ast_stream_topology_get_count(left) != ast_stream_topology_get_count(right)) {
		return 0;
	}
	EACH_STREAM(left, at, one) {
		other = ast_stream_topology_get_stream(right, at);
		if (one->type != other->type || one->state != other->state || strcmp(one->name, other->name)
			|| !are_same_formats(one->formats, other->formats)) {
			return 0;
		}
	}
	return 1;
}

/* The formats of a type among those, in a new set; NULL when out of memory. */
static struct ast_format_cap *formats_of_type(const struct ast_format_cap *formats, enum ast_media_type type)
{
	struct ast_format_cap *some = ast_format_cap_alloc(AST_FORMAT_CAP_FLAG_DEFAULT);

	if (some && formats) {
		ast_format_cap_set_framing(some, ast_format_cap_get_framing(formats));
		ast_format_cap_append_from_cap(some, formats, type);
	}
	return some;
}

struct ast_stream_topology *ast_stream_topology_create_from_format_cap(struct ast_format_cap *cap)
{
	struct ast_stream_topology *topology = ast_stream_topology_alloc();
	int type;

	for (type = AST_MEDIA_TYPE_UNKNOWN + 1; topology && cap && type < AST_MEDIA_TYPE_END; type++) {
		struct ast_stream *stream;

		if (!ast_format_cap_has_type(cap, (enum ast_media_type) type)) {
			continue;
		}
		stream = ast_stream_alloc(NULL, (enum ast_media_type) type);
		if (ast_stream_topology_append_stream(topology, stream) < 0) {
			ast_stream_free(stream);
			ast_stream_topology_free(topology);
			return NULL;
		}
		stream->state = AST_STREAM_STATE_SENDRECV;
		stream->formats = formats_of_type(cap, (enum ast_media_type) type);
	}
	return topology;
}

struct ast_format_cap *ast_stream_topology_get_formats_by_type(struct ast_stream_topology *topology,
	enum ast_media_type type)
{
	struct ast_format_cap *all = topology ? ast_format_cap_alloc(AST_FORMAT_CAP_FLAG_DEFAULT) : NULL;
	const struct ast_stream *stream;
	unsigned int at;

	EACH_STREAM(all ? topology : NULL, at, stream) {
		if (stream->formats && stream->state != AST_STREAM_STATE_REMOVED
			&& (type == AST_MEDIA_TYPE_UNKNOWN || stream->type == type)) {
			ast_format_cap_append_from_cap(all, stream->formats, AST_MEDIA_TYPE_UNKNOWN);
		}
	}
	return all;
}

struct ast_format_cap *ast_stream_topology_get_formats(struct ast_stream_topology *topology)
{
	return ast_stream_topology_get_formats_by_type(topology, AST_MEDIA_TYPE_UNKNOWN);
}

const char *ast_stream_topology_to_str(const struct ast_stream_topology *topology, struct ast_str **buf)
{
	const struct ast_stream *stream;
	unsigned int at;

	if (!buf || !*buf) {
		return "";
	}
	if (!topology) {
		ast_str_append(buf, 0, "(null topology)");
	}
	EACH_STREAM(topology, at, stream) {
		ast_str_append(buf, 0, " <");
		ast_stream_to_str(stream, buf);
		ast_str_append(buf, 0, ">");
	}
	return ast_str_buffer(*buf);
}

/* The place of the nth element of that value, counted from 1; -1 for none. */
static int nth_place(const struct ast_vector_int *values, int nth, int value)
{
	size_t at;

	for (at = 0; at < AST_VECTOR_SIZE(values); at++) {
		if (AST_VECTOR_GET(values, at) == value && !--nth) {
			return (int) at;
		}
	}
	return -1;
}

void ast_stream_topology_map(const struct ast_stream_topology *topology, struct ast_vector_int *types,
	struct ast_vector_int *v0, struct ast_vector_int *v1)
{
	int counts[AST_MEDIA_TYPE_END] = { 0 }, place;
	const struct ast_stream *stream;
	unsigned int at;

	AST_VECTOR_FREE(v0);
	AST_VECTOR_FREE(v1);
	AST_VECTOR_INIT(v0, (size_t) ast_stream_topology_get_count(topology));
	AST_VECTOR_INIT(v1, (size_t) ast_stream_topology_get_count(topology));
	EACH_STREAM(topology, at, stream) {
		place = nth_place(types, ++counts[stream->type], (int) stream->type);
		if (place < 0) {
			AST_VECTOR_APPEND(types, (int) stream->type);
			place = (int) AST_VECTOR_SIZE(types) - 1;
		}
		AST_VECTOR_REPLACE(v0, at, place);
		AST_VECTOR_REPLACE(v1, (size_t) place, (int) at);
	}
}
