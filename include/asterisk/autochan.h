/*
 * A reference to a channel that would follow it through a masquerade; here channels are never exchanged.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_AUTOCHAN_H
#define ASTERISM_AUTOCHAN_H

#include "asterisk/channel.h"
#include "asterisk/linkedlists.h"
#include "asterisk/lock.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ast_autochan {
	struct ast_channel *chan;
	AST_LIST_ENTRY(ast_autochan) list;
	ast_mutex_t lock;
};

/* A new one, or NULL; and its end, which releases the channel. */
struct ast_autochan *ast_autochan_setup(struct ast_channel *chan);
void ast_autochan_destroy(struct ast_autochan *autochan);

#define ast_autochan_channel_lock(autochan) ast_channel_lock((autochan)->chan)
#define ast_autochan_channel_unlock(autochan) ast_channel_unlock((autochan)->chan)

#ifdef __cplusplus
}
#endif

#endif
