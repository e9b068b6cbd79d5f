/*
 * Audio hooks (asterisk/audiohook.h).
 *
 * Locks: the channel first, then the hook.  A module that detaches a hook has locked the hook only, so the hook is let go
 * for the moment in which it is taken from its channel; `attached_to` finds the channel, under a lock of its own.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/astobj2.h"
#include "asterisk/audiohook.h"
#include "asterisk/format_cache.h"

#include "../channels/record.h"

struct place {
	struct ast_audiohook *hook;
	struct ast_channel *chan;
	AST_LIST_ENTRY(place) list;
};

static AST_LIST_HEAD_STATIC(places, place);

struct ast_audiohook_list {
	AST_LIST_HEAD_NOLOCK(, ast_audiohook) hooks;
	int volume[2];	/* By direction. */
};

/* ---- hooks ---- */

static int has_factories(const struct ast_audiohook *hook)
{
	return hook->type == AST_AUDIOHOOK_TYPE_SPY || hook->type == AST_AUDIOHOOK_TYPE_WHISPER;
}

int ast_audiohook_init(struct ast_audiohook *audiohook, enum ast_audiohook_type type, const char *source,
	enum ast_audiohook_init_flags flags)
{
	if (!audiohook) {
		return -1;
	}
	memset(audiohook, 0, sizeof(*audiohook));
	audiohook->type = type;
	audiohook->source = source;
	audiohook->init_flags = flags;
	audiohook->direction = AST_AUDIOHOOK_DIRECTION_BOTH;
	audiohook->hook_internal_samp_rate = 8000;
	ast_mutex_init(&audiohook->lock);
	ast_cond_init(&audiohook->trigger, NULL);
	if (has_factories(audiohook)) {
		ast_slinfactory_init(&audiohook->read_factory);
		ast_slinfactory_init(&audiohook->write_factory);
	}
	return 0;
}

int ast_audiohook_destroy(struct ast_audiohook *audiohook)
{
	if (!audiohook) {
		return -1;
	}
	if (has_factories(audiohook)) {
		ast_slinfactory_destroy(&audiohook->read_factory);
		ast_slinfactory_destroy(&audiohook->write_factory);
	}
	ao2_cleanup(audiohook->format);
	ast_cond_destroy(&audiohook->trigger);
	ast_mutex_destroy(&audiohook->lock);
	return 0;
}

int ast_audiohook_set_frame_feed_direction(struct ast_audiohook *audiohook, enum ast_audiohook_direction direction)
{
	if (audiohook->status != AST_AUDIOHOOK_STATUS_NEW) {
		ast_log(LOG_ERROR, "the direction of an audio hook can be set before it is attached only\n");
		return -1;
	}
	audiohook->direction = direction;
	return 0;
}

void ast_audiohook_update_status(struct ast_audiohook *audiohook, enum ast_audiohook_status status)
{
	ast_audiohook_lock(audiohook);
	if (audiohook->status != AST_AUDIOHOOK_STATUS_DONE) {
		audiohook->status = status;
		ast_cond_signal(&audiohook->trigger);
	}
	ast_audiohook_unlock(audiohook);
}

void ast_audiohook_trigger_wait(struct ast_audiohook *audiohook)
{
	struct timespec end;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += 50;
	ast_cond_timedwait(&audiohook->trigger, &audiohook->lock, &end);
}

/* ---- on channels ---- */

/* Notes the channel of a hook: 0, or -1 when out of memory. */
static int note_place(struct ast_audiohook *hook, struct ast_channel *chan)
{
	struct place *place = ast_calloc(1, sizeof(*place));

	if (place) {
		place->hook = hook;
		place->chan = chan;
		AST_LIST_LOCK(&places);
		AST_LIST_INSERT_HEAD(&places, place, list);
		AST_LIST_UNLOCK(&places);
	}
	return place ? 0 : -1;
}

