/*
 * Queues of subscriptions and the threads that share them; and topics in pools (asterisk/stasis.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "stasis.h"

#include "asterisk/linkedlists.h"

/* ---- threads that serve many queues ---- */

#define MOST_THREADS 50
#define IDLE_SECONDS 20	/* After which a thread that has nothing to do ends. */

/* A queue that has messages, and no thread yet. */
struct ready {
	struct ast_taskprocessor *mailbox;
	AST_LIST_ENTRY(ready) list;
};

static struct {
	ast_mutex_t lock;
	ast_cond_t more;
	AST_LIST_HEAD_NOLOCK(, ready) queue;
	int queued;
	int threads;
	int idle;	/* Threads that wait, or were woken and have not started yet. */
} shared = { .lock = AST_MUTEX_INIT_VALUE, .more = PTHREAD_COND_INITIALIZER };

/* The next queue to be served; NULL after a while without any.  The pool is locked. */
static struct ready *next_ready(void)
{
	struct timespec until = { .tv_sec = time(NULL) + IDLE_SECONDS };
	struct ready *ready;
	int is_late = 0;

	shared.idle++;
	while (!(ready = AST_LIST_REMOVE_HEAD(&shared.queue, list)) && !is_late) {
		is_late = ast_cond_timedwait(&shared.more, &shared.lock, &until) == ETIMEDOUT;
	}
	shared.idle--;
	shared.queued -= ready != NULL;
	return ready;
}

static void *serve(void *data)
{
	struct ready *ready;

	(void) data;
	ast_mutex_lock(&shared.lock);
	while ((ready = next_ready())) {
		ast_mutex_unlock(&shared.lock);
		while (ast_taskprocessor_execute(ready->mailbox)) {
			continue;
		}
		ast_taskprocessor_unreference(ready->mailbox);
		ast_free(ready);
		ast_mutex_lock(&shared.lock);
	}
	shared.threads--;
	ast_mutex_unlock(&shared.lock);
	return NULL;
}

/* Whether there is a thread for what waits.  The pool is locked. */
static int have_thread(void)
{
	struct asterism_mark mark;
	pthread_t thread;
	int failed;

	if (shared.idle > shared.queued || shared.threads >= MOST_THREADS) {
		return 1;
	}
	asterism_enter(&mark, AST_MODULE, "stasis pool");	/* The thread is not of the module that publishes. */
	failed = ast_pthread_create_detached(&thread, NULL, serve, NULL);
	asterism_leave(&mark);
	shared.threads += !failed;
	return shared.threads > 0;
}

/* Waits for a thread; without any, the messages are called back here. */
static void call_for_thread(struct ast_taskprocessor_listener *listener, int was_empty)
{
	struct ast_taskprocessor *mailbox = was_empty ? ast_taskprocessor_listener_get_tps(listener) : NULL;
	struct ready *ready = mailbox ? ast_calloc(1, sizeof(*ready)) : NULL;
	int is_served = 0;

	if (ready) {
		ready->mailbox = mailbox;
		ast_mutex_lock(&shared.lock);
		is_served = have_thread();
		if (is_served) {
			AST_LIST_INSERT_TAIL(&shared.queue, ready, list);
			shared.queued++;
			ast_cond_signal(&shared.more);
		}
		ast_mutex_unlock(&shared.lock);
	}
	if (mailbox && !is_served) {
		while (ast_taskprocessor_execute(mailbox)) {
			continue;
		}
		ast_free(ready);
		ast_taskprocessor_unreference(mailbox);
	}
}

static void let_go(struct ast_taskprocessor_listener *listener)
{
	(void) listener;	/* A subscription that goes has no messages any more. */
}

static const struct ast_taskprocessor_listener_callbacks pooled = {
	.task_pushed = call_for_thread,
	.shutdown = let_go,
};

struct ast_taskprocessor *asterism_stasis_mailbox(const char *topic, int in_pool)
{
	char name[AST_TASKPROCESSOR_MAX_NAME + 1];
	struct ast_taskprocessor_listener *listener;
	struct ast_taskprocessor *mailbox;

	ast_taskprocessor_build_name(name, sizeof(name), "stasis/%c:%s", in_pool ? 'p' : 'm', topic);
	if (!in_pool) {
		return ast_taskprocessor_get(name, TPS_REF_DEFAULT);
	}
	listener = ast_taskprocessor_listener_alloc(&pooled, NULL);
	mailbox = listener ? ast_taskprocessor_create_with_listener(name, listener) : NULL;
	ao2_cleanup(listener);
	return mailbox;
}

