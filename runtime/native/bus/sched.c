/*
 * Calls that are made later (asterisk/sched.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/heap.h"
#include "asterisk/sched.h"
#include "asterisk/time.h"

struct entry {
	struct timeval when;
	unsigned int order;	/* Entries with the same time run in the order of adding. */
	int id;
	int interval;		/* Milliseconds. */
	int variable;
	ast_sched_cb callback;
	const void *data;
	ssize_t place;		/* In the heap. */
	int running;		/* The call is being made, by this thread. */
	pthread_t thread;
	int waiters;		/* The threads that deleted the call while it ran; the last one frees it. */
	int again;		/* The call would have been repeated. */
	char module[];		/* The owner of the call, for the crash handler. */
};

/* Numbers are handed out again as late as possible: a stale one must not hit another call. */
struct slot {
	struct entry *entry;
	int next_free;
};

struct ast_sched_context {
	ast_mutex_t lock;
	ast_cond_t changed;	/* For the thread: something may be due earlier, or it is to stop. */
	ast_cond_t done;	/* A call has been made. */
	struct ast_heap *heap;
	struct slot *slots;	/* By number; slots[0] is not used. */
	int slot_count;
	int first_free;		/* 0 when all are taken. */
	int last_free;
	unsigned int order;
	unsigned int highest;	/* So many calls waited at once. */
	unsigned int added;
	int has_thread;
	int stopping;
	pthread_t thread;
};

/* The earlier one is the larger one. */
static int compare(void *left, void *right)
{
	const struct entry *one = left, *other = right;
	int order = ast_tvcmp(other->when, one->when);

	return order ? order : (int) (other->order - one->order);
}

struct ast_sched_context *ast_sched_context_create(void)
{
	struct ast_sched_context *con = ast_calloc(1, sizeof(*con));

	if (!con) {
		return NULL;
	}
	con->heap = ast_heap_create(6, compare, offsetof(struct entry, place));
	if (!con->heap) {
		ast_free(con);
		return NULL;
	}
	ast_mutex_init(&con->lock);
	ast_cond_init(&con->changed, NULL);
	ast_cond_init(&con->done, NULL);
	con->slot_count = 1;
	return con;
}

/* ---- the thread ---- */

static void *serve(void *data)
{
	struct ast_sched_context *con = data;

	ast_mutex_lock(&con->lock);
	while (!con->stopping) {
		struct entry *first = ast_heap_peek(con->heap, 1);

		if (!first) {
			ast_cond_wait(&con->changed, &con->lock);
		} else if (ast_tvcmp(first->when, ast_tvnow()) > 0) {
			struct timespec until = { first->when.tv_sec, first->when.tv_usec * 1000 };

			ast_cond_timedwait(&con->changed, &con->lock, &until);
		} else {
			ast_mutex_unlock(&con->lock);
			ast_sched_runq(con);
			ast_mutex_lock(&con->lock);
		}
	}
	ast_mutex_unlock(&con->lock);
	return NULL;
}

int ast_sched_start_thread(struct ast_sched_context *con)
{
	int result;

	if (!con) {
		return -1;
	}
	ast_mutex_lock(&con->lock);
	if (con->has_thread) {
		ast_log(LOG_ERROR, "this scheduler already has a thread\n");
		result = -1;
	} else {
		result = ast_pthread_create_background(&con->thread, NULL, serve, con) ? -1 : 0;
		con->has_thread = !result;
	}
	ast_mutex_unlock(&con->lock);
	return result;
}

