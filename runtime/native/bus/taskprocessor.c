/*
 * Named queues of calls, each with a thread that makes them (asterisk/taskprocessor.h).
 *
 * References to a taskprocessor: one for each user, one of the registry, one of its listener.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/astobj2.h"
#include "asterisk/linkedlists.h"
#include "asterisk/sem.h"
#include "asterisk/taskprocessor.h"
#include "asterisk/time.h"

#define OWN_REFERENCES 2	/* Of the registry and of the listener. */

struct task {
	AST_LIST_ENTRY(task) list;
	int (*plain)(void *data);
	int (*local)(struct ast_taskprocessor_local *local);
	void *data;
	const char *file;	/* The place that pushed it; its module is not unloaded while tasks wait. */
	int line;
	const char *function;
	char module[];		/* The owner of the task, for the crash handler. */
};

struct statistics {
	unsigned long processed;
	long deepest;	/* Tasks queued at once, at most. */
	long highest;	/* Microseconds. */
	long lowest;	/* The lowest time; LONG_MAX before the first task. */
	char slowest[128];	/* The place that pushed the slowest task: a copy, since its module may be unloaded. */
};

struct ast_taskprocessor {
	struct statistics statistics;
	void *local_data;
	long size;
	long low;
	long high;
	AST_LIST_HEAD_NOLOCK(, task) queue;
	struct ast_taskprocessor_listener *listener;
	pthread_t thread;	/* The thread that executes a task now. */
	int executing;
	int alert;
	int suspended;
	int leaving;		/* The last user has released the taskprocessor; read only with the registry locked. */
	size_t subsystem;	/* Bytes of the name before the first '/', or 0. */
	char *owner;		/* The creating module, and the text for the crash handler; both stored after the name. */
	char *callback;
	char name[];
};

struct ast_taskprocessor_listener {
	const struct ast_taskprocessor_listener_callbacks *callbacks;
	struct ast_taskprocessor *tps;
	void *user_data;
};

static pthread_mutex_t registry_lock = PTHREAD_MUTEX_INITIALIZER;
static struct ao2_container *registry;	/* All taskprocessors by name; created with the first one. */
static unsigned int alerts;

/* ---- the registry ---- */

static const char *name_of(const void *object_or_key, int flags)
{
	return (flags & OBJ_SEARCH_MASK) == OBJ_SEARCH_KEY ? object_or_key
		: ((const struct ast_taskprocessor *) object_or_key)->name;
}

static int hash_name(const void *object_or_key, int flags)
{
	return ast_str_case_hash(name_of(object_or_key, flags));
}

static int same_name(void *object, void *object_or_key, int flags)
{
	return strcasecmp(((struct ast_taskprocessor *) object)->name, name_of(object_or_key, flags)) ? 0 : CMP_MATCH;
}

static void lock_registry(void)
{
	pthread_mutex_lock(&registry_lock);
	if (!registry) {
		registry = ao2_container_alloc_hash(AO2_ALLOC_OPT_LOCK_NOLOCK, 0, 1567, hash_name, NULL, same_name);
	}
}

static void unlock_registry(void)
{
	pthread_mutex_unlock(&registry_lock);
}

/* The one of that name, with a reference, or NULL.  The registry is locked. */
static struct ast_taskprocessor *find(const char *name)
{
	return registry ? ao2_find(registry, name, OBJ_SEARCH_KEY) : NULL;
}

/* ---- alerts ---- */

static void set_alert(struct ast_taskprocessor *tps, int alert)
{
	if (tps->alert != alert) {
		tps->alert = alert;
		__atomic_add_fetch(&alerts, alert ? 1 : -1, __ATOMIC_ACQ_REL);
	}
}

unsigned int ast_taskprocessor_alert_get(void)
{
	return __atomic_load_n(&alerts, __ATOMIC_ACQUIRE);
}

static int is_alerted_of(void *object, void *subsystem, int flags)
{
	struct ast_taskprocessor *tps = object;
	size_t length = strlen(subsystem);
	int match;

	(void) flags;
	ao2_lock(tps);
	match = tps->alert && tps->subsystem == length && !memcmp(tps->name, subsystem, length);
	ao2_unlock(tps);
	return match ? CMP_MATCH : 0;
}

