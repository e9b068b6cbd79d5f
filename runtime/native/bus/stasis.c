/*
 * Topics, subscriptions and how messages get from one to the other (asterisk/stasis.h).
 *
 * Publishing puts a message into the queue of each subscription while the topic is locked, so that all see the same
 * order; callbacks run afterwards, in the threads of the queues.  Topics that forward are locked from the source to the
 * target; since no forward may close a circle, no two threads wait for each other.
 *
 * References to a subscription: the subscriber's, until it unsubscribes; and one of delivery, until its last message has
 * been called back.  A topic points to its subscriptions without any: they leave it first.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "stasis.h"

#include "asterisk/linkedlists.h"
#include "asterisk/vector.h"

AST_VECTOR(subscriptions, struct stasis_subscription *);

struct stasis_topic {
	struct subscriptions subscribers;
	AST_VECTOR(, struct stasis_topic *) targets;	/* The topics that it is forwarded to, with references. */
	int last_subscriber;
	unsigned long published;
	const char *detail;	/* Behind the name. */
	char name[];
};

struct stasis_forward {
	struct stasis_topic *from;
	struct stasis_topic *to;
};

struct stasis_subscription {
	struct stasis_topic *topic;
	struct ast_taskprocessor *mailbox;	/* NULL: callbacks run where the message is published. */
	stasis_subscription_cb callback;	/* Changed atomically. */
	void *data;
	/* Looked at and changed with the topic locked: */
	enum stasis_subscription_message_filter filter;
	unsigned int formatters;
	AST_VECTOR(, char) accepted;		/* By the number of the type. */
	ast_mutex_t serial;			/* Held by its callback, when that runs where the message is published. */
	/* With the subscription itself locked: */
	int is_last_come;
	int is_last_done;
	pthread_t thread;			/* The thread in which its callback runs now. */
	int depth;				/* The nesting depth of that thread in the callback. */
	ast_cond_t last_done;
	AST_LIST_ENTRY(stasis_subscription) list;
	char *callback_name;			/* For the crash handler; this and the next behind the name. */
	char *module;
	char uniqueid[];
};

/* All topics and subscriptions, without references: they leave when they are freed. */
static ast_mutex_t registry_lock = AST_MUTEX_INIT_VALUE;
static struct ao2_container *topics;
static AST_LIST_HEAD_NOLOCK_STATIC(all, stasis_subscription);

/* Held while a forward is made, so that no two together close a circle. */
static ast_mutex_t forwards_lock = AST_MUTEX_INIT_VALUE;

/* ---- topics ---- */

/* A topic's entry in the registry. */
struct listed {
	struct stasis_topic *topic;
	char name[];
};

static int hash_listed(const void *object, int flags)
{
	return ast_str_hash((flags & OBJ_SEARCH_MASK) == OBJ_SEARCH_KEY ? object : ((const struct listed *) object)->name);
}

static int is_of_topic(void *object, void *name, void *topic, int flags)
{
	(void) name;
	(void) flags;
	return ((struct listed *) object)->topic == topic ? CMP_MATCH | CMP_STOP : 0;
}

static int is_alive_of_name(void *object, void *name, int flags)
{
	struct listed *listed = object;

	(void) flags;
	return !strcmp(listed->name, name) && asterism_object_revive(listed->topic) ? CMP_MATCH | CMP_STOP : 0;
}

/* The topic of that name with a reference, or NULL.  The registry is locked. */
static struct stasis_topic *find(const char *name)
{
	struct listed *found = topics ? ao2_callback(topics, OBJ_SEARCH_KEY, is_alive_of_name, (void *) name) : NULL;
	struct stasis_topic *topic = found ? found->topic : NULL;

	ao2_cleanup(found);
	return topic;
}

static void free_topic(void *object)
{
	struct stasis_topic *topic = object;

	ast_mutex_lock(&registry_lock);
	ao2_callback_data(topics, OBJ_SEARCH_KEY | OBJ_UNLINK | OBJ_NODATA, is_of_topic, topic->name, topic);
	ast_mutex_unlock(&registry_lock);
	AST_VECTOR_FREE(&topic->subscribers);
	AST_VECTOR_CALLBACK_VOID(&topic->targets, ao2_cleanup);
	AST_VECTOR_FREE(&topic->targets);
}

