/*
 * Security events (asterisk/security_events.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "stasis.h"

#include "asterisk/security_events.h"

#define FIELD(kind, field) offsetof(struct ast_security_event_ ## kind, field)
#define COMMON(field) FIELD(common, field)
#define SESSION_AND_ADDRESSES \
	{ AST_EVENT_IE_SESSION_ID, COMMON(session_id) }, { AST_EVENT_IE_LOCAL_ADDR, COMMON(local_addr) }, \
	{ AST_EVENT_IE_REMOTE_ADDR, COMMON(remote_addr) }
#define FILLED_IN \
	{ AST_EVENT_IE_EVENT_TV, 0 }, { AST_EVENT_IE_SEVERITY, 0 }, { AST_EVENT_IE_SERVICE, COMMON(service) }, \
	{ AST_EVENT_IE_EVENT_VERSION, COMMON(version) }
#define ALWAYS FILLED_IN, { AST_EVENT_IE_ACCOUNT_ID, COMMON(account_id) }, SESSION_AND_ADDRESSES
#define OFTEN { AST_EVENT_IE_MODULE, COMMON(module) }, { AST_EVENT_IE_SESSION_TV, COMMON(session_tv) }
#define END { AST_EVENT_IE_END, 0 }

struct kind {
	const char *name;
	uint32_t version;
	enum ast_security_event_severity severity;
	struct ast_security_event_ie_type required[12];
	struct ast_security_event_ie_type optional[6];
};

#define KIND(named, constant, how_severe) \
	.name = named, .version = AST_SECURITY_EVENT_ ## constant ## _VERSION, \
	.severity = AST_SECURITY_EVENT_SEVERITY_ ## how_severe

static const struct kind kinds[AST_SECURITY_EVENT_NUM_TYPES] = {
	[AST_SECURITY_EVENT_FAILED_ACL] = {
		KIND("FailedACL", FAILED_ACL, ERROR),
		.required = { ALWAYS, END },
		.optional = { OFTEN, { AST_EVENT_IE_ACL_NAME, FIELD(failed_acl, acl_name) }, END },
	},
	[AST_SECURITY_EVENT_INVAL_ACCT_ID] = {
		KIND("InvalidAccountID", INVAL_ACCT_ID, ERROR), .required = { ALWAYS, END }, .optional = { OFTEN, END },
	},
	[AST_SECURITY_EVENT_SESSION_LIMIT] = {
		KIND("SessionLimit", SESSION_LIMIT, ERROR), .required = { ALWAYS, END }, .optional = { OFTEN, END },
	},
	[AST_SECURITY_EVENT_MEM_LIMIT] = {
		KIND("MemoryLimit", MEM_LIMIT, ERROR), .required = { ALWAYS, END }, .optional = { OFTEN, END },
	},
	[AST_SECURITY_EVENT_LOAD_AVG] = {
		KIND("LoadAverageLimit", LOAD_AVG, ERROR), .required = { ALWAYS, END }, .optional = { OFTEN, END },
	},
	[AST_SECURITY_EVENT_REQ_NO_SUPPORT] = {
		KIND("RequestNotSupported", REQ_NO_SUPPORT, ERROR),
		.required = { ALWAYS, { AST_EVENT_IE_REQUEST_TYPE, FIELD(req_no_support, request_type) }, END },
		.optional = { OFTEN, END },
	},
	[AST_SECURITY_EVENT_REQ_NOT_ALLOWED] = {
		KIND("RequestNotAllowed", REQ_NOT_ALLOWED, ERROR),
		.required = { ALWAYS, { AST_EVENT_IE_REQUEST_TYPE, FIELD(req_not_allowed, request_type) }, END },
		.optional = { OFTEN, { AST_EVENT_IE_REQUEST_PARAMS, FIELD(req_not_allowed, request_params) }, END },
	},
	[AST_SECURITY_EVENT_AUTH_METHOD_NOT_ALLOWED] = {
		KIND("AuthMethodNotAllowed", AUTH_METHOD_NOT_ALLOWED, ERROR),
		.required = { ALWAYS, { AST_EVENT_IE_AUTH_METHOD, FIELD(auth_method_not_allowed, auth_method) }, END },
		.optional = { OFTEN, END },
	},
	[AST_SECURITY_EVENT_REQ_BAD_FORMAT] = {
		KIND("RequestBadFormat", REQ_BAD_FORMAT, ERROR),
		.required = { FILLED_IN, SESSION_AND_ADDRESSES,
			{ AST_EVENT_IE_REQUEST_TYPE, FIELD(req_bad_format, request_type) }, END },
		.optional = { OFTEN, { AST_EVENT_IE_ACCOUNT_ID, COMMON(account_id) },
			{ AST_EVENT_IE_REQUEST_PARAMS, FIELD(req_bad_format, request_params) }, END },
	},
	[AST_SECURITY_EVENT_SUCCESSFUL_AUTH] = {
		KIND("SuccessfulAuth", SUCCESSFUL_AUTH, INFO),
		.required = { ALWAYS, { AST_EVENT_IE_USING_PASSWORD, FIELD(successful_auth, using_password) }, END },
		.optional = { OFTEN, END },
	},
	[AST_SECURITY_EVENT_UNEXPECTED_ADDR] = {
		KIND("UnexpectedAddress", UNEXPECTED_ADDR, ERROR),
		.required = { ALWAYS, { AST_EVENT_IE_EXPECTED_ADDR, FIELD(unexpected_addr, expected_addr) }, END },
		.optional = { OFTEN, END },
	},
	[AST_SECURITY_EVENT_CHAL_RESP_FAILED] = {
		KIND("ChallengeResponseFailed", CHAL_RESP_FAILED, ERROR),
		.required = { ALWAYS, { AST_EVENT_IE_CHALLENGE, FIELD(chal_resp_failed, challenge) },
			{ AST_EVENT_IE_RESPONSE, FIELD(chal_resp_failed, response) },
			{ AST_EVENT_IE_EXPECTED_RESPONSE, FIELD(chal_resp_failed, expected_response) }, END },
		.optional = { OFTEN, END },
	},
	[AST_SECURITY_EVENT_INVAL_PASSWORD] = {
		KIND("InvalidPassword", INVAL_PASSWORD, ERROR),
		.required = { ALWAYS, END },
		.optional = { OFTEN, { AST_EVENT_IE_CHALLENGE, FIELD(inval_password, challenge) },
			{ AST_EVENT_IE_RECEIVED_CHALLENGE, FIELD(inval_password, received_challenge) },
			{ AST_EVENT_IE_RECEIVED_HASH, FIELD(inval_password, received_hash) }, END },
	},
	[AST_SECURITY_EVENT_CHAL_SENT] = {
		KIND("ChallengeSent", CHAL_SENT, INFO),
		.required = { ALWAYS, { AST_EVENT_IE_CHALLENGE, FIELD(chal_sent, challenge) }, END },
		.optional = { OFTEN, END },
	},
	[AST_SECURITY_EVENT_INVAL_TRANSPORT] = {
		KIND("InvalidTransport", INVAL_TRANSPORT, ERROR),
		.required = { ALWAYS, { AST_EVENT_IE_ATTEMPTED_TRANSPORT, FIELD(inval_transport, transport) }, END },
		.optional = { OFTEN, END },
	},
};

static const struct kind *kind_of(enum ast_security_event_type type)
{
	if ((unsigned int) type < ARRAY_LEN(kinds)) {
		return &kinds[type];
	}
	ast_log(LOG_ERROR, "unknown security event type %u\n", (unsigned int) type);
	return NULL;
}

const char *ast_security_event_get_name(const enum ast_security_event_type event_type)
{
	const struct kind *kind = kind_of(event_type);

	return kind ? kind->name : NULL;
}

const struct ast_security_event_ie_type *ast_security_event_get_required_ies(
	const enum ast_security_event_type event_type)
{
	const struct kind *kind = kind_of(event_type);

	return kind ? kind->required : NULL;
}

const struct ast_security_event_ie_type *ast_security_event_get_optional_ies(
	const enum ast_security_event_type event_type)
{
	const struct kind *kind = kind_of(event_type);

	return kind ? kind->optional : NULL;
}

const char *ast_security_event_severity_get_name(const enum ast_security_event_severity severity)
{
	return severity == AST_SECURITY_EVENT_SEVERITY_INFO ? "Informational"
		: severity == AST_SECURITY_EVENT_SEVERITY_ERROR ? "Error" : NULL;
}

const char *ast_event_get_ie_type_name(enum ast_event_ie_type ie_type)
{
	static const char * const names[] = {
		[AST_EVENT_IE_SECURITY_EVENT] = "SecurityEvent", [AST_EVENT_IE_EVENT_VERSION] = "EventVersion",
		[AST_EVENT_IE_SERVICE] = "Service", [AST_EVENT_IE_MODULE] = "Module",
		[AST_EVENT_IE_ACCOUNT_ID] = "AccountID", [AST_EVENT_IE_SESSION_ID] = "SessionID",
		[AST_EVENT_IE_SESSION_TV] = "SessionTV", [AST_EVENT_IE_ACL_NAME] = "ACLName",
		[AST_EVENT_IE_LOCAL_ADDR] = "LocalAddress", [AST_EVENT_IE_REMOTE_ADDR] = "RemoteAddress",
		[AST_EVENT_IE_EVENT_TV] = "EventTV", [AST_EVENT_IE_REQUEST_TYPE] = "RequestType",
		[AST_EVENT_IE_REQUEST_PARAMS] = "RequestParams", [AST_EVENT_IE_AUTH_METHOD] = "AuthMethod",
		[AST_EVENT_IE_SEVERITY] = "Severity", [AST_EVENT_IE_EXPECTED_ADDR] = "ExpectedAddress",
		[AST_EVENT_IE_CHALLENGE] = "Challenge", [AST_EVENT_IE_RESPONSE] = "Response",
		[AST_EVENT_IE_EXPECTED_RESPONSE] = "ExpectedResponse",
		[AST_EVENT_IE_RECEIVED_CHALLENGE] = "ReceivedChallenge", [AST_EVENT_IE_RECEIVED_HASH] = "ReceivedHash",
		[AST_EVENT_IE_USING_PASSWORD] = "UsingPassword", [AST_EVENT_IE_ATTEMPTED_TRANSPORT] = "AttemptedTransport",
	};

	return ARRAY_IN_BOUNDS(ie_type, names) ? names[ie_type] : NULL;
}

/* ---- topic and type ---- */