unsigned int ast_taskprocessor_get_subsystem_alert(const char *subsystem)
{
	struct ao2_iterator *found;
	unsigned int count = 0;

	if (ast_strlen_zero(subsystem) || !ast_taskprocessor_alert_get()) {
		return 0;
	}
	lock_registry();
	found = registry ? ao2_callback(registry, OBJ_MULTIPLE, is_alerted_of, (void *) subsystem) : NULL;
	if (found) {
		count = (unsigned int) ao2_iterator_count(found);
		ao2_iterator_destroy(found);	/* Still locked: a reference more would hide that the last user goes. */
	}
	unlock_registry();
	return count;
}

int ast_taskprocessor_alert_set_levels(struct ast_taskprocessor *tps, long low_water, long high_water)
{
	if (!tps || high_water < 0 || high_water < low_water || ao2_lock(tps)) {
		return -1;
	}
	tps->low = low_water < 0 ? high_water / 10 * 9 + high_water % 10 * 9 / 10 : low_water;
	tps->high = high_water;
	set_alert(tps, tps->alert ? tps->size && tps->size >= tps->low : tps->size > tps->high);
	ao2_unlock(tps);
	return 0;
}

/* ---- the thread of a taskprocessor that has no other listener ---- */

struct server {
	pthread_t thread;
	int stopping;
	struct ast_sem waiting;
};

static void *serve(void *data)
{
	struct ast_taskprocessor_listener *listener = data;
	struct ast_taskprocessor *tps = listener->tps;
	struct server *server = listener->user_data;

	while (!__atomic_load_n(&server->stopping, __ATOMIC_ACQUIRE)) {
		if (ast_sem_wait(&server->waiting) && errno != EINTR) {
			ast_log(LOG_ERROR, "taskprocessor '%s' stops: %s\n", tps->name, strerror(errno));
			break;
		}
		ast_taskprocessor_execute(tps);
	}
	ao2_ref(tps, -1);	/* The reference that end_server passed on. */
	return NULL;
}

static int start_server(struct ast_taskprocessor_listener *listener)
{
	struct server *server = listener->user_data;

	if (ast_pthread_create(&server->thread, NULL, serve, listener)) {
		return -1;
	}
#ifdef __GLIBC__
	{
		char shown[16];

		ast_copy_string(shown, listener->tps->name, sizeof(shown));
		pthread_setname_np(server->thread, shown);
	}
#endif
	return 0;
}

static void wake_server(struct ast_taskprocessor_listener *listener, int was_empty)
{
	struct server *server = listener->user_data;

	(void) was_empty;
	ast_sem_post(&server->waiting);
}

static int stop_server(void *data)
{
	struct server *server = data;

	__atomic_store_n(&server->stopping, 1, __ATOMIC_RELEASE);
	return 0;
}

/* Lets the thread execute the queued tasks, and waits for its end unless this is the thread itself. */
static void end_server(struct ast_taskprocessor_listener *listener)
{
	struct server *server = listener->user_data;
	pthread_t thread = server->thread;	/* The thread may drop the last reference to all of this. */
	int is_own = pthread_equal(pthread_self(), thread);

	ao2_ref(listener->tps, +1);
	if (ast_taskprocessor_push(listener->tps, stop_server, server)) {
		stop_server(server);	/* Out of memory: the thread stops at once, and queued tasks are lost. */
		ast_sem_post(&server->waiting);
	}
	if (is_own) {
		pthread_detach(thread);
	} else {
		pthread_join(thread, NULL);
	}
}

static void free_server(struct ast_taskprocessor_listener *listener)
{
	struct server *server = listener->user_data;

	ast_sem_destroy(&server->waiting);
	ast_free(server);
}

static const struct ast_taskprocessor_listener_callbacks own_thread = {
	.start = start_server,
	.task_pushed = wake_server,
	.shutdown = end_server,
	.dtor = free_server,
};

static struct ast_taskprocessor_listener *new_server(void)
{
	struct server *server = ast_calloc(1, sizeof(*server));
	struct ast_taskprocessor_listener *listener;

	if (!server) {
		return NULL;
	}
	ast_sem_init(&server->waiting, 0, 0);
	listener = ast_taskprocessor_listener_alloc(&own_thread, server);
	if (!listener) {
		ast_sem_destroy(&server->waiting);
		ast_free(server);
	}
	return listener;
}

