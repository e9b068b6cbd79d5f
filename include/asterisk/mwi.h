/*
 * Messages that wait in mailboxes.
 *
 * A mailbox is `1234@default`.  Its state is published on its topic, and kept in a cache.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_MWI_H
#define ASTERISM_MWI_H

#include "asterisk/stasis.h"
#include "asterisk/stringfields.h"
#include "asterisk/utils.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ast_channel_snapshot;

#define AST_MAX_MAILBOX_UNIQUEID (AST_MAX_EXTENSION + AST_MAX_CONTEXT + 2)

/* The state of a mailbox, an object of astobj2.h; laid out as in Asterisk 20 and later. */
struct ast_mwi_state {
	AST_DECLARE_STRING_FIELDS(
	AST_STRING_FIELD(uniqueid);
	);
	int new_msgs;
	int old_msgs;
	struct ast_channel_snapshot *snapshot;
	struct ast_eid eid;
	int urgent_msgs;
};

/* The data of a message about a mailbox of another type. */
struct ast_mwi_blob {
	struct ast_mwi_state *mwi_state;
	struct ast_json *blob;
};

/* The topic of all mailboxes, of one, and of changes of the cache; the cache; the types of messages. */
struct stasis_topic *ast_mwi_topic_all(void);
struct stasis_topic *ast_mwi_topic(const char *uniqueid);
struct stasis_topic *ast_mwi_topic_cached(void);
struct stasis_cache *ast_mwi_state_cache(void);
struct stasis_message_type *ast_mwi_state_type(void);
struct stasis_message_type *ast_mwi_vm_app_type(void);

/* Publishes how many messages a mailbox has, in a context or, with NULL, as it is written: 0, or -1. */
int ast_publish_mwi_state_full(const char *mailbox, const char *context, int new_msgs, int old_msgs, const char
	*channel_id, struct ast_eid *eid);
int ast_mwi_publish_by_mailbox(const char *mailbox, const char *context, int urgent_msgs, int new_msgs, int old_msgs,
	const char *channel_id, struct ast_eid *eid);
#define ast_publish_mwi_state(mailbox, context, new_msgs, old_msgs) \
	ast_publish_mwi_state_full((mailbox), (context), (new_msgs), (old_msgs), NULL, NULL)
#define ast_publish_mwi_state_channel(mailbox, context, new_msgs, old_msgs, channel_id) \
	ast_publish_mwi_state_full((mailbox), (context), (new_msgs), (old_msgs), (channel_id), NULL)
/* Takes a mailbox out of the cache: 0, or -1. */
int ast_delete_mwi_state_full(const char *mailbox, const char *context, struct ast_eid *eid);
#define ast_delete_mwi_state(mailbox, context) ast_delete_mwi_state_full((mailbox), (context), NULL)
/* A new empty state of a mailbox; a message with it and JSON. */
struct ast_mwi_state *ast_mwi_create(const char *mailbox, const char *context);
struct stasis_message *ast_mwi_blob_create(struct ast_mwi_state *mwi_state, struct stasis_message_type *message_type,
	struct ast_json *blob);

/* Who wants to know of a mailbox; without a callback the topic is only kept.  unsubscribe gives NULL. */
struct ast_mwi_subscriber;
struct ast_mwi_subscriber *ast_mwi_add_subscriber(const char *mailbox);
struct ast_mwi_subscriber *ast_mwi_subscribe_pool(const char *mailbox, stasis_subscription_cb callback, void *data);
void *ast_mwi_unsubscribe(struct ast_mwi_subscriber *sub);
void *ast_mwi_unsubscribe_and_join(struct ast_mwi_subscriber *sub);
/* The topic and the subscription (NULL without a callback), with no reference; the state as it was last, with one. */
struct stasis_topic *ast_mwi_subscriber_topic(struct ast_mwi_subscriber *sub);
struct stasis_subscription *ast_mwi_subscriber_subscription(struct ast_mwi_subscriber *sub);
struct ast_mwi_state *ast_mwi_subscriber_data(struct ast_mwi_subscriber *sub);

/* Who tells of a mailbox: an object, released with ao2_cleanup. */
struct ast_mwi_publisher;
struct ast_mwi_publisher *ast_mwi_add_publisher(const char *mailbox);
int ast_mwi_publish(struct ast_mwi_publisher *publisher, int urgent_msgs, int new_msgs, int old_msgs, const char
	*channel_id, struct ast_eid *eid);

/* Is told of subscribers; both callbacks may be NULL.  add: 0, or -1. */
struct ast_mwi_observer {
	void (*on_subscribe)(const char *mailbox, struct ast_mwi_subscriber *sub);
	void (*on_unsubscribe)(const char *mailbox, struct ast_mwi_subscriber *sub);
};
int ast_mwi_add_observer(struct ast_mwi_observer *observer);
void ast_mwi_remove_observer(struct ast_mwi_observer *observer);

/* Calls the handler for mailboxes, all or those with subscribers, until it gives non-zero. */
typedef int (*on_mwi_state)(struct ast_mwi_state *mwi_state, void *data);
void ast_mwi_state_callback_all(on_mwi_state handler, void *data);
void ast_mwi_state_callback_subscribed(on_mwi_state handler, void *data);

#ifdef __cplusplus
}
#endif

#endif
