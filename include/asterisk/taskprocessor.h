/*
 * Taskprocessors: named task queues, each with a thread that executes the tasks in order.
 *
 *     tps = ast_taskprocessor_get("res_x", TPS_REF_DEFAULT);
 *     if (ast_taskprocessor_push(tps, do_it, data)) {
 *             ast_free(data);
 *     }
 *     tps = ast_taskprocessor_unreference(tps);
 *
 * A taskprocessor is an ao2 object.  When the last reference is released, the queued tasks are executed first, then
 * its thread ends; a module releases its references before it unloads.  A task may call the whole API.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_TASKPROCESSOR_H
#define ASTERISM_TASKPROCESSOR_H

#include "asterisk/compiler.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ast_taskprocessor;
struct ast_taskprocessor_listener;

#define AST_TASKPROCESSOR_MAX_NAME 70	/* The bytes of a name that are always shown. */
#define AST_TASKPROCESSOR_HIGH_WATER_LEVEL 500	/* The default number of queued tasks that raises the alert. */

enum ast_tps_options {
	TPS_REF_DEFAULT = 0,		/* The taskprocessor of that name, created when it does not exist. */
	TPS_REF_IF_EXISTS = (1 << 0),	/* Only an existing taskprocessor. */
};

/* The listener of a taskprocessor without its own thread runs the tasks; start and shutdown are required. */
struct ast_taskprocessor_listener_callbacks {
	int (*start)(struct ast_taskprocessor_listener *listener);	/* The taskprocessor is ready: 0, or non-zero to destroy it. */
	void (*task_pushed)(struct ast_taskprocessor_listener *listener, int was_empty);
	void (*emptied)(struct ast_taskprocessor_listener *listener);	/* The last task is done. */
	void (*shutdown)(struct ast_taskprocessor_listener *listener);	/* The last reference was released: stop. */
	void (*dtor)(struct ast_taskprocessor_listener *listener);	/* The listener is destroyed. */
};

/* A new listener, an ao2 object; a taskprocessor takes its own reference. */
struct ast_taskprocessor_listener *ast_taskprocessor_listener_alloc(
	const struct ast_taskprocessor_listener_callbacks *callbacks, void *user_data);
/* The taskprocessor of a listener, with the caller's own reference; the user data of a listener. */
struct ast_taskprocessor *ast_taskprocessor_listener_get_tps(const struct ast_taskprocessor_listener *listener);
void *ast_taskprocessor_listener_get_user_data(const struct ast_taskprocessor_listener *listener);

/* A reference to the taskprocessor of that name (in any case of its letters); NULL when it does not exist or out of memory. */
struct ast_taskprocessor *ast_taskprocessor_get(const char *name, enum ast_tps_options create);
/* A new taskprocessor with a listener; NULL when the name is taken. */
struct ast_taskprocessor *ast_taskprocessor_create_with_listener(const char *name,
	struct ast_taskprocessor_listener *listener);
/* Sets the local_data for tasks of ast_taskprocessor_push_local. */
void ast_taskprocessor_set_local(struct ast_taskprocessor *tps, void *local_data);
/* Releases a reference; gives NULL.  The last release waits for the queued tasks, unless one of them makes it. */
void *ast_taskprocessor_unreference(struct ast_taskprocessor *tps);

/* Queues the call task_exe(datap): 0, or -1 with datap still the caller's. */
int __ast_taskprocessor_push(struct ast_taskprocessor *tps, int (*task_exe)(void *datap), void *datap,
	const char *file, int line, const char *function) attribute_warn_unused_result;
#define ast_taskprocessor_push(tps, task_exe, datap) \
	__ast_taskprocessor_push(tps, task_exe, datap, __FILE__, __LINE__, __PRETTY_FUNCTION__)

struct ast_taskprocessor_local {
	void *local_data;	/* Of the taskprocessor. */
	void *data;		/* Of this task. */
};

/* Queues a task that also gets the local data of the taskprocessor. */
int __ast_taskprocessor_push_local(struct ast_taskprocessor *tps,
	int (*task_exe)(struct ast_taskprocessor_local *local), void *datap,
	const char *file, int line, const char *function) attribute_warn_unused_result;
#define ast_taskprocessor_push_local(tps, task_exe, datap) \
	__ast_taskprocessor_push_local(tps, task_exe, datap, __FILE__, __LINE__, __PRETTY_FUNCTION__)

/* Marks a taskprocessor as suspended (0, or -1 for NULL); its tasks are still executed. */
int ast_taskprocessor_suspend(struct ast_taskprocessor *tps);
int ast_taskprocessor_unsuspend(struct ast_taskprocessor *tps);
int ast_taskprocessor_is_suspended(struct ast_taskprocessor *tps);

/* Executes one task in this thread: 1 when more are queued, otherwise 0.  For listeners. */
int ast_taskprocessor_execute(struct ast_taskprocessor *tps);
/* Whether this thread is executing a task of a taskprocessor. */
int ast_taskprocessor_is_task(struct ast_taskprocessor *tps);

/* A unique number; a name with a unique number, cut to size; a formatted name with a unique number. */
unsigned int ast_taskprocessor_seq_num(void);
void ast_taskprocessor_name_append(char *buf, unsigned int size, const char *name);
void ast_taskprocessor_build_name(char *buf, unsigned int size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The name of a taskprocessor (NULL for NULL), the number of queued tasks (-1 for NULL), its listener. */
const char *ast_taskprocessor_name(struct ast_taskprocessor *tps);
long ast_taskprocessor_size(struct ast_taskprocessor *tps);
struct ast_taskprocessor_listener *ast_taskprocessor_listener(struct ast_taskprocessor *tps);

/* The number of taskprocessors over their high water level; of a subsystem: those named SUBSYSTEM/... */
unsigned int ast_taskprocessor_alert_get(void);
unsigned int ast_taskprocessor_get_subsystem_alert(const char *subsystem);
/* The alert is raised at high_water waiting tasks, cleared at low_water; a negative one is 9/10 of the other: 0 or -1. */
int ast_taskprocessor_alert_set_levels(struct ast_taskprocessor *tps, long low_water, long high_water);

#ifdef __cplusplus
}
#endif

#endif
