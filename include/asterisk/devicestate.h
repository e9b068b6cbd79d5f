/*
 * The states of devices: told by providers, published on stasis.
 *
 *     ast_devstate_prov_add("Lamp", lamp_state);                  Lamp:kitchen is now a device
 *     ast_devstate_changed(AST_DEVICE_INUSE, AST_DEVSTATE_CACHABLE, "Lamp:%s", "kitchen");
 *
 * Not supported: caches (ast_device_state_cache, ast_device_state_topic_cached), and devices of channel technologies, which
 * are AST_DEVICE_INVALID here.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_DEVICESTATE_H
#define ASTERISM_DEVICESTATE_H

#include "asterisk/channelstate.h"
#include "asterisk/utils.h"

#ifdef __cplusplus
extern "C" {
#endif

struct stasis_message_type;
struct stasis_topic;

enum ast_device_state {
	AST_DEVICE_UNKNOWN,
	AST_DEVICE_NOT_INUSE,
	AST_DEVICE_INUSE,
	AST_DEVICE_BUSY,
	AST_DEVICE_INVALID,	/* No such device. */
	AST_DEVICE_UNAVAILABLE,
	AST_DEVICE_RINGING,
	AST_DEVICE_RINGINUSE,	/* Rings, and is in use. */
	AST_DEVICE_ONHOLD,
	AST_DEVICE_TOTAL,
};

enum ast_devstate_cache {
	AST_DEVSTATE_NOT_CACHABLE,
	AST_DEVSTATE_CACHABLE,
};

/* Tells the state of a device; data is what follows the label and the colon. */
typedef enum ast_device_state (*ast_devstate_prov_cb_type)(const char *data);

/* The state of a device whose channel has a state. */
enum ast_device_state ast_state_chan2dev(enum ast_channel_state chanstate);
/* A state as text for people ("In use"), and for programs ("INUSE"); and back, AST_DEVICE_UNKNOWN for other texts. */
const char *ast_devstate2str(enum ast_device_state devstate) attribute_pure;
const char *ast_devstate_str(enum ast_device_state devstate) attribute_pure;
enum ast_device_state ast_devstate_val(const char *val);

/* The state of a device as it was published last with AST_DEVSTATE_CACHABLE; otherwise asked of its provider, or of the
 * technology of "Technology/name".  Several devices joined by '&' are taken together. */
enum ast_device_state ast_device_state(const char *device);
/* The state of "Technology/name" as its first channel shows it; AST_DEVICE_UNKNOWN when it has none. */
enum ast_device_state ast_parse_device_state(const char *device);

/* Publishes the state of a device, whose provider is asked when it is AST_DEVICE_UNKNOWN: 0, or -1. */
int ast_devstate_changed(enum ast_device_state state, enum ast_devstate_cache cachable, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int ast_devstate_changed_literal(enum ast_device_state state, enum ast_devstate_cache cachable, const char *device);
int ast_publish_device_state_full(const char *device, enum ast_device_state state, enum ast_devstate_cache cachable,
	struct ast_eid *eid);
#define ast_publish_device_state(device, state, cachable) \
	ast_publish_device_state_full(device, state, cachable, &ast_eid_default)

/* Adds or removes the provider of the devices "label:...": 0, or -1 when the label is taken, or is not there. */
int ast_devstate_prov_add(const char *label, ast_devstate_prov_cb_type callback);
int ast_devstate_prov_del(const char *label);

/* The state of several devices together. */
struct ast_devstate_aggregate {
	unsigned int ringing:1;
	unsigned int inuse:1;
	enum ast_device_state state;
};
void ast_devstate_aggregate_init(struct ast_devstate_aggregate *agg);
void ast_devstate_aggregate_add(struct ast_devstate_aggregate *agg, enum ast_device_state state);
enum ast_device_state ast_devstate_aggregate_result(struct ast_devstate_aggregate *agg);

/* The data of a published message. */
struct ast_device_state_message {
	const char *device;
	const struct ast_eid *eid;	/* Where the state comes from; NULL for an aggregate. */
	enum ast_device_state state;
	enum ast_devstate_cache cachable;
	struct ast_eid stuff[0];
};

/* The topic of all devices, of one device, and the type of the messages; without references. */
struct stasis_topic *ast_device_state_topic_all(void);
struct stasis_topic *ast_device_state_topic(const char *device);
/* The states that were published last, by device; and the topic of their changes. */
struct stasis_cache *ast_device_state_cache(void);
struct stasis_topic *ast_device_state_topic_cached(void);
/* Takes a device out of the cache: 0, or -1. */
int ast_device_state_clear_cache(const char *device);
struct stasis_message_type *ast_device_state_message_type(void);

#ifdef __cplusplus
}
#endif

#endif
