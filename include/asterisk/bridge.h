/*
 * Bridges between channels.
 *
 * A bridge is an object with a lock.  Every channel in it has a thread, which reads it and gives what it read to the technology
 * of the bridge.  Frames go from one emulated channel to the others; sound is silence and is not passed on.  NULL and what is not
 * a channel give -1, NULL or nothing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_BRIDGE_H
#define ASTERISM_BRIDGE_H

#include "asterisk/bridge_channel.h"
#include "asterisk/bridge_features.h"
#include "asterisk/bridge_roles.h"
#include "asterisk/chanvars.h"
#include "asterisk/dsp.h"
#include "asterisk/stringfields.h"
#include "asterisk/uuid.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A format and its arguments for log messages about a bridge. */
#define BRIDGE_PRINTF_SPEC "%s(%s)(%p)"
#define BRIDGE_PRINTF_VARS(bridge) \
	S_OR((bridge)->uniqueid, "<unknown>"), S_OR((bridge)->name, "<unknown>"), (bridge)

struct ast_bridge;
struct ast_bridge_technology;
struct ast_bridge_tech_optimizations;

enum ast_bridge_capability {
	AST_BRIDGE_CAPABILITY_HOLDING = (1 << 0),
	AST_BRIDGE_CAPABILITY_EARLY = (1 << 1),
	AST_BRIDGE_CAPABILITY_NATIVE = (1 << 2),
	AST_BRIDGE_CAPABILITY_1TO1MIX = (1 << 3),
	AST_BRIDGE_CAPABILITY_MULTIMIX = (1 << 4),
};
enum ast_bridge_video_mode_type {
	AST_BRIDGE_VIDEO_MODE_NONE = 0,
	AST_BRIDGE_VIDEO_MODE_SINGLE_SRC,
	AST_BRIDGE_VIDEO_MODE_TALKER_SRC,
	AST_BRIDGE_VIDEO_MODE_SFU,
};
struct ast_bridge_video_single_src_data {
	struct ast_channel *chan_vsrc;
};
struct ast_bridge_video_talker_src_data {
	struct ast_channel *chan_vsrc;
	int average_talking_energy;
	struct ast_channel *chan_old_vsrc;
};
enum ast_bridge_video_sfu_remb_behavior {
	AST_BRIDGE_VIDEO_SFU_REMB_AVERAGE = 0,
	AST_BRIDGE_VIDEO_SFU_REMB_LOWEST,
	AST_BRIDGE_VIDEO_SFU_REMB_HIGHEST,
	AST_BRIDGE_VIDEO_SFU_REMB_AVERAGE_ALL,
	AST_BRIDGE_VIDEO_SFU_REMB_LOWEST_ALL,
	AST_BRIDGE_VIDEO_SFU_REMB_HIGHEST_ALL,
	AST_BRIDGE_VIDEO_SFU_REMB_FORCE,
};
struct ast_bridge_video_sfu_data {
	unsigned int remb_send_interval;
	enum ast_bridge_video_sfu_remb_behavior remb_behavior;
	float estimated_bitrate;
};
struct ast_bridge_video_mode {
	enum ast_bridge_video_mode_type mode;
	union {
		struct ast_bridge_video_single_src_data single_src_data;
		struct ast_bridge_video_talker_src_data talker_src_data;
		struct ast_bridge_video_sfu_data sfu_data;
	} mode_data;
	unsigned int video_update_discard;
};

typedef void (*ast_bridge_destructor_fn)(struct ast_bridge *self);
typedef void (*ast_bridge_dissolving_fn)(struct ast_bridge *self);
typedef int (*ast_bridge_push_channel_fn)(struct ast_bridge *self, struct ast_bridge_channel *bridge_channel,
	struct ast_bridge_channel *swap);
typedef void (*ast_bridge_pull_channel_fn)(struct ast_bridge *self, struct ast_bridge_channel *bridge_channel);
typedef void (*ast_bridge_notify_masquerade_fn)(struct ast_bridge *self, struct ast_bridge_channel *bridge_channel);
typedef int (*ast_bridge_merge_priority_fn)(struct ast_bridge *self);

