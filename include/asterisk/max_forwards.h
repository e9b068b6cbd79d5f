/*
 * How often a call may still be forwarded: a number that channels inherit, 20 at first.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_MAX_FORWARDS_H
#define ASTERISM_MAX_FORWARDS_H

#ifdef __cplusplus
extern "C" {
#endif

struct ast_channel;

/* Lock the channel for all of these: 0, or -1; get gives the number. */
int ast_max_forwards_set(struct ast_channel *chan, int starting_count);
int ast_max_forwards_get(struct ast_channel *chan);
int ast_max_forwards_decrement(struct ast_channel *chan);
int ast_max_forwards_reset(struct ast_channel *chan);

#ifdef __cplusplus
}
#endif

#endif