void ast_sched_context_destroy(struct ast_sched_context *con)
{
	struct entry *entry;

	if (!con) {
		return;
	}
	if (con->has_thread && pthread_equal(con->thread, pthread_self())) {
		ast_log(LOG_ERROR, "a scheduler cannot be destroyed from one of its own scheduled calls\n");
		return;
	}
	if (con->has_thread) {
		ast_mutex_lock(&con->lock);
		con->stopping = 1;
		ast_cond_signal(&con->changed);
		ast_mutex_unlock(&con->lock);
		pthread_join(con->thread, NULL);
	}
	while ((entry = ast_heap_pop(con->heap))) {
		ast_free(entry);
	}
	ast_heap_destroy(con->heap);
	ast_free(con->slots);
	ast_cond_destroy(&con->done);
	ast_cond_destroy(&con->changed);
	ast_mutex_destroy(&con->lock);
	ast_free(con);
}

/* ---- numbers: with the lock held ---- */

static void free_number(struct ast_sched_context *con, int id)
{
	con->slots[id].entry = NULL;
	con->slots[id].next_free = 0;
	if (con->first_free) {
		con->slots[con->last_free].next_free = id;
	} else {
		con->first_free = id;
	}
	con->last_free = id;
}

static int grow(struct ast_sched_context *con)
{
	int id, count = con->slot_count + 16;
	struct slot *slots = con->slot_count < INT_MAX - 16 ? ast_realloc(con->slots, (size_t) count * sizeof(*slots)) : NULL;

	if (!slots) {
		return -1;
	}
	con->slots = slots;
	for (id = con->slot_count; id < count; id++) {
		free_number(con, id);
	}
	con->slot_count = count;
	return 0;
}

static int take_number(struct ast_sched_context *con, struct entry *entry)
{
	if (!con->first_free && grow(con)) {
		return -1;
	}
	entry->id = con->first_free;
	con->first_free = con->slots[entry->id].next_free;
	con->slots[entry->id].entry = entry;
	return 0;
}

static struct entry *find(struct ast_sched_context *con, int id)
{
	return id > 0 && id < con->slot_count ? con->slots[id].entry : NULL;
}

static void release(struct ast_sched_context *con, struct entry *entry)
{
	free_number(con, entry->id);
	ast_free(entry);
}

/* ---- adding: with the lock held ---- */

static void set_when(struct entry *entry, int ms)
{
	struct timeval now = ast_tvnow();

	if (ms < 0) {
		ast_log(LOG_WARNING, "the delay of a scheduled call is negative: %d ms is taken as %u ms\n", ms, (unsigned int) ms);
	}
	entry->when = ast_tvadd(ast_tvzero(entry->when) ? now : entry->when, ast_samp2tv((unsigned int) ms, 1000));
	if (ast_tvcmp(entry->when, now) < 0) {
		entry->when = now;
	}
}

static int schedule(struct ast_sched_context *con, struct entry *entry, int ms)
{
	set_when(entry, ms);
	entry->order = con->order++;
	if (ast_heap_push(con->heap, entry)) {
		return -1;
	}
	con->highest = MAX(con->highest, (unsigned int) ast_heap_size(con->heap));
	ast_cond_signal(&con->changed);
	return 0;
}

static struct entry *new_entry(void)
{
	const char *module = asterism_marks ? asterism_marks->module : AST_MODULE;
	size_t size = strlen(module) + 1;
	struct entry *entry = ast_calloc(1, sizeof(*entry) + size);

	if (entry) {
		memcpy(entry->module, module, size);
	}
	return entry;
}

int ast_sched_add_variable(struct ast_sched_context *con, int when, ast_sched_cb callback, const void *data, int variable)
{
	struct entry *entry = con && callback ? new_entry() : NULL;
	int id = -1;

	if (!entry) {
		if (!con || !callback) {
			ast_log(LOG_ERROR, "cannot schedule a call: the %s is NULL\n", con ? "callback" : "scheduler");
		}
		return -1;
	}
	entry->interval = when;
	entry->callback = callback;
	entry->data = data;
	entry->variable = variable;
	ast_mutex_lock(&con->lock);
	if (take_number(con, entry)) {
		ast_free(entry);
	} else if (schedule(con, entry, when)) {
		release(con, entry);
	} else {
		id = entry->id;
		con->added++;
	}
	ast_mutex_unlock(&con->lock);
	return id;
}

