/*
 * A channel in a bridge: its way in and out, and its thread (asterisk/bridge_channel.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "bridges.h"

#include "asterisk/causes.h"

#include "channels/record.h"

#define SLICE 1000	/* Milliseconds after which a thread without hooks looks round. */

static void free_member(void *object)
{
	struct ast_bridge_channel *member = object;
	struct ast_frame *frame;

	while ((frame = AST_LIST_REMOVE_HEAD(&member->wr_queue, frame_list))) {
		ast_frfree(frame);
	}
	ast_bridge_channel_clear_roles(member);
	AST_VECTOR_FREE(&member->stream_map.to_bridge);
	AST_VECTOR_FREE(&member->stream_map.to_channel);
	ao2_cleanup(member->read_format);
	ao2_cleanup(member->write_format);
	ao2_cleanup(member->swap);
	ao2_cleanup(member->chan);
	ao2_cleanup(member->bridge);
	ast_cond_destroy(&member->cond);
}

/* Makes it the one of its channel: 0, or -1 when the channel has another one. */
static int claim(struct ast_bridge_channel *member)
{
	int result;

	ao2_lock(member->chan);
	result = ast_channel_internal_bridge_channel(member->chan) ? -1 : 0;
	if (!result) {
		ast_channel_internal_bridge_channel_set(member->chan, member);
	}
	ao2_unlock(member->chan);
	return result;
}

struct ast_bridge_channel *asterism_member_new(struct ast_bridge *bridge, struct ast_channel *chan,
	struct ast_channel *swap, struct ast_bridge_features *features)
{
	struct ast_bridge_channel *member;

	if (!bridge || !asterism_channel_record(chan, __func__)) {
		return NULL;
	}
	member = ao2_alloc(sizeof(struct asterism_member), free_member);
	if (!member) {
		return NULL;
	}
	ast_cond_init(&member->cond, NULL);
	member->alert_pipe[0] = member->alert_pipe[1] = -1;
	member->bridge = ao2_bump(bridge);
	member->chan = ao2_bump(chan);
	member->swap = ao2_bump(swap);
	member->features = features;
	member->read_format = ao2_bump(ast_channel_readformat(chan));
	member->write_format = ao2_bump(ast_channel_writeformat(chan));
	if (claim(member)) {
		ast_log(LOG_WARNING, "%s is in a bridge already\n", ast_channel_name(chan));
		ao2_ref(member, -1);
		return NULL;
	}
	return member;
}

struct ast_channel *ast_bridge_channel_get_chan(struct ast_bridge_channel *bridge_channel)
{
	struct ast_channel *chan;

	if (!bridge_channel) {
		return NULL;
	}
	ao2_lock(bridge_channel);
	chan = ao2_bump(bridge_channel->chan);
	ao2_unlock(bridge_channel);
	return chan;
}

void ast_bridge_channel_lock_bridge(struct ast_bridge_channel *bridge_channel)
{
	struct ast_bridge *bridge;
	int is_there;

	do {
		ao2_lock(bridge_channel);
		bridge = ao2_bump(bridge_channel->bridge);
		ao2_unlock(bridge_channel);
		ao2_lock(bridge);
		/* Only threads that have locked this bridge move a channel out of it. */
		is_there = bridge_channel->bridge == bridge;
		if (!is_there) {
			ao2_unlock(bridge);
		}
		ao2_ref(bridge, -1);
	} while (!is_there);
}

void asterism_member_wake(struct ast_bridge_channel *member)
{
	__typeof__(asterism_table.asterism_line_wake) wake = asterism_table.asterism_line_wake;

	ast_cond_broadcast(&member->cond);
	if (wake) {
		wake(member->chan);
	}
}

void ast_bridge_channel_leave_bridge_nolock(struct ast_bridge_channel *bridge_channel,
	enum bridge_channel_state new_state, int cause)
{
	if (bridge_channel && bridge_channel->state == BRIDGE_CHANNEL_STATE_WAIT) {
		bridge_channel->state = new_state;
		if (cause > 0) {
			ast_channel_hangupcause_set(bridge_channel->chan, cause);
		}
		asterism_member_wake(bridge_channel);
	}
}

void ast_bridge_channel_leave_bridge(struct ast_bridge_channel *bridge_channel, enum bridge_channel_state new_state,
	int cause)
{
	if (bridge_channel) {
		ao2_lock(bridge_channel);
		ast_bridge_channel_leave_bridge_nolock(bridge_channel, new_state, cause);
		ao2_unlock(bridge_channel);
	}
}

void ast_bridge_channel_kick(struct ast_bridge_channel *bridge_channel, int cause)
{
	ast_bridge_channel_leave_bridge(bridge_channel, BRIDGE_CHANNEL_STATE_END, cause);
}

struct ast_bridge_channel *ast_bridge_channel_peer(struct ast_bridge_channel *bridge_channel)
{
	struct ast_bridge *bridge = bridge_channel ? bridge_channel->bridge : NULL;
	struct ast_bridge_channel *first = bridge && bridge->num_channels == 2 ? AST_LIST_FIRST(&bridge->channels) : NULL;

