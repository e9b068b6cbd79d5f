/*
 * Writes logins and refusals to the log: a line for each security event, at its own log level, for programs that watch
 * a log file and block clients that guess passwords:
 *
 *     security.log => security        (logger.conf)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*** MODULEINFO
	<support_level>core</support_level>
 ***/

#include "asterisk.h"

#include "asterisk/module.h"
#include "asterisk/json.h"
#include "asterisk/logger.h"
#include "asterisk/security_events.h"
#include "asterisk/stasis.h"
#include "asterisk/strings.h"

#define LEVEL "SECURITY"

static int level;

static struct stasis_subscription *sub;

/*
 * Adds a value for use between quotes.  Accounts and requests come from unknown clients: without escapes, a client could
 * end the value or the line, and get another address blocked, or none.  A quote is always replaced, even after a
 * backslash: readers of the log search for the next quote.
 */
static void append_value(struct ast_str **line, const char *value)
{
	for (; *value; value++) {
		if (strchr("\"\\\x7f", *value) || (unsigned char) *value < ' ') {
			ast_str_append(line, 0, "\\x%02x", (unsigned char) *value);
		} else {
			ast_str_append(line, 0, "%c", *value);
		}
	}
}

/* Adds the fields of an event: ,AccountID="bob",... */
static void append_elements(struct ast_str **line, struct ast_json *event, const struct ast_security_event_ie_type *ies)
{
	for (; ies && ies->ie_type != AST_EVENT_IE_END; ies++) {
		const char *name = ast_event_get_ie_type_name(ies->ie_type);
		const char *value = name ? ast_json_object_string_get(event, name) : NULL;

		if (value) {
			ast_str_append(line, 0, ",%s=\"", name);
			append_value(line, value);
			ast_str_append(line, 0, "\"");
		}
	}
}

static void write_event(struct ast_json *event)
{
	const enum ast_security_event_type type =
		(enum ast_security_event_type) ast_json_object_integer_get(event, "SecurityEvent");
	const char *kind = ast_security_event_get_name(type);
	struct ast_str *line = kind ? ast_str_create(256) : NULL;

	if (!line) {
		return;
	}
	ast_str_set(&line, 0, "SecurityEvent=\"%s\"", kind);
	append_elements(&line, event, ast_security_event_get_required_ies(type));
	append_elements(&line, event, ast_security_event_get_optional_ies(type));
	ast_log_dynamic_level(level, "%s\n", ast_str_buffer(line));
	ast_free(line);
}

static void on_event(void *data, struct stasis_subscription *self, struct stasis_message *message)
{
	struct ast_json_payload *payload = stasis_message_data(message);

	(void) data;
	(void) self;
	/* Other messages are about the start or the end of the subscription. */
	if (stasis_message_type(message) == ast_security_event_type() && payload) {
		write_event(payload->json);
	}
}

static int unload_module(void)
{
	sub = stasis_unsubscribe_and_join(sub);
	ast_logger_unregister_level(LEVEL);
	return 0;
}

static int load_module(void)
{
	level = ast_logger_register_level(LEVEL);
	if (level == -1) {
		return AST_MODULE_LOAD_DECLINE;
	}
	sub = stasis_subscribe(ast_security_topic(), on_event, NULL);
	if (!sub) {
		ast_logger_unregister_level(LEVEL);
		return AST_MODULE_LOAD_DECLINE;
	}
	stasis_subscription_accept_message_type(sub, ast_security_event_type());
	stasis_subscription_set_filter(sub, STASIS_SUBSCRIPTION_FILTER_SELECTIVE);
	return AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Security events in the log");
