/*
 * Locks: pthread's, with a word in the log when a call is wrong.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

struct site {
	const char *file;
	int line;
	const char *func;
	const char *name;
};

#define SITE { filename, lineno, func, name }

/* Kept out of the way of the calls that go well, which are almost all. */
static int __attribute__((noinline, cold)) tell(int error, const char *doing, const struct site *site)
{
	if (error != EBUSY && error != ETIMEDOUT) {
		ast_log_safe(__LOG_ERROR, site->file, site->line, site->func, "cannot %s '%s': %s\n", doing, site->name,
			strerror(error));
	}
	return error;
}

/* Returns the error, after logging it unless callers expect it. */
static force_inline int told(int error, const char *doing, const struct site *site)
{
	return __builtin_expect(error, 0) ? tell(error, doing, site) : 0;
}

int __ast_pthread_mutex_init(int tracking, const char *filename, int lineno, const char *func, const char *name,
	ast_mutex_t *t)
{
	struct site site = SITE;
	pthread_mutexattr_t attr;
	int error;

	t->_track = NULL;
	t->_flags.tracking = tracking != 0;
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, AST_MUTEX_KIND);
	error = pthread_mutex_init(&t->mutex, &attr);
	pthread_mutexattr_destroy(&attr);
	return told(error, "initialize the mutex", &site);
}

int __ast_pthread_mutex_destroy(const char *filename, int lineno, const char *func, const char *name, ast_mutex_t *t)
{
	struct site site = SITE;
	int error = pthread_mutex_destroy(&t->mutex);

	if (error == EBUSY) {
		ast_log_safe(__LOG_ERROR, filename, lineno, func, "cannot destroy the mutex '%s': it is locked\n", name);
	}
	return told(error, "destroy the mutex", &site);
}

int __ast_pthread_mutex_lock(const char *filename, int lineno, const char *func, const char *name, ast_mutex_t *t)
{
	struct site site = SITE;

	return told(pthread_mutex_lock(&t->mutex), "lock the mutex", &site);
}

int __ast_pthread_mutex_trylock(const char *filename, int lineno, const char *func, const char *name, ast_mutex_t *t)
{
	struct site site = SITE;

	return told(pthread_mutex_trylock(&t->mutex), "lock the mutex", &site);
}

int __ast_pthread_mutex_unlock(const char *filename, int lineno, const char *func, const char *name, ast_mutex_t *t)
{
	struct site site = SITE;

	return told(pthread_mutex_unlock(&t->mutex), "unlock the mutex", &site);
}

int __ast_cond_init(const char *filename, int lineno, const char *func, const char *name, ast_cond_t *cond,
	pthread_condattr_t *cond_attr)
{
	struct site site = SITE;

	return told(pthread_cond_init(cond, cond_attr), "initialize the condition", &site);
}

int __ast_cond_destroy(const char *filename, int lineno, const char *func, const char *name, ast_cond_t *cond)
{
	struct site site = SITE;

	return told(pthread_cond_destroy(cond), "destroy the condition", &site);
}

int __ast_cond_signal(const char *filename, int lineno, const char *func, const char *name, ast_cond_t *cond)
{
	struct site site = SITE;

	return told(pthread_cond_signal(cond), "signal the condition", &site);
}

int __ast_cond_broadcast(const char *filename, int lineno, const char *func, const char *name, ast_cond_t *cond)
{
	struct site site = SITE;

	return told(pthread_cond_broadcast(cond), "signal the condition", &site);
}

int __ast_cond_wait(const char *filename, int lineno, const char *func, const char *name, const char *mutex_name,
	ast_cond_t *cond, ast_mutex_t *t)
{
	struct site site = SITE;

	(void) mutex_name;
	return told(pthread_cond_wait(cond, &t->mutex), "wait for the condition", &site);
}

int __ast_cond_timedwait(const char *filename, int lineno, const char *func, const char *name, const char *mutex_name,
	ast_cond_t *cond, ast_mutex_t *t, const struct timespec *abstime)
{
	struct site site = SITE;

	(void) mutex_name;
	return told(pthread_cond_timedwait(cond, &t->mutex, abstime), "wait for the condition", &site);
}

int __ast_rwlock_init(int tracking, const char *filename, int lineno, const char *func, const char *name, ast_rwlock_t *t)
{
	struct site site = SITE;

	t->_track = NULL;
	t->_flags.tracking = tracking != 0;
	return told(pthread_rwlock_init(&t->lock, NULL), "initialize the lock", &site);
}

int __ast_rwlock_destroy(const char *filename, int lineno, const char *func, const char *name, ast_rwlock_t *t)
{
	struct site site = SITE;

	return told(pthread_rwlock_destroy(&t->lock), "destroy the lock", &site);
}

int __ast_rwlock_unlock(const char *filename, int lineno, const char *func, ast_rwlock_t *t, const char *name)
{
	struct site site = SITE;

	return told(pthread_rwlock_unlock(&t->lock), "unlock", &site);
}

int __ast_rwlock_rdlock(const char *filename, int lineno, const char *func, ast_rwlock_t *t, const char *name)
{
	struct site site = SITE;

	return told(pthread_rwlock_rdlock(&t->lock), "lock for reading", &site);
}

int __ast_rwlock_wrlock(const char *filename, int lineno, const char *func, ast_rwlock_t *t, const char *name)
{
	struct site site = SITE;

	return told(pthread_rwlock_wrlock(&t->lock), "lock for writing", &site);
}

int __ast_rwlock_timedrdlock(const char *filename, int lineno, const char *func, ast_rwlock_t *t, const char *name,
	const struct timespec *abs_timeout)
{
	struct site site = SITE;

	return told(pthread_rwlock_timedrdlock(&t->lock, abs_timeout), "lock for reading", &site);
}

int __ast_rwlock_timedwrlock(const char *filename, int lineno, const char *func, ast_rwlock_t *t, const char *name,
	const struct timespec *abs_timeout)
{
	struct site site = SITE;

	return told(pthread_rwlock_timedwrlock(&t->lock, abs_timeout), "lock for writing", &site);
}

int __ast_rwlock_tryrdlock(const char *filename, int lineno, const char *func, ast_rwlock_t *t, const char *name)
{
	struct site site = SITE;

	return told(pthread_rwlock_tryrdlock(&t->lock), "lock for reading", &site);
}

int __ast_rwlock_trywrlock(const char *filename, int lineno, const char *func, ast_rwlock_t *t, const char *name)
{
	struct site site = SITE;

	return told(pthread_rwlock_trywrlock(&t->lock), "lock for writing", &site);
}