static struct stasis_topic *topic;
static struct stasis_message_type *message_type;

static struct ast_json *to_json(struct stasis_message *message, const struct stasis_message_sanitizer *sanitize)
{
	(void) sanitize;
	return ast_json_ref(((struct ast_json_payload *) stasis_message_data(message))->json);
}

static void make(void)
{
	static struct stasis_message_vtable vtable = { .to_json = to_json };

	topic = stasis_topic_create("security:all");
	message_type = asterism_stasis_core_type("ast_security_event_type", &vtable);
}

static pthread_once_t made = PTHREAD_ONCE_INIT;

struct stasis_topic *ast_security_topic(void)
{
	pthread_once(&made, make);
	return topic;
}

struct stasis_message_type *ast_security_event_type(void)
{
	pthread_once(&made, make);
	return message_type;
}

/* ---- reporting ---- */

/* The value of a field as JSON; NULL when the field is empty. */
static struct ast_json *value_of(const struct ast_security_event_common *sec, const struct ast_security_event_ie_type *ie)
{
	const void *at = (const char *) sec + ie->offset;
	const struct ast_security_event_ip_addr *address = at;
	const struct timeval *moment;
	const char *string;

	switch (ie->ie_type) {
	case AST_EVENT_IE_EVENT_TV:
		return ast_json_timeval(ast_tvnow(), NULL);
	case AST_EVENT_IE_SEVERITY:
		return ast_json_string_create(ast_security_event_severity_get_name(kinds[sec->event_type].severity));
	case AST_EVENT_IE_EVENT_VERSION:
	case AST_EVENT_IE_USING_PASSWORD:
		return ast_json_stringf("%u", *(const uint32_t *) at);
	case AST_EVENT_IE_LOCAL_ADDR:
	case AST_EVENT_IE_REMOTE_ADDR:
	case AST_EVENT_IE_EXPECTED_ADDR:
		return ast_json_ipaddr(address->addr, address->transport);
	case AST_EVENT_IE_SESSION_TV:
		moment = *(const struct timeval * const *) at;
		return moment ? ast_json_timeval(*moment, NULL) : NULL;
	default:
		string = *(const char * const *) at;
		return string ? ast_json_stringf("%s", AST_JSON_UTF8_VALIDATE(string)) : NULL;
	}
}

