/*
 * The manager: actions that clients request over TCP, and events that they receive.
 *
 *     static int greet(struct mansession *s, const struct message *m)
 *     {
 *         const char *name = astman_get_header(m, "Name");
 *
 *         if (ast_strlen_zero(name)) {
 *             astman_send_error(s, m, "Name is missing");
 *             return 0;
 *         }
 *         astman_send_ack(s, m, "Greeted");
 *         manager_event(EVENT_FLAG_USER, "Greeting", "Name: %s\r\n", name);
 *         return 0;
 *     }
 *     ...
 *     ast_manager_register("Greet", EVENT_FLAG_USER, greet, "Greet a person");
 *
 * An answer is one message or several, each closed by an empty line; the functions that send a message close it; a caller
 * of astman_append closes its message itself.  Line ends are "\r\n".  s is valid until the action returns.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_MANAGER_H
#define ASTERISM_MANAGER_H

#include <stdarg.h>

#include "asterisk/datastore.h"
#include "asterisk/linkedlists.h"
#include "asterisk/lock.h"
#include "asterisk/network.h"
#include "asterisk/stringfields.h"
#include "asterisk/xmldoc.h"

#ifdef __cplusplus
extern "C" {
#endif

#define AMI_VERSION "9.0.0"
#define DEFAULT_MANAGER_PORT 5038

/* The results of an action: continue, or end the session. */
#define AMI_SUCCESS (0)
#define AMI_DESTROY (-1)

/* Classes of events, which an account may read, and of actions, which it may request; manager.conf has their names. */
#define EVENT_FLAG_SYSTEM (1 << 0)
#define EVENT_FLAG_CALL (1 << 1)
#define EVENT_FLAG_LOG (1 << 2)
#define EVENT_FLAG_VERBOSE (1 << 3)
#define EVENT_FLAG_COMMAND (1 << 4)
#define EVENT_FLAG_AGENT (1 << 5)
#define EVENT_FLAG_USER (1 << 6)
#define EVENT_FLAG_CONFIG (1 << 7)
#define EVENT_FLAG_DTMF (1 << 8)
#define EVENT_FLAG_REPORTING (1 << 9)
#define EVENT_FLAG_CDR (1 << 10)
#define EVENT_FLAG_DIALPLAN (1 << 11)
#define EVENT_FLAG_ORIGINATE (1 << 12)
#define EVENT_FLAG_AGI (1 << 13)
#define EVENT_FLAG_HOOKRESPONSE (1 << 14)
#define EVENT_FLAG_CC (1 << 15)
#define EVENT_FLAG_AOC (1 << 16)
#define EVENT_FLAG_TEST (1 << 17)
#define EVENT_FLAG_SECURITY (1 << 18)
#define EVENT_FLAG_MESSAGE (1 << 30)

#define AST_MAX_MANHEADERS 128

struct ast_channel;
struct ast_json;
struct ast_module;
struct ast_channel_snapshot;
struct ast_str;
struct ast_variable;
struct stasis_message_router;
struct stasis_topic;

/* The session of the client. */
struct mansession;

/* The request: its headers, "Name: value". */
struct message {
	unsigned int hdrcount;
	const char *headers[AST_MAX_MANHEADERS];
};

/* The layout of an action in Asterisk; here the core keeps the actions in its own registry. */
struct manager_action {
	const char *action;
	AST_DECLARE_STRING_FIELDS(
		AST_STRING_FIELD(synopsis);
		AST_STRING_FIELD(description);
		AST_STRING_FIELD(syntax);
		AST_STRING_FIELD(arguments);
		AST_STRING_FIELD(seealso);
	);
	struct ast_xml_doc_item *list_responses;
	struct ast_xml_doc_item *final_response;
	int authority;
	int (*func)(struct mansession *s, const struct message *m);
	struct ast_module *module;
	enum ast_doc_src docsrc;
	AST_RWLIST_ENTRY(manager_action) list;
	unsigned int registered:1;
	AST_STRING_FIELD_EXTENDED(since);
	AST_STRING_FIELD_EXTENDED(provided_by);
};

/* ---- actions ---- */

/*
 * 0; -1 when the action is already registered.  authority: classes of which the account must have the right to
 * write one, 0 for everybody.  The action is unregistered with its module, which is held while the action runs.
 */
int ast_manager_register2(const char *action, int authority, int (*func)(struct mansession *s, const struct message *m),
	struct ast_module *module, const char *synopsis, const char *description);
#define ast_manager_register(action, authority, func, synopsis) \
	ast_manager_register2(action, authority, func, AST_MODULE_SELF, synopsis, NULL)
#define ast_manager_register_xml(action, authority, func) \
	ast_manager_register2(action, authority, func, AST_MODULE_SELF, NULL, NULL)
#define ast_manager_register_xml_core(action, authority, func) \
	ast_manager_register2(action, authority, func, NULL, NULL, NULL)
/* Unregisters an action: 0, also when it is not registered. */
int ast_manager_unregister(const char *action);

/* 1 when the manager accepts connections, 0 otherwise; always 0 for HTTP. */
int ast_manager_check_enabled(void);
int ast_webmanager_check_enabled(void);

/* The value of the first header of that name, in any case; "" when missing.  The text belongs to the message. */
const char *astman_get_header(const struct message *m, char *var);

enum variable_orders {
	ORDER_NATURAL,
	ORDER_REVERSE,
};