/* ---- listeners ---- */

static void free_listener(void *object)
{
	struct ast_taskprocessor_listener *listener = object;

	if (listener->callbacks && listener->callbacks->dtor) {
		listener->callbacks->dtor(listener);
	}
}

struct ast_taskprocessor_listener *ast_taskprocessor_listener_alloc(
	const struct ast_taskprocessor_listener_callbacks *callbacks, void *user_data)
{
	struct ast_taskprocessor_listener *listener = ao2_alloc(sizeof(*listener), free_listener);

	if (listener) {
		listener->callbacks = callbacks;
		listener->user_data = user_data;
	}
	return listener;
}

struct ast_taskprocessor *ast_taskprocessor_listener_get_tps(const struct ast_taskprocessor_listener *listener)
{
	return listener && listener->tps ? ao2_bump(listener->tps) : NULL;
}

void *ast_taskprocessor_listener_get_user_data(const struct ast_taskprocessor_listener *listener)
{
	return listener ? listener->user_data : NULL;
}

/* ---- making and giving back ---- */

static void free_tps(void *object)
{
	struct ast_taskprocessor *tps = object;
	struct task *task;

	while ((task = AST_LIST_REMOVE_HEAD(&tps->queue, list))) {
		ast_free(task);
	}
	set_alert(tps, 0);
	ao2_cleanup(tps->listener);
}

/* A new one in the registry, which is locked: with references of the caller, the registry and the listener. */
static struct ast_taskprocessor *new_tps(const char *name, struct ast_taskprocessor_listener *listener)
{
	static const char doing[] = "a task of taskprocessor ";
	const char *owner = asterism_marks ? asterism_marks->module : AST_MODULE;
	size_t name_size = strlen(name) + 1, owner_size = strlen(owner) + 1;
	size_t room = name_size + owner_size + sizeof(doing) + name_size;
	struct ast_taskprocessor *tps = registry ? ao2_alloc(sizeof(*tps) + room, free_tps) : NULL;
	const char *slash = strchr(name, '/');

	if (!tps) {
		return NULL;
	}
	memcpy(tps->name, name, name_size);
	tps->owner = memcpy(tps->name + name_size, owner, owner_size);
	tps->callback = tps->owner + owner_size;
	snprintf(tps->callback, sizeof(doing) + name_size, "%s%s", doing, name);
	tps->subsystem = slash ? (size_t) (slash - name) : 0;
	tps->high = AST_TASKPROCESSOR_HIGH_WATER_LEVEL;
	tps->low = AST_TASKPROCESSOR_HIGH_WATER_LEVEL * 9 / 10;
	tps->statistics.lowest = LONG_MAX;
	if (!ao2_link(registry, tps)) {
		ao2_ref(tps, -1);
		return NULL;
	}
	tps->listener = ao2_bump(listener);
	listener->tps = ao2_bump(tps);
	return tps;
}

static struct ast_taskprocessor *started(struct ast_taskprocessor *tps)
{
	struct ast_taskprocessor_listener *listener = tps->listener;

	if (listener->callbacks->start && listener->callbacks->start(listener)) {
		ast_log(LOG_ERROR, "cannot start the taskprocessor '%s'\n", tps->name);
		lock_registry();
		ao2_unlink(registry, tps);
		unlock_registry();
		listener->tps = NULL;
		ao2_ref(tps, -OWN_REFERENCES);
		return NULL;
	}
	return tps;
}

struct ast_taskprocessor *ast_taskprocessor_get(const char *name, enum ast_tps_options create)
{
	struct ast_taskprocessor_listener *listener;
	struct ast_taskprocessor *tps;
	int is_new = 0;

	if (ast_strlen_zero(name)) {
		ast_log(LOG_ERROR, "cannot create a taskprocessor: the name is empty\n");
		return NULL;
	}
	lock_registry();
	tps = find(name);
	if (!tps && !(create & TPS_REF_IF_EXISTS) && (listener = new_server())) {
		tps = new_tps(name, listener);
		is_new = tps != NULL;
		ao2_ref(listener, -1);
	}
	unlock_registry();
	return is_new ? started(tps) : tps;
}

