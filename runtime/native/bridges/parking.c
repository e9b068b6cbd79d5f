/*
 * Parking of calls, which one module provides (asterisk/parking.h), and what is told of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "bridges.h"

#include "asterisk/parking.h"
#include "asterisk/stasis_channels.h"

#include "bus/stasis.h"

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static struct ast_parking_bridge_feature_fn_table *provider;

int ast_parking_register_bridge_features(struct ast_parking_bridge_feature_fn_table *fn_table)
{
	int result = -1;

	if (!fn_table || fn_table->module_version != PARKING_MODULE_VERSION || ast_strlen_zero(fn_table->module_name)) {
		ast_log(LOG_ERROR, "parking: a provider needs a name and the version %d\n", PARKING_MODULE_VERSION);
		return -1;
	}
	pthread_rwlock_wrlock(&lock);
	if (!provider) {
		provider = fn_table;
		result = 0;
	}
	pthread_rwlock_unlock(&lock);
	return result;
}

int ast_parking_unregister_bridge_features(const char *module_name)
{
	int result = -1;

	pthread_rwlock_wrlock(&lock);
	if (provider && module_name && !strcmp(provider->module_name, module_name)) {
		provider = NULL;
		result = 0;
	}
	pthread_rwlock_unlock(&lock);
	return result;
}

int ast_parking_provider_registered(void)
{
	int result;

	pthread_rwlock_rdlock(&lock);
	result = provider != NULL;
	pthread_rwlock_unlock(&lock);
	return result;
}

/* The result of a function of the provider, which stays registered meanwhile; otherwise the result without one. */
#define ASK(function, without, ...) \
	({ \
		int asked; \
		\
		pthread_rwlock_rdlock(&lock); \
		asked = provider && provider->function ? provider->function(__VA_ARGS__) : (without); \
		pthread_rwlock_unlock(&lock); \
		asked; \
	})

int ast_parking_is_exten_park(const char *context, const char *exten)
{
	return ASK(parking_is_exten_park, 0, context, exten);
}

int ast_parking_park_call(struct ast_bridge_channel *parker, char *exten, size_t length)
{
	return ASK(parking_park_call, -1, parker, exten, length);
}

int ast_parking_blind_transfer_park(struct ast_bridge_channel *parker, const char *context, const char *exten,
	transfer_channel_cb parked_channel_cb, struct transfer_channel_data *parked_channel_data)
{
	return ASK(parking_blind_transfer_park, -1, parker, context, exten, parked_channel_cb, parked_channel_data);
}

int ast_parking_park_bridge_channel(struct ast_bridge_channel *parkee, const char *parkee_uuid, const char *parker_uuid,
	const char *app_data)
{
	return ASK(parking_park_bridge_channel, -1, parkee, parkee_uuid, parker_uuid, app_data);
}

/* ---- what is told ---- */

static struct stasis_topic *topic;
static pthread_once_t made = PTHREAD_ONCE_INIT;

static void make(void)
{
	topic = stasis_topic_create("parking:all");
}

struct stasis_topic *ast_parking_topic(void)
{
	pthread_once(&made, make);
	return topic;
}

static void free_payload(void *object)
{
	struct ast_parked_call_payload *payload = object;

	ao2_cleanup(payload->parkee);
	ao2_cleanup(payload->retriever);
	ast_string_field_free_memory(payload);
}

struct ast_parked_call_payload *ast_parked_call_payload_create(enum ast_parked_call_event_type event_type,
	struct ast_channel_snapshot *parkee_snapshot, const char *parker_dial_string,
	struct ast_channel_snapshot *retriever_snapshot, const char *parkinglot, unsigned int parkingspace,
	unsigned long int timeout, unsigned long int duration)
{
	struct ast_parked_call_payload *payload = parkee_snapshot ? ao2_alloc(sizeof(*payload), free_payload) : NULL;

	if (!payload || ast_string_field_init(payload, 32)) {
		ao2_cleanup(payload);
		return NULL;
	}
	payload->event_type = event_type;
	payload->parkee = ao2_bump(parkee_snapshot);
	payload->retriever = ao2_bump(retriever_snapshot);
	payload->parkingspace = parkingspace;
	payload->timeout = timeout;
	payload->duration = duration;
	ast_string_field_set(payload, parkinglot, S_OR(parkinglot, ""));
	ast_string_field_set(payload, parker_dial_string, S_OR(parker_dial_string, ""));
	return payload;
}

ASTERISM_CORE_TYPE(ast_parked_call_type)
