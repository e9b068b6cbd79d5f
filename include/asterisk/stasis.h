/*
 * Stasis: messages on topics for their subscribers.
 *
 *     sub = stasis_subscribe(ast_security_topic(), on_event, NULL);
 *     ...
 *     static void on_event(void *data, struct stasis_subscription *sub, struct stasis_message *message)
 *     {
 *             if (stasis_message_type(message) == ast_security_event_type()) ...
 *     }
 *     ...
 *     sub = stasis_unsubscribe_and_join(sub);
 *
 * A subscription gets its messages one after the other, in the order in which they were published, and never while
 * a lock is held.  Its last message says that it was unsubscribed (stasis_subscription_final_message).  A crash in a callback
 * names the module that subscribed.  Topics, types, messages, subscriptions and forwards are objects of astobj2.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_STASIS_H
#define ASTERISM_STASIS_H

#include "asterisk/astobj2.h"
#include "asterisk/event.h"
#include "asterisk/json.h"
#include "asterisk/manager.h"
#include "asterisk/utils.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ast_channel;
struct ast_channel_snapshot;
struct ast_event;
struct ast_manager_event_blob;
struct stasis_forward;
struct stasis_message;
struct stasis_message_type;
struct stasis_subscription;
struct stasis_topic;
struct stasis_topic_pool;

/* ---- types of messages ---- */

/* Filters for the conversion of a message to JSON: non-zero leaves a part out. */
struct stasis_message_sanitizer {
	int (*channel_id)(const char *channel_id);
	int (*channel_snapshot)(const struct ast_channel_snapshot *snapshot);
	int (*channel)(const struct ast_channel *chan);
};

/* The conversions of the messages of a type; each may be NULL, and gives a new reference or NULL. */
struct stasis_message_vtable {
	struct ast_json *(*to_json)(struct stasis_message *message, const struct stasis_message_sanitizer *sanitize);
	struct ast_manager_event_blob *(*to_ami)(struct stasis_message *message);
	struct ast_event *(*to_event)(struct stasis_message *message);
};

enum stasis_message_type_result {
	STASIS_MESSAGE_TYPE_ERROR = -1,
	STASIS_MESSAGE_TYPE_SUCCESS,
	STASIS_MESSAGE_TYPE_DECLINED,	/* stasis.conf declines it: *result is NULL. */
};

/* A set of flags: the conversions of a message type. */
enum stasis_subscription_message_formatters {
	STASIS_SUBSCRIPTION_FORMATTER_NONE = 0,
	STASIS_SUBSCRIPTION_FORMATTER_JSON = 1 << 0,
	STASIS_SUBSCRIPTION_FORMATTER_AMI = 1 << 1,
	STASIS_SUBSCRIPTION_FORMATTER_EVENT = 1 << 2,
};

/* A new type, with the caller's reference; vtable may be NULL, otherwise it must stay valid. */
enum stasis_message_type_result stasis_message_type_create(const char *name, struct stasis_message_vtable *vtable,
	struct stasis_message_type **result);
/* The name of a type, the hash of the name, and a small unique number; NULL, 0 and -1 for NULL. */
const char *stasis_message_type_name(const struct stasis_message_type *type);
unsigned int stasis_message_type_hash(const struct stasis_message_type *type);
int stasis_message_type_id(const struct stasis_message_type *type);
enum stasis_subscription_message_formatters stasis_message_type_available_formatters(
	const struct stasis_message_type *message_type);
/* 1 when stasis.conf declines types of that name, 0 otherwise. */
int stasis_message_type_declined(const char *name);
/* Logs the use of a type before it is created or after it is destroyed. */
void stasis_log_bad_type_access(const char *name);

/*
 * STASIS_MESSAGE_TYPE_DEFN(name, .to_json = ...) defines a type and the function name() that gives it, or _LOCAL a static
 * one; STASIS_MESSAGE_TYPE_INIT(name) creates it: 0, or 1 on failure; STASIS_MESSAGE_TYPE_CLEANUP(name) releases it.
 */