/* The variables of all headers "Variable: a=1,b=2", for ast_variables_destroy; the first form gives the last one first. */
struct ast_variable *astman_get_variables(const struct message *m);
struct ast_variable *astman_get_variables_order(const struct message *m, enum variable_orders order);

/* ---- answers ---- */

/* "Response: resp", the ActionID of m, and "Message: msg" unless that is NULL. */
void astman_send_response(struct mansession *s, const struct message *m, char *resp, char *msg);
/* Sends a response Success, or Error, with a message. */
void astman_send_ack(struct mansession *s, const struct message *m, char *msg);
void astman_send_error(struct mansession *s, const struct message *m, char *error);
void astman_send_error_va(struct mansession *s, const struct message *m, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Sends Success with the start of a list of events; listflag is "start". */
void astman_send_listack(struct mansession *s, const struct message *m, char *msg, char *listflag);
/* Sends the event that ends a list; between the two calls, astman_append may add headers to it. */
void astman_send_list_complete_start(struct mansession *s, const struct message *m, const char *event_name, int count);
void astman_send_list_complete_end(struct mansession *s);

/* Sends any text; the caller ends a message with an empty line. */
void astman_append(struct mansession *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* ---- events ---- */

/* Raises an event: contents formats its headers, each closed by "\r\n".  0; nothing is formatted without listeners. */
int __ast_manager_event_multichan(int category, const char *event, int chancount, struct ast_channel **chans,
	const char *file, int line, const char *func, const char *contents, ...) __attribute__((format(printf, 8, 9)));
#define manager_event(category, event, contents, ...) \
	__ast_manager_event_multichan(category, event, 0, NULL, __FILE__, __LINE__, __PRETTY_FUNCTION__, contents, \
		##__VA_ARGS__)
/* Raises an event about channels, with their variables that 'channelvars' of manager.conf names. */
#define ast_manager_event(chan, category, event, contents, ...) \
	do { \
		struct ast_channel *_chans[] = { chan, }; \
		__ast_manager_event_multichan(category, event, 1, _chans, __FILE__, __LINE__, __PRETTY_FUNCTION__, contents, \
			##__VA_ARGS__); \
	} while (0)
#define ast_manager_event_multichan(category, event, nchans, chans, contents, ...) \
	__ast_manager_event_multichan(category, event, nchans, chans, __FILE__, __LINE__, __PRETTY_FUNCTION__, contents, \
		##__VA_ARGS__);

/* Raises an event whose headers are the entries of an object: a/b is b inside of a, a(0) the first entry of an array. */
void ast_manager_publish_event(const char *type, int class_type, struct ast_json *obj);
/* A JSON object as headers; keys for which exclusion_cb is not 0 are left out.  NULL when out of memory. */
typedef int (*key_exclusion_cb)(const char *key);
struct ast_str *ast_manager_str_from_json_object(struct ast_json *blob, key_exclusion_cb exclusion_cb);

/* Appends "header: value\r\n" to *fields_string, which is created when NULL: 0, or -1 when out of memory. */
int ast_str_append_event_header(struct ast_str **fields_string, const char *header, const char *value);

/* ---- events out of messages of stasis.h ---- */

/* The lines about a channel in events, each with a prefix, to be freed; NULL when out of memory. */
struct ast_str *ast_manager_build_channel_state_string(const struct ast_channel_snapshot *snapshot);
struct ast_str *ast_manager_build_channel_state_string_prefix(const struct ast_channel_snapshot *snapshot,
	const char *prefix);

/* The result of to_ami of a message type: an object (ao2) with one reference. */
struct ast_manager_event_blob {
	int event_flags;	/* The classes of the event. */
	const char *manager_event;	/* The name of the event; it is not copied. */
	AST_DECLARE_STRING_FIELDS(
		AST_STRING_FIELD(extra_fields);	/* The headers of the event. */
	);
};
/* NULL when out of memory.  The format gives the headers, each closed by "\r\n". */
struct ast_manager_event_blob *ast_manager_event_blob_create(int event_flags, const char *manager_event,
	const char *extra_fields_fmt, ...) __attribute__((format(printf, 3, 4)));
#define NO_EXTRA_FIELDS "%s", ""

/* Messages published on this topic, or forwarded to it, become events when their type has to_ami. */
struct stasis_topic *ast_manager_get_topic(void);
/* The message router of the manager's topic, for other message types; remove every route that you add. */
struct stasis_message_router *ast_manager_get_message_router(void);

/* ---- hooks: events and actions without a client ---- */

/* Called with every event, in the thread that raises it; body is the whole event and must not be kept. */
typedef int (*manager_hook_t)(int category, const char *event, char *body);

struct manager_custom_hook {
	char *file;	/* The name of the hook, for messages. */
	manager_hook_t helper;
	AST_RWLIST_ENTRY(manager_custom_hook) list;
};

/* Registers a hook, which is unregistered with its module. */
void ast_manager_register_hook(struct manager_custom_hook *hook);
void ast_manager_unregister_hook(struct manager_custom_hook *hook);
/*
 * Runs an action with all rights, msg holding its headers; the helper gets the answer as the event HookResponse of class
 * EVENT_FLAG_HOOKRESPONSE.  0, or -1 when the action does not exist.
 */
int ast_hook_send_action(struct manager_custom_hook *hook, const char *msg);

#ifdef __cplusplus
}
#endif

#endif