/* The registry is locked. */
static int list_topic(struct stasis_topic *topic)
{
	size_t size = strlen(topic->name) + 1;
	struct listed *listed = ao2_alloc_options(sizeof(*listed) + size, NULL, AO2_ALLOC_OPT_LOCK_NOLOCK);
	int is_linked;

	if (!listed) {
		return -1;
	}
	listed->topic = topic;
	memcpy(listed->name, topic->name, size);
	is_linked = ao2_link(topics, listed);
	ao2_ref(listed, -1);
	return is_linked ? 0 : -1;
}

static struct stasis_topic *new_topic(const char *name, const char *detail)
{
	size_t name_size = strlen(name) + 1, detail_size = strlen(detail) + 1;
	struct stasis_topic *topic = topics ? ao2_alloc(sizeof(*topic) + name_size + detail_size, free_topic) : NULL;

	if (!topic) {
		return NULL;
	}
	memcpy(topic->name, name, name_size);
	topic->detail = memcpy(topic->name + name_size, detail, detail_size);
	if (list_topic(topic)) {
		ao2_ref(topic, -1);
		return NULL;
	}
	return topic;
}

struct stasis_topic *stasis_topic_create_with_detail(const char *name, const char *detail)
{
	struct stasis_topic *topic;

	if (ast_strlen_zero(name) || !detail) {
		return NULL;
	}
	ast_mutex_lock(&registry_lock);
	if (!topics) {
		topics = ao2_container_alloc_hash(AO2_ALLOC_OPT_LOCK_NOLOCK, 0, 257, hash_listed, NULL, NULL);
	}
	topic = find(name);
	if (!topic) {
		topic = new_topic(name, detail);
	}
	ast_mutex_unlock(&registry_lock);
	return topic;
}

struct stasis_topic *stasis_topic_create(const char *name)
{
	return stasis_topic_create_with_detail(name, "");
}

struct stasis_topic *stasis_topic_get(const char *name)
{
	struct stasis_topic *topic;

	if (!name) {
		return NULL;
	}
	ast_mutex_lock(&registry_lock);
	topic = find(name);
	ast_mutex_unlock(&registry_lock);
	return topic;
}

const char *stasis_topic_name(const struct stasis_topic *topic)
{
	return topic ? topic->name : NULL;
}

const char *stasis_topic_detail(const struct stasis_topic *topic)
{
	return topic ? topic->detail : NULL;
}

size_t stasis_topic_subscribers(const struct stasis_topic *topic)
{
	size_t count;

	if (!topic || ao2_lock((struct stasis_topic *) topic)) {
		return 0;
	}
	count = AST_VECTOR_SIZE(&topic->subscribers);
	ao2_unlock((struct stasis_topic *) topic);
	return count;
}

/* ---- delivery ---- */

/* Whether a message may still be delivered.  Records the thread in the callback, and whether the last message came. */
static int enter(struct stasis_subscription *sub, int is_last)
{
	int may_come;

	ao2_lock(sub);
	may_come = !sub->is_last_come;
	if (may_come) {
		sub->thread = pthread_self();
		sub->depth++;
		sub->is_last_come = is_last;
	}
	ao2_unlock(sub);
	return may_come;
}

static void leave(struct stasis_subscription *sub, int is_last)
{
	ao2_lock(sub);
	sub->depth--;
	if (is_last) {
		sub->is_last_done = 1;
		ast_cond_broadcast(&sub->last_done);
	}
	ao2_unlock(sub);
	if (is_last) {
		ao2_ref(sub, -1);	/* The reference of delivery. */
	}
}

static void call_back(struct stasis_subscription *sub, struct stasis_message *message)
{
	int is_last = stasis_subscription_final_message(sub, message);
	struct asterism_mark mark;

	/* A message may overtake the last one where no queue keeps the order; it comes too late. */
	if (!enter(sub, is_last)) {
		return;
	}
	asterism_enter(&mark, sub->module, sub->callback_name);
	__atomic_load_n(&sub->callback, __ATOMIC_ACQUIRE)(sub->data, sub, message);
	asterism_leave(&mark);
	leave(sub, is_last);
}