static void forget_place(struct ast_audiohook *hook)
{
	struct place *place;

	AST_LIST_LOCK(&places);
	AST_LIST_TRAVERSE_SAFE_BEGIN(&places, place, list) {
		if (place->hook == hook) {
			AST_LIST_REMOVE_CURRENT(list);
			ast_free(place);
			break;
		}
	}
	AST_LIST_TRAVERSE_SAFE_END;
	AST_LIST_UNLOCK(&places);
}

/* The channel of a hook with a reference, or NULL. */
static struct ast_channel *attached_to(const struct ast_audiohook *hook)
{
	struct ast_channel *chan = NULL;
	struct place *place;

	AST_LIST_LOCK(&places);
	AST_LIST_TRAVERSE(&places, place, list) {
		if (place->hook == hook && asterism_channel_use(place->chan)) {
			chan = place->chan;
			break;
		}
	}
	AST_LIST_UNLOCK(&places);
	return chan;
}

/* ast_audiohook_detach changes the status with the lock of the hook alone, without that of the channel. */
static enum ast_audiohook_status status_of(struct ast_audiohook *hook)
{
	enum ast_audiohook_status status;

	ast_audiohook_lock(hook);
	status = hook->status;
	ast_audiohook_unlock(hook);
	return status;
}

/* A hook was taken from the list of its channel. */
static void detached(struct ast_audiohook *hook)
{
	forget_place(hook);
	ast_audiohook_lock(hook);
	hook->status = AST_AUDIOHOOK_STATUS_DONE;
	ast_cond_signal(&hook->trigger);
	ast_audiohook_unlock(hook);
}

/* The list of a channel that is locked, made when there is none; NULL when out of memory. */
static struct ast_audiohook_list *list_of(struct ast_channel *chan)
{
	struct ast_audiohook_list *list = ast_channel_audiohooks(chan);

	if (!list && (list = ast_calloc(1, sizeof(*list)))) {
		ast_channel_audiohooks_set(chan, list);
	}
	return list;
}

int ast_audiohook_attach(struct ast_channel *chan, struct ast_audiohook *audiohook)
{
	struct ast_audiohook_list *list;
	int failed = -1;

	if (!audiohook || !asterism_channel_record(chan, __func__)) {
		return -1;
	}
	ao2_lock(chan);
	list = list_of(chan);
	if (list && !note_place(audiohook, chan)) {
		AST_LIST_INSERT_TAIL(&list->hooks, audiohook, list);
		ast_audiohook_update_status(audiohook, AST_AUDIOHOOK_STATUS_RUNNING);
		failed = 0;
	}
	ao2_unlock(chan);
	return failed;
}

int ast_audiohook_remove(struct ast_channel *chan, struct ast_audiohook *audiohook)
{
	struct ast_audiohook_list *list;
	struct ast_audiohook *found = NULL;

	if (!asterism_channel_record(chan, __func__)) {
		return -1;
	}
	ao2_lock(chan);
	list = ast_channel_audiohooks(chan);
	found = list ? AST_LIST_REMOVE(&list->hooks, audiohook, list) : NULL;
	if (found) {
		detached(found);
	}
	ao2_unlock(chan);
	return found ? 0 : -1;
}

int ast_audiohook_detach(struct ast_audiohook *audiohook)
{
	struct ast_channel *chan;

	if (audiohook->status == AST_AUDIOHOOK_STATUS_NEW || audiohook->status == AST_AUDIOHOOK_STATUS_DONE) {
		return 0;
	}
	audiohook->status = AST_AUDIOHOOK_STATUS_SHUTDOWN;
	ast_audiohook_unlock(audiohook);
	chan = attached_to(audiohook);
	if (chan) {
		ast_audiohook_remove(chan, audiohook);
		ao2_ref(chan, -1);
	}
	ast_audiohook_lock(audiohook);
	/* The channel is being destroyed, and its end detaches the hook. */
	while (audiohook->status != AST_AUDIOHOOK_STATUS_DONE) {
		ast_audiohook_trigger_wait(audiohook);
	}
	return 0;
}