/* What kinds of bridges differ in, called with the bridge locked.  push that gives another value than 0 keeps the channel out. */
struct ast_bridge_methods {
	const char *name;
	ast_bridge_destructor_fn destroy;
	ast_bridge_dissolving_fn dissolving;
	ast_bridge_push_channel_fn push;
	ast_bridge_pull_channel_fn pull;
	ast_bridge_notify_masquerade_fn notify_masquerade;
	ast_bridge_merge_priority_fn get_merge_priority;
	ast_bridge_push_channel_fn push_peek;
};
struct ast_bridge_softmix {
	struct ast_bridge_video_mode video_mode;
	unsigned int internal_sample_rate;
	unsigned int internal_mixing_interval;
	unsigned int binaural_active;
	unsigned int send_sdp_label;
	unsigned int maximum_sample_rate;
};

AST_LIST_HEAD_NOLOCK(ast_bridge_channels_list, ast_bridge_channel);

/* A bridge at one time; channels has unique ids. */
struct ast_bridge_snapshot {
	AST_DECLARE_STRING_FIELDS(
	AST_STRING_FIELD(uniqueid);
	AST_STRING_FIELD(technology);
	AST_STRING_FIELD(subclass);
	AST_STRING_FIELD(creator);
	AST_STRING_FIELD(name);
	AST_STRING_FIELD(video_source_id);
	);
	struct ao2_container *channels;
	struct ast_flags feature_flags;
	uint32_t capabilities;
	unsigned int num_channels;
	unsigned int num_active;
	enum ast_bridge_video_mode_type video_mode;
	struct timeval creationtime;
	struct varshead *bridgevars;
};

/* num_channels counts channels, num_active those that are not suspended, num_lonely those that do not keep it alive. */
struct ast_bridge {
	const struct ast_bridge_methods *v_table;
	void *personality;
	struct ast_bridge_technology *technology;
	void *tech_pvt;
	struct stasis_topic *topic;
	ast_callid callid;
	struct ast_bridge_channels_list channels;
	AST_LIST_HEAD_NOLOCK(, ast_frame) action_queue;
	struct ast_bridge_softmix softmix;
	struct ast_flags feature_flags;
	uint32_t allowed_capabilities;
	unsigned int num_channels;
	unsigned int num_active;
	unsigned int num_lonely;
	unsigned int inhibit_merge;
	int cause;
	unsigned int reconfigured:1;
	unsigned int dissolved:1;
	unsigned int construction_completed:1;
	AST_DECLARE_STRING_FIELDS(
	AST_STRING_FIELD(creator);
	AST_STRING_FIELD(name);
	AST_STRING_FIELD(uniqueid);
	);
	struct ast_vector_int media_types;
	struct ast_bridge_snapshot *current_snapshot;
	struct timeval creationtime;
	struct varshead bridgevars;
	AST_VECTOR(, char *) ari_reportable_variable_names;
};

/* The methods that every bridge has; a kind of bridge copies them. */
extern struct ast_bridge_methods ast_bridge_base_v_table;
/* The bridges that there are, as a new container. */
struct ao2_container *ast_bridges(void);
/* A bridge with a technology of these capabilities; NULL when no technology has them.  creator, name and id may be NULL. */
struct ast_bridge *ast_bridge_base_new(uint32_t capabilities, unsigned int flags, const char *creator, const char
	*name, const char *id);

#define ast_bridge_trylock(bridge) ao2_trylock(bridge)
#define ast_bridge_lock(bridge) ao2_lock(bridge)
#define ast_bridge_unlock(bridge) ao2_unlock(bridge)
/* Locks two bridges, whatever another thread locks. */
#define ast_bridge_lock_both(bridge1, bridge2) \
	do { \
		ast_bridge_lock(bridge1); \
		while (ast_bridge_trylock(bridge2)) { \
			ast_bridge_unlock(bridge1); \
			sched_yield(); \
			ast_bridge_lock(bridge1); \
		} \
	} while (0)