/* Delivers a message in the publisher's thread, in order of publication; a callback may publish again. */
static void call_back_here(struct stasis_subscription *sub, struct stasis_message *message)
{
	ao2_ref(sub, +1);
	ast_mutex_lock(&sub->serial);
	call_back(sub, message);
	ast_mutex_unlock(&sub->serial);
	ao2_ref(sub, -1);
}

static int take_out(struct ast_taskprocessor_local *local)
{
	struct stasis_message *message = local->data;

	call_back(local->local_data, message);
	ao2_ref(message, -1);
	return 0;
}

static void queue(struct stasis_subscription *sub, struct stasis_message *message)
{
	if (ast_taskprocessor_push_local(sub->mailbox, take_out, ao2_bump(message))) {
		ast_log(LOG_ERROR, "a message on topic '%s' is not delivered to %s: out of memory\n", sub->topic->name, sub->uniqueid);
		ao2_ref(message, -1);
	}
}

/* The topic is locked. */
static int is_wanted(struct stasis_subscription *sub, struct stasis_message *message)
{
	struct stasis_message_type *type = stasis_message_type(message);
	size_t id = (size_t) stasis_message_type_id(type);
	int has_types = sub->filter == STASIS_SUBSCRIPTION_FILTER_SELECTIVE;

	if ((!has_types && !sub->formatters) || stasis_subscription_final_message(sub, message)) {
		return 1;
	}
	if (has_types && id < AST_VECTOR_SIZE(&sub->accepted) && AST_VECTOR_GET(&sub->accepted, id)) {
		return 1;
	}
	return asterism_stasis_has_formatter(type, sub->formatters);
}

/*
 * Queues a message for all subscriptions that want it; those without a queue are added to later, with a reference.
 * awaited is skipped: the result is 1 when it wants the message too.
 */
static int spread(struct stasis_topic *topic, struct stasis_message *message, struct subscriptions *later,
	const struct stasis_subscription *awaited)
{
	int is_awaited = 0;
	size_t i;

	ao2_lock(topic);
	topic->published++;
	for (i = 0; i < AST_VECTOR_SIZE(&topic->subscribers); i++) {
		struct stasis_subscription *sub = AST_VECTOR_GET(&topic->subscribers, i);

		if (!is_wanted(sub, message)) {
			continue;
		}
		if (sub == awaited) {
			is_awaited = 1;
		} else if (sub->mailbox) {
			queue(sub, message);
		} else if (AST_VECTOR_APPEND(later, ao2_bump(sub))) {
			ao2_ref(sub, -1);
		}
	}
	for (i = 0; i < AST_VECTOR_SIZE(&topic->targets); i++) {
		is_awaited |= spread(AST_VECTOR_GET(&topic->targets, i), message, later, awaited);
	}
	ao2_unlock(topic);
	return is_awaited;
}

static int publish(struct stasis_topic *topic, struct stasis_message *message, const struct stasis_subscription *awaited)
{
	struct subscriptions later;
	int is_awaited;
	size_t i;

	AST_VECTOR_INIT(&later, 0);
	ao2_ref(topic, +1);	/* A callback may drop the last one. */
	is_awaited = spread(topic, message, &later, awaited);
	for (i = 0; i < AST_VECTOR_SIZE(&later); i++) {
		call_back_here(AST_VECTOR_GET(&later, i), message);
		ao2_ref(AST_VECTOR_GET(&later, i), -1);
	}
	AST_VECTOR_FREE(&later);
	ao2_ref(topic, -1);
	return is_awaited;
}

void stasis_publish(struct stasis_topic *topic, struct stasis_message *message)
{
	if (topic && message) {
		publish(topic, message, NULL);
	}
}

/* Someone waits until a subscription has had a message. */
struct waiting {
	struct stasis_message *message;
	ast_mutex_t lock;
	ast_cond_t done;
	int is_done;
};

