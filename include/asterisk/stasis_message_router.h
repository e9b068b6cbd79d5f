/*
 * A subscription with a separate callback for each message type.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_STASIS_MESSAGE_ROUTER_H
#define ASTERISM_STASIS_MESSAGE_ROUTER_H

#include "asterisk/stasis.h"

#ifdef __cplusplus
extern "C" {
#endif

struct stasis_message_router;

/* A router for a topic, with its own thread or in the pool; NULL on failure. */
struct stasis_message_router *__stasis_message_router_create(struct stasis_topic *topic, const char *file, int lineno,
	const char *func);
struct stasis_message_router *__stasis_message_router_create_pool(struct stasis_topic *topic, const char *file,
	int lineno, const char *func);
#define stasis_message_router_create(topic) \
	__stasis_message_router_create((topic), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define stasis_message_router_create_pool(topic) \
	__stasis_message_router_create_pool((topic), __FILE__, __LINE__, __PRETTY_FUNCTION__)

/* Ends a router, as stasis_unsubscribe and stasis_unsubscribe_and_join do; NULL does nothing. */
void stasis_message_router_unsubscribe(struct stasis_message_router *router);
void stasis_message_router_unsubscribe_and_join(struct stasis_message_router *router);
int stasis_message_router_is_done(struct stasis_message_router *router);
/* Publishes on the router's topic and waits for the router's callback. */
void stasis_message_router_publish_sync(struct stasis_message_router *router, struct stasis_message *message);
int stasis_message_router_set_congestion_limits(struct stasis_message_router *router, long low_water, long high_water);

/* Sets the callback of a type: 0, or -1 when the type has a callback, is NULL, or out of memory. */
int stasis_message_router_add(struct stasis_message_router *router, struct stasis_message_type *message_type,
	stasis_subscription_cb callback, void *data);
void stasis_message_router_remove(struct stasis_message_router *router, struct stasis_message_type *message_type);
/* Sets the callback of changes that a caching topic tells about messages of a type: 0, or -1.  Takes it back. */
int stasis_message_router_add_cache_update(struct stasis_message_router *router,
	struct stasis_message_type *message_type, stasis_subscription_cb callback, void *data);
void stasis_message_router_remove_cache_update(struct stasis_message_router *router,
	struct stasis_message_type *message_type);
/* Sets the callback for all other types and the last message: 0, or -1. */
int stasis_message_router_set_default(struct stasis_message_router *router, stasis_subscription_cb callback, void *data);
/* Sets the default callback for types that can be converted to one of the formats. */
void stasis_message_router_set_formatters_default(struct stasis_message_router *router, stasis_subscription_cb callback,
	void *data, enum stasis_subscription_message_formatters formatters);
void stasis_message_router_accept_formatters(struct stasis_message_router *router,
	enum stasis_subscription_message_formatters formatters);

#ifdef __cplusplus
}
#endif

#endif
