/* A buffer for each thread, created on first use. SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ASTERISM_THREADSTORAGE_H
#define ASTERISM_THREADSTORAGE_H

#include <pthread.h>

#include "asterisk/inline_api.h"

struct ast_threadstorage {
	pthread_once_t once;
	pthread_key_t key;
	void (*key_init)(void);
	int (*custom_init)(void *);	/* Prepares a new buffer: 0, or non-zero when it could not. */
};

/* AST_THREADSTORAGE(name): a static thread storage, whose buffers are freed when their threads end. */
#define AST_THREADSTORAGE(name) AST_THREADSTORAGE_CUSTOM_SCOPE(name, NULL, ast_free_ptr, static)
#define AST_THREADSTORAGE_PUBLIC(name) AST_THREADSTORAGE_CUSTOM_SCOPE(name, NULL, ast_free_ptr,)
#define AST_THREADSTORAGE_EXTERNAL(name) extern struct ast_threadstorage name
#define AST_THREADSTORAGE_RAW(name) AST_THREADSTORAGE_CUSTOM_SCOPE(name, NULL, NULL,)
#define AST_THREADSTORAGE_CUSTOM(name, init, cleanup) AST_THREADSTORAGE_CUSTOM_SCOPE(name, init, cleanup, static)
#define AST_THREADSTORAGE_CUSTOM_SCOPE(name, c_init, c_cleanup, scope) \
	static int __made_##name; \
	static void __init_##name(void); \
	scope struct ast_threadstorage name = { \
		.once = PTHREAD_ONCE_INIT, \
		.key_init = __init_##name, \
		.custom_init = c_init, \
	}; \
	static void __init_##name(void) \
	{ \
		__made_##name = !pthread_key_create(&(name).key, c_cleanup); \
	} \
	AST_THREADSTORAGE_END_(name)

/*
 * When a module is closed, running threads may still have buffers of it.  The cleanup function is unmapped then, so the
 * buffers are not freed.  The core is never closed.
 */
#ifdef AST_IN_CORE
#define AST_THREADSTORAGE_END_(name) \
	static __attribute__((unused)) const int *__end_##name = &__made_##name;
#else
#define AST_THREADSTORAGE_END_(name) \
	static void __attribute__((destructor)) __end_##name(void) \
	{ \
		if (__made_##name) { \
			pthread_key_delete((name).key); \
		} \
	}
#endif

/* This thread's buffer, init_size bytes and cleared when it is new; NULL when out of memory. */
AST_INLINE_API(
void * attribute_unused ast_threadstorage_get(struct ast_threadstorage *ts, size_t init_size),
{
	void *buf;

	pthread_once(&ts->once, ts->key_init);
	buf = pthread_getspecific(ts->key);
	if (buf) {
		return buf;
	}
	buf = ast_calloc(1, init_size);
	if (!buf) {
		return NULL;
	}
	if ((ts->custom_init && ts->custom_init(buf)) || pthread_setspecific(ts->key, buf)) {
		ast_free(buf);
		return NULL;
	}
	return buf;
}
)

AST_INLINE_API(
void * attribute_unused ast_threadstorage_get_ptr(struct ast_threadstorage *ts),
{
	pthread_once(&ts->once, ts->key_init);
	return pthread_getspecific(ts->key);
}
)

AST_INLINE_API(
int attribute_unused ast_threadstorage_set_ptr(struct ast_threadstorage *ts, void *ptr),
{
	pthread_once(&ts->once, ts->key_init);
	return pthread_setspecific(ts->key, ptr);
}
)

/* Last: what utils.h includes uses what is above. */
#include "asterisk/utils.h"

#endif
