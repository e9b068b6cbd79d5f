/*
 * A channel while it is in a bridge.
 *
 * Locks are taken in the order bridge, bridge channel, channel.  `queue` functions do something in the thread of the channel itself;
 * `write` functions send it into the bridge, to the others.  NULL gives -1, NULL or nothing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_BRIDGE_CHANNEL_H
#define ASTERISM_BRIDGE_CHANNEL_H

#include "asterisk/astobj2.h"
#include "asterisk/bridge_features.h"
#include "asterisk/bridge_technology.h"
#include "asterisk/frame.h"
#include "asterisk/linkedlists.h"
#include "asterisk/lock.h"
#include "asterisk/vector.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Whether a channel stays; END may end the bridge with it, as its flags say. */
enum bridge_channel_state {
	BRIDGE_CHANNEL_STATE_WAIT = 0,
	BRIDGE_CHANNEL_STATE_END,
	BRIDGE_CHANNEL_STATE_END_NO_DISSOLVE,
};
enum bridge_channel_thread_state {
	BRIDGE_CHANNEL_THREAD_IDLE,
	BRIDGE_CHANNEL_THREAD_SIMPLE,
	BRIDGE_CHANNEL_THREAD_FRAME,
};

struct ast_bridge;

/* An object.  chan has a reference of it while it is there, and is what its thread reads. */
struct ast_bridge_channel {
	ast_cond_t cond;
	enum bridge_channel_state state;
	struct ast_channel *chan;
	struct ast_channel *swap;
	struct ast_bridge *bridge;
	void *bridge_pvt;
	void *tech_pvt;
	pthread_t thread;
	unsigned int in_bridge:1;
	unsigned int just_joined:1;
	unsigned int suspended:1;
	unsigned int inhibit_colp:1;
	unsigned int depart_wait:1;
	struct ast_bridge_features *features;
	struct ast_bridge_tech_optimizations tech_args;
	struct ast_format *read_format;
	struct ast_format *write_format;
	ast_callid callid;
	struct bridge_roles_datastore *bridge_roles;
	AST_LIST_ENTRY(ast_bridge_channel) entry;
	AST_LIST_HEAD_NOLOCK(, ast_frame) wr_queue;
	AST_LIST_HEAD_NOLOCK(, ast_frame) deferred_queue;
	int alert_pipe[2];
	enum bridge_channel_thread_state activity;
	struct {
		struct timeval dtmf_tv;
		char dtmf_digit;
		char t38_terminate;
	} owed;
	struct {
		struct timeval interdigit_timeout;
		char collected[MAXIMUM_DTMF_FEATURE_STRING];
	} dtmf_hook_state;
	union {
		uint32_t raw;
		struct {
			unsigned int binaural_suspended:1;
			unsigned int binaural_pos_change:1;
			unsigned int padding:30;
		};
	};
	struct {
		struct ast_vector_int to_bridge;
		struct ast_vector_int to_channel;
	} stream_map;
};

/* The channel, with a reference. */
struct ast_channel *ast_bridge_channel_get_chan(struct ast_bridge_channel *bridge_channel);

/* The lock of a bridge channel. */
#define ast_bridge_channel_trylock(bridge_channel) ao2_trylock(bridge_channel)
#define ast_bridge_channel_lock(bridge_channel) ao2_lock(bridge_channel)
#define ast_bridge_channel_unlock(bridge_channel) ao2_unlock(bridge_channel)

/* Locks the bridge it is in, although it may be moved meanwhile. */
void ast_bridge_channel_lock_bridge(struct ast_bridge_channel *bridge_channel);
/* Calls the hooks for talking with whether it began. */
int ast_bridge_channel_notify_talking(struct ast_bridge_channel *bridge_channel, int started_talking);
/* Has it leave, with a cause of AST_CAUSE_... or 0; nolock for callers that hold its lock. */
void ast_bridge_channel_leave_bridge(struct ast_bridge_channel *bridge_channel, enum bridge_channel_state new_state,
	int cause);
void ast_bridge_channel_leave_bridge_nolock(struct ast_bridge_channel *bridge_channel, enum bridge_channel_state
	new_state, int cause);