struct ast_taskprocessor *ast_taskprocessor_create_with_listener(const char *name,
	struct ast_taskprocessor_listener *listener)
{
	struct ast_taskprocessor *tps, *old;

	if (ast_strlen_zero(name) || !listener || !listener->callbacks || !listener->callbacks->shutdown) {
		ast_log(LOG_ERROR, "cannot create a taskprocessor: the name is empty, or the listener has no shutdown callback\n");
		return NULL;
	}
	lock_registry();
	old = find(name);
	tps = old ? NULL : new_tps(name, listener);
	unlock_registry();
	ast_taskprocessor_unreference(old);
	return tps ? started(tps) : NULL;
}

void *ast_taskprocessor_unreference(struct ast_taskprocessor *tps)
{
	int leaving, is_last = 0;

	if (!tps) {
		return NULL;
	}
	/* Under this lock, a taskprocessor is not found after its last user has released it. */
	lock_registry();
	leaving = tps->leaving;
	if (!leaving && ao2_ref(tps, -1) <= OWN_REFERENCES + 1) {
		is_last = 1;
		tps->leaving = 1;
		ao2_unlink(registry, tps);
	}
	unlock_registry();
	if (is_last) {
		tps->listener->callbacks->shutdown(tps->listener);
	}
	if (leaving || is_last) {
		ao2_ref(tps, -1);	/* A late user's, or the listener's. */
	}
	return NULL;
}

/* ---- tasks ---- */

static struct task *new_task(struct ast_taskprocessor *tps, void *data, const char *file, int line,
	const char *function)
{
	const char *module = asterism_marks ? asterism_marks->module : tps->owner;
	size_t size = strlen(module) + 1;
	struct task *task = __ast_calloc(1, sizeof(*task) + size, file, line, function);

	if (task) {
		task->data = data;
		task->file = file;
		task->line = line;
		task->function = function;
		memcpy(task->module, module, size);
	}
	return task;
}

/* Raises the alert when the queue is too long.  Gives the number of waiting tasks, or 0.  The caller has the lock. */
static long watch_level(struct ast_taskprocessor *tps)
{
	if (tps->size < tps->high || tps->alert) {
		return 0;
	}
	set_alert(tps, 1);
	return tps->size;
}

static int push(struct ast_taskprocessor *tps, struct task *task)
{
	int was_empty;
	long too_many;

	if (!task) {
		return -1;
	}
	if (ao2_lock(tps)) {
		ast_free(task);
		return -1;
	}
	was_empty = !tps->size && !tps->executing;
	AST_LIST_INSERT_TAIL(&tps->queue, task, list);
	tps->size++;
	too_many = watch_level(tps);
	ao2_unlock(tps);
	if (too_many) {
		ast_log(LOG_WARNING, "taskprocessor '%s' has reached its high water level: %ld tasks are queued\n", tps->name, too_many);
	}
	if (tps->listener->callbacks->task_pushed) {
		tps->listener->callbacks->task_pushed(tps->listener, was_empty);
	}
	return 0;
}

static int is_pushable(struct ast_taskprocessor *tps, int has_task, const char *file, int line, const char *function)
{
	if (!tps || !has_task) {
		ast_log_safe(__LOG_ERROR, file, line, function, "cannot push a task: the %s is NULL\n",
			tps ? "task" : "taskprocessor");
	}
	return tps && has_task;
}

int __ast_taskprocessor_push(struct ast_taskprocessor *tps, int (*task_exe)(void *datap), void *datap,
	const char *file, int line, const char *function)
{
	struct task *task = is_pushable(tps, task_exe != NULL, file, line, function)
		? new_task(tps, datap, file, line, function) : NULL;

	if (task) {
		task->plain = task_exe;
	}
	return push(tps, task);
}

int __ast_taskprocessor_push_local(struct ast_taskprocessor *tps,
	int (*task_exe)(struct ast_taskprocessor_local *local), void *datap, const char *file, int line,
	const char *function)
{
	struct task *task = is_pushable(tps, task_exe != NULL, file, line, function)
		? new_task(tps, datap, file, line, function) : NULL;

	if (task) {
		task->local = task_exe;
	}
	return push(tps, task);
}

