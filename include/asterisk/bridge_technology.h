/*
 * How bridges pass frames between channels.
 *
 * The core has the technology "core_bridge", of lower preference than any module's, which passes each frame to all others.
 * Callbacks are called with the bridge locked.  Media is not mixed or translated: a technology that needs that gets silence.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_BRIDGE_TECHNOLOGY_H
#define ASTERISM_BRIDGE_TECHNOLOGY_H

#include "asterisk/linkedlists.h"
#include "asterisk/utils.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Preferences; the technology with the largest is used. */
enum ast_bridge_preference {
	AST_BRIDGE_PREFERENCE_BASE_HOLDING = 50,
	AST_BRIDGE_PREFERENCE_BASE_EARLY = 100,
	AST_BRIDGE_PREFERENCE_BASE_NATIVE = 90,
	AST_BRIDGE_PREFERENCE_BASE_1TO1MIX = 50,
	AST_BRIDGE_PREFERENCE_BASE_MULTIMIX = 10,
};

/* How talking is detected in a channel; stored without effect. */
struct ast_bridge_tech_optimizations {
	unsigned int talking_threshold;
	unsigned int silence_threshold;
	unsigned int drop_silence:1;
};

struct ast_bridge;
struct ast_bridge_channel;
struct ast_frame;
struct ast_module;

/* capabilities are of enum ast_bridge_capability.  compatible gives 0 for a bridge that the technology is not for.  write gives 0
 * for a frame that it took. */
struct ast_bridge_technology {
	const char *name;
	uint32_t capabilities;
	enum ast_bridge_preference preference;
	int (*create)(struct ast_bridge *bridge);
	int (*start)(struct ast_bridge *bridge);
	void (*stop)(struct ast_bridge *bridge);
	void (*destroy)(struct ast_bridge *bridge);
	int (*join)(struct ast_bridge *bridge, struct ast_bridge_channel *bridge_channel);
	void (*leave)(struct ast_bridge *bridge, struct ast_bridge_channel *bridge_channel);
	void (*suspend)(struct ast_bridge *bridge, struct ast_bridge_channel *bridge_channel);
	void (*unsuspend)(struct ast_bridge *bridge, struct ast_bridge_channel *bridge_channel);
	int (*compatible)(struct ast_bridge *bridge);
	int (*write)(struct ast_bridge *bridge, struct ast_bridge_channel *bridge_channel, struct ast_frame *frame);
	int (*stream_topology_request_change)(struct ast_bridge *bridge, struct ast_bridge_channel *bridge_channel);
	void (*stream_topology_changed)(struct ast_bridge *bridge, struct ast_bridge_channel *bridge_channel);
	unsigned int suspended:1;
	struct ast_module *mod;
	AST_RWLIST_ENTRY(ast_bridge_technology) entry;
};

/* Registers a technology: 0, or -1 for one without a name, capabilities or write, or of a registered name.  unregister: 0, or -1. */
int __ast_bridge_technology_register(struct ast_bridge_technology *technology, struct ast_module *mod);
#define ast_bridge_technology_register(technology) __ast_bridge_technology_register((technology), AST_MODULE_SELF)
int ast_bridge_technology_unregister(struct ast_bridge_technology *technology);
/* A technology that is suspended is not used for new bridges. */
void ast_bridge_technology_suspend(struct ast_bridge_technology *technology);
void ast_bridge_technology_unsuspend(struct ast_bridge_technology *technology);

#ifdef __cplusplus
}
#endif

#endif