void asterism_audiohooks_end(struct ast_channel *chan)
{
	struct ast_audiohook_list *list = ast_channel_audiohooks(chan);
	struct ast_audiohook *hook;

	if (list) {
		ast_channel_audiohooks_set(chan, NULL);
		while ((hook = AST_LIST_REMOVE_HEAD(&list->hooks, list))) {
			detached(hook);
		}
		ast_free(list);
	}
}

/* The first hook of a source; NULL matches any. */
static struct ast_audiohook *of_source(struct ast_channel *chan, const char *source)
{
	struct ast_audiohook_list *list = ast_channel_audiohooks(chan);
	struct ast_audiohook *hook = NULL;

	if (list) {
		AST_LIST_TRAVERSE(&list->hooks, hook, list) {
			if (!source || !strcasecmp(S_OR(hook->source, ""), source)) {
				break;
			}
		}
	}
	return hook;
}

int ast_audiohook_detach_source(struct ast_channel *chan, const char *source)
{
	struct ast_audiohook *hook;
	int result = -1;

	if (asterism_channel_record(chan, __func__)) {
		ao2_lock(chan);
		hook = of_source(chan, source);
		result = hook ? ast_audiohook_remove(chan, hook) : -1;
		ao2_unlock(chan);
	}
	return result;
}

static int count(struct ast_channel *chan, const char *source, enum ast_audiohook_type type, int running_only)
{
	struct ast_audiohook_list *list = ast_channel_audiohooks(chan);
	struct ast_audiohook *hook;
	int found = 0;

	if (list) {
		AST_LIST_TRAVERSE(&list->hooks, hook, list) {
			found += hook->type == type && !strcmp(S_OR(hook->source, ""), S_OR(source, ""))
				&& (!running_only || status_of(hook) == AST_AUDIOHOOK_STATUS_RUNNING);
		}
	}
	return found;
}

int ast_channel_audiohook_count_by_source(struct ast_channel *chan, const char *source, enum ast_audiohook_type type)
{
	return count(chan, source, type, 0);
}

int ast_channel_audiohook_count_by_source_running(struct ast_channel *chan, const char *source,
	enum ast_audiohook_type type)
{
	return count(chan, source, type, 1);
}

static int set_mute(struct ast_channel *chan, const char *source, enum ast_audiohook_flags flag, int clear)
{
	struct ast_audiohook_list *list = ast_channel_audiohooks(chan);
	struct ast_audiohook *hook;
	int found = -1;

	if (list) {
		AST_LIST_TRAVERSE(&list->hooks, hook, list) {
			if (!source || !strcasecmp(S_OR(hook->source, ""), source)) {
				hook->flags = clear ? hook->flags & ~(unsigned int) flag : hook->flags | (unsigned int) flag;
				found = 0;
			}
		}
	}
	return found;
}

int ast_audiohook_set_mute_all(struct ast_channel *chan, const char *source, enum ast_audiohook_flags flag, int clear)
{
	int result = -1;

	if (asterism_channel_record(chan, __func__)) {
		ao2_lock(chan);
		result = set_mute(chan, source, flag, clear);
		ao2_unlock(chan);
	}
	return result;
}

int ast_audiohook_set_mute(struct ast_channel *chan, const char *source, enum ast_audiohook_flags flag, int clear)
{
	return ast_audiohook_set_mute_all(chan, source, flag, clear);
}

/* ---- volume ---- */

/* Sets or adds to the volume of one or both directions. */
static int change_volume(struct ast_channel *chan, enum ast_audiohook_direction direction, int volume, int adds)
{
	struct ast_audiohook_list *list;
	int i;

	if (!asterism_channel_record(chan, "ast_audiohook_volume_set")) {
		return -1;
	}
	ao2_lock(chan);
	list = list_of(chan);
	for (i = 0; list && i < 2; i++) {
		if (direction == AST_AUDIOHOOK_DIRECTION_BOTH || (int) direction == i) {
			list->volume[i] = volume + (adds ? list->volume[i] : 0);
		}
	}
	ao2_unlock(chan);
	return list ? 0 : -1;
}

int ast_audiohook_volume_set(struct ast_channel *chan, enum ast_audiohook_direction direction, int volume)
{
	return change_volume(chan, direction, volume, 0);
}

