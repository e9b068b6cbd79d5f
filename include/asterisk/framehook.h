/*
 * Frame hooks: callbacks that see, change and take the frames which a channel reads and writes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_FRAMEHOOK_H
#define ASTERISM_FRAMEHOOK_H

#include "asterisk/frame.h"
#include "asterisk/linkedlists.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ast_channel;
struct ast_framehook;
struct ast_framehook_list;

enum ast_framehook_event {
	AST_FRAMEHOOK_EVENT_READ,
	AST_FRAMEHOOK_EVENT_WRITE,
	AST_FRAMEHOOK_EVENT_ATTACHED,	/* The first one, without a frame. */
	AST_FRAMEHOOK_EVENT_DETACHED,	/* The last one, without a frame. */
};

/* Gives the frame that takes the place of the given one: the same, another for ast_frfree, or NULL. */
typedef struct ast_frame *(*ast_framehook_event_callback)(struct ast_channel *chan, struct ast_frame *frame,
	enum ast_framehook_event event, void *data);
typedef void (*ast_framehook_destroy_callback)(void *data);
/* Whether the hook looks at frames of a type. */
typedef int (*ast_framehook_consume_callback)(void *data, enum ast_frame_type type);
typedef void (*ast_framehook_chan_fixup_callback)(void *data, int framehook_id, struct ast_channel *old_chan,
	struct ast_channel *new_chan);

#define AST_FRAMEHOOK_INTERFACE_VERSION 4

/* All but version and event_cb may be NULL; the two about other channels are not called: there are no masquerades. */
struct ast_framehook_interface {
	uint16_t version;
	ast_framehook_event_callback event_cb;
	ast_framehook_destroy_callback destroy_cb;
	ast_framehook_consume_callback consume_cb;
	ast_framehook_chan_fixup_callback chan_fixup_cb;
	ast_framehook_chan_fixup_callback chan_breakdown_cb;
	int disable_inheritance;
	void *data;
};

/* Attaches a hook to a channel that is locked: its id from 1 on, or -1. */
int ast_framehook_attach(struct ast_channel *chan, struct ast_framehook_interface *i);
/* Detaches a hook at the next frame, or at the end of the channel; lock it: 0, or -1 for an unknown id. */
int ast_framehook_detach(struct ast_channel *chan, int framehook_id);
/* Detaches all hooks of a channel that is locked, at once: 0, or -1 when it has none. */
int ast_framehook_list_destroy(struct ast_channel *chan);
/* Shows a frame to the hooks of a channel that is locked, and gives what they made of it. */
struct ast_frame *ast_framehook_list_read_event(struct ast_framehook_list *framehooks, struct ast_frame *frame);
struct ast_frame *ast_framehook_list_write_event(struct ast_framehook_list *framehooks, struct ast_frame *frame);
/* Whether a list (which may be NULL) is empty; has no hook that stays; has none that looks at frames of a type. */
int ast_framehook_list_is_empty(struct ast_framehook_list *framehooks);
int ast_framehook_list_contains_no_active(struct ast_framehook_list *framehooks);
int ast_framehook_list_contains_no_active_of_type(struct ast_framehook_list *framehooks, enum ast_frame_type type);

#ifdef __cplusplus
}
#endif

#endif
