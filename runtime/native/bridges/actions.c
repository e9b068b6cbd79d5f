/*
 * What the thread of a channel in a bridge does for others: frames, files, applications, callbacks.
 *
 * An action is a frame of AST_FRAME_BRIDGE_ACTION whose data is one structure: with the action's function, and a payload.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "bridges.h"

#include "asterisk/parking.h"

struct action {
	void (*act)(struct ast_bridge_channel *member, const struct action *action);
	struct waiter *waiter;	/* Somebody who waits until it was done, or NULL. */
	void (*custom)(void);
	const char *texts[3];	/* In the payload; NULL for none. */
	size_t size;
	char payload[];
};

/* Somebody who waits; on the stack of that thread. */
struct waiter {
	pthread_mutex_t lock;
	pthread_cond_t done;
	int is_done;
};

static void release_waiter(struct waiter *waiter)
{
	pthread_mutex_lock(&waiter->lock);
	waiter->is_done = 1;
	pthread_cond_signal(&waiter->done);
	pthread_mutex_unlock(&waiter->lock);
}

void asterism_member_act(struct ast_bridge_channel *member, struct ast_frame *frame)
{
	const struct action *action;

	if (frame->frametype != AST_FRAME_BRIDGE_ACTION && frame->frametype != AST_FRAME_BRIDGE_ACTION_SYNC) {
		ast_write(member->chan, frame);
		return;
	}
	action = frame->data.ptr;
	if (action && (size_t) frame->datalen >= sizeof(*action) && frame->subclass.integer == 0) {
		action->act(member, action);
		if (frame->frametype == AST_FRAME_BRIDGE_ACTION_SYNC) {
			release_waiter(action->waiter);
		}
	}
}

int ast_bridge_channel_queue_frame(struct ast_bridge_channel *bridge_channel, struct ast_frame *fr)
{
	struct ast_frame *copy;
	int result = 0;

	if (!bridge_channel || !fr) {
		return -1;
	}
	copy = ast_frdup(fr);
	if (!copy) {
		return -1;
	}
	ao2_lock(bridge_channel);
	if (bridge_channel->state != BRIDGE_CHANNEL_STATE_WAIT) {
		result = -1;
	} else if (!bridge_channel->suspended || fr->frametype != AST_FRAME_VOICE) {
		AST_LIST_INSERT_TAIL(&bridge_channel->wr_queue, copy, frame_list);
		copy = NULL;
		asterism_member_wake(bridge_channel);
	}
	ao2_unlock(bridge_channel);
	if (copy) {
		ast_frfree(copy);
	}
	return result;
}

static int write_frame(struct ast_bridge_channel *member, struct ast_frame *frame)
{
	int result;

	if (!member) {
		return -1;
	}
	ast_bridge_channel_lock_bridge(member);
	result = member->in_bridge && member->bridge->technology
		? member->bridge->technology->write(member->bridge, member, frame) : -1;
	ao2_unlock(member->bridge);
	return result;
}

/* Hands a frame to a bridge channel: to its own thread, or to the others. */
typedef int (*hand_fn)(struct ast_bridge_channel *member, struct ast_frame *frame);

static struct ast_frame control_frame(enum ast_control_frame_type control, const void *data, size_t size)
{
	return (struct ast_frame) {
		.frametype = AST_FRAME_CONTROL, .subclass.integer = (int) control, .data.ptr = (void *) data,
		.datalen = data ? (int) MIN(size, (size_t) INT_MAX) : 0,
	};
}

int ast_bridge_channel_queue_control_data(struct ast_bridge_channel *bridge_channel, enum ast_control_frame_type control,
	const void *data, size_t datalen)
{
	struct ast_frame frame = control_frame(control, data, datalen);

	return ast_bridge_channel_queue_frame(bridge_channel, &frame);
}

int ast_bridge_channel_write_control_data(struct ast_bridge_channel *bridge_channel, enum ast_control_frame_type control,
	const void *data, size_t datalen)
{
	struct ast_frame frame = control_frame(control, data, datalen);

	return write_frame(bridge_channel, &frame);
}

int ast_bridge_channel_write_hold(struct ast_bridge_channel *bridge_channel, const char *moh_class)
{
	return ast_bridge_channel_write_control_data(bridge_channel, AST_CONTROL_HOLD, moh_class,
		ast_strlen_zero(moh_class) ? 0 : strlen(moh_class) + 1);
}

int ast_bridge_channel_write_unhold(struct ast_bridge_channel *bridge_channel)
{
	return ast_bridge_channel_write_control_data(bridge_channel, AST_CONTROL_UNHOLD, NULL, 0);
}