	return first == bridge_channel && first ? AST_LIST_LAST(&bridge->channels) : first;
}

void ast_bridge_channel_restore_formats(struct ast_bridge_channel *bridge_channel)
{
	if (bridge_channel) {
		ast_set_read_format(bridge_channel->chan, bridge_channel->read_format);
		ast_set_write_format(bridge_channel->chan, bridge_channel->write_format);
	}
}

struct ast_bridge *ast_bridge_channel_merge_inhibit(struct ast_bridge_channel *bridge_channel, int request)
{
	struct ast_bridge *bridge;

	if (!bridge_channel) {
		return NULL;
	}
	ast_bridge_channel_lock_bridge(bridge_channel);
	bridge = ao2_bump(bridge_channel->bridge);
	bridge_merge_inhibit_nolock(bridge, request);
	ao2_unlock(bridge);
	return bridge;
}

void ast_bridge_channel_update_linkedids(struct ast_bridge_channel *bridge_channel attribute_unused,
	struct ast_bridge_channel *swap attribute_unused)
{
	/* A linked id does not change here: ast_channel_linkedid is read only. */
}

void ast_bridge_channel_update_accountcodes(struct ast_bridge_channel *joining, struct ast_bridge_channel *leaving)
{
	struct ast_bridge_channel *peer = ast_bridge_channel_peer(joining ? joining : leaving);

	if (joining && peer) {
		ast_channel_peeraccount_set(joining->chan, ast_channel_accountcode(peer->chan));
		ast_channel_peeraccount_set(peer->chan, ast_channel_accountcode(joining->chan));
	}
}

void ast_bridge_channel_stream_map(struct ast_bridge_channel *bridge_channel attribute_unused)
{
}

/* ---- in and out ---- */

static void note_bridge(struct ast_channel *chan, struct ast_bridge *bridge)
{
	ao2_lock(chan);
	ast_channel_internal_bridge_set(chan, bridge);
	ao2_unlock(chan);
}

static int is_lonely(const struct ast_bridge_channel *member)
{
	return member->features && ast_test_flag(&member->features->feature_flags, AST_BRIDGE_CHANNEL_FLAG_LONELY);
}

static void count(const struct ast_bridge_channel *member, unsigned int by)
{
	member->bridge->num_channels += by;
	member->bridge->num_active += member->suspended ? 0 : by;
	member->bridge->num_lonely += is_lonely(member) ? by : 0;
	member->bridge->reconfigured = 1;
}

int asterism_member_push(struct ast_bridge_channel *member)
{
	struct ast_bridge *bridge = member->bridge;
	struct ast_bridge_channel *swap = member->swap ? bridge_find_channel(bridge, member->swap) : NULL;

	if (bridge->dissolved || member->state != BRIDGE_CHANNEL_STATE_WAIT || (member->swap && !swap)
		|| (bridge->v_table->push && bridge->v_table->push(bridge, member, swap))) {
		return -1;
	}
	member->in_bridge = 1;
	member->just_joined = 1;
	AST_LIST_INSERT_TAIL(&bridge->channels, member, entry);
	count(member, 1);
	note_bridge(member->chan, bridge);
	if (swap) {
		ast_bridge_channel_leave_bridge(swap, BRIDGE_CHANNEL_STATE_END_NO_DISSOLVE, 0);
		asterism_member_pull(swap);
	}
	asterism_bridge_joined(bridge, member);
	asterism_bridge_adapt(bridge);
	ast_bridge_publish_enter(bridge, member->chan, swap ? swap->chan : NULL);
	return 0;
}

static void end_when_deserted(struct ast_bridge *bridge, const struct ast_bridge_channel *member)
{
	int ends = bridge->num_channels == bridge->num_lonely
		&& (bridge->num_lonely || ast_test_flag(&bridge->feature_flags, AST_BRIDGE_FLAG_DISSOLVE_EMPTY));

	if (member->state == BRIDGE_CHANNEL_STATE_END) {
		ends |= ast_test_flag(&bridge->feature_flags, AST_BRIDGE_FLAG_DISSOLVE_HANGUP) != 0;
		ends |= member->features
			&& ast_test_flag(&member->features->feature_flags, AST_BRIDGE_CHANNEL_FLAG_DISSOLVE_HANGUP);
	}
	if (ends) {
		bridge_dissolve(bridge, ast_channel_hangupcause(member->chan));
	}
}

void asterism_member_pull(struct ast_bridge_channel *member)
{
	struct ast_bridge *bridge = member->bridge;

	if (!member->in_bridge) {
		return;
	}
	member->in_bridge = 0;
	asterism_bridge_left(bridge, member);
	AST_LIST_REMOVE(&bridge->channels, member, entry);
	count(member, -1U);
	if (bridge->v_table->pull) {
		bridge->v_table->pull(bridge, member);
	}
	note_bridge(member->chan, NULL);
	ast_bridge_publish_leave(bridge, member->chan);
	end_when_deserted(bridge, member);
	asterism_bridge_adapt(bridge);
}