static int take_out_awaited(struct ast_taskprocessor_local *local)
{
	struct waiting *waiting = local->data;

	call_back(local->local_data, waiting->message);
	ast_mutex_lock(&waiting->lock);
	waiting->is_done = 1;
	ast_cond_signal(&waiting->done);
	ast_mutex_unlock(&waiting->lock);
	return 0;
}

static void queue_and_wait(struct stasis_subscription *sub, struct stasis_message *message)
{
	struct waiting waiting = { .message = message };

	ast_mutex_init(&waiting.lock);
	ast_cond_init(&waiting.done, NULL);
	if (!ast_taskprocessor_push_local(sub->mailbox, take_out_awaited, &waiting)) {
		ast_mutex_lock(&waiting.lock);
		while (!waiting.is_done) {
			ast_cond_wait(&waiting.done, &waiting.lock);
		}
		ast_mutex_unlock(&waiting.lock);
	}
	ast_cond_destroy(&waiting.done);
	ast_mutex_destroy(&waiting.lock);
}

void stasis_publish_sync(struct stasis_subscription *sub, struct stasis_message *message)
{
	if (!sub || !message) {
		return;
	}
	ao2_ref(sub, +1);
	if (publish(sub->topic, message, sub)) {
		/* A wait inside the subscription's own callback would never end. */
		if (!sub->mailbox || ast_taskprocessor_is_task(sub->mailbox)) {
			call_back_here(sub, message);
		} else {
			queue_and_wait(sub, message);
		}
	}
	ao2_ref(sub, -1);
}

/* ---- changes of subscriptions ---- */

static struct stasis_message_type *change_type;

static void make_change_type(void)
{
	change_type = asterism_stasis_core_type("stasis_subscription_change_type", NULL);
}

struct stasis_message_type *stasis_subscription_change_type(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, make_change_type);
	return change_type;
}

static void free_change(void *object)
{
	ao2_cleanup(((struct stasis_subscription_change *) object)->topic);
}

static struct stasis_message *new_change(struct stasis_subscription *sub, const char *description)
{
	size_t size = strlen(description) + 1, id_size = strlen(sub->uniqueid) + 1;
	struct stasis_subscription_change *change = ao2_alloc_options(sizeof(*change) + size + id_size, free_change,
		AO2_ALLOC_OPT_LOCK_NOLOCK);
	struct stasis_message *message;

	if (!change) {
		return NULL;
	}
	change->topic = ao2_bump(sub->topic);
	memcpy(change->description, description, size);
	change->uniqueid = memcpy(change->description + size, sub->uniqueid, id_size);
	message = stasis_message_create(stasis_subscription_change_type(), change);
	ao2_ref(change, -1);
	return message;
}

int stasis_subscription_final_message(struct stasis_subscription *sub, struct stasis_message *msg)
{
	struct stasis_subscription_change *change;

	if (!sub || !msg || stasis_message_type(msg) != stasis_subscription_change_type()) {
		return 0;
	}
	change = stasis_message_data(msg);
	return !strcmp(change->description, "Unsubscribe") && !strcmp(change->uniqueid, sub->uniqueid);
}

/* ---- subscribing ---- */

void stasis_subscription_cb_noop(void *data, struct stasis_subscription *sub, struct stasis_message *message)
{
	(void) data;
	(void) sub;
	(void) message;
}

static void free_subscription(void *object)
{
	struct stasis_subscription *sub = object;

	ast_mutex_lock(&registry_lock);
	AST_LIST_REMOVE(&all, sub, list);
	ast_mutex_unlock(&registry_lock);
	ast_taskprocessor_unreference(sub->mailbox);
	AST_VECTOR_FREE(&sub->accepted);
	ast_cond_destroy(&sub->last_done);
	ast_mutex_destroy(&sub->serial);
	ao2_cleanup(sub->topic);
}

/* In the registry, not yet in its topic. */
static struct stasis_subscription *new_subscription(struct stasis_topic *topic, const char *file)
{
	static const char doing[] = "the callback of a subscription to ";
	const char *module = asterism_stasis_module();
	size_t id_size = strlen(S_OR(file, "?")) + strlen(topic->name) + sizeof(":--2147483648");
	size_t name_size = sizeof(doing) + strlen(topic->name), module_size = strlen(module) + 1;
	struct stasis_subscription *sub = ao2_alloc(sizeof(*sub) + id_size + name_size + module_size, free_subscription);

