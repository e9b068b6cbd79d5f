/*
 * Roles of channels in bridges, such as "holding_participant", with options.
 *
 * Roles of a channel are kept on it; a channel in a bridge has a copy, which it took when it joined.  A role or an option is found
 * by its exact name.  Bad arguments give -1, 0 or NULL.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_BRIDGE_ROLES_H
#define ASTERISM_BRIDGE_ROLES_H

#include "asterisk/linkedlists.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of names and values, with the closing NUL. */
#define AST_ROLE_LEN 32

struct ast_bridge_channel;
struct ast_channel;

/* Adds a role: 0 (also when it has it), or -1. */
int ast_channel_add_bridge_role(struct ast_channel *chan, const char *role_name);
void ast_channel_remove_bridge_role(struct ast_channel *chan, const char *role_name);
void ast_channel_clear_bridge_roles(struct ast_channel *chan);
/* Sets an option of a role that the channel has: 0, or -1. */
int ast_channel_set_bridge_role_option(struct ast_channel *channel, const char *role_name, const char *option,
	const char *value);
/* Whether the channel has a role; the value of an option ("" for none, NULL without the role). */
int ast_channel_has_role(struct ast_channel *channel, const char *role_name);
const char *ast_channel_get_role_option(struct ast_channel *channel, const char *role_name, const char *option);
int ast_bridge_channel_has_role(struct ast_bridge_channel *bridge_channel, const char *role_name);
const char *ast_bridge_channel_get_role_option(struct ast_bridge_channel *bridge_channel, const char *role_name,
	const char *option);
/* Copies the roles of the channel: 0, or -1 when it has them already.  clear frees them. */
int ast_bridge_channel_establish_roles(struct ast_bridge_channel *bridge_channel);
void ast_bridge_channel_clear_roles(struct ast_bridge_channel *bridge_channel);

#ifdef __cplusplus
}
#endif

#endif