/* ---- pools of topics ---- */

struct stasis_topic_pool {
	struct stasis_topic *target;
	struct ao2_container *topics;
};

struct pooled_topic {
	struct stasis_topic *topic;
	struct stasis_forward *forward;
	char name[];
};

static int hash_name(const void *object, int flags)
{
	return ast_str_hash((flags & OBJ_SEARCH_MASK) == OBJ_SEARCH_KEY ? object
		: ((const struct pooled_topic *) object)->name);
}

static int same_name(void *object, void *name, int flags)
{
	(void) flags;
	return strcmp(((struct pooled_topic *) object)->name, name) ? 0 : CMP_MATCH | CMP_STOP;
}

static void free_pooled_topic(void *object)
{
	struct pooled_topic *one = object;

	stasis_forward_cancel(one->forward);
	ao2_cleanup(one->topic);
}

static void free_pool(void *object)
{
	struct stasis_topic_pool *topics = object;

	ao2_cleanup(topics->topics);
	ao2_cleanup(topics->target);
}

struct stasis_topic_pool *stasis_topic_pool_create(struct stasis_topic *pooled_topic)
{
	struct stasis_topic_pool *topics = pooled_topic ? ao2_alloc(sizeof(*topics), free_pool) : NULL;

	if (!topics) {
		return NULL;
	}
	topics->target = ao2_bump(pooled_topic);
	topics->topics = ao2_container_alloc_hash(AO2_ALLOC_OPT_LOCK_MUTEX, 0, 257, hash_name, NULL, same_name);
	if (!topics->topics) {
		ao2_ref(topics, -1);
		return NULL;
	}
	return topics;
}

static struct pooled_topic *new_pooled_topic(struct stasis_topic_pool *topics, const char *name)
{
	size_t size = strlen(name) + 1;
	struct pooled_topic *one = ao2_alloc_options(sizeof(*one) + size, free_pooled_topic, AO2_ALLOC_OPT_LOCK_NOLOCK);
	char *whole;

	if (!one) {
		return NULL;
	}
	memcpy(one->name, name, size);
	if (ast_asprintf(&whole, "%s/%s", stasis_topic_name(topics->target), name) >= 0) {
		one->topic = stasis_topic_create(whole);
		one->forward = stasis_forward_all(one->topic, topics->target);
		ast_free(whole);
	}
	if (!one->forward || !ao2_link_flags(topics->topics, one, OBJ_NOLOCK)) {
		ao2_ref(one, -1);
		return NULL;
	}
	return one;
}

struct stasis_topic *stasis_topic_pool_get_topic(struct stasis_topic_pool *pool, const char *topic_name)
{
	struct stasis_topic *topic;
	struct pooled_topic *one;

	if (!pool || ast_strlen_zero(topic_name)) {
		return NULL;
	}
	ao2_lock(pool->topics);
	one = ao2_find(pool->topics, topic_name, OBJ_SEARCH_KEY | OBJ_NOLOCK);
	if (!one) {
		one = new_pooled_topic(pool, topic_name);
	}
	topic = one ? one->topic : NULL;
	ao2_cleanup(one);	/* The pool has its own reference. */
	ao2_unlock(pool->topics);
	return topic;
}

void stasis_topic_pool_delete_topic(struct stasis_topic_pool *pool, const char *topic_name)
{
	size_t prefix = pool ? strlen(stasis_topic_name(pool->target)) : 0;

	if (!pool || ast_strlen_zero(topic_name)) {
		return;
	}
	/* The name of the topic itself does as well. */
	if (!strncmp(topic_name, stasis_topic_name(pool->target), prefix) && topic_name[prefix] == '/') {
		topic_name += prefix + 1;
	}
	ao2_find(pool->topics, topic_name, OBJ_SEARCH_KEY | OBJ_NODATA | OBJ_UNLINK);
}

int stasis_topic_pool_topic_exists(const struct stasis_topic_pool *pool, const char *topic_name)
{
	struct pooled_topic *one = pool && topic_name ? ao2_find(pool->topics, topic_name, OBJ_SEARCH_KEY) : NULL;
	int exists = one != NULL;

	ao2_cleanup(one);
	return exists;
}
