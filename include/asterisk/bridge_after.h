/*
 * What a channel does when it has left a bridge.
 *
 * A place of the dialplan and one callback are kept on the channel; the callback comes first.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_BRIDGE_AFTER_H
#define ASTERISM_BRIDGE_AFTER_H

#include "asterisk/channel.h"

#ifdef __cplusplus
extern "C" {
#endif

enum ast_bridge_after_cb_reason {
	AST_BRIDGE_AFTER_CB_REASON_DESTROY,
	AST_BRIDGE_AFTER_CB_REASON_REPLACED,
	AST_BRIDGE_AFTER_CB_REASON_MASQUERADE,
	AST_BRIDGE_AFTER_CB_REASON_DEPART,
	AST_BRIDGE_AFTER_CB_REASON_REMOVED,
	AST_BRIDGE_AFTER_CB_REASON_IMPART_FAILED,
};

/* Where the channel goes on: a place; the extension h of a context; a place in words, or the one after (context, exten, priority). */
void ast_bridge_set_after_goto(struct ast_channel *chan, const char *context, const char *exten, int priority);
void ast_bridge_set_after_h(struct ast_channel *chan, const char *context);
void ast_bridge_set_after_go_on(struct ast_channel *chan, const char *context, const char *exten, int priority,
	const char *parseable_goto);
/* Takes the place and sets the channel to it: 0; -1 when no place was set, or it is the extension h. */
int ast_bridge_setup_after_goto(struct ast_channel *chan);
/* Calls the callback; gives its data back with a reason; runs the dialplan from the place on; forgets it. */
void ast_bridge_run_after_callback(struct ast_channel *chan);
void ast_bridge_discard_after_callback(struct ast_channel *chan, enum ast_bridge_after_cb_reason reason);
void ast_bridge_run_after_goto(struct ast_channel *chan);
void ast_bridge_discard_after_goto(struct ast_channel *chan);
/* The place as "context,exten,priority", or "". */
void ast_bridge_read_after_goto(struct ast_channel *chan, char *buffer, size_t buf_size);
typedef void (*ast_bridge_after_cb_failed)(enum ast_bridge_after_cb_reason reason, void *data);
typedef void (*ast_bridge_after_cb)(struct ast_channel *chan, void *data);
/* Replaces the callback: 0, or -1.  failed is called with its data when it will not be called. */
int ast_bridge_set_after_callback(struct ast_channel *chan, ast_bridge_after_cb callback, ast_bridge_after_cb_failed
	failed, void *data);
const char *ast_bridge_after_cb_reason_string(enum ast_bridge_after_cb_reason reason);

#ifdef __cplusplus
}
#endif

#endif
