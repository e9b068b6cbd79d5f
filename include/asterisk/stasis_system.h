/*
 * Messages about the system: registrations, the network, and completion of calls.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_STASIS_SYSTEM_H
#define ASTERISM_STASIS_SYSTEM_H

#include "asterisk/json.h"
#include "asterisk/stasis.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The topic, and the types of its messages. */
struct stasis_topic *ast_system_topic(void);
struct stasis_message_type *ast_network_change_type(void);
struct stasis_message_type *ast_system_registry_type(void);
struct stasis_message_type *ast_cluster_discovery_type(void);
struct stasis_message_type *ast_cc_available_type(void);
struct stasis_message_type *ast_cc_offertimerstart_type(void);
struct stasis_message_type *ast_cc_requested_type(void);
struct stasis_message_type *ast_cc_requestacknowledged_type(void);
struct stasis_message_type *ast_cc_callerstopmonitoring_type(void);
struct stasis_message_type *ast_cc_callerstartmonitoring_type(void);
struct stasis_message_type *ast_cc_callerrecalling_type(void);
struct stasis_message_type *ast_cc_recallcomplete_type(void);
struct stasis_message_type *ast_cc_failure_type(void);
struct stasis_message_type *ast_cc_monitorfailed_type(void);
/* Publishes that a registration of a module has changed; the manager tells it as the event Registry. */
void ast_system_publish_registry(const char *channeltype, const char *username, const char *domain, const char
	*status, const char *cause);

#ifdef __cplusplus
}
#endif

#endif
