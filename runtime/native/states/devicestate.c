/*
 * The states of devices (asterisk/devicestate.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "providers.h"

#include "asterisk/astobj2.h"
#include "asterisk/devicestate.h"
#include "asterisk/taskprocessor.h"
#include "bus/stasis.h"

static const struct {
	const char *shown;
	const char *name;
	int weight;	/* Of several devices, the state of the heaviest counts. */
} states[] = {
	[AST_DEVICE_UNKNOWN] = { "Unknown", "UNKNOWN", 1 },
	[AST_DEVICE_NOT_INUSE] = { "Not in use", "NOT_INUSE", 3 },
	[AST_DEVICE_INUSE] = { "In use", "INUSE", 6 },
	[AST_DEVICE_BUSY] = { "Busy", "BUSY", 7 },
	[AST_DEVICE_INVALID] = { "Invalid", "INVALID", 0 },
	[AST_DEVICE_UNAVAILABLE] = { "Unavailable", "UNAVAILABLE", 2 },
	[AST_DEVICE_RINGING] = { "Ringing", "RINGING", 5 },
	[AST_DEVICE_RINGINUSE] = { "Ring+Inuse", "RINGINUSE", 8 },
	[AST_DEVICE_ONHOLD] = { "On Hold", "ONHOLD", 4 },
};

static enum ast_device_state known(enum ast_device_state state)
{
	return (unsigned int) state < AST_DEVICE_TOTAL ? state : AST_DEVICE_UNKNOWN;
}

const char *ast_devstate2str(enum ast_device_state devstate)
{
	return states[known(devstate)].shown;
}

const char *ast_devstate_str(enum ast_device_state devstate)
{
	return states[known(devstate)].name;
}

enum ast_device_state ast_devstate_val(const char *val)
{
	int state;

	for (state = 0; val && state < AST_DEVICE_TOTAL; state++) {
		if (!strcasecmp(val, states[state].name)) {
			return (enum ast_device_state) state;
		}
	}
	return AST_DEVICE_UNKNOWN;
}

enum ast_device_state ast_state_chan2dev(enum ast_channel_state chanstate)
{
	switch (chanstate) {
	case AST_STATE_DOWN:
		return AST_DEVICE_NOT_INUSE;
	case AST_STATE_RINGING:
	case AST_STATE_PRERING:
		return AST_DEVICE_RINGING;
	case AST_STATE_BUSY:
		return AST_DEVICE_BUSY;
	case AST_STATE_RESERVED:
	case AST_STATE_OFFHOOK:
	case AST_STATE_DIALING:
	case AST_STATE_RING:
	case AST_STATE_UP:
	case AST_STATE_DIALING_OFFHOOK:
		return AST_DEVICE_INUSE;
	default:
		return AST_DEVICE_UNKNOWN;
	}
}

/* ---- providers ---- */

static struct asterism_providers providers = ASTERISM_PROVIDERS("device state provider");

int ast_devstate_prov_add(const char *label, ast_devstate_prov_cb_type callback)
{
	return asterism_provider_add(&providers, label, (void (*)(void)) callback);
}

int ast_devstate_prov_del(const char *label)
{
	return asterism_provider_remove(&providers, label);
}

enum ast_device_state ast_parse_device_state(const char *device)
{
	enum ast_device_state state = AST_DEVICE_UNKNOWN;
	struct ast_str *begin = ast_str_create(64);
	struct ast_channel *chan = NULL;

	if (begin && !ast_strlen_zero(device)) {
		ast_str_set(&begin, 0, "%s-", device);
		chan = ast_channel_get_by_name_prefix(ast_str_buffer(begin), ast_str_strlen(begin));
	}
	if (chan) {
		state = ast_channel_hold_state(chan) == AST_CONTROL_HOLD ? AST_DEVICE_ONHOLD
			: ast_state_chan2dev(ast_channel_state(chan));
		ast_channel_unref(chan);
	}
	ast_free(begin);
	return state;
}

