/*
 * What modules need that have kinds of bridges of their own.
 *
 * A bridge is made in three steps, each of which frees it and gives NULL when it fails, or for NULL.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_BRIDGE_INTERNAL_H
#define ASTERISM_BRIDGE_INTERNAL_H

#include "asterisk/bridge.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The memory, with the size of the module's structure, which begins with a struct ast_bridge. */
struct ast_bridge *bridge_alloc(size_t size, const struct ast_bridge_methods *v_table);
/* Its technology, names and topic; id of NULL for a new one. */
struct ast_bridge *bridge_base_init(struct ast_bridge *self, uint32_t capabilities, unsigned int flags, const char
	*creator, const char *name, const char *id);
/* Makes it known. */
struct ast_bridge *bridge_register(struct ast_bridge *bridge);
/* The channel in the bridge, which is locked; without a reference. */
struct ast_bridge_channel *bridge_find_channel(struct ast_bridge *bridge, struct ast_channel *chan);
/* Ends a bridge that is locked; changes its number of reasons against a merge. */
void bridge_dissolve(struct ast_bridge *bridge, int cause);
void bridge_merge_inhibit_nolock(struct ast_bridge *bridge, int request);

#ifdef __cplusplus
}
#endif

#endif
