/*
 * Messages about the system (asterisk/stasis_system.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "snapshots.h"

#include "asterisk/stasis_system.h"

ASTERISM_CORE_TOPIC(ast_system_topic, "system:all")

void ast_system_publish_registry(const char *channeltype, const char *username, const char *domain, const char *status,
	const char *cause)
{
	struct ast_json *json = ast_json_pack("{s: s, s: s, s: s, s: s, s: s, s: s}", "type", "registry", "channeltype",
		S_OR(channeltype, ""), "username", S_OR(username, ""), "domain", S_OR(domain, ""), "status", S_OR(status, ""),
		"cause", S_OR(cause, ""));

	asterism_publish_data(ast_system_topic(), ast_system_registry_type(), ast_json_payload_create(json));
	ast_json_unref(json);
}

/* An event with a line for each of the members that follow, which end with NULL; a member of no text is left out. */
static struct ast_manager_event_blob *told_as(struct stasis_message *message, const char *event, int category,
	const char *const names[])
{
	const struct ast_json_payload *payload = stasis_message_data(message);
	struct ast_str *lines = ast_str_create(256);
	struct ast_manager_event_blob *made;

	for (; lines && *names; names += 2) {
		const char *text = ast_json_string_get(ast_json_object_get(payload->json, names[0]));

		if (!ast_strlen_zero(text)) {
			ast_str_append(&lines, 0, "%s: %s\r\n", names[1], text);
		}
	}
	made = lines ? ast_manager_event_blob_create(category, event, "%s", ast_str_buffer(lines)) : NULL;
	ast_free(lines);
	return made;
}

static struct ast_manager_event_blob *registry_to_ami(struct stasis_message *message)
{
	static const char *const names[] = {
		"channeltype", "ChannelType", "username", "Username", "domain", "Domain", "status", "Status", "cause", "Cause",
		NULL,
	};

	return told_as(message, "Registry", EVENT_FLAG_SYSTEM, names);
}

/* An event about the completion of a call; the core publishes none. */
#define COMPLETION(type, event, ...) \
	static struct ast_manager_event_blob *type ## _to_ami(struct stasis_message *message) \
	{ \
		static const char *const names[] = { "core_id", "CoreID", __VA_ARGS__, NULL }; \
		\
		return told_as(message, event, EVENT_FLAG_CC, names); \
	} \
	ASTERISM_CORE_TYPE(type, .to_ami = type ## _to_ami)

#define CALLER "caller", "Caller"
#define CALLEE "callee", "Callee"

ASTERISM_CORE_TYPE(ast_network_change_type)
ASTERISM_CORE_TYPE(ast_cluster_discovery_type)
ASTERISM_CORE_TYPE(ast_system_registry_type, .to_ami = registry_to_ami)
COMPLETION(ast_cc_available_type, "CCAvailable", CALLEE, "service", "Service")
COMPLETION(ast_cc_offertimerstart_type, "CCOfferTimerStart", CALLER, "expires", "Expires")
COMPLETION(ast_cc_requested_type, "CCRequested", CALLER, CALLEE)
COMPLETION(ast_cc_requestacknowledged_type, "CCRequestAcknowledged", CALLER)
COMPLETION(ast_cc_callerstopmonitoring_type, "CCCallerStopMonitoring", CALLER)
COMPLETION(ast_cc_callerstartmonitoring_type, "CCCallerStartMonitoring", CALLER)
COMPLETION(ast_cc_callerrecalling_type, "CCCallerRecalling", CALLER)
COMPLETION(ast_cc_recallcomplete_type, "CCCallerRecallComplete", CALLER)
COMPLETION(ast_cc_failure_type, "CCFailure", CALLER, "reason", "Reason")
COMPLETION(ast_cc_monitorfailed_type, "CCMonitorFailed", CALLEE)
