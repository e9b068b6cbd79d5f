/*
 * The states of mailboxes (asterisk/mwi.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "snapshots.h"

#include "asterisk/mwi.h"
#include "asterisk/stasis_channels.h"
#include "asterisk/vector.h"

/* ---- states ---- */

static void free_state(void *object)
{
	struct ast_mwi_state *state = object;

	ao2_cleanup(state->snapshot);
	ast_string_field_free_memory(state);
}

struct ast_mwi_state *ast_mwi_create(const char *mailbox, const char *context)
{
	struct ast_mwi_state *state = ast_strlen_zero(mailbox) ? NULL
		: ao2_alloc_options(sizeof(*state), free_state, AO2_ALLOC_OPT_LOCK_NOLOCK);

	if (!state || ast_string_field_init(state, 64)) {
		ao2_cleanup(state);
		return NULL;
	}
	if (ast_strlen_zero(context)) {
		ast_string_field_set(state, uniqueid, mailbox);
	} else {
		ast_string_field_build(state, uniqueid, "%s@%s", mailbox, context);
	}
	return state;
}

static const char *id_of(struct stasis_message *message)
{
	const struct ast_mwi_state *state = stasis_message_type(message) == ast_mwi_state_type()
		? stasis_message_data(message) : NULL;

	return state ? state->uniqueid : NULL;
}

ASTERISM_CORE_TOPIC(ast_mwi_topic_all, "mwi:all")

/* What all mailboxes share. */
static struct stasis_topic_pool *pool;
static struct stasis_cache *cache;
static struct stasis_caching_topic *cached;
static pthread_once_t made = PTHREAD_ONCE_INIT;

static void make(void)
{
	struct asterism_mark mark;

	asterism_enter(&mark, AST_MODULE, "the states of mailboxes");
	pool = stasis_topic_pool_create(ast_mwi_topic_all());
	cache = stasis_cache_create(id_of);
	cached = cache ? stasis_caching_topic_create(ast_mwi_topic_all(), cache) : NULL;
	asterism_leave(&mark);
}

struct stasis_topic *ast_mwi_topic(const char *uniqueid)
{
	pthread_once(&made, make);
	return ast_strlen_zero(uniqueid) ? NULL : stasis_topic_pool_get_topic(pool, uniqueid);
}

struct stasis_topic *ast_mwi_topic_cached(void)
{
	pthread_once(&made, make);
	return stasis_caching_get_topic(cached);
}

struct stasis_cache *ast_mwi_state_cache(void)
{
	pthread_once(&made, make);
	return cache;
}

/* ---- publication ---- */

/* Publishes a message about a state, and releases it: 0, or -1. */
static int publish(const struct ast_mwi_state *state, struct stasis_message *message)
{
	struct stasis_topic *topic = message ? ast_mwi_topic(state->uniqueid) : NULL;

	if (topic) {
		stasis_publish(topic, message);
	}
	ao2_cleanup(message);
	return topic ? 0 : -1;
}

int ast_mwi_publish_by_mailbox(const char *mailbox, const char *context, int urgent_msgs, int new_msgs, int old_msgs,
	const char *channel_id, struct ast_eid *eid)
{
	struct ast_mwi_state *state = ast_mwi_create(mailbox, context);
	int result;

	if (!state) {
		return -1;
	}
	state->urgent_msgs = urgent_msgs;
	state->new_msgs = new_msgs;
	state->old_msgs = old_msgs;
	state->eid = eid ? *eid : ast_eid_default;
	state->snapshot = ast_channel_snapshot_get_latest(channel_id);
	result = publish(state, stasis_message_create_full(ast_mwi_state_type(), state, &state->eid));
	ao2_ref(state, -1);
	return result;
}

int ast_publish_mwi_state_full(const char *mailbox, const char *context, int new_msgs, int old_msgs,
	const char *channel_id, struct ast_eid *eid)
{
	return ast_mwi_publish_by_mailbox(mailbox, context, 0, new_msgs, old_msgs, channel_id, eid);
}

