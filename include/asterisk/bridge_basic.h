/*
 * Bridges for calls between two.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_BRIDGE_BASIC_H
#define ASTERISM_BRIDGE_BASIC_H

#include "asterisk/bridge.h"

#ifdef __cplusplus
extern "C" {
#endif

#define AST_TRANSFERER_ROLE_NAME "transferer"

/* The features that a channel may call for in a call, as letters (t transfer, h hangup, k park, x record): 0, or -1. */
int ast_bridge_features_ds_set_string(struct ast_channel *chan, const char *features);
int ast_bridge_features_ds_get_string(struct ast_channel *chan, char *buffer, size_t buf_size);
/* The features of a channel as bits of AST_FEATURE_...; NULL when none are set.  append adds. */
struct ast_flags *ast_bridge_features_ds_get(struct ast_channel *chan);
int ast_bridge_features_ds_set(struct ast_channel *chan, struct ast_flags *flags);
int ast_bridge_features_ds_append(struct ast_channel *chan, struct ast_flags *flags);

extern struct ast_bridge_methods ast_bridge_basic_v_table;
/* A bridge that ends with the first channel that leaves. */
struct ast_bridge *ast_bridge_basic_new(void);
/* Adds flags of enum ast_bridge_feature_flags. */
void ast_bridge_basic_set_flags(struct ast_bridge *bridge, unsigned int flags);

#ifdef __cplusplus
}
#endif

#endif
