/*
 * Parking of calls, which one module provides.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_PARKING_H
#define ASTERISM_PARKING_H

#include "asterisk/bridge.h"
#include "asterisk/stringfields.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PARK_APPLICATION "Park"
#define DEFAULT_PARKINGLOT "default"
#define PARKING_MODULE_VERSION 1

struct ast_module;

enum ast_parked_call_event_type {
	PARKED_CALL = 0,
	PARKED_CALL_TIMEOUT,
	PARKED_CALL_GIVEUP,
	PARKED_CALL_UNPARKED,
	PARKED_CALL_FAILED,
	PARKED_CALL_SWAP,
};
/* What became of a parked call; times in seconds. */
struct ast_parked_call_payload {
	struct ast_channel_snapshot *parkee;
	struct ast_channel_snapshot *retriever;
	enum ast_parked_call_event_type event_type;
	long unsigned int timeout;
	long unsigned int duration;
	unsigned int parkingspace;
	AST_DECLARE_STRING_FIELDS(
	AST_STRING_FIELD(parkinglot);
	AST_STRING_FIELD(parker_dial_string);
	);
};
/* A payload, an object; NULL without a parked channel. */
struct ast_parked_call_payload *ast_parked_call_payload_create(enum ast_parked_call_event_type event_type,
	struct ast_channel_snapshot *parkee_snapshot, const char *parker_dial_string, struct ast_channel_snapshot
	*retriever_snapshot, const char *parkinglot, unsigned int parkingspace, unsigned long int timeout, unsigned long
	int duration);
struct stasis_topic *ast_parking_topic(void);
/* Messages with struct ast_parked_call_payload. */
struct stasis_message_type *ast_parked_call_type(void);

/* What the module does. */
struct ast_parking_bridge_feature_fn_table {
	unsigned int module_version;
	const char *module_name;
	int (*parking_is_exten_park)(const char *context, const char *exten);
	int (*parking_park_call)(struct ast_bridge_channel *parker, char *exten, size_t length);
	int (*parking_blind_transfer_park)(struct ast_bridge_channel *parker, const char *context,
	const char *exten, transfer_channel_cb parked_channel_cb, struct transfer_channel_data *parked_channel_data);
	int (*parking_park_bridge_channel)(struct ast_bridge_channel *parkee, const char *parkee_uuid, const char *parker_uuid, const char *app_data);
	struct ast_module *module;
};
/* Registers the module: 0; -1 for another version, and when there is one.  unregister: 0, or -1. */
int ast_parking_register_bridge_features(struct ast_parking_bridge_feature_fn_table *fn_table);
int ast_parking_unregister_bridge_features(const char *module_name);
int ast_parking_provider_registered(void);
/* Whether an extension parks; parks a call: what the module says, and -1 without one. */
int ast_parking_is_exten_park(const char *context, const char *exten);
int ast_parking_park_call(struct ast_bridge_channel *parker, char *exten, size_t length);
int ast_parking_blind_transfer_park(struct ast_bridge_channel *parker, const char *context, const char *exten,
	transfer_channel_cb parked_channel_cb, struct transfer_channel_data *parked_channel_data);
int ast_parking_park_bridge_channel(struct ast_bridge_channel *parkee, const char *parkee_uuid, const char
	*parker_uuid, const char *app_data);

#ifdef __cplusplus
}
#endif

#endif