int ast_delete_mwi_state_full(const char *mailbox, const char *context, struct ast_eid *eid)
{
	struct ast_mwi_state *state = ast_mwi_create(mailbox, context);
	struct stasis_message *kept = state ? stasis_cache_get_by_eid(ast_mwi_state_cache(), ast_mwi_state_type(),
		state->uniqueid, eid ? eid : &ast_eid_default) : NULL;
	int result = state ? 0 : -1;

	if (kept) {
		result = publish(state, stasis_cache_clear_create(kept));
	}
	ao2_cleanup(kept);
	ao2_cleanup(state);
	return result;
}

static void free_blob(void *object)
{
	struct ast_mwi_blob *blob = object;

	ao2_cleanup(blob->mwi_state);
	ast_json_unref(blob->blob);
}

struct stasis_message *ast_mwi_blob_create(struct ast_mwi_state *mwi_state, struct stasis_message_type *message_type,
	struct ast_json *blob)
{
	struct ast_mwi_blob *made_blob = message_type
		? ao2_alloc_options(sizeof(*made_blob), free_blob, AO2_ALLOC_OPT_LOCK_NOLOCK) : NULL;
	struct stasis_message *message;

	if (!made_blob) {
		return NULL;
	}
	made_blob->mwi_state = ao2_bump(mwi_state);
	made_blob->blob = ast_json_ref(blob);
	message = stasis_message_create(message_type, made_blob);
	ao2_ref(made_blob, -1);
	return message;
}

/* ---- subscribers and publishers: who wants to know of a mailbox, and who tells ---- */

struct ast_mwi_subscriber {
	struct stasis_subscription *sub;
	AST_LIST_ENTRY(ast_mwi_subscriber) list;
	char mailbox[];
};

struct ast_mwi_publisher {
	int is_unused;
	char mailbox[];
};

static AST_LIST_HEAD_STATIC(subscribers, ast_mwi_subscriber);
static AST_VECTOR_RW(, struct ast_mwi_observer *) observers;
static pthread_once_t observed = PTHREAD_ONCE_INIT;

static void begin_to_observe(void)
{
	AST_VECTOR_RW_INIT(&observers, 4);
}

int ast_mwi_add_observer(struct ast_mwi_observer *observer)
{
	int result;

	pthread_once(&observed, begin_to_observe);
	AST_VECTOR_RW_WRLOCK(&observers);
	result = observer ? AST_VECTOR_APPEND(&observers, observer) : -1;
	AST_VECTOR_RW_UNLOCK(&observers);
	return result;
}

void ast_mwi_remove_observer(struct ast_mwi_observer *observer)
{
	pthread_once(&observed, begin_to_observe);
	AST_VECTOR_RW_WRLOCK(&observers);
	AST_VECTOR_REMOVE_ELEM_UNORDERED(&observers, observer, AST_VECTOR_ELEM_CLEANUP_NOOP);
	AST_VECTOR_RW_UNLOCK(&observers);
}

/* Tells every observer; the list is locked for reading meanwhile, so that none can go. */
static void tell(struct ast_mwi_subscriber *sub, int is_new)
{
	size_t i;

	pthread_once(&observed, begin_to_observe);
	AST_VECTOR_RW_RDLOCK(&observers);
	for (i = 0; i < AST_VECTOR_SIZE(&observers); i++) {
		const struct ast_mwi_observer *one = AST_VECTOR_GET(&observers, i);
		void (*callback)(const char *, struct ast_mwi_subscriber *) = is_new ? one->on_subscribe : one->on_unsubscribe;

		if (callback) {
			callback(sub->mailbox, sub);
		}
	}
	AST_VECTOR_RW_UNLOCK(&observers);
}

static void free_subscriber(void *object)
{
	struct ast_mwi_subscriber *sub = object;

	AST_LIST_LOCK(&subscribers);
	AST_LIST_REMOVE(&subscribers, sub, list);
	AST_LIST_UNLOCK(&subscribers);
}