static void change_bridge(struct ast_bridge_channel *member, struct ast_bridge *to)
{
	struct ast_bridge *old = member->bridge;

	ao2_lock(member);
	member->bridge = ao2_bump(to);
	ao2_unlock(member);
	ao2_ref(old, -1);
}

int asterism_member_move(struct ast_bridge_channel *member, struct ast_bridge *to, int is_recovering)
{
	struct ast_bridge *from = ao2_bump(member->bridge);
	int result;

	asterism_member_pull(member);
	change_bridge(member, to);
	result = asterism_member_push(member);
	if (result) {
		ao2_cleanup(member->swap);
		member->swap = NULL;
		change_bridge(member, from);
		if (!is_recovering || asterism_member_push(member)) {
			ast_bridge_channel_leave_bridge(member, BRIDGE_CHANNEL_STATE_END, 0);
		}
	} else if (member->features) {
		ast_bridge_features_remove(member->features, AST_BRIDGE_HOOK_REMOVE_ON_PULL);
	}
	ao2_ref(from, -1);
	return result;
}

/* ---- the thread ---- */

static void write_to_bridge(struct ast_bridge_channel *member, struct ast_frame *frame)
{
	ast_bridge_channel_lock_bridge(member);
	if (member->in_bridge && member->bridge->technology) {
		member->bridge->technology->write(member->bridge, member, frame);
	}
	ao2_unlock(member->bridge);
}

static void hear(struct ast_bridge_channel *member, struct ast_frame *frame)
{
	switch (frame->frametype) {
	case AST_FRAME_NULL:
		break;
	case AST_FRAME_DTMF_BEGIN:
		if (!asterism_hooks_want_digits(member)) {
			write_to_bridge(member, frame);
		}
		break;
	case AST_FRAME_DTMF_END:
		if (asterism_hooks_want_digits(member)) {
			ast_bridge_channel_feature_digit(member, frame->subclass.integer);
		} else {
			write_to_bridge(member, frame);
		}
		break;
	case AST_FRAME_VOICE:
		if (!member->features || !member->features->mute) {
			write_to_bridge(member, frame);
		}
		break;
	default:
		write_to_bridge(member, frame);
	}
}

/* Reads a frame, when one comes in time: 0, or -1 after a hangup. */
static int listen_to(struct ast_bridge_channel *member, int ms)
{
	int result = ast_waitfor(member->chan, ms);
	struct ast_frame *frame = result > 0 ? ast_read(member->chan) : NULL;

	if (result < 0 || (result && !frame)) {
		return -1;
	}
	if (frame) {
		hear(member, frame);
		ast_frfree(frame);
	}
	return 0;
}

static struct ast_frame *take_queued(struct ast_bridge_channel *member)
{
	struct ast_frame *frame;

	ao2_lock(member);
	while (member->suspended && member->state == BRIDGE_CHANNEL_STATE_WAIT) {
		ast_cond_wait(&member->cond, ao2_object_get_lockaddr(member));
	}
	frame = AST_LIST_REMOVE_HEAD(&member->wr_queue, frame_list);
	ao2_unlock(member);
	return frame;
}

static int is_staying(struct ast_bridge_channel *member)
{
	int result;

	ao2_lock(member);
	result = member->state == BRIDGE_CHANNEL_STATE_WAIT;
	ao2_unlock(member);
	return result;
}

static void stay(struct ast_bridge_channel *member)
{
	while (is_staying(member)) {
		int ms = asterism_hooks_intervals(member);
		struct ast_frame *frame = take_queued(member);

		if (frame) {
			asterism_member_act(member, frame);
			ast_frfree(frame);
		} else if (is_staying(member) && listen_to(member, ms < 0 ? SLICE : MIN(ms, SLICE))) {
			asterism_hooks_run(member, AST_BRIDGE_HOOK_TYPE_HANGUP);
			ast_bridge_channel_kick(member, 0);
		}
	}
}

static void tell_entered(struct ast_bridge_channel *member, int result)
{
	ao2_lock(member);
	((struct asterism_member *) member)->entered = result ? -1 : 1;
	ast_cond_broadcast(&member->cond);
	ao2_unlock(member);
}

int asterism_member_run(struct ast_bridge_channel *member)
{
	int result;

	member->thread = pthread_self();
	ast_bridge_channel_lock_bridge(member);
	ast_bridge_channel_establish_roles(member);
	result = asterism_member_push(member);
	ao2_unlock(member->bridge);
	tell_entered(member, result);
	if (!result) {
		asterism_hooks_run(member, AST_BRIDGE_HOOK_TYPE_JOIN);
		stay(member);
		asterism_hooks_run(member, AST_BRIDGE_HOOK_TYPE_LEAVE);
		ast_bridge_channel_lock_bridge(member);
		asterism_member_pull(member);
		ao2_unlock(member->bridge);
		ast_bridge_channel_restore_formats(member);
	}
	ast_bridge_channel_clear_roles(member);
	return result;
}
