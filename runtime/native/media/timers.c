/*
 * Timers of modules (asterisk/timing.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/timing.h"

struct registered {
	struct ast_timing_interface *functions;
	struct ast_module *module;
	AST_LIST_ENTRY(registered) list;
};

static AST_RWLIST_HEAD_STATIC(interfaces, registered);	/* The highest priority first. */

struct ast_timer {
	const struct ast_timing_interface *functions;
	struct ast_module *module;
	void *data;
};

static int is_complete(const struct ast_timing_interface *functions)
{
	return functions && functions->timer_open && functions->timer_close && functions->timer_set_rate
		&& functions->timer_ack && functions->timer_get_event && functions->timer_get_max_rate && functions->timer_fd
		&& functions->timer_enable_continuous && functions->timer_disable_continuous;
}

void *_ast_register_timing_interface(struct ast_timing_interface *funcs, struct ast_module *mod)
{
	struct registered *made = is_complete(funcs) ? ast_calloc(1, sizeof(*made)) : NULL, *other;

	if (!made) {
		ast_log(LOG_ERROR, "an interface of timers must have every callback\n");
		return NULL;
	}
	made->functions = funcs;
	made->module = mod;
	AST_RWLIST_WRLOCK(&interfaces);
	AST_RWLIST_TRAVERSE_SAFE_BEGIN(&interfaces, other, list) {
		if (other->functions->priority < funcs->priority) {
			AST_RWLIST_INSERT_BEFORE_CURRENT(made, list);
			break;
		}
	}
	AST_RWLIST_TRAVERSE_SAFE_END;
	if (!other) {
		AST_RWLIST_INSERT_TAIL(&interfaces, made, list);
	}
	AST_RWLIST_UNLOCK(&interfaces);
	return made;
}

int ast_unregister_timing_interface(void *handle)
{
	struct registered *found;

	AST_RWLIST_WRLOCK(&interfaces);
	found = handle ? AST_RWLIST_REMOVE(&interfaces, (struct registered *) handle, list) : NULL;
	AST_RWLIST_UNLOCK(&interfaces);
	ast_free(found);
	return found ? 0 : -1;
}

void asterism_timers_forget(const char *module)
{
	struct registered *entry;

	AST_RWLIST_WRLOCK(&interfaces);
	AST_RWLIST_TRAVERSE_SAFE_BEGIN(&interfaces, entry, list) {
		if (entry->module && !strcmp(entry->module->name, module)) {
			AST_RWLIST_REMOVE_CURRENT(list);
			ast_free(entry);
		}
	}
	AST_RWLIST_TRAVERSE_SAFE_END;
	AST_RWLIST_UNLOCK(&interfaces);
}

struct ast_timer *ast_timer_open(void)
{
	struct ast_timer *timer = ast_calloc(1, sizeof(*timer));
	const struct registered *best;

	AST_RWLIST_RDLOCK(&interfaces);
	best = AST_RWLIST_FIRST(&interfaces);
	if (timer && best && (timer->data = best->functions->timer_open())) {
		timer->functions = best->functions;
		timer->module = best->module ? ast_module_ref(best->module) : NULL;
	}
	AST_RWLIST_UNLOCK(&interfaces);
	if (timer && !timer->data) {
		ast_free(timer);
		timer = NULL;
	}
	return timer;
}

void ast_timer_close(struct ast_timer *handle)
{
	if (handle) {
		handle->functions->timer_close(handle->data);
		if (handle->module) {
			ast_module_unref(handle->module);
		}
		ast_free(handle);
	}
}

int ast_timer_fd(const struct ast_timer *handle)
{
	return handle ? handle->functions->timer_fd(handle->data) : -1;
}

int ast_timer_set_rate(const struct ast_timer *handle, unsigned int rate)
{
	return handle ? handle->functions->timer_set_rate(handle->data, rate) : -1;
}

int ast_timer_ack(const struct ast_timer *handle, unsigned int quantity)
{
	return handle ? handle->functions->timer_ack(handle->data, quantity) : -1;
}

int ast_timer_enable_continuous(const struct ast_timer *handle)
{
	return handle ? handle->functions->timer_enable_continuous(handle->data) : -1;
}

int ast_timer_disable_continuous(const struct ast_timer *handle)
{
	return handle ? handle->functions->timer_disable_continuous(handle->data) : -1;
}

enum ast_timer_event ast_timer_get_event(const struct ast_timer *handle)
{
	return handle ? handle->functions->timer_get_event(handle->data) : AST_TIMING_EVENT_EXPIRED;
}

unsigned int ast_timer_get_max_rate(const struct ast_timer *handle)
{
	return handle ? handle->functions->timer_get_max_rate(handle->data) : 0;
}

const char *ast_timer_get_name(const struct ast_timer *handle)
{
	return handle ? handle->functions->name : "";
}
