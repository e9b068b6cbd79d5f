/*
 * Frame hooks (asterisk/framehook.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/framehook.h"

#include "record.h"

struct ast_framehook {
	struct ast_framehook_interface i;
	struct ast_channel *chan;
	int id;
	int is_leaving;
	int seen;	/* Whether it has changed the frame that is shown now. */
	AST_LIST_ENTRY(ast_framehook) list;
};

struct ast_framehook_list {
	int last_id;
	AST_LIST_HEAD_NOLOCK(, ast_framehook) list;
};

/* Tells a hook of an event without a frame, and drops the frame that it gives all the same. */
static void tell(struct ast_framehook *hook, enum ast_framehook_event event)
{
	struct ast_frame *frame = hook->i.event_cb(hook->chan, NULL, event, hook->i.data);

	if (frame) {
		ast_frfree(frame);
	}
}

static void end(struct ast_framehook *hook)
{
	tell(hook, AST_FRAMEHOOK_EVENT_DETACHED);
	if (hook->i.destroy_cb) {
		hook->i.destroy_cb(hook->i.data);
	}
	ast_free(hook);
}

int ast_framehook_attach(struct ast_channel *chan, struct ast_framehook_interface *i)
{
	struct ast_framehook_list *hooks;
	struct ast_framehook *hook;

	if (!asterism_channel_record(chan, __func__)) {
		return -1;
	}
	if (!i || i->version != AST_FRAMEHOOK_INTERFACE_VERSION || !i->event_cb) {
		ast_log(LOG_ERROR, "the interface of a frame hook must be of version %d and have an event_cb\n",
			AST_FRAMEHOOK_INTERFACE_VERSION);
		return -1;
	}
	hooks = ast_channel_framehooks(chan);
	if (!hooks && (hooks = ast_calloc(1, sizeof(*hooks)))) {
		ast_channel_framehooks_set(chan, hooks);
	}
	hook = hooks ? ast_calloc(1, sizeof(*hook)) : NULL;
	if (!hook) {
		return -1;
	}
	hook->i = *i;
	hook->chan = chan;
	hook->id = ++hooks->last_id;
	AST_LIST_INSERT_TAIL(&hooks->list, hook, list);
	tell(hook, AST_FRAMEHOOK_EVENT_ATTACHED);
	return hook->id;
}

int ast_framehook_detach(struct ast_channel *chan, int framehook_id)
{
	struct ast_framehook_list *hooks = ast_channel_framehooks(chan);
	struct ast_framehook *hook = NULL;

	if (hooks) {
		AST_LIST_TRAVERSE(&hooks->list, hook, list) {
			if (hook->id == framehook_id) {
				hook->is_leaving = 1;
				break;
			}
		}
	}
	return hook ? 0 : -1;
}

int ast_framehook_list_destroy(struct ast_channel *chan)
{
	struct ast_framehook_list *hooks = ast_channel_framehooks(chan);
	struct ast_framehook *hook;

	if (!hooks) {
		return -1;
	}
	ast_channel_framehooks_set(chan, NULL);
	while ((hook = AST_LIST_REMOVE_HEAD(&hooks->list, list))) {
		end(hook);
	}
	ast_free(hooks);
	return 0;
}

static void remove_leaving(struct ast_framehook_list *hooks)
{
	struct ast_framehook *hook;

	AST_LIST_TRAVERSE_SAFE_BEGIN(&hooks->list, hook, list) {
		hook->seen = 0;
		if (hook->is_leaving) {
			AST_LIST_REMOVE_CURRENT(list);
			end(hook);
		}
	}
	AST_LIST_TRAVERSE_SAFE_END;
}

/* Shows the frame to all hooks that have not changed it: whether one of them has done so now. */
static int show(struct ast_framehook_list *hooks, struct ast_frame **frame, enum ast_framehook_event event)
{
	struct ast_framehook *hook;

	AST_LIST_TRAVERSE(&hooks->list, hook, list) {
		struct ast_frame *before = *frame;

		if (hook->seen || hook->is_leaving) {
			continue;
		}
		*frame = hook->i.event_cb(hook->chan, before, event, hook->i.data);
		if (*frame != before) {
			hook->seen = 1;
			return *frame != NULL;
		}
	}
	return 0;
}

static struct ast_frame *pass(struct ast_framehook_list *hooks, struct ast_frame *frame, enum ast_framehook_event event)
{
	if (hooks) {
		remove_leaving(hooks);
		while (frame && show(hooks, &frame, event)) {
			continue;	/* The hooks before the one that has changed the frame see the new one, too. */
		}
	}
	return frame;
}

struct ast_frame *ast_framehook_list_read_event(struct ast_framehook_list *framehooks, struct ast_frame *frame)
{
	return pass(framehooks, frame, AST_FRAMEHOOK_EVENT_READ);
}

struct ast_frame *ast_framehook_list_write_event(struct ast_framehook_list *framehooks, struct ast_frame *frame)
{
	return pass(framehooks, frame, AST_FRAMEHOOK_EVENT_WRITE);
}

int ast_framehook_list_is_empty(struct ast_framehook_list *framehooks)
{
	return !framehooks || AST_LIST_EMPTY(&framehooks->list);
}

static int stays(const struct ast_framehook *hook)
{
	return !hook->is_leaving;
}

int ast_framehook_list_contains_no_active(struct ast_framehook_list *framehooks)
{
	struct ast_framehook *hook = NULL;

	if (framehooks) {
		AST_LIST_TRAVERSE(&framehooks->list, hook, list) {
			if (stays(hook)) {
				break;
			}
		}
	}
	return hook == NULL;
}

int ast_framehook_list_contains_no_active_of_type(struct ast_framehook_list *framehooks, enum ast_frame_type type)
{
	struct ast_framehook *hook = NULL;

	if (framehooks) {
		AST_LIST_TRAVERSE(&framehooks->list, hook, list) {
			if (stays(hook) && (!hook->i.consume_cb || hook->i.consume_cb(hook->i.data, type))) {
				break;
			}
		}
	}
	return hook == NULL;
}
