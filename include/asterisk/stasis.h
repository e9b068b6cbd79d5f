/*
 * Stasis: messages on topics, for whoever subscribed.
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
 * A subscription gets its messages one after the other, in the order in which they were published, and never from under
 * a lock.  Its last message says that it was unsubscribed (stasis_subscription_final_message).  A crash in a callback
 * names the module that subscribed.  Topics, types, messages, subscriptions and forwards are objects of astobj2.h.
 *
 * Not here: caches (stasis_cache_..., stasis_caching_...) and messages about several objects (ast_multi_object_blob_...).
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

/* Says what is left out when a message becomes JSON: non-zero leaves it out. */
struct stasis_message_sanitizer {
	int (*channel_id)(const char *channel_id);
	int (*channel_snapshot)(const struct ast_channel_snapshot *snapshot);
	int (*channel)(const struct ast_channel *chan);
};

/* What messages of a type can become; each may be NULL.  A new reference, or NULL. */
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

/* A set of these: what the messages of a type can become. */
enum stasis_subscription_message_formatters {
	STASIS_SUBSCRIPTION_FORMATTER_NONE = 0,
	STASIS_SUBSCRIPTION_FORMATTER_JSON = 1 << 0,
	STASIS_SUBSCRIPTION_FORMATTER_AMI = 1 << 1,
	STASIS_SUBSCRIPTION_FORMATTER_EVENT = 1 << 2,
};

/* A new type, with the caller's reference; vtable may be NULL, and otherwise stays where it is. */
enum stasis_message_type_result stasis_message_type_create(const char *name, struct stasis_message_vtable *vtable,
	struct stasis_message_type **result);
/* Its name, a hash of that, and a small number of its own; of NULL NULL, 0 and -1. */
const char *stasis_message_type_name(const struct stasis_message_type *type);
unsigned int stasis_message_type_hash(const struct stasis_message_type *type);
int stasis_message_type_id(const struct stasis_message_type *type);
enum stasis_subscription_message_formatters stasis_message_type_available_formatters(
	const struct stasis_message_type *message_type);
/* 1 when stasis.conf declines types of that name, 0 otherwise. */
int stasis_message_type_declined(const char *name);
/* Logs that a type is used that is not there yet, or no more. */
void stasis_log_bad_type_access(const char *name);

/*
 * STASIS_MESSAGE_TYPE_DEFN(name, .to_json = ...) defines a type and the function name() that gives it, or _LOCAL a static
 * one; STASIS_MESSAGE_TYPE_INIT(name) makes it: 0, or 1 when it could not; STASIS_MESSAGE_TYPE_CLEANUP(name) drops it.
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

/* A message that carries data, an object of astobj2.h; it takes references of its own.  NULL when one of them is. */
struct stasis_message *stasis_message_create(struct stasis_message_type *type, void *data);
/* The same from the machine eid; NULL: of several machines. */
struct stasis_message *stasis_message_create_full(struct stasis_message_type *type, void *data,
	const struct ast_eid *eid);
/* What it was made of, without a reference more; of NULL NULL. */
struct stasis_message_type *stasis_message_type(const struct stasis_message *msg);
void *stasis_message_data(const struct stasis_message *msg);
const struct ast_eid *stasis_message_eid(const struct stasis_message *msg);
/* When it was made. */
const struct timeval *stasis_message_timestamp(const struct stasis_message *msg);
/* What the vtable of its type makes of it: a new reference, or NULL when it cannot. */
struct ast_json *stasis_message_to_json(struct stasis_message *msg, struct stasis_message_sanitizer *sanitize);
struct ast_manager_event_blob *stasis_message_to_ami(struct stasis_message *msg);
struct ast_event *stasis_message_to_event(struct stasis_message *msg);
/* 1 when it can become an event of manager.h. */
int stasis_message_can_be_ami(struct stasis_message *msg);

/* ---- topics ---- */

/* The topic of that name, made when there is none, with the caller's reference; NULL without a name. */
struct stasis_topic *stasis_topic_create(const char *name);
struct stasis_topic *stasis_topic_create_with_detail(const char *name, const char *detail);
/* The topic of that name with a reference, or NULL. */
struct stasis_topic *stasis_topic_get(const char *name);
const char *stasis_topic_name(const struct stasis_topic *topic);
const char *stasis_topic_detail(const struct stasis_topic *topic);
size_t stasis_topic_subscribers(const struct stasis_topic *topic);
/* Gives a message to all subscriptions of a topic and of those it is forwarded to, and goes on; both may be NULL. */
void stasis_publish(struct stasis_topic *topic, struct stasis_message *message);
/* The same on the topic of a subscription, and waits until that one's callback has had it. */
void stasis_publish_sync(struct stasis_subscription *sub, struct stasis_message *message);