/* Has all channels leave, and releases the caller's reference: 0. */
int ast_bridge_destroy(struct ast_bridge *bridge, int cause);
/* Does nothing: channels do not take over others. */
void ast_bridge_notify_masquerade(struct ast_channel *chan);

enum ast_bridge_join_flags {
	AST_BRIDGE_JOIN_PASS_REFERENCE = (1 << 0),
	AST_BRIDGE_JOIN_INHIBIT_JOIN_COLP = (1 << 1),
};
/* Runs the channel in the bridge until it leaves: 0, or -1 when it could not enter.  swap is the channel whose place it takes, or NULL.
 * features may be NULL and stay the caller's. */
int ast_bridge_join(struct ast_bridge *bridge, struct ast_channel *chan, struct ast_channel *swap,
	struct ast_bridge_features *features, struct ast_bridge_tech_optimizations *tech_args, enum ast_bridge_join_flags
	flags);
enum ast_bridge_impart_flags {
	AST_BRIDGE_IMPART_CHAN_MASK = (1 << 0),
	AST_BRIDGE_IMPART_CHAN_DEPARTABLE = (0 << 0),
	AST_BRIDGE_IMPART_CHAN_INDEPENDENT = (1 << 0),
	AST_BRIDGE_IMPART_INHIBIT_JOIN_COLP = (1 << 1),
};
/* Joins a bridge in a new thread: 0, or -1.  features belong to the bridge from then on.  An independent channel is hung up when it has left,
 * or goes on in the dialplan; another one waits for ast_bridge_depart. */
int ast_bridge_impart(struct ast_bridge *bridge, struct ast_channel *chan, struct ast_channel *swap,
	struct ast_bridge_features *features, enum ast_bridge_impart_flags flags) attribute_warn_unused_result;
/* Has an imparted channel leave and waits until its thread has ended: 0, or -1. */
int ast_bridge_depart(struct ast_channel *chan);
/* Has a channel leave: 0, or -1 when it is not there.  kick gives it the place after its bridge, too. */
int ast_bridge_remove(struct ast_bridge *bridge, struct ast_channel *chan);
int ast_bridge_kick(struct ast_bridge *bridge, struct ast_channel *chan);
/* Moves all channels of a bridge, and ends it; of a bridge, one channel: 0, or -1. */
int ast_bridge_merge(struct ast_bridge *dst_bridge, struct ast_bridge *src_bridge, int merge_best_direction,
	struct ast_channel **kick_me, unsigned int num_kick);
int ast_bridge_move(struct ast_bridge *dst_bridge, struct ast_bridge *src_bridge, struct ast_channel *chan,
	struct ast_channel *swap, int attempt_recovery);
/* Adds to the reasons against a merge. */
void ast_bridge_merge_inhibit(struct ast_bridge *bridge, int request);
/* A suspended channel is not given frames: 0, or -1. */
int ast_bridge_suspend(struct ast_bridge *bridge, struct ast_channel *chan);
int ast_bridge_unsuspend(struct ast_bridge *bridge, struct ast_channel *chan);
/* Sets the variables BRIDGEPEER and BRIDGEPVTCALLID. */
void ast_bridge_vars_set(struct ast_channel *chan, const char *name, const char *pvtid);
/* Variables of a bridge; report_events is stored without effect. */
int ast_bridge_set_variable(struct ast_bridge *bridge, const char *name, const char *value, int report_events);
const char *ast_bridge_get_variable(const struct ast_bridge *bridge, const char *name);

/* Gives a copy of an action to all channels; of a frame to all others: 0, or -1 when nobody could be given it. */
int ast_bridge_queue_action(struct ast_bridge *bridge, struct ast_frame *action);
int ast_bridge_queue_everyone_else(struct ast_bridge *bridge, struct ast_bridge_channel *bridge_channel,
	struct ast_frame *frame);

