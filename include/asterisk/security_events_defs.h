/*
 * The security events of a service: one structure for each type of event.
 *
 * The fields are texts owned by the caller; the fields of the common part must not be NULL, except module and
 * session_tv.  SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_SECURITY_EVENTS_DEFS_H
#define ASTERISM_SECURITY_EVENTS_DEFS_H

#include <stdint.h>
#include <sys/time.h>

#include "asterisk/netsock2.h"
#include "asterisk/network.h"

#ifdef __cplusplus
extern "C" {
#endif

enum ast_security_event_type {
	AST_SECURITY_EVENT_FAILED_ACL,			/* The address is not allowed by an ACL. */
	AST_SECURITY_EVENT_INVAL_ACCT_ID,		/* The account does not exist. */
	AST_SECURITY_EVENT_SESSION_LIMIT,		/* The service has too many sessions. */
	AST_SECURITY_EVENT_MEM_LIMIT,			/* Out of memory. */
	AST_SECURITY_EVENT_LOAD_AVG,			/* The load average is too high. */
	AST_SECURITY_EVENT_REQ_NO_SUPPORT,		/* The request is not supported. */
	AST_SECURITY_EVENT_REQ_NOT_ALLOWED,		/* The account is not allowed to make the request. */
	AST_SECURITY_EVENT_AUTH_METHOD_NOT_ALLOWED,	/* The account is not allowed to use the authentication method. */
	AST_SECURITY_EVENT_REQ_BAD_FORMAT,		/* The format of the request is not valid. */
	AST_SECURITY_EVENT_SUCCESSFUL_AUTH,		/* A client logged in. */
	AST_SECURITY_EVENT_UNEXPECTED_ADDR,		/* The session continues from another address. */
	AST_SECURITY_EVENT_CHAL_RESP_FAILED,		/* The response to a challenge is wrong. */
	AST_SECURITY_EVENT_INVAL_PASSWORD,		/* The password is wrong. */
	AST_SECURITY_EVENT_CHAL_SENT,			/* A challenge was sent. */
	AST_SECURITY_EVENT_INVAL_TRANSPORT,		/* The transport is not allowed. */
	AST_SECURITY_EVENT_NUM_TYPES
};

enum ast_security_event_severity {
	AST_SECURITY_EVENT_SEVERITY_INFO = (1 << 0),
	AST_SECURITY_EVENT_SEVERITY_ERROR = (1 << 1),
};

/* A pointer to one of the structures below as the common part. */
#define AST_SEC_EVT(e) ((struct ast_security_event_common *) e)

struct ast_security_event_ip_addr {
	const struct ast_sockaddr *addr;
	enum ast_transport transport;
};

struct ast_security_event_common {
	enum ast_security_event_type event_type;
	uint32_t version;		/* AST_SECURITY_EVENT_..._VERSION of the type. */
	const char *service;		/* "AMI". */
	const char *module;		/* AST_MODULE, or NULL. */
	const char *account_id;
	const char *session_id;
	const struct timeval *session_tv;	/* When the session began, or NULL. */
	struct ast_security_event_ip_addr local_addr;
	struct ast_security_event_ip_addr remote_addr;
};

#define AST_SECURITY_EVENT_FAILED_ACL_VERSION 1
struct ast_security_event_failed_acl {
	struct ast_security_event_common common;
	const char *acl_name;	/* The list, or NULL. */
};

#define AST_SECURITY_EVENT_INVAL_ACCT_ID_VERSION 1
struct ast_security_event_inval_acct_id {
	struct ast_security_event_common common;
};

#define AST_SECURITY_EVENT_SESSION_LIMIT_VERSION 1
struct ast_security_event_session_limit {
	struct ast_security_event_common common;
};

#define AST_SECURITY_EVENT_MEM_LIMIT_VERSION 1
struct ast_security_event_mem_limit {
	struct ast_security_event_common common;
};

#define AST_SECURITY_EVENT_LOAD_AVG_VERSION 1
struct ast_security_event_load_avg {
	struct ast_security_event_common common;
};

#define AST_SECURITY_EVENT_REQ_NO_SUPPORT_VERSION 1
struct ast_security_event_req_no_support {
	struct ast_security_event_common common;
	const char *request_type;
};

#define AST_SECURITY_EVENT_REQ_NOT_ALLOWED_VERSION 1
struct ast_security_event_req_not_allowed {
	struct ast_security_event_common common;
	const char *request_type;
	const char *request_params;	/* Or NULL. */
};

#define AST_SECURITY_EVENT_AUTH_METHOD_NOT_ALLOWED_VERSION 1
struct ast_security_event_auth_method_not_allowed {
	struct ast_security_event_common common;
	const char *auth_method;
};

#define AST_SECURITY_EVENT_REQ_BAD_FORMAT_VERSION 1
struct ast_security_event_req_bad_format {
	struct ast_security_event_common common;
	const char *request_type;
	const char *request_params;	/* Or NULL; so may account_id be. */
};

#define AST_SECURITY_EVENT_SUCCESSFUL_AUTH_VERSION 1
struct ast_security_event_successful_auth {
	struct ast_security_event_common common;
	uint32_t using_password;	/* Whether a password was asked for. */
};

#define AST_SECURITY_EVENT_UNEXPECTED_ADDR_VERSION 2
struct ast_security_event_unexpected_addr {
	struct ast_security_event_common common;
	struct ast_security_event_ip_addr expected_addr;
};

#define AST_SECURITY_EVENT_CHAL_RESP_FAILED_VERSION 1
struct ast_security_event_chal_resp_failed {
	struct ast_security_event_common common;
	const char *challenge;
	const char *response;
	const char *expected_response;
};

#define AST_SECURITY_EVENT_INVAL_PASSWORD_VERSION 2
struct ast_security_event_inval_password {
	struct ast_security_event_common common;
	const char *challenge;		/* All three may be NULL. */
	const char *received_challenge;
	const char *received_hash;
};

#define AST_SECURITY_EVENT_CHAL_SENT_VERSION 1
struct ast_security_event_chal_sent {
	struct ast_security_event_common common;
	const char *challenge;
};

#define AST_SECURITY_EVENT_INVAL_TRANSPORT_VERSION 1
struct ast_security_event_inval_transport {
	struct ast_security_event_common common;
	const char *transport;
};

#ifdef __cplusplus
}
#endif

#endif