/*
 * From now on whatever is published on from_topic is published on to_topic too; the topics live as long.  NULL when there
 * is no memory, or when it would close a circle.  What ends it gives NULL.
 */
struct stasis_forward *stasis_forward_all(struct stasis_topic *from_topic, struct stasis_topic *to_topic);
struct stasis_forward *stasis_forward_cancel(struct stasis_forward *forward);

/* Topics by name that are forwarded to one; they live until they are deleted, or their pool goes (ao2_cleanup). */
struct stasis_topic_pool *stasis_topic_pool_create(struct stasis_topic *pooled_topic);
/* The topic "POOL/NAME", made when there is none; without a reference more. */
struct stasis_topic *stasis_topic_pool_get_topic(struct stasis_topic_pool *pool, const char *topic_name);
void stasis_topic_pool_delete_topic(struct stasis_topic_pool *pool, const char *topic_name);
int stasis_topic_pool_topic_exists(const struct stasis_topic_pool *pool, const char *topic_name);

/* ---- subscriptions ---- */

typedef void (*stasis_subscription_cb)(void *data, struct stasis_subscription *sub, struct stasis_message *message);
/* Does nothing. */
void stasis_subscription_cb_noop(void *data, struct stasis_subscription *sub, struct stasis_message *message);

/*
 * Calls callback(data, sub, message) for what is published from now on: in a thread of its own; in one of a pool, for
 * callbacks that are short; or in the thread that publishes.  The caller's reference, or NULL.
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
 * Ends it, and takes the caller's reference: NULL.  What was published before, and its last message, still come; the
 * callback's code and data must stay until then.  The third waits for that; the second only waits.  Waiting inside the
 * callback itself is refused, with a word in the log.
 */
struct stasis_subscription *stasis_unsubscribe(struct stasis_subscription *subscription);
void stasis_subscription_join(struct stasis_subscription *subscription);
struct stasis_subscription *stasis_unsubscribe_and_join(struct stasis_subscription *subscription);
/* 1 when its last message has come, 0 otherwise. */
int stasis_subscription_is_done(struct stasis_subscription *subscription);
int stasis_subscription_is_subscribed(const struct stasis_subscription *sub);
const char *stasis_subscription_uniqueid(const struct stasis_subscription *sub);
/* 1 when msg is the last message of sub: what belongs to the subscription may be freed. */
int stasis_subscription_final_message(struct stasis_subscription *sub, struct stasis_message *msg);

enum stasis_subscription_message_filter {
	STASIS_SUBSCRIPTION_FILTER_NONE = 0,	/* All types come. */
	STASIS_SUBSCRIPTION_FILTER_FORCED_NONE,	/* The same, for good. */
	STASIS_SUBSCRIPTION_FILTER_SELECTIVE,	/* Those that are accepted, and the last message. */
};
/* Which types come: 0, or -1 when the subscription is NULL. */
int stasis_subscription_accept_message_type(struct stasis_subscription *subscription,
	const struct stasis_message_type *type);
int stasis_subscription_decline_message_type(struct stasis_subscription *subscription,
	const struct stasis_message_type *type);
int stasis_subscription_set_filter(struct stasis_subscription *subscription,
	enum stasis_subscription_message_filter filter);
/* Types that can become one of these come too. */
void stasis_subscription_accept_formatters(struct stasis_subscription *subscription,
	enum stasis_subscription_message_formatters formatters);
/* When the queue of waiting messages is told to be too long: ast_taskprocessor_alert_set_levels. */
int stasis_subscription_set_congestion_limits(struct stasis_subscription *subscription, long low_water,
	long high_water);

/* Data of the messages that tell the subscriptions of a topic who came and went: "Subscribe", "Unsubscribe". */
struct stasis_subscription_change {
	struct stasis_topic *topic;
	char *uniqueid;		/* Of the subscription. */
	char description[0];
};
struct stasis_message_type *stasis_subscription_change_type(void);

#ifdef __cplusplus
}
#endif

#endif