/* The state of "Technology/number": what the technology tells, or what its channels show. */
static enum ast_device_state state_of_channels(const char *device, const char *number)
{
	char *technology = strndup(device, (size_t) (number - 1 - device));
	int told = asterism_technology_state(technology, number);

	free(technology);
	if (told < 0) {
		return AST_DEVICE_INVALID;
	}
	return told == AST_DEVICE_UNKNOWN ? ast_parse_device_state(device) : known((enum ast_device_state) told);
}

static enum ast_device_state kept_state(const char *device);

/* The state that was told last, if asked for and told; otherwise of the provider. */
static enum ast_device_state state_of_one(char *device, int is_kept_enough)
{
	char *slash = strchr(device, '/'), *number = strchr(device, ':');
	enum ast_device_state state = is_kept_enough ? kept_state(device) : AST_DEVICE_UNKNOWN;
	struct asterism_provider *provider;

	if (state != AST_DEVICE_UNKNOWN) {
		return state;
	}
	if (slash) {
		return state_of_channels(device, slash + 1);
	}
	if (!number) {
		return AST_DEVICE_INVALID;
	}
	state = AST_DEVICE_INVALID;
	*number++ = '\0';
	provider = asterism_provider_lock(&providers, device);
	if (provider) {
		state = ((ast_devstate_prov_cb_type) (void *) provider->callback)(number);
	}
	asterism_provider_unlock(&providers);
	return known(state);
}

static enum ast_device_state state_of(const char *device, int is_kept_enough)
{
	struct ast_devstate_aggregate all;
	char *copy = ast_strlen_zero(device) ? NULL : strdup(device), *rest = copy, *one;

	if (!copy) {
		return AST_DEVICE_INVALID;
	}
	ast_devstate_aggregate_init(&all);
	while ((one = strsep(&rest, "&"))) {
		ast_devstate_aggregate_add(&all, state_of_one(one, is_kept_enough));
	}
	free(copy);
	return ast_devstate_aggregate_result(&all);
}

enum ast_device_state ast_device_state(const char *device)
{
	return state_of(device, 1);
}

/* ---- several devices ---- */

void ast_devstate_aggregate_init(struct ast_devstate_aggregate *agg)
{
	*agg = (struct ast_devstate_aggregate) { .state = AST_DEVICE_INVALID };
}

void ast_devstate_aggregate_add(struct ast_devstate_aggregate *agg, enum ast_device_state state)
{
	state = known(state);
	agg->ringing |= state == AST_DEVICE_RINGING;
	agg->inuse |= state == AST_DEVICE_INUSE || state == AST_DEVICE_ONHOLD || state == AST_DEVICE_BUSY;
	if (agg->ringing && agg->inuse) {
		agg->state = AST_DEVICE_RINGINUSE;
	} else if (states[state].weight > states[known(agg->state)].weight) {
		agg->state = state;
	}
}

enum ast_device_state ast_devstate_aggregate_result(struct ast_devstate_aggregate *agg)
{
	return agg->state;
}

/* ---- messages ---- */

static struct stasis_topic *topic;
static struct stasis_topic_pool *topics;
static struct stasis_message_type *message_type;

/* A state that is kept is told when all machines are summed up. */
static struct ast_manager_event_blob *to_ami(struct stasis_message *message)
{
	struct ast_device_state_message *told = stasis_message_data(message);

	if (told->cachable == AST_DEVSTATE_CACHABLE && stasis_message_eid(message)) {
		return NULL;
	}
	return ast_manager_event_blob_create(EVENT_FLAG_CALL, "DeviceStateChange", "Device: %s\r\nState: %s\r\n", told->device,
		ast_devstate_str(told->state));
}

static struct stasis_cache *cache;
static struct stasis_caching_topic *cached;
static const char *device_of(struct stasis_message *message);
static struct stasis_message *aggregate(struct stasis_cache_entry *entry, struct stasis_message *new_snapshot);
static void publish_aggregate(struct stasis_topic *original, struct stasis_message *message);