/* How technologies mix sound and show video.  Stored for them; the core does not mix. */
void ast_bridge_set_internal_sample_rate(struct ast_bridge *bridge, unsigned int sample_rate);
void ast_bridge_set_maximum_sample_rate(struct ast_bridge *bridge, unsigned int sample_rate);
void ast_bridge_set_mixing_interval(struct ast_bridge *bridge, unsigned int mixing_interval);
void ast_bridge_set_binaural_active(struct ast_bridge *bridge, unsigned int binaural_active);
void ast_bridge_set_single_src_video_mode(struct ast_bridge *bridge, struct ast_channel *video_src_chan);
void ast_bridge_set_talker_src_video_mode(struct ast_bridge *bridge);
void ast_bridge_set_sfu_video_mode(struct ast_bridge *bridge);
void ast_bridge_set_video_update_discard(struct ast_bridge *bridge, unsigned int video_update_discard);
void ast_bridge_set_remb_send_interval(struct ast_bridge *bridge, unsigned int remb_send_interval);
void ast_brige_set_remb_behavior(struct ast_bridge *bridge, enum ast_bridge_video_sfu_remb_behavior behavior);
void ast_bridge_set_remb_estimated_bitrate(struct ast_bridge *bridge, float estimated_bitrate);
void ast_bridge_update_talker_src_video_mode(struct ast_bridge *bridge, struct ast_channel *chan, int talker_energy,
	int is_keyframe);
int ast_bridge_number_video_src(struct ast_bridge *bridge);
int ast_bridge_is_video_src(struct ast_bridge *bridge, struct ast_channel *chan);
void ast_bridge_remove_video_src(struct ast_bridge *bridge, struct ast_channel *chan);
const char *ast_bridge_video_mode_to_string(enum ast_bridge_video_mode_type video_mode);
void ast_bridge_set_send_sdp_label(struct ast_bridge *bridge, unsigned int send_sdp_label);

enum ast_transfer_result {
	AST_BRIDGE_TRANSFER_SUCCESS,
	AST_BRIDGE_TRANSFER_NOT_PERMITTED,
	AST_BRIDGE_TRANSFER_INVALID,
	AST_BRIDGE_TRANSFER_FAIL,
};
enum ast_transfer_type {
	AST_BRIDGE_TRANSFER_SINGLE_PARTY,
	AST_BRIDGE_TRANSFER_MULTI_PARTY,
};
struct transfer_channel_data {
	void *data;
	int completed;
};
typedef void (*transfer_channel_cb)(struct ast_channel *chan, struct transfer_channel_data *user_data,
	enum ast_transfer_type transfer_type);
/* Sends the peers of a channel to a place of the dialplan, and the channel out of its bridge.  Attended: puts the peers of both
 * channels into one bridge. */
enum ast_transfer_result ast_bridge_transfer_blind(int is_external, struct ast_channel *transferer, const char *exten,
	const char *context, transfer_channel_cb new_channel_cb, void *user_data);
enum ast_transfer_result ast_bridge_transfer_attended(struct ast_channel *to_transferee, struct ast_channel
	*to_transfer_target);
/* Sets BLINDTRANSFER or ATTENDEDTRANSFER, and clears the other. */
void ast_bridge_set_transfer_variables(struct ast_channel *chan, const char *value, int is_attended);
/* The channels, as a new container; the other one of two, with a reference.  nolock: the bridge is locked. */
struct ao2_container *ast_bridge_peers_nolock(struct ast_bridge *bridge);
struct ao2_container *ast_bridge_peers(struct ast_bridge *bridge);
struct ast_channel *ast_bridge_peer_nolock(struct ast_bridge *bridge, struct ast_channel *chan);
struct ast_channel *ast_bridge_peer(struct ast_bridge *bridge, struct ast_channel *chan);
/* Removes the hooks that have one of these flags. */
void ast_bridge_features_remove(struct ast_bridge_features *features, enum ast_bridge_hook_remove_flags flags);
/* The bridge with this unique id, with a reference, or NULL. */
struct ast_bridge *ast_bridge_find_by_id(const char *bridge_id);

#ifdef __cplusplus
}
#endif

#endif
