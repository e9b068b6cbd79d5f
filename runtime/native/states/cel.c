/*
 * Channel events (asterisk/cel.h): back ends and names; no event is raised.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "providers.h"

#include "asterisk/cel.h"
#include "asterisk/stasis.h"

static struct asterism_providers backends = ASTERISM_PROVIDERS("CEL back end");

int ast_cel_backend_register(const char *name, ast_cel_backend_cb backend_callback)
{
	return asterism_provider_add(&backends, name, (void (*)(void)) backend_callback);
}

int ast_cel_backend_unregister(const char *name)
{
	return asterism_provider_remove(&backends, name);
}

unsigned int ast_cel_check_enabled(void)
{
	return 0;
}

static const char * const names[] = {
	[AST_CEL_ALL] = "ALL",
	[AST_CEL_CHANNEL_START] = "CHAN_START",
	[AST_CEL_CHANNEL_END] = "CHAN_END",
	[AST_CEL_HANGUP] = "HANGUP",
	[AST_CEL_ANSWER] = "ANSWER",
	[AST_CEL_APP_START] = "APP_START",
	[AST_CEL_APP_END] = "APP_END",
	[AST_CEL_BRIDGE_ENTER] = "BRIDGE_ENTER",
	[AST_CEL_BRIDGE_EXIT] = "BRIDGE_EXIT",
	[AST_CEL_PARK_START] = "PARK_START",
	[AST_CEL_PARK_END] = "PARK_END",
	[AST_CEL_BLINDTRANSFER] = "BLINDTRANSFER",
	[AST_CEL_ATTENDEDTRANSFER] = "ATTENDEDTRANSFER",
	[AST_CEL_USER_DEFINED] = "USER_DEFINED",
	[AST_CEL_LINKEDID_END] = "LINKEDID_END",
	[AST_CEL_PICKUP] = "PICKUP",
	[AST_CEL_FORWARD] = "FORWARD",
	[AST_CEL_LOCAL_OPTIMIZE] = "LOCAL_OPTIMIZE",
	[AST_CEL_LOCAL_OPTIMIZE_BEGIN] = "LOCAL_OPTIMIZE_BEGIN",
	[AST_CEL_STREAM_BEGIN] = "STREAM_BEGIN",
	[AST_CEL_STREAM_END] = "STREAM_END",
	[AST_CEL_DTMF] = "DTMF",
};

const char *ast_cel_get_type_name(enum ast_cel_event_type type)
{
	return ARRAY_IN_BOUNDS(type, names) ? names[type] : NULL;
}

enum ast_cel_event_type ast_cel_str_to_event_type(const char *name)
{
	unsigned int type;

	for (type = 0; name && type < ARRAY_LEN(names); type++) {
		if (!strcasecmp(name, names[type])) {
			return (enum ast_cel_event_type) type;
		}
	}
	return AST_CEL_INVALID_VALUE;
}

int ast_cel_format_eventtime(struct timeval eventtime, char *timebuf, size_t len)
{
	snprintf(timebuf, len, "%ld.%06ld", (long) eventtime.tv_sec, (long) eventtime.tv_usec);
	return 0;
}

void ast_cel_publish_event(struct ast_channel *chan, enum ast_cel_event_type event_type, struct ast_json *blob)
{
	(void) chan;
	(void) event_type;
	(void) blob;
}

void ast_cel_publish_user_event(struct ast_channel *chan, const char *event, const char *extra)
{
	(void) chan;
	(void) event;
	(void) extra;
}

static struct stasis_topic *topic;

static void make(void)
{
	topic = stasis_topic_create("cel:misc");
}

static pthread_once_t made = PTHREAD_ONCE_INIT;

struct stasis_topic *ast_cel_topic(void)
{
	pthread_once(&made, make);
	return topic;
}
