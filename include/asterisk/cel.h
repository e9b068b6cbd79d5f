/*
 * Channel events: the registry of back ends that store them, and the names of the events.
 *
 * This program raises no such events: back ends are registered and unregistered, and never called.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_CEL_H
#define ASTERISM_CEL_H

#include "asterisk/event.h"
#include "asterisk/strings.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ast_channel;
struct ast_json;
struct stasis_topic;

enum ast_cel_event_type {
	AST_CEL_INVALID_VALUE = -1,
	AST_CEL_ALL = 0,
	AST_CEL_CHANNEL_START = 1,
	AST_CEL_CHANNEL_END = 2,
	AST_CEL_HANGUP = 3,
	AST_CEL_ANSWER = 4,
	AST_CEL_APP_START = 5,
	AST_CEL_APP_END = 6,
	AST_CEL_BRIDGE_ENTER = 7,
	AST_CEL_BRIDGE_EXIT = 8,
	AST_CEL_PARK_START = 9,
	AST_CEL_PARK_END = 10,
	AST_CEL_BLINDTRANSFER = 11,
	AST_CEL_ATTENDEDTRANSFER = 12,
	AST_CEL_USER_DEFINED = 13,
	AST_CEL_LINKEDID_END = 14,
	AST_CEL_PICKUP = 15,
	AST_CEL_FORWARD = 16,
	AST_CEL_LOCAL_OPTIMIZE = 17,
	AST_CEL_LOCAL_OPTIMIZE_BEGIN = 18,
	AST_CEL_STREAM_BEGIN = 19,
	AST_CEL_STREAM_END = 20,
	AST_CEL_DTMF = 21,
};

/* Whether events are stored: 0 here. */
unsigned int ast_cel_check_enabled(void);
/* "CHAN_START" and its like, or NULL; and back, AST_CEL_INVALID_VALUE for other texts. */
const char *ast_cel_get_type_name(enum ast_cel_event_type type);
enum ast_cel_event_type ast_cel_str_to_event_type(const char *name);
/* A time as seconds and microseconds, "1.000002": 0. */
int ast_cel_format_eventtime(struct timeval eventtime, char *timebuf, size_t len);

/* Would raise an event; the reference on blob stays with the caller. */
void ast_cel_publish_event(struct ast_channel *chan, enum ast_cel_event_type event_type, struct ast_json *blob);
void ast_cel_publish_user_event(struct ast_channel *chan, const char *event, const char *extra);
/* The topic of events, without a reference; nothing is published on it. */
struct stasis_topic *ast_cel_topic(void);

/* Stores an event. */
typedef void (*ast_cel_backend_cb)(struct ast_event *event);
/* Adds or removes a back end: 0, or -1 when the name is taken, or is not there. */
int ast_cel_backend_register(const char *name, ast_cel_backend_cb backend_callback);
int ast_cel_backend_unregister(const char *name);

#ifdef __cplusplus
}
#endif

#endif
