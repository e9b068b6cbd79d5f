/*
 * The driver's requests about stasis (asterisk/stasis.h, asterisk/stasis_message_router.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <semaphore.h>

#include "driver.h"

#include "asterisk/astobj2.h"
#include "asterisk/stasis.h"
#include "asterisk/stasis_message_router.h"
#include "asterisk/taskprocessor.h"

static int none_declined(const char *name)
{
	return !strcmp(name, "declined");
}

static struct ast_json *number_to_json(struct stasis_message *message, const struct stasis_message_sanitizer *sanitize)
{
	(void) sanitize;
	return ast_json_pack("[i]", *(int *) stasis_message_data(message));
}

STASIS_MESSAGE_TYPE_DEFN_LOCAL(plain_type)
STASIS_MESSAGE_TYPE_DEFN_LOCAL(json_type, .to_json = number_to_json)

static int payloads;

static void free_payload(void *object)
{
	(void) object;
	__atomic_sub_fetch(&payloads, 1, __ATOMIC_RELAXED);
}

static struct stasis_message *numbered(struct stasis_message_type *type, int number)
{
	int *payload = ao2_alloc(sizeof(*payload), free_payload);
	struct stasis_message *message;

	__atomic_add_fetch(&payloads, 1, __ATOMIC_RELAXED);
	*payload = number;
	message = stasis_message_create(type, payload);
	ao2_ref(payload, -1);
	return message;
}

static void publish(struct stasis_topic *topic, struct stasis_message_type *type, int number)
{
	struct stasis_message *message = numbered(type, number);

	stasis_publish(topic, message);
	ao2_ref(message, -1);
}

/* ---- what comes, as letters and numbers ---- */

struct record {
	ast_mutex_t lock;
	char text[512];
};

static void note(void *data, struct stasis_subscription *sub, struct stasis_message *message)
{
	struct record *record = data;
	size_t used;

	ast_mutex_lock(&record->lock);
	used = strlen(record->text);
	if (stasis_subscription_final_message(sub, message)) {
		snprintf(record->text + used, sizeof(record->text) - used, "end ");
	} else if (stasis_message_type(message) == stasis_subscription_change_type()) {
		snprintf(record->text + used, sizeof(record->text) - used, "%c ",
			((struct stasis_subscription_change *) stasis_message_data(message))->description[0]);
	} else {
		snprintf(record->text + used, sizeof(record->text) - used, "%d ", *(int *) stasis_message_data(message));
	}
	ast_mutex_unlock(&record->lock);
}

static void shout(void *data, struct stasis_subscription *sub, struct stasis_message *message)
{
	struct record *record = data;

	ast_mutex_lock(&record->lock);
	strcat(record->text, "! ");
	ast_mutex_unlock(&record->lock);
	note(data, sub, message);
}

static void tell(struct record *record)
{
	printf("%s| ", record->text);
	record->text[0] = '\0';
}

static struct stasis_subscription *subscribed(char kind, struct stasis_topic *topic, stasis_subscription_cb callback,
	void *data)
{
	return kind == 'm' ? stasis_subscribe(topic, callback, data)
		: kind == 'p' ? stasis_subscribe_pool(topic, callback, data)
		: stasis_subscribe_synchronous(topic, callback, data);
}

static void filters(char kind, struct stasis_topic *topic, struct record *record)
{
	struct stasis_subscription *sub = subscribed(kind, topic, note, record);

	publish(topic, plain_type(), 1);
	stasis_subscription_accept_message_type(sub, json_type());
	stasis_subscription_set_filter(sub, STASIS_SUBSCRIPTION_FILTER_SELECTIVE);
	publish(topic, plain_type(), 2);
	publish(topic, json_type(), 3);
	stasis_subscription_decline_message_type(sub, json_type());
	publish(topic, json_type(), 4);
	stasis_subscription_accept_formatters(sub, STASIS_SUBSCRIPTION_FORMATTER_JSON);
	publish(topic, plain_type(), 5);
	publish(topic, json_type(), 6);
	stasis_subscription_set_filter(sub, STASIS_SUBSCRIPTION_FILTER_FORCED_NONE);
	stasis_subscription_accept_formatters(sub, STASIS_SUBSCRIPTION_FORMATTER_NONE);
	stasis_subscription_set_filter(sub, STASIS_SUBSCRIPTION_FILTER_SELECTIVE);
	publish(topic, plain_type(), 7);
	sub = stasis_unsubscribe_and_join(sub);
	publish(topic, plain_type(), 8);
	tell(record);
}