	if (!sub) {
		return NULL;
	}
	sub->callback_name = sub->uniqueid + id_size;
	sub->module = memcpy(sub->callback_name + name_size, module, module_size);
	snprintf(sub->callback_name, name_size, "%s%s", doing, topic->name);
	snprintf(sub->uniqueid, id_size, "%s:%s-%d", S_OR(file, "?"), topic->name,
		__atomic_fetch_add(&topic->last_subscriber, 1, __ATOMIC_RELAXED));
	sub->topic = ao2_bump(topic);
	ast_cond_init(&sub->last_done, NULL);
	ast_mutex_init(&sub->serial);
	ast_mutex_lock(&registry_lock);
	AST_LIST_INSERT_TAIL(&all, sub, list);
	ast_mutex_unlock(&registry_lock);
	return sub;
}

/* Creates the queue of a subscription and adds the subscription to its topic: 0, or -1. */
static int begin(struct stasis_subscription *sub, enum asterism_stasis_where where)
{
	int failed;

	if (where != ASTERISM_STASIS_PUBLISHER) {
		sub->mailbox = asterism_stasis_mailbox(sub->topic->name, where == ASTERISM_STASIS_POOL);
		if (!sub->mailbox) {
			return -1;
		}
		ast_taskprocessor_set_local(sub->mailbox, sub);
	}
	ao2_lock(sub->topic);
	failed = AST_VECTOR_APPEND(&sub->topic->subscribers, sub);
	ao2_unlock(sub->topic);
	return failed;
}

struct stasis_subscription *asterism_stasis_subscribe(struct stasis_topic *topic,
	stasis_subscription_cb callback, void *data, enum asterism_stasis_where where,
	enum stasis_subscription_message_filter filter, const struct asterism_place *place)
{
	struct stasis_subscription *sub;
	struct stasis_message *change;

	if (!topic || !callback) {
		ast_log_safe(__LOG_ERROR, place->file, place->line, place->function, "cannot subscribe: the %s is NULL\n",
			topic ? "callback" : "topic");
		return NULL;
	}
	sub = new_subscription(topic, place->file);
	if (!sub) {
		return NULL;
	}
	sub->callback = callback;
	sub->data = data;
	sub->filter = filter;
	ao2_ref(sub, +1);	/* The reference of delivery. */
	if (begin(sub, where)) {
		ao2_ref(sub, -2);
		return NULL;
	}
	change = new_change(sub, "Subscribe");
	stasis_publish(topic, change);
	ao2_cleanup(change);
	return sub;
}

#define SUBSCRIBE(where) ({ \
	struct asterism_place __place = { file, lineno, func }; \
	asterism_stasis_subscribe(topic, callback, data, where, STASIS_SUBSCRIPTION_FILTER_NONE, &__place); \
})

struct stasis_subscription *__stasis_subscribe(struct stasis_topic *topic, stasis_subscription_cb callback, void *data,
	const char *file, int lineno, const char *func)
{
	return SUBSCRIBE(ASTERISM_STASIS_OWN_THREAD);
}

struct stasis_subscription *__stasis_subscribe_pool(struct stasis_topic *topic, stasis_subscription_cb callback,
	void *data, const char *file, int lineno, const char *func)
{
	return SUBSCRIBE(ASTERISM_STASIS_POOL);
}

struct stasis_subscription *__stasis_subscribe_synchronous(struct stasis_topic *topic, stasis_subscription_cb callback,
	void *data, const char *file, int lineno, const char *func)
{
	return SUBSCRIBE(ASTERISM_STASIS_PUBLISHER);
}

/* Removes a subscription from its topic.  Gives whether the topic had it. */
static int leave_topic(struct stasis_subscription *sub)
{
	int failed;

	ao2_lock(sub->topic);
	failed = AST_VECTOR_REMOVE_ELEM_ORDERED(&sub->topic->subscribers, sub, AST_VECTOR_ELEM_CLEANUP_NOOP);
	ao2_unlock(sub->topic);
	return !failed;
}