static struct task *take(struct ast_taskprocessor *tps, struct ast_taskprocessor_local *local)
{
	struct task *task;

	if (ao2_lock(tps)) {
		return NULL;
	}
	task = AST_LIST_REMOVE_HEAD(&tps->queue, list);
	if (task) {
		tps->statistics.deepest = MAX(tps->statistics.deepest, tps->size);
		tps->size--;
		if (tps->size <= tps->low) {
			set_alert(tps, 0);
		}
		tps->thread = pthread_self();
		tps->executing = 1;
		local->local_data = tps->local_data;
		local->data = task->data;
	}
	ao2_unlock(tps);
	return task;
}

/* Records the end of a task.  Gives the number of waiting tasks. */
static long finish(struct ast_taskprocessor *tps, const struct task *task, long microseconds)
{
	struct statistics *statistics = &tps->statistics;
	long size;

	ao2_lock(tps);
	tps->executing = 0;
	statistics->processed++;
	statistics->lowest = MIN(statistics->lowest, microseconds);
	if (microseconds >= statistics->highest) {
		statistics->highest = microseconds;
		snprintf(statistics->slowest, sizeof(statistics->slowest), "%s:%d (%s)", S_OR(task->file, "?"), task->line,
			S_OR(task->function, "?"));
	}
	size = tps->size;
	ao2_unlock(tps);
	return size;
}

int ast_taskprocessor_execute(struct ast_taskprocessor *tps)
{
	struct ast_taskprocessor_local local;
	struct asterism_mark mark;
	struct timeval start;
	struct task *task = tps ? take(tps, &local) : NULL;
	long size;

	if (!task) {
		return 0;
	}
	start = ast_tvnow();
	asterism_enter(&mark, task->module, tps->callback);
	if (task->local) {
		task->local(&local);
	} else {
		task->plain(local.data);
	}
	asterism_leave(&mark);
	size = finish(tps, task, (long) ast_tvdiff_us(ast_tvnow(), start));
	ast_free(task);
	if (!size && tps->listener->callbacks->emptied) {
		tps->listener->callbacks->emptied(tps->listener);
	}
	return size > 0;
}

/* ---- asking ---- */

void ast_taskprocessor_set_local(struct ast_taskprocessor *tps, void *local_data)
{
	if (!ao2_lock(tps)) {
		tps->local_data = local_data;
		ao2_unlock(tps);
	}
}

static int set_suspended(struct ast_taskprocessor *tps, int suspended)
{
	if (!tps || ao2_lock(tps)) {
		return -1;
	}
	tps->suspended = suspended;
	ao2_unlock(tps);
	return 0;
}

int ast_taskprocessor_suspend(struct ast_taskprocessor *tps)
{
	return set_suspended(tps, 1);
}

int ast_taskprocessor_unsuspend(struct ast_taskprocessor *tps)
{
	return set_suspended(tps, 0);
}

int ast_taskprocessor_is_suspended(struct ast_taskprocessor *tps)
{
	int suspended;

	if (!tps || ao2_lock(tps)) {
		return -1;
	}
	suspended = tps->suspended;
	ao2_unlock(tps);
	return suspended;
}

int ast_taskprocessor_is_task(struct ast_taskprocessor *tps)
{
	int is_task;

	if (!tps || ao2_lock(tps)) {
		return 0;
	}
	is_task = tps->executing && pthread_equal(tps->thread, pthread_self());
	ao2_unlock(tps);
	return is_task;
}

const char *ast_taskprocessor_name(struct ast_taskprocessor *tps)
{
	return tps ? tps->name : NULL;
}

long ast_taskprocessor_size(struct ast_taskprocessor *tps)
{
	long size;

	if (!tps || ao2_lock(tps)) {
		return -1;
	}
	size = tps->size;
	ao2_unlock(tps);
	return size;
}

struct ast_taskprocessor_listener *ast_taskprocessor_listener(struct ast_taskprocessor *tps)
{
	return tps ? tps->listener : NULL;
}

/* ---- names ---- */

#define NUMBER_SIZE sizeof("-01234567")

unsigned int ast_taskprocessor_seq_num(void)
{
	static unsigned int next;

	return __atomic_fetch_add(&next, 1, __ATOMIC_RELAXED);
}