/* ---- actions ---- */

/* Hands an action with copies of three texts, or of a payload for an action without texts. */
static int hand_action(struct ast_bridge_channel *member, hand_fn hand, struct waiter *waiter, const struct action *like,
	const void *payload)
{
	const size_t lengths[] = { like->texts[0] ? strlen(like->texts[0]) + 1 : 0,
		like->texts[1] ? strlen(like->texts[1]) + 1 : 0, like->texts[2] ? strlen(like->texts[2]) + 1 : 0 };
	const size_t size = like->size + lengths[0] + lengths[1] + lengths[2];
	struct action *action = member ? ast_calloc(1, sizeof(*action) + size) : NULL;
	struct ast_frame frame = { .frametype = waiter ? AST_FRAME_BRIDGE_ACTION_SYNC : AST_FRAME_BRIDGE_ACTION, };
	char *end;
	int i, result;

	if (!action) {
		return -1;
	}
	*action = *like;
	action->waiter = waiter;
	if (payload && like->size) {
		memcpy(action->payload, payload, like->size);
	}
	for (i = 0, end = action->payload + like->size; i < (int) ARRAY_LEN(lengths); end += lengths[i], i++) {
		/* A copy of the frame has another address: the texts are kept as distances. */
		action->texts[i] = like->texts[i] ? memcpy(end, like->texts[i], lengths[i]) : NULL;
		action->texts[i] = action->texts[i] ? (const char *) (action->texts[i] - (char *) action) : NULL;
	}
	frame.data.ptr = action;
	frame.datalen = (int) (sizeof(*action) + size);
	result = hand(member, &frame);
	ast_free(action);
	return result;
}

static const char *text_of(const struct action *action, int which)
{
	return action->texts[which] ? (const char *) action + (size_t) action->texts[which] : NULL;
}

/* Music for the others while a channel is busy; does nothing without a class. */
static void hold_others(struct ast_bridge_channel *member, const char *moh_class)
{
	if (moh_class) {
		ast_bridge_channel_write_hold(member, moh_class);
	}
}

static void unhold_others(struct ast_bridge_channel *member, const char *moh_class)
{
	if (moh_class) {
		ast_bridge_channel_write_unhold(member);
	}
}

void ast_bridge_channel_run_app(struct ast_bridge_channel *bridge_channel, const char *app_name, const char *app_args,
	const char *moh_class)
{
	if (bridge_channel && !ast_strlen_zero(app_name)) {
		hold_others(bridge_channel, moh_class);
		ast_pbx_exec_application(bridge_channel->chan, app_name, S_OR(app_args, ""));
		unhold_others(bridge_channel, moh_class);
	}
}

static void run_app(struct ast_bridge_channel *member, const struct action *action)
{
	ast_bridge_channel_run_app(member, text_of(action, 0), text_of(action, 1), text_of(action, 2));
}

static int hand_app(struct ast_bridge_channel *member, hand_fn hand, const char *name, const char *args, const char *moh)
{
	const struct action action = { .act = run_app, .texts = { name, args, moh } };

	return ast_strlen_zero(name) ? -1 : hand_action(member, hand, NULL, &action, NULL);
}

int ast_bridge_channel_write_app(struct ast_bridge_channel *bridge_channel, const char *app_name, const char *app_args,
	const char *moh_class)
{
	return hand_app(bridge_channel, write_frame, app_name, app_args, moh_class);
}

int ast_bridge_channel_queue_app(struct ast_bridge_channel *bridge_channel, const char *app_name, const char *app_args,
	const char *moh_class)
{
	return hand_app(bridge_channel, ast_bridge_channel_queue_frame, app_name, app_args, moh_class);
}

void ast_bridge_channel_playfile(struct ast_bridge_channel *bridge_channel, ast_bridge_custom_play_fn custom_play,
	const char *playfile, const char *moh_class)
{
	if (!bridge_channel) {
		return;
	}
	hold_others(bridge_channel, moh_class);
	if (custom_play) {
		custom_play(bridge_channel, S_OR(playfile, ""));
	} else if (!ast_strlen_zero(playfile)) {
		ast_stream_and_wait(bridge_channel->chan, playfile, AST_DIGIT_NONE);
	}
	unhold_others(bridge_channel, moh_class);
}

static void play_file(struct ast_bridge_channel *member, const struct action *action)
{
	ast_bridge_channel_playfile(member, (ast_bridge_custom_play_fn) action->custom, text_of(action, 0), text_of(action, 1));
}

