/*
 * Converts messages on the manager's topic, or forwarded to it, to manager events where a conversion exists.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "asterisk/astobj2.h"
#include "asterisk/stasis.h"
#include "asterisk/stasis_message_router.h"

static struct stasis_topic *topic;
static struct stasis_message_router *router;

static void free_blob(void *object)
{
	struct ast_manager_event_blob *blob = object;

	ast_string_field_free_memory(blob);
}

struct ast_manager_event_blob *ast_manager_event_blob_create(int event_flags, const char *manager_event,
	const char *extra_fields_fmt, ...)
{
	struct asterism_place place = { "ast_manager_event_blob_create", 0, "ast_manager_event_blob_create" };
	struct ast_manager_event_blob *blob = ao2_alloc_options(sizeof(*blob), free_blob, AO2_ALLOC_OPT_LOCK_NOLOCK);
	char room[1024], *allocated = NULL, *text;
	va_list ap;

	if (!blob || ast_string_field_init(blob, 32)) {
		ao2_cleanup(blob);
		return NULL;
	}
	va_start(ap, extra_fields_fmt);
	text = asterism_format(room, sizeof(room), &allocated, &place, extra_fields_fmt, ap);
	va_end(ap);
	blob->event_flags = event_flags;
	blob->manager_event = manager_event;
	ast_string_field_set(blob, extra_fields, S_OR(text, ""));
	free(allocated);
	return blob;
}

static void tell(void *data, struct stasis_subscription *sub, struct stasis_message *message)
{
	struct ast_manager_event_blob *blob = stasis_message_to_ami(message);

	(void) data;
	(void) sub;
	if (blob) {
		manager_event(blob->event_flags, blob->manager_event, "%s", blob->extra_fields);
	}
	ao2_cleanup(blob);
}

/* Created on first use, but owned by the core: an unload of the first user must not end it. */
static void make(void)
{
	struct asterism_mark mark;

	asterism_enter(&mark, AST_MODULE, "the manager's topic");
	topic = stasis_topic_create("manager:core");
	router = topic ? stasis_message_router_create(topic) : NULL;
	if (router) {
		stasis_message_router_set_formatters_default(router, tell, NULL, STASIS_SUBSCRIPTION_FORMATTER_AMI);
	}
	asterism_leave(&mark);
}

static pthread_once_t made = PTHREAD_ONCE_INIT;

struct stasis_topic *ast_manager_get_topic(void)
{
	pthread_once(&made, make);
	return topic;
}

struct stasis_message_router *ast_manager_get_message_router(void)
{
	pthread_once(&made, make);
	return router;
}

/* The manager is not available over HTTP. */
int ast_webmanager_check_enabled(void)
{
	return 0;
}