static int add_values(struct ast_json *json, const struct ast_security_event_common *sec,
	const struct ast_security_event_ie_type *ies, int is_required)
{
	for (; ies->ie_type != AST_EVENT_IE_END; ies++) {
		const char *name = ast_event_get_ie_type_name(ies->ie_type);
		struct ast_json *value = value_of(sec, ies);

		if (!value && is_required) {
			ast_log(LOG_ERROR, "the security event %s is not reported: %s is missing\n", kinds[sec->event_type].name, name);
			return -1;
		}
		if (value && ast_json_object_set(json, name, value)) {
			return -1;
		}
	}
	return 0;
}

static struct ast_json *event_as_json(const struct ast_security_event_common *sec)
{
	struct ast_json *json = ast_json_pack("{s: i}", "SecurityEvent", (int) sec->event_type);

	if (json && !add_values(json, sec, kinds[sec->event_type].required, 1)
		&& !add_values(json, sec, kinds[sec->event_type].optional, 0)) {
		return json;
	}
	ast_json_unref(json);
	return NULL;
}

/* For clients of the manager the name of the event says what the number would. */
static int is_number(const char *key)
{
	return !strcmp(key, "SecurityEvent");
}

static void tell_manager(const struct kind *kind, struct ast_json *json)
{
	struct ast_str *fields = ast_manager_str_from_json_object(json, is_number);

	if (fields) {
		manager_event(EVENT_FLAG_SECURITY, kind->name, "%s", ast_str_buffer(fields));
	}
	ast_free(fields);
}

