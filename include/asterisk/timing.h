/*
 * Timers of modules: a module such as res_timing_timerfd registers an interface, and others open timers of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_TIMING_H
#define ASTERISM_TIMING_H

#ifdef __cplusplus
extern "C" {
#endif

struct ast_module;

enum ast_timer_event {
	AST_TIMING_EVENT_EXPIRED = 1,
	AST_TIMING_EVENT_CONTINUOUS = 2,
};

/* An interface; timers are opened of the one with the highest priority.  Every callback is needed. */
struct ast_timing_interface {
	const char *name;
	unsigned int priority;
	void *(*timer_open)(void);
	void (*timer_close)(void *data);
	int (*timer_set_rate)(void *data, unsigned int rate);
	int (*timer_ack)(void *data, unsigned int quantity);
	int (*timer_enable_continuous)(void *data);
	int (*timer_disable_continuous)(void *data);
	enum ast_timer_event (*timer_get_event)(void *data);
	unsigned int (*timer_get_max_rate)(void *data);
	int (*timer_fd)(void *data);
};

/* Registers an interface: a handle for ast_unregister_timing_interface, or NULL.  That gives 0, or -1 for NULL. */
#define ast_register_timing_interface(i) _ast_register_timing_interface(i, AST_MODULE_SELF)
void *_ast_register_timing_interface(struct ast_timing_interface *funcs, struct ast_module *mod);
int ast_unregister_timing_interface(void *handle);

struct ast_timer;

/* A timer, which counts a use of the module of its interface; NULL when there is no interface, or it has no timer. */
struct ast_timer *ast_timer_open(void);
void ast_timer_close(struct ast_timer *handle);
/* A descriptor that can be read when the timer has expired. */
int ast_timer_fd(const struct ast_timer *handle);
/* How often it expires in a second, 0 for never; takes note of so many times: 0, or -1. */
int ast_timer_set_rate(const struct ast_timer *handle, unsigned int rate);
int ast_timer_ack(const struct ast_timer *handle, unsigned int quantity);
/* Whether it is expired all the time: 0, or -1. */
int ast_timer_enable_continuous(const struct ast_timer *handle);
int ast_timer_disable_continuous(const struct ast_timer *handle);
/* Why the descriptor can be read; the highest rate; the name of the interface. */
enum ast_timer_event ast_timer_get_event(const struct ast_timer *handle);
unsigned int ast_timer_get_max_rate(const struct ast_timer *handle);
const char *ast_timer_get_name(const struct ast_timer *handle);

#ifdef __cplusplus
}
#endif

#endif
