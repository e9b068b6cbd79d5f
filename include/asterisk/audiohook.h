/*
 * Audio hooks: modules that hear, add to and change the sound of a channel, which is silence.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_AUDIOHOOK_H
#define ASTERISM_AUDIOHOOK_H

#include "asterisk/channel.h"
#include "asterisk/frame.h"
#include "asterisk/linkedlists.h"
#include "asterisk/lock.h"
#include "asterisk/slinfactory.h"

#ifdef __cplusplus
extern "C" {
#endif

enum ast_audiohook_type {
	AST_AUDIOHOOK_TYPE_SPY = 0,	/* Hears. */
	AST_AUDIOHOOK_TYPE_WHISPER,	/* Adds what is written to it. */
	AST_AUDIOHOOK_TYPE_MANIPULATE,	/* Changes. */
};

enum ast_audiohook_status {
	AST_AUDIOHOOK_STATUS_NEW = 0,
	AST_AUDIOHOOK_STATUS_RUNNING,	/* Attached. */
	AST_AUDIOHOOK_STATUS_SHUTDOWN,	/* To be detached. */
	AST_AUDIOHOOK_STATUS_DONE,	/* Detached. */
};

enum ast_audiohook_direction {
	AST_AUDIOHOOK_DIRECTION_READ = 0,
	AST_AUDIOHOOK_DIRECTION_WRITE,
	AST_AUDIOHOOK_DIRECTION_BOTH,
};

enum ast_audiohook_flags {
	AST_AUDIOHOOK_TRIGGER_MODE = (3 << 0),
	AST_AUDIOHOOK_TRIGGER_READ = (1 << 0),
	AST_AUDIOHOOK_TRIGGER_WRITE = (2 << 0),
	AST_AUDIOHOOK_WANTS_DTMF = (1 << 2),
	AST_AUDIOHOOK_TRIGGER_SYNC = (1 << 3),
	AST_AUDIOHOOK_SMALL_QUEUE = (1 << 4),
	AST_AUDIOHOOK_MUTE_READ = (1 << 5),
	AST_AUDIOHOOK_MUTE_WRITE = (1 << 6),
	AST_AUDIOHOOK_COMPATIBLE = (1 << 7),
	AST_AUDIOHOOK_SUBSTITUTE_SILENCE = (1 << 8),
};

enum ast_audiohook_init_flags {
	AST_AUDIOHOOK_MANIPULATE_ALL_RATES = (1 << 0),
};

struct ast_audiohook;
struct ast_audiohook_list;

/* Changes a frame, with the channel locked; the result makes no difference. */
typedef int (*ast_audiohook_manipulate_callback)(struct ast_audiohook *audiohook, struct ast_channel *chan,
	struct ast_frame *frame, enum ast_audiohook_direction direction);

struct ast_audiohook_options {
	int read_volume;	/* For ast_frame_adjust_volume. */
	int write_volume;
};

/* A hook, in memory of the module; laid out as in Asterisk 20 and later. */
struct ast_audiohook {
	ast_mutex_t lock;
	ast_cond_t trigger;	/* Signalled when sound has arrived, and when the status has changed. */
	enum ast_audiohook_type type;
	enum ast_audiohook_status status;
	enum ast_audiohook_init_flags init_flags;
	const char *source;	/* Whose hook it is. */
	unsigned int flags;
	struct ast_slinfactory read_factory;
	struct ast_slinfactory write_factory;
	struct timeval read_time;
	struct timeval write_time;
	struct ast_format *format;
	struct ast_trans_pvt *trans_pvt;
	ast_audiohook_manipulate_callback manipulate_callback;
	struct ast_audiohook_options options;
	unsigned int hook_internal_samp_rate;
	enum ast_audiohook_direction direction;
	AST_LIST_ENTRY(ast_audiohook) list;
};

