/*
 * Endpoints: what channels of a technology belong to, such as `PJSIP/alice`.
 *
 * An endpoint publishes its snapshots on its topic when its state or its channels change.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_ENDPOINTS_H
#define ASTERISM_ENDPOINTS_H

#include "asterisk/json.h"

#ifdef __cplusplus
extern "C" {
#endif

enum ast_endpoint_state {
	AST_ENDPOINT_UNKNOWN,
	AST_ENDPOINT_OFFLINE,
	AST_ENDPOINT_ONLINE,
};

struct ast_channel;
struct ast_endpoint_snapshot;
struct ast_endpoint;

/* "unknown", "offline", "online"; "?" for another state. */
const char *ast_endpoint_state_to_string(enum ast_endpoint_state state);
/* A new endpoint with the caller's reference; NULL without a technology, or out of memory.  Without a resource it stands for the technology. */
struct ast_endpoint *ast_endpoint_create(const char *tech, const char *resource);
/* Takes an endpoint out of the list and releases the caller's reference. */
void ast_endpoint_shutdown(struct ast_endpoint *endpoint);
/* The endpoint `TECH/RESOURCE` with a reference, or NULL. */
struct ast_endpoint *ast_endpoint_find_by_id(const char *id);
const char *ast_endpoint_get_tech(const struct ast_endpoint *endpoint);
const char *ast_endpoint_get_resource(const struct ast_endpoint *endpoint);
const char *ast_endpoint_get_id(const struct ast_endpoint *endpoint);
enum ast_endpoint_state ast_endpoint_get_state(const struct ast_endpoint *endpoint);
void ast_endpoint_set_state(struct ast_endpoint *endpoint, enum ast_endpoint_state state);
void ast_endpoint_set_max_channels(struct ast_endpoint *endpoint, int max_channels);
/* The channel belongs to an endpoint from now on, until it ends or is removed: 0, or -1. */
int ast_endpoint_add_channel(struct ast_endpoint *endpoint, struct ast_channel *chan);
int ast_endpoint_remove_channel(struct ast_endpoint *endpoint, struct ast_channel *chan);
/* The last snapshot that was published, with a reference, or NULL. */
struct ast_endpoint_snapshot *ast_endpoint_get_snapshot(struct ast_endpoint *endpoint);

#ifdef __cplusplus
}
#endif

#endif