static struct ast_mwi_subscriber *new_subscriber(const char *mailbox)
{
	struct ast_mwi_subscriber *sub = ast_strlen_zero(mailbox) ? NULL : ao2_alloc_options(
		sizeof(*sub) + strlen(mailbox) + 1, free_subscriber, AO2_ALLOC_OPT_LOCK_NOLOCK);

	if (sub) {
		strcpy(sub->mailbox, mailbox);
		AST_LIST_LOCK(&subscribers);
		AST_LIST_INSERT_TAIL(&subscribers, sub, list);
		AST_LIST_UNLOCK(&subscribers);
	}
	return sub;
}

struct ast_mwi_subscriber *ast_mwi_add_subscriber(const char *mailbox)
{
	struct ast_mwi_subscriber *sub = new_subscriber(mailbox);

	if (sub) {
		tell(sub, 1);
	}
	return sub;
}

struct ast_mwi_subscriber *ast_mwi_subscribe_pool(const char *mailbox, stasis_subscription_cb callback, void *data)
{
	struct ast_mwi_subscriber *sub = new_subscriber(mailbox);

	if (!sub) {
		return NULL;
	}
	sub->sub = stasis_subscribe_pool(ast_mwi_topic(mailbox), callback, data);
	if (!sub->sub) {
		ao2_ref(sub, -1);
		return NULL;
	}
	stasis_subscription_accept_message_type(sub->sub, ast_mwi_state_type());
	stasis_subscription_set_filter(sub->sub, STASIS_SUBSCRIPTION_FILTER_SELECTIVE);
	tell(sub, 1);
	return sub;
}

/* Ends a subscriber, with that subscription, and releases it. */
static void *end(struct ast_mwi_subscriber *sub, struct stasis_subscription *(*unsubscribe)(struct stasis_subscription *))
{
	if (sub) {
		tell(sub, 0);
		sub->sub = unsubscribe(sub->sub);
		ao2_ref(sub, -1);
	}
	return NULL;
}

void *ast_mwi_unsubscribe(struct ast_mwi_subscriber *sub)
{
	return end(sub, stasis_unsubscribe);
}

void *ast_mwi_unsubscribe_and_join(struct ast_mwi_subscriber *sub)
{
	return end(sub, stasis_unsubscribe_and_join);
}

struct stasis_topic *ast_mwi_subscriber_topic(struct ast_mwi_subscriber *sub)
{
	return sub ? ast_mwi_topic(sub->mailbox) : NULL;
}

struct stasis_subscription *ast_mwi_subscriber_subscription(struct ast_mwi_subscriber *sub)
{
	return sub ? sub->sub : NULL;
}

/* The state of a mailbox as it was published last, or an empty one. */
static struct ast_mwi_state *state_of(const char *mailbox)
{
	struct stasis_message *message = stasis_cache_get(ast_mwi_state_cache(), ast_mwi_state_type(), mailbox);
	struct ast_mwi_state *state = message ? ao2_bump(stasis_message_data(message)) : ast_mwi_create(mailbox, NULL);

	ao2_cleanup(message);
	return state;
}

struct ast_mwi_state *ast_mwi_subscriber_data(struct ast_mwi_subscriber *sub)
{
	return sub ? state_of(sub->mailbox) : NULL;
}

struct ast_mwi_publisher *ast_mwi_add_publisher(const char *mailbox)
{
	struct ast_mwi_publisher *publisher = ast_strlen_zero(mailbox) ? NULL
		: ao2_alloc_options(sizeof(*publisher) + strlen(mailbox) + 1, NULL, AO2_ALLOC_OPT_LOCK_NOLOCK);

	if (publisher) {
		strcpy(publisher->mailbox, mailbox);
	}
	return publisher;
}

int ast_mwi_publish(struct ast_mwi_publisher *publisher, int urgent_msgs, int new_msgs, int old_msgs,
	const char *channel_id, struct ast_eid *eid)
{
	return publisher ? ast_mwi_publish_by_mailbox(publisher->mailbox, NULL, urgent_msgs, new_msgs, old_msgs,
		channel_id, eid) : -1;
}