#define ast_audiohook_lock(ah) ast_mutex_lock(&(ah)->lock)
#define ast_audiohook_unlock(ah) ast_mutex_unlock(&(ah)->lock)

/* Prepares a hook, and ends one that is not attached: 0. */
int ast_audiohook_init(struct ast_audiohook *audiohook, enum ast_audiohook_type type, const char *source,
	enum ast_audiohook_init_flags flags);
int ast_audiohook_destroy(struct ast_audiohook *audiohook);
/* Hears one direction only; before the hook is attached: 0, or -1. */
int ast_audiohook_set_frame_feed_direction(struct ast_audiohook *audiohook, enum ast_audiohook_direction direction);
/* Attaches a hook: 0, or -1. */
int ast_audiohook_attach(struct ast_channel *chan, struct ast_audiohook *audiohook);
/* Detaches a hook, with the hook locked; the lock is released meanwhile: 0. */
int ast_audiohook_detach(struct ast_audiohook *audiohook);
/* Detaches a hook of a channel: 0, or -1 when the channel does not have it. */
int ast_audiohook_remove(struct ast_channel *chan, struct ast_audiohook *audiohook);
/* Detaches a hook of a source: 0, or -1 when the channel has none. */
int ast_audiohook_detach_source(struct ast_channel *chan, const char *source);
/* Sets the status unless the hook is detached, and waits for a signal, at most 50 seconds, with the hook locked. */
void ast_audiohook_update_status(struct ast_audiohook *audiohook, enum ast_audiohook_status status);
void ast_audiohook_trigger_wait(struct ast_audiohook *audiohook);
/* Gives a hook sound of a direction: 0, or -1 when it takes none.  Lock the hook. */
int ast_audiohook_write_frame(struct ast_audiohook *audiohook, enum ast_audiohook_direction direction,
	struct ast_frame *frame);
/*
 * So many samples that the hook has heard, in a linear format, for ast_frfree; NULL when there are fewer, or for another
 * format.  read_frame_all gives those of both directions by themselves, too.  Lock the hook.
 */
struct ast_frame *ast_audiohook_read_frame(struct ast_audiohook *audiohook, size_t samples,
	enum ast_audiohook_direction direction, struct ast_format *format);
struct ast_frame *ast_audiohook_read_frame_all(struct ast_audiohook *audiohook, size_t samples,
	struct ast_format *format, struct ast_frame **read_frame, struct ast_frame **write_frame);
/* Shows a frame to the hooks of a channel that is locked, and gives it. */
struct ast_frame *ast_audiohook_write_list(struct ast_channel *chan, struct ast_audiohook_list *audiohook_list,
	enum ast_audiohook_direction direction, struct ast_frame *frame);
int ast_audiohook_write_list_empty(struct ast_audiohook_list *audiohook_list);
/* How many hooks of a type a source has on a channel; how many of them are attached. */
int ast_channel_audiohook_count_by_source(struct ast_channel *chan, const char *source, enum ast_audiohook_type type);
int ast_channel_audiohook_count_by_source_running(struct ast_channel *chan, const char *source,
	enum ast_audiohook_type type);
/* The volume of a channel: sets it, gives it, adds to it. */
int ast_audiohook_volume_set(struct ast_channel *chan, enum ast_audiohook_direction direction, int volume);
int ast_audiohook_volume_get(struct ast_channel *chan, enum ast_audiohook_direction direction);
int ast_audiohook_volume_adjust(struct ast_channel *chan, enum ast_audiohook_direction direction, int volume);
/* Sets or clears a flag, AST_AUDIOHOOK_MUTE_READ or _WRITE, of the hooks of a source: 0, or -1 when there is none. */
int ast_audiohook_set_mute(struct ast_channel *chan, const char *source, enum ast_audiohook_flags flag, int clear);
int ast_audiohook_set_mute_all(struct ast_channel *chan, const char *source, enum ast_audiohook_flags flag, int clear);

#ifdef __cplusplus
}
#endif

#endif