static int hand_file(struct ast_bridge_channel *member, hand_fn hand, struct waiter *waiter, ast_bridge_custom_play_fn custom,
	const char *file, const char *moh)
{
	const struct action action = { .act = play_file, .custom = (void (*)(void)) custom, .texts = { file, moh } };

	return hand_action(member, hand, waiter, &action, NULL);
}

int ast_bridge_channel_write_playfile(struct ast_bridge_channel *bridge_channel, ast_bridge_custom_play_fn custom_play,
	const char *playfile, const char *moh_class)
{
	return hand_file(bridge_channel, write_frame, NULL, custom_play, playfile, moh_class);
}

int ast_bridge_channel_queue_playfile(struct ast_bridge_channel *bridge_channel, ast_bridge_custom_play_fn custom_play,
	const char *playfile, const char *moh_class)
{
	return hand_file(bridge_channel, ast_bridge_channel_queue_frame, NULL, custom_play, playfile, moh_class);
}

/* Whether a waiter's action will not be done any more: its channel has left, and the action is not in its queue. */
static int withdraw(struct ast_bridge_channel *member, const struct waiter *waiter)
{
	struct ast_frame *frame;
	int found = 0;

	ao2_lock(member);
	if (member->state != BRIDGE_CHANNEL_STATE_WAIT) {
		AST_LIST_TRAVERSE_SAFE_BEGIN(&member->wr_queue, frame, frame_list) {
			if (frame->frametype == AST_FRAME_BRIDGE_ACTION_SYNC
				&& ((const struct action *) frame->data.ptr)->waiter == waiter) {
				AST_LIST_REMOVE_CURRENT(frame_list);
				ast_frfree(frame);
				found = 1;
				break;
			}
		}
		AST_LIST_TRAVERSE_SAFE_END;
	}
	ao2_unlock(member);
	return found;
}

int ast_bridge_channel_queue_playfile_sync(struct ast_bridge_channel *bridge_channel, ast_bridge_custom_play_fn custom_play,
	const char *playfile, const char *moh_class)
{
	struct waiter waiter = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0 };
	struct timespec until;

	if (hand_file(bridge_channel, ast_bridge_channel_queue_frame, &waiter, custom_play, playfile, moh_class)) {
		return -1;
	}
	pthread_mutex_lock(&waiter.lock);
	while (!waiter.is_done) {
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec++;
		if (pthread_cond_timedwait(&waiter.done, &waiter.lock, &until)) {
			pthread_mutex_unlock(&waiter.lock);
			if (withdraw(bridge_channel, &waiter)) {
				return -1;
			}
			pthread_mutex_lock(&waiter.lock);
		}
	}
	pthread_mutex_unlock(&waiter.lock);
	return 0;
}

static void call_back(struct ast_bridge_channel *member, const struct action *action)
{
	((ast_bridge_custom_callback_fn) action->custom)(member, action->size ? action->payload : NULL, action->size);
}

static int hand_callback(struct ast_bridge_channel *member, hand_fn hand, ast_bridge_custom_callback_fn callback,
	const void *payload, size_t size)
{
	const struct action action = {
		.act = call_back, .custom = (void (*)(void)) callback, .size = payload ? size : 0,
	};

	return callback ? hand_action(member, hand, NULL, &action, payload) : -1;
}

int ast_bridge_channel_write_callback(struct ast_bridge_channel *bridge_channel,
	enum ast_bridge_channel_custom_callback_option flags attribute_unused, ast_bridge_custom_callback_fn callback,
	const void *payload, size_t payload_size)
{
	return hand_callback(bridge_channel, write_frame, callback, payload, payload_size);
}

int ast_bridge_channel_queue_callback(struct ast_bridge_channel *bridge_channel,
	enum ast_bridge_channel_custom_callback_option flags attribute_unused, ast_bridge_custom_callback_fn callback,
	const void *payload, size_t payload_size)
{
	return hand_callback(bridge_channel, ast_bridge_channel_queue_frame, callback, payload, payload_size);
}

static void park(struct ast_bridge_channel *member, const struct action *action)
{
	ast_parking_park_bridge_channel(member, text_of(action, 0), text_of(action, 1), text_of(action, 2));
}

int ast_bridge_channel_write_park(struct ast_bridge_channel *bridge_channel, const char *parkee_uuid, const char *parker_uuid,
	const char *app_data)
{
	const struct action action = { .act = park, .texts = { parkee_uuid, parker_uuid, app_data } };

	return hand_action(bridge_channel, write_frame, NULL, &action, NULL);
}