static void make(void)
{
	static struct stasis_message_vtable vtable = { .to_ami = to_ami };
	struct asterism_mark mark;

	asterism_enter(&mark, AST_MODULE, "the states of devices");

	topic = stasis_topic_create("devicestate:all");
	topics = topic ? stasis_topic_pool_create(topic) : NULL;
	message_type = asterism_stasis_core_type("ast_device_state_message_type", &vtable);
	cache = stasis_cache_create_full(device_of, aggregate, publish_aggregate);
	cached = cache ? stasis_caching_topic_create(topic, cache) : NULL;
	stasis_forward_all(topic, ast_manager_get_topic());
	asterism_leave(&mark);
}

static pthread_once_t made = PTHREAD_ONCE_INIT;

struct stasis_topic *ast_device_state_topic_all(void)
{
	pthread_once(&made, make);
	return topic;
}

struct stasis_topic *ast_device_state_topic(const char *device)
{
	pthread_once(&made, make);
	return device ? stasis_topic_pool_get_topic(topics, device) : NULL;
}

struct stasis_message_type *ast_device_state_message_type(void)
{
	pthread_once(&made, make);
	return message_type;
}

static struct ast_device_state_message *message_data(const char *device, enum ast_device_state state,
	enum ast_devstate_cache cachable, const struct ast_eid *eid)
{
	size_t length = strlen(device) + 1, before = eid ? sizeof(*eid) : 0;
	struct ast_device_state_message *told = ao2_alloc_options(sizeof(*told) + before + length, NULL,
		AO2_ALLOC_OPT_LOCK_NOLOCK);
	char *rest;

	if (!told) {
		return NULL;
	}
	rest = (char *) told->stuff;
	if (eid) {
		memcpy(rest, eid, sizeof(*eid));
		told->eid = told->stuff;
	}
	told->device = memcpy(rest + before, device, length);
	told->state = known(state);
	told->cachable = cachable;
	return told;
}

/* ---- the cache ---- */

static const char *device_of(struct stasis_message *message)
{
	const struct ast_device_state_message *told = stasis_message_type(message) == message_type
		? stasis_message_data(message) : NULL;

	return told && told->cachable == AST_DEVSTATE_CACHABLE ? told->device : NULL;
}

static enum ast_device_state state_in(struct stasis_message *message)
{
	return ((struct ast_device_state_message *) stasis_message_data(message))->state;
}

/* The state of a device on all machines, with a reference: the old message when it is the same; NULL for none. */
static struct stasis_message *aggregate(struct stasis_cache_entry *entry, struct stasis_message *new_snapshot)
{
	struct stasis_message *old = stasis_cache_entry_get_aggregate(entry), *one = stasis_cache_entry_get_local(entry);
	struct ast_device_state_message *told = NULL;
	struct ast_devstate_aggregate all;
	int i, count = one != NULL;

	(void) new_snapshot;
	ast_devstate_aggregate_init(&all);
	if (one) {
		ast_devstate_aggregate_add(&all, state_in(one));
		told = stasis_message_data(one);
	}
	for (i = 0; (one = stasis_cache_entry_get_remote(entry, i)); i++, count++) {
		ast_devstate_aggregate_add(&all, state_in(one));
		told = stasis_message_data(one);
	}
	if (!count) {
		return NULL;
	}
	if (old && state_in(old) == ast_devstate_aggregate_result(&all)) {
		return ao2_bump(old);
	}
	told = message_data(told->device, ast_devstate_aggregate_result(&all), AST_DEVSTATE_CACHABLE, NULL);
	one = told ? stasis_message_create_full(ast_device_state_message_type(), told, NULL) : ao2_bump(old);
	ao2_cleanup(told);
	return one;
}

static void publish_aggregate(struct stasis_topic *original, struct stasis_message *message)
{
	(void) original;
	stasis_publish(ast_device_state_topic(device_of(message)), message);
}

struct stasis_cache *ast_device_state_cache(void)
{
	pthread_once(&made, make);
	return cache;
}