void ast_taskprocessor_name_append(char *buf, unsigned int size, const char *name)
{
	ast_taskprocessor_build_name(buf, size, "%s", S_OR(name, ""));
}

void ast_taskprocessor_build_name(char *buf, unsigned int size, const char *format, ...)
{
	struct asterism_place place = { __FILE__, __LINE__, __func__ };
	char room[AST_TASKPROCESSOR_MAX_NAME + 1], *allocated, *text;
	unsigned int number = ast_taskprocessor_seq_num();
	va_list ap;

	if (!buf || size < NUMBER_SIZE) {
		return;
	}
	va_start(ap, format);
	text = asterism_format(room, sizeof(room), &allocated, &place, format, ap);
	va_end(ap);
	ast_copy_string(buf, S_OR(text, ""), size - (NUMBER_SIZE - 1));
	snprintf(buf + strlen(buf), NUMBER_SIZE, "-%08x", number);
	free(allocated);
}

/* ---- for the console ---- */

static void tell(struct ast_taskprocessor *tps, struct asterism_taskprocessor *told)
{
	const struct statistics *statistics = &tps->statistics;

	ao2_lock(tps);
	ast_copy_string(told->name, tps->name, sizeof(told->name));
	ast_copy_string(told->owner, tps->owner, sizeof(told->owner));
	ast_copy_string(told->slowest, statistics->slowest, sizeof(told->slowest));
	told->subsystem = (int) MIN(tps->subsystem, sizeof(told->name) - 1);
	told->alert = tps->alert;
	told->suspended = tps->suspended;
	told->executing = tps->executing;
	told->processed = statistics->processed;
	told->size = tps->size;
	told->deepest = statistics->deepest;
	told->low = tps->low;
	told->high = tps->high;
	told->lowest = statistics->processed ? statistics->lowest : 0;
	told->highest = statistics->highest;
	ao2_unlock(tps);
}

int asterism_taskprocessors(struct asterism_taskprocessor *told, int room)
{
	struct ao2_iterator at;
	struct ast_taskprocessor *tps;
	int count;

	lock_registry();
	count = registry ? ao2_container_count(registry) : 0;
	if (count && count <= room) {
		at = ao2_iterator_init(registry, 0);
		while ((tps = ao2_iterator_next(&at))) {
			tell(tps, told++);
			ao2_ref(tps, -1);
		}
		ao2_iterator_destroy(&at);
	}
	unlock_registry();
	return count;
}

void asterism_taskprocessor_reset(const char *name)
{
	struct ast_taskprocessor *tps = ast_taskprocessor_get(name, TPS_REF_IF_EXISTS);

	if (tps && !ao2_lock(tps)) {
		memset(&tps->statistics, 0, sizeof(tps->statistics));
		tps->statistics.lowest = LONG_MAX;
		ao2_unlock(tps);
	}
	ast_taskprocessor_unreference(tps);
}

struct ping {
	struct ast_sem answered;
};

static int answer(void *data)
{
	struct ping *ping = data;

	ast_sem_post(&ping->answered);
	ao2_ref(ping, -1);
	return 0;
}

static void free_ping(void *object)
{
	struct ping *ping = object;

	ast_sem_destroy(&ping->answered);
}

long asterism_taskprocessor_ping(const char *name, int seconds)
{
	struct ast_taskprocessor *tps = ast_taskprocessor_get(name, TPS_REF_IF_EXISTS);
	struct ping *ping = tps ? ao2_alloc_options(sizeof(*ping), free_ping, AO2_ALLOC_OPT_LOCK_NOLOCK) : NULL;
	struct timeval start = ast_tvnow();
	struct timespec until = { start.tv_sec + seconds, start.tv_usec * 1000 };
	long took = -1;

	if (ping) {
		ast_sem_init(&ping->answered, 0, 0);
		ao2_ref(ping, +1);	/* The task's, which may come when we have gone. */
		if (ast_taskprocessor_push(tps, answer, ping)) {
			ao2_ref(ping, -1);
		} else if (!ast_sem_timedwait(&ping->answered, &until)) {
			took = (long) ast_tvdiff_us(ast_tvnow(), start);
		}
		ao2_ref(ping, -1);
	}
	ast_taskprocessor_unreference(tps);
	return took;
}