int ast_security_event_report(const struct ast_security_event_common *sec)
{
	const struct kind *kind = sec ? kind_of(sec->event_type) : NULL;
	struct ast_json_payload *payload;
	struct stasis_message *message;
	struct ast_json *json;

	if (kind && sec->version != kind->version) {
		ast_log(LOG_ERROR, "the security event %s must have version %u, not %u\n", kind->name, kind->version, sec->version);
		return -1;
	}
	json = kind ? event_as_json(sec) : NULL;
	if (!json) {
		return -1;
	}
	payload = ast_json_payload_create(json);
	message = stasis_message_create(ast_security_event_type(), payload);
	stasis_publish(ast_security_topic(), message);
	tell_manager(kind, json);
	ast_json_unref(json);
	ao2_cleanup(payload);
	ao2_cleanup(message);
	return message ? 0 : -1;
}

/* ---- for Python ---- */

/* Every structure: what they have in common, then texts; or a number, or an address. */
struct any {
	struct ast_security_event_common common;
	union {
		const char *texts[3];
		uint32_t number;
		struct ast_security_event_ip_addr address;
	};
};

static int find_kind(const char *name)
{
	int type = 0;

	while (type < AST_SECURITY_EVENT_NUM_TYPES && strcmp(kinds[type].name, name)) {
		type++;
	}
	return type;
}

int asterism_security_report(const struct asterism_security *told)
{
	struct timeval began = { .tv_sec = told->began / 1000000, .tv_usec = told->began % 1000000 };
	struct ast_sockaddr local, remote, expected;
	struct any event = { .common = {
		.event_type = find_kind(told->kind), .service = told->service, .module = told->module,
		.account_id = told->account, .session_id = told->session,
		.session_tv = told->began ? &began : NULL,
		.local_addr = { &local, told->transport }, .remote_addr = { &remote, told->transport },
	} };

	if (event.common.event_type == AST_SECURITY_EVENT_NUM_TYPES || !ast_sockaddr_parse(&local, told->local, 0)
		|| !ast_sockaddr_parse(&remote, told->remote, 0)) {
		return -1;
	}
	event.common.version = kinds[event.common.event_type].version;
	if (event.common.event_type == AST_SECURITY_EVENT_SUCCESSFUL_AUTH) {
		event.number = (uint32_t) told->using_password;
	} else if (event.common.event_type == AST_SECURITY_EVENT_UNEXPECTED_ADDR) {
		event.address = (struct ast_security_event_ip_addr) { &expected, told->transport };
		if (!ast_sockaddr_parse(&expected, told->details[0], 0)) {
			return -1;
		}
	} else {
		memcpy(event.texts, told->details, sizeof(event.texts));
	}
	return ast_security_event_report(&event.common);
}