struct stasis_subscription *stasis_unsubscribe(struct stasis_subscription *subscription)
{
	struct stasis_message *change;

	if (!subscription) {
		return NULL;
	}
	if (!leave_topic(subscription)) {
		ast_log(LOG_ERROR, "the subscription %s is already unsubscribed\n", subscription->uniqueid);
		return NULL;
	}
	change = new_change(subscription, "Unsubscribe");
	stasis_publish(subscription->topic, change);
	if (change && subscription->mailbox) {
		queue(subscription, change);
	} else if (change) {
		call_back_here(subscription, change);
	}
	ao2_cleanup(change);
	ao2_ref(subscription, -1);
	return NULL;
}

/* Waits for the last message: 0, or -1 in the callback itself. */
static int join(struct stasis_subscription *sub)
{
	int is_own;

	ao2_lock(sub);
	is_own = !sub->is_last_done && sub->depth && pthread_equal(sub->thread, pthread_self());
	while (!is_own && !sub->is_last_done) {
		ast_cond_wait(&sub->last_done, ao2_object_get_lockaddr(sub));
	}
	ao2_unlock(sub);
	if (is_own) {
		ast_log(LOG_ERROR, "the callback of the subscription %s cannot wait for the end of its own subscription\n", sub->uniqueid);
	}
	return is_own ? -1 : 0;
}

void stasis_subscription_join(struct stasis_subscription *subscription)
{
	if (subscription) {
		join(subscription);
	}
}

struct stasis_subscription *stasis_unsubscribe_and_join(struct stasis_subscription *subscription)
{
	if (subscription) {
		ao2_ref(subscription, +1);
		stasis_unsubscribe(subscription);
		stasis_subscription_join(subscription);
		ao2_ref(subscription, -1);
	}
	return NULL;
}

int stasis_subscription_is_done(struct stasis_subscription *subscription)
{
	int is_done;

	if (!subscription || ao2_lock(subscription)) {
		return 1;
	}
	is_done = subscription->is_last_come;
	ao2_unlock(subscription);
	return is_done;
}

int stasis_subscription_is_subscribed(const struct stasis_subscription *sub)
{
	int is_subscribed = 0;
	size_t i;

	if (!sub) {
		return 0;
	}
	ao2_lock(sub->topic);
	for (i = 0; i < AST_VECTOR_SIZE(&sub->topic->subscribers); i++) {
		is_subscribed |= AST_VECTOR_GET(&sub->topic->subscribers, i) == sub;
	}
	ao2_unlock(sub->topic);
	return is_subscribed;
}

const char *stasis_subscription_uniqueid(const struct stasis_subscription *sub)
{
	return sub ? sub->uniqueid : NULL;
}

/* ---- what comes ---- */

static int set_accepted(struct stasis_subscription *sub, const struct stasis_message_type *type, char accepted)
{
	size_t id = (size_t) stasis_message_type_id(type);
	int failed = 0;

	if (!sub) {
		return -1;
	}
	ao2_lock(sub->topic);
	if (!type) {
		/* The type is not created yet, so that the filter cannot be applied. */
		sub->filter = accepted ? STASIS_SUBSCRIPTION_FILTER_FORCED_NONE : sub->filter;
	} else if (accepted || id < AST_VECTOR_SIZE(&sub->accepted)) {
		failed = AST_VECTOR_REPLACE(&sub->accepted, id, accepted);
	}
	ao2_unlock(sub->topic);
	return failed ? -1 : 0;
}

int stasis_subscription_accept_message_type(struct stasis_subscription *subscription,
	const struct stasis_message_type *type)
{
	return set_accepted(subscription, type, 1);
}

int stasis_subscription_decline_message_type(struct stasis_subscription *subscription,
	const struct stasis_message_type *type)
{
	return set_accepted(subscription, type, 0);
}