int ast_sched_add(struct ast_sched_context *con, int when, ast_sched_cb callback, const void *data)
{
	return ast_sched_add_variable(con, when, callback, data, 0);
}

int ast_sched_replace_variable(int old_id, struct ast_sched_context *con, int when, ast_sched_cb callback,
	const void *data, int variable)
{
	if (old_id > 0) {
		AST_SCHED_DEL(con, old_id);
	}
	return ast_sched_add_variable(con, when, callback, data, variable);
}

int ast_sched_replace(int old_id, struct ast_sched_context *con, int when, ast_sched_cb callback, const void *data)
{
	return ast_sched_replace_variable(old_id, con, when, callback, data, 0);
}

/* ---- deleting ---- */

/* Waits until a call that is being made is done. */
static int await(struct ast_sched_context *con, struct entry *entry)
{
	int result;

	if (pthread_equal(entry->thread, pthread_self())) {
		ast_log(LOG_ERROR, "module %s deletes the scheduled call %d from inside that call; return 0 instead\n",
			entry->module, entry->id);
		return -1;
	}
	entry->waiters++;
	while (entry->running) {
		ast_cond_wait(&con->done, &con->lock);
	}
	result = entry->again ? 0 : -2;
	if (!--entry->waiters) {
		release(con, entry);
	}
	return result;
}

int ast_sched_del_nonrunning(struct ast_sched_context *con, int id)
{
	struct entry *entry;
	int result = 0;

	if (!con || id < 0) {
		return con ? 0 : -1;
	}
	ast_mutex_lock(&con->lock);
	entry = find(con, id);
	if (!entry || entry->waiters) {
		result = entry && entry->running ? await(con, entry) : -1;
	} else if (entry->running) {
		result = await(con, entry);
	} else {
		ast_heap_remove(con->heap, entry);
		release(con, entry);
	}
	ast_mutex_unlock(&con->lock);
	if (result == -1) {
		ast_debug(1, "no scheduled call has the id %d\n", id);
	}
	return result;
}

int ast_sched_del(struct ast_sched_context *con, int id)
{
	return ast_sched_del_nonrunning(con, id) ? -1 : 0;
}

/* Removes a call with an id and a callback and gives its data: 1, or 0 when not found. */
static int take_if(struct ast_sched_context *con, int id, ast_sched_cb match, const void **data)
{
	struct entry *entry = find(con, id);

	if (!entry || entry->running || entry->callback != match) {
		return 0;
	}
	*data = entry->data;
	ast_heap_remove(con->heap, entry);
	release(con, entry);
	return 1;
}

void ast_sched_clean_by_callback(struct ast_sched_context *con, ast_sched_cb match, ast_sched_cb cleanup_cb)
{
	const void *data;
	int id;

	if (!con) {
		return;
	}
	ast_mutex_lock(&con->lock);
	for (id = 1; id < con->slot_count; id++) {
		if (take_if(con, id, match, &data) && cleanup_cb) {
			cleanup_cb(data);
		}
	}
	ast_mutex_unlock(&con->lock);
}

/* ---- making the calls ---- */

static int call(struct ast_sched_context *con, struct entry *entry)
{
	struct asterism_mark mark;
	int result;

	entry->running = 1;
	entry->thread = pthread_self();
	ast_mutex_unlock(&con->lock);
	asterism_enter(&mark, entry->module, "a scheduled call");
	result = entry->callback(entry->data);
	asterism_leave(&mark);
	ast_mutex_lock(&con->lock);
	entry->running = 0;
	return result;
}

static void run(struct ast_sched_context *con, struct entry *entry)
{
	int result = call(con, entry);

	if (entry->waiters) {
		entry->again = result != 0;
		ast_cond_broadcast(&con->done);
	} else if (!result || schedule(con, entry, entry->variable ? result : entry->interval)) {
		release(con, entry);
	}
}

