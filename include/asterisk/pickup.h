/*
 * Picking up a call that rings elsewhere.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_PICKUP_H
#define ASTERISM_PICKUP_H

#include "asterisk/channel.h"

#ifdef __cplusplus
extern "C" {
#endif

struct stasis_message_type;

/* Whether a channel rings and is nobody's yet. */
int ast_can_pickup(struct ast_channel *chan);
/* A ringing channel of the groups that a channel may pick up, locked, with a reference; NULL for none. */
struct ast_channel *ast_pickup_find_by_group(struct ast_channel *chan);
/* Picks up such a channel, or this one: 0, or -1.  The channel is answered, and the one that rang is hung up; the call is not handed
 * over. */
int ast_pickup_call(struct ast_channel *chan);
int ast_do_pickup(struct ast_channel *chan, struct ast_channel *target);
struct stasis_message_type *ast_call_pickup_type(void);

#ifdef __cplusplus
}
#endif

#endif