int stasis_subscription_set_filter(struct stasis_subscription *subscription,
	enum stasis_subscription_message_filter filter)
{
	if (!subscription) {
		return -1;
	}
	ao2_lock(subscription->topic);
	if (subscription->filter != STASIS_SUBSCRIPTION_FILTER_FORCED_NONE) {
		subscription->filter = filter;
	}
	ao2_unlock(subscription->topic);
	return 0;
}

void stasis_subscription_accept_formatters(struct stasis_subscription *subscription,
	enum stasis_subscription_message_formatters formatters)
{
	if (subscription) {
		ao2_lock(subscription->topic);
		subscription->formatters = formatters;
		ao2_unlock(subscription->topic);
	}
}

int stasis_subscription_set_congestion_limits(struct stasis_subscription *subscription, long low_water, long high_water)
{
	return subscription ? ast_taskprocessor_alert_set_levels(subscription->mailbox, low_water, high_water) : -1;
}

/* ---- forwards ---- */

static int reaches(struct stasis_topic *topic, const struct stasis_topic *other)
{
	int found = topic == other;
	size_t i;

	ao2_lock(topic);
	for (i = 0; !found && i < AST_VECTOR_SIZE(&topic->targets); i++) {
		found = reaches(AST_VECTOR_GET(&topic->targets, i), other);
	}
	ao2_unlock(topic);
	return found;
}

static void free_forward(void *object)
{
	struct stasis_forward *forward = object;

	ao2_cleanup(forward->from);
	ao2_cleanup(forward->to);
}

static int add_target(struct stasis_topic *from, struct stasis_topic *to)
{
	int failed;

	ast_mutex_lock(&forwards_lock);
	failed = reaches(to, from);
	if (failed) {
		ast_log(LOG_ERROR, "topic '%s' is not forwarded to '%s': the forwards would form a loop\n", from->name, to->name);
	} else {
		ao2_lock(from);
		failed = AST_VECTOR_APPEND(&from->targets, ao2_bump(to));
		ao2_unlock(from);
	}
	ast_mutex_unlock(&forwards_lock);
	return failed;
}

struct stasis_forward *stasis_forward_all(struct stasis_topic *from_topic, struct stasis_topic *to_topic)
{
	struct stasis_forward *forward = from_topic && to_topic
		? ao2_alloc_options(sizeof(*forward), free_forward, AO2_ALLOC_OPT_LOCK_NOLOCK) : NULL;

	if (!forward) {
		return NULL;
	}
	forward->from = ao2_bump(from_topic);
	forward->to = ao2_bump(to_topic);
	if (add_target(from_topic, to_topic)) {
		ao2_ref(forward, -1);
		return NULL;
	}
	return forward;
}

struct stasis_forward *stasis_forward_cancel(struct stasis_forward *forward)
{
	if (forward) {
		ao2_lock(forward->from);
		AST_VECTOR_REMOVE_ELEM_ORDERED(&forward->from->targets, forward->to, ao2_cleanup);
		ao2_unlock(forward->from);
		ao2_ref(forward, -1);
	}
	return NULL;
}

/* ---- for Python ---- */

/* References to all subscriptions: given back when nothing is locked, since each may be the last one. */
static void hold_subscriptions(struct subscriptions *held)
{
	struct stasis_subscription *sub;

	AST_VECTOR_INIT(held, 0);
	ast_mutex_lock(&registry_lock);
	AST_LIST_TRAVERSE(&all, sub, list) {
		if (asterism_object_revive(sub) && AST_VECTOR_APPEND(held, sub)) {
			ao2_ref(sub, -1);
			break;
		}
	}
	ast_mutex_unlock(&registry_lock);
}

static void drop_subscriptions(struct subscriptions *held)
{
	AST_VECTOR_CALLBACK_VOID(held, ao2_cleanup);
	AST_VECTOR_FREE(held);
}

static int is_left_by(struct stasis_subscription *sub, const char *module)
{
	int is_done;

	ao2_lock(sub);
	is_done = sub->is_last_done;
	ao2_unlock(sub);
	return !is_done && !strcmp(sub->module, module);
}

/* A subscription of the module whose last message is not delivered, with a reference; NULL when not found. */
static struct stasis_subscription *left_by(const char *module)
{
	struct stasis_subscription *found = NULL;
	struct subscriptions held;
	size_t i;

