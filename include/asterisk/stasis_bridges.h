/*
 * What is told of bridges: snapshots, and messages with them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_STASIS_BRIDGES_H
#define ASTERISM_STASIS_BRIDGES_H

#include "asterisk/bridge.h"
#include "asterisk/json.h"
#include "asterisk/pbx.h"
#include "asterisk/stasis.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The state of a bridge before and after; NULL for before the first and after the last. */
struct ast_bridge_snapshot_update {
	struct ast_bridge_snapshot *old_snapshot;
	struct ast_bridge_snapshot *new_snapshot;
};

/* The state now, with a reference; NULL for NULL. */
struct ast_bridge_snapshot *ast_bridge_snapshot_create(struct ast_bridge *bridge);
/* Messages with struct ast_bridge_snapshot_update. */
struct stasis_message_type *ast_bridge_snapshot_type(void);
/* The topic of a bridge, of all bridges; whether a bridge of this unique id has one. */
struct stasis_topic *ast_bridge_topic(struct ast_bridge *bridge);
struct stasis_topic *ast_bridge_topic_all(void);
int ast_bridge_topic_exists(const char *uniqueid);
/* Tells of the state of a bridge. */
void ast_bridge_publish_state(struct ast_bridge *bridge);

struct ast_bridge_merge_message {
	struct ast_bridge_snapshot *from;
	struct ast_bridge_snapshot *to;
};
struct stasis_message_type *ast_bridge_merge_message_type(void);
void ast_bridge_publish_merge(struct ast_bridge *to, struct ast_bridge *from);

/* A bridge, a channel or NULL, and more or NULL. */
struct ast_bridge_blob {
	struct ast_bridge_snapshot *bridge;
	struct ast_channel_snapshot *channel;
	struct ast_json *blob;
};
struct stasis_message_type *ast_channel_entered_bridge_type(void);
struct stasis_message_type *ast_channel_left_bridge_type(void);
/* Messages with struct ast_bridge_blob; NULL without a type. */
struct stasis_message *ast_bridge_blob_create(struct stasis_message_type *type, struct ast_bridge *bridge,
	struct ast_channel *chan, struct ast_json *blob);
struct stasis_message *ast_bridge_blob_create_from_snapshots(struct stasis_message_type *type,
	struct ast_bridge_snapshot *bridge_snapshot, struct ast_channel_snapshot *chan_snapshot, struct ast_json *blob);
void ast_bridge_publish_enter(struct ast_bridge *bridge, struct ast_channel *chan, struct ast_channel *swap);
void ast_bridge_publish_leave(struct ast_bridge *bridge, struct ast_channel *chan);
struct ast_json *ast_bridge_snapshot_to_json(const struct ast_bridge_snapshot *snapshot,
	const struct stasis_message_sanitizer *sanitize);
struct ast_bridge_channel_snapshot_pair {
	struct ast_bridge_snapshot *bridge_snapshot;
	struct ast_channel_snapshot *channel_snapshot;
};

struct stasis_message_type *ast_blind_transfer_type(void);
struct ast_blind_transfer_message {
	enum ast_transfer_result result;
	int is_external;
	struct ast_channel_snapshot *transferer;
	struct ast_bridge_snapshot *bridge;
	char context[AST_MAX_CONTEXT];
	char exten[AST_MAX_EXTENSION];
	struct ast_channel_snapshot *transferee;
	struct ast_channel_snapshot *replace_channel;
};
enum ast_attended_transfer_dest_type {
	AST_ATTENDED_TRANSFER_DEST_FAIL,
	AST_ATTENDED_TRANSFER_DEST_BRIDGE_MERGE,
	AST_ATTENDED_TRANSFER_DEST_APP,
	AST_ATTENDED_TRANSFER_DEST_LOCAL_APP,
	AST_ATTENDED_TRANSFER_DEST_LINK,
	AST_ATTENDED_TRANSFER_DEST_THREEWAY,
};
struct ast_attended_transfer_message {
	enum ast_transfer_result result;
	int is_external;
	struct ast_bridge_channel_snapshot_pair to_transferee;
	struct ast_bridge_channel_snapshot_pair to_transfer_target;
	struct ast_channel_snapshot *replace_channel;
	struct ast_channel_snapshot *transferee;
	struct ast_channel_snapshot *target;
	enum ast_attended_transfer_dest_type dest_type;
	union {
		char bridge[AST_UUID_STR_LEN];
		char app[AST_MAX_APP];
		struct ast_channel_snapshot *links[2];
		struct ast_bridge_channel_snapshot_pair threeway;
	} dest;
};
struct stasis_message_type *ast_attended_transfer_type(void);

/* The last state that was told, with a reference. */
struct ast_bridge_snapshot *ast_bridge_get_snapshot_by_uniqueid(const char *bridge_id);
struct ast_bridge_snapshot *ast_bridge_get_snapshot(struct ast_bridge *bridge);

#ifdef __cplusplus
}
#endif

#endif
