/*
 * Calls between two, with features.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_FEATURES_H
#define ASTERISM_FEATURES_H

#include "asterisk/bridge.h"
#include "asterisk/linkedlists.h"
#include "asterisk/pbx.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
	AST_FEATURE_FLAG_NEEDSDTMF = (1 << 0),
	AST_FEATURE_FLAG_ONPEER = (1 << 1),
	AST_FEATURE_FLAG_ONSELF = (1 << 2),
	AST_FEATURE_FLAG_BYCALLEE = (1 << 3),
	AST_FEATURE_FLAG_BYCALLER = (1 << 4),
	AST_FEATURE_FLAG_BYBOTH = (3 << 3),
};

/* Bridges two channels until one hangs up; the peer is then hung up: 0, or -1 when the bridge could not be made. */
int ast_bridge_call(struct ast_channel *chan, struct ast_channel *peer, struct ast_bridge_config *config);
int ast_bridge_call_with_flags(struct ast_channel *chan, struct ast_channel *peer, struct ast_bridge_config *config,
	unsigned int flags);
/* Takes a channel out of what it does into a bridge: 0, or -1. */
int ast_bridge_add_channel(struct ast_bridge *bridge, struct ast_channel *chan, struct ast_bridge_features *features,
	int play_tone, const char *xfersound);

#ifdef __cplusplus
}
#endif

#endif
