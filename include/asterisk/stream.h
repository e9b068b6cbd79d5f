/*
 * Streams of media and their topologies: what a channel sends and receives, as descriptions.
 *
 * A stream and a topology have one owner each; a topology frees its streams.  NULL gives NULL, 0 or -1.  The negotiation of codecs
 * (ast_stream_create_resolved and its like) is not here.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_STREAM_H
#define ASTERISM_STREAM_H

#include "asterisk/codec.h"
#include "asterisk/config.h"
#include "asterisk/strings.h"
#include "asterisk/vector.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ast_format_cap;
struct ast_rtp_codecs;
struct ast_stream;
struct ast_stream_topology;

enum ast_stream_state {
	AST_STREAM_STATE_REMOVED = 0,
	AST_STREAM_STATE_SENDRECV,
	AST_STREAM_STATE_SENDONLY,
	AST_STREAM_STATE_RECVONLY,
	AST_STREAM_STATE_INACTIVE,
	AST_STREAM_STATE_END
};

/* "removed", "sendrecv", "sendonly", "recvonly", "inactive": by state; a state in words; and back, inactive for other words. */
extern const char *ast_stream_state_map[AST_STREAM_STATE_END];
const char *ast_stream_state2str(enum ast_stream_state state);
enum ast_stream_state ast_stream_str2state(const char *str);
#define ast_stream_state_to_str(stream_state) ast_stream_state2str(stream_state)

/* A stream with a name (NULL: none) and a type, inactive; a copy, with another name unless NULL. */
struct ast_stream *ast_stream_alloc(const char *name, enum ast_media_type type);
void ast_stream_free(struct ast_stream *stream);
struct ast_stream *ast_stream_clone(const struct ast_stream *stream, const char *name);
const char *ast_stream_get_name(const struct ast_stream *stream);
enum ast_media_type ast_stream_get_type(const struct ast_stream *stream);
void ast_stream_set_type(struct ast_stream *stream, enum ast_media_type type);
enum ast_stream_state ast_stream_get_state(const struct ast_stream *stream);
void ast_stream_set_state(struct ast_stream *stream, enum ast_stream_state state);
/* The formats, without a reference, or NULL; set takes its own reference. */
const struct ast_format_cap *ast_stream_get_formats(const struct ast_stream *stream);
void ast_stream_set_formats(struct ast_stream *stream, struct ast_format_cap *caps);
int ast_stream_get_format_count(const struct ast_stream *stream);
/* The place in its topology, from 0 on; the group of streams that belong together, or -1. */
int ast_stream_get_position(const struct ast_stream *stream);
int ast_stream_get_group(const struct ast_stream *stream);
void ast_stream_set_group(struct ast_stream *stream, int group);
/* Texts by key: the text or NULL; a list to be destroyed; set replaces, and removes with NULL: 0, or -1. */
const char *ast_stream_get_metadata(const struct ast_stream *stream, const char *m_key);
struct ast_variable *ast_stream_get_metadata_list(const struct ast_stream *stream);
int ast_stream_set_metadata(struct ast_stream *stream, const char *m_key, const char *value);
/* Only kept. */
struct ast_rtp_codecs *ast_stream_get_rtp_codecs(const struct ast_stream *stream);
void ast_stream_set_rtp_codecs(struct ast_stream *stream, struct ast_rtp_codecs *rtp_codecs);
/* Appends a description: the text. */
const char *ast_stream_to_str(const struct ast_stream *stream, struct ast_str **buf);
const char *ast_stream_topology_to_str(const struct ast_stream_topology *topology, struct ast_str **buf);
#define ast_stream_to_stra(__stream) ast_str_tmp(128, ast_stream_to_str((__stream), &STR_TMP))
#define ast_stream_topology_to_stra(__topology) ast_str_tmp(256, ast_stream_topology_to_str((__topology), &STR_TMP))

struct ast_stream_topology *ast_stream_topology_alloc(void);
void ast_stream_topology_free(struct ast_stream_topology *topology);
struct ast_stream_topology *ast_stream_topology_clone(const struct ast_stream_topology *topology);
/* 1 when number, types, states, formats and names of streams are the same. */
int ast_stream_topology_equal(const struct ast_stream_topology *left, const struct ast_stream_topology *right);
/* Appends a stream, which belongs to the topology from then on: its place, or -1.  set replaces, or appends one: 0, or -1. */
int ast_stream_topology_append_stream(struct ast_stream_topology *topology, struct ast_stream *stream);
int ast_stream_topology_set_stream(struct ast_stream_topology *topology, unsigned int position, struct ast_stream
	*stream);
int ast_stream_topology_del_stream(struct ast_stream_topology *topology, unsigned int position);
/* How many streams there are, and how many are not removed; one of them, or NULL. */
int ast_stream_topology_get_count(const struct ast_stream_topology *topology);
int ast_stream_topology_get_active_count(const struct ast_stream_topology *topology);
struct ast_stream *ast_stream_topology_get_stream(const struct ast_stream_topology *topology, unsigned int position);
struct ast_stream *ast_stream_topology_get_first_stream_by_type(const struct ast_stream_topology *topology,
	enum ast_media_type type);
/* A topology with a stream for each type of media of formats; the formats of all, or of a type, with a reference. */
struct ast_stream_topology *ast_stream_topology_create_from_format_cap(struct ast_format_cap *cap);
struct ast_format_cap *ast_stream_topology_get_formats(struct ast_stream_topology *topology);
struct ast_format_cap *ast_stream_topology_get_formats_by_type(struct ast_stream_topology *topology,
	enum ast_media_type type);
/* Maps streams to the places of a list of types, which grows as needed: v0 from streams to places, v1 back. */
void ast_stream_topology_map(const struct ast_stream_topology *topology, struct ast_vector_int *types,
	struct ast_vector_int *v0, struct ast_vector_int *v1);

#ifdef __cplusplus
}
#endif

#endif