/* The state of a device on all machines as it was told last; unknown when none is kept. */
static enum ast_device_state kept_state(const char *device)
{
	struct stasis_message *kept = stasis_cache_get_by_eid(ast_device_state_cache(), ast_device_state_message_type(), device,
		NULL);
	enum ast_device_state state = kept ? state_in(kept) : AST_DEVICE_UNKNOWN;

	ao2_cleanup(kept);
	return state;
}

struct stasis_topic *ast_device_state_topic_cached(void)
{
	pthread_once(&made, make);
	return stasis_caching_get_topic(cached);
}

int ast_device_state_clear_cache(const char *device)
{
	struct stasis_message *kept = device ? stasis_cache_get(ast_device_state_cache(), ast_device_state_message_type(),
		device) : NULL;
	struct stasis_message *clear = kept ? stasis_cache_clear_create(kept) : NULL;

	stasis_publish(ast_device_state_topic(device), clear);
	ao2_cleanup(clear);
	ao2_cleanup(kept);
	return kept ? 0 : -1;
}

int ast_publish_device_state_full(const char *device, enum ast_device_state state, enum ast_devstate_cache cachable,
	struct ast_eid *eid)
{
	struct ast_device_state_message *told = ast_strlen_zero(device) ? NULL : message_data(device, state, cachable, eid);
	struct stasis_message *message = told ? stasis_message_create_full(ast_device_state_message_type(), told,
		eid ? eid : &ast_eid_default) : NULL;
	struct stasis_topic *where = message ? ast_device_state_topic(device) : NULL;

	if (where) {
		stasis_publish(where, message);
	}
	ao2_cleanup(message);
	ao2_cleanup(told);
	return where ? 0 : -1;
}

int ast_devstate_changed_literal(enum ast_device_state state, enum ast_devstate_cache cachable, const char *device)
{
	if (known(state) == AST_DEVICE_UNKNOWN) {
		state = state_of(device, 0);
	}
	return ast_publish_device_state_full(device, state, cachable, &ast_eid_default);
}

int ast_devstate_changed(enum ast_device_state state, enum ast_devstate_cache cachable, const char *fmt, ...)
{
	struct asterism_place place = { "ast_devstate_changed", 0, "ast_devstate_changed" };
	char room[256], *allocated = NULL, *device;
	va_list ap;
	int result;

	va_start(ap, fmt);
	device = asterism_format(room, sizeof(room), &allocated, &place, fmt, ap);
	va_end(ap);
	result = ast_devstate_changed_literal(state, cachable, device);
	free(allocated);
	return result;
}

/* ---- devices of channels ---- */

static int tell_state(void *data)
{
	char *device = data;

	ast_devstate_changed_literal(AST_DEVICE_UNKNOWN, AST_DEVSTATE_CACHABLE, device);
	free(device);
	return 0;
}

static struct ast_taskprocessor *asker;	/* Stays as long as the program: who releases the last one waits for its tasks. */
static pthread_once_t asker_made = PTHREAD_ONCE_INIT;

static void make_asker(void)
{
	struct asterism_mark mark;

	asterism_enter(&mark, AST_MODULE, "the states of devices");	/* The thread is none of the module that comes first. */
	asker = ast_taskprocessor_get("devicestate", TPS_REF_DEFAULT);
	asterism_leave(&mark);
}

/* A technology may lock what the thread that changes the channel has locked, so another thread asks it. */
void asterism_device_of_channel_changed(const char *channel)
{
	const char *slash = strchr(channel, '/'), *dash = strrchr(channel, '-');
	char *technology = slash ? strndup(channel, (size_t) (slash - channel)) : NULL;
	char *device = technology && ast_get_channel_tech(technology)
		? strndup(channel, dash ? (size_t) (dash - channel) : strlen(channel)) : NULL;

	free(technology);
	if (!device) {
		return;
	}
	pthread_once(&asker_made, make_asker);
	if (!asker || ast_taskprocessor_push(asker, tell_state, device)) {
		free(device);
	}
}