int ast_audiohook_volume_adjust(struct ast_channel *chan, enum ast_audiohook_direction direction, int volume)
{
	return change_volume(chan, direction, volume, 1);
}

int ast_audiohook_volume_get(struct ast_channel *chan, enum ast_audiohook_direction direction)
{
	struct ast_audiohook_list *list = ast_channel_audiohooks(chan);

	return list && direction <= AST_AUDIOHOOK_DIRECTION_WRITE ? list->volume[direction] : 0;
}

/* ---- sound ---- */

int ast_audiohook_write_frame(struct ast_audiohook *audiohook, enum ast_audiohook_direction direction,
	struct ast_frame *frame)
{
	int is_read = direction == AST_AUDIOHOOK_DIRECTION_READ;
	struct ast_slinfactory *factory = is_read ? &audiohook->read_factory : &audiohook->write_factory;

	if (!has_factories(audiohook) || !frame) {
		return -1;
	}
	if (audiohook->direction != AST_AUDIOHOOK_DIRECTION_BOTH && audiohook->direction != direction) {
		return 0;
	}
	if (ast_slinfactory_available(factory) > audiohook->hook_internal_samp_rate * 4) {
		ast_slinfactory_flush(factory);	/* Nobody reads it. */
	}
	if (!ast_slinfactory_feed(factory, frame)) {
		return -1;
	}
	*(is_read ? &audiohook->read_time : &audiohook->write_time) = ast_tvnow();
	ast_cond_signal(&audiohook->trigger);
	return 0;
}

/* So many samples of a factory as a frame; NULL when there are fewer. */
static struct ast_frame *taken(struct ast_slinfactory *factory, size_t samples)
{
	int16_t room[4096];
	struct ast_frame frame = {
		.frametype = AST_FRAME_VOICE,
		.subclass.format = factory->output_format,
		.data.ptr = room,
		.samples = (int) samples,
		.datalen = (int) (samples * sizeof(room[0])),
		.src = "audiohook",
	};

	if (samples > ARRAY_LEN(room) || ast_slinfactory_available(factory) < samples) {
		return NULL;
	}
	ast_slinfactory_read(factory, room, samples);
	return ast_frdup(&frame);
}

struct ast_frame *ast_audiohook_read_frame_all(struct ast_audiohook *audiohook, size_t samples,
	struct ast_format *format, struct ast_frame **read_frame, struct ast_frame **write_frame)
{
	struct ast_frame *in, *out, *both;

	if (!has_factories(audiohook) || !format || !ast_format_cache_is_slinear(format)) {
		return NULL;
	}
	in = taken(&audiohook->read_factory, samples);
	out = taken(&audiohook->write_factory, samples);
	both = in ? ast_frdup(in) : out ? ast_frdup(out) : NULL;
	if (both && in && out) {
		ast_frame_slinear_sum(both, out);
	}
	if (read_frame) {
		*read_frame = in;
	} else if (in) {
		ast_frfree(in);
	}
	if (write_frame) {
		*write_frame = out;
	} else if (out) {
		ast_frfree(out);
	}
	return both;
}

struct ast_frame *ast_audiohook_read_frame(struct ast_audiohook *audiohook, size_t samples,
	enum ast_audiohook_direction direction, struct ast_format *format)
{
	if (direction == AST_AUDIOHOOK_DIRECTION_BOTH) {
		return ast_audiohook_read_frame_all(audiohook, samples, format, NULL, NULL);
	}
	if (!has_factories(audiohook) || !format || !ast_format_cache_is_slinear(format)) {
		return NULL;
	}
	return taken(direction == AST_AUDIOHOOK_DIRECTION_READ ? &audiohook->read_factory : &audiohook->write_factory,
		samples);
}

static int is_muted(const struct ast_audiohook *hook, enum ast_audiohook_direction direction)
{
	unsigned int flag = direction == AST_AUDIOHOOK_DIRECTION_READ ? AST_AUDIOHOOK_MUTE_READ : AST_AUDIOHOOK_MUTE_WRITE;

	return (hook->flags & flag) != 0;
}

