/*
 * Declarations shared by the files of bridges.
 *
 * Locks are taken in the order bridge, bridge channel, channel.  A function for which the bridge has to be locked says so.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_BRIDGES_H
#define ASTERISM_BRIDGES_H

#include "internal.h"

#include "asterisk/astobj2.h"
#include "asterisk/bridge.h"
#include "asterisk/bridge_after.h"
#include "asterisk/bridge_internal.h"
#include "asterisk/stasis_bridges.h"

/* A bridge channel with what modules do not see. */
struct asterism_member {
	struct ast_bridge_channel shown;
	int entered;	/* 0 as long as it is on its way, 1 when it has entered, -1 when it was kept out. */
};

/* ---- technology.c; the bridge is locked, but for the first one ---- */

/* Gives a bridge that nobody else knows yet its technology: 0, or -1. */
HIDDEN int asterism_bridge_start(struct ast_bridge *bridge);
HIDDEN void asterism_bridge_stop(struct ast_bridge *bridge);
HIDDEN void asterism_bridge_joined(struct ast_bridge *bridge, struct ast_bridge_channel *member);
HIDDEN void asterism_bridge_left(struct ast_bridge *bridge, struct ast_bridge_channel *member);
/* Has a bridge with AST_BRIDGE_FLAG_SMART use the technology that is best for its number of channels. */
HIDDEN void asterism_bridge_adapt(struct ast_bridge *bridge);

/* ---- member.c ---- */

/* A bridge channel for a channel, which it then is the one of; NULL when the channel is in a bridge. */
HIDDEN struct ast_bridge_channel *asterism_member_new(struct ast_bridge *bridge, struct ast_channel *chan,
	struct ast_channel *swap, struct ast_bridge_features *features);
/* Enters, stays and leaves, in this thread: 0, or -1 when the channel was kept out.  The channel is then in no bridge. */
HIDDEN int asterism_member_run(struct ast_bridge_channel *member);
/* Into its bridge, and out of it; the bridge is locked. */
HIDDEN int asterism_member_push(struct ast_bridge_channel *member);
HIDDEN void asterism_member_pull(struct ast_bridge_channel *member);
/* From one bridge to another, both locked: 0, or -1 when it stayed, or had to leave both. */
HIDDEN int asterism_member_move(struct ast_bridge_channel *member, struct ast_bridge *to, int is_recovering);
/* Has the thread of a bridge channel look at its state and its queue. */
HIDDEN void asterism_member_wake(struct ast_bridge_channel *member);

/* ---- actions.c ---- */

/* Does what a queued frame of AST_FRAME_BRIDGE_ACTION says; other frames are written to the channel. */
HIDDEN void asterism_member_act(struct ast_bridge_channel *member, struct ast_frame *frame);

/* ---- features.c; nothing is locked ---- */

HIDDEN void asterism_hooks_run(struct ast_bridge_channel *member, enum ast_bridge_hook_type type);
HIDDEN void asterism_hooks_moved(struct ast_bridge_channel *member, struct ast_bridge *from, struct ast_bridge *to);
/* Runs what is due: milliseconds until the next one, or -1 without one. */
HIDDEN int asterism_hooks_intervals(struct ast_bridge_channel *member);
/* Whether a digit may belong to the digits of a hook. */
HIDDEN int asterism_hooks_want_digits(struct ast_bridge_channel *member);

/* ---- snapshots.c ---- */

/* The topic of a new bridge: 0, or -1; tells that a bridge has ended, and releases its topic. */
HIDDEN int asterism_bridge_topic_make(struct ast_bridge *bridge);
HIDDEN void asterism_bridge_topic_end(struct ast_bridge *bridge);

#endif