/* The other one in a bridge of two, with the bridge locked; without a reference. */
struct ast_bridge_channel *ast_bridge_channel_peer(struct ast_bridge_channel *bridge_channel);
void ast_bridge_channel_restore_formats(struct ast_bridge_channel *bridge_channel);
/* Adds to the reasons against a merge: the bridge, with a reference. */
struct ast_bridge *ast_bridge_channel_merge_inhibit(struct ast_bridge_channel *bridge_channel, int request);
/* What joining channels take over of the others; accounts are stored without effect. */
void ast_bridge_channel_update_linkedids(struct ast_bridge_channel *bridge_channel, struct ast_bridge_channel *swap);
void ast_bridge_channel_update_accountcodes(struct ast_bridge_channel *joining, struct ast_bridge_channel *leaving);
/* Gives a copy of a frame to the channel, which its thread writes: 0, or -1. */
int ast_bridge_channel_queue_frame(struct ast_bridge_channel *bridge_channel, struct ast_frame *fr);
int ast_bridge_channel_queue_control_data(struct ast_bridge_channel *bridge_channel, enum ast_control_frame_type
	control, const void *data, size_t datalen);
int ast_bridge_channel_write_control_data(struct ast_bridge_channel *bridge_channel, enum ast_control_frame_type
	control, const void *data, size_t datalen);
int ast_bridge_channel_write_hold(struct ast_bridge_channel *bridge_channel, const char *moh_class);
int ast_bridge_channel_write_unhold(struct ast_bridge_channel *bridge_channel);
/* Run an application: now, in this thread; by the others; by the channel. */
void ast_bridge_channel_run_app(struct ast_bridge_channel *bridge_channel, const char *app_name, const char *app_args,
	const char *moh_class);
int ast_bridge_channel_write_app(struct ast_bridge_channel *bridge_channel, const char *app_name, const char
	*app_args, const char *moh_class);
int ast_bridge_channel_queue_app(struct ast_bridge_channel *bridge_channel, const char *app_name, const char
	*app_args, const char *moh_class);
/* Play a file, with a function of the module unless NULL.  sync waits until it was played. */
typedef void (*ast_bridge_custom_play_fn)(struct ast_bridge_channel *bridge_channel, const char *playfile);
void ast_bridge_channel_playfile(struct ast_bridge_channel *bridge_channel, ast_bridge_custom_play_fn custom_play,
	const char *playfile, const char *moh_class);
int ast_bridge_channel_write_playfile(struct ast_bridge_channel *bridge_channel, ast_bridge_custom_play_fn
	custom_play, const char *playfile, const char *moh_class);
int ast_bridge_channel_queue_playfile(struct ast_bridge_channel *bridge_channel, ast_bridge_custom_play_fn
	custom_play, const char *playfile, const char *moh_class);
int ast_bridge_channel_queue_playfile_sync(struct ast_bridge_channel *bridge_channel, ast_bridge_custom_play_fn
	custom_play, const char *playfile, const char *moh_class);
/* Call a function with a copy of the payload. */
typedef void (*ast_bridge_custom_callback_fn)(struct ast_bridge_channel *bridge_channel, const void *payload, size_t
	payload_size);
enum ast_bridge_channel_custom_callback_option {
	AST_BRIDGE_CHANNEL_CB_OPTION_MEDIA = (1 << 0),
};
int ast_bridge_channel_write_callback(struct ast_bridge_channel *bridge_channel,
	enum ast_bridge_channel_custom_callback_option flags, ast_bridge_custom_callback_fn callback, const void
	*payload, size_t payload_size);
int ast_bridge_channel_queue_callback(struct ast_bridge_channel *bridge_channel,
	enum ast_bridge_channel_custom_callback_option flags, ast_bridge_custom_callback_fn callback, const void
	*payload, size_t payload_size);
/* Has the other one parked, by the module that provides parking. */
int ast_bridge_channel_write_park(struct ast_bridge_channel *bridge_channel, const char *parkee_uuid, const char
	*parker_uuid, const char *app_data);
/* Removes it from its bridge. */
void ast_bridge_channel_kick(struct ast_bridge_channel *bridge_channel, int cause);
/* A digit for the hooks: collected only; collected and looked up. */
void ast_bridge_channel_feature_digit_add(struct ast_bridge_channel *bridge_channel, int digit);
void ast_bridge_channel_feature_digit(struct ast_bridge_channel *bridge_channel, int digit);
/* Does nothing: streams of media are not mapped. */
void ast_bridge_channel_stream_map(struct ast_bridge_channel *bridge_channel);

#ifdef __cplusplus
}
#endif

#endif