static void forwards(char kind, struct stasis_topic *topic, struct record *record)
{
	struct stasis_topic_pool *pool = stasis_topic_pool_create(topic);
	struct stasis_topic *one = stasis_topic_pool_get_topic(pool, "one"), *far = stasis_topic_create("far");
	struct stasis_forward *forward = stasis_forward_all(far, one);
	struct stasis_subscription *sub = subscribed(kind, topic, note, record);

	printf("%s %d%d ", stasis_topic_name(one), one == stasis_topic_pool_get_topic(pool, "one"),
		stasis_topic_pool_topic_exists(pool, "two"));
	printf("%d%d ", stasis_forward_all(topic, far) == NULL, stasis_forward_all(far, far) == NULL);
	publish(far, plain_type(), 1);
	publish(one, plain_type(), 2);
	forward = stasis_forward_cancel(forward);
	publish(far, plain_type(), 3);
	stasis_topic_pool_delete_topic(pool, "one");
	printf("%d ", stasis_topic_pool_topic_exists(pool, "one"));
	ao2_ref(pool, -1);
	stasis_unsubscribe_and_join(sub);
	ao2_ref(far, -1);
	tell(record);
}

static void routes(struct stasis_topic *topic, struct record *record)
{
	struct stasis_message_router *router = stasis_message_router_create_pool(topic);
	struct stasis_message *message = numbered(plain_type(), 3);

	publish(topic, json_type(), 1);
	printf("%d", stasis_message_router_add(router, json_type(), shout, record));
	printf("%d", stasis_message_router_add(router, json_type(), note, record));
	publish(topic, plain_type(), 2);
	publish(topic, json_type(), 2);
	printf("%d ", stasis_message_router_set_default(router, note, record));
	stasis_message_router_publish_sync(router, message);
	stasis_message_router_remove(router, json_type());
	publish(topic, json_type(), 4);
	ao2_ref(message, -1);
	stasis_message_router_unsubscribe_and_join(router);
	tell(record);
}

/* KIND: everything one subscriber may meet; then what was logged, and what is left over. */
void stasis_try(char *text)
{
	struct record record = { .text = "" };
	struct stasis_topic *topic = stasis_topic_create("t"), *same = stasis_topic_get("t");
	struct stasis_message_type *declined = NULL;
	struct stasis_message *message;
	struct ast_json *json;
	char *dump;

	asterism_table.stasis_message_type_declined = none_declined;
	ast_mutex_init(&record.lock);
	logged = 0;
	printf("%d%d", STASIS_MESSAGE_TYPE_INIT(plain_type), STASIS_MESSAGE_TYPE_INIT(json_type));
	printf("%d%d ", (int) stasis_message_type_create("declined", NULL, &declined), declined != NULL);
	printf("%d%d ", topic == same, stasis_topic_create(NULL) == NULL);
	filters(text[0], topic, &record);
	forwards(text[0], topic, &record);
	routes(topic, &record);
	message = numbered(json_type(), 9);
	json = stasis_message_to_json(message, NULL);
	dump = ast_json_dump_string(json);
	printf("%s%d%d ", dump, stasis_message_to_ami(message) != NULL, stasis_message_can_be_ami(message));
	ast_json_free(dump);
	ast_json_unref(json);
	ao2_ref(message, -1);
	printf("%d%d%d ", stasis_subscribe(NULL, note, NULL) == NULL, stasis_message_create(NULL, topic) == NULL,
		stasis_unsubscribe(NULL) == NULL);
	stasis_publish(NULL, NULL);
	printf("%d %zu ", logged, stasis_topic_subscribers(topic));
	STASIS_MESSAGE_TYPE_CLEANUP(plain_type);
	STASIS_MESSAGE_TYPE_CLEANUP(json_type);
	ao2_ref(same, -1);
	ao2_ref(topic, -1);
	/* The threads of the queues drop the last messages a little later. */
	while ((same = stasis_topic_get("t"))) {
		ao2_ref(same, -1);
		usleep(1000);
	}
	printf("%d", payloads);
	ast_mutex_destroy(&record.lock);
}

/* ---- threads ---- */

#define PUBLISHERS 4
#define COMERS 4

struct hammered {
	struct stasis_topic *topic;
	struct stasis_topic *source;	/* Forwarded to topic, and now and then to aside. */
	struct stasis_topic *aside;
	char kind;
	int rounds;
	int next_publisher;
	int wrong;
	sem_t left;	/* Posted with the last message of each subscription of come_and_go. */
};