/* Adds what was written to a whispering hook to a frame. */
static void whisper(struct ast_audiohook *hook, enum ast_audiohook_direction direction, struct ast_frame *frame)
{
	struct ast_frame *sound = taken(direction == AST_AUDIOHOOK_DIRECTION_READ ? &hook->read_factory
		: &hook->write_factory, (size_t) MAX(frame->samples, 0));

	if (sound) {
		ast_frame_slinear_sum(frame, sound);
		ast_frfree(sound);
	}
}

/* Shows a frame to one hook, which is locked meanwhile, its callback included. */
static void show(struct ast_audiohook *hook, struct ast_channel *chan, enum ast_audiohook_direction direction,
	struct ast_frame *frame)
{
	int is_voice = frame->frametype == AST_FRAME_VOICE;

	ast_audiohook_lock(hook);
	if (hook->status != AST_AUDIOHOOK_STATUS_RUNNING || is_muted(hook, direction)) {
		ast_audiohook_unlock(hook);
		return;
	}
	if (hook->type == AST_AUDIOHOOK_TYPE_MANIPULATE) {
		if (hook->manipulate_callback && (is_voice || (hook->flags & AST_AUDIOHOOK_WANTS_DTMF))) {
			hook->manipulate_callback(hook, chan, frame, direction);
		}
	} else if (is_voice && hook->type == AST_AUDIOHOOK_TYPE_SPY) {
		ast_audiohook_write_frame(hook, direction, frame);
	} else if (is_voice) {
		whisper(hook, direction, frame);
	}
	ast_audiohook_unlock(hook);
}

static void remove_leaving(struct ast_audiohook_list *list)
{
	struct ast_audiohook *hook;

	AST_LIST_TRAVERSE_SAFE_BEGIN(&list->hooks, hook, list) {
		if (status_of(hook) == AST_AUDIOHOOK_STATUS_SHUTDOWN) {
			AST_LIST_REMOVE_CURRENT(list);
			detached(hook);
		}
	}
	AST_LIST_TRAVERSE_SAFE_END;
}

/* Shows a frame to the hooks of a type; a hook may remove itself meanwhile. */
static void show_type(struct ast_audiohook_list *list, enum ast_audiohook_type type, struct ast_channel *chan,
	enum ast_audiohook_direction direction, struct ast_frame *frame)
{
	struct ast_audiohook *hook;

	AST_LIST_TRAVERSE_SAFE_BEGIN(&list->hooks, hook, list) {
		if (hook->type == type) {
			show(hook, chan, direction, frame);
		}
	}
	AST_LIST_TRAVERSE_SAFE_END;
}

struct ast_frame *ast_audiohook_write_list(struct ast_channel *chan, struct ast_audiohook_list *audiohook_list,
	enum ast_audiohook_direction direction, struct ast_frame *frame)
{
	int is_voice = frame && frame->frametype == AST_FRAME_VOICE;

	if (!audiohook_list || !frame || (!is_voice && frame->frametype != AST_FRAME_DTMF_END)) {
		return frame;
	}
	if (is_voice && direction <= AST_AUDIOHOOK_DIRECTION_WRITE && audiohook_list->volume[direction]) {
		ast_frame_adjust_volume(frame, audiohook_list->volume[direction]);
	}
	remove_leaving(audiohook_list);
	/* In Asterisk's order: who hears does not hear what is added. */
	show_type(audiohook_list, AST_AUDIOHOOK_TYPE_SPY, chan, direction, frame);
	show_type(audiohook_list, AST_AUDIOHOOK_TYPE_WHISPER, chan, direction, frame);
	show_type(audiohook_list, AST_AUDIOHOOK_TYPE_MANIPULATE, chan, direction, frame);
	return frame;
}

int ast_audiohook_write_list_empty(struct ast_audiohook_list *audiohook_list)
{
	return !audiohook_list || AST_LIST_EMPTY(&audiohook_list->hooks);
}
