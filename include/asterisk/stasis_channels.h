/*
 * Messages about channels: snapshots, and events with a snapshot.
 *
 * A snapshot is a copy of what a channel is at a time, an object of astobj2.h that is not changed.  The core publishes one when
 * a module creates a channel, sets its state or its parties, or hangs up, and when a module asks for it; not at each step of
 * the dialplan.  Every part of a snapshot is its own: a part is never shared with an earlier snapshot.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_STASIS_CHANNELS_H
#define ASTERISM_STASIS_CHANNELS_H

#include "asterisk/channel.h"
#include "asterisk/json.h"
#include "asterisk/stasis.h"
#include "asterisk/stringfields.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Accepted by ast_channel_snapshot_invalidate_segment, which has nothing to do. */
enum ast_channel_snapshot_segment_invalidation {
	AST_CHANNEL_SNAPSHOT_INVALIDATE_BRIDGE = (1 << 1),
	AST_CHANNEL_SNAPSHOT_INVALIDATE_DIALPLAN = (1 << 2),
	AST_CHANNEL_SNAPSHOT_INVALIDATE_CONNECTED = (1 << 3),
	AST_CHANNEL_SNAPSHOT_INVALIDATE_CALLER = (1 << 4),
	AST_CHANNEL_SNAPSHOT_INVALIDATE_HANGUP = (1 << 5),
	AST_CHANNEL_SNAPSHOT_INVALIDATE_PEER = (1 << 6),
	AST_CHANNEL_SNAPSHOT_INVALIDATE_BASE = (1 << 7),
};

/* The parts of a snapshot, laid out as in Asterisk 20 and later. */
struct ast_channel_snapshot_bridge {
	char id[0];
};
struct ast_channel_snapshot_dialplan {
	AST_DECLARE_STRING_FIELDS(
	AST_STRING_FIELD(appl);
	AST_STRING_FIELD(data);
	AST_STRING_FIELD(context);
	AST_STRING_FIELD(exten);
	);
	int priority;
};
struct ast_channel_snapshot_caller {
	AST_DECLARE_STRING_FIELDS(
	AST_STRING_FIELD(name);
	AST_STRING_FIELD(number);
	AST_STRING_FIELD(dnid);
	AST_STRING_FIELD(dialed_subaddr);
	AST_STRING_FIELD(ani);
	AST_STRING_FIELD(rdnis);
	AST_STRING_FIELD(subaddr);
	);
	int pres;
};
struct ast_channel_snapshot_connected {
	char *number;
	char name[0];
};
struct ast_channel_snapshot_base {
	AST_DECLARE_STRING_FIELDS(
	AST_STRING_FIELD(name);
	AST_STRING_FIELD(uniqueid);
	AST_STRING_FIELD(accountcode);
	AST_STRING_FIELD(userfield);
	AST_STRING_FIELD(language);
	AST_STRING_FIELD(type);
	AST_STRING_FIELD(tenantid);
	);
	struct timeval creationtime;
	int tech_properties;
	AST_STRING_FIELD_EXTENDED(protocol_id);
};
struct ast_channel_snapshot_peer {
	char *linkedid;
	char account[0];
};
struct ast_channel_snapshot_hangup {
	int cause;
	char *source;
	int tech_cause;
	char buffer[0];
};
struct ast_channel_snapshot {
	struct ast_channel_snapshot_base *base;
	struct ast_channel_snapshot_peer *peer;
	struct ast_channel_snapshot_caller *caller;
	struct ast_channel_snapshot_connected *connected;
	struct ast_channel_snapshot_bridge *bridge;
	struct ast_channel_snapshot_dialplan *dialplan;
	struct ast_channel_snapshot_hangup *hangup;
	enum ast_channel_state state;
	int amaflags;
	struct ast_flags flags;
	struct ast_flags softhangup_flags;
	struct varshead *manager_vars;
	struct varshead *ari_vars;
};

/* The data of ast_channel_snapshot_type: the old one is NULL for a new channel. */
struct ast_channel_snapshot_update {
	struct ast_channel_snapshot *old_snapshot;
	struct ast_channel_snapshot *new_snapshot;
};

/* The data of an event: the channel, NULL for none, and what happened. */
struct ast_channel_blob {
	struct ast_channel_snapshot *snapshot;
	struct ast_json *blob;
};

/* An event about several channels, each with its role. */
struct ast_multi_channel_blob;

struct ast_bridge_snapshot;
struct ast_refer_params;

/* The topic of all channels; ast_channel_topic() is the one of a channel. */
struct stasis_topic *ast_channel_topic_all(void);
struct stasis_message_type *ast_channel_snapshot_type(void);

/* New containers of a snapshot of each channel, found by unique id, or by name. */
struct ao2_container *ast_channel_cache_all(void);
struct ao2_container *ast_channel_cache_by_name(void);
/* A snapshot, with a reference, of a channel; of the one with a unique id, or with a name; NULL when it is gone. */
struct ast_channel_snapshot *ast_channel_snapshot_create(struct ast_channel *chan);
struct ast_channel_snapshot *ast_channel_snapshot_get_latest(const char *uniqueid);
struct ast_channel_snapshot *ast_channel_snapshot_get_latest_by_name(const char *name);