/* Calls the handler for a state, which is released: what the handler gives, 0 for none. */
static int handled(on_mwi_state handler, struct ast_mwi_state *state, void *data)
{
	int result = state ? handler(state, data) : 0;

	ao2_cleanup(state);
	return result;
}

/* A copy of the list of subscribers, so that the handler may add and end some; *count gets how many. */
static struct ast_mwi_subscriber **subscribers_now(size_t *count)
{
	struct ast_mwi_subscriber *one, **all;
	size_t n = 0;

	AST_LIST_LOCK(&subscribers);
	AST_LIST_TRAVERSE(&subscribers, one, list) {
		n++;
	}
	all = n ? calloc(n, sizeof(*all)) : NULL;
	*count = 0;
	AST_LIST_TRAVERSE(&subscribers, one, list) {
		if (all && asterism_object_revive(one)) {
			all[(*count)++] = one;
		}
	}
	AST_LIST_UNLOCK(&subscribers);
	return all;
}

/* Calls the handler for mailboxes with subscribers; those whose state was published are left out when asked for. */
static void tell_subscribed(on_mwi_state handler, void *data, int with_published)
{
	size_t i, count;
	struct ast_mwi_subscriber **all = subscribers_now(&count);
	int is_over = 0;

	for (i = 0; i < count; i++) {
		struct stasis_message *kept = with_published ? NULL
			: stasis_cache_get(ast_mwi_state_cache(), ast_mwi_state_type(), all[i]->mailbox);

		is_over = is_over || (!kept && handled(handler, state_of(all[i]->mailbox), data));
		ao2_cleanup(kept);
		ao2_ref(all[i], -1);
	}
	free(all);
}

void ast_mwi_state_callback_subscribed(on_mwi_state handler, void *data)
{
	tell_subscribed(handler, data, 1);
}

void ast_mwi_state_callback_all(on_mwi_state handler, void *data)
{
	struct ao2_container *all = stasis_cache_dump(ast_mwi_state_cache(), ast_mwi_state_type());
	struct ao2_iterator walk;
	struct stasis_message *message;
	int is_over = 0;

	if (!all) {
		return;
	}
	walk = ao2_iterator_init(all, 0);
	while (!is_over && (message = ao2_iterator_next(&walk))) {
		is_over = handled(handler, ao2_bump(stasis_message_data(message)), data);
		ao2_ref(message, -1);
	}
	ao2_iterator_destroy(&walk);
	ao2_ref(all, -1);
	if (!is_over) {
		tell_subscribed(handler, data, 0);
	}
}

/* ---- types ---- */

/* The event that an application tells of a mailbox: its name is the member Event, the others are lines. */
static struct ast_manager_event_blob *application_to_ami(struct stasis_message *message)
{
	struct ast_mwi_blob *told = stasis_message_data(message);
	struct ast_json *event = ast_json_object_get(told->blob, "Event");
	struct ast_str *lines = ast_str_create(256);
	struct ast_manager_event_blob *blob = NULL;
	struct ast_json_iter *iter;

	if (lines && event && told->mwi_state) {
		for (iter = ast_json_object_iter(told->blob); iter; iter = ast_json_object_iter_next(told->blob, iter)) {
			if (strcmp(ast_json_object_iter_key(iter), "Event")) {
				ast_str_append(&lines, 0, "%s: %s\r\n", ast_json_object_iter_key(iter),
					S_OR(ast_json_string_get(ast_json_object_iter_value(iter)), ""));
			}
		}
		blob = ast_manager_event_blob_create(EVENT_FLAG_CALL, ast_json_string_get(event), "Mailbox: %s\r\n%s",
			told->mwi_state->uniqueid, ast_str_buffer(lines));
	}
	ast_free(lines);
	return blob;
}

ASTERISM_CORE_TYPE(ast_mwi_state_type)
ASTERISM_CORE_TYPE(ast_mwi_vm_app_type, .to_ami = application_to_ami)
