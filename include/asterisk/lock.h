/*
 * Mutexes (recursive), read-write locks, condition variables and atomic counters.
 *
 * Layouts are Asterisk's without DEBUG_THREADS. Each call returns 0 or an errno; a failed call is logged with its
 * source line.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_LOCK_H
#define ASTERISM_LOCK_H

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/param.h>
#include <time.h>

#include "asterisk/compiler.h"
#include "asterisk/inline_api.h"
#include "asterisk/logger.h"
#include "asterisk/time.h"

#ifdef __cplusplus
extern "C" {
#endif

#define AST_PTHREADT_NULL ((pthread_t) -1)	/* No thread yet. */
#define AST_PTHREADT_STOP ((pthread_t) -2)	/* The thread is to stop. */

#ifdef PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP
#define PTHREAD_MUTEX_INIT_VALUE PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP
#else
#define PTHREAD_MUTEX_INIT_VALUE { { { PTHREAD_MUTEX_RECURSIVE } } }	/* musl: the type is the first word of a mutex. */
#endif
#define AST_MUTEX_KIND PTHREAD_MUTEX_RECURSIVE
#define AST_MUTEX_INIT_VALUE { PTHREAD_MUTEX_INIT_VALUE, NULL, { 1, 0 } }
#define AST_MUTEX_INIT_VALUE_NOTRACKING { PTHREAD_MUTEX_INIT_VALUE, NULL, { 0, 0 } }
#define AST_RWLOCK_INIT_VALUE { PTHREAD_RWLOCK_INITIALIZER, NULL, { 1, 0 } }
#define AST_RWLOCK_INIT_VALUE_NOTRACKING { PTHREAD_RWLOCK_INITIALIZER, NULL, { 0, 0 } }

struct ast_lock_track;

struct ast_lock_track_flags {
	unsigned int tracking:1;
	volatile unsigned int setup:1;
};

struct ast_mutex_info {
	pthread_mutex_t mutex;
	struct ast_lock_track *_track;	/* Kept for the layout; nothing is tracked. */
	struct ast_lock_track_flags _flags;
};

struct ast_rwlock_info {
	pthread_rwlock_t lock;
	struct ast_lock_track *_track;
	struct ast_lock_track_flags _flags;
};

typedef struct ast_mutex_info ast_mutex_t;
typedef struct ast_rwlock_info ast_rwlock_t;
typedef pthread_cond_t ast_cond_t;

int __ast_pthread_mutex_init(int tracking, const char *filename, int lineno, const char *func, const char *mutex_name,
	ast_mutex_t *t);
