/*
 * Messages about endpoints.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_STASIS_ENDPOINTS_H
#define ASTERISM_STASIS_ENDPOINTS_H

#include "asterisk/endpoints.h"
#include "asterisk/stasis.h"
#include "asterisk/stasis_cache_pattern.h"
#include "asterisk/stringfields.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An endpoint at a time: an object that is not changed; laid out as in Asterisk 20 and later. */
struct ast_endpoint_snapshot {
	AST_DECLARE_STRING_FIELDS(
	AST_STRING_FIELD(id);
	AST_STRING_FIELD(tech);
	AST_STRING_FIELD(resource);
	);
	enum ast_endpoint_state state;
	int max_channels;
	int num_channels;
	char *channel_ids[];
};

/* The data of a message about an endpoint. */
struct ast_endpoint_blob {
	struct ast_endpoint_snapshot *snapshot;
	struct ast_json *blob;
};

/* A message about an endpoint with a snapshot and JSON (NULL: none); and its publication. */
struct stasis_message *ast_endpoint_blob_create(struct ast_endpoint *endpoint, struct stasis_message_type *type,
	struct ast_json *blob);
void ast_endpoint_blob_publish(struct ast_endpoint *endpoint, struct stasis_message_type *type, struct ast_json *blob);
/* The types: of snapshots, and of what happens to an endpoint and to its contacts. */
struct stasis_message_type *ast_endpoint_snapshot_type(void);
struct stasis_message_type *ast_endpoint_state_type(void);
struct stasis_message_type *ast_endpoint_contact_state_type(void);
struct ast_endpoint_snapshot *ast_endpoint_snapshot_create(struct ast_endpoint *endpoint);
/* The topics of an endpoint, and those of all; and those where changes of the cache are published. */
struct stasis_topic *ast_endpoint_topic(struct ast_endpoint *endpoint);
struct stasis_topic *ast_endpoint_topic_cached(struct ast_endpoint *endpoint);
struct stasis_topic *ast_endpoint_topic_all(void);
struct stasis_topic *ast_endpoint_topic_all_cached(void);
struct stasis_cp_all *ast_endpoint_cache_all(void);
struct stasis_cache *ast_endpoint_cache(void);
/* The snapshot that is kept, with a reference, or NULL. */
struct ast_endpoint_snapshot *ast_endpoint_latest_snapshot(const char *tech, const char *resource);
/* As ARI shows it; NULL for NULL. */
struct ast_json *ast_endpoint_snapshot_to_json(const struct ast_endpoint_snapshot *snapshot,
	const struct stasis_message_sanitizer *sanitize);

#ifdef __cplusplus
}
#endif

#endif