/* Publishes a snapshot, unless they are held back; the last one says that the channel is dead. */
void ast_channel_publish_snapshot(struct ast_channel *chan);
void ast_channel_publish_final_snapshot(struct ast_channel *chan);
/* Holds snapshots of a channel back, and publishes one at the end; lock the channel. */
void ast_channel_stage_snapshot(struct ast_channel *chan);
void ast_channel_stage_snapshot_done(struct ast_channel *chan);
void ast_channel_snapshot_invalidate_segment(struct ast_channel *chan, enum ast_channel_snapshot_segment_invalidation
	segment);

/* A message about a channel, with a reference: of its state now, or of the channel with a unique id; NULL: about none. */
struct stasis_message *ast_channel_blob_create(struct ast_channel *chan, struct stasis_message_type *type,
	struct ast_json *blob);
struct stasis_message *ast_channel_blob_create_from_cache(const char *uniqueid, struct stasis_message_type *type,
	struct ast_json *blob);
/* Publish a message about a channel on its topic; without a channel on the topic of all channels. */
void ast_channel_publish_blob(struct ast_channel *chan, struct stasis_message_type *type, struct ast_json *blob);
void ast_channel_publish_cached_blob(struct ast_channel *chan, struct stasis_message_type *type, struct ast_json
	*blob);
void ast_channel_publish_varset(struct ast_channel *chan, const char *variable, const char *value);
void ast_channel_publish_dial(struct ast_channel *caller, struct ast_channel *peer, const char *dialstring, const char
	*dialstatus);
void ast_channel_publish_dial_forward(struct ast_channel *caller, struct ast_channel *peer, struct ast_channel
	*forwarded, const char *dialstring, const char *dialstatus, const char *forward);

/* An event about several channels with a blob; add takes over the snapshot.  A channel is given without a reference. */
struct ast_multi_channel_blob *ast_multi_channel_blob_create(struct ast_json *blob);
void ast_multi_channel_blob_add_channel(struct ast_multi_channel_blob *obj, const char *role,
	struct ast_channel_snapshot *snapshot);
struct ast_channel_snapshot *ast_multi_channel_blob_get_channel(struct ast_multi_channel_blob *obj, const char *role);
/* A new container of the snapshots with a role, found by name; and the blob. */
struct ao2_container *ast_multi_channel_blob_get_channels(struct ast_multi_channel_blob *obj, const char *role);
struct ast_json *ast_multi_channel_blob_get_json(struct ast_multi_channel_blob *obj);

/* The types of the events. */
struct stasis_message_type *ast_channel_dial_type(void);
struct stasis_message_type *ast_channel_varset_type(void);
struct stasis_message_type *ast_channel_hangup_request_type(void);
struct stasis_message_type *ast_channel_masquerade_type(void);
struct stasis_message_type *ast_channel_dtmf_begin_type(void);
struct stasis_message_type *ast_channel_dtmf_end_type(void);
struct stasis_message_type *ast_channel_flash_type(void);
struct stasis_message_type *ast_channel_wink_type(void);
struct stasis_message_type *ast_channel_hold_type(void);
struct stasis_message_type *ast_channel_unhold_type(void);
struct stasis_message_type *ast_channel_chanspy_start_type(void);
struct stasis_message_type *ast_channel_chanspy_stop_type(void);
struct stasis_message_type *ast_channel_fax_type(void);
struct stasis_message_type *ast_channel_hangup_handler_type(void);
struct stasis_message_type *ast_channel_mixmonitor_start_type(void);
struct stasis_message_type *ast_channel_mixmonitor_stop_type(void);
struct stasis_message_type *ast_channel_mixmonitor_mute_type(void);
struct stasis_message_type *ast_channel_agent_login_type(void);
struct stasis_message_type *ast_channel_agent_logoff_type(void);
struct stasis_message_type *ast_channel_moh_start_type(void);
struct stasis_message_type *ast_channel_moh_stop_type(void);
struct stasis_message_type *ast_channel_talking_start(void);
struct stasis_message_type *ast_channel_talking_stop(void);
struct stasis_message_type *ast_channel_tone_detect(void);
struct stasis_message_type *ast_channel_transfer_request_type(void);

/* A snapshot as ARI shows it; NULL for NULL, and for a channel that the sanitizer leaves out. */
struct ast_json *ast_channel_snapshot_to_json(const struct ast_channel_snapshot *snapshot,
	const struct stasis_message_sanitizer *sanitize);
/* Whether dialplan position, caller or connected line are the same. */
int ast_channel_snapshot_cep_equal(const struct ast_channel_snapshot *old_snapshot, const struct ast_channel_snapshot
	*new_snapshot);
int ast_channel_snapshot_caller_id_equal(const struct ast_channel_snapshot *old_snapshot,
	const struct ast_channel_snapshot *new_snapshot);
int ast_channel_snapshot_connected_line_equal(const struct ast_channel_snapshot *old_snapshot,
	const struct ast_channel_snapshot *new_snapshot);

#ifdef __cplusplus
}
#endif

#endif