int __ast_pthread_mutex_destroy(const char *filename, int lineno, const char *func, const char *mutex_name, ast_mutex_t *t);
int __ast_pthread_mutex_lock(const char *filename, int lineno, const char *func, const char *mutex_name, ast_mutex_t *t);
int __ast_pthread_mutex_trylock(const char *filename, int lineno, const char *func, const char *mutex_name, ast_mutex_t *t);
int __ast_pthread_mutex_unlock(const char *filename, int lineno, const char *func, const char *mutex_name, ast_mutex_t *t);
#define ast_mutex_init(pmutex) __ast_pthread_mutex_init(1, __FILE__, __LINE__, __PRETTY_FUNCTION__, #pmutex, pmutex)
#define ast_mutex_init_notracking(pmutex) \
	__ast_pthread_mutex_init(0, __FILE__, __LINE__, __PRETTY_FUNCTION__, #pmutex, pmutex)
#define ast_mutex_destroy(a) __ast_pthread_mutex_destroy(__FILE__, __LINE__, __PRETTY_FUNCTION__, #a, a)
#define ast_mutex_lock(a) __ast_pthread_mutex_lock(__FILE__, __LINE__, __PRETTY_FUNCTION__, #a, a)
#define ast_mutex_trylock(a) __ast_pthread_mutex_trylock(__FILE__, __LINE__, __PRETTY_FUNCTION__, #a, a)
#define ast_mutex_unlock(a) __ast_pthread_mutex_unlock(__FILE__, __LINE__, __PRETTY_FUNCTION__, #a, a)

int __ast_cond_init(const char *filename, int lineno, const char *func, const char *cond_name, ast_cond_t *cond,
	pthread_condattr_t *cond_attr);
int __ast_cond_destroy(const char *filename, int lineno, const char *func, const char *cond_name, ast_cond_t *cond);
int __ast_cond_signal(const char *filename, int lineno, const char *func, const char *cond_name, ast_cond_t *cond);
int __ast_cond_broadcast(const char *filename, int lineno, const char *func, const char *cond_name, ast_cond_t *cond);
int __ast_cond_wait(const char *filename, int lineno, const char *func, const char *cond_name, const char *mutex_name,
	ast_cond_t *cond, ast_mutex_t *t);
int __ast_cond_timedwait(const char *filename, int lineno, const char *func, const char *cond_name,
	const char *mutex_name, ast_cond_t *cond, ast_mutex_t *t, const struct timespec *abstime);
#define ast_cond_init(cond, attr) __ast_cond_init(__FILE__, __LINE__, __PRETTY_FUNCTION__, #cond, cond, attr)
#define ast_cond_destroy(cond) __ast_cond_destroy(__FILE__, __LINE__, __PRETTY_FUNCTION__, #cond, cond)
#define ast_cond_signal(cond) __ast_cond_signal(__FILE__, __LINE__, __PRETTY_FUNCTION__, #cond, cond)
#define ast_cond_broadcast(cond) __ast_cond_broadcast(__FILE__, __LINE__, __PRETTY_FUNCTION__, #cond, cond)
#define ast_cond_wait(cond, mutex) __ast_cond_wait(__FILE__, __LINE__, __PRETTY_FUNCTION__, #cond, #mutex, cond, mutex)
#define ast_cond_timedwait(cond, mutex, time) \
	__ast_cond_timedwait(__FILE__, __LINE__, __PRETTY_FUNCTION__, #cond, #mutex, cond, mutex, time)

int __ast_rwlock_init(int tracking, const char *filename, int lineno, const char *func, const char *rwlock_name,
	ast_rwlock_t *t);
int __ast_rwlock_destroy(const char *filename, int lineno, const char *func, const char *rwlock_name, ast_rwlock_t *t);
int __ast_rwlock_unlock(const char *filename, int lineno, const char *func, ast_rwlock_t *t, const char *name);
int __ast_rwlock_rdlock(const char *filename, int lineno, const char *func, ast_rwlock_t *t, const char *name);
int __ast_rwlock_wrlock(const char *filename, int lineno, const char *func, ast_rwlock_t *t, const char *name);
int __ast_rwlock_timedrdlock(const char *filename, int lineno, const char *func, ast_rwlock_t *t, const char *name,
	const struct timespec *abs_timeout);
int __ast_rwlock_timedwrlock(const char *filename, int lineno, const char *func, ast_rwlock_t *t, const char *name,
	const struct timespec *abs_timeout);
int __ast_rwlock_tryrdlock(const char *filename, int lineno, const char *func, ast_rwlock_t *t, const char *name);
int __ast_rwlock_trywrlock(const char *filename, int lineno, const char *func, ast_rwlock_t *t, const char *name);
#define ast_rwlock_init(rwlock) __ast_rwlock_init(1, __FILE__, __LINE__, __PRETTY_FUNCTION__, #rwlock, rwlock)
#define ast_rwlock_init_notracking(rwlock) __ast_rwlock_init(0, __FILE__, __LINE__, __PRETTY_FUNCTION__, #rwlock, rwlock)
#define ast_rwlock_destroy(rwlock) __ast_rwlock_destroy(__FILE__, __LINE__, __PRETTY_FUNCTION__, #rwlock, rwlock)
#define ast_rwlock_unlock(a) __ast_rwlock_unlock(__FILE__, __LINE__, __PRETTY_FUNCTION__, a, #a)
#define ast_rwlock_rdlock(a) __ast_rwlock_rdlock(__FILE__, __LINE__, __PRETTY_FUNCTION__, a, #a)
#define ast_rwlock_wrlock(a) __ast_rwlock_wrlock(__FILE__, __LINE__, __PRETTY_FUNCTION__, a, #a)
#define ast_rwlock_tryrdlock(a) __ast_rwlock_tryrdlock(__FILE__, __LINE__, __PRETTY_FUNCTION__, a, #a)
#define ast_rwlock_trywrlock(a) __ast_rwlock_trywrlock(__FILE__, __LINE__, __PRETTY_FUNCTION__, a, #a)
#define ast_rwlock_timedrdlock(a, b) __ast_rwlock_timedrdlock(__FILE__, __LINE__, __PRETTY_FUNCTION__, a, #a, b)
#define ast_rwlock_timedwrlock(a, b) __ast_rwlock_timedwrlock(__FILE__, __LINE__, __PRETTY_FUNCTION__, a, #a, b)

/* Locks that are ready when the module is opened. */
#define AST_MUTEX_DEFINE_STATIC(mutex) static ast_mutex_t mutex = AST_MUTEX_INIT_VALUE
#define AST_MUTEX_DEFINE_STATIC_NOTRACKING(mutex) static ast_mutex_t mutex = AST_MUTEX_INIT_VALUE_NOTRACKING
#define AST_RWLOCK_DEFINE_STATIC(rwlock) static ast_rwlock_t rwlock = AST_RWLOCK_INIT_VALUE
#define AST_RWLOCK_DEFINE_STATIC_NOTRACKING(rwlock) static ast_rwlock_t rwlock = AST_RWLOCK_INIT_VALUE_NOTRACKING

/* A lock that is held until the end of its block. */
#define SCOPED_LOCK(varname, lock, lockfunc, unlockfunc) \
	RAII_VAR(typeof((lock)), varname, ({ lockfunc((lock)); (lock); }), unlockfunc)
#define SCOPED_MUTEX(varname, lock) SCOPED_LOCK(varname, (lock), ast_mutex_lock, ast_mutex_unlock)
#define SCOPED_CHANNELLOCK(varname, chan) SCOPED_LOCK(varname, (chan), ast_channel_lock, ast_channel_unlock)
#define SCOPED_RDLOCK(varname, lock) SCOPED_LOCK(varname, (lock), ast_rwlock_rdlock, ast_rwlock_unlock)
#define SCOPED_WRLOCK(varname, lock) SCOPED_LOCK(varname, (lock), ast_rwlock_wrlock, ast_rwlock_unlock)

/* Atomic arithmetic on any integer; fetch_X gives the old value, X_fetch the new one. */
#define ast_atomic_fetch_add(ptr, val, memorder) __atomic_fetch_add((ptr), (val), (memorder))
#define ast_atomic_add_fetch(ptr, val, memorder) __atomic_add_fetch((ptr), (val), (memorder))
#define ast_atomic_fetch_sub(ptr, val, memorder) __atomic_fetch_sub((ptr), (val), (memorder))
#define ast_atomic_sub_fetch(ptr, val, memorder) __atomic_sub_fetch((ptr), (val), (memorder))
#define ast_atomic_fetch_and(ptr, val, memorder) __atomic_fetch_and((ptr), (val), (memorder))
#define ast_atomic_and_fetch(ptr, val, memorder) __atomic_and_fetch((ptr), (val), (memorder))
#define ast_atomic_fetch_or(ptr, val, memorder) __atomic_fetch_or((ptr), (val), (memorder))
#define ast_atomic_or_fetch(ptr, val, memorder) __atomic_or_fetch((ptr), (val), (memorder))
#define ast_atomic_fetch_xor(ptr, val, memorder) __atomic_fetch_xor((ptr), (val), (memorder))
#define ast_atomic_xor_fetch(ptr, val, memorder) __atomic_xor_fetch((ptr), (val), (memorder))
#define ast_atomic_flag_set(ptr, val, memorder) ast_atomic_fetch_or((ptr), (val), (memorder))
#define ast_atomic_flag_clear(ptr, val, memorder) ast_atomic_fetch_and((ptr), ~(val), (memorder))

AST_INLINE_API(
int attribute_unused ast_atomic_fetchadd_int(volatile int *p, int v),
{
	return ast_atomic_fetch_add(p, v, __ATOMIC_RELAXED);
}
)

/* 1 when the counter has come down to 0. */
AST_INLINE_API(
int attribute_unused ast_atomic_dec_and_test(volatile int *p),
{
	return ast_atomic_sub_fetch(p, 1, __ATOMIC_ACQ_REL) == 0;
}
)

#ifdef __cplusplus
}
#endif

#endif
