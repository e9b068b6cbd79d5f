/*
 * Scheduled calls, once or repeated.
 *
 *     sched = ast_sched_context_create();
 *     ast_sched_start_thread(sched);
 *     id = ast_sched_add(sched, 250, look_again, thing);      (in 250 ms)
 *     ...
 *     AST_SCHED_DEL(sched, id);
 *
 * A callback that returns 0 is not called again; for another value it is called again, after the same time or (variable)
 * after that many milliseconds.  A callback may add and delete other calls, but not delete its own call.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_SCHED_H
#define ASTERISM_SCHED_H

#include <unistd.h>

#include "asterisk/compiler.h"
#include "asterisk/logger.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ast_sched_context;
struct ast_str;

typedef int (*ast_sched_cb)(const void *data);
#define AST_SCHED_CB(a) ((ast_sched_cb) (a))

/* Creates a scheduler; destroys it: pending calls are dropped, their data is not freed, and its thread ends. */
struct ast_sched_context *ast_sched_context_create(void);
void ast_sched_context_destroy(struct ast_sched_context *c);
/* Starts a thread that runs the calls: 0 or -1.  Without a thread, use ast_sched_wait and ast_sched_runq. */
int ast_sched_start_thread(struct ast_sched_context *con);

/* Schedules callback(data) in when milliseconds: the id of the call, 1 or more, or -1. */
int ast_sched_add(struct ast_sched_context *con, int when, ast_sched_cb callback, const void *data)
	attribute_warn_unused_result;
int ast_sched_add_variable(struct ast_sched_context *con, int when, ast_sched_cb callback, const void *data,
	int variable) attribute_warn_unused_result;
/* Schedules a call in place of the call old_id, if it exists. */
int ast_sched_replace(int old_id, struct ast_sched_context *con, int when, ast_sched_cb callback, const void *data)
	attribute_warn_unused_result;
int ast_sched_replace_variable(int old_id, struct ast_sched_context *con, int when, ast_sched_cb callback,
	const void *data, int variable) attribute_warn_unused_result;

/* Deletes a call, after waiting for its end if it is running.  0, or -1 when it does not exist or has just run. */
int ast_sched_del(struct ast_sched_context *con, int id) attribute_warn_unused_result;
/* Deletes a call as ast_sched_del does, but gives -2 when it has just run for the last time. */
int ast_sched_del_nonrunning(struct ast_sched_context *con, int id) attribute_warn_unused_result;
/* Deletes every call of match, and passes the data of each to cleanup_cb. */
void ast_sched_clean_by_callback(struct ast_sched_context *con, ast_sched_cb match, ast_sched_cb cleanup_cb);

/* Milliseconds until the next call, 0 when it is due, -1 without calls. */
int ast_sched_wait(struct ast_sched_context *con) attribute_warn_unused_result;
/* Runs the calls that are due within a millisecond: their number. */
int ast_sched_runq(struct ast_sched_context *con);
/* Whole seconds until a call, -1 when it does not exist; its data, NULL when it does not exist. */
long ast_sched_when(struct ast_sched_context *con, int id);
const void *ast_sched_find_data(struct ast_sched_context *con, int id);

/* A report of the number of calls for each callback; the pending calls, as debug messages. */
struct ast_cb_names {
	int numassocs;
	char *list[10];
	ast_sched_cb cblist[10];
};
void ast_sched_report(struct ast_sched_context *con, struct ast_str **buf, struct ast_cb_names *cbnames);
void ast_sched_dump(struct ast_sched_context *con);

/*
 * Delete the call whose id is in the variable id.  Another thread may set the variable meanwhile; then its new call is
 * deleted too.  id becomes -1; the value is that of the last ast_sched_del.
 */
#define AST_SCHED_TRIES_ 10
#define AST_SCHED_DEL_BETWEEN_(sched, get, forget, before, after) ({ \
	int __sched_tries = 0, __sched_result = -1; \
	for (; (get) > -1 && __sched_tries < AST_SCHED_TRIES_; __sched_tries++) { \
		__sched_result = ast_sched_del((sched), (get)); \
		if (!__sched_result) { \
			break; \
		} \
		before; \
		usleep(1); \
		after; \
	} \
	if (__sched_tries == AST_SCHED_TRIES_) { \
		ast_debug(3, "the scheduled call %d could not be deleted\n", (get)); \
	} \
	forget; \
	__sched_result; \
})
#define AST_SCHED_DEL(sched, id) AST_SCHED_DEL_BETWEEN_(sched, id, (id) = -1, (void) 0, (void) 0)
/* Deletes the call whose id an accessor function gives, as AST_SCHED_DEL does. */
#define AST_SCHED_DEL_ACCESSOR(sched, obj, getter, setter) \
	AST_SCHED_DEL_BETWEEN_(sched, getter(obj), setter(obj, -1), (void) 0, (void) 0)
/* AST_SCHED_DEL with a lock that the callback needs too: the lock is released while waiting. */
#define AST_SCHED_DEL_SPINLOCK(sched, id, lock) \
	AST_SCHED_DEL_BETWEEN_(sched, id, (id) = -1, ast_mutex_unlock(lock), ast_mutex_lock(lock))
/* AST_SCHED_DEL, and refcall releases the reference of the call, unless the call has released it. */
#define AST_SCHED_DEL_UNREF(sched, id, refcall) do { \
	int __sched_tries = 0, __sched_id, __sched_result = 0; \
	for (; (__sched_id = (id)) > -1 && __sched_tries < AST_SCHED_TRIES_; __sched_tries++) { \
		__sched_result = ast_sched_del_nonrunning((sched), __sched_id); \
		if (__sched_result != -1) { \
			break; \
		} \
		usleep(1); \
	} \
	if (__sched_tries == AST_SCHED_TRIES_) { \
		ast_log(LOG_WARNING, "the scheduled call %d could not be deleted\n", __sched_id); \
	} else if (__sched_id > -1 && __sched_result > -2) { \
		refcall; \
		(id) = -1; \
	} \
} while (0)

/* Replaces the call id: id becomes the id of a new call. */
#define AST_SCHED_REPLACE_VARIABLE(id, sched, when, callback, data, variable) do { \
	AST_SCHED_DEL(sched, id); \
	(id) = ast_sched_add_variable((sched), (when), (callback), (data), (variable)); \
} while (0)
#define AST_SCHED_REPLACE(id, sched, when, callback, data) \
	AST_SCHED_REPLACE_VARIABLE(id, sched, when, callback, data, 0)
/* Replaces a call that holds a reference to its data: unrefcall releases the old data, which it accesses as _data. */
#define AST_SCHED_REPLACE_VARIABLE_UNREF(id, sched, when, callback, data, variable, unrefcall, addfailcall, refcall) do { \
	void *_data = (void *) ast_sched_find_data((sched), (id)); \
	int __sched_deleted = AST_SCHED_DEL(sched, id); \
	if (!__sched_deleted && _data && _data != (data)) { \
		unrefcall; \
	} \
	if (_data != (data)) { \
		refcall; \
	} \
	(id) = ast_sched_add_variable((sched), (when), (callback), (data), (variable)); \
	if ((id) == -1) { \
		addfailcall; \
	} \
} while (0)
#define AST_SCHED_REPLACE_UNREF(id, sched, when, callback, data, unrefcall, addfailcall, refcall) \
	AST_SCHED_REPLACE_VARIABLE_UNREF(id, sched, when, callback, data, 0, unrefcall, addfailcall, refcall)

#ifdef __cplusplus
}
#endif

#endif
