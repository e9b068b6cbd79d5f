/*
 * Security events: logins and refused requests of a service, as JSON on a topic.
 *
 *     struct ast_security_event_inval_password event = {
 *             .common.event_type = AST_SECURITY_EVENT_INVAL_PASSWORD,
 *             .common.version = AST_SECURITY_EVENT_INVAL_PASSWORD_VERSION,
 *             .common.service = "AMI",
 *             ...
 *     };
 *     ast_security_event_report(AST_SEC_EVT(&event));
 *
 * A message's data is a struct ast_json_payload of json.h with an object: "SecurityEvent" (the number of its type),
 * "EventVersion", "EventTV", "Service", "Severity", and the required and optional fields of the type: "AccountID", "SessionID",
 * "LocalAddress" and "RemoteAddress" ("IPV4/UDP/192.0.2.1/5060"), "Challenge"...; all but the first are strings.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_SECURITY_EVENTS_H
#define ASTERISM_SECURITY_EVENTS_H

#include "asterisk/event.h"
#include "asterisk/security_events_defs.h"

#ifdef __cplusplus
extern "C" {
#endif

struct stasis_message_type;
struct stasis_topic;

/* Publishes an event: 0, or -1 with the reason in the log. */
int ast_security_event_report(const struct ast_security_event_common *sec);
/* The topic and the message type of security events; they always exist. */
struct stasis_topic *ast_security_topic(void);
struct stasis_message_type *ast_security_event_type(void);

/* A field of an event and its offset in the structure; 0 when the core sets the field. */
struct ast_security_event_ie_type {
	enum ast_event_ie_type ie_type;
	size_t offset;
};
/* The required and optional fields of a type, closed by AST_EVENT_IE_END; NULL of an unknown type. */
const struct ast_security_event_ie_type *ast_security_event_get_required_ies(
	const enum ast_security_event_type event_type);
const struct ast_security_event_ie_type *ast_security_event_get_optional_ies(
	const enum ast_security_event_type event_type);
/* "FailedACL", "InvalidPassword", ...; NULL of an unknown type. */
const char *ast_security_event_get_name(const enum ast_security_event_type event_type);
/* "Informational" or "Error"; NULL of an unknown type. */
const char *ast_security_event_severity_get_name(const enum ast_security_event_severity severity);

#ifdef __cplusplus
}
#endif

#endif
