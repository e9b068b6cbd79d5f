/*
 * Taskprocessors: named queues of calls, each with a thread that makes them one after the other.
 *
 *     tps = ast_taskprocessor_get("res_x", TPS_REF_DEFAULT);
 *     if (ast_taskprocessor_push(tps, do_it, data)) {
 *             ast_free(data);
 *     }
 *     tps = ast_taskprocessor_unreference(tps);
 *
 * A taskprocessor is an ao2 object.  When its last user gives it back, what is still queued is done first, and its
 * thread ends; a module gives back its own before it unloads.  A task may call everything in these headers.
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

#define AST_TASKPROCESSOR_MAX_NAME 70	/* Bytes of a name that are shown everywhere. */
#define AST_TASKPROCESSOR_HIGH_WATER_LEVEL 500	/* So many waiting tasks raise the alert, until a level is set. */

enum ast_tps_options {
	TPS_REF_DEFAULT = 0,		/* The one of that name, made when there is none. */
	TPS_REF_IF_EXISTS = (1 << 0),	/* Only one that is there. */
};

/* What runs the tasks of a taskprocessor that has no thread of its own; each is optional but start and shutdown. */
struct ast_taskprocessor_listener_callbacks {
	int (*start)(struct ast_taskprocessor_listener *listener);	/* It is ready: 0, or non-zero to give it up. */
	void (*task_pushed)(struct ast_taskprocessor_listener *listener, int was_empty);
	void (*emptied)(struct ast_taskprocessor_listener *listener);	/* The last task is done. */
	void (*shutdown)(struct ast_taskprocessor_listener *listener);	/* Nobody uses it any more: stop. */
	void (*dtor)(struct ast_taskprocessor_listener *listener);	/* The listener itself goes. */
};

/* A listener, an ao2 object; the one given to a taskprocessor is referred to by it. */
struct ast_taskprocessor_listener *ast_taskprocessor_listener_alloc(
	const struct ast_taskprocessor_listener_callbacks *callbacks, void *user_data);
/* Its taskprocessor, with a reference of the caller's own; what it was made with. */
struct ast_taskprocessor *ast_taskprocessor_listener_get_tps(const struct ast_taskprocessor_listener *listener);
void *ast_taskprocessor_listener_get_user_data(const struct ast_taskprocessor_listener *listener);

/* A reference to the taskprocessor of that name (in any case of its letters); NULL when there is none, or no memory. */
struct ast_taskprocessor *ast_taskprocessor_get(const char *name, enum ast_tps_options create);
/* A new one that the listener serves; NULL when the name is taken. */
struct ast_taskprocessor *ast_taskprocessor_create_with_listener(const char *name,
	struct ast_taskprocessor_listener *listener);
/* What tasks of ast_taskprocessor_push_local find in local_data. */
void ast_taskprocessor_set_local(struct ast_taskprocessor *tps, void *local_data);
/* Gives a reference back; NULL.  The last one waits for the tasks that are queued, unless one of them gives it. */
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

/* The same for a task that wants the data of the taskprocessor too. */
int __ast_taskprocessor_push_local(struct ast_taskprocessor *tps,
	int (*task_exe)(struct ast_taskprocessor_local *local), void *datap,
	const char *file, int line, const char *function) attribute_warn_unused_result;
#define ast_taskprocessor_push_local(tps, task_exe, datap) \
	__ast_taskprocessor_push_local(tps, task_exe, datap, __FILE__, __LINE__, __PRETTY_FUNCTION__)

/* A mark that others look at (0, or -1 of NULL); it stops no task by itself. */
int ast_taskprocessor_suspend(struct ast_taskprocessor *tps);
int ast_taskprocessor_unsuspend(struct ast_taskprocessor *tps);
int ast_taskprocessor_is_suspended(struct ast_taskprocessor *tps);

/* Does one task now, in this thread: 1 when more wait, otherwise 0.  For listeners. */
int ast_taskprocessor_execute(struct ast_taskprocessor *tps);
/* Whether this thread is doing a task of it. */
int ast_taskprocessor_is_task(struct ast_taskprocessor *tps);

/* A number no one else gets; a name with one behind it, cut to size; a formatted name with one behind it. */
unsigned int ast_taskprocessor_seq_num(void);
void ast_taskprocessor_name_append(char *buf, unsigned int size, const char *name);
void ast_taskprocessor_build_name(char *buf, unsigned int size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Its name (NULL of NULL), how many tasks wait (-1 of NULL), its listener. */
const char *ast_taskprocessor_name(struct ast_taskprocessor *tps);
long ast_taskprocessor_size(struct ast_taskprocessor *tps);
struct ast_taskprocessor_listener *ast_taskprocessor_listener(struct ast_taskprocessor *tps);

/* How many taskprocessors are over their high water level; of one subsystem: those named SUBSYSTEM/... */
unsigned int ast_taskprocessor_alert_get(void);
unsigned int ast_taskprocessor_get_subsystem_alert(const char *subsystem);
/* The alert is raised at high_water waiting tasks, cleared at low_water; a negative one is 9/10 of the other: 0 or -1. */
int ast_taskprocessor_alert_set_levels(struct ast_taskprocessor *tps, long low_water, long high_water);

#ifdef __cplusplus
}
#endif

#endif