	hold_subscriptions(&held);
	for (i = 0; !found && i < AST_VECTOR_SIZE(&held); i++) {
		if (is_left_by(AST_VECTOR_GET(&held, i), module)) {
			found = ao2_bump(AST_VECTOR_GET(&held, i));
		}
	}
	drop_subscriptions(&held);
	return found;
}

enum asterism_stasis_left asterism_stasis_forget(const char *module, char *topic, size_t size)
{
	struct stasis_subscription *sub = left_by(module);
	int was_subscribed, failed;

	if (!sub) {
		asterism_stasis_types_forget(module);
		return ASTERISM_STASIS_NOTHING;
	}
	ast_copy_string(topic, sub->topic->name, size);
	__atomic_store_n(&sub->callback, stasis_subscription_cb_noop, __ATOMIC_RELEASE);
	was_subscribed = stasis_subscription_is_subscribed(sub);
	if (was_subscribed) {
		stasis_unsubscribe(sub);	/* With the reference that the module had. */
	}
	failed = join(sub);
	ao2_ref(sub, -1);
	return failed ? ASTERISM_STASIS_STUCK : was_subscribed ? ASTERISM_STASIS_SUBSCRIBED : ASTERISM_STASIS_ENDING;
}

static void tell_subscription(struct stasis_subscription *sub, struct asterism_stasis_subscription *told)
{
	ast_copy_string(told->uniqueid, sub->uniqueid, sizeof(told->uniqueid));
	ast_copy_string(told->topic, sub->topic->name, sizeof(told->topic));
	ast_copy_string(told->module, sub->module, sizeof(told->module));
	told->waiting = sub->mailbox ? ast_taskprocessor_size(sub->mailbox) : -1;
}

int asterism_stasis_subscriptions(struct asterism_stasis_subscription *told, int room)
{
	struct subscriptions held;
	int count, i;

	hold_subscriptions(&held);
	count = (int) AST_VECTOR_SIZE(&held);
	for (i = 0; i < MIN(count, room); i++) {
		tell_subscription(AST_VECTOR_GET(&held, i), &told[i]);
	}
	drop_subscriptions(&held);
	return count;
}

static void tell_topic(struct stasis_topic *topic, struct asterism_stasis_topic *told)
{
	size_t i;

	ast_copy_string(told->name, topic->name, sizeof(told->name));
	ast_copy_string(told->detail, topic->detail, sizeof(told->detail));
	told->targets[0] = '\0';
	ao2_lock(topic);
	told->subscribers = (int) AST_VECTOR_SIZE(&topic->subscribers);
	told->published = topic->published;
	for (i = 0; i < AST_VECTOR_SIZE(&topic->targets); i++) {
		size_t used = strlen(told->targets);

		snprintf(told->targets + used, sizeof(told->targets) - used, "%s%s", i ? "\n" : "",
			AST_VECTOR_GET(&topic->targets, i)->name);
	}
	ao2_unlock(topic);
}

int asterism_stasis_topics(struct asterism_stasis_topic *told, int room)
{
	AST_VECTOR(, struct stasis_topic *) held;
	struct ao2_iterator at;
	struct listed *listed;
	int count, i;

	AST_VECTOR_INIT(&held, 0);
	ast_mutex_lock(&registry_lock);
	if (topics) {
		at = ao2_iterator_init(topics, 0);
		while ((listed = ao2_iterator_next(&at))) {
			if (asterism_object_revive(listed->topic) && AST_VECTOR_APPEND(&held, listed->topic)) {
				ao2_ref(listed->topic, -1);
			}
			ao2_ref(listed, -1);
		}
		ao2_iterator_destroy(&at);
	}
	ast_mutex_unlock(&registry_lock);
	count = (int) AST_VECTOR_SIZE(&held);
	for (i = 0; i < MIN(count, room); i++) {
		tell_topic(AST_VECTOR_GET(&held, i), &told[i]);
	}
	AST_VECTOR_CALLBACK_VOID(&held, ao2_cleanup);
	AST_VECTOR_FREE(&held);
	return count;
}
