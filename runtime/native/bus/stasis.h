/*
 * Declarations shared by the stasis files.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_STASIS_CORE_H
#define ASTERISM_STASIS_CORE_H

#include "internal.h"

#include "asterisk/stasis.h"
#include "asterisk/taskprocessor.h"

/* The module this thread is in; "core" outside of modules. */
HIDDEN const char *asterism_stasis_module(void);

/* A type owned by the core, whichever module uses it first. */
HIDDEN struct stasis_message_type *asterism_stasis_core_type(const char *name, struct stasis_message_vtable *vtable);

/*
 * ASTERISM_CORE_TYPE(name, .to_json = ...) and ASTERISM_CORE_TOPIC(name, "topic:name") define the function name(), which
 * gives a type or a topic of the core, made at the first call and kept.
 */
HIDDEN struct stasis_message_type *asterism_stasis_kept_type(struct stasis_message_type **kept, const char *name,
	struct stasis_message_vtable *vtable);
HIDDEN struct stasis_topic *asterism_stasis_kept_topic(struct stasis_topic **kept, const char *name);
#define ASTERISM_CORE_TYPE(function, ...) \
	struct stasis_message_type *function(void) \
	{ \
		static struct stasis_message_vtable vtable = { __VA_ARGS__ }; \
		static struct stasis_message_type *kept; \
		return asterism_stasis_kept_type(&kept, #function, &vtable); \
	}
#define ASTERISM_CORE_TOPIC(function, name) \
	struct stasis_topic *function(void) \
	{ \
		static struct stasis_topic *kept; \
		return asterism_stasis_kept_topic(&kept, name); \
	}

/* Whether messages of this type can become one of these. */
HIDDEN int asterism_stasis_has_formatter(const struct stasis_message_type *type,
	enum stasis_subscription_message_formatters formatters);

/* Removes the vtables of an unloaded module from its types. */
HIDDEN void asterism_stasis_types_forget(const char *module);

/* Where the callback of a subscription runs. */
enum asterism_stasis_where {
	ASTERISM_STASIS_OWN_THREAD,
	ASTERISM_STASIS_POOL,
	ASTERISM_STASIS_PUBLISHER,
};
HIDDEN struct stasis_subscription *asterism_stasis_subscribe(struct stasis_topic *topic,
	stasis_subscription_cb callback, void *data, enum asterism_stasis_where where,
	enum stasis_subscription_message_filter filter, const struct asterism_place *place);

/* A queue for a subscription, served by a thread of its own or by the pool's threads. */
HIDDEN struct ast_taskprocessor *asterism_stasis_mailbox(const char *topic, int in_pool);

#endif