int ast_sched_runq(struct ast_sched_context *con)
{
	struct timeval until = ast_tvadd(ast_tvnow(), ast_tv(0, 1000));
	struct entry *entry;
	int count = 0;

	if (!con) {
		return 0;
	}
	ast_mutex_lock(&con->lock);
	while ((entry = ast_heap_peek(con->heap, 1)) && ast_tvcmp(entry->when, until) < 0) {
		run(con, ast_heap_pop(con->heap));
		count++;
	}
	ast_mutex_unlock(&con->lock);
	return count;
}

/* ---- asking ---- */

int ast_sched_wait(struct ast_sched_context *con)
{
	struct entry *first;
	int64_t ms = -1;

	if (!con) {
		return -1;
	}
	ast_mutex_lock(&con->lock);
	first = ast_heap_peek(con->heap, 1);
	if (first) {
		ms = MAX((int64_t) 0, ast_tvdiff_ms(first->when, ast_tvnow()));
	}
	ast_mutex_unlock(&con->lock);
	return (int) MIN(ms, (int64_t) INT_MAX);
}

long ast_sched_when(struct ast_sched_context *con, int id)
{
	struct entry *entry;
	long seconds = -1;

	if (!con) {
		return -1;
	}
	ast_mutex_lock(&con->lock);
	entry = find(con, id);
	if (entry && !entry->running) {
		seconds = (long) (entry->when.tv_sec - ast_tvnow().tv_sec);
	}
	ast_mutex_unlock(&con->lock);
	return seconds;
}

const void *ast_sched_find_data(struct ast_sched_context *con, int id)
{
	struct entry *entry;
	const void *data = NULL;

	if (!con) {
		return NULL;
	}
	ast_mutex_lock(&con->lock);
	entry = find(con, id);
	if (entry && !entry->running) {
		data = entry->data;
	}
	ast_mutex_unlock(&con->lock);
	return data;
}

void ast_sched_report(struct ast_sched_context *con, struct ast_str **buf, struct ast_cb_names *cbnames)
{
	int counts[ARRAY_LEN(cbnames->list) + 1] = { 0 };
	int i, known = MIN(cbnames->numassocs, (int) ARRAY_LEN(cbnames->list));
	unsigned int n;
	struct entry *entry;

	ast_mutex_lock(&con->lock);
	for (n = 1; (entry = ast_heap_peek(con->heap, n)); n++) {
		for (i = 0; i < known && cbnames->cblist[i] != entry->callback; i++) {
			continue;
		}
		counts[i]++;
	}
	ast_str_set(buf, 0, " Highwater = %u\n schedcnt = %zu\n", con->highest, ast_heap_size(con->heap));
	ast_mutex_unlock(&con->lock);
	for (i = 0; i < known; i++) {
		ast_str_append(buf, 0, "    %s : %d\n", cbnames->list[i], counts[i]);
	}
	ast_str_append(buf, 0, "   <unknown> : %d\n", counts[known]);
}

void ast_sched_dump(struct ast_sched_context *con)
{
	struct entry *entry;
	unsigned int n;

	if (!con || !DEBUG_ATLEAST(1)) {
		return;
	}
	ast_mutex_lock(&con->lock);
	ast_log(LOG_DEBUG, "%zu scheduled calls, at most %u at the same time, %u in total:\n", ast_heap_size(con->heap), con->highest,
		con->added);
	for (n = 1; (entry = ast_heap_peek(con->heap, n)); n++) {
		ast_log(LOG_DEBUG, "%4d of %s in %.3f s: %p(%p)\n", entry->id, entry->module,
			(double) ast_tvdiff_us(entry->when, ast_tvnow()) / 1000000, (void *) (uintptr_t) entry->callback, entry->data);
	}
	ast_mutex_unlock(&con->lock);
}