#define STASIS_MESSAGE_TYPE_DEFN_(scope, name, ...) \
	static struct stasis_message_vtable _priv_ ## name ## _v = { __VA_ARGS__ }; \
	static struct stasis_message_type *_priv_ ## name; \
	scope struct stasis_message_type *name(void) \
	{ \
		if (_priv_ ## name == NULL) { \
			stasis_log_bad_type_access(#name); \
		} \
		return _priv_ ## name; \
	}
#define STASIS_MESSAGE_TYPE_DEFN(name, ...) STASIS_MESSAGE_TYPE_DEFN_(, name, __VA_ARGS__)
#define STASIS_MESSAGE_TYPE_DEFN_LOCAL(name, ...) STASIS_MESSAGE_TYPE_DEFN_(static, name, __VA_ARGS__)
#define STASIS_MESSAGE_TYPE_INIT(name) \
	(stasis_message_type_create(#name, &_priv_ ## name ## _v, &_priv_ ## name) == STASIS_MESSAGE_TYPE_ERROR ? 1 : 0)
#define STASIS_MESSAGE_TYPE_CLEANUP(name) \
	({ \
		ao2_cleanup(_priv_ ## name); \
		_priv_ ## name = NULL; \
	})

/* ---- messages ---- */

/* A new message with data, an object of astobj2.h; the message takes its own references.  NULL for a NULL argument. */
struct stasis_message *stasis_message_create(struct stasis_message_type *type, void *data);
/* A new message from the machine eid; NULL: from several machines. */
struct stasis_message *stasis_message_create_full(struct stasis_message_type *type, void *data,
	const struct ast_eid *eid);
/* The type, the data and the machine of a message, without an additional reference; NULL for NULL. */
struct stasis_message_type *stasis_message_type(const struct stasis_message *msg);
void *stasis_message_data(const struct stasis_message *msg);
const struct ast_eid *stasis_message_eid(const struct stasis_message *msg);
/* The creation time of a message. */
const struct timeval *stasis_message_timestamp(const struct stasis_message *msg);
/* Converts a message with the vtable of its type: a new reference, or NULL when not supported. */
struct ast_json *stasis_message_to_json(struct stasis_message *msg, struct stasis_message_sanitizer *sanitize);
struct ast_manager_event_blob *stasis_message_to_ami(struct stasis_message *msg);
struct ast_event *stasis_message_to_event(struct stasis_message *msg);
/* 1 when a message can be converted to an event of manager.h. */
int stasis_message_can_be_ami(struct stasis_message *msg);

/* ---- topics ---- */

/* The topic of that name, created when it does not exist, with the caller's reference; NULL without a name. */
struct stasis_topic *stasis_topic_create(const char *name);
struct stasis_topic *stasis_topic_create_with_detail(const char *name, const char *detail);
/* The topic of that name with a reference, or NULL. */
struct stasis_topic *stasis_topic_get(const char *name);
const char *stasis_topic_name(const struct stasis_topic *topic);
const char *stasis_topic_detail(const struct stasis_topic *topic);
size_t stasis_topic_subscribers(const struct stasis_topic *topic);
/* Publishes a message to the subscriptions of a topic and of its forwards, without waiting; both may be NULL. */
void stasis_publish(struct stasis_topic *topic, struct stasis_message *message);
/* Publishes a message on the topic of a subscription, and waits for the subscription's callback. */
void stasis_publish_sync(struct stasis_subscription *sub, struct stasis_message *message);

/*
 * Forwards: messages published on from_topic are published on to_topic too.  The forward holds both topics.  NULL when
 * out of memory, or when forwards would form a loop.  stasis_forward_cancel gives NULL.
 */
struct stasis_forward *stasis_forward_all(struct stasis_topic *from_topic, struct stasis_topic *to_topic);
struct stasis_forward *stasis_forward_cancel(struct stasis_forward *forward);

/* A pool of named topics that are forwarded to one topic; they exist until deleted, or until the pool is destroyed. */
struct stasis_topic_pool *stasis_topic_pool_create(struct stasis_topic *pooled_topic);
/* The topic "POOL/NAME", created when it does not exist; without an additional reference. */
struct stasis_topic *stasis_topic_pool_get_topic(struct stasis_topic_pool *pool, const char *topic_name);
void stasis_topic_pool_delete_topic(struct stasis_topic_pool *pool, const char *topic_name);
int stasis_topic_pool_topic_exists(const struct stasis_topic_pool *pool, const char *topic_name);

/* ---- subscriptions ---- */

typedef void (*stasis_subscription_cb)(void *data, struct stasis_subscription *sub, struct stasis_message *message);
/* Does nothing. */
void stasis_subscription_cb_noop(void *data, struct stasis_subscription *sub, struct stasis_message *message);

/*
 * Calls callback(data, sub, message) for every message from now on: in its own thread; in a thread of a pool, for short
 * callbacks; or in the publisher's thread.  Gives the caller's reference, or NULL.
 */
struct stasis_subscription *__stasis_subscribe(struct stasis_topic *topic, stasis_subscription_cb callback, void *data,
	const char *file, int lineno, const char *func);
struct stasis_subscription *__stasis_subscribe_pool(struct stasis_topic *topic, stasis_subscription_cb callback,
	void *data, const char *file, int lineno, const char *func);
struct stasis_subscription *__stasis_subscribe_synchronous(struct stasis_topic *topic, stasis_subscription_cb callback,
	void *data, const char *file, int lineno, const char *func);
#define stasis_subscribe(topic, callback, data) \
	__stasis_subscribe((topic), (callback), (data), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define stasis_subscribe_pool(topic, callback, data) \
	__stasis_subscribe_pool((topic), (callback), (data), __FILE__, __LINE__, __PRETTY_FUNCTION__)
#define stasis_subscribe_synchronous(topic, callback, data) \
	__stasis_subscribe_synchronous((topic), (callback), (data), __FILE__, __LINE__, __PRETTY_FUNCTION__)

/*
 * Ends a subscription and releases the caller's reference: NULL.  Messages published before and the last message are still
 * delivered; the callback's code and data must stay valid until then.  stasis_subscription_join waits for that, and
 * stasis_unsubscribe_and_join does both.  Waiting inside the callback itself is refused and logged.
 */
struct stasis_subscription *stasis_unsubscribe(struct stasis_subscription *subscription);
void stasis_subscription_join(struct stasis_subscription *subscription);
struct stasis_subscription *stasis_unsubscribe_and_join(struct stasis_subscription *subscription);
/* 1 when the last message of a subscription was delivered, 0 otherwise. */
int stasis_subscription_is_done(struct stasis_subscription *subscription);
int stasis_subscription_is_subscribed(const struct stasis_subscription *sub);
const char *stasis_subscription_uniqueid(const struct stasis_subscription *sub);
/* 1 when msg is the last message of sub: what belongs to the subscription may be freed. */
int stasis_subscription_final_message(struct stasis_subscription *sub, struct stasis_message *msg);

enum stasis_subscription_message_filter {
	STASIS_SUBSCRIPTION_FILTER_NONE = 0,	/* All types are delivered. */
	STASIS_SUBSCRIPTION_FILTER_FORCED_NONE,	/* All types are delivered, permanently. */
	STASIS_SUBSCRIPTION_FILTER_SELECTIVE,	/* Accepted types and the last message are delivered. */
};
/* Chooses the delivered types: 0, or -1 when the subscription is NULL. */
int stasis_subscription_accept_message_type(struct stasis_subscription *subscription,
	const struct stasis_message_type *type);
int stasis_subscription_decline_message_type(struct stasis_subscription *subscription,
	const struct stasis_message_type *type);
int stasis_subscription_set_filter(struct stasis_subscription *subscription,
	enum stasis_subscription_message_filter filter);
/* Also accepts types that can be converted to one of these formats. */
void stasis_subscription_accept_formatters(struct stasis_subscription *subscription,
	enum stasis_subscription_message_formatters formatters);
/* The levels of the alert about a long message queue: ast_taskprocessor_alert_set_levels. */
int stasis_subscription_set_congestion_limits(struct stasis_subscription *subscription, long low_water,
	long high_water);

/* The data of the messages about new and ended subscriptions of a topic: "Subscribe", "Unsubscribe". */
struct stasis_subscription_change {
	struct stasis_topic *topic;
	char *uniqueid;		/* Of the subscription. */
	char description[0];
};
struct stasis_message_type *stasis_subscription_change_type(void);

/* ---- messages about several objects: user events ---- */

enum stasis_user_multi_object_snapshot_type {
	STASIS_UMOS_CHANNEL = 0,
	STASIS_UMOS_BRIDGE,
	STASIS_UMOS_ENDPOINT,
};
#define STASIS_UMOS_MAX (STASIS_UMOS_ENDPOINT + 1)

struct ast_multi_object_blob;
/* The type of user events: the manager's UserEvent, ChannelUserevent of ARI. */
struct stasis_message_type *ast_multi_user_event_type(void);
/* New data of a message, an object, with JSON; NULL without JSON.  add takes over a snapshot. */
struct ast_multi_object_blob *ast_multi_object_blob_create(struct ast_json *blob);
void ast_multi_object_blob_add(struct ast_multi_object_blob *multi, enum stasis_user_multi_object_snapshot_type type,
	void *object);
/* Publishes a message of a type about a channel, on the channel's topic. */
void ast_multi_object_blob_single_channel_publish(struct ast_channel *chan, struct stasis_message_type *type,
	struct ast_json *blob);

/* ---- caches: the last message about each thing ---- */

/*
 * A caching topic listens to another topic and keeps in its cache the last message of each type, thing and machine; on
 * its own topic it publishes what changed, as stasis_cache_update_type().  A message of stasis_cache_clear_type() about a
 * message takes that thing out.  Messages of several machines can be summed up in an aggregate.
 */
struct stasis_cache;
struct stasis_cache_entry;
struct stasis_caching_topic;

struct stasis_cache_update {
	struct stasis_message_type *type;
	struct stasis_message *old_snapshot;	/* NULL: it is new. */
	struct stasis_message *new_snapshot;	/* NULL: it is gone. */
};
struct stasis_message_type *stasis_cache_update_type(void);
struct stasis_message_type *stasis_cache_clear_type(void);
/* A message that takes the thing of a message out of caches. */
struct stasis_message *stasis_cache_clear_create(struct stasis_message *message);

/* The name of the thing that a message is about; NULL for a message that is not kept. */
typedef const char *(*snapshot_get_id)(struct stasis_message *message);
/* The aggregate of an entry, with a reference, after a change; called under the lock of the cache. */
typedef struct stasis_message *(*cache_aggregate_calc_fn)(struct stasis_cache_entry *entry,
	struct stasis_message *new_snapshot);
typedef void (*cache_aggregate_publish_fn)(struct stasis_topic *topic, struct stasis_message *aggregate);
/* What an entry has, without a reference: the aggregate, the message of this machine, those of others (NULL: no more). */
struct stasis_message *stasis_cache_entry_get_aggregate(struct stasis_cache_entry *entry);
struct stasis_message *stasis_cache_entry_get_local(struct stasis_cache_entry *entry);
struct stasis_message *stasis_cache_entry_get_remote(struct stasis_cache_entry *entry, int idx);

/* An empty cache, an ao2 object; NULL when out of memory. */
struct stasis_cache *stasis_cache_create(snapshot_get_id id_fn);
struct stasis_cache *stasis_cache_create_full(snapshot_get_id id_fn, cache_aggregate_calc_fn aggregate_calc_fn,
	cache_aggregate_publish_fn aggregate_publish_fn);
/* Begins to keep the messages of a topic; ends that: NULL.  The topic where changes are published. */
struct stasis_caching_topic *stasis_caching_topic_create(struct stasis_topic *original_topic,
	struct stasis_cache *cache);
struct stasis_caching_topic *stasis_caching_unsubscribe(struct stasis_caching_topic *caching_topic);
struct stasis_caching_topic *stasis_caching_unsubscribe_and_join(struct stasis_caching_topic *caching_topic);
struct stasis_topic *stasis_caching_get_topic(struct stasis_caching_topic *caching_topic);
/* As stasis_subscription_accept_message_type and stasis_subscription_set_filter. */
int stasis_caching_accept_message_type(struct stasis_caching_topic *caching_topic, struct stasis_message_type *type);
int stasis_caching_set_filter(struct stasis_caching_topic *caching_topic,
	enum stasis_subscription_message_filter filter);

/*
 * The message about a thing with a reference, or NULL: of this machine, or of the machine eid (NULL: the aggregate).  All
 * messages about a thing; of a type (NULL: of all); each in a container of messages.
 */
struct stasis_message *stasis_cache_get(struct stasis_cache *cache, struct stasis_message_type *type, const char *id);
struct stasis_message *stasis_cache_get_by_eid(struct stasis_cache *cache, struct stasis_message_type *type,
	const char *id, const struct ast_eid *eid);
struct ao2_container *stasis_cache_get_all(struct stasis_cache *cache, struct stasis_message_type *type,
	const char *id);
struct ao2_container *stasis_cache_dump(struct stasis_cache *cache, struct stasis_message_type *type);
struct ao2_container *stasis_cache_dump_by_eid(struct stasis_cache *cache, struct stasis_message_type *type,
	const struct ast_eid *eid);
struct ao2_container *stasis_cache_dump_all(struct stasis_cache *cache, struct stasis_message_type *type);

#ifdef __cplusplus
}
#endif

#endif
