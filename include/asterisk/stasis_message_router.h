/*
 * A subscription that calls another function for each type of message.
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

/* A router for a topic, with a thread of its own or in the pool; NULL when it could not be made. */
struct stasis_message_router *__stasis_message_router_create(struct stasis_topic *topic, const char *file, int lineno,
	const char *func);
struct stasis_message_router *__stasis_message_router_create_pool(struct stasis_topic *topic, const char *file,
	int lineno, const char *func);
#define stasis_message_router_create(topic) \
	__stasis_message_router_create((topic), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define stasis_message_router_create_pool(topic) \
	__stasis_message_router_create_pool((topic), __FILE__, __LINE__, __PRETTY_FUNCTION__)

/* Ends it as stasis_unsubscribe and stasis_unsubscribe_and_join do; it takes NULL. */
void stasis_message_router_unsubscribe(struct stasis_message_router *router);
void stasis_message_router_unsubscribe_and_join(struct stasis_message_router *router);
int stasis_message_router_is_done(struct stasis_message_router *router);
/* Publishes on its topic and waits until its own callback has had it. */
void stasis_message_router_publish_sync(struct stasis_message_router *router, struct stasis_message *message);
int stasis_message_router_set_congestion_limits(struct stasis_message_router *router, long low_water, long high_water);

/* What is called for a type, one function for each: 0, or -1 when there is one already, or no type, or no memory. */
int stasis_message_router_add(struct stasis_message_router *router, struct stasis_message_type *message_type,
	stasis_subscription_cb callback, void *data);
void stasis_message_router_remove(struct stasis_message_router *router, struct stasis_message_type *message_type);
/* What is called for all other types, the last message too: 0, or -1. */
int stasis_message_router_set_default(struct stasis_message_router *router, stasis_subscription_cb callback, void *data);
/* The same for those that can become one of the formats only. */
void stasis_message_router_set_formatters_default(struct stasis_message_router *router, stasis_subscription_cb callback,
	void *data, enum stasis_subscription_message_formatters formatters);
void stasis_message_router_accept_formatters(struct stasis_message_router *router,
	enum stasis_subscription_message_formatters formatters);

#ifdef __cplusplus
}
#endif

#endif