struct seen {
	struct hammered *all;
	int last[PUBLISHERS];
	int count;
	int is_inside;
};

/* Each publisher's messages come in order, and never two at once. */
static void watch(void *data, struct stasis_subscription *sub, struct stasis_message *message)
{
	struct seen *seen = data;
	int number, publisher;

	(void) sub;
	if (__atomic_exchange_n(&seen->is_inside, 1, __ATOMIC_ACQ_REL)) {
		__atomic_add_fetch(&seen->all->wrong, 1, __ATOMIC_RELAXED);
	}
	if (stasis_message_type(message) == plain_type()) {
		number = *(int *) stasis_message_data(message);
		publisher = number / 1000000;
		if (number % 1000000 <= seen->last[publisher]) {
			__atomic_add_fetch(&seen->all->wrong, 1, __ATOMIC_RELAXED);
		}
		seen->last[publisher] = number % 1000000;
		seen->count++;
	}
	__atomic_store_n(&seen->is_inside, 0, __ATOMIC_RELEASE);
}

static void *publish_many(void *data)
{
	struct hammered *all = data;
	int publisher = __atomic_fetch_add(&all->next_publisher, 1, __ATOMIC_RELAXED), i;

	for (i = 1; i <= all->rounds; i++) {
		publish(publisher % 2 ? all->source : all->topic, plain_type(), publisher * 1000000 + i);
	}
	return NULL;
}

static void free_seen(void *data, struct stasis_subscription *sub, struct stasis_message *message)
{
	struct hammered *all = ((struct seen *) data)->all;

	watch(data, sub, message);
	if (stasis_subscription_final_message(sub, message)) {
		ast_free(data);
		sem_post(&all->left);
	}
}

static void *come_and_go(void *data)
{
	struct hammered *all = data;
	int i;

	for (i = 0; i < all->rounds / 20; i++) {
		struct seen *seen = ast_calloc(1, sizeof(*seen));
		struct stasis_subscription *sub;
		struct stasis_forward *forward = stasis_forward_all(all->source, all->aside);

		seen->all = all;
		memset(seen->last, -1, sizeof(seen->last));
		stasis_forward_cancel(forward);
		sub = subscribed(all->kind, all->topic, free_seen, seen);
		stasis_subscription_set_congestion_limits(sub, -1, AST_TASKPROCESSOR_HIGH_WATER_LEVEL);
		if (i % 2) {
			stasis_unsubscribe(sub);
		} else {
			stasis_unsubscribe_and_join(sub);
		}
	}
	return NULL;
}

/*
 * KIND, then how often: four threads publish on two topics, four come and go; one subscription sees everything.  What
 * is logged must be nothing: with 100 each, no queue can reach the level of an alert, however late its thread comes.
 */
void stasis_hammer(char *text)
{
	struct hammered all = { .kind = text[0], .rounds = atoi(text + 1) };
	struct seen seen = { .all = &all };
	struct stasis_forward *forward;
	struct stasis_subscription *sub;
	pthread_t threads[PUBLISHERS + COMERS];
	size_t i;

	asterism_table.stasis_message_type_declined = none_declined;
	logged = STASIS_MESSAGE_TYPE_INIT(plain_type);
	sem_init(&all.left, 0, 0);
	all.topic = stasis_topic_create("hammered");
	all.source = stasis_topic_create("source");
	all.aside = stasis_topic_create("aside");
	forward = stasis_forward_all(all.source, all.topic);
	sub = subscribed(all.kind, all.topic, watch, &seen);
	for (i = 0; i < ARRAY_LEN(threads); i++) {
		ast_pthread_create(&threads[i], NULL, i < PUBLISHERS ? publish_many : come_and_go, &all);
	}
	for (i = 0; i < ARRAY_LEN(threads); i++) {
		pthread_join(threads[i], NULL);
	}
	for (i = 0; i < COMERS * (size_t) (all.rounds / 20); i++) {
		sem_wait(&all.left);	/* Those that were not joined use the type until their last message. */
	}
	stasis_unsubscribe_and_join(sub);
	stasis_forward_cancel(forward);
	printf("%d %d ", seen.count - PUBLISHERS * all.rounds, all.wrong);
	printf("%zu %d", stasis_topic_subscribers(all.topic), logged);
	ao2_ref(all.source, -1);
	ao2_ref(all.aside, -1);
	ao2_ref(all.topic, -1);
	STASIS_MESSAGE_TYPE_CLEANUP(plain_type);
}
