/*
 * Threads of modules.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <sys/syscall.h>

/* Threads may call functions implemented in Python, which need more stack than Asterisk's threads have. */
#define LEAST_STACK ((size_t) 2 * 1024 * 1024)

/* The start parameters of a new thread. */
struct beginning {
	struct beginning *next;
	void *(*start)(void *);
	void *data;
	char name[];	/* Module and start function, one after the other. */
};

AST_MUTEX_DEFINE_STATIC(living_lock);
static struct beginning *living;	/* The records of running threads. */

static void enlist(struct beginning *begin)
{
	ast_mutex_lock(&living_lock);
	begin->next = living;
	living = begin;
	ast_mutex_unlock(&living_lock);
}

static void forget(struct beginning *begin)
{
	struct beginning **at = &living;

	ast_mutex_lock(&living_lock);
	while (*at != begin) {
		at = &(*at)->next;
	}
	*at = begin->next;
	ast_mutex_unlock(&living_lock);
	free(begin);
}

/* Also when the thread is cancelled, or ends itself. */
static void ended(void *begin)
{
	asterism_marks = NULL;
	forget(begin);
}

int asterism_threads_of(const char *module)
{
	const struct beginning *begin;
	int count = 0;

	ast_mutex_lock(&living_lock);
	for (begin = living; begin; begin = begin->next) {
		count += !strcmp(begin->name, module);
	}
	ast_mutex_unlock(&living_lock);
	return count;
}

static void *run(void *argument)
{
	struct beginning *begin = argument;
	struct asterism_mark mark;
	void *result;

	/* The marks live as long as the thread: its crash counts as a crash of the module that created it. */
	asterism_enter(&mark, begin->name, begin->name + strlen(begin->name) + 1);
	pthread_cleanup_push(ended, begin);
	result = begin->start(begin->data);
	pthread_cleanup_pop(1);
	return result;
}

static struct beginning *prepare(void *(*start)(void *), void *data, const char *start_fn)
{
	const char *module = asterism_marks ? asterism_marks->module : AST_MODULE;
	size_t module_size = strlen(module) + 1, start_size = strlen(start_fn) + sizeof("thread ");
	struct beginning *begin = calloc(1, sizeof(*begin) + module_size + start_size);

	if (begin) {
		begin->start = start;
		begin->data = data;
		memcpy(begin->name, module, module_size);
		snprintf(begin->name + module_size, start_size, "thread %s", start_fn);
	}
	return begin;
}

static int create(pthread_t *thread, pthread_attr_t *attr, void *(*start)(void *), void *data, size_t stacksize,
	const char *start_fn, int detached)
{
	struct beginning *begin = prepare(start, data, start_fn);
	pthread_attr_t own;
	int error;

	if (!begin) {
		return ENOMEM;
	}
	pthread_attr_init(&own);
	pthread_attr_setstacksize(attr ? attr : &own, MAX(stacksize, LEAST_STACK));
	if (detached) {
		pthread_attr_setdetachstate(attr ? attr : &own, PTHREAD_CREATE_DETACHED);
	}
	enlist(begin);
	error = pthread_create(thread, attr ? attr : &own, run, begin);
	pthread_attr_destroy(&own);
	if (error) {
		forget(begin);
	}
	return error;
}

int ast_pthread_create_stack(pthread_t *thread, pthread_attr_t *attr, void *(*start_routine)(void *), void *data,
	size_t stacksize, const char *file, const char *caller, int line, const char *start_fn)
{
	int error = create(thread, attr, start_routine, data, stacksize, start_fn, 0);

	if (error) {
		ast_log(__LOG_ERROR, file, line, caller, "cannot start the thread %s: %s\n", start_fn, strerror(error));
	}
	return error;
}

int ast_pthread_create_detached_stack(pthread_t *thread, pthread_attr_t *attr, void *(*start_routine)(void *),
	void *data, size_t stacksize, const char *file, const char *caller, int line, const char *start_fn)
{
	int error = create(thread, attr, start_routine, data, stacksize, start_fn, 1);

	if (error) {
		ast_log(__LOG_ERROR, file, line, caller, "cannot start the thread %s: %s\n", start_fn, strerror(error));
	}
	return error;
}

int ast_background_stacksize(void)
{
	return (int) AST_STACKSIZE;
}

int ast_get_tid(void)
{
	return (int) syscall(SYS_gettid);
}
